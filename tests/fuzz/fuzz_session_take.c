/*
 * What an aggregator sends about a number, against the real sessions and a real
 * store: the first byte says who calls and how, then each line is something that
 * happens. Every request has exactly one answer, every page fits, and the same
 * request again gets the same bytes, also after a restart.
 *
 * A line is what is typed now, or begins with one of: = the last request again,
 * # a whole path of any form, ! the notice of an end, > a new session, ^ another
 * number with the same session id, @ a restart, ~ minutes that pass.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "session/session.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	BEGIN_AT = 1795429200,
	DAY_S = 86400,
	REPEAT_S = 1800,
	LINES = 24,
	WORLD_INPUTS = 500, /* then a new store, so that it stays small */
	DIR_BYTES = 64,
};

static const char conf_text[] =
	"state: state\nkeys: keys\nzone: Etc/UTC\n"
	"centres:\n  CAS: {tel: \"0522000000\", office: \"MO-FR 09:00-16:30\", checkin: {day: MO, "
	"at: \"10:00\"}}\n"
	"limits: {answer_ms: 10000}\n"
	"channels:\n  at-1: {dialect: africastalking, code: \"*000#\", centre: CAS, "
	"path_secret_file: x, settings: {username: u}, secrets: {key_file: x}}\n";

struct room {
	char dir[DIR_BYTES];
	struct arena *arena; /* of the channel and its dialect */
	struct menu_set *menus;
	struct conf *conf;
	struct zone *zone;
	struct channel *channel;
	struct keys *keys;
	struct loop *loop;
	struct store *store;
	struct work *work;
	struct sessions *sessions;
	int64_t staff;
	unsigned inputs;
};

static struct room room;

