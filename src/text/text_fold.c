#include "text/text.h"
#include "text/text_int.h"

#include <utf8proc.h>

/*
 * One pass. Each code point is decomposed (NFKD: what NFKC would join again is
 * of no use here, as the joined marks are dropped anyway), each piece is mapped
 * or dropped, and the key takes what is left. Alef, waw and yeh lose hamza and
 * madda by decomposition, Latin letters their accents, and presentation forms
 * become plain letters. Heh and yeh barree of Urdu keep their hamza: there it
 * is another letter.
 */

/* Longest compatibility decomposition of Unicode: U+FDFA, 18 code points. */
enum { PIECES_MAX = 32 };

struct seat {
	uint16_t from, to;
	char second; /* of a letter that becomes two */
};

/* Letters that stand for another on some keyboards and in Darija, and signs with an ASCII twin.
 * Ascending. */
static const struct seat seats[] = {
	{0x0153, 'o', 'e'},  /* oe ligature */
	{0x060C, ',', 0},    /* Arabic comma */
	{0x061B, ';', 0},    /* Arabic semicolon */
	{0x061F, '?', 0},    /* Arabic question mark */
	{0x0629, 0x0647, 0}, /* teh marbuta: heh */
	{0x0649, 0x064A, 0}, /* alef maksura: yeh */
	{0x066A, '%', 0},    /* Arabic percent sign */
	{0x066B, '.', 0},    /* Arabic decimal separator */
	{0x066C, ',', 0},    /* Arabic thousands separator */
	{0x0671, 0x0627, 0}, /* alef wasla: alef */
	{0x067E, 0x0628, 0}, /* peh: beh */
	{0x06A4, 0x0641, 0}, /* veh: feh */
	{0x06A8, 0x0642, 0}, /* qaf with three dots: qaf */
	{0x06A9, 0x0643, 0}, /* keheh: kaf */
	{0x06AD, 0x0643, 0}, /* ng: kaf */
	{0x06AF, 0x0643, 0}, /* gaf: kaf */
	{0x06BE, 0x0647, 0}, /* heh doachashmee: heh */
	{0x06C1, 0x0647, 0}, /* heh goal: heh */
	{0x06CC, 0x064A, 0}, /* Farsi yeh: yeh */
	{0x0763, 0x0643, 0}, /* keheh with three dots above: kaf */
	{0x2018, '\'', 0},   /* left single quotation mark */
	{0x2019, '\'', 0},   /* right single quotation mark */
};

static const struct seat *
seat_of(uint32_t cp)
{
	size_t low = 0, high = ARRAY_LEN(seats);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (seats[middle].from == cp)
			return &seats[middle];
		if (seats[middle].from < cp)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Harakat, Quranic signs, Latin accents, variation selectors, the box of a keycap. */
static bool
is_mark(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);

	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME;
}

static bool
is_punctuation(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);

	return c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_PO; /* '*' and '#' are Po */
}

static bool
is_dropped(uint32_t cp)
{
	return cp == 0x0621 || cp == 0x0640 || /* lone hamza, tatweel */
	       class_is_control(cp) || class_is_steering(cp) || is_mark(cp);
}

/* A key while it grows: blanks wait until something follows them, edge signs before anything else
 * are passed over, and those after the last are cut at the end. */
struct key {
	struct buf *to;
	size_t start, solid; /* bytes up to the last that is neither blank nor punctuation */
	uint32_t last;       /* code point added last */
	bool blank_waits;
};

static void
key_add(struct key *k, uint32_t cp)
{
	bool edge = is_punctuation(cp);

	if (edge && k->solid == k->start)
		return;
	if (k->blank_waits)
		buf_addc(k->to, ' ');
	k->blank_waits = false;
	utf8_put(k->to, cp);
	k->last = cp;
	if (!edge)
		k->solid = k->to->n;
}

/* U+06D5 and U+06D2 with the hamza above that just came: U+06C0 and U+06D3, as NFKC has them. */
static bool
key_joined_hamza(struct key *k, uint32_t cp)
{
	if (cp != 0x0654 || k->blank_waits || k->to->n < k->start + 2 ||
	    (k->last != 0x06D5 && k->last != 0x06D2))
		return false;
	buf_cut(k->to, k->to->n - 2); /* both take two bytes */
	key_add(k, k->last == 0x06D5 ? 0x06C0 : 0x06D3);
	return true;
}

static void
key_add_folded(struct key *k, uint32_t cp)
{
	int digit = class_digit(cp);

	if (class_is_blank(cp)) {
		k->blank_waits = k->solid > k->start;
		return;
	}
	if (key_joined_hamza(k, cp) || is_dropped(cp))
		return;
	if (digit >= 0)
		cp = (uint32_t)('0' + digit);
	cp = (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
	const struct seat *seat = seat_of(cp);
	key_add(k, seat ? seat->to : cp);
	if (seat && seat->second)
		key_add(k, (unsigned char)seat->second);
}

/* Compatibility seats a lone haraka on a blank (U+FE70 and its like); they go together. */
static bool
is_seated_haraka(const utf8proc_int32_t *pieces, size_t n)
{
	return n >= 2 && pieces[0] == ' ' && pieces[1] >= 0x064B && pieces[1] <= 0x0652;
}

static void
key_add_typed(struct key *k, uint32_t cp)
{
	utf8proc_int32_t pieces[PIECES_MAX];
	int last_class = UTF8PROC_BOUNDCLASS_START;

	if (cp < 0x80) {
		key_add_folded(k, cp);
		return;
	}
	utf8proc_ssize_t n = utf8proc_decompose_char(
		(utf8proc_int32_t)cp, pieces, PIECES_MAX,
		(utf8proc_option_t)(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE), &last_class);
	CHECK(n > 0 && n <= PIECES_MAX);
	if (is_seated_haraka(pieces, (size_t)n))
		return;
	for (utf8proc_ssize_t i = 0; i < n; i++)
		key_add_folded(k, (uint32_t)pieces[i]);
}

int
text_fold(struct str typed, struct buf *key)
{
	struct key k = {.to = key, .start = key->n, .solid = key->n};
	const bool fitted = buf_ok(key);
	uint32_t cp;

	if (typed.n > TEXT_TYPED_MAX || !utf8_ok(typed))
		return W_EINVAL;
	while (utf8_next(&typed, &cp))
		key_add_typed(&k, cp);
	if (fitted && !buf_ok(key)) {
		buf_cut(key, k.start);
		return W_ETOOBIG;
	}
	buf_cut(key, k.solid);
	return W_OK;
}
