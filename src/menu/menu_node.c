#include "menu/menu_int.h"

/* One node: which kind it is, which keys that kind may have, and what they say. */

#define ANYWHERE                                       \
	{"open", YAML_T_YESNO, false, 0, 0},           \
	{                                              \
		"resumable", YAML_T_YESNO, false, 0, 0 \
	}
#define ANSWERED                                     \
	{"retry", YAML_T_MAP, false, 0, 0},          \
	{                                            \
		"numbering", YAML_T_MAP, false, 0, 0 \
	}

static const struct yaml_key menu_keys[] = {
	{"menu", YAML_T_ANY, true, 0, 0},
	{"options", YAML_T_LIST, true, 0, 0},
	{"into", YAML_T_WORD, false, 0, 0},
	{"continues", YAML_T_TEXT, false, 0, 0},
	{"go", YAML_T_TEXT, false, 0, 0},
	ANSWERED,
	ANYWHERE,
};
static const struct yaml_key ask_keys[] = {
	{"ask", YAML_T_ANY, true, 0, 0},      {"input", YAML_T_MAP, false, 0, 0},
	{"into", YAML_T_WORD, false, 0, 0},   {"none", YAML_T_MAP, false, 0, 0},
	{"watch", YAML_T_LIST, false, 0, 0},  {"check", YAML_T_WORD, false, 0, 0},
	{"locked", YAML_T_TEXT, false, 0, 0}, {"retry", YAML_T_MAP, false, 0, 0},
	{"go", YAML_T_TEXT, true, 0, 0},      ANYWHERE,
};
static const struct yaml_key record_keys[] = {
	{"record", YAML_T_MAP, true, 0, 0}, {"go", YAML_T_TEXT, true, 0, 0}, ANYWHERE};
static const struct yaml_key message_keys[] = {
	{"message", YAML_T_ANY, true, 0, 0}, {"go", YAML_T_TEXT, true, 0, 0}, ANYWHERE};
static const struct yaml_key end_keys[] = {{"end", YAML_T_ANY, true, 0, 0}, ANYWHERE};
static const struct yaml_key branch_keys[] = {
	{"branch", YAML_T_LIST, true, 0, 0}, {"else", YAML_T_TEXT, true, 0, 0}, ANYWHERE};
static const struct yaml_key language_keys[] = {
	{"language", YAML_T_MAP, true, 0, 0}, {"go", YAML_T_TEXT, true, 0, 0}, ANSWERED, ANYWHERE};
static const struct yaml_key pin_keys[] = {
	{"pin", YAML_T_ANY, true, 0, 0},
	{"mode", YAML_T_WORD, false, 0, 0},
	{"none", YAML_T_MAP, false, 0, 0},
	{"locked", YAML_T_TEXT, false, 0, 0},
	{"retry", YAML_T_MAP, false, 0, 0},
	{"go", YAML_T_TEXT, true, 0, 0},
	ANYWHERE,
};
static const struct yaml_key callback_keys[] = {
	{"callback", YAML_T_MAP, true, 0, 0}, {"go", YAML_T_TEXT, true, 0, 0}, ANYWHERE};
static const struct yaml_key list_keys[] = {
	{"list", YAML_T_TEXT, true, 0, 0},
	{"say", YAML_T_ANY, true, 0, 0},
	{"options", YAML_T_LIST, true, 0, 0},
	{"empty", YAML_T_TEXT, true, 0, 0},
	{"into", YAML_T_WORD, false, 0, 0},
	{"go", YAML_T_TEXT, false, 0, 0},
	ANSWERED,
	ANYWHERE,
};

/* ---- Pieces that several kinds have ---- */

struct menu_target
menu_go_of(struct menu_loader *ld, const struct yaml_node *body, const char *key)
{
	const struct yaml_node *at = yaml_get(body, key);

	return at ? menu_target_parse(ld, at) : (struct menu_target){.kind = GO_NONE};
}

