#include "bench.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

static const char *const names[SERVER_KINDS] = {
	[SERVER_BARE] = "bare", [SERVER_WASL] = "wasl", [SERVER_NODE] = "node"};

void
bench_pin(enum bench_core core)
{
	cpu_set_t set;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return;
	CPU_ZERO(&set);
	CPU_SET((int)core, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		drive_fail("cannot stay on a core: %s", strerror(errno));
}

/* ---- Servers that say their port on their first line ---- */

_Noreturn static void
become(char *const argv[], int out, pid_t bench)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != bench || dup2(out, 1) < 0)
		_exit(127);
	closefrom(3);
	execvp(argv[0], argv);
	_exit(127);
}

static void
spawn(struct server *s, char *const argv[])
{
	int ends[2];
	char line[64] = "";
	pid_t bench = getpid();

	if (pipe(ends) != 0)
		drive_fail("no pipe: %s", strerror(errno));
	s->pid = fork();
	if (s->pid == 0)
		become(argv, ends[1], bench);
	close(ends[1]);
	FILE *in = fdopen(ends[0], "r");
	if (s->pid < 0 || in == NULL || fgets(line, sizeof(line), in) == NULL)
		drive_fail("%s does not start", s->name);
	fclose(in);
	s->port = (uint16_t)strtoul(line, NULL, 10);
}

static void
spawn_node(struct server *s, const struct bench *b)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/server.js", b->node);
	char *argv[] = {(char *)(uintptr_t) "node", path, NULL};
	spawn(s, argv);
}

static void
spawn_bare(struct server *s, const struct bench *b)
{
	char *argv[] = {(char *)(uintptr_t)b->bare, NULL};

	spawn(s, argv);
}

static void
start_wasld(struct server *s, const struct bench *b, const struct folder *folder,
	    const char *preload)
{
	s->child = (struct child){.program = b->wasld, .folder = folder};
	if (preload != NULL)
		setenv("LD_PRELOAD", preload, 1);
	child_start(&s->child);
	unsetenv("LD_PRELOAD");
	child_await(&s->child);
	s->pid = s->child.pid;
	s->port = folder->port;
}

/* What it does at first by itself (reading the names of all people) is over when it rests. */
static void
await_rest(const struct server *s)
{
	enum { LOOK_US = 100000, REST_US = 2000, PATIENCE_US = 60000000 };
	int64_t until = drive_now_us() + PATIENCE_US, before;

	do {
		before = server_cpu_us(s);
		usleep(LOOK_US);
		if (drive_now_us() > until)
			drive_fail("%s does not come to rest", s->name);
	} while (server_cpu_us(s) - before > REST_US);
}

void
server_start(struct server *s, enum server_kind kind, const struct bench *b,
	     const struct folder *folder, const char *preload)
{
	*s = (struct server){.kind = kind, .name = names[kind]};
	bench_pin(CORE_SERVER);
	if (kind == SERVER_WASL)
		start_wasld(s, b, folder, preload);
	else if (kind == SERVER_NODE)
		spawn_node(s, b);
	else
		spawn_bare(s, b);
	bench_pin(CORE_CALLERS);
	await_rest(s);
}

void
server_stop(struct server *s)
{
	int status;

	if (s->kind == SERVER_WASL) {
		child_stop(&s->child);
		return;
	}
	(void)kill(s->pid, SIGTERM);
	(void)waitpid(s->pid, &status, 0);
}

/* ---- What the kernel says of them ---- */

int64_t
server_cpu_us(const struct server *s)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(s->pid, &clock) != 0 || clock_gettime(clock, &ts) != 0)
		drive_fail("the processor time of %s cannot be read", s->name);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
server_rss(const struct server *s)
{
	char path[64], line[256];
	int64_t kib = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)s->pid);
	FILE *f = fopen(path, "r");
	while (f != NULL && kib == 0 && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtoll(line + 6, NULL, 10);
	if (f != NULL)
		fclose(f);
	return kib * 1024;
}

/* Fields 14 and 15 of proc(5)'s stat, in ticks; after the name, which may hold anything. */
static int64_t
thread_us(pid_t pid, const char *task)
{
	char path[96], line[512];
	unsigned long user = 0, system = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%.20s/stat", (int)pid, task);
	FILE *f = fopen(path, "r");
	if (f == NULL)
		return 0;
	char *at = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	fclose(f);
	for (int field = 2; at != NULL && field < 14; field++)
		at = strchr(at + 1, ' ');
	if (at != NULL) {
		user = strtoul(at, &at, 10);
		system = strtoul(at, NULL, 10);
	}
	return (int64_t)(user + system) * 1000000 / sysconf(_SC_CLK_TCK);
}

struct server_threads
server_threads(const struct server *s)
{
	struct server_threads t = {0, 0};
	char path[64];
	const struct dirent *entry;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)s->pid);
	DIR *tasks = opendir(path);
	while (tasks != NULL && (entry = readdir(tasks)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		int64_t us = thread_us(s->pid, entry->d_name);
		if (strtol(entry->d_name, NULL, 10) == s->pid)
			t.first_us = us;
		else if (us > t.second_us)
			t.second_us = us;
	}
	if (tasks != NULL)
		closedir(tasks);
	return t;
}
