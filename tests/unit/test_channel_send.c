#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_channel_world.h"

static struct channel_message
message(void)
{
	struct channel_message m = {.text = STR_LIT("1"), .ref = STR_LIT("wasl-1")};

	assert_int_equal(phone_parse(STR_LIT("+212612345678"), &m.phone), PHONE_OK);
	return m;
}

static struct channel_verdict
said(struct world *w, int status, const char *body)
{
	struct wire_answer got = {.status = status, .body = str_of(body)};
	struct channel_message m = message();
	struct channel_verdict v;

	channel_send_read(w->channel, &got, &m, w->arena, &v);
	return v;
}

static void
channel_send__a_status_alone_means_what_it_proves(void **state)
{
	static const struct {
		int status;
		enum channel_said said;
	} rows[] = {{200, SAID_UNCERTAIN}, {201, SAID_UNCERTAIN}, {204, SAID_UNCERTAIN},
		    {302, SAID_UNCERTAIN}, {400, SAID_FAULT},     {401, SAID_DENIED},
		    {402, SAID_HOLD},      {403, SAID_DENIED},    {404, SAID_FAULT},
		    {408, SAID_UNCERTAIN}, {409, SAID_UNCERTAIN}, {425, SAID_UNCERTAIN},
		    {429, SAID_BUSY},      {500, SAID_UNCERTAIN}, {503, SAID_UNCERTAIN}};
	struct world w;

	(void)state;
	world_shipped(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(said(&w, rows[i].status, "").said, rows[i].said);
	world_done(&w);
}

static void
channel_send__an_unreadable_answer_is_uncertain(void **state)
{
	static const char *const bodies[] = {
		"<xml/>",
		"{\"SMSMessageData\":",
		"{}",
		"[]",
		"{\"SMSMessageData\":null}",
		"{\"SMSMessageData\":{\"Recipients\":[{\"number\":\"+212612345678\"}]}}",
		"{\"SMSMessageData\":{\"Recipients\":[{\"number\":\"+212712345678\",\"statusCode\":"
		"101}]}}"};
	struct world w;

	(void)state;
	world_shipped(&w);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		assert_int_equal(said(&w, 201, bodies[i]).said, SAID_UNCERTAIN);
	world_done(&w);
}

static void
channel_send__entries_that_disagree_are_uncertain(void **state)
{
	struct world w;

	(void)state;
	world_shipped(&w);
	struct channel_verdict v = said(
		&w, 201,
		"{\"SMSMessageData\":{\"Recipients\":[{\"number\":\"+212612345678\",\"statusCode\":101,"
		"\"messageId\":\"a\"},{\"number\":\"+212612345678\",\"statusCode\":500}]}}");
	assert_int_equal(v.said, SAID_UNCERTAIN);
	v = said(
		&w, 201,
		"{\"SMSMessageData\":{\"Recipients\":[{\"number\":\"+212612345678\",\"statusCode\":101,"
		"\"messageId\":\"a\"},{\"number\":\"212612345678\",\"statusCode\":102,\"messageId\":"
		"\"b\"}]}}");
	assert_int_equal(v.said, SAID_ACCEPTED);
	assert_int_equal(v.n_ids, 2);
	assert_true(str_is(v.ids[1], "b"));
	world_done(&w);
}

static void
channel_send__the_longest_prefix_wins_and_the_exact_word_before_it(void **state)
{
	struct world w;

	(void)state;
	world_shipped(&w);
	assert_int_equal(
		said(&w, 201, "{\"SMSMessageData\":{\"Recipients\":[{\"statusCode\":406}]}}").said,
		SAID_REJECTED);
	assert_int_equal(
		said(&w, 201, "{\"SMSMessageData\":{\"Recipients\":[{\"statusCode\":405}]}}").said,
		SAID_HOLD);
	world_done(&w);
}

static void
channel_send__of_two_prefixes_the_longer_decides(void **state)
{
	static const char *const orders[] = {"\"5*\": rejected, \"50*\": hold",
					     "\"50*\": hold, \"5*\": rejected"};
	struct channel_account account = world_account();

	(void)state;
	account.n_settings = account.n_secrets = 0;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct arena *a = arena_new(0);
		struct world w;
		char *dialect = arena_printf(
			a,
			"wasl: 1\ndialect: x\nsend: {call: \"POST https://x.example/\", text: "
			"\"{to} {text} {ref}\", answer: {code: body, verdicts: {%s, ok: accepted}}}\n",
			orders[i]);

		assert_true(world_channel(&w, dialect, &account));
		assert_int_equal(said(&w, 200, "501").said, SAID_HOLD);
		assert_int_equal(said(&w, 200, "51").said, SAID_REJECTED);
		world_done(&w);
		arena_free(a);
	}
}

static void
channel_send__retry_after_is_the_pause(void **state)
{
	struct wire_header h = {STR_LIT("retry-after"), STR_LIT("7")};
	struct wire_answer got = {.status = 429, .headers = &h, .n_headers = 1};
	struct channel_message m = message();
	struct channel_verdict v;
	struct world w;

	(void)state;
	world_shipped(&w);
	channel_send_read(w.channel, &got, &m, w.arena, &v);
	assert_int_equal(v.said, SAID_BUSY);
	assert_int_equal(v.wait_ms, 7000);
	world_done(&w);
}

