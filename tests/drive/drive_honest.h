/*
 * Honest callers beside whom something bad happens: they begin a session, ask
 * for the page of calls and hang up, at 200 requests a second, so that they
 * leave sessions and turns and no other row. How many were answered, and how
 * long they waited, is counted. One gateway a program, started anew for each part.
 */
#ifndef WASL_TEST_DRIVE_HONEST_H
#define WASL_TEST_DRIVE_HONEST_H

#include "drive.h"

enum { HONEST_LINES = 8, WAIT_US = 20000000 };

struct honest_line {
	struct net_conn *conn;
	size_t person;
	unsigned step;
	char session[32];
};

struct tally {
	uint64_t asked, answered, sessions;
	struct figures waits;
};

struct honest {
	struct folder folder;
	struct child child;
	struct net *net;
	struct honest_line lines[HONEST_LINES];
	struct tally tally;
	uint64_t sessions; /* names given */
	uint64_t hung_up;  /* on connections that are raw */
	int64_t next_us;
	double alone_p99_ms; /* nothing bad happened: the measure of the machine */
	/* What else is to be done at this time, or NULL; returns when to come again. */
	int64_t (*beside)(void *arg, int64_t now_us);
	void *beside_arg;
};

/* A folder with people, nothing started. */
void honest_new(struct honest *h, const char *wasld);
void honest_free(struct honest *h);
/* addresses and files: see folder_configure and struct child. */
void honest_start(struct honest *h, const char *limits, const char *addresses, rlim_t files);
void honest_stop(struct honest *h);

/* One turn of everything; ask: honest callers go on asking. */
void honest_turn(struct honest *h, bool ask);
void honest_live(struct honest *h, int64_t span_us);
/* Waits for what honest callers are owed. */
void honest_settle(struct honest *h);

void tally_begin(struct honest *h);
/* Says the figures; fails the driver under 99.9 % answered. */
void tally_answered(struct honest *h, const char *what);
/* p99 is at most 100 ms, or three times what it was alone. */
bool tally_waits_ok(struct honest *h);

#endif
