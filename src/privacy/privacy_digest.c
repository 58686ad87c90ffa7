#include "privacy/privacy.h"

#include "privacy/privacy_int.h"

#include "base/buf.h"

#include <sodium.h>

/* BLAKE2b takes 16 bytes of personalisation (RFC 7693 calls it so): one per purpose. */
enum { PERSONAL_BYTES = 16 };
_Static_assert(PERSONAL_BYTES == crypto_generichash_blake2b_PERSONALBYTES, "personalisation");

typedef uint8_t personal_bytes[PERSONAL_BYTES];

static const personal_bytes purposes[] = {
	[DIGEST_PHONE] = "wasl phone", [DIGEST_SESSION] = "wasl session",
	[DIGEST_PATH] = "wasl path",   [DIGEST_CODE] = "wasl code",
	[DIGEST_GUARD] = "wasl guard", [DIGEST_TAG] = "wasl tag",
	[DIGEST_MENU] = "wasl menu",
};
static const personal_bytes audit_chain = "wasl audit";

struct digest
digest_of(const struct keys *k, enum digest_for purpose, struct str bytes)
{
	struct digest d;

	CHECK((size_t)purpose < ARRAY_LEN(purposes));
	crypto_generichash_blake2b_salt_personal(d.bytes, sizeof(d.bytes), (const uint8_t *)bytes.p,
						 bytes.n, k->bytes[KEY_INDEX], KEY_BYTES, NULL,
						 purposes[purpose]);
	return d;
}

struct digest
digest_phone(const struct keys *k, enum digest_for purpose, const struct phone *p)
{
	char memory[32];
	struct buf number;

	buf_init(&number, memory, sizeof(memory));
	phone_reveal(p, PHONE_PLUS, &number);
	struct digest d = digest_of(k, purpose, buf_str(&number));
	sodium_memzero(memory, sizeof(memory));
	return d;
}

bool
digest_eq(const struct digest *a, const struct digest *b)
{
	return sodium_memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

/* The previous hash has a fixed length, so previous and record cannot be told apart wrongly. */
struct chain
chain_next(const struct keys *k, const struct chain *previous, struct str record)
{
	crypto_generichash_blake2b_state state;
	struct chain next;

	crypto_generichash_blake2b_init_salt_personal(&state, k->bytes[KEY_AUDIT], KEY_BYTES,
						      sizeof(next.bytes), NULL, audit_chain);
	crypto_generichash_blake2b_update(&state, previous->bytes, sizeof(previous->bytes));
	crypto_generichash_blake2b_update(&state, (const uint8_t *)record.p, record.n);
	crypto_generichash_blake2b_final(&state, next.bytes, sizeof(next.bytes));
	sodium_memzero(&state, sizeof(state));
	return next;
}

struct chain
chain_first(void)
{
	return (struct chain){{0}};
}
