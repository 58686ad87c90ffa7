#include "cli/cli_print.h"

/* What all screens share, and the ones that are only labelled lines. */

bool
screen_empty(struct sheet *s)
{
	const char *said = cell_clean(s->a, str_of(s->answer.text ? s->answer.text : ""));

	if (json_array_size(s->rows) > 0)
		return false;
	line_summary(s, said[0] != '\0' ? said : _("Nothing."), "");
	return true;
}

const char *
screen_due(struct sheet *s, const json_t *row)
{
	const json_t *v = json_object_get(row, "due_at");
	struct moment m;

	if (!json_is_string(v) || when_parse(str_of(json_string_value(v)), &m) != W_OK)
		return "";
	const char *near = when_near(s, row, "due_at");

	/* Less than a minute is not late in words. */
	if (m.at >= s->view.now || !cell_true(row, "late") || s->view.now - m.at < 60)
		return m.at < s->view.now ? _("now") : near;
	int64_t days = (s->view.now - m.at) / (24 * 3600);

	return days >= 7 ? arena_printf(s->a, _("%dd late"), (int)days)
			 : arena_printf(s->a, _("%s late"), near);
}

/* Fields whose name alone does not say it; the others lose their underscores. */
static const struct {
	const char *field, *label;
} labels[] = {
	{"name_ar", N_("name (Arabic)")},
	{"name_la", N_("name (Latin)")},
	{"opened_at", N_("opened")},
	{"due_at", N_("due")},
	{"asked_at", N_("asked")},
	{"closed_at", N_("closed")},
	{"consent_at", N_("since")},
	{"checkin_day", N_("check-in day")},
	{"checkin_at", N_("check-in at")},
	{"next_checkin_at", N_("next check-in")},
	{"last_checkin_at", N_("last check-in")},
	{"needs_open", N_("open needs")},
	{"stage", N_("stage")},
	{"sector", N_("sector")},
	{"handover_at", N_("hand-over")},
	{"equipment_at", N_("equipment seen")},
	{"job_since", N_("in this job since")},
	{"appointment_at", N_("next appointment")},
	{"appointment", N_("appointment")},
	{"survey", N_("open survey")},
	{"added_at", N_("added")},
	{"pin", N_("PIN")},
	{"expires_at", N_("expires")},
	{"priority", N_("priority")},
	{"phone", N_("phone")},
	{"category", N_("kind")},
	{"state", N_("state")},
	{"urgency", N_("urgency")},
	{"note", N_("note")},
	{"centre", N_("centre")},
	{"caseworker", N_("caseworker")},
	{"status", N_("status")},
	{"lang", N_("language")},
	{"consent", N_("consent")},
	{"login", N_("login")},
	{"roles", N_("roles")},
	{"name", N_("name")},
	{"records", N_("records")},
};

static const char *
label_of(struct sheet *s, const char *field)
{
	struct buf b;

	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		if (strcmp(labels[i].field, field) == 0)
			return _(labels[i].label);
	buf_init_arena(&b, s->a);
	for (const char *p = field; *p != '\0'; p++)
		buf_addc(&b, *p == '_' ? ' ' : *p);
	return b.p;
}

/* Times as dates with how far away they are; words of ours in plain words; the rest as it is. */
static const char *
field_text(struct sheet *s, const json_t *row, const char *field)
{
	const json_t *v = json_object_get(row, field);
	const char *text = cell_text(s, row, field);
	struct moment m;

	if (json_is_string(v) && when_parse(str_of(json_string_value(v)), &m) == W_OK)
		return when_far(s, &m) ? when_full(s, row, field)
				       : arena_printf(s->a, "%s (%s)", when_full(s, row, field),
						      when_near(s, row, field));
	if (json_is_boolean(v))
		return json_is_true(v) ? _("yes") : _("no");
	if (!json_is_string(v))
		return text;
	return strncmp(field, "name", 4) == 0 || strcmp(field, "note") == 0 ? text
									    : cell_word(s->a, text);
}

static bool
in_list(const char *list, const char *word)
{
	struct str rest = str_of(list);

	while (rest.n > 0)
		if (str_is(str_cut(&rest, ' '), word))
			return true;
	return false;
}

void
screen_fields(struct sheet *s, const json_t *row, const char *skip)
{
	const struct admin_verb *verb = cli_command_verb(s->call->command);
	struct str rest = str_of(verb->fields);

	while (rest.n > 0) {
		struct str name = str_cut(&rest, ' ');
		const char *field = arena_printf(s->a, "%.*s", STR_ARG(name));

		/* "late: no" says nothing. */
		if (strcmp(field, "late") == 0 && !cell_true(row, field))
			continue;
		if (!in_list(skip, field) && cell_text(s, row, field)[0] != '\0')
			line_note(s, label_of(s, field), field_text(s, row, field));
	}
}

void
screen_record(struct sheet *s)
{
	if (screen_empty(s))
		return;
	for (size_t i = 0; i < json_array_size(s->rows); i++)
		screen_fields(s, json_array_get(s->rows, i), "");
	if (s->answer.text != NULL && s->answer.text[0] != '\0')
		line_summary(s, cell_clean(s->a, str_of(s->answer.text)), "");
}

/* A change: what the gateway says was done, else the row. */
void
screen_done(struct sheet *s)
{
	if (cli_given(s->call, FLAG_QUIET))
		return;
	if (s->answer.text != NULL && s->answer.text[0] != '\0')
		line_print(s, cell_clean(s->a, str_of(s->answer.text)));
	else if (json_array_size(s->rows) == 0)
		line_print(s, _("done"));
	else
		screen_fields(s, json_array_get(s->rows, 0), "");
}

/* The faults of a reload, as every tool of ours says them: file:line:col: error: text. */
static void
fault_line(struct sheet *s, const json_t *row)
{
	line_wrap(s, arena_printf(s->a, "%s: ", cell_text(s, row, "key")),
		  arena_printf(s->a, "%s: %s", cell_text(s, row, "value"),
			       cell_text(s, row, "note")));
}

static void
key_line(struct sheet *s, const json_t *row)
{
	const char *note = cell_text(s, row, "note"), *value = cell_text(s, row, "value");
	struct moment m;

	if (when_parse(str_of(value), &m) == W_OK)
		value = when_full(s, row, "value");
	line_wrap(s, arena_printf(s->a, " %-20s ", cell_text(s, row, "key")),
		  arena_printf(s->a, "%s%s%s", value, note[0] ? "  " : "", note));
}

void
screen_keys(struct sheet *s)
{
	bool faults = s->call->command == &cli_commands[COMMAND_CTL_RELOAD];

	if (screen_empty(s))
		return;
	for (size_t i = 0; i < json_array_size(s->rows); i++)
		(faults ? fault_line : key_line)(s, json_array_get(s->rows, i));
	if (s->answer.text != NULL && s->answer.text[0] != '\0')
		line_summary(s, cell_clean(s->a, str_of(s->answer.text)), "");
}

void
screen_doctor(struct sheet *s)
{
	size_t bad = 0, warned = 0;

	if (screen_empty(s))
		return;
	for (size_t i = 0; i < json_array_size(s->rows); i++) {
		const json_t *row = json_array_get(s->rows, i);
		const char *state = cell_text(s, row, "state");

		bad += strcmp(state, "FAIL") == 0;
		warned += strcmp(state, "warn") == 0;
		line_wrap(s, arena_printf(s->a, " %-5s %-18s ", state, cell_text(s, row, "check")),
			  cell_text(s, row, "text"));
	}
	line_summary(s, arena_printf(s->a, _("%zu to mend · %zu to know"), bad, warned), "");
}
