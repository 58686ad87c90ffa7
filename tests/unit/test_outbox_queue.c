#include "outbox/outbox_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_outbox_server.h"
#include "test_remind_bench.h"

#define MONDAY "2026-11-23T10:00:00"

/* What Africa's Talking says to a message to +212600000011. */
#define SAYS(status, length, code, id)                                                            \
	"HTTP/1.1 " status "\r\nContent-Type: application/json\r\nContent-Length: " length        \
	"\r\n\r\n{\"SMSMessageData\":{\"Message\":\"Sent\",\"Recipients\":[{\"statusCode\":" code \
	",\"number\":\"+212600000011\",\"status\":\"x\",\"messageId\":\"" id "\"}]}}"
static const char taken[] = SAYS("201 Created", "131", "101", "ATXid_1");
static const char refused[] = SAYS("201 Created", "128", "403", "None");
static const char held[] = SAYS("201 Created", "128", "405", "None");
static const char down[] = "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n";
static const char denied[] = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n";
static const char too_fast[] = "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n";

/* The bench of the reminders, with a way out. */
struct out {
	struct bench *b;
	struct server *server;
	struct arena *arena;
	struct dialect *dialect;
	struct channel *channel;
	struct outbox *outbox;
	bool off;
	int reported, report_rc;
};

static struct channel *
channel_of(void *ctx, struct str name)
{
	struct out *o = ctx;

	return !o->off && str_is(name, "at-1") ? o->channel : NULL;
}

static void
open_channel(struct out *o)
{
	struct err *err = err_new();
	const struct channel_setting settings[] = {
		{"base_url",
		 str_of(arena_printf(o->arena, "http://127.0.0.1:%d", o->server->port))},
		{"username", STR_LIT("sandbox")},
	};
	const struct channel_secret secrets[] = {{"key", {STR_LIT("k"), STR_NONE}}};
	const struct channel_account account = {.name = "at-1",
						.centre = "CAS",
						.code = "*000#",
						.path_secrets = {STR_LIT("0123456789abcdef")},
						.settings = settings,
						.n_settings = ARRAY_LEN(settings),
						.secrets = secrets,
						.n_secrets = 1,
						.public_url = STR_LIT("https://wasl.example"),
						.file = "wasl.yaml"};

	if (dialect_load(WASL_SOURCE_DIR "/contrib/dialects/africastalking.yaml", o->arena,
			 &o->dialect, err) != W_OK ||
	    channel_new(o->dialect, &account, &o->channel, err) != W_OK)
		bench_say(err);
	err_free(err);
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
					       .retry_ms = 1000};

	o->outbox = outbox_new(&options);
	bench_settle(o->b);
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

/* ---- Rows ---- */

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
		.channel = STR_LIT("at-1"),
		.template_id = STR_LIT("T02"),
		.lang = STR_LIT("fr"),
		.coding = STR_LIT("GSM7"),
		.parts = 1,
		.state = STR_LIT("queued"),
		.phone = bench_seal(o->b, job, "outbox", "phone", id, person, person_ary),
		.text = bench_seal(o->b, job, "outbox", "text", id, person, "hello & co"),
	};

	put_outbox(job, &row);
	bench_commit(o->b, job);
	return id;
}

static const struct bench_person usual = {0};

static int64_t
message(struct out *o)
{
	return put_message(o, bench_person(o->b, &usual), "2026-11-23");
}

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

/* The loop turns until the row is there, or the test has failed. */
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
wait_bodies(struct out *o, int n)
{
	const int64_t until = clock_mono_ms() + 10000;

	while (atomic_load(&o->server->bodies) < n) {
		assert_true(clock_mono_ms() < until);
		turn(o);
	}
}

/* Nothing more happens, however often it is woken and however late it gets. */
static void
expect_no_more(struct out *o, int heads)
{
	for (int i = 0; i < 10; i++) {
		clock_freeze(clock_now() + 60);
		outbox_wake(o->outbox);
		for (int k = 0; k < 5; k++)
			turn(o);
	}
	assert_int_equal(o->server->heads, heads);
}

