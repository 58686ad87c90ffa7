#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "privacy/privacy.h"

#include <stdio.h>

static void
privacy_pin__trivial_ones_are_known(void **state)
{
	static const char *const trivial[] = {
		"0000", "7777", "9999", "1234", "0123", "6789", "7890", "8901", "9012",
		"4321", "9876", "3210", "2109", "1098", "1212", "9090", "0101", "1900",
		"1985", "1999", "2000", "2026", "2099", "2580", "0852",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(trivial); i++)
		if (!pin_trivial(str_of(trivial[i])))
			fail_msg("%s is trivial", trivial[i]);
}

static void
privacy_pin__others_are_not_trivial(void **state)
{
	static const char *const fine[] = {"4821", "4812", "1235", "1243", "0124", "1221", "1122",
					   "1357", "1899", "2100", "7771", "1777", "2581", "8520"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fine); i++)
		if (pin_trivial(str_of(fine[i])))
			fail_msg("%s is not trivial", fine[i]);
}

static void
privacy_pin__what_is_no_pin_is_trivial(void **state)
{
	static const char *const texts[] = {"", "482", "48210", "48a1", " 482", "48-1", "٤٨٢١"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_true(pin_trivial(str_of(texts[i])));
}

/* 100 pairs twice (10 of them four equal digits), 10 runs up, 10 down, 200 years of which 1919 and
 * 2020 are pairs, 2 of the keypad. */
static void
privacy_pin__few_of_all_are_trivial(void **state)
{
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		char pin[8];

		snprintf(pin, sizeof(pin), "%04d", i);
		n += pin_trivial(str_of(pin));
	}
	print_message("%zu of 10000 PINs are trivial\n", n);
	assert_int_equal(n, 320);
}

static void
privacy_pin__right_one_passes_and_others_do_not(void **state)
{
	struct keys *k = keys_random();
	struct pin_verifier v;

	(void)state;
	pin_make(k, 142, STR_LIT("4821"), &v);
	assert_true(pin_check(k, 142, STR_LIT("4821"), &v));
	assert_false(pin_check(k, 142, STR_LIT("4812"), &v));
	assert_false(pin_check(k, 142, STR_LIT("482"), &v));
	assert_false(pin_check(k, 142, STR_NONE, &v));
	keys_free(k);
}

static void
privacy_pin__verifier_belongs_to_one_person_and_one_key(void **state)
{
	struct keys *k = keys_random(), *other = keys_random();
	struct pin_verifier v;

	(void)state;
	pin_make(k, 142, STR_LIT("4821"), &v);
	assert_false(pin_check(k, 143, STR_LIT("4821"), &v));
	assert_false(pin_check(other, 142, STR_LIT("4821"), &v));
	keys_free(k);
	keys_free(other);
}

static void
privacy_pin__equal_pins_give_different_verifiers(void **state)
{
	struct keys *k = keys_random();
	struct pin_verifier a, b;

	(void)state;
	pin_make(k, 142, STR_LIT("4821"), &a);
	pin_make(k, 142, STR_LIT("4821"), &b);
	assert_string_not_equal(a.text, b.text);
	assert_null(strstr(a.text, "4821"));
	keys_free(k);
}

static void
privacy_pin__cost_is_one_pass_over_8_MiB(void **state)
{
	struct keys *k = keys_random();
	struct pin_verifier v;

	(void)state;
	pin_make(k, 142, STR_LIT("4821"), &v);
	assert_memory_equal(v.text, "$argon2id$v=19$m=8192,t=1,p=1$", 30);
	keys_free(k);
}

static void
privacy_pin__verifiers_of_other_shapes_are_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"$argon2id$v=19$m=8192,t=1,p=1$",
		"$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2i$v=19$m=8192,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	struct keys *k = keys_random();
	struct pin_verifier v;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		v = (struct pin_verifier){{0}};
		snprintf(v.text, sizeof(v.text), "%s", texts[i]);
		assert_false(pin_check(k, 142, STR_LIT("4821"), &v));
	}
	memset(v.text, '$', sizeof(v.text)); /* no end */
	assert_false(pin_check(k, 142, STR_LIT("4821"), &v));
	keys_free(k);
}

static int
start(void **state)
{
	(void)state;
	return privacy_init();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(privacy_pin__trivial_ones_are_known),
		cmocka_unit_test(privacy_pin__others_are_not_trivial),
		cmocka_unit_test(privacy_pin__what_is_no_pin_is_trivial),
		cmocka_unit_test(privacy_pin__few_of_all_are_trivial),
		cmocka_unit_test(privacy_pin__right_one_passes_and_others_do_not),
		cmocka_unit_test(privacy_pin__verifier_belongs_to_one_person_and_one_key),
		cmocka_unit_test(privacy_pin__equal_pins_give_different_verifiers),
		cmocka_unit_test(privacy_pin__cost_is_one_pass_over_8_MiB),
		cmocka_unit_test(privacy_pin__verifiers_of_other_shapes_are_refused),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
