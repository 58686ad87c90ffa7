/*
 * What a thief of files looks with: the spellings in which a program may leave
 * a number, a name, a note, a PIN or a secret behind, a search for all of them
 * at once, and the list of sealed columns with the place each belongs to.
 *
 * The search knows texts as they stand, in capitals and in small letters, in
 * hexadecimal, base64 (wherever in a longer text they begin), percent, JSON
 * escapes, UTF-16 of both orders, packed GSM-7 (wherever in an octet they
 * begin), and numbers besides as an integer and as semi-octets. Test code only.
 */
#ifndef WASL_TEST_THIEF_H
#define WASL_TEST_THIEF_H

#include "base/arena.h"
#include "privacy/privacy.h"

/* ---- thief_forms.c ---- */

enum thief_kind {
	THIEF_TEXT,   /* a name, a note, a secret */
	THIEF_NUMBER, /* "+2126...", also written 06..., 6..., 002126..., in groups */
	THIEF_DIGITS, /* a PIN or a code: so short that it counts only when it stands alone */
};

struct thief_needle {
	const char *word, *form; /* what it is of; "base64, 1" */
	const uint8_t *p;
	size_t n;
	bool alone; /* counts only without a letter or digit beside it */
};

struct thief_needles {
	struct arena *arena;
	struct thief_needle *v;
	size_t n, cap;
	int32_t *first; /* by hash of the first bytes: the first of a chain, -1 none */
	int32_t *next;
};

/* A needle shorter than this would be found by chance. */
enum { THIEF_LEAST = 5 };

void thief_needles_init(struct thief_needles *to);
void thief_needles_done(struct thief_needles *of);
void thief_needles_add(struct thief_needles *to, enum thief_kind kind, const char *word);
/* After the last one was added, before the first search. */
void thief_needles_ready(struct thief_needles *of);
/* Calls found for each place; how many there are. */
size_t thief_search(const struct thief_needles *of, struct str in,
		    void (*found)(void *ctx, const struct thief_needle *needle, size_t at),
		    void *ctx);

/* ---- thief_columns.c ---- */

struct thief_column {
	const char *table, *column;
	/* SELECT rowid, key id, person (0: nobody), the sealed bytes; in this order. */
	const char *all;
	/* UPDATE: ?1 the bytes, ?2 the row. */
	const char *put;
};
extern const struct thief_column thief_columns[];
extern const size_t thief_columns_n;

#endif
