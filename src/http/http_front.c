#include "http/http_int.h"

#include "base/id.h"

#include <event2/bufferevent.h>
#include <event2/http.h>
#include <signal.h>
#include <stdlib.h>

/* evhttp's own limit on heads lies above the reader's, so that the reader is the one to answer. */
enum { EVHTTP_HEAD_SLACK = 4096 };

/* What a call with its answer takes, and some room: a second chunk goes the long way each time. */
enum { FRONT_ARENA = 8192 };

struct http_limits
http_limits_of(const struct conf_limits *limits)
{
	return (struct http_limits){
		.headers_bytes = (size_t)limits->headers_bytes,
		.headers = (size_t)limits->headers,
		.body = (size_t)limits->body,
		.header_ms = limits->header_time * 1000,
		.request_ms = limits->request_time * 1000,
		.reply_ms = limits->reply_time * 1000,
		.idle_ms = limits->idle_time * 1000,
		.requests_per_connection = (uint32_t)limits->requests_per_connection,
		.connections = (uint32_t)limits->connections,
		.reserved = (uint32_t)limits->connections_reserved,
		.per_address = (uint32_t)limits->connections_per_address,
	};
}

static int
limits_check(const struct http_limits *l)
{
	if (l->headers_bytes > HTTP_HEADERS_BYTES_MAX || l->body > HTTP_BODY_MAX)
		return W_ETOOBIG;
	if (l->headers_bytes == 0 || l->header_ms <= 0 || l->request_ms <= 0 || l->reply_ms <= 0 ||
	    l->idle_ms <= 0 || l->requests_per_connection == 0 || l->connections == 0 ||
	    l->reserved > l->connections)
		return W_EINVAL;
	return 0;
}

/* ---- What is used again ---- */

struct arena *
front_arena(struct http_front *f)
{
	return f->n_spare_arenas > 0 ? f->spare_arenas[--f->n_spare_arenas]
				     : arena_new(FRONT_ARENA);
}

void
front_arena_back(struct http_front *f, struct arena *a)
{
	if (f->n_spare_arenas == FRONT_SPARE_ARENAS) {
		arena_free(a);
		return;
	}
	arena_reset(a);
	f->spare_arenas[f->n_spare_arenas++] = a;
}

struct http_reader *
front_reader(struct http_front *f)
{
	struct http_reader *r = f->n_spare_readers > 0 ? f->spare_readers[--f->n_spare_readers]
						       : xmalloc(reader_size(&f->limits));

	reader_init(r, &f->limits);
	r->takes_bytes = f->takes_bytes;
	r->ctx = f->ctx;
	return r;
}

void
front_reader_back(struct http_front *f, struct http_reader *r)
{
	if (f->n_spare_readers == FRONT_SPARE_READERS)
		free(r);
	else
		f->spare_readers[f->n_spare_readers++] = r;
}

/* Drawn from the kernel in batches: ids need to differ, not to be secret. */
uint32_t
front_random(struct http_front *f)
{
	if (f->n_random == 0) {
		id_random(f->random, sizeof(f->random));
		f->n_random = FRONT_RANDOM;
	}
	return f->random[--f->n_random];
}

const char *
front_date(struct http_front *f)
{
	time_t now = time(NULL);

	if (now != f->date_at) {
		evutil_date_rfc1123(f->date, sizeof(f->date), NULL);
		f->date_at = now;
	}
	return f->date;
}

bool
front_lists(const struct http_front *f, const struct net_address *a)
{
	return a->family == AF_UNIX || guard_address_ok(&f->listed, a) ||
	       guard_address_ok(&f->proxies, a);
}

/* ---- Life ---- */

static struct net_ranges
copy_ranges(struct arena *a, const struct net_ranges *from)
{
	return (struct net_ranges){
		.v = arena_memdup(a, from->v, from->n * sizeof(*from->v)),
		.n = from->n,
	};
}

static void
start_evhttp(struct http_front *f)
{
	f->http = evhttp_new(loop_base(f->loop));
	CHECK(f->http != NULL);
	evhttp_set_max_headers_size(f->http,
				    (ev_ssize_t)f->limits.headers_bytes + EVHTTP_HEAD_SLACK);
	evhttp_set_max_body_size(f->http, (ev_ssize_t)f->limits.body);
	evhttp_set_default_content_type(f->http, NULL);
	evhttp_set_allowed_methods(f->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PUT);
	evhttp_set_bevcb(f->http, conn_on_accept, f);
	evhttp_set_gencb(f->http, call_on_request, f);
}

static int
start_listeners(struct http_front *f, const struct http_options *options, struct err *err)
{
	int rc = 0;

	f->listeners = xcalloc(options->n_listen, sizeof(struct http_listener *));
	for (size_t i = 0; i < options->n_listen && rc == 0; i++) {
		rc = listen_new(f->loop, f->http, &options->listen[i], &f->listeners[i], err);
		f->n_listeners += rc == 0;
	}
	return rc;
}

int
http_front_new(struct loop *l, const struct http_options *options, http_on_request *on_request,
	       void *ctx, struct http_front **out, struct err *err)
{
	int rc = limits_check(&options->limits);

	CHECK_ON_LOOP();
	if (rc != 0) {
		err_add(err, "limits", 0, 0, "the limits of the web front make no sense");
		return rc;
	}
	/* evhttp writes with writev; a caller who hangs up must be an error, not a signal. */
	signal(SIGPIPE, SIG_IGN);
	struct http_front *f = xcalloc(1, sizeof(*f));
	f->loop = l;
	f->limits = options->limits;
	f->arena = arena_new(0);
	f->listed = copy_ranges(f->arena, &options->listed);
	f->proxies = copy_ranges(f->arena, &options->proxies);
	f->on_request = on_request;
	f->takes_bytes = options->takes_bytes;
	f->ctx = ctx;
	start_evhttp(f);
	rc = start_listeners(f, options, err);
	if (rc == 0)
		*out = f;
	else
		http_front_free(f);
	return rc;
}

static void
stop_listening(struct http_front *f)
{
	for (size_t i = 0; i < f->n_listeners; i++)
		listen_stop(f->listeners[i]);
}

/* They stay with whoever owes the answers. */
static void
leave_calls(struct http_front *f)
{
	for (struct http_call *call = f->calls; call != NULL; call = call->next)
		call->front = NULL;
}

void
http_front_free(struct http_front *f)
{
	if (f == NULL)
		return;
	CHECK_ON_LOOP();
	for (size_t i = 0; i < f->n_listeners; i++)
		listen_free(f->listeners[i]);
	evhttp_free(f->http); /* on_close of every connection gives its record back */
	leave_calls(f);
	conn_free_all(f);
	while (f->n_spare_readers > 0)
		free(f->spare_readers[--f->n_spare_readers]);
	while (f->n_spare_arenas > 0)
		arena_free(f->spare_arenas[--f->n_spare_arenas]);
	free(f->listeners);
	free(f->by_fd);
	arena_free(f->arena);
	free(f);
}

uint16_t
http_front_port(const struct http_front *f, size_t i)
{
	CHECK(i < f->n_listeners);
	return listen_port(f->listeners[i]);
}

size_t
http_front_connections(const struct http_front *f)
{
	return f->n_live;
}

void
http_front_drain(struct http_front *f)
{
	CHECK_ON_LOOP();
	f->draining = true;
	stop_listening(f);
	for (size_t fd = 0; fd < f->n_by_fd; fd++)
		if (f->by_fd[fd] != NULL)
			conn_close_if_waiting(f->by_fd[fd]);
}
