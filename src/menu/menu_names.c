#include "menu/menu_int.h"

#include <stdlib.h>

/* All names of all files, before anything is read that could lead to one. */

static const struct yaml_key part_keys[] = {
	{"wasl", YAML_T_INT, true, 1, 1},
	{"nodes", YAML_T_MAP, false, 0, 0},
	{"runs", YAML_T_MAP, false, 0, 0},
};

bool
menu_name_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(i > 0 && ((c >= '0' && c <= '9') || c == '_')))
			return false;
	}
	return s.n > 0 && s.n <= 40;
}

void
menu_name_check(struct menu_loader *ld, const struct yaml_node *key)
{
	if (menu_name_ok(key->text))
		return;
	menu_fault(ld, key, "a name is small letters, digits and _, at most 40");
	ld->edges_unsure = true;
}

static size_t
count(const struct menu_loader *ld, const char *what)
{
	const struct yaml_node *map = yaml_get(ld->main.doc->root, what);
	size_t n = map != NULL && map->kind == YAML_MAP ? map->n : 0;

	for (size_t i = 0; i < ld->n_parts; i++) {
		map = yaml_get(ld->parts[i].doc->root, what);
		if (map != NULL && map->kind == YAML_MAP)
			n += map->n;
	}
	return n;
}

static void
name_add(struct menu_loader *ld, const struct yaml_node *key, struct str name, bool is_run,
	 size_t id)
{
	menu_name_check(ld, key);
	ld->set->names[ld->set->n_names++] = (struct menu_name){.name = name,
								.is_run = is_run,
								.id = (uint16_t)id,
								.file = ld->doc->file,
								.line = key->line,
								.col = key->col};
}

static void
run_add(struct menu_loader *ld, const struct yaml_node *key)
{
	struct menu_set *set = ld->set;

	if (set->n_runs == MENU_RUNS) {
		menu_fault(ld, key, "at most %d runs", MENU_RUNS);
		ld->edges_unsure = true;
		return;
	}
	struct menu_run *run = &set->runs[set->n_runs];
	run->name = arena_str(set->arena, key->text);
	name_add(ld, key, run->name, true, set->n_runs++);
}

uint16_t
menu_place_add(struct menu_loader *ld, const struct yaml_pair *at, struct str name,
	       struct menu_use *use)
{
	if (ld->n_places == MENU_NODES) {
		if (!ld->too_many)
			menu_fault(ld, at->key, "at most %d nodes", MENU_NODES);
		ld->too_many = ld->edges_unsure = true;
		return 0;
	}
	if (ld->n_places == ld->cap_places) {
		size_t cap = ld->cap_places * 2 + 256;
		struct menu_place *bigger = ARENA_ARRAY(ld->scratch, struct menu_place, cap);

		if (ld->n_places > 0)
			memcpy(bigger, ld->places, ld->n_places * sizeof(*bigger));
		ld->places = bigger;
		ld->cap_places = cap;
	}
	ld->places[ld->n_places] = (struct menu_place){
		.doc = ld->doc, .key = at->key, .body = at->value, .name = name, .use = use};
	return (uint16_t)ld->n_places++;
}

static void
names_of(struct menu_loader *ld, const struct yaml_doc *doc)
{
	const struct yaml_node *nodes = yaml_get(doc->root, "nodes");
	const struct yaml_node *runs = yaml_get(doc->root, "runs");

	ld->doc = doc;
	for (size_t i = 0; nodes != NULL && nodes->kind == YAML_MAP && i < nodes->n; i++) {
		const struct yaml_pair *p = &nodes->pairs[i];
		struct str name = arena_str(ld->set->arena, p->key->text);

		name_add(ld, p->key, name, false,
			 yaml_get(p->value, "use") != NULL ? menu_use_expand(ld, p, name, NULL, 0)
							   : menu_place_add(ld, p, name, NULL));
	}
	for (size_t i = 0; runs != NULL && runs->kind == YAML_MAP && i < runs->n; i++)
		run_add(ld, runs->pairs[i].key);
}

static int
by_name(const void *left, const void *right)
{
	const struct menu_name *a = left, *b = right;
	size_t least = a->name.n < b->name.n ? a->name.n : b->name.n;
	int order = memcmp(a->name.p, b->name.p, least);

	if (order != 0)
		return order;
	if (a->name.n != b->name.n)
		return a->name.n < b->name.n ? -1 : 1;
	return a->is_run != b->is_run ? a->is_run - b->is_run : (int)a->id - (int)b->id;
}

