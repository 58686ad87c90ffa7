#include "cli/cli_print.h"

/* Lists of the office: staff, messages, the audit, the configuration. */

static const struct table_column staff_columns[] = {
	{N_("LOGIN"), 0, 0, NULL, false}, {N_("CENTRE"), 0, 2, NULL, false},
	{N_("ROLES"), 0, 0, NULL, false}, {N_("ACTIVE"), 0, 0, NULL, false},
	{N_("SINCE"), 0, 1, NULL, false}, {N_("NAME"), 0, 0, NULL, true},
};

static const struct table_column outbox_columns[] = {
	{N_("ID"), 0, 0, NULL, false},     {N_("STATE"), 0, 0, NULL, false},
	{N_("TEXT"), 0, 0, NULL, false},   {N_("CHANNEL"), 0, 5, NULL, false},
	{N_("PERSON"), 0, 0, NULL, false}, {N_("PARTS"), 0, 6, NULL, false},
	{N_("TRIES"), 0, 4, NULL, false},  {N_("AGE"), 0, 3, NULL, false},
	{N_("WORD"), 0, 2, NULL, false},   {N_("NEXT"), 0, 1, N_("next"), false},
};

static const struct table_column audit_columns[] = {
	{N_("WHEN"), 0, 0, NULL, false},     {N_("WHO"), 0, 0, NULL, false},
	{N_("ROLE"), 0, 2, NULL, false},     {N_("DID"), 0, 0, NULL, false},
	{N_("RESULT"), 0, 0, NULL, false},   {N_("PERSON"), 0, 0, NULL, false},
	{N_("IDS"), 0, 1, N_("ids"), false},
};

static const struct table_column config_columns[] = {
	{N_("KEY"), 0, 0, NULL, false},
	{N_("ORIGIN"), 0, 0, NULL, false},
	{N_("VALUE"), 0, 0, NULL, true},
};

/* A word that must not be cut by what follows it: names of staff may be in Arabic script. */
void
screen_staff(struct sheet *s)
{
	size_t n = json_array_size(s->rows);

	if (screen_empty(s))
		return;
	struct table *t = table_new(s, staff_columns, ARRAY_LEN(staff_columns));

	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(s->rows, i);
		const char *cells[] = {
			cell_text(s, row, "login"), cell_text(s, row, "centre"),
			cell_text(s, row, "roles"), cell_true(row, "active") ? _("yes") : _("no"),
			when_near(s, row, "since"), cell_isolate(s, cell_text(s, row, "name"))};

		table_row(t, cells);
	}
	table_print(t, true);
	line_summary(s, arena_printf(s->a, n == 1 ? _("%zu colleague") : _("%zu colleagues"), n),
		     "");
}

static void
outbox_row(struct sheet *s, struct table *t, const json_t *row)
{
	const char *text = cell_text(s, row, "text"), *state = cell_text(s, row, "state");
	const char *cells[] = {cell_text(s, row, "id"),       cell_word(s->a, state),
			       cell_text(s, row, "template"), cell_text(s, row, "channel"),
			       cell_text(s, row, "ref"),      cell_text(s, row, "parts"),
			       cell_text(s, row, "tries"),    when_near(s, row, "created_at"),
			       cell_text(s, row, "word"),     cell_text(s, row, "next")};

	table_row(t, cells);
	if (strcmp(state, "uncertain") == 0)
		table_alarm(t);
	if (text[0] != '\0')
		table_below(t, note_lines(s, _("text"), text));
}

void
screen_outbox(struct sheet *s)
{
	size_t n = json_array_size(s->rows), uncertain = 0;

	if (screen_empty(s))
		return;
	struct table *t = table_new(s, outbox_columns, ARRAY_LEN(outbox_columns));

	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(s->rows, i);

		outbox_row(s, t, row);
		uncertain += strcmp(cell_text(s, row, "state"), "uncertain") == 0;
	}
	table_print(t, true);
	line_summary(s, arena_printf(s->a, n == 1 ? _("%zu message") : _("%zu messages"), n),
		     uncertain > 0 ? _("uncertain: wasl outbox resolve ID WORD") : "");
}

/* Why was typed by a colleague: on a line of its own. */
static void
audit_row(struct sheet *s, struct table *t, const json_t *row)
{
	const char *why = cell_text(s, row, "why"), *result = cell_text(s, row, "result");
	const char *cells[] = {arena_printf(s->a, "%12s", when_full(s, row, "at")),
			       cell_text(s, row, "login"),
			       cell_text(s, row, "role"),
			       cell_text(s, row, "verb"),
			       cell_word(s->a, result),
			       cell_text(s, row, "ref"),
			       cell_text(s, row, "ids")};

	table_row(t, cells);
	if (strcmp(result, "denied") == 0)
		table_alarm(t);
	if (why[0] != '\0')
		table_below(t, note_lines(s, _("why"), why));
}

void
screen_audit(struct sheet *s)
{
	size_t n = json_array_size(s->rows);

	if (screen_empty(s))
		return;
	struct table *t = table_new(s, audit_columns, ARRAY_LEN(audit_columns));

	for (size_t i = 0; i < n; i++)
		audit_row(s, t, json_array_get(s->rows, i));
	table_print(t, true);
	line_summary(s, arena_printf(s->a, n == 1 ? _("%zu record") : _("%zu records"), n),
		     "wasl audit verify");
}

void
screen_config(struct sheet *s)
{
	size_t n = json_array_size(s->rows);

	if (screen_empty(s))
		return;
	struct table *t = table_new(s, config_columns, ARRAY_LEN(config_columns));

	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(s->rows, i);
		const char *origin = cell_text(s, row, "origin"), *line = cell_text(s, row, "line");
		const char *cells[] = {cell_text(s, row, "key"),
				       line[0] ? arena_printf(s->a, "%s:%s", origin, line) : origin,
				       cell_isolate(s, cell_text(s, row, "value"))};

		table_row(t, cells);
	}
	table_print(t, true);
}
