/*
 * Any bytes as a dialect file: refused with faults that have a place, or a
 * dialect that makes a channel which takes calls, answers them and writes its
 * own without ever going astray.
 */
#include "channel/channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { NOW = 1795429200, NEEDS_MAX = 64 };

static void
check_faults(const struct err *err)
{
	for (size_t i = 0; i < err_count(err); i++) {
		const struct err_fault *f = err_at(err, i);

		CHECK((f->line > 0) == (f->col > 0) && f->text[0] != '\0');
		CHECK(strchr(f->text, '\n') == NULL);
	}
}

/* An account that gives every setting and secret the dialect asks for. */
static int
open_account(const struct dialect *d, struct channel **ch, struct err *err)
{
	static const char *const doubtful[] = {"ussd",   "ussd_end", "sms", "report",
					       "optout", "ping",     "send"};
	struct channel_setting settings[NEEDS_MAX];
	struct channel_secret secrets[NEEDS_MAX];
	struct channel_account account = {.name = "fuzz",
					  .centre = "CAS",
					  .code = "*384*1234#",
					  .path_secrets = {STR_LIT("0123456789abcdef")},
					  .settings = settings,
					  .secrets = secrets,
					  .public_url = STR_LIT("https://wasl.example"),
					  .accept_unconfirmed = doubtful,
					  .n_accept_unconfirmed = ARRAY_LEN(doubtful),
					  .file = "fuzz"};
	const struct dialect_need *needs;
	size_t n = dialect_needs(d, &needs);

	for (size_t i = 0; i < n && i < NEEDS_MAX; i++) {
		if (needs[i].secret)
			secrets[account.n_secrets++] = (struct channel_secret){
				needs[i].name, {STR_LIT("a secret word"), STR_NONE}};
		else if (needs[i].fallback == NULL)
			settings[account.n_settings++] = (struct channel_setting){
				needs[i].name,
				i % 2 ? STR_LIT("https://at.example") : STR_LIT("+212612345678")};
	}
	return channel_new(d, &account, ch, err);
}

static void
call_in(const struct channel *ch, const struct wire_request *req, struct str tail, struct arena *a)
{
	struct channel_event *events = NULL;
	struct wire_answer answer = {0};
	size_t n = 0;
	int rc = channel_parse(ch, req, tail, NOW, a, &events, &n, &answer);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (events[i].kind == CHANNEL_USSD && events[i].move <= MOVE_AUTO)
			channel_reply(ch, &events[i], STR_LIT("1. نعم"), i % 2, a, &answer);
		else
			channel_ack(ch, &events[i], true, a, &answer);
		CHECK(answer.status >= 100 && answer.status < 1000);
	}
	if (rc != 0)
		CHECK(answer.status >= 100 && answer.status < 1000);
}

/* Calls an aggregator of this dialect would make, worked backwards and taken. */
static void
play(const struct channel *ch, struct arena *a)
{
	struct play_ussd turn = {.session = STR_LIT("s-1"),
				 .move = MOVE_BEGIN,
				 .input = STR_LIT("1"),
				 .path = STR_LIT("1"),
				 .dialled = STR_LIT("*384*1234#")};
	struct wire_request req;
	struct str tail;

	CHECK(phone_parse(STR_LIT("+212612345678"), &turn.phone) == PHONE_OK);
	if (channel_play_ussd(ch, &turn, a, &req) == 0 && channel_tail(ch, req.path, &tail))
		call_in(ch, &req, tail, a);
	if (channel_play_sms(ch, STR_LIT("m-1"), &turn.phone, STR_LIT("سلام"), a, &req) == 0 &&
	    channel_tail(ch, req.path, &tail))
		call_in(ch, &req, tail, a);
	if (channel_play_report(ch, STR_LIT("m-1"), STR_LIT("r-1"), &turn.phone, REPORT_DELIVERED,
				a, &req) == 0 &&
	    channel_tail(ch, req.path, &tail))
		call_in(ch, &req, tail, a);
	for (enum channel_kind k = 0; k < CHANNEL_KINDS; k++) {
		struct str address = channel_address(ch, k, a);

		CHECK(address.n == 0 || str_starts(address, STR_LIT("https://wasl.example/")));
	}
}

static void
send(const struct channel *ch, struct arena *a)
{
	struct channel_message msg = {.text = STR_LIT("Wasl: salam"), .ref = STR_LIT("r-1")};
	static const struct wire_answer got = {
		.status = 200, .type = {"application/json", 16}, .body = {"{\"id\":\"7\"}", 10}};
	struct channel_verdict verdict;
	struct wire_request req;

	CHECK(phone_parse(STR_LIT("+212612345678"), &msg.phone) == PHONE_OK);
	if (channel_send_build(ch, &msg, NOW, STR_NONE, a, &req) != 0)
		return;
	CHECK(req.url.n > 0 && req.body.n <= 16 * 1024);
	channel_send_read(ch, &got, &msg, a, &verdict);
	CHECK(verdict.said < SAID_COUNT && verdict.n_ids <= CHANNEL_IDS_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(0);
	struct err *err = err_new();
	struct dialect *d = NULL;
	struct channel *ch = NULL;
	int rc = dialect_load_text("fuzz", (struct str){(const char *)data, n}, a, &d, err);

	CHECK((rc == W_OK) == (err_errors(err) == 0));
	if (rc == W_OK && open_account(d, &ch, err) == W_OK) {
		struct wire_request empty = {.method = WIRE_POST};

		call_in(ch, &empty, STR_LIT("/ussd"), a);
		play(ch, a);
		if (channel_can_send(ch))
			send(ch, a);
	}
	check_faults(err);
	channel_free(ch);
	if (rc == W_OK)
		dialect_free(d);
	err_free(err);
	arena_free(a);
	return 0;
}
