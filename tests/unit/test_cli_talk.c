#include "unit/test_cli_world.h"

#include <sys/stat.h>
#include <sys/wait.h>

static int
open_world(void **state)
{
	*state = xcalloc(1, sizeof(struct world));
	world_open(*state);
	return 0;
}

static int
close_world(void **state)
{
	world_close(*state);
	free(*state);
	return 0;
}

static const struct {
	const char *fixture, *line, *complaint;
	int code;
} endings[] = {
	{"log.jsonl", "log", "", ADMIN_DONE},
	{"nobody.jsonl", "person show CAS-0001", "no such person among yours", ADMIN_NONE},
	{"denied.jsonl", "config show", "not for your role", ADMIN_DENIED},
	{"conflict.jsonl", "call done 3001", "was closed by s.alaoui", ADMIN_CONFLICT},
	{"ctl_reload_faults.jsonl", "ctl reload", "nothing was changed", ADMIN_LINT},
	{"busy.jsonl", "person find x", "try again", ADMIN_AWAY},
	{"cut.jsonl", "log", "server unreachable, try again", ADMIN_AWAY},
	{"garbage.jsonl", "log", "server unreachable, try again", ADMIN_AWAY},
	{"overdue.jsonl", "overdue", "", ADMIN_DONE},
	{"overdue.jsonl", "overdue --exit-code", "", ADMIN_MATCHED},
	{"empty.jsonl", "overdue --exit-code", "", ADMIN_DONE},
};

static void
talk__the_exit_code_is_the_one_the_gateway_says(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		world_forget(w);
		world_answers(w, endings[i].fixture, NULL);
		int code = world_line(w, true, NULL, endings[i].line);

		if (code != endings[i].code || strstr(w->err, endings[i].complaint) == NULL)
			fail_msg("%s on %s: %d %s", endings[i].line, endings[i].fixture, code,
				 w->err);
		assert_true((endings[i].complaint[0] == '\0') == (w->err_n == 0));
	}
}

static void
talk__rows_before_the_cut_are_shown_and_no_sum_under_them(void **state)
{
	struct world *w = *state;

	world_answers(w, "cut.jsonl", NULL);
	assert_int_equal(world_line(w, true, NULL, "log"), ADMIN_AWAY);
	assert_non_null(strstr(w->out, "CAS-0142"));
	assert_null(strstr(w->out, "check-in"));
}

static void
talk__a_line_without_an_end_is_cut_off(void **state)
{
	struct world *w = *state;

	world_answers(w, "endless", NULL);
	assert_int_equal(world_line(w, true, NULL, "log"), ADMIN_AWAY);
}

static void
talk__half_an_answer_is_no_valid_json(void **state)
{
	struct world *w = *state;

	world_answers(w, "cut.jsonl", NULL);
	assert_int_equal(world_line(w, false, NULL, "log --json"), ADMIN_AWAY);
	assert_null(json_loads(w->out, 0, NULL));
}

static void
talk__nobody_there_is_75(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_line(w, true, NULL, "log --socket /nonexistent/socket"), ADMIN_AWAY);
	assert_non_null(strstr(w->err, "server unreachable, try again"));
	assert_string_equal(w->out, "");
}

static void
talk__a_path_too_long_for_a_socket_is_2(void **state)
{
	struct world *w = *state;
	char line[300] = "log --socket /";

	memset(line + 14, 'x', 200);
	assert_int_equal(world_line(w, true, NULL, line), ADMIN_USAGE);
}

static void
talk__several_people_are_listed_with_3(void **state)
{
	struct world *w = *state;

	world_answers(w, "person_several.jsonl", NULL);
	assert_int_equal(world_line(w, false, NULL, "person show a"), ADMIN_NONE);
	assert_string_equal(w->out, "");
	assert_non_null(strstr(w->err, "   2  CAS-0203  "));
	assert_non_null(strstr(w->err, "several people fit"));
}

static void
talk__one_of_several_can_be_chosen_by_number(void **state)
{
	struct world *w = *state;

	world_answers(w, "person_several.jsonl", "person_show.jsonl");
	assert_int_equal(world_line(w, true, "2\n", "person show a"), 0);
	assert_non_null(strstr(w->out, "CAS-0142"));
	pthread_join(w->thread, NULL);
	w->started = false;
	assert_non_null(strstr(w->request[1], "\"person\":\"CAS-0203\""));
}

static void
talk__choosing_none_is_3(void **state)
{
	struct world *w = *state;

	world_answers(w, "person_several.jsonl", NULL);
	assert_int_equal(world_line(w, true, "9\n", "person show a"), ADMIN_NONE);
}

static void
talk__a_stream_shows_rows_as_they_come(void **state)
{
	struct world *w = *state;

	world_answers(w, "cut.jsonl", NULL);
	assert_int_equal(world_line(w, false, NULL, "log -f -o table"), ADMIN_AWAY);
	assert_non_null(strstr(w->out, "TODAY · Sat 21 Nov\n 09:12  good"));
}

/* A lab's clock runs ahead of ours: days are counted from what the gateway says. */
static void
talk__the_clock_of_the_gateway_counts(void **state)
{
	struct world *w = *state;

	world_answers(w, "log_ahead.jsonl", NULL);
	assert_int_equal(world_line(w, true, NULL, "log"), 0);
	assert_non_null(strstr(w->out, "YESTERDAY · Sat 21 Nov"));
}

static void
write_script(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, 0700), 0);
}

/* doctor becomes the wasld beside the program, with the configuration named. */
static void
talk__doctor_without_a_gateway_runs_the_check_of_wasld(void **state)
{
	struct world *w = *state;
	char self[96], daemon[96];

	snprintf(self, sizeof(self), "%s/wasl", w->dir);
	snprintf(daemon, sizeof(daemon), "%s/wasld", w->dir);
	write_script(daemon, "#!/bin/sh\n[ \"$*\" = \"--config /x.yaml --check\" ] && exit 42\n");
	pid_t child = fork();

	if (child == 0) {
		char *argv[] = {xstrdup("wasl"), xstrdup("doctor"), xstrdup("--config"),
				xstrdup("/x.yaml"), NULL};
		FILE *none = fopen("/dev/null", "r+");
		struct cli_io io = {.in = none, .out = none, .err = none, .self = self};

		setenv("WASL_SOCKET", "/nonexistent", 1);
		_exit(cli_run(4, argv, &io));
	}
	int status = 0;

	assert_int_equal(waitpid(child, &status, 0), child);
	unlink(daemon);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(talk__the_exit_code_is_the_one_the_gateway_says),
		WORLD_TEST(talk__rows_before_the_cut_are_shown_and_no_sum_under_them),
		WORLD_TEST(talk__a_line_without_an_end_is_cut_off),
		WORLD_TEST(talk__half_an_answer_is_no_valid_json),
		WORLD_TEST(talk__nobody_there_is_75),
		WORLD_TEST(talk__a_path_too_long_for_a_socket_is_2),
		WORLD_TEST(talk__several_people_are_listed_with_3),
		WORLD_TEST(talk__one_of_several_can_be_chosen_by_number),
		WORLD_TEST(talk__choosing_none_is_3),
		WORLD_TEST(talk__a_stream_shows_rows_as_they_come),
		WORLD_TEST(talk__the_clock_of_the_gateway_counts),
		WORLD_TEST(talk__doctor_without_a_gateway_runs_the_check_of_wasld),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
