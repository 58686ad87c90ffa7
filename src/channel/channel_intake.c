#include "channel/channel_int.h"

#include <jansson.h>
#include <stdlib.h>

/* Bytes of a call, or of an answer to ours, into the slots of a plan. */

/* NUL and broken UTF-8 may pass only where the dialect takes bytes. */
static bool
bytes_ok(const struct place *p, struct str s)
{
	return !p->as_text || (utf8_ok(s) && str_find(s, '\0') < 0);
}

static bool
text_ok(const struct place *p, struct str s)
{
	return s.n <= VALUE_BYTES && bytes_ok(p, s);
}

static bool
put(const struct plan *plan, struct piece *slots, size_t slot, struct piece p)
{
	if (piece_has(p) && !text_ok(&plan->places[slot], p.s))
		return false;
	slots[slot] = p;
	return true;
}

/* ---- Queries and forms ---- */

static int
compare(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int by_text = n > 0 ? memcmp(a.p, b.p, n) : 0;

	return by_text != 0 ? by_text : a.n < b.n ? -1 : a.n > b.n;
}

static const struct named_slot *
wanted(const struct named_slot *rows, size_t n, struct str name, bool ignore_case)
{
	size_t low = 0, high = n;

	for (size_t i = 0; ignore_case && i < n; i++)
		if (str_eq_nocase(rows[i].name, name))
			return &rows[i];
	while (!ignore_case && low < high) {
		size_t middle = (low + high) / 2;
		int c = compare(name, rows[middle].name);

		if (c == 0)
			return &rows[middle];
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/*
 * The same name twice with other content is a fault; with the same, it is one.
 * fill_params has looked at every escape before.
 */
static bool
put_param(struct intake *in, const struct plan *plan, struct piece *slots, size_t slot,
	  struct str raw)
{
	struct str value;

	CHECK(codec_unpercent(raw, true, in->arena, &value));
	if (piece_has(slots[slot]))
		return str_eq(slots[slot].s, value);
	return put(plan, slots, slot, piece_text(value));
}

static bool
fill_params(struct intake *in, const struct plan *plan, int list, struct str text,
	    struct piece *slots)
{
	struct str name, value, rest = text;

	if (plan->n_params[list] == 0)
		return true;
	if (!codec_escapes_ok(text))
		return false;
	while (codec_param(&rest, &name, &value)) {
		struct str plain;

		CHECK(codec_unpercent(name, true, in->arena, &plain));
		const struct named_slot *row = wanted(plan->params[list], plan->n_params[list],
						      str_trim(plain), in->ignore_case);

		if (row != NULL && !put_param(in, plan, slots, row->slot, value))
			return false;
	}
	return true;
}

/* ---- JSON ---- */

struct json_t *
intake_json(struct intake *in)
{
	if (!in->json_tried) {
		in->json_tried = true;
		if (in->body.n <= (in->status ? (size_t)ANSWER_BYTES : (size_t)BODY_MOST))
			in->json = tree_parse(in->body);
	}
	return in->json;
}

static bool
has_json(struct intake *in)
{
	return intake_json(in) != NULL;
}

static bool
fill_tree(struct intake *in, const struct plan *plan, enum place_source from, json_t *root,
	  struct piece *slots)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct place *p = &plan->places[i];

		if (p->from != from)
			continue;
		struct piece got = tree_piece(
			tree_find(root, p->steps, p->n_steps, in->ignore_case), in->arena);

		if (in->lenient && piece_has(got) && !text_ok(p, got.s))
			got = PIECE_NONE;
		if (!put(plan, slots, i, got))
			return false;
	}
	return true;
}

static bool
fill_json(struct intake *in, const struct plan *plan, struct piece *slots)
{
	if ((plan->sources & (FROM(JSON) | FROM(EACH))) == 0)
		return true;
	if (!has_json(in)) /* an empty body is a probe: its places are absent */
		return in->lenient || in->body.n == 0;
	return fill_tree(in, plan, FROM_JSON, in->json, slots);
}

