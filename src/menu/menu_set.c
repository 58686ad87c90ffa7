#include "menu/menu_int.h"

#include <stdatomic.h>
#include <stdlib.h>

struct menu_set *
menu_set_new(void)
{
	struct arena *a = arena_new(64 * 1024);
	struct menu_set *set = ARENA_NEW(a, struct menu_set);

	set->arena = a;
	atomic_init(&set->holds, 1);
	set->start = set->special.busy = set->special.leave = set->special.enrolled = MENU_NO_NODE;
	return set;
}

/* The set lives in its own arena, so it goes with it. */
static void
set_free(struct menu_set *set)
{
	for (size_t i = 0; i < set->n_matches; i++)
		match_free(set->matches[i]);
	free(set->matches);
	arena_free(set->arena);
}

void
menu_set_own(struct menu_set *set, struct match *m)
{
	if (set->n_matches == set->cap_matches) {
		set->cap_matches = set->cap_matches ? set->cap_matches * 2 : 16;
		set->matches = xrealloc(set->matches, set->cap_matches * sizeof(*set->matches));
	}
	set->matches[set->n_matches++] = m;
}

struct menu_set *
menu_hold(struct menu_set *set)
{
	atomic_fetch_add(&set->holds, 1);
	return set;
}

void
menu_drop(struct menu_set *set)
{
	if (set != NULL && atomic_fetch_sub(&set->holds, 1) == 1)
		set_free(set);
}

const char *
menu_version(const struct menu_set *set)
{
	return set->version;
}

size_t
menu_node_count(const struct menu_set *set)
{
	return set->n_nodes;
}

const struct menu_node *
menu_node(const struct menu_set *set, uint16_t id)
{
	return id < set->n_nodes ? &set->nodes[id] : NULL;
}

static int
str_order(struct str a, struct str b)
{
	int by_bytes = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return by_bytes != 0 ? by_bytes : (a.n > b.n) - (a.n < b.n);
}

const struct menu_name *
menu_name_find(const struct menu_set *set, struct str name)
{
	size_t low = 0, high = set->n_names;

	while (name.n > 0 && low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_order(set->names[middle].name, name);

		if (order == 0)
			return &set->names[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

uint16_t
menu_find(const struct menu_set *set, struct str name)
{
	const struct menu_name *found = menu_name_find(set, name);

	return found != NULL && !found->is_run ? found->id : MENU_NO_NODE;
}

uint16_t
menu_start(const struct menu_set *set)
{
	return set->start;
}

size_t
menu_run_count(const struct menu_set *set)
{
	return set->n_runs;
}

const struct menu_run *
menu_run(const struct menu_set *set, uint16_t id)
{
	return id < set->n_runs ? &set->runs[id] : NULL;
}

const struct menu_direct *
menu_find_direct(const struct menu_set *set, struct str path)
{
	for (size_t i = 0; i < set->n_directs; i++)
		if (str_eq(set->directs[i].path, path))
			return &set->directs[i];
	return NULL;
}

size_t
menu_lang_count(const struct menu_set *set)
{
	return set->n_langs;
}

const char *
menu_lang_tag(const struct menu_set *set, unsigned lang)
{
	return lang < set->n_langs ? set->langs[lang].tag : NULL;
}

int
menu_lang_of(const struct menu_set *set, struct str tag)
{
	for (size_t i = 0; i < set->n_langs; i++)
		if (str_is(tag, set->langs[i].tag))
			return (int)i;
	return -1;
}

bool
menu_lang_rtl(const struct menu_set *set, unsigned lang)
{
	return lang < set->n_langs && set->langs[lang].rtl;
}

size_t
menu_var_count(const struct menu_set *set)
{
	return set->n_vars;
}

struct str
menu_var_name(const struct menu_set *set, uint16_t var)
{
	return var < set->n_vars ? set->vars[var].name : STR_NONE;
}

int
menu_var_find(const struct menu_set *set, struct str name)
{
	for (size_t i = 0; i < set->n_vars; i++)
		if (str_eq(set->vars[i].name, name))
			return (int)i;
	return -1;
}

bool
menu_var_private(const struct menu_set *set, uint16_t var)
{
	return var < set->n_vars && set->vars[var].is_private;
}

const struct menu_special *
menu_special(const struct menu_set *set)
{
	return &set->special;
}

struct str
menu_word(const struct menu_set *set, unsigned lang, const char *list, struct str key)
{
	for (size_t i = 0; i < set->n_words && lang < set->n_langs; i++) {
		const struct menu_words *words = &set->words[i];

		if (!str_is(words->name, list))
			continue;
		for (size_t j = 0; j < words->n; j++)
			if (str_eq(words->labels[j].key, key))
				return words->labels[j].of[lang];
	}
	return STR_NONE;
}

const struct menu_texts *
menu_sms(const struct menu_set *set, struct str id)
{
	for (size_t i = 0; i < set->n_templates; i++)
		if (str_eq(set->templates[i].id, id))
			return &set->templates[i].texts;
	return NULL;
}
