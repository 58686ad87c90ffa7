#include "dialogue.h"

#include "base/clock.h"
#include "base/id.h"

#include <stdlib.h>

/* Handsets. What is typed becomes the aggregator's call, and our answer is read as theirs. */

/* ---- One call ---- */

struct call {
	struct dialogue *d;
	struct channel_event *event;
	struct wire_answer answer;
	enum session_answer_kind kind;
	bool answered;
};

static void
on_answer(void *arg, const struct session_answer *said)
{
	struct call *c = arg;
	struct channel *ch = c->d->channel;
	struct arena *a = c->d->arena;

	CHECK(!c->answered);
	c->kind = said->kind;
	if (said->kind == ANSWER_PAGE)
		channel_reply(ch, c->event, said->page, said->go_on, a, &c->answer);
	else if (said->kind == ANSWER_ACK)
		channel_ack(ch, c->event, false, a, &c->answer);
	else
		channel_refuse(ch, c->event, a, &c->answer);
	/* The page lives during the call only. */
	c->answer.body = arena_str(a, c->answer.body);
	c->answered = true;
}

/* Hands a request to the engine; the answer comes now or in a later turn of the loop. */
static struct call *
hand_over(struct dialogue *d, const struct wire_request *req)
{
	struct call *c = ARENA_NEW(d->arena, struct call);
	struct wire_answer refusal = {0};
	struct str tail;
	size_t n = 0;

	*c = (struct call){.d = d};
	if (!channel_tail(d->channel, req->path, &tail) ||
	    channel_parse(d->channel, req, tail, clock_now(), d->arena, &c->event, &n, &refusal) !=
		    W_OK ||
	    n != 1)
		give_up(NULL, "the call of a phone");
	session_take(d->sessions, d->channel, c->event, on_answer, c);
	return c;
}

static void
wait_for(struct dialogue *d, struct call *c)
{
	while (!c->answered)
		loop_once(d->loop, true);
	world_settle(d);
}

/* Reads our answer as the aggregator would, and looks whether the page fits a handset. */
static bool
read_answer(struct dialogue *d, const struct call *c)
{
	d->answered = true;
	d->kind = c->kind;
	d->body = c->answer.body;
	d->page = STR_NONE;
	d->go_on = false;
	if (c->kind != ANSWER_PAGE)
		return true;
	if (channel_play_page(d->channel, &c->answer, d->arena, &d->page, &d->go_on) != W_OK)
		return complain(d, "the answer is not one the aggregator can read");
	if (!ussd_fits(d->page, channel_page_limit(d->channel)))
		return complain(d, "the page is too long for a handset");
	return true;
}

/* ---- The phone ---- */

bool
do_phone(struct dialogue *d)
{
	struct str number = d->at->words[1];

	for (size_t i = 0; i < HANDSETS; i++) {
		struct handset *h = &d->handsets[i];

		if (h->number[0] == '\0') {
			if (number.n >= sizeof(h->number) ||
			    phone_parse(number, &h->phone) == PHONE_BAD)
				return complain(d, "this is no phone number");
			memcpy(h->number, number.p, number.n);
		}
		if (str_is(number, h->number)) {
			d->handset = h;
			return true;
		}
	}
	return complain(d, "at most %d phones", HANDSETS);
}

/* The aggregator gives the next call this name. */
bool
do_session(struct dialogue *d)
{
	d->next_session = d->at->words[1];
	return true;
}

static bool
make_request(struct dialogue *d, enum channel_move move, struct str typed, struct wire_request *out)
{
	struct handset *h = d->handset;
	const struct play_ussd play = {
		.session = h->session,
		.phone = h->phone,
		.move = move,
		.input = typed,
		.path = arena_str(d->arena, buf_str(&h->path)),
		.dialled = h->dialled,
		.turn = str_of(arena_printf(d->arena, "%zu", h->n_turns + 1))};
	int rc = channel_play_ussd(d->channel, &play, d->arena, out);

	if (rc == W_OK)
		return true;
	return complain(d, "this aggregator cannot say that: %s", w_err_word(rc));
}

