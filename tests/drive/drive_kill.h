/*
 * The account that drive_kill keeps by itself: what people typed in each visit,
 * how much of it was acknowledged, and which pages and rows that must give.
 */
#ifndef WASL_TEST_DRIVE_KILL_H
#define WASL_TEST_DRIVE_KILL_H

#include "drive.h"

enum { STEPS_MAX = 7 };

enum visit_kind { VISIT_CHECKIN, VISIT_NEED };

struct visit {
	enum visit_kind kind;
	bool again;            /* a further check-in of this week */
	uint8_t n_keys, acked; /* requests: n_keys + 1, the first with nothing typed */
	char keys[STEPS_MAX];
};

struct person {
	struct visit *visits;
	uint16_t n, cap;
	bool busy, touched; /* a caller has them; since the last comparison */
	bool sent;          /* a step of the last visit is under way */
	bool done;          /* answered a check-in this week */
};

/* By chance, a check-in or a need. */
struct visit visit_new(const struct person *p);
/* What the page after so many keys says in French. */
const char *expected_page(const struct visit *v, unsigned keys);
/* The lines of kept_person, were so many requests taken beyond what was acknowledged (0 or 1). */
void expect_person(const struct person *p, unsigned extra, struct buf *to);

#endif
