#include "test_session_desk.h"

/* Where a target leads: back, on, round, out; and what a run asks on the way. */

#define HEAD                                \
	"wasl: 1\nid: t\nlanguages: [fr]\n" \
	"special: {wrong: 'Non.', busy: e, leave: e}\n"

/* Pages in a row, each with 1 to the next and 0 back. */
static struct menu_set *
row_of_pages(unsigned n, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	buf_adds(&b, HEAD "start: p0\nnodes:\n  e: {end: 'e'}\n");
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b,
			   "  p%u:\n    menu: '?'\n    options:\n"
			   "      - {say: 'a', go: p%u}\n      - {say: 'b', key: '0', go: $back}\n"
			   "      - {say: 'c', go: e}\n",
			   i, i + 1 < n ? i + 1 : 0);
	return desk_menus(buf_str(&b).p, NULL);
}

static void
session_go__back_goes_as_far_as_the_stack_holds_and_then_to_the_start(void **state)
{
	struct arena *a = arena_new(0);
	struct desk *d = desk_new(row_of_pages(MENU_STACK + 3, a));

	(void)state;
	desk_begin(d, "");
	desk_type(d, "0");
	assert_string_equal(desk_at(d), "p0"); /* nothing behind it */
	for (int i = 0; i < MENU_STACK + 2; i++)
		desk_type(d, "1");
	assert_string_equal(desk_at(d), "p10");
	for (int i = MENU_STACK + 1; i >= 2; i--) {
		desk_type(d, "0");
		assert_string_equal(desk_at(d), arena_printf(a, "p%d", i));
	}
	desk_type(d, "0");
	assert_string_equal(desk_at(d), "p0");
	desk_free(d);
	arena_free(a);
}

static void
session_go__an_end_is_no_page_to_go_back_to_and_leads_out(void **state)
{
	struct arena *a = arena_new(0);
	struct desk *d = desk_new(row_of_pages(2, a));

	(void)state;
	desk_begin(d, "");
	desk_type(d, "2");
	assert_string_equal(desk_at(d), "e");
	assert_true(d->out.ended);
	assert_int_equal(d->st.depth, 0);
	desk_type(d, "1");
	assert_string_equal(desk_at(d), "e");
	desk_free(d);
	arena_free(a);
}

/* Lists, empty or not; what leads nowhere; a way out of a branch by $back. */
static const char places[] = HEAD
	"start: home\n"
	"direct: {'1': {go: lonely, open: no}, '2': {go: week, open: no}, "
	"'3': {go: open, open: yes}}\n"
	"nodes:\n"
	"  home:\n    menu: '?'\n    options:\n"
	"      - {say: 'a', go: needs}\n      - {say: 'b', go: $direct}\n"
	"      - {say: 'c', go: $resume}\n      - {say: 'd', go: round}\n"
	"      - {say: 'e', go: over}\n      - {say: 'f', go: lonely}\n"
	"      - {say: 'g', go: week}\n"
	"  needs:\n    list: needs.open\n    say: '!'\n    options:\n"
	"      - {say: 'a', go: $item}\n      - {say: 'b', go: after}\n"
	"      - {say: 'c', key: '0', go: $back}\n"
	"    empty: none\n"
	"  none: {branch: [{when: pin.set, go: e}], else: lonely}\n"
	"  after:\n    menu: '?'\n    options: [{say: 'a', go: $back}, {say: 'b', go: e}]\n"
	"  lonely:\n    menu: '?'\n    options: [{say: 'a', go: $back}, {say: 'b', go: home}, "
	"{say: 'c', go: other}]\n"
	"  round: {branch: [{when: pin.set, go: e}], else: $back}\n"
	"  over:\n    menu: '?'\n    options:\n"
	"      - {say: 'a', do: {consent: {kind: given}, sharing: {value: own}, "
	"need.open: {category: housing, urgency: today}, callback.ask: {wish: any}, "
	"urgent.opened: {}, flag: {kind: wrong_data}, need.keep: {}, need.resolve: {}, wrong_person: {}}, "
	"go: home}\n      - {say: 'b', go: e}\n"
	"  open: {message: '!', open: yes, go: shut}\n"
	"  shut: {message: '!', open: yes, go: e}\n"
	"  q1:\n    menu: '?'\n    into: mood\n    options:\n"
	"      - {say: 'a', answer: good}\n      - {say: 'b', answer: so_so}\n"
	"  q2:\n    menu: '?'\n    into: days_worked\n    options:\n"
	"      - {say: 'a', answer: '0'}\n      - {say: 'b', answer: 1_2, go: e}\n"
	"  h1:\n    menu: '?'\n    into: housing\n    options:\n"
	"      - {say: 'a', answer: stable}\n      - {say: 'b', answer: none, go: e}\n"
	"  e: {end: 'e', open: yes}\n"
	"runs:\n"
	"  week: {record: checkin, questions: [q1, q2], then: week}\n"
	"  other: {record: checkin, questions: [h1], then: e}\n";

