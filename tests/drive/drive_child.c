#include "drive_int.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

enum { LISTEN_WAIT_US = 60000000, LOOK_US = 2000 };

_Noreturn static void
become(const struct child *c, pid_t driver)
{
	const struct rlimit files = {c->files, c->files};
	int log = open(c->folder->log, O_WRONLY | O_CREAT | O_APPEND, 0600);

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != driver || log < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0 ||
	    (c->files != 0 && setrlimit(RLIMIT_NOFILE, &files) != 0))
		_exit(127);
	closefrom(3);
	execl(c->program, c->program, "-c", c->folder->config, (char *)NULL);
	_exit(127);
}

void
child_start(struct child *c)
{
	pid_t driver = getpid();

	say_about(c);
	c->started_us = drive_now_us();
	c->pid = fork();
	if (c->pid < 0)
		drive_fail("no child: %s", strerror(errno));
	if (c->pid == 0)
		become(c, driver);
}

void
child_check(struct child *c)
{
	int status;

	if (c->pid == 0 || waitpid(c->pid, &status, WNOHANG) != c->pid)
		return;
	c->pid = 0;
	drive_fail("wasld ended by itself, status %#x", (unsigned)status);
}

static bool
listens(uint16_t port)
{
	const struct sockaddr_in at = {.sin_family = AF_INET,
				       .sin_port = htons(port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok = connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0;

	close(fd);
	return ok;
}

void
child_await(struct child *c)
{
	const struct timespec look = {0, LOOK_US * 1000};

	while (!listens(c->folder->port)) {
		child_check(c);
		if (drive_now_us() > c->started_us + LISTEN_WAIT_US)
			drive_fail("wasld does not listen");
		nanosleep(&look, NULL);
	}
}

void
child_kill(struct child *c)
{
	int status;

	child_check(c);
	if (c->pid == 0)
		return;
	(void)kill(c->pid, SIGKILL);
	if (waitpid(c->pid, &status, 0) != c->pid)
		drive_fail("the child is not ours");
	c->pid = 0;
}

static void
look_for_complaints(const struct child *c)
{
	char line[512];
	FILE *f = fopen(c->folder->log, "rb");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strstr(line, "Sanitizer") != NULL || strstr(line, "runtime error") != NULL)
			drive_fail("a sanitizer complains in %s: %s", c->folder->log, line);
	if (f != NULL)
		fclose(f);
}

void
child_stop(struct child *c)
{
	int status;

	child_check(c);
	if (c->pid == 0)
		return;
	(void)kill(c->pid, SIGTERM);
	if (waitpid(c->pid, &status, 0) != c->pid)
		drive_fail("the child is not ours");
	c->pid = 0;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		drive_fail("wasld did not end in order, status %#x", (unsigned)status);
	look_for_complaints(c);
}

int64_t
child_cpu_us(const struct child *c)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(c->pid, &clock) != 0 || clock_gettime(clock, &ts) != 0)
		drive_fail("the child's processor time cannot be read");
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
child_waited_us(const struct child *c)
{
	char path[64], said[128];
	long long ran, waited = 0;

	snprintf(path, sizeof(path), "/proc/%ld/schedstat", (long)c->pid);
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return 0;
	if (fgets(said, sizeof(said), f) == NULL || sscanf(said, "%lld %lld", &ran, &waited) != 2)
		waited = 0;
	fclose(f);
	return waited / 1000;
}
