/*
 * The web front: HTTP/1.0 and 1.1 over evhttp, hardened. Owns listeners,
 * connections, deadlines and caps; knows nothing of routes, dialects or menus.
 * Everything runs on the loop's thread.
 *
 * The walk of a call: accept -> caps -> every byte passes the strict reader
 * before evhttp sees it -> evhttp collects the body -> a struct http_request is
 * made in an arena and handed to on_request -> http_answer, now or later -> the
 * bytes leave -> idle, or closed. One absolute deadline at a time: first byte,
 * head, whole request, answer, bytes out, idle.
 *
 * What the reader refuses never reaches on_request. No URL, header or body is
 * ever logged. Never does TLS: a proxy in front does.
 */
#ifndef WASL_HTTP_HTTP_H
#define WASL_HTTP_HTTP_H

#include "base/err.h"
#include "base/loop.h"
#include "base/wire.h"
#include "conf/conf.h"
#include "privacy/privacy.h"

/* Nobody may ask for more in http_limits; http_front_new answers W_ETOOBIG. */
enum { HTTP_HEADERS_BYTES_MAX = 65536, HTTP_BODY_MAX = 1 << 20 };

struct http_limits {
	size_t headers_bytes; /* request line, headers and their line ends */
	size_t headers;
	size_t body;
	int64_t header_ms;  /* first byte to blank line; also accept to first byte */
	int64_t request_ms; /* first byte to last byte of the body; also an answer on its way out */
	int64_t reply_ms;   /* on_request to http_answer; then the front answers 503 */
	int64_t idle_ms;    /* between two requests of a connection */
	uint32_t requests_per_connection;
	uint32_t connections; /* in all */
	uint32_t reserved;    /* of these, only for listed addresses */
	uint32_t per_address; /* any address not listed; IPv6 counts by /64 */
};

/* Those of wasl.yaml. */
struct http_limits http_limits_of(const struct conf_limits *limits);

struct net_address {
	int family;        /* AF_INET, AF_INET6, AF_UNIX */
	uint8_t bytes[16]; /* network order; IPv4 in IPv6 is made IPv4 */
};

/*
 * May the query after this path (raw) hold bytes that are no text? Asked only
 * when it does, before the call is anybody's; everything else is refused.
 */
typedef bool http_takes_bytes(void *ctx, struct str path);

struct http_options {
	const struct conf_listen *listen;
	size_t n_listen;
	struct http_limits limits;
	/* Aggregators: outside the cap per address, and let in when only the reserve is left. */
	struct net_ranges listed;
	/* Whose X-Forwarded-For counts; treated as listed. Callers on a Unix socket are proxies. */
	struct net_ranges proxies;
	http_takes_bytes *takes_bytes; /* with the ctx of on_request; NULL: nobody */
};

/*
 * Borrowed until answered, with everything in it. Alive until http_answer even
 * when the caller has gone, the deadline has passed or the front was freed.
 */
struct http_request {
	struct arena *arena;      /* whatever must live until the answer may live here */
	const char *id;           /* 8 random hex digits, for logs */
	struct wire_request wire; /* path and query as they came, url empty */
	struct net_address peer;  /* the caller; behind a proxy the address it forwards */
	bool forwarded;           /* peer was named by a proxy */
	int64_t deadline_ms;      /* clock_mono_ms by which http_answer must be called */
};

/* Must lead to exactly one http_answer of req, at once or later. */
typedef void http_on_request(struct http_request *req, void *ctx);

struct http_front;

/*
 * Binds and listens. Copies what options point to. Ignores SIGPIPE for the
 * process. On a listener that cannot be had: a fault in err, W_EIO (W_EBUSY when
 * somebody else holds the address); on senseless limits W_EINVAL or W_ETOOBIG.
 */
MUSTUSE int http_front_new(struct loop *l, const struct http_options *options,
			   http_on_request *on_request, void *ctx, struct http_front **out,
			   struct err *err);
/*
 * Closes every connection. Requests still owed are cut off: they stay valid
 * until their http_answer, which then only releases them. Not from on_request.
 */
void http_front_free(struct http_front *f);

/*
 * Answers and releases req: exactly once, loop thread. Copies the answer. After
 * the deadline, or when the caller has gone, it only releases. NULL: no answer,
 * the connection is closed. Content-Length is added; further headers named
 * Connection, Content-Length or Transfer-Encoding, or with control characters,
 * are left out.
 */
void http_answer(struct http_request *req, const struct wire_answer *answer);
/* A bare status with no body. */
void http_answer_status(struct http_request *req, int status);

/* Port of the i-th listener, 0 for a Unix socket: where a port of 0 ended up. */
uint16_t http_front_port(const struct http_front *f, size_t i);
size_t http_front_connections(const struct http_front *f);

/*
 * Stops accepting, closes what is idle, answers what is owed and closes after
 * each answer. Done when http_front_connections is 0; the deadlines bound it.
 */
void http_front_drain(struct http_front *f);

/* ---- Guard: who may call ---- */

/* peer is in one of the ranges; none listed: false. */
bool guard_address_ok(const struct net_ranges *ranges, const struct net_address *peer);

/* "192.0.2.7" or "2001:db8::1", without port or brackets. */
MUSTUSE int net_address_parse(struct str text, struct net_address *out);

/*
 * The caller that proxies forwarded: X-Forwarded-For from the right, past
 * proxies of ours. False when there is none or it is malformed: then the
 * connected address stands.
 */
bool guard_forwarded(const struct wire_request *wire, const struct net_ranges *proxies,
		     struct net_address *out);

/* ---- Rate: how often ---- */

/* A bucket of burst calls that fills with calls each span_ms. */
struct rate_rule {
	uint32_t calls;
	int64_t span_ms;
	uint32_t burst; /* at least 1 */
};

/*
 * Buckets by keyed digest, a bounded table of about slots keys, O(1). When a
 * place is needed the fullest of a few buckets is forgotten, which is the one
 * whose loss matters least.
 */
struct rate *rate_new(const struct rate_rule *rule, size_t slots);
void rate_free(struct rate *r);
/* False: too often; nothing is taken then. */
bool rate_take(struct rate *r, const struct digest *key, int64_t now_ms);

/* ---- Refused calls of aggregators, counted by channel and cause; loop thread ---- */

enum refusal {
	REFUSED_SECRET,  /* of the path */
	REFUSED_ADDRESS, /* not a listed one */
	REFUSED_PROOF,
	REFUSED_PATH, /* the dialect has no such section */
	REFUSED_METHOD,
	REFUSED_MALFORMED,
	REFUSED_CHANNEL_RATE,
	REFUSED_NUMBER_RATE,
	REFUSALS
};
const char *refusal_word(enum refusal why); /* "number_rate" */
/* channel NULL: a name that no channel has. Counts outlive a reload. */
void refusal_add(const char *channel, enum refusal why);
int64_t refusal_count(const char *channel, enum refusal why);
/* Exposition format 0.0.4; only what was counted. */
void refusal_print(struct buf *to);

/* ---- Operations: /healthz, /readyz, /metrics ---- */

struct http_ops;

/* False: not ready; *why may be set to a few words of ours, borrowed until the next turn. */
typedef bool http_ready(void *ctx, struct str *why);

/* Belongs on loopback only. Limits of its own, small and fixed. ready may be NULL: always. */
MUSTUSE int http_ops_new(struct loop *l, const struct conf_listen *listen, http_ready *ready,
			 void *ctx, struct http_ops **out, struct err *err);
void http_ops_free(struct http_ops *ops);
uint16_t http_ops_port(const struct http_ops *ops);

#endif
