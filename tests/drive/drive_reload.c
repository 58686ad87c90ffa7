/*
 * Reloads under callers: 200 webhooks a second while the files change between
 * two good editions, every second time with a fault in the menus, in a dialect or
 * in wasl.yaml beside the other edition. Every request is answered, every
 * session stays on the edition that was in force when it began (some of them all
 * the while), a faulty set changes nothing, and neither memory nor descriptors
 * grow.
 *
 *   drive_reload WASLD           60 reloads (18 under a sanitizer); WASL_LONG=1: 500
 */
#include "drive_reload.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINES = 64, SLEEPERS = 8, STEPS = 5, SLEEP_STEP = 3 };
enum {
	PACE_US = 5000,
	BEHIND_US = 1000000,
	REST_US = 50000,
	PATIENCE_US = 60000000,
	CLOSE_US = 20000000
};
enum { PEOPLE = 2000, CATEGORIES = 5 };
/* In the second half: of the 500, 125 sets of 0.6 MiB come and must go; the heap settles in the
 * first hundred. A sanitizer keeps what was freed. */
#ifdef WASL_DRIVE_SMALL
enum { GROWTH_MIB = 512 };
#else
enum { GROWTH_MIB = 16 };
#endif

#define LIMITS "answer_ms: 10000, connections_per_address: 128"

struct line {
	struct net_conn *conn;
	size_t person;
	char session[24];
	unsigned step, category;
	int edition;      /* of the session; -1: its first page is not there yet */
	unsigned allowed; /* a bit for each edition it may begin with */
	bool resting;     /* begins no further session */
};

struct drive {
	struct folder folder;
	struct files files;
	struct child child;
	struct reloads said;
	struct net *net;
	struct line lines[LINES];
	char pages[EDITIONS][STEPS][PAGE_BYTES]; /* figures made # */
	size_t next_line, visits, ended;
	int64_t *told; /* number of the need, by visit */
	size_t told_cap;
	unsigned in_force; /* edition */
	unsigned coming;   /* a bit for the edition that may be in force any moment */
	bool learning, ending;
	uint64_t asked, answered, editions[EDITIONS];
	struct figures waits, spans; /* of answers; of reloads */
	int64_t next_us;
};

/* ---- What callers say, what they must hear ---- */

static void
say(struct drive *d, struct line *l)
{
	static const char *const texts[STEPS] = {"", "2", "2*%u", "2*%u*3", "2*%u*3*0"};
	struct arena *a = arena_new(1024);
	char text[16] = "";

	for (const char *p = texts[l->step]; *p != '\0'; p++)
		if (*p == '%') {
			snprintf(text + strlen(text), 4, "%u", l->category);
			p++;
		} else {
			strncat(text, p, 1);
		}
	if (!net_ask(l->conn, ussd_request(a, &d->folder, l->session, l->person, text)))
		drive_fail("nobody listens");
	d->asked++;
	arena_free(a);
}

static void
begin(struct drive *d, struct line *l)
{
	size_t visit = d->visits++;

	if (visit == d->told_cap) {
		d->told_cap = d->told_cap * 2 + 1024;
		d->told = xrealloc(d->told, d->told_cap * sizeof(*d->told));
	}
	d->told[visit] = 0;
	if (visit >= (size_t)PEOPLE * CATEGORIES)
		drive_fail("there are not enough people for so many visits");
	l->person = visit % PEOPLE;
	l->category = 1 + (unsigned)(visit / PEOPLE); /* each asks for the same thing once */
	l->step = 0;
	l->edition = -1;
	snprintf(l->session, sizeof(l->session), "r%zu", visit);
}

static void
check_page(struct drive *d, struct line *l, struct str body)
{
	char page[PAGE_BYTES];

	page_without_figures(body, page);
	if (d->learning)
		memcpy(d->pages[d->in_force][l->step], page, PAGE_BYTES);
	if (l->edition < 0)
		for (int e = 0; e < EDITIONS; e++)
			if (l->allowed & 1u << e && strcmp(page, d->pages[e][0]) == 0)
				l->edition = e;
	if (l->edition < 0 || strcmp(page, d->pages[l->edition][l->step]) != 0)
		drive_fail("session %s of edition %d (edition %u in force), step %u: %.*s",
			   l->session, l->edition, d->in_force, l->step, STR_ARG(body));
}

static void
on_answer(void *ctx, struct net_conn *conn, int status, struct str body)
{
	struct drive *d = ctx;
	struct line *l = conn->tag;

	if (status != 200)
		drive_fail("session %s step %u: HTTP %d", l->session, l->step, status);
	d->answered++;
	figures_add(&d->waits, drive_now_us() - conn->sent_us);
	check_page(d, l, body);
	if (++l->step < STEPS)
		return;
	d->told[strtoul(l->session + 1, NULL, 10)] = page_number(body);
	d->editions[l->edition]++;
	d->ended++;
	if (d->learning || d->ending)
		l->resting = true;
	else
		begin(d, l);
}

