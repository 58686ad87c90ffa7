#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/metric.h"
#include "unit/test_http_world.h"

#define GOOD "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

/* ---- Deadlines ---- */

/* Sends a byte every few milliseconds. */
struct trickle {
	struct client *client;
	struct timer *timer;
	const char *text;
};

static void
trickle_on_due(void *arg)
{
	struct trickle *t = arg;

	client_send_n(t->client, t->text, 1);
	timer_set(t->timer, 7);
}

/* Returns how long the front bore with it, in milliseconds. */
static int64_t
bears_trickle(struct world *w, struct client *c, const char *text)
{
	struct trickle t = {.client = c, .text = text};
	int64_t from = clock_mono_ms();

	t.timer = timer_new(w->loop, trickle_on_due, &t);
	timer_set(t.timer, 0);
	WORLD_UNTIL(w, c->closed);
	timer_free(t.timer);
	return clock_mono_ms() - from;
}

static void
http_conn__a_trickled_head_ends_at_the_head_deadline(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.header_ms = 100;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	client_send(c, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
	assert_in_range(bears_trickle(w, c, "x"), 90, 4000);
	assert_int_equal(w->calls, 0);
	client_free(c);
	world_free(w);
}

static void
http_conn__a_trickled_body_ends_at_the_request_deadline(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.header_ms = 100;
	options.limits.request_ms = 250;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	client_send(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n");
	assert_in_range(bears_trickle(w, c, "x"), 240, 4000);
	assert_int_equal(w->calls, 0);
	client_free(c);
	world_free(w);
}

static void
http_conn__a_silent_caller_is_closed_after_accept(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.header_ms = 100;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	WORLD_UNTIL(w, c->closed);
	assert_int_equal(c->n, 0);
	client_free(c);
	world_free(w);
}

static void
http_conn__an_idle_connection_is_closed_after_the_idle_time(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.idle_ms = 150;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	client_send(c, GOOD);
	WORLD_UNTIL(w, client_has(c, "200 OK"));
	int64_t from = clock_mono_ms();
	WORLD_UNTIL(w, c->closed);
	assert_in_range(clock_mono_ms() - from, 130, 4000);
	client_free(c);
	world_free(w);
}

static void
http_conn__the_next_head_has_its_own_deadline(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.header_ms = 100;
	options.limits.idle_ms = 8000;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	client_send(c, GOOD);
	WORLD_UNTIL(w, client_has(c, "200 OK"));
	client_send(c, "GET");
	WORLD_UNTIL(w, c->closed);
	client_free(c);
	world_free(w);
}

/* The half request came in one piece with the one before it. */
static void
http_conn__half_a_pipelined_head_is_closed_at_its_deadline(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.header_ms = 100;
	options.limits.idle_ms = 8000;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	client_send(c, GOOD "GET / HT");
	WORLD_UNTIL(w, c->closed);
	assert_int_equal(client_count(c, "200 OK"), 1);
	client_free(c);
	world_free(w);
}

static void
http_conn__half_a_pipelined_body_is_closed_at_its_deadline(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.request_ms = 100;
	options.limits.idle_ms = 8000;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	client_send(c, GOOD "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab");
	WORLD_UNTIL(w, c->closed);
	assert_int_equal(client_count(c, "200 OK"), 1);
	assert_int_equal(w->calls, 1);
	client_free(c);
	world_free(w);
}

static void
http_conn__an_overdue_answer_is_503_and_a_later_one_harmless(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.reply_ms = 100;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	w->hold = true;
	client_send(c, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
	WORLD_UNTIL(w, c->closed);
	assert_true(client_has(c, "HTTP/1.1 503 "));
	assert_true(client_has(c, "Connection: close"));
	assert_int_equal(http_front_connections(w->front), 0);
	assert_true(str_is(w->held[0]->wire.body, "ab"));
	assert_true(str_is(w->held[0]->wire.path, "/x"));
	world_answer(w->held[0], "too late");
	loop_once(w->loop, false);
	assert_false(client_has(c, "too late"));
	client_free(c);
	world_free(w);
}

static void
http_conn__an_answer_after_the_front_is_freed_is_harmless_after_503_too(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.reply_ms = 50;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	w->hold = true;
	client_send(c, GOOD);
	WORLD_UNTIL(w, c->closed);
	http_front_free(w->front);
	w->front = NULL;
	world_answer(w->held[0], "much too late");
	client_free(c);
	world_free(w);
}

static void
http_conn__who_does_not_read_the_answer_is_closed(void **state)
{
	struct http_options options = world_options();
	static char text[8 << 20];

	(void)state;
	memset(text, 't', sizeof(text) - 1);
	options.limits.request_ms = 150;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	w->hold = true;
	client_send(c, GOOD);
	WORLD_UNTIL(w, w->n_held == 1);
	event_del(c->event); /* reads no more */
	world_answer(w->held[0], text);
	WORLD_UNTIL(w, http_front_connections(w->front) == 0);
	client_free(c);
	world_free(w);
}

/* ---- Caps ---- */

static void
http_conn__one_address_has_its_cap_and_others_go_on(void **state)
{
	struct http_options options = world_options();
	struct client *c[4], *other;

	(void)state;
	options.limits.per_address = 3;
	struct world *w = world_new(&options);
	int64_t refused = metric_get(METRIC_HTTP_REFUSED);
	for (size_t i = 0; i < 3; i++)
		c[i] = client_from(w, 7);
	WORLD_UNTIL(w, http_front_connections(w->front) == 3);
	c[3] = client_from(w, 7);
	WORLD_UNTIL(w, c[3]->closed);
	assert_int_equal(c[3]->n, 0);
	assert_int_equal(metric_get(METRIC_HTTP_REFUSED), refused + 1);
	other = client_from(w, 8);
	client_send(other, GOOD);
	WORLD_UNTIL(w, client_has(other, "200 OK"));
	client_send(c[0], GOOD);
	WORLD_UNTIL(w, client_has(c[0], "200 OK"));
	client_free(other);
	for (size_t i = 0; i < 4; i++)
		client_free(c[i]);
	world_free(w);
}

static void
http_conn__a_place_given_up_can_be_had_again(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.limits.per_address = 1;
	struct world *w = world_new(&options);
	for (size_t i = 0; i < 20; i++) {
		struct client *c = client_new(w);

		client_send(c, GOOD);
		WORLD_UNTIL(w, client_has(c, "200 OK"));
		client_free(c);
		WORLD_UNTIL(w, http_front_connections(w->front) == 0);
	}
	assert_int_equal(metric_get(METRIC_HTTP_CONNECTIONS), 0);
	world_free(w);
}

static void
http_conn__the_reserve_is_kept_for_listed_addresses(void **state)
{
	struct http_options options = world_options();
	struct net_range nine = {.family = AF_INET, .bytes = {127, 0, 0, 9}, .prefix = 32};
	struct client *c[6];

	(void)state;
	options.limits.connections = 4;
	options.limits.reserved = 2;
	options.limits.per_address = 1;
	options.listed = (struct net_ranges){&nine, 1};
	struct world *w = world_new(&options);
	c[0] = client_from(w, 1);
	c[1] = client_from(w, 2);
	WORLD_UNTIL(w, http_front_connections(w->front) == 2);
	c[2] = client_from(w, 3);
	WORLD_UNTIL(w, c[2]->closed);
	c[3] = client_from(w, 9);
	c[4] = client_from(w, 9);
	WORLD_UNTIL(w, http_front_connections(w->front) == 4);
	c[5] = client_from(w, 9);
	WORLD_UNTIL(w, c[5]->closed);
	client_send(c[4], GOOD);
	WORLD_UNTIL(w, client_has(c[4], "200 OK"));
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		client_free(c[i]);
	world_free(w);
}

static size_t
closed_of(struct client *const *c, size_t n)
{
	size_t closed = 0;

	for (size_t i = 0; i < n; i++)
		closed += c[i]->closed;
	return closed;
}

static void
http_conn__a_burst_of_callers_leaves_nothing_open(void **state)
{
	struct http_options options = world_options();
	struct client *c[100];

	(void)state;
	options.limits.per_address = 10;
	struct world *w = world_new(&options);
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		c[i] = client_new(w);
	WORLD_UNTIL(w, closed_of(c, ARRAY_LEN(c)) == 90);
	assert_int_equal(http_front_connections(w->front), 10);
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		client_free(c[i]);
	WORLD_UNTIL(w, http_front_connections(w->front) == 0);
	world_free(w);
}

/* ---- Proxies ---- */

static struct net_range loopback = {.family = AF_INET, .bytes = {127}, .prefix = 8};

static void
http_conn__a_proxy_says_who_calls(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.proxies = (struct net_ranges){&loopback, 1};
	options.limits.per_address = 0;
	struct world *w = world_new(&options);
	struct client *c = client_new(w);
	client_send(c, "GET / HTTP/1.1\r\nHost: a\r\n"
		       "X-Forwarded-For: 198.51.100.1, 203.0.113.5\r\n\r\n");
	WORLD_UNTIL(w, client_has(c, "200 OK"));
	assert_true(w->forwarded);
	assert_memory_equal(w->peer.bytes, "\xcb\0\x71\x05", 4);
	client_send(c, "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: nonsense, 127.0.0.9\r\n\r\n");
	WORLD_UNTIL(w, w->calls == 2);
	assert_false(w->forwarded);
	assert_memory_equal(w->peer.bytes, "\x7f\0\0\x01", 4);
	client_free(c);
	world_free(w);
}

static void
http_conn__who_is_no_proxy_is_not_believed(void **state)
{
	struct http_options options = world_options();
	struct world *w = world_new(&options);
	struct client *c = client_new(w);

	(void)state;
	client_send(c, "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n");
	WORLD_UNTIL(w, client_has(c, "200 OK"));
	assert_false(w->forwarded);
	assert_memory_equal(w->peer.bytes, "\x7f\0\0\x01", 4);
	client_free(c);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_conn__a_trickled_head_ends_at_the_head_deadline),
		cmocka_unit_test(http_conn__a_trickled_body_ends_at_the_request_deadline),
		cmocka_unit_test(http_conn__a_silent_caller_is_closed_after_accept),
		cmocka_unit_test(http_conn__an_idle_connection_is_closed_after_the_idle_time),
		cmocka_unit_test(http_conn__the_next_head_has_its_own_deadline),
		cmocka_unit_test(http_conn__half_a_pipelined_head_is_closed_at_its_deadline),
		cmocka_unit_test(http_conn__half_a_pipelined_body_is_closed_at_its_deadline),
		cmocka_unit_test(http_conn__an_overdue_answer_is_503_and_a_later_one_harmless),
		cmocka_unit_test(
			http_conn__an_answer_after_the_front_is_freed_is_harmless_after_503_too),
		cmocka_unit_test(http_conn__who_does_not_read_the_answer_is_closed),
		cmocka_unit_test(http_conn__one_address_has_its_cap_and_others_go_on),
		cmocka_unit_test(http_conn__a_place_given_up_can_be_had_again),
		cmocka_unit_test(http_conn__the_reserve_is_kept_for_listed_addresses),
		cmocka_unit_test(http_conn__a_burst_of_callers_leaves_nothing_open),
		cmocka_unit_test(http_conn__a_proxy_says_who_calls),
		cmocka_unit_test(http_conn__who_is_no_proxy_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
