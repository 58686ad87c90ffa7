#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/test_http_world.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define GOOD "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

static char folder[] = "/tmp/wasl-http-XXXXXX";
static char path[64];
static struct conf_listen unix_at = {.family = AF_UNIX, .path = path, .text = "unix:test"};

static int
make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/http.sock", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static struct sockaddr_un
unix_address(void)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	memcpy(to.sun_path, path, strlen(path) + 1);
	return to;
}

static void
http_listen__serves_a_unix_socket_for_owner_and_group(void **state)
{
	struct http_options options = world_options();
	struct sockaddr_un to = unix_address();
	struct stat st;

	(void)state;
	options.listen = &unix_at;
	options.limits.per_address = 0;
	struct world *w = world_new(&options);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_int_equal(http_front_port(w->front, 0), 0);
	struct client *c =
		client_over(w, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), &to, sizeof(to));
	client_send(c, "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 2001:db8::7\r\n\r\n");
	WORLD_UNTIL(w, client_has(c, "200 OK"));
	assert_true(w->forwarded);
	assert_int_equal(w->peer.family, AF_INET6);
	client_send(c, GOOD);
	WORLD_UNTIL(w, client_count(c, "200 OK") == 2);
	assert_int_equal(w->peer.family, AF_UNIX);
	client_free(c);
	world_free(w);
	assert_int_equal(stat(path, &st), -1);
}

static void
http_listen__takes_over_a_socket_file_that_nobody_serves(void **state)
{
	struct http_options options = world_options();
	struct sockaddr_un to = unix_address();
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	close(fd);
	options.listen = &unix_at;
	struct world *w = world_new(&options);
	world_free(w);
}

static void
expect_refusal(const struct conf_listen *at, int rc)
{
	struct http_options options = world_options();
	struct loop *l = loop_new();
	struct err *err = err_new();
	struct http_front *f = NULL;

	options.listen = at;
	assert_int_equal(http_front_new(l, &options, world_on_request, NULL, &f, err), rc);
	assert_null(f);
	assert_int_equal(err_errors(err), 1);
	assert_string_equal(err_at(err, 0)->file, at->text);
	err_free(err);
	loop_free(l);
}

static void
http_listen__leaves_a_socket_that_somebody_serves(void **state)
{
	struct http_options options = world_options();

	(void)state;
	options.listen = &unix_at;
	struct world *w = world_new(&options);
	expect_refusal(&unix_at, W_EBUSY);
	assert_int_equal(access(path, F_OK), 0);
	world_free(w);
}

static void
http_listen__leaves_a_file_that_is_no_socket(void **state)
{
	FILE *file = fopen(path, "w");

	(void)state;
	fclose(file);
	expect_refusal(&unix_at, W_EBUSY);
	assert_int_equal(unlink(path), 0);
}

static void
http_listen__refuses_a_port_in_use_an_address_of_others_and_a_long_path(void **state)
{
	struct http_options options = world_options();
	struct world *w = world_new(&options);
	struct conf_listen same = *options.listen, foreign = same, far = unix_at;
	char long_path[200];

	(void)state;
	same.port = http_front_port(w->front, 0);
	expect_refusal(&same, W_EBUSY);
	memcpy(foreign.bytes, "\xc0\0\x02\x07", 4);
	expect_refusal(&foreign, W_EIO);
	memset(long_path, 'x', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	far.path = long_path;
	expect_refusal(&far, W_EINVAL);
	far.family = AF_NETLINK;
	expect_refusal(&far, W_EINVAL);
	world_free(w);
}

static void
http_listen__serves_ipv4_and_ipv6_at_once(void **state)
{
	struct http_options options = world_options();
	struct conf_listen at[2] = {*options.listen,
				    {.family = AF_INET6, .bytes = {[15] = 1}, .text = "six"}};
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};

	(void)state;
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		skip(); /* a machine without IPv6 */
	options.listen = at;
	options.n_listen = 2;
	struct world *w = world_new(&options);
	to.sin6_port = htons(http_front_port(w->front, 1));
	struct client *four = client_new(w), *six = client_over(w, fd, &to, sizeof(to));
	client_send(six, GOOD);
	WORLD_UNTIL(w, client_has(six, "200 OK"));
	assert_int_equal(w->peer.family, AF_INET6);
	client_send(four, GOOD);
	WORLD_UNTIL(w, client_has(four, "200 OK"));
	assert_int_equal(w->peer.family, AF_INET);
	client_free(six);
	client_free(four);
	world_free(w);
}

/* ---- Out of descriptors ---- */

static int64_t
cpu_ms(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000 +
	       (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1000;
}

static void
on_stop(void *arg)
{
	loop_stop(arg);
}

enum { CHILD_OK, CHILD_NOT_HUNG_UP, CHILD_NOT_PAUSED, CHILD_BURNT };
enum { CALLERS = 5 };

static size_t
closed_of(struct client *const *c)
{
	size_t closed = 0;

	for (size_t i = 0; i < CALLERS; i++)
		closed += c[i]->closed;
	return closed;
}

/* The next free descriptor will be the last one allowed. */
static void
allow_one_more(void)
{
	int next = dup(0);

	setrlimit(RLIMIT_NOFILE, &(struct rlimit){(rlim_t)next + 1, (rlim_t)next + 1});
	close(next);
}

/*
 * Five callers, a descriptor for one: the next is hung up on, the others wait
 * for the pause to end and are hung up on one by one. Then there is room again.
 */
static int
starve(void)
{
	struct http_options options = world_options();
	struct world *w = world_new(&options);
	struct client *c[CALLERS], *late;
	int held[2] = {dup(0), dup(0)};
	struct timer *stop = timer_new(w->loop, on_stop, w->loop);

	for (size_t i = 0; i < CALLERS; i++)
		c[i] = client_new(w);
	allow_one_more();
	WORLD_UNTIL(w, closed_of(c) > 0);
	if (http_front_connections(w->front) != 1)
		return CHILD_NOT_HUNG_UP;
	for (int turn = 0; turn < 4; turn++)
		loop_once(w->loop, false);
	if (closed_of(c) > 2)
		return CHILD_NOT_PAUSED;

	int64_t before = cpu_ms();
	timer_set(stop, 300);
	loop_run(w->loop);
	if (cpu_ms() - before > 150)
		return CHILD_BURNT;
	WORLD_UNTIL(w, closed_of(c) == CALLERS - 1);

	close(held[0]);
	close(held[1]);
	late = client_new(w);
	client_send(late, GOOD);
	WORLD_UNTIL(w, client_has(late, "200 OK"));
	client_free(late);
	for (size_t i = 0; i < CALLERS; i++)
		client_free(c[i]);
	timer_free(stop);
	world_free(w);
	return CHILD_OK;
}

static void
http_listen__without_descriptors_it_hangs_up_pauses_and_recovers(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		alarm(20);
		_exit(starve());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CHILD_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_listen__serves_a_unix_socket_for_owner_and_group),
		cmocka_unit_test(http_listen__takes_over_a_socket_file_that_nobody_serves),
		cmocka_unit_test(http_listen__leaves_a_socket_that_somebody_serves),
		cmocka_unit_test(http_listen__leaves_a_file_that_is_no_socket),
		cmocka_unit_test(
			http_listen__refuses_a_port_in_use_an_address_of_others_and_a_long_path),
		cmocka_unit_test(http_listen__serves_ipv4_and_ipv6_at_once),
		cmocka_unit_test(http_listen__without_descriptors_it_hangs_up_pauses_and_recovers),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
