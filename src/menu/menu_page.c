#include "menu/menu_int.h"

/*
 * A node becomes lines: its text, then one line an option. When all of them fit
 * they are the page. Otherwise they are laid out over pages, greedily, with our
 * own "more" and "back" lines; the text is cut at line feeds first, then at
 * blanks, and an option is never cut. A node's own option with the key of
 * "more", and all that follow it, stay together on the last page, where no
 * "more" line of ours is; our "back" line is left out where the page has an own
 * option with that key.
 */

struct line {
	struct str text;
	const struct menu_option *option; /* NULL: a line of the node's text */
};

struct sheet { /* one page: lines from..to, and our own lines below them */
	size_t from, to;
	bool more, back;
	struct str text; /* since it was seen to fit */
};

struct layout {
	const struct menu_set *set;
	const struct menu_node *node;
	unsigned lang;
	const struct menu_values *values;
	struct page_limit limit;
	struct arena *arena;
	struct line *lines;
	size_t n, cap;
	struct sheet sheets[MENU_PAGES];
	unsigned n_sheets;
};

/* ---- Lines ---- */

static void
line_insert(struct layout *l, size_t at, struct line line)
{
	if (l->n == l->cap) {
		struct line *bigger = ARENA_ARRAY(l->arena, struct line, l->cap * 2 + 16);

		if (l->n > 0)
			memcpy(bigger, l->lines, l->n * sizeof(*bigger));
		l->lines = bigger;
		l->cap = l->cap * 2 + 16;
	}
	memmove(l->lines + at + 1, l->lines + at, (l->n - at) * sizeof(*l->lines));
	l->lines[at] = line;
	l->n++;
}

static bool
visible(const struct layout *l, const struct menu_option *option)
{
	return l->values == NULL || menu_when_holds(&option->when, l->values);
}

static void
key_into(const struct layout *l, struct buf *to, const char *key)
{
	buf_adds(to, key);
	buf_adds(to, l->node->tight[l->lang] ? "." : ". ");
}

static void
option_line(struct layout *l, const struct menu_option *option)
{
	struct buf text;

	buf_init_arena(&text, l->arena);
	key_into(l, &text, option->key);
	menu_fill_into(l->set, &option->say.of[l->lang], l->lang, l->values, &text);
	line_insert(l, l->n, (struct line){buf_str(&text), option});
}

static void
text_lines(struct layout *l, const struct menu_texts *say)
{
	struct str rest = menu_fill(l->set, &say->of[l->lang], l->lang, l->values, l->arena);

	while (rest.n > 0)
		line_insert(l, l->n, (struct line){.text = str_cut(&rest, '\n')});
}

static void
lines_make(struct layout *l, const struct menu_texts *say)
{
	l->n = 0;
	text_lines(l, say);
	for (size_t i = 0; i < l->node->n_options; i++)
		if (visible(l, &l->node->options[i]))
			option_line(l, &l->node->options[i]);
}

/* ---- A page's text ---- */

static void
own_line(const struct layout *l, struct buf *to, enum menu_system_key key, const char *word,
	 const char *otherwise)
{
	struct str label = menu_word(l->set, l->lang, "words", str_of(word));

	if (to->n > 0)
		buf_addc(to, '\n');
	key_into(l, to, l->set->keys[key]);
	buf_add_str(to, label.p != NULL ? label : str_of(otherwise));
}

static struct str
sheet_text(const struct layout *l, const struct sheet *s)
{
	struct buf text;

	buf_init_arena(&text, l->arena);
	for (size_t i = s->from; i < s->to; i++) {
		if (i > s->from)
			buf_addc(&text, '\n');
		buf_add_str(&text, l->lines[i].text);
	}
	if (s->more)
		own_line(l, &text, KEY_MORE, "more", ">");
	if (s->back)
		own_line(l, &text, KEY_BACK, "back", "<");
	return buf_str(&text);
}

static bool
fits(const struct layout *l, struct sheet *s)
{
	s->text = sheet_text(l, s);
	return ussd_fits(s->text, l->limit);
}

/* ---- Laying out ---- */

static bool
is_key(const struct layout *l, const struct line *line, enum menu_system_key key)
{
	return line->option != NULL && strcmp(line->option->key, l->set->keys[key]) == 0;
}

