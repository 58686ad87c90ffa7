#include "menu/menu_int.h"

/*
 * Words that may never be sent. Both sides are folded (text_fold), so that
 * accents, harakat, tatweel, seats of hamza and case do not hide a word; dots
 * and hyphens inside a word are taken out, and single letters with blanks
 * between are put together.
 *
 * Arabic words are looked for anywhere in a word, as articles, prepositions and
 * endings are joined to it; Latin ones at the start of a word, after at most a
 * joined Darija article or preposition ("l7ebs", "fl7abs"), as "liber-" inside
 * a word means nothing.
 */

enum { WORD_MAX = 128 };

/* Letters and digits; what is left of a folded word otherwise is punctuation. */
static bool
is_letter(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') || cp >= 0xC0;
}

static bool
contains(struct str hay, struct str needle)
{
	return needle.n > 0 && hay.n >= needle.n && memmem(hay.p, hay.n, needle.p, needle.n);
}

/* "mahkama" closes with teh marbuta, which becomes teh before an ending. */
static bool
arabic_in(const struct menu_forbid *f, struct str word)
{
	if (contains(word, f->folded))
		return true;
	if (!f->stem)
		return false;
	struct str stem = {f->folded.p, f->folded.n - 2};
	char joined[WORD_MAX];
	struct buf b;
	buf_init(&b, joined, sizeof(joined));
	buf_add_str(&b, stem);
	buf_adds(&b, "\xD8\xAA"); /* teh */
	return buf_ok(&b) && contains(word, buf_str(&b));
}

static struct str
arabic_forbidden(const struct menu_set *set, struct str word)
{
	for (size_t i = 0; i < set->n_forbidden; i++)
		if (set->forbidden[i].rtl && arabic_in(&set->forbidden[i], word))
			return set->forbidden[i].word;
	return STR_NONE;
}

static struct str
latin_at_start(const struct menu_set *set, struct str word)
{
	for (size_t i = 0; word.n > 0 && i < set->n_forbidden; i++) {
		const struct menu_forbid *f = &set->forbidden[i];

		/* Most words differ in their first letter: looked at here, as there are many. */
		if (!f->rtl && f->folded.p[0] == word.p[0] && str_starts(word, f->folded))
			return f->word;
	}
	return STR_NONE;
}

static struct str
latin_forbidden(const struct menu_set *set, struct str word)
{
	static const struct str joined[] = {{"", 0},  {"l", 1},   {"el", 2}, {"al", 2},
					    {"d", 1}, {"dl", 2},  {"f", 1},  {"fl", 2},
					    {"b", 1}, {"bl", 2},  {"w", 1},  {"wl", 2},
					    {"s", 1}, {"lil", 3}, {"m", 1},  {"ml", 2}};
	struct str found = STR_NONE;

	for (size_t i = 0; found.p == NULL && i < ARRAY_LEN(joined); i++)
		if (str_starts(word, joined[i]))
			found = latin_at_start(set, str_after(word, joined[i].n));
	return found;
}

/* A word that begins in one script may go on in the other; what is looked for at the start of a
 * word, though, is Latin as the word is. */
static struct str
word_forbidden(const struct menu_set *set, struct str word)
{
	struct str found = STR_NONE;
	bool ascii = true;

	for (size_t i = 0; ascii && i < word.n; i++)
		ascii = (unsigned char)word.p[i] < 0x80;
	if (word.n > 0 && (unsigned char)word.p[0] < 0x80)
		found = latin_forbidden(set, word);
	return found.p == NULL && !ascii ? arabic_forbidden(set, word) : found;
}

/* Piece by piece between punctuation, and with the punctuation taken out. */
static struct str
pieces_forbidden(const struct menu_set *set, struct str folded)
{
	char whole[WORD_MAX];
	struct buf all;
	struct str rest = folded, found = STR_NONE;
	const char *start = folded.p;
	uint32_t cp;

	buf_init(&all, whole, sizeof(whole));
	while (found.p == NULL && rest.n > 0) {
		const char *p = rest.p;

		if (!utf8_next(&rest, &cp))
			break;
		if (is_letter(cp)) {
			utf8_put(&all, cp);
			continue;
		}
		found = word_forbidden(set, (struct str){start, (size_t)(p - start)});
		start = rest.p;
	}
	if (found.p == NULL && start != NULL && start != folded.p && start < folded.p + folded.n)
		found = word_forbidden(set,
				       (struct str){start, (size_t)(folded.p + folded.n - start)});
	return found.p != NULL ? found : word_forbidden(set, buf_str(&all));
}

static bool
blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static struct str
next_word(struct str *rest)
{
	size_t n = 0;

	while (rest->n > 0 && blank(rest->p[0]))
		*rest = str_after(*rest, 1);
	while (n < rest->n && !blank(rest->p[n]))
		n++;
	struct str word = {rest->p, n};
	*rest = str_after(*rest, n);
	return word;
}

struct str
menu_forbidden(const struct menu_set *set, struct str text, struct arena *a)
{
	struct str rest = text, found = STR_NONE;
	char spaced[WORD_MAX];
	struct buf run, folded;

	buf_init(&run, spaced, sizeof(spaced));
	while (rest.n > 0 && found.p == NULL && set->n_forbidden > 0) {
		struct str word = next_word(&rest);

		buf_init_arena(&folded, a);
		if (word.n == 0 || text_fold(word, &folded) != W_OK)
			continue;
		if (utf8_count(buf_str(&folded)) == 1) {
			buf_add_str(&run, buf_str(&folded));
			found = word_forbidden(set, buf_str(&run));
			continue;
		}
		buf_init(&run, spaced, sizeof(spaced));
		found = pieces_forbidden(set, buf_str(&folded));
	}
	return found;
}

/* ---- lint.yaml ---- */

static const struct yaml_key lint_keys[] = {
	{"wasl", YAML_T_INT, true, 1, 1},
	{"forbidden", YAML_T_LIST, true, 0, 0},
};

static void
forbid_add(struct menu_loader *ld, const struct yaml_node *at)
{
	struct menu_set *set = ld->set;
	struct menu_forbid *f = &set->forbidden[set->n_forbidden];
	struct buf folded;

	if (!menu_need_scalar(ld, at, "a word"))
		return;
	buf_init_arena(&folded, set->arena);
	if (at->text.n > WORD_MAX / 2 || text_fold(at->text, &folded) != W_OK ||
	    utf8_count(buf_str(&folded)) < 3) {
		menu_fault(ld, at, "a forbidden word has at least three letters");
		return;
	}
	f->word = arena_str(set->arena, at->text);
	f->folded = buf_str(&folded);
	f->rtl = text_is_rtl(at->text);
	f->stem = at->text.n > 2 && memcmp(at->text.p + at->text.n - 2, "\xD8\xA9", 2) == 0;
	set->n_forbidden++;
}

void
menu_lint_read(struct menu_loader *ld)
{
	struct menu_set *set = ld->set;

	if (!ld->lint.there) {
		err_warn(ld->err, ld->lint.path, 0, 0,
			 "there is no such file: no word is forbidden");
		return;
	}
	ld->doc = ld->lint.doc;
	if (yaml_check(ld->doc, ld->doc->root, lint_keys, ARRAY_LEN(lint_keys), ld->err) != W_OK)
		return;
	const struct yaml_node *list = yaml_get(ld->doc->root, "forbidden");
	set->forbidden = ARENA_ARRAY(set->arena, struct menu_forbid, list->n + 1);
	for (size_t i = 0; i < list->n; i++)
		forbid_add(ld, list->items[i]);
}
