#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

/*
 * Each connection has one request under way at most. Two system calls a request
 * (send, recv) besides the waiting, so that the callers are no bottleneck; how
 * much of their core they took is in the result.
 */

enum { IN_BYTES = 4096, EVENTS = 512 };

struct caller {
	int fd; /* -1: not connected */
	bool waiting, watched_out;
	uint32_t behind; /* with a rate: requests that were due while it waited */
	int64_t due_us;  /* when the one under way was due */
	struct talker who;
	size_t out_n, out_at, in_n;
	char out[TALK_BYTES], in[IN_BYTES];
};

struct load {
	const struct load_plan *plan;
	struct talk *talk;
	int epoll;
	struct caller *callers;
	unsigned under_way;
	int64_t begin_us, from_us, to_us; /* the span */
	uint64_t asked;                   /* with a rate: requests that have come due */
	uint64_t answers, measured;
	struct figures waits;
	bool over;
};

static struct load kept; /* connections that stay, for load_hang_up */

/* ---- Connections ---- */

static void
watch(struct load *l, struct caller *c, int op, bool out)
{
	struct epoll_event ev = {.events = out ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = c};

	c->watched_out = out;
	if (epoll_ctl(l->epoll, op, c->fd, &ev) != 0)
		drive_fail("epoll: %s", strerror(errno));
}

static void
connect_caller(struct load *l, struct caller *c)
{
	const struct sockaddr_in to = {.sin_family = AF_INET,
				       .sin_port = htons(l->plan->port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0 ||
	    (connect(c->fd, (const struct sockaddr *)&to, sizeof(to)) != 0 && errno != EINPROGRESS))
		drive_fail("no connection: %s", strerror(errno));
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	c->in_n = 0;
	watch(l, c, EPOLL_CTL_ADD, false);
}

static void
disconnect(struct caller *c)
{
	close(c->fd);
	c->fd = -1;
}

/* ---- Asking ---- */

static void
send_rest(struct load *l, struct caller *c)
{
	while (c->out_at < c->out_n) {
		ssize_t n = send(c->fd, c->out + c->out_at, c->out_n - c->out_at, MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == ENOTCONN)) {
			if (!c->watched_out)
				watch(l, c, EPOLL_CTL_MOD, true);
			return;
		}
		if (n < 0)
			drive_fail("a request cannot be sent: %s", strerror(errno));
		c->out_at += (size_t)n;
	}
	if (c->watched_out)
		watch(l, c, EPOLL_CTL_MOD, false);
}

/* False: nobody is left to call. */
static bool
ask(struct load *l, struct caller *c, int64_t due_us)
{
	c->out_n = talk_next(l->talk, &c->who, c->out);
	c->out_at = 0;
	if (c->out_n == 0)
		return false;
	c->due_us = due_us;
	c->waiting = true;
	l->under_way++;
	if (c->fd < 0)
		connect_caller(l, c);
	send_rest(l, c);
	return true;
}

static void
ask_again(struct load *l, struct caller *c, int64_t now)
{
	if (l->over)
		return;
	if (l->plan->rate > 0) {
		if (c->behind == 0)
			return;
		/* It has been due since its turn came; that wait counts. */
		int64_t every_us = (int64_t)(1e6 * l->plan->connections / l->plan->rate);

		c->behind--;
		(void)ask(l, c, c->due_us + every_us);
	} else if (!ask(l, c, now)) {
		l->over = l->plan->span_s <= 0;
		if (l->plan->span_s > 0)
			drive_fail("too few people for such a round");
	}
}

/* With a rate: those whose turn has come by now, one connection after the other. */
static int64_t
ask_those_due(struct load *l, int64_t now)
{
	const double gap_us = 1e6 / l->plan->rate;

	for (;;) {
		int64_t due = l->begin_us + (int64_t)((double)l->asked * gap_us);
		struct caller *c = &l->callers[l->asked % l->plan->connections];

		if (due > now || l->over)
			return due;
		l->asked++;
		if (c->waiting)
			c->behind++;
		else if (!ask(l, c, due))
			drive_fail("too few people for such a round");
	}
}

/* ---- Hearing ---- */

/* Where the answer's body begins and how long it is; false while it is not whole. */
static bool
whole_answer(struct caller *c, int *status, struct str *body)
{
	static const char length_name[] = "content-length:";
	const char *end = memmem(c->in, c->in_n, "\r\n\r\n", 4);
	size_t length = 0;

	if (end == NULL)
		return false;
	if (c->in_n < 13 || memcmp(c->in, "HTTP/1.", 7) != 0)
		drive_fail("no HTTP answer");
	*status = (int)strtol(c->in + 9, NULL, 10);
	for (const char *line = memchr(c->in, '\n', c->in_n); line != NULL && line < end;
	     line = memchr(line, '\n', (size_t)(end + 4 - line))) {
		line++;
		if (strncasecmp(line, length_name, sizeof(length_name) - 1) == 0)
			length = strtoul(line + sizeof(length_name) - 1, NULL, 10);
	}
	*body = (struct str){end + 4, length};
	if (length > IN_BYTES)
		drive_fail("an answer of %zu bytes", length);
	return (size_t)(c->in + c->in_n - body->p) >= length;
}

