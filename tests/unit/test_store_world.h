/*
 * A real store in a temporary folder, with a centre, a caseworker and as many
 * people as a test wants; everything runs on the test's own thread as the loop.
 */
#ifndef WASL_TEST_STORE_WORLD_H
#define WASL_TEST_STORE_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "store/store_int.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NOON = 1795608000 }; /* 2026-11-25T12:00:00Z */

struct world {
	char dir[64];
	const char *migrations;
	struct keys *keys;
	struct loop *loop;
	struct store *s;
	struct arena *a;
	struct err *err;
	size_t ballast;
	const void *extra; /* a test's own */
};

#define MIGRATIONS WASL_SOURCE_DIR "/migrations"

static inline int
world_open(struct world *w)
{
	const struct store_options o = {.dir = w->dir,
					.migrations = w->migrations,
					.keys = w->keys,
					.loop = w->loop,
					.ballast = w->ballast};

	return store_open(&o, &w->s, w->err);
}

static inline void
world_close(struct world *w)
{
	store_close(w->s);
	w->s = NULL;
}

static inline void
world_reopen(struct world *w)
{
	world_close(w);
	assert_int_equal(world_open(w), 0);
}

/* A folder, keys and a loop; no store yet. */
static inline void
world_init(struct world *w)
{
	*w = (struct world){.dir = "/tmp/wasl-store-XXXXXX", .migrations = MIGRATIONS};
	assert_int_equal(privacy_init(), 0);
	assert_non_null(mkdtemp(w->dir));
	w->keys = keys_random();
	w->loop = loop_new();
	w->a = arena_new(0);
	w->err = err_new();
}

static inline struct world *
world_new(void)
{
	struct world *w = xcalloc(1, sizeof(*w));

	world_init(w);
	assert_int_equal(store_create(w->dir, w->migrations, w->keys, w->err), 0);
	assert_int_equal(world_open(w), 0);
	return w;
}

