/*
 * What the tests of author/ share: a loop with patience, a small gateway that
 * knows Africa's Talking's form, what a command printed, files to be spoilt.
 * For tests only.
 */
#ifndef WASL_TEST_AUTHOR_WORLD_H
#define WASL_TEST_AUTHOR_WORLD_H

#include "author/author_int.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static const char world_dialect[] = WASL_SOURCE_DIR "/contrib/dialects/africastalking.yaml";

struct world {
	struct loop *loop;
	struct arena *arena;
	struct evhttp *http;
	uint16_t port;
	int status;     /* 0: as the conversation has it */
	bool forgetful; /* a repeat gets other bytes */
	size_t calls, ends, reports;
	struct evhttp_connection *conn;                     /* that the last call came over */
	char last[2048], last_end[2048], last_report[2048]; /* bodies */
	char *printed, *said;                               /* out and err of the command */
	size_t printed_n, said_n;
	FILE *out, *err;
	struct timer *patience;
	bool tired;
};

static inline void
world_keep(struct evhttp_request *req, char *to, size_t size)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(req);
	ev_ssize_t n = evbuffer_copyout(body, to, size - 1);

	to[n > 0 ? n : 0] = '\0';
}

/* The path typed so far, decoded. */
static inline void
world_typed(const char *body, char *to, size_t size)
{
	struct evkeyvalq rows;

	to[0] = '\0';
	if (evhttp_parse_query_str(body, &rows) != 0)
		return;
	const char *text = evhttp_find_header(&rows, "text");
	snprintf(to, size, "%s", text ? text : "");
	evhttp_clear_headers(&rows);
}

static inline const char *
world_page(const char *typed)
{
	static const struct {
		const char *typed, *page;
	} pages[] = {
		{"", "CON مرحبا\n1. نعم"},
		{"1", "CON Page two\n2. End"},
		{"1*2", "END شكرا"},
		{"2", "CON odd *384*1# \xe2\x80\x8e"
		      "12\xe2\x80\x8e"},
		{"1*عربي", "END typed"},
	};

	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		if (strcmp(pages[i].typed, typed) == 0)
			return pages[i].page;
	return "CON ?";
}

static inline void
world_answer(struct evhttp_request *req, int status, const char *body)
{
	evhttp_add_header(evhttp_request_get_output_headers(req), "Content-Type",
			  "text/plain; charset=utf-8");
	evbuffer_add(evhttp_request_get_output_buffer(req), body, strlen(body));
	evhttp_send_reply(req, status, NULL, NULL);
}

static inline void
world_on_ussd(struct evhttp_request *req, struct world *w)
{
	char typed[256], again[256];

	w->calls++;
	w->conn = evhttp_request_get_connection(req);
	world_keep(req, w->last, sizeof(w->last));
	world_typed(w->last, typed, sizeof(typed));
	snprintf(again, sizeof(again), "%s%zu", "CON ", w->calls);
	world_answer(req, 200, w->forgetful ? again : world_page(typed));
}

static inline void
world_on_call(struct evhttp_request *req, void *arg)
{
	struct world *w = arg;
	const char *path = evhttp_request_get_uri(req);

	if (w->status != 0) {
		world_answer(req, w->status, "");
	} else if (strcmp(path, "/c/at-1/KEY/ussd") == 0) {
		world_on_ussd(req, w);
	} else if (strcmp(path, "/c/at-1/KEY/ussd-end") == 0) {
		w->ends++;
		world_keep(req, w->last_end, sizeof(w->last_end));
		world_answer(req, 200, "");
	} else if (strcmp(path, "/c/at-1/KEY/dlr") == 0) {
		w->reports++;
		world_keep(req, w->last_report, sizeof(w->last_report));
		world_answer(req, 200, "");
	} else {
		world_answer(req, 403, "");
	}
}

static inline void
world_on_tired(void *arg)
{
	((struct world *)arg)->tired = true;
}

static inline struct world *
world_new(void)
{
	struct world *w = calloc(1, sizeof(*w));
	struct sockaddr_in at = {0};
	socklen_t size = sizeof(at);
	struct evhttp_bound_socket *bound;

	w->loop = loop_new();
	w->arena = arena_new(0);
	w->patience = timer_new(w->loop, world_on_tired, w);
	w->http = evhttp_new(loop_base(w->loop));
	evhttp_set_gencb(w->http, world_on_call, w);
	bound = evhttp_bind_socket_with_handle(w->http, "127.0.0.1", 0);
	assert_non_null(bound);
	assert_int_equal(
		getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&at, &size), 0);
	w->port = ntohs(at.sin_port);
	w->out = open_memstream(&w->printed, &w->printed_n);
	w->err = open_memstream(&w->said, &w->said_n);
	return w;
}

static inline void
world_free(struct world *w)
{
	evhttp_free(w->http);
	timer_free(w->patience);
	loop_free(w->loop);
	arena_free(w->arena);
	fclose(w->out);
	fclose(w->err);
	free(w->printed);
	free(w->said);
	free(w);
}

static inline const char *
world_address(struct world *w, const char *path)
{
	return arena_printf(w->arena, "http://127.0.0.1:%u%s", w->port, path);
}

static inline const char *
world_out(struct world *w)
{
	fflush(w->out);
	return w->printed;
}

static inline const char *
world_err(struct world *w)
{
	fflush(w->err);
	return w->said;
}

/* Shows both when the words are missing. */
static inline void
assert_says(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, text);
}

/* Runs the loop until cond; ten seconds fail the test. */
#define WORLD_UNTIL(w, cond)                                   \
	do {                                                   \
		(w)->tired = false;                            \
		timer_set((w)->patience, 10000);               \
		while (!(cond) && !(w)->tired)                 \
			loop_once((w)->loop, true);            \
		if (!(cond))                                   \
			fail_msg("waited in vain for " #cond); \
		timer_stop((w)->patience);                     \
	} while (0)

/* A port nobody listens on: it was free a moment ago, and 127.0.0.1 is ours. */
static inline uint16_t
world_free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	close(fd);
	return ntohs(at.sin_port);
}

static inline void
world_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

#endif
