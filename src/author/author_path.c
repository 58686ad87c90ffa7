#include "author/author_int.h"

/*
 * Where a request goes. channel_play_* writes it to our own path; the gateway
 * that is called has another name, another secret and perhaps a proxy's prefix.
 */

struct str
author_party_path(const struct author_party *p, enum channel_kind kind, struct arena *a)
{
	struct str whole = channel_address(p->channel, kind, a);
	struct str prefix = p->public_url;

	while (prefix.n > 0 && prefix.p[prefix.n - 1] == '/')
		prefix.n--;
	return whole.p == NULL ? STR_NONE : str_after(whole, prefix.n);
}

const char *
author_party_address(const struct author_party *p, enum channel_kind kind)
{
	struct str path = author_party_path(p, kind, p->arena);

	if (p->listen == NULL || path.p == NULL)
		return NULL;
	return arena_printf(p->arena, "%s%.*s", p->listen, STR_ARG(path));
}

static bool
ends_with(struct str s, struct str end)
{
	return s.n >= end.n && str_eq(str_after(s, s.n - end.n), end);
}

/* The given path is the section's whole one, or only what stands before all sections. */
static struct str
common_part(const struct author_party *p, struct str given, enum channel_kind kind, struct arena *a)
{
	struct str tail, own = author_party_path(p, kind, a);

	if (own.p != NULL && channel_tail(p->channel, own, &tail) && ends_with(given, tail))
		given.n -= tail.n;
	while (given.n > 0 && given.p[given.n - 1] == '/')
		given.n--;
	return given;
}

struct str
author_party_target(const struct author_party *p, struct str given, enum channel_kind kind,
		    const struct wire_request *req, struct arena *a)
{
	struct str front = common_part(p, given, kind, a), tail = req->path;

	(void)channel_tail(p->channel, req->path, &tail);
	return str_of(arena_printf(a, "%.*s%.*s", STR_ARG(front), STR_ARG(tail)));
}

/* No function says it, but a call that we read ourselves does. */
struct str
author_party_separator(const struct author_party *p, struct arena *a)
{
	struct play_ussd play = {.session = STR_LIT("0"), .move = MOVE_BEGIN, .path = STR_LIT("")};
	struct wire_request req;
	struct wire_answer refusal;
	struct channel_event *ev;
	struct str tail;
	size_t n = 0;

	(void)phone_parse(STR_LIT("+212600000001"), &play.phone);
	if (channel_play_ussd(p->channel, &play, a, &req) != 0 ||
	    !channel_tail(p->channel, req.path, &tail) ||
	    channel_parse(p->channel, &req, tail, 0, a, &ev, &n, &refusal) != 0 || n == 0 ||
	    ev->separator.n == 0)
		return STR_LIT("*");
	return arena_str(a, ev->separator);
}

/* ---- Masks ---- */

/* RFC 3986 2.1 and 2.3, as forms and queries carry a secret. */
static struct str
percent(struct str s, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			     (c >= 'a' && c <= 'z') || (c != '\0' && strchr("-._~", c) != NULL);

		if (plain)
			buf_addc(&b, c);
		else
			buf_printf(&b, "%%%02X", (unsigned char)c);
	}
	return buf_str(&b);
}

static struct str
without(struct str text, struct str secret, struct arena *a)
{
	struct buf b;

	if (secret.n == 0)
		return text;
	buf_init_arena(&b, a);
	for (size_t i = 0; i < text.n;) {
		bool here = str_starts(str_after(text, i), secret);

		if (here)
			buf_adds(&b, "SECRET");
		else
			buf_addc(&b, text.p[i]);
		i += here ? secret.n : 1;
	}
	return buf_str(&b);
}

static struct str
without_both(struct str text, const struct str live[2], struct arena *a)
{
	for (size_t i = 0; i < 2; i++)
		text = without(without(text, live[i], a), percent(live[i], a), a);
	return text;
}

struct str
author_party_mask(const struct author_party *p, struct str text, struct arena *a)
{
	const struct channel_account *account = &p->account;

	for (size_t i = 0; i < account->n_secrets; i++)
		text = without_both(text, account->secrets[i].texts, a);
	return without_both(text, account->path_secrets, a);
}
