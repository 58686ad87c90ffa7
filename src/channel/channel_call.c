#include "channel/channel_int.h"

/* send:, token: and setup: compiled. */

static const struct yaml_key call_keys[] = {
	{.name = "call", .type = YAML_T_TEXT, .required = true},
	{.name = "if"},
	{.name = "query", .type = YAML_T_MAP},
	{.name = "form", .type = YAML_T_MAP},
	{.name = "json"},
	{.name = "xml"},
	{.name = "text"},
	{.name = "type", .type = YAML_T_TEXT},
	{.name = "headers", .type = YAML_T_MAP},
	{.name = "let", .type = YAML_T_MAP},
	{.name = "gsm7", .type = YAML_T_MAP},
	{.name = "ucs2", .type = YAML_T_MAP},
	{.name = "basic", .type = YAML_T_TEXT},
	{.name = "join", .type = YAML_T_TEXT},
	{.name = "udh", .type = YAML_T_INT, .min = 8, .max = 16},
	{.name = "idempotent", .type = YAML_T_SPAN, .min = 1, .max = 90 * 86400},
	{.name = "answer", .type = YAML_T_MAP, .required = true},
};

/* Further keys of a login, and of a call made once: a part of call_keys. */
static const struct yaml_key token_keys[] = {
	{.name = "call", .type = YAML_T_TEXT, .required = true},
	{.name = "query", .type = YAML_T_MAP},
	{.name = "form", .type = YAML_T_MAP},
	{.name = "json"},
	{.name = "xml"},
	{.name = "text"},
	{.name = "type", .type = YAML_T_TEXT},
	{.name = "headers", .type = YAML_T_MAP},
	{.name = "let", .type = YAML_T_MAP},
	{.name = "basic", .type = YAML_T_TEXT},
	{.name = "take", .type = YAML_T_MAP, .required = true},
};

static const struct yaml_key take_keys[] = {
	{.name = "token", .required = true},
	{.name = "life"},
};

static const struct yaml_key answer_keys[] = {
	{.name = "each", .type = YAML_T_TEXT},
	{.name = "code", .required = true},
	{.name = "verdicts", .type = YAML_T_MAP, .required = true},
	{.name = "id"},
	{.name = "to"},
	{.name = "parts"},
	{.name = "wait_ms"},
};

/* The url begins with a setting of type url, or is https in the file. */
static void
check_url(struct load *l, const struct yaml_node *node, const struct call *c, size_t offset)
{
	const struct text_part *first = &c->url->parts[0]; /* there is one: see url_compile */

	if (first->is_hole) {
		const struct place *p = &c->plan->places[first->hole.slot];

		if (p->from == FROM_CHANNEL && l->d->settings[p->number].type == SETTING_URL)
			return;
		load_fault(l, node, offset, "a call begins with a setting of type url");
		return;
	}
	if (!str_starts(first->literal, STR_LIT("https://")))
		load_fault(l, node, offset, "a call goes to https:// or to a setting of type url");
}

static void
url_compile(struct load *l, struct call *c, const struct yaml_node *node)
{
	if (node == NULL || node->kind != YAML_SCALAR)
		return;
	struct str rest = node->text, method = str_cut(&rest, ' ');

	c->method = wire_method_of(method);
	if (c->method == WIRE_OTHER || rest.n == 0) {
		load_fault(l, node, 0, "METHOD URL was expected");
		return;
	}
	c->url = value_text_from(l, node, method.n + 1, true);
	value_no_optional(l, node, c->url);
	if (c->url != NULL)
		check_url(l, node, c, method.n + 1);
}

static void
codes_compile(struct load *l, struct call *c, const struct yaml_node *node)
{
	size_t n = node == NULL ? 0 : node->kind == YAML_LIST ? node->n : 1;

	if (n > VALUE_ALTERNATIVES) {
		load_fault(l, node, 0, "1 to %d alternatives", VALUE_ALTERNATIVES);
		n = VALUE_ALTERNATIVES;
	}
	for (size_t i = 0; i < n; i++) {
		struct value *v =
			value_compile(l, node->kind == YAML_LIST ? node->items[i] : node, NULL);

		if (v != NULL)
			c->codes[c->n_codes++] = v;
	}
}

static bool
map_names(const struct map *m, const char *word)
{
	struct str s;

	for (size_t i = 0; m != NULL && i < m->n_exact; i++)
		if (value_constant(m->exact[i].to, &s) && str_is(s, word))
			return true;
	for (size_t i = 0; m != NULL && i < m->n_prefixes; i++)
		if (value_constant(m->prefixes[i].to, &s) && str_is(s, word))
			return true;
	return m != NULL && m->rest != NULL && value_constant(m->rest, &s) && str_is(s, word);
}

static void
verdicts_compile(struct load *l, struct call *c, const struct yaml_node *node)
{
	if (node == NULL || node->kind != YAML_MAP)
		return;
	c->verdicts = map_compile(l, node, &words_said, MAP_WORDS);
	if (c->verdicts == NULL)
		return;
	c->statuses = map_compile(l, node, &words_said, MAP_STATUSES);
	if (!map_names(c->verdicts, "accepted") && !map_names(c->statuses, "accepted"))
		load_fault(l, node, 0, "no word means accepted: success must be named");
}

