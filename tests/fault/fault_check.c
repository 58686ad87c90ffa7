/* After a fault: what the files hold, against the ledger. */
#include "fault/fault_play.h"

#include <inttypes.h>

static char breach[256];

static const char *
say(const char *what, int64_t number)
{
	snprintf(breach, sizeof(breach), "%s (%" PRId64 ")", what, number);
	return breach;
}

/* ---- In an open store ---- */

/* A statement of ours that gives row, key id and sealed value. */
struct sealed_column {
	const char *table, *column, *sql;
};
static const struct sealed_column sealed_columns[] = {
	{"person", "name_la", "SELECT id, id, name_la FROM person"},
	{"session", "phone", "SELECT id, key_id, phone FROM session"},
	{"callback", "phone", "SELECT number, key_id, phone FROM callback"},
	{"need", "note", "SELECT number, person, note FROM need"},
	{"outbox", "text", "SELECT id, person, text FROM outbox"},
	{"turn", "reply",
	 "SELECT turn.id, session.key_id, turn.reply FROM turn JOIN session ON session.id = "
	 "turn.id / 256"},
};

static sqlite3_stmt *
statement(struct world *w, const char *sql)
{
	sqlite3_stmt *st = NULL;

	(void)sqlite3_prepare_v2(w->s->loop_reader.db.handle, sql, -1, &st, NULL);
	return st;
}

static struct sealed
sealed_at(sqlite3_stmt *st, int column)
{
	return (struct sealed){sqlite3_column_blob(st, column),
			       (size_t)sqlite3_column_bytes(st, column)};
}

static const char *
check_column(struct world *w, const struct sealed_column *c)
{
	sqlite3_stmt *st = statement(w, c->sql);
	const char *bad = st != NULL ? "" : "a table cannot be read";
	int rc = SQLITE_DONE;

	while (bad[0] == '\0' && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		const struct seal_place place = {c->table, c->column, sqlite3_column_int64(st, 0),
						 sqlite3_column_int64(st, 1)};
		struct str plain;

		if (store_open_sealed(w->s, &place, sealed_at(st, 2), w->a, &plain) != 0)
			bad = say("data without a key that opens it", place.row);
	}
	if (bad[0] == '\0' && rc != SQLITE_DONE)
		bad = say("a table cannot be read", rc);
	sqlite3_finalize(st);
	return bad;
}

static bool
is_behind(struct world *w, unsigned number, int64_t person)
{
	const struct digest digest = digest_nr(number);
	int64_t persons[8];
	size_t n = store_persons_of(w->s, &digest, persons, ARRAY_LEN(persons));

	for (size_t i = 0; i < n; i++)
		if (persons[i] == person)
			return true;
	return false;
}

/* The old number leaves keys.db before the new link is in wasl.db. */
static bool
changes_later(const struct play *p, size_t unsure, int64_t person)
{
	for (size_t k = unsure; k < p->n_deeds; k++)
		if (p->deeds[k].kind == DEED_CHANGE && p->deeds[k].who->id == person)
			return true;
	return false;
}

static const char *
check_link(struct play *p, struct world *w, size_t unsure, sqlite3_stmt *st)
{
	const struct seal_place place = {"phone_link", "phone", sqlite3_column_int64(st, 0),
					 sqlite3_column_int64(st, 1)};
	struct str plain;
	int64_t number;

	if (store_open_sealed(w->s, &place, sealed_at(st, 2), w->a, &plain) != 0 ||
	    !str_to_int(plain, &number))
		return say("a link without a key that opens it", place.row);
	if (is_behind(w, (unsigned)number, place.key_id) || changes_later(p, unsure, place.key_id))
		return "";
	return say("an active link that no number leads to", place.row);
}

static const char *
check_links(struct play *p, struct world *w, size_t unsure)
{
	sqlite3_stmt *st =
		statement(w, "SELECT id, person, phone FROM phone_link WHERE status = 'active'");
	const char *bad = "";

	while (bad[0] == '\0' && sqlite3_step(st) == SQLITE_ROW)
		bad = check_link(p, w, unsure, st);
	sqlite3_finalize(st);
	return bad;
}

const char *
check_opened(struct play *p, struct world *w, size_t unsure)
{
	int64_t number, count;
	const char *bad = "";

	for (size_t i = 0; bad[0] == '\0' && i < ARRAY_LEN(sealed_columns); i++)
		bad = check_column(w, &sealed_columns[i]);
	if (bad[0] == '\0')
		bad = check_links(p, w, unsure);
	if (bad[0] == '\0' && audit_verify(store_loop_reader(w->s), w->keys, &number, &count) != 0)
		bad = say("the audit's chain breaks", number);
	return bad;
}

/* ---- A power cut ---- */

static bool
told(const struct deed *deed, size_t entry)
{
	return deed->rc == 0 && deed->told_at <= entry;
}

/* What was acknowledged about keys.db alone: gone is gone. */
static const char *
check_gone(struct play *p, struct world *w, size_t entry)
{
	struct data_key key;

	for (size_t k = 0; k < p->n_deeds; k++) {
		const struct deed *deed = &p->deeds[k];

		if (!told(deed, entry))
			continue;
		if (deed->kind == DEED_ERASE && store_key(w->s, deed->who->id, &key) != W_EGONE)
			return say("an erased person's key is back", deed->who->id);
		if (deed->kind == DEED_CHANGE && is_behind(w, deed->old_number, deed->who->id))
			return say("a number that was taken away is back", deed->who->id);
	}
	return "";
}

