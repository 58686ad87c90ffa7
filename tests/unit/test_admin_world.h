/*
 * A real store, work and admin socket in a temporary folder, and a client of
 * it, all on the test's own thread: waiting for an answer is running the loop.
 * Two caseworkers of one centre and one of another; "me" is the test's own uid.
 */
#ifndef WASL_TEST_ADMIN_WORLD_H
#define WASL_TEST_ADMIN_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "admin/admin_int.h"
#include "base/clock.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { NOON = 1795608000 }; /* 2026-11-25T12:00:00Z, a Wednesday */
enum { ROWS_MAX = 8192, PATIENCE_MS = 20000 };
enum { ALL_ROLES = 31 };

struct answer {
	const json_t *rows[ROWS_MAX];
	size_t n;
	int code; /* -1: no end line came */
	const char *text;
	int64_t count;
};

struct desk {
	char dir[64], socket[96];
	struct keys *keys;
	struct loop *loop;
	struct store *store;
	struct conf *conf;
	struct zone *zone;
	struct work *work;
	struct admin *admin;
	struct err *err;
	struct arena *a;
	struct timer *patience;
	bool tired;
	int64_t centre, other_centre;
	int64_t me, colleague, stranger; /* staff rows; stranger is of the other centre */
	int fd;
	char in[1 << 20];
	size_t n_in;
	struct admin_reply replies[ROWS_MAX];
	size_t n_replies;
	int stopped, reloaded;
	int64_t clock_set;
	int reload_rc;
};

/* ---- Hooks ---- */

static inline int
desk_reload(void *ctx, struct err *err)
{
	struct desk *d = ctx;

	d->reloaded++;
	if (d->reload_rc != W_OK)
		err_add(err, "wasl.yaml", 3, 7, "unknown key \"lsten\"");
	else
		admin_reload(d->admin, d->work);
	return d->reload_rc;
}

static inline int
desk_set_clock(void *ctx, int64_t at)
{
	struct desk *d = ctx;

	if (at < clock_now())
		return W_EINVAL;
	d->clock_set = at;
	return W_OK;
}

static inline int
desk_phone_line(void *ctx, struct str name, struct arena *a, struct str *address, struct str *code,
		struct str *dialect, struct str *channel)
{
	(void)ctx;
	if (name.n > 0 && !str_is(name, "at-1"))
		return W_ENOENT;
	*address = arena_str(a, STR_LIT("http://127.0.0.1:1/c/at-1/secret/ussd"));
	*code = STR_LIT("*384*1234#");
	*dialect = STR_LIT("/dialects/at.yaml");
	*channel = STR_LIT("at-1");
	return W_OK;
}

static inline void
desk_stop(void *ctx)
{
	((struct desk *)ctx)->stopped++;
}

static const struct admin_hooks desk_hooks = {.reload = desk_reload,
					      .set_clock = desk_set_clock,
					      .phone_line = desk_phone_line,
					      .stop = desk_stop};

/* ---- Rows ---- */

static inline void
on_desk_stored(void *arg, int rc)
{
	*(int *)arg = rc;
}

/* Commits a job of the test's and waits for it. */
static inline void
stored(struct desk *d, struct store_job *job)
{
	int rc = 1;

	store_submit(d->store, job, on_desk_stored, &rc);
	store_flush(d->store);
	while (rc == 1)
		loop_once(d->loop, true);
	assert_int_equal(rc, W_OK);
}

static inline int64_t
desk_staff(struct desk *d, const char *login, int64_t uid, int64_t centre, unsigned roles)
{
	struct store_job *job = store_job_new(d->store);
	const struct row_staff row = {.id = store_next(d->store, NEXT_STAFF),
				      .centre = centre,
				      .uid = uid,
				      .at = NOON,
				      .login = str_of(login),
				      .name = str_of(login),
				      .roles = roles,
				      .active = true};

	put_staff(job, &row);
	stored(d, job);
	return row.id;
}

static inline void
desk_roles(struct desk *d, unsigned roles)
{
	struct store_job *job = store_job_new(d->store);

	set_staff(job, d->me, roles, true);
	stored(d, job);
}

