#include "channel/channel_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Faults ---- */

void
load_fault(struct load *l, const struct yaml_node *at, size_t offset, const char *fmt, ...)
{
	char text[400];
	va_list args;
	uint32_t col = at->col;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (at->kind == YAML_SCALAR && offset > 0 && offset <= at->text.n)
		col += (uint32_t)utf8_count((struct str){at->text.p, offset}) + at->quoted;
	err_add(l->err, l->doc->file, at->line, col, "%s", text);
}

void
load_unknown(struct load *l, const struct yaml_node *at, size_t offset, struct str word,
	     const struct wordlist *list)
{
	const char *near = str_nearest(word, list->words, list->n);

	if (near != NULL)
		load_fault(l, at, offset, "no %s '%.*s' (did you mean %s?)", list->what,
			   STR_ARG(word), near);
	else
		load_fault(l, at, offset, "no %s '%.*s'", list->what, STR_ARG(word));
}

void
load_unsupported(struct load *l, const struct yaml_node *at, const char *what)
{
	load_fault(l, at, 0, "not supported yet: %s", what);
}

bool
load_keys(struct load *l, const struct yaml_node *node, const struct yaml_key *keys, size_t n)
{
	return yaml_check(l->doc, node, keys, n, l->err) == 0;
}

struct str
load_text(struct load *l, const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR ? arena_str(l->d->arena, node->text) : STR_NONE;
}

/* ---- Plans ---- */

struct plan *
load_plan_new(struct load *l)
{
	struct plan *plan = ARENA_NEW(l->d->arena, struct plan);

	plan->places = ARENA_ARRAY(l->d->arena, struct place, PLAN_SLOTS);
	plan->number = l->d->n_plans;
	for (size_t i = 0; i < NAMES_GIVEN; i++)
		plan->given[i] = -1;
	l->d->plans[l->d->n_plans++] = plan;
	l->plan = plan;
	return plan;
}

static int
by_name(const void *a, const void *b)
{
	struct str x = ((const struct named_slot *)a)->name,
		   y = ((const struct named_slot *)b)->name;
	size_t n = x.n < y.n ? x.n : y.n;
	int by_text = n > 0 ? memcmp(x.p, y.p, n) : 0;

	return by_text != 0 ? by_text : x.n < y.n ? -1 : x.n > y.n;
}

/* Parameters sorted by name, so that a query or form is one pass. */
void
load_plan_done(struct load *l, struct plan *plan)
{
	static const enum place_source kinds[] = {FROM_QUERY, FROM_FORM, FROM_ANY};

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct named_slot *rows = ARENA_ARRAY(l->d->arena, struct named_slot, plan->n);
		size_t n = 0;

		for (size_t i = 0; i < plan->n; i++)
			if (plan->places[i].from == kinds[k])
				rows[n++] = (struct named_slot){plan->places[i].name, (uint8_t)i};
		qsort(rows, n, sizeof(*rows), by_name);
		plan->params[k] = rows;
		plan->n_params[k] = n;
	}
}

/* ---- The file ---- */

static const struct yaml_key top_keys[] = {
	{.name = "wasl", .type = YAML_T_INT, .required = true, .min = 1, .max = 1},
	{.name = "dialect", .type = YAML_T_WORD, .required = true},
	{.name = "about", .type = YAML_T_TEXT},
	{.name = "settings", .type = YAML_T_MAP},
	{.name = "secrets", .type = YAML_T_MAP},
	{.name = "numbers", .type = YAML_T_WORD},
	{.name = "ignore_case", .type = YAML_T_YESNO},
	{.name = "ussd"},
	{.name = "ussd_end"},
	{.name = "sms"},
	{.name = "report"},
	{.name = "optout"},
	{.name = "ping"},
	{.name = "send"},
	{.name = "token"},
	{.name = "setup"},
	{.name = "proof", .type = YAML_T_LIST},
};

static const struct yaml_key setting_keys[] = {
	{.name = "type", .type = YAML_T_WORD},
	{.name = "default", .type = YAML_T_TEXT},
	{.name = "optional", .type = YAML_T_YESNO},
	{.name = "about", .type = YAML_T_TEXT},
};

static const struct yaml_key secret_keys[] = {
	{.name = "optional", .type = YAML_T_YESNO},
	{.name = "about", .type = YAML_T_TEXT},
};

static enum setting_type
setting_type(struct load *l, const struct yaml_node *node)
{
	static const char *const words[] = {"text", "url", "phone"};
	static const struct wordlist list = {words, 3, "type"};
	int i = node == NULL ? 0 : words_find(&list, node->text);

	if (i < 0)
		load_unknown(l, node, 0, node->text, &list);
	/* a faulty type may be meant as a url: one fault, not one more at each use */
	return i < 0 ? SETTING_URL : (enum setting_type)i;
}

static struct setting
setting_compile(struct load *l, const struct yaml_node *key, const struct yaml_node *node,
		bool secret)
{
	struct setting s = {.need = {.name = load_text(l, key).p, .about = "", .secret = secret}};
	bool ok = secret ? load_keys(l, node, secret_keys, ARRAY_LEN(secret_keys))
			 : load_keys(l, node, setting_keys, ARRAY_LEN(setting_keys));

	if (!ok)
		return s;
	s.need.optional = yaml_yesno(yaml_get(node, "optional"), false);
	if (yaml_get(node, "about") != NULL)
		s.need.about = load_text(l, yaml_get(node, "about")).p;
	if (!secret && yaml_get(node, "default") != NULL)
		s.need.fallback = load_text(l, yaml_get(node, "default")).p;
	if (!secret)
		s.type = setting_type(l, yaml_get(node, "type"));
	return s;
}

