#include "author/author_menu_int.h"
#include "author/author_record_int.h"

#include <stdlib.h>

/*
 * The gateway sends a page and not its name. Here the page is looked for in
 * the menus: a node and a language whose text fits it, holes and all, and whose
 * options are its lines. Numbers in the holes are carried over to the other
 * languages, words are shown by the name of the hole.
 */

struct author_langs {
	struct menu_set *set;
	struct arena *arena; /* of one page */
	/* The best fit so far. */
	const struct menu_node *node;
	size_t score;
	struct menu_values values;
	bool shown[64]; /* options that are lines of the page */
};

struct fit {
	size_t score;
	struct menu_values values;
	bool shown[64];
};

int
author_langs_open(const char *menus, FILE *err, struct author_langs **out)
{
	const struct author_menu_options o = {.dir = menus, .out = err, .err = err};
	struct err *faults = err_new();
	struct author_langs *l = xcalloc(1, sizeof(*l));
	int rc = author_menu_load(&o, faults, &l->set);

	err_free(faults);
	l->arena = arena_new(1 << 14);
	if (rc == 0)
		*out = l;
	else
		author_langs_free(l);
	return rc;
}

void
author_langs_free(struct author_langs *l)
{
	if (l == NULL)
		return;
	menu_drop(l->set);
	arena_free(l->arena);
	free(l);
}

/* ---- Does a text fit? ---- */

/* An absent value takes the blank before it along. */
static struct str
without_blank(struct str s)
{
	while (s.n > 0 && strchr(" \n:", s.p[s.n - 1]) != NULL)
		s.n--;
	return s;
}

static void
keep(struct fit *f, const struct menu_piece *hole, struct str value)
{
	struct str *to =
		hole->kind == PIECE_FACT ? &f->values.facts[hole->id] : &f->values.vars[hole->id];

	while (value.n > 0 && strchr(" \n:", value.p[0]) != NULL)
		value = str_after(value, 1);
	*to = value;
}

/* Takes the text off the front of *rest; the last hole goes to the end of its line. */
static bool
text_fits(struct author_langs *l, const struct menu_text *text, struct str *rest, struct fit *f)
{
	const struct menu_piece *hole = NULL;

	for (size_t i = 0; i < text->n; i++) {
		const struct menu_piece *p = &text->pieces[i];
		bool before_hole = i + 1 < text->n && text->pieces[i + 1].kind != PIECE_LITERAL;

		if (p->kind != PIECE_LITERAL) {
			hole = p;
			continue;
		}
		struct str want = author_clean(p->literal, l->arena);
		want = before_hole ? without_blank(want) : want;
		const char *at = want.n == 0   ? rest->p
				 : rest->n > 0 ? memmem(rest->p, rest->n, want.p, want.n)
					       : NULL;
		if (at == NULL || (hole == NULL && at != rest->p))
			return false;
		if (hole != NULL)
			keep(f, hole, (struct str){rest->p, (size_t)(at - rest->p)});
		f->score += want.n;
		*rest = str_after(*rest, (size_t)(at - rest->p) + want.n);
		hole = NULL;
	}
	if (hole != NULL)
		keep(f, hole, str_cut(rest, '\n'));
	return true;
}

static bool
ends_with(struct str line, struct str label)
{
	return label.n > 0 && line.n >= label.n &&
	       memcmp(line.p + line.n - label.n, label.p, label.n) == 0;
}

static void
options_fit(struct author_langs *l, const struct menu_node *node, unsigned lang, struct str rest,
	    struct fit *f)
{
	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		for (size_t i = 0; i < node->n_options && i < ARRAY_LEN(f->shown); i++) {
			const struct menu_option *o = &node->options[i];
			struct str label = author_clean(
				menu_fill(l->set, &o->say.of[lang], lang, &f->values, l->arena),
				l->arena);

			if (!str_starts(line, str_of(o->key)) || !ends_with(line, label))
				continue;
			f->shown[i] = true;
			f->score += label.n + 1;
		}
	}
}

