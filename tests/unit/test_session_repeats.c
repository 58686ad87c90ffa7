#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "session/session_int.h"
#include "store/store_int.h"

#include "base/log.h"
#include "test_remind_bench.h"

/* The door of the sessions: repeats, two at once, ends, strangers, a full house. */

static const char dialect[] =
	"wasl: 1\ndialect: t\nussd: {on: POST /u, msisdn: form.m, reply: {text: \"{page}\"}}\n";

struct said {
	bool heard, go_on;
	enum session_answer_kind kind;
	char page[2048];
};

struct hall {
	struct bench *b;
	struct arena *a;
	struct dialect *dialect;
	struct channel *channel;
	struct sessions *all;
	struct said said;
};

static void
on_answer(void *arg, const struct session_answer *answer)
{
	struct said *s = arg;

	assert_false(s->heard);
	s->heard = true;
	s->kind = answer->kind;
	s->go_on = answer->go_on;
	snprintf(s->page, sizeof(s->page), "%.*s", STR_ARG(answer->page));
}

static void
open_sessions(struct hall *h)
{
	const struct session_options o = {h->b->loop, h->b->store, h->b->work, h->b->menus};

	assert_int_equal(sessions_new(&o, &h->all), W_OK);
}

static int
setup(void **state)
{
	struct hall *h = xcalloc(1, sizeof(*h));
	struct err *err = err_new();
	const struct channel_account account = {.name = "t",
						.centre = "CAS",
						.code = "*000#",
						.path_secrets = {STR_LIT("0123456789abcdef")},
						.file = "wasl.yaml"};

	log_set_level(LOG_ERROR);
	h->a = arena_new(0);
	h->b = bench_new("2026-11-23T09:00:00");
	h->b->conf.limits.answer_ms = 60000;
	h->b->conf.limits.sessions = 100;
	h->b->conf.limits.repeat_time = 1800;
	h->b->conf.limits.resume_time = 86400;
	h->b->conf.limits.session_time = 180;
	if (dialect_load_text("t.yaml", STR_LIT(dialect), h->a, &h->dialect, err) != W_OK ||
	    channel_new(h->dialect, &account, &h->channel, err) != W_OK)
		bench_say(err);
	err_free(err);
	open_sessions(h);
	*state = h;
	return 0;
}

static int
teardown(void **state)
{
	struct hall *h = *state;

	bench_settle(h->b);
	sessions_free(h->all);
	channel_free(h->channel);
	dialect_free(h->dialect);
	bench_free(h->b);
	arena_free(h->a);
	free(h);
	return 0;
}

#define HALL_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static struct channel_event
event(const char *session, enum channel_move move, const char *input)
{
	struct channel_event ev = {.kind = CHANNEL_USSD,
				   .session = str_of(session),
				   .has_msisdn = true,
				   .msisdn_ok = true,
				   .move = move,
				   .cumulative = true,
				   .separator = STR_LIT("*"),
				   .stray_begins = true,
				   .input = secret_of(str_of(input))};

	assert_int_equal(phone_parse(STR_LIT("+212600000044"), &ev.msisdn), PHONE_OK);
	return ev;
}

static const struct said *
hear(struct hall *h, struct said *s)
{
	for (int i = 0; i < 1000 && !s->heard; i++) {
		store_flush(h->b->store);
		loop_once(h->b->loop, false);
	}
	assert_true(s->heard);
	return s;
}

static const struct said *
take(struct hall *h, struct channel_event ev)
{
	struct said *s = ARENA_NEW(h->a, struct said);

	session_take(h->all, h->channel, &ev, on_answer, s);
	return hear(h, s);
}

static void
session_repeats__a_repeat_gets_the_stored_bytes_and_changes_nothing(void **state)
{
	struct hall *h = *state;
	const struct said *first = take(h, event("s", MOVE_AUTO, ""));
	const struct said *second = take(h, event("s", MOVE_AUTO, "1"));
	static const struct {
		const char *path;
		bool is_first;
	} again[] = {
		{"", true},     {"1", false},
		{"", true}, /* every earlier path, by its own bytes */
		{"2", false},   {"12", false},
		{"1x2", false}, /* what does not go on: the page again */
	};

	assert_int_equal(first->kind, ANSWER_PAGE);
	assert_string_not_equal(first->page, second->page);
	for (size_t i = 0; i < ARRAY_LEN(again); i++) {
		const struct said *s = take(h, event("s", MOVE_AUTO, again[i].path));

		assert_string_equal(s->page, again[i].is_first ? first->page : second->page);
	}
	/* A gateway that begins anew with an id we know gets the page at hand. */
	assert_string_equal(take(h, event("s", MOVE_BEGIN, "5"))->page, second->page);
	assert_int_equal(sessions_open(h->all), 1);
}

