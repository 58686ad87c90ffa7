#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_author_world.h"

static struct author_dial_options
options(struct world *w)
{
	return (struct author_dial_options){
		.account = {.dialect = world_dialect, .code = "*384*1234#"},
		.address = world_address(w, "/c/at-1/KEY/ussd"),
		.phone = "0612345678",
		.patience_ms = 5000,
		.out = w->out,
		.err = w->err,
	};
}

/* Runs a script; its lines are a file in memory given as standard input. */
static int
script(struct world *w, struct author_dial_options *o, const char *lines)
{
	o->in = fmemopen((void *)(uintptr_t)lines, strlen(lines), "r");
	o->script = "-";
	int rc = author_dial_on(w->loop, o);
	fclose(o->in);
	return rc;
}

static void
dial__a_conversation_shows_each_page_with_its_units(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);
	const char *answers[] = {"1", "2"};

	(void)state;
	o.answers = answers;
	o.n_answers = 2;
	assert_int_equal(author_dial_on(w->loop, &o), 0);
	assert_says(world_out(w), "SCREEN 1 · ucs2 12 of 80 · ");
	assert_says(world_out(w), " L1  مرحبا\n L2  1. نعم\n");
	assert_says(world_out(w), "reply> 1\nSCREEN 2 · gsm7 15 of 182 · ");
	assert_says(world_out(w), "SCREEN 3 · ucs2 4 of 80 · ");
	assert_says(world_out(w), "session over\n");
	assert_int_equal(w->calls, 3);
	world_free(w);
}

static void
dial__a_cumulative_dialect_sends_the_whole_path(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "1\nعربي\nexpect typed\nended\n"), 0);
	assert_says(w->last, "text=1%2A%D8%B9");
	world_free(w);
}

static void
dial__the_number_and_the_code_go_out_as_the_dialect_writes_them(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	o.session = "S-1";
	assert_int_equal(script(w, &o, "open\n"), 0);
	assert_says(w->last, "phoneNumber=%2B212612345678");
	assert_says(w->last, "sessionId=S-1");
	assert_says(w->last, "serviceCode=%2A384%2A1234%23");
	world_free(w);
}

static void
dial__answers_dialled_in_advance_are_in_the_first_path(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	o.dialled = "*384*1234*1*2#";
	assert_int_equal(script(w, &o, "expect شكرا\nended\n"), 0);
	assert_int_equal(w->calls, 1);
	world_free(w);
}

static void
dial__the_gateway_hears_of_the_end(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "1\n2\nended\n"), 0);
	assert_int_equal(w->ends, 1);
	assert_says(w->last_end, "status=Success");
	world_free(w);
}

static void
dial__a_repeat_with_the_same_bytes_is_said(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "1\n:repeat\n"), 0);
	assert_says(world_out(w), "repeated: the same bytes\n");
	assert_int_equal(w->calls, 3);
	assert_says(w->last, "text=1");
	world_free(w);
}

static void
dial__a_repeat_with_other_bytes_fails(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	w->forgetful = true;
	assert_int_equal(script(w, &o, ":repeat\n"), AUTHOR_FAILED);
	assert_says(world_err(w), "OTHER bytes");
	world_free(w);
}

static void
dial__a_time_out_is_told_as_the_dialect_can(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, ":timeout\nended\n"), 0);
	assert_says(world_out(w), "session dropped: the gateway was told\n");
	assert_says(w->last_end, "status=");
	assert_null(strstr(w->last_end, "Success"));
	assert_int_equal(w->ends, 1);
	world_free(w);
}

static void
dial__leaving_silently_tells_nobody(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, ":leave\n"), 0);
	assert_int_equal(w->ends, 0);
	world_free(w);
}

static void
dial__the_end_of_the_script_puts_the_phone_down(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "1\n"), 0);
	assert_int_equal(w->ends, 1);
	world_free(w);
}

static void
dial__dialling_again_is_another_session(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	o.session = "first";
	assert_int_equal(script(w, &o, "1\n:new\nexpect مرحبا\n"), 0);
	assert_null(strstr(w->last, "sessionId=first"));
	assert_says(w->last, "text=");
	world_free(w);
}

static void
dial__an_answer_after_the_end_fails(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "1\n2\n3\n"), AUTHOR_FAILED);
	assert_says(world_err(w), "wasl: -:3: the session is over\n");
	assert_int_equal(w->calls, 3);
	world_free(w);
}

static void
dial__a_missed_expectation_names_its_line_and_stops(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "# hello\n\nexpect nowhere\n1\n"), AUTHOR_FAILED);
	assert_says(world_err(w), "wasl: -:3: not on the page: nowhere\n");
	assert_int_equal(w->calls, 1);
	world_free(w);
}

static void
dial__what_should_not_be_there_fails_too(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "refuse نعم\n"), AUTHOR_FAILED);
	world_free(w);
}

