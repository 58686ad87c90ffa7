#include "base/loop.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <signal.h>

enum { THREADS = 4, POSTS = 500 };

struct poster;

struct posting {
	struct poster *from;
	int number;
};

/* One thread's posts; handled and disorder are touched on the loop only. */
struct poster {
	struct loop *loop;
	pthread_t thread;
	struct posting postings[POSTS];
	int handled;
	bool disorder;
};

static void
on_posting(void *arg)
{
	struct posting *p = arg;

	if (p->number != p->from->handled)
		p->from->disorder = true;
	p->from->handled++;
}

static void *
post_all(void *arg)
{
	struct poster *me = arg;

	for (int i = 0; i < POSTS; i++) {
		me->postings[i] = (struct posting){me, i};
		loop_post(me->loop, on_posting, &me->postings[i]);
	}
	return NULL;
}

static void
base_loop__posts_of_other_threads_arrive_all_and_in_order(void **state)
{
	static struct poster posters[THREADS];
	struct loop *l = loop_new();
	int handled = 0;

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		posters[i].loop = l;
		assert_int_equal(pthread_create(&posters[i].thread, NULL, post_all, &posters[i]),
				 0);
	}
	while (handled < THREADS * POSTS) {
		loop_once(l, true);
		handled = 0;
		for (int i = 0; i < THREADS; i++)
			handled += posters[i].handled;
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(posters[i].thread, NULL);
		assert_false(posters[i].disorder);
	}
	loop_free(l);
}

static void
count(void *arg)
{
	++*(int *)arg;
}

static void
base_loop__posts_left_over_are_run_before_the_loop_goes(void **state)
{
	struct loop *l = loop_new();
	int n = 0;

	(void)state;
	loop_post(l, count, &n);
	loop_post(l, count, &n);
	loop_free(l);
	assert_int_equal(n, 2);
	loop_free(NULL);
}

static void *
stop(void *loop)
{
	loop_stop(loop);
	return NULL;
}

static void
base_loop__another_thread_can_stop_it(void **state)
{
	struct loop *l = loop_new();
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, stop, l), 0);
	loop_run(l);
	pthread_join(thread, NULL);
	loop_free(l);
}

struct turn {
	struct loop *loop;
	int step, freed_at, other_at;
};

static void
on_free(void *arg)
{
	struct turn *t = arg;

	t->freed_at = ++t->step;
}

static void
on_other(void *arg)
{
	struct turn *t = arg;

	t->other_at = ++t->step;
}

static void
on_first(void *arg)
{
	struct turn *t = arg;

	loop_free_later(t->loop, on_free, t);
	assert_int_equal(t->freed_at, 0);
}

static void
base_loop__free_later_waits_for_the_callbacks_of_the_turn(void **state)
{
	struct loop *l = loop_new();
	struct turn t = {.loop = l};

	(void)state;
	loop_post(l, on_first, &t);
	loop_post(l, on_other, &t);
	while (t.freed_at == 0)
		loop_once(l, true);
	assert_int_equal(t.other_at, 1);
	assert_int_equal(t.freed_at, 2);
	loop_free(l);
}

static void
base_loop__a_timer_goes_off_once_and_can_be_stopped(void **state)
{
	struct loop *l = loop_new();
	int due = 0, never = 0;
	struct timer *t = timer_new(l, count, &due), *s = timer_new(l, count, &never);

	(void)state;
	timer_set(s, 0);
	timer_stop(s);
	timer_set(t, 3600000);
	timer_set(t, 1);
	while (due == 0)
		loop_once(l, true);
	loop_once(l, false);
	assert_int_equal(due, 1);
	assert_int_equal(never, 0);
	timer_set(t, 0);
	loop_once(l, true);
	assert_int_equal(due, 2);
	timer_free(t);
	timer_free(s);
	timer_free(NULL);
	loop_free(l);
}

static void
base_loop__a_signal_is_a_callback(void **state)
{
	struct loop *l = loop_new();
	int n = 0;

	(void)state;
	loop_on_signal(l, SIGUSR1, count, &n);
	raise(SIGUSR1);
	while (n == 0)
		loop_once(l, true);
	assert_int_equal(n, 1);
	loop_free(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_loop__posts_of_other_threads_arrive_all_and_in_order),
		cmocka_unit_test(base_loop__posts_left_over_are_run_before_the_loop_goes),
		cmocka_unit_test(base_loop__another_thread_can_stop_it),
		cmocka_unit_test(base_loop__free_later_waits_for_the_callbacks_of_the_turn),
		cmocka_unit_test(base_loop__a_timer_goes_off_once_and_can_be_stopped),
		cmocka_unit_test(base_loop__a_signal_is_a_callback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
