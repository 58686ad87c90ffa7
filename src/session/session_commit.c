#include "session/session_take_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

enum { LATE_CHECK_MS = 50 };

/* ---- Answers ---- */

void
take_give(session_on_answer *on_answer, void *arg, enum session_answer_kind kind, struct str page,
	  bool go_on)
{
	const struct session_answer answer = {kind, page, go_on};

	on_answer(arg, &answer);
}

/* Says sorry in the caller's language. Acknowledges nothing; the session counts as dropped. */
void
take_give_busy(struct menu_set *menus, unsigned lang, session_on_answer *on_answer, void *arg)
{
	const struct menu_values none = {0};
	struct arena_room room;
	struct arena *a = arena_in(&room);
	const struct menu_node *busy = menu_node(menus, menu_special(menus)->busy);

	metric_add(METRIC_USSD_BUSY, 1);
	take_give(on_answer, arg, ANSWER_PAGE,
		  menu_fill(menus, &busy->say.of[lang], lang, &none, a), false);
	arena_free(a);
}

static void
take_busy(struct take *t)
{
	session_on_answer *on_answer = t->on_answer;
	struct waiter *w = t->waiters;

	t->on_answer = NULL;
	t->waiters = NULL;
	if (on_answer != NULL)
		take_give_busy(t->live->menus, t->st.lang, on_answer, t->arg);
	while (w != NULL) {
		struct waiter *next = w->next;

		take_give_busy(t->live->menus, t->st.lang, w->on_answer, w->arg);
		w = next;
	}
}

/* ---- The list of calls under way ---- */

void
take_link(struct take *t)
{
	struct sessions *all = t->all;

	t->prev = all->last_take;
	if (all->last_take != NULL)
		all->last_take->next = t;
	else
		all->first_take = t;
	all->last_take = t;
	t->live->under_way = t;
	if (all->first_take == t)
		timer_set(all->late, LATE_CHECK_MS);
}

static void
take_unlink(struct take *t)
{
	struct sessions *all = t->all;

	*(t->prev ? &t->prev->next : &all->first_take) = t->next;
	*(t->next ? &t->next->prev : &all->last_take) = t->prev;
	t->live->under_way = NULL;
}

void
take_on_late(void *arg)
{
	struct sessions *all = arg;
	int64_t now = clock_mono_ms();

	for (struct take *t = all->first_take; t != NULL && t->late_at_ms <= now; t = t->next)
		take_busy(t);
	if (all->first_take != NULL)
		timer_set(all->late, LATE_CHECK_MS);
}

/* ---- After the commit ---- */

static void
settle_live(struct take *t)
{
	struct live *l = t->live;

	l->last_at = t->now;
	l->consumed = t->consumed;
	l->path = t->path;
	if (!t->begins)
		l->turn++;
	l->go_on = !t->out.ended;
	l->ended = t->out.ended;
	l->person = t->snap.person;
	live_set_state(l, t->state);
	if (l->go_on) {
		live_keep_snapshot(t->all, l, &t->snap);
	} else {
		live_drop_snapshot(t->all, l);
		menu_drop(l->menus); /* what is asked again is stored: old menus may go now */
		l->menus = NULL;
	}
	struct live *before = t->before ? live_find(t->all, &t->before_key) : NULL;
	if (before != NULL)
		before->ended = true;
}

/* Whoever dials again may still go on where the number's session before this one broke off. */
static void
never_begun(struct take *t)
{
	struct live *before = t->before ? live_find(t->all, &t->before_key) : NULL;
	bool latest = t->live->is_latest;

	live_remove(t->all, t->live);
	if (before != NULL && latest)
		live_make_latest(t->all, before);
}

/* The take is over: whoever waited for it is looked at again, and finds its bytes. */
static void
close_take(struct take *t, int rc)
{
	struct waiter *w;

	if (rc != W_OK)
		take_busy(t);
	take_unlink(t);
	if (rc != W_OK && t->begins)
		never_begun(t);
	w = t->waiters;
	while (w != NULL) {
		struct waiter *next = w->next;

		session_take(t->all, w->ch, w->ev, w->on_answer, w->arg);
		w = next;
	}
	wipe(&t->snap, sizeof(t->snap));
}

