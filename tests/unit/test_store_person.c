#include "test_store_world.h"

static void
person__every_column_comes_back(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), staff = add_staff(w, centre, "mona", 1001);
	struct store_job *job = store_job_new(w->s);
	struct row_person out, in = {.id = store_next(w->s, NEXT_PERSON),
				     .centre = centre,
				     .at = NOON,
				     .by_staff = staff,
				     .ref = STR_LIT("CAS-0147"),
				     .lang = STR_LIT("ary-Latn"),
				     .path = STR_LIT("micro_project"),
				     .status = STR_LIT("active"),
				     .name_ar = sealed_like(w, "ar"),
				     .name_la = sealed_like(w, "la"),
				     .discreet = true};

	put_person(job, &in);
	put_caseload(job, in.id, staff, NOON, STR_LIT("new"));
	STORED(w, job);
	assert_int_equal(read_person_ref(store_loop_reader(w->s), in.ref, w->a, &out), 0);
	assert_int_equal(out.id, in.id);
	assert_int_equal(out.centre, centre);
	assert_int_equal(out.at, NOON);
	assert_int_equal(out.by_staff, staff);
	assert_true(str_is(out.ref, "CAS-0147") && str_is(out.lang, "ary-Latn"));
	assert_true(str_is(out.path, "micro_project") && str_is(out.status, "active"));
	assert_memory_equal(out.name_ar.p, in.name_ar.p, in.name_ar.n);
	assert_memory_equal(out.name_la.p, in.name_la.p, in.name_la.n);
	assert_true(out.discreet);
	assert_int_equal(out.caseworker, staff);
}

static void
person__what_was_left_out_comes_back_empty(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_person out;

	assert_int_equal(read_person(store_loop_reader(w->s), person, w->a, &out), 0);
	assert_int_equal(out.lang.n, 0);
	assert_int_equal(out.name_ar.n, 0);
	assert_int_equal(out.by_staff, 0);
	assert_int_equal(out.caseworker, 0);
	assert_int_equal(read_person(store_loop_reader(w->s), 99, w->a, &out), W_ENOENT);
}

static void
person__language_and_status_change(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_person out;

	set_person_lang(job, person, STR_LIT("fr"));
	set_person_status(job, person, STR_LIT("paused"), NOON + 1);
	STORED(w, job);
	assert_int_equal(read_person(store_loop_reader(w->s), person, w->a, &out), 0);
	assert_true(str_is(out.lang, "fr") && str_is(out.status, "paused"));
	job = store_job_new(w->s);
	set_person_status(job, person, STR_LIT("detained"), NOON);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
person__a_new_assignment_ends_the_one_before(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS");
	int64_t mona = add_staff(w, centre, "mona", 1001),
		said = add_staff(w, centre, "said", 1002);
	int64_t person = add_person(w, centre, mona);
	struct store_job *job = store_job_new(w->s);
	struct row_person out;

	put_caseload(job, person, said, NOON + 5, STR_LIT("leave"));
	STORED(w, job);
	assert_int_equal(read_person(store_loop_reader(w->s), person, w->a, &out), 0);
	assert_int_equal(out.caseworker, said);
	world_close(w);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM caseload"), 2);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT to_at FROM caseload WHERE id = 1"),
			 NOON + 5);
	assert_int_equal(world_open(w), 0);
}

static void
person__two_of_one_reference_are_refused(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), person = add_person(w, centre, 0);
	struct store_job *job = store_job_new(w->s);
	struct row_person again;

	assert_int_equal(read_person(store_loop_reader(w->s), person, w->a, &again), 0);
	again.id = store_next(w->s, NEXT_PERSON);
	put_person(job, &again);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

struct refs {
	char text[128];
};

static int
note_ref(void *ctx, const struct row_person *row)
{
	struct refs *refs = ctx;
	size_t n = strlen(refs->text);

	snprintf(refs->text + n, sizeof(refs->text) - n, "%.*s ", STR_ARG(row->ref));
	return 0;
}

