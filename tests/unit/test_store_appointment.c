#include "test_store_world.h"

static struct row_appointment
add_appointment(struct world *w, int64_t person, int64_t at, const char *status)
{
	struct store_job *job = store_job_new(w->s);
	struct row_appointment row = appointment_of(w, person, at, status);

	put_appointment(job, &row);
	STORED(w, job);
	return row;
}

struct seen {
	int64_t ids[8];
	size_t n, stop_at;
};

static int
see(void *ctx, const struct row_appointment *row)
{
	struct seen *seen = ctx;

	assert_true(seen->n < ARRAY_LEN(seen->ids));
	seen->ids[seen->n++] = row->id;
	return seen->stop_at != 0 && seen->n == seen->stop_at ? 5 : 0;
}

static struct seen
coming(struct world *w, int64_t person, int64_t from, size_t limit)
{
	struct seen seen = {.n = 0};

	assert_int_equal(list_appointments_coming(store_loop_reader(w->s), person, from, limit,
						  w->a, see, &seen),
			 0);
	return seen;
}

static void
appointment__comes_back_as_it_was_put(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), staff = add_staff(w, centre, "mona", 1001);
	int64_t person = add_person(w, centre, staff);
	struct row_appointment out, row = appointment_of(w, person, NOON, "confirmed");
	struct store_job *job = store_job_new(w->s);

	row.with_staff = staff;
	row.answered_at = NOON - 60;
	put_appointment(job, &row);
	STORED(w, job);
	assert_int_equal(read_appointment(store_loop_reader(w->s), row.id, w->a, &out), 0);
	assert_int_equal(out.person, person);
	assert_int_equal(out.set_at, row.set_at);
	assert_int_equal(out.at, NOON);
	assert_int_equal(out.answered_at, NOON - 60);
	assert_int_equal(out.with_staff, staff);
	assert_true(str_is(out.place, "المركز") && str_is(out.status, "confirmed"));
	assert_int_equal(out.wish.n, 0);
	assert_int_equal(read_appointment(store_loop_reader(w->s), row.id + 1, w->a, &out),
			 W_ENOENT);
}

static void
appointment__those_that_come_are_in_order_from_an_instant_on(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	int64_t last = add_appointment(w, person, NOON + 300, "move_requested").id;
	int64_t first = add_appointment(w, person, NOON, "planned").id;
	int64_t second = add_appointment(w, person, NOON + 200, "confirmed").id;

	(void)add_appointment(w, person, NOON - 1, "planned");
	struct seen seen = coming(w, person, NOON, 0);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.ids[0], first);
	assert_int_equal(seen.ids[1], second);
	assert_int_equal(seen.ids[2], last);
	assert_int_equal(coming(w, person, NOON, 2).n, 2);
	assert_int_equal(coming(w, person + 1, NOON, 0).n, 0);
}

static void
appointment__what_is_settled_or_has_no_hour_does_not_come(void **state)
{
	static const char *const settled[] = {"declined", "kept", "missed", "cancelled"};
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);

	for (size_t i = 0; i < ARRAY_LEN(settled); i++)
		(void)add_appointment(w, person, NOON + 60, settled[i]);
	(void)add_appointment(w, person, 0, "move_requested");
	assert_int_equal(coming(w, person, NOON, 0).n, 0);
}

static void
appointment__only_a_wish_or_a_cancelled_one_may_be_without_an_hour(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_appointment wish = appointment_of(w, person, 0, "move_requested"),
			       vague = appointment_of(w, person, 0, "planned");
	struct store_job *job = store_job_new(w->s);

	wish.wish = STR_LIT("afternoon");
	put_appointment(job, &wish);
	STORED(w, job);
	job = store_job_new(w->s);
	put_appointment(job, &vague);
	assert_int_equal(run_job(w, job), W_EEXIST);
	job = store_job_new(w->s);
	set_appointment(job, wish.id, STR_LIT("confirmed"), STR_NONE, NOON);
	assert_int_equal(run_job(w, job), W_EEXIST);
	job = store_job_new(w->s);
	set_appointment(job, wish.id, STR_LIT("cancelled"), STR_NONE, NOON);
	STORED(w, job);
}

static void
appointment__an_answer_keeps_an_earlier_wish(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_appointment out, row = add_appointment(w, person, NOON, "planned");
	struct store_job *job = store_job_new(w->s);

	set_appointment(job, row.id, STR_LIT("move_requested"), STR_LIT("other_week"), NOON - 5);
	STORED(w, job);
	job = store_job_new(w->s);
	set_appointment(job, row.id, STR_LIT("kept"), STR_NONE, 0);
	STORED(w, job);
	assert_int_equal(read_appointment(store_loop_reader(w->s), row.id, w->a, &out), 0);
	assert_true(str_is(out.status, "kept") && str_is(out.wish, "other_week"));
	assert_int_equal(out.answered_at, NOON - 5);
	job = store_job_new(w->s);
	set_appointment(job, row.id, STR_LIT("kept"), STR_LIT("midnight"), 0);
	assert_int_equal(run_job(w, job), W_EEXIST);
	job = store_job_new(w->s);
	set_appointment(job, 99, STR_LIT("kept"), STR_NONE, 0);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static struct seen
list(struct world *w, struct filter f)
{
	struct seen seen = {.n = 0};

	assert_int_equal(list_appointments(store_loop_reader(w->s), &f, w->a, see, &seen), 0);
	return seen;
}

static void
appointment__lists_by_scope_time_and_what_is_open(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), other = add_centre(w, "SAL");
	int64_t staff = add_staff(w, centre, "mona", 1001);
	int64_t person = add_person(w, centre, staff);

	(void)add_appointment(w, person, NOON, "planned");
	(void)add_appointment(w, person, 0, "move_requested"); /* its time: when it was set */
	(void)add_appointment(w, person, NOON, "kept");
	(void)add_appointment(w, add_person(w, other, 0), NOON, "planned");
	assert_int_equal(list(w, (struct filter){0}).n, 4);
	assert_int_equal(list(w, (struct filter){.centre = centre}).n, 3);
	assert_int_equal(list(w, (struct filter){.centre = centre, .open_only = true}).n, 2);
	assert_int_equal(list(w, (struct filter){.staff = staff, .open_only = true}).n, 2);
	assert_int_equal(list(w, (struct filter){.person = person, .since = NOON}).n, 2);
	assert_int_equal(list(w, (struct filter){.person = person, .until = NOON}).n, 1);
}

static void
appointment__a_non_zero_answer_stops_a_list(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct seen seen = {.stop_at = 1};

	(void)add_appointment(w, person, NOON, "planned");
	(void)add_appointment(w, person, NOON + 1, "planned");
	assert_int_equal(list_appointments_coming(store_loop_reader(w->s), person, NOON, 0, w->a,
						  see, &seen),
			 5);
	assert_int_equal(seen.n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(appointment__comes_back_as_it_was_put),
		STORE_TEST(appointment__those_that_come_are_in_order_from_an_instant_on),
		STORE_TEST(appointment__what_is_settled_or_has_no_hour_does_not_come),
		STORE_TEST(appointment__only_a_wish_or_a_cancelled_one_may_be_without_an_hour),
		STORE_TEST(appointment__an_answer_keeps_an_earlier_wish),
		STORE_TEST(appointment__lists_by_scope_time_and_what_is_open),
		STORE_TEST(appointment__a_non_zero_answer_stops_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
