#include "daemon/daemon_int.h"
#include "daemon/daemon_sandbox.h"

#include "base/log.h"

#include <stdlib.h>

const char *
set_folder(const char *said, const char *installed)
{
	return said[0] != '\0' ? said : installed;
}

/* ---- Channels: conf and secret files to an account ---- */

/* Secret files read for one account, wiped when the channel has its copy. */
struct secrets_read {
	struct conf_secret **v;
	size_t n;
};

static const struct conf_secret *
read_secret(struct secrets_read *s, const char *path, bool lab, struct err *err)
{
	struct conf_secret *secret = NULL;

	if (conf_secret_read(path, lab, &secret, err) != W_OK)
		return NULL;
	s->v[s->n++] = secret;
	return secret;
}

static void
account_secrets(const struct conf_channel *c, bool lab, struct secrets_read *read, struct arena *a,
		struct channel_account *account, struct err *err)
{
	struct channel_secret *secrets = ARENA_ARRAY(a, struct channel_secret, c->secrets.n + 1);

	for (size_t i = 0; i < c->secrets.n; i++) {
		const struct conf_secret *s = read_secret(read, c->secrets.v[i].text, lab, err);

		secrets[i].name = c->secrets.v[i].name;
		for (size_t j = 0; s != NULL && j < s->n; j++)
			secrets[i].texts[j] = s->live_do_not_log[j];
	}
	account->secrets = secrets;
	account->n_secrets = c->secrets.n;
	if (c->path_secret_file == NULL || c->path_secret_file[0] == '\0')
		return;
	const struct conf_secret *path = read_secret(read, c->path_secret_file, lab, err);
	for (size_t j = 0; path != NULL && j < path->n; j++)
		account->path_secrets[j] = path->live_do_not_log[j];
}

static void
account_settings(const struct conf_channel *c, struct arena *a, struct channel_account *account)
{
	struct channel_setting *settings =
		ARENA_ARRAY(a, struct channel_setting, c->settings.n + 1);

	for (size_t i = 0; i < c->settings.n; i++)
		settings[i] = (struct channel_setting){c->settings.v[i].name,
						       str_of(c->settings.v[i].text)};
	account->settings = settings;
	account->n_settings = c->settings.n;
}

static int
line_open(struct line *l, const struct conf *conf, bool lab, struct err *err)
{
	const struct conf_channel *c = l->conf;
	struct secrets_read read = {.v = xcalloc(c->secrets.n + 1, sizeof(*read.v))};
	struct channel_account account = {.name = c->name,
					  .centre = c->centre,
					  .code = c->code,
					  .page = {(uint16_t)c->page_gsm7, (uint16_t)c->page_ucs2},
					  .public_url = str_of(conf->public_url),
					  .accept_unconfirmed = c->accept_unconfirmed.v,
					  .n_accept_unconfirmed = c->accept_unconfirmed.n,
					  .file = conf->file,
					  .line = c->line,
					  .col = c->col};
	size_t before = err_errors(err);

	l->arena = arena_new(0);
	const char *path =
		arena_printf(l->arena, "%s/%s.yaml",
			     set_folder(conf->dialects, WASL_DATADIR "/dialects"), c->dialect);
	int rc = dialect_load(path, l->arena, &l->dialect, err);
	if (rc == W_OK) {
		account_settings(c, l->arena, &account);
		account_secrets(c, lab, &read, l->arena, &account, err);
		if (err_errors(err) > before)
			rc = W_EINVAL;
	}
	if (rc == W_OK)
		rc = channel_new(l->dialect, &account, &l->channel, err);
	for (size_t i = 0; i < read.n; i++)
		conf_secret_free(read.v[i]);
	free(read.v);
	return rc;
}

