/*
 * Slow and silent callers beside honest ones.
 *
 * A thousand clients from eight addresses of the loopback say nothing, or a
 * byte a second, or never read, and come again when they are hung up on, while
 * honest callers are measured: first against the shipped limits with the
 * aggregator's address listed, then with the caps so wide that all thousand are
 * let in. Then a gateway that has run out of descriptors must idle and not spin.
 *
 *   drive_slow WASLD             6 seconds each; WASL_LONG=1: two minutes each
 */
#include "drive_honest.h"

#include <stdio.h>
#include <stdlib.h>

enum { SLOW = 1000, SLOW_FROM = 2, SLOW_ADDRESSES = 8, SLOW_PERIOD_US = 1000000, AT_A_TURN = 8 };
enum {
	ALONE_US = 2000000,
	FEW_FILES = 64,
	IDLERS = 200,
	LOOK_US = 2000000,
	SPIN_PERCENT = 20,
	TRIES = 3
};

/* What a raw connection is here. */
enum slow_kind {
	SLOW_SILENT, /* says nothing */
	SLOW_HEAD,   /* a head, a byte at a time */
	SLOW_BODY,   /* a good head, then a body, a byte at a time */
	SLOW_IDLE,   /* asks once, then rests */
	SLOW_DEAF,   /* asks all the time and never reads */
	SLOW_KINDS
};

struct slow {
	struct net_conn *conn;
	enum slow_kind kind;
	unsigned said; /* on this connection */
};

struct drive {
	struct honest honest;
	struct slow slow[SLOW];
	size_t n_slow; /* taking part */
	size_t next_slow;
	int64_t next_slow_us;
};

static void
slow_turn(struct slow *s)
{
	static const char trickle[] = "POST /nothing HTTP/1.1\r\nHost: a\r\nX-Long-Header: ";
	static const char head[] =
		"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n";
	static const char whole[] = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n";
	const struct str byte = {s->said < sizeof(trickle) - 1 ? &trickle[s->said] : "x", 1};

	if (s->conn->fd < 0)
		s->said = 0;
	if (!net_open(s->conn))
		return;
	if (s->kind == SLOW_HEAD)
		(void)net_send(s->conn, byte);
	else if (s->kind == SLOW_BODY)
		(void)net_send(s->conn, s->said == 0 ? str_of(head) : STR_LIT("x"));
	else if (s->kind == SLOW_DEAF || (s->kind == SLOW_IDLE && s->said == 0))
		(void)net_send(s->conn, str_of(whole));
	s->said++;
}

static int64_t
pace_slow(void *arg, int64_t now)
{
	struct drive *d = arg;

	if (d->n_slow == 0)
		return INT64_MAX;
	for (unsigned i = 0; now >= d->next_slow_us && i < AT_A_TURN; i++) {
		slow_turn(&d->slow[d->next_slow++ % d->n_slow]);
		d->next_slow_us += SLOW_PERIOD_US / (int64_t)d->n_slow;
	}
	return d->next_slow_us;
}

static void
slow_new(struct drive *d)
{
	for (size_t i = 0; i < SLOW; i++) {
		struct slow *s = &d->slow[i];

		s->kind = (enum slow_kind)(i / SLOW_ADDRESSES % SLOW_KINDS);
		s->conn = net_conn_new(d->honest.net, (uint32_t)(SLOW_FROM + i % SLOW_ADDRESSES),
				       d->honest.folder.port);
		s->conn->raw = true;
		s->conn->deaf = s->kind == SLOW_DEAF;
	}
}

static void
slow_close(struct drive *d)
{
	for (size_t i = 0; i < SLOW; i++)
		net_close(d->slow[i].conn);
	d->n_slow = 0;
}

/* ---- The parts ---- */

#define WIDE \
	"answer_ms: 10000, connections: 4096, connections_reserved: 8, connections_per_address: 512"

static size_t
open_slow(const struct drive *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_slow; i++)
		n += d->slow[i].conn->fd >= 0;
	return n;
}

