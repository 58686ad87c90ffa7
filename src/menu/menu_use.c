#include "menu/menu_int.h"

/*
 * Sub-menus: a part that begins with args: and returns: is read once for every
 * node that says "use:" and its name, with the arguments put in and each
 * $return leading where the caller says. What a session walks over are plain
 * nodes; nothing is left of this at run time. A copy's nodes stand in the
 * sub-menu's file, so a fault of it is found once a use, and told once.
 */

static const struct yaml_key sub_keys[] = {
	{"wasl", YAML_T_INT, true, 1, 1},     {"args", YAML_T_LIST, false, 0, 0},
	{"returns", YAML_T_LIST, true, 0, 0}, {"start", YAML_T_TEXT, true, 0, 0},
	{"nodes", YAML_T_MAP, true, 0, 0},
};

static const char *const taken[] = {"use", "with", "back", "question", "item", "resume", "direct"};

/* ---- The sub-menus there are ---- */

bool
menu_is_sub(const struct yaml_doc *doc)
{
	return yaml_get(doc->root, "args") != NULL || yaml_get(doc->root, "returns") != NULL;
}

static bool
name_free(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(taken); i++)
		if (str_is(name, taken[i]))
			return false;
	return true;
}

static size_t
words_take(struct menu_loader *ld, const struct yaml_node *list, struct str *out)
{
	size_t n = 0;

	for (size_t i = 0; list != NULL && list->kind == YAML_LIST && i < list->n; i++) {
		const struct yaml_node *at = list->items[i];

		if (n == MENU_ARGS)
			menu_fault(ld, at, "at most %d names", MENU_ARGS);
		else if (!menu_name_ok(yaml_text(at)) || !name_free(at->text))
			menu_fault(ld, at, "a name of its own is needed here: small letters");
		else
			out[n++] = at->text;
	}
	return n;
}

static bool
start_find(struct menu_loader *ld, struct menu_sub *sub)
{
	const struct yaml_node *start = yaml_get(sub->doc->root, "start");

	for (size_t i = 0; i < sub->nodes->n; i++) {
		if (str_eq(sub->nodes->pairs[i].key->text, start->text)) {
			sub->start = i;
			return true;
		}
	}
	menu_fault(ld, start, "this sub-menu has no node %.40s", start->text.p);
	return false;
}

static void
sub_add(struct menu_loader *ld, const struct menu_source *part)
{
	struct menu_sub *sub = &ld->subs[ld->n_subs++];
	size_t before = err_errors(ld->err);

	ld->doc = part->doc;
	sub->doc = part->doc;
	sub->name = (struct str){part->name, strlen(part->name) - strlen(".yaml")};
	if (yaml_check(ld->doc, ld->doc->root, sub_keys, ARRAY_LEN(sub_keys), ld->err) != W_OK)
		return;
	sub->nodes = yaml_get(ld->doc->root, "nodes");
	sub->n_args = words_take(ld, yaml_get(ld->doc->root, "args"), sub->args);
	sub->n_returns = words_take(ld, yaml_get(ld->doc->root, "returns"), sub->returns);
	for (size_t i = 0; i < sub->nodes->n; i++)
		menu_name_check(ld, sub->nodes->pairs[i].key);
	sub->good = start_find(ld, sub) && err_errors(ld->err) == before;
}

void
menu_subs_find(struct menu_loader *ld)
{
	ld->subs = ARENA_ARRAY(ld->scratch, struct menu_sub, ld->n_parts + 1);
	for (size_t i = 0; i < ld->n_parts; i++)
		if (menu_is_sub(ld->parts[i].doc))
			sub_add(ld, &ld->parts[i]);
}

