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

/* What the gateway was asked. */
static const char *
asked(struct world *w)
{
	pthread_join(w->thread, NULL);
	w->started = false;
	return w->request[0];
}

static void
enrol__names_and_number_are_asked_for(void **state)
{
	struct world *w = *state;

	world_answers(w, "person_add.jsonl", NULL);
	assert_int_equal(world_line(w, true, " محمد \nMohamed\n0612345678\n", "person add"), 0);
	assert_string_equal(asked(w),
			    "{\"v\":1,\"verb\":\"person add\",\"args\":{\"name_ar\":\"محمد\","
			    "\"name_la\":\"Mohamed\",\"phone\":\"0612345678\"}}\n");
	assert_non_null(strstr(w->out, "code: 481 205"));
}

static void
enrol__an_empty_answer_leaves_the_piece_out(void **state)
{
	struct world *w = *state;

	world_answers(w, "person_add.jsonl", NULL);
	assert_int_equal(world_line(w, true, "محمد\n\n\n", "person add --speaks ary"), 0);
	assert_non_null(strstr(asked(w), "\"args\":{\"lang\":\"ary\",\"name_ar\":\"محمد\"}"));
}

static void
enrol__without_any_name_nothing_is_asked_of_the_gateway(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_line(w, true, "\n\n\n", "person add"), ADMIN_USAGE);
	assert_int_equal(world_line(w, false, NULL, "person add"), ADMIN_USAGE);
	assert_non_null(strstr(w->err, "at least one name"));
}

static void
enrol__a_dash_asks_and_fails_when_nobody_can_be_asked(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_line(w, false, NULL, "person add --name-ar x --phone -"),
			 ADMIN_CANCELLED);
	assert_int_equal(world_line(w, true, "06\n", "person code CAS-0142 --phone - --no-input"),
			 ADMIN_CANCELLED);
}

static void
enrol__a_dash_is_answered_at_the_prompt(void **state)
{
	struct world *w = *state;

	world_answers(w, "person_add.jsonl", NULL);
	assert_int_equal(world_line(w, true, "0612345678\n", "person code CAS-0142 --phone -"), 0);
	assert_non_null(strstr(asked(w), "{\"person\":\"CAS-0142\",\"phone\":\"0612345678\"}"));
}

static void
enrol__a_file_is_read_line_by_line(void **state)
{
	struct world *w = *state;
	char path[96], line[160];

	snprintf(path, sizeof(path), "%s/slip", w->dir);
	FILE *f = fopen(path, "w");

	fputs("# from the paper form\nname-ar:  محمد العلوي \nphone: 0612345678\n\npath: job\n", f);
	fclose(f);
	snprintf(line, sizeof(line), "person add --from %s", path);
	world_answers(w, "person_add.jsonl", NULL);
	assert_int_equal(world_line(w, false, NULL, line), 0);
	unlink(path);
	assert_non_null(strstr(asked(w), "{\"name_ar\":\"محمد العلوي\",\"phone\":\"0612345678\","
					 "\"path\":\"job\"}"));
}

static void
enrol__a_line_that_is_not_understood_is_not_repeated(void **state)
{
	struct world *w = *state;
	char path[96], line[160];

	snprintf(path, sizeof(path), "%s/slip", w->dir);
	FILE *f = fopen(path, "w");

	fputs("nam: Karim\n", f);
	fclose(f);
	snprintf(line, sizeof(line), "person add --from %s", path);
	assert_int_equal(world_line(w, false, NULL, line), ADMIN_USAGE);
	unlink(path);
	assert_non_null(strstr(w->err, "line 1"));
	assert_null(strstr(w->err, "Karim"));
}

static void
enrol__erasing_asks_for_the_reference_even_with_yes(void **state)
{
	struct world *w = *state;

	world_answers(w, "erased.jsonl", NULL);
	assert_int_equal(world_line(w, true, "CAS-0142\n", "person erase CAS-0142 --yes"), 0);
	assert_string_equal(w->out, "CAS-0142 is erased\n");
	assert_non_null(strstr(asked(w), "{\"person\":\"CAS-0142\",\"confirm\":\"CAS-0142\"}"));
}

static void
enrol__erasing_without_an_answer_is_8(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_line(w, true, "\n", "person erase CAS-0142"), ADMIN_CANCELLED);
	assert_int_equal(world_line(w, false, NULL, "person erase CAS-0142"), ADMIN_CANCELLED);
}

static void
enrol__a_script_confirms_by_flag(void **state)
{
	struct world *w = *state;

	world_answers(w, "erased.jsonl", NULL);
	assert_int_equal(
		world_line(w, false, NULL, "person erase CAS-0142 --confirm CAS-0142 --no-input"),
		0);
}

static void
enrol__stopping_asks_and_yes_answers(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_line(w, true, "n\n", "ctl stop"), ADMIN_CANCELLED);
	world_answers(w, "ctl_status.jsonl", NULL);
	assert_int_equal(world_line(w, false, NULL, "ctl stop --yes"), 0);
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(enrol__names_and_number_are_asked_for),
		WORLD_TEST(enrol__an_empty_answer_leaves_the_piece_out),
		WORLD_TEST(enrol__without_any_name_nothing_is_asked_of_the_gateway),
		WORLD_TEST(enrol__a_dash_asks_and_fails_when_nobody_can_be_asked),
		WORLD_TEST(enrol__a_dash_is_answered_at_the_prompt),
		WORLD_TEST(enrol__a_file_is_read_line_by_line),
		WORLD_TEST(enrol__a_line_that_is_not_understood_is_not_repeated),
		WORLD_TEST(enrol__erasing_asks_for_the_reference_even_with_yes),
		WORLD_TEST(enrol__erasing_without_an_answer_is_8),
		WORLD_TEST(enrol__a_script_confirms_by_flag),
		WORLD_TEST(enrol__stopping_asks_and_yes_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
