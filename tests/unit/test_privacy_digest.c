#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "privacy/privacy_int.h"

/* Keys that are the same in every run, so that a change of the construction is seen. */
static struct keys *
counted_keys(void)
{
	struct keys *k = keys_new();

	for (size_t kind = 0; kind < KEY_KINDS; kind++)
		for (size_t i = 0; i < KEY_BYTES; i++)
			k->bytes[kind][i] = (uint8_t)(kind * KEY_BYTES + i);
	keys_lock(k);
	return k;
}

static void
privacy_digest__equal_bytes_give_equal_hashes(void **state)
{
	struct keys *k = keys_random();
	struct digest a = digest_of(k, DIGEST_CODE, STR_LIT("482913"));
	struct digest b = digest_of(k, DIGEST_CODE, STR_LIT("482913"));
	struct digest c = digest_of(k, DIGEST_CODE, STR_LIT("482914"));

	(void)state;
	assert_true(digest_eq(&a, &b));
	assert_false(digest_eq(&a, &c));
	keys_free(k);
}

static void
privacy_digest__one_bit_makes_two_digests_unequal(void **state)
{
	struct digest a = {{0}}, b = {{0}};

	(void)state;
	for (size_t bit = 0; bit < sizeof(a.bytes) * 8; bit++) {
		b.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_false(digest_eq(&a, &b));
		b.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_true(digest_eq(&a, &b));
}

static void
privacy_digest__no_two_purposes_agree(void **state)
{
	struct keys *k = keys_random();

	(void)state;
	for (int one = DIGEST_PHONE; one <= DIGEST_MENU; one++)
		for (int other = one + 1; other <= DIGEST_MENU; other++) {
			struct digest a = digest_of(k, (enum digest_for)one, STR_LIT("same"));
			struct digest b = digest_of(k, (enum digest_for)other, STR_LIT("same"));

			assert_false(digest_eq(&a, &b));
		}
	keys_free(k);
}

static void
privacy_digest__another_key_gives_another_hash(void **state)
{
	struct keys *k = keys_random(), *other = keys_random();
	struct digest a = digest_of(k, DIGEST_PHONE, STR_LIT("+212612345678"));
	struct digest b = digest_of(other, DIGEST_PHONE, STR_LIT("+212612345678"));

	(void)state;
	assert_false(digest_eq(&a, &b));
	keys_free(k);
	keys_free(other);
}

static void
privacy_digest__phones_are_hashed_in_one_form(void **state)
{
	struct keys *k = keys_random();
	struct phone typed, full;

	(void)state;
	assert_int_equal(phone_parse(STR_LIT("06 12 34 56 78"), &typed), PHONE_OK);
	assert_int_equal(phone_parse(STR_LIT("00212612345678"), &full), PHONE_OK);
	struct digest a = digest_phone(k, DIGEST_PHONE, &typed);
	struct digest b = digest_phone(k, DIGEST_PHONE, &full);
	struct digest c = digest_of(k, DIGEST_PHONE, STR_LIT("+212612345678"));
	assert_true(digest_eq(&a, &b));
	assert_true(digest_eq(&a, &c));
	keys_free(k);
}

/* From Python's hashlib: blake2b(b"+212612345678", digest_size=16, key=bytes(range(32, 64)),
 * person=b"wasl phone"). What is in databases must go on being found. */
static void
privacy_digest__is_the_published_function(void **state)
{
	static const uint8_t want[16] = {0xba, 0xe7, 0x31, 0x76, 0x27, 0x24, 0xbd, 0xfc,
					 0x05, 0x6c, 0x8c, 0x8c, 0xf4, 0xd8, 0x6f, 0xb7};
	struct keys *k = counted_keys();
	struct digest d = digest_of(k, DIGEST_PHONE, STR_LIT("+212612345678"));

	(void)state;
	assert_memory_equal(d.bytes, want, sizeof(want));
	keys_free(k);
}

/* blake2b(bytes(32) + b"first", digest_size=32, key=bytes(range(64, 96)), person=b"wasl audit") */
static void
privacy_digest__chain_is_the_published_function(void **state)
{
	static const uint8_t want[32] = {0x61, 0x20, 0xfd, 0x5c, 0xab, 0x8a, 0x02, 0xab,
					 0xcd, 0x2d, 0xb4, 0x9a, 0x6f, 0x0c, 0x28, 0x06,
					 0x62, 0xa2, 0xde, 0x09, 0x14, 0x3e, 0xc4, 0x4c,
					 0xc1, 0x75, 0xd5, 0x99, 0xbb, 0xbf, 0xea, 0x86};
	struct keys *k = counted_keys();
	struct chain first = chain_first();
	struct chain next = chain_next(k, &first, STR_LIT("first"));

	(void)state;
	assert_memory_equal(next.bytes, want, sizeof(want));
	keys_free(k);
}

enum { RECORDS = 5 };

/* The head after all records. */
static struct chain
chain_of(const struct keys *k, const struct str *records, size_t n)
{
	struct chain c = chain_first();

	for (size_t i = 0; i < n; i++)
		c = chain_next(k, &c, records[i]);
	return c;
}

static void
privacy_digest__chain_detects_every_edit(void **state)
{
	const struct str records[RECORDS] = {STR_LIT("one"), STR_LIT("two"), STR_LIT("three"),
					     STR_LIT("four"), STR_LIT("five")};
	struct keys *k = keys_random(), *other = keys_random();
	struct chain head = chain_of(k, records, RECORDS), edited;
	struct str copy[RECORDS];

	(void)state;
	edited = chain_of(k, records, RECORDS);
	assert_memory_equal(&edited, &head, sizeof(head));
	for (size_t i = 0; i < RECORDS; i++) {
		memcpy(copy, records, sizeof(copy));
		copy[i] = STR_LIT("edited");
		edited = chain_of(k, copy, RECORDS);
		assert_memory_not_equal(&edited, &head, sizeof(head));
		/* left out */
		memcpy(copy, records, sizeof(copy));
		memmove(copy + i, copy + i + 1, (RECORDS - 1 - i) * sizeof(*copy));
		edited = chain_of(k, copy, RECORDS - 1);
		assert_memory_not_equal(&edited, &head, sizeof(head));
	}
	memcpy(copy, records, sizeof(copy));
	copy[1] = records[2];
	copy[2] = records[1];
	edited = chain_of(k, copy, RECORDS);
	assert_memory_not_equal(&edited, &head, sizeof(head));
	edited = chain_of(other, records, RECORDS);
	assert_memory_not_equal(&edited, &head, sizeof(head));
	keys_free(k);
	keys_free(other);
}

static int
start(void **state)
{
	(void)state;
	return privacy_init();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(privacy_digest__equal_bytes_give_equal_hashes),
		cmocka_unit_test(privacy_digest__one_bit_makes_two_digests_unequal),
		cmocka_unit_test(privacy_digest__no_two_purposes_agree),
		cmocka_unit_test(privacy_digest__another_key_gives_another_hash),
		cmocka_unit_test(privacy_digest__phones_are_hashed_in_one_form),
		cmocka_unit_test(privacy_digest__is_the_published_function),
		cmocka_unit_test(privacy_digest__chain_is_the_published_function),
		cmocka_unit_test(privacy_digest__chain_detects_every_edit),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
