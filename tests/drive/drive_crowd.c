/*
 * Callers at once, each on a line of their own, some with a PIN that takes its
 * time on another thread: each gets their own name and their own numbers, and
 * every answer comes.
 *
 *   drive_crowd WASLD            50 callers, 20 rounds (8 under a sanitizer); WASL_LONG=1: 50 times
 *                                as many
 */
#include "drive.h"

#include <stdio.h>
#include <stdlib.h>

enum { CALLERS = 50, PIN_EVERY = 5 };

struct caller {
	size_t person;
	unsigned round, step;
	bool pin, need; /* this round asks for something, else it is a check-in */
	bool again;     /* there was a check-in before */
	char keys[64];  /* of the round, blank between */
	unsigned n_keys;
	struct net_conn *conn;
};

struct crowd {
	const struct folder *folder;
	struct net *net;
	struct caller callers[CALLERS];
	size_t n, finished;
	unsigned rounds;
	int64_t *numbers; /* of needs, by caller and round */
	uint64_t answers, expected;
	struct figures waits;
};

/* Those with a PIN are the first of the folder. */
static void
plan_round(struct caller *c)
{
	char pin[FOLDER_PIN] = "";

	c->need = !c->pin && c->round % 2 == 1;
	if (c->pin)
		folder_pin(c->person, pin);
	if (c->need)
		snprintf(c->keys, sizeof(c->keys), "2*%u*%u*0", 1 + c->round / 2 % 5,
			 1 + c->round % 3);
	else
		snprintf(c->keys, sizeof(c->keys), "%s%s1*%s1*2*%u", pin, c->pin ? "*" : "",
			 c->again ? "1*" : "", 1 + c->round % 4);
	c->n_keys = 1;
	for (const char *p = c->keys; *p != '\0'; p++)
		c->n_keys += *p == '*';
	c->step = 0;
}

static void
send_round_step(struct crowd *all, struct caller *c)
{
	struct arena *a = arena_new(1024);
	const char *session = arena_printf(a, "c-%zu-%u", c->person, c->round);
	char *text = arena_strdup(a, c->keys);
	unsigned keys = c->step;

	for (char *p = text; *p != '\0'; p++)
		if (keys == 0 || (*p == '*' && --keys == 0)) {
			*p = '\0';
			break;
		}
	if (!net_ask(c->conn, ussd_request(a, all->folder, session, c->person, text)))
		drive_fail("nobody listens");
	all->expected++;
	arena_free(a);
}

static void
check_last_page(struct crowd *all, struct caller *c, struct str page)
{
	char name[FOLDER_NAME];
	const char *end = c->need ? "END Demande " : "END Merci ";
	struct str rest = str_after(page, strlen(end));
	int64_t number = 0;

	folder_name(c->person, name);
	if (!str_starts(page, str_of(end)) ||
	    (c->need ? !str_to_int(str_cut(&rest, ' '), &number)
		     : !str_eq(str_cut(&rest, '.'), str_of(name))))
		drive_fail("%s got: %.*s", name, STR_ARG(page));
	all->numbers[(size_t)(c - all->callers) * all->rounds + c->round] = number;
}

static void
on_caller_answer(void *ctx, struct net_conn *conn, int status, struct str page)
{
	struct crowd *all = ctx;
	struct caller *c = conn->tag;
	bool last = c->step == c->n_keys;

	all->answers++;
	figures_add(&all->waits, drive_now_us() - conn->sent_us);
	if (status != 200 || str_starts(page, STR_LIT("CON ")) == last)
		drive_fail("person %zu round %u step %u: HTTP %d: %.*s", c->person, c->round,
			   c->step, status, STR_ARG(page));
	c->step++;
	if (last) {
		check_last_page(all, c, page);
		c->again = c->again || !c->need;
		if (++c->round == all->rounds) {
			all->finished++;
			return;
		}
		plan_round(c);
	}
	send_round_step(all, c);
}

static void
on_lost(void *ctx, struct net_conn *conn)
{
	(void)ctx;
	if (conn->waiting)
		drive_fail("a connection was closed under a request");
}

/* Each number is of a need of the one who was told it, and told once. */
static void
check_numbers(struct crowd *all)
{
	struct kept *k = kept_open(all->folder->state);
	int64_t told = 0;

	kept_check(k);
	for (size_t i = 0; i < all->n; i++)
		for (unsigned r = 0; r < all->rounds; r++) {
			int64_t number = all->numbers[i * all->rounds + r];

			told += number != 0;
			if (number != 0 &&
			    kept_need_person(k, number) != folder_row(all->callers[i].person))
				drive_fail("need %lld is not of the person who was told it",
					   (long long)number);
		}
	if (kept_count(k, "need") != told)
		drive_fail("%lld needs, told %lld", (long long)kept_count(k, "need"),
			   (long long)told);
	kept_close(k);
}

static void
at_once(const char *wasld, size_t callers, unsigned rounds)
{
	const struct folder_options o = {.people = callers,
					 .pins = callers / PIN_EVERY,
					 .limits =
						 "answer_ms: 10000, connections_per_address: 128"};
	struct folder folder;
	struct crowd all = {.folder = &folder, .n = callers, .rounds = rounds};
	struct child child = {.program = wasld, .folder = &folder};
	const struct net_handlers h = {on_caller_answer, on_lost, &all};

	folder_new(&folder, wasld, &o);
	all.numbers = xcalloc(callers * rounds, sizeof(*all.numbers));
	all.net = net_new(&h);
	child_start(&child);
	child_await(&child);
	for (size_t i = 0; i < callers; i++) {
		struct caller *c = &all.callers[i];

		*c = (struct caller){.person = i, .pin = i < o.pins};
		c->conn = net_conn_new(all.net, 1, folder.port);
		c->conn->tag = c;
		plan_round(c);
		send_round_step(&all, c);
	}
	while (all.finished < callers) {
		child_check(&child);
		net_turn(all.net, 100000);
	}
	child_stop(&child);
	check_numbers(&all);
	drive_say("%zu callers at once, %u rounds: %llu of %llu answers, 0 wrong; median %.1f ms, "
		  "p99 %.1f ms",
		  callers, rounds, (unsigned long long)all.answers,
		  (unsigned long long)all.expected, figures_ms(&all.waits, 500),
		  figures_ms(&all.waits, 990));
	if (all.answers != all.expected)
		drive_fail("answers were lost");
	net_free(all.net);
	free(all.numbers);
	figures_free(&all.waits);
	folder_free(&folder);
}

int
main(int argc, char **argv)
{
#ifdef WASL_DRIVE_SMALL
	unsigned rounds = 8;
#else
	unsigned rounds = 20;
#endif
	if (argc != 2) {
		fprintf(stderr, "usage: drive_crowd WASLD\n");
		return 2;
	}
	chance_begin();
	at_once(argv[1], CALLERS, drive_is_long() ? rounds * 50 : rounds);
	return 0;
}
