/* Holes: filled, left out without a gap, and cut where a value is over its longest. */
#include "menu/menu_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define LRM "\xE2\x80\x8E"

enum { AR, FR };

/* The text of the end page, in both languages, filled. */
static void
filled_is(unsigned lang, const char *text, const struct menu_values *values, const char *want)
{
	struct arena *a = arena_new(0);
	struct err *err = err_new();
	struct menu_set *set;
	char *main =
		arena_printf(a,
			     "wasl: 1\nid: t\nlanguages: [ar, fr]\nstart: e\n"
			     "special: {wrong: \"x\", busy: e, leave: e}\n"
			     "vars:\n  name: {from: person.name}\n  ussd: {from: channel.code}\n"
			     "  n: {from: need.number}\n  note: {type: text, max: 6}\n"
			     "  born: {type: date}\n  days: {type: int}\n"
			     "nodes:\n  e: {end: \"%s\"}\n",
			     text);
	struct menu_file file = {"main.yaml", str_of(main)};

	assert_int_equal(menu_load_memory(&file, 1, NULL, &set, err), 0);
	struct str got =
		menu_fill(set, &menu_node(set, menu_start(set))->say.of[lang], lang, values, a);
	if (!str_is(got, want))
		fail_msg("'%s' gave '%.*s', not '%s'", text, STR_ARG(got), want);
	menu_drop(set);
	err_free(err);
	arena_free(a);
}

static struct menu_values
named(const char *name)
{
	struct menu_values v = {.facts[0] = STR_NONE};

	v.facts[MENU_FACT_PERSON_NAME] = str_of(name);
	return v;
}

static void
menu_fill__a_day_is_shown_with_slashes(void **state)
{
	struct menu_values v = named("Nadia");

	(void)state;
	v.vars[1] = STR_LIT("2001-09-05");
	v.vars[2] = STR_LIT("7");
	filled_is(FR, "Le {born}: {days}", &v, "Le 05/09/2001: 7");
	filled_is(AR, "{born}", &v, "05/09/2001");
	v.vars[1] = STR_LIT("demain");
	filled_is(FR, "Le {born}", &v, "Le demain");
}

static void
menu_fill__a_value_takes_the_place_of_its_hole(void **state)
{
	struct menu_values v = named("Nadia");

	(void)state;
	filled_is(FR, "Bonjour {name}!", &v, "Bonjour Nadia!");
	filled_is(FR, "{name}{name}", &v, "NadiaNadia");
	v.vars[0] = STR_LIT("abc");
	filled_is(FR, "Mot: {note}", &v, "Mot: abc");
}

static void
menu_fill__an_absent_value_takes_what_stands_before_it(void **state)
{
	struct menu_values v = named(NULL);

	(void)state;
	filled_is(FR, "Bonjour {name}, ici", &v, "Bonjour, ici");
	filled_is(FR, "Un.\\n{name}\\nDeux.", &v, "Un.\nDeux.");
	filled_is(FR, "Demande: {name}\\nSuite", &v, "Demande\nSuite");
	filled_is(FR, "Demande:{name}", &v, "Demande:");
	filled_is(FR, "a  {name}b", &v, "a b");
}

static void
menu_fill__an_absent_first_word_takes_the_blank_after_it(void **state)
{
	struct menu_values v = named(NULL);

	(void)state;
	filled_is(FR, "{name} bonjour", &v, "bonjour");
	filled_is(FR, "{name}\\nbonjour", &v, "bonjour");
	filled_is(FR, "{name}", &v, "");
}

static void
menu_fill__an_empty_value_is_an_absent_one(void **state)
{
	struct menu_values v = named("");

	(void)state;
	filled_is(FR, "Bonjour {name}.", &v, "Bonjour.");
}

static void
menu_fill__a_value_too_long_is_cut_at_a_blank_or_left_out(void **state)
{
	struct menu_values v = named("Fatima Zahra");

	(void)state;
	filled_is(FR, "Merci {name}.", &v, "Merci Fatima.");
	v = named("Abdelmoughite");
	filled_is(FR, "Merci {name}.", &v, "Merci.");
	v = named("Abdelkader");
	filled_is(FR, "Merci {name}.", &v, "Merci Abdelkader.");
	v = named("Abdelkader B");
	filled_is(FR, "Merci {name}.", &v, "Merci Abdelkader.");
	v = named("فاطمة الزهراء");
	filled_is(AR, "شكرا {name}.", &v, "شكرا فاطمة.");
}

static void
menu_fill__the_service_code_keeps_its_order_in_arabic(void **state)
{
	struct menu_values v = named(NULL);

	(void)state;
	v.facts[MENU_FACT_CHANNEL_CODE] = STR_LIT("*000*1234#");
	filled_is(AR, "للعودة: {ussd}", &v, "للعودة: " LRM "*000*1234#" LRM);
	filled_is(FR, "Retour: {ussd}", &v, "Retour: *000*1234#");
	v.facts[MENU_FACT_CHANNEL_CODE] = STR_LIT("*000*12345#");
	filled_is(AR, "للعودة: {ussd}", &v, "للعودة");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_fill__a_day_is_shown_with_slashes),
		cmocka_unit_test(menu_fill__a_value_takes_the_place_of_its_hole),
		cmocka_unit_test(menu_fill__an_absent_value_takes_what_stands_before_it),
		cmocka_unit_test(menu_fill__an_absent_first_word_takes_the_blank_after_it),
		cmocka_unit_test(menu_fill__an_empty_value_is_an_absent_one),
		cmocka_unit_test(menu_fill__a_value_too_long_is_cut_at_a_blank_or_left_out),
		cmocka_unit_test(menu_fill__the_service_code_keeps_its_order_in_arabic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
