#include "test_store_world.h"

#include "base/clock.h"
#include "session/session_live.h"
#include "work/work_given.h"

/*
 * Whole calls against a real store: what networks, aggregators and hands do to
 * the input. Pages are told by what they say in French.
 */

enum { NOW = 1795429200 /* Mon 2026-11-23T10:20:00Z */, DAY = 86400 };

struct room {
	struct world *w;
	struct arena *a;
	struct menu_set *menus;
	struct zone *zone;
	struct conf conf;
	struct conf_centre centre;
	struct work *work;
	struct dialect *dialect;
	struct channel *channel;
	struct sessions *sessions;
	int64_t staff;
	unsigned named;
	struct channel_event ev; /* of the last call, from which the next goes on */
	/* the last answer */
	bool answered, go_on;
	enum session_answer_kind kind;
	char page[512];
};

static void
commit(struct room *r, struct store_job *job)
{
	store_submit(r->w->s, job, NULL, NULL);
	store_flush(r->w->s);
	loop_once(r->w->loop, false);
}

static void
given(struct room *r, const char *line)
{
	struct given g = {.work = r->work,
			  .staff = r->staff,
			  .centre = r->work->centres[0].id,
			  .now = clock_now()};
	int rc = work_given_read(&g, str_of(line), r->a);

	assert_int_equal(rc, W_OK);
	do {
		struct store_job *job = store_job_new(r->w->s);

		rc = work_given(&g, job);
		if (rc < 0)
			fail_msg("given %s: %s", line, g.why ? g.why : w_err_word(rc));
		commit(r, job);
	} while (rc == GIVEN_MORE);
}

static void
open_channel(struct room *r)
{
	const struct channel_account account = {.name = "steps",
						.centre = "CAS",
						.code = "*000#",
						.path_secrets = {STR_LIT("0123456789abcdef")},
						.public_url = STR_LIT("https://wasl.example"),
						.file = "wasl.yaml"};

	assert_int_equal(dialect_load(WASL_SOURCE_DIR "/tests/dialogues/steps.yaml", r->a,
				      &r->dialect, r->w->err),
			 W_OK);
	assert_int_equal(channel_new(r->dialect, &account, &r->channel, r->w->err), W_OK);
}

static void
open_sessions(struct room *r)
{
	const struct session_options o = {r->w->loop, r->w->s, r->work, r->menus};

	assert_int_equal(sessions_new(&o, &r->sessions), W_OK);
}

static int
setup(void **state)
{
	struct room *r = xcalloc(1, sizeof(*r));

	clock_freeze(NOW);
	r->w = world_new();
	r->a = r->w->a;
	r->centre = (struct conf_centre){.code = "CAS",
					 .tel = "0522000000",
					 .office = "MO-FR 09:00-16:30",
					 .checkin_day = 1};
	r->conf = (struct conf){.centres = &r->centre,
				.n_centres = 1,
				.language = CONF_FR,
				.emergency = {"19", "177", "15", "141", "8350"},
				.limits = {.answer_ms = 60000,
					   .session_time = 600,
					   .repeat_time = 600,
					   .resume_time = DAY,
					   .sessions = 100}};
	assert_int_equal(civil_zone_open(NULL, "Etc/UTC", &r->zone), W_OK);
	assert_int_equal(menu_load(WASL_SOURCE_DIR "/menus", NULL, &r->menus, r->w->err), W_OK);
	assert_int_equal(work_new(r->w->s, r->w->keys, &r->conf, r->zone, &r->work, r->w->err),
			 W_OK);
	store_flush(r->w->s);
	loop_once(r->w->loop, false);
	r->staff = add_staff(r->w, r->work->centres[0].id, "mona", 1000);
	open_channel(r);
	open_sessions(r);
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct room *r = *state;

	sessions_free(r->sessions);
	channel_free(r->channel);
	dialect_free(r->dialect);
	store_flush(r->w->s);
	work_free(r->work);
	menu_drop(r->menus);
	civil_zone_free(r->zone);
	world_free(r->w);
	free(r);
	clock_freeze(0);
	return 0;
}

#define TAKE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* ---- Calls ---- */

static void
on_answer(void *arg, const struct session_answer *answer)
{
	struct room *r = arg;
	struct buf b;

	assert_false(r->answered);
	r->answered = true;
	r->kind = answer->kind;
	r->go_on = answer->go_on;
	buf_init(&b, r->page, sizeof(r->page));
	buf_add_str(&b, answer->page);
}

