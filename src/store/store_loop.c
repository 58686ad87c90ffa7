/*
 * The loop's side of the store: what is shared by all that the loop does in one
 * turn. Jobs are handed to the writer together when the turn ends, and sooner
 * when there are enough for a good group, so that a commit holds what came in
 * together and not what happened to be there when the writer woke. Keyed reads
 * of a turn share one read transaction: one look at the WAL and one page cache
 * for all of them. It ends with the turn, and before a result of the threads is
 * delivered, so whoever has heard of a commit also reads it.
 */
#include "store/store_int.h"

#include <stdlib.h>

enum { JOBS_AT_ONCE = 32 }; /* enough for a group: handed over before the turn ends */

struct loop_side {
	struct store *store; /* NULL: closed; then only the end of the turn is waited for */
	bool turn_posted;    /* the end of this turn is */
};

struct loop_side *
loop_side_new(struct store *s)
{
	struct loop_side *side = xcalloc(1, sizeof(*side));

	side->store = s;
	return side;
}

static void
on_turn_end(void *arg)
{
	struct loop_side *side = arg;

	side->turn_posted = false;
	if (side->store == NULL) {
		free(side);
		return;
	}
	loop_side_look_again(side->store);
	loop_side_hand_over(side->store);
}

void
loop_side_close(struct loop_side *side)
{
	side->store = NULL;
	if (!side->turn_posted)
		free(side);
}

static void
expect_turn_end(struct store *s)
{
	if (s->loop_side->turn_posted)
		return;
	s->loop_side->turn_posted = true;
	loop_free_later(s->loop, on_turn_end, s->loop_side);
}

/* ---- Jobs ---- */

void
loop_side_hand_over(struct store *s)
{
	struct writer *w = &s->writer;

	pthread_mutex_lock(&w->lock);
	bool any = w->held > 0;
	w->held = 0;
	pthread_mutex_unlock(&w->lock);
	if (any)
		pthread_cond_signal(&w->wake);
}

bool
loop_side_put(struct store *s, struct store_job *job)
{
	struct writer *w = &s->writer;

	pthread_mutex_lock(&w->lock);
	bool room = w->waiting < QUEUE_MAX;
	if (room) {
		*w->end = job;
		w->end = &job->next;
		w->waiting++;
		w->held++;
		w->submitted++;
	}
	bool enough = w->held >= JOBS_AT_ONCE;
	pthread_mutex_unlock(&w->lock);
	if (enough)
		loop_side_hand_over(s);
	else
		expect_turn_end(s);
	return room;
}

/* ---- Reads ---- */

void
loop_side_look(struct store *s)
{
	struct store_reader *r = &s->loop_reader;

	if (r->in_transaction || s->closing)
		return;
	r->in_transaction = db_run(&r->db, SQL_BEGIN_READ, NO_VALUES) == SQLITE_OK;
	expect_turn_end(s);
}

void
loop_side_look_again(struct store *s)
{
	struct store_reader *r = &s->loop_reader;

	if (!r->in_transaction)
		return;
	r->in_transaction = false;
	(void)db_run(&r->db, SQL_COMMIT, NO_VALUES);
}
