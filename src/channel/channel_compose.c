#include "channel/channel_int.h"

#include <jansson.h>

struct composing {
	struct buf query, form;
	json_t *json;
	struct composed *out;
	const struct step *each;
	size_t n_each;
	bool by_get;
	struct arena *arena;
};

static void
add_param(struct buf *to, struct str name, struct str value)
{
	if (to->n > 0)
		buf_addc(to, '&');
	codec_percent(name, true, to);
	buf_addc(to, '=');
	codec_percent(value, true, to);
}

/* Words of a table that are JSON's own become so: "true" in a map means the boolean. */
static struct piece
as_json(struct piece p)
{
	if (p.type == PIECE_TEXT && (str_is(p.s, "true") || str_is(p.s, "false")))
		p.type = PIECE_WORD;
	return p;
}

static bool
add_json(struct composing *c, const struct place *place, struct piece p)
{
	size_t n = 0;
	struct step *steps = ARENA_ARRAY(c->arena, struct step, c->n_each + 1 + place->n_steps);

	if (place->from == FROM_EACH) {
		memcpy(steps, c->each, c->n_each * sizeof(*steps));
		n = c->n_each;
		steps[n++] = (struct step){STR_LIT("0"), 0};
	}
	memcpy(steps + n, place->steps, place->n_steps * sizeof(*steps));
	if (c->json == NULL)
		c->json = json_object();
	return tree_put(c->json, steps, n + place->n_steps, as_json(p));
}

static bool
add_header(struct composing *c, const struct place *place, struct piece p)
{
	struct str value = p.s;

	if (place->param.n > 0)
		value = str_of(arena_printf(c->arena, "text/plain; %.*s=%.*s",
					    STR_ARG(place->param), STR_ARG(p.s)));
	if (str_eq_nocase(place->name, STR_LIT("Content-Type")))
		c->out->type = value;
	else
		c->out->headers[c->out->n_headers++] = (struct wire_header){place->name, value};
	return true;
}

static bool
add_place(struct composing *c, const struct place *place, struct piece p)
{
	int64_t status;

	switch (place->from) {
	case FROM_QUERY:
		add_param(&c->query, place->name, p.s);
		return true;
	case FROM_FORM:
		add_param(&c->form, place->name, p.s);
		return true;
	case FROM_ANY:
		add_param(c->by_get ? &c->query : &c->form, place->name, p.s);
		return true;
	case FROM_JSON:
	case FROM_EACH:
		return add_json(c, place, p);
	case FROM_HEADER:
		return add_header(c, place, p);
	case FROM_BODY:
		c->out->body = p.s;
		return true;
	case FROM_HTTP:
		if (!str_to_int(p.s, &status) || status < 100 || status > 599)
			return false;
		c->out->status = (int)status;
		return true;
	default:
		return true;
	}
}

bool
compose_places(const struct plan *plan, const struct piece *slots, bool by_get,
	       const struct step *each, size_t n_each, struct arena *a, struct composed *out)
{
	struct composing c = {
		.out = out, .each = each, .n_each = n_each, .by_get = by_get, .arena = a};
	bool ok = true;

	*out = (struct composed){.headers = ARENA_ARRAY(a, struct wire_header, plan->n)};
	buf_init_arena(&c.query, a);
	buf_init_arena(&c.form, a);
	for (size_t i = 0; ok && i < plan->n; i++)
		if (piece_has(slots[i]))
			ok = add_place(&c, &plan->places[i], slots[i]);
	if (c.json == NULL && (plan->sources & (FROM(JSON) | FROM(EACH))))
		c.json = json_object();
	out->query = buf_str(&c.query);
	if (c.json != NULL) {
		out->body = tree_text(c.json, a);
		if (out->type.p == NULL)
			out->type = STR_LIT("application/json");
	} else if (c.form.n > 0) {
		out->body = buf_str(&c.form);
		if (out->type.p == NULL)
			out->type = STR_LIT("application/x-www-form-urlencoded");
	}
	json_decref(c.json);
	return ok;
}
