#include "outbox/outbox_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_outbox_server.h"
#include "test_remind_bench.h"

/* Tokens: when one is asked for, how long it serves, what becomes of a refused one. */

#define MONDAY "2026-11-23T10:00:00"
#define SAYS(status, length, body)                                                         \
	"HTTP/1.1 " status "\r\nContent-Type: application/json\r\nContent-Length: " length \
	"\r\n\r\n" body
static const char login_one[] = SAYS("200 OK", "27", "{\"token\":\"one\",\"life\":3600}");
static const char login_two[] = SAYS("200 OK", "27", "{\"token\":\"two\",\"life\":3600}");
static const char login_brief[] = SAYS("200 OK", "24", "{\"token\":\"one\",\"life\":1}");
static const char taken[] = SAYS("201 Created", "11", "{\"id\":\"X1\"}");
static const char over[] = SAYS("401 Over", "2", "{}");
static const char down[] = SAYS("503 Down", "2", "{}");

static const char dialect[] =
	"wasl: 1\ndialect: x\nsettings: {base_url: {type: url}}\nsecrets: {key: {}}\n"
	"report: {on: POST /dlr, id: json.id, state: json.state}\n"
	"token: {call: \"POST {channel.base_url}/token\", basic: \"me:{secret.key}\",\n"
	"  form: {grant_type: client_credentials}, take: {token: json.token, life: json.life}}\n"
	"setup: {call: \"POST {channel.base_url}/setup\",\n"
	"  headers: {Authorization: \"Bearer {token}\"}, form: {to: \"{url.report}\"}}\n"
	"send: {call: \"POST {channel.base_url}/send\",\n"
	"  headers: {Authorization: \"Bearer {token}\"}, form: {to: \"{to}\", text: \"{text}\"},\n"
	"  answer: {id: json.id, code: http, verdicts: {\"201\": accepted}}}\n";

struct out {
	struct bench *b;
	struct server *server;
	struct arena *arena;
	struct dialect *dialect;
	struct channel *channel;
	struct outbox *outbox;
	int setup_rc, setups;
};

static struct channel *
channel_of(void *ctx, struct str name)
{
	struct out *o = ctx;

	return str_is(name, "x-1") ? o->channel : NULL;
}

static void
open_channel(struct out *o)
{
	struct err *err = err_new();
	const struct channel_setting settings[] = {
		{"base_url",
		 str_of(arena_printf(o->arena, "http://127.0.0.1:%d", o->server->port))}};
	const struct channel_secret secrets[] = {{"key", {STR_LIT("k"), STR_NONE}}};
	const struct channel_account account = {.name = "x-1",
						.centre = "CAS",
						.code = "*000#",
						.path_secrets = {STR_LIT("0123456789abcdef")},
						.settings = settings,
						.n_settings = 1,
						.secrets = secrets,
						.n_secrets = 1,
						.public_url = STR_LIT("https://wasl.example"),
						.file = "wasl.yaml"};

	if (dialect_load_text("x.yaml", str_of(dialect), o->arena, &o->dialect, err) != W_OK ||
	    channel_new(o->dialect, &account, &o->channel, err) != W_OK)
		bench_say(err);
	err_free(err);
}

static int
setup(void **state)
{
	struct out *o = xcalloc(1, sizeof(*o));

	o->b = bench_new(MONDAY);
	o->arena = arena_new(0);
	o->server = server_start();
	open_channel(o);
	*state = o;
	return 0;
}

static int
teardown(void **state)
{
	struct out *o = *state;

	outbox_free(o->outbox);
	bench_free(o->b);
	server_stop(o->server);
	channel_free(o->channel);
	dialect_free(o->dialect);
	arena_free(o->arena);
	free(o);
	return 0;
}

static void
open_outbox(struct out *o)
{
	const struct outbox_options options = {.loop = o->b->loop,
					       .store = o->b->store,
					       .work = o->b->work,
					       .rules = o->b->rules,
					       .remind = o->b->remind,
					       .channel_of = channel_of,
					       .ctx = o,
					       .connect_ms = 2000,
					       .answer_ms = 400,
					       .retry_ms = 50};

	o->outbox = outbox_new(&options);
	bench_settle(o->b);
}

static int64_t
put_message(struct out *o, int64_t person, const char *occurrence)
{
	struct store_job *job = store_job_new(o->b->store);
	const int64_t id = store_next(o->b->store, NEXT_OUTBOX);
	const struct row_outbox row = {
		.id = id,
		.person = person,
		.created_at = clock_now(),
		.send_after = clock_now(),
		.expires_at = clock_now() + 10 * HOUR_S,
		.rule = STR_LIT("weekly_checkin"),
		.occurrence = str_of(occurrence),
		.channel = STR_LIT("x-1"),
		.template_id = STR_LIT("T02"),
		.lang = STR_LIT("fr"),
		.coding = STR_LIT("GSM7"),
		.parts = 1,
		.state = STR_LIT("queued"),
		.phone = bench_seal(o->b, job, "outbox", "phone", id, person, person_ary),
		.text = bench_seal(o->b, job, "outbox", "text", id, person, "hello"),
	};

	put_outbox(job, &row);
	bench_commit(o->b, job);
	return id;
}

