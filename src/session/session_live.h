/*
 * The table of sessions in memory: open ones, and those whose last answer may
 * be asked for again or whose place may be resumed. Rebuilt at start from the
 * turns of the last day.
 */
#ifndef WASL_SESSION_LIVE_H
#define WASL_SESSION_LIVE_H

#include "session/session_int.h"

struct take;

struct live {
	struct live *next[LIVE_BYS]; /* of the same bucket; by number stands the latest only */
	struct digest key, number;
	int64_t id, key_id, person, last_at;
	uint32_t consumed;  /* bytes of the cumulative path */
	struct digest path; /* of what was consumed, or of turn and input */
	uint8_t turn;       /* of the last answer */
	bool go_on;         /* the last page keeps the session open */
	bool ended;         /* closed by page or notice: nothing to resume */
	bool is_latest;     /* stands in the index by number */
	uint16_t state_bytes;
	uint8_t *state;   /* state_encode after the last turn */
	uint8_t *dropped; /* state of the session this one may resume, or NULL */
	uint16_t dropped_bytes;
	int64_t dropped_at;     /* when that one broke off */
	struct menu_set *menus; /* held; NULL: of a version that is gone */
	struct snapshot *snap;  /* kept while few are open; else read again */
	struct take *under_way; /* one job at a time */
};

struct live *live_find(struct sessions *all, const struct digest *key);
struct live *live_of_number(struct sessions *all, const struct digest *number);
struct live *live_add(struct sessions *all, const struct digest *key, const struct digest *number);
void live_remove(struct sessions *all, struct live *l);
void live_set_state(struct live *l, struct str bytes);
/* A place worth going back to. */
bool live_is_resumable(const struct menu_set *menus, const struct session_state *st);
/* Neither ended nor closed by a notice of its end. */
bool live_broke_off(const struct live *l);
/*
 * What l may offer to go on with, for the resume question: the place where its
 * number's session before it broke off, or what that one would itself have asked
 * about. Copied; nothing when the menus are others. a: for the moment.
 */
void live_inherit(struct live *l, const struct live *before, struct arena *a);
/* Keeps a place that the resume question may be about; copied. */
void live_set_dropped(struct live *l, struct str state, int64_t at);
/* The latest of its number again, when the one that came after it was never begun. */
void live_make_latest(struct sessions *all, struct live *l);
/* Keeps the snapshot for the next turn, or lets it go when many sessions are open. */
void live_keep_snapshot(struct sessions *all, struct live *l, const struct snapshot *snap);
void live_drop_snapshot(struct sessions *all, struct live *l);
/* Takes out what nobody may ask for any more. */
void live_sweep(struct sessions *all, int64_t now);
MUSTUSE int live_rebuild(struct sessions *all, int64_t now);
void live_free_all(struct sessions *all);

#endif
