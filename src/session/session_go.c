#include "session/session_step_int.h"

enum { HOPS_MAX = 64 };

static bool
shows_a_page(const struct menu_node *n)
{
	return n->kind != MENU_BRANCH && n->kind != MENU_RECORD && n->kind != MENU_CALLBACK;
}

static void
push(struct session_state *st, uint16_t node)
{
	if (st->depth > 0 && st->stack[st->depth - 1] == node)
		return;
	if (st->depth == MENU_STACK) {
		memmove(st->stack, st->stack + 1, (MENU_STACK - 1) * sizeof(st->stack[0]));
		st->depth--;
	}
	st->stack[st->depth++] = node;
}

/* Where targets lead that have nothing to lead to: back from the first page, out of no run. */
static struct menu_target
start_target(const struct step *s)
{
	return (struct menu_target){GO_NODE, menu_start(s->w->menus)};
}

/* A run goes on at its open question, unless somebody answered it all meanwhile. */
static struct menu_target
resume_target(struct step *s)
{
	const struct session_state *d = s->w->dropped;

	if (!session_may_resume(s->w, s->st))
		return start_target(s);
	if (s->st->flags & SESSION_RESTART)
		return (struct menu_target){.kind = GO_QUESTION};
	memcpy(s->st->vars, d->vars, sizeof(d->vars));
	s->st->need = d->need;
	s->st->appointment = d->appointment;
	s->st->callback_at = d->callback_at;
	if (d->run == NO_RUN)
		return (struct menu_target){GO_NODE, d->node};
	return step_rejoin_run(s, d);
}

static struct menu_target
back_target(struct step *s)
{
	if (s->st->depth == 0)
		return start_target(s);
	return (struct menu_target){GO_NODE, s->st->stack[--s->st->depth]};
}

/* What was dialled directly is gone to once. */
static struct menu_target
direct_target(struct step *s)
{
	uint16_t node = s->st->direct;

	s->st->direct = MENU_NO_NODE;
	return node == MENU_NO_NODE ? start_target(s) : (struct menu_target){GO_NODE, node};
}

/* Turns every kind of target into a node of the tree. */
static uint16_t
resolve(struct step *s, struct menu_target t)
{
	for (int hop = 0; hop < HOPS_MAX; hop++) {
		switch (t.kind) {
		case GO_NODE:
			return t.id;
		case GO_RUN:
			step_begin_run(s, t.id);
			t = step_next_question(s);
			break;
		case GO_QUESTION:
			t = s->st->run == NO_RUN ? start_target(s) : step_next_question(s);
			break;
		case GO_BACK:
			t = back_target(s);
			break;
		case GO_ITEM:
			s->st->item++;
			return s->st->node;
		case GO_RESUME:
			t = resume_target(s);
			break;
		case GO_DIRECT:
			t = direct_target(s);
			break;
		default: /* GO_NONE */
			return menu_special(s->w->menus)->leave;
		}
	}
	return menu_special(s->w->menus)->leave;
}

static struct menu_target
branch_target(struct step *s, const struct menu_node *n)
{
	struct menu_values v;

	session_values(s->w, s->st, &v);
	for (size_t i = 0; i < n->n_branches; i++)
		if (menu_when_holds(&n->conditions[i], &v))
			return n->branches[i];
	return n->go;
}

static uint8_t
list_length(const struct snapshot *snap, enum menu_list list)
{
	switch (list) {
	case LIST_NONE:
		break;
	case LIST_NEEDS_OPEN:
		return snap->n_needs;
	case LIST_APPOINTMENTS_COMING:
		return snap->n_appointments;
	}
	return 0;
}

/* Settles the list's item; false when the list is empty. */
static bool
settle_item(struct step *s, const struct menu_node *n)
{
	const struct snapshot *snap = s->w->snap;
	uint8_t length = list_length(snap, n->list);
	int64_t row;

	if (length == 0)
		return false;
	s->st->item %= length;
	if (n->list == LIST_NEEDS_OPEN)
		row = s->st->need = snap->needs[s->st->item].number;
	else
		row = s->st->appointment = snap->appointments[s->st->item].id;
	if (n->into != MENU_NO_VAR)
		s->st->vars[n->into] = arena_int(s->w->arena, row);
	return true;
}

bool
session_offers_resume(const struct menu_node *n)
{
	for (size_t i = 0; i < n->n_options; i++)
		if (n->options[i].go.kind == GO_RESUME)
			return true;
	return false;
}

/* Pages the node takes on this channel; most take one. */
unsigned
step_page_count(const struct step *s)
{
	struct menu_values v;
	struct menu_page page;

	session_values(s->w, s->st, &v);
	if (menu_show(s->w->menus, s->st->node, s->st->lang, s->st->page, FACE_PAGE, &v,
		      s->w->limit, s->w->arena, &page) != W_OK)
		return 1;
	return page.pages;
}

/* An end that takes several pages ends with its last. */
void
step_settle_end(struct step *s)
{
	s->out->ended = menu_node(s->w->menus, s->st->node)->kind == MENU_END &&
			s->st->page + 1u >= step_page_count(s);
}

/* A page that checked something is passed once: nobody goes back to it. */
static bool
may_go_back_to(const struct step *s, uint16_t node)
{
	return node != MENU_NO_NODE && menu_node(s->w->menus, node)->check == CHECK_NOTHING;
}

static void
arrive(struct step *s, uint16_t node, uint16_t from, bool back)
{
	const struct menu_node *n = menu_node(s->w->menus, node);

	if (!back && from != node && n->kind != MENU_END && may_go_back_to(s, from))
		push(s->st, from);
	s->st->node = node;
	s->st->page = s->st->wrong = 0;
	if (session_offers_resume(n))
		s->st->flags |= SESSION_RESUME_SEEN;
	step_settle_end(s);
}

/* False when a menu asks for more in one step than a step may do. */
bool
step_do_all(struct step *s, const struct menu_do *dos, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t most = dos[i].action == MENU_DO_WRONG_PERSON ? SNAP_PERSONS : 2;

		if (s->out->effects.n + most > EFFECTS_MAX)
			return false;
		session_do(s->w, s->st, &dos[i], s->out);
	}
	return true;
}

void
step_go(struct step *s, struct menu_target t)
{
	const uint16_t from = s->st->node;
	bool back = t.kind == GO_BACK;

	for (int hop = 0; hop < HOPS_MAX; hop++) {
		uint16_t node = resolve(s, t);
		const struct menu_node *n = menu_node(s->w->menus, node);

		if (n->kind == MENU_LIST && node != from)
			s->st->item = 0; /* who comes in begins with the first */
		if (n->kind == MENU_LIST && !settle_item(s, n)) {
			t = n->empty;
			continue;
		}
		if (shows_a_page(n)) {
			arrive(s, node, from, back);
			return;
		}
		if (!step_do_all(s, n->dos, n->n_dos))
			break;
		t = n->kind == MENU_BRANCH ? branch_target(s, n) : n->go;
		back = back || t.kind == GO_BACK;
	}
	arrive(s, menu_special(s->w->menus)->leave, from, false);
}

void
step_wrong(struct step *s)
{
	const struct menu_node *n = step_node(s);

	if (s->st->wrong++ < n->retry_max)
		s->out->face = FACE_WRONG;
	else
		step_go(s, n->retry_else);
}
