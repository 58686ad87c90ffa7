/*
 * Requests that must be refused, beside honest callers: faults of framing, whole
 * and in pieces, at the root and at the webhook itself, and calls by somebody
 * who does not know the secret. Each is closed with its code, none leaves a row,
 * none makes an honest caller wait.
 *
 *   drive_hostile WASLD
 */
#include "drive_honest.h"

#include "unit/test_http_hostile.h"

#include <stdio.h>
#include <stdlib.h>

#define LIMITS "answer_ms: 10000"
enum { ALONE_US = 1000000, HOSTILE_FROM = 2, STALLED_MS = 1000 };

static size_t
undo_marks(const char *marked, char *bytes, size_t cap)
{
	size_t n = 0;

	for (; *marked != '\0' && n < cap; marked++) {
		bool nul = strncmp(marked, "{N}", 3) == 0;

		bytes[n++] = nul ? '\0' : *marked;
		marked += nul ? 2 : 0;
	}
	return n;
}

/* Sends in pieces and waits until the other side hangs up; what it said is in conn->in. */
static void
send_all(struct honest *h, struct net_conn *conn, struct str bytes, size_t step)
{
	int64_t until = drive_now_us() + WAIT_US;

	conn->raw = true;
	if (!net_open(conn))
		drive_fail("nobody listens");
	for (size_t i = 0; i < bytes.n && conn->fd >= 0; i += step) {
		(void)net_send(conn,
			       (struct str){bytes.p + i, bytes.n - i < step ? bytes.n - i : step});
		if (step < bytes.n)
			honest_turn(h, true);
	}
	while (conn->fd >= 0) {
		honest_turn(h, true);
		if (drive_now_us() > until)
			drive_fail("no end: %.*s", (int)conn->in_n, conn->in ? conn->in : "");
	}
}

static bool
has(const struct net_conn *conn, const char *text)
{
	return memmem(conn->in, conn->in_n, text, strlen(text)) != NULL;
}

static void
refuse_one(struct honest *h, struct net_conn *conn, const struct hostile *bad, struct str bytes,
	   size_t step)
{
	char status[32];

	snprintf(status, sizeof(status), "HTTP/1.1 %d ", bad->status);
	send_all(h, conn, bytes, step);
	if (!has(conn, status) || !has(conn, "Connection: close\r\n") || has(conn, " 200 "))
		drive_fail("%s in pieces of %zu got: %.*s", bad->what, step, (int)conn->in_n,
			   conn->in ? conn->in : "");
}

/* The same fault in a call of the webhook. */
static struct str
at_webhook(struct arena *a, const struct folder *f, const char *bytes, size_t n)
{
	static const char *const starts[] = {"GET / ", "POST / "};
	struct buf out;

	buf_init_arena(&out, a);
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		size_t cut = strlen(starts[i]);

		if (n <= cut || memcmp(bytes, starts[i], cut) != 0)
			continue;
		buf_add(&out, bytes, cut - 1);
		buf_printf(&out, "c/at-1/%s/ussd", f->secret);
		buf_add(&out, bytes + cut - 1, n - cut + 1);
		return buf_str(&out);
	}
	return STR_NONE;
}

static size_t
bad_framing(struct honest *h, struct net_conn *conn)
{
	size_t refused = 0;

	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct arena *a = arena_new(2048);
		char bytes[1024];
		const struct str whole = {bytes,
					  undo_marks(hostile[i].bytes, bytes, sizeof(bytes))};
		struct str webhook = at_webhook(a, &h->folder, bytes, whole.n);

		refuse_one(h, conn, &hostile[i], whole, whole.n);
		refuse_one(h, conn, &hostile[i], whole, 7);
		refused += 2;
		if (webhook.n > 0) {
			refuse_one(h, conn, &hostile[i], webhook, webhook.n);
			refused++;
		}
		arena_free(a);
	}
	return refused;
}

/* "%s" is the secret. */
static struct str
forged(struct arena *a, const char *target, const char *secret)
{
	static const char body[] = "sessionId=forged&phoneNumber=%2B212600000001&networkCode=60401"
				   "&serviceCode=%2A000%23&text=2*1*1*0";
	struct buf whole;

	buf_init_arena(&whole, a);
	buf_adds(&whole, "POST ");
	for (const char *hole; (hole = strstr(target, "%s")) != NULL; target = hole + 2) {
		buf_add(&whole, target, (size_t)(hole - target));
		buf_adds(&whole, secret);
	}
	buf_printf(&whole,
		   "%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
		   "Content-Type: application/x-www-form-urlencoded\r\n"
		   "Content-Length: %zu\r\n\r\n%s",
		   target, sizeof(body) - 1, body);
	return buf_str(&whole);
}

