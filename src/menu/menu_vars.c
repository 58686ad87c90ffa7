#include "menu/menu_int.h"

/* What is declared under vars: placeholders that show a fact, and variables that are chosen or
 * typed on the way. */

static const struct yaml_key hole_keys[] = {
	{"from", YAML_T_WORD, true, 0, 0},
	{"max", YAML_T_INT, false, 1, 60},
};

static const struct yaml_key var_keys[] = {
	{"type", YAML_T_WORD, true, 0, 0},      {"of", YAML_T_WORD, false, 0, 0},
	{"words", YAML_T_LIST, false, 0, 0},    {"max", YAML_T_INT, false, 1, 1000},
	{"private", YAML_T_YESNO, false, 0, 0},
};

static bool
name_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && c != '_' && !(i > 0 && c >= '0' && c <= '9'))
			return false;
	}
	return s.n > 0 && s.n <= 32;
}

/* ---- Placeholders ---- */

static struct menu_hole *
hole_add(struct menu_loader *ld, const struct yaml_node *key)
{
	struct menu_set *set = ld->set;

	if (set->n_holes == MENU_HOLES) {
		menu_fault(ld, key, "at most %d variables and placeholders", MENU_HOLES);
		return NULL;
	}
	struct menu_hole *hole = &set->holes[set->n_holes++];
	hole->name = arena_str(set->arena, key->text);
	return hole;
}

/* A faulty declaration still declares its name: the texts that use it are not at fault. */
static void
hole_read(struct menu_loader *ld, const struct yaml_node *key, const struct yaml_node *map)
{
	struct menu_hole *hole = hole_add(ld, key);

	if (hole == NULL)
		return;
	if (yaml_check(ld->doc, map, hole_keys, ARRAY_LEN(hole_keys), ld->err) != W_OK)
		return;
	const struct yaml_node *from = yaml_get(map, "from");
	int fact = menu_fact_find(from->text);
	if (fact < 0) {
		menu_fault(ld, from, "there is nothing called %s to show%s", from->text.p,
			   menu_hint(ld, menu_fact_near(from->text)));
		return;
	}
	const struct menu_fact_row *row = menu_fact_row((unsigned)fact);
	if (row->type != FACT_IS_TEXT) {
		menu_fault(ld, from, "%s is %s: it can be asked, not shown", row->name,
			   row->type == FACT_IS_YES ? "yes or no" : "a word of the program");
		return;
	}
	hole->id = (uint16_t)fact;
	hole->max = (uint16_t)yaml_int(yaml_get(map, "max"), row->longest);
	hole->max_rtl = (uint16_t)yaml_int(yaml_get(map, "max"), row->longest_rtl);
}

/* ---- Types ---- */

static bool
word_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
			return false;
	}
	return s.n > 0 && s.n <= 40;
}

static bool
word_add(struct menu_loader *ld, const struct yaml_node *at, struct buf *words)
{
	if (!word_ok(yaml_text(at))) {
		menu_fault(ld, at, "a word is small letters, digits and _, at most 40");
		return false;
	}
	if (words->n > 0)
		buf_addc(words, ' ');
	buf_add_str(words, at->text);
	return true;
}

static const struct yaml_node *
list_need(struct menu_loader *ld, const struct yaml_node *of)
{
	const struct yaml_node *lists =
		ld->lists.doc != NULL ? yaml_get(ld->lists.doc->root, "lists") : NULL;
	const struct yaml_node *list = yaml_get(lists, of->text.p);
	size_t n = lists != NULL && lists->kind == YAML_MAP ? lists->n : 0;
	const char **names = ARENA_ARRAY(ld->scratch, const char *, n + 1);

	for (size_t i = 0; i < n; i++)
		names[i] = lists->pairs[i].key->text.p;
	if (list == NULL || list->kind != YAML_MAP) {
		menu_fault(ld, of, "lists.yaml has no list %s%s", of->text.p,
			   menu_hint(ld, str_nearest(of->text, names, n)));
		return NULL;
	}
	return list;
}

/* A choice of its own: the keys of a list, or the words it says. */
static int
choice_type(struct menu_loader *ld, const struct yaml_node *key, const struct yaml_node *map)
{
	const struct yaml_node *of = yaml_get(map, "of"), *words = yaml_get(map, "words");
	const struct yaml_node *list = of != NULL ? list_need(ld, of) : NULL;
	struct arena *a = ld->set->arena;
	bool good = true;
	struct buf all;

	buf_init_arena(&all, a);
	if ((of == NULL) == (words == NULL)) {
		menu_fault(ld, yaml_get(map, "type"),
			   "a choice says which: of: a list of lists.yaml, or words: [a, b]");
		return TYPE_UNKNOWN;
	}
	for (size_t i = 0; list != NULL && i < list->n; i++)
		good &= word_add(ld, list->pairs[i].key, &all);
	for (size_t i = 0; words != NULL && i < words->n; i++)
		good &= word_add(ld, words->items[i], &all);
	if (good && all.n == 0 && (words != NULL || list != NULL))
		menu_fault(ld, words != NULL ? words : of, "at least one word is needed");
	if (!good || all.n == 0)
		return TYPE_UNKNOWN;
	return menu_type_own(ld->set, arena_str(a, key->text).p, arena_str(a, buf_str(&all)).p,
			     of != NULL ? arena_str(a, of->text).p : NULL);
}

