/* lab given: lines of a dialogue's language, by the socket. */
#include "test_admin_world.h"

static const struct answer *
given(struct desk *d, const char *line)
{
	return ask(d, "lab given", arena_printf(d->a, "{'line':'%s'}", line));
}

static int64_t
person_of(struct desk *d, const char *ref)
{
	struct row_person p;

	assert_int_equal(read_person_ref(store_loop_reader(d->store), str_of(ref), d->a, &p), W_OK);
	return p.id;
}

static void
admin_given__an_enrolled_person_has_number_consent_and_rhythm(void **state)
{
	struct desk *d = *state;
	struct store_reader *r = store_loop_reader(d->store);
	struct row_schedule schedule;
	struct row_consent consent;
	struct row_link link;
	struct row_person p;
	int put_off;

	desk_roles(d, ROLE_ADMIN);
	const struct answer *got =
		given(d, "person CAS-0900 name-la Salma lang fr path job phone 0600000077");
	assert_int_equal(got->code, ADMIN_DONE);
	assert_string_equal(text_in(got->rows[0], "ref"), "CAS-0900");
	int64_t person = person_of(d, "CAS-0900");
	assert_int_equal(read_person(r, person, d->a, &p), W_OK);
	assert_true(str_is(p.path, "job") && str_is(p.lang, "fr"));
	assert_int_equal(p.caseworker, d->me);
	assert_int_equal(read_link_active(r, person, d->a, &link), W_OK);
	assert_true(str_is(link.sharing, "own"));
	assert_int_equal(read_consent(r, person, d->a, &consent, &put_off), W_OK);
	assert_true(str_is(consent.kind, "given"));
	assert_int_equal(read_schedule(r, person, STR_LIT("checkin"), d->a, &schedule), W_OK);
	desk_roles(d, ROLE_CASEWORKER);
	assert_int_equal(ask(d, "person find", "{'text':'salm'}")->n, 1);
}

static void
admin_given__projects_jobs_surveys_and_appointments_are_rows(void **state)
{
	struct desk *d = *state;
	struct store_reader *r = store_loop_reader(d->store);
	struct row_placement placement;
	struct row_project project;
	struct row_survey survey;

	desk_roles(d, ROLE_ADMIN);
	assert_int_equal(given(d, "person CAS-0900")->code, ADMIN_DONE);
	int64_t person = person_of(d, "CAS-0900");
	assert_int_equal(given(d, "project CAS-0900 sector trades stage started handover "
				  "2026-08-24 equipment ok")
				 ->code,
			 ADMIN_DONE);
	assert_int_equal(read_project(r, person, d->a, &project), W_OK);
	assert_true(str_is(project.stage, "started") && str_is(project.equipment, "ok"));
	assert_true(project.handover_at > 0 && project.handover_at < NOON);
	assert_int_equal(given(d, "job CAS-0900 start 2026-09-01")->code, ADMIN_DONE);
	assert_int_equal(read_placement(r, person, d->a, &placement), W_OK);
	assert_true(str_is(placement.source, "staff"));
	assert_int_equal(given(d, "survey CAS-0900 m3 due \\\"2026-11-24 10:00\\\"")->code,
			 ADMIN_DONE);
	assert_int_equal(read_survey_due(r, person, 0, NOON, d->a, &survey), W_OK);
	assert_true(str_is(survey.kind, "m3"));
	assert_int_equal(given(d, "appointment CAS-0900 \\\"2026-11-27 10:30\\\" place X")->code,
			 ADMIN_DONE);
}

static void
admin_given__a_second_open_project_is_a_conflict(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	assert_int_equal(given(d, "person CAS-0900")->code, ADMIN_DONE);
	assert_int_equal(given(d, "project CAS-0900")->code, ADMIN_DONE);
	assert_int_equal(given(d, "project CAS-0900")->code, ADMIN_CONFLICT);
}

static void
admin_given__what_is_not_understood_is_told_and_changes_nothing(void **state)
{
	static const struct {
		const char *line, *said;
	} rows[] = {
		{"persons CAS-0900", "given person, code"},
		{"appointment CAS-0900", "given appointment CAS-0147"},
		{"appointment CAS-0900 tomorrow", "a time is written"},
		{"appointment CAS-0999 2026-11-27", "nobody has that file number"},
		{"schedule CAS-0900 Wed 25:00", "Wed 15:00"},
		{"person CAS-0901 phone 12", "a phone number"},
		{"person \\\"CAS-0901", "a quote is not closed"},
		{"# nothing", "given person, code"},
	};
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	assert_int_equal(given(d, "person CAS-0900")->code, ADMIN_DONE);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct answer *got = given(d, rows[i].line);

		if (got->code != ADMIN_USAGE || strstr(got->text, rows[i].said) == NULL)
			fail_msg("%s: %d %s", rows[i].line, got->code, got->text);
		assert_int_equal(got->n, 0);
	}
}

static int woken;

static void
on_wake(void *arg)
{
	(void)arg;
	woken++;
}

static void
admin_given__reminders_look_again(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	woken = 0;
	d->work->wake_reminders = on_wake;
	assert_int_equal(given(d, "person CAS-0900 phone 0600000077")->code, ADMIN_DONE);
	assert_int_equal(woken, 1);
}

static void
admin_given__only_in_a_lab(void **state)
{
	struct desk *d = *state;
	struct row_person p;

	desk_roles(d, ROLE_ADMIN);
	d->admin->o.lab = false;
	assert_int_equal(given(d, "person CAS-0900")->code, ADMIN_DENIED);
	assert_true(str_is(audit_last(d).row.result, "denied"));
	assert_int_equal(
		read_person_ref(store_loop_reader(d->store), STR_LIT("CAS-0900"), d->a, &p),
		W_ENOENT);
}

static void
admin_given__the_record_names_the_file_number(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	assert_int_equal(given(d, "person CAS-0900")->code, ADMIN_DONE);
	const struct audit_entry last = audit_last(d);
	assert_true(str_is(last.row.verb, "lab given") && str_is(last.row.result, "changed"));
	assert_true(str_is(last.row.ids, "CAS-0900"));
	assert_int_equal(given(d, "code 481205 for CAS-0900")->code, ADMIN_DONE);
	assert_true(str_is(audit_last(d).row.ids, "CAS-0900")); /* and not the code */
	assert_int_equal(given(d, "erased CAS-0900")->code, ADMIN_DONE);
	assert_int_equal(ask(d, "person find", "{'text':'CAS-0900'}")->n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(admin_given__an_enrolled_person_has_number_consent_and_rhythm),
		DESK_TEST(admin_given__projects_jobs_surveys_and_appointments_are_rows),
		DESK_TEST(admin_given__a_second_open_project_is_a_conflict),
		DESK_TEST(admin_given__what_is_not_understood_is_told_and_changes_nothing),
		DESK_TEST(admin_given__reminders_look_again),
		DESK_TEST(admin_given__only_in_a_lab),
		DESK_TEST(admin_given__the_record_names_the_file_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
