#include "channel/channel_int.h"

/* ussd:, ussd_end:, sms:, report:, optout:, ping: compiled. */

enum { U = 1, E = 2, S = 4, R = 8, O = 16, P = 32, ALL = 63 }; /* 1 << channel_kind */

static const struct {
	struct yaml_key key;
	unsigned kinds;
} keys[] = {
	{{.name = "on", .required = true}, ALL},
	{{.name = "if"}, ALL},
	{{.name = "each", .type = YAML_T_TEXT}, S | R | O},
	{{.name = "need", .type = YAML_T_LIST}, ALL & ~P},
	{{.name = "let", .type = YAML_T_MAP}, ALL},
	{{.name = "style", .type = YAML_T_WORD}, U},
	{{.name = "separator", .type = YAML_T_TEXT}, U},
	{{.name = "stray", .type = YAML_T_WORD}, U},
	{{.name = "page", .type = YAML_T_MAP}, U},
	{{.name = "deadline", .type = YAML_T_SPAN, .min = 1, .max = 60}, U},
	{{.name = "reserved", .type = YAML_T_LIST}, U},
	{{.name = "reply", .type = YAML_T_MAP, .required = true}, U},
	{{.name = "ack"}, ALL},
	{{.name = "refuse", .type = YAML_T_MAP}, ALL},
	{{.name = "part", .type = YAML_T_MAP}, S},
	{{.name = "body_max", .type = YAML_T_SIZE, .min = 1, .max = BODY_MOST}, ALL},
	{{.name = "unconfirmed", .type = YAML_T_TEXT}, ALL},
};

static const struct {
	const char *key;
	unsigned kinds;
	const struct wordlist *results;
} fields[] = {
	[FIELD_MSISDN] = {"msisdn", ALL & ~P, NULL},
	[FIELD_SESSION] = {"session", U | E | P, NULL},
	[FIELD_SERVICE] = {"service", U | E, NULL},
	[FIELD_NETWORK] = {"network", U | E, NULL},
	[FIELD_EVENT] = {"event", U | E, &words_moves},
	[FIELD_OUTCOME] = {"outcome", U | E, NULL},
	[FIELD_INPUT] = {"input", U | E, NULL},
	[FIELD_DROP] = {"drop", U, NULL},
	[FIELD_DIALLED] = {"dialled", U, NULL},
	[FIELD_TURN] = {"turn", U, NULL},
	[FIELD_ID] = {"id", S | R, NULL},
	[FIELD_REF] = {"ref", S | R, NULL},
	[FIELD_TO] = {"to", S | O, NULL},
	[FIELD_TEXT] = {"text", S, NULL},
	[FIELD_TIME] = {"time", S | R, NULL},
	[FIELD_STATE] = {"state", R, &words_states},
	[FIELD_REASON] = {"reason", R, NULL},
};

/* What must be there when the dialect does not say: bits of alternatives. */
#define F(x) (1U << FIELD_##x)
static const uint32_t default_need[CHANNEL_KINDS][2] = {
	[CHANNEL_USSD] = {F(MSISDN)},         [CHANNEL_USSD_END] = {F(SESSION) | F(MSISDN)},
	[CHANNEL_SMS] = {F(MSISDN), F(TEXT)}, [CHANNEL_REPORT] = {F(ID) | F(REF), F(STATE)},
	[CHANNEL_OPTOUT] = {F(MSISDN)},
};

/* ---- on: ---- */

static int
section_var(struct load *l, const struct yaml_node *node, struct str name)
{
	struct section *s = l->section;

	for (size_t i = 0; i < s->n_vars; i++)
		if (str_eq(s->vars[i], name))
			return (int)i;
	if (s->n_vars == ROUTE_PIECES) {
		load_fault(l, node, 0, "more than %d names in the paths", ROUTE_PIECES);
		return 0;
	}
	s->vars[s->n_vars] = arena_str(l->d->arena, name);
	return (int)s->n_vars++;
}

static bool
route_piece(struct load *l, const struct yaml_node *node, struct str piece, size_t offset,
	    struct route *out)
{
	bool variable = piece.n > 2 && piece.p[0] == '{' && piece.p[piece.n - 1] == '}';
	struct str text = variable ? (struct str){piece.p + 1, piece.n - 2} : piece;

