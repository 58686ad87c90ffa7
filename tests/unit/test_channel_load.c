#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_channel_world.h"

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
	{"{at: header.X-Word, is: \"{secret.word?}\"}", "{scheme: twilio, key: \"{secret.key}\"}",
	 "33:14", "not supported yet"},
	{"proof:", "setup: {call: POST https://x.example/}\nproof:", "32:8",
	 "not supported yet: setup"},
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

/* The blocks of the guide that begin with a key of the file, put together, are a dialect. */
static void
channel_load__the_guides_own_examples_load(void **state)
{
	static const char *const heads[] = {"wasl:", "ussd:", "report:", "send:", "proof:"};
	struct arena *a = arena_new(0);
	struct str guide = world_read(a, WASL_SOURCE_DIR "/contrib/dialects/README.md");
	struct buf file;
	bool inside = false;
	size_t taken = 0;

	(void)state;
	buf_init_arena(&file, a);
	while (guide.n > 0) {
		struct str line = world_line(&guide);

		if (str_is(line, "```yaml")) {
			for (size_t i = 0; i < ARRAY_LEN(heads); i++)
				inside |= str_starts(guide, str_of(heads[i]));
			taken += inside;
			continue;
		}
		inside = inside && !str_is(line, "```");
		if (inside)
			buf_printf(&file, "%.*s\n", STR_ARG(line));
	}
	assert_int_equal(taken, ARRAY_LEN(heads));
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
		cmocka_unit_test(channel_load__all_faults_of_a_file_come_in_one_run),
		cmocka_unit_test(
			channel_load__sections_may_share_a_path_when_all_but_one_have_an_if),
		cmocka_unit_test(channel_load__the_shipped_dialect_loads_and_says_what_it_needs),
		cmocka_unit_test(channel_load__the_guides_own_examples_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
