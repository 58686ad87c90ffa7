#include "test_session_desk.h"

#include "session/session_live.h"

/* Rounds of questions: which are asked, where the answers go, and how a broken call goes on. */

static const char tree[] =
	"wasl: 1\nid: t\nlanguages: [fr]\nstart: gate\n"
	"special: {wrong: \"x\", busy: bye, leave: bye}\n"
	"vars:\n"
	"  q: {from: run.left}\n"
	"  activity: {type: activity}\n"
	"  job: {type: job}\n"
	"runs:\n"
	"  weekly:\n"
	"    record: checkin\n"
	"    questions:\n"
	"      - mood\n"
	"      - {ask: job, when: person.path == job}\n"
	"      - {ask: trouble, when: job == same}\n"
	"      - {ask: days, when: person.path != job}\n"
	"    then: bye\n"
	"  m3:\n"
	"    record: survey\n"
	"    kind: m3\n"
	"    questions: [activity, {ask: income, when: \"activity in (running, partly)\"}, tools, "
	"worst]\n"
	"    then: thanks\n"
	"  monthly: {record: survey, kind: monthly, questions: [activity, worst], then: thanks}\n"
	"  jobs:\n"
	"    record: survey\n"
	"    kind: job\n"
	"    questions: [job, {ask: days, when: person.phase == pre}]\n"
	"    then: thanks\n"
	"nodes:\n"
	"  gate:\n"
	"    branch:\n"
	"      - {when: resume.possible, go: again}\n"
	"      - {when: run.due, go: due}\n"
	"    else: home\n"
	"  again:\n"
	"    menu: \"?\"\n"
	"    options:\n"
	"      - {say: \"on\", go: $resume}\n"
	"      - {say: \"first\", do: {checkin.restart: {}}, go: $resume}\n"
	"      - {say: \"home\", key: \"0\", go: home}\n"
	"  due:\n"
	"    menu: \"{q} questions\"\n"
	"    options: [{say: \"go\", go: which}, {say: \"later\", go: home}]\n"
	"  which:\n"
	"    branch:\n"
	"      - {when: survey.first and survey.due == m3, go: m3}\n"
	"      - {when: survey.first and survey.due == monthly, go: monthly}\n"
	"    else: weekly\n"
	"  home:\n"
	"    menu: \"home\"\n"
	"    options:\n"
	"      - {say: \"week\", go: weekly}\n"
	"      - {say: \"three\", go: m3}\n"
	"      - {say: \"month\", go: monthly}\n"
	"      - {say: \"job\", go: jobs}\n"
	"      - {say: \"further\", do: {checkin.again: {}}, go: monthly}\n"
	"  mood:\n"
	"    menu: \"mood\"\n"
	"    into: mood\n"
	"    options: [{say: \"a\", answer: good}, {say: \"b\", answer: so_so}]\n"
	"  job:\n"
	"    menu: \"job\"\n"
	"    into: job\n"
	"    options:\n"
	"      - {say: \"a\", answer: same}\n"
	"      - {say: \"b\", answer: changed}\n"
	"      - {say: \"c\", answer: ended, do: {job.end: {reason: own}}}\n"
	"  trouble:\n"
	"    menu: \"trouble\"\n"
	"    into: job_mood\n"
	"    options: [{say: \"a\", answer: ok}, {say: \"b\", answer: big_issue}]\n"
	"  days:\n"
	"    menu: \"days\"\n"
	"    into: days_worked\n"
	"    options: [{say: \"a\", answer: \"0\"}, {say: \"b\", answer: \"1_2\"}]\n"
	"  activity:\n"
	"    menu: \"activity\"\n"
	"    into: activity\n"
	"    options: [{say: \"a\", answer: running}, {say: \"b\", answer: stopped}]\n"
	"  income:\n"
	"    menu: \"income\"\n"
	"    into: income_band\n"
	"    options: [{say: \"a\", answer: zero}, {say: \"b\", answer: gt3000}]\n"
	"  tools:\n"
	"    menu: \"tools\"\n"
	"    into: equipment\n"
	"    options:\n"
	"      - {say: \"a\", answer: ok}\n"
	"      - {say: \"b\", answer: broken, do: {equipment.state: {state: broken}}, go: aside}\n"
	"  aside:\n"
	"    menu: \"aside\"\n"
	"    go: $question\n"
	"    options:\n"
	"      - {say: \"a\", do: {need.ensure: {category: equipment, urgency: today}}}\n"
	"      - {say: \"b\"}\n"
	"    resumable: yes\n"
	"  worst:\n"
	"    menu: \"worst\"\n"
	"    into: obstacle\n"
	"    options: [{say: \"a\", answer: none}, {say: \"more\", key: \"9\", go: worst2}]\n"
	"  worst2:\n"
	"    menu: \"worst, on\"\n"
	"    continues: worst\n"
	"    options: [{say: \"a\", answer: permit}, {say: \"back\", key: \"0\", go: worst}]\n"
	"  thanks: {end: \"thanks\"}\n"
	"  bye: {end: \"bye\"}\n";

