#include "test_admin_world.h"

/* Who may what, written out a second time: no o(wn) c(entre) a(ll) # counts, in the order of
 * caseworker, supervisor, admin, auditor, management. */
static const struct {
	const char *verb, *cells, *args;
} table[] = {
	{"today", "oc---", "{}"},
	{"log", "oc-##", "{}"},
	{"overdue", "oc-##", "{}"},
	{"need list", "oc-##", "{}"},
	{"need show", "oc---", "{'number':2001}"},
	{"call list", "oc-##", "{}"},
	{"call show", "oc---", "{'number':3001}"},
	{"call done", "oc---", "{'number':3001}"},
	{"call noanswer", "oc---", "{'number':3001}"},
	{"person add", "oca--", "{'name_la':'Nadia'}"},
	{"person show", "oc---", "{'person':'CAS-0001'}"},
	{"person timeline", "oc---", "{'person':'CAS-0001'}"},
	{"person code", "oc---", "{'person':'CAS-0001'}"},
	{"person erase", "-c---", "{'person':'CAS-0001','confirm':'no'}"},
	{"person find", "oc---", "{'text':'CAS-0001'}"},
	{"staff add", "--a--", "{'login':'x','roles':'nobody'}"},
	{"staff list", "-caa-", "{}"},
	{"whoami", "aaaaa", "{}"},
	{"outbox list", "oca##", "{}"},
	{"outbox resolve", "-ca--", "{'id':1,'word':'failed'}"},
	{"outbox retry", "-ca--", "{'id':1}"},
	{"outbox cancel", "-ca--", "{'id':1}"},
	{"audit list", "-c-a-", "{}"},
	{"audit verify", "--aa-", "{}"},
	{"doctor", "--a--", "{}"},
	{"ctl status", "-aaaa", "{}"},
	{"ctl reload", "--a--", "{}"},
	{"ctl clock", "--a--", "{}"},
	{"ctl stop", "--a--", "{}"},
	{"config show", "--a--", "{}"},
	{"channel list", "--a--", "{}"},
	{"channel show", "--a--", "{'channel':'none'}"},
	{"phone line", "oca--", "{}"},
	{"lab given", "--a--", "{'line':'erased CAS-9999'}"},
};

static void
admin_roles__the_table_is_the_one_agreed(void **state)
{
	(void)state;
	assert_int_equal(admin_verbs_n, ARRAY_LEN(table));
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct admin_verb *verb = admin_verb_find(str_of(table[i].verb));

		assert_non_null(verb);
		for (int role = 0; role < ADMIN_ROLES; role++)
			assert_int_equal("-#oca"[verb->cells[role]], table[i].cells[role]);
	}
}

/* One verb as one role: refused with 6 and recorded, or not refused. */
static void
try_cell(struct desk *d, size_t verb, int role)
{
	bool may = table[verb].cells[role] != '-';
	const struct answer *got;

	desk_roles(d, 1u << role);
	got = ask(d, table[verb].verb, table[verb].args);
	if (may && got->code == ADMIN_DENIED)
		fail_msg("%s as %s: refused", table[verb].verb, admin_role_words[role]);
	if (!may && got->code != ADMIN_DENIED)
		fail_msg("%s as %s: code %d", table[verb].verb, admin_role_words[role], got->code);
	if (!may) {
		struct audit_entry last = audit_last(d);

		assert_int_equal(got->n, 0);
		assert_true(str_is(last.row.result, "denied"));
		assert_true(str_is(last.row.verb, table[verb].verb));
		assert_int_equal(last.row.staff, d->me);
	}
	if (got->code == ADMIN_DONE && str_is(str_of(table[verb].verb), "ctl stop")) {
		close(d->fd);
		d->fd = desk_connect(d);
	}
}

static void
admin_roles__every_cell_of_the_table_holds(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	assert_string_equal(ref_of(d, person), "CAS-0001");
	desk_need(d, person, "today", "note");
	desk_callback(d, person, "normal", NOON);
	desk_message(d, person, "uncertain", "a");
	for (size_t verb = 0; verb < ARRAY_LEN(table); verb++)
		for (int role = 0; role < ADMIN_ROLES; role++)
			try_cell(d, verb, role);
}

static void
admin_roles__nobody_without_a_role_gets_anything(void **state)
{
	struct desk *d = *state;

	desk_roles(d, 0);
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_int_equal(ask(d, table[i].verb, table[i].args)->code, ADMIN_DENIED);
}

