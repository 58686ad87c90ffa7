/*
 * What the targets of channel/ share: the shipped dialect and some of every
 * other sort, each with an account, made when first asked for; and a call as
 * lines: "METHOD TAIL", the query, headers, an empty line, the body. For fuzz
 * targets only.
 */
#ifndef WASL_FUZZ_CHANNEL_WORLD_H
#define WASL_FUZZ_CHANNEL_WORLD_H

#include "channel/channel.h"

#include <stdio.h>
#include <stdlib.h>

enum { FUZZ_NOW = 1795000000, FUZZ_HEADERS = 12 };

static const char *const fuzz_dialects[] = {
	/* 0: the shipped one, from its file */
	NULL,
	/* 1: JSON, places in the path, a flag, batches of reports, two-number words */
	"wasl: 1\ndialect: jsonish\nsettings: {base_url: {type: url}}\nsecrets: {key: {}}\n"
	"ussd:\n  on: POST /session/{id}/{step}\n  session: path.id\n  msisdn: json.who.msisdn\n"
	"  event: {at: path.step, map: {start: begin, go: continue, end: end, \"*\": error}}\n"
	"  dialled: json.text\n  input: json.text\n  turn: json.turn\n"
	"  reply:\n    continue: {more: true}\n    end: {more: false}\n"
	"    json: {id: \"{path.id}\", turn: \"{json.turn|next}\", menu: \"{page}\", more: "
	"\"{more}\", back: \"{json.echo?}\"}\n"
	"report: {on: POST /dlr, each: json.results, id: each.id, msisdn: each.to, ref: each.ref,\n"
	"  time: each.at, state: {at: \"{each.group}/{each.code}\", map: {\"1/*\": pending, "
	"\"3/*\": sent, \"3/5\": delivered, \"4/2\": failed}}}\n"
	"send:\n  call: POST {channel.base_url}/v1/{to|bare}/messages\n"
	"  ucs2: {coding: \"8\", bytes: \"{text|utf-16be|hex}\"}\n  gsm7: {coding: \"0\"}\n"
	"  json: {to: [\"{to|bare}\"], coding: \"{coding}\", hex: \"{bytes?}\", ref: \"{ref}\"}\n"
	"  answer: {each: json.messages, id: each.id, to: each.to, code: "
	"\"{each.group}/{each.code}\",\n"
	"    wait_ms: {at: each.why, match: '\\[ *(\\d+) *\\]'}, parts: each.parts,\n"
	"    verdicts: {\"1/*\": accepted, \"5/12\": hold, \"5/*\": rejected, \"http 503\": "
	"again}}\n",
	/* 2: an own gateway: query or headers and body, a charset of their choice, octets */
	"wasl: 1\ndialect: gate\nsettings: {base_url: {type: url}, sender: {}}\n"
	"secrets: {key: {}}\n"
	"sms:\n  on: [GET /sms, POST /sms]\n  id: query.id\n"
	"  msisdn: [query.from, header.X-Kannel-From]\n"
	"  to: [query.to, header.X-Kannel-To]\n"
	"  text: {at: [query.text, body], charset: [query.charset, header.Content-Type;charset, "
	"{at: query.coding, map: {\"2\": utf-16be}}]}\n"
	"  time: [query.ts, header.X-Kannel-Time]\n"
	"  part: {ref: query.pr, number: query.pn, of: query.po}\n"
	"ussd:\n  on: GET /ussd\n  session: query.sid\n  msisdn: query.from|00\n"
	"  let:\n    typed: {at: query.text, charset: [query.charset, {at: query.coding, map: "
	"{\"2\": utf-16be}}]}\n"
	"    op: [query.op, {at: query.meta, match: 'ussd_service_op=([^&]*)'}]\n"
	"  event:\n    - {at: op, map: {\"1\": begin, \"%01\": begin, \"18\": continue, \"*\": "
	"error}}\n"
	"    - {at: typed, match: '^\\*', map: {\"*\": begin}, default: auto}\n"
	"  dialled: typed\n  input: typed\n"
	"  reply: {headers: {X-Coding: \"2\", X-Op: \"{op?}\"}, text: \"{page}\"}\n"
	"send:\n  call: GET {channel.base_url}/sendsms\n"
	"  query: {from: \"{channel.sender}\", to: \"{to}\", text: \"{text}\", key: "
	"\"{secret.key}\"}\n"
	"  answer: {id: {at: body, match: 'id=(\\w+)'}, code: \"{http} {body}\", verdicts: {\"202 "
	"*\": accepted, \"403 Not routable*\": rejected, \"403 *\": denied, \"400 *\": fault, "
	"\"503 *\": busy}}\n",
	/* 3: whichever Content-Type says, encodings inside fields, a probe */
	"wasl: 1\ndialect: shared\n"
	"sms: {on: [GET /in, POST /in], if: any.id, id: any.id, msisdn: [any.from|national, "
	"any.from],\n"
	"  text: {at: [any.binary|unhex, any.content|unbase64, any.text|unpercent], charset: {at: "
	"any.coding, map: {\"0\": gsm7, \"8\": utf-16be, \"3\": iso-8859-1}, default: utf-8}}}\n"
	"optout: {on: POST /stop, msisdn: any.from|plus, to: any.to|upper}\n"
	"ping: {on: [GET /in, POST /in], ack: {text: \"pong {live}\"}}\n"
	"send:\n  call: POST https://x.example/send\n  form: {to: \"{to}\", text: "
	"\"{text|utf-16be}\", ref: \"{ref}\"}\n"
	"  answer: {code: [json.status, json.code, body], id: json.id, verdicts: {ok: accepted, "
	"\"0\": accepted, \"E*\": rejected, stop: optout, \"http 5*\": again}}\n",
	/* 4: XML by captures, answered with 200 whatever is wrong */
	"wasl: 1\ndialect: markup\nsecrets: {key: {}}\n"
	"ussd:\n  on: POST /x\n  session: {at: body, match: '<sid>([^<]*)</sid>'}\n"
	"  msisdn: {at: body, match: '<m>([^<]*)</m>'}\n"
	"  let: {t: {at: body, match: '<t>([^<]*)</t>'}}\n"
	"  input: \"{t|unxml}\"\n  event: {at: body, match: '<op>(\\d)</op>', map: {\"1\": begin, "
	"\"2\": continue, \"3\": timeout}}\n"
	"  ack: end\n  refuse: {status: 200, xml: \"<no/>\"}\n"
	"  reply: {continue: {o: \"2\"}, end: {o: \"3\"}, xml: \"<r "
	"o='{o}'><p>{page}</p><e>{t}</e></r>\"}\n"
	"send:\n  call: POST https://x.example/sms\n  basic: \"gate:{secret.key}\"\n"
	"  xml: \"<m to='{to}'>{text}</m>\"\n"
	"  answer: {id: {at: body, match: '<id>([^<]+)</id>'}, code: {at: body, match: "
	"'<code>(\\d+)</code>'}, verdicts: {\"0\": accepted, \"1*\": rejected}}\n",
	/* 5: any letter case, answers as one path */
	"wasl: 1\ndialect: bundle\nignore_case: yes\n"
	"ussd:\n  on: [POST /u, GET /u]\n  session: any.SessionId\n"
	"  msisdn: any.Mobile\n  network: any.Operator\n  style: cumulative\n  separator: \"#\"\n"
	"  drop: any.Ext\n  input: any.Message\n  stray: refuse\n"
	"  reply: {continue: {f: null}, end: {f: 0}, json: {text: \"{page}\", flag: \"{f}\"}}\n",
};
enum { FUZZ_DIALECTS = ARRAY_LEN(fuzz_dialects) };

