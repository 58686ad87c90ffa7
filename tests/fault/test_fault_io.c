/*
 * Every read, write, sync, truncate and open of six scenarios fails, once or
 * from then on. Whatever happens: no crash, no answer that the files do not
 * keep, no job by half, and an I/O error while writing ends the store.
 */
#include "fault/fault_play.h"
#include "fault/fault_vfs.h"

#include "base/clock.h"
#include "base/log.h"

#include <signal.h>
#include <stdatomic.h>

/* ---- What fails ---- */

static const struct failure {
	enum vfs_op op;
	const char *word;
	int rc;
	bool half; /* of the bytes go through first */
} failures[] = {
	{VFS_READ, "EIO", SQLITE_IOERR_READ, false},
	{VFS_READ, "short", SQLITE_IOERR_READ, true},
	{VFS_WRITE, "EIO", SQLITE_IOERR_WRITE, false},
	{VFS_WRITE, "ENOSPC", SQLITE_FULL, false},
	{VFS_WRITE, "short", SQLITE_FULL, true},
	{VFS_SYNC, "EIO", SQLITE_IOERR_FSYNC, false},
	{VFS_TRUNCATE, "EIO", SQLITE_IOERR_TRUNCATE, false},
	{VFS_OPEN, "EIO", SQLITE_CANTOPEN, false},
};

struct plan {
	const struct failure *failure; /* NULL: only counts */
	unsigned nth;                  /* from 1 */
	bool for_good;
};

static struct plan plan;
static _Atomic unsigned calls[VFS_OPS], hits;

static struct vfs_verdict
on_call(void *ctx, const struct vfs_call *call)
{
	const struct vfs_verdict fine = {SQLITE_OK, 0};
	unsigned n = atomic_fetch_add(&calls[call->op], 1) + 1;

	(void)ctx;
	if (plan.failure == NULL || plan.failure->op != call->op)
		return fine;
	if (n < plan.nth || (n > plan.nth && !plan.for_good))
		return fine;
	atomic_fetch_add(&hits, 1);
	return (struct vfs_verdict){plan.failure->rc, plan.failure->half ? call->n / 2 : 0};
}

static const struct vfs_hook hook = {.before = on_call};

static void
arm(struct plan next)
{
	plan = next;
	atomic_store(&hits, 0);
	for (size_t i = 0; i < VFS_OPS; i++)
		atomic_store(&calls[i], 0);
	vfs_install(&hook);
}

/* ---- Scenarios ---- */

enum { STEPS = 4, SAMPLE = 16 };
static const struct scenario {
	const char *name;
	enum deed_kind steps[STEPS];
	size_t n;
} scenarios[] = {
	{"enrol", {DEED_ENROL, DEED_ENROL, DEED_STRANGER}, 3},
	{"check-in", {DEED_CHECKIN, DEED_ANSWER, DEED_TURN, DEED_END}, 4},
	{"survey", {DEED_SURVEY, DEED_SURVEY, DEED_SURVEY, DEED_SURVEY}, 4},
	{"need", {DEED_NEED, DEED_URGENT, DEED_LOOK}, 3},
	{"claim", {DEED_DUE, DEED_MESSAGE, DEED_CLAIM, DEED_SETTLE}, 4},
	{"erase", {DEED_ERASE, DEED_LOOK}, 2},
	{"checkpoint", {DEED_BIG, DEED_GUARD, DEED_CHECKIN}, 3},
};

/* Three people with a bit of everything; the case's own play begins as a copy. */
struct stage {
	struct play *p;
	struct play *first;
	struct image base;
	struct world *after;
};

static struct stage *
stage_new(void)
{
	struct stage *t = xcalloc(1, sizeof(*t));
	static const enum deed_kind past[] = {DEED_ENROL,   DEED_ENROL,   DEED_ENROL,
					      DEED_CHECKIN, DEED_CHECKIN, DEED_NEED,
					      DEED_CHECKIN, DEED_STRANGER};

	t->p = play_new(fault_seed());
	assert_int_equal(world_open(t->p->w), 0);
	for (size_t i = 0; i < ARRAY_LEN(past); i++)
		assert_int_equal(play_one(t->p, past[i]), 0);
	for (size_t i = 1; i < t->p->n_people; i++)
		t->p->people[i].alive = false; /* one person for the scenarios */
	t->p->victim = t->p->people[0].id;
	t->p->n_deeds = 0;
	assert_int_equal(
		sums_of(t->p->w->s->loop_reader.db.handle, &t->p->victim, 1, &t->p->before),
		SQLITE_OK);
	world_close(t->p->w);
	image_read(&t->base, t->p->w->dir);
	t->first = xmalloc(sizeof(*t->first));
	*t->first = *t->p;
	t->after = world_beside(t->p->w);
	return t;
}

static void
stage_free(struct stage *t)
{
	world_beside_free(t->after);
	image_done(&t->base);
	free(t->first);
	play_free(t->p);
	free(t);
}

