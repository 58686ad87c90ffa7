/*
 * For the tests of outbox/: an aggregator of sorts on 127.0.0.1, on a thread of
 * its own, that does at each request what the test says: answer, close, reset,
 * say nothing, answer twice. It counts heads and whole bodies, so that a test
 * can say how often a message was handed over. Requests with a body are read by
 * Content-Length; a GET is a message by its head.
 */
#ifndef WASL_TESTS_UNIT_TEST_OUTBOX_SERVER_H
#define WASL_TESTS_UNIT_TEST_OUTBOX_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum act {
	ACT_ANSWER,       /* .answer whole */
	ACT_ANSWER_CLOSE, /* the same, then the connection ends */
	ACT_ANSWER_STALE, /* the same twice: the second waits for whoever comes next */
	ACT_CLOSE,        /* read all, close without a word */
	ACT_RESET,        /* read all, reset */
	ACT_RESET_HEAD,   /* reset after the head, the body unread */
	ACT_HANG,         /* read all, say nothing */
	ACT_ONE_BYTE,     /* one byte of an answer, then close */
	ACT_GATED,        /* read all, answer when the test opens .gate */
};

struct server {
	int listener, port;
	pthread_t thread;
	_Atomic bool leave, gate, stale_said;
	_Atomic int connections, heads, bodies;
	/* What to do at each request, in order of arrival; the last goes on for ever. */
	enum act acts[16];
	const char *answers[16];
	_Atomic int n_acts;
	pthread_mutex_t lock; /* over the two below */
	char last_body[4096], last_head[8192];
};

static inline void
server_say(int fd, const char *text)
{
	ssize_t put = send(fd, text, strlen(text), MSG_NOSIGNAL);

	(void)put;
}

static inline void
server_reset(int fd)
{
	const struct linger now = {1, 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

/* Waits for a byte until the server is to leave; false then. */
static inline bool
server_wait(struct server *s, int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	while (!atomic_load(&s->leave))
		if (poll(&p, 1, 20) > 0)
			return true;
	return false;
}

/* Reads to the blank line; the length of the head, 0 at the end of the connection. */
static inline size_t
server_head(struct server *s, int fd, char *head, size_t cap)
{
	size_t n = 0;

	while (n + 1 < cap && server_wait(s, fd)) {
		if (recv(fd, head + n, 1, 0) != 1)
			return 0;
		head[++n] = '\0';
		if (n >= 4 && memcmp(head + n - 4, "\r\n\r\n", 4) == 0)
			return n;
	}
	return 0;
}

static inline size_t
server_length(const char *head)
{
	const char *at = strcasestr(head, "\r\nContent-Length:");

	return at ? (size_t)strtoul(at + 17, NULL, 10) : 0;
}

static inline bool
server_body(struct server *s, int fd, size_t length)
{
	char body[sizeof(s->last_body)] = {0};
	size_t n = 0;

	while (n < length && n + 1 < sizeof(body) && server_wait(s, fd)) {
		ssize_t got = recv(fd, body + n, length - n, 0);

		if (got <= 0)
			return false;
		n += (size_t)got;
	}
	if (n < length)
		return false;
	pthread_mutex_lock(&s->lock);
	memcpy(s->last_body, body, sizeof(body));
	pthread_mutex_unlock(&s->lock);
	return true;
}

static inline void
server_gate(struct server *s)
{
	while (!atomic_load(&s->gate) && !atomic_load(&s->leave))
		usleep(1000);
}

/* One request; false when the connection is over. */
static inline bool
server_serve(struct server *s, int fd)
{
	char head[8192] = {0};

	if (server_head(s, fd, head, sizeof(head)) == 0)
		return false;
	pthread_mutex_lock(&s->lock);
	memcpy(s->last_head, head, sizeof(head));
	pthread_mutex_unlock(&s->lock);
	int nth = atomic_fetch_add(&s->heads, 1), last = atomic_load(&s->n_acts) - 1;
	const enum act act = s->acts[nth < last ? nth : last];
	const char *answer = s->answers[nth < last ? nth : last];
	if (act == ACT_RESET_HEAD) {
		server_reset(fd);
		return false;
	}
	if (!server_body(s, fd, server_length(head)))
		return false;
	atomic_fetch_add(&s->bodies, 1);
	if (act == ACT_GATED)
		server_gate(s);
	if (act == ACT_ANSWER || act == ACT_ANSWER_CLOSE || act == ACT_ANSWER_STALE ||
	    act == ACT_GATED)
		server_say(fd, answer);
	if (act == ACT_ANSWER_STALE) {
		server_gate(s); /* until the test has read the first */
		server_say(fd, answer);
		atomic_store(&s->stale_said, true);
	}
	if (act == ACT_ONE_BYTE)
		server_say(fd, "H");
	if (act == ACT_RESET)
		server_reset(fd);
	if (act == ACT_HANG)
		while (server_wait(s, fd) && recv(fd, head, 1, 0) > 0)
			;
	return act == ACT_ANSWER || act == ACT_ANSWER_STALE || act == ACT_GATED;
}

struct server_connection {
	struct server *s;
	int fd;
};

static inline void *
server_connection(void *arg)
{
	struct server_connection c = *(struct server_connection *)arg;

	free(arg);
	while (server_serve(c.s, c.fd))
		;
	close(c.fd);
	atomic_fetch_sub(&c.s->connections, 1);
	return NULL;
}

static inline void *
server_run(void *arg)
{
	struct server *s = arg;

	while (server_wait(s, s->listener)) {
		struct server_connection *c = malloc(sizeof(*c));
		pthread_t thread;

		c->s = s;
		c->fd = accept(s->listener, NULL, NULL);
		if (c->fd < 0) {
			free(c);
			continue;
		}
		atomic_fetch_add(&s->connections, 1);
		pthread_create(&thread, NULL, server_connection, c);
		pthread_detach(thread);
	}
	return NULL;
}

/* On a port, or on any free one. */
static inline struct server *
server_start_at(int port)
{
	struct server *s = calloc(1, sizeof(*s));
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	const int yes = 1;

	pthread_mutex_init(&s->lock, NULL);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	assert_int_equal(bind(s->listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->listener, 64), 0);
	assert_int_equal(getsockname(s->listener, (struct sockaddr *)&at, &n), 0);
	s->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, server_run, s), 0);
	return s;
}

static inline struct server *
server_start(void)
{
	return server_start_at(0);
}

static inline void
server_next(struct server *s, enum act act, const char *answer)
{
	int n = atomic_load(&s->n_acts);

	assert_true(n < 16);
	s->acts[n] = act;
	s->answers[n] = answer;
	atomic_store(&s->n_acts, n + 1);
}

static inline void
server_stop(struct server *s)
{
	atomic_store(&s->leave, true);
	pthread_join(s->thread, NULL);
	while (atomic_load(&s->connections) > 0)
		usleep(1000);
	close(s->listener);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

#endif
