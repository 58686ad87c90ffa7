#include "channel/channel_int.h"

#include <time.h>

/* Every filter is one function; one that cannot do its work gives absent. */

typedef struct piece filter_fn(const struct filter *f, struct piece p, struct arena *a);

static struct piece
made(bool ok, struct str s, enum piece_type type)
{
	return ok ? (struct piece){s, type} : PIECE_NONE;
}

static struct piece
unhex(const struct filter *f, struct piece p, struct arena *a)
{
	struct str s = STR_NONE;

	(void)f;
	bool ok = codec_unhex(p.s, a, &s);
	return made(ok, s, PIECE_BYTES);
}

static struct piece
unbase64(const struct filter *f, struct piece p, struct arena *a)
{
	struct str s = STR_NONE;

	(void)f;
	bool ok = codec_unbase64(p.s, a, &s);
	return made(ok, s, PIECE_BYTES);
}

static struct piece
unpercent(const struct filter *f, struct piece p, struct arena *a)
{
	struct str s = STR_NONE;

	(void)f;
	bool ok = codec_unpercent(p.s, false, a, &s);
	return made(ok, s, PIECE_BYTES);
}

static struct piece
encode(const struct filter *f, struct piece p, struct arena *a)
{
	enum charset c = f->kind == FILTER_UTF16BE ? CHARSET_UTF16BE
			 : f->kind == FILTER_GSM7  ? CHARSET_GSM7
						   : CHARSET_LATIN1;
	struct str s = STR_NONE;
	bool ok = codec_encode(c, p.s, a, &s);

	return made(ok, s, PIECE_BYTES);
}

static struct piece
decode(const struct filter *f, struct piece p, struct arena *a)
{
	enum charset c = f->kind == FILTER_UTF16BE ? CHARSET_UTF16BE
			 : f->kind == FILTER_GSM7  ? CHARSET_GSM7
						   : CHARSET_LATIN1;
	struct str s = STR_NONE;
	bool ok = codec_decode(c, p.s, a, &s);

	return made(ok, s, PIECE_TEXT);
}

static struct piece
digest(const struct filter *f, struct piece p, struct arena *a)
{
	enum sign_hash h = f->kind == FILTER_MD5    ? SIGN_MD5
			   : f->kind == FILTER_SHA1 ? SIGN_SHA1
						    : SIGN_SHA256;

	return made(true, sign_digest(h, p.s, a), PIECE_BYTES);
}

static struct piece
hex(const struct filter *f, struct piece p, struct arena *a)
{
	(void)f;
	return made(true, codec_hex(p.s, a), PIECE_TEXT);
}

static struct piece
base64(const struct filter *f, struct piece p, struct arena *a)
{
	(void)f;
	return made(true, codec_base64(p.s, a), PIECE_TEXT);
}

static struct piece
percent(const struct filter *f, struct piece p, struct arena *a)
{
	struct buf b;

	(void)f;
	buf_init_arena(&b, a);
	codec_percent(p.s, false, &b);
	return made(true, buf_str(&b), PIECE_TEXT);
}

static struct piece
unxml(const struct filter *f, struct piece p, struct arena *a)
{
	struct str s = STR_NONE;

	(void)f;
	bool ok = codec_unxml(p.s, a, &s);
	return made(ok, s, PIECE_TEXT);
}

/* ASCII letters only: these are words of protocols, not of people. */
static struct piece
letter_case(const struct filter *f, struct piece p, struct arena *a)
{
	char from = f->kind == FILTER_UPPER ? 'a' : 'A';
	char *to = arena_alloc(a, p.s.n + 1);

	for (size_t i = 0; i < p.s.n; i++)
		to[i] = p.s.p[i] >= from && p.s.p[i] <= from + 25 ? (char)(p.s.p[i] ^ 32)
								  : p.s.p[i];
	return made(true, (struct str){to, p.s.n}, p.type);
}

static struct piece
crlf(const struct filter *f, struct piece p, struct arena *a)
{
	struct buf b;

	(void)f;
	buf_init_arena(&b, a);
	for (size_t i = 0; i < p.s.n; i++) {
		if (p.s.p[i] == '\n' && (i == 0 || p.s.p[i - 1] != '\r'))
			buf_addc(&b, '\r');
		buf_addc(&b, p.s.p[i]);
	}
	return made(true, buf_str(&b), PIECE_TEXT);
}

static struct piece
uncrlf(const struct filter *f, struct piece p, struct arena *a)
{
	struct buf b;

	(void)f;
	buf_init_arena(&b, a);
	for (size_t i = 0; i < p.s.n; i++)
		if (p.s.p[i] != '\r' || i + 1 == p.s.n || p.s.p[i + 1] != '\n')
			buf_addc(&b, p.s.p[i]);
	return made(true, buf_str(&b), PIECE_TEXT);
}

/* "+21261" is no number and still has bare digits. */
static struct piece
digits_of(struct str s)
{
	int64_t v;

	if (s.n < 2 || s.p[0] != '+' || !str_to_int(str_after(s, 1), &v) || v < 0)
		return PIECE_NONE;
	return piece_text(str_after(s, 1));
}

/* A number written another way; what is no number is absent. */
static struct piece
phone(const struct filter *f, struct piece p, struct arena *a)
{
	static const enum phone_style styles[] = {PHONE_BARE, PHONE_ZEROS, PHONE_PLUS,
						  PHONE_NATIONAL};
	struct phone number;
	struct buf b;

	if (!codec_phone(p.s, false, &number) && !codec_phone(p.s, true, &number))
		return f->kind == FILTER_BARE ? digits_of(p.s) : PIECE_NONE;
	buf_init_arena(&b, a);
	phone_reveal(&number, styles[f->kind - FILTER_BARE], &b);
	return made(true, buf_str(&b), PIECE_TEXT);
}

