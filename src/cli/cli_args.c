#include "cli/cli_int.h"

#include <getopt.h>
#include <stdarg.h>

bool
cli_given(const struct cli_call *call, enum cli_flag flag)
{
	return (call->given & FLAG_BIT(flag)) != 0;
}

int
cli_complain(const struct cli_call *call, int code, const char *fmt, ...)
{
	va_list ap;

	fputs("wasl: ", call->io->err);
	va_start(ap, fmt);
	vfprintf(call->io->err, fmt, ap);
	va_end(ap);
	fputc('\n', call->io->err);
	return code;
}

/* ---- Flags ---- */

enum { LONG_BASE = 256 }; /* getopt's value of a flag: its row, above every letter */

static int
value_need(const char *value)
{
	return value[0] == '\0'  ? no_argument
	       : value[0] == '[' ? optional_argument
				 : required_argument;
}

static void
build_options(struct option *options, char *letters)
{
	*letters++ = ':'; /* tell a missing value from an unknown flag */
	for (int i = 0; i < CLI_FLAGS; i++) {
		int need = value_need(cli_flags[i].value);

		options[i] = (struct option){cli_flags[i].name, need, NULL, LONG_BASE + i};
		if (cli_flags[i].letter == 0)
			continue;
		*letters++ = cli_flags[i].letter;
		if (need == required_argument)
			*letters++ = ':';
	}
	options[CLI_FLAGS] = (struct option){0};
	*letters = '\0';
}

static int
flag_of(int c)
{
	for (int i = 0; c < LONG_BASE && i < CLI_FLAGS; i++)
		if (cli_flags[i].letter == c)
			return i;
	return c - LONG_BASE;
}

/* After getopt said '?' or ':'. Only what stands before '=' is repeated: the rest may be a name. */
static int
complain_flag(const struct cli_call *call, int c, const char *typed)
{
	const char *names[CLI_FLAGS];
	struct str rest = str_of(typed);
	struct str name = str_cut(&rest, '=');

	if (c == ':')
		return cli_complain(call, ADMIN_USAGE, _("%.*s wants a value. See wasl help."),
				    STR_ARG(name));
	if (optopt > 0 && optopt < LONG_BASE)
		return cli_complain(call, ADMIN_USAGE, _("no flag \"-%c\". See wasl help."),
				    optopt);
	for (int i = 0; i < CLI_FLAGS; i++)
		names[i] = cli_flags[i].name;
	const char *near = str_nearest(str_after(name, 2), names, CLI_FLAGS);

	if (near == NULL)
		return cli_complain(call, ADMIN_USAGE, _("no flag \"%.*s\". See wasl help."),
				    STR_ARG(name));
	return cli_complain(call, ADMIN_USAGE,
			    _("no flag \"%.*s\". Did you mean \"--%s\"? See wasl help."),
			    STR_ARG(name), near);
}

static bool
read_flags(struct cli_call *call, int argc, char **argv, int *code)
{
	struct option options[CLI_FLAGS + 1];
	char letters[2 * CLI_FLAGS + 2];
	int c;

	build_options(options, letters);
	opterr = 0;
	optind = 0; /* glibc: begin anew */
	while ((c = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (c == '?' || c == ':') {
			*code = complain_flag(call, c, argv[optind - 1]);
			return false;
		}
		int flag = flag_of(c);

		call->given |= FLAG_BIT(flag);
		call->value[flag] = optarg;
	}
	for (int i = optind; i < argc && call->n_operands < CLI_OPERANDS_MAX; i++)
		call->operand[call->n_operands++] = argv[i];
	return true;
}

/* ---- The command ---- */

static int
complain_command(const struct cli_call *call)
{
	const char *near = cli_command_nearest(call->operand, call->n_operands);
	const char *word = call->operand[0];

	if (cli_command_group(word) && call->n_operands > 1)
		word = arena_printf(call->arena, "%s %s", word, call->operand[1]);
	else if (cli_command_group(word)) {
		cli_complain(call, ADMIN_USAGE,
			     _("\"wasl %s\" is not a whole command yet. See wasl help %s."), word,
			     word);
		return ADMIN_USAGE;
	}
	if (near == NULL)
		return cli_complain(call, ADMIN_USAGE, _("no command \"%s\". See wasl help."),
				    word);
	return cli_complain(call, ADMIN_USAGE,
			    _("no command \"%s\". Did you mean \"%s\"? See wasl help."), word,
			    near);
}

static void
drop_words(struct cli_call *call, size_t n)
{
	call->n_operands -= n;
	memmove(call->operand, call->operand + n, call->n_operands * sizeof(call->operand[0]));
}

static bool
find_command(struct cli_call *call, int *code)
{
	size_t used;

	if (call->n_operands == 0) {
		call->command =
			&cli_commands[cli_given(call, FLAG_HELP) ? COMMAND_HELP : COMMAND_TODAY];
		return true;
	}
	call->command = cli_command_find(call->operand, call->n_operands, &used);
	if (call->command != NULL) {
		drop_words(call, used);
		return true;
	}
	if (cli_given(call, FLAG_HELP) && cli_help_group(call, call->operand[0]))
		*code = ADMIN_DONE;
	else
		*code = complain_command(call);
	return false;
}

/* A flag that exists, but not here, is refused rather than ignored. */
static bool
flags_belong(const struct cli_call *call, int *code)
{
	cli_flag_set everywhere = FLAG_BIT(FLAGS_EVERYWHERE) - 1;
	cli_flag_set strange = call->given & ~(everywhere | call->command->flags);

	for (int i = 0; i < CLI_FLAGS; i++) {
		if ((strange & FLAG_BIT(i)) == 0)
			continue;
		*code = cli_complain(call, ADMIN_USAGE,
				     _("\"wasl %s\" has no flag \"--%s\". See wasl help %s."),
				     call->command->words, cli_flags[i].name, call->command->words);
		return false;
	}
	return true;
}

bool
cli_args_read(struct cli_call *call, int argc, char **argv, int *code)
{
	if (!read_flags(call, argc, argv, code))
		return false;
	if (cli_given(call, FLAG_VERSION)) {
		fprintf(call->io->out, "wasl %s\n", call->io->version ? call->io->version : "");
		*code = ADMIN_DONE;
		return false;
	}
	if (!find_command(call, code) || !flags_belong(call, code))
		return false;
	if (cli_given(call, FLAG_HELP) && call->command != &cli_commands[COMMAND_HELP]) {
		cli_help_command(call, call->command);
		*code = ADMIN_DONE;
		return false;
	}
	return true;
}
