#include "menu/menu_int.h"

/*
 * The menu as a graph: nodes, and after them one place for each run. Three
 * proofs: every node is reached from the start, a direct path or a special
 * node; every node leads to an end; no branch or record leads round to itself
 * without a page between. And what an open page leads to is open.
 */

enum edge_kind {
	EDGE_ON,    /* leads on */
	EDGE_RETRY, /* only after wrong answers: reaches, but is no way to end */
	EDGE_START, /* $back, $resume, $direct: at worst back to the start */
};

struct edge {
	uint32_t from, to;
	enum edge_kind kind;
};

struct graph {
	struct menu_loader *ld;
	struct edge *edges;
	size_t n, cap;
	size_t n_places; /* nodes and runs */
};

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

static uint32_t
run_place(const struct graph *g, uint16_t run)
{
	return (uint32_t)(g->ld->set->n_nodes + run);
}

static void
target_add(struct graph *g, uint32_t from, const struct menu_target *to, enum edge_kind kind)
{
	const struct menu_set *set = g->ld->set;
	uint16_t run = from < set->n_nodes ? g->ld->run_of[from] : MENU_NO_NODE;

	switch (to->kind) {
	case GO_NODE:
		edge_add(g, from, to->id, kind);
		break;
	case GO_RUN:
		edge_add(g, from, run_place(g, to->id), kind);
		break;
	case GO_QUESTION:
		if (run != MENU_NO_NODE)
			edge_add(g, from, run_place(g, run), kind);
		break;
	case GO_BACK:
	case GO_RESUME:
	case GO_DIRECT:
		if (set->start != MENU_NO_NODE)
			edge_add(g, from, set->start, EDGE_START);
		break;
	case GO_ITEM:
	case GO_NONE:
		break;
	}
}

static void
node_edges(struct graph *g, uint32_t id)
{
	const struct menu_node *node = &g->ld->set->nodes[id];

	/* The go of a menu only stands in for options without their own. */
	if (node->kind != MENU_MENU && node->kind != MENU_LIST)
		target_add(g, id, &node->go, EDGE_ON);
	for (size_t i = 0; i < node->n_options; i++)
		target_add(g, id, &node->options[i].go, EDGE_ON);
	for (size_t i = 0; i < node->n_branches; i++)
		target_add(g, id, &node->branches[i], EDGE_ON);
	for (size_t i = 0; i < node->n_watches; i++)
		target_add(g, id, &node->watches[i].go, EDGE_ON);
	target_add(g, id, &node->none_go, EDGE_ON);
	target_add(g, id, &node->empty, EDGE_ON);
	target_add(g, id, &node->locked, EDGE_RETRY);
	target_add(g, id, &node->retry_else, EDGE_RETRY);
}

static void
graph_make(struct graph *g)
{
	const struct menu_set *set = g->ld->set;

	g->n_places = set->n_nodes + set->n_runs;
	for (uint32_t i = 0; i < set->n_nodes; i++)
		node_edges(g, i);
	for (uint16_t i = 0; i < set->n_runs; i++) {
		const struct menu_run *run = &set->runs[i];

		for (size_t q = 0; q < run->n_questions; q++)
			edge_add(g, run_place(g, i), run->questions[q], EDGE_ON);
		target_add(g, run_place(g, i), &run->then, EDGE_ON);
	}
}

/* ---- Walking: edges by one end, found by counting ---- */

struct index {
	size_t *first; /* of each place, into order; one more at the end */
	uint32_t *order;
};

static uint32_t
end_of(const struct edge *e, bool backwards)
{
	return backwards ? e->to : e->from;
}

