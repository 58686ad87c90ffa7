#include "test_store_world.h"

/* The last read-only look of a turn, and the jobs of one, belong together. */

static void
submit_centre(struct world *w, int64_t id, int *rc)
{
	struct store_job *job = store_job_new(w->s);
	const struct row_centre centre = {.id = id,
					  .code = str_of(arena_printf(w->a, "C%d", (int)id))};

	*rc = NOT_YET;
	put_centre(job, &centre);
	store_submit(w->s, job, on_world_stored, rc);
}

static int64_t
commits(struct world *w)
{
	struct store_status status;

	store_status(w->s, &status);
	return status.commits;
}

static void
loop__jobs_of_a_turn_are_one_commit(void **state)
{
	struct world *w = *state;
	int64_t before = commits(w);
	int rcs[5];

	for (int i = 0; i < 5; i++)
		submit_centre(w, i + 1, &rcs[i]);
	settle(w);
	for (int i = 0; i < 5; i++)
		assert_int_equal(rcs[i], 0);
	assert_int_equal(commits(w) - before, 1);
}

static void
loop__the_end_of_a_turn_hands_jobs_over(void **state)
{
	struct world *w = *state;
	int rc;

	submit_centre(w, 1, &rc);
	while (rc == NOT_YET) /* nobody flushes: the loop alone must do */
		loop_once(w->loop, true);
	assert_int_equal(rc, 0);
}

static void
loop__a_crowd_is_handed_over_before_the_turn_ends(void **state)
{
	enum { MANY = 200 };
	struct world *w = *state;
	static int rcs[MANY];
	uint64_t finished = 0;

	for (int i = 0; i < MANY; i++)
		submit_centre(w, i + 1, &rcs[i]);
	while (finished == 0) {
		pthread_mutex_lock(&w->s->writer.lock);
		finished = w->s->writer.finished;
		pthread_mutex_unlock(&w->s->writer.lock);
	}
	settle(w);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(rcs[i], 0);
}

struct hearing {
	struct world *w;
	int found;
};

static void
on_heard(void *arg, int rc)
{
	struct hearing *h = arg;
	struct row_centre row;

	assert_int_equal(rc, 0);
	h->found = read_centre_id(store_loop_reader(h->w->s), 1, h->w->a, &row);
}

/* A turn that has looked before the commit, and hears of it, sees it. */
static void
loop__who_hears_of_a_commit_reads_it(void **state)
{
	struct world *w = *state;
	struct hearing h = {w, NOT_YET};
	struct store_job *job = store_job_new(w->s);
	struct row_centre row = {.id = 1, .code = STR_LIT("CAS")};

	put_centre(job, &row);
	store_submit(w->s, job, on_heard, &h);
	store_flush(w->s);
	/* The result waits; the loop looks at something else first. */
	assert_int_equal(read_centre_id(store_loop_reader(w->s), 2, w->a, &row), W_ENOENT);
	assert_true(w->s->loop_reader.in_transaction);
	while (h.found == NOT_YET)
		loop_once(w->loop, true);
	assert_int_equal(h.found, 0);
}

static void
loop__no_look_outlives_its_turn(void **state)
{
	struct world *w = *state;
	struct row_centre row;

	assert_int_equal(read_centre_id(store_loop_reader(w->s), 1, w->a, &row), W_ENOENT);
	assert_true(w->s->loop_reader.in_transaction);
	loop_once(w->loop, false);
	assert_false(w->s->loop_reader.in_transaction);
}

static void
loop__a_store_may_close_in_the_middle_of_a_turn(void **state)
{
	struct world *w = *state;
	struct row_centre row;
	int rc;

	assert_int_equal(read_centre_id(store_loop_reader(w->s), 1, w->a, &row), W_ENOENT);
	submit_centre(w, 1, &rc);
	store_close(w->s);
	assert_int_equal(rc, 0);
	loop_once(w->loop, false); /* the end of the turn finds nothing */
	assert_int_equal(world_open(w), 0);
	assert_int_equal(read_centre_id(store_loop_reader(w->s), 1, w->a, &row), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(loop__jobs_of_a_turn_are_one_commit),
		STORE_TEST(loop__the_end_of_a_turn_hands_jobs_over),
		STORE_TEST(loop__a_crowd_is_handed_over_before_the_turn_ends),
		STORE_TEST(loop__who_hears_of_a_commit_reads_it),
		STORE_TEST(loop__no_look_outlives_its_turn),
		STORE_TEST(loop__a_store_may_close_in_the_middle_of_a_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