static int
setup(void **state)
{
	*state = desk_new(desk_menus(places, NULL));
	desk_person(*state);
	return 0;
}

static int
teardown(void **state)
{
	desk_free(*state);
	return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* One page after another, by what is typed: "1 needs, 0 home". */
static void
walk(struct desk *d, const char *keys_and_pages)
{
	struct str rest = str_of(keys_and_pages);

	while (rest.n > 0) {
		struct str page = str_cut(&rest, ',');
		struct str key = str_cut(&page, ' ');

		desk_type(d, arena_str(d->arena, key).p);
		if (!str_is(page, desk_at(d)))
			fail_msg("%s: after %.*s at %s", keys_and_pages, STR_ARG(key), desk_at(d));
	}
}

static void
session_go__what_leads_to_nothing_leads_to_the_start(void **state)
{
	struct desk *d = *state;

	desk_begin(d, "");
	walk(d, "2 home,3 home,4 home,6 lonely,1 home");
}

static void
session_go__a_path_dialled_waits_behind_the_start_unless_it_is_open(void **state)
{
	struct desk *d = *state;

	desk_begin(d, "1");
	assert_string_equal(desk_at(d), "home");
	walk(d, "2 lonely,1 home,2 home"); /* once */
	desk_begin(d, "2");
	walk(d, "2 home"); /* a run is begun from a page only */
	desk_begin(d, "3");
	assert_string_equal(desk_at(d), "open");
	desk_begin(d, "77");
	assert_string_equal(desk_at(d), "home");
}

static void
session_go__a_list_goes_round_and_begins_anew(void **state)
{
	struct desk *d = *state;

	d->snap.needs[0] = (struct snap_need){.number = 11};
	d->snap.needs[1] = (struct snap_need){.number = 12};
	d->snap.n_needs = 2;
	desk_begin(d, "");
	walk(d, "1 needs");
	assert_true(d->st.need == 11);
	walk(d, "1 needs");
	assert_true(d->st.need == 12);
	walk(d, "1 needs");
	assert_true(d->st.need == 11);
	walk(d, "1 needs,0 home,1 needs");
	assert_true(d->st.need == 11);
}

/* Solved meanwhile: the list behind the page is empty, and its own way out is taken. */
static void
session_go__back_over_a_list_that_became_empty_keeps_the_way_back(void **state)
{
	struct desk *d = *state;

	d->snap.n_needs = 1;
	desk_begin(d, "");
	walk(d, "6 lonely,2 home,1 needs,2 after");
	d->snap.n_needs = 0;
	walk(d, "1 lonely,1 home,1 lonely");
	d->st.stack[0] = d->st.node;
	d->st.depth = 1;
	walk(d, "2 home,0 home");
	assert_int_equal(d->st.depth, 1); /* the same page is not behind itself */
	walk(d, "6 lonely");
	assert_int_equal(d->st.depth, 2);
}

/* A run all of whose questions are answered, and which leads to itself. */
static void
session_go__going_round_without_a_page_leads_out(void **state)
{
	struct desk *d = *state;

	snap_answer_keep(&d->snap.checkin, STR_LIT("mood"), STR_LIT("good"));
	snap_answer_keep(&d->snap.checkin, STR_LIT("days_worked"), STR_LIT("0"));
	d->snap.person = 0;
	d->st.run = 0;
	d->st.answered = 3;
	desk_put(d, "q1");
	desk_type(d, "1");
	assert_string_equal(desk_at(d), "e");
}

/* More branches in a row than a step walks. */
static void
session_go__a_row_of_branches_without_end_leads_out(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	for (unsigned n = 60; n <= 70; n += 10) {
		struct buf b;

		buf_init_arena(&b, a);
		buf_adds(&b, HEAD "start: b0\nnodes:\n  e: {end: 'e'}\n  last: {end: 'l'}\n");
		for (unsigned i = 0; i < n; i++)
			buf_printf(&b, "  b%u: {branch: [{when: pin.set, go: e}], else: %s}\n", i,
				   i + 1 < n ? arena_printf(a, "b%u", i + 1) : "last");
		struct desk *d = desk_new(desk_menus(buf_str(&b).p, NULL));

		desk_begin(d, "");
		assert_string_equal(desk_at(d), n == 60 ? "last" : "e");
		desk_free(d);
	}
	arena_free(a);
}

static void
session_go__an_option_that_does_too_much_leads_out(void **state)
{
	struct desk *d = *state;

	d->snap.needs[0] = (struct snap_need){.number = 11, .urgency = 2};
	d->snap.n_needs = 1;
	d->st.need = 11;
	desk_begin(d, "");
	walk(d, "5 over,1 e");
	assert_null(desk_effect(d, EFFECT_WRONG_PERSON));
	assert_true(d->out.effects.n <= EFFECTS_MAX);
}

/* A list that shrank under the page: what was shown is no longer there. */
static void
session_go__a_page_that_is_no_more_counts_as_one(void **state)
{
	struct desk *d = *state;

	desk_put(d, "open");
	d->st.page = 7;
	desk_type(d, "1");
	assert_string_equal(desk_at(d), "shut");
}

/* ---- Questions ---- */

static void
session_go__a_question_is_kept_only_in_its_run_and_for_a_person(void **state)
{
	static const struct {
		const char *at;
		unsigned run;
		int64_t person;
		bool kept;
	} rows[] = {
		{"q1", 0, 7, true}, {"q1", 0, 0, false},      {"h1", 0, 7, false},
		{"h1", 1, 7, true}, {"q1", NO_RUN, 7, false},
	};
	struct desk *d = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		d->st.run = (uint8_t)rows[i].run;
		d->st.answered = 0;
		d->snap.person = rows[i].person;
		desk_put(d, rows[i].at);
		desk_type(d, "1");
		bool kept = desk_effect(d, EFFECT_CHECKIN_ANSWER) != NULL;

		if (kept != rows[i].kept)
			fail_msg("%s in run %u of person %d", rows[i].at, rows[i].run,
				 (int)rows[i].person);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			session_go__back_goes_as_far_as_the_stack_holds_and_then_to_the_start),
		cmocka_unit_test(session_go__an_end_is_no_page_to_go_back_to_and_leads_out),
		DESK_TEST(session_go__what_leads_to_nothing_leads_to_the_start),
		DESK_TEST(session_go__a_path_dialled_waits_behind_the_start_unless_it_is_open),
		DESK_TEST(session_go__a_list_goes_round_and_begins_anew),
		DESK_TEST(session_go__back_over_a_list_that_became_empty_keeps_the_way_back),
		DESK_TEST(session_go__going_round_without_a_page_leads_out),
		cmocka_unit_test(session_go__a_row_of_branches_without_end_leads_out),
		DESK_TEST(session_go__an_option_that_does_too_much_leads_out),
		DESK_TEST(session_go__a_page_that_is_no_more_counts_as_one),
		DESK_TEST(session_go__a_question_is_kept_only_in_its_run_and_for_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
