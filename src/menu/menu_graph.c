#include "menu/menu_graph_int.h"

/* Edges from the targets of the nodes, and walks along them. */

static void
edge_add(struct graph *g, uint32_t from, uint32_t to, enum edge_kind kind)
{
	if (g->n == g->cap) {
		struct edge *bigger = ARENA_ARRAY(g->ld->scratch, struct edge, g->cap * 2 + 64);

		if (g->n > 0)
			memcpy(bigger, g->edges, g->n * sizeof(*bigger));
		g->edges = bigger;
		g->cap = g->cap * 2 + 64;
	}
	g->edges[g->n++] = (struct edge){from, to, kind};
}

uint32_t
graph_run_place(const struct graph *g, uint16_t run)
{
	return (uint32_t)(g->ld->set->n_nodes + run);
}

/* ---- What a node leads to ---- */

typedef void visit(struct graph *g, uint32_t from, const struct menu_target *to,
		   enum edge_kind kind);

static void
targets_visit(struct graph *g, uint32_t id, visit *each)
{
	const struct menu_node *node = &g->ld->set->nodes[id];

	/* The go of a menu only stands in for options without their own. */
	if (node->kind != MENU_MENU && node->kind != MENU_LIST)
		each(g, id, &node->go, EDGE_ON);
	for (size_t i = 0; i < node->n_options; i++)
		each(g, id, &node->options[i].go, EDGE_ON);
	for (size_t i = 0; i < node->n_branches; i++)
		each(g, id, &node->branches[i], EDGE_ON);
	for (size_t i = 0; i < node->n_watches; i++)
		each(g, id, &node->watches[i].go, EDGE_ON);
	each(g, id, &node->none_go, EDGE_ON);
	each(g, id, &node->empty, EDGE_ON);
	each(g, id, &node->locked, EDGE_RETRY);
	each(g, id, &node->retry_else, EDGE_RETRY);
}

bool
graph_leads(const struct menu_node *node, int go_kind)
{
	for (size_t i = 0; i < node->n_options; i++)
		if ((int)node->options[i].go.kind == go_kind)
			return true;
	for (size_t i = 0; i < node->n_branches; i++)
		if ((int)node->branches[i].kind == go_kind)
			return true;
	for (size_t i = 0; i < node->n_watches; i++)
		if ((int)node->watches[i].go.kind == go_kind)
			return true;
	return (int)node->go.kind == go_kind || (int)node->none_go.kind == go_kind ||
	       (int)node->empty.kind == go_kind || (int)node->locked.kind == go_kind ||
	       (int)node->retry_else.kind == go_kind;
}

/* $question is left for later, when it is known which runs may be open. */
static void
edge_to(struct graph *g, uint32_t from, const struct menu_target *to, enum edge_kind kind)
{
	uint16_t start = g->ld->set->start;

	switch (to->kind) {
	case GO_NODE:
		edge_add(g, from, to->id, kind);
		break;
	case GO_RUN:
		edge_add(g, from, graph_run_place(g, to->id), kind);
		break;
	case GO_BACK:
	case GO_RESUME:
	case GO_DIRECT:
		if (start != MENU_NO_NODE)
			edge_add(g, from, start, EDGE_START);
		break;
	case GO_QUESTION:
	case GO_ITEM:
	case GO_NONE:
		break;
	}
}

static void
edge_to_runs(struct graph *g, uint32_t from, const struct menu_target *to, enum edge_kind kind)
{
	for (uint16_t run = 0; to->kind == GO_QUESTION && run < g->ld->set->n_runs; run++)
		if (g->inside[from] & UINT64_C(1) << run)
			edge_add(g, from, graph_run_place(g, run), kind);
}

static void
run_edges(struct graph *g, uint16_t id)
{
	const struct menu_run *run = &g->ld->set->runs[id];

	for (size_t i = 0; i < run->n_questions; i++)
		edge_add(g, graph_run_place(g, id), run->questions[i].node, EDGE_ON);
	edge_to(g, graph_run_place(g, id), &run->then, EDGE_ON);
}

