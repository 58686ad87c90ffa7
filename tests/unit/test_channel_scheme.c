#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "channel/channel_int.h"
#include "helper/table.h"
#include "test_channel_world.h"

/*
 * Signatures over sorted parameters, against the publishers' own vectors, and
 * against ten thousand that are nearly right.
 */

static const char twilio[] =
	"wasl: 1\ndialect: x\nsecrets: {key: {}}\n"
	"sms: {on: [GET /s, POST /s], msisdn: any.From, text: any.Body, need: []}\n"
	"proof: [{scheme: twilio, key: \"{secret.key}\"}]\n";
static const char vonage[] =
	"wasl: 1\ndialect: x\nsettings: {algorithm: {optional: true}}\n"
	"secrets: {key: {optional: true}}\n"
	"sms: {on: [GET /s, POST /s], msisdn: any.msisdn, text: any.text, need: []}\n"
	"proof: [{scheme: vonage, key: \"{secret.key?}\", algorithm: \"{channel.algorithm?}\"}]\n";

struct sheet_of { /* one channel, one call */
	struct world w;
	struct channel_setting setting;
	struct channel_secret secret;
	struct wire_header headers[2];
	struct wire_request req;
	int64_t now;
};

static bool
open_call(struct sheet_of *c, const char *dialect, struct str key, struct str url,
	  struct str algorithm)
{
	struct channel_account account = world_account();

	*c = (struct sheet_of){.setting = {"algorithm", algorithm},
			       .secret = {"key", {key, STR_NONE}},
			       .now = 1795000000};
	account.public_url = url;
	account.settings = &c->setting;
	account.n_settings = algorithm.p != NULL;
	account.secrets = &c->secret;
	account.n_secrets = key.p != NULL;
	bool ok = world_channel(&c->w, dialect, &account);
	c->req = (struct wire_request){
		.method = WIRE_POST, .path = STR_LIT("/s"), .headers = c->headers, .n_headers = 2};
	c->headers[0] = (struct wire_header){STR_LIT("Content-Type"),
					     STR_LIT("application/x-www-form-urlencoded")};
	c->headers[1] = (struct wire_header){STR_LIT("X-None"), STR_LIT("-")};
	return ok;
}

/* 200, or the status of the refusal. */
static int
status_of(struct sheet_of *c)
{
	struct wire_answer refusal = {0};
	struct channel_event *ev;
	size_t n;
	struct arena *a = arena_new(0);
	int rc = channel_parse(c->w.channel, &c->req, STR_LIT("/s"), c->now, a, &ev, &n, &refusal);

	if (rc == W_EDENIED) { /* the same bytes whatever the cause */
		assert_int_equal(refusal.status, 403);
		assert_int_equal(refusal.body.n + refusal.type.n + refusal.n_headers, 0);
	}
	arena_free(a);
	return rc == 0 ? 200 : refusal.status;
}

/* "https://host:1/path?query" in three. */
static struct str
split_url(struct str url, struct str *path, struct str *query)
{
	struct str rest = url, whole = str_cut(&rest, '?');
	struct str host = str_after(whole, sizeof("https://") - 1);
	ptrdiff_t slash = str_find(host, '/');

	*query = rest;
	*path = slash < 0 ? STR_NONE : str_after(host, (size_t)slash);
	return (struct str){whole.p, whole.n - path->n};
}

static void
open_twilio(struct sheet_of *c, struct str token, struct str url, struct str params,
	    struct str signature)
{
	struct str path, query, host = split_url(url, &path, &query);

	assert_true(open_call(c, twilio, token, host, STR_NONE));
	c->req.path = path;
	c->req.query = query;
	c->req.body = params;
	c->headers[1] = (struct wire_header){STR_LIT("x-twilio-signature"), signature};
}

