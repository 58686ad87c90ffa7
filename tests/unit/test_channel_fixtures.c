#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper/table.h"
#include "test_channel_world.h"

#include <jansson.h>
#include <time.h>
#include <unistd.h>

/*
 * Every exchange of INDEX.tsv whose aggregator has a dialect file: what comes
 * in is parsed and compared with .expect, what goes back and out is compared
 * with the recorded bytes. Raw exchanges stand in tests/data/aggregators/ or in
 * $WASL_TEST_DATA/aggregators/; the accounts they were made with stand beside
 * ours (account.tsv). A new aggregator needs a dialect and an account, no C.
 */

enum { ACCOUNTS = 8, SESSIONS = 64 };

struct company {
	char name[64];
	struct arena *arena;
	struct err *err;
	struct dialect *dialect;
	struct channel *channels[ACCOUNTS]; /* one for each account of the table */
	size_t n_channels;
	struct table *account;
	struct str sessions[SESSIONS]; /* begun so far */
	size_t n_sessions;
};

struct run {
	struct table *index;
	size_t row;
	struct company company;
	struct str expect;
	struct arena *arena; /* of the case */
	size_t checked, skipped;
};

static const char *
data_root(void)
{
	const char *other = getenv("WASL_TEST_DATA");

	return other != NULL ? other : WASL_SOURCE_DIR "/tests/data";
}

#define MISS(r, ...) table_miss((r)->index, (r)->row, __VA_ARGS__)

static void
leave_out(struct run *r, const char *why)
{
	printf("skipped: %s/%s: %s\n", r->company.name,
	       arena_str(r->arena, table_raw(r->index, r->row, "case")).p, why);
	r->skipped++;
}

static struct str
case_file(struct run *r, const char *ending)
{
	const char *path =
		arena_printf(r->arena, "%s/aggregators/%s/%.*s%s", data_root(), r->company.name,
			     STR_ARG(table_raw(r->index, r->row, "case")), ending);

	return world_read(r->arena, path);
}

/* ---- .expect ---- */

static struct str
unescaped(struct str s, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n) {
			i++;
			buf_addc(&b, s.p[i] == 'n' ? '\n' : s.p[i]);
		} else {
			buf_addc(&b, s.p[i]);
		}
	}
	return buf_str(&b);
}

/* p NULL: no such line, or "-". */
static struct str
expected(struct run *r, const char *key)
{
	struct str rest = r->expect;

	while (rest.n > 0) {
		struct str line = world_line(&rest), name = str_cut(&line, '=');

		if (str_is(name, key))
			return str_is(line, "-") ? STR_NONE : unescaped(line, r->arena);
	}
	return STR_NONE;
}

static bool
expects(struct run *r, const char *key)
{
	struct str rest = r->expect;

	while (rest.n > 0) {
		struct str line = world_line(&rest);

		if (str_is(str_cut(&line, '='), key))
			return true;
	}
	return false;
}

/* ---- Accounts ---- */

static bool
row_of(struct table *t, size_t row, const char *account, const char *kind)
{
	return (table_is(t, row, "account", "all") || table_is(t, row, "account", account)) &&
	       table_is(t, row, "kind", kind) && !table_is(t, row, "name", "-");
}

static struct channel *
account_channel(struct company *c, const char *name)
{
	struct channel_setting settings[16];
	struct channel_secret secrets[16];
	struct channel_account account = {.name = c->name,
					  .code = "*384*1234#",
					  .path_secrets = {STR_LIT("0123456789abcdef")},
					  .settings = settings,
					  .secrets = secrets,
					  .public_url = STR_LIT("https://wasl.example"),
					  .file = "account.tsv"};
	struct channel *ch = NULL;

	for (size_t i = 0; i < table_rows(c->account); i++) {
		struct str key = arena_str(c->arena, table_raw(c->account, i, "name"));
		struct str value = table_text(c->account, i, "value");

		if (row_of(c->account, i, name, "setting"))
			settings[account.n_settings++] = (struct channel_setting){key.p, value};
		if (row_of(c->account, i, name, "secret"))
			secrets[account.n_secrets++] =
				(struct channel_secret){key.p, {value, STR_NONE}};
	}
	if (channel_new(c->dialect, &account, &ch, c->err) != 0)
		err_print(c->err, stdout);
	return ch;
}

