/* Sub-menus: copied for each use, with the arguments put in. */
#include "test_menu_base.h"

static struct menu_values
nothing_known(void)
{
	return (struct menu_values){.facts[0] = STR_NONE};
}

static struct str
shown(uint16_t at, const char *lang, const struct menu_values *v, struct arena *a)
{
	struct menu_page page;

	assert_int_equal(menu_show(set, at, (unsigned)menu_lang_of(set, str_of(lang)), 0, FACE_PAGE,
				   v, PAGE_LIMIT_DEFAULT, a, &page),
			 0);
	return page.text;
}

static void
menu_use__the_text_given_is_shown_in_each_language(void **state)
{
	struct arena *a = arena_new(0);
	struct menu_values v = nothing_known();

	(void)state;
	v.vars[menu_var_find(set, STR_LIT("note"))] = STR_LIT("loyer");
	assert_true(str_is(shown(id("sure"), "fr", &v, a), "Noter loyer?\n1. Oui\n2. Non"));
	assert_true(str_is(shown(id("sure"), "ary-Latn", &v, a), "Nsejlo loyer?\n1. Ah\n2. La"));
	arena_free(a);
}

static void
menu_use__returns_lead_where_the_caller_says(void **state)
{
	const struct menu_node *asked = node("sure"), *kept;

	(void)state;
	assert_int_equal(asked->options[1].go.id, id("home"));
	assert_int_equal(asked->options[0].go.kind, GO_NODE);
	kept = menu_node(set, asked->options[0].go.id);
	assert_int_equal(kept->kind, MENU_RECORD);
	assert_true(str_is(kept->name, "sure/kept"));
	assert_int_equal(kept->go.id, id("leave"));
	assert_true(strstr(kept->file, "sure.yaml") != NULL);
}

static void
menu_use__arguments_reach_the_actions(void **state)
{
	const struct menu_node *kept = menu_node(set, node("sure")->options[0].go.id);

	(void)state;
	assert_int_equal(kept->dos[0].action, MENU_DO_NEED_OPEN);
	assert_true(kept->dos[0].args[0].from_var);
	assert_int_equal(kept->dos[0].args[0].var, menu_var_find(set, STR_LIT("category")));
}

static void
menu_use__nodes_inside_have_no_name_outside(void **state)
{
	(void)state;
	assert_int_equal(menu_find(set, STR_LIT("asked")), MENU_NO_NODE);
	assert_int_equal(menu_find(set, STR_LIT("kept")), MENU_NO_NODE);
}

#define NEST_MAIN                                                                                    \
	"wasl: 1\nid: t\nlanguages: [fr]\nstart: s\nparts: [a.yaml, b.yaml]\n"                       \
	"special: {wrong: \"x\", busy: e, leave: e}\nvars:\n  size: {type: choice, words: [s, l]}\n" \
	"nodes:\n  s: {use: a, with: {what: s}, out: two}\n"                                         \
	"  two: {use: a, with: {what: l}, out: e}\n  e: {end: \"e\"}\n"
#define NEST_A                                                          \
	"wasl: 1\nargs: [what]\nreturns: [out]\nstart: first\nnodes:\n" \
	"  first: {menu: \"a\", options: [{say: \"x\", go: then}]}\n"   \
	"  then: {use: b, with: {word: $what}, done: $out}\n"
#define NEST_B                                                          \
	"wasl: 1\nargs: [word]\nreturns: [done]\nstart: only\nnodes:\n" \
	"  only: {menu: \"b\", options: [{say: \"y\", set: {size: $word}, go: $done}]}\n"

static struct menu_set *
nest(const char *main_yaml, const char *a_yaml, const char *b_yaml, struct err *err)
{
	const struct menu_file files[] = {{"main.yaml", str_of(main_yaml)},
					  {"a.yaml", str_of(a_yaml)},
					  {"b.yaml", str_of(b_yaml)},
					  {"lint.yaml", STR_LIT("wasl: 1\nforbidden: []\n")}};
	struct menu_set *nested = NULL;

	return menu_load_memory(files, ARRAY_LEN(files), NULL, &nested, err) == 0 ? nested : NULL;
}

