#include "test_admin_world.h"

/* One of mine, one of a colleague's in the same centre, one of another centre. */
struct people {
	int64_t mine, theirs, far;
	const char *their_ref;
	int64_t their_need, their_call;
};

static struct people
three(struct desk *d)
{
	struct people p = {
		.mine = desk_person(d, d->centre, d->me, "محمد العلوي", "Mohamed"),
		.theirs = desk_person(d, d->centre, d->colleague, "فاطمة الزهراء", "Fatima"),
		.far = desk_person(d, d->other_centre, d->stranger, "كريم", "Karim"),
	};

	desk_link(d, p.mine, "+212600000011");
	desk_link(d, p.theirs, "+212600000022");
	desk_link(d, p.far, "+212600000033");
	p.their_ref = ref_of(d, p.theirs);
	p.their_need = desk_need(d, p.theirs, "today", "hidden words");
	p.their_call = desk_callback(d, p.theirs, "crisis", NOON);
	desk_need(d, p.far, "today", "hidden words");
	desk_checkin(d, p.theirs, "need_help", NOON - 60);
	desk_flag(d, p.theirs, "erase_asked", 0);
	desk_consent(d, p.theirs);
	desk_message(d, p.theirs, "uncertain", "x");
	return p;
}

static void
admin_scope__a_caseworker_lists_no_one_elses_people(void **state)
{
	static const char *const lists[] = {"today",     "log",       "overdue",
					    "need list", "call list", "outbox list"};
	struct desk *d = *state;
	struct people p = three(d);

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const struct answer *got = ask(d, lists[i], "{'days':0}");

		if (got->code == ADMIN_USAGE)
			got = ask(d, lists[i], "{}");
		assert_int_equal(got->code, ADMIN_DONE);
		assert_false(answer_has(got, p.their_ref));
		assert_false(answer_has(got, "Fatima"));
		assert_int_equal(got->n, 0);
	}
}

/* Not found and not yours are one answer, byte for byte. */
static void
assert_same_as_nobody(struct desk *d, const char *verb, const char *args, const char *nobody)
{
	const struct answer *theirs = ask(d, verb, args), *none = ask(d, verb, nobody);

	assert_int_equal(theirs->code, ADMIN_NONE);
	assert_int_equal(none->code, ADMIN_NONE);
	assert_int_equal(theirs->n, 0);
	assert_string_equal(theirs->text, none->text);
	assert_int_equal(theirs->count, none->count);
}

static void
admin_scope__another_ones_person_is_as_nobody(void **state)
{
	static const char *const verbs[] = {"person show", "person timeline", "person code",
					    "need list", "phone line"};
	struct desk *d = *state;
	struct people p = three(d);

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		assert_same_as_nobody(d, verbs[i],
				      arena_printf(d->a, "{'person':'%s'}", p.their_ref),
				      "{'person':'CAS-9999'}");
		assert_same_as_nobody(d, verbs[i], "{'person':'06 00 00 00 22'}",
				      "{'person':'06 00 00 00 77'}");
		assert_same_as_nobody(d, verbs[i], "{'person':'fatima'}", "{'person':'zzzzz'}");
		assert_same_as_nobody(d, verbs[i], "{'person':'فاطمه'}", "{'person':'zzzzz'}");
	}
}

static void
admin_scope__another_ones_numbers_are_as_none(void **state)
{
	static const char *const verbs[] = {"call show", "call done", "call noanswer"};
	struct desk *d = *state;
	struct people p = three(d);

	assert_same_as_nobody(d, "need show",
			      arena_printf(d->a, "{'number':%d}", (int)p.their_need),
			      "{'number':9999}");
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		assert_same_as_nobody(d, verbs[i],
				      arena_printf(d->a, "{'number':%d}", (int)p.their_call),
				      "{'number':9999}");
}

static void
admin_scope__a_look_at_another_ones_person_is_recorded(void **state)
{
	struct desk *d = *state;
	struct people p = three(d);

	ask(d, "person show", arena_printf(d->a, "{'person':'%s'}", p.their_ref));
	struct audit_entry last = audit_last(d);
	assert_true(str_is(last.row.result, "denied"));
	assert_int_equal(last.row.person, p.theirs);
	assert_int_equal(last.row.staff, d->me);
}

static void
admin_scope__find_gives_own_people_only(void **state)
{
	struct desk *d = *state;
	struct people p = three(d);
	const struct answer *got = ask(d, "person find", "{'text':'m'}");

	assert_int_equal(got->code, ADMIN_NONE); /* one letter is no part of a name */
	got = ask(d, "person find", "{'text':'mo'}");
	assert_int_equal(got->n, 1);
	assert_string_equal(text_in(got->rows[0], "ref"), ref_of(d, p.mine));
	assert_string_equal(text_in(got->rows[0], "phone"), "+2126••••••11");
}

