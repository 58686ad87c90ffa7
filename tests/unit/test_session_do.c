#include "test_session_desk.h"

/* What single actions of a menu write, and what the snapshot says afterwards. */

static int
setup(void **state)
{
	struct desk *d = desk_new(NULL);

	desk_person(d);
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	desk_free(*state);
	return 0;
}

#define DO_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void
do_with(struct desk *d, enum menu_action action, struct menu_arg *args, size_t n)
{
	const struct menu_do one = {action, args, n};

	d->out = (struct step_out){.face = FACE_PAGE};
	session_do(&d->world, &d->st, &one, &d->out);
}

static void
do_one(struct desk *d, enum menu_action action, const char *name, const char *word)
{
	struct menu_arg arg = {.name = name, .word = str_of(word)};

	do_with(d, action, &arg, name != NULL);
}

static void
ensure(struct desk *d, const char *category, const char *urgency)
{
	struct menu_arg args[] = {{.name = "category", .word = str_of(category)},
				  {.name = "urgency", .word = str_of(urgency)}};

	do_with(d, MENU_DO_NEED_ENSURE, args, ARRAY_LEN(args));
}

/* ---- Needs that answers speak of ---- */

static void
session_do__ensure_opens_a_need_once(void **state)
{
	struct desk *d = *state;

	ensure(d, "equipment", "week");
	assert_true(str_is(desk_the(d, EFFECT_NEED_OPEN)->word, "equipment"));
	assert_true(str_is(desk_the(d, EFFECT_NEED_OPEN)->urgency, "week"));
	assert_true(desk_the(d, EFFECT_NEED_OPEN)->due_at > DESK_NOW);
	ensure(d, "equipment", "week");
	assert_int_equal(d->out.effects.n, 0);
	ensure(d, "work", "week");
	assert_non_null(desk_effect(d, EFFECT_NEED_OPEN));
}

static void
session_do__ensure_raises_the_open_need_and_never_lowers_it(void **state)
{
	struct desk *d = *state;

	ensure(d, "equipment", "week");
	int64_t number = desk_the(d, EFFECT_NEED_OPEN)->number;
	ensure(d, "equipment", "today");
	assert_null(desk_effect(d, EFFECT_NEED_OPEN));
	assert_true(desk_the(d, EFFECT_NEED_RAISE)->number == number);
	assert_true(str_is(desk_the(d, EFFECT_NEED_RAISE)->urgency, "today"));
	ensure(d, "equipment", "week");
	assert_int_equal(d->out.effects.n, 0);
}

/* ---- Appointments ---- */

static void
two_appointments(struct desk *d)
{
	d->snap.n_appointments = 2;
	d->snap.appointments[0] = (struct snap_appointment){.id = 31, .at = DESK_NOW + 3600};
	d->snap.appointments[1] = (struct snap_appointment){.id = 32, .at = DESK_NOW + 86400};
	d->st.appointment = 31;
}

static void
session_do__confirming_keeps_the_appointment_on_the_page(void **state)
{
	struct desk *d = *state;

	two_appointments(d);
	do_one(d, MENU_DO_APPOINTMENT_CONFIRM, NULL, NULL);
	assert_true(desk_the(d, EFFECT_APPOINTMENT)->number == 31);
	assert_true(str_is(desk_the(d, EFFECT_APPOINTMENT)->word, "confirmed"));
	assert_true(str_is(desk_fact(d, MENU_FACT_APPOINTMENT_TIME), "11:20"));
	assert_int_equal(d->snap.n_appointments, 2);
}

static void
session_do__a_declined_appointment_is_not_ahead_any_more(void **state)
{
	struct desk *d = *state;

	two_appointments(d);
	do_one(d, MENU_DO_APPOINTMENT_DECLINE, NULL, NULL);
	assert_true(str_is(desk_the(d, EFFECT_APPOINTMENT)->word, "declined"));
	assert_int_equal(d->snap.n_appointments, 1);
	assert_true(d->snap.appointments[0].id == 32);
}

static void
session_do__a_wish_goes_with_the_move(void **state)
{
	struct desk *d = *state;

	two_appointments(d);
	do_one(d, MENU_DO_APPOINTMENT_MOVE, "wish", "afternoon");
	assert_true(str_is(desk_the(d, EFFECT_APPOINTMENT)->word, "move_requested"));
	assert_true(str_is(desk_the(d, EFFECT_APPOINTMENT)->wish, "afternoon"));
	do_one(d, MENU_DO_APPOINTMENT_ASK, "wish", "call");
	assert_true(desk_the(d, EFFECT_APPOINTMENT_ASK)->number == 2001);
	assert_true(str_is(desk_the(d, EFFECT_APPOINTMENT_ASK)->wish, "call"));
}

/* Only what was read for this person can be answered. */
static void
session_do__an_appointment_that_is_not_there_is_not_answered(void **state)
{
	static const enum menu_action answers[] = {
		MENU_DO_APPOINTMENT_CONFIRM, MENU_DO_APPOINTMENT_DECLINE, MENU_DO_APPOINTMENT_MOVE};
	struct desk *d = *state;

	two_appointments(d);
	d->st.appointment = 33;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		do_one(d, answers[i], "wish", "call");
		assert_int_equal(d->out.effects.n, 0);
	}
	assert_int_equal(d->snap.n_appointments, 2);
}

/* ---- Job ---- */

static void
session_do__a_job_that_ended_leads_back_before_a_job(void **state)
{
	struct desk *d = *state;

	strcpy(d->snap.path, "job");
	d->snap.has_job = true;
	assert_true(str_is(desk_fact(d, MENU_FACT_PERSON_PHASE), "post"));
	do_one(d, MENU_DO_JOB_END, "reason", "contract_end");
	assert_true(str_is(desk_the(d, EFFECT_JOB_END)->word, "contract_end"));
	assert_true(str_is(desk_fact(d, MENU_FACT_PERSON_PHASE), "pre"));
	do_one(d, MENU_DO_JOB_CHANGE, NULL, NULL);
	assert_true(desk_the(d, EFFECT_JOB_CHANGE)->number == 2001);
	assert_true(str_is(desk_fact(d, MENU_FACT_PERSON_PHASE), "post"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DO_TEST(session_do__ensure_opens_a_need_once),
		DO_TEST(session_do__ensure_raises_the_open_need_and_never_lowers_it),
		DO_TEST(session_do__confirming_keeps_the_appointment_on_the_page),
		DO_TEST(session_do__a_declined_appointment_is_not_ahead_any_more),
		DO_TEST(session_do__a_wish_goes_with_the_move),
		DO_TEST(session_do__an_appointment_that_is_not_there_is_not_answered),
		DO_TEST(session_do__a_job_that_ended_leads_back_before_a_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
