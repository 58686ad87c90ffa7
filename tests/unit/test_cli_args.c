#include "unit/test_cli_world.h"

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

/* Runs against a gateway that answers with the file; gives what it was asked. */
static const char *
asked(struct world *w, const char *fixture, const char *line)
{
	world_forget(w);
	world_answers(w, fixture, NULL);
	assert_int_equal(world_line(w, false, NULL, line), 0);
	pthread_join(w->thread, NULL);
	w->started = false;
	return w->request[0];
}

static void
args__plain_wasl_asks_for_today(void **state)
{
	assert_string_equal(asked(*state, "today.jsonl", ""),
			    "{\"v\":1,\"verb\":\"today\",\"args\":{}}\n");
}

static void
args__flags_stand_before_or_after_the_command(void **state)
{
	const char *want = "{\"v\":1,\"verb\":\"need list\",\"args\":{\"limit\":3,"
			   "\"urgency\":\"today\"}}\n";

	assert_string_equal(asked(*state, "need_list.jsonl", "-n 3 need list --urgency today"),
			    want);
	assert_string_equal(asked(*state, "need_list.jsonl", "need --urgency=today list -n3"),
			    want);
}

static void
args__a_person_of_several_words_is_one_argument(void **state)
{
	assert_string_equal(asked(*state, "person_show.jsonl", "person show Mohamed El Alaoui"),
			    "{\"v\":1,\"verb\":\"person show\",\"args\":{\"person\":"
			    "\"Mohamed El Alaoui\"}}\n");
}

static void
args__a_number_may_carry_its_letter(void **state)
{
	const char *want = "{\"v\":1,\"verb\":\"call done\",\"args\":{\"number\":3001}}\n";

	assert_string_equal(asked(*state, "call_done.jsonl", "call done C-3001"), want);
	assert_string_equal(asked(*state, "call_done.jsonl", "call done 3001"), want);
}

static void
args__all_means_what_the_command_says_it_means(void **state)
{
	assert_non_null(
		strstr(asked(*state, "need_list.jsonl", "need list --all"), "{\"state\":\"all\"}"));
	assert_non_null(
		strstr(asked(*state, "call_list.jsonl", "call list --all"), "{\"all\":true}"));
}

static void
args__the_log_alone_is_of_the_last_week(void **state)
{
	assert_non_null(strstr(asked(*state, "log.jsonl", "log"), "{\"since\":\"7d\"}"));
	assert_null(strstr(asked(*state, "log.jsonl", "log --all"), "since"));
	assert_null(strstr(asked(*state, "log.jsonl", "log CAS-0142"), "since"));
	assert_non_null(strstr(asked(*state, "log.jsonl", "log --since 2d"), "{\"since\":\"2d\"}"));
}

/* Every argument of every verb that a command sends is one the verb has. */
static void
args__the_table_and_the_verbs_agree(void **state)
{
	(void)state;
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		const struct cli_command *c = &cli_commands[i];
		const struct admin_verb *verb = cli_command_verb(c);

		assert_true((c->verb[0] == '\0') == (verb == NULL));
		if (verb == NULL)
			continue;
		assert_non_null(c->screen);
		for (int f = FLAGS_EVERYWHERE; f < CLI_FLAGS; f++) {
			const char *arg = cli_flags[f].arg;
			bool there = false;

			if ((c->flags & FLAG_BIT(f)) == 0 || arg[0] == '\0')
				continue;
			arg += arg[0] == '#' || arg[0] == '?';
			for (const struct admin_arg *a = verb->args; a->type != ADMIN_NOTHING; a++)
				there = there || strcmp(a->name, arg) == 0;
			if (!there)
				fail_msg("%s has no argument %s", verb->words, arg);
		}
	}
}

static void
args__every_verb_has_a_command(void **state)
{
	(void)state;
	for (size_t v = 0; v < admin_verbs_n; v++) {
		/* These two are asked inside dial. */
		bool there = strcmp(admin_verbs[v].words, "phone line") == 0 ||
			     strcmp(admin_verbs[v].words, "lab given") == 0;

		for (size_t i = 0; i < CLI_COMMANDS; i++)
			there = there || strcmp(cli_commands[i].verb, admin_verbs[v].words) == 0;
		if (!there)
			fail_msg("no command asks %s", admin_verbs[v].words);
	}
}

static const struct {
	const char *line, *complaint;
} refused[] = {
	{"overdeu", "no command \"overdeu\". Did you mean \"overdue\"?"},
	{"need lsit", "no command \"need lsit\". Did you mean \"need list\"?"},
	{"persn show x", "Did you mean \"person"},
	{"xyzzyplugh", "no command \"xyzzyplugh\". See wasl help."},
	{"need", "\"wasl need\" is not a whole command yet"},
	{"log --sinse 2d", "no flag \"--sinse\". Did you mean \"--since\"?"},
	{"log --dry-run", "no flag \"--dry-run\""},
	{"log -z", "no flag \"-z\""},
	{"log --since", "--since wants a value"},
	{"staff list --mood good", "\"wasl staff list\" has no flag \"--mood\""},
	{"log --mood godo", "--mood cannot be \"godo\". Did you mean \"good\"?"},
	{"log --mood xxxxxxx", "say good, so_so or need_help"},
	{"log -o yaml", "--output cannot be \"yaml\""},
	{"log --width 20", "--width is a number from 40 to 1000"},
	{"log -n many", "--number is a number"},
	{"need show", "NEED is missing"},
	{"need show x", "NEED is a number"},
	{"need show N-1 N-2", "one word too many"},
	{"outbox resolve 5", "WORD is missing"},
	{"outbox resolve 5 maybe", "say accepted, delivered or failed"},
	{"log --json=ref,nmae", "no field \"nmae\"; there are: at mood"},
	{"log -f --json", "-f has no end"},
	{"log --lang de", "--lang cannot be \"de\""},
	{"completion tcsh", "wasl completion bash"},
};

static void
args__what_is_not_understood_is_refused_with_2(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		int code = world_line(w, true, NULL, refused[i].line);

		if (code != ADMIN_USAGE || strstr(w->err, refused[i].complaint) == NULL)
			fail_msg("%s: %d %s", refused[i].line, code, w->err);
		assert_string_equal(w->out, "");
	}
}

static void
args__a_value_behind_an_unknown_flag_is_not_repeated(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_line(w, true, NULL, "person add --nmae=Karim"), ADMIN_USAGE);
	assert_null(strstr(w->err, "Karim"));
}

static void
args__the_version_is_told(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_line(w, true, NULL, "need list --version"), 0);
	assert_string_equal(w->out, "wasl 0.1.0\n");
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(args__plain_wasl_asks_for_today),
		WORLD_TEST(args__flags_stand_before_or_after_the_command),
		WORLD_TEST(args__a_person_of_several_words_is_one_argument),
		WORLD_TEST(args__a_number_may_carry_its_letter),
		WORLD_TEST(args__all_means_what_the_command_says_it_means),
		WORLD_TEST(args__the_log_alone_is_of_the_last_week),
		cmocka_unit_test(args__the_table_and_the_verbs_agree),
		cmocka_unit_test(args__every_verb_has_a_command),
		WORLD_TEST(args__what_is_not_understood_is_refused_with_2),
		WORLD_TEST(args__a_value_behind_an_unknown_flag_is_not_repeated),
		WORLD_TEST(args__the_version_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