static void
doubles_tell(struct menu_loader *ld)
{
	const struct menu_name *first = ld->set->names;

	for (size_t i = 1; i < ld->set->n_names; i++) {
		const struct menu_name *name = &ld->set->names[i];

		if (!str_eq(name->name, first->name)) {
			first = name;
			continue;
		}
		err_add(ld->err, name->file, name->line, name->col,
			"the name %s is there already, in %s at line %u", name->name.p, first->file,
			first->line);
		ld->edges_unsure = true;
	}
}

static void
parts_names(struct menu_loader *ld)
{
	for (size_t i = 0; i < ld->n_parts; i++) {
		const struct yaml_doc *doc = ld->parts[i].doc;

		if (menu_is_sub(doc))
			continue;
		if (yaml_check(doc, doc->root, part_keys, ARRAY_LEN(part_keys), ld->err) != W_OK)
			ld->edges_unsure = true;
		names_of(ld, doc);
	}
}

/* Nodes in the order of the files, each at its place. */
static void
nodes_make(struct menu_loader *ld)
{
	struct menu_set *set = ld->set;
	const char *file = NULL, *kept = NULL;

	set->nodes = ARENA_ARRAY(set->arena, struct menu_node, ld->n_places + 1);
	set->n_nodes = ld->n_places;
	for (size_t i = 0; i < ld->n_places; i++) {
		const struct menu_place *place = &ld->places[i];

		if (place->doc->file != file) {
			file = place->doc->file;
			kept = arena_strdup(set->arena, file);
		}
		set->nodes[i] = (struct menu_node){.name = place->name,
						   .file = kept,
						   .line = place->key->line,
						   .col = place->key->col,
						   .into = MENU_NO_VAR,
						   .question = MENU_NO_NODE};
	}
}

void
menu_names_collect(struct menu_loader *ld)
{
	size_t n_runs = count(ld, "runs"), n_names = count(ld, "nodes") + n_runs;
	struct menu_set *set = ld->set;

	set->runs = ARENA_ARRAY(set->arena, struct menu_run, n_runs + 1);
	set->names = ARENA_ARRAY(set->arena, struct menu_name, n_names + 1);
	ld->places = ARENA_ARRAY(ld->scratch, struct menu_place, 1);
	ld->uses_end = &ld->uses;
	menu_subs_find(ld);
	names_of(ld, ld->main.doc);
	parts_names(ld);
	nodes_make(ld);
	qsort(set->names, set->n_names, sizeof(*set->names), by_name);
	doubles_tell(ld);
}

/* ---- Targets ---- */

static const struct {
	const char *word;
	int kind;
} dollars[] = {
	{"$back", GO_BACK},     {"$question", GO_QUESTION}, {"$item", GO_ITEM},
	{"$resume", GO_RESUME}, {"$direct", GO_DIRECT},
};

static const char *
target_near(struct menu_loader *ld, struct str word)
{
	size_t n = ld->set->n_names;
	const char **all = ARENA_ARRAY(ld->scratch, const char *, n + ARRAY_LEN(dollars));

	for (size_t i = 0; i < n; i++)
		all[i] = ld->set->names[i].name.p;
	for (size_t i = 0; i < ARRAY_LEN(dollars); i++)
		all[n + i] = dollars[i].word;
	return str_nearest(word, all, n + ARRAY_LEN(dollars));
}

struct menu_target
menu_target_parse(struct menu_loader *ld, const struct yaml_node *at)
{
	struct menu_target target = {.kind = GO_NONE};

	if (!menu_need_scalar(ld, at, "the name of a node or run")) {
		ld->edges_unsure = true;
		return target;
	}
	if (menu_use_target(ld, at->text, &target))
		return target;
	for (size_t i = 0; i < ARRAY_LEN(dollars); i++) {
		if (str_is(at->text, dollars[i].word)) {
			target.kind = dollars[i].kind;
			return target;
		}
	}
	const struct menu_name *name = menu_name_find(ld->set, at->text);
	if (name == NULL) {
		menu_fault(ld, at, "no node or run is called %.40s%s", at->text.p,
			   menu_hint(ld, target_near(ld, at->text)));
		ld->edges_unsure = true;
		return target;
	}
	target.kind = name->is_run ? GO_RUN : GO_NODE;
	target.id = name->id;
	return target;
}
