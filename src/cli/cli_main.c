#include "cli/cli.h"

#include <limits.h>
#include <sys/ioctl.h>

int
main(int argc, char **argv)
{
	static char self[PATH_MAX];
	struct winsize size = {0};
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	bool tty = isatty(STDOUT_FILENO) == 1;

	if (tty)
		(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	struct cli_io io = {
		.in = stdin,
		.out = stdout,
		.err = stderr,
		.in_tty = isatty(STDIN_FILENO) == 1,
		.out_tty = tty,
		.width = size.ws_col,
		.self = n > 0 ? self : NULL,
		.version = WASL_VERSION,
		.datadir = WASL_DATADIR,
	};
	int code = cli_run(argc, argv, &io);

	/* A full disk or a closed pipe must not look like success. */
	return fflush(stdout) != 0 && code == 0 ? 1 : code;
}
