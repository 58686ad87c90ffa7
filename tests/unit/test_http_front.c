#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/test_http_hostile.h"
#include "unit/test_http_world.h"

static struct world *
plain_world(void)
{
	struct http_options options = world_options();

	return world_new(&options);
}

/* ---- What comes in is what the caller sent ---- */

static void
http_front__hands_over_method_target_headers_and_body(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	client_send(c, "POST /c/at-1?text=1*2%23&x HTTP/1.1\r\nHost: a\r\nX:  y z \r\n"
		       "Content-Length: 5\r\n\r\nab\r\nc");
	WORLD_UNTIL(w, client_has(c, "/c/at-1"));
	assert_int_equal(w->method, WIRE_POST);
	assert_string_equal(w->path, "/c/at-1");
	assert_string_equal(w->query, "text=1*2%23&x");
	assert_string_equal(w->header, "y z");
	assert_int_equal(w->body_n, 5);
	assert_string_equal(w->body, "ab\r\nc");
	assert_int_equal(w->peer.family, AF_INET);
	assert_memory_equal(w->peer.bytes, "\x7f\0\0\x01", 4);
	assert_false(w->forwarded);
	assert_in_range(w->left_ms, 4000, 5000);
	client_free(c);
	world_free(w);
}

static void
http_front__answers_with_type_and_length_and_no_server(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	client_send(c, "GET /four HTTP/1.1\r\nHost: a\r\n\r\n");
	WORLD_UNTIL(w, client_has(c, "/four"));
	assert_true(client_has(c, "HTTP/1.1 200 OK\r\n"));
	assert_true(client_has(c, "\r\nContent-Type: text/plain\r\n"));
	assert_int_equal(client_count(c, "Content-Length: 5\r\n"), 1);
	assert_true(client_has(c, "\r\nDate: "));
	assert_false(client_has(c, "Server:"));
	assert_false(client_has(c, "Connection:"));
	client_free(c);
	world_free(w);
}

static void
http_front__puts_chunks_together(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	client_send(c, CHUNKED "2\r\nab\r\n0003\r\nc\r\n\r\n0\r\n\r\n");
	WORLD_UNTIL(w, w->calls == 1);
	assert_int_equal(w->body_n, 5);
	assert_string_equal(w->body, "abc\r\n");
	client_free(c);
	world_free(w);
}

static void
http_front__takes_a_body_of_exactly_the_limit(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);
	char body[16384];

	(void)state;
	memset(body, 'b', sizeof(body));
	client_send(c, POST "Content-Length: 16384\r\n\r\n");
	client_send_n(c, body, sizeof(body));
	WORLD_UNTIL(w, client_has(c, "200 OK"));
	assert_int_equal(w->body_n, 16384);
	assert_memory_equal(w->body, body, sizeof(body));
	client_free(c);
	world_free(w);
}

static void
http_front__reads_a_request_that_comes_byte_by_byte(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);
	const char text[] = POST "Content-Length: 2\r\n\r\nab";

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		client_send_n(c, text + i, 1);
		loop_once(w->loop, true);
	}
	WORLD_UNTIL(w, client_has(c, "200 OK"));
	assert_string_equal(w->body, "ab");
	client_free(c);
	world_free(w);
}

/* ---- What is refused ---- */

/* {N} becomes NUL. Returns how many bytes. */
static size_t
undo_marks(const char *text, char *out)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		bool nul = strncmp(text, "{N}", 3) == 0;

		out[n++] = nul ? '\0' : *text;
		text += nul ? 2 : 0;
	}
	return n;
}

static void
refuse_one(struct world *w, const struct hostile *h, size_t step)
{
	struct client *c = client_new(w);
	char bytes[1024], status[32];
	size_t n = undo_marks(h->bytes, bytes);
	size_t calls = w->calls;
	/* What stands before the fault in the same piece is refused with it. */
	bool alone = strstr(h->what, "behind") == NULL && strstr(h->what, "third") == NULL &&
		     strstr(h->what, "longer than said") == NULL;

	snprintf(status, sizeof(status), "HTTP/1.1 %d ", h->status);
	for (size_t i = 0; i < n && !c->closed; i += step) {
		client_send_n(c, bytes + i, n - i < step ? n - i : step);
		if (step < n)
			loop_once(w->loop, true);
	}
	WORLD_UNTIL(w, c->closed);
	if (!client_has(c, status) || client_count(c, "Connection: close\r\n") != 1 ||
	    client_has(c, "<"))
		fail_msg("%s in pieces of %zu got: %s", h->what, step, c->got);
	if ((alone || step >= n) && w->calls != calls)
		fail_msg("%s in pieces of %zu was let through", h->what, step);
	client_free(c);
}

