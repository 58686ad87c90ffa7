#include "base/clock.h"
#include "base/log.h"
#include "http/http_int.h"

#include <errno.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 512, PAUSE_MS = 100, SAY_AGAIN_MS = 60000, UNIX_MODE = 0660 };

struct http_listener {
	struct http_listener *next;
	struct evhttp *http;
	struct evhttp_bound_socket *bound; /* evhttp's; NULL: stopped */
	struct evconnlistener *lev;        /* the same */
	struct timer *pause;
	int64_t said_ms; /* when the log was last told about missing descriptors */
	int spare;       /* given up for a moment to turn a caller away */
	uint16_t port;
	char *path; /* of a Unix socket; removed at the end */
};

/*
 * libevent hands the error callback evhttp's pointer and not ours, so listeners
 * are found by their evconnlistener. Loop thread only.
 */
static struct http_listener *listeners;

static struct http_listener *
listener_of(const struct evconnlistener *lev)
{
	struct http_listener *li = listeners;

	while (li != NULL && li->lev != lev)
		li = li->next;
	return li;
}

/*
 * Out of descriptors: one waiting caller is taken on the spare one and hung up
 * on, then nobody is accepted for a moment; otherwise the loop would spin.
 */
static void
on_accept_failed(struct evconnlistener *lev, void *arg)
{
	struct http_listener *li = listener_of(lev);
	int reason = errno;

	(void)arg;
	CHECK(li != NULL);
	if (reason == EMFILE || reason == ENFILE) {
		close(li->spare);
		int caller = accept(evconnlistener_get_fd(lev), NULL, NULL);
		if (caller >= 0)
			close(caller);
		li->spare = fcntl(evconnlistener_get_fd(lev), F_DUPFD_CLOEXEC, 0);
	}
	evconnlistener_disable(lev);
	timer_set(li->pause, PAUSE_MS);
	int64_t now = clock_mono_ms();
	if (li->said_ms != 0 && now - li->said_ms < SAY_AGAIN_MS)
		return;
	li->said_ms = now;
	log_warn("http accept failed reason=\"%s\" pause_ms=%d", strerror(reason), PAUSE_MS);
}

static void
on_pause_over(void *arg)
{
	struct http_listener *li = arg;

	evconnlistener_enable(li->lev);
}

static socklen_t
socket_address(const struct conf_listen *at, struct sockaddr_storage *ss)
{
	struct sockaddr_in *in = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_un *un = (struct sockaddr_un *)ss;

	memset(ss, 0, sizeof(*ss));
	ss->ss_family = (sa_family_t)at->family;
	switch (at->family) {
	case AF_INET:
		in->sin_port = htons(at->port);
		memcpy(&in->sin_addr, at->bytes, 4);
		return sizeof(*in);
	case AF_INET6:
		in6->sin6_port = htons(at->port);
		memcpy(&in6->sin6_addr, at->bytes, 16);
		return sizeof(*in6);
	case AF_UNIX:
		if (strlen(at->path) >= sizeof(un->sun_path))
			return 0;
		memcpy(un->sun_path, at->path, strlen(at->path) + 1);
		return sizeof(*un);
	default:
		return 0;
	}
}

/* A socket file that nobody answers on was left by a process that died. */
static void
remove_stale(const struct sockaddr_storage *ss, socklen_t size)
{
	const char *path = ((const struct sockaddr_un *)ss)->sun_path;
	struct stat st;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return;
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    connect(fd, (const struct sockaddr *)ss, size) != 0 && errno == ECONNREFUSED)
		unlink(path);
	close(fd);
}

static int
bind_and_listen(int fd, const struct sockaddr_storage *ss, socklen_t size)
{
	const int on = 1;

	if (ss->ss_family == AF_UNIX)
		remove_stale(ss, size);
	else if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
		 setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0)
		return -1; /* what is accepted inherits TCP_NODELAY */
	if (ss->ss_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0)
		return -1;
	if (bind(fd, (const struct sockaddr *)ss, size) != 0)
		return -1;
	/* Nobody can connect before listen, so nobody sees the wider mode. */
	if (ss->ss_family == AF_UNIX &&
	    chmod(((const struct sockaddr_un *)ss)->sun_path, UNIX_MODE) != 0)
		return -1;
	return listen(fd, BACKLOG);
}

static int
open_socket(const struct conf_listen *at, int *out)
{
	struct sockaddr_storage ss;
	socklen_t size = socket_address(at, &ss);

	*out = -1;
	if (size == 0) {
		errno = ENAMETOOLONG;
		return W_EINVAL;
	}
	int fd = socket(at->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return W_EIO;
	if (bind_and_listen(fd, &ss, size) == 0) {
		*out = fd;
		return 0;
	}
	int reason = errno;
	close(fd);
	errno = reason;
	return reason == EADDRINUSE ? W_EBUSY : W_EIO;
}

static uint16_t
port_of(int fd)
{
	struct sockaddr_storage ss = {0};
	socklen_t size = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &size) != 0 || ss.ss_family == AF_UNIX)
		return 0;
	return ntohs(ss.ss_family == AF_INET ? ((struct sockaddr_in *)&ss)->sin_port
					     : ((struct sockaddr_in6 *)&ss)->sin6_port);
}

int
listen_new(struct loop *l, struct evhttp *http, const struct conf_listen *at,
	   struct http_listener **out, struct err *err)
{
	int fd;
	int rc = open_socket(at, &fd);

	if (rc != 0) {
		err_add(err, at->text, 0, 0, "cannot listen here: %s", strerror(errno));
		return rc;
	}
	struct http_listener *li = xcalloc(1, sizeof(*li));
	li->lev = evconnlistener_new(loop_base(l), NULL, NULL,
				     LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	CHECK(li->lev != NULL);
	li->http = http;
	li->bound = evhttp_bind_listener(http, li->lev);
	CHECK(li->bound != NULL);
	evconnlistener_set_error_cb(li->lev, on_accept_failed);
	li->pause = timer_new(l, on_pause_over, li);
	li->spare = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	li->port = port_of(fd);
	li->path = at->family == AF_UNIX ? xstrdup(at->path) : NULL;
	li->next = listeners;
	listeners = li;
	*out = li;
	return 0;
}

/* The spare descriptor is the same socket, so it must go for the port to be free. */
void
listen_stop(struct http_listener *li)
{
	if (li->bound == NULL)
		return;
	timer_stop(li->pause);
	evhttp_del_accept_socket(li->http, li->bound);
	li->bound = NULL;
	li->lev = NULL;
	if (li->spare >= 0)
		close(li->spare);
	if (li->path != NULL)
		unlink(li->path);
}

void
listen_free(struct http_listener *li)
{
	struct http_listener **at = &listeners;

	if (li == NULL)
		return;
	listen_stop(li);
	while (*at != li)
		at = &(*at)->next;
	*at = li->next;
	timer_free(li->pause);
	free(li->path);
	free(li);
}

uint16_t
listen_port(const struct http_listener *li)
{
	return li->port;
}
