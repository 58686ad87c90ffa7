#include "civil/civil.h"

#include "civil/civil_int.h"

#include "base/buf.h"

#include <stdlib.h>

/* A count with a unit reaches at most about this far: nobody plans or looks back 100 years. */
enum { MOST_SPAN_DAYS = 36525 };

bool
take_digits(struct str *rest, size_t n, unsigned *out)
{
	unsigned value = 0;

	if (rest->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (rest->p[i] < '0' || rest->p[i] > '9')
			return false;
		value = value * 10 + (unsigned)(rest->p[i] - '0');
	}
	*rest = str_after(*rest, n);
	*out = value;
	return true;
}

bool
take_clock(struct str *rest, bool midnight_ends, unsigned *minutes)
{
	struct str s = *rest;
	unsigned hour, minute;

	if (!take_digits(&s, 2, &hour) || !take_char(&s, ':') || !take_digits(&s, 2, &minute))
		return false;
	if (minute > 59 || (hour > 23 && !(midnight_ends && hour == 24 && minute == 0)))
		return false;
	*minutes = hour * 60 + minute;
	*rest = s;
	return true;
}

/* "2026-11-23", a real day of the years 1 to 9999. */
static bool
take_date(struct str *rest, struct wall *out)
{
	unsigned year, month, day;

	if (!take_digits(rest, 4, &year) || !take_char(rest, '-') ||
	    !take_digits(rest, 2, &month) || !take_char(rest, '-') || !take_digits(rest, 2, &day))
		return false;
	*out = (struct wall){.year = (int32_t)year, .month = (uint8_t)month, .day = (uint8_t)day};
	return civil_wall_ok(out);
}

/* "10:00" or "10:00:30". */
static bool
take_time_of_day(struct str *rest, struct wall *w)
{
	unsigned minutes, second = 0;

	if (!take_clock(rest, false, &minutes))
		return false;
	if (take_char(rest, ':') && (!take_digits(rest, 2, &second) || second > 59))
		return false;
	w->hour = (uint8_t)(minutes / 60);
	w->minute = (uint8_t)(minutes % 60);
	w->second = (uint8_t)second;
	return true;
}

/* "Z", "+01:00"; seconds east of UTC. */
static bool
take_utc_offset(struct str *rest, int64_t *east)
{
	unsigned minutes;

	*east = 0;
	if (take_char(rest, 'Z'))
		return true;
	bool west = rest->n > 0 && rest->p[0] == '-';
	if (!take_char(rest, '-') && !take_char(rest, '+'))
		return false;
	if (!take_clock(rest, false, &minutes))
		return false;
	*east = (int64_t)minutes * (west ? -60 : 60);
	return true;
}

/* A date, or a date and a time with or without an offset. */
static int
parse_absolute(const struct zone *z, struct str text, int64_t *out)
{
	struct wall w;
	int64_t east;

	if (!take_date(&text, &w))
		return W_EINVAL;
	if (text.n == 0) {
		*out = civil_instant(z, &w);
		return 0;
	}
	if ((!take_char(&text, 'T') && !take_char(&text, ' ')) || !take_time_of_day(&text, &w))
		return W_EINVAL;
	if (text.n == 0) {
		*out = civil_instant(z, &w);
		return 0;
	}
	if (!take_utc_offset(&text, &east) || text.n > 0)
		return W_EINVAL;
	*out = wall_seconds(&w) - east;
	return 0;
}

/* Days and weeks keep the time of day; hours and minutes are time that passes. */
static const struct unit {
	char letter;
	int seconds, days;
} units[] = {{'m', 60, 0}, {'h', 3600, 0}, {'d', 0, 1}, {'w', 0, 7}};

/* "3d" later (sign 1) or earlier (sign -1). */
static int
parse_span(const struct zone *z, struct str text, int64_t now, int sign, int64_t *out)
{
	struct wall w;
	int64_t count;

	if (text.n < 2 || text.p[0] == '-' || !str_to_int((struct str){text.p, text.n - 1}, &count))
		return W_EINVAL;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		const struct unit *u = &units[i];
		int64_t each = u->seconds + (int64_t)u->days * DAY_SECONDS;

		if (u->letter != text.p[text.n - 1])
			continue;
		if (count > (int64_t)MOST_SPAN_DAYS * DAY_SECONDS / each)
			return W_EINVAL;
		civil_to_wall(z, now, &w);
		w = civil_add_days(&w, sign * (int)(u->days * count));
		*out = u->days ? civil_instant(z, &w) : now + sign * u->seconds * count;
		return 0;
	}
	return W_EINVAL;
}

int
civil_parse_instant(const struct zone *z, struct str text, int64_t now, int64_t *out)
{
	if (str_is(text, "now")) {
		*out = now;
		return 0;
	}
	if (take_char(&text, '+'))
		return parse_span(z, text, now, 1, out);
	return parse_absolute(z, text, out);
}

/* Words for a midnight: a weekday, or so many days ago. */
static const struct day_word {
	const char *word;
	int weekday; /* -1: days_ago counts */
	int days_ago;
} day_words[] = {
	{"today", -1, 0},   {"yesterday", -1, 1}, {"sunday", 0, 0},
	{"monday", 1, 0},   {"tuesday", 2, 0},    {"wednesday", 3, 0},
	{"thursday", 4, 0}, {"friday", 5, 0},     {"saturday", 6, 0},
};

int
civil_parse_since(const struct zone *z, struct str text, int64_t now, int64_t *out)
{
	struct wall today;

	civil_to_wall(z, now, &today);
	today = civil_day(&today);
	for (size_t i = 0; i < ARRAY_LEN(day_words); i++) {
		const struct day_word *word = &day_words[i];

		if (!str_eq_nocase(text, str_of(word->word)))
			continue;
		int back = word->weekday < 0 ? word->days_ago
					     : ((int)civil_weekday(&today) - word->weekday + 7) % 7;
		struct wall w = civil_add_days(&today, -back);
		*out = civil_instant(z, &w);
		return 0;
	}
	if (parse_span(z, text, now, -1, out) == 0)
		return 0;
	return parse_absolute(z, text, out);
}

struct civil_text
civil_rfc3339(const struct zone *z, int64_t at)
{
	int32_t offset = civil_offset(z, at), minutes = offset / 60;
	struct wall w = wall_of_seconds(instant_clamp(at) + minutes * 60);
	struct civil_text text;
	struct buf b;

	buf_init(&b, text.s, sizeof(text.s));
	buf_printf(&b, "%04d-%02u-%02uT%02u:%02u:%02u%c%02d:%02d", w.year, w.month, w.day, w.hour,
		   w.minute, w.second, minutes < 0 ? '-' : '+', abs(minutes) / 60,
		   abs(minutes) % 60);
	return text;
}
