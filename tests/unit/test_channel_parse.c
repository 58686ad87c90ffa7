#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_channel_world.h"

#define CALL "sessionId=s1&phoneNumber=%2B212612345678&serviceCode=x&networkCode=9"

static int
posted(struct world *w, const char *tail, const char *body, struct channel_event **ev)
{
	return world_parse(w, world_post(w->arena, body), tail, ev);
}

static void
channel_parse__unknown_paths_and_methods_are_told_apart(void **state)
{
	struct world w;
	struct channel_event *ev;
	struct wire_request get = {.method = WIRE_GET};

	(void)state;
	world_shipped(&w);
	assert_int_equal(posted(&w, "/nothing", CALL "&text=", &ev), -404);
	assert_int_equal(posted(&w, "/ussd/", CALL "&text=", &ev), -404);
	assert_int_equal(posted(&w, "/ussd/more", CALL "&text=", &ev), -404);
	assert_int_equal(posted(&w, "", CALL "&text=", &ev), -404);
	assert_int_equal(world_parse(&w, get, "/ussd", &ev), -405);
	assert_int_equal(posted(&w, "/ussd", CALL "&text=", &ev), 1);
	world_done(&w);
}

static void
channel_parse__a_form_is_read_strictly(void **state)
{
	static const struct {
		const char *body;
		int result;
	} rows[] = {
		{CALL "&text=a+b%2Bc", 1},
		{CALL "&text=%4", -400},                      /* cut escape */
		{CALL "&text=%zz", -400},                     /* no hex */
		{CALL "&text=1&other=%zz", -400},             /* also where nobody looks */
		{CALL "&text=%00", -400},                     /* NUL */
		{CALL "&text=%ff", -400},                     /* not UTF-8 */
		{CALL "&text=%ED%A0%80", -400},               /* a lone surrogate */
		{CALL "&other=%ff&text=1", 1},                /* not ours to judge */
		{CALL "&text=1&text=2", -400},                /* twice with other content */
		{CALL "&text=1&text=1", 1},                   /* twice the same */
		{CALL "&text=1&te%78t=2", -400},              /* the same name, written otherwise */
		{CALL "&=5&&text=1&", 1},                     /* empty names and pairs */
		{CALL "&+text+=1", 1},                        /* blanks about a name */
		{CALL "&text", 1},                            /* a name alone is empty text */
		{"phoneNumber=%2B212612345678&text=1", -400}, /* needed, missing */
		{"sessionId=s1&text=1", -400},
		{"", -400},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct world w;
		struct channel_event *ev;

		world_shipped(&w);
		int got = posted(&w, "/ussd", rows[i].body, &ev);

		if (got != rows[i].result)
			fail_msg("%s: %d, not %d", rows[i].body, got, rows[i].result);
		world_done(&w);
	}
}

static void
channel_parse__plus_and_escapes_become_text(void **state)
{
	struct world w;
	struct channel_event *ev;

	(void)state;
	world_shipped(&w);
	assert_int_equal(posted(&w, "/ussd", CALL "&text=2%2A%D9%86%D8%B9%D9%85+1%2B1", &ev), 1);
	assert_true(str_is(secret_reveal(ev->input), "2*نعم 1+1"));
	world_done(&w);
}

static void
channel_parse__a_bare_plus_in_the_number_is_forgiven(void **state)
{
	struct world w;
	struct channel_event *ev;

	(void)state;
	world_shipped(&w);
	assert_int_equal(posted(&w, "/ussd", "sessionId=1&text=&phoneNumber=+212612345678", &ev),
			 1);
	assert_true(ev->msisdn_ok);
	assert_string_equal(ev->msisdn.e164_do_not_log, "+212612345678");
	world_done(&w);
}

static void
channel_parse__what_is_no_number_touches_nobody(void **state)
{
	struct world w;
	struct channel_event *ev;

	(void)state;
	world_shipped(&w);
	assert_int_equal(posted(&w, "/ussd", "sessionId=1&text=&phoneNumber=0612345678", &ev), 1);
	assert_true(ev->has_msisdn);
	assert_false(ev->msisdn_ok);
	assert_true(str_is(secret_reveal(ev->msisdn_raw), "0612345678"));
	world_done(&w);
}