static int
setup(void **state)
{
	struct desk *d = desk_new(desk_menus(tree, NULL));

	desk_person(d);
	d->snap.checkin = (struct snap_run){0};
	strcpy(d->snap.path, "micro_project");
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	desk_free(*state);
	return 0;
}

#define RUN_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* Types one key after the other. */
static void
type_all(struct desk *d, const char *keys)
{
	for (; *keys != '\0'; keys++)
		desk_type(d, (const char[]){*keys, '\0'});
}

static void
survey_due(struct desk *d, const char *kind)
{
	d->snap.survey = (struct snap_run){.row = 11, .due_at = DESK_NOW - 600};
	strcpy(d->snap.survey.kind, kind);
}

static void
assert_answer(const struct desk *d, int64_t row, const char *field, const char *word, bool done)
{
	const struct effect *e = desk_the(d, EFFECT_SURVEY_ANSWER);

	assert_true(e->number == row);
	assert_string_equal(e->field, field);
	assert_true(str_is(e->word, word));
	assert_int_equal(e->done, done);
}

/* ---- Which questions ---- */

static void
session_run__a_question_whose_condition_does_not_hold_is_not_asked(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "12"); /* stopped */
	assert_string_equal(desk_at(d), "tools");
}

static void
session_run__a_question_that_begins_to_apply_is_asked(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "11"); /* running */
	assert_string_equal(desk_at(d), "income");
	assert_answer(d, 11, "activity", "running", false);
}

static void
session_run__it_is_done_when_nothing_that_applies_is_open(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "121");
	assert_answer(d, 11, "equipment", "ok", false);
	type_all(d, "1");
	assert_answer(d, 11, "obstacle", "none", true);
	assert_string_equal(desk_at(d), "thanks");
	assert_true(d->out.ended);
	assert_true(d->snap.project_done);
}

/* The last question there was lets another one apply: the run is not done yet. */
static void
session_run__an_answer_that_brings_a_question_is_not_the_last(void **state)
{
	struct desk *d = *state;

	strcpy(d->snap.path, "job");
	d->snap.has_job = true;
	desk_begin(d, "");
	type_all(d, "111"); /* good; same */
	assert_false(desk_the(d, EFFECT_CHECKIN_ANSWER)->done);
	assert_string_equal(desk_at(d), "trouble");
	type_all(d, "1");
	assert_true(desk_the(d, EFFECT_CHECKIN_ANSWER)->done);
}

/* What an option does may bring a question, too. */
static void
session_run__what_comes_with_an_answer_counts_before_it_is_the_last(void **state)
{
	struct desk *d = *state;

	strcpy(d->snap.path, "job");
	d->snap.has_job = true;
	desk_begin(d, "");
	type_all(d, "43"); /* ended: from now on before a job */
	assert_non_null(desk_effect(d, EFFECT_JOB_END));
	assert_answer(d, 2001, "job", "ended", false);
	assert_string_equal(desk_at(d), "days");
	type_all(d, "1");
	assert_answer(d, 2001, "days_worked", "0", true);
}

static void
session_run__answers_of_an_earlier_round_decide_nothing(void **state)
{
	struct desk *d = *state;

	d->st.vars[menu_var_find(d->menus, STR_LIT("activity"))] = STR_LIT("running");
	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "1");
	assert_true(d->st.vars[menu_var_find(d->menus, STR_LIT("activity"))].n == 0);
}

/* ---- How many ---- */

