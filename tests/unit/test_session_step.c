#include "test_session_desk.h"

/* The step by itself: pure, bounded, and true to its own effects. Whole calls are in dialogues/. */

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

/* ---- Purity ---- */

static void
assert_same_effects(const struct effects *a, const struct effects *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		const struct effect *x = &a->v[i], *y = &b->v[i];

		assert_int_equal(x->kind, y->kind);
		assert_true(x->person == y->person && x->number == y->number &&
			    x->link == y->link && x->due_at == y->due_at && x->done == y->done &&
			    x->verified == y->verified && x->duplicate_of == y->duplicate_of);
		assert_true(str_eq(x->word, y->word) && str_eq(x->urgency, y->urgency) &&
			    str_eq(x->priority, y->priority));
		assert_true(str_eq(secret_reveal(x->note), secret_reveal(y->note)));
		assert_true(phone_eq(&x->phone, &y->phone));
	}
}

static const char *const keys[] = {"1", "2", "3", "1", "1", "2", "كلمة", "9", "0", "8", "x", "4"};

/* Two desks, the same person, the same keys: the same state, effects and face at every step. */
static void
session_step__same_input_same_result(void **state)
{
	struct desk *a = *state, *b = desk_new(NULL);

	desk_person(a);
	desk_person(b);
	desk_begin(a, "");
	desk_begin(b, "");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		desk_type(a, keys[i]);
		desk_type(b, keys[i]);
		assert_true(str_eq(state_encode(&a->st, a->arena), state_encode(&b->st, b->arena)));
		assert_same_effects(&a->out.effects, &b->out.effects);
		assert_int_equal(a->out.face, b->out.face);
		assert_int_equal(a->out.ended, b->out.ended);
	}
	desk_free(b);
}

/* Decoding what was encoded and going on is the same as going on. */
static void
session_step__a_state_from_bytes_goes_on_the_same(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	desk_begin(d, "");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct session_state back;
		struct str bytes = state_encode(&d->st, d->arena);

		assert_int_equal(state_decode(bytes, d->arena, &back), W_OK);
		d->st = back;
		desk_type(d, keys[i]);
	}
	assert_string_equal(desk_at(d), "z4");
}

static void
session_step__a_page_looked_at_writes_nothing(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	desk_begin(d, "");
	assert_string_equal(desk_at(d), "c0");
	assert_int_equal(d->out.effects.n, 0);
	desk_type(d, "1");
	assert_string_equal(desk_at(d), "c1");
	assert_int_equal(d->out.effects.n, 0);
}

/* ---- Answers ---- */

static void
session_step__the_first_answer_fills_the_row_that_is_due(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	desk_begin(d, "");
	desk_type(d, "1");
	desk_type(d, "3");
	assert_null(desk_effect(d, EFFECT_CHECKIN_OPEN));
	assert_true(desk_the(d, EFFECT_CHECKIN_ANSWER)->number == 5);
	assert_string_equal(desk_the(d, EFFECT_CHECKIN_ANSWER)->field, "mood");
}

static void
session_step__without_a_due_row_the_first_answer_makes_one(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	d->snap.checkin = (struct snap_run){0};
	desk_begin(d, "");
	desk_type(d, "1");
	assert_null(desk_effect(d, EFFECT_CHECKIN_OPEN));
	desk_type(d, "1");
	assert_true(desk_the(d, EFFECT_CHECKIN_OPEN)->number == 2001);
	assert_true(desk_the(d, EFFECT_CHECKIN_ANSWER)->number == 2001);
}

static void
session_step__answers_of_this_week_are_not_asked_again(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	desk_answered(&d->snap.checkin, "mood", "good");
	desk_answered(&d->snap.checkin, "days_worked", "0");
	desk_begin(d, "");
	desk_type(d, "1");
	assert_string_equal(desk_at(d), "c2");
	desk_type(d, "1");
	assert_string_equal(desk_at(d), "c4");
	assert_true(desk_the(d, EFFECT_CHECKIN_ANSWER)->done);
}

/* The call broke off on the first question of a further check-in: nothing of it is kept yet. */
static void
session_step__a_further_run_goes_on_as_a_further_run(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	d->snap.checkin.done = true;
	desk_answered(&d->snap.checkin, "mood", "good");
	desk_begin(d, "");
	desk_type(d, "1");
	assert_string_equal(desk_at(d), "c7");
	desk_type(d, "1");
	assert_string_equal(desk_at(d), "c1");
	desk_drop(d);
	assert_string_equal(desk_at(d), "z3");
	desk_type(d, "1");
	assert_string_equal(desk_at(d), "c1");
	desk_type(d, "1");
	assert_non_null(desk_effect(d, EFFECT_CHECKIN_OPEN));
	assert_string_equal(desk_at(d), "c2");
}

