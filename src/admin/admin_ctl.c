/*
 * The gateway itself: what it is doing, reload, the clock of a lab, the end,
 * the configuration, and where the terminal phone calls.
 */
#include "admin/admin_int.h"

#include "base/clock.h"

#include <inttypes.h>

static const char *const key_names[3] = {"key", "value", "note"};

static void
add_key(struct ask *c, const char *key, const char *value, const char *note)
{
	page_add_three(c, key_names, key, value, note);
}

static void
add_count(struct ask *c, const char *key, int64_t n, const char *note)
{
	add_key(c, key, arena_printf(c->page.arena, "%" PRId64, n), note);
}

static void
add_time(struct ask *c, const char *key, int64_t at, const char *note)
{
	const struct civil_text text = civil_rfc3339(c->zone, at);

	add_key(c, key, text.s, note);
}

/* ---- Status ---- */

static int
count_message(void *ctx, const struct row_outbox *m)
{
	(void)m;
	++*(size_t *)ctx;
	return 0;
}

static void
count_state(struct store_reader *r, struct arena *a, const char *state, size_t *out)
{
	*out = 0;
	(void)list_outbox_state(r, str_of(state), 0, ADMIN_PAGE_ROWS, a, count_message, out);
	arena_reset(a);
}

void
backlog_read(struct store_reader *r, struct arena *a, struct backlog *out)
{
	count_state(r, a, "queued", &out->queued);
	count_state(r, a, "held", &out->held);
	count_state(r, a, "uncertain", &out->uncertain);
}

static void
status_store(struct ask *c)
{
	struct store_status s;

	store_status(c->a->o.store, &s);
	add_count(c, "store.jobs_waiting", s.jobs_waiting, "");
	add_count(c, "store.commits", s.commits, "since the start");
	add_count(c, "store.bytes", s.db_bytes, "");
	add_count(c, "store.wal_bytes", s.wal_bytes, "");
	add_key(c, "store.disk", s.degraded ? "full" : "ok",
		s.degraded ? "only the busy page is answered, nothing is sent" : "");
}

static void
status_lines(struct ask *c)
{
	const struct admin_options *o = &c->a->o;

	if (o->sessions != NULL) {
		add_count(c, "sessions.open", (int64_t)sessions_open(o->sessions), "");
		add_key(c, "menu.version", sessions_menu_version(o->sessions), "");
	}
	if (o->remind != NULL && remind_next_look(o->remind) != INT64_MAX)
		add_time(c, "reminders.next", remind_next_look(o->remind), "");
	else
		add_key(c, "reminders.next", "none", "nothing is due");
	if (o->outbox != NULL) {
		const char *paused = outbox_paused(o->outbox);

		add_key(c, "outbox", paused ? "paused" : "sending", paused);
	}
	for (size_t i = 0; o->outbox != NULL && i < o->work->conf->n_channels; i++) {
		const char *name = o->work->conf->channels[i].name;
		const char *stopped = admin_channel_stopped(c->a, name);

		add_key(c, arena_printf(c->page.arena, "channel.%s", name),
			stopped ? "stopped" : "ok", stopped);
	}
}

static void
read_status(struct store_reader *r, struct ask *c)
{
	backlog_read(r, c->scan, c->extra);
}

/* On the loop again, with the counts. */
static void
status_page(struct ask *c)
{
	const struct backlog *b = c->extra;
	const struct admin_options *o = &c->a->o;

	add_key(c, "version", o->version, "");
	add_key(c, "lab", o->lab ? "yes" : "no", o->lab ? "no real people here" : "");
	add_time(c, "now", c->now, clock_shift() ? "set forward" : "");
	add_time(c, "started_at", o->started_at, "");
	status_store(c);
	status_lines(c);
	add_count(c, "outbox.queued", (int64_t)b->queued, "");
	add_count(c, "outbox.held", (int64_t)b->held, "");
	add_count(c, "outbox.uncertain", (int64_t)b->uncertain,
		  b->uncertain ? "wasl outbox list --state uncertain" : "");
	add_count(c, "admin.connections", (int64_t)c->a->n_peers, "");
}

