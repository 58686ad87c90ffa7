#include "channel/channel_int.h"

#include <stdlib.h>

/* The aggregator's side of a dialect, worked out from our own. */

/* ---- Calls to us ---- */

struct wish { /* what a field should give */
	enum field field;
	struct str text; /* p NULL: nothing wished */
	bool must;       /* or the call makes no sense */
};

static const struct section *
section_of(const struct channel *ch, enum channel_kind kind)
{
	for (size_t i = 0; i < ch->dialect->n_sections; i++)
		if (ch->dialect->sections[i]->kind == kind)
			return ch->dialect->sections[i];
	return NULL;
}

static struct str
own_path(const struct channel *ch, const struct section *s, const struct piece *slots,
	 struct arena *a)
{
	struct buf b;
	const struct route *r = &s->routes[0];

	buf_init_arena(&b, a);
	buf_printf(&b, "/c/%s", ch->name);
	if (ch->path_secrets[0].n > 0) {
		buf_addc(&b, '/');
		buf_add_str(&b, ch->path_secrets[0]);
	}
	for (size_t i = 0; i < r->n; i++) {
		buf_addc(&b, '/');
		if (r->var[i] < 0)
			buf_add_str(&b, r->pieces[i]);
		for (size_t k = 0; r->var[i] >= 0 && k < s->plan->n; k++)
			if (s->plan->places[k].from == FROM_PATH &&
			    s->plan->places[k].number == (size_t)r->var[i])
				codec_percent(slots[k].s, false, &b);
	}
	return buf_str(&b);
}

/* An if must hold: give its first place something when nothing is there yet. */
static bool
meet_condition(const struct section *s, struct solving *sol)
{
	if (s->condition == NULL || eval_str(s->condition, &sol->sc).n > 0)
		return true;
	return solve_value(sol, s->condition, STR_LIT("1"));
}

static int
call_us(const struct channel *ch, const struct section *s, const struct wish *wishes, size_t n,
	struct arena *a, struct wire_request *out)
{
	struct solving sol = {.plan = s->plan,
			      .lets = s->lets,
			      .n_lets = s->n_lets,
			      .sc = {.slots = channel_slots(ch, s->plan, a), .arena = a}};
	struct composed c;

	for (size_t i = 0; i < n; i++) {
		const struct value *v = s->fields[wishes[i].field];

		if (v == NULL || wishes[i].text.p == NULL)
			continue;
		if (!solve_value(&sol, v, wishes[i].text) && wishes[i].must)
			return W_EINVAL;
	}
	if (!meet_condition(s, &sol) ||
	    !compose_places(s->plan, sol.sc.slots, s->routes[0].method == WIRE_GET,
			    s->batch ? s->each : NULL, s->n_each, a, &c))
		return W_EINVAL;
	*out = (struct wire_request){.method = s->routes[0].method,
				     .path = own_path(ch, s, sol.sc.slots, a),
				     .query = c.query,
				     .headers = ARENA_ARRAY(a, struct wire_header, c.n_headers + 1),
				     .n_headers = c.n_headers,
				     .body = c.body};
	if (c.n_headers > 0)
		memcpy(out->headers, c.headers, c.n_headers * sizeof(*c.headers));
	if (c.type.p != NULL)
		out->headers[out->n_headers++] =
			(struct wire_header){STR_LIT("Content-Type"), c.type};
	return proof_play(ch, a, out);
}

static struct str
number_text(const struct channel *ch, const struct phone *p, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	phone_reveal(p, ch->dialect->national ? PHONE_NATIONAL : PHONE_PLUS, &b);
	return buf_str(&b);
}

/* The event's word must be there, unless the dialect leaves it to us to know (auto). */
static bool
event_is_told(const struct section *s, enum channel_move move)
{
	return s->fields[FIELD_EVENT] != NULL && move >= MOVE_END;
}

int
channel_play_ussd(const struct channel *ch, const struct play_ussd *play, struct arena *a,
		  struct wire_request *out)
{
	const struct section *s = section_of(ch, CHANNEL_USSD);
	const struct section *end = section_of(ch, CHANNEL_USSD_END);

