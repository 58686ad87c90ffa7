#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/metric.h"
#include "unit/test_http_world.h"

static bool is_ready = true;
static struct str reason;

static bool
ready(void *ctx, struct str *why)
{
	(void)ctx;
	*why = reason;
	return is_ready;
}

struct ops_world {
	struct world *w;
	struct http_ops *ops;
};

static struct ops_world
ops_new(http_ready *on_ready)
{
	struct http_options options = world_options();
	struct ops_world o = {.w = world_new(&options)};

	assert_int_equal(http_ops_new(o.w->loop, options.listen, on_ready, NULL, &o.ops, o.w->err),
			 0);
	return o;
}

/* Asks with Connection: close and waits for the end. */
static struct client *
ask(struct ops_world *o, const char *line)
{
	struct client *c = client_to_port(o->w, http_ops_port(o->ops));

	client_send(c, line);
	client_send(c, " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	WORLD_UNTIL(o->w, c->closed);
	return c;
}

static void
expect(struct ops_world *o, const char *line, const char *status, const char *end)
{
	struct client *c = ask(o, line);

	assert_memory_equal(c->got, status, strlen(status));
	assert_string_equal(strstr(c->got, "\r\n\r\n") + 4, end);
	client_free(c);
}

static void
ops_free(struct ops_world *o)
{
	http_ops_free(o->ops);
	world_free(o->w);
}

static void
http_ops__healthz_is_ok_while_the_loop_turns(void **state)
{
	struct ops_world o = ops_new(ready);

	(void)state;
	is_ready = false;
	expect(&o, "GET /healthz", "HTTP/1.1 200 ", "ok");
	ops_free(&o);
}

static void
http_ops__readyz_says_what_the_callback_says(void **state)
{
	struct ops_world o = ops_new(ready);

	(void)state;
	is_ready = true;
	reason = STR_NONE;
	expect(&o, "GET /readyz", "HTTP/1.1 200 ", "ready");
	is_ready = false;
	expect(&o, "GET /readyz", "HTTP/1.1 503 ", "not ready");
	reason = STR_LIT("disk full");
	expect(&o, "GET /readyz", "HTTP/1.1 503 ", "disk full");
	ops_free(&o);
}

static void
http_ops__readyz_without_a_callback_is_ready(void **state)
{
	struct ops_world o = ops_new(NULL);

	(void)state;
	expect(&o, "GET /readyz", "HTTP/1.1 200 ", "ready");
	ops_free(&o);
}

static void
http_ops__metrics_are_in_the_text_format(void **state)
{
	struct ops_world o = ops_new(ready);
	struct client *c = ask(&o, "GET /metrics");

	(void)state;
	assert_true(client_has(c, "\r\nContent-Type: text/plain; version=0.0.4\r\n"));
	assert_true(client_has(c, "\n# TYPE wasl_http_requests_total counter\n"));
	assert_true(client_has(c, "\nwasl_http_connections 1\n"));
	client_free(c);
	ops_free(&o);
}

static void
http_ops__anything_else_is_404(void **state)
{
	static const char *const lines[] = {"GET /", "GET /healthz/", "GET /Healthz",
					    "POST /healthz", "GET /metrics%20"};
	struct ops_world o = ops_new(ready);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		expect(&o, lines[i], "HTTP/1.1 404 ", "");
	ops_free(&o);
}

static void
http_ops__is_as_strict_as_the_front_and_takes_no_body(void **state)
{
	struct ops_world o = ops_new(ready);
	struct client *c = client_to_port(o.w, http_ops_port(o.ops));

	(void)state;
	client_send(c, "GET /healthz HTTP/1.1\nHost: a\n\n");
	WORLD_UNTIL(o.w, c->closed);
	assert_true(client_has(c, "HTTP/1.1 400 "));
	client_free(c);
	c = client_to_port(o.w, http_ops_port(o.ops));
	client_send(c, "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
	WORLD_UNTIL(o.w, c->closed);
	assert_true(client_has(c, "HTTP/1.1 413 "));
	client_free(c);
	ops_free(&o);
}

static void
http_ops__answers_while_the_front_is_full(void **state)
{
	struct ops_world o = ops_new(ready);
	struct client *c[40];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		c[i] = client_new(o.w);
	WORLD_UNTIL(o.w, http_front_connections(o.w->front) == 32);
	expect(&o, "GET /healthz", "HTTP/1.1 200 ", "ok");
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		client_free(c[i]);
	ops_free(&o);
}

static void
http_ops__a_port_in_use_is_a_fault(void **state)
{
	struct ops_world o = ops_new(ready);
	struct conf_listen at = {.family = AF_INET, .bytes = {127, 0, 0, 1}, .text = "metrics"};
	struct http_ops *second = NULL;

	(void)state;
	at.port = http_ops_port(o.ops);
	assert_int_equal(http_ops_new(o.w->loop, &at, ready, NULL, &second, o.w->err), W_EBUSY);
	assert_null(second);
	http_ops_free(NULL);
	ops_free(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_ops__healthz_is_ok_while_the_loop_turns),
		cmocka_unit_test(http_ops__readyz_says_what_the_callback_says),
		cmocka_unit_test(http_ops__readyz_without_a_callback_is_ready),
		cmocka_unit_test(http_ops__metrics_are_in_the_text_format),
		cmocka_unit_test(http_ops__anything_else_is_404),
		cmocka_unit_test(http_ops__is_as_strict_as_the_front_and_takes_no_body),
		cmocka_unit_test(http_ops__answers_while_the_front_is_full),
		cmocka_unit_test(http_ops__a_port_in_use_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
