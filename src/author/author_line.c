#include "author/author_int.h"
#include "base/buf.h"
#include "base/clock.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>

/* Most an answer to us may have; the dialects' own bound. */
enum { LINE_BODY_MAX = 64 * 1024, LINE_HEADERS_MAX = 16 * 1024 };

struct ask {
	struct author_line *line;
	struct arena *arena; /* the asker's: the answer is copied into it */
	void (*on_answer)(void *arg, const struct wire_answer *got, enum author_away why);
	void *arg;
	enum author_away away;
	struct ask *next, **at; /* in line->asks */
};

struct author_line {
	struct loop *loop;
	struct arena *arena;
	struct evhttp_connection *conn;
	struct str path;
	const char *host; /* with its port, as the header wants it */
	struct ask *asks;
};

const char *
author_away_sentence(enum author_away why)
{
	static const char *const sentences[] = {
		[AWAY_NOT] = "",
		[AWAY_REFUSED] = "nobody listens at that address: is the gateway running there?",
		[AWAY_LATE] = "no answer in time",
		[AWAY_CUT] = "the connection was closed before the answer was complete",
	};

	return sentences[why];
}

/* ---- Making one ---- */

static char *
bare_host(const char *host, struct arena *a)
{
	size_t n = strlen(host);
	bool brackets = n > 2 && host[0] == '[';

	return brackets ? arena_printf(a, "%.*s", (int)n - 2, host + 1) : arena_strdup(a, host);
}

static struct author_line *
line_to(struct loop *l, const struct evhttp_uri *uri, int64_t patience_ms)
{
	struct author_line *line = xcalloc(1, sizeof(*line));
	const char *host = evhttp_uri_get_host(uri), *path = evhttp_uri_get_path(uri);
	int port = evhttp_uri_get_port(uri) > 0 ? evhttp_uri_get_port(uri) : 80;
	struct timeval patience = {.tv_sec = patience_ms / 1000,
				   .tv_usec = patience_ms % 1000 * 1000};

	line->loop = l;
	line->arena = arena_new(0);
	line->path = str_of(arena_strdup(line->arena, path && path[0] ? path : "/"));
	line->host = arena_printf(line->arena, "%s:%d", host, port);
	line->conn = evhttp_connection_base_new(loop_base(l), NULL, bare_host(host, line->arena),
						(uint16_t)port);
	CHECK(line->conn != NULL);
	evhttp_connection_set_timeout_tv(line->conn, &patience);
	evhttp_connection_set_max_body_size(line->conn, LINE_BODY_MAX);
	evhttp_connection_set_max_headers_size(line->conn, LINE_HEADERS_MAX);
	return line;
}

struct author_line *
author_line_new(struct loop *l, const char *address, int64_t patience_ms)
{
	struct evhttp_uri *uri = evhttp_uri_parse(address);
	const char *scheme = uri ? evhttp_uri_get_scheme(uri) : NULL;
	const char *host = uri ? evhttp_uri_get_host(uri) : NULL;
	bool good = scheme && host && host[0] && str_eq_nocase(str_of(scheme), STR_LIT("http"));
	struct author_line *line = good ? line_to(l, uri, patience_ms) : NULL;

	if (uri != NULL)
		evhttp_uri_free(uri);
	return line;
}

struct str
author_line_path(const struct author_line *line)
{
	return line->path;
}

static void
ask_free(struct ask *ask)
{
	*ask->at = ask->next;
	if (ask->next != NULL)
		ask->next->at = ask->at;
	free(ask);
}

void
author_line_free(struct author_line *line)
{
	if (line == NULL)
		return;
	evhttp_connection_free(line->conn); /* its requests go without a word */
	while (line->asks != NULL)
		ask_free(line->asks);
	arena_free(line->arena);
	free(line);
}

/* ---- The answer ---- */

static void
copy_headers(struct evkeyvalq *from, struct arena *a, struct wire_answer *out)
{
	const struct evkeyval *kv;
	size_t n = 0;

	for (kv = from->tqh_first; kv != NULL; kv = kv->next.tqe_next)
		n++;
	out->headers = ARENA_ARRAY(a, struct wire_header, n + 1);
	for (kv = from->tqh_first; kv != NULL; kv = kv->next.tqe_next)
		out->headers[out->n_headers++] = (struct wire_header){
			arena_str(a, str_of(kv->key)), arena_str(a, str_of(kv->value))};
	out->type = wire_header(out->headers, out->n_headers, "Content-Type");
}

static void
copy_answer(struct evhttp_request *req, struct arena *a, struct wire_answer *out)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(req);
	size_t n = evbuffer_get_length(body);
	char *bytes = arena_alloc(a, n + 1);

	*out = (struct wire_answer){.status = evhttp_request_get_response_code(req)};
	copy_headers(evhttp_request_get_input_headers(req), a, out);
	CHECK(evbuffer_copyout(body, bytes, n) == (ev_ssize_t)n);
	out->body = (struct str){bytes, n};
}

