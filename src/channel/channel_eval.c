#include "channel/channel_int.h"

/* Slots to values. */

struct piece
eval_hole(const struct hole *h, struct scene *sc)
{
	struct piece p = sc->slots[h->slot];

	for (size_t i = 0; i < h->n_filters; i++)
		p = filter_apply(&h->filters[i], p, sc->arena);
	return p;
}

/* Absent if one of its holes is; a text that is one hole keeps the type of what is in it. */
struct piece
eval_text(const struct text_plan *t, struct scene *sc)
{
	struct buf b;

	if (t->n == 1 && t->parts[0].is_hole)
		return eval_hole(&t->parts[0].hole, sc);
	if (t->n == 0)
		return piece_text(STR_LIT(""));
	if (t->n == 1)
		return (struct piece){t->parts[0].literal, t->plain};
	buf_init_arena(&b, sc->arena);
	for (size_t i = 0; i < t->n; i++) {
		const struct text_part *part = &t->parts[i];
		struct piece p =
			part->is_hole ? eval_hole(&part->hole, sc) : piece_text(part->literal);

		if (!piece_has(p) && !part->hole.optional)
			return PIECE_NONE;
		buf_add_str(&b, p.s);
	}
	return piece_text(buf_str(&b));
}

/* A charset that nobody knows, or bytes that are not in it, make the call malformed. */
static struct piece
decoded(const struct value *v, struct piece p, struct scene *sc)
{
	struct str word = eval_str(v->charset_from, sc);
	enum charset c = v->charset_from == NULL ? v->charset : CHARSET_UTF8;
	struct str out = STR_NONE;

	if (word.p != NULL)
		c = codec_charset(word);
	if (c == CHARSET_NONE || !codec_decode(c, p.s, sc->arena, &out)) {
		sc->fault = true;
		return PIECE_NONE;
	}
	return piece_text(out);
}

static struct piece
mapped(const struct value *v, struct piece p, struct scene *sc)
{
	if (piece_has(p) && (v->charset != CHARSET_NONE || v->charset_from != NULL))
		p = decoded(v, p, sc);
	if (piece_has(p) && v->match != NULL) {
		struct str piece = STR_NONE;

		p = match_find(v->match, p.s, &piece) ? piece_text(piece) : PIECE_NONE;
	}
	if (!piece_has(p) || v->map == NULL)
		return p;
	sc->word = p.s;
	const struct text_plan *to = map_find(v->map, p.s);

	return to == NULL ? PIECE_NONE : eval_text(to, sc);
}

/* Recursion over the dialect, whose depth the reader bounds. */
struct piece
eval_value(const struct value *v, struct scene *sc)
{
	struct piece p = PIECE_NONE;

	if (v == NULL)
		return p;
	switch (v->kind) {
	case VALUE_PLACE:
		return eval_hole(&v->place, sc);
	case VALUE_TEXT:
		return eval_text(v->text, sc);
	case VALUE_LIST:
		for (size_t i = 0; i < v->n_items && !piece_has(p) && !sc->fault; i++)
			p = eval_value(v->items[i], sc);
		return p;
	default:
		p = mapped(v, eval_value(v->at, sc), sc);
		return piece_has(p) || v->fallback == NULL ? p : eval_text(v->fallback, sc);
	}
}

struct str
eval_str(const struct value *v, struct scene *sc)
{
	struct piece p = eval_value(v, sc);

	if (!piece_has(p))
		return STR_NONE;
	return (struct str){str_bytes(p.s), p.s.n};
}

void
eval_lets(const struct let *lets, size_t n, struct scene *sc)
{
	for (size_t i = 0; i < n; i++)
		sc->slots[lets[i].slot] = eval_value(lets[i].value, sc);
}
