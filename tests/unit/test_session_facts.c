#include "test_session_desk.h"

/* The tables of menu/ (facts, types, actions) against what session/ makes of them. */

static const char *const fact_names[] = {
#define FACT(id, name, type, longest, longest_rtl, what) name,
#include "menu/menu_facts.def"
#undef FACT
};

static const char *const action_names[] = {
#define ACTION(id, name, args, what) name,
#include "menu/menu_actions.def"
#undef ACTION
};

static const struct {
	const char *name, *words;
} types[] = {
#define TYPE(name, words) {name, words},
#include "menu/menu_types.def"
#undef TYPE
};

/* Facts that only messages have: reminders fill them. */
static const enum menu_fact of_messages[] = {
	MENU_FACT_MESSAGE_DATE,
	MENU_FACT_SURVEY_AFTER,
	MENU_FACT_PERSON_REF,
};

static int
setup(void **state)
{
	*state = desk_new(NULL);
	return 0;
}

static int
teardown(void **state)
{
	desk_free(*state);
	return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* ---- Facts ---- */

static bool
is_of_messages(unsigned fact)
{
	for (size_t i = 0; i < ARRAY_LEN(of_messages); i++)
		if (of_messages[i] == fact)
			return true;
	return false;
}

static void
collect(struct desk *d, bool *seen)
{
	struct menu_values *v = ARENA_NEW(d->arena, struct menu_values);

	session_values(&d->world, &d->st, v);
	for (unsigned i = 0; i < MENU_FACTS; i++)
		seen[i] = seen[i] || v->facts[i].n > 0;
}

/* One after the other, the situations in which each fact holds. */
static void
session_facts__every_fact_of_a_page_is_filled_somewhere(void **state)
{
	struct desk *d = *state;
	bool seen[MENU_FACTS] = {false};

	desk_person(d);
	collect(d, seen); /* due, name, centre, numbers */
	desk_answered(&d->snap.checkin, "mood", "good");
	collect(d, seen); /* partial */
	d->snap.checkin.done = true;
	d->snap.survey = (struct snap_run){.row = 11, .due_at = DESK_NOW, .kind = "m3"};
	d->snap.project_done = true;
	strcpy(d->snap.stage, "preparation");
	strcpy(d->snap.caseworker, "Mona");
	strcpy(d->snap.path, "job");
	d->snap.has_job = true;
	d->snap.n_appointments = 1;
	d->snap.appointments[0] = (struct snap_appointment){.id = 31, .at = DESK_NOW};
	d->st.appointment = 31;
	collect(d, seen); /* survey, path, appointment */
	d->snap.n_needs = 1;
	d->snap.needs[0] = (struct snap_need){2001, 0, 1};
	d->st.need = 2001;
	d->st.vars[menu_var_find(d->menus, STR_LIT("category"))] = session_word_at("category", 0);
	d->st.callback_at = DESK_NOW;
	d->st.direct = menu_start(d->menus);
	d->st.flags = SESSION_PIN_GIVEN;
	d->dropped = d->st;
	d->world.dropped = &d->dropped;
	d->snap.has_pin = true;
	collect(d, seen); /* done, needs, resume, direct, PIN */
	strcpy(d->snap.consent_kind, "");
	d->snap.shared = true;
	collect(d, seen); /* consent due, shared */
	d->st.flags = 0;
	d->st.person = 0;
	d->snap.persons[0].has_pin = true;
	collect(d, seen); /* PIN wanted */
	d->snap.guard.pin_locked_until = DESK_NOW + 1;
	d->snap.guard.code_day = DESK_NOW / 86400;
	d->snap.guard.code_wrong = CODE_TRIES_DAY;
	collect(d, seen); /* locks */
	for (unsigned i = 0; i < MENU_FACTS; i++)
		if (seen[i] == is_of_messages(i))
			fail_msg("fact %s: %s", fact_names[i],
				 seen[i] ? "is of messages only" : "is never filled");
}

static void
session_facts__a_stranger_has_nothing_personal(void **state)
{
	static const enum menu_fact personal[] = {
		MENU_FACT_LINK_KNOWN,  MENU_FACT_PERSON_NAME,   MENU_FACT_PIN_SET,
		MENU_FACT_CONSENT_DUE, MENU_FACT_CONSENT_GIVEN, MENU_FACT_CHECKIN_DUE,
		MENU_FACT_NEED_OPEN,   MENU_FACT_NEED_COUNT,    MENU_FACT_NEED_NUMBER,
		MENU_FACT_RESUME,      MENU_FACT_RUN_DUE,       MENU_FACT_PERSON_PATH,
		MENU_FACT_RUN_LEFT,    MENU_FACT_PERSON_PHASE,  MENU_FACT_APPOINTMENT_COMING,
	};
	struct desk *d = *state;
	struct menu_values *v = ARENA_NEW(d->arena, struct menu_values);

	session_values(&d->world, &d->st, v);
	for (size_t i = 0; i < ARRAY_LEN(personal); i++)
		assert_true(v->facts[personal[i]].n == 0);
	assert_string_equal(v->facts[MENU_FACT_CENTRE_TEL].p, "0522000000");
}

static void
session_facts__a_shared_phone_shows_neither_name_nor_category(void **state)
{
	struct desk *d = *state;
	struct menu_values *v = ARENA_NEW(d->arena, struct menu_values);

	desk_person(d);
	d->snap.shared = true;
	d->snap.n_needs = 1;
	d->snap.needs[0] = (struct snap_need){2001, 0, 1};
	d->st.need = 2001;
	session_values(&d->world, &d->st, v);
	assert_true(v->facts[MENU_FACT_PERSON_NAME].n == 0);
	assert_true(v->facts[MENU_FACT_NEED_CATEGORY].n == 0);
	assert_true(str_is(v->facts[MENU_FACT_NEED_NUMBER], "2001"));
}

static void
session_facts__a_call_that_costs_is_not_called_free(void **state)
{
	struct desk *d = *state;
	struct menu_values *v = ARENA_NEW(d->arena, struct menu_values);

	d->conf.free_to_caller = false;
	session_values(&d->world, &d->st, v);
	assert_true(v->facts[MENU_FACT_FREE].n == 0);
}

static void
give_appointment(struct desk *d, const char *place)
{
	d->snap.n_appointments = 1;
	d->snap.appointments[0] = (struct snap_appointment){.id = 31, .at = 1795775400};
	strcpy(d->snap.appointments[0].place, place);
	d->st.appointment = 31;
}

static void
session_facts__an_appointment_is_told_as_messages_tell_it(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	give_appointment(d, "Annexe");
	assert_true(str_is(desk_fact(d, MENU_FACT_APPOINTMENT_DAY), "vendredi 27/11"));
	assert_true(str_is(desk_fact(d, MENU_FACT_APPOINTMENT_TIME), "10:30"));
	assert_true(str_is(desk_fact(d, MENU_FACT_APPOINTMENT_PLACE), "Annexe"));
}

/* An Arabic name would take more than half of the room of a Latin page. */
static void
session_facts__a_place_is_the_centre_where_none_fits(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	give_appointment(d, "");
	assert_true(str_is(desk_fact(d, MENU_FACT_APPOINTMENT_PLACE), "Centre"));
	give_appointment(d, "الملحقة");
	assert_true(str_is(desk_fact(d, MENU_FACT_APPOINTMENT_PLACE), "Centre"));
	d->st.lang = (uint8_t)menu_lang_of(d->menus, STR_LIT("ar"));
	assert_true(str_is(desk_fact(d, MENU_FACT_APPOINTMENT_PLACE), "الملحقة"));
	give_appointment(d, "");
	assert_true(
		str_is(desk_fact(d, MENU_FACT_APPOINTMENT_PLACE), "المركز")); /* of lists.yaml */
}

/* One name for all languages may be in the other script. */
static void
session_facts__a_centre_in_another_script_is_a_centre(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	give_appointment(d, "");
	d->centre.place[CONF_FR] = "سلا";
	assert_true(str_is(desk_fact(d, MENU_FACT_APPOINTMENT_PLACE), "Centre"));
	d->centre.place[CONF_FR] = "Sale";
	assert_true(str_is(desk_fact(d, MENU_FACT_APPOINTMENT_PLACE), "Sale"));
	d->centre.place[CONF_ARY_LATN] = NULL;
	d->st.lang = (uint8_t)menu_lang_of(d->menus, STR_LIT("ary-Latn"));
	assert_true(str_is(desk_fact(d, MENU_FACT_APPOINTMENT_PLACE), "Lmarkaz"));
}

static void
session_facts__the_caseworker_has_a_name_in_the_script_of_the_screen(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	strcpy(d->snap.caseworker, "Mona Alaoui منى");
	assert_true(str_is(desk_fact(d, MENU_FACT_PERSON_CASEWORKER), "Mona"));
	d->st.lang = (uint8_t)menu_lang_of(d->menus, STR_LIT("ary"));
	assert_true(str_is(desk_fact(d, MENU_FACT_PERSON_CASEWORKER), "منى"));
	strcpy(d->snap.caseworker, "Mona");
	assert_true(str_is(desk_fact(d, MENU_FACT_PERSON_CASEWORKER), "Mona"));
	strcpy(d->snap.caseworker, "منى");
	d->st.lang = (uint8_t)menu_lang_of(d->menus, STR_LIT("fr"));
	assert_true(desk_fact(d, MENU_FACT_PERSON_CASEWORKER).n == 0);
}

static void
session_facts__a_shared_phone_tells_of_path_and_appointment_after_the_pin(void **state)
{
	static const enum menu_fact told[] = {
		MENU_FACT_APPOINTMENT_DAY,   MENU_FACT_APPOINTMENT_TIME,
		MENU_FACT_APPOINTMENT_PLACE, MENU_FACT_PERSON_CASEWORKER,
		MENU_FACT_PROJECT_STAGE,
	};
	struct desk *d = *state;

	desk_person(d);
	give_appointment(d, "");
	strcpy(d->snap.caseworker, "Mona");
	strcpy(d->snap.stage, "approved");
	d->snap.shared = true;
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		assert_true(desk_fact(d, told[i]).n == 0);
	d->st.flags = SESSION_PIN_GIVEN;
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		assert_true(desk_fact(d, told[i]).n > 0);
}

static void
session_facts__who_has_no_path_is_undecided_and_before(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	d->snap.handed_over = d->snap.has_job = true; /* of no path */
	assert_true(str_is(desk_fact(d, MENU_FACT_PERSON_PATH), "undecided"));
	assert_true(str_is(desk_fact(d, MENU_FACT_PERSON_PHASE), "pre"));
	assert_true(desk_fact(d, MENU_FACT_JOB_OPEN).n == 0);
	strcpy(d->snap.path, "micro_project");
	assert_true(str_is(desk_fact(d, MENU_FACT_PERSON_PHASE), "post"));
}

/* ---- Words ---- */

static void
session_words__every_word_is_found_and_found_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct str rest = str_of(types[i].words);

		for (int n = 0; rest.n > 0; n++) {
			struct str word = str_cut(&rest, ' ');

			assert_int_equal(session_word_index(types[i].name, word), n);
			assert_true(str_eq(session_word_at(types[i].name, (unsigned)n), word));
		}
		assert_int_equal(session_word_index(types[i].name, STR_LIT("nothing")), -1);
	}
}

