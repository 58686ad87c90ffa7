#include "http/http_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>

/* ---- Addresses ---- */

static struct net_address
address(const char *text)
{
	struct net_address a;

	assert_int_equal(net_address_parse(str_of(text), &a), 0);
	return a;
}

static bool
in_range(const char *range, const char *text)
{
	struct net_range r;
	struct net_ranges ranges = {&r, 1};
	struct net_address a = address(text);

	assert_int_equal(net_range_parse(str_of(range), &r), 0);
	return guard_address_ok(&ranges, &a);
}

static void
http_guard__a_range_holds_what_its_prefix_says(void **state)
{
	(void)state;
	assert_true(in_range("192.0.2.7", "192.0.2.7"));
	assert_false(in_range("192.0.2.7", "192.0.2.6"));
	assert_true(in_range("192.0.2.0/24", "192.0.2.255"));
	assert_false(in_range("192.0.2.0/24", "192.0.3.0"));
	assert_true(in_range("10.64.0.0/10", "10.127.255.255"));
	assert_false(in_range("10.64.0.0/10", "10.128.0.0"));
	assert_true(in_range("0.0.0.0/0", "203.0.113.9"));
	assert_true(in_range("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(in_range("2001:db8::/33", "2001:db8:8000::1"));
	assert_true(in_range("::1", "::1"));
}

static void
http_guard__families_do_not_mix_but_for_mapped_addresses(void **state)
{
	(void)state;
	assert_false(in_range("0.0.0.0/0", "2001:db8::1"));
	assert_false(in_range("::/0", "192.0.2.7"));
	assert_true(in_range("192.0.2.0/24", "::ffff:192.0.2.7"));
}

static void
http_guard__no_ranges_hold_nobody(void **state)
{
	const struct net_ranges none = {NULL, 0};
	struct net_address a = address("192.0.2.7");

	(void)state;
	assert_false(guard_address_ok(&none, &a));
}

static void
http_guard__any_of_several_ranges_is_enough(void **state)
{
	struct net_range r[2];
	const struct net_ranges ranges = {r, 2};
	struct net_address a = address("198.51.100.1");

	(void)state;
	assert_int_equal(net_range_parse(STR_LIT("192.0.2.0/24"), &r[0]), 0);
	assert_int_equal(net_range_parse(STR_LIT("198.51.100.0/24"), &r[1]), 0);
	assert_true(guard_address_ok(&ranges, &a));
}

static void
http_guard__an_address_is_an_address_and_nothing_else(void **state)
{
	static const char *const bad[] = {
		"",
		"192.0.2",
		"192.0.2.256",
		"192.0.2.7:80",
		"[::1]",
		"example.org",
		" 192.0.2.7",
		"192.0.2.07x",
		"2001:db8::1%eth0",
		"2001:db8:2001:db8:2001:db8:2001:db8:2001:db8:2001:db8",
	};
	struct net_address a;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(net_address_parse(str_of(bad[i]), &a), W_EINVAL);
	assert_int_equal(net_address_parse((struct str){"1.2.3.4\0x", 9}, &a), W_EINVAL);
}

static void
http_guard__socket_addresses_take_their_plain_form(void **state)
{
	struct sockaddr_storage ss = {.ss_family = AF_INET};
	struct net_address a;

	(void)state;
	((struct sockaddr_in *)&ss)->sin_addr.s_addr = htonl(0xc0000207);
	assert_true(net_address_of(&ss, &a));
	assert_int_equal(a.family, AF_INET);
	assert_memory_equal(a.bytes, "\xc0\0\x02\x07", 4);
	ss = (struct sockaddr_storage){.ss_family = AF_INET6};
	memcpy(&((struct sockaddr_in6 *)&ss)->sin6_addr,
	       "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x07", 16);
	assert_true(net_address_of(&ss, &a));
	assert_int_equal(a.family, AF_INET);
	assert_memory_equal(a.bytes, "\xc0\0\x02\x07", 4);
	ss = (struct sockaddr_storage){.ss_family = AF_UNIX};
	assert_true(net_address_of(&ss, &a));
	ss.ss_family = AF_NETLINK;
	assert_false(net_address_of(&ss, &a));
}

/* ---- X-Forwarded-For ---- */

/* Behind proxies 10.0.0.0/8; headers in the order they came, NULL ends them. */
static bool
forwarded(struct net_address *out, const char *first, const char *second)
{
	struct net_range ten;
	const struct net_ranges proxies = {&ten, 1};
	struct wire_header headers[] = {
		{STR_LIT("X-Forwarded-For"), str_of(first)},
		{STR_LIT("X-Other"), STR_LIT("198.51.100.99")},
		{STR_LIT("x-forwarded-for"), str_of(second)},
	};
	struct wire_request wire = {.headers = headers, .n_headers = second ? 3 : 2};

	if (first == NULL)
		wire.n_headers = 0;
	assert_int_equal(net_range_parse(STR_LIT("10.0.0.0/8"), &ten), 0);
	return guard_forwarded(&wire, &proxies, out);
}

static void
expect_forwarded(const char *first, const char *second, const char *caller)
{
	struct net_address got, want = address(caller);

	assert_true(forwarded(&got, first, second));
	assert_int_equal(got.family, want.family);
	assert_memory_equal(got.bytes, want.bytes, sizeof(want.bytes));
}

static void
http_guard__the_rightmost_address_that_is_no_proxy_is_the_caller(void **state)
{
	(void)state;
	expect_forwarded("192.0.2.7", NULL, "192.0.2.7");
	expect_forwarded("192.0.2.1, 192.0.2.7", NULL, "192.0.2.7");
	expect_forwarded("192.0.2.1,192.0.2.7 ,10.0.0.3, 10.0.0.4", NULL, "192.0.2.7");
	expect_forwarded("nonsense, 2001:db8::7, 10.0.0.3", NULL, "2001:db8::7");
	expect_forwarded("192.0.2.1", "192.0.2.7, 10.0.0.3", "192.0.2.7");
	expect_forwarded("192.0.2.1", "10.0.0.3", "192.0.2.1");
	expect_forwarded("10.0.0.5, 10.0.0.6", NULL, "10.0.0.5");
}

static void
http_guard__a_malformed_chain_names_nobody(void **state)
{
	struct net_address a;

	(void)state;
	assert_false(forwarded(&a, NULL, NULL));
	assert_false(forwarded(&a, "", NULL));
	assert_false(forwarded(&a, "unknown", NULL));
	assert_false(forwarded(&a, "192.0.2.7,", NULL));
	assert_false(forwarded(&a, "192.0.2.7:4711", NULL));
	assert_false(forwarded(&a, "192.0.2.7, _hidden, 10.0.0.3", NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_guard__a_range_holds_what_its_prefix_says),
		cmocka_unit_test(http_guard__families_do_not_mix_but_for_mapped_addresses),
		cmocka_unit_test(http_guard__no_ranges_hold_nobody),
		cmocka_unit_test(http_guard__any_of_several_ranges_is_enough),
		cmocka_unit_test(http_guard__an_address_is_an_address_and_nothing_else),
		cmocka_unit_test(http_guard__socket_addresses_take_their_plain_form),
		cmocka_unit_test(http_guard__the_rightmost_address_that_is_no_proxy_is_the_caller),
		cmocka_unit_test(http_guard__a_malformed_chain_names_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
