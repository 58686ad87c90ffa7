#include "channel/channel.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * A call of any bytes to the shipped dialects: lines "METHOD TAIL", "QUERY",
 * headers, a blank line, the body. What parses must also be answerable.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct channel *
make(const char *path)
{
	static const struct channel_setting settings[] = {{"username", {"sandbox", 7}}};
	static const struct channel_secret secrets[] = {{"key", {{"KEY", 3}, {NULL, 0}}}};
	struct channel_account account = {.name = "fuzz",
					  .code = "*384*1234#",
					  .path_secrets = {STR_LIT("0123456789abcdef")},
					  .settings = settings,
					  .n_settings = 1,
					  .secrets = secrets,
					  .n_secrets = 1,
					  .public_url = STR_LIT("https://wasl.example"),
					  .file = "fuzz"};
	static struct arena *kept; /* lives as long as the process */
	struct err *err = err_new();
	struct dialect *d = NULL;
	struct channel *ch = NULL;

	kept = arena_new(0);
	if (dialect_load(path, kept, &d, err) != 0 || channel_new(d, &account, &ch, err) != 0) {
		err_print(err, stderr);
		abort();
	}
	err_free(err);
	return ch;
}

static struct str
line(struct str *rest)
{
	return str_cut(rest, '\n');
}

static void
answer(const struct channel *ch, struct channel_event *ev, size_t n, struct arena *a)
{
	struct wire_answer out;

	if (n > 0 && ev->kind == CHANNEL_USSD && ev->move <= MOVE_AUTO)
		channel_reply(ch, ev, STR_LIT("1. نعم"), true, a, &out);
	else
		channel_ack(ch, ev, false, a, &out);
	CHECK(out.status >= 200 && out.status < 600);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct channel *ch;
	struct str rest = {(const char *)data, n};
	struct arena *a = arena_new(0);
	struct wire_header headers[8];
	struct channel_event *events = NULL;
	struct wire_answer refusal = {0};
	size_t n_events = 0;

	if (ch == NULL)
		ch = make(WASL_SOURCE_DIR "/contrib/dialects/africastalking.yaml");
	struct str tail = line(&rest), method = str_cut(&tail, ' ');
	struct wire_request req = {
		.method = wire_method_of(method), .query = line(&rest), .headers = headers};

	for (struct str h; (h = line(&rest)).n > 0 && req.n_headers < ARRAY_LEN(headers);) {
		struct str name = str_cut(&h, ':');

		headers[req.n_headers++] = (struct wire_header){name, str_trim(h)};
	}
	req.body = rest;
	int rc = channel_parse(ch, &req, tail, 1795000000, a, &events, &n_events, &refusal);

	if (rc == 0)
		answer(ch, events, n_events, a);
	else
		CHECK(refusal.status >= 200 && refusal.status < 600);
	struct wire_answer got = {.status = 201, .body = req.body};
	struct channel_message msg = {.ref = STR_LIT("r"), .text = STR_LIT("x")};
	struct channel_verdict verdict;
	struct str page;
	bool go_on;

	CHECK(phone_parse(STR_LIT("+212612345678"), &msg.phone) == PHONE_OK);
	channel_send_read(ch, &got, &msg, a, &verdict);
	got.status = 200;
	if (channel_play_page(ch, &got, a, &page, &go_on) == 0)
		CHECK(page.n <= req.body.n);
	arena_free(a);
	return 0;
}