/* Every setting and secret the dialect asks for. */
static inline void
fuzz_account_fill(const struct dialect *d, struct channel_setting *settings,
		  struct channel_secret *secrets, struct channel_account *account)
{
	const struct dialect_need *needs;
	size_t n = dialect_needs(d, &needs);

	for (size_t i = 0; i < n; i++) {
		if (needs[i].secret)
			secrets[account->n_secrets++] = (struct channel_secret){
				needs[i].name, {STR_LIT("k1"), STR_LIT("k2")}};
		else if (needs[i].fallback == NULL && !needs[i].optional)
			settings[account->n_settings++] = (struct channel_setting){
				needs[i].name, STR_LIT("https://x.example")};
	}
}

/* Lives as long as the process; a dialect of ours that has faults ends it. */
static inline struct channel *
fuzz_channel_of(const char *text)
{
	static const char *const doubtful[] = {"ussd",   "ussd_end", "sms", "report",
					       "optout", "ping",     "send"};
	static struct arena *kept;
	struct channel_setting settings[16];
	struct channel_secret secrets[16];
	struct channel_account account = {
		.name = "fuzz",
		.centre = "CAS",
		.code = "*384*1234#",
		.path_secrets = {STR_LIT("0123456789abcdef"), STR_LIT("fedcba9876543210")},
		.settings = settings,
		.secrets = secrets,
		.public_url = STR_LIT("https://wasl.example"),
		.accept_unconfirmed = doubtful,
		.n_accept_unconfirmed = ARRAY_LEN(doubtful),
		.file = "fuzz"};
	struct err *err = err_new();
	struct dialect *d = NULL;
	struct channel *ch = NULL;
	int rc;

	if (kept == NULL)
		kept = arena_new(0);
	if (text == NULL)
		rc = dialect_load(WASL_SOURCE_DIR "/contrib/dialects/africastalking.yaml", kept, &d,
				  err);
	else
		rc = dialect_load_text("fuzz.yaml", str_of(text), kept, &d, err);
	if (rc == 0) {
		fuzz_account_fill(d, settings, secrets, &account);
		rc = channel_new(d, &account, &ch, err);
	}
	if (rc != 0) {
		err_print(err, stderr);
		abort();
	}
	err_free(err);
	return ch;
}

