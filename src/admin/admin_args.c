/*
 * Arguments of a request against the verb's row: known, present, of their type,
 * bounded. What was typed for a name, a number or a person is in no message.
 */
#include "admin/admin_int.h"

enum { NAME_MAX_BYTES = 120, WORD_MAX_BYTES = 64 };

static const struct admin_arg *
row_of(const struct ask *c, const char *name, size_t *at)
{
	for (*at = 0; c->verb->args[*at].type != ADMIN_NOTHING; ++*at)
		if (strcmp(c->verb->args[*at].name, name) == 0)
			return &c->verb->args[*at];
	return NULL;
}

const struct arg_value *
arg(const struct ask *c, const char *name)
{
	size_t at;

	CHECK(row_of(c, name, &at) != NULL);
	return &c->args[at];
}

struct str
arg_text(const struct ask *c, const char *name)
{
	return arg(c, name)->text;
}

int64_t
arg_number(const struct ask *c, const char *name)
{
	return arg(c, name)->number;
}

bool
arg_yes(const struct ask *c, const char *name)
{
	return arg(c, name)->number != 0;
}

/* ---- One type a function: NULL, or what the argument needs ---- */

static const char *
read_text(struct ask *c, const struct admin_arg *row, struct arg_value *v)
{
	(void)c;
	(void)row;
	v->text = str_trim(v->text);
	return NULL;
}

static const char *
read_name(struct ask *c, const struct admin_arg *row, struct arg_value *v)
{
	struct buf clean;

	(void)row;
	buf_init_arena(&clean, c->arena);
	text_strip_controls(v->text, &clean);
	v->text = str_trim(buf_str(&clean));
	/* Nothing is left of one made of controls only. */
	if (v->text.n == 0 || v->text.n > NAME_MAX_BYTES || str_find(v->text, '\n') >= 0)
		return "a name of at most 120 bytes on one line";
	return NULL;
}

/* A number to enrol: only a mobile one can dial the code and get messages. */
static const char *
read_phone(struct ask *c, const struct admin_arg *row, struct arg_value *v)
{
	(void)c;
	(void)row;
	return phone_parse(v->text, &v->phone) == PHONE_OK ? NULL : "a Moroccan mobile number";
}

static bool
word_in(const char *words, struct str word)
{
	struct str rest = str_of(words);

	while (rest.n > 0)
		if (str_eq(str_cut(&rest, '|'), word))
			return true;
	return false;
}