/* The queue has looked, and says why nothing leaves. */
static void
expect_paused(struct out *o, const char *why)
{
	while (outbox_paused(o->outbox) == NULL)
		turn(o);
	assert_string_equal(outbox_paused(o->outbox), why);
}

/* ---- What an answer does ---- */

static void
outbox_queue__accepted_message_keeps_their_id(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id, "accepted");
	const struct row_outbox row = row_of(o, id);
	assert_true(str_is(row.provider_id, "ATXid_1"));
	assert_true(str_is(row.word, "101"));
	assert_int_equal(row.tries, 1);
	assert_int_equal(row.ref.n, 32);
	assert_non_null(strstr(o->server->last_body, "to=%2B212600000011"));
	assert_non_null(strstr(o->server->last_body, "message=hello+%26+co"));
	expect_no_more(o, 1);
}

static void
outbox_queue__refused_message_is_final(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_ANSWER, refused);
	open_outbox(o);
	wait_state(o, id, "rejected");
	expect_no_more(o, 1);
}

static void
uncertain_and_never_again(struct out *o, enum act act, const char *answer)
{
	int64_t id = message(o);

	server_next(o->server, act, answer);
	open_outbox(o);
	wait_state(o, id, "uncertain");
	assert_int_equal(o->server->bodies, 1);
	expect_no_more(o, 1);
	assert_true(str_is(row_of(o, id).state, "uncertain"));
}

static void
outbox_queue__server_error_is_uncertain(void **state)
{
	uncertain_and_never_again(*state, ACT_ANSWER, down);
}

static void
outbox_queue__answer_nobody_named_success_is_uncertain(void **state)
{
	uncertain_and_never_again(*state, ACT_ANSWER,
				  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
				  "\r\nok");
}

static void
outbox_queue__redirect_is_no_success_and_not_followed(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_ANSWER,
		    arena_printf(o->arena,
				 "HTTP/1.1 307 There\r\nLocation: http://127.0.0.1:%d/\r\n"
				 "Content-Length: 0\r\n\r\n",
				 o->server->port));
	open_outbox(o);
	wait_state(o, id, "uncertain");
	expect_no_more(o, 1);
}

static void
outbox_queue__reset_after_the_request_is_uncertain(void **state)
{
	uncertain_and_never_again(*state, ACT_RESET, NULL);
}

static void
outbox_queue__close_after_the_request_is_uncertain(void **state)
{
	uncertain_and_never_again(*state, ACT_CLOSE, NULL);
}

static void
outbox_queue__silence_is_uncertain(void **state)
{
	uncertain_and_never_again(*state, ACT_HANG, NULL);
}

static void
outbox_queue__refused_connection_is_tried_again_later(void **state)
{
	struct out *o = *state;
	int port = o->server->port;
	int64_t id = message(o);

	server_stop(o->server);
	open_outbox(o);
	const int64_t until = clock_mono_ms() + 10000;
	while (row_of(o, id).tries == 0 || !str_is(row_of(o, id).state, "queued")) {
		assert_true(clock_mono_ms() < until);
		turn(o);
	}
	const struct str first_ref = row_of(o, id).ref;
	assert_true(row_of(o, id).send_after > clock_now());
	o->server = server_start_at(port);
	server_next(o->server, ACT_ANSWER, taken);
	clock_freeze(clock_now() + 5);
	outbox_wake(o->outbox);
	wait_state(o, id, "accepted");
	assert_int_equal(row_of(o, id).tries, 2);
	assert_true(str_eq(row_of(o, id).ref, first_ref));
	assert_int_equal(o->server->bodies, 1);
}

static void
outbox_queue__private_address_gets_nothing(void **state)
{
	struct out *o = *state;
	struct net_range elsewhere;
	int64_t id = message(o);

	assert_int_equal(net_range_parse(STR_LIT("10.0.0.0/8"), &elsewhere), W_OK);
	o->b->channel.plain_http_to = (struct net_ranges){&elsewhere, 1};
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	while (row_of(o, id).tries == 0 || !str_is(row_of(o, id).state, "queued"))
		turn(o);
	assert_int_equal(o->server->heads, 0);
}

