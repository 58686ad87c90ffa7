#include "test_admin_world.h"

static const struct answer *
add(struct desk *d, const char *args)
{
	const struct answer *got = ask(d, "person add", args);

	if (got->code != ADMIN_DONE)
		fail_msg("person add: %d %s", got->code, got->text);
	return got;
}

static void
admin_people__add_prints_the_code_once(void **state)
{
	struct desk *d = *state;
	const struct answer *got = add(d, "{'name_la':'Nadia','name_ar':'نادية'}");
	const char *code = text_in(got->rows[0], "code");
	struct row_code row;

	assert_int_equal(got->n, 1);
	assert_int_equal(strlen(code), 6);
	const struct digest digest = digest_of(d->keys, DIGEST_CODE, str_of(code));
	assert_int_equal(read_code(store_loop_reader(d->store), &digest, &row), W_OK);
	assert_int_equal(row.expires_at, NOON + CODE_LIFE_S);
	/* Nowhere else: not in the record, not in what is shown later. */
	assert_null(strstr(arena_printf(d->a, "%.*s %.*s", STR_ARG(audit_last(d).row.ids),
					STR_ARG(audit_last(d).row.why)),
			   code));
	assert_false(answer_has(ask(d, "person show", "{'person':'nadia'}"), code));
	assert_false(answer_has(ask(d, "person timeline", "{'person':'nadia'}"), code));
}

static void
admin_people__who_was_added_is_found_by_every_spelling(void **state)
{
	static const char *const spellings[] = {"nadia", "NÂDI",     "نادية",
						"ناديه", "CAS-0001", "cas-0001"};
	struct desk *d = *state;

	add(d, "{'name_la':'Nadia','name_ar':'نادية'}");
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		const struct answer *got =
			ask(d, "person find", arena_printf(d->a, "{'text':'%s'}", spellings[i]));

		if (got->n != 1)
			fail_msg("not found: %s", spellings[i]);
	}
}

static void
admin_people__a_number_finds_in_every_spelling(void **state)
{
	static const char *const spellings[] = {"0612345678", "06 12 34 56 78", "+212612345678",
						"00212612345678", "٠٦١٢٣٤٥٦٧٨"};
	struct desk *d = *state;

	desk_link(d, desk_person(d, d->centre, d->me, "", "Nadia"), "+212612345678");
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
		assert_int_equal(
			ask(d, "person show", arena_printf(d->a, "{'person':'%s'}", spellings[i]))
				->code,
			ADMIN_DONE);
}

/* The index may lead to somebody who left the number: after a crash, or a full disk. */
static void
admin_people__a_number_somebody_left_finds_nobody(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "", "Nadia");
	struct store_job *job = store_job_new(d->store);
	struct row_link link;

	desk_link(d, person, "+212612345678");
	assert_int_equal(read_link_active(store_loop_reader(d->store), person, d->a, &link), W_OK);
	set_link_status(job, link.id, STR_LIT("wrong_person"), NOON);
	stored(d, job);
	assert_int_equal(ask(d, "person show", "{'person':'0612345678'}")->code, ADMIN_NONE);
}

/* A death between the commits of keys.db and wasl.db leaves a row of the index and no link. */
static void
admin_people__a_number_the_index_alone_knows_finds_nobody(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "", "Nadia");
	struct work_holder holders[WORK_HOLDERS];
	struct phone left_over;

	desk_link(d, person, "+212612345678");
	assert_int_equal(phone_parse(STR_LIT("+212612345679"), &left_over), PHONE_OK);
	const struct digest number = digest_phone(d->keys, DIGEST_PHONE, &left_over);
	struct store_job *job = store_job_new(d->store);
	phone_put(job, &number, person);
	stored(d, job);
	assert_int_equal(ask(d, "person show", "{'person':'0612345678'}")->code, ADMIN_DONE);
	assert_int_equal(ask(d, "person show", "{'person':'0612345679'}")->code, ADMIN_NONE);
	/* What the session asks before it treats a caller as somebody. */
	assert_int_equal(work_holders(d->work, &left_over, holders, WORK_HOLDERS), 0);
}

