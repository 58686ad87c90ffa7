/*
 * The strict reader on arbitrary bytes: its verdict does not depend on how the
 * bytes are cut, it never counts beyond its limits, and what it lets through
 * holds none of the characters that two readers could understand differently.
 */
#include "http/http_int.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct http_limits limits = {.headers_bytes = 512, .headers = 8, .body = 256};

static void
check_limits(const struct http_reader *r)
{
	CHECK(r->n <= limits.headers_bytes && r->head <= limits.headers_bytes + 1);
	CHECK(r->headers <= limits.headers + 1 && r->body <= limits.body);
	CHECK(r->left <= limits.body);
	CHECK(r->status == 0 || (r->status >= 400 && r->status <= 505));
}

static struct http_reader *
read_in_steps(const uint8_t *data, size_t size, size_t step)
{
	struct http_reader *r = xmalloc(reader_size(&limits));

	reader_init(r, &limits);
	for (size_t i = 0; i < size; i += step) {
		reader_take(r, (const char *)data + i, size - i < step ? size - i : step);
		check_limits(r);
	}
	return r;
}

static void
check_same(const struct http_reader *a, const struct http_reader *b)
{
	CHECK(a->status == b->status && a->place == b->place && a->left == b->left);
	CHECK(a->n == b->n && memcmp(a->line, b->line, a->n) == 0);
	CHECK(reader_between(a) == reader_between(b));
}

/* While a head is accepted so far, it is lines of CR LF with no control character in them. */
static void
check_clean(const uint8_t *data, size_t size)
{
	struct http_reader *r = xmalloc(reader_size(&limits));

	reader_init(r, &limits);
	for (size_t i = 0; i < size; i++) {
		bool in_head = reader_in_head(r);

		if (reader_take(r, (const char *)data + i, 1) != 0)
			break;
		if (!in_head)
			continue;
		CHECK(data[i] >= ' ' || data[i] == '\r' || data[i] == '\n');
		CHECK(data[i] != '\n' || data[i - 1] == '\r');
	}
	free(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_reader *whole = read_in_steps(data, size, size > 0 ? size : 1);
	struct http_reader *bytes = read_in_steps(data, size, 1);
	struct http_reader *some = read_in_steps(data, size, 7);

	check_same(whole, bytes);
	check_same(whole, some);
	check_clean(data, size);
	free(whole);
	free(bytes);
	free(some);
	return 0;
}
