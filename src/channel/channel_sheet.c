#include "channel/channel_int.h"

/* Templates: what an answer of ours or a call is made of. */

static const struct yaml_key sheet_keys[] = {
	{.name = "status", .type = YAML_T_INT, .min = 200, .max = 599},
	{.name = "type", .type = YAML_T_TEXT},
	{.name = "headers", .type = YAML_T_MAP},
	{.name = "text"},
	{.name = "json"},
	{.name = "xml"},
	{.name = "form", .type = YAML_T_MAP},
	{.name = "continue", .type = YAML_T_MAP},
	{.name = "end", .type = YAML_T_MAP},
	{.name = "gsm7", .type = YAML_T_MAP},
	{.name = "ucs2", .type = YAML_T_MAP},
};

/* ---- Word sets ---- */

static struct word *
word_named(struct sheet *s, size_t cap, struct str name)
{
	for (size_t i = 0; i < s->n_words; i++)
		if (str_eq(s->words[i].name, name))
			return &s->words[i];
	if (s->n_words == cap)
		return NULL;
	s->words[s->n_words] = (struct word){.name = name};
	return &s->words[s->n_words++];
}

static void
word_set(struct load *l, struct sheet *s, size_t cap, const struct yaml_node *set,
	 enum situation when)
{
	for (size_t i = 0; set != NULL && set->kind == YAML_MAP && i < set->n; i++) {
		const struct yaml_node *key = set->pairs[i].key;
		struct word *w = word_named(s, cap, load_text(l, key));

		if (w == NULL) {
			load_fault(l, key, 0, "more than %zu names in the word sets", cap);
			return;
		}
		if (words_find(&words_names, key->text) >= 0)
			load_fault(l, key, 0, "the name '%.*s' is taken", STR_ARG(key->text));
		w->by[when] = value_text(l, set->pairs[i].value, false);
	}
}

/* The texts of the words see what is outside; only then come the words into sight. */
static void
word_sets(struct load *l, struct sheet *s, const struct yaml_node *node)
{
	enum { CAP = 16 };

	s->words = ARENA_ARRAY(l->d->arena, struct word, CAP);
	for (int when = 0; when < SITUATIONS; when++)
		word_set(l, s, CAP, yaml_get(node, words_situations.words[when]),
			 (enum situation)when);
	for (size_t i = 0; i < s->n_words; i++) {
		int slot = place_name_slot(l, node, s->words[i].name, true);

		s->words[i].slot = slot < 0 ? 0 : (uint8_t)slot;
	}
}

static void
check_twins(struct load *l, const struct sheet *s, const struct yaml_node *node, enum situation one,
	    enum situation other)
{
	const struct yaml_node *sets[] = {yaml_get(node, words_situations.words[one]),
					  yaml_get(node, words_situations.words[other])};

	for (size_t i = 0; i < s->n_words; i++) {
		const struct word *w = &s->words[i];

		if (!w->required || (w->by[one] == NULL) == (w->by[other] == NULL))
			continue;
		enum situation lacks = w->by[one] == NULL ? one : other;
		const struct yaml_node *at = sets[lacks == other];

		load_fault(l, at != NULL ? at : sets[lacks != other], 0,
			   "%s has no '%.*s', which is used without '?'",
			   words_situations.words[lacks], STR_ARG(w->name));
	}
}

/* ---- JSON ---- */

static struct json_plan *json_compile(struct load *l, const struct yaml_node *node, int depth);

static bool
json_scalar(struct load *l, const struct yaml_node *node, struct json_plan *j)
{
	j->kind = JSON_TEXT;
	j->text = value_text(l, node, false);
	if (j->text == NULL || node->quoted)
		return j->text != NULL;
	j->kind = JSON_PLAIN;
	j->plain = load_text(l, node);
	if (j->text->plain != PIECE_TEXT)
		return true;
	load_fault(l, node, 0, "a plain word in json: quote it to make it a text");
	return false;
}

static bool
json_members(struct load *l, const struct yaml_node *node, struct json_plan *j, int depth)
{
	bool ok = true;

	j->kind = node->kind == YAML_MAP ? JSON_MAP : JSON_LIST;
	j->n = node->n;
	j->keys = ARENA_ARRAY(l->d->arena, struct str, node->n);
	j->items = ARENA_ARRAY(l->d->arena, struct json_plan *, node->n);
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_node *item =
			j->kind == JSON_MAP ? node->pairs[i].value : node->items[i];

		if (j->kind == JSON_MAP)
			j->keys[i] = load_text(l, node->pairs[i].key);
		j->items[i] = json_compile(l, item, depth + 1);
		ok &= j->items[i] != NULL;
	}
	return ok;
}