static void
http_front__refuses_hostile_requests_and_hangs_up(void **state)
{
	struct world *w = plain_world();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		refuse_one(w, &hostile[i], 1024);
		refuse_one(w, &hostile[i], 7);
		refuse_one(w, &hostile[i], 1);
	}
	assert_int_equal(http_front_connections(w->front), 0);
	world_free(w);
}

static void
refuse_long(const char *head, char fill, size_t n, const char *status)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);
	char bytes[20000];

	memset(bytes, fill, sizeof(bytes));
	client_send(c, head);
	client_send_n(c, bytes, n);
	WORLD_UNTIL(w, c->closed);
	assert_true(client_has(c, status));
	assert_int_equal(w->calls, 0);
	client_free(c);
	world_free(w);
}

static void
http_front__refuses_a_target_that_does_not_end(void **state)
{
	(void)state;
	refuse_long("GET /", 'x', 8200, "HTTP/1.1 414 ");
}

static void
http_front__refuses_a_header_that_does_not_end(void **state)
{
	(void)state;
	refuse_long(GET "X: ", 'x', 20000, "HTTP/1.1 431 ");
}

static void
http_front__refuses_forty_nine_headers(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	client_send(c, GET);
	for (int i = 0; i < 48; i++)
		client_send(c, "X: y\r\n");
	WORLD_UNTIL(w, c->closed);
	assert_true(client_has(c, "HTTP/1.1 431 "));
	assert_int_equal(w->calls, 0);
	client_free(c);
	world_free(w);
}

static void
http_front__says_which_methods_there_are(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	client_send(c, "PATCH / HTTP/1.1\r\n");
	WORLD_UNTIL(w, c->closed);
	assert_true(client_has(c, "\r\nAllow: GET, POST, PUT\r\n"));
	client_free(c);
	world_free(w);
}

/* ---- One connection, several requests ---- */

static void
http_front__keeps_a_connection_for_the_next_request(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	for (size_t i = 1; i <= 5; i++) {
		client_send(c, GOOD);
		WORLD_UNTIL(w, client_count(c, "200 OK") == i);
	}
	assert_int_equal(http_front_connections(w->front), 1);
	assert_false(c->closed);
	client_free(c);
	WORLD_UNTIL(w, http_front_connections(w->front) == 0);
	world_free(w);
}

static void
http_front__answers_pipelined_requests_in_order(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	client_send(c, "GET /1 HTTP/1.1\r\n" HOST "\r\n" POST
		       "Content-Length: 3\r\n\r\nabcGET /3 HTTP/1.1\r\n" HOST "\r\n" CHUNKED
		       "1\r\nz\r\n0\r\n\r\nGET /5 HTTP/1.1\r\n" HOST "\r\n");
	WORLD_UNTIL(w, client_count(c, "200 OK") == 5 && client_has(c, "/5"));
	const char *one = strstr(c->got, "\r\n\r\n/1"), *three = strstr(c->got, "\r\n\r\n/3");
	assert_true(one != NULL && three != NULL && one < three &&
		    three < strstr(c->got, "\r\n\r\n/5"));
	assert_int_equal(w->calls, 5);
	client_free(c);
	world_free(w);
}

static void
http_front__a_pipelined_request_waits_for_a_late_answer(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	w->hold = true;
	client_send(c, GOOD GOOD);
	WORLD_UNTIL(w, w->n_held == 1);
	loop_once(w->loop, false);
	assert_int_equal(w->calls, 1);
	world_answer(w->held[0], "first");
	WORLD_UNTIL(w, w->n_held == 2);
	assert_true(client_has(c, "first") || c->n == 0);
	world_answer(w->held[1], "second");
	WORLD_UNTIL(w, client_has(c, "second"));
	assert_true(strstr(c->got, "first") < strstr(c->got, "second"));
	client_free(c);
	world_free(w);
}

