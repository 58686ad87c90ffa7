/*
 * The command "wasl": what caseworkers, authors and operators type.
 *
 * Walk: arguments -> one row of the command table (cli_commands.def) -> one
 * request line to the daemon's Unix socket -> rows as they come -> a screen on
 * a terminal, tab-separated lines in a pipe, or CSV and JSON on request. The
 * daemon knows who asks from the socket; there is no password here.
 *
 * One thread, blocking. Everything it touches comes in through struct cli_io,
 * so that tests run whole commands. Never opens a database; never prints a
 * control or direction character out of stored text; never takes an exit code
 * that is not in the list below.
 */
#ifndef WASL_CLI_CLI_H
#define WASL_CLI_CLI_H

#include "base/check.h"

#include <stdio.h>

struct cli_io {
	FILE *in, *out, *err;
	bool in_tty, out_tty; /* a person types; a person reads */
	int width;            /* columns of the terminal; 0: unknown */
	int64_t now;          /* seconds UTC; 0: the clock, asked when needed */
	const char *self; /* path of the running program, to find wasld beside it; may be NULL */
	const char *version;
	const char *datadir; /* installed menus and dialects; may be NULL */
};

/* Exit status of the whole command (cli_int.h lists them). May not return: doctor becomes wasld. */
int cli_run(int argc, char **argv, const struct cli_io *io);

#endif