/* Types that session/ names in its code. */
static void
session_words__the_types_it_names_are_there(void **state)
{
	(void)state;
	assert_true(session_word_index("category", STR_LIT("housing")) == 0);
	assert_true(session_word_index("urgency", STR_LIT("today")) == 0);
	assert_int_equal(session_word_index("none", STR_LIT("today")), -1);
	assert_true(session_word_at("category", 99).n == 0);
}

/* Words that are kept whole in a snapshot. */
static void
session_words__words_fit_the_snapshot(void **state)
{
	const struct snapshot *s = NULL;
	struct str word;

	(void)state;
	for (unsigned n = 0; (word = session_word_at("stage", n)).n > 0; n++)
		assert_true(word.n < sizeof(s->stage));
	for (unsigned n = 0; (word = session_word_at("path", n)).n > 0; n++)
		assert_true(word.n < sizeof(s->path));
	for (unsigned n = 0; (word = session_word_at("survey_kind", n)).n > 0; n++)
		assert_true(word.n < sizeof(s->survey.kind));
}

/* A snapshot keeps the places of words in one byte each. */
static void
session_words__every_answer_can_be_kept_and_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const struct str field = str_of(types[i].name);
		struct snap_run run = {0};
		struct str word;

		assert_int_equal(session_type_index(field), i);
		for (unsigned n = 0; (word = session_word_at(types[i].name, n)).n > 0; n++) {
			snap_answer_keep(&run, field, word);
			assert_true(str_eq(snap_answer_of(&run, field), word));
		}
		assert_true(run.n_answers <= 1); /* one over the other */
	}
}

