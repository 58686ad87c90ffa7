#include "text/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct str
put(char *memory, size_t cap, uint32_t cp)
{
	struct buf b;

	buf_init(&b, memory, cap);
	utf8_put(&b, cp);
	return buf_str(&b);
}

static void
text_utf8__every_code_point_comes_back(void **state)
{
	char memory[8];

	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		struct str s = put(memory, sizeof(memory), cp);
		uint32_t back = 0;

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		assert_true(utf8_ok(s) && utf8_count(s) == 1);
		assert_true(utf8_next(&s, &back) && back == cp && s.n == 0);
	}
}

static void
text_utf8__what_is_no_character_is_put_as_replacement(void **state)
{
	char memory[8];

	(void)state;
	assert_true(str_is(put(memory, sizeof(memory), 0xD800), "\uFFFD"));
	assert_true(str_is(put(memory, sizeof(memory), 0xDFFF), "\uFFFD"));
	assert_true(str_is(put(memory, sizeof(memory), 0x110000), "\uFFFD"));
}

/* RFC 3629 section 4; the usual traps and what lies one beside each bound. */
static void
text_utf8__broken_sequences_are_refused(void **state)
{
	static const char *const broken[] = {
		"\x80",
		"\xBF",
		"\xC0\x80",
		"\xC1\xBF",
		"\xC2",
		"\xC2\x41",
		"\xE0\x9F\xBF",
		"\xE0\xA0",
		"\xED\xA0\x80",
		"\xED\xBF\xBF",
		"\xEF\xBF",
		"\xF0\x8F\xBF\xBF",
		"\xF0\x90\x80",
		"\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80",
		"\xFF",
		"ok\xFE",
		"\xE2\x82\x2E",
		"\xF0\x9F\x91\x41",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		assert_false(utf8_ok(str_of(broken[i])));
	assert_true(utf8_ok(STR_LIT("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF\xE0\xA0\x80")));
}

static void
text_utf8__nul_is_a_character_and_nothing_is_text(void **state)
{
	(void)state;
	assert_true(utf8_ok((struct str){"a\0b", 3}));
	assert_true(utf8_ok(STR_NONE));
	assert_int_equal(utf8_count((struct str){"a\0b", 3}), 3);
}

static void
text_utf8__next_stops_before_a_broken_byte(void **state)
{
	struct str rest = STR_LIT("\u0645\xFF");
	uint32_t cp;

	(void)state;
	assert_true(utf8_next(&rest, &cp));
	assert_int_equal(cp, 0x645);
	assert_false(utf8_next(&rest, &cp));
	assert_int_equal(rest.n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_utf8__every_code_point_comes_back),
		cmocka_unit_test(text_utf8__what_is_no_character_is_put_as_replacement),
		cmocka_unit_test(text_utf8__broken_sequences_are_refused),
		cmocka_unit_test(text_utf8__nul_is_a_character_and_nothing_is_text),
		cmocka_unit_test(text_utf8__next_stops_before_a_broken_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
