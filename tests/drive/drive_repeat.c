/*
 * Webhooks that come several times and mixed change what once and in order
 * changes, and every repeat gets the bytes of the first.
 *
 * People walk through the menus, half of them on known paths, half
 * wherever chance leads; each webhook is delivered one to five times over eight
 * connections, the first deliveries of a person in order, repeats at any later
 * time, some while the first is still under way. A second gateway gets the first
 * deliveries alone, each person's in their order. What is on disk for each person must be equal,
 * and so must be the pages, but for their digits (numbers of needs, times of calls).
 *
 *   drive_repeat WASLD
 */
#include "drive.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { CONNECTIONS = 8, STEPS_MAX = 9, TIMES_MAX = 5, LATER_MAX = 3000, TELL_EVERY = 10000 };

/* ---- What is delivered ---- */

struct hook {
	uint32_t person, visit; /* with the visit the session's name */
	bool end;               /* the notice of the end */
	uint8_t keys;           /* typed so far; 0: the beginning */
	char typed[STEPS_MAX];
	char *page; /* of the first answer */
	size_t page_n;
};

/* A repeat, due after so many deliveries. */
struct later {
	size_t hook;
	uint64_t due;
};

struct walker {
	size_t hook; /* under way, or the last */
	uint32_t visits;
	bool waits; /* for the answer of its hook */
	bool known; /* the path is a known one: path holds it */
	uint8_t n_path;
	char path[STEPS_MAX];
	bool ended; /* the visit is over, but for a notice */
};

struct plan {
	struct hook *hooks; /* in order of first delivery */
	size_t n, cap;
};

struct mix {
	const struct folder *folder;
	struct net *net;
	struct net_conn *conns[CONNECTIONS];
	struct plan *plan;
	size_t target; /* first deliveries wanted */
	struct walker *walkers;
	size_t n_walkers;
	struct later *laters;
	size_t n_laters, cap_laters;
	uint64_t deliveries, answered;
};

static struct str
hook_request(struct arena *a, const struct folder *f, const struct hook *h)
{
	char text[STEPS_MAX * 2] = "";
	const char *session = arena_printf(a, "r-%u-%u", h->person, h->visit);

	if (h->end)
		return ussd_end_request(a, f, session, h->person);
	for (unsigned i = 0; i < h->keys; i++) {
		text[i * 2] = h->typed[i];
		text[i * 2 + 1] = i + 1u < h->keys ? '*' : '\0';
	}
	return ussd_request(a, f, session, h->person, text);
}

static void
deliver(struct mix *m, size_t at, struct net_conn *conn)
{
	struct arena *a = arena_new(1024);
	bool ok = net_ask(conn, hook_request(a, m->folder, &m->plan->hooks[at]));

	arena_free(a);
	if (!ok)
		drive_fail("nobody listens");
	conn->tag = (void *)(uintptr_t)at;
	m->deliveries++;
}

/* ---- Walks ---- */

static const char *const known_paths[] = {"1111", "1234",  "13134", "11212", "131231", "2110",
					  "2230", "25109", "511",   "521",   "823",    "811"};

static size_t
hook_add(struct plan *p, const struct hook *h)
{
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 4096;
		p->hooks = xrealloc(p->hooks, p->cap * sizeof(*p->hooks));
	}
	p->hooks[p->n] = *h;
	return p->n++;
}

static void
begin_visit(struct walker *w)
{
	static const char keys[] = "1123459098";

	w->visits++;
	w->ended = false;
	w->known = chance_below(2) == 0;
	const char *path = known_paths[chance_below(ARRAY_LEN(known_paths))];
	w->n_path = (uint8_t)(w->known ? strlen(path) : 1 + chance_below(STEPS_MAX - 1));
	for (unsigned i = 0; i < w->n_path; i++)
		w->path[i] = w->known ? path[i] : keys[chance_below(sizeof(keys) - 1)];
}

/* What a walker's next first delivery is. */
static struct hook
next_hook(struct walker *w, uint32_t person, const struct plan *plan)
{
	struct hook h = {.person = person, .visit = w->visits};
	const struct hook *last = w->visits > 0 ? &plan->hooks[w->hook] : NULL;

	if (last != NULL && !last->end && w->ended && chance_below(3) > 0) {
		h.end = true;
		return h;
	}
	if (last == NULL || last->end || w->ended || last->keys == w->n_path) {
		begin_visit(w);
		h.visit = w->visits;
		return h;
	}
	h.keys = (uint8_t)(last->keys + 1);
	memcpy(h.typed, w->path, h.keys);
	return h;
}

