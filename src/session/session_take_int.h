/*
 * One call under way, from finding its session to the answer after the commit.
 * It lives in the arena of its store job, so it is still there when the caller
 * has long been told that we are busy.
 *
 * session_take.c finds the session, session_begin.c sets the call up,
 * session_walk.c steps through its input, session_commit.c shows the page,
 * stores the turn and answers.
 */
#ifndef WASL_SESSION_TAKE_INT_H
#define WASL_SESSION_TAKE_INT_H

#include "session/session_live.h"

struct waiter { /* a repeat that came while the first is under way */
	const struct channel *ch;
	const struct channel_event *ev;
	session_on_answer *on_answer;
	void *arg;
	struct waiter *next;
};

struct take {
	struct sessions *all;
	struct live *live;
	struct store_job *job;
	struct arena *arena;
	const struct channel *ch;
	session_on_answer *on_answer; /* NULL once the busy page went out */
	void *arg;
	struct waiter *waiters;
	struct take *prev, *next;
	int64_t now, begun_ms, late_at_ms;
	bool begins; /* the session's row is in this job */
	bool waits_for_pin;
	struct phone phone;
	struct snapshot snap;
	struct session_state st, dropped;
	int64_t before; /* row of the open session this one replaces; 0: none */
	struct digest before_key;
	struct step_world world;
	struct step_out out;
	struct str rest, separator; /* input not yet walked */
	bool more, cumulative;
	unsigned pieces;  /* of it, walked */
	struct buf typed; /* what is stored of the input */
	uint32_t consumed;
	struct digest path;
	struct str page, state; /* as they were stored */
};

/* ---- session_begin.c ---- */

void take_begin(struct sessions *all, const struct digest *key, const struct digest *number,
		const struct channel *ch, const struct channel_event *ev,
		session_on_answer *on_answer, void *arg);
/* rest: what is new in the input. */
void take_continue(struct sessions *all, struct live *l, const struct channel *ch,
		   const struct channel_event *ev, struct str rest, session_on_answer *on_answer,
		   void *arg);
void take_gather_person(struct take *t, int64_t person, int64_t link);
/* Digest of a consumed path, or of what marks a request where the path is not sent. */
struct digest take_mark(const struct sessions *all, const struct channel_event *ev);
struct digest take_path_digest(const struct sessions *all, struct str path);

/* ---- session_walk.c ---- */

/* Steps through what is left of the input, then commits; comes back by itself after the PIN desk.
 */
void take_walk(struct take *t);
/* The first page of a session, or of a session whose menus are gone. */
void take_first_step(struct take *t);

/* ---- session_commit.c ---- */

/* Puts the call on the list under way; the late timer answers for it when it takes too long. */
void take_link(struct take *t);
void take_commit(struct take *t);
/* Gives up: busy page to all who wait, nothing stored. The take is gone afterwards. */
void take_fail(struct take *t, int rc);
void take_on_late(void *sessions);
void take_give(session_on_answer *on_answer, void *arg, enum session_answer_kind kind,
	       struct str page, bool go_on);
void take_give_busy(struct menu_set *menus, unsigned lang, session_on_answer *on_answer, void *arg);

#endif
