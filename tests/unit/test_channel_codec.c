#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "channel/channel_int.h"

static void
channel_codec__base64_both_ways(void **state)
{
	/* RFC 4648 section 10 */
	static const char *const rows[][2] = {{"", ""},
					      {"f", "Zg=="},
					      {"fo", "Zm8="},
					      {"foo", "Zm9v"},
					      {"foob", "Zm9vYg=="},
					      {"fooba", "Zm9vYmE="},
					      {"foobar", "Zm9vYmFy"}};
	static const char *const bad[] = {"Z", "Zg=", "Zg==Zg==", "=Zg=", "Z*==", "Zm9v\n"};
	struct arena *a = arena_new(0);
	struct str out;

	(void)state;
	assert_false(codec_unbase64(STR_LIT("Zm9\0"), a, &out));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(str_is(codec_base64(str_of(rows[i][0]), a), rows[i][1]));
		assert_true(codec_unbase64(str_of(rows[i][1]), a, &out));
		assert_true(str_is(out, rows[i][0]));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(codec_unbase64(str_of(bad[i]), a, &out));
	arena_free(a);
}

static void
channel_codec__times_of_every_shape(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} rows[] = {
		{"2026-11-21 09:20:44", 1795252844},
		{"2026-11-21T09:20:44Z", 1795252844},
		{"2026-11-21T09:20:44.123+0000", 1795252844},
		{"2026-11-21T10:20:44+01:00", 1795252844},
		{"2026-11-21T08:20:44-0100", 1795252844},
		{"2026-11-21T09:20Z", 1795252800 + 0},
		{"1795252844", 1795252844},
		{"1795252844123", 1795252844},
		{"2024-02-29", 1709164800},
		{"1970-01-01", 0},
		{"2100-03-01", 4107542400},
		{"2000-02-29T00:00:00+14", 951782400 - 14 * 3600},
		{"2026-11-21t09:20:44,5 z", 1795252844},
		{"2026-11-21T23:59:60Z", 1795305600},
	};
	static const char *const bad[] = {"",
					  "soon",
					  "2026-02-29",
					  "2026-13-01",
					  "2026-11-21T24:00",
					  "2026-11-21T09:20:44X",
					  "0",
					  "-5",
					  "17952528441234",
					  "2026-11-21T09",
					  "26-11-21",
					  "2026/11-21",
					  "2026-1-21",
					  "2026-11.21",
					  "2026-11-2",
					  "1969-12-31",
					  "2026-00-01",
					  "2026-11-00",
					  "2026-11-31",
					  "2100-02-29",
					  "2026-11-21T9:20",
					  "2026-11-21T09:2",
					  "2026-11-21T09.20",
					  "2026-11-21T09:20:4",
					  "2026-11-21T09:60",
					  "2026-11-21T09:20:61",
					  "2026-11-21T09:20:44*01",
					  "2026-11-21T09:20:44+1",
					  "2026-11-21T09:20:44+01:0",

					  "2026-11-21T09:20:44+01:000",
					  "2026-11-21T09:20:44+15:00",
					  "2026-11-21T09:20:44+01:60"};
	int64_t at;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(codec_time(str_of(rows[i].text), &at));
		assert_int_equal(at, rows[i].at);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (codec_time(str_of(bad[i]), &at))
			fail_msg("'%s' was taken", bad[i]);
	assert_false(codec_time(STR_LIT("2026-11-21T09:20\0"), &at));
}

/* RFC 3986 2.1: two hex digits, of either case, and nothing else. */
static void
channel_codec__an_escape_is_two_hex_digits(void **state)
{
	static const char *const bad[] = {"%",   "%4",  "%4/", "%4:", "%4@", "%4G",
					  "%4`", "%4g", "%/4", "%g4", "a%",  "%41%"};
	struct arena *a = arena_new(0);
	struct buf b;
	struct str out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(codec_escapes_ok(str_of(bad[i])));
		assert_false(codec_unpercent(str_of(bad[i]), true, a, &out));
	}
	assert_true(codec_unpercent(STR_LIT("%4a%4F+"), false, a, &out));
	assert_true(str_is(out, "JO+"));
	assert_true(codec_unpercent(STR_NONE, true, a, &out));
	assert_non_null(out.p);
	buf_init_arena(&b, a);
	codec_percent(STR_LIT("a-b c\0\xC3"), true, &b);
	assert_true(str_is(buf_str(&b), "a-b+c%00%C3"));
	assert_false(codec_unhex(STR_LIT("4"), a, &out));
	assert_false(codec_unhex(STR_LIT("4x"), a, &out));
	arena_free(a);
}

