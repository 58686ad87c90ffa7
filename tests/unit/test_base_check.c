#include "base/check.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <stdio.h>
#include <unistd.h>

/* The signal that ends a child doing this, or 0. */
static int
death_of(void (*fn)(void))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		/* The framework's own handlers would report the abort as a failure of a test. */
		signal(SIGABRT, SIG_DFL);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		fn();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
break_a_promise(void)
{
	CHECK(1 + 1 == 3);
}

static void
keep_a_promise(void)
{
	CHECK(1 + 1 == 2);
}

static void
write_on_the_loop(void)
{
	thread_is(THREAD_LOOP);
	CHECK_ON_WRITER();
}

static void
loop_on_the_loop(void)
{
	thread_is(THREAD_LOOP);
	CHECK_ON_LOOP();
}

static void
base_check__a_broken_promise_aborts(void **state)
{
	(void)state;
	assert_int_equal(death_of(break_a_promise), SIGABRT);
	assert_int_equal(death_of(keep_a_promise), 0);
}

static void
base_check__a_thread_in_the_wrong_place_aborts(void **state)
{
	(void)state;
	assert_int_equal(death_of(write_on_the_loop), SIGABRT);
	assert_int_equal(death_of(loop_on_the_loop), 0);
}

static void *
role_of_a_new_thread(void *out)
{
	*(enum thread_role *)out = thread_role();
	return NULL;
}

static void
base_check__a_thread_that_never_named_itself_passes(void **state)
{
	enum thread_role role = THREAD_PIN;
	pthread_t thread;

	(void)state;
	CHECK_ON_LOOP();
	CHECK_ON_WRITER();
	thread_is(THREAD_READER);
	assert_int_equal(pthread_create(&thread, NULL, role_of_a_new_thread, &role), 0);
	pthread_join(thread, NULL);
	assert_int_equal(role, THREAD_ANY);
	thread_is(THREAD_ANY);
}

static void
base_check__every_code_has_its_word(void **state)
{
	(void)state;
	assert_string_equal(w_err_word(W_OK), "ok");
	assert_string_equal(w_err_word(W_EEXIST), "conflict");
	assert_string_equal(w_err_word(W_EGONE), "erased");
	assert_string_equal(w_err_word(-12), "unknown");
	assert_string_equal(w_err_word(1), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_check__a_broken_promise_aborts),
		cmocka_unit_test(base_check__a_thread_in_the_wrong_place_aborts),
		cmocka_unit_test(base_check__a_thread_that_never_named_itself_passes),
		cmocka_unit_test(base_check__every_code_has_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
