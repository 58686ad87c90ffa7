#include "cli/cli_int.h"

/* Position of a word in a list of words parted by '|', or -1. */
int
cli_choice(const char *words, const char *word)
{
	struct str rest = str_of(words);

	for (int i = 0; rest.n > 0; i++)
		if (str_is(str_cut(&rest, '|'), word))
			return i;
	return -1;
}

void
cli_words_or(struct buf *to, const char *words)
{
	struct str rest = str_of(words);

	while (rest.n > 0) {
		struct str word = str_cut(&rest, '|');

		buf_add_str(to, word);
		if (rest.n > 0)
			buf_adds(to, str_find(rest, '|') < 0 ? _(" or ") : ", ");
	}
}

bool
cli_wrong_word(const struct cli_call *call, const char *what, const char *words, const char *typed,
	       int *code)
{
	const char *list[32];
	size_t n = 0;
	struct str rest = str_of(words);
	struct buf or_list;

	while (rest.n > 0 && n < ARRAY_LEN(list)) {
		struct str word = str_cut(&rest, '|');
		list[n++] = arena_printf(call->arena, "%.*s", STR_ARG(word));
	}
	const char *near = str_nearest(str_of(typed), list, n);

	buf_init_arena(&or_list, call->arena);
	cli_words_or(&or_list, words);
	if (near != NULL)
		*code = cli_complain(call, ADMIN_USAGE,
				     _("%s cannot be \"%s\". Did you mean \"%s\"?"), what, typed,
				     near);
	else
		*code = cli_complain(call, ADMIN_USAGE, _("%s cannot be \"%s\": say %s"), what,
				     typed, or_list.p);
	return false;
}

/* "N-2001" and "C-3001" are numbers too: people copy what the lists show. */
static bool
number_of(const char *text, int64_t *out)
{
	struct str s = str_of(text);

	if (s.n > 2 && s.p[1] == '-' &&
	    (s.p[0] == 'N' || s.p[0] == 'C' || s.p[0] == 'n' || s.p[0] == 'c'))
		s = str_after(s, 2);
	return str_to_int(s, out) && *out >= 0;
}

/* spec: "name", "#name" or "?name". what: the flag or operand, for the complaint. */
static bool
put_arg(struct cli_call *call, const char *spec, const char *value, const char *what, int *code)
{
	const char *name = spec[0] == '#' || spec[0] == '?' ? spec + 1 : spec;
	const char *words = cli_command_choices(call->command, name);
	int64_t number;

	if (spec[0] == '?') {
		json_object_set_new(call->args, name, json_true());
		return true;
	}
	if (spec[0] == '#') {
		if (!number_of(value, &number)) {
			*code = cli_complain(call, ADMIN_USAGE, _("%s is a number"), what);
			return false;
		}
		json_object_set_new(call->args, name, json_integer(number));
		return true;
	}
	if (words != NULL && cli_choice(words, value) < 0)
		return cli_wrong_word(call, what, words, value, code);
	json_t *text = strlen(value) <= ADMIN_TEXT_MAX ? json_string(value) : NULL;

	if (text == NULL || value[0] == '\0') {
		json_decref(text);
		*code = cli_complain(call, ADMIN_USAGE, _("%s is empty, too long or not UTF-8"),
				     what);
		return false;
	}
	json_object_set_new(call->args, name, text);
	return true;
}

/* All operands that are left, with blanks between: names have several words. */
static const char *
join_rest(struct cli_call *call, size_t from)
{
	struct buf b;

	buf_init_arena(&b, call->arena);
	for (size_t i = from; i < call->n_operands; i++)
		buf_printf(&b, "%s%s", i > from ? " " : "", call->operand[i]);
	return b.p;
}

static bool
put_operands(struct cli_call *call, int *code)
{
	struct str specs = str_of(call->command->args), shown = str_of(call->command->operands);
	size_t i = 0;

	if (specs.n == 0 && shown.n > 0)
		return true; /* they stay here, and the command counts them itself */
	while (specs.n > 0) {
		struct str spec = str_cut(&specs, ' '), name = str_cut(&shown, ' ');
		bool rest = spec.p[spec.n - 1] == '+';
		const char *what = arena_printf(call->arena, "%.*s", STR_ARG(name));

		if (i == call->n_operands) {
			if (what[0] == '[')
				return true;
			*code = cli_complain(call, ADMIN_USAGE,
					     _("%s is missing. See wasl help %s."), what,
					     call->command->words);
			return false;
		}
		const char *value = rest ? join_rest(call, i) : call->operand[i];

		i = rest ? call->n_operands : i + 1;
		spec.n -= rest;
		if (!put_arg(call, arena_printf(call->arena, "%.*s", STR_ARG(spec)), value, what,
			     code))
			return false;
	}
	if (i == call->n_operands)
		return true;
	*code = cli_complain(call, ADMIN_USAGE, _("one word too many. See wasl help %s."),
			     call->command->words);
	return false;
}

/* "state=all" or "?all". */
static void
put_all(struct cli_call *call)
{
	struct str rest = str_of(call->command->all);
	struct str name = str_cut(&rest, '=');

	if (rest.n > 0)
		json_object_set_new(call->args, arena_printf(call->arena, "%.*s", STR_ARG(name)),
				    json_stringn(rest.p, rest.n));
	else if (name.n > 1)
		json_object_set_new(call->args,
				    arena_printf(call->arena, "%.*s", (int)name.n - 1, name.p + 1),
				    json_true());
}

bool
cli_args_request(struct cli_call *call, int *code)
{
	call->args = json_object();
	if (call->command->verb[0] == '\0')
		return true;
	if (!put_operands(call, code))
		return false;
	if (cli_given(call, FLAG_ALL))
		put_all(call);
	for (int i = FLAGS_EVERYWHERE; i < CLI_FLAGS; i++) {
		const struct cli_flag_row *f = &cli_flags[i];

		/* "-" means: ask for it. */
		if (!cli_given(call, (enum cli_flag)i) || f->arg[0] == '\0' ||
		    (call->value[i] != NULL && strcmp(call->value[i], "-") == 0))
			continue;
		const char *what = arena_printf(call->arena, "--%s", f->name);

		if (!put_arg(call, f->arg, call->value[i], what, code))
			return false;
	}
	return true;
}