static struct piece
number(const struct filter *f, struct piece p, struct arena *a)
{
	int64_t v;

	(void)f;
	if (!str_to_int(p.s, &v))
		return PIECE_NONE;
	return made(true, str_of(arena_printf(a, "%lld", (long long)v)), PIECE_NUMBER);
}

static struct piece
step_by(struct piece p, int64_t by, struct arena *a)
{
	int64_t v;

	if (!str_to_int(p.s, &v) || (by > 0 ? v == INT64_MAX : v == INT64_MIN))
		return PIECE_NONE;
	return made(true, str_of(arena_printf(a, "%lld", (long long)(v + by))), p.type);
}

static struct piece
next(const struct filter *f, struct piece p, struct arena *a)
{
	(void)f;
	return step_by(p, 1, a);
}

static struct piece
previous(const struct filter *f, struct piece p, struct arena *a)
{
	(void)f;
	return step_by(p, -1, a);
}

/* One of %Y %y %m %d %H %M %S; any other character is itself. */
static void
date_part(struct buf *to, char letter, const struct tm *tm)
{
	const struct {
		char letter;
		int value, width;
	} parts[] = {
		{'Y', tm->tm_year + 1900, 4}, {'y', tm->tm_year % 100, 2}, {'m', tm->tm_mon + 1, 2},
		{'d', tm->tm_mday, 2},        {'H', tm->tm_hour, 2},       {'M', tm->tm_min, 2},
		{'S', tm->tm_sec, 2},
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (parts[i].letter == letter)
			buf_printf(to, "%0*d", parts[i].width, parts[i].value);
}

/* Unix seconds to a UTC date. */
static struct piece
date(const struct filter *f, struct piece p, struct arena *a)
{
	int64_t v;
	struct tm tm;
	struct buf b;

	if (!str_to_int(p.s, &v) || v < 0 || v > INT64_C(253402300799))
		return PIECE_NONE;
	time_t t = (time_t)v;

	CHECK(gmtime_r(&t, &tm) != NULL); /* the year has four digits */
	buf_init_arena(&b, a);
	for (size_t i = 0; i < f->format.n; i++) {
		if (f->format.p[i] == '%') /* filter_date_ok saw that a letter follows */
			date_part(&b, f->format.p[++i], &tm);
		else
			buf_addc(&b, f->format.p[i]);
	}
	return made(true, buf_str(&b), PIECE_TEXT);
}

static struct piece
same(const struct filter *f, struct piece p, struct arena *a)
{
	(void)f;
	(void)a;
	return made(true, p.s, PIECE_TEXT);
}

static filter_fn *const apply[] = {
	[FILTER_UNHEX] = unhex,    [FILTER_UNBASE64] = unbase64, [FILTER_UNPERCENT] = unpercent,
	[FILTER_UTF16BE] = encode, [FILTER_GSM7] = encode,       [FILTER_LATIN1] = encode,
	[FILTER_MD5] = digest,     [FILTER_SHA1] = digest,       [FILTER_SHA256] = digest,
	[FILTER_HEX] = hex,        [FILTER_BASE64] = base64,     [FILTER_PERCENT] = percent,
	[FILTER_UNXML] = unxml,    [FILTER_UPPER] = letter_case, [FILTER_LOWER] = letter_case,
	[FILTER_CRLF] = crlf,      [FILTER_BARE] = phone,        [FILTER_00] = phone,
	[FILTER_PLUS] = phone,     [FILTER_NATIONAL] = phone,    [FILTER_NUMBER] = number,
	[FILTER_NEXT] = next,      [FILTER_DATE] = date,
};

/* The way back, for the other side of a call; a missing one means there is none. */
static filter_fn *const undo[] = {
	[FILTER_UNHEX] = hex,      [FILTER_UNBASE64] = base64, [FILTER_UNPERCENT] = percent,
	[FILTER_UTF16BE] = decode, [FILTER_GSM7] = decode,     [FILTER_LATIN1] = decode,
	[FILTER_HEX] = unhex,      [FILTER_BASE64] = unbase64, [FILTER_PERCENT] = unpercent,
	[FILTER_UPPER] = same,     [FILTER_LOWER] = same,      [FILTER_CRLF] = uncrlf,
	[FILTER_BARE] = same,      [FILTER_00] = same,         [FILTER_PLUS] = same,
	[FILTER_NATIONAL] = same,  [FILTER_NUMBER] = number,   [FILTER_NEXT] = previous,
	[FILTER_DATE] = NULL,
};

struct piece
filter_apply(const struct filter *f, struct piece p, struct arena *a)
{
	return piece_has(p) ? apply[f->kind](f, p, a) : p;
}

struct piece
filter_undo(const struct filter *f, struct piece p, struct arena *a)
{
	return piece_has(p) && undo[f->kind] != NULL ? undo[f->kind](f, p, a) : PIECE_NONE;
}

bool
filter_gives_bytes(enum filter_kind k, bool was_bytes)
{
	if (k <= FILTER_SHA256)
		return true;
	if (k == FILTER_UPPER || k == FILTER_LOWER)
		return was_bytes;
	return false;
}

bool
filter_date_ok(struct str format)
{
	for (size_t i = 0; i < format.n; i++)
		if (format.p[i] == '%' &&
		    (++i == format.n || format.p[i] == '\0' || !strchr("YymdHMS", format.p[i])))
			return false;
	return format.n > 0;
}