static void
outbox_queue__closed_connection_between_two_costs_nothing(void **state)
{
	struct out *o = *state;
	int64_t p = bench_person(o->b, &usual), first = put_message(o, p, "2026-11-23"), second;

	server_next(o->server, ACT_ANSWER_CLOSE, taken);
	open_outbox(o);
	wait_state(o, first, "accepted");
	while (atomic_load(&o->server->connections) > 0)
		turn(o);
	second = put_message(o, p, "2026-11-30");
	outbox_wake(o->outbox);
	wait_state(o, second, "accepted");
	assert_int_equal(o->server->bodies, 2);
}

/* ---- A crash ---- */

static void
outbox_queue__claimed_row_of_an_earlier_life_is_uncertain(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);
	struct store_job *job = store_job_new(o->b->store);

	set_outbox_claimed(job, id, STR_LIT("00112233445566778899aabbccddeeff"), clock_now());
	bench_commit(o->b, job);
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id, "uncertain");
	expect_no_more(o, 0);
}

static void
outbox_queue__crash_between_claim_and_answer_sends_no_second_time(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_HANG, NULL);
	open_outbox(o);
	wait_bodies(o, 1);
	outbox_free(o->outbox); /* what a kill leaves: the claim, and nothing after it */
	o->outbox = NULL;
	bench_close_store(o->b);
	bench_open_store(o->b);
	assert_true(str_is(row_of(o, id).state, "claimed"));
	open_outbox(o);
	wait_state(o, id, "uncertain");
	expect_no_more(o, 1);
}

static void
outbox_queue__claim_is_durable_before_a_byte_leaves(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_GATED, taken);
	open_outbox(o);
	wait_bodies(o, 1);
	assert_true(str_is(row_of(o, id).state, "claimed"));
	atomic_store(&o->server->gate, true);
	wait_state(o, id, "accepted");
}

static void
outbox_queue__stop_lets_the_present_one_end(void **state)
{
	struct out *o = *state;
	int64_t p = bench_person(o->b, &usual), id = put_message(o, p, "2026-11-23"), late;

	server_next(o->server, ACT_GATED, taken);
	open_outbox(o);
	wait_bodies(o, 1);
	outbox_stop(o->outbox);
	late = put_message(o, p, "2026-11-30");
	assert_int_equal(outbox_in_flight(o->outbox), 1);
	atomic_store(&o->server->gate, true);
	wait_state(o, id, "accepted");
	expect_no_more(o, 1);
	assert_int_equal(outbox_in_flight(o->outbox), 0);
	assert_true(str_is(row_of(o, late).state, "queued"));
	assert_string_equal(outbox_paused(o->outbox), "stopped");
}

/* ---- Checked again at the moment of sending ---- */

static void
outbox_queue__no_open_hour_before_its_end_is_expired(void **state)
{
	struct out *o = *state;

	clock_freeze(zic_instant("2026-11-23T20:30:00"));
	int64_t id = put_message(o, bench_person(o->b, &usual), "x");
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	/* its ten hours of life end at 06:30, before the hours begin */
	wait_state(o, id, "expired");
	expect_no_more(o, 0);
}

static void
outbox_queue__friday_pause_delays_to_its_end(void **state)
{
	struct out *o = *state;

	clock_freeze(zic_instant("2026-11-27T12:30:00"));
	int64_t id = put_message(o, bench_person(o->b, &usual), "x");
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	while (row_of(o, id).send_after <= clock_now())
		turn(o);
	assert_int_equal(row_of(o, id).send_after, zic_instant("2026-11-27T14:30:00"));
	assert_int_equal(o->server->heads, 0);
	clock_freeze(zic_instant("2026-11-27T14:30:00"));
	outbox_wake(o->outbox);
	wait_state(o, id, "accepted");
}

static void
outbox_queue__too_late_is_expired(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	clock_freeze(clock_now() + 10 * HOUR_S);
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id, "expired");
	assert_int_equal(o->server->heads, 0);
}

static void
suppressed(struct out *o, int64_t id, const char *why)
{
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id, "suppressed");
	assert_true(str_is(row_of(o, id).word, why));
	expect_no_more(o, 0);
}

static void
outbox_queue__stop_in_the_meantime_suppresses(void **state)
{
	struct out *o = *state;
	int64_t p = bench_person(o->b, &usual), id = put_message(o, p, "x");

	bench_consent(o->b, p, "sms_stopped");
	suppressed(o, id, "consent");
}

