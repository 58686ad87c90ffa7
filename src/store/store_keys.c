/*
 * Wrapped keys and the blind index in memory. The loop changes them when a job
 * has committed; the reader thread opens sealed values too, so a read-write
 * lock stands over both. Keys stay wrapped here and are opened for each use
 * (under a microsecond).
 */
#include "store/store_int.h"

#include "base/log.h"

#include <stdlib.h>

#define uthash_fatal(msg) abort()
#include <uthash.h>

struct key_entry {
	int64_t id;
	struct wrapped_key wrapped;
	bool stored; /* known to be in keys.db */
	UT_hash_handle hh;
};

/* One person behind a number; the first of a number is in the hash, the rest hang on it. */
struct phone_entry {
	struct digest number;
	int64_t person;
	struct phone_entry *next;
	UT_hash_handle hh;
};

struct key_table {
	pthread_rwlock_t lock; /* over the rest */
	struct key_entry *keys;
	struct phone_entry *phones;
};

struct key_table *
key_table_new(void)
{
	struct key_table *t = xcalloc(1, sizeof(*t));

	pthread_rwlock_init(&t->lock, NULL);
	return t;
}

/* Under the lock, for writing, once there are other threads. */
void
key_table_set(struct key_table *t, int64_t id, const struct wrapped_key *wrapped, bool stored)
{
	struct key_entry *e = NULL;

	HASH_FIND(hh, t->keys, &id, sizeof(id), e);
	if (e == NULL) {
		e = xcalloc(1, sizeof(*e));
		e->id = id;
		HASH_ADD(hh, t->keys, id, sizeof(e->id), e);
	}
	e->wrapped = *wrapped;
	e->stored = stored;
}

static void
key_drop(struct key_table *t, int64_t id)
{
	struct key_entry *e = NULL;

	HASH_FIND(hh, t->keys, &id, sizeof(id), e);
	if (e == NULL)
		return;
	HASH_DEL(t->keys, e);
	wipe(e, sizeof(*e));
	free(e);
}

void
key_table_link(struct key_table *t, const struct digest *number, int64_t person)
{
	struct phone_entry *first = NULL, *last = NULL;

	HASH_FIND(hh, t->phones, number->bytes, sizeof(*number), first);
	for (struct phone_entry *p = first; p != NULL; p = p->next) {
		if (p->person == person)
			return;
		last = p;
	}
	struct phone_entry *added = xcalloc(1, sizeof(*added));
	*added = (struct phone_entry){.number = *number, .person = person};
	if (last != NULL)
		last->next = added;
	else
		HASH_ADD(hh, t->phones, number.bytes, sizeof(added->number), added);
}

/* The hash itself changes only when nobody is left behind the number: person_drop walks it. */
static void
phone_drop(struct key_table *t, const struct digest *number, int64_t person)
{
	struct phone_entry *first = NULL, *gone;

	HASH_FIND(hh, t->phones, number->bytes, sizeof(*number), first);
	if (first == NULL)
		return;
	if (first->person == person && first->next == NULL) {
		HASH_DEL(t->phones, first);
		free(first);
		return;
	}
	struct phone_entry **at = &first->next;
	if (first->person == person) /* the second takes the first one's place */
		first->person = (*at)->person;
	else
		while (*at != NULL && (*at)->person != person)
			at = &(*at)->next;
	gone = *at;
	if (gone != NULL)
		*at = gone->next;
	free(gone);
}

/* Rare, so it looks at every number. */
static void
person_drop(struct key_table *t, int64_t person)
{
	struct phone_entry *first, *after;

	key_drop(t, person);
	HASH_ITER (hh, t->phones, first, after) {
		struct digest number = first->number;

		phone_drop(t, &number, person);
	}
}

void
key_table_free(struct key_table *t)
{
	struct key_entry *key, *next_key;
	struct phone_entry *first, *next_first;

	if (t == NULL)
		return;
	HASH_ITER (hh, t->keys, key, next_key) {
		HASH_DEL(t->keys, key);
		free(key);
	}
	HASH_ITER (hh, t->phones, first, next_first) {
		HASH_DEL(t->phones, first);
		for (struct phone_entry *p = first, *next; p != NULL; p = next) {
			next = p->next;
			free(p);
		}
	}
	pthread_rwlock_destroy(&t->lock);
	free(t);
}

/*
 * What keys.db now holds. A job that failed after keys.db had committed keeps
 * what it took away (an erased key is gone) and not what it added, for nothing
 * was sealed with it; a day's key stays, and travels with the next job.
 */
