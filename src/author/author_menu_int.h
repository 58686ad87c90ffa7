/*
 * A loaded set of menus as the tools look at it: the ways out of a node or a
 * run with their labels, conditions and targets in the words of the files.
 */
#ifndef WASL_AUTHOR_AUTHOR_MENU_INT_H
#define WASL_AUTHOR_AUTHOR_MENU_INT_H

#include "author/author_int.h"
#include "menu/menu.h"

/* Every fault is printed, also the warnings of a set that loads. 0, NONE or LINT. */
MUSTUSE int author_menu_load(const struct author_menu_options *o, struct err *err,
			     struct menu_set **set);
/* The page the options speak of. */
struct page_limit author_menu_page(const struct author_menu_options *o);

/* "b1", "m3", "$back"; empty for GO_NONE. */
struct str author_target_word(const struct menu_set *set, const struct menu_target *to);
/* "survey.first and survey.due == m1" */
struct str author_when_words(const struct menu_set *set, const struct menu_when *when,
			     struct arena *a);
struct str author_piece_name(const struct menu_set *set, bool of_fact, uint16_t id);
const char *author_kind_word(enum menu_kind kind);

struct author_way {
	const struct menu_target *to; /* never GO_NONE */
	const char *label;            /* the key, the condition, or why */
};
struct author_ways {
	const struct menu_set *set;
	struct arena *arena; /* of the labels */
	void (*see)(void *ctx, const struct author_way *way);
	void *ctx;
};
void author_node_ways(const struct author_ways *w, uint16_t node);
/* Its questions in order, then where it ends. */
void author_run_ways(const struct author_ways *w, uint16_t run);

#endif
