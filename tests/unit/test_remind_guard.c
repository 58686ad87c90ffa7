#include "remind/remind.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_remind_bench.h"

enum { NOW = 1795000000, BUILT = 1790000000 };

static void
remind_guard__clock_table(void **state)
{
	static const struct {
		int64_t now, high, before, passed;
		bool lab;
		enum remind_clock is;
	} rows[] = {
		{NOW, 0, NOW, 0, false, REMIND_CLOCK_GOOD},
		{NOW, NOW, NOW - 60, 60, false, REMIND_CLOCK_GOOD},
		{NOW - 599, NOW, NOW - 599, 0, false, REMIND_CLOCK_GOOD},
		{NOW - 600, NOW, NOW - 600, 0, false, REMIND_CLOCK_BEHIND},
		{NOW - 600, NOW, NOW - 600, 0, true, REMIND_CLOCK_BEHIND},
		{BUILT - 1, 0, BUILT - 1, 0, false, REMIND_CLOCK_BEFORE_BUILD},
		{BUILT, 0, BUILT, 0, false, REMIND_CLOCK_GOOD},
		{NOW + 21660, NOW, NOW, 60, false, REMIND_CLOCK_GOOD},
		{NOW + 21661, NOW, NOW, 60, false, REMIND_CLOCK_JUMPED},
		{NOW + 21661, NOW, NOW, 60, true, REMIND_CLOCK_GOOD},
		{NOW + 86400, NOW, NOW, 86400, false, REMIND_CLOCK_GOOD},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		enum remind_clock is =
			remind_clock_judge(rows[i].now, rows[i].high, BUILT, rows[i].before,
					   rows[i].passed, rows[i].lab);

		if (is != rows[i].is)
			fail_msg("row %zu: %s", i, remind_clock_word(is));
	}
}

static int
setup(void **state)
{
	*state = bench_new("2026-11-22T12:00:00");
	return 0;
}

static int
teardown(void **state)
{
	bench_free(*state);
	return 0;
}

static struct remind_guard *
guard(struct bench *b, bool lab)
{
	const struct remind_guard_options options = {
		.loop = b->loop, .store = b->store, .lab = lab, .on_step = bench_on_wake, .arg = b};
	struct remind_guard *g = remind_guard_new(&options);

	bench_settle(b);
	return g;
}

static void
end(struct bench *b, struct remind_guard *g)
{
	bench_settle(b);
	remind_guard_free(g);
}

static void
remind_guard__jump_holds_until_a_human_says_yes(void **state)
{
	struct bench *b = *state;
	struct remind_guard *g = guard(b, false);

	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_GOOD);
	clock_freeze(zic_instant("2026-11-22T19:00:00"));
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_JUMPED);
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_JUMPED);
	remind_guard_release(g);
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_GOOD);
	end(b, g);
}

static void
remind_guard__clock_set_back_after_a_jump_is_good_again(void **state)
{
	struct bench *b = *state;
	struct remind_guard *g = guard(b, false);

	clock_freeze(zic_instant("2026-12-22T19:00:00"));
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_JUMPED);
	clock_freeze(zic_instant("2026-11-22T12:00:01"));
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_GOOD);
	end(b, g);
}

static void
remind_guard__lab_may_jump(void **state)
{
	struct bench *b = *state;
	struct remind_guard *g = guard(b, true);

	clock_freeze(zic_instant("2026-11-25T12:00:00"));
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_GOOD);
	end(b, g);
}

static void
remind_guard__a_step_is_told(void **state)
{
	struct bench *b = *state;
	struct remind_guard *g = guard(b, false);
	unsigned before = b->woken;

	(void)remind_guard_look(g);
	assert_int_equal(b->woken, before);
	clock_freeze(clock_now() + 60);
	(void)remind_guard_look(g);
	assert_int_equal(b->woken, before + 1);
	end(b, g);
}

static void
remind_guard__mark_outlives_the_program(void **state)
{
	struct bench *b = *state;
	struct remind_guard *g = guard(b, false);

	end(b, g);
	clock_freeze(zic_instant("2026-11-22T11:00:00")); /* an hour back, while it was off */
	g = guard(b, false);
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_BEHIND);
	end(b, g);
}

static void
remind_guard__a_machine_that_was_off_for_days_goes_on(void **state)
{
	struct bench *b = *state;
	struct remind_guard *g = guard(b, false);

	end(b, g);
	clock_freeze(zic_instant("2026-11-26T08:00:00"));
	g = guard(b, false);
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_GOOD);
	end(b, g);
}

static void
remind_guard__a_start_months_after_the_mark_asks_a_human(void **state)
{
	struct bench *b = *state;
	struct remind_guard *g = guard(b, false);

	end(b, g);
	clock_freeze(zic_instant("2027-01-22T12:00:00"));
	g = guard(b, false);
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_JUMPED);
	remind_guard_release(g);
	assert_int_equal(remind_guard_look(g), REMIND_CLOCK_GOOD);
	end(b, g);
}

#define BENCH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remind_guard__clock_table),
		BENCH(remind_guard__jump_holds_until_a_human_says_yes),
		BENCH(remind_guard__clock_set_back_after_a_jump_is_good_again),
		BENCH(remind_guard__lab_may_jump),
		BENCH(remind_guard__a_step_is_told),
		BENCH(remind_guard__mark_outlives_the_program),
		BENCH(remind_guard__a_machine_that_was_off_for_days_goes_on),
		BENCH(remind_guard__a_start_months_after_the_mark_asks_a_human),
	};

	return cmocka_run_group_tests(tests, zic_setup, zic_teardown);
}
