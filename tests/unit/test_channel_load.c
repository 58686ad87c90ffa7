#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "channel/channel_int.h"
#include "test_channel_world.h"
#include "test_yaml_spoil.h"

/* A whole dialect that is right; every spoilt copy changes one piece of it. */
static const char good[] =
	"wasl: 1\n"                                                                 /* 1 */
	"dialect: sample\n"                                                         /* 2 */
	"settings:\n"                                                               /* 3 */
	"  base_url: {type: url}\n"                                                 /* 4 */
	"  sender: {optional: true}\n"                                              /* 5 */
	"secrets: {key: {}, word: {optional: true}}\n"                              /* 6 */
	"ussd:\n"                                                                   /* 7 */
	"  on: POST /ussd\n"                                                        /* 8 */
	"  let: {hops: form.hops}\n"                                                /* 9 */
	"  session: form.sessionId\n"                                               /* 10 */
	"  msisdn: [form.phone, form.from]\n"                                       /* 11 */
	"  event: {at: form.type, map: {new: begin, go: continue, \"*\": error}}\n" /* 12 */
	"  input: {at: form.text, match: '^[0-9]+$'}\n"                             /* 13 */
	"  need: [session, msisdn]\n"                                               /* 14 */
	"  reply:\n"                                                                /* 15 */
	"    continue: {word: CON}\n"                                               /* 16 */
	"    end: {word: END}\n"                                                    /* 17 */
	"    text: \"{word} {page}\"\n"                                             /* 18 */
	"report:\n"                                                                 /* 19 */
	"  on: POST /dlr\n"                                                         /* 20 */
	"  each: json.results\n"                                                    /* 21 */
	"  id: each.id\n"                                                           /* 22 */
	"  state: {at: each.status, map: {ok: delivered, \"no*\": failed}}\n"       /* 23 */
	"send:\n"                                                                   /* 24 */
	"  call: POST {channel.base_url}/send\n"                                    /* 25 */
	"  headers: {apiKey: \"{secret.key}\"}\n"                                   /* 26 */
	"  json: {to: \"{to|bare}\", text: \"{text}\", from: \"{channel.sender?}\", flash: false}\n" /* 27 */
	"  answer:\n"                                        /* 28 */
	"    id: json.id\n"                                  /* 29 */
	"    code: json.status\n"                            /* 30 */
	"    verdicts: {ok: accepted, \"http 5*\": again}\n" /* 31 */
	"proof:\n"                                           /* 32 */
	"  - {at: header.X-Word, is: \"{secret.word?}\"}\n"; /* 33 */

static char *
spoil(struct arena *a, const char *find, const char *put)
{
	const char *at = strstr(good, find);

	assert_non_null(at);
	return arena_printf(a, "%.*s%s%s", (int)(at - good), good, put, at + strlen(find));
}

