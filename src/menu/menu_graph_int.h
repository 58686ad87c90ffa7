/*
 * The menu as a graph: nodes, and after them one place for each run.
 * menu_graph.c makes it and walks it; menu_proof.c proves by it that a menu
 * can be used. All of it lives in the loader's scratch memory.
 */
#ifndef WASL_MENU_MENU_GRAPH_INT_H
#define WASL_MENU_MENU_GRAPH_INT_H

#include "menu/menu_int.h"

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
	size_t n_places;  /* nodes and runs */
	uint64_t *inside; /* by node: the runs that may be open there, a bit each */
};

/* Every edge, also those of $question to the runs that may be open. */
void graph_make(struct graph *g);
uint32_t graph_run_place(const struct graph *g, uint16_t run);
/* The node has the target somewhere. */
bool graph_leads(const struct menu_node *node, int go_kind);

/* Edges by one end: those of place p are order[first[p]] up to order[first[p + 1]]. */
struct edge_index {
	size_t *first;
	uint32_t *order;
};
struct edge_index graph_index(const struct graph *g, bool backwards);

/* Places seen, in the order in which they were. */
struct walk {
	bool *seen;
	uint32_t *queue;
	size_t n;
};
struct walk walk_new(const struct graph *g);
void walk_to(struct walk *w, uint32_t place);
void walk_to_target(const struct graph *g, struct walk *w, const struct menu_target *target);
/* Along all edges whose kind is taken. */
void walk_on(const struct graph *g, struct walk *w, bool backwards, bool (*takes)(enum edge_kind));

#endif
