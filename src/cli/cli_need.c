#include "cli/cli_print.h"

/* Needs and call-backs: lists, and one of each in full. */

static const struct table_column need_columns[] = {
	{N_("ID"), 0, 0, NULL, false},    {N_("URGENCY"), 0, 4, NULL, false},
	{N_("AGE"), 0, 5, NULL, false},   {N_("DUE"), 0, 0, NULL, false},
	{N_("STATE"), 0, 3, NULL, false}, {N_("BY"), 0, 6, NULL, false},
	{N_("KIND"), 0, 0, NULL, false},  {N_("WHO"), 0, 0, NULL, true},
};

static const struct table_column call_columns[] = {
	{N_("ID"), 0, 0, NULL, false},    {N_("PRIORITY"), 0, 0, NULL, false},
	{N_("DUE"), 0, 0, NULL, false},   {N_("WISH"), 0, 4, NULL, false},
	{N_("TRIES"), 0, 5, NULL, false}, {N_("OUTCOME"), 0, 2, NULL, false},
	{N_("PHONE"), 0, 6, NULL, false}, {N_("WHO"), 0, 0, NULL, true},
};

static const char *
person_or_stranger(struct sheet *s, const json_t *row)
{
	const char *person = cell_person(s, row), *phone = cell_text(s, row, "phone");

	if (person[0] != '\0')
		return person;
	return arena_printf(s->a, "%s%s%s", _("not on the list"), phone[0] ? ", " : "", phone);
}

static void
need_row(struct sheet *s, struct table *t, const json_t *row)
{
	const char *note = cell_text(s, row, "note");
	bool open = cell_text(s, row, "state")[0] == 'o';
	const char *cells[] = {
		cell_number(s, row, "number", 'N'),
		cell_word(s->a, cell_text(s, row, "urgency")),
		when_near(s, row, "opened_at"),
		screen_due(s, row),
		cell_word(s->a, cell_text(s, row, "state")),
		cell_text(s, row, "owner"),
		cell_word(s->a, cell_text(s, row, "category")),
		person_or_stranger(s, row),
	};

	table_row(t, cells);
	if (open && cell_true(row, "late"))
		table_alarm(t);
	if (note[0] != '\0')
		table_below(t, note_lines(s, _("note"), note));
}

void
screen_need(struct sheet *s)
{
	size_t n = json_array_size(s->rows), late = 0;

	if (screen_empty(s))
		return;
	struct table *t = table_new(s, need_columns, ARRAY_LEN(need_columns));

	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(s->rows, i);

		need_row(s, t, row);
		late += cell_true(row, "late");
	}
	table_print(t, true);
	const char *left = arena_printf(
		s->a, n == 1 ? _("%zu need · %zu late") : _("%zu needs · %zu late"), n, late);

	line_summary(s, left,
		     arena_printf(s->a, "wasl need show %s",
				  cell_number(s, json_array_get(s->rows, 0), "number", 'N')));
}

static void
heading(struct sheet *s, const json_t *row, char letter)
{
	line_heading(s,
		     arena_printf(s->a, "%s  %s", cell_number(s, row, "number", letter),
				  person_or_stranger(s, row)),
		     "");
}

void
screen_need_one(struct sheet *s)
{
	if (screen_empty(s))
		return;
	const json_t *row = json_array_get(s->rows, 0);

	heading(s, row, 'N');
	screen_fields(s, row, "number ref name_ar name_la id next");
	if (cell_text(s, row, "ref")[0] != '\0')
		line_note(s, _("next"),
			  arena_printf(s->a, "wasl person timeline %s", cell_text(s, row, "ref")));
}

/* One that is still open ends with the two ways a call can end. */
void
screen_call_one(struct sheet *s)
{
	if (screen_empty(s))
		return;
	const json_t *row = json_array_get(s->rows, 0);
	const char *number = cell_number(s, row, "number", 'C');

	heading(s, row, 'C');
	screen_fields(s, row, "number ref name_ar name_la id next");
	if (cell_text(s, row, "outcome")[0] != '\0')
		return;
	line_note(s, _("reached"), arena_printf(s->a, "wasl call done %s", number));
	line_note(s, _("no answer"), arena_printf(s->a, "wasl call noanswer %s", number));
}

static void
call_row(struct sheet *s, struct table *t, const json_t *row)
{
	const char *outcome = cell_word(s->a, cell_text(s, row, "outcome"));
	const char *cells[] = {
		cell_number(s, row, "number", 'C'),
		cell_word(s->a, cell_text(s, row, "priority")),
		outcome[0] ? when_near(s, row, "closed_at") : screen_due(s, row),
		cell_word(s->a, cell_text(s, row, "wish")),
		cell_int(row, "tries", 0) > 0 ? cell_text(s, row, "tries") : "",
		outcome,
		cell_text(s, row, "phone"),
		person_or_stranger(s, row),
	};

	table_row(t, cells);
	if (strcmp(cell_text(s, row, "priority"), "crisis") == 0 && outcome[0] == '\0')
		table_alarm(t);
}

void
screen_call(struct sheet *s)
{
	size_t n = json_array_size(s->rows);

	if (screen_empty(s))
		return;
	struct table *t = table_new(s, call_columns, ARRAY_LEN(call_columns));

	for (size_t i = 0; i < n; i++)
		call_row(s, t, json_array_get(s->rows, i));
	table_print(t, true);
	line_summary(s, arena_printf(s->a, n == 1 ? _("%zu call-back") : _("%zu call-backs"), n),
		     arena_printf(s->a, "wasl call show %s",
				  cell_number(s, json_array_get(s->rows, 0), "number", 'C')));
}