static void
admin_people__add_needs_a_name_and_good_words(void **state)
{
	struct desk *d = *state;

	assert_int_equal(ask(d, "person add", "{}")->code, ADMIN_USAGE);
	assert_int_equal(ask(d, "person add", "{'name_la':'  '}")->code, ADMIN_USAGE);
	assert_int_equal(ask(d, "person add", "{'name_la':'A','ref':'0612345678'}")->code,
			 ADMIN_USAGE);
	assert_int_equal(ask(d, "person add", "{'name_la':'A','phone':'12'}")->code, ADMIN_USAGE);
	assert_int_equal(ask(d, "person add", "{'name_la':'A','phone':'0522000000'}")->code,
			 ADMIN_USAGE);
	assert_int_equal(ask(d, "person add", "{'name_la':'A','centre':'XYZ'}")->code, ADMIN_USAGE);
	assert_int_equal(ask(d, "person add", "{'name_la':'A','caseworker':'nobody'}")->code,
			 ADMIN_USAGE);
	assert_int_equal(ask(d, "person find", "{'text':'CAS-'}")->n, 0);
}

static void
admin_people__a_caseworker_adds_to_the_own_caseload_only(void **state)
{
	struct desk *d = *state;

	assert_int_equal(ask(d, "person add", "{'name_la':'A','caseworker':'said'}")->code,
			 ADMIN_USAGE);
	desk_roles(d, ROLE_SUPERVISOR);
	assert_int_equal(ask(d, "person add", "{'name_la':'A','caseworker':'said'}")->code,
			 ADMIN_DONE);
	assert_int_equal(ask(d, "person add", "{'name_la':'A','caseworker':'rachid'}")->code,
			 ADMIN_USAGE);
	assert_int_equal(
		ask(d, "person add", "{'name_la':'A','caseworker':'rachid','centre':'RBT'}")->code,
		ADMIN_USAGE);
}

static void
admin_people__the_same_ref_twice_is_a_conflict(void **state)
{
	struct desk *d = *state;

	add(d, "{'name_la':'Nadia','ref':'CAS-0147'}");
	assert_int_equal(ask(d, "person add", "{'name_la':'Karim','ref':'CAS-0147'}")->code,
			 ADMIN_CONFLICT);
	assert_int_equal(ask(d, "person find", "{'text':'karim'}")->n, 0);
}

static void
admin_people__show_says_what_stands_and_masks(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	assert_string_equal(text_in(ask(d, "person show", "{'person':'nadia'}")->rows[0], "link"),
			    "waits for its code");
	desk_link(d, person, "+212612345678");
	desk_consent(d, person);
	desk_need(d, person, "today", "note");
	const json_t *row = ask(d, "person show", "{'person':'nadia'}")->rows[0];
	assert_string_equal(text_in(row, "phone"), "+2126••••••78");
	assert_string_equal(text_in(row, "pin"), "none");
	assert_string_equal(text_in(row, "consent"), "given");
	assert_string_equal(text_in(row, "caseworker"), "mona");
	assert_string_equal(text_in(row, "centre"), "CAS");
	assert_int_equal(json_integer_value(json_object_get(row, "needs_open")), 1);
}

static void
admin_people__show_says_how_far_they_are(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "", "Nadia");

	desk_path(d, person);
	desk_appointment(d, person, NOON - 60, "planned");
	desk_appointment(d, person, NOON + 7200, "planned");
	desk_appointment(d, person, NOON + 3600, "confirmed");
	desk_survey(d, person, "m1", "partial");
	const json_t *row = ask(d, "person show", "{'person':'nadia'}")->rows[0];
	assert_string_equal(text_in(row, "stage"), "started");
	assert_string_equal(text_in(row, "sector"), "catering");
	assert_string_equal(text_in(row, "equipment"), "broken");
	assert_string_equal(text_in(row, "handover_at"), "2026-10-16T12:00:00+00:00");
	assert_string_equal(text_in(row, "job_since"), "2026-11-20T12:00:00+00:00");
	assert_string_equal(text_in(row, "appointment"), "confirmed");
	assert_string_equal(text_in(row, "appointment_at"), "2026-11-25T13:00:00+00:00");
	assert_string_equal(text_in(row, "survey"), "m1");
}

/* The row of the timeline with this kind and these words, or NULL. */
static const json_t *
moment(const struct answer *got, const char *kind, const char *what)
{
	for (size_t i = 0; i < got->n; i++)
		if (strcmp(text_in(got->rows[i], "kind"), kind) == 0 &&
		    strcmp(text_in(got->rows[i], "what"), what) == 0)
			return got->rows[i];
	return NULL;
}

