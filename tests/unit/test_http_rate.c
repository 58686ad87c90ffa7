#include "http/http.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static const struct rate_rule per_number = {.calls = 30, .span_ms = 60000, .burst = 5};
static const struct rate_rule per_channel = {.calls = 200, .span_ms = 1000, .burst = 200};

/* Spread as a keyed hash would spread them. */
static struct digest
key(uint64_t n)
{
	struct digest d;
	uint64_t halves[2] = {n * 0x9e3779b97f4a7c15u, n};

	halves[0] ^= halves[0] >> 29;
	memcpy(d.bytes, halves, sizeof(halves));
	return d;
}

static size_t
takes(struct rate *r, uint64_t n, size_t tries, int64_t now_ms)
{
	struct digest k = key(n);
	size_t taken = 0;

	for (size_t i = 0; i < tries; i++)
		taken += rate_take(r, &k, now_ms);
	return taken;
}

static void
http_rate__a_burst_passes_and_the_next_call_waits(void **state)
{
	struct rate *r = rate_new(&per_number, 64);

	(void)state;
	assert_int_equal(takes(r, 1, 10, 1000), 5);
	assert_int_equal(takes(r, 1, 1, 2999), 0);
	assert_int_equal(takes(r, 1, 2, 3000), 1);
	assert_int_equal(takes(r, 1, 3, 7000), 2);
	rate_free(r);
}

static void
http_rate__a_rested_number_has_its_burst_again_and_no_more(void **state)
{
	struct rate *r = rate_new(&per_number, 64);

	(void)state;
	assert_int_equal(takes(r, 1, 10, 0), 5);
	assert_int_equal(takes(r, 1, 10, 3600000), 5);
	rate_free(r);
}

static void
http_rate__over_a_minute_thirty_calls_pass_besides_the_burst(void **state)
{
	struct rate *r = rate_new(&per_number, 64);
	size_t taken = 0;

	(void)state;
	for (int64_t ms = 0; ms < 60000; ms += 100)
		taken += takes(r, 1, 1, 5000 + ms);
	assert_in_range(taken, 33, 35);
	rate_free(r);
}

static void
http_rate__a_channel_takes_two_hundred_a_second(void **state)
{
	struct rate *r = rate_new(&per_channel, 16);
	size_t taken = 0;

	(void)state;
	assert_int_equal(takes(r, 1, 1000, 1000), 200);
	for (int64_t ms = 1; ms <= 10000; ms++)
		taken += takes(r, 1, 3, 1000 + ms);
	assert_int_equal(taken, 2000);
	rate_free(r);
}

static void
http_rate__numbers_do_not_share_a_bucket(void **state)
{
	struct rate *r = rate_new(&per_number, 64);

	(void)state;
	assert_int_equal(takes(r, 1, 10, 1000), 5);
	assert_int_equal(takes(r, 2, 10, 1000), 5);
	rate_free(r);
}

static void
http_rate__a_full_table_still_limits_the_one_who_calls_most(void **state)
{
	struct rate *r = rate_new(&per_number, 64);
	size_t taken = 0;

	(void)state;
	assert_int_equal(takes(r, 1, 5, 1000), 5);
	for (uint64_t n = 2; n < 5000; n++) {
		taken += takes(r, 1, 1, 1000);
		assert_int_equal(takes(r, n, 1, 1000), 1);
	}
	assert_int_equal(taken, 0);
	rate_free(r);
}

static void
http_rate__more_numbers_than_places_all_get_through(void **state)
{
	struct rate *r = rate_new(&per_number, 8);

	(void)state;
	for (uint64_t n = 0; n < 100000; n++)
		assert_int_equal(takes(r, n, 1, 1000), 1);
	rate_free(r);
}

static void
http_rate__a_clock_that_stands_still_gives_no_more_than_the_burst(void **state)
{
	struct rate *r = rate_new(&per_number, 64);

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(takes(r, 7, 1, 0), i < 5);
	rate_free(r);
	rate_free(NULL);
}

static void
http_rate__more_calls_than_microseconds_is_no_limit_that_divides_by_zero(void **state)
{
	struct rate *r = rate_new(&(struct rate_rule){5000, 1, 2}, 8);

	(void)state;
	assert_int_equal(takes(r, 1, 3, 1), 2);
	rate_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_rate__a_burst_passes_and_the_next_call_waits),
		cmocka_unit_test(http_rate__a_rested_number_has_its_burst_again_and_no_more),
		cmocka_unit_test(http_rate__over_a_minute_thirty_calls_pass_besides_the_burst),
		cmocka_unit_test(http_rate__a_channel_takes_two_hundred_a_second),
		cmocka_unit_test(http_rate__numbers_do_not_share_a_bucket),
		cmocka_unit_test(http_rate__a_full_table_still_limits_the_one_who_calls_most),
		cmocka_unit_test(http_rate__more_numbers_than_places_all_get_through),
		cmocka_unit_test(http_rate__a_clock_that_stands_still_gives_no_more_than_the_burst),
		cmocka_unit_test(
			http_rate__more_calls_than_microseconds_is_no_limit_that_divides_by_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
