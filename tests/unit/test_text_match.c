#include "text/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct match *
compiled(const char *pattern)
{
	struct match *m = NULL;
	const char *why = "";
	size_t at = 0;

	if (match_compile(str_of(pattern), &m, &at, &why) != W_OK)
		fail_msg("%s at %zu: %s", pattern, at, why);
	return m;
}

static bool
found(const char *pattern, const char *subject, const char *wanted)
{
	struct match *m = compiled(pattern);
	struct str piece = STR_NONE;
	bool yes = match_find(m, str_of(subject), &piece);

	if (yes && wanted)
		assert_true(str_is(piece, wanted));
	match_free(m);
	return yes;
}

static void
text_match__the_first_capture_is_the_piece(void **state)
{
	(void)state;
	assert_true(found("id=([0-9]+);", "x id=42; id=43;", "42"));
	assert_true(found("(?:a|b)(c)(d)", "bcd", "c"));
}

static void
text_match__without_a_capture_the_whole_match_is(void **state)
{
	(void)state;
	assert_true(found("[0-9]{4}", "pin 1234.", "1234"));
	assert_true(found("^$", "", ""));
}

static void
text_match__a_group_that_took_no_part_gives_nothing(void **state)
{
	(void)state;
	assert_true(found("a|(b)", "a", ""));
}

static void
text_match__letters_are_characters_not_bytes(void **state)
{
	(void)state;
	assert_true(found("^.$", "\u0645", NULL));
	assert_true(found("^[\\p{L}\\p{N}\\p{Zs}\\p{P}]+$", "\u0646\u0639\u0645 \u00E9, 3", NULL));
	assert_true(found("(?i)\u00C9", "\u00E9", NULL));
	assert_false(found("^\\p{L}+$", "a1", NULL));
}

static void
text_match__captures_are_counted(void **state)
{
	struct match *none = compiled("abc"), *two = compiled("(a)(?:b)(?<c>c)");

	(void)state;
	assert_int_equal(match_captures(none), 0);
	assert_int_equal(match_captures(two), 2);
	match_free(none);
	match_free(two);
	match_free(NULL);
}

static void
refused(struct str pattern, size_t at, const char *why)
{
	struct match *m = NULL;
	const char *said = NULL;
	size_t said_at = 999;

	assert_int_equal(match_compile(pattern, &m, &said_at, &said), W_EINVAL);
	assert_null(m);
	assert_string_equal(said, why);
	assert_int_equal(said_at, at);
}

static void
text_match__a_fault_says_where_and_why(void **state)
{
	(void)state;
	refused(STR_LIT("ab(c"), 4, "a ( without its )");
	refused(STR_LIT("ab)c"), 2, "a ) without its (");
	refused(STR_LIT("*a"), 0, "nothing to repeat before this");
	refused(STR_LIT("[a"), 2, "a [ without its ]");
	refused(STR_LIT("[z-a]"), 3, "range out of order between [ and ]");
	refused(STR_LIT("a\xFF"), 1, "not valid UTF-8");
	refused(STR_LIT("a\\C"), 3, "\\C is not allowed");
	refused(STR_LIT("(*NOSUCH)a"), 8, "not a valid pattern");
}

static void
text_match__size_and_captures_are_bounded(void **state)
{
	char pattern[MATCH_PATTERN_MAX + 1];

	(void)state;
	memset(pattern, 'a', sizeof(pattern));
	refused((struct str){pattern, sizeof(pattern)}, MATCH_PATTERN_MAX,
		"the pattern is over 256 bytes");
	for (size_t i = 0; i + 2 < sizeof(pattern); i += 3)
		memcpy(pattern + i, "(a)", 3);
	refused((struct str){pattern, 33 * 3}, 0, "more than 32 captures");
	match_free(compiled("a{1,200}"));
	refused(STR_LIT("((((a{1,900}){1,900}){1,900}){1,900})"), 37,
		"the pattern grows too large");
}

/* 2 to the 18th ways to try before the one that matches; 2 to the 6th is within the limit. */
static void
text_match__a_catastrophe_ends_soon_and_means_no(void **state)
{
	(void)state;
	assert_true(found("^(?:a?){6}a{6}$", "aaaaaa", NULL));
	assert_false(found("^(?:a?){18}a{18}$", "aaaaaaaaaaaaaaaaaa", NULL));
}

/* Each letter is a place to come back to; a hundred are fine, 300 are over the depth. */
static void
text_match__deep_backtracking_stops_at_the_limits(void **state)
{
	char many[301];
	struct match *m = compiled("^(?:a|b)*c");

	(void)state;
	memset(many, 'a', sizeof(many));
	many[300] = 'c';
	assert_true(match_find(m, (struct str){many + 200, 101}, NULL));
	assert_false(match_find(m, (struct str){many, 301}, NULL));
	match_free(m);
}

static void
text_match__broken_text_does_not_match(void **state)
{
	(void)state;
	assert_false(found("a", "a\xFF", NULL));
}

static void
text_match__only_the_first_4096_bytes_are_looked_at(void **state)
{
	static char subject[MATCH_SUBJECT_MAX + 8];
	struct match *x = compiled("x"), *end = compiled("a$"), *letter = compiled("\u0645");

	(void)state;
	memset(subject, 'a', sizeof(subject));
	subject[MATCH_SUBJECT_MAX] = 'x';
	assert_false(match_find(x, (struct str){subject, sizeof(subject)}, NULL));
	subject[MATCH_SUBJECT_MAX - 1] = 'x';
	assert_true(match_find(x, (struct str){subject, sizeof(subject)}, NULL));
	subject[MATCH_SUBJECT_MAX - 1] = 'a';
	assert_false(match_find(end, (struct str){subject, sizeof(subject)}, NULL));
	assert_true(match_find(end, (struct str){subject, MATCH_SUBJECT_MAX}, NULL));
	memcpy(subject, "\u0645", 2);
	memcpy(subject + MATCH_SUBJECT_MAX - 1, "\u0645", 2); /* half of it is beyond */
	assert_true(match_find(letter, (struct str){subject, sizeof(subject)}, NULL));
	match_free(x);
	match_free(end);
	match_free(letter);
}

static void
text_match__an_empty_subject_may_be_no_memory_at_all(void **state)
{
	struct match *m = compiled("a*");

	(void)state;
	assert_true(match_find(m, STR_NONE, NULL));
	match_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_match__the_first_capture_is_the_piece),
		cmocka_unit_test(text_match__without_a_capture_the_whole_match_is),
		cmocka_unit_test(text_match__a_group_that_took_no_part_gives_nothing),
		cmocka_unit_test(text_match__letters_are_characters_not_bytes),
		cmocka_unit_test(text_match__captures_are_counted),
		cmocka_unit_test(text_match__a_fault_says_where_and_why),
		cmocka_unit_test(text_match__size_and_captures_are_bounded),
		cmocka_unit_test(text_match__a_catastrophe_ends_soon_and_means_no),
		cmocka_unit_test(text_match__deep_backtracking_stops_at_the_limits),
		cmocka_unit_test(text_match__broken_text_does_not_match),
		cmocka_unit_test(text_match__only_the_first_4096_bytes_are_looked_at),
		cmocka_unit_test(text_match__an_empty_subject_may_be_no_memory_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