static struct setting *
settings_compile(struct load *l, const struct yaml_node *node, bool secret, size_t *n)
{
	*n = 0;
	if (node == NULL || node->kind != YAML_MAP)
		return NULL;
	struct setting *rows = ARENA_ARRAY(l->d->arena, struct setting, node->n);

	for (size_t i = 0; i < node->n; i++)
		rows[(*n)++] = setting_compile(l, node->pairs[i].key, node->pairs[i].value, secret);
	return rows;
}

static void
head_compile(struct load *l, const struct yaml_node *root)
{
	static const char *const words[] = {"international", "national"};
	static const struct wordlist list = {words, 2, "kind of number"};
	struct dialect *d = l->d;
	const struct yaml_node *name = yaml_get(root, "dialect"), *about = yaml_get(root, "about"),
			       *numbers = yaml_get(root, "numbers");

	d->name = name != NULL && name->kind == YAML_SCALAR ? load_text(l, name).p : "";
	d->about = about != NULL && about->kind == YAML_SCALAR ? load_text(l, about).p : "";
	d->ignore_case = yaml_yesno(yaml_get(root, "ignore_case"), false);
	if (numbers != NULL && numbers->kind == YAML_SCALAR) {
		d->national = str_is(numbers->text, "national");
		if (words_find(&list, numbers->text) < 0)
			load_unknown(l, numbers, 0, numbers->text, &list);
	}
	d->settings = settings_compile(l, yaml_get(root, "settings"), false, &d->n_settings);
	d->secrets = settings_compile(l, yaml_get(root, "secrets"), true, &d->n_secrets);
	d->needs = ARENA_ARRAY(d->arena, struct dialect_need, d->n_settings + d->n_secrets);
	for (size_t i = 0; i < d->n_settings; i++)
		d->needs[i] = d->settings[i].need;
	for (size_t i = 0; i < d->n_secrets; i++)
		d->needs[d->n_settings + i] = d->secrets[i].need;
}

/* A section, or a list of them. */
static void
sections_compile(struct load *l, const struct yaml_node *root, enum channel_kind kind)
{
	const struct yaml_node *node = yaml_get(root, channel_kind_word(kind));

	if (node == NULL)
		return;
	if (node->kind != YAML_LIST)
		section_compile(l, kind, node);
	for (size_t i = 0; node->kind == YAML_LIST && i < node->n; i++)
		section_compile(l, kind, node->items[i]);
}

static void
calls_compile(struct load *l, const struct yaml_node *node)
{
	if (node == NULL)
		return;
	if (node->kind != YAML_LIST)
		call_compile(l, node);
	for (size_t i = 0; node->kind == YAML_LIST && i < node->n; i++)
		call_compile(l, node->items[i]);
}

static void
root_compile(struct load *l, const struct yaml_node *root)
{
	const struct yaml_node *token = yaml_get(root, "token"), *setup = yaml_get(root, "setup"),
			       *proof = yaml_get(root, "proof");

	load_keys(l, root, top_keys, ARRAY_LEN(top_keys));
	if (root->kind != YAML_MAP)
		return;
	head_compile(l, root);
	l->has_token = token != NULL;
	for (int kind = 0; kind < CHANNEL_KINDS; kind++)
		sections_compile(l, root, (enum channel_kind)kind);
	section_check_routes(l);
	if (proof != NULL && proof->kind == YAML_LIST)
		proof_compile(l, proof);
	calls_compile(l, yaml_get(root, "send"));
	if (token != NULL)
		token_compile(l, token);
	if (setup != NULL)
		setup_compile(l, setup);
	if (l->d->n_sections + l->d->n_calls == 0 && err_errors(l->err) == 0)
		load_fault(l, root, 0, "a dialect without any section");
}

static int
compile(const struct yaml_doc *doc, struct arena *a, struct dialect **out, struct err *err)
{
	size_t before = err_errors(err);
	struct dialect *d = ARENA_NEW(a, struct dialect);
	struct load l = {.d = d, .doc = doc, .err = err};

	d->arena = a;
	d->file = arena_strdup(a, doc->file);
	d->plans = ARENA_ARRAY(a, struct plan *, 3 * DIALECT_SECTIONS + 4);
	root_compile(&l, doc->root);
	if (err_errors(err) > before) {
		dialect_free(d);
		return W_EINVAL;
	}
	*out = d;
	return 0;
}

int
dialect_load(const char *path, struct arena *a, struct dialect **out, struct err *err)
{
	struct yaml_doc *doc = NULL;
	int rc = yaml_read_file(path, DIALECT_BYTES, a, &doc, err);

	return rc != 0 ? rc : compile(doc, a, out, err);
}

int
dialect_load_text(const char *name, struct str text, struct arena *a, struct dialect **out,
		  struct err *err)
{
	struct yaml_doc *doc = NULL;
	int rc = yaml_read_text(name, text, DIALECT_BYTES, a, &doc, err);

	return rc != 0 ? rc : compile(doc, a, out, err);
}

void
dialect_free(struct dialect *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->n_patterns; i++)
		match_free(d->patterns[i]);
	free(d->patterns);
	d->patterns = NULL;
	d->n_patterns = 0;
}

const char *
dialect_name(const struct dialect *d)
{
	return d->name;
}

const char *
dialect_about(const struct dialect *d)
{
	return d->about;
}

size_t
dialect_needs(const struct dialect *d, const struct dialect_need **out)
{
	*out = d->needs;
	return d->n_settings + d->n_secrets;
}
