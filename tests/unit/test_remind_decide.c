#include "remind/remind.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

enum { DUE = 1000000, NO_LATER = 36000, WEEK_END = DUE + 500000 };

/* Everything speaks for a message. */
static struct remind_facts
good(void)
{
	return (struct remind_facts){.now = DUE,
				     .due_at = DUE,
				     .expires_at = DUE + NO_LATER,
				     .week_ends_at = WEEK_END,
				     .rule_there = true,
				     .schedule_on = true,
				     .person_active = true,
				     .consent_in_force = true,
				     .sms_allowed = true,
				     .has_number = true,
				     .mobile = true,
				     .has_channel = true,
				     .open_now = true,
				     .opens_at = DUE};
}

static void
expect(const struct remind_facts *f, enum remind_verdict verdict, enum remind_why why, bool checkin)
{
	struct remind_decision d = remind_decide(f);

	assert_int_equal(d.verdict, verdict);
	assert_string_equal(remind_why_word(d.why), remind_why_word(why));
	assert_int_equal(d.checkin, checkin);
}

static void
remind_decide__sends_when_nothing_speaks_against_it(void **state)
{
	struct remind_facts f = good();

	(void)state;
	expect(&f, REMIND_SEND, REMIND_WHY_NONE, true);
}

static void
remind_decide__one_fact_gives_its_reason(void **state)
{
	struct remind_facts f[9];
	const struct {
		bool *fact;
		bool bad;
		enum remind_verdict verdict;
		enum remind_why why;
		bool checkin;
	} rows[] = {
		{&f[0].schedule_on, false, REMIND_NOTHING, REMIND_WHY_SCHEDULE_OFF, false},
		{&f[1].rule_there, false, REMIND_NOTHING, REMIND_WHY_NO_RULE, false},
		{&f[2].person_active, false, REMIND_NOTHING, REMIND_WHY_INACTIVE, false},
		{&f[3].consent_in_force, false, REMIND_NOTHING, REMIND_WHY_NO_CONSENT, false},
		{&f[4].answered, true, REMIND_SKIP, REMIND_WHY_ANSWERED, false},
		{&f[5].sms_allowed, false, REMIND_SKIP, REMIND_WHY_SMS_STOPPED, true},
		{&f[6].has_number, false, REMIND_SKIP, REMIND_WHY_NO_NUMBER, true},
		{&f[7].mobile, false, REMIND_SKIP, REMIND_WHY_NOT_MOBILE, true},
		{&f[8].has_channel, false, REMIND_SKIP, REMIND_WHY_NO_CHANNEL, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		f[i] = good();
		*rows[i].fact = rows[i].bad;
		expect(&f[i], rows[i].verdict, rows[i].why, rows[i].checkin);
	}
}

static void
remind_decide__cap_of_the_day_skips_the_message_only(void **state)
{
	struct remind_facts f = good();

	(void)state;
	f.enough_today = true;
	expect(&f, REMIND_SKIP, REMIND_WHY_ENOUGH_TODAY, true);
}

static void
remind_decide__quiet_hours_hold_until_they_end(void **state)
{
	struct remind_facts f = good();

	(void)state;
	f.open_now = false;
	f.opens_at = DUE + 7200;
	expect(&f, REMIND_HOLD, REMIND_WHY_QUIET, true);
	assert_int_equal(remind_decide(&f).until, DUE + 7200);
}

static void
remind_decide__no_open_hour_before_no_later_is_expired_at_once(void **state)
{
	struct remind_facts f = good();

	(void)state;
	f.open_now = false;
	f.opens_at = f.expires_at;
	expect(&f, REMIND_EXPIRED, REMIND_WHY_NO_LATER, true);
}

static void
remind_decide__no_later_itself_is_too_late(void **state)
{
	struct remind_facts f = good();

	(void)state;
	f.now = f.expires_at - 1;
	expect(&f, REMIND_SEND, REMIND_WHY_NONE, true);
	f.now = f.expires_at;
	expect(&f, REMIND_EXPIRED, REMIND_WHY_NO_LATER, true);
}

static void
remind_decide__held_row_with_its_checkin_puts_no_second_one(void **state)
{
	struct remind_facts f = good();

	(void)state;
	f.row_there = true;
	expect(&f, REMIND_SEND, REMIND_WHY_NONE, false);
}

static void
remind_decide__a_week_that_is_over_gets_no_checkin(void **state)
{
	struct remind_facts f = good();

	(void)state;
	f.now = WEEK_END;
	expect(&f, REMIND_EXPIRED, REMIND_WHY_NO_LATER, false);
}

static void
remind_decide__every_reason_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (int i = 1; i < REMIND_WHY_COUNT; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(remind_why_word((enum remind_why)i),
						remind_why_word((enum remind_why)k));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remind_decide__sends_when_nothing_speaks_against_it),
		cmocka_unit_test(remind_decide__one_fact_gives_its_reason),
		cmocka_unit_test(remind_decide__cap_of_the_day_skips_the_message_only),
		cmocka_unit_test(remind_decide__quiet_hours_hold_until_they_end),
		cmocka_unit_test(remind_decide__no_open_hour_before_no_later_is_expired_at_once),
		cmocka_unit_test(remind_decide__no_later_itself_is_too_late),
		cmocka_unit_test(remind_decide__held_row_with_its_checkin_puts_no_second_one),
		cmocka_unit_test(remind_decide__a_week_that_is_over_gets_no_checkin),
		cmocka_unit_test(remind_decide__every_reason_has_a_word_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
