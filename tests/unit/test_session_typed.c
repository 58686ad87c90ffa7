#include "test_session_desk.h"

/* What is typed on a page: which questions take it, as what, and what leads elsewhere. */

static const char lists[] = "wasl: 1\npatterns: {crisis: ['danger'], quiet: ['later', 'anger']}\n";
static const char main_yaml[] =
	"wasl: 1\nid: t\nlanguages: [fr, en]\nstart: home\n"
	"special: {wrong: \"Non.\", busy: e, leave: e, enrolled: last}\n"
	"vars:\n"
	"  t: {type: text, max: 6, private: true}\n  d: {type: digits}\n  i: {type: int}\n"
	"  p: {type: phone, private: true}\n  c: {type: category}\n"
	"nodes:\n"
	"  home:\n    menu: \"?\"\n    options:\n"
	"      - {say: 'a', go: text}\n      - {say: 'b', go: plain}\n      - {say: 'c', go: digits}\n"
	"      - {say: 'd', go: int}\n      - {say: 'e', go: phone}\n      - {say: 'f', go: more}\n"
	"  more:\n    menu: \"?\"\n    options:\n"
	"      - {say: 'a', go: yesno}\n      - {say: 'b', go: date}\n      - {say: 'c', go: code}\n"
	"      - {say: 'd', go: pin}\n      - {say: 'e', go: new}\n      - {say: 'f', go: message}\n"
	"      - {say: 'g', go: lang}\n"
	"  text:\n    ask: \"?\"\n    input: {type: text, min: 2, max: 6}\n    into: t\n"
	"    none: {key: \"0\", go: none}\n"
	"    watch:\n      - {words: quiet, set: {c: housing}}\n      - {words: crisis, go: help}\n"
	"      - {words: quiet, go: none}\n    go: last\n"
	"  plain: {ask: \"?\", none: {key: \"0\", go: none}, go: last}\n"
	"  digits:\n    ask: \"?\"\n    input: {type: digits, min: 3, max: 4, pattern: '^1'}\n"
	"    into: d\n    go: last\n"
	"  int: {ask: \"?\", input: {type: int, min: 5, max: 10}, into: i, go: last}\n"
	"  phone: {ask: \"?\", input: {type: phone}, into: p, go: last}\n"
	"  yesno: {ask: \"?\", input: {type: yesno}, go: last}\n"
	"  date: {ask: \"?\", input: {type: date}, go: free}\n"
	"  free: {ask: \"?\", input: {type: date}, go: last}\n"
	"  code: {ask: \"?\", input: {type: digits}, check: enrolment, locked: e, go: last}\n"
	"  pin: {pin: \"?\", locked: e, go: last}\n"
	"  new: {pin: \"?\", mode: new, none: {key: \"0\", go: none}, go: last}\n"
	"  message: {message: \"!\", go: last}\n"
	"  lang: {language: {say: \"?\", names: {fr: 'x', en: 'y'}}, go: last}\n"
	"  none: {message: \"none\", go: e}\n  help: {message: \"help\", go: e}\n"
	"  last: {end: \"last\"}\n  e: {end: \"e\"}\n";

static int
setup(void **state)
{
	*state = desk_new(desk_menus(main_yaml, lists));
	return 0;
}

