#include "test_store_world.h"

#include <sys/stat.h>
#include <sys/wait.h>

static void
open__a_folder_without_a_store_is_refused(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));

	(void)state;
	world_init(w);
	assert_int_equal(world_open(w), W_ENOENT);
	assert_non_null(strstr(fault(w), "wasl.db: error: is missing"));
	world_free(w);
}

static void
open__create_keeps_its_hands_off_a_store_that_is_there(void **state)
{
	struct world *w = *state;

	world_close(w);
	assert_int_equal(store_create(w->dir, w->migrations, w->keys, w->err), W_EEXIST);
	assert_int_equal(world_open(w), 0);
}

static void
open__files_are_private(void **state)
{
	struct world *w = *state;
	static const char *const names[] = {"wasl.db", "keys.db", "wasl.db-wal", "ballast"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct stat st;

		assert_int_equal(stat(arena_printf(w->a, "%s/%s", w->dir, names[i]), &st), 0);
		assert_int_equal(st.st_mode & 077, 0);
	}
}

static int
open_in_child(struct world *w)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(-world_open(w));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

static void
open__a_second_process_is_kept_out_by_the_lock(void **state)
{
	struct world *w = *state;
	struct store *ours = w->s;
	int64_t centre = add_centre(w, "CAS");

	assert_int_equal(open_in_child(w), W_EBUSY);
	w->s = ours;
	assert_true(add_staff(w, centre, "mona", 1001) > 0);
}

static void
open__the_lock_falls_with_the_store(void **state)
{
	struct world *w = *state;

	world_close(w);
	int lock = store_lock(w->dir, w->err);
	assert_true(lock >= 0);
	assert_int_equal(world_open(w), W_EBUSY);
	close(lock);
	assert_int_equal(world_open(w), 0);
}

static void
open__other_keys_are_refused_before_anything_is_written(void **state)
{
	struct world *w = *state;
	struct keys *right = w->keys;

	world_close(w);
	w->keys = keys_random();
	assert_int_equal(world_open(w), W_ESEAL);
	assert_non_null(strstr(fault(w), "another master.key"));
	keys_free(w->keys);
	w->keys = right;
	assert_int_equal(world_open(w), 0);
}

static void
open__a_stranger_among_the_files_is_refused(void **state)
{
	struct world *w = *state;

	world_close(w);
	raw_exec(w, "wasl.db", "PRAGMA application_id = 42");
	assert_int_equal(world_open(w), W_EPROTO);
	assert_non_null(strstr(fault(w), "is not a wasl.db of this program"));
	raw_exec(w, "wasl.db", "PRAGMA application_id = 2002875244");
	assert_int_equal(world_open(w), 0);
}

static void
open__counters_go_on_after_a_restart(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), person = add_person(w, centre, 0);
	struct store_job *job = store_job_new(w->s);
	struct row_need need = need_of(w, person);

	assert_int_equal(need.number, 2001);
	assert_int_equal(store_next(w->s, NEXT_CALLBACK), 3001);
	put_need(job, &need);
	STORED(w, job);
	world_reopen(w);
	assert_int_equal(store_next(w->s, NEXT_PERSON), person + 1);
	assert_int_equal(store_next(w->s, NEXT_NEED), 2002);
	assert_int_equal(store_next(w->s, NEXT_CALLBACK), 3001);
}

