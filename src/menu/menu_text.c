#include "menu/menu_int.h"

/* Texts: one string, or a map by language, with {holes} declared in main.yaml. */

enum { PIECES_MAX = 32 };

struct cut {
	struct menu_loader *ld;
	const struct yaml_node *at;
	unsigned lang;
	struct menu_piece pieces[PIECES_MAX];
	size_t n;
	bool told;
};

static void
piece_add(struct cut *c, struct menu_piece piece)
{
	if (c->n < PIECES_MAX)
		c->pieces[c->n++] = piece;
	else if (!c->told)
		menu_fault(c->ld, c->at, "too many {placeholders} in one text");
	c->told |= c->n == PIECES_MAX;
}

static void
literal_add(struct cut *c, struct str s)
{
	if (s.n > 0)
		piece_add(c, (struct menu_piece){.kind = PIECE_LITERAL,
						 .literal = arena_str(c->ld->set->arena, s)});
}

static struct menu_hole *
hole_find(struct menu_set *set, struct str name)
{
	for (size_t i = 0; i < set->n_holes; i++)
		if (str_eq(set->holes[i].name, name))
			return &set->holes[i];
	return NULL;
}

static const char *
hole_near(const struct menu_set *set, struct str name)
{
	const char *names[MENU_HOLES];

	for (size_t i = 0; i < set->n_holes; i++)
		names[i] = set->holes[i].name.p;
	return str_nearest(name, names, set->n_holes);
}

/* What is measured needs a length: told once, where the variable is declared. */
static void
bound_need(struct menu_loader *ld, struct menu_hole *hole)
{
	if (hole->unbounded != NULL)
		err_add(ld->err, ld->main.doc->file, hole->unbounded->line, hole->unbounded->col,
			"%s is shown in a text, so it needs max: its longest value", hole->name.p);
	hole->unbounded = NULL;
}

/* The argument of a sub-menu: its text, or its variable. */
static struct menu_hole *
given_add(struct cut *c, const struct menu_given *given)
{
	struct menu_set *set = c->ld->set;
	struct menu_hole *hole = NULL;

	if (given->kind == GIVEN_TEXT)
		for (size_t i = 0; i < given->texts.of[c->lang].n; i++)
			piece_add(c, given->texts.of[c->lang].pieces[i]);
	else if (given->kind == GIVEN_VAR && given->var >= 0)
		hole = hole_find(set, set->vars[given->var].name);
	if (hole == NULL && given->kind != GIVEN_TEXT &&
	    !(given->kind == GIVEN_VAR && given->var < 0))
		menu_given_fault(c->ld, given,
				 "the sub-menu shows this: give a text, or a $variable to show");
	return hole;
}

static void
hole_add(struct cut *c, struct str name, size_t byte)
{
	const struct menu_given *given = menu_given_find(c->ld, name);
	struct menu_hole *hole = given != NULL ? given_add(c, given) : hole_find(c->ld->set, name);

	if (hole == NULL && given != NULL)
		return;
	if (hole == NULL) {
		err_add(c->ld->err, c->ld->doc->file, c->at->line, menu_col(c->ld, c->at, byte),
			"{%.*s} is not declared in main.yaml%s", STR_ARG(name),
			menu_hint(c->ld, hole_near(c->ld->set, name)));
		return;
	}
	bound_need(c->ld, hole);
	piece_add(c, (struct menu_piece){.kind = hole->from_var ? PIECE_VAR : PIECE_FACT,
					 .id = hole->id,
					 .max = hole->max,
					 .max_rtl = hole->max_rtl});
}

