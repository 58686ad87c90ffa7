#include "test_session_desk.h"

/* What a session carries from one turn to the next, as bytes. */

static struct arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* Something in every field. */
static struct session_state
full(void)
{
	struct session_state st;

	state_init(&st);
	st.node = 300;
	st.page = 1;
	st.wrong = 2;
	st.lang = 3;
	st.flags = SESSION_PIN_GIVEN | SESSION_RESUME_SEEN | SESSION_AGAIN | SESSION_LANG;
	st.code_wrong = 2;
	st.item = 255;
	st.depth = MENU_STACK;
	for (unsigned i = 0; i < MENU_STACK; i++)
		st.stack[i] = (uint16_t)(1000 + i);
	st.direct = 12;
	st.run = 4;
	st.answered = 0xff;
	st.run_row = ((int64_t)1 << 47) - 1;
	st.person = 70000;
	st.link = 1;
	st.need = 2001;
	st.callback_at = 1795429200;
	st.appointment = 31;
	st.vars[0] = STR_LIT("housing");
	st.vars[MENU_VARS - 1] = STR_LIT("كلمة");
	return st;
}

static void
assert_same(const struct session_state *a, const struct session_state *b)
{
	assert_int_equal(a->node, b->node);
	assert_int_equal(a->page, b->page);
	assert_int_equal(a->wrong, b->wrong);
	assert_int_equal(a->lang, b->lang);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->code_wrong, b->code_wrong);
	assert_int_equal(a->item, b->item);
	assert_int_equal(a->depth, b->depth);
	assert_memory_equal(a->stack, b->stack, a->depth * sizeof(a->stack[0]));
	assert_int_equal(a->direct, b->direct);
	assert_int_equal(a->run, b->run);
	assert_int_equal(a->answered, b->answered);
	assert_true(a->run_row == b->run_row && a->person == b->person && a->link == b->link);
	assert_true(a->need == b->need && a->callback_at == b->callback_at);
	assert_true(a->appointment == b->appointment);
	for (unsigned i = 0; i < MENU_VARS; i++)
		assert_true(str_eq(a->vars[i], b->vars[i]));
}

static void
session_state__every_field_comes_back(void **state)
{
	const struct session_state before = full();
	struct session_state after;

	(void)state;
	assert_int_equal(state_decode(state_encode(&before, arena), arena, &after), W_OK);
	assert_same(&before, &after);
}

static void
session_state__a_new_one_comes_back(void **state)
{
	struct session_state before, after;

	(void)state;
	state_init(&before);
	assert_int_equal(state_decode(state_encode(&before, arena), arena, &after), W_OK);
	assert_same(&before, &after);
	assert_int_equal(after.run, NO_RUN);
	assert_int_equal(after.direct, MENU_NO_NODE);
}

static void
session_state__the_same_state_gives_the_same_bytes(void **state)
{
	const struct session_state st = full();
	struct session_state again;
	struct str bytes = state_encode(&st, arena);

	(void)state;
	assert_int_equal(state_decode(bytes, arena, &again), W_OK);
	assert_true(str_eq(state_encode(&again, arena), bytes));
}

/* Cut anywhere it is refused, but for the places where a variable ends. */
static void
session_state__a_cut_one_is_refused(void **state)
{
	const struct session_state st = full();
	struct str bytes = state_encode(&st, arena);
	const size_t first_var = 3 + strlen("housing"), last_var = 3 + strlen("كلمة");

	(void)state;
	for (size_t n = 0; n < bytes.n; n++) {
		struct session_state out;
		bool at_edge = n == bytes.n - last_var || n == bytes.n - last_var - first_var;

		assert_int_equal(state_decode((struct str){bytes.p, n}, arena, &out),
				 at_edge ? W_OK : W_EPROTO);
	}
}

static void
refused_with(size_t at, char byte)
{
	const struct session_state st = full();
	struct str bytes = state_encode(&st, arena);
	char *changed = arena_memdup(arena, bytes.p, bytes.n);
	struct session_state out;

	changed[at] = byte;
	assert_int_equal(state_decode((struct str){changed, bytes.n}, arena, &out), W_EPROTO);
}