static void
http_front__the_last_request_of_a_connection_says_close(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.requests_per_connection = 2;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	client_send(c, GOOD);
	WORLD_UNTIL(w, client_count(c, "200 OK") == 1);
	assert_int_equal(client_count(c, "Connection: close"), 0);
	client_send(c, GOOD);
	WORLD_UNTIL(w, c->closed);
	assert_int_equal(client_count(c, "200 OK"), 2);
	assert_int_equal(client_count(c, "Connection: close"), 1);
	client_free(c);
	world_free(w);
}

static void
http_front__closes_when_the_caller_asks(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	client_send(c, GET "Connection: close\r\n\r\n");
	WORLD_UNTIL(w, c->closed);
	assert_true(client_has(c, "200 OK"));
	client_free(c);
	world_free(w);
}

static void
http_front__closes_after_http_1_0_unless_asked_to_stay(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w), *stays = client_new(w);

	(void)state;
	client_send(c, "GET / HTTP/1.0\r\n\r\n");
	WORLD_UNTIL(w, c->closed);
	assert_true(client_has(c, "HTTP/1.0 200 OK"));
	assert_int_equal(client_count(c, "Content-Length: 1"), 1);
	client_send(stays, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	WORLD_UNTIL(w, client_has(stays, "200 OK"));
	client_send(stays, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	WORLD_UNTIL(w, client_count(stays, "200 OK") == 2);
	client_free(c);
	client_free(stays);
	world_free(w);
}

static void
http_front__the_last_answer_in_1_0_says_close_and_nothing_else(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.requests_per_connection = 1;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	client_send(c, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	WORLD_UNTIL(w, c->closed);
	assert_int_equal(client_count(c, "Connection: close\r\n"), 1);
	assert_int_equal(client_count(c, "Connection:"), 1);
	client_free(c);
	world_free(w);
}

static void
http_front__answers_an_expectation_before_the_body(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	client_send(c, POST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
	WORLD_UNTIL(w, client_has(c, "HTTP/1.1 100 Continue\r\n\r\n"));
	assert_int_equal(w->calls, 0);
	client_send(c, "ab");
	WORLD_UNTIL(w, client_has(c, "200 OK"));
	assert_string_equal(w->body, "ab");
	client_free(c);
	world_free(w);
}

/* ---- Answers ---- */

static void
http_front__passes_headers_of_the_answer_but_not_framing_ones(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);
	struct wire_header headers[] = {
		{STR_LIT("Freeflow"), STR_LIT("FC")},
		{STR_LIT("Content-Length"), STR_LIT("99")},
		{STR_LIT("transfer-encoding"), STR_LIT("chunked")},
		{STR_LIT("Connection"), STR_LIT("upgrade")},
		{STR_LIT("X-Split"), STR_LIT("a\r\nX-Evil: b")},
		{STR_LIT("X Evil"), STR_LIT("b")},
		{STR_LIT("X-Evil:"), STR_LIT("b")},
		{STR_LIT("X-Evil\x7f"), STR_LIT("b")},
		{STR_LIT("X-Evil"), STR_LIT("\x7f")},
		{STR_LIT(""), STR_LIT("X-Evil")},
	};

	(void)state;
	w->hold = true;
	client_send(c, GOOD);
	WORLD_UNTIL(w, w->n_held == 1);
	http_answer(w->held[0], &(struct wire_answer){.status = 202,
						      .headers = headers,
						      .n_headers = ARRAY_LEN(headers),
						      .body = STR_LIT("done")});
	WORLD_UNTIL(w, client_has(c, "done"));
	assert_true(client_has(c, "HTTP/1.1 202 "));
	assert_true(client_has(c, "\r\nFreeflow: FC\r\n"));
	assert_int_equal(client_count(c, "Content-Length"), 1);
	assert_false(client_has(c, "ncoding"));
	assert_false(client_has(c, "upgrade"));
	assert_false(client_has(c, "Evil"));
	assert_false(client_has(c, "Content-Type"));
	client_free(c);
	world_free(w);
}

static void
http_front__a_204_has_neither_length_nor_body(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	w->hold = true;
	client_send(c, GOOD);
	WORLD_UNTIL(w, w->n_held == 1);
	http_answer_status(w->held[0], 204);
	WORLD_UNTIL(w, client_has(c, "\r\n\r\n"));
	assert_true(client_has(c, "HTTP/1.1 204 "));
	assert_false(client_has(c, "Content-Length"));
	client_send(c, GOOD);
	WORLD_UNTIL(w, w->n_held == 2);
	http_answer_status(w->held[1], 200);
	WORLD_UNTIL(w, client_has(c, "Content-Length: 0"));
	client_free(c);
	world_free(w);
}

static void
http_front__many_owed_answers_may_leave_in_any_order(void **state)
{
	struct http_options options = world_options();
	struct client *c[80];

	(void)state;
	options.limits.per_address = ARRAY_LEN(c);
	struct world *w = world_new(&options);
	w->hold = true;
	for (size_t i = 0; i < ARRAY_LEN(c); i++) {
		c[i] = client_new(w);
		client_send(c[i], "GET /");
	}
	WORLD_UNTIL(w, http_front_connections(w->front) == ARRAY_LEN(c));
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		client_send(c[i], "x HTTP/1.1\r\n" HOST "\r\n");
	WORLD_UNTIL(w, w->n_held == ARRAY_LEN(c));
	for (size_t i = 1; i < ARRAY_LEN(c); i += 2)
		world_answer(w->held[i], "odd");
	for (size_t i = ARRAY_LEN(c); i > 0; i -= 2)
		world_answer(w->held[i - 2], "even");
	for (size_t i = 0; i < ARRAY_LEN(c); i++) {
		WORLD_UNTIL(w, client_has(c[i], "odd") || client_has(c[i], "even"));
		client_free(c[i]);
	}
	WORLD_UNTIL(w, http_front_connections(w->front) == 0);
	world_free(w);
}

static void
http_front__a_senseless_status_becomes_500(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	w->hold = true;
	client_send(c, GOOD);
	WORLD_UNTIL(w, w->n_held == 1);
	http_answer_status(w->held[0], 42);
	WORLD_UNTIL(w, client_has(c, "HTTP/1.1 500 "));
	client_free(c);
	world_free(w);
}

static void
http_front__no_answer_closes_the_connection(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	w->hold = true;
	client_send(c, GOOD);
	WORLD_UNTIL(w, w->n_held == 1);
	http_answer(w->held[0], NULL);
	WORLD_UNTIL(w, c->closed);
	assert_int_equal(c->n, 0);
	assert_int_equal(http_front_connections(w->front), 0);
	client_free(c);
	world_free(w);
}

/* ---- Callers who go away ---- */

static void
http_front__a_caller_who_shut_its_side_gets_a_late_answer(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);

	(void)state;
	w->hold = true;
	client_send(c, GOOD);
	shutdown(c->fd, SHUT_WR);
	WORLD_UNTIL(w, w->n_held == 1);
	loop_once(w->loop, false);
	world_answer(w->held[0], "late");
	WORLD_UNTIL(w, c->closed);
	assert_true(client_has(c, "late"));
	client_free(c);
	world_free(w);
}

static void
http_front__a_large_answer_reaches_a_caller_who_shut_its_side(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w);
	static char text[(8 << 20) + 1];

	(void)state;
	memset(text, 't', sizeof(text) - 1);
	w->hold = true;
	client_send(c, GOOD);
	shutdown(c->fd, SHUT_WR);
	WORLD_UNTIL(w, w->n_held == 1);
	world_answer(w->held[0], text);
	WORLD_UNTIL(w, c->closed);
	assert_true(c->total > sizeof(text));
	client_free(c);
	world_free(w);
}

