#include "text/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
expect(void (*clean)(struct str, struct buf *), const char *from, const char *to)
{
	char memory[128];
	struct buf b;

	buf_init(&b, memory, sizeof(memory));
	clean(str_of(from), &b);
	assert_string_equal(memory, to);
}

static void
text_class__digits_change_and_nothing_else_does(void **state)
{
	(void)state;
	expect(text_fold_digits, "\u0660\u0669 \u06F0\u06F9 \uFF10\uFF19 \u0966\u096F",
	       "09 09 09 09");
	expect(text_fold_digits, "\u00C9t\u00E9 \u00B2 \u0646\u0650\u0639\u0645\u061F\n",
	       "\u00C9t\u00E9 \u00B2 \u0646\u0650\u0639\u0645\u061F\n");
	expect(text_fold_digits, "\u065F\u066A\u06EF\u06FA", "\u065F\u066A\u06EF\u06FA");
}

static void
text_class__steering_and_controls_go_and_line_feeds_stay(void **state)
{
	(void)state;
	expect(text_strip_controls,
	       "a\u202Eb\u2066c\u200F\n\x1B[31md\r\t\x7F\xC2\x9B"
	       "e",
	       "abc\n[31mde");
	expect(text_strip_controls, "\u0646\u064E\u0639 \u00E9\u200B",
	       "\u0646\u064E\u0639 \u00E9\u200B");
}

static void
text_class__broken_bytes_never_pass_through(void **state)
{
	(void)state;
	expect(text_strip_controls,
	       "a\x9B"
	       "31m\xC3",
	       "a\uFFFD31m\uFFFD");
	expect(text_fold_digits, "1\xFF", "1\uFFFD");
}

static void
text_class__one_arabic_letter_makes_a_text_right_to_left(void **state)
{
	(void)state;
	assert_true(text_is_rtl(STR_LIT("RDV \u0645")));
	assert_true(text_is_rtl(STR_LIT("\uFEFB")));
	assert_true(text_is_rtl(STR_LIT("\u05D0")));
	assert_false(text_is_rtl(STR_LIT("R\u00E9union 10h")));
	assert_false(text_is_rtl(STR_LIT("\u2D30\u2D63\u2D53\u2D4D")));
	assert_false(text_is_rtl(STR_NONE));
}

static void
text_class__digits_marks_and_commas_alone_are_not_letters(void **state)
{
	(void)state;
	assert_false(text_is_rtl(STR_LIT("\u0661\u0662 \u060C \u064E \u200F")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_class__digits_change_and_nothing_else_does),
		cmocka_unit_test(text_class__steering_and_controls_go_and_line_feeds_stay),
		cmocka_unit_test(text_class__broken_bytes_never_pass_through),
		cmocka_unit_test(text_class__one_arabic_letter_makes_a_text_right_to_left),
		cmocka_unit_test(text_class__digits_marks_and_commas_alone_are_not_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
