#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/test_civil_zic.h"

struct row {
	const char *now, *text, *want;
};

typedef int parser(const struct zone *z, struct str text, int64_t now, int64_t *out);

static void
check_rows(parser *parse, const struct row *rows, size_t n)
{
	struct zone *z = zic_zone("Wasl/Casablanca");

	for (size_t i = 0; i < n; i++) {
		int64_t got = 0;
		int rc = parse(z, str_of(rows[i].text), zic_instant(rows[i].now), &got);

		if (rc != 0 || got != zic_instant(rows[i].want))
			fail_msg("'%s' is %d, %s", rows[i].text, rc, civil_rfc3339(z, got).s);
	}
	civil_zone_free(z);
}

static void
check_refused(parser *parse, const char *const *texts, size_t n)
{
	struct zone *z = zic_zone("Wasl/Casablanca");
	int64_t out = 77;

	for (size_t i = 0; i < n; i++)
		if (parse(z, str_of(texts[i]), 1790812800, &out) != W_EINVAL)
			fail_msg("'%s' is taken", texts[i]);
	assert_int_equal(out, 77);
	civil_zone_free(z);
}

/* A Saturday; Casablanca is at UTC+0. */
#define NOW "2026-11-21T12:34:56Z"

static void
civil_when__instants_are_read_in_the_zone(void **state)
{
	static const struct row rows[] = {
		{NOW, "now", NOW},
		{NOW, "2026-11-23T10:00", "2026-11-23T10:00:00Z"},
		{NOW, "2026-11-23T10:00:30", "2026-11-23T10:00:30Z"},
		{NOW, "2026-11-23 10:00", "2026-11-23T10:00:00Z"},
		{NOW, "2026-11-23", "2026-11-23T00:00:00Z"},
		{NOW, "2026-08-03T10:00", "2026-08-03T09:00:00Z"},
		{NOW, "2026-08-03T10:00Z", "2026-08-03T10:00:00Z"},
		{NOW, "2026-08-03T10:00:01Z", "2026-08-03T10:00:01Z"},
		{NOW, "2026-08-03T10:00+02:00", "2026-08-03T08:00:00Z"},
		{NOW, "2026-08-03T10:00-05:30", "2026-08-03T15:30:00Z"},
		/* in a fold the first, in a gap moved on */
		{NOW, "2026-09-20T01:30", "2026-09-20T00:30:00Z"},
		{NOW, "2026-03-22T02:30", "2026-03-22T02:30:00Z"},
	};

	(void)state;
	check_rows(civil_parse_instant, rows, ARRAY_LEN(rows));
}

static void
civil_when__days_ahead_keep_the_time_of_day_and_hours_pass(void **state)
{
	static const struct row rows[] = {
		{NOW, "+3d", "2026-11-24T12:34:56Z"},
		{NOW, "+2w", "2026-12-05T12:34:56Z"},
		{NOW, "+2h", "2026-11-21T14:34:56Z"},
		{NOW, "+90m", "2026-11-21T14:04:56Z"},
		{NOW, "+0d", NOW},
		/* over the change of 20 September 2026: 10:00 stays 10:00, 24 hours are 24 hours */
		{"2026-09-19T09:00:00Z", "+1d", "2026-09-20T10:00:00Z"},
		{"2026-09-19T09:00:00Z", "+24h", "2026-09-20T09:00:00Z"},
	};

	(void)state;
	check_rows(civil_parse_instant, rows, ARRAY_LEN(rows));
}

static void
civil_when__other_instants_are_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"+",
		"+d",
		"+3",
		"+3x",
		"+-3d",
		"+ 3d",
		"++3d",
		"+3.5d",
		"3d",
		"+99999999d",
		"+9223372036854775807h",
		"+36526d",
		"-3d",
		"2026-02-29",
		"2026-13-01",
		"2026-00-10",
		"26-11-23",
		"0000-01-01",
		"2026-11-23T",
		"2026-11-23T10",
		"2026-11-23T24:00",
		"2026-11-23T10:60",
		"2026-11-23T10:00:60",
		"2026-11-23T10:00:",
		"2026-11-23T10:00z",
		"2026-11-23T10:00+1",
		"2026-11-23T10:00+01",
		"2026-11-23T10:00+24:00",
		"2026-11-23T10:00Zx",
		"2026-11-23x",
		"2026/11/23",
		" 2026-11-23",
		"NOW",
		"tomorrow",
		"2026-11-23T10:00 ",
	};

	(void)state;
	check_refused(civil_parse_instant, texts, ARRAY_LEN(texts));
}