static void
session_state__another_form_is_refused(void **state)
{
	(void)state;
	refused_with(0, 0);
	refused_with(0, 3);
	refused_with(0, (char)255);
}

/* As it was before appointments: a turn of yesterday goes on today. */
static void
session_state__the_first_form_is_still_read(void **state)
{
	enum { APPOINTMENT_AT = 1 + 2 + 7 + 2 + 2 + 5 * 6, APPOINTMENT_BYTES = 6 };
	struct session_state st = full(), out;
	struct str bytes = state_encode(&st, arena);
	char *old = arena_memdup(arena, bytes.p, bytes.n);

	(void)state;
	old[0] = 1;
	memmove(old + APPOINTMENT_AT, old + APPOINTMENT_AT + APPOINTMENT_BYTES,
		bytes.n - APPOINTMENT_AT - APPOINTMENT_BYTES);
	assert_int_equal(state_decode((struct str){old, bytes.n - APPOINTMENT_BYTES}, arena, &out),
			 W_OK);
	st.appointment = 0;
	assert_same(&st, &out);
}

/* Nothing of a state that cannot be read is gone on with: no person, no depth, no place. */
static void
session_state__what_cannot_be_read_is_a_new_state(void **state)
{
	const struct session_state st = full();
	struct str bytes = state_encode(&st, arena);
	struct session_state out, none;

	(void)state;
	state_init(&none);
	for (size_t n = 0; n < bytes.n; n++)
		if (state_decode((struct str){bytes.p, n}, arena, &out) != W_OK)
			assert_same(&none, &out);
}

static void
session_state__a_stack_too_deep_is_refused(void **state)
{
	enum { DEPTH_AT = 1 + 2 + 6 };

	(void)state;
	refused_with(DEPTH_AT, MENU_STACK + 1);
	refused_with(DEPTH_AT, (char)255);
}

static void
session_state__an_unknown_variable_is_refused(void **state)
{
	const struct session_state st = full();
	const size_t vars = state_encode(&st, arena).n - 6 - strlen("housing") - strlen("كلمة");

	(void)state;
	refused_with(vars, MENU_VARS);
	refused_with(vars + 2, 0x7f); /* longer than what is there */
}

/* The last of everything there is, then one field at a time beyond it. */
static void
session_state__numbers_of_other_menus_do_not_fit(void **state)
{
	struct desk *d = desk_new(NULL);
	const size_t nodes = menu_node_count(d->menus);
	struct session_state good, st;

	(void)state;
	state_init(&good);
	good.node = good.stack[0] = good.direct = (uint16_t)(nodes - 1);
	good.depth = 1;
	good.lang = (uint8_t)(menu_lang_count(d->menus) - 1);
	good.run = (uint8_t)(menu_run_count(d->menus) - 1);
	assert_true(state_fits(&good, d->menus));
	st = good, st.node++;
	assert_false(state_fits(&st, d->menus));
	st = good, st.stack[0]++;
	assert_false(state_fits(&st, d->menus));
	st = good, st.direct++;
	assert_false(state_fits(&st, d->menus));
	st = good, st.lang++;
	assert_false(state_fits(&st, d->menus));
	st = good, st.run++;
	assert_false(state_fits(&st, d->menus));
	desk_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(session_state__every_field_comes_back),
		cmocka_unit_test(session_state__a_new_one_comes_back),
		cmocka_unit_test(session_state__the_same_state_gives_the_same_bytes),
		cmocka_unit_test(session_state__a_cut_one_is_refused),
		cmocka_unit_test(session_state__another_form_is_refused),
		cmocka_unit_test(session_state__the_first_form_is_still_read),
		cmocka_unit_test(session_state__what_cannot_be_read_is_a_new_state),
		cmocka_unit_test(session_state__a_stack_too_deep_is_refused),
		cmocka_unit_test(session_state__an_unknown_variable_is_refused),
		cmocka_unit_test(session_state__numbers_of_other_menus_do_not_fit),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