static void
outbox_queue__wrong_person_in_the_meantime_suppresses(void **state)
{
	struct out *o = *state;
	int64_t p = bench_person(o->b, &usual), id = put_message(o, p, "x");
	struct store_job *job = store_job_new(o->b->store);

	set_link_status(job, p, STR_LIT("wrong_person"), clock_now());
	bench_commit(o->b, job);
	suppressed(o, id, "number");
}

static void
outbox_queue__new_number_in_the_meantime_suppresses(void **state)
{
	const struct bench_person moved = {.phone = "+212600000099"};
	struct out *o = *state;

	suppressed(o, put_message(o, bench_person(o->b, &moved), "x"), "number");
}

static void
outbox_queue__person_who_left_is_suppressed(void **state)
{
	const struct bench_person left = {.status = "left"};
	struct out *o = *state;

	suppressed(o, put_message(o, bench_person(o->b, &left), "x"), "inactive");
}

static void
outbox_queue__four_a_day_and_no_more(void **state)
{
	struct out *o = *state;
	int64_t p = bench_person(o->b, &usual), id[5];
	char occurrence[] = "a";

	for (size_t i = 0; i < ARRAY_LEN(id); i++, occurrence[0]++)
		id[i] = put_message(o, p, occurrence);
	server_next(o->server, ACT_ANSWER, taken);
	o->b->channel.pace = 20; /* one after another, so that each sees those before */
	open_outbox(o);
	wait_state(o, id[4], "suppressed");
	assert_true(str_is(row_of(o, id[4]).word, "enough-today"));
	assert_int_equal(o->server->bodies, 4);
}

/* ---- An aggregator whose answer says that the person wants no more ---- */

static const char tiny[] =
	"wasl: 1\n"
	"dialect: tiny\n"
	"settings: {base_url: {type: url}}\n"
	"send:\n"
	"  call: GET {channel.base_url}/send\n"
	"  query: {to: \"{to}\", text: \"{text}\", ref: \"{ref}\"}\n"
	"  answer: {code: body, verdicts: {ok: accepted, stop: optout, wait: again}}\n";

static void
speak_tiny(struct out *o)
{
	struct err *err = err_new();
	const struct channel_setting base = {
		"base_url", str_of(arena_printf(o->arena, "http://127.0.0.1:%d", o->server->port))};
	const struct channel_account account = {.name = "at-1",
						.centre = "CAS",
						.code = "*000#",
						.path_secrets = {STR_LIT("0123456789abcdef")},
						.settings = &base,
						.n_settings = 1,
						.public_url = STR_LIT("https://wasl.example"),
						.file = "wasl.yaml"};

	channel_free(o->channel);
	dialect_free(o->dialect);
	o->channel = NULL;
	if (dialect_load_text("tiny.yaml", str_of(tiny), o->arena, &o->dialect, err) != W_OK ||
	    channel_new(o->dialect, &account, &o->channel, err) != W_OK)
		bench_say(err);
	err_free(err);
}

