/*
 * Any bytes as an aggregator's answer to a message of ours: "STATUS TYPE",
 * headers, an empty line, the body. It is never more than uncertain unless the
 * dialect names what stands there; what it gives is in bounds. The same bytes
 * as the page of a reply of ours, and as a call that a carrier gets.
 */
#include "fuzz_channel_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_verdict(const struct channel_verdict *v)
{
	CHECK(v->said < SAID_COUNT && v->n_ids <= CHANNEL_IDS_MAX);
	CHECK(v->parts >= 0 && v->wait_ms >= 0);
	CHECK(utf8_ok(v->word));
	for (size_t i = 0; i < v->n_ids; i++)
		CHECK(v->ids[i].n > 0 && utf8_ok(v->ids[i]) && str_find(v->ids[i], '\0') < 0);
}

/* No dialect here takes an answer without a body for a yes. */
static void
check_nothing_is_no_yes(const struct channel *ch, const struct channel_message *msg,
			const struct wire_answer *got, struct arena *a)
{
	struct wire_answer empty = *got;
	struct channel_verdict v;

	empty.body = STR_NONE;
	channel_send_read(ch, &empty, msg, a, &v);
	check_verdict(&v);
	CHECK(v.said != SAID_ACCEPTED || got->status == 202);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *a;
	struct str rest = {(const char *)data, n}, page, to, text, ref;
	const struct channel *ch = fuzz_channel_cut(&rest);
	struct str first = str_cut(&rest, '\n');
	struct channel_message msg = {.ref = STR_LIT("r-1"), .text = STR_LIT("سلام")};
	struct wire_answer got = {.type = STR_NONE};
	struct channel_verdict v;
	int64_t status = 0;
	bool go_on;

	if (a == NULL)
		a = arena_new(1 << 16);
	arena_reset(a);
	CHECK(phone_parse(STR_LIT("+212612345678"), &msg.phone) == PHONE_OK);
	(void)!str_to_int(str_cut(&first, ' '), &status);
	got.status = status >= 100 && status <= 999 ? (int)status : 200;
	got.type = first;
	got.headers = fuzz_headers(&rest, a, &got.n_headers);
	got.body = rest;
	if (channel_can_send(ch)) {
		channel_send_read(ch, &got, &msg, a, &v);
		check_verdict(&v);
		check_nothing_is_no_yes(ch, &msg, &got, a);
	}
	if (channel_play_page(ch, &got, a, &page, &go_on) == W_OK)
		CHECK(page.n <= 3 * got.body.n);
	struct wire_request call = {.method = WIRE_POST,
				    .url = first,
				    .query = first,
				    .headers = got.headers,
				    .n_headers = got.n_headers,
				    .body = got.body};
	(void)!channel_play_send(ch, &call, a, &to, &text, &ref);
	return 0;
}
