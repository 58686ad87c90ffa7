#include "text/text.h"
#include "text/text_int.h"

/*
 * Well-formed sequences as in RFC 3629 section 4: the second byte alone decides
 * overlong forms, surrogates and what lies over U+10FFFF.
 */
static size_t
sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xC2 || lead > 0xF4)
		return 0;
	return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static bool
second_byte_ok(unsigned char lead, unsigned char second)
{
	unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;

	return second >= low && second <= high;
}

/* Bytes of the first code point, or 0. */
static size_t
decode(struct str s, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t n = s.n > 0 ? sequence_length(p[0]) : 0;

	if (n == 0 || n > s.n || (n > 1 && !second_byte_ok(p[0], p[1])))
		return 0;
	uint32_t value = n == 1 ? p[0] : p[0] & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (p[i] & 0x3F);
	}
	*cp = value;
	return n;
}

bool
utf8_next(struct str *rest, uint32_t *cp)
{
	size_t n = decode(*rest, cp);

	if (n == 0)
		return false;
	rest->p += n;
	rest->n -= n;
	return true;
}

uint32_t
utf8_take(struct str *rest)
{
	uint32_t cp;

	if (utf8_step(rest, &cp))
		return cp;
	rest->p++;
	rest->n--;
	return UTF8_REPLACEMENT;
}

bool
utf8_ok(struct str s)
{
	uint32_t cp;

	while (utf8_next(&s, &cp))
		;
	return s.n == 0;
}

void
utf8_put(struct buf *to, uint32_t cp)
{
	char out[4];
	size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};

	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) {
		cp = UTF8_REPLACEMENT;
		n = 3;
	}
	for (size_t i = n; i-- > 1; cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3F));
	out[0] = (char)(lead[n] | cp);
	buf_add(to, out, n);
}

size_t
utf8_count(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return count;
}
