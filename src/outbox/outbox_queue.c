#include "outbox/outbox_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

enum { DAY_MS = 86400 * 1000, RECOVER_MAX = 500 };

/* ---- Rows that move without a call ---- */

static void
on_moved(void *arg, int rc)
{
	struct outbox *o = arg;

	o->moves--;
	if (rc != W_OK && rc != W_EEXIST)
		log_error("outbox rows not moved: %s", w_err_word(rc));
	if (!o->closed && o->moves == 0)
		timer_set(o->timer, rc == W_OK || rc == W_EEXIST ? 0 : OUTBOX_PAUSE_MS);
	outbox_job_done(o);
}

/* A job for each row: one that has moved on meanwhile must not undo the others. */
static void
move_row(struct outbox *o, const struct row_outbox *row, enum outbox_state to, const char *why,
	 int64_t now, int64_t send_after)
{
	struct store_job *job = store_job_new(o->options.store);
	const struct outbox_move move = {.to = to,
					 .by = OUTBOX_BY_SENDER,
					 .word = str_of(why),
					 .at = now,
					 .send_after = send_after};

	CHECK(outbox_set_state(job, row, &move) == W_OK);
	log_info("outbox id=%" PRId64 " %s why=%s", row->id, outbox_state_word(to), why);
	o->jobs++;
	o->moves++;
	store_submit(o->options.store, job, on_moved, o);
}

static void
act(struct outbox *o, const struct row_outbox *row, struct lane *lane, int64_t now)
{
	struct channel_message message;
	const struct outbox_answer answer = outbox_judge(o, row, o->turn, now, &message);

	switch (answer.go) {
	case GO_SEND:
		outbox_claim(o, row, lane, &message, now);
		break;
	case GO_LATER:
		move_row(o, row, OUTBOX_QUEUED, answer.why, now, answer.until);
		break;
	case GO_EXPIRE:
		move_row(o, row, OUTBOX_EXPIRED, answer.why, now, 0);
		break;
	case GO_SUPPRESS:
		move_row(o, row, OUTBOX_SUPPRESSED, answer.why, now, 0);
		break;
	}
}

/* ---- A turn ---- */

struct batch {
	struct row_outbox v[OUTBOX_BATCH];
	size_t n;
};

static int
collect(void *ctx, const struct row_outbox *row)
{
	struct batch *b = ctx;

	if (b->n < OUTBOX_BATCH)
		b->v[b->n++] = *row;
	return 0;
}

/* Looks at one row; *wait_ms: the shortest time a lane asks for. */
static void
look_at(struct outbox *o, const struct row_outbox *row, int64_t now, int64_t *wait_ms)
{
	struct lane *lane = outbox_lane(o, row->channel);
	const int64_t mono = clock_mono_ms();

	if (outbox_is_in_flight(o, row->id))
		return;
	if (row->expires_at != 0 && now >= row->expires_at) {
		move_row(o, row, OUTBOX_EXPIRED, "no-later", now, 0);
		return;
	}
	const struct channel *ch = o->options.channel_of(o->options.ctx, row->channel);
	if (lane == NULL || lane->stopped != NULL || ch == NULL) {
		move_row(o, row, OUTBOX_QUEUED,
			 lane && lane->stopped ? lane->stopped : "channel off", now,
			 now + OUTBOX_LATER_S);
		return;
	}
	if (lane->next_ms > mono) {
		if (lane->next_ms - mono < *wait_ms)
			*wait_ms = lane->next_ms - mono;
		return;
	}
	if (o->n_flights < OUTBOX_IN_FLIGHT && outbox_login_ready(o, lane, ch, wait_ms))
		act(o, row, lane, now);
}

/* ---- Start: what was claimed by an earlier life ---- */

static void
on_recovered(void *arg, int rc)
{
	struct outbox *o = arg;

	o->recover_busy = false;
	if (rc != W_OK)
		log_error("outbox: claimed rows not settled: %s", w_err_word(rc));
	if (!o->closed)
		timer_set(o->timer, rc == W_OK ? 0 : OUTBOX_PAUSE_MS);
	outbox_job_done(o);
}

struct recovery {
	struct store_job *job;
	int64_t now;
	size_t n;
};

static int
to_uncertain(void *ctx, const struct row_outbox *row)
{
	struct recovery *r = ctx;
	const struct outbox_move move = {.to = OUTBOX_UNCERTAIN,
					 .by = OUTBOX_BY_SENDER,
					 .word = STR_LIT("restart"),
					 .at = r->now};

	log_warn("outbox id=%" PRId64 " was claimed at a crash: fate unknown", row->id);
	metric_add(METRIC_OUTBOX_UNCERTAIN, 1);
	r->n++;
	return outbox_set_state(r->job, row, &move);
}

/* A batch at a time, until none is left. */
static void
recover(struct outbox *o)
{
	struct recovery r = {.job = store_job_new(o->options.store), .now = clock_now()};

	arena_reset(o->turn);
	int rc = list_outbox_state(store_loop_reader(o->options.store), STR_LIT("claimed"),
				   INT64_MAX, RECOVER_MAX, o->turn, to_uncertain, &r);
	if (rc == W_OK && r.n > 0) {
		o->recover_busy = true;
		o->jobs++;
		store_submit(o->options.store, r.job, on_recovered, o);
		return;
	}
	store_job_free(r.job);
	o->recovering = rc != W_OK;
}

/* ---- When to look ---- */

