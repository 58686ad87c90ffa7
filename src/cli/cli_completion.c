#include "cli/cli_int.h"

/* bash completion (bash(1), "Programmable Completion"): words of the command, then its flags. */

static void
put_flag_names(FILE *out, cli_flag_set flags)
{
	const char *blank = "";

	for (int i = 0; i < CLI_FLAGS; i++) {
		if ((flags & FLAG_BIT(i)) == 0)
			continue;
		fprintf(out, "%s--%s", blank, cli_flags[i].name);
		blank = " ";
	}
}

/* First words, each once. */
static void
put_first_words(FILE *out)
{
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		struct str rest = str_of(cli_commands[i].words);
		struct str word = str_cut(&rest, ' ');
		struct str before = i > 0 ? str_of(cli_commands[i - 1].words) : STR_NONE;

		if (!str_eq(word, str_cut(&before, ' ')))
			fprintf(out, "%s%.*s", i > 0 ? " " : "", STR_ARG(word));
	}
}

/* The first n words of a command, and the one behind them; false when there is none. */
static bool
words_at(const char *words, size_t n, struct str *head, struct str *next)
{
	struct str rest = str_of(words);

	for (size_t i = 0; i < n; i++)
		(void)str_cut(&rest, ' ');
	if (rest.n == 0)
		return false;
	*head = (struct str){words, (size_t)(rest.p - words) - 1};
	*next = str_cut(&rest, ' ');
	return true;
}

/* The words after "need", after "menu texts" and so on: one case a group, each word once. Groups
 * stand together in the table. */
static void
put_next_words(FILE *out, size_t n)
{
	struct str group = STR_NONE, last = STR_NONE;

	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		struct str head, next;

		if (!words_at(cli_commands[i].words, n, &head, &next))
			continue;
		if (!str_eq(head, group))
			fprintf(out, "%s\t\"%.*s\") words=\"%.*s", group.n > 0 ? "\" ;;\n" : "",
				STR_ARG(head), STR_ARG(next));
		else if (!str_eq(next, last))
			fprintf(out, " %.*s", STR_ARG(next));
		group = head;
		last = next;
	}
	fputs("\" ;;\n", out);
}

void
cli_completion_print(FILE *out)
{
	fputs("# bash completion of wasl; made by: wasl completion bash\n"
	      "_wasl()\n{\n"
	      "\tlocal cur=\"${COMP_WORDS[COMP_CWORD]}\" first=\"${COMP_WORDS[1]}\" words=\"\" flags=\"",
	      out);
	put_flag_names(out, FLAG_BIT(FLAGS_EVERYWHERE) - 1);
	fputs("\"\n\tcase \"$COMP_CWORD\" in\n\t1) words=\"", out);
	put_first_words(out);
	fputs("\" ;;\n\t2) case \"$first\" in\n", out);
	put_next_words(out, 1);
	fputs("\tesac ;;\n\t3) case \"$first ${COMP_WORDS[2]}\" in\n", out);
	put_next_words(out, 2);
	fputs("\tesac ;;\n\tesac\n"
	      "\tcase \"$first ${COMP_WORDS[2]} ${COMP_WORDS[3]}\" in\n",
	      out);
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		const struct cli_command *c = &cli_commands[i];

		if (c->flags == 0)
			continue;
		fprintf(out, "\t\"%s%s\"*) flags=\"$flags ", c->words,
			strchr(c->words, ' ') ? "" : " ");
		put_flag_names(out, c->flags);
		fputs("\" ;;\n", out);
	}
	fputs("\tesac\n"
	      "\tcase \"$cur\" in\n"
	      "\t-*) COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\")) ;;\n"
	      "\t*) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")) ;;\n"
	      "\tesac\n}\n"
	      "complete -o default -F _wasl wasl\n",
	      out);
}

int
cli_run_completion(struct cli_call *call)
{
	if (call->n_operands != 1 || strcmp(call->operand[0], "bash") != 0)
		return cli_complain(call, ADMIN_USAGE, _("say which shell: wasl completion bash"));
	cli_completion_print(call->io->out);
	return ADMIN_DONE;
}
