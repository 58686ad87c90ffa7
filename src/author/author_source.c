#include "author/author_source_int.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Files ---- */

static bool
read_whole(FILE *f, struct arena *a, struct str *out)
{
	struct buf b;
	char piece[8192];
	size_t n;

	buf_init_arena(&b, a);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0 && b.n <= YAML_MAX_BYTES)
		buf_add(&b, piece, n);
	*out = buf_str(&b);
	return ferror(f) == 0;
}

static void
lines_find(struct arena *a, struct source_file *f)
{
	size_t n = 1;

	for (size_t i = 0; i < f->bytes.n; i++)
		n += f->bytes.p[i] == '\n';
	f->lines = ARENA_ARRAY(a, size_t, n + 1);
	for (size_t i = 0; i < f->bytes.n; i++)
		if (f->bytes.p[i] == '\n')
			f->lines[++f->n_lines] = i + 1;
	f->lines[++f->n_lines] = f->bytes.n;
}

/* A file that need not be there is passed over. */
static int
file_read(struct source *s, const char *name, bool needed, bool of_menus, struct err *err)
{
	struct source_file *f = &s->files[s->n_files];

	*f = (struct source_file){.name = arena_strdup(s->arena, name), .of_menus = of_menus};
	f->path = arena_printf(s->arena, "%s/%s", s->dir, name);
	FILE *in = fopen(f->path, "rb");
	if (in == NULL && !needed && errno == ENOENT)
		return 0;
	bool read = in != NULL && read_whole(in, s->arena, &f->bytes);
	if (in != NULL)
		fclose(in);
	if (!read) {
		err_add(err, f->path, 0, 0, "cannot be read");
		return AUTHOR_NONE;
	}
	if (yaml_read_text(f->path, f->bytes, 0, s->arena, &f->doc, err) != W_OK)
		return AUTHOR_LINT;
	lines_find(s->arena, f);
	s->n_files++;
	return 0;
}

static int
parts_read(struct source *s, struct err *err)
{
	const struct yaml_node *parts = yaml_get(s->files[0].doc->root, "parts");
	int rc = 0;

	for (size_t i = 0; parts != NULL && parts->kind == YAML_LIST && i < parts->n; i++) {
		const struct yaml_node *at = parts->items[i];
		bool inside = at->kind == YAML_SCALAR && at->text.n > 0 && at->text.p[0] != '/' &&
			      strstr(at->text.p, "..") == NULL;

		if (!inside || s->n_files + 6 > SOURCE_FILES) {
			yaml_fault(err, s->files[0].doc, at, "no part of this folder");
			return AUTHOR_LINT;
		}
		int one = file_read(s, at->text.p, true, true, err);
		rc = rc != 0 ? rc : one;
	}
	return rc;
}

static void
langs_read(struct source *s, const char *extra)
{
	const struct yaml_node *list = yaml_get(s->files[0].doc->root, "languages");

	for (size_t i = 0; list != NULL && list->kind == YAML_LIST && i < list->n; i++)
		if (list->items[i]->kind == YAML_SCALAR && s->n_langs < MENU_LANGS)
			s->langs[s->n_langs++] = list->items[i]->text.p;
	for (size_t i = 0; extra != NULL && i < s->n_langs; i++)
		if (strcmp(s->langs[i], extra) == 0)
			return;
	if (extra != NULL)
		s->langs[s->n_langs++] = extra;
}

/* ---- Texts ---- */

static bool
is_lang(const struct source *s, struct str word)
{
	for (size_t i = 0; i < s->n_langs; i++)
		if (str_is(word, s->langs[i]))
			return true;
	return false;
}

static bool
is_text(const struct source *s, const struct yaml_node *at)
{
	for (size_t i = 0; i < at->n; i++)
		if (at->pairs[i].value->kind != YAML_SCALAR || !is_lang(s, at->pairs[i].key->text))
			return false;
	return at->n > 0;
}

static void
text_add(struct source *s, const struct source_file *f, const char *place,
	 const struct yaml_node *map)
{
	if (s->n_texts == s->cap) {
		struct source_text *bigger =
			ARENA_ARRAY(s->arena, struct source_text, s->cap * 2 + 64);

		if (s->n_texts > 0)
			memcpy(bigger, s->texts, s->n_texts * sizeof(*bigger));
		s->texts = bigger;
		s->cap = s->cap * 2 + 64;
	}
	s->texts[s->n_texts++] = (struct source_text){f, place, map};
}

/* Goes as deep as the reader of YAML lets a file be: sixteen. */
static void
texts_find(struct source *s, const struct source_file *f, const char *place,
	   const struct yaml_node *at)
{
	const char *dot = place[0] != '\0' ? "." : "";

	if (at->kind == YAML_MAP && is_text(s, at)) {
		text_add(s, f, place, at);
		return;
	}
	for (size_t i = 0; at->kind == YAML_LIST && i < at->n; i++)
		texts_find(s, f, arena_printf(s->arena, "%s%s%zu", place, dot, i + 1),
			   at->items[i]);
	/* How options are numbered is said by language, too, and is no text. */
	for (size_t i = 0; at->kind == YAML_MAP && i < at->n; i++)
		if (!str_is(at->pairs[i].key->text, "numbering"))
			texts_find(s, f,
				   arena_printf(s->arena, "%s%s%s", place, dot,
						at->pairs[i].key->text.p),
				   at->pairs[i].value);
}