static void
outbox_queue__stop_told_by_the_aggregator_ends_all_messages(void **state)
{
	struct out *o = *state;
	struct row_consent consent;
	int put_off;
	int64_t p = bench_person(o->b, &usual), first = put_message(o, p, "a"), second;

	speak_tiny(o);
	server_next(o->server, ACT_ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nstop");
	open_outbox(o);
	wait_state(o, first, "rejected");
	assert_int_equal(
		read_consent(store_loop_reader(o->b->store), p, o->arena, &consent, &put_off),
		W_OK);
	assert_true(str_is(consent.kind, "sms_stopped"));
	second = put_message(o, p, "b");
	outbox_wake(o->outbox);
	wait_state(o, second, "suppressed");
	assert_int_equal(o->server->heads, 1);
}

static void
outbox_queue__get_that_gets_no_answer_is_uncertain_and_not_repeated(void **state)
{
	struct out *o = *state;
	int64_t p = bench_person(o->b, &usual), first = put_message(o, p, "a"), second;

	speak_tiny(o);
	server_next(o->server, ACT_ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
	server_next(o->server, ACT_CLOSE, NULL);
	open_outbox(o);
	wait_state(o, first, "accepted");
	second = put_message(o, p, "b");
	outbox_wake(o->outbox);
	wait_state(o, second, "uncertain");
	expect_no_more(o, 2);
	assert_true(str_eq(row_of(o, first).provider_id, row_of(o, first).ref));
}

static void
outbox_queue__reference_stays_the_same_when_tried_again(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	speak_tiny(o);
	server_next(o->server, ACT_ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwait");
	server_next(o->server, ACT_ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
	open_outbox(o);
	while (row_of(o, id).tries == 0 || !str_is(row_of(o, id).state, "queued"))
		turn(o);
	const char *ref = arena_printf(o->arena, "ref=%.*s", STR_ARG(row_of(o, id).ref));
	assert_non_null(strstr(o->server->last_head, ref));
	clock_freeze(clock_now() + 5);
	outbox_wake(o->outbox);
	wait_state(o, id, "accepted");
	assert_int_equal(o->server->heads, 2);
	assert_non_null(strstr(o->server->last_head, ref));
}

/* ---- Channels in trouble ---- */

static void
outbox_queue__denied_stops_the_channel_until_released(void **state)
{
	struct out *o = *state;
	int64_t p = bench_person(o->b, &usual), first = put_message(o, p, "a"), second;

	server_next(o->server, ACT_ANSWER, denied);
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	while (outbox_channel_stopped(o->outbox, STR_LIT("at-1")) == NULL)
		turn(o);
	assert_string_equal(outbox_channel_stopped(o->outbox, STR_LIT("at-1")), "denied");
	second = put_message(o, p, "b");
	expect_no_more(o, 1);
	assert_true(str_is(row_of(o, first).state, "queued"));
	outbox_channel_release(o->outbox, STR_LIT("at-1"));
	wait_state(o, first, "accepted");
	wait_state(o, second, "accepted");
	assert_int_equal(o->server->bodies, 3);
}

static void
outbox_queue__no_credit_holds_the_channel(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_ANSWER, held);
	open_outbox(o);
	while (outbox_channel_stopped(o->outbox, STR_LIT("at-1")) == NULL)
		turn(o);
	assert_string_equal(outbox_channel_stopped(o->outbox, STR_LIT("at-1")), "hold");
	expect_no_more(o, 1);
	assert_true(str_is(row_of(o, id).state, "queued"));
}

static void
outbox_queue__too_fast_slows_the_channel_down(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_ANSWER, too_fast);
	open_outbox(o);
	while (outbox_channel_stopped(o->outbox, STR_LIT("at-1")) == NULL)
		turn(o);
	assert_string_equal(outbox_channel_stopped(o->outbox, STR_LIT("at-1")), "busy");
	expect_no_more(o, 1);
	wait_state(o, id, "queued");
}

static void
outbox_queue__channel_that_is_off_keeps_its_messages(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	o->off = true;
	open_outbox(o);
	while (row_of(o, id).send_after <= clock_now())
		turn(o);
	assert_true(str_is(row_of(o, id).state, "queued"));
	assert_int_equal(row_of(o, id).tries, 0);
}

static void
outbox_queue__pace_parts_messages(void **state)
{
	struct out *o = *state;
	int64_t p = bench_person(o->b, &usual), a = put_message(o, p, "a"),
		b = put_message(o, p, "b");

	server_next(o->server, ACT_ANSWER, taken);
	o->b->channel.pace = 5; /* 200 ms apart */
	const int64_t from = clock_mono_ms();
	open_outbox(o);
	wait_state(o, a, "accepted");
	wait_state(o, b, "accepted");
	assert_true(clock_mono_ms() - from >= 200);
}

static void
outbox_queue__hourly_cap_halts_until_the_hour_is_over(void **state)
{
	struct out *o = *state;
	int64_t p = bench_person(o->b, &usual), a = put_message(o, p, "a"),
		b = put_message(o, p, "b");

	o->b->conf.limits.sms_per_hour = 1;
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, a, "accepted");
	outbox_wake(o->outbox);
	for (int i = 0; i < 5; i++)
		turn(o);
	assert_string_equal(outbox_paused(o->outbox), "hourly cap");
	assert_int_equal(o->server->heads, 1);
	clock_freeze(zic_instant("2026-11-23T11:00:00"));
	outbox_wake(o->outbox);
	wait_state(o, b, "accepted");
}

static void
outbox_queue__cap_by_default_is_three_for_each_enrolled(void **state)
{
	struct out *o = *state;
	int64_t p = bench_person(o->b, &usual), id[4];
	char occurrence[] = "a";

	for (size_t i = 0; i < ARRAY_LEN(id); i++, occurrence[0]++)
		id[i] = put_message(o, p, occurrence);
	o->b->conf.limits.sms_per_hour = o->b->conf.limits.sms_per_day = 0;
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id[2], "accepted");
	expect_no_more(o, 3);
	expect_paused(o, "daily cap");
	assert_true(str_is(row_of(o, id[3]).state, "queued"));
}

