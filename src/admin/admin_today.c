/*
 * One screen for the morning: crisis, call-backs due, urgent needs, marks,
 * appointments to set or to keep, silent people, in that order; each line names
 * the command to type next.
 */
#include "admin/admin_int.h"

#include <stdlib.h>

enum { SECTION_ROWS = 200, DAY_S = 24 * 3600 };

/* A line before it is in order. */
struct line {
	int rank;
	int64_t at;
	struct str ref;
	json_t *row;
};

struct today {
	struct ask *c;
	struct store_reader *r;
	struct line lines[SECTION_ROWS];
	size_t n;
	bool cut;
	int64_t begin_of_day, end_of_day;
	int64_t last; /* row number the running list has come to */
	size_t looked_at;
};

static int
by_rank(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* When there are more than fit, those that would stand last are left out. */
static void
add_line(struct today *t, int rank, int64_t at, struct str ref, json_t *row)
{
	if (t->n == SECTION_ROWS) {
		qsort(t->lines, t->n, sizeof(t->lines[0]), by_rank);
		t->n--;
		json_decref(t->lines[t->n].row);
		t->cut = true;
	}
	t->lines[t->n++] = (struct line){rank, at, arena_str(t->c->page.arena, ref), row};
}

static void
flush_lines(struct today *t)
{
	qsort(t->lines, t->n, sizeof(t->lines[0]), by_rank);
	for (size_t i = 0; i < t->n; i++)
		page_add(t->c, t->lines[i].ref, t->lines[i].row);
	t->n = 0;
}

static json_t *
new_row(const char *section, struct str kind)
{
	json_t *row = json_object();

	row_words(row, "section", section);
	row_text(row, "kind", kind);
	return row;
}

/* A row of the running list is done with. */
static int
looked_at(struct today *t, int64_t number)
{
	t->last = number;
	t->looked_at++;
	arena_reset(t->c->scan);
	return 0;
}

/* ---- Call-backs ---- */

static int
rank_of(struct str priority)
{
	return str_is(priority, "need_help") ? 0 : 1;
}

static void
callback_line(struct today *t, const struct row_callback *cb, const char *section)
{
	json_t *row = new_row(section, cb->priority);
	const long long number = (long long)cb->number;
	struct row_person p = {.id = 0};
	bool holds = cb->person == 0 ? scope_holds_centre(t->c, cb->centre)
				     : row_person_of(t->c, t->r, cb->person, row, &p);

	if (!holds) {
		json_decref(row);
		return;
	}
	row_words(row, "number", arena_printf(t->c->scan, "C-%lld", number));
	row_time(t->c, row, "at", cb->asked_at);
	row_time(t->c, row, "due_at", cb->due_at);
	row_bool(row, "late", cb->due_at <= t->c->now);
	row_number(row, "tries", cb->tries);
	row_words(row, "next", arena_printf(t->c->scan, "wasl call show C-%lld", number));
	add_line(t, rank_of(cb->priority), cb->due_at,
		 p.id ? p.ref : str_of(arena_printf(t->c->scan, "C-%lld", number)), row);
}

static int
on_crisis(void *ctx, const struct row_callback *cb)
{
	struct today *t = ctx;
	int64_t number = cb->number;

	if (str_is(cb->priority, "crisis"))
		callback_line(t, cb, "crisis");
	return looked_at(t, number);
}

static int
on_callback_due(void *ctx, const struct row_callback *cb)
{
	struct today *t = ctx;
	int64_t number = cb->number;

	if (!str_is(cb->priority, "crisis") && cb->due_at < t->end_of_day)
		callback_line(t, cb, "callback");
	return looked_at(t, number);
}

/* ---- Marks ---- */

static const struct {
	const char *kind, *next; /* next: before the ref, or before the number it is about */
	bool about;
} marks[] = {
	{"wrong_person", "wasl person code ", false},
	{"erase_asked", "wasl person erase ", false},
	{"pin_locked", "wasl person show ", false},
	{"help_declined", "wasl person timeline ", false},
	{"need_solved", "wasl need show N-", true},
	{"need_kept", "wasl need show N-", true},
	{"appointment_declined", "wasl person timeline ", false},
	{"appointment_late", "wasl person timeline ", false},
	{"job_changed", "wasl person timeline ", false},
	{"wrong_data", "wasl person show ", false},
	{"urgent_opened", "wasl person timeline ", false},
};

static int
mark_of(struct str kind)
{
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (str_is(kind, marks[i].kind))
			return (int)i;
	return -1;
}

static void
flag_line(struct today *t, const struct row_flag *flag, const char *section)
{
	json_t *row = new_row(section, flag->kind);
	int mark = mark_of(flag->kind);
	const char *next = mark < 0 ? "wasl person timeline " : marks[mark].next;
	struct row_person p;

	if (!row_person_of(t->c, t->r, flag->person, row, &p)) {
		json_decref(row);
		return;
	}
	row_time(t->c, row, "at", flag->at);
	if (flag->about != 0)
		row_words(row, "number",
			  arena_printf(t->c->scan, "N-%lld", (long long)flag->about));
	if (mark >= 0 && marks[mark].about)
		row_words(row, "next",
			  arena_printf(t->c->scan, "%s%lld", next, (long long)flag->about));
	else
		row_words(row, "next", arena_printf(t->c->scan, "%s%.*s", next, STR_ARG(p.ref)));
	add_line(t, mark < 0 ? (int)ARRAY_LEN(marks) : mark, flag->at, p.ref, row);
}

static int
on_urgent_page(void *ctx, const struct row_flag *flag)
{
	struct today *t = ctx;
	int64_t number = flag->id;

	if (str_is(flag->kind, "urgent_opened"))
		flag_line(t, flag, "crisis");
	return looked_at(t, number);
}

static int
on_mark(void *ctx, const struct row_flag *flag)
{
	struct today *t = ctx;
	int64_t number = flag->id;

	if (!str_is(flag->kind, "urgent_opened"))
		flag_line(t, flag, "flag");
	return looked_at(t, number);
}

/* ---- Appointments ---- */

static void
appointment_line(struct today *t, const struct row_appointment *in)
{
	json_t *row = new_row("appointment", in->status);
	bool to_set = str_is(in->status, "move_requested");
	struct row_person p;

	if (!row_person_of(t->c, t->r, in->person, row, &p)) {
		json_decref(row);
		return;
	}
	row_time(t->c, row, "at", to_set ? in->answered_at : in->at);
	row_time(t->c, row, "due_at", in->at);
	row_words(row, "next",
		  arena_printf(t->c->scan, "wasl person timeline %.*s", STR_ARG(p.ref)));
	add_line(t, to_set ? 0 : 1, to_set ? in->set_at : in->at, p.ref, row);
}

/* Those to be set anew, whenever they were wished for, and today's. */
static int
on_appointment(void *ctx, const struct row_appointment *in)
{
	struct today *t = ctx;
	int64_t number = in->id;

	if (str_is(in->status, "move_requested") ||
	    (in->at >= t->begin_of_day && in->at < t->end_of_day))
		appointment_line(t, in);
	return looked_at(t, number);
}

/* ---- Needs and silence ---- */

static void
need_line(struct today *t, const struct row_need *need, bool late)
{
	json_t *row = new_row("need", need->category);
	const long long number = (long long)need->number;
	struct row_person p;

	if (!row_person_of(t->c, t->r, need->person, row, &p)) {
		json_decref(row);
		return;
	}
	row_words(row, "number", arena_printf(t->c->scan, "N-%lld", number));
	row_time(t->c, row, "at", need->opened_at);
	row_time(t->c, row, "due_at", need->due_at);
	row_bool(row, "late", late);
	row_bool(row, "verified", need->verified);
	row_words(row, "next", arena_printf(t->c->scan, "wasl need show N-%lld", number));
	add_line(t, 0, need->due_at, p.ref, row);
}

static int
on_need(void *ctx, const struct row_need *need)
{
	struct today *t = ctx;
	int64_t number = need->number;
	bool late = need->due_at != 0 && need->due_at <= t->c->now;

	if (late || str_is(need->urgency, "today"))
		need_line(t, need, late);
	return looked_at(t, number);
}

static int
on_silent(void *ctx, const struct overdue *o)
{
	struct today *t = ctx;
	const struct overdue copy = *o;
	json_t *row = new_row("overdue", STR_LIT("silent"));
	struct row_person p;

	if (!row_person_of(t->c, t->r, copy.person, row, &p)) {
		json_decref(row);
		arena_reset(t->c->scan);
		return 0;
	}
	row_time(t->c, row, "at", copy.last_heard_at);
	if (copy.last_heard_at != 0)
		row_number(row, "days", (t->c->now - copy.last_heard_at) / DAY_S);
	row_number(row, "tries", copy.reminded);
	row_words(row, "next", arena_printf(t->c->scan, "wasl person show %.*s", STR_ARG(p.ref)));
	add_line(t, 0, copy.last_heard_at, p.ref, row);
	arena_reset(t->c->scan);
	return 0;
}

/* ---- All of it ---- */

/* The first moment of today (0) or tomorrow (1). */
static int64_t
begin_of_day(const struct ask *c, int days)
{
	struct wall now, day;

	civil_to_wall(c->zone, c->now, &now);
	day = civil_day(&now);
	day = civil_add_days(&day, days);
	return civil_instant(c->zone, &day);
}

static int
list_crisis(struct today *t, const struct filter *f)
{
	return list_callbacks(t->r, f, t->c->scan, on_crisis, t);
}

static int
list_urgent_pages(struct today *t, const struct filter *f)
{
	return list_flags(t->r, f, t->c->scan, on_urgent_page, t);
}

static int
list_callbacks_due(struct today *t, const struct filter *f)
{
	return list_callbacks(t->r, f, t->c->scan, on_callback_due, t);
}

static int
list_urgent_needs(struct today *t, const struct filter *f)
{
	return list_needs(t->r, f, t->c->scan, on_need, t);
}

static int
list_marks(struct today *t, const struct filter *f)
{
	return list_flags(t->r, f, t->c->scan, on_mark, t);
}

static int
list_appointments_today(struct today *t, const struct filter *f)
{
	return list_appointments(t->r, f, t->c->scan, on_appointment, t);
}

/* Not by key: the first page has the longest silences. */
static int
list_silent(struct today *t, const struct filter *f)
{
	struct filter silent = *f;

	silent.open_only = false;
	silent.limit = SECTION_ROWS;
	return list_overdue(t->r, &silent, silent_since(t->c), t->c->scan, on_silent, t);
}

static const struct {
	int (*list)(struct today *t, const struct filter *f);
	bool ends; /* the section; its lines are put in order */
} steps[] = {
	{list_crisis, false},      {list_urgent_pages, true}, {list_callbacks_due, true},
	{list_urgent_needs, true}, {list_marks, true},        {list_appointments_today, true},
	{list_silent, true},
};

/* Every open row is looked at, or somebody in need would be missed behind the first thousand. */
static int
read_sections(struct today *t)
{
	int rc = W_OK;

	for (size_t i = 0; rc == W_OK && i < ARRAY_LEN(steps); i++) {
		struct filter f = t->c->filter;

		f.open_only = true;
		do {
			t->looked_at = 0;
			rc = steps[i].list(t, &f);
			f.after = t->last;
		} while (rc == W_OK && t->looked_at >= ADMIN_PAGE_ROWS);
		if (steps[i].ends)
			flush_lines(t);
	}
	flush_lines(t);
	return rc;
}

static void
read_today(struct store_reader *r, struct ask *c)
{
	struct today t = {.c = c,
			  .r = r,
			  .begin_of_day = begin_of_day(c, 0),
			  .end_of_day = begin_of_day(c, 1)};

	page_listed(c, read_sections(&t));
	c->page.more = false;
	if (t.cut)
		c->end_text = "the first of each kind only; the lists have them all";
}

void
verb_today(struct ask *c)
{
	if (arg_number(c, "days") > 36500) {
		ask_end(c, ADMIN_USAGE, "today: \"days\" needs at most 36500");
		return;
	}
	ask_read(c, read_today);
}