/* Closes with a reset. */
static void
client_reset(struct client *c)
{
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
	client_free(c);
}

static void
http_front__answering_a_caller_who_is_gone_is_harmless(void **state)
{
	struct world *w = plain_world();
	struct client *c[4];

	(void)state;
	w->hold = true;
	for (int i = 0; i < 4; i++) {
		c[i] = client_new(w);
		client_send(c[i], GOOD);
	}
	WORLD_UNTIL(w, w->n_held == 4);
	client_reset(c[0]);
	client_reset(c[1]);
	client_free(c[2]);
	client_free(c[3]);
	loop_once(w->loop, false);
	assert_int_equal(http_front_connections(w->front), 4);
	for (int i = 0; i < 4; i++)
		world_answer(w->held[i], "to nobody");
	WORLD_UNTIL(w, http_front_connections(w->front) == 0);
	world_free(w);
}

static void
http_front__a_caller_who_leaves_in_the_middle_is_forgotten(void **state)
{
	struct world *w = plain_world();
	struct client *c[3] = {client_new(w), client_new(w), client_new(w)};

	(void)state;
	client_send(c[0], "GET / HT");
	client_send(c[1], POST "Content-Length: 5\r\n\r\nab");
	WORLD_UNTIL(w, http_front_connections(w->front) == 3);
	client_reset(c[0]);
	client_free(c[1]);
	client_free(c[2]);
	WORLD_UNTIL(w, http_front_connections(w->front) == 0);
	assert_int_equal(w->calls, 0);
	world_free(w);
}

