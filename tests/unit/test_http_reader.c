#include "http/http_int.h"
#include "base/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit/test_http_hostile.h"

static const struct http_limits limits = {.headers_bytes = 8192, .headers = 48, .body = 16384};

static struct http_reader *
reader_new(void)
{
	struct http_reader *r = xmalloc(reader_size(&limits));

	reader_init(r, &limits);
	return r;
}

/* {N} becomes NUL. */
static struct str
bytes_of(const char *text, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	for (; *text != '\0'; text++) {
		bool nul = strncmp(text, "{N}", 3) == 0;

		buf_addc(&b, nul ? '\0' : *text);
		text += nul ? 2 : 0;
	}
	return buf_str(&b);
}

static int
verdict(struct str bytes, size_t step)
{
	struct http_reader *r = reader_new();
	int status = 0;

	for (size_t i = 0; i < bytes.n && status == 0; i += step)
		status = reader_take(r, bytes.p + i, bytes.n - i < step ? bytes.n - i : step);
	/* Whole requests only in these tests: nothing may be left open. */
	if (status == 0)
		assert_true(reader_between(r));
	free(r);
	return status;
}

static int
verdict_of(const char *text)
{
	struct arena *a = arena_new(0);
	struct str bytes = bytes_of(text, a);
	int status = verdict(bytes, bytes.n);

	assert_int_equal(status, verdict(bytes, 1));
	arena_free(a);
	return status;
}

static void
http_reader__every_hostile_request_is_refused_however_it_is_cut(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	assert_true(ARRAY_LEN(hostile) >= 60);
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct str bytes = bytes_of(hostile[i].bytes, a);

		for (size_t step = 1; step <= bytes.n; step++) {
			int got = verdict(bytes, step);

			if (got != hostile[i].status)
				fail_msg("%s in pieces of %zu: %d instead of %d", hostile[i].what,
					 step, got, hostile[i].status);
		}
	}
	arena_free(a);
}

static void
http_reader__honest_requests_pass(void **state)
{
	static const char *const honest[] = {
		GOOD,
		GET "X-Odd_name!#$%&'*+.^`|~: any thing\r\nY:z\r\nZ:\r\nW:  blanks  \r\n\r\n",
		"GET / HTTP/1.0\r\n\r\n",
		"GET / HTTP/1.0\r\n" HOST "\r\n",
		"GET /c/at-1/secret?text=1*2&phone=%2B212600000000&t=%D8%B3%D9%84%D8%A7%D9%85 "
		"HTTP/1.1\r\n" HOST "\r\n",
		"GET /?a={b}&c=[d]|e\\f\"g HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
		"GET /%7e%C3%a9 HTTP/1.1\r\nHost: gateway.example.org:443\r\n\r\n",
		POST "Content-Length: 2\r\n\r\nab",
		POST "Content-Length: 0\r\n\r\n",
		POST "Content-Length:   2  \r\n\r\n\r\n",
		POST "CONTENT-LENGTH: 0000000000000000000000002\r\n\r\n{N}\x01",
		POST "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\nab",
		POST "X: caf\xc3\xa9 \xd8\xb3\r\n\r\n",
		POST "\r\n",
		CHUNKED "0\r\n\r\n",
		CHUNKED "2\r\nab\r\n00000003\r\n\r\n\r\r\n0000\r\n\r\n",
		CHUNKED "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n" GOOD,
		GOOD POST "Content-Length: 2\r\n\r\nab" GOOD CHUNKED "1\r\n\n\r\n0\r\n\r\n" GOOD,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(honest); i++)
		if (verdict_of(honest[i]) != 0)
			fail_msg("refused: %s", honest[i]);
}

/* A request whose head has n bytes. */
static struct str
head_of(size_t n, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	buf_adds(&b, GET "X: ");
	while (b.n < n - 4)
		buf_addc(&b, 'x');
	buf_adds(&b, "\r\n\r\n");
	return buf_str(&b);
}

static void
http_reader__a_head_may_fill_its_limit_and_no_more(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	assert_int_equal(verdict(head_of(8192, a), 8192), 0);
	assert_int_equal(verdict(head_of(8193, a), 8193), 431);
	arena_free(a);
}

static void
http_reader__a_request_line_over_the_limit_is_414(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b;

	(void)state;
	buf_init_arena(&b, a);
	buf_adds(&b, "GET /");
	while (b.n < 8193)
		buf_addc(&b, 'x');
	assert_int_equal(verdict(buf_str(&b), 1000), 414);
	arena_free(a);
}

/* A request with n headers. */
static struct str
headers_of(size_t n, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	buf_adds(&b, GET);
	for (size_t i = 1; i < n; i++)
		buf_adds(&b, "X: y\r\n");
	buf_adds(&b, "\r\n");
	return buf_str(&b);
}

static void
http_reader__forty_eight_headers_pass_and_the_next_is_refused(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	assert_int_equal(verdict(headers_of(48, a), 100), 0);
	assert_int_equal(verdict(headers_of(49, a), 100), 431);
	arena_free(a);
}

static void
http_reader__each_request_has_its_own_limits(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b;

	(void)state;
	buf_init_arena(&b, a);
	for (int i = 0; i < 3; i++) {
		buf_add_str(&b, headers_of(48, a));
		buf_add_str(&b, head_of(8192, a));
	}
	assert_int_equal(verdict(buf_str(&b), 4096), 0);
	arena_free(a);
}