/* Why nothing may leave at all, and when to look again. */
static const char *
pause_reason(struct outbox *o, int64_t now, int64_t *wait_ms)
{
	int64_t until = now;
	const char *cap;

	*wait_ms = OUTBOX_PAUSE_MS;
	if (o->stopped)
		return "stopped";
	if (o->recovering || !o->counted)
		return "starting";
	if (store_degraded(o->options.store))
		return "disk full";
	const enum remind_clock clock = remind_guard_look(o->options.guard);
	if (clock != REMIND_CLOCK_GOOD)
		return remind_clock_word(clock);
	cap = outbox_cap(o, now, &until);
	if (cap != NULL)
		*wait_ms = (until - now) * 1000;
	return cap;
}

static void
note_pause(struct outbox *o, const char *why)
{
	if (why != NULL && o->paused != why && strcmp(why, "starting") != 0)
		log_warn("outbox paused: %s", why);
	o->paused = why;
}

static int64_t
until_next_row(const struct outbox *o, int64_t now)
{
	const int64_t next = read_next_outbox(store_loop_reader(o->options.store));

	if (next <= now)
		return OUTBOX_PAUSE_MS; /* in flight, or behind a pace that has its own wait */
	return next - now > DAY_MS / 1000 ? DAY_MS : (next - now) * 1000;
}

static void
turn(struct outbox *o)
{
	struct batch *b = xcalloc(1, sizeof(*b));
	const int64_t now = clock_now();
	int64_t wait_ms = DAY_MS, cap_until;

	arena_reset(o->turn);
	if (list_outbox_state(store_loop_reader(o->options.store), STR_LIT("queued"), now,
			      OUTBOX_BATCH, o->turn, collect, b) != W_OK)
		log_error("outbox not read");
	for (size_t i = 0; i < b->n && outbox_cap(o, now, &cap_until) == NULL; i++)
		look_at(o, &b->v[i], now, &wait_ms);
	free(b);
	if (o->moves > 0)
		return; /* the commit looks again */
	const int64_t next_ms = until_next_row(o, now);
	timer_set(o->timer, next_ms < wait_ms ? next_ms : wait_ms);
}

static void
on_turn(void *arg)
{
	struct outbox *o = arg;
	int64_t wait_ms;

	if (o->moves > 0)
		return;
	if (o->recovering && !o->recover_busy)
		recover(o);
	const char *why = pause_reason(o, clock_now(), &wait_ms);
	note_pause(o, why);
	if (why == NULL)
		turn(o);
	else
		timer_set(o->timer, wait_ms);
}

/* ---- Life ---- */

struct outbox *
outbox_new(const struct outbox_options *options)
{
	struct outbox *o = xcalloc(1, sizeof(*o));
	const struct post_options post = {options->loop, options->lab, options->connect_ms,
					  options->answer_ms, options->ca_file};

	CHECK_ON_LOOP();
	o->options = *options;
	o->turn = arena_new(64 * 1024);
	o->post = post_new(&post);
	o->timer = timer_new(options->loop, on_turn, o);
	o->settle_timer = timer_new(options->loop, outbox_settle_again, o);
	o->park_timer = timer_new(options->loop, outbox_parked_try, o);
	o->census_timer = timer_new(options->loop, outbox_census, o);
	o->recovering = true;
	timer_set(o->timer, 0);
	outbox_census(o);
	return o;
}

void
outbox_stop(struct outbox *o)
{
	o->stopped = true;
}

size_t
outbox_in_flight(const struct outbox *o)
{
	return o->n_flights;
}

void
outbox_job_done(struct outbox *o)
{
	o->jobs--;
	if (!o->closed || o->jobs > 0)
		return;
	while (o->flights != NULL)
		outbox_flight_free(o->flights);
	arena_free(o->turn);
	free(o);
}

/* Flights without a job at the writer end here; the others when their job comes back. */
static void
drop_idle_flights(struct outbox *o)
{
	struct flight *f = o->flights;

	while (f != NULL) {
		struct flight *next = f->next;

		if (f->step == STEP_SEND || (f->step == STEP_SETTLE && !f->storing))
			outbox_flight_free(f);
		f = next;
	}
}

void
outbox_free(struct outbox *o)
{
	if (o == NULL)
		return;
	o->closed = true;
	post_free(o->post);
	timer_free(o->timer);
	timer_free(o->settle_timer);
	timer_free(o->park_timer);
	timer_free(o->census_timer);
	outbox_parked_end(o);
	outbox_setup_end(o);
	outbox_logins_end(o);
	drop_idle_flights(o);
	o->jobs++;
	outbox_job_done(o);
}

void
outbox_reload(struct outbox *o, struct work *work, const struct remind_rules *rules)
{
	o->options.work = work;
	o->options.rules = rules;
	outbox_logins_forget(o);
	outbox_wake(o);
}

void
outbox_wake(void *outbox)
{
	struct outbox *o = outbox;

	timer_set(o->timer, 0);
}

const char *
outbox_paused(const struct outbox *o)
{
	return o->paused;
}

static void
hurry(struct outbox *o, const struct batch *b, struct str channel, int64_t now)
{
	for (size_t i = 0; i < b->n; i++)
		if (str_eq(b->v[i].channel, channel) && !outbox_is_in_flight(o, b->v[i].id))
			move_row(o, &b->v[i], OUTBOX_QUEUED, "released", now, now);
}

void
outbox_channel_release(struct outbox *o, struct str channel)
{
	struct lane *lane = outbox_lane(o, channel);
	struct batch *b = xcalloc(1, sizeof(*b));
	const int64_t now = clock_now();

	if (lane != NULL) {
		lane->stopped = NULL;
		lane->next_ms = lane->busy_ms = 0;
		lane->login.wait_ms = 0;
		lane->login.twice = false;
	}
	arena_reset(o->turn);
	if (list_outbox_state(store_loop_reader(o->options.store), STR_LIT("queued"),
			      now + OUTBOX_LATER_S, OUTBOX_BATCH, o->turn, collect, b) == W_OK)
		hurry(o, b, channel, now);
	free(b);
	outbox_wake(o);
}
