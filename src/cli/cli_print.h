/*
 * Rows to paper: the forms for programs (tsv, csv, json, jsonl), the generic
 * record, and the screens for people.
 *
 * Safe layout, because no terminal can be trusted with Arabic inside a table:
 * the first strong character of each line is Latin; a cell that may hold Arabic
 * is last on its line or followed by a cell that starts with a Latin letter;
 * free text has its own line with a Latin label. Control and direction
 * characters are taken out of everything that was stored.
 */
#ifndef WASL_CLI_CLI_PRINT_H
#define WASL_CLI_CLI_PRINT_H

#include "cli/cli_int.h"

#include "civil/civil.h"

/* ---- A sheet: the rows of one answer on their way out ---- */

struct sheet {
	const struct cli_call *call;
	struct view view;
	FILE *out;
	struct arena *a;
	json_t *rows; /* kept for screens */
	size_t n;     /* rows so far */
	bool follow;  /* each row is shown at once */
	struct cli_answer answer;
	char day[16]; /* day heading shown last */
};

/* begin, row, end of the form asked for. end prints the screen. */
void sheet_begin(struct sheet *s, const struct cli_call *call);
void sheet_row(struct sheet *s, const json_t *row);
void sheet_end(struct sheet *s, const struct cli_answer *answer);
void sheet_done(struct sheet *s);

/* ---- Fields of a row ---- */

/* Clean one-line text of a field; "" when it is not there. In the sheet's arena. */
const char *cell_text(struct sheet *s, const json_t *row, const char *field);
int64_t cell_int(const json_t *row, const char *field, int64_t otherwise);
bool cell_true(const json_t *row, const char *field);
/* "CAS-0142  name": Arabic script first, Latin in --ascii; isolated when asked. */
const char *cell_person(struct sheet *s, const json_t *row);
/* "N-2001" of a number; "" when it is not there. */
const char *cell_number(struct sheet *s, const json_t *row, const char *field, char letter);
/* Stored text without control or direction characters, on one line. */
const char *cell_clean(struct arena *a, struct str s);
/* Words of ours for a person: "so_so" -> "so-so", "need_help" -> "HELP", ... */
const char *cell_word(struct arena *a, const char *word);
/* The same of several words with blanks between: "good, stable, 6-7d". */
const char *cell_words(struct arena *a, const char *several);
/* FSI and PDI round a stored text, when asked for. */
const char *cell_isolate(struct sheet *s, const char *text);
/* Columns of a terminal. */
size_t line_width(const char *text);

/* ---- Times ---- */

struct moment {
	struct wall wall; /* as written */
	int32_t offset;   /* seconds east */
	int64_t at;
};
MUSTUSE int when_parse(struct str rfc3339, struct moment *out);
/* "now", "12m", "2h", "3d", "in 2h"; from a week on "9 Nov", from another year "9 Nov 2025". */
const char *when_near(struct sheet *s, const json_t *row, const char *field);
/* "09:12"; "21 Nov 09:12"; "Sat 21 Nov". */
const char *when_clock(struct sheet *s, const json_t *row, const char *field);
const char *when_full(struct sheet *s, const json_t *row, const char *field);
/* A week or more from now: a date says more than a span. */
bool when_far(const struct sheet *s, const struct moment *m);
const char *when_day(struct arena *a, const struct wall *w);
/* TODAY, YESTERDAY or "" with the day of the moment; now is taken at the moment's offset. */
const char *when_heading(struct sheet *s, const struct moment *m);

/* ---- Lines ---- */

/* One line: decoration to ASCII when asked, blanks at the end off. */
void line_print(struct sheet *s, const char *line);
/* Bold. */
void line_heading(struct sheet *s, const char *left, const char *right);
/* "        note: ..." on as many lines as it takes, the label on each. */
void line_note(struct sheet *s, const char *label, const char *text);
/* The last line: what was counted on the left, what to type next on the right. Not with -q. */
void line_summary(struct sheet *s, const char *left, const char *right);
/* prefix and text; what does not fit goes on below, indented as deep as the prefix is wide. For
 * texts of the gateway's own, which are Latin. */
void line_wrap(struct sheet *s, const char *prefix, const char *text);
/* Same as line_note, into the arena, a line feed after each line. */
const char *note_lines(struct sheet *s, const char *label, const char *text);

/* ---- Tables (libsmartcols) ---- */

struct table_column {
	const char *title;
	uint8_t least;     /* columns at least */
	uint8_t drop;      /* 0: stays; else the highest goes first when it is too narrow */
	const char *label; /* dropped cells go below their line under this label; NULL: they go */
	bool shrinks;      /* is cut with an ellipsis as the last resort */
};

struct table;
/* Lives in the sheet's arena. */
struct table *table_new(struct sheet *s, const struct table_column *columns, size_t n);
/* Cells of the next row, in order; NULL is empty. */
void table_row(struct table *t, const char *const *cells);
/* The first cell of the last row stands out. */
void table_alarm(struct table *t);
/* Text above or below the last row. Whole lines. */
void table_above(struct table *t, const char *lines);
void table_below(struct table *t, const char *lines);
void table_print(struct table *t, bool titles);

/* ---- Screens ---- */

/* True when there are no rows: what the gateway said about that, or "Nothing.", is printed. */
bool screen_empty(struct sheet *s);
/* "label: value" lines of a row, in the order of the verb's fields but for those in skip
 * (blank separated). */
void screen_fields(struct sheet *s, const json_t *row, const char *skip);
/* "2d late", "in 3h", "now". */
const char *screen_due(struct sheet *s, const json_t *row);

void screen_today(struct sheet *s);
void screen_log(struct sheet *s);
void screen_overdue(struct sheet *s);
void screen_need(struct sheet *s);
void screen_need_one(struct sheet *s);
void screen_call(struct sheet *s);
void screen_call_one(struct sheet *s);
void screen_person(struct sheet *s);
void screen_timeline(struct sheet *s);
void screen_find(struct sheet *s);
void screen_slip(struct sheet *s);
void screen_staff(struct sheet *s);
void screen_outbox(struct sheet *s);
void screen_audit(struct sheet *s);
void screen_config(struct sheet *s);
void screen_doctor(struct sheet *s);
void screen_keys(struct sheet *s);
void screen_record(struct sheet *s);
void screen_done(struct sheet *s);

#endif
