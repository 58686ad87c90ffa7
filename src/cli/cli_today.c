#include "cli/cli_print.h"

/* What needs me now, and who is silent: every line ends with the command to type. */

static const struct {
	const char *section, *title;
	char letter; /* of its numbers; 0: none are shown */
} sections[] = {
	{"crisis", N_("CRISIS"), 'C'},
	{"callback", N_("CALL BACK"), 'C'},
	{"need", N_("NEEDS"), 'N'},
	{"flag", N_("MARKS"), 0},
	{"appointment", N_("APPOINTMENTS"), 0},
	{"overdue", N_("SILENT"), 0},
};

static const struct table_column today_columns[] = {
	{N_("ID"), 0, 0, NULL, false},          {N_("DUE"), 0, 0, NULL, false},
	{N_("WHAT"), 0, 1, N_("about"), false}, {N_("PERSON"), 0, 0, NULL, true},
	{N_("NEXT"), 0, 2, N_("next"), false},
};

static const struct table_column overdue_columns[] = {
	{N_("LATE"), 0, 0, NULL, false},       {N_("LAST"), 0, 0, NULL, false},
	{N_("TRIED"), 0, 1, NULL, false},      {N_("PERSON"), 0, 0, NULL, true},
	{N_("NEXT"), 0, 2, N_("next"), false},
};

static size_t
section_of(const char *word)
{
	size_t i = 0;

	while (i < ARRAY_LEN(sections) && strcmp(sections[i].section, word) != 0)
		i++;
	return i;
}

/* A command begins with a Latin letter; anything else would break the line after a name. */
static const char *
next_text(struct sheet *s, const json_t *row)
{
	const char *next = cell_text(s, row, "next");

	return strncmp(next, "wasl ", 5) == 0 ? next : "";
}

static const char *
silent_days(struct sheet *s, const json_t *row)
{
	int64_t days = cell_int(row, "days", -1);

	return days < 0 ? "" : arena_printf(s->a, _("d%lld"), (long long)days);
}

static const char *
when_cell(struct sheet *s, const json_t *row)
{
	const char *due = screen_due(s, row);

	if (due[0] != '\0')
		return due;
	due = silent_days(s, row);
	return due[0] != '\0' ? due : when_near(s, row, "at");
}

static const char *
what_cell(struct sheet *s, const json_t *row)
{
	const char *kind = cell_word(s->a, cell_text(s, row, "kind"));
	int64_t tries = cell_int(row, "tries", 0);
	struct buf b;

	buf_init_arena(&b, s->a);
	buf_adds(&b, kind);
	if (tries > 0)
		buf_printf(&b, tries == 1 ? _(", %d try") : _(", %d tries"), (int)tries);
	if (json_is_false(json_object_get(row, "verified")))
		buf_printf(&b, ", %s", _("no PIN"));
	return b.n > 0 ? b.p : "";
}

static const char *
person_cell(struct sheet *s, const json_t *row)
{
	const char *person = cell_person(s, row);

	return person[0] != '\0' ? person : _("not on the list");
}

static size_t
count_section(struct sheet *s, const char *word)
{
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(s->rows); i++)
		n += strcmp(cell_text(s, json_array_get(s->rows, i), "section"), word) == 0;
	return n;
}

static void
today_row(struct sheet *s, struct table *t, const json_t *row, const char *before)
{
	const char *word = cell_text(s, row, "section");
	size_t section = section_of(word);
	char letter = section < ARRAY_LEN(sections) ? sections[section].letter : 0;
	const char *cells[] = {letter ? cell_number(s, row, "number", letter) : "",
			       when_cell(s, row), what_cell(s, row), person_cell(s, row),
			       next_text(s, row)};

	table_row(t, cells);
	if (strcmp(word, "crisis") == 0)
		table_alarm(t);
	if (strcmp(word, before) != 0)
		table_above(t,
			    arena_printf(s->a, "%s · %zu",
					 section < ARRAY_LEN(sections) ? _(sections[section].title)
								       : word,
					 count_section(s, word)));
}

void
screen_today(struct sheet *s)
{
	struct table *t = table_new(s, today_columns, ARRAY_LEN(today_columns));
	const char *before = "";
	size_t n = json_array_size(s->rows);

	if (n == 0 && (s->answer.text == NULL || s->answer.text[0] == '\0')) {
		line_summary(s, _("Nothing needs you now."), _("check-ins: wasl log"));
		return;
	}
	if (screen_empty(s))
		return;
	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(s->rows, i);

		today_row(s, t, row, before);
		before = cell_text(s, row, "section");
	}
	table_print(t, false);
	line_summary(s,
		     arena_printf(s->a, n == 1 ? _("%zu thing to do") : _("%zu things to do"), n),
		     _("check-ins: wasl log"));
}

static const char *
tried_cell(struct sheet *s, const json_t *row)
{
	int64_t n = cell_int(row, "reminded", 0);
	const char *last = when_near(s, row, "last_reminder_at");

	if (n == 0 && last[0] == '\0')
		return "-";
	if (n == 0)
		return arena_printf(s->a, "sms %s", last);
	return arena_printf(s->a, "sms %lld%s%s", (long long)n, last[0] ? ", " : "", last);
}

void
screen_overdue(struct sheet *s)
{
	struct table *t = table_new(s, overdue_columns, ARRAY_LEN(overdue_columns));
	size_t n = json_array_size(s->rows);

	if (screen_empty(s))
		return;
	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(s->rows, i);
		const char *last = when_near(s, row, "last_heard_at");
		const char *cells[] = {silent_days(s, row), last[0] ? last : _("never"),
				       tried_cell(s, row), person_cell(s, row), next_text(s, row)};

		table_row(t, cells);
	}
	table_print(t, true);
	line_summary(
		s, arena_printf(s->a, n == 1 ? _("%zu person silent") : _("%zu people silent"), n),
		"");
}
