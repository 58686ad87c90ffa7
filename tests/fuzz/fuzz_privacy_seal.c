/*
 * Any bytes in place of a sealed field or a wrapped key, and any change to a
 * good one: nothing opens but what was sealed for that place, byte for byte.
 * The first byte says what is tried.
 */
#include "privacy/privacy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { PLAIN_MOST = 64 };

struct room {
	struct keys *keys;
	struct data_key key;
	struct wrapped_key wrapped;
};

static const struct room *
room(void)
{
	static struct room r;

	if (r.keys == NULL) {
		CHECK(privacy_init() == W_OK);
		r.keys = keys_random();
		data_key_new(r.keys, 7, &r.key, &r.wrapped);
	}
	return &r;
}

static const struct seal_place place = {"person", "name", 7, 7};

/* The good value with the input laid over it, bit by bit. */
static bool
change(uint8_t *bytes, size_t n, struct str by)
{
	bool changed = false;

	for (size_t i = 0; i < n && i < by.n; i++) {
		bytes[i] ^= (uint8_t)by.p[i];
		changed |= by.p[i] != 0;
	}
	return changed;
}

static void
try_field(const struct room *r, struct str by, struct arena *a)
{
	struct str plain = {by.p, by.n < PLAIN_MOST ? by.n : PLAIN_MOST}, got;
	struct sealed good = seal(&r->key, &place, plain, a);
	struct seal_place other = place;

	CHECK(seal_open(&r->key, &place, good, a, &got) == W_OK && str_eq(got, plain));
	other.row += 1 + (int64_t)by.n;
	CHECK(seal_open(&r->key, &other, good, a, &got) == W_ESEAL);
	uint8_t *bytes = arena_memdup(a, good.p, good.n);
	if (change(bytes, good.n, by))
		CHECK(seal_open(&r->key, &place, (struct sealed){bytes, good.n}, a, &got) ==
		      W_ESEAL);
	CHECK(seal_open(&r->key, &place, (struct sealed){(const uint8_t *)by.p, by.n}, a, &got) ==
	      W_ESEAL);
}

static void
try_key(const struct room *r, struct str by)
{
	static const struct data_key zero;
	struct wrapped_key wrapped = r->wrapped;
	struct data_key key;
	bool changed = change(wrapped.bytes, sizeof(wrapped.bytes), by);
	int rc = data_key_unwrap(r->keys, 7, &wrapped, &key);

	CHECK(rc == (changed ? W_ESEAL : W_OK));
	CHECK(memcmp(&key, changed ? &zero : &r->key, sizeof(key)) == 0);
	CHECK(data_key_unwrap(r->keys, 8, &r->wrapped, &key) == W_ESEAL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *a;
	struct str by = str_after((struct str){(const char *)data, n}, 1);

	if (a == NULL)
		a = arena_new(1 << 14);
	arena_reset(a);
	if (n > 0 && data[0] % 2)
		try_key(room(), by);
	else
		try_field(room(), by, a);
	CHECK(pin_trivial(by) || by.n == 4);
	return 0;
}
