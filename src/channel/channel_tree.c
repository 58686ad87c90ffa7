#include "channel/channel_int.h"

#include <jansson.h>

/* JSON, bounded before it is parsed (RFC 8259; jansson). */

struct shape {
	size_t depth, members;
	bool in_text, escaped;
};

/* One pass over the bytes: jansson recurses, so depth is refused before it sees any. */
static bool
bounded(struct str bytes)
{
	struct shape s = {0};

	for (size_t i = 0; i < bytes.n; i++) {
		char c = bytes.p[i];

		if (s.in_text) {
			s.in_text = s.escaped || c != '"';
			s.escaped = !s.escaped && c == '\\';
			continue;
		}
		if (c == '"')
			s.in_text = true;
		else if (c == '{' || c == '[')
			s.depth++;
		else if ((c == '}' || c == ']') && s.depth > 0)
			s.depth--;
		else if (c == ',')
			s.members++;
		if (s.depth > JSON_DEPTH || s.members >= JSON_MEMBERS)
			return false;
	}
	return true;
}

struct json_t *
tree_parse(struct str bytes)
{
	if (bytes.n == 0 || !bounded(bytes))
		return NULL;
	return json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, NULL);
}

/* Field names in any letter case: the first that fits. */
static json_t *
member_of(json_t *object, struct str key, bool any_case)
{
	json_t *value = json_object_getn(object, key.p, key.n);
	const char *name;
	json_t *other;

	if (value != NULL || !any_case)
		return value;
	json_object_foreach(object, name, other)
	{
		if (str_eq_nocase(str_of(name), key))
			return other;
	}
	return NULL;
}

struct json_t *
tree_find(struct json_t *from, const struct step *steps, size_t n, bool any_case)
{
	for (size_t i = 0; from != NULL && i < n; i++) {
		if (json_is_array(from))
			from = steps[i].index < 0 ? NULL
						  : json_array_get(from, (size_t)steps[i].index);
		else
			from = member_of(from, steps[i].key, any_case);
	}
	return from;
}

/* true, false and integers become text; null, objects and arrays are absent. */
struct piece
tree_piece(const struct json_t *at, struct arena *a)
{
	struct str s;

	switch (at == NULL ? JSON_NULL : json_typeof(at)) {
	case JSON_STRING:
		s = (struct str){json_string_value(at), json_string_length(at)};
		return piece_text(arena_str(a, s));
	case JSON_INTEGER:
		s = str_of(arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(at)));
		return (struct piece){s, PIECE_NUMBER};
	case JSON_REAL:
		s = str_of(arena_printf(a, "%.15g", json_real_value(at)));
		return (struct piece){s, PIECE_NUMBER};
	case JSON_TRUE:
		return (struct piece){STR_LIT("true"), PIECE_WORD};
	case JSON_FALSE:
		return (struct piece){STR_LIT("false"), PIECE_WORD};
	default:
		return PIECE_NONE;
	}
}

static json_t *
leaf(struct piece p)
{
	int64_t v;

	if (p.type == PIECE_NUMBER && str_to_int(p.s, &v))
		return json_integer(v);
	if (p.type == PIECE_WORD)
		return str_is(p.s, "true")    ? json_true()
		       : str_is(p.s, "false") ? json_false()
					      : json_null();
	return json_stringn(str_bytes(p.s), p.s.n);
}

/* Sets one step of a container; takes over value. */
static bool
put_step(json_t *in, const struct step *s, json_t *value)
{
	if (json_is_object(in))
		return json_object_setn_new(in, s->key.p, s->key.n, value) == 0;
	if (!json_is_array(in) || s->index < 0 || s->index > BATCH_ENTRIES) {
		json_decref(value);
		return false;
	}
	while (json_array_size(in) < (size_t)s->index)
		if (json_array_append_new(in, json_null()) != 0)
			break;
	if (json_array_size(in) == (size_t)s->index)
		return json_array_append_new(in, value) == 0;
	return json_array_set_new(in, (size_t)s->index, value) == 0;
}

bool
tree_put(struct json_t *root, const struct step *steps, size_t n, struct piece p)
{
	for (size_t i = 0; i + 1 < n; i++) {
		json_t *next = tree_find(root, &steps[i], 1, false);

		if (next == NULL || json_is_null(next)) {
			next = steps[i + 1].index >= 0 ? json_array() : json_object();
			if (!put_step(root, &steps[i], next))
				return false;
		}
		root = next;
	}
	return n > 0 && put_step(root, &steps[n - 1], leaf(p));
}

struct str
tree_text(const struct json_t *root, struct arena *a)
{
	char *text = json_dumps(root, JSON_COMPACT);

	if (text == NULL)
		return STR_NONE;
	struct str out = arena_str(a, str_of(text));

	free(text);
	return out;
}

bool
tree_pairs(struct json_t *object, struct arena *a, struct pair *out, size_t max, size_t *n)
{
	const char *name;
	size_t n_name;
	json_t *value;

	*n = 0;
	if (!json_is_object(object) || json_object_size(object) > max)
		return false;
	json_object_keylen_foreach(object, name, n_name, value)
	{
		struct piece p = tree_piece(value, a);

		if (json_is_object(value) || json_is_array(value))
			return false;
		if (piece_has(p))
			out[(*n)++] = (struct pair){arena_str(a, (struct str){name, n_name}), p.s};
	}
	return true;
}