static struct table *
account_table(struct company *c)
{
	const char *other = getenv("WASL_TEST_DATA");
	char *name = arena_printf(c->arena, "aggregators/%s/account.tsv", c->name);
	char *there = arena_printf(c->arena, "%s/%s", data_root(), name);

	if (other == NULL || access(there, R_OK) == 0)
		return table_open(name);
	unsetenv("WASL_TEST_DATA"); /* other cases, our accounts */
	struct table *t = table_open(name);
	setenv("WASL_TEST_DATA", other, 1);
	return t;
}

static void
company_close(struct company *c)
{
	for (size_t i = 0; i < c->n_channels; i++)
		channel_free(c->channels[i]);
	if (c->account != NULL)
		table_close(c->account);
	dialect_free(c->dialect);
	err_free(c->err);
	if (c->arena != NULL)
		arena_free(c->arena);
	*c = (struct company){0};
}

static bool
has_dialect(const char *name, char *path, size_t n)
{
	snprintf(path, n, "%s/contrib/dialects/%s.yaml", WASL_SOURCE_DIR, name);
	return access(path, R_OK) == 0;
}

static bool
company_open(struct company *c, struct str name)
{
	char path[512];

	company_close(c);
	snprintf(c->name, sizeof(c->name), "%.*s", STR_ARG(name));
	c->arena = arena_new(0);
	c->err = err_new();
	if (!has_dialect(c->name, path, sizeof(path)))
		return false;
	if (dialect_load(path, c->arena, &c->dialect, c->err) != 0) {
		err_print(c->err, stdout);
		fail_msg("%s does not load", path);
	}
	c->account = account_table(c);
	for (size_t i = 0; i < table_rows(c->account) && c->n_channels < ACCOUNTS; i++) {
		const char *account = arena_str(c->arena, table_raw(c->account, i, "account")).p;
		bool seen = strcmp(account, "all") == 0;

		for (size_t k = 0; k < i; k++)
			seen |= table_is(c->account, k, "account", account);
		if (!seen)
			c->channels[c->n_channels++] = account_channel(c, account);
	}
	if (c->n_channels == 0)
		c->channels[c->n_channels++] = account_channel(c, "all");
	for (size_t i = 0; i < c->n_channels; i++)
		assert_non_null(c->channels[i]);
	return true;
}

static bool
may_be_free(struct company *c, struct str name)
{
	for (size_t i = 0; i < table_rows(c->account); i++)
		if (table_is(c->account, i, "kind", "free") &&
		    str_eq(table_raw(c->account, i, "name"), name))
			return true;
	return false;
}

/* ---- The normal form ---- */

static struct str
time_text(int64_t at, struct arena *a)
{
	time_t t = (time_t)at;
	struct tm tm;
	char text[32];

	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return str_of(arena_strdup(a, text));
}

static struct str
new_input(const struct channel_event *ev)
{
	struct str path = secret_reveal(ev->input);

	if (!ev->cumulative || path.p == NULL)
		return path;
	for (size_t i = path.n; i > 0; i--)
		if (str_starts(str_after(path, i - 1), ev->separator))
			return str_after(path, i - 1 + ev->separator.n);
	return path;
}

static struct str
let_value(const struct channel_event *ev, struct str name, bool *found)
{
	for (size_t i = 0; i < ev->n_lets; i++) {
		if (str_is(name, ev->lets[i].name)) {
			*found = true;
			return ev->lets[i].value;
		}
	}
	return STR_NONE;
}

static bool
session_known(struct company *c, const struct channel_event *ev)
{
	for (size_t i = 0; i < c->n_sessions; i++)
		if (str_eq(c->sessions[i], ev->session))
			return true;
	if (c->n_sessions < SESSIONS)
		c->sessions[c->n_sessions++] = arena_str(c->arena, ev->session);
	return false;
}

/* What the store of sessions would make of auto. */
static void
settle_auto(struct run *r, struct channel_event *ev)
{
	bool known = ev->kind == CHANNEL_USSD && session_known(&r->company, ev);

	if (ev->kind == CHANNEL_USSD && ev->move == MOVE_AUTO) {
		ev->move = known ? MOVE_CONTINUE : MOVE_BEGIN;
		if (!known && !ev->cumulative)
			ev->input = secret_of(STR_NONE);
	}
}

