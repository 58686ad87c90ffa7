#include "channel/channel_int.h"

#include <ctype.h>

/* ---- Percent (RFC 3986 2.1, application/x-www-form-urlencoded) ---- */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int
hex_pair(struct str s, size_t at)
{
	if (s.n < 2 || at > s.n - 2)
		return -1;
	int high = hex_digit(s.p[at]), low = hex_digit(s.p[at + 1]);

	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool
codec_escapes_ok(struct str s)
{
	for (;;) {
		ptrdiff_t at = str_find(s, '%');

		if (at < 0)
			return true;
		if (hex_pair(s, (size_t)at + 1) < 0)
			return false;
		s = str_after(s, (size_t)at + 3);
	}
}

bool
codec_unpercent(struct str s, bool plus_is_blank, struct arena *a, struct str *out)
{
	if (str_find(s, '%') < 0 && (!plus_is_blank || str_find(s, '+') < 0)) {
		*out = (struct str){str_bytes(s), s.n};
		return true;
	}
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%') {
			int byte = hex_pair(s, i + 1);

			if (byte < 0)
				return false;
			c = (char)byte;
			i += 2;
		} else if (c == '+' && plus_is_blank) {
			c = ' ';
		}
		to[n++] = c;
	}
	*out = (struct str){to, n};
	return true;
}

void
codec_percent(struct str s, bool plus_for_blank, struct buf *to)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < 128 && isalnum(c)) || (c != 0 && strchr("-._~", c) != NULL)) {
			buf_addc(to, (char)c);
		} else if (c == ' ' && plus_for_blank) {
			buf_addc(to, '+');
		} else {
			buf_addc(to, '%');
			buf_addc(to, digits[c >> 4]);
			buf_addc(to, digits[c & 15]);
		}
	}
}

/* The next parameter of a query or form, still encoded; false at the end. */
bool
codec_param(struct str *rest, struct str *name, struct str *value)
{
	while (rest->n > 0) {
		struct str pair = str_cut(rest, '&');

		if (pair.n == 0)
			continue;
		ptrdiff_t eq = str_find(pair, '=');
		*name = eq < 0 ? pair : (struct str){pair.p, (size_t)eq};
		*value = eq < 0 ? STR_NONE : str_after(pair, (size_t)eq + 1);
		value->p = str_bytes(*value);
		return true;
	}
	return false;
}

/* ---- Hex and base64 (RFC 4648) ---- */

bool
codec_unhex(struct str s, struct arena *a, struct str *out)
{
	if (s.n % 2 != 0)
		return false;
	char *to = arena_alloc(a, s.n / 2 + 1);

	for (size_t i = 0; i < s.n; i += 2) {
		int byte = hex_pair(s, i);

		if (byte < 0)
			return false;
		to[i / 2] = (char)byte;
	}
	*out = (struct str){to, s.n / 2};
	return true;
}

struct str
codec_hex(struct str s, struct arena *a)
{
	static const char digits[] = "0123456789abcdef";
	char *to = arena_alloc(a, s.n * 2 + 1);

	for (size_t i = 0; i < s.n; i++) {
		to[2 * i] = digits[(unsigned char)s.p[i] >> 4];
		to[2 * i + 1] = digits[(unsigned char)s.p[i] & 15];
	}
	return (struct str){to, s.n * 2};
}

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str
codec_base64(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, (s.n + 2) / 3 * 4 + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i += 3) {
		uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16;

		if (i + 1 < s.n)
			v |= (uint32_t)(unsigned char)s.p[i + 1] << 8;
		if (i + 2 < s.n)
			v |= (unsigned char)s.p[i + 2];
		to[n++] = base64_digits[v >> 18];
		to[n++] = base64_digits[v >> 12 & 63];
		to[n++] = i + 1 < s.n ? base64_digits[v >> 6 & 63] : '=';
		to[n++] = i + 2 < s.n ? base64_digits[v & 63] : '=';
	}
	return (struct str){to, n};
}

bool
codec_unbase64(struct str s, struct arena *a, struct str *out)
{
	char *to = arena_alloc(a, s.n / 4 * 3 + 1);
	size_t n = 0, pads = 0;

	if (s.n % 4 != 0)
		return false;
	while (pads < 2 && s.n > 0 && s.p[s.n - 1 - pads] == '=')
		pads++;
	for (size_t i = 0; i < s.n; i += 4) {
		uint32_t v = 0;

		for (size_t k = 0; k < 4; k++) {
			char c = i + k < s.n - pads ? s.p[i + k] : 'A';
			const char *digit = c ? strchr(base64_digits, c) : NULL;

			if (digit == NULL)
				return false;
			v = v << 6 | (uint32_t)(digit - base64_digits);
		}
		for (int shift = 16; shift >= 0; shift -= 8)
			to[n++] = (char)(v >> shift & 255);
	}
	*out = (struct str){to, n - pads};
	return true;
}

/* ---- Charsets ---- */

