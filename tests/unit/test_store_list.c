#include "test_store_world.h"

/* ---- Every statement of the table ---- */

static void
list__every_statement_can_be_prepared(void **state)
{
	struct world *w = *state;
	struct db *homes[] = {[DB_WASL] = &w->s->loop_reader.db, [DB_KEYS] = &w->s->writer.keys_db};

	for (unsigned i = 0; i < SQL_COUNT; i++) {
		struct db *db = homes[sql_rows[i].file == DB_KEYS ? DB_KEYS : DB_WASL];
		sqlite3_stmt *st = NULL;

		if (sqlite3_prepare_v2(db->handle, sql_rows[i].text, -1, &st, NULL) != SQLITE_OK)
			fail_msg("%s: %s", sql_rows[i].name, sqlite3_errmsg(db->handle));
		sqlite3_finalize(st);
	}
}

/* Whatever grows with the years is found by a key, never walked. */
static bool
scans_a_big_table(const char *detail)
{
	static const char *const big[] = {"turn",        "checkin",      "need",         "outbox",
					  "callback",    "consent",      "flag",         "due",
					  "audit",       "phone_link",   "survey_run",   "answer",
					  "appointment", "life_project", "job_placement"};

	for (size_t i = 0; i < ARRAY_LEN(big); i++) {
		size_t n = strlen(big[i]);

		if (strncmp(detail, "SCAN ", 5) == 0 && strncmp(detail + 5, big[i], n) == 0 &&
		    (detail[5 + n] == '\0' || detail[5 + n] == ' '))
			return true;
	}
	return false;
}

/* First and last by number or by index, the highest of each: SQLite calls one step a scan. */
static bool
is_one_step(const char *name)
{
	static const char *const fine[] = {"AUDIT_FIRST", "AUDIT_LAST", "COUNTERS_ALL",
					   "COUNTERS_KEEP", "DUE_NEXT"};

	for (size_t i = 0; i < ARRAY_LEN(fine); i++)
		if (strcmp(name, fine[i]) == 0)
			return true;
	return false;
}

static void
check_plan(struct world *w, const struct sql_row *row)
{
	sqlite3_stmt *st;
	const char *sql = arena_printf(w->a, "EXPLAIN QUERY PLAN %s", row->text);

	assert_int_equal(sqlite3_prepare_v2(w->s->loop_reader.db.handle, sql, -1, &st, NULL),
			 SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(st, 3);

		if (scans_a_big_table(detail) && !is_one_step(row->name))
			fail_msg("%s: %s", row->name, detail);
	}
	sqlite3_finalize(st);
}

static bool
has_plan(const struct sql_row *row)
{
	static const char *const words[] = {"SELECT", "WITH", "UPDATE", "DELETE", "INSERT"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strncmp(row->text, words[i], strlen(words[i])) == 0)
			return row->file == DB_WASL;
	return false;
}

static void
list__no_statement_walks_a_big_table(void **state)
{
	struct world *w = *state;
	int checked = 0;

	for (unsigned i = 0; i < SQL_COUNT; i++) {
		if (!has_plan(&sql_rows[i]))
			continue;
		check_plan(w, &sql_rows[i]);
		checked++;
	}
	assert_true(checked > 240);
}

static void
list__the_table_of_scans_knows_a_scan(void **state)
{
	(void)state;
	assert_true(scans_a_big_table("SCAN turn"));
	assert_true(scans_a_big_table("SCAN need USING INDEX need_person"));
	assert_false(scans_a_big_table("SEARCH need USING INDEX need_person (person=?)"));
	assert_false(scans_a_big_table("SCAN needle"));
}

/* ---- Filters and pages ---- */

enum { MOST = 400 };

struct seen {
	int64_t numbers[MOST];
	size_t n;
	size_t stop_at;
};

static int
see(void *ctx, const struct row_need *row)
{
	struct seen *seen = ctx;

	assert_true(seen->n < MOST);
	seen->numbers[seen->n++] = row->number;
	return seen->stop_at != 0 && seen->n == seen->stop_at ? 5 : 0;
}

static int64_t
add_need(struct world *w, int64_t person, int64_t at, const char *status)
{
	struct store_job *job = store_job_new(w->s);
	struct row_need need = need_of(w, person);

	need.opened_at = at;
	need.status = str_of(status);
	put_need(job, &need);
	store_submit(w->s, job, NULL, NULL);
	return need.number;
}

/* Three people of two caseworkers in two centres; every third need is closed. */
struct town {
	int64_t centre[2], staff[2], person[3];
};

static struct town
town_new(struct world *w)
{
	struct town t;

	t.centre[0] = add_centre(w, "CAS");
	t.centre[1] = add_centre(w, "SAL");
	t.staff[0] = add_staff(w, t.centre[0], "mona", 1001);
	t.staff[1] = add_staff(w, t.centre[1], "said", 1002);
	t.person[0] = add_person(w, t.centre[0], t.staff[0]);
	t.person[1] = add_person(w, t.centre[0], 0);
	t.person[2] = add_person(w, t.centre[1], t.staff[1]);
	for (int i = 0; i < 90; i++)
		(void)add_need(w, t.person[i % 3], NOON + i, i % 9 < 3 ? "resolved" : "open");
	settle(w);
	return t;
}

static struct seen
needs(struct world *w, struct filter f)
{
	struct seen seen = {.n = 0};

	assert_int_equal(list_needs(store_loop_reader(w->s), &f, w->a, see, &seen), 0);
	return seen;
}

