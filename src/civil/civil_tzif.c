#include "civil/civil.h"

#include "civil/civil_int.h"

/* RFC 8536 3.1: "TZif", version, 15 reserved bytes, six counts of 4 bytes. */
enum { HEAD_BYTES = 44, RESERVED_BYTES = 15, TYPE_BYTES = 6, LEAP_EXTRA = 4 };
/* RFC 8536 3.2: offsets should be between -25:59:59 and 26:00:00. */
enum { OFFSET_LEAST = -89999, OFFSET_MOST = 93600 };

struct head {
	uint8_t version;
	uint64_t isut, isstd, leap, time, type, chars;
};

static bool
take(struct str *rest, uint64_t n, struct str *out)
{
	if (rest->n < n)
		return false;
	*out = (struct str){rest->p, (size_t)n};
	*rest = str_after(*rest, (size_t)n);
	return true;
}

/* Big-endian number of n bytes. */
static uint64_t
number(const char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | (uint8_t)p[i];
	return v;
}

static bool
take_head(struct str *rest, struct head *h)
{
	struct str s;

	if (!take(rest, HEAD_BYTES, &s) || memcmp(s.p, "TZif", 4) != 0)
		return false;
	const char *counts = s.p + 5 + RESERVED_BYTES;
	*h = (struct head){.version = (uint8_t)s.p[4],
			   .isut = number(counts, 4),
			   .isstd = number(counts + 4, 4),
			   .leap = number(counts + 8, 4),
			   .time = number(counts + 12, 4),
			   .type = number(counts + 16, 4),
			   .chars = number(counts + 20, 4)};
	return true;
}

/* The first data block has 32-bit times; the second one says everything again. */
static bool
skip_old_block(struct str *rest, const struct head *h)
{
	struct str block;

	return take(rest,
		    h->time * 5 + h->type * TYPE_BYTES + h->chars + h->leap * (4 + LEAP_EXTRA) +
			    h->isstd + h->isut,
		    &block);
}

/* RFC 8536 3.1: what the counts must be; leap seconds make times that are not UTC seconds. */
static bool
counts_ok(const struct head *h)
{
	return h->type >= 1 && h->type <= ZONE_TYPES && h->chars >= 1 && h->leap == 0 &&
	       (h->isut == 0 || h->isut == h->type) && (h->isstd == 0 || h->isstd == h->type);
}

static bool
read_types(struct str types, struct zone *z)
{
	for (size_t i = 0; i * TYPE_BYTES < types.n; i++) {
		int32_t offset = (int32_t)(uint32_t)number(types.p + i * TYPE_BYTES, 4);

		if (offset < OFFSET_LEAST || offset > OFFSET_MOST)
			return false;
		z->offset[i] = offset;
	}
	return true;
}

static bool
read_changes(struct str times, struct str types, uint64_t n_types, struct zone *z)
{
	int64_t *at = ARENA_ARRAY(z->arena, int64_t, types.n);

	for (size_t i = 0; i < types.n; i++) {
		at[i] = (int64_t)number(times.p + i * 8, 8);
		if ((uint8_t)types.p[i] >= n_types || (i > 0 && at[i] <= at[i - 1]))
			return false;
	}
	z->at = at;
	z->type = arena_memdup(z->arena, types.p, types.n);
	z->n = types.n;
	return true;
}

/* RFC 8536 3.3: a line end, the rule or nothing, a line end. */
static bool
read_footer(struct str rest, struct zone *z)
{
	if (rest.n < 2 || rest.p[0] != '\n' || rest.p[rest.n - 1] != '\n')
		return false;
	rest = (struct str){rest.p + 1, rest.n - 2};
	z->has_rule = rest.n > 0;
	return !z->has_rule || rule_read(rest, &z->rule) == 0;
}

int
tzif_read(struct str bytes, struct zone *z)
{
	struct str times, which, types, unused;
	struct head h;

	if (bytes.n > TZIF_MAX || !take_head(&bytes, &h) || h.version < '2')
		return W_EPROTO;
	if (!skip_old_block(&bytes, &h) || !take_head(&bytes, &h) || !counts_ok(&h))
		return W_EPROTO;
	if (!take(&bytes, h.time * 8, &times) || !take(&bytes, h.time, &which) ||
	    !take(&bytes, h.type * TYPE_BYTES, &types) ||
	    !take(&bytes, h.chars + h.isstd + h.isut, &unused))
		return W_EPROTO;
	if (!read_types(types, z) || !read_changes(times, which, h.type, z) ||
	    !read_footer(bytes, z))
		return W_EPROTO;
	return 0;
}