static int
var_type(struct menu_loader *ld, const struct yaml_node *key, const struct yaml_node *map)
{
	if (yaml_check(ld->doc, map, var_keys, ARRAY_LEN(var_keys), ld->err) != W_OK)
		return TYPE_UNKNOWN;
	const struct yaml_node *word = yaml_get(map, "type");
	if (str_is(word->text, "choice"))
		return choice_type(ld, key, map);
	for (size_t i = 0; i < 2; i++) {
		const struct yaml_node *extra = yaml_get(map, i == 0 ? "of" : "words");

		if (extra != NULL)
			menu_fault(ld, extra, "only a choice has words of its own");
	}
	int type = menu_type_find(word->text);
	if (type >= 0)
		return type;
	menu_fault(ld, word, "there is no type %s%s", word->text.p,
		   menu_hint(ld, menu_type_near(word->text)));
	return TYPE_UNKNOWN;
}

/* ---- Variables ---- */

/* How long a value can be where it is shown; 0: the declaration has to say. */
static uint16_t
usual_max(int type)
{
	static const struct {
		const char *type;
		uint16_t max;
	} usual[] = {{"int", 5}, {"date", 10}, {"digits", 15}, {"phone", 16}};

	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		if (menu_type_is(type, usual[i].type))
			return usual[i].max;
	return 0;
}

/* Words are codes and a reference is a number of the base: nothing to show. */
static bool
is_shown(int type)
{
	return type == TYPE_UNKNOWN || (menu_type_is_free(type) && !menu_type_is(type, "ref"));
}

static void
var_read(struct menu_loader *ld, const struct yaml_node *key, const struct yaml_node *map)
{
	struct menu_set *set = ld->set;

	if (set->n_vars == MENU_VARS) {
		menu_fault(ld, key, "at most %d variables", MENU_VARS);
		return;
	}
	int type = var_type(ld, key, map);
	struct menu_var *var = &set->vars[set->n_vars];
	var->name = arena_str(set->arena, key->text);
	var->type = type;
	var->max = (uint16_t)yaml_int(yaml_get(map, "max"), usual_max(type));
	var->is_private = yaml_yesno(yaml_get(map, "private"), false);
	struct menu_hole *hole = is_shown(type) ? hole_add(ld, key) : NULL;
	if (hole != NULL) {
		hole->from_var = true;
		hole->id = (uint16_t)set->n_vars;
		hole->max = hole->max_rtl = var->max;
		hole->unbounded = type != TYPE_UNKNOWN && var->max == 0 ? key : NULL;
	}
	set->n_vars++;
}

void
menu_vars_read(struct menu_loader *ld, const struct yaml_node *map)
{
	for (size_t i = 0; map != NULL && map->kind == YAML_MAP && i < map->n; i++) {
		const struct yaml_pair *p = &map->pairs[i];

		if (!name_ok(p->key->text))
			menu_fault(ld, p->key, "a name is small letters, digits and _, at most 32");
		else if (yaml_get(p->value, "from") != NULL)
			hole_read(ld, p->key, p->value);
		else
			var_read(ld, p->key, p->value);
	}
}

int
menu_var_seen(const struct menu_loader *ld, struct str name)
{
	const struct menu_given *given = menu_given_find(ld, name);

	if (given == NULL)
		return menu_var_find(ld->set, name);
	return given->kind == GIVEN_VAR ? given->var : -1;
}

int
menu_var_need(struct menu_loader *ld, const struct yaml_node *at, struct str name)
{
	const struct menu_given *given = menu_given_find(ld, name);
	int var = menu_var_seen(ld, name);
	const char *names[MENU_VARS];

	for (size_t i = 0; i < ld->set->n_vars; i++)
		names[i] = ld->set->vars[i].name.p;
	if (given != NULL && given->kind != GIVEN_VAR)
		menu_given_fault(ld, given, "the sub-menu needs a $variable here");
	else if (given == NULL && var < 0)
		menu_fault(ld, at, "no variable %.*s is declared in main.yaml%s", STR_ARG(name),
			   menu_hint(ld, str_nearest(name, names, ld->set->n_vars)));
	return var;
}
