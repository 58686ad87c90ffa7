#include "daemon/daemon_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/*
 * wasld --sandbox-try. Arguments are chosen so that a call which does get
 * through does no harm: paths that are not there, lengths of nothing, our own
 * ids. What must be refused with an error, not by an end, is tried outside the
 * fence too: what cannot be done there either says nothing and is skipped.
 */

enum { PAGE = 4096, ENDED = 0, ANSWER_MAX = 200, GOT_THROUGH = 201, NOT_FENCED = 202 };

struct attempt {
	const char *name;
	long number; /* negative: this architecture has no such call */
	uintptr_t args[5];
	int expected;   /* ENDED: SIGSYS; else the errno it is refused with */
	bool in_thread; /* by a thread that ran before the fence closed */
};

/* Files and folders for the attempts: inside is what the fence leaves open. */
struct place {
	char folder[64];
	char inside[80], outside[80]; /* folders */
	char file_in[96], file_out[96], new_out[96];
};

#define P(x)    ((uintptr_t)(x))
#define NOWHERE P("/nonexistent/wasl")

#ifdef SYS_fork
#define IF_FORK(x) x
#else
#define IF_FORK(x) -1
#endif

struct report {
	unsigned stopped, through, skipped; /* of what is forbidden */
	unsigned broken;                    /* of what must work */
};

/* ---- The place ---- */

static bool
make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	return fd >= 0 && close(fd) == 0;
}

/* As every attempt finds it. */
static void
place_set(const struct place *p)
{
	(void)make_file(p->file_out);
	(void)unlink(p->new_out);
}

static bool
place_make(struct place *p)
{
	const char *tmp = getenv("TMPDIR");

	if (tmp == NULL || strlen(tmp) > 40)
		tmp = "/tmp";
	snprintf(p->folder, sizeof(p->folder), "%s/wasld-try.XXXXXX", tmp);
	if (mkdtemp(p->folder) == NULL)
		return false;
	snprintf(p->inside, sizeof(p->inside), "%s/inside", p->folder);
	snprintf(p->outside, sizeof(p->outside), "%s/outside", p->folder);
	snprintf(p->file_in, sizeof(p->file_in), "%s/file", p->inside);
	snprintf(p->file_out, sizeof(p->file_out), "%s/file", p->outside);
	snprintf(p->new_out, sizeof(p->new_out), "%s/new", p->outside);
	return mkdir(p->inside, 0700) == 0 && mkdir(p->outside, 0700) == 0 &&
	       make_file(p->file_in) && make_file(p->file_out);
}

static void
place_remove(const struct place *p)
{
	(void)unlink(p->file_in);
	(void)unlink(p->file_out);
	(void)unlink(p->new_out);
	(void)rmdir(p->inside);
	(void)rmdir(p->outside);
	(void)rmdir(p->folder);
}

/* ---- One attempt ---- */

struct waiting {
	const struct attempt *a;
	pthread_barrier_t closed;
	long result;
	int why;
};

static void
call(struct waiting *w)
{
	const uintptr_t *a = w->a->args;

	w->result = syscall(w->a->number, a[0], a[1], a[2], a[3], a[4], 0);
	w->why = w->result < 0 ? errno : 0;
}

static void *
waiting_thread(void *arg)
{
	struct waiting *w = arg;

	(void)pthread_barrier_wait(&w->closed);
	call(w);
	return NULL;
}

static bool
close_fence(const struct place *p)
{
	struct sandbox_fence *f = sandbox_fence_new();
	int rc = W_OK;

	if (f != NULL) {
		sandbox_fence_allow(f, p->inside, SANDBOX_READ | SANDBOX_LIST | SANDBOX_KEEP);
		sandbox_fence_allow_system(f);
		rc = sandbox_fence_close(f);
	}
	return rc == W_OK && sandbox_calls_close() == W_OK;
}

/* In a child: never returns. The exit status is the errno, or what became of it. */
static _Noreturn void
attempt_in_child(const struct attempt *a, const struct place *p, bool fenced)
{
	struct waiting w = {.a = a};
	pthread_t thread;

	(void)pthread_barrier_init(&w.closed, NULL, 2);
	if (a->in_thread && pthread_create(&thread, NULL, waiting_thread, &w) != 0)
		_exit(NOT_FENCED);
	if (fenced && !close_fence(p))
		_exit(NOT_FENCED);
	if (a->in_thread) {
		(void)pthread_barrier_wait(&w.closed);
		(void)pthread_join(thread, NULL);
	} else
		call(&w);
	_exit(w.result >= 0 || w.why > ANSWER_MAX ? GOT_THROUGH : w.why);
}

