#include "channel/channel_int.h"

#include <jansson.h>

/* ---- One hole ---- */

static const struct let *
let_of(const struct solving *s, size_t slot)
{
	for (size_t i = 0; i < s->n_lets; i++)
		if (s->lets[i].slot == slot)
			return &s->lets[i];
	return NULL;
}

/* The text of a word in this situation, or NULL. */
static const struct text_plan *
word_of(const struct solving *s, size_t slot)
{
	for (size_t i = 0; s->sheet != NULL && i < s->sheet->n_words; i++)
		for (int when = 0; s->sheet->words[i].slot == slot && when < SITUATIONS; when++)
			if ((s->when & 1U << when) && s->sheet->words[i].by[when] != NULL)
				return s->sheet->words[i].by[when];
	return NULL;
}

/* Constants of the channel and words of the situation are as they are, absent included. */
static bool
fixed(const struct solving *s, size_t slot)
{
	const struct place *p = &s->plan->places[slot];

	return p->from == FROM_CHANNEL || p->from == FROM_SECRET || p->from == FROM_URL ||
	       (p->scoped && word_of(s, slot) == NULL);
}

static bool
known(const struct solving *s, const struct hole *h)
{
	return piece_has(s->sc.slots[h->slot]) || fixed(s, h->slot);
}

static bool
solve_hole(struct solving *s, const struct hole *h, struct piece p)
{
	const struct let *let = let_of(s, h->slot);
	const struct text_plan *word = word_of(s, h->slot);

	for (size_t i = h->n_filters; i > 0; i--)
		p = filter_undo(&h->filters[i - 1], p, s->sc.arena);
	if (!piece_has(p))
		return false;
	if (known(s, h))
		return str_eq(s->sc.slots[h->slot].s, p.s);
	s->sc.slots[h->slot] = p;
	if (word != NULL)
		return solve_text(s, word, p.s);
	return let == NULL || solve_value(s, let->value, p.s);
}

/* ---- A text with holes against what stands there ---- */

/* The text of a part that is known, or p NULL. */
static struct str
known_part(struct solving *s, const struct text_part *part)
{
	if (!part->is_hole)
		return part->literal;
	if (!known(s, &part->hole))
		return STR_NONE;
	struct piece p = eval_hole(&part->hole, &s->sc);

	if (!piece_has(p) || p.s.p == NULL)
		return STR_LIT("");
	if (!s->percent)
		return p.s;
	struct buf b;

	buf_init_arena(&b, s->sc.arena);
	codec_percent(p.s, false, &b);
	return buf_str(&b);
}

/* All known parts from i up to the next unknown one. */
static struct str
known_run(struct solving *s, const struct text_plan *t, size_t i, size_t *next)
{
	struct buf b;

	buf_init_arena(&b, s->sc.arena);
	for (; i < t->n; i++) {
		struct str text = known_part(s, &t->parts[i]);

		if (text.p == NULL)
			break;
		buf_add_str(&b, text);
	}
	*next = i;
	return buf_str(&b);
}

static ptrdiff_t
find_text(struct str in, struct str what)
{
	for (size_t i = 0; i + what.n <= in.n; i++)
		if (memcmp(in.p + i, what.p, what.n) == 0)
			return (ptrdiff_t)i;
	return -1;
}

/* Where the text of an unknown hole ends: before the run after it, the last one at the end. */
static ptrdiff_t
hole_end(struct str rest, struct str run, bool last)
{
	if (!last)
		return run.n == 0 ? -1 : find_text(rest, run);
	if (rest.n < run.n || !str_eq(str_after(rest, rest.n - run.n), run))
		return -1;
	return (ptrdiff_t)(rest.n - run.n);
}

static bool
take_hole(struct solving *s, const struct hole *h, struct str text)
{
	if (s->percent && !codec_unpercent(text, false, s->sc.arena, &text))
		return false;
	return solve_hole(s, h, piece_text((struct str){str_bytes(text), text.n}));
}

bool
solve_text(struct solving *s, const struct text_plan *t, struct str got)
{
	size_t i;
	struct str run = known_run(s, t, 0, &i);

	if (!str_starts(got, run))
		return false;
	got = str_after(got, run.n);
	while (i < t->n) {
		const struct hole *h = &t->parts[i].hole;
		size_t next;

		run = known_run(s, t, i + 1, &next);
		ptrdiff_t end = hole_end(got, run, next == t->n);

		if (end < 0 || !take_hole(s, h, (struct str){got.p, (size_t)end}))
			return false;
		got = str_after(got, (size_t)end + run.n);
		i = next;
	}
	return got.n == 0;
}

/* ---- Values ---- */

/*
 * A text in which the pattern finds the piece: the piece itself, or the plain
 * characters the pattern begins with and then the piece.
 */
static bool
unmatch(const struct value *v, struct str piece, struct arena *a, struct str *out)
{
	struct str found, plain = v->pattern;
	size_t n = 0;

	if (match_find(v->match, piece, &found) && str_eq(found, piece)) {
		*out = piece;
		return true;
	}
	if (plain.n > 0 && plain.p[0] == '^')
		plain = str_after(plain, 1);
	while (n < plain.n && strchr("\\([.*+?{|$^", plain.p[n]) == NULL)
		n++;
	*out = str_of(arena_printf(a, "%.*s%.*s", (int)n, str_bytes(plain), STR_ARG(piece)));
	return match_find(v->match, *out, &found) && str_eq(found, piece);
}

