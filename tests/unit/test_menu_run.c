/* Runs and their questions as a session sees them once they are loaded, in the good menu beside the
 * spoilt ones. */
#include "test_menu_base.h"

static const struct menu_run *
run(const char *name)
{
	for (uint16_t i = 0; i < menu_run_count(set); i++)
		if (str_is(menu_run(set, i)->name, name))
			return menu_run(set, i);
	fail_msg("no run %s", name);
	return NULL;
}

static struct menu_values
nothing_known(void)
{
	return (struct menu_values){.facts[0] = STR_NONE};
}

static void
menu_run__a_survey_has_its_kind_and_a_checkin_none(void **state)
{
	(void)state;
	assert_int_equal(run("m3")->record, RECORD_SURVEY);
	assert_true(str_is(run("m3")->kind, "m3"));
	assert_int_equal(run("week")->record, RECORD_CHECKIN);
	assert_int_equal(run("week")->kind.n, 0);
}

static void
menu_run__questions_come_in_order_with_their_conditions(void **state)
{
	struct menu_values v = nothing_known();
	const struct menu_run *m3 = run("m3");
	int activity = menu_var_find(set, STR_LIT("activity"));

	(void)state;
	assert_int_equal(m3->n_questions, 3);
	assert_int_equal(m3->questions[1].node, id("e4"));
	assert_true(menu_when_holds(&m3->questions[0].when, &v));
	assert_false(menu_when_holds(&m3->questions[1].when, &v));
	v.vars[activity] = STR_LIT("running");
	assert_true(menu_when_holds(&m3->questions[1].when, &v));
	v.vars[activity] = STR_LIT("stopped");
	assert_false(menu_when_holds(&m3->questions[1].when, &v));
}

static void
menu_run__word_facts_are_compared_in_conditions(void **state)
{
	struct menu_values v = nothing_known();
	const struct menu_when *when = &run("week")->questions[1].when;

	(void)state;
	assert_false(menu_when_holds(when, &v));
	v.facts[MENU_FACT_PERSON_PATH] = STR_LIT("job");
	assert_true(menu_when_holds(when, &v));
}

static void
menu_run__options_without_a_target_lead_to_the_next_question(void **state)
{
	(void)state;
	assert_int_equal(node("e4")->options[0].go.kind, GO_QUESTION);
	assert_int_equal(node("e4")->options[1].go.kind, GO_NODE);
	assert_int_equal(node("e4")->options[1].go.id, id("e8"));
	assert_true(str_is(node("e4")->options[1].answer, "broken"));
}

static void
menu_run__a_further_page_answers_for_its_question(void **state)
{
	const struct menu_node *further = node("e6b");

	(void)state;
	assert_int_equal(further->question, id("e6a"));
	assert_int_equal(node("e6a")->question, id("e6a"));
	assert_true(str_is(further->field, "obstacle"));
	assert_int_equal(further->options[0].go.kind, GO_QUESTION);
	assert_int_equal(further->options[1].go.id, id("e6a"));
	assert_true(further->resumable);
}

static void
menu_run__other_pages_are_no_questions(void **state)
{
	(void)state;
	assert_int_equal(node("e8")->question, MENU_NO_NODE);
	assert_int_equal(node("home")->question, MENU_NO_NODE);
	assert_false(node("home")->resumable);
}

static void
menu_run__a_question_knows_the_variable_of_its_field(void **state)
{
	(void)state;
	assert_int_equal(node("e1")->into, menu_var_find(set, STR_LIT("activity")));
	assert_int_equal(node("e4")->into, MENU_NO_VAR);
}

/* One question in two runs, with other conditions in each. */
static void
menu_run__runs_may_share_a_question(void **state)
{
	static const char text[] =
		"wasl: 1\nid: t\nlanguages: [fr]\nstart: s\n"
		"special: {wrong: \"x\", busy: e, leave: e}\nvars:\n  job: {type: job}\n"
		"runs:\n  a: {record: checkin, questions: [f1, f2], then: e}\n"
		"  b: {record: survey, kind: job, questions: [f1, {ask: f2, when: job == same}], "
		"then: e}\n"
		"nodes:\n  s: {branch: [{when: run.due, go: a}], else: b}\n  e: {end: \"e\"}\n"
		"  f1: {menu: \"?\", into: job, options: [{say: \"x\", answer: same}]}\n"
		"  f2: {menu: \"?\", into: job_mood, options: [{say: \"x\", answer: ok}]}\n";
	struct menu_file file = {"main.yaml", STR_LIT(text)};
	struct menu_values v = nothing_known();
	struct err *err = err_new();
	struct menu_set *two;

	(void)state;
	int rc = menu_load_memory(&file, 1, NULL, &two, err);
	err_print(err, stderr);
	err_free(err);
	assert_int_equal(rc, 0);
	assert_int_equal(menu_run(two, 0)->questions[1].node, menu_run(two, 1)->questions[1].node);
	assert_true(menu_when_holds(&menu_run(two, 0)->questions[1].when, &v));
	assert_false(menu_when_holds(&menu_run(two, 1)->questions[1].when, &v));
	menu_drop(two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_run__a_survey_has_its_kind_and_a_checkin_none),
		cmocka_unit_test(menu_run__questions_come_in_order_with_their_conditions),
		cmocka_unit_test(menu_run__word_facts_are_compared_in_conditions),
		cmocka_unit_test(menu_run__options_without_a_target_lead_to_the_next_question),
		cmocka_unit_test(menu_run__a_further_page_answers_for_its_question),
		cmocka_unit_test(menu_run__other_pages_are_no_questions),
		cmocka_unit_test(menu_run__a_question_knows_the_variable_of_its_field),
		cmocka_unit_test(menu_run__runs_may_share_a_question),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
