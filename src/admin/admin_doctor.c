/*
 * One row for each thing that has gone wrong somewhere before: zone data, the
 * libraries, keys and their place, disk, clock, channels, backlog.
 */
#include "admin/admin_int.h"

#include <errno.h>
#include <event2/event.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum { MIB = 1024 * 1024, WAL_MIB_MAX = 64, DISK_MIB_LOW = 512, MLOCK_KIB_LOW = 64 };

static const char *const names[3] = {"check", "state", "text"};

static void PRINTF_LIKE(4, 5)
	say(struct ask *c, const char *check, const char *state, const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	page_add_three(c, names, check, state, text);
}

static void
check_zone(struct ask *c)
{
	static const struct {
		const char *state, *text;
	} verdicts[] = {
		[ZONE_GOOD] = {"ok", "knows that Morocco is at UTC since 20 September 2026"},
		[ZONE_STALE] = {"FAIL", "too old: Morocco is at UTC since 20 September 2026; "
					"install the new tzdata and restart"},
		[ZONE_WRONG] = {"FAIL", "this is not Morocco's time"},
	};
	const char *zone = civil_zone_name(c->zone);

	if (strcmp(zone, "Africa/Casablanca") != 0 && strcmp(zone, "Africa/El_Aaiun") != 0) {
		say(c, "time zone data", "warn", "%s: not checked, only Morocco's is", zone);
		return;
	}
	enum zone_health health = civil_zone_health(c->zone);
	say(c, "time zone data", verdicts[health].state, "%s: %s", zone, verdicts[health].text);
}

static void
check_libraries(struct ask *c)
{
	bool fixed = event_get_version_number() >= 0x02010d00;

	say(c, "sqlite", "warn",
	    "many versions have the WAL-reset bug, which needs two writing connections; here "
	    "only one writes: no Litestream, no sqlite3 shell on live files");
	say(c, "libevent", fixed ? "ok" : "warn", "%s%s", event_get_version(),
	    fixed ? "" : ": keep your distribution's security updates on, the plain one has holes");
}

static void
check_store(struct ask *c)
{
	struct store_status s;

	store_status(c->a->o.store, &s);
	say(c, "schema", "ok", "wasl.db %d, keys.db %d", s.schema, s.keys_schema);
	say(c, "WAL", s.wal_bytes > (int64_t)WAL_MIB_MAX * MIB ? "warn" : "ok",
	    "%" PRId64 " KiB wait to go into the database", s.wal_bytes / 1024);
	if (s.degraded)
		say(c, "disk", "FAIL", "full: only the busy page is answered, nothing is sent");
}

static void
check_disk(struct ask *c)
{
	struct statvfs fs;

	if (statvfs(c->a->o.state_dir, &fs) != 0) {
		say(c, "disk space", "FAIL", "cannot be asked: %s", strerror(errno));
		return;
	}
	uint64_t free_mib = (uint64_t)fs.f_bavail * fs.f_frsize / MIB;
	say(c, "disk space", free_mib < DISK_MIB_LOW ? "warn" : "ok", "%" PRIu64 " MiB free",
	    free_mib);
}

/* ---- Keys ---- */

static void
check_key_place(struct ask *c)
{
	char *keys = realpath(c->a->o.keys_dir, NULL), *state = realpath(c->a->o.state_dir, NULL);
	size_t n = state ? strlen(state) : 0;
	bool inside = keys && state && strncmp(keys, state, n) == 0 &&
		      (keys[n] == '/' || keys[n] == '\0');

	say(c, "keys folder", inside ? "warn" : "ok",
	    inside ? "lies beside the data: whoever copies one has both"
		   : "not in the state directory");
	free(keys);
	free(state);
}

static void
check_key_file(struct ask *c, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", c->a->o.keys_dir, name) >= sizeof(path) ||
	    stat(path, &st) != 0)
		say(c, name, "warn", "not there any more; the next start needs it");
	else if (st.st_mode & (S_IRWXO | S_IWGRP))
		say(c, name, "FAIL", "mode %04o: others can read or change it",
		    (unsigned)st.st_mode & 07777);
	else
		say(c, name, "ok", "mode %04o", (unsigned)st.st_mode & 07777);
}