/* RFC 8259 section 7 */
static void
channel_codec__json_text_escapes_what_it_must(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b;

	(void)state;
	buf_init_arena(&b, a);
	codec_json_text(STR_LIT("a\"b\\c\nd\x01\x7f é"), &b);
	assert_true(str_is(buf_str(&b), "\"a\\\"b\\\\c\\nd\\u0001\\u007f é\""));
	arena_free(a);
}

static void
channel_codec__bare_digits_mean_what_the_dialect_says(void **state)
{
	static const struct {
		const char *text;
		bool national;
		const char *e164;
	} rows[] = {
		{"212612345678", false, "+212612345678"},
		{"+212612345678", true, "+212612345678"},
		{"tel:+212612345678", false, "+212612345678"},
		{"00212612345678", false, "+212612345678"},
		{"0612345678", true, "+212612345678"},
		{"254711082000", false, "+254711082000"},
		{"0612345678", false, NULL},
		{"", false, NULL},
		{"INFO", false, NULL},
		{"12345678901234567890123456789012", false, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct phone p;
		bool ok = codec_phone(str_of(rows[i].text), rows[i].national, &p);

		assert_int_equal(ok, rows[i].e164 != NULL);
		if (ok)
			assert_string_equal(p.e164_do_not_log, rows[i].e164);
	}
}

static void
channel_codec__charsets_decode_and_refuse(void **state)
{
	struct arena *a = arena_new(0);
	struct str out;

	(void)state;
	assert_true(codec_decode(CHARSET_UTF16BE, STR_LIT("\x06\x46\x06\x39\x06"), a, &out));
	assert_true(str_is(out, "نع")); /* the half unit at the end is dropped */
	assert_false(codec_decode(CHARSET_UTF16BE, STR_LIT("\xD8\x00"), a, &out));
	assert_true(codec_decode(CHARSET_LATIN1, STR_LIT("caf\xE9"), a, &out));
	assert_true(str_is(out, "café"));
	assert_false(codec_decode(CHARSET_UTF8, STR_LIT("caf\xE9"), a, &out));
	assert_false(
		codec_decode(CHARSET_UTF8, STR_LIT("a\0b"), a, &out)); /* no text holds a NUL */
	assert_false(codec_decode(CHARSET_LATIN1, STR_LIT("a\0b"), a, &out));
	assert_true(codec_encode(CHARSET_LATIN1, STR_LIT("café"), a, &out));
	assert_true(str_is(out, "caf\xE9"));
	assert_false(codec_encode(CHARSET_LATIN1, STR_LIT("نعم"), a, &out));
	assert_false(codec_encode(CHARSET_LATIN1, STR_LIT("\xff"), a, &out));
	assert_true(codec_decode(CHARSET_GSM7, STR_LIT("caf\x05"), a, &out));
	assert_true(str_is(out, "café"));
	assert_true(codec_encode(CHARSET_GSM7, STR_LIT("café"), a, &out));
	assert_true(str_is(out, "caf\x05"));
	assert_false(codec_encode(CHARSET_GSM7, STR_LIT("نعم"), a, &out));
	assert_true(codec_encode(CHARSET_UTF16BE, STR_LIT("نع"), a, &out));
	assert_true(str_is(out, "\x06\x46\x06\x39"));
	assert_true(codec_encode(CHARSET_UTF8, STR_LIT("نعم"), a, &out));
	assert_true(str_is(out, "نعم"));
	assert_int_equal(codec_charset(STR_LIT("UCS-2")), CHARSET_UTF16BE);
	assert_int_equal(codec_charset(STR_LIT("koi8-r")), CHARSET_NONE);
	arena_free(a);
}

static void
channel_codec__xml_escapes_both_ways(void **state)
{
	static const char *const bad[] = {"&evil;",   "&;",         "&#;",          "&#x;",
					  "&#0;",     "&#1a;",      "&#x1g;",       "&#xD800;",
					  "&#xDFFF;", "&#x110000;", "&#x123456789;"};
	struct arena *a = arena_new(0);
	struct buf b;
	struct str out;

	(void)state;
	buf_init_arena(&b, a);
	codec_xml_text(STR_LIT("a<b & \"c\" 'd'>\x01\n\t\r\x1f"), &b);
	assert_true(str_is(buf_str(&b), "a&lt;b &amp; &quot;c&quot; &apos;d&apos;&gt;\n\t\r"));
	assert_true(codec_unxml(STR_LIT("&lt;&#1606;&#x639;&amp;lt; a&b"), a, &out));
	assert_true(str_is(out, "<نع&lt; a&b"));
	assert_true(codec_unxml(STR_LIT("&#xD7FF;&#XE000;&#x10ffff;"), a, &out));
	assert_true(str_is(out, "\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"));
	/* XML 1.0 section 2.2: no such characters, and 4.1: no such references */
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (codec_unxml(str_of(bad[i]), a, &out))
			fail_msg("%s was taken", bad[i]);
	arena_free(a);
}

/* What a filter makes of a text; "-" for absent. */
static const char *
filtered(enum filter_kind kind, const char *format, const char *text, struct arena *a)
{
	struct filter f = {kind, str_of(format)};
	struct piece p = filter_apply(&f, piece_text(str_of(text)), a);

	return piece_has(p) ? arena_printf(a, "%.*s", STR_ARG(p.s)) : "-";
}

static void
channel_codec__filters_do_their_work_or_give_nothing(void **state)
{
	static const struct {
		enum filter_kind kind;
		const char *format, *from, *to;
	} rows[] = {
		{FILTER_UNHEX, NULL, "4f7569", "Oui"},
		{FILTER_UNHEX, NULL, "4f75x9", "-"},
		{FILTER_HEX, NULL, "Oui", "4f7569"},
		{FILTER_UNPERCENT, NULL, "a%20b+c", "a b+c"},
		{FILTER_PERCENT, NULL, "a b&", "a%20b%26"},
		{FILTER_UPPER, NULL, "Abé", "ABé"},
		{FILTER_LOWER, NULL, "ABC", "abc"},
		{FILTER_CRLF, NULL, "a\nb\r\nc", "a\r\nb\r\nc"},
		{FILTER_CRLF, NULL, "\nb", "\r\nb"},
		{FILTER_UNBASE64, NULL, "T3Vp", "Oui"},
		{FILTER_UNBASE64, NULL, "T3V", "-"},
		{FILTER_BASE64, NULL, "Oui", "T3Vp"},
		{FILTER_UNXML, NULL, "a&amp;b", "a&b"},
		{FILTER_UNXML, NULL, "a&b;", "-"},
		{FILTER_UNPERCENT, NULL, "a%2", "-"},
		{FILTER_GSM7, NULL, "é", "\x05"},
		{FILTER_GSM7, NULL, "ع", "-"},
		{FILTER_LATIN1, NULL, "é", "\xE9"},
		{FILTER_LATIN1, NULL, "ع", "-"},
		{FILTER_BARE, NULL, "+99", "99"},
		{FILTER_BARE, NULL, "+-9", "-"},
		{FILTER_BARE, NULL, "INFO", "-"},
		{FILTER_00, NULL, "INFO", "-"},
		{FILTER_NUMBER, NULL, "-7", "-7"},
		{FILTER_NEXT, NULL, "x", "-"},
		{FILTER_BARE, NULL, "+212612345678", "212612345678"},
		{FILTER_00, NULL, "+212612345678", "00212612345678"},
		{FILTER_NATIONAL, NULL, "+212612345678", "0612345678"},
		{FILTER_PLUS, NULL, "212612345678", "+212612345678"},
		{FILTER_PLUS, NULL, "INFO", "-"},
		{FILTER_NUMBER, NULL, "012", "12"},
		{FILTER_NUMBER, NULL, "x", "-"},
		{FILTER_NEXT, NULL, "41", "42"},
		{FILTER_NEXT, NULL, "9223372036854775807", "-"},
		{FILTER_DATE, "%d/%m/%Y %H:%M:%S", "1795252844", "21/11/2026 09:20:44"},
		{FILTER_DATE, "%y%m", "-1", "-"},
		{FILTER_DATE, "%y%m", "soon", "-"},
		{FILTER_DATE, "%y%m", "253402300800", "-"},
	};
	/* What stood before the filter, or nothing. */
	static const struct {
		enum filter_kind kind;
		const char *to, *from;
	} back[] = {
		{FILTER_UNHEX, "Oui", "4f7569"},
		{FILTER_HEX, "4f7569", "Oui"},
		{FILTER_HEX, "4f756", NULL},
		{FILTER_UNBASE64, "Oui", "T3Vp"},
		{FILTER_BASE64, "T3Vp", "Oui"},
		{FILTER_UNPERCENT, "a b", "a%20b"},
		{FILTER_PERCENT, "a%20b", "a b"},
		{FILTER_UNXML, "a&b", NULL},
		{FILTER_UTF16BE, "\x06\x46", "ن"},
		{FILTER_GSM7, "\x05", "é"},
		{FILTER_LATIN1, "\xE9", "é"},
		{FILTER_UTF16BE, "\xD8\x3D", NULL},
		{FILTER_CRLF, "a\r\nb\rc\r", "a\nb\rc\r"},
		{FILTER_UPPER, "AB", "AB"},
		{FILTER_BARE, "212612345678", "212612345678"},
		{FILTER_00, "00212612345678", "00212612345678"},
		{FILTER_NATIONAL, "0612345678", "0612345678"},
		{FILTER_PLUS, "+212612345678", "+212612345678"},
		{FILTER_NUMBER, "12", "12"},
		{FILTER_NEXT, "-9223372036854775808", NULL},
		{FILTER_NEXT, "x", NULL},
		{FILTER_SHA1, "x", NULL},
		{FILTER_DATE, "2026", NULL},
	};
	struct arena *a = arena_new(0);
	struct filter md5 = {.kind = FILTER_MD5};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(filtered(rows[i].kind, rows[i].format, rows[i].from, a),
				    rows[i].to);
	for (size_t i = 0; i < ARRAY_LEN(back); i++) {
		struct filter f = {.kind = back[i].kind};
		struct piece p = filter_undo(&f, piece_text(str_of(back[i].to)), a);

		if (back[i].from == NULL ? piece_has(p) : !str_is(p.s, back[i].from))
			fail_msg("filter %d back from '%s'", (int)back[i].kind, back[i].to);
	}
	struct filter next = {.kind = FILTER_NEXT};

	assert_false(piece_has(filter_undo(&next, PIECE_NONE, a)));

	assert_true(str_is(filter_undo(&next, piece_text(STR_LIT("42")), a).s, "41"));
	assert_false(piece_has(filter_undo(&md5, piece_text(STR_LIT("x")), a)));
	/* RFC 1321 A.5 */
	assert_true(str_is(codec_hex(filter_apply(&md5, piece_text(STR_LIT("abc")), a).s, a),
			   "900150983cd24fb0d6963f7d28e17f72"));
	assert_false(filter_date_ok(STR_LIT("%")));
	assert_false(filter_date_ok(STR_LIT("%n")));
	assert_false(filter_date_ok(STR_LIT("%\0")));
	assert_false(filter_date_ok(STR_LIT("")));
	assert_true(filter_date_ok(STR_LIT("%d.%m")));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_codec__base64_both_ways),
		cmocka_unit_test(channel_codec__times_of_every_shape),
		cmocka_unit_test(channel_codec__an_escape_is_two_hex_digits),
		cmocka_unit_test(channel_codec__json_text_escapes_what_it_must),
		cmocka_unit_test(channel_codec__bare_digits_mean_what_the_dialect_says),
		cmocka_unit_test(channel_codec__charsets_decode_and_refuse),
		cmocka_unit_test(channel_codec__xml_escapes_both_ways),
		cmocka_unit_test(channel_codec__filters_do_their_work_or_give_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
