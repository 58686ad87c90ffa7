#include "base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
base_clock__a_frozen_clock_stands_until_released(void **state)
{
	(void)state;
	clock_freeze(1000);
	assert_int_equal(clock_now(), 1000);
	clock_freeze(2000);
	assert_int_equal(clock_now(), 2000);
	clock_freeze(0);
	assert_true(clock_now() > 1700000000);
}

static void
base_clock__a_shift_moves_forward_only(void **state)
{
	int64_t before = clock_now();

	(void)state;
	assert_int_equal(clock_set_shift(86400), W_OK);
	assert_true(clock_now() >= before + 86400);
	assert_int_equal(clock_set_shift(86399), W_EINVAL);
	assert_int_equal(clock_shift(), 86400);
	assert_int_equal(clock_set_shift(86400), W_OK);
}

static void
base_clock__the_monotonic_clock_never_goes_back(void **state)
{
	int64_t before = clock_mono_ms();

	(void)state;
	clock_freeze(1);
	for (int i = 0; i < 1000; i++) {
		int64_t now = clock_mono_ms();

		assert_true(now >= before);
		before = now;
	}
	clock_freeze(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_clock__a_frozen_clock_stands_until_released),
		cmocka_unit_test(base_clock__a_shift_moves_forward_only),
		cmocka_unit_test(base_clock__the_monotonic_clock_never_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
