#include "channel/channel_int.h"

/* Messages out: the call, and what its answer means. */

void
call_given(const struct plan *plan, struct piece *slots, enum name_given name, struct str s)
{
	if (plan->given[name] >= 0 && s.p != NULL)
		slots[plan->given[name]] = piece_text(s);
}

static struct str
numbers(const struct channel_message *msg, struct str join, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	phone_reveal(&msg->phone, PHONE_PLUS, &b);
	for (size_t i = 0; i < msg->n_others; i++) {
		buf_add_str(&b, join);
		phone_reveal(&msg->others[i], PHONE_PLUS, &b);
	}
	return buf_str(&b);
}

/* The first send section that takes the channel, its slots set; NULL: none. */
const struct call *
channel_call(const struct channel *ch, const struct channel_message *msg, int64_t now,
	     struct str token, struct arena *a, struct piece **slots)
{
	for (size_t i = 0; i < ch->dialect->n_calls; i++) {
		const struct call *c = ch->dialect->calls[i];
		struct scene sc = {.slots = channel_slots(ch, c->plan, a), .arena = a};

		call_given(c->plan, sc.slots, NAME_TO, numbers(msg, c->join, a));
		call_given(c->plan, sc.slots, NAME_TEXT, msg->text);
		call_given(c->plan, sc.slots, NAME_REF, msg->ref);
		call_given(c->plan, sc.slots, NAME_TOKEN, token);
		call_given(c->plan, sc.slots, NAME_NOW,
			   str_of(arena_printf(a, "%lld", (long long)now)));
		eval_lets(c->lets, c->n_lets, &sc);
		if (c->condition != NULL && eval_str(c->condition, &sc).n == 0)
			continue;
		fill_words(c->sheet, 1U << (msg->coding == TEXT_UCS2 ? WHEN_UCS2 : WHEN_GSM7), &sc);
		*slots = sc.slots;
		return c;
	}
	return NULL;
}

/* For questions about the channel alone. */
static const struct call *
any_call(const struct channel *ch)
{
	struct arena *a = arena_new(0);
	struct channel_message msg = {.phone = {"+212600000000"}, .ref = STR_LIT("0")};
	struct piece *slots;
	const struct call *c = channel_call(ch, &msg, 0, STR_NONE, a, &slots);

	arena_free(a);
	return c;
}

bool
channel_can_send(const struct channel *ch)
{
	return any_call(ch) != NULL;
}

unsigned
channel_reference_bits(const struct channel *ch)
{
	const struct call *c = any_call(ch);

	return c != NULL ? c->reference_bits : 8;
}

int64_t
channel_idempotent_span(const struct channel *ch)
{
	const struct call *c = any_call(ch);

	return c != NULL ? c->idempotent_s : 0;
}

static void
add_header(struct wire_request *out, const char *name, struct str value)
{
	out->headers[out->n_headers++] = (struct wire_header){str_of(name), value};
}

/* Room for Content-Type and Authorization beside the dialect's own headers. */
static void
finish_headers(const struct call *c, const struct filled *f, struct scene *sc,
	       struct wire_request *out, bool *missing)
{
	struct str pair;

	out->headers = ARENA_ARRAY(sc->arena, struct wire_header, f->n_headers + 2);
	if (f->n_headers > 0)
		memcpy(out->headers, f->headers, f->n_headers * sizeof(*f->headers));
	out->n_headers = f->n_headers;
	if (c->sheet->body != SHEET_NONE &&
	    wire_header(out->headers, out->n_headers, "Content-Type").p == NULL)
		add_header(out, "Content-Type", f->type);
	if (c->basic == NULL)
		return;
	if (fill_text(c->basic, sc, &pair) != FILL_OK)
		*missing = true;
	else
		add_header(out, "Authorization",
			   str_of(arena_printf(sc->arena, "Basic %.*s",
					       STR_ARG(codec_base64(pair, sc->arena)))));
}