static void
session_run__left_counts_what_applies_now(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	assert_string_equal(desk_at(d), "due");
	assert_true(str_is(desk_fact(d, MENU_FACT_RUN_LEFT), "3"));
	type_all(d, "11");
	assert_true(str_is(desk_fact(d, MENU_FACT_RUN_LEFT), "3")); /* income came in */
	type_all(d, "1");
	assert_true(str_is(desk_fact(d, MENU_FACT_RUN_LEFT), "2"));
}

static void
session_run__left_leaves_out_what_is_answered_already(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_answered(&d->snap.survey, "activity", "running");
	desk_answered(&d->snap.survey, "equipment", "ok");
	desk_begin(d, "");
	assert_true(str_is(desk_fact(d, MENU_FACT_RUN_LEFT), "2")); /* income and worst */
	type_all(d, "1");
	assert_string_equal(desk_at(d), "income");
}

static void
session_run__left_is_of_the_run_that_comes_first(void **state)
{
	struct desk *d = *state;

	survey_due(d, "monthly");
	d->snap.checkin = (struct snap_run){.row = 5, .due_at = DESK_NOW - 700};
	strcpy(d->snap.path, "undecided");
	desk_begin(d, "");
	desk_answered(&d->snap.checkin, "mood", "good");
	assert_true(str_is(desk_fact(d, MENU_FACT_RUN_LEFT), "1"));
	assert_true(desk_fact(d, MENU_FACT_SURVEY_FIRST).n == 0);
	d->snap.survey.due_at = DESK_NOW - 800;
	assert_true(str_is(desk_fact(d, MENU_FACT_RUN_LEFT), "2"));
	assert_true(desk_fact(d, MENU_FACT_SURVEY_FIRST).n > 0);
}

/* ---- Where answers go ---- */

static void
session_run__one_begun_alone_gets_its_row_with_the_first_answer(void **state)
{
	struct desk *d = *state;

	desk_begin(d, "");
	type_all(d, "3");
	assert_int_equal(d->out.effects.n, 0);
	type_all(d, "2");
	assert_true(desk_the(d, EFFECT_SURVEY_OPEN)->number == 2001);
	assert_true(str_is(desk_the(d, EFFECT_SURVEY_OPEN)->word, "monthly"));
	assert_answer(d, 2001, "activity", "stopped", false);
	type_all(d, "1");
	assert_null(desk_effect(d, EFFECT_SURVEY_OPEN));
	assert_answer(d, 2001, "obstacle", "none", true);
}

/* The one that is due is of another kind: it stays due, with what it has. */
static void
session_run__what_is_due_stays_beside_another_kind(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_answered(&d->snap.survey, "equipment", "ok");
	desk_begin(d, "");
	type_all(d, "232"); /* later; monthly */
	assert_answer(d, 2001, "activity", "stopped", false);
	assert_true(d->snap.survey.row == 11 && d->snap.survey.n_answers == 1);
	assert_true(str_is(desk_fact(d, MENU_FACT_SURVEY_DUE), "m3"));
	type_all(d, "1");
	assert_answer(d, 2001, "obstacle", "none", true);
	assert_false(d->snap.survey.done);
}

static void
session_run__a_further_round_makes_a_row_of_its_own(void **state)
{
	struct desk *d = *state;

	desk_begin(d, "");
	type_all(d, "311");
	assert_true(d->out.ended);
	state_init(&d->st);
	d->st.person = 7;
	desk_begin(d, "");
	type_all(d, "52");
	assert_true(desk_the(d, EFFECT_SURVEY_OPEN)->number == 2002);
	assert_answer(d, 2002, "activity", "stopped", false);
}

static void
session_run__a_further_page_answers_its_question(void **state)
{
	struct desk *d = *state;

	desk_begin(d, "");
	type_all(d, "319");
	assert_string_equal(desk_at(d), "worst2");
	type_all(d, "0");
	assert_string_equal(desk_at(d), "worst");
	type_all(d, "91");
	assert_answer(d, 2001, "obstacle", "permit", true);
	assert_string_equal(desk_at(d), "thanks");
}

static void
session_run__an_option_may_lead_aside_and_back(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "122");
	assert_string_equal(desk_at(d), "aside");
	assert_answer(d, 11, "equipment", "broken", false);
	assert_true(str_is(desk_the(d, EFFECT_EQUIPMENT)->word, "broken"));
	type_all(d, "1");
	assert_true(str_is(desk_the(d, EFFECT_NEED_OPEN)->urgency, "today"));
	assert_string_equal(desk_at(d), "worst");
}

