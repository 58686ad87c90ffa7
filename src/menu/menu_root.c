#include "menu/menu_int.h"

/* main.yaml: languages, keys and variables first, as all else leans on them; then, once the names
 * are known, what leads to nodes. */

static const struct yaml_key main_keys[] = {
	{"wasl", YAML_T_INT, true, 1, 1},       {"id", YAML_T_WORD, true, 0, 0},
	{"languages", YAML_T_LIST, true, 0, 0}, {"keys", YAML_T_MAP, false, 0, 0},
	{"vars", YAML_T_MAP, false, 0, 0},      {"start", YAML_T_TEXT, true, 0, 0},
	{"direct", YAML_T_MAP, false, 0, 0},    {"special", YAML_T_MAP, true, 0, 0},
	{"parts", YAML_T_LIST, false, 0, 0},    {"nodes", YAML_T_MAP, false, 0, 0},
	{"runs", YAML_T_MAP, false, 0, 0},
};

static const struct yaml_key system_keys[] = {
	[KEY_BACK] = {"back", YAML_T_TEXT, false, 0, 0},
	[KEY_MORE] = {"more", YAML_T_TEXT, false, 0, 0},
	[KEY_URGENT] = {"urgent", YAML_T_TEXT, false, 0, 0},
};

static const struct yaml_key special_keys[] = {
	{"wrong", YAML_T_ANY, true, 0, 0},
	{"busy", YAML_T_TEXT, true, 0, 0},
	{"leave", YAML_T_TEXT, true, 0, 0},
	{"enrolled", YAML_T_TEXT, false, 0, 0},
};

static const struct yaml_key direct_keys[] = {
	{"go", YAML_T_TEXT, true, 0, 0},
	{"open", YAML_T_YESNO, false, 0, 0},
};

/* ---- Languages ---- */

/* BCP 47 tags; scripts written from the right. A script subtag decides, else the language. */
bool
menu_lang_parse_rtl(struct str tag)
{
	static const char *const languages[] = {"ar", "ary", "fa", "he", "ur"};
	struct str rest = tag, language = str_cut(&rest, '-');

	if (rest.n > 0)
		return str_is(rest, "Arab") || str_is(rest, "Hebr");
	for (size_t i = 0; i < ARRAY_LEN(languages); i++)
		if (str_is(language, languages[i]))
			return true;
	return false;
}

static bool
letters(struct str s, size_t least, size_t most)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z'))
			return false;
	return s.n >= least && s.n <= most;
}

static bool
tag_ok(struct str tag)
{
	struct str rest = tag, language = str_cut(&rest, '-');

	return letters(language, 2, 3) && (rest.p == NULL || letters(rest, 4, 4));
}

static void
language_add(struct menu_loader *ld, const struct yaml_node *at)
{
	struct menu_set *set = ld->set;

	if (!tag_ok(yaml_text(at))) {
		menu_fault(ld, at, "a language is a tag such as ar, fr or ary-Latn");
	} else if (menu_lang_of(set, at->text) >= 0) {
		menu_fault(ld, at, "the language %s is there already", at->text.p);
	} else if (set->n_langs == MENU_LANGS) {
		menu_fault(ld, at, "at most %d languages", MENU_LANGS);
	} else {
		struct menu_lang *lang = &set->langs[set->n_langs++];

		lang->tag = arena_str(set->arena, at->text).p;
		lang->rtl = menu_lang_parse_rtl(at->text);
	}
}

static void
languages_read(struct menu_loader *ld, const struct yaml_node *list)
{
	if (list == NULL || list->kind != YAML_LIST)
		return;
	for (size_t i = 0; i < list->n; i++)
		language_add(ld, list->items[i]);
	if (list->n == 0)
		menu_fault(ld, list, "at least one language is needed");
}

/* ---- Keys ---- */

static void
keys_read(struct menu_loader *ld, const struct yaml_node *map)
{
	static const char *const usual[] = {[KEY_BACK] = "0", [KEY_MORE] = "9", [KEY_URGENT] = "8"};

	if (map != NULL &&
	    yaml_check(ld->doc, map, system_keys, ARRAY_LEN(system_keys), ld->err) != W_OK)
		map = NULL;
	for (size_t i = 0; i < MENU_KEYS; i++) {
		const struct yaml_node *at = yaml_get(map, system_keys[i].name);

		memcpy(ld->set->keys[i], usual[i], 2);
		if (at != NULL)
			menu_key_parse(ld, at, ld->set->keys[i]);
	}
}