static const struct spoilt {
	const char *find, *put, *place, *says;
} spoilt[] = {
	{"wasl: 1", "wasl: 2", "1:7", ""},
	{"dialect: sample\n", "dialect: sample\nproff: []\n", "3:1", "did you mean"},
	{"type: url", "type: uri", "4:20", "no type 'uri' (did you mean url?)"},
	{"  on: POST /ussd\n", "", "8:3", "on"},
	{"POST /ussd", "SEND /ussd", "8:7", "'SEND' is no method"},
	{"POST /ussd", "POST ussd", "8:11", "a path beginning with /"},
	{"POST /ussd", "POST /us%20sd", "8:15", "not allowed in a path"},
	{"form.sessionId", "fom.sessionId", "10:12", "no source 'fom' (did you mean form?)"},
	{"form.sessionId", "form.sessionId|hx", "10:27", "no filter 'hx' (did you mean hex?)"},
	{"form.sessionId", "secret.key", "10:12", "the source secret cannot be used here"},
	{"form.sessionId", "each.id", "10:12",
	 "the source each cannot be used here: the section has no each"},
	{"form.sessionId", "channel.sendr", "10:20", "no setting 'sendr' (did you mean sender?)"},
	{"form.sessionId", "path.id", "10:12", "no {id} in this section's on:"},
	{"form.sessionId", "hop", "10:12", "no name 'hop' is defined above this"},
	{"form.sessionId", "form.a|unhex", "10:12", "bytes where text must be"},
	{"form.sessionId", "json.id", "10:12", "form and json in one section"},
	{"form.sessionId", "xml.ussd.msg", "10:12", "not supported yet: the source xml"},
	{"{hops: form.hops}", "{page: form.hops}", "9:9", "the name 'page' is taken"},
	{"[form.phone, form.from]",
	 "[form.a, form.b, form.c, form.d, form.e, form.f, form.g, form.h, form.i]", "11:11",
	 "1 to 8 alternatives"},
	{"go: continue", "go: goon", "12:48", "no event 'goon'"},
	{"{new: begin, go: continue", "{new: begin, New: continue", "12:44",
	 "'New' is there already"},
	{"{new: begin, go: continue, \"*\": error}", "{\"*\": error, new: begin}", "12:44",
	 "\"*\" must be the last row"},
	{"'^[0-9]+$'", "'^[0-9+$'", "13:41", "pattern: "},
	{"'^[0-9]+$'", "'^([0-9])(.)$'", "13:33", "at most one capture"},
	{"need: [session, msisdn]", "need: [session, sesion]", "14:19",
	 "no field 'sesion' (did you mean session?)"},
	{"need: [session, msisdn]", "need: [session, turn]", "14:19",
	 "need 'turn': the section does not give it"},
	{"{word: CON}", "{wort: CON}", "16:15", "continue has no 'word'"},
	{"\"{word} {page}\"", "\"{wort} {page}\"", "18:13", "no name 'wort'"},
	{"\"{word} {page}\"", "{word: page}", "18:11", "YAML reads a mapping: quote it"},
	{"\"{word} {page}\"", "\"{word {page}\"", "18:13", "no name 'word {page'"},
	{"\"{word} {page}\"", "\"{word} }{page}\"", "18:19", "'}' alone"},
	{"text: \"{word} {page}\"", "text: \"{word} {page}\"\n    json: {a: \"{page}\"}", "19:11",
	 "one of text, json, xml and form only"},
	{"POST /dlr", "POST /ussd", "20:7", "ussd is called by the same method and path"},
	{"json.results", "form.results", "21:9", "each must be a json place"},
	{"  id: each.id\n", "", "20:3", "report: needs id or ref"},
	{"ok: delivered", "ok: deliverd", "23:38", "no state 'deliverd' (did you mean delivered?)"},
	{"POST {channel.base_url}/send", "POST {channel.sender}/send", "25:14",
	 "begins with a setting of type url"},
	{"POST {channel.base_url}/send", "POST http://api.example/send", "25:14",
	 "goes to https://"},
	{"\"{secret.key}\"", "\"{secret.kei}\"", "26:30", "no secret 'kei' (did you mean key?)"},
	{"\"{secret.key}\"", "\"{token}\"", "26:23", "no name 'token'"},
	{"flash: false", "flash: off", "27:77", "a plain word in json"},
	{"    id: json.id\n", "", "25:3", "neither an id in the answer nor {ref} in the call"},
	{"ok: accepted", "ok: acepted", "31:20", "no verdict 'acepted' (did you mean accepted?)"},
	{"ok: accepted", "ok: rejected", "31:15", "success must be named"},
	{"{at: header.X-Word, is: \"{secret.word?}\"}", "{scheme: twilo, key: \"{secret.key}\"}",
	 "33:14", "no proof scheme 'twilo' (did you mean twilio?)"},
	{"{at: header.X-Word, is: \"{secret.word?}\"}",
	 "{scheme: twilio, key: \"{secret.key}\", algorithm: sha256}", "33:54",
	 "twilio has one algorithm only"},
	{"{at: header.X-Word, is: \"{secret.word?}\"}",
	 "{scheme: twilio, key: \"{secret.key}\", at: header.X-Sig}", "33:47",
	 "at: a scheme takes key, algorithm and within only"},
	{"{at: header.X-Word, is: \"{secret.word?}\"}", "{scheme: vonage}", "33:5",
	 "key: is missing"},
	{"{at: header.X-Word, is: \"{secret.word?}\"}",
	 "{scheme: vonage, key: \"{secret.key}\", algorithm: sha255}", "33:54",
	 "no algorithm 'sha255' (did you mean sha256?)"},
	{"proof:", "setup: {call: POST https://x.example/, take: {token: body}}\nproof:", "32:40",
	 "take"},
	{"proof:", "setup: {call: POST https://x.example/, form: {a: \"{token}\"}}\nproof:",
	 "32:52", "no name 'token'"},
	{"proof:", "setup: {call: POST https://x.example/, form: {a: \"{text}\"}}\nproof:", "32:52",
	 "no name 'text'"},
	{"proof:", "token: {call: POST https://x.example/}\nproof:", "32:8", "take"},
	{"proof:", "token: {call: POST http://x.example/, take: {token: body}}\nproof:", "32:20",
	 "goes to https://"},
	{"proof:", "token: {call: POST https://x.example/, take: {life: body}}\nproof:", "32:46",
	 "token"},
	{"form.sessionId", "form.a|hex|hex|hex|hex|hex", "10:35", "more than 4 filters"},
	{"form.sessionId", "form.a|%q", "10:19", "a date is made of"},
	{"form.sessionId", "form.", "10:12", "a name must follow 'form.'"},
	{"form.sessionId", "json.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q", "10:12", "form and json"},
	{"{hops: form.hops}", "{Hops: form.hops}", "9:9", "a name is made of small letters"},
	{"{hops: form.hops}", "{\"a.b\": form.hops}", "9:11", "a name is made of small letters"},
	{"\"{word} {page}\"", "\"{word} {page} {}\"", "18:26", "an empty hole"},
	{"\"{word} {page}\"", "\"{word} {page} {\"", "18:26", "'{' without its '}'"},
	{"\"{word} {page}\"", "\"{word?} {page}\"", "18:11", "not allowed here"},
	{"{word: CON}", "{word: CON, live: x}", "16:27", "the name 'live' is taken"},
	{"POST /ussd", "[POST /a, POST /b, POST /c, POST /d, POST /e]", "8:7", "at most 4"},
	{"POST /ussd", "POST /a/b/c/d/e/f/g/h/i", "8:29", "a path of at most 8 pieces"},
	{"[session, msisdn]", "[\"\"]", "14:10", "a field, or a|b"},
	{"json.results", "json.", "21:9", "each must be a json place"},
	{"json.results", "json.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q", "21:9", "deeper than 16"},
	{"each.id", "each.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q", "22:7", "deeper than 16"},
	{"  each: json.results\n", "  each: json.results\n  ack: end\n", "22:8",
	 "ack: end is for ussd"},
	{"POST {channel.base_url}/send", "POST {channel.base_url?}/send", "25:9",
	 "not allowed here"},
	{"POST {channel.base_url}/send", "POST {secret.key}/send", "25:14",
	 "begins with a setting of type url"},
	{"POST {channel.base_url}/send", "POST", "25:9", "METHOD URL was expected"},
	{"POST {channel.base_url}/send", "SEND x", "25:9", "METHOD URL was expected"},
	{"{apiKey: ", "{\"api key\": ", "26:17", "no character of a header's name"},
	{"{apiKey: ", "{\"api:key\": ", "26:17", "no character of a header's name"},
	{"{apiKey: ", "{\"apié\": ", "26:17", "no character of a header's name"},
	{"\"{secret.key}\"", "\"{url.sms}\"", "26:27", "url.sms: there is no section sms"},
	{"\"{secret.key}\"", "\"{url.repot}\"", "26:27", "did you mean report?"},
	{"json.status", "[json.a, json.b, json.c, json.d, json.e, json.f, json.g, json.h, json.i]",
	 "30:11", "1 to 8 alternatives"},
	{"{at: header.X-Word, is: \"{secret.word?}\"}", "{at: header.X-Word}", "33:5",
	 "is: is missing"},
	{"{at: header.X-Word, is: \"{secret.word?}\"}", "{is: \"{secret.word?}\"}", "33:5",
	 "at: is missing"},
	{"dialect: sample\n", "dialect: sample\nnumbers: local\n", "3:10", "no kind of number"},
};

