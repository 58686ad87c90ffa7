#include "cli/cli_int.h"

/* The first column of a flag's line: "  -o, --output FORM". */
static const char *
flag_column(const struct cli_call *call, const struct cli_flag_row *f)
{
	const char *letter = f->letter ? arena_printf(call->arena, "-%c, ", f->letter) : "    ";

	if (f->value[0] == '[') {
		size_t n = strlen(f->value);

		return arena_printf(call->arena, "%s--%s[=%.*s]", letter, f->name, (int)n - 2,
				    f->value + 1);
	}
	return arena_printf(call->arena, "%s--%s%s%s", letter, f->name, f->value[0] ? " " : "",
			    f->value);
}

enum { HELP_LEFT = 27 };

/* left, then text from column HELP_LEFT on, broken between words at the width of the terminal. */
static void
print_wrapped(const struct cli_call *call, const char *left, const char *text)
{
	int wide = call->io->width > 60 ? call->io->width : 80;
	size_t room = (size_t)(wide > 100 ? 100 : wide) - HELP_LEFT - 1;
	struct str rest = str_of(text);
	int pad = fprintf(call->io->out, "%-*s", HELP_LEFT - 1, left);
	size_t used = pad < HELP_LEFT ? 0 : (size_t)pad - HELP_LEFT + 1;

	while (rest.n > 0) {
		struct str word = str_cut(&rest, ' ');

		if (used > 0 && used + 1 + word.n > room) {
			fprintf(call->io->out, "\n%*s", HELP_LEFT - 1, "");
			used = 0;
		}
		fprintf(call->io->out, " %.*s", STR_ARG(word));
		used += word.n + 1;
	}
	fputc('\n', call->io->out);
}

static void
print_flags(const struct cli_call *call, const struct cli_command *c, cli_flag_set flags)
{
	for (int i = 0; i < CLI_FLAGS; i++) {
		const struct cli_flag_row *f = &cli_flags[i];
		const char *words = NULL;

		if ((flags & FLAG_BIT(i)) == 0)
			continue;
		if (c != NULL && f->arg[0] != '\0')
			words = cli_command_choices(c, f->arg);
		struct buf b;

		buf_init_arena(&b, call->arena);
		buf_adds(&b, _(f->sentence));
		if (words != NULL) {
			buf_adds(&b, ": ");
			cli_words_or(&b, words);
		}
		print_wrapped(call, arena_printf(call->arena, "  %s", flag_column(call, f)), b.p);
	}
}

static void
print_exits(const struct cli_call *call, const struct cli_command *c)
{
	static const int always[] = {ADMIN_DONE, ADMIN_FAILED, ADMIN_USAGE};
	struct str rest = str_of(c->exits);

	fprintf(call->io->out, "\n%s\n", _("Exit codes:"));
	for (size_t i = 0; i < ARRAY_LEN(always); i++)
		fprintf(call->io->out, "  %3d  %s\n", always[i], _(cli_exit_words(always[i])));
	while (rest.n > 0) {
		int64_t code;

		if (str_to_int(str_cut(&rest, ' '), &code))
			fprintf(call->io->out, "  %3d  %s\n", (int)code,
				_(cli_exit_words((int)code)));
	}
	if (c->verb[0] != '\0')
		fprintf(call->io->out, "  %3d  %s\n", ADMIN_AWAY, _(cli_exit_words(ADMIN_AWAY)));
}

void
cli_help_command(const struct cli_call *call, const struct cli_command *c)
{
	FILE *out = call->io->out;
	const char *choices = NULL;
	const struct admin_verb *verb = cli_command_verb(c);

	fprintf(out, "wasl %s - %s\n\n", c->words, _(c->sentence));
	fprintf(out, "%s wasl %s%s%s%s\n", _("Usage:"), c->words, c->operands[0] ? " " : "",
		c->operands, c->flags ? _(" [flags]") : "");
	if (c->more[0] != '\0')
		fprintf(out, "\n%s\n", _(c->more));
	if (strstr(c->args, " word") != NULL && (choices = cli_command_choices(c, "word")) != NULL)
		fprintf(out, "\nWORD: %s\n", choices);
	if (c->flags != 0) {
		fprintf(out, "\n%s\n", _("Flags:"));
		print_flags(call, c, c->flags);
	}
	if (verb != NULL)
		fprintf(out, "\n%s\n", _("Fields (tsv, csv, --json=...):"));
	if (verb != NULL)
		print_wrapped(call, "", verb->fields);
	fprintf(out, "\n%s\n  $ %s\n", _("Example:"), c->example);
	print_exits(call, c);
	fprintf(out, "\n%s\n", _("Flags that work with every command: wasl help"));
}

static void
print_line(const struct cli_call *call, const struct cli_command *c)
{
	print_wrapped(call,
		      arena_printf(call->arena, "  %s%s%s", c->words, c->operands[0] ? " " : "",
				   c->operands),
		      _(c->sentence));
}

bool
cli_help_group(const struct cli_call *call, const char *word)
{
	size_t n = strlen(word);

	if (!cli_command_group(word))
		return false;
	for (size_t i = 0; i < CLI_COMMANDS; i++)
		if (strncmp(cli_commands[i].words, word, n) == 0 && cli_commands[i].words[n] == ' ')
			print_line(call, &cli_commands[i]);
	fprintf(call->io->out, "\n%s\n", _("More, with an example: wasl help COMMAND"));
	return true;
}

void
cli_help_all(const struct cli_call *call)
{
	FILE *out = call->io->out;

	fprintf(out, "%s\n\n%s wasl [%s] [%s]\n\n",
		_("wasl - what the aftercare gateway knows and does"), _("Usage:"), _("COMMAND"),
		_("flags"));
	for (size_t i = 0; i < CLI_COMMANDS; i++)
		print_line(call, &cli_commands[i]);
	fprintf(out, "\n%s\n", _("Flags that work with every command:"));
	print_flags(call, NULL, FLAG_BIT(FLAGS_EVERYWHERE) - 1);
	fprintf(out, "\n%s\n",
		_("Plain \"wasl\" is \"wasl today\". More, with an example: wasl help COMMAND"));
}

int
cli_run_help(struct cli_call *call)
{
	size_t used;

	if (cli_given(call, FLAG_MAN)) {
		cli_man_print(call->io->out);
		return ADMIN_DONE;
	}
	if (call->n_operands == 0) {
		cli_help_all(call);
		return ADMIN_DONE;
	}
	const struct cli_command *c = cli_command_find(call->operand, call->n_operands, &used);

	if (c != NULL && used == call->n_operands) {
		cli_help_command(call, c);
		return ADMIN_DONE;
	}
	if (call->n_operands == 1 && cli_help_group(call, call->operand[0]))
		return ADMIN_DONE;
	const char *near = cli_command_nearest(call->operand, call->n_operands);

	if (near != NULL)
		return cli_complain(call, ADMIN_NONE, _("no help on \"%s\". Did you mean \"%s\"?"),
				    call->operand[0], near);
	return cli_complain(call, ADMIN_NONE, _("no help on \"%s\". See wasl help."),
			    call->operand[0]);
}
