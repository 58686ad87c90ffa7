#include "session/session_int.h"

#include <inttypes.h>
#include <stdio.h>

#define YES STR_LIT("yes")

static struct str
yes_if(bool condition)
{
	return condition ? YES : STR_NONE;
}

static struct str
number_text(const struct step_world *w, int64_t n)
{
	return str_of(arena_printf(w->arena, "%" PRId64, n));
}

static bool
number_has_pin(const struct snapshot *s)
{
	for (unsigned i = 0; i < s->n_persons; i++)
		if (s->persons[i].has_pin)
			return true;
	return false;
}

/* The need a page is about: the one last told a number, or the list's item. */
static const struct snap_need *
need_at_hand(const struct step_world *w, const struct session_state *st)
{
	const struct snapshot *s = w->snap;

	for (unsigned i = 0; i < s->n_needs; i++)
		if (s->needs[i].number == st->need)
			return &s->needs[i];
	return NULL;
}

const struct snap_need *
session_same_need(const struct step_world *w, const struct session_state *st)
{
	int var = menu_var_find(w->menus, STR_LIT("category"));
	int category = var < 0 ? -1 : session_word_index("category", st->vars[var]);

	for (unsigned i = 0; i < w->snap->n_needs; i++)
		if (w->snap->needs[i].category == category)
			return &w->snap->needs[i];
	return NULL;
}

/* today, tomorrow or the weekday, and H:MM without a leading zero. */
static struct str
when_text(const struct step_world *w, const struct session_state *st)
{
	static const char *const weekdays[] = {"su", "mo", "tu", "we", "th", "fr", "sa"};
	struct wall now, at;
	struct str word;

	if (st->callback_at == 0)
		return STR_NONE;
	civil_to_wall(w->work->zone, w->now, &now);
	civil_to_wall(w->work->zone, st->callback_at, &at);
	int ahead = civil_days_between(&now, &at);
	if (ahead <= 1)
		word = menu_word(w->menus, st->lang, "day",
				 ahead <= 0 ? STR_LIT("today") : STR_LIT("tomorrow"));
	else
		word = menu_word(w->menus, st->lang, "weekday",
				 str_of(weekdays[civil_weekday(&at)]));
	return str_of(arena_printf(w->arena, "%.*s %d:%02d", STR_ARG(word), at.hour, at.minute));
}

static struct str
run_left(const struct step_world *w, const struct session_state *st)
{
	unsigned total = 0, answered = 0;
	const struct snapshot *s = w->snap;

	if (menu_run_count(w->menus) > 0)
		total = (unsigned)menu_run(w->menus, st->run == NO_RUN ? 0 : st->run)->n_questions;
	if (st->run != NO_RUN)
		answered = (unsigned)__builtin_popcount(st->answered);
	else if (s->checkin != 0 && !s->checkin_done)
		answered = (s->mood[0] != 0) + (s->housing[0] != 0) + (s->days_worked[0] != 0);
	return number_text(w, answered < total ? total - answered : total);
}

static struct str
name_in_script(const struct step_world *w, const struct session_state *st)
{
	const struct snapshot *s = w->snap;
	const char *name = menu_lang_rtl(w->menus, st->lang) ? s->name_ar : s->name_la;

	return s->shared || name[0] == '\0' ? STR_NONE : str_of(name);
}

static const char *
centre_tel(const struct step_world *w)
{
	const struct work_centre *c = work_centre_id(w->work, w->snap->centre);

	return c ? c->conf->tel : "";
}

static void
number_facts(const struct step_world *w, const struct session_state *st, struct menu_values *v)
{
	const struct snapshot *s = w->snap;
	bool given = st->flags & SESSION_PIN_GIVEN;

	v->facts[MENU_FACT_LINK_KNOWN] = yes_if(s->n_persons > 0 || st->person != 0);
	v->facts[MENU_FACT_LANG_CHOSEN] = yes_if(s->lang[0] != '\0' || st->flags & SESSION_LANG);
	v->facts[MENU_FACT_CODE_LOCKED] = yes_if(guard_code_locked(&s->guard, w->now));
	v->facts[MENU_FACT_PIN_LOCKED] =
		yes_if(!given && number_has_pin(s) && guard_pin_locked(&s->guard, w->now));
	v->facts[MENU_FACT_PIN_WANTED] = yes_if(!given && number_has_pin(s) && st->person == 0);
	v->facts[MENU_FACT_PIN_GIVEN] = yes_if(given);
	v->facts[MENU_FACT_PIN_LEFT] = number_text(w, PIN_TRIES - s->guard.pin_wrong);
}