/* A person with sealed names on somebody's caseload. */
static inline int64_t
desk_person(struct desk *d, int64_t centre, int64_t staff, const char *ar, const char *la)
{
	struct store_job *job = store_job_new(d->store);
	const struct work_new_person in = {.centre = centre,
					   .caseworker = staff,
					   .by_staff = staff,
					   .now = NOON - 86400,
					   .name_ar = str_of(ar),
					   .name_la = str_of(la)};
	struct work_added added;

	assert_int_equal(work_person_add(d->work, job, &in, &added), W_OK);
	stored(d, job);
	/* The index of names is told by person add; what comes otherwise is read at start. */
	names_put(d->admin->names, added.person, centre, in.name_ar, in.name_la);
	return added.person;
}

static inline const char *
ref_of(struct desk *d, int64_t person)
{
	struct row_person p;

	assert_int_equal(read_person(store_loop_reader(d->store), person, d->a, &p), W_OK);
	return arena_printf(d->a, "%.*s", STR_ARG(p.ref));
}

static inline struct sealed
desk_seal(struct desk *d, struct store_job *job, const char *table, const char *column, int64_t row,
	  int64_t key_id, const char *plain)
{
	const struct seal_place place = {table, column, row, key_id};
	struct sealed out;

	assert_int_equal(store_seal(d->store, &place, str_of(plain), store_job_arena(job), &out),
			 W_OK);
	return out;
}

/* Links a number as dialling with the code would. */
static inline void
desk_link(struct desk *d, int64_t person, const char *e164)
{
	struct store_job *job = store_job_new(d->store);
	struct phone phone;

	assert_int_not_equal(phone_parse(str_of(e164), &phone), PHONE_BAD);
	const struct digest number = digest_phone(d->keys, DIGEST_PHONE, &phone);
	struct row_link link = {.id = store_next(d->store, NEXT_LINK),
				.person = person,
				.from_at = NOON,
				.sharing = STR_LIT("own"),
				.status = STR_LIT("active")};
	link.phone = desk_seal(d, job, "phone_link", "phone", link.id, person, e164);
	put_link(job, &link);
	phone_put(job, &number, person);
	stored(d, job);
}

static inline int64_t
desk_need(struct desk *d, int64_t person, const char *urgency, const char *note)
{
	struct store_job *job = store_job_new(d->store);
	struct row_need need = {.number = store_next(d->store, NEXT_NEED),
				.person = person,
				.opened_at = NOON - 3600,
				.due_at = NOON + 3600,
				.category = STR_LIT("housing"),
				.urgency = str_of(urgency),
				.status = STR_LIT("open"),
				.source = STR_LIT("ussd"),
				.verified = false};

	need.note = desk_seal(d, job, "need", "note", need.number, person, note);
	put_need(job, &need);
	stored(d, job);
	return need.number;
}

static inline int64_t
desk_callback(struct desk *d, int64_t person, const char *priority, int64_t due_at)
{
	struct store_job *job = store_job_new(d->store);
	struct row_callback cb = {.number = store_next(d->store, NEXT_CALLBACK),
				  .person = person,
				  .key_id = person ? person : store_day_id(NOON),
				  .asked_at = NOON - 7200,
				  .due_at = due_at,
				  .wish = STR_LIT("any"),
				  .priority = str_of(priority),
				  .centre = person ? 0 : d->centre};

	if (person == 0) {
		struct data_key day;

		store_day_key(d->store, job, cb.key_id, &day);
		data_key_wipe(&day);
		cb.phone = desk_seal(d, job, "callback", "phone", cb.number, cb.key_id,
				     "+212600000099");
	}
	put_callback(job, &cb);
	stored(d, job);
	return cb.number;
}

static inline int64_t
desk_checkin(struct desk *d, int64_t person, const char *mood, int64_t at)
{
	struct store_job *job = store_job_new(d->store);
	const struct row_checkin row = {.id = store_next(d->store, NEXT_CHECKIN),
					.person = person,
					.due_at = at,
					.opened_at = at,
					.done_at = at,
					.week = 20261123,
					.status = STR_LIT("done"),
					.channel = STR_LIT("ussd"),
					.mood = str_of(mood),
					.housing = STR_LIT("stable"),
					.days_worked = STR_LIT("3_5")};

	put_checkin(job, &row);
	stored(d, job);
	return row.id;
}