static void
key_op_apply(struct key_table *t, const struct store_job *job, const struct key_op *op)
{
	switch (op->change) {
	case KEY_ADD:
		if (job->rc == 0)
			key_table_set(t, op->id, &op->wrapped, true);
		else if (op->id > 0)
			key_drop(t, op->id);
		break;
	case PHONE_ADD:
		if (job->rc == 0)
			key_table_link(t, &op->number, op->id);
		break;
	case PHONE_DROP:
		if (job->keys_stored)
			phone_drop(t, &op->number, op->id);
		break;
	case PERSON_DROP:
		if (job->keys_stored)
			person_drop(t, op->id);
		break;
	}
}

void
key_table_apply(struct key_table *t, const struct store_job *job)
{
	if (job->key_ops == NULL)
		return;
	pthread_rwlock_wrlock(&t->lock);
	for (const struct key_op *op = job->key_ops; op != NULL; op = op->next)
		key_op_apply(t, job, op);
	pthread_rwlock_unlock(&t->lock);
}

/* ---- What other folders call ---- */

int64_t
store_day_id(int64_t now)
{
	return -(now / 86400);
}

static bool
key_find(struct key_table *t, int64_t id, struct wrapped_key *out, bool *stored)
{
	struct key_entry *e = NULL;

	pthread_rwlock_rdlock(&t->lock);
	HASH_FIND(hh, t->keys, &id, sizeof(id), e);
	if (e != NULL) {
		*out = e->wrapped;
		*stored = e->stored;
	}
	pthread_rwlock_unlock(&t->lock);
	return e != NULL;
}

int
store_key(struct store *s, int64_t key_id, struct data_key *out)
{
	struct wrapped_key wrapped;
	bool stored;

	if (!key_find(s->key_table, key_id, &wrapped, &stored))
		return W_EGONE;
	return data_key_unwrap(s->keys, key_id, &wrapped, out);
}

static void
key_travels(struct store_job *job, int64_t key_id, const struct wrapped_key *wrapped)
{
	key_op_add(job, &(struct key_op){.change = KEY_ADD, .id = key_id, .wrapped = *wrapped});
}

static void
key_make(struct store *s, struct store_job *job, int64_t key_id, struct data_key *out)
{
	struct wrapped_key wrapped;

	data_key_new(s->keys, key_id, out, &wrapped);
	pthread_rwlock_wrlock(&s->key_table->lock);
	key_table_set(s->key_table, key_id, &wrapped, false);
	pthread_rwlock_unlock(&s->key_table->lock);
	key_travels(job, key_id, &wrapped);
}

int
store_key_new(struct store *s, struct store_job *job, int64_t key_id, struct data_key *out)
{
	struct wrapped_key wrapped;
	bool stored;

	CHECK_ON_LOOP();
	if (key_find(s->key_table, key_id, &wrapped, &stored))
		return W_EEXIST;
	key_make(s, job, key_id, out);
	return 0;
}

void
store_day_key(struct store *s, struct store_job *job, int64_t day_id, struct data_key *out)
{
	struct wrapped_key wrapped;
	bool stored;

	CHECK_ON_LOOP();
	if (!key_find(s->key_table, day_id, &wrapped, &stored)) {
		key_make(s, job, day_id, out);
		return;
	}
	if (!stored)
		key_travels(job, day_id, &wrapped);
	/* It was tried when it was made or at start. */
	CHECK(data_key_unwrap(s->keys, day_id, &wrapped, out) == 0);
}

int
store_seal(struct store *s, const struct seal_place *place, struct str plain, struct arena *a,
	   struct sealed *out)
{
	struct data_key key;
	int rc = store_key(s, place->key_id, &key);

	if (rc != 0)
		return rc;
	*out = seal(&key, place, plain, a);
	data_key_wipe(&key);
	return 0;
}

int
store_open_sealed(struct store *s, const struct seal_place *place, struct sealed value,
		  struct arena *a, struct str *plain)
{
	struct data_key key;
	int rc = store_key(s, place->key_id, &key);

	if (rc != 0)
		return rc;
	rc = seal_open(&key, place, value, a, plain);
	data_key_wipe(&key);
	return rc;
}

size_t
store_persons_of(struct store *s, const struct digest *number, int64_t *persons, size_t max)
{
	struct phone_entry *p = NULL;
	size_t n = 0;

	pthread_rwlock_rdlock(&s->key_table->lock);
	HASH_FIND(hh, s->key_table->phones, number->bytes, sizeof(*number), p);
	for (; p != NULL && n < max; p = p->next)
		persons[n++] = p->person;
	pthread_rwlock_unlock(&s->key_table->lock);
	return n;
}

void
phone_put(struct store_job *job, const struct digest *number, int64_t person)
{
	key_op_add(job, &(struct key_op){.change = PHONE_ADD, .id = person, .number = *number});
}

void
phone_del(struct store_job *job, const struct digest *number, int64_t person)
{
	key_op_add(job, &(struct key_op){.change = PHONE_DROP, .id = person, .number = *number});
}
