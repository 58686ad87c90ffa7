#include "test_admin_world.h"

/* For each verb that shows somebody: the record is on disk when the first row arrives. */
static void
admin_audit__the_record_is_committed_before_the_first_row(void **state)
{
	static const struct {
		const char *verb, *args;
	} looks[] = {
		{"today", "{}"},
		{"log", "{}"},
		{"need list", "{}"},
		{"need show", "{'number':2001}"},
		{"call list", "{}"},
		{"call show", "{'number':3001}"},
		{"person show", "{'person':'nadia'}"},
		{"person timeline", "{'person':'nadia'}"},
		{"person find", "{'text':'nadia'}"},
		{"person code", "{'person':'nadia'}"},
		{"overdue", "{'days':0}"},
		{"outbox list", "{}"},
		{"phone line", "{'person':'nadia'}"},
		{"call done", "{'number':3001}"},
	};
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	desk_link(d, person, "+212612345678");
	desk_consent(d, person);
	desk_checkin(d, person, "good", NOON - 60);
	desk_message(d, person, "queued", "x");
	assert_int_equal(desk_need(d, person, "today", "note"), 2001);
	assert_int_equal(desk_callback(d, person, "crisis", NOON), 3001);
	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		size_t before = audit_count(d);
		int code;

		say(d, looks[i].verb, looks[i].args);
		const json_t *row = hear_row(d, &code);
		if (row == NULL)
			fail_msg("%s: no row, code %d", looks[i].verb, code);
		assert_int_equal(audit_count(d), before + 1);
		struct audit_entry last = audit_last(d);
		assert_true(str_is(last.row.verb, looks[i].verb));
		assert_non_null(
			strstr(arena_printf(d->a, "%.*s", STR_ARG(last.row.ids)), "CAS-0001"));
		assert_true(str_is(last.row.role, "caseworker"));
		while (hear_row(d, &code) != NULL)
			;
		assert_int_equal(code, ADMIN_DONE);
	}
}

static void
admin_audit__nothing_typed_is_in_a_record(void **state)
{
	struct desk *d = *state;

	desk_person(d, d->centre, d->me, "نادية", "Nadia");
	ask(d, "person show", "{'person':'nadia'}");
	ask(d, "person show", "{'person':'0612345678'}");
	ask(d, "person add", "{'name_la':'Karim','phone':'0655555555'}");
	desk_roles(d, ROLE_AUDITOR);
	const struct answer *got = ask(d, "audit list", "{}");
	assert_true(got->n >= 3);
	assert_false(answer_has(got, "adia"));
	assert_false(answer_has(got, "Karim"));
	assert_false(answer_has(got, "0612345678"));
	assert_false(answer_has(got, "655555555"));
}

static void
admin_audit__a_list_is_one_record_with_its_people(void **state)
{
	struct desk *d = *state;
	int64_t a = desk_person(d, d->centre, d->me, "", "Nadia");
	int64_t b = desk_person(d, d->centre, d->me, "", "Karim");

	desk_need(d, a, "today", "x");
	desk_need(d, b, "today", "x");
	ask(d, "need list", "{}");
	struct audit_entry last = audit_last(d);
	assert_int_equal(last.row.person, 0);
	assert_true(str_is(last.row.ids, "CAS-0001 CAS-0002"));
	assert_true(str_is(last.row.result, "shown"));
}

static void
admin_audit__what_concerns_nobody_is_not_recorded(void **state)
{
	static const char *const quiet[] = {"whoami",      "doctor",     "ctl status",
					    "config show", "staff list", "audit verify",
					    "channel list"};
	struct desk *d = *state;

	desk_roles(d, ALL_ROLES);
	size_t before = audit_count(d);
	for (size_t i = 0; i < ARRAY_LEN(quiet); i++)
		assert_int_equal(ask(d, quiet[i], "{}")->code, ADMIN_DONE);
	assert_int_equal(audit_count(d), before);
}

static void
admin_audit__the_list_can_be_narrowed(void **state)
{
	struct desk *d = *state;

	desk_person(d, d->centre, d->me, "", "Nadia");
	desk_person(d, d->centre, d->me, "", "Karim");
	ask(d, "person show", "{'person':'nadia'}");
	ask(d, "person show", "{'person':'karim'}");
	desk_roles(d, ROLE_AUDITOR);
	const struct answer *got = ask(d, "audit list", "{'person':'CAS-0001'}");
	assert_int_equal(got->n, 1);
	assert_string_equal(text_in(got->rows[0], "verb"), "person show");
	assert_string_equal(text_in(got->rows[0], "login"), "mona");
	assert_string_equal(text_in(got->rows[0], "ref"), "CAS-0001");
	assert_int_equal(ask(d, "audit list", "{'staff':'said'}")->n, 0);
	assert_int_equal(ask(d, "audit list", "{'staff':'nobody'}")->code, ADMIN_NONE);
	assert_true(ask(d, "audit list", "{'staff':'mona'}")->n >= 3);
}

static void
admin_audit__a_supervisor_sees_the_own_centres_staff(void **state)
{
	struct desk *d = *state;
	struct store_job *job = store_job_new(d->store);
	const struct row_audit theirs = {.at = NOON,
					 .staff = d->stranger,
					 .role = STR_LIT("caseworker"),
					 .verb = STR_LIT("log"),
					 .result = STR_LIT("shown")};

	put_audit(job, &theirs);
	stored(d, job);
	desk_roles(d, ROLE_SUPERVISOR);
	ask(d, "today", "{}");
	assert_false(answer_has(ask(d, "audit list", "{}"), "rachid"));
	assert_int_equal(ask(d, "audit list", "{'staff':'rachid'}")->n, 0);
}

static void
admin_audit__verify_says_the_chain_is_whole(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_AUDITOR);
	const struct answer *got = ask(d, "audit verify", "{}");
	assert_int_equal(got->code, ADMIN_DONE);
	assert_string_equal(text_in(got->rows[0], "state"), "ok");
	assert_int_equal(json_integer_value(json_object_get(got->rows[0], "records")),
			 audit_count(d));
}

/* A change whose job fails took nothing with it: no row, no record, no name in the index. */
static void
admin_audit__a_change_that_failed_leaves_no_trace(void **state)
{
	struct desk *d = *state;

	desk_person(d, d->centre, d->me, "", "Nadia");
	size_t before = audit_count(d);
	const struct answer *got = ask(d, "person add", "{'name_la':'Karim','ref':'CAS-0001'}");
	assert_int_equal(got->code, ADMIN_CONFLICT);
	assert_int_equal(got->n, 0);
	assert_int_equal(audit_count(d), before);
	assert_int_equal(ask(d, "person find", "{'text':'karim'}")->n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(admin_audit__the_record_is_committed_before_the_first_row),
		DESK_TEST(admin_audit__nothing_typed_is_in_a_record),
		DESK_TEST(admin_audit__a_list_is_one_record_with_its_people),
		DESK_TEST(admin_audit__what_concerns_nobody_is_not_recorded),
		DESK_TEST(admin_audit__the_list_can_be_narrowed),
		DESK_TEST(admin_audit__a_supervisor_sees_the_own_centres_staff),
		DESK_TEST(admin_audit__verify_says_the_chain_is_whole),
		DESK_TEST(admin_audit__a_change_that_failed_leaves_no_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
