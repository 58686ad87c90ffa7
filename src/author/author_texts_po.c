#include "author/author_texts_int.h"

/*
 * A PO file that comes back. Entries are msgctxt, msgid and msgstr, each with
 * its text in quotes, on further lines too; entries marked fuzzy are guesses of
 * a program and are passed over, those behind #~ are of the past.
 */

struct po {
	const char *name;
	struct arena *arena;
	struct err *err;
	struct texts_table *out;
	uint32_t line;
	struct buf ctxt, id, str, *open; /* open: what the next quotes belong to */
	uint32_t begins;                 /* line of the entry's first word; 0: none */
	bool fuzzy, said;                /* said: its msgstr has begun */
};

static void
clear(struct po *p)
{
	buf_cut(&p->ctxt, 0);
	buf_cut(&p->id, 0);
	buf_cut(&p->str, 0);
	p->open = NULL;
	p->begins = 0;
	p->fuzzy = p->said = false;
}

/* The first entry has no msgid: lines such as "Language: fr". */
static void
header(struct po *p)
{
	struct str rest = buf_str(&p->str);
	const struct str word = STR_LIT("Language:");

	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		if (str_starts(line, word) && p->out->n_langs == 0)
			p->out->langs[p->out->n_langs++] =
				arena_str(p->arena, str_trim(str_after(line, word.n)));
	}
}

static void
entry_end(struct po *p)
{
	if (p->begins == 0)
		return;
	if (p->ctxt.n == 0 && p->id.n == 0) {
		header(p);
	} else if (p->ctxt.n == 0) {
		err_add(p->err, p->name, p->begins, 1,
			"an entry without msgctxt: where is it from?");
	} else if (!p->fuzzy) {
		struct texts_record *r = author_texts_add(p->out, p->arena, p->begins);
		struct str rest = arena_str(p->arena, buf_str(&p->ctxt));

		r->file = str_cut(&rest, ' ');
		r->place = rest;
		r->source = arena_str(p->arena, buf_str(&p->id));
		r->said[0] = arena_str(p->arena, buf_str(&p->str));
	}
	clear(p);
}

static bool
unquote(struct po *p, struct str text)
{
	static const char letters[] = "ntr\"\\", means[] = "\n\t\r\"\\";

	if (text.n < 2 || text.p[0] != '"' || text.p[text.n - 1] != '"')
		return false;
	text = (struct str){text.p + 1, text.n - 2};
	for (size_t i = 0; i < text.n; i++) {
		const char *at;

		if (text.p[i] == '"')
			return false;
		if (text.p[i] != '\\') {
			buf_addc(p->open, text.p[i]);
			continue;
		}
		if (++i == text.n || (at = strchr(letters, text.p[i])) == NULL)
			return false;
		buf_addc(p->open, means[at - letters]);
	}
	return true;
}

static void
take_text(struct po *p, struct str text)
{
	if (p->open == NULL || !unquote(p, text))
		err_add(p->err, p->name, p->line, 1, "a text in \"quotes\" is expected here");
}

static void
take_word(struct po *p, struct str word, struct str text)
{
	const struct {
		const char *word;
		struct buf *to;
		bool begins, says;
	} words[] = {{"msgctxt", &p->ctxt, true, false},
		     {"msgid", &p->id, p->ctxt.n == 0 || p->said, false},
		     {"msgstr", &p->str, false, true}};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!str_is(word, words[i].word))
			continue;
		if (words[i].begins) {
			bool fuzzy = p->fuzzy && p->begins == 0;

			entry_end(p);
			p->fuzzy = fuzzy;
			p->begins = p->line;
		}
		p->said = words[i].says;
		p->open = words[i].to;
		take_text(p, text);
		return;
	}
	err_add(p->err, p->name, p->line, 1, "%.*s is not used here",
		(int)(word.n > 20 ? 20 : word.n), word.p);
}

static void
take_line(struct po *p, struct str line)
{
	struct str rest = line;

	if (line.n == 0) {
		entry_end(p);
	} else if (line.p[0] == '"') {
		take_text(p, line);
	} else if (str_starts(line, STR_LIT("#"))) {
		if (p->begins != 0)
			entry_end(p);
		if (str_starts(line, STR_LIT("#,")) && line.n > 2 &&
		    memmem(line.p, line.n, "fuzzy", 5) != NULL)
			p->fuzzy = true;
	} else {
		struct str word = str_cut(&rest, ' ');

		take_word(p, word, str_trim(rest));
	}
}

void
author_texts_read_po(const char *name, struct str bytes, struct arena *a, struct err *err,
		     struct texts_table *out)
{
	struct po p = {.name = name, .arena = a, .err = err, .out = out};

	out->po = true;
	buf_init_arena(&p.ctxt, a);
	buf_init_arena(&p.id, a);
	buf_init_arena(&p.str, a);
	while (bytes.n > 0) {
		p.line++;
		take_line(&p, str_trim(str_cut(&bytes, '\n')));
	}
	entry_end(&p);
	if (out->n_langs == 0)
		err_add(err, name, 1, 1,
			"the head does not say the language (\"Language: fr\\n\")");
}
