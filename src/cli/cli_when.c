#include "cli/cli_print.h"

/* Times as the gateway says them (RFC 3339, its zone) to the few words a screen has room for. */

static const char *const days[7] = {N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"),
				    N_("Thu"), N_("Fri"), N_("Sat")};
static const char *const months[12] = {N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"),
				       N_("May"), N_("Jun"), N_("Jul"), N_("Aug"),
				       N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")};

enum { DAY_S = 24 * 3600 };
static const struct wall epoch = {.year = 1970, .month = 1, .day = 1};

/* n digits at a place, or -1. */
static int
digits(struct str s, size_t at, size_t n)
{
	int value = 0;

	if (at + n > s.n)
		return -1;
	for (size_t i = at; i < at + n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		value = value * 10 + (s.p[i] - '0');
	}
	return value;
}

/* "Z", "+01:00", "-00:30"; W_EINVAL for anything else. */
static int
parse_offset(struct str s, int32_t *out)
{
	int h = digits(s, 1, 2), m = digits(s, 4, 2);

	if (s.n == 1 && (s.p[0] == 'Z' || s.p[0] == 'z')) {
		*out = 0;
		return W_OK;
	}
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' || h < 0 || h > 23 ||
	    m < 0 || m > 59)
		return W_EINVAL;
	*out = (h * 3600 + m * 60) * (s.p[0] == '-' ? -1 : 1);
	return W_OK;
}

int
when_parse(struct str s, struct moment *out)
{
	static const char shape[] = "0000-00-00T00:00:00";
	int n[6] = {digits(s, 0, 4),  digits(s, 5, 2),  digits(s, 8, 2),
		    digits(s, 11, 2), digits(s, 14, 2), digits(s, 17, 2)};
	size_t end = sizeof(shape) - 1;

	for (size_t i = 0; i < end; i++)
		if (i >= s.n || (shape[i] != '0' && s.p[i] != shape[i]))
			return W_EINVAL;
	for (int i = 0; i < 6; i++)
		if (n[i] < 0)
			return W_EINVAL;
	out->wall = (struct wall){n[0],          (uint8_t)n[1], (uint8_t)n[2],
				  (uint8_t)n[3], (uint8_t)n[4], (uint8_t)n[5]};
	if (!civil_wall_ok(&out->wall) || parse_offset(str_after(s, end), &out->offset) != W_OK)
		return W_EINVAL;
	out->at = (int64_t)civil_days_between(&epoch, &out->wall) * DAY_S + n[3] * 3600 +
		  n[4] * 60 + n[5] - out->offset;
	return W_OK;
}

static bool
moment_of(const json_t *row, const char *field, struct moment *m)
{
	const json_t *v = json_object_get(row, field);

	return json_is_string(v) && when_parse(str_of(json_string_value(v)), m) == W_OK;
}

/* The day now is, on the wall the moment was written on. */
static struct wall
today_of(const struct sheet *s, const struct moment *m)
{
	return civil_add_days(&epoch, (int)((s->view.now + m->offset) / DAY_S));
}

static const char *
date_text(struct sheet *s, const struct moment *m)
{
	struct wall today = today_of(s, m);
	const char *month = _(months[m->wall.month - 1]);

	if (today.year == m->wall.year)
		return arena_printf(s->a, "%d %s", m->wall.day, month);
	return arena_printf(s->a, "%d %s %d", m->wall.day, month, (int)m->wall.year);
}

bool
when_far(const struct sheet *s, const struct moment *m)
{
	int64_t away = s->view.now - m->at;

	return away >= 7 * DAY_S || away <= -7 * DAY_S;
}

const char *
when_near(struct sheet *s, const json_t *row, const char *field)
{
	struct moment m;

	if (!moment_of(row, field, &m))
		return "";
	int64_t away = s->view.now - m.at, span = away < 0 ? -away : away;
	const char *in = away < 0 ? _("in ") : "";

	if (span < 60)
		return _("now");
	if (span < 3600)
		return arena_printf(s->a, _("%s%dm"), in, (int)(span / 60));
	if (span < DAY_S)
		return arena_printf(s->a, _("%s%dh"), in, (int)(span / 3600));
	if (!when_far(s, &m))
		return arena_printf(s->a, _("%s%dd"), in, (int)(span / DAY_S));
	return date_text(s, &m);
}

const char *
when_clock(struct sheet *s, const json_t *row, const char *field)
{
	struct moment m;

	if (!moment_of(row, field, &m))
		return "";
	return arena_printf(s->a, "%02d:%02d", m.wall.hour, m.wall.minute);
}

const char *
when_full(struct sheet *s, const json_t *row, const char *field)
{
	struct moment m;

	if (!moment_of(row, field, &m))
		return "";
	return arena_printf(s->a, "%s %02d:%02d", date_text(s, &m), m.wall.hour, m.wall.minute);
}

const char *
when_day(struct arena *a, const struct wall *w)
{
	return arena_printf(a, "%s %d %s", _(days[civil_weekday(w)]), w->day,
			    _(months[w->month - 1]));
}

const char *
when_heading(struct sheet *s, const struct moment *m)
{
	struct wall today = today_of(s, m);
	int ago = civil_days_between(&m->wall, &today);
	const char *day = when_day(s->a, &m->wall);

	if (today.year != m->wall.year)
		day = arena_printf(s->a, "%s %d", day, (int)m->wall.year);
	if (ago == 0)
		return arena_printf(s->a, "%s · %s", _("TODAY"), day);
	if (ago == 1)
		return arena_printf(s->a, "%s · %s", _("YESTERDAY"), day);
	return day;
}