static struct str
kind_text(const struct channel_event *ev)
{
	static const char *const words[] = {"ussd", "ussd_end", "mo", "dlr", "optout", "ping"};

	return str_of(words[ev->kind]);
}

static struct str
phone_text(const struct channel_event *ev, struct arena *a)
{
	struct buf b;

	if (!ev->msisdn_ok)
		return secret_reveal(ev->msisdn_raw);
	buf_init_arena(&b, a);
	phone_reveal(&ev->msisdn, PHONE_PLUS, &b);
	return buf_str(&b);
}

static struct str
got_value(struct run *r, const struct channel_event *ev, struct str key, bool *found)
{
	const struct {
		const char *key;
		struct str value;
	} rows[] = {
		{"kind", kind_text(ev)},
		{"session", ev->session},
		{"msisdn", phone_text(ev, r->arena)},
		{"service", ev->service},
		{"network", ev->network},
		{"input_mode", ev->cumulative ? STR_LIT("cumulative") : STR_LIT("last")},
		{"event", str_of(channel_move_word(ev->move))},
		{"outcome", ev->outcome},
		{"path", secret_reveal(ev->input)},
		{"input", new_input(ev)},
		{"dialled", secret_reveal(ev->dialled)},
		{"sequence", ev->turn},
		{"request_id", ev->turn},
		{"id", ev->id},
		{"ref", ev->ref},
		{"to", ev->to},
		{"text", secret_reveal(ev->text)},
		{"time", time_text(ev->at, r->arena)},
		{"state", str_of(report_state_word(ev->state))},
		{"final", ev->final ? STR_LIT("yes") : STR_LIT("no")},
		{"provider_status", ev->word},
		{"reason", ev->reason},
		{"concat_ref", ev->part_ref},
		{"concat_number", ev->part_number},
		{"concat_total", ev->part_of},
	};

	*found = true;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (str_is(key, rows[i].key))
			return rows[i].value;
	*found = false;
	return let_value(ev, key, found);
}

static bool
about_the_case(struct str key)
{
	static const char *const words[] = {"adapter", "direction",   "origin", "note",  "action",
					    "page",    "http_status", "count",  "clock", "valid"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is(key, words[i]))
			return true;
	return false;
}

/* "id.2" speaks of the second event. */
static size_t
entry_of(struct str *key)
{
	int64_t n;

	for (size_t i = 0; i < key->n; i++) {
		if (key->p[i] == '.' && str_to_int(str_after(*key, i + 1), &n) && n > 0) {
			key->n = i;
			return (size_t)n - 1;
		}
	}
	return 0;
}

static void
compare_line(struct run *r, struct channel_event *events, size_t n, struct str line)
{
	struct str key = str_cut(&line, '=');
	size_t i = entry_of(&key);
	bool found;

	if (about_the_case(key))
		return;
	if (i >= n) {
		MISS(r, "%.*s: only %zu events", STR_ARG(key), n);
		return;
	}
	struct str want = str_is(line, "-") ? STR_NONE : unescaped(line, r->arena);
	struct str got = got_value(r, &events[i], key, &found);

	if (!found)
		MISS(r, "nothing gives %.*s", STR_ARG(key));
	else if (!str_eq(got, want))
		MISS(r, "%.*s: '%.*s', not '%.*s'", STR_ARG(key), STR_ARG(got), STR_ARG(want));
}

static void
compare_events(struct run *r, struct channel_event *events, size_t n)
{
	struct str rest = r->expect, count = expected(r, "count");
	int64_t wanted = 1;

	if (count.p != NULL && str_to_int(count, &wanted) && (size_t)wanted != n)
		MISS(r, "%zu events, not %lld", n, (long long)wanted);
	while (rest.n > 0) {
		struct str line = world_line(&rest);

		if (line.n > 0)
			compare_line(r, events, n, line);
	}
}

/* ---- Bytes ---- */

static bool
same_media(struct str a, struct str b)
{
	return str_eq_nocase(str_trim(str_cut(&a, ';')), str_trim(str_cut(&b, ';')));
}

