#include "author/author_texts_int.h"

#include "author/author_menu_int.h"

#include <errno.h>
#include <stdlib.h>

/*
 * wasl menu texts import: each text goes to its place, and nothing else moves.
 * Everything is looked at before anything is written: the places, whether the
 * text is still the one that was translated, and whether the menus load with
 * the new texts.
 */

struct import {
	const struct author_menu_options *o;
	const char *name; /* of the translator's file */
	struct source *source;
	struct err *err;
	struct source_edits edits[SOURCE_FILES];
	struct str bytes[SOURCE_FILES]; /* after the edits */
	size_t changed;                 /* texts */
};

/* ---- One text ---- */

static void
replace(struct import *m, const struct source_text *t, const struct yaml_node *at, struct str said,
	uint32_t line)
{
	struct source_edits *edits = &m->edits[t->file - m->source->files];
	struct str span = author_source_span(t->file, at);
	struct buf b;

	if (span.p == NULL) {
		err_add(m->err, m->name, line, 1,
			"%s:%u: a text over several lines cannot be replaced: put it in quotes",
			t->file->path, at->line);
		return;
	}
	buf_init_arena(&b, edits->arena);
	author_source_quote(&b, said);
	author_edit_add(edits, (size_t)(span.p - t->file->bytes.p), span.n, buf_str(&b));
	m->changed++;
}

/* Behind the last language of the text, in the way the others are written. */
static void
append(struct import *m, const struct source_text *t, const char *lang, struct str said,
       uint32_t line)
{
	struct source_edits *edits = &m->edits[t->file - m->source->files];
	const struct yaml_pair *last = &t->map->pairs[t->map->n - 1];
	struct str span = author_source_span(t->file, last->value);
	struct buf b;

	if (span.p == NULL) {
		err_add(m->err, m->name, line, 1, "%s:%u: no room behind a text over several lines",
			t->file->path, last->value->line);
		return;
	}
	buf_init_arena(&b, edits->arena);
	if (author_source_flow(t->file, t->map)) {
		buf_printf(&b, ", %s: ", lang);
	} else {
		int in = (int)last->key->col - 1;
		int gap = (int)last->value->col - (int)last->key->col - (int)strlen(lang) - 1;

		buf_printf(&b, "\n%*s%s:%*s", in, "", lang, gap > 0 ? gap : 1, "");
	}
	author_source_quote(&b, said);
	author_edit_add(edits, (size_t)(span.p + span.n - t->file->bytes.p), 0, buf_str(&b));
	m->changed++;
}

static void
put(struct import *m, const struct source_text *t, struct str lang, struct str said, uint32_t line)
{
	const char *tag = arena_str(m->source->arena, lang).p;
	const struct yaml_node *at = yaml_get(t->map, tag);

	if (said.n == 0 || (at != NULL && str_eq(at->text, said)))
		return;
	if (at != NULL)
		replace(m, t, at, said, line);
	else
		append(m, t, tag, said, line);
}

/* ---- Is it that text still? ---- */

static bool
same_text(const struct import *m, const struct texts_table *table, const struct texts_record *r,
	  const struct source_text *t)
{
	if (table->po) {
		const char *from = author_texts_from(
			m->source, arena_str(m->source->arena, table->langs[0]).p);

		return str_eq(r->source, author_source_in(t, from));
	}
	for (size_t i = 0; i < table->n_langs; i++)
		if (str_eq(r->said[i],
			   author_source_in(t, arena_str(m->source->arena, table->langs[i]).p)))
			return true;
	return false;
}

static void
import_record(struct import *m, const struct texts_table *table, const struct texts_record *r)
{
	const struct source_text *t = author_source_find(m->source, r->file, r->place);

	if (t == NULL) {
		err_add(m->err, m->name, r->line, 1, "there is no text %.80s %.200s",
			arena_str(m->source->arena, r->file).p,
			arena_str(m->source->arena, r->place).p);
		return;
	}
	if (!same_text(m, table, r, t)) {
		err_add(m->err, m->name, r->line, 1,
			"%s:%u has another text by now: export anew and carry this one over",
			t->file->path, t->map->line);
		return;
	}
	for (size_t i = 0; i < table->n_langs; i++)
		put(m, t, table->langs[i], r->said[i], r->line);
}

/* A place named twice: which is meant? */
static void
import_all(struct import *m, const struct texts_table *table)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct texts_record *r = &table->v[i];
		bool twice = false;

		for (size_t k = 0; k < i && !twice; k++)
			twice = str_eq(table->v[k].place, r->place) &&
				str_eq(table->v[k].file, r->file);
		if (twice)
			err_add(m->err, m->name, r->line, 1, "this text was given already");
		else
			import_record(m, table, r);
	}
}

