/*
 * A store at rest, looked at read-only: wasld --check. Takes the lock, so that
 * no daemon is disturbed.
 */
#include "store/store_int.h"

#include <stdlib.h>
#include <unistd.h>

/* Speaks of pages, tables and row numbers, never of what is in a column. */
static int
check_integrity(struct db *db, const char *path, struct err *err)
{
	struct arena *a = arena_new(0);
	struct rows rows = rows_open(db, SQL_INTEGRITY, NO_VALUES);
	int faults = 0;

	while (rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);
		struct str word = take_text(&c);

		if (str_is(word, "ok"))
			continue;
		err_add(err, path, 0, 0, "%.*s", STR_ARG(word));
		faults++;
	}
	arena_free(a);
	int rc = rows_close(&rows, 0);
	return rc == 0 && faults > 0 ? W_EIO : rc;
}

static int
check_references(struct db *db, const char *path, struct err *err)
{
	struct arena *a = arena_new(0);
	struct rows rows = rows_open(db, SQL_FOREIGN_KEYS, NO_VALUES);
	int faults = 0;

	while (faults < 20 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);
		struct str table = take_text(&c);
		long long row = (long long)take_int(&c);
		struct str parent = take_text(&c);

		err_add(err, path, 0, 0, "%.*s row %lld points to no row of %.*s", STR_ARG(table),
			row, STR_ARG(parent));
		faults++;
	}
	arena_free(a);
	int rc = rows_close(&rows, 0);
	return rc == 0 && faults > 0 ? W_EIO : rc;
}

static int
check_file(const char *dir, const char *name, enum db_file file, int64_t id, struct err *err)
{
	char *path = path_in(dir, name);
	struct db db;
	int64_t found;
	int rc = db_open(&db, path, file, DB_READ, err);

	if (rc == 0)
		rc = db_ask(&db, SQL_APPLICATION_ID, NO_VALUES, -1, &found);
	if (rc == 0 && found != id) {
		err_add(err, path, 0, 0, "is not a %s of this program", name);
		rc = W_EPROTO;
	}
	if (rc == 0)
		rc = check_integrity(&db, path, err);
	if (rc == 0)
		rc = check_references(&db, path, err);
	db_close(&db);
	if (rc != 0 && err_errors(err) == 0)
		err_add(err, path, 0, 0, "cannot be read (%s)", w_err_word(rc));
	free(path);
	return rc;
}

int
store_check_files(const char *dir, struct err *err)
{
	int lock = store_lock(dir, err);

	if (lock < 0)
		return lock;
	int rc = check_file(dir, "wasl.db", DB_WASL, APPLICATION_WASL, err);
	int keys_rc = check_file(dir, "keys.db", DB_KEYS, APPLICATION_KEYS, err);
	close(lock);
	return rc != 0 ? rc : keys_rc;
}