static bool
is_json(struct str type)
{
	return same_media(type, STR_LIT("application/json"));
}

/* Members of one side only are allowed where the account says so. */
static bool json_fits(struct run *r, json_t *ours, json_t *theirs);

static bool
object_fits(struct run *r, json_t *ours, json_t *theirs)
{
	const char *key;
	json_t *value;

	json_object_foreach(ours, key, value)
	{
		json_t *other = json_object_get(theirs, key);

		if (other == NULL ? !may_be_free(&r->company, str_of(key))
				  : !json_fits(r, value, other))
			return false;
	}
	json_object_foreach(theirs, key, value)
	{
		if (json_object_get(ours, key) == NULL && !may_be_free(&r->company, str_of(key)))
			return false;
	}
	return true;
}

static bool
json_fits(struct run *r, json_t *ours, json_t *theirs)
{
	if (json_is_object(ours) && json_is_object(theirs))
		return object_fits(r, ours, theirs);
	if (!json_is_array(ours) || !json_is_array(theirs))
		return json_equal(ours, theirs);
	if (json_array_size(ours) != json_array_size(theirs))
		return false;
	for (size_t i = 0; i < json_array_size(ours); i++)
		if (!json_fits(r, json_array_get(ours, i), json_array_get(theirs, i)))
			return false;
	return true;
}

static bool
same_json(struct run *r, struct str ours, struct str theirs)
{
	json_t *a = json_loadb(ours.p, ours.n, JSON_DECODE_ANY, NULL);
	json_t *b = json_loadb(theirs.p, theirs.n, JSON_DECODE_ANY, NULL);
	bool same = a != NULL && b != NULL && json_fits(r, a, b);

	json_decref(a);
	json_decref(b);
	return same;
}

static bool
not_compared(struct str name)
{
	static const char *const names[] = {"Host", "User-Agent", "Content-Length", "Content-Type",
					    "Transfer-Encoding"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_nocase(name, str_of(names[i])))
			return true;
	return false;
}

static void
compare_headers(struct run *r, const struct wire_header *ours, size_t n,
		const struct wire_header *theirs, size_t n_theirs)
{
	for (size_t i = 0; i < n_theirs; i++) {
		char *name = arena_str(r->arena, theirs[i].name).p == NULL
				     ? NULL
				     : arena_printf(r->arena, "%.*s", STR_ARG(theirs[i].name));

		if (not_compared(theirs[i].name))
			continue;
		if (!str_eq(wire_header(ours, n, name), theirs[i].value))
			MISS(r, "header %s: '%.*s', not '%.*s'", name,
			     STR_ARG(wire_header(ours, n, name)), STR_ARG(theirs[i].value));
	}
}

static void
compare_answer(struct run *r, const struct wire_answer *ours)
{
	struct str bytes = case_file(r, ".resp.http");

	if (bytes.p == NULL)
		return;
	struct wire_answer want = world_exchange(bytes, r->arena).answer;

	if (ours->status != want.status)
		MISS(r, "status %d, not %d", ours->status, want.status);
	if (want.type.p != NULL && want.status != 403 && !same_media(ours->type, want.type))
		MISS(r, "type '%.*s', not '%.*s'", STR_ARG(ours->type), STR_ARG(want.type));
	compare_headers(r, ours->headers, ours->n_headers, want.headers, want.n_headers);
	if (is_json(want.type) ? !same_json(r, ours->body, want.body)
			       : !str_eq(ours->body, want.body))
		MISS(r, "body '%.*s', not '%.*s'", STR_ARG(ours->body), STR_ARG(want.body));
}

/* ---- Calls to us ---- */

static void
answer_case(struct run *r, const struct channel *ch, const struct channel_event *ev)
{
	struct wire_answer out;
	struct str page = expected(r, "page"), action = expected(r, "action");

	if (ev->kind == CHANNEL_USSD && ev->move <= MOVE_AUTO)
		channel_reply(ch, ev, page, str_is(action, "continue"), r->arena, &out);
	else
		channel_ack(ch, ev, true, r->arena, &out);
	compare_answer(r, &out);
}

