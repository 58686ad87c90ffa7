/*
 * A day at the store, played by chance: people are enrolled, check in, need
 * things, get messages and are erased, and a ledger says of each job what it
 * came to.
 *
 * The oracle is the store itself while it was well: the last operation of every
 * job sums up all rows of wasl.db as they are inside the transaction. Whatever
 * is found after a fault must be exactly the sum of some job, not before the
 * last that was acknowledged and not after the last that had begun: so no
 * acknowledged row is lost, no job is there by half, none out of order.
 */
#ifndef WASL_TEST_FAULT_PLAY_H
#define WASL_TEST_FAULT_PLAY_H

#include "fault/fault_disk.h"
#include "unit/test_store_world.h"

/* ---- Sums of rows (fault_sum.c) ---- */

struct sums {
	uint64_t all;
	uint64_t without; /* the rows of some people, and counters, left out */
	int64_t theirs;   /* how many rows those people have */
};
/* SQLite's result code. */
int sums_of(sqlite3 *wasl, const int64_t *gone, size_t n, struct sums *out);

/* ---- The play (fault_play.c, fault_deeds.c) ---- */

enum deed_kind {
	DEED_ENROL,
	DEED_CHECKIN, /* session, first turn, the check-in begun */
	DEED_ANSWER,
	DEED_TURN,
	DEED_END,
	DEED_SURVEY, /* begun with an appointment wished for, then answered */
	DEED_NEED,
	DEED_URGENT,
	DEED_DUE,
	DEED_MESSAGE, /* due row closed and outbox row added */
	DEED_CLAIM,
	DEED_SETTLE,
	DEED_STRANGER, /* sealed under the key of a day */
	DEED_LOOK,     /* an audit record alone */
	DEED_GUARD,
	DEED_CHANGE, /* another number: one leaves the index, one comes */
	DEED_BROKEN, /* breaks a rule and must be undone alone */
	DEED_BIG,
	DEED_ERASE,
	DEED_KINDS
};

enum { PEOPLE_MAX = 256, DEEDS_MAX = 2048 };

struct someone {
	int64_t id, session, checkin, survey, appointment, need, due, message;
	uint8_t turn, answers;
	unsigned number; /* stands for the phone number */
	bool alive;
	struct wrapped_key wrapped;
};

struct deed {
	struct play *play;
	enum deed_kind kind;
	struct someone *who; /* NULL: nobody */
	unsigned old_number; /* DEED_CHANGE */
	int rc;              /* NOT_YET until told */
	/* From the writer, at the end of the job and before its commit. */
	bool ran;
	struct sums sums;
	size_t ran_at; /* entries of the recorder */
	size_t told_at;
};

struct play {
	struct world *w;
	struct dice dice;
	struct recorder *recorder; /* NULL: none */
	int64_t centre, staff, victim;
	struct someone people[PEOPLE_MAX];
	size_t n_people;
	struct deed deeds[DEEDS_MAX];
	size_t n_deeds;
	struct sums before; /* of the first deed */
};

/* A store in a folder of memory, where there is one, with a centre and a caseworker; closed. */
struct play *play_new(uint64_t seed);
void play_free(struct play *p);
/* Another world with the same keys in a folder of its own, for what is left after a fault. */
struct world *world_beside(const struct world *w);
void world_beside_free(struct world *w);

/* Somebody alive, or NULL. */
struct someone *play_anyone(struct play *p);
struct deed *play_submit(struct play *p, enum deed_kind kind);
/* Waits for everything submitted and hears of it. */
void play_settle(struct play *p);
/* One job at a time. */
int play_one(struct play *p, enum deed_kind kind);
/* Bursts of jobs, each in one group, with a reader in the way now and then. */
void play_bursts(struct play *p, unsigned n);

/* Fills a job; false: there is nobody to do it for. */
bool deed_fill(struct deed *deed, struct store_job *job);

/* ---- Looking afterwards (fault_check.c) ---- */

/*
 * What must hold in any store that is open again: every sealed value opens,
 * whoever has an active link is behind its number, the audit's chain is whole.
 * Deeds from the first unsure one on may have reached keys.db and not wasl.db.
 * "" or the breach.
 */
const char *check_opened(struct play *p, struct world *w, size_t unsure);
#define LOST_ROWS "acknowledged rows are lost"
/*
 * Opens what a power cut at an entry left behind; "" when every promise holds.
 * Closed again. origin: the image after the first cut, when this is a second.
 */
const char *check_cut(struct play *p, const struct image *image, const struct image *origin,
		      size_t entry, struct world *w);

/* ---- Sizes ---- */

/* $WASL_SEED, or a new one; printed either way. */
uint64_t fault_seed(void);
bool fault_long(void);

#endif