/* From the node's own "more" option on, lines stay together. */
static size_t
tail_of(const struct layout *l)
{
	size_t i = 0;

	while (i < l->n && !is_key(l, &l->lines[i], KEY_MORE))
		i++;
	return i;
}

static bool
has_own_back(const struct layout *l, const struct sheet *s)
{
	for (size_t i = s->from; i < s->to; i++)
		if (is_key(l, &l->lines[i], KEY_BACK))
			return true;
	return false;
}

/* What is typed on a page that asks is an answer, '0' included; and a message goes on by any key.
 */
static bool
may_go_back(const struct layout *l)
{
	return l->node->kind == MENU_MENU || l->node->kind == MENU_LIST ||
	       l->node->kind == MENU_LANGUAGE;
}

/* The most lines from s->from on that fit; 0 when not even one does. */
static size_t
widest(const struct layout *l, struct sheet *s, bool back)
{
	size_t best = 0, tail = tail_of(l);

	for (size_t to = s->from + 1; to <= l->n; to++) {
		struct sheet tried = {s->from, to, .more = to < l->n};

		if (to > tail && to < l->n)
			continue;
		tried.back = back && !has_own_back(l, &tried);
		if (!fits(l, &tried)) {
			if (to < tail)
				break;
			continue;
		}
		best = to - s->from;
		*s = tried;
	}
	return best;
}

/* A mark, or a joiner, belongs to the letter before it. */
static bool
is_mark(uint32_t cp)
{
	return (cp >= 0x0300 && cp <= 0x036F) || (cp >= 0x0610 && cp <= 0x061A) ||
	       (cp >= 0x064B && cp <= 0x065F) || cp == 0x0670 || cp == 0x200D ||
	       (cp >= 0xFE00 && cp <= 0xFE0F);
}

/* Bytes of a line's head that fit on the page with our lines: at the last blank, else before a
 * letter. */
static size_t
head_bytes(struct layout *l, struct sheet *s)
{
	struct str whole = l->lines[s->from].text, rest = whole;
	size_t at_blank = 0, at_letter = 0;
	uint32_t cp;

	while (rest.n > 0) {
		size_t byte = whole.n - rest.n;

		if (!utf8_next(&rest, &cp))
			break;
		if (byte == 0 || is_mark(cp))
			continue;
		l->lines[s->from].text.n = byte;
		bool good = fits(l, s);
		l->lines[s->from].text = whole;
		if (!good)
			break;
		at_letter = byte;
		if (cp == ' ')
			at_blank = byte;
	}
	return at_blank > 0 ? at_blank : at_letter;
}

/* Cuts a line of text that is too long for a page; false when that is no help. */
static bool
line_split(struct layout *l, size_t from, bool back)
{
	struct sheet s = {from, from + 1, .more = true, .back = back};
	struct str whole = l->lines[from].text;

	if (l->lines[from].option != NULL)
		return false;
	size_t n = head_bytes(l, &s);
	if (n == 0)
		return false;
	struct str tail = str_trim(str_after(whole, n));
	l->lines[from].text.n = n;
	if (tail.n > 0)
		line_insert(l, from + 1, (struct line){.text = tail});
	return true;
}

static int
lay_out(struct layout *l)
{
	l->n_sheets = 1;
	l->sheets[0] = (struct sheet){.to = l->n};
	if (fits(l, &l->sheets[0]))
		return W_OK;
	l->n_sheets = 0;
	for (size_t from = 0; from < l->n;) {
		bool back = from > 0 && may_go_back(l);
		struct sheet *s = &l->sheets[l->n_sheets];

		if (l->n_sheets == MENU_PAGES)
			return W_ETOOBIG;
		*s = (struct sheet){.from = from};
		if (widest(l, s, back) == 0 && (!back || widest(l, s, false) == 0)) {
			if (!line_split(l, from, back))
				return W_ETOOBIG;
			continue;
		}
		from = s->to;
		l->n_sheets++;
	}
	return W_OK;
}

static struct layout
layout_of(const struct menu_set *set, const struct menu_node *node, unsigned lang,
	  const struct menu_values *values, struct page_limit limit, struct arena *a)
{
	return (struct layout){.set = set,
			       .node = node,
			       .lang = lang,
			       .values = values,
			       .limit = limit,
			       .arena = a};
}

