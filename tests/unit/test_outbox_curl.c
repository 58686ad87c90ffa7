#include "outbox/outbox_int.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_outbox_server.h"

static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n"
			 "mine";
static const char other[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother";

/* One sender, one server, and what came of the last call. */
struct bench {
	struct loop *loop;
	struct post *post;
	struct server *server;
	struct arena *arena;
	struct post_result result;
	unsigned done;
};

static int
setup(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));

	b->loop = loop_new();
	b->arena = arena_new(0);
	b->server = server_start();
	const struct post_options options = {.loop = b->loop, .connect_ms = 2000, .answer_ms = 300};
	b->post = post_new(&options);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	post_free(b->post);
	server_stop(b->server);
	loop_free(b->loop);
	arena_free(b->arena);
	free(b);
	return 0;
}

static void
on_done(void *arg, const struct post_result *r)
{
	struct bench *b = arg;

	b->result = *r;
	b->done++;
}

static void
wait_done(struct bench *b, unsigned n)
{
	const int64_t until = clock_mono_ms() + 10000;

	while (b->done < n && clock_mono_ms() < until)
		loop_once(b->loop, true);
	assert_int_equal(b->done, n);
}

static struct wire_request *
request(struct bench *b, enum wire_method method, const char *body)
{
	struct wire_request *r = ARENA_NEW(b->arena, struct wire_request);

	r->method = method;
	r->url = str_of(arena_printf(b->arena, "http://127.0.0.1:%d/send", b->server->port));
	r->body = str_of(body);
	return r;
}

static int
start(struct bench *b, const struct wire_request *r, const struct net_ranges *http_to)
{
	const struct post_call call = {
		.request = r, .http_to = http_to, .arena = b->arena, .on_done = on_done, .arg = b};

	return post_start(b->post, &call);
}

static void
send_one(struct bench *b, enum wire_method method, const char *body)
{
	assert_int_equal(start(b, request(b, method, body), NULL), W_OK);
	wait_done(b, b->done + 1);
}

static void
expect_uncertain(struct bench *b)
{
	assert_false(b->result.complete);
	assert_false(b->result.nothing_left);
}

static void
expect_unsent(struct bench *b)
{
	assert_false(b->result.complete);
	assert_true(b->result.nothing_left);
}

static void
outbox_curl__whole_answer_comes_back(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER, ok);
	send_one(b, WIRE_POST, "to=1&text=hello");
	assert_true(b->result.complete);
	assert_int_equal(b->result.answer.status, 200);
	assert_true(str_is(b->result.answer.body, "mine"));
	assert_true(str_is(b->result.answer.type, "text/plain"));
	assert_string_equal(b->server->last_body, "to=1&text=hello");
}

static void
outbox_curl__header_with_a_line_end_is_no_call(void **state)
{
	struct bench *b = *state;
	struct wire_request *r = request(b, WIRE_POST, "x");
	struct wire_header evil = {STR_LIT("A"), STR_LIT("b\r\nC: d")};

	r->headers = &evil;
	r->n_headers = 1;
	assert_int_equal(start(b, r, NULL), W_EINVAL);
}

static void
outbox_curl__addresses_of_other_kinds_are_no_call(void **state)
{
	static const char *const rows[] = {"", "file:///etc/passwd", "ftp://127.0.0.1/", "send"};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct wire_request *r = request(b, WIRE_POST, "x");

		r->url = str_of(rows[i]);
		assert_int_equal(start(b, r, NULL), W_EINVAL);
	}
}

static void
outbox_curl__refused_connection_is_surely_unsent(void **state)
{
	struct bench *b = *state;
	struct wire_request *r = request(b, WIRE_POST, "x");

	r->url = STR_LIT("http://127.0.0.1:1/");
	assert_int_equal(start(b, r, NULL), W_OK);
	wait_done(b, 1);
	expect_unsent(b);
}

static void
outbox_curl__private_address_is_refused_before_a_byte(void **state)
{
	struct bench *b = *state;
	struct net_range elsewhere;
	const struct net_ranges listed = {&elsewhere, 1};

	assert_int_equal(net_range_parse(STR_LIT("10.0.0.0/8"), &elsewhere), W_OK);
	server_next(b->server, ACT_ANSWER, ok);
	assert_int_equal(start(b, request(b, WIRE_POST, "x"), &listed), W_OK);
	wait_done(b, 1);
	expect_unsent(b);
	assert_int_equal(b->server->heads, 0);
}

