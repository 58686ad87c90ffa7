/*
 * The power goes at any point of a day at the store, and again while it is
 * being started after that.
 */
#include "fault/fault_play.h"

#include "base/log.h"

enum { CUTS_A_DAY = 125, BURSTS = 45 };

struct tally {
	unsigned cuts, second, breaches, losses;
	size_t deeds, entries;
	char first[320];
};

static void
note(struct tally *t, const char *bad, size_t entry, const char *when)
{
	if (bad[0] == '\0')
		return;
	t->losses += strncmp(bad, LOST_ROWS, strlen(LOST_ROWS)) == 0;
	if (getenv("WASL_FAULT_ALL") != NULL)
		print_message("entry %zu%s: %s\n", entry, when, bad);
	if (t->breaches++ == 0)
		snprintf(t->first, sizeof(t->first), "entry %zu%s: %s", entry, when, bad);
}

/* The rules of the writer's connections are changed while it sleeps. */
static void
sync_less(struct world *w)
{
	sqlite3 *handles[] = {w->s->writer.wasl.handle, w->s->writer.keys_db.handle};

	for (size_t i = 0; i < ARRAY_LEN(handles); i++)
		assert_int_equal(
			sqlite3_exec(handles[i], "PRAGMA synchronous = NORMAL", NULL, NULL, NULL),
			SQLITE_OK);
}

static void
play_a_day(struct play *p, bool careless)
{
	p->recorder = recorder_begin(p->w->dir);
	assert_int_equal(world_open(p->w), 0);
	assert_int_equal(sums_of(p->w->s->loop_reader.db.handle, NULL, 0, &p->before), SQLITE_OK);
	if (careless)
		sync_less(p->w);
	play_bursts(p, BURSTS);
	world_close(p->w);
	recorder_end(p->recorder);
}

/* The start after a cut is recorded too, and cut. */
static void
cut_the_start(struct play *p, const struct image *image, size_t entry, struct world *w,
	      struct dice *d, struct tally *t)
{
	struct image left;

	image_write(image, w->dir);
	struct recorder *r = recorder_begin(w->dir);
	int rc = world_open(w);
	if (rc == 0)
		world_close(w);
	recorder_end(r);
	struct platter *again = platter_new(r);
	platter_to(again, dice_below(d, recorder_length(r) + 1));
	platter_cut(again, d, &left);
	note(t, check_cut(p, &left, image, entry, w), entry, ", and again at the start");
	t->second++;
	image_done(&left);
	platter_free(again);
	recorder_free(r);
}

static int
by_size(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static void
choose_entries(struct play *p, size_t *entries, size_t n)
{
	size_t length = recorder_length(p->recorder);

	for (size_t i = 0; i < n; i++)
		entries[i] = dice_below(&p->dice, length + 1);
	qsort(entries, n, sizeof(*entries), by_size);
}

static void
cut_a_day(struct play *p, struct tally *t)
{
	struct world *w = world_beside(p->w);
	struct platter *platter = platter_new(p->recorder);
	size_t entries[CUTS_A_DAY];

	choose_entries(p, entries, CUTS_A_DAY);
	for (size_t i = 0; i < CUTS_A_DAY; i++) {
		struct image image;

		platter_to(platter, entries[i]);
		platter_cut(platter, &p->dice, &image);
		note(t, check_cut(p, &image, &image, entries[i], w), entries[i], "");
		if (i % 4 == 0)
			cut_the_start(p, &image, entries[i], w, &p->dice, t);
		image_done(&image);
		t->cuts++;
	}
	t->deeds += p->n_deeds;
	t->entries += recorder_length(p->recorder);
	platter_free(platter);
	world_beside_free(w);
}

static struct tally
cut_days(unsigned days, bool careless)
{
	struct tally t = {0};

	for (unsigned day = 0; day < days; day++) {
		struct play *p = play_new(fault_seed() + day);

		play_a_day(p, careless);
		cut_a_day(p, &t);
		recorder_free(p->recorder);
		play_free(p);
	}
	print_message("%u cuts and %u second ones, %zu jobs, %zu disk calls: %u breaches %s\n",
		      t.cuts, t.second, t.deeds, t.entries, t.breaches, t.first);
	return t;
}

static void
fault_power__a_cut_loses_nothing_that_was_acknowledged(void **state)
{
	struct tally t = cut_days(fault_long() ? 40 : 4, false);

	(void)state;
	assert_string_equal(t.first, "");
	assert_int_equal(t.breaches, 0);
}

/* Without a sync at each commit the same cuts must be seen to lose rows. */
static void
fault_power__with_fewer_syncs_the_driver_finds_losses(void **state)
{
	struct tally t = cut_days(1, true);

	(void)state;
	assert_true(t.losses > CUTS_A_DAY / 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fault_power__a_cut_loses_nothing_that_was_acknowledged),
		cmocka_unit_test(fault_power__with_fewer_syncs_the_driver_finds_losses),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
