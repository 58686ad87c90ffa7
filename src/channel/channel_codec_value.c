#include "channel/channel_int.h"

/* Times and numbers as aggregators write them. */

/* A run of exactly n digits off the front. */
static bool
digits(struct str *s, size_t n, int64_t *out)
{
	int64_t v = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = str_after(*s, n);
	*out = v;
	return true;
}

static bool
take(struct str *s, const char *any_of)
{
	if (s->n == 0 || s->p[0] == '\0' || strchr(any_of, s->p[0]) == NULL)
		return false;
	*s = str_after(*s, 1);
	return true;
}

static bool
leap(int64_t y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int64_t
month_days(int64_t y, int64_t m)
{
	static const int8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return m == 2 && leap(y) ? 29 : lengths[m - 1];
}

/* Days since 1970-01-01 of a valid date. */
static int64_t
days_of(int64_t y, int64_t m, int64_t d)
{
	int64_t before = y - 1;
	int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;

	for (int64_t i = 1; i < m; i++)
		days += month_days(y, i);
	return days + d - 1;
}

/* Z, +hh, +hhmm or +hh:mm to seconds east; nothing is UTC. */
static bool
zone_of(struct str s, int64_t *east)
{
	int64_t h = 0, m = 0;

	*east = 0;
	if (s.n == 0 || str_eq_nocase(s, STR_LIT("z")))
		return true;
	bool west = s.p[0] == '-';

	if (!take(&s, "+-") || !digits(&s, 2, &h))
		return false;
	take(&s, ":");
	if (s.n > 0 && !digits(&s, 2, &m))
		return false;
	*east = (h * 60 + m) * (west ? -60 : 60);
	return s.n == 0 && h <= 14 && m < 60;
}

static bool
iso_time(struct str s, int64_t *at)
{
	int64_t y, mo, d, h = 0, mi = 0, sec = 0, east;

	if (!digits(&s, 4, &y) || !take(&s, "-") || !digits(&s, 2, &mo) || !take(&s, "-") ||
	    !digits(&s, 2, &d))
		return false;
	if (y < 1970 || mo < 1 || mo > 12 || d < 1 || d > month_days(y, mo))
		return false;
	if (take(&s, "Tt ")) {
		if (!digits(&s, 2, &h) || !take(&s, ":") || !digits(&s, 2, &mi))
			return false;
		if (take(&s, ":") && !digits(&s, 2, &sec))
			return false;
		if (take(&s, ".,"))
			while (take(&s, "0123456789"))
				;
		take(&s, " ");
	}
	if (h > 23 || mi > 59 || sec > 60 || !zone_of(s, &east))
		return false;
	*at = days_of(y, mo, d) * 86400 + h * 3600 + mi * 60 + sec - east;
	return true;
}

bool
codec_time(struct str s, int64_t *at)
{
	int64_t v;

	s = str_trim(s);
	if (!str_to_int(s, &v))
		return iso_time(s, at);
	if (v <= 0 || s.n > 13)
		return false;
	*at = s.n >= 12 ? v / 1000 : v;
	return true;
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/*
 * Bare digits mean what the dialect says: with country code, or as dialled at
 * home. A leading 0 is never a country code, so such a number is refused
 * rather than taken for one of ours.
 */
bool
codec_phone(struct str s, bool national, struct phone *out)
{
	char plus[32] = "+";

	s = str_trim(s);
	if (s.n > 4 && str_eq_nocase((struct str){s.p, 4}, STR_LIT("tel:")))
		s = str_after(s, 4);
	if (s.n == 0 || s.n > sizeof(plus) - 2)
		return false;
	if (!national && all_digits(s) && !str_starts(s, STR_LIT("00"))) {
		memcpy(plus + 1, s.p, s.n);
		s = (struct str){plus, s.n + 1};
	}
	return phone_parse(s, out) != PHONE_BAD;
}
