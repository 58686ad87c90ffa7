#include "thief.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

/*
 * What other programs make of a number, two names, a PIN and a code (Python's
 * base64, codecs, json and urllib; packed septets by the table of 3GPP TS 23.038
 * 6.1.2.1), so that the search is not proven by itself.
 */
#define BYTES(s) (s), sizeof(s) - 1
static const struct planted {
	enum thief_kind kind;
	const char *word, *as, *bytes;
	size_t n;
} planted[] = {
	/* clang-format off */
	{THIEF_NUMBER, "+212612345678", "E.164", BYTES("x+212612345678y")},
	{THIEF_NUMBER, "+212612345678", "national", BYTES("x0612345678y")},
	{THIEF_NUMBER, "+212612345678", "bare", BYTES("x212612345678y")},
	{THIEF_NUMBER, "+212612345678", "double zero", BYTES("x00212612345678y")},
	{THIEF_NUMBER, "+212612345678", "in pairs", BYTES("x06 12 34 56 78y")},
	{THIEF_NUMBER, "+212612345678", "with dashes", BYTES("x06-12-34-56-78y")},
	{THIEF_NUMBER, "+212612345678", "in threes", BYTES("x+212 612-345-678y")},
	{THIEF_NUMBER, "+212612345678", "tel URI", BYTES("xtel:+212-612345678y")},
	{THIEF_NUMBER, "+212612345678", "hex", BYTES("2b323132363132333435363738")},
	{THIEF_NUMBER, "+212612345678", "HEX", BYTES("30363132333435363738")},
	{THIEF_NUMBER, "+212612345678", "base64 after 0 bytes", BYTES("KzIxMjYxMjM0NTY3OCE=")},
	{THIEF_NUMBER, "+212612345678", "base64 after 1 bytes", BYTES("YSsyMTI2MTIzNDU2Nzgh")},
	{THIEF_NUMBER, "+212612345678", "base64 after 2 bytes", BYTES("YWIrMjEyNjEyMzQ1Njc4IQ==")},
	{THIEF_NUMBER, "+212612345678", "percent", BYTES("phoneNumber=%2B212612345678&x")},
	{THIEF_NUMBER, "+212612345678", "UTF-16LE", BYTES("+\0002\0001\0002\0006\0001\0002\0003\0004\0005\0006\0007\0008\000")},
	{THIEF_NUMBER, "+212612345678", "UTF-16BE", BYTES("\0000\0006\0001\0002\0003\0004\0005\0006\0007\0008")},
	{THIEF_NUMBER, "+212612345678", "GSM-7 after 0 bits", BYTES("0[L6\243\325l7\034")},
	{THIEF_NUMBER, "+212612345678", "GSM-7 after 1 bits", BYTES("`\266\230lF\253\331n8")},
	{THIEF_NUMBER, "+212612345678", "GSM-7 after 2 bits", BYTES("\300l1\331\214V\263\335p")},
	{THIEF_NUMBER, "+212612345678", "GSM-7 after 3 bits", BYTES("\200\331b\262\031\255f\273\341\000")},
	{THIEF_NUMBER, "+212612345678", "GSM-7 after 4 bits", BYTES("\000\263\305d3Z\315v\303\001")},
	{THIEF_NUMBER, "+212612345678", "GSM-7 after 5 bits", BYTES("\000f\213\311f\264\232\355\206\003")},
	{THIEF_NUMBER, "+212612345678", "GSM-7 after 6 bits", BYTES("\000\314\026\223\315h5\333\015\007")},
	{THIEF_NUMBER, "+212612345678", "GSM-7 after 7 bits", BYTES("\000\230-&\233\321j\266\033\016")},
	{THIEF_NUMBER, "+212612345678", "SQLite integer", BYTES("\0001\200\256\357N")},
	{THIEF_NUMBER, "+212612345678", "register", BYTES("N\357\256\2001\000\000\000")},
	{THIEF_NUMBER, "+212612345678", "semi-octets swapped", BYTES("\013\221\022b!Ce\207")},
	{THIEF_NUMBER, "+212612345678", "backwards", BYTES("876543216212+")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "as it stands", BYTES("{\042name\042:\042Zoubida Quchtaliya\042}")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "small letters", BYTES("name=zoubida quchtaliya")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "CAPITALS", BYTES("ZOUBIDA QUCHTALIYA")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "hex", BYTES("5a6f7562696461205175636874616c697961")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "HEX", BYTES("5A6F7562696461205175636874616C697961")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "base64 after 0 bytes", BYTES("Wm91YmlkYSBRdWNodGFsaXlhISE=")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "base64 after 1 bytes", BYTES("YVpvdWJpZGEgUXVjaHRhbGl5YSEh")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "base64 after 2 bytes", BYTES("YWJab3ViaWRhIFF1Y2h0YWxpeWEhIQ==")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "base64url", BYTES("YWJab3ViaWRhIFF1Y2h0YWxpeWE=")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "percent", BYTES("Zoubida%20Quchtaliya")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "percent, small", BYTES("Zoubida%20Quchtaliya")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "UTF-16LE", BYTES("Z\000o\000u\000b\000i\000d\000a\000 \000Q\000u\000c\000h\000t\000a\000l\000i\000y\000a\000")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "UTF-16BE", BYTES("\000Z\000o\000u\000b\000i\000d\000a\000 \000Q\000u\000c\000h\000t\000a\000l\000i\000y\000a")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "JSON escapes", BYTES("\042Zoubida Quchtaliya\042")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "backwards", BYTES("ayilathcuQ adibuoZ")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "GSM-7 after 0 bits", BYTES("\332w]\234&\207A\321\372\030M\017\263\323\3710")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "GSM-7 after 1 bits", BYTES("\264\357\2728M\016\203\242\3651\232\036f\247\363a")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "GSM-7 after 2 bits", BYTES("h\337uq\232\034\006E\353c4=\314N\347\303")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "GSM-7 after 3 bits", BYTES("\320\276\353\34249\014\212\326\307hz\230\235\316\207\001")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "GSM-7 after 4 bits", BYTES("\240}\327\305ir\030\024\255\217\321\3640;\235\017\003")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "GSM-7 after 5 bits", BYTES("@\373\256\213\323\3440(Z\037\243\351av:\037\006")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "GSM-7 after 6 bits", BYTES("\200\366]\027\247\311aP\264>F\323\303\354t>\014")},
	{THIEF_TEXT, "Zoubida Quchtaliya", "GSM-7 after 7 bits", BYTES("\000\355\273.N\223\303\240h}\214\246\207\331\351|\030")},
	{THIEF_TEXT, "زبيدة القشتالية", "as it stands", BYTES("{\042name\042:\042\330\262\330\250\331\212\330\257\330\251 \330\247\331\204\331\202\330\264\330\252\330\247\331\204\331\212\330\251\042}")},
	{THIEF_TEXT, "زبيدة القشتالية", "hex", BYTES("d8b2d8a8d98ad8afd8a920d8a7d984d982d8b4d8aad8a7d984d98ad8a9")},
	{THIEF_TEXT, "زبيدة القشتالية", "HEX", BYTES("D8B2D8A8D98AD8AFD8A920D8A7D984D982D8B4D8AAD8A7D984D98AD8A9")},
	{THIEF_TEXT, "زبيدة القشتالية", "base64 after 0 bytes", BYTES("2LLYqNmK2K/YqSDYp9mE2YLYtNiq2KfZhNmK2KkhIQ==")},
	{THIEF_TEXT, "زبيدة القشتالية", "base64 after 1 bytes", BYTES("Ydiy2KjZitiv2Kkg2KfZhNmC2LTYqtin2YTZitipISE=")},
	{THIEF_TEXT, "زبيدة القشتالية", "base64 after 2 bytes", BYTES("YWLYstio2YrYr9ipINin2YTZgti02KrYp9mE2YrYqSEh")},
	{THIEF_TEXT, "زبيدة القشتالية", "base64url", BYTES("YWLYstio2YrYr9ipINin2YTZgti02KrYp9mE2YrYqQ==")},
	{THIEF_TEXT, "زبيدة القشتالية", "percent", BYTES("%D8%B2%D8%A8%D9%8A%D8%AF%D8%A9%20%D8%A7%D9%84%D9%82%D8%B4%D8%AA%D8%A7%D9%84%D9%8A%D8%A9")},
	{THIEF_TEXT, "زبيدة القشتالية", "percent, small", BYTES("%d8%b2%d8%a8%d9%8a%d8%af%d8%a9%20%d8%a7%d9%84%d9%82%d8%b4%d8%aa%d8%a7%d9%84%d9%8a%d8%a9")},
	{THIEF_TEXT, "زبيدة القشتالية", "UTF-16LE", BYTES("2\006(\006J\006/\006)\006 \000'\006D\006B\0064\006*\006'\006D\006J\006)\006")},
	{THIEF_TEXT, "زبيدة القشتالية", "UTF-16BE", BYTES("\0062\006(\006J\006/\006)\000 \006'\006D\006B\0064\006*\006'\006D\006J\006)")},
	{THIEF_TEXT, "زبيدة القشتالية", "JSON escapes", BYTES("\042\134u0632\134u0628\134u064a\134u062f\134u0629 \134u0627\134u0644\134u0642\134u0634\134u062a\134u0627\134u0644\134u064a\134u0629\042")},
	{THIEF_TEXT, "زبيدة القشتالية", "backwards", BYTES("\251\330\212\331\204\331\247\330\252\330\264\330\202\331\204\331\247\330 \251\330\257\330\212\331\250\330\262\330")},
	{THIEF_DIGITS, "4821", "alone", BYTES("pin=4821 wrong")},
	{THIEF_DIGITS, "4821", "at the end", BYTES("4821")},
	{THIEF_DIGITS, "4821", "hex", BYTES("0x34383231")},
	{THIEF_DIGITS, "4821", "UTF-16LE", BYTES("4\0008\0002\0001\000")},
	{THIEF_DIGITS, "493817", "base64", BYTES("NDkzODE3")},
	{THIEF_DIGITS, "493817", "GSM-7", BYTES("\264\334\014\027\273\001")},
	/* clang-format on */
};

