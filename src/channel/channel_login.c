#include "channel/channel_int.h"

/* The calls beside messages: a login whose token they want, and a setup made once. */

enum { LIFE_MOST_S = 90 * 86400, TOKEN_BYTES = HEADER_BYTES - 32 /* "Bearer " and its like */ };

bool
channel_has_login(const struct channel *ch)
{
	return ch->dialect->token != NULL;
}

bool
channel_has_setup(const struct channel *ch)
{
	return ch->dialect->setup != NULL;
}

static int
build(const struct channel *ch, const struct call *c, int64_t now, struct str token,
      struct arena *a, struct wire_request *out)
{
	if (c == NULL)
		return W_ENOENT;
	struct scene sc = {.slots = channel_slots(ch, c->plan, a), .arena = a};

	call_given(c->plan, sc.slots, NAME_NOW, str_of(arena_printf(a, "%lld", (long long)now)));
	call_given(c->plan, sc.slots, NAME_TOKEN, token);
	eval_lets(c->lets, c->n_lets, &sc);
	return call_fill(c, sc.slots, a, out);
}

int
channel_login_build(const struct channel *ch, int64_t now, struct arena *a,
		    struct wire_request *out)
{
	return build(ch, ch->dialect->token, now, STR_NONE, a, out);
}

int
channel_setup_build(const struct channel *ch, int64_t now, struct str token, struct arena *a,
		    struct wire_request *out)
{
	return build(ch, ch->dialect->setup, now, token, a, out);
}

/* What a status other than success says of a call that may be made again at will. */
static int
refused(int status)
{
	bool later = status == 408 || status == 425 || status == 429;

	return status >= 400 && status < 500 && !later ? W_EDENIED : W_EPROTO;
}

int
channel_setup_read(const struct wire_answer *got)
{
	return got->status >= 200 && got->status < 300 ? W_OK : refused(got->status);
}

/* It will stand in a header: visible ASCII only (RFC 6750 2.1 allows less). */
static bool
token_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= 32 || s.p[i] >= 127)
			return false;
	return s.n > 0 && s.n <= TOKEN_BYTES;
}

int
channel_login_read(const struct channel *ch, const struct wire_answer *got, struct arena *a,
		   struct channel_login *out)
{
	const struct call *c = ch->dialect->token;
	struct intake in = {.status = got->status,
			    .body = got->body,
			    .type = got->type,
			    .headers = got->headers,
			    .n_headers = got->n_headers,
			    .ignore_case = ch->dialect->ignore_case,
			    .lenient = true,
			    .arena = a};
	int64_t life;

	*out = (struct channel_login){0};
	if (c == NULL)
		return W_ENOENT;
	if (got->status < 200 || got->status > 299)
		return refused(got->status);
	struct scene sc = {.slots = channel_slots(ch, c->answer, a), .arena = a};

	if (intake_fill(&in, c->answer, sc.slots) == 0) {
		out->token = eval_str(c->id, &sc);
		if (str_to_int(eval_str(c->life, &sc), &life) && life > 0)
			out->life_s = life < LIFE_MOST_S ? life : LIFE_MOST_S;
	}
	intake_done(&in);
	return token_ok(out->token) ? W_OK : W_EPROTO;
}
