#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "channel/channel_int.h"
#include "test_channel_world.h"

/* The other side: what play_* makes, the engine must read as meant, and back. */

static struct phone
caller(void)
{
	struct phone p;

	assert_int_equal(phone_parse(STR_LIT("+212612345678"), &p), PHONE_OK);
	return p;
}

/* Two dialects of another make: JSON with flags and path places; a query with headers. */
static const char json_dialect[] =
	"wasl: 1\ndialect: jsonish\nsettings: {base_url: {type: url}}\n"
	"secrets: {key: {}, hook: {optional: true}}\n"
	"ussd:\n"
	"  on: POST /session/{id}/{step}\n"
	"  session: path.id\n"
	"  msisdn: json.who.msisdn\n"
	"  event: {at: path.step, map: {start: begin, go: continue}}\n"
	"  dialled: json.text\n"
	"  input: json.text\n"
	"  turn: json.turn\n"
	"  reply:\n"
	"    continue: {more: true}\n"
	"    end: {more: false}\n"
	"    json: {id: \"{path.id}\", turn: \"{json.turn|next}\", menu: \"{page}\", more: \"{more}\"}\n"
	"ussd_end: {on: \"PUT /session/{id}/end\", session: path.id, outcome: json.why,\n"
	"  event: {at: json.code, map: {\"0\": end, \"7\": timeout, \"*\": abort}}}\n"
	"report: {on: POST /dlr, each: json.results, id: each.id, msisdn: each.to, ref: each.ref,\n"
	"  state: {at: \"{each.group}/{each.code}\", map: {\"1/*\": pending, \"3/*\": sent, "
	"\"3/5\": delivered, \"4/2\": failed}}}\n"
	"send:\n"
	"  call: POST {channel.base_url}/v1/{to|bare}/messages\n"
	"  headers: {Authorization: \"App {secret.key}\"}\n"
	"  gsm7: {coding: \"0\"}\n"
	"  ucs2: {coding: \"8\", bytes: \"{text|utf-16be|hex}\"}\n"
	"  json: {to: [\"{to|bare}\"], coding: \"{coding}\", hex: \"{bytes?}\", text: \"{text}\", "
	"ref: \"{ref}\", report: \"{url.report}\"}\n"
	"  answer: {each: json.messages, id: each.id, to: each.to, code: \"{each.group}/{each.code}\", "
	"verdicts: {\"1/*\": accepted, \"5/12\": hold, \"5/*\": rejected, \"http 503\": again}}\n"
	"proof:\n"
	"  - {hmac: sha256, at: header.X-Sig, over: \"{body}\", key: \"{secret.hook?}\"}\n";

static const char query_dialect[] =
	"wasl: 1\ndialect: queryish\nsettings: {base_url: {type: url}}\n"
	"secrets: {password: {}, word: {optional: true}}\n"
	"ussd:\n"
	"  on: GET /ussd\n"
	"  session: query.SessionID\n"
	"  msisdn: query.MSISDN\n"
	"  event: {at: query.clean, map: {\"*\": abort}, default: auto}\n"
	"  input: query.input\n"
	"  reply:\n"
	"    continue: {flow: FC}\n"
	"    end: {flow: FB}\n"
	"    headers: {Freeflow: \"{flow}\"}\n"
	"    text: \"{page}\"\n"
	"send:\n"
	"  call: GET {channel.base_url}/cgi-bin/sendsms\n"
	"  query: {user: wasl, pass: \"{secret.password}\", to: \"{to|00}\", text: \"{text}\", id: \"{ref}\"}\n"
	"  answer: {code: \"{http} {body}\", verdicts: {\"202 *\": accepted, \"403 *\": denied}}\n"
	"proof:\n"
	"  - {basic: \"gate:{secret.word?}\"}\n";

static void
make(struct world *w, const char *dialect)
{
	static const struct channel_setting settings[] = {
		{"base_url", STR_LIT("https://api.example/base/")}};
	struct channel_secret secrets[2] = {{"key", {STR_LIT("KEY")}},
					    {"hook", {STR_LIT("hook secret")}}};
	struct channel_account account = world_account();

	if (dialect == query_dialect) {
		secrets[0].name = "password";
		secrets[1].name = "word";
	}
	account.settings = settings;
	account.n_settings = 1;
	account.secrets = secrets;
	account.n_secrets = 2;
	assert_true(world_channel(w, dialect, &account));
}