static void
menu_use__sub_menus_use_others_and_hand_their_arguments_on(void **state)
{
	struct err *err = err_new();
	struct menu_set *nested = nest(NEST_MAIN, NEST_A, NEST_B, err);

	(void)state;
	err_print(err, stderr);
	assert_non_null(nested);
	assert_int_equal(menu_node_count(nested), 5);
	const struct menu_node *s = menu_node(nested, menu_find(nested, STR_LIT("s")));
	const struct menu_node *inner = menu_node(nested, s->options[0].go.id);
	assert_true(str_is(inner->name, "s/then"));
	assert_true(str_is(inner->options[0].sets[0].word, "s"));
	assert_int_equal(inner->options[0].go.id, menu_find(nested, STR_LIT("two")));
	menu_drop(nested);
	err_free(err);
}

static void
menu_use__a_fault_of_a_sub_menu_is_told_once(void **state)
{
	struct err *err = err_new();
	static const char faulty[] =
		"wasl: 1\nargs: [word]\nreturns: [done]\nstart: only\nnodes:\n"
		"  only: {menu: \"b\", options: [{say: \"y\", set: {size: $word}, go: $doen}]}\n";

	(void)state;
	assert_null(nest(NEST_MAIN, NEST_A, faulty, err));
	assert_int_equal(err_count(err), 1);
	assert_string_equal(err_at(err, 0)->file, "b.yaml");
	err_free(err);
}

static void
menu_use__a_sub_menu_that_uses_itself_is_refused(void **state)
{
	struct err *err = err_new();
	static const char round[] = "wasl: 1\nargs: [word]\nreturns: [done]\nstart: only\nnodes:\n"
				    "  only: {use: a, with: {what: s}, out: $done}\n";

	(void)state;
	assert_null(nest(NEST_MAIN, NEST_A, round, err));
	assert_int_equal(err_count(err), 1);
	assert_non_null(strstr(err_at(err, 0)->text, "would never end"));
	err_free(err);
}

static void
menu_use__a_wrong_word_is_told_at_the_caller(void **state)
{
	struct err *err = err_new();
	static const char caller[] =
		"wasl: 1\nid: t\nlanguages: [fr]\nstart: s\nparts: [a.yaml, b.yaml]\n"
		"special: {wrong: \"x\", busy: e, leave: e}\n"
		"vars:\n  size: {type: choice, words: [s, l]}\n"
		"nodes:\n  s: {use: a, with: {what: xl}, out: e}\n  e: {end: \"e\"}\n";

	(void)state;
	assert_null(nest(caller, NEST_A, NEST_B, err));
	assert_int_equal(err_count(err), 1);
	assert_string_equal(err_at(err, 0)->file, "main.yaml");
	assert_int_equal(err_at(err, 0)->line, 10);
	assert_int_equal(err_at(err, 0)->col, 28);
	assert_non_null(strstr(err_at(err, 0)->text, "size is never xl"));
	err_free(err);
}

static void
menu_use__one_that_nobody_uses_is_told(void **state)
{
	struct err *err = err_new();
	static const char unused[] = "wasl: 1\nid: t\nlanguages: [fr]\nstart: e\n"
				     "parts: [a.yaml, b.yaml]\n"
				     "special: {wrong: \"x\", busy: e, leave: e}\n"
				     "nodes:\n  e: {end: \"e\"}\n";

	(void)state;
	assert_null(nest(unused, NEST_A, NEST_B, err));
	assert_int_equal(err_count(err), 2);
	assert_non_null(strstr(err_at(err, 0)->text, "this sub-menu is never used"));
	err_free(err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_use__the_text_given_is_shown_in_each_language),
		cmocka_unit_test(menu_use__returns_lead_where_the_caller_says),
		cmocka_unit_test(menu_use__arguments_reach_the_actions),
		cmocka_unit_test(menu_use__nodes_inside_have_no_name_outside),
		cmocka_unit_test(menu_use__sub_menus_use_others_and_hand_their_arguments_on),
		cmocka_unit_test(menu_use__a_fault_of_a_sub_menu_is_told_once),
		cmocka_unit_test(menu_use__a_sub_menu_that_uses_itself_is_refused),
		cmocka_unit_test(menu_use__a_wrong_word_is_told_at_the_caller),
		cmocka_unit_test(menu_use__one_that_nobody_uses_is_told),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
