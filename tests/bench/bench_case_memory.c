#include "bench.h"

#include <stdio.h>

/* What the server holds: at start, with many sessions open, with many connections. */

enum { SESSIONS = 100000, OPEN_STEPS = 3, OPENERS = 64, IDLE = 10000, IDLE_AT_ONCE = 64 };
static const double mib = 1024 * 1024;

void
case_sessions(struct bench *b)
{
	struct ground g;
	struct server server;
	struct talk talk;

	ground_new(&g, b, SESSIONS);
	server_start(&server, SERVER_WASL, b, &g.folder, NULL);
	int64_t before = server_rss(&server);
	talk_init(&talk, TALK_CHECKIN, &g.folder, false);
	talk.steps = OPEN_STEPS;
	const struct load_plan plan = {
		.port = server.port, .connections = OPENERS, .server = &server};
	const struct load_result r = load_run(&plan, &talk);
	int64_t after = server_rss(&server);
	server_stop(&server);
	ground_count_turns(&g, r.answers);
	printf("    wasl  %d people known: %.1f MiB; %d sessions left at step %d: %.1f MiB\n",
	       SESSIONS, (double)before / mib, SESSIONS, OPEN_STEPS, (double)after / mib);
	say_at_most(b, "a session open", (double)(after - before) / SESSIONS, 400, " B");
	say_at_most(b, "in all", (double)after / 1e6, 64, " MB");
	ground_free(&g);
}

void
case_start(struct bench *b)
{
	struct ground g;
	struct server server;

	ground_new(&g, b, 1000);
	server_start(&server, SERVER_WASL, b, &g.folder, NULL);
	double rss = (double)server_rss(&server) / 1e6;
	server_stop(&server);
	say_at_most(b, "resident after the start", rss, 12, " MB");
	ground_free(&g);
}

static double
with_idle(const struct bench *b, enum server_kind kind, struct ground *g)
{
	struct server server;
	struct talk talk;

	server_start(&server, kind, b, &g->folder, NULL);
	talk_init(&talk, kind == SERVER_WASL ? TALK_NOTICE : TALK_CONSTANT, &g->folder, false);
	talk.sessions_max = IDLE;
	talk.steps = 1;
	const struct load_plan plan = {
		.port = server.port, .connections = IDLE, .server = &server, .keep_open = true};
	(void)load_run(&plan, &talk);
	double rss = (double)server_rss(&server) / 1e6;
	load_hang_up();
	server_stop(&server);
	return rss;
}

void
case_idle(struct bench *b)
{
	struct ground g;

	ground_new(&g, b, IDLE);
	double bare = with_idle(b, SERVER_BARE, &g), wasl = with_idle(b, SERVER_WASL, &g);
	printf("    bare  %.1f MB with %d connections at rest\n    wasl  %.1f MB\n", bare, IDLE,
	       wasl);
	say_at_most(b, "memory beside bare evhttp", wasl / bare, 1.5, " x");
	ground_free(&g);
}
