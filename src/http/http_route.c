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

size_t
routes_under_way(const struct routes *r)
{
	return r->under_way;
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
take_ussd(struct call *c)
{
	session_take(c->routes->o.sessions, c->ch, &c->events[0], on_page, c);
}

static void
take_report(struct call *c)
{
	struct outbox *o = c->routes->o.outbox;
	const struct str channel = str_of(channel_name(c->ch));
	struct channel_event *events = c->events;

	/* Each moves a message of its own, some wait for their send; a turn's jobs share a commit.
	 * The call may be answered, and c be gone, by the last. */
	for (size_t i = 0, n = c->n; i < n; i++)
		outbox_report(o, channel, &events[i], on_settled, c);
}

/* Adds the rows of one event to the job of its call. */
typedef int keep_event(struct call *c, struct store_job *job, struct channel_event *ev,
		       const struct work_actor *actor, size_t *added);

/*
 * All events of a call go into one job: they are kept together or come again
 * together. What is known already adds no row and is acknowledged as it was.
 */
static void
keep_all(struct call *c, keep_event *keep)
{
	struct routes *r = c->routes;
	const struct work_centre *centre = work_centre(r->o.work, channel_centre(c->ch));
	const struct work_actor actor = {.source = "sms",
					 .channel = str_of(channel_name(c->ch)),
					 .centre = centre != NULL ? centre->id : 0,
					 .now = clock_now()};
	struct store_job *job = store_job_new(r->o.store);
	size_t added = 0;
	int rc = W_OK;

	for (size_t i = 0; i < c->n && rc == W_OK; i++)
		rc = keep(c, job, &c->events[i], &actor, &added);
	c->owed = 1;
	if (rc == W_OK && added > 0) {
		store_submit(r->o.store, job, on_settled, c);
		return;
	}
	store_job_free(job);
	event_settled(c, rc);
}

/* Did an earlier event of the call come from this number? */
static bool
number_came(const struct call *c, const struct channel_event *ev)
{
	for (const struct channel_event *e = c->events; e < ev; e++)
		if (e->msisdn_ok && phone_eq(&e->msisdn, &ev->msisdn))
			return true;
	return false;
}

static int
keep_optout(struct call *c, struct store_job *job, struct channel_event *ev,
	    const struct work_actor *actor, size_t *added)
{
	if (!ev->msisdn_ok || number_came(c, ev))
		return W_OK;
	return work_sms_stop(c->routes->o.work, job, &ev->msisdn, actor, added);
}

static int
keep_sms(struct call *c, struct store_job *job, struct channel_event *ev,
	 const struct work_actor *actor, size_t *added)
{
	const struct work_sms sms = {.id = ev->id,
				     .from_ok = ev->msisdn_ok,
				     .from = ev->msisdn,
				     .from_raw = ev->msisdn_raw,
				     .text = ev->text,
				     .to = ev->to,
				     .at = ev->at,
				     .time_word = ev->time_word,
				     .part_ref = ev->part_ref,
				     .part_number = ev->part_number,
				     .part_of = ev->part_of};

	return work_sms_keep(c->routes->o.work, job, &sms, actor, added);
}

static void
take_sms(struct call *c)
{
	keep_all(c, keep_sms);
}

static void
take_optout(struct call *c)
{
	keep_all(c, keep_optout);
}

static void
take_ping(struct call *c)
{
	event_settled(c, W_OK);
}

/* By the kind of the section, which all events of a call share. */
static void (*const takers[CHANNEL_KINDS])(struct call *) = {
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

/* What the caller did not get past, or REFUSALS: they may speak. */
static enum refusal
caller_refused(const struct route_channel *rc, const struct http_request *req, struct str *tail)
{
	if (!channel_tail(rc->channel, req->wire.path, tail))
		return REFUSED_SECRET;
	if (rc->conf->addresses.n > 0 && !guard_address_ok(&rc->conf->addresses, &req->peer))
		return REFUSED_ADDRESS;
	return REFUSALS;
}

/*
 * One call of the channel, and one of each number in it: a batch of whatever
 * size gets through when the buckets are full. Reports come as fast as we send;
 * only what a phone can cause counts.
 */
static enum refusal
rate_refused(struct routes *r, const struct call *c)
{
	const int64_t now = clock_mono_ms();

	if (c->events[0].kind != CHANNEL_USSD && c->events[0].kind != CHANNEL_SMS)
		return REFUSALS;
	const struct digest whole = digest_of(r->o.keys, DIGEST_TAG, str_of(channel_name(c->ch)));
	if (!rate_take(r->per_channel, &whole, now))
		return REFUSED_CHANNEL_RATE;
	for (const struct channel_event *ev = c->events; ev < c->events + c->n; ev++) {
		if (!ev->msisdn_ok || number_came(c, ev))
			continue;
		const struct digest number = digest_phone(r->o.keys, DIGEST_GUARD, &ev->msisdn);
		if (!rate_take(r->per_number, &number, now))
			return REFUSED_NUMBER_RATE;
	}
	return REFUSALS;
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
	takers[c->events[0].kind](c);
}

static void
refuse(struct http_request *req, const struct wire_answer *a, const char *channel, enum refusal why)
{
	const bool often = why == REFUSED_CHANNEL_RATE || why == REFUSED_NUMBER_RATE;

	metric_add(often ? METRIC_RATE_REFUSED : METRIC_GUARD_REFUSED, 1);
	refusal_add(channel, why);
	http_answer(req, a);
}

static void
refuse_status(struct http_request *req, int status, const char *channel, enum refusal why)
{
	const struct wire_answer a = {.status = status};

	refuse(req, &a, channel, why);
}

static enum refusal
parse_refused(int code)
{
	return code == W_ENOENT    ? REFUSED_PATH
	       : code == W_EPROTO  ? REFUSED_METHOD
	       : code == W_EDENIED ? REFUSED_PROOF
				   : REFUSED_MALFORMED;
}

/* The caller has shown the path's secret, from a listed address. */
static void
take_call(struct routes *r, const struct channel *ch, struct http_request *req, struct str tail)
{
	struct wire_answer refusal;
	struct call *c = ARENA_NEW(req->arena, struct call);

	*c = (struct call){.routes = r, .req = req, .ch = ch};
	int code = channel_parse(ch, &req->wire, tail, clock_now(), req->arena, &c->events, &c->n,
				 &refusal);
	if (code != W_OK) {
		refuse(req, &refusal, channel_name(ch), parse_refused(code));
		return;
	}
	enum refusal why = rate_refused(r, c);
	if (why != REFUSALS) {
		refuse_status(req, 429, channel_name(ch), why);
		return;
	}
	c->owed = c->n;
	r->under_way++;
	take_events(c);
}

void
route_request(struct http_request *req, void *ctx)
{
	struct routes *r = *(struct routes **)ctx;
	struct str tail;

	CHECK_ON_LOOP();
	if (!str_starts(req->wire.path, STR_LIT("/c/"))) {
		refuse_status(req, 404, NULL, REFUSED_PATH);
		return;
	}
	const struct route_channel *rc = find_channel(r, req->wire.path);
	if (rc == NULL) {
		refuse_status(req, 403, NULL, REFUSED_SECRET);
		return;
	}
	enum refusal why = caller_refused(rc, req, &tail);
	if (why != REFUSALS)
		refuse_status(req, 403, channel_name(rc->channel), why);
	else
		take_call(r, rc->channel, req, tail);
}

bool
route_takes_bytes(void *ctx, struct str path)
{
	const struct routes *r = *(struct routes **)ctx;
	const struct route_channel *rc =
		str_starts(path, STR_LIT("/c/")) ? find_channel(r, path) : NULL;
	struct str tail;

	CHECK_ON_LOOP();
	return rc != NULL && channel_tail(rc->channel, path, &tail) &&
	       channel_takes_bytes(rc->channel, tail);
}