static void
take(struct room *r)
{
	r->answered = false;
	session_take(r->sessions, r->channel, &r->ev, on_answer, r);
	while (!r->answered)
		loop_once(r->w->loop, true);
	loop_once(r->w->loop, false);
}

static void
dial(struct room *r, const char *phone, const char *session)
{
	r->ev = (struct channel_event){.kind = CHANNEL_USSD,
				       .session = str_of(session),
				       .has_msisdn = true,
				       .msisdn_ok = true,
				       .move = MOVE_BEGIN,
				       .separator = STR_LIT("*")};
	assert_int_not_equal(phone_parse(str_of(phone), &r->ev.msisdn), PHONE_BAD);
	r->named = 0;
	take(r);
}

static void
type_str(struct room *r, struct str typed)
{
	r->ev.move = MOVE_CONTINUE;
	r->ev.input = secret_of(typed);
	r->ev.turn = str_of(arena_printf(r->a, "%u", ++r->named));
	take(r);
}

static void
type(struct room *r, const char *typed)
{
	type_str(r, str_of(typed));
}

/* The whole path at once, as some aggregators send it. */
static void
dial_path(struct room *r, const char *phone, const char *session, struct str path)
{
	dial(r, phone, session);
	r->ev.cumulative = true;
	r->ev.move = MOVE_CONTINUE;
	r->ev.input = secret_of(path);
	take(r);
}

static void
says(const struct room *r, const char *text)
{
	assert_int_equal(r->kind, ANSWER_PAGE);
	if (strstr(r->page, text) == NULL)
		fail_msg("not on the page \"%s\": %s", text, r->page);
}

static int
count_checkin(void *ctx, const struct row_checkin *row)
{
	int *n = ctx;

	n[0]++;
	n[1] += row->mood.n > 0;
	return 0;
}

static void
assert_checkins(struct room *r, int rows, int answered)
{
	const struct filter all = {0};
	int n[2] = {0, 0};

	(void)list_checkins(store_loop_reader(r->w->s), &all, r->a, count_checkin, n);
	assert_int_equal(n[0], rows);
	assert_int_equal(n[1], answered);
}

static int
count_flag(void *ctx, const struct row_flag *row)
{
	int *n = ctx;

	(void)row;
	n[0]++;
	return 0;
}

static int
count_flags(struct room *r)
{
	const struct filter all = {0};
	int n = 0;

	(void)list_flags(store_loop_reader(r->w->s), &all, r->a, count_flag, &n);
	return n;
}

static void
youssef(struct room *r)
{
	given(r, "person CAS-0147 name-la \"Youssef\" lang fr phone 0600000011");
}

/* ---- Spellings of a key ---- */

static void
session_take__a_key_is_a_key_however_it_is_sent(void **state)
{
	static const char *const ones[] = {"1",
					   "\u200f1",
					   "١",
					   "۱",
					   "\uff11",
					   " 1 ",
					   "1#",
					   "\u202b1\u202c",
					   "\x01"
					   "1\r\n",
					   "\u20681\u2069"};
	struct room *r = *state;

	youssef(r);
	for (size_t i = 0; i < ARRAY_LEN(ones); i++) {
		dial(r, "0600000011", arena_printf(r->a, "s%zu", i));
		while (strstr(r->page, "Mes nouvelles") == NULL)
			type(r, "0"); /* the question whether to go on */
		type(r, ones[i]);
		says(r, "Comment s'est");
	}
}

static void
session_take__what_is_no_key_is_asked_again(void **state)
{
	static const struct str broken[] = {
		STR_LIT("\xff\xfe"),
		STR_LIT("\xed\xa0\x80"),
		STR_LIT("\xed\xb0\x80"
			"1"),
		STR_LIT("\0\0\0"),
		STR_LIT("1\xc3"),
		STR_LIT("STOP"),
		STR_LIT("01"),
		STR_LIT("11"),
		STR_LIT("3afak"),
		STR_LIT(""),
		STR_LIT("وقف"),
	};
	struct room *r = *state;

	youssef(r);
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		dial(r, "0600000011", arena_printf(r->a, "s%zu", i));
		type_str(r, broken[i]);
		says(r, "Erreur\n1. Mes nouvelles");
		assert_true(r->go_on);
	}
	assert_checkins(r, 0, 0);
}