static void
dial__marks_are_neither_printed_nor_needed_to_match(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "2\nexpect # 12\n"), 0);
	assert_null(strstr(world_out(w), "\xe2\x80\x8e"));
	world_free(w);
}

static void
dial__a_wrong_secret_is_explained(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	o.address = world_address(w, "/c/at-1/WRONGSECRET/ussd");
	assert_int_equal(author_dial_on(w->loop, &o), AUTHOR_FAILED);
	assert_says(world_err(w), "HTTP 403: refused: the name or secret in the address is wrong");
	assert_null(strstr(world_err(w), "WRONGSECRET"));
	world_free(w);
}

static void
dial__a_busy_gateway_means_try_again(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	w->status = 503;
	assert_int_equal(author_dial_on(w->loop, &o), AUTHOR_UNREACHABLE);
	assert_says(world_err(w), "HTTP 503: the gateway is busy");
	world_free(w);
}

static void
dial__nobody_there_is_75_with_a_sentence(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	o.address =
		arena_printf(w->arena, "http://127.0.0.1:%u/c/at-1/KEY/ussd", world_free_port());
	assert_int_equal(author_dial_on(w->loop, &o), AUTHOR_UNREACHABLE);
	assert_says(world_err(w), "wasl: nobody listens at that address");
	world_free(w);
}

static void
dial__a_person_reads_the_trouble_and_goes_on(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);
	char typed[] = "1\n2\n3\n:nonsense\n:new\nq\n";

	(void)state;
	o.in = fmemopen(typed, strlen(typed), "r");
	o.interactive = true;
	assert_int_not_equal(author_dial_on(w->loop, &o), 0);
	assert_says(world_out(w), "wasl: the session is over (:new dials again, q leaves)\n");
	assert_says(world_out(w), "wasl: no such command; :help lists them\n");
	assert_int_equal(w->calls, 4);
	assert_int_equal(w->ends, 2);
	fclose(o.in);
	world_free(w);
}

static void
dial__a_trace_shows_the_call_without_the_path_secret(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	o.trace = true;
	assert_int_equal(script(w, &o, ":leave\n"), 0);
	assert_says(world_out(w), "> POST /ussd\n> ");
	assert_says(world_out(w), "< 200\n");
	assert_says(world_out(w), "< CON مرحبا\n");
	assert_null(strstr(world_out(w), "KEY"));
	world_free(w);
}

/* A person so slow that the gateway hangs up the idle connection before each line. */
static ssize_t
slow_read(void *cookie, char *to, size_t size)
{
	struct world *w = cookie;

	if (w->calls > 3 || size < 2)
		return 0;
	evhttp_connection_free(w->conn);
	memcpy(to, "1\n", 2);
	return 2;
}

static void
dial__a_connection_closed_while_typing_is_made_again(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	o.in = fopencookie(w, "r", (cookie_io_functions_t){.read = slow_read});
	o.script = "-";
	assert_int_equal(author_dial_on(w->loop, &o), 0);
	assert_int_equal(w->calls, 4);
	assert_says(world_out(w), "Page two");
	fclose(o.in);
	world_free(w);
}

static void
dial__ascii_has_no_dots_of_ours(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	o.ascii = true;
	assert_int_equal(script(w, &o, "open\n"), 0);
	assert_says(world_out(w), "SCREEN 1 - ucs2 12 of 80 - ");
	world_free(w);
}

static void
dial__options_that_cannot_work_are_refused(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	o.phone = "not a number";
	assert_int_equal(author_dial_on(w->loop, &o), AUTHOR_USAGE);
	o = options(w);
	o.address = "https://127.0.0.1/c/at-1/KEY/ussd";
	assert_int_equal(author_dial_on(w->loop, &o), AUTHOR_USAGE);
	o.address = NULL;
	assert_int_equal(author_dial_on(w->loop, &o), AUTHOR_USAGE);
	o = options(w);
	o.account.dialect = "/nowhere.yaml";
	assert_int_equal(author_dial_on(w->loop, &o), AUTHOR_NONE);
	world_free(w);
}

/* ---- What goes wrong on the way ---- */

static void
dial__a_lost_reply_makes_the_same_request_come_again(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "!lost 1\nexpect Page two\n!lost\n"), 0);
	assert_int_equal(w->calls, 4);
	assert_says(w->last, "&text=1");
	world_free(w);
}

static void
dial__a_doubled_request_comes_over_two_connections(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "!double 1\nexpect Page two\n2\nended\n"), 0);
	assert_int_equal(w->calls, 4);
	assert_says(world_out(w), "repeated: the same bytes\n");
	w->forgetful = true;
	assert_int_equal(script(w, &o, "!double 1\n"), AUTHOR_FAILED);
	world_free(w);
}

