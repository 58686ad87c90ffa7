#include "test_channel_bytes.h"

#include <time.h>

/*
 * Every exchange of INDEX.tsv whose aggregator has a dialect file: what comes
 * in is parsed and compared with .expect, what goes back and out is compared
 * with the recorded bytes. Raw exchanges stand in tests/data/aggregators/ or in
 * $WASL_TEST_DATA/aggregators/; the accounts they were made with stand beside
 * ours (account.tsv). A new aggregator needs a dialect and an account, no C.
 * The small gateways of contrib/dialects/small/ have a folder of their own.
 */

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
		{"concat_part", ev->part_number},
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
	static const char *const words[] = {
		"adapter", "direction", "origin", "note",  "action", "page",   "http_status",
		"count",   "clock",     "valid",  "token", "url",    "secret", "algorithm"};

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

static int64_t
clock_of(struct run *r)
{
	int64_t now = 1795253400;

	(void)str_to_int(expected(r, "clock"), &now);
	return now;
}

static void
parse_case(struct run *r, const struct channel *ch, const struct wire_request *req)
{
	struct str valid = expected(r, "valid");
	struct str folder = str_of(arena_printf(r->arena, "/%s", r->company.name));
	struct str tail =
		str_starts(req->path, folder) ? str_after(req->path, folder.n) : req->path;
	struct channel_event *events = NULL;
	struct wire_answer refusal = {0};
	size_t n = 0;
	int rc = channel_parse(ch, req, tail, clock_of(r), r->arena, &events, &n, &refusal);

	if ((rc == 0) != (valid.p == NULL || str_is(valid, "yes")))
		MISS(r, "parse gives %s (%d)", w_err_word(rc), refusal.status);
	if (rc != 0) {
		compare_answer(r, &refusal);
		return;
	}
	for (size_t i = 0; i < n; i++)
		settle_auto(r, &events[i]);
	compare_events(r, events, n);
	answer_case(r, ch, &events[0]);
}

/* Of a vector only the signature counts: what the call says need not be an SMS. */
static void
parse_signature(struct run *r, const struct channel *ch, const struct wire_request *req)
{
	struct str own = channel_address(ch, CHANNEL_SMS, r->arena), tail = STR_NONE;
	struct channel_event *events;
	struct wire_answer refusal = {0};
	size_t n;

	own = str_after(own, public_url(r).n);
	if (!channel_tail(ch, own, &tail))
		MISS(r, "no section for SMS");
	else if ((channel_parse(ch, req, tail, clock_of(r), r->arena, &events, &n, &refusal) ==
		  W_EDENIED) == str_is(expected(r, "valid"), "yes"))
		MISS(r, "the signature is taken for another");
}