void
menu_root_read(struct menu_loader *ld)
{
	const struct yaml_node *root = ld->main.doc->root;

	ld->doc = ld->main.doc;
	if (yaml_check(ld->doc, root, main_keys, ARRAY_LEN(main_keys), ld->err) != W_OK)
		ld->edges_unsure = true;
	languages_read(ld, yaml_get(root, "languages"));
	keys_read(ld, yaml_get(root, "keys"));
	menu_vars_read(ld, yaml_get(root, "vars"));
}

/* ---- What leads to nodes ---- */

/* A plain node: specials and the start are never runs or $words. */
static uint16_t
node_need(struct menu_loader *ld, const struct yaml_node *at)
{
	if (at == NULL || at->kind != YAML_SCALAR)
		return MENU_NO_NODE;
	struct menu_target target = menu_target_parse(ld, at);
	if (target.kind == GO_NODE)
		return target.id;
	if (target.kind != GO_NONE)
		menu_fault(ld, at, "a node is needed here, not %s", at->text.p);
	ld->edges_unsure = true;
	return MENU_NO_NODE;
}

static void
wrong_read(struct menu_loader *ld, const struct yaml_node *at)
{
	struct menu_set *set = ld->set;
	struct menu_texts word;

	menu_texts_parse(ld, at, TEXT_PAGE, &word);
	for (size_t lang = 0; lang < set->n_langs; lang++) {
		const struct menu_text *from = &word.of[lang];
		struct menu_text *to = &set->special.wrong_prefix.of[lang];

		to->n = from->n + 1;
		to->pieces = ARENA_ARRAY(set->arena, struct menu_piece, to->n);
		for (size_t i = 0; i < from->n; i++)
			to->pieces[i] = from->pieces[i];
		to->pieces[from->n].literal = STR_LIT("\n");
	}
}

static void
special_read(struct menu_loader *ld, const struct yaml_node *map)
{
	struct menu_special *special = &ld->set->special;

	if (map == NULL || map->kind != YAML_MAP)
		return;
	if (yaml_check(ld->doc, map, special_keys, ARRAY_LEN(special_keys), ld->err) != W_OK)
		ld->edges_unsure = true;
	if (yaml_get(map, "wrong") != NULL)
		wrong_read(ld, yaml_get(map, "wrong"));
	special->busy = node_need(ld, yaml_get(map, "busy"));
	special->leave = node_need(ld, yaml_get(map, "leave"));
	special->enrolled = node_need(ld, yaml_get(map, "enrolled"));
}

/* What stands between the service code and '#': digits, with '*' between. */
static bool
path_ok(struct str path)
{
	for (size_t i = 0; i < path.n; i++) {
		bool star = path.p[i] == '*';

		if (!star && !(path.p[i] >= '0' && path.p[i] <= '9'))
			return false;
		if (star && (i == 0 || i + 1 == path.n || path.p[i - 1] == '*'))
			return false;
	}
	return path.n > 0 && path.n <= 16;
}

static void
direct_read(struct menu_loader *ld, const struct yaml_pair *p, struct menu_direct *out)
{
	const struct yaml_node *go = p->value;

	if (!path_ok(p->key->text))
		menu_fault(ld, p->key, "a direct path is digits, such as 8 or 2*1");
	if (p->value->kind == YAML_MAP) {
		if (yaml_check(ld->doc, p->value, direct_keys, ARRAY_LEN(direct_keys), ld->err) !=
		    W_OK)
			return;
		go = yaml_get(p->value, "go");
		out->open = yaml_yesno(yaml_get(p->value, "open"), false);
	}
	out->path = arena_str(ld->set->arena, p->key->text);
	out->go = menu_target_parse(ld, go);
	if (out->go.kind != GO_NODE && out->go.kind != GO_RUN && out->go.kind != GO_NONE)
		menu_fault(ld, go, "a direct path leads to a node or run, not to %s", go->text.p);
}

static void
directs_read(struct menu_loader *ld, const struct yaml_node *map)
{
	if (map == NULL || map->kind != YAML_MAP)
		return;
	ld->set->directs = ARENA_ARRAY(ld->set->arena, struct menu_direct, map->n);
	ld->set->n_directs = map->n;
	for (size_t i = 0; i < map->n; i++)
		direct_read(ld, &map->pairs[i], &ld->set->directs[i]);
}

void
menu_root_link(struct menu_loader *ld)
{
	const struct yaml_node *root = ld->main.doc->root;

	ld->doc = ld->main.doc;
	ld->set->start = node_need(ld, yaml_get(root, "start"));
	special_read(ld, yaml_get(root, "special"));
	directs_read(ld, yaml_get(root, "direct"));
}
