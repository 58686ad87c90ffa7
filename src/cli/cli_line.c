#include "cli/cli_print.h"

#include "text/text.h"

#include <stdarg.h>
#include <wchar.h>

static const char bold[] = "\033[1m", plain[] = "\033[0m";

/* Decoration of ours that is outside ASCII, and what stands for it with --ascii. */
static const struct {
	uint32_t cp;
	const char *ascii;
} stand_ins[] = {{0xB7, "-"}, {0x2026, "..."}, {0x2022, "*"}, {0x2192, "->"}, {0xA0, " "}};

static void
put_ascii(struct buf *to, struct str s)
{
	uint32_t cp;

	while (utf8_next(&s, &cp)) {
		size_t i = 0;

		while (i < ARRAY_LEN(stand_ins) && stand_ins[i].cp != cp)
			i++;
		if (i < ARRAY_LEN(stand_ins))
			buf_adds(to, stand_ins[i].ascii);
		else
			utf8_put(to, cp);
	}
}

void
line_print(struct sheet *s, const char *line)
{
	struct str text = str_of(line);
	struct buf b;

	while (text.n > 0 && text.p[text.n - 1] == ' ')
		text.n--;
	if (s->view.ascii) {
		buf_init_arena(&b, s->a);
		put_ascii(&b, text);
		text = buf_str(&b);
	}
	fprintf(s->out, "%.*s\n", STR_ARG(text));
}

/* left ... right, as far apart as the width allows; the right half on its own line when not. */
static const char *
spread(struct sheet *s, const char *left, const char *right)
{
	size_t used = line_width(left) + line_width(right);
	size_t width = (size_t)s->view.width;

	if (right[0] == '\0')
		return left;
	if (left[0] == '\0')
		return right;
	if (used + 2 > width)
		return arena_printf(s->a, "%s\n        %s", left, right);
	size_t gap = width - used < 5 ? width - used : 5;

	return arena_printf(s->a, "%s%*s%s", left, (int)gap, "", right);
}

void
line_heading(struct sheet *s, const char *left, const char *right)
{
	const char *line = spread(s, left, right);

	if (s->view.color)
		line = arena_printf(s->a, "%s%s%s", bold, line, plain);
	line_print(s, line);
}

void
line_summary(struct sheet *s, const char *left, const char *right)
{
	/* Not under half an answer either: it would count what is not all there. */
	if (!cli_given(s->call, FLAG_QUIET) && s->answer.code == ADMIN_DONE)
		line_print(s, spread(s, left, right));
}

/* Bytes of text that fit into so many columns, cut between words where there is one. */
static size_t
fitting(struct str text, size_t columns)
{
	struct str rest = text;
	size_t width = 0, last_blank = 0;
	uint32_t cp;

	while (rest.n > 0) {
		size_t at = text.n - rest.n;

		if (!utf8_next(&rest, &cp))
			break;
		int w = wcwidth((wchar_t)cp);

		width += w > 0 ? (size_t)w : 0;
		if (width > columns)
			return last_blank > 0 ? last_blank : at > 0 ? at : text.n - rest.n;
		if (cp == ' ')
			last_blank = at;
	}
	return text.n;
}

const char *
note_lines(struct sheet *s, const char *label, const char *text)
{
	struct str rest = str_trim(str_of(text));
	size_t used = 8 + line_width(label) + 2;
	size_t columns = (size_t)s->view.width > used + 16 ? (size_t)s->view.width - used : 16;
	struct buf b;

	if (s->view.bidi == BIDI_PLAIN)
		columns = SIZE_MAX;
	buf_init_arena(&b, s->a);
	/* The label again on each line: a line that began with Arabic would run from the right. */
	while (rest.n > 0) {
		size_t n = fitting(rest, columns);
		const char *piece = arena_printf(s->a, "%.*s", (int)n, rest.p);

		buf_printf(&b, "        %s: %s\n", label, cell_isolate(s, piece));
		rest = str_trim(str_after(rest, n));
	}
	return b.n > 0 ? b.p : "";
}

void
line_note(struct sheet *s, const char *label, const char *text)
{
	struct str rest = str_of(note_lines(s, label, text));

	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		line_print(s, arena_printf(s->a, "%.*s", STR_ARG(line)));
	}
}

void
line_wrap(struct sheet *s, const char *prefix, const char *text)
{
	struct str rest = str_trim(str_of(text));
	size_t deep = line_width(prefix);
	size_t columns = (size_t)s->view.width > deep + 16 ? (size_t)s->view.width - deep : 16;

	do {
		size_t n = fitting(rest, columns);

		line_print(s, arena_printf(s->a, "%s%.*s", prefix, (int)n, str_bytes(rest)));
		rest = str_trim(str_after(rest, n));
		prefix = arena_printf(s->a, "%*s", (int)deep, "");
	} while (rest.n > 0);
}