static void
on_closed(void *ctx, struct net_conn *conn)
{
	(void)ctx;
	if (conn->waiting)
		drive_fail("a connection was closed under a request");
}

/* ---- Time ---- */

static bool
wants_to_speak(const struct drive *d, const struct line *l)
{
	bool sleeps = (size_t)(l - d->lines) < SLEEPERS && l->step == SLEEP_STEP && !d->ending;

	return !l->conn->waiting && !l->resting && !sleeps;
}

static void
speak_next(struct drive *d)
{
	for (size_t i = 0; i < LINES; i++) {
		struct line *l = &d->lines[d->next_line++ % LINES];

		if (!wants_to_speak(d, l))
			continue;
		if (l->step == 0)
			l->allowed = 1u << d->in_force | d->coming;
		say(d, l);
		return;
	}
}

static void
turn(struct drive *d, bool speak)
{
	int64_t now = drive_now_us();

	child_check(&d->child);
	if (speak && now >= d->next_us) {
		speak_next(d);
		/* What was missed while the gateway read files is made up. */
		d->next_us = d->next_us + BEHIND_US < now ? now : d->next_us + PACE_US;
	}
	now = drive_now_us();
	net_turn(d->net, !speak ? PACE_US : d->next_us > now ? d->next_us - now : 0);
}

static void
live(struct drive *d, int64_t span_us)
{
	int64_t until = drive_now_us() + span_us;

	while (drive_now_us() < until)
		turn(d, true);
}

/* Who is asking right now, or until it is done, may be answered before the swap or after it. */
static void
expect_edition(struct drive *d, enum edition edition)
{
	d->coming = 1u << edition;
	for (size_t i = 0; i < LINES; i++)
		d->lines[i].allowed |= d->coming;
}

/* ---- Reloads ---- */

static void
await_reload(struct drive *d, enum fault fault)
{
	unsigned done = d->said.done, refused = d->said.refused;
	int64_t from = drive_now_us();

	while (d->said.done == done && d->said.refused == refused) {
		turn(d, !d->learning);
		reloads_look(&d->said);
		if (drive_now_us() > from + PATIENCE_US)
			drive_fail("a reload does not come to its end");
	}
	if (d->said.done - done != (fault == FAULT_NONE) ||
	    d->said.refused - refused != (fault != FAULT_NONE))
		drive_fail("a set with a fault in \"%s\" was %s", files_blamed(fault),
			   d->said.done > done ? "taken" : "refused");
	figures_add(&d->spans, drive_now_us() - from);
}

/* By signal and by the socket in turn. */
static void
reload(struct drive *d, unsigned which, enum edition edition, enum fault fault)
{
	int fd = -1;

	files_write(&d->files, edition, fault);
	if (fault == FAULT_NONE)
		expect_edition(d, edition);
	if (which / 2 % 2 == 0)
		fd = reloads_ask(&d->said);
	else if (kill(d->child.pid, SIGHUP) != 0)
		drive_fail("no signal");
	await_reload(d, fault);
	if (fault == FAULT_NONE)
		d->in_force = edition;
	d->coming = 0;
	if (fd >= 0)
		reloads_answer(fd, fault);
}

/* Even ones are good, odd ones faulty, and each brings the other edition along. */
static void
reload_nth(struct drive *d, unsigned n)
{
	enum edition other = d->in_force == EDITION_SHIPPED ? EDITION_SMALL : EDITION_SHIPPED;

	reload(d, n, other, n % 2 == 0 ? FAULT_NONE : (enum fault)(n / 2 % FAULTS));
}

/* ---- The parts ---- */

static void
learn(struct drive *d, enum edition edition)
{
	struct line *l = &d->lines[0];

	begin(d, l);
	l->edition = (int)edition;
	l->resting = false;
	while (l->step < STEPS) {
		if (!l->conn->waiting)
			say(d, l);
		turn(d, false);
	}
}

static void
learn_both(struct drive *d)
{
	d->learning = true;
	learn(d, EDITION_SHIPPED);
	reload(d, 0, EDITION_SMALL, FAULT_NONE);
	learn(d, EDITION_SMALL);
	for (size_t i = 0; i < STEPS; i++)
		if (strcmp(d->pages[EDITION_SHIPPED][i], d->pages[EDITION_SMALL][i]) == 0)
			drive_fail("step %zu looks the same in both editions", i);
	d->learning = false;
}

static size_t
reload_many(struct drive *d, unsigned reloads)
{
	size_t at_half = 0, most = 0;

	for (unsigned n = 0; n < reloads; n++) {
		reload_nth(d, n);
		live(d, REST_US);
		size_t now = size_memory(&d->child);
		most = now > most ? now : most;
		if (n + 1 == reloads / 2)
			at_half = most;
		if ((n + 1) % (reloads / 6) == 0)
			drive_say("%u reloads, %zu visits, %.1f MiB", n + 1, d->visits,
				  (double)now / 1048576);
	}
	return most - at_half;
}

