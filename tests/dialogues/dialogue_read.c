#include "dialogue.h"

#include <stdlib.h>

/* A file of lines; '#' behind a blank, or first, begins a comment. */

static struct str
read_whole(const char *file, struct arena *a)
{
	FILE *f = fopen(file, "rb");
	struct buf b;
	char piece[4096];
	size_t n;

	if (f == NULL)
		return STR_NONE;
	buf_init_arena(&b, a);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&b, piece, n);
	fclose(f);
	return buf_str(&b);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static uint32_t
hex_four(struct str s)
{
	char digits[5] = {0};

	memcpy(digits, s.p, s.n < 4 ? s.n : 4);
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

/* A text in quotes; *text stands behind the opening one. False when it is never closed. */
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

static struct str
bare_word(struct str *text)
{
	size_t n = 0;

	while (n < text->n && !is_blank(text->p[n]))
		n++;
	struct str word = {text->p, n};
	*text = str_after(*text, n);
	return word;
}

static bool
line_words(struct str text, struct arena *a, struct line *l)
{
	for (;;) {
		while (text.n > 0 && is_blank(text.p[0]))
			text = str_after(text, 1);
		if (text.n == 0 || text.p[0] == '#')
			break;
		if (l->n == WORDS_MAX)
			return false;
		if (l->n == 1)
			l->rest = text;
		struct str *word = &l->words[l->n];
		if (text.p[0] == '"') {
			text = str_after(text, 1);
			l->quoted[l->n] = true;
			if (!quoted_word(&text, a, word))
				return false;
		} else {
			*word = bare_word(&text);
		}
		l->n++;
	}
	if (l->rest.n > 0)
		l->rest = str_trim((struct str){l->rest.p, l->rest.n - text.n});
	return true;
}

bool
script_read(const char *file, struct arena *a, struct script *out)
{
	struct str rest = read_whole(file, a);
	size_t cap = 1;

	*out = (struct script){.file = file};
	if (rest.p == NULL) {
		fprintf(stderr, "%s: cannot be read\n", file);
		return false;
	}
	for (size_t i = 0; i < rest.n; i++)
		cap += rest.p[i] == '\n';
	out->lines = ARENA_ARRAY(a, struct line, cap);
	for (unsigned number = 1; rest.n > 0; number++) {
		struct line *l = &out->lines[out->n];

		*l = (struct line){.number = number};
		if (!line_words(str_cut(&rest, '\n'), a, l)) {
			fprintf(stderr, "%s:%u: a quote is not closed, or too many words\n", file,
				number);
			return false;
		}
		if (l->n == 3 && str_is(l->words[0], "for") && str_is(l->words[1], "each") &&
		    str_is(l->words[2], "language"))
			out->each_language = true;
		else if (l->n > 0)
			out->n++;
	}
	return true;
}
