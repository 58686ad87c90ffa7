#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_channel_world.h"

static const char dialect[] =
	"wasl: 1\ndialect: x\nsettings: {base_url: {type: url}, username: {}}\n"
	"secrets: {key: {}}\n"
	"report: {on: POST /dlr, id: json.id, state: json.state}\n"
	"token:\n"
	"  call: \"POST {channel.base_url}/token\"\n"
	"  basic: \"{channel.username}:{secret.key}\"\n"
	"  form: {grant_type: client_credentials}\n"
	"  take: {token: json.access_token, life: json.expires_in}\n"
	"setup:\n"
	"  call: \"POST {channel.base_url}/subscriptions\"\n"
	"  headers: {Authorization: \"Bearer {token}\"}\n"
	"  json: {\"notifyURL\": \"{url.report}\"}\n"
	"send:\n"
	"  call: \"POST {channel.base_url}/send\"\n"
	"  headers: {Authorization: \"Bearer {token}\"}\n"
	"  json: {\"to\": \"{to}\", \"text\": \"{text}\"}\n"
	"  answer: {id: json.id, code: http, verdicts: {\"201\": accepted}}\n";

static void
open_world(struct world *w)
{
	struct channel_account account = world_account();

	assert_true(world_channel(w, dialect, &account));
}

static void
channel_login__token_call_is_a_form_with_basic_credentials(void **state)
{
	struct wire_request req;
	struct world w;

	(void)state;
	open_world(&w);
	assert_true(channel_has_login(w.channel));
	assert_int_equal(channel_login_build(w.channel, 1795000000, w.arena, &req), W_OK);
	assert_int_equal(req.method, WIRE_POST);
	assert_true(str_is(req.url, "https://api.example/token"));
	assert_true(str_is(req.body, "grant_type=client_credentials"));
	assert_true(str_is(wire_header(req.headers, req.n_headers, "Authorization"),
			   "Basic c2FuZGJveDpLRVk="));
	assert_true(str_is(wire_header(req.headers, req.n_headers, "Content-Type"),
			   "application/x-www-form-urlencoded"));
	world_done(&w);
}

static void
channel_login__answer_gives_token_and_life_or_says_why_not(void **state)
{
	static const struct {
		int status;
		const char *body, *token;
		int rc;
		int64_t life;
	} rows[] = {
		{200, "{\"access_token\":\"abc\",\"expires_in\":\"3600\"}", "abc", W_OK, 3600},
		{200, "{\"access_token\":\"abc\",\"expires_in\":3600}", "abc", W_OK, 3600},
		{200, "{\"access_token\":\"abc\"}", "abc", W_OK, 0},
		{200, "{\"access_token\":\"abc\",\"expires_in\":-1}", "abc", W_OK, 0},
		{200, "{\"access_token\":\"abc\",\"expires_in\":99999999999}", "abc", W_OK,
		 90 * 86400},
		{200, "{\"access_token\":\"a b\\r\\nX: y\"}", NULL, W_EPROTO, 0},
		{200, "{\"access_token\":\"\"}", NULL, W_EPROTO, 0},
		{200, "{\"access_token\":", NULL, W_EPROTO, 0},
		{200, "", NULL, W_EPROTO, 0},
		{400, "{\"error\":\"invalid_client\"}", NULL, W_EDENIED, 0},
		{401, "", NULL, W_EDENIED, 0},
		{429, "", NULL, W_EPROTO, 0},
		{503, "", NULL, W_EPROTO, 0},
		{302, "", NULL, W_EPROTO, 0},
	};
	struct world w;

	(void)state;
	open_world(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct wire_answer got = {.status = rows[i].status,
						.type = STR_LIT("application/json"),
						.body = str_of(rows[i].body)};
		struct channel_login login;

		assert_int_equal(channel_login_read(w.channel, &got, w.arena, &login), rows[i].rc);
		if (rows[i].rc != W_OK)
			continue;
		assert_true(str_is(login.token, rows[i].token));
		assert_int_equal(login.life_s, rows[i].life);
	}
	world_done(&w);
}

static void
channel_login__token_stands_in_the_message(void **state)
{
	const struct channel_message msg = {.phone = {"+212612345678"}, .text = STR_LIT("1")};
	struct wire_request req;
	struct world w;

	(void)state;
	open_world(&w);
	assert_int_equal(channel_send_build(w.channel, &msg, 0, STR_NONE, w.arena, &req), W_EINVAL);
	assert_int_equal(channel_send_build(w.channel, &msg, 0, STR_LIT("abc"), w.arena, &req),
			 W_OK);
	assert_true(str_is(wire_header(req.headers, req.n_headers, "Authorization"), "Bearer abc"));
	world_done(&w);
}

static void
channel_login__unauthorized_means_renew_where_there_is_a_token(void **state)
{
	const struct channel_message msg = {.phone = {"+212612345678"}, .text = STR_LIT("1")};
	const struct wire_answer got = {.status = 401};
	struct channel_verdict v;
	struct world w;

	(void)state;
	open_world(&w);
	channel_send_read(w.channel, &got, &msg, w.arena, &v);
	assert_int_equal(v.said, SAID_RENEW);
	world_done(&w);
}

static void
channel_login__setup_tells_them_our_address(void **state)
{
	struct wire_request req;
	struct world w;

	(void)state;
	open_world(&w);
	assert_true(channel_has_setup(w.channel));
	assert_int_equal(channel_setup_build(w.channel, 0, STR_LIT("abc"), w.arena, &req), W_OK);
	assert_true(str_is(req.body, "{\"notifyURL\":\"https://wasl.example/c/at-1/"
				     "0123456789abcdef/dlr\"}"));
	assert_int_equal(channel_setup_read(&(struct wire_answer){.status = 201}), W_OK);
	assert_int_equal(channel_setup_read(&(struct wire_answer){.status = 403}), W_EDENIED);
	assert_int_equal(channel_setup_read(&(struct wire_answer){.status = 500}), W_EPROTO);
	world_done(&w);
}

static void
channel_login__dialect_without_them_has_neither(void **state)
{
	struct wire_request req;
	struct world w;

	(void)state;
	world_shipped(&w);
	assert_false(channel_has_login(w.channel) || channel_has_setup(w.channel));
	assert_int_equal(channel_login_build(w.channel, 0, w.arena, &req), W_ENOENT);
	assert_int_equal(channel_setup_build(w.channel, 0, STR_NONE, w.arena, &req), W_ENOENT);
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_login__token_call_is_a_form_with_basic_credentials),
		cmocka_unit_test(channel_login__answer_gives_token_and_life_or_says_why_not),
		cmocka_unit_test(channel_login__token_stands_in_the_message),
		cmocka_unit_test(channel_login__unauthorized_means_renew_where_there_is_a_token),
		cmocka_unit_test(channel_login__setup_tells_them_our_address),
		cmocka_unit_test(channel_login__dialect_without_them_has_neither),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
