#include "civil/civil.h"

#include "civil/civil_int.h"

/* Days in 400, 100, 4 and 1 years of the Gregorian calendar, without the leap day that a century
 * or a fourth year may add. */
enum { DAYS_400 = 146097, DAYS_100 = 36524, DAYS_4 = 1461, DAYS_1 = 365 };
/* From 1 January of the year -399 (a 400-year cycle before the year 1) to 1970-01-01. */
enum { DAYS_BEFORE_1970 = 719162 + DAYS_400, YEARS_BEFORE = 399 };

static const uint16_t days_before_month[] = {0,   31,  59,  90,  120, 151, 181,
					     212, 243, 273, 304, 334, 365};

static bool
is_leap(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

unsigned
month_days(int32_t year, unsigned month)
{
	CHECK(month >= 1 && month <= 12);
	return (unsigned)(days_before_month[month] - days_before_month[month - 1]) +
	       (month == 2 && is_leap(year));
}

int64_t
day_of(int32_t year, unsigned month, unsigned day)
{
	CHECK(month >= 1 && month <= 12 && year >= -YEARS_BEFORE);
	int64_t years = (int64_t)year + YEARS_BEFORE; /* whole ones before */

	return years * DAYS_1 + years / 4 - years / 100 + years / 400 +
	       days_before_month[month - 1] + (month > 2 && is_leap(year)) + day - 1 -
	       DAYS_BEFORE_1970;
}

int64_t
day_of_wall(const struct wall *w)
{
	CHECK(civil_wall_ok(w));
	return day_of(w->year, w->month, w->day);
}

int64_t
day_clamp(int64_t day)
{
	int64_t first = day_of(YEAR_FIRST, 1, 1), last = day_of(YEAR_LAST, 12, 31);

	return day < first ? first : day > last ? last : day;
}

/* How many whole pieces of a size are in *days, at most most; leaves the rest. */
static int64_t
take_pieces(int64_t *days, int64_t size, int64_t most)
{
	int64_t n = *days / size;

	if (n > most)
		n = most;
	*days -= n * size;
	return n;
}

struct wall
wall_of_day(int64_t day)
{
	int64_t days = day_clamp(day) + DAYS_BEFORE_1970;
	int64_t years = 400 * take_pieces(&days, DAYS_400, INT64_MAX);
	struct wall w = {.month = 1};

	years += 100 * take_pieces(&days, DAYS_100, 3);
	years += 4 * take_pieces(&days, DAYS_4, 24);
	years += take_pieces(&days, DAYS_1, 3);
	w.year = (int32_t)(years - YEARS_BEFORE);
	while (days >= month_days(w.year, w.month))
		days -= month_days(w.year, w.month++);
	w.day = (uint8_t)(days + 1);
	return w;
}

int64_t
wall_seconds(const struct wall *w)
{
	return day_of_wall(w) * DAY_SECONDS + w->hour * 3600 + w->minute * 60 + w->second;
}

struct wall
wall_of_seconds(int64_t seconds)
{
	int64_t first = day_of(YEAR_FIRST, 1, 1) * DAY_SECONDS;
	int64_t last = (day_of(YEAR_LAST, 12, 31) + 1) * DAY_SECONDS - 1;
	int64_t inside = seconds < first ? first : seconds > last ? last : seconds;
	/* Counted from the first day, so that the division never sees a negative number. */
	int64_t from_first = inside - first;
	struct wall w = wall_of_day(first / DAY_SECONDS + from_first / DAY_SECONDS);
	int64_t rest = from_first % DAY_SECONDS;

	w.hour = (uint8_t)(rest / 3600);
	w.minute = (uint8_t)(rest % 3600 / 60);
	w.second = (uint8_t)(rest % 60);
	return w;
}

bool
civil_wall_ok(const struct wall *w)
{
	return w->year >= YEAR_FIRST && w->year <= YEAR_LAST && w->month >= 1 && w->month <= 12 &&
	       w->day >= 1 && w->day <= month_days(w->year, w->month) && w->hour < 24 &&
	       w->minute < 60 && w->second < 60;
}

unsigned
civil_weekday(const struct wall *w)
{
	/* 1970-01-01 was a Thursday; the added weeks keep the number positive. */
	return (unsigned)((day_of_wall(w) + 4 + (int64_t)7 * DAYS_BEFORE_1970) % 7);
}

struct wall
civil_add_days(const struct wall *w, int n)
{
	struct wall to = wall_of_day(day_of_wall(w) + n);

	to.hour = w->hour;
	to.minute = w->minute;
	to.second = w->second;
	return to;
}

struct wall
civil_day(const struct wall *w)
{
	return wall_of_day(day_of_wall(w));
}

struct wall
civil_monday(const struct wall *w)
{
	return wall_of_day(day_of_wall(w) - (civil_weekday(w) + 6) % 7);
}

int
civil_days_between(const struct wall *a, const struct wall *b)
{
	return (int)(day_of_wall(b) - day_of_wall(a));
}

int
civil_compare(const struct wall *a, const struct wall *b)
{
	int64_t of_a = wall_seconds(a), of_b = wall_seconds(b);

	return (of_a > of_b) - (of_a < of_b);
}
