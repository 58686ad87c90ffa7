#include "test_admin_world.h"

static void
admin_lists__today_is_in_the_order_of_what_cannot_wait(void **state)
{
	static const char *const order[] = {"crisis", "crisis", "callback", "callback",
					    "need",   "flag",   "overdue"};
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	desk_flag(d, person, "wrong_person", 0);
	desk_flag(d, person, "urgent_opened", 0);
	desk_need(d, person, "today", "note");
	desk_need(d, person, "can_wait", "note");
	desk_callback(d, person, "normal", NOON - 60);
	int64_t help = desk_callback(d, person, "need_help", NOON);
	desk_callback(d, person, "normal", NOON + 3 * 86400);
	desk_callback(d, person, "crisis", NOON);
	desk_consent(d, person);
	const struct answer *got = ask(d, "today", "{}");
	assert_int_equal(got->code, ADMIN_DONE);
	assert_int_equal(got->n, ARRAY_LEN(order));
	for (size_t i = 0; i < got->n; i++) {
		assert_string_equal(text_in(got->rows[i], "section"), order[i]);
		assert_int_equal(strncmp(text_in(got->rows[i], "next"), "wasl ", 5), 0);
		assert_string_equal(text_in(got->rows[i], "name_la"), "Nadia");
	}
	assert_string_equal(text_in(got->rows[2], "number"), arena_printf(d->a, "C-%d", (int)help));
}

/* Those to be set anew come first; of the others only today's. */
static void
admin_lists__today_has_the_appointments_to_set_and_to_keep(void **state)
{
	struct desk *d = *state;
	int64_t mine = desk_person(d, d->centre, d->me, "", "Nadia");
	int64_t theirs = desk_person(d, d->centre, d->colleague, "", "Karim");

	desk_appointment(d, mine, NOON - 12 * 3600, "planned"); /* midnight: today */
	desk_appointment(d, mine, NOON + 12 * 3600 - 1, "confirmed");
	desk_appointment(d, mine, NOON - 12 * 3600 - 1, "planned");
	desk_appointment(d, mine, NOON + 12 * 3600, "planned");
	desk_appointment(d, mine, NOON - 600, "kept");
	desk_appointment(d, mine, 0, "move_requested");
	desk_appointment(d, theirs, 0, "move_requested");
	const struct answer *got = ask(d, "today", "{}");
	assert_int_equal(got->n, 3);
	assert_string_equal(text_in(got->rows[0], "section"), "appointment");
	assert_string_equal(text_in(got->rows[0], "kind"), "move_requested");
	assert_string_equal(text_in(got->rows[1], "kind"), "planned");
	assert_string_equal(text_in(got->rows[2], "kind"), "confirmed");
	assert_string_equal(text_in(got->rows[2], "next"), "wasl person timeline CAS-0001");
}

static void
admin_lists__today_says_when_there_is_nothing(void **state)
{
	const struct answer *got = ask(*state, "today", "{}");

	assert_int_equal(got->code, ADMIN_DONE);
	assert_int_equal(got->count, 0);
}

static void
admin_lists__the_log_says_times_with_their_zone(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	desk_checkin(d, person, "so_so", NOON);
	const struct answer *got = ask(d, "log", "{}");
	assert_int_equal(got->n, 1);
	assert_string_equal(text_in(got->rows[0], "at"), civil_rfc3339(d->zone, NOON).s);
	assert_string_equal(text_in(got->rows[0], "mood"), "so_so");
	assert_true(json_is_false(json_object_get(got->rows[0], "verified")));
}

static void
admin_lists__the_log_can_be_narrowed(void **state)
{
	struct desk *d = *state;
	int64_t a = desk_person(d, d->centre, d->me, "نادية", "Nadia");
	int64_t b = desk_person(d, d->centre, d->me, "كريم", "Karim");

	desk_checkin(d, a, "good", NOON - 3 * 86400);
	desk_checkin(d, a, "so_so", NOON - 60);
	desk_checkin(d, b, "good", NOON - 50);
	assert_int_equal(ask(d, "log", "{'mood':'good'}")->n, 2);
	assert_int_equal(ask(d, "log", "{'since':'2d'}")->n, 2);
	assert_int_equal(ask(d, "log", "{'person':'karim'}")->n, 1);
	assert_int_equal(ask(d, "log", "{'limit':1}")->n, 1);
	assert_string_equal(text_in(ask(d, "log", "{'limit':1}")->rows[0], "name_la"), "Karim");
	assert_string_equal(text_in(ask(d, "log", "{'limit':1,'reverse':true}")->rows[0], "mood"),
			    "good");
}

/* A check-in row that only waits for an answer is not a check-in. */
static void
admin_lists__what_is_only_due_is_not_in_the_log(void **state)
{
	struct desk *d = *state;
	struct store_job *job = store_job_new(d->store);
	const struct row_checkin due = {.id = store_next(d->store, NEXT_CHECKIN),
					.person = desk_person(d, d->centre, d->me, "", "Nadia"),
					.due_at = NOON,
					.week = 20261123,
					.status = STR_LIT("due")};

	put_checkin(job, &due);
	stored(d, job);
	assert_int_equal(ask(d, "log", "{}")->n, 0);
}

