#include "work/work.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* The zone of these tests is fixed at UTC, which is Morocco's since September 2026. */
static struct zone *zone;
static struct week_hours office;

static int64_t
at(int day, int hour, int minute)
{
	/* November 2026: the 23rd is a Monday. */
	const struct wall w = {2026, 11, (uint8_t)day, (uint8_t)hour, (uint8_t)minute, 0};

	return civil_instant(zone, &w);
}

static int
open_zone(void **state)
{
	(void)state;
	if (civil_zone_open(NULL, "Etc/UTC", &zone) != W_OK)
		return -1;
	return civil_hours_parse(STR_LIT("MO-FR 09:00-16:30"), &office, NULL);
}

static int
close_zone(void **state)
{
	(void)state;
	civil_zone_free(zone);
	return 0;
}

/* ---- Call-backs ---- */

static const struct {
	const char *wish;
	int day, hour, minute; /* asked */
	int due_day, due_hour, due_minute;
} callbacks[] = {
	{"any", 23, 10, 0, 23, 10, 0},   /* open: at once */
	{"any", 23, 16, 30, 24, 9, 0},   /* the last minute is gone */
	{"any", 23, 6, 0, 23, 9, 0},     /* before the door opens */
	{"today", 26, 19, 10, 27, 9, 0}, /* closed: never "today" */
	{"today", 27, 18, 0, 30, 9, 0},  /* Friday evening: Monday */
	{"any", 28, 12, 0, 30, 9, 0},    /* Saturday */
	{"morning", 23, 11, 59, 23, 11, 59},
	{"morning", 23, 12, 0, 24, 9, 0}, /* this morning is over */
	{"morning", 27, 13, 0, 30, 9, 0},
	{"afternoon", 23, 9, 30, 23, 12, 0},
	{"afternoon", 23, 16, 0, 23, 16, 0},
	{"afternoon", 23, 17, 0, 24, 12, 0},
	{"week", 23, 10, 0, 24, 9, 0}, /* not today */
	{"week", 27, 10, 0, 30, 9, 0},
};

static void
work_callback__is_due_in_office_hours_that_fit_the_wish(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(callbacks); i++) {
		int64_t due = callback_due_at(
			zone, &office, str_of(callbacks[i].wish),
			at(callbacks[i].day, callbacks[i].hour, callbacks[i].minute));
		int64_t want =
			at(callbacks[i].due_day, callbacks[i].due_hour, callbacks[i].due_minute);

		if (due != want)
			fail_msg("row %zu (%s): due %lld, want %lld", i, callbacks[i].wish,
				 (long long)due, (long long)want);
	}
}

static void
work_callback__is_told_in_whole_minutes_not_in_the_past(void **state)
{
	int64_t now = at(23, 10, 0) + 30;

	(void)state;
	assert_int_equal(callback_due_at(zone, &office, STR_LIT("any"), now), at(23, 10, 1));
}

static void
work_callback__of_a_centre_that_never_opens_is_due_at_once(void **state)
{
	const struct week_hours never = {.n = 0};

	(void)state;
	assert_int_equal(callback_due_at(zone, &never, STR_LIT("any"), at(23, 10, 0)),
			 at(23, 10, 0));
}

/* ---- Needs ---- */

static void
work_need__is_due_at_the_end_of_its_last_day(void **state)
{
	(void)state;
	assert_int_equal(need_due_at(zone, STR_LIT("today"), at(24, 12, 30)), at(24, 23, 59) + 59);
	assert_int_equal(need_due_at(zone, STR_LIT("week"), at(20, 9, 10)), at(27, 23, 59) + 59);
	const struct wall december = {2026, 12, 20, 23, 59, 59};
	assert_int_equal(need_due_at(zone, STR_LIT("can_wait"), at(20, 9, 10)),
			 civil_instant(zone, &december));
}

static void
work_need__urgencies_have_an_order(void **state)
{
	(void)state;
	assert_true(urgency_is_higher(STR_LIT("today"), STR_LIT("week")));
	assert_true(urgency_is_higher(STR_LIT("week"), STR_LIT("can_wait")));
	assert_false(urgency_is_higher(STR_LIT("week"), STR_LIT("week")));
	assert_false(urgency_is_higher(STR_LIT("can_wait"), STR_LIT("today")));
}

