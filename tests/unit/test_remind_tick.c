#include "remind/remind.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_remind_bench.h"

static const struct bench_person usual = {0};

#define SUNDAY "2026-11-22T12:00:00"
#define DUE    "2026-11-23T10:00:00"

static int
setup(void **state)
{
	*state = bench_new(SUNDAY);
	bench_start_remind(*state);
	return 0;
}

static int
teardown(void **state)
{
	bench_free(*state);
	return 0;
}

/* A check-in the person began or finished by phone. */
static void
put_answered(struct bench *b, int64_t person, const char *status)
{
	struct store_job *job = store_job_new(b->store);
	const struct row_checkin row = {.id = store_next(b->store, NEXT_CHECKIN),
					.person = person,
					.due_at = clock_now(),
					.opened_at = clock_now(),
					.week = checkin_week(b->zone, clock_now()),
					.status = str_of(status),
					.channel = STR_LIT("ussd")};

	put_checkin(job, &row);
	bench_commit(b, job);
}

static void
remind_tick__new_schedule_gets_its_time(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	bench_at(b, SUNDAY);
	assert_int_equal(bench_next_at(b, p), zic_instant(DUE));
	assert_int_equal(bench_messages(b, p), 0);
	assert_int_equal(remind_next_look(b->remind), zic_instant(DUE));
}

static void
remind_tick__due_gives_one_message_and_one_checkin(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	assert_int_equal(bench_messages(b, p), 1);
	assert_int_equal(bench_checkins(b, p), 1);
	assert_int_equal(bench_next_at(b, p), zic_instant(DUE) + WEEK_S);
	assert_int_equal(b->woken, 1);
}

static void
remind_tick__looking_again_adds_nothing(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	bench_at(b, DUE);
	bench_at(b, "2026-11-23T10:00:05");
	assert_int_equal(bench_messages(b, p), 1);
	assert_int_equal(bench_checkins(b, p), 1);
}

static void
remind_tick__same_day_planned_anew_is_not_sent_twice(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	bench_schedule(b, p, 1, 660); /* moved to 11:00 of the same Monday */
	bench_at(b, "2026-11-23T10:30:00");
	bench_at(b, "2026-11-23T11:00:00");
	assert_int_equal(bench_messages(b, p), 1);
	assert_int_equal(bench_checkins(b, p), 1);
	assert_int_equal(bench_next_at(b, p), zic_instant("2026-11-30T11:00:00"));
}

static void
remind_tick__another_day_of_the_same_week_is_not_reminded_again(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	bench_schedule(b, p, 4, 600); /* moved to Thursday */
	bench_at(b, "2026-11-23T12:00:00");
	bench_at(b, "2026-11-26T10:00:00");
	assert_int_equal(bench_messages(b, p), 1);
	assert_int_equal(bench_checkins(b, p), 1);
	assert_int_equal(bench_next_at(b, p), zic_instant("2026-12-03T10:00:00"));
}

static void
remind_tick__message_says_what_the_table_says(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);
	struct arena *a = arena_new(0);

	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	const struct row_outbox row = bench_message(b, p, a);
	assert_true(str_is(row.state, "queued"));
	assert_true(str_is(row.rule, "weekly_checkin"));
	assert_true(str_is(row.occurrence, "2026-11-23"));
	assert_true(str_is(row.channel, "at-1"));
	assert_true(str_is(row.template_id, "T02"));
	assert_true(str_is(row.lang, "ary"));
	assert_true(str_is(row.coding, "UCS2"));
	assert_int_equal(row.parts, 1);
	assert_int_equal(row.expires_at, zic_instant("2026-11-23T20:00:00"));
	assert_true(str_is(bench_open(b, &row, "phone", row.phone, a), person_ary));
	const struct str text = bench_open(b, &row, "text", row.text, a);
	const char *expected = "وصل: سلام يوسف، 3 أسئلة قصار كيتسناوك. فابور. "
			       "\xe2\x80\x8e*000#\xe2\x80\x8e";
	assert_int_equal(text.n, strlen(expected));
	assert_memory_equal(text.p, expected, text.n);
	arena_free(a);
}

