#include "test_store_world.h"

#include "base/check.h"

static void
job__what_it_was_given_is_copied(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	char code[] = "CAS";
	struct row_centre centre = {.id = 1, .code = str_of(code)};

	put_centre(job, &centre);
	memset(code, 'x', 3);
	STORED(w, job);
	assert_int_equal(read_centre_id(store_loop_reader(w->s), 1, w->a, &centre), 0);
	assert_true(str_is(centre.code, "CAS"));
}

static void
job__its_answer_never_comes_before_submit_returns(void **state)
{
	struct world *w = *state;
	int rc = NOT_YET;

	store_submit(w->s, store_job_new(w->s), on_world_stored, &rc);
	store_flush(w->s);
	assert_int_equal(rc, NOT_YET);
	loop_once(w->loop, false);
	assert_int_equal(rc, 0);
}

static void
job__a_queue_that_is_full_refuses(void **state)
{
	struct world *w = *state;
	struct gate gate;
	int rc = NOT_YET;

	gate_close(w, &gate);
	pthread_mutex_lock(&w->s->writer.lock);
	size_t waiting = w->s->writer.waiting;
	w->s->writer.waiting = QUEUE_MAX;
	pthread_mutex_unlock(&w->s->writer.lock);
	store_submit(w->s, store_job_new(w->s), on_world_stored, &rc);
	pthread_mutex_lock(&w->s->writer.lock);
	w->s->writer.waiting = waiting;
	pthread_mutex_unlock(&w->s->writer.lock);
	assert_int_equal(rc, NOT_YET);
	gate_open(&gate);
	settle(w);
	assert_int_equal(rc, W_EFULL);
}

struct again {
	struct world *w;
	int first, second;
};

static void
on_again(void *arg, int rc)
{
	struct again *again = arg;

	again->first = rc;
	store_submit(again->w->s, store_job_new(again->w->s), on_world_stored, &again->second);
}

static void
job__what_waits_at_close_is_committed_and_answered(void **state)
{
	struct world *w = *state;
	struct again again = {w, NOT_YET, NOT_YET};
	struct store_job *job = store_job_new(w->s);
	struct row_centre centre = {.id = 1, .code = STR_LIT("CAS")};

	put_centre(job, &centre);
	store_submit(w->s, job, on_again, &again);
	store_close(w->s);
	assert_int_equal(again.first, 0);
	assert_int_equal(again.second, W_EFULL);
	loop_once(w->loop, false); /* a wake-up still posted finds nothing */
	assert_int_equal(world_open(w), 0);
	assert_int_equal(read_centre_id(store_loop_reader(w->s), 1, w->a, &centre), 0);
}

static void
job__one_that_is_not_submitted_is_just_freed(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);

	put_setting(job, STR_LIT("a"), STR_LIT("b"));
	store_job_free(job);
	store_job_free(NULL);
	settle(w);
}

/* Five hundred in flight, each answered once and in order. */
struct order {
	int next;
	bool wrong;
};

struct numbered {
	struct order *order;
	int number;
};

static void
on_numbered(void *arg, int rc)
{
	struct numbered *n = arg;

	if (rc != 0 || n->number != n->order->next)
		n->order->wrong = true;
	n->order->next++;
}

static void
job__answers_come_in_the_order_of_submission(void **state)
{
	struct world *w = *state;
	struct order order = {0, false};

	for (int i = 0; i < 500; i++) {
		struct store_job *job = store_job_new(w->s);
		struct numbered *n = ARENA_NEW(store_job_arena(job), struct numbered);

		*n = (struct numbered){&order, i};
		put_setting(job, STR_LIT("n"), STR_LIT("1"));
		store_submit(w->s, job, on_numbered, n);
	}
	settle(w);
	assert_int_equal(order.next, 500);
	assert_false(order.wrong);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(job__what_it_was_given_is_copied),
		STORE_TEST(job__its_answer_never_comes_before_submit_returns),
		STORE_TEST(job__a_queue_that_is_full_refuses),
		STORE_TEST(job__what_waits_at_close_is_committed_and_answered),
		STORE_TEST(job__one_that_is_not_submitted_is_just_freed),
		STORE_TEST(job__answers_come_in_the_order_of_submission),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
