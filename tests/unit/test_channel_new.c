#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_channel_world.h"

/* The faults of an account on the shipped dialect, one a line. */
static char *
faults(const struct channel_account *account, struct arena *a)
{
	struct world w;
	char *lines = arena_strdup(a, "");

	world_init(&w);
	assert_int_equal(dialect_load(world_africastalking, w.arena, &w.dialect, w.err), 0);
	int rc = channel_new(w.dialect, account, &w.channel, w.err);

	assert_int_equal(rc, err_errors(w.err) > 0 ? W_EINVAL : 0);
	for (size_t i = 0; i < err_count(w.err); i++)
		lines = arena_printf(a, "%s%s\n", lines, err_line(err_at(w.err, i), a));
	world_done(&w);
	return lines;
}

static void
channel_new__a_whole_account_makes_a_channel(void **state)
{
	struct arena *a = arena_new(0);
	struct channel_account account = world_account();

	(void)state;
	assert_string_equal(faults(&account, a), "");
	arena_free(a);
}

static void
channel_new__what_is_missing_is_named(void **state)
{
	struct arena *a = arena_new(0);
	struct channel_account account = world_account();

	(void)state;
	account.n_settings = account.n_secrets = 0;
	account.line = 12;
	account.col = 3;
	assert_string_equal(faults(&account, a),
			    "wasl.yaml:12:3: error: channel at-1: missing setting username\n"
			    "wasl.yaml:12:3: error: channel at-1: missing secret key\n");
	arena_free(a);
}

static void
channel_new__unknown_and_misformed_settings_are_refused(void **state)
{
	static const struct channel_setting settings[] = {{"base_url", STR_LIT("api.example")},
							  {"username", STR_LIT("x")},
							  {"sendr", STR_LIT("x")}};
	struct arena *a = arena_new(0);
	struct channel_account account = world_account();

	(void)state;
	account.settings = settings;
	account.n_settings = ARRAY_LEN(settings);
	char *got = faults(&account, a);
	assert_non_null(strstr(got, "no setting sendr"));
	assert_non_null(strstr(got, "must be an address (https://host): base_url"));
	arena_free(a);
}

static void
channel_new__without_any_proof_it_does_not_start(void **state)
{
	struct arena *a = arena_new(0);
	struct channel_account account = world_account();

	(void)state;
	account.path_secrets[0] = account.path_secrets[1] = STR_NONE;
	assert_non_null(strstr(faults(&account, a), "no proof of who calls"));
	account.path_secrets[0] = STR_LIT("with/slash");
	assert_non_null(strstr(faults(&account, a), "a character that a path cannot"));
	arena_free(a);
}

static void
channel_new__a_doubtful_section_must_be_vouched_for(void **state)
{
	static const char dialect[] = "wasl: 1\ndialect: x\nsms: {on: POST /s, msisdn: form.m, "
				      "text: form.t, unconfirmed: nobody saw it}\n";
	static const char *const names[] = {"sms"};
	struct channel_account account = world_account();
	struct world w;

	(void)state;
	account.n_settings = account.n_secrets = 0;
	assert_false(world_channel(&w, dialect, &account));
	world_done(&w);
	account.accept_unconfirmed = names;
	account.n_accept_unconfirmed = 1;
	assert_true(world_channel(&w, dialect, &account));
	world_done(&w);
}

static void
channel_new__the_smallest_page_limit_holds(void **state)
{
	struct channel_account account = world_account();
	struct world w;

	(void)state;
	account.n_settings = account.n_secrets = 0;
	account.page = (struct page_limit){100, 200};
	assert_true(world_channel(&w,
				  "wasl: 1\ndialect: x\nussd: {on: POST /u, msisdn: form.m, page: "
				  "{gsm7: 160, ucs2: 70}, reply: {text: \"{page}\"}}\n",
				  &account));
	assert_int_equal(channel_page_limit(w.channel).gsm7, 100);
	assert_int_equal(channel_page_limit(w.channel).ucs2, 70);
	world_done(&w);
}

static void
channel_new__the_shipped_dialect_sets_deadline_and_reserved_keys(void **state)
{
	const struct str *keys;
	struct world w;

	(void)state;
	world_shipped(&w);
	assert_int_equal(channel_deadline_ms(w.channel), 10000);
	assert_int_equal(channel_reserved_keys(w.channel, &keys), 2);
	assert_true(str_is(keys[1], "00"));
	assert_true(channel_can_send(w.channel));
	assert_int_equal(channel_reference_bits(w.channel), 8);
	assert_true(str_is(channel_address(w.channel, CHANNEL_REPORT, w.arena),
			   "https://wasl.example/c/at-1/0123456789abcdef/dlr"));
	world_done(&w);
}

static void
channel_new__a_path_is_ours_with_either_live_secret(void **state)
{
	static const struct {
		const char *path, *tail;
	} rows[] = {
		{"/c/at-1/0123456789abcdef/ussd", "/ussd"},
		{"/c/at-1/fedcba9876543210/ussd", "/ussd"},
		{"/c/at-1/0123456789abcdef", "/"},
		{"/c/at-1/0123456789abcdef/", "/"},
		{"/c/at-1/0123456789abcdee/ussd", NULL},
		{"/c/at-1//ussd", NULL},
		{"/c/at-1/ussd", NULL},
		{"/c/at-2/0123456789abcdef/ussd", NULL},
		{"/x/at-1/0123456789abcdef/ussd", NULL},
		{"", NULL},
	};
	struct world w;

	(void)state;
	world_shipped(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str tail = STR_NONE;
		bool ours = channel_tail(w.channel, str_of(rows[i].path), &tail);

		assert_int_equal(ours, rows[i].tail != NULL);
		if (ours)
			assert_true(str_is(tail, rows[i].tail));
	}
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_new__a_whole_account_makes_a_channel),
		cmocka_unit_test(channel_new__what_is_missing_is_named),
		cmocka_unit_test(channel_new__unknown_and_misformed_settings_are_refused),
		cmocka_unit_test(channel_new__without_any_proof_it_does_not_start),
		cmocka_unit_test(channel_new__a_doubtful_section_must_be_vouched_for),
		cmocka_unit_test(channel_new__the_smallest_page_limit_holds),
		cmocka_unit_test(channel_new__the_shipped_dialect_sets_deadline_and_reserved_keys),
		cmocka_unit_test(channel_new__a_path_is_ours_with_either_live_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
