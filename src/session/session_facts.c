#include "session/session_int.h"

#define YES STR_LIT("yes")

static struct str
yes_if(bool condition)
{
	return condition ? YES : STR_NONE;
}

static struct str
number_text(const struct step_world *w, int64_t n)
{
	return arena_int(w->arena, n);
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
	if (w->snap->n_needs == 0)
		return NULL;
	int var = menu_var_find(w->menus, STR_LIT("category"));
	int category = var < 0 ? -1 : session_word_index("category", st->vars[var]);

	for (unsigned i = 0; i < w->snap->n_needs; i++)
		if (w->snap->needs[i].category == category)
			return &w->snap->needs[i];
	return NULL;
}

static struct str
weekday_word(const struct step_world *w, const struct session_state *st, const struct wall *at)
{
	static const char *const weekdays[] = {"su", "mo", "tu", "we", "th", "fr", "sa"};

	return menu_word(w->menus, st->lang, "weekday", str_of(weekdays[civil_weekday(at)]));
}

/* today, tomorrow or the weekday, and H:MM without a leading zero. */
static struct str
when_text(const struct step_world *w, const struct session_state *st)
{
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
		word = weekday_word(w, st, &at);
	return str_of(arena_printf(w->arena, "%.*s %d:%02d", STR_ARG(word), at.hour, at.minute));
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
	v->facts[MENU_FACT_NEED_OPEN] = yes_if(s->n_needs > 0);
	v->facts[MENU_FACT_NEED_SAME] = yes_if(session_same_need(w, st) != NULL);
	v->facts[MENU_FACT_NEED_COUNT] = number_text(w, s->n_needs);
	v->facts[MENU_FACT_PERSON_NAME] = name_in_script(w, st);
}

static void
run_facts(const struct step_world *w, const struct session_state *st, struct menu_values *v)
{
	const struct snapshot *s = w->snap;
	bool checkin = snap_run_due(&s->checkin), survey = snap_run_due(&s->survey);

	v->facts[MENU_FACT_CHECKIN_DUE] = yes_if(checkin && s->checkin.n_answers == 0);
	v->facts[MENU_FACT_CHECKIN_PARTIAL] = yes_if(checkin && s->checkin.n_answers > 0);
	v->facts[MENU_FACT_CHECKIN_DONE] = yes_if(s->checkin.row != 0 && s->checkin.done);
	v->facts[MENU_FACT_RUN_DUE] = yes_if(checkin || survey);
	v->facts[MENU_FACT_SURVEY_FIRST] = yes_if(snap_survey_first(s));
	if (survey)
		v->facts[MENU_FACT_SURVEY_DUE] = str_of(s->survey.kind);
	v->facts[MENU_FACT_PROJECT_DONE] = yes_if(s->project_done);
	v->facts[MENU_FACT_RESUME] =
		yes_if(session_may_resume(w, st) && !(st->flags & SESSION_RESUME_SEEN));
}

bool
session_may_resume(const struct step_world *w, const struct session_state *st)
{
	const struct session_state *d = w->dropped;

	return d != NULL && d->person != 0 && d->person == w->snap->person &&
	       (st->flags & SESSION_PIN_GIVEN || !(d->flags & SESSION_PIN_GIVEN));
}

/* ---- Project, job, appointment ---- */

/* On a shared phone these are shown to whoever gave the PIN. */
static bool
may_tell(const struct step_world *w, const struct session_state *st)
{
	return !w->snap->shared || st->flags & SESSION_PIN_GIVEN;
}

/* A right-to-left page has room for a Latin word; the other way round it would halve the page. */
static bool
page_takes(const struct step_world *w, const struct session_state *st, struct str text)
{
	return menu_lang_rtl(w->menus, st->lang) || gsm7_can(text);
}

/* First name of the caseworker: the first word in the script of the screen, else the first. */
static struct str
caseworker_name(const struct step_world *w, const struct session_state *st)
{
	struct str rest = str_of(w->snap->caseworker), first = str_cut(&rest, ' ');
	struct str word = first;

	while (word.n > 0 && text_is_rtl(word) != menu_lang_rtl(w->menus, st->lang))
		word = str_cut(&rest, ' ');
	if (word.n == 0)
		word = first;
	return page_takes(w, st, word) ? word : STR_NONE;
}