static void
path_add(struct handset *h, struct str piece)
{
	if (h->pieces++ > 0)
		buf_addc(&h->path, '*');
	buf_add_str(&h->path, piece);
}

/* Aggregators with a notice for it tell us that a session is over as planned. */
static bool
tell_the_end(struct dialogue *d)
{
	struct wire_request req;
	struct handset *h = d->handset;
	const struct play_ussd play = {.session = h->session,
				       .phone = h->phone,
				       .move = MOVE_END,
				       .path = arena_str(d->arena, buf_str(&h->path)),
				       .dialled = h->dialled};

	if (channel_play_ussd(d->channel, &play, d->arena, &req) != W_OK)
		return true; /* not all have one */
	struct call *c = hand_over(d, &req);
	wait_for(d, c);
	return c->kind == ANSWER_ACK || complain(d, "the notice of the end was not acknowledged");
}

static bool
ask(struct dialogue *d, enum channel_move move, struct str typed, unsigned times)
{
	struct handset *h = d->handset;
	struct call *calls[4];

	if (h->n_turns == TURNS_KEPT)
		return complain(d, "at most %d turns", TURNS_KEPT);
	struct exchange *x = &h->turns[h->n_turns];
	if (!make_request(d, move, typed, &x->request))
		return false;
	for (unsigned i = 0; i < times; i++)
		calls[i] = hand_over(d, &x->request);
	for (unsigned i = 0; i < times; i++) {
		wait_for(d, calls[i]);
		if (!str_eq(calls[i]->answer.body, calls[0]->answer.body))
			return complain(d, "the same request at once got two different answers");
	}
	if (!read_answer(d, calls[0]))
		return false;
	x->body = d->body;
	h->n_turns++;
	h->open = d->go_on;
	return d->kind != ANSWER_PAGE || d->go_on || tell_the_end(d);
}

/* "*000*8#" is the code "*000#" with the answer 8. */
static bool
path_in_advance(struct dialogue *d, struct str dialled)
{
	struct str code = str_of(channel_code(d->channel)), rest = dialled;

	code.n--; /* '#' */
	if (!str_starts(rest, code) || rest.p[rest.n - 1] != '#')
		return complain(d, "the service code is %s", channel_code(d->channel));
	rest.n--;
	rest = str_after(rest, code.n);
	if (rest.n > 0 && rest.p[0] != '*')
		return complain(d, "the service code is %s", channel_code(d->channel));
	for (rest = str_after(rest, 1); rest.n > 0;)
		path_add(d->handset, str_cut(&rest, '*'));
	return true;
}

bool
do_dial(struct dialogue *d)
{
	struct handset *h = d->handset;

	if (h == NULL)
		return complain(d, "whose phone? (phone 06...)");
	h->session = d->next_session.n > 0
			     ? d->next_session
			     : str_of(arena_printf(d->arena, "session-%u", ++d->sessions_named));
	d->next_session = STR_NONE;
	h->dialled = d->at->words[1];
	h->pieces = 0;
	h->n_turns = 0;
	if (h->turns == NULL)
		h->turns = ARENA_ARRAY(d->arena, struct exchange, TURNS_KEPT);
	buf_init_arena(&h->path, d->arena);
	return path_in_advance(d, h->dialled) && ask(d, MOVE_BEGIN, STR_NONE, 1);
}

static bool
ready(struct dialogue *d)
{
	if (d->handset != NULL && d->handset->open)
		return true;
	return complain(d, "there is no open page to answer (dial first)");
}

/* The disk is too slow: an answer comes all the same, and what was typed may be kept later. */
static bool
ask_late(struct dialogue *d, struct str typed)
{
	struct handset *h = d->handset;
	struct world_lock *lock = world_lock(d);
	struct exchange *x = &h->turns[h->n_turns];
	int64_t answer_ms = d->conf->limits.answer_ms;

	d->conf->limits.answer_ms = 0;
	if (!make_request(d, MOVE_CONTINUE, typed, &x->request))
		return false;
	struct call *c = hand_over(d, &x->request);
	while (!c->answered)
		loop_once(d->loop, true);
	world_unlock(lock);
	world_settle(d);
	d->conf->limits.answer_ms = answer_ms;
	h->open = false;
	return read_answer(d, c);
}

