#include "session/session_take_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	CODES_HOUR_S = 3600,
	PIECES_MAX = 64, /* answers in one request; nobody dials more by hand */
};

/* ---- Walking the input ---- */

static int
apply(struct take *t)
{
	const struct work_actor actor = {.source = "ussd",
					 .channel = str_of(channel_name(t->ch)),
					 .lang = str_of(menu_lang_tag(t->world.menus, t->st.lang)),
					 .menu_version = str_of(menu_version(t->world.menus)),
					 .centre = t->snap.centre,
					 .now = t->now};

	return work_apply(t->all->o.work, t->job, &t->out.effects, &actor);
}

/* Codes of everybody together: guessing over many numbers meets a brake. */
static bool
brake_is_on(struct sessions *all, int64_t now)
{
	if (now / CODES_HOUR_S != all->wrong_codes_hour) {
		all->wrong_codes_hour = now / CODES_HOUR_S;
		all->wrong_codes = 0;
	}
	return all->wrong_codes >= CODES_WRONG_HOUR_ALL;
}

/* Tries are counted by number: another call of it may have used some meanwhile. */
static void
refresh_guard(struct take *t)
{
	struct row_guard now;

	if (read_guard(store_loop_reader(t->all->o.store), &t->live->number, &now) == W_OK)
		t->snap.guard = now;
}

static struct step_verdict
check_code(struct take *t, struct str digits)
{
	struct sessions *all = t->all;

	refresh_guard(t);
	const struct keys *keys = all->o.work->keys;
	const struct digest code = digest_of(keys, DIGEST_CODE, digits);
	const struct digest number = digest_phone(keys, DIGEST_PHONE, &t->phone);
	struct step_verdict v = {.locked = guard_code_locked(&t->snap.guard, t->now)};

	if (brake_is_on(all, t->now)) {
		log_error("enrolment codes: too many wrong ones this hour, none is taken");
		v.locked = true;
	}
	if (!v.locked && read_code(store_loop_reader(all->o.store), &code, &v.code) == W_OK)
		v.ok = v.code.used_at == 0 && v.code.expires_at > t->now &&
		       (!v.code.has_expected || digest_eq(&v.code.expected, &number));
	if (!v.ok)
		all->wrong_codes++;
	v.person = v.code.person;
	v.link = v.code.link;
	return v;
}

/* A verdict is an input: the person it names is gathered first, then it is stepped. */
static int
step_verdict(struct take *t, const struct step_verdict *v)
{
	struct step_input input = {.kind = STEP_VERDICT, .text = t->out.check_text, .verdict = *v};

	refresh_guard(t);
	if (v->ok && v->person != 0 && v->person != t->snap.person)
		take_gather_person(t, v->person, v->link);
	session_step(&t->world, &t->st, &input, &t->out);
	wipe(&input.verdict.pin, sizeof(input.verdict.pin));
	return apply(t);
}

static void
on_verdict(void *arg, struct pin_job *job)
{
	struct take *t = arg;

	t->waits_for_pin = false;
	int rc = step_verdict(t, &job->verdict);
	if (rc != W_OK)
		take_fail(t, rc);
	else
		take_walk(t);
}

static void
add_candidate(struct take *t, struct pin_job *job, const struct snap_person *p)
{
	const struct seal_place place = {"phone_link", "pin", p->link, p->person};
	struct row_link link;
	struct str text;

	if (!p->has_pin ||
	    read_link_active(store_loop_reader(t->all->o.store), p->person, t->arena, &link) !=
		    W_OK ||
	    store_open_sealed(t->all->o.store, &place, link.pin, t->arena, &text) != W_OK ||
	    text.n >= PIN_VERIFIER_BYTES)
		return;
	struct pin_candidate *c = &job->candidates[job->n_candidates++];
	c->person = p->person;
	c->link = p->link;
	memcpy(c->verifier.text, text.p, text.n);
	wipe((char *)text.p, text.n);
}

static int
ask_pin_desk(struct take *t)
{
	struct pin_job *job = xcalloc(1, sizeof(*job));
	struct buf typed;

	job->check = t->out.check;
	job->person = t->st.person ? t->st.person : t->snap.person;
	buf_init(&typed, job->typed, sizeof(job->typed));
	buf_add_str(&typed, t->out.check_text);
	for (unsigned i = 0; i < t->snap.n_persons; i++)
		add_candidate(t, job, &t->snap.persons[i]);
	job->on_verdict = on_verdict;
	job->arg = t;
	t->waits_for_pin = true;
	return pin_desk_give(t->all->pins, job);
}

/* The next piece: to the separator, or all of it when the open question is free text. */
static struct str
next_piece(struct take *t)
{
	const struct menu_node *n = menu_node(t->world.menus, t->st.node);
	struct str piece = t->rest;

	if (t->cumulative &&
	    !(n->kind == MENU_ASK && n->input == INPUT_TEXT && n->check == CHECK_NOTHING)) {
		ptrdiff_t at = str_find(t->rest, t->separator.p[0]);

		if (at >= 0) {
			piece.n = (size_t)at;
			t->rest = str_after(t->rest, (size_t)at + 1);
			return piece;
		}
	}
	t->rest = STR_NONE;
	t->more = false;
	return piece;
}

static void
keep_typed(struct take *t, struct str piece)
{
	if (t->typed.n > 0)
		buf_addc(&t->typed, '*');
	if (!t->out.secret_input)
		buf_add_str(&t->typed, piece);
}

/* False: waiting for the PIN desk, or over. */
static bool
walk_piece(struct take *t)
{
	const struct step_input input = {.kind = STEP_TYPED, .text = next_piece(t)};

	session_step(&t->world, &t->st, &input, &t->out);
	keep_typed(t, input.text);
	int rc = apply(t);
	if (rc == W_OK && t->out.check == CHECK_ENROLMENT) {
		const struct step_verdict v = check_code(t, t->out.check_text);

		rc = step_verdict(t, &v);
	} else if (rc == W_OK && t->out.check != CHECK_NOTHING) {
		rc = ask_pin_desk(t);
		if (rc == W_OK)
			return false;
	}
	if (rc == W_OK)
		return true;
	take_fail(t, rc);
	return false;
}

/*
 * Walks what is left of the input; a wrong answer, an end, or more answers than
 * anybody gives at once stop it there. When the PIN desk is asked, its verdict
 * comes back here.
 */
void
take_walk(struct take *t)
{
	while (t->more && t->pieces++ < PIECES_MAX && !t->out.ended && t->out.face == FACE_PAGE)
		if (!walk_piece(t))
			return;
	take_commit(t);
}

void
take_first_step(struct take *t)
{
	struct step_input input = {.kind = STEP_BEGIN};
	struct str first = t->rest;
	ptrdiff_t at = str_find(t->rest, t->separator.p[0]);

	if (at >= 0)
		first.n = (size_t)at;
	if (t->more && menu_find_direct(t->world.menus, first) != NULL) {
		input.text = first;
		t->more = at >= 0;
		t->rest = at >= 0 ? str_after(t->rest, (size_t)at + 1) : STR_NONE;
	}
	session_step(&t->world, &t->st, &input, &t->out);
	int rc = apply(t);
	if (rc != W_OK)
		take_fail(t, rc);
	else
		take_walk(t);
}
