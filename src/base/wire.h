/*
 * The shape of an HTTP exchange, without any HTTP library: what the web front
 * hands to a dialect, what a dialect hands to the sender, and the phone's and
 * the carrier's side of the same. Borrowed pieces; an arena owns the bytes.
 * None of this is ever logged.
 */
#ifndef WASL_BASE_WIRE_H
#define WASL_BASE_WIRE_H

#include "base/str.h"

struct wire_header {
	struct str name, value;
};

enum wire_method { WIRE_GET, WIRE_POST, WIRE_PUT, WIRE_DELETE, WIRE_OTHER };

struct wire_request {
	enum wire_method method;
	struct str url;   /* calls of ours: absolute; calls to us: empty */
	struct str path;  /* calls to us: decoded by nobody yet, without the query */
	struct str query; /* raw, without '?' */
	struct wire_header *headers;
	size_t n_headers;
	struct str body;
};

struct wire_answer {
	int status;
	struct str type;             /* Content-Type; empty: none */
	struct wire_header *headers; /* further ones */
	size_t n_headers;
	struct str body;
};

/* The first header of that name (any letter case), or STR_NONE. */
struct str wire_header(const struct wire_header *headers, size_t n, const char *name);
struct str wire_method_word(enum wire_method m);
enum wire_method wire_method_of(struct str word);

#endif
