#include "test_store_world.h"

#include <sys/stat.h>

enum { SHIPPED = 3 };

/* A copy of the shipped migrations that a test may add to. */
static const char *
own_migrations(struct world *w)
{
	const char *folder = arena_printf(w->a, "%s/migrations", w->dir);
	static const char *const files[] = {"0001_first_line.sql", "0002_all_screens.sql",
					    "0003_inbox.sql", "keys/0001_keys.sql"};

	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(mkdir(arena_printf(w->a, "%s/keys", folder), 0700), 0);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		assert_int_equal(symlink(arena_printf(w->a, "%s/%s", MIGRATIONS, files[i]),
					 arena_printf(w->a, "%s/%s", folder, files[i])),
				 0);
	return folder;
}

static void
add_migration(struct world *w, const char *name, const char *text)
{
	FILE *f = fopen(arena_printf(w->a, "%s/%s", w->migrations, name), "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
setup_own(void **state)
{
	struct world *w = world_new();

	world_close(w);
	w->migrations = own_migrations(w);
	*state = w;
	return 0;
}

#define MIGRATE_TEST(f) cmocka_unit_test_setup_teardown(f, setup_own, teardown_world)

static int64_t
version_of(struct world *w)
{
	return raw_number(w, "wasl.db", "PRAGMA user_version");
}

static int64_t
has_table(struct world *w, const char *name)
{
	return raw_number(
		w, "wasl.db",
		arena_printf(w->a, "SELECT count(*) FROM sqlite_schema WHERE name = '%s'", name));
}

static void
migrate__a_later_file_is_applied_at_the_next_start(void **state)
{
	struct world *w = *state;
	struct store_status status;

	add_migration(w, "0004_colour.sql",
		      "CREATE TABLE colour (id INTEGER PRIMARY KEY) STRICT;\n"
		      "PRAGMA user_version = 4;\n");
	assert_int_equal(world_open(w), 0);
	store_status(w->s, &status);
	assert_int_equal(status.schema, SHIPPED + 1);
	world_close(w);
	assert_int_equal(has_table(w, "colour"), 1);
}

static void
migrate__one_that_fails_half_way_leaves_the_old_version(void **state)
{
	struct world *w = *state;

	add_migration(w, "0004_colour.sql",
		      "CREATE TABLE colour (id INTEGER PRIMARY KEY) STRICT;\n"
		      "INSERT INTO centre (id, code) VALUES (1, 'CAS');\n"
		      "PRAGMA user_version = 4;\n"
		      "INSERT INTO shade (id) VALUES (1);\n");
	assert_int_equal(world_open(w), W_EIO);
	assert_non_null(strstr(fault(w), "0004_colour.sql: error: no such table: shade"));
	assert_int_equal(version_of(w), SHIPPED);
	assert_int_equal(has_table(w, "colour"), 0);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM centre"), 0);
}

static void
migrate__one_that_ends_its_transaction_itself_is_refused(void **state)
{
	struct world *w = *state;

	add_migration(w, "0004_colour.sql",
		      "CREATE TABLE colour (id INTEGER PRIMARY KEY) STRICT;\n"
		      "PRAGMA user_version = 4;\nCOMMIT;\n");
	assert_int_not_equal(world_open(w), 0);
	assert_int_equal(version_of(w), SHIPPED);
	assert_int_equal(has_table(w, "colour"), 0);
}

static void
migrate__one_that_forgets_its_number_is_refused(void **state)
{
	struct world *w = *state;

	add_migration(w, "0004_colour.sql",
		      "CREATE TABLE colour (id INTEGER PRIMARY KEY) STRICT;\n");
	assert_int_equal(world_open(w), W_EINVAL);
	assert_non_null(strstr(fault(w), "does not set user_version to 4"));
	assert_int_equal(has_table(w, "colour"), 0);
}

static void
migrate__one_that_leaves_rows_pointing_nowhere_is_refused(void **state)
{
	struct world *w = *state;

	add_migration(w, "0004_flag.sql",
		      "PRAGMA defer_foreign_keys = ON;\n"
		      "INSERT INTO flag (id, person, at, kind) VALUES (1, 99, 1, 'erase_asked');\n"
		      "PRAGMA user_version = 4;\n");
	assert_int_equal(world_open(w), W_EINVAL);
	assert_non_null(strstr(fault(w), "leaves rows that point nowhere"));
	assert_int_equal(version_of(w), SHIPPED);
}

static void
migrate__a_gap_in_the_numbers_is_refused(void **state)
{
	struct world *w = *state;

	add_migration(w, "0005_colour.sql", "PRAGMA user_version = 5;\n");
	assert_int_equal(world_open(w), W_EINVAL);
	assert_non_null(strstr(fault(w), "migration 0004 is missing before 0005_colour.sql"));
}

static void
migrate__two_files_of_one_number_are_refused(void **state)
{
	struct world *w = *state;

	add_migration(w, "0004_colour.sql", "PRAGMA user_version = 4;\n");
	add_migration(w, "0004_shade.sql", "PRAGMA user_version = 4;\n");
	assert_int_equal(world_open(w), W_EINVAL);
	assert_non_null(strstr(fault(w), "have the same number"));
}

static void
migrate__a_database_newer_than_the_program_is_refused(void **state)
{
	struct world *w = *state;

	raw_exec(w, "wasl.db", "PRAGMA user_version = 9");
	assert_int_equal(world_open(w), W_EPROTO);
	assert_non_null(strstr(fault(w), "is at version 9, newer than"));
	assert_non_null(strstr(fault(w), "this program is too old for it"));
}

static void
migrate__other_files_in_the_folder_are_left_alone(void **state)
{
	struct world *w = *state;

	add_migration(w, "README", "not SQL\n");
	add_migration(w, "draft_0004.sql", "not SQL\n");
	assert_int_equal(world_open(w), 0);
}

/* ---- From the first version to the shipped one, with what a year leaves in a file ---- */

struct past {
	int64_t person, link;
	struct row_checkin done, due;
	struct row_need need;
};

static void
live(struct world *w, struct past *past)
{
	int64_t centre = add_centre(w, "CAS"), staff = add_staff(w, centre, "mona", 1001);
	struct store_job *job;

	past->person = add_person(w, centre, staff);
	job = store_job_new(w->s);
	struct row_link link = link_of(w, past->person, "active");
	struct row_consent consent = consent_of(w, past->person, "given");
	struct row_session session = session_of(w, past->person);
	struct row_turn turn = turn_of(w, session.id, 1);
	struct row_outbox message = outbox_of(w, past->person, "2026-11-23");
	struct row_audit audit = audit_of(staff, past->person, "person show");
	past->link = link.id;
	past->done = past->due = checkin_of(w, past->person);
	past->done.id = store_next(w->s, NEXT_CHECKIN);
	past->done.week = 20261116;
	past->done.mood = STR_LIT("so_so");
	past->done.days_worked = STR_LIT("3_5");
	past->done.status = STR_LIT("done");
	past->done.done_at = NOON - 86400;
	past->need = need_of(w, past->person);
	const struct seal_place place = {"need", "note", past->need.number, past->person};
	assert_int_equal(store_seal(w->s, &place, STR_LIT("khassni wra9"), w->a, &past->need.note),
			 0);
	put_link(job, &link);
	put_consent(job, &consent);
	put_checkin(job, &past->done);
	put_checkin(job, &past->due);
	put_need(job, &past->need);
	put_session(job, &session);
	put_turn(job, &turn);
	put_outbox(job, &message);
	put_audit(job, &audit);
	STORED(w, job);
}

/* A store with a past, closed, its wasl.db of the first version. */
static int
setup_past(void **state)
{
	struct world *w = world_new();
	struct past *past = ARENA_NEW(w->a, struct past);

	live(w, past);
	world_close(w);
	world_take_back(w);
	assert_int_equal(version_of(w), 1);
	assert_int_equal(has_table(w, "survey_run"), 0);
	w->extra = past;
	*state = w;
	return 0;
}

#define PAST_TEST(f) cmocka_unit_test_setup_teardown(f, setup_past, teardown_world)

static int
count_turns(void *ctx, const struct row_session *s, const struct row_turn *last)
{
	(void)s;
	*(int *)ctx += last != NULL && last->turn == 1;
	return 0;
}

static void
migrate__a_file_of_the_first_version_keeps_every_row(void **state)
{
	struct world *w = *state;
	const struct past *past = w->extra;
	struct row_checkin checkin;
	struct row_need need;
	struct row_link link;
	struct str note;
	int64_t bad, count;
	int turns = 0;

	assert_int_equal(world_open(w), 0);
	struct store_reader *r = store_loop_reader(w->s);
	const struct seal_place place = {"need", "note", past->need.number, past->person};
	assert_int_equal(read_checkin_last_done(r, past->person, w->a, &checkin), 0);
	assert_int_equal(checkin.id, past->done.id);
	assert_true(str_is(checkin.mood, "so_so") && str_is(checkin.days_worked, "3_5"));
	assert_true(str_is(checkin.menu_version, "v1"));
	assert_int_equal(checkin.job.n + checkin.job_mood.n + checkin.end_reason.n, 0);
	assert_int_equal(read_need(r, past->need.number, w->a, &need), 0);
	assert_int_equal(store_open_sealed(w->s, &place, need.note, w->a, &note), 0);
	assert_true(str_is(note, "khassni wra9"));
	assert_int_equal(read_link_active(r, past->person, w->a, &link), 0);
	assert_int_equal(link.id, past->link);
	assert_int_equal(list_live(r, NOON, w->a, count_turns, &turns), 0);
	assert_int_equal(turns, 1);
	assert_int_equal(audit_verify(r, w->keys, &bad, &count), 0);
	assert_int_equal(count, 2); /* the first record and ours */
}

static void
migrate__a_file_of_the_first_version_goes_on_as_any_other(void **state)
{
	struct world *w = *state;
	const struct past *past = w->extra;
	struct row_checkin checkin;
	struct row_survey survey;
	struct store_status status;
	struct store_job *job;

	assert_int_equal(world_open(w), 0);
	store_status(w->s, &status);
	assert_int_equal(status.schema, SHIPPED);
	assert_int_equal(store_next(w->s, NEXT_NEED), past->need.number + 1);
	job = store_job_new(w->s);
	survey = survey_of(w, past->person, "m3");
	assert_int_equal(survey.id, 1);
	put_survey(job, &survey);
	set_checkin_answer(job, past->due.id, "job", STR_LIT("ended"), STR_LIT("partial"), NOON, 0,
			   false);
	STORED(w, job);
	assert_int_equal(
		read_checkin_week(store_loop_reader(w->s), past->person, 20261123, w->a, &checkin),
		0);
	assert_true(str_is(checkin.job, "ended"));
	job = store_job_new(w->s);
	person_erase(job, past->person);
	STORED(w, job);
	world_close(w);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM checkin"), 0);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM survey_run"), 0);
	assert_int_equal(store_check_files(w->dir, w->err), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MIGRATE_TEST(migrate__a_later_file_is_applied_at_the_next_start),
		MIGRATE_TEST(migrate__one_that_fails_half_way_leaves_the_old_version),
		MIGRATE_TEST(migrate__one_that_ends_its_transaction_itself_is_refused),
		MIGRATE_TEST(migrate__one_that_forgets_its_number_is_refused),
		MIGRATE_TEST(migrate__one_that_leaves_rows_pointing_nowhere_is_refused),
		MIGRATE_TEST(migrate__a_gap_in_the_numbers_is_refused),
		MIGRATE_TEST(migrate__two_files_of_one_number_are_refused),
		MIGRATE_TEST(migrate__a_database_newer_than_the_program_is_refused),
		MIGRATE_TEST(migrate__other_files_in_the_folder_are_left_alone),
		PAST_TEST(migrate__a_file_of_the_first_version_keeps_every_row),
		PAST_TEST(migrate__a_file_of_the_first_version_goes_on_as_any_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
