#include "work/work.h"

enum { DAY_S = 24 * 3600 };

bool
guard_pin_locked(const struct row_guard *g, int64_t now)
{
	return g->pin_locked_until > now;
}

bool
guard_code_locked(const struct row_guard *g, int64_t now)
{
	return g->code_day == now / DAY_S && g->code_wrong >= CODE_TRIES_DAY;
}

struct row_guard
guard_pin_wrong(const struct row_guard *g, int64_t now)
{
	struct row_guard next = *g;

	next.pin_wrong++;
	next.pin_total++;
	if (next.pin_total >= PIN_TRIES_TOTAL)
		next.pin_locked_until = INT64_MAX;
	else if (next.pin_wrong >= PIN_TRIES) {
		next.pin_locked_until = now + PIN_LOCK_S;
		next.pin_wrong = 0;
	}
	return next;
}

struct row_guard
guard_pin_right(const struct row_guard *g)
{
	struct row_guard next = *g;

	next.pin_wrong = next.pin_total = 0;
	next.pin_locked_until = 0;
	return next;
}

struct row_guard
guard_code_wrong(const struct row_guard *g, int64_t now)
{
	struct row_guard next = *g;

	if (next.code_day != now / DAY_S) {
		next.code_day = now / DAY_S;
		next.code_wrong = 0;
	}
	next.code_wrong++;
	return next;
}