static struct menu_sub *
sub_find(struct menu_loader *ld, const struct yaml_node *at)
{
	const char **names = ARENA_ARRAY(ld->scratch, const char *, ld->n_subs + 1);

	for (size_t i = 0; i < ld->n_subs; i++) {
		if (str_eq(yaml_text(at), ld->subs[i].name))
			return &ld->subs[i];
		names[i] = arena_str(ld->scratch, ld->subs[i].name).p;
	}
	if (menu_need_scalar(ld, at, "the name of a sub-menu"))
		menu_fault(ld, at, "there is no sub-menu %.40s%s", at->text.p,
			   menu_hint(ld, str_nearest(at->text, names, ld->n_subs)));
	return NULL;
}

/* ---- Copies ---- */

static bool
uses_itself(const struct menu_use *outer, const struct menu_sub *sub)
{
	for (; outer != NULL; outer = outer->outer)
		if (outer->sub == sub)
			return true;
	return false;
}

static struct menu_use *
use_new(struct menu_loader *ld, const struct yaml_pair *at, struct menu_sub *sub, struct str name,
	struct menu_use *outer)
{
	struct menu_use *use = ARENA_NEW(ld->scratch, struct menu_use);

	*use = (struct menu_use){.outer = outer,
				 .sub = sub,
				 .doc = ld->doc,
				 .body = at->value,
				 .name = name,
				 .ids = ARENA_ARRAY(ld->scratch, uint16_t, sub->nodes->n + 1),
				 .given = ARENA_ARRAY(ld->scratch, struct menu_given, sub->n_args)};
	*ld->uses_end = use;
	ld->uses_end = &use->next;
	sub->used = true;
	return use;
}

/* A node with a fault of its own, so that what leads to it leads somewhere. */
static uint16_t
dead(struct menu_loader *ld, const struct yaml_pair *at, struct str name, struct menu_use *outer)
{
	ld->edges_unsure = true;
	return menu_place_add(ld, at, name, outer);
}

/* Never deeper than MENU_USES, and each copy adds a node, so that MENU_NODES bounds them. */
uint16_t
menu_use_expand(struct menu_loader *ld, const struct yaml_pair *at, struct str name,
		struct menu_use *outer, unsigned depth)
{
	const struct yaml_node *which = yaml_get(at->value, "use");
	struct menu_sub *sub = sub_find(ld, which);

	if (sub == NULL || !sub->good || ld->n_places == MENU_NODES)
		return dead(ld, at, name, outer);
	if (uses_itself(outer, sub) || depth == MENU_USES) {
		menu_fault(ld, which, "a sub-menu that uses itself would never end");
		return dead(ld, at, name, outer);
	}
	struct menu_use *use = use_new(ld, at, sub, name, outer);
	const struct yaml_doc *here = ld->doc;
	ld->doc = sub->doc;
	for (size_t i = 0; i < sub->nodes->n; i++) {
		const struct yaml_pair *p = &sub->nodes->pairs[i];
		struct str own = name;

		if (i != sub->start)
			own = str_of(arena_printf(ld->set->arena, "%s/%s", name.p, p->key->text.p));
		use->ids[i] = yaml_get(p->value, "use") != NULL
				      ? menu_use_expand(ld, p, own, use, depth + 1)
				      : menu_place_add(ld, p, own, use);
	}
	ld->doc = here;
	return use->ids[sub->start];
}

/* ---- What each use puts in ---- */

/* A word, a $variable, or a text; an argument of the sub-menu it stands in is handed on. */
static void
given_read(struct menu_loader *ld, const struct yaml_node *at, struct menu_given *given)
{
	given->doc = ld->doc;
	given->at = at;
	if (at->kind == YAML_MAP || (at->quoted && at->text.n > 0)) {
		given->kind = GIVEN_TEXT;
		menu_texts_parse(ld, at, TEXT_PAGE, &given->texts);
	} else if (!menu_need_scalar(ld, at, "a word, a $variable or a text")) {
		return;
	} else if (at->text.p[0] == '$') {
		const struct menu_given *outer = menu_given_find(ld, str_after(at->text, 1));

		given->kind = GIVEN_VAR;
		if (outer != NULL)
			*given = *outer;
		else
			given->var = menu_var_need(ld, at, str_after(at->text, 1));
	} else {
		given->kind = GIVEN_WORD;
		given->word = arena_str(ld->set->arena, at->text);
	}
}