/* A survey that was answered: two questions of it. */
static inline int64_t
desk_survey(struct desk *d, int64_t person, const char *kind, const char *status)
{
	struct store_job *job = store_job_new(d->store);
	const struct row_survey row = {.id = store_next(d->store, NEXT_SURVEY),
				       .person = person,
				       .due_at = NOON - 7200,
				       .kind = str_of(kind),
				       .status = STR_LIT("due")};
	struct row_answer answer = {.run = row.id,
				    .at = NOON - 300,
				    .question = STR_LIT("activity"),
				    .value = STR_LIT("running")};

	put_survey(job, &row);
	set_survey_answer(job, &answer, STR_LIT("ussd"), str_of(status), 0, true);
	answer.question = STR_LIT("equipment");
	answer.value = STR_LIT("broken");
	set_survey_answer(job, &answer, STR_LIT("ussd"), str_of(status),
			  strcmp(status, "done") == 0 ? NOON - 300 : 0, true);
	stored(d, job);
	return row.id;
}

/* at 0: wished for. */
static inline int64_t
desk_appointment(struct desk *d, int64_t person, int64_t at, const char *status)
{
	struct store_job *job = store_job_new(d->store);
	const struct row_appointment row = {.id = store_next(d->store, NEXT_APPOINTMENT),
					    .person = person,
					    .set_at = NOON - 86400,
					    .at = at,
					    .status = str_of(status),
					    .wish = at ? STR_NONE : STR_LIT("afternoon")};

	put_appointment(job, &row);
	stored(d, job);
	return row.id;
}

/* A project with broken equipment, and a job that ended before the one of now. */
static inline void
desk_path(struct desk *d, int64_t person)
{
	struct store_job *job = store_job_new(d->store);
	const struct row_project project = {.id = store_next(d->store, NEXT_PROJECT),
					    .person = person,
					    .opened_at = NOON - 90 * 86400,
					    .sector = STR_LIT("catering"),
					    .stage = STR_LIT("started"),
					    .stage_at = NOON - 30 * 86400,
					    .handover_at = NOON - 40 * 86400,
					    .equipment = STR_LIT("broken"),
					    .equipment_at = NOON - 300,
					    .equipment_source = STR_LIT("ussd")};
	struct row_placement placement = {.id = store_next(d->store, NEXT_PLACEMENT),
					  .person = person,
					  .start_at = NOON - 20 * 86400,
					  .source = STR_LIT("staff")};

	put_project(job, &project);
	put_placement(job, &placement);
	set_placement_end(job, person, STR_LIT("employer"), NOON - 10 * 86400);
	placement.id = store_next(d->store, NEXT_PLACEMENT);
	placement.start_at = NOON - 5 * 86400;
	put_placement(job, &placement);
	stored(d, job);
}

static inline int64_t
desk_message(struct desk *d, int64_t person, const char *state, const char *occurrence)
{
	struct store_job *job = store_job_new(d->store);
	struct row_outbox row = {.id = store_next(d->store, NEXT_OUTBOX),
				 .person = person,
				 .created_at = NOON,
				 .send_after = NOON,
				 .expires_at = NOON + 86400,
				 .rule = STR_LIT("weekly"),
				 .occurrence = str_of(occurrence),
				 .channel = STR_LIT("at-1"),
				 .template_id = STR_LIT("T02"),
				 .lang = STR_LIT("ary"),
				 .coding = STR_LIT("UCS2"),
				 .parts = 1,
				 .state = str_of(state)};

	row.text = desk_seal(d, job, "outbox", "text", row.id, person, "kteb lina");
	put_outbox(job, &row);
	stored(d, job);
	return row.id;
}

static inline void
desk_flag(struct desk *d, int64_t person, const char *kind, int64_t about)
{
	struct store_job *job = store_job_new(d->store);
	const struct row_flag row = {.id = store_next(d->store, NEXT_FLAG),
				     .person = person,
				     .at = NOON - 60,
				     .kind = str_of(kind),
				     .about = about};

	put_flag(job, &row);
	stored(d, job);
}

static inline void
desk_consent(struct desk *d, int64_t person)
{
	struct store_job *job = store_job_new(d->store);
	const struct row_consent row = {.id = store_next(d->store, NEXT_CONSENT),
					.person = person,
					.at = NOON - 30 * 86400,
					.kind = STR_LIT("given"),
					.version = STR_LIT("1"),
					.lang = STR_LIT("ary"),
					.channel = STR_LIT("at-1")};

	put_consent(job, &row);
	stored(d, job);
}

/* ---- The other end of the socket ---- */

static inline void
on_tired(void *arg)
{
	((struct desk *)arg)->tired = true;
}

