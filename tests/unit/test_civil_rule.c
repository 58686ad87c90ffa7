#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/test_civil_zic.h"

static void
civil_rule__footers_of_real_zones_are_read(void **state)
{
	static const char *const texts[] = {
		"<+00>0",
		"<+01>-1",
		"UTC0",
		"<+0330>-3:30",
		"<-03>3",
		"CET-1CEST,M3.5.0,M10.5.0/3",
		"EST5EDT,M3.2.0,M11.1.0",
		"IST-1GMT0,M10.5.0,M3.5.0/1",
		"<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
		"EET-2EEST,M3.4.4/50,M10.4.4/50",
		"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
		"XXX3EDT4,0/0,J365/23",
		"AAA-12:34:56",
		"AAA+5BBB,J1/-167,365/167:59:59",
	};
	struct rule r;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (rule_read(str_of(texts[i]), &r) != 0)
			fail_msg("%s is a rule", texts[i]);
}

static void
civil_rule__anything_else_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"CE-1",
		"<+0>0",
		"<+00",
		"<+00>",
		"CET",
		"CET-",
		"CET-25",
		"CET-1:60",
		"CET-1:00:60",
		"CET-1CEST",
		"CET-1CEST,M3.5.0",
		"CET-1CEST,M3.5.0,",
		"CET-1CEST,M0.5.0,M10.5.0",
		"CET-1CEST,M13.5.0,M10.5.0",
		"CET-1CEST,M3.0.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0",
		"CET-1CEST,M3.5.7,M10.5.0",
		"CET-1CEST,M3.5,M10.5.0",
		"CET-1CEST,J0,J365",
		"CET-1CEST,J1,J366",
		"CET-1CEST,0,366",
		"CET-1CEST,M3.5.0/168,M10.5.0",
		"CET-1CEST,M3.5.0/,M10.5.0",
		"CET-1CEST,M3.5.0,M10.5.0/3x",
		"CET-1CEST,M3.5.0,M10.5.0,M1.1.0",
		"CET-1 ",
		" CET-1",
	};
	struct rule r;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (rule_read(str_of(texts[i]), &r) != W_EPROTO)
			fail_msg("%s is no rule", texts[i]);
}

/* The offset one second before a change and at it, against published tables of those zones. */
static void
civil_rule__changes_come_at_the_second(void **state)
{
	static const struct {
		const char *rule, *at;
		int32_t before, after;
	} rows[] = {
		{"CET-1CEST,M3.5.0,M10.5.0/3", "2027-03-28T01:00:00Z", 3600, 7200},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "2027-10-31T01:00:00Z", 7200, 3600},
		{"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", -18000, -14400},
		{"EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", -14400, -18000},
		/* south of the equator: summer goes over the new year */
		{"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-10-03T16:00:00Z", 36000, 39600},
		{"AEST-10AEDT,M10.1.0,M4.1.0/3", "2027-04-03T16:00:00Z", 39600, 36000},
		/* Ireland: winter is the exception */
		{"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-10-25T01:00:00Z", 3600, 0},
		{"IST-1GMT0,M10.5.0,M3.5.0/1", "2027-03-28T01:00:00Z", 0, 3600},
		/* a change on the day before, and two days after */
		{"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -7200, -3600},
		{"EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", 7200, 10800},
		/* J60 is 1 March in every year, 59 is 29 February of a leap year */
		{"AAA0BBB,J60/0,J300/0", "2028-03-01T00:00:00Z", 0, 3600},
		{"AAA0BBB,J60/0,J300/0", "2027-03-01T00:00:00Z", 0, 3600},
		{"AAA0BBB,J59/0,J300/0", "2028-02-28T00:00:00Z", 0, 3600},
		{"AAA0BBB,59/0,300/0", "2028-02-29T00:00:00Z", 0, 3600},
		{"AAA0BBB,59/0,300/0", "2027-03-01T00:00:00Z", 0, 3600},
	};
	struct rule r;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t at = zic_instant(rows[i].at);

		assert_int_equal(rule_read(str_of(rows[i].rule), &r), 0);
		if (rule_span(&r, at - 1).offset != rows[i].before ||
		    rule_span(&r, at).offset != rows[i].after)
			fail_msg("%s does not change at %s", rows[i].rule, rows[i].at);
		assert_int_equal(rule_span(&r, at).begin, at);
		assert_int_equal(rule_span(&r, at - 1).end, at);
	}
}

static void
civil_rule__summer_all_year_never_ends(void **state)
{
	struct rule r;

	(void)state;
	assert_int_equal(rule_read(STR_LIT("EST5EDT,0/0,J365/25"), &r), 0);
	for (int64_t at = zic_instant("2026-12-30T00:00:00Z");
	     at < zic_instant("2029-01-03T00:00:00Z"); at += 1800)
		assert_int_equal(rule_span(&r, at).offset, -14400);
}

static void
civil_rule__without_changes_one_span_holds_all_time(void **state)
{
	struct rule r;

	(void)state;
	assert_int_equal(rule_read(STR_LIT("<+0330>-3:30"), &r), 0);
	struct span s = rule_span(&r, 0);
	assert_int_equal(s.offset, 12600);
	assert_true(s.begin == INT64_MIN && s.end == INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(civil_rule__footers_of_real_zones_are_read),
		cmocka_unit_test(civil_rule__anything_else_is_refused),
		cmocka_unit_test(civil_rule__changes_come_at_the_second),
		cmocka_unit_test(civil_rule__summer_all_year_never_ends),
		cmocka_unit_test(civil_rule__without_changes_one_span_holds_all_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
