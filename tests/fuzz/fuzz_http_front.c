/*
 * Any bytes down a connection to the real front, evhttp and all: it never sees
 * more requests than the strict reader counts, what it sees is within the
 * limits, and the connection ends. A request that evhttp finds where the reader
 * saw none would be one that was smuggled past the guard.
 */
#include "base/log.h"
#include "http/http_int.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { TURNS = 400, PATH = 64 };

static const struct http_limits limits = {.headers_bytes = 1024,
					  .headers = 12,
					  .body = 512,
					  .header_ms = 60000,
					  .request_ms = 60000,
					  .reply_ms = 60000,
					  .idle_ms = 60000,
					  .requests_per_connection = 16,
					  .connections = 8,
					  .reserved = 1,
					  .per_address = 8};

struct room {
	struct loop *loop;
	struct http_front *front;
	char path[PATH]; /* leads to the listener, whose file is gone */
	size_t calls, body_bytes;
};

static void
on_request(struct http_request *req, void *ctx)
{
	struct room *r = ctx;
	const struct wire_request *w = &req->wire;
	const struct wire_header extra = {STR_LIT("X-Echo"), w->query};
	struct wire_answer answer = {.status = 200,
				     .type = STR_LIT("text/plain"),
				     .headers = (struct wire_header *)&extra,
				     .n_headers = 1,
				     .body = w->path};
	size_t hosts = 0;

	r->calls++;
	r->body_bytes += w->body.n;
	CHECK(w->method == WIRE_GET || w->method == WIRE_POST);
	CHECK(w->path.n > 0 && w->path.p[0] == '/' && str_find(w->path, '?') < 0);
	CHECK(w->body.n <= limits.body && w->n_headers <= limits.headers);
	for (size_t i = 0; i < w->n_headers; i++)
		hosts += str_eq_nocase(w->headers[i].name, STR_LIT("Host"));
	CHECK(hosts <= 1);
	http_answer(req, &answer);
}

static struct room *
open_room(void)
{
	static struct room r;
	char file[PATH];
	struct conf_listen at = {.family = AF_UNIX, .path = file, .text = "fuzz"};
	const struct http_options options = {.listen = &at, .n_listen = 1, .limits = limits};
	struct err *err;

	if (r.loop != NULL)
		return &r;
	log_set_level(LOG_ERROR);
	err = err_new();
	snprintf(file, sizeof(file), "/tmp/wasl-fuzz-%d", (int)getpid());
	r.loop = loop_new();
	CHECK(http_front_new(r.loop, &options, on_request, &r, &r.front, err) == W_OK);
	err_free(err);
	/* Reached by its descriptor from now on: however this process ends, no file is left. */
	int fd = open(file, O_PATH | O_CLOEXEC);
	CHECK(fd >= 0 && unlink(file) == 0);
	snprintf(r.path, sizeof(r.path), "/proc/self/fd/%d", fd);
	return &r;
}

static int
dial(const struct room *r)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(to.sun_path, r->path, strlen(r->path) + 1);
	CHECK(fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0);
	return fd;
}

/* Sends in two pieces, hangs up its side, and reads until the other does. */
static void
talk(struct room *r, int fd, const uint8_t *data, size_t n)
{
	size_t first = n > 0 ? data[n - 1] % (n + 1) : 0;
	char got[4096];
	int turns = 0;

	/* The front may have hung up already. */
	(void)!send(fd, data, first, MSG_NOSIGNAL);
	for (int i = 0; i < 3; i++)
		loop_once(r->loop, false);
	(void)!send(fd, data + first, n - first, MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	while (http_front_connections(r->front) > 0 && ++turns < TURNS) {
		while (recv(fd, got, sizeof(got), MSG_DONTWAIT) > 0)
			;
		loop_once(r->loop, false);
	}
	CHECK(turns < TURNS);
}

struct counted {
	size_t requests, bytes; /* bytes: in all, so more than in bodies */
	int status;
};

static struct counted
count(const uint8_t *data, size_t n)
{
	struct http_reader *r = xmalloc(reader_size(&limits));
	struct counted c = {.bytes = n};

	reader_init(r, &limits);
	for (size_t i = 0; i < n && c.status == 0; i++) {
		c.status = reader_take(r, (const char *)data + i, 1);
		c.requests += c.status == 0 && reader_between(r);
	}
	free(r);
	return c;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct room *r = open_room();
	const struct counted c = count(data, n);
	int fd = dial(r);

	r->calls = r->body_bytes = 0;
	talk(r, fd, data, n);
	close(fd);
	CHECK(r->calls <= c.requests && r->body_bytes <= c.bytes);
	CHECK(c.status != 0 || c.requests == 0 || r->calls > 0);
	return 0;
}