static void
session_take__input_too_long_for_a_key_is_asked_again(void **state)
{
	struct room *r = *state;
	char *long_one = xmalloc(10000);

	youssef(r);
	memset(long_one, '1', 10000);
	dial(r, "0600000011", "s");
	type_str(r, (struct str){long_one, 10000});
	says(r, "Erreur\n1. Mes nouvelles");
	free(long_one);
}

/* ---- Paths ---- */

static void
session_take__ten_thousand_stars_are_one_wrong_answer(void **state)
{
	struct room *r = *state;
	char *stars = xmalloc(10000);

	youssef(r);
	memset(stars, '*', 10000);
	dial_path(r, "0600000011", "s", (struct str){stars, 10000});
	says(r, "Erreur\n1. Mes nouvelles");
	type(r, "1"); /* not a longer path: the page again */
	says(r, "Erreur\n1. Mes nouvelles");
	free(stars);
}

/* To the second page and back, thousands of times: somewhere it stops, with a page. */
static void
session_take__a_path_without_end_stops(void **state)
{
	enum { TURNS = 2000 };
	struct room *r = *state;
	struct buf path;

	youssef(r);
	buf_init_arena(&path, r->a);
	for (int i = 0; i < TURNS; i++)
		buf_adds(&path, i == 0 ? "8*0" : "*8*0");
	dial_path(r, "0600000011", "s", buf_str(&path));
	says(r, "Mes nouvelles");
	assert_true(r->go_on);
	assert_true(count_flags(r) > 0 && count_flags(r) < 100); /* of opening the urgent page */
}

/* ---- Repeats ---- */

static void
session_take__the_same_request_gets_the_same_page_and_one_row(void **state)
{
	struct room *r = *state;
	char first[sizeof(r->page)];

	youssef(r);
	dial(r, "0600000011", "s");
	type(r, "1");
	type(r, "3");
	strcpy(first, r->page);
	take(r);
	assert_string_equal(r->page, first);
	take(r);
	assert_checkins(r, 1, 1);
}

static void
session_take__a_second_start_is_the_first_again(void **state)
{
	struct room *r = *state;

	youssef(r);
	dial(r, "0600000011", "s");
	type(r, "1");
	says(r, "Comment s'est");
	dial(r, "0600000011", "s");
	says(r, "Mes nouvelles"); /* sent twice, the second came late: the same bytes */
	clock_freeze(NOW + 60);
	dial(r, "0600000011", "s");
	says(r, "Comment s'est"); /* the page it stands on */
	assert_int_equal(sessions_open(r->sessions), 1);
}

static void
session_take__a_key_after_the_close_is_the_last_page_again(void **state)
{
	struct room *r = *state;
	char last[sizeof(r->page)];

	youssef(r);
	dial(r, "0600000011", "s");
	for (int i = 0; i < 4; i++)
		type(r, "1");
	says(r, "Merci Youssef");
	assert_false(r->go_on);
	strcpy(last, r->page);
	type(r, "1");
	assert_string_equal(r->page, last);
	assert_checkins(r, 1, 1);
}

/* Aggregators count again from 1, and use their names again. */
static void
session_take__a_name_used_again_the_next_day_is_another_call(void **state)
{
	struct room *r = *state;

	youssef(r);
	dial(r, "0600000011", "s");
	type(r, "5");
	says(r, "Quand vous appeler");
	clock_freeze(NOW + DAY + 1);
	dial(r, "0600000011", "s");
	says(r, "Mes nouvelles");
	assert_int_equal(sessions_open(r->sessions), 1);
}

/* ---- Other people, other menus, other times ---- */

/* The same name from another number is another call, and sees nothing of the first. */
static void
session_take__another_number_with_the_same_name_is_a_stranger(void **state)
{
	struct room *r = *state;

	youssef(r);
	dial(r, "0600000011", "s");
	says(r, "Mes nouvelles");
	dial(r, "0600000099", "s");
	says(r, "Darija"); /* whose language is not known */
	assert_int_equal(sessions_open(r->sessions), 2);
}