/* A played call, sent to the channel. */
static struct channel_event *
received(struct world *w, const struct wire_request *call, size_t *n)
{
	struct channel_event *ev = NULL;
	struct wire_answer refusal = {0};
	struct str tail;

	assert_true(channel_tail(w->channel, call->path, &tail));
	assert_int_equal(
		channel_parse(w->channel, call, tail, 1795000000, w->arena, &ev, n, &refusal), 0);
	return ev;
}

static struct channel_event *
played(struct world *w, const struct play_ussd *play)
{
	struct wire_request call;
	size_t n;

	assert_int_equal(channel_play_ussd(w->channel, play, w->arena, &call), 0);
	struct channel_event *ev = received(w, &call, &n);

	assert_int_equal(n, 1);
	assert_true(str_eq(ev->session, play->session));
	if (ev->has_msisdn)
		assert_true(phone_eq(&ev->msisdn, &play->phone));
	return ev;
}

static void
channel_play__a_cumulative_session_reads_as_it_was_played(void **state)
{
	struct world w;
	struct play_ussd play = {.session = STR_LIT("ATUid_1"),
				 .phone = caller(),
				 .move = MOVE_BEGIN,
				 .dialled = STR_LIT("*384*1234#")};

	(void)state;
	world_shipped(&w);
	struct channel_event *ev = played(&w, &play);
	assert_int_equal(ev->move, MOVE_AUTO);
	assert_true(ev->cumulative);
	assert_true(str_is(ev->service, "*384*1234#"));
	assert_int_equal(secret_reveal(ev->input).n, 0);
	play.move = MOVE_CONTINUE;
	play.input = STR_LIT("عندي سؤال & 100%");
	play.path = STR_LIT("2*عندي سؤال & 100%");
	ev = played(&w, &play);
	assert_true(str_eq(secret_reveal(ev->input), play.path));
	play.move = MOVE_ABORT;
	ev = played(&w, &play);
	assert_int_equal(ev->kind, CHANNEL_USSD_END);
	assert_int_equal(ev->move, MOVE_ABORT);
	world_done(&w);
}

static void
channel_play__a_json_session_reads_as_it_was_played(void **state)
{
	struct world w;
	struct play_ussd play = {.session = STR_LIT("54a8/e6"),
				 .phone = caller(),
				 .move = MOVE_BEGIN,
				 .dialled = STR_LIT("*384*1234*3#"),
				 .turn = STR_LIT("1")};

	(void)state;
	make(&w, json_dialect);
	struct channel_event *ev = played(&w, &play);
	assert_int_equal(ev->move, MOVE_BEGIN);
	assert_true(str_is(secret_reveal(ev->in_advance), "3"));
	assert_null(secret_reveal(ev->input).p);
	assert_true(str_is(ev->turn, "1"));
	play.move = MOVE_CONTINUE;
	play.input = STR_LIT("#*2");
	ev = played(&w, &play);
	assert_int_equal(ev->move, MOVE_CONTINUE);
	assert_true(str_is(secret_reveal(ev->input), "#*2"));
	play.move = MOVE_TIMEOUT;
	ev = played(&w, &play);
	assert_int_equal(ev->kind, CHANNEL_USSD_END);
	assert_int_equal(ev->move, MOVE_TIMEOUT);
	world_done(&w);
}

static void
channel_play__a_query_session_reads_as_it_was_played(void **state)
{
	struct world w;
	struct play_ussd play = {.session = STR_LIT("77"),
				 .phone = caller(),
				 .move = MOVE_CONTINUE,
				 .input = STR_LIT("1 + 1")};

	(void)state;
	make(&w, query_dialect);
	struct channel_event *ev = played(&w, &play);
	assert_int_equal(ev->move, MOVE_AUTO);
	assert_true(str_is(secret_reveal(ev->input), "1 + 1"));
	play.move = MOVE_ABORT;
	ev = played(&w, &play);
	assert_int_equal(ev->move, MOVE_ABORT);
	world_done(&w);
}

