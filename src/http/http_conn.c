#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "http/http_int.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * evhttp 2.1 says nothing between accept and a whole request, so a record is
 * made when it asks for a bufferevent. The record's kick event runs once evhttp
 * has finished with the accept; its callback on the input buffer sees every
 * byte before evhttp does. Inside that callback nothing may be freed: it takes
 * evhttp's callbacks off the bufferevent and leaves the rest to the kick.
 */

enum { DISCARD_BYTES = 65536 };

static void on_kick(evutil_socket_t fd, short what, void *arg);
static void on_deadline(void *arg);

static struct http_conn *
conn_take(struct http_front *f)
{
	struct http_conn *c = f->spare_conns;

	if (c != NULL) {
		f->spare_conns = c->next_spare;
		return c;
	}
	c = xcalloc(1, sizeof(*c));
	c->front = f;
	c->next_made = f->made_conns;
	f->made_conns = c;
	c->kick = event_new(loop_base(f->loop), -1, 0, on_kick, c);
	CHECK(c->kick != NULL);
	c->timer = timer_new(f->loop, on_deadline, c);
	return c;
}

static void
conn_give_back(struct http_conn *c)
{
	struct http_front *f = c->front;

	event_del(c->kick);
	timer_stop(c->timer);
	if (c->reader != NULL)
		front_reader_back(f, c->reader);
	*c = (struct http_conn){.front = f,
				.kick = c->kick,
				.timer = c->timer,
				.next_made = c->next_made,
				.next_spare = f->spare_conns};
	f->spare_conns = c;
}

void
conn_free_all(struct http_front *f)
{
	while (f->made_conns != NULL) {
		struct http_conn *c = f->made_conns;

		f->made_conns = c->next_made;
		event_free(c->kick);
		timer_free(c->timer);
		free(c);
	}
}

/*
 * The timer is only moved when the new deadline comes before it; a later one is
 * found when it goes off. On a busy connection it is armed once in a while, not
 * at each step of each request.
 */
void
conn_set_deadline(struct http_conn *c, int64_t at_ms)
{
	int64_t now = clock_mono_ms();

	c->deadline_ms = at_ms;
	if (at_ms >= c->armed_ms)
		return;
	c->armed_ms = at_ms;
	timer_set(c->timer, at_ms > now ? at_ms - now : 0);
}

static void
on_deadline(void *arg)
{
	struct http_conn *c = arg;

	c->armed_ms = INT64_MAX;
	if (clock_mono_ms() < c->deadline_ms)
		conn_set_deadline(c, c->deadline_ms);
	else if (c->phase == CONN_OWED)
		call_overdue(c->call);
	else
		conn_close(c);
}

/* ---- A byte arrives ---- */

/* The deadlines of one request count from its first byte and are not set again by further ones. */
static void
conn_heard(struct http_conn *c)
{
	const struct http_limits *limits = &c->front->limits;

	if (c->phase == CONN_WAITING) {
		c->phase = CONN_READING;
		c->first_byte_ms = clock_mono_ms();
		conn_set_deadline(c, c->first_byte_ms + limits->header_ms);
	}
	if (!reader_in_head(c->reader))
		conn_set_deadline(c, c->first_byte_ms + limits->request_ms);
}

/* From here on evhttp neither reads the bytes nor acts on the connection; on_kick ends it. */
static void
conn_refuse(struct http_conn *c, int status)
{
	c->refused = status;
	bufferevent_setcb(c->bev, NULL, NULL, NULL, NULL);
	bufferevent_disable(c->bev, EV_READ);
	event_active(c->kick, EV_READ, 0);
}

/* The newest bytes of the buffer. One read adds at most four blocks (evbuffer_read). */
static int
conn_judge(struct http_conn *c, struct evbuffer *input, size_t added)
{
	struct evbuffer_iovec piece[8];
	struct evbuffer_ptr at;
	size_t before = evbuffer_get_length(input) - added;
	int status = 0;

	CHECK(evbuffer_ptr_set(input, &at, before, EVBUFFER_PTR_SET) == 0);
	int pieces = evbuffer_peek(input, (ev_ssize_t)added, &at, piece, ARRAY_LEN(piece));
	CHECK(pieces <= (int)ARRAY_LEN(piece));
	for (int i = 0; i < pieces && status == 0; i++)
		status = reader_take(c->reader, piece[i].iov_base, piece[i].iov_len);
	return status;
}

static void
on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
	struct http_conn *c = arg;

	if (info->n_added == 0 || c->refused != 0)
		return;
	CHECK(c->phase == CONN_WAITING || c->phase == CONN_READING);
	if (c->reader == NULL)
		c->reader = front_reader(c->front);
	int status = conn_judge(c, input, info->n_added);
	conn_heard(c);
	if (status != 0)
		conn_refuse(c, status);
}

/* ---- Accept ---- */

struct bufferevent *
conn_on_accept(struct event_base *base, void *arg)
{
	struct http_front *f = arg;
	struct http_conn *c = conn_take(f);
	/* evhttp closes the descriptor itself. */
	struct bufferevent *bev = bufferevent_socket_new(base, -1, 0);

	CHECK(bev != NULL);
	c->bev = bev;
	c->fd = -1;
	c->phase = CONN_FRESH;
	c->armed_ms = INT64_MAX;
	CHECK(evbuffer_add_cb(bufferevent_get_input(bev), on_input, c) != NULL);
	event_active(c->kick, EV_READ, 0);
	return bev;
}

void
conn_close_if_waiting(struct http_conn *c)
{
	if (c->phase == CONN_WAITING)
		event_active(c->kick, EV_READ, 0);
}