static void
session_take__two_people_whom_nothing_tells_apart_are_strangers(void **state)
{
	struct room *r = *state;

	youssef(r);
	given(r, "person CAS-0148 name-la \"Meryem\" lang fr phone 0600000011");
	dial(r, "0600000011", "s");
	says(r, "Darija");
}

/* A state that nobody can read: the call begins anew, for whom it is. */
static void
session_take__an_unreadable_state_begins_again(void **state)
{
	struct room *r = *state;

	youssef(r);
	dial(r, "0600000011", "s");
	type(r, "9");
	says(r, "Mes infos");
	struct digest number = digest_phone(r->w->keys, DIGEST_GUARD, &r->ev.msisdn);
	struct live *l = live_of_number(r->sessions, &number);
	l->state[0] = (uint8_t)0xee;
	type(r, "1");
	says(r, "Mes nouvelles");
	assert_true(r->go_on);
}

static void
session_take__an_unreadable_state_asks_for_the_pin_again(void **state)
{
	struct room *r = *state;

	given(r, "person CAS-0147 name-la \"Youssef\" lang fr phone 0600000011 pin 4821");
	dial(r, "0600000011", "s");
	type(r, "4821");
	says(r, "Mes nouvelles");
	struct digest number = digest_phone(r->w->keys, DIGEST_GUARD, &r->ev.msisdn);
	struct live *l = live_of_number(r->sessions, &number);
	l->state_bytes = 9;
	type(r, "1");
	says(r, "Code secret");
}

/* The program starts again in the middle of a call: it goes on where it stood. */
static void
session_take__a_call_goes_on_over_a_restart(void **state)
{
	struct room *r = *state;

	youssef(r);
	dial(r, "0600000011", "s");
	type(r, "1");
	type(r, "3");
	says(r, "Logement");
	sessions_free(r->sessions);
	open_sessions(r);
	type(r, "2");
	says(r, "Jours travaill");
	assert_checkins(r, 1, 1);
}

/* Another round became due meanwhile, and since longer: the one that was begun goes on in its row.
 */
static void
session_take__the_round_that_broke_off_goes_on_beside_what_is_due(void **state)
{
	struct room *r = *state;
	struct row_survey m3;

	given(r, "person CAS-0147 name-la \"Youssef\" lang fr path micro_project phone 0600000011");
	given(r, "project CAS-0147 sector catering stage started handover 2026-08-24");
	dial(r, "0600000011", "s1");
	type(r, "3");
	says(r, "Le projet marche?");
	type(r, "1");
	says(r, "mat\u00e9riel marche?");
	given(r, "survey CAS-0147 m3 due \"2026-11-22 10:00\"");
	dial(r, "0600000011", "s2");
	says(r, "Reprendre");
	type(r, "1");
	says(r, "mat\u00e9riel marche?");
	type(r, "1");
	says(r, "difficult");
	type(r, "1");
	says(r, "Merci Youssef");
	assert_int_equal(read_survey_due(store_loop_reader(r->w->s), 1, 0, NOW, r->a, &m3), W_OK);
	assert_true(str_is(m3.kind, "m3") && str_is(m3.status, "due"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TAKE_TEST(session_take__a_key_is_a_key_however_it_is_sent),
		TAKE_TEST(session_take__what_is_no_key_is_asked_again),
		TAKE_TEST(session_take__input_too_long_for_a_key_is_asked_again),
		TAKE_TEST(session_take__ten_thousand_stars_are_one_wrong_answer),
		TAKE_TEST(session_take__a_path_without_end_stops),
		TAKE_TEST(session_take__the_same_request_gets_the_same_page_and_one_row),
		TAKE_TEST(session_take__a_second_start_is_the_first_again),
		TAKE_TEST(session_take__a_key_after_the_close_is_the_last_page_again),
		TAKE_TEST(session_take__a_name_used_again_the_next_day_is_another_call),
		TAKE_TEST(session_take__another_number_with_the_same_name_is_a_stranger),
		TAKE_TEST(session_take__two_people_whom_nothing_tells_apart_are_strangers),
		TAKE_TEST(session_take__an_unreadable_state_begins_again),
		TAKE_TEST(session_take__an_unreadable_state_asks_for_the_pin_again),
		TAKE_TEST(session_take__a_call_goes_on_over_a_restart),
		TAKE_TEST(session_take__the_round_that_broke_off_goes_on_beside_what_is_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
