#include "session/session_step_int.h"

static void
guard_effect(struct step *s, struct row_guard next)
{
	const struct snapshot *snap = s->w->snap;
	struct effect *e = effect_add(&s->out->effects, EFFECT_GUARD,
				      snap->n_persons > 0 ? snap->persons[0].person : 0);

	e->guard = s->w->snap->guard = next;
}

static void
code_verdict(struct step *s, const struct menu_node *n, const struct step_verdict *v)
{
	const struct menu_special *special = menu_special(s->w->menus);

	if (v->ok) {
		struct effect *e = effect_add(&s->out->effects, EFFECT_LINK, v->person);

		e->link = v->link;
		e->code = v->code;
		e->has_phone = true;
		e->phone = s->w->snap->phone;
		s->st->person = v->person;
		s->st->link = v->link;
		step_speak_to_person(s);
		step_go(s, (struct menu_target){GO_NODE, special->enrolled});
		return;
	}
	guard_effect(s, guard_code_wrong(&s->w->snap->guard, s->w->now));
	s->st->code_wrong++;
	if (v->locked || guard_code_locked(&s->w->snap->guard, s->w->now))
		step_go(s, n->locked);
	else if (s->st->code_wrong >= CODE_TRIES_SESSION)
		step_go(s, n->retry_else);
	else
		s->out->face = FACE_WRONG;
}

static void
pin_verdict(struct step *s, const struct menu_node *n, const struct step_verdict *v)
{
	struct snapshot *snap = s->w->snap;

	/* Locked meanwhile, by another call of the number: the right one is no use either. */
	if (guard_pin_locked(&snap->guard, s->w->now)) {
		step_go(s, n->locked);
		return;
	}
	if (v->ok) {
		s->st->flags |= SESSION_PIN_GIVEN;
		s->st->person = v->person;
		s->st->link = v->link;
		if (snap->guard.pin_total > 0)
			guard_effect(s, guard_pin_right(&snap->guard));
		step_speak_to_person(s);
		step_go(s, n->go);
		return;
	}
	guard_effect(s, guard_pin_wrong(&snap->guard, s->w->now));
	if (guard_pin_locked(&snap->guard, s->w->now))
		step_go(s, n->locked);
	else
		s->out->face = FACE_WRONG;
}

static void
new_pin_verdict(struct step *s, const struct menu_node *n, const struct step_verdict *v)
{
	if (!v->ok) {
		step_wrong(s);
		return;
	}
	struct effect *e = effect_add(&s->out->effects, EFFECT_PIN_SET, s->st->person);
	e->link = s->st->link;
	e->pin = v->pin;
	s->st->flags |= SESSION_PIN_GIVEN;
	s->w->snap->has_pin = true;
	step_go(s, n->go);
}

/* Six digits on a PIN page were a code: what was asked, not the page, says whose verdict it is. */
void
step_hear_verdict(struct step *s, const struct step_verdict *v, size_t digits)
{
	const struct menu_node *n = step_node(s);

	s->out->secret_input = true;
	if (digits == CODE_DIGITS)
		code_verdict(s, n, v);
	else if (n->check == CHECK_NEW_PIN)
		new_pin_verdict(s, n, v);
	else
		pin_verdict(s, n, v);
}
