/*
 * Inside http/: the strict reader, the record of a connection, the request
 * that is owed an answer, the listeners. Other folders include http/http.h.
 */
#ifndef WASL_HTTP_HTTP_INT_H
#define WASL_HTTP_HTTP_INT_H

#include "http/http.h"

#include <sys/socket.h>

/* ---- http_reader.c: bytes in, verdict out; pure ---- */

/* The reader waits for a line in every place but the two that are counted out. */
enum reader_place {
	READER_REQUEST_LINE,
	READER_HEADERS,
	READER_BODY, /* Content-Length: left bytes to go */
	READER_CHUNK_SIZE,
	READER_CHUNK, /* left bytes of it to go */
	READER_CHUNK_END,
	READER_LAST, /* after the chunk of size 0: an empty line, trailers are refused */
};

struct http_reader {
	const struct http_limits *limits;
	http_takes_bytes *takes_bytes; /* NULL: targets are text */
	void *ctx;
	enum reader_place place;
	int status;      /* 0, or the answer to give before closing; final */
	size_t head;     /* bytes of this head so far */
	size_t headers;  /* lines of this head so far */
	size_t hosts;    /* Host headers of this head */
	size_t body;     /* bytes of chunks announced so far */
	uint64_t length; /* Content-Length */
	uint64_t left;
	bool http_1_0, has_length, chunked;
	uint8_t bits; /* all characters of this head or-ed: 0x80 and over when one is not ASCII */
	size_t n;     /* bytes of the line so far */
	char line[];  /* limits->headers_bytes, READER_LINE_MIN at least */
};

enum { READER_LINE_MIN = 16 };

size_t reader_size(const struct http_limits *limits);
void reader_init(struct http_reader *r, const struct http_limits *limits);
/* Takes all n bytes, or those before the first that is refused. 0 or a status of 400 and over. */
int reader_take(struct http_reader *r, const char *p, size_t n);
/* Nothing of a request has been seen since the last one ended. */
bool reader_between(const struct http_reader *r);
bool reader_in_head(const struct http_reader *r);

/* ---- http_conn.c: a record beside each connection of evhttp ---- */

struct evhttp_connection;
struct evhttp_request;
struct bufferevent;
struct event;
struct http_call;

enum conn_phase {
	CONN_FRESH,   /* accepted, not yet looked at */
	CONN_WAITING, /* for the first byte of a request */
	CONN_READING, /* head or body */
	CONN_OWED,    /* with on_request's side; reading is off */
	CONN_REPLYING /* answer on its way out; reading is off */
};

struct http_conn {
	struct http_front *front;
	struct http_conn *next_made, *next_spare;
	struct http_conn *next_same;     /* in the bucket of its address */
	struct bufferevent *bev;         /* evhttp's; NULL in the pool */
	struct evhttp_connection *evcon; /* NULL until admitted */
	int fd;
	struct event *kick; /* runs on_kick after the callbacks that are under way */
	struct timer *timer;
	int64_t deadline_ms;
	int64_t armed_ms; /* when the timer goes off; INT64_MAX: it does not */
	int64_t first_byte_ms;
	enum conn_phase phase;
	struct http_reader *reader; /* borrowed from the front while a request comes in */
	int refused;                /* status to give before closing */
	bool dropped;               /* no answer comes: close */
	uint32_t answered;
	struct net_address peer;
	bool listed;
	struct http_call *call; /* CONN_OWED */
};

/* evhttp's question for a bufferevent: makes the record. arg: the front. */
struct event_base;
struct bufferevent *conn_on_accept(struct event_base *base, void *arg);
void conn_set_deadline(struct http_conn *c, int64_t at_ms);
void conn_owes(struct http_conn *c, struct http_call *call);
void conn_replying(struct http_conn *c);
/* The answer is out and the connection stays. */
void conn_answered(struct http_conn *c);
/* The record goes back to the pool inside. Not from a callback of the buffer. */
void conn_close(struct http_conn *c);
/* The same after the callbacks under way: when it waits, and, for the second, without an answer. */
void conn_close_if_waiting(struct http_conn *c);
void conn_drop(struct http_conn *c);
/* After evhttp_free. */
void conn_free_all(struct http_front *f);

/* ---- http_caps.c: who is connected ---- */

/* As things stand before c is added. */
bool caps_allow(const struct http_conn *c);
void caps_add(struct http_conn *c);
void caps_remove(struct http_conn *c);

/* ---- http_call.c: a request that is owed an answer ---- */

struct http_call {
	struct http_request pub; /* first: http_answer gets its address */
	char id[9];
	struct http_front *front;  /* NULL: freed meanwhile */
	struct http_conn *conn;    /* NULL: cut off, an answer goes nowhere */
	struct evhttp_request *ev; /* valid while conn is */
	struct http_call *next, **at;
};

/* evhttp's callback for every request. arg: the front. */
void call_on_request(struct evhttp_request *ev, void *arg);
/* reply_ms is over: 503. */
void call_overdue(struct http_call *call);
/* Its connection is about to vanish. */
void call_cut_off(struct http_call *call);

/* ---- http_listen.c ---- */

struct http_listener;
struct evhttp;

MUSTUSE int listen_new(struct loop *l, struct evhttp *http, const struct conf_listen *at,
		       struct http_listener **out, struct err *err);
/* Closes the socket: accepts no more. Twice is fine. */
void listen_stop(struct http_listener *li);
/* Before evhttp_free. */
void listen_free(struct http_listener *li);
uint16_t listen_port(const struct http_listener *li);

/* ---- http_front.c ---- */

enum { FRONT_BUCKETS = 256, FRONT_SPARE_ARENAS = 64, FRONT_SPARE_READERS = 64, FRONT_RANDOM = 64 };

struct http_front {
	struct loop *loop;
	struct evhttp *http;
	struct http_limits limits;
	struct arena *arena; /* the ranges below */
	struct net_ranges listed, proxies;
	http_on_request *on_request;
	http_takes_bytes *takes_bytes;
	void *ctx;
	struct http_listener **listeners;
	size_t n_listeners;
	bool draining;

	size_t n_live, n_unlisted;             /* admitted connections */
	struct http_conn *same[FRONT_BUCKETS]; /* they, by address */
	struct http_conn **by_fd;              /* they, by descriptor */
	size_t n_by_fd;
	struct http_call *calls; /* not answered yet */

	struct http_conn *made_conns, *spare_conns;
	struct http_reader *spare_readers[FRONT_SPARE_READERS];
	size_t n_spare_readers;
	struct arena *spare_arenas[FRONT_SPARE_ARENAS];
	size_t n_spare_arenas;
	uint32_t random[FRONT_RANDOM]; /* for request ids */
	size_t n_random;
	char date[32]; /* of answers given at date_at, as RFC 9110 section 5.6.7 writes it */
	time_t date_at;
};

struct arena *front_arena(struct http_front *f);
void front_arena_back(struct http_front *f, struct arena *a);
struct http_reader *front_reader(struct http_front *f);
void front_reader_back(struct http_front *f, struct http_reader *r);
uint32_t front_random(struct http_front *f);
/* Formatted once a second; evhttp would do it for each answer. */
const char *front_date(struct http_front *f);
bool front_lists(const struct http_front *f, const struct net_address *a);

/* ---- http_guard.c ---- */

/* Plain form of a socket address; false for a family that is none of ours. */
bool net_address_of(const struct sockaddr_storage *ss, struct net_address *out);

#endif
