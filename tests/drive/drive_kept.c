#include "drive_int.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Reads the files by SQLite alone and not by the store, so that what is looked
 * at does not pass through the code that is looked after.
 */

/* Lines of a person; every statement gives one text a row and takes the person. */
static const char *const texts[] = {
	"SELECT 'c ' || ifnull(mood, '-') || ' ' || ifnull(housing, '-') || ' ' ||"
	" ifnull(days_worked, '-') || ' ' || status FROM checkin WHERE person = ?1 ORDER BY id",
	"SELECT 'n ' || category || ' ' || urgency || ' ' || status FROM need WHERE person = ?1"
	" ORDER BY number",
	"SELECT 'b ' || ifnull(wish, '-') || ' ' || priority FROM callback WHERE person = ?1"
	" ORDER BY number",
	"SELECT 'f ' || kind FROM flag WHERE person = ?1 ORDER BY id",
	"SELECT 't ' || count(*) FROM session s JOIN turn t"
	" ON t.id BETWEEN s.id * 256 AND s.id * 256 + 255 WHERE s.person = ?1",
	/* from here on only with more */
	"SELECT 'p ' || ifnull(lang, '-') || ' ' || status FROM person WHERE id = ?1",
	"SELECT 'l ' || sharing || ' ' || status || ' ' || (pin IS NOT NULL) FROM phone_link"
	" WHERE person = ?1 ORDER BY id",
	"SELECT 'k ' || kind || ' ' || ifnull(lang, '-') FROM consent WHERE person = ?1 ORDER BY id",
	"SELECT 's ' || ifnull(end_why, '-') || ' ' || (SELECT count(*) || ' ' || max(t.consumed)"
	" FROM turn t WHERE t.id BETWEEN s.id * 256 AND s.id * 256 + 255) FROM session s"
	" WHERE s.person = ?1 ORDER BY s.id",
	/* of a duplicate: the how-manieth of the person's needs it repeats */
	"SELECT 'd ' || (SELECT count(*) FROM need o WHERE o.person = ?1 AND o.number <="
	" n.duplicate_of) FROM need n WHERE n.person = ?1 AND n.duplicate_of IS NOT NULL"
	" ORDER BY n.number",
};
enum { TEXTS_MORE = 5 };

static const char *const nobodys[] = {
	"SELECT 'b ' || ifnull(wish, '-') || ' ' || priority || ' ' || count(*) FROM callback"
	" WHERE person IS NULL GROUP BY wish, priority ORDER BY 1",
	"SELECT 's ' || ifnull(end_why, '-') || ' ' || count(*) FROM session"
	" WHERE person IS NULL GROUP BY end_why ORDER BY 1",
	"SELECT 't ' || count(*) FROM session s JOIN turn t"
	" ON t.id BETWEEN s.id * 256 AND s.id * 256 + 255 WHERE s.person IS NULL",
};

struct kept {
	sqlite3 *wasl, *keys;
	sqlite3_stmt *texts[ARRAY_LEN(texts)];
};

static sqlite3 *
open_file(const char *dir, const char *name)
{
	char path[256];
	sqlite3 *db = NULL;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		drive_fail("%s: %s", path, sqlite3_errmsg(db));
	return db;
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		drive_fail("%s: %s", sql, sqlite3_errmsg(db));
	return st;
}

static bool
step(sqlite3_stmt *st)
{
	int rc = sqlite3_step(st);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		drive_fail("%s: %s", sqlite3_sql(st), sqlite3_errmsg(sqlite3_db_handle(st)));
	return rc == SQLITE_ROW;
}

static void
add_lines(sqlite3_stmt *st, struct buf *to)
{
	while (step(st)) {
		const char *line = (const char *)sqlite3_column_text(st, 0);

		buf_adds(to, line ? line : "?");
		buf_addc(to, '\n');
	}
}

static int64_t
number_of(sqlite3 *db, const char *sql, int64_t bound)
{
	sqlite3_stmt *st = prepare(db, sql);

	(void)sqlite3_bind_int64(st, 1, bound);
	int64_t n = step(st) ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_finalize(st);
	return n;
}

struct kept *
kept_open(const char *dir)
{
	struct kept *k = xcalloc(1, sizeof(*k));

	k->wasl = open_file(dir, "wasl.db");
	k->keys = open_file(dir, "keys.db");
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		k->texts[i] = prepare(k->wasl, texts[i]);
	return k;
}

void
kept_close(struct kept *k)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		sqlite3_finalize(k->texts[i]);
	if (sqlite3_close(k->wasl) != SQLITE_OK || sqlite3_close(k->keys) != SQLITE_OK)
		drive_fail("a database stays open");
	free(k);
}

static void
check_file(sqlite3 *db)
{
	static const char *const checks[] = {"PRAGMA integrity_check", "PRAGMA foreign_key_check"};

	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		sqlite3_stmt *st = prepare(db, checks[i]);

		while (step(st)) {
			const char *said = (const char *)sqlite3_column_text(st, 0);

			if (said == NULL || strcmp(said, "ok") != 0)
				drive_fail("%s of %s: %s", checks[i],
					   sqlite3_db_filename(db, "main"), said ? said : "?");
		}
		sqlite3_finalize(st);
	}
}

void
kept_check(struct kept *k)
{
	check_file(k->wasl);
	check_file(k->keys);
}

void
kept_person(struct kept *k, int64_t person, bool more, struct buf *to)
{
	for (size_t i = 0; i < (more ? ARRAY_LEN(texts) : TEXTS_MORE); i++) {
		(void)sqlite3_bind_int64(k->texts[i], 1, person);
		add_lines(k->texts[i], to);
		(void)sqlite3_reset(k->texts[i]);
	}
}

void
kept_nobody(struct kept *k, struct buf *to)
{
	for (size_t i = 0; i < ARRAY_LEN(nobodys); i++) {
		sqlite3_stmt *st = prepare(k->wasl, nobodys[i]);

		add_lines(st, to);
		sqlite3_finalize(st);
	}
}

int64_t
kept_count(struct kept *k, const char *table)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM \"%s\"", table);
	return number_of(k->wasl, sql, 0);
}

void
kept_counts(struct kept *k, struct buf *to)
{
	sqlite3_stmt *st = prepare(
		k->wasl, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");

	while (step(st)) {
		const char *table = (const char *)sqlite3_column_text(st, 0);

		buf_printf(to, "%s %lld\n", table, (long long)kept_count(k, table));
	}
	sqlite3_finalize(st);
}

int64_t
kept_need_person(struct kept *k, int64_t number)
{
	return number_of(k->wasl, "SELECT person FROM need WHERE number = ?1", number);
}