static const char *
check_wiped(struct play *p, const struct image *image, size_t entry)
{
	for (size_t k = 0; k < p->n_deeds; k++) {
		const struct deed *deed = &p->deeds[k];

		if (deed->kind == DEED_ERASE && told(deed, entry) &&
		    image_holds(image, "keys.db", deed->who->wrapped.bytes,
				sizeof(deed->who->wrapped.bytes)))
			return say("an erased key is still on the disk", deed->who->id);
	}
	return "";
}

/* Where the sum is right: one past that deed, so 0 is before all; or SIZE_MAX. */
static size_t
find_sum(const struct play *p, uint64_t sum, size_t from, size_t to)
{
	if (from == 0 && sum == p->before.all)
		return 0;
	for (size_t k = from > 0 ? from - 1 : 0; k < to; k++)
		if (p->deeds[k].rc == 0 && p->deeds[k].sums.all == sum)
			return k + 1;
	return SIZE_MAX;
}

/* One past the last deed that was acknowledged, and one past the last that may be there. */
static void
bounds(const struct play *p, size_t entry, size_t *from, size_t *to)
{
	*from = *to = 0;
	for (size_t k = 0; k < p->n_deeds; k++) {
		if (told(&p->deeds[k], entry))
			*from = k + 1;
		if (p->deeds[k].ran && p->deeds[k].ran_at < entry)
			*to = k + 1;
	}
}

static const char *
place_of(const struct play *p, uint64_t sum, size_t entry, size_t *at)
{
	size_t from, to;

	bounds(p, entry, &from, &to);
	*at = find_sum(p, sum, from, to);
	if (*at != SIZE_MAX)
		return "";
	size_t other = find_sum(p, sum, 0, p->n_deeds);
	if (other == SIZE_MAX)
		return say("what is there is no state there ever was", (int64_t)entry);
	return other < from ? say(LOST_ROWS, (int64_t)(from - other))
			    : say("rows are there before their commit", (int64_t)(other - to));
}

enum { ERASED_MAX = PEOPLE_MAX };

static size_t
erased_of(struct world *w, int64_t *out)
{
	sqlite3_stmt *st;
	size_t n = 0;

	if (sqlite3_prepare_v2(w->s->writer.keys_db.handle, "SELECT person FROM erased", -1, &st,
			       NULL) != SQLITE_OK)
		return 0;
	while (n < ERASED_MAX && sqlite3_step(st) == SQLITE_ROW)
		out[n++] = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

/*
 * keys.db knows of an erasure that wasl.db did not: the start finished it. So
 * the files as the first cut left them must have been at a right place, and all
 * but the erased people's rows be as they were.
 */
static const char *
check_finished(struct play *p, const struct image *origin, size_t entry, struct world *w,
	       size_t *at)
{
	struct world *raw = world_beside(w);
	static int64_t erased[ERASED_MAX];
	size_t n = erased_of(w, erased);
	struct sums before, after;
	const char *bad = "";

	image_write(origin, raw->dir);
	sqlite3 *db = raw_open(raw, "wasl.db");
	if (sums_of(db, erased, n, &before) != SQLITE_OK ||
	    sums_of(w->s->loop_reader.db.handle, erased, n, &after) != SQLITE_OK)
		bad = say("cannot be read", (int64_t)entry);
	sqlite3_close(db);
	if (bad[0] == '\0')
		bad = place_of(p, before.all, entry, at);
	if (bad[0] == '\0' && before.theirs == 0)
		bad = say("the start changed what was there", (int64_t)entry);
	if (bad[0] == '\0' && (after.theirs != 0 || before.without != after.without))
		bad = say("an erasure was not finished at the start", after.theirs);
	world_beside_free(raw);
	return bad;
}

static const char *
check_open_cut(struct play *p, const struct image *origin, size_t entry, struct world *w)
{
	struct sums sums;
	size_t at = 0;

	if (sums_of(w->s->loop_reader.db.handle, NULL, 0, &sums) != SQLITE_OK)
		return say("cannot be read", (int64_t)entry);
	const char *bad = place_of(p, sums.all, entry, &at);
	if (bad[0] != '\0') {
		char first[sizeof(breach)];

		snprintf(first, sizeof(first), "%s", bad);
		bad = check_finished(p, origin, entry, w, &at);
		if (bad[0] != '\0')
			bad = memcpy(breach, first, sizeof(breach));
	}
	if (bad[0] == '\0')
		bad = check_opened(p, w, at);
	if (bad[0] == '\0')
		bad = check_gone(p, w, entry);
	return bad;
}

const char *
check_cut(struct play *p, const struct image *image, const struct image *origin, size_t entry,
	  struct world *w)
{
	const char *bad = check_wiped(p, image, entry);

	err_free(w->err);
	w->err = err_new();
	arena_reset(w->a);
	if (bad[0] != '\0')
		return bad;
	image_write(image, w->dir);
	int rc = world_open(w);
	if (rc != 0) {
		snprintf(breach, sizeof(breach), "does not open (%s): %s", w_err_word(rc),
			 fault(w));
		return breach;
	}
	bad = check_open_cut(p, origin, entry, w);
	world_close(w);
	if (bad[0] == '\0' && store_check_files(w->dir, w->err) != 0) {
		snprintf(breach, sizeof(breach), "the files are not whole: %s", fault(w));
		bad = breach;
	}
	return bad;
}
