#include "work/work.h"

enum { NOON_MINUTE = 12 * 60, DAYS_LOOKED_AT = 14 };

static int
minute_of(const struct wall *w)
{
	return w->hour * 60 + w->minute;
}

/* What part of an office day a wish leaves: from and to in minutes of the day. */
static const struct {
	const char *word;
	int from, to;
	bool not_today;
} wishes[] = {
	{"morning", 0, NOON_MINUTE, false},
	{"afternoon", NOON_MINUTE, 24 * 60, false},
	{"week", 0, 24 * 60, true},
};

static void
wish_window(struct str wish, int *from, int *to, bool *not_today)
{
	*from = 0;
	*to = 24 * 60;
	*not_today = false;
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		if (!str_is(wish, wishes[i].word))
			continue;
		*from = wishes[i].from;
		*to = wishes[i].to;
		*not_today = wishes[i].not_today;
	}
}

static struct wall
at_minute(const struct wall *day, int minute)
{
	struct wall w = *day;

	w.hour = (uint8_t)(minute / 60);
	w.minute = (uint8_t)(minute % 60);
	w.second = 0;
	return w;
}

/* Whole minutes: a call at 9:00:30 is told as 9:01. */
static struct wall
next_minute(const struct zone *z, int64_t now)
{
	struct wall w;

	civil_to_wall(z, (now + 59) / 60 * 60, &w);
	return w;
}

int64_t
callback_due_at(const struct zone *z, const struct week_hours *office, struct str wish, int64_t now)
{
	struct wall from_now = next_minute(z, now), day = civil_day(&from_now), open;
	int from, to;
	bool not_today;

	wish_window(wish, &from, &to, &not_today);
	for (int i = not_today ? 1 : 0; i < DAYS_LOOKED_AT; i++) {
		struct wall d = civil_add_days(&day, i);
		struct wall start = at_minute(&d, from);

		if (civil_compare(&start, &from_now) < 0)
			start = from_now;
		if (civil_days_between(&d, &start) == 0 &&
		    civil_hours_next(office, &start, &open) && civil_days_between(&d, &open) == 0 &&
		    minute_of(&open) < to)
			return civil_instant(z, &open);
	}
	/* No such part of any office day: the next office minute, or at once when never open. */
	return civil_hours_next(office, &from_now, &open) ? civil_instant(z, &open) : now;
}

enum { NO_ANSWER_MAX = 3 };

void
work_callback_close(struct work *w, struct store_job *job, const struct row_callback *row,
		    struct str outcome, int64_t staff, int64_t now)
{
	const struct work_centre *c = work_centre_id(w, row->centre);
	bool again = str_is(outcome, "no_answer") && row->tries + 1 < NO_ANSWER_MAX && c != NULL;
	int64_t due_at = row->due_at;

	/* Not at once: people do not pick up twice within the hour. */
	if (again)
		due_at = callback_due_at(w->zone, &c->office, STR_LIT("any"), now + 2 * 3600);
	set_callback(job, row->number, again ? STR_NONE : outcome, due_at, now, staff);
}
