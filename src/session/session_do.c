#include "session/session_int.h"

/* What an action of a menu means here: one row of menu_actions.def, one function. */

struct doing {
	const struct step_world *w;
	struct session_state *st;
	const struct menu_do *action;
	struct step_out *out;
};

static struct str
arg(const struct doing *d, const char *name)
{
	for (size_t i = 0; i < d->action->n_args; i++) {
		const struct menu_arg *a = &d->action->args[i];

		if (strcmp(a->name, name) == 0)
			return a->from_var ? d->st->vars[a->var] : a->word;
	}
	return STR_NONE;
}

static struct effect *
effect(const struct doing *d, enum effect_kind kind)
{
	struct effect *e = effect_add(&d->out->effects, kind, d->w->snap->person);

	e->link = d->w->snap->link;
	e->verified = d->st->flags & SESSION_PIN_GIVEN;
	return e;
}

static void
keep(char *to, size_t cap, struct str s)
{
	struct buf b;

	buf_init(&b, to, cap);
	buf_add_str(&b, s);
}

static void
do_consent(struct doing *d)
{
	struct snapshot *s = d->w->snap;
	struct str kind = arg(d, "kind");

	if (s->person == 0)
		return;
	effect(d, EFFECT_CONSENT)->word = kind;
	keep(s->consent_kind, sizeof(s->consent_kind), kind);
	keep(s->consent_version, sizeof(s->consent_version), STR_LIT(CONSENT_VERSION));
	s->consent_at = d->w->now;
	s->put_off += str_is(kind, "later") || str_is(kind, "refused");
}

static void
do_sharing(struct doing *d)
{
	if (d->w->snap->person == 0)
		return;
	effect(d, EFFECT_SHARING)->word = arg(d, "value");
	d->w->snap->shared = !str_is(arg(d, "value"), "own");
}

/* Whoever holds the phone does not know us: the number leads to nobody from now on. */
static void
do_wrong_person(struct doing *d)
{
	struct snapshot *s = d->w->snap;
	bool told = d->st->flags & SESSION_PIN_GIVEN;

	for (unsigned i = 0; i < s->n_persons; i++) {
		/* Who gave a PIN speaks for one person of the number only. */
		if (told && s->persons[i].person != d->st->person)
			continue;
		struct effect *e =
			effect_add(&d->out->effects, EFFECT_WRONG_PERSON, s->persons[i].person);

		e->link = s->persons[i].link;
		e->has_phone = true;
		e->phone = s->phone;
	}
	s->n_persons = 0;
}

static void
do_checkin_again(struct doing *d)
{
	d->st->flags |= SESSION_AGAIN;
}

static void
do_checkin_restart(struct doing *d)
{
	struct snapshot *s = d->w->snap;

	s->mood[0] = s->housing[0] = s->days_worked[0] = '\0';
	d->st->run = NO_RUN;
	d->st->answered = 0;
}

static const struct snap_need *
open_need_of(const struct snapshot *s, int category)
{
	for (unsigned i = 0; i < s->n_needs; i++)
		if (s->needs[i].category == category)
			return &s->needs[i];
	return NULL;
}

static void
raise_need(struct doing *d, const struct snap_need *need, struct str urgency)
{
	struct snapshot *s = d->w->snap;
	struct effect *e = effect(d, EFFECT_NEED_RAISE);

	e->number = need->number;
	e->urgency = urgency;
	e->due_at = need_due_at(d->w->work->zone, urgency, d->w->now);
	s->needs[need - s->needs].urgency = (uint8_t)session_word_index("urgency", urgency);
}

/*
 * Without a PIN nobody is shown that a need of this kind is open already: the
 * row is kept as a duplicate and the open need takes the higher urgency.
 */
