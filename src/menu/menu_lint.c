#include "menu/menu_int.h"

/* What one text can have wrong: its letters, their order on the glass, and its words. */

/* Harakat, tatweel, presentation forms: many basic phones draw boxes, and folding hides them. */
static bool
poor_letter(uint32_t cp)
{
	return cp == 0x0640 || (cp >= 0x064B && cp <= 0x0652) || cp == 0x0670 ||
	       (cp >= 0xFB50 && cp <= 0xFDFF) || (cp >= 0xFE70 && cp <= 0xFEFE);
}

static void
letters_lint(struct menu_loader *ld, const struct yaml_node *at, unsigned lang, struct str text,
	     enum menu_text_use use)
{
	const struct menu_lang *l = &ld->set->langs[lang];
	struct str rest = text;
	uint32_t cp;

	while (utf8_next(&rest, &cp)) {
		const char *p = rest.p != NULL ? rest.p : text.p + text.n;
		int n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

		if (poor_letter(cp)) {
			menu_warn(ld, at, "[%s] basic phones cannot draw U+%04X", l->tag, cp);
			return;
		}
		if (!l->rtl && use != TEXT_ANY_SCRIPT && gsm7_cost(cp) == 0) {
			menu_warn(ld, at,
				  "[%s] %.*s is not in GSM-7: the text takes 16 bits a letter",
				  l->tag, n, p - n);
			return;
		}
	}
}

static void
order_lint(struct menu_loader *ld, const struct yaml_node *at, unsigned lang,
	   const struct menu_text *text)
{
	struct buf filled;
	size_t byte;

	buf_init_arena(&filled, ld->page);
	menu_fill_into(ld->set, text, lang, NULL, &filled);
	if (!ld->set->langs[lang].rtl && !text_is_rtl(buf_str(&filled)))
		return;
	const char *why = menu_bidi_fault(buf_str(&filled), &byte);
	if (why != NULL)
		menu_fault(ld, at, "[%s] %s", ld->set->langs[lang].tag, why);
}

void
menu_text_lint(struct menu_loader *ld, const struct yaml_node *at, unsigned lang,
	       const struct menu_text *text, enum menu_text_use use)
{
	letters_lint(ld, at, lang, at->text, use);
	order_lint(ld, at, lang, text);
	struct str word = menu_forbidden(ld->set, at->text, ld->page);
	if (word.p != NULL)
		menu_fault(ld, at, "[%s] the forbidden word %.*s", ld->set->langs[lang].tag,
			   STR_ARG(word));
	arena_reset(ld->page);
}

/* ---- Whole pages ---- */

static const struct yaml_node *
text_place(const struct menu_loader *ld, const struct menu_place *place, unsigned lang)
{
	static const char *const texts[] = {"menu", "ask", "message", "end", "pin", "say"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct yaml_node *at = yaml_get(place->body, texts[i]);

		if (at != NULL)
			return menu_text_at(ld->set, at, lang);
	}
	return place->key;
}

static void
face_check(struct menu_loader *ld, uint16_t id, unsigned lang)
{
	const struct yaml_node *at = text_place(ld, &ld->places[id], lang);
	const char *tag = ld->set->langs[lang].tag;
	const struct page_limit whole = PAGE_LIMIT_DEFAULT;
	struct menu_page page;

	if (menu_show(ld->set, id, lang, 0, FACE_PAGE, NULL, ld->options.lowest, ld->page, &page) !=
	    W_OK) {
		menu_fault(ld, at, "[%s] the page does not fit and cannot be cut in pages", tag);
		return;
	}
	if (!menu_retry_fits(ld->set, id, lang, ld->options.lowest, ld->page))
		menu_warn(ld, yaml_get(ld->places[id].body, "retry"),
			  "[%s] the retry text is over one page at its longest: Z1 stands in", tag);
	if (page.pages == 1)
		return;
	struct page_limit lowest = ld->options.lowest;
	unsigned pages = page.pages;
	bool small = lowest.gsm7 < whole.gsm7 || lowest.ucs2 < whole.ucs2;
	if (small &&
	    menu_show(ld->set, id, lang, 0, FACE_PAGE, NULL, whole, ld->page, &page) == W_OK &&
	    page.pages == 1)
		menu_warn(ld, at, "[%s] takes %u pages on the smallest channel", tag, pages);
	else
		menu_warn(ld, at, "[%s] over one page at its longest: takes %u pages", tag, pages);
}

void
menu_pages_check(struct menu_loader *ld)
{
	const struct menu_set *set = ld->set;

	for (size_t i = 0; i < set->n_nodes; i++) {
		const struct menu_node *node = &set->nodes[i];

		if (ld->places[i].faulty || node->kind == MENU_RECORD ||
		    node->kind == MENU_BRANCH || node->kind == MENU_CALLBACK)
			continue;
		ld->doc = ld->places[i].doc;
		for (unsigned lang = 0; lang < set->n_langs; lang++) {
			face_check(ld, (uint16_t)i, lang);
			arena_reset(ld->page);
		}
	}
}
