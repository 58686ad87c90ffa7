/*
 * A descriptor is closed on the loop, and another thread gets its number for a
 * file of its own before the loop's next turn: the loop gathers its changes for
 * epoll (base/loop.c), so it takes the number out only then. What it hits must
 * come to no harm, and the number must work again when the loop has it back.
 * tsan.supp rests on this.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned complaints, calls; /* of libevent; of on_readable */

static void
on_complaint(int severity, const char *text)
{
	(void)text;
	complaints += severity >= EVENT_LOG_WARN;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	char byte;

	(void)what;
	(void)arg;
	calls++;
	assert_int_equal(read(fd, &byte, 1), 1);
}

struct watched {
	struct loop *loop;
	int pair[2]; /* the loop watches the first */
	struct event *event;
};

static void
watch(struct watched *w)
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, w->pair), 0);
	w->event =
		event_new(loop_base(w->loop), w->pair[0], EV_READ | EV_PERSIST, on_readable, NULL);
	assert_int_equal(event_add(w->event, NULL), 0);
}

/* As everything on the loop does it: first the event, then the descriptor. */
static int
close_watched(struct watched *w)
{
	int number = w->pair[0];

	event_free(w->event);
	close(w->pair[0]);
	close(w->pair[1]);
	return number;
}

static void
hear_one_byte(struct watched *w)
{
	unsigned before = calls;

	assert_int_equal(write(w->pair[1], "x", 1), 1);
	loop_once(w->loop, true);
	assert_int_equal(calls, before + 1);
}

static int
setup(void **state)
{
	struct watched *w = calloc(1, sizeof(*w));

	event_set_log_callback(on_complaint);
	complaints = 0;
	w->loop = loop_new();
	watch(w);
	hear_one_byte(w);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct watched *w = *state;

	loop_free(w->loop);
	event_set_log_callback(NULL);
	free(w);
	return 0;
}

/* ---- What another thread makes of the number ---- */

static int
new_file(void)
{
	char path[] = "/tmp/wasl-number-XXXXXX";
	int fd = mkstemp(path);

	unlink(path);
	return fd;
}

static int
new_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0);
}

struct other {
	int (*make)(void);
	int number; /* wanted */
	int made;
};

static void *
take_number(void *arg)
{
	struct other *o = arg;
	int fd = o->make();

	if (fd >= 0 && fd != o->number) { /* a lower one was free */
		dup2(fd, o->number);
		close(fd);
		fd = o->number;
	}
	o->made = fd;
	return NULL;
}

/* Between the close and the loop's next turn. */
static void
taken_by_another(int number, int (*make)(void), struct loop *loop)
{
	struct other o = {make, number, -1};
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, take_number, &o), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(o.made, number);
	loop_once(loop, false);
	assert_true(fcntl(number, F_GETFD) >= 0);
	loop_once(loop, false);
}

static void
drive_number__a_file_of_that_number_stays_as_it_is(void **state)
{
	struct watched *w = *state;
	int number = close_watched(w);
	char byte = 0;

	taken_by_another(number, new_file, w->loop);
	assert_int_equal(pwrite(number, "y", 1, 0), 1);
	assert_int_equal(pread(number, &byte, 1, 0), 1);
	assert_int_equal(byte, 'y');
	close(number);
	assert_int_equal(complaints, 0);
}

/* A resolver thread waits on sockets of its own, with an epoll of its own or none. */
static void
drive_number__a_socket_of_that_number_is_not_listened_to(void **state)
{
	struct watched *w = *state;
	int own = epoll_create1(0), number = close_watched(w);
	struct epoll_event ev = {.events = EPOLLOUT}, got;
	unsigned before = calls;

	taken_by_another(number, new_socket, w->loop);
	assert_int_equal(epoll_ctl(own, EPOLL_CTL_ADD, number, &ev), 0);
	loop_once(w->loop, false);
	assert_int_equal(epoll_wait(own, &got, 1, 0), 1);
	assert_int_equal(calls, before);
	close(own);
	close(number);
	assert_int_equal(complaints, 0);
}

/* Closed and had again within a turn, by the loop itself: the usual case. */
static void
drive_number__the_loop_hears_a_number_that_it_has_again(void **state)
{
	struct watched *w = *state;
	int number = close_watched(w);

	watch(w);
	assert_int_equal(w->pair[0], number);
	hear_one_byte(w);
	(void)close_watched(w);
	assert_int_equal(complaints, 0);
}

/* As before, but meanwhile it was somebody else's. */
static void
drive_number__the_loop_hears_a_number_that_was_another_threads(void **state)
{
	struct watched *w = *state;
	int number = close_watched(w);
	struct other o = {new_file, number, -1};
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, take_number, &o), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	close(o.made);
	watch(w);
	assert_int_equal(w->pair[0], number);
	hear_one_byte(w);
	(void)close_watched(w);
	assert_int_equal(complaints, 0);
}

#define NUMBER_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		NUMBER_TEST(drive_number__a_file_of_that_number_stays_as_it_is),
		NUMBER_TEST(drive_number__a_socket_of_that_number_is_not_listened_to),
		NUMBER_TEST(drive_number__the_loop_hears_a_number_that_it_has_again),
		NUMBER_TEST(drive_number__the_loop_hears_a_number_that_was_another_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
