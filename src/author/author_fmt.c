#include "author/author_source_int.h"

#include "author/author_int.h"

/*
 * wasl menu fmt: texts in double quotes, the languages of a text below one
 * another with their texts in one column, no blanks at line ends, at most one
 * empty line in a row. Nothing is moved, no comment is touched. What a file
 * says is compared before and after; where it would not be the same, the file
 * stays as it is.
 */

struct fmt {
	const struct source_file *file;
	struct source_edits edits;
	bool blocks; /* a scalar over several lines: its blanks and empty lines mean something */
};

/* ---- Quotes ---- */

static bool
spans_lines(struct str span)
{
	return span.p == NULL || str_find(span, '\n') >= 0;
}

static void
requote(struct fmt *m, const struct yaml_node *scalar)
{
	struct str span = author_source_span(m->file, scalar);
	struct buf b;

	if (span.p == NULL || span.p[0] == '"' || spans_lines(span))
		return;
	buf_init_arena(&b, m->edits.arena);
	author_source_quote(&b, scalar->text);
	author_edit_add(&m->edits, (size_t)(span.p - m->file->bytes.p), span.n, buf_str(&b));
}

/* Keys of a node whose value is a text when it is one word for all languages. */
static bool
says_something(struct str key)
{
	static const char *const keys[] = {"menu", "ask",  "message", "end",
					   "say",  "item", "sms",     "wrong"};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (str_is(key, keys[i]))
			return true;
	return false;
}

/* As deep as a file may be. */
static void
walk(struct fmt *m, const struct yaml_node *at)
{
	if (at->kind == YAML_SCALAR && spans_lines(author_source_span(m->file, at)) &&
	    at->text.n > 0)
		m->blocks = true;
	for (size_t i = 0; at->kind == YAML_LIST && i < at->n; i++)
		walk(m, at->items[i]);
	for (size_t i = 0; at->kind == YAML_MAP && i < at->n; i++) {
		const struct yaml_pair *p = &at->pairs[i];

		if (p->value->kind == YAML_SCALAR && says_something(p->key->text) &&
		    p->value->text.n > 0 && !p->value->quoted && str_find(p->value->text, ' ') >= 0)
			requote(m, p->value);
		walk(m, p->value);
	}
}

/* ---- Columns ---- */

static size_t
key_end(const struct fmt *m, const struct yaml_pair *p)
{
	struct str span = author_source_span(m->file, p->key);
	size_t at = author_source_offset(m->file, p->key) + span.n;

	return span.p != NULL && at < m->file->bytes.n && m->file->bytes.p[at] == ':' ? at + 1 : 0;
}

/* Every language on a line of its own, and its text behind it. */
static bool
is_column(const struct fmt *m, const struct yaml_node *map)
{
	if (author_source_flow(m->file, map))
		return false;
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_pair *p = &map->pairs[i];

		if (p->key->line != p->value->line || p->key->col != map->pairs[0].key->col ||
		    key_end(m, p) == 0 || author_source_offset(m->file, p->value) < key_end(m, p))
			return false;
	}
	return true;
}

static void
align(struct fmt *m, const struct yaml_node *map)
{
	size_t widest = 0;

	for (size_t i = 0; i < map->n; i++)
		if (utf8_count(map->pairs[i].key->text) > widest)
			widest = utf8_count(map->pairs[i].key->text);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_pair *p = &map->pairs[i];
		size_t from = key_end(m, p), to = author_source_offset(m->file, p->value);
		size_t want = widest - utf8_count(p->key->text) + 1;
		struct str gap = {m->file->bytes.p + from, to - from};

		if (gap.n != want || str_find(gap, '\t') >= 0)
			author_edit_add(&m->edits, from, gap.n,
					str_of(arena_printf(m->edits.arena, "%*s", (int)want, "")));
	}
}

static void
texts(struct fmt *m, const struct source *s)
{
	for (size_t i = 0; i < s->n_texts; i++) {
		const struct yaml_node *map = s->texts[i].map;

		if (s->texts[i].file != m->file)
			continue;
		for (size_t k = 0; k < map->n; k++)
			requote(m, map->pairs[k].value);
		if (is_column(m, map))
			align(m, map);
	}
}

/* ---- Lines ---- */

static struct str
without_trailing(struct str line)
{
	while (line.n > 0 && strchr(" \t\r", line.p[line.n - 1]) != NULL)
		line.n--;
	return line;
}

static struct str
tidy_lines(struct str bytes, struct arena *a)
{
	struct buf b;
	bool empty = true; /* also before the first line */

	buf_init_arena(&b, a);
	while (bytes.n > 0) {
		struct str line = without_trailing(str_cut(&bytes, '\n'));

		if (line.n > 0 || !empty) {
			buf_add_str(&b, line);
			buf_addc(&b, '\n');
		}
		empty = line.n == 0;
	}
	while (b.n > 1 && b.p[b.n - 1] == '\n' && b.p[b.n - 2] == '\n')
		buf_cut(&b, b.n - 1);
	return buf_str(&b);
}

/* ---- The same file still ---- */

static bool
same(const struct yaml_node *x, const struct yaml_node *y)
{
	if (x->kind != y->kind || x->n != y->n || !str_eq(x->text, y->text))
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (x->kind == YAML_LIST ? !same(x->items[i], y->items[i])
					 : !same(x->pairs[i].key, y->pairs[i].key) ||
						   !same(x->pairs[i].value, y->pairs[i].value))
			return false;
	return true;
}

static bool
says_the_same(const struct source_file *f, struct str bytes, struct arena *a)
{
	struct err *err = err_new();
	struct yaml_doc *doc;
	bool good = yaml_read_text(f->path, bytes, 0, a, &doc, err) == W_OK &&
		    same(f->doc->root, doc->root);

	err_free(err);
	return good;
}

static struct str
format(const struct source *s, const struct source_file *f)
{
	struct fmt m = {.file = f, .edits = {.arena = s->arena}};

	walk(&m, f->doc->root);
	texts(&m, s);
	struct str bytes = author_edit_apply(f->bytes, &m.edits);
	if (!m.blocks)
		bytes = tidy_lines(bytes, s->arena);
	return says_the_same(f, bytes, s->arena) ? bytes : STR_NONE;
}

/* ---- The command ---- */

static int
format_all(const struct author_menu_options *o, const struct source *s)
{
	size_t changed = 0, failed = 0;

	for (size_t i = 0; i < s->n_files; i++) {
		const struct source_file *f = &s->files[i];
		struct str bytes = format(s, f);

		if (bytes.p != NULL && str_eq(bytes, f->bytes))
			continue;
		if (bytes.p == NULL || (!o->check && !author_source_write(f, bytes))) {
			fprintf(o->out, "%s: left as it is: cannot be written\n", f->path);
			failed++;
			continue;
		}
		fprintf(o->out, "%s\n", f->path);
		changed++;
	}
	if (!o->quiet)
		fprintf(o->out, "%zu file%s %s\n", changed, author_plural(changed),
			o->check ? "would change" : "changed");
	return failed > 0 || (o->check && changed > 0) ? AUTHOR_FAILED : AUTHOR_DONE;
}

int
author_menu_fmt(const struct author_menu_options *o)
{
	struct arena *a = arena_new(1 << 16);
	struct err *err = err_new();
	struct source s;
	int rc = author_source_open(o->dir, NULL, a, err, &s);

	err_sort(err);
	err_print(err, o->out);
	if (rc == 0)
		rc = format_all(o, &s);
	fflush(o->out);
	err_free(err);
	arena_free(a);
	return rc;
}
