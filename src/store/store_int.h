/*
 * What stays inside store/: connections and their statements, jobs and their
 * operations, the writer's and the reader's threads, the key table, the disk.
 *
 * One way in for SQL: a row of store_sql.def, run with bound values. A
 * connection belongs to one thread; what threads share is said at each field.
 */
#ifndef WASL_STORE_STORE_INT_H
#define WASL_STORE_STORE_INT_H

#include "base/arena.h"
#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

/* ---- Statements and values ---- */

enum db_file { DB_WASL, DB_KEYS, DB_ANY };

/* The application_id in the header of each file: "wasl" and "wkey". */
enum { APPLICATION_WASL = 0x7761736c, APPLICATION_KEYS = 0x776b6579 };

enum sql {
#define SQL(name, file, text) SQL_##name,
#include "store/store_sql.def"
#undef SQL
	SQL_COUNT
};

struct sql_row {
	const char *name, *text;
	enum db_file file;
};
extern const struct sql_row sql_rows[SQL_COUNT];

/* One bound parameter; borrows its bytes. */
struct value {
	enum { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BLOB } type;
	int64_t number;
	const void *p;
	size_t n;
};

/* An array of values and its length, for the last two arguments of what takes them. */
#define VALUES(...)                            \
	((const struct value[]){__VA_ARGS__}), \
		(sizeof((const struct value[]){__VA_ARGS__}) / sizeof(struct value))
#define NO_VALUES NULL, 0

static inline struct value
val_int(int64_t i)
{
	return (struct value){.type = VALUE_INT, .number = i};
}

/* 0 stands for nothing: a time that has not come, a row that is not meant. */
static inline struct value
val_opt(int64_t i)
{
	return (struct value){.type = i == 0 ? VALUE_NULL : VALUE_INT, .number = i};
}

static inline struct value
val_bool(bool b)
{
	return val_int(b ? 1 : 0);
}

static inline struct value
val_text(struct str s)
{
	return (struct value){.type = VALUE_TEXT, .p = s.n ? s.p : "", .n = s.n};
}

/* The empty text stands for nothing. */
static inline struct value
val_word(struct str s)
{
	return (struct value){.type = s.n ? VALUE_TEXT : VALUE_NULL, .p = s.p, .n = s.n};
}

static inline struct value
val_bytes(const void *p, size_t n)
{
	return (struct value){.type = VALUE_BLOB, .p = p, .n = n};
}

static inline struct value
val_sealed(struct sealed s)
{
	return (struct value){.type = s.n ? VALUE_BLOB : VALUE_NULL, .p = s.p, .n = s.n};
}

/* d must outlive the call it is given to. */
static inline struct value
val_digest(const struct digest *d)
{
	return val_bytes(d->bytes, sizeof(d->bytes));
}

/* ---- store_db.c: a connection ---- */

struct db {
	sqlite3 *handle;
	enum db_file file;
	sqlite3_stmt *prepared[SQL_COUNT]; /* at first use, kept until db_close */
};

enum db_mode { DB_READ, DB_WRITE, DB_CREATE };
/* Opens and sets the connection up; faults name the path. db_close also after a failure. */
MUSTUSE int db_open(struct db *db, const char *path, enum db_file file, enum db_mode mode,
		    struct err *err);
void db_close(struct db *db);
/* The limits of daily work; wider ones hold while migrations run. */
void db_limit(struct db *db);

/* SQLite's result code as one of ours. */
int db_code(int sqlite_rc);
/* Bound and ready to step, or NULL with *sqlite_rc. Reset by db_done. */
sqlite3_stmt *db_begin(struct db *db, enum sql sql, const struct value *values, size_t n,
		       int *sqlite_rc);
void db_done(sqlite3_stmt *st);
/* Runs a statement that gives no rows. SQLite's result code, SQLITE_OK when it went through. */
int db_run(struct db *db, enum sql sql, const struct value *values, size_t n);
/* The first column of the first row, or otherwise when there is no row or it is NULL. */
MUSTUSE int db_ask(struct db *db, enum sql sql, const struct value *values, size_t n,
		   int64_t otherwise, int64_t *out);