static void
quiet_callers(struct drive *d)
{
	struct honest *h = &d->honest;

	tally_begin(h);
	honest_live(h, ALONE_US);
	honest_settle(h);
	tally_answered(h, "alone");
	h->alone_p99_ms = figures_ms(&h->tally.waits, 990);
}

/* Somebody else's disk may be in the way once; a gateway that keeps people waiting always is. */
static void
slow_callers(struct drive *d, const char *what, int64_t span_us)
{
	struct honest *h = &d->honest;
	bool ok = false;

	for (unsigned i = 0; i < TRIES && !ok; i++) {
		tally_begin(h);
		d->n_slow = SLOW;
		d->next_slow_us = drive_now_us();
		honest_live(h, span_us);
		drive_say("%zu slow connections are open", open_slow(d));
		honest_settle(h);
		tally_answered(h, what);
		ok = tally_waits_ok(h);
	}
	if (!ok)
		drive_fail("honest callers waited too long");
	slow_close(d);
}

static bool
log_has(const struct drive *d, const char *text)
{
	char line[512];
	bool found = false;
	FILE *f = fopen(d->honest.folder.log, "rb");

	while (f != NULL && !found && fgets(line, sizeof(line), f) != NULL)
		found = strstr(line, text) != NULL;
	if (f != NULL)
		fclose(f);
	return found;
}

static void
no_descriptors(struct drive *d)
{
	for (size_t i = 0; i < IDLERS; i++)
		(void)net_open(d->slow[i].conn);
	while (!log_has(d, "accept failed")) {
		child_check(&d->honest.child);
		if (drive_now_us() > d->honest.child.started_us + WAIT_US)
			drive_fail("%d descriptors are enough for %d callers", FEW_FILES, IDLERS);
		honest_turn(&d->honest, false);
	}
	int64_t cpu = child_cpu_us(&d->honest.child), began = drive_now_us();
	while (drive_now_us() < began + LOOK_US)
		honest_turn(&d->honest, false);
	cpu = child_cpu_us(&d->honest.child) - cpu;
	int64_t percent = cpu * 100 / (drive_now_us() - began);
	drive_say("out of descriptors: %lld %% of a processor", (long long)percent);
	if (percent >= SPIN_PERCENT)
		drive_fail("it spins");
	slow_close(d);
	tally_begin(&d->honest);
	honest_live(&d->honest, 500000);
	honest_settle(&d->honest);
	tally_answered(&d->honest, "when there are descriptors again");
}

static void
raise_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		drive_fail("no limit of descriptors");
	if (files.rlim_max < SLOW * 2) {
		printf("skipped: drive_slow: no %d descriptors here\n", SLOW * 2);
		exit(EXIT_SKIPPED);
	}
	files.rlim_cur = files.rlim_max < SLOW * 4 ? files.rlim_max : SLOW * 4;
	if (setrlimit(RLIMIT_NOFILE, &files) != 0)
		drive_fail("the limit of descriptors stays");
}

int
main(int argc, char **argv)
{
	static struct drive d;
	int64_t span_us = drive_is_long() ? 120000000 : 6000000;

	if (argc != 2) {
		fprintf(stderr, "usage: drive_slow WASLD\n");
		return 2;
	}
	chance_begin();
	raise_files();
	honest_new(&d.honest, argv[1]);
	d.honest.beside = pace_slow;
	d.honest.beside_arg = &d;
	slow_new(&d);
	honest_start(&d.honest, "answer_ms: 10000", "127.0.0.1/32", 0);
	quiet_callers(&d);
	slow_callers(&d, "1000 slow ones, shipped caps", span_us);
	honest_stop(&d.honest);
	honest_start(&d.honest, WIDE, NULL, 0);
	slow_callers(&d, "1000 slow ones, all let in", span_us);
	honest_stop(&d.honest);
	honest_start(&d.honest, WIDE, NULL, FEW_FILES);
	no_descriptors(&d);
	honest_stop(&d.honest);
	honest_free(&d.honest);
	return 0;
}
