#include "daemon/daemon_int.h"
#include "daemon/daemon_sandbox.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { SWEEP_MS = 1000, STOP_WAIT_MS = 10000, STOP_LOOK_MS = 50 };

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

void
daemon_free_old(struct daemon *d, bool now)
{
	if (!now && (!sessions_idle(d->sessions) || outbox_in_flight(d->outbox) > 0))
		return;
	while (d->leaving != NULL) {
		struct set *s = d->leaving;

		d->leaving = s->next;
		set_free(s);
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

static void
warn_if_restart(const struct set *old, const struct set *new, struct err *err)
{
	const struct {
		const char *name, *before, *after;
	} fixed[] = {
		{"state", old->conf->state, new->conf->state},
		{"keys", old->conf->keys, new->conf->keys},
		{"socket", old->conf->socket, new->conf->socket},
		{"zone", old->conf->zone, new->conf->zone},
		{"metrics", old->conf->metrics.text, new->conf->metrics.text},
		{"listen", old->conf->listen.v[0].text, new->conf->listen.v[0].text},
	};

	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		if (strcmp(fixed[i].before, fixed[i].after) != 0)
			err_warn(err, new->conf->file, 0, 0,
				 "%s changed: that takes a restart; the rest is in force now",
				 fixed[i].name);
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
	old->next = d->leaving;
	d->leaving = old;
	if (d->sweeper == NULL)
		d->sweeper = timer_new(d->loop, on_sweep, d);
	timer_set(d->sweeper, SWEEP_MS);
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
	warn_if_restart(d->set, new, err);
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

static bool
hook_channel_on(void *ctx, struct str name)
{
	return set_channel(((struct daemon *)ctx)->set, name) != NULL;
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
	.channel_on = hook_channel_on,
	.sandbox = hook_sandbox,
	.stop = hook_stop,
};