/* As db_ask; otherwise also when the file cannot be read: nothing may hang on it but a list. */
int64_t db_number(struct db *db, enum sql sql, const struct value *values, size_t n,
		  int64_t otherwise);

/* ---- store_row.c: rows coming back ---- */

/* Takes the columns of the present row, first to last; texts and bytes go to the arena. */
struct columns {
	sqlite3_stmt *st;
	int at;
	struct arena *a;
};
int64_t take_int(struct columns *c);
struct str take_text(struct columns *c);
struct sealed take_sealed(struct columns *c);
/* A column of another length leaves zeros. */
void take_bytes(struct columns *c, void *to, size_t n);

struct store_reader {
	struct db db;
	struct store *store;
	bool in_transaction; /* inside store_read, or on the loop until its turn ends */
};

/* A running SELECT: rows_open, rows_next until false, rows_close, which says how it went. */
struct rows {
	sqlite3_stmt *st;
	int sqlite_rc;
};
struct rows rows_open(struct db *db, enum sql sql, const struct value *values, size_t n);
bool rows_next(struct rows *rows);
struct columns rows_columns(const struct rows *rows, struct arena *a);
/* rc: what each() said; 0 takes the database's word. */
int rows_close(struct rows *rows, int rc);
/* For read_*: one row was wanted. Closes; W_ENOENT when there was none. */
int rows_close_one(struct rows *rows, bool found);

/* ---- store_list.c ---- */

/* base: the first of a LIST of store_sql.def. */
struct rows list_open(struct store_reader *r, enum sql base, const struct filter *f);
/* What a caller asked for, within the thousand rows of one transaction. */
int64_t list_limit(size_t limit);
/* up: a statement whose downward twin is the next one. */
struct rows list_open_at(struct store_reader *r, enum sql up, const struct filter *f);

/* ---- store_mail.c: from the threads to the loop ---- */

struct mail {
	struct mail *next;
	void (*deliver)(struct mail *m); /* on the loop; frees the letter */
};

struct mailbox;
struct mailbox *mailbox_new(struct loop *l);
/* Any thread. One wake-up of the loop for a whole list. */
void mailbox_put(struct mailbox *m, struct mail *first, struct mail *last);
/* Delivers what is there, on the loop. */
void mailbox_empty(struct mailbox *m);
/* Empties it; what is already posted to the loop then finds nothing. */
void mailbox_close(struct mailbox *m);

/* ---- store_job.c: operations ---- */

struct writer;

/* Runs on the writer inside the job's savepoint; SQLite's result code. */
typedef int op_run(struct writer *w, const void *arg);

struct op {
	struct op *next;
	op_run *run; /* NULL: the statement */
	const void *arg;
	enum sql sql;
	bool must_change; /* no row changed: SQLITE_CONSTRAINT */
	size_t n;
	struct value values[];
};

enum key_change { KEY_ADD, PHONE_ADD, PHONE_DROP, PERSON_DROP };

/* A change of keys.db, done again in the key table on the loop after the commit. */
struct key_op {
	struct key_op *next;
	enum key_change change;
	int64_t id; /* key id or person */
	struct digest number;
	struct wrapped_key wrapped;
};

struct store_job {
	struct mail mail; /* first: the letter is the job */
	struct store_job *next;
	struct store *store;
	struct arena *arena; /* holds the job itself too */
	struct op *ops, **ops_end;
	struct key_op *key_ops, **key_ops_end;
	bool erases;
	store_on_stored *on_stored;
	void *arg;
	int rc;
	bool keys_stored; /* its key_ops are committed, whatever became of the rest */
};

