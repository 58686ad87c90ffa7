#include "daemon/daemon_int.h"
#include "daemon/daemon_sandbox.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { SWEEP_MS = 500, STOP_WAIT_MS = 10000, STOP_LOOK_MS = 50 };

struct routes *
daemon_routes(struct daemon *d, const struct set *s)
{
	struct route_channel *channels = xcalloc(s->n_lines, sizeof(*channels));
	struct route_options o = {.channels = channels,
				  .limits = &s->conf->limits,
				  .sessions = d->sessions,
				  .outbox = d->outbox,
				  .work = s->work,
				  .store = d->store,
				  .keys = d->keys};

	for (size_t i = 0; i < s->n_lines; i++)
		if (s->lines[i].channel != NULL)
			channels[o.n_channels++] =
				(struct route_channel){s->lines[i].channel, s->lines[i].conf};
	struct routes *r = routes_new(&o);
	free(channels);
	return r;
}

/* ---- Old sets ---- */

/* Calls and messages that began before it was swapped out have ended. */
static bool
is_left_alone(const struct daemon *d, const struct set *s)
{
	return sessions_busy_since(d->sessions) > s->left_ms && routes_under_way(s->routes) == 0 &&
	       outbox_in_flight(d->outbox) == 0;
}

static void
free_old(const struct daemon *d, struct set *s)
{
	if (s->conf == d->started)
		(void)set_free_but_conf(s);
	else
		set_free(s);
}

void
daemon_free_old(struct daemon *d, bool now)
{
	struct set **at = &d->leaving;

	while (*at != NULL) {
		struct set *s = *at;

		if (!now && !is_left_alone(d, s)) {
			at = &s->next;
			continue;
		}
		*at = s->next;
		free_old(d, s);
	}
}

static void
on_sweep(void *arg)
{
	struct daemon *d = arg;

	daemon_free_old(d, false);
	if (d->leaving != NULL)
		timer_set(d->sweeper, SWEEP_MS);
	else {
		timer_free(d->sweeper);
		d->sweeper = NULL;
	}
}

/* ---- Reload ---- */

/* Keys that rooms were opened with: doors, store, keys, zone. */
static const char *const fixed[] = {
	"state",
	"keys",
	"socket",
	"migrations",
	"listen",
	"metrics",
	"proxies",
	"zone",
	"ballast",
	"limits.connections",
	"limits.connections_reserved",
	"limits.connections_per_address",
	"limits.requests_per_connection",
	"limits.headers_bytes",
	"limits.headers",
	"limits.body",
	"limits.header_time",
	"limits.request_time",
	"limits.reply_time",
	"limits.idle_time",
	"limits.group_commit_max",
};

/* The values of the fixed keys, in their order. */
struct fixed_values {
	const char *text[ARRAY_LEN(fixed)];
	uint32_t line[ARRAY_LEN(fixed)];
};

static bool
on_value(void *ctx, const struct conf_value *v)
{
	struct fixed_values *values = ctx;

	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		if (strcmp(v->name, fixed[i]) == 0) {
			values->text[i] = v->text;
			values->line[i] = v->line;
		}
	return true;
}

static bool
same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Against what the gateway was started with: a change stays to be said until it is in force. */
static void
warn_if_restart(const struct conf *started, const struct conf *new, struct err *err)
{
	struct fixed_values before = {.text = {NULL}}, after = {.text = {NULL}};

	conf_walk(started, on_value, &before);
	conf_walk(new, on_value, &after);
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		if (!same_text(before.text[i], after.text[i]))
			err_warn(err, new->file, after.line[i], 0,
				 "%s changed: that takes a restart; the rest is in force now",
				 fixed[i]);
}

void
daemon_set_log(const struct set *s)
{
	log_set_level((enum log_level)s->conf->log); /* the words stand in the same order */
}

static void
swap(struct daemon *d, struct set *new)
{
	struct set *old = d->set;

	new->work->wake_reminders = old->work->wake_reminders;
	new->work->wake_arg = old->work->wake_arg;
	d->set = new;
	sessions_reload(d->sessions, new->work, new->menus);
	remind_reload(d->remind, new->work, new->rules, new->menus);
	outbox_reload(d->outbox, new->work, new->rules);
	admin_reload(d->admin, new->work);
	d->routes = new->routes;
	daemon_set_log(new);
	old->left_ms = clock_mono_ms();
	old->next = d->leaving;
	d->leaving = old;
	if (d->sweeper == NULL) {
		d->sweeper = timer_new(d->loop, on_sweep, d);
		timer_set(d->sweeper, SWEEP_MS);
	}
}

int
daemon_reload(struct daemon *d, struct err *err)
{
	struct set *new = NULL;
	int rc = set_load(d->config_file, d->lab, true, &new, err);

	if (rc == W_OK)
		rc = work_new(d->store, d->keys, new->conf, d->zone, &new->work, err);
	if (rc != W_OK) {
		set_free(new);
		log_error("reload refused faults=%zu: what ran before runs on", err_errors(err));
		return rc;
	}
	new->routes = daemon_routes(d, new);
	warn_if_restart(d->started, new->conf, err);
	swap(d, new);
	log_info("reloaded menus=%.8s", menu_version(new->menus));
	return W_OK;
}