static void
session_words__a_word_no_menu_knows_is_no_answer(void **state)
{
	struct snap_run run = {0};

	(void)state;
	snap_answer_keep(&run, STR_LIT("mood"), STR_LIT("splendid"));
	snap_answer_keep(&run, STR_LIT("weather"), STR_LIT("good"));
	snap_answer_keep(&run, STR_LIT("mood"), STR_NONE);
	assert_int_equal(run.n_answers, 0);
	assert_true(snap_answer_of(&run, STR_LIT("mood")).n == 0);
}

static void
session_words__more_answers_than_there_is_room_for_are_left_out(void **state)
{
	struct snap_run run = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		snap_answer_keep(&run, str_of(types[i].name), session_word_at(types[i].name, 0));
	assert_int_equal(run.n_answers, SNAP_ANSWERS);
}

/* ---- Actions ---- */

/* What each action writes; EFFECT_KINDS: nothing, only the state. */
static const struct {
	enum menu_action action;
	const char *arg, *value;
	enum effect_kind effect;
} actions[] = {
	{MENU_DO_CONSENT, "kind", "given", EFFECT_CONSENT},
	{MENU_DO_SHARING, "value", "shared", EFFECT_SHARING},
	{MENU_DO_WRONG_PERSON, "", "", EFFECT_WRONG_PERSON},
	{MENU_DO_CHECKIN_AGAIN, "", "", EFFECT_KINDS},
	{MENU_DO_CHECKIN_RESTART, "", "", EFFECT_KINDS},
	{MENU_DO_NEED_OPEN, "category", "work", EFFECT_NEED_OPEN},
	{MENU_DO_NEED_RAISE, "urgency", "today", EFFECT_NEED_RAISE},
	{MENU_DO_NEED_RESOLVE, "", "", EFFECT_NEED_RESOLVE},
	{MENU_DO_NEED_KEEP, "", "", EFFECT_NEED_KEEP},
	{MENU_DO_CALLBACK, "wish", "any", EFFECT_CALLBACK},
	{MENU_DO_URGENT, "", "", EFFECT_URGENT},
	{MENU_DO_FLAG, "kind", "help_declined", EFFECT_FLAG},
	{MENU_DO_NEED_ENSURE, "category", "work", EFFECT_NEED_OPEN},
	{MENU_DO_APPOINTMENT_CONFIRM, "", "", EFFECT_APPOINTMENT},
	{MENU_DO_APPOINTMENT_DECLINE, "", "", EFFECT_APPOINTMENT},
	{MENU_DO_APPOINTMENT_MOVE, "wish", "afternoon", EFFECT_APPOINTMENT},
	{MENU_DO_APPOINTMENT_ASK, "wish", "morning", EFFECT_APPOINTMENT_ASK},
	{MENU_DO_EQUIPMENT_STATE, "state", "broken", EFFECT_EQUIPMENT},
	{MENU_DO_JOB_END, "reason", "own", EFFECT_JOB_END},
	{MENU_DO_JOB_CHANGE, "", "", EFFECT_JOB_CHANGE},
};

