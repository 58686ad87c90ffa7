#include "text/text.h"
#include "text/text_int.h"

/* User data is 140 octets; a concatenation header takes 6 of them with an 8-bit reference and 7
 * with a 16-bit one (TS 23.040 9.2.3.24.1 and 9.2.3.24.8). */
enum { GSM7_ALONE = 160, UCS2_ALONE = 70 };

static const struct {
	unsigned reference_bits;
	size_t gsm7, ucs2;
} part_limits[] = {{8, 153, 67}, {16, 152, 66}};

const char *
text_coding_word(enum text_coding c)
{
	return c == TEXT_GSM7 ? "GSM7" : "UCS2";
}

/* Parts being filled in one coding; the two codings run side by side so that one pass is enough. */
struct cutter {
	size_t limit; /* of a part */
	size_t units, parts, fill, first;
	uint8_t part_units[SMS_MAX_PARTS];
};

static void
cutter_close(struct cutter *c)
{
	if (c->parts == 0)
		c->first = c->fill;
	if (c->parts < SMS_MAX_PARTS)
		c->part_units[c->parts] = (uint8_t)c->fill;
	c->parts++;
	c->fill = 0;
}

/* A character never lies in two parts. */
static inline void
cutter_take(struct cutter *c, unsigned cost)
{
	if (c->fill + cost > c->limit)
		cutter_close(c);
	c->fill += cost;
	c->units += cost;
}

static int
cutter_done(struct cutter *c, enum text_coding coding, struct sms_size *out)
{
	const size_t alone = coding == TEXT_GSM7 ? GSM7_ALONE : UCS2_ALONE;

	if (c->units <= alone) {
		c->parts = 0;
		c->fill = c->units;
	}
	if (c->fill > 0)
		cutter_close(c);
	out->coding = coding;
	out->units = c->units;
	out->parts = c->parts;
	out->first_units = c->first;
	memset(out->part_units, 0, sizeof(out->part_units));
	if (c->parts > SMS_MAX_PARTS)
		return W_ETOOBIG;
	memcpy(out->part_units, c->part_units, c->parts);
	return W_OK;
}

int
sms_measure(struct str s, unsigned reference_bits, struct sms_size *out)
{
	struct cutter gsm7 = {0}, ucs2 = {0};
	bool latin = true;
	uint32_t cp;

	for (size_t i = 0; i < ARRAY_LEN(part_limits); i++)
		if (part_limits[i].reference_bits == reference_bits) {
			gsm7.limit = part_limits[i].gsm7;
			ucs2.limit = part_limits[i].ucs2;
		}
	if (gsm7.limit == 0)
		return W_EINVAL;
	while (utf8_step(&s, &cp)) {
		unsigned cost = latin ? gsm7_cost(cp) : 0;

		latin = cost > 0;
		cutter_take(&gsm7, cost);
		cutter_take(&ucs2, cp > 0xFFFF ? 2 : 1);
	}
	if (s.n > 0)
		return W_EINVAL;
	return latin ? cutter_done(&gsm7, TEXT_GSM7, out) : cutter_done(&ucs2, TEXT_UCS2, out);
}

/* 160 octets (TS 24.080 4.4.3.8), septets packed as in TS 23.038 6.1.2.3. */
static void
pack(struct ussd_size *out)
{
	size_t bits = out->units * (out->coding == TEXT_GSM7 ? 7 : 16);

	out->octets = (bits + 7) / 8;
	out->spare_bits = (unsigned)(out->octets * 8 - bits);
}

void
ussd_measure(struct str s, struct ussd_size *out)
{
	size_t septets = 0, units = 0, line = 0;
	bool latin = true;

	*out = (struct ussd_size){.lines = 1};
	while (s.n > 0) {
		uint32_t cp = utf8_take(&s);
		unsigned cost = latin ? gsm7_cost(cp) : 0;

		latin = cost > 0;
		septets += cost;
		units += cp > 0xFFFF ? 2 : 1;
		if (cp == '\n') {
			out->lines++;
			line = 0;
		} else if (++line > out->longest_line) {
			out->longest_line = line;
		}
	}
	out->coding = latin ? TEXT_GSM7 : TEXT_UCS2;
	out->units = latin ? septets : units;
	pack(out);
}

bool
ussd_fits(struct str s, struct page_limit limit)
{
	const struct page_limit most = PAGE_LIMIT_DEFAULT;
	struct ussd_size size;

	if (!utf8_ok(s))
		return false;
	ussd_measure(s, &size);
	if (size.coding == TEXT_GSM7)
		return size.units <= (limit.gsm7 < most.gsm7 ? limit.gsm7 : most.gsm7);
	return size.units <= (limit.ucs2 < most.ucs2 ? limit.ucs2 : most.ucs2);
}
