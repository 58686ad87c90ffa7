#include "base/id.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void
base_id__an_id_is_32_hex_digits_and_never_the_same(void **state)
{
	struct id_text a = id_new(), b = id_new();

	(void)state;
	assert_int_equal(strspn(a.hex, "0123456789abcdef"), 32);
	assert_int_equal(strlen(a.hex), 32);
	assert_string_not_equal(a.hex, b.hex);
}

static void
base_id__random_bytes_fill_exactly_what_is_asked(void **state)
{
	unsigned char bytes[66] = {0};
	int changed = 0;

	(void)state;
	bytes[0] = bytes[65] = 0xA5;
	id_random(bytes + 1, 64);
	for (int i = 1; i <= 64; i++)
		changed += bytes[i] != 0;
	assert_true(changed > 32);
	assert_int_equal(bytes[0], 0xA5);
	assert_int_equal(bytes[65], 0xA5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_id__an_id_is_32_hex_digits_and_never_the_same),
		cmocka_unit_test(base_id__random_bytes_fill_exactly_what_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
