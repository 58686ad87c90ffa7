#include "text/text.h"

#include "helper/table.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* "67,67,13", or "0" without parts. */
static void
print_parts(const struct sms_size *size, struct buf *to)
{
	for (size_t i = 0; i < size->parts; i++)
		buf_printf(to, "%s%u", i ? "," : "", size->part_units[i]);
	if (size->parts == 0)
		buf_adds(to, "0");
}

static void
check_sms_row(struct table *t, size_t i)
{
	struct sms_size size;
	char memory[2048];
	struct buf parts;

	buf_init(&parts, memory, sizeof(memory));
	if (sms_measure(table_hex(t, i, "utf8_hex"), 8, &size) != W_OK) {
		table_miss(t, i, "is refused");
		return;
	}
	print_parts(&size, &parts);
	if (!table_is(t, i, "encoding", text_coding_word(size.coding)))
		table_miss(t, i, "coding is %s", text_coding_word(size.coding));
	if ((int64_t)size.units != table_int(t, i, "units"))
		table_miss(t, i, "units are %zu", size.units);
	/* The empty message has no part of text, and is still one message on the air. */
	if ((int64_t)(size.parts ? size.parts : 1) != table_int(t, i, "segments"))
		table_miss(t, i, "segments are %zu", size.parts);
	if ((int64_t)size.first_units != table_int(t, i, "first_len"))
		table_miss(t, i, "first part has %zu", size.first_units);
	if (!table_is(t, i, "parts", parts.p))
		table_miss(t, i, "parts are %s", parts.p);
}

static void
text_split__segmentation_rows_hold(void **state)
{
	struct table *t = table_open("segmentation.tsv");

	(void)state;
	for (size_t i = 0; i < table_rows(t); i++)
		check_sms_row(t, i);
	table_finish(t);
}

static const char *
yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static void
check_ussd_row(struct table *t, size_t i)
{
	const struct page_limit cautious = {160, 80};
	struct str text = table_hex(t, i, "utf8_hex");
	struct ussd_size size;

	ussd_measure(text, &size);
	const struct {
		const char *column;
		size_t got;
	} numbers[] = {
		{"units", size.units},
		{"octets", size.octets},
		{"spare_bits", size.spare_bits},
		{"lines", size.lines},
		{"longest_line", size.longest_line},
	};
	if (!table_is(t, i, "encoding", text_coding_word(size.coding)))
		table_miss(t, i, "coding is %s", text_coding_word(size.coding));
	for (size_t k = 0; k < ARRAY_LEN(numbers); k++)
		if ((int64_t)numbers[k].got != table_int(t, i, numbers[k].column))
			table_miss(t, i, "%s is %zu", numbers[k].column, numbers[k].got);
	if (!table_is(t, i, "fits", yes_no(ussd_fits(text, PAGE_LIMIT_DEFAULT))))
		table_miss(t, i, "fits is the other answer");
	if (!table_is(t, i, "fits160", yes_no(ussd_fits(text, cautious))))
		table_miss(t, i, "fits160 is the other answer");
}

static void
text_split__ussd_rows_hold(void **state)
{
	struct table *t = table_open("ussd.tsv");

	(void)state;
	for (size_t i = 0; i < table_rows(t); i++)
		check_ussd_row(t, i);
	table_finish(t);
}

/* A text of n times one piece, then another. */
static struct str
repeat(struct arena *a, const char *piece, size_t n, const char *then)
{
	struct buf b;

	buf_init_arena(&b, a);
	while (n-- > 0)
		buf_adds(&b, piece);
	buf_adds(&b, then);
	return buf_str(&b);
}

static void
expect_parts(const char *piece, size_t n, const char *then, unsigned bits, const char *wanted)
{
	struct arena *a = arena_new(0);
	struct sms_size size;
	struct buf parts;

	buf_init_arena(&parts, a);
	assert_int_equal(sms_measure(repeat(a, piece, n, then), bits, &size), W_OK);
	print_parts(&size, &parts);
	assert_string_equal(parts.p, wanted);
	arena_free(a);
}

static void
text_split__a_16_bit_reference_leaves_152_and_66(void **state)
{
	(void)state;
	expect_parts("a", 160, "", 16, "160");
	expect_parts("a", 161, "", 16, "152,9");
	expect_parts("a", 304, "", 16, "152,152");
	expect_parts("a", 305, "", 16, "152,152,1");
	expect_parts("\u0645", 70, "", 16, "70");
	expect_parts("\u0645", 71, "", 16, "66,5");
	expect_parts("\u0645", 132, "", 16, "66,66");
	expect_parts("\u0645", 133, "", 16, "66,66,1");
}

