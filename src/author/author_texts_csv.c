#include "author/author_texts_int.h"

/* A table that comes back from a spreadsheet: RFC 4180, or with semicolons as some write it. */

struct csv {
	const char *name;
	struct str rest;
	char comma;
	uint32_t line; /* of the next cell */
	struct arena *arena;
	struct err *err;
};

enum { CELLS = MENU_LANGS + 3 };

/* A cell in quotes; the quote is at the front. False when it never ends. */
static bool
quoted(struct csv *c, struct buf *b)
{
	for (size_t i = 1; i < c->rest.n; i++) {
		char ch = c->rest.p[i];

		if (ch == '"' && i + 1 < c->rest.n && c->rest.p[i + 1] == '"') {
			i++;
		} else if (ch == '"') {
			c->rest = str_after(c->rest, i + 1);
			return true;
		}
		c->line += ch == '\n';
		/* A line ends in \n in our files, whatever a spreadsheet makes of it. */
		if (ch != '\r' || i + 1 == c->rest.n || c->rest.p[i + 1] != '\n')
			buf_addc(b, ch);
	}
	c->rest = STR_NONE;
	return false;
}

static void
bare(struct csv *c, struct buf *b)
{
	while (c->rest.n > 0 && c->rest.p[0] != c->comma && c->rest.p[0] != '\n') {
		if (c->rest.p[0] != '\r')
			buf_addc(b, c->rest.p[0]);
		c->rest = str_after(c->rest, 1);
	}
}

/* True while the row goes on. */
static bool
cell(struct csv *c, struct str *out)
{
	struct buf b;

	buf_init_arena(&b, c->arena);
	uint32_t line = c->line;
	if (c->rest.n > 0 && c->rest.p[0] == '"' && !quoted(c, &b))
		err_add(c->err, c->name, line, 1, "a quote begins here and never ends");
	bare(c, &b);
	*out = buf_str(&b);
	if (c->rest.n == 0)
		return false;
	bool on = c->rest.p[0] == c->comma;
	c->line += !on;
	c->rest = str_after(c->rest, 1);
	return on;
}

static size_t
row(struct csv *c, struct str cells[CELLS])
{
	struct str extra;
	size_t n = 0;
	bool on = true;

	memset(cells, 0, CELLS * sizeof(*cells));
	while (on) {
		on = cell(c, n < CELLS ? &cells[n] : &extra);
		n++;
	}
	return n;
}

static bool
title(struct csv *c, struct texts_table *out)
{
	struct str cells[CELLS];
	size_t n = row(c, cells);

	if (n < 3 || n > MENU_LANGS + 3 || !str_is(cells[0], TEXTS_FILE) ||
	    !str_is(cells[1], TEXTS_PLACE)) {
		err_add(c->err, c->name, 1, 1,
			"neither a PO file nor a table that begins with %s, %s and languages",
			TEXTS_FILE, TEXTS_PLACE);
		return false;
	}
	for (size_t i = 2; i < n; i++)
		out->langs[out->n_langs++] = cells[i];
	return true;
}

static void
read_csv(struct csv *c, struct texts_table *out)
{
	struct str cells[CELLS];

	if (!title(c, out))
		return;
	while (c->rest.n > 0) {
		uint32_t line = c->line;
		size_t n = row(c, cells);

		if (n == 1 && cells[0].n == 0)
			continue;
		if (n != out->n_langs + 2) {
			err_add(c->err, c->name, line, 1, "%zu cells, and the title has %zu", n,
				out->n_langs + 2);
			continue;
		}
		struct texts_record *r = author_texts_add(out, c->arena, line);
		r->file = cells[0];
		r->place = cells[1];
		memcpy(r->said, cells + 2, out->n_langs * sizeof(*cells));
	}
}

struct texts_record *
author_texts_add(struct texts_table *t, struct arena *a, uint32_t line)
{
	if (t->n == t->cap) {
		struct texts_record *bigger = ARENA_ARRAY(a, struct texts_record, t->cap * 2 + 64);

		if (t->n > 0)
			memcpy(bigger, t->v, t->n * sizeof(*bigger));
		t->v = bigger;
		t->cap = t->cap * 2 + 64;
	}
	t->v[t->n] = (struct texts_record){.line = line};
	return &t->v[t->n++];
}

static bool
is_po(struct str bytes)
{
	while (bytes.n > 0) {
		struct str line = str_trim(str_cut(&bytes, '\n'));

		if (line.n > 0 && line.p[0] != '#')
			return str_starts(line, STR_LIT("msg"));
	}
	return false;
}

void
author_texts_read(const char *name, struct str bytes, struct arena *a, struct err *err,
		  struct texts_table *out)
{
	const struct str mark = STR_LIT("\xef\xbb\xbf");

	*out = (struct texts_table){0};
	if (str_starts(bytes, mark))
		bytes = str_after(bytes, mark.n);
	if (!utf8_ok(bytes)) {
		err_add(err, name, 0, 0, "not UTF-8: save it so from the program that made it");
		return;
	}
	if (is_po(bytes)) {
		author_texts_read_po(name, bytes, a, err, out);
		return;
	}
	struct csv c = {name, bytes, ',', 1, a, err};
	if (str_starts(bytes, STR_LIT(TEXTS_FILE ";")))
		c.comma = ';';
	read_csv(&c, out);
}