static void
person__lists_by_caseload_centre_and_status(void **state)
{
	struct world *w = *state;
	int64_t cas = add_centre(w, "CAS"), sal = add_centre(w, "SAL");
	int64_t mona = add_staff(w, cas, "mona", 1001);
	struct store_job *job;
	int64_t left;

	(void)add_person(w, cas, mona);
	left = add_person(w, cas, 0);
	(void)add_person(w, sal, 0);
	job = store_job_new(w->s);
	set_person_status(job, left, STR_LIT("left"), NOON);
	STORED(w, job);
	const struct {
		struct filter f;
		const char *refs;
	} cases[] = {
		{{0}, "CAS-0001 CAS-0002 CAS-0003 "},
		{{.staff = mona}, "CAS-0001 "},
		{{.centre = cas}, "CAS-0001 CAS-0002 "},
		{{.centre = cas, .open_only = true}, "CAS-0001 "},
		{{.newest_first = true, .limit = 2}, "CAS-0003 CAS-0002 "},
		{{.person = left}, "CAS-0002 "},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct refs refs = {""};

		assert_int_equal(
			list_persons(store_loop_reader(w->s), &cases[i].f, w->a, note_ref, &refs),
			0);
		assert_string_equal(refs.text, cases[i].refs);
	}
}

/* ---- Silence ---- */

struct silent {
	struct overdue rows[8];
	int n;
};

static int
note_silent(void *ctx, const struct overdue *row)
{
	struct silent *silent = ctx;

	silent->rows[silent->n++] = *row;
	return 0;
}

static void
consents(struct world *w, int64_t person, const char *kind)
{
	struct store_job *job = store_job_new(w->s);
	struct row_consent row = consent_of(w, person, kind);

	put_consent(job, &row);
	STORED(w, job);
}

static void
dials(struct world *w, int64_t person, int64_t at)
{
	struct store_job *job = store_job_new(w->s);
	struct row_session session = session_of(w, person);
	struct row_turn turn = turn_of(w, session.id, 3);

	session.begin_at = at;
	turn.at = at + 20;
	put_session(job, &session);
	put_turn(job, &turn);
	STORED(w, job);
}

static void
is_reminded(struct world *w, int64_t person, const char *occurrence, int64_t at)
{
	struct store_job *job = store_job_new(w->s);
	struct row_outbox message = outbox_of(w, person, occurrence);

	put_outbox(job, &message);
	set_outbox_claimed(job, message.id, STR_LIT("0123456789abcdef"), at);
	set_outbox_state(job, message.id, STR_LIT("claimed"), STR_LIT("accepted"),
			 str_of(arena_printf(w->a, "p%s", occurrence)), STR_NONE, at, 0);
	STORED(w, job);
}

static struct silent
silent_since(struct world *w, struct filter f, int64_t at)
{
	struct silent silent = {.n = 0};

	assert_int_equal(list_overdue(store_loop_reader(w->s), &f, at, w->a, note_silent, &silent),
			 0);
	return silent;
}

