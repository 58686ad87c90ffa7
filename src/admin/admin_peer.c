/*
 * The socket and its connections: who is at the other end, lines in, pages out,
 * and how long one may take. What a line means is admin_ask.c's.
 */
#include "admin/admin_int.h"

#include "base/log.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct peer {
	struct admin *a;
	struct peer *next, **link;
	struct bufferevent *bev;
	struct timer *deadline;
	int64_t uid;
	struct ask *ask; /* under way; NULL: none */
	bool closed;
	bool last, stops; /* when everything has left: closes; ends the daemon */
	void (*on_drained)(void *arg);
	void *drained_arg;
};

struct admin *
peer_admin(const struct peer *c)
{
	return c->a;
}

int64_t
peer_uid(const struct peer *c)
{
	return c->uid;
}

static void
peer_free(void *arg)
{
	struct peer *c = arg;

	bufferevent_free(c->bev);
	timer_free(c->deadline);
	free(c);
}

static void
peer_close(struct peer *c)
{
	struct ask *ask = c->ask;

	if (c->closed)
		return;
	c->closed = true;
	*c->link = c->next;
	if (c->next != NULL)
		c->next->link = c->link;
	c->a->n_peers--;
	timer_stop(c->deadline);
	bufferevent_disable(c->bev, EV_READ | EV_WRITE);
	bufferevent_setcb(c->bev, NULL, NULL, NULL, NULL);
	loop_free_later(c->a->o.loop, peer_free, c);
	c->ask = NULL;
	if (ask != NULL)
		ask_gone(ask);
	if (c->stops && !c->a->closing)
		c->a->o.hooks->stop(c->a->o.hooks_ctx);
}

static void
on_deadline(void *arg)
{
	peer_close(arg);
}

/* One line, when it is there whole. Copied: the buffer may move. */
static void
peer_look(struct peer *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	size_t n;

	if (c->closed || c->last || c->ask != NULL)
		return;
	char *line = evbuffer_readln(in, &n, EVBUFFER_EOL_LF);
	if (line == NULL && evbuffer_get_length(in) >= ADMIN_REQUEST_MAX) {
		struct arena *a = arena_new(0);
		struct buf end;

		buf_init_arena(&end, a);
		admin_line_end(&end, ADMIN_USAGE, "a request has at most 65,536 bytes", -1, NULL);
		peer_write(c, buf_str(&end));
		arena_free(a);
		peer_close_when_drained(c);
	}
	if (line == NULL)
		return;
	timer_stop(c->deadline);
	ask_begin(c, (struct str){line, n});
	wipe(line, n); /* names and numbers come in it */
	free(line);
}

static void
on_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	peer_look(arg);
}

static void
on_write(struct bufferevent *bev, void *arg)
{
	struct peer *c = arg;
	void (*next)(void *) = c->on_drained;

	(void)bev;
	c->on_drained = NULL;
	if (c->last)
		peer_close(c);
	else if (next != NULL)
		next(c->drained_arg);
}

static void
on_gone(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)what;
	peer_close(arg);
}

void
peer_write(struct peer *c, struct str lines)
{
	if (c == NULL || c->closed || lines.n == 0)
		return;
	struct evbuffer *out = bufferevent_get_output(c->bev);
	if (evbuffer_get_length(out) + lines.n > ADMIN_OUTPUT_MAX) {
		log_warn("admin connection cut: it does not read what it asked for");
		peer_close(c);
		return;
	}
	CHECK(evbuffer_add(out, lines.p, lines.n) == 0);
}

void
peer_when_drained(struct peer *c, void (*next)(void *arg), void *arg)
{
	c->on_drained = next;
	c->drained_arg = arg;
	if (evbuffer_get_length(bufferevent_get_output(c->bev)) == 0)
		bufferevent_trigger(c->bev, EV_WRITE, BEV_TRIG_DEFER_CALLBACKS);
}

void
peer_close_when_drained(struct peer *c)
{
	c->last = true;
	if (evbuffer_get_length(bufferevent_get_output(c->bev)) == 0)
		peer_close(c);
}

void
peer_stop_when_drained(struct peer *c)
{
	c->stops = true;
	c->ask = NULL; /* it has ended */
	peer_close_when_drained(c);
}

