#include "session/session_step_int.h"

/* ---- What the snapshot knows of rounds of questions ---- */

bool
snap_run_due(const struct snap_run *run)
{
	return run->row != 0 && !run->done;
}

bool
snap_survey_first(const struct snapshot *snap)
{
	return snap_run_due(&snap->survey) &&
	       (!snap_run_due(&snap->checkin) || snap->survey.due_at < snap->checkin.due_at);
}

static struct snap_answer *
find_answer(struct snap_run *run, int type)
{
	for (unsigned i = 0; i < run->n_answers; i++)
		if (run->answers[i].type == type)
			return &run->answers[i];
	return NULL;
}

struct str
snap_answer_of(const struct snap_run *run, struct str field)
{
	for (unsigned i = 0; i < run->n_answers; i++)
		if (str_is(field, session_type_at(run->answers[i].type)))
			return session_word_at(session_type_at(run->answers[i].type),
					       run->answers[i].word);
	return STR_NONE;
}

/* A word that no menu knows any more is no answer: the question is asked again. */
void
snap_answer_keep(struct snap_run *run, struct str field, struct str word)
{
	int type = session_type_index(field);
	int index = type < 0 ? -1 : session_word_index(session_type_at((unsigned)type), word);

	if (index < 0)
		return;
	struct snap_answer *kept = find_answer(run, type);
	if (kept == NULL && run->n_answers < SNAP_ANSWERS)
		kept = &run->answers[run->n_answers++];
	if (kept != NULL)
		*kept = (struct snap_answer){(uint8_t)type, (uint8_t)index};
}

/* ---- Records: where the answers of a run go ---- */

static const struct record {
	enum store_counter counter;
	enum effect_kind open, answer;
} records[] = {
	[RECORD_CHECKIN] = {NEXT_CHECKIN, EFFECT_CHECKIN_OPEN, EFFECT_CHECKIN_ANSWER},
	[RECORD_SURVEY] = {NEXT_SURVEY, EFFECT_SURVEY_OPEN, EFFECT_SURVEY_ANSWER},
};
enum { RECORD_ROWS = 2 };

/* The rows of a kind of record that the snapshot has, or NULL. */
static struct snap_run *
row_at(struct snapshot *snap, enum menu_record record, unsigned i)
{
	struct snap_run *const rows[][RECORD_ROWS] = {
		[RECORD_CHECKIN] = {&snap->checkin, NULL},
		[RECORD_SURVEY] = {&snap->survey, &snap->begun},
	};

	return rows[record][i];
}

/* The open row a run goes on with; NULL: it needs a new one. */
static struct snap_run *
open_row(struct snapshot *snap, const struct menu_run *run)
{
	for (unsigned i = 0; i < RECORD_ROWS; i++) {
		struct snap_run *row = row_at(snap, run->record, i);

		if (row != NULL && snap_run_due(row) && str_is(run->kind, row->kind))
			return row;
	}
	return NULL;
}

static struct snap_run *
row_numbered(struct snapshot *snap, const struct menu_run *run, int64_t number)
{
	for (unsigned i = 0; i < RECORD_ROWS; i++) {
		struct snap_run *row = row_at(snap, run->record, i);

		if (number != 0 && row != NULL && row->row == number)
			return row;
	}
	return NULL;
}

/* All of this kind that was to be answered is: by another call, or by a caseworker. */
static bool
record_done(const struct snapshot *snap, const struct menu_run *run)
{
	return run->record == RECORD_CHECKIN ? snap->checkin.row != 0 && snap->checkin.done
					     : snap->project_done && !snap_run_due(&snap->survey);
}

/* ---- Questions ---- */

static const struct menu_node *
question_at(const struct menu_set *menus, const struct menu_run *run, size_t i)
{
	return menu_node(menus, run->questions[i].node);
}

/* Which question of a run the answers of a page belong to, or -1. */
static int
question_of(const struct menu_set *menus, unsigned run, uint16_t node)
{
	if (run >= menu_run_count(menus))
		return -1;
	const struct menu_run *r = menu_run(menus, (uint16_t)run);
	uint16_t question = menu_node(menus, node)->question;
	for (size_t i = 0; i < r->n_questions && question != MENU_NO_NODE; i++)
		if (r->questions[i].node == question)
			return (int)i;
	return -1;
}

bool
step_is_question_of(const struct menu_set *menus, unsigned run, uint16_t node)
{
	return question_of(menus, run, node) >= 0;
}

/* Bits of the questions a row answers. Their variables take those answers, or none. */
static uint8_t
recall(const struct menu_set *menus, const struct menu_run *run, const struct snap_run *row,
       struct str *vars)
{
	uint8_t answered = 0;

