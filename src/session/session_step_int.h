/*
 * Inside the step: what its parts share. session_step.c lets an input in,
 * session_typed.c reads what was typed on a page (session_input.c: as a value), session_verdict.c
 * hears the verdict of a check, session_run.c keeps the questions of a run, session_go.c walks to
 * the next page. All pure: see session_step.
 */
#ifndef WASL_SESSION_STEP_INT_H
#define WASL_SESSION_STEP_INT_H

#include "session/session_int.h"

struct step {
	const struct step_world *w;
	struct session_state *st;
	struct step_out *out;
};

enum { PIN_DIGITS = 4, CODE_DIGITS = 6 };

static inline const struct menu_node *
step_node(const struct step *s)
{
	return menu_node(s->w->menus, s->st->node);
}

/* ---- session_go.c ---- */

void step_go(struct step *s, struct menu_target t);
/* One wrong answer more: the page again, or out politely after the last that is forgiven. */
void step_wrong(struct step *s);
/* False when a menu asks for more in one step than a step may do. */
bool step_do_all(struct step *s, const struct menu_do *dos, size_t n);
/* Pages the node takes on this channel; most take one. */
unsigned step_page_count(const struct step *s);
/* Says whether the page at hand is the last of an end. */
void step_settle_end(struct step *s);

/*
 * ---- session_run.c: ordered questions; those that are answered, or whose condition does not hold,
 * are skipped ----
 */

void step_begin_run(struct step *s, uint16_t id);
struct menu_target step_next_question(const struct step *s);
/* Where a call that broke off in a run goes on. */
struct menu_target step_rejoin_run(struct step *s, const struct session_state *dropped);
/* Keeps an answer to the page at hand; the row is made with the first. NULL: nothing is kept. */
struct effect *step_answer(struct step *s, struct str word);
/* Says whether the answer was the last, when all that came with it is done. */
void step_settle_run(struct step *s, struct effect *answer);
bool step_is_question_of(const struct menu_set *menus, unsigned run, uint16_t node);

/* ---- session_input.c: what was typed, as the kind of value a page asks for ---- */

bool step_all_digits(struct str s);
/* The value to keep, or false: not what the question asks for. typed: as it came; folded: its key.
 */
bool step_read_input(const struct step *s, const struct menu_node *n, struct str typed,
		     struct str folded, struct str *value);

/* ---- session_typed.c, session_verdict.c ---- */

void step_typed(struct step *s, struct str text);
/* digits: how many were checked; a code has six, on a PIN page too. */
void step_hear_verdict(struct step *s, const struct step_verdict *v, size_t digits);
/* Pages speak the person's language, unless the caller chose another in this call. */
void step_speak_to_person(struct step *s);

#endif