static void
channel_scheme__twilio_vectors(void **state)
{
	struct table *t = table_open("aggregators/twilio/vectors.tsv");

	(void)state;
	for (size_t i = 0; i < table_rows(t); i++) {
		struct str params = table_raw(t, i, "params"), sig = table_raw(t, i, "signature");
		struct sheet_of c;

		open_twilio(&c, table_raw(t, i, "token"), table_raw(t, i, "url"),
			    str_is(params, "-") ? STR_LIT("") : params,
			    str_is(sig, "-") ? STR_LIT("") : sig);
		if (c.req.body.n == 0)
			c.req.method = WIRE_GET;
		if ((status_of(&c) != 403) != table_is(t, i, "valid", "yes"))
			table_miss(t, i, "got %d", status_of(&c));
		world_done(&c.w);
	}
	table_finish(t);
}

static void
open_vonage(struct sheet_of *c, struct str secret, struct str algorithm, struct str params,
	    struct str sig)
{
	assert_true(open_call(c, vonage, secret, STR_LIT("https://wasl.example"), algorithm));
	struct str rest = params, name, value;
	while (codec_param(&rest, &name, &value))
		if (str_is(name, "timestamp"))
			(void)str_to_int(value, &c->now);
	c->req.method = WIRE_GET;
	c->req.query =
		str_of(arena_printf(c->w.arena, "%.*s&sig=%.*s", STR_ARG(params), STR_ARG(sig)));
}

static void
channel_scheme__vonage_vectors(void **state)
{
	struct table *t = table_open("aggregators/vonage/vectors.tsv");

	(void)state;
	for (size_t i = 0; i < table_rows(t); i++) {
		struct sheet_of c;

		open_vonage(&c, table_raw(t, i, "secret"), table_raw(t, i, "algorithm"),
			    table_raw(t, i, "params"), table_raw(t, i, "sig"));
		if ((status_of(&c) != 403) != table_is(t, i, "valid", "yes"))
			table_miss(t, i, "got %d", status_of(&c));
		world_done(&c.w);
	}
	table_finish(t);
}

/* ---- The documented examples, turned about ---- */

static const char tw_params[] = "CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&"
				"From=%2B12349013030&To=%2B18005551212";
static const char tw_sig[] = "0/KCTR6DLpKmkAf8muzZqo1nDgQ=";

static void
open_documented(struct sheet_of *c, struct str key, const char *public_url)
{
	assert_true(open_call(c, twilio, key, str_of(public_url), STR_NONE));
	c->req.path = STR_LIT("/myapp.php");
	c->req.query = STR_LIT("foo=1&bar=2");
	c->req.body = str_of(tw_params);
	c->headers[1] = (struct wire_header){STR_LIT("X-Twilio-Signature"), str_of(tw_sig)};
}

static void
channel_scheme__port_may_be_written_or_not(void **state)
{
	static const struct {
		const char *url;
		int status;
	} rows[] = {{"https://mycompany.com", 200},      {"https://mycompany.com:443", 200},
		    {"https://mycompany.com:8443", 200}, {"https://mycompany.com/gate", 403},
		    {"http://mycompany.com", 403},       {"https://mycompany.org", 403}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sheet_of c;

		open_documented(&c, STR_LIT("12345"), rows[i].url);
		assert_int_equal(status_of(&c), rows[i].status);
		world_done(&c.w);
	}
}

static void
channel_scheme__order_and_encoding_of_a_form_are_free(void **state)
{
	static const struct {
		const char *body;
		int status;
	} rows[] = {
		{"To=%2b18005551212&Digits=%31234&Caller=%2B12349013030&From=%2B12349013030&"
		 "CallSid=CA1234567890ABCDE",
		 200},
		{"CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&"
		 "From=%2B12349013030&To=%2B18005551212&To=%2B18005551212",
		 200}, /* the same pair twice counts once */
		{"CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&"
		 "From=%2B12349013030&To=%2B18005551212&To=%2B1",
		 403},
		{"CallSid=CA1234567890ABCDE&Caller=+12349013030&Digits=1234&"
		 "From=%2B12349013030&To=%2B18005551212",
		 403}, /* a plus is a blank here */
		{"CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&"
		 "From=%2B12349013030&To=%2B1800555121%",
		 403},
		{"", 403},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sheet_of c;

		open_documented(&c, STR_LIT("12345"), "https://mycompany.com");
		c.req.body = str_of(rows[i].body);
		assert_int_equal(status_of(&c), rows[i].status);
		world_done(&c.w);
	}
}