/* ---- Check-ins ---- */

static void
work_checkin__belongs_to_the_week_of_its_monday(void **state)
{
	(void)state;
	assert_int_equal(checkin_week(zone, at(23, 0, 0)), 20261123);
	assert_int_equal(checkin_week(zone, at(29, 23, 59)), 20261123);
	assert_int_equal(checkin_week(zone, at(22, 23, 59)), 20261116);
}

/* ---- Consent ---- */

enum { DAY = 24 * 3600 };

static const struct {
	const char *kind, *version;
	int put_off;
	int64_t age; /* of the row, seconds */
	bool due, in_force, sms;
} consents[] = {
	{"", "", 0, 0, true, false, false},
	{"given", CONSENT_VERSION, 0, 0, false, true, true},
	{"given", "0", 0, 0, true, true, true}, /* the text has changed */
	{"resumed", CONSENT_VERSION, 0, 0, false, true, true},
	{"later", CONSENT_VERSION, 1, 6 * DAY, false, false, false},
	{"later", CONSENT_VERSION, 1, 7 * DAY, true, false, false},
	{"later", CONSENT_VERSION, 2, 7 * DAY, true, false, false},
	{"later", CONSENT_VERSION, 3, 70 * DAY, false, false, false}, /* asked again twice */
	{"refused", CONSENT_VERSION, 1, 7 * DAY, true, false, false},
	{"paused", CONSENT_VERSION, 0, 0, false, true, false},
	{"paused", CONSENT_VERSION, 0, 2 * DAY, true, true, false}, /* the way back */
	{"paused", CONSENT_VERSION, 0, 30 * DAY, false, true, true},
	{"sms_stopped", CONSENT_VERSION, 0, 3600, false, true, false},
	{"sms_stopped", CONSENT_VERSION, 0, 90 * DAY, true, true, false},
	{"withdrawn", CONSENT_VERSION, 0, 90 * DAY, true, false, false},
};

static void
work_consent__every_kind_says_what_it_allows(void **state)
{
	const int64_t now = 2000000000;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(consents); i++) {
		struct str kind = str_of(consents[i].kind);
		int64_t since = now - consents[i].age;

		if (consent_is_due(kind, str_of(consents[i].version), since, consents[i].put_off,
				   now) != consents[i].due ||
		    consent_in_force(kind) != consents[i].in_force ||
		    consent_allows_sms(kind, since, now) != consents[i].sms)
			fail_msg("row %zu: %s after %lld s", i, consents[i].kind,
				 (long long)consents[i].age);
	}
}

/* ---- Surveys, appointments, projects, jobs ---- */

static void
work_survey__is_open_for_three_weeks_from_its_due_time(void **state)
{
	const int64_t due = at(2, 10, 0);

	(void)state;
	assert_false(survey_is_open(due, due - 1));
	assert_true(survey_is_open(due, due));
	assert_true(survey_is_open(due, at(23, 9, 59) + 59));
	assert_false(survey_is_open(due, at(23, 10, 0)));
	assert_true(survey_is_open(survey_open_since(due), due));
	assert_false(survey_is_open(survey_open_since(due) - 1, due));
}

