#include "session/session_step_int.h"

/*
 * The step: one input against one page. What was typed, or the verdict of a
 * check, says where to go; going walks nodes that show nothing (branches,
 * records) until one that does.
 */

static void
begin(struct step *s, struct str path)
{
	const struct menu_direct *direct = path.n ? menu_find_direct(s->w->menus, path) : NULL;

	if (direct != NULL && direct->open) {
		step_go(s, direct->go);
		return;
	}
	if (direct != NULL && direct->go.kind == GO_NODE)
		s->st->direct = direct->go.id;
	step_go(s, (struct menu_target){GO_NODE, menu_start(s->w->menus)});
}

/* All but the room of the effects, some kilobytes: effect_add clears each that it gives out. */
static void
step_out_clear(struct step_out *out)
{
	out->effects.n = 0;
	out->check = CHECK_NOTHING;
	out->check_text = STR_NONE;
	out->face = FACE_PAGE;
	out->ended = out->secret_input = false;
}

void
session_step(const struct step_world *world, struct session_state *st,
	     const struct step_input *input, struct step_out *out)
{
	struct step s = {world, st, out};

	step_out_clear(out);
	switch (input->kind) {
	case STEP_BEGIN:
		begin(&s, input->text);
		break;
	case STEP_TYPED:
		step_typed(&s, input->text);
		break;
	default: /* STEP_VERDICT */
		step_hear_verdict(&s, &input->verdict, input->text.n);
		break;
	}
}
