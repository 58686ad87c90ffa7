#include "base/str.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
base_str__equality_is_of_bytes(void **state)
{
	(void)state;
	assert_true(str_eq(STR_NONE, STR_LIT("")));
	assert_true(str_eq((struct str){"a\0b", 3}, (struct str){"a\0b", 3}));
	assert_false(str_eq((struct str){"a\0b", 3}, (struct str){"a\0c", 3}));
	assert_false(str_is(STR_LIT("ab"), "a"));
	assert_true(str_starts(STR_LIT("ab"), STR_NONE));
	assert_false(str_starts(STR_LIT("a"), STR_LIT("ab")));
}

static void
base_str__letter_case_is_ascii_only(void **state)
{
	(void)state;
	assert_true(str_eq_nocase(STR_LIT("Content-Type"), STR_LIT("cONTENT-tYPE")));
	assert_false(str_eq_nocase(STR_LIT("a"), STR_LIT("ab")));
	assert_false(str_eq_nocase(STR_LIT("@["), STR_LIT("`{")));
	assert_false(str_eq_nocase(STR_LIT("\xC9"), STR_LIT("\xE9")));
}

static void
base_str__cut_takes_pieces_to_the_last(void **state)
{
	struct str rest = STR_LIT("a,,b");

	(void)state;
	assert_true(str_is(str_cut(&rest, ','), "a"));
	assert_true(str_is(str_cut(&rest, ','), ""));
	assert_true(str_is(str_cut(&rest, ','), "b"));
	assert_int_equal(rest.n, 0);
	assert_true(str_is(str_cut(&rest, ','), ""));
}

static void
base_str__after_and_find_stay_inside(void **state)
{
	(void)state;
	assert_true(str_is(str_after(STR_LIT("abc"), 2), "c"));
	assert_int_equal(str_after(STR_LIT("abc"), 9).n, 0);
	assert_int_equal(str_find(STR_LIT("abc"), 'c'), 2);
	assert_int_equal(str_find(STR_LIT("abc"), 'x'), -1);
	assert_int_equal(str_find(STR_NONE, 'x'), -1);
}

static void
base_str__trim_takes_blanks_off_both_edges(void **state)
{
	(void)state;
	assert_true(str_is(str_trim(STR_LIT(" \t\r\n a b \n")), "a b"));
	assert_int_equal(str_trim(STR_LIT(" \n ")).n, 0);
}

static void
base_str__numbers_are_whole_texts_inside_64_bits(void **state)
{
	static const char *const no[] = {
		"",
		" 1",
		"1 ",
		"+1",
		"-",
		"1x",
		"0x10",
		"1.0",
		"--1",
		"9223372036854775808",
		"-9223372036854775809",
		"00000000000000000000000000000001",
	};
	int64_t value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		assert_false(str_to_int(str_of(no[i]), &value));
	assert_false(str_to_int((struct str){"1\0002", 3}, &value));
	assert_int_equal(value, 7);
	assert_true(str_to_int(STR_LIT("9223372036854775807"), &value) && value == INT64_MAX);
	assert_true(str_to_int(STR_LIT("-9223372036854775808"), &value) && value == INT64_MIN);
	assert_true(str_to_int(STR_LIT("007"), &value) && value == 7);
}

static void
base_str__the_nearest_word_is_near(void **state)
{
	static const char *const words[] = {"language", "listen", "limits", "zone"};

	(void)state;
	assert_string_equal(str_nearest(STR_LIT("langauge"), words, 4), "language");
	assert_string_equal(str_nearest(STR_LIT("Zone"), words, 4), "zone");
	assert_string_equal(str_nearest(STR_LIT("limit"), words, 4), "limits");
	assert_null(str_nearest(STR_LIT("xxxe"), words, 4));
	assert_null(str_nearest(STR_LIT("telephone"), words, 4));
	assert_null(str_nearest(STR_NONE, words, 4));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_str__equality_is_of_bytes),
		cmocka_unit_test(base_str__letter_case_is_ascii_only),
		cmocka_unit_test(base_str__cut_takes_pieces_to_the_last),
		cmocka_unit_test(base_str__after_and_find_stay_inside),
		cmocka_unit_test(base_str__trim_takes_blanks_off_both_edges),
		cmocka_unit_test(base_str__numbers_are_whole_texts_inside_64_bits),
		cmocka_unit_test(base_str__the_nearest_word_is_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
