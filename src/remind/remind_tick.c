#include "remind/remind_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

enum { BATCH = 64, DAY_S = 86400, AGAIN_MS = 5000, REPLAN_S = 12 * 3600 };

/* next_at of a schedule that was just made and has no time yet: 0, or 1 where 0 means "never". */
enum { NEXT_NEW = 1 };

/* A job at the writer: enough to make the smaller one when this one cannot be. */
struct sent_job {
	struct remind *r;
	struct row_schedule schedule; /* as it is to be; person 0: a held due row's job */
	int64_t due;                  /* the held due row */
	bool message, last_try;
	char kind[32];
};

struct schedules {
	struct row_schedule v[BATCH];
	size_t n;
};

struct dues {
	struct row_due v[BATCH];
	size_t n;
};

static void on_job_stored(void *arg, int rc);

static void
submit(struct remind *r, struct store_job *job, const struct sent_job *about)
{
	struct sent_job *j = xmalloc(sizeof(*j));

	*j = *about;
	j->r = r;
	r->in_flight++;
	store_submit(r->options.store, job, on_job_stored, j);
}

static void
put_schedule_copy(struct store_job *job, const struct sent_job *about)
{
	struct row_schedule row = about->schedule;

	row.kind = str_of(about->kind);
	put_schedule(job, &row);
}

/* The schedule's row as it is to be: the same with another next time. */
static struct sent_job
about_schedule(const struct row_schedule *row, int64_t next_at)
{
	struct sent_job about = {.schedule = *row};
	struct buf kind;

	about.schedule.next_at = next_at == INT64_MAX ? 0 : next_at;
	if (next_at == INT64_MAX)
		about.schedule.active = false;
	buf_init(&kind, about.kind, sizeof(about.kind));
	buf_add_str(&kind, row->kind);
	return about;
}

/* ---- One decision to one job ---- */

static void
put_due_checkin(struct remind_case *c, struct store_job *job)
{
	const struct row_checkin row = {
		.id = store_next(c->r->options.store, NEXT_CHECKIN),
		.person = c->person.id,
		.due_at = c->due.cause_at,
		.week = checkin_week(c->r->options.work->zone, c->due.cause_at),
		.status = STR_LIT("due")};

	put_checkin(job, &row);
	c->due.about = row.id;
}

static void
write_due(const struct remind_case *c, struct store_job *job, const struct remind_decision *d)
{
	static const char *const states[] = {[REMIND_NOTHING] = "skipped",
					     [REMIND_SEND] = "sent",
					     [REMIND_SKIP] = "skipped",
					     [REMIND_HOLD] = "waiting",
					     [REMIND_EXPIRED] = "expired"};
	struct row_due row = c->due;

	row.state = str_of(states[d->verdict]);
	row.why = str_of(remind_why_word(d->why));
	if (d->verdict == REMIND_HOLD)
		row.due_at = d->until;
	if (row.id != 0) {
		set_due(job, row.id, row.state, row.why, row.due_at);
	} else {
		row.id = store_next(c->r->options.store, NEXT_DUE);
		put_due(job, &row);
	}
}

/* True when a message was added. */
static bool
write_message(struct remind_case *c, struct store_job *job, struct remind_decision *d)
{
	struct row_outbox row;

	if (d->verdict != REMIND_SEND)
		return false;
	int rc = remind_compose(c, job, &row);
	if (rc == W_OK) {
		put_outbox(job, &row);
		return true;
	}
	log_error("reminder person=%" PRId64 " rule=%.*s not composed: %s", c->person.id,
		  STR_ARG(c->due.rule), w_err_word(rc));
	d->verdict = REMIND_SKIP;
	d->why = REMIND_WHY_NO_RULE;
	return false;
}

/* The rows of a decision; true when a message is among them. */
static bool
act(struct remind_case *c, struct store_job *job)
{
	remind_gather(c);
	struct remind_decision d = remind_decide(&c->facts);
	if (d.verdict == REMIND_NOTHING && c->due.id == 0)
		return false;
	if (d.checkin)
		put_due_checkin(c, job);
	bool message = write_message(c, job, &d);
	write_due(c, job, &d);
	log_info("reminder person=%" PRId64 " rule=%.*s occurrence=%.*s %s%s%s", c->schedule.person,
		 STR_ARG(c->due.rule), STR_ARG(c->due.occurrence),
		 d.verdict == REMIND_SEND ? "queued" : "why=", remind_why_word(d.why),
		 d.checkin ? " checkin=due" : "");
	return message;
}