	if (play->move >= MOVE_END && end != NULL)
		s = end;
	if (s == NULL || (play->move >= MOVE_END && s != end && !event_is_told(s, play->move)))
		return W_ENOENT;
	bool begins = play->move == MOVE_BEGIN, whole = s->cumulative || s == end;
	struct str none = STR_NONE, dialled = begins ? play->dialled : none;
	struct str input = whole ? play->path : begins ? none : play->input;

	if (input.p == NULL && (s->cumulative || (begins && s->fields[FIELD_DIALLED] == NULL)))
		input = STR_LIT("");
	const struct wish wishes[] = {
		{FIELD_EVENT, str_of(channel_move_word(play->move)), event_is_told(s, play->move)},
		{FIELD_SESSION, play->session, true},
		{FIELD_MSISDN, number_text(ch, &play->phone, a), true},
		{FIELD_SERVICE, str_of(ch->code), false},
		{FIELD_NETWORK, play->network, false},
		{FIELD_TURN, play->turn, false},
		{FIELD_DIALLED, dialled, false},
		{FIELD_INPUT, input, play->move == MOVE_CONTINUE},
	};
	return call_us(ch, s, wishes, ARRAY_LEN(wishes), a, out);
}

int
channel_play_sms(const struct channel *ch, struct str id, const struct phone *from, struct str text,
		 struct arena *a, struct wire_request *out)
{
	const struct section *s = section_of(ch, CHANNEL_SMS);
	const struct wish wishes[] = {
		{FIELD_ID, id, false},
		{FIELD_MSISDN, number_text(ch, from, a), true},
		{FIELD_TO, str_of(ch->code), false},
		{FIELD_TEXT, text, true},
	};

	return s == NULL ? W_ENOENT : call_us(ch, s, wishes, ARRAY_LEN(wishes), a, out);
}

int
channel_play_report(const struct channel *ch, struct str id, struct str ref,
		    const struct phone *phone, enum report_state state, struct arena *a,
		    struct wire_request *out)
{
	const struct section *s = section_of(ch, CHANNEL_REPORT);
	const struct wish wishes[] = {
		{FIELD_STATE, str_of(report_state_word(state)), true},
		{FIELD_ID, id, false},
		{FIELD_REF, ref, false},
		{FIELD_MSISDN, number_text(ch, phone, a), false},
	};

	return s == NULL ? W_ENOENT : call_us(ch, s, wishes, ARRAY_LEN(wishes), a, out);
}

/* ---- Our reply read back ---- */

static bool
headers_fit(struct solving *sol, const struct sheet *sheet, const struct wire_answer *got)
{
	for (size_t i = 0; i < sheet->headers.n; i++) {
		const struct param *p = &sheet->headers.rows[i];

		for (size_t k = 0; k < got->n_headers; k++)
			if (str_eq_nocase(got->headers[k].name, p->name) &&
			    !solve_text(sol, p->text, got->headers[k].value))
				return false;
	}
	return true;
}

static bool
body_fits(struct solving *sol, const struct sheet *sheet, struct str body)
{
	struct intake in = {.body = body, .status = 200, .arena = sol->sc.arena};
	bool ok;

	switch (sheet->body) {
	case SHEET_NONE:
		return body.n == 0;
	case SHEET_TEXT:
		return solve_text(sol, sheet->text, body);
	case SHEET_FORM:
		return solve_params(sol, &sheet->form, body);
	case SHEET_JSON:
		in.json = tree_parse(body);
		ok = in.json != NULL && solve_json(sol, sheet->json, in.json);
		intake_done(&in);
		return ok;
	default: /* XML: the template's own text, holes unescaped */
		return solve_text(sol, sheet->text, body);
	}
}

static struct str
given(const struct plan *plan, const struct piece *slots, enum name_given name)
{
	int slot = plan->given[name];

	return slot < 0 || !piece_has(slots[slot]) ? STR_NONE : slots[slot].s;
}

int
channel_play_page(const struct channel *ch, const struct wire_answer *got, struct arena *a,
		  struct str *page, bool *go_on)
{
	static const unsigned codings[] = {1U << WHEN_GSM7, 1U << WHEN_UCS2};
	const struct section *s = section_of(ch, CHANNEL_USSD);

