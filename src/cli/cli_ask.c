#include "cli/cli_int.h"

#include <stdlib.h>

bool
cli_ask(const struct cli_call *call, const char *question, const char **line)
{
	char typed[ADMIN_TEXT_MAX + 2];

	if (!call->io->in_tty || cli_given(call, FLAG_NO_INPUT))
		return false;
	fprintf(call->io->err, "%s ", question);
	fflush(call->io->err);
	if (fgets(typed, sizeof(typed), call->io->in) == NULL) {
		fputc('\n', call->io->err);
		return false;
	}
	struct str text = str_trim(str_of(typed));

	*line = arena_printf(call->arena, "%.*s", STR_ARG(text));
	return true;
}

bool
cli_ask_yes(const struct cli_call *call, const char *question)
{
	const char *line;

	if (cli_given(call, FLAG_YES))
		return true;
	if (!cli_ask(call, question, &line))
		return false;
	return strcmp(line, "y") == 0 || strcmp(line, "yes") == 0 || strcmp(line, _("yes")) == 0;
}