/* ---- A call that broke off ---- */

static void
session_run__a_survey_goes_on_at_its_open_question(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "12");
	desk_drop(d);
	assert_string_equal(desk_at(d), "again");
	type_all(d, "1");
	assert_string_equal(desk_at(d), "tools");
	type_all(d, "1");
	assert_answer(d, 11, "equipment", "ok", false);
}

/* Answered meanwhile, by a call of another phone: not asked again. */
static void
session_run__nothing_is_asked_twice(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "12");
	desk_answered(&d->snap.survey, "equipment", "ok");
	desk_drop(d);
	type_all(d, "1");
	assert_string_equal(desk_at(d), "worst");
}

static void
session_run__from_a_further_page_it_goes_on_at_the_question(void **state)
{
	struct desk *d = *state;

	desk_begin(d, "");
	type_all(d, "319");
	assert_string_equal(desk_at(d), "worst2");
	assert_true(live_is_resumable(d->menus, &d->st));
	desk_drop(d);
	type_all(d, "1");
	assert_string_equal(desk_at(d), "worst");
}

static void
session_run__a_side_page_keeps_its_run(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "122");
	desk_drop(d);
	type_all(d, "1");
	assert_string_equal(desk_at(d), "aside");
	type_all(d, "2");
	assert_string_equal(desk_at(d), "worst");
	type_all(d, "1");
	assert_answer(d, 11, "obstacle", "none", true);
}

/* A row that is read no more (of last week, or too old): what was answered is still known. */
static void
session_run__a_side_page_keeps_a_row_that_is_not_due_any_more(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "122");
	d->snap.survey = (struct snap_run){0};
	desk_drop(d);
	type_all(d, "12");
	assert_string_equal(desk_at(d), "worst");
	type_all(d, "1");
	assert_null(desk_effect(d, EFFECT_SURVEY_OPEN));
	assert_answer(d, 11, "obstacle", "none", true);
}

/* The row that was begun is not the one that is due first: it goes on all the same. */
static void
session_run__the_row_that_was_begun_goes_on(void **state)
{
	struct desk *d = *state;

	desk_begin(d, "");
	type_all(d, "31");
	assert_answer(d, 2001, "activity", "running", false);
	d->snap.begun = d->snap.survey;
	survey_due(d, "m3");
	desk_drop(d);
	type_all(d, "1");
	assert_string_equal(desk_at(d), "worst");
	type_all(d, "1");
	assert_null(desk_effect(d, EFFECT_SURVEY_OPEN));
	assert_answer(d, 2001, "obstacle", "none", true);
}

static void
session_run__one_that_is_done_meanwhile_is_not_gone_on_with(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "12");
	d->snap.begun = d->snap.survey;
	d->snap.begun.done = true;
	d->snap.survey = (struct snap_run){0};
	desk_drop(d);
	type_all(d, "1");
	assert_string_equal(desk_at(d), "home");
}

static void
session_run__from_the_first_asks_all_again_in_the_same_row(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	d->snap.checkin = (struct snap_run){.row = 5, .due_at = DESK_NOW};
	desk_answered(&d->snap.checkin, "mood", "good");
	desk_begin(d, "");
	type_all(d, "121");
	desk_drop(d);
	type_all(d, "2");
	assert_string_equal(desk_at(d), "activity");
	type_all(d, "1");
	assert_null(desk_effect(d, EFFECT_SURVEY_OPEN));
	assert_answer(d, 11, "activity", "running", false);
	assert_string_equal(desk_at(d), "income");
	assert_int_equal(d->snap.checkin.n_answers,
			 1); /* another run than the one that broke off */
}

static void
session_run__from_the_first_leaves_a_side_page_too(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "122");
	desk_drop(d);
	type_all(d, "2");
	assert_string_equal(desk_at(d), "activity");
}

/* Somebody answered all of it meanwhile: what is due still is asked, and no second row is made. */
static void
session_run__from_the_first_of_what_is_done_is_what_is_due(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	d->snap.checkin = (struct snap_run){.row = 5, .due_at = DESK_NOW};
	desk_begin(d, "");
	type_all(d, "12");
	d->snap.begun = d->snap.survey;
	d->snap.begun.done = true;
	d->snap.survey = (struct snap_run){0};
	desk_drop(d);
	type_all(d, "2");
	assert_string_equal(desk_at(d), "mood");
	type_all(d, "1");
	assert_true(desk_the(d, EFFECT_CHECKIN_ANSWER)->number == 5);
}