static bool
has_name(const struct str *names, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(names[i], name))
			return true;
	return false;
}

static void
args_read(struct menu_loader *ld, struct menu_use *use)
{
	const struct menu_sub *sub = use->sub;
	const struct yaml_node *with = yaml_get(use->body, "with");

	for (size_t i = 0; with != NULL && with->kind == YAML_MAP && i < with->n; i++)
		if (!has_name(sub->args, sub->n_args, with->pairs[i].key->text))
			menu_fault(ld, with->pairs[i].key, "%.*s takes no %.40s",
				   STR_ARG(sub->name), with->pairs[i].key->text.p);
	for (size_t i = 0; i < sub->n_args; i++) {
		const struct yaml_node *at = yaml_get(with, sub->args[i].p);

		if (at != NULL)
			given_read(ld, at, &use->given[i]);
		else
			menu_fault(ld, with != NULL ? with : yaml_get(use->body, "use"),
				   "%.*s needs the argument %.*s", STR_ARG(sub->name),
				   STR_ARG(sub->args[i]));
	}
}

static void
use_read(struct menu_loader *ld, struct menu_use *use)
{
	struct yaml_key keys[MENU_ARGS + 2] = {{"use", YAML_T_TEXT, true, 0, 0},
					       {"with", YAML_T_MAP, false, 0, 0}};
	const struct menu_sub *sub = use->sub;

	ld->doc = use->doc;
	ld->use = use->outer;
	for (size_t i = 0; i < sub->n_returns; i++)
		keys[2 + i] = (struct yaml_key){sub->returns[i].p, YAML_T_TEXT, true, 0, 0};
	if (yaml_check(ld->doc, use->body, keys, 2 + sub->n_returns, ld->err) != W_OK)
		ld->edges_unsure = true;
	for (size_t i = 0; i < sub->n_returns; i++)
		use->to[i] = menu_go_of(ld, use->body, sub->returns[i].p);
	args_read(ld, use);
}

void
menu_uses_read(struct menu_loader *ld)
{
	for (struct menu_use *use = ld->uses; use != NULL; use = use->next) {
		size_t before = err_errors(ld->err);

		use_read(ld, use);
		use->faulty = err_errors(ld->err) != before;
	}
	ld->use = NULL;
	for (size_t i = 0; i < ld->n_subs; i++) {
		ld->doc = ld->subs[i].doc;
		if (!ld->subs[i].used && !ld->edges_unsure)
			menu_fault(ld, yaml_get(ld->doc->root, "returns"),
				   "this sub-menu is never used");
	}
}

/* ---- Seen from inside a copy ---- */

const struct menu_given *
menu_given_find(const struct menu_loader *ld, struct str name)
{
	const struct menu_use *use = ld->use;

	for (size_t i = 0; use != NULL && i < use->sub->n_args; i++)
		if (str_eq(use->sub->args[i], name))
			return &use->given[i];
	return NULL;
}

void
menu_given_fault(struct menu_loader *ld, const struct menu_given *given, const char *why)
{
	/* One that is missing is told where it is missing. */
	if (given->at != NULL)
		err_add(ld->err, given->doc->file, given->at->line, given->at->col, "%s", why);
}

bool
menu_use_target(const struct menu_loader *ld, struct str word, struct menu_target *out)
{
	const struct menu_use *use = ld->use;

	if (use == NULL || word.n == 0)
		return false;
	if (word.p[0] == '$') {
		for (size_t i = 0; i < use->sub->n_returns; i++) {
			if (str_eq(use->sub->returns[i], str_after(word, 1))) {
				*out = use->to[i];
				return true;
			}
		}
		return false;
	}
	for (size_t i = 0; i < use->sub->nodes->n; i++) {
		if (str_eq(use->sub->nodes->pairs[i].key->text, word)) {
			*out = (struct menu_target){.kind = GO_NODE, .id = use->ids[i]};
			return true;
		}
	}
	return false;
}
