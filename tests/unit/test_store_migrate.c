#include "test_store_world.h"

#include <sys/stat.h>

/* A copy of the shipped migrations that a test may add to. */
static const char *
own_migrations(struct world *w)
{
	const char *folder = arena_printf(w->a, "%s/migrations", w->dir);
	static const char *const files[] = {"0001_first_line.sql", "keys/0001_keys.sql"};

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

	add_migration(w, "0002_colour.sql",
		      "CREATE TABLE colour (id INTEGER PRIMARY KEY) STRICT;\n"
		      "PRAGMA user_version = 2;\n");
	assert_int_equal(world_open(w), 0);
	store_status(w->s, &status);
	assert_int_equal(status.schema, 2);
	world_close(w);
	assert_int_equal(has_table(w, "colour"), 1);
}

static void
migrate__one_that_fails_half_way_leaves_the_old_version(void **state)
{
	struct world *w = *state;

	add_migration(w, "0002_colour.sql",
		      "CREATE TABLE colour (id INTEGER PRIMARY KEY) STRICT;\n"
		      "INSERT INTO centre (id, code) VALUES (1, 'CAS');\n"
		      "PRAGMA user_version = 2;\n"
		      "INSERT INTO shade (id) VALUES (1);\n");
	assert_int_equal(world_open(w), W_EIO);
	assert_non_null(strstr(fault(w), "0002_colour.sql: error: no such table: shade"));
	assert_int_equal(version_of(w), 1);
	assert_int_equal(has_table(w, "colour"), 0);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM centre"), 0);
}

static void
migrate__one_that_ends_its_transaction_itself_is_refused(void **state)
{
	struct world *w = *state;

	add_migration(w, "0002_colour.sql",
		      "CREATE TABLE colour (id INTEGER PRIMARY KEY) STRICT;\n"
		      "PRAGMA user_version = 2;\nCOMMIT;\n");
	assert_int_not_equal(world_open(w), 0);
	assert_int_equal(version_of(w), 1);
	assert_int_equal(has_table(w, "colour"), 0);
}

static void
migrate__one_that_forgets_its_number_is_refused(void **state)
{
	struct world *w = *state;

	add_migration(w, "0002_colour.sql",
		      "CREATE TABLE colour (id INTEGER PRIMARY KEY) STRICT;\n");
	assert_int_equal(world_open(w), W_EINVAL);
	assert_non_null(strstr(fault(w), "does not set user_version to 2"));
	assert_int_equal(has_table(w, "colour"), 0);
}

static void
migrate__one_that_leaves_rows_pointing_nowhere_is_refused(void **state)
{
	struct world *w = *state;

	add_migration(w, "0002_flag.sql",
		      "PRAGMA defer_foreign_keys = ON;\n"
		      "INSERT INTO flag (id, person, at, kind) VALUES (1, 99, 1, 'erase_asked');\n"
		      "PRAGMA user_version = 2;\n");
	assert_int_equal(world_open(w), W_EINVAL);
	assert_non_null(strstr(fault(w), "leaves rows that point nowhere"));
	assert_int_equal(version_of(w), 1);
}

static void
migrate__a_gap_in_the_numbers_is_refused(void **state)
{
	struct world *w = *state;

	add_migration(w, "0003_colour.sql", "PRAGMA user_version = 3;\n");
	assert_int_equal(world_open(w), W_EINVAL);
	assert_non_null(strstr(fault(w), "migration 0002 is missing before 0003_colour.sql"));
}

static void
migrate__two_files_of_one_number_are_refused(void **state)
{
	struct world *w = *state;

	add_migration(w, "0002_colour.sql", "PRAGMA user_version = 2;\n");
	add_migration(w, "0002_shade.sql", "PRAGMA user_version = 2;\n");
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
	add_migration(w, "draft_0002.sql", "not SQL\n");
	assert_int_equal(world_open(w), 0);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
