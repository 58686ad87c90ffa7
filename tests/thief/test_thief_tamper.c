/*
 * A store with people in it, and somebody who writes into its files: 100,000
 * sealed values changed, exchanged or brought from elsewhere, each read back
 * through the store and opened at the place it now lies. None may open.
 */
#include "test_store_world.h"
#include "thief.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { TAMPERINGS = 10000 };
#else
enum { TAMPERINGS = 100000 };
#endif
enum { PEOPLE = 30, TURNS = 2, FIELDS_MAX = 1000, COLUMNS_MAX = 32, WRAPPED_TAMPERINGS = 2000 };

/* A sealed value as the store wrote it. */
struct field {
	const struct thief_column *column;
	int64_t row, key_id, person;
	struct sealed value;
};

struct fields {
	struct field v[FIELDS_MAX];
	size_t n;
};

/* ---- People with something in every sealed column ---- */

static struct sealed
sealed_for(struct world *w, const char *table, const char *column, int64_t row, int64_t key_id)
{
	const struct seal_place place = {table, column, row, key_id};
	const char *plain = arena_printf(w->a, "%s.%s of %d", table, column, (int)row);
	struct sealed out;

	assert_int_equal(store_seal(w->s, &place, str_of(plain), w->a, &out), 0);
	return out;
}

static void
call_once(struct world *w, struct store_job *job, int64_t person, int64_t key_id)
{
	struct row_session session = session_of(w, person);

	session.key_id = key_id;
	session.phone = sealed_for(w, "session", "phone", session.id, key_id);
	put_session(job, &session);
	for (uint8_t i = 0; i < TURNS; i++) {
		struct row_turn turn = turn_of(w, session.id, i);
		int64_t row = session.id * 256 + i;

		turn.input = sealed_for(w, "turn", "input", row, key_id);
		turn.reply = sealed_for(w, "turn", "reply", row, key_id);
		turn.state = sealed_for(w, "turn", "state", row, key_id);
		put_turn(job, &turn);
	}
}

static void
ask_for_call(struct world *w, struct store_job *job, int64_t person, int64_t key_id)
{
	struct row_callback row = callback_of(w, person);

	row.key_id = key_id;
	row.phone = sealed_for(w, "callback", "phone", row.number, key_id);
	put_callback(job, &row);
}

static void
write_sms(struct world *w, struct store_job *job, int64_t person, int64_t key_id)
{
	struct row_inbox row = inbox_of(w, person);

	row.key_id = key_id;
	row.phone = sealed_for(w, "inbox", "phone", row.id, key_id);
	row.text = sealed_for(w, "inbox", "text", row.id, key_id);
	put_inbox(job, &row);
}

static void
put_sealed_person(struct world *w, struct store_job *job, int64_t centre, int64_t person)
{
	struct row_person row = {.id = person,
				 .centre = centre,
				 .at = NOON,
				 .ref = str_of(arena_printf(w->a, "CAS-%04d", (int)person)),
				 .path = STR_LIT("job"),
				 .status = STR_LIT("active"),
				 .name_ar = sealed_for(w, "person", "name_ar", person, person),
				 .name_la = sealed_for(w, "person", "name_la", person, person)};
	struct row_link link = link_of(w, person, "active");

	link.phone = sealed_for(w, "phone_link", "phone", link.id, person);
	link.pin = sealed_for(w, "phone_link", "pin", link.id, person);
	put_person(job, &row);
	put_link(job, &link);
}

static void
live(struct world *w, int64_t centre)
{
	struct store_job *job = store_job_new(w->s);
	int64_t person = store_next(w->s, NEXT_PERSON);
	struct data_key key;

	assert_int_equal(store_key_new(w->s, job, person, &key), 0);
	put_sealed_person(w, job, centre, person);
	struct row_need need = need_of(w, person);
	need.note = sealed_for(w, "need", "note", need.number, person);
	put_need(job, &need);
	ask_for_call(w, job, person, person);
	call_once(w, job, person, person);
	write_sms(w, job, person, person);
	struct row_outbox message = outbox_of(w, person, "2026-11-23");
	message.phone = sealed_for(w, "outbox", "phone", message.id, person);
	message.text = sealed_for(w, "outbox", "text", message.id, person);
	put_outbox(job, &message);
	STORED(w, job);
}

static void
live_as_strangers(struct world *w)
{
	struct store_job *job = store_job_new(w->s);
	int64_t day = store_day_id(NOON);
	struct data_key key;

	store_day_key(w->s, job, day, &key);
	for (int i = 0; i < PEOPLE; i++) {
		ask_for_call(w, job, 0, day);
		call_once(w, job, 0, day);
		write_sms(w, job, 0, day);
	}
	STORED(w, job);
}

