/*
 * Secrets at rest, pure over libsodium: sealed fields (XChaCha20-Poly1305),
 * wrapped keys, the blind index of numbers (keyed BLAKE2b-128), keyed hashes,
 * PINs (Argon2id over a keyed pre-hash), constant-time comparison.
 *
 * Keys live in memory that libsodium locks where it may and that core dumps
 * leave out. Nothing here does I/O but keys_create and keys_load. Call
 * privacy_init once before anything else. Any thread, except that pin_* are
 * slow on purpose (tens of ms) and belong on the PIN thread.
 */
#ifndef WASL_PRIVACY_PRIVACY_H
#define WASL_PRIVACY_PRIVACY_H

#include "base/err.h"
#include "text/text.h"

/* W_EIO when libsodium finds no random source. May be called again. */
MUSTUSE int privacy_init(void);

/* ---- The three key files: master (wraps person and day keys), index, audit ---- */

struct keys; /* owner: daemon; wiped by keys_free */

enum { KEY_BYTES = 32 };
/*
 * Writes DIR/master.key, index.key, audit.key (32 random bytes as 64 hex digits
 * and a line end, mode 0400) into an existing folder and syncs them. All or
 * none, never over existing files: W_EEXIST. Faults name the file.
 */
MUSTUSE int keys_create(const char *dir, struct err *err);
/*
 * Reads them from dir (a systemd credentials folder or keys: of wasl.yaml). All
 * faults are reported, each naming its file, never its content. A file must
 * belong to us or root, and only we may read it, be it by mode or by an access
 * list that names us alone (systemd gives credentials that way). W_ENOENT: a
 * file or the folder is missing; W_EDENIED: others could read it, or we cannot;
 * W_EINVAL: not a key file, or two files hold one key; W_EIO: reading failed.
 */
MUSTUSE int keys_load(const char *dir, struct keys **out, struct err *err);
/* Random keys for tests. */
struct keys *keys_random(void);
void keys_free(struct keys *k);

/* ---- Sealed fields ---- */

/* Where a sealed value belongs: it opens nowhere else. key_id is a person's id, or minus a day
 * number. Names of tables and columns are at most 63 bytes. */
struct seal_place {
	const char *table, *column;
	int64_t row;
	int64_t key_id;
};

/* What a database column takes: nonce, ciphertext and tag. Bytes live where the sealer put them. */
struct sealed {
	const uint8_t *p;
	size_t n;
};
enum { SEAL_OVERHEAD = 1 + 24 + 16 }; /* version byte, nonce, tag */
enum { SEAL_PLAIN_MAX = 1 << 20 };    /* longest plaintext; texts are bounded far below */

/* A person's or a day's own key, unwrapped. */
struct data_key {
	uint8_t bytes[KEY_BYTES];
};
enum { WRAPPED_KEY_BYTES = SEAL_OVERHEAD + KEY_BYTES };
struct wrapped_key {
	uint8_t bytes[WRAPPED_KEY_BYTES];
};
void data_key_new(const struct keys *k, int64_t key_id, struct data_key *out,
		  struct wrapped_key *wrapped);
/* Wraps a key that is there already, under another master key: rotation. */
void data_key_wrap(const struct keys *k, int64_t key_id, const struct data_key *key,
		   struct wrapped_key *out);
/* W_ESEAL when it was wrapped for another id or by another master key; out is all zero then. */
MUSTUSE int data_key_unwrap(const struct keys *k, int64_t key_id, const struct wrapped_key *wrapped,
			    struct data_key *out);
void data_key_wipe(struct data_key *key);

struct sealed seal(const struct data_key *key, const struct seal_place *place, struct str plain,
		   struct arena *a);
/* W_ESEAL for anything but exactly what was sealed for this place. */
MUSTUSE int seal_open(const struct data_key *key, const struct seal_place *place,
		      struct sealed value, struct arena *a, struct str *plain);

/* ---- Keyed hashes ---- */

struct digest {
	uint8_t bytes[16];
};
bool digest_eq(const struct digest *a, const struct digest *b); /* constant time */

/* What a keyed hash is for; a value hashed for one purpose never equals it for another. */
enum digest_for {
	DIGEST_PHONE,   /* blind index: number -> persons */
	DIGEST_SESSION, /* channel, number, session id */
	DIGEST_PATH,    /* a consumed cumulative path */
	DIGEST_CODE,    /* enrolment codes */
	DIGEST_GUARD,   /* failed codes and PINs of a number */
	DIGEST_TAG,     /* person_tag in logs */
	DIGEST_MENU,
};
struct digest digest_of(const struct keys *k, enum digest_for purpose, struct str bytes);
struct digest digest_phone(const struct keys *k, enum digest_for purpose, const struct phone *p);

/* 32-byte chain hash of the audit: H(audit key, previous ‖ record). */
struct chain {
	uint8_t bytes[32];
};
struct chain chain_next(const struct keys *k, const struct chain *previous, struct str record);
struct chain chain_first(void); /* all zero */

/* ---- PIN: 4 digits ---- */

/*
 * Four equal digits (7777); runs up or down, going round from 9 to 0 (1234,
 * 8901, 4321); a pair twice (1212); years 1900 to 2099; the middle column of the
 * keypad (2580, 0852). What is not four ASCII digits is trivial as well.
 */
bool pin_trivial(struct str four_digits);
enum { PIN_VERIFIER_BYTES = 128 };
struct pin_verifier {
	char text[PIN_VERIFIER_BYTES]; /* Argon2id string (1 pass, 8 MiB); sealed before it is
					  stored */
};
/* Slow. person and a random salt make equal PINs of two people give different verifiers. */
void pin_make(const struct keys *k, int64_t person, struct str pin, struct pin_verifier *out);
/* Slow. False for a verifier of another cost than ours, too. */
bool pin_check(const struct keys *k, int64_t person, struct str pin, const struct pin_verifier *v);

/* ---- Small ---- */

bool equal_constant_time(struct str a, struct str b); /* length may leak */
/* Six random digits for an enrolment code, NUL-ended. */
struct code_text {
	char digits[7];
};
struct code_text code_new(void);
void wipe(void *p, size_t n);

#endif