static void
plan_repeats(struct mix *m, size_t hook)
{
	uint32_t times = chance_below(TIMES_MAX);

	for (uint32_t i = 0; i < times; i++) {
		/* Half of them soon, some at once, while the first is under way. */
		uint32_t span = chance_below(2) == 0 ? CONNECTIONS * 2 : LATER_MAX;

		if (m->n_laters == m->cap_laters) {
			m->cap_laters = m->cap_laters ? m->cap_laters * 2 : 4096;
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

		if (w->waits)
			continue;
		const struct hook h = next_hook(w, at, m->plan);
		w->hook = hook_add(m->plan, &h);
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

		if (!all && m->laters[at].due > m->deliveries)
			continue;
		deliver(m, m->laters[at].hook, conn);
		m->laters[at] = m->laters[--m->n_laters];
		return true;
	}
	return false;
}

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

static void
on_mixed_answer(void *ctx, struct net_conn *conn, int status, struct str page)
{
	struct mix *m = ctx;
	struct hook *h = &m->plan->hooks[(uintptr_t)conn->tag];
	struct walker *w = &m->walkers[h->person];
	const struct str first = {h->page, h->page_n};

	m->answered++;
	if (status != 200)
		drive_fail("HTTP %d: %.*s", status, STR_ARG(page));
	if (h->page == NULL) {
		h->page = xmalloc(page.n + 1);
		memcpy(h->page, page.p, page.n);
		h->page_n = page.n;
	} else if (!str_eq(first, page)) {
		drive_fail("r-%u-%u after %u keys: first\n%.*s\nthen\n%.*s", h->person, h->visit,
			   h->keys, STR_ARG(first), STR_ARG(page));
	}
	if (w->waits && w->hook == (uintptr_t)conn->tag) {
		w->waits = false;
		w->ended = w->ended || str_starts(page, STR_LIT("END "));
	}
	if (m->answered % TELL_EVERY == 0)
		drive_say("%llu deliveries of %zu webhooks", (unsigned long long)m->answered,
			  m->plan->n);
}

static void
on_lost(void *ctx, struct net_conn *conn)
{
	(void)ctx;
	if (conn->waiting)
		drive_fail("a connection was closed under a request");
}

static bool
fill_connection(struct mix *m, struct net_conn *conn)
{
	bool all_first = m->plan->n >= m->target;

	if (send_later(m, conn, all_first))
		return true;
	return !all_first && send_first(m, conn);
}

static void
run_mixed(struct mix *m)
{
	bool busy = true;

	while (busy || m->n_laters > 0 || m->plan->n < m->target) {
		busy = false;
		for (size_t i = 0; i < CONNECTIONS; i++)
			busy |= m->conns[i]->waiting || fill_connection(m, m->conns[i]);
		net_turn(m->net, 10000);
	}
}

/* ---- Once and in order ---- */

static void
on_once_answer(void *ctx, struct net_conn *conn, int status, struct str page)
{
	struct mix *m = ctx;
	const struct hook *h = &m->plan->hooks[(uintptr_t)conn->tag];
	const struct str mixed = {h->page, h->page_n};

	if (status != 200 || !same_but_digits(mixed, page))
		drive_fail("r-%u-%u after %u keys: mixed\n%.*s\nin order\n%.*s", h->person,
			   h->visit, h->keys, STR_ARG(mixed), STR_ARG(page));
}

/* The next hook of the people who call over this connection, from at on. */
static size_t
next_of(const struct mix *m, size_t conn, size_t at)
{
	while (at < m->plan->n && m->plan->hooks[at].person % CONNECTIONS != conn)
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
			if (!m->conns[i]->waiting && next[i] < m->plan->n) {
				deliver(m, next[i], m->conns[i]);
				next[i] = next_of(m, i, next[i] + 1);
			}
			busy |= m->conns[i]->waiting;
		}
		net_turn(m->net, 10000);
	}
}

/* ---- Both gateways ---- */

static void
open_net(struct mix *m, const struct net_handlers *h)
{
	m->net = net_new(h);
	for (size_t i = 0; i < CONNECTIONS; i++)
		m->conns[i] = net_conn_new(m->net, 1, m->folder->port);
}

static void
compare(const struct folder *mixed, const struct folder *once)
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
			drive_say("person %zu, mixed:\n%sin order:\n%s", i, x.p, y.p);
		arena_reset(arena);
	}
	drive_say("rows: checkin %lld, need %lld, callback %lld, flag %lld, turn %lld",
		  (long long)kept_count(a, "checkin"), (long long)kept_count(a, "need"),
		  (long long)kept_count(a, "callback"), (long long)kept_count(a, "flag"),
		  (long long)kept_count(a, "turn"));
	arena_free(arena);
	kept_close(a);
	kept_close(b);
	if (differ > 0)
		drive_fail("%zu people differ", differ);
}

static void
feed(struct mix *m, const char *wasld, void (*run)(struct mix *m), const struct net_handlers *h)
{
	struct child child = {.program = wasld, .folder = m->folder};

	child_start(&child);
	child_await(&child);
	open_net(m, h);
	run(m);
	child_stop(&child);
	net_free(m->net);
}

static void
repeats(const char *wasld, size_t webhooks)
{
	const struct folder_options o = {.people = webhooks / 20, .limits = "answer_ms: 10000"};
	struct folder mixed, once;
	struct plan plan = {NULL, 0, 0};
	struct mix m = {.folder = &mixed, .plan = &plan, .target = webhooks};
	const struct net_handlers on_mixed = {on_mixed_answer, on_lost, &m};
	const struct net_handlers on_once = {on_once_answer, on_lost, &m};

	folder_new(&mixed, wasld, &o);
	folder_new(&once, wasld, &o);
	m.n_walkers = o.people;
	m.walkers = xcalloc(m.n_walkers, sizeof(*m.walkers));
	feed(&m, wasld, run_mixed, &on_mixed);
	uint64_t deliveries = m.deliveries;
	drive_say("once and in order");
	m.folder = &once;
	feed(&m, wasld, run_once, &on_once);
	compare(&mixed, &once);
	drive_say("%zu webhooks in %llu deliveries: every repeat the same bytes, the state equal",
		  plan.n, (unsigned long long)deliveries);
	for (size_t i = 0; i < plan.n; i++)
		free(plan.hooks[i].page);
	free(plan.hooks);
	free(m.walkers);
	free(m.laters);
	folder_free(&mixed);
	folder_free(&once);
}

int
main(int argc, char **argv)
{
#ifdef WASL_DRIVE_SMALL
	size_t webhooks = 1500;
#else
	size_t webhooks = 10000;
#endif
	if (argc != 2) {
		fprintf(stderr, "usage: drive_repeat WASLD\n");
		return 2;
	}
	chance_begin();
	if (drive_is_long())
		webhooks *= 20;
	repeats(argv[1], webhooks);
	return 0;
}
