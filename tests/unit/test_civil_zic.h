/*
 * For the tests of civil/: the zones of tests/data/casablanca-2026.zi, compiled
 * by zic into a folder of their own, so that no test depends on the machine's
 * zone data. WASL_TEST_DATA names another folder with a file of that name.
 */
#ifndef WASL_TESTS_UNIT_TEST_CIVIL_ZIC_H
#define WASL_TESTS_UNIT_TEST_CIVIL_ZIC_H

#include "civil/civil_int.h"

#include <ftw.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static char zic_dir[PATH_MAX];

static inline const char *
zic_source(char *memory, size_t n)
{
	const char *folder = getenv("WASL_TEST_DATA");

	snprintf(memory, n, "%s/casablanca-2026.zi", folder ? folder : "");
	if (folder == NULL || access(memory, R_OK) != 0)
		snprintf(memory, n, "%s/tests/data/casablanca-2026.zi", WASL_SOURCE_DIR);
	return memory;
}

static inline int
zic_run(const char *zic)
{
	char source[PATH_MAX];
	char *argv[] = {(char *)(uintptr_t) "zic", (char *)(uintptr_t) "-d", zic_dir,
			(char *)(uintptr_t)zic_source(source, sizeof(source)), NULL};
	pid_t child;
	int status;

	if (posix_spawnp(&child, zic, NULL, NULL, argv, environ) != 0)
		return -1;
	return waitpid(child, &status, 0) == child && status == 0 ? 0 : -1;
}

/* Group set-up: 0, or -1 and the group fails. sbin is not on everybody's path. */
static inline int
zic_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(zic_dir, sizeof(zic_dir), "%s/wasl-civil-XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(zic_dir) == NULL)
		return -1;
	return zic_run("/usr/sbin/zic") == 0 ? 0 : zic_run("zic");
}

static inline int
zic_remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline int
zic_teardown(void **state)
{
	(void)state;
	return nftw(zic_dir, zic_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct zone *
zic_zone(const char *name)
{
	struct zone *z = NULL;

	if (civil_zone_open(zic_dir, name, &z) != 0)
		fail_msg("%s is not in %s", name, zic_dir);
	return z;
}

/* "2026-09-20T01:00:00Z" in the fixtures and here: an instant, read in a way of its own. */
static inline int64_t
zic_instant(const char *text)
{
	struct tm tm = {0};

	if (strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) == NULL)
		fail_msg("%s is no instant", text);
	return timegm(&tm);
}

static inline struct wall
zic_wall(const char *text)
{
	struct tm tm = {0};

	if (strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) == NULL)
		fail_msg("%s is no wall time", text);
	return (struct wall){.year = tm.tm_year + 1900,
			     .month = (uint8_t)(tm.tm_mon + 1),
			     .day = (uint8_t)tm.tm_mday,
			     .hour = (uint8_t)tm.tm_hour,
			     .minute = (uint8_t)tm.tm_min,
			     .second = (uint8_t)tm.tm_sec};
}

#endif
