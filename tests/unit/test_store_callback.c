#include "test_store_world.h"

static struct row_callback
stored_callback(struct world *w, int64_t person, int64_t centre)
{
	struct store_job *job = store_job_new(w->s);
	struct row_callback row = callback_of(w, person);

	if (person == 0) {
		row.key_id = store_day_id(NOON);
		row.phone = sealed_like(w, "phone");
	}
	row.centre = centre;
	put_callback(job, &row);
	STORED(w, job);
	return row;
}

static struct row_callback
again(struct world *w, int64_t number)
{
	struct row_callback out;

	assert_int_equal(read_callback(store_loop_reader(w->s), number, w->a, &out), 0);
	return out;
}

static void
callback__every_column_comes_back(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS");
	struct row_callback in = stored_callback(w, 0, centre), out = again(w, in.number);

	assert_int_equal(in.number, 3001);
	assert_int_equal(out.person, 0);
	assert_int_equal(out.key_id, in.key_id);
	assert_int_equal(out.asked_at, NOON);
	assert_int_equal(out.due_at, NOON + 3600);
	assert_int_equal(out.closed_at, 0);
	assert_int_equal(out.tries, 0);
	assert_memory_equal(out.phone.p, in.phone.p, in.phone.n);
	assert_true(str_is(out.wish, "morning") && str_is(out.priority, "normal"));
	assert_int_equal(out.outcome.n, 0);
	assert_int_equal(out.centre, centre);
	assert_int_equal(out.closed_by, 0);
}

static void
callback__a_try_without_outcome_keeps_it_open(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), staff = add_staff(w, centre, "mona", 1001);
	struct row_callback out, row = stored_callback(w, add_person(w, centre, 0), 0);
	struct store_job *job = store_job_new(w->s);

	set_callback(job, row.number, STR_NONE, NOON + 7200, NOON, staff);
	STORED(w, job);
	out = again(w, row.number);
	assert_int_equal(out.tries, 1);
	assert_int_equal(out.due_at, NOON + 7200);
	assert_int_equal(out.closed_at, 0);
	assert_int_equal(out.closed_by, 0);
	assert_int_equal(out.centre, centre); /* the person's */
}

static void
callback__is_closed_once(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), staff = add_staff(w, centre, "mona", 1001);
	struct row_callback out, row = stored_callback(w, add_person(w, centre, 0), 0);
	struct store_job *job = store_job_new(w->s);

	set_callback(job, row.number, STR_LIT("reached"), 0, NOON + 9, staff);
	STORED(w, job);
	out = again(w, row.number);
	assert_true(str_is(out.outcome, "reached"));
	assert_int_equal(out.closed_at, NOON + 9);
	assert_int_equal(out.closed_by, staff);
	assert_int_equal(out.due_at, NOON + 3600);
	job = store_job_new(w->s);
	set_callback(job, row.number, STR_LIT("no_answer"), 0, NOON + 10, staff);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static int
count_callback(void *ctx, const struct row_callback *row)
{
	(void)row;
	++*(int *)ctx;
	return 0;
}

static void
callback__a_strangers_is_on_the_list_of_the_centre(void **state)
{
	struct world *w = *state;
	int64_t cas = add_centre(w, "CAS"), staff = add_staff(w, cas, "mona", 1001);
	const struct filter centre = {.centre = cas, .open_only = true}, own = {.staff = staff};
	int n = 0;

	(void)stored_callback(w, 0, cas);
	(void)stored_callback(w, add_person(w, cas, staff), 0);
	assert_int_equal(list_callbacks(store_loop_reader(w->s), &centre, w->a, count_callback, &n),
			 0);
	assert_int_equal(n, 2);
	n = 0;
	assert_int_equal(list_callbacks(store_loop_reader(w->s), &own, w->a, count_callback, &n),
			 0);
	assert_int_equal(n, 1);
}

static int
note_flag(void *ctx, const struct row_flag *row)
{
	*(struct row_flag *)ctx = *row;
	return 1;
}

static void
flag__comes_back_and_is_closed(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_flag out, in = flag_of(w, person);
	const struct filter open = {.person = person, .open_only = true};

	put_flag(job, &in);
	STORED(w, job);
	assert_int_equal(list_flags(store_loop_reader(w->s), &open, w->a, note_flag, &out), 1);
	assert_int_equal(out.id, in.id);
	assert_int_equal(out.at, NOON);
	assert_int_equal(out.closed_at, 0);
	assert_int_equal(out.about, 7);
	assert_true(str_is(out.kind, "erase_asked"));
	job = store_job_new(w->s);
	set_flag_closed(job, in.id, NOON + 1);
	STORED(w, job);
	assert_int_equal(list_flags(store_loop_reader(w->s), &open, w->a, note_flag, &out), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(callback__every_column_comes_back),
		STORE_TEST(callback__a_try_without_outcome_keeps_it_open),
		STORE_TEST(callback__is_closed_once),
		STORE_TEST(callback__a_strangers_is_on_the_list_of_the_centre),
		STORE_TEST(flag__comes_back_and_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