static void
on_trouble(enum evhttp_request_error what, void *arg)
{
	struct ask *ask = arg;

	ask->away = what == EVREQ_HTTP_TIMEOUT ? AWAY_LATE : AWAY_CUT;
}

/* No request, or one without a status: there is no answer. */
static void
on_answered(struct evhttp_request *req, void *arg)
{
	struct ask *ask = arg;
	struct wire_answer got;
	bool there =
		req != NULL && evhttp_request_get_response_code(req) != 0 && ask->away == AWAY_NOT;
	enum author_away why = there ? AWAY_NOT : ask->away ? ask->away : AWAY_REFUSED;
	void (*on_answer)(void *, const struct wire_answer *, enum author_away) = ask->on_answer;
	void *on_arg = ask->arg;

	if (there)
		copy_answer(req, ask->arena, &got);
	ask_free(ask);
	on_answer(on_arg, there ? &got : NULL, why);
}

/* ---- Asking ---- */

static enum evhttp_cmd_type
command_of(enum wire_method m)
{
	static const enum evhttp_cmd_type commands[] = {[WIRE_GET] = EVHTTP_REQ_GET,
							[WIRE_POST] = EVHTTP_REQ_POST,
							[WIRE_PUT] = EVHTTP_REQ_PUT,
							[WIRE_DELETE] = EVHTTP_REQ_DELETE,
							[WIRE_OTHER] = EVHTTP_REQ_POST};

	return commands[m];
}

static void
add_headers(struct evhttp_request *to, const struct author_line *line,
	    const struct wire_request *req, struct arena *a)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(to);

	CHECK(evhttp_add_header(out, "Host", line->host) == 0);
	for (size_t i = 0; i < req->n_headers; i++)
		/* One with a line end in it is left out by evhttp, and rightly. */
		(void)evhttp_add_header(out, arena_str(a, req->headers[i].name).p,
					arena_str(a, req->headers[i].value).p);
}

static struct ask *
ask_new(struct author_line *line, struct arena *a)
{
	struct ask *ask = xcalloc(1, sizeof(*ask));

	ask->line = line;
	ask->arena = a;
	ask->next = line->asks;
	ask->at = &line->asks;
	if (line->asks != NULL)
		line->asks->at = &ask->next;
	line->asks = ask;
	return ask;
}

void
author_line_send(struct author_line *line, const struct wire_request *req, struct str path,
		 struct arena *a,
		 void (*on_answer)(void *arg, const struct wire_answer *got, enum author_away why),
		 void *arg)
{
	struct ask *ask = ask_new(line, a);
	struct evhttp_request *ev = evhttp_request_new(on_answered, ask);
	const char *target = arena_printf(a, "%.*s%s%.*s", STR_ARG(path),
					  req->query.n > 0 ? "?" : "", STR_ARG(req->query));

	CHECK(ev != NULL);
	ask->on_answer = on_answer;
	ask->arg = arg;
	evhttp_request_set_error_cb(ev, on_trouble);
	add_headers(ev, line, req, a);
	if (req->body.n > 0)
		evbuffer_add(evhttp_request_get_output_buffer(ev), req->body.p, req->body.n);
	/* A connection that fails at once is reported by the callback, before this returns. */
	(void)evhttp_make_request(line->conn, ev, command_of(req->method), target);
}

/* ---- Asking and waiting ---- */

struct waiting {
	struct loop *loop;
	struct wire_answer *out;
	enum author_away why;
	bool done, running;
};

static void
on_waited(void *arg, const struct wire_answer *got, enum author_away why)
{
	struct waiting *w = arg;

	if (got != NULL)
		*w->out = *got;
	w->why = why;
	w->done = true;
	if (w->running)
		loop_stop(w->loop);
}

enum author_away
author_line_ask(struct author_line *line, const struct wire_request *req, struct str path,
		struct arena *a, struct wire_answer *out)
{
	struct waiting w = {.loop = line->loop, .out = out};

	/* The other end may have closed the idle connection while the person was typing. */
	loop_once(line->loop, false);
	author_line_send(line, req, path, a, on_waited, &w);
	w.running = true;
	if (!w.done)
		loop_run(line->loop);
	return w.why;
}

enum author_away
author_line_ask_twice(struct author_line *const lines[2], const struct wire_request *req,
		      struct str path, struct arena *a, struct wire_answer out[2])
{
	struct waiting w[2];
	struct loop *loop = lines[0]->loop;

	loop_once(loop, false);
	for (size_t i = 0; i < 2; i++) {
		w[i] = (struct waiting){.loop = loop, .out = &out[i]};
		author_line_send(lines[i], req, path, a, on_waited, &w[i]);
	}
	while (!w[0].done || !w[1].done)
		loop_once(loop, true);
	return w[0].why != AWAY_NOT ? w[0].why : w[1].why;
}