/* The faults of a text as lines, without the file's name. */
static char *
faults(struct arena *a, const char *text)
{
	struct world w;
	char *lines = arena_strdup(a, "");

	world_init(&w);
	if (dialect_load_text("t", str_of(text), w.arena, &w.dialect, w.err) == 0)
		assert_int_equal(err_count(w.err), 0);
	for (size_t i = 0; i < err_count(w.err); i++)
		lines = arena_printf(a, "%s%s\n", lines, err_line(err_at(w.err, i), a) + 2);
	world_done(&w);
	return lines;
}

static void
channel_load__the_good_dialect_loads(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	assert_string_equal(faults(a, good), "");
	arena_free(a);
}

static void
channel_load__a_planted_fault_is_told_at_its_place_and_nothing_else(void **state)
{
	struct arena *a = arena_new(0);
	size_t missed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(spoilt); i++) {
		const struct spoilt *s = &spoilt[i];
		char *got = faults(a, spoil(a, s->find, s->put));
		char *want = arena_printf(a, "%s: error: ", s->place);
		bool one = strchr(got, '\n') != NULL && strchr(got, '\n')[1] == '\0';

		if (one && strncmp(got, want, strlen(want)) == 0 && strstr(got, s->says) != NULL)
			continue;
		printf("%zu '%s': wanted %s%s, got:\n%s", i, s->put, want, s->says, got);
		missed++;
	}
	assert_int_equal(missed, 0);
	arena_free(a);
}