static void
channel_parse__a_body_over_the_section_is_refused(void **state)
{
	struct world w;
	struct channel_event *ev;

	(void)state;
	world_shipped(&w);
	char *body = arena_alloc(w.arena, 17000);
	memset(body, 'x', 16999);
	memcpy(body, CALL "&text=1&other=", sizeof(CALL "&text=1&other=") - 1);
	assert_int_equal(posted(&w, "/ussd", body, &ev), -400);
	body[16384] = '\0';
	assert_int_equal(posted(&w, "/ussd", body, &ev), 1);
	world_done(&w);
}

static void
channel_parse__an_unmapped_state_is_unknown_and_a_missing_one_a_fault(void **state)
{
	struct world w;
	struct channel_event *ev;

	(void)state;
	world_shipped(&w);
	assert_int_equal(posted(&w, "/dlr", "id=1&phoneNumber=%2B212612345678&status=Odd", &ev), 1);
	assert_int_equal(ev->state, REPORT_UNKNOWN);
	assert_false(ev->final);
	assert_true(str_is(ev->word, "Odd"));
	assert_int_equal(posted(&w, "/dlr", "id=1&phoneNumber=%2B212612345678", &ev), -400);
	assert_int_equal(posted(&w, "/dlr", "status=Success", &ev), -400);
	assert_int_equal(posted(&w, "/dlr", "id=1&status=SUCCESS", &ev), 1);
	assert_int_equal(ev->state, REPORT_DELIVERED);
	world_done(&w);
}

static void
channel_parse__an_unreadable_time_is_the_time_of_arrival(void **state)
{
	struct world w;
	struct channel_event *ev;

	(void)state;
	world_shipped(&w);
	assert_int_equal(posted(&w, "/sms", "from=%2B212612345678&text=1&date=soon", &ev), 1);
	assert_int_equal(ev->at, 1795000000);
	assert_true(str_is(ev->time_word, "soon"));
	world_done(&w);
}

/* Sections that share a path; entries of a batch; any; path places. */
static const char shared[] =
	"wasl: 1\ndialect: shared\n"
	"sms: {on: [GET /in, POST /in], if: any.id, id: any.id, msisdn: any.from, text: any.text}\n"
	"report: {on: POST /dlr, each: json.list, if: each.id, id: each.id, state: {at: each.s, "
	"map: {ok: delivered}}}\n"
	"ping: {on: [GET /in, POST /in], ack: {text: pong}}\n";

static struct world
shared_world(void)
{
	struct world w;
	struct channel_account account = world_account();

	account.n_settings = account.n_secrets = 0;
	assert_true(world_channel(&w, shared, &account));
	return w;
}

static void
channel_parse__the_section_whose_if_holds_takes_the_call(void **state)
{
	struct world w = shared_world();
	struct wire_request probe = {.method = WIRE_GET, .query = STR_LIT("id=")};
	struct wire_request sms = {.method = WIRE_GET,
				   .query = STR_LIT("id=1&from=212612345678&text=%3F")};
	struct channel_event *ev;
	struct wire_answer ack;

	(void)state;
	assert_int_equal(world_parse(&w, sms, "/in", &ev), 1);
	assert_int_equal(ev->kind, CHANNEL_SMS);
	assert_int_equal(world_parse(&w, probe, "/in", &ev), 1);
	assert_int_equal(ev->kind, CHANNEL_PING);
	channel_ack(w.channel, ev, false, w.arena, &ack);
	assert_true(str_is(ack.body, "pong"));
	world_done(&w);
}

