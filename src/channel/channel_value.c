#include "channel/channel_int.h"

/* ---- Texts with holes ---- */

struct text_cursor {
	struct load *l;
	const struct yaml_node *node;
	struct str text; /* of the node */
	size_t at;
	bool bytes_ok;
	struct text_plan *out;
	char *literal; /* being collected */
	size_t n_literal;
};

static void
end_literal(struct text_cursor *c)
{
	if (c->n_literal == 0)
		return;
	c->out->parts[c->out->n++] = (struct text_part){.literal = {c->literal, c->n_literal}};
	c->literal += c->n_literal;
	c->n_literal = 0;
}

/* A word of a set used without '?' must be in both sets. */
static void
mark_required(struct load *l, uint8_t slot)
{
	for (size_t i = 0; l->sheet != NULL && i < l->sheet->n_words; i++)
		if (l->sheet->words[i].slot == slot)
			l->sheet->words[i].required = true;
}

static bool
one_hole(struct text_cursor *c)
{
	struct str rest = str_after(c->text, c->at + 1);
	ptrdiff_t end = str_find(rest, '}');

	if (end <= 0) {
		load_fault(c->l, c->node, c->at,
			   end < 0 ? "'{' without its '}' (a brace itself is '{{')"
				   : "an empty hole");
		return false;
	}
	struct str inside = {rest.p, (size_t)end};
	struct text_part part = {.is_hole = true};

	if (inside.p[inside.n - 1] == '?') {
		part.hole.optional = true;
		inside.n--;
	}
	if (!place_compile(c->l, c->node, inside, c->at + 1, c->bytes_ok, &part.hole))
		return false;
	if (!part.hole.optional)
		mark_required(c->l, part.hole.slot);
	end_literal(c);
	c->out->parts[c->out->n++] = part;
	c->at += (size_t)end + 2;
	return true;
}

static bool
one_char(struct text_cursor *c)
{
	char ch = c->text.p[c->at];

	if (ch == '{' || ch == '}') {
		if (c->at + 1 < c->text.n && c->text.p[c->at + 1] == ch) {
			c->at++;
		} else if (ch == '{') {
			return one_hole(c);
		} else {
			load_fault(c->l, c->node, c->at, "'}' alone (a brace itself is '}}')");
			return false;
		}
	}
	c->literal[c->n_literal++] = ch;
	c->at++;
	return true;
}

static bool
is_number(struct str s)
{
	int64_t v;

	return s.n < 19 && str_to_int(s, &v) && s.p[0] != '+';
}

/* What an unquoted scalar is in JSON. */
static enum piece_type
plain_type(const struct yaml_node *node)
{
	if (node->quoted)
		return PIECE_TEXT;
	if (str_is(node->text, "true") || str_is(node->text, "false") || str_is(node->text, "null"))
		return PIECE_WORD;
	return is_number(node->text) ? PIECE_NUMBER : PIECE_TEXT;
}

struct text_plan *
value_text_from(struct load *l, const struct yaml_node *node, size_t offset, bool bytes_ok)
{
	struct arena *a = l->d->arena;

	if (node->kind != YAML_SCALAR) {
		load_fault(l, node, 0,
			   node->kind == YAML_MAP
				   ? "a text was expected, and YAML reads a mapping: quote it"
				   : "a text was expected, not a list");
		return NULL;
	}
	struct text_cursor c = {.l = l,
				.node = node,
				.text = node->text,
				.at = offset,
				.bytes_ok = bytes_ok,
				.out = ARENA_NEW(a, struct text_plan),
				.literal = arena_alloc(a, node->text.n + 1)};
	/* a hole and the literal before it take at least three bytes */
	c.out->parts = ARENA_ARRAY(a, struct text_part, node->text.n + 1);
	c.out->plain = plain_type(node);
	while (c.at < c.text.n)
		if (!one_char(&c))
			return NULL;
	end_literal(&c);
	return c.out;
}

