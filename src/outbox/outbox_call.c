/*
 * One call to an aggregator by libcurl's multi interface on the loop. The
 * options are a measured set for "at most once":
 *
 * libcurl repeats a request by itself when a reused connection dies before an
 * answer. A POST whose body comes from a read function and cannot be rewound is
 * never handed over twice; what has no body gets a fresh connection, and a
 * second attempt of libcurl's own is refused before the request (PREREQ). A
 * connection with bytes waiting on it is not reused: they would be taken for
 * our answer. What is known about a failed call comes from our own marks here,
 * not from libcurl's error code.
 */
#include "outbox/outbox_call.h"

#include <errno.h>

enum {
	CONNECT_MS = 5000,
	ANSWER_MS = 20000,
	IDLE_S = 20,
	CONNECTION_LIFE_S = 600,
	NAMES_S = 300,
	UPLOAD_BYTES = 16384, /* a body up to this is one read and one send */
	ANSWER_BYTES = 65536,
	HEAD_BYTES = 16384,
};

/* ---- What libcurl asks on the way ---- */

/* Nothing may be waiting on a connection that is used again: not even its end. */
static bool
connection_quiet(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

static int
on_about_to_send(void *arg, char *peer_ip, char *local_ip, int peer_port, int local_port)
{
	struct call *c = arg;
	struct sockaddr_storage peer;
	long connects = 0;
	const int fd = post_socket(c->post, local_port, peer_port, &peer);

	(void)peer_ip;
	(void)local_ip;
	c->asked_leave++;
	if (c->body_asked || (c->bodyless && c->asked_leave > 1) || fd < 0)
		return CURL_PREREQFUNC_ABORT;
	if (!outbox_addr_ok(c->about.http_to, c->https, post_options_of(c->post)->lab,
			    (const struct sockaddr *)&peer))
		return CURL_PREREQFUNC_ABORT;
	curl_easy_getinfo(c->easy, CURLINFO_NUM_CONNECTS, &connects);
	if (connects == 0 && !connection_quiet(fd)) {
		c->stale = true;
		return CURL_PREREQFUNC_ABORT;
	}
	c->may_have_left = true;
	return CURL_PREREQFUNC_OK;
}

static size_t
on_body_wanted(char *to, size_t size, size_t n, void *arg)
{
	struct call *c = arg;
	const struct str body = c->about.request->body;
	size_t take = size * n;

	c->body_asked = true;
	if (c->taken == body.n)
		return CURL_READFUNC_ABORT; /* a second time: never */
	if (take > body.n - c->taken)
		take = body.n - c->taken;
	memcpy(to, body.p + c->taken, take);
	c->taken += take;
	return take;
}

/* ---- The answer ---- */

static void
keep_header(struct call *c, struct str line)
{
	struct str value = line, name = str_cut(&value, ':');

	if (name.n == line.n || c->n_answer_headers == CALL_HEADERS)
		return;
	struct arena *a = c->about.arena;
	c->answer_headers[c->n_answer_headers++] =
		(struct wire_header){arena_str(a, name), arena_str(a, str_trim(value))};
}

/* An interim head (1xx) is followed by another; only the blank line of the last one counts. */
static size_t
on_header(char *p, size_t size, size_t n, void *arg)
{
	struct call *c = arg;
	const struct str line = str_trim((struct str){p, size * n});

	c->head_bytes += size * n;
	if (c->head_bytes > HEAD_BYTES) {
		c->too_big = true;
		return 0;
	}
	if (str_starts(line, STR_LIT("HTTP/"))) {
		c->head_complete = false;
		c->n_answer_headers = 0;
	} else if (line.n == 0) {
		c->head_complete = true;
	} else if (!c->head_complete) {
		keep_header(c, line);
	}
	return size * n;
}

static size_t
on_answer(char *p, size_t size, size_t n, void *arg)
{
	struct call *c = arg;

	if (c->body.n + size * n > ANSWER_BYTES) {
		c->too_big = true;
		return 0;
	}
	buf_add(&c->body, p, size * n);
	return size * n;
}

/* ---- What is known afterwards ---- */

void
call_begin(struct call *c)
{
	c->taken = c->asked_leave = 0;
	c->body_asked = c->may_have_left = c->stale = false;
	c->head_complete = c->too_big = false;
	c->head_bytes = c->n_answer_headers = 0;
	buf_init_arena(&c->body, c->about.arena);
	curl_easy_setopt(c->easy, CURLOPT_FRESH_CONNECT, c->fresh ? 1L : 0L);
}

static const char *
word_of(const struct call *c, CURLcode code)
{
	static const struct {
		CURLcode code;
		const char *word;
	} words[] = {
		{CURLE_COULDNT_RESOLVE_HOST, "name"},
		{CURLE_COULDNT_CONNECT, "connect"},
		{CURLE_OPERATION_TIMEDOUT, "timeout"},
		{CURLE_SSL_CONNECT_ERROR, "tls"},
		{CURLE_PEER_FAILED_VERIFICATION, "certificate"},
		{CURLE_SEND_FAIL_REWIND, "closed"},
		{CURLE_GOT_NOTHING, "closed"},
		{CURLE_RECV_ERROR, "reset"},
		{CURLE_SEND_ERROR, "send"},
		{CURLE_PARTIAL_FILE, "cut"},
		{CURLE_ABORTED_BY_CALLBACK, "aborted"},
	};

	if (c->too_big)
		return "too big";
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].code == code)
			return words[i].word;
	return code == CURLE_OK ? "cut" : "broken";
}