static void
overdue__the_longest_silence_comes_first(void **state)
{
	struct world *w = *state;
	int64_t cas = add_centre(w, "CAS"), mona = add_staff(w, cas, "mona", 1001);
	int64_t never = add_person(w, cas, mona), long_ago = add_person(w, cas, mona);
	int64_t lately = add_person(w, cas, 0);
	struct silent silent;

	consents(w, lately, "given");
	consents(w, long_ago, "given");
	consents(w, never, "given");
	dials(w, long_ago, NOON - 9000);
	dials(w, lately, NOON - 100);
	is_reminded(w, long_ago, "a", NOON - 9500);
	silent = silent_since(w, (struct filter){0}, NOON - 1000);
	assert_int_equal(silent.n, 2);
	assert_int_equal(silent.rows[0].person, never);
	assert_int_equal(silent.rows[0].last_heard_at, 0);
	assert_int_equal(silent.rows[1].person, long_ago);
	assert_int_equal(silent.rows[1].last_heard_at, NOON - 9000 + 20);
	assert_int_equal(silent.rows[1].reminded, 0); /* the message came before the call */
	assert_int_equal(silent.rows[1].last_reminder_at, NOON - 9500);
	assert_int_equal(silent_since(w, (struct filter){0}, NOON).n, 3);
	assert_int_equal(silent_since(w, (struct filter){.staff = mona}, NOON).n, 2);
	assert_int_equal(silent_since(w, (struct filter){.centre = cas}, NOON).n, 3);
	assert_int_equal(silent_since(w, (struct filter){.centre = 9}, NOON).n, 0);
	assert_int_equal(silent_since(w, (struct filter){.person = lately}, NOON).n, 1);
}

static void
overdue__messages_since_the_last_sign_of_life_are_counted(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job;
	struct row_outbox waits = outbox_of(w, person, "waits");
	struct silent silent;

	consents(w, person, "given");
	dials(w, person, NOON - 9000);
	is_reminded(w, person, "a", NOON - 9500);
	job = store_job_new(w->s); /* each has a ref of its own */
	put_outbox(job, &waits);
	STORED(w, job);
	silent = silent_since(w, (struct filter){0}, NOON);
	assert_int_equal(silent.rows[0].reminded, 0);
	job = store_job_new(w->s);
	set_outbox_claimed(job, waits.id, STR_LIT("fedcba9876543210"), NOON - 50);
	STORED(w, job);
	silent = silent_since(w, (struct filter){0}, NOON);
	assert_int_equal(silent.rows[0].reminded, 1);
	assert_int_equal(silent.rows[0].last_reminder_at, NOON - 50);
}

static void
overdue__a_done_check_in_is_a_sign_of_life(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_checkin checkin = checkin_of(w, person);

	checkin.status = STR_LIT("done");
	checkin.channel = STR_LIT("staff");
	checkin.done_at = NOON - 30;
	put_checkin(job, &checkin);
	STORED(w, job);
	consents(w, person, "given");
	assert_int_equal(silent_since(w, (struct filter){0}, NOON - 60).n, 0);
	assert_int_equal(silent_since(w, (struct filter){0}, NOON).n, 1);
}

static void
overdue__only_people_whose_consent_is_in_force(void **state)
{
	static const struct {
		const char *kinds[3];
		int listed;
	} cases[] = {
		{{NULL}, 0},
		{{"asked"}, 0},
		{{"refused"}, 0},
		{{"given"}, 1},
		{{"given", "paused"}, 0},
		{{"given", "paused", "resumed"}, 1},
		{{"given", "sms_stopped"}, 1},
		{{"given", "withdrawn"}, 0},
		{{"given", "asked"}, 1},
	};
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS");

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t person = add_person(w, centre, 0);

		for (int k = 0; k < 3 && cases[i].kinds[k] != NULL; k++)
			consents(w, person, cases[i].kinds[k]);
		assert_int_equal(silent_since(w, (struct filter){.person = person}, NOON).n,
				 cases[i].listed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(person__every_column_comes_back),
		STORE_TEST(person__what_was_left_out_comes_back_empty),
		STORE_TEST(person__language_and_status_change),
		STORE_TEST(person__a_new_assignment_ends_the_one_before),
		STORE_TEST(person__two_of_one_reference_are_refused),
		STORE_TEST(person__lists_by_caseload_centre_and_status),
		STORE_TEST(overdue__the_longest_silence_comes_first),
		STORE_TEST(overdue__messages_since_the_last_sign_of_life_are_counted),
		STORE_TEST(overdue__a_done_check_in_is_a_sign_of_life),
		STORE_TEST(overdue__only_people_whose_consent_is_in_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