int
call_fill(const struct call *c, struct piece *slots, struct arena *a, struct wire_request *out)
{
	struct scene sc = {.slots = slots, .arena = a};
	struct filled f;
	struct str url;

	*out = (struct wire_request){.method = c->method};
	fill_sheet(c->sheet, &sc, &f);
	bool missing = f.missing || fill_url(c->url, &sc, &url) != FILL_OK;

	finish_headers(c, &f, &sc, out, &missing);
	if (missing)
		return W_EINVAL;
	out->url = url;
	if (f.query.n > 0)
		out->url =
			str_of(arena_printf(a, "%.*s%c%.*s", STR_ARG(url),
					    str_find(url, '?') < 0 ? '?' : '&', STR_ARG(f.query)));
	out->body = f.body;
	return out->url.n + out->body.n > OUT_BYTES ? W_ETOOBIG : 0;
}

int
channel_send_build(const struct channel *ch, const struct channel_message *msg, int64_t now,
		   struct str token, struct arena *a, struct wire_request *out)
{
	struct piece *slots = NULL;
	const struct call *c = channel_call(ch, msg, now, token, a, &slots);

	if (c == NULL)
		return W_ENOENT;
	if (msg->n_others > 0 && !c->has_join)
		return W_EINVAL;
	return call_fill(c, slots, a, out);
}

/* ---- The answer ---- */

/* What a status means when no word of theirs says more. */
static enum channel_said
by_status(const struct call *c, int status)
{
	static const struct {
		int status;
		enum channel_said said;
	} rows[] = {{401, SAID_DENIED},    {402, SAID_HOLD},      {403, SAID_DENIED},
		    {408, SAID_UNCERTAIN}, {409, SAID_UNCERTAIN}, {425, SAID_UNCERTAIN},
		    {429, SAID_BUSY}};

	if (status == 401 && c->plan->given[NAME_TOKEN] >= 0)
		return SAID_RENEW;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].status == status)
			return rows[i].said;
	return status >= 400 && status < 500 ? SAID_FAULT : SAID_UNCERTAIN;
}

static bool
look_up(const struct map *m, struct str word, struct scene *sc, enum channel_said *said)
{
	const struct text_plan *to = m == NULL || word.p == NULL ? NULL : map_find(m, word);
	int i = to == NULL ? -1 : words_find(&words_said, eval_text(to, sc).s);

	if (i >= 0)
		*said = (enum channel_said)i;
	return i >= 0;
}

/* The candidates in turn, then the status, then the default. */
static enum channel_said
classify(const struct call *c, int status, struct scene *sc, struct str *word)
{
	enum channel_said said = by_status(c, status);

	*word = STR_NONE;
	for (size_t i = 0; i < c->n_codes; i++) {
		struct str candidate = eval_str(c->codes[i], sc);

		if (word->p == NULL)
			*word = candidate;
		if (look_up(c->verdicts, candidate, sc, &said))
			return said;
	}
	struct str text = str_of(arena_printf(sc->arena, "%d", status));

	(void)look_up(c->statuses, text, sc, &said);
	return said;
}

static bool
is_for(struct str number, const struct channel_message *msg, struct arena *a)
{
	struct phone got;
	struct buf b;

	if (codec_phone(number, false, &got) || codec_phone(number, true, &got))
		return phone_eq(&got, &msg->phone);
	buf_init_arena(&b, a);
	phone_reveal(&msg->phone, PHONE_PLUS, &b);
	return str_eq(number, buf_str(&b));
}

struct reading {
	const struct call *call;
	const struct channel_message *msg;
	struct channel_verdict *out;
	int status;
	bool seen; /* an entry for our number */
};

static int64_t
whole_number(const struct value *v, struct scene *sc)
{
	int64_t n = 0;

	return str_to_int(eval_str(v, sc), &n) && n > 0 ? n : 0;
}

/* Entries of one number must agree, else part of the message may have left. */
static void
read_entry(struct reading *r, struct scene *sc)
{
	struct channel_verdict *out = r->out;
	const struct call *c = r->call;
	struct str to = eval_str(c->to, sc), id, word;
	int64_t n;

	if (to.p != NULL && !is_for(to, r->msg, sc->arena))
		return;
	enum channel_said said = classify(c, r->status, sc, &word);

	if (r->seen && said != out->said)
		said = SAID_UNCERTAIN;
	out->said = said;
	if (!r->seen)
		out->word = word;
	r->seen = true;
	id = eval_str(c->id, sc);
	if (id.n > 0 && out->n_ids < CHANNEL_IDS_MAX)
		out->ids[out->n_ids++] = id;
	if ((n = whole_number(c->parts, sc)) > 0)
		out->parts = n;
	if ((n = whole_number(c->wait_ms, sc)) > 0)
		out->wait_ms = n;
}