static int
setup_people(void **state)
{
	struct world *w = world_new();
	int64_t centre = add_centre(w, "CAS");

	for (int i = 0; i < PEOPLE; i++)
		live(w, centre);
	live_as_strangers(w);
	*state = w;
	return 0;
}

/* ---- The files, by a connection of the thief's own ---- */

struct thief {
	sqlite3 *db;
	sqlite3_stmt *put[COLUMNS_MAX]; /* in the order of thief_columns */
};

static void
thief_comes(const struct world *w, struct thief *t)
{
	*t = (struct thief){.db = raw_open(w, "wasl.db")};
	assert_true(thief_columns_n <= COLUMNS_MAX);
	assert_int_equal(sqlite3_exec(t->db,
				      "PRAGMA synchronous = OFF;"
				      "PRAGMA ignore_check_constraints = ON;"
				      "DROP TRIGGER turn_is_kept",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	for (size_t i = 0; i < thief_columns_n; i++)
		assert_int_equal(
			sqlite3_prepare_v2(t->db, thief_columns[i].put, -1, &t->put[i], NULL),
			SQLITE_OK);
}

static void
thief_goes(struct thief *t)
{
	for (size_t i = 0; i < thief_columns_n; i++)
		sqlite3_finalize(t->put[i]);
	sqlite3_close(t->db);
}

static void
collect(struct world *w, sqlite3 *db, const struct thief_column *column, struct fields *to)
{
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_prepare_v2(db, column->all, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		size_t n = (size_t)sqlite3_column_bytes(st, 3);

		assert_true(to->n < FIELDS_MAX);
		to->v[to->n++] = (struct field){
			.column = column,
			.row = sqlite3_column_int64(st, 0),
			.key_id = sqlite3_column_int64(st, 1),
			.person = sqlite3_column_int64(st, 2),
			.value = {arena_memdup(w->a, sqlite3_column_blob(st, 3), n), n}};
	}
	sqlite3_finalize(st);
}

static void
put_bytes(struct thief *t, const struct field *f, struct sealed value)
{
	sqlite3_stmt *st = t->put[f->column - thief_columns];

	sqlite3_bind_blob(st, 1, value.n > 0 ? (const void *)value.p : "", (int)value.n,
			  SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, f->row);
	assert_int_equal(sqlite3_step(st), SQLITE_DONE);
	sqlite3_reset(st);
}

/* ---- Read as the program reads ---- */

static struct sealed
read_back(struct world *w, const struct field *f, struct arena *a)
{
	struct store_reader *r = store_loop_reader(w->s);
	const char *table = f->column->table, *column = f->column->column;
	struct row_person person = {0};
	struct row_link link = {0};
	struct row_need need = {0};
	struct row_callback callback = {0};
	struct row_session session = {0};
	struct row_turn turn = {0};
	struct row_outbox message = {0};
	struct row_inbox sms = {0};
	const struct digest sms_key = digest_nr((unsigned)(900 + f->row)); /* as inbox_of has it */
	int rc = W_EINVAL;

	if (strcmp(table, "person") == 0)
		rc = read_person(r, f->row, a, &person);
	else if (strcmp(table, "phone_link") == 0)
		rc = read_link_active(r, f->person, a, &link);
	else if (strcmp(table, "need") == 0)
		rc = read_need(r, f->row, a, &need);
	else if (strcmp(table, "callback") == 0)
		rc = read_callback(r, f->row, a, &callback);
	else if (strcmp(table, "session") == 0)
		rc = read_session(r, f->row, a, &session);
	else if (strcmp(table, "turn") == 0)
		rc = read_turn(r, f->row / 256, (uint8_t)(f->row % 256), a, &turn);
	else if (strcmp(table, "outbox") == 0)
		rc = read_outbox(r, f->row, a, &message);
	else if (strcmp(table, "inbox") == 0)
		rc = read_inbox(r, &sms_key, a, &sms);
	assert_int_equal(rc, W_OK);
	const struct {
		const char *table, *column;
		struct sealed value;
	} values[] = {
		{"person", "name_ar", person.name_ar}, {"person", "name_la", person.name_la},
		{"phone_link", "phone", link.phone},   {"phone_link", "pin", link.pin},
		{"need", "note", need.note},           {"callback", "phone", callback.phone},
		{"session", "phone", session.phone},   {"turn", "input", turn.input},
		{"turn", "reply", turn.reply},         {"turn", "state", turn.state},
		{"outbox", "phone", message.phone},    {"outbox", "text", message.text},
		{"inbox", "phone", sms.phone},         {"inbox", "text", sms.text},
	};
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		if (strcmp(values[i].table, table) == 0 && strcmp(values[i].column, column) == 0)
			return values[i].value;
	fail_msg("%s.%s is not read back here", table, column);
	return (struct sealed){NULL, 0};
}

static int
open_field(struct world *w, const struct field *f, struct str *plain)
{
	static struct arena *a;
	const struct seal_place place = {f->column->table, f->column->column, f->row, f->key_id};

	if (a == NULL)
		a = arena_new(0);
	arena_reset(a);
	return store_open_sealed(w->s, &place, read_back(w, f, a), a, plain);
}

/* ---- The ways to tamper ---- */

enum way {
	A_BIT,
	CUT,
	LONGER,
	OTHER_ROW,    /* of the same column and key */
	OTHER_COLUMN, /* of the same table and key */
	OTHER_PERSON, /* the same column */
	OTHER_TABLE,  /* the same key */
	ANY_OTHER,
	OTHER_GENERATION,
	OLD_KEY, /* right place and right text, sealed before the person had this key */
	NONCE_OF_OTHER,
	TAG_OF_OTHER,
	NOISE,
	NOTHING,
	WAYS
};

static uint64_t seed = 88172645463325252u;

static uint64_t
dice(uint64_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % sides;
}

static bool
fits(enum way way, const struct field *f, const struct field *from)
{
	bool same_table = strcmp(f->column->table, from->column->table) == 0;
	bool same_column = f->column == from->column, same_key = f->key_id == from->key_id;

	switch (way) {
	case OTHER_ROW:
		return same_column && same_key && f->row != from->row;
	case OTHER_COLUMN:
		return same_table && !same_column && same_key;
	case OTHER_PERSON:
		return same_column && !same_key;
	case OTHER_TABLE:
		return !same_table && same_key;
	default:
		return f != from;
	}
}

/* NULL: there is none, a person has one name in Arabic. */
static const struct field *
other(const struct fields *all, enum way way, const struct field *f)
{
	size_t from = dice(all->n);

	for (size_t i = 0; i < all->n; i++) {
		const struct field *candidate = &all->v[(from + i) % all->n];

		if (fits(way, f, candidate))
			return candidate;
	}
	return NULL;
}

static struct sealed
bytes_of(struct arena *a, struct sealed from, size_t n)
{
	uint8_t *p = arena_alloc(a, n + 1);

	memcpy(p, from.p, from.n < n ? from.n : n);
	return (struct sealed){p, n};
}

static struct sealed
sealed_before(struct world *w, const struct field *f, struct arena *a)
{
	const struct seal_place place = {f->column->table, f->column->column, f->row, f->key_id};
	struct wrapped_key wrapped;
	struct data_key key;

	data_key_new(w->keys, f->key_id, &key, &wrapped);
	return seal(&key, &place, STR_LIT("0600000011"), a);
}

/* p NULL: this way is not open for that field. */
static struct sealed
tampered(struct world *w, const struct fields *all, const struct field *f, enum way way,
	 struct arena *a)
{
	enum { NONCE_AT = 1, NONCE_BYTES = 24, TAG_BYTES = 16 };
	const struct field *from = other(all, way, f);
	size_t n = f->value.n, extra = 1 + dice(40);
	struct sealed out = bytes_of(a, f->value, way == LONGER ? n + extra : n);
	uint8_t *p = (uint8_t *)out.p;

	if (from == NULL)
		return (struct sealed){NULL, 0};
	switch (way) {
	case A_BIT:
		p[dice(n)] ^= (uint8_t)(1u << dice(8));
		break;
	case CUT:
		out.n = dice(n);
		break;
	case LONGER:
		break;
	case OTHER_GENERATION:
		p[0] = (uint8_t)(p[0] + 1 + dice(255));
		break;
	case OLD_KEY:
		return sealed_before(w, f, a);
	case NONCE_OF_OTHER:
		memcpy(p + NONCE_AT, from->value.p + NONCE_AT, NONCE_BYTES);
		break;
	case TAG_OF_OTHER:
		memcpy(p + n - TAG_BYTES, from->value.p + from->value.n - TAG_BYTES, TAG_BYTES);
		break;
	case NOISE:
		for (size_t i = 1; i < n; i++)
			p[i] = (uint8_t)dice(256);
		break;
	case NOTHING:
		memset(p, 0, n);
		break;
	default:
		return from->value;
	}
	return out;
}

/* ---- The tests ---- */

static void
collect_all(struct world *w, sqlite3 *db, struct fields *all)
{
	all->n = 0;
	for (size_t i = 0; i < thief_columns_n; i++) {
		size_t before = all->n;

		collect(w, db, &thief_columns[i], all);
		assert_true(all->n > before);
	}
}

/* Reads of one turn of the loop are of one instant, and here is no loop that turns. */
static void
look_anew(struct world *w)
{
	store_flush(w->s);
}

static void
all_open(struct world *w, const struct fields *all)
{
	look_anew(w);
	for (size_t i = 0; i < all->n; i++) {
		const struct field *f = &all->v[i];
		struct str plain = STR_NONE;

		assert_int_equal(open_field(w, f, &plain), W_OK);
		assert_true(str_starts(plain, str_of(f->column->table)));
	}
}

static void
put_back(struct thief *t, const struct fields *all)
{
	for (size_t i = 0; i < all->n; i++)
		put_bytes(t, &all->v[i], all->v[i].value);
}

/* Changes every field once, reads every field once. How many were changed. */
static size_t
tamper_round(struct world *w, struct thief *t, const struct fields *all, size_t *done)
{
	struct arena *a = arena_new(1 << 16);
	bool *changed = arena_alloc(a, all->n);
	size_t n = 0;

	assert_int_equal(sqlite3_exec(t->db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
	for (size_t i = 0; i < all->n; i++) {
		enum way way = (enum way)dice(WAYS);
		struct sealed value = tampered(w, all, &all->v[i], way, a);

		changed[i] = value.p != NULL;
		put_bytes(t, &all->v[i], changed[i] ? value : all->v[i].value);
		done[way] += changed[i];
		n += changed[i];
	}
	assert_int_equal(sqlite3_exec(t->db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	look_anew(w);
	for (size_t i = 0; i < all->n; i++) {
		struct str plain;
		int rc = open_field(w, &all->v[i], &plain);

		assert_int_equal(rc, changed[i] ? W_ESEAL : W_OK);
	}
	arena_free(a);
	return n;
}

static void
thief_tamper__no_changed_value_opens(void **state)
{
	struct world *w = *state;
	struct fields *all = xcalloc(1, sizeof(*all));
	struct thief thief;
	size_t done[WAYS] = {0}, n = 0;

	thief_comes(w, &thief);
	collect_all(w, thief.db, all);
	all_open(w, all);
	while (n < TAMPERINGS)
		n += tamper_round(w, &thief, all, done);
	put_back(&thief, all);
	all_open(w, all);
	thief_goes(&thief);
	for (size_t i = 0; i < WAYS; i++)
		assert_true(done[i] > TAMPERINGS / 40);
	print_message("%zu tamperings of %zu fields, 0 opened\n", n, all->n);
	free(all);
}

/* A sealed column that is new belongs into thief_columns.c. */
static void
thief_tamper__every_sealed_column_is_known(void **state)
{
	struct world *w = *state;
	static const char question[] =
		"SELECT sum((length(sql) - length(replace(sql, 'BETWEEN 41 AND', ''))) / "
		"length('BETWEEN 41 AND')) FROM sqlite_schema";

	assert_int_equal(raw_number(w, "wasl.db", question), thief_columns_n);
}

static void
thief_tamper__no_changed_or_exchanged_key_unwraps(void **state)
{
	struct world *w = *state;
	struct wrapped_key keys[PEOPLE + 2], wrapped;
	int64_t ids[PEOPLE + 2];
	struct data_key key;
	sqlite3 *db = raw_open(w, "keys.db");
	sqlite3_stmt *st;
	size_t n = 0;

	assert_int_equal(sqlite3_prepare_v2(db, "SELECT id, wrapped FROM key", -1, &st, NULL), 0);
	for (; n < ARRAY_LEN(keys) && sqlite3_step(st) == SQLITE_ROW; n++) {
		ids[n] = sqlite3_column_int64(st, 0);
		memcpy(keys[n].bytes, sqlite3_column_blob(st, 1), sizeof(keys[n].bytes));
		assert_int_equal(data_key_unwrap(w->keys, ids[n], &keys[n], &key), 0);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	assert_int_equal(n, PEOPLE + 1);
	for (size_t i = 0; i < WRAPPED_TAMPERINGS; i++) {
		size_t which = dice(n), by = 1 + dice(n - 1);

		wrapped = keys[which];
		if (i % 2 == 0)
			wrapped.bytes[dice(sizeof(wrapped.bytes))] ^= (uint8_t)(1u << dice(8));
		else
			wrapped = keys[(which + by) % n];
		assert_int_equal(data_key_unwrap(w->keys, ids[which], &wrapped, &key), W_ESEAL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(thief_tamper__no_changed_value_opens, setup_people,
						teardown_world),
		STORE_TEST(thief_tamper__every_sealed_column_is_known),
		cmocka_unit_test_setup_teardown(thief_tamper__no_changed_or_exchanged_key_unwraps,
						setup_people, teardown_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