static void
give_page(struct take *t)
{
	session_on_answer *on_answer = t->on_answer;

	t->on_answer = NULL;
	if (on_answer != NULL)
		take_give(on_answer, t->arg, ANSWER_PAGE, t->page, !t->out.ended);
}

static void
on_stored(void *arg, int rc)
{
	struct take *t = arg;

	if (rc == W_OK) {
		settle_live(t);
		metric_add(METRIC_USSD_TURNS, 1);
		give_page(t);
		if (t->all->o.work->wake_reminders != NULL && t->out.ended)
			t->all->o.work->wake_reminders(t->all->o.work->wake_arg);
	} else {
		log_warn("session %" PRId64 " turn not stored: %s", t->live->id, w_err_word(rc));
	}
	close_take(t, rc);
}

void
take_fail(struct take *t, int rc)
{
	close_take(t, rc);
	store_job_free(t->job);
}

/* ---- Into the job ---- */

static struct sealed
seal_turn(struct take *t, const struct data_key *key, const char *column, int64_t row,
	  struct str plain)
{
	const struct seal_place place = {"turn", column, row, t->live->key_id};

	return seal(key, &place, plain, t->arena);
}

/*
 * Without the number: nobody reads it here, and that of a caller not known yet would lie under the
 * key of a day, which outlives their erasure. The keyed hash finds a dropped session again.
 */
static void
store_session(struct take *t)
{
	struct live *l = t->live;
	const struct row_session row = {.id = l->id,
					.person = t->snap.person,
					.key_id = l->key_id,
					.begin_at = t->now,
					.key = l->key,
					.number = l->number,
					.channel = str_of(channel_name(t->ch)),
					.menu_version = str_of(menu_version(l->menus))};

	put_session(t->job, &row);
}

static int
store_turn(struct take *t)
{
	struct live *l = t->live;
	struct row_turn row = {.session = l->id,
			       .turn = (uint8_t)(t->begins ? 0 : l->turn + 1),
			       .at = t->now,
			       .consumed = t->consumed,
			       .path = t->path,
			       .go_on = !t->out.ended};
	int64_t id = row.session * 256 + row.turn;
	struct data_key key; /* opened once for the three */
	int rc = store_key(t->all->o.store, l->key_id, &key);

	if (rc != W_OK)
		return rc;
	t->state = state_encode(&t->st, t->arena);
	row.input = seal_turn(t, &key, "input", id, buf_str(&t->typed));
	row.reply = seal_turn(t, &key, "reply", id, t->page);
	row.state = seal_turn(t, &key, "state", id, t->state);
	data_key_wipe(&key);
	put_turn(t->job, &row);
	return W_OK;
}

static int
show(struct take *t)
{
	struct menu_values v;
	struct menu_page page;

	session_values(&t->world, &t->st, &v);
	int rc = menu_show(t->world.menus, t->st.node, t->st.lang, t->st.page, t->out.face, &v,
			   t->world.limit, t->arena, &page);
	if (rc == W_OK)
		t->page = page.text;
	return rc;
}

/* Everything is walked: one job with the effects, the session and the turn. */
void
take_commit(struct take *t)
{
	int rc = show(t);

	if (rc == W_OK && t->begins)
		store_session(t);
	if (rc == W_OK && !t->begins && t->snap.person != t->live->person)
		set_session_person(t->job, t->live->id, t->snap.person);
	if (rc == W_OK)
		rc = store_turn(t);
	if (rc == W_OK && t->out.ended)
		set_session_end(t->job, t->live->id, STR_LIT("end"), t->now);
	if (rc == W_OK && t->before != 0)
		set_session_end(t->job, t->before, STR_LIT("drop"), t->now);
	if (rc == W_OK) {
#ifdef WASL_CONTROL_ANSWER_EARLY
		/* The control of tests/drive/drive_kill.c, which must catch this. Never shipped. */
		give_page(t);
#endif
		store_submit(t->all->o.store, t->job, on_stored, t);
		return;
	}
	log_error("session %" PRId64 " node=%u cannot be answered: %s", t->live->id, t->st.node,
		  w_err_word(rc));
	close_take(t, rc);
	store_job_free(t->job);
}
