#include "test_store_world.h"

static struct row_need
stored_need(struct world *w, int64_t person)
{
	struct store_job *job = store_job_new(w->s);
	struct row_need row = need_of(w, person);

	put_need(job, &row);
	STORED(w, job);
	return row;
}

static struct row_need
again(struct world *w, int64_t number)
{
	struct row_need out;

	assert_int_equal(read_need(store_loop_reader(w->s), number, w->a, &out), 0);
	return out;
}

static void
need__every_column_comes_back(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), staff = add_staff(w, centre, "mona", 1001);
	struct store_job *job = store_job_new(w->s);
	struct row_need out, in = need_of(w, add_person(w, centre, 0));

	in.closed_at = NOON + 9;
	in.duplicate_of = 2000;
	in.owner = staff;
	in.status = STR_LIT("duplicate");
	put_need(job, &in);
	STORED(w, job);
	out = again(w, in.number);
	assert_int_equal(out.person, in.person);
	assert_int_equal(out.opened_at, NOON);
	assert_int_equal(out.due_at, NOON + 3600);
	assert_int_equal(out.closed_at, NOON + 9);
	assert_int_equal(out.duplicate_of, 2000);
	assert_int_equal(out.owner, staff);
	assert_true(str_is(out.category, "housing") && str_is(out.urgency, "week"));
	assert_true(str_is(out.status, "duplicate") && str_is(out.source, "ussd"));
	assert_memory_equal(out.note.p, in.note.p, in.note.n);
	assert_true(out.verified);
}

static void
need__urgency_and_term_are_raised(void **state)
{
	struct world *w = *state;
	struct row_need row = stored_need(w, add_person(w, add_centre(w, "CAS"), 0));
	struct store_job *job = store_job_new(w->s);

	set_need_urgency(job, row.number, STR_LIT("today"), NOON + 60);
	STORED(w, job);
	assert_true(str_is(again(w, row.number).urgency, "today"));
	assert_int_equal(again(w, row.number).due_at, NOON + 60);
}

static void
need__is_taken_closed_and_opened_again(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), staff = add_staff(w, centre, "mona", 1001);
	struct row_need row = stored_need(w, add_person(w, centre, 0));
	static const struct {
		const char *status;
		bool closed;
	} steps[] = {{"in_progress", false}, {"resolved", true},
		     {"open", false},        {"not_possible", true},
		     {"referred", false},    {"resolved_by_beneficiary", true}};

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct store_job *job = store_job_new(w->s);

		set_need_status(job, row.number, str_of(steps[i].status), NOON + 5,
				i == 0 ? staff : 0);
		STORED(w, job);
		assert_true(str_is(again(w, row.number).status, steps[i].status));
		assert_int_equal(again(w, row.number).closed_at, steps[i].closed ? NOON + 5 : 0);
		assert_int_equal(again(w, row.number).owner, staff);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(need__every_column_comes_back),
		STORE_TEST(need__urgency_and_term_are_raised),
		STORE_TEST(need__is_taken_closed_and_opened_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
