#include "work/work.h"

/* In rising order; terms are those of the resolution figure: same day, a week, 30 days. */
static const struct {
	const char *word;
	int days;
} urgencies[] = {{"can_wait", 30}, {"week", 7}, {"today", 0}};

static size_t
rank_of(struct str urgency)
{
	for (size_t i = 0; i < ARRAY_LEN(urgencies); i++)
		if (str_is(urgency, urgencies[i].word))
			return i;
	return 0;
}

bool
urgency_is_higher(struct str a, struct str than)
{
	return rank_of(a) > rank_of(than);
}

int64_t
need_due_at(const struct zone *z, struct str urgency, int64_t opened_at)
{
	struct wall w;

	civil_to_wall(z, opened_at, &w);
	w = civil_add_days(&w, urgencies[rank_of(urgency)].days);
	w.hour = 23;
	w.minute = w.second = 59;
	return civil_instant(z, &w);
}
