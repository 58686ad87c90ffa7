#include "session/session_take_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SWEEP_MS = 10000, LAST_TURN = 255 };

/* ---- Which request is this? ---- */

static void
give_stored(struct sessions *all, struct live *l, uint8_t turn, session_on_answer *on_answer,
	    void *arg)
{
	struct arena_room room;
	struct arena *a = arena_in(&room);
	const struct seal_place place = {"turn", "reply", l->id * 256 + turn, l->key_id};
	struct row_turn row;
	struct str page;
	int rc = read_turn(store_loop_reader(all->o.store), l->id, turn, a, &row);

	if (rc == W_OK)
		rc = store_open_sealed(all->o.store, &place, row.reply, a, &page);
	metric_add(METRIC_USSD_REPEATS, 1);
	if (rc == W_OK)
		take_give(on_answer, arg, ANSWER_PAGE, page, row.go_on);
	else
		take_give_busy(all->o.menus, 0, on_answer, arg);
	arena_free(a);
}

/* The turn that took exactly this, looking back from the last; -1: none. */
static int
turn_that_took(struct sessions *all, const struct live *l, uint32_t consumed,
	       const struct digest *path)
{
	struct arena_room room;
	struct arena *a = arena_in(&room);
	int found = -1;

	if (l->consumed == consumed && digest_eq(&l->path, path))
		found = l->turn;
	/* A path only grows: one longer than all taken so far is new. */
	for (int turn = l->turn - 1; turn >= 0 && found < 0 && consumed <= l->consumed; turn--) {
		struct row_turn row;

		if (read_turn(store_loop_reader(all->o.store), l->id, (uint8_t)turn, a, &row) ==
			    W_OK &&
		    row.consumed == consumed && digest_eq(&row.path, path))
			found = turn;
		arena_reset(a);
	}
	arena_free(a);
	return found;
}

enum { SAME_KEY_S = 5 }; /* without turn or path: the same key within this is a repeat */

/* The turn of the last seconds that took exactly this, looking back from the last; -1: none. */
static int
turn_just_now(struct sessions *all, const struct live *l, const struct digest *mark)
{
	struct arena_room room;
	struct arena *a = arena_in(&room);
	int64_t since = clock_now() - SAME_KEY_S;
	struct row_turn row = {.path = l->path, .at = l->last_at};
	int found = -1;

	for (int turn = l->turn; turn >= 0 && found < 0 && row.at >= since; turn--) {
		if (digest_eq(&row.path, mark))
			found = turn;
		else if (turn == 0 || read_turn(store_loop_reader(all->o.store), l->id,
						(uint8_t)(turn - 1), a, &row) != W_OK)
			break;
	}
	arena_free(a);
	return found;
}

static bool
is_repeat(struct sessions *all, struct live *l, const struct channel_event *ev, int *turn)
{
	const struct digest mark = take_mark(all, ev);

	if (ev->cumulative || ev->turn.n > 0)
		*turn = turn_that_took(
			all, l, (uint32_t)(ev->cumulative ? secret_reveal(ev->input).n : 0), &mark);
	else
		*turn = turn_just_now(all, l, &mark);
	return *turn >= 0;
}

/* What is new in a cumulative path; false when it does not go on from where we are. */
static bool
new_part(struct sessions *all, const struct live *l, const struct channel_event *ev,
	 struct str *rest)
{
	struct str path = secret_reveal(ev->input);

	*rest = path;
	if (!ev->cumulative)
		return true;
	if (l->consumed == 0)
		return path.n > 0;
	const struct digest head = take_path_digest(
		all, (struct str){path.p, l->consumed < path.n ? l->consumed : path.n});
	if (path.n <= l->consumed || !digest_eq(&head, &l->path) ||
	    path.p[l->consumed] != (ev->separator.n ? ev->separator.p[0] : '*'))
		return false;
	*rest = str_after(path, l->consumed + 1);
	return true;
}

static void
wait_for(struct take *under_way, const struct channel *ch, const struct channel_event *ev,
	 session_on_answer *on_answer, void *arg)
{
	struct waiter **at = &under_way->waiters;
	struct waiter *w = ARENA_NEW(under_way->arena, struct waiter);

	*w = (struct waiter){ch, ev, on_answer, arg, NULL};
	while (*at != NULL)
		at = &(*at)->next;
	*at = w;
}