/*
 * A run is open on its questions and on every page they lead to. A node is
 * taken up again when it joins a further run, so at most MENU_RUNS times.
 */
static void
inside_find(struct graph *g)
{
	const struct menu_loader *ld = g->ld;
	struct edge_index x = graph_index(g, false);
	struct walk w = walk_new(g);

	g->inside = ARENA_ARRAY(ld->scratch, uint64_t, g->n_places + 1);
	for (uint32_t i = 0; i < ld->set->n_nodes; i++)
		if ((g->inside[i] = ld->asked_in[i]) != 0)
			walk_to(&w, i);
	while (w.n > 0) {
		uint32_t at = w.queue[--w.n];

		w.seen[at] = false;
		for (size_t e = x.first[at]; e < x.first[at + 1]; e++) {
			const struct edge *edge = &g->edges[x.order[e]];
			uint64_t more = g->inside[at] & ~g->inside[edge->to];

			if (edge->to >= ld->set->n_nodes || edge->kind == EDGE_START || more == 0)
				continue;
			g->inside[edge->to] |= more;
			walk_to(&w, edge->to);
		}
	}
}

void
graph_make(struct graph *g)
{
	const struct menu_set *set = g->ld->set;

	g->n_places = set->n_nodes + set->n_runs;
	for (uint32_t i = 0; i < set->n_nodes; i++)
		targets_visit(g, i, edge_to);
	for (uint16_t i = 0; i < set->n_runs; i++)
		run_edges(g, i);
	inside_find(g);
	for (uint32_t i = 0; i < set->n_nodes; i++)
		targets_visit(g, i, edge_to_runs);
}

/* ---- Walking: edges by one end, found by counting ---- */

static uint32_t
end_of(const struct edge *e, bool backwards)
{
	return backwards ? e->to : e->from;
}

struct edge_index
graph_index(const struct graph *g, bool backwards)
{
	struct arena *a = g->ld->scratch;
	struct edge_index x = {ARENA_ARRAY(a, size_t, g->n_places + 2),
			       ARENA_ARRAY(a, uint32_t, g->n + 1)};
	size_t *next = ARENA_ARRAY(a, size_t, g->n_places + 1);

	for (size_t i = 0; i < g->n; i++)
		x.first[end_of(&g->edges[i], backwards) + 1]++;
	for (size_t i = 0; i < g->n_places; i++)
		x.first[i + 1] += x.first[i];
	memcpy(next, x.first, g->n_places * sizeof(*next));
	for (size_t i = 0; i < g->n; i++)
		x.order[next[end_of(&g->edges[i], backwards)]++] = (uint32_t)i;
	return x;
}

struct walk
walk_new(const struct graph *g)
{
	return (struct walk){ARENA_ARRAY(g->ld->scratch, bool, g->n_places + 1),
			     ARENA_ARRAY(g->ld->scratch, uint32_t, g->n_places + 1), 0};
}

void
walk_to(struct walk *w, uint32_t place)
{
	if (w->seen[place])
		return;
	w->seen[place] = true;
	w->queue[w->n++] = place;
}

void
walk_to_target(const struct graph *g, struct walk *w, const struct menu_target *target)
{
	if (target->kind == GO_NODE)
		walk_to(w, target->id);
	else if (target->kind == GO_RUN)
		walk_to(w, graph_run_place(g, target->id));
}

void
walk_on(const struct graph *g, struct walk *w, bool backwards, bool (*takes)(enum edge_kind))
{
	struct edge_index x = graph_index(g, backwards);

	for (size_t i = 0; i < w->n; i++) {
		uint32_t at = w->queue[i];

		for (size_t e = x.first[at]; e < x.first[at + 1]; e++) {
			const struct edge *edge = &g->edges[x.order[e]];

			if (takes(edge->kind))
				walk_to(w, end_of(edge, !backwards));
		}
	}
}
