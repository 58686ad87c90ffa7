#include "remind/remind.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "test_yaml_spoil.h"

static char dir[64];

static int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/wasl-rules-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static const char *
path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path_of("r.yaml"));
	unlink(path_of("h.yaml"));
	return rmdir(dir);
}

static void
write_file(const char *name, const char *text)
{
	FILE *f = fopen(path_of(name), "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static struct remind_rules *
load_good(const char *text)
{
	struct remind_rules *rules = NULL;
	struct err *err = err_new();

	write_file("r.yaml", text);
	int rc = remind_load(path_of("r.yaml"), NULL, &rules, err);
	if (rc != W_OK)
		err_print(err, stderr);
	assert_int_equal(rc, W_OK);
	err_free(err);
	return rules;
}

static void
remind_rules__shipped_file_has_the_weekly_checkin(void **state)
{
	struct remind_rules *rules = NULL;
	struct err *err = err_new();
	int rc = remind_load(WASL_SOURCE_DIR "/menus/reminders.yaml", NULL, &rules, err);

	(void)state;
	if (rc != W_OK)
		err_print(err, stderr);
	assert_int_equal(rc, W_OK);
	const struct remind_rule *rule = remind_rule(rules, STR_LIT("weekly_checkin"));
	assert_non_null(rule);
	assert_true(str_is(rule->schedule, "checkin"));
	assert_true(str_is(rule->send, "T02"));
	assert_int_equal(rule->no_later_s, 36000);
	assert_int_equal(rule->skip_if, REMIND_UNLESS_BEGUN);
	assert_int_equal(rules->per_person_day, 1);
	assert_true(rules->n_ramadan >= 1);
	remind_rules_free(rules);
	err_free(err);
}

static void
remind_rules__a_rule_without_skip_if_always_sends(void **state)
{
	struct remind_rules *rules = load_good("wasl: 1\nreminders:\n  r:\n    when: {schedule: "
					       "checkin}\n    send: T02\n    no_later: 2h\n");

	(void)state;
	assert_int_equal(rules->rules[0].skip_if, REMIND_ALWAYS);
	assert_int_equal(rules->rules[0].no_later_s, 7200);
	remind_rules_free(rules);
}

static void
remind_rules__ramadan_comes_from_the_holidays_file(void **state)
{
	write_file("h.yaml", "wasl: 1\nramadan:\n  - {from: 2027-02-08, to: 2027-03-09}\n");
	struct remind_rules *rules =
		load_good("wasl: 1\ncalendar: {holidays: h.yaml}\nreminders: {}\n");

	(void)state;
	assert_int_equal(rules->n_ramadan, 1);
	assert_int_equal(rules->ramadan[0].from, 20270208);
	assert_int_equal(rules->ramadan[0].to, 20270309);
	remind_rules_free(rules);
}

/* One planted fault each, at its place. */
static void
remind_rules__faults_have_their_place(void **state)
{
#define R  "wasl: 1\nreminders:\n  r:\n"
#define W  "    when: {schedule: checkin}\n"
#define S  "    send: T02\n"
#define NL "    no_later: 10h\n"
	static const struct {
		const char *text;
		uint32_t line, col;
		const char *says;
	} rows[] = {
		{"wasl: 2\nreminders: {}\n", 1, 7, ""},
		{"reminders: {}\n", 1, 1, "wasl"},
		{"wasl: 1\n", 1, 1, "reminders"},
		{"wasl: 1\nreminder: {}\nreminders: {}\n", 2, 1, "reminders"},
		{R W S "    no_later: soon\n", 6, 15, ""},
		{R W S "    no_later: 30s\n", 6, 15, ""},
		{R W S, 4, 5, "no_later"},
		{R S NL, 4, 5, "when"},
		{R "    when: {}\n" S NL, 4, 11, "schedule"},
		{R "    when: {rrule: \"FREQ=WEEKLY\"}\n" S NL, 4, 12, "not supported yet"},
		{R "    when: {after: x}\n" S NL, 4, 12, "not supported yet"},
		{R "    when: {missing: check_in}\n" S NL, 4, 12, "not supported yet"},
		{R "    when: {schedule: monthly}\n" S NL, 4, 22, "not supported yet"},
		{R "    when: {shedule: checkin}\n" S NL, 4, 12, "schedule"},
		{R W S NL "    text: {fr: hello}\n", 7, 5, "not supported yet"},
		{R W S NL "    for: person.active\n", 7, 5, "not supported yet"},
		{R W S NL "    skip_if: {checkin: almost}\n", 7, 24, "begun"},
		{R W S NL "    skip_if: {heard_within: 3d}\n", 7, 15, "not supported yet"},
		{R W S NL "  q:\n" W S NL, 7, 3, "line 3"},
		{"wasl: 1\ncalendar: {quiet: [x]}\nreminders: {}\n", 2, 12, "not supported yet"},
		{"wasl: 1\ncalendar: {per_person_day: 9}\nreminders: {}\n", 2, 28, ""},
		{"wasl: 1\nreminders:\n  r: T02\n", 3, 6, "map"},
		{"wasl: 1\nreminders: []\n", 2, 12, ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct remind_rules *rules = NULL;
		struct err *err = err_new();

		write_file("r.yaml", rows[i].text);
		assert_int_not_equal(remind_load(path_of("r.yaml"), NULL, &rules, err), W_OK);
		const struct err_fault *f = err_at(err, 0);
		if (err_errors(err) != 1 || f->line != rows[i].line || f->col != rows[i].col ||
		    strstr(f->text, rows[i].says) == NULL) {
			err_print(err, stderr);
			fail_msg("row %zu: %zu faults", i, err_errors(err));
		}
		err_free(err);
	}
}

static void
remind_rules__faults_of_both_files_come_in_one_run(void **state)
{
	struct remind_rules *rules = NULL;
	struct err *err = err_new();

	(void)state;
	write_file("h.yaml", "wasl: 1\nramadan:\n  - {from: 2027-02-30, to: 2027-03-09}\n"
			     "  - {from: 2028-03-01, to: 2028-02-01}\n");
	write_file("r.yaml", "wasl: 1\ncalendar: {holidays: h.yaml}\nreminders:\n  r:\n" W
			     "    send: T02\n    no_later: x\n    then: y\n");
	assert_int_equal(remind_load(path_of("r.yaml"), NULL, &rules, err), W_EINVAL);
	assert_int_equal(err_errors(err), 4);
	err_free(err);
}

/* Loads both files; says in passing that they are refused if and only if a fault is told. */
static size_t
load_both(const char *rules_text, const char *days_text)
{
	struct remind_rules *rules = NULL;
	struct err *err = err_new();

	write_file("r.yaml", rules_text);
	write_file("h.yaml", days_text);
	int rc = remind_load(path_of("r.yaml"), NULL, &rules, err);
	size_t n = err_errors(err);

	assert_int_equal(rc == W_OK, n == 0);
	remind_rules_free(rules);
	err_free(err);
	return n;
}

static void
remind_rules__what_is_no_value_of_a_key_is_told_wherever_it_stands(void **state)
{
	static const char wide[] = "wasl: 1\n"
				   "calendar:\n"
				   "  holidays: h.yaml\n"
				   "  per_person_day: 1\n"
				   "reminders:\n"
				   "  r:\n"
				   "    when:\n"
				   "      schedule: checkin\n"
				   "    send: T02\n"
				   "    skip_if:\n"
				   "      checkin: done\n"
				   "    no_later: 10h\n";
	static const char days[] = "wasl: 1\n"
				   "ramadan:\n"
				   "  - from: 2027-02-08\n"
				   "    to: 2027-03-09\n";
	struct arena *a = arena_new(0);

	(void)state;
	assert_int_equal(load_both(wide, days), 0);
	for (size_t line = 0; line < spoil_lines(wide) + spoil_lines(days); line++) {
		for (size_t kind = 0; kind < ARRAY_LEN(spoil_kinds); kind++) {
			bool first = line < spoil_lines(wide);
			char *text = spoil_line(a, first ? wide : days,
						first ? line : line - spoil_lines(wide),
						spoil_kinds[kind]);

			if (text != NULL &&
			    load_both(first ? text : wide, first ? days : text) == 0 && kind == 0)
				fail_msg("line %zu took %s", line + 1, spoil_kinds[kind]);
		}
	}
	arena_free(a);
}

static void
remind_rules__a_day_is_one_of_the_calendar(void **state)
{
	static const char *const bad[] = {"2027-2-08",  "2027-13-08", "2027-00-08", "2027-02-00",
					  "0000-02-08", "2027-02-29", "20270208",   "2027-02-0x",
					  "2027-0x-08", "202x-02-08", "2027-02-080"};
	struct arena *a = arena_new(0);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(load_both("wasl: 1\ncalendar: {holidays: h.yaml}\nreminders: {}\n",
					   arena_printf(a,
							"wasl: 1\nramadan:\n  - {from: \"%s\", to: "
							"2028-03-09}\n",
							bad[i])),
				 1);
	assert_int_equal(
		load_both("wasl: 1\ncalendar: {holidays: h.yaml}\nreminders: {}\n", "[a]\n"), 1);
	arena_free(a);
}

/* So many that nobody writes them by hand. */
static void
remind_rules__more_than_the_tables_hold_is_refused(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	for (unsigned over = 0; over <= 1; over++) {
		struct buf rules, days;

		buf_init_arena(&rules, a);
		buf_init_arena(&days, a);
		buf_adds(&rules, "wasl: 1\ncalendar: {holidays: h.yaml}\nreminders: {}\n");
		buf_adds(&days, "wasl: 1\nramadan:\n");
		for (unsigned i = 0; i < REMIND_RAMADANS + over; i++)
			buf_printf(&days, "  - {from: %u-02-08, to: %u-03-09}\n", 2027 + i,
				   2027 + i);
		assert_int_equal(load_both(rules.p, days.p), over);
	}
	arena_free(a);
}

static void
remind_rules__missing_files_are_said(void **state)
{
	struct remind_rules *rules = NULL;
	struct err *err = err_new();

	(void)state;
	assert_int_equal(remind_load("/nowhere/r.yaml", NULL, &rules, err), W_ENOENT);
	write_file("r.yaml", "wasl: 1\ncalendar: {holidays: none.yaml}\nreminders: {}\n");
	assert_int_equal(remind_load(path_of("r.yaml"), NULL, &rules, err), W_EINVAL);
	assert_int_equal(err_errors(err), 2);
	err_free(err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remind_rules__shipped_file_has_the_weekly_checkin),
		cmocka_unit_test(remind_rules__a_rule_without_skip_if_always_sends),
		cmocka_unit_test(remind_rules__ramadan_comes_from_the_holidays_file),
		cmocka_unit_test(remind_rules__faults_have_their_place),
		cmocka_unit_test(remind_rules__faults_of_both_files_come_in_one_run),
		cmocka_unit_test(remind_rules__missing_files_are_said),
		cmocka_unit_test(
			remind_rules__what_is_no_value_of_a_key_is_told_wherever_it_stands),
		cmocka_unit_test(remind_rules__a_day_is_one_of_the_calendar),
		cmocka_unit_test(remind_rules__more_than_the_tables_hold_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
