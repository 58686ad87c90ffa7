#include "session/session_live.h"

#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SNAPSHOTS_KEPT = 4096, BUCKETS_FIRST = 64 };

/* ---- Two indexes: one pointer a session each, for there may be very many ---- */

static const struct digest *
digest_by(const struct live *l, enum live_by by)
{
	return by == LIVE_BY_KEY ? &l->key : &l->number;
}

static struct live **
bucket_of(const struct live_index *index, const struct digest *d)
{
	uint32_t spread;

	memcpy(&spread, d->bytes, sizeof(spread));
	return &index->buckets[spread & (index->n_buckets - 1)];
}

static struct live *
index_find(const struct live_index *index, enum live_by by, const struct digest *d)
{
	struct live *l = index->n > 0 ? *bucket_of(index, d) : NULL;

	while (l != NULL && !digest_eq(digest_by(l, by), d))
		l = l->next[by];
	return l;
}

static void
index_push(struct live_index *index, enum live_by by, struct live *l)
{
	struct live **bucket = bucket_of(index, digest_by(l, by));

	l->next[by] = *bucket;
	*bucket = l;
}

static void
index_grow(struct live_index *index, enum live_by by)
{
	const struct live_index before = *index;

	index->n_buckets = before.n_buckets ? before.n_buckets * 2 : BUCKETS_FIRST;
	index->buckets = xcalloc(index->n_buckets, sizeof(struct live *));
	for (size_t i = 0; i < before.n_buckets; i++)
		for (struct live *l = before.buckets[i], *next; l != NULL; l = next) {
			next = l->next[by];
			index_push(index, by, l);
		}
	free(before.buckets);
}

static void
index_add(struct live_index *index, enum live_by by, struct live *l)
{
	if (index->n == index->n_buckets)
		index_grow(index, by);
	index_push(index, by, l);
	index->n++;
}

static void
index_remove(struct live_index *index, enum live_by by, struct live *l)
{
	struct live **at = bucket_of(index, digest_by(l, by));

	while (*at != l)
		at = &(*at)->next[by];
	*at = l->next[by];
	index->n--;
}

/* each may remove the session it is given. */
static void
index_walk(struct sessions *all, void (*each)(struct sessions *all, struct live *l, int64_t now),
	   int64_t now)
{
	const struct live_index *index = &all->live[LIVE_BY_KEY];

	for (size_t i = 0; i < index->n_buckets; i++)
		for (struct live *l = index->buckets[i], *next; l != NULL; l = next) {
			next = l->next[LIVE_BY_KEY];
			each(all, l, now);
		}
}

struct live *
live_find(struct sessions *all, const struct digest *key)
{
	return index_find(&all->live[LIVE_BY_KEY], LIVE_BY_KEY, key);
}

struct live *
live_of_number(struct sessions *all, const struct digest *number)
{
	return index_find(&all->live[LIVE_BY_NUMBER], LIVE_BY_NUMBER, number);
}

void
live_make_latest(struct sessions *all, struct live *l)
{
	struct live *now = live_of_number(all, &l->number);

	if (now == l)
		return;
	if (now != NULL) {
		index_remove(&all->live[LIVE_BY_NUMBER], LIVE_BY_NUMBER, now);
		now->is_latest = false;
	}
	index_add(&all->live[LIVE_BY_NUMBER], LIVE_BY_NUMBER, l);
	l->is_latest = true;
}

/* Only the latest session of a number stands in the index by number. */
struct live *
live_add(struct sessions *all, const struct digest *key, const struct digest *number)
{
	struct live *l = xcalloc(1, sizeof(*l));

	l->key = *key;
	l->number = *number;
	index_add(&all->live[LIVE_BY_KEY], LIVE_BY_KEY, l);
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

/* Copies the place where a session broke off. */
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

bool
live_is_resumable(const struct menu_set *menus, const struct session_state *st)
{
	return st->node < menu_node_count(menus) && menu_node(menus, st->node)->resumable;
}

bool
live_broke_off(const struct live *l)
{
	return l->go_on && !l->ended;
}

/* A call that broke off before it was asked, or while it was, hands on what it would have asked. */
static bool
hands_on(const struct live *before, const struct session_state *stood)
{
	return before->dropped != NULL &&
	       (!(stood->flags & SESSION_RESUME_SEEN) ||
		(stood->node < menu_node_count(before->menus) &&
		 session_offers_resume(menu_node(before->menus, stood->node))));
}

static bool
same_menus(const struct menu_set *a, const struct menu_set *b)
{
	return a != NULL && b != NULL && strcmp(menu_version(a), menu_version(b)) == 0;
}

void
live_inherit(struct live *l, const struct live *before, struct arena *a)
{
	const struct str state = {(const char *)before->state, before->state_bytes};
	const struct str dropped = {(const char *)before->dropped, before->dropped_bytes};
	struct session_state stood;

	if (!same_menus(before->menus, l->menus) || state_decode(state, a, &stood) != W_OK)
		return;
	if (live_is_resumable(l->menus, &stood))
		live_set_dropped(l, state, before->last_at);
	else if (hands_on(before, &stood))
		live_set_dropped(l, dropped, before->dropped_at);
}

void
live_remove(struct sessions *all, struct live *l)
{
	CHECK(l->under_way == NULL);
	index_remove(&all->live[LIVE_BY_KEY], LIVE_BY_KEY, l);
	if (l->is_latest)
		index_remove(&all->live[LIVE_BY_NUMBER], LIVE_BY_NUMBER, l);
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

static void
sweep_one(struct sessions *all, struct live *l, int64_t now)
{
	if (!may_be_asked_for(all, l, now))
		live_remove(all, l);
	else if (now > l->last_at + all->o.work->conf->limits.session_time && l->under_way == NULL)
		live_drop_snapshot(all, l);
}

void
live_sweep(struct sessions *all, int64_t now)
{
	index_walk(all, sweep_one, now);
}

struct rebuilding {
	struct sessions *all;
	struct arena *arena;
	size_t found, unreadable;
};

static struct live *
live_of_row(struct sessions *all, const struct row_session *row, const struct row_turn *turn,
	    struct str state)
{
	struct live *l = live_add(all, &row->key, &row->number);

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
	if (str_is(row->menu_version, menu_version(all->o.menus)))
		l->menus = menu_hold(all->o.menus);
	live_set_state(l, state);
	return l;
}

/* Rows come in the order of their beginning, so a number's session before this one is there. */
static int
on_row(void *ctx, const struct row_session *row, const struct row_turn *turn)
{
	struct rebuilding *b = ctx;
	struct seal_place place = {"turn", "state", 0, row->key_id};
	struct str state;

	if (turn == NULL)
		return 0;
	place.row = turn->session * 256 + turn->turn;
	if (store_open_sealed(b->all->o.store, &place, turn->state, b->arena, &state) != W_OK) {
		b->unreadable++; /* erased meanwhile */
		return 0;
	}
	struct live *same = live_find(b->all, &row->key);
	if (same != NULL) /* an id that was used again, after its repeats had ended */
		live_remove(b->all, same);
	const struct live *before = live_of_number(b->all, &row->number);
	struct live *l = live_of_row(b->all, row, turn, state);
	if (before != NULL && live_broke_off(before))
		live_inherit(l, before, b->arena);
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

static void
free_one(struct sessions *all, struct live *l, int64_t now)
{
	(void)now;
	l->under_way = NULL;
	live_remove(all, l);
}

void
live_free_all(struct sessions *all)
{
	index_walk(all, free_one, 0);
	for (enum live_by by = 0; by < LIVE_BYS; by++)
		free(all->live[by].buckets);
}
