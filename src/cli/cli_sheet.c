#include "cli/cli_print.h"

#include "text/text.h"

#include <stdlib.h>

/* The forms for programs, and the screen as one form among them. */

struct form {
	void (*begin)(struct sheet *s);
	void (*row)(struct sheet *s, const json_t *row);
	void (*end)(struct sheet *s);
};

static void
nothing(struct sheet *s)
{
	(void)s;
}

/* ---- tsv: no titles, one line a row ---- */

static void
tsv_row(struct sheet *s, const json_t *row)
{
	for (size_t i = 0; i < s->call->n_fields; i++)
		fprintf(s->out, "%s%s", i ? "\t" : "", cell_text(s, row, s->call->fields[i]));
	fputc('\n', s->out);
}

/* ---- csv (RFC 4180): titles, CRLF, quotes doubled ---- */

static void
csv_cell(FILE *out, const char *text)
{
	if (strpbrk(text, ",\"\r\n") == NULL) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void
csv_begin(struct sheet *s)
{
	for (size_t i = 0; i < s->call->n_fields; i++) {
		fputs(i ? "," : "", s->out);
		csv_cell(s->out, s->call->fields[i]);
	}
	fputs("\r\n", s->out);
}

static void
csv_row(struct sheet *s, const json_t *row)
{
	for (size_t i = 0; i < s->call->n_fields; i++) {
		fputs(i ? "," : "", s->out);
		csv_cell(s->out, cell_text(s, row, s->call->fields[i]));
	}
	fputs("\r\n", s->out);
}

/* ---- json: one array; jsonl: an object a line ---- */

/* Texts lose their controls here too: whoever takes them out of JSON may print them. */
static json_t *
json_clean(struct sheet *s, json_t *value)
{
	struct buf clean;

	if (!json_is_string(value))
		return json_incref(value);
	buf_init_arena(&clean, s->a);
	text_strip_controls((struct str){json_string_value(value), json_string_length(value)},
			    &clean);
	return json_stringn(clean.n > 0 ? clean.p : "", clean.n);
}

static void
json_put(struct sheet *s, const json_t *row)
{
	bool some = cli_given(s->call, FLAG_JSON) && s->call->value[FLAG_JSON] != NULL;
	json_t *to = json_object(), *value;
	const char *field;

	for (size_t i = 0; some && i < s->call->n_fields; i++) {
		value = json_object_get(row, s->call->fields[i]);
		json_object_set_new(to, s->call->fields[i],
				    value ? json_clean(s, value) : json_null());
	}
	for (void *at = some ? NULL : json_object_iter((json_t *)(uintptr_t)row); at != NULL;
	     at = json_object_iter_next((json_t *)(uintptr_t)row, at)) {
		field = json_object_iter_key(at);
		json_object_set_new(to, field, json_clean(s, json_object_iter_value(at)));
	}
	char *text = json_dumps(to, JSON_COMPACT);

	CHECK(text != NULL);
	fputs(text, s->out);
	free(text);
	json_decref(to);
}

static void
json_begin(struct sheet *s)
{
	fputc('[', s->out);
}

static void
json_row(struct sheet *s, const json_t *row)
{
	fputs(s->n > 1 ? ",\n " : "\n ", s->out);
	json_put(s, row);
}

/* Half an answer stays open, so that nobody parses it as a whole one. */
static void
json_end(struct sheet *s)
{
	if (s->answer.code != ADMIN_AWAY)
		fputs(s->n > 0 ? "\n]\n" : "]\n", s->out);
}

static void
jsonl_row(struct sheet *s, const json_t *row)
{
	json_put(s, row);
	fputc('\n', s->out);
}

/* ---- record: a field a line, an empty line between rows ---- */

static void
record_row(struct sheet *s, const json_t *row)
{
	if (s->n > 1)
		fputc('\n', s->out);
	for (size_t i = 0; i < s->call->n_fields; i++) {
		const char *text = cell_text(s, row, s->call->fields[i]);

		if (text[0] != '\0')
			line_print(s, arena_printf(s->a, "%s: %s", s->call->fields[i],
						   cell_isolate(s, text)));
	}
}

/* ---- the screen ---- */

/* A screen of more rows than anybody reads is printed in pieces, so that memory stays bounded. */
enum { SCREEN_ROWS_MAX = 20000 };

static void
table_form_row(struct sheet *s, const json_t *row)
{
	json_t *copy = json_deep_copy(row);

	CHECK(copy != NULL && json_array_append_new(s->rows, copy) == 0);
	if (s->follow || json_array_size(s->rows) == SCREEN_ROWS_MAX) {
		s->call->command->screen(s);
		json_array_clear(s->rows);
	}
}

static void
table_form_end(struct sheet *s)
{
	if (!s->follow && (json_array_size(s->rows) > 0 || s->answer.code == ADMIN_DONE))
		s->call->command->screen(s);
}

static const struct form forms[CLI_FORMS] = {
	[FORM_TABLE] = {nothing, table_form_row, table_form_end},
	[FORM_RECORD] = {nothing, record_row, nothing},
	[FORM_TSV] = {nothing, tsv_row, nothing},
	[FORM_CSV] = {csv_begin, csv_row, nothing},
	[FORM_JSON] = {json_begin, json_row, json_end},
	[FORM_JSONL] = {nothing, jsonl_row, nothing},
};

void
sheet_begin(struct sheet *s, const struct cli_call *call)
{
	*s = (struct sheet){.call = call, .view = call->view, .out = call->io->out};
	s->a = arena_new(0);
	s->rows = json_array();
	s->follow = json_is_true(json_object_get(call->args, "follow"));
}

void
sheet_row(struct sheet *s, const json_t *row)
{
	if (s->n++ == 0)
		forms[s->call->form].begin(s);
	forms[s->call->form].row(s, row);
	if (s->call->form != FORM_TABLE || s->follow)
		arena_reset(s->a);
	if (s->follow)
		fflush(s->out);
}

void
sheet_end(struct sheet *s, const struct cli_answer *answer)
{
	s->answer = *answer;
	if (answer->now != 0)
		s->view.now = answer->now;
	if (s->n == 0 && answer->code != ADMIN_DONE)
		return; /* refused: nothing to frame */
	if (s->n == 0)
		forms[s->call->form].begin(s);
	forms[s->call->form].end(s);
}

void
sheet_done(struct sheet *s)
{
	json_decref(s->rows);
	arena_free(s->a);
}