/* Every key of the language, each on a line of its own. */
static const char wide[] = "wasl: 1\n"
			   "dialect: wide\n"
			   "about: all there is\n"
			   "numbers: national\n"
			   "ignore_case: no\n"
			   "settings:\n"
			   "  base:\n"
			   "    type: url\n"
			   "    default: https://a.example\n"
			   "    about: x\n"
			   "  sender:\n"
			   "    optional: yes\n"
			   "secrets:\n"
			   "  key:\n"
			   "    optional: yes\n"
			   "    about: x\n"
			   "ussd:\n"
			   "  - on:\n"
			   "      - \"POST /u/{id}/{step}\"\n"
			   "      - \"GET /u/{id}/{step}\"\n"
			   "    if: any.go\n"
			   "    let:\n"
			   "      hops: any.hops\n"
			   "    session: path.id\n"
			   "    service: any.code\n"
			   "    network: any.net\n"
			   "    event:\n"
			   "      at: any.type\n"
			   "      charset: utf-8\n"
			   "      match: '^[a-z]+$'\n"
			   "      map:\n"
			   "        new: begin\n"
			   "        \"e*\": end\n"
			   "        \"*\": auto\n"
			   "      default: auto\n"
			   "    outcome: any.why\n"
			   "    input:\n"
			   "      - any.text\n"
			   "      - any.other\n"
			   "    drop: any.ext\n"
			   "    dialled: any.code\n"
			   "    turn: any.turn\n"
			   "    style: cumulative\n"
			   "    separator: \"*\"\n"
			   "    stray: refuse\n"
			   "    need:\n"
			   "      - session|service\n"
			   "    page:\n"
			   "      gsm7: 160\n"
			   "      ucs2: 70\n"
			   "    deadline: 5s\n"
			   "    reserved:\n"
			   "      - \"98\"\n"
			   "    body_max: 32KiB\n"
			   "    unconfirmed: seen once\n"
			   "    reply:\n"
			   "      status: 201\n"
			   "      type: text/plain\n"
			   "      continue:\n"
			   "        word: CON\n"
			   "      end:\n"
			   "        word: END\n"
			   "      headers:\n"
			   "        X-Word: \"{word}\"\n"
			   "      json:\n"
			   "        a: \"{page}\"\n"
			   "        b:\n"
			   "          - 12\n"
			   "          - \"{word}\"\n"
			   "          - null\n"
			   "        c: false\n"
			   "    ack: end\n"
			   "    refuse:\n"
			   "      form:\n"
			   "        a: \"1\"\n"
			   "        b:\n"
			   "          - \"1\"\n"
			   "          - \"2\"\n"
			   "ussd_end:\n"
			   "  on: PUT /end\n"
			   "  msisdn: json.m\n"
			   "sms:\n"
			   "  on: POST /sms\n"
			   "  msisdn: form.from\n"
			   "  to: form.to\n"
			   "  text: form.text|unhex|utf-16be|crlf\n"
			   "  part:\n"
			   "    ref: form.r\n"
			   "    number: form.n\n"
			   "    of: form.o\n"
			   "  ack:\n"
			   "    xml: <ok/>\n"
			   "report:\n"
			   "  on: POST /dlr\n"
			   "  each: json.a\\.b.results\n"
			   "  ref: each.ref\n"
			   "  time: each.at\n"
			   "  reason: each.why\n"
			   "  state: each.state\n"
			   "optout:\n"
			   "  on: POST /stop\n"
			   "  msisdn: form.from\n"
			   "ping:\n"
			   "  on: GET /ping\n"
			   "  ack:\n"
			   "    text: \"{live}\"\n"
			   "send:\n"
			   "  - call: \"POST {channel.base}/send\"\n"
			   "    if: channel.sender\n"
			   "    let:\n"
			   "      when: now|%d/%m/%Y\n"
			   "    basic: \"u:{secret.key}\"\n"
			   "    query:\n"
			   "      report: \"{url.report}\"\n"
			   "    headers:\n"
			   "      X-When: \"{when}\"\n"
			   "    form:\n"
			   "      to: \"{to|bare}\"\n"
			   "      text: \"{text}\"\n"
			   "      coding: \"{coding?}\"\n"
			   "    gsm7:\n"
			   "      coding: \"0\"\n"
			   "    ucs2:\n"
			   "      coding: \"8\"\n"
			   "    join: \",\"\n"
			   "    udh: 16\n"
			   "    idempotent: 1d\n"
			   "    answer:\n"
			   "      each: json.list\n"
			   "      to: each.number\n"
			   "      id: each.id\n"
			   "      parts: each.parts\n"
			   "      wait_ms: each.wait\n"
			   "      code:\n"
			   "        - each.code\n"
			   "        - each.status\n"
			   "      verdicts:\n"
			   "        ok: accepted\n"
			   "        \"4*\": rejected\n"
			   "        \"http 503\": again\n"
			   "        \"*\": uncertain\n"
			   "  - call: GET https://b.example/send\n"
			   "    query:\n"
			   "      id: \"{ref}\"\n"
			   "    answer:\n"
			   "      code: http\n"
			   "      verdicts:\n"
			   "        \"http 200\": accepted\n"
			   "proof:\n"
			   "  - at: header.X-Word\n"
			   "    is: \"{secret.key}\"\n"
			   "  - basic: \"u:{secret.key}\"\n"
			   "  - hmac: sha1\n"
			   "    at: header.X-Sig\n"
			   "    over: \"{body}\"\n"
			   "    key: \"{secret.key}\"\n"
			   "    as: base64\n"
			   "    prefix: v1=\n"
			   "    time: header.X-Time\n"
			   "    within: 5m\n";

