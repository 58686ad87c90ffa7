#include "menu/menu_int.h"

/* lists.yaml: labels by list and key, and patterns for what people write; sms.yaml: templates. */

static const struct yaml_key lists_keys[] = {
	{"wasl", YAML_T_INT, true, 1, 1},
	{"lists", YAML_T_MAP, false, 0, 0},
	{"patterns", YAML_T_MAP, false, 0, 0},
};
static const struct yaml_key sms_keys[] = {
	{"wasl", YAML_T_INT, true, 1, 1},
	{"sms", YAML_T_MAP, true, 0, 0},
};

/* Labels that become values of facts, and what the program adds behind: " 16:30" or " 25/11". */
static const struct {
	const char *list, *key; /* key NULL: every one */
	enum menu_fact fact;
	size_t behind;
} shown[] = {
	{"category", NULL, MENU_FACT_NEED_CATEGORY, 0},
	{"day", NULL, MENU_FACT_CALLBACK_WHEN, 6},
	{"weekday", NULL, MENU_FACT_CALLBACK_WHEN, 6},
	{"weekday", NULL, MENU_FACT_APPOINTMENT_DAY, 6},
	{"after", NULL, MENU_FACT_SURVEY_AFTER, 0},
	{"stage", NULL, MENU_FACT_PROJECT_STAGE, 0},
	{"words", "free", MENU_FACT_FREE, 0},
};

static size_t
units(struct str s)
{
	struct ussd_size size;

	ussd_measure(s, &size);
	return size.units;
}

/* Labels over their room are faults; the longest is what pages are measured with. */
static void
label_measure(struct menu_loader *ld, struct str list, const struct yaml_pair *p, unsigned lang,
	      struct str label)
{
	bool rtl = ld->set->langs[lang].rtl;

	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		const struct menu_fact_row *row = menu_fact_row(shown[i].fact);
		size_t most = (rtl ? row->longest_rtl : row->longest) - shown[i].behind;

		if (!str_is(list, shown[i].list) ||
		    (shown[i].key != NULL && !str_is(p->key->text, shown[i].key)))
			continue;
		uint16_t *measured = &ld->set->measured[lang][shown[i].fact];
		if (units(label) + shown[i].behind > *measured)
			*measured = (uint16_t)(units(label) + shown[i].behind);
		if (units(label) > most)
			menu_fault(ld, menu_text_at(ld->set, p->value, lang),
				   "[%s] %zu units, and %s has room for %zu",
				   ld->set->langs[lang].tag, units(label), row->name, most);
	}
}

static void
label_read(struct menu_loader *ld, struct str list, const struct yaml_pair *p,
	   struct menu_label *out)
{
	struct menu_set *set = ld->set;
	struct menu_texts texts;

	out->key = arena_str(set->arena, p->key->text);
	menu_texts_parse(ld, p->value, TEXT_PAGE, &texts);
	for (unsigned lang = 0; lang < set->n_langs; lang++) {
		const struct menu_text *text = &texts.of[lang];

		if (text->n > 1 || (text->n == 1 && text->pieces[0].kind != PIECE_LITERAL)) {
			menu_fault(ld, menu_text_at(set, p->value, lang),
				   "[%s] a label has no {placeholders}", set->langs[lang].tag);
		} else if (text->n == 1) {
			out->of[lang] = text->pieces[0].literal;
			label_measure(ld, list, p, lang, out->of[lang]);
		}
	}
}

/* A list named like a type labels its words: all of them, and no others. */
static void
type_words_check(struct menu_loader *ld, const struct yaml_pair *list)
{
	int type = menu_type_find(list->key->text);
	struct str rest = type >= 0 ? menu_type_words(ld->set, type) : STR_NONE;

	if (type < 0 || menu_type_is_free(type))
		return;
	for (size_t i = 0; i < list->value->n; i++) {
		const struct yaml_node *key = list->value->pairs[i].key;

		if (!menu_type_has(ld->set, type, key->text))
			menu_fault(ld, key, "%s is never %.40s%s", menu_type_name(ld->set, type),
				   key->text.p,
				   menu_hint(ld, menu_word_near(ld->set, type, key->text,
								ld->scratch)));
	}
	while (rest.n > 0) {
		struct str word = str_cut(&rest, ' ');

		if (yaml_get(list->value, arena_str(ld->scratch, word).p) == NULL)
			menu_fault(ld, list->key, "%s has no label for %.*s",
				   menu_type_name(ld->set, type), STR_ARG(word));
	}
}