static struct menu_target
leave_of(const struct menu_loader *ld)
{
	struct menu_target leave = {.kind = GO_NODE, .id = ld->set->special.leave};

	if (leave.id == MENU_NO_NODE)
		leave.kind = GO_NONE;
	return leave;
}

void
menu_retry_parse(struct menu_loader *ld, const struct yaml_node *map, struct menu_node *node)
{
	static const struct yaml_key keys[] = {{"say", YAML_T_ANY, false, 0, 0},
					       {"max", YAML_T_INT, false, 0, 5},
					       {"else", YAML_T_TEXT, false, 0, 0}};

	node->retry_max = 2;
	node->retry_else = leave_of(ld);
	if (map == NULL || yaml_check(ld->doc, map, keys, ARRAY_LEN(keys), ld->err) != W_OK)
		return;
	node->retry_max = (uint8_t)yaml_int(yaml_get(map, "max"), 2);
	if (yaml_get(map, "else") != NULL)
		node->retry_else = menu_go_of(ld, map, "else");
	node->has_retry_say = yaml_get(map, "say") != NULL;
	if (node->has_retry_say)
		menu_texts_parse(ld, yaml_get(map, "say"), TEXT_PAGE, &node->retry_say);
}

static void
numbering_parse(struct menu_loader *ld, const struct yaml_node *map, struct menu_node *node)
{
	for (size_t i = 0; map != NULL && map->kind == YAML_MAP && i < map->n; i++) {
		const struct yaml_pair *p = &map->pairs[i];
		int lang = menu_lang_of(ld->set, p->key->text);
		struct str word = yaml_text(p->value);

		if (lang < 0)
			menu_fault(ld, p->key, "%.40s is not a language of main.yaml",
				   p->key->text.p);
		else if (!str_is(word, "tight") && !str_is(word, "loose"))
			menu_fault(ld, p->value,
				   "numbering is tight (\"1.x\") or loose (\"1. x\")");
		else
			node->tight[lang] = str_is(word, "tight");
	}
}

static void
options_of(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	struct menu_target otherwise = menu_go_of(ld, body, "go");

	node->go = otherwise;
	menu_options_parse(ld, yaml_get(body, "options"), &otherwise, node);
	numbering_parse(ld, yaml_get(body, "numbering"), node);
	menu_retry_parse(ld, yaml_get(body, "retry"), node);
}

/* ---- Kinds ---- */

/* The page goes on with a question: its answers, its field. */
static void
continues_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	const struct yaml_node *at = yaml_get(body, "continues");

	if (at == NULL)
		return;
	struct menu_target target = menu_target_parse(ld, at);
	if (target.kind == GO_NODE && &ld->set->nodes[target.id] != node)
		node->question = target.id;
	else if (target.kind != GO_NONE)
		menu_fault(ld, at, "a question is needed here, not %s", at->text.p);
}

static void
menu_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	menu_texts_parse(ld, yaml_get(body, "menu"), TEXT_EMPTY_TOO, &node->say);
	options_of(ld, body, node);
	node->field = arena_str(ld->set->arena, yaml_text(yaml_get(body, "into")));
	int var = menu_var_find(ld->set, node->field);
	if (node->field.n > 0 && var >= 0)
		node->into = (uint16_t)var;
	continues_parse(ld, body, node);
}

static void
record_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	const struct yaml_node *map = yaml_get(body, "record");

	if (map->n == 0)
		menu_fault(ld, map, "at least one action is needed");
	menu_dos_parse(ld, map, &node->dos, &node->n_dos);
	node->go = menu_go_of(ld, body, "go");
}

static void
message_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	menu_texts_parse(ld, yaml_get(body, "message"), TEXT_PAGE, &node->say);
	node->go = menu_go_of(ld, body, "go");
}

static void
end_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	menu_texts_parse(ld, yaml_get(body, "end"), TEXT_PAGE, &node->say);
}

