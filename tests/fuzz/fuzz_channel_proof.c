/*
 * Who may call: the first byte says by which proof, then a call of any bytes.
 * It is let in exactly when the proof, worked out here a second time, holds.
 * And what carries a right signature loses it with any change of a byte.
 */
#include "fuzz_channel_world.h"

#include "channel/channel_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define DIALECT(items)                              \
	"wasl: 1\ndialect: x\nsecrets: {key: {}}\n" \
	"sms: {on: POST /s, msisdn: form.m, text: form.t}\nproof:\n  - " items "\n"

enum { PROOFS = 4, WITHIN_S = 300 };

static const char *const dialects[PROOFS] = {
	DIALECT("{at: header.Authorization, is: \"Bearer {secret.key}\"}"),
	DIALECT("{basic: \"gate:{secret.key}\"}"),
	DIALECT("{hmac: sha256, at: header.X-Sig, prefix: \"v1=\", over: "
		"\"{header.X-Time}.{body}\", key: \"{secret.key}\", time: header.X-Time}"),
	DIALECT("{hmac: sha1, as: base64, at: header.X-Sig, over: \"{body}\", key: "
		"\"{secret.key}\"}"),
};

static struct str
header(const struct wire_request *req, const char *name)
{
	return str_trim(wire_header(req->headers, req->n_headers, name));
}

/* Hex digits count in either letter case, the prefix does not. */
static bool
same_signature(struct str given, struct str prefix, struct str hex)
{
	return str_starts(given, prefix) && str_eq_nocase(str_after(given, prefix.n), hex);
}

static bool
time_ok(struct str text)
{
	int64_t at;

	return codec_time(text, &at) && at >= FUZZ_NOW - WITHIN_S && at <= FUZZ_NOW + WITHIN_S;
}

static bool
holds(int proof, const struct wire_request *req, const char *key, struct arena *a)
{
	static const char *const encoded[] = {"Basic Z2F0ZTprMQ==", "Basic Z2F0ZTprMg=="};
	struct str auth = header(req, "Authorization"), sig = header(req, "X-Sig"),
		   time = header(req, "X-Time");
	struct buf over;

	switch (proof) {
	case 0:
		return str_is(auth, arena_printf(a, "Bearer %s", key));
	case 1:
		return str_is(auth, encoded[key[1] - '1']);
	case 2:
		buf_init_arena(&over, a);
		buf_add_str(&over, time);
		buf_addc(&over, '.');
		buf_add_str(&over, req->body);
		return time_ok(time) && same_signature(sig, STR_LIT("v1="),
						       codec_hex(sign_hmac(SIGN_SHA256, str_of(key),
									   buf_str(&over), a),
								 a));
	default:
		return str_eq(sig,
			      codec_base64(sign_hmac(SIGN_SHA1, str_of(key), req->body, a), a));
	}
}

static int
call(const struct channel *ch, const struct wire_request *req, struct arena *a)
{
	struct channel_event *events;
	struct wire_answer refusal = {0};
	size_t n;

	return channel_parse(ch, req, STR_LIT("/s"), FUZZ_NOW, a, &events, &n, &refusal);
}

/* Signed as the aggregator would, then one byte of the body another. */
static void
check_tampering(const struct channel *ch, int proof, struct str body, struct arena *a)
{
	char *other = arena_memdup(a, body.p ? body.p : "", body.n);
	struct wire_header headers[] = {{STR_LIT("X-Sig"), STR_NONE}};
	struct wire_request req = {
		.method = WIRE_POST, .headers = headers, .n_headers = 1, .body = body};

	if (proof != 3 || body.n == 0)
		return;
	headers[0].value = codec_base64(sign_hmac(SIGN_SHA1, STR_LIT("k2"), body, a), a);
	CHECK(call(ch, &req, a) != W_EDENIED);
	other[body.n / 2] ^= 1 << (body.n % 8);
	req.body.p = other;
	CHECK(call(ch, &req, a) == W_EDENIED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct channel *channels[PROOFS];
	static struct arena *a;
	struct str rest = {(const char *)data, n}, tail;
	int proof = n > 0 ? data[0] % PROOFS : 0;

	if (channels[proof] == NULL)
		channels[proof] = fuzz_channel_of(dialects[proof]);
	if (a == NULL)
		a = arena_new(1 << 16);
	arena_reset(a);
	struct wire_request req = fuzz_call(str_after(rest, 1), a, &tail);
	req.method = WIRE_POST;
	bool let_in = call(channels[proof], &req, a) != W_EDENIED;
	bool right = holds(proof, &req, "k1", a) || holds(proof, &req, "k2", a);
	CHECK(!let_in || right);
	/* A header that is no text is refused whatever it says. */
	CHECK(let_in || !right || !utf8_ok(rest) || str_find(rest, '\0') >= 0 || n > VALUE_BYTES);
	check_tampering(channels[proof], proof, req.body, a);
	return 0;
}
