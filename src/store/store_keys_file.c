/* keys.db: read whole at start, changed by the writer; and do the key files belong to it? */
#include "store/store_int.h"

/* A key id no person and no day has. */
static const int64_t own_key_id = INT64_MIN;

/* W_ENOENT: not there, or not of that length. */
static int
mark_read(struct db *keys_db, const char *name, void *to, size_t n)
{
	struct rows rows = rows_open(keys_db, SQL_MARK_GET, VALUES(val_text(str_of(name))));
	bool found = rows_next(&rows) && sqlite3_column_bytes(rows.st, 0) == (int)n;

	if (found)
		memcpy(to, sqlite3_column_blob(rows.st, 0), n);
	return rows_close_one(&rows, found);
}

static struct digest
index_mark(const struct keys *keys)
{
	return digest_of(keys, DIGEST_PHONE, STR_LIT("which index key is this"));
}

/* First start of a new keys.db. */
static int
marks_make(struct db *keys_db, const struct keys *keys)
{
	struct data_key own;
	struct wrapped_key wrapped;
	struct digest index = index_mark(keys);

	data_key_new(keys, own_key_id, &own, &wrapped);
	data_key_wipe(&own);
	int rc = db_run(keys_db, SQL_MARK_PUT,
			VALUES(val_text(STR_LIT("master")),
			       val_bytes(wrapped.bytes, sizeof(wrapped.bytes))));
	if (rc == SQLITE_OK)
		rc = db_run(keys_db, SQL_MARK_PUT,
			    VALUES(val_text(STR_LIT("index")), val_digest(&index)));
	return db_code(rc);
}

/* W_ENOENT: no mark, and no key either. */
static int
master_check(struct db *keys_db, const struct keys *keys)
{
	struct wrapped_key wrapped;
	struct data_key own;
	int64_t first;
	int rc = mark_read(keys_db, "master", wrapped.bytes, sizeof(wrapped.bytes));

	if (rc == W_ENOENT) {
		rc = db_ask(keys_db, SQL_KEYS_ALL, NO_VALUES, 0, &first);
		return rc != 0 ? rc : first == 0 ? W_ENOENT : W_ESEAL;
	}
	if (rc == 0)
		rc = data_key_unwrap(keys, own_key_id, &wrapped, &own);
	if (rc == 0)
		data_key_wipe(&own);
	return rc;
}

static int
index_check(struct db *keys_db, const struct keys *keys)
{
	struct digest index, expected = index_mark(keys);
	int rc = mark_read(keys_db, "index", index.bytes, sizeof(index.bytes));

	if (rc == W_ENOENT || (rc == 0 && !digest_eq(&index, &expected)))
		return W_ESEAL;
	return rc;
}

/*
 * Do the key files open this store? Said before anything is sealed under the
 * wrong ones. A mark that cannot be read is not a mark that is not there.
 */
static int
marks_check(struct db *keys_db, const struct keys *keys, struct err *err)
{
	const char *path = sqlite3_db_filename(keys_db->handle, "main"), *which = "master.key";
	int rc = master_check(keys_db, keys);

	if (rc == W_ENOENT)
		return marks_make(keys_db, keys);
	if (rc == 0) {
		which = "index.key";
		rc = index_check(keys_db, keys);
	}
	if (rc == W_ESEAL)
		err_add(err, path, 0, 0, "was made with another %s", which);
	return rc;
}

/* A person beyond the last of wasl.db never came to be: a crash between the two commits. */
static int
orphans_drop(struct db *keys_db, int64_t last_person)
{
	int rc = db_run(keys_db, SQL_KEYS_ORPHAN, VALUES(val_int(last_person)));

	if (rc == SQLITE_OK)
		rc = db_run(keys_db, SQL_PHONES_ORPHAN, VALUES(val_int(last_person)));
	return db_code(rc);
}

/* Days are few and sealing under one cannot fail later, so each is tried now. */
static int
day_check(const struct keys *keys, int64_t id, const struct wrapped_key *wrapped)
{
	struct data_key key;

	if (id > 0)
		return 0;
	int rc = data_key_unwrap(keys, id, wrapped, &key);
	if (rc == 0)
		data_key_wipe(&key);
	return rc;
}

static int
keys_read(struct key_table *t, struct db *keys_db, const struct keys *keys, struct err *err)
{
	struct rows rows = rows_open(keys_db, SQL_KEYS_ALL, NO_VALUES);
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, NULL);
		struct wrapped_key wrapped;
		int64_t id = take_int(&c);

		take_bytes(&c, wrapped.bytes, sizeof(wrapped.bytes));
		rc = day_check(keys, id, &wrapped);
		key_table_set(t, id, &wrapped, true);
	}
	if (rc != 0)
		err_add(err, sqlite3_db_filename(keys_db->handle, "main"), 0, 0,
			"holds a key of a day that does not open");
	return rows_close(&rows, rc);
}

static int
phones_read(struct key_table *t, struct db *keys_db)
{
	struct rows rows = rows_open(keys_db, SQL_PHONES_ALL, NO_VALUES);

	while (rows_next(&rows)) {
		struct columns c = rows_columns(&rows, NULL);
		struct digest number;

		take_bytes(&c, number.bytes, sizeof(number.bytes));
		key_table_link(t, &number, take_int(&c));
	}
	return rows_close(&rows, 0);
}

int
key_table_load(struct key_table *t, struct db *keys_db, const struct keys *keys,
	       int64_t last_person, struct err *err)
{
	int rc = marks_check(keys_db, keys, err);

	if (rc == 0)
		rc = orphans_drop(keys_db, last_person);
	if (rc == 0)
		rc = keys_read(t, keys_db, keys, err);
	if (rc == 0)
		rc = phones_read(t, keys_db);
	return rc;
}

static int
person_drop_run(struct db *keys_db, int64_t person)
{
	static const enum sql steps[] = {SQL_KEY_DEL, SQL_PHONE_DEL_PERSON, SQL_ERASED_PUT};
	int rc = SQLITE_OK;

	for (size_t i = 0; rc == SQLITE_OK && i < ARRAY_LEN(steps); i++)
		rc = db_run(keys_db, steps[i], VALUES(val_int(person)));
	return rc;
}

static int
key_op_run(struct db *keys_db, const struct key_op *op)
{
	switch (op->change) {
	case KEY_ADD:
		return db_run(keys_db, SQL_KEY_PUT,
			      VALUES(val_int(op->id),
				     val_bytes(op->wrapped.bytes, sizeof(op->wrapped.bytes))));
	case PHONE_ADD:
		return db_run(keys_db, SQL_PHONE_PUT,
			      VALUES(val_digest(&op->number), val_int(op->id)));
	case PHONE_DROP:
		return db_run(keys_db, SQL_PHONE_DEL,
			      VALUES(val_digest(&op->number), val_int(op->id)));
	case PERSON_DROP:
		return person_drop_run(keys_db, op->id);
	}
	return SQLITE_MISUSE;
}

int
key_ops_run(struct db *keys_db, const struct store_job *job)
{
	int rc = SQLITE_OK;

	for (const struct key_op *op = job->key_ops; rc == SQLITE_OK && op != NULL; op = op->next)
		rc = key_op_run(keys_db, op);
	return rc;
}