static void
channel_play__every_page_comes_back_as_it_was_sent(void **state)
{
	static const char *const dialects[] = {NULL, json_dialect, query_dialect};
	static const char *const pages[] = {"مرحبا\n1. موعد\n2. حاجة",
					    "END here",
					    "CON CON ",
					    "",
					    "\n",
					    " leading and trailing ",
					    "{page}",
					    "\"quoted\" \\ back",
					    "END \nCON \nEND "};

	(void)state;
	for (size_t d = 0; d < ARRAY_LEN(dialects); d++) {
		for (size_t i = 0; i < 2 * ARRAY_LEN(pages); i++) {
			struct world w;
			struct play_ussd play = {.session = STR_LIT("s1"),
						 .phone = caller(),
						 .move = MOVE_CONTINUE,
						 .input = STR_LIT("1"),
						 .path = STR_LIT("1"),
						 .turn = STR_LIT("4")};
			struct wire_answer reply;
			struct str page = STR_NONE, sent = str_of(pages[i / 2]);
			bool go_on = false;

			if (dialects[d] != NULL)
				make(&w, dialects[d]);
			else
				world_shipped(&w);
			channel_reply(w.channel, played(&w, &play), sent, i % 2, w.arena, &reply);
			assert_int_equal(
				channel_play_page(w.channel, &reply, w.arena, &page, &go_on), 0);
			assert_true(str_eq(page, sent));
			assert_int_equal(go_on, i % 2);
			world_done(&w);
		}
	}
}

static void
channel_play__a_page_may_hold_what_ends_the_template(void **state)
{
	struct channel_account account = world_account();
	struct channel_event *ev;
	struct wire_answer reply;
	struct str page = STR_NONE;
	bool go_on = true;
	struct world w;

	(void)state;
	account.n_settings = account.n_secrets = 0;
	assert_true(
		world_channel(&w,
			      "wasl: 1\ndialect: x\nussd: {on: POST /u, msisdn: form.m, reply: "
			      "{xml: \"<p go='{w}'>{page}</p>\", continue: {w: a}, end: {w: b}}}\n",
			      &account));
	assert_int_equal(world_parse(&w, world_post(w.arena, "m=212612345678"), "/u", &ev), 1);
	channel_reply(w.channel, ev, STR_LIT("a</p> & 'b'>"), false, w.arena, &reply);
	assert_true(str_is(reply.body, "<p go='b'>a&lt;/p&gt; &amp; &apos;b&apos;&gt;</p>"));
	assert_int_equal(channel_play_page(w.channel, &reply, w.arena, &page, &go_on), 0);
	assert_true(str_is(page, "a</p> & 'b'>"));
	assert_false(go_on);
	reply.body = STR_LIT("<p go='b'>one</p>two</p>"); /* the last end is the end */
	assert_int_equal(channel_play_page(w.channel, &reply, w.arena, &page, &go_on), 0);
	assert_true(str_is(page, "one</p>two"));
	world_done(&w);
}

static void
channel_play__a_foreign_reply_is_no_page(void **state)
{
	struct world w;
	struct wire_answer reply = {.status = 200, .body = STR_LIT("BYE now")};
	struct str page;
	bool go_on;

	(void)state;
	world_shipped(&w);
	assert_int_equal(channel_play_page(w.channel, &reply, w.arena, &page, &go_on), W_EPROTO);
	reply = (struct wire_answer){.status = 500, .body = STR_LIT("END now")};
	assert_int_equal(channel_play_page(w.channel, &reply, w.arena, &page, &go_on), W_EPROTO);
	world_done(&w);
}

