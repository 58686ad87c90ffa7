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
author__the_shipped_menus_pass_their_lint(void **state)
{
	char line[512];

	(void)state;
	snprintf(line, sizeof(line), "menu lint %s/menus", WASL_SOURCE_DIR);
	assert_int_equal(world_line(&w, true, NULL, line), 0);
	assert_non_null(strstr(w.out, "0 errors"));
}

static void
author__a_folder_that_is_not_there_is_no_success(void **state)
{
	(void)state;
	assert_int_not_equal(world_line(&w, true, NULL, "menu lint /nonexistent"), 0);
	assert_int_not_equal(world_line(&w, true, NULL, "channel lint /nonexistent.yaml"), 0);
}

/* Each with where the shipped menus stand in it, and the exit code. */
static const struct {
	const char *line;
	int code;
	const char *said;
} tools[] = {
	{"menu fmt --check MENUS", 0, "0 files would change"},
	{"menu graph --node c4 MENUS", 0, "c4 (end)"},
	{"menu graph --node nobody MENUS", ADMIN_NONE, "nobody"},
	{"menu size --tsv MENUS", 0, "rare_units"},
	{"menu size MENUS", 0, "room for"},
	{"menu diff --exit-code MENUS MENUS", 0, "no difference"},
	{"menu diff --exit-code MENUS /nonexistent", ADMIN_NONE, ""},
	{"menu texts export --po fr MENUS", 0, "Language: fr"},
	{"menu texts export MENUS", 0, "file,place,"},
	{"menu texts import /nonexistent MENUS", ADMIN_NONE, ""},
};

static void
author__each_menu_tool_says_how_it_went(void **state)
{
	char line[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tools); i++) {
		struct str rest = str_of(tools[i].line), piece;
		struct buf b;

		buf_init(&b, line, sizeof(line));
		while (rest.n > 0) {
			piece = str_cut(&rest, ' ');
			buf_printf(&b, "%s", b.n > 0 ? " " : "");
			if (str_is(piece, "MENUS"))
				buf_adds(&b, WASL_SOURCE_DIR "/menus");
			else
				buf_add_str(&b, piece);
		}
		int code = world_line(&w, true, NULL, line);
		if (code != tools[i].code || strstr(w.out, tools[i].said) == NULL)
			fail_msg("%s: %d, %s", line, code, w.out);
	}
}

static const char *const refused[] = {
	"menu lint a b",
	"carrier",
	"carrier --dialect x --port 70000",
	"carrier --dialect x --count -1",
	"dial --person CAS-0001 --config x.yaml",
	"dial 1 2",
	"channel show",
	"channel try x",
	"channel lint",
	"menu size a b",
	"channel list a b",
	"channel show a b",
	"carrier x --dialect y",
	"carrier --dialect x --delay 3600001",
	"carrier --dialect x --count many",
	"dial --person CAS-0001 --dialect x",
	"menu lint -o json",
	"menu fmt a b",
	"menu graph --dot --mermaid",
	"menu diff a",
	"menu texts",
	"menu texts export a b",
	"menu texts import",
	"menu lint --check",
	"dial --given x --config x.yaml",
	"channel list --json " WASL_SOURCE_DIR "/contrib/dialects",
	"channel show -o csv x.yaml",
	"carrier --dialect x -o tsv",
};

static void
author__what_cannot_work_is_2(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		int code = world_line(&w, true, NULL, refused[i]);

		if (code != ADMIN_USAGE || w.err_n == 0)
			fail_msg("%s: %d", refused[i], code);
	}
}

#define MENUS    WASL_SOURCE_DIR "/menus"
#define DIALECTS WASL_SOURCE_DIR "/contrib/dialects"
#define AT       DIALECTS "/africastalking.yaml"
#define CALL     WASL_SOURCE_DIR "/tests/data/aggregators/africastalking/01-ussd-begin.req.http"

/* A tool, how it ends and what it says of its work. */
static void
author__every_tool_does_its_work_from_a_command_line(void **state)
{
	static const struct {
		const char *line;
		int code;
		const char *says;
	} rows[] = {
		{"menu size " MENUS, 0, "a1\tary\tucs2"},
		{"channel list " DIALECTS, 0, "africastalking"},
		{"channel list /nonexistent", ADMIN_NONE, ""},
		{"channel show " AT, 0, "setting username"},
		{"channel show --secrets " AT, 0, "setting username"},
		{"channel show --config /nonexistent.yaml", ADMIN_NONE, ""},
		{"channel try " AT " " CALL " --page Bonjour", 0, "CON Bonjour"},
		{"channel try " AT " " CALL " --page Adieu --end", 0, "END Adieu"},
		{"channel try " AT " " CALL, 0, "CON OK"},
		{"channel try " AT " /nonexistent.http", ADMIN_NONE, ""},
		{"channel try /nonexistent.yaml " CALL, ADMIN_NONE, ""},
		{"dial --dialect " AT " --address http://127.0.0.1:1 --no-input *384*1234#",
		 ADMIN_AWAY, ""},
		{"dial --dialect " AT " --address http://127.0.0.1:1 --script /nonexistent",
		 ADMIN_NONE, ""},
		{"carrier --dialect /nonexistent.yaml", ADMIN_NONE, ""},
		{"carrier --config /nonexistent.yaml --reports all", ADMIN_NONE, ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int code = world_line(&w, false, NULL, rows[i].line);

		if (code != rows[i].code || strstr(w.out, rows[i].says) == NULL)
			fail_msg("%s: %d\n%s", rows[i].line, code, w.out);
		assert_true(code == 0 || w.err_n > 0);
	}
}

static void
author__dial_asks_the_gateway_where_to_call(void **state)
{
	(void)state;
	world_answers(&w, "denied.jsonl", NULL);
	assert_int_equal(world_line(&w, true, NULL, "dial --person CAS-0001 --channel at-1"),
			 ADMIN_DENIED);
	pthread_join(w.thread, NULL);
	w.started = false;
	assert_string_equal(w.request[0], "{\"v\":1,\"verb\":\"phone line\",\"args\":{\"person\":"
					  "\"CAS-0001\",\"channel\":\"at-1\"}}\n");
}

/* Without a folder or a file it is the gateway that knows. */
static void
author__channels_are_the_gateways_when_no_file_is_named(void **state)
{
	static const struct {
		const char *line, *asked;
	} rows[] = {
		{"channel list", "\"verb\":\"channel list\",\"args\":{}}"},
		{"channel show --channel at-1",
		 "\"verb\":\"channel show\",\"args\":{\"channel\":\"at-1\"}}"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		world_forget(&w);
		world_answers(&w, "denied.jsonl", NULL);
		assert_int_equal(world_line(&w, true, NULL, rows[i].line), ADMIN_DENIED);
		pthread_join(w.thread, NULL);
		w.started = false;
		assert_non_null(strstr(w.request[0], rows[i].asked));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(author__the_shipped_menus_pass_their_lint),
		cmocka_unit_test(author__a_folder_that_is_not_there_is_no_success),
		cmocka_unit_test(author__each_menu_tool_says_how_it_went),
		cmocka_unit_test(author__what_cannot_work_is_2),
		cmocka_unit_test(author__every_tool_does_its_work_from_a_command_line),
		cmocka_unit_test(author__dial_asks_the_gateway_where_to_call),
		cmocka_unit_test(author__channels_are_the_gateways_when_no_file_is_named),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
