/*
 * Signatures over sorted parameters: the first byte says by which scheme and
 * method, then a call of any bytes. Nobody guesses a signature, so it is never
 * let in; signed by the other side it is, and a changed signature is not.
 */
#include "fuzz_channel_world.h"

#include "base/clock.h"
#include "channel/channel_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define DIALECT(item)                                        \
	"wasl: 1\ndialect: x\nsecrets: {key: {}}\n"          \
	"sms: {on: [GET /s, POST /s], msisdn: any.m, text: " \
	"any.t}\nproof:\n  - " item "\n"

enum { SCHEMES = 2 };

static const char *const dialects[SCHEMES] = {
	DIALECT("{scheme: twilio, key: \"{secret.key}\"}"),
	DIALECT("{scheme: vonage, key: \"{secret.key}\", algorithm: md5hash}"),
};

static bool
denied(const struct channel *ch, const struct wire_request *req, struct arena *a)
{
	struct channel_event *events;
	struct wire_answer refusal = {0};
	size_t n;

	return channel_parse(ch, req, STR_LIT("/s"), FUZZ_NOW, a, &events, &n, &refusal) ==
	       W_EDENIED;
}

/* An empty one as well: the first header of a name is the one that counts. */
static bool
carries_signature(const struct wire_request *req)
{
	for (size_t i = 0; i < req->n_headers; i++)
		if (str_eq_nocase(req->headers[i].name, STR_LIT("X-Twilio-Signature")))
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct channel *channels[SCHEMES];
	static struct arena *a;
	struct str rest = {(const char *)data, n}, tail;
	int scheme = n > 0 ? data[0] % SCHEMES : 0;

	if (channels[scheme] == NULL)
		channels[scheme] = fuzz_channel_of(dialects[scheme]);
	if (a == NULL)
		a = arena_new(1 << 16);
	arena_reset(a);
	clock_freeze(FUZZ_NOW);
	struct wire_request req = fuzz_call(str_after(rest, 1), a, &tail);
	req.method = n > 0 && data[0] & 2 ? WIRE_GET : WIRE_POST;
	CHECK(denied(channels[scheme], &req, a));
	if (carries_signature(&req) || proof_play(channels[scheme], a, &req) != W_OK)
		return 0;
	CHECK(!denied(channels[scheme], &req, a));
	req.path = STR_LIT("/other");
	req.query = str_of(arena_printf(a, "%.*s&x=1", STR_ARG(req.query)));
	CHECK(denied(channels[scheme], &req, a));
	return 0;
}
