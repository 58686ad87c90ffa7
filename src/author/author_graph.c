#include "author/author_menu_int.h"

/*
 * wasl menu graph: what leads where, as text, for Graphviz or for Mermaid. A
 * place is a node or a run; runs are numbered after the nodes. What leads back,
 * to the next question or to where a dropped call stood is no place: the text
 * names it, the drawings leave it out.
 */

struct graph {
	const struct author_menu_options *o;
	const struct menu_set *set;
	struct arena *arena;
	size_t n_nodes, n;
	bool *seen;
	size_t *queue, n_queue;
	size_t from; /* the place whose ways are being told */
};

static struct str
place_name(const struct graph *g, size_t place)
{
	return place < g->n_nodes ? menu_node(g->set, (uint16_t)place)->name
				  : menu_run(g->set, (uint16_t)(place - g->n_nodes))->name;
}

/* False for what is no place. */
static bool
place_of(const struct graph *g, const struct menu_target *to, size_t *place)
{
	*place = to->kind == GO_RUN ? g->n_nodes + to->id : to->id;
	return to->kind == GO_NODE || to->kind == GO_RUN;
}

static void
ways_of(struct graph *g, size_t place, void (*see)(void *ctx, const struct author_way *way))
{
	const struct author_ways w = {g->set, g->arena, see, g};

	g->from = place;
	if (place < g->n_nodes)
		author_node_ways(&w, (uint16_t)place);
	else
		author_run_ways(&w, (uint16_t)(place - g->n_nodes));
}

/* ---- Which places ---- */

static void
take(struct graph *g, size_t place)
{
	if (g->seen[place])
		return;
	g->seen[place] = true;
	g->queue[g->n_queue++] = place;
}

static void
on_reach(void *ctx, const struct author_way *way)
{
	struct graph *g = ctx;
	size_t place;

	if (place_of(g, way->to, &place))
		take(g, place);
}

/* All of them, or those the named one leads to. False: there is none of that name. */
static bool
choose(struct graph *g)
{
	bool found = g->o->node == NULL;

	for (size_t i = 0; i < g->n; i++)
		if (g->o->node == NULL || str_is(place_name(g, i), g->o->node)) {
			take(g, i);
			found = true;
		}
	for (size_t i = 0; i < g->n_queue; i++)
		ways_of(g, g->queue[i], on_reach);
	return found;
}

/* ---- Text ---- */

static const char *
kind_of(const struct graph *g, size_t place)
{
	return place < g->n_nodes ? author_kind_word(menu_node(g->set, (uint16_t)place)->kind)
				  : "run";
}

static void
tell_way(void *ctx, const struct author_way *way)
{
	struct graph *g = ctx;
	struct str to = author_target_word(g->set, way->to);
	bool bare = way->label[0] == '\0';

	fprintf(g->o->out, "  %s%s%s %.*s%s\n", way->label, bare ? "" : " ",
		g->o->ascii ? "->" : "\xe2\x86\x92", STR_ARG(to),
		way->to->kind == GO_RUN ? " (run)" : "");
}

static void
tell(struct graph *g)
{
	for (size_t i = 0; i < g->n; i++) {
		if (!g->seen[i])
			continue;
		struct str name = place_name(g, i);

		fprintf(g->o->out, "%.*s (%s)\n", STR_ARG(name), kind_of(g, i));
		ways_of(g, i, tell_way);
	}
}

/* ---- Drawings ---- */

/* Edges of a drawing. A label is a key, or words of a condition: never a quote in it. */
static void
draw_dot_way(void *ctx, const struct author_way *way)
{
	struct graph *g = ctx;
	size_t to;

	if (place_of(g, way->to, &to))
		fprintf(g->o->out, "\tp%zu -> p%zu [label=\"%s\"];\n", g->from, to, way->label);
}