/* When the store closes. */
void spare_arenas_free(struct store *s);
/* Copies the values into the job. */
void op_add(struct store_job *job, enum sql sql, const struct value *values, size_t n);
/* As op_add; fails the job when no row changes. */
void op_must(struct store_job *job, enum sql sql, const struct value *values, size_t n);
/* arg lives in the job's arena. */
void op_call(struct store_job *job, op_run *run, const void *arg);
void key_op_add(struct store_job *job, const struct key_op *op);

/* ---- store_audit.c ---- */

struct audit_tail {
	int64_t id;
	struct chain chain;
};
/* Reads the last record; makes the first one when there is none. W_ESEAL: not this audit key. */
MUSTUSE int audit_begin(struct writer *w, struct err *err);
/* Notes the tail in keys.db, so that a later verify misses cut records. */
int audit_anchor(struct writer *w);

/* ---- store_keys.c: the table in memory; store_keys_file.c: keys.db ---- */

struct key_table;
struct key_table *key_table_new(void);
void key_table_free(struct key_table *t);
/* While it is being filled, before there are other threads. stored: known to be in keys.db. */
void key_table_set(struct key_table *t, int64_t id, const struct wrapped_key *wrapped, bool stored);
void key_table_link(struct key_table *t, const struct digest *number, int64_t person);
/* Fills it from keys.db; refuses key files that are not this store's. */
MUSTUSE int key_table_load(struct key_table *t, struct db *keys_db, const struct keys *keys,
			   int64_t last_person, struct err *err);
/* What a finished job changed. */
void key_table_apply(struct key_table *t, const struct store_job *job);
/* Runs the key operations of a job in keys.db. SQLite's result code. */
int key_ops_run(struct db *keys_db, const struct store_job *job);

/* ---- store_erase.c ---- */

/* Deletes every row of the person in wasl.db, in an open transaction. SQLite's result code. */
int erase_rows(struct db *wasl, int64_t person);
/* Finishes erasures that keys.db remembers and wasl.db has not seen. */
MUSTUSE int erase_finish(struct writer *w);
/* The statements erase_rows runs, and the tables that keep a person's number on purpose. */
extern const enum sql erase_order[];
extern const size_t erase_order_n;

/* ---- store_migrate.c ---- */

/* Brings the file up to the last NNNN_words.sql of the folder; *version is where it is then. */
MUSTUSE int migrate(struct db *db, const char *path, const char *folder, int *version,
		    struct err *err);

/* ---- store_disk.c ---- */

struct disk {
	int folder_fd, ballast_fd;
	off_t ballast;   /* bytes wanted; 0: none */
	bool ballast_in; /* they are there */
};
MUSTUSE int disk_init(struct disk *d, const char *dir, size_t ballast, struct err *err);
void disk_done(struct disk *d);
/* Gives the ballast's room back to the file system. */
void disk_release(struct disk *d);
/* Takes it again, when there is some to spare besides; false while there is not. */
bool disk_refill(struct disk *d);

/* ---- store_writer.c, store_group.c ---- */

enum {
	QUEUE_MAX = 65536,       /* jobs waiting */
	SPARE_ARENAS = 64,       /* kept for the next jobs */
	JOB_BYTES = 20480,       /* a job seldom needs more */
	GROUP_MAX = 512,         /* jobs a transaction */
	BITE_PAGES = 100,        /* checkpoint at rest when so many pages came to the WAL */
	REST_MS = 5,             /* without a job: nobody's answer waits behind a checkpoint */
	CEILING_PAGES = 2000,    /* checkpoint now, at rest or not */
	HEAL_MS = 1000,          /* between two looks at a full disk */
	BUSY_MS = 1000,          /* patience with a lock of somebody else, a shell for instance */
	ANCHOR_MS = 3600 * 1000, /* between two anchors of the audit */
};

struct wal_watch {
	int pages;    /* in the WAL after the last commit */
	int last_try; /* of them there at the last checkpoint */
};

