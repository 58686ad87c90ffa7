#include "remind/remind_int.h"

#include <libgen.h>
#include <stdlib.h>

static const struct yaml_key root_keys[] = {
	{.name = "wasl", .type = YAML_T_INT, .required = true, .min = 1, .max = 1},
	{.name = "calendar", .type = YAML_T_MAP},
	{.name = "reminders", .type = YAML_T_MAP, .required = true},
};

static const struct yaml_key calendar_keys[] = {
	{.name = "holidays", .type = YAML_T_TEXT},
	{.name = "per_person_day", .type = YAML_T_INT, .min = 1, .max = 4},
	{.name = "zone", .type = YAML_T_ANY},
	{.name = "quiet", .type = YAML_T_ANY},
	{.name = "spread", .type = YAML_T_ANY},
};

static const struct yaml_key rule_keys[] = {
	{.name = "when", .type = YAML_T_MAP, .required = true},
	{.name = "send", .type = YAML_T_WORD, .required = true},
	{.name = "no_later", .type = YAML_T_SPAN, .required = true, .min = 60, .max = 7 * 86400},
	{.name = "skip_if", .type = YAML_T_MAP},
	{.name = "for", .type = YAML_T_ANY},
	{.name = "text", .type = YAML_T_ANY},
	{.name = "expires", .type = YAML_T_ANY},
	{.name = "then", .type = YAML_T_ANY},
	{.name = "override", .type = YAML_T_ANY},
};

static const struct yaml_key when_keys[] = {
	{.name = "schedule", .type = YAML_T_WORD}, {.name = "rrule", .type = YAML_T_ANY},
	{.name = "at", .type = YAML_T_ANY},        {.name = "after", .type = YAML_T_ANY},
	{.name = "before", .type = YAML_T_ANY},    {.name = "missing", .type = YAML_T_ANY},
	{.name = "on", .type = YAML_T_ANY},        {.name = "every", .type = YAML_T_ANY},
	{.name = "max", .type = YAML_T_ANY},
};

static const struct yaml_key skip_keys[] = {
	{.name = "checkin", .type = YAML_T_WORD},
	{.name = "heard_within", .type = YAML_T_ANY},
	{.name = "answered", .type = YAML_T_ANY},
};

struct loader {
	struct yaml_doc *doc;
	const struct menu_set *set;
	struct remind_rules *rules;
	struct err *err;
};

/* Words of the form that later kinds of rules will use: known, so that nobody takes them for
 * misspelt, and refused, so that nobody takes them for working. */
static void
refuse_later(struct loader *ld, const struct yaml_node *map, const char *const *words, size_t n)
{
	for (size_t i = 0; map != NULL && i < map->n; i++)
		for (size_t k = 0; k < n; k++)
			if (str_is(map->pairs[i].key->text, words[k]))
				yaml_fault(ld->err, ld->doc, map->pairs[i].key,
					   "%s: not supported yet", words[k]);
}

static void
read_when(struct loader *ld, const struct yaml_node *body, struct remind_rule *rule)
{
	static const char *const later[] = {"rrule",   "at", "after", "before",
					    "missing", "on", "every", "max"};
	const struct yaml_node *when = yaml_get(body, "when");
	const struct yaml_node *schedule = yaml_get(when, "schedule");

	if (when == NULL || when->kind != YAML_MAP ||
	    yaml_check(ld->doc, when, when_keys, ARRAY_LEN(when_keys), ld->err) != W_OK)
		return;
	refuse_later(ld, when, later, ARRAY_LEN(later));
	if (schedule == NULL && when->n == 0)
		yaml_fault(ld->err, ld->doc, when, "when: is empty (write schedule: checkin)");
	if (schedule == NULL)
		return;
	rule->schedule = yaml_text(schedule);
	if (!str_is(rule->schedule, "checkin"))
		yaml_fault(ld->err, ld->doc, schedule,
			   "schedule \"%.*s\": not supported yet (there is: checkin)",
			   STR_ARG(rule->schedule));
}

static void
read_skip(struct loader *ld, const struct yaml_node *body, struct remind_rule *rule)
{
	static const char *const later[] = {"heard_within", "answered"};
	const struct yaml_node *skip = yaml_get(body, "skip_if");
	const struct yaml_node *checkin = yaml_get(skip, "checkin");

	if (skip == NULL || skip->kind != YAML_MAP ||
	    yaml_check(ld->doc, skip, skip_keys, ARRAY_LEN(skip_keys), ld->err) != W_OK)
		return;
	refuse_later(ld, skip, later, ARRAY_LEN(later));
	if (checkin == NULL)
		return;
	if (str_is(yaml_text(checkin), "begun"))
		rule->skip_if = REMIND_UNLESS_BEGUN;
	else if (str_is(yaml_text(checkin), "done"))
		rule->skip_if = REMIND_UNLESS_DONE;
	else
		yaml_fault(ld->err, ld->doc, checkin, "checkin: is begun or done, not \"%.*s\"",
			   STR_ARG(yaml_text(checkin)));
}