static void
channel_send__optional_settings_leave_their_parameter_out(void **state)
{
	struct world w;
	struct channel_message m = message();
	struct wire_request call;

	(void)state;
	world_shipped(&w);
	assert_int_equal(channel_send_build(w.channel, &m, 0, STR_NONE, w.arena, &call), 0);
	assert_true(str_is(call.url, "https://api.example/version1/messaging"));
	assert_true(str_is(call.body, "username=sandbox&to=%2B212612345678&message=1"));
	assert_true(str_is(wire_header(call.headers, call.n_headers, "apikey"), "KEY"));
	world_done(&w);
}

static void
channel_send__several_numbers_need_join(void **state)
{
	struct world w;
	struct channel_account account = world_account();
	struct channel_message m = message();
	struct wire_request call;

	(void)state;
	m.others = &m.phone;
	m.n_others = 1;
	world_shipped(&w);
	assert_int_equal(channel_send_build(w.channel, &m, 0, STR_NONE, w.arena, &call), 0);
	world_done(&w);
	assert_true(world_channel(
		&w,
		"wasl: 1\ndialect: x\nsettings: {base_url: {type: url}, username: "
		"{}}\nsecrets: {key: {}}\nsend:\n  call: POST "
		"{channel.base_url}/x\n  text: \"{to} {text} {ref}\"\n  answer: {code: "
		"body, verdicts: {ok: accepted}}\n",
		&account));
	assert_int_equal(channel_send_build(w.channel, &m, 0, STR_NONE, w.arena, &call), W_EINVAL);
	world_done(&w);
}

static void
channel_send__a_call_that_lacks_something_is_not_made(void **state)
{
	struct world w;
	struct channel_account account = world_account();
	struct channel_message m = message();
	struct wire_request call;

	(void)state;
	assert_true(world_channel(
		&w,
		"wasl: 1\ndialect: x\nsettings: {base_url: {type: url}, username: {}, sender: "
		"{optional: true}}\nsecrets: {key: {}}\nsend:\n  call: POST {channel.base_url}/x\n"
		"  form: {from: \"{channel.sender}\", ref: \"{ref}\"}\n"
		"  answer: {code: body, verdicts: {ok: accepted}}\n",
		&account));
	assert_int_equal(channel_send_build(w.channel, &m, 0, STR_NONE, w.arena, &call), W_EINVAL);
	world_done(&w);
}

static void
channel_send__a_header_cannot_be_split(void **state)
{
	struct world w;
	struct channel_account account = world_account();
	struct channel_message m = message();
	struct wire_request call;

	(void)state;
	m.text = STR_LIT("a\r\nX-Evil: 1");
	assert_true(world_channel(
		&w,
		"wasl: 1\ndialect: x\nsettings: {base_url: {type: url}, username: {}}\n"
		"secrets: {key: {}}\nsend:\n  call: POST {channel.base_url}/x/{text}\n"
		"  headers: {X-Text: \"{text}\"}\n  text: \"{ref}\"\n"
		"  answer: {code: body, verdicts: {ok: accepted}}\n",
		&account));
	assert_int_equal(channel_send_build(w.channel, &m, 0, STR_NONE, w.arena, &call), 0);
	assert_true(str_is(wire_header(call.headers, call.n_headers, "X-Text"), "a  X-Evil: 1"));
	assert_true(str_is(call.url, "https://api.example/x/a%0D%0AX-Evil%3A%201"));
	world_done(&w);
}

static void
channel_send__hosts_are_read_from_whole_urls_only(void **state)
{
	static const struct {
		const char *url, *host;
		bool https;
		uint16_t port;
	} rows[] = {
		{"https://api.example/x", "api.example", true, 443},
		{"HTTP://localhost:13013/cgi-bin/sendsms?x=1", "localhost", false, 13013},
		{"http://[::1]:8080/", "::1", false, 8080},
		{"https://api.example", "api.example", true, 443},
		{"https://user:pass@api.example/", NULL, false, 0},
		{"https://api.example:0/", NULL, false, 0},
		{"https://api.example:99999/", NULL, false, 0},
		{"ftp://api.example/", NULL, false, 0},
		{"https://a b/", NULL, false, 0},
		{"//api.example/", NULL, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool https = false;
		uint16_t port = 0;
		struct str host = channel_url_host(str_of(rows[i].url), &https, &port);

		if (rows[i].host == NULL) {
			assert_int_equal(host.n, 0);
			continue;
		}
		assert_true(str_is(host, rows[i].host));
		assert_int_equal(https, rows[i].https);
		assert_int_equal(port, rows[i].port);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_send__a_status_alone_means_what_it_proves),
		cmocka_unit_test(channel_send__an_unreadable_answer_is_uncertain),
		cmocka_unit_test(channel_send__entries_that_disagree_are_uncertain),
		cmocka_unit_test(
			channel_send__the_longest_prefix_wins_and_the_exact_word_before_it),
		cmocka_unit_test(channel_send__of_two_prefixes_the_longer_decides),
		cmocka_unit_test(channel_send__retry_after_is_the_pause),
		cmocka_unit_test(channel_send__optional_settings_leave_their_parameter_out),
		cmocka_unit_test(channel_send__several_numbers_need_join),
		cmocka_unit_test(channel_send__a_call_that_lacks_something_is_not_made),
		cmocka_unit_test(channel_send__a_header_cannot_be_split),
		cmocka_unit_test(channel_send__hosts_are_read_from_whole_urls_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