/* Fields without a note belong to the writer thread once it runs. */
struct writer {
	struct store *store;
	struct db wasl, keys_db;
	struct wal_watch wasl_wal, keys_wal;
	struct audit_tail tail;
	int64_t anchored_ms, looked_ms; /* monotonic */
	struct broken_letter {
		struct mail mail; /* first */
		struct store *store;
	} broken_letter;
	struct disk disk;
	bool broken, truncate_wanted;

	pthread_t thread;
	bool started;
	pthread_mutex_t lock; /* over the rest */
	pthread_cond_t wake;  /* a job, a probe, or stop */
	pthread_cond_t idle;  /* something finished */
	struct store_job *first, **end;
	size_t waiting; /* jobs */
	size_t held;    /* the last of them are not the writer's yet: the loop adds to them */
	uint64_t submitted, finished;
	bool stop, probe;
};

void writer_init(struct writer *w, struct store *s);
void writer_start(struct writer *w);
/* Finishes the queue and ends the thread. */
void writer_stop(struct writer *w);
void writer_done(struct writer *w);
/* Looks now whether the disk has room again, and waits for the answer. For tests. */
void writer_probe(struct store *s);

/* Runs jobs in one transaction; every rc is set. */
void group_run(struct writer *w, struct store_job *jobs);
/* The disk is full: gives the ballast up and keeps on. */
void writer_full(struct writer *w);
/* A read, write or sync failed: nothing more is acknowledged. */
void writer_broken(struct writer *w, const char *doing, int sqlite_rc);
int wal_checkpoint(struct db *db, struct wal_watch *watch, int mode);

/* ---- store_loop.c: what the loop's turns share ---- */

struct loop_side;
struct loop_side *loop_side_new(struct store *s);
/* Nothing of the store is touched any more; what the loop still has posted finds nothing. */
void loop_side_close(struct loop_side *side);
/* Into the queue; the writer sees it when the turn ends, or sooner. False: no room. */
bool loop_side_put(struct store *s, struct store_job *job);
/* Now. */
void loop_side_hand_over(struct store *s);
/* The loop's reads are of one instant from here to the end of the turn, or to look_again. */
void loop_side_look(struct store *s);
void loop_side_look_again(struct store *s);

/* ---- store_reader.c: the thread of store_read ---- */

struct read_request;
struct read_thread {
	struct store *store;
	struct store_reader reader;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock; /* over the rest */
	pthread_cond_t wake;
	struct read_request *first, **end;
	bool stop;
};
void read_thread_init(struct read_thread *t, struct store *s);
void read_thread_start(struct read_thread *t);
void read_thread_stop(struct read_thread *t);
/* Ends the read transaction and begins another, between the pages of a long walk. */
void reader_breathe(struct store_reader *r);

/* ---- The store ---- */

struct store {
	char *dir, *wasl_path, *keys_path;
	const struct keys *keys;
	struct loop *loop;
	unsigned group_max;
	int lock_fd;
	int schema, keys_schema;
	int64_t next[NEXT_COUNTERS]; /* loop */
	struct key_table *key_table; /* has a lock of its own */
	struct audit_tail anchor;    /* as keys.db had it at start */
	struct mailbox *mailbox;
	struct writer writer;
	struct store_reader loop_reader;
	struct loop_side *loop_side;
	struct arena *spare_arenas[SPARE_ARENAS]; /* of jobs that are done; loop */
	size_t n_spare_arenas;
	struct read_thread read_thread;
	void (*on_broken)(void *arg); /* loop */
	void *on_broken_arg;
	bool closing; /* loop */
	_Atomic bool degraded;
	_Atomic int64_t commits, jobs;
};

/* store_open.c */
/* flock on dir/lock; the descriptor or W_EBUSY, W_EIO. */
MUSTUSE int store_lock(const char *dir, struct err *err);
char *path_in(const char *dir, const char *name); /* free() it */

/* store_counter.c */
MUSTUSE int counters_load(struct store *s, struct db *wasl);

#endif