static void
words_read(struct menu_loader *ld, const struct yaml_node *map)
{
	struct menu_set *set = ld->set;

	if (map == NULL)
		return;
	set->words = ARENA_ARRAY(set->arena, struct menu_words, map->n + 1);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_pair *p = &map->pairs[i];
		struct menu_words *words = &set->words[set->n_words];

		if (p->value->kind != YAML_MAP) {
			menu_fault(ld, p->value, "a list is keys and their texts");
			continue;
		}
		words->name = arena_str(set->arena, p->key->text);
		words->labels = ARENA_ARRAY(set->arena, struct menu_label, p->value->n + 1);
		for (size_t j = 0; j < p->value->n; j++)
			label_read(ld, p->key->text, &p->value->pairs[j],
				   &words->labels[words->n++]);
		type_words_check(ld, p);
		set->n_words++;
	}
}

static void
pattern_read(struct menu_loader *ld, const struct yaml_node *at, struct menu_patterns *out)
{
	size_t byte = 0;
	const char *why = "";

	if (!menu_need_scalar(ld, at, "a pattern"))
		return;
	if (match_compile(at->text, &out->all[out->n], &byte, &why) != W_OK) {
		err_add(ld->err, ld->doc->file, at->line, menu_col(ld, at, byte),
			"in the pattern: %s", why);
		return;
	}
	menu_set_own(ld->set, out->all[out->n++]);
}

static void
patterns_read(struct menu_loader *ld, const struct yaml_node *map)
{
	struct menu_set *set = ld->set;

	if (map == NULL)
		return;
	set->patterns = ARENA_ARRAY(set->arena, struct menu_patterns, map->n + 1);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_pair *p = &map->pairs[i];
		struct menu_patterns *out = &set->patterns[set->n_patterns++];

		out->name = arena_str(set->arena, p->key->text);
		if (p->value->kind != YAML_LIST) {
			menu_fault(ld, p->value, "a list of patterns is needed");
			continue;
		}
		out->all = ARENA_ARRAY(set->arena, struct match *, p->value->n + 1);
		for (size_t j = 0; j < p->value->n; j++)
			pattern_read(ld, p->value->items[j], out);
	}
}

void
menu_lists_read(struct menu_loader *ld)
{
	if (!ld->lists.there)
		return;
	ld->doc = ld->lists.doc;
	if (yaml_check(ld->doc, ld->doc->root, lists_keys, ARRAY_LEN(lists_keys), ld->err) != W_OK)
		return;
	words_read(ld, yaml_get(ld->doc->root, "lists"));
	patterns_read(ld, yaml_get(ld->doc->root, "patterns"));
}

/* ---- Templates ---- */

enum { PARTS_WANTED = 1, PARTS_MOST = 2 };

static void
template_measure(struct menu_loader *ld, const struct yaml_node *at, unsigned lang,
		 const struct menu_text *text)
{
	struct sms_size size;
	struct buf filled;

	buf_init_arena(&filled, ld->scratch);
	menu_fill_into(ld->set, text, lang, NULL, &filled);
	if (sms_measure(buf_str(&filled), 16, &size) != W_OK || size.parts > PARTS_MOST)
		menu_fault(ld, menu_text_at(ld->set, at, lang),
			   "[%s] takes %zu messages at its longest, and %d are the most",
			   ld->set->langs[lang].tag, size.parts, PARTS_MOST);
	else if (size.parts > PARTS_WANTED)
		menu_warn(ld, menu_text_at(ld->set, at, lang),
			  "[%s] takes %zu messages at its longest (%zu units)",
			  ld->set->langs[lang].tag, size.parts, size.units);
}

void
menu_sms_read(struct menu_loader *ld)
{
	struct menu_set *set = ld->set;

	if (!ld->sms.there)
		return;
	ld->doc = ld->sms.doc;
	if (yaml_check(ld->doc, ld->doc->root, sms_keys, ARRAY_LEN(sms_keys), ld->err) != W_OK)
		return;
	const struct yaml_node *map = yaml_get(ld->doc->root, "sms");
	set->templates = ARENA_ARRAY(set->arena, struct menu_template, map->n + 1);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_pair *p = &map->pairs[i];
		struct menu_template *out = &set->templates[set->n_templates++];
		size_t before = err_errors(ld->err);

		out->id = arena_str(set->arena, p->key->text);
		menu_texts_parse(ld, p->value, TEXT_PAGE, &out->texts);
		for (unsigned lang = 0; lang < set->n_langs && err_errors(ld->err) == before;
		     lang++)
			template_measure(ld, p->value, lang, &out->texts.of[lang]);
	}
}