static void
take_known(struct sessions *all, struct live *l, const struct channel *ch,
	   const struct channel_event *ev, session_on_answer *on_answer, void *arg)
{
	struct str rest;
	int turn;

	if (is_repeat(all, l, ev, &turn))
		give_stored(all, l, (uint8_t)turn, on_answer, arg);
	else if (ev->move == MOVE_BEGIN || !l->go_on || l->turn == LAST_TURN ||
		 !new_part(all, l, ev, &rest))
		give_stored(all, l, l->turn, on_answer, arg); /* the page again */
	else
		take_continue(all, l, ch, ev, rest, on_answer, arg);
}

/* ---- The end notice ---- */

struct ending {
	struct sessions *all;
	session_on_answer *on_answer;
	void *arg;
	struct ending *prev, *next;
	int64_t begun_ms;
};

static void
ending_link(struct ending *e)
{
	struct sessions *all = e->all;

	e->prev = all->last_ending;
	*(e->prev ? &e->prev->next : &all->first_ending) = e;
	all->last_ending = e;
}

static void
ending_unlink(struct ending *e)
{
	struct sessions *all = e->all;

	*(e->prev ? &e->prev->next : &all->first_ending) = e->next;
	*(e->next ? &e->next->prev : &all->last_ending) = e->prev;
}

static void
on_end_stored(void *arg, int rc)
{
	struct ending *e = arg;

	ending_unlink(e);
	(void)rc; /* a notice that was not kept loses nothing: the turns are there */
	take_give(e->on_answer, e->arg, ANSWER_ACK, STR_NONE, false);
}

static void
take_end(struct sessions *all, struct live *l, const struct channel_event *ev,
	 session_on_answer *on_answer, void *arg)
{
	static const char *const words[] = {
		[MOVE_END] = "end", [MOVE_ABORT] = "abort", [MOVE_TIMEOUT] = "timeout"};
	const char *why = ev->move < ARRAY_LEN(words) ? words[ev->move] : NULL;

	if (l == NULL || why == NULL || l->ended || store_degraded(all->o.store)) {
		take_give(on_answer, arg, ANSWER_ACK, STR_NONE, false);
		return;
	}
	struct store_job *job = store_job_new(all->o.store);
	struct ending *e = ARENA_NEW(store_job_arena(job), struct ending);
	*e = (struct ending){
		.all = all, .on_answer = on_answer, .arg = arg, .begun_ms = clock_mono_ms()};
	ending_link(e);
	l->ended = ev->move == MOVE_END;
	set_session_end(job, l->id, str_of(why), clock_now());
	store_submit(all->o.store, job, on_end_stored, e);
}

/* ---- The door ---- */

/* The session of this id and number, when another number had the id first. */
static struct digest
key_of_second(const struct keys *keys, struct str name, const struct digest *number,
	      struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	buf_add_str(&b, name);
	buf_add(&b, number->bytes, sizeof(number->bytes));
	return digest_of(keys, DIGEST_SESSION, buf_str(&b));
}

/*
 * Session ids are the aggregator's; the same id from another number is another
 * session, and stays that when the first one has long been forgotten.
 */
static struct live *
find(struct sessions *all, const struct channel *ch, const struct channel_event *ev,
     struct digest *key, struct digest *number)
{
	struct arena_room room;
	struct arena *a = arena_in(&room);
	const struct keys *keys = all->o.work->keys;
	struct str name =
		str_of(arena_printf(a, "%s\n%.*s", channel_name(ch), STR_ARG(ev->session)));

	*number = digest_phone(keys, DIGEST_GUARD, &ev->msisdn);
	*key = digest_of(keys, DIGEST_SESSION, name);
	struct live *first = ev->session.n > 0 ? live_find(all, key) : NULL, *l = first;
	if (ev->session.n == 0) { /* no ids: the number is the session */
		*key = key_of_second(keys, name, number, a);
		l = live_find(all, key);
	} else if (first == NULL || !digest_eq(&first->number, number)) {
		const struct digest second = key_of_second(keys, name, number, a);

		l = live_find(all, &second);
		if (l != NULL || first != NULL)
			*key = second;
		if (first != NULL)
			metric_add(METRIC_SESSION_OTHER_NUMBER, 1);
	}
	arena_free(a);
	return l;
}