	if (out->n == ROUTE_PIECES) {
		load_fault(l, node, offset, "a path of at most %d pieces", ROUTE_PIECES);
		return false;
	}
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] > 32 && text.p[i] < 127 && !strchr("{}%?#", text.p[i]))
			continue;
		load_fault(l, node, offset + i,
			   "not allowed in a path (a piece is a word or a "
			   "whole {name})");
		return false;
	}
	out->pieces[out->n] = arena_str(l->d->arena, text);
	out->var[out->n++] = variable ? section_var(l, node, text) : -1;
	return true;
}

/* "POST /session/{id}/{step}" */
static bool
route_parse(struct load *l, const struct yaml_node *node, struct route *out)
{
	struct str rest = node->text;

	*out = (struct route){.line = node->line, .col = node->col};
	if (node->kind != YAML_SCALAR) {
		load_fault(l, node, 0, "METHOD /path was expected");
		return false;
	}
	struct str method = str_cut(&rest, ' ');

	out->method = wire_method_of(method);
	if (out->method == WIRE_OTHER) {
		load_fault(l, node, 0, "'%.*s' is no method: GET, POST, PUT or DELETE",
			   STR_ARG(method));
		return false;
	}
	if (rest.n < 2 || rest.p[0] != '/') {
		load_fault(l, node, method.n, "a path beginning with / was expected");
		return false;
	}
	rest = str_after(rest, 1);
	while (rest.n > 0) {
		size_t offset = (size_t)(rest.p - node->text.p);
		struct str piece = str_cut(&rest, '/');

		if (!route_piece(l, node, piece, offset, out))
			return false;
	}
	return true;
}

static void
routes_compile(struct load *l, struct section *s, const struct yaml_node *on)
{
	size_t n = on == NULL ? 0 : on->kind == YAML_LIST ? on->n : 1;

	if (n > SECTION_ROUTES) {
		load_fault(l, on, 0, "at most %d in one section", SECTION_ROUTES);
		n = SECTION_ROUTES;
	}
	for (size_t i = 0; i < n; i++)
		if (route_parse(l, on->kind == YAML_LIST ? on->items[i] : on,
				&s->routes[s->n_routes]))
			s->n_routes++;
}

