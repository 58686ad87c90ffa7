#include "helper/table.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* The readable columns and the exact bytes say the same: holds tables and reader to each other. */
static void
compare(const char *file, const char *column, const char *hex)
{
	struct table *t = table_open(file);

	for (size_t i = 0; i < table_rows(t); i++)
		if (!str_eq(table_text(t, i, column), table_hex(t, i, hex)))
			table_miss(t, i, "%s and %s differ", column, hex);
	table_finish(t);
}

static void
text_table__escapes_of_segmentation_are_the_hex(void **state)
{
	(void)state;
	compare("segmentation.tsv", "text", "utf8_hex");
}

static void
text_table__escapes_of_ussd_are_the_hex(void **state)
{
	(void)state;
	compare("ussd.tsv", "text", "utf8_hex");
}

static void
text_table__escapes_of_input_are_the_hex(void **state)
{
	(void)state;
	compare("input.tsv", "raw", "raw_utf8_hex");
}

static void
text_table__escapes_of_numbers_are_the_hex(void **state)
{
	(void)state;
	compare("numbers.tsv", "input", "utf8_hex");
}

static void
text_table__code_points_of_fold_are_the_text(void **state)
{
	struct table *t = table_open("fold.tsv");

	(void)state;
	for (size_t i = 0; i < table_rows(t); i++)
		if (!str_eq(table_text(t, i, "to"), table_codepoints(t, i, "to_codepoints")))
			table_miss(t, i, "to and to_codepoints differ");
	table_finish(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_table__escapes_of_segmentation_are_the_hex),
		cmocka_unit_test(text_table__escapes_of_ussd_are_the_hex),
		cmocka_unit_test(text_table__escapes_of_input_are_the_hex),
		cmocka_unit_test(text_table__escapes_of_numbers_are_the_hex),
		cmocka_unit_test(text_table__code_points_of_fold_are_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