/* After a start everything is told from the disk alone. */
static void
session_repeats__a_repeat_after_a_restart_gets_the_same_bytes(void **state)
{
	struct hall *h = *state;
	const struct said *first = take(h, event("s", MOVE_AUTO, ""));
	const struct said *second = take(h, event("s", MOVE_AUTO, "1"));

	bench_settle(h->b);
	sessions_free(h->all);
	open_sessions(h);
	assert_string_equal(take(h, event("s", MOVE_AUTO, "1"))->page, second->page);
	assert_string_equal(take(h, event("s", MOVE_AUTO, ""))->page, first->page);
	assert_true(sessions_idle(h->all));
}

static void
session_repeats__the_same_key_twice_at_once_is_one_key(void **state)
{
	struct hall *h = *state;
	struct channel_event begin = event("s", MOVE_BEGIN, NULL),
			     key = event("s", MOVE_CONTINUE, "1");

	begin.cumulative = key.cumulative = false;
	take(h, begin);
	const struct said *first = take(h, key);
	assert_string_equal(take(h, key)->page, first->page);
	clock_freeze(clock_now() + 60); /* a minute later it is typed again */
	assert_string_not_equal(take(h, key)->page, first->page);
	/* Whose calls are numbered, may type the same key at once. */
	begin.session = key.session = STR_LIT("n");
	begin.turn = STR_LIT("1");
	take(h, begin);
	key.turn = STR_LIT("2");
	first = take(h, key);
	assert_string_equal(take(h, key)->page, first->page);
	key.turn = STR_LIT("3");
	assert_string_not_equal(take(h, key)->page, first->page);
}

static void
session_repeats__a_call_during_a_call_waits_and_gets_its_bytes(void **state)
{
	struct hall *h = *state;
	const struct channel_event ev = event("s", MOVE_AUTO, "");
	struct said s[3] = {{.heard = false}};

	for (size_t i = 0; i < ARRAY_LEN(s); i++)
		session_take(h->all, h->channel, &ev, on_answer, &s[i]);
	assert_false(sessions_idle(h->all));
	for (size_t i = 0; i < ARRAY_LEN(s); i++)
		assert_string_equal(hear(h, &s[i])->page, s[0].page);
	assert_int_equal(sessions_open(h->all), 1);
}

static void
session_repeats__what_tells_of_nobody_touches_nobody(void **state)
{
	struct hall *h = *state;
	struct channel_event rows[] = {event("", MOVE_AUTO, ""), event("s", MOVE_ERROR, ""),
				       event("s", MOVE_AUTO, ""), event("s", MOVE_CONTINUE, "1")};

	rows[2].msisdn_ok = false;
	rows[3].stray_begins = false;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(take(h, rows[i])->kind, ANSWER_REFUSE);
	rows[0].kind = CHANNEL_USSD_END;
	assert_int_equal(take(h, rows[0])->kind, ANSWER_ACK);
	assert_int_equal(sessions_open(h->all), 0);
}

static struct channel_event
nameless(enum channel_move move, const char *input)
{
	struct channel_event ev = event("s", move, input);

	ev.session = STR_NONE;
	return ev;
}

/* Some send no name of the call: the number stands for it, and who dials anew begins anew. */
static void
session_repeats__without_a_name_the_number_is_the_call(void **state)
{
	struct hall *h = *state;

	assert_int_equal(take(h, nameless(MOVE_BEGIN, ""))->kind, ANSWER_PAGE);
	assert_int_equal(take(h, nameless(MOVE_CONTINUE, "1"))->kind, ANSWER_PAGE);
	assert_int_equal(sessions_open(h->all), 1);
	clock_freeze(clock_now() + 60);
	assert_int_equal(take(h, nameless(MOVE_BEGIN, ""))->kind, ANSWER_PAGE);
	assert_int_equal(sessions_open(h->all), 1);
}