void
peer_ask_ended(struct peer *c)
{
	if (c->closed)
		return;
	c->ask = NULL;
	timer_set(c->deadline, c->a->request_ms);
	bufferevent_trigger(c->bev, EV_READ, BEV_TRIG_DEFER_CALLBACKS | BEV_TRIG_IGNORE_WATERMARKS);
}

void
peer_take_ask(struct peer *c, struct ask *ask)
{
	c->ask = ask;
}

static void
peer_open(struct admin *a, evutil_socket_t fd, int64_t uid)
{
	static const struct timeval stuck = {.tv_sec = 600};
	struct peer *c = xcalloc(1, sizeof(*c));

	c->a = a;
	c->uid = uid;
	c->bev = bufferevent_socket_new(loop_base(a->o.loop), fd, BEV_OPT_CLOSE_ON_FREE);
	CHECK(c->bev != NULL);
	c->deadline = timer_new(a->o.loop, on_deadline, c);
	c->next = a->peers;
	c->link = &a->peers;
	if (c->next != NULL)
		c->next->link = &c->next;
	a->peers = c;
	a->n_peers++;
	bufferevent_setcb(c->bev, on_read, on_write, on_gone, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, ADMIN_REQUEST_MAX);
	bufferevent_set_timeouts(c->bev, NULL, &stuck);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	timer_set(c->deadline, a->request_ms);
}

static void
refuse(evutil_socket_t fd, const char *text)
{
	char memory[256];
	struct buf line;

	buf_init(&line, memory, sizeof(memory));
	admin_line_end(&line, ADMIN_AWAY, text, -1, NULL);
	(void)!send(fd, line.p, line.n, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from, int n,
	  void *arg)
{
	struct admin *a = arg;
	struct ucred who;
	socklen_t size = sizeof(who);

	(void)listener;
	(void)from;
	(void)n;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
		refuse(fd, "cannot tell who is asking");
	else if (a->n_peers >= ADMIN_CONNECTIONS)
		refuse(fd, "too many are asking at once");
	else
		peer_open(a, fd, (int64_t)who.uid);
}

/* A socket file nobody listens on is what a crash left behind. */
static int
clear_path(const struct sockaddr_un *at, struct err *err)
{
	struct stat st;

	if (lstat(at->sun_path, &st) != 0)
		return W_OK;
	if (!S_ISSOCK(st.st_mode)) {
		err_add(err, at->sun_path, 0, 0, "is there and is not a socket");
		return W_EBUSY;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool taken = fd >= 0 && connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0;
	if (fd >= 0)
		close(fd);
	if (taken) {
		err_add(err, at->sun_path, 0, 0, "another daemon answers there");
		return W_EBUSY;
	}
	return unlink(at->sun_path) == 0 ? W_OK : W_EIO;
}

/* Between bind and listen nobody can connect, so the mode is there before the first caller. */
static int
open_socket(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)at, sizeof(*at)) == 0 &&
	    chmod(at->sun_path, 0660) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int
peer_listen(struct admin *a, struct err *err)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	size_t n = strlen(a->o.socket);

	if (n >= sizeof(at.sun_path)) {
		err_add(err, a->o.socket, 0, 0, "a socket's path has at most %zu bytes",
			sizeof(at.sun_path) - 1);
		return W_EIO;
	}
	memcpy(at.sun_path, a->o.socket, n + 1);
	/* libevent writes without MSG_NOSIGNAL: whoever left would take the daemon along. */
	(void)signal(SIGPIPE, SIG_IGN);
	int rc = clear_path(&at, err);
	if (rc == W_EBUSY)
		return rc;
	int fd = rc == W_OK ? open_socket(&at) : -1;
	if (fd < 0) {
		err_add(err, a->o.socket, 0, 0, "cannot listen there: %s", strerror(errno));
		return W_EIO;
	}
	a->listener = evconnlistener_new(loop_base(a->o.loop), on_accept, a,
					 LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 64, fd);
	CHECK(a->listener != NULL);
	return W_OK;
}

void
peer_close_all(struct admin *a)
{
	evconnlistener_free(a->listener);
	a->listener = NULL;
	(void)unlink(a->o.socket);
	while (a->peers != NULL)
		peer_close(a->peers);
}
