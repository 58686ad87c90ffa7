#include "text/text.h"

#include "helper/table.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct str
revealed(const struct phone *p, enum phone_style style)
{
	static char memory[32];
	struct buf b;

	buf_init(&b, memory, sizeof(memory));
	phone_reveal(p, style, &b);
	assert_true(buf_ok(&b));
	return buf_str(&b);
}

static void
text_phone__every_row_is_normalised_or_refused(void **state)
{
	struct table *t = table_open("numbers.tsv");

	(void)state;
	for (size_t i = 0; i < table_rows(t); i++) {
		struct phone p;
		enum phone_verdict v = phone_parse(table_hex(t, i, "utf8_hex"), &p);
		struct str got =
			v == PHONE_OK ? revealed(&p, PHONE_PLUS) : str_of(phone_verdict_word(v));

		if (!str_eq(got, table_raw(t, i, "wanted")))
			table_miss(t, i, "gives %.*s", STR_ARG(got));
	}
	table_finish(t);
}

static void
expect(const char *typed, enum phone_verdict verdict, const char *plus)
{
	struct phone p;

	assert_string_equal(phone_verdict_word(phone_parse(str_of(typed), &p)),
			    phone_verdict_word(verdict));
	assert_string_equal(revealed(&p, PHONE_PLUS).p, plus);
}

static void
text_phone__webhooks_send_no_plus(void **state)
{
	(void)state;
	expect("212612345678", PHONE_OK, "+212612345678");
	expect("212522123456", PHONE_NOT_MOBILE, "+212522123456");
}

static void
text_phone__a_number_elsewhere_needs_its_prefix(void **state)
{
	(void)state;
	expect("+33 (0)1 23 45 67 89", PHONE_FOREIGN, "+33123456789");
	expect("0033123456789", PHONE_FOREIGN, "+33123456789");
	expect("33123456789", PHONE_BAD, "");
}

static void
text_phone__brackets_inside_a_national_number_keep_their_zero(void **state)
{
	(void)state;
	expect("06 (0)1 23 45 67", PHONE_OK, "+212601234567");
	expect("(0)612345678", PHONE_OK, "+212612345678");
}

static void
text_phone__e164_bounds_hold_on_both_sides(void **state)
{
	(void)state;
	expect("+1234567", PHONE_FOREIGN, "+1234567");
	expect("+123456", PHONE_BAD, "");
	expect("+123456789012345", PHONE_FOREIGN, "+123456789012345");
	expect("+1234567890123456", PHONE_BAD, "");
	expect("00000000000000000000000000000000000", PHONE_BAD, "");
	expect("+0612345678", PHONE_BAD, "");
}

static void
text_phone__a_plus_stands_first_and_once(void **state)
{
	(void)state;
	expect("(+212) 612345678", PHONE_OK, "+212612345678");
	expect("++212612345678", PHONE_BAD, "");
	expect("212+612345678", PHONE_BAD, "");
}

static void
text_phone__only_one_scheme_is_passed_over(void **state)
{
	(void)state;
	expect(" TEL:0612345678", PHONE_OK, "+212612345678");
	expect("tel:tel:0612345678", PHONE_BAD, "");
	expect("sms:0612345678", PHONE_BAD, "");
}

static void
text_phone__broken_and_endless_input_is_bad(void **state)
{
	char blanks[PHONE_TYPED_MAX + 1];
	struct phone p;

	(void)state;
	expect("0612345678\xFF", PHONE_BAD, "");
	memset(blanks, ' ', sizeof(blanks));
	memcpy(blanks, "0612345678", 10);
	assert_int_equal(phone_parse((struct str){blanks, PHONE_TYPED_MAX}, &p), PHONE_OK);
	assert_int_equal(phone_parse((struct str){blanks, sizeof(blanks)}, &p), PHONE_BAD);
}

static void
text_phone__each_style_is_spelt(void **state)
{
	struct phone ours, theirs;

	(void)state;
	assert_int_equal(phone_parse(STR_LIT("0612345678"), &ours), PHONE_OK);
	assert_int_equal(phone_parse(STR_LIT("+34612345678"), &theirs), PHONE_FOREIGN);
	assert_true(str_is(revealed(&ours, PHONE_PLUS), "+212612345678"));
	assert_true(str_is(revealed(&ours, PHONE_BARE), "212612345678"));
	assert_true(str_is(revealed(&ours, PHONE_ZEROS), "00212612345678"));
	assert_true(str_is(revealed(&ours, PHONE_NATIONAL), "0612345678"));
	assert_true(str_is(revealed(&theirs, PHONE_NATIONAL), "+34612345678"));
	assert_true(str_is(revealed(&theirs, PHONE_ZEROS), "0034612345678"));
}

static void
text_phone__a_mask_keeps_the_ends_only(void **state)
{
	struct phone p;
	char memory[64];
	struct buf b;

	(void)state;
	buf_init(&b, memory, sizeof(memory));
	assert_int_equal(phone_parse(STR_LIT("0612345678"), &p), PHONE_OK);
	phone_mask(&p, &b);
	assert_string_equal(memory, "+2126\u2022\u2022\u2022\u2022\u2022\u202278");
	buf_cut(&b, 0);
	phone_mask(&(struct phone){{0}}, &b);
	assert_string_equal(memory, "");
}

static void
text_phone__two_spellings_are_one_number(void **state)
{
	struct phone a, b, c;

	(void)state;
	assert_int_equal(phone_parse(STR_LIT("06 12 34 56 78"), &a), PHONE_OK);
	assert_int_equal(phone_parse(STR_LIT("00212612345678"), &b), PHONE_OK);
	assert_int_equal(phone_parse(STR_LIT("0612345679"), &c), PHONE_OK);
	assert_true(phone_eq(&a, &b));
	assert_false(phone_eq(&a, &c));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_phone__every_row_is_normalised_or_refused),
		cmocka_unit_test(text_phone__webhooks_send_no_plus),
		cmocka_unit_test(text_phone__a_number_elsewhere_needs_its_prefix),
		cmocka_unit_test(text_phone__brackets_inside_a_national_number_keep_their_zero),
		cmocka_unit_test(text_phone__e164_bounds_hold_on_both_sides),
		cmocka_unit_test(text_phone__a_plus_stands_first_and_once),
		cmocka_unit_test(text_phone__only_one_scheme_is_passed_over),
		cmocka_unit_test(text_phone__broken_and_endless_input_is_bad),
		cmocka_unit_test(text_phone__each_style_is_spelt),
		cmocka_unit_test(text_phone__a_mask_keeps_the_ends_only),
		cmocka_unit_test(text_phone__two_spellings_are_one_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
