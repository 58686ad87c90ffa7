#include "outbox/outbox_call.h"

#include <event2/event.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

struct watch { /* libcurl's interest in a socket */
	struct watch *next;
	struct event *event;
};

struct opened { /* a socket we made for libcurl */
	struct opened *next;
	curl_socket_t fd;
};

struct post {
	struct post_options options;
	CURLM *multi;
	struct timer *timer;
	struct opened *opened;
	struct watch *watches;
	struct call *calls;
};

/* ---- Sockets and the timer on the loop ---- */

static void drain(struct post *p);

static void
on_socket_ready(evutil_socket_t fd, short what, void *arg)
{
	struct post *p = arg;
	int running;
	int mask =
		(what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

	curl_multi_socket_action(p->multi, fd, mask, &running);
	drain(p);
}

static void
on_timer(void *arg)
{
	struct post *p = arg;
	int running;

	curl_multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	drain(p);
}

static void
watch_drop(struct post *p, struct watch *w)
{
	for (struct watch **at = &p->watches; *at != NULL; at = &(*at)->next)
		if (*at == w) {
			*at = w->next;
			break;
		}
	if (w->event != NULL)
		event_free(w->event);
	free(w);
}

static int
on_interest(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
	struct post *p = arg;
	struct watch *w = socket_arg;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w != NULL)
			watch_drop(p, w);
		return 0;
	}
	if (w == NULL) {
		w = xcalloc(1, sizeof(*w));
		w->next = p->watches;
		p->watches = w;
		curl_multi_assign(p->multi, fd, w);
	} else {
		event_free(w->event);
	}
	const short events = (short)((what & CURL_POLL_IN ? EV_READ : 0) |
				     (what & CURL_POLL_OUT ? EV_WRITE : 0) | EV_PERSIST);
	w->event = event_new(loop_base(p->options.loop), fd, events, on_socket_ready, p);
	CHECK(w->event != NULL && event_add(w->event, NULL) == 0);
	return 0;
}

static int
on_timeout_wanted(CURLM *multi, long ms, void *arg)
{
	struct post *p = arg;

	(void)multi;
	if (ms < 0)
		timer_stop(p->timer);
	else
		timer_set(p->timer, ms);
	return 0;
}

/* ---- Sockets libcurl has us open ---- */

static curl_socket_t
on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct call *c = arg;
	struct post *p = c->post;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    !outbox_addr_ok(c->about.http_to, c->https, p->options.lab, &address->addr))
		return CURL_SOCKET_BAD;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	if (fd < 0)
		return CURL_SOCKET_BAD;
	struct opened *o = xmalloc(sizeof(*o));
	*o = (struct opened){p->opened, fd};
	p->opened = o;
	return fd;
}

static int
on_close(void *arg, curl_socket_t fd)
{
	struct post *p = arg;

	for (struct opened **at = &p->opened; *at != NULL; at = &(*at)->next)
		if ((*at)->fd == fd) {
			struct opened *gone = *at;

			*at = gone->next;
			free(gone);
			break;
		}
	return close(fd);
}

static uint16_t
port_of(const struct sockaddr_storage *sa)
{
	const void *p = sa;

	return ntohs(sa->ss_family == AF_INET ? ((const struct sockaddr_in *)p)->sin_port
					      : ((const struct sockaddr_in6 *)p)->sin6_port);
}

int
post_socket(const struct post *p, int local_port, int peer_port, struct sockaddr_storage *peer)
{
	for (const struct opened *o = p->opened; o != NULL; o = o->next) {
		struct sockaddr_storage local;
		socklen_t n = sizeof(local), n_peer = sizeof(*peer);

		if (getsockname(o->fd, (struct sockaddr *)&local, &n) == 0 &&
		    getpeername(o->fd, (struct sockaddr *)peer, &n_peer) == 0 &&
		    port_of(&local) == local_port && port_of(peer) == peer_port)
			return o->fd;
	}
	return -1;
}

/* ---- A call's life ---- */

static void
call_free(struct call *c)
{
	for (struct call **at = &c->post->calls; *at != NULL; at = &(*at)->next)
		if (*at == c) {
			*at = c->next;
			break;
		}
	curl_easy_cleanup(c->easy);
	curl_slist_free_all(c->headers);
	free(c);
}

static void
begin_attempt(struct call *c)
{
	call_begin(c);
	CHECK(curl_multi_add_handle(c->post->multi, c->easy) == CURLM_OK);
}

static void
finish(struct call *c, CURLcode code)
{
	const struct post_result r = call_result(c, code);
	const struct post_call about = c->about;

	call_free(c);
	about.on_done(about.arg, &r);
}

static void
ended(struct post *p, CURL *easy, CURLcode code)
{
	struct call *c = NULL;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&c);
	CHECK(c != NULL);
	curl_multi_remove_handle(p->multi, easy);
	if (c->stale && !c->body_asked && !c->fresh) {
		c->fresh = true; /* the spoilt connection is closed; nothing of ours went there */
		begin_attempt(c);
		return;
	}
	finish(c, code);
}

static void
drain(struct post *p)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(p->multi, &left)) != NULL)
		if (msg->msg == CURLMSG_DONE)
			ended(p, msg->easy_handle, msg->data.result);
}

static void
set_sockets(struct call *c)
{
	CURL *e = c->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, c);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, c);
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETDATA, c->post); /* outlives the call */
}

int
post_start(struct post *p, const struct post_call *about)
{
	struct call *c = xcalloc(1, sizeof(*c));

	c->post = p;
	c->about = *about;
	c->easy = curl_easy_init();
	CHECK(c->easy != NULL);
	set_sockets(c);
	int rc = call_prepare(c);
	c->next = p->calls;
	p->calls = c;
	if (rc == W_OK)
		begin_attempt(c);
	else
		call_free(c);
	return rc;
}

const struct post_options *
post_options_of(const struct post *p)
{
	return &p->options;
}

struct post *
post_new(const struct post_options *options)
{
	struct post *p = xcalloc(1, sizeof(*p));

	CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	p->options = *options;
	p->multi = curl_multi_init();
	CHECK(p->multi != NULL);
	p->timer = timer_new(options->loop, on_timer, p);
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, on_interest);
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, on_timeout_wanted);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
	curl_multi_setopt(p->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, (long)OUTBOX_IN_FLIGHT);
	return p;
}

void
post_free(struct post *p)
{
	if (p == NULL)
		return;
	while (p->calls != NULL) {
		curl_multi_remove_handle(p->multi, p->calls->easy);
		call_free(p->calls);
	}
	curl_multi_cleanup(p->multi);
	while (p->watches != NULL)
		watch_drop(p, p->watches);
	timer_free(p->timer);
	CHECK(p->opened == NULL);
	free(p);
	curl_global_cleanup();
}
