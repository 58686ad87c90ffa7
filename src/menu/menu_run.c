#include "menu/menu_int.h"

/*
 * Runs, and the places where only a run, or only a list, makes sense. A node
 * may be a question of several runs, and may go on over a further page that
 * "continues" it; a run skips questions whose "when" does not hold.
 */

static const struct yaml_key run_keys[] = {
	{"record", YAML_T_WORD, true, 0, 0},
	{"kind", YAML_T_WORD, false, 0, 0},
	{"questions", YAML_T_LIST, true, 0, 0},
	{"then", YAML_T_TEXT, true, 0, 0},
};
static const struct yaml_key question_keys[] = {
	{"ask", YAML_T_TEXT, true, 0, 0},
	{"when", YAML_T_TEXT, false, 0, 0},
};

/* ---- Questions ---- */

/* What the row of a check-in has room for; the answers of a survey are rows of their own. */
static bool
checkin_has(struct str field)
{
	static const char *const columns[] = {"mood",     "housing",   "days_worked", "job",
					      "job_mood", "job_issue", "end_reason"};

	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (str_is(field, columns[i]))
			return true;
	return false;
}

/* An option answers, or leads elsewhere by a target of its own; one at least answers. */
static void
answers_check(struct menu_loader *ld, const struct menu_place *place, const struct menu_node *node,
	      int type)
{
	const struct yaml_node *list = yaml_get(place->body, "options");
	size_t before = err_errors(ld->err), n = 0;

	for (size_t i = 0; list != NULL && i < list->n && i < node->n_options; i++) {
		const struct yaml_node *answer = yaml_get(list->items[i], "answer");

		n += answer != NULL;
		if (answer == NULL && yaml_get(list->items[i], "go") == NULL)
			menu_fault(ld, list->items[i],
				   "an option of a question needs the word to store: answer");
		else if (answer != NULL && !menu_type_has(ld->set, type, answer->text))
			menu_fault(ld, answer, "%s is never %.40s%s", menu_type_name(ld->set, type),
				   answer->text.p,
				   menu_hint(ld, menu_word_near(ld->set, type, answer->text,
								ld->scratch)));
	}
	if (n == 0 && err_errors(ld->err) == before)
		menu_fault(ld, list != NULL ? list : place->key,
			   "no option of this question has an answer");
}

/* Options without a target of their own lead to the next open question; a call dropped here is
 * offered again. */
static void
question_make(const struct menu_place *place, struct menu_node *node)
{
	if (yaml_get(place->body, "resumable") == NULL)
		node->resumable = true;
	for (size_t i = 0; i < node->n_options; i++)
		if (node->options[i].go.kind == GO_NONE)
			node->options[i].go.kind = GO_QUESTION;
}

/* A node that becomes a question of its first run. */
static void
question_check(struct menu_loader *ld, const struct yaml_node *at, uint16_t id)
{
	struct menu_node *node = &ld->set->nodes[id];
	const struct menu_place *place = &ld->places[id];
	int type = menu_type_find(node->field);

	if (node->kind != MENU_MENU || node->field.n == 0) {
		menu_fault(ld, at, "a question is a menu with \"into\": the field it answers");
		return;
	}
	const struct yaml_doc *here = ld->doc;
	ld->doc = place->doc;
	if (type < 0 || menu_type_is_free(type))
		menu_fault(ld, yaml_get(place->body, "into"), "there is no field %s%s",
			   node->field.p, menu_hint(ld, menu_type_near(node->field)));
	else
		answers_check(ld, place, node, type);
	ld->doc = here;
}

static const struct menu_question *
asked_already(const struct menu_loader *ld, const struct menu_run *run, uint16_t id)
{
	const struct menu_node *nodes = ld->set->nodes;

	for (size_t i = 0; i < run->n_questions; i++) {
		uint16_t other = run->questions[i].node;

		if (other == id ||
		    (nodes[id].field.n > 0 && str_eq(nodes[id].field, nodes[other].field)))
			return &run->questions[i];
	}
	return NULL;
}