/* ---- Faces ---- */

static struct str
all_text(const struct layout *l)
{
	return sheet_text(l, &(struct sheet){.to = l->n});
}

/* The retry text with the options, else Z1 and the page; STR_NONE when neither fits one page. */
static struct str
wrong_text(struct layout *l)
{
	struct buf text;

	if (l->node->has_retry_say) {
		lines_make(l, &l->node->retry_say);
		struct str retry = all_text(l);
		if (ussd_fits(retry, l->limit))
			return retry;
	}
	lines_make(l, &l->node->say);
	buf_init_arena(&text, l->arena);
	menu_fill_into(l->set, &l->set->special.wrong_prefix.of[l->lang], l->lang, l->values,
		       &text);
	buf_add_str(&text, all_text(l));
	return ussd_fits(buf_str(&text), l->limit) ? buf_str(&text) : STR_NONE;
}

bool
menu_retry_fits(const struct menu_set *set, uint16_t id, unsigned lang, struct page_limit limit,
		struct arena *a)
{
	const struct menu_node *node = &set->nodes[id];
	struct layout l = layout_of(set, node, lang, NULL, limit, a);

	if (!node->has_retry_say)
		return true;
	lines_make(&l, &node->retry_say);
	return ussd_fits(all_text(&l), limit);
}

static void
page_out(struct menu_page *out, struct str text, unsigned page, unsigned pages)
{
	struct ussd_size size;

	ussd_measure(text, &size);
	*out = (struct menu_page){.text = text,
				  .page = page,
				  .pages = pages,
				  .units = size.units,
				  .coding = size.coding};
}

static bool
has_page(const struct menu_node *node)
{
	return node != NULL && node->kind != MENU_RECORD && node->kind != MENU_BRANCH &&
	       node->kind != MENU_CALLBACK;
}

int
menu_show(const struct menu_set *set, uint16_t id, unsigned lang, unsigned page,
	  enum menu_face face, const struct menu_values *values, struct page_limit limit,
	  struct arena *a, struct menu_page *out)
{
	const struct menu_node *node = menu_node(set, id);
	struct layout l = layout_of(set, node, lang, values, limit, a);

	if (!has_page(node) || lang >= set->n_langs)
		return W_EINVAL;
	if (face == FACE_WRONG && page == 0) {
		struct str text = wrong_text(&l);

		if (text.p != NULL) {
			page_out(out, text, 0, 1);
			return W_OK;
		}
	}
	lines_make(&l, &node->say);
	int rc = lay_out(&l);
	if (rc != W_OK)
		return rc;
	if (page >= l.n_sheets)
		return W_ENOENT;
	page_out(out, l.sheets[page].text, page, l.n_sheets);
	return W_OK;
}

/* ---- Keys ---- */

/* Pages are laid out only for the two keys that turn them. */
static enum menu_press
turns_page(struct layout *l, unsigned page, struct str folded)
{
	bool more = str_is(folded, l->set->keys[KEY_MORE]);
	bool back = str_is(folded, l->set->keys[KEY_BACK]);

	if (!more && !back)
		return PRESS_NOTHING;
	lines_make(l, &l->node->say);
	if (lay_out(l) != W_OK || page >= l->n_sheets)
		return PRESS_NOTHING;
	if (more && l->sheets[page].more)
		return PRESS_MORE;
	return back && l->sheets[page].back ? PRESS_PAGE_BACK : PRESS_NOTHING;
}

enum menu_press
menu_press(const struct menu_set *set, uint16_t id, unsigned lang, unsigned page,
	   const struct menu_values *values, struct page_limit limit, struct str folded,
	   struct arena *a, size_t *option)
{
	const struct menu_node *node = menu_node(set, id);
	struct layout l = layout_of(set, node, lang, values, limit, a);

	if (!has_page(node) || lang >= set->n_langs)
		return PRESS_NOTHING;
	enum menu_press turned = turns_page(&l, page, folded);
	if (turned != PRESS_NOTHING)
		return turned;
	for (size_t i = 0; i < node->n_options; i++) {
		if (str_is(folded, node->options[i].key) && visible(&l, &node->options[i])) {
			*option = i;
			return PRESS_OPTION;
		}
	}
	return PRESS_NOTHING;
}