static void
channel_scheme__body_that_is_no_form_is_covered_by_its_hash(void **state)
{
	struct sheet_of c;

	(void)state;
	assert_true(
		open_call(&c, twilio, STR_LIT("12345"), STR_LIT("https://wasl.example"), STR_NONE));
	c.headers[0].value = STR_LIT("application/json");
	c.req.body = STR_LIT("{\"a\":1}");
	c.req.query = STR_LIT("bodySHA256="
			      "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862");
	c.headers[1] = (struct wire_header){STR_LIT("X-Twilio-Signature"),
					    STR_LIT("4HE4Gv05/1EOt4W3uamWesxHq9Q=")};
	assert_int_equal(status_of(&c), 200);
	c.req.body = STR_LIT("{\"a\":2}");
	assert_int_equal(status_of(&c), 403);
	/* signed as an address alone: nothing covers the body */
	c.req.query = STR_LIT("");
	c.headers[1].value = STR_LIT("WXzdsj4TjQC5bbdFjoXbsAulYYc=");
	assert_int_equal(status_of(&c), 403);
	c.req.body = STR_LIT("");
	assert_int_equal(status_of(&c), 200);
	world_done(&c.w);
}

static void
channel_scheme__both_live_secrets_are_taken(void **state)
{
	struct sheet_of c;
	struct channel_account account = world_account();
	const struct channel_secret keys[] = {{"key", {STR_LIT("new"), STR_LIT("12345")}}};

	(void)state;
	open_documented(&c, STR_LIT("new"), "https://mycompany.com");
	assert_int_equal(status_of(&c), 403);
	world_done(&c.w);
	account.settings = NULL;
	account.n_settings = 0;
	account.secrets = keys;
	account.public_url = STR_LIT("https://mycompany.com");
	assert_true(world_channel(&c.w, twilio, &account));
	assert_int_equal(status_of(&c), 200);
	world_done(&c.w);
}

static void
channel_scheme__vonage_time_is_checked_both_ways(void **state)
{
	static const struct {
		int64_t late;
		int status;
	} rows[] = {{0, 200}, {300, 200}, {301, 403}, {-300, 200}, {-301, 403}, {3600, 403}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sheet_of c;

		open_vonage(&c, STR_LIT("my_secret_key_for_testing"), STR_LIT("md5hash"),
			    STR_LIT("message-timestamp=2013-11-21+15%3A27%3A30&messageId="
				    "020000001B0FE827&msisdn=14843472194&text=Test+again&timestamp="
				    "1385047698&to=13239877404&type=text"),
			    STR_LIT("d2e7b1dc968737c5998ad624e02f90b7"));
		c.now += rows[i].late;
		assert_int_equal(status_of(&c), rows[i].status);
		world_done(&c.w);
	}
}

/* Signed as if the rule were simpler than it is. */
static void
channel_scheme__vonage_needs_its_time_and_each_name_once(void **state)
{
	static const struct {
		const char *query, *over;
		int status;
	} rows[] = {
		{"text=1&timestamp=1795000000", "&text=1&timestamp=1795000000", 200},
		{"text=1", "&text=1", 403},
		{"text=1&timestamp=now", "&text=1&timestamp=now", 403},
		{"text=1&text=2&timestamp=1795000000", "&text=1&text=2&timestamp=1795000000", 403},
		{"text=1&a%26b=2&timestamp=1795000000", "&a&b=2&text=1&timestamp=1795000000", 403},
		{"a=1%26text%3D2&timestamp=1795000000", "&a=1_text_2&timestamp=1795000000", 200},
		{"a=1%26text%3D2&timestamp=1795000000", "&a=1&text=2&timestamp=1795000000", 403},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new(0);
		struct str sig =
			codec_hex(sign_hmac(SIGN_SHA256, STR_LIT("k"), str_of(rows[i].over), a), a);
		struct sheet_of c;

		open_vonage(&c, STR_LIT("k"), STR_NONE, str_of(rows[i].query), sig);
		c.now = 1795000000;
		assert_int_equal(status_of(&c), rows[i].status);
		world_done(&c.w);
		arena_free(a);
	}
}

