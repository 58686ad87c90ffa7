#include "outbox/outbox_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static bool
may(enum outbox_state from, enum outbox_state to)
{
	return outbox_may_follow(from, to, OUTBOX_BY_SENDER) ||
	       outbox_may_follow(from, to, OUTBOX_BY_REPORT) ||
	       outbox_may_follow(from, to, OUTBOX_BY_HUMAN);
}

static void
outbox_state__words_and_states_are_the_same_thing(void **state)
{
	(void)state;
	for (int s = 0; s < OUTBOX_STATES; s++)
		assert_int_equal(outbox_state_of(str_of(outbox_state_word((enum outbox_state)s))),
				 s);
	assert_int_equal(outbox_state_of(STR_LIT("sent")), -1);
}

static void
outbox_state__final_states_are_final(void **state)
{
	static const enum outbox_state final[] = {OUTBOX_REJECTED,   OUTBOX_DELIVERED,
						  OUTBOX_FAILED,     OUTBOX_EXPIRED,
						  OUTBOX_SUPPRESSED, OUTBOX_CANCELLED};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(final); i++)
		for (int to = 0; to < OUTBOX_STATES; to++)
			assert_false(may(final[i], (enum outbox_state)to));
}

static void
outbox_state__uncertain_goes_back_to_the_queue_by_a_human_only(void **state)
{
	(void)state;
	assert_false(outbox_may_follow(OUTBOX_UNCERTAIN, OUTBOX_QUEUED, OUTBOX_BY_SENDER));
	assert_false(outbox_may_follow(OUTBOX_UNCERTAIN, OUTBOX_CLAIMED, OUTBOX_BY_SENDER));
	assert_false(outbox_may_follow(OUTBOX_UNCERTAIN, OUTBOX_QUEUED, OUTBOX_BY_REPORT));
	assert_true(outbox_may_follow(OUTBOX_UNCERTAIN, OUTBOX_QUEUED, OUTBOX_BY_HUMAN));
}

static void
outbox_state__only_the_queue_is_claimed(void **state)
{
	(void)state;
	for (int from = 0; from < OUTBOX_STATES; from++)
		assert_int_equal(may((enum outbox_state)from, OUTBOX_CLAIMED),
				 from == OUTBOX_QUEUED);
}

static void
outbox_state__a_report_never_moves_back(void **state)
{
	(void)state;
	for (int from = 0; from < OUTBOX_STATES; from++) {
		assert_false(outbox_may_follow((enum outbox_state)from, OUTBOX_QUEUED,
					       OUTBOX_BY_REPORT));
		assert_false(outbox_may_follow((enum outbox_state)from, OUTBOX_UNCERTAIN,
					       OUTBOX_BY_REPORT));
	}
	assert_false(outbox_may_follow(OUTBOX_DELIVERED, OUTBOX_ACCEPTED, OUTBOX_BY_REPORT));
}

static void
outbox_state__nothing_claimed_is_suppressed_or_cancelled(void **state)
{
	(void)state;
	assert_false(may(OUTBOX_CLAIMED, OUTBOX_SUPPRESSED));
	assert_false(may(OUTBOX_CLAIMED, OUTBOX_CANCELLED));
	assert_false(may(OUTBOX_ACCEPTED, OUTBOX_CANCELLED));
}

static void
outbox_check__reasons_in_order(void **state)
{
	const struct outbox_facts good = {.now = 100,
					  .expires_at = 200,
					  .person_active = true,
					  .sms_allowed = true,
					  .same_number = true,
					  .wanted = true,
					  .open_now = true,
					  .opens_at = 100};
	struct outbox_facts f = good;

	(void)state;
	assert_int_equal(outbox_check(&f).go, GO_SEND);
	f.wanted = false;
	assert_int_equal(outbox_check(&f).go, GO_SUPPRESS);
	assert_string_equal(outbox_check(&f).why, "answered");
	f.same_number = false;
	assert_string_equal(outbox_check(&f).why, "number");
	f.sms_allowed = false;
	assert_string_equal(outbox_check(&f).why, "consent");
	f.person_active = false;
	assert_string_equal(outbox_check(&f).why, "inactive");
	f.now = 200;
	assert_int_equal(outbox_check(&f).go, GO_EXPIRE);
}

static void
outbox_check__waits_for_the_hours_but_not_past_its_end(void **state)
{
	struct outbox_facts f = {.now = 100,
				 .expires_at = 200,
				 .person_active = true,
				 .sms_allowed = true,
				 .same_number = true,
				 .wanted = true,
				 .opens_at = 199};

	(void)state;
	assert_int_equal(outbox_check(&f).go, GO_LATER);
	assert_int_equal(outbox_check(&f).until, 199);
	f.opens_at = 200;
	assert_int_equal(outbox_check(&f).go, GO_EXPIRE);
	f.expires_at = 0;
	assert_int_equal(outbox_check(&f).go, GO_LATER);
}

static void
outbox_check__cap_of_the_day_suppresses(void **state)
{
	const struct outbox_facts f = {.now = 1,
				       .person_active = true,
				       .sms_allowed = true,
				       .same_number = true,
				       .wanted = true,
				       .open_now = true,
				       .enough_today = true};

	(void)state;
	assert_int_equal(outbox_check(&f).go, GO_SUPPRESS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outbox_state__words_and_states_are_the_same_thing),
		cmocka_unit_test(outbox_state__final_states_are_final),
		cmocka_unit_test(outbox_state__uncertain_goes_back_to_the_queue_by_a_human_only),
		cmocka_unit_test(outbox_state__only_the_queue_is_claimed),
		cmocka_unit_test(outbox_state__a_report_never_moves_back),
		cmocka_unit_test(outbox_state__nothing_claimed_is_suppressed_or_cancelled),
		cmocka_unit_test(outbox_check__reasons_in_order),
		cmocka_unit_test(outbox_check__waits_for_the_hours_but_not_past_its_end),
		cmocka_unit_test(outbox_check__cap_of_the_day_suppresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
