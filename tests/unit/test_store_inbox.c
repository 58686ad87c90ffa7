#include "test_store_world.h"

static int
stored(struct world *w, const struct row_inbox *row)
{
	struct store_job *job = store_job_new(w->s);

	put_inbox(job, row);
	return run_job(w, job);
}

static struct row_inbox
again(struct world *w, const struct digest *key)
{
	struct row_inbox out;

	assert_int_equal(read_inbox(store_loop_reader(w->s), key, w->a, &out), 0);
	return out;
}

static void
inbox__every_column_comes_back(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS");
	struct row_inbox in = inbox_of(w, 0), out;

	in.centre = centre;
	assert_int_equal(stored(w, &in), 0);
	out = again(w, &in.key);
	assert_int_equal(out.id, in.id);
	assert_int_equal(out.person, 0);
	assert_int_equal(out.key_id, in.key_id);
	assert_int_equal(out.centre, centre);
	assert_int_equal(out.at, NOON);
	assert_int_equal(out.said_at, NOON - 60);
	assert_true(digest_eq(&out.key, &in.key));
	assert_true(str_is(out.channel, "at-1") && str_is(out.provider_id, "m-1"));
	assert_true(str_is(out.sent_to, "1234") && str_is(out.part_ref, "77"));
	assert_int_equal(out.part_number, 1);
	assert_int_equal(out.part_of, 2);
	assert_true(str_is(out.state, "new"));
	assert_memory_equal(out.phone.p, in.phone.p, in.phone.n);
	assert_memory_equal(out.text.p, in.text.p, in.text.n);
}

static void
inbox__a_second_one_of_a_key_changes_nothing(void **state)
{
	struct world *w = *state;
	struct row_inbox first = inbox_of(w, 0), second = inbox_of(w, 0);

	second.key = first.key;
	second.provider_id = STR_LIT("other");
	assert_int_equal(stored(w, &first), 0);
	assert_int_equal(stored(w, &second), 0);
	assert_true(str_is(again(w, &first.key).provider_id, "m-1"));
	assert_int_equal(again(w, &first.key).id, first.id);
	world_close(w);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM inbox"), 1);
	assert_int_equal(world_open(w), 0);
}

static void
inbox__the_centre_is_the_persons_own(void **state)
{
	struct world *w = *state;
	int64_t own = add_centre(w, "CAS"), other = add_centre(w, "FES");
	struct row_inbox row = inbox_of(w, add_person(w, own, 0));

	row.centre = other;
	assert_int_equal(stored(w, &row), 0);
	assert_int_equal(again(w, &row.key).centre, own);
}

static void
inbox__of_somebody_who_is_not_there_is_refused(void **state)
{
	struct world *w = *state;
	struct row_inbox row = inbox_of(w, 77), out;

	assert_int_equal(stored(w, &row), W_EEXIST);
	assert_int_equal(read_inbox(store_loop_reader(w->s), &row.key, w->a, &out), W_ENOENT);
}

static void
inbox__numbers_go_on_after_a_restart_and_an_erasure(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_inbox row = inbox_of(w, person);
	struct store_job *job;

	assert_int_equal(stored(w, &row), 0);
	job = store_job_new(w->s);
	person_erase(job, person);
	STORED(w, job);
	world_close(w);
	assert_int_equal(world_open(w), 0);
	assert_int_equal(store_next(w->s, NEXT_INBOX), row.id + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(inbox__every_column_comes_back),
		STORE_TEST(inbox__a_second_one_of_a_key_changes_nothing),
		STORE_TEST(inbox__the_centre_is_the_persons_own),
		STORE_TEST(inbox__of_somebody_who_is_not_there_is_refused),
		STORE_TEST(inbox__numbers_go_on_after_a_restart_and_an_erasure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
