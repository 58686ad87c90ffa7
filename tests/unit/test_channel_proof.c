#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_channel_world.h"

/* One section behind one proof item each. */
#define DIALECT(items)                                            \
	"wasl: 1\ndialect: x\nsecrets: {key: {optional: true}}\n" \
	"sms: {on: POST /s, msisdn: form.m, text: form.t}\nproof:\n" items

static const char word[] =
	DIALECT("  - {at: header.Authorization, is: \"Bearer {secret.key?}\"}\n");
static const char basic[] = DIALECT("  - {basic: \"gate:{secret.key?}\"}\n");
static const char hmac[] =
	DIALECT("  - {hmac: sha256, at: header.X-Sig, prefix: \"v1=\", over: "
		"\"{header.X-Time}.{body}\", key: \"{secret.key?}\", time: header.X-Time}\n");

/* Status of a call with up to two headers; 1 when it is let in. */
static int
call(const char *dialect, struct channel_secret secret, struct wire_header one,
     struct wire_header two)
{
	struct wire_header headers[] = {one, two};
	struct channel_account account = world_account();
	struct channel_event *ev;
	struct world w;

	account.n_settings = 0;
	account.secrets = &secret;
	account.n_secrets = secret.name != NULL;
	assert_true(world_channel(&w, dialect, &account));
	struct wire_request req = {.method = WIRE_POST,
				   .headers = headers,
				   .n_headers = 2,
				   .body = STR_LIT("m=212612345678&t=1")};
	int rc = world_parse(&w, req, "/s", &ev);

	world_done(&w);
	return rc;
}

static const struct channel_secret key = {"key", {STR_LIT("k1"), STR_LIT("k2")}};
static const struct wire_header nothing = {STR_LIT("X-None"), STR_LIT("-")};

static void
channel_proof__a_shared_word_must_be_one_of_the_live_ones(void **state)
{
	struct wire_header h = {STR_LIT("authorization"), STR_LIT("Bearer k1")};

	(void)state;
	assert_int_equal(call(word, key, h, nothing), 1);
	h.value = STR_LIT("Bearer k2");
	assert_int_equal(call(word, key, h, nothing), 1);
	h.value = STR_LIT("Bearer k3");
	assert_int_equal(call(word, key, h, nothing), -403);
	h.value = STR_LIT("Bearer k1 ");
	assert_int_equal(call(word, key, h, nothing), 1); /* blanks about a header are no part */
	h.value = STR_LIT("Bearer ");
	assert_int_equal(call(word, key, h, nothing), -403);
	assert_int_equal(call(word, key, nothing, nothing), -403);
}

static void
channel_proof__an_item_whose_optional_secret_is_not_given_is_off(void **state)
{
	struct channel_secret none = {NULL, {STR_NONE, STR_NONE}};

	(void)state;
	assert_int_equal(call(word, none, nothing, nothing), 1);
	assert_int_equal(call(hmac, none, nothing, nothing), 1);
}

static void
channel_proof__basic_credentials_are_compared_encoded(void **state)
{
	struct wire_header h = {STR_LIT("Authorization"), STR_LIT("Basic Z2F0ZTprMQ==")};

	(void)state;
	assert_int_equal(call(basic, key, h, nothing), 1);
	h.value = STR_LIT("Basic Z2F0ZTprMw==");
	assert_int_equal(call(basic, key, h, nothing), -403);
}

static void
channel_proof__a_signature_covers_time_and_body(void **state)
{
	/* printf '1795000000.m=212612345678&t=1' | openssl dgst -sha256 -hmac k1 */
	struct wire_header time = {STR_LIT("X-Time"), STR_LIT("1795000000")};
	struct wire_header sig = {
		STR_LIT("X-Sig"),
		STR_LIT("v1=4496e595e938857b1d22948f96bdc6244a300342426386aaa44a221912d568c5")};

	(void)state;
	assert_int_equal(call(hmac, key, time, sig), 1);
	sig.value = STR_LIT("v1=4496E595E938857B1D22948F96BDC6244A300342426386AAA44A221912D568C5");
	assert_int_equal(call(hmac, key, time, sig), 1);
	sig.value = STR_LIT("4496e595e938857b1d22948f96bdc6244a300342426386aaa44a221912d568c5");
	assert_int_equal(call(hmac, key, time, sig), -403);
	assert_int_equal(call(hmac, key, time, nothing), -403);
	time.value = STR_LIT("1794999000"); /* too old, and another message */
	sig.value = STR_LIT("v1=964cf55c4992174d63f555a78786388ef3e5ea39b4b5402babf099eb11cde744");
	assert_int_equal(call(hmac, key, time, sig), -403);
	time.value = STR_LIT("1794999800"); /* 200 s old is fine */
	sig.value = STR_LIT("v1=11acd50cc2af9c43828c6b710952d126608bb456b1e15322aefb453c721d0ef4");
	assert_int_equal(call(hmac, key, time, sig), 1);
}

