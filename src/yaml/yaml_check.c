#include "yaml/yaml_int.h"

#include <stdarg.h>
#include <stdlib.h>

void
yaml_fault(struct err *err, const struct yaml_doc *doc, const struct yaml_node *at, const char *fmt,
	   ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	err_add(err, doc->file, at ? at->line : 0, at ? at->col : 0, "%s", text);
}

/* What a value of the type looks like, for the sentence "NAME needs ...". */
static const char *const needs[] = {
	[YAML_T_ANY] = "a value",
	[YAML_T_TEXT] = "a text",
	[YAML_T_WORD] = "a word (a letter, then letters, digits and _ / . -, at most 64)",
	[YAML_T_INT] = "a whole number",
	[YAML_T_YESNO] = "yes or no",
	[YAML_T_SPAN] = "a span of time such as 30s, 5m, 2h, 7d or 4w",
	[YAML_T_SIZE] = "a size such as 512, 16KiB or 32MiB",
	[YAML_T_LIST] = "a list",
	[YAML_T_MAP] = "a map (keys and values)",
};

static enum yaml_kind
kind_of(enum yaml_type type)
{
	return type == YAML_T_LIST ? YAML_LIST : type == YAML_T_MAP ? YAML_MAP : YAML_SCALAR;
}

/* "key:" and nothing after it: never what was meant. */
static bool
left_out(const struct yaml_node *value)
{
	return value->kind == YAML_SCALAR && !value->quoted && value->text.n == 0;
}

struct bound {
	char text[32];
};

/* A bound as one would write it: in the largest unit that divides it. */
static struct bound
bound_text(int64_t value, enum yaml_type type)
{
	static const struct {
		enum yaml_type type;
		int64_t factor;
		const char *unit;
	} units[] = {
		{YAML_T_SPAN, 604800, "w"},    {YAML_T_SPAN, 86400, "d"},
		{YAML_T_SPAN, 3600, "h"},      {YAML_T_SPAN, 60, "m"},
		{YAML_T_SPAN, 1, "s"},         {YAML_T_SIZE, 1 << 30, "GiB"},
		{YAML_T_SIZE, 1 << 20, "MiB"}, {YAML_T_SIZE, 1 << 10, "KiB"},
	};
	struct bound b;

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (units[i].type != type || value % units[i].factor != 0 ||
		    (value == 0 && units[i].factor != 1))
			continue;
		snprintf(b.text, sizeof(b.text), "%lld%s", (long long)(value / units[i].factor),
			 units[i].unit);
		return b;
	}
	snprintf(b.text, sizeof(b.text), "%lld", (long long)value);
	return b;
}

static bool
out_of_range(const struct yaml_key *key, int64_t value)
{
	return (key->min != 0 || key->max != 0) && (value < key->min || value > key->max);
}

static bool
ranged(enum yaml_type type)
{
	return type == YAML_T_INT || type == YAML_T_SPAN || type == YAML_T_SIZE;
}

static void
check_value(const struct yaml_doc *doc, const struct yaml_key *key, const struct yaml_node *value,
	    struct err *err)
{
	int64_t number;

	if (left_out(value)) {
		yaml_fault(err, doc, value, "%s has no value: it needs %s", key->name,
			   needs[key->type]);
		return;
	}
	if (key->type == YAML_T_ANY)
		return;
	if (value->kind != kind_of(key->type)) {
		yaml_fault(err, doc, value, "%s needs %s", key->name, needs[key->type]);
		return;
	}
	if (value->kind != YAML_SCALAR)
		return;
	if (!yaml_value(value->text, key->type, &number))
		yaml_fault(err, doc, value, "%s needs %s", key->name, needs[key->type]);
	else if (ranged(key->type) && out_of_range(key, number))
		yaml_fault(err, doc, value, "%s must be %s to %s", key->name,
			   bound_text(key->min, key->type).text,
			   bound_text(key->max, key->type).text);
}

static const struct yaml_key *
key_of(struct str name, const struct yaml_key *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, keys[i].name))
			return &keys[i];
	return NULL;
}

static void
tell_unknown(const struct yaml_doc *doc, const struct yaml_node *key, const struct yaml_key *keys,
	     size_t n, struct err *err)
{
	const char **names = xcalloc(n ? n : 1, sizeof(*names));

	for (size_t i = 0; i < n; i++)
		names[i] = keys[i].name;
	const char *near = str_nearest(key->text, names, n);
	if (near != NULL)
		yaml_fault(err, doc, key, "unknown key \"%s\" (did you mean \"%s\"?)",
			   yaml_shown(key->text).text, near);
	else
		yaml_fault(err, doc, key, "unknown key \"%s\"", yaml_shown(key->text).text);
	free(names);
}

int
yaml_check(const struct yaml_doc *doc, const struct yaml_node *map, const struct yaml_key *keys,
	   size_t n, struct err *err)
{
	size_t before = err_errors(err);

	if (map != NULL && map->kind != YAML_MAP) {
		yaml_fault(err, doc, map, "keys and values are needed here");
		return W_EINVAL;
	}
	for (size_t i = 0; map != NULL && i < map->n; i++) {
		const struct yaml_node *name = map->pairs[i].key;
		const struct yaml_key *key = key_of(name->text, keys, n);

		if (key == NULL)
			tell_unknown(doc, name, keys, n, err);
		else
			check_value(doc, key, map->pairs[i].value, err);
	}
	for (size_t i = 0; i < n; i++)
		if (keys[i].required && yaml_get(map, keys[i].name) == NULL)
			yaml_fault(err, doc, map, "the key \"%s\" is missing", keys[i].name);
	return err_errors(err) == before ? 0 : W_EINVAL;
}
