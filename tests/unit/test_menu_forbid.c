/* Forbidden words in three scripts, hidden in the usual ways, and the words that only look alike.
 */
#include "menu/menu_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct menu_set *set;
static struct arena *arena;

static int
setup(void **state)
{
	struct err *err = err_new();
	int rc = menu_load(WASL_SOURCE_DIR "/menus", NULL, &set, err);

	(void)state;
	err_free(err);
	arena = arena_new(0);
	return rc;
}

static int
teardown(void **state)
{
	(void)state;
	menu_drop(set);
	arena_free(arena);
	return 0;
}

static void
finds(const char *text, const char *word)
{
	struct str found = menu_forbidden(set, str_of(text), arena);

	if (word == NULL ? found.p != NULL : !str_is(found, word))
		fail_msg("'%s' gave '%.*s', not '%s'", text, STR_ARG(found), word ? word : "");
}

static void
menu_forbid__every_word_of_the_list_is_found(void **state)
{
	(void)state;
	assert_true(set->n_forbidden > 30);
	for (size_t i = 0; i < set->n_forbidden; i++) {
		struct str word = set->forbidden[i].word;

		finds(arena_printf(arena, "abc %.*s.", STR_ARG(word)), arena_str(arena, word).p);
	}
}

static void
menu_forbid__arabic_words_are_found_inside_words(void **state)
{
	(void)state;
	finds("خرجت من السجن", "سجن");
	finds("والسجناء", "سجن");
	finds("سِجْن", "سجن");
	finds("سـجـن", "سجن");
	finds("الافراج عنه", "إفراج");
	finds("عقوبتك", "عقوبة");
	finds("بالمحكمه", "محكمة");
}

static void
menu_forbid__latin_words_are_found_at_the_start(void **state)
{
	(void)state;
	finds("Prisonniers", "prison");
	finds("LIBÉRATION", "liber-");
	finds("l'incarcération", "incarcer-");
	finds("réinsertion", "reinser-");
	finds("la semi-liberté", "liber-");
	finds("l'univers carcéral", "carceral");
}

static void
menu_forbid__darija_in_latin_letters_is_found_after_an_article(void **state)
{
	(void)state;
	finds("f l7ebs", "7ebs");
	finds("khrej men lhabs", "habs");
	finds("ssijn", "sijn");
	finds("flmahkama", "mahkama");
}

static void
menu_forbid__dots_hyphens_and_blanks_hide_nothing(void **state)
{
	(void)state;
	finds("p.r.i.s.o.n", "prison");
	finds("pri-son", "prison");
	finds("s i j n", "sijn");
	finds("س ج ن", "سجن");
	finds("س.ج.ن", "سجن");
	finds("س. ج. ن.", "سجن");
}

static void
menu_forbid__words_that_look_alike_are_not(void **state)
{
	(void)state;
	finds("Calibre et équilibre", NULL);
	finds("Peinture, couture", NULL);
	finds("La délibération", NULL);
	finds("Mosta3jal, sba7, l7ala", NULL);
	finds("الموعد والمساعدة والمركز", NULL);
	finds("نقطة حكم", NULL);
	finds("1 2 3 a b", NULL);
	finds("", NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_forbid__every_word_of_the_list_is_found),
		cmocka_unit_test(menu_forbid__arabic_words_are_found_inside_words),
		cmocka_unit_test(menu_forbid__latin_words_are_found_at_the_start),
		cmocka_unit_test(menu_forbid__darija_in_latin_letters_is_found_after_an_article),
		cmocka_unit_test(menu_forbid__dots_hyphens_and_blanks_hide_nothing),
		cmocka_unit_test(menu_forbid__words_that_look_alike_are_not),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