static void
message_round(struct world *w, const char *text)
{
	struct channel_message msg = {.phone = caller(),
				      .text = str_of(text),
				      .ref = STR_LIT("wasl-41"),
				      .coding = gsm7_can(str_of(text)) ? TEXT_GSM7 : TEXT_UCS2};
	struct wire_request call;
	struct str to = STR_NONE, got = STR_NONE, ref = STR_NONE;
	struct phone number;

	assert_int_equal(
		channel_send_build(w->channel, &msg, 1795000000, STR_NONE, w->arena, &call), 0);
	assert_int_equal(channel_play_send(w->channel, &call, w->arena, &to, &got, &ref), 0);
	assert_true(str_eq(got, msg.text));
	if (to.p[0] == '2') /* bare digits */
		to = str_of(arena_printf(w->arena, "+%.*s", STR_ARG(to)));
	assert_int_equal(phone_parse(to, &number), PHONE_OK);
	assert_true(phone_eq(&number, &msg.phone));
	if (ref.p != NULL)
		assert_true(str_eq(ref, msg.ref));
}

static void
channel_play__the_carrier_reads_what_we_send(void **state)
{
	static const char *const dialects[] = {NULL, json_dialect, query_dialect};
	static const char *const texts[] = {"Rendez-vous demain 10:00", "موعدك غدا على 10:00",
					    "a&b=c+d%20\n\"x\"", "€", "😀"};

	(void)state;
	for (size_t d = 0; d < ARRAY_LEN(dialects); d++) {
		for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
			struct world w;

			if (dialects[d] != NULL)
				make(&w, dialects[d]);
			else
				world_shipped(&w);
			message_round(&w, texts[i]);
			world_done(&w);
		}
	}
}

static void
answer_round(struct world *w, enum channel_said said)
{
	struct channel_message msg = {
		.phone = caller(), .text = STR_LIT("x"), .ref = STR_LIT("wasl-41")};
	struct channel_verdict v;
	struct wire_answer answer;

	assert_int_equal(channel_play_answer(w->channel, said, STR_LIT("+212612345678"),
					     STR_LIT("id-7"), w->arena, &answer),
			 0);
	channel_send_read(w->channel, &answer, &msg, w->arena, &v);
	assert_int_equal(v.said, said);
	if (said == SAID_ACCEPTED) {
		assert_int_equal(v.n_ids, 1);
		assert_true(str_is(v.ids[0], "id-7") || str_is(v.ids[0], "wasl-41"));
	}
}

static void
channel_play__the_carriers_answer_means_what_it_wants(void **state)
{
	struct world w;

	(void)state;
	world_shipped(&w);
	for (int said = 0; said < SAID_COUNT; said++)
		if (said != SAID_OPTOUT && said != SAID_RENEW)
			answer_round(&w, (enum channel_said)said);
	world_done(&w);
	make(&w, json_dialect);
	answer_round(&w, SAID_ACCEPTED);
	answer_round(&w, SAID_HOLD);
	answer_round(&w, SAID_REJECTED);
	answer_round(&w, SAID_AGAIN);
	world_done(&w);
	make(&w, query_dialect);
	answer_round(&w, SAID_ACCEPTED);
	answer_round(&w, SAID_DENIED);
	world_done(&w);
}

static void
channel_play__reports_bring_id_and_state_back(void **state)
{
	static const enum report_state states[] = {REPORT_PENDING, REPORT_SENT, REPORT_DELIVERED,
						   REPORT_FAILED};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(states); i++) {
		struct world w;
		struct wire_request call;
		struct phone who = caller();
		size_t n;

		if (i % 2)
			make(&w, json_dialect);
		else
			world_shipped(&w);
		assert_int_equal(channel_play_report(w.channel, STR_LIT("id-7"), STR_LIT("wasl-41"),
						     &who, states[i / 2], w.arena, &call),
				 0);
		struct channel_event *ev = received(&w, &call, &n);

		assert_int_equal(n, 1);
		assert_true(str_is(ev->id, "id-7"));
		assert_int_equal(ev->state, states[i / 2]);
		assert_true(phone_eq(&ev->msisdn, &who));
		world_done(&w);
	}
}

