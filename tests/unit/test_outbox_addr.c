#include "outbox/outbox_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

union address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static union address
address(const char *text)
{
	union address a = {.in = {.sin_family = AF_INET}};

	if (inet_pton(AF_INET, text, &a.in.sin_addr) == 1)
		return a;
	a = (union address){.in6 = {.sin6_family = AF_INET6}};
	assert_int_equal(inet_pton(AF_INET6, text, &a.in6.sin6_addr), 1);
	return a;
}

static bool
is_private(const char *text)
{
	const union address a = address(text);

	return outbox_addr_private(&a.sa);
}

static void
outbox_addr__special_addresses_are_private(void **state)
{
	static const char *const rows[] = {
		"127.0.0.1",
		"10.1.2.3",
		"172.16.0.1",
		"172.31.255.255",
		"192.168.1.1",
		"169.254.169.254",
		"100.64.0.1",
		"0.0.0.0",
		"224.0.0.1",
		"255.255.255.255",
		"192.0.2.7",
		"::1",
		"::",
		"fe80::1",
		"fc00::1",
		"fd12::1",
		"ff02::1",
		"2001:db8::1",
		"::ffff:127.0.0.1",
		"::ffff:10.0.0.1",
		"64:ff9b::7f00:1",
		"2002:7f00:1::",
		"198.19.0.1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (!is_private(rows[i]))
			fail_msg("%s", rows[i]);
}

static void
outbox_addr__hosts_of_the_internet_are_not(void **state)
{
	static const char *const rows[] = {
		"1.1.1.1",      "172.15.255.255",       "172.32.0.1",      "100.63.255.255",
		"100.128.0.1",  "192.167.255.255",      "223.255.255.255", "11.0.0.1",
		"2606:4700::1", "2a00:1450:4007::200e", "::ffff:8.8.8.8",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (is_private(rows[i]))
			fail_msg("%s", rows[i]);
}

static void
outbox_addr__plain_http_goes_to_listed_addresses_only(void **state)
{
	struct net_range lan;
	const struct net_ranges listed = {&lan, 1};
	const union address inside = address("10.9.8.7"), outside = address("10.8.8.7"),
			    world = address("1.1.1.1");

	(void)state;
	assert_int_equal(net_range_parse(STR_LIT("10.9.0.0/16"), &lan), W_OK);
	assert_true(outbox_addr_ok(&listed, false, false, &inside.sa));
	assert_false(outbox_addr_ok(&listed, false, false, &outside.sa));
	assert_false(outbox_addr_ok(&listed, false, false, &world.sa));
	assert_true(outbox_addr_ok(&listed, false, true, &world.sa)); /* lab */
}

static void
outbox_addr__without_a_list_plain_http_stays_on_this_machine(void **state)
{
	const union address here = address("127.0.0.1"), here6 = address("::1"),
			    lan = address("192.168.1.1");

	(void)state;
	assert_true(outbox_addr_ok(NULL, false, false, &here.sa));
	assert_true(outbox_addr_ok(NULL, false, false, &here6.sa));
	assert_false(outbox_addr_ok(NULL, false, false, &lan.sa));
}

static void
outbox_addr__https_goes_anywhere_public(void **state)
{
	const union address world = address("1.1.1.1"), lan = address("192.168.1.1");

	(void)state;
	assert_true(outbox_addr_ok(NULL, true, false, &world.sa));
	assert_false(outbox_addr_ok(NULL, true, false, &lan.sa));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outbox_addr__special_addresses_are_private),
		cmocka_unit_test(outbox_addr__hosts_of_the_internet_are_not),
		cmocka_unit_test(outbox_addr__plain_http_goes_to_listed_addresses_only),
		cmocka_unit_test(outbox_addr__without_a_list_plain_http_stays_on_this_machine),
		cmocka_unit_test(outbox_addr__https_goes_anywhere_public),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