	for (size_t i = 0; s != NULL && got->status == s->reply->status && i < 4; i++) {
		struct solving sol = {.plan = s->plan,
				      .sheet = s->reply,
				      .sc = {.slots = channel_slots(ch, s->plan, a), .arena = a}};
		unsigned when = i < 2 ? WHEN_CONTINUE : WHEN_END;

		sol.when = 1U << when | codings[i % 2];
		eval_lets(s->lets, s->n_lets, &sol.sc);
		fill_words(s->reply, sol.when, &sol.sc);
		if (!headers_fit(&sol, s->reply, got) || !body_fits(&sol, s->reply, got->body))
			continue;
		*page = given(s->plan, sol.sc.slots, NAME_PAGE);
		*go_on = when == WHEN_CONTINUE;
		if (s->reply->body == SHEET_XML && !codec_unxml(*page, a, page))
			return W_EPROTO;
		return 0;
	}
	return W_EPROTO;
}

/* ---- Our call read by the carrier ---- */

/* Path and query of a call, however it is given. */
static struct str
call_target(const struct wire_request *call, struct arena *a)
{
	bool https;
	uint16_t port;
	struct str url = call->url;

	if (url.p == NULL)
		return call->query.n == 0 ? call->path
					  : str_of(arena_printf(a, "%.*s?%.*s", STR_ARG(call->path),
								STR_ARG(call->query)));
	struct str host = channel_url_host(url, &https, &port);

	if (host.n == 0)
		return STR_NONE;
	url = str_after(url, https ? 8 : 7);
	while (url.n > 0 && url.p[0] != '/' && url.p[0] != '?')
		url = str_after(url, 1);
	return url;
}

/* The url's text from the path on: scheme and host are where the carrier happens to stand. */
static struct text_plan
path_of(const struct call *c, const struct piece *slots, struct arena *a)
{
	struct text_plan t = *c->url;
	const struct text_part *first = &c->url->parts[0];
	struct wire_request as_call = {.url = first->is_hole ? slots[first->hole.slot].s
							     : first->literal};

	t.parts = arena_memdup(a, c->url->parts, t.n * sizeof(*t.parts));
	t.parts[0] = (struct text_part){.literal = call_target(&as_call, a)};
	if (t.parts[0].literal.p == NULL)
		t.parts[0].literal = STR_LIT("");
	return t;
}

/* how: bit 0 the coding, bit 1 lenient. */
static bool
call_fits(const struct channel *ch, const struct call *c, unsigned how,
	  const struct wire_request *call, struct solving *sol)
{
	struct arena *a = sol->sc.arena;
	struct str rest = call_target(call, a);
	struct str path = str_cut(&rest, '?');

	*sol = (struct solving){.plan = c->plan,
				.lets = c->lets,
				.n_lets = c->n_lets,
				.sheet = c->sheet,
				.when = 1U << (how & 1 ? WHEN_UCS2 : WHEN_GSM7),
				.percent = true,
				.lenient = (how & 2) != 0,
				.sc = {.slots = channel_slots(ch, c->plan, a), .arena = a}};
	if (call->method != c->method)
		return false;
	if (c->condition != NULL && eval_str(c->condition, &sol->sc).n == 0)
		return false;
	fill_words(c->sheet, sol->when, &sol->sc);
	struct text_plan url = path_of(c, sol->sc.slots, a);

	if (!solve_text(sol, &url, path))
		return false;
	sol->percent = false;
	return solve_params(sol, &c->sheet->query, rest) && body_fits(sol, c->sheet, call->body);
}

/* Exactly what we would write first; then with parts missing, as an older version of us might. */
int
channel_play_send(const struct channel *ch, const struct wire_request *call, struct arena *a,
		  struct str *to, struct str *text, struct str *ref)
{
	size_t n = ch->dialect->n_calls;

	for (size_t i = 0; i < 4 * n; i++) {
		const struct call *c = ch->dialect->calls[i % n];
		struct solving sol = {.sc = {.arena = a}};

		if (!call_fits(ch, c, (unsigned)(i / n), call, &sol))
			continue;
		*to = given(c->plan, sol.sc.slots, NAME_TO);
		*text = given(c->plan, sol.sc.slots, NAME_TEXT);
		*ref = given(c->plan, sol.sc.slots, NAME_REF);
		if (to->n > 0)
			return 0;
	}
	return W_EPROTO;
}

