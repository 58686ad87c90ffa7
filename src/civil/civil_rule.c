#include "civil/civil.h"

#include "civil/civil_int.h"

/* RFC 8536 3.3.1: hours of an offset 0 to 24, of a time of change -167 to 167 (version 3). */
enum { OFFSET_HOURS = 24, TIME_HOURS = 167, DEFAULT_TIME = 2 * 3600 };

bool
take_char(struct str *rest, char c)
{
	if (rest->n == 0 || rest->p[0] != c)
		return false;
	*rest = str_after(*rest, 1);
	return true;
}

/* One to most digits, as many as there are. */
static bool
take_number(struct str *rest, size_t most, unsigned *out)
{
	size_t n = 0;

	*out = 0;
	for (; n < most && n < rest->n && rest->p[n] >= '0' && rest->p[n] <= '9'; n++)
		*out = *out * 10 + (unsigned)(rest->p[n] - '0');
	*rest = str_after(*rest, n);
	return n > 0;
}

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "CET" or "<+01>", at least three characters; the name itself is of no use to us. */
static bool
take_name(struct str *rest)
{
	size_t n = 0;

	if (take_char(rest, '<')) {
		ptrdiff_t end = str_find(*rest, '>');

		*rest = str_after(*rest, end < 0 ? 0 : (size_t)end + 1);
		return end >= 3;
	}
	while (n < rest->n && is_letter(rest->p[n]))
		n++;
	*rest = str_after(*rest, n);
	return n >= 3;
}

/* [+-]h[:mm[:ss]] in seconds. */
static bool
take_time(struct str *rest, unsigned most_hours, int32_t *out)
{
	bool negative = take_char(rest, '-');
	unsigned part[3] = {0};

	if (!negative)
		take_char(rest, '+');
	if (!take_number(rest, 3, &part[0]) || part[0] > most_hours)
		return false;
	for (size_t i = 1; i < 3 && take_char(rest, ':'); i++)
		if (!take_number(rest, 2, &part[i]) || part[i] > 59)
			return false;
	*out = (int32_t)(part[0] * 3600 + part[1] * 60 + part[2]);
	if (negative)
		*out = -*out;
	return true;
}

static bool
take_month_day(struct str *rest, struct rule_day *d)
{
	unsigned month, week, day;

	if (!take_number(rest, 2, &month) || !take_char(rest, '.') ||
	    !take_number(rest, 1, &week) || !take_char(rest, '.') || !take_number(rest, 1, &day))
		return false;
	d->form = RULE_MONTH;
	d->month = (uint16_t)month;
	d->week = (uint16_t)week;
	d->day = (uint16_t)day;
	return month >= 1 && month <= 12 && week >= 1 && week <= 5 && day <= 6;
}

static bool
take_year_day(struct str *rest, struct rule_day *d)
{
	bool julian = take_char(rest, 'J');
	unsigned day;

	if (!take_number(rest, 3, &day) || day > 365 || (julian && day == 0))
		return false;
	d->form = julian ? RULE_JULIAN : RULE_YEAR;
	d->day = (uint16_t)day;
	return true;
}

/* ",M3.5.0/3" */
static bool
take_rule_day(struct str *rest, struct rule_day *d)
{
	if (!take_char(rest, ','))
		return false;
	if (!(take_char(rest, 'M') ? take_month_day(rest, d) : take_year_day(rest, d)))
		return false;
	d->time = DEFAULT_TIME;
	return !take_char(rest, '/') || take_time(rest, TIME_HOURS, &d->time);
}

/* POSIX counts offsets west of Greenwich; we count east. */
static bool
take_offset(struct str *rest, int32_t *east)
{
	int32_t west;

	if (!take_time(rest, OFFSET_HOURS, &west))
		return false;
	*east = -west;
	return true;
}

int
rule_read(struct str text, struct rule *out)
{
	struct rule r = {0};

	if (!take_name(&text) || !take_offset(&text, &r.standard))
		return W_EPROTO;
	if (text.n > 0) {
		r.changes = true;
		r.summer = r.standard + 3600;
		if (!take_name(&text))
			return W_EPROTO;
		if (text.n > 0 && text.p[0] != ',' && !take_offset(&text, &r.summer))
			return W_EPROTO;
		if (!take_rule_day(&text, &r.begin) || !take_rule_day(&text, &r.end))
			return W_EPROTO;
	}
	if (text.n > 0)
		return W_EPROTO;
	*out = r;
	return 0;
}

/* The d-th weekday of the w-th week of a month; week 5 is the last one there is. */
static int64_t
month_day(const struct rule_day *d, int32_t year)
{
	int64_t first = day_of(year, d->month, 1);
	/* 1970-01-01 was a Thursday; 7 * 200,000 days keep the number positive. */
	int64_t weekday = (first + 4 + 7 * 200000) % 7;
	int64_t day = (d->day - weekday + 7) % 7 + 7 * (d->week - 1);

	if (day >= month_days(year, d->month))
		day -= 7;
	return first + day;
}

/* Day number of a change in a year. */
static int64_t
rule_day_in(const struct rule_day *d, int32_t year)
{
	int64_t january = day_of(year, 1, 1);
	bool leap = month_days(year, 2) == 29;

	switch (d->form) {
	case RULE_MONTH:
		return month_day(d, year);
	case RULE_JULIAN:
		return january + d->day - 1 + (leap && d->day >= 60);
	case RULE_YEAR:
		break;
	}
	return january + d->day;
}

struct change {
	int64_t at;
	int32_t offset; /* from then on */
};

/* Keeps the list in order of time; of two at one instant the one that came later counts. */
static void
insert(struct change *list, size_t n, struct change c)
{
	for (; n > 0 && list[n - 1].at > c.at; n--)
		list[n] = list[n - 1];
	list[n] = c;
}

struct span
rule_span(const struct rule *r, int64_t at)
{
	enum { YEARS_AROUND = 2, CHANGES = 2 * (2 * YEARS_AROUND + 1) };
	struct span s = {.offset = r->standard, .begin = INT64_MIN, .end = INT64_MAX};
	struct change list[CHANGES];
	size_t n = 0;

	if (!r->changes)
		return s;
	/* A change may be 167 hours before or after its day: two years round are enough. */
	int32_t year = wall_of_seconds(at).year;
	for (int32_t y = year - YEARS_AROUND; y <= year + YEARS_AROUND; y++) {
		int64_t begin = rule_day_in(&r->begin, y) * DAY_SECONDS + r->begin.time;
		int64_t end = rule_day_in(&r->end, y) * DAY_SECONDS + r->end.time;

		insert(list, n++, (struct change){end - r->summer, r->standard});
		insert(list, n++, (struct change){begin - r->standard, r->summer});
	}
	for (size_t i = 0; i < n && list[i].at <= at; i++) {
		s.offset = list[i].offset;
		s.begin = list[i].at;
		s.end = i + 1 < n ? list[i + 1].at : INT64_MAX;
	}
	return s;
}
