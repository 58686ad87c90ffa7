#include "menu/menu_int.h"

/* Options, and what they do and set. */

enum { NUMBERED_MAX = 7 };

static const struct yaml_key option_keys[] = {
	{"say", YAML_T_ANY, true, 0, 0},    {"key", YAML_T_TEXT, false, 0, 0},
	{"go", YAML_T_TEXT, false, 0, 0},   {"set", YAML_T_MAP, false, 0, 0},
	{"do", YAML_T_MAP, false, 0, 0},    {"answer", YAML_T_TEXT, false, 0, 0},
	{"when", YAML_T_TEXT, false, 0, 0},
};

/* ---- Keys ---- */

static bool
key_reserved(const struct menu_loader *ld, struct str key)
{
	/* "00" and "98" are home and more of common gateways. */
	if (str_is(key, "00") || str_is(key, "98"))
		return true;
	for (size_t i = 0; i < ld->options.n_reserved; i++)
		if (str_is(key, ld->options.reserved_keys[i]))
			return true;
	return false;
}

bool
menu_key_parse(struct menu_loader *ld, const struct yaml_node *at, char *out)
{
	struct str key = yaml_text(at);
	bool good = key.n > 0 && key.n < MENU_KEY_BYTES;

	for (size_t i = 0; i < key.n; i++)
		good &= key.p[i] >= '0' && key.p[i] <= '9';
	if (!good) {
		menu_fault(ld, at, "a key is one to three digits");
		return false;
	}
	if (key_reserved(ld, key)) {
		menu_fault(ld, at, "gateways keep the key %s for themselves", key.p);
		return false;
	}
	memcpy(out, key.p, key.n + 1);
	return true;
}

/* ---- Arguments of actions ---- */

struct wanted { /* "name:type" or "name:type?" of menu_actions.def */
	struct str name;
	int type;
	bool optional;
};

static struct wanted
wanted_cut(struct str *rest)
{
	struct str type = str_cut(rest, ' ');
	struct wanted w = {.name = str_cut(&type, ':')};

	w.optional = type.n > 0 && type.p[type.n - 1] == '?';
	type.n -= w.optional;
	w.type = menu_type_find(type);
	CHECK(w.type >= 0);
	return w;
}

static void
arg_var(struct menu_loader *ld, const struct yaml_node *at, const struct wanted *w,
	struct menu_arg *arg)
{
	const struct menu_given *given = menu_given_find(ld, str_after(at->text, 1));
	int var = menu_var_need(ld, at, str_after(at->text, 1));
	const struct yaml_doc *here = ld->doc;

	if (var < 0)
		return;
	if (given != NULL) {
		ld->doc = given->doc;
		at = given->at;
	}
	if (!menu_type_within(ld->set, ld->set->vars[var].type, w->type))
		menu_fault(ld, at, "%.*s must be of type %s, and %s is of type %s",
			   STR_ARG(w->name), menu_type_name(ld->set, w->type), at->text.p,
			   menu_type_name(ld->set, ld->set->vars[var].type));
	ld->doc = here;
	arg->from_var = true;
	arg->var = (uint16_t)var;
}

static bool
is_dollar(const struct yaml_node *at)
{
	return at->text.n > 0 && at->text.p[0] == '$';
}

/* The word an argument of the sub-menu stands for, or STR_NONE; *at is then the caller's. */
static struct str
given_word(struct menu_loader *ld, const struct yaml_node **at)
{
	const struct menu_given *given =
		is_dollar(*at) ? menu_given_find(ld, str_after((*at)->text, 1)) : NULL;

	if (given == NULL || given->kind != GIVEN_WORD)
		return STR_NONE;
	ld->doc = given->doc;
	*at = given->at;
	return given->word;
}

/* A word of the type, its own or an argument's: or a fault, where it is written. */
static struct str
typed_word(struct menu_loader *ld, const struct yaml_node *at, struct str name, int type)
{
	const struct yaml_doc *here = ld->doc;
	struct str word = given_word(ld, &at);

	if (word.p == NULL)
		word = arena_str(ld->set->arena, at->text);
	if (!menu_type_has(ld->set, type, word))
		menu_fault(ld, at, "%.*s is never %.40s%s", STR_ARG(name), word.p,
			   menu_hint(ld, menu_word_near(ld->set, type, word, ld->scratch)));
	ld->doc = here;
	return word;
}

static bool
is_given_word(const struct menu_loader *ld, const struct yaml_node *at)
{
	const struct menu_given *given = menu_given_find(ld, str_after(at->text, 1));

	return given != NULL && given->kind == GIVEN_WORD;
}

static void
arg_parse(struct menu_loader *ld, const struct yaml_node *at, const struct wanted *w,
	  struct menu_arg *arg)
{
	arg->name = arena_str(ld->set->arena, w->name).p;
	if (!menu_need_scalar(ld, at, "a word or a $variable"))
		return;
	if (is_dollar(at) && !is_given_word(ld, at))
		arg_var(ld, at, w, arg);
	else
		arg->word = typed_word(ld, at, w->name, w->type);
}

static bool
arg_known(const char *args, struct str name)
{
	struct str rest = str_of(args);

	while (rest.n > 0)
		if (str_eq(wanted_cut(&rest).name, name))
			return true;
	return false;
}

