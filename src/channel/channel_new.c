#include "channel/channel_int.h"
#include "privacy/privacy.h"

#include <stdlib.h>

/* A dialect and an account become a channel. */

enum { DEADLINE_MS = 5000 };

struct making {
	struct channel *ch;
	const struct channel_account *account;
	struct err *err;
};

static void
fault(struct making *m, const char *what, const char *name)
{
	err_add(m->err, m->account->file, m->account->line, m->account->col, "channel %s: %s%s%s",
		m->account->name, what, name[0] ? " " : "", name);
}

/* ---- Settings ---- */

static struct str
given_setting(const struct channel_account *a, const char *name)
{
	for (size_t i = 0; i < a->n_settings; i++)
		if (strcmp(a->settings[i].name, name) == 0)
			return a->settings[i].text;
	return STR_NONE;
}

static bool
setting_form(struct making *m, const struct setting *s, struct str *text)
{
	struct phone number;
	bool https;
	uint16_t port;

	if (s->type == SETTING_URL) {
		while (text->n > 0 && text->p[text->n - 1] == '/')
			text->n--;
		return channel_url_host(*text, &https, &port).n > 0;
	}
	if (s->type == SETTING_PHONE) {
		struct buf b;

		if (!codec_phone(*text, m->ch->dialect->national, &number))
			return false;
		buf_init_arena(&b, m->ch->arena);
		phone_reveal(&number, PHONE_PLUS, &b);
		*text = buf_str(&b);
	}
	return utf8_ok(*text) && text->n <= VALUE_BYTES;
}

static void
take_settings(struct making *m)
{
	const struct dialect *d = m->ch->dialect;

	for (size_t i = 0; i < d->n_settings; i++) {
		const struct setting *s = &d->settings[i];
		struct str text = given_setting(m->account, s->need.name);

		if (text.p == NULL)
			text = str_of(s->need.fallback);
		if (text.p == NULL) {
			if (!s->need.optional)
				fault(m, "missing setting", s->need.name);
			continue;
		}
		text = arena_str(m->ch->arena, text);
		if (!setting_form(m, s, &text))
			fault(m,
			      s->type == SETTING_URL     ? "this setting must be an address "
							   "(https://host):"
			      : s->type == SETTING_PHONE ? "this setting must be a number:"
							 : "this setting is no text:",
			      s->need.name);
		m->ch->settings[i] = text;
	}
}

static bool
declared(const struct setting *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].need.name, name) == 0)
			return true;
	return false;
}

static void
refuse_unknown(struct making *m)
{
	const struct dialect *d = m->ch->dialect;
	const struct channel_account *a = m->account;

	for (size_t i = 0; i < a->n_settings; i++)
		if (!declared(d->settings, d->n_settings, a->settings[i].name))
			fault(m, "the dialect has no setting", a->settings[i].name);
	for (size_t i = 0; i < a->n_secrets; i++)
		if (!declared(d->secrets, d->n_secrets, a->secrets[i].name))
			fault(m, "the dialect has no secret", a->secrets[i].name);
}

/* ---- Secrets: all in one block, wiped at the end ---- */

static struct str
keep_secret(struct channel *ch, struct str text)
{
	if (text.n == 0)
		return STR_NONE;
	struct str kept = {ch->wiped + ch->n_wiped, text.n};

	memcpy(ch->wiped + ch->n_wiped, text.p, text.n);
	ch->n_wiped += text.n + 1;
	return kept;
}

static void
take_secrets(struct making *m)
{
	struct channel *ch = m->ch;
	const struct dialect *d = ch->dialect;
	const struct channel_account *a = m->account;
	size_t room = a->path_secrets[0].n + a->path_secrets[1].n + 2;

	for (size_t i = 0; i < a->n_secrets; i++)
		room += a->secrets[i].texts[0].n + a->secrets[i].texts[1].n + 2;
	ch->wiped = xcalloc(1, room);
	ch->path_secrets[0] = keep_secret(ch, a->path_secrets[0]);
	ch->path_secrets[1] = keep_secret(ch, a->path_secrets[1]);
	for (size_t i = 0; i < d->n_secrets; i++) {
		for (size_t k = 0; k < a->n_secrets; k++) {
			if (strcmp(a->secrets[k].name, d->secrets[i].need.name) != 0)
				continue;
			ch->secrets[i][0] = keep_secret(ch, a->secrets[k].texts[0]);
			ch->secrets[i][1] = keep_secret(ch, a->secrets[k].texts[1]);
		}
		if (ch->secrets[i][0].n == 0 && !d->secrets[i].need.optional)
			fault(m, "missing secret", d->secrets[i].need.name);
	}
}

