#include "test_store_world.h"

static void
session__every_column_comes_back(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_job *job = store_job_new(w->s);
	struct row_session out, in = session_of(w, 0);

	in.key_id = store_day_id(NOON);
	put_session(job, &in);
	STORED(w, job);
	assert_int_equal(read_session(store_loop_reader(w->s), in.id, w->a, &out), 0);
	assert_int_equal(out.person, 0);
	assert_int_equal(out.key_id, in.key_id);
	assert_int_equal(out.begin_at, NOON);
	assert_int_equal(out.end_at, 0);
	assert_memory_equal(out.key.bytes, in.key.bytes, 16);
	assert_memory_equal(out.number.bytes, in.number.bytes, 16);
	assert_true(str_is(out.channel, "at-1") && str_is(out.menu_version, "v1"));
	assert_memory_equal(out.phone.p, in.phone.p, in.phone.n);
	assert_int_equal(out.end_why.n, 0);
	job = store_job_new(w->s);
	set_session_person(job, in.id, person);
	STORED(w, job);
	assert_int_equal(read_session(store_loop_reader(w->s), in.id, w->a, &out), 0);
	assert_int_equal(out.person, person);
}

static void
session__ends_once(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct row_session row = session_of(w, 0);

	put_session(job, &row);
	set_session_end(job, row.id, STR_LIT("end"), NOON + 30);
	set_session_end(job, row.id, STR_LIT("timeout"), NOON + 180);
	STORED(w, job);
	assert_int_equal(read_session(store_loop_reader(w->s), row.id, w->a, &row), 0);
	assert_true(str_is(row.end_why, "end"));
	assert_int_equal(row.end_at, NOON + 30);
}

static void
turn__every_column_comes_back(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct row_session session = session_of(w, 0);
	struct row_turn out, in = turn_of(w, session.id, 255);

	in.state.n = 0;
	in.go_on = false;
	put_session(job, &session);
	put_turn(job, &in);
	STORED(w, job);
	assert_int_equal(read_turn(store_loop_reader(w->s), session.id, 255, w->a, &out), 0);
	assert_int_equal(out.session, session.id);
	assert_int_equal(out.turn, 255);
	assert_int_equal(out.at, NOON + 255);
	assert_int_equal(out.consumed, 255);
	assert_memory_equal(out.path.bytes, in.path.bytes, 16);
	assert_false(out.go_on);
	assert_memory_equal(out.input.p, in.input.p, in.input.n);
	assert_memory_equal(out.reply.p, in.reply.p, in.reply.n);
	assert_int_equal(out.state.n, 0);
	assert_int_equal(read_turn(store_loop_reader(w->s), session.id, 254, w->a, &out), W_ENOENT);
}

static void
turn__the_same_turn_twice_is_refused(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct row_session session = session_of(w, 0);
	struct row_turn turn = turn_of(w, session.id, 1);

	put_session(job, &session);
	put_turn(job, &turn);
	STORED(w, job);
	job = store_job_new(w->s);
	put_turn(job, &turn);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
turn__without_its_session_is_refused(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct row_turn turn = turn_of(w, 4711, 1);

	put_turn(job, &turn);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
turn__a_row_is_never_changed(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct row_session session = session_of(w, 0);
	struct row_turn turn = turn_of(w, session.id, 1);

	put_session(job, &session);
	put_turn(job, &turn);
	STORED(w, job);
	world_close(w);
	sqlite3 *db = raw_open(w, "wasl.db");
	assert_int_equal(sqlite3_exec(db, "UPDATE turn SET at = 1", NULL, NULL, NULL),
			 SQLITE_CONSTRAINT);
	sqlite3_close(db);
	assert_int_equal(world_open(w), 0);
}

/* What a reply waits for: one table without further indexes. */
static void
turn__has_no_other_index(void **state)
{
	struct world *w = *state;

	world_close(w);
	assert_int_equal(raw_number(w, "wasl.db", "SELECT count(*) FROM pragma_index_list('turn')"),
			 0);
	assert_int_equal(world_open(w), 0);
}

struct live {
	int64_t session[8];
	int turn[8]; /* -1: none */
	int n;
};

static int
note_live(void *ctx, const struct row_session *s, const struct row_turn *last)
{
	struct live *live = ctx;

	live->session[live->n] = s->id;
	live->turn[live->n++] = last != NULL ? last->turn : -1;
	return 0;
}

static int64_t
dial(struct world *w, int64_t at, uint8_t turns)
{
	struct store_job *job = store_job_new(w->s);
	struct row_session session = session_of(w, 0);

	session.begin_at = at;
	put_session(job, &session);
	for (uint8_t i = 1; i <= turns; i++) {
		struct row_turn turn = turn_of(w, session.id, i);

		turn.at = at + i;
		put_turn(job, &turn);
	}
	STORED(w, job);
	return session.id;
}

static void
live__sessions_since_an_instant_with_their_last_turn(void **state)
{
	struct world *w = *state;
	struct live live = {.n = 0};

	(void)dial(w, NOON - 3 * 86400, 4);
	(void)dial(w, NOON - 86400 - 50, 2);
	int64_t over = dial(w, NOON - 86400 - 1, 3); /* begun before, its turns after */
	int64_t full = dial(w, NOON - 100, 5);
	int64_t bare = dial(w, NOON - 50, 0);
	assert_int_equal(list_live(store_loop_reader(w->s), NOON - 86400, w->a, note_live, &live),
			 0);
	assert_int_equal(live.n, 3);
	assert_int_equal(live.session[0], over);
	assert_int_equal(live.turn[0], 3);
	assert_int_equal(live.session[1], full);
	assert_int_equal(live.turn[1], 5);
	assert_int_equal(live.session[2], bare);
	assert_int_equal(live.turn[2], -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(session__every_column_comes_back),
		STORE_TEST(session__ends_once),
		STORE_TEST(turn__every_column_comes_back),
		STORE_TEST(turn__the_same_turn_twice_is_refused),
		STORE_TEST(turn__without_its_session_is_refused),
		STORE_TEST(turn__a_row_is_never_changed),
		STORE_TEST(turn__has_no_other_index),
		STORE_TEST(live__sessions_since_an_instant_with_their_last_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