static void
run_in(struct run *r)
{
	struct str bytes = case_file(r, ".req.http"), valid = expected(r, "valid");
	struct wire_request req = world_exchange(bytes, r->arena).request;
	struct str folder = str_of(arena_printf(r->arena, "/%s", r->company.name));
	struct channel_event *events = NULL;
	struct wire_answer refusal = {0};
	int64_t now = 1795253400;
	size_t n = 0;

	if (bytes.p == NULL) {
		leave_out(r, "no .req.http");
		return;
	}
	(void)str_to_int(expected(r, "clock"), &now);
	struct str tail = str_starts(req.path, folder) ? str_after(req.path, folder.n) : req.path;
	int rc = channel_parse(r->company.channels[0], &req, tail, now, r->arena, &events, &n,
			       &refusal);
	bool wanted = valid.p == NULL || str_is(valid, "yes");

	r->checked++;
	if ((rc == 0) != wanted)
		MISS(r, "parse gives %s (%d)", w_err_word(rc), refusal.status);
	if (rc != 0) {
		compare_answer(r, &refusal);
		return;
	}
	for (size_t i = 0; i < n; i++)
		settle_auto(r, &events[i]);
	compare_events(r, events, n);
	answer_case(r, r->company.channels[0], &events[0]);
}

/* ---- Calls of ours ---- */

static bool
phones_of(struct str to, struct channel_message *msg, struct arena *a)
{
	struct phone *others = ARENA_ARRAY(a, struct phone, 16);

	msg->others = others;
	for (size_t i = 0; to.n > 0 && i < 16; i++) {
		struct phone *p = i == 0 ? &msg->phone : &others[msg->n_others++];
		struct str one = str_cut(&to, ',');

		/* numbers that are none must be sent too: their refusal is in the cases */
		if (phone_parse(one, p) == PHONE_BAD)
			snprintf(p->e164_do_not_log, sizeof(p->e164_do_not_log), "%s%.*s",
				 one.n > 0 && one.p[0] == '+' ? "" : "+", STR_ARG(one));
	}
	return msg->phone.e164_do_not_log[0] != '\0';
}

static bool
message_of(struct run *r, struct channel *ch, const struct wire_request *call,
	   struct channel_message *msg)
{
	struct str to, text, ref;

	*msg = (struct channel_message){0};
	if (channel_play_send(ch, call, r->arena, &to, &text, &ref) != 0)
		return false;
	msg->text = text;
	msg->ref = ref.p != NULL ? ref : STR_LIT("wasl-1");
	msg->coding = gsm7_can(text) ? TEXT_GSM7 : TEXT_UCS2;
	return phones_of(to, msg, r->arena);
}

static bool
param_value(struct str encoded, struct str wanted, struct arena *a, struct str *out)
{
	while (encoded.n > 0) {
		struct str pair = str_cut(&encoded, '&'), name = str_cut(&pair, '=');
		char *to = arena_alloc(a, pair.n + 1);
		size_t n = 0;

		if (!str_eq(name, wanted))
			continue;
		for (size_t i = 0; i < pair.n; i++) {
			unsigned byte;

			if (pair.p[i] == '%' && sscanf(pair.p + i + 1, "%2x", &byte) == 1) {
				to[n++] = (char)byte;
				i += 2;
			} else {
				to[n++] = pair.p[i] == '+' ? ' ' : pair.p[i];
			}
		}
		*out = (struct str){to, n};
		return true;
	}
	return false;
}

/* Every parameter of one is in the other with the same decoded value. */
static void
params_in(struct run *r, struct str ones, struct str others, const char *which)
{
	for (struct str rest = ones; rest.n > 0;) {
		struct str pair = str_cut(&rest, '&'), name = str_cut(&pair, '=');
		struct str a = STR_NONE, b = STR_NONE;

		if (!param_value(others, name, r->arena, &b)) {
			if (!may_be_free(&r->company, name))
				MISS(r, "%s %.*s", which, STR_ARG(name));
		} else if (!param_value(ones, name, r->arena, &a) || !str_eq(a, b)) {
			MISS(r, "parameter %.*s: '%.*s' and '%.*s'", STR_ARG(name), STR_ARG(a),
			     STR_ARG(b));
		}
	}
}

