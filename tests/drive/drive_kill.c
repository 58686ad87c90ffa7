/*
 * kill -9 at any moment: nothing that was acknowledged is lost, doubled or half.
 *
 * Callers do check-ins and ask for things at 200 webhooks a second over a few
 * connections; the gateway is killed again and again, while it starts, while it
 * works, and in the very moment an answer has arrived. What came before the
 * death counts as acknowledged, to the last byte in the socket. Requests without
 * an answer are repeated, as an aggregator does. The driver keeps an account of
 * its own, and after each death compares it with the files as they lie there: a
 * person's rows are what was acknowledged, or that and the one step nobody was
 * answered for.
 *
 * There are 100,000 people in the file, so that each start is one of a large
 * centre: to the first right answer it may take a second.
 *
 *   drive_kill WASLD [DEATHS]    40 deaths; WASL_LONG=1: 1,000
 *   drive_kill --control WASLD   exit 0 when a gateway that answers before its commit is caught
 */
#include "drive_kill.h"

#include <stdio.h>
#include <stdlib.h>

enum { CALLERS = 48, CONNECTIONS = 8, PACE_US = 5000, LATE_US = 100000 };
enum { PEOPLE = 100000, CONTROL_PEOPLE = 1000, DEATHS_ORDINARY = 40, DEATHS_LONG = 1000 };
enum { REGULARS = 500, DROPS_PERCENT = 4, RESTART_MS = 1000 };
/* Deaths between two looks at the whole files, which take seconds; a fault in them stays. */
enum { LOOKS = 5, LOOKS_LONG = 40 };

/* ---- The drive ---- */

struct caller {
	size_t person;
	bool active, sent;
	char session[32];
	struct net_conn *conn; /* of the request under way */
};

struct drive {
	struct folder folder;
	struct child child;
	struct net *net;
	struct net_conn *conns[CONNECTIONS];
	struct person *people;
	struct caller callers[CALLERS];
	size_t n_people, next_caller;
	uint64_t visits, answers, repeats, busy, dead_answers;
	int64_t next_send_us;
	bool settling, dying; /* no new steps; answers of the dead are read */
	bool first_answer;    /* has come since the start */
	bool control, caught;
	struct figures restarts, lately, waits; /* lately: of restarts, since the last line */
	struct figures unhindered;              /* restarts, less what others had the processors */
};

static struct visit *
visit_of(struct drive *d, const struct caller *c)
{
	struct person *p = &d->people[c->person];

	return &p->visits[p->n - 1];
}

/* Half of them are regulars, who come again and again. */
static size_t
somebody(const struct drive *d)
{
	size_t at;

	do
		at = chance_below(chance_below(2) == 0 ? REGULARS : (uint32_t)d->n_people);
	while (d->people[at].busy);
	return at;
}

static void
begin_visit(struct drive *d, struct caller *c)
{
	size_t at = somebody(d);
	struct person *p = &d->people[at];

	if (p->n == p->cap) {
		p->cap = (uint16_t)(p->cap ? p->cap * 2 : 2);
		p->visits = xrealloc(p->visits, p->cap * sizeof(*p->visits));
	}
	p->visits[p->n++] = visit_new(p);
	p->busy = true;
	c->person = at;
	c->active = true;
	c->sent = false;
	snprintf(c->session, sizeof(c->session), "k%llu", (unsigned long long)++d->visits);
}

/* The next request of a caller, or the same again when nobody answered. */
static bool
send_step(struct drive *d, struct caller *c, struct net_conn *conn)
{
	struct visit *v = visit_of(d, c);
	struct person *p = &d->people[c->person];
	struct arena *a = arena_new(1024);
	char text[STEPS_MAX * 2 + 1] = "";

	for (unsigned i = 0; i < v->acked; i++) {
		text[i * 2] = v->keys[i];
		text[i * 2 + 1] = i + 1 < v->acked ? '*' : '\0';
	}
	bool ok = net_ask(conn, ussd_request(a, &d->folder, c->session, c->person, text));
	arena_free(a);
	if (!ok)
		return false;
	d->repeats += c->sent;
	c->sent = p->sent = true;
	p->touched = true;
	c->conn = conn;
	conn->tag = c;
	return true;
}

