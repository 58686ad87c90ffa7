#include "author/author_carrier_int.h"
#include "base/id.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

/* An aggregator on loopback that takes what the gateway sends. */

enum { CALL_BODY_MAX = 64 * 1024, CALL_HEADERS_MAX = 16 * 1024, VANISHED_MS = 2000 };

/* ---- A call as wire_request ---- */

static enum wire_method
method_of(struct evhttp_request *req)
{
	switch (evhttp_request_get_command(req)) {
	case EVHTTP_REQ_GET:
		return WIRE_GET;
	case EVHTTP_REQ_POST:
		return WIRE_POST;
	case EVHTTP_REQ_PUT:
		return WIRE_PUT;
	default:
		return WIRE_OTHER;
	}
}

static void
read_call(struct evhttp_request *req, struct arena *a, struct wire_request *out)
{
	struct evkeyvalq *from = evhttp_request_get_input_headers(req);
	struct evbuffer *body = evhttp_request_get_input_buffer(req);
	struct str rest = arena_str(a, str_of(evhttp_request_get_uri(req)));
	const struct evkeyval *kv;
	size_t n = 0, length = evbuffer_get_length(body);
	char *bytes = arena_alloc(a, length + 1);

	for (kv = from->tqh_first; kv != NULL; kv = kv->next.tqe_next)
		n++;
	*out = (struct wire_request){.method = method_of(req), .path = str_cut(&rest, '?')};
	out->query = rest;
	out->headers = ARENA_ARRAY(a, struct wire_header, n + 1);
	for (kv = from->tqh_first; kv != NULL; kv = kv->next.tqe_next)
		out->headers[out->n_headers++] = (struct wire_header){
			arena_str(a, str_of(kv->key)), arena_str(a, str_of(kv->value))};
	CHECK(evbuffer_copyout(body, bytes, length) == (ev_ssize_t)length);
	out->body = (struct str){bytes, length};
}

/* ---- Answers ---- */

static void
on_sent(struct evhttp_request *req, void *arg)
{
	struct author_carrier *c = arg;

	(void)req;
	c->unsent--;
	author_carrier_look(c);
}

static void
reply(struct author_carrier *c, struct evhttp_request *req, const struct wire_answer *answer,
      struct arena *a)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
	struct evbuffer *body = evhttp_request_get_output_buffer(req);

	if (answer->type.n > 0)
		(void)evhttp_add_header(headers, "Content-Type", arena_str(a, answer->type).p);
	for (size_t i = 0; i < answer->n_headers; i++)
		(void)evhttp_add_header(headers, arena_str(a, answer->headers[i].name).p,
					arena_str(a, answer->headers[i].value).p);
	if (answer->body.n > 0)
		evbuffer_add(body, answer->body.p, answer->body.n);
	c->unsent++;
	evhttp_request_set_on_complete_cb(req, on_sent, c);
	evhttp_send_reply(req, answer->status, NULL, NULL);
}

static void
free_connection(void *conn)
{
	evhttp_connection_free(conn);
}

/* Zero linger makes close() a reset; after the turn, for evhttp still stands on the connection. */
static void
reset(struct author_carrier *c, struct evhttp_request *req)
{
	struct evhttp_connection *conn = evhttp_request_get_connection(req);
	evutil_socket_t fd = bufferevent_getfd(evhttp_connection_get_bufferevent(conn));
	struct linger at_once = {.l_onoff = 1};

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	loop_free_later(c->loop, free_connection, conn);
}

static const struct wire_answer broken = {
	.status = 503, .type = {"text/plain", 10}, .body = {"Service Unavailable\n", 20}};
static const struct wire_answer garbage = {
	.status = 200, .type = {"text/html", 9}, .body = {"<html>\xff\xfe it works!", 18}};
static const struct wire_answer unread = {
	.status = 400, .type = {"text/plain", 10}, .body = {"not a call of this dialect\n", 27}};

/* False: the dialect has no such answer to this number. */
static bool
say(struct carrier_message *m, enum channel_said said, struct evhttp_request *req)
{
	struct wire_answer answer;

	if (said == SAID_ACCEPTED)
		m->id = str_of(arena_printf(m->arena, "w%.20s", id_new().hex));
	if (channel_play_answer(m->carrier->party->channel, said, m->to,
				m->id.p ? m->id : STR_LIT("none"), m->arena, &answer) != 0)
		return false;
	reply(m->carrier, req, &answer, m->arena);
	return true;
}

