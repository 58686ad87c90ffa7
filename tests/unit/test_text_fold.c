#include "text/text.h"

#include "helper/table.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct str
folded(struct arena *a, struct str typed)
{
	struct buf key;

	buf_init_arena(&key, a);
	assert_int_equal(text_fold(typed, &key), W_OK);
	return buf_str(&key);
}

static void
expect(const char *typed, const char *key)
{
	struct arena *a = arena_new(0);

	assert_string_equal(folded(a, str_of(typed)).p, key);
	arena_free(a);
}

/* Between two letters, where nothing is an edge and no blank goes. */
static void
text_fold__every_row_of_the_table_maps(void **state)
{
	struct table *t = table_open("fold.tsv");
	struct arena *a = arena_new(0);

	(void)state;
	for (size_t i = 0; i < table_rows(t); i++) {
		struct str from = table_codepoints(t, i, "from");
		struct str to = table_codepoints(t, i, "to_codepoints");
		struct str typed = str_of(arena_printf(a, "b%.*sb", STR_ARG(from)));
		struct str wanted = str_of(arena_printf(a, "b%.*sb", STR_ARG(to)));

		if (!str_eq(folded(a, typed), wanted))
			table_miss(t, i, "becomes \"%s\"", folded(a, typed).p);
	}
	arena_free(a);
	table_finish(t);
}

static void
text_fold__every_typed_row_gives_its_key(void **state)
{
	struct table *t = table_open("input.tsv");
	struct arena *a = arena_new(0);

	(void)state;
	for (size_t i = 0; i < table_rows(t); i++) {
		struct str key = folded(a, table_hex(t, i, "raw_utf8_hex"));

		if (!str_eq(key, table_text(t, i, "key")))
			table_miss(t, i, "key is \"%s\"", key.p);
	}
	arena_free(a);
	table_finish(t);
}

/* All of Unicode but surrogates, alone and between letters. */
static void
text_fold__a_key_folds_to_itself(void **state)
{
	char typed[16], once[128], twice[128];

	(void)state;
	for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
		struct buf t, k1, k2;

		if (cp == 0xD800)
			cp = 0xE000;
		buf_init(&t, typed, sizeof(typed));
		buf_init(&k1, once, sizeof(once));
		buf_init(&k2, twice, sizeof(twice));
		buf_addc(&t, 'b');
		utf8_put(&t, cp);
		buf_addc(&t, 'b');
		assert_int_equal(text_fold(buf_str(&t), &k1), W_OK);
		assert_int_equal(text_fold(buf_str(&k1), &k2), W_OK);
		if (!str_eq(buf_str(&k1), buf_str(&k2)))
			fail_msg("U+%04X", cp);
		assert_true(utf8_ok(buf_str(&k1)) && k1.n <= 11 * t.n);
	}
}

static void
text_fold__digits_of_every_script_are_ascii(void **state)
{
	(void)state;
	expect("\u0661\u06F2\u0969\uFF14\U0001D7D3", "12345");
	expect("1\uFE0F\u20E3", "1"); /* keycap of an emoji keyboard */
}

static void
text_fold__alef_and_yeh_lose_their_seats_composed_or_not(void **state)
{
	(void)state;
	expect("\u0623\u0625\u0622\u0671", "\u0627\u0627\u0627\u0627");
	expect("\u0627\u0654\u0627\u0655\u0627\u0653", "\u0627\u0627\u0627");
	expect("\u0626\u064A\u0654\u0649\u06CC", "\u064A\u064A\u064A\u064A");
	expect("\u0624\u0648\u0654", "\u0648\u0648");
	expect("\u0634\u064A\u0621", "\u0634\u064A");
}

static void
text_fold__urdu_letters_keep_their_hamza_composed_or_not(void **state)
{
	(void)state;
	expect("\u06C0\u06D5\u0654\uFBA4\u06D5", "\u06C0\u06C0\u06C0\u06D5");
	expect("\u06D3\u06D2\u0654\uFBB0\u06D2", "\u06D3\u06D3\u06D3\u06D2");
	expect("\u06D5 \u0654", "\u06D5");
}

static void
text_fold__a_haraka_in_presentation_form_leaves_no_blank(void **state)
{
	(void)state;
	expect("\u0646\uFE76\u0639\u0645", "\u0646\u0639\u0645");
	expect("\u0646\uFC60\u0639\u0645", "\u0646\u0639\u0645");
}

