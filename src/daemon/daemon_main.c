#include "daemon/daemon_int.h"
#include "daemon/daemon_sandbox.h"

#include "base/log.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const help =
	"wasld - the gateway: aggregators' webhooks in, menus, check-ins, reminders out\n"
	"\n"
	"usage: wasld [-c FILE]              run in the foreground, log to standard error\n"
	"       wasld [-c FILE] --check      read and check everything, start nothing\n"
	"       wasld --sandbox-try          try forbidden calls from inside the sandbox, report\n"
	"       wasld init DIR --keys DIR2 --centre CODE --admin LOGIN [--lab] [...]\n"
	"                                    make a state folder, keys and a first wasl.yaml\n"
	"\n"
	"  -c, --config FILE   configuration (default /etc/wasl/wasl.yaml, or $WASL_CONFIG)\n"
	"      --check         also what wasl doctor runs when no wasld answers\n"
	"  -h, --help          this text; wasld init --help explains the first steps\n"
	"  -V, --version\n"
	"\n"
	"Signals: TERM and INT end it in order, HUP reloads menus, dialects and configuration\n"
	"together or not at all. Exit: 0 done, 1 faults in files, 2 usage, 75 disk failed.\n";

static void
on_term(void *arg)
{
	daemon_stop(arg);
}

static void
on_hup(void *arg)
{
	struct err *err = err_new();

	(void)!daemon_reload(arg, err);
	err_sort(err);
	err_print(err, stderr);
	err_free(err);
}

static int
run(const char *config_file)
{
	struct daemon d = {.config_file = config_file};
	struct err *err = err_new();
	int rc = daemon_boot(&d, err);

	err_sort(err);
	err_print(err, stderr);
	err_free(err);
	if (rc != W_OK)
		return rc == W_EIO ? EXIT_BROKEN : EXIT_FAULTS;
	loop_on_signal(d.loop, SIGTERM, on_term, &d);
	loop_on_signal(d.loop, SIGINT, on_term, &d);
	loop_on_signal(d.loop, SIGHUP, on_hup, &d);
	loop_run(d.loop);
	timer_free(d.stopper);
	timer_free(d.sweeper);
	if (d.exit_code == EXIT_BROKEN)
		_Exit(EXIT_BROKEN); /* no orderly close over a disk that fails */
	daemon_unboot(&d);
	return d.exit_code;
}

static const char *
default_config(void)
{
	const char *said = getenv("WASL_CONFIG");

	return said != NULL && said[0] != '\0' ? said : "/etc/wasl/wasl.yaml";
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'}, {"check", no_argument, NULL, 'k'},
		{"sandbox-try", no_argument, NULL, 's'},  {"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0}};
	const char *config = default_config();
	bool check = false;
	int c;

	if (privacy_init() != W_OK) {
		fputs("wasld: libsodium cannot start\n", stderr);
		return EXIT_FAULTS;
	}
	if (argc > 1 && strcmp(argv[1], "init") == 0)
		return daemon_init(argc - 1, argv + 1);
	while ((c = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			config = optarg;
			break;
		case 'k':
			check = true;
			break;
		case 's':
			return sandbox_try();
		case 'h':
			fputs(help, stdout);
			return 0;
		case 'V':
			puts("wasld " WASL_VERSION);
			return 0;
		default:
			fputs("wasld: see wasld --help\n", stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "wasld: what is \"%s\"? See wasld --help\n", argv[optind]);
		return EXIT_USAGE;
	}
	return check ? daemon_check(config) : run(config);
}
