#include "text/text.h"
#include "text/text_int.h"

/*
 * The closed plan of the Moroccan regulator: +212 and nine digits, written
 * with a trunk 0 inside the country. Mobile 6 and 7, geographic 5, special
 * services 8. No finer blocks: new ones are given out before any list knows.
 * A longest E.164 number has 15 digits; the shortest in use have 7.
 */
enum { E164_MIN = 7, E164_MAX = 15, SUBSCRIBER_DIGITS = 9, DIALLED_MAX = 20 };

/* What is left of a spelling. */
struct dialled {
	char digits[DIALLED_MAX];
	size_t n;
	bool plus;
};

const char *
phone_verdict_word(enum phone_verdict v)
{
	static const char *const words[] = {
		[PHONE_OK] = "ok",
		[PHONE_NOT_MOBILE] = "reject:not-mobile",
		[PHONE_FOREIGN] = "reject:foreign",
		[PHONE_BAD] = "reject",
	};

	return words[v];
}

/* Dots, slashes and brackets; hyphens and dashes; their full-width twins. */
static bool
is_separator(uint32_t cp)
{
	static const uint32_t signs[] = {
		'.',    '/',    '(',    ')',    '[',    ']',    '-',    0x00AD,
		0x2212, 0xFE63, 0xFF08, 0xFF09, 0xFF0D, 0xFF0E, 0xFF0F, 0x200B,
	};

	if (cp >= 0x2010 && cp <= 0x2015)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (signs[i] == cp)
			return true;
	return class_is_blank(cp) || class_is_control(cp) || class_is_steering(cp);
}

/* The scheme of RFC 3966, in any letter case. */
static bool
take_scheme(struct str *rest)
{
	struct str scheme = {rest->p, 4};

	if (rest->n < 4 || !str_eq_nocase(scheme, STR_LIT("tel:")))
		return false;
	*rest = str_after(*rest, 4);
	return true;
}

static bool
dial(struct dialled *d, uint32_t cp)
{
	int digit = class_digit(cp);

	if (digit >= 0 && d->n < DIALLED_MAX) {
		d->digits[d->n++] = (char)('0' + digit);
		return true;
	}
	if ((cp == '+' || cp == 0xFF0B) && !d->plus && d->n == 0) {
		d->plus = true;
		return true;
	}
	return digit < 0 && is_separator(cp);
}

static bool
has_country(const struct dialled *d)
{
	return (d->plus && d->n > 0) || (d->n > 2 && d->digits[0] == '0' && d->digits[1] == '0');
}

/* False when something stands there that is no part of a number. */
static bool
strip(struct str typed, struct dialled *d)
{
	bool scheme = false;
	uint32_t cp;

	while (typed.n > 0) {
		if (d->n == 0 && !d->plus && !scheme && take_scheme(&typed)) {
			scheme = true;
			continue;
		}
		/* "+33 (0)1": the trunk digit is not dialled from abroad. */
		if (has_country(d) && str_starts(typed, STR_LIT("(0)"))) {
			typed = str_after(typed, 3);
			continue;
		}
		if (!utf8_next(&typed, &cp) || !dial(d, cp))
			return false;
	}
	return true;
}

static void
set_e164(struct phone *out, const char *country, struct str rest)
{
	struct buf b;

	buf_init(&b, out->e164_do_not_log, sizeof(out->e164_do_not_log));
	buf_addc(&b, '+');
	buf_adds(&b, country);
	buf_add_str(&b, rest);
	CHECK(buf_ok(&b));
}

static enum phone_verdict
moroccan(struct str national, struct phone *out)
{
	if (national.n == SUBSCRIBER_DIGITS + 1 && national.p[0] == '0')
		national = str_after(national, 1);
	if (national.n != SUBSCRIBER_DIGITS || strchr("5678", national.p[0]) == NULL)
		return PHONE_BAD;
	set_e164(out, "212", national);
	return national.p[0] == '6' || national.p[0] == '7' ? PHONE_OK : PHONE_NOT_MOBILE;
}

static enum phone_verdict
foreign(struct str number, struct phone *out)
{
	if (number.n < E164_MIN || number.n > E164_MAX || number.p[0] == '0')
		return PHONE_BAD;
	set_e164(out, "", number);
	return PHONE_FOREIGN;
}

enum phone_verdict
phone_parse(struct str typed, struct phone *out)
{
	struct dialled d = {0};

	*out = (struct phone){{0}};
	if (typed.n > PHONE_TYPED_MAX || !strip(typed, &d))
		return PHONE_BAD;
	struct str number = {d.digits, d.n};
	if (!d.plus && str_starts(number, STR_LIT("00"))) {
		d.plus = true;
		number = str_after(number, 2);
	}
	if (str_starts(number, STR_LIT("212")))
		return moroccan(str_after(number, 3), out);
	return d.plus ? foreign(number, out) : moroccan(number, out);
}

bool
phone_eq(const struct phone *a, const struct phone *b)
{
	return strcmp(a->e164_do_not_log, b->e164_do_not_log) == 0;
}

void
phone_reveal(const struct phone *p, enum phone_style style, struct buf *to)
{
	struct str e164 = str_of(p->e164_do_not_log);
	bool ours = str_starts(e164, STR_LIT("+212"));

	if (style == PHONE_BARE || style == PHONE_ZEROS) {
		if (style == PHONE_ZEROS && e164.n > 0)
			buf_adds(to, "00");
		buf_add_str(to, str_after(e164, 1));
	} else if (style == PHONE_NATIONAL && ours) {
		buf_addc(to, '0');
		buf_add_str(to, str_after(e164, 4));
	} else {
		buf_add_str(to, e164);
	}
}

void
phone_mask(const struct phone *p, struct buf *to)
{
	enum { SHOWN_FIRST = 5, SHOWN_LAST = 2 };
	struct str e164 = str_of(p->e164_do_not_log);

	for (size_t i = 0; i < e164.n; i++) {
		if (i < SHOWN_FIRST || i + SHOWN_LAST >= e164.n)
			buf_addc(to, e164.p[i]);
		else
			utf8_put(to, 0x2022);
	}
}
