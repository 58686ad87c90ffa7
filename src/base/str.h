/*
 * A borrowed piece of bytes, not NUL-ended. Never owns; whoever made the bytes
 * says how long they live. p may be NULL only when n is 0.
 */
#ifndef WASL_BASE_STR_H
#define WASL_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

#define STR_NONE   ((struct str){NULL, 0})
#define STR_LIT(s) ((struct str){(s), sizeof(s) - 1})

/* Where the bytes are, for those who want a pointer even to none. */
static inline const char *
str_bytes(struct str s)
{
	return s.p != NULL ? s.p : "";
}

/* For printf("%.*s"). */
#define STR_ARG(s) (int)(s).n, str_bytes(s)

static inline struct str
str_of(const char *s)
{
	return (struct str){s, s ? strlen(s) : 0};
}

static inline bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
str_is(struct str a, const char *b)
{
	return str_eq(a, str_of(b));
}

static inline bool
str_starts(struct str a, struct str prefix)
{
	return a.n >= prefix.n && (prefix.n == 0 || memcmp(a.p, prefix.p, prefix.n) == 0);
}

/* Equal but for the case of ASCII letters (header names, words of aggregators). */
bool str_eq_nocase(struct str a, struct str b);

/* Everything after the first n bytes (or nothing). */
struct str str_after(struct str a, size_t n);

/* Position of the first c, or -1. */
ptrdiff_t str_find(struct str a, char c);

/* Cuts the piece before the next c off *rest and returns it; the last piece is all that is left. */
struct str str_cut(struct str *rest, char c);

/* Blanks, tabs and line ends off both edges. */
struct str str_trim(struct str a);

/* Whole text as decimal int64; false on anything else, overflow included. */
bool str_to_int(struct str a, int64_t *out);

/*
 * The nearest word of a list to a misspelt one (edit distance at most 2 and
 * at most half the word), or NULL: for "did you mean".
 */
const char *str_nearest(struct str word, const char *const *words, size_t n);

#endif
