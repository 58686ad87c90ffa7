#include "cli/cli_print.h"

/* Screens about one person, and the paper slip. */

static const struct table_column timeline_columns[] = {
	{N_("WHEN"), 0, 0, NULL, false}, {N_("KIND"), 0, 0, NULL, false},
	{N_("ID"), 0, 2, NULL, false},   {N_("STATE"), 0, 1, NULL, false},
	{N_("WHAT"), 0, 0, NULL, true},
};

static const struct table_column find_columns[] = {
	{N_("STATUS"), 0, 0, NULL, false},
	{N_("CASEWORKER"), 0, 1, NULL, false},
	{N_("PHONE"), 0, 2, NULL, false},
	{N_("PERSON"), 0, 0, NULL, true},
};

void
screen_person(struct sheet *s)
{
	if (screen_empty(s))
		return;
	for (size_t i = 0; i < json_array_size(s->rows); i++) {
		const json_t *row = json_array_get(s->rows, i);
		/* The other script's name stands below the one in the heading. */
		const char *shown = cell_text(s, row, "name_la")[0] == '\0'   ? "ref name_ar"
				    : cell_text(s, row, "name_ar")[0] == '\0' ? "ref name_la"
				    : s->view.ascii                           ? "ref name_la"
									      : "ref name_ar";

		line_heading(s, cell_person(s, row), "");
		screen_fields(s, row, shown);
		line_summary(
			s, arena_printf(s->a, "wasl person timeline %s", cell_text(s, row, "ref")),
			"");
	}
}

/* "what" may quote the person: it is last on its line, behind the kind. */
static void
timeline_row(struct sheet *s, struct table *t, const json_t *row)
{
	const char *note = cell_text(s, row, "note");
	const char *what = cell_words(s->a, cell_text(s, row, "what"));

	if (json_is_false(json_object_get(row, "verified")))
		what = arena_printf(s->a, "%s%s%s", _("no PIN"), what[0] ? ": " : "", what);
	/* "21 Nov 09:12" under " 2 Nov 11:00" */
	const char *cells[] = {arena_printf(s->a, "%12s", when_full(s, row, "at")),
			       cell_word(s->a, cell_text(s, row, "kind")),
			       cell_text(s, row, "number"),
			       cell_word(s->a, cell_text(s, row, "state")), cell_isolate(s, what)};

	table_row(t, cells);
	if (note[0] != '\0')
		table_below(t, note_lines(s, _("note"), note));
}

void
screen_timeline(struct sheet *s)
{
	size_t n = json_array_size(s->rows);

	if (screen_empty(s))
		return;
	struct table *t = table_new(s, timeline_columns, ARRAY_LEN(timeline_columns));

	for (size_t i = 0; i < n; i++)
		timeline_row(s, t, json_array_get(s->rows, i));
	table_print(t, false);
	line_summary(s, arena_printf(s->a, n == 1 ? _("%zu entry") : _("%zu entries"), n), "");
}

void
screen_find(struct sheet *s)
{
	size_t n = json_array_size(s->rows);

	if (screen_empty(s))
		return;
	struct table *t = table_new(s, find_columns, ARRAY_LEN(find_columns));

	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(s->rows, i);
		const char *cells[] = {cell_word(s->a, cell_text(s, row, "status")),
				       cell_text(s, row, "caseworker"), cell_text(s, row, "phone"),
				       cell_person(s, row)};

		table_row(t, cells);
	}
	table_print(t, true);
	line_summary(s, arena_printf(s->a, n == 1 ? _("%zu person") : _("%zu people"), n),
		     arena_printf(s->a, "wasl person show %s",
				  cell_text(s, json_array_get(s->rows, 0), "ref")));
}

/* "481205" in two halves, as people read it aloud. */
static const char *
code_halves(struct sheet *s, const char *code)
{
	size_t half = strlen(code) / 2;

	return strlen(code) == 6 ? arena_printf(s->a, "%.*s %s", (int)half, code, code + half)
				 : code;
}

void
screen_slip(struct sheet *s)
{
	if (screen_empty(s))
		return;
	const json_t *row = json_array_get(s->rows, 0);

	line_heading(s, arena_printf(s->a, "%s %s", _("Paper slip for"), cell_text(s, row, "ref")),
		     "");
	line_note(s, _("code"), code_halves(s, cell_text(s, row, "code")));
	line_note(s, _("valid until"), when_full(s, row, "expires_at"));
	line_summary(s, _("Write it down now: it is shown once and stored nowhere."), "");
}