/* One request if its time has come: somebody who waits for nobody, on a connection that is free. */
static void
pace(struct drive *d)
{
	int64_t now = drive_now_us();
	struct net_conn *conn = NULL;

	if (now < d->next_send_us)
		return;
	for (size_t i = 0; i < CONNECTIONS && conn == NULL; i++)
		if (!d->conns[i]->waiting)
			conn = d->conns[i];
	for (size_t i = 0; conn != NULL && i < CALLERS; i++) {
		struct caller *c = &d->callers[d->next_caller++ % CALLERS];

		if (c->conn != NULL || (d->settling && !c->sent))
			continue;
		if (!c->active)
			begin_visit(d, c);
		if (!send_step(d, c, conn)) {
			d->next_caller--;
			d->next_send_us = now + PACE_US / 2;
			return;
		}
		break;
	}
	d->next_send_us += PACE_US;
	if (d->next_send_us < now - LATE_US)
		d->next_send_us = now - LATE_US;
}

static void
check_page(const struct caller *c, const struct visit *v, struct str page)
{
	const char *expected = expected_page(v, v->acked);
	bool ends = v->acked == v->n_keys;
	char name[FOLDER_NAME];

	folder_name(c->person, name);
	if (memmem(page.p, page.n, expected, strlen(expected)) == NULL ||
	    str_starts(page, STR_LIT("END ")) != ends ||
	    (str_starts(page, STR_LIT("END Merci ")) &&
	     memmem(page.p, page.n, name, strlen(name)) == NULL))
		drive_fail("session %s of %s, page %u: \"%s\" is not in: %.*s", c->session, name,
			   v->acked, expected, STR_ARG(page));
}

static void
end_visit(struct drive *d, struct caller *c, const struct visit *v, bool dropped)
{
	struct person *p = &d->people[c->person];

	p->done = p->done || (v->kind == VISIT_CHECKIN && !dropped);
	p->busy = dropped; /* who broke off stays half way */
	c->active = false;
}

static void
note_restart(struct drive *d)
{
	int64_t took = drive_now_us() - d->child.started_us;

	d->first_answer = true;
	figures_add(&d->restarts, took);
	figures_add(&d->lately, took);
	figures_add(&d->unhindered, took - child_waited_us(&d->child));
}

static void
on_answer(void *ctx, struct net_conn *conn, int status, struct str page)
{
	struct drive *d = ctx;
	struct caller *c = conn->tag;
	struct visit *v = visit_of(d, c);

	c->conn = NULL;
	if (status != 200)
		drive_fail("HTTP %d: %.*s", status, STR_ARG(page));
	if (str_starts(page, STR_LIT("END Souci technique"))) {
		d->busy++; /* acknowledges nothing */
		return;
	}
	if (!d->control)
		check_page(c, v, page);
	if (!d->first_answer && !d->dying)
		note_restart(d);
	figures_add(&d->waits, drive_now_us() - conn->sent_us);
	d->answers++;
	d->dead_answers += d->dying;
	c->sent = d->people[c->person].sent = false;
	v->acked++;
	if (v->acked == v->n_keys + 1)
		end_visit(d, c, v, false);
	else if (chance_below(100) < DROPS_PERCENT)
		end_visit(d, c, v, true);
}

static void
on_closed(void *ctx, struct net_conn *conn)
{
	(void)ctx;
	if (conn->waiting)
		((struct caller *)conn->tag)->conn = NULL;
}

/* ---- Comparing ---- */