static void
channel_play__an_sms_in_arrives(void **state)
{
	struct world w;
	struct wire_request call;
	struct phone who = caller();
	size_t n;

	(void)state;
	world_shipped(&w);
	assert_int_equal(
		channel_play_sms(w.channel, STR_LIT("id-1"), &who, STR_LIT("نعم"), w.arena, &call),
		0);
	struct channel_event *ev = received(&w, &call, &n);

	assert_int_equal(ev->kind, CHANNEL_SMS);
	assert_true(str_is(secret_reveal(ev->text), "نعم"));
	world_done(&w);
}

/* ---- Round trips by table: a piece of a dialect, and what must come through it ---- */

/* A dialect of its own for each row: head, and the row's lines. */
static void
make_of(struct world *w, const char *lines)
{
	static const struct channel_setting settings[] = {
		{"base_url", STR_LIT("https://api.example")}};
	static const struct channel_secret secrets[] = {{"key", {STR_LIT("KEY")}}};
	struct channel_account account = world_account();
	struct arena *a = arena_new(0);

	account.settings = settings;
	account.n_settings = 1;
	account.secrets = secrets;
	account.n_secrets = 1;
	bool ok = world_channel(w,
				arena_printf(a,
					     "wasl: 1\ndialect: t\nsettings: {base_url: {type: "
					     "url}}\nsecrets: {key: {}}\n%s",
					     lines),
				&account);
	arena_free(a);
	if (!ok)
		fail_msg("%s", lines);
}