static void
admin_people__the_timeline_has_surveys_appointments_and_jobs(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "", "Nadia");

	desk_path(d, person);
	desk_survey(d, person, "m3", "done");
	desk_appointment(d, person, NOON + 3600, "confirmed");
	desk_appointment(d, person, 0, "move_requested");
	const struct answer *got = ask(d, "person timeline", "{'person':'nadia'}");
	const json_t *survey = moment(got, "survey", "m3");
	assert_non_null(survey);
	assert_string_equal(text_in(survey, "state"), "done");
	assert_true(json_is_true(json_object_get(survey, "verified")));
	assert_string_equal(text_in(moment(got, "appointment", ""), "state"), "confirmed");
	assert_string_equal(text_in(moment(got, "appointment", "afternoon"), "state"),
			    "move_requested");
	assert_non_null(moment(got, "answer", "activity=running"));
	assert_non_null(moment(got, "answer", "equipment=broken"));
	assert_non_null(moment(got, "job ended", "employer"));
	assert_string_equal(text_in(moment(got, "job", ""), "state"), "open");
	assert_int_equal(got->n, 9);
}

static void
admin_people__the_timeline_says_what_was_answered_about_the_job(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "", "Nadia");
	int64_t checkin = desk_checkin(d, person, "so_so", NOON - 60);
	struct store_job *job = store_job_new(d->store);

	set_checkin_answer(job, checkin, "job", STR_LIT("same"), STR_LIT("done"), NOON, NOON, true);
	set_checkin_answer(job, checkin, "job_mood", STR_LIT("small_issue"), STR_LIT("done"), NOON,
			   NOON, true);
	stored(d, job);
	assert_non_null(moment(ask(d, "person timeline", "{'person':'nadia'}"), "check-in",
			       "so_so stable 3_5 job_same small_issue"));
}

static void
admin_people__the_timeline_is_newest_first(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	desk_checkin(d, person, "good", NOON - 60);
	desk_need(d, person, "today", "note of the need");
	desk_callback(d, person, "normal", NOON);
	desk_message(d, person, "delivered", "x");
	desk_flag(d, person, "pin_locked", 0);
	desk_consent(d, person);
	const struct answer *got = ask(d, "person timeline", "{'person':'nadia'}");
	assert_int_equal(got->n, 7);
	for (size_t i = 1; i < got->n; i++)
		assert_true(strcmp(text_in(got->rows[i - 1], "at"), text_in(got->rows[i], "at")) >=
			    0);
	assert_true(answer_has(got, "note of the need"));
	assert_int_equal(ask(d, "person timeline", "{'person':'nadia','limit':2}")->n, 2);
	struct audit_entry last = audit_last(d);
	assert_int_equal(last.row.person, person);
	assert_true(str_is(last.row.why, "name"));
}

static void
admin_people__a_new_code_can_be_had(void **state)
{
	struct desk *d = *state;
	const char *first = text_in(add(d, "{'name_la':'Nadia'}")->rows[0], "code");
	const struct answer *got = ask(d, "person code", "{'person':'nadia'}");

	assert_int_equal(got->code, ADMIN_DONE);
	assert_int_equal(strlen(text_in(got->rows[0], "code")), 6);
	assert_string_not_equal(text_in(got->rows[0], "code"), first);
	assert_true(str_is(audit_last(d).row.result, "changed"));
}

static void
admin_people__a_number_held_without_a_pin_gets_no_second_code(void **state)
{
	struct desk *d = *state;

	desk_link(d, desk_person(d, d->centre, d->me, "", "Nadia"), "+212612345678");
	const struct answer *got = ask(d, "person add", "{'name_la':'Karim','phone':'0612345678'}");
	assert_int_equal(got->code, ADMIN_CONFLICT);
	assert_null(strstr(got->text, "0612"));
	desk_person(d, d->centre, d->me, "", "Karim");
	assert_int_equal(ask(d, "person code", "{'person':'karim','phone':'0612345678'}")->code,
			 ADMIN_CONFLICT);
}

static void
admin_people__erase_wants_the_ref_typed_again(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_SUPERVISOR);
	add(d, "{'name_la':'Nadia'}");
	assert_int_equal(ask(d, "person erase", "{'person':'nadia','confirm':'CAS-0002'}")->code,
			 ADMIN_USAGE);
	assert_int_equal(ask(d, "person erase", "{'person':'nadia'}")->code, ADMIN_USAGE);
	assert_int_equal(ask(d, "person show", "{'person':'nadia'}")->code, ADMIN_DONE);
}

