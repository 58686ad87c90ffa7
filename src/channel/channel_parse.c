#include "channel/channel_int.h"

/* A call to us: which section, is it them, what do they say. */

struct parsing {
	const struct channel *ch;
	const struct wire_request *req;
	struct str tail;
	int64_t now;
	struct arena *arena;
	struct intake in;
	struct channel_event *events;
	size_t n;
};

/* ---- Routes ---- */

static bool
next_piece(struct str *rest, struct str *piece)
{
	if (rest->n == 0 || rest->p[0] != '/')
		return false;
	*rest = str_after(*rest, 1);
	*piece = *rest;
	while (rest->n > 0 && rest->p[0] != '/')
		*rest = str_after(*rest, 1);
	piece->n -= rest->n;
	return true;
}

bool
parse_route(const struct route *r, struct str tail, struct arena *a, struct str *vars)
{
	struct str piece;

	for (size_t i = 0; i < r->n; i++) {
		if (!next_piece(&tail, &piece))
			return false;
		if (r->var[i] < 0 ? !str_eq(piece, r->pieces[i]) : piece.n == 0)
			return false;
		if (r->var[i] >= 0 && !codec_unpercent(piece, false, a, &vars[r->var[i]]))
			return false;
	}
	return tail.n == 0;
}

bool
channel_takes_bytes(const struct channel *ch, struct str tail)
{
	const struct dialect *d = ch->dialect;
	struct str vars[ROUTE_PIECES];
	struct arena *a = arena_new(0);
	bool takes = false;

	for (size_t i = 0; i < d->n_sections; i++)
		for (size_t k = 0; d->sections[i]->takes_bytes && k < d->sections[i]->n_routes; k++)
			takes |= parse_route(&d->sections[i]->routes[k], tail, a, vars);
	arena_free(a);
	return takes;
}

/* The route of a section that answers to this path; *method_ok when one has the method too. */
static bool
section_matches(const struct parsing *p, const struct section *s, struct str *vars, bool *method_ok)
{
	bool path_ok = false;

	for (size_t i = 0; i < s->n_routes; i++) {
		memset(vars, 0, ROUTE_PIECES * sizeof(*vars));
		if (!parse_route(&s->routes[i], p->tail, p->arena, vars))
			continue;
		path_ok = true;
		if (s->routes[i].method == p->req->method) {
			*method_ok = true;
			return true;
		}
	}
	return path_ok;
}

/* ---- Fields ---- */

static struct str
field(const struct section *s, enum field f, struct scene *sc)
{
	return s->fields[f] == NULL ? STR_NONE : eval_str(s->fields[f], sc);
}

static struct str
small_letters(struct str s, struct arena *a)
{
	struct filter lower = {.kind = FILTER_LOWER};

	return s.p == NULL ? s : filter_apply(&lower, piece_text(s), a).s;
}

static bool
ends_session(enum channel_move m)
{
	return m >= MOVE_END;
}

static void
read_move(const struct section *s, struct channel_event *ev, struct scene *sc)
{
	struct str said;
	int move;

	ev->move = s->kind == CHANNEL_USSD_END ? MOVE_END : MOVE_AUTO;
	if (s->fields[FIELD_EVENT] != NULL) {
		sc->word = STR_NONE;
		said = field(s, FIELD_EVENT, sc);
		move = said.p == NULL ? -1 : words_find(&words_moves, said);
		ev->move = move < 0 ? MOVE_ERROR : (enum channel_move)move;
		if (ends_session(ev->move) && move >= 0)
			ev->outcome = small_letters(sc->word, sc->arena);
	}
	if (s->fields[FIELD_OUTCOME] != NULL)
		ev->outcome = field(s, FIELD_OUTCOME, sc);
}

/* A shared code's own piece at the front of the path is not an answer. */
static struct str
without_drop(const struct section *s, struct str path, struct scene *sc)
{
	struct str drop = field(s, FIELD_DROP, sc);

	if (path.p == NULL || drop.n == 0 || !str_starts(path, drop))
		return path;
	struct str rest = str_after(path, drop.n);

	if (rest.n == 0)
		return STR_LIT("");
	return str_starts(rest, s->separator) ? str_after(rest, s->separator.n) : path;
}

/* "*384*1234*3*2#" on the code "*384*1234#" brings "3*2" with it. */
static struct str
in_advance(const char *code, struct str dialled)
{
	struct str own = str_of(code);

	if (own.n > 0 && own.p[own.n - 1] == '#')
		own.n--;
	if (dialled.n > 0 && dialled.p[dialled.n - 1] == '#')
		dialled.n--;
	if (own.n == 0 || !str_starts(dialled, own) || dialled.n <= own.n + 1 ||
	    dialled.p[own.n] != '*')
		return STR_NONE;
	return str_after(dialled, own.n + 1);
}

static void
read_ussd(const struct parsing *p, const struct section *s, struct channel_event *ev,
	  struct scene *sc)
{
	struct str input = field(s, FIELD_INPUT, sc), dialled;

