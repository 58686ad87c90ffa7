#include "test_store_world.h"

/* One row of the person in every table that knows people, number and texts sealed for real. */
static struct sealed
sealed_word(struct world *w, const char *table, const char *column, int64_t row, int64_t person)
{
	const struct seal_place place = {table, column, row, person};
	struct sealed out = {NULL, 0};

	assert_int_equal(store_seal(w->s, &place, STR_LIT("khassni wra9"), w->a, &out), 0);
	return out;
}

static void
live_a_little(struct world *w, int64_t person, int64_t staff)
{
	struct store_job *job = store_job_new(w->s);
	struct row_link link = link_of(w, person, "active");
	struct row_code code = {.id = store_next(w->s, NEXT_CODE),
				.person = person,
				.link = link.id,
				.expires_at = NOON,
				.code = digest_nr((unsigned)person)};
	struct row_schedule schedule = {
		.person = person, .kind = STR_LIT("checkin"), .next_at = NOON};
	struct row_consent consent = consent_of(w, person, "given");
	struct row_checkin checkin = checkin_of(w, person);
	struct row_need need = need_of(w, person);
	struct row_callback callback = callback_of(w, person);
	struct row_flag flag = flag_of(w, person);
	struct row_session session = session_of(w, person);
	struct row_turn turn = turn_of(w, session.id, 1);
	struct row_due due = due_of(w, person);
	struct row_outbox message = outbox_of(w, person, "2026-11-23");
	struct row_audit audit = audit_of(staff, person, "person show");
	struct row_survey survey = survey_of(w, person, "m3");
	struct row_answer answer = answer_of(survey.id, "equipment", "broken");
	struct row_appointment appointment = appointment_of(w, person, NOON, "planned");
	struct row_project project = project_of(w, person);
	struct row_placement placement = placement_of(w, person);
	struct row_inbox sms = inbox_of(w, person);
	struct digest number = digest_nr(1);

	need.note = sealed_word(w, "need", "note", need.number, person);
	put_link(job, &link);
	put_code(job, &code);
	put_schedule(job, &schedule);
	put_consent(job, &consent);
	put_checkin(job, &checkin);
	put_need(job, &need);
	put_callback(job, &callback);
	put_flag(job, &flag);
	put_session(job, &session);
	put_turn(job, &turn);
	put_due(job, &due);
	put_outbox(job, &message);
	put_inbox(job, &sms);
	put_audit(job, &audit);
	put_survey(job, &survey);
	set_survey_answer(job, &answer, STR_LIT("ussd"), STR_LIT("partial"), 0, true);
	put_appointment(job, &appointment);
	put_project(job, &project);
	put_placement(job, &placement);
	phone_put(job, &number, person);
	STORED(w, job);
}

static const char *const tables[] = {
	"caseload", "phone_link", "enrol_code",  "consent",      "schedule",      "checkin",
	"need",     "callback",   "flag",        "session",      "due",           "outbox",
	"audit",    "survey_run", "appointment", "life_project", "job_placement", "inbox",
};

/* A new table with a column person belongs in the list above and in store_erase.c. */
static void
erase__every_table_that_knows_people_is_covered(void **state)
{
	struct world *w = *state;
	static const char question[] =
		"SELECT m.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c "
		"WHERE m.type = 'table' AND c.name = 'person' AND m.name <> 'audit'";
	sqlite3_stmt *st;
	int n = 0;

	world_close(w);
	sqlite3 *db = raw_open(w, "wasl.db");
	assert_int_equal(sqlite3_prepare_v2(db, question, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *wanted = arena_printf(w->a, "DELETE FROM %s WHERE person = ?1",
						  sqlite3_column_text(st, 0));
		bool found = false;

		for (size_t i = 0; i < erase_order_n; i++)
			found = found || strcmp(sql_rows[erase_order[i]].text, wanted) == 0;
		assert_true(found);
		n++;
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	assert_int_equal(n, ARRAY_LEN(tables) - 1);
	assert_int_equal(world_open(w), 0);
}

static int64_t
rows_of(struct world *w, const char *table, int64_t person)
{
	return raw_number(w, "wasl.db",
			  arena_printf(w->a, "SELECT count(*) FROM %s WHERE person = %d", table,
				       (int)person));
}

static void
erase__nothing_of_the_person_remains_but_the_audit(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), staff = add_staff(w, centre, "mona", 1001);
	int64_t gone = add_person(w, centre, staff), stays = add_person(w, centre, staff);
	struct store_job *job;
	struct digest number = digest_nr(1);
	struct data_key key;
	int64_t persons[4];

	live_a_little(w, gone, staff);
	live_a_little(w, stays, staff);
	job = store_job_new(w->s);
	person_erase(job, gone);
	STORED(w, job);
	assert_int_equal(store_key(w->s, gone, &key), W_EGONE);
	assert_int_equal(store_key(w->s, stays, &key), 0);
	assert_int_equal(store_persons_of(w->s, &number, persons, 4), 1);
	assert_int_equal(persons[0], stays);
	world_close(w);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		bool audit = strcmp(tables[i], "audit") == 0;

		assert_int_equal(rows_of(w, tables[i], gone), audit ? 1 : 0);
		assert_int_equal(rows_of(w, tables[i], stays), 1);
	}
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM turn"), 1);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM answer"), 1);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM person"), 1);
	assert_int_equal(raw_number(w, "keys.db", "SELECT count(*) FROM phone"), 1);
	assert_int_equal(world_open(w), 0);
	assert_int_equal(store_key(w->s, gone, &key), W_EGONE);
}