int
author_source_open(const char *dir, const char *extra, struct arena *a, struct err *err,
		   struct source *out)
{
	static const struct {
		const char *name;
		bool of_menus;
	} beside[] = {{"lists.yaml", true},
		      {"sms.yaml", true},
		      {"lint.yaml", true},
		      {"reminders.yaml", true},
		      {"holidays.yaml", false}};

	*out = (struct source){.arena = a, .dir = dir};
	int rc = file_read(out, "main.yaml", true, true, err);
	if (rc != 0)
		return rc;
	rc = parts_read(out, err);
	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		int one = file_read(out, beside[i].name, false, beside[i].of_menus, err);

		rc = rc != 0 ? rc : one;
	}
	langs_read(out, extra);
	for (size_t i = 0; rc == 0 && i < out->n_files; i++)
		texts_find(out, &out->files[i], "", out->files[i].doc->root);
	return rc;
}

const struct source_text *
author_source_find(const struct source *s, struct str file, struct str place)
{
	for (size_t i = 0; i < s->n_texts; i++)
		if (str_is(file, s->texts[i].file->name) && str_is(place, s->texts[i].place))
			return &s->texts[i];
	return NULL;
}

struct str
author_source_in(const struct source_text *t, const char *lang)
{
	return yaml_text(yaml_get(t->map, lang));
}

/* ---- Bytes ---- */

size_t
author_source_offset(const struct source_file *f, const struct yaml_node *at)
{
	size_t from = f->lines[at->line - 1];
	struct str rest = {f->bytes.p + from, f->bytes.n - from};
	uint32_t cp;

	for (uint32_t col = 1; col < at->col && utf8_next(&rest, &cp); col++)
		;
	return f->bytes.n - rest.n;
}

static size_t
quoted_end(struct str bytes, size_t at)
{
	char quote = bytes.p[at];

	for (size_t i = at + 1; i < bytes.n; i++) {
		bool twice = quote == '\'' && i + 1 < bytes.n && bytes.p[i + 1] == '\'';

		if (bytes.p[i] == '\\' && quote == '"')
			i++;
		else if (bytes.p[i] == quote && twice)
			i++;
		else if (bytes.p[i] == quote)
			return i + 1;
	}
	return at;
}

struct str
author_source_span(const struct source_file *f, const struct yaml_node *scalar)
{
	size_t at = author_source_offset(f, scalar);
	struct str here = {f->bytes.p + at, f->bytes.n - at};

	if (here.n > 0 && (here.p[0] == '"' || here.p[0] == '\''))
		return (struct str){here.p, quoted_end(f->bytes, at) - at};
	/* A plain scalar of one line has no escapes: it is what it says. */
	if (!scalar->quoted && scalar->text.n > 0 && str_starts(here, scalar->text))
		return (struct str){here.p, scalar->text.n};
	return STR_NONE;
}

bool
author_source_flow(const struct source_file *f, const struct yaml_node *map)
{
	size_t at = author_source_offset(f, map);

	return at < f->bytes.n && f->bytes.p[at] == '{';
}

void
author_source_quote(struct buf *to, struct str text)
{
	static const char escaped[] = "\"\\\n\t\r", letters[] = "\"\\ntr";

	buf_addc(to, '"');
	for (size_t i = 0; i < text.n; i++) {
		const char *at = text.p[i] != '\0' ? strchr(escaped, text.p[i]) : NULL;

		if (at != NULL)
			buf_addc(to, '\\');
		buf_addc(to, at != NULL ? letters[at - escaped] : text.p[i]);
	}
	buf_addc(to, '"');
}

/* ---- Changes ---- */

void
author_edit_add(struct source_edits *e, size_t at, size_t n, struct str with)
{
	if (e->n == e->cap) {
		struct source_edit *bigger =
			ARENA_ARRAY(e->arena, struct source_edit, e->cap * 2 + 32);

		if (e->n > 0)
			memcpy(bigger, e->v, e->n * sizeof(*bigger));
		e->v = bigger;
		e->cap = e->cap * 2 + 32;
	}
	e->v[e->n++] = (struct source_edit){at, n, with};
}

static int
by_place(const void *a, const void *b)
{
	const struct source_edit *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

struct str
author_edit_apply(struct str bytes, struct source_edits *e)
{
	struct buf b;
	size_t from = 0;

	if (e->n == 0)
		return bytes;
	qsort(e->v, e->n, sizeof(*e->v), by_place);
	buf_init_arena(&b, e->arena);
	for (size_t i = 0; i < e->n; i++) {
		CHECK(e->v[i].at >= from);
		buf_add(&b, bytes.p + from, e->v[i].at - from);
		buf_add_str(&b, e->v[i].with);
		from = e->v[i].at + e->v[i].n;
	}
	buf_add(&b, bytes.p + from, bytes.n - from);
	return buf_str(&b);
}

bool
author_source_write(const struct source_file *f, struct str bytes)
{
	char next[4096];
	struct stat st;
	int n = snprintf(next, sizeof(next), "%s.new", f->path);
	FILE *out = n > 0 && (size_t)n < sizeof(next) ? fopen(next, "wbx") : NULL;

	if (out == NULL)
		return false;
	bool good = stat(f->path, &st) == 0 && fchmod(fileno(out), st.st_mode & 0777) == 0 &&
		    fwrite(bytes.p, 1, bytes.n, out) == bytes.n;
	good = fclose(out) == 0 && good;
	good = good && rename(next, f->path) == 0;
	if (!good)
		unlink(next);
	return good;
}
