#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli/cli_print.h"

/* Saturday 2026-11-21 12:00 UTC */
#define NOW INT64_C(1795262400)

static void
check_parse(const char *text, int64_t want)
{
	struct moment m;

	assert_int_equal(when_parse(str_of(text), &m), W_OK);
	assert_int_equal(m.at, want);
}

static void
when__rfc3339_is_read_with_its_offset(void **state)
{
	(void)state;
	check_parse("2026-11-21T12:00:00Z", NOW);
	check_parse("2026-11-21T13:00:00+01:00", NOW);
	check_parse("2026-11-21T11:30:00-00:30", NOW);
	check_parse("1970-01-01T00:00:00+00:00", 0);
}

static void
when__anything_else_is_refused(void **state)
{
	static const char *const bad[] = {"",
					  "2026-11-21",
					  "2026-11-21T12:00:00",
					  "2026-13-21T12:00:00Z",
					  "2026-11-31T12:00:00Z",
					  "2026-11-21T24:00:00Z",
					  "2026-11-21T12:00:00+1:00",
					  "2026-11-21T12:00:00+24:00",
					  "2026-11-21T12:00:00Zx",
					  "2026-11-21 12:00:00Z",
					  "+026-11-21T12:00:00Z",
					  "0000-01-01T00:00:00Z"};
	struct moment m;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (when_parse(str_of(bad[i]), &m) != W_EINVAL)
			fail_msg("%s was read", bad[i]);
}

static void
check_near(const char *text, const char *want)
{
	struct sheet s = {.a = arena_new(0), .view.now = NOW};
	json_t *row = json_pack("{s:s}", "at", text);

	assert_string_equal(when_near(&s, row, "at"), want);
	json_decref(row);
	arena_free(s.a);
}

static void
when__a_span_within_a_week_then_a_date(void **state)
{
	(void)state;
	check_near("2026-11-21T11:59:01Z", "now");
	check_near("2026-11-21T11:48:00Z", "12m");
	check_near("2026-11-21T10:00:00Z", "2h");
	check_near("2026-11-14T12:00:01Z", "6d");
	check_near("2026-11-14T12:00:00Z", "14 Nov");
	check_near("2025-11-09T12:00:00Z", "9 Nov 2025");
	check_near("2026-11-21T14:00:00Z", "in 2h");
	check_near("2026-12-24T14:00:00Z", "24 Dec");
	check_near("nonsense", "");
}

static void
check_heading(int64_t now, const char *text, const char *want)
{
	struct sheet s = {.a = arena_new(0), .view.now = now};
	struct moment m;

	assert_int_equal(when_parse(str_of(text), &m), W_OK);
	assert_string_equal(when_heading(&s, &m), want);
	arena_free(s.a);
}

/* At 23:30 UTC it is tomorrow already where the clock is an hour ahead. */
static void
when__today_is_the_day_on_the_wall_of_the_row(void **state)
{
	int64_t late = NOW + 11 * 3600 + 1800;

	(void)state;
	check_heading(NOW, "2026-11-21T09:00:00Z", "TODAY · Sat 21 Nov");
	check_heading(NOW, "2026-11-20T09:00:00Z", "YESTERDAY · Fri 20 Nov");
	check_heading(NOW, "2026-11-19T09:00:00Z", "Thu 19 Nov");
	check_heading(late, "2026-11-22T00:10:00+01:00", "TODAY · Sun 22 Nov");
	check_heading(late, "2026-11-21T09:00:00+01:00", "YESTERDAY · Sat 21 Nov");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(when__rfc3339_is_read_with_its_offset),
		cmocka_unit_test(when__anything_else_is_refused),
		cmocka_unit_test(when__a_span_within_a_week_then_a_date),
		cmocka_unit_test(when__today_is_the_day_on_the_wall_of_the_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