static void
session_do__every_action_of_the_table_has_a_doer(void **state)
{
	struct desk *d = *state;

	assert_int_equal(ARRAY_LEN(actions), MENU_ACTIONS);
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		struct menu_arg arg = {.name = actions[i].arg, .word = str_of(actions[i].value)};
		const struct menu_do one = {actions[i].action, &arg, arg.name[0] != '\0'};

		assert_int_equal(actions[i].action, i);
		desk_person(d);
		d->snap.n_needs = 1;
		d->snap.needs[0] = (struct snap_need){2001, 0, 2};
		d->st.need = 2001;
		d->st.vars[menu_var_find(d->menus, STR_LIT("category"))] =
			session_word_at("category", 0);
		d->snap.n_appointments = 1;
		d->snap.appointments[0] = (struct snap_appointment){.id = 31, .at = DESK_NOW};
		d->st.appointment = 31;
		d->out = (struct step_out){.face = FACE_PAGE};
		session_do(&d->world, &d->st, &one, &d->out);
		size_t wanted = actions[i].effect != EFFECT_KINDS;
		if (d->out.effects.n != wanted ||
		    (wanted && d->out.effects.v[0].kind != actions[i].effect))
			fail_msg("%s does something else", action_names[i]);
	}
}

/* Nothing is written about somebody we do not know, but for a wish to be called. */
static void
session_do__a_stranger_can_only_ask_for_a_call(void **state)
{
	struct desk *d = *state;

	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		struct menu_arg arg = {.name = actions[i].arg, .word = str_of(actions[i].value)};
		const struct menu_do one = {actions[i].action, &arg, arg.name[0] != '\0'};

		d->out = (struct step_out){.face = FACE_PAGE};
		session_do(&d->world, &d->st, &one, &d->out);
		for (size_t j = 0; j < d->out.effects.n; j++) {
			const struct effect *e = &d->out.effects.v[j];

			if (e->kind != EFFECT_CALLBACK && e->kind != EFFECT_URGENT)
				fail_msg("%s writes about nobody", action_names[i]);
			assert_true(e->person == 0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(session_facts__every_fact_of_a_page_is_filled_somewhere),
		DESK_TEST(session_facts__a_stranger_has_nothing_personal),
		DESK_TEST(session_facts__a_shared_phone_shows_neither_name_nor_category),
		DESK_TEST(session_facts__a_call_that_costs_is_not_called_free),
		DESK_TEST(session_facts__an_appointment_is_told_as_messages_tell_it),
		DESK_TEST(session_facts__a_place_is_the_centre_where_none_fits),
		DESK_TEST(session_facts__a_centre_in_another_script_is_a_centre),
		DESK_TEST(session_facts__the_caseworker_has_a_name_in_the_script_of_the_screen),
		DESK_TEST(
			session_facts__a_shared_phone_tells_of_path_and_appointment_after_the_pin),
		DESK_TEST(session_facts__who_has_no_path_is_undecided_and_before),
		cmocka_unit_test(session_words__every_word_is_found_and_found_back),
		cmocka_unit_test(session_words__the_types_it_names_are_there),
		cmocka_unit_test(session_words__words_fit_the_snapshot),
		cmocka_unit_test(session_words__every_answer_can_be_kept_and_told),
		cmocka_unit_test(session_words__a_word_no_menu_knows_is_no_answer),
		cmocka_unit_test(session_words__more_answers_than_there_is_room_for_are_left_out),
		DESK_TEST(session_do__every_action_of_the_table_has_a_doer),
		DESK_TEST(session_do__a_stranger_can_only_ask_for_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
