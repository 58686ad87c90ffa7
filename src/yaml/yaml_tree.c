#include "yaml/yaml_int.h"

#include <stdlib.h>
#include <yaml.h>

/* Past this depth reading stops: libyaml's work for one token grows with the depth. */
enum { GIVE_UP_DEPTH = 64 };

/* A list or map that is still open. Its children lie in build.children from base on. */
struct frame {
	struct yaml_node *node;
	size_t base;
	bool have_key; /* MAP: the last child is a key without a value yet */
	bool bad_key;  /* ... that is no text: the pair is left out */
};

struct build {
	struct yaml_faults *faults;
	struct arena *arena;
	struct frame stack[YAML_MAX_DEPTH];
	size_t depth;
	size_t skipped; /* lists and maps open below the depth allowed */
	struct yaml_node **children;
	size_t n, cap;
	struct yaml_node *root;
	size_t documents;
};

static struct yaml_node *
node_new(struct build *b, enum yaml_kind kind, yaml_mark_t at)
{
	struct yaml_node *node = ARENA_NEW(b->arena, struct yaml_node);

	node->kind = kind;
	node->line = (uint32_t)at.line + 1;
	node->col = (uint32_t)at.column + 1;
	node->text = STR_LIT("");
	return node;
}

static void
fault_mark(struct build *b, yaml_mark_t at, const char *what)
{
	yaml_fault_at(b->faults, (uint32_t)at.line + 1, (uint32_t)at.column + 1, "%s", what);
}

static void
push(struct build *b, struct yaml_node *child)
{
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 64;
		b->children = xrealloc(b->children, b->cap * sizeof(*b->children));
	}
	b->children[b->n++] = child;
}

static const char *
key_trouble(const struct yaml_node *key)
{
	if (key->kind != YAML_SCALAR)
		return "a key is one word or text, not a list or map";
	if (key->text.n == 0)
		return "a key is missing here";
	if (!key->quoted && str_is(key->text, "<<"))
		return "merge keys (<<) are not taken: write the keys out";
	return NULL;
}

static void
take_key(struct build *b, struct frame *f, struct yaml_node *key)
{
	const char *trouble = key_trouble(key);

	f->have_key = true;
	f->bad_key = trouble != NULL;
	if (trouble != NULL)
		yaml_fault_at(b->faults, key->line, key->col, "%s", trouble);
	else
		push(b, key);
}

/* Puts a finished node where it belongs: root, entry, key or value. */
static void
attach(struct build *b, struct yaml_node *node)
{
	struct frame *f = b->depth > 0 ? &b->stack[b->depth - 1] : NULL;

	if (f == NULL) {
		if (b->documents == 1)
			b->root = node;
	} else if (f->node->kind == YAML_LIST) {
		push(b, node);
	} else if (!f->have_key) {
		take_key(b, f, node);
	} else {
		if (!f->bad_key)
			push(b, node);
		f->have_key = false;
	}
}

/* ---- Double keys ---- */

static int
by_text_then_place(const void *left, const void *right)
{
	const struct yaml_node *a = *(struct yaml_node *const *)left;
	const struct yaml_node *b = *(struct yaml_node *const *)right;
	size_t least = a->text.n < b->text.n ? a->text.n : b->text.n;
	int by_text = memcmp(a->text.p, b->text.p, least);

	if (by_text != 0)
		return by_text;
	if (a->text.n != b->text.n)
		return a->text.n < b->text.n ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->col < b->col ? -1 : a->col > b->col;
}

static void
tell_doubles(struct build *b, struct yaml_node *const *keys, size_t n)
{
	const struct yaml_node *first = keys[0];

	for (size_t i = 1; i < n; i++) {
		if (!str_eq(keys[i]->text, first->text)) {
			first = keys[i];
			continue;
		}
		yaml_fault_at(b->faults, keys[i]->line, keys[i]->col,
			      "the key \"%s\" is there already, at line %u",
			      yaml_shown(keys[i]->text).text, first->line);
	}
}

/* Sorted, so that a map of any size costs n log n. */
static void
find_doubles(struct build *b, const struct frame *f)
{
	size_t n = (b->n - f->base + 1) / 2;

	if (f->node->kind != YAML_MAP || n < 2)
		return;
	struct yaml_node **keys = xmalloc(n * sizeof(struct yaml_node *));
	for (size_t i = 0; i < n; i++)
		keys[i] = b->children[f->base + 2 * i];
	qsort(keys, n, sizeof(struct yaml_node *), by_text_then_place);
	tell_doubles(b, keys, n);
	free(keys);
}

/* ---- Events ---- */

static void
refuse_marks(struct build *b, const yaml_char_t *anchor, const yaml_char_t *tag, yaml_mark_t at)
{
	if (anchor != NULL)
		fault_mark(b, at, "anchors (&...) are not taken: write the value out");
	if (tag != NULL)
		fault_mark(b, at, "tags (!...) are not taken");
}

static void
check_escapes(struct build *b, const struct yaml_node *node)
{
	struct str rest = node->text;

	while (rest.n > 0) {
		uint32_t cp;

		if (yaml_char_next(&rest, &cp) && yaml_char_ok(cp))
			continue;
		yaml_fault_at(b->faults, node->line, node->col,
			      "the escaped character U+%04X is not taken", cp);
		return;
	}
}

