/*
 * bench WASLD BARE SLOW_SYNC [--node FOLDER] [--rounds N] [--seconds S] [--list] [CASE...]
 *
 * contrib/bench builds and starts it. Exit 1 only when a reply was wrong or a
 * row was missing; a mark that is missed is said, and no failure.
 */
#include "bench.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

const struct bench_case bench_cases[] = {
	{"keep64", "check-ins, 64 connections kept open, beside bare evhttp", case_keep64},
	{"keep256", "the same with 256", case_keep256},
	{"close64", "a connection a request, 64 at once", case_close64},
	{"close256", "the same with 256", case_close256},
	{"node", "check-ins beside ussd-menu-builder and express, 64 connections", case_node},
	{"latency", "4,800 requests a second, 64 connections: what a reply waits", case_latency},
	{"slow", "a disk whose every sync takes 10 ms longer, 64 connections", case_slow},
	{"sessions", "memory of 100,000 sessions left open", case_sessions},
	{"start", "memory after the start", case_start},
	{"idle", "memory with 10,000 connections at rest", case_idle},
};
const size_t bench_cases_n = ARRAY_LEN(bench_cases);

static bool
wanted(const char *name, char **names, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return n == 0;
}

static bool
known(const char *name)
{
	for (size_t i = 0; i < bench_cases_n; i++)
		if (strcmp(bench_cases[i].name, name) == 0)
			return true;
	return false;
}

static int
usage(const char *what)
{
	fprintf(stderr,
		"bench: %s\nusage: bench WASLD BARE SLOW_SYNC [--node FOLDER] [--rounds N]"
		" [--seconds S] [--list] [CASE...]\n",
		what);
	return 2;
}

/*
 * Sockets for ten thousand callers, and a place before others on the machine
 * where we may. With automatic groups (sched(7)) it is the group's that counts.
 */
static void
take_room(void)
{
	enum { PLACE = -5 };
	struct rlimit files;
	FILE *group = fopen("/proc/self/autogroup", "w");

	if (group != NULL) {
		fprintf(group, "%d", PLACE);
		(void)fclose(group);
	}

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	(void)setpriority(PRIO_PROCESS, 0, PLACE);
}

static void
run_cases(struct bench *b, char **names, int n)
{
	for (size_t i = 0; i < bench_cases_n; i++) {
		if (!wanted(bench_cases[i].name, names, n))
			continue;
		printf("%s: %s\n", bench_cases[i].name, bench_cases[i].about);
		bench_cases[i].run(b);
	}
	printf("%u marks met, %u missed; every reply had its row\n", b->met, b->missed);
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {{"node", required_argument, NULL, 'n'},
						{"rounds", required_argument, NULL, 'r'},
						{"seconds", required_argument, NULL, 's'},
						{"list", no_argument, NULL, 'l'},
						{NULL, 0, NULL, 0}};
	struct bench b = {.rounds = 5, .seconds = 3};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'n') {
			b.node = optarg;
		} else if (c == 'r') {
			b.rounds = (unsigned)strtoul(optarg, NULL, 10);
		} else if (c == 's') {
			b.seconds = strtod(optarg, NULL);
		} else if (c == 'l') {
			for (size_t i = 0; i < bench_cases_n; i++)
				printf("%-10s %s\n", bench_cases[i].name, bench_cases[i].about);
			return 0;
		} else {
			return usage("unknown option");
		}
	}
	if (argc - optind < 3 || b.rounds < 1 || b.rounds > 64 || b.seconds < 0.1)
		return usage("what to run, and how often?");
	b.wasld = argv[optind];
	b.bare = argv[optind + 1];
	b.slow_sync = argv[optind + 2];
	for (int i = optind + 3; i < argc; i++)
		if (!known(argv[i]))
			return usage("no such case; --list says what there is");
	take_room();
	run_cases(&b, argv + optind + 3, argc - optind - 3);
	return 0;
}