struct text_plan *
value_text(struct load *l, const struct yaml_node *node, bool bytes_ok)
{
	return value_text_from(l, node, 0, bytes_ok);
}

/* {x?} leaves out what holds it; a whole text cannot be left out. */
void
value_no_optional(struct load *l, const struct yaml_node *node, const struct text_plan *t)
{
	for (size_t i = 0; t != NULL && i < t->n; i++) {
		if (t->parts[i].is_hole && t->parts[i].hole.optional) {
			load_fault(l, node, 0,
				   "{x?} leaves out a member, parameter or header; "
				   "not allowed here");
			return;
		}
	}
}

/* A text without holes. */
bool
value_constant(const struct text_plan *t, struct str *out)
{
	*out = t->n > 0 ? t->parts[0].literal : STR_LIT("");
	return t->n == 0 || (t->n == 1 && !t->parts[0].is_hole);
}

/* ---- Values ---- */

static const struct yaml_key mapping_keys[] = {
	{.name = "at"},
	{.name = "charset"},
	{.name = "match", .type = YAML_T_TEXT},
	{.name = "map", .type = YAML_T_MAP},
	{.name = "default", .type = YAML_T_TEXT},
};

static struct value *compile(struct load *l, const struct yaml_node *node,
			     const struct wordlist *results, bool as_bytes, int depth);

static bool
pattern_compile(struct load *l, const struct yaml_node *node, struct value *v)
{
	size_t at = 0;
	const char *why = "";
	struct dialect *d = l->d;

	v->pattern = load_text(l, node);
	if (match_compile(v->pattern, &v->match, &at, &why) != 0) {
		load_fault(l, node, at, "pattern: %s", why);
		return false;
	}
	if (d->n_patterns == d->cap_patterns) {
		d->cap_patterns = d->cap_patterns ? d->cap_patterns * 2 : 16;
		d->patterns = xrealloc(d->patterns, d->cap_patterns * sizeof(*d->patterns));
	}
	d->patterns[d->n_patterns++] = v->match;
	if (match_captures(v->match) <= 1)
		return true;
	load_fault(l, node, 0, "pattern: at most one capture, others are written (?:...)");
	return false;
}

static bool
charset_compile(struct load *l, const struct yaml_node *node, struct value *v, int depth)
{
	if (node->kind == YAML_SCALAR && str_find(node->text, '.') < 0 &&
	    str_find(node->text, '{') < 0) {
		v->charset = codec_charset(node->text);
		if (v->charset == CHARSET_NONE)
			load_unknown(l, node, 0, node->text, &words_charsets);
		return v->charset != CHARSET_NONE;
	}
	v->charset_from = compile(l, node, NULL, false, depth);
	return v->charset_from != NULL;
}

static struct value *
mapping_compile(struct load *l, const struct yaml_node *node, const struct wordlist *results,
		bool as_bytes, int depth)
{
	struct value *v = ARENA_NEW(l->d->arena, struct value);
	const struct yaml_node *at = yaml_get(node, "at"), *charset = yaml_get(node, "charset"),
			       *match = yaml_get(node, "match"), *map = yaml_get(node, "map"),
			       *fallback = yaml_get(node, "default");
	bool ok = load_keys(l, node, mapping_keys, ARRAY_LEN(mapping_keys));

	*v = (struct value){.kind = VALUE_MAPPING, .charset = CHARSET_NONE};
	if (at == NULL && ok) {
		load_fault(l, node, 0, "a value as a mapping begins with at:");
		ok = false;
	}
	if (at != NULL)
		ok &= (v->at = compile(l, at, NULL, as_bytes || charset != NULL, depth)) != NULL;
	if (charset != NULL)
		ok &= charset_compile(l, charset, v, depth);
	if (match != NULL && match->kind == YAML_SCALAR)
		ok &= pattern_compile(l, match, v);
	if (map != NULL && map->kind == YAML_MAP)
		ok &= (v->map = map_compile(l, map, results, MAP_ALL)) != NULL;
	if (fallback != NULL && fallback->kind == YAML_SCALAR)
		ok &= (v->fallback = map_result(l, fallback, results)) != NULL;
	return ok ? v : NULL;
}

