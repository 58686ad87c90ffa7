#include "remind/remind.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

/* 09:00-20:00, Friday 12:00-14:30 quiet; Ramadan 11:00-16:00 and 21:00-22:30. */
static struct conf_times ramadan_hours[] = {{660, 960}, {1260, 1350}};
static const struct conf_sending sending = {
	.hours = {540, 1200}, .friday_pause = {720, 870}, .ramadan_hours = {ramadan_hours, 2}};
static const struct remind_rules rules = {.ramadan = {{20270208, 20270309}}, .n_ramadan = 1};
static const struct remind_hours hours = {&sending, &rules};

static struct wall
wall(const char *text)
{
	int v[6] = {0};

	assert_true(sscanf(text, "%d-%d-%d %d:%d:%d", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5]) >=
		    5);
	return (struct wall){.year = v[0],
			     .month = (uint8_t)v[1],
			     .day = (uint8_t)v[2],
			     .hour = (uint8_t)v[3],
			     .minute = (uint8_t)v[4],
			     .second = (uint8_t)v[5]};
}

static void
remind_hours__edges_are_to_the_minute(void **state)
{
	static const struct {
		const char *at;
		bool open;
	} rows[] = {
		{"2026-11-23 08:59:59", false}, {"2026-11-23 09:00:00", true},
		{"2026-11-23 12:30:00", true},  {"2026-11-23 19:59:59", true},
		{"2026-11-23 20:00:00", false}, {"2026-11-27 11:59:59", true},
		{"2026-11-27 12:00:00", false}, {"2026-11-27 14:29:59", false},
		{"2026-11-27 14:30:00", true},  {"2027-02-08 10:59:00", false},
		{"2027-02-08 11:00:00", true},  {"2027-02-08 16:00:00", false},
		{"2027-02-08 21:30:00", true},  {"2027-02-12 13:00:00", false},
		{"2027-02-07 21:30:00", false}, {"2027-03-10 21:30:00", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct wall w = wall(rows[i].at);

		if (remind_hours_open(&hours, &w) != rows[i].open)
			fail_msg("%s", rows[i].at);
	}
}

static void
remind_hours__next_is_the_first_open_minute(void **state)
{
	static const struct {
		const char *at, *next;
	} rows[] = {
		{"2026-11-23 10:00", "2026-11-23 10:00"}, {"2026-11-23 03:00", "2026-11-23 09:00"},
		{"2026-11-23 20:00", "2026-11-24 09:00"}, {"2026-11-27 12:00", "2026-11-27 14:30"},
		{"2026-11-27 20:30", "2026-11-28 09:00"}, {"2027-02-07 20:00", "2027-02-08 11:00"},
		{"2027-02-08 16:00", "2027-02-08 21:00"}, {"2027-02-12 12:15", "2027-02-12 14:30"},
		{"2027-03-09 22:30", "2027-03-10 09:00"}, {"2026-12-31 23:59", "2027-01-01 09:00"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct wall w = wall(rows[i].at), expected = wall(rows[i].next);
		struct wall next;

		assert_true(remind_hours_next(&hours, &w, &next));
		if (civil_compare(&next, &expected) != 0)
			fail_msg("%s: %02u %02u:%02u", rows[i].at, next.day, next.hour,
				 next.minute);
	}
}

static void
remind_hours__never_open_is_said(void **state)
{
	const struct conf_sending never = {.hours = {540, 540}};
	const struct remind_hours shut = {&never, NULL};
	const struct wall w = wall("2026-11-23 10:00");
	struct wall next;

	(void)state;
	assert_false(remind_hours_next(&shut, &w, &next));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remind_hours__edges_are_to_the_minute),
		cmocka_unit_test(remind_hours__next_is_the_first_open_minute),
		cmocka_unit_test(remind_hours__never_open_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
