#include "channel/channel_int.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

/* The only home of libcrypto: MD5 and SHA-1 that some companies still ask for. */

static const EVP_MD *
hash_of(enum sign_hash h)
{
	switch (h) {
	case SIGN_MD5:
		return EVP_md5();
	case SIGN_SHA1:
		return EVP_sha1();
	case SIGN_SHA512:
		return EVP_sha512();
	default:
		return EVP_sha256();
	}
}

struct str
sign_digest(enum sign_hash h, struct str bytes, struct arena *a)
{
	unsigned char *out = arena_alloc(a, EVP_MAX_MD_SIZE);
	unsigned n = 0;

	CHECK(EVP_Digest(bytes.n ? bytes.p : "", bytes.n, out, &n, hash_of(h), NULL) == 1);
	return (struct str){(const char *)out, n};
}

struct str
sign_hmac(enum sign_hash h, struct str key, struct str bytes, struct arena *a)
{
	unsigned char *out = arena_alloc(a, EVP_MAX_MD_SIZE);
	unsigned n = 0;

	CHECK(HMAC(hash_of(h), key.n ? key.p : "", (int)key.n,
		   (const unsigned char *)(bytes.n ? bytes.p : ""), bytes.n, out, &n) != NULL);
	return (struct str){(const char *)out, n};
}
