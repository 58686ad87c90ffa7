#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

static void
base_err__errors_and_warnings_are_counted_apart(void **state)
{
	struct err *e = err_new();

	(void)state;
	err_add(e, "main.yaml", 3, 1, "unknown key \"%s\"", "colour");
	err_warn(e, "main.yaml", 4, 1, "page of %d units", 81);
	assert_int_equal(err_errors(e), 1);
	assert_int_equal(err_warnings(e), 1);
	assert_int_equal(err_count(e), 2);
	assert_string_equal(err_at(e, 0)->text, "unknown key \"colour\"");
	assert_null(err_at(e, 2));
	err_free(e);
	err_free(NULL);
}

static void
base_err__faults_keep_their_texts_when_the_callers_go(void **state)
{
	struct err *e = err_new();
	char file[] = "a.yaml";

	(void)state;
	for (uint32_t i = 0; i < 100; i++)
		err_add(e, file, i + 1, 1, "fault %u", i);
	file[0] = 'X';
	assert_string_equal(err_at(e, 0)->file, "a.yaml");
	assert_string_equal(err_at(e, 99)->text, "fault 99");
	err_free(e);
}

static void
base_err__sort_walks_file_line_column_and_is_stable(void **state)
{
	static const char order[] = "abcdef";
	struct err *e = err_new();

	(void)state;
	err_add(e, "2", 1, 1, "f");
	err_add(e, "1", 2, 5, "d");
	err_add(e, "1", 2, 1, "b");
	err_warn(e, "1", 2, 1, "c");
	err_add(e, "1", 10, 1, "e");
	err_add(e, "1", 1, 9, "a");
	err_sort(e);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(err_at(e, i)->text[0], order[i]);
	err_free(e);
}

static void
base_err__a_line_names_place_kind_and_sentence(void **state)
{
	struct arena *a = arena_new(0);
	struct err *e = err_new();

	(void)state;
	err_add(e, "main.yaml", 3, 7, "no such node");
	err_warn(e, "main.yaml", 0, 0, "is empty");
	err_add(e, NULL, 0, 0, "nothing to read");
	assert_string_equal(err_line(err_at(e, 0), a), "main.yaml:3:7: error: no such node");
	assert_string_equal(err_line(err_at(e, 1), a), "main.yaml: warning: is empty");
	assert_string_equal(err_line(err_at(e, 2), a), "-: error: nothing to read");
	err_free(e);
	arena_free(a);
}

static void
base_err__print_gives_one_line_a_fault(void **state)
{
	struct err *e = err_new();
	char *printed = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&printed, &n);

	(void)state;
	assert_non_null(to);
	err_add(e, "a", 1, 2, "one");
	err_warn(e, "b", 3, 4, "two");
	err_print(e, to);
	fclose(to);
	assert_string_equal(printed, "a:1:2: error: one\nb:3:4: warning: two\n");
	free(printed);
	err_free(e);
}

/* What a file says between quotes may hold a line end or an escape sequence of a terminal. */
static void
base_err__controls_of_a_quoted_word_are_not_shown(void **state)
{
	struct err *e = err_new();

	(void)state;
	err_add(e, "a", 1, 2, "no node \"%s\"", "x\ny\033[2J\177\t\330\263");
	assert_string_equal(err_at(e, 0)->text, "no node \"x?y?[2J??\330\263\"");
	err_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_err__errors_and_warnings_are_counted_apart),
		cmocka_unit_test(base_err__faults_keep_their_texts_when_the_callers_go),
		cmocka_unit_test(base_err__sort_walks_file_line_column_and_is_stable),
		cmocka_unit_test(base_err__a_line_names_place_kind_and_sentence),
		cmocka_unit_test(base_err__print_gives_one_line_a_fault),
		cmocka_unit_test(base_err__controls_of_a_quoted_word_are_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