	for (size_t i = 0; i < run->n_questions; i++) {
		const struct menu_node *q = question_at(menus, run, i);
		struct str word = row == NULL ? STR_NONE : snap_answer_of(row, q->field);

		if (word.n > 0)
			answered |= (uint8_t)(1u << i);
		if (q->into != MENU_NO_VAR)
			vars[q->into] = word;
	}
	return answered;
}

/* The first question from one on that is open and to be asked; n_questions: none. */
static size_t
next_open(const struct menu_run *run, uint8_t answered, const struct menu_values *values,
	  size_t from)
{
	size_t i = from;

	while (i < run->n_questions &&
	       (answered & 1u << i || !menu_when_holds(&run->questions[i].when, values)))
		i++;
	return i;
}

static void
begin_with(const struct step_world *w, struct session_state *st, unsigned id,
	   const struct snap_run *row)
{
	st->run = (uint8_t)id;
	st->run_row = row == NULL ? 0 : row->row;
	st->answered = recall(w->menus, menu_run(w->menus, (uint16_t)id), row, st->vars);
}

void
step_begin_run(struct step *s, uint16_t id)
{
	begin_with(s->w, s->st, id, open_row(s->w->snap, menu_run(s->w->menus, id)));
}

struct menu_target
step_next_question(const struct step *s)
{
	const struct menu_run *run = menu_run(s->w->menus, s->st->run);
	struct menu_values v;

	session_values(s->w, s->st, &v);
	size_t next = next_open(run, s->st->answered, &v, 0);
	if (next == run->n_questions)
		return run->then;
	return (struct menu_target){GO_NODE, run->questions[next].node};
}

/* ---- Going on where a call broke off ---- */

/* The first page of the open question: a further page of it says less. */
static struct menu_target
rejoin_question(struct step *s, const struct session_state *d, const struct snap_run *row)
{
	if (row != NULL)
		begin_with(s->w, s->st, d->run, row);
	else
		step_begin_run(s, d->run);
	return step_next_question(s);
}

/* A page beside the questions: the run goes on behind it. */
static struct menu_target
rejoin_page(struct step *s, const struct session_state *d, const struct snap_run *row)
{
	if (row != NULL) {
		begin_with(s->w, s->st, d->run, row);
	} else {
		s->st->run = d->run;
		s->st->run_row = d->run_row;
		s->st->answered = d->answered;
	}
	return (struct menu_target){GO_NODE, d->node};
}

/* All of the run that broke off was answered meanwhile. */
static bool
is_over(const struct step_world *w, const struct session_state *d)
{
	const struct menu_run *run = menu_run(w->menus, d->run);
	const struct snap_run *row = row_numbered(w->snap, run, d->run_row);

	return row != NULL ? row->done : record_done(w->snap, run) && !(d->flags & SESSION_AGAIN);
}

struct menu_target
step_rejoin_run(struct step *s, const struct session_state *d)
{
	const struct menu_run *run = menu_run(s->w->menus, d->run);
	const struct snap_run *row = row_numbered(s->w->snap, run, d->run_row);

	s->st->flags |= d->flags & SESSION_AGAIN;
	if (!step_is_question_of(s->w->menus, d->run, d->node))
		return rejoin_page(s, d, row);
	if (is_over(s->w, d))
		return (struct menu_target){GO_NODE, menu_start(s->w->menus)};
	return rejoin_question(s, d, row);
}

/* ---- Which run a page speaks of, that is not a question itself ---- */

/* The run these menus have for a kind of record; NO_RUN: none. */
static uint8_t
run_of_kind(const struct menu_set *menus, enum menu_record record, const char *kind)
{
	for (size_t i = 0; i < menu_run_count(menus); i++) {
		const struct menu_run *run = menu_run(menus, (uint16_t)i);

		if (run->record == record && str_is(run->kind, kind))
			return (uint8_t)i;
	}
	return NO_RUN;
}

/* The run that is due first. */
static uint8_t
due_run(const struct step_world *w)
{
	return snap_survey_first(w->snap)
		       ? run_of_kind(w->menus, RECORD_SURVEY, w->snap->survey.kind)
		       : run_of_kind(w->menus, RECORD_CHECKIN, "");
}

bool
session_place_of_row(const struct step_world *w, int64_t number, struct session_state *out)
{
	const struct snapshot *snap = w->snap;
	const struct snap_run *const rows[] = {&snap->checkin, &snap->survey};
	const uint8_t runs[] = {run_of_kind(w->menus, RECORD_CHECKIN, ""),
				run_of_kind(w->menus, RECORD_SURVEY, snap->survey.kind)};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!snap_run_due(rows[i]) || rows[i]->row != number || runs[i] == NO_RUN)
			continue;
		state_init(out);
		out->person = snap->person;
		out->link = snap->link;
		out->run = runs[i];
		out->run_row = number;
		out->node = menu_run(w->menus, runs[i])->questions[0].node;
		return true;
	}
	return false;
}

