#include "drive_honest.h"

#include <stdio.h>
#include <stdlib.h>

enum { PACE_US = 5000, PEOPLE = 200, NEW_LINE_EVERY = 4 };
enum { LEAST_PERMILLE = 999, P99_MS = 100, BUSY_MACHINE = 3 };

static void
ask_honest(struct honest *h, struct honest_line *line)
{
	static const char *const texts[] = {"", "5"};
	struct arena *a = arena_new(1024);

	if (line->step == 0) {
		line->person = chance_below(PEOPLE);
		snprintf(line->session, sizeof(line->session), "h%llu",
			 (unsigned long long)++h->sessions);
	}
	h->tally.asked++;
	(void)net_ask(line->conn,
		      ussd_request(a, &h->folder, line->session, line->person, texts[line->step]));
	arena_free(a);
}

static void
on_honest_answer(struct honest *h, struct honest_line *line, int status, struct str page)
{
	static const char *const pages[] = {"CON 1. Mes nouvelles", "CON Quand vous appeler?"};

	if (status != 200 || !str_starts(page, str_of(pages[line->step]))) {
		drive_say("HTTP %d: %.*s", status, STR_ARG(page));
		return;
	}
	h->tally.answered++;
	h->tally.sessions += line->step == 0;
	figures_add(&h->tally.waits, drive_now_us() - line->conn->sent_us);
	line->step = !line->step;
	if (line->step == 0 && chance_below(NEW_LINE_EVERY) == 0)
		net_close(line->conn); /* who comes anew must be let in, too */
}

static void
on_answer(void *ctx, struct net_conn *conn, int status, struct str page)
{
	struct honest *h = ctx;

	on_honest_answer(h, conn->tag, status, page);
}

static void
on_closed(void *ctx, struct net_conn *conn)
{
	struct honest *h = ctx;

	h->hung_up += conn->raw;
}

/* ---- Time ---- */

static void
pace_honest(struct honest *h, int64_t now)
{
	if (now < h->next_us)
		return;
	for (size_t i = 0; i < HONEST_LINES; i++)
		if (!h->lines[i].conn->waiting) {
			ask_honest(h, &h->lines[i]);
			break;
		}
	h->next_us = h->next_us + 4 * PACE_US < now ? now : h->next_us + PACE_US;
}

void
honest_turn(struct honest *h, bool ask)
{
	int64_t now = drive_now_us(), next = now + 10000;

	if (ask) {
		pace_honest(h, now);
		next = h->next_us;
	}
	if (h->beside != NULL) {
		int64_t other = h->beside(h->beside_arg, now);

		next = other < next ? other : next;
	}
	now = drive_now_us();
	net_turn(h->net, next > now ? next - now : 0);
}

void
honest_live(struct honest *h, int64_t span_us)
{
	int64_t until = drive_now_us() + span_us;

	h->next_us = drive_now_us();
	while (drive_now_us() < until)
		honest_turn(h, true);
}

static bool
owed(const struct honest *h)
{
	for (size_t i = 0; i < HONEST_LINES; i++)
		if (h->lines[i].conn->waiting)
			return true;
	return false;
}

void
honest_settle(struct honest *h)
{
	int64_t until = drive_now_us() + WAIT_US;

	while (owed(h) && drive_now_us() < until)
		honest_turn(h, false);
}

/* ---- Figures ---- */

void
tally_begin(struct honest *h)
{
	figures_free(&h->tally.waits);
	h->tally = (struct tally){.asked = 0};
	h->hung_up = 0;
}

void
tally_answered(struct honest *h, const char *what)
{
	drive_say("%s: %llu of %llu honest answered, median %.1f ms, p99 %.1f ms, longest %.1f ms; "
		  "hung up on %llu others",
		  what, (unsigned long long)h->tally.answered, (unsigned long long)h->tally.asked,
		  figures_ms(&h->tally.waits, 500), figures_ms(&h->tally.waits, 990),
		  figures_ms(&h->tally.waits, 1000), (unsigned long long)h->hung_up);
	if (h->tally.answered * 1000 < h->tally.asked * LEAST_PERMILLE)
		drive_fail("honest callers were not answered");
}

bool
tally_waits_ok(struct honest *h)
{
	double mark = P99_MS;

	if (h->alone_p99_ms * BUSY_MACHINE > mark) /* the machine is busy with something else */
		mark = h->alone_p99_ms * BUSY_MACHINE;
	return figures_ms(&h->tally.waits, 990) <= mark;
}

/* ---- The gateway ---- */

void
honest_start(struct honest *h, const char *limits, const char *addresses, rlim_t files)
{
	folder_configure(&h->folder, limits, addresses);
	h->child.files = files;
	child_start(&h->child);
	child_await(&h->child);
	for (size_t i = 0; i < HONEST_LINES; i++)
		h->lines[i].step = 0;
}

void
honest_stop(struct honest *h)
{
	for (size_t i = 0; i < HONEST_LINES; i++)
		net_close(h->lines[i].conn);
	child_stop(&h->child);
}

void
honest_new(struct honest *h, const char *wasld)
{
	const struct folder_options o = {.people = PEOPLE};
	const struct net_handlers handlers = {on_answer, on_closed, h};

	*h = (struct honest){.child = {.program = wasld, .folder = &h->folder}};
	folder_new(&h->folder, wasld, &o);
	h->net = net_new(&handlers);
	for (size_t i = 0; i < HONEST_LINES; i++) {
		h->lines[i].conn = net_conn_new(h->net, 1, h->folder.port);
		h->lines[i].conn->tag = &h->lines[i];
	}
}

void
honest_free(struct honest *h)
{
	net_free(h->net);
	figures_free(&h->tally.waits);
	folder_free(&h->folder);
}