static const char *
read_word(struct ask *c, const struct admin_arg *row, struct arg_value *v)
{
	v->text = str_trim(v->text);
	if (v->text.n > WORD_MAX_BYTES)
		return "a word";
	if (row->words != NULL && !word_in(row->words, v->text))
		return arena_printf(c->arena, "one of %s", row->words);
	return NULL;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "N-2001" and "C3001" are 2001 and 3001. */
static const char *
read_number(struct ask *c, const struct admin_arg *row, struct arg_value *v)
{
	struct str digits = str_trim(v->text);

	(void)c;
	(void)row;
	if (digits.n > 1 && is_letter(digits.p[0]))
		digits = str_after(digits, digits.p[1] == '-' ? 2 : 1);
	if (!str_to_int(digits, &v->number) || v->number < 0)
		return "a number";
	return NULL;
}

static const char *
read_since(struct ask *c, const struct admin_arg *row, struct arg_value *v)
{
	(void)row;
	return civil_parse_since(c->zone, str_trim(v->text), c->now, &v->number) == W_OK
		       ? NULL
		       : "a time such as 2d, 3h, today, monday or 2026-11-23";
}

static const char *
read_instant(struct ask *c, const struct admin_arg *row, struct arg_value *v)
{
	(void)row;
	return civil_parse_instant(c->zone, str_trim(v->text), c->now, &v->number) == W_OK
		       ? NULL
		       : "a time such as 2026-11-23T10:00, +3d or +2h";
}

static const char *
read_yes(struct ask *c, const struct admin_arg *row, struct arg_value *v)
{
	(void)c;
	(void)row;
	v->number = str_is(v->text, "true") || str_is(v->text, "yes");
	return v->number || str_is(v->text, "false") || str_is(v->text, "no") ? NULL
									      : "true or false";
}

static const char *(*const readers[])(struct ask *, const struct admin_arg *,
				      struct arg_value *) = {
	[ADMIN_TEXT] = read_text,   [ADMIN_NAME] = read_name,       [ADMIN_PERSON] = read_text,
	[ADMIN_PHONE] = read_phone, [ADMIN_WORD] = read_word,       [ADMIN_NUMBER] = read_number,
	[ADMIN_SINCE] = read_since, [ADMIN_INSTANT] = read_instant, [ADMIN_YES] = read_yes,
};

/* Every scalar as text: 3001 and "3001" are the same. False for what is none. */
static bool
scalar_text(struct ask *c, const json_t *value, struct str *out)
{
	if (json_is_string(value))
		*out = (struct str){json_string_value(value), json_string_length(value)};
	else if (json_is_integer(value))
		*out = str_of(arena_printf(c->arena, "%lld", (long long)json_integer_value(value)));
	else if (json_is_boolean(value))
		*out = json_is_true(value) ? STR_LIT("true") : STR_LIT("false");
	else
		return false;
	return true;
}

static const char *
unknown_arg(struct ask *c, const char *name)
{
	const char *names[ADMIN_ARGS_MAX];
	size_t n = 0;

	while (c->verb->args[n].type != ADMIN_NOTHING) {
		names[n] = c->verb->args[n].name;
		n++;
	}
	const char *near = str_nearest(str_of(name), names, n);
	return near ? arena_printf(c->arena, "%s: unknown argument (maybe \"%s\"?)", c->verb->words,
				   near)
		    : arena_printf(c->arena, "%s: unknown argument", c->verb->words);
}

static const char *
read_one(struct ask *c, const char *name, const json_t *value)
{
	size_t at;
	const struct admin_arg *row = row_of(c, name, &at);

	if (row == NULL)
		return unknown_arg(c, name);
	struct arg_value *v = &c->args[at];
	const char *needs = "a text, a number or true or false";
	bool scalar = scalar_text(c, value, &v->text);
	if (scalar && str_trim(v->text).n == 0) {
		v->text = STR_NONE; /* as good as none */
		return NULL;
	}
	if (scalar)
		needs = v->text.n > ADMIN_TEXT_MAX ? "at most 512 bytes"
						   : readers[row->type](c, row, v);
	if (needs != NULL)
		return arena_printf(c->arena, "%s: \"%s\" needs %s", c->verb->words, row->name,
				    needs);
	v->given = true;
	return NULL;
}

const char *
args_read(struct ask *c)
{
	json_t *all = (json_t *)c->request.args; /* the macro below wants it so; it only reads */
	const char *name;
	json_t *value;

	json_object_foreach(all, name, value)
	{
		const char *wrong = json_is_null(value) ? NULL : read_one(c, name, value);

		if (wrong != NULL)
			return wrong;
	}
	for (size_t i = 0; c->verb->args[i].type != ADMIN_NOTHING; i++)
		if (c->verb->args[i].must && !c->args[i].given)
			return arena_printf(c->arena, "%s: \"%s\" is missing", c->verb->words,
					    c->verb->args[i].name);
	return NULL;
}

static int64_t
number_if(const struct ask *c, const char *name)
{
	size_t at;

	return row_of(c, name, &at) ? c->args[at].number : 0;
}

void
args_filter(struct ask *c)
{
	c->filter = (struct filter){.since = number_if(c, "since"),
				    .until = number_if(c, "until"),
				    .after = number_if(c, "after")};
	c->limit = (size_t)number_if(c, "limit");
	scope_filter(c, &c->filter);
}
