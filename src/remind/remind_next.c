#include "remind/remind_int.h"

#include <libical/ical.h>
#include <stdio.h>

/* A weekly rule tried from a week before the instant meets it within three steps; the rest is for a
 * gap or a fold of the clock. */
enum { STEPS = 8 };

static struct icaltimetype
to_ical(const struct wall *w)
{
	struct icaltimetype t = icaltime_null_time();

	t.year = w->year;
	t.month = w->month;
	t.day = w->day;
	t.hour = w->hour;
	t.minute = w->minute;
	t.second = w->second;
	t.is_date = 0;
	return t;
}

static bool
from_ical(const struct icaltimetype *t, struct wall *out)
{
	*out = (struct wall){.year = t->year,
			     .month = (uint8_t)t->month,
			     .day = (uint8_t)t->day,
			     .hour = (uint8_t)t->hour,
			     .minute = (uint8_t)t->minute,
			     .second = (uint8_t)t->second};
	return civil_wall_ok(out);
}

/*
 * The first occurrence of a rule after an instant. Times carry no zone inside
 * libical, so this is wall-clock arithmetic; each hit is turned into an instant
 * by the zone, late (RFC 5545, 3.3.5 for gaps and folds).
 */
static int64_t
next_of_rule(const char *rrule, const struct wall *start, const struct zone *z, int64_t after)
{
	struct icalrecurrencetype rule = icalrecurrencetype_from_string(rrule);
	int64_t found = INT64_MAX;

	CHECK(rule.freq != ICAL_NO_RECURRENCE);
	icalrecur_iterator *it = icalrecur_iterator_new(rule, to_ical(start));
	CHECK(it != NULL);
	for (int i = 0; i < STEPS && found == INT64_MAX; i++) {
		struct icaltimetype t = icalrecur_iterator_next(it);
		struct wall w;

		if (icaltime_is_null_time(t) || !from_ical(&t, &w))
			break;
		int64_t at = civil_instant(z, &w);
		if (at > after)
			found = at;
	}
	icalrecur_iterator_free(it);
	return found;
}

int64_t
remind_next_weekly(const struct zone *z, unsigned weekday, unsigned minute, int64_t after)
{
	static const char *const days[] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
	char rrule[48];
	struct wall start;

	CHECK(weekday < ARRAY_LEN(days) && minute < 24 * 60);
	snprintf(rrule, sizeof(rrule), "FREQ=WEEKLY;BYDAY=%s", days[weekday]);
	civil_to_wall(z, after, &start);
	start = civil_add_days(&start, -7);
	start.hour = (uint8_t)(minute / 60);
	start.minute = (uint8_t)(minute % 60);
	start.second = 0;
	return next_of_rule(rrule, &start, z, after);
}

struct remind_occurrence
remind_occurrence(const struct zone *z, int64_t at)
{
	struct remind_occurrence o;
	struct wall w;

	civil_to_wall(z, at, &w);
	snprintf(o.date, sizeof(o.date), "%04d-%02u-%02u", (int)w.year, w.month, w.day);
	return o;
}
