#include "text/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
text_ucs2__pairs_count_two_units(void **state)
{
	(void)state;
	assert_int_equal(ucs2_units(STR_LIT("a\u0645\uFFFF")), 3);
	assert_int_equal(ucs2_units(STR_LIT("\U00010000\U0001F44D")), 4);
	assert_int_equal(ucs2_units(STR_NONE), 0);
}

static void
text_ucs2__encodes_big_endian_with_pairs(void **state)
{
	char memory[32];
	struct buf b;

	(void)state;
	buf_init(&b, memory, sizeof(memory));
	ucs2_encode(STR_LIT("1\u0645\U0001F44D"), &b);
	assert_true(str_eq(buf_str(&b), (struct str){"\0001\x06\x45\xD8\x3D\xDC\x4D", 8}));
}

static void
text_ucs2__every_code_point_comes_back(void **state)
{
	char utf8[8], units[8], again[8];
	struct buf a, b, c;

	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		if (cp == 0xD800)
			cp = 0xE000;
		buf_init(&a, utf8, sizeof(utf8));
		buf_init(&b, units, sizeof(units));
		buf_init(&c, again, sizeof(again));
		utf8_put(&a, cp);
		ucs2_encode(buf_str(&a), &b);
		assert_int_equal(ucs2_decode(buf_str(&b), &c), W_OK);
		assert_true(str_eq(buf_str(&a), buf_str(&c)));
	}
}

static void
text_ucs2__odd_length_and_lone_surrogates_are_refused(void **state)
{
	static const struct str broken[] = {
		{"\0", 1},
		{"\x06\x45\x06", 3},
		{"\xD8\x3D", 2},
		{"\xDC\x4D", 2},
		{"\xD8\x3D\0a", 4},
		{"\xD8\x3D\xD8\x3D\xDC\x4D", 6},
		{"\xDC\x4D\xD8\x3D", 4},
	};
	char memory[32];
	struct buf b;

	(void)state;
	buf_init(&b, memory, sizeof(memory));
	buf_adds(&b, "kept");
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		assert_int_equal(ucs2_decode(broken[i], &b), W_EINVAL);
		assert_true(str_is(buf_str(&b), "kept"));
	}
}

static void
text_ucs2__latin1_bytes_are_code_points(void **state)
{
	char memory[32];
	struct buf b;

	(void)state;
	buf_init(&b, memory, sizeof(memory));
	latin1_decode(STR_LIT("Fa\xE7"
			      "ade \xFF\x80"),
		      &b);
	assert_true(str_is(buf_str(&b), "Fa\u00E7ade \u00FF\xC2\x80"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_ucs2__pairs_count_two_units),
		cmocka_unit_test(text_ucs2__encodes_big_endian_with_pairs),
		cmocka_unit_test(text_ucs2__every_code_point_comes_back),
		cmocka_unit_test(text_ucs2__odd_length_and_lone_surrogates_are_refused),
		cmocka_unit_test(text_ucs2__latin1_bytes_are_code_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
