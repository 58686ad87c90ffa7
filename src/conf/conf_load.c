#include "conf/conf_int.h"

#include <limits.h>
#include <stdlib.h>

/* The most rows one section has; a test counts them. */
enum { SECTION_ROWS = 32, NAME_BYTES = 160 };

/* ---- What conf_walk shows ---- */

static void
note(struct conf_loader *l, const struct conf_row *row, const char *name, const char *text,
     enum conf_origin origin, uint32_t line)
{
	if (l->n_values == l->cap_values) {
		l->cap_values = l->cap_values ? l->cap_values * 2 : 128;
		l->values = xrealloc(l->values, l->cap_values * sizeof(*l->values));
	}
	l->values[l->n_values++] = (struct conf_value){
		.name = arena_strdup(l->conf->arena, name),
		.text = arena_strdup(l->conf->arena, text),
		.origin = origin,
		.line = origin == CONF_FILE ? line : 0,
		.row = row,
	};
}

static void
show_list(const struct yaml_node *node, struct buf *to)
{
	for (size_t i = 0; i < node->n; i++) {
		buf_adds(to, i ? ", " : "");
		buf_add_str(to, yaml_text(node->items[i]));
	}
}

static void
show_map(const struct yaml_node *node, struct buf *to)
{
	for (size_t i = 0; i < node->n; i++) {
		buf_adds(to, i ? ", " : "");
		buf_add_str(to, node->pairs[i].key->text);
		buf_adds(to, ": ");
		buf_add_str(to, yaml_text(node->pairs[i].value));
	}
}

/* Duty numbers belong to people: how many there are is enough. */
static void
show_node(const struct yaml_node *node, enum conf_type type, struct buf *to)
{
	if (type == CONF_T_PHONES)
		buf_printf(to, "%zu numbers", node->n);
	else if (node->kind == YAML_SCALAR)
		buf_add_str(to, node->text);
	else if (node->kind == YAML_LIST)
		show_list(node, to);
	else
		show_map(node, to);
}

/* ---- Rows ---- */

/* The key's own name when the row lies directly in the section, else NULL. */
static const char *
leaf_in(const struct conf_row *row, const char *section)
{
	size_t n = strlen(section);
	const char *leaf = row->name;

	if (n > 0) {
		if (strncmp(leaf, section, n) != 0 || leaf[n] != '.')
			return NULL;
		leaf += n + 1;
	}
	return strchr(leaf, '.') ? NULL : leaf;
}

struct section {
	struct yaml_key keys[SECTION_ROWS];
	size_t rows[SECTION_ROWS];
	size_t n;
};

static void
section_of(const char *name, struct section *s)
{
	size_t n;
	const struct conf_row *rows = conf_rows(&n);

	s->n = 0;
	for (size_t i = 0; i < n; i++) {
		const char *leaf = leaf_in(&rows[i], name);

		if (leaf == NULL)
			continue;
		CHECK(s->n < SECTION_ROWS);
		s->rows[s->n] = i;
		s->keys[s->n++] = (struct yaml_key){
			.name = leaf,
			.type = conf_types[conf_targets[i].type].form,
			.required = rows[i].required,
			.min = rows[i].min,
			.max = rows[i].max,
		};
	}
}

/* A default as the file would have it: a list where the type is one, else a scalar. */
static const struct yaml_node *
node_of(struct arena *a, const char *text, enum yaml_type form)
{
	struct yaml_node *node = ARENA_NEW(a, struct yaml_node);
	struct str rest = str_of(text);

	if (form != YAML_T_LIST) {
		node->kind = YAML_SCALAR;
		node->text = rest;
		return node;
	}
	node->kind = YAML_LIST;
	node->items = ARENA_ARRAY(a, struct yaml_node *, strlen(text) / 2 + 1);
	while (rest.n > 0) {
		struct yaml_node *item = ARENA_NEW(a, struct yaml_node);

		item->text = str_cut(&rest, ' ');
		node->items[node->n++] = item;
	}
	return node;
}

/* Two defaults come from elsewhere. */
static const char *
fallback_of(const struct conf_loader *l, const struct conf_row *row, enum conf_origin *origin)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	*origin = CONF_DEFAULT;
	if (strcmp(row->name, "keys") == 0 && folder != NULL) {
		*origin = CONF_ENVIRONMENT;
		return folder;
	}
	if (strcmp(row->name, "socket") == 0 && l->conf->state != NULL)
		return arena_printf(l->conf->arena, "%s/wasl.sock", l->conf->state);
	return row->fallback;
}

static void
take_default(struct conf_loader *l, size_t i, const char *name, void *field)
{
	size_t n;
	const struct conf_row *row = &conf_rows(&n)[i];
	const struct conf_type_info *type = &conf_types[conf_targets[i].type];
	enum conf_origin origin;
	const char *text = fallback_of(l, row, &origin);
	struct conf_item it = {.row = row, .name = name, .field = field};

	if (text[0] != '\0') {
		it.node = node_of(l->conf->arena, text, type->form);
		type->set(l, &it);
	} else if (type->is_text) {
		*(const char **)field = "";
	}
	note(l, row, name, text, origin, 0);
}

static void
take_value(struct conf_loader *l, size_t i, const char *name, const struct yaml_node *node,
	   void *field)
{
	size_t n;
	const struct conf_type_info *type = &conf_types[conf_targets[i].type];
	struct conf_item it = {
		.row = &conf_rows(&n)[i], .name = name, .node = node, .field = field};
	struct buf shown;

	type->set(l, &it);
	buf_init_arena(&shown, l->conf->arena);
	show_node(node, conf_targets[i].type, &shown);
	note(l, it.row, name, shown.p, CONF_FILE, node->line);
}