static void
path_facts(const struct step_world *w, const struct session_state *st, struct menu_values *v)
{
	const struct snapshot *s = w->snap;

	v->facts[MENU_FACT_PERSON_PATH] =
		s->path[0] != '\0' ? str_of(s->path) : STR_LIT("undecided");
	v->facts[MENU_FACT_JOB_OPEN] = yes_if(s->has_job && str_is(str_of(s->path), "job"));
	v->facts[MENU_FACT_PERSON_PHASE] =
		str_of(project_phase(str_of(s->path), s->handed_over, s->has_job));
	if (!may_tell(w, st))
		return;
	v->facts[MENU_FACT_PERSON_CASEWORKER] = caseworker_name(w, st);
	if (s->stage[0] != '\0')
		v->facts[MENU_FACT_PROJECT_STAGE] =
			menu_word(w->menus, st->lang, "stage", str_of(s->stage));
}

static const struct snap_appointment *
appointment_at_hand(const struct step_world *w, const struct session_state *st)
{
	const struct snapshot *s = w->snap;

	for (unsigned i = 0; i < s->n_appointments; i++)
		if (s->appointments[i].id == st->appointment)
			return &s->appointments[i];
	return NULL;
}

/* The neutral name of the centre in the language of the screen, as the configuration has it. */
static struct str
centre_alias(const struct step_world *w, const struct session_state *st)
{
	const struct work_centre *c = work_centre_id(w->work, w->snap->centre);
	const char *tag = menu_lang_tag(w->menus, st->lang);

	for (unsigned i = 0; c != NULL && i < CONF_LANGS; i++)
		if (strcmp(conf_lang_word((enum conf_lang)i), tag) == 0)
			return str_of(c->conf->place[i]);
	return STR_NONE;
}

/* What the appointment says, else the neutral name of the centre, else a word for any centre. */
static struct str
place_name(const struct step_world *w, const struct session_state *st, struct str place)
{
	struct str alias = centre_alias(w, st);

	if (place.n > 0 && page_takes(w, st, place))
		return place;
	if (alias.n > 0 && page_takes(w, st, alias))
		return alias;
	return menu_word(w->menus, st->lang, "words", STR_LIT("centre"));
}

static void
appointment_facts(const struct step_world *w, const struct session_state *st, struct menu_values *v)
{
	const struct snap_appointment *appointment = appointment_at_hand(w, st);
	struct wall at;

	v->facts[MENU_FACT_APPOINTMENT_COMING] = yes_if(w->snap->n_appointments > 0);
	if (appointment == NULL || !may_tell(w, st))
		return;
	civil_to_wall(w->work->zone, appointment->at, &at);
	struct str day = weekday_word(w, st, &at);
	v->facts[MENU_FACT_APPOINTMENT_DAY] =
		str_of(arena_printf(w->arena, "%.*s %02d/%02d", STR_ARG(day), at.day, at.month));
	v->facts[MENU_FACT_APPOINTMENT_TIME] =
		str_of(arena_printf(w->arena, "%d:%02d", at.hour, at.minute));
	v->facts[MENU_FACT_APPOINTMENT_PLACE] = place_name(w, st, str_of(appointment->place));
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
	*v = (struct menu_values){0};
	number_facts(w, st, v);
	if (w->snap->person != 0) {
		person_facts(w, st, v);
		run_facts(w, st, v);
		path_facts(w, st, v);
		appointment_facts(w, st, v);
		need_facts(w, st, v);
	}
	v->facts[MENU_FACT_DIRECT] = yes_if(st->direct != MENU_NO_NODE);
	v->facts[MENU_FACT_CALLBACK_WHEN] = when_text(w, st);
	place_facts(w, st, v);
	memcpy(v->vars, st->vars, sizeof(v->vars));
	if (w->snap->person != 0) /* last: its conditions ask for all the others */
		v->facts[MENU_FACT_RUN_LEFT] = number_text(w, session_questions_left(w, st, v));
}
