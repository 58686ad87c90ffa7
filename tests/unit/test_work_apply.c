/* What the answers about projects, jobs and appointments leave in a real store. */
#include "test_store_world.h"

#include "work/work.h"

struct desk {
	struct world *w;
	struct work work;
	struct work_actor actor;
	int64_t person;
};

static int
setup_desk(void **state)
{
	struct desk *d = xcalloc(1, sizeof(*d));

	d->w = world_new();
	d->work = (struct work){.store = d->w->s, .keys = d->w->keys};
	d->actor = (struct work_actor){.source = "ussd",
				       .channel = STR_LIT("at-1"),
				       .menu_version = STR_LIT("v5"),
				       .now = NOON};
	d->person = add_person(d->w, add_centre(d->w, "CAS"), 0);
	*state = d;
	return 0;
}

static int
teardown_desk(void **state)
{
	struct desk *d = *state;

	world_free(d->w);
	free(d);
	return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, setup_desk, teardown_desk)

static void
done(struct desk *d, const struct effects *list)
{
	struct store_job *job = store_job_new(d->w->s);

	assert_int_equal(work_apply(&d->work, job, list, &d->actor), W_OK);
	STORED(d->w, job);
}

/* One effect alone. */
static void
one(struct desk *d, struct effect e)
{
	struct effects list = {.n = 0};

	e.person = d->person;
	list.v[list.n++] = e;
	done(d, &list);
}

static struct store_reader *
reader(struct desk *d)
{
	return store_loop_reader(d->w->s);
}

struct marks {
	struct str kinds[8];
	size_t n;
};

static int
see_mark(void *ctx, const struct row_flag *row)
{
	struct marks *marks = ctx;

	assert_true(marks->n < ARRAY_LEN(marks->kinds));
	marks->kinds[marks->n++] = row->kind;
	return 0;
}

static struct marks
marks_of(struct desk *d)
{
	const struct filter theirs = {.person = d->person};
	struct marks marks = {.n = 0};

	assert_int_equal(list_flags(reader(d), &theirs, d->w->a, see_mark, &marks), 0);
	return marks;
}

/* ---- Surveys and check-ins ---- */

static int
count_answer(void *ctx, const struct row_answer *row)
{
	assert_true(str_is(row->menu_version, "v5"));
	++*(int *)ctx;
	return 0;
}

static void
work_apply__a_survey_begun_alone_is_due_at_once(void **state)
{
	struct desk *d = *state;
	struct effects list = {.n = 0};
	struct row_survey out;
	struct effect *e = effect_add(&list, EFFECT_SURVEY_OPEN, d->person);
	int n = 0;

	e->number = store_next(d->w->s, NEXT_SURVEY);
	e->word = STR_LIT("monthly");
	e->verified = true;
	const int64_t run = e->number;
	e = effect_add(&list, EFFECT_SURVEY_ANSWER, d->person);
	e->number = run;
	e->field = "activity";
	e->word = STR_LIT("running");
	e->verified = true;
	done(d, &list);
	assert_int_equal(read_survey(reader(d), run, d->w->a, &out), 0);
	assert_int_equal(out.due_at, NOON);
	assert_int_equal(out.opened_at, NOON);
	assert_int_equal(out.done_at, 0);
	assert_int_equal(out.person, d->person);
	assert_true(str_is(out.kind, "monthly") && str_is(out.status, "partial"));
	assert_true(str_is(out.channel, "ussd") && str_is(out.menu_version, "v5") && out.verified);
	assert_int_equal(list_answers(reader(d), run, d->w->a, count_answer, &n), 0);
	assert_int_equal(n, 1);
}

static void
work_apply__the_last_answer_ends_the_survey(void **state)
{
	struct desk *d = *state;
	struct row_survey out, due = survey_of(d->w, d->person, "m3");
	struct store_job *job = store_job_new(d->w->s);

	put_survey(job, &due);
	STORED(d->w, job);
	one(d, (struct effect){.kind = EFFECT_SURVEY_ANSWER,
			       .number = due.id,
			       .field = "obstacle",
			       .word = STR_LIT("none"),
			       .done = true});
	assert_int_equal(read_survey(reader(d), due.id, d->w->a, &out), 0);
	assert_true(str_is(out.status, "done") && !out.verified);
	assert_int_equal(out.done_at, NOON);
	assert_int_equal(out.due_at, due.due_at);
}

