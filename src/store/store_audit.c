/*
 * Records in commit order, each with a keyed hash over itself and the one
 * before. The hash covers a canonical form: every field with its length in
 * front (netstrings), so that no two records read alike.
 */
#include "store/store_int.h"

#include "base/buf.h"
#include "base/clock.h"

enum { AUDIT_PAGE_ROWS = 500 };

static void
field_text(struct buf *b, struct str s)
{
	buf_printf(b, "%zu:", s.n);
	buf_add_str(b, s);
	buf_addc(b, ',');
}

static void
field_int(struct buf *b, int64_t i)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%lld", (long long)i);

	field_text(b, (struct str){digits, (size_t)n});
}

static struct str
canonical(int64_t id, const struct row_audit *row, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	buf_adds(&b, "audit1:");
	field_int(&b, id);
	field_int(&b, row->at);
	field_int(&b, row->staff);
	field_int(&b, row->person);
	field_text(&b, row->role);
	field_text(&b, row->verb);
	field_text(&b, row->why);
	field_text(&b, row->ids);
	field_text(&b, row->result);
	return buf_str(&b);
}

static struct audit_tail
tail_next(const struct keys *k, const struct audit_tail *tail, const struct row_audit *row)
{
	struct arena *a = arena_new(0);
	struct audit_tail next = {.id = tail->id + 1};

	next.chain = chain_next(k, &tail->chain, canonical(next.id, row, a));
	arena_free(a);
	return next;
}

static int
run_audit(struct writer *w, const void *arg)
{
	const struct row_audit *row = arg;
	struct audit_tail next = tail_next(w->store->keys, &w->tail, row);
	int rc = db_run(&w->wasl, SQL_AUDIT_PUT,
			VALUES(val_int(next.id), val_int(row->at), val_opt(row->staff),
			       val_opt(row->person), val_text(row->role), val_text(row->verb),
			       val_text(row->why), val_text(row->ids), val_text(row->result),
			       val_bytes(next.chain.bytes, sizeof(next.chain.bytes))));

	if (rc == SQLITE_OK)
		w->tail = next; /* put back when the job or the group fails */
	return rc;
}

void
put_audit(struct store_job *job, const struct row_audit *row)
{
	struct row_audit *copy = arena_memdup(job->arena, row, sizeof(*row));

	copy->role = arena_str(job->arena, row->role);
	copy->verb = arena_str(job->arena, row->verb);
	copy->why = arena_str(job->arena, row->why);
	copy->ids = arena_str(job->arena, row->ids);
	copy->result = arena_str(job->arena, row->result);
	op_call(job, run_audit, copy);
}

static void
take_audit(struct columns *c, struct audit_entry *out)
{
	*out = (struct audit_entry){.id = take_int(c)};
	out->row.at = take_int(c);
	out->row.staff = take_int(c);
	out->row.person = take_int(c);
	out->row.role = take_text(c);
	out->row.verb = take_text(c);
	out->row.why = take_text(c);
	out->row.ids = take_text(c);
	out->row.result = take_text(c);
	take_bytes(c, out->chain.bytes, sizeof(out->chain.bytes));
}

/* ---- At start and now and then ---- */

static int
read_end(struct db *wasl, enum sql sql, struct arena *a, struct audit_entry *out)
{
	struct rows rows = rows_open(wasl, sql, NO_VALUES);
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_audit(&c, out);
	}
	return rows_close_one(&rows, found);
}

static int
write_first(struct writer *w)
{
	const struct row_audit first = {
		.at = clock_now(),
		.role = STR_LIT("system"),
		.verb = STR_LIT("begin"),
		.result = STR_LIT("changed"),
	};

	w->tail = (struct audit_tail){.chain = chain_first()};
	return db_code(run_audit(w, &first));
}

static int
check_first(struct writer *w, const struct audit_entry *first, struct err *err)
{
	const struct audit_tail nothing = {.chain = chain_first()};
	struct audit_tail expected = tail_next(w->store->keys, &nothing, &first->row);

	if (first->id == 1 && memcmp(&expected.chain, &first->chain, sizeof(first->chain)) == 0)
		return 0;
	err_add(err, w->store->wasl_path, 0, 0,
		"was made with another audit.key, or its first audit record was changed");
	return W_ESEAL;
}

/* The note in keys.db: eight bytes of number, most significant first, then the hash. */
enum { ANCHOR_BYTES = 8 + 32 };