/* "m=212612345678&t=1" signed as sent; the same values written otherwise are other bytes. */
static void
channel_proof__a_signature_over_the_body_does_not_cover_it_encoded_anew(void **state)
{
	static const char over_body[] =
		DIALECT("  - {hmac: sha1, as: base64, at: header.X-Sig, over: \"{body}\", key: "
			"\"{secret.key?}\"}\n");
	static const struct {
		const char *body, *sig;
		int result;
	} rows[] = {
		{"m=212612345678&t=1", "ojKPBowdh7gewNA8rLIG180s94M=", 1},
		{"m=212612345678&t=%31", "ojKPBowdh7gewNA8rLIG180s94M=", -403},
		{"t=1&m=212612345678", "ojKPBowdh7gewNA8rLIG180s94M=", -403},
		{"m=212612345678&t=1&", "ojKPBowdh7gewNA8rLIG180s94M=", -403},
		{"m=212612345678&t=1", "ojKPBowdh7gewNA8rLIG180s94M",
		 -403}, /* without its padding */
		{"m=212612345678&t=1", "a2328f068c1d87b81ec0d03cacb206d7cd2cf783", -403},
	};
	struct channel_account account = world_account();

	(void)state;
	account.n_settings = 0;
	account.secrets = &key;
	account.n_secrets = 1;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct wire_header h = {STR_LIT("X-Sig"), str_of(rows[i].sig)};
		struct wire_request req = {.method = WIRE_POST,
					   .headers = &h,
					   .n_headers = 1,
					   .body = str_of(rows[i].body)};
		struct channel_event *ev;
		struct world w;

		assert_true(world_channel(&w, over_body, &account));
		assert_int_equal(world_parse(&w, req, "/s", &ev), rows[i].result);
		world_done(&w);
	}
}

static void
channel_proof__every_cause_is_refused_with_the_same_bytes(void **state)
{
	static const struct wire_header wrong[] = {
		{{"X-None", 6}, {"-", 1}},    {{"X-Sig", 5}, {"", 0}},
		{{"X-Sig", 5}, {"v1=00", 5}}, {{"X-Sig", 5}, {"\xff", 1}},
		{{"X-Time", 6}, {"1", 1}},
	};
	struct channel_account account = world_account();
	struct world w;

	(void)state;
	account.n_settings = 0;
	account.secrets = &key;
	account.n_secrets = 1;
	assert_true(world_channel(&w, hmac, &account));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct wire_header h = wrong[i];
		struct wire_request req = {.method = WIRE_POST, .headers = &h, .n_headers = 1};
		struct wire_answer refusal = {
			.status = 1, .type = STR_LIT("x"), .body = STR_LIT("x")};
		struct channel_event *ev;
		size_t n;

		assert_int_equal(channel_parse(w.channel, &req, STR_LIT("/s"), 1795000000, w.arena,
					       &ev, &n, &refusal),
				 W_EDENIED);
		assert_int_equal(refusal.status, 403);
		assert_int_equal(refusal.type.n + refusal.body.n + refusal.n_headers, 0);
	}
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_proof__a_shared_word_must_be_one_of_the_live_ones),
		cmocka_unit_test(channel_proof__an_item_whose_optional_secret_is_not_given_is_off),
		cmocka_unit_test(channel_proof__basic_credentials_are_compared_encoded),
		cmocka_unit_test(channel_proof__a_signature_covers_time_and_body),
		cmocka_unit_test(
			channel_proof__a_signature_over_the_body_does_not_cover_it_encoded_anew),
		cmocka_unit_test(channel_proof__every_cause_is_refused_with_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