static bool
uncharset(struct solving *s, const struct value *v, struct str text, struct str *out)
{
	static const char *const tries[] = {"utf-16be", "utf-8"};
	enum charset c = v->charset;

	if (v->charset_from != NULL) {
		struct str word = eval_str(v->charset_from, &s->sc);

		c = word.p == NULL ? CHARSET_UTF8 : codec_charset(word);
	}
	if (c == CHARSET_NONE && v->charset_from == NULL) {
		*out = text;
		return true;
	}
	if (c != CHARSET_NONE && codec_encode(c, text, s->sc.arena, out))
		return true;
	for (size_t i = 0; v->charset_from != NULL && i < ARRAY_LEN(tries); i++)
		if (solve_value(s, v->charset_from, str_of(tries[i])) &&
		    codec_encode(codec_charset(str_of(tries[i])), text, s->sc.arena, out))
			return true;
	return false;
}

/* The value before the map: match and charset undone. */
static bool
solve_at(struct solving *s, const struct value *v, struct str word)
{
	if (v->match != NULL && !unmatch(v, word, s->sc.arena, &word))
		return false;
	return uncharset(s, v, word, &word) && solve_value(s, v->at, word);
}

static bool
gives(struct solving *s, const struct text_plan *t, struct str wanted)
{
	struct piece p = t == NULL ? PIECE_NONE : eval_text(t, &s->sc);

	return piece_has(p) && str_eq_nocase(p.s, wanted);
}

/* Tries a change of the slots and takes it back when it fails. */
static bool
attempt(struct solving *s, bool (*try)(struct solving *, const struct value *, struct str),
	const struct value *v, struct str wanted)
{
	size_t size = s->plan->n * sizeof(*s->sc.slots);
	struct piece *before = arena_memdup(s->sc.arena, s->sc.slots, size);

	if (try(s, v, wanted))
		return true;
	memcpy(s->sc.slots, before, size);
	return false;
}

static bool
solve_mapping(struct solving *s, const struct value *v, struct str wanted)
{
	const struct map *m = v->map;

	if (m == NULL)
		return attempt(s, solve_at, v, wanted) || gives(s, v->fallback, wanted);
	for (size_t i = 0; i < m->n_exact; i++)
		if (gives(s, m->exact[i].to, wanted) && attempt(s, solve_at, v, m->exact[i].key))
			return true;
	for (size_t i = 0; i < m->n_prefixes; i++)
		if (gives(s, m->prefixes[i].to, wanted) &&
		    attempt(s, solve_at, v, m->prefixes[i].key))
			return true;
	if (gives(s, v->fallback, wanted) && !piece_has(eval_value(v->at, &s->sc)))
		return true;
	return gives(s, m->rest, wanted) && attempt(s, solve_at, v, STR_LIT("1"));
}

bool
solve_value(struct solving *s, const struct value *v, struct str wanted)
{
	switch (v->kind) {
	case VALUE_PLACE:
		return solve_hole(s, &v->place, piece_text(wanted));
	case VALUE_TEXT:
		return solve_text(s, v->text, wanted);
	case VALUE_LIST:
		for (size_t i = 0; i < v->n_items; i++)
			if (attempt(s, solve_value, v->items[i], wanted))
				return true;
		return false;
	default:
		return solve_mapping(s, v, wanted);
	}
}

/* ---- Forms and JSON ---- */

/* The value of the nth parameter of a name. */
static bool
param_at(struct str encoded, struct str wanted, size_t nth, struct arena *a, struct str *out)
{
	struct str name, value, plain;

	while (codec_param(&encoded, &name, &value))
		if (codec_unpercent(name, true, a, &plain) && str_eq(plain, wanted) && nth-- == 0)
			return codec_unpercent(value, true, a, out);
	return false;
}

static bool
may_be_left_out(const struct text_plan *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->parts[i].is_hole && t->parts[i].hole.optional)
			return true;
	return false;
}

bool
solve_params(struct solving *s, const struct params *ps, struct str encoded)
{
	for (size_t i = 0; i < ps->n; i++) {
		const struct param *p = &ps->rows[i];
		size_t nth = 0;
		struct str value;

		for (size_t k = 0; k < i; k++)
			nth += str_eq(ps->rows[k].name, p->name);
		if (!param_at(encoded, p->name, nth, s->sc.arena, &value)) {
			if (!s->lenient && !may_be_left_out(p->text))
				return false;
			continue;
		}
		if (!solve_text(s, p->text, value))
			return false;
	}
	return true;
}

static bool
json_text_of(const struct json_plan *j, json_t *got, struct solving *s)
{
	struct piece p = tree_piece(got, s->sc.arena);

	if (j->kind == JSON_PLAIN)
		return json_is_null(got) ? str_is(j->plain, "null") : str_eq(p.s, j->plain);
	if (json_is_null(got)) /* a word of a set may be null */
		p = (struct piece){STR_LIT("null"), PIECE_WORD};
	return piece_has(p) && solve_text(s, j->text, p.s);
}

/* Recursion over the template, whose depth the reader bounds. */
bool
solve_json(struct solving *s, const struct json_plan *j, struct json_t *got)
{
	if (j->kind == JSON_TEXT || j->kind == JSON_PLAIN)
		return json_text_of(j, got, s);
	if (j->kind == JSON_MAP ? !json_is_object(got) : !json_is_array(got))
		return false;
	for (size_t i = 0; i < j->n; i++) {
		json_t *item = j->kind == JSON_MAP
				       ? json_object_getn(got, j->keys[i].p, j->keys[i].n)
				       : json_array_get(got, i);
		const struct json_plan *wanted = j->items[i];

		if (item == NULL) {
			if (!s->lenient &&
			    (wanted->kind != JSON_TEXT || !may_be_left_out(wanted->text)))
				return false;
			continue;
		}
		if (!solve_json(s, wanted, item))
			return false;
	}
	return true;
}