static struct str
target(struct str url)
{
	while (url.n > 0 && !str_starts(url, STR_LIT("://")))
		url = str_after(url, 1);
	url = str_after(url, 3);
	while (url.n > 0 && url.p[0] != '/')
		url = str_after(url, 1);
	return url;
}

static void
compare_call(struct run *r, const struct wire_request *ours, const struct wire_request *theirs)
{
	struct str query = target(ours->url), path = str_cut(&query, '?');
	struct str type = wire_header(ours->headers, ours->n_headers, "Content-Type");

	if (ours->method != theirs->method)
		MISS(r, "another method");
	if (!str_eq(path, theirs->path))
		MISS(r, "path '%.*s', not '%.*s'", STR_ARG(path), STR_ARG(theirs->path));
	compare_headers(r, ours->headers, ours->n_headers, theirs->headers, theirs->n_headers);
	params_in(r, query, theirs->query, "we alone have");
	params_in(r, theirs->query, query, "we lack");
	if (theirs->body.n > 0 &&
	    !same_media(type, wire_header(theirs->headers, theirs->n_headers, "Content-Type")))
		MISS(r, "another type of body");
	if (is_json(type)) {
		if (!same_json(r, ours->body, theirs->body))
			MISS(r, "body '%.*s'", STR_ARG(ours->body));
		return;
	}
	params_in(r, ours->body, theirs->body, "we alone have");
	params_in(r, theirs->body, ours->body, "we lack");
}

static enum channel_said
wanted_said(struct run *r, enum channel_said got)
{
	struct str result = expected(r, "result"), retry = expected(r, "retry");

	if (str_is(result, "accepted"))
		return SAID_ACCEPTED;
	if (str_is(result, "throttled"))
		return SAID_BUSY;
	if (str_is(result, "error"))
		return str_is(retry, "renew-token") ? SAID_RENEW
		       : got == SAID_DENIED         ? SAID_DENIED
						    : SAID_FAULT;
	if (str_is(retry, "yes"))
		return SAID_AGAIN;
	return str_is(retry, "later") ? SAID_HOLD
	       : got == SAID_OPTOUT   ? SAID_OPTOUT
				      : SAID_REJECTED;
}

static void
compare_verdict(struct run *r, const struct channel_verdict *v)
{
	enum channel_said want = wanted_said(r, v->said);
	struct str id = expected(r, "id"), parts = expected(r, "parts");
	int64_t n = 0;

	if (v->said != want)
		MISS(r, "verdict %s, not %s", channel_said_word(v->said), channel_said_word(want));
	if (id.p != NULL && (v->n_ids == 0 || !str_eq(v->ids[0], id)))
		MISS(r, "id '%.*s'", STR_ARG(v->n_ids ? v->ids[0] : STR_NONE));
	if (expects(r, "provider_status") && !str_eq(v->word, expected(r, "provider_status")))
		MISS(r, "word '%.*s', not '%.*s'", STR_ARG(v->word),
		     STR_ARG(expected(r, "provider_status")));
	if (parts.p != NULL && (!str_to_int(parts, &n) || v->parts != n))
		MISS(r, "parts %lld", (long long)v->parts);
}

/* "recipient.2=+21261 rejected 403": a verdict for each number. */
static void
compare_recipients(struct run *r, struct channel *ch, const struct wire_answer *got)
{
	for (int i = 1; i <= 9; i++) {
		struct str line = expected(r, arena_printf(r->arena, "recipient.%d", i));
		struct channel_message msg = {.ref = STR_LIT("wasl-1"), .text = STR_LIT("1")};
		struct channel_verdict v;

		if (line.p == NULL)
			return;
		struct str to = str_cut(&line, ' '), said = str_cut(&line, ' ');

		phones_of(to, &msg, r->arena);
		channel_send_read(ch, got, &msg, r->arena, &v);
		struct str mark = v.said == SAID_ACCEPTED && v.n_ids > 0 ? v.ids[0] : v.word;

		if (!str_is(said, channel_said_word(v.said)) || !str_eq(mark, line))
			MISS(r, "recipient %d: %s %.*s", i, channel_said_word(v.said),
			     STR_ARG(mark));
	}
}

