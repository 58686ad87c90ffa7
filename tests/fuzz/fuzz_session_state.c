/*
 * Any bytes as the state of a session that was kept: two bytes say who calls and
 * how. What is refused was not a state, or not one of these menus; with the
 * rest a call goes on, and a later one may take it up again.
 */
#include "fuzz_session_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str typed[] = {STR_LIT("1"), STR_LIT("0612345678"), STR_LIT("9"),
				   STR_LIT("0"), STR_LIT("4711"),       STR_LIT("سلام")};

/* The bytes may name a node that shows nothing, or a page it does not have; from the first step
 * that leads on, everything holds. */
static bool
stands_on_a_page(const struct step_world *w, const struct session_state *st)
{
	struct menu_values *v = ARENA_NEW(w->arena, struct menu_values);
	struct menu_page page;

	session_values(w, st, v);
	return menu_show(w->menus, st->node, st->lang, st->page, FACE_PAGE, v, w->limit, w->arena,
			 &page) == W_OK;
}

static void
go_on(const struct step_world *w, struct session_state st)
{
	struct step_out *out = ARENA_NEW(w->arena, struct step_out);

	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		const struct step_input input = {.kind = STEP_TYPED, .text = typed[i]};

		session_step(w, &st, &input, out);
		CHECK(out->effects.n <= EFFECTS_MAX);
		CHECK(state_fits(&st, w->menus));
		if (out->check != CHECK_NOTHING)
			answer_check(w, &st, out);
		if (stands_on_a_page(w, &st))
			check_state(w, &st);
	}
}

/* The number calls again: asked whether to go on, it says yes and no. */
static void
take_up(struct step_world *w, const struct session_state *kept)
{
	struct step_out *out = ARENA_NEW(w->arena, struct step_out);
	struct session_state st;

	w->dropped = kept;
	state_init(&st);
	st.person = w->snap->person;
	session_step(w, &st, &(struct step_input){.kind = STEP_BEGIN}, out);
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		session_step(w, &st, &(struct step_input){.kind = STEP_TYPED, .text = typed[i]},
			     out);
		CHECK(state_fits(&st, w->menus) && out->effects.n <= EFFECTS_MAX);
		if (out->check != CHECK_NOTHING)
			answer_check(w, &st, out);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	const uint8_t who = size > 0 ? data[0] : 0, call = size > 1 ? data[1] : 0;
	struct session_state none, st;
	struct snapshot snap;
	int64_t next = 3000;
	struct step_world w = fuzz_world(call, &snap, &next);

	bytes = str_after(bytes, 2);
	fuzz_caller(who, call, &snap, &none);
	if (state_decode(bytes, w.arena, &st) != W_OK || !state_fits(&st, w.menus))
		return 0;
	struct snapshot before = snap;
	go_on(&w, st);
	snap = before;
	if (menu_node(w.menus, st.node)->resumable)
		take_up(&w, &st);
	return 0;
}