static int
text_equals(struct db *db, const char *pragma, const char *expected)
{
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_prepare_v2(db->handle, pragma, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	int same = strcmp((const char *)sqlite3_column_text(st, 0), expected) == 0;
	sqlite3_finalize(st);
	return same;
}

static void
open__every_connection_is_set_up_alike(void **state)
{
	struct world *w = *state;
	struct db *all[] = {&w->s->writer.wasl, &w->s->writer.keys_db, &w->s->loop_reader.db,
			    &w->s->read_thread.reader.db};
	static const char *const settings[][2] = {
		{"PRAGMA journal_mode", "wal"},  {"PRAGMA synchronous", "2"},
		{"PRAGMA foreign_keys", "1"},    {"PRAGMA trusted_schema", "0"},
		{"PRAGMA cell_size_check", "1"}, {"PRAGMA mmap_size", "0"},
		{"PRAGMA secure_delete", "1"},   {"PRAGMA wal_autocheckpoint", "0"},
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		for (size_t k = 0; k < ARRAY_LEN(settings); k++)
			assert_true(text_equals(all[i], settings[k][0], settings[k][1]));
		assert_int_equal(sqlite3_limit(all[i]->handle, SQLITE_LIMIT_ATTACHED, -1), 0);
	}
}

static void
open__the_reading_connections_cannot_write(void **state)
{
	struct world *w = *state;

	assert_int_equal(db_run(&w->s->loop_reader.db, SQL_CENTRE_PUT,
				VALUES(val_int(1), val_text(STR_LIT("CAS")))),
			 SQLITE_READONLY);
}

static void
open__check_passes_a_store_at_rest_and_leaves_a_busy_one_alone(void **state)
{
	struct world *w = *state;

	assert_int_equal(store_check_files(w->dir, w->err), W_EBUSY);
	world_close(w);
	assert_int_equal(store_check_files(w->dir, w->err), 0);
	assert_int_equal(world_open(w), 0);
}

static void
open__check_finds_a_row_that_points_nowhere(void **state)
{
	struct world *w = *state;

	world_close(w);
	raw_exec(w, "wasl.db",
		 "INSERT INTO flag (id, person, at, kind) VALUES (1, 99, 1, 'erase_asked')");
	assert_int_equal(store_check_files(w->dir, w->err), W_EIO);
	assert_non_null(strstr(fault(w), "flag row 1 points to no row of person"));
	raw_exec(w, "wasl.db", "DELETE FROM flag");
	assert_int_equal(world_open(w), 0);
}

static void
open__check_finds_a_torn_page(void **state)
{
	struct world *w = *state;
	char *path = arena_printf(w->a, "%s/wasl.db", w->dir);
	static const char junk[4096] = "junk";

	world_close(w);
	FILE *f = fopen(path, "r+");
	fseek(f, 4096 * 5L, SEEK_SET);
	assert_int_equal(fwrite(junk, sizeof(junk), 1, f), 1);
	fclose(f);
	assert_int_equal(store_check_files(w->dir, w->err), W_EIO);
	assert_true(err_errors(w->err) > 0);
}

static void
open__status_tells_versions_and_sizes(void **state)
{
	struct world *w = *state;
	struct store_status status;

	add_centre(w, "CAS");
	store_status(w->s, &status);
	assert_int_equal(status.schema, 3);
	assert_int_equal(status.keys_schema, 1);
	assert_true(status.db_bytes > 0 && status.wal_bytes > 0);
	assert_int_equal(status.jobs, 1);
	assert_int_equal(status.jobs_waiting, 0);
	assert_false(status.degraded);
}

static void
open__settings_are_kept_and_replaced(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct str value;

	put_setting(job, STR_LIT("lab"), STR_LIT("no"));
	put_setting(job, STR_LIT("lab"), STR_LIT("yes"));
	STORED(w, job);
	world_reopen(w);
	assert_int_equal(read_setting(store_loop_reader(w->s), STR_LIT("lab"), w->a, &value), 0);
	assert_true(str_is(value, "yes"));
	assert_int_equal(read_setting(store_loop_reader(w->s), STR_LIT("x"), w->a, &value),
			 W_ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open__a_folder_without_a_store_is_refused),
		STORE_TEST(open__create_keeps_its_hands_off_a_store_that_is_there),
		STORE_TEST(open__files_are_private),
		STORE_TEST(open__a_second_process_is_kept_out_by_the_lock),
		STORE_TEST(open__the_lock_falls_with_the_store),
		STORE_TEST(open__other_keys_are_refused_before_anything_is_written),
		STORE_TEST(open__a_stranger_among_the_files_is_refused),
		STORE_TEST(open__counters_go_on_after_a_restart),
		STORE_TEST(open__every_connection_is_set_up_alike),
		STORE_TEST(open__the_reading_connections_cannot_write),
		STORE_TEST(open__check_passes_a_store_at_rest_and_leaves_a_busy_one_alone),
		STORE_TEST(open__check_finds_a_row_that_points_nowhere),
		STORE_TEST(open__check_finds_a_torn_page),
		STORE_TEST(open__status_tells_versions_and_sizes),
		STORE_TEST(open__settings_are_kept_and_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
