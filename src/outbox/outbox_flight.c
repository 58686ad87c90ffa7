#include "outbox/outbox_int.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

bool
outbox_is_in_flight(const struct outbox *o, int64_t id)
{
	for (const struct flight *f = o->flights; f != NULL; f = f->next)
		if (f->row.id == id)
			return true;
	return false;
}

static struct flight *
flight_new(struct outbox *o, const struct row_outbox *row, struct lane *lane)
{
	struct flight *f = xcalloc(1, sizeof(*f));
	struct arena *a = arena_new(0);

	f->o = o;
	f->arena = a;
	f->lane = lane;
	f->row = *row;
	f->row.channel = arena_str(a, row->channel);
	f->row.lang = arena_str(a, row->lang);
	f->row.ref = arena_str(a, row->ref);
	f->next = o->flights;
	o->flights = f;
	o->n_flights++;
	return f;
}

void
outbox_flight_free(struct flight *f)
{
	for (struct flight **at = &f->o->flights; *at != NULL; at = &(*at)->next)
		if (*at == f) {
			*at = f->next;
			f->o->n_flights--;
			break;
		}
	arena_free(f->arena);
	free(f);
}

/* ---- From the claim to the wire ---- */

/* Nothing has left yet: back to the queue, without counting on anybody. */
static void
put_back(struct flight *f, const char *why, int64_t later_s)
{
	const struct outbox_move move = {
		.to = OUTBOX_QUEUED, .word = str_of(why), .send_after = clock_now() + later_s};

	outbox_settle(f, &move);
}

static void
refuse_call(struct flight *f, int rc)
{
	const struct outbox_move move = {.to = OUTBOX_REJECTED, .word = STR_LIT("fault")};

	log_error("outbox id=%" PRId64 " channel %s: no call can be made: %s", f->row.id,
		  f->lane->name, w_err_word(rc));
	outbox_settle(f, &move);
}

static void
send_claimed(struct flight *f)
{
	struct outbox *o = f->o;
	const struct channel *ch = o->options.channel_of(o->options.ctx, f->row.channel);
	const struct conf_channel *conf = conf_channel(o->options.work->conf, f->lane->name);
	const struct post_call call = {.request = &f->request,
				       .http_to = conf ? &conf->plain_http_to : NULL,
				       .arena = f->arena,
				       .on_done = outbox_on_sent,
				       .arg = f};

	if (o->stopped) {
		put_back(f, "stopped", 0);
		return;
	}
	if (ch == NULL) {
		put_back(f, "channel off", OUTBOX_LATER_S);
		return;
	}
	if (channel_has_login(ch) &&
	    f->lane->login.token.n == 0) { /* gone since it was looked at */
		put_back(f, "login", 0);
		return;
	}
	f->step = STEP_SEND;
	f->message.ref = f->row.ref;
	f->login = f->lane->login.number;
	int rc = channel_send_build(ch, &f->message, clock_now(), f->lane->login.token, f->arena,
				    &f->request);
	if (rc == W_OK)
		rc = post_start(o->post, &call);
	if (rc != W_OK) {
		refuse_call(f, rc);
		return;
	}
	metric_add(METRIC_OUTBOX_SENT, 1);
}

static void
on_claimed(void *arg, int rc)
{
	struct flight *f = arg;
	struct outbox *o = f->o;

	if (rc == W_OK && !o->closed) {
		send_claimed(f);
	} else {
		if (rc != W_OK && rc != W_EEXIST)
			log_error("outbox id=%" PRId64 " not claimed: %s", f->row.id,
				  w_err_word(rc));
		outbox_flight_free(f);
		if (!o->closed)
			timer_set(o->timer, rc == W_EEXIST ? 0 : OUTBOX_PAUSE_MS);
	}
	outbox_job_done(o);
}

void
outbox_claim(struct outbox *o, const struct row_outbox *row, struct lane *lane,
	     const struct channel_message *message, int64_t now)
{
	struct flight *f = flight_new(o, row, lane);
	struct store_job *job = store_job_new(o->options.store);

	f->message = *message;
	f->message.text = arena_str(f->arena, message->text);
	if (f->row.ref.n == 0)
		f->row.ref = str_of(arena_strdup(f->arena, id_new().hex));
	set_outbox_claimed(job, row->id, f->row.ref, now);
	outbox_lane_step(o, lane, clock_mono_ms());
	outbox_count_sent(o, now);
	o->jobs++;
	store_submit(o->options.store, job, on_claimed, f);
}