static void
branch_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	static const struct yaml_key keys[] = {{"when", YAML_T_TEXT, true, 0, 0},
					       {"go", YAML_T_TEXT, true, 0, 0}};
	const struct yaml_node *list = yaml_get(body, "branch");

	node->conditions = ARENA_ARRAY(ld->set->arena, struct menu_when, list->n + 1);
	node->branches = ARENA_ARRAY(ld->set->arena, struct menu_target, list->n + 1);
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml_node *at = list->items[i];

		if (yaml_check(ld->doc, at, keys, ARRAY_LEN(keys), ld->err) != W_OK) {
			ld->edges_unsure = true;
			continue;
		}
		menu_when_parse(ld, yaml_get(at, "when"), &node->conditions[node->n_branches]);
		node->branches[node->n_branches++] = menu_go_of(ld, at, "go");
	}
	node->go = menu_go_of(ld, body, "else");
}

/* One text for all, and one line a language in its own words. */
static void
language_option(struct menu_loader *ld, const struct yaml_pair *p, struct menu_node *node)
{
	struct menu_option *option = &node->options[node->n_options];

	if (menu_lang_of(ld->set, p->key->text) < 0) {
		menu_fault(ld, p->key, "%.40s is not a language of main.yaml", p->key->text.p);
		return;
	}
	menu_texts_parse(ld, p->value, TEXT_ANY_SCRIPT, &option->say);
	option->key[0] = (char)('1' + node->n_options);
	option->answer = arena_str(ld->set->arena, p->key->text);
	option->go = node->go;
	node->n_options++;
}

static void
language_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	static const struct yaml_key keys[] = {{"say", YAML_T_ANY, true, 0, 0},
					       {"names", YAML_T_MAP, true, 0, 0}};
	const struct yaml_node *map = yaml_get(body, "language");
	size_t before = err_errors(ld->err);

	node->go = menu_go_of(ld, body, "go");
	numbering_parse(ld, yaml_get(body, "numbering"), node);
	menu_retry_parse(ld, yaml_get(body, "retry"), node);
	if (yaml_check(ld->doc, map, keys, ARRAY_LEN(keys), ld->err) != W_OK)
		return;
	menu_texts_parse(ld, yaml_get(map, "say"), TEXT_ANY_SCRIPT, &node->say);
	const struct yaml_node *names = yaml_get(map, "names");
	node->options = ARENA_ARRAY(ld->set->arena, struct menu_option, names->n + 1);
	for (size_t i = 0; i < names->n; i++)
		language_option(ld, &names->pairs[i], node);
	if (node->n_options != ld->set->n_langs && err_errors(ld->err) == before)
		menu_fault(ld, names, "every language of main.yaml needs its name here");
}

static void
callback_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	node->dos = ARENA_NEW(ld->set->arena, struct menu_do);
	node->n_dos = 1;
	menu_do_parse(ld, yaml_get(body, "callback"), yaml_get(body, "callback"), MENU_DO_CALLBACK,
		      node->dos);
	node->go = menu_go_of(ld, body, "go");
}

/* A list may keep which of its things is on the page. */
static void
reference_parse(struct menu_loader *ld, const struct yaml_node *at, struct menu_node *node)
{
	int var = at != NULL ? menu_var_need(ld, at, at->text) : -1;

	if (var < 0)
		return;
	node->into = (uint16_t)var;
	int type = ld->set->vars[var].type;
	if (!menu_type_is(type, "ref") && type != TYPE_UNKNOWN)
		menu_fault(ld, at, "%s is of type %s, and a list gives ref", at->text.p,
			   menu_type_name(ld->set, type));
}

