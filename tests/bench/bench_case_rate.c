#include "bench.h"

#include <stdio.h>

/* How many requests a second, beside a server that does nothing for them. */

enum { PEOPLE_A_SECOND = 9000, WARM_PEOPLE = 9000 };
static const double warm_s = 0.4;

struct rate_case {
	unsigned connections;
	bool close;
	double ratio, p99; /* marks; 0: none */
};

struct rate_side { /* what one server did, a figure a round */
	struct series rate, server, first, second, p50, p99, client;
};

static void
add_round(struct rate_side *s, const struct load_result *r)
{
	series_add(&s->rate, r->rate);
	series_add(&s->server, r->server_us);
	series_add(&s->first, r->first_us);
	series_add(&s->second, r->second_us);
	series_add(&s->p50, r->p50_ms);
	series_add(&s->p99, r->p99_ms);
	series_add(&s->client, r->client_share);
}

static void
say_side(const char *name, const struct rate_side *s)
{
	printf("    %-5s %8.0f /s  %6.1f us of server each (loop %.1f, writer %.1f)"
	       "  p50 %.2f ms  p99 %.2f ms  callers at %.0f %% of their core\n",
	       name, series_median(&s->rate), series_median(&s->server), series_median(&s->first),
	       series_median(&s->second), series_median(&s->p50), series_median(&s->p99),
	       series_median(&s->client) * 100);
}

static struct load_result
one_round(const struct bench *b, const struct rate_case *c, enum server_kind kind, struct ground *g)
{
	static const enum talk_kind talks[SERVER_KINDS] = {[SERVER_BARE] = TALK_CONSTANT,
							   [SERVER_WASL] = TALK_CHECKIN,
							   [SERVER_NODE] = TALK_PAGES};
	struct server server;
	struct talk talk;

	if (kind == SERVER_WASL)
		ground_restore(g);
	server_start(&server, kind, b, &g->folder, NULL);
	talk_init(&talk, talks[kind], &g->folder, c->close);
	if (kind != SERVER_WASL)
		talk.sessions_max = SIZE_MAX;
	const struct load_plan plan = {.port = server.port,
				       .connections = c->connections,
				       .warm_s = warm_s,
				       .span_s = b->seconds,
				       .server = &server};
	struct load_result r = load_run(&plan, &talk);
	server_stop(&server);
	if (kind == SERVER_WASL)
		ground_count_turns(g, r.answers);
	return r;
}

static void
compare(struct bench *b, const struct rate_case *c)
{
	struct rate_side bare = {0}, wasl = {0};
	struct series ratio = {0}, p99 = {0};
	struct ground g;
	uint64_t replies = 0;

	ground_new(&g, b, (size_t)(b->seconds * PEOPLE_A_SECOND) + WARM_PEOPLE);
	for (unsigned round = 0; round < b->rounds; round++) {
		const struct load_result x = one_round(b, c, SERVER_BARE, &g);
		const struct load_result y = one_round(b, c, SERVER_WASL, &g);

		add_round(&bare, &x);
		add_round(&wasl, &y);
		series_add(&ratio, y.rate / x.rate);
		series_add(&p99, y.p99_ms / x.p99_ms);
		replies += y.answers;
	}
	say_side("bare", &bare);
	say_side("wasl", &wasl);
	printf("    rows  %llu replies, as many turns in wasl.db\n", (unsigned long long)replies);
	say_at_least(b, "replies beside bare evhttp", series_median(&ratio), c->ratio, "");
	if (c->p99 > 0)
		say_at_most(b, "p99 beside bare evhttp", series_median(&p99), c->p99, " x");
	ground_free(&g);
}

void
case_keep64(struct bench *b)
{
	compare(b, &(struct rate_case){.connections = 64, .ratio = 0.40, .p99 = 4});
}

void
case_keep256(struct bench *b)
{
	compare(b, &(struct rate_case){.connections = 256, .ratio = 0.45, .p99 = 3});
}

void
case_close64(struct bench *b)
{
	compare(b, &(struct rate_case){.connections = 64, .close = true, .ratio = 0.60});
}

void
case_close256(struct bench *b)
{
	compare(b, &(struct rate_case){.connections = 256, .close = true, .ratio = 0.60});
}

void
case_node(struct bench *b)
{
	static const struct rate_case c = {.connections = 64};
	struct rate_side node = {0}, wasl = {0};
	struct series ratio = {0};
	struct ground g;

	if (b->node == NULL) {
		printf("    skipped node: no node, npm or network here\n");
		return;
	}
	ground_new(&g, b, (size_t)(b->seconds * PEOPLE_A_SECOND) + WARM_PEOPLE);
	for (unsigned round = 0; round < b->rounds; round++) {
		const struct load_result x = one_round(b, &c, SERVER_NODE, &g);
		const struct load_result y = one_round(b, &c, SERVER_WASL, &g);

		add_round(&node, &x);
		add_round(&wasl, &y);
		series_add(&ratio, y.rate / x.rate);
	}
	say_side("node", &node);
	say_side("wasl", &wasl);
	say_at_least(b, "replies beside Node", series_median(&ratio), 5, " x");
	ground_free(&g);
}