/* The test is the only process, so that closing the file drops no lock anybody needs. */
static bool
file_has(struct world *w, const char *name, const void *bytes, size_t n)
{
	FILE *f = fopen(arena_printf(w->a, "%s/%s", w->dir, name), "r");
	enum { MOST = 8 * 1024 * 1024 };
	char *all = xmalloc(MOST);
	size_t got = f != NULL ? fread(all, 1, MOST, f) : 0;
	bool found = memmem(all, got, bytes, n) != NULL;

	assert_true(got < MOST);
	free(all);
	if (f != NULL)
		fclose(f);
	return found;
}

/* Before the store is closed: a copy taken right after on_stored must not hold it either. */
static void
erase__the_key_is_in_no_file_when_the_job_is_answered(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS");
	struct store_job *job = store_job_new(w->s);
	struct row_person row = {.id = store_next(w->s, NEXT_PERSON),
				 .centre = centre,
				 .ref = STR_LIT("CAS-1"),
				 .path = STR_LIT("job"),
				 .status = STR_LIT("active")};
	struct digest number = digest_nr(0x5a17c3);
	struct data_key key;

	assert_int_equal(store_key_new(w->s, job, row.id, &key), 0);
	struct wrapped_key wrapped = job->key_ops->wrapped;
	put_person(job, &row);
	phone_put(job, &number, row.id);
	STORED(w, job);
	assert_true(file_has(w, "keys.db-wal", &wrapped, sizeof(wrapped)));
	job = store_job_new(w->s);
	person_erase(job, row.id);
	STORED(w, job);
	assert_false(file_has(w, "keys.db", &wrapped, sizeof(wrapped)));
	assert_false(file_has(w, "keys.db-wal", &wrapped, sizeof(wrapped)));
	assert_false(file_has(w, "keys.db", &number, sizeof(number)));
	assert_false(file_has(w, "keys.db-wal", &number, sizeof(number)));
}

static void
erase__the_rows_leave_no_trace_in_the_data_file(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), person = add_person(w, centre, 0);
	struct store_job *job = store_job_new(w->s);
	struct row_need need = need_of(w, person);

	put_need(job, &need);
	STORED(w, job);
	assert_true(file_has(w, "wasl.db-wal", need.note.p, need.note.n));
	job = store_job_new(w->s);
	person_erase(job, person);
	STORED(w, job);
	writer_probe(w->s); /* one more round of the writer: it is idle now */
	assert_false(file_has(w, "wasl.db", need.note.p, need.note.n));
	assert_false(file_has(w, "wasl.db-wal", need.note.p, need.note.n));
}

static void
erase__numbers_are_never_given_to_another(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), person = add_person(w, centre, 0);
	struct store_job *job = store_job_new(w->s);
	struct row_need need = need_of(w, person);
	struct row_survey survey = survey_of(w, person, "m3");
	struct row_appointment appointment = appointment_of(w, person, NOON, "planned");
	struct row_project project = project_of(w, person);
	struct row_placement placement = placement_of(w, person);

	put_need(job, &need);
	put_survey(job, &survey);
	put_appointment(job, &appointment);
	put_project(job, &project);
	put_placement(job, &placement);
	STORED(w, job);
	job = store_job_new(w->s);
	person_erase(job, person);
	STORED(w, job);
	world_reopen(w);
	assert_int_equal(store_next(w->s, NEXT_PERSON), person + 1);
	assert_int_equal(store_next(w->s, NEXT_NEED), need.number + 1);
	assert_int_equal(store_next(w->s, NEXT_SURVEY), survey.id + 1);
	assert_int_equal(store_next(w->s, NEXT_APPOINTMENT), appointment.id + 1);
	assert_int_equal(store_next(w->s, NEXT_PROJECT), project.id + 1);
	assert_int_equal(store_next(w->s, NEXT_PLACEMENT), placement.id + 1);
}

static void
erase__a_job_of_the_person_that_comes_later_fails(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), person = add_person(w, centre, 0);
	struct row_session session = session_of(w, person);
	struct row_turn turn = turn_of(w, session.id, 2);
	struct store_job *job = store_job_new(w->s);

	put_session(job, &session);
	STORED(w, job);
	job = store_job_new(w->s);
	person_erase(job, person);
	STORED(w, job);
	job = store_job_new(w->s);
	put_turn(job, &turn);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

/* An old wasl.db put back beside the present keys.db. */
static void
erase__rows_that_come_back_with_a_backup_go_at_the_next_start(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), staff = add_staff(w, centre, "mona", 1001);
	int64_t person = add_person(w, centre, staff);
	struct store_job *job;

	live_a_little(w, person, staff);
	world_close(w);
	const char *db = arena_printf(w->a, "%s/wasl.db", w->dir);
	const char *copy = arena_printf(w->a, "%s/backup", w->dir);
	assert_int_equal(system(arena_printf(w->a, "cp %s %s", db, copy)), 0);
	assert_int_equal(world_open(w), 0);
	job = store_job_new(w->s);
	person_erase(job, person);
	STORED(w, job);
	world_close(w);
	assert_int_equal(system(arena_printf(w->a, "cp %s %s", copy, db)), 0);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM person"), 1);
	assert_int_equal(world_open(w), 0);
	world_close(w);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM person"), 0);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM need"), 0);
	assert_int_equal(world_open(w), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(erase__every_table_that_knows_people_is_covered),
		STORE_TEST(erase__nothing_of_the_person_remains_but_the_audit),
		STORE_TEST(erase__the_key_is_in_no_file_when_the_job_is_answered),
		STORE_TEST(erase__the_rows_leave_no_trace_in_the_data_file),
		STORE_TEST(erase__numbers_are_never_given_to_another),
		STORE_TEST(erase__a_job_of_the_person_that_comes_later_fails),
		STORE_TEST(erase__rows_that_come_back_with_a_backup_go_at_the_next_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
