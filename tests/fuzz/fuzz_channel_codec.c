/*
 * Any bytes through every encoding that aggregators use: what decodes stays in
 * bounds and, encoded again, is the same; what is encoded always comes back.
 */
#include "channel/channel_int.h"

#include <jansson.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_percent(struct str s, struct arena *a)
{
	struct str plain, back, name, value, rest = s;
	struct buf b;
	size_t params = 0;

	CHECK(codec_unpercent(s, true, a, &plain) == codec_escapes_ok(s));
	for (int plus = 0; plus <= 1; plus++) {
		buf_init_arena(&b, a);
		codec_percent(s, plus, &b);
		CHECK(b.n <= 3 * s.n && codec_unpercent(buf_str(&b), plus, a, &back));
		CHECK(str_eq(back, s));
	}
	while (codec_param(&rest, &name, &value))
		CHECK(++params <= s.n && name.n + value.n <= s.n);
}

static void
check_bytes(struct str s, struct arena *a)
{
	struct str back;

	CHECK(codec_unhex(codec_hex(s, a), a, &back) && str_eq(back, s));
	CHECK(codec_unbase64(codec_base64(s, a), a, &back) && str_eq(back, s));
	if (codec_unhex(s, a, &back))
		CHECK(2 * back.n == s.n);
	if (codec_unbase64(s, a, &back))
		CHECK(back.n <= s.n / 4 * 3);
}

static void
check_charsets(struct str s, struct arena *a)
{
	static const enum charset all[] = {CHARSET_UTF8, CHARSET_UTF16BE, CHARSET_GSM7,
					   CHARSET_LATIN1};
	struct str text, coded, back;

	(void)codec_charset(s);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (codec_decode(all[i], s, a, &text))
			CHECK(utf8_ok(text) && str_find(text, '\0') < 0);
		if (!utf8_ok(s) || str_find(s, '\0') >= 0 || !codec_encode(all[i], s, a, &coded))
			continue;
		CHECK(codec_decode(all[i], coded, a, &back) && str_eq(back, s));
	}
}

static void
check_markup(struct str s, struct arena *a)
{
	struct str plain, back;
	struct buf b;

	buf_init_arena(&b, a);
	codec_xml_text(s, &b);
	CHECK(codec_unxml(buf_str(&b), a, &back) && back.n <= s.n);
	if (codec_unxml(s, a, &plain))
		CHECK(plain.n <= s.n && (!utf8_ok(s) || utf8_ok(plain)));
	buf_init_arena(&b, a);
	codec_json_text(s, &b);
	if (!utf8_ok(s) || (s.n > 0 && str_find(s, '\0') >= 0))
		return;
	json_t *j = json_loadb(b.p, b.n, JSON_DECODE_ANY, NULL);
	CHECK(j != NULL && str_is(s, json_string_value(j)));
	json_decref(j);
}

static void
check_json(struct str s, struct arena *a)
{
	static const struct step steps[] = {{STR_LIT("a"), -1}, {STR_NONE, 0}, {STR_LIT("b"), -1}};
	json_t *tree = tree_parse(s);

	if (tree == NULL)
		return;
	for (size_t n = 0; n <= ARRAY_LEN(steps); n++) {
		struct piece p = tree_piece(tree_find(tree, steps, n, n % 2), a);

		CHECK(!piece_has(p) || utf8_ok(p.s));
	}
	CHECK(tree_text(tree, a).n > 0);
	json_decref(tree);
}

static void
check_values(struct str s)
{
	struct phone phone;
	bool https;
	uint16_t port;
	int64_t at = 0;

	if (codec_time(s, &at))
		CHECK(at > -100000 && at < INT64_C(300000000000));
	for (int national = 0; national <= 1; national++)
		if (codec_phone(s, national, &phone))
			CHECK(phone.e164_do_not_log[0] == '+');
	struct str host = channel_url_host(s, &https, &port);
	CHECK(host.n < s.n || s.n == 0);
	CHECK(host.n == 0 || (host.p >= s.p && host.p + host.n <= s.p + s.n && port > 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *a;
	struct str s = {(const char *)data, n};

	if (a == NULL)
		a = arena_new(1 << 16);
	arena_reset(a);
	check_percent(s, a);
	check_bytes(s, a);
	check_charsets(s, a);
	check_markup(s, a);
	check_json(s, a);
	check_values(s);
	return 0;
}
