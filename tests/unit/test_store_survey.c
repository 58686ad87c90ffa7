#include "test_store_world.h"

static struct row_survey
add_survey(struct world *w, int64_t person, const char *kind, int64_t due_at, const char *status)
{
	struct store_job *job = store_job_new(w->s);
	struct row_survey row = survey_of(w, person, kind);

	row.due_at = due_at;
	row.status = str_of(status);
	if (strcmp(status, "done") == 0)
		row.done_at = due_at + 600;
	put_survey(job, &row);
	STORED(w, job);
	return row;
}

static int
keep_last(void *ctx, const struct row_answer *row)
{
	struct row_answer *last = ctx;

	*last = *row;
	return 0;
}

static int
count_answer(void *ctx, const struct row_answer *row)
{
	(void)row;
	++*(int *)ctx;
	return 0;
}

static void
survey__an_answer_opens_the_run_and_the_last_ends_it(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_survey out, row = add_survey(w, person, "m3", NOON, "due");
	struct row_answer first = answer_of(row.id, "activity", "running"),
			  last = answer_of(row.id, "obstacle", "equipment");
	struct store_reader *r = store_loop_reader(w->s);
	struct store_job *job = store_job_new(w->s);

	set_survey_answer(job, &first, STR_LIT("ussd"), STR_LIT("partial"), 0, false);
	STORED(w, job);
	assert_int_equal(read_survey(r, row.id, w->a, &out), 0);
	assert_int_equal(out.opened_at, first.at);
	assert_int_equal(out.done_at, 0);
	assert_true(str_is(out.status, "partial") && str_is(out.channel, "ussd"));
	assert_true(str_is(out.menu_version, "v1") && !out.verified);
	job = store_job_new(w->s);
	last.at = NOON + 90;
	last.menu_version = STR_LIT("v2");
	set_survey_answer(job, &last, STR_LIT("staff"), STR_LIT("done"), NOON + 90, true);
	STORED(w, job);
	assert_int_equal(read_survey(r, row.id, w->a, &out), 0);
	assert_int_equal(out.opened_at, first.at);
	assert_int_equal(out.done_at, NOON + 90);
	assert_true(str_is(out.status, "done") && str_is(out.channel, "staff"));
	assert_true(str_is(out.menu_version, "v1") && out.verified);
	assert_true(str_is(out.kind, "m3"));
	assert_int_equal(out.person, person);
}

static void
survey__an_answer_keeps_its_own_menu_version(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_survey row = add_survey(w, person, "m1", NOON, "due");
	struct row_answer got, answer = answer_of(row.id, "income_band", "le3000");
	struct store_job *job = store_job_new(w->s);

	answer.menu_version = STR_LIT("v7");
	set_survey_answer(job, &answer, STR_LIT("ussd"), STR_LIT("partial"), 0, false);
	STORED(w, job);
	assert_int_equal(list_answers(store_loop_reader(w->s), row.id, w->a, keep_last, &got), 0);
	assert_true(str_is(got.question, "income_band") && str_is(got.value, "le3000"));
	assert_true(str_is(got.menu_version, "v7"));
	assert_int_equal(got.run, row.id);
	assert_int_equal(got.at, answer.at);
}

