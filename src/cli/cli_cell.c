#include "cli/cli_print.h"

#include "text/text.h"

#include <wchar.h>

/* Line ends, tabs and the two separators that end a paragraph for a bidi terminal. */
static bool
breaks_line(uint32_t cp)
{
	return cp == '\n' || cp == '\r' || cp == '\t' || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

const char *
cell_clean(struct arena *a, struct str s)
{
	struct buf flat, clean;
	uint32_t cp;

	buf_init_arena(&flat, a);
	while (s.n > 0) {
		if (!utf8_next(&s, &cp)) {
			s = str_after(s, 1);
			cp = 0xFFFD;
		}
		utf8_put(&flat, breaks_line(cp) ? ' ' : cp);
	}
	buf_init_arena(&clean, a);
	text_strip_controls(buf_str(&flat), &clean);
	return clean.n > 0 ? clean.p : "";
}

static const char *
value_text(struct arena *a, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_STRING:
		return cell_clean(a, (struct str){json_string_value(v), json_string_length(v)});
	case JSON_INTEGER:
		return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	case JSON_REAL:
		return arena_printf(a, "%.10g", json_real_value(v));
	case JSON_TRUE:
		return "yes";
	case JSON_FALSE:
		return "no";
	case JSON_OBJECT:
	case JSON_ARRAY:
	case JSON_NULL:
		break;
	}
	return "";
}

const char *
cell_text(struct sheet *s, const json_t *row, const char *field)
{
	const json_t *v = json_object_get(row, field);
	struct buf list;

	if (v == NULL)
		return "";
	if (!json_is_array(v))
		return value_text(s->a, v);
	buf_init_arena(&list, s->a);
	for (size_t i = 0; i < json_array_size(v); i++)
		buf_printf(&list, "%s%s", i ? "," : "", value_text(s->a, json_array_get(v, i)));
	return list.n > 0 ? list.p : "";
}

int64_t
cell_int(const json_t *row, const char *field, int64_t otherwise)
{
	const json_t *v = json_object_get(row, field);

	return json_is_integer(v) ? (int64_t)json_integer_value(v) : otherwise;
}

bool
cell_true(const json_t *row, const char *field)
{
	return json_is_true(json_object_get(row, field));
}

const char *
cell_isolate(struct sheet *s, const char *text)
{
	if (s->view.bidi != BIDI_ISOLATE || !text_is_rtl(str_of(text)))
		return text;
	/* FIRST STRONG ISOLATE ... POP DIRECTIONAL ISOLATE (UAX 9) */
	return arena_printf(s->a, "\u2068%s\u2069", text);
}

const char *
cell_person(struct sheet *s, const json_t *row)
{
	const char *ref = cell_text(s, row, "ref");
	const char *first = cell_text(s, row, s->view.ascii ? "name_la" : "name_ar");
	const char *other = cell_text(s, row, s->view.ascii ? "name_ar" : "name_la");
	const char *name = first[0] != '\0' ? first : other;

	if (name[0] == '\0')
		return ref;
	/* A name never stands at the head of a cell: a Latin word leads. */
	return arena_printf(s->a, "%s  %s", ref[0] != '\0' ? ref : "name:", cell_isolate(s, name));
}

const char *
cell_number(struct sheet *s, const json_t *row, const char *field, char letter)
{
	int64_t n = cell_int(row, field, -1);

	/* The gateway says them with their letter; a bare number gets it here. */
	return n < 0 ? cell_text(s, row, field)
		     : arena_printf(s->a, "%c-%lld", letter, (long long)n);
}

size_t
line_width(const char *text)
{
	struct str rest = str_of(text);
	size_t width = 0;
	uint32_t cp;

	while (utf8_next(&rest, &cp)) {
		int w = wcwidth((wchar_t)cp);

		width += w > 0 ? (size_t)w : 0;
	}
	return width;
}