/* True when the node may be a question of this run too. */
static bool
question_may(struct menu_loader *ld, const struct yaml_node *at, const struct menu_run *run,
	     struct menu_target target)
{
	if (target.kind != GO_NODE) {
		menu_fault(ld, at, "a question is a node, not %s", at->text.p);
		return false;
	}
	const struct menu_node *node = &ld->set->nodes[target.id];
	const struct menu_question *other = asked_already(ld, run, target.id);
	if (other != NULL && other->node == target.id)
		menu_fault(ld, at, "%s is a question of this run already", at->text.p);
	else if (other != NULL)
		menu_fault(ld, at, "%s is answered in this run already, by %s", node->field.p,
			   ld->set->nodes[other->node].name.p);
	else if (run->n_questions == MENU_QUESTIONS)
		menu_fault(ld, at, "at most %d questions", MENU_QUESTIONS);
	else if (node->question != MENU_NO_NODE)
		menu_fault(ld, at, "%s continues a question and is none itself", at->text.p);
	else if (run->record == RECORD_CHECKIN && node->field.n > 0 &&
		 menu_type_find(node->field) >= 0 && !checkin_has(node->field))
		menu_fault(ld, at, "a check-in has no room for %s", node->field.p);
	else
		return true;
	return false;
}

static void
question_add(struct menu_loader *ld, const struct yaml_node *item, uint16_t run_id)
{
	struct menu_run *run = &ld->set->runs[run_id];
	const struct yaml_node *at = item, *when = NULL;

	if (item->kind == YAML_MAP) {
		if (yaml_check(ld->doc, item, question_keys, ARRAY_LEN(question_keys), ld->err) !=
		    W_OK) {
			ld->edges_unsure = true;
			return;
		}
		at = yaml_get(item, "ask");
		when = yaml_get(item, "when");
	}
	struct menu_target target = menu_target_parse(ld, at);
	if (target.kind == GO_NONE || !question_may(ld, at, run, target)) {
		ld->edges_unsure = true;
		return;
	}
	struct menu_question *question = &run->questions[run->n_questions++];
	question->node = target.id;
	if (when != NULL)
		menu_when_parse(ld, when, &question->when);
	question_make(&ld->places[target.id], &ld->set->nodes[target.id]);
	if (ld->asked_in[target.id] == 0 && !ld->places[target.id].faulty)
		question_check(ld, at, target.id);
	ld->asked_in[target.id] |= UINT64_C(1) << run_id;
}

/* ---- Runs ---- */

static void
kind_check(struct menu_loader *ld, const struct yaml_node *body, struct menu_run *run)
{
	const struct yaml_node *record = yaml_get(body, "record"), *kind = yaml_get(body, "kind");
	int type = menu_type_find(STR_LIT("survey_kind"));

	run->record = str_is(record->text, "survey") ? RECORD_SURVEY : RECORD_CHECKIN;
	if (run->record == RECORD_CHECKIN && !str_is(record->text, "checkin"))
		menu_fault(ld, record, "a run fills a checkin or a survey");
	else if (run->record == RECORD_CHECKIN && kind != NULL)
		menu_fault(ld, kind, "there is one kind of checkin only");
	else if (run->record == RECORD_SURVEY && kind == NULL)
		menu_fault(ld, record, "a survey is of a kind: %s",
			   menu_type_words(ld->set, type).p);
	else if (kind != NULL && !menu_type_has(ld->set, type, kind->text))
		menu_fault(ld, kind, "survey_kind is never %.40s%s", kind->text.p,
			   menu_hint(ld, menu_word_near(ld->set, type, kind->text, ld->scratch)));
	else
		run->kind = arena_str(ld->set->arena, yaml_text(kind));
}

