#include "http/http_int.h"

#include <stdlib.h>

/*
 * A bucket is one instant (generic cell rate algorithm, ITU-T I.371): the time
 * at which it will be full again. Each call moves it on by the time one call
 * takes to flow back; a call is refused when that would go further ahead than
 * burst calls. A bucket that is full looks like one that was never used, so
 * forgetting those costs nothing.
 */

enum { WAYS = 8 };

struct rate_slot {
	struct digest key;
	int64_t full_at_us; /* 0: free */
};

struct rate {
	int64_t call_us;  /* one call flows back in this time */
	int64_t ahead_us; /* the furthest that full_at_us may lie ahead */
	size_t sets;      /* power of two */
	struct rate_slot *slots;
};

struct rate *
rate_new(const struct rate_rule *rule, size_t slots)
{
	struct rate *r = xcalloc(1, sizeof(*r));

	CHECK(rule->calls > 0 && rule->span_ms > 0 && rule->burst > 0);
	r->call_us = rule->span_ms * 1000 / rule->calls;
	if (r->call_us == 0)
		r->call_us = 1;
	r->ahead_us = r->call_us * rule->burst;
	r->sets = 1;
	while (r->sets * WAYS < slots)
		r->sets *= 2;
	r->slots = xcalloc(r->sets * WAYS, sizeof(*r->slots));
	return r;
}

void
rate_free(struct rate *r)
{
	if (r == NULL)
		return;
	free(r->slots);
	free(r);
}

/* The slot of the key, or the one that is or will be full first, made the key's. */
static struct rate_slot *
slot_of(struct rate *r, const struct digest *key)
{
	uint32_t spread;

	/* Digests are keyed: nobody outside can aim at a set. */
	memcpy(&spread, key->bytes, sizeof(spread));
	struct rate_slot *set = r->slots + (spread & (r->sets - 1)) * WAYS;
	struct rate_slot *oldest = set;
	for (size_t i = 0; i < WAYS; i++) {
		if (memcmp(&set[i].key, key, sizeof(*key)) == 0 && set[i].full_at_us != 0)
			return &set[i];
		if (set[i].full_at_us < oldest->full_at_us)
			oldest = &set[i];
	}
	*oldest = (struct rate_slot){.key = *key};
	return oldest;
}

bool
rate_take(struct rate *r, const struct digest *key, int64_t now_ms)
{
	struct rate_slot *slot = slot_of(r, key);
	int64_t now_us = now_ms * 1000;
	int64_t from_us = slot->full_at_us > now_us ? slot->full_at_us : now_us;

	if (from_us + r->call_us - now_us > r->ahead_us)
		return false;
	slot->full_at_us = from_us + r->call_us;
	return true;
}
