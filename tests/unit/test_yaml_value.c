#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "yaml/yaml.h"

static struct yaml_node
scalar(const char *text)
{
	return (struct yaml_node){.kind = YAML_SCALAR, .text = str_of(text)};
}

static int64_t
span(const char *text)
{
	struct yaml_node n = scalar(text);

	return yaml_span(&n, -1);
}

static int64_t
size(const char *text)
{
	struct yaml_node n = scalar(text);

	return yaml_size(&n, -1);
}

static int64_t
whole(const char *text)
{
	struct yaml_node n = scalar(text);

	return yaml_int(&n, -99);
}

static void
yaml_value__spans_come_in_seconds(void **state)
{
	(void)state;
	assert_int_equal(span("30s"), 30);
	assert_int_equal(span("5m"), 300);
	assert_int_equal(span("2h"), 7200);
	assert_int_equal(span("7d"), 604800);
	assert_int_equal(span("4w"), 2419200);
	assert_int_equal(span("0s"), 0);
}

static void
yaml_value__a_span_needs_digits_and_one_unit(void **state)
{
	static const char *const bad[] = {
		"",    "5", "s", "5 s", "-5s", "5min", "1h30m", "5S", "9223372036854775807w",
		"+5s", "٥s"};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(span(bad[i]), -1);
}

static void
yaml_value__sizes_come_in_bytes(void **state)
{
	(void)state;
	assert_int_equal(size("512"), 512);
	assert_int_equal(size("16KiB"), 16384);
	assert_int_equal(size("32MiB"), 33554432);
	assert_int_equal(size("2GiB"), 2147483648);
	assert_int_equal(size("16KB"), -1);
	assert_int_equal(size("16kib"), -1);
	assert_int_equal(size("9223372036854775807KiB"), -1);
}

static void
yaml_value__whole_numbers_are_decimal(void **state)
{
	(void)state;
	assert_int_equal(whole("-12"), -12);
	assert_int_equal(whole("007"), 7);
	assert_int_equal(whole("0x10"), -99);
	assert_int_equal(whole("1e3"), -99);
	assert_int_equal(whole("9223372036854775808"), -99);
}

static void
yaml_value__six_words_say_yes_or_no(void **state)
{
	static const char *const yes[] = {"yes", "true", "on"}, *const no[] = {"no", "false",
									       "off"};
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct yaml_node y = scalar(yes[i]), n = scalar(no[i]);

		assert_true(yaml_yesno(&y, false));
		assert_false(yaml_yesno(&n, true));
	}
	struct yaml_node other = scalar("y");
	assert_true(yaml_yesno(&other, true));
	assert_false(yaml_yesno(&other, false));
}

static void
yaml_value__the_fallback_stands_for_nothing_and_for_lists(void **state)
{
	struct yaml_node list = {.kind = YAML_LIST};
	(void)state;

	assert_int_equal(yaml_int(NULL, 5), 5);
	assert_int_equal(yaml_int(&list, 5), 5);
	assert_int_equal(yaml_text(NULL).n, 0);
	assert_null(yaml_get(NULL, "a"));
	assert_null(yaml_get(&list, "a"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml_value__spans_come_in_seconds),
		cmocka_unit_test(yaml_value__a_span_needs_digits_and_one_unit),
		cmocka_unit_test(yaml_value__sizes_come_in_bytes),
		cmocka_unit_test(yaml_value__whole_numbers_are_decimal),
		cmocka_unit_test(yaml_value__six_words_say_yes_or_no),
		cmocka_unit_test(yaml_value__the_fallback_stands_for_nothing_and_for_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
