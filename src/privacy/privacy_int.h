/*
 * Inside privacy/: the three keys, and little-endian numbers for what is hashed
 * or authenticated.
 */
#ifndef WASL_PRIVACY_PRIVACY_INT_H
#define WASL_PRIVACY_PRIVACY_INT_H

#include "privacy/privacy.h"

enum key_kind { KEY_MASTER, KEY_INDEX, KEY_AUDIT, KEY_KINDS };

/* Whole in one sodium_malloc block: guard pages round it, read-only once filled. */
struct keys {
	uint8_t bytes[KEY_KINDS][KEY_BYTES];
};

/* Writable, zeroed; keys_lock makes it read-only. Aborts when there is no memory. */
struct keys *keys_new(void);
void keys_lock(struct keys *k);

/* The nonces drawn ahead for this thread. */
void nonces_forget(void);

void put_le64(uint8_t *to, int64_t value);
void put_le32(uint8_t *to, uint32_t value);

#endif
