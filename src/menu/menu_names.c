#include "menu/menu_int.h"

#include <stdlib.h>

/* All names of all files, before anything is read that could lead to one. */

static const struct yaml_key part_keys[] = {
	{"wasl", YAML_T_INT, true, 1, 1},
	{"nodes", YAML_T_MAP, false, 0, 0},
	{"runs", YAML_T_MAP, false, 0, 0},
};

static bool
name_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(i > 0 && ((c >= '0' && c <= '9') || c == '_')))
			return false;
	}
	return s.n > 0 && s.n <= 40;
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

static struct menu_name *
name_add(struct menu_loader *ld, const struct yaml_node *key, bool is_run, size_t id)
{
	struct menu_name *name = &ld->set->names[ld->set->n_names++];

	if (!name_ok(key->text)) {
		menu_fault(ld, key, "a name is small letters, digits and _, at most 40");
		ld->edges_unsure = true;
	}
	*name = (struct menu_name){.name = arena_str(ld->set->arena, key->text),
				   .is_run = is_run,
				   .id = (uint16_t)id,
				   .file = arena_strdup(ld->set->arena, ld->doc->file),
				   .line = key->line,
				   .col = key->col};
	return name;
}

static void
run_add(struct menu_loader *ld, const struct yaml_node *key)
{
	struct menu_set *set = ld->set;

	set->runs[set->n_runs].name = name_add(ld, key, true, set->n_runs)->name;
	set->n_runs++;
}

static void
names_of(struct menu_loader *ld, const struct yaml_doc *doc)
{
	const struct yaml_node *nodes = yaml_get(doc->root, "nodes");
	const struct yaml_node *runs = yaml_get(doc->root, "runs");
	struct menu_set *set = ld->set;

	ld->doc = doc;
	for (size_t i = 0; nodes != NULL && nodes->kind == YAML_MAP && i < nodes->n; i++) {
		const struct yaml_pair *p = &nodes->pairs[i];
		const struct menu_name *name = name_add(ld, p->key, false, set->n_nodes);
		struct menu_node *node = &set->nodes[set->n_nodes];

		node->name = name->name;
		node->file = name->file;
		node->line = p->key->line;
		node->col = p->key->col;
		ld->places[set->n_nodes++] =
			(struct menu_place){.doc = doc, .key = p->key, .body = p->value};
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

void
menu_names_collect(struct menu_loader *ld)
{
	size_t n_nodes = count(ld, "nodes"), n_runs = count(ld, "runs");
	struct menu_set *set = ld->set;

	if (n_nodes > MENU_NODES || n_runs > MENU_NODES) {
		err_add(ld->err, ld->main.path, 0, 0, "at most %d nodes", MENU_NODES);
		n_nodes = n_runs = 0;
	}
	set->nodes = ARENA_ARRAY(set->arena, struct menu_node, n_nodes + 1);
	set->runs = ARENA_ARRAY(set->arena, struct menu_run, n_runs + 1);
	set->names = ARENA_ARRAY(set->arena, struct menu_name, n_nodes + n_runs + 1);
	ld->places = ARENA_ARRAY(ld->scratch, struct menu_place, n_nodes + 1);
	if (n_nodes == 0 && n_runs == 0)
		return;
	names_of(ld, ld->main.doc);
	for (size_t i = 0; i < ld->n_parts; i++) {
		ld->doc = ld->parts[i].doc;
		if (yaml_check(ld->doc, ld->doc->root, part_keys, ARRAY_LEN(part_keys), ld->err) !=
		    W_OK)
			ld->edges_unsure = true;
		names_of(ld, ld->parts[i].doc);
	}
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