static size_t
finds(const struct thief_needles *needles, const void *bytes, size_t n)
{
	return thief_search(needles, (struct str){bytes, n}, NULL, NULL);
}

static void
with_all(struct thief_needles *needles)
{
	thief_needles_init(needles);
	for (size_t i = 0; i < ARRAY_LEN(planted); i++)
		thief_needles_add(needles, planted[i].kind, planted[i].word);
	thief_needles_ready(needles);
}

static void
thief_forms__every_planted_spelling_is_found(void **state)
{
	size_t missed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(planted); i++) {
		const struct planted *p = &planted[i];
		struct thief_needles needles;

		thief_needles_init(&needles);
		thief_needles_add(&needles, p->kind, p->word);
		thief_needles_ready(&needles);
		if (finds(&needles, p->bytes, p->n) == 0) {
			print_error("%s %s is not found\n", p->word, p->as);
			missed++;
		}
		thief_needles_done(&needles);
	}
	assert_int_equal(missed, 0);
}

/* In the middle of a megabyte of noise, at any distance from its beginning. */
static void
thief_forms__a_find_does_not_depend_on_what_is_around(void **state)
{
	enum { NOISE = 1 << 20 };
	uint8_t *noise = xmalloc(NOISE);
	struct thief_needles needles;
	uint32_t x = 1;

	(void)state;
	with_all(&needles);
	for (size_t i = 0; i < NOISE; i++) {
		x = x * 1664525u + 1013904223u;
		noise[i] = (uint8_t)(x >> 24);
	}
	assert_int_equal(finds(&needles, noise, NOISE), 0);
	for (size_t i = 0; i < ARRAY_LEN(planted); i++) {
		size_t at = 4099 * i + i % 7;
		uint8_t kept[256];

		if (planted[i].kind == THIEF_DIGITS)
			continue; /* a PIN counts only alone, and the noise stands beside it */
		memcpy(kept, noise + at, planted[i].n);
		memcpy(noise + at, planted[i].bytes, planted[i].n);
		assert_true(finds(&needles, noise, NOISE) > 0);
		memcpy(noise + at, kept, planted[i].n);
	}
	free(noise);
	thief_needles_done(&needles);
}

static void
thief_forms__a_pin_inside_a_longer_number_is_none(void **state)
{
	static const char line[] = "turn 34821 took 48213 us at 2026-11-21T14:82:1Z";
	struct thief_needles needles;

	(void)state;
	thief_needles_init(&needles);
	thief_needles_add(&needles, THIEF_DIGITS, "4821");
	thief_needles_ready(&needles);
	assert_int_equal(finds(&needles, line, sizeof(line) - 1), 0);
	thief_needles_done(&needles);
}

static void
thief_forms__other_numbers_and_a_masked_one_are_none(void **state)
{
	static const char line[] = "+212612345679 0612345677 +212 6** *** *78 CAS-0001 id=612345";
	struct thief_needles needles;

	(void)state;
	with_all(&needles);
	assert_int_equal(finds(&needles, line, sizeof(line) - 1), 0);
	thief_needles_done(&needles);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thief_forms__every_planted_spelling_is_found),
		cmocka_unit_test(thief_forms__a_find_does_not_depend_on_what_is_around),
		cmocka_unit_test(thief_forms__a_pin_inside_a_longer_number_is_none),
		cmocka_unit_test(thief_forms__other_numbers_and_a_masked_one_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