static void
channel_play__an_sms_reads_as_it_was_written_wherever_its_text_stands(void **state)
{
	static const struct {
		const char *spec, *text; /* of text: */
		bool can;
	} rows[] = {
		{"form.t", "a&b=c", true},
		{"query.t", "a&b=c", true},
		{"any.t", "a+b", true},
		{"json.a.b.1.c", "\"q\" \\", true},
		{"json.0", "x", true},
		{"header.X-T", "x", true},
		{"header.X-T;p", "x", true},
		{"header.Content-Type", "a/b", true},
		{"body", "whole", true},
		{"channel.base_url", "https://api.example", true},
		{"channel.base_url", "other", false},
		{"form.t|percent", "a%20b", true},
		{"form.t|percent", "a%2", false},
		{"form.t|crlf", "a\r\nb", true},
		{"form.t|hex|upper", "4142", true},
		{"form.t|md5|hex", "x", false},
		{"{at: form.t|unhex, charset: utf-16be}", "نعم", true},
		{"{at: form.t|unbase64, charset: iso-8859-1}", "é", true},
		{"{at: form.t, charset: iso-8859-1}", "ن", false},
		{"{at: form.t, charset: form.cs}", "نعم", true},
		{"{at: form.t, charset: form.cs|lower}", "é", true},
		{"{at: form.t, charset: channel.base_url}", "x", false},
		{"{at: form.t, match: '^SMS (.*)$'}", "hello", true},
		{"{at: form.t, match: '[a-z]+'}", "hello", true},
		{"{at: form.t, match: '[a-z]+'}", "123", false},
		{"{at: form.t, match: '^$'}", "x", false},
		{"{at: form.t, map: {a: hello, \"b*\": bye, \"*\": other}}", "hello", true},
		{"{at: form.t, map: {a: hello, \"b*\": bye, \"*\": other}}", "bye", true},
		{"{at: form.t, map: {a: hello, \"b*\": bye, \"*\": other}}", "other", true},
		{"{at: form.t, map: {a: hello}}", "bye", false},
		{"{at: form.t, map: {a: hello}, default: none}", "none", true},
		{"{at: form.t, default: none}", "none", true},
		{"{at: form.t|number, default: none}", "none", true},
		{"[form.t|number, form.u]", "word", true},
		{"[form.t|number, form.u|number]", "word", false},
		{"\"{form.t}\"", "x y", true},
		{"\"<{form.t}/{form.u}>\"", "<a/b>", true},
		{"\"<{form.t}/{form.u}>\"", "<ab>", false},
		{"\"<{form.t}/{form.u}>\"", "a/b", false},
		{"\"<{form.t}/{form.u}>\"", "<a/b", false},
		{"\"{form.t}{form.u}\"", "ab", false},
		{"\"{form.t}-{form.t}\"", "a-a", true},
		{"\"{form.t}-{form.t}\"", "a-b", false},
		{"\"{form.t|next}\"", "x", false},
		{"\"{form.t|next}\"", "7", true},
		{"\"{{{form.t}}}\"", "{a}", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct world w;
		struct wire_request call;
		const struct phone from = caller();
		size_t n = 0;
		const bool get = strstr(rows[i].spec, "query.") != NULL;

		struct arena *a = arena_new(0);

		make_of(&w,
			arena_printf(a, "sms:\n  on: %s /in\n  msisdn: header.From\n  text: %s\n",
				     get ? "GET" : "POST", rows[i].spec));
		int rc = channel_play_sms(w.channel, STR_NONE, &from, str_of(rows[i].text), w.arena,
					  &call);
		if ((rc == 0) != rows[i].can)
			fail_msg("'%s' through %s: %d", rows[i].text, rows[i].spec, rc);
		if (rc == 0) {
			struct channel_event *ev = received(&w, &call, &n);

			assert_int_equal(n, 1);
			if (!str_is(secret_reveal(ev->text), rows[i].text))
				fail_msg("'%s' through %s came as '%.*s'", rows[i].text,
					 rows[i].spec, STR_ARG(secret_reveal(ev->text)));
		}
		world_done(&w);
		arena_free(a);
	}
}

/* The sheet of a reply: every page through it and back, and whether the call goes on. */
static void
channel_play__a_page_comes_back_from_any_sheet(void **state)
{
	static const char *const sheets[] = {
		"    continue: {w: CON}\n    end: {w: END}\n    text: \"{w} {page}\"\n",
		"    continue: {w: CON}\n    end: {w: END}\n    xml: \"<r><{w}/>{page}</r>\"\n",
		"    continue: {w: 'true'}\n    end: {w: 'false'}\n"
		"    form: {go: \"{w}\", page: \"{page}\", none: \"{json.none?}\"}\n",
		"    continue: {w: true}\n    end: {w: false}\n"
		"    json: {go: \"{w}\", in: [1, null, {page: \"{page}\"}], s: \"x\", f: false}\n",
		"    continue: {w: null}\n    end: {w: 1}\n"
		"    json: [\"{w}\", \"{page}\", 25]\n",
		"    continue: {w: FC}\n    end: {w: FB}\n    status: 202\n"
		"    headers: {Flow: \"{w}\", X-None: \"{json.none?}\"}\n    text: \"{page}\"\n",
	};
	static const char *const pages[] = {"نعم\n1. لا", "<&>\"'", "plain", ""};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sheets); i++) {
		struct arena *a = arena_new(0);
		struct world w;

		make_of(&w, arena_printf(a,
					 "ussd:\n  on: POST /u\n  session: json.s\n  msisdn: "
					 "json.m\n  input: json.t\n  reply:\n%s",
					 sheets[i]));
		struct play_ussd play = {.session = STR_LIT("s1"),
					 .phone = caller(),
					 .move = MOVE_CONTINUE,
					 .input = STR_LIT("1")};
		for (size_t k = 0; k < 2 * ARRAY_LEN(pages); k++) {
			struct channel_event *ev = played(&w, &play);
			struct wire_answer got;
			struct str page;
			bool go_on;

			channel_reply(w.channel, ev, str_of(pages[k / 2]), k % 2, w.arena, &got);
			if (channel_play_page(w.channel, &got, w.arena, &page, &go_on) != 0 ||
			    go_on != k % 2 || !str_is(page, pages[k / 2]))
				fail_msg("'%s' through %s: %.*s", pages[k / 2], sheets[i],
					 STR_ARG(got.body));
			got.status = 500;
			assert_int_equal(channel_play_page(w.channel, &got, w.arena, &page, &go_on),
					 W_EPROTO);
			got.status = w.dialect->sections[0]->reply->status;
			got.body = STR_LIT("{\"go\":");
			if (i != 5)
				assert_int_equal(
					channel_play_page(w.channel, &got, w.arena, &page, &go_on),
					W_EPROTO);
		}
		world_done(&w);
		arena_free(a);
	}
}