/* ---- The world ---- */

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static void
remove_dir(void)
{
	if (room.dir[0] != '\0')
		(void)nftw(room.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *
path_in(const char *name, char path[2 * DIR_BYTES])
{
	snprintf(path, 2 * DIR_BYTES, "%s/%s", room.dir, name);
	return path;
}

/* In memory where the machine has such a folder. */
static void
make_dir(void)
{
	char state[2 * DIR_BYTES];
	bool shm = access("/dev/shm", F_OK) == 0;

	snprintf(room.dir, sizeof(room.dir), "%s/wasl-fuzz-XXXXXX", shm ? "/dev/shm" : "/tmp");
	CHECK(mkdtemp(room.dir) != NULL && mkdir(path_in("state", state), 0700) == 0);
}

static void
open_files(struct err *err)
{
	static const struct channel_setting setting = {"username", STR_LIT("u")};
	static const struct channel_secret secret = {"key", {STR_LIT("KEY")}};
	const struct channel_account account = {.name = "at-1",
						.centre = "CAS",
						.code = "*000#",
						.path_secrets = {STR_LIT("0123456789abcdef")},
						.settings = &setting,
						.n_settings = 1,
						.secrets = &secret,
						.n_secrets = 1,
						.public_url = STR_LIT("https://wasl.example"),
						.file = "wasl.yaml"};
	struct dialect *d;
	char path[2 * DIR_BYTES];
	FILE *f = fopen(path_in("wasl.yaml", path), "wb");

	CHECK(f != NULL && fputs(conf_text, f) >= 0 && fclose(f) == 0);
	CHECK(conf_load(path, &room.conf, err) == W_OK);
	CHECK(menu_load(WASL_SOURCE_DIR "/menus", NULL, &room.menus, err) == W_OK);
	CHECK(civil_zone_open(NULL, "Etc/UTC", &room.zone) == W_OK);
	room.arena = arena_new(0);
	CHECK(dialect_load(WASL_SOURCE_DIR "/contrib/dialects/africastalking.yaml", room.arena, &d,
			   err) == W_OK);
	CHECK(channel_new(d, &account, &room.channel, err) == W_OK);
	room.keys = keys_random();
	room.loop = loop_new();
}

static void
open_sessions(void)
{
	const struct session_options o = {room.loop, room.store, room.work, room.menus};

	CHECK(sessions_new(&o, &room.sessions) == W_OK);
}

static void
on_committed(void *arg, int rc)
{
	CHECK(rc == W_OK);
	*(bool *)arg = true;
}

static void
commit(struct store_job *job)
{
	bool done = false;

	store_submit(room.store, job, on_committed, &done);
	while (!done)
		loop_once(room.loop, true);
}

static void
add_staff(void)
{
	struct store_job *job = store_job_new(room.store);
	const struct row_staff row = {.id = store_next(room.store, NEXT_STAFF),
				      .centre = work_centre(room.work, "CAS")->id,
				      .uid = 1000,
				      .at = clock_now(),
				      .login = STR_LIT("mona"),
				      .name = STR_LIT("Mona"),
				      .roles = ROLE_CASEWORKER,
				      .active = true};

	put_staff(job, &row);
	commit(job);
	room.staff = row.id;
}

static void
open_store(struct err *err)
{
	char state[2 * DIR_BYTES];
	const struct store_options o = {.dir = path_in("state", state),
					.migrations = WASL_SOURCE_DIR "/migrations",
					.keys = room.keys,
					.loop = room.loop};

	CHECK(store_create(state, o.migrations, room.keys, err) == W_OK);
	CHECK(store_open(&o, &room.store, err) == W_OK);
	CHECK(work_new(room.store, room.keys, room.conf, room.zone, &room.work, err) == W_OK);
	store_flush(room.store);
	loop_once(room.loop, false);
	add_staff();
	open_sessions();
}

static void
settle(void)
{
	while (!sessions_idle(room.sessions))
		loop_once(room.loop, true);
}

static void
close_store(void)
{
	settle();
	sessions_free(room.sessions);
	store_flush(room.store);
	work_free(room.work);
	store_close(room.store);
	loop_once(room.loop, false);
	remove_dir();
}

static void
open_world(void)
{
	struct err *err = err_new();

	if (room.loop == NULL) {
		log_set_level(LOG_ERROR);
		CHECK(privacy_init() == W_OK && atexit(remove_dir) == 0);
		make_dir();
		open_files(err);
		open_store(err);
	} else if (++room.inputs % WORLD_INPUTS == 0) {
		close_store();
		make_dir();
		open_store(err);
	}
	/* A day of its own for each input: no lock and no brake of an earlier one is left. */
	clock_freeze(BEGIN_AT + (int64_t)(room.inputs % WORLD_INPUTS) * DAY_S);
	err_free(err);
}

static void
enrol(const struct phone *phone, bool shared)
{
	const int64_t centre = work_centre(room.work, "CAS")->id;
	const struct work_actor actor = {
		.source = "staff", .lang = STR_LIT("ary"), .centre = centre, .now = clock_now()};
	const struct work_new_person in = {.centre = centre,
					   .caseworker = room.staff,
					   .by_staff = room.staff,
					   .now = actor.now,
					   .name_ar = STR_LIT("نادية"),
					   .name_la = STR_LIT("Nadia"),
					   .lang = STR_LIT("fr")};
	struct effects list = {.n = 0};
	struct work_added added;
	struct store_job *job = store_job_new(room.store);

	CHECK(work_person_add(room.work, job, &in, &added) == W_OK);
	commit(job);
	struct effect *e = effect_add(&list, EFFECT_LINK, added.person);
	e->link = added.link;
	e->has_phone = true;
	e->phone = *phone;
	const struct digest code = digest_of(room.keys, DIGEST_CODE, str_of(added.code.digits));
	CHECK(read_code(store_loop_reader(room.store), &code, &e->code) == W_OK);
	e = effect_add(&list, EFFECT_SHARING, added.person);
	e->link = added.link;
	e->word = shared ? STR_LIT("shared") : STR_LIT("own");
	effect_add(&list, EFFECT_CONSENT, added.person)->word = STR_LIT("given");
	job = store_job_new(room.store);
	CHECK(work_apply(room.work, job, &list, &actor) == W_OK);
	commit(job);
}

/* ---- The phone ---- */

struct answer {
	enum session_answer_kind kind;
	struct str page;
	bool go_on, given;
	struct arena *arena;
};

struct caller {
	struct arena *arena;
	struct phone phone;
	bool last_style;
	unsigned session, turn;
	struct buf path;
	struct channel_event ev; /* the last request */
	struct answer said;      /* and what it got */
	int64_t said_at;
};

static void
on_answer(void *arg, const struct session_answer *got)
{
	struct answer *a = arg;

	CHECK(!a->given);
	a->given = true;
	a->kind = got->kind;
	a->go_on = got->go_on;
	a->page = arena_str(a->arena, got->page);
}

static struct answer
send(const struct caller *c, const struct channel_event *ev)
{
	struct answer a = {.arena = c->arena};

	session_take(room.sessions, room.channel, ev, on_answer, &a);
	while (!a.given)
		loop_once(room.loop, true);
	settle();
	if (a.kind == ANSWER_PAGE)
		CHECK(a.page.n > 0 && ussd_fits(a.page, channel_page_limit(room.channel)));
	return a;
}

static struct channel_event
event_of(const struct caller *c, enum channel_move move)
{
	return (struct channel_event){.kind = CHANNEL_USSD,
				      .session = str_of(arena_printf(c->arena, "s%u", c->session)),
				      .has_msisdn = true,
				      .msisdn_ok = true,
				      .msisdn = c->phone,
				      .move = move,
				      .cumulative = !c->last_style,
				      .separator = STR_LIT("*"),
				      .stray_begins = true};
}

static void
request(struct caller *c, struct str input, enum channel_move move)
{
	c->ev = event_of(c, move);
	c->ev.input = secret_of(arena_str(c->arena, input));
	if (c->last_style && c->turn > 0)
		c->ev.turn = str_of(arena_printf(c->arena, "%u", c->turn));
	c->turn++;
	int64_t busy = metric_get(METRIC_USSD_BUSY);
	c->said = send(c, &c->ev);
	/* The busy page, on a machine that was slow, promises nothing. */
	c->said.given = busy == metric_get(METRIC_USSD_BUSY);
	c->said_at = clock_now();
}

static void
type(struct caller *c, struct str text)
{
	if (c->last_style) {
		request(c, text, c->turn == 0 ? MOVE_BEGIN : MOVE_CONTINUE);
		return;
	}
	if (c->path.n > 0)
		buf_addc(&c->path, '*');
	buf_add_str(&c->path, text);
	request(c, buf_str(&c->path), MOVE_AUTO);
}

/* Within the time repeats are kept, what was stored comes again, byte for byte. */
static void
again(struct caller *c, struct str rest)
{
	(void)rest;
	if (!c->said.given || clock_now() > c->said_at + REPEAT_S)
		return;
	int64_t busy = metric_get(METRIC_USSD_BUSY);
	struct answer a = send(c, &c->ev);
	if (busy != metric_get(METRIC_USSD_BUSY))
		return;
	CHECK(a.kind == c->said.kind && a.go_on == c->said.go_on);
	CHECK(str_eq(a.page, c->said.page));
}

static void
raw_path(struct caller *c, struct str path)
{
	if (path.n <= 4096)
		request(c, path, MOVE_AUTO);
}

static void
end_notice(struct caller *c, struct str rest)
{
	static const enum channel_move moves[] = {MOVE_END, MOVE_ABORT, MOVE_TIMEOUT, MOVE_ERROR};
	struct channel_event ev =
		event_of(c, moves[rest.n > 0 ? (uint8_t)rest.p[0] % ARRAY_LEN(moves) : 0]);

	ev.kind = CHANNEL_USSD_END;
	CHECK(send(c, &ev).kind == ANSWER_ACK);
}

static void
new_session(struct caller *c, struct str rest)
{
	(void)rest;
	c->session++;
	c->turn = 0;
	c->said.given = false;
	buf_cut(&c->path, 0);
}

static void
other_number(struct caller *c, struct str rest)
{
	char number[16];

	snprintf(number, sizeof(number), "+2127%08u", room.inputs);
	CHECK(phone_parse(str_of(number), &c->phone) == PHONE_OK);
	new_session(c, rest);
	c->session--;
}

static void
restart(struct caller *c, struct str rest)
{
	(void)c;
	(void)rest;
	settle();
	sessions_free(room.sessions);
	store_flush(room.store);
	loop_once(room.loop, false);
	open_sessions();
}

static void
time_passes(struct caller *c, struct str rest)
{
	int64_t minutes;

	(void)c;
	if (str_to_int(rest, &minutes) && minutes > 0 && minutes < 600)
		clock_freeze(clock_now() + minutes * 60);
}

static void
one_line(struct caller *c, struct str line)
{
	static const struct {
		char sign;
		void (*happens)(struct caller *c, struct str rest);
	} signs[] = {{'=', again},        {'#', raw_path}, {'!', end_notice}, {'>', new_session},
		     {'^', other_number}, {'@', restart},  {'~', time_passes}};

	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		if (line.n > 0 && line.p[0] == signs[i].sign) {
			signs[i].happens(c, str_after(line, 1));
			return;
		}
	}
	type(c, line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *a;
	struct str rest = str_after((struct str){(const char *)data, size}, 1);
	const uint8_t who = size > 0 ? data[0] : 0;
	struct caller c = {.last_style = who & 4};
	char number[16];

	open_world();
	if (a == NULL)
		a = arena_new(1 << 16);
	arena_reset(a);
	c.arena = a;
	buf_init_arena(&c.path, a);
	snprintf(number, sizeof(number), "+2126%08u", room.inputs);
	CHECK(phone_parse(str_of(number), &c.phone) == PHONE_OK);
	if (who & 1)
		enrol(&c.phone, who & 2);
	type(&c, STR_NONE);
	for (int i = 0; rest.n > 0 && i < LINES; i++)
		one_line(&c, str_cut(&rest, '\n'));
	return 0;
}