static void
answer_compile(struct load *l, struct call *c, const struct yaml_node *node)
{
	const struct {
		const char *key;
		struct value **to;
	} values[] = {
		{"id", &c->id}, {"to", &c->to}, {"parts", &c->parts}, {"wait_ms", &c->wait_ms}};

	c->answer = load_plan_new(l);
	l->sources = FROM(JSON) | FROM(HEADER) | FROM(BODY) | FROM(HTTP) | FROM(CHANNEL);
	l->names = NAME(TO) | NAME(REF);
	if (node == NULL || node->kind != YAML_MAP)
		return;
	load_keys(l, node, answer_keys, ARRAY_LEN(answer_keys));
	const struct yaml_node *each = yaml_get(node, "each");

	if (each != NULL && each->kind == YAML_SCALAR) {
		c->batch = place_each(l, each, &c->each, &c->n_each);
		l->sources |= FROM(EACH);
		c->answer->sources |= FROM(JSON);
	}
	codes_compile(l, c, yaml_get(node, "code"));
	verdicts_compile(l, c, yaml_get(node, "verdicts"));
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		if (yaml_get(node, values[i].key) != NULL)
			*values[i].to = value_compile(l, yaml_get(node, values[i].key), NULL);
	load_plan_done(l, c->answer);
}

static void
call_options(struct load *l, struct call *c, const struct yaml_node *node)
{
	const struct yaml_node *join = yaml_get(node, "join"), *udh = yaml_get(node, "udh");

	c->has_join = join != NULL && join->kind == YAML_SCALAR;
	c->join = c->has_join ? load_text(l, join) : STR_NONE;
	c->reference_bits = (unsigned)yaml_int(udh, 8);
	if (udh != NULL && c->reference_bits != 8 && c->reference_bits != 16)
		load_fault(l, udh, 0, "udh is 8 or 16");
	c->idempotent_s = yaml_span(yaml_get(node, "idempotent"), 0);
}

/* What every call of ours has: its values, where it goes and what it holds. */
static void
call_head(struct load *l, struct call *c, const struct yaml_node *node, uint32_t names)
{
	const struct yaml_node *condition = yaml_get(node, "if"), *basic = yaml_get(node, "basic");

	c->plan = load_plan_new(l);
	l->sources = FROM(CHANNEL) | FROM(SECRET) | FROM(URL);
	l->names = names | NAME(NOW);
	c->n_lets = value_lets(l, yaml_get(node, "let"), c->lets);
	if (condition != NULL)
		c->condition = value_compile(l, condition, NULL);
	url_compile(l, c, yaml_get(node, "call"));
	if (basic != NULL && basic->kind == YAML_SCALAR)
		c->basic = value_text(l, basic, false);
	c->sheet = sheet_compile(l, node, true);
	load_plan_done(l, c->plan);
}

void
call_compile(struct load *l, const struct yaml_node *node)
{
	struct call *c = ARENA_NEW(l->d->arena, struct call);
	bool keys_ok = load_keys(l, node, call_keys, ARRAY_LEN(call_keys));

	if (node->kind != YAML_MAP)
		return;
	if (l->d->n_calls == DIALECT_SECTIONS) {
		load_fault(l, node, 0, "more than %d send sections", DIALECT_SECTIONS);
		return;
	}
	l->d->calls[l->d->n_calls++] = c;
	call_head(l, c, node, NAME(TO) | NAME(TEXT) | NAME(REF) | (l->has_token ? NAME(TOKEN) : 0));
	call_options(l, c, node);
	c->tells_ref = c->plan->given[NAME_REF] >= 0;
	answer_compile(l, c, yaml_get(node, "answer"));
	if (keys_ok && c->id == NULL && !c->tells_ref)
		load_fault(l, node, 0,
			   "neither an id in the answer nor {ref} in the call: a "
			   "report could not be matched");
}

void
token_compile(struct load *l, const struct yaml_node *node)
{
	struct call *c = ARENA_NEW(l->d->arena, struct call);
	const struct yaml_node *take = yaml_get(node, "take");

	if (!load_keys(l, node, token_keys, ARRAY_LEN(token_keys)) ||
	    !load_keys(l, take, take_keys, ARRAY_LEN(take_keys)))
		return;
	l->d->token = c;
	call_head(l, c, node, 0);
	c->answer = load_plan_new(l);
	l->sources = FROM(JSON) | FROM(HEADER) | FROM(BODY) | FROM(HTTP) | FROM(CHANNEL);
	l->names = 0;
	c->id = value_compile(l, yaml_get(take, "token"), NULL);
	if (yaml_get(take, "life") != NULL)
		c->life = value_compile(l, yaml_get(take, "life"), NULL);
	load_plan_done(l, c->answer);
}

void
setup_compile(struct load *l, const struct yaml_node *node)
{
	struct call *c = ARENA_NEW(l->d->arena, struct call);

	/* the keys of a login but its last: any 2xx is done, nothing is taken */
	if (!load_keys(l, node, token_keys, ARRAY_LEN(token_keys) - 1))
		return;
	l->d->setup = c;
	call_head(l, c, node, l->has_token ? NAME(TOKEN) : 0);
}
