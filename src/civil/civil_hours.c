#include "civil/civil.h"

#include "civil/civil_int.h"

enum { EVERY_DAY = 0x7f, MINUTES_OF_DAY = 1440, SEARCH_DAYS = 14 };

/* RFC 5545 names, from Sunday as civil_weekday counts. */
static const char day_names[7][3] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

static void
skip_blanks(struct str *rest)
{
	while (take_char(rest, ' '))
		;
}

static bool
take_day(struct str *rest, unsigned *day)
{
	for (unsigned i = 0; i < ARRAY_LEN(day_names); i++) {
		if (!str_starts(*rest, str_of(day_names[i])))
			continue;
		*rest = str_after(*rest, 2);
		*day = i;
		return true;
	}
	return false;
}

/* "FR", "MO-TH", "SA-MO", or nothing when the hours come at once: every day. */
static bool
take_days(struct str *rest, uint8_t *days)
{
	unsigned first, last;

	if (rest->n > 0 && rest->p[0] >= '0' && rest->p[0] <= '9') {
		*days = EVERY_DAY;
		return true;
	}
	if (!take_day(rest, &first))
		return false;
	last = first;
	if (take_char(rest, '-') && !take_day(rest, &last))
		return false;
	*days = (uint8_t)(1U << last);
	for (unsigned day = first; day != last; day = (day + 1) % 7)
		*days |= (uint8_t)(1U << day);
	if (!take_char(rest, ' '))
		return false;
	skip_blanks(rest);
	return true;
}

/* "09:00-16:30"; stays before what it cannot read, or before an end that is not after its begin. */
static bool
take_hours(struct str *rest, struct week_span *span)
{
	unsigned from, to;

	if (!take_clock(rest, false, &from) || !take_char(rest, '-'))
		return false;
	struct str end = *rest;
	if (!take_clock(&end, true, &to) || to <= from)
		return false;
	*rest = end;
	span->from = (uint16_t)from;
	span->to = (uint16_t)to;
	return true;
}

int
civil_hours_parse(struct str text, struct week_hours *out, size_t *fault_at)
{
	struct week_hours hours = {0};
	struct str rest = text;
	bool ok;

	do {
		struct week_span span = {0};

		skip_blanks(&rest);
		ok = hours.n < WEEK_SPANS && take_days(&rest, &span.days) &&
		     take_hours(&rest, &span);
		if (!ok)
			break;
		hours.spans[hours.n++] = span;
		skip_blanks(&rest);
	} while (take_char(&rest, ','));
	if (!ok || rest.n > 0) {
		if (fault_at != NULL)
			*fault_at = text.n - rest.n;
		return W_EINVAL;
	}
	*out = hours;
	return 0;
}

static bool
span_on(const struct week_span *span, const struct wall *w)
{
	return (span->days >> civil_weekday(w) & 1U) != 0;
}

/* A span that ends at 16:30 is closed at 16:30:00. */
bool
civil_hours_open(const struct week_hours *h, const struct wall *w)
{
	unsigned minute = w->hour * 60U + w->minute;

	for (size_t i = 0; i < h->n; i++)
		if (span_on(&h->spans[i], w) && minute >= h->spans[i].from &&
		    minute < h->spans[i].to)
			return true;
	return false;
}

/* The first begin of a span on the day of w that is not before its time of day; 1440 when none. */
static unsigned
next_opening(const struct week_hours *h, const struct wall *w)
{
	unsigned minute = w->hour * 60U + w->minute;
	unsigned best = MINUTES_OF_DAY;

	for (size_t i = 0; i < h->n; i++)
		if (span_on(&h->spans[i], w) && h->spans[i].from >= minute &&
		    h->spans[i].from < best)
			best = h->spans[i].from;
	return best;
}

bool
civil_hours_next(const struct week_hours *h, const struct wall *w, struct wall *out)
{
	struct wall at = *w;

	if (civil_hours_open(h, w)) {
		*out = *w;
		return true;
	}
	for (int day = 0; day <= SEARCH_DAYS; day++) {
		unsigned minute = next_opening(h, &at);

		if (minute < MINUTES_OF_DAY) {
			at.hour = (uint8_t)(minute / 60);
			at.minute = (uint8_t)(minute % 60);
			at.second = 0;
			*out = at;
			return true;
		}
		at = civil_day(&at);
		at = civil_add_days(&at, 1);
	}
	return false;
}
