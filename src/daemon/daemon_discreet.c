/*
 * The name that messages come from and the centre's aliases stand on phones that
 * others may read, like any text of the menus: no word of lint.yaml in them. A
 * channel's other settings go to a company.
 */
#include "daemon/daemon_int.h"

struct reading {
	const struct set *set;
	struct err *err;
	struct arena *a;
};

static bool
is_clean(const struct reading *r, uint32_t line, uint32_t col, const char *key, const char *text)
{
	struct str word = menu_forbidden(r->set->menus, str_of(text), r->a);
	bool clean = word.n == 0;

	if (!clean)
		err_add(r->err, r->set->conf->file, line, col,
			"%s: a word that may never be seen: %.*s (lint.yaml)", key, STR_ARG(word));
	arena_reset(r->a);
	return clean;
}

int
set_discreet(const struct set *s, struct err *err)
{
	const struct reading r = {s, err, arena_new(0)};
	size_t before = err_errors(err);

	for (size_t i = 0; i < s->conf->n_centres; i++) {
		const struct conf_centre *c = &s->conf->centres[i];

		/* One alias may stand for all languages. */
		for (int lang = 0; lang < CONF_LANGS; lang++)
			if (c->place[lang] != NULL &&
			    !is_clean(&r, c->line, c->col, "place", c->place[lang]))
				break;
	}
	for (size_t i = 0; i < s->conf->n_channels; i++) {
		const struct conf_pairs *settings = &s->conf->channels[i].settings;

		for (size_t j = 0; j < settings->n; j++)
			(void)is_clean(&r, settings->v[j].line, settings->v[j].col,
				       settings->v[j].name, settings->v[j].text);
	}
	arena_free(r.a);
	return err_errors(err) == before ? W_OK : W_EINVAL;
}
