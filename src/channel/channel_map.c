#include "channel/channel_int.h"

#include <stdlib.h>

/* Tables of words: exact without case, else the longest prefix, else "*". */

struct text_plan *
map_result(struct load *l, const struct yaml_node *node, const struct wordlist *results)
{
	struct text_plan *t = value_text(l, node, false);
	struct str constant;

	if (t == NULL)
		return NULL;
	if (results != NULL && value_constant(t, &constant) && words_find(results, constant) < 0) {
		load_unknown(l, node, 0, constant, results);
		return NULL;
	}
	return t;
}

static int
compare_nocase(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int by_text = n > 0 ? strncasecmp(a.p, b.p, n) : 0;

	return by_text != 0 ? by_text : a.n < b.n ? -1 : a.n > b.n;
}

static int
by_key(const void *a, const void *b)
{
	return compare_nocase(((const struct map_row *)a)->key, ((const struct map_row *)b)->key);
}

static int
longest_first(const void *a, const void *b)
{
	size_t n = ((const struct map_row *)a)->key.n, m = ((const struct map_row *)b)->key.n;

	return n > m ? -1 : n < m;
}

/* Takes a row's key apart: which part of the verdicts, exact, prefix or rest. */
static bool
row_is_ours(struct str *key, enum map_rows rows)
{
	bool status = str_starts(*key, STR_LIT("http "));

	if (rows == MAP_STATUSES && status)
		*key = str_after(*key, 5);
	return rows == MAP_ALL || status == (rows == MAP_STATUSES);
}

static void
add_row(struct map *m, struct str key, struct text_plan *to)
{
	if (str_is(key, "*"))
		m->rest = to;
	else if (key.n > 0 && key.p[key.n - 1] == '*')
		m->prefixes[m->n_prefixes++] = (struct map_row){{key.p, key.n - 1}, to};
	else
		m->exact[m->n_exact++] = (struct map_row){key, to};
}

static bool
key_ok(struct load *l, const struct yaml_node *map, size_t i, const struct map *m)
{
	const struct yaml_node *key = map->pairs[i].key;

	if (m->rest != NULL) {
		load_fault(l, key, 0, "\"*\" must be the last row of a map");
		return false;
	}
	for (size_t k = 0; k < i; k++) {
		if (str_eq_nocase(map->pairs[k].key->text, key->text)) {
			load_fault(l, key, 0,
				   "'%.*s' is there already, but for the case of letters",
				   STR_ARG(key->text));
			return false;
		}
	}
	return true;
}

struct map *
map_compile(struct load *l, const struct yaml_node *node, const struct wordlist *results,
	    enum map_rows rows)
{
	if (node->kind != YAML_MAP || node->n == 0 || node->n > MAP_ROWS) {
		load_fault(l, node, 0, "a map of 1 to %d words was expected", MAP_ROWS);
		return NULL;
	}
	struct map *m = ARENA_NEW(l->d->arena, struct map);
	bool ok = true;

	m->exact = ARENA_ARRAY(l->d->arena, struct map_row, node->n);
	m->prefixes = ARENA_ARRAY(l->d->arena, struct map_row, node->n);
	for (size_t i = 0; i < node->n; i++) {
		struct str key = load_text(l, node->pairs[i].key);

		if (!row_is_ours(&key, rows))
			continue;
		struct text_plan *to = map_result(l, node->pairs[i].value, results);

		if (to == NULL || !key_ok(l, node, i, m))
			ok = false;
		else
			add_row(m, key, to);
	}
	qsort(m->exact, m->n_exact, sizeof(*m->exact), by_key);
	qsort(m->prefixes, m->n_prefixes, sizeof(*m->prefixes), longest_first);
	return ok ? m : NULL;
}

const struct text_plan *
map_find(const struct map *m, struct str word)
{
	struct map_row wanted = {word, NULL};
	const struct map_row *row =
		m->n_exact == 0 ? NULL
				: bsearch(&wanted, m->exact, m->n_exact, sizeof(wanted), by_key);

	if (row != NULL)
		return row->to;
	for (size_t i = 0; i < m->n_prefixes; i++) {
		struct str key = m->prefixes[i].key;

		if (word.n >= key.n && str_eq_nocase((struct str){word.p, key.n}, key))
			return m->prefixes[i].to;
	}
	return m->rest;
}
