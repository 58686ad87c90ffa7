#include "session/session_take_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- Beginning ---- */

static void
choose_language(struct take *t, const char *tag)
{
	int lang = menu_lang_of(t->world.menus, str_of(tag));

	if (tag[0] == '\0' || lang < 0)
		lang = menu_lang_of(
			t->world.menus,
			str_of(conf_lang_word((enum conf_lang)t->all->o.work->conf->language)));
	t->st.lang = (uint8_t)(lang < 0 ? 0 : lang);
}

/* The person, and the round of questions that this call, or the dropped one, stands in. */
void
take_gather_person(struct take *t, int64_t person, int64_t link)
{
	snapshot_person(t->all, person, link, t->now, &t->snap);
	if (t->st.run != NO_RUN)
		snapshot_begun(t->all, t->world.menus, &t->st, &t->snap);
	else if (t->world.dropped != NULL)
		snapshot_begun(t->all, t->world.menus, t->world.dropped, &t->snap);
}

/* Alone on a number without a PIN, the caller is the person; else the PIN will say. */
static void
meet(struct take *t)
{
	struct snapshot *s = &t->snap;
	struct row_person p;
	bool any_pin = false;

	for (unsigned i = 0; i < s->n_persons; i++)
		any_pin |= s->persons[i].has_pin;
	if (s->n_persons > 0 && !any_pin) {
		t->st.person = s->persons[0].person;
		t->st.link = s->persons[0].link;
		take_gather_person(t, t->st.person, t->st.link);
		choose_language(t, s->lang);
	} else if (s->n_persons > 0 && read_person(store_loop_reader(t->all->o.store),
						   s->persons[0].person, t->arena, &p) == W_OK) {
		s->centre = p.centre; /* whose number the lock page names */
		choose_language(t, arena_str(t->arena, p.lang).p);
	} else {
		choose_language(t, "");
	}
}

/* What the resume question is about; only a place worth going back to counts. */
static void
recall_dropped(struct take *t)
{
	const struct live *l = t->live;
	const struct str bytes = {(const char *)l->dropped, l->dropped_bytes};

	if (l->dropped != NULL &&
	    t->now <= l->dropped_at + t->all->o.work->conf->limits.resume_time &&
	    state_decode(bytes, t->arena, &t->dropped) == W_OK &&
	    state_fits(&t->dropped, t->world.menus) &&
	    live_is_resumable(t->world.menus, &t->dropped))
		t->world.dropped = &t->dropped;
}

/* The number's last session, if it broke off: it ends now, and may be resumed for a day. */
static void
look_for_dropped(struct take *t, const struct live *before)
{
	if (before == NULL || before == t->live || before->under_way != NULL ||
	    !live_broke_off(before))
		return;
	t->before = before->id;
	t->before_key = before->key;
	live_inherit(t->live, before, t->arena);
	recall_dropped(t);
}

static int64_t
next_number(void *ctx, enum store_counter which)
{
	return store_next(ctx, which);
}

static struct take *
take_new(struct sessions *all, struct live *l, const struct channel *ch,
	 const struct channel_event *ev, session_on_answer *on_answer, void *arg)
{
	struct store_job *job = store_job_new(all->o.store);
	struct take *t = ARENA_NEW(store_job_arena(job), struct take);
	int64_t begun_ms = clock_mono_ms();

	/* Zeroed already, and too large to be copied for that. */
	t->all = all;
	t->live = l;
	t->job = job;
	t->arena = store_job_arena(job);
	t->ch = ch;
	t->on_answer = on_answer;
	t->arg = arg;
	t->now = clock_now();
	t->begun_ms = begun_ms;
	t->late_at_ms = begun_ms + all->o.work->conf->limits.answer_ms;
	t->phone = ev->msisdn;
	t->cumulative = ev->cumulative;
	t->separator = ev->separator.n ? arena_str(t->arena, ev->separator) : STR_LIT("*");
	t->world = (struct step_world){.work = all->o.work,
				       .menus = l->menus,
				       .snap = &t->snap,
				       .limit = channel_page_limit(ch),
				       .code = channel_code(ch),
				       .now = t->now,
				       .number = next_number,
				       .number_ctx = all->o.store,
				       .arena = t->arena};
	buf_init_arena(&t->typed, t->arena);
	take_link(t);
	return t;
}

/* Input is copied: the PIN desk may answer after the caller was told that we are busy. */
static void
set_rest(struct take *t, struct str rest, bool more)
{
	t->rest = arena_str(t->arena, rest);
	t->more = more;
}

