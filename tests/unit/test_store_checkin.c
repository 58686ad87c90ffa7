#include "test_store_world.h"

static struct row_checkin
add_checkin(struct world *w, int64_t person, int32_t week, const char *status)
{
	struct store_job *job = store_job_new(w->s);
	struct row_checkin row = checkin_of(w, person);

	row.week = week;
	row.status = str_of(status);
	if (strcmp(status, "done") == 0)
		row.done_at = NOON + row.id;
	put_checkin(job, &row);
	STORED(w, job);
	return row;
}

static void
checkin__answers_fill_one_row_until_it_is_done(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_checkin out, row = add_checkin(w, person, 20261123, "due");
	static const char *const answers[][3] = {{"mood", "need_help", "partial"},
						 {"housing", "fragile", "partial"},
						 {"days_worked", "0", "done"}};

	for (int i = 0; i < 3; i++) {
		struct store_job *job = store_job_new(w->s);

		set_checkin_answer(job, row.id, answers[i][0], str_of(answers[i][1]),
				   str_of(answers[i][2]), NOON + i, i == 2 ? NOON + 2 : 0, i > 0);
		STORED(w, job);
	}
	assert_int_equal(read_checkin_week(store_loop_reader(w->s), person, 20261123, w->a, &out),
			 0);
	assert_int_equal(out.id, row.id);
	assert_int_equal(out.opened_at, NOON);
	assert_int_equal(out.done_at, NOON + 2);
	assert_true(str_is(out.mood, "need_help") && str_is(out.housing, "fragile"));
	assert_true(str_is(out.days_worked, "0") && str_is(out.status, "done"));
	assert_true(str_is(out.channel, "ussd") && str_is(out.menu_version, "v1"));
	assert_true(out.verified);
}

static void
checkin__keeps_what_was_answered_about_the_job(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_checkin out, row = add_checkin(w, person, 20261123, "due");
	static const char *const answers[][2] = {{"job", "same"},
						 {"job_mood", "small_issue"},
						 {"job_issue", "pay"},
						 {"end_reason", "own"}};
	struct store_job *job = store_job_new(w->s);

	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		set_checkin_answer(job, row.id, answers[i][0], str_of(answers[i][1]),
				   STR_LIT("partial"), NOON, 0, true);
	STORED(w, job);
	assert_int_equal(read_checkin_week(store_loop_reader(w->s), person, 20261123, w->a, &out),
			 0);
	assert_true(str_is(out.job, "same") && str_is(out.job_mood, "small_issue"));
	assert_true(str_is(out.job_issue, "pay") && str_is(out.end_reason, "own"));
	assert_int_equal(out.mood.n, 0);
}

static void
checkin__put_whole_it_comes_back_whole(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_checkin out, row = checkin_of(w, person);
	struct store_job *job = store_job_new(w->s);

	row.job = STR_LIT("ended");
	row.job_mood = STR_LIT("ok");
	row.job_issue = STR_LIT("health");
	row.end_reason = STR_LIT("employer");
	put_checkin(job, &row);
	STORED(w, job);
	assert_int_equal(read_checkin_week(store_loop_reader(w->s), person, 20261123, w->a, &out),
			 0);
	assert_true(str_is(out.job, "ended") && str_is(out.job_mood, "ok"));
	assert_true(str_is(out.job_issue, "health") && str_is(out.end_reason, "employer"));
	assert_true(str_is(out.menu_version, "v1"));
}

/* The calendar makes rows of no menu; the first who answers says which, the next keeps it. */
static void
checkin__is_of_the_menus_it_was_first_answered_with(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_checkin out, row = checkin_of(w, person);
	struct store_job *job = store_job_new(w->s);

	row.channel = row.menu_version = STR_NONE;
	put_checkin(job, &row);
	set_checkin_opened(job, row.id, STR_LIT("ussd"), STR_LIT("v2"));
	set_checkin_opened(job, row.id, STR_LIT("staff"), STR_LIT("v3"));
	STORED(w, job);
	assert_int_equal(read_checkin_week(store_loop_reader(w->s), person, 20261123, w->a, &out),
			 0);
	assert_true(str_is(out.channel, "ussd") && str_is(out.menu_version, "v2"));
}

static void
checkin__a_word_outside_the_list_is_refused(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_checkin row = add_checkin(w, person, 20261123, "due");
	struct store_job *job = store_job_new(w->s);

	set_checkin_answer(job, row.id, "mood", STR_LIT("fine"), STR_LIT("partial"), NOON, 0,
			   false);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
checkin__the_latest_of_a_week_and_the_last_done(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_reader *r = store_loop_reader(w->s);
	struct row_checkin out;

	assert_int_equal(read_checkin_last_done(r, person, w->a, &out), W_ENOENT);
	(void)add_checkin(w, person, 20261109, "done");
	struct row_checkin done = add_checkin(w, person, 20261116, "done");
	(void)add_checkin(w, person, 20261123, "due");
	struct row_checkin second = add_checkin(w, person, 20261123, "due");
	assert_int_equal(read_checkin_week(r, person, 20261123, w->a, &out), 0);
	assert_int_equal(out.id, second.id);
	assert_int_equal(read_checkin_last_done(r, person, w->a, &out), 0);
	assert_int_equal(out.id, done.id);
	assert_int_equal(read_checkin_week(r, person, 20261130, w->a, &out), W_ENOENT);
}

static void
checkin__missed_and_done_by_status(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_checkin out, row = add_checkin(w, person, 20261123, "due");
	struct store_job *job = store_job_new(w->s);

	set_checkin_status(job, row.id, STR_LIT("missed1"), NOON);
	STORED(w, job);
	assert_int_equal(read_checkin_week(store_loop_reader(w->s), person, 20261123, w->a, &out),
			 0);
	assert_true(str_is(out.status, "missed1"));
	assert_int_equal(out.done_at, 0);
	job = store_job_new(w->s);
	set_checkin_status(job, row.id, STR_LIT("done"), NOON + 5);
	STORED(w, job);
	assert_int_equal(read_checkin_week(store_loop_reader(w->s), person, 20261123, w->a, &out),
			 0);
	assert_int_equal(out.done_at, NOON + 5);
}

static int
count_one(void *ctx, const struct row_checkin *row)
{
	(void)row;
	++*(int *)ctx;
	return 0;
}

static int
count(struct world *w, struct filter f)
{
	int n = 0;

	assert_int_equal(list_checkins(store_loop_reader(w->s), &f, w->a, count_one, &n), 0);
	return n;
}

static void
checkin__lists_by_when_it_was_done_else_due(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), person = add_person(w, centre, 0);

	(void)add_checkin(w, person, 20261116, "done"); /* at NOON + 1 */
	(void)add_checkin(w, person, 20261123, "due");  /* at NOON */
	assert_int_equal(count(w, (struct filter){.centre = centre}), 2);
	assert_int_equal(count(w, (struct filter){.centre = centre, .since = NOON + 1}), 1);
	assert_int_equal(count(w, (struct filter){.person = person, .open_only = true}), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(checkin__answers_fill_one_row_until_it_is_done),
		STORE_TEST(checkin__keeps_what_was_answered_about_the_job),
		STORE_TEST(checkin__put_whole_it_comes_back_whole),
		STORE_TEST(checkin__is_of_the_menus_it_was_first_answered_with),
		STORE_TEST(checkin__a_word_outside_the_list_is_refused),
		STORE_TEST(checkin__the_latest_of_a_week_and_the_last_done),
		STORE_TEST(checkin__missed_and_done_by_status),
		STORE_TEST(checkin__lists_by_when_it_was_done_else_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