static void
admin_lists__a_stream_brings_what_is_new_and_nothing_twice(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");
	int code;

	admin_set_patience(d->admin, 10000, 10);
	desk_checkin(d, person, "good", NOON - 1);
	say(d, "log", "{'follow':true}");
	assert_string_equal(text_in(hear_row(d, &code), "mood"), "good");
	size_t records = audit_count(d);
	desk_checkin(d, person, "need_help", NOON);
	assert_string_equal(text_in(hear_row(d, &code), "mood"), "need_help");
	assert_int_equal(audit_count(d), records + 1);
	int64_t id = desk_checkin(d, person, "so_so", NOON);
	assert_string_equal(text_in(hear_row(d, &code), "mood"), "so_so");
	/* Answered further: comes again as it is now. */
	struct store_job *job = store_job_new(d->store);
	set_checkin_answer(job, id, "housing", STR_LIT("none"), STR_LIT("done"), NOON, NOON, true);
	stored(d, job);
	assert_string_equal(text_in(hear_row(d, &code), "housing"), "none");
}

/* A look that finds nothing is no record, or a night's stream would fill the audit. */
static void
admin_lists__a_silent_stream_is_recorded_once(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");
	size_t before = audit_count(d);
	int code;

	admin_set_patience(d->admin, 10000, 1);
	say(d, "log", "{'follow':true}");
	for (int i = 0; i < 40; i++)
		loop_once(d->loop, true);
	desk_checkin(d, person, "good", NOON);
	assert_non_null(hear_row(d, &code));
	assert_int_equal(audit_count(d), before + 2);
}

static void
admin_lists__a_stream_ends_when_the_roles_change(void **state)
{
	struct desk *d = *state;
	int code;

	admin_set_patience(d->admin, 10000, 5);
	say(d, "log", "{'follow':true}");
	loop_once(d->loop, true);
	desk_roles(d, ROLE_AUDITOR);
	assert_null(hear_row(d, &code));
	assert_int_equal(code, ADMIN_DENIED);
}

static void
admin_lists__a_stream_begins_with_the_last_day(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");
	int code;

	desk_checkin(d, person, "need_help", NOON - 3 * 86400);
	desk_checkin(d, person, "good", NOON - 3600);
	say(d, "log", "{'follow':true}");
	assert_string_equal(text_in(hear_row(d, &code), "mood"), "good");
}

static void
admin_lists__a_stream_ends_with_its_reader(void **state)
{
	struct desk *d = *state;

	admin_set_patience(d->admin, 10000, 10);
	desk_checkin(d, desk_person(d, d->centre, d->me, "", "Nadia"), "good", NOON);
	say(d, "log", "{'follow':true}");
	int code;
	assert_non_null(hear_row(d, &code));
	close(d->fd);
	while (d->admin->asks > 0)
		loop_once(d->loop, true);
	d->fd = desk_connect(d);
}

static void
admin_lists__needs_show_note_and_that_they_are_not_verified(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");
	int64_t number = desk_need(d, person, "today", "خاصني وراق السكن");

	const struct answer *got = ask(d, "need list", "{'urgency':'today'}");
	assert_int_equal(got->n, 1);
	assert_string_equal(text_in(got->rows[0], "note"), "خاصني وراق السكن");
	assert_true(json_is_false(json_object_get(got->rows[0], "verified")));
	assert_int_equal(ask(d, "need list", "{'urgency':'week'}")->n, 0);
	assert_int_equal(ask(d, "need list", "{'state':'resolved'}")->n, 0);
	assert_int_equal(ask(d, "need list", "{'state':'all','kind':'housing'}")->n, 1);
	got = ask(d, "need show", arena_printf(d->a, "{'number':'N-%d'}", (int)number));
	assert_string_equal(text_in(got->rows[0], "note"), "خاصني وراق السكن");
}

static void
admin_lists__names_and_notes_come_out_clean(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نا\xe2\x80\xaeدية\x1b[2J",
				     "Na\x1b]0;x\x07"
				     "dia\xe2\x81\xa6");

	desk_need(d, person, "today",
		  "note\x1b[31m \xe2\x80\xae"
		  "txet\x9b\x07");
	const struct answer *need = ask(d, "need list", "{}");
	assert_string_equal(text_in(need->rows[0], "name_ar"), "نادية[2J");
	assert_string_equal(text_in(need->rows[0], "name_la"), "Na]0;xdia");
	for (size_t i = 0; i < need->n; i++) {
		char *all = json_dumps(need->rows[i], JSON_COMPACT);

		assert_null(strstr(all, "\\u001b"));
		assert_null(strstr(all, "\\u0007"));
		assert_null(strstr(all, "\xe2\x80\xae"));
		assert_null(strstr(all, "\xe2\x81\xa6"));
		free(all);
	}
}

