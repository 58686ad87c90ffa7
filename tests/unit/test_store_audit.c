#include "test_store_world.h"

static void
add_records(struct world *w, int n)
{
	for (int i = 0; i < n; i++) {
		struct store_job *job = store_job_new(w->s);
		struct row_audit record = audit_of(1 + i % 3, i, "person show");

		put_audit(job, &record);
		store_submit(w->s, job, NULL, NULL);
	}
	settle(w);
}

static int
verify(struct world *w, int64_t *bad, int64_t *count)
{
	return audit_verify(store_loop_reader(w->s), w->keys, bad, count);
}

static void
audit__the_first_record_is_there_from_the_beginning(void **state)
{
	struct world *w = *state;
	int64_t bad, count;

	assert_int_equal(verify(w, &bad, &count), 0);
	assert_int_equal(count, 1);
}

static void
audit__a_chain_of_many_pages_holds_over_restarts(void **state)
{
	struct world *w = *state;
	int64_t bad, count;

	add_records(w, 700);
	world_reopen(w);
	add_records(w, 700);
	assert_int_equal(verify(w, &bad, &count), 0);
	assert_int_equal(count, 1401);
}

static void
audit__the_tables_refuse_a_change(void **state)
{
	struct world *w = *state;
	sqlite3 *db;

	add_records(w, 3);
	world_close(w);
	db = raw_open(w, "wasl.db");
	assert_int_equal(sqlite3_exec(db, "UPDATE audit SET verb = 'x'", NULL, NULL, NULL),
			 SQLITE_CONSTRAINT);
	assert_int_equal(sqlite3_exec(db, "DELETE FROM audit", NULL, NULL, NULL),
			 SQLITE_CONSTRAINT);
	sqlite3_close(db);
	assert_int_equal(world_open(w), 0);
}

/* Whoever has the file can drop the triggers; the chain still tells. */
static void
spoil(struct world *w, const char *sql)
{
	world_close(w);
	raw_exec(w, "wasl.db", "DROP TRIGGER audit_is_kept");
	raw_exec(w, "wasl.db", "DROP TRIGGER audit_stays");
	raw_exec(w, "wasl.db", sql);
	assert_int_equal(world_open(w), 0);
}

static void
audit__every_edited_column_is_found(void **state)
{
	static const char *const edits[] = {
		"at = at + 1",   "staff = 9",         "staff = NULL",         "person = 9",
		"person = NULL", "role = 'admin'",    "verb = 'person hide'", "why = 'x'",
		"ids = '1'",     "result = 'denied'", "chain = zeroblob(32)",
	};
	struct world *w = *state;
	int64_t bad, count;

	for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
		world_free(w);
		*state = w = world_new();
		add_records(w, 5);
		spoil(w, arena_printf(w->a, "UPDATE audit SET %s WHERE id = 4", edits[i]));
		assert_int_equal(verify(w, &bad, &count), W_ESEAL);
		assert_int_equal(bad, 4);
		assert_int_equal(count, 3);
	}
}

static void
audit__words_moved_between_columns_are_found(void **state)
{
	struct world *w = *state;
	int64_t bad, count;

	add_records(w, 3);
	spoil(w, "UPDATE audit SET ids = '', why = ids WHERE id = 3");
	assert_int_equal(verify(w, &bad, &count), W_ESEAL);
	assert_int_equal(bad, 3);
}

/* Where one field ends and the next begins is part of what is hashed. */
static void
audit__text_moved_over_a_field_boundary_is_found(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct row_audit record = audit_of(12, 3, "list");
	int64_t bad, count;

	record.why = STR_LIT("x,y");
	record.ids = STR_LIT("z");
	put_audit(job, &record);
	put_audit(job, &record);
	STORED(w, job);
	spoil(w, "UPDATE audit SET why = 'x', ids = 'y,z' WHERE id = 3");
	assert_int_equal(verify(w, &bad, &count), W_ESEAL);
	assert_int_equal(bad, 3);
	world_close(w);
	raw_exec(w, "wasl.db", "UPDATE audit SET staff = 1, person = 23 WHERE id = 2");
	assert_int_equal(world_open(w), 0);
	assert_int_equal(verify(w, &bad, &count), W_ESEAL);
	assert_int_equal(bad, 2);
}

static void
audit__a_record_taken_out_is_found(void **state)
{
	struct world *w = *state;
	int64_t bad, count;

	add_records(w, 5);
	spoil(w, "DELETE FROM audit WHERE id = 3");
	assert_int_equal(verify(w, &bad, &count), W_ESEAL);
	assert_int_equal(bad, 3);
}

static void
audit__records_cut_off_the_end_are_found(void **state)
{
	struct world *w = *state;
	int64_t bad, count;

	add_records(w, 5);
	spoil(w, "DELETE FROM audit WHERE id > 4");
	assert_int_equal(verify(w, &bad, &count), W_ESEAL);
	assert_int_equal(bad, 5);
	assert_int_equal(count, 4);
}

static void
audit__two_records_exchanged_are_found(void **state)
{
	struct world *w = *state;
	int64_t bad, count;

	add_records(w, 5);
	spoil(w, "UPDATE audit SET id = CASE id WHEN 3 THEN 1004 ELSE 1003 END WHERE id IN (3, 4);"
		 "UPDATE audit SET id = id - 1000 WHERE id > 1000");
	assert_int_equal(verify(w, &bad, &count), W_ESEAL);
	assert_int_equal(bad, 3);
}

static void
audit__a_first_record_of_another_key_is_refused_at_start(void **state)
{
	struct world *w = *state;

	world_close(w);
	raw_exec(w, "wasl.db", "DROP TRIGGER audit_is_kept");
	raw_exec(w, "wasl.db", "UPDATE audit SET chain = zeroblob(32) WHERE id = 1");
	assert_int_equal(world_open(w), W_ESEAL);
	assert_non_null(strstr(fault(w), "audit.key"));
}

static int
count_record(void *ctx, const struct audit_entry *row)
{
	assert_true(row->row.at > 0);
	++*(int *)ctx;
	return 0;
}

static void
audit__lists_by_person_and_by_staff(void **state)
{
	struct world *w = *state;
	const struct filter person = {.person = 4}, staff = {.staff = 2, .newest_first = true};
	int n = 0;

	add_records(w, 9);
	assert_int_equal(list_audit(store_loop_reader(w->s), &person, w->a, count_record, &n), 0);
	assert_int_equal(n, 1);
	n = 0;
	assert_int_equal(list_audit(store_loop_reader(w->s), &staff, w->a, count_record, &n), 0);
	assert_int_equal(n, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(audit__the_first_record_is_there_from_the_beginning),
		STORE_TEST(audit__a_chain_of_many_pages_holds_over_restarts),
		STORE_TEST(audit__the_tables_refuse_a_change),
		STORE_TEST(audit__every_edited_column_is_found),
		STORE_TEST(audit__words_moved_between_columns_are_found),
		STORE_TEST(audit__text_moved_over_a_field_boundary_is_found),
		STORE_TEST(audit__a_record_taken_out_is_found),
		STORE_TEST(audit__records_cut_off_the_end_are_found),
		STORE_TEST(audit__two_records_exchanged_are_found),
		STORE_TEST(audit__a_first_record_of_another_key_is_refused_at_start),
		STORE_TEST(audit__lists_by_person_and_by_staff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
