#include "channel/channel_int.h"

/* "json.a.b|hex" to a slot and its filters. */

/* A backslash keeps the dot after it in the name. */
struct step *
place_steps(struct arena *a, struct str path, size_t *n)
{
	struct step *steps = ARENA_ARRAY(a, struct step, path.n + 1);
	char *text = arena_alloc(a, path.n + 1);
	size_t used = 0, from = 0;

	*n = 0;
	for (size_t i = 0; i <= path.n; i++) {
		if (i < path.n && path.p[i] == '\\' && i + 1 < path.n && path.p[i + 1] == '.') {
			text[used++] = path.p[++i];
		} else if (i < path.n && path.p[i] != '.') {
			text[used++] = path.p[i];
		} else {
			struct step *s = &steps[(*n)++];

			s->key = (struct str){text + from, used - from};
			if (s->key.n > 5 || !str_to_int(s->key, &s->index) || s->index < 0)
				s->index = -1;
			from = used;
		}
	}
	return steps;
}

bool
place_each(struct load *l, const struct yaml_node *node, struct step **steps, size_t *n)
{
	struct str text = load_text(l, node);

	if (node->kind != YAML_SCALAR || !str_starts(text, STR_LIT("json.")) || text.n == 5) {
		load_fault(l, node, 0, "each must be a json place, such as json.results");
		return false;
	}
	*steps = place_steps(l->d->arena, str_after(text, 5), n);
	if (*n <= JSON_DEPTH)
		return true;
	load_fault(l, node, 0, "the path is deeper than %d", JSON_DEPTH);
	return false;
}

static int
find_declared(const struct setting *rows, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, rows[i].need.name))
			return (int)i;
	return -1;
}

static bool
declared(struct load *l, const struct yaml_node *node, size_t offset, struct place *p)
{
	bool secret = p->from == FROM_SECRET;
	const struct setting *rows = secret ? l->d->secrets : l->d->settings;
	size_t n = secret ? l->d->n_secrets : l->d->n_settings;
	int i = find_declared(rows, n, p->name);

	if (i < 0) {
		const char *names[64];
		struct wordlist list = {names, n < 64 ? n : 64, secret ? "secret" : "setting"};

		for (size_t k = 0; k < list.n; k++)
			names[k] = rows[k].need.name;
		load_unknown(l, node, offset, p->name, &list);
		return false;
	}
	p->number = (size_t)i;
	return true;
}

static bool
known_section(struct load *l, const struct yaml_node *node, size_t offset, struct place *p)
{
	int kind = words_find(&words_kinds, p->name);

	if (kind < 0) {
		load_unknown(l, node, offset, p->name, &words_kinds);
		return false;
	}
	p->number = (size_t)kind;
	for (size_t i = 0; i < l->d->n_sections; i++) {
		if (l->d->sections[i]->kind == (enum channel_kind)kind &&
		    l->d->sections[i]->n_vars > 0) {
			load_fault(l, node, offset, "url.%s: its path has a {name}",
				   words_kinds.words[kind]);
			return false;
		}
	}
	if (yaml_get(l->doc->root, words_kinds.words[kind]) != NULL)
		return true;
	load_fault(l, node, offset, "url.%s: there is no section %s", words_kinds.words[kind],
		   words_kinds.words[kind]);
	return false;
}

static bool
path_variable(struct load *l, const struct yaml_node *node, size_t offset, struct place *p)
{
	size_t n = l->section != NULL ? l->section->n_vars : 0;

	for (size_t i = 0; i < n; i++) {
		if (str_eq(l->section->vars[i], p->name)) {
			p->number = i;
			return true;
		}
	}
	load_fault(l, node, offset, "no {%.*s} in this section's on:", STR_ARG(p->name));
	return false;
}

/* A body is one of form, json and raw text; only body may be read beside another. */
static bool
body_kind_ok(struct load *l, const struct yaml_node *node, size_t offset, enum place_source from)
{
	uint32_t form = FROM(FORM), json = FROM(JSON) | FROM(EACH);
	uint32_t other = from == FROM_FORM ? json : FROM(FORM);

	if (((1U << from) & (form | json)) == 0 || (l->plan->sources & other) == 0)
		return true;
	load_fault(l, node, offset, "form and json in one section: a body is one of them");
	return false;
}

static bool
source_ok(struct load *l, const struct yaml_node *node, size_t offset, struct place *p)
{
	const char *word = words_sources.words[p->from];

	if (p->from == FROM_XML) {
		load_unsupported(l, node, "the source xml (take the body and a match)");
		return false;
	}
	if ((l->sources & 1U << p->from) == 0) {
		load_fault(l, node, offset, "the source %s cannot be used here%s", word,
			   p->from == FROM_EACH ? ": the section has no each" : "");
		return false;
	}
	if (p->from != FROM_BODY && p->from != FROM_HTTP && p->name.n == 0) {
		load_fault(l, node, offset, "a name must follow '%s.'", word);
		return false;
	}
	if (p->from == FROM_CHANNEL || p->from == FROM_SECRET)
		return declared(l, node, offset + strlen(word) + 1, p);
	if (p->from == FROM_URL)
		return known_section(l, node, offset + 4, p);
	if (p->from == FROM_PATH)
		return path_variable(l, node, offset, p);
	return body_kind_ok(l, node, offset, p->from);
}

