#include "channel/channel_int.h"

/* Slots to bytes: the templates of answers and calls. */

/*
 * Absent with '?' leaves out what holds the hole; absent without leaves an
 * empty text and is told, for a call cannot do without.
 */
enum fill_result
fill_text(const struct text_plan *t, struct scene *sc, struct str *out)
{
	enum fill_result rc = FILL_OK;
	struct buf b;

	if (t->n == 1 && !t->parts[0].is_hole) {
		*out = t->parts[0].literal;
		return rc;
	}
	buf_init_arena(&b, sc->arena);
	for (size_t i = 0; i < t->n; i++) {
		const struct text_part *part = &t->parts[i];
		struct piece p =
			part->is_hole ? eval_hole(&part->hole, sc) : piece_text(part->literal);

		if (!piece_has(p)) {
			if (part->hole.optional)
				return FILL_LEFT_OUT;
			rc = FILL_MISSING;
		}
		buf_add_str(&b, p.s);
	}
	*out = buf_str(&b);
	return rc;
}

enum fill_result
fill_url(const struct text_plan *t, struct scene *sc, struct str *out)
{
	enum fill_result rc = FILL_OK;
	struct buf b;

	buf_init_arena(&b, sc->arena);
	for (size_t i = 0; i < t->n; i++) {
		const struct text_part *part = &t->parts[i];
		struct piece p =
			part->is_hole ? eval_hole(&part->hole, sc) : piece_text(part->literal);

		if (!piece_has(p))
			rc = FILL_MISSING;
		if (part->is_hole && i > 0)
			codec_percent(p.s, false, &b);
		else
			buf_add_str(&b, p.s);
	}
	*out = buf_str(&b);
	return rc;
}

static struct str
header_value(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		to[i] = (unsigned char)s.p[i] < 32 || s.p[i] == 127 ? ' ' : s.p[i];
	return (struct str){to, s.n};
}

static void
fill_headers(const struct params *ps, struct scene *sc, struct filled *out)
{
	out->headers = ARENA_ARRAY(sc->arena, struct wire_header, ps->n + 1); /* one for basic */
	for (size_t i = 0; i < ps->n; i++) {
		struct str value;
		enum fill_result rc = fill_text(ps->rows[i].text, sc, &value);

		if (rc == FILL_LEFT_OUT)
			continue;
		out->missing |= rc == FILL_MISSING || value.n > HEADER_BYTES;
		out->headers[out->n_headers++] =
			(struct wire_header){ps->rows[i].name, header_value(value, sc->arena)};
	}
}

static struct str
fill_params(const struct params *ps, bool plus, struct scene *sc, struct filled *out)
{
	struct buf b;

	if (ps->n == 0)
		return STR_NONE;
	buf_init_arena(&b, sc->arena);
	for (size_t i = 0; i < ps->n; i++) {
		struct str value;
		enum fill_result rc = fill_text(ps->rows[i].text, sc, &value);

		if (rc == FILL_LEFT_OUT)
			continue;
		out->missing |= rc == FILL_MISSING;
		if (b.n > 0)
			buf_addc(&b, '&');
		codec_percent(ps->rows[i].name, plus, &b);
		buf_addc(&b, '=');
		codec_percent(value, plus, &b);
	}
	return buf_str(&b);
}

/* ---- JSON ---- */

/* False: nothing was written, the member is left out. */
static bool
json_leaf(const struct text_plan *t, struct scene *sc, struct filled *out, struct buf *b)
{
	struct str value;

	if (t->n == 1 && t->parts[0].is_hole) {
		struct piece p = eval_hole(&t->parts[0].hole, sc);

		if (p.type == PIECE_NUMBER || p.type == PIECE_WORD) {
			buf_add_str(b, p.s);
			return true;
		}
	}
	enum fill_result rc = fill_text(t, sc, &value);

	out->missing |= rc == FILL_MISSING;
	if (rc != FILL_LEFT_OUT)
		codec_json_text(value, b);
	return rc != FILL_LEFT_OUT;
}

/* Recursion over the template, whose depth the reader bounds. */
static bool
fill_json(const struct json_plan *j, struct scene *sc, struct filled *out, struct buf *b)
{
	bool first = true;

	if (j->kind == JSON_TEXT)
		return json_leaf(j->text, sc, out, b);
	if (j->kind == JSON_PLAIN) {
		buf_add_str(b, j->plain);
		return true;
	}
	buf_addc(b, j->kind == JSON_MAP ? '{' : '[');
	for (size_t i = 0; i < j->n; i++) {
		size_t before = b->n;

		if (!first)
			buf_addc(b, ',');
		if (j->kind == JSON_MAP) {
			codec_json_text(j->keys[i], b);
			buf_addc(b, ':');
		}
		if (fill_json(j->items[i], sc, out, b))
			first = false;
		else
			buf_cut(b, before);
	}
	buf_addc(b, j->kind == JSON_MAP ? '}' : ']');
	return true;
}

static struct str
fill_xml(const struct text_plan *t, struct scene *sc, struct filled *out)
{
	struct buf b;

	buf_init_arena(&b, sc->arena);
	for (size_t i = 0; i < t->n; i++) {
		const struct text_part *part = &t->parts[i];
		struct piece p = part->is_hole ? eval_hole(&part->hole, sc) : PIECE_NONE;

		if (!part->is_hole)
			buf_add_str(&b, part->literal);
		else
			codec_xml_text(p.s, &b);
		out->missing |= part->is_hole && !piece_has(p);
	}
	return buf_str(&b);
}

/* ---- The whole ---- */

void
fill_words(const struct sheet *s, unsigned situations, struct scene *sc)
{
	struct piece values[PLAN_SLOTS];

	for (size_t i = 0; i < s->n_words; i++) {
		values[i] = PIECE_NONE;
		for (int when = 0; when < SITUATIONS; when++)
			if ((situations & 1U << when) && s->words[i].by[when] != NULL)
				values[i] = eval_text(s->words[i].by[when], sc);
	}
	for (size_t i = 0; i < s->n_words; i++)
		sc->slots[s->words[i].slot] = values[i];
}

void
fill_sheet(const struct sheet *s, struct scene *sc, struct filled *out)
{
	static const char *const types[] = {
		[SHEET_NONE] = "text/plain; charset=utf-8",
		[SHEET_TEXT] = "text/plain; charset=utf-8",
		[SHEET_JSON] = "application/json",
		[SHEET_XML] = "text/xml; charset=utf-8",
		[SHEET_FORM] = "application/x-www-form-urlencoded",
	};
	struct buf b;

	*out = (struct filled){.type = str_of(types[s->body])};
	fill_headers(&s->headers, sc, out);
	out->query = fill_params(&s->query, false, sc, out);
	if (s->body == SHEET_FORM)
		out->body = fill_params(&s->form, true, sc, out);
	if (s->body == SHEET_TEXT)
		out->missing |= fill_text(s->text, sc, &out->body) != FILL_OK;
	if (s->body == SHEET_XML)
		out->body = fill_xml(s->text, sc, out);
	if (s->body == SHEET_JSON) {
		buf_init_arena(&b, sc->arena);
		fill_json(s->json, sc, out, &b);
		out->body = buf_str(&b);
	}
	if (s->type != NULL && fill_text(s->type, sc, &out->type) == FILL_OK)
		out->type = header_value(out->type, sc->arena);
}