static void
gather_number(struct take *t)
{
	const struct work_centre *c = work_centre(t->all->o.work, channel_centre(t->ch));

	snapshot_number(t->all, &t->phone, &t->live->number, &t->snap);
	t->snap.centre = c ? c->id : 0;
}

struct digest
take_path_digest(const struct sessions *all, struct str path)
{
	return digest_of(all->o.work->keys, DIGEST_PATH, path);
}

/* What tells two requests of a session apart where the whole path is not sent. */
static struct str
request_mark(const struct channel_event *ev, struct arena *a)
{
	struct str input = secret_reveal(ev->input);

	return str_of(arena_printf(a, "%.*s\n%.*s", STR_ARG(ev->turn), STR_ARG(input)));
}

struct digest
take_mark(const struct sessions *all, const struct channel_event *ev)
{
	struct arena_room room;
	struct arena *a = arena_in(&room);
	const struct digest mark = take_path_digest(all, ev->cumulative ? secret_reveal(ev->input)
									: request_mark(ev, a));

	arena_free(a);
	return mark;
}

static void
mark_consumed(struct take *t, const struct channel_event *ev)
{
	t->consumed = (uint32_t)(ev->cumulative ? secret_reveal(ev->input).n : 0);
	t->path = take_mark(t->all, ev);
}

void
take_begin(struct sessions *all, const struct digest *key, const struct digest *number,
	   const struct channel *ch, const struct channel_event *ev, session_on_answer *on_answer,
	   void *arg)
{
	struct live *before = live_of_number(all, number);
	struct live *l = live_add(all, key, number);

	l->id = store_next(all->o.store, NEXT_SESSION);
	l->menus = menu_hold(all->o.menus);
	l->last_at = clock_now();
	struct take *t = take_new(all, l, ch, ev, on_answer, arg);
	t->begins = true;
	state_init(&t->st);
	gather_number(t);
	l->key_id = t->snap.n_persons > 0 ? t->snap.persons[0].person : store_day_id(t->now);
	if (l->key_id < 0) {
		struct data_key day;

		store_day_key(all->o.store, t->job, l->key_id, &day);
		data_key_wipe(&day);
	}
	look_for_dropped(t, before);
	meet(t);
	struct str advance =
		ev->cumulative ? secret_reveal(ev->input) : secret_reveal(ev->in_advance);
	t->cumulative = true; /* answers given in advance are always joined */
	set_rest(t, advance, advance.n > 0);
	mark_consumed(t, ev);
	take_first_step(t);
}

/* ---- Going on ---- */

/*
 * Places of the old tree mean nothing in the new one: the call begins again, for
 * whom it was. A round of questions is a row and not a place: whether to go on
 * with it is asked.
 */
static void
begin_again(struct take *t)
{
	const struct session_state old = t->st;

	state_init(&t->st);
	set_rest(t, STR_NONE, false);
	t->st.flags = old.flags & (SESSION_PIN_GIVEN | SESSION_LANG);
	if (old.person == 0) {
		meet(t);
	} else {
		t->st.person = old.person;
		t->st.link = old.link;
		take_gather_person(t, old.person, old.link);
		choose_language(t, t->snap.lang);
	}
	if (old.flags & SESSION_LANG && old.lang < menu_lang_count(t->world.menus))
		t->st.lang = old.lang;
	if (old.run_row != 0 && t->snap.person != 0 &&
	    session_place_of_row(&t->world, old.run_row, &t->dropped)) {
		t->dropped.flags = old.flags & SESSION_PIN_GIVEN;
		t->world.dropped = &t->dropped;
		live_set_dropped(t->live, state_encode(&t->dropped, t->arena), t->now);
	}
	take_first_step(t);
}

void
take_continue(struct sessions *all, struct live *l, const struct channel *ch,
	      const struct channel_event *ev, struct str rest, session_on_answer *on_answer,
	      void *arg)
{
	bool other_menus = l->menus == NULL;

	if (other_menus)
		l->menus = menu_hold(all->o.menus);
	struct take *t = take_new(all, l, ch, ev, on_answer, arg);
	mark_consumed(t, ev);
	if (state_decode((struct str){(const char *)l->state, l->state_bytes}, t->arena, &t->st) !=
		    W_OK ||
	    !state_fits(&t->st, l->menus))
		other_menus = true;
	if (other_menus) {
		gather_number(t);
		begin_again(t);
		return;
	}
	recall_dropped(t);
	if (l->snap != NULL) {
		t->snap = *l->snap;
	} else {
		gather_number(t);
		if (t->st.person != 0)
			take_gather_person(t, t->st.person, t->st.link);
	}
	set_rest(t, rest, true);
	take_walk(t);
}