/* Minus the signal that ended it, or its exit status. */
static int
outcome(const struct attempt *a, const struct place *p, bool fenced)
{
	int status;

	place_set(p);
	pid_t pid = fork();
	if (pid == 0)
		attempt_in_child(a, p, fenced);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return NOT_FENCED;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* Whether the attempt would say something: what cannot be done anyway does not. */
static bool
is_telling(const struct attempt *a, const struct place *p)
{
	if (a->number < 0 || (a->expected == EACCES && sandbox_fence_version() == 0))
		return false;
	if (a->expected == ENDED)
		return true;
	int without = outcome(a, p, false);
	return a->expected == EACCES ? without == GOT_THROUGH : without != a->expected;
}

static const char *
verdict(const struct attempt *a, const struct place *p, struct report *r)
{
	int got;

	if (!is_telling(a, p)) {
		r->skipped++;
		return "skipped: not possible here without a fence either";
	}
	got = outcome(a, p, true);
	if (a->expected == ENDED ? got == -SIGSYS : got == a->expected) {
		r->stopped++;
		return a->expected == ENDED ? "stopped" : "stopped (refused)";
	}
	r->through++;
	return got == NOT_FENCED ? "NOT STOPPED: no fence" : "NOT STOPPED";
}

/* ---- The list ---- */

static void
try_forbidden(const struct place *p, struct report *r)
{
	static const char *const words[] = {"true", NULL};
	void *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const uintptr_t here = P(AT_FDCWD), program = P("/bin/true"), room = P(p->folder),
			tcp = P(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), page = P(memory);
	const struct attempt list[] = {
#define ENDS(name, number, ...)           {name, number, {__VA_ARGS__}, ENDED, false},
#define ENDS_THREAD(name, number, ...)    {name, number, {__VA_ARGS__}, ENDED, true},
#define REFUSED(error, name, number, ...) {name, number, {__VA_ARGS__}, error, false},
#include "daemon/daemon_sandbox_try.def"
#undef ENDS
#undef ENDS_THREAD
#undef REFUSED
	};

	for (size_t i = 0; i < ARRAY_LEN(list); i++) {
		printf("%-32s %s\n", list[i].name, verdict(&list[i], p, r));
		(void)fflush(stdout);
	}
	(void)munmap(memory, PAGE);
	(void)close((int)tcp);
}

/* abort() of a broken promise must reach its own signal, not the fence's. */
static bool
may_abort(const struct place *p)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (close_fence(p))
			abort();
		_exit(NOT_FENCED);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGABRT;
}

static void
must_work(const char *name, bool works, struct report *r)
{
	printf("%-32s %s\n", name, works ? "works" : "DOES NOT WORK");
	(void)fflush(stdout);
	r->broken += !works;
}

/* A fence that stops everything would pass the rest: this must work behind it. */
static void
try_allowed(const struct place *p, struct report *r)
{
	const struct attempt list[] = {
		{"write in the state folder",
		 SYS_openat,
		 {P(AT_FDCWD), P(p->file_in), O_RDWR},
		 0,
		 false},
		{"read /etc/hosts", SYS_openat, {P(AT_FDCWD), P("/etc/hosts"), O_RDONLY}, 0, false},
		{"open a socket", SYS_socket, {AF_INET, SOCK_STREAM}, 0, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		must_work(list[i].name, outcome(&list[i], p, true) == GOT_THROUGH, r);
	must_work("abort", may_abort(p), r);
}

int
sandbox_try(void)
{
	const struct rlimit none = {0, 0};
	struct report r = {0};
	struct place p = {.folder = ""};

	if (!sandbox_built()) {
		puts("skipped: sandbox: this build has a sanitizer");
		return 0;
	}
	(void)setrlimit(RLIMIT_CORE, &none);
	if (!place_make(&p)) {
		fprintf(stderr, "wasld: no folder to try in: %s\n", strerror(errno));
		return 1;
	}
	try_forbidden(&p, &r);
	try_allowed(&p, &r);
	place_remove(&p);
	printf("%u stopped, %u not stopped, %u skipped, %u that should work do not\n", r.stopped,
	       r.through, r.skipped, r.broken);
	return r.through > 0 || r.broken > 0 || r.stopped == 0;
}