/* ---- Schedules ---- */

static const struct remind_rule *
rule_of_schedule(const struct remind_rules *rules, struct str kind)
{
	for (size_t i = 0; i < rules->n; i++)
		if (str_eq(rules->rules[i].schedule, kind))
			return &rules->rules[i];
	return NULL;
}

/* After a long pause only the present week is made up for. */
static int64_t
next_after(const struct remind *r, const struct row_schedule *s, int64_t due, int64_t now)
{
	struct wall monday;

	civil_to_wall(r->options.work->zone, now, &monday);
	monday = civil_monday(&monday);
	const int64_t begun = civil_instant(r->options.work->zone, &monday) - 1;
	return remind_next_weekly(r->options.work->zone, s->weekday, s->minute,
				  due > begun ? due : begun);
}

/*
 * Where the schedule's next time should stand: a new one has none yet, and an
 * old one may have been reckoned with another weekday, hour or zone data.
 */
static int64_t
planned(const struct remind *r, const struct row_schedule *s, int64_t now)
{
	return remind_next_weekly(r->options.work->zone, s->weekday, s->minute,
				  s->next_at <= NEXT_NEW ? now - 1 : s->next_at - REPLAN_S);
}

static void
handle_schedule(struct remind *r, const struct row_schedule *s, int64_t now)
{
	struct store_job *job = store_job_new(r->options.store);
	const int64_t plan = planned(r, s, now);
	struct sent_job about = about_schedule(s, plan);

	if (plan == s->next_at) {
		struct remind_case c = {.r = r, .now = now, .schedule = *s};

		about = about_schedule(s, next_after(r, s, s->next_at, now));
		c.rule = rule_of_schedule(r->options.rules, s->kind);
		const struct remind_occurrence o =
			remind_occurrence(r->options.work->zone, s->next_at);
		c.due = (struct row_due){.person = s->person,
					 .due_at = s->next_at,
					 .cause_at = s->next_at,
					 .occurrence = str_of(o.date)};
		if (c.rule != NULL) {
			c.due.rule = c.rule->name;
			c.due.expires_at = s->next_at + c.rule->no_later_s;
		}
		about.message = act(&c, job);
	}
	put_schedule_copy(job, &about);
	submit(r, job, &about);
}

static int
collect_schedule(void *ctx, const struct row_schedule *row)
{
	struct schedules *list = ctx;

	if (list->n < BATCH)
		list->v[list->n++] = *row;
	return 0;
}

/* ---- Due rows that were held ---- */

static void
handle_due(struct remind *r, const struct row_due *row, int64_t now)
{
	struct store_job *job = store_job_new(r->options.store);
	struct sent_job about = {.due = row->id};
	struct remind_case c = {.r = r, .now = now, .due = *row};
	const struct zone *z = r->options.work->zone;

	c.rule = remind_rule(r->options.rules, row->rule);
	if (c.rule == NULL || read_schedule(store_loop_reader(r->options.store), row->person,
					    c.rule->schedule, r->turn, &c.schedule) != W_OK)
		c.schedule.active = false;
	c.schedule.person = row->person;
	c.schedule.active =
		c.schedule.active && remind_next_weekly(z, c.schedule.weekday, c.schedule.minute,
							row->cause_at - 1) == row->cause_at;
	about.message = act(&c, job);
	submit(r, job, &about);
}

static int
collect_due(void *ctx, const struct row_due *row)
{
	struct dues *list = ctx;

	if (list->n < BATCH)
		list->v[list->n++] = *row;
	return 0;
}

/* ---- The look ---- */

static void
sleep_until_due(struct remind *r, int64_t now)
{
	const int64_t next = read_next_due(store_loop_reader(r->options.store));
	int64_t wait = next <= now ? 0 : next - now;

	r->next_look = next;
	if (wait > DAY_S)
		wait = DAY_S;
	/* due already and not listed: never spin */
	timer_set(r->timer, wait > 0 ? wait * 1000 : AGAIN_MS);
}

