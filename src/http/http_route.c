#include "http/http_route.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

enum { NUMBERS_COUNTED = 65536, MINUTE_MS = 60000, SECOND_MS = 1000 };

struct routes {
	struct route_options o;
	struct route_channel *channels;
	struct rate *per_number, *per_channel;
	size_t under_way;
	bool leaving;
};

/* One call: answered when none of its events is owed any more. In the request's arena. */
struct call {
	struct routes *routes;
	struct http_request *req;
	const struct channel *ch;
	struct channel_event *events;
	size_t n, owed;
	int worst; /* code of the event that could not be kept */
	bool answered;
};

struct routes *
routes_new(const struct route_options *o)
{
	struct routes *r = xcalloc(1, sizeof(*r));
	const struct conf_limits *l = o->limits;
	const struct rate_rule number = {(uint32_t)l->rate_per_number, MINUTE_MS,
					 (uint32_t)l->rate_burst};
	const struct rate_rule channel = {(uint32_t)l->rate_per_channel, SECOND_MS,
					  (uint32_t)l->rate_channel_burst};

	r->o = *o;
	r->channels = xcalloc(o->n_channels, sizeof(*r->channels));
	if (o->n_channels > 0)
		memcpy(r->channels, o->channels, o->n_channels * sizeof(*r->channels));
	r->per_number = rate_new(&number, NUMBERS_COUNTED);
	r->per_channel = rate_new(&channel, 2 * o->n_channels + 16);
	return r;
}

static void
routes_destroy(struct routes *r)
{
	rate_free(r->per_number);
	rate_free(r->per_channel);
	free(r->channels);
	free(r);
}

void
routes_free(struct routes *r)
{
	if (r == NULL)
		return;
	r->leaving = true;
	if (r->under_way == 0)
		routes_destroy(r);
}

/* ---- Answers ---- */

static void
call_done(struct call *c)
{
	struct routes *r = c->routes;

	r->under_way--;
	if (r->leaving && r->under_way == 0)
		routes_destroy(r);
}

static void
answer(struct call *c, const struct wire_answer *a)
{
	struct http_request *req = c->req;

	CHECK(!c->answered);
	c->answered = true;
	call_done(c); /* c is the request's, gone after the answer */
	http_answer(req, a);
}

static void
answer_status(struct call *c, int status)
{
	const struct wire_answer a = {.status = status};

	answer(c, &a);
}

/* The acknowledgement of a batch, or "come again" when a part of it could not be kept. */
static void
event_settled(struct call *c, int rc)
{
	struct wire_answer a;

	if (rc != W_OK)
		c->worst = rc;
	if (--c->owed > 0 || c->answered)
		return;
	if (c->worst != W_OK) {
		answer_status(c, 503);
		return;
	}
	channel_ack(c->ch, &c->events[0], false, c->req->arena, &a);
	answer(c, &a);
}

/* ---- Events ---- */

static void
on_page(void *arg, const struct session_answer *said)
{
	struct call *c = arg;
	struct wire_answer a;

	if (said->kind == ANSWER_ACK) {
		event_settled(c, W_OK);
		return;
	}
	if (said->kind == ANSWER_PAGE)
		channel_reply(c->ch, &c->events[0], said->page, said->go_on, c->req->arena, &a);
	else
		channel_refuse(c->ch, &c->events[0], c->req->arena, &a);
	answer(c, &a);
}

static void
on_settled(void *arg, int rc)
{
	event_settled(arg, rc);
}

static void
take_ussd(struct call *c, struct channel_event *ev)
{
	session_take(c->routes->o.sessions, c->ch, ev, on_page, c);
}

static void
take_report(struct call *c, struct channel_event *ev)
{
	outbox_report(c->routes->o.outbox, str_of(channel_name(c->ch)), ev, on_settled, c);
}

/* The operator tells us that a person wants no more messages: written like I2 in the menu. */
static void
take_optout(struct call *c, struct channel_event *ev)
{
	struct routes *r = c->routes;
	struct effects effects = {.n = 0};
	const struct work_actor actor = {
		.source = "sms", .channel = str_of(channel_name(c->ch)), .now = clock_now()};
	struct work_holder holders[WORK_HOLDERS];
	size_t n = 0;

	if (ev->msisdn_ok)
		n = work_holders(r->o.work, &ev->msisdn, holders, ARRAY_LEN(holders));
	for (size_t i = 0; i < n; i++)
		effect_add(&effects, EFFECT_CONSENT, holders[i].person)->word =
			STR_LIT("sms_stopped");
	if (n == 0) {
		event_settled(c, W_OK);
		return;
	}
	struct store_job *job = store_job_new(r->o.store);
	int rc = work_apply(r->o.work, job, &effects, &actor);
	if (rc == W_OK) {
		store_submit(r->o.store, job, on_settled, c);
		return;
	}
	store_job_free(job);
	event_settled(c, rc);
}