static bool
path_word_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= 32 || c >= 127 || strchr("/%?#&+", c) != NULL)
			return false;
	}
	return true;
}

/* ---- Constants of plans ---- */

static struct str
section_address(const struct channel *ch, const struct route *r, struct arena *a)
{
	struct buf b; /* in one piece, so that no copy of the secret stays behind */
	size_t room = ch->public_url.n + strlen(ch->name) + ch->path_secrets[0].n + 16;

	for (size_t i = 0; i < r->n; i++)
		room += r->pieces[i].n + 3;
	buf_init(&b, arena_alloc(a, room), room);
	buf_add_str(&b, ch->public_url);
	buf_printf(&b, "/c/%s", ch->name);
	if (ch->path_secrets[0].n > 0) {
		buf_addc(&b, '/');
		buf_add_str(&b, ch->path_secrets[0]);
	}
	for (size_t i = 0; i < r->n; i++) {
		buf_addc(&b, '/');
		buf_adds(&b, r->var[i] < 0 ? "" : "{");
		buf_add_str(&b, r->pieces[i]);
		buf_adds(&b, r->var[i] < 0 ? "" : "}");
	}
	return buf_str(&b);
}

struct str
channel_address(const struct channel *ch, enum channel_kind k, struct arena *a)
{
	const struct dialect *d = ch->dialect;

	for (size_t i = 0; i < d->n_sections; i++) {
		const struct section *s = d->sections[i];

		if (s->kind == k && s->n_routes > 0)
			return section_address(ch, &s->routes[0], a);
	}
	return STR_NONE;
}

static struct piece
constant(const struct channel *ch, const struct place *p, size_t live, struct arena *a)
{
	struct str s = STR_NONE;

	if (p->from == FROM_CHANNEL)
		s = ch->settings[p->number];
	if (p->from == FROM_SECRET)
		s = ch->secrets[p->number][live].n > 0 ? ch->secrets[p->number][live]
						       : ch->secrets[p->number][0];
	if (p->from == FROM_URL)
		s = channel_address(ch, (enum channel_kind)p->number, a);
	return s.p == NULL ? PIECE_NONE : piece_text(s);
}

static struct piece *
base_of(const struct channel *ch, const struct plan *plan, size_t live)
{
	struct piece *slots = ARENA_ARRAY(ch->arena, struct piece, PLAN_SLOTS);

	for (size_t i = 0; i < plan->n; i++)
		slots[i] = constant(ch, &plan->places[i], live, ch->arena);
	return slots;
}

static void
make_bases(struct channel *ch)
{
	const struct dialect *d = ch->dialect;

	ch->bases = ARENA_ARRAY(ch->arena, struct piece *, d->n_plans);
	for (size_t i = 0; i < d->n_plans; i++)
		ch->bases[i] = base_of(ch, d->plans[i], 0);
	if (d->proof_plan != NULL)
		ch->proof_other = base_of(ch, d->proof_plan, 1);
}

struct piece *
channel_slots(const struct channel *ch, const struct plan *plan, struct arena *a)
{
	return arena_memdup(a, ch->bases[plan->number], plan->n * sizeof(struct piece));
}

/* ---- Sections ---- */

static bool
vouched_for(const struct channel_account *a, const char *word)
{
	for (size_t i = 0; i < a->n_accept_unconfirmed; i++)
		if (strcmp(a->accept_unconfirmed[i], word) == 0)
			return true;
	return false;
}

static void
less(uint16_t *a, uint16_t b)
{
	if (b > 0 && b < *a)
		*a = b;
}

static void
take_sections(struct making *m)
{
	struct channel *ch = m->ch;
	const struct dialect *d = ch->dialect;

	ch->page = PAGE_LIMIT_DEFAULT;
	less(&ch->page.gsm7, m->account->page.gsm7);
	less(&ch->page.ucs2, m->account->page.ucs2);
	ch->deadline_ms = 0;
	for (size_t i = 0; i < d->n_sections; i++) {
		const struct section *s = d->sections[i];

		if (s->body_max > ch->body_max)
			ch->body_max = s->body_max;
		if (s->unconfirmed.n > 0 && !vouched_for(m->account, channel_kind_word(s->kind)))
			fault(m, "accept_unconfirmed must name a doubtful section:",
			      channel_kind_word(s->kind));
		if (s->kind != CHANNEL_USSD)
			continue;
		less(&ch->page.gsm7, s->page.gsm7);
		less(&ch->page.ucs2, s->page.ucs2);
		if (ch->deadline_ms == 0 || s->deadline_s * 1000 < ch->deadline_ms)
			ch->deadline_ms = s->deadline_s * 1000;
		ch->reserved = s->reserved;
		ch->n_reserved = s->n_reserved;
	}
	if (ch->deadline_ms == 0)
		ch->deadline_ms = DEADLINE_MS;
}

