/*
 * What drive_repeat asks of one aggregator, asked of every dialect that carries
 * USSD: webhooks that come one to five times and mixed over eight connections
 * change what once and in order changes, and every repeat gets the bytes of the
 * first.
 *
 * One gateway has a channel for each dialect of contrib/dialects/ and its small/;
 * each gets its own people and its own webhooks, made by the dialect itself read
 * backwards. First deliveries of a person come in order, repeats at any later
 * time; within four seconds where neither a turn nor the whole path tells two
 * requests apart, for there the gateway can only go by the key and the time. A
 * second gateway gets the first deliveries alone.
 *
 *   drive_dialects WASLD
 */
#include "drive_dialects.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { CONNECTIONS = 8, TIMES_MAX = 5, LATER_MAX = 400, SAME_KEY_US = 4000000 };

/* ---- Walks ---- */

/* A repeat, due after so many deliveries. */
struct later {
	size_t hook;
	uint64_t due;
};

struct walker {
	size_t hook; /* under way, or the last */
	uint32_t visits;
	bool waits; /* for the answer of its hook */
	bool ended; /* the visit is over, but for a notice */
	uint8_t n_path;
	char path[KEYS_MAX];
};

struct mix {
	struct net *net;
	struct net_conn *conns[CONNECTIONS];
	struct line *line;
	struct walker *walkers;
	size_t n_walkers, target; /* first deliveries wanted */
	struct later *laters;
	size_t n_laters, cap_laters;
	uint64_t deliveries, too_late;
};

static const char *const known_paths[] = {"1111", "1234",  "13134", "11212", "131231", "2110",
					  "2230", "25109", "511",   "521",   "823",    "1324"};

static size_t
hook_add(struct line *l, const struct hook *h)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 1024;
		l->hooks = xrealloc(l->hooks, l->cap * sizeof(*l->hooks));
	}
	l->hooks[l->n] = *h;
	return l->n++;
}

static bool
all_differ(const char *keys, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (memchr(keys, keys[i], i) != NULL)
			return false;
	return true;
}

/* The same key twice in a few seconds is one press where only key and time tell. */
static void
choose_path(const struct line *l, struct walker *w)
{
	static const char keys[] = "1123459098";

	do {
		bool known = chance_below(2) == 0;
		const char *path = known_paths[chance_below(ARRAY_LEN(known_paths))];

		w->n_path = (uint8_t)(known ? strlen(path) : 1 + chance_below(KEYS_MAX - 1));
		for (unsigned i = 0; i < w->n_path; i++)
			w->path[i] = known ? path[i] : keys[chance_below(sizeof(keys) - 1)];
	} while (!l->exact && !all_differ(w->path, w->n_path));
}

/* What a walker's next first delivery is; false: it has nothing more to say. */
static bool
next_hook(struct line *l, struct walker *w, uint32_t person, struct hook *h)
{
	const struct hook *last = w->visits > 0 ? &l->hooks[w->hook] : NULL;

	*h = (struct hook){.person = person, .visit = w->visits};
	if (last != NULL && !last->end && (w->ended || last->keys == w->n_path) && l->has_end &&
	    chance_below(3) > 0) {
		*h = *last;
		h->end = true;
		h->page = NULL;
		return true;
	}
	if (last == NULL || last->end || w->ended || last->keys == w->n_path) {
		if (last != NULL && !l->has_ids)
			return false;
		w->ended = false;
		h->visit = ++w->visits;
		choose_path(l, w);
		return true;
	}
	h->keys = (uint8_t)(last->keys + 1);
	memcpy(h->typed, w->path, h->keys);
	return true;
}

static void
deliver(struct mix *m, size_t at, struct net_conn *conn)
{
	struct arena *a = arena_new(4096);
	struct hook *h = &m->line->hooks[at];

	if (!net_ask(conn, hook_request(m->line, h, a)))
		drive_fail("nobody listens");
	arena_free(a);
	if (h->first_us == 0)
		h->first_us = drive_now_us();
	conn->tag = (void *)(uintptr_t)at;
	m->deliveries++;
}

static void
plan_repeats(struct mix *m, size_t hook)
{
	uint32_t times = chance_below(TIMES_MAX);

	for (uint32_t i = 0; i < times; i++) {
		/* Half of them soon, some at once, while the first is under way. */
		uint32_t span = chance_below(2) == 0 ? CONNECTIONS * 2 : LATER_MAX;

		if (m->n_laters == m->cap_laters) {
			m->cap_laters = m->cap_laters ? m->cap_laters * 2 : 1024;
			m->laters = xrealloc(m->laters, m->cap_laters * sizeof(*m->laters));
		}
		m->laters[m->n_laters++] = (struct later){hook, m->deliveries + chance_below(span)};
	}
}

