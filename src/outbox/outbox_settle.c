#include "outbox/outbox_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>

enum {
	RETRY_MS = 30 * 1000,
	RETRY_MAX_MS = 15 * 60 * 1000,
	BUSY_MS = 5000,
	BUSY_MAX_MS = 5 * 60 * 1000,
	STORE_AGAIN_MS = 2000,
};

/* ---- Storing what became of it, until it is stored ---- */

static void
count(enum outbox_state to)
{
	static const struct {
		enum outbox_state to;
		enum metric metric;
	} rows[] = {
		{OUTBOX_ACCEPTED, METRIC_OUTBOX_ACCEPTED},
		{OUTBOX_REJECTED, METRIC_OUTBOX_REJECTED},
		{OUTBOX_UNCERTAIN, METRIC_OUTBOX_UNCERTAIN},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].to == to)
			metric_add(rows[i].metric, 1);
}

static void
on_settled(void *arg, int rc)
{
	struct flight *f = arg;
	struct outbox *o = f->o;

	f->storing = false;
	if (rc == W_OK || rc == W_EEXIST) { /* a report was faster: it knows better */
		if (rc == W_OK)
			count(f->move.to);
		outbox_flight_free(f);
		if (!o->closed) {
			outbox_parked_try(o);
			timer_set(o->timer, 0);
		}
	} else if (!o->closed) {
		log_error("outbox id=%" PRId64 " not settled: %s", f->row.id, w_err_word(rc));
		timer_set(o->settle_timer, STORE_AGAIN_MS);
	} else {
		outbox_flight_free(f);
	}
	outbox_job_done(o);
}

/* The person told the aggregator to stop: no more messages, whatever else goes on. */
static void
add_optout(struct flight *f, struct store_job *job)
{
	struct effects list = {.n = 0};
	const struct work_actor actor = {
		.source = "sms", .channel = f->row.channel, .lang = f->row.lang, .now = f->move.at};

	effect_add(&list, EFFECT_CONSENT, f->row.person)->word = STR_LIT("sms_stopped");
	if (work_apply(f->o->options.work, job, &list, &actor) != W_OK)
		log_error("outbox id=%" PRId64 ": stop not recorded", f->row.id);
}

static void
store_settled(struct flight *f)
{
	struct store_job *job = store_job_new(f->o->options.store);
	struct row_outbox claimed = f->row;

	claimed.state = str_of(outbox_state_word(OUTBOX_CLAIMED));
	CHECK(outbox_set_state(job, &claimed, &f->move) == W_OK);
	if (f->optout && f->row.person != 0)
		add_optout(f, job);
	f->storing = true;
	f->o->jobs++;
	store_submit(f->o->options.store, job, on_settled, f);
}

void
outbox_settle_again(void *outbox)
{
	struct outbox *o = outbox;

	for (struct flight *f = o->flights; f != NULL; f = f->next)
		if (f->step == STEP_SETTLE && !f->storing)
			store_settled(f);
}

void
outbox_settle(struct flight *f, const struct outbox_move *move)
{
	f->step = STEP_SETTLE;
	f->move = *move;
	f->move.by = OUTBOX_BY_SENDER;
	f->move.at = clock_now();
	f->move.word = arena_str(f->arena, move->word);
	f->move.provider_id = arena_str(f->arena, move->provider_id);
	log_info("outbox id=%" PRId64 " %s try=%d", f->row.id, outbox_state_word(move->to),
		 (int)f->row.tries + 1);
	store_settled(f);
}

/* ---- What an answer means ---- */

static int64_t
doubled(int64_t first, int32_t times, int64_t most)
{
	while (times-- > 0 && first < most)
		first *= 2;
	return first < most ? first : most;
}

static int64_t
again_at(const struct flight *f, int64_t wait_ms)
{
	const int64_t first = f->o->options.retry_ms ? f->o->options.retry_ms : RETRY_MS;
	int64_t ms = doubled(first, f->row.tries, RETRY_MAX_MS);

	if (wait_ms > ms)
		ms = wait_ms < RETRY_MAX_MS ? wait_ms : RETRY_MAX_MS;
	return clock_now() + (ms + 999) / 1000;
}

