#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "http/http_int.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

/*
 * A call lives in its own arena from dispatch to http_answer, whatever becomes
 * of the connection meanwhile; conn says whether anybody still listens. Nothing
 * in it points into evhttp, whose request is freed as soon as the bytes are out.
 */

/* ---- evhttp's request -> struct http_request ---- */

static void
copy_target(struct http_call *call)
{
	struct wire_request *wire = &call->pub.wire;
	struct str rest = arena_str(call->pub.arena, str_of(evhttp_request_get_uri(call->ev)));

	wire->path = str_cut(&rest, '?');
	wire->query = rest;
	switch (evhttp_request_get_command(call->ev)) {
	case EVHTTP_REQ_POST:
		wire->method = WIRE_POST;
		break;
	case EVHTTP_REQ_PUT:
		wire->method = WIRE_PUT;
		break;
	default:
		wire->method = WIRE_GET;
	}
}

static void
copy_headers(struct http_call *call)
{
	struct evkeyvalq *from = evhttp_request_get_input_headers(call->ev);
	struct wire_request *wire = &call->pub.wire;
	const struct evkeyval *kv;
	size_t n = 0;

	for (kv = from->tqh_first; kv != NULL; kv = kv->next.tqe_next)
		n++;
	wire->headers = ARENA_ARRAY(call->pub.arena, struct wire_header, n);
	for (kv = from->tqh_first; kv != NULL; kv = kv->next.tqe_next)
		wire->headers[wire->n_headers++] = (struct wire_header){
			.name = arena_str(call->pub.arena, str_of(kv->key)),
			.value = arena_str(call->pub.arena, str_of(kv->value)),
		};
}

static void
copy_body(struct http_call *call)
{
	struct evbuffer *from = evhttp_request_get_input_buffer(call->ev);
	size_t n = evbuffer_get_length(from);
	char *bytes = arena_alloc(call->pub.arena, n + 1);

	CHECK(evbuffer_copyout(from, bytes, n) == (ev_ssize_t)n);
	call->pub.wire.body = (struct str){bytes, n};
}

static void
find_caller(struct http_call *call, const struct net_address *connected)
{
	const struct net_ranges *proxies = &call->front->proxies;

	call->pub.peer = *connected;
	if (connected->family != AF_UNIX && !guard_address_ok(proxies, connected))
		return;
	call->pub.forwarded = guard_forwarded(&call->pub.wire, proxies, &call->pub.peer);
	if (!call->pub.forwarded)
		call->pub.peer = *connected;
}

static void
call_enlist(struct http_call *call, struct http_front *f)
{
	call->front = f;
	call->next = f->calls;
	call->at = &f->calls;
	if (call->next != NULL)
		call->next->at = &call->next;
	f->calls = call;
}

static void
call_release(struct http_call *call)
{
	if (call->front == NULL) {
		arena_free(call->pub.arena);
		return;
	}
	*call->at = call->next;
	if (call->next != NULL)
		call->next->at = call->at;
	front_arena_back(call->front, call->pub.arena);
}

static void
write_id(char id[9], uint32_t random)
{
	for (int i = 0; i < 8; i++, random >>= 4)
		id[i] = "0123456789abcdef"[random & 15];
	id[8] = '\0';
}

static struct http_call *
call_new(struct http_front *f, struct http_conn *c, struct evhttp_request *ev)
{
	struct arena *arena = front_arena(f);
	struct http_call *call = ARENA_NEW(arena, struct http_call);

	call->pub.arena = arena;
	call->pub.id = call->id;
	call->pub.deadline_ms = clock_mono_ms() + f->limits.reply_ms;
	call->conn = c;
	call->ev = ev;
	write_id(call->id, front_random(f));
	call_enlist(call, f);
	copy_target(call);
	copy_headers(call);
	copy_body(call);
	find_caller(call, &c->peer);
	return call;
}

void
call_on_request(struct evhttp_request *ev, void *arg)
{
	struct http_front *f = arg;
	struct bufferevent *bev =
		evhttp_connection_get_bufferevent(evhttp_request_get_connection(ev));
	struct http_conn *c = f->by_fd[bufferevent_getfd(bev)];

	CHECK_ON_LOOP();
	CHECK(c != NULL && c->bev == bev);
	if (c->refused != 0)
		return; /* on_kick is about to end it */
	metric_add(METRIC_HTTP_REQUESTS, 1);
	struct http_call *call = call_new(f, c, ev);
	conn_owes(c, call);
	f->on_request(&call->pub, f->ctx);
}