/* ---- The end ---- */

static void
http_front__free_leaves_owed_requests_to_their_answers(void **state)
{
	struct world *w = plain_world();
	struct client *c = client_new(w), *fresh;

	(void)state;
	w->hold = true;
	client_send(c, GOOD);
	WORLD_UNTIL(w, w->n_held == 1);
	fresh = client_new(w); /* connected, not accepted */
	http_front_free(w->front);
	w->front = NULL;
	WORLD_UNTIL(w, c->closed);
	assert_int_equal(c->n, 0);
	assert_int_equal(w->held[0]->wire.path.n, 1);
	world_answer(w->held[0], "to nobody");
	client_free(c);
	client_free(fresh);
	world_free(w);
}

static void
http_front__drain_answers_what_is_owed_and_closes(void **state)
{
	struct world *w = plain_world();
	struct client *idle = client_new(w), *busy = client_new(w), *half = client_new(w);
	uint16_t port = http_front_port(w->front, 0);

	(void)state;
	client_send(idle, GOOD);
	WORLD_UNTIL(w, client_has(idle, "200 OK"));
	w->hold = true;
	client_send(busy, GOOD);
	client_send(half, "GET / HTTP/1.1\r\n");
	WORLD_UNTIL(w, w->n_held == 1 && http_front_connections(w->front) == 3);
	http_front_drain(w->front);
	WORLD_UNTIL(w, idle->closed);
	assert_int_equal(http_front_connections(w->front), 2);
	world_answer(w->held[0], "owed");
	WORLD_UNTIL(w, busy->closed);
	assert_true(client_has(busy, "owed") && client_has(busy, "Connection: close"));
	client_send(half, HOST "\r\n");
	WORLD_UNTIL(w, w->n_held == 2);
	world_answer(w->held[1], "half");
	WORLD_UNTIL(w, half->closed && http_front_connections(w->front) == 0);
	assert_true(client_has(half, "half"));

	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), -1);
	close(fd);
	client_free(idle);
	client_free(busy);
	client_free(half);
	world_free(w);
}

static void
http_front__drain_closes_a_connection_whose_answer_is_on_its_way(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.idle_ms = 60000;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	w->hold = true;
	client_send(c, GOOD);
	WORLD_UNTIL(w, w->n_held == 1);
	world_answer(w->held[0], "on its way");
	http_front_drain(w->front);
	WORLD_UNTIL(w, c->closed);
	assert_true(client_has(c, "on its way"));
	client_free(c);
	world_free(w);
}

