#include "yaml/yaml_int.h"

/* Bytes of a character by its first byte, and the least code point that needs so many. */
static size_t
length_of(unsigned char first, uint32_t *least)
{
	static const struct {
		unsigned char mask, bits, length;
		uint32_t least;
	} forms[] = {
		{0x80, 0x00, 1, 0},
		{0xe0, 0xc0, 2, 0x80},
		{0xf0, 0xe0, 3, 0x800},
		{0xf8, 0xf0, 4, 0x10000},
	};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if ((first & forms[i].mask) == forms[i].bits) {
			*least = forms[i].least;
			return forms[i].length;
		}
	}
	return 0;
}

/* RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
bool
yaml_char_next(struct str *rest, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)rest->p;
	uint32_t least = 0, c;
	size_t length = length_of(p[0], &least);

	*cp = p[0];
	if (length == 0 || length > rest->n)
		goto broken;
	c = length == 1 ? p[0] : p[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			goto broken;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		goto broken;
	*cp = c;
	*rest = str_after(*rest, length);
	return true;
broken:
	*rest = str_after(*rest, 1);
	return false;
}

bool
yaml_char_ok(uint32_t cp)
{
	if (cp == '\t' || cp == '\n' || cp == '\r')
		return true;
	if (cp < 0x20 || (cp >= 0x7f && cp <= 0x9f))
		return false;
	/* U+2028 and U+2029 end a line for libyaml and for no editor. */
	if (cp == 0x2028 || cp == 0x2029 || cp == 0xfeff)
		return false;
	return (cp & 0xfffe) != 0xfffe;
}

struct scan {
	struct yaml_faults *faults;
	uint32_t line, col;
	uint32_t told;   /* the last line with a fault: one each is enough */
	uint32_t before; /* the character before */
};

static void
tell(struct scan *s, bool broken, uint32_t cp)
{
	if (s->told == s->line)
		return;
	s->told = s->line;
	if (broken)
		yaml_fault_at(s->faults, s->line, s->col,
			      "not UTF-8 (byte 0x%02X): save the file as UTF-8", cp);
	else if (cp == '%')
		yaml_fault_at(s->faults, s->line, s->col, "directives (%%...) are not taken");
	else
		yaml_fault_at(s->faults, s->line, s->col, "the character U+%04X is not taken", cp);
}

/* LF, CR and CR LF each end one line. */
static void
step(struct scan *s, uint32_t cp)
{
	if (cp == '\n' && s->before == '\r') {
		s->before = cp;
		return;
	}
	if (cp == '\n' || cp == '\r') {
		s->line++;
		s->col = 1;
	} else {
		s->col++;
	}
	s->before = cp;
}

char *
yaml_scan(struct str text, struct yaml_faults *f, size_t *n)
{
	struct scan s = {.faults = f, .line = 1, .col = 1};
	char *copy = xmalloc(text.n + 1);
	size_t used = 0;

	if (str_starts(text, STR_LIT("\xef\xbb\xbf"))) {
		yaml_fault_at(f, 1, 1,
			      "a byte order mark is not taken: save the file as UTF-8 without it");
		text = str_after(text, 3);
	}
	while (text.n > 0) {
		struct str from = text;
		uint32_t cp;
		bool whole = yaml_char_next(&text, &cp);

		if (!whole || !yaml_char_ok(cp)) {
			tell(&s, !whole, cp);
			copy[used++] = '_';
			cp = '_';
		} else if (cp == '%' && s.col == 1) {
			tell(&s, false, cp);
			copy[used++] = '#';
		} else {
			memcpy(copy + used, from.p, from.n - text.n);
			used += from.n - text.n;
		}
		step(&s, cp);
	}
	copy[used] = '\0';
	*n = used;
	return copy;
}