/* ---- Answer ---- */

static bool
header_may_pass(const struct wire_header *h)
{
	static const char *const ours[] = {"Connection", "Content-Length", "Transfer-Encoding"};

	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		if (str_eq_nocase(h->name, str_of(ours[i])))
			return false;
	for (size_t i = 0; i < h->value.n; i++)
		if ((unsigned char)h->value.p[i] < ' ' || h->value.p[i] == 0x7f)
			return false;
	for (size_t i = 0; i < h->name.n; i++)
		if (h->name.p[i] <= ' ' || h->name.p[i] == 0x7f || h->name.p[i] == ':')
			return false;
	return h->name.n > 0;
}

static void
add_header(struct http_call *call, struct str name, struct str value)
{
	struct wire_header h = {name, value};

	if (header_may_pass(&h))
		evhttp_add_header(evhttp_request_get_output_headers(call->ev),
				  arena_str(call->pub.arena, name).p,
				  arena_str(call->pub.arena, value).p);
}

static void
add_body(struct http_call *call, int status, struct str body)
{
	if (status == 204 || status == 304)
		return; /* RFC 9110 sections 15.3.5 and 15.4.5 */
	evhttp_add_header(evhttp_request_get_output_headers(call->ev), "Content-Length",
			  arena_int(call->pub.arena, (int64_t)body.n).p);
	evbuffer_add(evhttp_request_get_output_buffer(call->ev), body.p, body.n);
}

/* evhttp would add a keep-alive of its own to an HTTP/1.0 answer if it saw the caller's wish. */
static void
add_close(struct http_call *call)
{
	evhttp_remove_header(evhttp_request_get_input_headers(call->ev), "Connection");
	evhttp_add_header(evhttp_request_get_output_headers(call->ev), "Connection", "close");
}

static void
on_sent(struct evhttp_request *ev, void *arg)
{
	(void)ev;
	conn_answered(arg);
}

/* After evhttp_send_reply neither its request nor the call's conn may be used. */
static void
call_send(struct http_call *call, const struct wire_answer *answer, bool last)
{
	struct http_front *f = call->front;
	struct http_conn *c = call->conn;
	struct evhttp_request *ev = call->ev;
	struct bufferevent *bev = c->bev;
	int fd = c->fd;
	int status = answer->status >= 200 && answer->status <= 599 ? answer->status : 500;

	if (answer->type.n > 0)
		add_header(call, STR_LIT("Content-Type"), answer->type);
	for (size_t i = 0; i < answer->n_headers; i++)
		add_header(call, answer->headers[i].name, answer->headers[i].value);
	evhttp_add_header(evhttp_request_get_output_headers(ev), "Date", front_date(f));
	add_body(call, status, answer->body);
	if (last || f->draining || c->answered + 1 >= f->limits.requests_per_connection)
		add_close(call);
	evhttp_request_set_on_complete_cb(ev, on_sent, c);
	conn_replying(c);
	call->conn = NULL;
	call->ev = NULL;
	evhttp_send_reply(ev, status, NULL, NULL);
	/* evhttp reads while it writes; see conn_replying. */
	if (f->by_fd[fd] == c && c->bev == bev)
		bufferevent_disable(bev, EV_READ);
}

void
http_answer(struct http_request *req, const struct wire_answer *answer)
{
	struct http_call *call = (struct http_call *)req;
	struct http_conn *c = call->conn;

	CHECK_ON_LOOP();
	if (c != NULL && answer != NULL) {
		call_send(call, answer, false);
	} else if (c != NULL) {
		conn_drop(c);
	}
	call_release(call);
}

void
http_answer_status(struct http_request *req, int status)
{
	http_answer(req, &(struct wire_answer){.status = status});
}

void
call_overdue(struct http_call *call)
{
	log_warn("http call=%s overdue answered=503", call->id);
	call_send(call, &(struct wire_answer){.status = 503}, true);
}

/*
 * evhttp frees its request with the connection, unless a write error made it
 * let go of the connection first: then the request is ours.
 */
void
call_cut_off(struct http_call *call)
{
	if (evhttp_request_get_connection(call->ev) == NULL)
		evhttp_request_free(call->ev);
	call->conn->call = NULL;
	call->conn = NULL;
	call->ev = NULL;
}
