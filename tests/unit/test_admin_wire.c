#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "admin/admin_wire.h"

#include <string.h>

static int
read_line(const char *line)
{
	struct admin_request r;
	const char *why;
	int rc = admin_request_read(str_of(line), &r, &why);

	if (rc == W_OK)
		assert_null(why);
	else
		assert_true(why[0] != '\0');
	admin_request_done(&r);
	return rc;
}

static void
admin_wire__a_request_comes_back_as_it_was_said(void **state)
{
	struct arena *a = arena_new(0);
	json_t *args = json_pack("{s:s}", "person", "عبد الرحمن");
	struct admin_request r;
	const char *why;
	struct buf line;

	(void)state;
	buf_init_arena(&line, a);
	admin_line_request(&line, "person show", args);
	assert_int_equal(line.p[line.n - 1], '\n');
	assert_int_equal(admin_request_read((struct str){line.p, line.n - 1}, &r, &why), W_OK);
	assert_true(str_is(r.verb, "person show"));
	assert_string_equal(json_string_value(json_object_get(r.args, "person")), "عبد الرحمن");
	admin_request_done(&r);
	json_decref(args);
	arena_free(a);
}

static void
admin_wire__a_request_without_args_is_one(void **state)
{
	(void)state;
	assert_int_equal(read_line("{\"v\":1,\"verb\":\"today\"}"), W_OK);
}

static void
admin_wire__what_is_no_request_is_refused(void **state)
{
	static const char *const lines[] = {
		"",
		"{",
		"null",
		"[]",
		"7",
		"\"today\"",
		"{\"v\":1}",
		"{\"verb\":\"today\"}",
		"{\"v\":2,\"verb\":\"today\"}",
		"{\"v\":\"1\",\"verb\":\"today\"}",
		"{\"v\":1,\"verb\":7}",
		"{\"v\":1,\"verb\":\"\"}",
		"{\"v\":1,\"verb\":\"today\",\"args\":[]}",
		"{\"v\":1,\"verb\":\"today\",\"args\":\"x\"}",
		"{\"v\":1,\"verb\":\"today\",\"more\":1}",
		"{\"v\":1,\"verb\":\"today\",\"verb\":\"log\"}",
		"{\"v\":1,\"verb\":\"today\",\"args\":{\"a\":1,\"a\":2}}",
		"{\"v\":1,\"verb\":\"today\"} x",
		"{\"v\":1,\"verb\":\"to\\u0000day\"}",
		"{\"v\":1,\"verb\":\"\xff\"}",
		"{\"v\":1,\"verb\":\"\xd9\"}",
		"{\"v\":1e999,\"verb\":\"today\"}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (read_line(lines[i]) != W_EPROTO)
			fail_msg("taken: %s", lines[i]);
}

static void
admin_wire__nesting_is_bounded_before_it_is_parsed(void **state)
{
	char deep[60000];

	(void)state;
	memset(deep, '[', sizeof(deep));
	deep[sizeof(deep) - 1] = '\0';
	assert_int_equal(read_line(deep), W_EPROTO);
	assert_int_equal(read_line("{\"v\":1,\"verb\":\"x\",\"args\":{\"a\":[{}]}}"), W_EPROTO);
	/* Brackets inside a text are text. */
	assert_int_equal(read_line("{\"v\":1,\"verb\":\"[[[[[[{{{{\\\"{{\"}"), W_OK);
}

static void
admin_wire__rows_and_ends_are_told_apart(void **state)
{
	struct arena *a = arena_new(0);
	json_t *row = json_pack("{s:s}", "ref", "CAS-0147");
	struct admin_reply reply;
	struct buf line;

	(void)state;
	buf_init_arena(&line, a);
	admin_line_row(&line, row);
	assert_int_equal(admin_reply_read(str_trim(buf_str(&line)), &reply), W_OK);
	assert_string_equal(json_string_value(json_object_get(reply.row, "ref")), "CAS-0147");
	admin_reply_done(&reply);
	buf_init_arena(&line, a);
	admin_line_end(&line, ADMIN_NONE, "no such person among yours", -1, NULL);
	assert_int_equal(admin_reply_read(str_trim(buf_str(&line)), &reply), W_OK);
	assert_null(reply.row);
	assert_int_equal(reply.code, ADMIN_NONE);
	assert_int_equal(reply.count, -1);
	assert_string_equal(reply.text, "no such person among yours");
	admin_reply_done(&reply);
	assert_int_equal(admin_reply_read(STR_LIT("{\"what\":1}"), &reply), W_EPROTO);
	admin_reply_done(&reply);
	json_decref(row);
	arena_free(a);
}

static void
admin_wire__fields_keep_their_order(void **state)
{
	struct arena *a = arena_new(0);
	json_t *row = json_object();
	struct buf line;

	(void)state;
	json_object_set_new(row, "z", json_integer(1));
	json_object_set_new(row, "a", json_integer(2));
	buf_init_arena(&line, a);
	admin_line_row(&line, row);
	assert_string_equal(line.p, "{\"row\":{\"z\":1,\"a\":2}}\n");
	json_decref(row);
	arena_free(a);
}

static void
admin_wire__every_verb_is_complete_and_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < admin_verbs_n; i++) {
		const struct admin_verb *v = &admin_verbs[i];

		assert_ptr_equal(admin_verb_find(str_of(v->words)), v);
		assert_true(strlen(v->fields) > 0 && strlen(v->help) > 0);
		assert_int_equal(v->help[strlen(v->help) - 1], '.');
		assert_int_equal(v->args[ADMIN_ARGS_MAX].type, ADMIN_NOTHING);
	}
}

static void
admin_wire__a_misspelt_verb_has_a_neighbour(void **state)
{
	(void)state;
	assert_string_equal(admin_verb_nearest(STR_LIT("overdeu")), "overdue");
	assert_null(admin_verb_nearest(STR_LIT("zzzzzzzzzz")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(admin_wire__a_request_comes_back_as_it_was_said),
		cmocka_unit_test(admin_wire__a_request_without_args_is_one),
		cmocka_unit_test(admin_wire__what_is_no_request_is_refused),
		cmocka_unit_test(admin_wire__nesting_is_bounded_before_it_is_parsed),
		cmocka_unit_test(admin_wire__rows_and_ends_are_told_apart),
		cmocka_unit_test(admin_wire__fields_keep_their_order),
		cmocka_unit_test(admin_wire__every_verb_is_complete_and_once),
		cmocka_unit_test(admin_wire__a_misspelt_verb_has_a_neighbour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