static void
person_facts(const struct step_world *w, const struct session_state *st, struct menu_values *v)
{
	const struct snapshot *s = w->snap;
	const struct str kind = str_of(s->consent_kind);

	v->facts[MENU_FACT_LINK_SHARED] = yes_if(s->shared);
	v->facts[MENU_FACT_PIN_SET] = yes_if(s->has_pin);
	v->facts[MENU_FACT_CONSENT_DUE] = yes_if(consent_is_due(kind, str_of(s->consent_version),
								s->consent_at, s->put_off, w->now));
	v->facts[MENU_FACT_CONSENT_GIVEN] = yes_if(consent_in_force(kind));
	v->facts[MENU_FACT_CHECKIN_DUE] = yes_if(s->checkin_due && s->mood[0] == '\0');
	v->facts[MENU_FACT_CHECKIN_PARTIAL] = yes_if(s->checkin_due && s->mood[0] != '\0');
	v->facts[MENU_FACT_CHECKIN_DONE] = yes_if(s->checkin_done);
	v->facts[MENU_FACT_NEED_OPEN] = yes_if(s->n_needs > 0);
	v->facts[MENU_FACT_NEED_SAME] = yes_if(session_same_need(w, st) != NULL);
	v->facts[MENU_FACT_NEED_COUNT] = number_text(w, s->n_needs);
	v->facts[MENU_FACT_PERSON_NAME] = name_in_script(w, st);
}

static void
need_facts(const struct step_world *w, const struct session_state *st, struct menu_values *v)
{
	const struct snap_need *need = need_at_hand(w, st);

	if (st->need != 0)
		v->facts[MENU_FACT_NEED_NUMBER] = number_text(w, st->need);
	if (need != NULL && !w->snap->shared)
		v->facts[MENU_FACT_NEED_CATEGORY] =
			menu_word(w->menus, st->lang, "category",
				  session_word_at("category", need->category));
}

static void
place_facts(const struct step_world *w, const struct session_state *st, struct menu_values *v)
{
	const struct conf *conf = w->work->conf;

	v->facts[MENU_FACT_CENTRE_TEL] = str_of(centre_tel(w));
	v->facts[MENU_FACT_CHANNEL_CODE] = str_of(w->code);
	v->facts[MENU_FACT_POLICE] = str_of(conf->emergency.police);
	v->facts[MENU_FACT_GENDARMERIE] = str_of(conf->emergency.gendarmerie);
	v->facts[MENU_FACT_AMBULANCE] = str_of(conf->emergency.ambulance);
	v->facts[MENU_FACT_SAMU] = str_of(conf->emergency.samu);
	v->facts[MENU_FACT_WOMEN] = str_of(conf->emergency.women);
	if (conf->free_to_caller)
		v->facts[MENU_FACT_FREE] = menu_word(w->menus, st->lang, "words", STR_LIT("free"));
}

void
session_values(const struct step_world *w, const struct session_state *st, struct menu_values *v)
{
	bool seen = st->flags & SESSION_RESUME_SEEN;

	*v = (struct menu_values){0};
	number_facts(w, st, v);
	if (w->snap->person != 0) {
		person_facts(w, st, v);
		need_facts(w, st, v);
		v->facts[MENU_FACT_RESUME] = yes_if(w->dropped != NULL && !seen &&
						    w->dropped->person == w->snap->person);
		v->facts[MENU_FACT_RUN_LEFT] = run_left(w, st);
	}
	v->facts[MENU_FACT_DIRECT] = yes_if(st->direct != MENU_NO_NODE);
	v->facts[MENU_FACT_CALLBACK_WHEN] = when_text(w, st);
	place_facts(w, st, v);
	memcpy(v->vars, st->vars, sizeof(v->vars));
}