static bool
same_route(const struct route *a, const struct route *b)
{
	if (a->method != b->method || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if ((a->var[i] < 0) != (b->var[i] < 0) ||
		    (a->var[i] < 0 && !str_eq(a->pieces[i], b->pieces[i])))
			return false;
	return true;
}

static void
check_against(struct load *l, const struct section *s, const struct section *earlier)
{
	for (size_t i = 0; i < s->n_routes; i++)
		for (size_t k = 0; k < earlier->n_routes; k++)
			if (same_route(&s->routes[i], &earlier->routes[k]))
				err_add(l->err, l->d->file, s->routes[i].line, s->routes[i].col,
					"%s is called by the same method and path: all but one "
					"need an if",
					channel_kind_word(earlier->kind));
}

/* Sections of any kind may share a path if all but one have an if. */
void
section_check_routes(struct load *l)
{
	const struct dialect *d = l->d;

	for (size_t i = 0; i < d->n_sections; i++)
		for (size_t k = 0; k < i && d->sections[i]->condition == NULL; k++)
			if (d->sections[k]->condition == NULL)
				check_against(l, d->sections[i], d->sections[k]);
}

/* ---- need: ---- */

static void
need_row(struct load *l, struct section *s, const struct yaml_node *node)
{
	struct str rest = node->text;
	uint32_t bits = 0;

	if (node->kind != YAML_SCALAR || rest.n == 0) {
		load_fault(l, node, 0, "a field, or a|b");
		return;
	}
	while (rest.n > 0) {
		size_t offset = (size_t)(rest.p - node->text.p);
		struct str word = str_cut(&rest, '|');
		int f = words_find(&words_needs, word);

		if (f < 0) {
			load_unknown(l, node, offset, word, &words_needs);
			return;
		}
		bits |= s->written & 1U << f;
	}
	if (bits == 0)
		load_fault(l, node, 0, "need '%.*s': the section does not give it",
			   STR_ARG(node->text));
	else if (s->n_need == FIELDS)
		load_fault(l, node, 0, "more than %d needs", FIELDS);
	else
		s->need[s->n_need++] = bits;
}

static void
need_compile(struct load *l, struct section *s, const struct yaml_node *node,
	     const struct yaml_node *need)
{
	uint32_t given = s->written;

	for (size_t i = 0; need != NULL && need->kind == YAML_LIST && i < need->n; i++)
		need_row(l, s, need->items[i]);
	for (size_t i = 0; need == NULL && i < 2; i++) {
		uint32_t row = default_need[s->kind][i];

		if (row != 0 && (row & given) == 0)
			load_fault(l, node, 0, "%s: needs %s", channel_kind_word(s->kind),
				   row & F(ID)        ? "id or ref"
				   : row & F(SESSION) ? "session or msisdn"
				   : row & F(STATE)   ? "state"
				   : row & F(TEXT)    ? "text"
						      : "msisdn");
		else if (row != 0)
			s->need[s->n_need++] = row & given;
	}
}

/* ---- The rest ---- */

static void
choice(struct load *l, const struct yaml_node *node, const char *a, const char *b, bool *is_b)
{
	const char *words[] = {a, b};
	struct wordlist list = {words, 2, "choice"};

	if (node == NULL || node->kind != YAML_SCALAR)
		return;
	*is_b = str_is(node->text, b);
	if (words_find(&list, node->text) < 0)
		load_unknown(l, node, 0, node->text, &list);
}

static void
page_compile(struct load *l, struct section *s, const struct yaml_node *node)
{
	static const struct yaml_key page_keys[] = {
		{.name = "gsm7", .type = YAML_T_INT, .min = 20, .max = 182},
		{.name = "ucs2", .type = YAML_T_INT, .min = 10, .max = 80},
	};

	s->page = PAGE_LIMIT_DEFAULT;
	if (node == NULL || !load_keys(l, node, page_keys, 2))
		return;
	s->page.gsm7 = (uint16_t)yaml_int(yaml_get(node, "gsm7"), 182);
	s->page.ucs2 = (uint16_t)yaml_int(yaml_get(node, "ucs2"), 80);
}

static void
reserved_compile(struct load *l, struct section *s, const struct yaml_node *node)
{
	if (node == NULL || node->kind != YAML_LIST)
		return;
	s->reserved = ARENA_ARRAY(l->d->arena, struct str, node->n);
	for (size_t i = 0; i < node->n; i++) {
		if (node->items[i]->kind != YAML_SCALAR)
			load_fault(l, node->items[i], 0, "a key, such as \"98\"");
		else
			s->reserved[s->n_reserved++] = load_text(l, node->items[i]);
	}
}

static void
part_compile(struct load *l, struct section *s, const struct yaml_node *node)
{
	static const struct yaml_key part_keys[] = {
		{.name = "ref"}, {.name = "number"}, {.name = "of"}};

	if (node == NULL || !load_keys(l, node, part_keys, 3))
		return;
	for (size_t i = 0; i < 3; i++) {
		const struct yaml_node *value = yaml_get(node, part_keys[i].name);

		if (value != NULL)
			s->fields[FIELD_PART_REF + i] = value_compile(l, value, NULL);
	}
}

static void
fields_compile(struct load *l, struct section *s, const struct yaml_node *node)
{
	for (size_t f = 0; f < ARRAY_LEN(fields); f++) {
		const struct yaml_node *value = yaml_get(node, fields[f].key);

		if (value == NULL || (fields[f].kinds & 1U << s->kind) == 0)
			continue;
		s->written |= 1U << f;
		s->fields[f] = value_compile(l, value, fields[f].results);
	}
	part_compile(l, s, yaml_get(node, "part"));
}

static void
answers_compile(struct load *l, struct section *s, const struct yaml_node *node)
{
	const struct yaml_node *ack = yaml_get(node, "ack"), *reply = yaml_get(node, "reply"),
			       *refuse = yaml_get(node, "refuse");

	l->names = NAME(PAGE);
	if (reply != NULL && reply->kind == YAML_MAP)
		s->reply = sheet_compile(l, reply, false);
	l->names = NAME(LIVE);
	s->ack_ends = ack != NULL && ack->kind == YAML_SCALAR && str_is(ack->text, "end");
	if (s->ack_ends && s->kind != CHANNEL_USSD)
		load_fault(l, ack, 0, "ack: end is for ussd, which has a reply");
	else if (ack != NULL && !s->ack_ends)
		s->ack = sheet_compile(l, ack, false);
	l->names = 0;
	if (refuse != NULL && refuse->kind == YAML_MAP)
		s->refuse = sheet_compile(l, refuse, false);
}

static void
check_keys(struct load *l, enum channel_kind kind, const struct yaml_node *node)
{
	struct yaml_key allowed[ARRAY_LEN(keys) + ARRAY_LEN(fields)];
	size_t n = 0;
	unsigned bit = 1U << kind;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (keys[i].kinds & bit)
			allowed[n++] = keys[i].key;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (fields[i].kinds & bit)
			allowed[n++] = (struct yaml_key){.name = fields[i].key};
	load_keys(l, node, allowed, n);
}

static void
simple_keys(struct load *l, struct section *s, const struct yaml_node *node)
{
	const struct yaml_node *separator = yaml_get(node, "separator");
	bool refuse = false;

	choice(l, yaml_get(node, "style"), "last", "cumulative", &s->cumulative);
	choice(l, yaml_get(node, "stray"), "begin", "refuse", &refuse);
	s->stray_begins = !refuse;
	s->separator = STR_LIT("*");
	if (separator != NULL && separator->kind == YAML_SCALAR && separator->text.n > 0)
		s->separator = load_text(l, separator);
	else if (separator != NULL)
		load_fault(l, separator, 0, "a separator of at least one character");
	page_compile(l, s, yaml_get(node, "page"));
	s->deadline_s = yaml_span(yaml_get(node, "deadline"), 5);
	reserved_compile(l, s, yaml_get(node, "reserved"));
	s->body_max = (size_t)yaml_size(yaml_get(node, "body_max"), BODY_DEFAULT);
	if (yaml_get(node, "unconfirmed") != NULL)
		s->unconfirmed = load_text(l, yaml_get(node, "unconfirmed"));
}

/* UCS-2 or Latin-1 in a query: %00 and what is no UTF-8 may come on these paths only. */
static bool
takes_bytes(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct place *p = &plan->places[i];

		if ((p->from == FROM_QUERY || p->from == FROM_ANY) && !p->as_text)
			return true;
	}
	return false;
}

