/* Any bytes as a message: parts add up, none is too long, SMS and USSD agree, GSM-7 comes back. */
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static size_t
part_limit(const struct sms_size *size, unsigned bits)
{
	if (size->parts == 1)
		return size->coding == TEXT_GSM7 ? 160 : 70;
	if (size->coding == TEXT_GSM7)
		return bits == 8 ? 153 : 152;
	return bits == 8 ? 67 : 66;
}

/* A part may lack one unit, where a pair went to the next one. */
static void
check_parts(const struct sms_size *size, unsigned bits)
{
	const size_t limit = part_limit(size, bits);
	size_t sum = 0;

	for (size_t i = 0; i < size->parts; i++) {
		CHECK(size->part_units[i] > 0 && size->part_units[i] <= limit);
		CHECK(i + 1 == size->parts || (size_t)size->part_units[i] + 1 >= limit);
		sum += size->part_units[i];
	}
	CHECK(sum == size->units);
	CHECK(size->first_units == (size->parts > 0 ? size->part_units[0] : 0));
}

static void
check_sms(struct str s, unsigned bits, const struct ussd_size *page)
{
	struct sms_size size;
	int rc = sms_measure(s, bits, &size);

	CHECK((rc == W_EINVAL) == !utf8_ok(s));
	if (rc == W_EINVAL)
		return;
	CHECK((rc == W_ETOOBIG) == (size.parts > SMS_MAX_PARTS));
	CHECK(size.coding == page->coding && size.units == page->units);
	if (rc == W_OK)
		check_parts(&size, bits);
}

static void
check_page(struct str s, const struct ussd_size *page)
{
	size_t bits = page->units * (page->coding == TEXT_GSM7 ? 7 : 16);

	CHECK(page->spare_bits < 8 && bits + page->spare_bits == page->octets * 8);
	CHECK(page->lines >= 1 && page->longest_line <= s.n);
	if (utf8_ok(s))
		CHECK(ussd_fits(s, PAGE_LIMIT_DEFAULT) == (page->octets <= 160));
	CHECK(gsm7_can(s) == (page->coding == TEXT_GSM7));
}

static void
check_codings(struct str s, const struct ussd_size *page)
{
	struct arena *a = arena_new(0);
	struct buf coded, back;

	buf_init_arena(&coded, a);
	buf_init_arena(&back, a);
	if (page->coding == TEXT_GSM7) {
		CHECK(gsm7_encode(s, &coded) == W_OK && coded.n == page->units);
		CHECK(gsm7_decode(buf_str(&coded), &back) == W_OK);
	} else {
		ucs2_encode(s, &coded);
		CHECK(coded.n == 2 * page->units);
		CHECK(ucs2_decode(buf_str(&coded), &back) == W_OK);
	}
	CHECK(!utf8_ok(s) || str_eq(buf_str(&back), s));
	arena_free(a);
}

/* The same bytes as septets and as UTF-16 of somebody else: whatever comes out is UTF-8. */
static void
check_foreign_bytes(struct str s)
{
	struct arena *a = arena_new(0);
	struct buf text;

	buf_init_arena(&text, a);
	(void)!gsm7_decode(s, &text);
	(void)!ucs2_decode(s, &text);
	latin1_decode(s, &text);
	CHECK(utf8_ok(buf_str(&text)));
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = {(const char *)data, n};
	struct ussd_size page;

	ussd_measure(s, &page);
	check_page(s, &page);
	check_sms(s, 8, &page);
	check_sms(s, 16, &page);
	check_codings(s, &page);
	check_foreign_bytes(s);
	return 0;
}
