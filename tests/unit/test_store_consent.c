#include "test_store_world.h"

static void
give(struct world *w, int64_t person, const char *kind)
{
	struct store_job *job = store_job_new(w->s);
	struct row_consent row = consent_of(w, person, kind);

	put_consent(job, &row);
	STORED(w, job);
}

static void
consent__the_latest_row_and_how_often_it_was_put_off(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_consent row;
	int put_off;

	assert_int_equal(read_consent(store_loop_reader(w->s), person, w->a, &row, &put_off),
			 W_ENOENT);
	assert_int_equal(put_off, 0);
	give(w, person, "later");
	give(w, person, "refused");
	give(w, person, "given");
	assert_int_equal(read_consent(store_loop_reader(w->s), person, w->a, &row, &put_off), 0);
	assert_int_equal(put_off, 2);
	assert_int_equal(row.person, person);
	assert_int_equal(row.at, NOON);
	assert_int_equal(row.by_staff, 0);
	assert_true(str_is(row.kind, "given") && str_is(row.version, "1"));
	assert_true(str_is(row.lang, "ary") && str_is(row.channel, "ussd"));
}

static int
note_kind(void *ctx, const struct row_consent *row)
{
	strncat(ctx, row->kind.p, row->kind.n);
	return 0;
}

static void
consent__the_history_is_listed_either_way(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), person = add_person(w, centre, 0);
	const struct filter up = {.person = person},
			    down = {.centre = centre, .newest_first = true};
	char up_kinds[64] = "", down_kinds[64] = "";

	give(w, person, "later");
	give(w, person, "given");
	assert_int_equal(list_consents(store_loop_reader(w->s), &up, w->a, note_kind, up_kinds), 0);
	assert_string_equal(up_kinds, "latergiven");
	assert_int_equal(list_consents(store_loop_reader(w->s), &down, w->a, note_kind, down_kinds),
			 0);
	assert_string_equal(down_kinds, "givenlater");
}

static void
consent__a_row_is_never_changed(void **state)
{
	struct world *w = *state;

	give(w, add_person(w, add_centre(w, "CAS"), 0), "refused");
	world_close(w);
	sqlite3 *db = raw_open(w, "wasl.db");
	assert_int_equal(sqlite3_exec(db, "UPDATE consent SET kind = 'given'", NULL, NULL, NULL),
			 SQLITE_CONSTRAINT);
	sqlite3_close(db);
	assert_int_equal(world_open(w), 0);
}

static int
note_schedule(void *ctx, const struct row_schedule *row)
{
	*(struct row_schedule *)ctx = *row;
	return 1;
}

static void
schedule__is_replaced_and_comes_due(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_reader *r = store_loop_reader(w->s);
	struct row_schedule out, in = {.person = person,
				       .kind = STR_LIT("checkin"),
				       .weekday = 1,
				       .minute = 600,
				       .active = true,
				       .next_at = NOON};

	assert_true(read_next_due(r) == INT64_MAX);
	for (int i = 0; i < 2; i++) {
		struct store_job *job = store_job_new(w->s);

		in.next_at += 100;
		put_schedule(job, &in);
		STORED(w, job);
	}
	assert_int_equal(read_schedule(r, person, STR_LIT("checkin"), w->a, &out), 0);
	assert_int_equal(out.weekday, 1);
	assert_int_equal(out.minute, 600);
	assert_true(out.active);
	assert_int_equal(out.next_at, NOON + 200);
	assert_int_equal(read_next_due(r), NOON + 200);
	assert_int_equal(list_schedules_due(r, NOON + 199, 0, w->a, note_schedule, &out), 0);
	assert_int_equal(list_schedules_due(r, NOON + 200, 0, w->a, note_schedule, &out), 1);
	assert_int_equal(out.person, person);
	struct store_job *job = store_job_new(w->s);
	in.active = false;
	put_schedule(job, &in);
	STORED(w, job);
	assert_true(read_next_due(r) == INT64_MAX);
	assert_int_equal(list_schedules_due(r, NOON + 999, 0, w->a, note_schedule, &out), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(consent__the_latest_row_and_how_often_it_was_put_off),
		STORE_TEST(consent__the_history_is_listed_either_way),
		STORE_TEST(consent__a_row_is_never_changed),
		STORE_TEST(schedule__is_replaced_and_comes_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
