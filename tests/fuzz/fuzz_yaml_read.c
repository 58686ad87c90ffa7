/* Any bytes as a YAML file: a tree that holds what the header promises, or faults with places. */
#include "yaml/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct walk {
	const struct yaml_node *nodes[YAML_MAX_DEPTH];
	size_t next[YAML_MAX_DEPTH]; /* children seen of each */
	size_t depth;
	size_t seen;
};

static void
check_node(const struct yaml_node *node)
{
	CHECK(node != NULL && node->line > 0 && node->col > 0);
	if (node->kind == YAML_SCALAR)
		CHECK(node->text.p != NULL && node->text.p[node->text.n] == '\0');
	for (size_t i = 0; node->kind == YAML_MAP && i < node->n; i++) {
		CHECK(node->pairs[i].key->kind == YAML_SCALAR && node->pairs[i].key->text.n > 0);
		check_node(node->pairs[i].key);
	}
}

static void
enter(struct walk *w, const struct yaml_node *node)
{
	check_node(node);
	w->seen++;
	if (node->kind == YAML_SCALAR)
		return;
	CHECK(w->depth < YAML_MAX_DEPTH);
	w->nodes[w->depth] = node;
	w->next[w->depth++] = 0;
}

static size_t
walk(const struct yaml_node *root)
{
	struct walk w = {.depth = 0};

	enter(&w, root);
	while (w.depth > 0) {
		const struct yaml_node *node = w.nodes[w.depth - 1];
		size_t i = w.next[w.depth - 1]++;

		if (i == node->n)
			w.depth--;
		else if (node->kind == YAML_LIST)
			enter(&w, node->items[i]);
		else
			enter(&w, node->pairs[i].value);
	}
	return w.seen;
}

static void
check_faults(const struct err *err)
{
	CHECK(err_count(err) <= YAML_MAX_FAULTS);
	for (size_t i = 0; i < err_count(err); i++) {
		const struct err_fault *f = err_at(err, i);

		CHECK((f->line > 0) == (f->col > 0) && f->text[0] != '\0');
		CHECK(strchr(f->text, '\n') == NULL);
	}
}

/* Every key of the table is wrong somewhere: yaml_check must cope with any tree. */
static void
check_shape(const struct yaml_doc *doc, struct err *err)
{
	static const struct yaml_key keys[] = {
		{"id", YAML_T_WORD, true, 0, 0},    {"n", YAML_T_INT, false, 1, 5},
		{"wait", YAML_T_SPAN, false, 1, 9}, {"room", YAML_T_SIZE, false, 1, 9},
		{"on", YAML_T_YESNO, false, 0, 0},  {"l", YAML_T_LIST, false, 0, 0},
		{"m", YAML_T_MAP, false, 0, 0},
	};
	size_t before = err_errors(err);
	int rc = yaml_check(doc, doc->root, keys, ARRAY_LEN(keys), err);

	CHECK((rc == 0) == (err_errors(err) == before));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(0);
	struct err *err = err_new();
	struct yaml_doc *doc;
	int rc = yaml_read_text("f", (struct str){(const char *)data, n}, 0, a, &doc, err);

	CHECK(rc == 0 || rc == W_EINVAL);
	CHECK((rc == 0) == (err_count(err) == 0));
	CHECK(rc != 0 || doc->root != NULL);
	check_faults(err);
	if (doc->root != NULL) {
		CHECK(walk(doc->root) > 0);
		check_shape(doc, err);
	}
	err_free(err);
	arena_free(a);
	return 0;
}
