#include "conf/conf_int.h"

/* "09:00" in minutes; "24:00" is the end of a day. */
static bool
clock_of(struct str s, int64_t *out)
{
	if (s.n != 5 || s.p[2] != ':')
		return false;
	for (size_t i = 0; i < 5; i++)
		if (i != 2 && (s.p[i] < '0' || s.p[i] > '9'))
			return false;
	int64_t hour = (s.p[0] - '0') * 10 + s.p[1] - '0';
	int64_t minute = (s.p[3] - '0') * 10 + s.p[4] - '0';
	*out = hour * 60 + minute;
	return minute < 60 && *out <= 1440;
}

static bool
times_of(struct str s, struct conf_times *out)
{
	int64_t from, to;
	struct str first = str_cut(&s, '-');

	if (!clock_of(first, &from) || !clock_of(s, &to) || to <= from)
		return false;
	*out = (struct conf_times){(uint16_t)from, (uint16_t)to};
	return true;
}

void
conf_set_clock(struct conf_loader *l, const struct conf_item *it)
{
	int64_t at;

	if (clock_of(it->node->text, &at) && at < 1440)
		*(int64_t *)it->field = at;
	else
		yaml_fault(l->err, l->doc, it->node, "%s needs a time of day such as \"10:00\"",
			   it->name);
}

static bool
times_or_fault(struct conf_loader *l, const struct conf_item *it, const struct yaml_node *node,
	       struct conf_times *out)
{
	bool ok = times_of(node->text, out);

	if (!ok)
		yaml_fault(l->err, l->doc, node,
			   "%s needs two times of day such as \"09:00-20:00\", the later one last",
			   it->name);
	return ok;
}

void
conf_set_times(struct conf_loader *l, const struct conf_item *it)
{
	times_or_fault(l, it, it->node, it->field);
}

void
conf_set_times_list(struct conf_loader *l, const struct conf_item *it)
{
	struct conf_times_list *out = it->field;
	const struct yaml_node *entry;
	size_t i = 0;

	out->v = ARENA_ARRAY(l->conf->arena, struct conf_times, it->node->n);
	while (conf_list_next(l, it, &i, &entry))
		if (times_or_fault(l, it, entry, &out->v[out->n]))
			out->n++;
}

static bool
day_ok(struct str s)
{
	static const char *const days[] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		if (str_is(s, days[i]))
			return true;
	return false;
}

/* "MO-FR 09:00-16:30" or "SA 09:00-12:00". */
static bool
week_span_ok(struct str s)
{
	struct conf_times times;
	struct str days = str_cut(&s, ' ');
	bool range = str_find(days, '-') >= 0;
	struct str first = str_cut(&days, '-');

	return day_ok(first) && (!range || day_ok(days)) && times_of(str_trim(s), &times);
}

/* Only the shape; what it means is civil/'s to say. */
void
conf_set_hours(struct conf_loader *l, const struct conf_item *it)
{
	struct str rest = it->node->text;

	do {
		if (week_span_ok(str_trim(str_cut(&rest, ','))))
			continue;
		yaml_fault(l->err, l->doc, it->node,
			   "%s needs days and times such as \"MO-TH 09:00-16:30, FR 09:00-12:00\"",
			   it->name);
		return;
	} while (rest.n > 0);
	*(const char **)it->field = it->node->text.p;
}
