#include "author/author_menu_int.h"

/* What leads where, in words: the ways out of a node and of a run, and conditions. */

struct str
author_target_word(const struct menu_set *set, const struct menu_target *to)
{
	static const char *const words[] = {
		[GO_NONE] = "",      [GO_BACK] = "$back",     [GO_QUESTION] = "$question",
		[GO_ITEM] = "$item", [GO_RESUME] = "$resume", [GO_DIRECT] = "$direct",
	};

	if (to->kind == GO_NODE)
		return menu_node(set, to->id)->name;
	if (to->kind == GO_RUN)
		return menu_run(set, to->id)->name;
	return str_of(words[to->kind]);
}

/* ---- Conditions ---- */

static const char *
fact_name(uint16_t id)
{
	static const char *const names[] = {
#define FACT(ID, name, type, longest, longest_rtl, what) name,
#include "menu/menu_facts.def"
#undef FACT
	};

	return names[id];
}

struct str
author_piece_name(const struct menu_set *set, bool of_fact, uint16_t id)
{
	return of_fact ? str_of(fact_name(id)) : menu_var_name(set, id);
}

static void
put_words(struct buf *to, const struct menu_term *t)
{
	if (t->op == TERM_IN)
		buf_addc(to, '(');
	for (size_t i = 0; i < t->n_words; i++)
		buf_printf(to, "%s%.*s", i > 0 ? ", " : "", STR_ARG(t->words[i]));
	if (t->op == TERM_IN)
		buf_addc(to, ')');
	if (t->n_words == 0)
		buf_printf(to, "%lld", (long long)t->number);
}

struct str
author_when_words(const struct menu_set *set, const struct menu_when *when, struct arena *a)
{
	static const char *const ops[] = {
		[TERM_EQ] = "==", [TERM_NE] = "!=", [TERM_IN] = "in", [TERM_LT] = "<",
		[TERM_LE] = "<=", [TERM_GT] = ">",  [TERM_GE] = ">=",
	};
	struct buf b;

	buf_init_arena(&b, a);
	for (size_t i = 0; i < when->n; i++) {
		const struct menu_term *t = &when->terms[i];
		struct str name = author_piece_name(set, t->source == TERM_FACT, t->id);

		buf_printf(&b, "%s%s%.*s", i > 0 ? " and " : "", t->negated ? "not " : "",
			   STR_ARG(name));
		if (t->op == TERM_SET)
			continue;
		buf_printf(&b, " %s ", ops[t->op]);
		put_words(&b, t);
	}
	return buf_str(&b);
}

/* ---- Ways out ---- */

static void
way(const struct author_ways *w, const struct menu_target *to, const char *label)
{
	struct author_way one = {.to = to, .label = label};

	if (to->kind != GO_NONE)
		w->see(w->ctx, &one);
}

static const char *
when_label(const struct author_ways *w, const struct menu_when *when)
{
	return author_when_words(w->set, when, w->arena).p;
}

void
author_node_ways(const struct author_ways *w, uint16_t id)
{
	const struct menu_node *node = menu_node(w->set, id);

	for (size_t i = 0; i < node->n_options; i++)
		way(w, &node->options[i].go, node->options[i].key);
	for (size_t i = 0; i < node->n_branches; i++)
		way(w, &node->branches[i], when_label(w, &node->conditions[i]));
	for (size_t i = 0; i < node->n_watches; i++)
		way(w, &node->watches[i].go, "watched words");
	way(w, &node->none_go, node->none_key);
	way(w, &node->empty, "empty");
	way(w, &node->locked, "locked");
	way(w, &node->retry_else, "too often wrong");
	if (node->kind != MENU_MENU && node->kind != MENU_LIST)
		way(w, &node->go, node->kind == MENU_BRANCH ? "else" : "");
}

void
author_run_ways(const struct author_ways *w, uint16_t id)
{
	const struct menu_run *run = menu_run(w->set, id);

	for (size_t i = 0; i < run->n_questions; i++) {
		const struct menu_question *q = &run->questions[i];
		const struct menu_target to = {GO_NODE, q->node};

		way(w, &to,
		    q->when.n > 0 ? arena_printf(w->arena, "question %zu when %s", i + 1,
						 when_label(w, &q->when))
				  : arena_printf(w->arena, "question %zu", i + 1));
	}
	way(w, &run->then, "then");
}

const char *
author_kind_word(enum menu_kind kind)
{
	static const char *const words[] = {
		[MENU_MENU] = "menu",         [MENU_ASK] = "ask", [MENU_RECORD] = "record",
		[MENU_MESSAGE] = "message",   [MENU_END] = "end", [MENU_BRANCH] = "branch",
		[MENU_LANGUAGE] = "language", [MENU_PIN] = "pin", [MENU_CALLBACK] = "callback",
		[MENU_LIST] = "list",
	};

	return words[kind];
}