static void
look_at(struct author_langs *l, const struct menu_node *node, unsigned lang, struct str page)
{
	struct fit f = {0};
	struct str wrong =
		author_clean(menu_fill(l->set, &menu_special(l->set)->wrong_prefix.of[lang], lang,
				       NULL, l->arena),
			     l->arena);

	if (wrong.n > 0 && str_starts(page, wrong))
		page = str_after(page, wrong.n);
	if (!text_fits(l, &node->say.of[lang], &page, &f))
		return;
	options_fit(l, node, lang, page, &f);
	/* What is left over counts against it: a longer text that begins alike. */
	if (node->n_options == 0 && page.n > f.score)
		return;
	if (f.score <= l->score)
		return;
	l->score = f.score;
	l->node = node;
	l->values = f.values;
	memcpy(l->shown, f.shown, sizeof(l->shown));
}

/* ---- The other languages ---- */

static void
put_hole(struct author_langs *l, struct buf *to, const struct menu_piece *p)
{
	struct str value = p->kind == PIECE_FACT ? l->values.facts[p->id] : l->values.vars[p->id];
	bool number = value.n > 0;

	for (size_t i = 0; i < value.n; i++)
		number &= strchr("0123456789:/*#+ ", value.p[i]) != NULL;
	if (number)
		buf_add_str(to, value);
	else if (value.n > 0)
		buf_printf(to, "{%.*s}",
			   STR_ARG(author_piece_name(l->set, p->kind == PIECE_FACT, p->id)));
	else
		buf_cut(to, without_blank(buf_str(to)).n);
}

static void
put_text(struct author_langs *l, struct buf *to, const struct menu_text *text)
{
	for (size_t i = 0; i < text->n; i++)
		if (text->pieces[i].kind == PIECE_LITERAL)
			buf_add_str(to, text->pieces[i].literal);
		else
			put_hole(l, to, &text->pieces[i]);
}

static struct str
in_language(struct author_langs *l, unsigned lang)
{
	struct buf b;

	buf_init_arena(&b, l->arena);
	put_text(l, &b, &l->node->say.of[lang]);
	for (size_t i = 0; i < l->node->n_options && i < ARRAY_LEN(l->shown); i++) {
		if (!l->shown[i])
			continue;
		buf_printf(&b, "%s%s%s", b.n > 0 ? "\n" : "", l->node->options[i].key,
			   l->node->tight[lang] ? "." : ". ");
		put_text(l, &b, &l->node->options[i].say.of[lang]);
	}
	return buf_str(&b);
}

static void
print_language(struct author_langs *l, FILE *to, unsigned lang, struct page_limit limit, bool ascii)
{
	struct str text = in_language(l, lang), rest = author_clean(text, l->arena);
	struct ussd_size size;

	ussd_measure(text, &size);
	bool gsm7 = size.coding == TEXT_GSM7;
	fprintf(to, " %-9s %s %s %zu of %u\n", menu_lang_tag(l->set, lang), author_dot(ascii),
		gsm7 ? "gsm7" : "ucs2", size.units, (unsigned)(gsm7 ? limit.gsm7 : limit.ucs2));
	for (unsigned line = 1; rest.n > 0; line++) {
		struct str one = str_cut(&rest, '\n');

		fprintf(to, "   L%-2u %.*s\n", line, STR_ARG(one));
	}
}

void
author_langs_print(struct author_langs *l, FILE *to, struct str page, struct page_limit limit,
		   bool ascii)
{
	arena_reset(l->arena);
	l->node = NULL;
	l->score = 0;
	page = author_clean(page, l->arena);
	for (size_t id = 0; id < menu_node_count(l->set); id++)
		for (unsigned lang = 0; lang < menu_lang_count(l->set); lang++)
			look_at(l, menu_node(l->set, (uint16_t)id), lang, page);
	if (l->node == NULL) {
		fprintf(to, " no page of the menus reads like this\n");
		return;
	}
	fprintf(to, " PAGE %.*s\n", STR_ARG(l->node->name));
	for (unsigned lang = 0; lang < menu_lang_count(l->set); lang++)
		print_language(l, to, lang, limit, ascii);
	fflush(to);
}
