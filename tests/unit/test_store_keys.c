#include "test_store_world.h"

static const struct seal_place place_of_note = {"need", "note", 2001, 1};

static void
keys__a_new_key_works_at_once_and_after_a_restart(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct sealed sealed;
	struct str plain;

	assert_int_equal(person, place_of_note.key_id);
	assert_int_equal(store_seal(w->s, &place_of_note, STR_LIT("salam"), w->a, &sealed), 0);
	world_reopen(w);
	assert_int_equal(store_open_sealed(w->s, &place_of_note, sealed, w->a, &plain), 0);
	assert_true(str_is(plain, "salam"));
}

static void
keys__an_unknown_key_is_gone(void **state)
{
	struct world *w = *state;
	struct data_key key;
	struct sealed sealed;

	assert_int_equal(store_key(w->s, 12, &key), W_EGONE);
	assert_int_equal(store_seal(w->s, &place_of_note, STR_LIT("x"), w->a, &sealed), W_EGONE);
}

static void
keys__a_second_key_for_a_person_is_refused(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct data_key key;

	assert_int_equal(store_key_new(w->s, job, person, &key), W_EEXIST);
	store_job_free(job);
}

static void
keys__a_key_of_a_failed_job_is_forgotten(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct row_flag flag = flag_of(w, 99);
	struct digest number = digest_nr(1);
	struct data_key key;
	int64_t persons[2];

	assert_int_equal(store_key_new(w->s, job, 99, &key), 0);
	phone_put(job, &number, 99);
	put_flag(job, &flag); /* no such person */
	assert_int_equal(store_key(w->s, 99, &key), 0);
	assert_int_equal(run_job(w, job), W_EEXIST);
	assert_int_equal(store_key(w->s, 99, &key), W_EGONE);
	assert_int_equal(store_persons_of(w->s, &number, persons, 2), 0);
	world_close(w);
	assert_int_equal(raw_number(w, "keys.db", "SELECT count(*) FROM key WHERE id = 99"), 0);
	assert_int_equal(raw_number(w, "keys.db", "SELECT count(*) FROM phone"), 0);
	assert_int_equal(world_open(w), 0);
}

static void
keys__the_key_of_a_day_is_made_once(void **state)
{
	struct world *w = *state;
	int64_t day = store_day_id(NOON);
	struct data_key first, second, third;
	struct store_job *job = store_job_new(w->s);

	assert_int_equal(day, -(NOON / 86400));
	store_day_key(w->s, job, day, &first);
	STORED(w, job);
	job = store_job_new(w->s);
	store_day_key(w->s, job, day, &second);
	assert_null(job->key_ops); /* it is stored: nothing travels */
	store_job_free(job);
	world_reopen(w);
	assert_int_equal(store_key(w->s, day, &third), 0);
	assert_memory_equal(first.bytes, second.bytes, sizeof(first.bytes));
	assert_memory_equal(first.bytes, third.bytes, sizeof(first.bytes));
}

/* The job that made the key fails; another one has sealed under it meanwhile. */
static void
keys__the_key_of_a_day_travels_with_everything_sealed_under_it(void **state)
{
	struct world *w = *state;
	int64_t day = store_day_id(NOON);
	struct store_job *fails = store_job_new(w->s), *stays = store_job_new(w->s);
	struct row_flag flag = flag_of(w, 99);
	struct data_key first, again;
	struct gate gate;
	int failed = NOT_YET, stored = NOT_YET;

	gate_close(w, &gate);
	store_day_key(w->s, fails, day, &first);
	put_flag(fails, &flag);
	store_submit(w->s, fails, on_world_stored, &failed);
	store_day_key(w->s, stays, day, &again);
	store_submit(w->s, stays, on_world_stored, &stored);
	gate_open(&gate);
	settle(w);
	assert_int_equal(failed, W_EEXIST);
	assert_int_equal(stored, 0);
	world_reopen(w);
	assert_int_equal(store_key(w->s, day, &again), 0);
	assert_memory_equal(first.bytes, again.bytes, sizeof(first.bytes));
}

static void
keys__people_behind_a_number_come_in_order_of_linking(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), persons[8];
	int64_t a = add_person(w, centre, 0), b = add_person(w, centre, 0);
	struct digest number = digest_nr(1), other = digest_nr(2);
	struct store_job *job = store_job_new(w->s);

	phone_put(job, &number, b);
	phone_put(job, &number, a);
	phone_put(job, &number, b); /* twice is once */
	phone_put(job, &other, a);
	assert_int_equal(store_persons_of(w->s, &number, persons, 8),
			 0); /* not before its commit */
	STORED(w, job);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(store_persons_of(w->s, &number, persons, 8), 2);
		assert_int_equal(persons[0], b);
		assert_int_equal(persons[1], a);
		assert_int_equal(store_persons_of(w->s, &number, persons, 1), 1);
		assert_int_equal(store_persons_of(w->s, &other, persons, 8), 1);
		world_reopen(w);
	}
}

static void
keys__a_number_taken_off_a_person_leaves_the_others(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), persons[8];
	int64_t a = add_person(w, centre, 0), b = add_person(w, centre, 0);
	struct digest number = digest_nr(1);
	struct store_job *job = store_job_new(w->s);

	phone_put(job, &number, a);
	phone_put(job, &number, b);
	STORED(w, job);
	job = store_job_new(w->s);
	phone_del(job, &number, a);
	STORED(w, job);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(store_persons_of(w->s, &number, persons, 8), 1);
		assert_int_equal(persons[0], b);
		world_reopen(w);
	}
	job = store_job_new(w->s);
	phone_del(job, &number, b);
	STORED(w, job);
	assert_int_equal(store_persons_of(w->s, &number, persons, 8), 0);
}

static void
keys__a_wrapped_key_put_under_another_person_does_not_open(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS");
	int64_t a = add_person(w, centre, 0), b = add_person(w, centre, 0);
	struct data_key key;

	world_close(w);
	raw_exec(w, "keys.db",
		 "UPDATE key SET wrapped = (SELECT wrapped FROM key WHERE id = 1) WHERE id = 2");
	assert_int_equal(world_open(w), 0);
	assert_int_equal(store_key(w->s, a, &key), 0);
	assert_int_equal(store_key(w->s, b, &key), W_ESEAL);
}

static void
keys__a_spoilt_key_of_a_day_is_found_at_start(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct data_key key;

	store_day_key(w->s, job, store_day_id(NOON), &key);
	STORED(w, job);
	world_close(w);
	raw_exec(w, "keys.db", "UPDATE key SET wrapped = zeroblob(73) WHERE id < 0");
	assert_int_equal(world_open(w), W_ESEAL);
	assert_non_null(strstr(fault(w), "a key of a day that does not open"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(keys__a_new_key_works_at_once_and_after_a_restart),
		STORE_TEST(keys__an_unknown_key_is_gone),
		STORE_TEST(keys__a_second_key_for_a_person_is_refused),
		STORE_TEST(keys__a_key_of_a_failed_job_is_forgotten),
		STORE_TEST(keys__the_key_of_a_day_is_made_once),
		STORE_TEST(keys__the_key_of_a_day_travels_with_everything_sealed_under_it),
		STORE_TEST(keys__people_behind_a_number_come_in_order_of_linking),
		STORE_TEST(keys__a_number_taken_off_a_person_leaves_the_others),
		STORE_TEST(keys__a_wrapped_key_put_under_another_person_does_not_open),
		STORE_TEST(keys__a_spoilt_key_of_a_day_is_found_at_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