/* The form was tested by yaml_check; what failed there is not looked at again. */
static bool
has_form(const struct yaml_node *node, enum yaml_type form)
{
	static const enum yaml_kind kinds[] = {
		[YAML_T_LIST] = YAML_LIST,
		[YAML_T_MAP] = YAML_MAP,
	};

	if (node->kind == YAML_SCALAR && !node->quoted && node->text.n == 0)
		return false;
	return form == YAML_T_ANY || node->kind == kinds[form];
}

static void
take_row(struct conf_loader *l, size_t i, const struct yaml_node *node, const char *name,
	 void *base)
{
	size_t n;
	const struct conf_row *row = &conf_rows(&n)[i];
	const struct conf_target *target = &conf_targets[i];

	if (node != NULL && !has_form(node, conf_types[target->type].form))
		return;
	if (target->type == CONF_T_CENTRES)
		conf_load_centres(l, node);
	else if (target->type == CONF_T_CHANNELS)
		conf_load_channels(l, node);
	else if (target->type == CONF_T_MAP)
		conf_load_section(l, node, row->name, name, base);
	else if (node == NULL)
		take_default(l, i, name, (char *)base + target->offset);
	else
		take_value(l, i, name, node, (char *)base + target->offset);
}

/* The map without the keys that would be secrets in clear: told once, not again as unknown. */
static const struct yaml_node *
without_secrets(struct conf_loader *l, const struct yaml_node *map, const struct section *s)
{
	struct yaml_node *rest;

	if (map == NULL)
		return NULL;
	rest = ARENA_NEW(l->conf->arena, struct yaml_node);
	*rest = *map;
	rest->n = 0;
	rest->pairs = ARENA_ARRAY(l->conf->arena, struct yaml_pair, map->n);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_node *key = map->pairs[i].key;
		bool known = false;

		for (size_t k = 0; k < s->n && !known; k++)
			known = str_is(key->text, s->keys[k].name);
		if (!known && conf_secret_name(key->text))
			conf_fault_secret(l, key);
		else
			rest->pairs[rest->n++] = map->pairs[i];
	}
	return rest;
}

void
conf_load_section(struct conf_loader *l, const struct yaml_node *map, const char *section,
		  const char *shown, void *base)
{
	struct section s;

	section_of(section, &s);
	map = without_secrets(l, map, &s);
	int rc = yaml_check(l->doc, map, s.keys, s.n, l->err);
	(void)rc; /* the faults are in err, and there may be more */
	for (size_t k = 0; k < s.n; k++) {
		char name[NAME_BYTES];

		snprintf(name, sizeof(name), "%s%s%s", shown, shown[0] ? "." : "", s.keys[k].name);
		take_row(l, s.rows[k], yaml_get(map, s.keys[k].name), name, base);
	}
}

/* ---- Rules between keys ---- */

static const struct yaml_node *
limit_node(const struct conf_loader *l, const char *one, const char *other)
{
	const struct yaml_node *limits = yaml_get(l->doc->root, "limits");
	const struct yaml_node *node = yaml_get(limits, one);

	return node ? node : yaml_get(limits, other);
}

static void
check_together(struct conf_loader *l)
{
	const struct conf_limits *m = &l->conf->limits;
	const struct {
		const char *less, *more;
		int64_t less_value, more_value;
	} pairs[] = {
		{"connections_reserved", "connections", m->connections_reserved, m->connections},
		{"header_time", "request_time", m->header_time, m->request_time},
		{"session_time", "repeat_time", m->session_time, m->repeat_time},
	};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		/* 0: not read, which has its own fault. */
		if (pairs[i].more_value == 0 || pairs[i].less_value < pairs[i].more_value)
			continue;
		yaml_fault(l->err, l->doc, limit_node(l, pairs[i].less, pairs[i].more),
			   "limits: %s must be less than %s", pairs[i].less, pairs[i].more);
	}
}

/* ---- The file ---- */

static char *
folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	char whole[PATH_MAX];
	char *folder = arena_strdup(a, slash ? path : ".");

	if (slash != NULL)
		folder[slash == path ? 1 : slash - path] = '\0';
	return realpath(folder, whole) ? arena_strdup(a, whole) : folder;
}

static int
load(struct conf_loader *l, const char *path)
{
	struct conf *c = l->conf;
	struct yaml_doc *doc;
	size_t before = err_errors(l->err);
	int rc = yaml_read_file(path, 0, c->arena, &doc, l->err);

	if (rc == W_ENOENT || doc->root == NULL)
		return rc;
	l->doc = doc;
	l->folder = folder_of(c->arena, path);
	if (doc->root->kind != YAML_MAP) {
		yaml_fault(l->err, doc, doc->root, "keys and values are needed here");
		return W_EINVAL;
	}
	conf_load_section(l, doc->root, "", "", c);
	check_together(l);
	return err_errors(l->err) == before ? 0 : W_EINVAL;
}

int
conf_load(const char *path, struct conf **out, struct err *err)
{
	struct arena *a = arena_new(16384);
	struct conf *c = ARENA_NEW(a, struct conf);
	struct conf_loader l = {.conf = c, .err = err};

	*out = NULL;
	c->arena = a;
	c->file = arena_strdup(a, path);
	int rc = load(&l, path);
	c->n_values = l.n_values;
	c->values = arena_memdup(a, l.values, l.n_values * sizeof(*l.values));
	free(l.values);
	if (rc == 0) {
		*out = c;
		return 0;
	}
	err_sort(err);
	conf_free(c);
	return rc;
}

void
conf_free(struct conf *c)
{
	if (c != NULL)
		arena_free(c->arena);
}
