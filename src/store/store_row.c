#include "store/store_int.h"

#include "base/log.h"

int64_t
take_int(struct columns *c)
{
	return sqlite3_column_int64(c->st, c->at++);
}

struct str
take_text(struct columns *c)
{
	int at = c->at++;
	const unsigned char *p = sqlite3_column_text(c->st, at);
	int n = sqlite3_column_bytes(c->st, at);

	if (p == NULL || n <= 0)
		return STR_NONE;
	return arena_str(c->a, (struct str){(const char *)p, (size_t)n});
}

struct sealed
take_sealed(struct columns *c)
{
	int at = c->at++;
	const void *p = sqlite3_column_blob(c->st, at);
	int n = sqlite3_column_bytes(c->st, at);

	if (p == NULL || n <= 0)
		return (struct sealed){NULL, 0};
	return (struct sealed){arena_memdup(c->a, p, (size_t)n), (size_t)n};
}

void
take_bytes(struct columns *c, void *to, size_t n)
{
	int at = c->at++;
	const void *p = sqlite3_column_blob(c->st, at);

	memset(to, 0, n);
	if (p != NULL && sqlite3_column_bytes(c->st, at) == (int)n)
		memcpy(to, p, n);
}

struct rows
rows_open(struct db *db, enum sql sql, const struct value *values, size_t n)
{
	struct rows rows;

	rows.st = db_begin(db, sql, values, n, &rows.sqlite_rc);
	return rows;
}

bool
rows_next(struct rows *rows)
{
	if (rows->st == NULL)
		return false;
	rows->sqlite_rc = sqlite3_step(rows->st);
	return rows->sqlite_rc == SQLITE_ROW;
}

struct columns
rows_columns(const struct rows *rows, struct arena *a)
{
	return (struct columns){.st = rows->st, .a = a};
}

int
rows_close(struct rows *rows, int rc)
{
	int code = db_code(rows->sqlite_rc);

	db_done(rows->st);
	rows->st = NULL;
	if (code != 0)
		log_error("store read failed, sqlite=%d", rows->sqlite_rc);
	return code != 0 ? code : rc;
}

int
rows_close_one(struct rows *rows, bool found)
{
	return rows_close(rows, found ? 0 : W_ENOENT);
}