static void
slow_down(struct lane *lane, int64_t wait_ms)
{
	lane->busy_ms = lane->busy_ms ? doubled(lane->busy_ms, 1, BUSY_MAX_MS) : BUSY_MS;
	if (wait_ms > 0)
		lane->busy_ms = wait_ms < BUSY_MAX_MS ? wait_ms : BUSY_MAX_MS;
	lane->next_ms = clock_mono_ms() + lane->busy_ms;
}

static void
note_accepted(struct lane *lane)
{
	lane->busy_ms = 0;
	lane->login.twice = false;
}

/* What the outbox does with each verdict of a dialect. */
static const struct {
	enum outbox_state to;
	const char *stops; /* the channel, until a human says go on */
	bool alarm;
} meanings[SAID_COUNT] = {
	[SAID_ACCEPTED] = {OUTBOX_ACCEPTED, NULL, false},
	[SAID_REJECTED] = {OUTBOX_REJECTED, NULL, false},
	[SAID_OPTOUT] = {OUTBOX_REJECTED, NULL, false},
	[SAID_AGAIN] = {OUTBOX_QUEUED, NULL, false},
	[SAID_BUSY] = {OUTBOX_QUEUED, NULL, false},
	[SAID_HOLD] = {OUTBOX_QUEUED, "hold", true},
	[SAID_FAULT] = {OUTBOX_REJECTED, NULL, true},
	[SAID_DENIED] = {OUTBOX_QUEUED, "denied", true},
	[SAID_RENEW] = {OUTBOX_QUEUED, "login", true},
	[SAID_UNCERTAIN] = {OUTBOX_UNCERTAIN, NULL, false},
};

static void
settle_verdict(struct flight *f, const struct channel_verdict *v)
{
	struct outbox_move move = {.to = meanings[v->said].to,
				   .word = v->word.n ? v->word : str_of(channel_said_word(v->said)),
				   .provider_id = v->n_ids ? v->ids[0] : STR_NONE};

	if (v->said == SAID_RENEW && f->lane->login.number > 0 &&
	    outbox_login_refused(&f->lane->login, f->login)) {
		move.send_after = clock_now();
		outbox_settle(f, &move);
		return;
	}
	if (v->said == SAID_BUSY)
		slow_down(f->lane, v->wait_ms);
	else if (v->said == SAID_ACCEPTED)
		note_accepted(f->lane);
	if (meanings[v->said].stops != NULL)
		f->lane->stopped = meanings[v->said].stops;
	if (meanings[v->said].alarm)
		log_error("outbox id=%" PRId64 " channel %s: %s", f->row.id, f->lane->name,
			  channel_said_word(v->said));
	if (move.to == OUTBOX_QUEUED)
		move.send_after = meanings[v->said].stops != NULL ? clock_now() + OUTBOX_LATER_S
								  : again_at(f, v->wait_ms);
	f->optout = v->said == SAID_OPTOUT;
	outbox_settle(f, &move);
}

static void
settle_broken(struct flight *f, const struct post_result *r)
{
	struct outbox_move move = {.to = OUTBOX_UNCERTAIN, .word = str_of(r->why)};

	if (r->nothing_left) {
		move.to = OUTBOX_QUEUED;
		move.send_after = again_at(f, 0);
	}
	log_warn("outbox id=%" PRId64 " channel %s: no answer (%s), %s", f->row.id, f->lane->name,
		 r->why, r->nothing_left ? "surely not sent" : "fate unknown");
	outbox_settle(f, &move);
}

void
outbox_on_sent(void *arg, const struct post_result *r)
{
	struct flight *f = arg;
	const struct outbox_options *o = &f->o->options;
	const struct channel *ch = o->channel_of(o->ctx, f->row.channel);
	struct channel_verdict v;

	if (!r->complete) {
		settle_broken(f, r);
	} else if (ch == NULL) {
		const struct outbox_move move = {.to = OUTBOX_UNCERTAIN,
						 .word = STR_LIT("channel gone")};

		outbox_settle(f, &move);
	} else {
		channel_send_read(ch, &r->answer, &f->message, f->arena, &v);
		settle_verdict(f, &v);
	}
}
