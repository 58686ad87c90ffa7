#include "daemon/daemon_int.h"
#include "daemon/daemon_sandbox.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* ---- The process ---- */

static int
start_process(struct daemon *d, struct err *err)
{
	const struct rlimit none = {0, 0};

	(void)err;
	/* Numbers and keys in memory must not reach a core file. */
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0);
	umask(077);
	thread_is(THREAD_LOOP);
	d->loop = loop_new();
	return W_OK;
}

static void
stop_process(struct daemon *d)
{
	loop_free(d->loop);
	d->loop = NULL;
}

/* ---- Files ---- */

static void
report_off(const struct set *s)
{
	for (size_t i = 0; i < s->n_lines; i++)
		if (s->lines[i].channel == NULL)
			log_error("channel %s stays off: its dialect, settings or secrets are "
				  "faulty (wasld --check says where)",
				  s->lines[i].conf->name);
}

static int
start_files(struct daemon *d, struct err *err)
{
	/* The lab mark is in the base, which is not open yet; only secret files' modes hang on it,
	 * so they are read strictly first and again in the lab. */
	struct err *strict = err_new();
	int rc = set_load(d->config_file, true, false, &d->set, strict);

	for (size_t i = 0; i < err_count(strict); i++) {
		const struct err_fault *f = err_at(strict, i);

		if (f->kind == ERR_ERROR)
			err_add(err, f->file, f->line, f->col, "%s", f->text);
		else
			err_warn(err, f->file, f->line, f->col, "%s", f->text);
	}
	err_free(strict);
	if (rc != W_OK)
		return rc;
	report_off(d->set);
	d->started = d->set->conf;
	daemon_set_log(d->set);
	return W_OK;
}

static void
stop_files(struct daemon *d)
{
	daemon_free_old(d, true);
	if (d->set == NULL || d->set->conf != d->started)
		conf_free(d->started);
	d->started = NULL;
	set_free(d->set);
	d->set = NULL;
}

/* ---- Keys, zone, store ---- */

static int
start_keys(struct daemon *d, struct err *err)
{
	if (d->set->conf->keys[0] == '\0') {
		err_add(err, d->config_file, 0, 0,
			"no folder of keys: say keys: in the file, or let systemd hand them over "
			"(LoadCredential)");
		return W_EINVAL;
	}
	return keys_load(d->set->conf->keys, &d->keys, err);
}

static void
stop_keys(struct daemon *d)
{
	keys_free(d->keys);
	d->keys = NULL;
}

static int
start_zone(struct daemon *d, struct err *err)
{
	const char *name = d->set->conf->zone;
	int rc = civil_zone_open(NULL, name, &d->zone);

	if (rc != W_OK) {
		err_add(err, d->config_file, 0, 0,
			"no data for zone \"%s\": install tzdata, or mend the name", name);
		return rc;
	}
	if (strcmp(name, "Africa/Casablanca") != 0)
		return W_OK;
	if (civil_zone_health(d->zone) == ZONE_STALE)
		log_error("zone data are older than 2026c: every reminder would leave an hour "
			  "early; update the package tzdata");
	else if (civil_zone_health(d->zone) == ZONE_WRONG)
		log_error("zone data of %s are not Morocco's; reinstall the package tzdata", name);
	return W_OK;
}

static void
stop_zone(struct daemon *d)
{
	civil_zone_free(d->zone);
	d->zone = NULL;
}

/* ---- Store and what was set in its folder ---- */

static void
on_broken(void *arg)
{
	struct daemon *d = arg;

	log_error("the disk did not keep what it was given: ending, so that nothing false is said");
	d->exit_code = EXIT_BROKEN;
	loop_stop(d->loop);
}

static void
recall_lab(struct daemon *d)
{
	struct arena *a = arena_new(0);
	struct str value;
	int64_t shift;

	if (read_setting(store_loop_reader(d->store), STR_LIT("lab"), a, &value) == W_OK)
		d->lab = str_is(value, "yes");
	if (d->lab &&
	    read_setting(store_loop_reader(d->store), STR_LIT("clock_shift"), a, &value) == W_OK &&
	    str_to_int(value, &shift) && clock_set_shift(shift) == W_OK)
		log_warn("lab: the clock is set %" PRId64 " s ahead", shift);
	if (d->lab)
		log_warn("lab: this state folder is for trying out, not for people");
	d->started_at = clock_now();
	arena_free(a);
}

