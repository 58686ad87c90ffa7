#include "cli/cli_print.h"

#include "text/text.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <wchar.h>

/*
 * libsmartcols aligns; what has to go when the terminal is too narrow is
 * decided here, because its own cutting leaves no ellipsis and knows nothing
 * of lines below a row.
 */

enum {
	TABLE_COLUMNS = 12,
	TABLE_GAP = 2,    /* between columns */
	TABLE_INDENT = 1, /* before the first */
	SHRUNK_LEAST = 12,
	WIDER_THAN_ANY = 4096, /* so that libsmartcols never cuts */
};

struct table_line {
	const char *cell[TABLE_COLUMNS];
	const char *above, *below;
	bool alarm;
};

struct table {
	struct sheet *s;
	const struct table_column *column;
	size_t n, rows, cap;
	struct table_line *line;
	size_t width[TABLE_COLUMNS];
	bool hidden[TABLE_COLUMNS]; /* empty, or dropped */
	bool below[TABLE_COLUMNS];  /* dropped, and shown under its line */
};

struct table *
table_new(struct sheet *s, const struct table_column *columns, size_t n)
{
	struct table *t = ARENA_NEW(s->a, struct table);

	CHECK(n <= TABLE_COLUMNS);
	t->s = s;
	t->column = columns;
	t->n = n;
	return t;
}

void
table_row(struct table *t, const char *const *cells)
{
	if (t->rows == t->cap) {
		size_t cap = t->cap ? 2 * t->cap : 32;
		struct table_line *more = ARENA_ARRAY(t->s->a, struct table_line, cap);

		if (t->rows > 0)
			memcpy(more, t->line, t->rows * sizeof(*more));
		t->line = more;
		t->cap = cap;
	}
	struct table_line *l = &t->line[t->rows++];

	for (size_t i = 0; i < t->n; i++)
		l->cell[i] = cells[i] ? cells[i] : "";
}

static struct table_line *
last(struct table *t)
{
	CHECK(t->rows > 0);
	return &t->line[t->rows - 1];
}

void
table_alarm(struct table *t)
{
	last(t)->alarm = true;
}

void
table_above(struct table *t, const char *lines)
{
	last(t)->above = lines;
}

void
table_below(struct table *t, const char *lines)
{
	last(t)->below = lines;
}

/* ---- Room ---- */

static void
measure(struct table *t, bool titles)
{
	for (size_t i = 0; i < t->n; i++) {
		size_t widest = 0;

		for (size_t r = 0; r < t->rows; r++) {
			size_t w = line_width(t->line[r].cell[i]);

			widest = w > widest ? w : widest;
		}
		t->hidden[i] = widest == 0;
		if (titles && line_width(_(t->column[i].title)) > widest)
			widest = line_width(_(t->column[i].title));
		t->width[i] = widest > t->column[i].least ? widest : t->column[i].least;
	}
}

static size_t
total(const struct table *t)
{
	size_t sum = TABLE_INDENT, shown = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (t->hidden[i])
			continue;
		sum += t->width[i] + (shown++ > 0 ? TABLE_GAP : 0);
	}
	return sum;
}

static bool
drop_one(struct table *t)
{
	size_t worst = t->n;

	for (size_t i = 0; i < t->n; i++)
		if (!t->hidden[i] && t->column[i].drop > 0 &&
		    (worst == t->n || t->column[i].drop > t->column[worst].drop))
			worst = i;
	if (worst == t->n)
		return false;
	t->hidden[worst] = true;
	t->below[worst] = t->column[worst].label != NULL;
	return true;
}

static const char *
cut(struct table *t, const char *text, size_t columns)
{
	const char *dots = t->s->view.ascii ? "..." : "…";
	size_t room = columns - line_width(dots), width = 0;
	struct str rest = str_of(text), kept = rest;
	uint32_t cp;

	if (line_width(text) <= columns)
		return text;
	while (utf8_next(&rest, &cp)) {
		int w = wcwidth((wchar_t)cp);

		width += w > 0 ? (size_t)w : 0;
		if (width > room)
			break;
		kept.n = (size_t)(rest.p - kept.p);
	}
	/* An isolate that was cut open is closed again. */
	const char *close = strstr(text, "\u2068") != NULL ? "\u2069" : "";

	return arena_printf(t->s->a, "%.*s%s%s", STR_ARG(kept), dots, close);
}

/* As the last resort the columns that may shrink give up what is too much. */
static void
shrink(struct table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		size_t all = total(t), width = (size_t)t->s->view.width;

		if (t->hidden[i] || !t->column[i].shrinks || all <= width)
			continue;
		size_t over = all - width;

		t->width[i] = t->width[i] > over + SHRUNK_LEAST ? t->width[i] - over : SHRUNK_LEAST;
		for (size_t r = 0; r < t->rows; r++)
			t->line[r].cell[i] = cut(t, t->line[r].cell[i], t->width[i]);
	}
}

/* ---- Print ---- */

static struct libscols_table *
build(struct table *t, bool titles)
{
	struct libscols_table *tb = scols_new_table();

	CHECK(tb != NULL);
	scols_table_set_termforce(tb, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(tb, WIDER_THAN_ANY);
	scols_table_set_column_separator(tb, "  ");
	scols_table_enable_noheadings(tb, !titles);
	scols_table_enable_colors(tb, t->s->view.color);
	for (size_t i = 0; i < t->n; i++)
		if (!t->hidden[i])
			CHECK(scols_table_new_column(tb, _(t->column[i].title), (double)t->width[i],
						     0) != NULL);
	for (size_t r = 0; r < t->rows; r++) {
		struct libscols_line *ln = scols_table_new_line(tb, NULL);
		size_t at = 0;

		CHECK(ln != NULL);
		for (size_t i = 0; i < t->n; i++)
			if (!t->hidden[i])
				CHECK(scols_line_set_data(ln, at++, t->line[r].cell[i]) == 0);
		if (t->line[r].alarm && at > 0)
			scols_cell_set_color(scols_line_get_cell(ln, 0), "red");
	}
	return tb;
}

static void
print_block(struct sheet *s, const char *lines)
{
	struct str rest = str_of(lines);

	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		line_print(s, arena_printf(s->a, "%.*s", STR_ARG(line)));
	}
}

static void
print_row(struct table *t, const struct table_line *l, struct str text)
{
	if (l->above != NULL)
		print_block(t->s, l->above);
	line_print(t->s, arena_printf(t->s->a, "%*s%.*s", TABLE_INDENT, "", STR_ARG(text)));
	if (l->below != NULL)
		print_block(t->s, l->below);
	for (size_t i = 0; i < t->n; i++)
		if (t->below[i] && l->cell[i][0] != '\0')
			print_block(t->s, note_lines(t->s, _(t->column[i].label), l->cell[i]));
}

void
table_print(struct table *t, bool titles)
{
	char *all = NULL;

	measure(t, titles);
	while (total(t) > (size_t)t->s->view.width && drop_one(t))
		;
	shrink(t);
	struct libscols_table *tb = build(t, titles);

	CHECK(scols_print_table_to_string(tb, &all) == 0);
	struct str rest = str_of(all);

	if (titles) {
		struct str line = str_cut(&rest, '\n');

		line_heading(
			t->s,
			arena_printf(t->s->a, "%*s%.*s", TABLE_INDENT, "", STR_ARG(str_trim(line))),
			"");
	}
	for (size_t r = 0; r < t->rows; r++)
		print_row(t, &t->line[r], str_cut(&rest, '\n'));
	free(all);
	scols_unref_table(tb);
}
