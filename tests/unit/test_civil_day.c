#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "civil/civil_int.h"

static struct wall
date(int32_t year, unsigned month, unsigned day)
{
	return (struct wall){.year = year, .month = (uint8_t)month, .day = (uint8_t)day};
}

static struct wall
at(int32_t year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second)
{
	struct wall w = date(year, month, day);

	w.hour = (uint8_t)hour;
	w.minute = (uint8_t)minute;
	w.second = (uint8_t)second;
	return w;
}

static void
assert_wall(struct wall got, struct wall want)
{
	if (civil_compare(&got, &want) != 0)
		fail_msg("%d-%02u-%02uT%02u:%02u:%02u is not %d-%02u-%02uT%02u:%02u:%02u", got.year,
			 got.month, got.day, got.hour, got.minute, got.second, want.year,
			 want.month, want.day, want.hour, want.minute, want.second);
}

/* The calendar counted by hand from the first day to the last. */
static void
civil_day__every_day_there_is_has_its_number(void **state)
{
	int64_t day = day_of(YEAR_FIRST, 1, 1);
	unsigned weekday = 1; /* 0001-01-01 was a Monday */

	(void)state;
	for (int32_t y = YEAR_FIRST; y <= YEAR_LAST; y++)
		for (unsigned m = 1; m <= 12; m++)
			for (unsigned d = 1; d <= month_days(y, m); d++) {
				struct wall w = wall_of_day(day);

				assert_true(w.year == y && w.month == m && w.day == d);
				assert_true(day_of(y, m, d) == day);
				assert_true(civil_weekday(&w) == weekday);
				weekday = (weekday + 1) % 7;
				day++;
			}
	assert_int_equal(day_of(1970, 1, 1), 0);
}

static void
civil_day__months_have_their_days(void **state)
{
	(void)state;
	assert_int_equal(month_days(2026, 2), 28);
	assert_int_equal(month_days(2028, 2), 29);
	assert_int_equal(month_days(1900, 2), 28);
	assert_int_equal(month_days(2000, 2), 29);
	assert_int_equal(month_days(2026, 12), 31);
}

static void
civil_day__only_real_wall_times_are_ok(void **state)
{
	const struct wall good[] = {date(2028, 2, 29), at(2026, 12, 31, 23, 59, 59), date(1, 1, 1),
				    at(9999, 12, 31, 23, 59, 59)};
	const struct wall bad[] = {date(2026, 2, 29),        date(2026, 0, 1),
				   date(2026, 13, 1),        date(2026, 4, 31),
				   date(2026, 4, 0),         date(0, 1, 1),
				   date(10000, 1, 1),        at(2026, 1, 1, 24, 0, 0),
				   at(2026, 1, 1, 0, 60, 0), at(2026, 1, 1, 0, 0, 60)};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(civil_wall_ok(&good[i]));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(civil_wall_ok(&bad[i]));
}

static void
civil_day__added_days_keep_the_time_of_day(void **state)
{
	struct wall w = at(2026, 11, 21, 10, 30, 15);

	(void)state;
	assert_wall(civil_add_days(&w, 0), w);
	assert_wall(civil_add_days(&w, 10), at(2026, 12, 1, 10, 30, 15));
	assert_wall(civil_add_days(&w, -21), at(2026, 10, 31, 10, 30, 15));
	assert_wall(civil_add_days(&w, 465), at(2028, 2, 29, 10, 30, 15));
}

static void
civil_day__added_days_stop_at_the_ends(void **state)
{
	struct wall w = at(2026, 11, 21, 10, 0, 0);

	(void)state;
	assert_wall(civil_add_days(&w, INT32_MAX), at(9999, 12, 31, 10, 0, 0));
	assert_wall(civil_add_days(&w, INT32_MIN), at(1, 1, 1, 10, 0, 0));
}

static void
civil_day__day_and_monday_are_midnights(void **state)
{
	struct wall saturday = at(2026, 11, 21, 22, 1, 2), monday = at(2026, 11, 23, 0, 0, 1);
	struct wall sunday = at(2027, 1, 3, 23, 59, 59);

	(void)state;
	assert_wall(civil_day(&saturday), date(2026, 11, 21));
	assert_wall(civil_monday(&saturday), date(2026, 11, 16));
	assert_wall(civil_monday(&monday), date(2026, 11, 23));
	assert_wall(civil_monday(&sunday), date(2026, 12, 28));
}

static void
civil_day__days_between_count_midnights(void **state)
{
	struct wall late = at(2026, 12, 31, 23, 59, 59), early = at(2027, 1, 1, 0, 0, 0);
	struct wall first = date(1, 1, 1), last = date(9999, 12, 31);

	(void)state;
	assert_int_equal(civil_days_between(&late, &early), 1);
	assert_int_equal(civil_days_between(&early, &late), -1);
	assert_int_equal(civil_days_between(&late, &late), 0);
	assert_int_equal(civil_days_between(&first, &last), 3652058);
}

static void
civil_day__comparison_goes_down_to_the_second(void **state)
{
	struct wall a = at(2026, 11, 21, 10, 0, 0), b = at(2026, 11, 21, 10, 0, 1);

	(void)state;
	assert_int_equal(civil_compare(&a, &b), -1);
	assert_int_equal(civil_compare(&b, &a), 1);
	assert_int_equal(civil_compare(&a, &a), 0);
}

static void
civil_day__seconds_and_walls_go_both_ways(void **state)
{
	(void)state;
	for (int64_t s = -200000; s < 200000; s += 7) {
		struct wall w = wall_of_seconds(s);

		assert_true(civil_wall_ok(&w));
		assert_true(wall_seconds(&w) == s);
	}
	assert_wall(wall_of_seconds(-1), at(1969, 12, 31, 23, 59, 59));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(civil_day__every_day_there_is_has_its_number),
		cmocka_unit_test(civil_day__months_have_their_days),
		cmocka_unit_test(civil_day__only_real_wall_times_are_ok),
		cmocka_unit_test(civil_day__added_days_keep_the_time_of_day),
		cmocka_unit_test(civil_day__added_days_stop_at_the_ends),
		cmocka_unit_test(civil_day__day_and_monday_are_midnights),
		cmocka_unit_test(civil_day__days_between_count_midnights),
		cmocka_unit_test(civil_day__comparison_goes_down_to_the_second),
		cmocka_unit_test(civil_day__seconds_and_walls_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
