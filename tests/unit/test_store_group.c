#include "test_store_world.h"

enum { JOBS = 50 };

static void
submit_needs(struct world *w, int64_t person, int bad, int *rcs)
{
	for (int i = 0; i < JOBS; i++) {
		struct store_job *job = store_job_new(w->s);
		struct row_need need = need_of(w, person);

		if (i == bad) {
			struct row_flag flag = flag_of(w, person);

			put_flag(job, &flag); /* must go with the job */
			need.category = STR_LIT("no such thing");
		}
		rcs[i] = NOT_YET;
		put_need(job, &need);
		store_submit(w->s, job, on_world_stored, &rcs[i]);
	}
	loop_side_hand_over(w->s); /* the turn is over: all of them are the writer's */
}

static int
count_one_flag(void *ctx, const struct row_flag *row)
{
	(void)row;
	++*(int *)ctx;
	return 0;
}

static int
count_flags(struct world *w)
{
	const struct filter any = {0};
	int n = 0;

	assert_int_equal(list_flags(store_loop_reader(w->s), &any, w->a, count_one_flag, &n), 0);
	return n;
}

static int
count_one_need(void *ctx, const struct row_need *row)
{
	(void)row;
	++*(int *)ctx;
	return 0;
}

static int
count_needs(struct world *w)
{
	const struct filter any = {0};
	int n = 0;

	assert_int_equal(list_needs(store_loop_reader(w->s), &any, w->a, count_one_need, &n), 0);
	return n;
}

static void
group__one_bad_job_among_fifty_fails_alone(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct gate gate;
	int rcs[JOBS];

	gate_close(w, &gate);
	submit_needs(w, person, 20, rcs);
	gate_open(&gate);
	settle(w);
	for (int i = 0; i < JOBS; i++)
		assert_int_equal(rcs[i], i == 20 ? W_EEXIST : 0);
	assert_int_equal(count_needs(w), JOBS - 1);
	assert_int_equal(count_flags(w), 0);
}

static void
group__what_waits_together_is_committed_together(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_status before, after;
	struct gate gate;
	int rcs[JOBS];

	gate_close(w, &gate);
	store_status(w->s, &before);
	submit_needs(w, person, -1, rcs);
	gate_open(&gate);
	settle(w);
	store_status(w->s, &after);
	assert_int_equal(after.jobs - before.jobs, JOBS + 1);
	assert_int_equal(after.commits - before.commits, 2); /* the gate's, and all the others */
}

static void
group__a_group_is_no_longer_than_its_limit(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_status before, after;
	struct gate gate;
	int rcs[JOBS];

	w->s->group_max = 10;
	gate_close(w, &gate);
	store_status(w->s, &before);
	submit_needs(w, person, -1, rcs);
	gate_open(&gate);
	settle(w);
	store_status(w->s, &after);
	assert_int_equal(after.commits - before.commits, 1 + JOBS / 10);
}

static void
group__a_change_of_a_row_that_is_not_there_fails_its_job(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_flag flag = flag_of(w, person);

	put_flag(job, &flag);
	set_need_status(job, 4711, STR_LIT("resolved"), NOON, 0);
	assert_int_equal(run_job(w, job), W_EEXIST);
	assert_int_equal(count_flags(w), 0);
}

static void
group__a_row_for_a_person_who_is_not_there_fails_its_job(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct row_flag flag = flag_of(w, 12);

	put_flag(job, &flag);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
group__a_value_over_its_bound_fails_its_job_alone(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct str value = {arena_alloc(w->a, 300 * 1024), 300 * 1024};

	put_setting(job, STR_LIT("big"), value);
	assert_int_equal(run_job(w, job), W_ETOOBIG);
	assert_true(add_centre(w, "CAS") > 0);
}

static void
group__clear_text_has_no_way_into_a_sealed_column(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_link link = link_of(w, person, "active");

	link.phone = (struct sealed){(const uint8_t *)"+212600000011", 13};
	put_link(job, &link);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
group__an_empty_job_is_answered_too(void **state)
{
	struct world *w = *state;

	STORED(w, store_job_new(w->s));
}

static int
fail_constraint(struct writer *writer, const void *arg)
{
	(void)writer;
	(void)arg;
	return SQLITE_CONSTRAINT;
}

static void
group__an_audit_record_of_a_failed_job_leaves_no_gap(void **state)
{
	struct world *w = *state;
	struct row_audit record = audit_of(0, 0, "list");
	struct gate gate;
	int64_t bad, count;

	gate_close(w, &gate);
	for (int i = 0; i < 3; i++) {
		struct store_job *job = store_job_new(w->s);

		put_audit(job, &record);
		if (i == 1)
			op_call(job, fail_constraint, NULL);
		store_submit(w->s, job, NULL, NULL);
	}
	gate_open(&gate);
	settle(w);
	assert_int_equal(audit_verify(store_loop_reader(w->s), w->keys, &bad, &count), 0);
	assert_int_equal(count, 3); /* the first of all, and two */
}

static int
fail_io(struct writer *writer, const void *arg)
{
	(void)writer;
	(void)arg;
	return SQLITE_IOERR;
}

static void
count_call(void *arg)
{
	++*(int *)arg;
}

static void
group__an_io_error_breaks_the_store_for_good(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct row_centre centre = {.id = 1, .code = STR_LIT("CAS")};
	struct gate gate;
	int broken = 0, rc = NOT_YET;

	store_on_broken(w->s, count_call, &broken);
	gate_close(w, &gate);
	put_centre(job, &centre);
	store_submit(w->s, job, on_world_stored, &rc);
	job = store_job_new(w->s);
	op_call(job, fail_io, NULL);
	store_submit(w->s, job, NULL, NULL);
	gate_open(&gate);
	settle(w);
	assert_int_equal(rc, W_EIO); /* its neighbour failed, so nothing is known of it */
	assert_int_equal(broken, 1);
	assert_int_equal(run_job(w, store_job_new(w->s)), W_EIO);
	assert_int_equal(broken, 1);
	assert_int_equal(read_centre_id(store_loop_reader(w->s), 1, w->a, &centre), W_ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(group__one_bad_job_among_fifty_fails_alone),
		STORE_TEST(group__what_waits_together_is_committed_together),
		STORE_TEST(group__a_group_is_no_longer_than_its_limit),
		STORE_TEST(group__a_change_of_a_row_that_is_not_there_fails_its_job),
		STORE_TEST(group__a_row_for_a_person_who_is_not_there_fails_its_job),
		STORE_TEST(group__a_value_over_its_bound_fails_its_job_alone),
		STORE_TEST(group__clear_text_has_no_way_into_a_sealed_column),
		STORE_TEST(group__an_empty_job_is_answered_too),
		STORE_TEST(group__an_audit_record_of_a_failed_job_leaves_no_gap),
		STORE_TEST(group__an_io_error_breaks_the_store_for_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