/* ---- One case ---- */

struct outcome {
	int open_rc;
	int broken; /* calls of on_broken */
	unsigned hits;
	bool writing; /* a failed write, sync or truncate, while there was somebody to tell */
	struct sums sure, maybe;
	bool has_maybe; /* what a failed commit would leave, if it came back */
	bool erased;
	const char *breach;
};

static void
on_broken(void *arg)
{
	++*(int *)arg;
}

/* The loop's own reader sees what was acknowledged, or says that it cannot read. */
static const char *
look(struct play *p, const struct outcome *o)
{
	struct sums seen;

	if (sums_of(p->w->s->loop_reader.db.handle, &p->victim, 1, &seen) != SQLITE_OK)
		return NULL;
	return seen.all == o->sure.all ? NULL : "an acknowledged row cannot be seen";
}

static const char *
step(struct play *p, enum deed_kind kind, struct outcome *o)
{
	int was_broken = o->broken;
	struct deed *deed = play_submit(p, kind);

	if (deed == NULL)
		return NULL;
	play_settle(p);
	switch (deed->rc) {
	case 0:
		if (was_broken)
			return "acknowledged although the store was broken";
		o->sure = deed->sums;
		o->erased = o->erased || kind == DEED_ERASE;
		return look(p, o);
	case W_EIO:
		if (deed->ran && !was_broken) {
			o->maybe = deed->sums;
			o->has_maybe = true;
		}
		return o->broken == 1 ? NULL : "an I/O error, and nobody was told";
	case W_EFULL:
	case W_EEXIST:
		return was_broken ? "a broken store gave another answer than W_EIO" : NULL;
	default:
		return "a job got an answer it should not";
	}
}

/* A full disk that has room again heals without a restart; the failure may come in here, too. */
static const char *
go_on(struct play *p, struct outcome *o)
{
	for (int i = 0; i < 2; i++) {
		writer_probe(p->w->s);
		const char *bad = step(p, DEED_LOOK, o);
		if (bad != NULL || o->broken > 0 || p->deeds[p->n_deeds - 1].rc == 0)
			return bad;
	}
	return "one failure, and no job goes through any more";
}

static void
play_scenario(struct play *p, const struct scenario *s, struct outcome *o)
{
	store_on_broken(p->w->s, on_broken, &o->broken);
	for (size_t i = 0; o->breach == NULL && i < s->n; i++)
		o->breach = step(p, s->steps[i], o);
	if (o->breach == NULL && !plan.for_good)
		o->breach = go_on(p, o);
	o->hits = atomic_load(&hits);
	o->writing = plan.failure != NULL && o->hits > 0 && plan.failure->rc != SQLITE_FULL &&
		     (plan.failure->op == VFS_WRITE || plan.failure->op == VFS_SYNC ||
		      plan.failure->op == VFS_TRUNCATE);
	world_close(p->w);
}

static void
fresh_err(struct world *w)
{
	err_free(w->err);
	w->err = err_new();
	arena_reset(w->a);
}

static struct outcome
run_case(struct stage *t, const struct scenario *s)
{
	struct play *p = t->p;
	struct outcome o = {0};

	*p = *t->first;
	o.sure = p->before;
	image_write(&t->base, p->w->dir);
	fresh_err(p->w);
	o.open_rc = world_open(p->w);
	if (o.open_rc == 0)
		play_scenario(p, s, &o);
	o.hits = atomic_load(&hits);
	vfs_remove();
	p->w->s = NULL;
	return o;
}

/* ---- What is left ---- */

static bool
is_state(const struct outcome *o, const struct sums *found)
{
	return found->all == o->sure.all || (o->has_maybe && found->all == o->maybe.all);
}

/* keys.db knew of the erasure, wasl.db did not, and the start finished it. */
static bool
is_finished_erasure(const struct outcome *o, const struct sums *found, bool key_gone)
{
	return key_gone && found->theirs == 0 &&
	       (found->without == o->sure.without ||
		(o->has_maybe && found->without == o->maybe.without));
}

static const char *
check_left(struct stage *t, struct world *w, const struct outcome *o)
{
	struct sums found;
	struct data_key key;
	bool key_gone = store_key(w->s, t->p->victim, &key) == W_EGONE;

	if (sums_of(w->s->loop_reader.db.handle, &t->p->victim, 1, &found) != SQLITE_OK)
		return "the files cannot be read";
	if (!is_state(o, &found) && !is_finished_erasure(o, &found, key_gone))
		return "what is there is not what was acknowledged";
	if (o->erased && !key_gone)
		return "an erased person's key is back";
	const char *bad = check_opened(t->p, w, 0);
	return bad[0] != '\0' ? bad : NULL;
}

/* A failed start blames the disk, so that the daemon ends with 75, not with "mend your files". */
static const char *
check_start(const struct outcome *o)
{
	if (o->open_rc == 0 || o->open_rc == W_EIO || o->open_rc == W_EFULL)
		return NULL;
	return "a failed start does not say that it was the disk";
}