struct post_result
call_result(struct call *c, CURLcode code)
{
	struct post_result r = {0};
	long status = 0;

	r.nothing_left = c->bodyless ? !c->may_have_left : !c->body_asked;
	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	r.complete = !r.nothing_left && code == CURLE_OK && c->head_complete && status >= 200 &&
		     !c->too_big;
	r.why = word_of(c, code);
	if (r.complete) {
		struct arena *a = c->about.arena;

		r.answer.status = (int)status;
		r.answer.headers = arena_memdup(a, c->answer_headers,
						c->n_answer_headers * sizeof(struct wire_header));
		r.answer.n_headers = c->n_answer_headers;
		r.answer.type = wire_header(r.answer.headers, r.answer.n_headers, "Content-Type");
		r.answer.body = buf_str(&c->body);
	}
	return r;
}

/* ---- Options ---- */

static bool
header_fit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t')
			return false;
	return true;
}

/* libcurl wants "Name;" for a header with an empty value; "Expect:" takes that header out. */
static int
make_headers(struct call *c)
{
	const struct wire_request *r = c->about.request;
	struct arena *a = c->about.arena;

	c->headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; i < r->n_headers; i++) {
		const struct wire_header *h = &r->headers[i];

		if (h->name.n == 0 || !header_fit(h->name) || !header_fit(h->value))
			return W_EINVAL;
		c->headers = curl_slist_append(
			c->headers, arena_printf(a, h->value.n ? "%.*s: %.*s" : "%.*s;%.*s",
						 STR_ARG(h->name), STR_ARG(h->value)));
	}
	return W_OK;
}

static void
set_limits(struct call *c)
{
	const struct post_options *o = post_options_of(c->post);
	CURL *e = c->easy;

	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)(o->connect_ms ? o->connect_ms : CONNECT_MS));
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)(o->answer_ms ? o->answer_ms : ANSWER_MS));
	curl_easy_setopt(e, CURLOPT_MAXAGE_CONN, (long)IDLE_S);
	curl_easy_setopt(e, CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_LIFE_S);
	curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, (long)NAMES_S);
	curl_easy_setopt(e, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BYTES);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, c->https ? "https" : "http");
	if (o->ca_file != NULL)
		curl_easy_setopt(e, CURLOPT_CAINFO, o->ca_file);
}

static void
set_callbacks(struct call *c)
{
	CURL *e = c->easy;

	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_about_to_send);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, c);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, c->headers);
}

static int
set_method(struct call *c)
{
	const struct wire_request *r = c->about.request;
	CURL *e = c->easy;

	if (r->method == WIRE_OTHER || (r->method == WIRE_GET && r->body.n > 0))
		return W_EINVAL;
	c->bodyless = r->body.n == 0;
	if (c->bodyless) { /* nothing would stop a repeat: a connection of its own */
		c->fresh = true;
		curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
	}
	if (r->method == WIRE_GET) {
		curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
		return W_OK;
	}
	curl_easy_setopt(e, CURLOPT_POST, 1L);
	curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE, (long)r->body.n);
	if (c->bodyless)
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, "");
	curl_easy_setopt(e, CURLOPT_READFUNCTION, on_body_wanted);
	curl_easy_setopt(e, CURLOPT_READDATA, c);
	if (r->method != WIRE_POST)
		curl_easy_setopt(
			e, CURLOPT_CUSTOMREQUEST,
			arena_printf(c->about.arena, "%.*s", STR_ARG(wire_method_word(r->method))));
	return W_OK;
}

int
call_prepare(struct call *c)
{
	const struct str url = c->about.request->url;
	uint16_t port;

	if (channel_url_host(url, &c->https, &port).n == 0 || memchr(url.p, '\0', url.n) != NULL)
		return W_EINVAL;
	if (curl_easy_setopt(c->easy, CURLOPT_URL,
			     arena_printf(c->about.arena, "%.*s", STR_ARG(url))) != CURLE_OK)
		return W_EINVAL;
	int rc = make_headers(c);
	if (rc == W_OK)
		rc = set_method(c);
	if (rc == W_OK) {
		set_limits(c);
		set_callbacks(c);
	}
	return rc;
}