static void
channel_parse__any_reads_query_form_or_json(void **state)
{
	struct world w = shared_world();
	struct wire_header json = {STR_LIT("content-type"), STR_LIT("application/json")};
	struct wire_request call = {
		.method = WIRE_POST,
		.headers = &json,
		.n_headers = 1,
		.body = STR_LIT("{\"id\":7,\"from\":\"212612345678\",\"text\":\"نعم\"}")};
	struct channel_event *ev;

	(void)state;
	assert_int_equal(world_parse(&w, call, "/in", &ev), 1);
	assert_true(str_is(ev->id, "7"));
	assert_int_equal(posted(&w, "/in", "id=8&from=212612345678&text=x", &ev), 1);
	assert_true(str_is(ev->id, "8"));
	call.body = STR_LIT("{\"id\":7,\"from\":\"212612345678\"");
	assert_int_equal(world_parse(&w, call, "/in", &ev), -400);
	world_done(&w);
}

static void
channel_parse__a_batch_gives_one_event_an_entry(void **state)
{
	struct world w = shared_world();
	struct channel_event *ev;
	struct wire_answer ack;

	(void)state;
	assert_int_equal(posted(&w, "/dlr",
				"{\"list\":[{\"id\":1,\"s\":\"ok\"},{\"s\":\"ok\"},{\"id\":\"2\","
				"\"s\":\"lost\"}]}",
				&ev),
			 2);
	assert_int_equal(ev[0].state, REPORT_DELIVERED);
	assert_true(str_is(ev[1].id, "2"));
	assert_int_equal(ev[1].state, REPORT_UNKNOWN);
	channel_ack(w.channel, &ev[0], false, w.arena, &ack);
	assert_int_equal(ack.status, 200);
	world_done(&w);
}

static void
channel_parse__a_batch_without_anything_for_us_is_acknowledged(void **state)
{
	static const char *const bodies[] = {"{\"list\":[]}", "{\"list\":[{\"s\":\"ok\"}]}"};
	struct world w = shared_world();
	struct channel_event *ev;
	struct wire_answer ack;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		assert_int_equal(posted(&w, "/dlr", bodies[i], &ev), 0);
		channel_ack(w.channel, ev, false, w.arena, &ack);
		assert_int_equal(ack.status, 200);
	}
	assert_int_equal(posted(&w, "/dlr", "{\"list\":{}}", &ev), -400);
	assert_int_equal(posted(&w, "/dlr", "{}", &ev), -400);
	world_done(&w);
}

static void
channel_parse__json_is_bounded(void **state)
{
	struct world w = shared_world();
	struct channel_event *ev;
	struct buf deep;

	(void)state;
	for (int depth = 14; depth <= 15; depth++) { /* and the object and the list about it */
		buf_init_arena(&deep, w.arena);
		buf_adds(&deep, "{\"list\":[],\"other\":");
		for (int i = 0; i < depth + 1; i++)
			buf_addc(&deep, '[');
		for (int i = 0; i < depth + 1; i++)
			buf_addc(&deep, ']');
		buf_addc(&deep, '}');
		assert_int_equal(posted(&w, "/dlr", deep.p, &ev), depth == 14 ? 0 : -400);
	}
	assert_int_equal(posted(&w, "/dlr", "{\"list\":[],\"list\":[]}", &ev), -400);
	assert_int_equal(
		posted(&w, "/dlr", "{\"list\":[{\"id\":\"a\\u0000b\",\"s\":\"ok\"}]}", &ev), -400);
	world_done(&w);
}

static void
channel_parse__a_stray_piece_of_a_shared_code_is_dropped(void **state)
{
	struct world w;
	struct channel_account account = world_account();
	struct channel_event *ev;

	(void)state;
	account.n_settings = account.n_secrets = 0;
	assert_true(
		world_channel(&w,
			      "wasl: 1\ndialect: x\nussd:\n  on: POST /u\n  msisdn: form.m\n"
			      "  input: form.text\n  style: cumulative\n  drop: {at: form.ext}\n"
			      "  reply: {text: \"{page}\"}\n",
			      &account));
	assert_int_equal(posted(&w, "/u", "m=212612345678&ext=57&text=57*1*2", &ev), 1);
	assert_true(str_is(secret_reveal(ev->input), "1*2"));
	assert_int_equal(posted(&w, "/u", "m=212612345678&ext=57&text=57", &ev), 1);
	assert_true(str_is(secret_reveal(ev->input), ""));
	assert_int_equal(posted(&w, "/u", "m=212612345678&ext=57&text=571", &ev), 1);
	assert_true(str_is(secret_reveal(ev->input), "571"));
	world_done(&w);
}

