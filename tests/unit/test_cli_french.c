#include "unit/test_cli_layout.h"
#include "unit/test_cli_world.h"

/* The French catalogue: whole for what the tables say, and seen at work where msgfmt is installed.
 */

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
must_have(const char *catalogue, const char *text)
{
	char want[1024];
	struct buf b;

	buf_init(&b, want, sizeof(want));
	buf_adds(&b, "\nmsgid \"");
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			buf_addc(&b, '\\');
		buf_addc(&b, *p);
	}
	buf_adds(&b, "\"\nmsgstr \"");
	const char *at = strstr(catalogue, want);

	if (text[0] != '\0' && (at == NULL || at[b.n] == '"'))
		fail_msg("fr.po has nothing for: %s", text);
}

static void
french__every_sentence_of_the_tables_is_there(void **state)
{
	char *catalogue = world_file("../../../contrib/po/fr.po");

	(void)state;
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		must_have(catalogue, cli_commands[i].sentence);
		must_have(catalogue, cli_commands[i].more);
	}
	for (size_t i = 0; i < CLI_FLAGS; i++)
		must_have(catalogue, cli_flags[i].sentence);
	for (int code = 0; code <= ADMIN_INTERRUPTED; code++)
		if (cli_exit_words(code) != NULL)
			must_have(catalogue, cli_exit_words(code));
#define CLI_WORD(code, shown) must_have(catalogue, shown);
#include "cli/cli_words.def"
#undef CLI_WORD
	free(catalogue);
}

static bool
compile(char *dir, size_t size)
{
	char command[1024];

	snprintf(dir, size, "%s/locale", w.dir);
	snprintf(command, sizeof(command),
		 "mkdir -p %s/fr/LC_MESSAGES && msgfmt -o %s/fr/LC_MESSAGES/wasl.mo "
		 "%s/contrib/po/fr.po 2>/dev/null",
		 dir, dir, WASL_SOURCE_DIR);
	return system(command) == 0;
}

static void
forget(const char *dir)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

static void
french__a_screen_speaks_it_and_keeps_the_safe_layout(void **state)
{
	char dir[128];

	(void)state;
	if (!compile(dir, sizeof(dir))) {
		forget(dir);
		skip();
	}
	setenv("WASL_LOCALEDIR", dir, 1);
	world_answers(&w, "log.jsonl", "today.jsonl");
	assert_int_equal(world_line(&w, true, NULL, "log --lang fr"), 0);
	assert_non_null(strstr(w.out, "AUJOURD'HUI · sam 21 nov"));
	assert_non_null(strstr(w.out, "6 suivis · 1 AIDE"));
	assert_int_equal(world_line(&w, true, NULL, "today --lang fr"), 0);
	struct str rest = str_of(w.out);

	while (rest.n > 0)
		assert_null(layout_line_fault(str_cut(&rest, '\n')));
	unsetenv("WASL_LOCALEDIR");
	forget(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(french__every_sentence_of_the_tables_is_there),
		cmocka_unit_test(french__a_screen_speaks_it_and_keeps_the_safe_layout),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
