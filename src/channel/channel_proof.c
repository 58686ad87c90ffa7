#include "channel/channel_int.h"

#include "base/clock.h"
#include "privacy/privacy.h"

/* Who calls: every item must hold, over raw bytes, in constant time. */

static bool
uses_absent_secret(const struct plan *plan, const struct text_plan *t, const struct piece *base)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct text_part *part = &t->parts[i];

		if (part->is_hole && plan->places[part->hole.slot].from == FROM_SECRET &&
		    !piece_has(base[part->hole.slot]))
			return true;
	}
	return false;
}

/* An item whose secret is optional and not given is off. */
static bool
active(const struct channel *ch, const struct proof_item *p)
{
	const struct plan *plan = ch->dialect->proof_plan;

	return !uses_absent_secret(plan, p->is, ch->bases[plan->number]);
}

size_t
proof_active(const struct channel *ch)
{
	size_t n = 0;

	for (size_t i = 0; i < ch->dialect->n_proof; i++)
		n += active(ch, &ch->dialect->proof[i]);
	return n;
}

static struct str
hmac_text(const struct proof_item *p, struct scene *sc)
{
	struct piece over = eval_text(p->over, sc), key = eval_text(p->is, sc);

	if (!piece_has(over) || !piece_has(key))
		return STR_NONE;
	struct str mac = sign_hmac(p->hash, key.s, over.s, sc->arena);
	struct str text = p->base64 ? codec_base64(mac, sc->arena) : codec_hex(mac, sc->arena);

	return str_of(arena_printf(sc->arena, "%.*s%.*s", STR_ARG(p->prefix), STR_ARG(text)));
}

static bool
hmac_ok(const struct proof_item *p, struct scene *sc, int64_t now)
{
	struct str given = eval_str(p->at, sc), wanted = hmac_text(p, sc);
	int64_t at = 0;

	if (p->time != NULL && (!codec_time(eval_str(p->time, sc), &at) || at < now - p->within_s ||
				at > now + p->within_s))
		return false;
	if (given.p == NULL || wanted.p == NULL)
		return false;
	if (!p->base64) { /* hex digits of either case */
		struct filter lower = {.kind = FILTER_LOWER};
		struct str prefix = {given.p, p->prefix.n < given.n ? p->prefix.n : given.n};

		given = str_after(given, prefix.n);
		given = filter_apply(&lower, piece_text(given), sc->arena).s;
		given = str_of(
			arena_printf(sc->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(given)));
	}
	return equal_constant_time(given, wanted);
}

static struct str
basic_text(const struct proof_item *p, struct scene *sc)
{
	struct piece pair = eval_text(p->is, sc);

	if (!piece_has(pair))
		return STR_NONE;
	return str_of(
		arena_printf(sc->arena, "Basic %.*s", STR_ARG(codec_base64(pair.s, sc->arena))));
}

/* False: no key, or an algorithm the scheme has not (channel_new refuses that). */
static bool
signing_of(const struct channel *ch, const struct proof_item *p, struct intake *in,
	   struct scene *sc, int64_t now, struct signing *out)
{
	struct piece key = eval_text(p->is, sc);
	struct piece word = p->algorithm == NULL ? PIECE_NONE : eval_text(p->algorithm, sc);
	int algorithm = scheme_algorithm(p->scheme, piece_has(word) ? word.s : STR_NONE);

	*out = (struct signing){.in = in,
				.public_url = ch->public_url,
				.key = key.s,
				.algorithm = algorithm < 0 ? 0 : (size_t)algorithm,
				.now = now,
				.within_s = p->within_s};
	return piece_has(key) && key.s.n > 0 && algorithm >= 0;
}

bool
proof_algorithms_ok(const struct channel *ch)
{
	const struct plan *plan = ch->dialect->proof_plan;

	for (size_t i = 0; i < ch->dialect->n_proof; i++) {
		const struct proof_item *p = &ch->dialect->proof[i];

		if (p->kind != PROOF_SCHEME || p->algorithm == NULL)
			continue;
		struct scene sc = {.slots = ch->bases[plan->number], .arena = ch->arena};
		struct piece word = eval_text(p->algorithm, &sc);

		if (piece_has(word) && scheme_algorithm(p->scheme, word.s) < 0)
			return false;
	}
	return true;
}