static const struct {
	const char *name;
	enum charset is;
} charset_names[] = {
	{"utf-8", CHARSET_UTF8},
	{"utf8", CHARSET_UTF8},
	{"us-ascii", CHARSET_UTF8},
	{"ascii", CHARSET_UTF8},
	{"utf-16be", CHARSET_UTF16BE},
	{"utf16be", CHARSET_UTF16BE},
	{"utf-16", CHARSET_UTF16BE},
	{"ucs-2", CHARSET_UTF16BE},
	{"ucs2", CHARSET_UTF16BE},
	{"ucs-2be", CHARSET_UTF16BE},
	{"iso-10646-ucs-2", CHARSET_UTF16BE},
	{"gsm7", CHARSET_GSM7},
	{"gsm", CHARSET_GSM7},
	{"gsm-7", CHARSET_GSM7},
	{"gsm 03.38", CHARSET_GSM7},
	{"gsm0338", CHARSET_GSM7},
	{"iso-8859-1", CHARSET_LATIN1},
	{"iso8859-1", CHARSET_LATIN1},
	{"latin1", CHARSET_LATIN1},
	{"latin-1", CHARSET_LATIN1},
};

enum charset
codec_charset(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(charset_names); i++)
		if (str_eq_nocase(str_trim(name), str_of(charset_names[i].name)))
			return charset_names[i].is;
	return CHARSET_NONE;
}

bool
codec_decode(enum charset c, struct str bytes, struct arena *a, struct str *out)
{
	struct buf b;
	int rc = 0;

	if (c == CHARSET_UTF8) {
		*out = bytes;
		return utf8_ok(bytes) && str_find(bytes, '\0') < 0;
	}
	buf_init_arena(&b, a);
	if (c == CHARSET_UTF16BE) /* a half unit at the end is dropped: cut by a gateway */
		rc = ucs2_decode((struct str){bytes.p, bytes.n & ~(size_t)1}, &b);
	else if (c == CHARSET_GSM7)
		rc = gsm7_decode(bytes, &b);
	else
		latin1_decode(bytes, &b);
	*out = buf_str(&b);
	return rc == 0 && str_find(*out, '\0') < 0;
}

static bool
latin1_encode(struct str text, struct buf *to)
{
	uint32_t cp;

	while (utf8_next(&text, &cp)) {
		if (cp > 255)
			return false;
		buf_addc(to, (char)cp);
	}
	return text.n == 0;
}

bool
codec_encode(enum charset c, struct str text, struct arena *a, struct str *out)
{
	struct buf b;
	bool ok = true;

	if (c == CHARSET_UTF8) {
		*out = text;
		return true;
	}
	buf_init_arena(&b, a);
	if (c == CHARSET_UTF16BE)
		ucs2_encode(text, &b);
	else if (c == CHARSET_GSM7)
		ok = gsm7_encode(text, &b) == 0;
	else
		ok = latin1_encode(text, &b);
	*out = buf_str(&b);
	return ok;
}

/* ---- Escapes of JSON and XML ---- */

void
codec_json_text(struct str s, struct buf *to)
{
	buf_addc(to, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '"' || c == '\\') {
			buf_addc(to, '\\');
			buf_addc(to, (char)c);
		} else if (c == '\n') {
			buf_adds(to, "\\n");
		} else if (c < 32 || c == 127) {
			buf_printf(to, "\\u%04x", c);
		} else {
			buf_addc(to, (char)c);
		}
	}
	buf_addc(to, '"');
}

static const struct {
	char c;
	const char *entity;
} entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}};

/* Characters XML 1.0 forbids (section 2.2: controls but tab, line feed, return) are dropped. */
void
codec_xml_text(struct str s, struct buf *to)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		size_t e = 0;

		while (e < ARRAY_LEN(entities) && (unsigned char)entities[e].c != c)
			e++;
		if (e < ARRAY_LEN(entities))
			buf_adds(to, entities[e].entity);
		else if (c >= 32 || c == '\t' || c == '\n' || c == '\r')
			buf_addc(to, (char)c);
	}
}

/* What stands between "&#" and ";": 65 or x41. */
static bool
xml_number(struct str digits, uint32_t *cp)
{
	bool hex = digits.n > 0 && (digits.p[0] == 'x' || digits.p[0] == 'X');
	uint32_t v = 0;

	digits = str_after(digits, hex ? 1 : 0);
	for (size_t i = 0; i < digits.n; i++) {
		int digit = hex_digit(digits.p[i]);

		if (digit < 0 || (!hex && digit > 9) || v > 0x10FFFF)
			return false;
		v = v * (hex ? 16 : 10) + (uint32_t)digit;
	}
	*cp = v;
	return v > 0 && v <= 0x10FFFF && (v < 0xD800 || v > 0xDFFF);
}

bool
codec_unxml(struct str s, struct arena *a, struct str *out)
{
	struct buf b;

	buf_init_arena(&b, a);
	while (s.n > 0) {
		ptrdiff_t end = s.p[0] == '&' ? str_find(s, ';') : -1;

		if (end < 0) {
			buf_addc(&b, s.p[0]);
			s = str_after(s, 1);
			continue;
		}
		struct str whole = {s.p, (size_t)end + 1};
		uint32_t cp;
		size_t e = 0;

		while (e < ARRAY_LEN(entities) && !str_is(whole, entities[e].entity))
			e++;
		if (e < ARRAY_LEN(entities))
			buf_addc(&b, entities[e].c);
		else if (str_starts(whole, STR_LIT("&#")) &&
			 xml_number((struct str){whole.p + 2, whole.n - 3}, &cp))
			utf8_put(&b, cp);
		else
			return false;
		s = str_after(s, whole.n);
	}
	*out = buf_str(&b);
	return true;
}
