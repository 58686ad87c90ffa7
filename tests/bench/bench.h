/*
 * The speed bench: what wasld does a second, what a reply waits, what it takes
 * of the processor and of memory, beside a bare evhttp that answers a constant.
 * Servers run on the first core, the callers on the second; rounds alternate
 * between the servers, so that what else the machine does meets all alike, and
 * only ratios inside a round and processor time per request are compared.
 *
 * After each round the turns in wasl.db are counted against the replies: that
 * they are equal is what the bench fails on, never on speed.
 *
 * Stands on tests/drive (folders with people, wasld as a child, its databases).
 */
#ifndef WASL_TEST_BENCH_H
#define WASL_TEST_BENCH_H

#include "drive/drive.h"

struct bench {
	const char *wasld, *bare, *slow_sync;
	const char *node; /* folder with the Node server installed; NULL: none */
	unsigned rounds;
	double seconds; /* of a round */
	unsigned missed, met;
};

enum bench_core { CORE_SERVER, CORE_CALLERS };
/* On a machine with one core it does nothing. */
void bench_pin(enum bench_core core);

/* ---- bench_case_*.c: what can be asked for by name ---- */

struct bench_case {
	const char *name, *about;
	void (*run)(struct bench *b);
};
extern const struct bench_case bench_cases[];
extern const size_t bench_cases_n;

void case_keep64(struct bench *b);
void case_keep256(struct bench *b);
void case_close64(struct bench *b);
void case_close256(struct bench *b);
void case_node(struct bench *b);
void case_latency(struct bench *b);
void case_slow(struct bench *b);
void case_sessions(struct bench *b);
void case_start(struct bench *b);
void case_idle(struct bench *b);

/* ---- bench_say.c: figures and marks ---- */

/* One figure a round; the median of them is what counts. */
struct series {
	double v[64];
	size_t n;
};
void series_add(struct series *s, double v);
double series_median(const struct series *s);
/* "mark NAME 0.43 (at least 0.40): met", counted in b. */
void say_at_least(struct bench *b, const char *name, double got, double mark, const char *unit);
void say_at_most(struct bench *b, const char *name, double got, double mark, const char *unit);

/* ---- bench_server.c: servers, on their core ---- */

enum server_kind { SERVER_BARE, SERVER_WASL, SERVER_NODE, SERVER_KINDS };

struct server {
	enum server_kind kind;
	const char *name;
	pid_t pid;
	uint16_t port;
	struct child child; /* SERVER_WASL */
};
/* folder: of SERVER_WASL. preload: a library to put before the C library's, or NULL. */
void server_start(struct server *s, enum server_kind kind, const struct bench *b,
		  const struct folder *folder, const char *preload);
void server_stop(struct server *s);
int64_t server_cpu_us(const struct server *s);
/* In bytes; what the kernel counts as the process's resident set. */
int64_t server_rss(const struct server *s);
/* Processor time of the thread that came first, of the one that did most after it. */
struct server_threads {
	int64_t first_us, second_us;
};
struct server_threads server_threads(const struct server *s);

/* ---- bench_ground.c: the same folder at the start of every round ---- */

struct ground {
	struct folder folder;
	char kept[192];
};
void ground_new(struct ground *g, const struct bench *b, size_t people);
/* The databases as they were when it was made. */
void ground_restore(struct ground *g);
/* Ends the bench when wasl.db does not hold exactly so many turns. */
void ground_count_turns(const struct ground *g, uint64_t replies);
void ground_free(struct ground *g);

/* ---- bench_talk.c: what callers say, what they must hear ---- */

enum talk_kind {
	TALK_CONSTANT, /* any answer will do */
	TALK_PAGES,    /* CON until the last step, END then */
	TALK_CHECKIN,  /* the same, and the last page says the caller's name */
	TALK_NOTICE,   /* an end notice of an unknown session: acknowledged, nothing written */
};
enum { TALK_STEPS = 5 };

struct talk {
	enum talk_kind kind;
	const struct folder *folder;
	bool close;          /* a connection a request */
	unsigned steps;      /* of each session; fewer than TALK_STEPS leave it open */
	size_t sessions;     /* begun */
	size_t sessions_max; /* 0: as many as there are people */
	char head[256];
	size_t head_n;
};
struct talker {
	size_t person;
	uint64_t session;
	unsigned step;
	bool begun;
};
void talk_init(struct talk *t, enum talk_kind kind, const struct folder *f, bool close);
enum { TALK_BYTES = 1024 };
/* The next request; 0: everybody has been heard. */
size_t talk_next(struct talk *t, struct talker *who, char out[TALK_BYTES]);
/* Ends the bench when it is not what this caller had to hear. */
void talk_heard(struct talk *t, struct talker *who, int status, struct str body);

/* ---- bench_load.c: the callers, one thread ---- */

struct load_plan {
	uint16_t port;
	unsigned connections;
	double rate; /* requests a second over all of them; 0: each asks as soon as it has heard */
	double warm_s; /* before the span that is measured */
	double span_s; /* 0: until everybody has been heard */
	const struct server *server;
	bool keep_open; /* the connections, for load_hang_up */
};
struct load_result {
	uint64_t answers;                      /* over all, each with a status of 2xx */
	double rate;                           /* in the span, a second; so are the rest */
	double server_us, first_us, second_us; /* of processor time, a request */
	double client_share;                   /* of its core */
	double p50_ms, p99_ms, p999_ms;
};
struct load_result load_run(const struct load_plan *plan, struct talk *talk);
void load_hang_up(void);

#endif