static int
anchor_read(struct writer *w)
{
	struct rows rows =
		rows_open(&w->keys_db, SQL_MARK_GET, VALUES(val_text(STR_LIT("anchor"))));
	uint8_t bytes[ANCHOR_BYTES] = {0};
	struct audit_tail *anchor = &w->store->anchor;

	*anchor = (struct audit_tail){0};
	if (rows_next(&rows)) {
		struct columns c = rows_columns(&rows, NULL);

		take_bytes(&c, bytes, sizeof(bytes));
	}
	for (int i = 0; i < 8; i++)
		anchor->id = anchor->id << 8 | bytes[i];
	memcpy(anchor->chain.bytes, bytes + 8, sizeof(anchor->chain.bytes));
	return rows_close(&rows, 0);
}

int
audit_anchor(struct writer *w)
{
	uint8_t bytes[ANCHOR_BYTES];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(w->tail.id >> (56 - 8 * i));
	memcpy(bytes + 8, w->tail.chain.bytes, sizeof(w->tail.chain.bytes));
	return db_run(&w->keys_db, SQL_MARK_PUT,
		      VALUES(val_text(STR_LIT("anchor")), val_bytes(bytes, sizeof(bytes))));
}

int
audit_begin(struct writer *w, struct err *err)
{
	struct arena *a = arena_new(0);
	struct audit_entry entry;
	int rc = read_end(&w->wasl, SQL_AUDIT_FIRST, a, &entry);

	if (rc == W_ENOENT) {
		rc = write_first(w);
	} else if (rc == 0) {
		rc = check_first(w, &entry, err);
		if (rc == 0)
			rc = read_end(&w->wasl, SQL_AUDIT_LAST, a, &entry);
		if (rc == 0)
			w->tail = (struct audit_tail){.id = entry.id, .chain = entry.chain};
	}
	if (rc == 0)
		rc = anchor_read(w);
	arena_free(a);
	return rc;
}

/* ---- Reading ---- */

static enum sql
audit_list_of(const struct filter *f)
{
	if (f->person != 0)
		return SQL_LIST_AUDIT_PERSON_UP;
	return f->staff != 0 ? SQL_LIST_AUDIT_STAFF_UP : SQL_LIST_AUDIT_ANY_UP;
}

int
list_audit(struct store_reader *r, const struct filter *f, struct arena *a,
	   int (*each)(void *ctx, const struct audit_entry *row), void *ctx)
{
	struct rows rows = list_open_at(r, audit_list_of(f), f);
	struct audit_entry row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_audit(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}

struct verify {
	const struct keys *keys;
	const struct audit_tail *anchor;
	struct audit_tail tail;
};

static bool
fits(struct verify *v, const struct audit_entry *entry)
{
	struct audit_tail expected = tail_next(v->keys, &v->tail, &entry->row);

	if (entry->id != expected.id ||
	    memcmp(&entry->chain, &expected.chain, sizeof(entry->chain)) != 0)
		return false;
	if (entry->id == v->anchor->id &&
	    memcmp(&entry->chain, &v->anchor->chain, sizeof(entry->chain)) != 0)
		return false;
	v->tail = expected;
	return true;
}

/* At most a page; W_ENOENT at the end. */
static int
verify_page(struct store_reader *r, struct verify *v, struct arena *a)
{
	struct rows rows = rows_open(&r->db, SQL_AUDIT_PAGE,
				     VALUES(val_int(v->tail.id), val_int(AUDIT_PAGE_ROWS)));
	struct audit_entry entry;
	int rc = 0, seen = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_audit(&c, &entry);
		seen++;
		if (!fits(v, &entry))
			rc = W_ESEAL;
	}
	rc = rows_close(&rows, rc);
	return rc == 0 && seen == 0 ? W_ENOENT : rc;
}

int
audit_verify(struct store_reader *r, const struct keys *k, int64_t *bad, int64_t *count)
{
	struct verify v = {.keys = k, .anchor = &r->store->anchor, .tail.chain = chain_first()};
	struct arena *a = arena_new(64 * 1024);
	int rc = 0;

	while (rc == 0) {
		rc = verify_page(r, &v, a);
		arena_reset(a);
		reader_breathe(r);
	}
	arena_free(a);
	if (rc == W_ENOENT)
		rc = v.tail.id < v.anchor->id ? W_ESEAL : 0;
	*count = v.tail.id;
	*bad = rc == W_ESEAL ? v.tail.id + 1 : 0;
	return rc;
}