static void
expect_text(struct bench *b, const struct bench_person *person, const char *expected)
{
	int64_t p = bench_person(b, person);
	struct arena *a = arena_new(0);

	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	const struct row_outbox row = bench_message(b, p, a);
	const struct str text = bench_open(b, &row, "text", row.text, a);
	assert_string_equal(arena_printf(a, "%.*s", STR_ARG(text)), expected);
	arena_free(a);
}

static void
remind_tick__latin_text_has_the_latin_name(void **state)
{
	const struct bench_person p = {.lang = "fr"};

	expect_text(*state, &p,
		    "Wasl: bonjour Youssef, 3 petites questions vous attendent. Gratuit. *000#");
}

static void
remind_tick__shared_phone_gets_no_name(void **state)
{
	const struct bench_person p = {.lang = "fr", .sharing = "shared"};

	expect_text(*state, &p,
		    "Wasl: bonjour, 3 petites questions vous attendent. Gratuit. *000#");
}

static void
remind_tick__discreet_person_gets_no_name(void **state)
{
	const struct bench_person p = {.lang = "fr", .discreet = true};

	expect_text(*state, &p,
		    "Wasl: bonjour, 3 petites questions vous attendent. Gratuit. *000#");
}

static void
remind_tick__who_answered_this_week_gets_none(void **state)
{
	static const char *const statuses[] = {"partial", "done"};
	struct bench *b = *state;
	int64_t p[ARRAY_LEN(statuses)];

	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		p[i] = bench_person(b, &usual);
	bench_at(b, SUNDAY);
	bench_at(b, "2026-11-23T00:05:00"); /* since Monday 00:00 is this week's */
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		put_answered(b, p[i], statuses[i]);
	bench_at(b, DUE);
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		assert_int_equal(bench_messages(b, p[i]), 0);
		assert_int_equal(bench_checkins(b, p[i]), 1);
	}
}

static void
remind_tick__answer_of_last_week_does_not_count(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	put_answered(b, p, "done"); /* on Sunday */
	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	assert_int_equal(bench_messages(b, p), 1);
	assert_int_equal(bench_checkins(b, p), 2);
}

static void
remind_tick__stopped_and_paused_are_due_without_a_message(void **state)
{
	static const char *const kinds[] = {"sms_stopped", "paused"};
	struct bench *b = *state;
	int64_t p[ARRAY_LEN(kinds)];

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		p[i] = bench_person(b, &usual);
		bench_consent(b, p[i], kinds[i]);
	}
	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		assert_int_equal(bench_messages(b, p[i]), 0);
		assert_int_equal(bench_checkins(b, p[i]), 1);
	}
}

static void
remind_tick__without_consent_nothing_acts(void **state)
{
	static const char *const kinds[] = {"refused", "later", "withdrawn", "asked"};
	struct bench *b = *state;
	int64_t p[ARRAY_LEN(kinds)];

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		p[i] = bench_person(b, &usual);
		bench_consent(b, p[i], kinds[i]);
	}
	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		assert_int_equal(bench_messages(b, p[i]), 0);
		assert_int_equal(bench_checkins(b, p[i]), 0);
		assert_int_equal(bench_next_at(b, p[i]), zic_instant(DUE) + WEEK_S);
	}
}

static void
remind_tick__inactive_person_gets_nothing(void **state)
{
	const struct bench_person left = {.status = "left"};
	struct bench *b = *state;
	int64_t p = bench_person(b, &left);

	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	assert_int_equal(bench_messages(b, p), 0);
	assert_int_equal(bench_checkins(b, p), 0);
}

static void
remind_tick__wrong_number_gets_nothing(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);
	struct store_job *job = store_job_new(b->store);

	set_link_status(job, p, STR_LIT("wrong_person"), clock_now());
	bench_commit(b, job);
	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	assert_int_equal(bench_messages(b, p), 0);
	assert_int_equal(bench_checkins(b, p), 1); /* a caseworker may still take it by phone */
}