/* What went astray leaves the call at hand, its id, number and path, as it was. */
static void
dial__a_stray_answer_does_not_move_the_call(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	o.session = "S-1";
	assert_int_equal(script(w, &o, "!wrong-id 1\n"), 0);
	assert_null(strstr(w->last, "sessionId=S-1"));
	assert_says(w->last, "&text=1");
	assert_int_equal(script(w, &o, "!other 0600000099 2\n"), 0);
	assert_says(w->last, "phoneNumber=%2B212600000099");
	assert_says(w->last, "sessionId=S-1");
	assert_int_equal(script(w, &o, "!wrong-id 7\n!other 0600000099 8\n1\nexpect Page two\n"),
			 0);
	assert_says(w->last, "sessionId=S-1");
	assert_says(w->last, "&text=1");
	assert_int_equal(script(w, &o, "!other nobody 1\n"), AUTHOR_USAGE);
	world_free(w);
}

static void
dial__a_network_that_breaks_off_tells_nobody(void **state)
{
	struct world *w = world_new();
	struct author_dial_options o = options(w);

	(void)state;
	assert_int_equal(script(w, &o, "!drop\nended\n"), 0);
	assert_int_equal(w->ends, 0);
	assert_int_equal(script(w, &o, "!timeout\nended\n"), 0);
	assert_int_equal(w->ends, 1);
	world_free(w);
}

/* ---- Written down ---- */

static void
dial__a_call_is_written_down_as_a_dialogue(void **state)
{
	static const char wanted[] = "given person CAS-0001 lang fr\n"
				     "phone 0612345678\n"
				     "dial *000#\n"
				     "see \"مرحبا\\n1. نعم\"\n"
				     "open\n"
				     "type 1\n"
				     "again\n"
				     "see \"Page two\\n2. End\"\n"
				     "open\n"
				     "drop\n"
				     "dial *000#\n";
	struct world *w = world_new();
	struct author_dial_options o = options(w);
	char file[64] = "/tmp/wasl-record-XXXXXX", given[64] = "/tmp/wasl-given-XXXXXX";

	(void)state;
	close(mkstemp(file));
	close(mkstemp(given));
	world_write(given, "# who\nperson CAS-0001 lang fr\n");
	o.record = file;
	o.given = given;
	o.now = INT64_C(1795512000);
	assert_int_equal(script(w, &o, "!lost 1\n!timeout\n:new\n:send *a \"b\"\n!double x\n"), 0);
	FILE *f = fopen(file, "r");
	char bytes[2048] = "";
	assert_true(fread(bytes, 1, sizeof(bytes) - 1, f) > 0);
	fclose(f);
	assert_says(bytes, wanted);
	assert_says(bytes, "type \"*a \\\"b\\\"\"\nsee ");
	assert_says(bytes, "type twice \"x\"\nsee ");
	unlink(file);
	unlink(given);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dial__a_lost_reply_makes_the_same_request_come_again),
		cmocka_unit_test(dial__a_doubled_request_comes_over_two_connections),
		cmocka_unit_test(dial__a_stray_answer_does_not_move_the_call),
		cmocka_unit_test(dial__a_network_that_breaks_off_tells_nobody),
		cmocka_unit_test(dial__a_call_is_written_down_as_a_dialogue),
		cmocka_unit_test(dial__a_conversation_shows_each_page_with_its_units),
		cmocka_unit_test(dial__a_cumulative_dialect_sends_the_whole_path),
		cmocka_unit_test(dial__the_number_and_the_code_go_out_as_the_dialect_writes_them),
		cmocka_unit_test(dial__answers_dialled_in_advance_are_in_the_first_path),
		cmocka_unit_test(dial__the_gateway_hears_of_the_end),
		cmocka_unit_test(dial__a_repeat_with_the_same_bytes_is_said),
		cmocka_unit_test(dial__a_repeat_with_other_bytes_fails),
		cmocka_unit_test(dial__a_time_out_is_told_as_the_dialect_can),
		cmocka_unit_test(dial__leaving_silently_tells_nobody),
		cmocka_unit_test(dial__the_end_of_the_script_puts_the_phone_down),
		cmocka_unit_test(dial__dialling_again_is_another_session),
		cmocka_unit_test(dial__an_answer_after_the_end_fails),
		cmocka_unit_test(dial__a_missed_expectation_names_its_line_and_stops),
		cmocka_unit_test(dial__what_should_not_be_there_fails_too),
		cmocka_unit_test(dial__marks_are_neither_printed_nor_needed_to_match),
		cmocka_unit_test(dial__a_wrong_secret_is_explained),
		cmocka_unit_test(dial__a_busy_gateway_means_try_again),
		cmocka_unit_test(dial__nobody_there_is_75_with_a_sentence),
		cmocka_unit_test(dial__a_person_reads_the_trouble_and_goes_on),
		cmocka_unit_test(dial__a_trace_shows_the_call_without_the_path_secret),
		cmocka_unit_test(dial__a_connection_closed_while_typing_is_made_again),
		cmocka_unit_test(dial__ascii_has_no_dots_of_ours),
		cmocka_unit_test(dial__options_that_cannot_work_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
