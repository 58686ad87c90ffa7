#include "test_store_world.h"

static void
staff__every_column_comes_back_by_each_key(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), mona = add_staff(w, centre, "mona", 1001);
	struct store_reader *r = store_loop_reader(w->s);
	struct row_staff out[3];

	assert_int_equal(read_staff(r, mona, w->a, &out[0]), 0);
	assert_int_equal(read_staff_uid(r, 1001, w->a, &out[1]), 0);
	assert_int_equal(read_staff_login(r, STR_LIT("mona"), w->a, &out[2]), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(out[i].id, mona);
		assert_int_equal(out[i].centre, centre);
		assert_int_equal(out[i].uid, 1001);
		assert_int_equal(out[i].at, NOON);
		assert_true(str_is(out[i].login, "mona") && str_is(out[i].name, "Mona"));
		assert_int_equal(out[i].roles, ROLE_CASEWORKER);
		assert_true(out[i].active);
	}
	assert_int_equal(read_staff_uid(r, 1002, w->a, &out[0]), W_ENOENT);
}

static void
staff__a_uid_belongs_to_one_active_member(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), mona = add_staff(w, centre, "mona", 1001);
	struct store_job *job = store_job_new(w->s);
	struct row_staff row = {.id = store_next(w->s, NEXT_STAFF),
				.centre = centre,
				.uid = 1001,
				.login = STR_LIT("said"),
				.active = true};

	put_staff(job, &row);
	assert_int_equal(run_job(w, job), W_EEXIST);
	job = store_job_new(w->s);
	set_staff(job, mona, ROLE_CASEWORKER, false);
	put_staff(job, &row);
	STORED(w, job);
	assert_int_equal(read_staff_uid(store_loop_reader(w->s), 1001, w->a, &row), 0);
	assert_true(str_is(row.login, "said"));
}

static void
staff__roles_change(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), mona = add_staff(w, centre, "mona", 1001);
	struct store_job *job = store_job_new(w->s);
	struct row_staff row;

	set_staff(job, mona, ROLE_ADMIN | ROLE_SUPERVISOR, true);
	STORED(w, job);
	assert_int_equal(read_staff(store_loop_reader(w->s), mona, w->a, &row), 0);
	assert_int_equal(row.roles, ROLE_ADMIN | ROLE_SUPERVISOR);
	job = store_job_new(w->s);
	set_staff(job, mona, 64, true);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static int
note_login(void *ctx, const struct row_staff *row)
{
	strncat(ctx, row->login.p, 8);
	return 0;
}

static void
staff__lists_the_member_and_the_centre(void **state)
{
	struct world *w = *state;
	int64_t cas = add_centre(w, "CAS"), sal = add_centre(w, "SAL");
	int64_t mona = add_staff(w, cas, "mona", 1001);
	const struct filter one = {.staff = mona}, centre = {.centre = sal}, all = {0};
	struct store_reader *r = store_loop_reader(w->s);
	char logins[64] = "";

	(void)add_staff(w, sal, "said", 1002);
	assert_int_equal(list_staff(r, &one, w->a, note_login, logins), 0);
	assert_string_equal(logins, "mona");
	assert_int_equal(list_staff(r, &centre, w->a, note_login, logins), 0);
	assert_string_equal(logins, "monasaid");
	assert_int_equal(list_staff(r, &all, w->a, note_login, logins), 0);
	assert_string_equal(logins, "monasaidmonasaid");
}

static void
centre__is_found_by_code(void **state)
{
	struct world *w = *state;
	int64_t id = add_centre(w, "CAS");
	struct row_centre row;

	assert_int_equal(read_centre(store_loop_reader(w->s), STR_LIT("CAS"), w->a, &row), 0);
	assert_int_equal(row.id, id);
	assert_int_equal(read_centre(store_loop_reader(w->s), STR_LIT("X"), w->a, &row), W_ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(staff__every_column_comes_back_by_each_key),
		STORE_TEST(staff__a_uid_belongs_to_one_active_member),
		STORE_TEST(staff__roles_change),
		STORE_TEST(staff__lists_the_member_and_the_centre),
		STORE_TEST(centre__is_found_by_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