static int
teardown(void **state)
{
	desk_free(*state);
	return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const char *
var_of(const struct desk *d, const char *name)
{
	struct str v = d->st.vars[menu_var_find(d->menus, str_of(name))];

	return v.p == NULL ? NULL : arena_str(d->arena, v).p;
}

static void
session_typed__a_question_takes_what_it_asks_for_and_nothing_else(void **state)
{
	static const struct {
		const char *at, *typed;
		bool taken;
		const char *var, *value; /* kept; NULL: not looked at */
	} rows[] = {
		{"text", "abcde", true, "t", "abcde"},
		{"text", " a b ", true, "t", "a b"},
		{"text", "a", false, "t", NULL},
		{"text", "abcdefg", false, "t", NULL},
		{"text", "   ", false, "t", NULL},
		{"plain", "word", true, NULL, NULL},
		{"digits", "123", true, "d", "123"},
		{"digits", "١٢٣٤", true, "d", "1234"},
		{"digits", "12", false, "d", NULL},
		{"digits", "12345", false, "d", NULL},
		{"digits", "12a", false, "d", NULL},
		{"digits", "1*2", false, "d", NULL},
		{"digits", "223", false, "d", NULL},
		{"digits", "", false, "d", NULL},
		{"int", "5", true, "i", "5"},
		{"int", "10", true, "i", "10"},
		{"int", "4", false, "i", NULL},
		{"int", "11", false, "i", NULL},
		{"int", "7x", false, "i", NULL},
		{"int", "", false, "i", NULL},
		{"int", "99999999999999999999", false, "i", NULL},
		{"phone", "06 12 34 56 78", true, "p", "+212612345678"},
		{"phone", "0522000000", true, "p", "+212522000000"},
		{"phone", "12", false, "p", NULL},
		{"yesno", "1", true, NULL, NULL},
		{"yesno", "2", true, NULL, NULL},
		{"yesno", "3", false, NULL, NULL},
		{"date", "23/11", true, NULL, NULL},
		{"date", "2", false, NULL, NULL},
		{"date", "23/11/2026", true, NULL, NULL},
		{"free", "", false, NULL, NULL},
		{"free", "23/11/2026 10:00", false, NULL, NULL},
		{"message", "anything", true, NULL, NULL},
	};
	struct desk *d = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		state_init(&d->st);
		desk_put(d, rows[i].at);
		desk_type(d, rows[i].typed);
		bool wrong = d->out.face == FACE_WRONG && strcmp(desk_at(d), rows[i].at) == 0;

		if (wrong == rows[i].taken)
			fail_msg("'%s' at %s: now at %s", rows[i].typed, rows[i].at, desk_at(d));
		if (rows[i].var == NULL)
			continue;
		const char *kept = var_of(d, rows[i].var);

		if (rows[i].value == NULL)
			assert_null(kept);
		else
			assert_string_equal(kept, rows[i].value);
	}
}

/* A text too long to fold, or of no encoding we know: a wrong answer like any other. */
static void
session_typed__what_cannot_be_read_is_a_wrong_answer(void **state)
{
	struct desk *d = *state;
	char longest[4001];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	const char *const rows[] = {longest, "\xff"};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		desk_put(d, "plain");
		desk_type(d, rows[i]);
		assert_string_equal(desk_at(d), "plain");
		assert_int_equal(d->out.face, FACE_WRONG);
	}
}

static void
session_typed__the_key_for_nothing_leaves_nothing(void **state)
{
	struct desk *d = *state;

	desk_put(d, "text");
	desk_type(d, "abc");
	assert_string_equal(var_of(d, "t"), "abc");
	desk_put(d, "text");
	desk_type(d, "0");
	assert_string_equal(desk_at(d), "none");
	assert_null(var_of(d, "t"));
	desk_put(d, "plain");
	desk_type(d, "0");
	assert_string_equal(desk_at(d), "none");
}

/* The first watched word that leads somewhere leads; the others may still set something. */
static void
session_typed__a_watched_word_leads_elsewhere(void **state)
{
	static const struct {
		const char *typed, *at, *category;
	} rows[] = {
		{"hello", "last", NULL},
		{"danger", "help", "housing"},
		{"later", "none", "housing"},
	};
	struct desk *d = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		state_init(&d->st);
		desk_put(d, "text");
		desk_type(d, rows[i].typed);
		assert_string_equal(desk_at(d), rows[i].at);
		if (rows[i].category == NULL)
			assert_null(var_of(d, "c"));
		else
			assert_string_equal(var_of(d, "c"), rows[i].category);
	}
}

/* ---- PIN and code ---- */