static int
add_place(struct load *l, const struct yaml_node *node, const struct place *p)
{
	struct plan *plan = l->plan;

	for (size_t i = 0; i < plan->n; i++)
		if (plan->places[i].from == p->from && p->from != FROM_NAME &&
		    str_eq(plan->places[i].name, p->name) &&
		    str_eq(plan->places[i].param, p->param))
			return (int)i;
	if (plan->n == PLAN_SLOTS) {
		load_fault(l, node, 0, "more than %d values in one section", PLAN_SLOTS);
		return -1;
	}
	plan->places[plan->n] = *p;
	plan->sources |= 1U << p->from;
	return (int)plan->n++;
}

int
place_name_slot(struct load *l, const struct yaml_node *node, struct str name, bool scoped)
{
	struct place p = {.from = FROM_NAME, .name = name, .scoped = scoped};

	return add_place(l, node, &p);
}

static int
bare_name(struct load *l, const struct yaml_node *node, size_t offset, struct str name)
{
	for (size_t i = 0; l->sheet != NULL && i < l->sheet->n_words; i++)
		if (str_eq(l->sheet->words[i].name, name))
			return l->sheet->words[i].slot;
	for (size_t i = 0; i < l->plan->n; i++)
		if (l->plan->places[i].from == FROM_NAME && !l->plan->places[i].scoped &&
		    str_eq(l->plan->places[i].name, name))
			return (int)i;
	int given = words_find(&words_names, name);

	if (given >= 0 && str_is(name, words_names.words[given]) && (l->names & 1U << given)) {
		int slot = place_name_slot(l, node, name, false);

		l->plan->given[given] = slot;
		return slot;
	}
	load_fault(l, node, offset, "no name '%.*s' is defined above this", STR_ARG(name));
	return -1;
}

static int
place_slot(struct load *l, const struct yaml_node *node, struct str text, size_t offset)
{
	ptrdiff_t dot = str_find(text, '.');
	struct str head = dot < 0 ? text : (struct str){text.p, (size_t)dot};
	struct place p = {.name = dot < 0 ? STR_NONE : str_after(text, (size_t)dot + 1)};
	int source = words_find(&words_sources, head);

	if (dot < 0 && source != FROM_BODY && source != FROM_HTTP)
		return bare_name(l, node, offset, text);
	if (source < 0) {
		load_unknown(l, node, offset, head, &words_sources);
		return -1;
	}
	p.from = (enum place_source)source;
	if (p.from == FROM_HEADER) {
		struct str rest = p.name;

		p.name = str_cut(&rest, ';');
		p.param = rest;
	}
	if (!source_ok(l, node, offset, &p))
		return -1;
	if (p.from == FROM_JSON || p.from == FROM_EACH || p.from == FROM_ANY)
		p.steps = place_steps(l->d->arena, p.name, &p.n_steps);
	if (p.n_steps > JSON_DEPTH) {
		load_fault(l, node, offset, "the path is deeper than %d", JSON_DEPTH);
		return -1;
	}
	return add_place(l, node, &p);
}

static bool
one_filter(struct load *l, const struct yaml_node *node, struct str word, size_t offset,
	   struct hole *out)
{
	struct filter *f = &out->filters[out->n_filters];

	if (out->n_filters == HOLE_FILTERS) {
		load_fault(l, node, offset, "more than %d filters in a row", HOLE_FILTERS);
		return false;
	}
	if (word.n > 0 && word.p[0] == '%') {
		*f = (struct filter){FILTER_DATE, word};
		out->n_filters++;
		if (filter_date_ok(word))
			return true;
		load_fault(l, node, offset, "a date is made of %%Y %%y %%m %%d %%H %%M %%S only");
		return false;
	}
	int kind = words_find(&words_filters, word);

	if (kind < 0) {
		load_unknown(l, node, offset, word, &words_filters);
		return false;
	}
	f->kind = (enum filter_kind)kind;
	out->n_filters++;
	return true;
}

bool
place_compile(struct load *l, const struct yaml_node *node, struct str text, size_t offset,
	      bool as_bytes, struct hole *out)
{
	struct str rest = text;
	struct str place = str_cut(&rest, '|');
	bool bytes = false, more = place.n < text.n;
	int slot = place_slot(l, node, place, offset);

	while (more) {
		size_t at = text.n - rest.n;
		struct str word = str_cut(&rest, '|');

		more = at + word.n < text.n;
		if (!one_filter(l, node, word, offset + at, out))
			return false;
		bytes = filter_gives_bytes(out->filters[out->n_filters - 1].kind, bytes);
	}
	if (slot < 0)
		return false;
	out->slot = (uint8_t)slot;
	bool raw = out->n_filters > 0 ? out->filters[0].kind <= FILTER_SHA256 : as_bytes;

	if (!raw)
		l->plan->places[slot].as_text = true;
	if (!bytes || as_bytes)
		return true;
	load_fault(l, node, offset,
		   "bytes where text must be: end with |hex or |base64, or take "
		   "it by at: and charset:");
	return false;
}