static void
channel_parse__the_refusal_is_the_dialects(void **state)
{
	struct world w;
	struct channel_account account = world_account();
	struct wire_request req;
	struct channel_event *ev;
	struct wire_answer refusal;
	size_t n;

	(void)state;
	account.n_settings = account.n_secrets = 0;
	assert_true(world_channel(
		&w,
		"wasl: 1\ndialect: x\nsms: {on: POST /s, msisdn: json.from, text: "
		"json.text, refuse: {status: 200, json: {code: 400, why: \"bad\"}}}\n",
		&account));
	req = world_post(w.arena, "{}");
	assert_int_equal(
		channel_parse(w.channel, &req, STR_LIT("/s"), 0, w.arena, &ev, &n, &refusal),
		W_EINVAL);
	assert_int_equal(refusal.status, 200);
	assert_true(str_is(refusal.body, "{\"code\":400,\"why\":\"bad\"}"));
	world_done(&w);
}

static void
channel_parse__bytes_in_a_query_are_for_sections_that_decode_them(void **state)
{
	static const char dialect[] =
		"wasl: 1\ndialect: x\n"
		"sms: {on: GET /sms, msisdn: query.from, text: {at: query.text, charset: query.cs}}\n"
		"optout: {on: \"GET /no/{id}\", msisdn: query.from}\n"
		"report: {on: POST /dlr, id: form.id, state: {at: form.s|unhex, charset: utf-16be}}\n";
	struct channel_account account = world_account();
	struct channel_event *ev;
	struct world w;

	(void)state;
	account.n_settings = account.n_secrets = 0;
	assert_true(world_channel(&w, dialect, &account));
	assert_true(channel_takes_bytes(w.channel, STR_LIT("/sms")));
	assert_false(channel_takes_bytes(w.channel, STR_LIT("/sms/")));
	assert_false(channel_takes_bytes(w.channel, STR_LIT("/no/1")));
	assert_false(channel_takes_bytes(w.channel, STR_LIT("/dlr")));
	/* and there, too, a field that is text stays text */
	struct wire_request req = {
		.method = WIRE_GET,
		.query = STR_LIT("from=212612345678&cs=utf-16be&text=%06%46%00a")};
	assert_int_equal(world_parse(&w, req, "/sms", &ev), 1);
	assert_true(str_is(secret_reveal(ev->text), "نa"));
	req.query = STR_LIT("from=2126%0012345678&cs=utf-16be&text=%06%46%00a");
	assert_int_equal(world_parse(&w, req, "/sms", &ev), -400);
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_parse__bytes_in_a_query_are_for_sections_that_decode_them),
		cmocka_unit_test(channel_parse__unknown_paths_and_methods_are_told_apart),
		cmocka_unit_test(channel_parse__a_form_is_read_strictly),
		cmocka_unit_test(channel_parse__plus_and_escapes_become_text),
		cmocka_unit_test(channel_parse__a_bare_plus_in_the_number_is_forgiven),
		cmocka_unit_test(channel_parse__what_is_no_number_touches_nobody),
		cmocka_unit_test(channel_parse__a_body_over_the_section_is_refused),
		cmocka_unit_test(
			channel_parse__an_unmapped_state_is_unknown_and_a_missing_one_a_fault),
		cmocka_unit_test(channel_parse__an_unreadable_time_is_the_time_of_arrival),
		cmocka_unit_test(channel_parse__the_section_whose_if_holds_takes_the_call),
		cmocka_unit_test(channel_parse__any_reads_query_form_or_json),
		cmocka_unit_test(channel_parse__a_batch_gives_one_event_an_entry),
		cmocka_unit_test(channel_parse__a_batch_without_anything_for_us_is_acknowledged),
		cmocka_unit_test(channel_parse__json_is_bounded),
		cmocka_unit_test(channel_parse__a_stray_piece_of_a_shared_code_is_dropped),
		cmocka_unit_test(channel_parse__the_refusal_is_the_dialects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