/* ---- A message ---- */

static struct carrier_message *
message_new(struct author_carrier *c)
{
	struct arena *a = arena_new(0);
	struct carrier_message *m = ARENA_NEW(a, struct carrier_message);

	m->carrier = c;
	m->arena = a;
	m->next = c->messages;
	m->at = &c->messages;
	if (c->messages != NULL)
		c->messages->at = &m->next;
	c->messages = m;
	return m;
}

static bool
read_message(struct carrier_message *m, struct evhttp_request *req)
{
	struct wire_request call;

	read_call(req, m->arena, &call);
	if (channel_play_send(m->carrier->party->channel, &call, m->arena, &m->to, &m->text,
			      &m->ref) != 0)
		return false;
	m->phone_ok = phone_parse(m->to, &m->phone) != PHONE_BAD;
	return true;
}

static void
act(struct carrier_message *m, const struct author_fault *fault, struct evhttp_request *req)
{
	struct author_carrier *c = m->carrier;

	switch (fault->act) {
	case ACT_SAY:
		m->said = channel_said_word(fault->said);
		if (say(m, fault->said, req))
			return;
		m->said = "unanswerable";
		reply(c, req, &unread, m->arena);
		return;
	case ACT_BROKEN:
		reply(c, req, &broken, m->arena);
		return;
	case ACT_GARBAGE:
		reply(c, req, &garbage, m->arena);
		return;
	case ACT_RESET:
		reset(c, req);
		return;
	default: /* ACT_HANG: evhttp keeps it until the carrier leaves */
		return;
	}
}

static void
on_call(struct evhttp_request *req, void *arg)
{
	struct author_carrier *c = arg;
	struct carrier_message *m = message_new(c);

	if (!read_message(m, req)) {
		author_notice_unread(c);
		reply(c, req, &unread, m->arena);
		author_message_end(m);
		return;
	}
	const struct author_fault *fault = c->faults[c->n_messages++ % c->n_faults];

	m->said = fault->word;
	act(m, fault, req);
	author_notice_message(m);
	if (m->id.p != NULL)
		author_report_start(m);
	else
		author_message_end(m);
}

/* ---- Done? ---- */

static void
finish(struct author_carrier *c)
{
	c->over = true;
	c->on_done(c->done_arg);
}

/* A caller that hung up takes its answer never: enough waited. */
static void
on_patience(void *arg)
{
	struct author_carrier *c = arg;

	if (!c->over && c->messages == NULL)
		finish(c);
}

void
author_carrier_look(struct author_carrier *c)
{
	if (c->over || c->o->count == 0 || c->n_messages < c->o->count || c->messages != NULL)
		return;
	if (c->unsent > 0)
		timer_set(c->patience, VANISHED_MS);
	else
		finish(c);
}

/* ---- Set-up ---- */

static int
refuse(const struct author_carrier *c, int code, const char *what, const char *more)
{
	fprintf(c->o->err, "wasl: %s%s\n", what, more);
	return code;
}

/* An answer is tried on a number nobody has, so that a wish that cannot be met is said now. */
static bool
can_say(struct author_carrier *c, const struct author_fault *fault)
{
	struct arena *a = arena_new(0);
	struct wire_answer answer;
	bool can = fault->act != ACT_SAY ||
		   channel_play_answer(c->party->channel, fault->said, STR_LIT("+212600000001"),
				       STR_LIT("w1"), a, &answer) == 0;

	arena_free(a);
	return can;
}

static int
take_faults(struct author_carrier *c)
{
	struct str rest = str_of(c->o->faults && c->o->faults[0] ? c->o->faults : "accept");
	struct arena *a = c->party->arena;

	while (rest.n > 0) {
		struct str word = str_trim(str_cut(&rest, ','));
		const struct author_fault *fault = author_fault_find(word);

		if (fault == NULL)
			return refuse(c, AUTHOR_USAGE, "the answers are ", author_fault_words(a));
		if (!can_say(c, fault))
			return refuse(c, AUTHOR_USAGE, "the dialect has no word for ", fault->word);
		if (c->n_faults == CARRIER_TURNS)
			return refuse(c, AUTHOR_USAGE, "too many answers", "");
		c->faults[c->n_faults++] = fault;
	}
	return 0;
}

