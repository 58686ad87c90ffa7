#include "yaml/yaml_int.h"

struct unit {
	const char *word;
	int64_t factor;
};

static const struct unit spans[] = {
	{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800},
};
static const struct unit sizes[] = {
	{"", 1},
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
};
static const struct unit words[] = {
	{"yes", 1}, {"true", 1}, {"on", 1}, {"no", 0}, {"false", 0}, {"off", 0},
};

static const struct unit *
unit_of(struct str word, const struct unit *units, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(word, units[i].word))
			return &units[i];
	return NULL;
}

/* Digits and a unit, nothing between. */
static bool
measured(struct str text, const struct unit *units, size_t n, int64_t *value)
{
	size_t digits = 0;

	while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
		digits++;
	const struct unit *unit = unit_of(str_after(text, digits), units, n);
	if (unit == NULL || !str_to_int((struct str){text.p, digits}, value))
		return false;
	return !__builtin_mul_overflow(*value, unit->factor, value);
}

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* [A-Za-z][A-Za-z0-9_/.-]{0,63} */
static bool
is_word(struct str text)
{
	if (text.n == 0 || text.n > 64 || !is_letter(text.p[0]))
		return false;
	for (size_t i = 1; i < text.n; i++) {
		char c = text.p[i];

		if (!is_letter(c) && !(c >= '0' && c <= '9') && (c == 0 || !strchr("_/.-", c)))
			return false;
	}
	return true;
}

static bool
yesno(struct str text, int64_t *value)
{
	const struct unit *word = unit_of(text, words, ARRAY_LEN(words));

	if (word != NULL)
		*value = word->factor;
	return word != NULL;
}

bool
yaml_value(struct str text, enum yaml_type type, int64_t *value)
{
	*value = 0;
	switch (type) {
	case YAML_T_WORD:
		return is_word(text);
	case YAML_T_INT:
		return str_to_int(text, value);
	case YAML_T_YESNO:
		return yesno(text, value);
	case YAML_T_SPAN:
		return measured(text, spans, ARRAY_LEN(spans), value);
	case YAML_T_SIZE:
		return measured(text, sizes, ARRAY_LEN(sizes), value);
	case YAML_T_ANY:
	case YAML_T_TEXT:
		return true;
	case YAML_T_LIST:
	case YAML_T_MAP:
		break;
	}
	return false;
}

static int64_t
number(const struct yaml_node *node, enum yaml_type type, int64_t fallback)
{
	int64_t value;

	if (node == NULL || node->kind != YAML_SCALAR || !yaml_value(node->text, type, &value))
		return fallback;
	return value;
}

int64_t
yaml_int(const struct yaml_node *node, int64_t fallback)
{
	return number(node, YAML_T_INT, fallback);
}

bool
yaml_yesno(const struct yaml_node *node, bool fallback)
{
	return number(node, YAML_T_YESNO, fallback) != 0;
}

int64_t
yaml_span(const struct yaml_node *node, int64_t fallback)
{
	return number(node, YAML_T_SPAN, fallback);
}

int64_t
yaml_size(const struct yaml_node *node, int64_t fallback)
{
	return number(node, YAML_T_SIZE, fallback);
}

struct str
yaml_text(const struct yaml_node *node)
{
	return node != NULL && node->kind == YAML_SCALAR ? node->text : STR_NONE;
}

const struct yaml_node *
yaml_get(const struct yaml_node *map, const char *key)
{
	struct str wanted = str_of(key);

	if (map == NULL || map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (str_eq(map->pairs[i].key->text, wanted))
			return map->pairs[i].value;
	return NULL;
}