static void
draw_mermaid_way(void *ctx, const struct author_way *way)
{
	struct graph *g = ctx;
	size_t to;

	if (!place_of(g, way->to, &to))
		return;
	if (way->label[0] == '\0')
		fprintf(g->o->out, "\tp%zu --> p%zu\n", g->from, to);
	else
		fprintf(g->o->out, "\tp%zu -->|\"%s\"| p%zu\n", g->from, way->label, to);
}

enum { SHAPE_RUN = MENU_LIST + 1 };
static const struct {
	const char *dot, *open, *close; /* Mermaid's brackets */
} shapes[] = {
	[MENU_MENU] = {"box", "[", "]"},
	[MENU_ASK] = {"parallelogram", "[/", "/]"},
	[MENU_RECORD] = {"cylinder", "[(", ")]"},
	[MENU_MESSAGE] = {"note", "[", "]"},
	[MENU_END] = {"oval", "([", "])"},
	[MENU_BRANCH] = {"diamond", "{", "}"},
	[MENU_LANGUAGE] = {"box", "[", "]"},
	[MENU_PIN] = {"house", "[/", "/]"},
	[MENU_CALLBACK] = {"cylinder", "[(", ")]"},
	[MENU_LIST] = {"folder", "[[", "]]"},
	[SHAPE_RUN] = {"hexagon", "{{", "}}"},
};

static size_t
shape_of(const struct graph *g, size_t place)
{
	return place < g->n_nodes ? (size_t)menu_node(g->set, (uint16_t)place)->kind : SHAPE_RUN;
}

static void
draw_dot(struct graph *g)
{
	FILE *out = g->o->out;

	fprintf(out, "digraph menus {\n\trankdir=LR;\n\tnode [fontname=\"sans-serif\"];\n");
	for (size_t i = 0; i < g->n; i++) {
		struct str name = place_name(g, i);

		if (g->seen[i])
			fprintf(out, "\tp%zu [label=\"%.*s\", shape=%s];\n", i, STR_ARG(name),
				shapes[shape_of(g, i)].dot);
	}
	for (size_t i = 0; i < g->n; i++)
		if (g->seen[i])
			ways_of(g, i, draw_dot_way);
	fprintf(out, "}\n");
}

static void
draw_mermaid(struct graph *g)
{
	FILE *out = g->o->out;

	fprintf(out, "flowchart LR\n");
	for (size_t i = 0; i < g->n; i++) {
		struct str name = place_name(g, i);
		size_t shape = shape_of(g, i);

		if (g->seen[i])
			fprintf(out, "\tp%zu%s\"%.*s\"%s\n", i, shapes[shape].open, STR_ARG(name),
				shapes[shape].close);
	}
	for (size_t i = 0; i < g->n; i++)
		if (g->seen[i])
			ways_of(g, i, draw_mermaid_way);
}

/* ---- The command ---- */

static int
draw(const struct author_menu_options *o, const struct menu_set *set)
{
	static void (*const forms[])(struct graph * g) = {
		[AUTHOR_GRAPH_TEXT] = tell,
		[AUTHOR_GRAPH_DOT] = draw_dot,
		[AUTHOR_GRAPH_MERMAID] = draw_mermaid,
	};
	struct arena *a = arena_new(0);
	struct graph g = {.o = o, .set = set, .arena = a, .n_nodes = menu_node_count(set)};

	g.n = g.n_nodes + menu_run_count(set);
	g.seen = ARENA_ARRAY(a, bool, g.n + 1);
	g.queue = ARENA_ARRAY(a, size_t, g.n + 1);
	bool found = choose(&g);
	if (found)
		forms[o->graph](&g);
	else
		fprintf(o->out, "wasl: no page or run is called %s\n", o->node);
	arena_free(a);
	return found ? AUTHOR_DONE : AUTHOR_NONE;
}

int
author_menu_graph(const struct author_menu_options *o)
{
	struct err *err = err_new();
	struct menu_set *set = NULL;
	int rc = author_menu_load(o, err, &set);

	if (rc == 0)
		rc = draw(o, set);
	menu_drop(set);
	err_free(err);
	fflush(o->out);
	return rc;
}