void
menu_do_parse(struct menu_loader *ld, const struct yaml_node *name, const struct yaml_node *args,
	      enum menu_action action, struct menu_do *out)
{
	const struct menu_action_row *row = menu_action_row(action);
	struct str rest = str_of(row->args);
	size_t given = args->kind == YAML_MAP ? args->n : 0;

	out->action = action;
	if (args->kind != YAML_MAP) {
		menu_fault(ld, args, "%s needs its arguments as a map: {name: value} or {}",
			   row->name);
		return;
	}
	out->args = ARENA_ARRAY(ld->set->arena, struct menu_arg, given + 1);
	while (rest.n > 0) {
		struct wanted w = wanted_cut(&rest);
		const struct yaml_node *value = yaml_get(args, arena_str(ld->scratch, w.name).p);

		if (value != NULL)
			arg_parse(ld, value, &w, &out->args[out->n_args++]);
		else if (!w.optional)
			menu_fault(ld, name, "%s needs %.*s", row->name, STR_ARG(w.name));
	}
	for (size_t i = 0; i < given; i++)
		if (!arg_known(row->args, args->pairs[i].key->text))
			menu_fault(ld, args->pairs[i].key, "%s takes no %.40s", row->name,
				   args->pairs[i].key->text.p);
}

void
menu_dos_parse(struct menu_loader *ld, const struct yaml_node *map, struct menu_do **out, size_t *n)
{
	if (map == NULL || map->kind != YAML_MAP)
		return;
	*out = ARENA_ARRAY(ld->set->arena, struct menu_do, map->n + 1);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_pair *p = &map->pairs[i];
		int action = menu_action_find(p->key->text);

		if (action < 0)
			menu_fault(ld, p->key, "there is no action %.40s%s", p->key->text.p,
				   menu_hint(ld, menu_action_near(p->key->text)));
		else
			menu_do_parse(ld, p->key, p->value, (enum menu_action)action,
				      &(*out)[(*n)++]);
	}
}

void
menu_sets_parse(struct menu_loader *ld, const struct yaml_node *map, struct menu_set_var **out,
		size_t *n)
{
	if (map == NULL || map->kind != YAML_MAP)
		return;
	*out = ARENA_ARRAY(ld->set->arena, struct menu_set_var, map->n + 1);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_pair *p = &map->pairs[i];
		int var = menu_var_need(ld, p->key, p->key->text);

		if (var < 0 || !menu_need_scalar(ld, p->value, "a word"))
			continue;
		int type = ld->set->vars[var].type;
		(*out)[(*n)++] = (struct menu_set_var){
			(uint16_t)var, typed_word(ld, p->value, p->key->text, type)};
	}
}

/* ---- Options ---- */

static void
option_key(struct menu_loader *ld, const struct yaml_node *at, struct menu_node *node,
	   struct menu_option *option, size_t *numbered)
{
	const struct yaml_node *key = yaml_get(at, "key");

	if (key != NULL) {
		if (!menu_key_parse(ld, key, option->key))
			return;
	} else if (*numbered == NUMBERED_MAX) {
		menu_fault(ld, at, "at most %d options are numbered: give this one a key",
			   NUMBERED_MAX);
		return;
	} else {
		option->key[0] = (char)('1' + (*numbered)++);
		if (key_reserved(ld, str_of(option->key)))
			menu_fault(ld, at, "gateways keep the key %s for themselves: write another",
				   option->key);
	}
	for (const struct menu_option *o = node->options; o < option; o++) {
		if (strcmp(o->key, option->key) == 0 && o->key[0] != '\0') {
			menu_fault(ld, key ? key : at, "the key %s is taken by an option before",
				   option->key);
			return;
		}
	}
}

static void
option_parse(struct menu_loader *ld, const struct yaml_node *at,
	     const struct menu_target *otherwise, struct menu_option *option)
{
	const struct yaml_node *go = yaml_get(at, "go"), *when = yaml_get(at, "when");

	menu_texts_parse(ld, yaml_get(at, "say"), TEXT_PAGE, &option->say);
	option->go = *otherwise;
	if (go != NULL)
		option->go = menu_target_parse(ld, go);
	if (when != NULL)
		menu_when_parse(ld, when, &option->when);
	menu_sets_parse(ld, yaml_get(at, "set"), &option->sets, &option->n_sets);
	menu_dos_parse(ld, yaml_get(at, "do"), &option->dos, &option->n_dos);
	option->answer = arena_str(ld->set->arena, yaml_text(yaml_get(at, "answer")));
}

void
menu_options_parse(struct menu_loader *ld, const struct yaml_node *list,
		   const struct menu_target *otherwise, struct menu_node *node)
{
	size_t numbered = 0;

	if (list == NULL || list->kind != YAML_LIST)
		return;
	if (list->n == 0)
		menu_fault(ld, list, "at least one option is needed");
	node->options = ARENA_ARRAY(ld->set->arena, struct menu_option, list->n + 1);
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml_node *at = list->items[i];
		struct menu_option *option = &node->options[node->n_options];

		if (yaml_check(ld->doc, at, option_keys, ARRAY_LEN(option_keys), ld->err) != W_OK) {
			ld->edges_unsure = true;
			continue;
		}
		node->n_options++;
		option_key(ld, at, node, option, &numbered);
		option_parse(ld, at, otherwise, option);
	}
}
