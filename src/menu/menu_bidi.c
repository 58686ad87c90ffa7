#include "menu/menu_int.h"

/*
 * What the bidirectional algorithm (UAX 9) shows in another order than written,
 * in whichever base direction a phone takes: found by pattern, as the letters
 * around are known to be Arabic.
 */

enum { LRM = 0x200E, WINDOW = 5 };

static bool
digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

/* The text as code points, with the byte of each. */
struct letters {
	uint32_t cp[512];
	size_t byte[512], n;
};

static void
letters_take(struct letters *l, struct str text)
{
	struct str rest = text;

	l->n = 0;
	while (l->n < ARRAY_LEN(l->cp)) {
		size_t byte = text.n - rest.n;

		if (!utf8_next(&rest, &l->cp[l->n]))
			break;
		l->byte[l->n++] = byte;
	}
}

static uint32_t
at(const struct letters *l, size_t i)
{
	return i < l->n ? l->cp[i] : 0;
}

static const char *
plus_fault(const struct letters *l, size_t i)
{
	if (at(l, i) == '+' && digit(at(l, i + 1)) && (i == 0 || at(l, i - 1) != LRM))
		return "the plus sign of a number goes to the far end: write it national, without +";
	return NULL;
}

static const char *
hyphen_fault(const struct letters *l, size_t i)
{
	if (digit(at(l, i)) && at(l, i + 1) == '-' && digit(at(l, i + 2)))
		return "digits around a hyphen are shown in reverse: write / . or a word";
	return NULL;
}

static const char *
blank_fault(const struct letters *l, size_t i)
{
	if (digit(at(l, i)) && digit(at(l, i + 1)) && at(l, i + 2) == ' ' && digit(at(l, i + 3)) &&
	    digit(at(l, i + 4)))
		return "groups of digits are shown in reverse: write the number without blanks";
	return NULL;
}

/* A service code, '*' to '#', keeps its order only between two U+200E. */
static const char *
code_fault(const struct letters *l, size_t i)
{
	size_t end = i + 1;

	if (at(l, i) != '*' || (i > 0 && (at(l, i - 1) == '*' || digit(at(l, i - 1)))))
		return NULL;
	while (digit(at(l, end)) || at(l, end) == '*')
		end++;
	if (end == i + 1 || at(l, end) != '#')
		return NULL;
	if (i > 0 && at(l, i - 1) == LRM && at(l, end + 1) == LRM)
		return NULL;
	return "a code is shown scrambled: put U+200E on both sides, or use the placeholder";
}

const char *
menu_bidi_fault(struct str text, size_t *byte)
{
	const char *(*const rules[])(const struct letters *, size_t) = {plus_fault, hyphen_fault,
									blank_fault, code_fault};
	struct letters l;

	letters_take(&l, text);
	for (size_t i = 0; i < l.n; i++) {
		for (size_t rule = 0; rule < ARRAY_LEN(rules); rule++) {
			const char *why = rules[rule](&l, i);

			if (why == NULL)
				continue;
			*byte = l.byte[i];
			return why;
		}
	}
	return NULL;
}