static void
list_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	static const char *const lists[] = {[LIST_NEEDS_OPEN] = "needs.open",
					    [LIST_APPOINTMENTS_COMING] = "appointments.coming"};
	const struct yaml_node *list = yaml_get(body, "list");

	for (size_t i = LIST_NEEDS_OPEN; i < ARRAY_LEN(lists); i++)
		if (str_is(list->text, lists[i]))
			node->list = (enum menu_list)i;
	if (node->list == LIST_NONE)
		menu_fault(ld, list, "there is no list %.40s%s", list->text.p,
			   menu_hint(ld, str_nearest(list->text, lists + 1, ARRAY_LEN(lists) - 1)));
	menu_texts_parse(ld, yaml_get(body, "say"), TEXT_PAGE, &node->say);
	options_of(ld, body, node);
	node->empty = menu_go_of(ld, body, "empty");
	reference_parse(ld, yaml_get(body, "into"), node);
}

static const struct {
	const char *word;
	enum menu_kind kind;
	const struct yaml_key *keys;
	size_t n_keys;
	void (*parse)(struct menu_loader *, const struct yaml_node *, struct menu_node *);
} kinds[] = {
	{"menu", MENU_MENU, menu_keys, ARRAY_LEN(menu_keys), menu_parse},
	{"ask", MENU_ASK, ask_keys, ARRAY_LEN(ask_keys), menu_ask_parse},
	{"record", MENU_RECORD, record_keys, ARRAY_LEN(record_keys), record_parse},
	{"message", MENU_MESSAGE, message_keys, ARRAY_LEN(message_keys), message_parse},
	{"end", MENU_END, end_keys, ARRAY_LEN(end_keys), end_parse},
	{"branch", MENU_BRANCH, branch_keys, ARRAY_LEN(branch_keys), branch_parse},
	{"language", MENU_LANGUAGE, language_keys, ARRAY_LEN(language_keys), language_parse},
	{"pin", MENU_PIN, pin_keys, ARRAY_LEN(pin_keys), menu_pin_parse},
	{"callback", MENU_CALLBACK, callback_keys, ARRAY_LEN(callback_keys), callback_parse},
	{"list", MENU_LIST, list_keys, ARRAY_LEN(list_keys), list_parse},
};

/* The row of the one key that names a kind, or -1 and a fault. */
static int
kind_row(struct menu_loader *ld, const struct menu_place *place)
{
	int row = -1;

	/* A use that came to nothing is told where it says so. */
	if (yaml_get(place->body, "use") != NULL)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (yaml_get(place->body, kinds[i].word) == NULL)
			continue;
		if (row >= 0) {
			menu_fault(ld, place->key, "a node is one thing: %s or %s", kinds[row].word,
				   kinds[i].word);
			return -1;
		}
		row = (int)i;
	}
	if (row < 0)
		menu_fault(ld, place->key,
			   "a node needs one of menu, ask, record, message, end, branch, language, "
			   "pin, callback, list, use");
	return row;
}

/* False when it is no node of a known kind. */
static bool
node_read(struct menu_loader *ld, const struct menu_place *place, struct menu_node *node)
{
	int row = kind_row(ld, place);

	if (row < 0)
		return false;
	node->kind = kinds[row].kind;
	if (yaml_check(ld->doc, place->body, kinds[row].keys, kinds[row].n_keys, ld->err) != W_OK)
		return false;
	kinds[row].parse(ld, place->body, node);
	node->open = yaml_yesno(yaml_get(place->body, "open"), false);
	node->resumable = yaml_yesno(yaml_get(place->body, "resumable"), false);
	return true;
}

void
menu_nodes_read(struct menu_loader *ld)
{
	for (size_t i = 0; i < ld->set->n_nodes; i++) {
		struct menu_place *place = &ld->places[i];
		size_t before = err_errors(ld->err);

		ld->doc = place->doc;
		ld->use = place->use;
		bool known = node_read(ld, place, &ld->set->nodes[i]);
		ld->edges_unsure |= !known;
		place->faulty = !known || err_errors(ld->err) != before ||
				(place->use != NULL && place->use->faulty);
	}
	ld->use = NULL;
}
