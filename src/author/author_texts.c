#include "author/author_texts_int.h"

#include "author/author_int.h"

/*
 * wasl menu texts export: a PO file (GNU gettext manual, "The Format of PO
 * Files") for one language, or a CSV table (RFC 4180) of all. A text is known
 * by its file and place, so that one that stands in two places may be
 * translated twice.
 */

/* ---- CSV ---- */

static void
put_cell(FILE *out, struct str text)
{
	fputc('"', out);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			fputc('"', out);
		fputc(text.p[i], out);
	}
	fputc('"', out);
}

static void
export_csv(FILE *out, const struct source *s)
{
	fprintf(out, "%s,%s", TEXTS_FILE, TEXTS_PLACE);
	for (size_t i = 0; i < s->n_langs; i++)
		fprintf(out, ",%s", s->langs[i]);
	fputc('\n', out);
	for (size_t i = 0; i < s->n_texts; i++) {
		const struct source_text *t = &s->texts[i];

		fprintf(out, "%s,%s", t->file->name, t->place);
		for (size_t k = 0; k < s->n_langs; k++) {
			fputc(',', out);
			put_cell(out, author_source_in(t, s->langs[k]));
		}
		fputc('\n', out);
	}
}

/* ---- PO ---- */

const char *
author_texts_from(const struct source *s, const char *lang)
{
	return s->n_langs > 1 && strcmp(s->langs[0], lang) == 0 ? s->langs[1] : s->langs[0];
}

static void
put_po(FILE *out, struct arena *a, const char *word, struct str text)
{
	struct buf b;

	buf_init_arena(&b, a);
	author_source_quote(&b, text);
	fprintf(out, "%s %s\n", word, b.p);
}

static void
export_po(FILE *out, const struct source *s, const char *lang)
{
	const char *from = author_texts_from(s, lang);

	fprintf(out,
		"msgid \"\"\nmsgstr \"\"\n\"Language: %s\\n\"\n"
		"\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
		"\"Content-Transfer-Encoding: 8bit\\n\"\n\"X-Source-Language: %s\\n\"\n",
		lang, from);
	for (size_t i = 0; i < s->n_texts; i++) {
		const struct source_text *t = &s->texts[i];

		if (author_source_in(t, from).n == 0)
			continue;
		fprintf(out, "\n#: %s:%u\nmsgctxt \"%s %s\"\n", t->file->name, t->map->line,
			t->file->name, t->place);
		put_po(out, s->arena, "msgid", author_source_in(t, from));
		put_po(out, s->arena, "msgstr", author_source_in(t, lang));
	}
}

/* ---- The command ---- */

int
author_menu_export(const struct author_menu_options *o)
{
	struct arena *a = arena_new(1 << 16);
	struct err *err = err_new();
	struct source s;
	int rc = author_source_open(o->dir, o->lang, a, err, &s);

	err_sort(err);
	err_print(err, o->err != NULL ? o->err : o->out);
	if (rc == 0 && o->lang != NULL)
		export_po(o->out, &s, o->lang);
	else if (rc == 0)
		export_csv(o->out, &s);
	fflush(o->out);
	err_free(err);
	arena_free(a);
	return rc;
}