static void
remind_tick__late_but_in_time_is_still_sent(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	bench_at(b, SUNDAY);
	bench_at(b, "2026-11-23T19:59:00");
	assert_int_equal(bench_messages(b, p), 1);
}

static void
remind_tick__too_late_is_due_without_a_message(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	bench_at(b, SUNDAY);
	bench_at(b, "2026-11-24T09:30:00");
	assert_int_equal(bench_messages(b, p), 0);
	assert_int_equal(bench_checkins(b, p), 1);
}

static void
remind_tick__weeks_of_silence_make_up_for_this_week_only(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	bench_at(b, SUNDAY);
	bench_at(b, "2026-12-14T10:30:00"); /* three weeks down, back on a Monday */
	assert_int_equal(bench_messages(b, p), 1);
	assert_int_equal(bench_checkins(b, p), 1);
	assert_int_equal(bench_next_at(b, p), zic_instant("2026-12-21T10:00:00"));
}

static void
remind_tick__friday_pause_holds_the_message_not_the_checkin(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	bench_schedule(b, p, 5, 750); /* Friday 12:30 */
	bench_at(b, SUNDAY);
	bench_at(b, "2026-11-27T12:30:00");
	assert_int_equal(bench_messages(b, p), 0);
	assert_int_equal(bench_checkins(b, p), 1);
	assert_int_equal(remind_next_look(b->remind), zic_instant("2026-11-27T14:30:00"));
	bench_at(b, "2026-11-27T14:30:00");
	assert_int_equal(bench_messages(b, p), 1);
	assert_int_equal(bench_checkins(b, p), 1);
}

static void
remind_tick__answer_during_the_pause_clears_the_held_message(void **state)
{
	struct bench *b = *state;
	struct row_checkin row;
	struct arena *a = arena_new(0);
	int64_t p = bench_person(b, &usual);

	bench_schedule(b, p, 5, 750);
	bench_at(b, SUNDAY);
	bench_at(b, "2026-11-27T12:30:00");
	assert_int_equal(read_checkin_week(store_loop_reader(b->store), p, 20261123, a, &row),
			 W_OK);
	struct store_job *job = store_job_new(b->store);
	set_checkin_answer(job, row.id, "mood", STR_LIT("good"), STR_LIT("partial"), clock_now(), 0,
			   false);
	bench_commit(b, job);
	bench_at(b, "2026-11-27T14:30:00");
	assert_int_equal(bench_messages(b, p), 0);
	assert_int_equal(bench_checkins(b, p), 1);
	arena_free(a);
}

static void
remind_tick__cap_of_the_day_is_per_person(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual), q = bench_person(b, &usual);

	b->conf.limits.sms_per_person_day = 0;
	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	assert_int_equal(bench_messages(b, p) + bench_messages(b, q), 0);
	assert_int_equal(bench_checkins(b, p), 1);
}

static void
put_planned(struct bench *b, int64_t person, const char *next)
{
	struct store_job *job = store_job_new(b->store);
	const struct row_schedule row = {.person = person,
					 .kind = STR_LIT("checkin"),
					 .weekday = 1,
					 .minute = 600,
					 .active = true,
					 .next_at = zic_instant(next)};

	put_schedule(job, &row);
	bench_commit(b, job);
}

static void
remind_tick__time_reckoned_too_early_is_set_right(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	put_planned(b, p, "2026-11-23T09:00:00"); /* 10:00 at UTC+1, as before September 2026 */
	bench_at(b, "2026-11-23T09:00:00");
	assert_int_equal(bench_messages(b, p), 0);
	assert_int_equal(bench_next_at(b, p), zic_instant(DUE));
	bench_at(b, DUE);
	assert_int_equal(bench_messages(b, p), 1);
}

static void
remind_tick__time_reckoned_too_late_is_still_this_week(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);

	put_planned(b, p, "2026-11-23T11:00:00");
	bench_at(b, "2026-11-23T11:00:00");
	assert_int_equal(bench_messages(b, p), 1);
	assert_int_equal(bench_next_at(b, p), zic_instant(DUE) + WEEK_S);
}

