#include "privacy/privacy.h"

#include "privacy/privacy_int.h"

#include <pthread.h>
#include <sodium.h>

static void
watch_forks(void)
{
	CHECK(pthread_atfork(NULL, NULL, nonces_forget) == 0);
}

int
privacy_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, watch_forks);
	return sodium_init() < 0 ? W_EIO : 0;
}

struct keys *
keys_new(void)
{
	/* Guard pages round it, canary before it, out of core dumps, locked where the limits allow.
	 */
	struct keys *k = sodium_malloc(sizeof(*k));

	CHECK(k != NULL);
	sodium_memzero(k, sizeof(*k));
	return k;
}

void
keys_lock(struct keys *k)
{
	CHECK(sodium_mprotect_readonly(k) == 0);
}

struct keys *
keys_random(void)
{
	struct keys *k = keys_new();

	randombytes_buf(k->bytes, sizeof(k->bytes));
	keys_lock(k);
	return k;
}

/* sodium_free wipes before it unmaps. */
void
keys_free(struct keys *k)
{
	sodium_free(k);
}

void
put_le64(uint8_t *to, int64_t value)
{
	for (size_t i = 0; i < 8; i++)
		to[i] = (uint8_t)((uint64_t)value >> (8 * i));
}

void
put_le32(uint8_t *to, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

bool
equal_constant_time(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0);
}

struct code_text
code_new(void)
{
	struct code_text code;

	snprintf(code.digits, sizeof(code.digits), "%06u",
		 (unsigned)(randombytes_uniform(1000000) % 1000000));
	return code;
}

void
wipe(void *p, size_t n)
{
	if (n > 0)
		sodium_memzero(p, n);
}