static inline const struct channel *
fuzz_channel(size_t which)
{
	static struct channel *made[FUZZ_DIALECTS];

	if (made[which] == NULL)
		made[which] = fuzz_channel_of(fuzz_dialects[which]);
	return made[which];
}

/* A digit in front says which channel is meant; without one it is the shipped dialect's. */
static inline const struct channel *
fuzz_channel_cut(struct str *rest)
{
	size_t which = rest->n > 0 ? (size_t)(rest->p[0] - '0') : 0;

	if (which >= FUZZ_DIALECTS)
		return fuzz_channel(0);
	*rest = str_after(*rest, 1);
	return fuzz_channel(which);
}

static inline struct wire_header *
fuzz_headers(struct str *rest, struct arena *a, size_t *n)
{
	struct wire_header *rows = ARENA_ARRAY(a, struct wire_header, FUZZ_HEADERS);

	*n = 0;
	for (struct str h; *n < FUZZ_HEADERS && (h = str_cut(rest, '\n')).n > 0;) {
		struct str name = str_cut(&h, ':');

		rows[(*n)++] = (struct wire_header){name, str_trim(h)};
	}
	return rows;
}

static inline struct wire_request
fuzz_call(struct str rest, struct arena *a, struct str *tail)
{
	struct str first = str_cut(&rest, '\n');
	struct wire_request req = {.method = wire_method_of(str_cut(&first, ' '))};

	*tail = first;
	req.query = str_cut(&rest, '\n');
	req.headers = fuzz_headers(&rest, a, &req.n_headers);
	req.body = rest;
	return req;
}

#endif
