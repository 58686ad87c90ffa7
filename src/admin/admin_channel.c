/*
 * Channels of wasl.yaml as they stand: on, or off and why; what each was given.
 * Of a secret it says whether it is there, never what it is.
 */
#include "admin/admin_int.h"

#include "http/http.h"

#include <inttypes.h>

static struct admin_channel
channel_of(const struct admin *a, const char *name)
{
	const struct admin_hooks *hooks = a->o.hooks;
	struct admin_channel out = {.why = NULL};

	if (hooks != NULL && hooks->channel != NULL)
		hooks->channel(a->o.hooks_ctx, str_of(name), &out);
	return out;
}

const char *
admin_channel_stopped(const struct admin *a, const char *name)
{
	const struct admin_channel is = channel_of(a, name);

	if (is.why != NULL)
		return is.why;
	return a->o.outbox ? outbox_channel_stopped(a->o.outbox, str_of(name)) : NULL;
}

/* on; stopped: messages do not leave, calls are answered; off: nothing. */
static const char *
state_of(const struct admin *a, const char *name, const struct admin_channel *is)
{
	if (is->why != NULL)
		return "off";
	return admin_channel_stopped(a, name) != NULL ? "stopped" : "on";
}

static const char *
page_text(struct ask *c, const struct admin_channel *is, bool gsm7)
{
	if (is->channel == NULL)
		return NULL;
	const struct page_limit page = channel_page_limit(is->channel);

	return arena_printf(c->page.arena, "%u", gsm7 ? page.gsm7 : page.ucs2);
}

static const char *
addresses_text(struct ask *c, const struct conf_channel *conf)
{
	return conf->addresses.n == 0
		       ? "any"
		       : arena_printf(c->page.arena, "%zu listed", conf->addresses.n);
}

/* What was asked for and is neither given nor has a default, blank separated. */
static const char *
missing_text(struct ask *c, const struct conf_channel *conf, const struct admin_channel *is)
{
	const struct dialect_need *needs = NULL;
	size_t n = is->dialect != NULL ? dialect_needs(is->dialect, &needs) : 0;
	struct buf text;

	buf_init_arena(&text, c->page.arena);
	for (size_t i = 0; i < n; i++) {
		const struct conf_pairs *given = needs[i].secret ? &conf->secrets : &conf->settings;

		if (!needs[i].optional && needs[i].fallback == NULL &&
		    conf_pair(given, needs[i].name) == NULL)
			buf_printf(&text, "%s%s", text.n > 0 ? " " : "", needs[i].name);
	}
	return text.n > 0 ? arena_str(c->page.arena, buf_str(&text)).p : NULL;
}

static void
row_given(json_t *row, const char *key, const char *text)
{
	if (text != NULL)
		row_words(row, key, text);
}

void
verb_channel_list(struct ask *c)
{
	const struct conf *conf = c->a->o.work->conf;

	for (size_t i = 0; i < conf->n_channels; i++) {
		const struct conf_channel *ch = &conf->channels[i];
		const struct admin_channel is = channel_of(c->a, ch->name);
		json_t *row = json_object();

		row_words(row, "channel", ch->name);
		row_words(row, "state", state_of(c->a, ch->name, &is));
		row_given(row, "why", admin_channel_stopped(c->a, ch->name));
		row_words(row, "dialect", ch->dialect);
		row_given(row, "page_gsm7", page_text(c, &is, true));
		row_given(row, "page_ucs2", page_text(c, &is, false));
		row_words(row, "addresses", addresses_text(c, ch));
		row_given(row, "missing", missing_text(c, ch, &is));
		page_add(c, STR_NONE, row);
	}
	ask_show(c);
}

/* ---- One channel ---- */

static void
add(struct ask *c, const char *key, const char *value, const char *note)
{
	static const char *const names[3] = {"key", "value", "note"};

	if (value != NULL)
		page_add_three(c, names, key, value, note);
}

static void
add_needs(struct ask *c, const struct conf_channel *conf, const struct dialect *d)
{
	const struct dialect_need *needs;
	size_t n = dialect_needs(d, &needs);

	for (size_t i = 0; i < n; i++) {
		const struct dialect_need *need = &needs[i];
		const char *given =
			conf_pair(need->secret ? &conf->secrets : &conf->settings, need->name);
		const char *word = given != NULL            ? "given"
				   : need->fallback != NULL ? "default"
				   : need->optional         ? "not given"
							    : "missing";

		add(c,
		    arena_printf(c->page.arena, "%s.%s", need->secret ? "secret" : "setting",
				 need->name),
		    word, need->about);
	}
}

static void
add_refusals(struct ask *c, const char *name)
{
	for (int why = 0; why < REFUSALS; why++) {
		int64_t n = refusal_count(name, (enum refusal)why);

		if (n > 0)
			add(c,
			    arena_printf(c->page.arena, "refused.%s",
					 refusal_word((enum refusal)why)),
			    arena_printf(c->page.arena, "%" PRId64, n), "since the start");
	}
}

void
verb_channel_show(struct ask *c)
{
	const char *name = arena_str(c->arena, arg_text(c, "channel")).p;
	const struct conf_channel *conf = conf_channel(c->a->o.work->conf, name);

	if (conf == NULL) {
		ask_end(c, ADMIN_NONE, "no channel of that name in wasl.yaml");
		return;
	}
	const struct admin_channel is = channel_of(c->a, name);
	add(c, "channel", name, "");
	add(c, "state", state_of(c->a, name, &is), admin_channel_stopped(c->a, name));
	add(c, "dialect", conf->dialect, is.dialect == NULL ? "its file is faulty" : "");
	add(c, "code", conf->code, "what people dial");
	add(c, "centre", conf->centre, "where its strangers belong");
	add(c, "page.gsm7", page_text(c, &is, true), "septets");
	add(c, "page.ucs2", page_text(c, &is, false), "units");
	add(c, "addresses", addresses_text(c, conf), "that may call");
	add(c, "path_secret",
	    conf->path_secret_file != NULL && conf->path_secret_file[0] != '\0' ? "given"
										: "not given",
	    "");
	if (is.channel != NULL)
		add(c, "sends", channel_can_send(is.channel) ? "yes" : "no", "");
	if (is.dialect != NULL)
		add_needs(c, conf, is.dialect);
	add_refusals(c, name);
	ask_show(c);
}