unsigned
session_questions_left(const struct step_world *w, const struct session_state *st,
		       const struct menu_values *values)
{
	unsigned id = st->run != NO_RUN ? st->run : due_run(w), left = 0;
	struct menu_values asked = *values;
	uint8_t answered = st->answered;

	if (id == NO_RUN)
		return 0;
	const struct menu_run *run = menu_run(w->menus, (uint16_t)id);
	if (st->run == NO_RUN)
		answered = recall(w->menus, run, open_row(w->snap, run), asked.vars);
	for (size_t i = 0; (i = next_open(run, answered, &asked, i)) < run->n_questions; i++)
		left++;
	return left;
}

void
session_run_restart(const struct step_world *w, struct session_state *st)
{
	const struct session_state *d = session_may_resume(w, st) ? w->dropped : NULL;
	unsigned id = st->run != NO_RUN ? st->run : due_run(w);

	if (d != NULL && d->run != NO_RUN && !is_over(w, d))
		id = d->run;
	if (id == NO_RUN)
		return;
	struct snap_run *row = open_row(w->snap, menu_run(w->menus, (uint16_t)id));
	if (row != NULL)
		row->n_answers = 0;
	begin_with(w, st, id, row);
	st->flags |= SESSION_RESTART;
}

/* ---- Answers ---- */

/* Where the snapshot keeps a row made now: what is due of another kind stays beside it. */
static struct snap_run *
room_for(struct snapshot *snap, const struct menu_run *run)
{
	if (run->record == RECORD_CHECKIN)
		return &snap->checkin;
	return snap_run_due(&snap->survey) ? &snap->begun : &snap->survey;
}

/* The row is made with its first answer: a page that was only looked at is no check-in. */
static struct snap_run *
open_run(struct step *s, const struct menu_run *run)
{
	struct snapshot *snap = s->w->snap;
	const struct record *record = &records[run->record];
	struct effect *e = effect_add(&s->out->effects, record->open, snap->person);
	struct snap_run *row = room_for(snap, run);
	struct buf kind;

	e->number = s->st->run_row = s->w->number(s->w->number_ctx, record->counter);
	e->word = run->kind;
	e->week = snap->week;
	e->verified = s->st->flags & SESSION_PIN_GIVEN;
	*row = (struct snap_run){.row = e->number, .due_at = s->w->now};
	buf_init(&kind, row->kind, sizeof(row->kind));
	buf_add_str(&kind, run->kind);
	s->st->flags &= (uint8_t)~SESSION_AGAIN;
	return row;
}

/* The loader saw to it that the field is a type, and one the record has. */
static struct effect *
add_answer(struct step *s, const struct menu_run *run, struct str field, struct str word)
{
	struct snap_run *row = row_numbered(s->w->snap, run, s->st->run_row);

	if (s->st->run_row == 0)
		row = open_run(s, run);
	if (row != NULL)
		snap_answer_keep(row, field, word);
	struct effect *e =
		effect_add(&s->out->effects, records[run->record].answer, s->w->snap->person);
	e->number = s->st->run_row;
	e->field = session_type_at((unsigned)session_type_index(field));
	e->word = word;
	e->verified = s->st->flags & SESSION_PIN_GIVEN;
	return e;
}

struct effect *
step_answer(struct step *s, struct str word)
{
	struct session_state *st = s->st;
	int i = question_of(s->w->menus, st->run, st->node);

	if (i < 0 || s->w->snap->person == 0)
		return NULL;
	const struct menu_run *run = menu_run(s->w->menus, st->run);
	const struct menu_node *q = question_at(s->w->menus, run, (size_t)i);
	st->answered |= (uint8_t)(1u << i);
	if (q->into != MENU_NO_VAR)
		st->vars[q->into] = word;
	return add_answer(s, run, q->field, word);
}

void
step_settle_run(struct step *s, struct effect *answer)
{
	if (s->st->run == NO_RUN) /* what came with the answer gave the run up */
		return;
	const struct menu_run *run = menu_run(s->w->menus, s->st->run);
	struct snap_run *row = row_numbered(s->w->snap, run, answer->number);
	struct menu_values v;

	session_values(s->w, s->st, &v);
	answer->done = next_open(run, s->st->answered, &v, 0) == run->n_questions;
	if (row != NULL)
		row->done = answer->done;
	if (answer->done && run->record == RECORD_SURVEY)
		s->w->snap->project_done = true;
}
