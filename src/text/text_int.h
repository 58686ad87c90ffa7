/*
 * What the files of text/ share and nobody else needs.
 */
#ifndef WASL_TEXT_TEXT_INT_H
#define WASL_TEXT_TEXT_INT_H

#include "text/text.h"

enum { UTF8_REPLACEMENT = 0xFFFD };

/* utf8_next with the short way for ASCII in line, for the loops that measure. */
static inline bool
utf8_step(struct str *rest, uint32_t *cp)
{
	if (rest->n == 0 || (unsigned char)rest->p[0] >= 0x80)
		return utf8_next(rest, cp);
	*cp = (unsigned char)rest->p[0];
	rest->p++;
	rest->n--;
	return true;
}

/* The next code point of a text that is not empty; a broken byte is taken as U+FFFD. */
uint32_t utf8_take(struct str *rest);

/* Value of a decimal digit of any script (general category Nd), or -1. */
int class_digit(uint32_t cp);

/*
 * Characters that only steer writing direction (UAX 9 section 2) or joining:
 * ALM, ZWNJ, ZWJ, LRM, RLM, embeddings, overrides, isolates, word joiner, BOM.
 */
bool class_is_steering(uint32_t cp);
/* C0, DEL and C1. */
bool class_is_control(uint32_t cp);
/* Blanks of every width and line ends. */
bool class_is_blank(uint32_t cp);

#endif
