#include "text/text.h"
#include "text/text_int.h"

size_t
ucs2_units(struct str s)
{
	size_t units = 0;

	while (s.n > 0)
		units += utf8_take(&s) > 0xFFFF ? 2 : 1;
	return units;
}

static void
put_unit(struct buf *to, uint32_t unit)
{
	const char bytes[2] = {(char)(unit >> 8), (char)(unit & 0xFF)};

	buf_add(to, bytes, 2);
}

void
ucs2_encode(struct str s, struct buf *utf16be)
{
	while (s.n > 0) {
		uint32_t cp = utf8_take(&s);

		if (cp <= 0xFFFF) {
			put_unit(utf16be, cp);
		} else {
			put_unit(utf16be, 0xD800 + ((cp - 0x10000) >> 10));
			put_unit(utf16be, 0xDC00 + ((cp - 0x10000) & 0x3FF));
		}
	}
}

static uint32_t
unit_at(struct str bytes, size_t i)
{
	return (uint32_t)(unsigned char)bytes.p[i] << 8 | (unsigned char)bytes.p[i + 1];
}

int
ucs2_decode(struct str utf16be, struct buf *utf8)
{
	const size_t before = utf8->n;

	if (utf16be.n % 2 != 0)
		return W_EINVAL;
	for (size_t i = 0; i < utf16be.n; i += 2) {
		uint32_t cp = unit_at(utf16be, i);

		if (cp >= 0xD800 && cp <= 0xDBFF && i + 2 < utf16be.n) {
			uint32_t low = unit_at(utf16be, i + 2);

			if (low >= 0xDC00 && low <= 0xDFFF) {
				cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
				i += 2;
			}
		}
		if (cp >= 0xD800 && cp <= 0xDFFF) {
			buf_cut(utf8, before);
			return W_EINVAL;
		}
		utf8_put(utf8, cp);
	}
	return W_OK;
}

void
latin1_decode(struct str bytes, struct buf *utf8)
{
	for (size_t i = 0; i < bytes.n; i++)
		utf8_put(utf8, (unsigned char)bytes.p[i]);
}
