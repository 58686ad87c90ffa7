/* What a correct phone shows in another order than it was written. */
#include "menu/menu_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define LRM "\xE2\x80\x8E"

static void
menu_bidi__lines_that_keep_their_order_pass(void **state)
{
	static const char *const good[] = {
		"1. موعد",
		"1.موعد",
		"اطلب " LRM "*580#" LRM,
		LRM "*000*1234#" LRM,
		"0612345678",
		"12/01/2027",
		"12.01.2027",
		"10:00",
		"رقم 3: 4",
		"من 3 ل 5",
		"نهار 25/11 مع 10:30",
		LRM "+212600000000",
		"نجمة * و #",
	};
	size_t byte;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (menu_bidi_fault(str_of(good[i]), &byte) != NULL)
			fail_msg("'%s' is right as it stands", good[i]);
}

static void
menu_bidi__lines_that_are_scrambled_are_told(void **state)
{
	static const struct {
		const char *text;
		size_t byte;
	} bad[] = {
		{"06 12 34 56 78", 0}, {"+212600000000", 0}, {"a 2027-01-12", 5},
		{"10:00-12:00", 4},    {"b *580#", 2},       {LRM "*580#", 3},
		{"*580#" LRM, 0},      {"x *1*2#.", 2},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		size_t byte = 99;

		if (menu_bidi_fault(str_of(bad[i].text), &byte) == NULL)
			fail_msg("'%s' passed", bad[i].text);
		assert_int_equal(byte, bad[i].byte);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_bidi__lines_that_keep_their_order_pass),
		cmocka_unit_test(menu_bidi__lines_that_are_scrambled_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