static void
text_split__pairs_stay_whole_with_a_16_bit_reference(void **state)
{
	(void)state;
	expect_parts("\u20AC", 81, "", 16, "152,10");
	expect_parts("a", 151, "\u20AC\u20AC\u20AC\u20AC\u20AC", 16, "151,10");
	expect_parts("\u0645", 65, "\U0001F44D\u0645\u0645\u0645\u0645", 16, "65,6");
	expect_parts("\U0001F44D", 36, "", 16, "66,6");
}

static void
text_split__a_single_message_ignores_the_part_limit(void **state)
{
	(void)state;
	expect_parts("a", 152, "\u20AC\u20AC\u20AC\u20AC", 8, "160");
	expect_parts("\u0645", 66, "\U0001F44D\U0001F44D", 8, "70");
}

static void
text_split__the_255th_part_is_the_last(void **state)
{
	struct arena *a = arena_new(0);
	struct sms_size size;

	(void)state;
	assert_int_equal(sms_measure(repeat(a, "a", 255 * 153, ""), 8, &size), W_OK);
	assert_int_equal(size.parts, 255);
	assert_int_equal(size.part_units[254], 153);
	assert_int_equal(sms_measure(repeat(a, "a", 255 * 153, "a"), 8, &size), W_ETOOBIG);
	assert_int_equal(size.parts, 256);
	assert_int_equal(size.units, 255 * 153 + 1);
	assert_int_equal(sms_measure(repeat(a, "\u0645", 255 * 66, ""), 16, &size), W_OK);
	assert_int_equal(sms_measure(repeat(a, "\u0645", 255 * 66, "."), 16, &size), W_ETOOBIG);
	arena_free(a);
}

/* Over 255 parts of UCS-2 long before the GSM-7 side of the count would be. */
static void
text_split__a_late_arabic_letter_turns_the_whole_text(void **state)
{
	(void)state;
	expect_parts("a", 100, "\u0645", 8, "67,34");
	expect_parts("[", 35, "\u0645", 8, "36");
}

static void
text_split__broken_text_and_other_references_are_refused(void **state)
{
	struct sms_size size;

	(void)state;
	assert_int_equal(sms_measure(STR_LIT("a\xFF"), 8, &size), W_EINVAL);
	assert_int_equal(sms_measure(STR_LIT("a"), 7, &size), W_EINVAL);
	assert_int_equal(sms_measure(STR_LIT("a"), 0, &size), W_EINVAL);
}

static void
text_split__nothing_has_no_part(void **state)
{
	struct sms_size size;

	(void)state;
	assert_int_equal(sms_measure(STR_NONE, 8, &size), W_OK);
	assert_int_equal(size.parts + size.units + size.first_units, 0);
	assert_int_equal(size.coding, TEXT_GSM7);
}

static void
text_split__a_page_keeps_to_the_lower_limit(void **state)
{
	struct arena *a = arena_new(0);
	struct str latin = repeat(a, "a", 182, ""), arabic = repeat(a, "\u0645", 80, "");

	(void)state;
	assert_true(ussd_fits(latin, (struct page_limit){182, 1}));
	assert_false(ussd_fits(latin, (struct page_limit){181, 80}));
	assert_true(ussd_fits(arabic, (struct page_limit){1, 80}));
	assert_false(ussd_fits(arabic, (struct page_limit){182, 79}));
	arena_free(a);
}

static void
text_split__no_channel_raises_a_page_over_160_octets(void **state)
{
	struct arena *a = arena_new(0);
	const struct page_limit boast = {400, 400};

	(void)state;
	assert_false(ussd_fits(repeat(a, "a", 183, ""), boast));
	assert_false(ussd_fits(repeat(a, "\u0645", 81, ""), boast));
	assert_false(ussd_fits(STR_LIT("\xFF"), boast));
	arena_free(a);
}

static void
text_split__a_last_line_end_opens_a_line(void **state)
{
	struct ussd_size size;

	(void)state;
	ussd_measure(STR_LIT("abc\n\u0645\u0645\n"), &size);
	assert_int_equal(size.lines, 3);
	assert_int_equal(size.longest_line, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_split__segmentation_rows_hold),
		cmocka_unit_test(text_split__ussd_rows_hold),
		cmocka_unit_test(text_split__a_16_bit_reference_leaves_152_and_66),
		cmocka_unit_test(text_split__pairs_stay_whole_with_a_16_bit_reference),
		cmocka_unit_test(text_split__a_single_message_ignores_the_part_limit),
		cmocka_unit_test(text_split__the_255th_part_is_the_last),
		cmocka_unit_test(text_split__a_late_arabic_letter_turns_the_whole_text),
		cmocka_unit_test(text_split__broken_text_and_other_references_are_refused),
		cmocka_unit_test(text_split__nothing_has_no_part),
		cmocka_unit_test(text_split__a_page_keeps_to_the_lower_limit),
		cmocka_unit_test(text_split__no_channel_raises_a_page_over_160_octets),
		cmocka_unit_test(text_split__a_last_line_end_opens_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