static void
channel_scheme__vonage_json_is_signed_by_its_members(void **state)
{
	struct sheet_of c;

	(void)state;
	assert_true(open_call(&c, vonage, STR_LIT("k"), STR_LIT("https://wasl.example"), STR_NONE));
	c.headers[0].value = STR_LIT("application/json; charset=utf-8");
	c.req.body = STR_LIT(
		"{\"text\":\"a&b\",\"n\":7,\"ok\":true,\"no\":null,"
		"\"timestamp\":1795000000,\"sig\":\"8acb0f705118e6d1e918267263577bdaf5efc12ddf2ac51e6ae172568ab5c1fc\"}");
	assert_int_equal(status_of(&c), 200);
	c.req.query = STR_LIT("text=b"); /* a query beside it is not covered */
	assert_int_equal(status_of(&c), 403);
	c.req.query = STR_LIT("");
	c.req.body = STR_LIT(
		"{\"text\":\"a&b\",\"n\":7,\"ok\":true,\"no\":{},"
		"\"timestamp\":1795000000,\"sig\":\"8acb0f705118e6d1e918267263577bdaf5efc12ddf2ac51e6ae172568ab5c1fc\"}");
	assert_int_equal(status_of(&c), 403);
	world_done(&c.w);
}

static void
channel_scheme__without_its_optional_secret_a_scheme_is_off(void **state)
{
	struct sheet_of c;

	(void)state;
	assert_true(open_call(&c, vonage, STR_NONE, STR_LIT("https://wasl.example"), STR_NONE));
	assert_int_equal(status_of(&c), 200);
	world_done(&c.w);
}

static void
channel_scheme__setting_of_an_unknown_algorithm_keeps_the_channel_off(void **state)
{
	struct sheet_of c;

	(void)state;
	assert_false(open_call(&c, vonage, STR_LIT("k"), STR_LIT("https://wasl.example"),
			       STR_LIT("sha3")));
	world_done(&c.w);
}

static void
channel_scheme__what_the_other_side_signs_is_taken(void **state)
{
	const struct phone from = {"+212612345678"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct sheet_of c;
		struct wire_request req;

		assert_true(open_call(&c, i ? vonage : twilio, STR_LIT("k"),
				      STR_LIT("https://wasl.example"), STR_NONE));
		clock_freeze(c.now);
		assert_int_equal(channel_play_sms(c.w.channel, STR_NONE, &from, STR_LIT("نعم & لا"),
						  c.w.arena, &req),
				 W_OK);
		c.req = req;
		assert_int_equal(status_of(&c), 200);
		clock_freeze(0);
		world_done(&c.w);
	}
}

/* ---- Ten thousand that are nearly right ---- */

enum { MUTANTS = 10000 };

static uint64_t
next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

/* One to three characters changed, put in, taken out or swapped for their other case. */
static struct str
mutated(struct str s, uint64_t *x, struct arena *a)
{
	static const char marks[] = "abcdefABCDEF0123456789+/=-_ Z%";
	char *to = arena_alloc(a, s.n + 4);
	size_t n = s.n;

	memcpy(to, s.p, s.n);
	for (uint64_t i = next_random(x) % 3 + 1; i > 0; i--) {
		size_t at = next_random(x) % n;

		switch (next_random(x) % 4) {
		case 0:
			to[at] = marks[next_random(x) % (sizeof(marks) - 1)];
			break;
		case 1:
			memmove(to + at, to + at + 1, n - at - 1);
			n--;
			break;
		case 2:
			memmove(to + at + 1, to + at, n - at);
			to[at] = marks[next_random(x) % (sizeof(marks) - 1)];
			n++;
			break;
		default:
			to[at] ^= (char)(1 << next_random(x) % 7);
			break;
		}
	}
	return (struct str){to, n};
}

