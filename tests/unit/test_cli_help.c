#include "unit/test_cli_world.h"

static struct world w;

static int
open_world(void **state)
{
	(void)state;
	world_open(&w);
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	world_close(&w);
	return 0;
}

static void
help__every_command_teaches_with_an_example(void **state)
{
	char line[128];

	(void)state;
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		const struct cli_command *c = &cli_commands[i];

		snprintf(line, sizeof(line), "%s --help", c->words);
		assert_int_equal(world_line(&w, true, NULL, line), 0);
		if (i == COMMAND_HELP)
			continue; /* its help is the list */
		assert_non_null(strstr(w.out, c->sentence));
		assert_non_null(strstr(w.out, "Example:\n  $ wasl"));
		assert_non_null(strstr(w.out, "Exit codes:"));
		for (int f = 0; f < CLI_FLAGS; f++)
			if (c->flags & FLAG_BIT(f))
				assert_non_null(strstr(w.out, cli_flags[f].name));
	}
}

/* An example that the table itself would refuse teaches nothing. */
static void
help__every_example_is_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		const char *words[8] = {0};
		char copy[160], *save = NULL;
		size_t n = 0, used;

		snprintf(copy, sizeof(copy), "%s", cli_commands[i].example);
		for (char *p = strtok_r(copy, " ", &save); p && n < 8;
		     p = strtok_r(NULL, " ", &save))
			words[n++] = p;
		assert_string_equal(words[0], "wasl");
		if (n > 1)
			assert_ptr_equal(cli_command_find(words + 1, n - 1, &used),
					 &cli_commands[i]);
	}
}

static void
help__lists_every_command_and_every_common_flag(void **state)
{
	(void)state;
	assert_int_equal(world_line(&w, true, NULL, "help"), 0);
	for (size_t i = 0; i < CLI_COMMANDS; i++)
		assert_non_null(strstr(w.out, cli_commands[i].words));
	for (int f = 0; f < FLAGS_EVERYWHERE; f++)
		assert_non_null(strstr(w.out, cli_flags[f].name));
}

static void
help__of_a_group_lists_the_group(void **state)
{
	(void)state;
	assert_int_equal(world_line(&w, true, NULL, "need --help"), 0);
	assert_non_null(strstr(w.out, "need show NEED"));
	assert_null(strstr(w.out, "overdue"));
}

static void
help__of_something_unknown_is_3_with_a_guess(void **state)
{
	(void)state;
	assert_int_equal(world_line(&w, true, NULL, "help overdeu"), ADMIN_NONE);
	assert_non_null(strstr(w.err, "Did you mean \"overdue\""));
}

static void
help__exit_codes_of_every_command_have_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		struct str rest = str_of(cli_commands[i].exits);

		while (rest.n > 0) {
			int64_t code;

			assert_true(str_to_int(str_cut(&rest, ' '), &code));
			assert_non_null(cli_exit_words((int)code));
		}
	}
}

static void
same_as_file(const char *line, const char *path)
{
	char *want = world_file(path);

	assert_int_equal(world_line(&w, false, NULL, line), 0);
	if (strcmp(w.out, want) != 0)
		fail_msg("%s is old: make it anew with wasl %s", path, line);
	free(want);
}

static void
help__the_manual_page_in_contrib_is_made_from_the_table(void **state)
{
	(void)state;
	same_as_file("help --man", "../../../contrib/man/wasl.1");
}

static void
help__the_completion_in_contrib_is_made_from_the_table(void **state)
{
	(void)state;
	same_as_file("completion bash", "../../../contrib/completion/wasl.bash");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help__every_command_teaches_with_an_example),
		cmocka_unit_test(help__every_example_is_understood),
		cmocka_unit_test(help__lists_every_command_and_every_common_flag),
		cmocka_unit_test(help__of_a_group_lists_the_group),
		cmocka_unit_test(help__of_something_unknown_is_3_with_a_guess),
		cmocka_unit_test(help__exit_codes_of_every_command_have_words),
		cmocka_unit_test(help__the_manual_page_in_contrib_is_made_from_the_table),
		cmocka_unit_test(help__the_completion_in_contrib_is_made_from_the_table),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
