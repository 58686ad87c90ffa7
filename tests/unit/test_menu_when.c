/* Conditions: what they say of the values at hand. Their faults are in test_menu_load.c. */
#include "menu/menu_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* A menu whose one branch has the condition; NULL when it is refused. */
static struct menu_set *
set_of(const char *condition)
{
	struct arena *a = arena_new(0);
	struct err *err = err_new();
	struct menu_set *set = NULL;
	char *text = arena_printf(a,
				  "wasl: 1\nid: t\nlanguages: [fr]\nstart: s\n"
				  "special: {wrong: \"x\", busy: e, leave: e}\n"
				  "vars:\n  mood: {type: mood}\n  note: {type: text}\n"
				  "  days: {type: int}\n  born: {type: date}\n"
				  "  size: {type: choice, words: [small, large]}\n"
				  "  sure: {type: yesno}\n"
				  "nodes:\n  s: {branch: [{when: \"%s\", go: e}], else: e}\n"
				  "  e: {end: \"e\"}\n",
				  condition);
	struct menu_file file = {"main.yaml", str_of(text)};

	if (menu_load_memory(&file, 1, NULL, &set, err) != 0)
		set = NULL;
	err_free(err);
	arena_free(a);
	return set;
}

static bool
holds(const char *condition, const struct menu_values *values)
{
	struct menu_set *set = set_of(condition);

	assert_non_null(set);
	bool held = menu_when_holds(&menu_node(set, menu_start(set))->conditions[0], values);
	menu_drop(set);
	return held;
}

static struct menu_values
known(const char *mood)
{
	struct menu_values v = {.facts[0] = STR_NONE};

	v.facts[MENU_FACT_LINK_KNOWN] = STR_LIT("yes");
	v.vars[0] = str_of(mood);
	return v;
}

static void
menu_when__a_name_asks_whether_it_is_there(void **state)
{
	struct menu_values v = known(NULL);

	(void)state;
	assert_true(holds("link.known", &v));
	assert_false(holds("not link.known", &v));
	assert_false(holds("pin.set", &v));
	assert_true(holds("not pin.set", &v));
	assert_true(holds("not mood", &v));
}

static void
menu_when__words_are_compared(void **state)
{
	struct menu_values v = known("good");

	(void)state;
	assert_true(holds("mood == good", &v));
	assert_false(holds("mood != good", &v));
	assert_false(holds("mood == so_so", &v));
	assert_true(holds("mood in (so_so, good)", &v));
	assert_false(holds("mood in (so_so,need_help)", &v));
}

static void
menu_when__an_absent_value_equals_nothing(void **state)
{
	struct menu_values v = known(NULL);

	(void)state;
	assert_false(holds("mood == good", &v));
	assert_true(holds("mood != good", &v));
	assert_false(holds("mood in (good, so_so)", &v));
}

static void
menu_when__numbers_are_compared_as_numbers(void **state)
{
	struct menu_values v = known(NULL);

	(void)state;
	v.vars[2] = STR_LIT("010");
	assert_true(holds("days > 9", &v));
	assert_true(holds("days >= 10 and days <= 10 and days == 10", &v));
	assert_false(holds("days < 10", &v));
	assert_false(holds("days != 10", &v));
	assert_true(holds("days in (9, 10)", &v));
	v.vars[2] = STR_LIT("many");
	assert_false(holds("days >= 0", &v));
}

static void
menu_when__days_are_compared_as_days(void **state)
{
	struct menu_values v = known(NULL);

	(void)state;
	v.vars[3] = STR_LIT("2009-12-31");
	assert_true(holds("born < 2010-01-01", &v));
	assert_false(holds("born > 2009-12-31", &v));
	assert_true(holds("born >= 2009-12-31", &v));
	assert_true(holds("born == 2009-12-31", &v));
}

static void
menu_when__an_absent_number_is_neither_less_nor_more(void **state)
{
	struct menu_values v = known(NULL);

	(void)state;
	assert_false(holds("days < 5", &v));
	assert_false(holds("days >= 5", &v));
}

static void
menu_when__facts_and_choices_that_are_words_are_compared(void **state)
{
	struct menu_values v = known(NULL);

	(void)state;
	v.facts[MENU_FACT_SURVEY_DUE] = STR_LIT("m6");
	v.vars[4] = STR_LIT("large");
	v.vars[5] = STR_LIT("no");
	assert_true(holds("survey.due == m6", &v));
	assert_true(holds("survey.due", &v));
	assert_false(holds("person.path == job", &v));
	assert_true(holds("size != small and sure == no", &v));
}

static void
menu_when__and_needs_every_part(void **state)
{
	struct menu_values v = known("good");

	(void)state;
	assert_true(holds("link.known and mood == good", &v));
	assert_false(holds("link.known and mood == good and pin.set", &v));
	assert_true(holds("not pin.set and mood in (good) and link.known", &v));
}

static void
menu_when__no_condition_always_holds(void **state)
{
	struct menu_values v = known(NULL);

	(void)state;
	assert_true(menu_when_holds(&(struct menu_when){.n = 0}, &v));
}

static void
menu_when__what_is_no_condition_is_refused(void **state)
{
	static const char *const bad[] = {"",
					  "not",
					  "and",
					  "mood ==",
					  "mood == good and",
					  "mood = good",
					  "mood < good",
					  "mood in ()",
					  "mood in (good",
					  "mood in good",
					  "1 == 1",
					  "note == x",
					  "link.known == yes",
					  "not not mood",
					  "mood good",
					  "(mood)",
					  "mood <= so_so",
					  "days < three",
					  "days < 2010-01-01",
					  "days > -1",
					  "born > 5",
					  "born > 2010-1-1",
					  "born > 2010-02-32",
					  "not days < 5",
					  "days =< 5",
					  "size == huge",
					  "survey.due == job_survey",
					  "survey.first == yes",
					  "days < 99999999999999999999",
					  "mood == good or pin.set"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct menu_set *set = set_of(bad[i]);

		if (set != NULL)
			fail_msg("'%s' was taken", bad[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_when__a_name_asks_whether_it_is_there),
		cmocka_unit_test(menu_when__words_are_compared),
		cmocka_unit_test(menu_when__an_absent_value_equals_nothing),
		cmocka_unit_test(menu_when__numbers_are_compared_as_numbers),
		cmocka_unit_test(menu_when__days_are_compared_as_days),
		cmocka_unit_test(menu_when__an_absent_number_is_neither_less_nor_more),
		cmocka_unit_test(menu_when__facts_and_choices_that_are_words_are_compared),
		cmocka_unit_test(menu_when__and_needs_every_part),
		cmocka_unit_test(menu_when__no_condition_always_holds),
		cmocka_unit_test(menu_when__what_is_no_condition_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