static void
http_front__limits_without_sense_are_refused(void **state)
{
	struct http_options options = world_options();
	struct loop *l = loop_new();
	struct err *err = err_new();
	struct http_front *f;

	(void)state;
	options.limits.reserved = options.limits.connections + 1;
	assert_int_equal(http_front_new(l, &options, world_on_request, NULL, &f, err), W_EINVAL);
	options = world_options();
	options.limits.idle_ms = 0;
	assert_int_equal(http_front_new(l, &options, world_on_request, NULL, &f, err), W_EINVAL);
	options = world_options();
	options.limits.requests_per_connection = 0;
	assert_int_equal(http_front_new(l, &options, world_on_request, NULL, &f, err), W_EINVAL);
	options = world_options();
	options.limits.body = HTTP_BODY_MAX + 1;
	assert_int_equal(http_front_new(l, &options, world_on_request, NULL, &f, err), W_ETOOBIG);
	options = world_options();
	options.limits.headers_bytes = HTTP_HEADERS_BYTES_MAX + 1;
	assert_int_equal(http_front_new(l, &options, world_on_request, NULL, &f, err), W_ETOOBIG);
	assert_int_equal(err_errors(err), 5);
	err_free(err);
	loop_free(l);
}

static void
http_front__takes_its_limits_from_the_configuration(void **state)
{
	struct conf_limits conf = {.connections = 1,
				   .connections_reserved = 2,
				   .connections_per_address = 3,
				   .requests_per_connection = 4,
				   .headers_bytes = 5,
				   .headers = 6,
				   .body = 7,
				   .header_time = 8,
				   .request_time = 9,
				   .reply_time = 10,
				   .idle_time = 11};
	struct http_limits l = http_limits_of(&conf);

	(void)state;
	assert_true(l.connections == 1 && l.reserved == 2 && l.per_address == 3);
	assert_true(l.requests_per_connection == 4 && l.headers_bytes == 5 && l.headers == 6);
	assert_true(l.body == 7 && l.header_ms == 8000 && l.request_ms == 9000);
	assert_true(l.reply_ms == 10000 && l.idle_ms == 11000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_front__hands_over_method_target_headers_and_body),
		cmocka_unit_test(http_front__answers_with_type_and_length_and_no_server),
		cmocka_unit_test(http_front__puts_chunks_together),
		cmocka_unit_test(http_front__takes_a_body_of_exactly_the_limit),
		cmocka_unit_test(http_front__reads_a_request_that_comes_byte_by_byte),
		cmocka_unit_test(http_front__refuses_hostile_requests_and_hangs_up),
		cmocka_unit_test(http_front__refuses_a_target_that_does_not_end),
		cmocka_unit_test(http_front__refuses_a_header_that_does_not_end),
		cmocka_unit_test(http_front__refuses_forty_nine_headers),
		cmocka_unit_test(http_front__says_which_methods_there_are),
		cmocka_unit_test(http_front__keeps_a_connection_for_the_next_request),
		cmocka_unit_test(http_front__answers_pipelined_requests_in_order),
		cmocka_unit_test(http_front__a_pipelined_request_waits_for_a_late_answer),
		cmocka_unit_test(http_front__the_last_request_of_a_connection_says_close),
		cmocka_unit_test(http_front__closes_when_the_caller_asks),
		cmocka_unit_test(http_front__closes_after_http_1_0_unless_asked_to_stay),
		cmocka_unit_test(http_front__the_last_answer_in_1_0_says_close_and_nothing_else),
		cmocka_unit_test(http_front__answers_an_expectation_before_the_body),
		cmocka_unit_test(http_front__passes_headers_of_the_answer_but_not_framing_ones),
		cmocka_unit_test(http_front__a_204_has_neither_length_nor_body),
		cmocka_unit_test(http_front__many_owed_answers_may_leave_in_any_order),
		cmocka_unit_test(http_front__a_senseless_status_becomes_500),
		cmocka_unit_test(http_front__no_answer_closes_the_connection),
		cmocka_unit_test(http_front__a_caller_who_shut_its_side_gets_a_late_answer),
		cmocka_unit_test(http_front__a_large_answer_reaches_a_caller_who_shut_its_side),
		cmocka_unit_test(http_front__answering_a_caller_who_is_gone_is_harmless),
		cmocka_unit_test(http_front__a_caller_who_leaves_in_the_middle_is_forgotten),
		cmocka_unit_test(http_front__free_leaves_owed_requests_to_their_answers),
		cmocka_unit_test(http_front__drain_answers_what_is_owed_and_closes),
		cmocka_unit_test(http_front__drain_closes_a_connection_whose_answer_is_on_its_way),
		cmocka_unit_test(http_front__limits_without_sense_are_refused),
		cmocka_unit_test(http_front__takes_its_limits_from_the_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
