/* Single faults, each by its name: what the drivers found once, and the commit that comes back. */
#include "fault/fault_play.h"
#include "fault/fault_vfs.h"

#include "base/log.h"

/* Fails the calls of one kind on one file, from the n-th on. */
struct trouble {
	enum vfs_op op;
	const char *name;
	unsigned from, seen;
	int rc;
};

static struct vfs_verdict
on_call(void *ctx, const struct vfs_call *call)
{
	struct trouble *t = ctx;
	const struct vfs_verdict fine = {SQLITE_OK, 0};

	if (call->op != t->op || strcmp(call->name, t->name) != 0)
		return fine;
	return ++t->seen < t->from ? fine : (struct vfs_verdict){t->rc, 0};
}

static int
setup(void **state)
{
	struct play *p = play_new(fault_seed());

	assert_int_equal(world_open(p->w), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(play_one(p, DEED_ENROL), 0);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	vfs_remove();
	play_free(*state);
	return 0;
}

/* Numbers of others stay in the index while it is walked. */
static void
fault_store__erasing_one_of_many_comes_to_an_end(void **state)
{
	struct play *p = *state;

	alarm(20);
	assert_int_equal(play_one(p, DEED_ERASE), 0);
	alarm(0);
	for (size_t i = 0; i < p->n_people; i++) {
		struct digest number = digest_nr(p->people[i].number);
		int64_t persons[2];

		assert_int_equal(store_persons_of(p->w->s, &number, persons, 2),
				 p->people[i].alive ? 1 : 0);
	}
}

/* "No person" and "cannot be read" are not the same: the keys beyond the last person are dropped.
 */
static void
fault_store__a_start_that_cannot_read_people_keeps_every_key(void **state)
{
	struct play *p = *state;
	int rc = W_EIO;

	world_close(p->w);
	for (unsigned n = 1; rc != 0; n++) {
		struct trouble trouble = {VFS_READ, "wasl.db", n, 0, SQLITE_IOERR_READ};
		const struct vfs_hook hook = {.before = on_call, .ctx = &trouble};

		vfs_install(&hook);
		rc = world_open(p->w);
		if (rc == 0)
			world_close(p->w);
		vfs_remove();
		assert_true(rc == 0 || rc == W_EIO);
		assert_int_equal(raw_number(p->w, "keys.db", "SELECT count(*) FROM key"), 4);
	}
}

/* A commit whose sync fails is not acknowledged, and may be found at the next start all the same.
 */
static void
fault_store__a_failed_commit_that_comes_back_doubles_nothing(void **state)
{
	struct play *p = *state;
	struct trouble trouble = {VFS_SYNC, "wasl.db-wal", UINT32_MAX, 0, SQLITE_IOERR_FSYNC};
	const struct vfs_hook hook = {.before = on_call, .ctx = &trouble};
	struct row_outbox row;
	struct store_job *job;

	for (size_t i = 1; i < p->n_people; i++)
		p->people[i].alive = false;
	world_close(p->w);
	vfs_install(&hook);
	assert_int_equal(world_open(p->w), 0);
	assert_int_equal(play_one(p, DEED_DUE), 0);
	assert_int_equal(play_one(p, DEED_MESSAGE), 0);
	int64_t message = p->people[0].message;
	trouble.from = 1;
	assert_int_equal(play_one(p, DEED_CLAIM), W_EIO);
	trouble.from = UINT32_MAX;

	/* As a process that ended with 75 leaves the files: the log stays as it is. */
	struct image left;
	image_read(&left, p->w->dir);
	world_close(p->w);
	vfs_remove();
	image_write(&left, p->w->dir);
	image_done(&left);
	assert_int_equal(world_open(p->w), 0);
	assert_int_equal(read_outbox(store_loop_reader(p->w->s), message, p->w->a, &row), 0);
	assert_true(str_is(row.state, "claimed"));
	assert_int_equal(row.tries, 1);
	job = store_job_new(p->w->s);
	set_outbox_claimed(job, message, STR_LIT("another0ref"), NOON);
	assert_int_equal(run_job(p->w, job), W_EEXIST);
}

/* The store is broken before anybody hears of a later job, and says so once. */
static void
fault_store__a_failed_sync_of_an_idle_checkpoint_ends_the_store(void **state)
{
	struct play *p = *state;
	struct trouble trouble = {VFS_SYNC, "wasl.db", 1, 0, SQLITE_IOERR_FSYNC};
	const struct vfs_hook hook = {.before = on_call, .ctx = &trouble};

	world_close(p->w);
	vfs_install(&hook);
	assert_int_equal(world_open(p->w), 0);
	assert_int_equal(play_one(p, DEED_BIG), 0);
	assert_int_equal(play_one(p, DEED_LOOK), W_EIO);
	world_close(p->w);
}

static void
fault_store__a_failed_sync_after_an_erasure_ends_the_store(void **state)
{
	struct play *p = *state;
	struct trouble trouble = {VFS_SYNC, "wasl.db", 1, 0, SQLITE_IOERR_FSYNC};
	const struct vfs_hook hook = {.before = on_call, .ctx = &trouble};

	world_close(p->w);
	vfs_install(&hook);
	assert_int_equal(world_open(p->w), 0);
	assert_int_equal(play_one(p, DEED_ERASE), 0);
	assert_int_equal(play_one(p, DEED_LOOK), W_EIO);
	world_close(p->w);
}

#define STORE_FAULT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_FAULT(fault_store__erasing_one_of_many_comes_to_an_end),
		STORE_FAULT(fault_store__a_start_that_cannot_read_people_keeps_every_key),
		STORE_FAULT(fault_store__a_failed_commit_that_comes_back_doubles_nothing),
		STORE_FAULT(fault_store__a_failed_sync_of_an_idle_checkpoint_ends_the_store),
		STORE_FAULT(fault_store__a_failed_sync_after_an_erasure_ends_the_store),
	};

	log_set_level((enum log_level) - 1); /* errors are what is wanted here */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