void
session_take(struct sessions *all, const struct channel *ch, const struct channel_event *ev,
	     session_on_answer *on_answer, void *arg)
{
	struct digest key, number;

	CHECK_ON_LOOP();
	const bool no_name = ev->session.n == 0 && ev->session.p != NULL; /* empty, not absent */

	if (!ev->msisdn_ok || no_name || ev->move == MOVE_ERROR) {
		take_give(on_answer, arg, ev->kind == CHANNEL_USSD ? ANSWER_REFUSE : ANSWER_ACK,
			  STR_NONE, false);
		return;
	}
	struct live *l = find(all, ch, ev, &key, &number);
	if (l != NULL && l->under_way == NULL &&
	    clock_now() > l->last_at + all->o.work->conf->limits.repeat_time) {
		live_remove(all, l);
		l = NULL;
	}
	int turn;

	if (l != NULL && l->under_way == NULL && ev->session.n == 0 && ev->move == MOVE_BEGIN &&
	    !is_repeat(all, l, ev, &turn)) { /* dialled anew */
		live_remove(all, l);
		l = NULL;
	}
	if (ev->kind == CHANNEL_USSD_END || ev->move == MOVE_END || ev->move == MOVE_ABORT ||
	    ev->move == MOVE_TIMEOUT)
		take_end(all, l, ev, on_answer, arg);
	else if (l != NULL && l->under_way != NULL)
		wait_for(l->under_way, ch, ev, on_answer, arg);
	else if (l != NULL)
		take_known(all, l, ch, ev, on_answer, arg);
	else if (store_degraded(all->o.store) ||
		 all->open >= (size_t)all->o.work->conf->limits.sessions)
		take_give_busy(all->o.menus, 0, on_answer, arg);
	else if (ev->move == MOVE_CONTINUE && !ev->stray_begins)
		take_give(on_answer, arg, ANSWER_REFUSE, STR_NONE, false);
	else
		take_begin(all, &key, &number, ch, ev, on_answer, arg);
}

/* ---- The room ---- */

static void
on_sweep(void *arg)
{
	struct sessions *all = arg;

	live_sweep(all, clock_now());
	timer_set(all->sweep, SWEEP_MS);
}

int
sessions_new(const struct session_options *options, struct sessions **out)
{
	struct sessions *all = xcalloc(1, sizeof(*all));

	all->o = *options;
	all->o.menus = menu_hold(options->menus);
	all->pins = pin_desk_new(options->loop, options->work->keys);
	all->late = timer_new(options->loop, take_on_late, all);
	all->sweep = timer_new(options->loop, on_sweep, all);
	int rc = live_rebuild(all, clock_now());
	if (rc != W_OK) {
		sessions_free(all);
		return rc;
	}
	timer_set(all->sweep, SWEEP_MS);
	*out = all;
	return W_OK;
}

void
sessions_free(struct sessions *all)
{
	if (all == NULL)
		return;
	pin_desk_free(all->pins);
	live_free_all(all);
	timer_free(all->late);
	timer_free(all->sweep);
	menu_drop(all->o.menus);
	free(all);
}

void
sessions_reload(struct sessions *all, struct work *work, struct menu_set *menus)
{
	menu_drop(all->o.menus);
	all->o.menus = menu_hold(menus);
	all->o.work = work;
}

size_t
sessions_open(const struct sessions *all)
{
	return all->open;
}

const char *
sessions_menu_version(const struct sessions *all)
{
	return menu_version(all->o.menus);
}

bool
sessions_idle(const struct sessions *all)
{
	return all->first_take == NULL && all->first_ending == NULL;
}

int64_t
sessions_busy_since(const struct sessions *all)
{
	int64_t take = all->first_take != NULL ? all->first_take->begun_ms : INT64_MAX;
	int64_t ending = all->first_ending != NULL ? all->first_ending->begun_ms : INT64_MAX;

	return take < ending ? take : ending;
}