static void
take_scalar(struct build *b, const yaml_event_t *e)
{
	bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	refuse_marks(b, e->data.scalar.anchor, e->data.scalar.tag, e->start_mark);
	if (b->skipped > 0)
		return;
	struct yaml_node *node = node_new(b, YAML_SCALAR, e->start_mark);
	node->quoted = !plain;
	node->text = arena_str(
		b->arena, (struct str){(const char *)e->data.scalar.value, e->data.scalar.length});
	if (!plain)
		check_escapes(b, node);
	attach(b, node);
}

static void
take_alias(struct build *b, const yaml_event_t *e)
{
	fault_mark(b, e->start_mark, "aliases (*...) are not taken: write the value out");
	if (b->skipped == 0)
		attach(b, node_new(b, YAML_SCALAR, e->start_mark));
}

static void
open_frame(struct build *b, enum yaml_kind kind, yaml_mark_t at)
{
	if (b->skipped > 0) {
		b->skipped++;
		return;
	}
	if (b->depth == YAML_MAX_DEPTH) {
		yaml_fault_at(b->faults, (uint32_t)at.line + 1, (uint32_t)at.column + 1,
			      "too deep: at most %d lists and maps inside each other",
			      YAML_MAX_DEPTH);
		attach(b, node_new(b, YAML_SCALAR, at));
		b->skipped = 1;
		return;
	}
	b->stack[b->depth++] = (struct frame){.node = node_new(b, kind, at), .base = b->n};
}

static void
take_list(struct build *b, const yaml_event_t *e)
{
	refuse_marks(b, e->data.sequence_start.anchor, e->data.sequence_start.tag, e->start_mark);
	open_frame(b, YAML_LIST, e->start_mark);
}

static void
take_map(struct build *b, const yaml_event_t *e)
{
	refuse_marks(b, e->data.mapping_start.anchor, e->data.mapping_start.tag, e->start_mark);
	open_frame(b, YAML_MAP, e->start_mark);
}

static void
fill(struct build *b, const struct frame *f)
{
	struct yaml_node **children = b->children + f->base;
	size_t n = b->n - f->base;

	if (f->node->kind == YAML_LIST) {
		f->node->n = n;
		f->node->items = arena_memdup(b->arena, children, n * sizeof(*children));
		return;
	}
	f->node->n = n / 2;
	f->node->pairs = ARENA_ARRAY(b->arena, struct yaml_pair, n / 2);
	for (size_t i = 0; i < n / 2; i++)
		f->node->pairs[i] = (struct yaml_pair){children[2 * i], children[2 * i + 1]};
}

static void
take_end(struct build *b, const yaml_event_t *e)
{
	(void)e;
	if (b->skipped > 0) {
		b->skipped--;
		return;
	}
	struct frame *f = &b->stack[b->depth - 1];
	find_doubles(b, f);
	if (b->n > f->base)
		fill(b, f);
	b->n = f->base;
	b->depth--;
	attach(b, f->node);
}

static void
take_document(struct build *b, const yaml_event_t *e)
{
	if (++b->documents == 2)
		fault_mark(b, e->start_mark, "a second document (---): one file, one document");
}

static void (*const take[])(struct build *, const yaml_event_t *) = {
	[YAML_DOCUMENT_START_EVENT] = take_document, [YAML_ALIAS_EVENT] = take_alias,
	[YAML_SCALAR_EVENT] = take_scalar,           [YAML_SEQUENCE_START_EVENT] = take_list,
	[YAML_SEQUENCE_END_EVENT] = take_end,        [YAML_MAPPING_START_EVENT] = take_map,
	[YAML_MAPPING_END_EVENT] = take_end,
};

/* ---- The run ---- */

static void
tell_syntax(struct build *b, const yaml_parser_t *p)
{
	uint32_t line = (uint32_t)p->problem_mark.line + 1;
	uint32_t col = (uint32_t)p->problem_mark.column + 1;
	const char *problem = p->problem ? p->problem : "not YAML";

	/* An allocation that failed ends the process, as everywhere (base/arena.h). */
	if (p->error == YAML_MEMORY_ERROR)
		abort();
	if (p->context == NULL)
		yaml_fault_at(b->faults, line, col, "%s", problem);
	else
		yaml_fault_at(b->faults, line, col, "%s (%s from line %zu on)", problem, p->context,
			      p->context_mark.line + 1);
}

/* What was open when reading broke off may have double keys too. */
static void
abandon(struct build *b)
{
	while (b->depth > 0) {
		struct frame *f = &b->stack[--b->depth];

		find_doubles(b, f);
		b->n = f->base;
	}
}

static bool
run(struct build *b, yaml_parser_t *p)
{
	yaml_event_t e;
	bool more = true;

	while (more) {
		if (!yaml_parser_parse(p, &e)) {
			tell_syntax(b, p);
			return false;
		}
		more = e.type != YAML_STREAM_END_EVENT;
		if ((size_t)e.type < ARRAY_LEN(take) && take[e.type] != NULL)
			take[e.type](b, &e);
		yaml_event_delete(&e);
		if (b->skipped > GIVE_UP_DEPTH - YAML_MAX_DEPTH)
			return false;
	}
	return true;
}

struct yaml_node *
yaml_tree(const char *text, size_t n, struct arena *a, struct yaml_faults *f)
{
	struct build b = {.faults = f, .arena = a};
	yaml_parser_t p;

	if (!yaml_parser_initialize(&p))
		abort();
	yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p, (const unsigned char *)text, n);
	bool whole = run(&b, &p);
	if (!whole)
		abandon(&b);
	yaml_parser_delete(&p);
	free(b.children);
	return whole ? b.root : NULL;
}
