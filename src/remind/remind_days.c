#include "remind/remind_int.h"

static const struct yaml_key root_keys[] = {
	{.name = "wasl", .type = YAML_T_INT, .required = true, .min = 1, .max = 1},
	{.name = "ramadan", .type = YAML_T_LIST},
};

static const struct yaml_key span_keys[] = {
	{.name = "from", .type = YAML_T_TEXT, .required = true},
	{.name = "to", .type = YAML_T_TEXT, .required = true},
};

static int32_t
yyyymmdd(const struct wall *w)
{
	return w->year * 10000 + w->month * 100 + w->day;
}

/* "2027-02-08" as 20270208; 0 when it is no date. */
static int32_t
parse_date(struct str s)
{
	int64_t year, month, day;
	struct str rest = s;

	if (s.n != 10 || !str_to_int(str_cut(&rest, '-'), &year) ||
	    !str_to_int(str_cut(&rest, '-'), &month) || !str_to_int(rest, &day) || year < 1 ||
	    month < 1 || day < 1)
		return 0;
	const struct wall w = {.year = (int32_t)year, .month = (uint8_t)month, .day = (uint8_t)day};
	return civil_wall_ok(&w) ? yyyymmdd(&w) : 0;
}

static int32_t
read_date(const struct yaml_doc *doc, const struct yaml_node *at, struct err *err)
{
	int32_t date = parse_date(yaml_text(at));

	if (date == 0)
		yaml_fault(err, doc, at, "\"%.*s\" is no date (write 2027-02-08)",
			   STR_ARG(yaml_text(at)));
	return date;
}

static void
read_span(const struct yaml_doc *doc, const struct yaml_node *item, struct remind_rules *rules,
	  struct err *err)
{
	if (item->kind != YAML_MAP) {
		yaml_fault(err, doc, item, "write {from: 2027-02-08, to: 2027-03-09}");
		return;
	}
	if (yaml_check(doc, item, span_keys, ARRAY_LEN(span_keys), err) != W_OK)
		return;
	struct remind_days days = {read_date(doc, yaml_get(item, "from"), err),
				   read_date(doc, yaml_get(item, "to"), err)};
	if (days.from == 0 || days.to == 0)
		return;
	if (days.to < days.from)
		yaml_fault(err, doc, yaml_get(item, "to"), "ends before it begins");
	else if (rules->n_ramadan == REMIND_RAMADANS)
		yaml_fault(err, doc, item, "more than %d spans", REMIND_RAMADANS);
	else
		rules->ramadan[rules->n_ramadan++] = days;
}

void
remind_days_read(const char *path, struct remind_rules *rules, struct err *err)
{
	struct yaml_doc *doc;

	/* its faults are counted by the caller */
	(void)!yaml_read_file(path, 0, rules->arena, &doc, err);
	if (doc == NULL || doc->root == NULL)
		return;
	if (doc->root->kind != YAML_MAP) {
		yaml_fault(err, doc, doc->root, "a holidays file is a map");
		return;
	}
	(void)!yaml_check(doc, doc->root, root_keys, ARRAY_LEN(root_keys), err);
	const struct yaml_node *list = yaml_get(doc->root, "ramadan");
	for (size_t i = 0; list != NULL && list->kind == YAML_LIST && i < list->n; i++)
		read_span(doc, list->items[i], rules, err);
}

bool
remind_is_ramadan(const struct remind_rules *rules, const struct wall *w)
{
	int32_t date = yyyymmdd(w);

	for (size_t i = 0; rules != NULL && i < rules->n_ramadan; i++)
		if (date >= rules->ramadan[i].from && date <= rules->ramadan[i].to)
			return true;
	return false;
}