/* A map of unknown keys is a value of nothing; all else is either taken or told, never both. */
static void
channel_load__what_is_no_value_of_a_key_is_told_wherever_it_stands(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	assert_string_equal(faults(a, wide), "");
	for (size_t line = 0; line < spoil_lines(wide); line++) {
		for (size_t kind = 0; kind < ARRAY_LEN(spoil_kinds); kind++) {
			char *text = spoil_line(a, wide, line, spoil_kinds[kind]);
			char *got = text ? faults(a, text) : NULL;

			if (got != NULL && kind == 0 && got[0] == '\0')
				fail_msg("line %zu took %s", line + 1, spoil_kinds[kind]);
		}
		arena_reset(a);
	}
	arena_free(a);
}

/* n lines, each with its number wherever a '#' stands. */
static char *
many(struct arena *a, const char *before, const char *line, unsigned n)
{
	struct buf b;

	buf_init_arena(&b, a);
	buf_adds(&b, before);
	for (unsigned i = 0; i < n; i++) {
		for (const char *c = line; *c != '\0'; c++)
			buf_adds(&b,
				 *c == '#' ? arena_printf(a, "%u", i) : arena_printf(a, "%c", *c));
		buf_addc(&b, '\n');
	}
	return b.p;
}

static void
channel_load__the_bounds_of_the_language_hold(void **state)
{
	static const struct {
		const char *before, *line; /* '#': the number */
		unsigned most;
		const char *says;
	} rows[] = {
		{"wasl: 1\ndialect: x\nping:\n", "  - {on: POST /p#}", DIALECT_SECTIONS,
		 "more than 32 sections"},
		{"wasl: 1\ndialect: x\nsend:\n",
		 "  - {call: \"POST https://x.example/#\", form: {r: \"{ref}\"}, answer: {code: http, "
		 "verdicts: {\"200\": accepted}}}",
		 DIALECT_SECTIONS, "more than 32 send sections"},
		{"wasl: 1\ndialect: x\nping:\n  on: POST /p\n  let:\n", "    n#: form.n#",
		 SECTION_LETS, "more than 16 names in let"},
		{"wasl: 1\ndialect: x\nping:\n  on: POST /p\n  ack:\n    text: x\n    gsm7:\n",
		 "      w#: \"x\"", 16, "more than 16 names in the word sets"},
		{"wasl: 1\ndialect: x\nping:\n  on: POST /p\n  ack:\n    form:\n",
		 "      f#: \"{form.f#}\"", PLAN_SLOTS, "more than 64 values in one section"},
		{"wasl: 1\ndialect: x\nussd_end:\n  on: POST /p\n  msisdn: form.m\n  need:\n",
		 "    - msisdn", FIELDS, "more than 20 needs"},
		{"wasl: 1\ndialect: x\nussd_end:\n  on: POST /p\n  msisdn: form.m\n  event:\n    at: "
		 "form.e\n    map:\n",
		 "      w#: end", MAP_ROWS, "a map of 1 to 256 words"},
	};
	struct arena *a = arena_new(0);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *most = faults(a, many(a, rows[i].before, rows[i].line, rows[i].most));
		char *over = faults(a, many(a, rows[i].before, rows[i].line, rows[i].most + 1));

		assert_string_equal(most, "");
		if (strstr(over, rows[i].says) == NULL)
			fail_msg("wanted '%s', got: %s", rows[i].says, over);
	}
	assert_non_null(strstr(faults(a, "wasl: 1\ndialect: x\n"), "without any section"));
	assert_non_null(strstr(faults(a, "[a]\n"), "1:1: error"));
	arena_free(a);
}