	read_move(s, ev, sc);
	ev->cumulative = s->cumulative;
	ev->separator = s->separator;
	ev->stray_begins = s->stray_begins;
	ev->turn = field(s, FIELD_TURN, sc);
	if (s->cumulative || ev->move != MOVE_BEGIN)
		ev->input = secret_of(without_drop(s, input, sc));
	if (ev->move != MOVE_BEGIN && ev->move != MOVE_AUTO)
		return;
	dialled = field(s, FIELD_DIALLED, sc);
	ev->dialled = secret_of(dialled);
	ev->in_advance = secret_of(in_advance(p->ch->code, dialled));
}

static void
read_message(const struct parsing *p, const struct section *s, struct channel_event *ev,
	     struct scene *sc)
{
	ev->id = field(s, FIELD_ID, sc);
	ev->ref = field(s, FIELD_REF, sc);
	ev->to = field(s, FIELD_TO, sc);
	ev->text = secret_of(field(s, FIELD_TEXT, sc));
	ev->time_word = field(s, FIELD_TIME, sc);
	if (!codec_time(ev->time_word, &ev->at))
		ev->at = p->now;
	ev->part_ref = field(s, FIELD_PART_REF, sc);
	ev->part_number = field(s, FIELD_PART_NUMBER, sc);
	ev->part_of = field(s, FIELD_PART_OF, sc);
	ev->reason = field(s, FIELD_REASON, sc);
}

/* A word nobody mapped is "unknown"; no word at all is told by word.p NULL. */
static void
read_state(const struct section *s, struct channel_event *ev, struct scene *sc)
{
	struct str said;
	int state;

	sc->word = STR_NONE;
	said = field(s, FIELD_STATE, sc);
	ev->word = sc->word.p != NULL ? sc->word : said;
	state = said.p == NULL ? -1 : words_find(&words_states, said);
	ev->state = state < 0 ? REPORT_UNKNOWN : (enum report_state)state;
	ev->final = report_state_final(ev->state);
}

static void
read_lets(const struct section *s, struct channel_event *ev, struct scene *sc)
{
	struct channel_let *lets = ARENA_ARRAY(sc->arena, struct channel_let, s->n_lets);

	for (size_t i = 0; i < s->n_lets; i++) {
		struct piece p = sc->slots[s->lets[i].slot];

		lets[i] = (struct channel_let){s->lets[i].name.p, piece_has(p) ? p.s : STR_NONE};
	}
	ev->lets = lets;
	ev->n_lets = s->n_lets;
}

static bool
there(const struct channel_event *ev, enum field f)
{
	const struct str texts[FIELDS] = {
		[FIELD_SESSION] = ev->session,
		[FIELD_SERVICE] = ev->service,
		[FIELD_NETWORK] = ev->network,
		[FIELD_OUTCOME] = ev->outcome,
		[FIELD_TURN] = ev->turn,
		[FIELD_ID] = ev->id,
		[FIELD_REF] = ev->ref,
		[FIELD_TO] = ev->to,
		[FIELD_TIME] = ev->time_word,
		[FIELD_STATE] = ev->word,
		[FIELD_REASON] = ev->reason,
		[FIELD_INPUT] = secret_reveal(ev->input),
		[FIELD_TEXT] = secret_reveal(ev->text),
		[FIELD_DIALLED] = secret_reveal(ev->dialled),
		[FIELD_MSISDN] = secret_reveal(ev->msisdn_raw),
	};

	return f == FIELD_EVENT || f == FIELD_DROP || texts[f].p != NULL;
}

static bool
needs_met(const struct section *s, const struct channel_event *ev)
{
	if (s->kind == CHANNEL_USSD && ends_session(ev->move))
		return true;
	for (size_t i = 0; i < s->n_need; i++) {
		bool met = false;

		for (unsigned f = 0; f < FIELDS; f++)
			met |= (s->need[i] & 1U << f) && there(ev, (enum field)f);
		if (!met)
			return false;
	}
	return true;
}

/* Slots to one normal form; false when it is malformed. */
static bool
read_event(const struct parsing *p, const struct section *s, struct scene *sc,
	   struct channel_event *ev)
{
	struct str number;

	*ev = (struct channel_event){.kind = s->kind, .section = s, .slots = sc->slots};
	read_lets(s, ev, sc);
	ev->at = p->now;
	number = field(s, FIELD_MSISDN, sc);
	ev->has_msisdn = number.p != NULL;
	ev->msisdn_raw = secret_of(number);
	ev->msisdn_ok = codec_phone(number, p->ch->dialect->national, &ev->msisdn);
	ev->session = field(s, FIELD_SESSION, sc);
	ev->service = field(s, FIELD_SERVICE, sc);
	ev->network = field(s, FIELD_NETWORK, sc);
	if (s->kind == CHANNEL_USSD || s->kind == CHANNEL_USSD_END)
		read_ussd(p, s, ev, sc);
	else
		read_message(p, s, ev, sc);
	if (s->kind == CHANNEL_REPORT)
		read_state(s, ev, sc);
	return !sc->fault && needs_met(s, ev);
}

