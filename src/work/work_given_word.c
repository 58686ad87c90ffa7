#include "work/work_given.h"

#include <stdlib.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static uint32_t
hex_four(struct str s)
{
	char digits[5] = {0};

	memcpy(digits, s.p, 4);
	return (uint32_t)strtoul(digits, NULL, 16);
}

/* Behind a backslash: n, a quote, a backslash, or uXXXX. Returns the bytes eaten. */
static size_t
escape(struct str after, struct buf *to)
{
	if (after.n == 0)
		return 0;
	if (after.p[0] == 'u' && after.n >= 5) {
		utf8_put(to, hex_four(str_after(after, 1)));
		return 5;
	}
	buf_addc(to, (char)(after.p[0] == 'n' ? '\n' : after.p[0]));
	return 1;
}

/* *text stands behind the opening quote. False when it is never closed. */
static bool
quoted_word(struct str *text, struct arena *a, struct str *out)
{
	struct buf b;

	buf_init_arena(&b, a);
	while (text->n > 0 && text->p[0] != '"') {
		char c = text->p[0];

		*text = str_after(*text, 1);
		if (c == '\\')
			*text = str_after(*text, escape(*text, &b));
		else
			buf_addc(&b, c);
	}
	if (text->n == 0)
		return false;
	*text = str_after(*text, 1);
	*out = buf_str(&b);
	return true;
}

int
work_given_word(struct str *text, struct arena *a, struct str *word, bool *quoted)
{
	size_t n = 0;

	while (text->n > 0 && is_blank(text->p[0]))
		*text = str_after(*text, 1);
	if (text->n == 0 || text->p[0] == '#')
		return 0;
	*quoted = text->p[0] == '"';
	if (*quoted) {
		*text = str_after(*text, 1);
		return quoted_word(text, a, word) ? 1 : W_EINVAL;
	}
	while (n < text->n && !is_blank(text->p[n]))
		n++;
	*word = (struct str){text->p, n};
	*text = str_after(*text, n);
	return 1;
}

int
work_given_read(struct given *g, struct str line, struct arena *a)
{
	struct str word;
	bool quoted;
	int rc;

	g->n = 0;
	while ((rc = work_given_word(&line, a, &word, &quoted)) > 0) {
		if (g->n == GIVEN_WORDS) {
			g->why = "too many words";
			return W_EINVAL;
		}
		g->quoted[g->n] = quoted;
		g->words[g->n++] = word;
	}
	if (rc < 0)
		g->why = "a quote is not closed";
	return rc;
}