static inline int
desk_connect(struct desk *d)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(at.sun_path, d->socket);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

static inline void
say_raw(struct desk *d, const char *bytes)
{
	size_t n = strlen(bytes), sent = 0;

	while (sent < n) {
		ssize_t got = send(d->fd, bytes + sent, n - sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (got > 0)
			sent += (size_t)got;
		else if (got < 0 && errno != EAGAIN)
			return;
		loop_once(d->loop, false);
	}
}

/* The next line without its end, or NULL when the other side closed. */
static inline char *
hear_line(struct desk *d)
{
	d->tired = false;
	timer_set(d->patience, PATIENCE_MS);
	for (;;) {
		char *end = memchr(d->in, '\n', d->n_in);

		if (end != NULL) {
			size_t n = (size_t)(end - d->in);
			char *line = arena_printf(d->a, "%.*s", (int)n, d->in);

			d->n_in -= n + 1;
			memmove(d->in, end + 1, d->n_in);
			return line;
		}
		ssize_t got = recv(d->fd, d->in + d->n_in, sizeof(d->in) - d->n_in, MSG_DONTWAIT);
		if (got == 0 || (got < 0 && errno != EAGAIN))
			return NULL;
		if (got > 0)
			d->n_in += (size_t)got;
		else
			loop_once(d->loop, true);
		assert_false(d->tired);
	}
}

/* One row, or NULL at an end line, whose code goes to *code; -1: closed. */
static inline const json_t *
hear_row(struct desk *d, int *code)
{
	char *line = hear_line(d);

	*code = -1;
	if (line == NULL)
		return NULL;
	assert_true(d->n_replies < ROWS_MAX);
	struct admin_reply *reply = &d->replies[d->n_replies++];
	assert_int_equal(admin_reply_read(str_of(line), reply), W_OK);
	*code = reply->code;
	return reply->row;
}

static inline const struct answer *
hear(struct desk *d)
{
	struct answer *out = ARENA_NEW(d->a, struct answer);
	const json_t *row;

	while ((row = hear_row(d, &out->code)) != NULL)
		out->rows[out->n++] = row;
	out->text = out->code < 0 ? "" : d->replies[d->n_replies - 1].text;
	out->count = out->code < 0 ? -1 : d->replies[d->n_replies - 1].count;
	return out;
}

/* args: a JSON object in single quotes, for legibility. */
static inline void
say(struct desk *d, const char *verb, const char *args)
{
	char *text = arena_printf(d->a, "{\"v\":1,\"verb\":\"%s\",\"args\":%s}\n", verb, args);

	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	say_raw(d, text);
}

static inline const struct answer *
ask(struct desk *d, const char *verb, const char *args)
{
	say(d, verb, args);
	return hear(d);
}

static inline const char *
text_in(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text ? text : "";
}

/* Any byte of any row of the answer. */
static inline bool
answer_has(const struct answer *got, const char *piece)
{
	for (size_t i = 0; i < got->n; i++) {
		char *all = json_dumps(got->rows[i], JSON_COMPACT);
		bool found = strstr(all, piece) != NULL;

		free(all);
		if (found)
			return true;
	}
	return strstr(got->text, piece) != NULL;
}

/* ---- The audit as it stands on disk ---- */

struct last_audit {
	struct desk *d;
	struct audit_entry last;
	size_t n;
};

static inline int
on_desk_audit(void *ctx, const struct audit_entry *e)
{
	struct last_audit *l = ctx;

	l->last = *e;
	l->n++;
	return 0;
}

static inline struct audit_entry
audit_last(struct desk *d)
{
	const struct filter f = {.newest_first = true, .limit = 1};
	struct last_audit l = {.d = d};

	assert_int_equal(list_audit(store_loop_reader(d->store), &f, d->a, on_desk_audit, &l), 0);
	assert_int_equal(l.n, 1);
	return l.last;
}

static inline size_t
audit_count(struct desk *d)
{
	const struct filter f = {.limit = 1000};
	struct last_audit l = {.d = d};

	assert_int_equal(list_audit(store_loop_reader(d->store), &f, d->a, on_desk_audit, &l), 0);
	return l.n;
}

/* ---- Begin and end ---- */

static inline void
desk_conf(struct desk *d)
{
	const struct conf_sample sample = {.state = d->dir,
					   .keys = d->dir,
					   .migrations = WASL_SOURCE_DIR "/migrations",
					   .centre = "CAS",
					   .lab = true};
	char *path = arena_printf(d->a, "%s/wasl.yaml", d->dir);
	struct buf text;
	FILE *f = fopen(path, "w");

	buf_init_arena(&text, d->a);
	conf_write_sample(&sample, &text);
	assert_non_null(f);
	fputs(text.p, f);
	fclose(f);
	assert_int_equal(conf_load(path, &d->conf, d->err), W_OK);
	assert_int_equal(civil_zone_open(NULL, d->conf->zone, &d->zone), W_OK);
}

static inline struct admin_options
desk_options(struct desk *d)
{
	return (struct admin_options){.loop = d->loop,
				      .store = d->store,
				      .work = d->work,
				      .keys = d->keys,
				      .socket = d->socket,
				      .config_file = d->conf->file,
				      .version = "0.1.0",
				      .keys_dir = d->dir,
				      .state_dir = d->dir,
				      .lab = true,
				      .started_at = NOON - 100,
				      .hooks = &desk_hooks,
				      .hooks_ctx = d};
}

static inline void
desk_open(struct desk *d)
{
	const struct admin_options o = desk_options(d);

	assert_int_equal(admin_new(&o, &d->admin, d->err), W_OK);
	while (!names_ready(d->admin->names))
		loop_once(d->loop, true);
	d->fd = desk_connect(d);
}

static inline int64_t
desk_centre(struct desk *d, const char *code)
{
	struct store_job *job = store_job_new(d->store);
	const struct row_centre row = {store_next(d->store, NEXT_CENTRE), str_of(code)};

	put_centre(job, &row);
	stored(d, job);
	return row.id;
}

static inline int
setup_desk(void **state)
{
	struct desk *d = xcalloc(1, sizeof(*d));

	log_set_level(LOG_ERROR);
	clock_freeze(NOON);
	strcpy(d->dir, "/tmp/wasl-admin-XXXXXX");
	assert_int_equal(privacy_init(), 0);
	assert_non_null(mkdtemp(d->dir));
	snprintf(d->socket, sizeof(d->socket), "%s/wasl.sock", d->dir);
	d->keys = keys_random();
	d->loop = loop_new();
	d->a = arena_new(64 * 1024);
	d->err = err_new();
	d->patience = timer_new(d->loop, on_tired, d);
	desk_conf(d);
	const struct store_options o = {.dir = d->dir,
					.migrations = WASL_SOURCE_DIR "/migrations",
					.keys = d->keys,
					.loop = d->loop};
	assert_int_equal(store_create(d->dir, o.migrations, d->keys, d->err), 0);
	assert_int_equal(store_open(&o, &d->store, d->err), 0);
	assert_int_equal(work_new(d->store, d->keys, d->conf, d->zone, &d->work, d->err), W_OK);
	store_flush(d->store);
	d->centre = work_centre(d->work, "CAS")->id;
	d->other_centre = desk_centre(d, "RBT");
	d->me = desk_staff(d, "mona", (int64_t)getuid(), d->centre, ROLE_CASEWORKER);
	d->colleague = desk_staff(d, "said", (int64_t)getuid() + 1, d->centre, ROLE_CASEWORKER);
	d->stranger =
		desk_staff(d, "rachid", (int64_t)getuid() + 2, d->other_centre, ROLE_CASEWORKER);
	desk_open(d);
	*state = d;
	return 0;
}

static inline void
folder_remove(const char *dir)
{
	DIR *at = opendir(dir);
	const struct dirent *e;
	char path[4096];

	while (at != NULL && (e = readdir(at)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name) >= sizeof(path))
			continue;
		if (unlink(path) != 0)
			folder_remove(path);
	}
	if (at != NULL)
		closedir(at);
	rmdir(dir);
}

static inline int
teardown_desk(void **state)
{
	struct desk *d = *state;

	for (size_t i = 0; i < d->n_replies; i++)
		admin_reply_done(&d->replies[i]);
	if (d->fd >= 0)
		close(d->fd);
	admin_free(d->admin);
	store_close(d->store);
	work_free(d->work);
	civil_zone_free(d->zone);
	conf_free(d->conf);
	timer_free(d->patience);
	loop_free(d->loop);
	keys_free(d->keys);
	arena_free(d->a);
	err_free(d->err);
	folder_remove(d->dir);
	free(d);
	clock_freeze(0);
	return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, setup_desk, teardown_desk)

#endif
