/*
 * A front, its loop and raw clients in one thread. Clients are events of the
 * same loop, so waiting for one is running the loop; nothing sleeps. A wait
 * that takes ten seconds fails the test.
 */
#ifndef WASL_TEST_HTTP_WORLD_H
#define WASL_TEST_HTTP_WORLD_H

#include "base/clock.h"
#include "base/log.h"
#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { WORLD_HELD = 128, WORLD_PATIENCE_MS = 10000 };

struct world {
	struct loop *loop;
	struct http_front *front;
	struct err *err;
	struct timer *patience;
	bool tired;
	bool hold; /* keep requests instead of answering */
	struct http_request *held[WORLD_HELD];
	size_t n_held;
	size_t calls;
	/* Of the last call. */
	char path[256], query[256], body[20000];
	size_t body_n;
	char header[64]; /* its header X */
	enum wire_method method;
	struct net_address peer;
	bool forwarded;
	int64_t left_ms;
};

static inline struct http_options
world_options(void)
{
	static struct conf_listen at = {.family = AF_INET, .bytes = {127, 0, 0, 1}, .text = "test"};

	return (struct http_options){
		.listen = &at,
		.n_listen = 1,
		.limits = {.headers_bytes = 8192,
			   .headers = 48,
			   .body = 16384,
			   .header_ms = 5000,
			   .request_ms = 5000,
			   .reply_ms = 5000,
			   .idle_ms = 5000,
			   .requests_per_connection = 1000,
			   .connections = 512,
			   .reserved = 256,
			   .per_address = 32},
	};
}

static inline void
world_copy(char *to, size_t size, struct str s)
{
	size_t n = s.n < size - 1 ? s.n : size - 1;

	if (n > 0)
		memcpy(to, s.p, n);
	to[n] = '\0';
}

static inline void
world_answer(struct http_request *req, const char *text)
{
	http_answer(req, &(struct wire_answer){.status = 200,
					       .type = STR_LIT("text/plain"),
					       .body = str_of(text)});
}

static inline void
world_on_request(struct http_request *req, void *ctx)
{
	struct world *w = ctx;
	const struct wire_request *wire = &req->wire;

	w->calls++;
	w->method = wire->method;
	w->peer = req->peer;
	w->forwarded = req->forwarded;
	w->left_ms = req->deadline_ms - clock_mono_ms();
	world_copy(w->path, sizeof(w->path), wire->path);
	world_copy(w->query, sizeof(w->query), wire->query);
	world_copy(w->body, sizeof(w->body), wire->body);
	world_copy(w->header, sizeof(w->header), wire_header(wire->headers, wire->n_headers, "X"));
	w->body_n = wire->body.n;
	assert_int_equal(strlen(req->id), 8);
	if (!w->hold)
		world_answer(req, arena_strdup(req->arena, w->path));
	else if (w->n_held < WORLD_HELD)
		w->held[w->n_held++] = req;
}

static inline void
world_on_tired(void *arg)
{
	((struct world *)arg)->tired = true;
}

static inline struct world *
world_new(const struct http_options *options)
{
	struct world *w = calloc(1, sizeof(*w));

	log_set_level(LOG_ERROR);
	w->loop = loop_new();
	w->err = err_new();
	w->patience = timer_new(w->loop, world_on_tired, w);
	assert_int_equal(http_front_new(w->loop, options, world_on_request, w, &w->front, w->err),
			 0);
	return w;
}

static inline void
world_free(struct world *w)
{
	http_front_free(w->front);
	timer_free(w->patience);
	loop_free(w->loop);
	err_free(w->err);
	free(w);
}

/* Runs the loop until cond. */
#define WORLD_UNTIL(w, cond)                                   \
	do {                                                   \
		(w)->tired = false;                            \
		timer_set((w)->patience, WORLD_PATIENCE_MS);   \
		while (!(cond) && !(w)->tired)                 \
			loop_once((w)->loop, true);            \
		if (!(cond))                                   \
			fail_msg("waited in vain for " #cond); \
		timer_stop((w)->patience);                     \
	} while (0)

struct client {
	struct world *world;
	int fd;
	struct event *event;
	char got[65536]; /* what does not fit is only counted */
	size_t n, total;
	bool closed;
};

static inline void
client_on_read(evutil_socket_t fd, short what, void *arg)
{
	struct client *c = arg;
	char piece[16384];
	ssize_t n = recv(fd, piece, sizeof(piece), MSG_DONTWAIT);
	size_t room = sizeof(c->got) - 1 - c->n;

	(void)what;
	if (n > 0) {
		room = (size_t)n < room ? (size_t)n : room;
		memcpy(c->got + c->n, piece, room);
		c->n += room;
		c->got[c->n] = '\0';
		c->total += (size_t)n;
	} else if (n == 0 || errno != EAGAIN) {
		c->closed = true;
		event_del(c->event);
	}
}

static inline struct client *
client_over(struct world *w, int fd, const void *to, socklen_t size)
{
	struct client *c = calloc(1, sizeof(*c));

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, to, size), 0);
	/* Small pieces are to arrive as small pieces; no matter on a Unix socket. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	c->world = w;
	c->fd = fd;
	c->event = event_new(loop_base(w->loop), fd, EV_READ | EV_PERSIST, client_on_read, c);
	event_add(c->event, NULL);
	return c;
}

static inline struct client *
client_to_port(struct world *w, uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr = {htonl(INADDR_LOOPBACK)}};

	return client_over(w, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), &to, sizeof(to));
}

/* From 127.0.0.last. */
static inline struct client *
client_from(struct world *w, uint8_t last)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(http_front_port(w->front, 0)),
				 .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct sockaddr_in from = {.sin_family = AF_INET,
				   .sin_addr = {htonl(INADDR_LOOPBACK - 1 + last)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	return client_over(w, fd, &to, sizeof(to));
}

static inline struct client *
client_new(struct world *w)
{
	return client_to_port(w, http_front_port(w->front, 0));
}

/* What cannot be sent because the front has hung up is not sent. */
static inline void
client_send_n(struct client *c, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(c->fd, p, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		p += sent;
		n -= (size_t)sent;
	}
}

static inline void
client_send(struct client *c, const char *text)
{
	client_send_n(c, text, strlen(text));
}

static inline size_t
client_count(const struct client *c, const char *text)
{
	size_t n = 0;

	for (const char *p = strstr(c->got, text); p != NULL; p = strstr(p + 1, text))
		n++;
	return n;
}

static inline bool
client_has(const struct client *c, const char *text)
{
	return strstr(c->got, text) != NULL;
}

static inline void
client_free(struct client *c)
{
	event_free(c->event);
	close(c->fd);
	free(c);
}

#endif