static void
channel_load__all_faults_of_a_file_come_in_one_run(void **state)
{
	struct arena *a = arena_new(0);
	char *text = spoil(a, "form.sessionId", "fom.sessionId");
	char *second = strstr(text, "ok: accepted");

	(void)state;
	memcpy(second, "ok: acceptod", 12);
	char *got = faults(a, text);

	assert_non_null(strstr(got, "10:12: error: no source 'fom'"));
	assert_non_null(strstr(got, "31:20: error: no verdict 'acceptod'"));
	arena_free(a);
}

static void
channel_load__sections_may_share_a_path_when_all_but_one_have_an_if(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	assert_string_equal(faults(a, "wasl: 1\ndialect: x\n"
				      "sms: {on: POST /in, if: form.id, msisdn: form.from, "
				      "text: form.text}\n"
				      "ping: {on: POST /in}\n"),
			    "");
	arena_free(a);
}

static void
channel_load__the_shipped_dialect_loads_and_says_what_it_needs(void **state)
{
	struct world w;
	const struct dialect_need *needs;

	(void)state;
	world_shipped(&w);
	assert_int_equal(dialect_needs(w.dialect, &needs), 6);
	assert_string_equal(needs[0].name, "base_url");
	assert_string_equal(needs[0].fallback, "https://api.africastalking.com");
	assert_true(needs[5].secret);
	assert_string_equal(dialect_name(w.dialect), "africastalking");
	world_done(&w);
}

/* Index of the key that a block begins with, or -1. */
static int
head_of(struct str block)
{
	static const char *const heads[] = {"wasl:", "ussd:", "report:", "send:", "proof:"};

	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (str_starts(block, str_of(heads[i])))
			return (int)i;
	return -1;
}

/*
 * The blocks of the guide that begin with a key of the file, put together, are a
 * dialect; where it shows a second way to write one, the first is taken.
 */
static void
channel_load__the_guides_own_examples_load(void **state)
{
	struct arena *a = arena_new(0);
	struct str guide = world_read(a, WASL_SOURCE_DIR "/contrib/dialects/README.md");
	struct buf file;
	bool inside = false;
	unsigned taken = 0;

	(void)state;
	buf_init_arena(&file, a);
	while (guide.n > 0) {
		struct str line = world_line(&guide);

		if (str_is(line, "```yaml")) {
			int head = head_of(guide);

			inside = head >= 0 && (taken & 1U << head) == 0;
			taken |= inside ? 1U << head : 0;
			continue;
		}
		inside = inside && !str_is(line, "```");
		if (inside)
			buf_printf(&file, "%.*s\n", STR_ARG(line));
	}
	assert_int_equal(taken, 31); /* each of them */
	assert_string_equal(faults(a, file.p), "");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_load__the_good_dialect_loads),
		cmocka_unit_test(
			channel_load__a_planted_fault_is_told_at_its_place_and_nothing_else),
		cmocka_unit_test(
			channel_load__what_is_no_value_of_a_key_is_told_wherever_it_stands),
		cmocka_unit_test(channel_load__the_bounds_of_the_language_hold),
		cmocka_unit_test(channel_load__all_faults_of_a_file_come_in_one_run),
		cmocka_unit_test(
			channel_load__sections_may_share_a_path_when_all_but_one_have_an_if),
		cmocka_unit_test(channel_load__the_shipped_dialect_loads_and_says_what_it_needs),
		cmocka_unit_test(channel_load__the_guides_own_examples_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