static void
remind_tick__hundreds_at_once_get_one_each(void **state)
{
	struct bench *b = *state;
	int64_t p[150];

	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		p[i] = bench_person(b, &usual);
	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	for (int i = 0; i < 10; i++)
		bench_settle(b);
	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		assert_int_equal(bench_messages(b, p[i]), 1);
}

static void
remind_tick__a_message_is_wanted_until_the_person_begins(void **state)
{
	struct bench *b = *state;
	struct arena *a = arena_new(0);
	struct row_checkin checkin;
	int64_t p = bench_person(b, &usual);

	bench_at(b, SUNDAY);
	bench_at(b, DUE);
	const struct row_outbox row = bench_message(b, p, a);
	assert_true(remind_still_wanted(b->remind, &row));
	assert_int_equal(read_checkin_week(store_loop_reader(b->store), p, 20261123, a, &checkin),
			 W_OK);
	struct store_job *job = store_job_new(b->store);
	set_checkin_answer(job, checkin.id, "mood", STR_LIT("good"), STR_LIT("partial"),
			   clock_now(), 0, false);
	bench_commit(b, job);
	assert_false(remind_still_wanted(b->remind, &row));
	arena_free(a);
}

static void
remind_tick__no_look_on_a_clock_that_went_back(void **state)
{
	struct bench *b = *state;
	int64_t p = bench_person(b, &usual);
	struct store_job *job = store_job_new(b->store);
	const struct remind_guard_options guard = {.loop = b->loop, .store = b->store};

	bench_at(b, SUNDAY);
	put_setting(job, STR_LIT("clock_high"), STR_LIT("1900000000"));
	bench_commit(b, job);
	struct remind_guard *g = remind_guard_new(&guard);
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_BEHIND);
	remind_free(b->remind);
	const struct remind_options options = {.loop = b->loop,
					       .store = b->store,
					       .work = b->work,
					       .rules = b->rules,
					       .menus = b->menus,
					       .guard = g};
	b->remind = remind_new(&options);
	bench_at(b, DUE);
	assert_int_equal(bench_messages(b, p), 0);
	remind_free(b->remind);
	b->remind = NULL;
	remind_guard_free(g);
}

#define BENCH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(remind_tick__new_schedule_gets_its_time),
		BENCH(remind_tick__due_gives_one_message_and_one_checkin),
		BENCH(remind_tick__looking_again_adds_nothing),
		BENCH(remind_tick__same_day_planned_anew_is_not_sent_twice),
		BENCH(remind_tick__another_day_of_the_same_week_is_not_reminded_again),
		BENCH(remind_tick__message_says_what_the_table_says),
		BENCH(remind_tick__latin_text_has_the_latin_name),
		BENCH(remind_tick__shared_phone_gets_no_name),
		BENCH(remind_tick__discreet_person_gets_no_name),
		BENCH(remind_tick__who_answered_this_week_gets_none),
		BENCH(remind_tick__answer_of_last_week_does_not_count),
		BENCH(remind_tick__stopped_and_paused_are_due_without_a_message),
		BENCH(remind_tick__without_consent_nothing_acts),
		BENCH(remind_tick__inactive_person_gets_nothing),
		BENCH(remind_tick__wrong_number_gets_nothing),
		BENCH(remind_tick__late_but_in_time_is_still_sent),
		BENCH(remind_tick__too_late_is_due_without_a_message),
		BENCH(remind_tick__weeks_of_silence_make_up_for_this_week_only),
		BENCH(remind_tick__friday_pause_holds_the_message_not_the_checkin),
		BENCH(remind_tick__answer_during_the_pause_clears_the_held_message),
		BENCH(remind_tick__cap_of_the_day_is_per_person),
		BENCH(remind_tick__time_reckoned_too_early_is_set_right),
		BENCH(remind_tick__time_reckoned_too_late_is_still_this_week),
		BENCH(remind_tick__hundreds_at_once_get_one_each),
		BENCH(remind_tick__a_message_is_wanted_until_the_person_begins),
		BENCH(remind_tick__no_look_on_a_clock_that_went_back),
	};

	return cmocka_run_group_tests(tests, zic_setup, zic_teardown);
}
