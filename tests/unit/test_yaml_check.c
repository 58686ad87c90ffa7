#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "yaml/yaml.h"

static const struct yaml_key keys[] = {
	{"name", YAML_T_WORD, true, 0, 0},     {"title", YAML_T_TEXT, true, 0, 0},
	{"count", YAML_T_INT, false, 1, 9},    {"free", YAML_T_YESNO, false, 0, 0},
	{"wait", YAML_T_SPAN, false, 5, 7200}, {"room", YAML_T_SIZE, false, 1024, 1 << 20},
	{"any", YAML_T_ANY, false, 0, 0},      {"list", YAML_T_LIST, false, 0, 0},
	{"map", YAML_T_MAP, false, 0, 0},      {"free_number", YAML_T_INT, false, 0, 0},
};

struct checked {
	struct arena *arena;
	struct err *err;
	struct yaml_doc *doc;
	int rc;
};

static struct checked
check(const char *text)
{
	struct checked c = {.arena = arena_new(0), .err = err_new()};

	assert_int_equal(yaml_read_text("f", str_of(text), 0, c.arena, &c.doc, c.err), 0);
	c.rc = yaml_check(c.doc, c.doc->root, keys, ARRAY_LEN(keys), c.err);
	err_sort(c.err);
	return c;
}

static void
done(struct checked *c)
{
	err_free(c->err);
	arena_free(c->arena);
}

static void
assert_faults(const char *text, const char *const *lines, size_t n)
{
	struct checked c = check(text);

	for (size_t i = 0; i < n && i < err_count(c.err); i++)
		assert_string_equal(err_line(err_at(c.err, i), c.arena), lines[i]);
	if (err_count(c.err) > n)
		fail_msg("one fault too many: %s", err_line(err_at(c.err, n), c.arena));
	assert_int_equal(err_count(c.err), n);
	assert_int_equal(c.rc, n ? W_EINVAL : 0);
	done(&c);
}
#define ASSERT_FAULTS(text, ...)                                  \
	do {                                                      \
		const char *const lines_[] = {__VA_ARGS__};       \
		assert_faults((text), lines_, ARRAY_LEN(lines_)); \
	} while (0)

static void
yaml_check__a_right_map_has_no_fault(void **state)
{
	struct checked c = check("name: a/b_c.d-1\ntitle: ''\ncount: 9\nfree: off\nwait: 2h\n"
				 "room: 1MiB\nany: [x]\nlist: []\nmap: {}\nfree_number: -7\n");
	(void)state;

	assert_int_equal(c.rc, 0);
	assert_int_equal(err_count(c.err), 0);
	done(&c);
}

static void
yaml_check__every_fault_is_told_at_its_place(void **state)
{
	(void)state;
	ASSERT_FAULTS(
		"title: [x]\n"
		"cuont: 3\n"
		"free: maybe\n"
		"wait: 2h1m\n"
		"room: 2MiB\n"
		"list: x\n"
		"map:\n"
		"any:\n"
		"count: 10\n"
		"elsewhere: 1\n",
		"f:1:1: error: the key \"name\" is missing", "f:1:8: error: title needs a text",
		"f:2:1: error: unknown key \"cuont\" (did you mean \"count\"?)",
		"f:3:7: error: free needs yes or no",
		"f:4:7: error: wait needs a span of time such as 30s, 5m, 2h, 7d or 4w",
		"f:5:7: error: room must be 1KiB to 1MiB", "f:6:7: error: list needs a list",
		"f:7:5: error: map has no value: it needs a map (keys and values)",
		"f:8:5: error: any has no value: it needs a value",
		"f:9:8: error: count must be 1 to 9", "f:10:1: error: unknown key \"elsewhere\"");
}

static void
yaml_check__a_range_is_told_in_the_units_of_the_type(void **state)
{
	(void)state;
	ASSERT_FAULTS("name: a\ntitle: b\nwait: 4s\nroom: 1000\n",
		      "f:3:7: error: wait must be 5s to 2h",
		      "f:4:7: error: room must be 1KiB to 1MiB");
}

static void
yaml_check__a_value_is_never_repeated_in_a_message(void **state)
{
	struct checked c = check("name: \"+212600000011\"\ntitle: x\ncount: hunter2\n"
				 "wait: hunter2\nfree: hunter2\n");
	(void)state;

	assert_int_equal(err_count(c.err), 4);
	for (size_t i = 0; i < err_count(c.err); i++) {
		assert_null(strstr(err_at(c.err, i)->text, "212600"));
		assert_null(strstr(err_at(c.err, i)->text, "hunter2"));
	}
	done(&c);
}

static void
yaml_check__something_that_is_no_map_is_one_fault(void **state)
{
	(void)state;
	ASSERT_FAULTS("- a\n- b\n", "f:1:1: error: keys and values are needed here");
}

static void
yaml_check__without_a_map_only_required_keys_are_missed(void **state)
{
	struct checked c = check("name: a\ntitle: b\n");
	(void)state;

	assert_int_equal(yaml_check(c.doc, NULL, keys, ARRAY_LEN(keys), c.err), W_EINVAL);
	assert_int_equal(err_count(c.err), 2);
	done(&c);
}

static void
yaml_check__words_are_ascii_and_begin_with_a_letter(void **state)
{
	static const char *const bad[] = {
		"name: 1a\ntitle: x\n",
		"name: a b\ntitle: x\n",
		"name: سلام\ntitle: x\n",
		"name: a:b\ntitle: x\n",
		"name: ''\ntitle: x\n",
		"name: a123456789012345678901234567890123456789012345678901234567890123x\n"
		"title: x\n"};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct checked c = check(bad[i]);

		assert_int_equal(err_count(c.err), 1);
		done(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml_check__a_right_map_has_no_fault),
		cmocka_unit_test(yaml_check__every_fault_is_told_at_its_place),
		cmocka_unit_test(yaml_check__a_range_is_told_in_the_units_of_the_type),
		cmocka_unit_test(yaml_check__a_value_is_never_repeated_in_a_message),
		cmocka_unit_test(yaml_check__something_that_is_no_map_is_one_fault),
		cmocka_unit_test(yaml_check__without_a_map_only_required_keys_are_missed),
		cmocka_unit_test(yaml_check__words_are_ascii_and_begin_with_a_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