static void
check_proof(struct making *m)
{
	struct channel *ch = m->ch;

	if (!path_word_ok(ch->path_secrets[0]) || !path_word_ok(ch->path_secrets[1]))
		fault(m, "the path secret holds a character that a path cannot", "");
	if (!proof_algorithms_ok(ch))
		fault(m, "a setting names an algorithm that the proof scheme does not have", "");
	if (ch->dialect->n_sections > 0 && ch->path_secrets[0].n == 0 && proof_active(ch) == 0)
		fault(m,
		      "no proof of who calls: give a path_secret_file or a secret that proof "
		      "uses",
		      "");
}

int
channel_new(const struct dialect *d, const struct channel_account *account, struct channel **out,
	    struct err *err)
{
	struct channel *ch = xcalloc(1, sizeof(*ch));
	struct making m = {ch, account, err};
	size_t before = err_errors(err);

	ch->arena = arena_new(0);
	ch->dialect = d;
	ch->name = arena_strdup(ch->arena, account->name);
	ch->centre = arena_strdup(ch->arena, account->centre ? account->centre : "");
	ch->code = arena_strdup(ch->arena, account->code ? account->code : "");
	ch->public_url = arena_str(ch->arena, account->public_url);
	while (ch->public_url.n > 0 && ch->public_url.p[ch->public_url.n - 1] == '/')
		ch->public_url.n--;
	ch->settings = ARENA_ARRAY(ch->arena, struct str, d->n_settings);
	ch->secrets = arena_alloc(ch->arena, d->n_secrets * sizeof(*ch->secrets));
	refuse_unknown(&m);
	take_settings(&m);
	take_secrets(&m);
	take_sections(&m);
	make_bases(ch);
	check_proof(&m);
	if (err_errors(err) > before) {
		channel_free(ch);
		return W_EINVAL;
	}
	*out = ch;
	return 0;
}

/* Our own addresses hold the path secret. */
static void
wipe_addresses(struct channel *ch)
{
	const struct dialect *d = ch->dialect;

	for (size_t i = 0; ch->bases != NULL && i < d->n_plans; i++)
		for (size_t k = 0; k < d->plans[i]->n; k++)
			if (d->plans[i]->places[k].from == FROM_URL && ch->bases[i][k].s.n > 0)
				wipe((char *)(uintptr_t)ch->bases[i][k].s.p, ch->bases[i][k].s.n);
}

void
channel_free(struct channel *ch)
{
	if (ch == NULL)
		return;
	wipe_addresses(ch);
	if (ch->wiped != NULL)
		wipe(ch->wiped, ch->n_wiped);
	free(ch->wiped);
	arena_free(ch->arena);
	free(ch);
}

/* ---- Questions ---- */

const char *
channel_name(const struct channel *ch)
{
	return ch->name;
}

const char *
channel_centre(const struct channel *ch)
{
	return ch->centre;
}

const char *
channel_code(const struct channel *ch)
{
	return ch->code;
}

const struct dialect *
channel_dialect(const struct channel *ch)
{
	return ch->dialect;
}

struct page_limit
channel_page_limit(const struct channel *ch)
{
	return ch->page;
}

int64_t
channel_deadline_ms(const struct channel *ch)
{
	return ch->deadline_ms;
}

size_t
channel_reserved_keys(const struct channel *ch, const struct str **out)
{
	*out = ch->reserved;
	return ch->n_reserved;
}

size_t
channel_body_max(const struct channel *ch)
{
	return ch->body_max;
}

bool
channel_tail(const struct channel *ch, struct str path, struct str *tail)
{
	if (!str_starts(path, STR_LIT("/c/")))
		return false;
	struct str rest = str_after(path, 3);

	if (!str_is(str_cut(&rest, '/'), ch->name))
		return false;
	if (ch->path_secrets[0].n > 0) {
		struct str word = str_cut(&rest, '/');
		bool first = equal_constant_time(word, ch->path_secrets[0]);
		bool second =
			ch->path_secrets[1].n > 0 && equal_constant_time(word, ch->path_secrets[1]);

		if (!first && !second)
			return false;
	}
	if (rest.n == 0) {
		*tail = STR_LIT("/");
		return true;
	}
	*tail = (struct str){rest.p - 1, rest.n + 1}; /* the slash the cut went over */
	return true;
}
