#include "test_store_world.h"

struct dues {
	struct row_due rows[8];
	int n;
};

static int
note_due(void *ctx, const struct row_due *row)
{
	struct dues *dues = ctx;

	dues->rows[dues->n++] = *row;
	return 0;
}

static struct dues
waiting(struct world *w, int64_t until, size_t limit)
{
	struct dues dues = {.n = 0};

	assert_int_equal(list_due(store_loop_reader(w->s), until, limit, w->a, note_due, &dues), 0);
	return dues;
}

static struct row_due
stored_due(struct world *w, int64_t person, int64_t at)
{
	struct store_job *job = store_job_new(w->s);
	struct row_due row = due_of(w, person);

	row.due_at = at;
	put_due(job, &row);
	STORED(w, job);
	return row;
}

static void
due__waiting_rows_come_oldest_first(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_due late = stored_due(w, person, NOON + 50), soon = stored_due(w, person, NOON);
	struct dues dues = waiting(w, NOON + 50, 0);

	assert_int_equal(dues.n, 2);
	assert_int_equal(dues.rows[0].id, soon.id);
	assert_int_equal(dues.rows[1].id, late.id);
	assert_int_equal(dues.rows[0].person, person);
	assert_int_equal(dues.rows[0].due_at, NOON);
	assert_int_equal(dues.rows[0].expires_at, NOON + 7200);
	assert_int_equal(dues.rows[0].cause_at, NOON - 60);
	assert_int_equal(dues.rows[0].about, 5);
	assert_true(str_is(dues.rows[0].rule, "weekly"));
	assert_true(str_is(dues.rows[0].occurrence, "2026-11-23"));
	assert_true(str_is(dues.rows[0].state, "waiting"));
	assert_int_equal(dues.rows[0].why.n, 0);
	assert_int_equal(waiting(w, NOON + 50, 1).n, 1);
	assert_int_equal(waiting(w, NOON - 1, 0).n, 0);
	assert_int_equal(read_next_due(store_loop_reader(w->s)), NOON);
}

static void
due__one_that_was_answered_is_not_sent_after_all(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_due row = stored_due(w, person, NOON);
	struct row_outbox message = outbox_of(w, person, "2026-11-23");
	struct store_job *job = store_job_new(w->s);

	set_due(job, row.id, STR_LIT("skipped"), STR_LIT("answered"), 0);
	STORED(w, job);
	job = store_job_new(w->s);
	set_due(job, row.id, STR_LIT("sent"), STR_NONE, 0);
	put_outbox(job, &message);
	assert_int_equal(run_job(w, job), W_EEXIST);
	assert_int_equal(read_outbox(store_loop_reader(w->s), message.id, w->a, &message),
			 W_ENOENT);
}

static void
due__an_answer_after_the_message_was_made_changes_nothing(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_due row = stored_due(w, person, NOON);
	struct store_job *job = store_job_new(w->s);

	set_due(job, row.id, STR_LIT("sent"), STR_NONE, 0);
	STORED(w, job);
	job = store_job_new(w->s);
	set_due(job, row.id, STR_LIT("skipped"), STR_LIT("answered"), 0);
	STORED(w, job); /* the check-in of the same job is stored */
	world_close(w);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM due WHERE state = 'sent'"),
			 1);
	assert_int_equal(world_open(w), 0);
}

static void
due__held_goes_back_to_waiting_at_another_time(void **state)
{
	struct world *w = *state;
	struct row_due row = stored_due(w, add_person(w, add_centre(w, "CAS"), 0), NOON);
	struct store_job *job = store_job_new(w->s);

	set_due(job, row.id, STR_LIT("held"), STR_LIT("clock"), 0);
	STORED(w, job);
	assert_int_equal(waiting(w, NOON, 0).n, 0);
	assert_true(read_next_due(store_loop_reader(w->s)) == INT64_MAX);
	job = store_job_new(w->s);
	set_due(job, row.id, STR_LIT("waiting"), STR_NONE, NOON + 60);
	STORED(w, job);
	assert_int_equal(waiting(w, NOON + 60, 0).rows[0].due_at, NOON + 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(due__waiting_rows_come_oldest_first),
		STORE_TEST(due__one_that_was_answered_is_not_sent_after_all),
		STORE_TEST(due__an_answer_after_the_message_was_made_changes_nothing),
		STORE_TEST(due__held_goes_back_to_waiting_at_another_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
