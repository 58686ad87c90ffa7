#include "menu/menu_int.h"

#define LRM "\xE2\x80\x8E" /* U+200E: what stands between two of them keeps its order */

/* What a character costs where it is shown: UTF-16 units in Arabic pages, septets in Latin ones. */
static size_t
cost(uint32_t cp, bool rtl)
{
	size_t septets = rtl ? 0 : gsm7_cost(cp);

	return septets > 0 ? septets : cp > 0xFFFF ? 2 : 1;
}

/* The value, cut at a blank where it is over its most; STR_NONE when there is no such place. */
static struct str
within(struct str value, size_t most, bool rtl)
{
	struct str rest = value, kept = STR_NONE;
	size_t used = 0;
	uint32_t cp;

	while (utf8_next(&rest, &cp)) {
		if (cp == ' ')
			kept = (struct str){value.p, value.n - rest.n - 1};
		used += cost(cp, rtl);
		if (used > most)
			return kept.n > 0 ? kept : STR_NONE;
	}
	return value;
}

static bool
is_code(const struct menu_piece *piece)
{
	return piece->kind == PIECE_FACT && piece->id == MENU_FACT_CHANNEL_CODE;
}

static bool
is_digits(const struct menu_piece *piece)
{
	static const enum menu_fact digits[] = {
		MENU_FACT_CENTRE_TEL,  MENU_FACT_RUN_LEFT,        MENU_FACT_PIN_LEFT,
		MENU_FACT_NEED_NUMBER, MENU_FACT_NEED_COUNT,      MENU_FACT_POLICE,
		MENU_FACT_GENDARMERIE, MENU_FACT_AMBULANCE,       MENU_FACT_SAMU,
		MENU_FACT_WOMEN,       MENU_FACT_APPOINTMENT_TIME};

	for (size_t i = 0; i < ARRAY_LEN(digits); i++)
		if (piece->kind == PIECE_FACT && piece->id == digits[i])
			return true;
	return false;
}

/* What is made of labels is never longer than the longest of them. */
static size_t
longest_of(const struct menu_set *set, unsigned lang, const struct menu_piece *piece, size_t most)
{
	size_t measured = piece->kind == PIECE_FACT ? set->measured[lang][piece->id] : 0;

	return measured > 0 && measured < most ? measured : most;
}

/* The longest value a hole may get: digits, a code, or letters of the script. */
static void
longest_into(const struct menu_piece *piece, size_t most, bool rtl, struct buf *to)
{
	const char *letter = is_digits(piece) || is_code(piece) ? "0" : rtl ? "\xD9\x85" : "m";

	if (is_code(piece))
		buf_adds(to, "*");
	for (size_t i = is_code(piece) ? 2 : 0; i < most; i++)
		buf_adds(to, letter);
	if (is_code(piece))
		buf_adds(to, "#");
}

/* An absent value takes the blank, line feed or ": " before it along. */
static void
gap_close(struct buf *to)
{
	size_t n = to->n;

	if (n > 0 && (to->p[n - 1] == ' ' || to->p[n - 1] == '\n'))
		n--;
	if (n > 0 && n + 1 == to->n && to->p[n] == ' ' && to->p[n - 1] == ':')
		n--;
	buf_cut(to, n);
}

/* A day is stored 2026-11-30 and shown 30/11/2026, as the hyphens turn round in Arabic text. */
static struct str
as_shown(const struct menu_set *set, const struct menu_piece *piece, struct str value,
	 struct buf *day)
{
	int64_t number;

	if (piece->kind != PIECE_VAR || !menu_type_is(set->vars[piece->id].type, "date") ||
	    value.n != 10 || !menu_number(value, &number))
		return value;
	buf_printf(day, "%02d/%02d/%04d", (int)(number % 100), (int)(number / 100 % 100),
		   (int)(number / 10000));
	return buf_str(day);
}

static void
hole_into(const struct menu_set *set, unsigned lang, const struct menu_piece *piece,
	  const struct menu_values *values, struct buf *to)
{
	bool rtl = set->langs[lang].rtl;
	bool wrapped = rtl && is_code(piece);
	size_t most = (rtl ? piece->max_rtl : piece->max) - (wrapped ? 2 : 0);
	struct str value = STR_NONE;
	char shown[16];
	struct buf day;

	buf_init(&day, shown, sizeof(shown));
	if (values != NULL) {
		value = piece->kind == PIECE_FACT ? values->facts[piece->id]
						  : values->vars[piece->id];
		value = within(as_shown(set, piece, value, &day), most, rtl);
		if (value.n == 0) {
			gap_close(to);
			return;
		}
	}
	if (wrapped)
		buf_adds(to, LRM);
	if (values == NULL)
		longest_into(piece, longest_of(set, lang, piece, most), rtl, to);
	else
		buf_add_str(to, value);
	if (wrapped)
		buf_adds(to, LRM);
}

void
menu_fill_into(const struct menu_set *set, const struct menu_text *text, unsigned lang,
	       const struct menu_values *values, struct buf *to)
{
	size_t start = to->n;

	for (size_t i = 0; i < text->n; i++) {
		const struct menu_piece *piece = &text->pieces[i];
		struct str literal = piece->literal;

		if (piece->kind != PIECE_LITERAL) {
			hole_into(set, lang, piece, values, to);
			continue;
		}
		/* Nothing stands before: the blank after a dropped first word goes instead. */
		if (i > 0 && to->n == start && literal.n > 0 &&
		    (literal.p[0] == ' ' || literal.p[0] == '\n'))
			literal = str_after(literal, 1);
		buf_add_str(to, literal);
	}
}

struct str
menu_fill(const struct menu_set *set, const struct menu_text *text, unsigned lang,
	  const struct menu_values *values, struct arena *a)
{
	struct buf filled;

	buf_init_arena(&filled, a);
	menu_fill_into(set, text, lang, values, &filled);
	return buf_str(&filled);
}