/* any: the query of a GET, else form or JSON as Content-Type says. */
static bool
fill_any(struct intake *in, const struct plan *plan, struct piece *slots)
{
	static const char json[] = "json";

	if ((plan->sources & FROM(ANY)) == 0)
		return true;
	if (in->method == WIRE_GET)
		return fill_params(in, plan, 2, in->query, slots);
	for (size_t i = 0; i + 4 <= in->type.n && in->type.p[i] != ';'; i++)
		if (strncasecmp(in->type.p + i, json, 4) == 0)
			return has_json(in) ? fill_tree(in, plan, FROM_ANY, in->json, slots)
					    : in->body.n == 0;
	return fill_params(in, plan, 2, in->body, slots);
}

/* ---- Headers and single places ---- */

/* text/plain; charset="UTF-8" */
static struct piece
header_param(struct str value, struct str name)
{
	struct str rest = value;

	(void)str_cut(&rest, ';');
	while (rest.n > 0) {
		struct str param = str_cut(&rest, ';');
		struct str key = str_trim(str_cut(&param, '='));

		if (!str_eq_nocase(key, name))
			continue;
		param = str_trim(param);
		if (param.n >= 2 && param.p[0] == '"' && param.p[param.n - 1] == '"')
			param = (struct str){param.p + 1, param.n - 2};
		return piece_text(param);
	}
	return PIECE_NONE;
}

static struct piece
header(struct intake *in, const struct place *p)
{
	if (str_eq_nocase(p->name, STR_LIT("Content-Type")) && in->type.p != NULL)
		return p->param.n ? header_param(in->type, p->param) : piece_text(in->type);
	for (size_t i = 0; i < in->n_headers; i++) {
		struct str value = str_trim(in->headers[i].value);

		if (!str_eq_nocase(in->headers[i].name, p->name))
			continue;
		return p->param.n ? header_param(value, p->param) : piece_text(value);
	}
	return PIECE_NONE;
}

static bool
fill_single(struct intake *in, const struct plan *plan, size_t i, struct piece *slots)
{
	const struct place *p = &plan->places[i];

	switch (p->from) {
	case FROM_HEADER:
		return put(plan, slots, i, header(in, p));
	case FROM_PATH:
		return in->vars[p->number].p == NULL ||
		       put(plan, slots, i, piece_text(in->vars[p->number]));
	case FROM_BODY: /* the whole of it, not bounded as a value */
		if (!bytes_ok(p, in->body))
			return in->lenient;
		slots[i] = piece_text((struct str){str_bytes(in->body), in->body.n});
		return true;
	case FROM_HTTP:
		slots[i] = (struct piece){str_of(arena_printf(in->arena, "%d", in->status)),
					  PIECE_NUMBER};
		return true;
	default:
		return true;
	}
}

int
intake_fill(struct intake *in, const struct plan *plan, struct piece *slots)
{
	for (size_t i = 0; i < plan->n; i++)
		if (!fill_single(in, plan, i, slots))
			return W_EINVAL;
	if (!fill_params(in, plan, 0, in->query, slots) ||
	    !fill_params(in, plan, 1, in->body, slots) || !fill_any(in, plan, slots) ||
	    !fill_json(in, plan, slots))
		return W_EINVAL;
	return 0;
}

/* ---- Batches ---- */

bool
intake_entries(struct intake *in, const struct step *steps, size_t n_steps, size_t *n)
{
	json_t *list = has_json(in) ? tree_find(in->json, steps, n_steps, in->ignore_case) : NULL;

	*n = json_array_size(list);
	return json_is_array(list) && *n <= BATCH_ENTRIES;
}

int
intake_entry(struct intake *in, const struct plan *plan, const struct step *steps, size_t n_steps,
	     size_t i, struct piece *slots)
{
	json_t *entry = json_array_get(tree_find(in->json, steps, n_steps, in->ignore_case), i);

	return fill_tree(in, plan, FROM_EACH, entry, slots) ? 0 : W_EINVAL;
}

void
intake_done(struct intake *in)
{
	json_decref(in->json);
	in->json = NULL;
}