/* type ANSWER; "type twice ANSWER": the aggregator sends it twice at once; "type late ANSWER". */
bool
do_type(struct dialogue *d)
{
	const struct line *l = d->at;
	bool twice = l->n == 3 && str_is(l->words[1], "twice") && !l->quoted[1];
	bool late = l->n == 3 && str_is(l->words[1], "late") && !l->quoted[1];
	struct str typed = twice || late ? l->words[2] : l->words[1];

	if (!ready(d))
		return false;
	if (!twice && !late && !l->quoted[1] && l->n > 2)
		typed = l->rest;
	path_add(d->handset, typed);
	return late ? ask_late(d, typed) : ask(d, MOVE_CONTINUE, typed, twice ? 2 : 1);
}

/* The network drops: the aggregator's notice, or nothing at all ("drop silently"). */
bool
do_drop(struct dialogue *d)
{
	struct wire_request req;

	if (!ready(d))
		return false;
	d->handset->open = false;
	if (has_word(d->at, 1, "silently"))
		return true;
	if (!make_request(d, MOVE_ABORT, STR_LIT(""), &req))
		return false;
	struct call *c = hand_over(d, &req);
	wait_for(d, c);
	return c->kind == ANSWER_ACK || complain(d, "the notice of the drop was not acknowledged");
}

/* ---- Repeats ---- */

static bool
repeat(struct dialogue *d, const struct exchange *x, struct str wanted)
{
	struct store_status before, after;

	store_status(d->store, &before);
	struct call *c = hand_over(d, &x->request);
	wait_for(d, c);
	store_status(d->store, &after);
	if (!read_answer(d, c))
		return false;
	if (!str_eq(d->body, wanted))
		return complain(d, "the repeated request got other bytes; before it was:\n%.*s",
				STR_ARG(wanted));
	if (after.jobs != before.jobs)
		return complain(d, "the repeated request stored something");
	return true;
}

/* again: the last request once more. again 2: the second of this session (1 is the dialling). */
bool
do_again(struct dialogue *d)
{
	struct handset *h = d->handset;
	int64_t which = h ? (int64_t)h->n_turns : 0;

	if (d->at->n > 1 && !str_to_int(d->at->words[1], &which))
		return complain(d, "again, or again and a number");
	if (h == NULL || which < 1 || which > (int64_t)h->n_turns)
		return complain(d, "there is no such request");
	return repeat(d, &h->turns[which - 1], h->turns[which - 1].body);
}

/* afterwards 1: a key that comes when the call is over gets the last page again. */
bool
do_afterwards(struct dialogue *d)
{
	struct handset *h = d->handset;
	struct exchange x;

	if (h == NULL || h->open || h->n_turns == 0)
		return complain(d, "no call is over");
	struct buf path = h->path;
	path_add(h, d->at->words[1]);
	bool made = make_request(d, MOVE_CONTINUE, d->at->words[1], &x.request);
	h->path = path;
	h->pieces--;
	return made && repeat(d, &x, h->turns[h->n_turns - 1].body);
}

/* start again: the aggregator begins the same session a second time. */
bool
do_start(struct dialogue *d)
{
	struct handset *h = d->handset;
	struct exchange x;
	struct buf path = h ? h->path : (struct buf){0};

	if (!ready(d))
		return false;
	buf_init_arena(&h->path, d->arena); /* what a new start says: nothing typed */
	bool made = make_request(d, MOVE_BEGIN, STR_NONE, &x.request);
	h->path = path;
	/* Where the whole path is sent this is the first request again; else the page at hand. */
	bool whole_path = d->channel == d->lines_in[0].channel;
	return made && repeat(d, &x, h->turns[whole_path ? 0 : h->n_turns - 1].body);
}