static void
admin_lists__call_backs_mask_the_number_until_it_is_shown(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	desk_link(d, person, "+212612345678");
	int64_t number = desk_callback(d, person, "need_help", NOON + 60);
	const struct answer *got = ask(d, "call list", "{}");
	assert_string_equal(text_in(got->rows[0], "phone"), "+2126••••••78");
	assert_false(answer_has(got, "345"));
	got = ask(d, "call show", arena_printf(d->a, "{'number':'C-%d'}", (int)number));
	assert_string_equal(text_in(got->rows[0], "phone"), "0612345678");
	struct audit_entry last = audit_last(d);
	assert_true(str_is(last.row.verb, "call show"));
	assert_int_equal(last.row.person, person);
}

static void
admin_lists__overdue_counts_the_days(void **state)
{
	struct desk *d = *state;
	int64_t silent = desk_person(d, d->centre, d->me, "نادية", "Nadia");
	int64_t heard = desk_person(d, d->centre, d->me, "كريم", "Karim");

	desk_consent(d, silent);
	desk_consent(d, heard);
	desk_checkin(d, silent, "good", NOON - 12 * 86400);
	desk_checkin(d, heard, "good", NOON - 2 * 86400);
	const struct answer *got = ask(d, "overdue", "{}");
	assert_int_equal(got->n, 1);
	assert_string_equal(text_in(got->rows[0], "name_la"), "Nadia");
	assert_int_equal(json_integer_value(json_object_get(got->rows[0], "days")), 12);
	assert_int_equal(ask(d, "overdue", "{'days':1}")->n, 2);
}

static void
many_checkins(struct desk *d, int64_t person, int n)
{
	struct store_job *job = store_job_new(d->store);

	for (int i = 0; i < n; i++) {
		const struct row_checkin row = {.id = store_next(d->store, NEXT_CHECKIN),
						.person = person,
						.due_at = NOON - i,
						.opened_at = NOON - i,
						.done_at = NOON - i,
						.week = 20260101 + i,
						.status = STR_LIT("done"),
						.mood = STR_LIT("good")};
		put_checkin(job, &row);
	}
	stored(d, job);
}

static void
read_nothing(struct store_reader *r, void *arg)
{
	(void)r;
	(void)arg;
}

static void
on_nothing_read(void *arg)
{
	*(bool *)arg = true;
}

/* Every read and job asked for so far is done, and the loop has heard of it. */
static void
all_read(struct desk *d)
{
	bool done = false;

	store_read(d->store, read_nothing, on_nothing_read, &done);
	while (!done)
		loop_once(d->loop, true);
	store_flush(d->store);
	loop_once(d->loop, false);
}

/* The next page is read when the one before has left. */
static void
admin_lists__who_does_not_read_holds_one_page(void **state)
{
	struct desk *d = *state;
	const int rows = 6000;

	many_checkins(d, desk_person(d, d->centre, d->me, "نادية", "Nadia"), rows);
	size_t records = audit_count(d);
	say(d, "log", "{}");
	for (int i = 0; i < 50; i++)
		all_read(d);
	assert_true(audit_count(d) - records < 4);
	assert_int_equal(hear(d)->n, rows);
	assert_true(audit_count(d) - records >= 6);
}

/* A thousand rows a record; a list goes on where the page before it stopped. */
static void
admin_lists__long_lists_come_in_pages_with_a_record_each(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	many_checkins(d, person, 1500);
	size_t records = audit_count(d);
	const struct answer *got = ask(d, "log", "{'reverse':true}");
	assert_int_equal(got->n, 1500);
	assert_int_equal(got->count, 1500);
	assert_true(audit_count(d) >= records + 2);
	/* The key of the last row restarts it. */
	json_int_t last = json_integer_value(json_object_get(got->rows[1397], "id"));
	got = ask(d, "log", arena_printf(d->a, "{'reverse':true,'after':%lld}", (long long)last));
	assert_int_equal(got->n, 102);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(admin_lists__today_is_in_the_order_of_what_cannot_wait),
		DESK_TEST(admin_lists__today_has_the_appointments_to_set_and_to_keep),
		DESK_TEST(admin_lists__today_says_when_there_is_nothing),
		DESK_TEST(admin_lists__the_log_says_times_with_their_zone),
		DESK_TEST(admin_lists__the_log_can_be_narrowed),
		DESK_TEST(admin_lists__what_is_only_due_is_not_in_the_log),
		DESK_TEST(admin_lists__a_stream_brings_what_is_new_and_nothing_twice),
		DESK_TEST(admin_lists__a_silent_stream_is_recorded_once),
		DESK_TEST(admin_lists__a_stream_ends_when_the_roles_change),
		DESK_TEST(admin_lists__a_stream_begins_with_the_last_day),
		DESK_TEST(admin_lists__a_stream_ends_with_its_reader),
		DESK_TEST(admin_lists__who_does_not_read_holds_one_page),
		DESK_TEST(admin_lists__needs_show_note_and_that_they_are_not_verified),
		DESK_TEST(admin_lists__names_and_notes_come_out_clean),
		DESK_TEST(admin_lists__call_backs_mask_the_number_until_it_is_shown),
		DESK_TEST(admin_lists__overdue_counts_the_days),
		DESK_TEST(admin_lists__long_lists_come_in_pages_with_a_record_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