static struct value *
list_compile(struct load *l, const struct yaml_node *node, const struct wordlist *results,
	     bool as_bytes, int depth)
{
	struct value *v = ARENA_NEW(l->d->arena, struct value);
	bool ok = node->n > 0 && node->n <= VALUE_ALTERNATIVES;

	v->kind = VALUE_LIST;
	if (!ok) {
		load_fault(l, node, 0, "1 to %d alternatives", VALUE_ALTERNATIVES);
		return NULL;
	}
	v->items = ARENA_ARRAY(l->d->arena, struct value *, node->n);
	for (size_t i = 0; i < node->n; i++) {
		struct value *item = compile(l, node->items[i], results, as_bytes, depth);

		if (item != NULL)
			v->items[v->n_items++] = item;
		else
			ok = false;
	}
	return ok ? v : NULL;
}

/* depth: a value inside a value; the file's own depth is bounded by the reader. */
static struct value *
compile(struct load *l, const struct yaml_node *node, const struct wordlist *results, bool as_bytes,
	int depth)
{
	if (depth > YAML_MAX_DEPTH)
		return NULL;
	if (node->kind == YAML_MAP)
		return mapping_compile(l, node, results, as_bytes, depth + 1);
	if (node->kind == YAML_LIST)
		return list_compile(l, node, results, as_bytes, depth + 1);
	struct value *v = ARENA_NEW(l->d->arena, struct value);

	if (str_find(node->text, '{') >= 0 || str_find(node->text, '}') >= 0) {
		v->kind = VALUE_TEXT;
		v->text = value_text(l, node, as_bytes);
		return v->text != NULL ? v : NULL;
	}
	v->kind = VALUE_PLACE;
	return place_compile(l, node, load_text(l, node), 0, as_bytes, &v->place) ? v : NULL;
}

struct value *
value_compile(struct load *l, const struct yaml_node *node, const struct wordlist *results)
{
	return compile(l, node, results, false, 0);
}

/* ---- let ---- */

static bool
let_name_ok(struct load *l, const struct yaml_node *key)
{
	const struct plan *plan = l->plan;
	bool taken = words_find(&words_names, key->text) >= 0 ||
		     words_find(&words_sources, key->text) >= 0;

	for (size_t i = 0; i < plan->n; i++)
		taken |= plan->places[i].from == FROM_NAME &&
			 str_eq(plan->places[i].name, key->text);
	if (taken)
		load_fault(l, key, 0, "the name '%.*s' is taken", STR_ARG(key->text));
	for (size_t i = 0; i < key->text.n; i++) {
		char c = key->text.p[i];

		if ((c < 'a' || c > 'z') && c != '_' && (c < '0' || c > '9')) {
			load_fault(l, key, i, "a name is made of small letters, digits and _");
			return false;
		}
	}
	return !taken && key->text.n > 0;
}

size_t
value_lets(struct load *l, const struct yaml_node *node, struct let *lets)
{
	size_t n = 0;

	if (node == NULL || node->kind != YAML_MAP)
		return 0;
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_node *key = node->pairs[i].key;

		if (n == SECTION_LETS) {
			load_fault(l, key, 0, "more than %d names in let", SECTION_LETS);
			break;
		}
		struct value *v = value_compile(l, node->pairs[i].value, NULL);

		if (!let_name_ok(l, key))
			continue;
		/* the name is in sight even when its value is faulty: one fault, not two */
		int slot = place_name_slot(l, key, load_text(l, key), false);
		if (slot >= 0 && v != NULL)
			lets[n++] = (struct let){l->plan->places[slot].name, (uint8_t)slot, v};
	}
	return n;
}