static void
admin_roles__the_widest_role_is_used_and_named(void **state)
{
	struct desk *d = *state;
	int64_t theirs = desk_person(d, d->centre, d->colleague, "سعيد", "Said");

	desk_roles(d, ROLE_CASEWORKER | ROLE_SUPERVISOR);
	const struct answer *got =
		ask(d, "person show", arena_printf(d->a, "{'person':'%s'}", ref_of(d, theirs)));
	assert_int_equal(got->code, ADMIN_DONE);
	assert_true(str_is(audit_last(d).row.role, "supervisor"));
}

/* Somebody of another centre on one's own caseload: the wider role does not reach, the other does.
 */
static void
admin_roles__a_narrower_role_is_used_where_the_wide_one_does_not_reach(void **state)
{
	struct desk *d = *state;
	int64_t mine = desk_person(d, d->other_centre, d->me, "سعيد", "Said");

	desk_roles(d, ROLE_CASEWORKER | ROLE_SUPERVISOR);
	const struct answer *got =
		ask(d, "person show", arena_printf(d->a, "{'person':'%s'}", ref_of(d, mine)));
	assert_int_equal(got->code, ADMIN_DONE);
	assert_true(str_is(audit_last(d).row.role, "caseworker"));
}

static void
admin_roles__a_supervisor_without_a_centre_supervises_nobody(void **state)
{
	struct desk *d = *state;
	struct store_job *job = store_job_new(d->store);

	set_staff(job, d->me, ROLE_CASEWORKER, false);
	stored(d, job);
	desk_staff(d, "loose", (int64_t)getuid(), 0, ROLE_SUPERVISOR);
	desk_person(d, d->centre, d->colleague, "سعيد", "Said");
	assert_int_equal(ask(d, "overdue", "{}")->code, ADMIN_DENIED);
	assert_int_equal(ask(d, "person find", "{'text':'said'}")->code, ADMIN_DENIED);
}

static void
admin_roles__an_unknown_uid_is_told_whom_to_ask_and_recorded(void **state)
{
	struct desk *d = *state;
	struct store_job *job = store_job_new(d->store);

	set_staff(job, d->me, ALL_ROLES, false);
	stored(d, job);
	const struct answer *got = ask(d, "whoami", "{}");
	assert_int_equal(got->code, ADMIN_DENIED);
	assert_non_null(strstr(got->text, "wasl staff add"));
	struct audit_entry last = audit_last(d);
	assert_true(str_is(last.row.result, "denied"));
	assert_int_equal(last.row.staff, 0);
}

static void
admin_roles__counts_name_nobody_and_hide_small_ones(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	desk_need(d, person, "today", "secret words");
	desk_roles(d, ROLE_MANAGEMENT);
	const struct answer *few = ask(d, "need list", "{}");
	assert_int_equal(few->code, ADMIN_DONE);
	assert_int_equal(few->n, 0);
	assert_int_equal(few->count, -1);
	assert_string_equal(few->text, "fewer than 5");
	for (int i = 0; i < 5; i++)
		desk_need(d, person, "today", "secret words");
	const struct answer *got = ask(d, "need list", "{}");
	assert_int_equal(got->n, 0);
	assert_int_equal(got->count, 6);
	assert_int_equal(audit_last(d).row.ids.n, 0);
}

static void
admin_roles__counts_do_not_count_one_person(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	desk_roles(d, ROLE_AUDITOR | ROLE_MANAGEMENT);
	const struct answer *got =
		ask(d, "need list", arena_printf(d->a, "{'person':'%s'}", ref_of(d, person)));
	assert_int_equal(got->code, ADMIN_NONE);
	assert_int_equal(got->count, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(admin_roles__the_table_is_the_one_agreed),
		DESK_TEST(admin_roles__every_cell_of_the_table_holds),
		DESK_TEST(admin_roles__nobody_without_a_role_gets_anything),
		DESK_TEST(admin_roles__the_widest_role_is_used_and_named),
		DESK_TEST(admin_roles__a_narrower_role_is_used_where_the_wide_one_does_not_reach),
		DESK_TEST(admin_roles__a_supervisor_without_a_centre_supervises_nobody),
		DESK_TEST(admin_roles__an_unknown_uid_is_told_whom_to_ask_and_recorded),
		DESK_TEST(admin_roles__counts_name_nobody_and_hide_small_ones),
		DESK_TEST(admin_roles__counts_do_not_count_one_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
