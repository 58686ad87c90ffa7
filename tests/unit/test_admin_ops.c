#include "test_admin_world.h"

#include <sys/stat.h>

static const json_t *
row_where(const struct answer *got, const char *key, const char *value)
{
	for (size_t i = 0; i < got->n; i++)
		if (strcmp(text_in(got->rows[i], key), value) == 0)
			return got->rows[i];
	return NULL;
}

static void
admin_ops__whoami_says_roles_and_centre(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN | ROLE_SUPERVISOR);
	const json_t *row = ask(d, "whoami", "{}")->rows[0];
	assert_string_equal(text_in(row, "login"), "mona");
	assert_string_equal(text_in(row, "centre"), "CAS");
	assert_string_equal(text_in(row, "roles"), "supervisor,admin");
	assert_true(json_is_true(json_object_get(row, "lab")));
}

static void
admin_ops__staff_are_added_and_listed(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	const struct answer *got = ask(d, "staff add",
				       "{'login':'houda','uid':70001,"
				       "'roles':'caseworker, supervisor','name':'Houda'}");
	assert_int_equal(got->code, ADMIN_DONE);
	got = ask(d, "staff list", "{}");
	assert_int_equal(got->n, 4);
	assert_string_equal(text_in(row_where(got, "login", "houda"), "roles"),
			    "caseworker,supervisor");
	assert_true(str_is(audit_last(d).row.verb, "staff add"));
}

static void
admin_ops__staff_without_a_uid_are_looked_up(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	const struct answer *got = ask(d, "staff add", "{'login':'nobody','roles':'auditor'}");
	assert_int_equal(got->code, ADMIN_DONE);
	assert_int_equal(json_integer_value(json_object_get(got->rows[0], "uid")), 65534);
	assert_int_equal(ask(d, "staff add", "{'login':'no-such-login','roles':'auditor'}")->code,
			 ADMIN_NONE);
}

static void
admin_ops__one_uid_is_one_staff_member(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	assert_int_equal(
		ask(d, "staff add",
		    arena_printf(d->a, "{'login':'twice','uid':%d,'roles':'admin'}", (int)getuid()))
			->code,
		ADMIN_CONFLICT);
	assert_int_equal(
		ask(d, "staff add", "{'login':'x','uid':5,'roles':'admin','centre':'XX'}")->code,
		ADMIN_USAGE);
}

static void
admin_ops__messages_are_resolved_retried_and_cancelled(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "", "Nadia");
	int lost = (int)desk_message(d, person, "uncertain", "a");
	int held = (int)desk_message(d, person, "held", "b");
	int queued = (int)desk_message(d, person, "queued", "c");
	int done = (int)desk_message(d, person, "delivered", "d");

	desk_roles(d, ROLE_SUPERVISOR);
	assert_int_equal(ask(d, "outbox list", "{}")->n, 3);
	assert_int_equal(ask(d, "outbox list", "{'state':'uncertain'}")->n, 1);
	assert_int_equal(ask(d, "outbox list", "{'state':'all'}")->n, 4);
	const struct answer *got =
		ask(d, "outbox resolve", arena_printf(d->a, "{'id':%d,'word':'failed'}", lost));
	assert_string_equal(text_in(got->rows[0], "state"), "failed");
	got = ask(d, "outbox retry", arena_printf(d->a, "{'id':%d}", held));
	assert_string_equal(text_in(got->rows[0], "state"), "queued");
	got = ask(d, "outbox cancel", arena_printf(d->a, "{'id':%d}", queued));
	assert_string_equal(text_in(got->rows[0], "state"), "cancelled");
	assert_true(str_is(audit_last(d).row.result, "changed"));
	assert_int_equal(ask(d, "outbox retry", arena_printf(d->a, "{'id':%d}", done))->code,
			 ADMIN_CONFLICT);
	assert_int_equal(ask(d, "outbox cancel", "{'id':99}")->code, ADMIN_NONE);
}

static void
admin_ops__doctor_looks_at_everything_once(void **state)
{
	static const char *const checks[] = {"time zone data",
					     "sqlite",
					     "libevent",
					     "schema",
					     "WAL",
					     "disk space",
					     "keys folder",
					     "core dumps",
					     "locale",
					     "lab",
					     "locked memory",
					     "channels",
					     "queue",
					     "uncertain messages"};
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	desk_message(d, desk_person(d, d->centre, d->me, "", "Nadia"), "uncertain", "a");
	const struct answer *got = ask(d, "doctor", "{}");
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		const json_t *row = row_where(got, "check", checks[i]);

		if (row == NULL)
			fail_msg("not looked at: %s", checks[i]);
		const char *word = text_in(row, "state");
		assert_true(strcmp(word, "ok") == 0 || strcmp(word, "warn") == 0 ||
			    strcmp(word, "FAIL") == 0);
		assert_true(strlen(text_in(row, "text")) > 0);
	}
	assert_string_equal(text_in(row_where(got, "check", "keys folder"), "state"), "warn");
	assert_string_equal(text_in(row_where(got, "check", "uncertain messages"), "state"),
			    "warn");
}

