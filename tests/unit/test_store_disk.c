#include "test_store_world.h"

#include <sys/stat.h>

enum { BALLAST = 1024 * 1024 };

static int
setup_disk(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));

	world_init(w);
	w->ballast = BALLAST;
	assert_int_equal(store_create(w->dir, w->migrations, w->keys, w->err), 0);
	assert_int_equal(world_open(w), 0);
	*state = w;
	return 0;
}

#define DISK_TEST(f) cmocka_unit_test_setup_teardown(f, setup_disk, teardown_world)

/* The file may not grow beyond so many pages: to SQLite that is a full disk. */
static int
limit_pages(struct writer *writer, const void *arg)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %d", *(const int *)arg);
	return sqlite3_exec(writer->wasl.handle, sql, NULL, NULL, NULL);
}

static void
set_limit(struct world *w, int pages)
{
	struct store_job *job = store_job_new(w->s);

	op_call(job, limit_pages, arena_memdup(job->arena, &pages, sizeof(pages)));
	STORED(w, job);
}

/* A message of 20 pages. */
static struct store_job *
big_job(struct world *w, const char *name)
{
	struct store_job *job = store_job_new(w->s);

	for (int i = 0; i < 80; i++) {
		struct str value = {arena_alloc(w->a, 1000), 1000};

		memset((char *)(uintptr_t)value.p, 'x', 1000);
		put_setting(job, str_of(arena_printf(w->a, "%s%d", name, i)), value);
	}
	return job;
}

static int64_t
ballast_bytes(struct world *w)
{
	struct stat st;

	assert_int_equal(stat(arena_printf(w->a, "%s/ballast", w->dir), &st), 0);
	return st.st_size;
}

static void
disk__full_fails_the_job_and_degrades_the_store(void **state)
{
	struct world *w = *state;

	assert_int_equal(ballast_bytes(w), BALLAST);
	set_limit(w, 1); /* as large as it is, and no larger */
	assert_int_equal(run_job(w, big_job(w, "a")), W_EFULL);
	assert_true(store_degraded(w->s));
	assert_int_equal(ballast_bytes(w), 0);
}

static void
disk__full_undoes_the_whole_group(void **state)
{
	struct world *w = *state;
	struct row_centre centre = {.id = 1, .code = STR_LIT("CAS")};
	struct store_job *small = store_job_new(w->s);
	struct gate gate;
	int small_rc = NOT_YET, big_rc = NOT_YET;

	set_limit(w, 1);
	gate_close(w, &gate);
	put_centre(small, &centre);
	store_submit(w->s, small, on_world_stored, &small_rc);
	store_submit(w->s, big_job(w, "a"), on_world_stored, &big_rc);
	gate_open(&gate);
	settle(w);
	assert_int_equal(small_rc, W_EFULL);
	assert_int_equal(big_rc, W_EFULL);
	assert_int_equal(read_centre_id(store_loop_reader(w->s), 1, w->a, &centre), W_ENOENT);
}

static void
disk__it_stays_degraded_while_there_is_no_room(void **state)
{
	struct world *w = *state;

	set_limit(w, 1);
	assert_int_equal(run_job(w, big_job(w, "a")), W_EFULL);
	writer_probe(w->s);
	assert_true(store_degraded(w->s));
}

static void
disk__it_heals_when_there_is_room_again(void **state)
{
	struct world *w = *state;

	set_limit(w, 1);
	assert_int_equal(run_job(w, big_job(w, "a")), W_EFULL);
	set_limit(w, 100000); /* small jobs are tried even now */
	writer_probe(w->s);
	assert_false(store_degraded(w->s));
	assert_int_equal(ballast_bytes(w), BALLAST);
	STORED(w, big_job(w, "a"));
}

struct watch {
	struct world *w;
	struct timer *timer;
	int looks;
};

static void
on_look(void *arg)
{
	struct watch *watch = arg;

	if (store_degraded(watch->w->s) && ++watch->looks < 500)
		timer_set(watch->timer, 20);
}

static void
disk__it_heals_by_itself_within_five_seconds(void **state)
{
	struct world *w = *state;
	struct watch watch = {.w = w};

	set_limit(w, 1);
	assert_int_equal(run_job(w, big_job(w, "a")), W_EFULL);
	set_limit(w, 100000);
	watch.timer = timer_new(w->loop, on_look, &watch);
	timer_set(watch.timer, 0);
	while (store_degraded(w->s) && watch.looks < 250)
		loop_once(w->loop, true);
	timer_free(watch.timer);
	assert_false(store_degraded(w->s));
}

static void
disk__twenty_times_full_and_healed_loses_nothing(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 20; i++) {
		const char *kept = arena_printf(w->a, "kept%d-", i);
		const char *lost = arena_printf(w->a, "lost%d-", i);

		set_limit(w, 1);
		assert_int_equal(run_job(w, big_job(w, lost)), W_EFULL);
		set_limit(w, 1000000);
		writer_probe(w->s);
		assert_false(store_degraded(w->s));
		STORED(w, big_job(w, kept));
	}
	world_close(w);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM setting"), 20 * 80);
	assert_int_equal(store_check_files(w->dir, w->err), 0);
	assert_int_equal(world_open(w), 0);
}

static void
disk__a_key_of_a_job_that_found_no_room_is_forgotten(void **state)
{
	struct world *w = *state;
	struct store_job *job;
	struct data_key key;

	set_limit(w, 1);
	job = big_job(w, "a");
	assert_int_equal(store_key_new(w->s, job, 5, &key), 0);
	assert_int_equal(run_job(w, job), W_EFULL);
	assert_int_equal(store_key(w->s, 5, &key), W_EGONE);
	world_close(w);
	assert_int_equal(raw_number(w, "keys.db", "SELECT count(*) FROM key"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DISK_TEST(disk__full_fails_the_job_and_degrades_the_store),
		DISK_TEST(disk__full_undoes_the_whole_group),
		DISK_TEST(disk__it_stays_degraded_while_there_is_no_room),
		DISK_TEST(disk__it_heals_when_there_is_room_again),
		DISK_TEST(disk__it_heals_by_itself_within_five_seconds),
		DISK_TEST(disk__twenty_times_full_and_healed_loses_nothing),
		DISK_TEST(disk__a_key_of_a_job_that_found_no_room_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