/* ---- An orderly end: nothing new, what is owed is answered, then out ---- */

static void
on_stop_look(void *arg)
{
	struct daemon *d = arg;
	static int64_t until;

	if (until == 0)
		until = clock_mono_ms() + STOP_WAIT_MS;
	bool quiet = http_front_connections(d->front) == 0 && sessions_idle(d->sessions) &&
		     outbox_in_flight(d->outbox) == 0;
	if (quiet || clock_mono_ms() > until)
		loop_stop(d->loop);
	else
		timer_set(d->stopper, STOP_LOOK_MS);
}

void
daemon_stop(struct daemon *d)
{
	if (d->stopping) {
		loop_stop(d->loop);
		return;
	}
	d->stopping = true;
	log_info("stopping");
	outbox_stop(d->outbox);
	http_front_drain(d->front);
	d->stopper = timer_new(d->loop, on_stop_look, d);
	timer_set(d->stopper, 0);
}

/* ---- What the command line may ask of the whole ---- */

static int
hook_reload(void *ctx, struct err *err)
{
	return daemon_reload(ctx, err);
}

static void
on_shift_stored(void *arg, int rc)
{
	(void)arg;
	if (rc != W_OK)
		log_error("the clock's setting was not kept: %s", w_err_word(rc));
}

static int
hook_set_clock(void *ctx, int64_t at)
{
	struct daemon *d = ctx;
	int64_t shift = clock_shift() + (at - clock_now());

	if (!d->lab)
		return W_EDENIED;
	int rc = clock_set_shift(shift);
	if (rc != W_OK)
		return rc;
	struct store_job *job = store_job_new(d->store);
	put_setting(job, STR_LIT("clock_shift"),
		    str_of(arena_printf(store_job_arena(job), "%" PRId64, shift)));
	store_submit(d->store, job, on_shift_stored, NULL);
	remind_wake(d->remind);
	outbox_wake(d->outbox);
	return W_OK;
}

static const struct line *
phone_line_of(const struct set *s, struct str name)
{
	for (size_t i = 0; i < s->n_lines; i++)
		if (s->lines[i].channel != NULL &&
		    (name.n == 0 || str_is(name, s->lines[i].conf->name)))
			return &s->lines[i];
	return NULL;
}

/* A lab's phone calls the gateway itself, whatever proxy the public address names. */
static struct str
local_address(const struct daemon *d, const struct channel *ch, struct arena *a)
{
	const struct conf_listens *listen = &d->set->conf->listen;
	struct str whole = channel_address(ch, CHANNEL_USSD, a), path = whole;

	while (path.n > 0 && !str_starts(path, STR_LIT("/c/")))
		path = str_after(path, 1);
	for (size_t i = 0; i < listen->n; i++) {
		const struct conf_listen *l = &listen->v[i];
		struct str host = str_of(l->text);

		if (l->family == AF_UNIX)
			continue;
		while (host.n > 0 && host.p[host.n - 1] != ':')
			host.n--;
		return str_of(arena_printf(a, "http://%.*s%u%.*s", STR_ARG(host),
					   http_front_port(d->front, i), STR_ARG(path)));
	}
	return whole;
}

static int
hook_phone_line(void *ctx, struct str name, struct arena *a, struct str *address, struct str *code,
		struct str *dialect_file, struct str *channel)
{
	struct daemon *d = ctx;
	const struct line *l = phone_line_of(d->set, name);

	if (!d->lab)
		return W_EDENIED;
	if (l == NULL)
		return W_ENOENT;
	const struct conf *c = d->set->conf;
	*address = local_address(d, l->channel, a);
	*code = str_of(channel_code(l->channel));
	*channel = str_of(l->conf->name);
	*dialect_file = str_of(arena_printf(a, "%s/%s.yaml",
					    set_folder(c->dialects, WASL_DATADIR "/dialects"),
					    l->conf->dialect));
	return W_OK;
}

static void
hook_channel(void *ctx, struct str name, struct admin_channel *out)
{
	const struct set *s = ((struct daemon *)ctx)->set;

	for (size_t i = 0; i < s->n_lines; i++)
		if (str_is(name, s->lines[i].conf->name))
			*out = (struct admin_channel){s->lines[i].channel, s->lines[i].dialect,
						      s->lines[i].why};
}

static const char *
hook_sandbox(void *ctx, bool *whole)
{
	(void)ctx;
	*whole = sandbox_whole();
	return sandbox_state();
}

static void
hook_stop(void *ctx)
{
	daemon_stop(ctx);
}

const struct admin_hooks daemon_hooks = {
	.reload = hook_reload,
	.set_clock = hook_set_clock,
	.phone_line = hook_phone_line,
	.channel = hook_channel,
	.sandbox = hook_sandbox,
	.stop = hook_stop,
};
