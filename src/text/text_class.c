#include "text/text.h"
#include "text/text_int.h"

#include <utf8proc.h>

/* Zeros of every script; nine more digits follow each (general category Nd, Unicode 14). */
static const uint32_t zeros[] = {
	0x0030,  0x0660,  0x06F0,  0x07C0,  0x0966,  0x09E6,  0x0A66,  0x0AE6,  0x0B66,  0x0BE6,
	0x0C66,  0x0CE6,  0x0D66,  0x0DE6,  0x0E50,  0x0ED0,  0x0F20,  0x1040,  0x1090,  0x17E0,
	0x1810,  0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,
	0xA8D0,  0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066,
	0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0,
	0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2,
	0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
};

int
class_digit(uint32_t cp)
{
	size_t low = 0, high = ARRAY_LEN(zeros);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cp < zeros[middle])
			high = middle;
		else if (cp > zeros[middle] + 9)
			low = middle + 1;
		else
			return (int)(cp - zeros[middle]);
	}
	return -1;
}

bool
class_is_steering(uint32_t cp)
{
	return cp == 0x061C || (cp >= 0x200C && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
	       cp == 0x2060 || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF;
}

bool
class_is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F);
}

bool
class_is_blank(uint32_t cp)
{
	if (cp < 0x80)
		return cp == ' ' || (cp >= '\t' && cp <= '\r');
	if (cp == 0x85)
		return true;
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
	return c == UTF8PROC_CATEGORY_ZS || c == UTF8PROC_CATEGORY_ZL || c == UTF8PROC_CATEGORY_ZP;
}

void
text_fold_digits(struct str s, struct buf *to)
{
	while (s.n > 0) {
		uint32_t cp = utf8_take(&s);
		int value = class_digit(cp);

		utf8_put(to, value >= 0 ? (uint32_t)('0' + value) : cp);
	}
}

void
text_strip_controls(struct str s, struct buf *to)
{
	while (s.n > 0) {
		uint32_t cp = utf8_take(&s);

		if (cp == '\n' || !(class_is_control(cp) || class_is_steering(cp)))
			utf8_put(to, cp);
	}
}

static bool
is_letter(const utf8proc_property_t *p)
{
	return p->category >= UTF8PROC_CATEGORY_LU && p->category <= UTF8PROC_CATEGORY_LO;
}

bool
text_is_rtl(struct str s)
{
	while (s.n > 0) {
		const utf8proc_property_t *p =
			utf8proc_get_property((utf8proc_int32_t)utf8_take(&s));

		if (is_letter(p) && (p->bidi_class == UTF8PROC_BIDI_CLASS_R ||
				     p->bidi_class == UTF8PROC_BIDI_CLASS_AL))
			return true;
	}
	return false;
}
