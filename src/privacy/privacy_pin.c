#include "privacy/privacy.h"

#include "privacy/privacy_int.h"

#include <sodium.h>

/* One pass over 8 MiB: some ten ms on a small server, and only behind the keyed pre-hash. */
enum { PIN_PASSES = 1, PIN_MEMORY = 8 << 20 };
/* How libsodium begins a verifier of that cost. */
static const char pin_cost[] = "$argon2id$v=19$m=8192,t=1,p=1$";
_Static_assert(PIN_VERIFIER_BYTES >= crypto_pwhash_argon2id_STRBYTES, "verifier");

enum { PIN_DIGITS = 4, PRE_HASH_BYTES = 32 };

static bool
is_pin(struct str s)
{
	if (s.n != PIN_DIGITS)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* Each digit so much after the one before, 0 following 9: step 0 is four equal ones. */
static bool
has_step(struct str s, int step)
{
	for (size_t i = 1; i < s.n; i++)
		if ((s.p[i] - s.p[i - 1] + 10) % 10 != step)
			return false;
	return true;
}

static bool
is_pair_twice(struct str s)
{
	return s.p[0] == s.p[2] && s.p[1] == s.p[3];
}

static bool
is_year(struct str s)
{
	return str_starts(s, STR_LIT("19")) || str_starts(s, STR_LIT("20"));
}

static bool
is_keypad_column(struct str s)
{
	return str_is(s, "2580") || str_is(s, "0852");
}

bool
pin_trivial(struct str four_digits)
{
	return !is_pin(four_digits) || has_step(four_digits, 0) || has_step(four_digits, 1) ||
	       has_step(four_digits, 9) || is_pair_twice(four_digits) || is_year(four_digits) ||
	       is_keypad_column(four_digits);
}

/* Without the index key a verifier cannot be tried against the 10,000 PINs there are. */
static void
pre_hash(const struct keys *k, int64_t person, struct str pin, uint8_t *out)
{
	static const uint8_t purpose[crypto_generichash_blake2b_PERSONALBYTES] = "wasl pin";
	crypto_generichash_blake2b_state state;
	uint8_t id[8];

	put_le64(id, person);
	crypto_generichash_blake2b_init_salt_personal(&state, k->bytes[KEY_INDEX], KEY_BYTES,
						      PRE_HASH_BYTES, NULL, purpose);
	crypto_generichash_blake2b_update(&state, id, sizeof(id));
	crypto_generichash_blake2b_update(&state, (const uint8_t *)pin.p, pin.n);
	crypto_generichash_blake2b_final(&state, out, PRE_HASH_BYTES);
	sodium_memzero(&state, sizeof(state));
}

void
pin_make(const struct keys *k, int64_t person, struct str pin, struct pin_verifier *out)
{
	uint8_t hash[PRE_HASH_BYTES];

	*out = (struct pin_verifier){{0}};
	pre_hash(k, person, pin, hash);
	/* Fails only without memory, and there we abort as every allocator does. */
	CHECK(crypto_pwhash_argon2id_str(out->text, (const char *)hash, sizeof(hash), PIN_PASSES,
					 PIN_MEMORY) == 0);
	sodium_memzero(hash, sizeof(hash));
}

/* The cost is compared first: a verifier from elsewhere could ask for any amount of memory. */
bool
pin_check(const struct keys *k, int64_t person, struct str pin, const struct pin_verifier *v)
{
	uint8_t hash[PRE_HASH_BYTES];

	if (memchr(v->text, '\0', sizeof(v->text)) == NULL ||
	    strncmp(v->text, pin_cost, sizeof(pin_cost) - 1) != 0)
		return false;
	pre_hash(k, person, pin, hash);
	bool right =
		crypto_pwhash_argon2id_str_verify(v->text, (const char *)hash, sizeof(hash)) == 0;
	sodium_memzero(hash, sizeof(hash));
	return right;
}