static int
take_states(struct author_carrier *c)
{
	struct str rest = str_of(c->o->reports && c->o->reports[0] ? c->o->reports : "delivered");

	while (rest.n > 0) {
		struct str word = str_trim(str_cut(&rest, ','));
		enum report_state s = REPORT_PENDING;

		while (s < REPORT_UNKNOWN && !str_is(word, report_state_word(s)))
			s++;
		if (s == REPORT_UNKNOWN)
			return refuse(c, AUTHOR_USAGE,
				      "reports are pending, sent, delivered, failed, expired and "
				      "rejected",
				      "");
		if (c->n_states == CARRIER_TURNS)
			return refuse(c, AUTHOR_USAGE, "too many reports", "");
		c->states[c->n_states++] = s;
	}
	return 0;
}

static int
open_reports(struct author_carrier *c)
{
	const char *address = c->o->report_address;

	if (address == NULL)
		address = author_party_address(c->party, CHANNEL_REPORT);
	if (address == NULL || address[0] == '\0')
		return 0;
	c->line = author_line_new(c->loop, address, 15000);
	return c->line ? 0
		       : refuse(c, AUTHOR_USAGE, "the report address must begin with http://HOST",
				"");
}

static int
listen_on(struct author_carrier *c)
{
	struct evhttp_bound_socket *bound;
	struct sockaddr_in at = {0};
	socklen_t size = sizeof(at);

	c->http = evhttp_new(loop_base(c->loop));
	CHECK(c->http != NULL);
	evhttp_set_max_body_size(c->http, CALL_BODY_MAX);
	evhttp_set_max_headers_size(c->http, CALL_HEADERS_MAX);
	evhttp_set_allowed_methods(c->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PUT);
	evhttp_set_gencb(c->http, on_call, c);
	bound = evhttp_bind_socket_with_handle(c->http, "127.0.0.1", c->o->port);
	if (bound == NULL)
		return refuse(c, AUTHOR_FAILED, "cannot listen there: is the port taken?", "");
	CHECK(getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&at, &size) == 0);
	c->port = ntohs(at.sin_port);
	return 0;
}

static int
set_up(struct author_carrier *c)
{
	int rc = author_party_open(&c->o->account, c->o->err, &c->party);

	if (rc == 0 && !channel_can_send(c->party->channel))
		rc = refuse(c, AUTHOR_NONE, "the dialect sends nothing", "");
	if (rc == 0)
		rc = take_faults(c);
	if (rc == 0)
		rc = take_states(c);
	if (rc == 0)
		rc = open_reports(c);
	return rc == 0 ? listen_on(c) : rc;
}

int
author_carrier_new(struct loop *l, const struct author_carrier_options *o,
		   void (*on_done)(void *arg), void *arg, struct author_carrier **out)
{
	struct author_carrier *c = xcalloc(1, sizeof(*c));

	c->loop = l;
	c->o = o;
	c->on_done = on_done;
	c->done_arg = arg;
	c->patience = timer_new(l, on_patience, c);
	int rc = set_up(c);

	if (rc == 0) {
		author_notice_ready(c);
		*out = c;
		return 0;
	}
	author_carrier_free(c);
	return rc;
}

uint16_t
author_carrier_port(const struct author_carrier *c)
{
	return c->port;
}

void
author_carrier_free(struct author_carrier *c)
{
	if (c == NULL)
		return;
	c->over = true; /* nothing that goes now calls back */
	if (c->http != NULL)
		evhttp_free(c->http);
	author_line_free(c->line);
	while (c->messages != NULL) {
		struct carrier_message *m = c->messages;

		c->messages = m->next;
		author_message_free(m);
	}
	timer_free(c->patience);
	author_party_close(c->party);
	free(c);
}

static void
stop(void *loop)
{
	loop_stop(loop);
}

int
author_carrier(const struct author_carrier_options *o)
{
	struct loop *l = loop_new();
	struct author_carrier *c = NULL;
	/* Callers hang up when they like. */
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	int rc = author_carrier_new(l, o, stop, l, &c);

	if (rc == 0) {
		loop_on_signal(l, SIGINT, stop, l);
		loop_on_signal(l, SIGTERM, stop, l);
		loop_run(l);
	}
	author_carrier_free(c);
	loop_free(l);
	(void)signal(SIGPIPE, before);
	return rc;
}
