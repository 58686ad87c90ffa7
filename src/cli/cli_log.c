#include "cli/cli_print.h"

/* The check-in log: grouped by day, the name last on its line. */

static const struct table_column columns[] = {
	{N_("TIME"), 5, 0, NULL, false},    {N_("MOOD"), 5, 0, NULL, false},
	{N_("HOUSING"), 7, 2, NULL, false}, {N_("DAYS"), 4, 1, NULL, false},
	{N_("REMARK"), 0, 3, NULL, false},  {N_("PERSON"), 0, 0, NULL, true},
};

static const char *
remark(struct sheet *s, const json_t *row)
{
	const char *status = cell_text(s, row, "status");
	const json_t *verified = json_object_get(row, "verified");

	if (strcmp(status, "partial") == 0)
		return _("partial");
	return json_is_false(verified) ? _("no PIN") : "";
}

/* A heading when the day is another one than that of the row before. */
static const char *
day_heading(struct sheet *s, const json_t *row)
{
	const json_t *at = json_object_get(row, "at");
	struct moment m;

	if (!json_is_string(at) || when_parse(str_of(json_string_value(at)), &m) != W_OK ||
	    strncmp(s->day, json_string_value(at), 10) == 0)
		return NULL;
	snprintf(s->day, sizeof(s->day), "%.10s", json_string_value(at));
	return when_heading(s, &m);
}

static void
add(struct sheet *s, struct table *t, const json_t *row)
{
	const char *mood = cell_text(s, row, "mood");
	const char *days = cell_text(s, row, "days_worked");
	const char *cells[] = {
		when_clock(s, row, "at"),
		mood[0] ? cell_word(s->a, mood) : "-",
		cell_word(s->a, cell_text(s, row, "housing")),
		days[0] ? cell_word(s->a, days) : "",
		remark(s, row),
		cell_person(s, row),
	};
	const char *heading = day_heading(s, row);

	table_row(t, cells);
	if (heading != NULL)
		table_above(t, s->view.color ? arena_printf(s->a, "\033[1m%s\033[0m", heading)
					     : heading);
	if (strcmp(mood, "need_help") == 0)
		table_alarm(t);
}

static void
summary(struct sheet *s)
{
	size_t help = 0, so_so = 0, n = json_array_size(s->rows);
	struct buf b;

	for (size_t i = 0; i < n; i++) {
		const char *mood = cell_text(s, json_array_get(s->rows, i), "mood");

		help += strcmp(mood, "need_help") == 0;
		so_so += strcmp(mood, "so_so") == 0;
	}
	buf_init_arena(&b, s->a);
	buf_printf(&b, n == 1 ? _("%zu check-in") : _("%zu check-ins"), n);
	if (help > 0)
		buf_printf(&b, " · %zu %s", help, _("HELP"));
	if (so_so > 0)
		buf_printf(&b, " · %zu %s", so_so, _("so-so"));
	line_summary(s, b.p, _("older: wasl log --since 4w"));
}

void
screen_log(struct sheet *s)
{
	if (screen_empty(s))
		return;
	struct table *t = table_new(s, columns, ARRAY_LEN(columns));

	for (size_t i = 0; i < json_array_size(s->rows); i++)
		add(s, t, json_array_get(s->rows, i));
	table_print(t, false);
	if (!s->follow)
		summary(s);
}