static void
session_typed__a_page_checks_what_it_is_for(void **state)
{
	static const struct {
		const char *at, *typed;
		enum menu_check asks;
	} rows[] = {
		{"code", "123456", CHECK_ENROLMENT}, {"code", "1234", CHECK_NOTHING},
		{"code", "12345x", CHECK_NOTHING},   {"pin", "4821", CHECK_PIN},
		{"pin", "123456", CHECK_ENROLMENT}, /* a second person on this number */
		{"pin", "48", CHECK_NOTHING},        {"pin", "48x1", CHECK_NOTHING},
		{"pin", "1111", CHECK_PIN}, /* trivial ones are refused when made, not here */
		{"new", "4821", CHECK_NEW_PIN},      {"new", "1111", CHECK_NOTHING},
		{"new", "123456", CHECK_NOTHING},    {"new", "", CHECK_NOTHING},
	};
	struct desk *d = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		desk_put(d, rows[i].at);
		desk_type(d, rows[i].typed);
		if (d->out.check != rows[i].asks)
			fail_msg("'%s' at %s asks for %d", rows[i].typed, rows[i].at, d->out.check);
		assert_true(d->out.secret_input);
		assert_int_equal(d->out.face == FACE_WRONG, rows[i].asks == CHECK_NOTHING);
	}
}

static void
session_typed__menus_without_codes_take_none_at_a_pin_page(void **state)
{
	struct desk *d =
		desk_new(desk_menus("wasl: 1\nid: t\nlanguages: [fr]\nstart: pin\n"
				    "special: {wrong: \"Non.\", busy: e, leave: e}\nnodes:\n"
				    "  pin: {pin: \"?\", locked: e, go: e}\n  e: {end: \"e\"}\n",
				    NULL));

	(void)state;
	desk_begin(d, "");
	desk_type(d, "123456");
	assert_int_equal(d->out.check, CHECK_NOTHING);
	assert_int_equal(d->out.face, FACE_WRONG);
	desk_free(d);
}

static void
session_typed__who_shares_a_number_may_not_go_without_a_pin(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	desk_put(d, "new");
	desk_type(d, "0");
	assert_string_equal(desk_at(d), "none");
	d->snap.persons[d->snap.n_persons++] = (struct snap_person){.person = 8, .link = 10};
	desk_put(d, "new");
	desk_type(d, "0");
	assert_string_equal(desk_at(d), "new");
	assert_int_equal(d->out.face, FACE_WRONG);
}

/* ---- Languages ---- */

static void
session_typed__a_language_chosen_is_kept_for_a_person_we_know(void **state)
{
	struct desk *d = *state;

	desk_put(d, "lang");
	desk_type(d, "2");
	assert_string_equal(menu_lang_tag(d->menus, d->st.lang), "en");
	assert_null(desk_effect(d, EFFECT_LANG));
	desk_person(d);
	desk_put(d, "lang");
	desk_type(d, "2");
	assert_true(str_is(desk_the(d, EFFECT_LANG)->word, "en"));
	assert_string_equal(d->snap.lang, "en");
}

/* The person's language is none of these menus', or the caller chose another: that one is kept. */
static void
session_typed__the_language_of_the_call_is_kept_when_the_persons_is_not_ours(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	strcpy(d->snap.lang, "xx");
	desk_put(d, "pin");
	desk_type(d, "4821");
	desk_verdict(d, (struct step_verdict){.ok = true, .person = 7, .link = 9});
	assert_true(str_is(desk_the(d, EFFECT_LANG)->word, "fr"));
	desk_put(d, "lang");
	desk_type(d, "2");
	strcpy(d->snap.lang, "fr");
	desk_put(d, "pin");
	desk_type(d, "4821");
	desk_verdict(d, (struct step_verdict){.ok = true, .person = 7, .link = 9});
	assert_true(str_is(desk_the(d, EFFECT_LANG)->word, "en"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(session_typed__a_question_takes_what_it_asks_for_and_nothing_else),
		DESK_TEST(session_typed__what_cannot_be_read_is_a_wrong_answer),
		DESK_TEST(session_typed__the_key_for_nothing_leaves_nothing),
		DESK_TEST(session_typed__a_watched_word_leads_elsewhere),
		DESK_TEST(session_typed__a_page_checks_what_it_is_for),
		cmocka_unit_test(session_typed__menus_without_codes_take_none_at_a_pin_page),
		DESK_TEST(session_typed__who_shares_a_number_may_not_go_without_a_pin),
		DESK_TEST(session_typed__a_language_chosen_is_kept_for_a_person_we_know),
		DESK_TEST(
			session_typed__the_language_of_the_call_is_kept_when_the_persons_is_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
