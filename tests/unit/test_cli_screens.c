#include "unit/test_cli_layout.h"
#include "unit/test_cli_world.h"

/*
 * Every screen in every form against tests/data/cli/NAME.txt, a transcript of
 * commands and what they print. WASL_GOLDEN=write writes them anew.
 */

static const struct {
	const char *golden, *fixture, *command;
} screens[] = {
	{"today", "today", "today"},
	{"log", "log", "log"},
	{"overdue", "overdue", "overdue"},
	{"need_list", "need_list", "need list"},
	{"need_show", "need_show", "need show N-2002"},
	{"call_list", "call_list", "call list --all"},
	{"call_show", "call_show", "call show C-3001"},
	{"call_done", "call_done", "call done C-3001"},
	{"person_add", "person_add", "person add --name-ar x"},
	{"person_show", "person_show", "person show CAS-0142"},
	{"person_timeline", "person_timeline", "person timeline CAS-0142"},
	{"person_find", "person_find", "person find a"},
	{"staff_list", "staff_list", "staff list"},
	{"outbox_list", "outbox_list", "outbox list"},
	{"audit_list", "audit_list", "audit list"},
	{"audit_verify", "audit_verify", "audit verify"},
	{"config_show", "config_show", "config show"},
	{"doctor", "doctor", "doctor"},
	{"ctl_status", "ctl_status", "ctl status"},
	{"ctl_reload", "ctl_reload_faults", "ctl reload"},
	{"whoami", "whoami", "whoami"},
	{"empty", "empty", "need list"},
	{"counts", "counts", "log"},
};

static const char *const forms[] = {
	"",          "--width 60", "--width 40", "--ascii", "--bidi isolate", "--bidi plain",
	"-o record", "-o tsv",     "-o csv",     "-o json", "-o jsonl",
};
enum { FORMS_FOR_EYES = 7 };

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

static void
show(struct world *w, size_t i, const char *form, bool tty)
{
	char line[512], fixture[64];

	world_forget(w);
	snprintf(fixture, sizeof(fixture), "%s.jsonl", screens[i].fixture);
	snprintf(line, sizeof(line), "%s %s", screens[i].command, form);
	world_answers(w, fixture, NULL);
	world_line(w, tty, NULL, line);
}

static char *
transcript(struct world *w, size_t i)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
		show(w, i, forms[f], true);
		fprintf(to, "$ wasl %s%s%s\n%s%s", screens[i].command, *forms[f] ? " " : "",
			forms[f], w->out, w->err);
	}
	fclose(to);
	return text;
}

static void
write_golden(const char *name, const char *text)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/tests/data/cli/%s", WASL_SOURCE_DIR, name);
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
screens__every_form_is_as_it_was_agreed(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		char name[64], *got = transcript(*state, i);

		snprintf(name, sizeof(name), "%s.txt", screens[i].golden);
		if (getenv("WASL_GOLDEN") != NULL)
			write_golden(name, got);
		char *want = world_file(name);

		assert_string_equal(got, want);
		free(want);
		free(got);
	}
}

/* Lines of a screen for eyes; in the record form everything behind the label is one cell. */
static void
check_lines(const char *text, const char *what, bool whole)
{
	struct str rest = str_of(text);

	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');
		const char *fault = layout_first_strong(line) == STRONG_RIGHT
					    ? "the first strong character is right-to-left"
					    : NULL;

		if (whole)
			fault = layout_line_fault(line);
		if (fault != NULL)
			fail_msg("%s: %s: %.*s", what, fault, STR_ARG(line));
	}
}

static void
screens__every_line_is_laid_out_safely(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(screens); i++)
		for (size_t f = 0; f < FORMS_FOR_EYES; f++) {
			show(w, i, forms[f], true);
			check_lines(w->out, screens[i].command, strcmp(forms[f], "-o record") != 0);
		}
}

static void
screens__the_scan_finds_what_is_not_safe(void **state)
{
	(void)state;
	assert_non_null(layout_line_fault(STR_LIT(" محمد  CAS-0142")));
	assert_non_null(layout_line_fault(STR_LIT(" CAS-0142  محمد  12 days")));
	assert_non_null(layout_line_fault(STR_LIT(" d12  محمد  | x")));
	assert_null(layout_line_fault(STR_LIT(" CAS-0142  محمد  wasl log")));
	assert_null(layout_line_fault(STR_LIT("        note: محمد")));
}

static void
screens__no_control_comes_out_of_stored_text(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(screens); i++)
		for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
			if (strcmp(forms[f], "--bidi isolate") == 0)
				continue;
			show(w, i, forms[f], true);
			struct str rest = {w->out, w->out_n};

			while (rest.n > 0) {
				struct str line = str_cut(&rest, '\n');

				if (strcmp(forms[f], "-o csv") == 0 && line.n > 0)
					line.n--; /* CR of RFC 4180 */
				for (size_t k = 0; strcmp(forms[f], "-o tsv") == 0 && k < line.n;
				     k++)
					if (line.p[k] == '\t')
						w->out[(size_t)(line.p - w->out) + k] = ' ';
				assert_false(layout_has_control(line));
			}
		}
}

