#include "author/author_int.h"
#include "conf/conf.h"

#include <stdlib.h>
#include <sys/socket.h>

/* Stands for what nobody gave: enough for a dialect that signs nothing. */
static const char made_up_secret[] = "SECRET";
/* Either is a good text; the first is an address too, the second a number: all forms there are. */
static const char *const made_up_settings[] = {"http://127.0.0.1", "+212600000000"};

struct gathering {
	struct author_party *party;
	const struct author_account *given;
	const struct conf_channel *conf; /* or NULL */
	struct channel_setting *settings;
	size_t *made_up; /* numbers of the settings that were */
	size_t n_made_up;
	struct err *err;
};

/* ---- Config: which channel, where it listens ---- */

static const struct conf_channel *
pick_channel(const struct conf *c, const char *name)
{
	if (name != NULL)
		return conf_channel(c, name);
	return c->n_channels > 0 ? &c->channels[0] : NULL;
}

/* Nobody connects to "any address", but loopback is one of them. */
static const char *
listen_url(const struct conf *c, struct arena *a)
{
	static const uint8_t any[16];

	for (size_t i = 0; i < c->listen.n; i++) {
		const struct conf_listen *at = &c->listen.v[i];

		if (at->family == AF_UNIX || at->port == 0)
			continue;
		if (memcmp(at->bytes, any, at->family == AF_INET ? 4 : 16) != 0)
			return arena_printf(a, "http://%s", at->text);
		return arena_printf(a, "http://%s:%u",
				    at->family == AF_INET ? "127.0.0.1" : "[::1]", at->port);
	}
	return NULL;
}

static int
open_config(struct gathering *g)
{
	const struct author_account *given = g->given;
	struct author_party *p = g->party;
	int rc = conf_load(given->config, &p->conf, g->err);

	if (rc != 0)
		return rc == W_ENOENT ? AUTHOR_NONE : AUTHOR_LINT;
	g->conf = pick_channel(p->conf, given->channel);
	if (g->conf == NULL) {
		err_add(g->err, given->config, 0, 0, "no channel %s",
			given->channel ? given->channel : "at all");
		return AUTHOR_NONE;
	}
	p->listen = listen_url(p->conf, p->arena);
	return 0;
}

static const char *
dialect_file(struct gathering *g)
{
	const char *name = g->given->dialect, *folder = g->given->dialects;

	if (name == NULL && g->conf != NULL)
		name = g->conf->dialect;
	if (g->party->conf != NULL && g->party->conf->dialects[0] != '\0')
		folder = g->party->conf->dialects;
	if (name == NULL || strchr(name, '/') != NULL || strstr(name, ".yaml") != NULL ||
	    folder == NULL)
		return name;
	return arena_printf(g->party->arena, "%s/%s.yaml", folder, name);
}

/* ---- Settings and secrets: given, then config's, then made up ---- */

static const char *
given_pair(const struct author_pair *pairs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(pairs[i].name, name) == 0)
			return pairs[i].text;
	return NULL;
}

static void
gather_settings(struct gathering *g, const struct dialect_need *needs, size_t n)
{
	struct author_party *p = g->party;

	g->settings = ARENA_ARRAY(p->arena, struct channel_setting, n + 1);
	g->made_up = ARENA_ARRAY(p->arena, size_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		const char *text =
			given_pair(g->given->settings, g->given->n_settings, needs[i].name);

		if (needs[i].secret)
			continue;
		if (text == NULL && g->conf != NULL)
			text = conf_pair(&g->conf->settings, needs[i].name);
		if (text == NULL && (needs[i].optional || needs[i].fallback || g->conf))
			continue;
		if (text == NULL) {
			g->made_up[g->n_made_up++] = p->account.n_settings;
			text = made_up_settings[0];
		}
		g->settings[p->account.n_settings++] =
			(struct channel_setting){needs[i].name, str_of(text)};
	}
	p->account.settings = g->settings;
}

/* Faults go to err; an unread secret is then missing, which is said too. */
static void
read_secret(struct gathering *g, const char *path, struct str texts[2])
{
	struct author_party *p = g->party;
	struct conf_secret *s = NULL;

	if (conf_secret_read(path, false, &s, g->err) != 0)
		return;
	p->held[p->n_held++] = s;
	for (size_t i = 0; i < s->n; i++)
		texts[i] = s->live_do_not_log[i];
}

static void
gather_secrets(struct gathering *g, const struct dialect_need *needs, size_t n)
{
	struct author_party *p = g->party;
	struct channel_secret *rows = ARENA_ARRAY(p->arena, struct channel_secret, n + 1);

	for (size_t i = 0; i < n; i++) {
		struct channel_secret *row = &rows[p->account.n_secrets];
		const char *text =
			given_pair(g->given->secrets, g->given->n_secrets, needs[i].name);
		const char *file = g->conf ? conf_pair(&g->conf->secrets, needs[i].name) : NULL;

		if (!needs[i].secret ||
		    (text == NULL && file == NULL && (needs[i].optional || g->conf != NULL)))
			continue;
		row->name = needs[i].name;
		if (text != NULL)
			row->texts[0] = str_of(text);
		else if (file != NULL)
			read_secret(g, file, row->texts);
		else
			row->texts[0] = str_of(made_up_secret);
		p->account.n_secrets++;
	}
	p->account.secrets = rows;
}