static void
survey__the_same_question_again_writes_over_it(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_survey row = add_survey(w, person, "m1", NOON, "due");
	struct row_answer got, one = answer_of(row.id, "equipment", "ok"),
			       two = answer_of(row.id, "equipment", "broken");
	struct store_job *job = store_job_new(w->s);
	int n = 0;

	two.at = one.at + 5;
	set_survey_answer(job, &one, STR_LIT("ussd"), STR_LIT("partial"), 0, false);
	set_survey_answer(job, &two, STR_LIT("ussd"), STR_LIT("partial"), 0, false);
	STORED(w, job);
	assert_int_equal(list_answers(store_loop_reader(w->s), row.id, w->a, count_answer, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(list_answers(store_loop_reader(w->s), row.id, w->a, keep_last, &got), 0);
	assert_true(str_is(got.value, "broken"));
	assert_int_equal(got.at, two.at);
}

static void
survey__an_answer_to_no_run_is_refused(void **state)
{
	struct world *w = *state;
	struct row_answer answer = answer_of(99, "equipment", "ok");
	struct store_job *job = store_job_new(w->s);

	set_survey_answer(job, &answer, STR_LIT("ussd"), STR_LIT("partial"), 0, false);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
survey__words_outside_the_lists_are_refused(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_survey row = survey_of(w, person, "m9"), fine = survey_of(w, person, "m6");
	struct row_answer strange = answer_of(fine.id, "Obstacle!", "none");
	struct store_job *job = store_job_new(w->s);

	put_survey(job, &row);
	assert_int_equal(run_job(w, job), W_EEXIST);
	job = store_job_new(w->s);
	fine.status = STR_LIT("begun");
	put_survey(job, &fine);
	assert_int_equal(run_job(w, job), W_EEXIST);
	job = store_job_new(w->s);
	fine.status = STR_LIT("due");
	put_survey(job, &fine);
	set_survey_answer(job, &strange, STR_LIT("ussd"), STR_LIT("partial"), 0, false);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
survey__the_one_due_is_the_earliest_that_is_open(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_reader *r = store_loop_reader(w->s);
	struct row_survey out;

	assert_int_equal(read_survey_due(r, person, 0, NOON, w->a, &out), W_ENOENT);
	(void)add_survey(w, person, "m1", NOON - 90, "done");
	(void)add_survey(w, person, "monthly", NOON - 80, "missed");
	struct row_survey late = add_survey(w, person, "m3", NOON - 50, "due");
	struct row_survey begun = add_survey(w, person, "job", NOON - 60, "partial");
	(void)add_survey(w, person, "m6", NOON + 1, "due");
	assert_int_equal(read_survey_due(r, person, 0, NOON, w->a, &out), 0);
	assert_int_equal(out.id, begun.id);
	assert_int_equal(read_survey_due(r, person, NOON - 60, NOON, w->a, &out), 0);
	assert_int_equal(out.id, begun.id); /* both ends are in */
	assert_int_equal(read_survey_due(r, person, NOON - 59, NOON, w->a, &out), 0);
	assert_int_equal(out.id, late.id);
	assert_int_equal(read_survey_due(r, person, NOON - 49, NOON, w->a, &out), W_ENOENT);
	assert_int_equal(read_survey_due(r, person + 1, 0, NOON, w->a, &out), W_ENOENT);
}

static void
survey__one_was_done_since(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_reader *r = store_loop_reader(w->s);

	struct row_survey second = add_survey(w, person, "m3", NOON - 10, "done");
	(void)add_survey(w, person, "m1", NOON - 900, "done");
	(void)add_survey(w, person, "m6", NOON, "due");
	assert_true(has_survey_done(r, person, 0));
	assert_true(has_survey_done(r, person, second.done_at));
	assert_false(has_survey_done(r, person, second.done_at + 1));
	assert_false(has_survey_done(r, person + 1, 0));
}

static void
survey__missed_and_done_by_status(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_survey out, row = add_survey(w, person, "m12", NOON, "due");
	struct store_job *job = store_job_new(w->s);

	set_survey_status(job, row.id, STR_LIT("missed"), NOON);
	STORED(w, job);
	assert_int_equal(read_survey(store_loop_reader(w->s), row.id, w->a, &out), 0);
	assert_true(str_is(out.status, "missed"));
	assert_int_equal(out.done_at, 0);
	job = store_job_new(w->s);
	set_survey_status(job, row.id, STR_LIT("done"), NOON + 5);
	STORED(w, job);
	assert_int_equal(read_survey(store_loop_reader(w->s), row.id, w->a, &out), 0);
	assert_int_equal(out.done_at, NOON + 5);
	job = store_job_new(w->s);
	set_survey_status(job, 99, STR_LIT("done"), NOON);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static int
count_survey(void *ctx, const struct row_survey *row)
{
	(void)row;
	++*(int *)ctx;
	return 0;
}

static int
count(struct world *w, struct filter f)
{
	int n = 0;

	assert_int_equal(list_surveys(store_loop_reader(w->s), &f, w->a, count_survey, &n), 0);
	return n;
}

/* The centre is that of the person when the row was made. */
static void
survey__lists_by_scope_time_and_what_is_open(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), other = add_centre(w, "SAL");
	int64_t staff = add_staff(w, centre, "mona", 1001);
	int64_t person = add_person(w, centre, staff);

	(void)add_survey(w, person, "m1", NOON - 700, "done"); /* its time: 100 s before noon */
	(void)add_survey(w, person, "m3", NOON, "due");
	(void)add_survey(w, add_person(w, other, 0), "m3", NOON, "due");
	assert_int_equal(count(w, (struct filter){0}), 3);
	assert_int_equal(count(w, (struct filter){.centre = centre}), 2);
	assert_int_equal(count(w, (struct filter){.staff = staff}), 2);
	assert_int_equal(count(w, (struct filter){.person = person, .open_only = true}), 1);
	assert_int_equal(count(w, (struct filter){.person = person, .since = NOON - 99}), 1);
	assert_int_equal(count(w, (struct filter){.person = person, .since = NOON - 100}), 2);
}

static int
stop_at_first(void *ctx, const struct row_answer *row)
{
	(void)row;
	++*(int *)ctx;
	return 5;
}

static void
survey__a_non_zero_answer_stops_the_list_of_answers(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_survey row = add_survey(w, person, "m1", NOON, "due");
	struct row_answer a = answer_of(row.id, "activity", "running"),
			  b = answer_of(row.id, "customers", "more");
	struct store_job *job = store_job_new(w->s);
	int n = 0;

	set_survey_answer(job, &a, STR_LIT("ussd"), STR_LIT("partial"), 0, false);
	set_survey_answer(job, &b, STR_LIT("ussd"), STR_LIT("partial"), 0, false);
	STORED(w, job);
	assert_int_equal(list_answers(store_loop_reader(w->s), row.id, w->a, stop_at_first, &n), 5);
	assert_int_equal(n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(survey__an_answer_opens_the_run_and_the_last_ends_it),
		STORE_TEST(survey__an_answer_keeps_its_own_menu_version),
		STORE_TEST(survey__the_same_question_again_writes_over_it),
		STORE_TEST(survey__an_answer_to_no_run_is_refused),
		STORE_TEST(survey__words_outside_the_lists_are_refused),
		STORE_TEST(survey__the_one_due_is_the_earliest_that_is_open),
		STORE_TEST(survey__one_was_done_since),
		STORE_TEST(survey__missed_and_done_by_status),
		STORE_TEST(survey__lists_by_scope_time_and_what_is_open),
		STORE_TEST(survey__a_non_zero_answer_stops_the_list_of_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