static int
start_store(struct daemon *d, struct err *err)
{
	const struct conf *c = d->set->conf;
	const struct store_options o = {
		.dir = c->state,
		.migrations = set_folder(c->migrations, WASL_DATADIR "/migrations"),
		.keys = d->keys,
		.loop = d->loop,
		.ballast = (size_t)c->ballast,
		.group_max = (unsigned)c->limits.group_commit_max};
	int rc = store_open(&o, &d->store, err);

	if (rc != W_OK)
		return rc;
	store_on_broken(d->store, on_broken, d);
	recall_lab(d);
	return W_OK;
}

static void
stop_store(struct daemon *d)
{
	store_close(d->store);
	d->store = NULL;
}

/* Outside the lab a key file that others may read keeps its channel off. */
static int
start_strictly(struct daemon *d, struct err *err)
{
	struct set *strict;

	if (d->lab)
		return W_OK;
	int rc = set_load(d->config_file, false, false, &strict, err);
	if (rc != W_OK)
		return rc;
	set_free(d->set);
	d->set = strict;
	d->started = strict->conf;
	report_off(strict);
	return W_OK;
}

static void
nothing(struct daemon *d)
{
	(void)d;
}

/* ---- Rooms ---- */

static void
on_schedule(void *arg)
{
	struct daemon *d = arg;

	if (d->remind != NULL)
		remind_wake(d->remind);
}

static int
start_work(struct daemon *d, struct err *err)
{
	int rc = work_new(d->store, d->keys, d->set->conf, d->zone, &d->set->work, err);

	if (rc == W_OK) {
		d->set->work->wake_reminders = on_schedule;
		d->set->work->wake_arg = d;
	}
	return rc;
}

static int
start_sessions(struct daemon *d, struct err *err)
{
	const struct session_options o = {d->loop, d->store, d->set->work, d->set->menus};
	int rc = sessions_new(&o, &d->sessions);

	if (rc != W_OK)
		err_add(err, d->set->conf->state, 0, 0, "sessions cannot be read back: %s",
			w_err_word(rc));
	return rc;
}

static void
stop_sessions(struct daemon *d)
{
	sessions_free(d->sessions);
	d->sessions = NULL;
}

static void
on_clock_step(void *arg)
{
	struct daemon *d = arg;

	on_schedule(d);
	if (d->outbox != NULL)
		outbox_wake(d->outbox);
}

static bool
can_send(void *ctx, const char *channel)
{
	const struct channel *ch = set_channel(((struct daemon *)ctx)->set, str_of(channel));

	return ch != NULL && channel_can_send(ch);
}

static void
on_message(void *arg)
{
	struct daemon *d = arg;

	if (d->outbox != NULL)
		outbox_wake(d->outbox);
}

static int
start_remind(struct daemon *d, struct err *err)
{
	const struct remind_guard_options g = {.loop = d->loop,
					       .store = d->store,
					       .lab = d->lab,
					       .on_step = on_clock_step,
					       .arg = d};
	(void)err;
	d->guard = remind_guard_new(&g);
	const struct remind_options o = {.loop = d->loop,
					 .store = d->store,
					 .work = d->set->work,
					 .rules = d->set->rules,
					 .menus = d->set->menus,
					 .guard = d->guard,
					 .can_send = can_send,
					 .ctx = d,
					 .wake_outbox = on_message,
					 .wake_arg = d};
	d->remind = remind_new(&o);
	return W_OK;
}

static void
stop_remind(struct daemon *d)
{
	remind_free(d->remind);
	d->remind = NULL;
	remind_guard_free(d->guard);
	d->guard = NULL;
}

static struct channel *
channel_of(void *ctx, struct str name)
{
	return set_channel(((struct daemon *)ctx)->set, name);
}

static int
start_outbox(struct daemon *d, struct err *err)
{
	const struct outbox_options o = {.loop = d->loop,
					 .store = d->store,
					 .work = d->set->work,
					 .rules = d->set->rules,
					 .remind = d->remind,
					 .guard = d->guard,
					 .channel_of = channel_of,
					 .ctx = d,
					 .lab = d->lab};
	(void)err;
	d->outbox = outbox_new(&o);
	return W_OK;
}

static void
stop_outbox(struct daemon *d)
{
	outbox_free(d->outbox);
	d->outbox = NULL;
}

/* ---- Doors ---- */

