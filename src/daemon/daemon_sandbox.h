/*
 * The fence around the running gateway, for the day a library has a hole.
 *
 * Two boot steps on the loop's thread. sandbox_start_files comes before the
 * first thread, because Landlock holds for a thread and those it starts: from
 * there on only the folders of the configuration and a few of the system are
 * within reach, no program gains rights and no memory becomes code.
 * sandbox_start_calls is the last step, when every listener is bound: from
 * there on all threads may make the system calls of one list, and the first
 * other one ends the process. Neither can be taken back.
 *
 * Never a key of wasl.yaml: WASL_SANDBOX=off works for a lab's state folder
 * only, and a build with a sanitizer has none. contrib/notes/0003-sandbox.md
 * says what is allowed and why.
 */
#ifndef WASL_DAEMON_DAEMON_SANDBOX_H
#define WASL_DAEMON_DAEMON_SANDBOX_H

#include "base/err.h"

struct conf;
struct daemon;

/* d->set must be there, and no thread but this one. */
MUSTUSE int sandbox_start_files(struct daemon *d, struct err *err);
/* Every listener bound. W_EDENIED: WASL_SANDBOX=off and no lab. */
MUSTUSE int sandbox_start_calls(struct daemon *d, struct err *err);

/*
 * Adds a fault for each key of a conf that names a file or folder which the
 * closed fence keeps out of reach: only a restart lets it in. Nothing before.
 */
void sandbox_reach(const struct conf *c, struct err *err);

/* In force as one sentence, for status and doctor: what is fenced, or why not. */
const char *sandbox_state(void);
/* Whether nothing of it is missing: files, memory and calls. */
bool sandbox_whole(void);

/*
 * wasld --sandbox-try: enters the same fence in one child after the other and
 * makes a forbidden call in each. A line for each; returns the exit code, 1 when
 * one got through.
 */
int sandbox_try(void);

/* Whether this build can close the fence: not with a sanitizer. */
bool sandbox_built(void);

/* ---- Between the files of the fence ---- */

/* What may be done beneath a folder, or with a file. */
enum sandbox_use {
	SANDBOX_READ = 1,   /* open for reading */
	SANDBOX_LIST = 2,   /* read folders */
	SANDBOX_KEEP = 4,   /* make, write, cut and remove files */
	SANDBOX_SOCKET = 8, /* make a socket, and remove it */
};

struct sandbox_fence; /* rules under way */

/* NULL: this kernel has no Landlock. */
struct sandbox_fence *sandbox_fence_new(void);
/* What is not there needs no rule. */
void sandbox_fence_allow(struct sandbox_fence *f, const char *path, unsigned use);
/* The folder in which a file lies, so that it may be replaced by another of its name. */
void sandbox_fence_allow_beside(struct sandbox_fence *f, const char *file, unsigned use);
/* Folders and files of the system that names, certificates and times come from. */
void sandbox_fence_allow_system(struct sandbox_fence *f);
/* Closes it around this thread, for good, and frees f. W_EIO: the kernel refused. */
MUSTUSE int sandbox_fence_close(struct sandbox_fence *f);
/* The version the kernel offers; 0: none. */
int sandbox_fence_version(void);

/* The list of calls, for all threads, for good. W_EIO: the kernel refused. */
MUSTUSE int sandbox_calls_close(void);

#endif