static void
run_read(struct menu_loader *ld, const struct yaml_node *body, uint16_t id)
{
	struct menu_run *run = &ld->set->runs[id];

	if (yaml_check(ld->doc, body, run_keys, ARRAY_LEN(run_keys), ld->err) != W_OK) {
		ld->edges_unsure = true;
		return;
	}
	const struct yaml_node *questions = yaml_get(body, "questions");
	kind_check(ld, body, run);
	if (questions->n == 0) {
		menu_fault(ld, questions, "at least one question is needed");
		ld->edges_unsure = true;
	}
	for (size_t i = 0; i < questions->n; i++)
		question_add(ld, questions->items[i], id);
	run->then = menu_target_parse(ld, yaml_get(body, "then"));
	if (run->then.kind == GO_QUESTION || run->then.kind == GO_ITEM)
		menu_fault(ld, yaml_get(body, "then"), "a run is over here: it leads to a node");
}

static uint16_t
runs_of(struct menu_loader *ld, const struct yaml_doc *doc, uint16_t id)
{
	const struct yaml_node *runs = yaml_get(doc->root, "runs");

	ld->doc = doc;
	for (size_t i = 0; runs != NULL && runs->kind == YAML_MAP && i < runs->n; i++)
		if (id < ld->set->n_runs)
			run_read(ld, runs->pairs[i].value, id++);
	return id;
}

/* ---- Pages that go on with a question ---- */

static void
continue_check(struct menu_loader *ld, uint16_t id)
{
	struct menu_node *node = &ld->set->nodes[id];
	const struct menu_place *place = &ld->places[id];
	const struct menu_node *question = &ld->set->nodes[node->question];
	const struct yaml_node *at = yaml_get(place->body, "continues");

	ld->doc = place->doc;
	if (ld->asked_in[node->question] == 0) {
		menu_fault(ld, at, "%s is a question of no run", at->text.p);
		return;
	}
	question_make(place, node);
	if (place->faulty || ld->places[node->question].faulty)
		return;
	if (node->field.n > 0 && !str_eq(node->field, question->field))
		menu_fault(ld, yaml_get(place->body, "into"),
			   "%s answers %s, so this page does too", question->name.p,
			   question->field.p);
	node->field = question->field;
	node->into = question->into;
	int type = menu_type_find(node->field);
	if (type >= 0)
		answers_check(ld, place, node, type);
}

/* ---- Words that need a run or a list around them ---- */

static bool
leads_to_item(const struct menu_node *node)
{
	for (size_t i = 0; i < node->n_options; i++)
		if (node->options[i].go.kind == GO_ITEM)
			return true;
	for (size_t i = 0; i < node->n_branches; i++)
		if (node->branches[i].kind == GO_ITEM)
			return true;
	return node->go.kind == GO_ITEM;
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
	bool question = node->question != MENU_NO_NODE;

	ld->doc = place->doc;
	if (node->kind != MENU_LIST && leads_to_item(node))
		menu_fault(ld, place->key, "$item leads on inside a list only");
	if (question || ld->runs_unsure)
		return;
	if (node->kind == MENU_MENU || node->kind == MENU_LIST)
		options_lead(ld, place);
	if (node->kind == MENU_MENU && node->field.n > 0)
		menu_fault(ld, yaml_get(place->body, "into"),
			   "%s is a question of no run: a menu sets variables with set",
			   place->key->text.p);
}

void
menu_runs_read(struct menu_loader *ld)
{
	size_t n = ld->set->n_nodes, before = err_errors(ld->err);
	struct menu_node *nodes = ld->set->nodes;
	uint16_t id = 0;

	ld->asked_in = ARENA_ARRAY(ld->scratch, uint64_t, n + 1);
	id = runs_of(ld, ld->main.doc, id);
	for (size_t i = 0; i < ld->n_parts; i++)
		if (!menu_is_sub(ld->parts[i].doc))
			id = runs_of(ld, ld->parts[i].doc, id);
	ld->runs_unsure = err_errors(ld->err) != before;
	for (size_t i = 0; i < n && !ld->runs_unsure; i++)
		if (nodes[i].question != MENU_NO_NODE)
			continue_check(ld, (uint16_t)i);
	ld->runs_unsure = err_errors(ld->err) != before;
	for (size_t i = 0; i < n; i++) {
		if (ld->asked_in[i] != 0)
			nodes[i].question = (uint16_t)i;
		if (!ld->places[i].faulty)
			sense_check(ld, (uint16_t)i);
	}
}
