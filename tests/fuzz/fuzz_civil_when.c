/*
 * Any bytes as an instant, as "how far back" and as the hours of a week: refused
 * with a place in the text, or a time there is, and hours that open when they
 * say.
 */
#include "civil/civil_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { NOW = 1795429200, FORTNIGHT_S = 14 * 86400 };

static void
check_instant(const struct zone *z, struct str text)
{
	int64_t at, since;
	struct wall w;

	if (civil_parse_instant(z, text, NOW, &at) == W_OK) {
		CHECK(at == instant_clamp(at));
		civil_to_wall(z, at, &w);
		CHECK(civil_wall_ok(&w));
	}
	if (civil_parse_since(z, text, NOW, &since) == W_OK)
		CHECK(since == instant_clamp(since));
}

static void
check_hours(const struct zone *z, struct str text)
{
	struct week_hours h;
	struct wall now, next;
	size_t fault = 0;

	if (civil_hours_parse(text, &h, &fault) != W_OK) {
		CHECK(fault <= text.n);
		return;
	}
	CHECK(h.n > 0 && h.n <= WEEK_SPANS);
	for (size_t i = 0; i < h.n; i++)
		CHECK(h.spans[i].days != 0 && h.spans[i].from < h.spans[i].to &&
		      h.spans[i].to <= 1440);
	civil_to_wall(z, NOW, &now);
	CHECK(civil_hours_next(&h, &now, &next));
	CHECK(civil_hours_open(&h, &next) && civil_compare(&now, &next) <= 0);
	CHECK(civil_instant(z, &next) - NOW <= FORTNIGHT_S);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct zone *zone;
	struct str text = {(const char *)data, n};

	if (zone == NULL)
		CHECK(civil_zone_open(NULL, "Africa/Casablanca", &zone) == W_OK);
	check_instant(zone, text);
	check_hours(zone, text);
	return 0;
}