static void
take_ping(struct call *c, struct channel_event *ev)
{
	(void)ev;
	event_settled(c, W_OK);
}

/* Nothing here keeps an SMS in yet: to acknowledge it would lose it, so they are asked to repeat.
 */
static void
take_sms(struct call *c, struct channel_event *ev)
{
	(void)ev;
	log_warn("channel %s: an SMS in was not taken: not supported yet", channel_name(c->ch));
	event_settled(c, W_EFULL);
}

static void (*const takers[CHANNEL_KINDS])(struct call *, struct channel_event *) = {
	[CHANNEL_USSD] = take_ussd,     [CHANNEL_USSD_END] = take_ussd, [CHANNEL_SMS] = take_sms,
	[CHANNEL_REPORT] = take_report, [CHANNEL_OPTOUT] = take_optout, [CHANNEL_PING] = take_ping,
};

/* ---- The door ---- */

/* "/c/NAME/...": the channel of that name. */
static const struct route_channel *
find_channel(const struct routes *r, struct str path)
{
	struct str rest = str_after(path, sizeof("/c/") - 1), name = str_cut(&rest, '/');

	for (size_t i = 0; i < r->o.n_channels; i++)
		if (str_is(name, channel_name(r->channels[i].channel)))
			return &r->channels[i];
	return NULL;
}

static bool
caller_ok(const struct route_channel *rc, const struct http_request *req, struct str *tail)
{
	if (rc == NULL || !channel_tail(rc->channel, req->wire.path, tail))
		return false;
	return rc->conf->addresses.n == 0 || guard_address_ok(&rc->conf->addresses, &req->peer);
}

static bool
rate_ok(struct routes *r, const struct channel *ch, const struct channel_event *ev, size_t n)
{
	int64_t now = clock_mono_ms();

	for (size_t i = 0; i < n; i++) {
		/* Reports come as fast as we send; only what a phone can cause counts. */
		if (ev[i].kind != CHANNEL_USSD && ev[i].kind != CHANNEL_SMS)
			continue;
		const struct digest whole =
			digest_of(r->o.keys, DIGEST_TAG, str_of(channel_name(ch)));
		if (!rate_take(r->per_channel, &whole, now))
			return false;
		if (!ev[i].msisdn_ok)
			continue;
		const struct digest number = digest_phone(r->o.keys, DIGEST_GUARD, &ev[i].msisdn);
		if (!rate_take(r->per_number, &number, now))
			return false;
	}
	return true;
}

static void
take_events(struct call *c)
{
	struct wire_answer a;

	if (c->n == 0) {
		channel_ack(c->ch, &c->events[0], false, c->req->arena, &a);
		answer(c, &a);
		return;
	}
	/* The call may be answered, and c be gone, by the last taker. */
	for (size_t i = 0, n = c->n; i < n; i++)
		takers[c->events[i].kind](c, &c->events[i]);
}

static void
refuse_with(struct http_request *req, const struct wire_answer *a, enum metric counted)
{
	metric_add(counted, 1);
	http_answer(req, a);
}

void
route_request(struct http_request *req, void *ctx)
{
	struct routes *r = *(struct routes **)ctx;
	struct wire_answer refusal = {.status = 403};
	struct str tail;

	CHECK_ON_LOOP();
	if (!str_starts(req->wire.path, STR_LIT("/c/"))) {
		refusal.status = 404;
		refuse_with(req, &refusal, METRIC_GUARD_REFUSED);
		return;
	}
	const struct route_channel *rc = find_channel(r, req->wire.path);
	if (!caller_ok(rc, req, &tail)) {
		refuse_with(req, &refusal, METRIC_GUARD_REFUSED);
		return;
	}
	struct call *c = ARENA_NEW(req->arena, struct call);
	*c = (struct call){.routes = r, .req = req, .ch = rc->channel};
	int code = channel_parse(c->ch, &req->wire, tail, clock_now(), req->arena, &c->events,
				 &c->n, &refusal);
	if (code != W_OK) {
		refuse_with(req, &refusal, METRIC_GUARD_REFUSED);
	} else if (!rate_ok(r, c->ch, c->events, c->n)) {
		refusal = (struct wire_answer){.status = 429};
		refuse_with(req, &refusal, METRIC_RATE_REFUSED);
	} else {
		c->owed = c->n;
		r->under_way++;
		take_events(c);
	}
}
