#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "author/author_record_int.h"
#include "menu/menu.h"
#include "test_author_folder.h"

static const struct page_limit limit = PAGE_LIMIT_DEFAULT;

static struct author_langs *
langs_new(struct world *w)
{
	struct author_langs *l;

	assert_int_equal(author_langs_open(shipped, w->err, &l), 0);
	return l;
}

static void
langs__a_page_is_found_and_shown_in_each_language(void **state)
{
	struct world *w = world_new();
	struct author_langs *l = langs_new(w);

	(void)state;
	author_langs_print(l, w->out, STR_LIT("3 petites questions.\n1. Commencer\n2. Plus tard"),
			   limit, true);
	assert_says(world_out(w), " PAGE c0\n");
	assert_says(world_out(w), " ary-Latn  - gsm7 ");
	assert_says(world_out(w),
		    "   L1  كاينين 3 أسئلة قصار.\n   L2  1. نبداو\n   L3  2. من بعد\n");
	author_langs_free(l);
	world_free(w);
}

/* A name is another's in another script; an option that was not shown is shown in none. */
static void
langs__words_in_holes_are_not_made_up(void **state)
{
	struct world *w = world_new();
	struct author_langs *l = langs_new(w);

	(void)state;
	author_langs_print(l, w->out, STR_LIT("Merci Youssef. Réponse bien notée.\nBonne semaine!"),
			   limit, true);
	assert_says(world_out(w), " PAGE c4\n");
	assert_says(world_out(w), "شكرا {person.name}.");
	author_langs_print(l, w->out, STR_LIT("Merci. Réponse bien notée.\nBonne semaine!"), limit,
			   true);
	assert_says(world_out(w), "   L1  شكرا. جوابك وصل.\n");
	author_langs_free(l);
	world_free(w);
}

static void
langs__a_page_of_no_menus_is_said_to_be_so(void **state)
{
	struct world *w = world_new();
	struct author_langs *l = langs_new(w);

	(void)state;
	author_langs_print(l, w->out, STR_LIT("Something else\n1. Yes"), limit, true);
	assert_string_equal(world_out(w), " no page of the menus reads like this\n");
	author_langs_free(l);
	world_free(w);
}

/* Every page of the menus is found again, in every language, as itself or as one that reads alike.
 */
static void
langs__every_page_is_found_again(void **state)
{
	const struct menu_options options = {.lowest = limit};
	struct world *w = world_new();
	struct author_langs *l = langs_new(w);
	struct err *err = err_new();
	struct menu_set *set;
	struct menu_page page;

	(void)state;
	assert_int_equal(menu_load(shipped, &options, &set, err), 0);
	for (size_t id = 0; id < menu_node_count(set); id++)
		for (unsigned lang = 0; lang < menu_lang_count(set); lang++)
			if (menu_show(set, (uint16_t)id, lang, 0, FACE_PAGE, NULL, limit, w->arena,
				      &page) == 0)
				author_langs_print(l, w->out, page.text, limit, true);
	assert_null(strstr(world_out(w), "no page of the menus"));
	menu_drop(set);
	err_free(err);
	author_langs_free(l);
	world_free(w);
}

static void
langs__menus_that_do_not_load_are_told(void **state)
{
	struct world *w = world_new();
	struct author_langs *l = NULL;

	(void)state;
	assert_int_equal(author_langs_open("/nowhere", w->err, &l), AUTHOR_NONE);
	assert_null(l);
	assert_says(world_err(w), "no menus in /nowhere");
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(langs__a_page_is_found_and_shown_in_each_language),
		cmocka_unit_test(langs__words_in_holes_are_not_made_up),
		cmocka_unit_test(langs__a_page_of_no_menus_is_said_to_be_so),
		cmocka_unit_test(langs__every_page_is_found_again),
		cmocka_unit_test(langs__menus_that_do_not_load_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
