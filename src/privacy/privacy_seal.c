#include "privacy/privacy.h"

#include "privacy/privacy_int.h"

#include <sodium.h>

enum { NONCE_BYTES = 24, TAG_BYTES = 16, NAME_MAX_BYTES = 63 };
_Static_assert(NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
_Static_assert(TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag");
_Static_assert(KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
_Static_assert(SEAL_OVERHEAD == 1 + NONCE_BYTES + TAG_BYTES, "overhead");

/* First byte of every sealed value: this layout, first generation of data keys. Authenticated. */
enum { SEAL_GENERATION = 1 };

/* What is authenticated beside the text: generation, lengths and names, row, key id. */
struct place_bytes {
	uint8_t bytes[1 + 2 * (4 + NAME_MAX_BYTES) + 8 + 8];
	size_t n;
};

/* Lengths go first, so that "ab" and "c" never reads like "a" and "bc". */
static void
add_name(struct place_bytes *to, const char *name)
{
	size_t n = strlen(name);

	CHECK(n <= NAME_MAX_BYTES);
	put_le32(to->bytes + to->n, (uint32_t)n);
	memcpy(to->bytes + to->n + 4, name, n);
	to->n += 4 + n;
}

static void
add_number(struct place_bytes *to, int64_t number)
{
	put_le64(to->bytes + to->n, number);
	to->n += 8;
}

static struct place_bytes
place_encode(const struct seal_place *place)
{
	struct place_bytes out = {.bytes = {SEAL_GENERATION}, .n = 1};

	add_name(&out, place->table);
	add_name(&out, place->column);
	add_number(&out, place->row);
	add_number(&out, place->key_id);
	return out;
}

/*
 * Nonces come from the kernel by the page, each thread's own, and each is wiped
 * as it leaves, so that none is there a second time. A child made by fork
 * forgets those of its parent.
 */
static _Thread_local struct {
	uint8_t drawn[4096 / NONCE_BYTES][NONCE_BYTES];
	size_t left;
} nonces;

void
nonces_forget(void)
{
	sodium_memzero(&nonces, sizeof(nonces));
}

static void
nonce_new(uint8_t nonce[NONCE_BYTES])
{
	if (nonces.left == 0) {
		randombytes_buf(nonces.drawn, sizeof(nonces.drawn));
		nonces.left = sizeof(nonces.drawn) / sizeof(nonces.drawn[0]);
	}
	uint8_t *next = nonces.drawn[--nonces.left];
	memcpy(nonce, next, NONCE_BYTES);
	sodium_memzero(next, NONCE_BYTES);
}

/* out holds n + SEAL_OVERHEAD bytes: generation, nonce, ciphertext, tag. */
static void
seal_into(const uint8_t *key, const struct seal_place *place, const void *plain, size_t n,
	  uint8_t *out)
{
	struct place_bytes with = place_encode(place);
	uint8_t *nonce = out + 1;

	out[0] = SEAL_GENERATION;
	nonce_new(nonce);
	crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_BYTES, NULL, plain, n, with.bytes,
						   with.n, NULL, nonce, key);
}

/* out holds n - SEAL_OVERHEAD bytes. */
static int
open_into(const uint8_t *key, const struct seal_place *place, const uint8_t *value, size_t n,
	  uint8_t *out)
{
	struct place_bytes with = place_encode(place);

	CHECK(n >= SEAL_OVERHEAD);
	if (value[0] != SEAL_GENERATION)
		return W_ESEAL;
	const uint8_t *nonce = value + 1;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, nonce + NONCE_BYTES,
						       n - 1 - NONCE_BYTES, with.bytes, with.n,
						       nonce, key) != 0)
		return W_ESEAL;
	return 0;
}

struct sealed
seal(const struct data_key *key, const struct seal_place *place, struct str plain, struct arena *a)
{
	CHECK(plain.n <= SEAL_PLAIN_MAX);
	size_t n = plain.n + SEAL_OVERHEAD;
	uint8_t *bytes = arena_alloc(a, n);

	seal_into(key->bytes, place, plain.p, plain.n, bytes);
	return (struct sealed){bytes, n};
}

int
seal_open(const struct data_key *key, const struct seal_place *place, struct sealed value,
	  struct arena *a, struct str *plain)
{
	if (value.n < SEAL_OVERHEAD || value.n > SEAL_PLAIN_MAX + SEAL_OVERHEAD)
		return W_ESEAL;
	size_t n = value.n - SEAL_OVERHEAD;
	uint8_t *bytes = arena_alloc(a, n);
	int rc = open_into(key->bytes, place, value.p, value.n, bytes);

	if (rc == 0)
		*plain = (struct str){(const char *)bytes, n};
	return rc;
}

/* Data keys are sealed values too: under the master key, at a place no table has. */
static struct seal_place
key_place(int64_t key_id)
{
	return (struct seal_place){
		.table = "data key", .column = "wrapped", .row = key_id, .key_id = key_id};
}

void
data_key_wrap(const struct keys *k, int64_t key_id, const struct data_key *key,
	      struct wrapped_key *out)
{
	struct seal_place place = key_place(key_id);

	seal_into(k->bytes[KEY_MASTER], &place, key->bytes, KEY_BYTES, out->bytes);
}

void
data_key_new(const struct keys *k, int64_t key_id, struct data_key *out,
	     struct wrapped_key *wrapped)
{
	randombytes_buf(out->bytes, sizeof(out->bytes));
	data_key_wrap(k, key_id, out, wrapped);
}

int
data_key_unwrap(const struct keys *k, int64_t key_id, const struct wrapped_key *wrapped,
		struct data_key *out)
{
	struct seal_place place = key_place(key_id);

	*out = (struct data_key){{0}};
	return open_into(k->bytes[KEY_MASTER], &place, wrapped->bytes, sizeof(wrapped->bytes),
			 out->bytes);
}

void
data_key_wipe(struct data_key *key)
{
	sodium_memzero(key, sizeof(*key));
}
