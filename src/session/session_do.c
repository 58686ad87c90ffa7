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
	session_run_restart(d->w, d->st);
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

static void
raise_if_higher(struct doing *d, const struct snap_need *need, struct str urgency)
{
	if (urgency_is_higher(urgency, session_word_at("urgency", need->urgency)))
		raise_need(d, need, urgency);
}

static struct effect *
open_need(struct doing *d, struct str category, struct str urgency)
{
	struct effect *e = effect(d, EFFECT_NEED_OPEN);

	e->number = d->st->need = d->w->number(d->w->number_ctx, NEXT_NEED);
	e->word = category;
	e->urgency = urgency;
	e->note = secret_of(arg(d, "note"));
	e->due_at = need_due_at(d->w->work->zone, urgency, d->w->now);
	return e;
}

static void
keep_need(struct snapshot *s, const struct effect *e)
{
	if (s->n_needs < SNAP_NEEDS)
		s->needs[s->n_needs++] = (struct snap_need){
			e->number, (uint8_t)session_word_index("category", e->word),
			(uint8_t)session_word_index("urgency", e->urgency)};
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
	struct effect *e = open_need(d, category, urgency);
	if (same != NULL && !told) {
		e->duplicate_of = same->number;
		raise_if_higher(d, same, urgency);
	} else {
		keep_need(s, e);
	}
}

/* A need that an answer speaks of, without asking whether it is open already. */
static void
do_need_ensure(struct doing *d)
{
	struct snapshot *s = d->w->snap;
	struct str category = arg(d, "category"), urgency = arg(d, "urgency");
	int index = session_word_index("category", category);
	const struct snap_need *same = open_need_of(s, index);

	if (s->person == 0 || index < 0)
		return;
	if (same == NULL)
		keep_need(s, open_need(d, category, urgency));
	else
		raise_if_higher(d, same, urgency);
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

/* ---- Appointments ---- */

static int
appointment_index(const struct doing *d)
{
	for (int i = 0; i < d->w->snap->n_appointments; i++)
		if (d->w->snap->appointments[i].id == d->st->appointment)
			return i;
	return -1;
}

/* Only of an appointment that is the person's and still ahead. */
static bool
answer_appointment(struct doing *d, struct str status, struct str wish)
{
	if (d->w->snap->person == 0 || appointment_index(d) < 0)
		return false;
	struct effect *e = effect(d, EFFECT_APPOINTMENT);
	e->number = d->st->appointment;
	e->word = status;
	e->wish = wish;
	return true;
}

static void
do_appointment_confirm(struct doing *d)
{
	(void)answer_appointment(d, STR_LIT("confirmed"), STR_NONE);
}

static void
do_appointment_decline(struct doing *d)
{
	struct snapshot *s = d->w->snap;

	if (!answer_appointment(d, STR_LIT("declined"), STR_NONE))
		return;
	unsigned i = (unsigned)appointment_index(d);
	s->n_appointments--;
	memmove(&s->appointments[i], &s->appointments[i + 1],
		(size_t)(s->n_appointments - i) * sizeof(s->appointments[0]));
	d->st->item--; /* the next item moves into this one's place */
}

static void
do_appointment_move(struct doing *d)
{
	(void)answer_appointment(d, STR_LIT("move_requested"), arg(d, "wish"));
}

static void
do_appointment_ask(struct doing *d)
{
	if (d->w->snap->person == 0)
		return;
	struct effect *e = effect(d, EFFECT_APPOINTMENT_ASK);
	e->number = d->w->number(d->w->number_ctx, NEXT_APPOINTMENT);
	e->wish = arg(d, "wish");
}

/* ---- Project and job ---- */

static void
do_equipment_state(struct doing *d)
{
	if (d->w->snap->person != 0)
		effect(d, EFFECT_EQUIPMENT)->word = arg(d, "state");
}

static void
do_job_end(struct doing *d)
{
	if (d->w->snap->person == 0)
		return;
	effect(d, EFFECT_JOB_END)->word = arg(d, "reason");
	d->w->snap->has_job = false;
}

static void
do_job_change(struct doing *d)
{
	if (d->w->snap->person == 0)
		return;
	effect(d, EFFECT_JOB_CHANGE)->number = d->w->number(d->w->number_ctx, NEXT_PLACEMENT);
	d->w->snap->has_job = true;
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
	[MENU_DO_NEED_ENSURE] = do_need_ensure,
	[MENU_DO_APPOINTMENT_CONFIRM] = do_appointment_confirm,
	[MENU_DO_APPOINTMENT_DECLINE] = do_appointment_decline,
	[MENU_DO_APPOINTMENT_MOVE] = do_appointment_move,
	[MENU_DO_APPOINTMENT_ASK] = do_appointment_ask,
	[MENU_DO_EQUIPMENT_STATE] = do_equipment_state,
	[MENU_DO_JOB_END] = do_job_end,
	[MENU_DO_JOB_CHANGE] = do_job_change,
};

void
session_do(const struct step_world *world, struct session_state *st, const struct menu_do *action,
	   struct step_out *out)
{
	struct doing d = {world, st, action, out};

	CHECK(action->action < MENU_ACTIONS && doers[action->action] != NULL);
	doers[action->action](&d);
}