static void
work_apply__a_check_in_of_the_calendar_learns_its_menus(void **state)
{
	struct desk *d = *state;
	struct row_checkin out, due = checkin_of(d->w, d->person);
	struct store_job *job = store_job_new(d->w->s);

	due.channel = due.menu_version = STR_NONE;
	put_checkin(job, &due);
	STORED(d->w, job);
	one(d, (struct effect){.kind = EFFECT_CHECKIN_ANSWER,
			       .number = due.id,
			       .field = "job_mood",
			       .word = STR_LIT("big_issue")});
	assert_int_equal(read_checkin_week(reader(d), d->person, due.week, d->w->a, &out), 0);
	assert_true(str_is(out.job_mood, "big_issue") && str_is(out.status, "partial"));
	assert_true(str_is(out.menu_version, "v5") && str_is(out.channel, "ussd"));
}

/* ---- Appointments ---- */

static struct row_appointment
answered(struct desk *d, const char *before, const char *word, const char *wish)
{
	struct row_appointment row = appointment_of(d->w, d->person, NOON + 3600, before);
	struct store_job *job = store_job_new(d->w->s);

	put_appointment(job, &row);
	STORED(d->w, job);
	one(d, (struct effect){.kind = EFFECT_APPOINTMENT,
			       .number = row.id,
			       .word = str_of(word),
			       .wish = str_of(wish)});
	assert_int_equal(read_appointment(reader(d), row.id, d->w->a, &row), 0);
	return row;
}

static void
work_apply__an_appointment_is_confirmed(void **state)
{
	struct row_appointment row = answered(*state, "planned", "confirmed", "");

	assert_true(str_is(row.status, "confirmed"));
	assert_int_equal(row.answered_at, NOON);
	assert_int_equal(row.at, NOON + 3600);
	assert_int_equal(marks_of(*state).n, 0);
}

static void
work_apply__who_wants_another_time_says_which(void **state)
{
	struct row_appointment row = answered(*state, "confirmed", "move_requested", "afternoon");

	assert_true(str_is(row.status, "move_requested") && str_is(row.wish, "afternoon"));
}

static void
work_apply__who_cannot_come_is_marked(void **state)
{
	struct row_appointment row = answered(*state, "move_requested", "declined", "");
	struct marks marks = marks_of(*state);

	assert_true(str_is(row.status, "declined"));
	assert_int_equal(marks.n, 1);
	assert_true(str_is(marks.kinds[0], "appointment_declined"));
}

static void
work_apply__an_answer_after_staff_cancelled_changes_nothing_and_is_marked(void **state)
{
	struct row_appointment row = answered(*state, "cancelled", "confirmed", "");
	struct marks marks = marks_of(*state);

	assert_true(str_is(row.status, "cancelled"));
	assert_int_equal(row.answered_at, 0);
	assert_int_equal(marks.n, 1);
	assert_true(str_is(marks.kinds[0], "appointment_late"));
}

static void
work_apply__a_new_appointment_is_a_wish_without_an_hour(void **state)
{
	struct desk *d = *state;
	struct row_appointment out;
	const int64_t id = store_next(d->w->s, NEXT_APPOINTMENT);

	one(d, (struct effect){
		       .kind = EFFECT_APPOINTMENT_ASK, .number = id, .wish = STR_LIT("morning")});
	assert_int_equal(read_appointment(reader(d), id, d->w->a, &out), 0);
	assert_true(str_is(out.status, "move_requested") && str_is(out.wish, "morning"));
	assert_int_equal(out.at, 0);
	assert_int_equal(out.set_at, NOON);
	assert_int_equal(out.place.n, 0);
}

/* ---- Projects and jobs ---- */

