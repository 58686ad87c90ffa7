#include "base/metric.h"
#include "http/http_int.h"

/*
 * Who is connected, by address and by descriptor. The cap per address is what
 * protects: a total cap that made the listener wait would make honest callers
 * wait with it. So everybody is accepted, looked at, and hung up on if need be.
 */

static struct http_conn **
bucket_of(struct http_front *f, const struct net_address *a)
{
	size_t n = a->family == AF_INET6 ? 8 : 4; /* one customer has a /64 */
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ a->bytes[i]) * 16777619u;
	return &f->same[(hash ^ hash >> 16) % FRONT_BUCKETS];
}

static bool
same_caller(const struct net_address *a, const struct net_address *b)
{
	return a->family == b->family &&
	       memcmp(a->bytes, b->bytes, a->family == AF_INET6 ? 8 : 4) == 0;
}

static size_t
connections_of(struct http_front *f, const struct net_address *a)
{
	size_t n = 0;

	for (const struct http_conn *c = *bucket_of(f, a); c != NULL; c = c->next_same)
		n += same_caller(&c->peer, a);
	return n;
}

bool
caps_allow(const struct http_conn *c)
{
	struct http_front *f = c->front;
	const struct http_limits *limits = &f->limits;

	if (f->draining || f->n_live >= limits->connections)
		return false;
	if (c->listed)
		return true;
	return f->n_unlisted < limits->connections - limits->reserved &&
	       connections_of(f, &c->peer) < limits->per_address;
}

void
caps_add(struct http_conn *c)
{
	struct http_front *f = c->front;
	struct http_conn **bucket = bucket_of(f, &c->peer);

	if ((size_t)c->fd >= f->n_by_fd) {
		size_t n = (size_t)c->fd + 64;

		f->by_fd = xrealloc(f->by_fd, n * sizeof(struct http_conn *));
		memset(f->by_fd + f->n_by_fd, 0, (n - f->n_by_fd) * sizeof(struct http_conn *));
		f->n_by_fd = n;
	}
	f->by_fd[c->fd] = c;
	c->next_same = *bucket;
	*bucket = c;
	f->n_live++;
	f->n_unlisted += !c->listed;
	metric_add(METRIC_HTTP_CONNECTIONS, 1);
}

void
caps_remove(struct http_conn *c)
{
	struct http_front *f = c->front;
	struct http_conn **at = bucket_of(f, &c->peer);

	while (*at != c)
		at = &(*at)->next_same;
	*at = c->next_same;
	f->by_fd[c->fd] = NULL;
	f->n_live--;
	f->n_unlisted -= !c->listed;
	metric_add(METRIC_HTTP_CONNECTIONS, -1);
}
