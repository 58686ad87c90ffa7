#include "bench.h"

#include <stdio.h>

/* How long a reply takes: at a rate the server can keep, and on a disk that is slow. */

enum { WAIT_CONNECTIONS = 64, RATE = 4800, SLOW_SYNC_MS = 10 };
static const double wait_warm_s = 0.5;

struct wait_side {
	struct series p50, p99, p999;
};

static struct load_result
at_rate(const struct bench *b, enum server_kind kind, struct ground *g)
{
	struct server server;
	struct talk talk;

	if (kind == SERVER_WASL)
		ground_restore(g);
	server_start(&server, kind, b, &g->folder, NULL);
	talk_init(&talk, kind == SERVER_WASL ? TALK_CHECKIN : TALK_CONSTANT, &g->folder, false);
	const struct load_plan plan = {.port = server.port,
				       .connections = WAIT_CONNECTIONS,
				       .rate = RATE,
				       .warm_s = wait_warm_s,
				       .span_s = b->seconds,
				       .server = &server};
	struct load_result r = load_run(&plan, &talk);
	server_stop(&server);
	if (kind == SERVER_WASL)
		ground_count_turns(g, r.answers);
	return r;
}

static void
add_waits(struct wait_side *s, const struct load_result *r)
{
	series_add(&s->p50, r->p50_ms);
	series_add(&s->p99, r->p99_ms);
	series_add(&s->p999, r->p999_ms);
}

static void
say_waits(const char *name, const struct wait_side *s)
{
	printf("    %-5s p50 %.2f ms  p99 %.2f ms  p99.9 %.2f ms\n", name, series_median(&s->p50),
	       series_median(&s->p99), series_median(&s->p999));
}

void
case_latency(struct bench *b)
{
	struct wait_side bare = {0}, wasl = {0};
	struct ground g;

	ground_new(&g, b, (size_t)((b->seconds + wait_warm_s) * RATE / TALK_STEPS) + 1000);
	for (unsigned round = 0; round < b->rounds; round++) {
		const struct load_result x = at_rate(b, SERVER_BARE, &g);
		const struct load_result y = at_rate(b, SERVER_WASL, &g);

		add_waits(&bare, &x);
		add_waits(&wasl, &y);
	}
	say_waits("bare", &bare);
	say_waits("wasl", &wasl);
	say_at_most(b, "added at the median", series_median(&wasl.p50) - series_median(&bare.p50),
		    2, " ms");
	say_at_most(b, "added at p99", series_median(&wasl.p99) - series_median(&bare.p99), 3,
		    " ms");
	say_at_most(b, "added at p99.9", series_median(&wasl.p999) - series_median(&bare.p999), 6,
		    " ms");
	ground_free(&g);
}

void
case_slow(struct bench *b)
{
	struct series rate = {0}, p50 = {0}, p99 = {0};
	struct ground g;

	ground_new(&g, b, (size_t)((b->seconds + wait_warm_s) * 3000) + 1000);
	for (unsigned round = 0; round < b->rounds; round++) {
		struct server server;
		struct talk talk;

		ground_restore(&g);
		server_start(&server, SERVER_WASL, b, &g.folder, b->slow_sync);
		talk_init(&talk, TALK_CHECKIN, &g.folder, false);
		const struct load_plan plan = {.port = server.port,
					       .connections = WAIT_CONNECTIONS,
					       .warm_s = wait_warm_s,
					       .span_s = b->seconds,
					       .server = &server};
		const struct load_result r = load_run(&plan, &talk);
		server_stop(&server);
		ground_count_turns(&g, r.answers);
		series_add(&rate, r.rate);
		series_add(&p50, r.p50_ms);
		series_add(&p99, r.p99_ms);
	}
	printf("    wasl  %8.0f /s  p50 %.2f ms  p99 %.2f ms\n", series_median(&rate),
	       series_median(&p50), series_median(&p99));
	say_at_least(b, "of one reply a sync and connection",
		     series_median(&rate) * SLOW_SYNC_MS / 1000 / WAIT_CONNECTIONS, 0.5, "");
	say_at_most(b, "p99", series_median(&p99), 35, " ms");
	ground_free(&g);
}
