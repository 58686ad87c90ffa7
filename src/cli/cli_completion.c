#include "cli/cli_int.h"

/* bash completion (bash(1), "Programmable Completion"): words of the command, then its flags. */

static void
put_flag_names(FILE *out, uint64_t flags)
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

/* The words after "need", and so on: one case a group. */
static void
put_second_words(FILE *out)
{
	for (size_t i = 0; i < CLI_COMMANDS;) {
		struct str rest = str_of(cli_commands[i].words);
		struct str first = str_cut(&rest, ' ');

		if (rest.n == 0) {
			i++;
			continue;
		}
		fprintf(out, "\t%.*s) words=\"", STR_ARG(first));
		for (size_t k = i; i < CLI_COMMANDS; i++) {
			struct str more = str_of(cli_commands[i].words);

			if (!str_eq(str_cut(&more, ' '), first))
				break;
			fprintf(out, "%s%.*s", i > k ? " " : "", STR_ARG(more));
		}
		fputs("\" ;;\n", out);
	}
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
	put_second_words(out);
	fputs("\tesac ;;\n\tesac\n\tcase \"$first ${COMP_WORDS[2]}\" in\n", out);
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