static void
outbox_queue__nothing_leaves_on_a_clock_that_went_back(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);
	struct store_job *job = store_job_new(o->b->store);
	const struct remind_guard_options guard = {.loop = o->b->loop, .store = o->b->store};

	put_setting(job, STR_LIT("clock_high"), STR_LIT("1900000000"));
	bench_commit(o->b, job);
	struct remind_guard *g = remind_guard_new(&guard);
	const struct outbox_options options = {.loop = o->b->loop,
					       .store = o->b->store,
					       .work = o->b->work,
					       .guard = g,
					       .channel_of = channel_of,
					       .ctx = o};
	o->outbox = outbox_new(&options);
	expect_no_more(o, 0);
	expect_paused(o, "behind");
	assert_true(str_is(row_of(o, id).state, "queued"));
	remind_guard_free(g);
	outbox_stop(o->outbox);
}

/* ---- What a human may do ---- */

static int
by_hand(struct out *o, int64_t id,
	int (*change)(struct store_job *, const struct row_outbox *, int64_t))
{
	struct store_job *job = store_job_new(o->b->store);
	const struct row_outbox row = row_of(o, id);
	int rc = change(job, &row, clock_now());

	if (rc == W_OK)
		bench_commit(o->b, job);
	else
		store_job_free(job);
	return rc;
}

static void
outbox_queue__human_cancels_what_is_not_claimed(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	assert_int_equal(by_hand(o, id, outbox_cancel), W_OK);
	assert_true(str_is(row_of(o, id).state, "cancelled"));
	assert_int_equal(by_hand(o, id, outbox_cancel), W_EDENIED);
	open_outbox(o);
	expect_no_more(o, 0);
}

static void
outbox_queue__human_repeats_an_uncertain_one(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_ANSWER, down);
	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id, "uncertain");
	assert_int_equal(by_hand(o, id, outbox_retry), W_OK);
	outbox_wake(o->outbox);
	wait_state(o, id, "accepted");
	assert_int_equal(o->server->bodies, 2);
}

static void
outbox_queue__human_says_how_an_uncertain_one_ended(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_ANSWER, down);
	open_outbox(o);
	wait_state(o, id, "uncertain");
	struct store_job *job = store_job_new(o->b->store);
	const struct row_outbox row = row_of(o, id);
	assert_int_equal(outbox_resolve(job, &row, STR_LIT("queued"), 1), W_EINVAL);
	assert_int_equal(outbox_resolve(job, &row, STR_LIT("delivered"), clock_now()), W_OK);
	bench_commit(o->b, job);
	assert_true(str_is(row_of(o, id).state, "delivered"));
}

/* ---- Reports ---- */

static void
on_reported(void *arg, int rc)
{
	struct out *o = arg;

	o->reported++;
	o->report_rc = rc;
}

static void
report(struct out *o, const char *id, struct str ref, enum report_state state)
{
	const struct channel_event ev = {.kind = CHANNEL_REPORT,
					 .id = str_of(id),
					 .ref = ref,
					 .state = state,
					 .word = STR_LIT("Word")};
	const int before = o->reported;

	outbox_report(o->outbox, STR_LIT("at-1"), &ev, on_reported, o);
	const int64_t until = clock_mono_ms() + 10000;
	while (o->reported == before) {
		assert_true(clock_mono_ms() < until);
		turn(o);
	}
	assert_int_equal(o->report_rc, W_OK);
}