/* ---- The carrier's answer ---- */

struct answering {
	const struct channel *ch;
	const struct call *call;
	enum channel_said said;
	struct channel_message msg;
	struct str to, id;
	struct arena *arena;
	struct wire_answer *out;
};

/* The answer as composed, if channel_send_read agrees about it. */
static bool
try_answer(struct answering *w, struct solving *sol, int status)
{
	const struct call *c = w->call;
	struct channel_verdict got;
	struct composed made;

	if (c->to != NULL)
		(void)solve_value(sol, c->to, w->to);
	if (c->id != NULL && !solve_value(sol, c->id, w->id))
		return false;
	if (c->parts != NULL)
		(void)solve_value(sol, c->parts, STR_LIT("1"));
	if (!compose_places(c->answer, sol->sc.slots, false, c->batch ? c->each : NULL, c->n_each,
			    w->arena, &made))
		return false;
	*w->out = (struct wire_answer){.status = made.status ? made.status : status,
				       .type = made.type.p ? made.type : STR_LIT("text/plain"),
				       .headers = made.headers,
				       .n_headers = made.n_headers,
				       .body = made.body};
	channel_send_read(w->ch, w->out, &w->msg, w->arena, &got);
	return got.said == w->said &&
	       (w->said != SAID_ACCEPTED ||
		(got.n_ids > 0 && (c->id == NULL || str_eq(got.ids[0], w->id))));
}

static bool
try_word(struct answering *w, struct str word, bool prefix)
{
	const struct call *c = w->call;
	struct str longer = str_of(arena_printf(w->arena, "%.*s1", STR_ARG(word)));

	for (size_t i = 0; i < 2 * c->n_codes; i++) {
		struct solving sol = {.plan = c->answer,
				      .sc = {.slots = channel_slots(w->ch, c->answer, w->arena),
					     .arena = w->arena}};

		if (i % 2 == 1 && !prefix)
			continue;
		if (solve_value(&sol, c->codes[i / 2], i % 2 ? longer : word) &&
		    try_answer(w, &sol, 200))
			return true;
	}
	return false;
}

static bool
means(const struct answering *w, const struct text_plan *to)
{
	struct str word;

	return value_constant(to, &word) && str_eq_nocase(word, str_of(channel_said_word(w->said)));
}

static bool
try_status(struct answering *w, int status)
{
	struct solving sol = {.plan = w->call->answer,
			      .sc = {.slots = channel_slots(w->ch, w->call->answer, w->arena),
				     .arena = w->arena}};

	return try_answer(w, &sol, status);
}

static bool
try_verdicts(struct answering *w)
{
	const struct map *m = w->call->verdicts;

	for (size_t i = 0; i < m->n_exact; i++)
		if (means(w, m->exact[i].to) && try_word(w, m->exact[i].key, false))
			return true;
	for (size_t i = 0; i < m->n_prefixes; i++)
		if (means(w, m->prefixes[i].to) && try_word(w, m->prefixes[i].key, true))
			return true;
	return m->rest != NULL && means(w, m->rest) && try_word(w, STR_LIT("ok"), false);
}

int
channel_play_answer(const struct channel *ch, enum channel_said said, struct str to, struct str id,
		    struct arena *a, struct wire_answer *out)
{
	static const int statuses[] = {200, 201, 202, 400, 401, 402, 403, 429, 500, 503};
	struct answering w = {.ch = ch,
			      .said = said,
			      .msg = {.text = STR_LIT("x"), .ref = STR_LIT("play")},
			      .to = to,
			      .id = id,
			      .arena = a,
			      .out = out};
	struct piece *slots;

	if (!codec_phone(to, false, &w.msg.phone) && !codec_phone(to, true, &w.msg.phone))
		return W_EINVAL;
	w.call = channel_call(ch, &w.msg, 0, STR_NONE, a, &slots);
	if (w.call == NULL)
		return W_ENOENT;
	if (try_verdicts(&w))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (try_status(&w, statuses[i]))
			return 0;
	return W_EINVAL;
}
