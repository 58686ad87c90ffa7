/* Pages: one when it fits, several when not, and what the keys mean on each. */
#include "menu/menu_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static const char text[] =
	"wasl: 1\nid: t\nlanguages: [ar, fr]\nstart: home\n"
	"special: {wrong: {ar: \"خطأ\", fr: \"Erreur\"}, busy: end, leave: end}\n"
	"vars:\n  name: {from: person.name}\n"
	"nodes:\n"
	"  home:\n"
	"    menu: \"Choix:\"\n"
	"    options:\n"
	"      - {say: \"premier\", go: ask}\n"
	"      - {say: \"second\", go: long}\n"
	"      - {say: \"troisieme\", when: pin.set, go: marks}\n"
	"      - {say: \"quatrieme\", go: word}\n"
	"      - {say: \"cinquieme\", go: end}\n"
	"      - {say: \"Suite\", key: \"9\", go: plain}\n"
	"      - {say: \"Retour\", key: \"0\", go: $back}\n"
	"  plain:\n"
	"    menu: \"Sans touche a soi, et avec un long texte\"\n"
	"    options:\n"
	"      - {say: \"premier\", go: end}\n"
	"      - {say: \"second\", go: end}\n"
	"      - {say: \"troisieme\", go: end}\n"
	"  ask: {ask: \"Un mot?\", retry: {say: \"Encore un mot?\"}, go: end}\n"
	"  long: {message: \"Un texte de plusieurs mots qui ne tient pas sur une seule page du tout\", "
	"go: end}\n"
	"  marks: {message: {ar: \"مَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَمَ\", fr: \"x\"}, go: end}\n"
	"  word: {message: \"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\", go: end}\n"
	"  end: {end: \"Fin {name}\"}\n";

enum { AR, FR };
static struct menu_set *set;
static struct arena *arena;
static struct menu_values values;
static const struct page_limit tiny = {40, 40};