/* Told apart by what counts: letter case where digits are hex, blanks about a header nowhere. */
static size_t
let_in(struct sheet_of *c, struct str right, struct str *place, const char *before, bool hex)
{
	uint64_t x = 0x9e3779b97f4a7c15;
	size_t n = 0, tried = 0;

	while (tried < MUTANTS) {
		struct arena *a = arena_new(0);
		struct str wrong = mutated(right, &x, a);

		if (hex ? !str_eq_nocase(wrong, right) && str_find(wrong, '+') < 0
			: !str_eq(str_trim(wrong), right)) {
			*place = str_of(arena_printf(a, "%s%.*s", before, STR_ARG(wrong)));
			n += status_of(c) == 200;
			tried++;
		}
		arena_free(a);
	}
	return n;
}

static void
channel_scheme__no_mutated_twilio_signature_is_taken(void **state)
{
	struct sheet_of c;

	(void)state;
	open_documented(&c, STR_LIT("12345"), "https://mycompany.com");
	assert_int_equal(status_of(&c), 200);
	assert_int_equal(let_in(&c, str_of(tw_sig), &c.headers[1].value, "", false), 0);
	world_done(&c.w);
}

static void
channel_scheme__no_mutated_vonage_signature_is_taken(void **state)
{
	static const char params[] = "message-timestamp=2013-11-21+15%3A27%3A30&messageId="
				     "020000001B0FE827&msisdn=14843472194&text=Test+again&"
				     "timestamp=1385047698&to=13239877404&type=text";
	static const struct {
		const char *algorithm, *sig;
	} rows[] = {{"md5hash", "d2e7b1dc968737c5998ad624e02f90b7"},
		    {"sha256", "DDB8397C2B90AAC7F3882D306475C9A5058C92322EEF43C92B298B6E0FC0D330"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sheet_of c;

		open_vonage(&c, STR_LIT("my_secret_key_for_testing"), str_of(rows[i].algorithm),
			    str_of(params), str_of(rows[i].sig));
		assert_int_equal(status_of(&c), 200);
		const char *before = arena_printf(c.w.arena, "%s&sig=", params);
		assert_int_equal(let_in(&c, str_of(rows[i].sig), &c.req.query, before, true), 0);
		world_done(&c.w);
	}
}

/* What is signed may not change either: each character of it, one after the other. */
static void
channel_scheme__no_changed_character_of_what_is_signed_is_taken(void **state)
{
	struct sheet_of c;
	char body[sizeof(tw_params)];

	(void)state;
	open_documented(&c, STR_LIT("12345"), "https://mycompany.com");
	for (size_t i = 0; i < sizeof(tw_params) - 1; i++) {
		memcpy(body, tw_params, sizeof(body));
		body[i] ^= 1; /* no two of these bytes are letter cases of each other */
		c.req.body = str_of(body);
		assert_int_equal(status_of(&c), 403);
	}
	world_done(&c.w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_scheme__twilio_vectors),
		cmocka_unit_test(channel_scheme__vonage_vectors),
		cmocka_unit_test(channel_scheme__port_may_be_written_or_not),
		cmocka_unit_test(channel_scheme__order_and_encoding_of_a_form_are_free),
		cmocka_unit_test(channel_scheme__body_that_is_no_form_is_covered_by_its_hash),
		cmocka_unit_test(channel_scheme__both_live_secrets_are_taken),
		cmocka_unit_test(channel_scheme__vonage_time_is_checked_both_ways),
		cmocka_unit_test(channel_scheme__vonage_needs_its_time_and_each_name_once),
		cmocka_unit_test(channel_scheme__vonage_json_is_signed_by_its_members),
		cmocka_unit_test(channel_scheme__without_its_optional_secret_a_scheme_is_off),
		cmocka_unit_test(
			channel_scheme__setting_of_an_unknown_algorithm_keeps_the_channel_off),
		cmocka_unit_test(channel_scheme__what_the_other_side_signs_is_taken),
		cmocka_unit_test(channel_scheme__no_mutated_twilio_signature_is_taken),
		cmocka_unit_test(channel_scheme__no_mutated_vonage_signature_is_taken),
		cmocka_unit_test(channel_scheme__no_changed_character_of_what_is_signed_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
