/*
 * From a request of the web front to the rooms that answer it, and back: the
 * steps between http_front and the commit.
 *
 * The walk: path -> channel; path secret, address, rate -> channel_parse ->
 * USSD events to session_take, reports to outbox_report, SMS to rows of the
 * inbox, opt-outs to consent rows -> when all of a call's events are settled,
 * one answer. Unknown channel,
 * wrong secret, wrong address and failed proof give the same empty 403; a
 * refused call writes nothing and is only counted.
 *
 * Loop thread. A set of routes is read-only; a reload makes another one and
 * calls under way finish on theirs.
 */
#ifndef WASL_HTTP_HTTP_ROUTE_H
#define WASL_HTTP_HTTP_ROUTE_H

#include "http/http.h"
#include "outbox/outbox.h"
#include "session/session.h"

struct route_channel {
	struct channel *channel;         /* borrowed */
	const struct conf_channel *conf; /* its addresses */
};

struct route_options {
	const struct route_channel *channels; /* copied */
	size_t n_channels;
	const struct conf_limits *limits;
	struct sessions *sessions;
	struct outbox *outbox;
	struct work *work;
	struct store *store;
	const struct keys *keys;
};

struct routes;

struct routes *routes_new(const struct route_options *options);
/* Takes effect when the last call under way has its answer. */
void routes_free(struct routes *r);
/* Calls that look at it, and at the channels it was made of, until they are answered. */
size_t routes_under_way(const struct routes *r);

/* The http_on_request of the front; ctx is a struct routes ** that a reload may swing. */
void route_request(struct http_request *req, void *ctx);
/* The http_takes_bytes of the front, same ctx: who knows the path secret of such a section. */
bool route_takes_bytes(void *ctx, struct str path);

#endif