static void
check_send(struct loader *ld, const struct yaml_node *send)
{
	if (send == NULL || send->kind != YAML_SCALAR || ld->set == NULL)
		return;
	if (menu_sms(ld->set, yaml_text(send)) == NULL)
		yaml_fault(ld->err, ld->doc, send, "no SMS \"%.*s\" in sms.yaml",
			   STR_ARG(yaml_text(send)));
}

/* A schedule has one next time, so one rule moves it. */
static void
check_alone(struct loader *ld, const struct yaml_node *at, const struct remind_rule *rule)
{
	for (size_t i = 0; i < ld->rules->n; i++)
		if (rule->schedule.n > 0 && str_eq(ld->rules->rules[i].schedule, rule->schedule))
			yaml_fault(ld->err, ld->doc, at,
				   "schedule %.*s already has a rule (line %u)",
				   STR_ARG(rule->schedule), ld->rules->rules[i].line);
}

static void
read_rule(struct loader *ld, const struct yaml_pair *pair)
{
	static const char *const later[] = {"for", "text", "expires", "then", "override"};
	const struct yaml_node *body = pair->value;
	struct remind_rule rule = {
		.name = pair->key->text, .line = pair->key->line, .col = pair->key->col};

	if (body->kind != YAML_MAP) {
		yaml_fault(ld->err, ld->doc, body, "a reminder is a map (when:, send:, no_later:)");
		return;
	}
	(void)!yaml_check(ld->doc, body, rule_keys, ARRAY_LEN(rule_keys), ld->err);
	refuse_later(ld, body, later, ARRAY_LEN(later));
	read_when(ld, body, &rule);
	read_skip(ld, body, &rule);
	check_send(ld, yaml_get(body, "send"));
	rule.send = yaml_text(yaml_get(body, "send"));
	rule.no_later_s = yaml_span(yaml_get(body, "no_later"), 0);
	check_alone(ld, pair->key, &rule);
	if (ld->rules->n == REMIND_RULES)
		yaml_fault(ld->err, ld->doc, pair->key, "more than %d reminders", REMIND_RULES);
	else
		ld->rules->rules[ld->rules->n++] = rule;
}

static void
read_calendar(struct loader *ld, const struct yaml_node *calendar)
{
	static const char *const later[] = {"zone", "quiet", "spread"};

	if (calendar == NULL || calendar->kind != YAML_MAP)
		return;
	(void)!yaml_check(ld->doc, calendar, calendar_keys, ARRAY_LEN(calendar_keys), ld->err);
	refuse_later(ld, calendar, later, ARRAY_LEN(later));
	ld->rules->per_person_day = (int32_t)yaml_int(yaml_get(calendar, "per_person_day"), 0);
	struct str holidays = yaml_text(yaml_get(calendar, "holidays"));
	if (holidays.n == 0)
		return;
	struct arena *a = ld->rules->arena;
	const char *dir = dirname(arena_strdup(a, ld->doc->file));
	remind_days_read(arena_printf(a, "%s/%.*s", dir, STR_ARG(holidays)), ld->rules, ld->err);
}

static void
read_root(struct loader *ld)
{
	const struct yaml_node *root = ld->doc->root;
	const struct yaml_node *reminders = yaml_get(root, "reminders");

	if (root->kind != YAML_MAP) {
		yaml_fault(ld->err, ld->doc, root, "a reminders file is a map");
		return;
	}
	(void)!yaml_check(ld->doc, root, root_keys, ARRAY_LEN(root_keys), ld->err);
	read_calendar(ld, yaml_get(root, "calendar"));
	for (size_t i = 0; reminders != NULL && reminders->kind == YAML_MAP && i < reminders->n;
	     i++)
		read_rule(ld, &reminders->pairs[i]);
}

int
remind_load(const char *path, const struct menu_set *set, struct remind_rules **out,
	    struct err *err)
{
	struct arena *a = arena_new(0);
	struct loader ld = {.set = set, .rules = ARENA_NEW(a, struct remind_rules), .err = err};
	size_t before = err_errors(err);

	ld.rules->arena = a;
	int rc = yaml_read_file(path, 0, a, &ld.doc, err);
	if (ld.doc != NULL && ld.doc->root != NULL)
		read_root(&ld);
	if (rc == W_OK && err_errors(err) > before)
		rc = W_EINVAL;
	if (rc != W_OK) {
		arena_free(a);
		return rc;
	}
	*out = ld.rules;
	return W_OK;
}

void
remind_rules_free(struct remind_rules *rules)
{
	if (rules != NULL)
		arena_free(rules->arena);
}

const struct remind_rule *
remind_rule(const struct remind_rules *rules, struct str name)
{
	for (size_t i = 0; i < rules->n; i++)
		if (str_eq(rules->rules[i].name, name))
			return &rules->rules[i];
	return NULL;
}