/* Well-formed, and from somebody who does not know the secret, or not where it belongs. */
static size_t
forgeries(struct honest *h, struct net_conn *conn)
{
	static const char *const targets[] = {"/",
					      "/c/",
					      "/c/at-1",
					      "/c/at-1/",
					      "/c/at-1/ussd",
					      "/c/at-1//ussd",
					      "/c/at-2/%s/ussd",
					      "/c/at-1/%s",
					      "/c/at-1/%s/",
					      "/c/at-1/%s/ussd/",
					      "/c/at-1/%s/USSD",
					      "/c/at-1/%s/../ussd",
					      "/c/at-1/%s%00/ussd",
					      "/C/at-1/%s/ussd",
					      "/c/at-1/%s/none",
					      "/c/at-1/%s%s/ussd"};
	size_t n = ARRAY_LEN(targets) + strlen(h->folder.secret);

	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new(4096);
		char *secret = arena_strdup(a, h->folder.secret);
		bool elsewhere = i < ARRAY_LEN(targets);

		if (!elsewhere) /* one character is another */
			secret[i - ARRAY_LEN(targets)] ^= 1;
		const struct str whole =
			forged(a, elsewhere ? targets[i] : "/c/at-1/%s/ussd", secret);
		send_all(h, conn, whole, whole.n);
		if (!has(conn, "HTTP/1.1 4"))
			drive_fail("forgery %zu was taken: %.*s", i, (int)conn->in_n, conn->in);
		arena_free(a);
	}
	return n;
}

/* Row counts, but for what honest callers add: a session each, and its turns. */
static void
row_counts(struct honest *h, struct buf *to, int64_t *sessions, int64_t *turns)
{
	struct kept *k = kept_open(h->folder.state);

	kept_check(k);
	kept_counts(k, to);
	*sessions = kept_count(k, "session");
	*turns = kept_count(k, "turn");
	kept_close(k);
}

/* "table n" lines without those two tables. */
static bool
same_rows(const char *before, const char *after)
{
	struct str x = str_of(before), y = str_of(after);

	while (x.n > 0 || y.n > 0) {
		struct str a = str_cut(&x, '\n'), b = str_cut(&y, '\n');

		if (!str_eq(a, b) && !str_starts(a, STR_LIT("session ")) &&
		    !str_starts(a, STR_LIT("turn ")))
			return false;
	}
	return true;
}

/* A first start leaves rows of its own. */
static void
quiet_callers(struct honest *h)
{
	honest_start(h, LIMITS, NULL, 0);
	tally_begin(h);
	honest_live(h, ALONE_US);
	honest_settle(h);
	tally_answered(h, "alone");
	honest_stop(h);
}

static size_t
hostile_callers(struct honest *h)
{
	struct net_conn *conn = net_conn_new(h->net, HOSTILE_FROM, h->folder.port);

	honest_start(h, LIMITS, NULL, 0);
	tally_begin(h);
	h->next_us = drive_now_us();
	size_t refused = bad_framing(h, conn) + forgeries(h, conn);
	honest_settle(h);
	tally_answered(h, "beside hostile ones");
	if (figures_ms(&h->tally.waits, 990) > STALLED_MS)
		drive_fail("honest callers were stalled");
	honest_stop(h);
	return refused;
}

static void
drive(struct honest *h)
{
	struct arena *a = arena_new(0);
	struct buf before, after;
	int64_t sessions, turns, sessions_after, turns_after;

	buf_init_arena(&before, a);
	buf_init_arena(&after, a);
	quiet_callers(h);
	row_counts(h, &before, &sessions, &turns);
	size_t refused = hostile_callers(h);
	row_counts(h, &after, &sessions_after, &turns_after);
	if (!same_rows(before.p, after.p) ||
	    sessions_after - sessions != (int64_t)h->tally.sessions ||
	    turns_after - turns != (int64_t)h->tally.answered)
		drive_fail("rows before\n%safter\n%s(%llu sessions, %llu turns are honest)",
			   before.p, after.p, (unsigned long long)h->tally.sessions,
			   (unsigned long long)h->tally.answered);
	drive_say("%zu hostile requests: 0 accepted, no row changed", refused);
	arena_free(a);
}

int
main(int argc, char **argv)
{
	static struct honest h;

	if (argc != 2) {
		fprintf(stderr, "usage: drive_hostile WASLD\n");
		return 2;
	}
	chance_begin();
	honest_new(&h, argv[1]);
	drive(&h);
	honest_free(&h);
	return 0;
}