/* Every listed address of every channel, for the reserve of connections. */
static struct net_ranges
listed_addresses(const struct set *s, struct arena *a)
{
	struct net_ranges all = {.n = 0};

	for (size_t i = 0; i < s->n_lines; i++)
		all.n += s->lines[i].conf->addresses.n;
	all.v = ARENA_ARRAY(a, struct net_range, all.n + 1);
	all.n = 0;
	for (size_t i = 0; i < s->n_lines; i++)
		for (size_t j = 0; j < s->lines[i].conf->addresses.n; j++)
			all.v[all.n++] = s->lines[i].conf->addresses.v[j];
	return all;
}

static int
start_front(struct daemon *d, struct err *err)
{
	const struct conf *c = d->set->conf;
	struct arena *a = arena_new(0);
	const struct http_options o = {.listen = c->listen.v,
				       .n_listen = c->listen.n,
				       .limits = http_limits_of(&c->limits),
				       .listed = listed_addresses(d->set, a),
				       .proxies = c->proxies,
				       .takes_bytes = route_takes_bytes};

	d->set->routes = daemon_routes(d, d->set);
	d->routes = d->set->routes;
	int rc = http_front_new(d->loop, &o, route_request, &d->routes, &d->front, err);
	arena_free(a);
	return rc;
}

static void
stop_front(struct daemon *d)
{
	http_front_free(d->front);
	d->front = NULL;
}

static bool
is_ready(void *ctx, struct str *why)
{
	struct daemon *d = ctx;

	if (store_degraded(d->store))
		*why = STR_LIT("disk full");
	else if (d->stopping)
		*why = STR_LIT("stopping");
	else
		return true;
	return false;
}

static int
start_ops(struct daemon *d, struct err *err)
{
	return http_ops_new(d->loop, &d->set->conf->metrics, is_ready, d, &d->ops, err);
}

static void
stop_ops(struct daemon *d)
{
	http_ops_free(d->ops);
	d->ops = NULL;
}

static int
start_admin(struct daemon *d, struct err *err)
{
	const struct conf *c = d->set->conf;
	const struct admin_options o = {.loop = d->loop,
					.store = d->store,
					.work = d->set->work,
					.keys = d->keys,
					.outbox = d->outbox,
					.remind = d->remind,
					.guard = d->guard,
					.sessions = d->sessions,
					.socket = c->socket,
					.config_file = d->config_file,
					.version = WASL_VERSION,
					.keys_dir = c->keys,
					.state_dir = c->state,
					.lab = d->lab,
					.started_at = d->started_at,
					.hooks = &daemon_hooks,
					.hooks_ctx = d};

	return admin_new(&o, &d->admin, err);
}

static void
stop_admin(struct daemon *d)
{
	admin_free(d->admin);
	d->admin = NULL;
}

/* ---- The list ---- */

static const struct {
	const char *name;
	int (*start)(struct daemon *d, struct err *err);
	void (*stop)(struct daemon *d);
} steps[] = {
	{"process", start_process, stop_process},
	{"files", start_files, stop_files},
	{"keys", start_keys, stop_keys},
	{"zone", start_zone, stop_zone},
	{"sandbox: files", sandbox_start_files, nothing}, /* before the first thread */
	{"store", start_store, stop_store},               /* locks the state folder */
	{"secrets", start_strictly, nothing},
	{"work", start_work, nothing},               /* freed with its set */
	{"sessions", start_sessions, stop_sessions}, /* open ones come back */
	{"reminders", start_remind, stop_remind},
	{"outbox", start_outbox, stop_outbox}, /* claimed rows become uncertain */
	{"operations", start_ops, stop_ops},
	{"commands", start_admin, stop_admin},
	{"front", start_front, stop_front},               /* who knocks finds everybody home */
	{"sandbox: calls", sandbox_start_calls, nothing}, /* last: every door is open */
};

static void
stop_from(struct daemon *d, size_t n)
{
	while (n-- > 0)
		steps[n].stop(d);
}

int
daemon_boot(struct daemon *d, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		int rc = steps[i].start(d, err);

		if (rc != W_OK) {
			log_error("start: %s: %s", steps[i].name, w_err_word(rc));
			stop_from(d, i);
			return rc;
		}
	}
	log_info("wasld %s ready channels=%zu nodes=%zu menus=%.8s", WASL_VERSION, d->set->n_lines,
		 menu_node_count(d->set->menus), menu_version(d->set->menus));
	return W_OK;
}

void
daemon_unboot(struct daemon *d)
{
	stop_from(d, ARRAY_LEN(steps));
}