static void
session_repeats__an_end_is_acknowledged_whatever_we_know(void **state)
{
	static const enum channel_move ends[] = {MOVE_END, MOVE_ABORT, MOVE_TIMEOUT};
	struct hall *h = *state;

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		const char *id = arena_printf(h->a, "s%zu", i);
		struct channel_event end = event(id, ends[i], "");

		assert_int_equal(take(h, end)->kind, ANSWER_ACK); /* never begun */
		take(h, event(id, MOVE_AUTO, ""));
		assert_int_equal(take(h, end)->kind, ANSWER_ACK);
		end.kind = CHANNEL_USSD_END;
		assert_int_equal(take(h, end)->kind, ANSWER_ACK);
	}
	struct channel_event odd = event("s0", MOVE_AUTO, "");

	odd.kind = CHANNEL_USSD_END; /* says of no way that it ended */
	assert_int_equal(take(h, odd)->kind, ANSWER_ACK);
}

/* Gateways reuse ids: from another number it is another session, and much later too. */
static void
session_repeats__an_id_is_a_key_only_with_its_number_and_for_a_while(void **state)
{
	struct hall *h = *state;
	struct channel_event other = event("s", MOVE_AUTO, "");

	take(h, event("s", MOVE_AUTO, ""));
	const struct said *second = take(h, event("s", MOVE_AUTO, "1"));
	assert_int_equal(phone_parse(STR_LIT("+212600000055"), &other.msisdn), PHONE_OK);
	assert_string_not_equal(take(h, other)->page, second->page);
	assert_int_equal(sessions_open(h->all), 2);
	assert_string_equal(take(h, event("s", MOVE_AUTO, "1"))->page, second->page);
	clock_freeze(clock_now() + h->b->conf.limits.repeat_time + 1);
	assert_string_not_equal(take(h, event("s", MOVE_AUTO, ""))->page, second->page);
}

/* To SQLite a file that may not grow is a full disk. */
static int
no_more_pages(struct writer *writer, const void *arg)
{
	(void)arg;
	return sqlite3_exec(writer->wasl.handle, "PRAGMA max_page_count = 1", NULL, NULL, NULL);
}

static void
on_refused(void *arg, int rc)
{
	*(int *)arg = rc;
}

static void
fill_disk(struct hall *h)
{
	struct store_job *limit = store_job_new(h->b->store), *job = store_job_new(h->b->store);
	char *text = arena_alloc(h->a, 1000);
	int rc = 1;

	op_call(limit, no_more_pages, NULL);
	bench_commit(h->b, limit);
	memset(text, 'x', 1000);
	for (int i = 0; i < 80; i++)
		put_setting(job, str_of(arena_printf(h->a, "x%d", i)), (struct str){text, 1000});
	store_submit(h->b->store, job, on_refused, &rc);
	while (rc == 1) {
		store_flush(h->b->store);
		loop_once(h->b->loop, false);
	}
	assert_int_equal(rc, W_EFULL);
	assert_true(store_degraded(h->b->store));
}

static void
session_repeats__a_full_house_and_a_full_disk_say_the_busy_page(void **state)
{
	struct hall *h = *state;

	take(h, event("s", MOVE_AUTO, ""));
	h->b->conf.limits.sessions = 1;
	const struct said *busy = take(h, event("t", MOVE_AUTO, ""));

	assert_int_equal(busy->kind, ANSWER_PAGE);
	assert_false(busy->go_on);
	h->b->conf.limits.sessions = 100;
	fill_disk(h);
	assert_string_equal(take(h, event("t", MOVE_AUTO, ""))->page, busy->page);
	assert_int_equal(take(h, event("s", MOVE_ABORT, ""))->kind, ANSWER_ACK);
	assert_int_equal(sessions_open(h->all), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HALL_TEST(session_repeats__a_repeat_gets_the_stored_bytes_and_changes_nothing),
		HALL_TEST(session_repeats__a_repeat_after_a_restart_gets_the_same_bytes),
		HALL_TEST(session_repeats__the_same_key_twice_at_once_is_one_key),
		HALL_TEST(session_repeats__a_call_during_a_call_waits_and_gets_its_bytes),
		HALL_TEST(session_repeats__what_tells_of_nobody_touches_nobody),
		HALL_TEST(session_repeats__without_a_name_the_number_is_the_call),
		HALL_TEST(session_repeats__an_end_is_acknowledged_whatever_we_know),
		HALL_TEST(session_repeats__an_id_is_a_key_only_with_its_number_and_for_a_while),
		HALL_TEST(session_repeats__a_full_house_and_a_full_disk_say_the_busy_page),
	};

	return cmocka_run_group_tests(tests, zic_setup, zic_teardown);
}