/* ---- Does it load? ---- */

static void
prove(struct import *m)
{
	struct menu_file files[SOURCE_FILES];
	const struct menu_options options = {.lowest = author_menu_page(m->o),
					     .reserved_keys = m->o->reserved,
					     .n_reserved = m->o->n_reserved};
	struct menu_set *set = NULL;
	size_t n = 0;

	for (size_t i = 0; i < m->source->n_files; i++)
		if (m->source->files[i].of_menus)
			files[n++] = (struct menu_file){m->source->files[i].name, m->bytes[i]};
	if (menu_load_memory(files, n, &options, &set, m->err) != W_OK && err_errors(m->err) == 0)
		err_add(m->err, m->name, 0, 0, "the menus would not load with these texts");
	menu_drop(set);
}

/* ---- The command ---- */

static void
apply(struct import *m)
{
	for (size_t i = 0; i < m->source->n_files; i++)
		m->bytes[i] = author_edit_apply(m->source->files[i].bytes, &m->edits[i]);
}

static int
write_all(const struct import *m)
{
	const struct source *s = m->source;

	for (size_t i = 0; i < s->n_files && !m->o->check; i++)
		if (m->edits[i].n > 0 && !author_source_write(&s->files[i], m->bytes[i])) {
			err_add(m->err, s->files[i].path, 0, 0, "cannot be written");
			return AUTHOR_FAILED;
		}
	return m->o->check && m->changed > 0 ? AUTHOR_FAILED : AUTHOR_DONE;
}

static int
read_table(struct import *m, struct texts_table *out)
{
	struct arena *a = m->source->arena;
	bool from_in = strcmp(m->o->other, "-") == 0;
	FILE *in = from_in ? m->o->in : fopen(m->o->other, "rb");
	struct buf b;
	char piece[8192];
	size_t n;

	if (in == NULL) {
		err_add(m->err, m->name, 0, 0, "cannot be read");
		return AUTHOR_NONE;
	}
	buf_init_arena(&b, a);
	while (b.n <= TEXTS_MAX_BYTES && (n = fread(piece, 1, sizeof(piece), in)) > 0)
		buf_add(&b, piece, n);
	if (!from_in)
		fclose(in);
	if (b.n > TEXTS_MAX_BYTES)
		err_add(m->err, m->name, 0, 0, "longer than %d bytes", TEXTS_MAX_BYTES);
	else
		author_texts_read(m->name, buf_str(&b), a, m->err, out);
	return err_errors(m->err) == 0 ? 0 : AUTHOR_LINT;
}

static bool
langs_known(struct import *m, const struct texts_table *table)
{
	for (size_t i = 0; i < table->n_langs; i++) {
		bool known = false;

		for (size_t k = 0; k < m->source->n_langs; k++)
			known |= str_is(table->langs[i], m->source->langs[k]);
		if (!known)
			err_add(m->err, m->name, 1, 1,
				"main.yaml does not name the language %.20s: add it there first",
				arena_str(m->source->arena, table->langs[i]).p);
	}
	return err_errors(m->err) == 0;
}

static int
import(struct import *m)
{
	struct texts_table table = {0};

	int rc = read_table(m, &table);
	if (rc != 0)
		return rc;
	rc = author_source_open(m->o->dir, NULL, m->source->arena, m->err, m->source);
	if (rc != 0)
		return rc;
	if (langs_known(m, &table))
		import_all(m, &table);
	apply(m);
	if (err_errors(m->err) == 0 && m->changed > 0)
		prove(m);
	return err_errors(m->err) == 0 ? write_all(m) : AUTHOR_LINT;
}

int
author_menu_import(const struct author_menu_options *o)
{
	struct arena *a = arena_new(1 << 16);
	struct source *source = xcalloc(1, sizeof(*source));
	struct import *m = xcalloc(1, sizeof(*m));
	FILE *to = o->err != NULL ? o->err : o->out;

	source->arena = a;
	*m = (struct import){.o = o,
			     .name = strcmp(o->other, "-") == 0 ? "stdin" : o->other,
			     .source = source,
			     .err = err_new()};
	for (size_t i = 0; i < SOURCE_FILES; i++)
		m->edits[i].arena = a;
	int rc = import(m);
	if (err_errors(m->err) > 0) {
		err_sort(m->err);
		err_print(m->err, to);
		fprintf(to, "nothing was written\n");
	} else if (!o->quiet) {
		fprintf(o->out, "%zu text%s %s\n", m->changed, author_plural(m->changed),
			o->check ? "would change" : "changed");
	}
	fflush(o->out);
	err_free(m->err);
	arena_free(a);
	free(source);
	free(m);
	return rc;
}
