#include "dialogue.h"

#include "base/clock.h"

#include <dirent.h>
#include <ftw.h>
#include <sqlite3.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

#define MENUS      WASL_SOURCE_DIR "/menus"
#define MIGRATIONS WASL_SOURCE_DIR "/migrations"
#define ZONE_FILE  WASL_SOURCE_DIR "/tests/data/casablanca-2026.zi"

/* One centre as the scenario of the week has it, and a second one to tell apart. */
static const char conf_text[] =
	"state: state\nkeys: keys\nzone: Wasl/Casablanca\n"
	"centres:\n"
	"  CAS: {tel: \"0522000000\", office: \"MO-FR 09:00-16:30\", checkin: {day: MO, at: \"10:00\"},\n"
	"    place: {ary: \"المركز\", ary-Latn: \"Lmarkaz\", ar: \"المركز\", fr: \"Centre\"}}\n"
	"  FES: {tel: \"0535000000\", office: \"MO-FR 09:00-16:30\", checkin: {day: TU, at: \"10:00\"}}\n"
	"limits: {answer_ms: 10000}\n"
	"channels:\n"
	"  at-1: {dialect: africastalking, code: \"*000#\", centre: CAS, path_secret_file: x,\n"
	"    settings: {username: sandbox}, secrets: {key_file: x}}\n"
	"  steps-1: {dialect: steps, code: \"*000#\", centre: FES, path_secret_file: x}\n"
	"  small-1: {dialect: steps, code: \"*000#\", centre: FES, path_secret_file: x,\n"
	"    page: {gsm7: 90, ucs2: 50}}\n";

void
give_up(const struct err *err, const char *what)
{
	if (err != NULL)
		err_print(err, stderr);
	fprintf(stderr, "dialogue: %s does not work\n", what);
	exit(2);
}

/* ---- Folders, zone, conf ---- */