static void
civil_when__since_goes_back(void **state)
{
	static const struct row rows[] = {
		{NOW, "2d", "2026-11-19T12:34:56Z"},
		{NOW, "3h", "2026-11-21T09:34:56Z"},
		{NOW, "2w", "2026-11-07T12:34:56Z"},
		{NOW, "30m", "2026-11-21T12:04:56Z"},
		{NOW, "2026-11-20", "2026-11-20T00:00:00Z"},
		{NOW, "2026-11-20T08:00", "2026-11-20T08:00:00Z"},
		{NOW, "today", "2026-11-21T00:00:00Z"},
		{NOW, "yesterday", "2026-11-20T00:00:00Z"},
		{NOW, "saturday", "2026-11-21T00:00:00Z"},
		{NOW, "monday", "2026-11-16T00:00:00Z"},
		{NOW, "sunday", "2026-11-15T00:00:00Z"},
		{NOW, "friday", "2026-11-20T00:00:00Z"},
		{NOW, "Monday", "2026-11-16T00:00:00Z"},
		/* the day is that of the zone: 23:30 UTC was past midnight at UTC+1 */
		{"2026-08-02T23:30:00Z", "today", "2026-08-02T23:00:00Z"},
		{"2026-08-02T23:30:00Z", "monday", "2026-08-02T23:00:00Z"},
		/* 2 days before, the clock was an hour ahead */
		{"2026-09-21T10:00:00Z", "2d", "2026-09-19T09:00:00Z"},
		{"2026-09-21T10:00:00Z", "48h", "2026-09-19T10:00:00Z"},
	};

	(void)state;
	check_rows(civil_parse_since, rows, ARRAY_LEN(rows));
}

static void
civil_when__other_words_for_since_are_refused(void **state)
{
	static const char *const texts[] = {"",       "2",   "d",       "-2d",     "+2d",
					    "2y",     "2 d", "mon",     "mondays", "2026-11",
					    "36526d", "2d ", "tomorrow"};

	(void)state;
	check_refused(civil_parse_since, texts, ARRAY_LEN(texts));
}

static void
civil_when__rfc3339_shows_the_offset_of_that_day(void **state)
{
	struct zone *z = zic_zone("Wasl/Casablanca");

	(void)state;
	assert_string_equal(civil_rfc3339(z, zic_instant("2026-11-23T10:00:00Z")).s,
			    "2026-11-23T10:00:00+00:00");
	assert_string_equal(civil_rfc3339(z, zic_instant("2026-08-03T09:00:05Z")).s,
			    "2026-08-03T10:00:05+01:00");
	assert_string_equal(civil_rfc3339(z, INT64_MIN).s, "0001-01-01T00:00:00+01:00");
	assert_string_equal(civil_rfc3339(z, INT64_MAX).s, "9999-12-31T23:59:59+00:00");
	civil_zone_free(z);
}

static void
civil_when__rfc3339_cuts_an_offset_with_seconds_and_keeps_the_instant(void **state)
{
	struct zone z = {.offset = {-1820}}; /* Casablanca before 1913: -0:30:20 */
	struct zone east = {.offset = {3600}};

	(void)state;
	assert_string_equal(civil_rfc3339(&z, 0).s, "1969-12-31T23:30:00-00:30");
	assert_string_equal(civil_rfc3339(&east, INT64_MAX).s, "9999-12-31T23:59:59+01:00");
}

static void
civil_when__rfc3339_is_read_back(void **state)
{
	struct zone *z = zic_zone("Wasl/Casablanca");

	(void)state;
	for (int64_t at = zic_instant("2026-09-19T00:00:00Z");
	     at < zic_instant("2026-09-21T00:00:00Z"); at += 599) {
		int64_t back = 0;

		assert_int_equal(civil_parse_instant(z, str_of(civil_rfc3339(z, at).s), 0, &back),
				 0);
		assert_int_equal(back, at);
	}
	civil_zone_free(z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(civil_when__instants_are_read_in_the_zone),
		cmocka_unit_test(civil_when__days_ahead_keep_the_time_of_day_and_hours_pass),
		cmocka_unit_test(civil_when__other_instants_are_refused),
		cmocka_unit_test(civil_when__since_goes_back),
		cmocka_unit_test(civil_when__other_words_for_since_are_refused),
		cmocka_unit_test(civil_when__rfc3339_shows_the_offset_of_that_day),
		cmocka_unit_test(
			civil_when__rfc3339_cuts_an_offset_with_seconds_and_keeps_the_instant),
		cmocka_unit_test(civil_when__rfc3339_is_read_back),
	};

	return cmocka_run_group_tests(tests, zic_setup, zic_teardown);
}
