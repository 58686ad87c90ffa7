#include "author/author_menu_int.h"

#include <unistd.h>

/* Menus before they serve: are they right, and how long is each screen? */

struct page_limit
author_menu_page(const struct author_menu_options *o)
{
	const struct page_limit whole = PAGE_LIMIT_DEFAULT;

	return (struct page_limit){o->gsm7 ? o->gsm7 : whole.gsm7, o->ucs2 ? o->ucs2 : whole.ucs2};
}

int
author_menu_load(const struct author_menu_options *o, struct err *err, struct menu_set **set)
{
	struct menu_options options = {.lowest = author_menu_page(o),
				       .reserved_keys = o->reserved,
				       .n_reserved = o->n_reserved};
	FILE *to = o->err != NULL ? o->err : o->out;

	if (access(o->dir, R_OK | X_OK) != 0) {
		fprintf(to, "wasl: no menus in %s\n", o->dir);
		return AUTHOR_NONE;
	}
	int rc = menu_load(o->dir, &options, set, err);

	err_sort(err);
	/* Beside a product, only what keeps it from being made. */
	if (rc != 0 || o->err == NULL)
		err_print(err, to);
	if (rc == 0)
		return 0;
	if (err_errors(err) == 0)
		fprintf(to, "wasl: no menus in %s\n", o->dir);
	return rc == W_ENOENT ? AUTHOR_NONE : AUTHOR_LINT;
}

/* One screen at its longest; false for a node without a page. */
static bool
measure(const struct author_menu_options *o, const struct menu_set *set, uint16_t id, unsigned lang,
	struct arena *a, struct menu_page *longest)
{
	struct menu_page page;

	arena_reset(a);
	if (menu_show(set, id, lang, 0, FACE_PAGE, NULL, author_menu_page(o), a, longest) != 0)
		return false;
	for (unsigned i = 1; i < longest->pages; i++)
		if (menu_show(set, id, lang, i, FACE_PAGE, NULL, author_menu_page(o), a, &page) ==
			    0 &&
		    page.units > longest->units)
			*longest = page;
	return true;
}

/* Calls show for every screen, if given; how many there are. */
static size_t
walk(const struct author_menu_options *o, const struct menu_set *set,
     void (*show)(const struct author_menu_options *o, const char *node, const char *lang,
		  const struct menu_page *page))
{
	struct arena *a = arena_new(0);
	struct menu_page page;
	size_t n = 0;

	for (size_t id = 0; id < menu_node_count(set); id++)
		for (unsigned lang = 0; lang < menu_lang_count(set); lang++) {
			if (!measure(o, set, (uint16_t)id, lang, a, &page))
				continue;
			n++;
			if (show != NULL)
				show(o, arena_str(a, menu_node(set, (uint16_t)id)->name).p,
				     menu_lang_tag(set, lang), &page);
		}
	arena_free(a);
	return n;
}

static void
summary(const struct author_menu_options *o, const struct menu_set *set, const struct err *err)
{
	const char *dot = author_dot(o->ascii);
	size_t errors = err_errors(err), warnings = err_warnings(err);

	if (set != NULL) {
		size_t screens = walk(o, set, NULL), langs = menu_lang_count(set);
		size_t nodes = menu_node_count(set);

		fprintf(o->out, "%zu node%s %s %zu language%s %s %zu screen%s %s ", nodes,
			author_plural(nodes), dot, langs, author_plural(langs), dot, screens,
			author_plural(screens), dot);
	}
	fprintf(o->out, "%zu error%s, %zu warning%s\n", errors, author_plural(errors), warnings,
		author_plural(warnings));
}

int
author_menu_lint(const struct author_menu_options *o)
{
	struct err *err = err_new();
	struct menu_set *set = NULL;
	int rc = author_menu_load(o, err, &set);

	if (!o->quiet && rc != AUTHOR_NONE)
		summary(o, set, err);
	menu_drop(set);
	err_free(err);
	fflush(o->out);
	return rc;
}

/* ---- Sizes ---- */

/* What a page becomes when one letter of it is not in GSM-7: the whole of it goes as UCS-2. */
static size_t
rare_units(const struct menu_page *page)
{
	return ucs2_units(page->text) + 1;
}

static const char *
coding_of(const struct menu_page *page)
{
	return page->coding == TEXT_GSM7 ? "gsm7" : "ucs2";
}

static unsigned
limit_of(const struct page_limit *limit, const struct menu_page *page)
{
	return page->coding == TEXT_GSM7 ? limit->gsm7 : limit->ucs2;
}

static size_t
letters_left(const struct page_limit *limit, const struct menu_page *page)
{
	unsigned most = limit_of(limit, page);

	return page->units < most ? most - page->units : 0;
}

static void
show_size_tsv(const struct author_menu_options *o, const char *node, const char *lang,
	      const struct menu_page *page)
{
	struct page_limit limit = author_menu_page(o);

	fprintf(o->out, "%s\t%s\t%s\t%zu\t%u\t%u\t%zu\t%zu\t%u\n", node, lang, coding_of(page),
		page->units, limit_of(&limit, page), page->pages, letters_left(&limit, page),
		rare_units(page), (unsigned)limit.ucs2);
}

static void
show_size(const struct author_menu_options *o, const char *node, const char *lang,
	  const struct menu_page *page)
{
	struct page_limit limit = author_menu_page(o);
	size_t left = letters_left(&limit, page), rare = rare_units(page);
	unsigned pages = page->pages;

	fprintf(o->out, "%-16s %-9s %s %3zu of %-3u  %u page%s  ", node, lang, coding_of(page),
		page->units, limit_of(&limit, page), pages, author_plural(pages));
	if (left == 0)
		fprintf(o->out, "one letter more makes another page");
	else
		fprintf(o->out, "room for %zu", left);
	if (page->coding == TEXT_GSM7)
		fprintf(o->out, "; with a letter as in \"for\xc3\xaat\" %zu of %u%s", rare,
			(unsigned)limit.ucs2, rare > limit.ucs2 ? ": TOO LONG" : "");
	fputc('\n', o->out);
}

int
author_menu_size(const struct author_menu_options *o)
{
	struct err *err = err_new();
	struct menu_set *set = NULL;
	int rc = author_menu_load(o, err, &set);

	if (rc == 0 && o->tsv)
		fprintf(o->out, "node\tlanguage\tcoding\tunits\tlimit\tpages\tleft\trare_units\t"
				"rare_limit\n");
	if (rc == 0)
		(void)walk(o, set, o->tsv ? show_size_tsv : show_size);
	menu_drop(set);
	err_free(err);
	fflush(o->out);
	return rc;
}