static int
setup(void **state)
{
	struct err *err = err_new();
	struct menu_file file = {"main.yaml", STR_LIT(text)};
	int rc = menu_load_memory(&file, 1, NULL, &set, err);

	(void)state;
	if (rc != 0)
		err_print(err, stderr);
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

static struct menu_page
page_of(const char *node, unsigned lang, unsigned page, enum menu_face face,
	struct page_limit limit)
{
	struct menu_page out;

	assert_int_equal(menu_show(set, menu_find(set, str_of(node)), lang, page, face, &values,
				   limit, arena, &out),
			 0);
	assert_true(ussd_fits(out.text, limit));
	return out;
}

static void
page_is(const char *node, unsigned page, enum menu_face face, struct page_limit limit,
	const char *want)
{
	struct menu_page got = page_of(node, FR, page, face, limit);

	if (!str_is(got.text, want))
		fail_msg("%s %u: '%.*s', not '%s'", node, page, STR_ARG(got.text), want);
}

static enum menu_press
press(const char *node, unsigned page, const char *key, size_t *option)
{
	return menu_press(set, menu_find(set, str_of(node)), FR, page, &values, tiny, str_of(key),
			  arena, option);
}

static void
menu_page__what_fits_is_one_page(void **state)
{
	(void)state;
	page_is("home", 0, FACE_PAGE, PAGE_LIMIT_DEFAULT,
		"Choix:\n1. premier\n2. second\n4. quatrieme\n5. cinquieme\n9. Suite\n0. Retour");
	assert_int_equal(page_of("home", FR, 0, FACE_PAGE, PAGE_LIMIT_DEFAULT).pages, 1);
}

static void
menu_page__a_hidden_option_leaves_the_other_keys(void **state)
{
	size_t option = 99;

	(void)state;
	assert_int_equal(press("home", 0, "3", &option), PRESS_NOTHING);
	assert_int_equal(press("home", 0, "4", &option), PRESS_OPTION);
	assert_int_equal(option, 3);
}

static void
menu_page__more_and_back_lines_appear_only_when_cut(void **state)
{
	size_t option;

	(void)state;
	page_is("plain", 0, FACE_PAGE, tiny, "Sans touche a soi, et avec un long\n9. >");
	page_is("plain", 1, FACE_PAGE, tiny, "texte\n1. premier\n2. second\n9. >\n0. <");
	page_is("plain", 2, FACE_PAGE, tiny, "3. troisieme\n0. <");
	assert_int_equal(press("plain", 0, "9", &option), PRESS_MORE);
	assert_int_equal(press("plain", 0, "0", &option), PRESS_NOTHING);
	assert_int_equal(press("plain", 1, "0", &option), PRESS_PAGE_BACK);
	assert_int_equal(press("plain", 2, "9", &option), PRESS_NOTHING);
	assert_int_equal(press("plain", 2, "3", &option), PRESS_OPTION);
	assert_int_equal(option, 2);
}

static void
menu_page__a_page_beyond_the_last_is_not_there(void **state)
{
	struct menu_page out;

	(void)state;
	assert_int_equal(menu_show(set, menu_find(set, STR_LIT("plain")), FR, 3, FACE_PAGE, &values,
				   tiny, arena, &out),
			 W_ENOENT);
}

static void
menu_page__own_more_and_back_stay_together_on_the_last_page(void **state)
{
	size_t option;

	(void)state;
	page_is("home", 0, FACE_PAGE, tiny, "Choix:\n1. premier\n2. second\n9. >");
	page_is("home", 1, FACE_PAGE, tiny, "4. quatrieme\n5. cinquieme\n9. >\n0. <");
	page_is("home", 2, FACE_PAGE, tiny, "9. Suite\n0. Retour");
	assert_int_equal(press("home", 1, "9", &option), PRESS_MORE);
	assert_int_equal(press("home", 2, "9", &option), PRESS_OPTION);
	assert_int_equal(option, 5);
	assert_int_equal(press("home", 2, "0", &option), PRESS_OPTION);
	assert_int_equal(option, 6);
}

static void
menu_page__one_key_never_means_two_things(void **state)
{
	(void)state;
	for (uint16_t most = 24; most < 100; most++) {
		struct page_limit limit = {most, 80};
		struct menu_page page = {.pages = 1};

		for (unsigned i = 0; i < page.pages; i++) {
			page = page_of("home", FR, i, FACE_PAGE, limit);
			bool own = memmem(page.text.p, page.text.n, "9. Suite", 8) != NULL;
			bool ours = memmem(page.text.p, page.text.n, "9. >", 4) != NULL;

			assert_false(own && ours);
			assert_int_equal(ours, i + 1 < page.pages);
		}
	}
}

static void
menu_page__an_option_can_be_pressed_from_any_page(void **state)
{
	size_t option = 99;

	(void)state;
	assert_int_equal(press("home", 0, "5", &option), PRESS_OPTION);
	assert_int_equal(option, 4);
	assert_int_equal(press("home", 0, "0", &option), PRESS_OPTION);
	assert_int_equal(option, 6);
}

static void
menu_page__text_is_cut_at_blanks(void **state)
{
	struct buf all;
	struct menu_page page = {.pages = 1};

	(void)state;
	buf_init_arena(&all, arena);
	for (unsigned i = 0; i < page.pages; i++) {
		page = page_of("long", FR, i, FACE_PAGE, tiny);
		struct str rest = page.text;
		if (i > 0)
			buf_addc(&all, ' ');
		buf_add_str(&all, str_cut(&rest, '\n'));
	}
	assert_true(page.pages > 1);
	assert_true(str_is(buf_str(&all), "Un texte de plusieurs mots qui ne tient pas sur une "
					  "seule page du tout"));
}

static void
menu_page__a_word_without_blanks_is_cut_where_it_must(void **state)
{
	(void)state;
	page_is("word", 0, FACE_PAGE, tiny, "abcdefghijklmnopqrstuvwxyzabcdefghi\n9. >");
	page_is("word", 1, FACE_PAGE, tiny, "jklmnopqrstuvwxyz");
}

static void
menu_page__a_mark_stays_with_its_letter(void **state)
{
	struct menu_page page = {.pages = 1};

	(void)state;
	for (unsigned i = 0; i < page.pages; i++) {
		page = page_of("marks", AR, i, FACE_PAGE, (struct page_limit){40, 30});
		assert_true(str_starts(page.text, STR_LIT("م")));
		struct str rest = page.text, line = str_cut(&rest, '\n');
		assert_memory_equal(line.p + line.n - 2, "\xD9\x8E", 2);
	}
	assert_true(page.pages > 1);
}

static void
menu_page__a_wrong_answer_puts_z1_in_front(void **state)
{
	(void)state;
	page_is("end", 0, FACE_WRONG, PAGE_LIMIT_DEFAULT, "Erreur\nFin");
}

static void
menu_page__z1_is_left_out_where_it_makes_a_second_page(void **state)
{
	(void)state;
	page_is("end", 0, FACE_WRONG, (struct page_limit){9, 9}, "Fin");
	page_is("plain", 0, FACE_WRONG, tiny, "Sans touche a soi, et avec un long\n9. >");
}

static void
menu_page__a_retry_text_replaces_the_page(void **state)
{
	(void)state;
	page_is("ask", 0, FACE_WRONG, tiny, "Encore un mot?");
	page_is("ask", 0, FACE_WRONG, (struct page_limit){10, 10}, "Un mot?");
}

static void
menu_page__a_page_tells_its_size(void **state)
{
	struct menu_page page = page_of("ask", FR, 0, FACE_PAGE, tiny);

	(void)state;
	assert_int_equal(page.units, 7);
	assert_int_equal(page.coding, TEXT_GSM7);
	page = page_of("marks", AR, 0, FACE_PAGE, PAGE_LIMIT_DEFAULT);
	assert_int_equal(page.coding, TEXT_UCS2);
}

static void
menu_page__what_cannot_be_cut_is_too_big(void **state)
{
	struct menu_page out;

	(void)state;
	assert_int_equal(menu_show(set, menu_find(set, STR_LIT("home")), FR, 0, FACE_PAGE, &values,
				   (struct page_limit){12, 12}, arena, &out),
			 W_ETOOBIG);
	assert_int_equal(menu_show(set, MENU_NO_NODE, FR, 0, FACE_PAGE, &values, tiny, arena, &out),
			 W_EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_page__what_fits_is_one_page),
		cmocka_unit_test(menu_page__a_hidden_option_leaves_the_other_keys),
		cmocka_unit_test(menu_page__more_and_back_lines_appear_only_when_cut),
		cmocka_unit_test(menu_page__a_page_beyond_the_last_is_not_there),
		cmocka_unit_test(menu_page__own_more_and_back_stay_together_on_the_last_page),
		cmocka_unit_test(menu_page__one_key_never_means_two_things),
		cmocka_unit_test(menu_page__an_option_can_be_pressed_from_any_page),
		cmocka_unit_test(menu_page__text_is_cut_at_blanks),
		cmocka_unit_test(menu_page__a_word_without_blanks_is_cut_where_it_must),
		cmocka_unit_test(menu_page__a_mark_stays_with_its_letter),
		cmocka_unit_test(menu_page__a_wrong_answer_puts_z1_in_front),
		cmocka_unit_test(menu_page__z1_is_left_out_where_it_makes_a_second_page),
		cmocka_unit_test(menu_page__a_retry_text_replaces_the_page),
		cmocka_unit_test(menu_page__a_page_tells_its_size),
		cmocka_unit_test(menu_page__what_cannot_be_cut_is_too_big),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
