/*
 * The check-in log, and the stream of it: a stream looks every two seconds at
 * the rows whose own time is new and sends those it has not sent as they are
 * now, so that a check-in that was begun comes again when it is done.
 */
#include "admin/admin_int.h"

#include "base/clock.h"

#include <stdlib.h>

/* How far back a look reaches behind the last one: a commit may be later than its time says. */
enum { LOOK_BACK_S = 10, SEEN_MAX = 65536 };

/* What a stream shows first, unless since says otherwise. */
enum { FOLLOW_FROM_S = 24 * 3600 };

static int64_t
time_of(const struct row_checkin *row)
{
	return row->done_at ? row->done_at : row->opened_at ? row->opened_at : row->due_at;
}

/* FNV-1a (Fowler, Noll, Vo), 64 bits: tells one state of a row from the next. */
static uint64_t
mixed(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return (h ^ '|') * 0x100000001b3u;
}

static uint64_t
state_of(const struct row_checkin *row)
{
	uint64_t h = 0xcbf29ce484222325u;

	h = mixed(h, row->status);
	h = mixed(h, row->mood);
	h = mixed(h, row->housing);
	return mixed(h, row->days_worked);
}

/* Keeps the row for the next look; true when it was sent like this before. */
static bool
seen_before(struct ask *c, const struct row_checkin *row)
{
	const struct seen now = {row->id, state_of(row)};

	if (time_of(row) < c->look_from || c->n_fresh == SEEN_MAX)
		return false;
	if (c->n_fresh % 64 == 0)
		c->fresh = xrealloc(c->fresh, (c->n_fresh + 64) * sizeof(*c->fresh));
	c->fresh[c->n_fresh++] = now;
	for (size_t i = 0; i < c->n_seen; i++)
		if (c->seen[i].id == now.id && c->seen[i].what == now.what)
			return true;
	return false;
}

struct log_scan {
	struct ask *c;
	struct store_reader *r;
	struct str mood;
};

static bool
is_wanted(struct log_scan *s, const struct row_checkin *row)
{
	if (row->opened_at == 0 && row->done_at == 0)
		return false; /* asked for, not answered */
	if (s->mood.n > 0 && !str_eq(s->mood, row->mood))
		return false;
	return !s->c->follow || !seen_before(s->c, row);
}

static void
add_checkin(struct log_scan *s, const struct row_checkin *in)
{
	struct ask *c = s->c;
	json_t *row = json_object();
	struct row_person p;

	row_time(c, row, "at", time_of(in));
	row_text(row, "mood", in->mood);
	row_text(row, "housing", in->housing);
	row_text(row, "days_worked", in->days_worked);
	row_text(row, "status", in->status);
	if (!row_person_of(c, s->r, in->person, row, &p)) {
		json_decref(row);
		return;
	}
	row_text(row, "channel", in->channel);
	row_bool(row, "verified", in->verified);
	row_number(row, "id", in->id);
	page_add(c, p.ref, row);
}

static int
on_checkin(void *ctx, const struct row_checkin *row)
{
	struct log_scan *s = ctx;
	int64_t id = row->id;

	if (is_wanted(s, row))
		add_checkin(s, row);
	return page_next(s->c, id);
}

static void
read_log(struct store_reader *r, struct ask *c)
{
	struct log_scan s = {.c = c, .r = r, .mood = arg_text(c, "mood")};

	page_listed(c, list_checkins(r, &c->filter, c->scan, on_checkin, &s));
}

/* ---- The stream ---- */

/* Roles may have been taken away since the stream began. */
static bool
still_allowed(struct ask *c)
{
	struct row_staff now;
	struct arena *a = arena_new(0);
	bool same = read_staff(store_loop_reader(c->a->o.store), c->staff.id, a, &now) == W_OK &&
		    now.active && now.roles == c->staff.roles && now.centre == c->staff.centre;

	arena_free(a);
	return same;
}

static void
on_look(void *arg)
{
	struct ask *c = arg;
	int64_t before = c->look_from;

	if (c->finished || c->a->closing)
		return;
	if (!still_allowed(c)) {
		ask_deny(c, ADMIN_DENIED, "your roles have changed; ask again");
		return;
	}
	free(c->seen);
	c->seen = c->fresh;
	c->n_seen = c->n_fresh;
	c->fresh = NULL;
	c->n_fresh = 0;
	c->now = clock_now();
	c->filter.since = before;
	c->filter.after = 0;
	c->filter.until = 0;
	c->filter.newest_first = false;
	c->look_from = before > c->now - LOOK_BACK_S ? before : c->now - LOOK_BACK_S;
	ask_read(c, read_log);
}

void
follow_wait(struct ask *c)
{
	if (c->timer == NULL)
		c->timer = timer_new(c->a->o.loop, on_look, c);
	timer_set(c->timer, c->a->follow_ms);
}

void
verb_log(struct ask *c)
{
	if (arg(c, "person")->given && !find_person(c, "person"))
		return;
	c->follow = arg_yes(c, "follow") && c->relation != ADMIN_COUNTS;
	c->filter.newest_first = !c->follow && !arg_yes(c, "reverse");
	c->look_from = c->now - LOOK_BACK_S;
	if (c->follow)
		c->limit = 0;
	if (c->follow && !arg(c, "since")->given)
		c->filter.since = c->now - FOLLOW_FROM_S;
	ask_read(c, read_log);
}
