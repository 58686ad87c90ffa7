#include "cli/cli_int.h"

/* wasl(1) in man(7) macros, out of the same tables as the help. English whatever the language. */

/* '-' as a minus that can be copied, '\' and a leading dot or quote kept literal. */
static void
put(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
	}
}

static void
put_flag(FILE *out, const struct cli_flag_row *f)
{
	fputs(".TP\n\\fB", out);
	if (f->letter != 0)
		fprintf(out, "\\-%c\\fR, \\fB", f->letter);
	fputs("\\-\\-", out);
	put(out, f->name);
	fputs("\\fR", out);
	if (f->value[0] == '[')
		fprintf(out, "[=\\fI%.*s\\fR]", (int)strlen(f->value) - 2, f->value + 1);
	else if (f->value[0] != '\0')
		fprintf(out, " \\fI%s\\fR", f->value);
	fputc('\n', out);
	put(out, f->sentence);
	fputs(".\n", out);
}

static void
put_command(FILE *out, const struct cli_command *c)
{
	fputs(".TP\n\\fBwasl ", out);
	put(out, c->words);
	fputs("\\fR", out);
	if (c->operands[0] != '\0')
		fprintf(out, " \\fI%s\\fR", c->operands);
	for (int i = 0; i < CLI_FLAGS; i++) {
		if ((c->flags & FLAG_BIT(i)) == 0)
			continue;
		fputs(" [\\fB\\-\\-", out);
		put(out, cli_flags[i].name);
		fprintf(out, "\\fR%s%s]", cli_flags[i].value[0] ? " " : "", cli_flags[i].value);
	}
	fputc('\n', out);
	put(out, c->sentence);
	fputc('\n', out);
	if (c->more[0] != '\0') {
		put(out, c->more);
		fputc('\n', out);
	}
	fputs(".br\nExample: \\fB", out);
	put(out, c->example);
	fputs("\\fR\n", out);
}

static void
put_exits(FILE *out)
{
	fputs(".SH EXIT STATUS\n", out);
	for (int code = 0; code <= ADMIN_INTERRUPTED; code++)
		if (cli_exit_words(code) != NULL)
			fprintf(out, ".TP\n%d\n%s\n", code, cli_exit_words(code));
}

static const char opening[] =
	".TH WASL 1 \"\" wasl \"User commands\"\n"
	".SH NAME\nwasl \\- what the aftercare gateway knows and does\n"
	".SH SYNOPSIS\n.B wasl\n.RI [ command ]\n.RI [ flags ]\n"
	".SH DESCRIPTION\n"
	"Asks\n.BR wasld (8)\nthrough its Unix socket, which tells the gateway who is asking; there is\n"
	"no password. On a terminal the answer is a screen, in a pipe tab\\-separated lines\n"
	"without titles, in the order of the fields that\n.B wasl help\n.I COMMAND\nlists.\n"
	"Every look at a person is recorded before it is shown.\n"
	".PP\n"
	".I PERSON\nis a reference (CAS\\-0147), a phone number in any spelling, or part of a name in\n"
	"either script. Times are relative within a week and dates after that; JSON has RFC 3339.\n";

static const char closing[] =
	".SH ENVIRONMENT\n"
	".TP\n.B WASL_SOCKET\nsocket, unless\n.B \\-\\-socket\nsays otherwise\n"
	".TP\n.B WASL_CONFIG\nconfiguration that\n.B wasl doctor\nhands to\n.BR \"wasld \\-\\-check\"\n"
	".TP\n.B NO_COLOR\nno colours when set\n"
	".SH FILES\n.TP\n.I /run/wasl/wasl.sock\nthe gateway's socket\n"
	".TP\n.I /etc/wasl/wasl.yaml\nits configuration\n"
	".SH SEE ALSO\n.BR wasld (8)\n";

void
cli_man_print(FILE *out)
{
	fputs(opening, out);
	fputs(".SH COMMANDS\n", out);
	for (size_t i = 0; i < CLI_COMMANDS; i++)
		put_command(out, &cli_commands[i]);
	fputs(".SH FLAGS\nThese work with every command.\n", out);
	for (int i = 0; i < FLAGS_EVERYWHERE; i++)
		put_flag(out, &cli_flags[i]);
	fputs(".SH FLAGS OF SOME COMMANDS\n", out);
	for (int i = FLAGS_EVERYWHERE; i < CLI_FLAGS; i++)
		put_flag(out, &cli_flags[i]);
	put_exits(out);
	fputs(closing, out);
}
