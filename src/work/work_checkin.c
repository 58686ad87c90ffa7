#include "work/work.h"

int32_t
checkin_week(const struct zone *z, int64_t at)
{
	struct wall w;

	civil_to_wall(z, at, &w);
	w = civil_monday(&w);
	return w.year * 10000 + w.month * 100 + w.day;
}