static struct menu_text
text_cut(struct menu_loader *ld, const struct yaml_node *at, unsigned lang)
{
	struct cut c = {.ld = ld, .at = at, .lang = lang};
	struct str rest = at->text;

	while (rest.n > 0) {
		size_t n = 0;

		while (n < rest.n && rest.p[n] != '{' && rest.p[n] != '}')
			n++;
		literal_add(&c, (struct str){rest.p, n});
		rest = str_after(rest, n);
		if (rest.n == 0)
			break;
		size_t byte = (size_t)(rest.p - at->text.p);
		ptrdiff_t end = str_find(rest, '}');
		if (rest.p[0] == '}' || end < 0) {
			err_add(ld->err, ld->doc->file, at->line, menu_col(ld, at, byte),
				"a brace without its twin: a placeholder is {name}");
			break;
		}
		hole_add(&c, (struct str){rest.p + 1, (size_t)end - 1}, byte);
		rest = str_after(rest, (size_t)end + 1);
	}
	struct menu_text text = {.n = c.n};
	text.pieces = ARENA_ARRAY(ld->set->arena, struct menu_piece, c.n);
	memcpy(text.pieces, c.pieces, c.n * sizeof(*text.pieces));
	return text;
}

static bool
scalar_ok(struct menu_loader *ld, const struct yaml_node *at, enum menu_text_use use)
{
	if (at->kind != YAML_SCALAR)
		menu_fault(ld, at, "a text is needed here, or one for each language");
	else if (at->text.n == 0 && use != TEXT_EMPTY_TOO)
		menu_fault(ld, at, "the text is empty");
	else if (!at->quoted)
		menu_fault(ld, at, "write texts in quotes");
	else
		return true;
	return false;
}

const struct yaml_node *
menu_text_at(const struct menu_set *set, const struct yaml_node *at, unsigned lang)
{
	const struct yaml_node *found = yaml_get(at, set->langs[lang].tag);

	return found != NULL ? found : at;
}

static const char *
lang_near(const struct menu_set *set, struct str tag)
{
	const char *tags[MENU_LANGS];

	for (size_t i = 0; i < set->n_langs; i++)
		tags[i] = set->langs[i].tag;
	return str_nearest(tag, tags, set->n_langs);
}

static void
language_keys_check(struct menu_loader *ld, const struct yaml_node *map)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_node *key = map->pairs[i].key;

		if (!str_is(key->text, "fallback") && menu_lang_of(ld->set, key->text) < 0)
			menu_fault(ld, key, "%.40s is not a language of main.yaml%s", key->text.p,
				   menu_hint(ld, lang_near(ld->set, key->text)));
	}
}

/* One language after the other; the first text stands in for those that are missing. */
static void
by_language(struct menu_loader *ld, const struct yaml_node *map, enum menu_text_use use,
	    struct menu_texts *out)
{
	bool fallback = yaml_yesno(yaml_get(map, "fallback"), false);
	struct menu_set *set = ld->set;
	const struct menu_text *first = NULL;

	language_keys_check(ld, map);
	for (unsigned lang = 0; lang < set->n_langs; lang++) {
		const struct yaml_node *at = yaml_get(map, set->langs[lang].tag);

		if (at != NULL && scalar_ok(ld, at, use)) {
			out->of[lang] = text_cut(ld, at, lang);
			menu_text_lint(ld, at, lang, &out->of[lang], use);
			if (first == NULL)
				first = &out->of[lang];
		} else if (at == NULL && !(fallback && map->n > 1)) {
			menu_fault(ld, map, "[%s] the text is missing", set->langs[lang].tag);
		}
	}
	for (unsigned lang = 0; lang < set->n_langs && first != NULL; lang++)
		if (yaml_get(map, set->langs[lang].tag) == NULL)
			out->of[lang] = *first;
}

void
menu_texts_parse(struct menu_loader *ld, const struct yaml_node *at, enum menu_text_use use,
		 struct menu_texts *out)
{
	memset(out, 0, sizeof(*out));
	if (at->kind == YAML_MAP) {
		by_language(ld, at, use, out);
		return;
	}
	if (!scalar_ok(ld, at, use))
		return;
	struct menu_text one = text_cut(ld, at, 0);
	for (unsigned lang = 0; lang < ld->set->n_langs; lang++) {
		/* An argument of a sub-menu in it may have a text for each language. */
		out->of[lang] = lang > 0 && ld->use != NULL ? text_cut(ld, at, lang) : one;
		/* One text for all is told once, as the first language sees it. */
		if (lang == 0)
			menu_text_lint(ld, at, lang, &one, use);
	}
}