static void
gather_path_secret(struct gathering *g)
{
	const char *file = g->conf ? g->conf->path_secret_file : NULL;

	if (file != NULL && file[0] != '\0')
		read_secret(g, file, g->party->account.path_secrets);
	else if (g->conf == NULL)
		g->party->account.path_secrets[0] = str_of(made_up_secret);
}

static void
gather_rest(struct gathering *g)
{
	static const char *all_words[CHANNEL_KINDS];
	struct channel_account *account = &g->party->account;
	const struct conf_channel *c = g->conf;

	for (size_t i = 0; i < CHANNEL_KINDS; i++)
		all_words[i] = channel_kind_word((enum channel_kind)i);
	account->name = c ? c->name : "play";
	account->code = g->given->code ? g->given->code : c ? c->code : "*000#";
	account->file = c ? g->party->conf->file : "options";
	account->line = c ? c->line : 0;
	account->col = c ? c->col : 0;
	if (c != NULL)
		account->page = (struct page_limit){(uint16_t)c->page_gsm7, (uint16_t)c->page_ucs2};
	account->accept_unconfirmed = c ? c->accept_unconfirmed.v : all_words;
	account->n_accept_unconfirmed = c ? c->accept_unconfirmed.n : CHANNEL_KINDS;
	g->party->public_url = str_of(c ? g->party->conf->public_url : "http://127.0.0.1");
	account->public_url = g->party->public_url;
}

/* ---- Opening ---- */

static size_t
fault_count(struct gathering *g)
{
	struct err *e = err_new();
	struct channel *ch = NULL;
	int rc = channel_new(g->party->dialect, &g->party->account, &ch, e);
	size_t n = rc == 0 ? 0 : err_errors(e);

	channel_free(ch);
	err_free(e);
	return n;
}

/* A setting's type is the dialect's own business: whichever form makes fewer faults is right. */
static void
fit_made_up(struct gathering *g)
{
	for (size_t i = 0; i < g->n_made_up; i++) {
		struct str *text = &g->settings[g->made_up[i]].text;
		size_t before = fault_count(g);

		*text = str_of(made_up_settings[1]);
		if (fault_count(g) > before)
			*text = str_of(made_up_settings[0]);
	}
}

static int
open_party(struct gathering *g)
{
	struct author_party *p = g->party;
	const struct dialect_need *needs;
	int rc = g->given->config ? open_config(g) : 0;

	if (rc != 0)
		return rc;
	const char *file = dialect_file(g);
	if (file == NULL) {
		err_add(g->err, "options", 0, 0, "neither a dialect nor a configuration is given");
		return AUTHOR_USAGE;
	}
	rc = dialect_load(file, p->arena, &p->dialect, g->err);
	if (rc != 0)
		return rc == W_ENOENT ? AUTHOR_NONE : AUTHOR_LINT;
	size_t n = dialect_needs(p->dialect, &needs);
	p->held = ARENA_ARRAY(p->arena, struct conf_secret *, n + 1);
	gather_rest(g);
	gather_settings(g, needs, n);
	gather_secrets(g, needs, n);
	gather_path_secret(g);
	fit_made_up(g);
	p->made_up = g->n_made_up > 0;
	rc = channel_new(p->dialect, &p->account, &p->channel, g->err);
	return rc != 0 || err_errors(g->err) > 0 ? AUTHOR_USAGE : 0;
}

/* A name that the dialect does not have would otherwise be passed over in silence. */
static int
refuse_unknown(const struct gathering *g, const struct author_pair *pairs, size_t n, bool secret)
{
	const struct dialect_need *needs;
	size_t n_needs = dialect_needs(g->party->dialect, &needs);
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		bool found = false;

		for (size_t k = 0; k < n_needs; k++)
			found = found || (needs[k].secret == secret &&
					  strcmp(needs[k].name, pairs[i].name) == 0);
		if (found)
			continue;
		err_add(g->err, "options", 0, 0, "the dialect has no %s %s",
			secret ? "secret" : "setting", pairs[i].name);
		rc = AUTHOR_USAGE;
	}
	return rc;
}

int
author_party_open(const struct author_account *account, FILE *err, struct author_party **out)
{
	struct author_party *p = xcalloc(1, sizeof(*p));
	struct gathering g = {.party = p, .given = account, .err = err_new()};

	p->arena = arena_new(0);
	int rc = open_party(&g);
	if (rc == 0)
		rc = refuse_unknown(&g, account->settings, account->n_settings, false);
	if (rc == 0)
		rc = refuse_unknown(&g, account->secrets, account->n_secrets, true);
	err_sort(g.err);
	err_print(g.err, err);
	err_free(g.err);
	if (rc == 0) {
		*out = p;
		p = NULL;
	}
	author_party_close(p);
	return rc;
}

void
author_party_close(struct author_party *p)
{
	if (p == NULL)
		return;
	channel_free(p->channel);
	dialect_free(p->dialect);
	for (size_t i = 0; i < p->n_held; i++)
		conf_secret_free(p->held[i]);
	conf_free(p->conf);
	arena_free(p->arena);
	free(p);
}
