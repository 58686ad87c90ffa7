#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_channel_world.h"

/*
 * What a value makes of a call: the text of an SMS is that value. "-" is
 * absent (then the call is refused for want of it), "!" malformed.
 */
static const struct {
	const char *value, *query, *type, *body, *gives;
} rows[] = {
	{"query.t", "t=a", "", "", "a"},
	{"query.t", "t=", "", "", ""},
	{"query.t", "x=1", "", "", "-"},
	{"\"{query.a}/{query.b}\"", "a=1&b=2", "", "", "1/2"},
	{"\"{query.a}/{query.b}\"", "a=1", "", "", "-"},
	{"\"{query.a}/{query.b?}\"", "a=1", "", "", "1/"},
	{"\"{{{query.a}}}\"", "a=1", "", "", "{1}"},
	{"[query.a, query.b]", "b=2", "", "", "2"},
	{"[query.a, query.b]", "a=&b=2", "", "", ""},
	{"{at: query.a, default: none}", "", "", "", "none"},
	{"{at: query.a, match: '^(..)-'}", "a=xy-z", "", "", "xy"},
	{"{at: query.a, match: '[0-9]+'}", "a=xy12z", "", "", "12"},
	{"{at: query.a, match: '[0-9]+', default: '0'}", "a=xy", "", "", "0"},
	{"{at: query.a, map: {one: '1', 'o*': o, 'on*': on, '*': other}}", "a=ONE", "", "", "1"},
	{"{at: query.a, map: {one: '1', 'o*': o, 'on*': on, '*': other}}", "a=ONCE", "", "", "on"},
	{"{at: query.a, map: {one: '1', 'o*': o, 'on*': on, '*': other}}", "a=of", "", "", "o"},
	{"{at: query.a, map: {one: '1', 'o*': o, 'on*': on, '*': other}}", "a=", "", "", "other"},
	{"{at: query.a, map: {one: '1'}}", "a=two", "", "", "-"},
	{"{at: query.a, map: {one: '{query.b}'}, default: d}", "a=one&b=7", "", "", "7"},
	{"{at: query.a, map: {one: '{query.b}'}, default: d}", "a=one", "", "", "d"},
	{"[{at: query.a, map: {x: first}}, {at: query.a, map: {y: second}}]", "a=y", "", "",
	 "second"},
	/* charsets: bytes may hold what text may not */
	{"{at: query.t, charset: utf-16be}", "t=%00A%06F", "", "", "Aن"},
	{"{at: query.t, charset: iso-8859-1}", "t=caf%E9", "", "", "café"},
	{"{at: query.t, charset: gsm7}", "t=%00%1be", "", "", "@€"},
	{"{at: query.t, charset: utf-16be}", "t=%D8%00", "", "", "!"},
	{"{at: query.t, charset: query.c}", "t=caf%E9&c=latin1", "", "", "café"},
	{"{at: query.t, charset: query.c}", "t=caf%C3%A9", "", "", "café"},
	{"{at: query.t, charset: query.c}", "t=caf%C3%A9&c=klingon", "", "", "!"},
	{"{at: query.t, charset: [query.c, {at: query.coding, map: {'2': utf-16be}}]}",
	 "t=%06F&coding=2", "", "", "ن"},
	{"{at: body, charset: [header.Content-Type;charset]}", "",
	 "text/plain; x=1; charset=\"UTF-16BE\"", "\x06\x46\x06\x39", "نع"},
	{"{at: body}", "", "text/plain", "\xff", "!"},
	{"query.t", "t=%06%00", "", "", "!"},
	/* filters */
	{"query.t|unhex|hex|upper", "t=4f75e9", "", "", "4F75E9"},
	{"query.t|unhex|hex", "t=4f7", "", "", "-"},
	{"{at: [query.b|unhex, query.t], charset: utf-8}", "b=zz&t=plain", "", "", "plain"},
	{"header.X-Odd", "", "", "", "-"},
	{"body", "", "", "raw", "raw"},
};

static const char *
text_of(size_t i, struct arena *a)
{
	struct channel_account account = world_account();
	struct wire_header type = {STR_LIT("Content-Type"), str_of(rows[i].type)};
	struct channel_event *ev;
	struct world w;
	const char *got;

	account.n_settings = account.n_secrets = 0;
	if (!world_channel(
		    &w,
		    arena_printf(a,
				 "wasl: 1\ndialect: x\nsms:\n  on: POST /s\n  msisdn: query.m\n"
				 "  text: %s\n  need: [text]\n  refuse: {status: 422}\n",
				 rows[i].value),
		    &account))
		return "does not load";
	struct wire_request req = {.method = WIRE_POST,
				   .query = str_of(rows[i].query),
				   .headers = &type,
				   .n_headers = rows[i].type[0] != '\0',
				   .body = str_of(rows[i].body)};
	int n = world_parse(&w, req, "/s", &ev);

	got = n == 1 ? arena_strdup(a, arena_str(w.arena, secret_reveal(ev->text)).p) : "refused";
	world_done(&w);
	return got;
}

static void
channel_value__every_value_gives_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new(0);
		const char *want = rows[i].gives, *got = text_of(i, a);

		if (strcmp(want, "-") == 0 || strcmp(want, "!") == 0)
			want = "refused";
		if (strcmp(want, got) != 0)
			fail_msg("%s of ?%s: '%s', not '%s'", rows[i].value, rows[i].query, got,
				 want);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_value__every_value_gives_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