static void
read_entries(struct reading *r, struct intake *in, struct piece *common)
{
	const struct call *c = r->call;
	struct scene sc = {.slots = common, .arena = in->arena};
	size_t n = 0;

	if (!c->batch || !intake_entries(in, c->each, c->n_each, &n) || n == 0) {
		read_entry(r, &sc); /* the answer is one entry */
		return;
	}
	for (size_t i = 0; i < n; i++) {
		sc.slots = arena_memdup(in->arena, common, c->answer->n * sizeof(*common));
		if (intake_entry(in, c->answer, c->each, c->n_each, i, sc.slots) == 0)
			read_entry(r, &sc);
	}
}

static void
retry_after(const struct wire_answer *got, struct channel_verdict *out)
{
	int64_t s;

	if (str_to_int(wire_header(got->headers, got->n_headers, "Retry-After"), &s) && s > 0 &&
	    s <= 7 * 86400 && s * 1000 > out->wait_ms)
		out->wait_ms = s * 1000;
}

void
channel_send_read(const struct channel *ch, const struct wire_answer *got,
		  const struct channel_message *msg, struct arena *a, struct channel_verdict *out)
{
	struct piece *slots = NULL;
	const struct call *c = channel_call(ch, msg, 0, STR_NONE, a, &slots);
	struct intake in = {.status = got->status,
			    .body = got->body,
			    .type = got->type,
			    .headers = got->headers,
			    .n_headers = got->n_headers,
			    .ignore_case = ch->dialect->ignore_case,
			    .lenient = true,
			    .arena = a};
	struct reading r = {c, msg, out, got->status, false};

	*out = (struct channel_verdict){.said = SAID_UNCERTAIN};
	if (c == NULL || got->body.n > ANSWER_BYTES)
		return;
	struct piece *answer = channel_slots(ch, c->answer, a);

	call_given(c->answer, answer, NAME_REF, msg->ref);
	call_given(c->answer, answer, NAME_TO, numbers(msg, c->join, a));
	if (intake_fill(&in, c->answer, answer) == 0)
		read_entries(&r, &in, answer);
	if (out->n_ids == 0 && c->tells_ref && r.seen)
		out->ids[out->n_ids++] = msg->ref; /* what their report will bring back */
	retry_after(got, out);
	intake_done(&in);
}

/* ---- Addresses ---- */

struct str
channel_url_host(struct str url, bool *https, uint16_t *port)
{
	static const struct {
		const char *scheme;
		bool https;
		uint16_t port;
	} schemes[] = {{"https://", true, 443}, {"http://", false, 80}};
	struct str host = STR_NONE;
	int64_t n;

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		struct str scheme = str_of(schemes[i].scheme);

		if (url.n > scheme.n && str_eq_nocase((struct str){url.p, scheme.n}, scheme)) {
			host = str_after(url, scheme.n);
			*https = schemes[i].https;
			*port = schemes[i].port;
		}
	}
	for (size_t i = 0; i < host.n; i++) {
		unsigned char c = (unsigned char)host.p[i];

		if (c <= 32 || c >= 127 || c == '@' || c == '\\')
			return STR_NONE;
		if (c == '/' || c == '?' || c == '#')
			host.n = i;
	}
	if (host.n > 0 && host.p[0] == '[') { /* [::1]:8080 */
		ptrdiff_t end = str_find(host, ']');

		if (end < 0)
			return STR_NONE;
		struct str rest = str_after(host, (size_t)end + 1);
		host = (struct str){host.p + 1, (size_t)end - 1};
		if (rest.n == 0)
			return host;
		if (rest.p[0] != ':' || !str_to_int(str_after(rest, 1), &n) || n < 1 || n > 65535)
			return STR_NONE;
		*port = (uint16_t)n;
		return host;
	}
	struct str rest = host, name = str_cut(&rest, ':');

	if (name.n < host.n) {
		if (!str_to_int(rest, &n) || n < 1 || n > 65535)
			return STR_NONE;
		*port = (uint16_t)n;
	}
	return name;
}
