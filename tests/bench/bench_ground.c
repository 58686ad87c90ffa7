#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

static const char limits[] = "connections: 20000, connections_reserved: 0,"
			     " connections_per_address: 20000, sessions: 1000000,"
			     " answer_ms: 10000";

void
ground_new(struct ground *g, const struct bench *b, size_t people)
{
	const struct folder_options o = {.people = people, .limits = limits};

	folder_new(&g->folder, b->wasld, &o);
	snprintf(g->kept, sizeof(g->kept), "%s", folder_copy(&g->folder));
}

static void
put_back(struct ground *g, const char *name)
{
	char from[256], to[256], bytes[65536];
	ssize_t n;

	snprintf(from, sizeof(from), "%s/%s", g->kept, name);
	snprintf(to, sizeof(to), "%s/%s", g->folder.state, name);
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	while ((n = read(in, bytes, sizeof(bytes))) > 0)
		if (write(out, bytes, (size_t)n) != n)
			drive_fail("%s: %s", to, strerror(errno));
	if (in < 0 || out < 0 || n < 0)
		drive_fail("%s cannot be put back: %s", to, strerror(errno));
	/* Now, so that it does not come in the way of the server's own. */
	(void)syncfs(out);
	close(in);
	close(out);
}

void
ground_restore(struct ground *g)
{
	static const char *const logs[] = {"wasl.db-wal", "wasl.db-shm", "keys.db-wal",
					   "keys.db-shm"};
	char path[256];

	for (size_t i = 0; i < ARRAY_LEN(logs); i++) {
		snprintf(path, sizeof(path), "%s/%s", g->folder.state, logs[i]);
		(void)unlink(path);
	}
	put_back(g, "wasl.db");
	put_back(g, "keys.db");
}

void
ground_count_turns(const struct ground *g, uint64_t replies)
{
	struct kept *k = kept_open(g->folder.state);
	uint64_t turns = (uint64_t)kept_count(k, "turn");

	kept_close(k);
	if (turns != replies)
		drive_fail("%llu replies, but %llu turns in wasl.db", (unsigned long long)replies,
			   (unsigned long long)turns);
}

void
ground_free(struct ground *g)
{
	folder_free(&g->folder);
}
