#include "menu/menu_int.h"

/* Nodes in which something is typed: inputs, what watches over them, and PINs. */

static const struct input_row {
	const char *word;
	enum menu_input input;
	const char *type;  /* of the variable it goes into; NULL: any that has words and labels */
	uint16_t min, max; /* both 0: there is nothing to bound */
} inputs[] = {
	{"text", INPUT_TEXT, "text", 1, 160},  {"digits", INPUT_DIGITS, "digits", 1, 15},
	{"int", INPUT_INT, "int", 0, 65535},   {"phone", INPUT_PHONE, "phone", 0, 0},
	{"yesno", INPUT_YESNO, "yesno", 0, 0}, {"date", INPUT_DATE, "date", 0, 0},
	{"choice", INPUT_CHOICE, NULL, 0, 0},
};

static const struct input_row *
input_row(struct menu_loader *ld, const struct yaml_node *at)
{
	const char *words[ARRAY_LEN(inputs)];

	for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
		words[i] = inputs[i].word;
		if (str_is(yaml_text(at), words[i]))
			return &inputs[i];
	}
	menu_fault(ld, at, "there is no input %.40s%s", at->text.p,
		   menu_hint(ld, str_nearest(at->text, words, ARRAY_LEN(words))));
	return &inputs[0];
}

static void
pattern_parse(struct menu_loader *ld, const struct yaml_node *at, struct menu_node *node)
{
	size_t byte = 0;
	const char *why = "";

	if (at == NULL)
		return;
	if (match_compile(at->text, &node->pattern, &byte, &why) == W_OK) {
		menu_set_own(ld->set, node->pattern);
		return;
	}
	node->pattern = NULL;
	err_add(ld->err, ld->doc->file, at->line, menu_col(ld, at, byte), "in the pattern: %s",
		why);
}

static void
into_parse(struct menu_loader *ld, const struct yaml_node *at, const struct input_row *row,
	   struct menu_node *node)
{
	int var = at ? menu_var_need(ld, at, at->text) : -1;

	if (var < 0)
		return;
	const struct menu_var *v = &ld->set->vars[var];
	node->into = (uint16_t)var;
	if (row->type == NULL)
		menu_choice_check(ld, at, v->type);
	else if (!menu_type_within(ld->set, v->type, menu_type_find(str_of(row->type))))
		menu_fault(ld, at, "%s is of type %s, and this input gives %s", at->text.p,
			   menu_type_name(ld->set, v->type), row->type);
	else if (node->input == INPUT_TEXT && v->max > 0 && node->input_max > v->max)
		node->input_max = v->max;
}

static void
bounds_parse(struct menu_loader *ld, const struct yaml_node *map, const struct input_row *row,
	     struct menu_node *node)
{
	const struct yaml_node *min = yaml_get(map, "min"), *max = yaml_get(map, "max");

	node->input_min = (uint16_t)yaml_int(min, row->min);
	node->input_max = (uint16_t)yaml_int(max, row->max);
	if (row->max == 0 && (min != NULL || max != NULL))
		menu_fault(ld, min != NULL ? min : max, "%s has neither min nor max", row->word);
	else if (node->input_min > node->input_max)
		menu_fault(ld, min != NULL ? min : max, "min is over max");
}

static void
input_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	static const struct yaml_key keys[] = {{"type", YAML_T_TEXT, true, 0, 0},
					       {"min", YAML_T_INT, false, 0, 65535},
					       {"max", YAML_T_INT, false, 1, 65535},
					       {"pattern", YAML_T_TEXT, false, 0, 0}};
	const struct yaml_node *map = yaml_get(body, "input"), *into = yaml_get(body, "into");
	const struct input_row *row = &inputs[0];

	if (map != NULL) {
		if (yaml_check(ld->doc, map, keys, ARRAY_LEN(keys), ld->err) != W_OK)
			return;
		row = input_row(ld, yaml_get(map, "type"));
	}
	node->input = row->input;
	bounds_parse(ld, map, row, node);
	pattern_parse(ld, yaml_get(map, "pattern"), node);
	if (row->type == NULL && into == NULL)
		menu_fault(ld, map, "a choice needs \"into\": the variable whose words it gives");
	into_parse(ld, into, row, node);
}

