/*
 * Somebody with the key files, a keys.db and a copy of wasl.db:
 *
 *   thief_open read KEYS-FOLDER KEYS.DB WASL.DB REF OUT
 *       tries every key there is on every sealed value of the person that the
 *       copy holds. OUT gets what opened; printed is how much: "fields=9 own=0
 *       day=2 other=0", by whose key it opened.
 *   thief_open traces KEYS.DB PERSON FILE...
 *       looks in the files for the bytes keys.db held of the person: the wrapped
 *       key, the index of the number. Prints each find; exit 1 when there is one.
 *
 * Exit 2 when something cannot be read. It writes to no file but OUT (SQLite may
 * roll a copy's WAL in).
 */
#include "thief.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEYS_MAX = 4096 };

struct bunch {
	int64_t id[KEYS_MAX];
	struct data_key key[KEYS_MAX];
	size_t n;
};

static void
give_up(const char *what, const char *why)
{
	fprintf(stderr, "thief_open: %s: %s\n", what, why);
	exit(2);
}

static sqlite3 *
open_db(const char *path)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		give_up(path, sqlite3_errmsg(db));
	return db;
}

static sqlite3_stmt *
ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		give_up(sql, sqlite3_errmsg(db));
	return st;
}

/* ---- read ---- */

static void
take_keys(const char *folder, const char *path, struct bunch *to)
{
	struct err *err = err_new();
	struct keys *keys;

	if (keys_load(folder, &keys, err) != W_OK)
		give_up(folder, "no keys");
	sqlite3 *db = open_db(path);
	sqlite3_stmt *st = ask(db, "SELECT id, wrapped FROM key");
	while (sqlite3_step(st) == SQLITE_ROW) {
		struct wrapped_key wrapped;

		CHECK(to->n < KEYS_MAX);
		CHECK(sqlite3_column_bytes(st, 1) == sizeof(wrapped.bytes));
		memcpy(wrapped.bytes, sqlite3_column_blob(st, 1), sizeof(wrapped.bytes));
		to->id[to->n] = sqlite3_column_int64(st, 0);
		CHECK(data_key_unwrap(keys, to->id[to->n], &wrapped, &to->key[to->n]) == W_OK);
		to->n++;
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	keys_free(keys);
	err_free(err);
}

static int64_t
person_of(sqlite3 *db, const char *ref)
{
	sqlite3_stmt *st = ask(db, "SELECT id FROM person WHERE ref = ?1");

	sqlite3_bind_text(st, 1, ref, -1, SQLITE_STATIC);
	if (sqlite3_step(st) != SQLITE_ROW)
		give_up(ref, "not in this copy");
	int64_t person = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return person;
}

struct sums {
	size_t fields, own, day, other;
};

static void
try_keys(const struct bunch *keys, const struct thief_column *column, sqlite3_stmt *row,
	 struct sums *sums, FILE *out)
{
	struct arena *a = arena_new(0);
	const struct sealed value = {sqlite3_column_blob(row, 3),
				     (size_t)sqlite3_column_bytes(row, 3)};
	struct seal_place place = {column->table, column->column, sqlite3_column_int64(row, 0), 0};
	int64_t key_id = sqlite3_column_int64(row, 1);

	sums->fields++;
	for (size_t i = 0; i < keys->n; i++) {
		/* Also at the place as it would be if the row said another key. */
		const int64_t ids[] = {key_id, keys->id[i]};

		for (size_t k = 0; k < ARRAY_LEN(ids); k++) {
			struct str plain;

			place.key_id = ids[k];
			if (seal_open(&keys->key[i], &place, value, a, &plain) != W_OK)
				continue;
			fprintf(out, "%s.%s: %.*s\n", column->table, column->column,
				STR_ARG(plain));
			sums->own += keys->id[i] == key_id && key_id > 0;
			sums->day += keys->id[i] == key_id && key_id < 0;
			sums->other += keys->id[i] != key_id;
			break;
		}
	}
	arena_free(a);
}

static int
read_all(char **argv)
{
	static struct bunch keys;
	struct sums sums = {0};
	sqlite3 *db = open_db(argv[2]);
	int64_t person = person_of(db, argv[3]);
	FILE *out = fopen(argv[4], "w");

	if (out == NULL)
		give_up(argv[4], "cannot be written");
	take_keys(argv[0], argv[1], &keys);
	for (size_t i = 0; i < thief_columns_n; i++) {
		sqlite3_stmt *st = ask(db, thief_columns[i].all);

		while (sqlite3_step(st) == SQLITE_ROW)
			if (sqlite3_column_int64(st, 2) == person)
				try_keys(&keys, &thief_columns[i], st, &sums, out);
		sqlite3_finalize(st);
	}
	fclose(out);
	sqlite3_close(db);
	printf("person=%lld fields=%zu own=%zu day=%zu other=%zu\n", (long long)person, sums.fields,
	       sums.own, sums.day, sums.other);
	return 0;
}

/* ---- traces ---- */

static struct str
slurp(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");

	if (f == NULL || fseek(f, 0, SEEK_END) != 0)
		give_up(path, "cannot be read");
	long n = ftell(f);
	char *p = arena_alloc(a, (size_t)n + 1);
	rewind(f);
	if (fread(p, 1, (size_t)n, f) != (size_t)n)
		give_up(path, "cannot be read whole");
	fclose(f);
	return (struct str){p, (size_t)n};
}

/* Of what SQL gives for the person: how many finds in the files. */
static size_t
look_for(sqlite3 *db, const char *sql, int64_t person, char **files)
{
	sqlite3_stmt *st = ask(db, sql);
	size_t rows = 0, hits = 0;

	sqlite3_bind_int64(st, 1, person);
	for (; sqlite3_step(st) == SQLITE_ROW; rows++) {
		for (char **file = files; *file != NULL; file++) {
			struct arena *a = arena_new(0);
			struct str in = slurp(a, *file);

			if (memmem(in.p, in.n, sqlite3_column_blob(st, 0),
				   (size_t)sqlite3_column_bytes(st, 0)) != NULL) {
				printf("%s: %s\n", *file, sqlite3_column_name(st, 0));
				hits++;
			}
			arena_free(a);
		}
	}
	sqlite3_finalize(st);
	if (rows == 0)
		give_up(sql, "the old copy knows no such person");
	return hits;
}

static int
traces(char **argv)
{
	sqlite3 *db = open_db(argv[0]);
	int64_t person = strtoll(argv[1], NULL, 10);
	size_t hits = look_for(db, "SELECT wrapped FROM key WHERE id = ?1", person, argv + 2) +
		      look_for(db, "SELECT number FROM phone WHERE person = ?1", person, argv + 2);

	sqlite3_close(db);
	return hits > 0;
}

int
main(int argc, char **argv)
{
	CHECK(privacy_init() == W_OK);
	if (argc == 7 && strcmp(argv[1], "read") == 0)
		return read_all(argv + 2);
	if (argc >= 5 && strcmp(argv[1], "traces") == 0)
		return traces(argv + 2);
	fprintf(stderr, "usage: thief_open read KEYS-FOLDER KEYS.DB WASL.DB REF OUT\n"
			"       thief_open traces KEYS.DB PERSON FILE...\n");
	return 2;
}
