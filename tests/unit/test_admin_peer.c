#include "test_admin_world.h"

#include <poll.h>
#include <sys/stat.h>

static void
admin_peer__the_socket_is_for_owner_and_group(void **state)
{
	struct desk *d = *state;
	struct stat st;

	assert_int_equal(stat(d->socket, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
}

static void
admin_peer__a_half_sent_request_closes(void **state)
{
	struct desk *d = *state;

	close(d->fd);
	admin_set_patience(d->admin, 30, 30);
	d->fd = desk_connect(d);
	say_raw(d, "{\"v\":1,\"verb\":\"who");
	assert_null(hear_line(d));
	assert_int_equal(audit_count(d), 1);
}

static void
admin_peer__several_requests_go_over_one_connection(void **state)
{
	struct desk *d = *state;

	say_raw(d, "{\"v\":1,\"verb\":\"whoami\"}\n{\"v\":1,\"verb\":\"whoami\"}\n");
	assert_int_equal(hear(d)->n, 1);
	assert_int_equal(hear(d)->n, 1);
	assert_int_equal(ask(d, "whoami", "{}")->n, 1);
}

static void
admin_peer__broken_lines_cost_one_line_each(void **state)
{
	static const char *const lines[] = {
		"\n",
		"x\n",
		"{\"v\":1,\n",
		"{\"v\":1,\"verb\":\"whoami\",\"verb\":\"log\"}\n",
		"{\"v\":1,\"verb\":\"whoami\",\"args\":{\"x\":1}}\n",
		"{\"v\":1,\"verb\":\"log\",\"args\":{\"mood\":\"bad\"}}\n",
		"{\"v\":1,\"verb\":\"log\",\"args\":{\"mood\":{}}}\n",
		"{\"v\":1,\"verb\":\"log\",\"args\":{\"limit\":-1}}\n",
		"{\"v\":1,\"verb\":\"log\",\"args\":{\"limit\":1.5}}\n",
		"{\"v\":1,\"verb\":\"log\",\"args\":{\"since\":\"then\"}}\n",
		"{\"v\":1,\"verb\":\"need show\"}\n",
		"{\"v\":1,\"verb\":\"need show\",\"args\":{\"number\":\"\"}}\n",
		"{\"v\":1,\"verb\":\"need show\",\"args\":{\"number\":\"N-\"}}\n",
		"{\"v\":1,\"verb\":\"need shwo\",\"args\":{\"number\":1}}\n",
		"[[[[[[[[[[[[[[\n",
	};
	struct desk *d = *state;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		say_raw(d, lines[i]);
		const struct answer *got = hear(d);
		if (got->code != ADMIN_USAGE || got->n != 0)
			fail_msg("code %d: %s", got->code, lines[i]);
	}
	assert_int_equal(ask(d, "whoami", "{}")->code, ADMIN_DONE);
}

static void
admin_peer__a_misspelt_verb_is_told_its_neighbour(void **state)
{
	assert_non_null(strstr(ask(*state, "overdeu", "{}")->text, "overdue"));
}

static void
admin_peer__faults_do_not_repeat_what_was_typed(void **state)
{
	struct desk *d = *state;

	assert_null(strstr(ask(d, "person add", "{'phone':'not-a-number-Nadia'}")->text, "Nadia"));
	assert_null(strstr(ask(d, "person show", "{'person':'Nadia'}")->text, "Nadia"));
}

static void
admin_peer__a_line_without_end_is_cut_at_its_bound(void **state)
{
	struct desk *d = *state;
	char *much = arena_alloc(d->a, ADMIN_REQUEST_MAX + 2);

	memset(much, ' ', ADMIN_REQUEST_MAX + 1);
	say_raw(d, much);
	assert_int_equal(hear(d)->code, ADMIN_USAGE);
	assert_null(hear_line(d));
}

static void
admin_peer__the_thirty_third_is_sent_away(void **state)
{
	struct desk *d = *state;
	int more[ADMIN_CONNECTIONS], mine = d->fd;

	assert_int_equal(ask(d, "whoami", "{}")->code, ADMIN_DONE);
	for (int i = 0; i < ADMIN_CONNECTIONS; i++)
		more[i] = desk_connect(d);
	d->fd = more[ADMIN_CONNECTIONS - 1];
	assert_int_equal(hear(d)->code, ADMIN_AWAY);
	assert_null(hear_line(d));
	for (int i = 0; i < ADMIN_CONNECTIONS; i++)
		close(more[i]);
	d->fd = mine;
	assert_int_equal(ask(d, "whoami", "{}")->code, ADMIN_DONE);
}

static void
admin_peer__who_leaves_in_the_middle_costs_nothing(void **state)
{
	struct desk *d = *state;
	int64_t person = desk_person(d, d->centre, d->me, "نادية", "Nadia");

	for (int i = 0; i < 20; i++) {
		desk_need(d, person, "today", "note");
		say(d, i % 2 ? "need list" : "person show", i % 2 ? "{}" : "{'person':'nadia'}");
		if (i % 3 == 0)
			loop_once(d->loop, true);
		close(d->fd);
		d->fd = desk_connect(d);
	}
	assert_int_equal(ask(d, "whoami", "{}")->code, ADMIN_DONE);
	while (d->admin->n_peers > 1 || d->admin->asks > 0)
		loop_once(d->loop, true);
}

static void
admin_peer__an_end_in_the_middle_of_an_answer_is_clean(void **state)
{
	struct desk *d = *state;
	const struct admin_options o = desk_options(d);

	desk_person(d, d->centre, d->me, "نادية", "Nadia");
	say(d, "person find", "{'text':'nadia'}");
	loop_once(d->loop, true);
	admin_free(d->admin);
	assert_int_equal(admin_new(&o, &d->admin, d->err), W_OK);
	close(d->fd);
	d->fd = desk_connect(d);
	assert_int_equal(ask(d, "whoami", "{}")->code, ADMIN_DONE);
}

static void
admin_peer__a_second_daemon_does_not_take_the_socket(void **state)
{
	struct desk *d = *state;
	const struct admin_options o = desk_options(d);
	struct admin *second = NULL;

	assert_int_equal(admin_new(&o, &second, d->err), W_EBUSY);
	assert_int_equal(err_errors(d->err), 1);
	assert_int_equal(ask(d, "whoami", "{}")->code, ADMIN_DONE);
}

static void
admin_peer__what_a_crash_left_is_taken_over(void **state)
{
	struct desk *d = *state;
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	const struct admin_options o = desk_options(d);
	int left = socket(AF_UNIX, SOCK_STREAM, 0);

	admin_free(d->admin);
	strcpy(at.sun_path, d->socket);
	assert_int_equal(bind(left, (struct sockaddr *)&at, sizeof(at)), 0);
	close(left);
	close(d->fd);
	assert_int_equal(admin_new(&o, &d->admin, d->err), W_OK);
	d->fd = desk_connect(d);
	assert_int_equal(ask(d, "whoami", "{}")->code, ADMIN_DONE);
}

static void
admin_peer__a_file_that_is_no_socket_is_left_alone(void **state)
{
	struct desk *d = *state;
	struct admin_options o = desk_options(d);
	struct admin *second = NULL;

	o.socket = d->conf->file;
	assert_int_equal(admin_new(&o, &second, d->err), W_EBUSY);
	assert_int_equal(access(d->conf->file, F_OK), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(admin_peer__the_socket_is_for_owner_and_group),
		DESK_TEST(admin_peer__a_half_sent_request_closes),
		DESK_TEST(admin_peer__several_requests_go_over_one_connection),
		DESK_TEST(admin_peer__broken_lines_cost_one_line_each),
		DESK_TEST(admin_peer__a_misspelt_verb_is_told_its_neighbour),
		DESK_TEST(admin_peer__faults_do_not_repeat_what_was_typed),
		DESK_TEST(admin_peer__a_line_without_end_is_cut_at_its_bound),
		DESK_TEST(admin_peer__the_thirty_third_is_sent_away),
		DESK_TEST(admin_peer__who_leaves_in_the_middle_costs_nothing),
		DESK_TEST(admin_peer__an_end_in_the_middle_of_an_answer_is_clean),
		DESK_TEST(admin_peer__a_second_daemon_does_not_take_the_socket),
		DESK_TEST(admin_peer__what_a_crash_left_is_taken_over),
		DESK_TEST(admin_peer__a_file_that_is_no_socket_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