/* ---- Sections ---- */

static bool
counts(const struct section *s, struct scene *sc)
{
	return s->condition == NULL || eval_str(s->condition, sc).n > 0;
}

/* What a section makes of a call; negative: malformed. */
enum taken { NOT_OURS, TAKEN, EMPTY_BATCH /* ours unless another section finds something */ };

static int
take_batch(struct parsing *p, const struct section *s, struct piece *common)
{
	size_t n;

	if (!intake_entries(&p->in, s->each, s->n_each, &n))
		return s->condition != NULL ? NOT_OURS : W_EINVAL;
	p->events = ARENA_ARRAY(p->arena, struct channel_event, n + 1);
	p->events[0] = (struct channel_event){.kind = s->kind, .section = s, .slots = common};
	for (size_t i = 0; i < n; i++) {
		struct scene sc = {
			.slots = arena_memdup(p->arena, common, s->plan->n * sizeof(*common)),
			.arena = p->arena};

		if (intake_entry(&p->in, s->plan, s->each, s->n_each, i, sc.slots) != 0)
			return W_EINVAL;
		eval_lets(s->lets, s->n_lets, &sc);
		if (!counts(s, &sc))
			continue;
		if (!read_event(p, s, &sc, &p->events[p->n]))
			return W_EINVAL;
		p->n++;
	}
	return p->n > 0 ? TAKEN : EMPTY_BATCH;
}

static int
take_section(struct parsing *p, const struct section *s, const struct str *vars)
{
	struct scene sc = {.slots = channel_slots(p->ch, s->plan, p->arena), .arena = p->arena};

	if (p->req->body.n > s->body_max)
		return W_EINVAL;
	p->in.vars = vars;
	if (intake_fill(&p->in, s->plan, sc.slots) != 0)
		return W_EINVAL;
	p->n = 0;
	if (s->batch)
		return take_batch(p, s, sc.slots);
	eval_lets(s->lets, s->n_lets, &sc);
	if (!counts(s, &sc))
		return NOT_OURS;
	p->events = ARENA_NEW(p->arena, struct channel_event);
	p->n = 1;
	return read_event(p, s, &sc, p->events) ? TAKEN : W_EINVAL;
}

/* ---- The walk ---- */

static int
refused(int status, int rc, struct wire_answer *out)
{
	*out = (struct wire_answer){.status = status};
	return rc;
}

struct candidates {
	const struct section *rows[DIALECT_SECTIONS];
	struct str vars[DIALECT_SECTIONS][ROUTE_PIECES];
	size_t n;
	bool path_known;
};

/* Those with an if come first, in file order. */
static void
find_candidates(const struct parsing *p, struct candidates *c)
{
	const struct dialect *d = p->ch->dialect;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < d->n_sections; i++) {
			bool method_ok = false;

			if ((d->sections[i]->condition == NULL) != (pass == 1) ||
			    !section_matches(p, d->sections[i], c->vars[c->n], &method_ok))
				continue;
			c->path_known = true;
			if (method_ok)
				c->rows[c->n++] = d->sections[i];
		}
	}
}

static int
try_sections(struct parsing *p, const struct candidates *c, struct wire_answer *refusal)
{
	struct channel_event ev = {0}, *empty = NULL;
	int rc = 0;

	for (size_t i = 0; i < c->n && rc >= 0; i++) {
		rc = take_section(p, c->rows[i], c->vars[i]);
		if (rc == TAKEN)
			return 0;
		if (rc == EMPTY_BATCH && empty == NULL)
			empty = p->events;
		ev.section = c->rows[i];
	}
	if (rc >= 0 && empty != NULL) {
		p->events = empty;
		p->n = 0;
		return 0;
	}
	channel_refuse(p->ch, &ev, p->arena, refusal);
	return W_EINVAL;
}

int
channel_parse(const struct channel *ch, const struct wire_request *req, struct str tail,
	      int64_t now, struct arena *a, struct channel_event **events, size_t *n,
	      struct wire_answer *refusal)
{
	struct candidates *c = ARENA_NEW(a, struct candidates);
	struct parsing p = {
		.ch = ch,
		.req = req,
		.tail = tail,
		.now = now,
		.arena = a,
		.in = {.method = req->method,
		       .path = req->path,
		       .query = req->query,
		       .body = req->body,
		       .type = wire_header(req->headers, req->n_headers, "Content-Type"),
		       .headers = req->headers,
		       .n_headers = req->n_headers,
		       .ignore_case = ch->dialect->ignore_case,
		       .arena = a}};
	int rc;

	find_candidates(&p, c);
	if (!c->path_known)
		return refused(404, W_ENOENT, refusal);
	if (c->n == 0)
		return refused(405, W_EPROTO, refusal);
	if (!proof_ok(ch, &p.in, now))
		rc = refused(403, W_EDENIED, refusal);
	else
		rc = try_sections(&p, c, refusal);
	intake_done(&p.in);
	if (rc == 0) {
		*events = p.events;
		*n = p.n;
	}
	return rc;
}
