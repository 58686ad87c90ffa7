#include "drive_int.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

enum { READ_BYTES = 8192, IN_MAX = 1 << 20, EVENTS = 256 };

struct net {
	struct net_handlers h;
	int epoll;
	struct net_conn **conns;
	size_t n, cap;
};

struct net *
net_new(const struct net_handlers *handlers)
{
	struct net *n = xcalloc(1, sizeof(*n));

	n->h = *handlers;
	n->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (n->epoll < 0)
		drive_fail("epoll: %s", strerror(errno));
	return n;
}

void
net_free(struct net *n)
{
	for (size_t i = 0; i < n->n; i++) {
		net_close(n->conns[i]);
		free(n->conns[i]->in);
		free(n->conns[i]->out);
		free(n->conns[i]);
	}
	close(n->epoll);
	free(n->conns);
	free(n);
}

struct net_conn *
net_conn_new(struct net *n, uint32_t from, uint16_t port)
{
	struct net_conn *c = xcalloc(1, sizeof(*c));

	*c = (struct net_conn){.net = n, .fd = -1, .from = from, .port = port};
	if (n->n == n->cap) {
		n->cap = n->cap ? n->cap * 2 : 64;
		n->conns = xrealloc(n->conns, n->cap * sizeof(struct net_conn *));
	}
	n->conns[n->n++] = c;
	return c;
}

void
net_close(struct net_conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->in_n = c->out_n = c->out_at = 0;
	c->waiting = c->closing = false;
}

static void
lost(struct net_conn *c)
{
	bool waiting = c->waiting;
	size_t in_n = c->in_n;

	net_close(c);
	c->waiting = waiting; /* for the handler to see */
	c->in_n = in_n;
	if (c->net->h.on_closed != NULL)
		c->net->h.on_closed(c->net->h.ctx, c);
	if (c->fd < 0)
		c->waiting = false;
}

static struct sockaddr_in
loopback(uint32_t last, uint16_t port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_port = htons(port),
				    .sin_addr.s_addr = htonl(0x7f000000u + last)};
}

bool
net_open(struct net_conn *c)
{
	const struct sockaddr_in to = loopback(1, c->port), from = loopback(c->from, 0);
	struct epoll_event ev = {.events = c->deaf ? 0 : EPOLLIN, .data.ptr = c};

	if (c->fd >= 0)
		return true;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		drive_fail("no socket: %s", strerror(errno));
	if ((c->from != 1 && bind(fd, (const struct sockaddr *)&from, sizeof(from)) != 0) ||
	    (connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0 && errno != EINPROGRESS) ||
	    epoll_ctl(c->net->epoll, EPOLL_CTL_ADD, fd, &ev) != 0) {
		close(fd);
		return false;
	}
	c->fd = fd;
	c->in_n = c->out_n = c->out_at = 0;
	c->waiting = c->closing = false;
	return true;
}

/* ---- Out ---- */

static void
watch(struct net_conn *c)
{
	struct epoll_event ev = {.data.ptr = c};

	ev.events = (c->deaf ? 0u : (uint32_t)EPOLLIN) |
		    (c->out_at < c->out_n ? (uint32_t)EPOLLOUT : 0u);
	if (epoll_ctl(c->net->epoll, EPOLL_CTL_MOD, c->fd, &ev) != 0)
		drive_fail("epoll: %s", strerror(errno));
}

/* False: the other side is gone; what it said before may still be read. */
static bool
flush_out(struct net_conn *c)
{
	while (c->out_at < c->out_n) {
		ssize_t n = send(c->fd, c->out + c->out_at, c->out_n - c->out_at, MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == ENOTCONN))
			break;
		if (n < 0)
			return false;
		c->out_at += (size_t)n;
	}
	if (c->out_at == c->out_n)
		c->out_at = c->out_n = 0;
	watch(c);
	return true;
}

bool
net_send(struct net_conn *c, struct str bytes)
{
	if (!net_open(c))
		return false;
	if (c->out_n + bytes.n > c->out_cap) {
		c->out_cap = (c->out_n + bytes.n) * 2;
		c->out = xrealloc(c->out, c->out_cap);
	}
	memcpy(c->out + c->out_n, bytes.p, bytes.n);
	c->out_n += bytes.n;
	return flush_out(c);
}

bool
net_ask(struct net_conn *c, struct str bytes)
{
	if (!net_open(c))
		return false;
	c->sent_us = drive_now_us();
	c->waiting = true;
	if (net_send(c, bytes))
		return true;
	c->waiting = false;
	net_close(c);
	return false;
}

/* ---- In ---- */

static struct str
header_of(struct str head, const char *name)
{
	struct str line, rest = head;

	while (rest.n > 0) {
		line = str_cut(&rest, '\n');
		struct str value = line, word = str_cut(&value, ':');

		if (str_eq_nocase(word, str_of(name)))
			return str_trim(value);
	}
	return STR_NONE;
}