static bool
item_ok(const struct channel *ch, const struct proof_item *p, struct intake *in, struct scene *sc,
	int64_t now)
{
	struct str given, wanted;
	struct signing signing;

	if (p->kind == PROOF_SCHEME)
		return signing_of(ch, p, in, sc, now, &signing) && p->scheme->holds(&signing);
	if (p->kind == PROOF_HMAC)
		return hmac_ok(p, sc, now);
	if (p->kind == PROOF_BASIC) {
		given = str_trim(wire_header(in->headers, in->n_headers, "Authorization"));
		wanted = basic_text(p, sc);
	} else {
		given = eval_str(p->at, sc);
		wanted = eval_text(p->is, sc).s;
	}
	return given.p != NULL && wanted.n > 0 && equal_constant_time(given, wanted);
}

static bool
all_ok(const struct channel *ch, struct intake *in, const struct piece *base, int64_t now)
{
	const struct plan *plan = ch->dialect->proof_plan;
	struct scene sc = {.slots = arena_memdup(in->arena, base, plan->n * sizeof(*base)),
			   .arena = in->arena};
	bool ok = intake_fill(in, plan, sc.slots) == 0;

	for (size_t i = 0; ok && i < ch->dialect->n_proof; i++)
		if (active(ch, &ch->dialect->proof[i]))
			ok = item_ok(ch, &ch->dialect->proof[i], in, &sc, now);
	return ok;
}

/* With the first secrets, or with the second where there are two. */
bool
proof_ok(const struct channel *ch, struct intake *in, int64_t now)
{
	if (ch->dialect->n_proof == 0)
		return true;
	return all_ok(ch, in, ch->bases[ch->dialect->proof_plan->number], now) ||
	       all_ok(ch, in, ch->proof_other, now);
}

/* ---- The other side ---- */

void
proof_add_header(struct wire_request *req, struct str name, struct str value, struct arena *a)
{
	struct wire_header *more = ARENA_ARRAY(a, struct wire_header, req->n_headers + 1);

	if (req->n_headers > 0)
		memcpy(more, req->headers, req->n_headers * sizeof(*more));
	more[req->n_headers] = (struct wire_header){name, value};
	req->headers = more;
	req->n_headers++;
}

static int
play_item(const struct channel *ch, const struct proof_item *p, struct arena *a,
	  struct wire_request *req)
{
	const struct plan *plan = ch->dialect->proof_plan;
	struct intake in = {.method = req->method,
			    .path = req->path,
			    .query = req->query,
			    .body = req->body,
			    .type = wire_header(req->headers, req->n_headers, "Content-Type"),
			    .headers = req->headers,
			    .n_headers = req->n_headers,
			    .arena = a};
	struct scene sc = {.slots = channel_slots(ch, plan, a), .arena = a};
	struct str name = STR_LIT("Authorization"), value = STR_NONE;

	if (intake_fill(&in, plan, sc.slots) != 0)
		return W_EINVAL;
	if (p->kind == PROOF_SCHEME) {
		struct signing signing;

		return signing_of(ch, p, &in, &sc, clock_now(), &signing)
			       ? p->scheme->put(&signing, req)
			       : W_EINVAL;
	}
	if (p->kind == PROOF_BASIC) {
		value = basic_text(p, &sc);
	} else {
		const struct place *at =
			p->at->kind == VALUE_PLACE ? &plan->places[p->at->place.slot] : NULL;

		if (at == NULL || at->from != FROM_HEADER || p->time != NULL)
			return W_EINVAL;
		name = at->name;
		value = p->kind == PROOF_HMAC ? hmac_text(p, &sc) : eval_text(p->is, &sc).s;
	}
	if (value.p == NULL)
		return W_EINVAL;
	proof_add_header(req, name, value, a);
	return 0;
}

int
proof_play(const struct channel *ch, struct arena *a, struct wire_request *req)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ch->dialect->n_proof; i++)
		if (active(ch, &ch->dialect->proof[i]))
			rc = play_item(ch, &ch->dialect->proof[i], a, req);
	return rc;
}
