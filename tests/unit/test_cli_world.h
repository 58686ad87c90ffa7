/*
 * A pretended gateway on a Unix socket that answers each connection with the
 * next file of tests/data/cli/, and a whole command run against it with its
 * streams caught in memory. One thread for the gateway, no sleeps.
 */
#ifndef TEST_CLI_WORLD_H
#define TEST_CLI_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli/cli_print.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { WORLD_ANSWERS = 4, WORLD_ARGS = 24 };
/* Saturday 2026-11-21 12:00 UTC */
#define WORLD_NOW INT64_C(1795262400)

struct world {
	char dir[64], socket[96];
	int listener;
	pthread_t thread;
	bool started;
	const char *answer[WORLD_ANSWERS];
	size_t n_answers;
	char *request[WORLD_ANSWERS]; /* the line each connection sent */
	char *out, *err;              /* of the last run */
	size_t out_n, err_n;
};

static inline char *
world_file(const char *name)
{
	char path[512];
	char *text = NULL;
	size_t n = 0;

	snprintf(path, sizeof(path), "%s/tests/data/cli/%s", WASL_SOURCE_DIR, name);
	FILE *f = fopen(path, "rb"), *to = open_memstream(&text, &n);

	assert_non_null(to);
	for (int c; f != NULL && (c = fgetc(f)) != EOF;)
		fputc(c, to);
	fclose(to);
	if (f != NULL)
		fclose(f);
	return text;
}

static inline void
world_serve_one(struct world *w, size_t i)
{
	int fd = accept(w->listener, NULL, NULL);
	size_t n = 0;
	char *line = xcalloc(1, ADMIN_REQUEST_MAX + 1);

	while (n < ADMIN_REQUEST_MAX && memchr(line, '\n', n) == NULL) {
		ssize_t got = read(fd, line + n, ADMIN_REQUEST_MAX - n);

		if (got <= 0)
			break;
		n += (size_t)got;
	}
	w->request[i] = line;
	char *text = world_file(w->answer[i]);

	/* A line without an end, longer than any row may be. */
	if (strcmp(w->answer[i], "endless") == 0) {
		free(text);
		text = xmalloc(4 * ADMIN_ROW_MAX);
		memset(text, 'x', 4 * ADMIN_ROW_MAX);
		text[4 * ADMIN_ROW_MAX - 1] = '\0';
	}
	(void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
	free(text);
	close(fd);
}

static inline void *
world_serve(void *arg)
{
	struct world *w = arg;

	for (size_t i = 0; i < w->n_answers; i++)
		world_serve_one(w, i);
	return NULL;
}

static inline void
world_open(struct world *w)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	*w = (struct world){.dir = "/tmp/wasl-cli-XXXXXX"};
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->socket, sizeof(w->socket), "%s/s", w->dir);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", w->socket);
	w->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(w->listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(w->listener, 8), 0);
}

static inline void
world_answers(struct world *w, const char *first, const char *second)
{
	w->answer[w->n_answers++] = first;
	if (second != NULL)
		w->answer[w->n_answers++] = second;
	assert_int_equal(pthread_create(&w->thread, NULL, world_serve, w), 0);
	w->started = true;
}

static inline void
world_forget(struct world *w)
{
	if (w->started)
		pthread_join(w->thread, NULL);
	w->started = false;
	for (size_t i = 0; i < w->n_answers; i++) {
		free(w->request[i]);
		w->request[i] = NULL;
	}
	w->n_answers = 0;
	free(w->out);
	free(w->err);
	w->out = w->err = NULL;
}

static inline void
world_close(struct world *w)
{
	world_forget(w);
	close(w->listener);
	unlink(w->socket);
	rmdir(w->dir);
}

/* Words of a command line, NULL at the end; typed: what stands on standard input, NULL: no tty. */
static inline int
world_run(struct world *w, bool tty, const char *typed, const char *const *words)
{
	char *argv[WORLD_ARGS + 1] = {xstrdup("wasl")};
	int argc = 1;
	FILE *in = fmemopen((void *)(uintptr_t)(typed && *typed ? typed : "\n"),
			    typed && *typed ? strlen(typed) : 1, "r");

	free(w->out);
	free(w->err);
	for (; words[argc - 1] != NULL && argc < WORLD_ARGS; argc++)
		argv[argc] = xstrdup(words[argc - 1]);
	char *all[WORLD_ARGS + 1];
	memcpy(all, argv, sizeof(argv)); /* getopt moves them about */
	FILE *out = open_memstream(&w->out, &w->out_n), *err = open_memstream(&w->err, &w->err_n);
	struct cli_io io = {.in = in,
			    .out = out,
			    .err = err,
			    .in_tty = typed != NULL,
			    .out_tty = tty,
			    .width = 80,
			    .now = WORLD_NOW,
			    .version = "0.1.0"};

	setenv("WASL_SOCKET", w->socket, 1);
	setenv("NO_COLOR", "1", 1);
	setenv("LC_ALL", "C", 1); /* a bare SSH session */
	unsetenv("LANGUAGE");
	int code = cli_run(argc, argv, &io);

	fclose(out);
	fclose(err);
	fclose(in);
	for (int i = 0; i < argc; i++)
		free(all[i]);
	return code;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* "a b 'c d'" is not read: words are parted by single blanks. */
static inline int
world_line(struct world *w, bool tty, const char *typed, const char *line)
{
	char copy[512], *save = NULL;
	const char *words[WORLD_ARGS] = {0};
	size_t n = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *p = strtok_r(copy, " ", &save); p != NULL; p = strtok_r(NULL, " ", &save))
		words[n++] = p;
	return world_run(w, tty, typed, words);
}

#endif
