/* Words typed as their labels. */
#include "test_menu_base.h"

static struct str
typed(const char *lang, const char *text, struct arena *a)
{
	struct buf key;

	buf_init_arena(&key, a);
	assert_int_equal(text_fold(str_of(text), &key), 0);
	return menu_choice(set, (uint16_t)menu_var_find(set, STR_LIT("town")),
			   (unsigned)menu_lang_of(set, str_of(lang)), buf_str(&key), a);
}

static void
menu_choice__a_label_in_any_language_gives_its_word(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	assert_true(str_is(typed("fr", " TIZNIT", a), "tiznit"));
	assert_true(str_is(typed("fr", "تيزنيت", a), "tiznit"));
	assert_true(str_is(typed("ar", "أكادير", a), "agadir"));
	assert_true(str_is(typed("ar", "Tiznit", a), "tiznit"));
	assert_null(typed("fr", "Rabat", a).p);
	assert_null(typed("fr", "", a).p);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_choice__a_label_in_any_language_gives_its_word),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
