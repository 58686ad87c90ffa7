#include "store/store_int.h"

#include "base/log.h"

const struct sql_row sql_rows[SQL_COUNT] = {
#define SQL(name, file, text) {#name, text, file},
#include "store/store_sql.def"
#undef SQL
};

/* What a statement may take at most: nothing of ours comes near. */
static const struct {
	int limit, most;
} limits[] = {
	{SQLITE_LIMIT_LENGTH, 256 * 1024},  {SQLITE_LIMIT_SQL_LENGTH, 16 * 1024},
	{SQLITE_LIMIT_COLUMN, 64},          {SQLITE_LIMIT_EXPR_DEPTH, 100},
	{SQLITE_LIMIT_COMPOUND_SELECT, 20}, {SQLITE_LIMIT_VDBE_OP, 20000},
	{SQLITE_LIMIT_FUNCTION_ARG, 8},     {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64},
	{SQLITE_LIMIT_VARIABLE_NUMBER, 32}, {SQLITE_LIMIT_TRIGGER_DEPTH, 2},
	{SQLITE_LIMIT_WORKER_THREADS, 0},
};

/*
 * Every connection alike. Checkpoints are the writer's own business, so the
 * automatic ones are off; memory mapping is off because a disk error would then
 * be a signal. secure_delete: what was erased is overwritten.
 */
static const char *const setup[] = {
	"PRAGMA foreign_keys = ON",    "PRAGMA trusted_schema = OFF",
	"PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0",
	"PRAGMA temp_store = MEMORY",  "PRAGMA synchronous = FULL",
	"PRAGMA secure_delete = ON",   "PRAGMA wal_autocheckpoint = 0",
	"PRAGMA cache_size = -2000",   "PRAGMA recursive_triggers = ON",
	"PRAGMA busy_timeout = 1000",
};

static const struct {
	int option, value;
} switches[] = {
	{SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_DQS_DML, 0},
	{SQLITE_DBCONFIG_DQS_DDL, 0},
};

void
db_limit(struct db *db)
{
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		sqlite3_limit(db->handle, limits[i].limit, limits[i].most);
}

static int
exec(struct db *db, const char *sql)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
}

static int
set_up(struct db *db, enum db_mode mode)
{
	int rc = SQLITE_OK;

	sqlite3_extended_result_codes(db->handle, 0);
	sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
	for (size_t i = 0; rc == SQLITE_OK && i < ARRAY_LEN(switches); i++)
		rc = sqlite3_db_config(db->handle, switches[i].option, switches[i].value, NULL);
	if (rc == SQLITE_OK && mode != DB_READ)
		rc = exec(db, "PRAGMA journal_mode = WAL");
	if (rc == SQLITE_OK && mode != DB_READ)
		rc = exec(db, "PRAGMA journal_size_limit = 16777216");
	for (size_t i = 0; rc == SQLITE_OK && i < ARRAY_LEN(setup); i++)
		rc = exec(db, setup[i]);
	return rc;
}

int
db_open(struct db *db, const char *path, enum db_file file, enum db_mode mode, struct err *err)
{
	static const int flags[] = {
		[DB_READ] = SQLITE_OPEN_READONLY,
		[DB_WRITE] = SQLITE_OPEN_READWRITE,
		[DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};

	*db = (struct db){.file = file};
	int rc = sqlite3_open_v2(path, &db->handle, flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		rc = set_up(db, mode);
	if (rc != SQLITE_OK) {
		err_add(err, path, 0, 0, "cannot be opened: %s", sqlite3_errstr(rc));
		return db_code(rc);
	}
	return 0;
}

void
db_close(struct db *db)
{
	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(db->prepared[i]);
	sqlite3_close(db->handle);
	*db = (struct db){.file = db->file};
}

int
db_code(int sqlite_rc)
{
	switch (sqlite_rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return 0;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return W_EEXIST;
	case SQLITE_TOOBIG:
		return W_ETOOBIG;
	case SQLITE_FULL:
		return W_EFULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return W_EBUSY;
	default:
		return W_EIO;
	}
}

static int
bind(sqlite3_stmt *st, int at, const struct value *v)
{
	switch (v->type) {
	case VALUE_INT:
		return sqlite3_bind_int64(st, at, v->number);
	case VALUE_TEXT:
		return sqlite3_bind_text64(st, at, v->p, v->n, SQLITE_STATIC, SQLITE_UTF8);
	case VALUE_BLOB:
		return sqlite3_bind_blob64(st, at, v->p, v->n, SQLITE_STATIC);
	case VALUE_NULL:
		break;
	}
	return sqlite3_bind_null(st, at);
}

static int
prepare(struct db *db, enum sql sql)
{
	const struct sql_row *row = &sql_rows[sql];

	CHECK(row->file == DB_ANY || row->file == db->file);
	int rc = sqlite3_prepare_v3(db->handle, row->text, -1, SQLITE_PREPARE_PERSISTENT,
				    &db->prepared[sql], NULL);
	if (rc != SQLITE_OK)
		log_error("store statement=%s cannot be prepared: %s", row->name,
			  sqlite3_errmsg(db->handle));
	return rc;
}

sqlite3_stmt *
db_begin(struct db *db, enum sql sql, const struct value *values, size_t n, int *sqlite_rc)
{
	*sqlite_rc = SQLITE_OK;
	if (db->prepared[sql] == NULL)
		*sqlite_rc = prepare(db, sql);
	sqlite3_stmt *st = db->prepared[sql];
	CHECK(st == NULL || !sqlite3_stmt_busy(st)); /* the same statement inside itself */
	for (size_t i = 0; *sqlite_rc == SQLITE_OK && i < n; i++)
		*sqlite_rc = bind(st, (int)i + 1, &values[i]);
	if (*sqlite_rc == SQLITE_OK)
		return st;
	db_done(st);
	return NULL;
}

/* Values are bound by address and must not outlive the call that lent them. */
void
db_done(sqlite3_stmt *st)
{
	if (st == NULL)
		return;
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
}

int
db_run(struct db *db, enum sql sql, const struct value *values, size_t n)
{
	int rc;
	sqlite3_stmt *st = db_begin(db, sql, values, n, &rc);

	if (st == NULL)
		return rc;
	rc = sqlite3_step(st);
	db_done(st);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

int
db_ask(struct db *db, enum sql sql, const struct value *values, size_t n, int64_t otherwise,
       int64_t *out)
{
	int rc;
	sqlite3_stmt *st = db_begin(db, sql, values, n, &rc);

	*out = otherwise;
	if (st == NULL)
		return db_code(rc);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW && sqlite3_column_type(st, 0) == SQLITE_INTEGER)
		*out = sqlite3_column_int64(st, 0);
	db_done(st);
	return db_code(rc);
}

int64_t
db_number(struct db *db, enum sql sql, const struct value *values, size_t n, int64_t otherwise)
{
	int64_t number;

	return db_ask(db, sql, values, n, otherwise, &number) == 0 ? number : otherwise;
}
