#include "fault/fault_play.h"

#include "base/id.h"

#include <fcntl.h>

uint64_t
fault_seed(void)
{
	static uint64_t seed;
	const char *said = getenv("WASL_SEED");

	if (seed != 0)
		return seed;
	if (said != NULL)
		seed = strtoull(said, NULL, 10);
	else
		id_random(&seed, sizeof(seed) - 4);
	print_message("WASL_SEED=%llu repeats this run\n", (unsigned long long)seed);
	return seed;
}

bool
fault_long(void)
{
	const char *said = getenv("WASL_LONG");

	return said != NULL && said[0] == '1';
}

/* In memory a sync costs nothing, and what a sync is worth is the recorder's business. */
static void
folder_new(char *out, size_t n)
{
	const char *in = faccessat(AT_FDCWD, "/dev/shm", 2, 0) == 0 ? "/dev/shm" : "/tmp";

	snprintf(out, n, "%s/wasl-fault-XXXXXX", in);
	assert_non_null(mkdtemp(out));
}

static struct world *
world_in_memory(void)
{
	struct world *w = xcalloc(1, sizeof(*w));

	w->migrations = MIGRATIONS;
	folder_new(w->dir, sizeof(w->dir));
	w->loop = loop_new();
	w->a = arena_new(0);
	w->err = err_new();
	return w;
}

struct world *
world_beside(const struct world *w)
{
	struct world *beside = world_in_memory();

	beside->keys = w->keys;
	return beside;
}

void
world_beside_free(struct world *w)
{
	world_close(w);
	loop_free(w->loop);
	arena_free(w->a);
	err_free(w->err);
	folder_remove(w->dir);
	free(w);
}

struct play *
play_new(uint64_t seed)
{
	struct play *p = xcalloc(1, sizeof(*p));

	assert_int_equal(privacy_init(), 0);
	p->w = world_in_memory();
	p->w->keys = keys_random();
	p->dice.state = seed;
	assert_int_equal(store_create(p->w->dir, p->w->migrations, p->w->keys, p->w->err), 0);
	assert_int_equal(world_open(p->w), 0);
	p->centre = add_centre(p->w, "CAS");
	p->staff = add_staff(p->w, p->centre, "mona", 1000);
	world_close(p->w);
	return p;
}

void
play_free(struct play *p)
{
	struct keys *keys = p->w->keys;

	world_beside_free(p->w);
	keys_free(keys);
	free(p);
}

struct someone *
play_anyone(struct play *p)
{
	size_t first = dice_below(&p->dice, p->n_people);

	for (size_t i = 0; i < p->n_people; i++) {
		struct someone *s = &p->people[(first + i) % p->n_people];

		if (s->alive)
			return s;
	}
	return NULL;
}

/* ---- Deeds ---- */

static size_t
log_length(const struct play *p)
{
	return p->recorder != NULL ? recorder_length(p->recorder) : 0;
}

static int
run_sums(struct writer *writer, const void *arg)
{
	struct deed *deed = *(struct deed *const *)arg;
	struct play *p = deed->play;
	int rc = sums_of(writer->wasl.handle, &p->victim, p->victim != 0, &deed->sums);

	deed->ran = rc == SQLITE_OK;
	deed->ran_at = log_length(p);
	return rc;
}

static void
on_told(void *arg, int rc)
{
	struct deed *deed = arg;

	deed->rc = rc;
	deed->told_at = log_length(deed->play);
	if (deed->kind == DEED_ENROL && rc != 0)
		deed->who->alive = false;
}

struct deed *
play_submit(struct play *p, enum deed_kind kind)
{
	assert_true(p->n_deeds < DEEDS_MAX);
	struct deed *deed = &p->deeds[p->n_deeds];
	struct store_job *job = store_job_new(p->w->s);

	*deed = (struct deed){.play = p, .kind = kind, .rc = NOT_YET};
	if (!deed_fill(deed, job)) {
		store_job_free(job);
		return NULL;
	}
	p->n_deeds++;
	op_call(job, run_sums, arena_memdup(job->arena, &deed, sizeof(deed)));
	store_submit(p->w->s, job, on_told, deed);
	return deed;
}

/* The writer's own business after a group is over too, so that a run repeats. */
void
play_settle(struct play *p)
{
	settle(p->w);
	writer_probe(p->w->s);
	arena_reset(p->w->a);
}

int
play_one(struct play *p, enum deed_kind kind)
{
	struct deed *deed = play_submit(p, kind);

	play_settle(p);
	return deed != NULL ? deed->rc : W_ENOENT;
}

/* ---- Bursts ---- */

/* How often each comes, in a thousand or so. */
static const unsigned weights[DEED_KINDS] = {
	[DEED_ENROL] = 120,  [DEED_CHECKIN] = 120, [DEED_ANSWER] = 120, [DEED_TURN] = 150,
	[DEED_END] = 40,     [DEED_NEED] = 80,     [DEED_URGENT] = 40,  [DEED_DUE] = 60,
	[DEED_MESSAGE] = 60, [DEED_CLAIM] = 60,    [DEED_SETTLE] = 50,  [DEED_STRANGER] = 50,
	[DEED_LOOK] = 40,    [DEED_GUARD] = 40,    [DEED_CHANGE] = 40,  [DEED_BROKEN] = 30,
	[DEED_BIG] = 25,     [DEED_ERASE] = 50,    [DEED_SURVEY] = 80,
};

static enum deed_kind
any_kind(struct play *p)
{
	unsigned sum = 0;

	for (size_t k = 0; k < DEED_KINDS; k++)
		sum += weights[k];
	uint64_t at = dice_below(&p->dice, sum);
	for (size_t k = 0; k < DEED_KINDS; k++) {
		if (at < weights[k])
			return (enum deed_kind)k;
		at -= weights[k];
	}
	return DEED_LOOK;
}

static void
reader_sql(struct play *p, const char *sql)
{
	sqlite3 *db = p->w->s->loop_reader.db.handle;

	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void
play_burst(struct play *p)
{
	struct gate gate;
	uint64_t n = 1 + dice_below(&p->dice, 10);

	gate_close(p->w, &gate);
	for (uint64_t i = 0; i < n; i++)
		(void)play_submit(p, any_kind(p));
	gate_open(&gate);
	play_settle(p);
}

void
play_bursts(struct play *p, unsigned n)
{
	bool reading = false;

	for (unsigned i = 0; i < n; i++) {
		/* An open read keeps a checkpoint from ending and the log from beginning anew. */
		if (!reading && dice_percent(&p->dice, 20)) {
			reader_sql(p, "BEGIN; SELECT count(*) FROM person");
			reading = true;
		}
		play_burst(p);
		if (reading && dice_percent(&p->dice, 50)) {
			reader_sql(p, "COMMIT");
			reading = false;
		}
	}
	if (reading)
		reader_sql(p, "COMMIT");
}
