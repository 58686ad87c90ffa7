/*
 * Lists a page at a time on the reader thread: needs, call-backs, silent
 * people; and one need or one call-back by its number.
 */
#include "admin/admin_int.h"

enum { DAY_S = 24 * 3600, OVERDUE_DAYS = 8 };

struct scan {
	struct ask *c;
	struct store_reader *r;
};

/* A PERSON argument that was given must be somebody. */
static bool
person_if_given(struct ask *c)
{
	return !arg(c, "person")->given || find_person(c, "person");
}

static bool
word_fits(const struct ask *c, const char *name, struct str word)
{
	struct str wanted = arg_text(c, name);

	return wanted.n == 0 || str_is(wanted, "all") || str_eq(wanted, word);
}

/* ---- Needs ---- */

static int
on_need(void *ctx, const struct row_need *need)
{
	struct scan *s = ctx;
	int64_t number = need->number;
	struct row_person p;

	if (word_fits(s->c, "state", need->status) && word_fits(s->c, "urgency", need->urgency) &&
	    word_fits(s->c, "kind", need->category)) {
		json_t *row = need_row(s->c, s->r, need, &p);

		if (row != NULL)
			page_add(s->c, p.ref, row);
	}
	return page_next(s->c, number);
}

static void
read_needs(struct store_reader *r, struct ask *c)
{
	struct scan s = {c, r};

	page_listed(c, list_needs(r, &c->filter, c->scan, on_need, &s));
}

void
verb_need_list(struct ask *c)
{
	if (!person_if_given(c))
		return;
	c->filter.open_only = !arg(c, "state")->given;
	ask_read(c, read_needs);
}

void
verb_need_show(struct ask *c)
{
	struct store_reader *r = store_loop_reader(c->a->o.store);
	struct row_need need;
	struct row_person p;
	int rc = read_need(r, arg_number(c, "number"), c->arena, &need);

	if (rc == W_OK && read_person(r, need.person, c->arena, &p) == W_OK)
		c->person.id = p.id; /* for the record, theirs or not */
	if (c->person.id == 0 || !scope_reaches(c, &p)) {
		ask_no_number(c);
		return;
	}
	json_t *row = need_row(c, r, &need, &p);
	if (row == NULL) {
		ask_no_number(c);
		return;
	}
	page_note(c, p.ref);
	page_add(c, str_of(arena_printf(c->arena, "N-%lld", (long long)need.number)), row);
	ask_show(c);
}

/* ---- Call-backs ---- */

static int
on_callback(void *ctx, const struct row_callback *cb)
{
	struct scan *s = ctx;
	int64_t number = cb->number;
	struct row_person p;
	json_t *row = callback_row(s->c, s->r, cb, &p, false);

	if (row != NULL && p.id == 0)
		page_add(s->c, str_of(arena_printf(s->c->scan, "C-%lld", (long long)number)), row);
	else if (row != NULL)
		page_add(s->c, p.ref, row);
	return page_next(s->c, number);
}

static void
read_callbacks(struct store_reader *r, struct ask *c)
{
	struct scan s = {c, r};

	page_listed(c, list_callbacks(r, &c->filter, c->scan, on_callback, &s));
}

void
verb_call_list(struct ask *c)
{
	if (!person_if_given(c))
		return;
	c->filter.open_only = !arg_yes(c, "all");
	ask_read(c, read_callbacks);
}

void
verb_call_show(struct ask *c)
{
	struct row_callback cb;
	struct row_person p;

	if (!callback_reached(c, &cb))
		return;
	json_t *row = callback_row(c, store_loop_reader(c->a->o.store), &cb, &p, true);
	if (row == NULL) {
		ask_no_number(c);
		return;
	}
	page_note(c, p.ref);
	page_add(c, str_of(arena_printf(c->arena, "C-%lld", (long long)cb.number)), row);
	ask_show(c);
}

/* ---- Silent people ---- */

void
overdue_values(struct ask *c, json_t *row, const struct overdue *o)
{
	if (o->last_heard_at != 0)
		row_number(row, "days", (c->now - o->last_heard_at) / DAY_S);
	row_time(c, row, "last_heard_at", o->last_heard_at);
	row_number(row, "reminded", o->reminded);
	row_time(c, row, "last_reminder_at", o->last_reminder_at);
}

static int
on_overdue(void *ctx, const struct overdue *o)
{
	struct scan *s = ctx;
	json_t *row = json_object();
	const struct overdue copy = *o; /* the arena below is emptied after each row */
	struct row_person p;

	overdue_values(s->c, row, &copy);
	if (row_person_of(s->c, s->r, copy.person, row, &p)) {
		row_words(row, "next",
			  arena_printf(s->c->scan, "wasl person show %.*s", STR_ARG(p.ref)));
		page_add(s->c, p.ref, row);
	} else {
		json_decref(row);
	}
	return page_next(s->c, 0);
}

int64_t
silent_since(const struct ask *c)
{
	const struct arg_value *days = arg(c, "days");

	return c->now - (days->given ? days->number : OVERDUE_DAYS) * DAY_S;
}

/* The longest silences; not paged, since the order is not that of a key. */
static void
read_overdue(struct store_reader *r, struct ask *c)
{
	struct scan s = {c, r};
	struct filter f = c->filter;

	f.limit = ADMIN_PAGE_ROWS;
	page_listed(c, list_overdue(r, &f, silent_since(c), c->scan, on_overdue, &s));
	if (c->page.more && c->limit == 0)
		c->end_text = "the longest silences only; more people are silent";
	c->page.more = false;
}

void
verb_overdue(struct ask *c)
{
	if (arg_number(c, "days") > 36500) {
		ask_end(c, ADMIN_USAGE, "overdue: \"days\" needs at most 36500");
		return;
	}
	ask_read(c, read_overdue);
}