/* Somebody answered all of it meanwhile, a caseworker perhaps: nothing is asked again. */
static void
session_step__a_run_that_is_done_meanwhile_is_not_gone_on_with(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	desk_begin(d, "");
	desk_type(d, "1");
	d->snap.checkin.done = true;
	desk_drop(d);
	assert_string_equal(desk_at(d), "z3");
	desk_type(d, "1");
	assert_string_equal(desk_at(d), "b1");
}

/* ---- PIN and code ---- */

static void
session_step__what_is_typed_at_a_pin_page_is_secret(void **state)
{
	static const char *const typed[] = {"4821", "481205", "48", "my pin is 4821"};
	struct desk *d = *state;

	desk_person(d);
	d->snap.persons[0].has_pin = true;
	d->st.person = d->snap.person = 0;
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		desk_begin(d, "");
		assert_string_equal(desk_at(d), "a12");
		desk_type(d, typed[i]);
		assert_true(d->out.secret_input);
	}
}

static void
session_step__the_pages_speak_the_language_of_whose_pin_it_was(void **state)
{
	struct desk *d = *state;

	desk_person(d);
	d->snap.persons[0].has_pin = true;
	d->st.person = 0;
	d->st.lang = 0;
	desk_begin(d, "");
	desk_type(d, "4821");
	assert_int_equal(d->out.check, CHECK_PIN);
	desk_verdict(d, (struct step_verdict){.ok = true, .person = 7, .link = 9});
	assert_string_equal(menu_lang_tag(d->menus, d->st.lang), "fr");
	assert_null(desk_effect(d, EFFECT_LANG));
}

/* ---- Bounds ---- */

/* A menu with so many records in a row that one step would write more than a step may. */
static struct menu_set *
row_of_records(unsigned n, struct arena *a)
{
	struct err *err = err_new();
	struct menu_set *menus = NULL;
	struct buf text;

	buf_init_arena(&text, a);
	buf_adds(&text, "wasl: 1\nid: t\nlanguages: [fr]\nstart: r0\n"
			"special: {wrong: \"x\", busy: e, leave: e}\nnodes:\n"
			"  e: {end: \"e\"}\n  last: {end: \"last\"}\n");
	for (unsigned i = 0; i < n; i++)
		buf_printf(&text, "  r%u: {record: {flag: {kind: help_declined}}, go: %s}\n", i,
			   i + 1 < n ? arena_printf(a, "r%u", i + 1) : "last");
	const struct menu_file file = {"main.yaml", buf_str(&text)};
	int rc = menu_load_memory(&file, 1, NULL, &menus, err);
	err_print(err, stderr);
	assert_int_equal(rc, W_OK);
	err_free(err);
	return menus;
}

static const char *
end_of_row(unsigned n, size_t *effects)
{
	struct arena *a = arena_new(0);
	struct desk *d = desk_new(row_of_records(n, a));

	desk_person(d);
	d->st.lang = 0;
	desk_begin(d, "");
	*effects = d->out.effects.n;
	const char *name = str_is(menu_node(d->menus, d->st.node)->name, "last") ? "last" : "e";
	desk_free(d);
	arena_free(a);
	return name;
}

static void
session_step__more_records_than_a_step_may_write_lead_out(void **state)
{
	size_t effects;

	(void)state;
	assert_string_equal(end_of_row(10, &effects), "last");
	assert_int_equal(effects, 10);
	assert_string_equal(end_of_row(30, &effects), "e");
	assert_true(effects <= EFFECTS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(session_step__same_input_same_result),
		DESK_TEST(session_step__a_state_from_bytes_goes_on_the_same),
		DESK_TEST(session_step__a_page_looked_at_writes_nothing),
		DESK_TEST(session_step__the_first_answer_fills_the_row_that_is_due),
		DESK_TEST(session_step__without_a_due_row_the_first_answer_makes_one),
		DESK_TEST(session_step__answers_of_this_week_are_not_asked_again),
		DESK_TEST(session_step__a_further_run_goes_on_as_a_further_run),
		DESK_TEST(session_step__a_run_that_is_done_meanwhile_is_not_gone_on_with),
		DESK_TEST(session_step__what_is_typed_at_a_pin_page_is_secret),
		DESK_TEST(session_step__the_pages_speak_the_language_of_whose_pin_it_was),
		cmocka_unit_test(session_step__more_records_than_a_step_may_write_lead_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