static void
work_apply__equipment_is_the_projects_and_says_who_told(void **state)
{
	struct desk *d = *state;
	struct row_project out, project = project_of(d->w, d->person);
	struct store_job *job = store_job_new(d->w->s);
	const struct effect broken = {.kind = EFFECT_EQUIPMENT, .word = STR_LIT("broken")};

	one(d, broken); /* no project: nothing to say it of */
	put_project(job, &project);
	STORED(d->w, job);
	one(d, broken);
	assert_int_equal(read_project(reader(d), d->person, d->w->a, &out), 0);
	assert_true(str_is(out.equipment, "broken") && str_is(out.equipment_source, "ussd"));
	assert_int_equal(out.equipment_at, NOON);
	d->actor.staff = 1;
	d->actor.source = "staff";
	one(d, (struct effect){.kind = EFFECT_EQUIPMENT, .word = STR_LIT("ok")});
	assert_int_equal(read_project(reader(d), d->person, d->w->a, &out), 0);
	assert_true(str_is(out.equipment, "ok") && str_is(out.equipment_source, "staff"));
}

struct jobs {
	struct row_placement rows[4];
	size_t n;
};

static int
see_job(void *ctx, const struct row_placement *row)
{
	struct jobs *jobs = ctx;

	assert_true(jobs->n < ARRAY_LEN(jobs->rows));
	jobs->rows[jobs->n++] = *row;
	return 0;
}

static struct jobs
jobs_of(struct desk *d)
{
	struct jobs jobs = {.n = 0};

	assert_int_equal(list_placements(reader(d), d->person, d->w->a, see_job, &jobs), 0);
	return jobs;
}

static void
begin_job(struct desk *d)
{
	struct row_placement row = placement_of(d->w, d->person);
	struct store_job *job = store_job_new(d->w->s);

	put_placement(job, &row);
	STORED(d->w, job);
}

static void
work_apply__a_job_ends_with_the_reason_given(void **state)
{
	struct desk *d = *state;

	begin_job(d);
	one(d, (struct effect){.kind = EFFECT_JOB_END, .word = STR_LIT("contract_end")});
	struct jobs jobs = jobs_of(d);
	assert_int_equal(jobs.n, 1);
	assert_int_equal(jobs.rows[0].end_at, NOON);
	assert_true(str_is(jobs.rows[0].end_reason, "contract_end"));
	one(d, (struct effect){.kind = EFFECT_JOB_END, .word = STR_LIT("own")});
	assert_true(str_is(jobs_of(d).rows[0].end_reason, "contract_end"));
}

static void
work_apply__a_changed_job_ends_one_and_begins_the_next(void **state)
{
	struct desk *d = *state;

	begin_job(d);
	one(d, (struct effect){.kind = EFFECT_JOB_CHANGE,
			       .number = store_next(d->w->s, NEXT_PLACEMENT)});
	struct jobs jobs = jobs_of(d);
	assert_int_equal(jobs.n, 2);
	assert_int_equal(jobs.rows[0].start_at, NOON);
	assert_int_equal(jobs.rows[0].end_at, 0);
	assert_true(str_is(jobs.rows[0].source, "ussd"));
	assert_int_equal(jobs.rows[1].end_at, NOON);
	assert_true(str_is(jobs.rows[1].end_reason, "changed"));
}

static void
work_apply__a_job_nobody_wrote_down_begins_with_the_change(void **state)
{
	struct desk *d = *state;

	one(d, (struct effect){.kind = EFFECT_JOB_CHANGE,
			       .number = store_next(d->w->s, NEXT_PLACEMENT)});
	assert_int_equal(jobs_of(d).n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(work_apply__a_survey_begun_alone_is_due_at_once),
		DESK_TEST(work_apply__the_last_answer_ends_the_survey),
		DESK_TEST(work_apply__a_check_in_of_the_calendar_learns_its_menus),
		DESK_TEST(work_apply__an_appointment_is_confirmed),
		DESK_TEST(work_apply__who_wants_another_time_says_which),
		DESK_TEST(work_apply__who_cannot_come_is_marked),
		DESK_TEST(
			work_apply__an_answer_after_staff_cancelled_changes_nothing_and_is_marked),
		DESK_TEST(work_apply__a_new_appointment_is_a_wish_without_an_hour),
		DESK_TEST(work_apply__equipment_is_the_projects_and_says_who_told),
		DESK_TEST(work_apply__a_job_ends_with_the_reason_given),
		DESK_TEST(work_apply__a_changed_job_ends_one_and_begins_the_next),
		DESK_TEST(work_apply__a_job_nobody_wrote_down_begins_with_the_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