static bool
says_close(const struct caller *c, struct str body)
{
	return memmem(c->in, (size_t)(body.p - c->in), "Connection: close", 17) != NULL;
}

static void
hear(struct load *l, struct caller *c)
{
	int64_t now = drive_now_us();
	struct str body;
	int status;

	if (!whole_answer(c, &status, &body))
		return;
	if (!c->waiting)
		drive_fail("an answer nobody asked for");
	talk_heard(l->talk, &c->who, status, body);
	l->answers++;
	l->under_way--;
	c->waiting = false;
	if (now >= l->from_us && now < l->to_us) {
		l->measured++;
		figures_add(&l->waits, now - c->due_us);
	}
	bool close_it = l->talk->close || says_close(c, body);
	c->in_n = 0;
	if (close_it)
		disconnect(c);
	ask_again(l, c, now);
}

static void
on_readable(struct load *l, struct caller *c)
{
	ssize_t n = recv(c->fd, c->in + c->in_n, sizeof(c->in) - c->in_n, 0);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0 && c->waiting)
		drive_fail("a connection was closed under a request");
	if (n <= 0) {
		disconnect(c);
		return;
	}
	c->in_n += (size_t)n;
	hear(l, c);
}

static void
turn(struct load *l, int64_t until_us)
{
	struct epoll_event events[EVENTS];
	int64_t wait_us = until_us - drive_now_us();
	const struct timespec wait = {wait_us > 0 ? wait_us / 1000000 : 0,
				      wait_us > 0 ? wait_us % 1000000 * 1000 : 0};
	int ready = epoll_pwait2(l->epoll, events, EVENTS, &wait, NULL);

	for (int i = 0; i < ready; i++) {
		struct caller *c = events[i].data.ptr;

		if (events[i].events & EPOLLOUT && c->fd >= 0)
			send_rest(l, c);
		if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR) && c->fd >= 0)
			on_readable(l, c);
	}
}

/* ---- A run ---- */

struct mark {
	int64_t at_us, server_us, client_us;
	struct server_threads threads;
};

static struct mark
mark_now(const struct load *l)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (struct mark){drive_now_us(), server_cpu_us(l->plan->server),
			     (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000,
			     server_threads(l->plan->server)};
}

static void
run_until(struct load *l, int64_t until_us)
{
	while (!l->over && drive_now_us() < until_us) {
		int64_t next = until_us;

		if (l->plan->rate > 0)
			next = ask_those_due(l, drive_now_us());
		turn(l, next < until_us ? next : until_us);
	}
}

static void
finish(struct load *l)
{
	int64_t patience = drive_now_us() + 20000000;

	l->over = true;
	while (l->under_way > 0) {
		turn(l, drive_now_us() + 100000);
		if (drive_now_us() > patience)
			drive_fail("%u answers never came", l->under_way);
	}
}

static void
begin_load(struct load *l)
{
	const struct load_plan *p = l->plan;

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->callers = xcalloc(p->connections, sizeof(*l->callers));
	for (unsigned i = 0; i < p->connections; i++)
		l->callers[i].fd = -1;
	l->begin_us = drive_now_us();
	l->from_us = l->begin_us + (int64_t)(p->warm_s * 1e6);
	l->to_us = p->span_s > 0 ? l->from_us + (int64_t)(p->span_s * 1e6) : INT64_MAX;
	if (p->rate > 0)
		return;
	for (unsigned i = 0; i < p->connections; i++)
		if (!ask(l, &l->callers[i], l->begin_us))
			break;
}

static void
end_load(struct load *l)
{
	figures_free(&l->waits);
	if (l->plan->keep_open) {
		kept = *l;
		return;
	}
	for (unsigned i = 0; i < l->plan->connections; i++)
		if (l->callers[i].fd >= 0)
			disconnect(&l->callers[i]);
	close(l->epoll);
	free(l->callers);
}

void
load_hang_up(void)
{
	struct load_plan plan = *kept.plan;

	plan.keep_open = false;
	kept.plan = &plan;
	end_load(&kept);
}

struct load_result
load_run(const struct load_plan *plan, struct talk *talk)
{
	struct load l = {.plan = plan, .talk = talk};

	begin_load(&l);
	run_until(&l, l.from_us);
	const struct mark a = mark_now(&l);
	run_until(&l, l.to_us);
	const struct mark b = mark_now(&l);
	finish(&l);
	double n = l.measured > 0 ? (double)l.measured : 1, span = (double)(b.at_us - a.at_us);
	struct load_result r = {.answers = l.answers,
				.rate = n / span * 1e6,
				.server_us = (double)(b.server_us - a.server_us) / n,
				.first_us = (double)(b.threads.first_us - a.threads.first_us) / n,
				.second_us =
					(double)(b.threads.second_us - a.threads.second_us) / n,
				.client_share = (double)(b.client_us - a.client_us) / span,
				.p50_ms = figures_ms(&l.waits, 500),
				.p99_ms = figures_ms(&l.waits, 990),
				.p999_ms = figures_ms(&l.waits, 999)};
	end_load(&l);
	return r;
}
