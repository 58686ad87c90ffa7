#include "test_store_world.h"

static void
project__the_open_one_comes_back_as_it_was_put(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_project out, row = project_of(w, person);
	struct store_reader *r = store_loop_reader(w->s);
	struct store_job *job = store_job_new(w->s);

	assert_int_equal(read_project(r, person, w->a, &out), W_ENOENT);
	row.equipment = STR_LIT("ok");
	row.equipment_at = NOON;
	row.equipment_source = STR_LIT("visit");
	put_project(job, &row);
	STORED(w, job);
	assert_int_equal(read_project(r, person, w->a, &out), 0);
	assert_int_equal(out.id, row.id);
	assert_int_equal(out.person, person);
	assert_int_equal(out.opened_at, row.opened_at);
	assert_int_equal(out.closed_at, 0);
	assert_int_equal(out.stage_at, row.stage_at);
	assert_int_equal(out.handover_at, row.handover_at);
	assert_int_equal(out.equipment_at, NOON);
	assert_true(str_is(out.sector, "catering") && str_is(out.stage, "started"));
	assert_true(str_is(out.equipment, "ok") && str_is(out.equipment_source, "visit"));
}

static void
project__equipment_is_that_of_the_open_one(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_project out, old = project_of(w, person), row = project_of(w, person);
	struct store_job *job = store_job_new(w->s);

	old.closed_at = NOON - 7200;
	put_project(job, &old);
	put_project(job, &row);
	set_project_equipment(job, person, STR_LIT("broken"), STR_LIT("ussd"), NOON);
	STORED(w, job);
	assert_int_equal(read_project(store_loop_reader(w->s), person, w->a, &out), 0);
	assert_int_equal(out.id, row.id);
	assert_true(str_is(out.equipment, "broken") && str_is(out.equipment_source, "ussd"));
	assert_int_equal(out.equipment_at, NOON);
	world_close(w);
	assert_int_equal(raw_number(w, "wasl.db",
				    "SELECT count(*) FROM life_project WHERE "
				    "equipment IS NOT NULL"),
			 1);
	assert_int_equal(world_open(w), 0);
}

static void
project__equipment_of_somebody_without_one_changes_nothing(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_project out;

	set_project_equipment(job, person, STR_LIT("broken"), STR_LIT("ussd"), NOON);
	STORED(w, job);
	assert_int_equal(read_project(store_loop_reader(w->s), person, w->a, &out), W_ENOENT);
}

static void
project__a_person_has_one_open_at_a_time(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_project one = project_of(w, person), two = project_of(w, person);
	struct store_job *job = store_job_new(w->s);

	put_project(job, &one);
	put_project(job, &two);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
project__words_outside_the_lists_are_refused(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_project strange = project_of(w, person), row = project_of(w, person);
	struct store_job *job = store_job_new(w->s);

	strange.stage = STR_LIT("dreaming");
	put_project(job, &strange);
	assert_int_equal(run_job(w, job), W_EEXIST);
	job = store_job_new(w->s);
	put_project(job, &row);
	set_project_equipment(job, person, STR_LIT("sold"), STR_LIT("ussd"), NOON);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
project__a_job_ends_with_its_reason(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_placement out, row = placement_of(w, person);
	struct store_reader *r = store_loop_reader(w->s);
	struct store_job *job = store_job_new(w->s);

	assert_int_equal(read_placement(r, person, w->a, &out), W_ENOENT);
	put_placement(job, &row);
	STORED(w, job);
	assert_int_equal(read_placement(r, person, w->a, &out), 0);
	assert_int_equal(out.id, row.id);
	assert_int_equal(out.start_at, row.start_at);
	assert_int_equal(out.end_at, 0);
	assert_true(str_is(out.source, "staff") && out.end_reason.n == 0);
	job = store_job_new(w->s);
	set_placement_end(job, person, STR_LIT("employer"), NOON);
	STORED(w, job);
	assert_int_equal(read_placement(r, person, w->a, &out), W_ENOENT);
	job = store_job_new(w->s);
	set_placement_end(job, person, STR_LIT("own"), NOON + 5); /* no job: nothing */
	STORED(w, job);
}

struct jobs {
	struct row_placement rows[4];
	size_t n;
};

static int
see(void *ctx, const struct row_placement *row)
{
	struct jobs *jobs = ctx;

	assert_true(jobs->n < ARRAY_LEN(jobs->rows));
	jobs->rows[jobs->n++] = *row;
	return 0;
}

static void
project__jobs_are_listed_the_latest_first(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), person = add_person(w, centre, 0);
	struct row_placement first = placement_of(w, person), second = placement_of(w, person);
	struct row_placement other = placement_of(w, add_person(w, centre, 0));
	struct store_job *job = store_job_new(w->s);
	struct jobs jobs = {.n = 0};

	put_placement(job, &first);
	set_placement_end(job, person, STR_LIT("changed"), NOON);
	put_placement(job, &second);
	put_placement(job, &other);
	STORED(w, job);
	assert_int_equal(list_placements(store_loop_reader(w->s), person, w->a, see, &jobs), 0);
	assert_int_equal(jobs.n, 2);
	assert_int_equal(jobs.rows[0].id, second.id);
	assert_int_equal(jobs.rows[1].id, first.id);
	assert_int_equal(jobs.rows[1].end_at, NOON);
	assert_true(str_is(jobs.rows[1].end_reason, "changed"));
}

static void
project__a_person_has_one_job_at_a_time(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_placement one = placement_of(w, person), two = placement_of(w, person);
	struct store_job *job = store_job_new(w->s);

	put_placement(job, &one);
	put_placement(job, &two);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(project__the_open_one_comes_back_as_it_was_put),
		STORE_TEST(project__equipment_is_that_of_the_open_one),
		STORE_TEST(project__equipment_of_somebody_without_one_changes_nothing),
		STORE_TEST(project__a_person_has_one_open_at_a_time),
		STORE_TEST(project__words_outside_the_lists_are_refused),
		STORE_TEST(project__a_job_ends_with_its_reason),
		STORE_TEST(project__jobs_are_listed_the_latest_first),
		STORE_TEST(project__a_person_has_one_job_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