void
section_compile(struct load *l, enum channel_kind kind, const struct yaml_node *node)
{
	struct section *s = ARENA_NEW(l->d->arena, struct section);
	const struct yaml_node *condition = yaml_get(node, "if"), *each = yaml_get(node, "each");

	check_keys(l, kind, node);
	if (node->kind != YAML_MAP)
		return;
	if (l->d->n_sections == DIALECT_SECTIONS) {
		load_fault(l, node, 0, "more than %d sections", DIALECT_SECTIONS);
		return;
	}
	l->d->sections[l->d->n_sections++] = s;
	s->kind = kind;
	s->plan = load_plan_new(l);
	l->section = s;
	l->names = 0;
	l->sources = FROM(QUERY) | FROM(FORM) | FROM(JSON) | FROM(ANY) | FROM(HEADER) | FROM(PATH) |
		     FROM(BODY) | FROM(CHANNEL) | FROM(URL);
	routes_compile(l, s, yaml_get(node, "on"));
	if (each != NULL && each->kind == YAML_SCALAR) {
		s->batch = place_each(l, each, &s->each, &s->n_each);
		l->sources |= FROM(EACH);
		s->plan->sources |= FROM(JSON);
	}
	s->n_lets = value_lets(l, yaml_get(node, "let"), s->lets);
	if (condition != NULL)
		s->condition = value_compile(l, condition, NULL);
	simple_keys(l, s, node);
	fields_compile(l, s, node);
	need_compile(l, s, node, yaml_get(node, "need"));
	answers_compile(l, s, node);
	load_plan_done(l, s->plan);
	s->takes_bytes = takes_bytes(s->plan);
	l->section = NULL;
}