/* In order, none twice, and every one belongs. */
static void
assert_ordered(const struct seen *seen, bool newest_first)
{
	for (size_t i = 1; i < seen->n; i++)
		assert_true(newest_first ? seen->numbers[i] < seen->numbers[i - 1]
					 : seen->numbers[i] > seen->numbers[i - 1]);
}

static void
list__each_scope_gives_its_own_rows(void **state)
{
	struct world *w = *state;
	struct town t = town_new(w);

	assert_int_equal(needs(w, (struct filter){0}).n, 90);
	assert_int_equal(needs(w, (struct filter){.person = t.person[1]}).n, 30);
	assert_int_equal(needs(w, (struct filter){.staff = t.staff[0]}).n, 30);
	assert_int_equal(needs(w, (struct filter){.centre = t.centre[0]}).n, 60);
	assert_int_equal(needs(w, (struct filter){.centre = t.centre[1]}).n, 30);
	assert_int_equal(needs(w, (struct filter){.centre = 99}).n, 0);
}

static void
list__scopes_hold_together(void **state)
{
	struct world *w = *state;
	struct town t = town_new(w);

	assert_int_equal(needs(w, (struct filter){.person = t.person[0], .staff = t.staff[0]}).n,
			 30);
	assert_int_equal(needs(w, (struct filter){.person = t.person[0], .staff = t.staff[1]}).n,
			 0);
	assert_int_equal(needs(w, (struct filter){.person = t.person[0], .centre = t.centre[1]}).n,
			 0);
	assert_int_equal(needs(w, (struct filter){.staff = t.staff[0], .centre = t.centre[1]}).n,
			 0);
}

static void
list__open_rows_only(void **state)
{
	struct world *w = *state;
	struct town t = town_new(w);

	assert_int_equal(needs(w, (struct filter){.open_only = true}).n, 60);
	assert_int_equal(needs(w, (struct filter){.person = t.person[0], .open_only = true}).n, 20);
	assert_int_equal(needs(w, (struct filter){.staff = t.staff[1], .open_only = true}).n, 20);
	assert_int_equal(needs(w, (struct filter){.centre = t.centre[0], .open_only = true}).n, 40);
}

static void
list__since_is_in_and_until_is_out(void **state)
{
	struct world *w = *state;
	struct seen seen;

	(void)town_new(w);
	seen = needs(w, (struct filter){.since = NOON + 10, .until = NOON + 20});
	assert_int_equal(seen.n, 10);
	assert_int_equal(seen.numbers[0], 2011);
}

/* Every page size, both directions, all scopes: each row comes exactly once. */
static void
list__pages_join_without_gap_or_double(void **state)
{
	struct world *w = *state;
	struct town t = town_new(w);
	const struct filter scopes[] = {
		{0}, {.person = t.person[0]}, {.staff = t.staff[0]}, {.centre = t.centre[0]}};

	for (size_t i = 0; i < ARRAY_LEN(scopes) * 4; i++) {
		struct filter f = scopes[i / 4];
		struct seen whole, all = {.n = 0};

		f.newest_first = i % 2 != 0;
		f.open_only = i % 4 >= 2;
		whole = needs(w, f);
		assert_true(whole.n > 0);
		assert_ordered(&whole, f.newest_first);
		for (f.limit = 7;; f.after = all.numbers[all.n - 1]) {
			size_t before = all.n;

			assert_int_equal(list_needs(store_loop_reader(w->s), &f, w->a, see, &all),
					 0);
			assert_true(all.n - before <= f.limit);
			if (all.n == before)
				break;
		}
		assert_int_equal(all.n, whole.n);
		assert_memory_equal(all.numbers, whole.numbers, whole.n * sizeof(whole.numbers[0]));
	}
}

static void
list__a_non_zero_answer_stops_it(void **state)
{
	struct world *w = *state;
	struct seen seen = {.stop_at = 4};
	const struct filter any = {0};

	(void)town_new(w);
	assert_int_equal(list_needs(store_loop_reader(w->s), &any, w->a, see, &seen), 5);
	assert_int_equal(seen.n, 4);
	assert_int_equal(needs(w, any).n, 90); /* and leaves the statement ready for the next */
}

static int
count_any(void *ctx, const struct row_flag *row)
{
	(void)row;
	++*(int *)ctx;
	return 0;
}

static void
list__no_more_than_a_thousand_at_once(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	const struct filter greedy = {.limit = 5000};
	struct store_job *job = store_job_new(w->s);
	int n = 0;

	for (int i = 0; i < 1200; i++) {
		struct row_flag flag = flag_of(w, person);

		put_flag(job, &flag);
	}
	STORED(w, job);
	assert_int_equal(list_flags(store_loop_reader(w->s), &greedy, w->a, count_any, &n), 0);
	assert_int_equal(n, 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(list__every_statement_can_be_prepared),
		STORE_TEST(list__no_statement_walks_a_big_table),
		cmocka_unit_test(list__the_table_of_scans_knows_a_scan),
		STORE_TEST(list__each_scope_gives_its_own_rows),
		STORE_TEST(list__scopes_hold_together),
		STORE_TEST(list__open_rows_only),
		STORE_TEST(list__since_is_in_and_until_is_out),
		STORE_TEST(list__pages_join_without_gap_or_double),
		STORE_TEST(list__a_non_zero_answer_stops_it),
		STORE_TEST(list__no_more_than_a_thousand_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