static void
screens__no_line_is_wider_than_asked(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *form;
		size_t width;
	} widths[] = {{"", 80}, {"--width 60", 60}};

	for (size_t i = 0; i < ARRAY_LEN(screens); i++)
		for (size_t f = 0; f < ARRAY_LEN(widths); f++) {
			show(w, i, widths[f].form, true);
			struct str rest = str_of(w->out);

			while (rest.n > 0) {
				struct str line = str_cut(&rest, '\n');
				char copy[1024];

				snprintf(copy, sizeof(copy), "%.*s", STR_ARG(line));
				if (line_width(copy) > widths[f].width)
					fail_msg("%zu columns: %s", line_width(copy), copy);
			}
		}
}

static void
screens__a_pipe_gets_tabs_and_no_titles(void **state)
{
	struct world *w = *state;

	show(w, 1, "", false);
	char *piped = xstrdup(w->out);

	show(w, 1, "-o tsv", true);
	assert_string_equal(piped, w->out);
	assert_int_equal(strncmp(piped, "2026-11-21T09:12:00+00:00\tgood\tstable\t", 38), 0);
	free(piped);
}

static void
screens__ascii_leaves_no_decoration_outside_it(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		show(w, i, "--ascii", true);
		struct str s = {w->out, w->out_n};
		uint32_t cp;

		while (utf8_next(&s, &cp))
			assert_true(cp < 0x80 || layout_class(cp) == STRONG_RIGHT || cp == 0x60C);
	}
}

static void
screens__json_parses_and_keeps_the_times_as_they_came(void **state)
{
	struct world *w = *state;

	show(w, 1, "--json", true);
	json_t *all = json_loads(w->out, 0, NULL);

	assert_int_equal(json_array_size(all), 6);
	assert_string_equal(json_string_value(json_object_get(json_array_get(all, 5), "at")),
			    "2025-12-30T10:00:00+01:00");
	json_decref(all);
}

static void
screens__json_shows_only_the_fields_asked_for(void **state)
{
	struct world *w = *state;

	show(w, 1, "--json=ref,mood -o jsonl", true);
	assert_int_equal(strncmp(w->out, "{\"ref\":\"CAS-0142\",\"mood\":\"good\"}\n", 33), 0);
}

static void
screens__an_empty_list_is_an_empty_array(void **state)
{
	struct world *w = *state;

	world_forget(w);
	world_answers(w, "empty.jsonl", NULL);
	assert_int_equal(world_line(w, false, NULL, "need list --json"), 0);
	assert_string_equal(w->out, "[]\n");
}

static void
screens__colour_only_when_asked_or_on_a_terminal(void **state)
{
	struct world *w = *state;

	show(w, 1, "--color always", true);
	assert_non_null(strstr(w->out, "\033["));
	show(w, 1, "--color never", true);
	assert_null(strstr(w->out, "\033["));
	show(w, 1, "", true); /* NO_COLOR is set */
	assert_null(strstr(w->out, "\033["));
}

static void
screens__quiet_leaves_the_summary_out(void **state)
{
	struct world *w = *state;

	show(w, 1, "-q", true);
	assert_null(strstr(w->out, "check-ins"));
	assert_non_null(strstr(w->out, "CAS-0142"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(screens__every_form_is_as_it_was_agreed, open_world,
						close_world),
		cmocka_unit_test_setup_teardown(screens__every_line_is_laid_out_safely, open_world,
						close_world),
		cmocka_unit_test(screens__the_scan_finds_what_is_not_safe),
		cmocka_unit_test_setup_teardown(screens__no_control_comes_out_of_stored_text,
						open_world, close_world),
		cmocka_unit_test_setup_teardown(screens__no_line_is_wider_than_asked, open_world,
						close_world),
		cmocka_unit_test_setup_teardown(screens__a_pipe_gets_tabs_and_no_titles, open_world,
						close_world),
		cmocka_unit_test_setup_teardown(screens__ascii_leaves_no_decoration_outside_it,
						open_world, close_world),
		cmocka_unit_test_setup_teardown(
			screens__json_parses_and_keeps_the_times_as_they_came, open_world,
			close_world),
		cmocka_unit_test_setup_teardown(screens__json_shows_only_the_fields_asked_for,
						open_world, close_world),
		cmocka_unit_test_setup_teardown(screens__an_empty_list_is_an_empty_array,
						open_world, close_world),
		cmocka_unit_test_setup_teardown(screens__colour_only_when_asked_or_on_a_terminal,
						open_world, close_world),
		cmocka_unit_test_setup_teardown(screens__quiet_leaves_the_summary_out, open_world,
						close_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