static const char *
path_in(const struct dialogue *d, const char *name)
{
	return arena_printf(d->arena, "%s/%s", d->dir, name);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static bool
zic(const char *program, const char *dir)
{
	char *argv[] = {(char *)(uintptr_t) "zic", (char *)(uintptr_t) "-d", (char *)(uintptr_t)dir,
			(char *)(uintptr_t)ZONE_FILE, NULL};
	pid_t child;
	int status;

	return posix_spawnp(&child, program, NULL, NULL, argv, environ) == 0 &&
	       waitpid(child, &status, 0) == child && status == 0;
}

/* The zone of tests/data, so that nothing hangs on the machine's. */
static void
open_zone(struct dialogue *d)
{
	const char *dir = path_in(d, "zone");

	if (!(zic("/usr/sbin/zic", dir) || zic("zic", dir)) ||
	    civil_zone_open(dir, "Wasl/Casablanca", &d->zone) != W_OK)
		give_up(NULL, "zic");
	(void)setenv("TZDIR", dir, 1); /* conf_load looks whether the zone is there */
}

static void
open_conf(struct dialogue *d, struct err *err)
{
	const char *path = path_in(d, "wasl.yaml");
	FILE *f = fopen(path, "wb");

	if (f == NULL || fputs(conf_text, f) < 0 || fclose(f) != 0 ||
	    conf_load(path, &d->conf, err) != W_OK)
		give_up(err, "the configuration");
}

static void
open_channel(struct dialogue *d, size_t i, const char *file, struct err *err)
{
	static const struct channel_setting settings[] = {{"username", STR_LIT("sandbox")}};
	static const struct channel_secret secrets[] = {{"key", {STR_LIT("KEY")}}};
	const struct conf_channel *c = &d->conf->channels[i];
	struct line_in *in = &d->lines_in[i];
	bool shipped = i == 0;
	const struct channel_account account = {
		.name = c->name,
		.centre = c->centre,
		.code = c->code,
		.page = {(uint16_t)c->page_gsm7, (uint16_t)c->page_ucs2},
		.path_secrets = {STR_LIT("0123456789abcdef")},
		.settings = settings,
		.n_settings = shipped,
		.secrets = secrets,
		.n_secrets = shipped,
		.public_url = STR_LIT("https://wasl.example"),
		.file = "wasl.yaml"};

	in->arena = arena_new(0);
	if (dialect_load(file, in->arena, &in->dialect, err) != W_OK ||
	    channel_new(in->dialect, &account, &in->channel, err) != W_OK)
		give_up(err, file);
}

static void
open_menus(struct dialogue *d, struct err *err)
{
	const struct menu_options options = {.lowest = PAGE_LIMIT_DEFAULT};

	if (menu_load(d->menus_dir, &options, &d->menus, err) != W_OK ||
	    remind_load(arena_printf(d->arena, "%s/reminders.yaml", d->menus_dir), d->menus,
			&d->rules, err) != W_OK)
		give_up(err, "the menus");
}

/* ---- The rooms ---- */

static void
on_schedule(void *arg)
{
	struct dialogue *d = arg;

	if (d->remind != NULL)
		remind_wake(d->remind);
}

static void
start_work(struct dialogue *d, struct err *err)
{
	if (work_new(d->store, d->keys, d->conf, d->zone, &d->work, err) != W_OK)
		give_up(err, "work");
	d->work->wake_reminders = on_schedule;
	d->work->wake_arg = d;
}

static void
open_rooms(struct dialogue *d)
{
	struct err *err = err_new();
	const struct store_options o = {.dir = path_in(d, "state"),
					.migrations = MIGRATIONS,
					.keys = d->keys,
					.loop = d->loop};

	if (store_open(&o, &d->store, err) != W_OK)
		give_up(err, "the store");
	start_work(d, err);
	world_settle(d);
	const struct session_options so = {d->loop, d->store, d->work, d->menus};
	if (sessions_new(&so, &d->sessions) != W_OK)
		give_up(err, "sessions");
	const struct remind_options ro = {.loop = d->loop,
					  .store = d->store,
					  .work = d->work,
					  .rules = d->rules,
					  .menus = d->menus};
	d->remind = remind_new(&ro);
	err_free(err);
	world_settle(d);
}

static void
close_rooms(struct dialogue *d)
{
	world_settle(d);
	sessions_free(d->sessions);
	remind_free(d->remind);
	d->sessions = NULL;
	d->remind = NULL;
	store_flush(d->store);
	work_free(d->work);
	store_close(d->store);
	loop_once(d->loop, false);
}

static void
add_staff(struct dialogue *d)
{
	struct store_job *job = store_job_new(d->store);
	const struct row_staff row = {.id = store_next(d->store, NEXT_STAFF),
				      .centre = work_centre(d->work, "CAS")->id,
				      .uid = 1000,
				      .at = clock_now(),
				      .login = STR_LIT("mona"),
				      .name = STR_LIT("Mona"),
				      .roles = ROLE_CASEWORKER,
				      .active = true};

	put_staff(job, &row);
	world_commit(d, job);
	d->staff = row.id;
}

void
world_begin(struct dialogue *d, int64_t now)
{
	struct err *err = err_new();
	const char *tmp = getenv("TMPDIR");

	clock_freeze(now);
	snprintf(d->dir, sizeof(d->dir), "%.40s/wasl-dialogue-XXXXXX", tmp ? tmp : "/tmp");
	if (privacy_init() != W_OK || mkdtemp(d->dir) == NULL ||
	    mkdir(path_in(d, "state"), 0700) != 0)
		give_up(NULL, "a temporary folder");
	d->menus_dir = MENUS;
	open_zone(d);
	open_conf(d, err);
	open_menus(d, err);
	open_channel(d, 0, WASL_SOURCE_DIR "/contrib/dialects/africastalking.yaml", err);
	open_channel(d, 1, WASL_SOURCE_DIR "/tests/dialogues/steps.yaml", err);
	open_channel(d, 2, WASL_SOURCE_DIR "/tests/dialogues/steps.yaml", err);
	d->channel = d->lines_in[0].channel;
	d->centre = "CAS";
	d->keys = keys_random();
	d->loop = loop_new();
	if (store_create(path_in(d, "state"), MIGRATIONS, d->keys, err) != W_OK)
		give_up(err, "the store");
	err_free(err);
	open_rooms(d);
	add_staff(d);
}

void
world_end(struct dialogue *d)
{
	close_rooms(d);
	for (size_t i = 0; i < ARRAY_LEN(d->lines_in); i++) {
		channel_free(d->lines_in[i].channel);
		dialect_free(d->lines_in[i].dialect);
		arena_free(d->lines_in[i].arena);
	}
	remind_rules_free(d->rules);
	menu_drop(d->menus);
	conf_free(d->conf);
	civil_zone_free(d->zone);
	keys_free(d->keys);
	loop_free(d->loop);
	clock_freeze(0);
	(void)nftw(d->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void
world_restart(struct dialogue *d, void (*between)(struct dialogue *d))
{
	close_rooms(d);
	if (between != NULL)
		between(d);
	open_rooms(d);
}

void
world_reload(struct dialogue *d)
{
	struct err *err = err_new();
	struct menu_set *old = d->menus;
	struct remind_rules *old_rules = d->rules;

	open_menus(d, err);
	sessions_reload(d->sessions, d->work, d->menus);
	remind_reload(d->remind, d->work, d->rules, d->menus);
	menu_drop(old);
	remind_rules_free(old_rules);
	err_free(err);
}

static bool
copy_file(const char *from, const char *to, const char *last)
{
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	char bytes[4096];
	size_t n;

	while (in != NULL && out != NULL && (n = fread(bytes, 1, sizeof(bytes), in)) > 0)
		(void)fwrite(bytes, 1, n, out);
	if (out != NULL)
		(void)fputs(last, out);
	if (in != NULL)
		fclose(in);
	return in != NULL && out != NULL && fclose(out) == 0;
}

/* Each copy is a version of its own. */
void
world_copy_menus(struct dialogue *d)
{
	const char *dir = arena_printf(d->arena, "%s/menus-%u", d->dir, ++d->menus_copied);
	const char *last = arena_printf(d->arena, "# copy %u\n", d->menus_copied);
	DIR *shipped = opendir(MENUS);
	const struct dirent *e;

	if (shipped == NULL || mkdir(dir, 0700) != 0)
		give_up(NULL, "a second folder of menus");
	while ((e = readdir(shipped)) != NULL) {
		const char *end = strrchr(e->d_name, '.');

		if (end != NULL && strcmp(end, ".yaml") == 0 &&
		    !copy_file(arena_printf(d->arena, "%s/%s", MENUS, e->d_name),
			       arena_printf(d->arena, "%s/%s", dir, e->d_name), last))
			give_up(NULL, "a copy of the menus");
	}
	closedir(shipped);
	d->menus_dir = dir;
}

void
world_other_menus(struct dialogue *d)
{
	world_copy_menus(d);
	menu_drop(d->menus);
	remind_rules_free(d->rules);
	struct err *err = err_new();
	open_menus(d, err);
	err_free(err);
}

/* ---- Somebody else at the database ---- */

struct world_lock *
world_lock(struct dialogue *d)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(path_in(d, "state/wasl.db"), &db) != SQLITE_OK ||
	    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		give_up(NULL, "a second writer");
	return (struct world_lock *)(void *)db;
}

void
world_unlock(struct world_lock *lock)
{
	sqlite3 *db = (sqlite3 *)(void *)lock;

	(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	(void)sqlite3_close(db);
}

/* ---- Time ---- */

void
world_settle(struct dialogue *d)
{
	for (int i = 0; i < 12; i++) {
		store_flush(d->store);
		loop_once(d->loop, false);
	}
}

static void
on_committed(void *arg, int rc)
{
	int *code = arg;

	*code = rc == W_OK ? 1 : rc;
}

void
world_commit(struct dialogue *d, struct store_job *job)
{
	int code = 0;

	store_submit(d->store, job, on_committed, &code);
	while (code == 0) {
		store_flush(d->store);
		loop_once(d->loop, false);
	}
	if (code != 1) {
		complain(d, "this cannot be stored: %s", w_err_word(code));
		exit(1);
	}
	on_schedule(d);
	world_settle(d);
}

void
world_wait_until(struct dialogue *d, int64_t at)
{
	for (int64_t next; (next = remind_next_look(d->remind)) <= at;) {
		clock_freeze(next > clock_now() ? next : clock_now());
		remind_wake(d->remind);
		world_settle(d);
		if (remind_next_look(d->remind) <= next)
			break; /* looked, and left as it is */
	}
	clock_freeze(at);
	remind_wake(d->remind);
	world_settle(d);
}
