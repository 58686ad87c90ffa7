#include "menu/menu_int.h"

/* Runs, and the places where only a run, or only a list, makes sense. */

static const struct yaml_key run_keys[] = {
	{"record", YAML_T_WORD, true, 0, 0},
	{"questions", YAML_T_LIST, true, 0, 0},
	{"then", YAML_T_TEXT, true, 0, 0},
};

/* ---- Questions ---- */

/* What a check-in keeps; menu_types.def has their words. */
static const char *const checkin_fields[] = {"mood", "housing", "days_worked"};

static bool
is_checkin_field(struct str field)
{
	for (size_t i = 0; i < ARRAY_LEN(checkin_fields); i++)
		if (str_is(field, checkin_fields[i]))
			return true;
	return false;
}

static void
answers_check(struct menu_loader *ld, const struct menu_place *place, const struct menu_node *node,
	      int type)
{
	const struct yaml_node *list = yaml_get(place->body, "options");

	for (size_t i = 0; list != NULL && i < list->n && i < node->n_options; i++) {
		const struct yaml_node *answer = yaml_get(list->items[i], "answer");

		if (answer == NULL)
			menu_fault(ld, list->items[i],
				   "an option of a question needs the word to store: answer");
		else if (!menu_type_has(type, answer->text))
			menu_fault(ld, answer, "%s is never %.40s%s", menu_type_name(type),
				   answer->text.p,
				   menu_hint(ld, menu_word_near(type, answer->text, ld->scratch)));
	}
}

static void
question_check(struct menu_loader *ld, const struct yaml_node *at, uint16_t id)
{
	struct menu_node *node = &ld->set->nodes[id];
	const struct menu_place *place = &ld->places[id];

	if (node->kind != MENU_MENU || node->field.n == 0) {
		menu_fault(ld, at, "a question is a menu with \"into\": the field it answers");
		return;
	}
	const struct yaml_doc *here = ld->doc;
	ld->doc = place->doc;
	if (is_checkin_field(node->field))
		answers_check(ld, place, node, menu_type_find(node->field));
	else
		menu_fault(ld, yaml_get(place->body, "into"), "a check-in has no field %s%s",
			   node->field.p,
			   menu_hint(ld, str_nearest(node->field, checkin_fields,
						     ARRAY_LEN(checkin_fields))));
	ld->doc = here;
	if (yaml_get(place->body, "resumable") == NULL)
		node->resumable = true;
	for (size_t i = 0; i < node->n_options; i++)
		if (node->options[i].go.kind == GO_NONE)
			node->options[i].go.kind = GO_QUESTION;
}

static void
question_add(struct menu_loader *ld, const struct yaml_node *at, uint16_t run_id)
{
	struct menu_run *run = &ld->set->runs[run_id];
	struct menu_target target = menu_target_parse(ld, at);

	if (target.kind == GO_NONE)
		return;
	if (target.kind != GO_NODE) {
		menu_fault(ld, at, "a question is a node, not %s", at->text.p);
	} else if (ld->run_of[target.id] != MENU_NO_NODE) {
		menu_fault(ld, at, "%s is a question of a run already", at->text.p);
	} else if (run->n_questions == MENU_QUESTIONS) {
		menu_fault(ld, at, "at most %d questions", MENU_QUESTIONS);
	} else {
		run->questions[run->n_questions++] = target.id;
		ld->run_of[target.id] = run_id;
		if (!ld->places[target.id].faulty)
			question_check(ld, at, target.id);
	}
}

static void
run_read(struct menu_loader *ld, const struct yaml_node *body, uint16_t id)
{
	struct menu_run *run = &ld->set->runs[id];

	if (yaml_check(ld->doc, body, run_keys, ARRAY_LEN(run_keys), ld->err) != W_OK) {
		ld->edges_unsure = true;
		return;
	}
	const struct yaml_node *record = yaml_get(body, "record");
	const struct yaml_node *questions = yaml_get(body, "questions");
	if (!str_is(record->text, "checkin"))
		menu_fault(ld, record, "the only record a run fills is checkin");
	run->record = arena_str(ld->set->arena, record->text);
	if (questions->n == 0)
		menu_fault(ld, questions, "at least one question is needed");
	for (size_t i = 0; i < questions->n; i++)
		question_add(ld, questions->items[i], id);
	run->then = menu_target_parse(ld, yaml_get(body, "then"));
}

static uint16_t
runs_of(struct menu_loader *ld, const struct yaml_doc *doc, uint16_t id)
{
	const struct yaml_node *runs = yaml_get(doc->root, "runs");

	ld->doc = doc;
	for (size_t i = 0; runs != NULL && runs->kind == YAML_MAP && i < runs->n; i++)
		run_read(ld, runs->pairs[i].value, id++);
	return id;
}

/* ---- Words that need a run or a list around them ---- */

static bool
leads(const struct menu_node *node, int kind)
{
	for (size_t i = 0; i < node->n_options; i++)
		if ((int)node->options[i].go.kind == kind)
			return true;
	for (size_t i = 0; i < node->n_branches; i++)
		if ((int)node->branches[i].kind == kind)
			return true;
	return (int)node->go.kind == kind;
}

static void
options_lead(struct menu_loader *ld, const struct menu_place *place)
{
	const struct yaml_node *list = yaml_get(place->body, "options");

	for (size_t i = 0; i < list->n; i++) {
		const struct yaml_node *at = list->items[i];

		if (yaml_get(at, "go") == NULL && yaml_get(place->body, "go") == NULL) {
			menu_fault(ld, at, "the option leads nowhere: go is missing");
			ld->edges_unsure = true;
		}
		if (yaml_get(at, "answer") != NULL)
			menu_fault(ld, yaml_get(at, "answer"),
				   "only the questions of a run have answers");
	}
}

static void
sense_check(struct menu_loader *ld, uint16_t id)
{
	const struct menu_node *node = &ld->set->nodes[id];
	const struct menu_place *place = &ld->places[id];
	bool question = ld->run_of[id] != MENU_NO_NODE;

	ld->doc = place->doc;
	if ((node->kind == MENU_MENU || node->kind == MENU_LIST) && !question && !ld->runs_unsure)
		options_lead(ld, place);
	if (node->kind == MENU_MENU && node->field.n > 0 && !question && !ld->runs_unsure)
		menu_fault(ld, yaml_get(place->body, "into"),
			   "%s is a question of no run: a menu sets variables with set",
			   node->name.p);
	if (!question && !ld->runs_unsure && leads(node, GO_QUESTION))
		menu_fault(ld, place->key, "$question leads on inside a run only");
	if (node->kind != MENU_LIST && leads(node, GO_ITEM))
		menu_fault(ld, place->key, "$item leads on inside a list only");
}

void
menu_runs_read(struct menu_loader *ld)
{
	size_t n = ld->set->n_nodes;
	uint16_t id = 0;

	size_t before = err_errors(ld->err);

	ld->run_of = ARENA_ARRAY(ld->scratch, uint16_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ld->run_of[i] = MENU_NO_NODE;
	id = runs_of(ld, ld->main.doc, id);
	for (size_t i = 0; i < ld->n_parts; i++)
		id = runs_of(ld, ld->parts[i].doc, id);
	ld->runs_unsure = err_errors(ld->err) != before;
	for (size_t i = 0; i < n; i++)
		if (!ld->places[i].faulty)
			sense_check(ld, (uint16_t)i);
}
