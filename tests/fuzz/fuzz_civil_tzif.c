/*
 * Any bytes as the file of a time zone: refused, or a zone in which every
 * instant has a wall time that is one, and leads back.
 */
#include "civil/civil_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* RFC 8536 3.2: what an offset may be. */
enum { OFFSET_LEAST = -89999, OFFSET_MOST = 93600 };

/* Beginnings of those years, UTC. */
static const int64_t YEAR_2 = -62104060800, YEAR_9999 = 253370764800;

static void
check_span(const struct zone *z, int64_t at)
{
	struct span s = zone_span(z, instant_clamp(at));

	CHECK(s.begin <= instant_clamp(at) && instant_clamp(at) < s.end);
	CHECK(s.offset == civil_offset(z, at));
	CHECK(s.offset >= 2 * OFFSET_LEAST && s.offset <= 2 * OFFSET_MOST);
}

static void
check_instant(const struct zone *z, int64_t at)
{
	int64_t first = 0, second = 0;
	struct wall w, back;

	check_span(z, at);
	civil_to_wall(z, at, &w);
	CHECK(civil_wall_ok(&w));
	CHECK(civil_rfc3339(z, at).s[0] != '\0');
	enum wall_kind kind = civil_to_instant(z, &w, &first, &second);
	if (at < YEAR_2 || at > YEAR_9999) /* near the ends an instant is the nearest there is */
		return;
	CHECK(kind == WALL_FOLD || (kind == WALL_UNIQUE && first == second));
	civil_to_wall(z, first, &back);
	CHECK(civil_compare(&w, &back) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const int64_t instants[] = {
		INT64_MIN,  -62135596800, -2208988800,  -1,
		0,          951782400,    1774256400,   1790812799,
		1790812800, 253402300799, 253402300800, INT64_MAX,
	};
	struct zone z = {.arena = arena_new(0), .name = "fuzz"};
	int rc = tzif_read((struct str){(const char *)data, n}, &z);

	CHECK(rc == W_OK || rc == W_EPROTO);
	for (size_t i = 0; rc == W_OK && i < ARRAY_LEN(instants); i++)
		check_instant(&z, instants[i]);
	/* Around the changes themselves, the last ones first: they meet the rule. */
	for (size_t i = 0; rc == W_OK && i < z.n && i < 16; i++)
		for (int by = -1; by <= 1; by++)
			check_instant(&z, instant_clamp(z.at[z.n - 1 - i]) + by);
	if (rc == W_OK)
		(void)civil_zone_health(&z);
	arena_free(z.arena);
	return 0;
}
