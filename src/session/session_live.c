#include "session/session_live.h"

#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SNAPSHOTS_KEPT = 4096 };

struct live *
live_find(struct sessions *all, const struct digest *key)
{
	struct live *l = NULL;

	HASH_FIND(by_key, all->by_key, key, sizeof(*key), l);
	return l;
}

struct live *
live_of_number(struct sessions *all, const struct digest *number)
{
	struct live *l = NULL;

	HASH_FIND(by_number, all->by_number, number, sizeof(*number), l);
	return l;
}

void
live_make_latest(struct sessions *all, struct live *l)
{
	struct live *now = live_of_number(all, &l->number);

	if (now == l)
		return;
	if (now != NULL) {
		HASH_DELETE(by_number, all->by_number, now);
		now->is_latest = false;
	}
	HASH_ADD(by_number, all->by_number, number, sizeof(l->number), l);
	l->is_latest = true;
}

/* Only the latest session of a number stands in the index by number. */
struct live *
live_add(struct sessions *all, const struct digest *key, const struct digest *number)
{
	struct live *l = xcalloc(1, sizeof(*l));

	l->key = *key;
	l->number = *number;
	HASH_ADD(by_key, all->by_key, key, sizeof(l->key), l);
	live_make_latest(all, l);
	all->open++;
	metric_add(METRIC_SESSIONS_OPEN, 1);
	return l;
}

void
live_drop_snapshot(struct sessions *all, struct live *l)
{
	if (l->snap == NULL)
		return;
	wipe(l->snap, sizeof(*l->snap));
	free(l->snap);
	l->snap = NULL;
	all->snapshots--;
}

void
live_keep_snapshot(struct sessions *all, struct live *l, const struct snapshot *snap)
{
	if (l->snap == NULL) {
		if (all->snapshots >= SNAPSHOTS_KEPT)
			return;
		l->snap = xmalloc(sizeof(*l->snap));
		all->snapshots++;
	}
	*l->snap = *snap;
}

void
live_set_state(struct live *l, struct str bytes)
{
	CHECK(bytes.n <= UINT16_MAX);
	if (l->state != NULL)
		wipe(l->state, l->state_bytes);
	l->state = xrealloc(l->state, bytes.n);
	memcpy(l->state, bytes.p, bytes.n);
	l->state_bytes = (uint16_t)bytes.n;
}

static void
forget(uint8_t **bytes, size_t n)
{
	if (*bytes != NULL)
		wipe(*bytes, n);
	free(*bytes);
	*bytes = NULL;
}

void
live_set_dropped(struct live *l, struct str state, int64_t at)
{
	CHECK(state.n <= UINT16_MAX);
	forget(&l->dropped, l->dropped_bytes);
	l->dropped = xmalloc(state.n);
	memcpy(l->dropped, state.p, state.n);
	l->dropped_bytes = (uint16_t)state.n;
	l->dropped_at = at;
}

void
live_remove(struct sessions *all, struct live *l)
{
	CHECK(l->under_way == NULL);
	HASH_DELETE(by_key, all->by_key, l);
	if (l->is_latest)
		HASH_DELETE(by_number, all->by_number, l);
	live_drop_snapshot(all, l);
	forget(&l->state, l->state_bytes);
	forget(&l->dropped, l->dropped_bytes);
	menu_drop(l->menus);
	free(l);
	all->open--;
	metric_add(METRIC_SESSIONS_OPEN, -1);
}

/* A repeat may come for a while after any turn; a dropped place may be resumed for a day. */
static bool
may_be_asked_for(const struct sessions *all, const struct live *l, int64_t now)
{
	const struct conf_limits *limits = &all->o.work->conf->limits;

	if (l->under_way != NULL || now <= l->last_at + limits->repeat_time)
		return true;
	return l->go_on && !l->ended && l->is_latest && now <= l->last_at + limits->resume_time;
}

void
live_sweep(struct sessions *all, int64_t now)
{
	struct live *l = NULL, *next = NULL;

	HASH_ITER (by_key, all->by_key, l, next) {
		if (!may_be_asked_for(all, l, now))
			live_remove(all, l);
		else if (now > l->last_at + all->o.work->conf->limits.session_time &&
			 l->under_way == NULL)
			live_drop_snapshot(all, l);
	}
}

struct rebuilding {
	struct sessions *all;
	struct arena *arena;
	size_t found, unreadable;
};

static int
on_row(void *ctx, const struct row_session *row, const struct row_turn *turn)
{
	struct rebuilding *b = ctx;
	const struct seal_place place = {"turn", "state", turn->session * 256 + turn->turn,
					 row->key_id};
	struct str state;

	if (live_find(b->all, &row->key) != NULL)
		return 0;
	if (store_open_sealed(b->all->o.store, &place, turn->state, b->arena, &state) != W_OK) {
		b->unreadable++; /* erased meanwhile */
		return 0;
	}
	struct live *l = live_add(b->all, &row->key, &row->number);
	l->id = row->id;
	l->key_id = row->key_id;
	l->person = row->person;
	l->last_at = turn->at;
	l->consumed = turn->consumed;
	l->path = turn->path;
	l->turn = turn->turn;
	l->go_on = turn->go_on;
	l->ended = row->end_why.n > 0 && !str_is(row->end_why, "drop") &&
		   !str_is(row->end_why, "abort") && !str_is(row->end_why, "timeout");
	if (str_is(row->menu_version, menu_version(b->all->o.menus)))
		l->menus = menu_hold(b->all->o.menus);
	live_set_state(l, state);
	b->found++;
	return 0;
}

int
live_rebuild(struct sessions *all, int64_t now)
{
	struct rebuilding b = {.all = all, .arena = arena_new(0)};
	int rc = list_live(store_loop_reader(all->o.store),
			   now - all->o.work->conf->limits.resume_time, b.arena, on_row, &b);

	log_info("sessions rebuilt found=%zu unreadable=%zu", b.found, b.unreadable);
	arena_free(b.arena);
	return rc;
}

void
live_free_all(struct sessions *all)
{
	struct live *l = NULL, *next = NULL;

	HASH_ITER (by_key, all->by_key, l, next) {
		l->under_way = NULL;
		live_remove(all, l);
	}
}