static struct index
index_make(const struct graph *g, bool backwards)
{
	struct arena *a = g->ld->scratch;
	struct index x = {ARENA_ARRAY(a, size_t, g->n_places + 2),
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

struct walk {
	bool *seen;
	uint32_t *queue;
	size_t n;
};

static struct walk
walk_new(const struct graph *g)
{
	return (struct walk){ARENA_ARRAY(g->ld->scratch, bool, g->n_places + 1),
			     ARENA_ARRAY(g->ld->scratch, uint32_t, g->n_places + 1), 0};
}

static void
walk_to(struct walk *w, uint32_t place)
{
	if (w->seen[place])
		return;
	w->seen[place] = true;
	w->queue[w->n++] = place;
}

static void
walk_on(const struct graph *g, struct walk *w, bool backwards, bool (*takes)(enum edge_kind))
{
	struct index x = index_make(g, backwards);

	for (size_t i = 0; i < w->n; i++) {
		uint32_t at = w->queue[i];

		for (size_t e = x.first[at]; e < x.first[at + 1]; e++) {
			const struct edge *edge = &g->edges[x.order[e]];

			if (takes(edge->kind))
				walk_to(w, end_of(edge, !backwards));
		}
	}
}

static bool
reaches(enum edge_kind kind)
{
	return kind != EDGE_START;
}

static bool
ends(enum edge_kind kind)
{
	return kind != EDGE_RETRY;
}

static void
tell(const struct graph *g, uint32_t place, const char *what)
{
	struct menu_loader *ld = g->ld;

	if (place >= ld->set->n_nodes)
		return;
	ld->doc = ld->places[place].doc;
	menu_fault(ld, ld->places[place].key, "%s %s", ld->set->nodes[place].name.p, what);
}

static void
walk_to_target(const struct graph *g, struct walk *w, const struct menu_target *target)
{
	if (target->kind == GO_NODE)
		walk_to(w, target->id);
	else if (target->kind == GO_RUN)
		walk_to(w, run_place(g, target->id));
}

static void
reach_check(const struct graph *g)
{
	const struct menu_set *set = g->ld->set;
	const uint16_t roots[] = {set->start, set->special.busy, set->special.leave,
				  set->special.enrolled};
	struct walk w = walk_new(g);

	for (size_t i = 0; i < ARRAY_LEN(roots); i++)
		if (roots[i] != MENU_NO_NODE)
			walk_to(&w, roots[i]);
	for (size_t i = 0; i < set->n_directs; i++)
		walk_to_target(g, &w, &set->directs[i].go);
	walk_on(g, &w, false, reaches);
	for (uint32_t i = 0; i < set->n_nodes; i++)
		if (!w.seen[i])
			tell(g, i, "is never reached: nothing leads to it");
}

static void
end_check(const struct graph *g)
{
	const struct menu_set *set = g->ld->set;
	struct walk w = walk_new(g);

	for (uint32_t i = 0; i < set->n_nodes; i++)
		if (set->nodes[i].kind == MENU_END)
			walk_to(&w, i);
	walk_on(g, &w, true, ends);
	for (uint32_t i = 0; i < set->n_nodes; i++)
		if (!w.seen[i])
			tell(g, i, "never ends: no way from it leads to an end");
}

/* ---- Circles without a page ---- */

static bool
pageless(const struct graph *g, uint32_t place)
{
	const struct menu_set *set = g->ld->set;

	if (place >= set->n_nodes)
		return true;
	enum menu_kind kind = set->nodes[place].kind;
	return kind == MENU_RECORD || kind == MENU_BRANCH || kind == MENU_CALLBACK;
}

/* Takes off, again and again, what leads to no other pageless place; what is left goes round. */
static void
circle_check(const struct graph *g)
{
	struct index x = index_make(g, true);
	size_t *left = ARENA_ARRAY(g->ld->scratch, size_t, g->n_places + 1);
	struct walk w = walk_new(g);

	for (size_t i = 0; i < g->n; i++)
		if (g->edges[i].kind == EDGE_ON && pageless(g, g->edges[i].from) &&
		    pageless(g, g->edges[i].to))
			left[g->edges[i].from]++;
	for (uint32_t i = 0; i < g->n_places; i++)
		if (pageless(g, i) && left[i] == 0)
			walk_to(&w, i);
	for (size_t i = 0; i < w.n; i++) {
		for (size_t e = x.first[w.queue[i]]; e < x.first[w.queue[i] + 1]; e++) {
			const struct edge *edge = &g->edges[x.order[e]];

			if (edge->kind == EDGE_ON && pageless(g, edge->from) &&
			    --left[edge->from] == 0)
				walk_to(&w, edge->from);
		}
	}
	for (uint32_t i = 0; i < g->n_places; i++)
		if (pageless(g, i) && !w.seen[i])
			tell(g, i, "leads round to itself without a page between");
}

/* ---- Open pages ---- */

static void
open_check(const struct graph *g)
{
	const struct menu_set *set = g->ld->set;
	bool *told = ARENA_ARRAY(g->ld->scratch, bool, set->n_nodes + 1);

	for (size_t i = 0; i < set->n_directs; i++) {
		const struct menu_direct *direct = &set->directs[i];

		if (direct->open && direct->go.kind == GO_NODE && !set->nodes[direct->go.id].open)
			told[direct->go.id] = true;
	}
	for (size_t i = 0; i < g->n; i++) {
		const struct edge *e = &g->edges[i];

		if (e->kind == EDGE_ON && e->from < set->n_nodes && e->to < set->n_nodes &&
		    set->nodes[e->from].open && !set->nodes[e->to].open)
			told[e->to] = true;
	}
	for (uint32_t i = 0; i < set->n_nodes; i++)
		if (told[i])
			tell(g, i, "is led to by an open page or path, so it must say open: yes");
}

void
menu_graph_check(struct menu_loader *ld)
{
	struct graph g = {.ld = ld};

	if (ld->edges_unsure || ld->set->n_nodes == 0)
		return;
	graph_make(&g);
	reach_check(&g);
	end_check(&g);
	circle_check(&g);
	open_check(&g);
}
