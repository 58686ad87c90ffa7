/*
 * The way out: rows of table outbox become SMS, each handed to its aggregator
 * at most once.
 *
 * The walk, all on the loop: queued rows whose time has come -> checked again
 * (hours, consent, number, still wanted, expiry, caps, disk, clock) -> paced
 * per channel -> *claimed*: a job with a 128-bit reference, committed, before a
 * byte leaves -> the dialect builds the call, libcurl's multi interface on the
 * loop sends it -> the answer is settled: accepted, rejected, back to the queue
 * (only when surely nothing was taken) or uncertain. A delivery report moves a
 * message forward, never back, and resolves an uncertain one.
 *
 * Which state may follow which, and by whom, is one table (outbox_states.def);
 * outbox_set_state is the only place that changes one. A row found claimed at
 * start is uncertain: a crash fell between claim and answer.
 *
 * Never: a second hand-over of a claimed message by itself; a redirect; an
 * address from a webhook or a row; a private address that is not listed; a
 * number, text, URL or answer in a log.
 */
#ifndef WASL_OUTBOX_OUTBOX_H
#define WASL_OUTBOX_OUTBOX_H

#include "channel/channel.h"
#include "remind/remind.h"

/* ---- States ---- */

enum outbox_state {
#define STATE(id, word) OUTBOX_##id,
#define MOVE(from, to, by)
#include "outbox/outbox_states.def"
#undef STATE
#undef MOVE
	OUTBOX_STATES
};
/* Who may move a message: the sender, a delivery report, a human. */
enum outbox_by { OUTBOX_BY_SENDER = 1, OUTBOX_BY_REPORT = 2, OUTBOX_BY_HUMAN = 4 };

const char *outbox_state_word(enum outbox_state s); /* "uncertain" */
int outbox_state_of(struct str word);               /* -1: no such state */
bool outbox_may_follow(enum outbox_state from, enum outbox_state to, enum outbox_by by);

struct outbox_move {
	enum outbox_state to;
	enum outbox_by by;
	struct str provider_id, word; /* empty: kept as they are */
	int64_t at, send_after;       /* send_after: OUTBOX_QUEUED only */
};
/*
 * Adds the change to a job. W_EDENIED when the table does not allow it; the job
 * itself fails with W_EEXIST when the row has moved on meanwhile.
 */
MUSTUSE int outbox_set_state(struct store_job *job, const struct row_outbox *row,
			     const struct outbox_move *move);

/* What a human may do with a row: for the command line. Each adds to a job; W_EDENIED when its
 * state does not allow it, W_EINVAL for an unknown word. */
MUSTUSE int outbox_cancel(struct store_job *job, const struct row_outbox *row, int64_t now);
/* Back to the queue: a held one, or an uncertain one that surely never arrived. */
MUSTUSE int outbox_retry(struct store_job *job, const struct row_outbox *row, int64_t now);
/* An uncertain one, found out: "accepted", "delivered" or "failed". */
MUSTUSE int outbox_resolve(struct store_job *job, const struct row_outbox *row, struct str word,
			   int64_t now);

/* ---- The line ---- */

struct outbox; /* one a daemon */

struct outbox_options {
	struct loop *loop;
	struct store *store;
	struct work *work;                /* borrowed until outbox_reload or outbox_free */
	const struct remind_rules *rules; /* likewise; for the hours of Ramadan; may be NULL */
	struct remind *remind;            /* asked whether a message is still wanted; may be NULL */
	struct remind_guard *guard;       /* NULL: the clock is believed */
	/* The channel of a name, or NULL when it is off. Pace and plain_http_to come from conf. */
	struct channel *(*channel_of)(void *ctx, struct str name);
	void *ctx;
	bool lab;                      /* http and private addresses anywhere */
	int64_t connect_ms, answer_ms; /* 0: 5 s and 20 s */
	int64_t retry_ms;              /* first wait after "again"; 0: 30 s */
	const char *ca_file;           /* NULL: the system's */
};
/* Rows found claimed become uncertain; then the queue is looked at. */
struct outbox *outbox_new(const struct outbox_options *options);
/*
 * Takes nothing new from now on. Then outbox_in_flight falls to 0 within the
 * answer time; outbox_free before that leaves claimed rows for the next start,
 * which calls them uncertain.
 */
void outbox_stop(struct outbox *o);
size_t outbox_in_flight(const struct outbox *o);
/* Before store_close; memory that jobs still need goes when the store has given them back. */
void outbox_free(struct outbox *o);
void outbox_reload(struct outbox *o, struct work *work, const struct remind_rules *rules);

/* Rows were added, or the clock was set. */
void outbox_wake(void *outbox);

/* Why a channel sends nothing for now, or NULL: "hold" (credit or contract), "denied" (our
 * credentials), "login", until a human says outbox_channel_release; "busy" heals by itself. */
const char *outbox_channel_stopped(const struct outbox *o, struct str channel);
void outbox_channel_release(struct outbox *o, struct str channel);
/*
 * Makes the call that the channel's dialect wants once (setup), after a login if
 * it needs one. done on the loop, exactly once, perhaps at once: W_OK, W_ENOENT
 * (nothing of the kind, or the channel is off), W_EBUSY (one is under way),
 * W_EDENIED (they refused), W_EPROTO (no answer that says yes), W_EINVAL (no such call can
 * be made), W_EIO (outbox_free).
 */
void outbox_setup(struct outbox *o, struct str channel, void (*done)(void *arg, int rc), void *arg);

/* Why nothing at all is sent, or NULL: "stopped", "disk full", "clock behind", "hourly cap" ... */
const char *outbox_paused(const struct outbox *o);

/*
 * A delivery report. done(arg, rc) on the loop after the commit: W_OK also for
 * an unknown message (counted, acknowledged, nothing to change) and for one
 * that says nothing new; W_EFULL, W_EIO: ask them to come again. A report that
 * overtakes the answer of its own send waits for it, at most two seconds.
 */
void outbox_report(struct outbox *o, struct str channel, const struct channel_event *ev,
		   void (*done)(void *arg, int rc), void *arg);

#endif