static void
text_fold__latin_accents_go_by_decomposition(void **state)
{
	(void)state;
	expect("\u00C9\u00C8\u00CA\u00CB \u00C0\u00C2 \u00CE\u00CF \u00D4 \u00D9\u00DB\u00DC \u00C7",
	       "eeee aa ii o uuu c");
	expect("Mar\u1E25ba barnama\u017E \u1EE4", "marhba barnamaz u");
	expect("\u0152UVRE c\u0153ur", "oeuvre coeur");
	expect("\uFB01n", "fin");
}

static void
text_fold__blanks_of_every_kind_are_joined(void **state)
{
	(void)state;
	expect(" a\t\u00A0\u202F b\r\n\nc\u3000", "a b c");
	expect("a \u200F b", "a b");
	expect("a\x01\x7F"
	       "b",
	       "ab");
}

static void
text_fold__signs_go_at_the_edges_only(void **state)
{
	(void)state;
	expect("*1#", "1");
	expect(" ( 1 ) . ", "1");
	expect("\u00AB l'eau. d'ici \u00BB\u2026", "l'eau. d'ici");
	expect("\u061F\u0646\u0639\u0645\u060C", "\u0646\u0639\u0645");
	expect("1-2", "1-2");
	expect("#*.", "");
}

static void
text_fold__arabizi_digits_and_leading_zeros_stay(void **state)
{
	(void)state;
	expect("3afak", "3afak");
	expect("01", "01");
}

static void
text_fold__controls_that_steer_direction_vanish_inside_a_word(void **state)
{
	(void)state;
	expect("\u202Ano\u200Dw\u2060\u061C\u2067x\u2069\uFEFF\u200C", "nowx");
}

static void
text_fold__broken_or_too_long_is_refused_and_adds_nothing(void **state)
{
	char typed[TEXT_TYPED_MAX + 1], memory[TEXT_KEY_MAX + 1];
	struct buf key;

	(void)state;
	buf_init(&key, memory, sizeof(memory));
	memset(typed, 'a', sizeof(typed));
	assert_int_equal(text_fold((struct str){typed, sizeof(typed)}, &key), W_EINVAL);
	assert_int_equal(text_fold(STR_LIT("abc\xED\xA0\x80"), &key), W_EINVAL);
	assert_int_equal(key.n, 0);
	assert_int_equal(text_fold((struct str){typed, sizeof(typed) - 1}, &key), W_OK);
	assert_int_equal(key.n, TEXT_TYPED_MAX);
}

static void
text_fold__the_worst_input_fits_the_longest_key(void **state)
{
	struct arena *a = arena_new(0);
	char memory[TEXT_KEY_MAX + 1];
	struct buf typed, key;

	(void)state;
	buf_init_arena(&typed, a);
	for (int i = 0; i < TEXT_TYPED_MAX / 3; i++)
		utf8_put(&typed, 0xFDFA);
	buf_init(&key, memory, sizeof(memory));
	assert_int_equal(text_fold(buf_str(&typed), &key), W_OK);
	assert_true(key.n > 5000);
	arena_free(a);
}

static void
text_fold__a_cut_key_is_never_handed_out(void **state)
{
	char memory[8];
	struct buf key;

	(void)state;
	buf_init(&key, memory, sizeof(memory));
	buf_adds(&key, "id=");
	assert_int_equal(text_fold(STR_LIT("abcde"), &key), W_ETOOBIG);
	assert_string_equal(memory, "id=");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_fold__every_row_of_the_table_maps),
		cmocka_unit_test(text_fold__every_typed_row_gives_its_key),
		cmocka_unit_test(text_fold__a_key_folds_to_itself),
		cmocka_unit_test(text_fold__digits_of_every_script_are_ascii),
		cmocka_unit_test(text_fold__alef_and_yeh_lose_their_seats_composed_or_not),
		cmocka_unit_test(text_fold__urdu_letters_keep_their_hamza_composed_or_not),
		cmocka_unit_test(text_fold__a_haraka_in_presentation_form_leaves_no_blank),
		cmocka_unit_test(text_fold__latin_accents_go_by_decomposition),
		cmocka_unit_test(text_fold__blanks_of_every_kind_are_joined),
		cmocka_unit_test(text_fold__signs_go_at_the_edges_only),
		cmocka_unit_test(text_fold__arabizi_digits_and_leading_zeros_stay),
		cmocka_unit_test(text_fold__controls_that_steer_direction_vanish_inside_a_word),
		cmocka_unit_test(text_fold__broken_or_too_long_is_refused_and_adds_nothing),
		cmocka_unit_test(text_fold__the_worst_input_fits_the_longest_key),
		cmocka_unit_test(text_fold__a_cut_key_is_never_handed_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
