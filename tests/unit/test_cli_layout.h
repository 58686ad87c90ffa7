/*
 * The safe layout, checked by a scan of strong directions (UAX 9 classes of
 * utf8proc): each line's first strong character is left-to-right, and a cell
 * with a right-to-left letter is the last of its line or the next begins with
 * a left-to-right letter. Two blanks part cells.
 */
#ifndef TEST_CLI_LAYOUT_H
#define TEST_CLI_LAYOUT_H

#include "base/str.h"
#include "text/text.h"

#include <utf8proc.h>

enum strong { STRONG_NOT, STRONG_LEFT, STRONG_RIGHT };

static inline enum strong
layout_class(uint32_t cp)
{
	const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)cp);

	return p->bidi_class == UTF8PROC_BIDI_CLASS_L    ? STRONG_LEFT
	       : p->bidi_class == UTF8PROC_BIDI_CLASS_R  ? STRONG_RIGHT
	       : p->bidi_class == UTF8PROC_BIDI_CLASS_AL ? STRONG_RIGHT
							 : STRONG_NOT;
}

static inline enum strong
layout_first_strong(struct str s)
{
	uint32_t cp;

	while (utf8_next(&s, &cp))
		if (layout_class(cp) != STRONG_NOT)
			return layout_class(cp);
	return STRONG_NOT;
}

/* The piece before the next two blanks; *rest begins with the next cell. */
static inline struct str
layout_cell(struct str *rest)
{
	struct str cell = *rest;

	for (size_t i = 0; i + 1 < rest->n; i++) {
		if (rest->p[i] != ' ' || rest->p[i + 1] != ' ')
			continue;
		cell.n = i;
		while (i < rest->n && rest->p[i] == ' ')
			i++;
		*rest = str_after(*rest, i);
		return cell;
	}
	*rest = STR_NONE;
	return cell;
}

/* NULL when a line is safe, else what is wrong with it. */
static inline const char *
layout_line_fault(struct str line)
{
	bool arabic_before = false;
	uint32_t cp;

	if (layout_first_strong(line) == STRONG_RIGHT)
		return "the first strong character is right-to-left";
	while (line.n > 0) {
		struct str cell = layout_cell(&line), head = cell;

		if (cell.n == 0)
			continue;
		(void)utf8_next(&head, &cp);
		if (arabic_before && layout_class(cp) != STRONG_LEFT)
			return "a cell after Arabic does not begin with a Latin letter";
		arabic_before = text_is_rtl(cell);
	}
	return NULL;
}

/* A control or direction character that would have come out of stored text. */
static inline bool
layout_has_control(struct str s)
{
	uint32_t cp;

	while (utf8_next(&s, &cp))
		if ((cp < 0x20 && cp != '\n') || (cp >= 0x7F && cp < 0xA0) ||
		    (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
		    (cp >= 0x2066 && cp <= 0x2069) || cp == 0x061C)
			return true;
	return false;
}

#endif
