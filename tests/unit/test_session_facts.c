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
	MENU_FACT_APPOINTMENT_DAY, MENU_FACT_APPOINTMENT_TIME, MENU_FACT_APPOINTMENT_PLACE,
	MENU_FACT_MESSAGE_DATE,    MENU_FACT_SURVEY_AFTER,     MENU_FACT_PERSON_REF,
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
	strcpy(d->snap.mood, "good");
	collect(d, seen); /* partial */
	d->snap.checkin_due = false;
	d->snap.checkin_done = true;
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
		MENU_FACT_RESUME,
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

/* A word that does not fit a snapshot's field would be cut. */
static void
session_words__answers_fit_the_snapshot(void **state)
{
	static const char *const fields[] = {"mood", "housing", "days_worked"};
	const struct snapshot *s = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct str word;

		for (unsigned n = 0; (word = session_word_at(fields[i], n)).n > 0; n++)
			assert_true(word.n < sizeof(s->mood) && word.n < sizeof(s->housing) &&
				    word.n < sizeof(s->days_worked));
	}
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
		cmocka_unit_test(session_words__every_word_is_found_and_found_back),
		cmocka_unit_test(session_words__the_types_it_names_are_there),
		cmocka_unit_test(session_words__answers_fit_the_snapshot),
		DESK_TEST(session_do__every_action_of_the_table_has_a_doer),
		DESK_TEST(session_do__a_stranger_can_only_ask_for_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
