#include "cli/cli_print.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* doctor asks the gateway; when none answers it becomes "wasld --check", which reads the files. */

static const char *
config_file(const struct cli_call *call)
{
	const char *said = getenv("WASL_CONFIG");

	if (cli_given(call, FLAG_CONFIG))
		return call->value[FLAG_CONFIG];
	return said != NULL && said[0] != '\0' ? said : "/etc/wasl/wasl.yaml";
}

/* The wasld that was installed with this program, else the one in PATH. Returns only on failure. */
static void
become_wasld(const struct cli_call *call)
{
	char beside[PATH_MAX] = "";
	const char *self = call->io->self;
	const char *slash = self != NULL ? strrchr(self, '/') : NULL;
	const char *const argv[] = {"wasld", "--config", config_file(call), "--check", NULL};

	if (slash != NULL)
		snprintf(beside, sizeof(beside), "%.*s/wasld", (int)(slash - self), self);
	fflush(call->io->out);
	fflush(call->io->err);
	if (beside[0] != '\0')
		execv(beside, (char *const *)(uintptr_t)argv);
	execvp("wasld", (char *const *)(uintptr_t)argv);
}

static void
on_row(void *ctx, const json_t *row)
{
	sheet_row(ctx, row);
}

int
cli_run_doctor(struct cli_call *call)
{
	struct sheet s;
	struct cli_answer answer;

	sheet_begin(&s, call);
	int code = cli_talk(call, call->command->verb, call->args, on_row, &s, &answer);

	if (code == ADMIN_AWAY && s.n == 0) {
		fprintf(call->io->err, "wasl: %s\n",
			_("no gateway answers; asking wasld --check instead"));
		become_wasld(call);
		cli_complain(call, code, _("wasld cannot be started: %s"), strerror(errno));
	} else {
		sheet_end(&s, &answer);
		cli_tell(call, &answer);
	}
	sheet_done(&s);
	return code;
}
