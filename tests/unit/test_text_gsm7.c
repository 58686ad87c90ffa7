#include "text/text.h"

#include "helper/table.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
text_gsm7__rows_hold_both_ways(void **state)
{
	struct table *t = table_open("gsm7.tsv");
	char septets[8], back[8];
	struct buf s, b;

	(void)state;
	for (size_t i = 0; i < table_rows(t); i++) {
		struct str text = table_codepoints(t, i, "codepoint"), rest = text;
		struct str wanted = table_hex(t, i, "septets_hex");
		uint32_t cp = 0;

		buf_init(&s, septets, sizeof(septets));
		buf_init(&b, back, sizeof(back));
		if (!utf8_next(&rest, &cp) || gsm7_cost(cp) != table_int(t, i, "cost"))
			table_miss(t, i, "cost is %u", gsm7_cost(cp));
		if (gsm7_encode(text, &s) != W_OK || !str_eq(buf_str(&s), wanted))
			table_miss(t, i, "encodes to other septets");
		if (gsm7_decode(wanted, &b) != W_OK || !str_eq(buf_str(&b), text))
			table_miss(t, i, "decodes to another character");
	}
	table_finish(t);
}

/* Rows may be a part of the alphabet, so the count is known here: 127 and 10. */
static void
text_gsm7__nothing_else_of_unicode_is_in_the_alphabet(void **state)
{
	size_t plain = 0, escaped = 0;

	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		plain += gsm7_cost(cp) == 1;
		escaped += gsm7_cost(cp) == 2;
		assert_true(gsm7_cost(cp) <= 2);
	}
	assert_int_equal(plain, 127);
	assert_int_equal(escaped, 10);
}

static void
text_gsm7__every_septet_decodes_to_what_encodes_to_it(void **state)
{
	(void)state;
	for (int c = 0; c < 0x80; c++) {
		const char septet = (char)c;
		char text[8], again[8];
		struct buf t, a;

		buf_init(&t, text, sizeof(text));
		buf_init(&a, again, sizeof(again));
		assert_int_equal(gsm7_decode((struct str){&septet, 1}, &t), W_OK);
		assert_int_equal(gsm7_encode(buf_str(&t), &a), W_OK);
		if (c != 0x1B)
			assert_true(a.n == 1 && a.p[0] == septet);
	}
}

static void
text_gsm7__euro_costs_two_septets(void **state)
{
	(void)state;
	assert_int_equal(gsm7_cost(0x20AC), 2);
}

static void
text_gsm7__one_foreign_letter_is_enough_to_refuse(void **state)
{
	char memory[64];
	struct buf b;

	(void)state;
	buf_init(&b, memory, sizeof(memory));
	buf_adds(&b, "kept");
	assert_true(gsm7_can(STR_LIT("R\u00E9union \u00E0 10h, 50 \u20AC")));
	assert_true(gsm7_can(STR_NONE));
	assert_false(gsm7_can(STR_LIT("Vous \u00EAtes")));
	assert_false(gsm7_can(STR_LIT("abc\xFF")));
	assert_int_equal(gsm7_encode(STR_LIT("Vous \u00EAtes"), &b), W_EINVAL);
	assert_true(str_is(buf_str(&b), "kept"));
}

static struct str
decoded(struct str septets, char *memory, size_t cap)
{
	struct buf b;

	buf_init(&b, memory, cap);
	assert_int_equal(gsm7_decode(septets, &b), W_OK);
	return buf_str(&b);
}

static void
text_gsm7__unknown_escape_gives_the_plain_character(void **state)
{
	char memory[16];

	(void)state;
	assert_true(str_is(decoded(STR_LIT("\x1B\x41"), memory, sizeof(memory)), "A"));
	assert_true(str_is(decoded(STR_LIT("\x1B\x1B\x65"), memory, sizeof(memory)), " e"));
	assert_true(str_is(decoded(STR_LIT("a\x1B"), memory, sizeof(memory)), "a "));
}

static void
text_gsm7__bytes_over_seven_bits_are_refused(void **state)
{
	char memory[16];
	struct buf b;

	(void)state;
	buf_init(&b, memory, sizeof(memory));
	assert_int_equal(gsm7_decode(STR_LIT("a\x80"), &b), W_EINVAL);
	assert_int_equal(gsm7_decode(STR_LIT("a\x1B\xE5"), &b), W_EINVAL);
	assert_int_equal(b.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_gsm7__rows_hold_both_ways),
		cmocka_unit_test(text_gsm7__nothing_else_of_unicode_is_in_the_alphabet),
		cmocka_unit_test(text_gsm7__every_septet_decodes_to_what_encodes_to_it),
		cmocka_unit_test(text_gsm7__euro_costs_two_septets),
		cmocka_unit_test(text_gsm7__one_foreign_letter_is_enough_to_refuse),
		cmocka_unit_test(text_gsm7__unknown_escape_gives_the_plain_character),
		cmocka_unit_test(text_gsm7__bytes_over_seven_bits_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