static const struct bench_person usual = {0};

static struct row_outbox
row_of(struct out *o, int64_t id)
{
	struct row_outbox row = {0};

	assert_int_equal(read_outbox(store_loop_reader(o->b->store), id, o->arena, &row), W_OK);
	return row;
}

static void
turn(struct out *o)
{
	store_flush(o->b->store);
	loop_once(o->b->loop, false);
	usleep(500);
}

static void
wait_state(struct out *o, int64_t id, const char *state)
{
	const int64_t until = clock_mono_ms() + 10000;

	while (!str_is(row_of(o, id).state, state)) {
		if (clock_mono_ms() > until)
			fail_msg("waited for %s, is %.*s", state, STR_ARG(row_of(o, id).state));
		turn(o);
	}
}

static void
wait_stopped(struct out *o, const char *why)
{
	const int64_t until = clock_mono_ms() + 10000;

	while (outbox_channel_stopped(o->outbox, STR_LIT("x-1")) == NULL) {
		assert_true(clock_mono_ms() < until);
		turn(o);
	}
	assert_string_equal(outbox_channel_stopped(o->outbox, STR_LIT("x-1")), why);
}

static void
outbox_login__message_waits_for_the_token_and_carries_it(void **state)
{
	struct out *o = *state;
	int64_t id = put_message(o, bench_person(o->b, &usual), "2026-11-23");

	server_next(o->server, ACT_ANSWER, login_one);
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id, "accepted");
	assert_int_equal(o->server->heads, 2);
	assert_int_equal(row_of(o, id).tries, 1);
	assert_non_null(strstr(o->server->last_head, "Authorization: Bearer one\r\n"));
}

static void
outbox_login__one_token_serves_many_messages(void **state)
{
	struct out *o = *state;
	int64_t person = bench_person(o->b, &usual);
	int64_t a = put_message(o, person, "2026-11-23"), b = put_message(o, person, "2026-11-24");

	server_next(o->server, ACT_ANSWER, login_one);
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, a, "accepted");
	outbox_channel_release(o->outbox, STR_LIT("x-1")); /* the pace is not what is asked here */
	wait_state(o, b, "accepted");
	assert_int_equal(o->server->heads, 3);
}

static void
outbox_login__refused_token_is_renewed_once_and_the_message_goes_again(void **state)
{
	struct out *o = *state;
	int64_t id = put_message(o, bench_person(o->b, &usual), "2026-11-23");

	server_next(o->server, ACT_ANSWER, login_one);
	server_next(o->server, ACT_ANSWER, over);
	server_next(o->server, ACT_ANSWER, login_two);
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id, "accepted");
	assert_int_equal(o->server->heads, 4);
	assert_non_null(strstr(o->server->last_head, "Bearer two"));
	assert_int_equal(row_of(o, id).tries, 2);
	assert_true(str_is(row_of(o, id).provider_id, "X1"));
}

static void
outbox_login__two_refused_tokens_stop_the_channel(void **state)
{
	struct out *o = *state;
	int64_t id = put_message(o, bench_person(o->b, &usual), "2026-11-23");

	server_next(o->server, ACT_ANSWER, login_one);
	server_next(o->server, ACT_ANSWER, over);
	server_next(o->server, ACT_ANSWER, login_two);
	server_next(o->server, ACT_ANSWER, over);
	open_outbox(o);
	wait_stopped(o, "login");
	for (int i = 0; i < 200; i++)
		turn(o);
	assert_int_equal(o->server->heads, 4);
	assert_true(str_is(row_of(o, id).state, "queued"));
}

static void
outbox_login__denied_login_stops_the_channel_until_released(void **state)
{
	struct out *o = *state;
	int64_t id = put_message(o, bench_person(o->b, &usual), "2026-11-23");

	server_next(o->server, ACT_ANSWER, over);
	server_next(o->server, ACT_ANSWER, login_one);
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_stopped(o, "denied");
	while (row_of(o, id).send_after <= clock_now()) /* it has been put aside */
		turn(o);
	assert_int_equal(row_of(o, id).tries, 0);
	assert_int_equal(o->server->heads, 1);
	outbox_channel_release(o->outbox, STR_LIT("x-1"));
	wait_state(o, id, "accepted");
}

static void
outbox_login__login_that_fails_for_now_is_asked_for_again(void **state)
{
	struct out *o = *state;
	int64_t id = put_message(o, bench_person(o->b, &usual), "2026-11-23");

	server_next(o->server, ACT_ANSWER, down);
	server_next(o->server, ACT_CLOSE, NULL);
	server_next(o->server, ACT_ANSWER, login_one);
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id, "accepted");
	assert_int_equal(o->server->heads, 4);
	assert_int_equal(row_of(o, id).tries, 1);
}

/* ---- The life of a token, without a network ---- */

static struct lane *
lane_with(struct out *o, int64_t renew_ms, int64_t ends_ms)
{
	struct lane *lane = outbox_lane(o->outbox, STR_LIT("x-1"));

	lane->login.arena = arena_new(0);
	lane->login.token = arena_str(lane->login.arena, STR_LIT("one"));
	lane->login.number = 1;
	lane->login.renew_ms = clock_mono_ms() + renew_ms;
	lane->login.ends_ms = clock_mono_ms() + ends_ms;
	return lane;
}