static void
do_need_open(struct doing *d)
{
	struct snapshot *s = d->w->snap;
	struct str category = arg(d, "category"), urgency = arg(d, "urgency");
	int index = session_word_index("category", category);
	const struct snap_need *same = open_need_of(s, index);
	bool told = d->st->flags & SESSION_PIN_GIVEN;

	if (s->person == 0 || index < 0)
		return;
	struct effect *e = effect(d, EFFECT_NEED_OPEN);
	e->number = d->st->need = d->w->number(d->w->number_ctx, NEXT_NEED);
	e->word = category;
	e->urgency = urgency;
	e->note = secret_of(arg(d, "note"));
	e->due_at = need_due_at(d->w->work->zone, urgency, d->w->now);
	if (same != NULL && !told) {
		e->duplicate_of = same->number;
		if (urgency_is_higher(urgency, session_word_at("urgency", same->urgency)))
			raise_need(d, same, urgency);
	} else if (s->n_needs < SNAP_NEEDS) {
		s->needs[s->n_needs++] = (struct snap_need){
			e->number, (uint8_t)index, (uint8_t)session_word_index("urgency", urgency)};
	}
}

static void
do_need_raise(struct doing *d)
{
	const struct snap_need *same = session_same_need(d->w, d->st);

	if (same == NULL)
		return;
	d->st->need = same->number;
	raise_need(d, same, arg(d, "urgency"));
}

static void
drop_need(struct snapshot *s, int64_t number)
{
	for (unsigned i = 0; i < s->n_needs; i++) {
		if (s->needs[i].number != number)
			continue;
		memmove(&s->needs[i], &s->needs[i + 1],
			(size_t)(s->n_needs - i - 1) * sizeof(s->needs[0]));
		s->n_needs--;
		return;
	}
}

static void
do_need_resolve(struct doing *d)
{
	if (d->w->snap->person == 0)
		return;
	effect(d, EFFECT_NEED_RESOLVE)->number = d->st->need;
	drop_need(d->w->snap, d->st->need);
	d->st->item--; /* the next item moves into this one's place */
}

static void
do_need_keep(struct doing *d)
{
	if (d->w->snap->person != 0)
		effect(d, EFFECT_NEED_KEEP)->number = d->st->need;
}

static void
do_callback(struct doing *d)
{
	const struct work_centre *c = work_centre_id(d->w->work, d->w->snap->centre);
	struct str priority = arg(d, "priority"), number = arg(d, "number");
	struct effect *e = effect(d, EFFECT_CALLBACK);

	e->number = d->w->number(d->w->number_ctx, NEXT_CALLBACK);
	e->word = arg(d, "wish");
	e->priority = priority.n ? priority : STR_LIT("normal");
	e->due_at = c == NULL || str_is(priority, "crisis")
			    ? d->w->now
			    : callback_due_at(d->w->work->zone, &c->office, e->word, d->w->now);
	if (number.n > 0)
		e->has_phone = phone_parse(number, &e->phone) != PHONE_BAD;
	if (!e->has_phone && d->w->snap->person == 0) {
		e->has_phone = true;
		e->phone = d->w->snap->phone;
	}
	d->st->callback_at = e->due_at;
}

static void
do_urgent(struct doing *d)
{
	effect(d, EFFECT_URGENT);
}

static void
do_flag(struct doing *d)
{
	if (d->w->snap->person != 0)
		effect(d, EFFECT_FLAG)->word = arg(d, "kind");
}

static void (*const doers[MENU_ACTIONS])(struct doing *) = {
	[MENU_DO_CONSENT] = do_consent,
	[MENU_DO_SHARING] = do_sharing,
	[MENU_DO_WRONG_PERSON] = do_wrong_person,
	[MENU_DO_CHECKIN_AGAIN] = do_checkin_again,
	[MENU_DO_CHECKIN_RESTART] = do_checkin_restart,
	[MENU_DO_NEED_OPEN] = do_need_open,
	[MENU_DO_NEED_RAISE] = do_need_raise,
	[MENU_DO_NEED_RESOLVE] = do_need_resolve,
	[MENU_DO_NEED_KEEP] = do_need_keep,
	[MENU_DO_CALLBACK] = do_callback,
	[MENU_DO_URGENT] = do_urgent,
	[MENU_DO_FLAG] = do_flag,
};

void
session_do(const struct step_world *world, struct session_state *st, const struct menu_do *action,
	   struct step_out *out)
{
	struct doing d = {world, st, action, out};

	CHECK(action->action < MENU_ACTIONS && doers[action->action] != NULL);
	doers[action->action](&d);
}
