#include "session/session_step_int.h"

/* What the snapshot keeps of a question's field. */
struct kept {
	const char *name;
	char *text; /* this week's answer, or empty */
	size_t cap;
};

/* The loader lets a run ask for no other fields. */
static struct kept
kept_of(struct snapshot *snap, struct str field)
{
	if (str_is(field, "mood"))
		return (struct kept){"mood", snap->mood, sizeof(snap->mood)};
	if (str_is(field, "housing"))
		return (struct kept){"housing", snap->housing, sizeof(snap->housing)};
	CHECK(str_is(field, "days_worked"));
	return (struct kept){"days_worked", snap->days_worked, sizeof(snap->days_worked)};
}

/* Marks what this week's row already answers, and gives the variables those answers. */
static void
recall_answers(struct step *s, const struct menu_run *run)
{
	s->st->answered = 0;
	for (size_t i = 0; i < run->n_questions; i++) {
		const struct menu_node *q = menu_node(s->w->menus, run->questions[i]);
		const char *kept = kept_of(s->w->snap, q->field).text;

		if (kept[0] == '\0')
			continue;
		s->st->answered |= (uint8_t)(1u << i);
		if (q->into != MENU_NO_VAR)
			s->st->vars[q->into] = arena_str(s->w->arena, str_of(kept));
	}
}

void
step_begin_run(struct step *s, uint16_t id)
{
	struct snapshot *snap = s->w->snap;

	s->st->run = (uint8_t)id;
	s->st->run_row = 0;
	if (s->st->flags & SESSION_AGAIN || snap->checkin_done)
		snap->mood[0] = snap->housing[0] = snap->days_worked[0] = '\0';
	else
		s->st->run_row = snap->checkin;
	recall_answers(s, menu_run(s->w->menus, id));
}

struct menu_target
step_next_question(const struct step *s)
{
	const struct menu_run *run = menu_run(s->w->menus, s->st->run);

	for (size_t i = 0; i < run->n_questions; i++)
		if (!(s->st->answered & 1u << i))
			return (struct menu_target){GO_NODE, run->questions[i]};
	return run->then;
}

static int
question_number(const struct step *s)
{
	if (s->st->run == NO_RUN)
		return -1;
	const struct menu_run *run = menu_run(s->w->menus, s->st->run);
	for (size_t i = 0; i < run->n_questions; i++)
		if (run->questions[i] == s->st->node)
			return (int)i;
	return -1;
}

/* The row is made with its first answer: a page that was only looked at is no check-in. */
static void
open_checkin(struct step *s)
{
	struct effect *e = effect_add(&s->out->effects, EFFECT_CHECKIN_OPEN, s->w->snap->person);

	e->number = s->st->run_row = s->w->number(s->w->number_ctx, NEXT_CHECKIN);
	e->week = s->w->snap->week;
	e->verified = s->st->flags & SESSION_PIN_GIVEN;
	s->w->snap->checkin = e->number;
	s->w->snap->checkin_done = false;
	s->st->flags &= (uint8_t)~SESSION_AGAIN;
}

void
step_answer(struct step *s, const struct menu_node *n, struct str word)
{
	int number = question_number(s);
	struct kept kept = kept_of(s->w->snap, n->field);
	struct buf b;

	if (number < 0 || s->w->snap->person == 0)
		return;
	if (s->st->run_row == 0)
		open_checkin(s);
	s->st->answered |= (uint8_t)(1u << number);
	buf_init(&b, kept.text, kept.cap);
	buf_add_str(&b, word);
	const struct menu_run *run = menu_run(s->w->menus, s->st->run);
	struct effect *e = effect_add(&s->out->effects, EFFECT_CHECKIN_ANSWER, s->w->snap->person);
	e->number = s->st->run_row;
	e->field = kept.name;
	e->word = word;
	e->done = s->st->answered == (1u << run->n_questions) - 1;
	e->verified = s->st->flags & SESSION_PIN_GIVEN;
	s->w->snap->checkin_due = !e->done;
	s->w->snap->checkin_done = e->done;
	if (n->into != MENU_NO_VAR)
		s->st->vars[n->into] = word;
}

bool
step_is_question_of(const struct menu_set *menus, unsigned run, uint16_t node)
{
	const struct menu_run *r = run == NO_RUN ? NULL : menu_run(menus, (uint16_t)run);

	for (size_t i = 0; r != NULL && i < r->n_questions; i++)
		if (r->questions[i] == node)
			return true;
	return false;
}
