#include "test_store_world.h"

static void
link__every_column_comes_back(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_link out, in = link_of(w, person, "active");

	in.pin = sealed_like(w, "pin");
	in.sharing = STR_LIT("shared");
	put_link(job, &in);
	STORED(w, job);
	assert_int_equal(read_link_active(store_loop_reader(w->s), person, w->a, &out), 0);
	assert_int_equal(out.id, in.id);
	assert_int_equal(out.person, person);
	assert_int_equal(out.from_at, NOON);
	assert_int_equal(out.to_at, 0);
	assert_memory_equal(out.phone.p, in.phone.p, in.phone.n);
	assert_memory_equal(out.pin.p, in.pin.p, in.pin.n);
	assert_true(str_is(out.sharing, "shared") && str_is(out.status, "active"));
}

static void
link__a_person_has_one_active_link(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_link first = link_of(w, person, "active"), second = link_of(w, person, "active");

	put_link(job, &first);
	STORED(w, job);
	job = store_job_new(w->s);
	put_link(job, &second);
	assert_int_equal(run_job(w, job), W_EEXIST);
	job = store_job_new(w->s);
	set_link_status(job, first.id, STR_LIT("replaced"), NOON + 9);
	put_link(job, &second);
	STORED(w, job);
	assert_int_equal(read_link_active(store_loop_reader(w->s), person, w->a, &first), 0);
	assert_int_equal(first.id, second.id);
	world_close(w);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT to_at FROM phone_link WHERE id = 1"),
			 NOON + 9);
	assert_int_equal(world_open(w), 0);
}

static void
link__pending_becomes_active_with_the_number_that_dialled(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_link out, in = link_of(w, person, "pending");
	struct sealed phone = sealed_like(w, "dialled");

	in.phone.n = 0;
	in.sharing = STR_LIT("unknown");
	put_link(job, &in);
	STORED(w, job);
	assert_int_equal(read_link_active(store_loop_reader(w->s), person, w->a, &out), W_ENOENT);
	assert_int_equal(read_link_pending(store_loop_reader(w->s), person, w->a, &out), 0);
	assert_int_equal(out.phone.n, 0);
	job = store_job_new(w->s);
	set_link_phone(job, in.id, phone, NOON + 3);
	set_link_sharing(job, in.id, STR_LIT("own"));
	set_link_pin(job, in.id, sealed_like(w, "pin"));
	STORED(w, job);
	assert_int_equal(read_link_active(store_loop_reader(w->s), person, w->a, &out), 0);
	assert_memory_equal(out.phone.p, phone.p, phone.n);
	assert_int_equal(out.from_at, NOON + 3);
	assert_true(str_is(out.sharing, "own"));
	assert_int_equal(out.pin.n, 60);
	job = store_job_new(w->s);
	set_link_phone(job, in.id, phone, NOON + 4); /* it is active already */
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
link__an_active_link_without_a_number_is_refused(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_link row = link_of(w, person, "active");

	row.phone.n = 0;
	put_link(job, &row);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
guard__is_replaced_by_the_next(void **state)
{
	struct world *w = *state;
	struct row_guard out, in = {.number = digest_nr(9),
				    .pin_wrong = 2,
				    .pin_total = 7,
				    .pin_locked_until = INT64_MAX,
				    .code_wrong = 3,
				    .code_day = 20000};

	for (int i = 0; i < 2; i++) {
		struct store_job *job = store_job_new(w->s);

		in.pin_wrong += i;
		put_guard(job, &in);
		STORED(w, job);
	}
	assert_int_equal(read_guard(store_loop_reader(w->s), &in.number, &out), 0);
	assert_int_equal(out.pin_wrong, 3);
	assert_int_equal(out.pin_total, 7);
	assert_true(out.pin_locked_until == INT64_MAX);
	assert_int_equal(out.code_wrong, 3);
	assert_int_equal(out.code_day, 20000);
	in.number = digest_nr(10);
	assert_int_equal(read_guard(store_loop_reader(w->s), &in.number, &out), W_ENOENT);
}

static void
code__is_found_used_once_and_its_digits_free_again(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_code out, in = {.id = store_next(w->s, NEXT_CODE),
				   .person = person,
				   .link = 4,
				   .expires_at = NOON + 7 * 86400,
				   .code = digest_nr(481205),
				   .expected = digest_nr(34),
				   .has_expected = true};

	put_code(job, &in);
	STORED(w, job);
	assert_int_equal(read_code(store_loop_reader(w->s), &in.code, &out), 0);
	assert_int_equal(out.id, in.id);
	assert_int_equal(out.link, 4);
	assert_int_equal(out.expires_at, in.expires_at);
	assert_true(out.has_expected);
	assert_memory_equal(out.expected.bytes, in.expected.bytes, 16);
	in.id = store_next(w->s, NEXT_CODE);
	in.has_expected = false;
	job = store_job_new(w->s);
	put_code(job, &in); /* the same digits while the first is open */
	assert_int_equal(run_job(w, job), W_EEXIST);
	job = store_job_new(w->s);
	set_code_used(job, out.id, NOON);
	put_code(job, &in);
	STORED(w, job);
	assert_int_equal(read_code(store_loop_reader(w->s), &in.code, &out), 0);
	assert_int_equal(out.id, in.id);
	assert_false(out.has_expected);
	job = store_job_new(w->s);
	set_code_used(job, 1, NOON); /* a second time */
	assert_int_equal(run_job(w, job), W_EEXIST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(link__every_column_comes_back),
		STORE_TEST(link__a_person_has_one_active_link),
		STORE_TEST(link__pending_becomes_active_with_the_number_that_dialled),
		STORE_TEST(link__an_active_link_without_a_number_is_refused),
		STORE_TEST(guard__is_replaced_by_the_next),
		STORE_TEST(code__is_found_used_once_and_its_digits_free_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
