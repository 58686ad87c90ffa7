#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_author_world.h"

static const char dialects[] = WASL_SOURCE_DIR "/contrib/dialects";
static const char fixture[] =
	WASL_SOURCE_DIR "/tests/data/aggregators/africastalking/02-ussd-first-choice.req.http";

static void
channel__the_shipped_dialect_has_no_errors(void **state)
{
	struct world *w = world_new();

	(void)state;
	assert_int_equal(author_channel_lint(world_dialect, false, w->out), 0);
	assert_says(world_out(w),
		    "africastalking · ussd, ussd_end, sms, report, optout, send · 0 errors, ");
	world_free(w);
}

static void
channel__every_fault_of_a_file_is_printed(void **state)
{
	struct world *w = world_new();
	char path[] = "/tmp/wasl-dialect-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	world_write(path, "wasl: 1\ndialect: x\nussd:\n  on: POST /ussd\n  sesion: form.s\n"
			  "  msisdn: frm.p\n  reply: {text: \"{page}\"}\n");
	assert_int_equal(author_channel_lint(path, true, w->out), AUTHOR_LINT);
	assert_says(world_out(w), ":5:");
	assert_says(world_out(w), ":6:");
	assert_says(world_out(w), " errors, ");
	unlink(path);
	world_free(w);
}

static void
channel__a_file_that_is_not_there_is_3(void **state)
{
	struct world *w = world_new();

	(void)state;
	assert_int_equal(author_channel_lint("/nowhere.yaml", false, w->out), AUTHOR_NONE);
	world_free(w);
}

static void
channel__a_folder_is_listed(void **state)
{
	struct world *w = world_new();

	(void)state;
	assert_int_equal(author_channel_list(dialects, w->out, w->err), 0);
	assert_says(world_out(w), "\nafricastalking\tussd, ussd_end, ");
	assert_int_equal(author_channel_list("/nowhere", w->out, w->err), AUTHOR_NONE);
	world_free(w);
}

static void
channel__show_names_needs_and_addresses(void **state)
{
	struct world *w = world_new();
	const struct author_account account = {
		.dialect = "africastalking", .dialects = dialects, .code = "*384*1#"};

	(void)state;
	assert_int_equal(author_channel_show(&account, false, w->out, w->err), 0);
	assert_says(world_out(w), "play: africastalking, code *384*1#\n");
	assert_says(world_out(w), " setting username: ");
	assert_says(world_out(w), " secret  key: ");
	assert_says(world_out(w), "/c/play/SECRET/ussd\n");
	world_free(w);
}

static void
channel__an_unknown_setting_is_refused(void **state)
{
	struct world *w = world_new();
	const struct author_pair settings[] = {{"usename", "x"}};
	const struct author_account account = {
		.dialect = world_dialect, .settings = settings, .n_settings = 1};

	(void)state;
	assert_int_equal(author_channel_show(&account, false, w->out, w->err), AUTHOR_USAGE);
	assert_says(world_err(w), "the dialect has no setting usename");
	world_free(w);
}

static void
channel__a_recorded_call_is_read_and_answered(void **state)
{
	struct world *w = world_new();
	const struct author_account account = {.dialect = world_dialect};

	(void)state;
	assert_int_equal(author_channel_try(&account, fixture, "مرحبا", true, w->out, w->err), 0);
	assert_says(world_out(w), "kind: ussd\nevent: auto\nsession: ");
	assert_says(world_out(w), "\nmsisdn: +");
	assert_says(world_out(w), "••••••");
	assert_says(world_out(w), "\npath: ");
	assert_says(world_out(w), "\nanswer: 200\n");
	assert_says(world_out(w), "\nCON مرحبا\n");
	world_free(w);
}

static void
channel__a_call_of_nobody_is_refused(void **state)
{
	struct world *w = world_new();
	const struct author_account account = {.dialect = world_dialect};
	char path[] = "/tmp/wasl-call-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	world_write(path, "POST /elsewhere HTTP/1.1\r\n\r\nx");
	assert_int_equal(author_channel_try(&account, path, NULL, true, w->out, w->err),
			 AUTHOR_FAILED);
	assert_says(world_out(w), "answer: 404\n");
	world_write(path, "nonsense");
	assert_int_equal(author_channel_try(&account, path, NULL, true, w->out, w->err),
			 AUTHOR_USAGE);
	unlink(path);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel__the_shipped_dialect_has_no_errors),
		cmocka_unit_test(channel__every_fault_of_a_file_is_printed),
		cmocka_unit_test(channel__a_file_that_is_not_there_is_3),
		cmocka_unit_test(channel__a_folder_is_listed),
		cmocka_unit_test(channel__show_names_needs_and_addresses),
		cmocka_unit_test(channel__an_unknown_setting_is_refused),
		cmocka_unit_test(channel__a_recorded_call_is_read_and_answered),
		cmocka_unit_test(channel__a_call_of_nobody_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