void
verb_ctl_status(struct ask *c)
{
	c->extra = ARENA_NEW(c->arena, struct backlog);
	c->on_read = status_page;
	ask_read(c, read_status);
}

/* ---- Reload, clock, stop ---- */

static void
add_faults(struct ask *c, const struct err *err)
{
	for (size_t i = 0; i < err_count(err); i++) {
		const struct err_fault *f = err_at(err, i);

		add_key(c,
			arena_printf(c->page.arena, "%s:%u:%u", f->file ? f->file : "", f->line,
				     f->col),
			f->kind == ERR_ERROR ? "error" : "warning", f->text);
	}
}

void
verb_ctl_reload(struct ask *c)
{
	struct err *err = err_new();

	if (c->a->o.hooks->reload(c->a->o.hooks_ctx, err) == W_OK) {
		c->end_text = "loaded anew";
	} else {
		c->end_code = ADMIN_LINT;
		c->end_text = "nothing was changed: the running set stays";
	}
	add_faults(c, err);
	err_free(err);
	ask_show(c);
}

void
verb_ctl_clock(struct ask *c)
{
	const struct arg_value *to = arg(c, "to");

	if (!c->a->o.lab) {
		ask_deny(c, ADMIN_DENIED, "only on a lab state directory");
		return;
	}
	if (to->given && c->a->o.hooks->set_clock(c->a->o.hooks_ctx, to->number) != W_OK) {
		ask_end(c, ADMIN_USAGE, "ctl clock: the clock only goes forward");
		return;
	}
	add_time(c, "now", clock_now(), clock_shift() ? "set forward" : "");
	ask_show(c);
}

void
verb_ctl_stop(struct ask *c)
{
	add_key(c, "state", "stopping", "");
	c->stop_after = true;
	ask_show(c);
}

/* ---- Configuration ---- */

static const char *const origins[] = {
	[CONF_DEFAULT] = "default", [CONF_FILE] = "file", [CONF_ENVIRONMENT] = "environment"};

static bool
on_value(void *ctx, const struct conf_value *v)
{
	struct ask *c = ctx;
	json_t *row = json_object();

	row_words(row, "key", v->name);
	row_words(row, "value", v->text);
	row_words(row, "origin", origins[v->origin]);
	if (v->origin == CONF_FILE)
		row_number(row, "line", v->line);
	row_words(row, "note", v->row->sentence);
	page_add(c, STR_NONE, row);
	return true;
}

void
verb_config_show(struct ask *c)
{
	conf_walk(c->a->o.work->conf, on_value, c);
	ask_show(c);
}

/* ---- The terminal phone ---- */

static void
add_line(struct ask *c, struct str channel, struct str address, struct str code, struct str dialect)
{
	json_t *row = json_object();
	struct phone phone;

	row_text(row, "channel", channel);
	row_text(row, "address", address);
	row_text(row, "code", code);
	row_text(row, "dialect", dialect);
	if (c->person.id != 0) {
		row_text(row, "ref", c->person.ref);
		if (person_phone(c->a->o.store, store_loop_reader(c->a->o.store), c->person.id,
				 c->scan, &phone) == W_OK)
			row_phone(row, "phone", &phone, true);
		wipe(&phone, sizeof(phone));
	}
	page_add(c, c->person.ref, row);
}

void
verb_phone_line(struct ask *c)
{
	struct str address, code, dialect, channel;

	if (!c->a->o.lab) {
		ask_deny(c, ADMIN_DENIED, "only on a lab state directory");
		return;
	}
	if (arg(c, "person")->given && !find_person(c, "person"))
		return;
	if (c->a->o.hooks->phone_line(c->a->o.hooks_ctx, arg_text(c, "channel"), c->arena, &address,
				      &code, &dialect, &channel) != W_OK) {
		ask_end(c, ADMIN_NONE, "no channel of that name speaks USSD");
		return;
	}
	add_line(c, channel, address, code, dialect);
	ask_show(c);
}
