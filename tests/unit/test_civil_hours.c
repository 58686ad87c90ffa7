#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/test_civil_zic.h"

static struct week_hours
hours(const char *text)
{
	struct week_hours h = {.n = 0};

	if (civil_hours_parse(str_of(text), &h, NULL) != 0)
		fail_msg("%s is not read", text);
	return h;
}

/* 2026-11-16 was a Monday, 2026-11-20 a Friday. */
static void
civil_hours__open_from_the_first_minute_to_before_the_last(void **state)
{
	static const struct {
		const char *hours, *at;
		bool open;
	} rows[] = {
		{"MO-FR 09:00-16:30", "2026-11-16T08:59:59", false},
		{"MO-FR 09:00-16:30", "2026-11-16T09:00:00", true},
		{"MO-FR 09:00-16:30", "2026-11-20T16:29:59", true},
		{"MO-FR 09:00-16:30", "2026-11-20T16:30:00", false},
		{"MO-FR 09:00-16:30", "2026-11-21T10:00:00", false},
		{"MO-FR 09:00-16:30", "2026-11-22T10:00:00", false},
		{"MO-TH 09:00-16:30, FR 09:00-12:00", "2026-11-19T15:00:00", true},
		{"MO-TH 09:00-16:30, FR 09:00-12:00", "2026-11-20T11:59:59", true},
		{"MO-TH 09:00-16:30, FR 09:00-12:00", "2026-11-20T12:00:00", false},
		{"MO-FR 09:00-12:00, MO-TH 14:00-16:30", "2026-11-18T13:00:00", false},
		{"MO-FR 09:00-12:00, MO-TH 14:00-16:30", "2026-11-18T14:00:00", true},
		{"MO-FR 09:00-12:00, MO-TH 14:00-16:30", "2026-11-20T14:00:00", false},
		/* days round the week's end, all days, the whole day */
		{"SA-MO 10:00-11:00", "2026-11-22T10:30:00", true},
		{"SA-MO 10:00-11:00", "2026-11-23T10:30:00", true},
		{"SA-MO 10:00-11:00", "2026-11-20T10:30:00", false},
		{"SA-MO 10:00-11:00", "2026-11-24T10:30:00", false},
		{"09:00-20:00", "2026-11-22T19:59:59", true},
		{"SU 00:00-24:00", "2026-11-22T23:59:59", true},
		{"SU 00:00-24:00", "2026-11-23T00:00:00", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct week_hours h = hours(rows[i].hours);
		struct wall w = zic_wall(rows[i].at);

		if (civil_hours_open(&h, &w) != rows[i].open)
			fail_msg("%s at %s", rows[i].hours, rows[i].at);
	}
}

static void
civil_hours__next_is_now_when_open_else_the_next_opening(void **state)
{
	static const struct {
		const char *hours, *at, *next;
	} rows[] = {
		{"MO-FR 09:00-16:30", "2026-11-16T08:00:00", "2026-11-16T09:00:00"},
		{"MO-FR 09:00-16:30", "2026-11-16T10:11:12", "2026-11-16T10:11:12"},
		{"MO-FR 09:00-16:30", "2026-11-16T16:30:00", "2026-11-17T09:00:00"},
		/* over the weekend */
		{"MO-FR 09:00-16:30", "2026-11-20T16:30:00", "2026-11-23T09:00:00"},
		{"MO-FR 09:00-16:30", "2026-11-21T12:00:00", "2026-11-23T09:00:00"},
		/* a short Friday */
		{"MO-TH 09:00-16:30, FR 09:00-12:00", "2026-11-20T12:30:00", "2026-11-23T09:00:00"},
		{"MO-TH 09:00-16:30, FR 09:00-12:00", "2026-11-19T16:30:00", "2026-11-20T09:00:00"},
		/* a closed day in the middle, a break at noon, spans in any order */
		{"MO-TU 09:00-16:30, TH-FR 09:00-16:30", "2026-11-17T17:00:00",
		 "2026-11-19T09:00:00"},
		{"MO-FR 14:00-16:30, MO-FR 09:00-12:00", "2026-11-18T12:00:00",
		 "2026-11-18T14:00:00"},
		{"MO-FR 14:00-16:30, MO-FR 09:00-12:00", "2026-11-18T01:00:00",
		 "2026-11-18T09:00:00"},
		/* one day a week; over the end of the year; the seconds of the minute before */
		{"WE 09:00-10:00", "2026-12-30T10:00:00", "2027-01-06T09:00:00"},
		{"MO-FR 09:00-16:30", "2026-11-16T08:59:59", "2026-11-16T09:00:00"},
		{"FR 12:00-12:01", "2026-11-20T12:01:00", "2026-11-27T12:00:00"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct week_hours h = hours(rows[i].hours);
		struct wall w = zic_wall(rows[i].at), want = zic_wall(rows[i].next), got = w;

		if (!civil_hours_next(&h, &w, &got) || civil_compare(&got, &want) != 0)
			fail_msg("%s after %s", rows[i].hours, rows[i].at);
	}
}

static void
civil_hours__never_open_has_no_next(void **state)
{
	struct week_hours none = {.n = 0};
	struct wall w = zic_wall("2026-11-16T08:00:00"), out = w;

	(void)state;
	assert_false(civil_hours_open(&none, &w));
	assert_false(civil_hours_next(&none, &w, &out));
}

static void
civil_hours__faults_say_where(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} rows[] = {
		{"", 0},
		{"XX 09:00-16:30", 0},
		{"mo 09:00-16:30", 0},
		{"MO-XX 09:00-16:30", 3},
		{"MO-FR", 5},
		{"MO-FR09:00-16:30", 5},
		{"MO-FR 9:00-16:30", 6},
		{"MO-FR 25:00-26:00", 6},
		{"MO-FR 24:00-24:00", 6},
		{"MO-FR 09:60-16:30", 6},
		{"MO-FR 09:00 16:30", 11},
		{"MO-FR 09:00-24:01", 12},
		{"MO-FR 16:30-09:00", 12},
		{"MO-FR 09:00-09:00", 12},
		{"MO-FR 09:00-16:30,", 18},
		{"MO-FR 09:00-16:30; FR 09:00-12:00", 17},
		{"MO-FR 09:00-16:30 FR 09:00-12:00", 18},
		{"SU 01:00-02:00,SU 01:00-02:00,SU 01:00-02:00,SU 01:00-02:00,SU 01:00-02:00,"
		 "SU 01:00-02:00,SU 01:00-02:00,SU 01:00-02:00,SU 01:00-02:00",
		 120},
	};
	struct week_hours h;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t fault_at = 999;

		assert_int_equal(civil_hours_parse(str_of(rows[i].text), &h, &fault_at), W_EINVAL);
		if (fault_at != rows[i].at)
			fail_msg("'%s': fault at %zu", rows[i].text, fault_at);
	}
}

static void
civil_hours__blanks_round_spans_do_not_matter(void **state)
{
	struct week_hours h = hours("  MO-TH  09:00-16:30 ,  FR 09:00-12:00  ");

	(void)state;
	assert_int_equal(h.n, 2);
	assert_int_equal(h.spans[0].days, 0x1e);
	assert_int_equal(h.spans[0].from, 540);
	assert_int_equal(h.spans[0].to, 990);
	assert_int_equal(h.spans[1].days, 0x20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(civil_hours__open_from_the_first_minute_to_before_the_last),
		cmocka_unit_test(civil_hours__next_is_now_when_open_else_the_next_opening),
		cmocka_unit_test(civil_hours__never_open_has_no_next),
		cmocka_unit_test(civil_hours__faults_say_where),
		cmocka_unit_test(civil_hours__blanks_round_spans_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