static bool
send_first(struct mix *m, struct net_conn *conn)
{
	uint32_t at = chance_below((uint32_t)m->n_walkers);

	for (size_t i = 0; i < m->n_walkers; i++, at = (at + 1) % (uint32_t)m->n_walkers) {
		struct walker *w = &m->walkers[at];
		struct hook h;

		if (w->waits || !next_hook(m->line, w, at, &h))
			continue;
		w->hook = hook_add(m->line, &h);
		w->waits = true;
		deliver(m, w->hook, conn);
		plan_repeats(m, w->hook);
		return true;
	}
	return false;
}

/* Any repeat whose time has come; at the end any at all. */
static bool
send_later(struct mix *m, struct net_conn *conn, bool all)
{
	enum { LOOKS = 64 };

	for (unsigned i = 0; i < LOOKS && m->n_laters > 0; i++) {
		size_t at = chance_below((uint32_t)m->n_laters);
		const struct later later = m->laters[at];
		const struct hook *h = &m->line->hooks[later.hook];

		if (!all && later.due > m->deliveries)
			continue;
		m->laters[at] = m->laters[--m->n_laters];
		if (!m->line->exact && drive_now_us() > h->first_us + SAME_KEY_US) {
			m->too_late++;
			continue;
		}
		deliver(m, later.hook, conn);
		return true;
	}
	return false;
}

/* ---- Answers ---- */

static bool
same_but_digits(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (a.p[i] != b.p[i] &&
		    !(isdigit((unsigned char)a.p[i]) && isdigit((unsigned char)b.p[i])))
			return false;
	return true;
}

/*
 * Whether the page ends the session. Where only a header says so it is taken to
 * go on, and what is typed then gets the last page again.
 */
static bool
is_last_page(const struct line *l, struct str body)
{
	const struct wire_answer got = {.status = 200, .body = body};
	struct arena *a = arena_new(2048);
	struct str page;
	bool go_on = true;

	if (channel_play_page(l->channel, &got, a, &page, &go_on) != 0)
		drive_fail("%s: no page: %.*s", l->name, STR_ARG(body));
	arena_free(a);
	return !go_on;
}

static void
on_mixed_answer(void *ctx, struct net_conn *conn, int status, struct str body)
{
	struct mix *m = ctx;
	struct hook *h = &m->line->hooks[(uintptr_t)conn->tag];
	struct walker *w = &m->walkers[h->person];
	const struct str first = {h->page, h->page_n};

	if (status != 200)
		drive_fail("%s: HTTP %d: %.*s", m->line->name, status, STR_ARG(body));
	if (h->page == NULL) {
		h->page = xmalloc(body.n + 1);
		memcpy(h->page, body.p, body.n);
		h->page_n = body.n;
	} else if (!str_eq(first, body)) {
		drive_fail("%s: r-%u-%u after %u keys%s: first\n%.*s\nthen\n%.*s", m->line->name,
			   h->person, h->visit, h->keys, h->end ? " and the end" : "",
			   STR_ARG(first), STR_ARG(body));
	}
	if (w->waits && w->hook == (uintptr_t)conn->tag) {
		w->waits = false;
		w->ended = w->ended || (!h->end && is_last_page(m->line, body));
	}
}

static void
on_once_answer(void *ctx, struct net_conn *conn, int status, struct str body)
{
	struct mix *m = ctx;
	const struct hook *h = &m->line->hooks[(uintptr_t)conn->tag];
	const struct str mixed = {h->page, h->page_n};

	if (status != 200 || !same_but_digits(mixed, body))
		drive_fail("%s: r-%u-%u after %u keys: mixed\n%.*s\nin order\n%.*s", m->line->name,
			   h->person, h->visit, h->keys, STR_ARG(mixed), STR_ARG(body));
}

static void
on_lost(void *ctx, struct net_conn *conn)
{
	const struct mix *m = ctx;

	if (conn->waiting)
		drive_fail("%s: a connection was closed under a request", m->line->name);
}

/* ---- Mixed, and once in order ---- */

static bool
fill_connection(struct mix *m, struct net_conn *conn)
{
	bool all_first = m->line->n >= m->target;

	if (send_later(m, conn, all_first))
		return true;
	return !all_first && send_first(m, conn);
}

static void
run_mixed(struct mix *m)
{
	bool busy = true;

	while (busy || m->n_laters > 0) {
		busy = false;
		for (size_t i = 0; i < CONNECTIONS; i++)
			busy |= m->conns[i]->waiting || fill_connection(m, m->conns[i]);
		net_turn(m->net, 10000);
	}
	drive_say("%s: %zu webhooks in %llu deliveries%s", m->line->name, m->line->n,
		  (unsigned long long)m->deliveries,
		  m->line->exact ? "" : ", known by key and time");
	if (m->too_late > 0)
		drive_say("%s: %llu repeats came too late to be sent", m->line->name,
			  (unsigned long long)m->too_late);
}

/* The next hook of the people who call over this connection, from at on. */
static size_t
next_of(const struct mix *m, size_t conn, size_t at)
{
	while (at < m->line->n && m->line->hooks[at].person % CONNECTIONS != conn)
		at++;
	return at;
}