static void
outbox_curl__server_error_is_an_answer(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER, "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
	send_one(b, WIRE_POST, "x");
	assert_true(b->result.complete);
	assert_int_equal(b->result.answer.status, 500);
	assert_int_equal(b->server->bodies, 1);
}

static void
outbox_curl__redirect_is_not_followed(void **state)
{
	struct bench *b = *state;
	const char *to = arena_printf(b->arena,
				      "HTTP/1.1 307 There\r\nLocation: http://127.0.0.1:%d/x\r\n"
				      "Content-Length: 0\r\n\r\n",
				      b->server->port);

	server_next(b->server, ACT_ANSWER, to);
	server_next(b->server, ACT_ANSWER, ok);
	send_one(b, WIRE_POST, "x");
	assert_true(b->result.complete);
	assert_int_equal(b->result.answer.status, 307);
	assert_int_equal(b->server->heads, 1);
}

static void
outbox_curl__silence_is_uncertain(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_HANG, NULL);
	send_one(b, WIRE_POST, "x");
	expect_uncertain(b);
	assert_string_equal(b->result.why, "timeout");
	assert_int_equal(b->server->bodies, 1);
}

/* A warm connection first: libcurl repeats by itself on reused ones only. */
static void
broken_when_warm(struct bench *b, enum wire_method method, enum act act)
{
	const char *body = method == WIRE_GET ? "" : "message";

	server_next(b->server, ACT_ANSWER, ok);
	server_next(b->server, act, ok);
	server_next(b->server, ACT_ANSWER, other);
	send_one(b, method, body);
	assert_true(b->result.complete);
	send_one(b, method, body);
	expect_uncertain(b);
}

static void
outbox_curl__close_after_the_request_is_uncertain_and_not_repeated(void **state)
{
	struct bench *b = *state;

	broken_when_warm(b, WIRE_POST, ACT_CLOSE);
	assert_int_equal(b->server->bodies, 2);
	assert_int_equal(b->server->heads, 2);
}

static void
outbox_curl__reset_after_the_request_is_uncertain_and_not_repeated(void **state)
{
	struct bench *b = *state;

	broken_when_warm(b, WIRE_POST, ACT_RESET);
	assert_int_equal(b->server->bodies, 2);
}

static void
outbox_curl__reset_after_the_head_delivers_at_most_one_body(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER, ok);
	server_next(b->server, ACT_RESET_HEAD, NULL);
	server_next(b->server, ACT_ANSWER, other);
	send_one(b, WIRE_POST, "message");
	send_one(b, WIRE_POST, "message");
	/* a reset seen before the body is asked for may be tried again: nothing had left */
	assert_int_equal(b->server->bodies, b->result.complete ? 2 : 1);
}

static void
outbox_curl__one_byte_of_an_answer_is_uncertain(void **state)
{
	struct bench *b = *state;

	broken_when_warm(b, WIRE_POST, ACT_ONE_BYTE);
	assert_int_equal(b->server->bodies, 2);
}

static void
outbox_curl__get_is_never_repeated(void **state)
{
	static const enum act acts[] = {ACT_CLOSE, ACT_RESET, ACT_ONE_BYTE, ACT_RESET_HEAD};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		server_stop(b->server);
		b->server = server_start();
		broken_when_warm(b, WIRE_GET, acts[i]);
		assert_int_equal(b->server->heads, 2);
	}
}

static void
outbox_curl__cut_head_is_uncertain(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nCont");
	send_one(b, WIRE_POST, "x");
	expect_uncertain(b);
}

static void
outbox_curl__short_body_is_uncertain(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER_CLOSE,
		    "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nfew");
	send_one(b, WIRE_POST, "x");
	expect_uncertain(b);
}

static void
outbox_curl__interim_head_alone_is_uncertain(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER_CLOSE, "HTTP/1.1 103 Soon\r\nLink: x\r\n\r\n");
	send_one(b, WIRE_POST, "x");
	expect_uncertain(b);
}

static void
outbox_curl__too_long_an_answer_is_uncertain(void **state)
{
	struct bench *b = *state;
	char *big = arena_alloc(b->arena, 80000);

	memset(big, 'x', 79999);
	memcpy(big, "HTTP/1.1 200 OK\r\n\r\n", 19);
	server_next(b->server, ACT_ANSWER_CLOSE, big);
	send_one(b, WIRE_POST, "x");
	expect_uncertain(b);
	assert_string_equal(b->result.why, "too big");
}

