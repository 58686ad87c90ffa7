#include "base/str.h"

#include <errno.h>
#include <stdlib.h>

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool
str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

struct str
str_after(struct str a, size_t n)
{
	return n >= a.n ? STR_NONE : (struct str){a.p + n, a.n - n};
}

ptrdiff_t
str_find(struct str a, char c)
{
	const char *at = a.n ? memchr(a.p, c, a.n) : NULL;

	return at ? at - a.p : -1;
}

struct str
str_cut(struct str *rest, char c)
{
	ptrdiff_t at = str_find(*rest, c);
	struct str piece = *rest;

	if (at < 0) {
		*rest = STR_NONE;
		return piece;
	}
	piece.n = (size_t)at;
	*rest = str_after(*rest, (size_t)at + 1);
	return piece;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str
str_trim(struct str a)
{
	while (a.n > 0 && is_blank(a.p[0]))
		a = str_after(a, 1);
	while (a.n > 0 && is_blank(a.p[a.n - 1]))
		a.n--;
	return a;
}

bool
str_to_int(struct str a, int64_t *out)
{
	char copy[24], *end;

	if (a.n == 0 || a.n >= sizeof(copy) || !(a.p[0] == '-' || (a.p[0] >= '0' && a.p[0] <= '9')))
		return false;
	memcpy(copy, a.p, a.n);
	copy[a.n] = '\0';
	errno = 0;
	long long value = strtoll(copy, &end, 10);
	if (errno != 0 || end != copy + a.n)
		return false;
	*out = value;
	return true;
}

enum { NEAR_LONGEST = 40 };

/* Levenshtein distance, one row at a time; words are short. */
static size_t
edits(struct str a, struct str b)
{
	size_t row[NEAR_LONGEST + 1];

	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = diagonal + (lower(a.p[i - 1]) != lower(b.p[j - 1]));

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b.n];
}

const char *
str_nearest(struct str word, const char *const *words, size_t n)
{
	const char *best = NULL;
	size_t least = 3;

	if (word.n == 0 || word.n > NEAR_LONGEST)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct str candidate = str_of(words[i]);

		if (candidate.n == 0 || candidate.n > NEAR_LONGEST)
			continue;
		size_t distance = edits(word, candidate);
		if (distance < least && distance * 2 <= candidate.n) {
			least = distance;
			best = words[i];
		}
	}
	return best;
}