void
conn_drop(struct http_conn *c)
{
	conn_replying(c);
	c->dropped = true;
	event_active(c->kick, EV_READ, 0);
}

/* evhttp frees the connection, for whatever reason: ours, the caller's, or after an answer. */
static void
on_close(struct evhttp_connection *evcon, void *arg)
{
	struct http_conn *c = arg;

	(void)evcon;
	/* The buffers outlive this by one turn of the loop; the record may not be theirs any more.
	 */
	evbuffer_remove_cb(bufferevent_get_input(c->bev), on_input, c);
	if (c->call != NULL)
		call_cut_off(c->call);
	if (c->phase != CONN_FRESH)
		caps_remove(c);
	conn_give_back(c);
}

void
conn_close(struct http_conn *c)
{
	CHECK(c->evcon != NULL);
	evhttp_connection_free(c->evcon);
}

static bool
find_peer(struct http_conn *c)
{
	struct sockaddr_storage ss;
	socklen_t size = sizeof(ss);

	if (getpeername(c->fd, (struct sockaddr *)&ss, &size) != 0)
		return false;
	if (!net_address_of(&ss, &c->peer))
		return false;
	c->listed = front_lists(c->front, &c->peer);
	return true;
}

/* evhttp is the argument of its own callbacks, which is the only way to reach it this early. */
static void
conn_admit(struct http_conn *c)
{
	static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	void *evcon;

	bufferevent_getcb(c->bev, NULL, NULL, NULL, &evcon);
	c->evcon = evcon;
	c->fd = bufferevent_getfd(c->bev);
	evhttp_connection_set_closecb(c->evcon, on_close, c);
	if (find_peer(c) && caps_allow(c)) {
		caps_add(c);
		c->phase = CONN_WAITING;
		conn_set_deadline(c, clock_mono_ms() + c->front->limits.header_ms);
		return;
	}
	metric_add(METRIC_HTTP_REFUSED, 1);
	/* A reset leaves nothing behind in the kernel. It may fail; then it is an ordinary close.
	 */
	(void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	conn_close(c);
}

/* ---- The end of a refused connection ---- */

static const char *
refusal_words(int status)
{
	static const struct {
		int status;
		const char *words;
	} known[] = {
		{405, "405 Method Not Allowed\r\nAllow: GET, POST, PUT"},
		{413, "413 Content Too Large"},
		{414, "414 URI Too Long"},
		{417, "417 Expectation Failed"},
		{431, "431 Request Header Fields Too Large"},
		{501, "501 Not Implemented"},
		{505, "505 HTTP Version Not Supported"},
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].status == status)
			return known[i].words;
	return "400 Bad Request";
}

/*
 * What the caller has sent is read and forgotten, so that closing does not turn
 * into a reset that overtakes the answer (RFC 9112 section 9.6). Bounded.
 */
static void
say_refusal(struct http_conn *c)
{
	char text[256], date[64], discarded[4096];

	evutil_date_rfc1123(date, sizeof(date), NULL);
	int n = snprintf(
		text, sizeof(text),
		"HTTP/1.1 %s\r\nDate: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
		refusal_words(c->refused), date);
	CHECK(n > 0 && (size_t)n < sizeof(text));
	/* Best effort: the caller broke the rules and may be gone. */
	(void)!send(c->fd, text, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(c->fd, SHUT_WR);
	for (int i = 0; i < DISCARD_BYTES / (int)sizeof(discarded); i++)
		if (recv(c->fd, discarded, sizeof(discarded), MSG_DONTWAIT) <= 0)
			break;
}

static void
on_kick(evutil_socket_t fd, short what, void *arg)
{
	struct http_conn *c = arg;

	(void)fd;
	(void)what;
	if (c->phase == CONN_FRESH) {
		conn_admit(c);
		return;
	}
	if (c->refused != 0) {
		metric_add(METRIC_HTTP_REFUSED, 1);
		log_debug("http refused status=%d", c->refused);
		say_refusal(c);
	}
	/* A request that began after the kick was given is served. */
	if (c->refused != 0 || c->dropped || c->phase == CONN_WAITING)
		conn_close(c);
}

/* ---- Request and answer ---- */

void
conn_owes(struct http_conn *c, struct http_call *call)
{
	c->phase = CONN_OWED;
	c->call = call;
	conn_set_deadline(c, call->pub.deadline_ms);
}

/* Reading stays off until the answer is out: what the caller sends meanwhile waits in the kernel.
 */
void
conn_replying(struct http_conn *c)
{
	c->phase = CONN_REPLYING;
	c->call = NULL;
	conn_set_deadline(c, clock_mono_ms() + c->front->limits.request_ms);
}

/*
 * Bytes of a next request may be here already. It counts from now, for until
 * now it was us who let it wait.
 */
void
conn_answered(struct http_conn *c)
{
	const struct http_limits *limits = &c->front->limits;
	int64_t now = clock_mono_ms();
	bool between = c->reader == NULL || reader_between(c->reader);

	c->answered++;
	if (between && c->reader != NULL) {
		front_reader_back(c->front, c->reader);
		c->reader = NULL;
	}
	if (between && evbuffer_get_length(bufferevent_get_input(c->bev)) == 0) {
		c->phase = CONN_WAITING;
		conn_set_deadline(c, now + limits->idle_ms);
	} else {
		c->phase = CONN_READING;
		c->first_byte_ms = now;
		conn_set_deadline(c, now + (between || reader_in_head(c->reader)
						    ? limits->header_ms
						    : limits->request_ms));
	}
	/* evhttp has not let go of the answer yet: after its callbacks. */
	if (c->front->draining)
		conn_close_if_waiting(c);
}
