#include "base/wire.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
base_wire__a_header_is_found_in_any_letter_case(void **state)
{
	const struct wire_header headers[] = {
		{STR_LIT("Accept"), STR_LIT("*/*")},
		{STR_LIT("X-Token"), STR_LIT("first")},
		{STR_LIT("x-token"), STR_LIT("second")},
	};

	(void)state;
	assert_true(str_is(wire_header(headers, 3, "x-TOKEN"), "first"));
	assert_null(wire_header(headers, 3, "x-toke").p);
	assert_null(wire_header(NULL, 0, "a").p);
}

static void
base_wire__methods_are_exact_words(void **state)
{
	(void)state;
	assert_int_equal(wire_method_of(STR_LIT("POST")), WIRE_POST);
	assert_int_equal(wire_method_of(STR_LIT("post")), WIRE_OTHER);
	assert_int_equal(wire_method_of(STR_NONE), WIRE_OTHER);
	assert_true(str_is(wire_method_word(WIRE_DELETE), "DELETE"));
	assert_int_equal(wire_method_word(WIRE_OTHER).n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_wire__a_header_is_found_in_any_letter_case),
		cmocka_unit_test(base_wire__methods_are_exact_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