/* Lost, doubled or half: what the rows are instead of what was acknowledged. */
static void
compare_person(struct drive *d, struct kept *kept, size_t at)
{
	const struct person *p = &d->people[at];
	struct arena *a = arena_new(4096);
	struct buf is, acked, more;

	buf_init_arena(&is, a);
	buf_init_arena(&acked, a);
	buf_init_arena(&more, a);
	kept_person(kept, folder_row(at), false, &is);
	expect_person(p, 0, &acked);
	if (p->sent)
		expect_person(p, 1, &more);
	bool ok = str_eq(buf_str(&is), buf_str(&acked)) ||
		  (p->sent && str_eq(buf_str(&is), buf_str(&more)));
	if (!ok && d->control)
		d->caught = true;
	else if (!ok)
		drive_fail("person %zu:\n%sbut acknowledged was%s:\n%s%s", at, is.p,
			   p->sent ? ", and perhaps one step more" : "", acked.p,
			   p->sent ? more.p : "");
	arena_free(a);
}

/* everybody: also those whom nobody called, who must have nothing. */
static void
compare(struct drive *d, const char *dir, bool whole, bool everybody)
{
	struct kept *kept = kept_open(dir);

	if (whole)
		kept_check(kept);
	for (size_t i = 0; i < d->n_people && !d->caught; i++) {
		if (everybody || d->people[i].touched)
			compare_person(d, kept, i);
		d->people[i].touched = d->people[i].touched && d->people[i].sent;
	}
	kept_close(kept);
}

/* ---- Deaths ---- */

enum death {
	DEATH_STARTING,  /* in the first moments */
	DEATH_WORKING,   /* any time */
	DEATH_AT_ANSWER, /* as soon as an answer has arrived, others owed */
	DEATH_AT_SEND,   /* as soon as requests are out, or in the moments of their commit */
	DEATHS
};

static void
live_until(struct drive *d, int64_t until_us)
{
	while (drive_now_us() < until_us) {
		pace(d);
		int64_t now = drive_now_us(), next = until_us;

		if (d->next_send_us < next)
			next = d->next_send_us;
		net_turn(d->net, next > now ? next - now : 0);
	}
}

/* Every connection has a request under way. */
static void
burst(struct drive *d)
{
	for (size_t i = 0; i < CONNECTIONS; i++) {
		d->next_send_us = 0;
		pace(d);
	}
	d->next_send_us = drive_now_us() + PACE_US;
}

static void
live(struct drive *d, enum death death)
{
	if (death == DEATH_STARTING) {
		live_until(d, drive_now_us() + chance_below(60000));
		return;
	}
	while (!d->first_answer) {
		child_check(&d->child);
		live_until(d, drive_now_us() + 1000);
	}
	live_until(d, drive_now_us() + 100000 + chance_below(700000));
	if (death == DEATH_WORKING)
		return;
	burst(d);
	if (death == DEATH_AT_SEND) /* answers stay in the sockets */
		for (int64_t until = drive_now_us() + chance_below(3000); drive_now_us() < until;)
			;
	for (uint64_t answers = d->answers; death == DEATH_AT_ANSWER && d->answers == answers;) {
		child_check(&d->child);
		net_turn(d->net, PACE_US);
	}
}

static void
die(struct drive *d)
{
	child_kill(&d->child);
	d->dying = true;
	net_drain(d->net);
	d->dying = false;
}

static void
begin(struct drive *d)
{
	child_start(&d->child);
	d->first_answer = false;
	d->next_send_us = drive_now_us();
}

static void
settle(struct drive *d)
{
	bool owed = true;

	d->settling = true;
	child_await(&d->child);
	while (owed) {
		child_check(&d->child);
		live_until(d, drive_now_us() + PACE_US);
		owed = false;
		for (size_t i = 0; i < CALLERS; i++)
			owed |= d->callers[i].sent;
	}
}

static void
tell(struct drive *d, unsigned deaths)
{
	drive_say(
		"%u deaths, %llu visits, %llu answers, %llu repeats; lately a start took %.0f ms, "
		"at most %.0f",
		deaths, (unsigned long long)d->visits, (unsigned long long)d->answers,
		(unsigned long long)d->repeats, figures_ms(&d->lately, 500),
		figures_ms(&d->lately, 1000));
	figures_free(&d->lately);
}

