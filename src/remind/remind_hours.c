#include "remind/remind_int.h"

enum { FRIDAY = 5, DAY_MIN = 24 * 60, LOOK_AHEAD_DAYS = 14 };

static bool
within(const struct conf_times *t, unsigned minute)
{
	return minute >= t->from && minute < t->to;
}

bool
remind_hours_open(const struct remind_hours *h, const struct wall *w)
{
	const struct conf_sending *s = h->sending;
	unsigned minute = w->hour * 60u + w->minute;

	if (civil_weekday(w) == FRIDAY && within(&s->friday_pause, minute))
		return false;
	if (!remind_is_ramadan(h->rules, w))
		return within(&s->hours, minute);
	for (size_t i = 0; i < s->ramadan_hours.n; i++)
		if (within(&s->ramadan_hours.v[i], minute))
			return true;
	return false;
}

static struct wall
at_minute(const struct wall *day, unsigned minute)
{
	struct wall w = civil_day(day);

	w.hour = (uint8_t)(minute / 60);
	w.minute = (uint8_t)(minute % 60);
	return w;
}

/* Windows only open at one of their own edges, so these are all the minutes worth asking. */
static bool
first_open_edge(const struct remind_hours *h, const struct wall *day, unsigned from,
		struct wall *out)
{
	const struct conf_sending *s = h->sending;
	unsigned best = DAY_MIN;

	for (size_t i = 0; i < s->ramadan_hours.n + 2; i++) {
		unsigned edge = i == 0   ? s->hours.from
				: i == 1 ? s->friday_pause.to
					 : s->ramadan_hours.v[i - 2].from;
		const struct wall w = at_minute(day, edge < DAY_MIN ? edge : 0);

		if (edge >= from && edge < best && remind_hours_open(h, &w))
			best = edge;
	}
	if (best == DAY_MIN)
		return false;
	*out = at_minute(day, best);
	return true;
}

bool
remind_hours_next(const struct remind_hours *h, const struct wall *w, struct wall *out)
{
	if (remind_hours_open(h, w)) {
		*out = *w;
		return true;
	}
	unsigned from = w->hour * 60u + w->minute;
	for (int day = 0; day <= LOOK_AHEAD_DAYS; day++, from = 0) {
		const struct wall at = civil_add_days(w, day);

		if (first_open_edge(h, &at, from, out))
			return true;
	}
	return false;
}
