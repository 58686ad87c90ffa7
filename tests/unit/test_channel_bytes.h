/*
 * What the gateway makes, beside what was recorded: answers and calls, JSON as
 * JSON and parameters as a set. For test_channel_fixtures.
 */
#ifndef WASL_TEST_CHANNEL_BYTES_H
#define WASL_TEST_CHANNEL_BYTES_H

#include "test_channel_case.h"

#include <jansson.h>

/* ---- Answers ---- */

static inline bool
same_media(struct str a, struct str b)
{
	return str_eq_nocase(str_trim(str_cut(&a, ';')), str_trim(str_cut(&b, ';')));
}

static inline bool
is_json(struct str type)
{
	return same_media(type, STR_LIT("application/json"));
}

/* Members of one side only are allowed where the account says so. */
static bool json_fits(struct run *r, json_t *ours, json_t *theirs);

static inline bool
object_fits(struct run *r, json_t *ours, json_t *theirs)
{
	const char *key;
	json_t *value;

	json_object_foreach(ours, key, value)
	{
		json_t *other = json_object_get(theirs, key);

		if (other == NULL ? !may_be_free(&r->company, str_of(key))
				  : !json_fits(r, value, other))
			return false;
	}
	json_object_foreach(theirs, key, value)
	{
		if (json_object_get(ours, key) == NULL && !may_be_free(&r->company, str_of(key)))
			return false;
	}
	return true;
}

static inline bool
json_fits(struct run *r, json_t *ours, json_t *theirs)
{
	if (json_is_object(ours) && json_is_object(theirs))
		return object_fits(r, ours, theirs);
	if (!json_is_array(ours) || !json_is_array(theirs))
		return json_equal(ours, theirs);
	if (json_array_size(ours) != json_array_size(theirs))
		return false;
	for (size_t i = 0; i < json_array_size(ours); i++)
		if (!json_fits(r, json_array_get(ours, i), json_array_get(theirs, i)))
			return false;
	return true;
}

static inline bool
same_json(struct run *r, struct str ours, struct str theirs)
{
	json_t *a = json_loadb(ours.p, ours.n, JSON_DECODE_ANY, NULL);
	json_t *b = json_loadb(theirs.p, theirs.n, JSON_DECODE_ANY, NULL);
	bool same = a != NULL && b != NULL && json_fits(r, a, b);

	json_decref(a);
	json_decref(b);
	return same;
}

static inline bool
not_compared(struct str name)
{
	static const char *const names[] = {"Host", "User-Agent", "Content-Length", "Content-Type",
					    "Transfer-Encoding"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_nocase(name, str_of(names[i])))
			return true;
	return false;
}

static inline void
compare_headers(struct run *r, const struct wire_header *ours, size_t n,
		const struct wire_header *theirs, size_t n_theirs)
{
	for (size_t i = 0; i < n_theirs; i++) {
		char *name = arena_str(r->arena, theirs[i].name).p == NULL
				     ? NULL
				     : arena_printf(r->arena, "%.*s", STR_ARG(theirs[i].name));

		if (not_compared(theirs[i].name))
			continue;
		if (!str_eq(wire_header(ours, n, name), theirs[i].value))
			MISS(r, "header %s: '%.*s', not '%.*s'", name,
			     STR_ARG(wire_header(ours, n, name)), STR_ARG(theirs[i].value));
	}
}

static inline void
compare_answer(struct run *r, const struct wire_answer *ours)
{
	struct str bytes = case_file(r, ".resp.http");

	if (bytes.p == NULL)
		return;
	struct wire_answer want = world_exchange(bytes, r->arena).answer;

	if (ours->status != want.status)
		MISS(r, "status %d, not %d", ours->status, want.status);
	if (want.type.p != NULL && want.status != 403 && !same_media(ours->type, want.type))
		MISS(r, "type '%.*s', not '%.*s'", STR_ARG(ours->type), STR_ARG(want.type));
	compare_headers(r, ours->headers, ours->n_headers, want.headers, want.n_headers);
	if (is_json(want.type) ? !same_json(r, ours->body, want.body)
			       : !str_eq(ours->body, want.body))
		MISS(r, "body '%.*s', not '%.*s'", STR_ARG(ours->body), STR_ARG(want.body));
}

/* ---- Calls ---- */

static inline bool
param_value(struct str encoded, struct str wanted, struct arena *a, struct str *out)
{
	while (encoded.n > 0) {
		struct str pair = str_cut(&encoded, '&'), name = str_cut(&pair, '=');
		char *to = arena_alloc(a, pair.n + 1);
		size_t n = 0;

		if (!str_eq(name, wanted))
			continue;
		for (size_t i = 0; i < pair.n; i++) {
			unsigned byte;

			if (pair.p[i] == '%' && sscanf(pair.p + i + 1, "%2x", &byte) == 1) {
				to[n++] = (char)byte;
				i += 2;
			} else {
				to[n++] = pair.p[i] == '+' ? ' ' : pair.p[i];
			}
		}
		*out = (struct str){to, n};
		return true;
	}
	return false;
}

/* Every parameter of one is in the other with the same decoded value. */
static inline void
params_in(struct run *r, struct str ones, struct str others, const char *which)
{
	for (struct str rest = ones; rest.n > 0;) {
		struct str pair = str_cut(&rest, '&'), name = str_cut(&pair, '=');
		struct str a = STR_NONE, b = STR_NONE;

		if (!param_value(others, name, r->arena, &b)) {
			if (!may_be_free(&r->company, name))
				MISS(r, "%s %.*s", which, STR_ARG(name));
		} else if (!param_value(ones, name, r->arena, &a) || !str_eq(a, b)) {
			MISS(r, "parameter %.*s: '%.*s' and '%.*s'", STR_ARG(name), STR_ARG(a),
			     STR_ARG(b));
		}
	}
}

static inline struct str
target(struct str url)
{
	while (url.n > 0 && !str_starts(url, STR_LIT("://")))
		url = str_after(url, 1);
	url = str_after(url, 3);
	while (url.n > 0 && url.p[0] != '/')
		url = str_after(url, 1);
	return url;
}

static inline void
compare_call(struct run *r, const struct wire_request *ours, const struct wire_request *theirs)
{
	struct str query = target(ours->url), path = str_cut(&query, '?');
	struct str type = wire_header(ours->headers, ours->n_headers, "Content-Type");

	if (ours->method != theirs->method)
		MISS(r, "another method");
	if (!str_eq(path, theirs->path))
		MISS(r, "path '%.*s', not '%.*s'", STR_ARG(path), STR_ARG(theirs->path));
	compare_headers(r, ours->headers, ours->n_headers, theirs->headers, theirs->n_headers);
	params_in(r, query, theirs->query, "we alone have");
	params_in(r, theirs->query, query, "we lack");
	if (theirs->body.n > 0 &&
	    !same_media(type, wire_header(theirs->headers, theirs->n_headers, "Content-Type")))
		MISS(r, "another type of body");
	if (is_json(type)) {
		if (!same_json(r, ours->body, theirs->body))
			MISS(r, "body '%.*s'", STR_ARG(ours->body));
		return;
	}
	params_in(r, ours->body, theirs->body, "we alone have");
	params_in(r, theirs->body, ours->body, "we lack");
}

#endif