static void
run_once(struct mix *m)
{
	size_t next[CONNECTIONS];
	bool busy = true;

	for (size_t i = 0; i < CONNECTIONS; i++)
		next[i] = next_of(m, i, 0);
	while (busy) {
		busy = false;
		for (size_t i = 0; i < CONNECTIONS; i++) {
			if (!m->conns[i]->waiting && next[i] < m->line->n) {
				deliver(m, next[i], m->conns[i]);
				next[i] = next_of(m, i, next[i] + 1);
			}
			busy |= m->conns[i]->waiting;
		}
		net_turn(m->net, 10000);
	}
}

static void
run_line(struct lines *all, size_t at, const struct folder *f, size_t target,
	 void (*run)(struct mix *m), void (*on_answer)(void *, struct net_conn *, int, struct str))
{
	struct mix m = {.line = &all->v[at], .target = target, .n_walkers = all->people};
	const struct net_handlers h = {on_answer, on_lost, &m};

	m.walkers = xcalloc(m.n_walkers, sizeof(*m.walkers));
	m.net = net_new(&h);
	for (size_t i = 0; i < CONNECTIONS; i++)
		m.conns[i] = net_conn_new(m.net, 1, f->port);
	run(&m);
	net_free(m.net);
	free(m.walkers);
	free(m.laters);
}

static void
feed(struct lines *all, const struct folder *f, const char *wasld, size_t target, bool mixed)
{
	struct child child = {.program = wasld, .folder = f};
	struct arena *a = arena_new(0);

	child_start(&child);
	child_await(&child);
	for (size_t i = 0; i < all->n; i++) {
		line_open(&all->v[i], f, a);
		run_line(all, i, f, target, mixed ? run_mixed : run_once,
			 mixed ? on_mixed_answer : on_once_answer);
		line_close(&all->v[i]);
	}
	child_stop(&child);
	arena_free(a);
}

/* ---- Both gateways ---- */

static void
compare(const struct lines *all, const struct folder *mixed, const struct folder *once)
{
	struct kept *a = kept_open(mixed->state), *b = kept_open(once->state);
	struct arena *arena = arena_new(0);
	size_t differ = 0;

	kept_check(a);
	kept_check(b);
	for (size_t i = 0; i <= mixed->people; i++) {
		struct buf x, y;

		buf_init_arena(&x, arena);
		buf_init_arena(&y, arena);
		if (i == mixed->people) {
			kept_nobody(a, &x);
			kept_nobody(b, &y);
		} else {
			kept_person(a, folder_row(i), true, &x);
			kept_person(b, folder_row(i), true, &y);
		}
		if (!str_eq(buf_str(&x), buf_str(&y)) && differ++ == 0)
			drive_say("%s, person %zu, mixed:\n%.*sin order:\n%.*s",
				  i < mixed->people ? all->v[i / all->people].name : "nobody", i,
				  STR_ARG(buf_str(&x)), STR_ARG(buf_str(&y)));
		arena_reset(arena);
	}
	drive_say("rows: checkin %lld, need %lld, callback %lld, turn %lld",
		  (long long)kept_count(a, "checkin"), (long long)kept_count(a, "need"),
		  (long long)kept_count(a, "callback"), (long long)kept_count(a, "turn"));
	arena_free(arena);
	kept_close(a);
	kept_close(b);
	if (differ > 0)
		drive_fail("%zu people differ", differ);
}

/* A lab with all dialects and people for each. */
static void
folder_open(struct folder *f, struct lines *all, const char *wasld)
{
	const struct folder_options o = {.people = all->people * LINES_MAX,
					 .limits = "answer_ms: 10000"};

	folder_new(f, wasld, &o);
	lines_find(all, f);
	for (size_t i = 0; i < all->n; i++)
		all->v[i].first = i * all->people;
}

static void
dialects(const char *wasld, size_t webhooks)
{
	static struct lines all, again;
	struct folder mixed, once;

	all.people = again.people = webhooks / 4;
	folder_open(&mixed, &all, wasld);
	folder_open(&once, &again, wasld);
	feed(&all, &mixed, wasld, webhooks, true);
	drive_say("once and in order");
	feed(&all, &once, wasld, webhooks, false);
	compare(&all, &mixed, &once);
	drive_say("%zu dialects: every repeat the same bytes, the state equal", all.n);
	for (size_t i = 0; i < all.n; i++) {
		for (size_t k = 0; k < all.v[i].n; k++)
			free(all.v[i].hooks[k].page);
		free(all.v[i].hooks);
	}
	folder_free(&mixed);
	folder_free(&once);
}

int
main(int argc, char **argv)
{
#ifdef WASL_DRIVE_SMALL
	size_t webhooks = 40;
#else
	size_t webhooks = 100;
#endif
	if (argc != 2) {
		fprintf(stderr, "usage: drive_dialects WASLD\n");
		return 2;
	}
	chance_begin();
	if (drive_is_long())
		webhooks = 1000;
	dialects(argv[1], webhooks);
	return 0;
}
