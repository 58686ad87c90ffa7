/*
 * One call to an aggregator: what libcurl asks on its way (call.c) and the multi
 * handle with its sockets and timer on the loop (curl.c).
 */
#ifndef WASL_OUTBOX_OUTBOX_CALL_H
#define WASL_OUTBOX_OUTBOX_CALL_H

#include "outbox/outbox_int.h"

#include <curl/curl.h>

enum { CALL_HEADERS = 64 };

struct call {
	struct post *post;
	struct call *next;
	struct post_call about;
	CURL *easy;
	struct curl_slist *headers;
	bool https, bodyless, fresh;
	/* marks of the present attempt */
	size_t taken; /* bytes of the body handed to libcurl */
	bool body_asked;
	unsigned asked_leave; /* how often libcurl was about to send the request */
	bool may_have_left;   /* and was allowed to */
	bool stale;           /* the connection had something waiting */
	bool head_complete, too_big;
	size_t head_bytes;
	struct buf body;
	struct wire_header answer_headers[CALL_HEADERS];
	size_t n_answer_headers;
};

/* Options of a new easy handle. W_EINVAL: address, method or header libcurl must not see. */
MUSTUSE int call_prepare(struct call *c);
/* Marks of a new attempt. */
void call_begin(struct call *c);
/* What is known after the last one. */
struct post_result call_result(struct call *c, CURLcode code);

/* The socket of a connection, known by both its ports, and its peer; -1 when it is none of ours. */
int post_socket(const struct post *p, int local_port, int peer_port, struct sockaddr_storage *peer);
/* post_options of the multi handle a call belongs to. */
const struct post_options *post_options_of(const struct post *p);

#endif