static void
admin_ops__doctor_finds_a_key_that_others_can_read(void **state)
{
	struct desk *d = *state;
	char *path = arena_printf(d->a, "%s/master.key", d->dir);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fclose(f);
	chmod(path, 0444);
	desk_roles(d, ROLE_ADMIN);
	assert_string_equal(
		text_in(row_where(ask(d, "doctor", "{}"), "check", "master.key"), "state"), "FAIL");
	chmod(path, 0400);
	assert_string_equal(
		text_in(row_where(ask(d, "doctor", "{}"), "check", "master.key"), "state"), "ok");
}

static void
admin_ops__status_is_counts_and_says_lab(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_MANAGEMENT);
	desk_message(d, desk_person(d, d->centre, d->me, "", "Nadia"), "queued", "a");
	const struct answer *got = ask(d, "ctl status", "{}");
	assert_string_equal(text_in(row_where(got, "key", "lab"), "value"), "yes");
	assert_string_equal(text_in(row_where(got, "key", "outbox.queued"), "value"), "1");
	assert_string_equal(text_in(row_where(got, "key", "version"), "value"), "0.1.0");
	assert_false(answer_has(got, "Nadia"));
}

static void
admin_ops__reload_tells_every_fault(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	assert_int_equal(ask(d, "ctl reload", "{}")->code, ADMIN_DONE);
	d->reload_rc = W_EINVAL;
	const struct answer *got = ask(d, "ctl reload", "{}");
	assert_int_equal(got->code, ADMIN_LINT);
	assert_string_equal(text_in(got->rows[0], "key"), "wasl.yaml:3:7");
	assert_int_equal(d->reloaded, 2);
	assert_int_equal(ask(d, "whoami", "{}")->code, ADMIN_DONE);
}

static void
admin_ops__the_clock_goes_forward_in_a_lab_only(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	assert_int_equal(ask(d, "ctl clock", "{'to':'+3d'}")->code, ADMIN_DONE);
	assert_int_equal(d->clock_set, NOON + 3 * 86400);
	assert_int_equal(ask(d, "ctl clock", "{'to':'2026-01-01'}")->code, ADMIN_USAGE);
	d->admin->o.lab = false;
	d->clock_set = 0;
	assert_int_equal(ask(d, "ctl clock", "{'to':'+3d'}")->code, ADMIN_DENIED);
	assert_int_equal(ask(d, "phone line", "{}")->code, ADMIN_DENIED);
	assert_int_equal(d->clock_set, 0);
}

static void
admin_ops__stop_answers_before_it_stops(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	const struct answer *got = ask(d, "ctl stop", "{}");
	assert_int_equal(got->code, ADMIN_DONE);
	while (d->stopped == 0)
		loop_once(d->loop, true);
	assert_int_equal(d->stopped, 1);
	assert_true(str_is(audit_last(d).row.verb, "ctl stop"));
}

static void
admin_ops__config_show_has_every_key(void **state)
{
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	const struct answer *got = ask(d, "config show", "{}");
	assert_int_equal(got->n, d->conf->n_values);
	assert_string_equal(text_in(row_where(got, "key", "state"), "origin"), "file");
}

static void
admin_ops__the_terminal_phone_learns_its_line(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "", "Nadia");

	desk_link(d, person, "+212612345678");
	const struct answer *got = ask(d, "phone line", "{'person':'nadia'}");
	assert_string_equal(text_in(got->rows[0], "phone"), "0612345678");
	assert_string_equal(text_in(got->rows[0], "code"), "*384*1234#");
	struct audit_entry last = audit_last(d);
	assert_int_equal(last.row.person, person);
	assert_int_equal(ask(d, "phone line", "{'channel':'none'}")->code, ADMIN_NONE);
	assert_int_equal(ask(d, "phone line", "{}")->n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(admin_ops__whoami_says_roles_and_centre),
		DESK_TEST(admin_ops__staff_are_added_and_listed),
		DESK_TEST(admin_ops__staff_without_a_uid_are_looked_up),
		DESK_TEST(admin_ops__one_uid_is_one_staff_member),
		DESK_TEST(admin_ops__messages_are_resolved_retried_and_cancelled),
		DESK_TEST(admin_ops__doctor_looks_at_everything_once),
		DESK_TEST(admin_ops__doctor_finds_a_key_that_others_can_read),
		DESK_TEST(admin_ops__status_is_counts_and_says_lab),
		DESK_TEST(admin_ops__reload_tells_every_fault),
		DESK_TEST(admin_ops__the_clock_goes_forward_in_a_lab_only),
		DESK_TEST(admin_ops__stop_answers_before_it_stops),
		DESK_TEST(admin_ops__config_show_has_every_key),
		DESK_TEST(admin_ops__the_terminal_phone_learns_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
