/*
 * What anybody types, against the shipped menus: two bytes say who calls and
 * how, then each line is one input; a line "drop" breaks the call off and dials
 * again. Whatever comes, the node is one of the tree, its page fits the handset,
 * the effects are few and whole, and the state comes back from its bytes.
 *
 * Each input is played by three people: one with neither project nor job, one
 * with a survey due and appointments, one with a job.
 */
#include "fuzz_session_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUTS_MAX = 24 };

static uint8_t
take_byte(struct str *rest)
{
	uint8_t byte = rest->n > 0 ? (uint8_t)rest->p[0] : 0;

	*rest = str_after(*rest, 1);
	return byte;
}

/* A call that broke off before on the first page worth going back to. */
static void
dropped_before(struct step_world *w, struct session_state *dropped)
{
	state_init(dropped);
	dropped->person = w->snap->person;
	for (uint16_t id = 0; id < menu_node_count(w->menus) && w->dropped == NULL; id++) {
		if (!menu_node(w->menus, id)->resumable)
			continue;
		dropped->node = id;
		w->dropped = dropped;
	}
}

/* The same person dials again. */
static void
dial_again(const struct step_world *w, struct session_state *st, struct step_out *out)
{
	int64_t person = st->person, link = st->link;
	uint8_t lang = st->lang;

	state_init(st);
	st->person = w->snap->has_pin ? 0 : person;
	st->link = link;
	st->lang = lang;
	session_step(w, st, &(struct step_input){.kind = STEP_BEGIN}, out);
	check_page(w, st, out);
}

static void
one_input(const struct step_world *w, struct session_state *st, enum step_input_kind kind,
	  struct str text)
{
	struct step_out *out = ARENA_NEW(w->arena, struct step_out);

	one_step(w, st, &(struct step_input){.kind = kind, .text = text}, out);
	if (out->ended)
		dial_again(w, st, out);
}

static void
drop_now(struct step_world *w, struct session_state *st, struct session_state *dropped)
{
	*dropped = *st;
	w->dropped = menu_node(w->menus, st->node)->resumable ? dropped : NULL;
	dial_again(w, st, ARENA_NEW(w->arena, struct step_out));
}

static void
play(enum fuzz_life life, struct str rest)
{
	const uint8_t who = take_byte(&rest), call = take_byte(&rest);
	struct session_state st, dropped;
	struct snapshot snap;
	int64_t next = 3000;
	struct step_world w = fuzz_world(call, &snap, &next);

	state_init(&st);
	fuzz_caller(who, call, &snap, &st);
	fuzz_live(life, &snap);
	if (call & CALL_DROPPED)
		dropped_before(&w, &dropped);
	one_input(&w, &st, STEP_BEGIN, str_cut(&rest, '\n'));
	for (int i = 0; rest.n > 0 && i < INPUTS_MAX; i++) {
		struct str line = str_cut(&rest, '\n');

		if (str_is(line, "drop"))
			drop_now(&w, &st, &dropped);
		else
			one_input(&w, &st, STEP_TYPED, line);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (enum fuzz_life life = 0; life < LIVES; life++)
		play(life, (struct str){(const char *)data, size});
	return 0;
}
