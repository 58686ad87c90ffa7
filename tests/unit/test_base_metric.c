#include "base/metric.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
base_metric__every_row_has_help_type_and_value(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b;
	size_t lines = 0;

	(void)state;
	buf_init_arena(&b, a);
	metric_print(&b);
	for (struct str rest = buf_str(&b); rest.n > 0; lines++) {
		struct str line = str_cut(&rest, '\n');

		if (lines % 3 == 0)
			assert_true(str_starts(line, STR_LIT("# HELP wasl_")));
		else if (lines % 3 == 1)
			assert_true(str_starts(line, STR_LIT("# TYPE wasl_")));
		else
			assert_true(str_starts(line, STR_LIT("wasl_")));
	}
	assert_int_equal(lines, 3 * METRIC_COUNT);
	arena_free(a);
}

static void
base_metric__values_add_up(void **state)
{
	const enum metric m = (enum metric)0;

	(void)state;
	metric_add(m, 5);
	metric_add(m, -2);
	assert_int_equal(metric_get(m), 3);
	metric_add(m, -3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_metric__every_row_has_help_type_and_value),
		cmocka_unit_test(base_metric__values_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
