#include "cli/cli_print.h"

const struct cli_flag_row cli_flags[CLI_FLAGS] = {
#define CLI_FLAG(ID, said, short_letter, shown, request, text) \
	[FLAG_##ID] = {said, short_letter, shown, request, text},
#include "cli/cli_flags.def"
#undef CLI_FLAG
};

const struct cli_command cli_commands[CLI_COMMANDS] = {
#define F(flag) FLAG_BIT(FLAG_##flag)
#define CLI_COMMAND(ID, said, asked, shown, names, taken, every, function, paper, codes, sample, \
		    text, explained)                                                             \
	[COMMAND_##ID] = {said,     asked, shown, names,  taken, every,                          \
			  function, paper, codes, sample, text,  explained},
#include "cli/cli_commands.def"
#undef CLI_COMMAND
#undef F
};

/* How many of the given words are the command's own; 0 when they are not all there. */
static size_t
words_fit(const char *command, const char *const *words, size_t n)
{
	struct str rest = str_of(command);
	size_t used = 0;

	while (rest.n > 0) {
		struct str word = str_cut(&rest, ' ');

		if (used == n || !str_is(word, words[used]))
			return 0;
		used++;
	}
	return used;
}

const struct cli_command *
cli_command_find(const char *const *words, size_t n, size_t *used)
{
	const struct cli_command *best = NULL;

	*used = 0;
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		size_t fit = words_fit(cli_commands[i].words, words, n);

		if (fit > *used) {
			*used = fit;
			best = &cli_commands[i];
		}
	}
	return best;
}

bool
cli_command_group(const char *word)
{
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		struct str rest = str_of(cli_commands[i].words);
		struct str first = str_cut(&rest, ' ');

		if (rest.n > 0 && str_is(first, word))
			return true;
	}
	return false;
}

/* The nearest of the first words, of the second words of a group, or of whole commands. */
const char *
cli_command_nearest(const char *const *words, size_t n)
{
	static char typed[80];
	const char *all[CLI_COMMANDS];
	char firsts[CLI_COMMANDS][24];
	const char *first[CLI_COMMANDS];
	size_t n_all = 0;

	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		struct str rest = str_of(cli_commands[i].words);
		struct str word = str_cut(&rest, ' ');

		snprintf(firsts[i], sizeof(firsts[i]), "%.*s", STR_ARG(word));
		first[i] = firsts[i];
		all[n_all++] = cli_commands[i].words;
	}
	if (n == 0)
		return NULL;
	const char *whole = NULL;

	for (size_t most = n < 3 ? n : 3; most > 0 && whole == NULL; most--) {
		snprintf(typed, sizeof(typed), "%s%s%s%s%s", words[0], most > 1 ? " " : "",
			 most > 1 ? words[1] : "", most > 2 ? " " : "", most > 2 ? words[2] : "");
		whole = str_nearest(str_of(typed), all, n_all);
	}
	if (whole != NULL)
		return whole;
	whole = str_nearest(str_of(words[0]), first, CLI_COMMANDS);
	if (whole == NULL)
		return NULL;
	snprintf(typed, sizeof(typed), "%s", whole);
	return typed;
}

const struct admin_verb *
cli_command_verb(const struct cli_command *c)
{
	return c->verb[0] != '\0' ? admin_verb_find(str_of(c->verb)) : NULL;
}

const char *
cli_command_choices(const struct cli_command *c, const char *arg)
{
	const struct admin_verb *verb = cli_command_verb(c);

	if (verb == NULL)
		return NULL;
	for (const struct admin_arg *a = verb->args; a->type != ADMIN_NOTHING; a++)
		if (strcmp(a->name, arg) == 0)
			return a->words;
	return NULL;
}

const char *
cli_exit_words(int code)
{
	static const struct {
		int code;
		const char *words;
	} exits[] = {
		{ADMIN_DONE, N_("done")},
		{ADMIN_FAILED, N_("failed")},
		{ADMIN_USAGE, N_("wrong usage")},
		{ADMIN_NONE, N_("not found, or several fit")},
		{ADMIN_MATCHED, N_("matched (--exit-code)")},
		{ADMIN_LINT, N_("faults in a file")},
		{ADMIN_DENIED, N_("not allowed")},
		{ADMIN_CONFLICT, N_("conflict, changed by someone else")},
		{ADMIN_CANCELLED, N_("cancelled at the prompt")},
		{ADMIN_AWAY, N_("gateway unreachable, try again")},
		{ADMIN_INTERRUPTED, N_("interrupted")},
	};

	for (size_t i = 0; i < ARRAY_LEN(exits); i++)
		if (exits[i].code == code)
			return exits[i].words;
	return NULL;
}