/* Hands on one answer when it is whole; false when more is to come. */
static bool
take_answer(struct net_conn *c)
{
	const char *end = memmem(c->in, c->in_n, "\r\n\r\n", 4);
	int64_t length = 0, status = 0;

	if (end == NULL)
		return false;
	const struct str head = {c->in, (size_t)(end - c->in) + 2};
	size_t at = head.n + 2;
	struct str said = header_of(head, "Content-Length");
	if (head.n < 12 || !str_starts(head, STR_LIT("HTTP/1.1 ")) ||
	    !str_to_int((struct str){c->in + 9, 3}, &status) ||
	    (said.n > 0 && (!str_to_int(said, &length) || length < 0 || length > IN_MAX)))
		drive_fail("no HTTP answer: %.*s", STR_ARG(head));
	if (status == 204)
		length = 0;
	if (c->in_n < at + (size_t)length)
		return false;
	c->closing = str_eq_nocase(header_of(head, "Connection"), STR_LIT("close"));
	if (!c->waiting)
		drive_fail("an answer nobody asked for: %.*s", STR_ARG(head));
	c->waiting = false;
	char *body = xmalloc((size_t)length + 1);
	memcpy(body, c->in + at, (size_t)length);
	at += (size_t)length;
	memmove(c->in, c->in + at, c->in_n - at);
	c->in_n -= at;
	if (c->closing)
		net_close(c);
	c->net->h.on_answer(c->net->h.ctx, c, (int)status, (struct str){body, (size_t)length});
	free(body);
	return c->fd >= 0;
}

/* False: nothing more comes for now; closed is set when never. */
static bool
read_some(struct net_conn *c, bool *closed)
{
	if (c->in_n + READ_BYTES > c->in_cap) {
		c->in_cap = c->in_n + READ_BYTES * 2;
		c->in = xrealloc(c->in, c->in_cap);
	}
	if (c->in_n > IN_MAX)
		drive_fail("an answer without end");
	ssize_t n = recv(c->fd, c->in + c->in_n, READ_BYTES, 0);
	*closed = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	if (n <= 0)
		return false;
	c->in_n += (size_t)n;
	return true;
}

static void
on_readable(struct net_conn *c)
{
	bool closed = false;
	int fd = c->fd;

	while (c->fd == fd && read_some(c, &closed))
		while (!c->raw && take_answer(c))
			;
	if (c->fd == fd && closed)
		lost(c);
}

void
net_turn(struct net *n, int64_t wait_us)
{
	struct epoll_event events[EVENTS];
	const struct timespec wait = {wait_us > 0 ? wait_us / 1000000 : 0,
				      wait_us > 0 ? wait_us % 1000000 * 1000 : 0};
	int ready = epoll_pwait2(n->epoll, events, EVENTS, &wait, NULL);

	for (int i = 0; i < ready; i++) {
		struct net_conn *c = events[i].data.ptr;

		bool gone = c->fd >= 0 && events[i].events & EPOLLOUT && !flush_out(c);
		if (c->fd >= 0 && (gone || events[i].events & EPOLLIN))
			on_readable(c);
		else if (c->fd >= 0 && events[i].events & (EPOLLHUP | EPOLLERR))
			lost(c);
	}
}

void
net_drain(struct net *n)
{
	for (size_t i = 0; i < n->n; i++) {
		struct net_conn *c = n->conns[i];

		if (c->fd >= 0)
			on_readable(c);
		if (c->fd >= 0)
			lost(c);
	}
}

/* ---- What Africa's Talking sends ---- */

static void
add_form(struct buf *to, const char *text)
{
	for (; *text != '\0'; text++)
		if (strchr("*#+ ", *text) != NULL)
			buf_printf(to, "%%%02X", (unsigned char)*text);
		else
			buf_addc(to, *text);
}

static struct str
post(struct arena *a, const struct folder *f, const char *tail, struct str body)
{
	return str_of(arena_printf(a,
				   "POST /c/at-1/%s/%s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
				   "Content-Type: application/x-www-form-urlencoded\r\n"
				   "Content-Length: %zu\r\n\r\n%.*s",
				   f->secret, tail, body.n, STR_ARG(body)));
}

struct str
ussd_request(struct arena *a, const struct folder *f, const char *session, size_t person,
	     const char *text)
{
	char number[FOLDER_NUMBER];
	struct buf body;

	folder_number(person, number);
	buf_init_arena(&body, a);
	buf_printf(&body, "sessionId=%s&phoneNumber=", session);
	add_form(&body, number);
	buf_adds(&body, "&networkCode=60401&serviceCode=%2A000%23&text=");
	add_form(&body, text);
	return post(a, f, "ussd", buf_str(&body));
}

struct str
ussd_end_request(struct arena *a, const struct folder *f, const char *session, size_t person)
{
	char number[FOLDER_NUMBER];
	struct buf body;

	folder_number(person, number);
	buf_init_arena(&body, a);
	buf_printf(&body, "date=2026-11-21+09%%3A15%%3A02&sessionId=%s&phoneNumber=", session);
	add_form(&body, number);
	buf_adds(&body, "&networkCode=60401&serviceCode=%2A000%23&status=Success&cost=MAD+0.10"
			"&durationInMillis=12894&hopsCount=3&input=&lastAppResponse=");
	return post(a, f, "ussd-end", buf_str(&body));
}