/* The peer's end of a connection takes a moment to arrive: wait for it at the server's side. */
static void
wait_closed(struct bench *b)
{
	while (atomic_load(&b->server->connections) > 0)
		usleep(1000);
}

static void
outbox_curl__connection_closed_while_idle_costs_no_message(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER_CLOSE, ok);
	send_one(b, WIRE_POST, "first");
	assert_true(b->result.complete);
	wait_closed(b);
	send_one(b, WIRE_POST, "second");
	assert_true(b->result.complete);
	assert_int_equal(b->server->bodies, 2);
	assert_string_equal(b->server->last_body, "second");
}

static void
outbox_curl__stale_answer_is_not_taken_for_ours(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER_STALE, other);
	server_next(b->server, ACT_ANSWER, ok);
	send_one(b, WIRE_POST, "first");
	assert_true(str_is(b->result.answer.body, "other"));
	atomic_store(&b->server->gate, true);
	while (!atomic_load(&b->server->stale_said))
		usleep(1000);
	send_one(b, WIRE_POST, "second");
	assert_true(b->result.complete);
	assert_true(str_is(b->result.answer.body, "mine"));
	assert_int_equal(b->server->bodies, 2);
}

static void
outbox_curl__warm_connection_is_used_again(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER, ok);
	for (int i = 0; i < 5; i++)
		send_one(b, WIRE_POST, "x");
	assert_int_equal(b->server->connections, 1);
	assert_int_equal(b->server->bodies, 5);
}

static void
outbox_curl__post_without_a_body_goes_once(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER, ok);
	send_one(b, WIRE_POST, "");
	assert_true(b->result.complete);
	assert_int_equal(b->server->heads, 1);
}

static void
outbox_curl__many_at_once_each_get_their_own(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_ANSWER, ok);
	for (int i = 0; i < 20; i++)
		assert_int_equal(start(b, request(b, WIRE_POST, "x"), NULL), W_OK);
	wait_done(b, 20);
	assert_int_equal(b->server->bodies, 20);
}

static void
outbox_curl__free_drops_what_is_under_way(void **state)
{
	struct bench *b = *state;

	server_next(b->server, ACT_HANG, NULL);
	assert_int_equal(start(b, request(b, WIRE_POST, "x"), NULL), W_OK);
	while (atomic_load(&b->server->bodies) == 0)
		loop_once(b->loop, false);
	assert_int_equal(b->done, 0);
}

#define BENCH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(outbox_curl__whole_answer_comes_back),
		BENCH(outbox_curl__header_with_a_line_end_is_no_call),
		BENCH(outbox_curl__addresses_of_other_kinds_are_no_call),
		BENCH(outbox_curl__refused_connection_is_surely_unsent),
		BENCH(outbox_curl__private_address_is_refused_before_a_byte),
		BENCH(outbox_curl__server_error_is_an_answer),
		BENCH(outbox_curl__redirect_is_not_followed),
		BENCH(outbox_curl__silence_is_uncertain),
		BENCH(outbox_curl__close_after_the_request_is_uncertain_and_not_repeated),
		BENCH(outbox_curl__reset_after_the_request_is_uncertain_and_not_repeated),
		BENCH(outbox_curl__reset_after_the_head_delivers_at_most_one_body),
		BENCH(outbox_curl__one_byte_of_an_answer_is_uncertain),
		BENCH(outbox_curl__get_is_never_repeated),
		BENCH(outbox_curl__cut_head_is_uncertain),
		BENCH(outbox_curl__short_body_is_uncertain),
		BENCH(outbox_curl__interim_head_alone_is_uncertain),
		BENCH(outbox_curl__too_long_an_answer_is_uncertain),
		BENCH(outbox_curl__connection_closed_while_idle_costs_no_message),
		BENCH(outbox_curl__stale_answer_is_not_taken_for_ours),
		BENCH(outbox_curl__warm_connection_is_used_again),
		BENCH(outbox_curl__post_without_a_body_goes_once),
		BENCH(outbox_curl__many_at_once_each_get_their_own),
		BENCH(outbox_curl__free_drops_what_is_under_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