static void
admin_people__erase_leaves_nothing_findable(void **state)
{
	static const char *const ways[] = {"nadia", "نادية", "0612345678", "CAS-0001"};
	struct desk *d = *state;
	struct store_status before, after;

	desk_roles(d, ROLE_SUPERVISOR);
	add(d, "{'name_la':'Nadia','name_ar':'نادية'}");
	desk_link(d, 1, "+212612345678");
	desk_need(d, 1, "today", "note");
	desk_checkin(d, 1, "good", NOON);
	int64_t number = desk_callback(d, 1, "crisis", NOON);
	store_status(d->store, &before);
	assert_int_equal(ask(d, "person erase", "{'person':'nadia','confirm':'CAS-0001'}")->code,
			 ADMIN_DONE);
	store_status(d->store, &after);
	assert_true(after.commits > before.commits);
	assert_false(names_match(d->admin->names, 1, "nadia"));
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		const char *args = arena_printf(d->a, "{'person':'%s'}", ways[i]);

		assert_int_equal(ask(d, "person show", args)->code, ADMIN_NONE);
		assert_int_equal(ask(d, "person timeline", args)->code, ADMIN_NONE);
	}
	assert_int_equal(
		ask(d, "call show", arena_printf(d->a, "{'number':%d}", (int)number))->code,
		ADMIN_NONE);
	assert_int_equal(ask(d, "today", "{}")->n, 0);
	assert_int_equal(ask(d, "need list", "{'state':'all'}")->n, 0);
	assert_int_equal(ask(d, "log", "{}")->n, 0);
}

/* The names are read again from the sealed columns at every start. */
static void
admin_people__names_are_found_after_a_start(void **state)
{
	struct desk *d = *state;

	add(d, "{'name_la':'Nadia','name_ar':'نادية'}");
	admin_free(d->admin);
	close(d->fd);
	desk_open(d);
	assert_int_equal(ask(d, "person find", "{'text':'نادي'}")->n, 1);
}

static void
admin_people__a_call_back_is_closed_once(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "", "Nadia");
	const char *args = arena_printf(d->a, "{'number':'C-%d'}",
					(int)desk_callback(d, person, "normal", NOON));

	const struct answer *got = ask(d, "call done", args);
	assert_int_equal(got->code, ADMIN_DONE);
	assert_string_equal(text_in(got->rows[0], "state"), "reached");
	assert_true(str_is(audit_last(d).row.result, "changed"));
	assert_int_equal(ask(d, "call done", args)->code, ADMIN_CONFLICT);
	assert_int_equal(ask(d, "call list", "{}")->n, 0);
	assert_int_equal(ask(d, "call list", "{'all':true}")->n, 1);
}

static void
admin_people__nobody_picking_up_three_times_closes_it(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "", "Nadia");
	const char *args =
		arena_printf(d->a, "{'number':%d}", (int)desk_callback(d, person, "normal", NOON));

	const struct answer *got = ask(d, "call noanswer", args);
	assert_string_equal(text_in(got->rows[0], "state"), "open");
	assert_true(strlen(text_in(got->rows[0], "due_at")) > 0);
	ask(d, "call noanswer", args);
	got = ask(d, "call noanswer", args);
	assert_string_equal(text_in(got->rows[0], "state"), "no_answer");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(admin_people__add_prints_the_code_once),
		DESK_TEST(admin_people__who_was_added_is_found_by_every_spelling),
		DESK_TEST(admin_people__a_number_finds_in_every_spelling),
		DESK_TEST(admin_people__a_number_somebody_left_finds_nobody),
		DESK_TEST(admin_people__a_number_the_index_alone_knows_finds_nobody),
		DESK_TEST(admin_people__add_needs_a_name_and_good_words),
		DESK_TEST(admin_people__a_caseworker_adds_to_the_own_caseload_only),
		DESK_TEST(admin_people__the_same_ref_twice_is_a_conflict),
		DESK_TEST(admin_people__show_says_what_stands_and_masks),
		DESK_TEST(admin_people__show_says_how_far_they_are),
		DESK_TEST(admin_people__the_timeline_has_surveys_appointments_and_jobs),
		DESK_TEST(admin_people__the_timeline_says_what_was_answered_about_the_job),
		DESK_TEST(admin_people__the_timeline_is_newest_first),
		DESK_TEST(admin_people__a_new_code_can_be_had),
		DESK_TEST(admin_people__a_number_held_without_a_pin_gets_no_second_code),
		DESK_TEST(admin_people__erase_wants_the_ref_typed_again),
		DESK_TEST(admin_people__erase_leaves_nothing_findable),
		DESK_TEST(admin_people__names_are_found_after_a_start),
		DESK_TEST(admin_people__a_call_back_is_closed_once),
		DESK_TEST(admin_people__nobody_picking_up_three_times_closes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
