#include "menu/menu_graph_int.h"

/*
 * Every node is reached from the start, a direct path or a special node; every
 * node leads to an end; no branch or record leads round to itself without a
 * page between; questions, and pages that lead on with them, are met inside
 * their runs only; what an open page leads to is open.
 */

static void
tell(const struct graph *g, uint32_t place, const char *what)
{
	struct menu_loader *ld = g->ld;

	if (place >= ld->set->n_nodes)
		return;
	ld->doc = ld->places[place].doc;
	menu_fault(ld, ld->places[place].key, "%s %s", ld->places[place].key->text.p, what);
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

/* Where a call begins, or is led by the program itself. */
static void
walk_to_roots(const struct graph *g, struct walk *w)
{
	const struct menu_set *set = g->ld->set;
	const uint16_t roots[] = {set->start, set->special.busy, set->special.leave,
				  set->special.enrolled};

	for (size_t i = 0; i < ARRAY_LEN(roots); i++)
		if (roots[i] != MENU_NO_NODE)
			walk_to(w, roots[i]);
	for (size_t i = 0; i < set->n_directs; i++)
		walk_to_target(g, w, &set->directs[i].go);
}

static void
reach_check(const struct graph *g)
{
	struct walk w = walk_new(g);

	walk_to_roots(g, &w);
	walk_on(g, &w, false, reaches);
	for (uint32_t i = 0; i < g->ld->set->n_nodes; i++)
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
	struct edge_index x = graph_index(g, true);
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

/* ---- Inside a run ---- */

/* What is reached without entering a run, or after one is done. */
static struct walk
walk_outside(const struct graph *g)
{
	const struct menu_set *set = g->ld->set;
	struct walk w = walk_new(g);

	for (uint16_t i = 0; i < set->n_runs; i++)
		w.seen[graph_run_place(g, i)] = true;
	walk_to_roots(g, &w);
	for (size_t i = 0; i < set->n_runs; i++)
		walk_to_target(g, &w, &set->runs[i].then);
	walk_on(g, &w, false, reaches);
	return w;
}

static void
inside_check(const struct graph *g)
{
	const struct menu_loader *ld = g->ld;
	struct walk outside = walk_outside(g);

	for (uint32_t i = 0; i < ld->set->n_nodes; i++) {
		uint16_t question = ld->set->nodes[i].question;

		if (question != MENU_NO_NODE &&
		    (outside.seen[i] || (g->inside[i] & ~ld->asked_in[question]) != 0))
			tell(g, i,
			     "is led to from outside its runs, where no answer is kept: lead to "
			     "the run");
		else if (outside.seen[i] && graph_leads(&ld->set->nodes[i], GO_QUESTION))
			tell(g, i, "is reached outside a run, where $question leads nowhere");
	}
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
	if (!ld->runs_unsure)
		inside_check(&g);
	open_check(&g);
}
