/*
 * Forward only: NNNN_words.sql, numbered from 0001 without a gap, each in one
 * transaction that also sets user_version (the file says so itself, so that no
 * statement is built here). A file may not touch transactions or other files.
 */
#include "store/store_int.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { MIGRATIONS_MAX = 999, MIGRATION_BYTES_MAX = 1024 * 1024 };

struct migration_list {
	struct arena *a;
	char *names[MIGRATIONS_MAX + 1]; /* by number; [0] unused */
	int last;
};

/* The number of NNNN_words.sql, 0 for any other name. */
static int
number_of(const char *name)
{
	size_t n = strlen(name);
	int number = 0;

	if (n < 10 || name[4] != '_' || strcmp(name + n - 4, ".sql") != 0)
		return 0;
	for (int i = 0; i < 4; i++) {
		if (name[i] < '0' || name[i] > '9')
			return 0;
		number = number * 10 + (name[i] - '0');
	}
	return number <= MIGRATIONS_MAX ? number : 0;
}

static int
list_add(struct migration_list *list, const char *folder, const char *name, struct err *err)
{
	int number = number_of(name);

	if (number == 0)
		return 0; /* keys/, notes */
	if (list->names[number] != NULL) {
		err_add(err, folder, 0, 0, "%s and %s have the same number", list->names[number],
			name);
		return W_EINVAL;
	}
	list->names[number] = arena_strdup(list->a, name);
	if (number > list->last)
		list->last = number;
	return 0;
}

static int
list_check(const struct migration_list *list, const char *folder, struct err *err)
{
	if (list->last == 0) {
		err_add(err, folder, 0, 0, "has no migrations (0001_words.sql …)");
		return W_ENOENT;
	}
	for (int i = 1; i <= list->last; i++) {
		if (list->names[i] != NULL)
			continue;
		err_add(err, folder, 0, 0, "migration %04d is missing before %s", i,
			list->names[list->last]);
		return W_EINVAL;
	}
	return 0;
}

static int
list_read(struct migration_list *list, const char *folder, struct err *err)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int rc = 0;

	if (dir == NULL) {
		err_add(err, folder, 0, 0, "cannot be read: %s", strerror(errno));
		return W_ENOENT;
	}
	while (rc == 0 && (entry = readdir(dir)) != NULL)
		rc = list_add(list, folder, entry->d_name, err);
	closedir(dir);
	return rc == 0 ? list_check(list, folder, err) : rc;
}

/* NUL-ended text of a migration; NULL with a fault. */
static char *
text_read(const char *path, struct arena *a, struct err *err)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;

	if (f == NULL) {
		err_add(err, path, 0, 0, "cannot be read: %s", strerror(errno));
		return NULL;
	}
	text = arena_alloc(a, MIGRATION_BYTES_MAX + 1);
	size_t n = fread(text, 1, MIGRATION_BYTES_MAX + 1, f);
	if (ferror(f) || n > MIGRATION_BYTES_MAX || memchr(text, '\0', n) != NULL) {
		err_add(err, path, 0, 0, "is not a text of at most 1 MiB");
		text = NULL;
	}
	fclose(f);
	return text;
}

/* The transaction is ours to end, and no other file is any migration's business. */
static int
may_migration(void *arg, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)arg;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	switch (action) {
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		return SQLITE_DENY;
	default:
		return SQLITE_OK;
	}
}

static int
run_text(struct db *db, const char *path, const char *text, struct err *err)
{
	char *fault = NULL;

	sqlite3_set_authorizer(db->handle, may_migration, NULL);
	int rc = sqlite3_exec(db->handle, text, NULL, NULL, &fault);
	sqlite3_set_authorizer(db->handle, NULL, NULL);
	if (rc != SQLITE_OK)
		err_add(err, path, 0, 0, "%s", fault ? fault : sqlite3_errstr(rc));
	sqlite3_free(fault);
	return rc == SQLITE_OK ? 0 : db_code(rc);
}

/* What the file promised, and that every row still points somewhere. */
static int
check_result(struct db *db, const char *path, int number, struct err *err)
{
	int64_t version;
	int rc = db_ask(db, SQL_USER_VERSION, NO_VALUES, -1, &version);

	if (rc == 0 && version != number) {
		err_add(err, path, 0, 0, "does not set user_version to %d", number);
		rc = W_EINVAL;
	}
	if (rc != 0)
		return rc;
	struct rows rows = rows_open(db, SQL_FOREIGN_KEYS, NO_VALUES);
	bool broken = rows_next(&rows);
	rc = rows_close(&rows, 0);
	if (rc == 0 && broken) {
		err_add(err, path, 0, 0, "leaves rows that point nowhere");
		rc = W_EINVAL;
	}
	return rc;
}

static int
apply(struct db *db, const char *folder, const char *name, int number, struct err *err)
{
	struct arena *a = arena_new(0);
	const char *path = arena_printf(a, "%s/%s", folder, name);
	char *text = text_read(path, a, err);
	int rc = text == NULL ? W_EINVAL : 0;

	if (rc == 0 && db_run(db, SQL_BEGIN_WRITE, NO_VALUES) != SQLITE_OK) {
		err_add(err, path, 0, 0, "cannot begin: %s", sqlite3_errmsg(db->handle));
		rc = W_EIO;
	}
	if (rc == 0)
		rc = run_text(db, path, text, err);
	if (rc == 0)
		rc = check_result(db, path, number, err);
	if (rc == 0) {
		int commit = db_run(db, SQL_COMMIT, NO_VALUES);

		rc = db_code(commit);
		if (rc != 0)
			err_add(err, path, 0, 0, "cannot commit: %s", sqlite3_errstr(commit));
	}
	if (!sqlite3_get_autocommit(db->handle))
		(void)db_run(db, SQL_ROLLBACK, NO_VALUES);
	arena_free(a);
	return rc;
}

/* A file of ours carries our number in its header; a new one is empty and carries none. */
static int
check_identity(struct db *db, const char *path, int64_t version, struct err *err)
{
	static const int64_t ids[] = {[DB_WASL] = APPLICATION_WASL, [DB_KEYS] = APPLICATION_KEYS};
	int64_t id;
	int rc = db_ask(db, SQL_APPLICATION_ID, NO_VALUES, -1, &id);

	if (rc != 0 || id == (version == 0 ? 0 : ids[db->file]))
		return rc;
	err_add(err, path, 0, 0, "is not a %s of this program (application_id %lld)",
		db->file == DB_KEYS ? "keys.db" : "wasl.db", (long long)id);
	return W_EPROTO;
}

int
migrate(struct db *db, const char *path, const char *folder, int *version, struct err *err)
{
	struct migration_list list = {.a = arena_new(0)};
	int64_t now;
	int rc = db_ask(db, SQL_USER_VERSION, NO_VALUES, -1, &now);
	int at = (int)now;

	if (rc == 0)
		rc = check_identity(db, path, at, err);
	if (rc == 0)
		rc = list_read(&list, folder, err);
	if (rc == 0 && (at < 0 || at > list.last)) {
		err_add(err, path, 0, 0,
			"is at version %d, newer than %s (up to %d): this program is too old for it",
			at, folder, list.last);
		rc = W_EPROTO;
	}
	for (; rc == 0 && at < list.last; at++)
		rc = apply(db, folder, list.names[at + 1], at + 1, err);
	if (rc != 0 && err_errors(err) == 0)
		err_add(err, path, 0, 0, "cannot be read (%s)", w_err_word(rc));
	*version = at;
	arena_free(list.a);
	return rc;
}
