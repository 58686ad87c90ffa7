#include "menu/menu_int.h"

static const struct menu_fact_row facts[] = {
#define FACT(id, name, type, longest, longest_rtl, what) \
	[MENU_FACT_##id] = {name, FACT_IS_##type, longest, longest_rtl, NULL},
#define FACT_WORD(id, name, type, what) [MENU_FACT_##id] = {name, FACT_IS_WORD, 0, 0, type},
#include "menu/menu_facts.def"
#undef FACT
};

static const char *const fact_names[] = {
#define FACT(id, name, type, longest, longest_rtl, what) name,
#include "menu/menu_facts.def"
#undef FACT
};

static const struct menu_action_row actions[] = {
#define ACTION(id, name, args, what) [MENU_DO_##id] = {name, args},
#include "menu/menu_actions.def"
#undef ACTION
};

static const char *const action_names[] = {
#define ACTION(id, name, args, what) name,
#include "menu/menu_actions.def"
#undef ACTION
};

static const struct {
	const char *name, *words;
} types[] = {
#define TYPE(name, words) {name, words},
#include "menu/menu_types.def"
#undef TYPE
};

static const char *const type_names[] = {
#define TYPE(name, words) name,
#include "menu/menu_types.def"
#undef TYPE
};

static int
find(struct str name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, names[i]))
			return (int)i;
	return -1;
}

const struct menu_fact_row *
menu_fact_row(unsigned fact)
{
	CHECK(fact < MENU_FACTS);
	return &facts[fact];
}

int
menu_fact_find(struct str name)
{
	return find(name, fact_names, ARRAY_LEN(fact_names));
}

const struct menu_action_row *
menu_action_row(unsigned action)
{
	CHECK(action < MENU_ACTIONS);
	return &actions[action];
}

int
menu_action_find(struct str name)
{
	return find(name, action_names, ARRAY_LEN(action_names));
}

const char *
menu_type_name(const struct menu_set *set, int type)
{
	if (type == TYPE_UNKNOWN)
		return "unknown";
	return type < TYPES ? types[type].name : set->own_types[type - TYPES].name;
}

int
menu_type_find(struct str name)
{
	return find(name, type_names, ARRAY_LEN(type_names));
}

int
menu_type_own(struct menu_set *set, const char *name, const char *words, const char *list)
{
	CHECK(set->n_own_types < MENU_VARS);
	set->own_types[set->n_own_types] = (struct menu_own_type){name, words, list};
	return TYPES + (int)set->n_own_types++;
}

struct str
menu_type_words(const struct menu_set *set, int type)
{
	if (type == TYPE_UNKNOWN)
		return STR_NONE;
	return str_of(type < TYPES ? types[type].words : set->own_types[type - TYPES].words);
}

const char *
menu_type_list(const struct menu_set *set, int type)
{
	if (type == TYPE_UNKNOWN)
		return NULL;
	return type < TYPES ? types[type].name : set->own_types[type - TYPES].list;
}

bool
menu_type_is(int type, const char *name)
{
	return type >= 0 && type < TYPES && strcmp(types[type].name, name) == 0;
}

bool
menu_type_is_free(int type)
{
	return type >= 0 && type < TYPES && types[type].words[0] == '\0';
}

bool
menu_type_is_ordered(int type)
{
	return menu_type_is(type, "int") || menu_type_is(type, "date");
}

bool
menu_type_has(const struct menu_set *set, int type, struct str word)
{
	struct str rest = menu_type_words(set, type);
	int64_t number;

	if (menu_type_is_ordered(type))
		return menu_number(word, &number) &&
		       (str_find(word, '-') > 0) == menu_type_is(type, "date");
	while (rest.n > 0)
		if (str_eq(str_cut(&rest, ' '), word))
			return true;
	return type == TYPE_UNKNOWN || menu_type_is_free(type);
}

bool
menu_type_within(const struct menu_set *set, int inner, int outer)
{
	struct str rest = menu_type_words(set, inner);

	if (inner == outer || inner == TYPE_UNKNOWN)
		return true;
	if (menu_type_is_free(inner) || menu_type_is_free(outer))
		return false;
	while (rest.n > 0)
		if (!menu_type_has(set, outer, str_cut(&rest, ' ')))
			return false;
	return true;
}

const char *
menu_fact_near(struct str name)
{
	return str_nearest(name, fact_names, ARRAY_LEN(fact_names));
}

const char *
menu_action_near(struct str name)
{
	return str_nearest(name, action_names, ARRAY_LEN(action_names));
}

const char *
menu_type_near(struct str name)
{
	return str_nearest(name, type_names, ARRAY_LEN(type_names));
}

const char *
menu_word_near(const struct menu_set *set, int type, struct str word, struct arena *a)
{
	const char *list[32];
	size_t n = 0;
	struct str rest = menu_type_words(set, type);

	while (rest.n > 0 && n < ARRAY_LEN(list))
		list[n++] = arena_str(a, str_cut(&rest, ' ')).p;
	return str_nearest(word, list, n);
}
