#include "test_store_world.h"

#include <signal.h>
#include <sys/wait.h>

/*
 * A child stores needs as fast as it can, tells each acknowledged number through
 * a pipe from on_stored, and kills itself with SIGKILL after a few. Whatever came
 * through the pipe must be there; nothing may be there twice or half.
 */
enum { ROUNDS = 20, MOST = 4096 };

struct child {
	struct world *w;
	int64_t person, number;
	int pipe, acknowledged, kill_after;
};

struct told {
	struct child *child;
	int64_t number;
};

static void submit_one(struct child *c);

static void
on_need_stored(void *arg, int rc)
{
	struct told *told = arg;
	struct child *c = told->child;

	if (rc != 0 || write(c->pipe, &told->number, sizeof(told->number)) < 0)
		_exit(1);
	if (++c->acknowledged == c->kill_after)
		raise(SIGKILL);
	submit_one(c);
}

static void
submit_one(struct child *c)
{
	struct store_job *job = store_job_new(c->w->s);
	struct told *told = ARENA_NEW(store_job_arena(job), struct told);
	struct row_need need = need_of(c->w, c->person);
	struct row_flag flag = flag_of(c->w, c->person);

	*told = (struct told){c, need.number};
	flag.about = need.number;
	put_need(job, &need);
	put_flag(job, &flag);
	store_submit(c->w->s, job, on_need_stored, told);
}

static void
child_main(struct world *w, int64_t person, int pipe, int kill_after)
{
	struct child c = {.w = w, .person = person, .pipe = pipe, .kill_after = kill_after};

	if (world_open(w) != 0)
		_exit(2);
	for (int i = 0; i < 8; i++)
		submit_one(&c);
	for (;;)
		loop_once(w->loop, true);
}

static size_t
run_child(struct world *w, int64_t person, int kill_after, int64_t *numbers)
{
	int ends[2], status;
	size_t n = 0;

	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		child_main(w, person, ends[1], kill_after);
	}
	close(ends[1]);
	while (n < MOST && read(ends[0], &numbers[n], sizeof(numbers[n])) == sizeof(numbers[n]))
		n++;
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	return n;
}

static int64_t
flags_about(struct world *w, int64_t number)
{
	sqlite3_stmt *st;
	sqlite3 *db = w->s->loop_reader.db.handle;

	assert_int_equal(
		sqlite3_prepare_v2(db, "SELECT count(*) FROM flag WHERE about = ?1", -1, &st, NULL),
		SQLITE_OK);
	sqlite3_bind_int64(st, 1, number);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

static void
crash__whatever_was_acknowledged_is_there(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	static int64_t numbers[MOST];

	world_close(w);
	for (int round = 0; round < ROUNDS; round++) {
		size_t n = run_child(w, person, 1 + round * 7, numbers);
		struct row_need need;

		assert_true(n >= (size_t)(1 + round * 7));
		assert_int_equal(world_open(w), 0);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(
				read_need(store_loop_reader(w->s), numbers[i], w->a, &need), 0);
			assert_int_equal(flags_about(w, numbers[i]), 1);
		}
		assert_true(store_next(w->s, NEXT_NEED) > numbers[n - 1]);
		world_close(w);
		arena_reset(w->a);
	}
	assert_int_equal(store_check_files(w->dir, w->err), 0);
	assert_int_equal(world_open(w), 0);
}

/* The child dies between the commits of keys.db and wasl.db. */
static int
on_commit_die(void *arg)
{
	(void)arg;
	raise(SIGKILL);
	return 0;
}

static int
arm(struct writer *writer, const void *arg)
{
	(void)arg;
	sqlite3_commit_hook(writer->wasl.handle, on_commit_die, NULL);
	return SQLITE_OK;
}

static void
child_dies_between(struct world *w, int64_t centre)
{
	if (world_open(w) != 0)
		_exit(2);
	struct store_job *job = store_job_new(w->s);
	struct digest number = digest_nr(5);
	struct row_person row = {.id = store_next(w->s, NEXT_PERSON),
				 .centre = centre,
				 .at = NOON,
				 .ref = STR_LIT("CAS-0001"),
				 .path = STR_LIT("job"),
				 .status = STR_LIT("active")};
	struct data_key key;

	if (store_key_new(w->s, job, row.id, &key) != 0)
		_exit(3);
	op_call(job, arm, NULL);
	put_person(job, &row);
	phone_put(job, &number, row.id);
	store_submit(w->s, job, NULL, NULL);
	store_flush(w->s);
	_exit(4);
}

static void
crash__a_key_without_its_person_is_forgotten_at_the_next_start(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), persons[4];
	struct digest number = digest_nr(5);
	struct data_key key;
	int status;

	world_close(w);
	pid_t pid = fork();
	if (pid == 0)
		child_dies_between(w, centre);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(raw_number(w, "keys.db", "SELECT count(*) FROM key WHERE id = 1"), 1);
	assert_int_equal(world_open(w), 0);
	assert_int_equal(store_key(w->s, 1, &key), W_EGONE);
	assert_int_equal(store_persons_of(w->s, &number, persons, 4), 0);
	assert_int_equal(add_person(w, centre, 0), 1); /* nobody has seen the number */
	assert_int_equal(store_key(w->s, 1, &key), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(crash__whatever_was_acknowledged_is_there),
		STORE_TEST(crash__a_key_without_its_person_is_forgotten_at_the_next_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