static unsigned
part_of(unsigned deaths, unsigned parts)
{
	return deaths > parts ? deaths / parts : 1;
}

static void
drive(struct drive *d, unsigned deaths)
{
	unsigned look = part_of(deaths, drive_is_long() ? LOOKS_LONG : LOOKS);

	begin(d);
	for (unsigned i = 1; i <= deaths && !d->caught; i++) {
		live(d, d->control ? DEATH_AT_ANSWER : (enum death)chance_below(DEATHS));
		die(d);
		compare(d, folder_copy(&d->folder), i % look == 0, false);
		begin(d);
		if (i % part_of(deaths, 10) == 0)
			tell(d, i);
	}
	if (d->control)
		return;
	settle(d);
	child_stop(&d->child);
	compare(d, d->folder.state, true, true);
}

static void
report(struct drive *d, unsigned deaths)
{
	double median = figures_ms(&d->restarts, 500), longest = figures_ms(&d->restarts, 1000);

	drive_say("%u deaths, %llu answers (%llu from the dead), %llu repeats, %llu busy pages: "
		  "0 lost, 0 doubled, 0 half",
		  deaths, (unsigned long long)d->answers, (unsigned long long)d->dead_answers,
		  (unsigned long long)d->repeats, (unsigned long long)d->busy);
	drive_say("start to first right answer: median %.0f ms, longest %.0f ms (%zu people)",
		  median, longest, d->n_people);
	drive_say("the same without waiting for a processor that others had: median %.0f ms, "
		  "longest %.0f ms",
		  figures_ms(&d->unhindered, 500), figures_ms(&d->unhindered, 1000));
	drive_say("an answer: median %.1f ms, p99 %.1f ms", figures_ms(&d->waits, 500),
		  figures_ms(&d->waits, 990));
	/* Of a thousand, ten may have met somebody else's load on the disk; of forty, none. */
	if (figures_ms(&d->unhindered, 990) > RESTART_MS)
		drive_fail("a start takes more than a second");
}

int
main(int argc, char **argv)
{
	static struct drive d;
	unsigned deaths = drive_is_long() ? DEATHS_LONG : DEATHS_ORDINARY;
	const struct net_handlers handlers = {on_answer, on_closed, &d};

	d.control = argc == 3 && strcmp(argv[1], "--control") == 0;
	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: drive_kill WASLD [DEATHS] or drive_kill --control WASLD\n");
		return 2;
	}
	const char *wasld = argv[1 + d.control];
	if (argc == 3 && !d.control)
		deaths = (unsigned)strtoul(argv[2], NULL, 10);
	d.n_people = d.control ? CONTROL_PEOPLE : PEOPLE;
	const struct folder_options o = {.people = d.n_people, .limits = "answer_ms: 10000"};
	chance_begin();
	folder_new(&d.folder, wasld, &o);
	d.people = xcalloc(d.n_people, sizeof(*d.people));
	d.child = (struct child){.program = wasld, .folder = &d.folder};
	d.net = net_new(&handlers);
	for (size_t i = 0; i < CONNECTIONS; i++)
		d.conns[i] = net_conn_new(d.net, 1, d.folder.port);
	drive(&d, deaths);
	if (d.control) {
		child_kill(&d.child);
		drive_say(d.caught ? "caught: an acknowledged answer was lost"
				   : "NOT caught: this driver would miss a lost answer");
	} else {
		report(&d, deaths);
	}
	net_free(d.net);
	for (size_t i = 0; i < d.n_people; i++)
		free(d.people[i].visits);
	free(d.people);
	figures_free(&d.restarts);
	figures_free(&d.lately);
	figures_free(&d.unhindered);
	figures_free(&d.waits);
	folder_free(&d.folder);
	return d.control && !d.caught;
}