static void
outbox_login__from_four_fifths_on_the_old_one_serves_while_one_is_asked_for(void **state)
{
	struct out *o = *state;
	int64_t wait_ms = 1000;

	server_next(o->server, ACT_HANG, NULL);
	open_outbox(o);
	struct lane *lane = lane_with(o, 60000, 120000);
	assert_true(outbox_login_ready(o->outbox, lane, o->channel, &wait_ms));
	assert_null(lane->login.asking);
	lane->login.renew_ms = clock_mono_ms() - 1;
	assert_true(outbox_login_ready(o->outbox, lane, o->channel, &wait_ms));
	assert_non_null(lane->login.asking);
	struct asking *first = lane->login.asking;
	assert_true(outbox_login_ready(o->outbox, lane, o->channel, &wait_ms));
	assert_ptr_equal(lane->login.asking, first); /* one call at a time */
	lane->login.ends_ms = clock_mono_ms() - 1;
	assert_false(outbox_login_ready(o->outbox, lane, o->channel, &wait_ms));
}

static void
outbox_login__life_counts_from_the_call(void **state)
{
	struct out *o = *state;
	int64_t wait_ms = 1000;

	server_next(o->server, ACT_ANSWER, login_brief);
	open_outbox(o);
	struct lane *lane = outbox_lane(o->outbox, STR_LIT("x-1"));
	const int64_t before = clock_mono_ms();
	assert_false(outbox_login_ready(o->outbox, lane, o->channel, &wait_ms));
	while (lane->login.asking != NULL)
		turn(o);
	assert_true(str_is(lane->login.token, "one"));
	assert_int_equal(lane->login.ends_ms - lane->login.renew_ms, 200);
	assert_in_range(lane->login.ends_ms, before + 1000, before + 1050);
}

static void
outbox_login__refusal_of_an_older_token_costs_no_login(void **state)
{
	struct login l = {.number = 7, .twice = true};

	(void)state;
	assert_true(outbox_login_refused(&l, 6));
	assert_int_equal(l.number, 7);
	assert_false(outbox_login_refused(&l, 7));
}

/* ---- Setup ---- */

static void
on_setup(void *arg, int rc)
{
	struct out *o = arg;

	o->setup_rc = rc;
	o->setups++;
}

static void
outbox_login__setup_logs_in_first(void **state)
{
	struct out *o = *state;

	server_next(o->server, ACT_ANSWER, login_one);
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	outbox_setup(o->outbox, STR_LIT("x-1"), on_setup, o);
	outbox_setup(o->outbox, STR_LIT("x-2"), on_setup, o);
	assert_int_equal(o->setup_rc, W_ENOENT);
	outbox_setup(o->outbox, STR_LIT("x-1"), on_setup, o);
	assert_int_equal(o->setup_rc, W_EBUSY);
	while (o->setups < 3)
		turn(o);
	assert_int_equal(o->setup_rc, W_OK);
	assert_non_null(strstr(o->server->last_head, "POST /setup"));
	assert_non_null(strstr(o->server->last_head, "Bearer one"));
	assert_non_null(strstr(o->server->last_body, "wasl.example%2Fc%2Fx-1%2F"));
}

static void
outbox_login__setup_tells_a_denied_login(void **state)
{
	struct out *o = *state;

	server_next(o->server, ACT_ANSWER, over);
	open_outbox(o);
	outbox_setup(o->outbox, STR_LIT("x-1"), on_setup, o);
	while (o->setups < 1)
		turn(o);
	assert_int_equal(o->setup_rc, W_EDENIED);
}

static void
outbox_login__setup_under_way_is_told_at_the_end(void **state)
{
	struct out *o = *state;

	server_next(o->server, ACT_HANG, NULL);
	open_outbox(o);
	outbox_setup(o->outbox, STR_LIT("x-1"), on_setup, o);
	outbox_free(o->outbox);
	o->outbox = NULL;
	assert_int_equal(o->setup_rc, W_EIO);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(outbox_login__message_waits_for_the_token_and_carries_it),
		TEST(outbox_login__one_token_serves_many_messages),
		TEST(outbox_login__refused_token_is_renewed_once_and_the_message_goes_again),
		TEST(outbox_login__two_refused_tokens_stop_the_channel),
		TEST(outbox_login__denied_login_stops_the_channel_until_released),
		TEST(outbox_login__login_that_fails_for_now_is_asked_for_again),
		TEST(outbox_login__from_four_fifths_on_the_old_one_serves_while_one_is_asked_for),
		TEST(outbox_login__life_counts_from_the_call),
		TEST(outbox_login__refusal_of_an_older_token_costs_no_login),
		TEST(outbox_login__setup_logs_in_first),
		TEST(outbox_login__setup_tells_a_denied_login),
		TEST(outbox_login__setup_under_way_is_told_at_the_end),
	};

	return cmocka_run_group_tests(tests, zic_setup, zic_teardown);
}