/* Sessions go to their end, those that have slept all the while too. */
static void
end_all(struct drive *d)
{
	int64_t until = drive_now_us() + PATIENCE_US;

	d->ending = true;
	for (size_t i = 0; i < LINES; i++)
		if (d->lines[i].step == 0 && !d->lines[i].conn->waiting)
			d->lines[i].resting = true;
	for (size_t i = 0; i < LINES; i++)
		while (!d->lines[i].resting) {
			turn(d, true);
			if (drive_now_us() > until)
				drive_fail("a session does not come to its end");
		}
	for (size_t i = 0; i < LINES; i++)
		net_close(d->lines[i].conn);
}

static void
check_files(struct drive *d, int before)
{
	int64_t until = drive_now_us() + CLOSE_US;
	int now = size_files(&d->child);

	while (now > before && drive_now_us() < until) {
		turn(d, false);
		now = size_files(&d->child);
	}
	if (before < 0)
		drive_say("descriptors were not counted: not this login's to see");
	else
		drive_say("descriptors: %d before, %d after", before, now);
	if (now > before)
		drive_fail("descriptors are left open");
}

/* Each visit that was told a number has its need, and there is no other. */
static void
check_kept(struct drive *d)
{
	struct kept *k = kept_open(d->folder.state);
	int64_t told = 0;

	kept_check(k);
	for (size_t i = 0; i < d->visits; i++) {
		told += d->told[i] != 0;
		if (d->told[i] != 0 && kept_need_person(k, d->told[i]) != folder_row(i % PEOPLE))
			drive_fail("need %lld is not of the person who was told it",
				   (long long)d->told[i]);
	}
	if (kept_count(k, "need") != told)
		drive_fail("%lld needs, told %lld", (long long)kept_count(k, "need"),
			   (long long)told);
	kept_close(k);
}

static void
set_up(struct drive *d, const char *wasld)
{
	const struct folder_options o = {.people = PEOPLE, .limits = LIMITS};
	const struct net_handlers handlers = {on_answer, on_closed, d};

	folder_new(&d->folder, wasld, &o);
	files_new(&d->files, &d->folder);
	d->said.folder = &d->folder;
	d->child = (struct child){.program = wasld, .folder = &d->folder};
	d->net = net_new(&handlers);
	for (size_t i = 0; i < LINES; i++) {
		d->lines[i].conn = net_conn_new(d->net, 1, d->folder.port);
		d->lines[i].conn->tag = &d->lines[i];
	}
}

static void
tell(struct drive *d)
{
	drive_say("%u taken, %u refused; a reload takes %.0f ms, at most %.0f", d->said.done,
		  d->said.refused, figures_ms(&d->spans, 500), figures_ms(&d->spans, 1000));
	drive_say("%llu of %llu answers, median %.1f ms, p99 %.1f ms, longest %.1f ms; %llu "
		  "visits of the one edition, %llu of the other",
		  (unsigned long long)d->answered, (unsigned long long)d->asked,
		  figures_ms(&d->waits, 500), figures_ms(&d->waits, 990),
		  figures_ms(&d->waits, 1000), (unsigned long long)d->editions[EDITION_SHIPPED],
		  (unsigned long long)d->editions[EDITION_SMALL]);
}

static void
under_callers(struct drive *d, unsigned reloads)
{
	child_start(&d->child);
	child_await(&d->child);
	learn_both(d);
	net_close(d->lines[0].conn);
	int files = size_files(&d->child);
	for (size_t i = 0; i < LINES; i++) {
		d->lines[i].resting = false;
		begin(d, &d->lines[i]);
	}
	d->next_us = drive_now_us();
	size_t growth = reload_many(d, reloads);
	end_all(d);
	tell(d);
	drive_say("in the second half of them memory grew by %.1f MiB", (double)growth / 1048576);
	if (growth > (size_t)GROWTH_MIB * 1048576)
		drive_fail("memory grows");
	check_files(d, files);
	child_stop(&d->child);
	check_kept(d);
	if (d->answered != d->asked)
		drive_fail("answers were lost");
}

int
main(int argc, char **argv)
{
	static struct drive d;
#ifdef WASL_DRIVE_SMALL
	unsigned reloads = 18;
#else
	unsigned reloads = 60;
#endif
	if (argc != 2) {
		fprintf(stderr, "usage: drive_reload WASLD\n");
		return 2;
	}
	chance_begin();
	set_up(&d, argv[1]);
	under_callers(&d, drive_is_long() ? 500 : reloads);
	net_free(d.net);
	free(d.told);
	figures_free(&d.waits);
	figures_free(&d.spans);
	files_free(&d.files);
	folder_free(&d.folder);
	return 0;
}
