#include "test_store_world.h"

struct reading {
	struct world *w;
	int64_t centres_before, centres_after; /* as the reader saw them */
	int rc, done;
	enum thread_role role;
	struct gate gate;
};

static int64_t
count_centres(struct store_reader *r)
{
	struct arena *a = arena_new(0);
	struct row_centre row;
	int64_t n = 0;

	while (read_centre_id(r, n + 1, a, &row) == 0)
		n++;
	arena_free(a);
	return n;
}

static void
read_centres(struct store_reader *r, void *arg)
{
	struct reading *reading = arg;

	reading->role = thread_role();
	reading->centres_before = count_centres(r);
}

static void
on_read(void *arg)
{
	((struct reading *)arg)->done++;
}

static void
wait_read(struct reading *reading, int wanted)
{
	while (reading->done < wanted)
		loop_once(reading->w->loop, true);
}

static void
reader__reads_on_its_own_thread_and_answers_on_the_loop(void **state)
{
	struct world *w = *state;
	struct reading reading = {.w = w};

	(void)add_centre(w, "CAS");
	store_read(w->s, read_centres, on_read, &reading);
	assert_int_equal(reading.done, 0);
	wait_read(&reading, 1);
	assert_int_equal(reading.role, THREAD_READER);
	assert_int_equal(reading.centres_before, 1);
}

/* The writer commits between two looks of one read. */
static void
read_twice(struct store_reader *r, void *arg)
{
	struct reading *reading = arg;
	struct gate *g = &reading->gate;

	reading->centres_before = count_centres(r);
	pthread_mutex_lock(&g->lock);
	g->entered = true;
	pthread_cond_broadcast(&g->turned);
	while (!g->open)
		pthread_cond_wait(&g->turned, &g->lock);
	pthread_mutex_unlock(&g->lock);
	reading->centres_after = count_centres(r);
}

static void
reader__a_read_is_of_one_instant(void **state)
{
	struct world *w = *state;
	struct reading reading = {
		.w = w,
		.gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .turned = PTHREAD_COND_INITIALIZER}};
	struct gate *g = &reading.gate;

	(void)add_centre(w, "CAS");
	store_read(w->s, read_twice, on_read, &reading);
	pthread_mutex_lock(&g->lock);
	while (!g->entered)
		pthread_cond_wait(&g->turned, &g->lock);
	pthread_mutex_unlock(&g->lock);
	(void)add_centre(w, "SAL");
	gate_open(g);
	wait_read(&reading, 1);
	assert_int_equal(reading.centres_before, 1);
	assert_int_equal(reading.centres_after, 1);
	store_read(w->s, read_centres, on_read, &reading);
	wait_read(&reading, 2);
	assert_int_equal(reading.centres_before, 2);
}

static void
verify_there(struct store_reader *r, void *arg)
{
	struct reading *reading = arg;
	int64_t bad;

	reading->rc = audit_verify(r, reading->w->keys, &bad, &reading->centres_before);
}

static void
reader__the_audit_is_walked_there_too(void **state)
{
	struct world *w = *state;
	struct reading reading = {.w = w, .rc = NOT_YET};
	struct store_job *job = store_job_new(w->s);
	struct row_audit record = audit_of(1, 2, "list");

	for (int i = 0; i < 1100; i++)
		put_audit(job, &record);
	STORED(w, job);
	store_read(w->s, verify_there, on_read, &reading);
	wait_read(&reading, 1);
	assert_int_equal(reading.rc, 0);
	assert_int_equal(reading.centres_before, 1101);
}

static void
on_read_more(void *arg)
{
	struct reading *reading = arg;

	if (++reading->done < 3)
		store_read(reading->w->s, read_centres, on_read_more, reading);
}

static void
reader__what_waits_at_close_is_read_and_answered(void **state)
{
	struct world *w = *state;
	struct reading reading = {.w = w};

	(void)add_centre(w, "CAS");
	store_read(w->s, read_centres, on_read_more, &reading);
	world_close(w);
	assert_int_equal(reading.done, 3);
	assert_int_equal(reading.centres_before, 1);
	assert_int_equal(world_open(w), 0);
}

/* Sealed values are opened on the reader thread while the loop adds keys. */
static void
read_sealed(struct store_reader *r, void *arg)
{
	struct reading *reading = arg;
	struct arena *a = arena_new(0);
	const struct seal_place place = {"person", "name_ar", 1, 1};

	(void)r;
	for (int i = 0; i < 200 && reading->rc == 0; i++) {
		struct sealed value;
		struct str plain;

		reading->rc = store_seal(reading->w->s, &place, STR_LIT("x"), a, &value);
		if (reading->rc == 0)
			reading->rc = store_open_sealed(reading->w->s, &place, value, a, &plain);
	}
	arena_free(a);
}

static void
reader__keys_are_shared_with_the_loop(void **state)
{
	struct world *w = *state;
	struct reading reading = {.w = w};
	int64_t centre = add_centre(w, "CAS");

	assert_int_equal(add_person(w, centre, 0), 1);
	store_read(w->s, read_sealed, on_read, &reading);
	for (int i = 0; i < 20; i++)
		(void)add_person(w, centre, 0);
	wait_read(&reading, 1);
	assert_int_equal(reading.rc, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(reader__reads_on_its_own_thread_and_answers_on_the_loop),
		STORE_TEST(reader__a_read_is_of_one_instant),
		STORE_TEST(reader__the_audit_is_walked_there_too),
		STORE_TEST(reader__what_waits_at_close_is_read_and_answered),
		STORE_TEST(reader__keys_are_shared_with_the_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