static void
none_parse(struct menu_loader *ld, const struct yaml_node *map, struct menu_node *node)
{
	static const struct yaml_key keys[] = {{"key", YAML_T_TEXT, true, 0, 0},
					       {"go", YAML_T_TEXT, true, 0, 0}};

	if (map == NULL || yaml_check(ld->doc, map, keys, ARRAY_LEN(keys), ld->err) != W_OK)
		return;
	menu_key_parse(ld, yaml_get(map, "key"), node->none_key);
	node->none_go = menu_go_of(ld, map, "go");
}

static void
watch_words(struct menu_loader *ld, const struct yaml_node *at, struct menu_watch *watch)
{
	const struct menu_set *set = ld->set;
	const char **names = ARENA_ARRAY(ld->scratch, const char *, set->n_patterns);

	for (size_t i = 0; i < set->n_patterns; i++) {
		names[i] = set->patterns[i].name.p;
		if (str_eq(at->text, set->patterns[i].name)) {
			watch->words = set->patterns[i].all;
			watch->n_words = set->patterns[i].n;
			return;
		}
	}
	menu_fault(ld, at, "lists.yaml has no patterns called %.40s%s", at->text.p,
		   menu_hint(ld, str_nearest(at->text, names, set->n_patterns)));
}

static void
watches_parse(struct menu_loader *ld, const struct yaml_node *list, struct menu_node *node)
{
	static const struct yaml_key keys[] = {{"words", YAML_T_WORD, true, 0, 0},
					       {"set", YAML_T_MAP, false, 0, 0},
					       {"go", YAML_T_TEXT, false, 0, 0}};

	if (list == NULL)
		return;
	node->watches = ARENA_ARRAY(ld->set->arena, struct menu_watch, list->n + 1);
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml_node *at = list->items[i];
		struct menu_watch *watch = &node->watches[node->n_watches];

		if (yaml_check(ld->doc, at, keys, ARRAY_LEN(keys), ld->err) != W_OK)
			continue;
		watch_words(ld, yaml_get(at, "words"), watch);
		menu_sets_parse(ld, yaml_get(at, "set"), &watch->sets, &watch->n_sets);
		watch->go = menu_go_of(ld, at, "go");
		node->n_watches++;
	}
}

static void
check_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	const struct yaml_node *check = yaml_get(body, "check");

	node->locked = menu_go_of(ld, body, "locked");
	if (check == NULL)
		return;
	if (!str_is(check->text, "enrolment")) {
		menu_fault(ld, check, "the only check of an input is enrolment");
		return;
	}
	node->check = CHECK_ENROLMENT;
	if (ld->set->special.enrolled == MENU_NO_NODE)
		menu_fault(ld, check,
			   "main.yaml must say where a code leads: special: {enrolled: …}");
}

void
menu_ask_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	menu_texts_parse(ld, yaml_get(body, "ask"), TEXT_PAGE, &node->say);
	input_parse(ld, body, node);
	none_parse(ld, yaml_get(body, "none"), node);
	watches_parse(ld, yaml_get(body, "watch"), node);
	check_parse(ld, body, node);
	menu_retry_parse(ld, yaml_get(body, "retry"), node);
	node->go = menu_go_of(ld, body, "go");
}

void
menu_pin_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node)
{
	const struct yaml_node *mode = yaml_get(body, "mode");

	menu_texts_parse(ld, yaml_get(body, "pin"), TEXT_PAGE, &node->say);
	node->check = CHECK_PIN;
	if (mode != NULL && str_is(mode->text, "new"))
		node->check = CHECK_NEW_PIN;
	else if (mode != NULL && !str_is(mode->text, "check"))
		menu_fault(ld, mode, "mode is check or new");
	node->input = INPUT_DIGITS;
	node->input_min = node->input_max = 4;
	none_parse(ld, yaml_get(body, "none"), node);
	menu_retry_parse(ld, yaml_get(body, "retry"), node);
	node->locked = menu_go_of(ld, body, "locked");
	if (node->check == CHECK_PIN && yaml_get(body, "locked") == NULL)
		menu_fault(ld, body, "a PIN that is checked needs \"locked\"");
	node->go = menu_go_of(ld, body, "go");
}