static void
session_run__from_the_first_of_a_page_of_no_run_is_what_is_due(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	d->st.node = menu_find(d->menus, STR_LIT("aside"));
	desk_drop(d);
	type_all(d, "2");
	assert_string_equal(desk_at(d), "activity");
}

static void
session_run__a_further_round_that_broke_off_twice_goes_on(void **state)
{
	struct desk *d = *state;

	d->snap.project_done = true;
	desk_begin(d, "");
	type_all(d, "5");
	for (int i = 0; i < 2; i++) {
		assert_string_equal(desk_at(d), "activity");
		desk_drop(d);
		assert_string_equal(desk_at(d), "again");
		type_all(d, "1");
	}
	assert_string_equal(desk_at(d), "activity");
}

/* ---- Behind a PIN ---- */

/* The PIN was given when the call broke off; now there is none, as staff took it away. */
static void
session_run__a_place_behind_a_pin_is_not_gone_back_to_without_it(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	d->st.flags = SESSION_PIN_GIVEN;
	desk_begin(d, "");
	type_all(d, "12");
	desk_drop(d);
	d->st.person = 7;
	d->st.flags = 0;
	desk_begin(d, "");
	assert_string_equal(desk_at(d), "due");
	d->st.flags = SESSION_PIN_GIVEN;
	desk_begin(d, "");
	assert_string_equal(desk_at(d), "again");
}

/* Somebody else of the same number dials next. */
static void
session_run__another_person_is_not_asked_to_go_on(void **state)
{
	struct desk *d = *state;

	survey_due(d, "m3");
	desk_begin(d, "");
	type_all(d, "12");
	d->snap.person = 8;
	desk_drop(d);
	assert_string_equal(desk_at(d), "due");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(session_run__a_question_whose_condition_does_not_hold_is_not_asked),
		RUN_TEST(session_run__a_question_that_begins_to_apply_is_asked),
		RUN_TEST(session_run__it_is_done_when_nothing_that_applies_is_open),
		RUN_TEST(session_run__an_answer_that_brings_a_question_is_not_the_last),
		RUN_TEST(session_run__what_comes_with_an_answer_counts_before_it_is_the_last),
		RUN_TEST(session_run__answers_of_an_earlier_round_decide_nothing),
		RUN_TEST(session_run__left_counts_what_applies_now),
		RUN_TEST(session_run__left_leaves_out_what_is_answered_already),
		RUN_TEST(session_run__left_is_of_the_run_that_comes_first),
		RUN_TEST(session_run__one_begun_alone_gets_its_row_with_the_first_answer),
		RUN_TEST(session_run__what_is_due_stays_beside_another_kind),
		RUN_TEST(session_run__a_further_round_makes_a_row_of_its_own),
		RUN_TEST(session_run__a_further_page_answers_its_question),
		RUN_TEST(session_run__an_option_may_lead_aside_and_back),
		RUN_TEST(session_run__a_survey_goes_on_at_its_open_question),
		RUN_TEST(session_run__nothing_is_asked_twice),
		RUN_TEST(session_run__from_a_further_page_it_goes_on_at_the_question),
		RUN_TEST(session_run__a_side_page_keeps_its_run),
		RUN_TEST(session_run__a_side_page_keeps_a_row_that_is_not_due_any_more),
		RUN_TEST(session_run__the_row_that_was_begun_goes_on),
		RUN_TEST(session_run__one_that_is_done_meanwhile_is_not_gone_on_with),
		RUN_TEST(session_run__from_the_first_asks_all_again_in_the_same_row),
		RUN_TEST(session_run__from_the_first_leaves_a_side_page_too),
		RUN_TEST(session_run__from_the_first_of_what_is_done_is_what_is_due),
		RUN_TEST(session_run__from_the_first_of_a_page_of_no_run_is_what_is_due),
		RUN_TEST(session_run__a_further_round_that_broke_off_twice_goes_on),
		RUN_TEST(session_run__a_place_behind_a_pin_is_not_gone_back_to_without_it),
		RUN_TEST(session_run__another_person_is_not_asked_to_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
