#include "remind/remind.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_civil_zic.h"

enum { MONDAY = 1, SUNDAY = 0, TEN = 600, WEEK_S = 7 * 86400 };

static void
remind_next__monday_ten_stays_at_ten_when_the_clock_changes(void **state)
{
	struct zone *z = zic_zone("Wasl/Casablanca");
	const int64_t before = zic_instant("2026-09-07T09:00:00"); /* 10:00 at UTC+1 */
	int64_t at;

	(void)state;
	at = remind_next_weekly(z, MONDAY, TEN, before);
	assert_int_equal(at, zic_instant("2026-09-14T09:00:00"));
	at = remind_next_weekly(z, MONDAY, TEN, at);
	assert_int_equal(at, zic_instant("2026-09-21T10:00:00")); /* UTC since 20 September */
	assert_int_equal(remind_next_weekly(z, MONDAY, TEN, at),
			 zic_instant("2026-09-28T10:00:00"));
	civil_zone_free(z);
}

static void
remind_next__is_strictly_after(void **state)
{
	struct zone *z = zic_zone("Wasl/Casablanca");
	const int64_t due = zic_instant("2026-11-23T10:00:00");

	(void)state;
	assert_int_equal(remind_next_weekly(z, MONDAY, TEN, due - 1), due);
	assert_int_equal(remind_next_weekly(z, MONDAY, TEN, due), due + WEEK_S);
	civil_zone_free(z);
}

static void
remind_next__every_weekday_comes_within_a_week(void **state)
{
	struct zone *z = zic_zone("Wasl/Casablanca");
	const int64_t from = zic_instant("2026-11-21T22:13:00");

	(void)state;
	for (unsigned day = 0; day < 7; day++)
		for (unsigned minute = 0; minute < 1440; minute += 97) {
			const int64_t at = remind_next_weekly(z, day, minute, from);
			struct wall w;

			assert_in_range(at, from + 1, from + WEEK_S);
			civil_to_wall(z, at, &w);
			assert_int_equal(civil_weekday(&w), day);
			assert_int_equal(w.hour * 60 + w.minute, minute);
		}
	civil_zone_free(z);
}

static void
remind_next__a_time_that_comes_twice_is_due_once(void **state)
{
	struct zone *z = zic_zone("Wasl/Casablanca");
	int64_t at, folds;
	struct wall w = zic_wall("2026-09-20T00:00:00");

	(void)state;
	/* find the fold of that Sunday, wherever the data put it */
	int minute = 0;
	for (; minute < 1440; minute++) {
		w.hour = (uint8_t)(minute / 60);
		w.minute = (uint8_t)(minute % 60);
		if (civil_to_instant(z, &w, &at, &folds) == WALL_FOLD)
			break;
	}
	assert_int_not_equal(minute, 1440);
	assert_int_equal(remind_next_weekly(z, SUNDAY, (unsigned)minute, at - 1), at);
	assert_int_not_equal(remind_next_weekly(z, SUNDAY, (unsigned)minute, at), folds);
	civil_zone_free(z);
}

static void
remind_next__occurrence_is_the_local_date(void **state)
{
	struct zone *z = zic_zone("Wasl/Casablanca");

	(void)state;
	assert_string_equal(remind_occurrence(z, zic_instant("2026-11-23T10:00:00")).date,
			    "2026-11-23");
	assert_string_equal(remind_occurrence(z, zic_instant("2026-08-02T23:30:00")).date,
			    "2026-08-03"); /* UTC+1 then */
	civil_zone_free(z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remind_next__monday_ten_stays_at_ten_when_the_clock_changes),
		cmocka_unit_test(remind_next__is_strictly_after),
		cmocka_unit_test(remind_next__every_weekday_comes_within_a_week),
		cmocka_unit_test(remind_next__a_time_that_comes_twice_is_due_once),
		cmocka_unit_test(remind_next__occurrence_is_the_local_date),
	};

	return cmocka_run_group_tests(tests, zic_setup, zic_teardown);
}