static void
outbox_queue__report_moves_forward_and_never_back(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id, "accepted");
	report(o, "ATXid_1", STR_NONE, REPORT_SENT);
	assert_true(str_is(row_of(o, id).state, "accepted"));
	report(o, "ATXid_1", STR_NONE, REPORT_DELIVERED);
	assert_true(str_is(row_of(o, id).state, "delivered"));
	assert_true(row_of(o, id).reported_at != 0);
	report(o, "ATXid_1", STR_NONE, REPORT_SENT);
	report(o, "ATXid_1", STR_NONE, REPORT_FAILED);
	report(o, "ATXid_1", STR_NONE, REPORT_DELIVERED);
	assert_true(str_is(row_of(o, id).state, "delivered"));
}

static void
outbox_queue__report_by_our_reference_resolves_an_uncertain_one(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_HANG, NULL);
	open_outbox(o);
	wait_state(o, id, "uncertain");
	report(o, "theirs", row_of(o, id).ref, REPORT_SENT);
	assert_true(str_is(row_of(o, id).state, "accepted"));
	report(o, "theirs", STR_NONE, REPORT_FAILED); /* their id was kept */
	assert_true(str_is(row_of(o, id).state, "failed"));
}

static void
outbox_queue__unknown_report_is_acknowledged(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);

	server_next(o->server, ACT_ANSWER, taken);
	open_outbox(o);
	wait_state(o, id, "accepted");
	report(o, "nobody's", STR_LIT("nothing"), REPORT_DELIVERED);
	report(o, "ATXid_1", STR_NONE, REPORT_UNKNOWN);
	assert_true(str_is(row_of(o, id).state, "accepted"));
}

static void
outbox_queue__report_that_overtakes_the_answer_waits_for_it(void **state)
{
	struct out *o = *state;
	int64_t id = message(o);
	const struct channel_event ev = {
		.kind = CHANNEL_REPORT, .id = STR_LIT("ATXid_1"), .state = REPORT_DELIVERED};

	server_next(o->server, ACT_GATED, taken);
	open_outbox(o);
	wait_bodies(o, 1);
	outbox_report(o->outbox, STR_LIT("at-1"), &ev, on_reported, o);
	assert_int_equal(o->reported, 0);
	atomic_store(&o->server->gate, true);
	wait_state(o, id, "delivered");
	while (o->reported == 0)
		turn(o);
	assert_int_equal(o->report_rc, W_OK);
}

/* ---- From the reminder to the wire ---- */

static void
wake_outbox(void *arg)
{
	struct out *o = arg;

	outbox_wake(o->outbox);
}

static void
start_all(struct out *o)
{
	const struct remind_options options = {.loop = o->b->loop,
					       .store = o->b->store,
					       .work = o->b->work,
					       .rules = o->b->rules,
					       .menus = o->b->menus,
					       .wake_outbox = wake_outbox,
					       .wake_arg = o};

	o->b->remind = remind_new(&options);
	open_outbox(o);
}

static void
outbox_queue__due_checkin_is_one_message_at_the_aggregator(void **state)
{
	struct out *o = *state;
	struct arena *a = arena_new(0);

	clock_freeze(zic_instant("2026-11-22T12:00:00"));
	int64_t p = bench_person(o->b, &usual);
	server_next(o->server, ACT_ANSWER, taken);
	start_all(o);
	bench_at(o->b, "2026-11-22T12:00:01");
	bench_at(o->b, MONDAY);
	wait_state(o, bench_message(o->b, p, a).id, "accepted");
	assert_non_null(strstr(o->server->last_body, "to=%2B212600000011"));
	for (int i = 0; i < 3; i++)
		bench_at(o->b, "2026-11-23T10:01:00");
	expect_no_more(o, 1);
	assert_int_equal(bench_messages(o->b, p), 1);
	arena_free(a);
}