static void
run_in(struct run *r)
{
	struct str bytes = case_file(r, ".req.http");
	struct wire_request req = world_exchange(bytes, r->arena).request;

	if (bytes.p == NULL) {
		leave_out(r, "no .req.http");
		return;
	}
	struct channel *ch = case_channel(r);
	r->checked++;
	if (str_is(expected(r, "kind"), "signature"))
		parse_signature(r, ch, &req);
	else
		parse_case(r, ch, &req);
	channel_free(ch);
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
	struct str wait = expected(r, "retry_after_ms");
	int64_t n = 0;

	if (v->said != want)
		MISS(r, "verdict %s, not %s", channel_said_word(v->said), channel_said_word(want));
	if (id.p != NULL && (v->n_ids == 0 || !str_eq(v->ids[0], id)))
		MISS(r, "id '%.*s'", STR_ARG(v->n_ids ? v->ids[0] : STR_NONE));
	for (size_t i = 0; i < CHANNEL_IDS_MAX; i++) {
		id = expected(r, arena_printf(r->arena, "id.%zu", i + 1));
		if (id.p != NULL && (i >= v->n_ids || !str_eq(v->ids[i], id)))
			MISS(r, "id %zu '%.*s'", i + 1,
			     STR_ARG(i < v->n_ids ? v->ids[i] : STR_NONE));
	}
	if (wait.p != NULL && (!str_to_int(wait, &n) || v->wait_ms != n))
		MISS(r, "wait %lld ms", (long long)v->wait_ms);
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

/* The recorded call was logged in with: "Authorization: Bearer TOKEN". */
static struct str
token_of(const struct wire_request *call)
{
	struct str value = wire_header(call->headers, call->n_headers, "Authorization");

	if (value.p == NULL || !str_is(str_cut(&value, ' '), "Bearer"))
		return STR_NONE;
	return value;
}

static void
compare_login(struct run *r, struct channel *ch, const struct wire_answer *got)
{
	struct channel_login login = {0};
	int64_t life = 0;
	bool ok = channel_login_read(ch, got, r->arena, &login) == 0;

	if (ok != str_is(expected(r, "result"), "ok"))
		MISS(r, "the login is %s", ok ? "taken" : "not taken");
	if (!str_eq(login.token, expected(r, "access_token")))
		MISS(r, "another token");
	if (str_to_int(expected(r, "expires_in"), &life) && login.life_s != life)
		MISS(r, "life %lld s", (long long)login.life_s);
}

/* The calls beside messages: the login, and the setup. */
static void
run_beside(struct run *r)
{
	struct str out = with_our_address(r, case_file(r, ".out.http"));
	struct wire_request call = world_exchange(out, r->arena).request, ours;
	struct wire_answer got = world_exchange(case_file(r, ".reply.http"), r->arena).answer;
	struct channel *ch = r->company.channels[0];
	bool login = str_is(expected(r, "kind"), "token");
	int rc = login ? channel_login_build(ch, clock_of(r), r->arena, &ours)
		       : channel_setup_build(ch, clock_of(r), token_of(&call), r->arena, &ours);

	r->checked++;
	if (rc != 0)
		MISS(r, "the call cannot be built");
	else if (out.p != NULL)
		compare_call(r, &ours, &call);
	if (login)
		compare_login(r, ch, &got);
	else if ((channel_setup_read(&got) == 0) != str_is(expected(r, "result"), "ok"))
		MISS(r, "the answer to the setup is taken for another");
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
	if (read &&
	    channel_send_build(ch, &msg, clock_of(r), token_of(&call), r->arena, &ours) != 0)
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
	else if (str_is(kind, "token") || str_is(kind, "subscribe"))
		run_beside(r);
	else if (in)
		run_in(r);
	else
		run_out(r);
}

static void
run_suite(const struct suite *suite)
{
	struct run r = {.suite = suite};
	char index[64];

	snprintf(index, sizeof(index), "%s/INDEX.tsv", suite->data);
	r.index = table_open(index);
	for (r.row = 0; r.row < table_rows(r.index); r.row++) {
		struct str name = table_raw(r.index, r.row, "aggregator");
		bool same = str_is(name, r.company.name);

		r.arena = arena_new(0);
		if ((same && r.company.dialect == NULL) || (!same && !company_open(&r, name))) {
			leave_out(&r, "no dialect");
			arena_free(r.arena);
			continue;
		}
		run_row(&r);
		arena_free(r.arena);
	}
	company_close(&r.company);
	printf("%zu exchanges checked, %zu skipped\n", r.checked, r.skipped);
	assert_true(r.checked > 0);
	if (getenv("WASL_TEST_DATA") == NULL)
		assert_int_equal(r.skipped, 0);
	table_finish(r.index);
}

static void
channel_fixtures__every_exchange_means_what_it_should(void **state)
{
	(void)state;
	run_suite(&(struct suite){"aggregators", "contrib/dialects"});
}

static void
channel_fixtures__the_language_suffices_for_small_gateways(void **state)
{
	(void)state;
	run_suite(&(struct suite){"gateways", "contrib/dialects/small"});
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_fixtures__every_exchange_means_what_it_should),
		cmocka_unit_test(channel_fixtures__the_language_suffices_for_small_gateways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