static const char *
check_case(struct stage *t, const struct outcome *o, bool *ghost)
{
	struct world *w = t->p->w;
	const char *bad = o->breach != NULL ? o->breach : check_start(o);

	*ghost = false;
	if (bad == NULL && o->broken > 1)
		bad = "told twice that it is broken";
	if (bad == NULL && o->writing && o->broken == 0)
		bad = "a write, sync or truncate failed, and the store goes on";
	if (bad != NULL)
		return bad;
	fresh_err(w);
	if (world_open(w) != 0)
		return arena_printf(t->after->a, "does not open again: %s", fault(w));
	bad = check_left(t, w, o);
	if (bad == NULL && o->has_maybe) {
		struct sums found;

		*ghost = sums_of(w->s->loop_reader.db.handle, NULL, 0, &found) == SQLITE_OK &&
			 found.all == o->maybe.all && found.all != o->sure.all;
	}
	world_close(w);
	if (bad == NULL && store_check_files(w->dir, w->err) != 0)
		bad = arena_printf(t->after->a, "the files are not whole: %s", fault(w));
	return bad;
}

/* ---- All of them, or a sample ---- */

struct tally {
	unsigned all, cases, breaches, refused_starts, broken, ghosts;
	char first[400];
};

static char present[120]; /* the case at hand, for a crash */

static void
on_crash(int signal_number)
{
	(void)!write(STDERR_FILENO, present, strlen(present));
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void
one_case(struct stage *t, const struct scenario *s, struct plan next, struct tally *sum)
{
	bool ghost;

	snprintf(present, sizeof(present), "%s: %s %u %s%s\n", s->name,
		 vfs_op_word(next.failure->op), next.nth, next.failure->word,
		 next.for_good ? " for good" : "");
	arm(next);
	struct outcome o = run_case(t, s);
	const char *bad = check_case(t, &o, &ghost);
	sum->cases++;
	sum->refused_starts += o.open_rc != 0;
	sum->broken += o.broken > 0;
	sum->ghosts += ghost;
	if (bad != NULL && getenv("WASL_FAULT_ALL") != NULL)
		print_message("%.*s: %s\n", (int)strlen(present) - 1, present, bad);
	if (bad != NULL && sum->breaches++ == 0)
		snprintf(sum->first, sizeof(sum->first), "%s%s", present, bad);
	if (t->p->w->s != NULL)
		world_close(t->p->w);
	arena_reset(t->after->a);
}

/* One failure at each of its calls, or at a sample of them. */
static void
every_nth(struct stage *t, const struct scenario *s, struct plan next, unsigned counted,
	  struct dice *d, struct tally *sum)
{
	unsigned wanted = fault_long() ? counted : SAMPLE;

	sum->all += counted;
	for (unsigned n = 1; n <= counted; n++) {
		if (dice_below(d, counted) >= wanted)
			continue;
		next.nth = n;
		one_case(t, s, next, sum);
	}
}

static void
every_failure(struct stage *t, const struct scenario *s, struct dice *d, struct tally *sum)
{
	unsigned counted[VFS_OPS];

	arm((struct plan){NULL, 0, false});
	struct outcome o = run_case(t, s);
	assert_int_equal(o.open_rc, 0);
	assert_null(o.breach);
	for (size_t i = 0; i < VFS_OPS; i++)
		counted[i] = atomic_load(&calls[i]);
	for (size_t f = 0; f < ARRAY_LEN(failures); f++)
		for (int for_good = 0; for_good <= 1; for_good++)
			every_nth(t, s, (struct plan){&failures[f], 0, for_good != 0},
				  counted[failures[f].op], d, sum);
}

static void
fault_io__no_failure_makes_the_store_lie(void **state)
{
	struct stage *t = stage_new();
	struct dice d = {fault_seed()};
	struct tally sum = {0};

	(void)state;
	signal(SIGABRT, on_crash);
	signal(SIGSEGV, on_crash);
	for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
		int64_t began = clock_mono_ms();
		unsigned before = sum.cases;

		every_failure(t, &scenarios[i], &d, &sum);
		print_message("%-10s %u cases, %lld ms\n", scenarios[i].name, sum.cases - before,
			      (long long)(clock_mono_ms() - began));
	}
	stage_free(t);
	print_message("%u of %u cases: %u starts refused, %u stores broken, %u failed commits "
		      "that came back, %u breaches\n",
		      sum.cases, sum.all, sum.refused_starts, sum.broken, sum.ghosts, sum.breaches);
	assert_string_equal(sum.first, "");
	assert_true(sum.broken > 0 && sum.ghosts > 0 && sum.refused_starts > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fault_io__no_failure_makes_the_store_lie),
	};

	log_set_level((enum log_level) - 1); /* errors are what is wanted here */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
