#include "menu/menu_int.h"

/* Words typed as their labels of lists.yaml. */

static const struct menu_words *
labels_of(const struct menu_set *set, int type)
{
	const char *list = menu_type_list(set, type);

	for (size_t i = 0; list != NULL && i < set->n_words; i++)
		if (str_is(set->words[i].name, list))
			return &set->words[i];
	return NULL;
}

static struct str
folded(struct str label, struct arena *a)
{
	struct buf key;

	buf_init_arena(&key, a);
	return text_fold(label, &key) == W_OK ? buf_str(&key) : STR_NONE;
}

static struct str
word_of(const struct menu_words *words, unsigned lang, struct str typed, struct arena *a)
{
	for (size_t i = 0; i < words->n; i++)
		if (str_eq(folded(words->labels[i].of[lang], a), typed))
			return words->labels[i].key;
	return STR_NONE;
}

struct str
menu_choice(const struct menu_set *set, uint16_t var, unsigned lang, struct str typed,
	    struct arena *a)
{
	const struct menu_words *words =
		var < set->n_vars ? labels_of(set, set->vars[var].type) : NULL;
	struct str word = STR_NONE;

	if (words == NULL || lang >= set->n_langs || typed.n == 0)
		return word;
	word = word_of(words, lang, typed, a);
	for (unsigned other = 0; word.p == NULL && other < set->n_langs; other++)
		word = word_of(words, other, typed, a);
	return word;
}

/* ---- Lint ---- */

static bool
labels_differ(struct menu_loader *ld, const struct menu_words *words, unsigned lang)
{
	for (size_t i = 0; i < words->n; i++) {
		struct str label = folded(words->labels[i].of[lang], ld->scratch);

		if (label.n > 0 &&
		    !str_eq(word_of(words, lang, label, ld->scratch), words->labels[i].key))
			return false;
	}
	return true;
}

void
menu_choice_check(struct menu_loader *ld, const struct yaml_node *at, int type)
{
	const struct menu_words *words = labels_of(ld->set, type);

	if (type == TYPE_UNKNOWN)
		return;
	if (menu_type_is_free(type) || words == NULL) {
		menu_fault(ld, at, "%s has no labels in lists.yaml, so none can be typed",
			   at->text.p);
		return;
	}
	for (unsigned lang = 0; lang < ld->set->n_langs; lang++)
		if (!labels_differ(ld, words, lang))
			menu_fault(ld, at, "[%s] two labels of %s are typed alike",
				   ld->set->langs[lang].tag, at->text.p);
}