static struct str
replaced(struct str in, const char *from, const char *to, struct arena *a)
{
	struct str wanted = str_of(from);
	struct buf b;

	if (in.p == NULL)
		return in;
	buf_init_arena(&b, a);
	while (in.n > 0) {
		bool here = str_starts(in, wanted);

		if (here)
			buf_adds(&b, to);
		else
			buf_addc(&b, in.p[0]);
		in = str_after(in, here ? wanted.n : 1);
	}
	return buf_str(&b);
}

/* The recorded calls name our addresses as https://wasl.example/kannel/dlr. */
static struct str
with_our_address(struct run *r, struct str bytes)
{
	const char *name = r->company.name;
	struct arena *a = r->arena;

	bytes = replaced(bytes, arena_printf(a, "https://wasl.example/%s/", name),
			 arena_printf(a, "https://wasl.example/c/%s/0123456789abcdef/", name), a);
	return replaced(
		bytes, arena_printf(a, "https%%3A%%2F%%2Fwasl.example%%2F%s%%2F", name),
		arena_printf(a, "https%%3A%%2F%%2Fwasl.example%%2Fc%%2F%s%%2F0123456789abcdef%%2F",
			     name),
		a);
}

static void
run_out(struct run *r)
{
	struct str out = with_our_address(r, case_file(r, ".out.http"));
	struct str reply = case_file(r, ".reply.http");
	struct wire_request call = world_exchange(out, r->arena).request, ours;
	struct channel_message msg = {.ref = STR_LIT("wasl-1"), .text = STR_LIT("1")};
	struct channel *ch = r->company.channels[0];
	struct channel_verdict verdict;
	bool read = false;

	r->checked++;
	for (size_t i = 0; out.p != NULL && i < r->company.n_channels && !read; i++) {
		ch = r->company.channels[i];
		read = message_of(r, ch, &call, &msg);
	}
	if (!read)
		ch = r->company.channels[0];
	if (out.p != NULL && !read)
		MISS(r, "the call cannot be read back with any account");
	if (expects(r, "text") && read && !str_eq(msg.text, expected(r, "text")))
		MISS(r, "text '%.*s'", STR_ARG(msg.text));
	if (read && channel_send_build(ch, &msg, 1795253400, STR_NONE, r->arena, &ours) != 0)
		MISS(r, "the call cannot be built");
	else if (read)
		compare_call(r, &ours, &call);
	if (reply.p == NULL)
		return;
	struct wire_answer got = world_exchange(reply, r->arena).answer;

	if (!read)
		phones_of(STR_LIT("+212612345678"), &msg, r->arena);
	if (str_is(expected(r, "result"), "mixed")) {
		compare_recipients(r, ch, &got);
		return;
	}
	channel_send_read(ch, &got, &msg, r->arena, &verdict);
	compare_verdict(r, &verdict);
}

/* ---- The walk ---- */

static void
run_row(struct run *r)
{
	struct str kind = table_raw(r->index, r->row, "kind");
	bool in = table_is(r->index, r->row, "direction", "in");

	r->expect = case_file(r, ".expect");
	if (r->expect.p == NULL)
		leave_out(r, "no .expect");
	else if (str_is(kind, "signature") || str_is(kind, "token") || str_is(kind, "subscribe"))
		leave_out(r, "a kind of call the engine does not make");
	else if (in)
		run_in(r);
	else
		run_out(r);
}

static void
channel_fixtures__every_exchange_means_what_it_should(void **state)
{
	struct run r = {.index = table_open("aggregators/INDEX.tsv")};

	(void)state;
	for (r.row = 0; r.row < table_rows(r.index); r.row++) {
		struct str name = table_raw(r.index, r.row, "aggregator");
		bool same = str_is(name, r.company.name);

		r.arena = arena_new(0);
		if ((same && r.company.dialect == NULL) ||
		    (!same && !company_open(&r.company, name))) {
			if (!same)
				printf("skipped: %s: no dialect\n", r.company.name);
			arena_free(r.arena);
			continue;
		}
		run_row(&r);
		arena_free(r.arena);
	}
	company_close(&r.company);
	printf("%zu exchanges checked, %zu skipped\n", r.checked, r.skipped);
	assert_true(r.checked > 0);
	table_finish(r.index);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_fixtures__every_exchange_means_what_it_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