static void
channel_play__a_message_is_read_as_it_was_sent_from_any_call(void **state)
{
	static const char *const calls[] = {
		"POST {channel.base_url}/m\n  form: {to: \"{to|bare}\", t: \"{text}\", r: \"{ref}\"}",
		"GET {channel.base_url}/m/{ref}\n  query: {to: \"{to}\", t: \"{text}\"}",
		"GET https://b.example/m/{ref}/{to|00}/{text}",
		"POST https://b.example\n  json: {m: [{to: \"{to|plus}\", t: \"{text}\"}], r: "
		"\"{ref}\", n: 1, z: null}",
		"POST {channel.base_url}\n  headers: {X: \"{secret.key}\"}\n  basic: "
		"\"u:{secret.key}\"\n  type: text/x\n  text: \"{ref} {to|national} {text}\"",
		"POST {channel.base_url}/m\n  xml: \"<m to='{to}' ref='{ref}'>{text}</m>\"",
		"POST {channel.base_url}/m\n  let: {when: channel.base_url}\n  if: channel.base_url\n"
		"  form: {to: \"{to|bare}\", t: \"{text}\", r: \"{ref}\", y: \"{when}\", c: \"{c?}\"}\n"
		"  ucs2: {c: \"8\"}",
	};
	static const char *const texts[] = {"Bonjour 1+1 & 100%", "نعم"};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(calls); i++) {
		struct arena *a = arena_new(0);
		struct world w;
		struct wire_request call;
		struct str to, text, ref;
		struct phone number;

		make_of(&w, arena_printf(a,
					 "send:\n  call: %s\n  answer: {code: http, verdicts: "
					 "{\"200\": accepted}}\n",
					 calls[i / 2]));
		struct channel_message msg = {.phone = caller(),
					      .text = str_of(texts[i % 2]),
					      .ref = STR_LIT("w-7"),
					      .coding = i % 2 ? TEXT_UCS2 : TEXT_GSM7};

		assert_int_equal(
			channel_send_build(w.channel, &msg, 1795000000, STR_NONE, w.arena, &call),
			0);
		if (channel_play_send(w.channel, &call, w.arena, &to, &text, &ref) != 0)
			fail_msg("%s: %.*s", calls[i / 2], STR_ARG(call.body));
		assert_true(codec_phone(to, false, &number) || codec_phone(to, true, &number));
		assert_true(phone_eq(&number, &msg.phone));
		assert_true(str_is(text, texts[i % 2]) || i / 2 == 5); /* XML stays escaped */
		assert_true(str_is(ref, "w-7"));
		call.method = WIRE_PUT;
		assert_int_equal(channel_play_send(w.channel, &call, w.arena, &to, &text, &ref),
				 W_EPROTO);
		world_done(&w);
		arena_free(a);
	}
}