static bool
blocked(struct remind *r)
{
	return store_degraded(r->options.store) ||
	       remind_guard_look(r->options.guard) != REMIND_CLOCK_GOOD;
}

static void
look(struct remind *r)
{
	struct dues dues = {.n = 0};
	struct schedules schedules = {.n = 0};
	struct store_reader *reader = store_loop_reader(r->options.store);
	const int64_t now = clock_now();

	arena_reset(r->turn);
	if (list_due(reader, now, BATCH, r->turn, collect_due, &dues) != W_OK ||
	    list_schedules_due(reader, now, BATCH, r->turn, collect_schedule, &schedules) != W_OK)
		log_error("reminders not read");
	for (size_t i = 0; i < dues.n; i++)
		handle_due(r, &dues.v[i], now);
	for (size_t i = 0; i < schedules.n; i++)
		handle_schedule(r, &schedules.v[i], now);
	if (r->in_flight == 0)
		sleep_until_due(r, now);
}

static void
on_timer(void *arg)
{
	struct remind *r = arg;

	if (r->in_flight > 0)
		r->woken = true;
	else if (blocked(r))
		timer_set(r->timer, AGAIN_MS);
	else
		look(r);
}

/* The occurrence is already there: what is left is to close or move what asked for it. */
static void
smaller_job(struct remind *r, const struct sent_job *j)
{
	struct store_job *job = store_job_new(r->options.store);
	struct sent_job about = *j;

	about.last_try = true;
	about.message = false;
	if (j->schedule.person != 0)
		put_schedule_copy(job, &about);
	else
		set_due(job, j->due, STR_LIT("sent"), STR_NONE, clock_now());
	submit(r, job, &about);
}

static void
all_stored(struct remind *r)
{
	bool failed = r->failed, queued = r->queued;

	r->failed = r->queued = r->woken = false;
	timer_set(r->timer, failed ? AGAIN_MS : 0);
	if (queued && r->options.wake_outbox != NULL)
		r->options.wake_outbox(r->options.wake_arg);
}

static void
release(struct remind *r)
{
	arena_free(r->turn);
	free(r);
}

static void
on_job_stored(void *arg, int rc)
{
	struct sent_job *j = arg;
	struct remind *r = j->r;

	r->in_flight--;
	if (rc == W_OK && j->message) {
		r->queued = true;
		metric_add(METRIC_REMINDERS, 1);
	} else if (rc == W_EEXIST && !j->last_try && !r->closed) {
		smaller_job(r, j);
	} else if (rc != W_OK) {
		r->failed = true;
		log_error("reminder not stored: %s", w_err_word(rc));
	}
	free(j);
	if (r->in_flight > 0)
		return;
	if (r->closed)
		release(r);
	else
		all_stored(r);
}

struct remind *
remind_new(const struct remind_options *options)
{
	struct remind *r = xcalloc(1, sizeof(*r));

	CHECK_ON_LOOP();
	r->options = *options;
	menu_hold(r->options.menus);
	r->turn = arena_new(64 * 1024);
	r->next_look = INT64_MAX;
	r->timer = timer_new(options->loop, on_timer, r);
	timer_set(r->timer, 0);
	return r;
}

void
remind_free(struct remind *r)
{
	if (r == NULL)
		return;
	timer_free(r->timer);
	r->timer = NULL;
	menu_drop(r->options.menus);
	r->closed = true;
	if (r->in_flight == 0)
		release(r);
}

void
remind_reload(struct remind *r, const struct work *work, const struct remind_rules *rules,
	      struct menu_set *menus)
{
	menu_hold(menus);
	menu_drop(r->options.menus);
	r->options.work = work;
	r->options.rules = rules;
	r->options.menus = menus;
	remind_wake(r);
}

void
remind_wake(void *remind)
{
	struct remind *r = remind;

	timer_set(r->timer, 0);
}

int64_t
remind_next_look(const struct remind *r)
{
	return r->next_look;
}