static void
work_appointment__only_an_open_one_can_be_answered(void **state)
{
	static const struct {
		const char *status;
		bool open;
	} all[] = {{"planned", true},    {"confirmed", true}, {"move_requested", true},
		   {"declined", false},  {"kept", false},     {"missed", false},
		   {"cancelled", false}, {"", false}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (appointment_is_open(str_of(all[i].status)) != all[i].open)
			fail_msg("%s", all[i].status);
}

static void
work_project__is_handed_over_from_that_instant_while_it_is_open(void **state)
{
	struct row_project p = {.handover_at = at(2, 10, 0)};

	(void)state;
	assert_false(project_handed_over(&p, at(2, 9, 59)));
	assert_true(project_handed_over(&p, at(2, 10, 0)));
	p.closed_at = at(3, 10, 0);
	assert_false(project_handed_over(&p, at(4, 10, 0)));
	p = (struct row_project){.handover_at = 0};
	assert_false(project_handed_over(&p, at(4, 10, 0)));
}

static void
work_project__the_phase_is_that_of_the_own_path(void **state)
{
	static const struct {
		const char *path;
		bool handed_over, has_job;
		const char *phase;
	} all[] = {{"micro_project", false, false, "pre"}, {"micro_project", true, false, "post"},
		   {"micro_project", false, true, "pre"},  {"job", false, false, "pre"},
		   {"job", false, true, "post"},           {"job", true, false, "pre"},
		   {"undecided", true, true, "pre"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		assert_string_equal(
			project_phase(str_of(all[i].path), all[i].handed_over, all[i].has_job),
			all[i].phase);
}

/* ---- Guards ---- */

static void
work_guard__three_wrong_pins_lock_for_a_day(void **state)
{
	const int64_t now = 1000000;
	struct row_guard g = {0};

	(void)state;
	g = guard_pin_wrong(&g, now);
	g = guard_pin_wrong(&g, now);
	assert_false(guard_pin_locked(&g, now));
	g = guard_pin_wrong(&g, now);
	assert_true(guard_pin_locked(&g, now));
	assert_true(guard_pin_locked(&g, now + PIN_LOCK_S - 1));
	assert_false(guard_pin_locked(&g, now + PIN_LOCK_S));
}

static void
work_guard__ten_wrong_pins_in_all_wait_for_staff(void **state)
{
	struct row_guard g = {0};
	int64_t now = 1000000;

	(void)state;
	for (int i = 0; i < PIN_TRIES_TOTAL; i++, now += PIN_LOCK_S)
		g = guard_pin_wrong(&g, now);
	assert_true(guard_pin_locked(&g, now + 1000LL * PIN_LOCK_S));
}

static void
work_guard__a_right_pin_forgives(void **state)
{
	struct row_guard g = {.pin_wrong = 2, .pin_total = 5};

	(void)state;
	g = guard_pin_right(&g);
	assert_int_equal(g.pin_wrong, 0);
	assert_int_equal(g.pin_total, 0);
}

static void
work_guard__the_fifth_wrong_code_of_a_day_locks_that_day(void **state)
{
	const int64_t morning = 20000LL * DAY + 3600;
	struct row_guard g = {0};

	(void)state;
	for (int i = 0; i < CODE_TRIES_DAY - 1; i++)
		g = guard_code_wrong(&g, morning);
	assert_false(guard_code_locked(&g, morning));
	g = guard_code_wrong(&g, morning);
	assert_true(guard_code_locked(&g, morning));
	assert_false(guard_code_locked(&g, morning + DAY));
	g = guard_code_wrong(&g, morning + DAY);
	assert_int_equal(g.code_wrong, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(work_callback__is_due_in_office_hours_that_fit_the_wish),
		cmocka_unit_test(work_callback__is_told_in_whole_minutes_not_in_the_past),
		cmocka_unit_test(work_callback__of_a_centre_that_never_opens_is_due_at_once),
		cmocka_unit_test(work_need__is_due_at_the_end_of_its_last_day),
		cmocka_unit_test(work_need__urgencies_have_an_order),
		cmocka_unit_test(work_checkin__belongs_to_the_week_of_its_monday),
		cmocka_unit_test(work_consent__every_kind_says_what_it_allows),
		cmocka_unit_test(work_survey__is_open_for_three_weeks_from_its_due_time),
		cmocka_unit_test(work_appointment__only_an_open_one_can_be_answered),
		cmocka_unit_test(work_project__is_handed_over_from_that_instant_while_it_is_open),
		cmocka_unit_test(work_project__the_phase_is_that_of_the_own_path),
		cmocka_unit_test(work_guard__three_wrong_pins_lock_for_a_day),
		cmocka_unit_test(work_guard__ten_wrong_pins_in_all_wait_for_staff),
		cmocka_unit_test(work_guard__a_right_pin_forgives),
		cmocka_unit_test(work_guard__the_fifth_wrong_code_of_a_day_locks_that_day),
	};

	return cmocka_run_group_tests(tests, open_zone, close_zone);
}