/* In words for who asks: the first of the faults that came after the first before ones. */
static const char *
line_why(const struct line *l, const struct err *err, size_t before)
{
	size_t i = before;

	while (i < err_count(err) && err_at(err, i)->kind != ERR_ERROR)
		i++;
	return i == err_count(err)
		       ? "off: see wasld --check"
		       : arena_printf(l->arena, "off: %s", err_line(err_at(err, i), l->arena));
}

static void
lines_load(struct set *s, bool lab, struct err *err)
{
	s->n_lines = s->conf->n_channels;
	s->lines = xcalloc(s->n_lines, sizeof(*s->lines));
	for (size_t i = 0; i < s->n_lines; i++) {
		s->lines[i].conf = &s->conf->channels[i];
		size_t before = err_count(err);
		if (line_open(&s->lines[i], s->conf, lab, err) == W_OK)
			continue;
		s->lines[i].channel = NULL;
		s->lines[i].why = line_why(&s->lines[i], err, before);
	}
}

struct channel *
set_channel(const struct set *s, struct str name)
{
	for (size_t i = 0; i < s->n_lines; i++)
		if (s->lines[i].channel != NULL && str_is(name, s->lines[i].conf->name))
			return s->lines[i].channel;
	return NULL;
}

/* ---- Menus: measured against the smallest page of any channel ---- */

static void
note_line(const struct line *l, struct menu_options *o, const char **keys, size_t max,
	  struct arena *a)
{
	const struct str *reserved;
	struct page_limit page;

	if (l->channel == NULL)
		return;
	page = channel_page_limit(l->channel);
	if (page.gsm7 < o->lowest.gsm7)
		o->lowest.gsm7 = page.gsm7;
	if (page.ucs2 < o->lowest.ucs2)
		o->lowest.ucs2 = page.ucs2;
	size_t n = channel_reserved_keys(l->channel, &reserved);
	for (size_t i = 0; i < n && o->n_reserved < max; i++)
		keys[o->n_reserved++] = arena_str(a, reserved[i]).p;
}

static int
menus_load(struct set *s, struct err *err)
{
	const char *keys[64];
	struct arena *a = arena_new(0);
	struct menu_options o = {.lowest = PAGE_LIMIT_DEFAULT, .reserved_keys = keys};
	const char *dir = set_folder(s->conf->menus, WASL_DATADIR "/menus");

	for (size_t i = 0; i < s->n_lines; i++)
		note_line(&s->lines[i], &o, keys, ARRAY_LEN(keys), a);
	int rc = menu_load(dir, &o, &s->menus, err);
	int rules =
		remind_load(arena_printf(a, "%s/reminders.yaml", dir), s->menus, &s->rules, err);
	arena_free(a);
	return rc != W_OK ? rc : rules;
}

int
set_load(const char *config_file, bool lab, bool all, struct set **out, struct err *err)
{
	struct set *s = xcalloc(1, sizeof(*s));
	int rc = conf_load(config_file, &s->conf, err);

	if (rc == W_OK) {
		size_t before = err_errors(err);

		sandbox_reach(s->conf, err);
		lines_load(s, lab, err);
		bool lines_faulty = err_errors(err) > before;
		rc = menus_load(s, err);
		if (rc == W_OK)
			rc = set_discreet(s, err);
		if (rc == W_OK && lines_faulty && all)
			rc = W_EINVAL;
	}
	if (rc != W_OK) {
		set_free(s);
		return rc;
	}
	*out = s;
	return W_OK;
}

struct conf *
set_free_but_conf(struct set *s)
{
	struct conf *conf = s->conf;

	routes_free(s->routes);
	work_free(s->work);
	remind_rules_free(s->rules);
	menu_drop(s->menus);
	for (size_t i = 0; i < s->n_lines; i++) {
		channel_free(s->lines[i].channel);
		dialect_free(s->lines[i].dialect);
		arena_free(s->lines[i].arena);
	}
	free(s->lines);
	free(s);
	return conf;
}

void
set_free(struct set *s)
{
	if (s != NULL)
		conf_free(set_free_but_conf(s));
}