static void
http_reader__a_body_may_fill_its_limit(void **state)
{
	struct http_reader *r = reader_new();
	static const char body[16384];
	const char head[] = POST "Content-Length: 16384\r\n\r\n";

	(void)state;
	assert_int_equal(reader_take(r, head, sizeof(head) - 1), 0);
	assert_int_equal(reader_take(r, body, sizeof(body) - 1), 0);
	assert_false(reader_between(r));
	assert_int_equal(reader_take(r, body, 1), 0);
	assert_true(reader_between(r));
	free(r);
}

static void
http_reader__chunks_may_fill_the_limit_together(void **state)
{
	struct http_reader *r = reader_new();
	static const char body[8192];
	const char head[] = CHUNKED, size[] = "2000\r\n", end[] = "\r\n", last[] = "0\r\n\r\n";

	(void)state;
	assert_int_equal(reader_take(r, head, sizeof(head) - 1), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(reader_take(r, size, sizeof(size) - 1), 0);
		assert_int_equal(reader_take(r, body, sizeof(body)), 0);
		assert_int_equal(reader_take(r, end, sizeof(end) - 1), 0);
	}
	assert_int_equal(reader_take(r, last, sizeof(last) - 1), 0);
	assert_true(reader_between(r));
	free(r);
}

static void
http_reader__a_refusal_is_final(void **state)
{
	struct http_reader *r = reader_new();

	(void)state;
	assert_int_equal(reader_take(r, "get / HTTP/1.1\r\n", 16), 501);
	assert_int_equal(reader_take(r, GOOD, sizeof(GOOD) - 1), 501);
	free(r);
}

static void
http_reader__says_whether_it_is_in_a_head_a_body_or_between(void **state)
{
	struct http_reader *r = reader_new();
	const char head[] = POST "Content-Length: 2\r\n\r\n";

	(void)state;
	assert_true(reader_between(r) && reader_in_head(r));
	assert_int_equal(reader_take(r, head, 1), 0);
	assert_true(!reader_between(r) && reader_in_head(r));
	assert_int_equal(reader_take(r, head + 1, sizeof(head) - 2), 0);
	assert_true(!reader_between(r) && !reader_in_head(r));
	assert_int_equal(reader_take(r, "ab", 2), 0);
	assert_true(reader_between(r) && reader_in_head(r));
	free(r);
}

static void
http_reader__small_limits_still_leave_room_for_a_chunk_line(void **state)
{
	const struct http_limits tiny = {.headers_bytes = 1, .headers = 1, .body = 1};

	(void)state;
	assert_true(reader_size(&tiny) >= sizeof(struct http_reader) + READER_LINE_MIN);
}

/* ---- Bytes in a query ---- */

static bool
only_sms(void *ctx, struct str path)
{
	++*(int *)ctx;
	return str_is(path, "/c/k/secret/sms");
}

static int
verdict_with_bytes(const char *text, int *asked)
{
	struct http_reader *r = reader_new();

	r->takes_bytes = only_sms;
	r->ctx = asked;
	int status = reader_take(r, text, strlen(text));

	free(r);
	return status;
}

static void
http_reader__bytes_pass_in_the_query_of_who_takes_them_only(void **state)
{
	static const struct {
		const char *target;
		int status, asked;
	} rows[] = {
		{"/c/k/secret/sms?text=%00%D9%06%46&c=2", 0, 1},
		{"/c/k/secret/sms?text=%E9", 0, 1},
		{"/c/k/secret/sms?text=abc", 0, 0}, /* text is nobody's question */
		{"/c/k/secret/ussd?text=%00", 400, 1},
		{"/c/k/secret/sms%00?text=a", 400, 0},
		{"/c/k/secret/sms%00?text=%00", 400, 1},
		{"/c/k/secret/%E9?text=a", 400, 0},
		{"/c/k/secret/sms?text=%0", 400, 0},
		{"/c/k/secret/sms?text=%00#", 400, 0},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int asked = 0;

		snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", rows[i].target);
		assert_int_equal(verdict_with_bytes(text, &asked), rows[i].status);
		assert_int_equal(asked, rows[i].asked);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_reader__bytes_pass_in_the_query_of_who_takes_them_only),
		cmocka_unit_test(http_reader__every_hostile_request_is_refused_however_it_is_cut),
		cmocka_unit_test(http_reader__honest_requests_pass),
		cmocka_unit_test(http_reader__a_head_may_fill_its_limit_and_no_more),
		cmocka_unit_test(http_reader__a_request_line_over_the_limit_is_414),
		cmocka_unit_test(http_reader__forty_eight_headers_pass_and_the_next_is_refused),
		cmocka_unit_test(http_reader__each_request_has_its_own_limits),
		cmocka_unit_test(http_reader__a_body_may_fill_its_limit),
		cmocka_unit_test(http_reader__chunks_may_fill_the_limit_together),
		cmocka_unit_test(http_reader__a_refusal_is_final),
		cmocka_unit_test(http_reader__says_whether_it_is_in_a_head_a_body_or_between),
		cmocka_unit_test(http_reader__small_limits_still_leave_room_for_a_chunk_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