/* Recursion over our own file, whose depth the reader bounds. */
static struct json_plan *
json_compile(struct load *l, const struct yaml_node *node, int depth)
{
	struct json_plan *j = ARENA_NEW(l->d->arena, struct json_plan);

	CHECK(depth <= YAML_MAX_DEPTH);
	bool ok = node->kind == YAML_SCALAR ? json_scalar(l, node, j)
					    : json_members(l, node, j, depth);
	return ok ? j : NULL;
}

/* ---- Parameters and headers ---- */

static size_t
count_params(const struct yaml_node *node)
{
	size_t n = 0;

	for (size_t i = 0; i < node->n; i++)
		n += node->pairs[i].value->kind == YAML_LIST ? node->pairs[i].value->n : 1;
	return n;
}

/* A list repeats the name. */
static void
params_compile(struct load *l, const struct yaml_node *node, bool bytes_ok, struct params *out)
{
	if (node == NULL || node->kind != YAML_MAP)
		return;
	out->rows = ARENA_ARRAY(l->d->arena, struct param, count_params(node));
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_node *value = node->pairs[i].value;
		struct yaml_node *const *items = value->kind == YAML_LIST ? value->items : NULL;

		for (size_t k = 0; k < (items ? value->n : 1); k++) {
			struct param p = {load_text(l, node->pairs[i].key),
					  value_text(l, items ? items[k] : value, bytes_ok)};

			if (p.text != NULL)
				out->rows[out->n++] = p;
		}
	}
}

static void
check_header_names(struct load *l, const struct yaml_node *node)
{
	for (size_t i = 0; node != NULL && node->kind == YAML_MAP && i < node->n; i++) {
		struct str name = node->pairs[i].key->text;

		for (size_t k = 0; k < name.n; k++) {
			if (name.p[k] > 32 && name.p[k] < 127 &&
			    !strchr("()<>@,;:\\\"/[]?={}", name.p[k]))
				continue;
			load_fault(l, node->pairs[i].key, k, "no character of a header's name");
			break;
		}
	}
}

static void
body_compile(struct load *l, struct sheet *s, const struct yaml_node *node)
{
	static const struct {
		const char *key;
		enum sheet_body body;
	} kinds[] = {{"text", SHEET_TEXT},
		     {"json", SHEET_JSON},
		     {"xml", SHEET_XML},
		     {"form", SHEET_FORM}};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const struct yaml_node *body = yaml_get(node, kinds[i].key);

		if (body == NULL)
			continue;
		if (s->body != SHEET_NONE) {
			load_fault(l, body, 0, "one of text, json, xml and form only");
			return;
		}
		s->body = kinds[i].body;
		if (s->body == SHEET_JSON) {
			s->json = json_compile(l, body, 0);
		} else if (s->body == SHEET_FORM) {
			params_compile(l, body, true, &s->form);
		} else {
			s->text = value_text(l, body, false);
			value_no_optional(l, body, s->text);
		}
	}
}

struct sheet *
sheet_compile(struct load *l, const struct yaml_node *node, bool is_call)
{
	struct sheet *s = ARENA_NEW(l->d->arena, struct sheet);
	struct sheet *outer = l->sheet;
	const struct yaml_node *type = yaml_get(node, "type");

	if (!is_call)
		load_keys(l, node, sheet_keys, ARRAY_LEN(sheet_keys));
	s->status = (int)yaml_int(yaml_get(node, "status"), 200);
	word_sets(l, s, node);
	l->sheet = s;
	if (type != NULL && type->kind == YAML_SCALAR)
		s->type = value_text(l, type, false);
	params_compile(l, yaml_get(node, "headers"), false, &s->headers);
	check_header_names(l, yaml_get(node, "headers"));
	if (is_call)
		params_compile(l, yaml_get(node, "query"), true, &s->query);
	body_compile(l, s, node);
	check_twins(l, s, node, WHEN_CONTINUE, WHEN_END);
	check_twins(l, s, node, WHEN_GSM7, WHEN_UCS2);
	l->sheet = outer;
	return s;
}
