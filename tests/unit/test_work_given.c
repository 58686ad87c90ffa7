/* The words of a line; what they make is played by tests/dialogues and test_admin_given. */
#include "work/work_given.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct arena *a;

static int
setup(void **state)
{
	(void)state;
	a = arena_new(0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static int
read_line(struct given *g, const char *line)
{
	*g = (struct given){.n = 99};
	return work_given_read(g, str_of(line), a);
}

static void
work_given__words_stand_between_blanks(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(read_line(&g, "  person\tCAS-0147  lang ary # a remark"), W_OK);
	assert_int_equal(g.n, 4);
	assert_true(str_is(g.words[0], "person") && str_is(g.words[3], "ary"));
	assert_int_equal(read_line(&g, ""), W_OK);
	assert_int_equal(g.n, 0);
	assert_int_equal(read_line(&g, "a#b"), W_OK);
	assert_int_equal(g.n, 1);
}

static void
work_given__quotes_hold_blanks_and_characters_by_number(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(read_line(&g, "x \"a # b\\n\\\"\\\\\" \"\\u200F1\" \"\""), W_OK);
	assert_int_equal(g.n, 4);
	assert_true(str_is(g.words[1], "a # b\n\"\\"));
	assert_true(str_is(g.words[2], "\xE2\x80\x8F"
				       "1"));
	assert_int_equal(g.words[3].n, 0);
	assert_true(!g.quoted[0] && g.quoted[1] && g.quoted[3]);
}

static void
work_given__a_quote_must_be_closed(void **state)
{
	static const char *const lines[] = {"x \"abc", "x \"abc\\", "\""};
	struct given g;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		assert_int_equal(read_line(&g, lines[i]), W_EINVAL);
		assert_string_equal(g.why, "a quote is not closed");
	}
}

static void
work_given__more_words_than_there_is_room_for_are_refused(void **state)
{
	char line[2 * (GIVEN_WORDS + 1) + 1];
	struct given g;

	(void)state;
	for (size_t i = 0; i < sizeof(line) - 1; i++)
		line[i] = i % 2 ? ' ' : 'x';
	line[sizeof(line) - 1] = '\0';
	assert_int_equal(read_line(&g, line), W_EINVAL);
	line[2 * GIVEN_WORDS - 1] = '\0';
	assert_int_equal(read_line(&g, line), W_OK);
	assert_int_equal(g.n, GIVEN_WORDS);
}

static void
work_given__a_line_without_its_words_is_told_what_it_needs(void **state)
{
	static const char *const lines[] = {"", "nobody CAS-0147", "need CAS-0147 category",
					    "code 1"};
	struct given g;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		assert_int_equal(read_line(&g, lines[i]), W_OK);
		assert_int_equal(work_given(&g, NULL), W_EINVAL);
		assert_non_null(g.why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(work_given__words_stand_between_blanks),
		cmocka_unit_test(work_given__quotes_hold_blanks_and_characters_by_number),
		cmocka_unit_test(work_given__a_quote_must_be_closed),
		cmocka_unit_test(work_given__more_words_than_there_is_room_for_are_refused),
		cmocka_unit_test(work_given__a_line_without_its_words_is_told_what_it_needs),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