static inline void
folder_remove(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	char path[512];

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name) >= sizeof(path))
			continue;
		if (unlink(path) != 0)
			folder_remove(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

static inline void
world_free(struct world *w)
{
	world_close(w);
	loop_free(w->loop);
	keys_free(w->keys);
	arena_free(w->a);
	err_free(w->err);
	folder_remove(w->dir);
	free(w);
}

static inline int
setup_world(void **state)
{
	*state = world_new();
	return 0;
}

static inline int
teardown_world(void **state)
{
	world_free(*state);
	return 0;
}

#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, setup_world, teardown_world)

/* ---- Jobs that are waited for ---- */

static inline void
on_world_stored(void *arg, int rc)
{
	*(int *)arg = rc;
}

enum { NOT_YET = 77 };

static inline int
run_job(struct world *w, struct store_job *job)
{
	int rc = NOT_YET;

	store_submit(w->s, job, on_world_stored, &rc);
	store_flush(w->s);
	loop_once(w->loop, false);
	assert_int_not_equal(rc, NOT_YET);
	return rc;
}

#define STORED(w, job) assert_int_equal(run_job((w), (job)), 0)

/* ---- Rows with something in every column ---- */

static inline struct digest
digest_nr(unsigned n)
{
	struct digest d = {{0}};

	memcpy(d.bytes, &n, sizeof(n));
	return d;
}

/* Long enough to pass for sealed; opens nowhere. */
static inline struct sealed
sealed_like(struct world *w, const char *words)
{
	char *p = arena_printf(w->a, "%-60s", words);

	return (struct sealed){(const uint8_t *)p, 60};
}

/* The key itself must be stored by the same job: persons begin with it. */
static inline int64_t
add_person(struct world *w, int64_t centre, int64_t staff)
{
	struct store_job *job = store_job_new(w->s);
	struct row_person row = {.id = store_next(w->s, NEXT_PERSON),
				 .centre = centre,
				 .at = NOON,
				 .by_staff = staff,
				 .path = STR_LIT("job"),
				 .status = STR_LIT("active")};
	struct data_key key;

	row.ref = str_of(arena_printf(w->a, "CAS-%04d", (int)row.id));
	assert_int_equal(store_key_new(w->s, job, row.id, &key), 0);
	data_key_wipe(&key);
	put_person(job, &row);
	if (staff != 0)
		put_caseload(job, row.id, staff, NOON, STR_LIT("new"));
	STORED(w, job);
	return row.id;
}

static inline int64_t
add_centre(struct world *w, const char *code)
{
	struct store_job *job = store_job_new(w->s);
	struct row_centre row = {.id = store_next(w->s, NEXT_CENTRE), .code = str_of(code)};

	put_centre(job, &row);
	STORED(w, job);
	return row.id;
}

static inline int64_t
add_staff(struct world *w, int64_t centre, const char *login, int64_t uid)
{
	struct store_job *job = store_job_new(w->s);
	struct row_staff row = {.id = store_next(w->s, NEXT_STAFF),
				.centre = centre,
				.uid = uid,
				.at = NOON,
				.login = str_of(login),
				.name = STR_LIT("Mona"),
				.roles = ROLE_CASEWORKER,
				.active = true};

	put_staff(job, &row);
	STORED(w, job);
	return row.id;
}

static inline struct row_need
need_of(struct world *w, int64_t person)
{
	return (struct row_need){.number = store_next(w->s, NEXT_NEED),
				 .person = person,
				 .opened_at = NOON,
				 .due_at = NOON + 3600,
				 .category = STR_LIT("housing"),
				 .urgency = STR_LIT("week"),
				 .status = STR_LIT("open"),
				 .source = STR_LIT("ussd"),
				 .note = sealed_like(w, "note"),
				 .verified = true};
}

static inline struct row_checkin
checkin_of(struct world *w, int64_t person)
{
	return (struct row_checkin){.id = store_next(w->s, NEXT_CHECKIN),
				    .person = person,
				    .due_at = NOON,
				    .week = 20261123,
				    .status = STR_LIT("due"),
				    .channel = STR_LIT("ussd"),
				    .menu_version = STR_LIT("v1")};
}

static inline struct row_survey
survey_of(struct world *w, int64_t person, const char *kind)
{
	return (struct row_survey){.id = store_next(w->s, NEXT_SURVEY),
				   .person = person,
				   .due_at = NOON,
				   .kind = str_of(kind),
				   .status = STR_LIT("due")};
}

static inline struct row_answer
answer_of(int64_t run, const char *question, const char *value)
{
	return (struct row_answer){.run = run,
				   .at = NOON + 60,
				   .question = str_of(question),
				   .value = str_of(value),
				   .menu_version = STR_LIT("v1")};
}

static inline struct row_appointment
appointment_of(struct world *w, int64_t person, int64_t at, const char *status)
{
	return (struct row_appointment){.id = store_next(w->s, NEXT_APPOINTMENT),
					.person = person,
					.set_at = NOON - 3600,
					.at = at,
					.place = STR_LIT("المركز"),
					.status = str_of(status)};
}

static inline struct row_project
project_of(struct world *w, int64_t person)
{
	return (struct row_project){.id = store_next(w->s, NEXT_PROJECT),
				    .person = person,
				    .opened_at = NOON - 86400,
				    .sector = STR_LIT("catering"),
				    .stage = STR_LIT("started"),
				    .stage_at = NOON - 7200,
				    .handover_at = NOON - 3600};
}

static inline struct row_placement
placement_of(struct world *w, int64_t person)
{
	return (struct row_placement){.id = store_next(w->s, NEXT_PLACEMENT),
				      .person = person,
				      .start_at = NOON - 86400,
				      .source = STR_LIT("staff")};
}

static inline struct row_callback
callback_of(struct world *w, int64_t person)
{
	return (struct row_callback){.number = store_next(w->s, NEXT_CALLBACK),
				     .person = person,
				     .key_id = person,
				     .asked_at = NOON,
				     .due_at = NOON + 3600,
				     .wish = STR_LIT("morning"),
				     .priority = STR_LIT("normal")};
}

static inline struct row_flag
flag_of(struct world *w, int64_t person)
{
	return (struct row_flag){.id = store_next(w->s, NEXT_FLAG),
				 .person = person,
				 .at = NOON,
				 .kind = STR_LIT("erase_asked"),
				 .about = 7};
}

static inline struct row_consent
consent_of(struct world *w, int64_t person, const char *kind)
{
	return (struct row_consent){.id = store_next(w->s, NEXT_CONSENT),
				    .person = person,
				    .at = NOON,
				    .kind = str_of(kind),
				    .version = STR_LIT("1"),
				    .lang = STR_LIT("ary"),
				    .channel = STR_LIT("ussd")};
}

static inline struct row_outbox
outbox_of(struct world *w, int64_t person, const char *occurrence)
{
	return (struct row_outbox){.id = store_next(w->s, NEXT_OUTBOX),
				   .person = person,
				   .created_at = NOON,
				   .send_after = NOON,
				   .expires_at = NOON + 3600,
				   .rule = STR_LIT("weekly"),
				   .occurrence = str_of(occurrence),
				   .channel = STR_LIT("at-1"),
				   .template_id = STR_LIT("T02"),
				   .lang = STR_LIT("ary"),
				   .coding = STR_LIT("UCS2"),
				   .parts = 1,
				   .state = STR_LIT("queued"),
				   .phone = sealed_like(w, "phone"),
				   .text = sealed_like(w, "text")};
}

static inline struct row_due
due_of(struct world *w, int64_t person)
{
	return (struct row_due){.id = store_next(w->s, NEXT_DUE),
				.person = person,
				.due_at = NOON,
				.expires_at = NOON + 7200,
				.cause_at = NOON - 60,
				.rule = STR_LIT("weekly"),
				.occurrence = STR_LIT("2026-11-23"),
				.state = STR_LIT("waiting"),
				.about = 5};
}

static inline struct row_session
session_of(struct world *w, int64_t person)
{
	int64_t id = store_next(w->s, NEXT_SESSION);

	return (struct row_session){.id = id,
				    .person = person,
				    .key_id = person,
				    .begin_at = NOON,
				    .key = digest_nr((unsigned)id),
				    .number = digest_nr(7),
				    .channel = STR_LIT("at-1"),
				    .menu_version = STR_LIT("v1"),
				    .phone = sealed_like(w, "phone")};
}

static inline struct row_turn
turn_of(struct world *w, int64_t session, uint8_t turn)
{
	return (struct row_turn){.session = session,
				 .turn = turn,
				 .at = NOON + turn,
				 .consumed = turn,
				 .path = digest_nr(turn),
				 .go_on = true,
				 .input = sealed_like(w, "input"),
				 .reply = sealed_like(w, "reply"),
				 .state = sealed_like(w, "state")};
}

static inline struct row_inbox
inbox_of(struct world *w, int64_t person)
{
	int64_t id = store_next(w->s, NEXT_INBOX);

	return (struct row_inbox){.id = id,
				  .person = person,
				  .key_id = person != 0 ? person : store_day_id(NOON),
				  .at = NOON,
				  .said_at = NOON - 60,
				  .key = digest_nr((unsigned)(900 + id)),
				  .channel = STR_LIT("at-1"),
				  .provider_id = STR_LIT("m-1"),
				  .sent_to = STR_LIT("1234"),
				  .part_ref = STR_LIT("77"),
				  .part_number = 1,
				  .part_of = 2,
				  .state = STR_LIT("new"),
				  .phone = sealed_like(w, "phone"),
				  .text = sealed_like(w, "text")};
}

static inline struct row_link
link_of(struct world *w, int64_t person, const char *status)
{
	return (struct row_link){.id = store_next(w->s, NEXT_LINK),
				 .person = person,
				 .from_at = NOON,
				 .phone = sealed_like(w, "phone"),
				 .sharing = STR_LIT("own"),
				 .status = str_of(status)};
}

static inline struct row_audit
audit_of(int64_t staff, int64_t person, const char *verb)
{
	return (struct row_audit){.at = NOON,
				  .staff = staff,
				  .person = person,
				  .role = STR_LIT("caseworker"),
				  .verb = str_of(verb),
				  .ids = STR_LIT("1 2"),
				  .result = STR_LIT("shown")};
}

/* A connection of the test's own to a file of a closed store. */
static inline sqlite3 *
raw_open(const struct world *w, const char *name)
{
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static inline void
raw_exec(const struct world *w, const char *name, const char *sql)
{
	sqlite3 *db = raw_open(w, name);

	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static inline int64_t
raw_number(const struct world *w, const char *name, const char *sql)
{
	sqlite3 *db = raw_open(w, name);
	sqlite3_stmt *st;
	int64_t n = -1;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

/* ---- Files of earlier versions ---- */

static inline void
take_back_table(sqlite3 *db, const char *table, const char *columns)
{
	char *sql = sqlite3_mprintf("INSERT INTO main.\"%w\" (%s) SELECT %s FROM now.\"%w\"", table,
				    columns, columns, table);

	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_free(sql);
}

static inline void
take_back_rows(sqlite3 *db)
{
	sqlite3_stmt *st;
	static const char tables[] =
		"SELECT m.name, (SELECT group_concat(c.name) FROM pragma_table_info(m.name) AS c) "
		"FROM main.sqlite_schema AS m WHERE m.type = 'table'";

	assert_int_equal(sqlite3_prepare_v2(db, tables, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		take_back_table(db, (const char *)sqlite3_column_text(st, 0),
				(const char *)sqlite3_column_text(st, 1));
	assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
}

static inline char *
text_of_file(struct world *w, const char *path)
{
	FILE *f = fopen(path, "re");
	enum { MOST = 1024 * 1024 };
	char *text = arena_alloc(w->a, MOST);

	assert_non_null(f);
	text[fread(text, 1, MOST - 1, f)] = '\0';
	fclose(f);
	return text;
}

/*
 * Turns the wasl.db of a closed store into one of the first version with the
 * same rows, as far as that version had room for them.
 */
static inline void
world_take_back(struct world *w)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	const char *path = arena_printf(w->a, "%s/wasl.db", w->dir);
	const char *back = arena_printf(w->a, "%s/back.db", w->dir);
	sqlite3 *db = raw_open(w, "back.db");

	assert_int_equal(sqlite3_exec(db, text_of_file(w, MIGRATIONS "/0001_first_line.sql"), NULL,
				      NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, arena_printf(w->a, "ATTACH '%s' AS now", path), NULL, NULL, NULL),
		SQLITE_OK);
	take_back_rows(db);
	assert_int_equal(sqlite3_exec(db, "PRAGMA main.journal_mode = WAL", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		(void)unlink(arena_printf(w->a, "%s%s", path, ends[i]));
	assert_int_equal(rename(back, path), 0);
}

/* The first fault so far, or "". */
static inline const char *
fault(const struct world *w)
{
	return err_count(w->err) ? err_line(err_at(w->err, 0), w->a) : "";
}

/* Holds the writer inside a job until released. */
struct gate {
	pthread_mutex_t lock;
	pthread_cond_t turned;
	bool entered, open;
};

static inline int
gate_wait(struct writer *writer, const void *arg)
{
	struct gate *g = *(struct gate *const *)arg;

	(void)writer;
	pthread_mutex_lock(&g->lock);
	g->entered = true;
	pthread_cond_broadcast(&g->turned);
	while (!g->open)
		pthread_cond_wait(&g->turned, &g->lock);
	pthread_mutex_unlock(&g->lock);
	return SQLITE_OK;
}

static inline void
gate_close(struct world *w, struct gate *g)
{
	struct store_job *job = store_job_new(w->s);

	*g = (struct gate){.lock = PTHREAD_MUTEX_INITIALIZER, .turned = PTHREAD_COND_INITIALIZER};
	op_call(job, gate_wait, arena_memdup(job->arena, &g, sizeof(g)));
	store_submit(w->s, job, NULL, NULL);
	loop_side_hand_over(w->s);
	pthread_mutex_lock(&g->lock);
	while (!g->entered)
		pthread_cond_wait(&g->turned, &g->lock);
	pthread_mutex_unlock(&g->lock);
}

static inline void
gate_open(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->open = true;
	pthread_cond_broadcast(&g->turned);
	pthread_mutex_unlock(&g->lock);
}

/* Waits for everything submitted and hears of it. */
static inline void
settle(struct world *w)
{
	store_flush(w->s);
	loop_once(w->loop, false);
}

#endif