static void
outbox_queue__who_begins_while_it_waits_gets_no_message(void **state)
{
	struct out *o = *state;
	struct row_checkin checkin;

	clock_freeze(zic_instant("2026-11-22T12:00:00"));
	int64_t p = bench_person(o->b, &usual);
	o->off = true;
	server_next(o->server, ACT_ANSWER, taken);
	start_all(o);
	bench_at(o->b, "2026-11-22T12:00:01");
	bench_at(o->b, MONDAY);
	const int64_t id = bench_message(o->b, p, o->arena).id;
	assert_int_equal(
		read_checkin_week(store_loop_reader(o->b->store), p, 20261123, o->arena, &checkin),
		W_OK);
	struct store_job *job = store_job_new(o->b->store);
	set_checkin_answer(job, checkin.id, "mood", STR_LIT("good"), STR_LIT("partial"),
			   clock_now(), 0, false);
	bench_commit(o->b, job);
	o->off = false;
	clock_freeze(clock_now() + 600);
	outbox_wake(o->outbox);
	wait_state(o, id, "suppressed");
	assert_true(str_is(row_of(o, id).word, "answered"));
	assert_int_equal(o->server->heads, 0);
}

#define OUT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OUT(outbox_queue__accepted_message_keeps_their_id),
		OUT(outbox_queue__refused_message_is_final),
		OUT(outbox_queue__server_error_is_uncertain),
		OUT(outbox_queue__answer_nobody_named_success_is_uncertain),
		OUT(outbox_queue__redirect_is_no_success_and_not_followed),
		OUT(outbox_queue__reset_after_the_request_is_uncertain),
		OUT(outbox_queue__close_after_the_request_is_uncertain),
		OUT(outbox_queue__silence_is_uncertain),
		OUT(outbox_queue__refused_connection_is_tried_again_later),
		OUT(outbox_queue__private_address_gets_nothing),
		OUT(outbox_queue__closed_connection_between_two_costs_nothing),
		OUT(outbox_queue__claimed_row_of_an_earlier_life_is_uncertain),
		OUT(outbox_queue__crash_between_claim_and_answer_sends_no_second_time),
		OUT(outbox_queue__claim_is_durable_before_a_byte_leaves),
		OUT(outbox_queue__stop_lets_the_present_one_end),
		OUT(outbox_queue__no_open_hour_before_its_end_is_expired),
		OUT(outbox_queue__friday_pause_delays_to_its_end),
		OUT(outbox_queue__too_late_is_expired),
		OUT(outbox_queue__stop_in_the_meantime_suppresses),
		OUT(outbox_queue__wrong_person_in_the_meantime_suppresses),
		OUT(outbox_queue__new_number_in_the_meantime_suppresses),
		OUT(outbox_queue__person_who_left_is_suppressed),
		OUT(outbox_queue__four_a_day_and_no_more),
		OUT(outbox_queue__stop_told_by_the_aggregator_ends_all_messages),
		OUT(outbox_queue__get_that_gets_no_answer_is_uncertain_and_not_repeated),
		OUT(outbox_queue__reference_stays_the_same_when_tried_again),
		OUT(outbox_queue__denied_stops_the_channel_until_released),
		OUT(outbox_queue__no_credit_holds_the_channel),
		OUT(outbox_queue__too_fast_slows_the_channel_down),
		OUT(outbox_queue__channel_that_is_off_keeps_its_messages),
		OUT(outbox_queue__pace_parts_messages),
		OUT(outbox_queue__hourly_cap_halts_until_the_hour_is_over),
		OUT(outbox_queue__cap_by_default_is_three_for_each_enrolled),
		OUT(outbox_queue__nothing_leaves_on_a_clock_that_went_back),
		OUT(outbox_queue__human_cancels_what_is_not_claimed),
		OUT(outbox_queue__human_repeats_an_uncertain_one),
		OUT(outbox_queue__human_says_how_an_uncertain_one_ended),
		OUT(outbox_queue__report_moves_forward_and_never_back),
		OUT(outbox_queue__report_by_our_reference_resolves_an_uncertain_one),
		OUT(outbox_queue__unknown_report_is_acknowledged),
		OUT(outbox_queue__report_that_overtakes_the_answer_waits_for_it),
		OUT(outbox_queue__due_checkin_is_one_message_at_the_aggregator),
		OUT(outbox_queue__who_begins_while_it_waits_gets_no_message),
	};

	return cmocka_run_group_tests(tests, zic_setup, zic_teardown);
}