static void
channel_play__an_answer_says_what_was_meant_where_the_dialect_can(void **state)
{
	static const struct {
		const char *answer;
		unsigned can; /* bits of enum channel_said */
	} rows[] = {
		{"{code: http, verdicts: {\"200\": accepted, \"http 500\": again}}",
		 1U << SAID_ACCEPTED | 1U << SAID_DENIED | 1U << SAID_HOLD | 1U << SAID_BUSY |
			 1U << SAID_FAULT | 1U << SAID_AGAIN | 1U << SAID_UNCERTAIN},
		{"{id: json.a.0.id, to: json.a.0.to, parts: json.n, wait_ms: json.w, "
		 "code: [json.a.0.st, json.s], verdicts: {ok: accepted, \"4*\": rejected, "
		 "stop: optout, \"*\": hold}}",
		 1U << SAID_ACCEPTED | 1U << SAID_REJECTED | 1U << SAID_OPTOUT | 1U << SAID_HOLD |
			 1U << SAID_DENIED | 1U << SAID_BUSY | 1U << SAID_FAULT |
			 1U << SAID_UNCERTAIN},
		{"{each: json.l, id: {at: each.id, match: '[^/]+$'}, to: each.to, code: "
		 "\"{each.g}/{each.c}\", verdicts: {\"1/*\": accepted, \"5/12\": renew}}",
		 1U << SAID_ACCEPTED | 1U << SAID_RENEW},
		{"{id: body, code: http, verdicts: {\"*\": accepted}}", 1U << SAID_ACCEPTED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new(0);
		struct world w;

		make_of(&w,
			arena_printf(a,
				     "send:\n  call: POST https://b.example/{ref}\n  form: {to: "
				     "\"{to}\", t: \"{text}\"}\n  answer: %s\n",
				     rows[i].answer));
		for (int said = 0; said < SAID_COUNT; said++) {
			struct channel_message msg = {
				.phone = caller(), .text = STR_LIT("x"), .ref = STR_LIT("play")};
			struct channel_verdict v;
			struct wire_answer got;
			int rc = channel_play_answer(w.channel, (enum channel_said)said,
						     STR_LIT("212612345678"), STR_LIT("m1"),
						     w.arena, &got);

			if (rc == 0) {
				channel_send_read(w.channel, &got, &msg, w.arena, &v);
				assert_int_equal(v.said, said);
			}
			if ((rc == 0) < (rows[i].can >> said & 1U))
				fail_msg("%s cannot say %s", rows[i].answer,
					 channel_said_word((enum channel_said)said));
		}
		struct wire_answer none;

		assert_int_equal(channel_play_answer(w.channel, SAID_ACCEPTED, STR_LIT("INFO"),
						     STR_LIT("m1"), w.arena, &none),
				 W_EINVAL);
		world_done(&w);
		arena_free(a);
	}
}

static void
channel_play__a_dialect_without_a_section_plays_no_such_call(void **state)
{
	struct world w;
	const struct phone from = caller();
	struct play_ussd play = {.session = STR_LIT("1"), .phone = from};
	struct wire_request call;
	struct wire_answer answer = {.status = 200};
	struct str page, to, text, ref;
	bool go_on;

	(void)state;
	make_of(&w, "ping: {on: GET /p}\n");
	assert_int_equal(channel_play_ussd(w.channel, &play, w.arena, &call), W_ENOENT);
	assert_int_equal(channel_play_sms(w.channel, STR_NONE, &from, STR_LIT("x"), w.arena, &call),
			 W_ENOENT);
	assert_int_equal(channel_play_report(w.channel, STR_LIT("1"), STR_NONE, &from, REPORT_SENT,
					     w.arena, &call),
			 W_ENOENT);
	assert_int_equal(channel_play_page(w.channel, &answer, w.arena, &page, &go_on), W_EPROTO);
	assert_int_equal(channel_play_send(w.channel, &call, w.arena, &to, &text, &ref), W_EPROTO);
	assert_int_equal(channel_play_answer(w.channel, SAID_ACCEPTED, STR_LIT("212612345678"),
					     STR_LIT("1"), w.arena, &answer),
			 W_ENOENT);
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_play__a_cumulative_session_reads_as_it_was_played),
		cmocka_unit_test(channel_play__a_json_session_reads_as_it_was_played),
		cmocka_unit_test(channel_play__a_query_session_reads_as_it_was_played),
		cmocka_unit_test(channel_play__every_page_comes_back_as_it_was_sent),
		cmocka_unit_test(channel_play__a_page_may_hold_what_ends_the_template),
		cmocka_unit_test(channel_play__a_foreign_reply_is_no_page),
		cmocka_unit_test(channel_play__the_carrier_reads_what_we_send),
		cmocka_unit_test(channel_play__the_carriers_answer_means_what_it_wants),
		cmocka_unit_test(channel_play__reports_bring_id_and_state_back),
		cmocka_unit_test(channel_play__an_sms_in_arrives),
		cmocka_unit_test(
			channel_play__an_sms_reads_as_it_was_written_wherever_its_text_stands),
		cmocka_unit_test(channel_play__a_page_comes_back_from_any_sheet),
		cmocka_unit_test(channel_play__a_message_is_read_as_it_was_sent_from_any_call),
		cmocka_unit_test(channel_play__an_answer_says_what_was_meant_where_the_dialect_can),
		cmocka_unit_test(channel_play__a_dialect_without_a_section_plays_no_such_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