static void
check_keys(struct ask *c)
{
	static const char *const files[] = {"master.key", "index.key", "audit.key"};

	if (c->a->o.keys_dir == NULL || c->a->o.keys_dir[0] == '\0')
		return;
	check_key_place(c);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		check_key_file(c, files[i]);
}

/* ---- The process ---- */

static void
check_process(struct ask *c)
{
	struct rlimit core = {0}, locked = {0};
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	(void)getrlimit(RLIMIT_CORE, &core);
	(void)getrlimit(RLIMIT_MEMLOCK, &locked);
	say(c, "core dumps", core.rlim_cur == 0 ? "ok" : "warn",
	    core.rlim_cur == 0 ? "off" : "allowed: a crash could write what is in memory to disk");
	say(c, "locked memory", locked.rlim_cur < MLOCK_KIB_LOW * 1024 ? "warn" : "ok",
	    locked.rlim_cur < MLOCK_KIB_LOW * 1024 ? "too little: keys could be swapped to disk"
						   : "keys stay out of swap");
	say(c, "locale", utf8 ? "ok" : "warn",
	    utf8 ? "C.UTF-8 is there" : "C.UTF-8 is missing: terminals will not show Arabic");
	if (utf8)
		freelocale(utf8);
	say(c, "lab", c->a->o.lab ? "warn" : "ok",
	    c->a->o.lab ? "a lab: no real people here" : "no");
}

static void
check_clock(struct ask *c)
{
	if (c->a->o.guard == NULL)
		return;
	enum remind_clock clock = remind_guard_look(c->a->o.guard);

	say(c, "clock", clock == REMIND_CLOCK_GOOD ? "ok" : "FAIL", "%s%s",
	    remind_clock_word(clock),
	    clock == REMIND_CLOCK_GOOD ? "" : ": nothing is sent until it is right");
}

/* ---- The way out ---- */

static void
check_channels(struct ask *c)
{
	const struct conf *conf = c->a->o.work->conf;

	if (conf->n_channels == 0)
		say(c, "channels", "warn", "none in %s", conf->file);
	if (c->a->o.outbox == NULL)
		return;
	const char *paused = outbox_paused(c->a->o.outbox);
	say(c, "sending", paused ? "FAIL" : "ok", "%s", paused ? paused : "goes on");
	for (size_t i = 0; i < conf->n_channels; i++) {
		const char *name = conf->channels[i].name;
		const char *stopped = admin_channel_stopped(c->a, name);

		say(c, arena_printf(c->page.arena, "channel %s", name), stopped ? "FAIL" : "ok",
		    "%s", stopped ? stopped : "not stopped");
	}
}

static void
check_backlog(struct ask *c)
{
	const struct backlog *b = c->extra;

	say(c, "queue", b->queued >= ADMIN_PAGE_ROWS ? "warn" : "ok", "%zu%s queued, %zu held",
	    b->queued, b->queued >= ADMIN_PAGE_ROWS ? " or more" : "", b->held);
	say(c, "uncertain messages", b->uncertain ? "warn" : "ok", "%zu%s", b->uncertain,
	    b->uncertain ? ": wasl outbox list --state uncertain, then wasl outbox resolve" : "");
}

static void
check_sandbox(struct ask *c)
{
	const struct admin_hooks *hooks = c->a->o.hooks;
	bool whole = false;

	if (hooks == NULL || hooks->sandbox == NULL)
		return;
	const char *state = hooks->sandbox(c->a->o.hooks_ctx, &whole);
	say(c, "sandbox", whole ? "ok" : "warn", "%s", state);
}

static void (*const checks[])(struct ask *) = {
	check_zone,    check_libraries, check_store,    check_disk,    check_keys,
	check_process, check_clock,     check_channels, check_backlog, check_sandbox,
};

static void
read_doctor(struct store_reader *r, struct ask *c)
{
	backlog_read(r, c->scan, c->extra);
}

static void
doctor_page(struct ask *c)
{
	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		checks[i](c);
}

void
verb_doctor(struct ask *c)
{
	c->extra = ARENA_NEW(c->arena, struct backlog);
	c->on_read = doctor_page;
	ask_read(c, read_doctor);
}
