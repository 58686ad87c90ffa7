#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "conf/conf.h"

#include <sys/socket.h>

static void
conf_net__ranges_of_both_families_are_read(void **state)
{
	static const struct {
		const char *text;
		int family;
		uint8_t first, last, prefix;
	} good[] = {
		{"192.0.2.7", AF_INET, 192, 7, 32},
		{"10.0.0.0/8", AF_INET, 10, 0, 8},
		{"0.0.0.0/0", AF_INET, 0, 0, 0},
		{"192.0.2.128/25", AF_INET, 192, 128, 25},
		{"::/0", AF_INET6, 0, 0, 0},
		{"::1", AF_INET6, 0, 1, 128},
		{"2001:db8::/32", AF_INET6, 32, 0, 32},
		{"fe80::1/128", AF_INET6, 254, 1, 128},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct net_range r;

		if (net_range_parse(str_of(good[i].text), &r) != 0)
			fail_msg("%s", good[i].text);
		assert_int_equal(r.family, good[i].family);
		assert_int_equal(r.bytes[0], good[i].first);
		assert_int_equal(r.bytes[r.family == AF_INET ? 3 : 15], good[i].last);
		assert_int_equal(r.prefix, good[i].prefix);
	}
}

static void
conf_net__anything_else_is_refused_and_leaves_the_range_alone(void **state)
{
	static const char *const bad[] = {
		"",
		"any",
		"192.0.2",
		"192.0.2.256",
		"192.0.2.1/24",
		"10.0.0.0/33",
		"10.0.0.0/-1",
		"10.0.0.0/",
		"10.0.0.0/8x",
		"10.0.0.0/8/8",
		" 10.0.0.1",
		"010.0.0.1",
		"::1/129",
		"::1/64",
		"fe80::1%eth0",
		":::",
		"[::1]",
		"10.0.0.0/+8",
		"::ffff:1.2.3.4:80",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc"};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct net_range r = {.family = -1};

		if (net_range_parse(str_of(bad[i]), &r) != W_EINVAL || r.family != -1)
			fail_msg("%s", bad[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conf_net__ranges_of_both_families_are_read),
		cmocka_unit_test(conf_net__anything_else_is_refused_and_leaves_the_range_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