static void
admin_scope__a_supervisor_reaches_the_centre_and_not_the_next(void **state)
{
	struct desk *d = *state;
	struct people p = three(d);

	desk_roles(d, ROLE_SUPERVISOR);
	assert_int_equal(ask(d, "person show", "{'person':'fatima'}")->code, ADMIN_DONE);
	assert_int_equal(ask(d, "person show", "{'person':'karim'}")->code, ADMIN_NONE);
	assert_int_equal(
		ask(d, "person show", arena_printf(d->a, "{'person':'%s'}", ref_of(d, p.far)))
			->code,
		ADMIN_NONE);
	const struct answer *needs = ask(d, "need list", "{}");
	assert_int_equal(needs->n, 1);
	assert_string_equal(text_in(needs->rows[0], "ref"), p.their_ref);
}

static void
admin_scope__strangers_call_backs_are_the_centres(void **state)
{
	struct desk *d = *state;
	int64_t number = desk_callback(d, 0, "crisis", NOON);
	const char *args = arena_printf(d->a, "{'number':%d}", (int)number);

	assert_int_equal(ask(d, "call list", "{}")->n, 0);
	assert_int_equal(ask(d, "call show", args)->code, ADMIN_NONE);
	desk_roles(d, ROLE_SUPERVISOR);
	assert_int_equal(ask(d, "call list", "{}")->n, 1);
	const struct answer *got = ask(d, "call show", args);
	assert_string_equal(text_in(got->rows[0], "phone"), "0600000099");
}

static void
admin_scope__several_that_fit_are_shown_to_choose_from(void **state)
{
	struct desk *d = *state;

	desk_person(d, d->centre, d->me, "محمد العلوي", "Mohamed A.");
	desk_person(d, d->centre, d->me, "محمد بنعلي", "Mohamed B.");
	desk_person(d, d->centre, d->colleague, "محمد", "Mohamed C.");
	const struct answer *got = ask(d, "person timeline", "{'person':'محمد'}");
	assert_int_equal(got->code, ADMIN_NONE);
	assert_int_equal(got->n, 2);
	assert_false(answer_has(got, "Mohamed C."));
	assert_true(str_is(audit_last(d).row.result, "shown"));
}

static void
admin_scope__admin_sees_messages_and_no_names_or_texts(void **state)
{
	struct desk *d = *state;
	struct people p = three(d);

	desk_roles(d, ROLE_ADMIN);
	const struct answer *got = ask(d, "outbox list", "{}");
	assert_int_equal(got->n, 1);
	assert_string_equal(text_in(got->rows[0], "ref"), p.their_ref);
	assert_false(answer_has(got, "kteb"));
	assert_false(answer_has(got, "Fatima"));
	desk_roles(d, ROLE_SUPERVISOR);
	assert_true(answer_has(ask(d, "outbox list", "{}"), "kteb lina"));
}

/* A role over everybody is no way to ask whether somebody is one of ours. */
static void
admin_scope__admin_finds_by_ref_only(void **state)
{
	struct desk *d = *state;
	struct people p = three(d);

	d->admin->o.lab = false;
	desk_roles(d, ROLE_ADMIN);
	assert_int_equal(
		ask(d, "outbox list", arena_printf(d->a, "{'person':'%s'}", p.their_ref))->n, 1);
	assert_int_equal(ask(d, "outbox list", "{'person':'fatima'}")->code, ADMIN_NONE);
	assert_int_equal(ask(d, "outbox list", "{'person':'0600000022'}")->code, ADMIN_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(admin_scope__a_caseworker_lists_no_one_elses_people),
		DESK_TEST(admin_scope__another_ones_person_is_as_nobody),
		DESK_TEST(admin_scope__another_ones_numbers_are_as_none),
		DESK_TEST(admin_scope__a_look_at_another_ones_person_is_recorded),
		DESK_TEST(admin_scope__find_gives_own_people_only),
		DESK_TEST(admin_scope__a_supervisor_reaches_the_centre_and_not_the_next),
		DESK_TEST(admin_scope__strangers_call_backs_are_the_centres),
		DESK_TEST(admin_scope__several_that_fit_are_shown_to_choose_from),
		DESK_TEST(admin_scope__admin_sees_messages_and_no_names_or_texts),
		DESK_TEST(admin_scope__admin_finds_by_ref_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
