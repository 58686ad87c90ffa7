#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper/table.h"
#include "unit/test_civil_zic.h"

#include <fcntl.h>
#include <sys/stat.h>

static const char *
kind_word(enum wall_kind kind)
{
	static const char *const words[] = {
		[WALL_UNIQUE] = "unique", [WALL_FOLD] = "fold", [WALL_GAP] = "gap"};

	return words[kind];
}

/* A field of the table as a text with an end. */
static const char *
field(struct table *t, size_t row, const char *column)
{
	static char memory[64];
	struct str raw = table_raw(t, row, column);

	snprintf(memory, sizeof(memory), "%.*s", STR_ARG(raw));
	return memory;
}

/* An instant of the table; "-" in the second column means the first again. */
static int64_t
instant(struct table *t, size_t row, const char *column, int64_t otherwise)
{
	return table_is(t, row, column, "-") ? otherwise : zic_instant(field(t, row, column));
}

static void
check_row(struct table *t, size_t row, const struct zone *z)
{
	struct wall w = zic_wall(field(t, row, "local")), back;
	int64_t first, second, want_first = instant(t, row, "utc_first", 0);
	int64_t want_second = instant(t, row, "utc_second", want_first);
	const char *kind = kind_word(civil_to_instant(z, &w, &first, &second));

	if (!table_is(t, row, "kind", kind))
		table_miss(t, row, "is %s", kind);
	if (first != want_first || second != want_second)
		table_miss(t, row, "gives %s and %s", civil_rfc3339(z, first).s,
			   civil_rfc3339(z, second).s);
	if (civil_instant(z, &w) != want_first)
		table_miss(t, row, "a schedule means another instant");
	civil_to_wall(z, second, &back);
	if (!table_is(t, row, "kind", "gap") && civil_compare(&w, &back) != 0)
		table_miss(t, row, "does not come back from its instant");
}

static void
civil_zone__casablanca_turns_every_wall_time_of_the_table(void **state)
{
	struct table *t = table_open("casablanca.tsv");
	struct zone *z = zic_zone("Wasl/Casablanca");

	(void)state;
	for (size_t row = 0; row < table_rows(t); row++)
		check_row(t, row, z);
	civil_zone_free(z);
	table_finish(t);
}

static void
civil_zone__stale_data_are_stale_as_the_table_says(void **state)
{
	struct table *t = table_open("casablanca.tsv");
	struct zone *z = zic_zone("Wasl/CasablancaStale");
	int64_t first, second;

	(void)state;
	for (size_t row = 0; row < table_rows(t); row++) {
		struct wall w = zic_wall(field(t, row, "local"));
		const char *kind = kind_word(civil_to_instant(z, &w, &first, &second));

		if (!table_is(t, row, "stale_kind", kind))
			table_miss(t, row, "is %s", kind);
		if (first != instant(t, row, "stale_utc_first", 0))
			table_miss(t, row, "gives %s", civil_rfc3339(z, first).s);
	}
	civil_zone_free(z);
	table_finish(t);
}

static void
civil_zone__weekdays_are_those_of_the_table(void **state)
{
	static const char *const names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	struct table *t = table_open("casablanca.tsv");

	(void)state;
	for (size_t row = 0; row < table_rows(t); row++) {
		struct wall w = zic_wall(field(t, row, "local"));

		if (!table_is(t, row, "weekday", names[civil_weekday(&w)]))
			table_miss(t, row, "is a %s", names[civil_weekday(&w)]);
	}
	table_finish(t);
}

/* Every half hour: an instant's wall time leads back to that instant. */
static void
check_round_trip(const struct zone *z, int64_t from, int64_t to)
{
	for (int64_t at = from; at < to; at += 1800) {
		int64_t first, second;
		struct wall w;

		civil_to_wall(z, at, &w);
		enum wall_kind kind = civil_to_instant(z, &w, &first, &second);
		if (kind == WALL_GAP || (at != first && at != second) || first > second ||
		    (kind == WALL_UNIQUE) != (first == second))
			fail_msg("%s: %lld does not come back", civil_zone_name(z), (long long)at);
	}
}

static void
civil_zone__instants_come_back_from_2019_to_2040(void **state)
{
	static const char *const names[] = {"Wasl/Casablanca", "Wasl/CasablancaStale"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct zone *z = zic_zone(names[i]);

		check_round_trip(z, zic_instant("2019-01-01T00:00:00Z"),
				 zic_instant("2041-01-01T00:00:00Z"));
		civil_zone_free(z);
	}
}

static void
civil_zone__offset_changes_at_the_second(void **state)
{
	struct zone *z = zic_zone("Wasl/Casablanca");
	int64_t change = zic_instant("2026-09-20T01:00:00Z");

	(void)state;
	assert_int_equal(civil_offset(z, change - 1), 3600);
	assert_int_equal(civil_offset(z, change), 0);
	assert_int_equal(civil_offset(z, zic_instant("2126-08-01T00:00:00Z")), 0);
	civil_zone_free(z);
}

static void
civil_zone__health_knows_good_stale_and_wrong_data(void **state)
{
	static const struct {
		const char *name;
		enum zone_health health;
	} rows[] = {
		{"Wasl/Casablanca", ZONE_GOOD},
		{"Wasl/CasablancaStale", ZONE_STALE},
	};
	struct zone utc = {.n = 0}; /* no change, offset 0 */

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zone *z = zic_zone(rows[i].name);

		assert_int_equal(civil_zone_health(z), rows[i].health);
		civil_zone_free(z);
	}
	assert_int_equal(civil_zone_health(&utc), ZONE_WRONG);
}

static void
civil_zone__bad_names_are_refused(void **state)
{
	static const char *const names[] = {
		"",
		"/etc/passwd",
		"../Wasl/Casablanca",
		"Wasl/../Wasl/Casablanca",
		"Wasl/",
		"Wasl//Casablanca",
		"/Wasl/Casablanca",
		"Wasl/Casa blanca",
		"zone.tab",
		":Wasl/Casablanca",
		"Wasl/Casablanca\n",
		".",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAAA",
	};
	struct zone *z = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_int_equal(civil_zone_open(zic_dir, names[i], &z), W_EINVAL);
	assert_null(z);
}

static void
civil_zone__unknown_zone_is_never_utc(void **state)
{
	struct zone *z = NULL;

	(void)state;
	assert_int_equal(civil_zone_open(zic_dir, "Wasl/Casablance", &z), W_ENOENT);
	assert_int_equal(civil_zone_open(zic_dir, "Wasl", &z), W_ENOENT);
	assert_int_equal(civil_zone_open(zic_dir, "Wasl/Casablanca/x", &z), W_ENOENT);
	assert_int_equal(civil_zone_open("/nonexistent", "Wasl/Casablanca", &z), W_ENOENT);
	assert_null(z);
}

static void
civil_zone__other_files_are_no_zones(void **state)
{
	char path[PATH_MAX + 8];
	struct zone *z = NULL;

	(void)state;
	snprintf(path, sizeof(path), "%s/Other", zic_dir);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "TZif2 no more", 13), 13);
	assert_int_equal(civil_zone_open(zic_dir, "Other", &z), W_EPROTO);
	assert_int_equal(ftruncate(fd, TZIF_MAX + 1), 0);
	assert_int_equal(civil_zone_open(zic_dir, "Other", &z), W_EPROTO);
	close(fd);
	assert_null(z);
}

static void
civil_zone__folder_comes_from_TZDIR_and_TZ_is_ignored(void **state)
{
	struct zone *z = NULL;

	(void)state;
	setenv("TZDIR", zic_dir, 1);
	setenv("TZ", "Asia/Tokyo", 1);
	int rc = civil_zone_open(NULL, "Wasl/Casablanca", &z);
	unsetenv("TZDIR");
	assert_int_equal(rc, 0);
	assert_string_equal(civil_zone_name(z), "Wasl/Casablanca");
	assert_int_equal(civil_offset(z, zic_instant("2026-09-01T00:00:00Z")), 3600);
	assert_string_equal(getenv("TZ"), "Asia/Tokyo");
	unsetenv("TZ");
	civil_zone_free(z);
}

static void
civil_zone__far_instants_are_taken_as_the_nearest_known(void **state)
{
	struct zone *z = zic_zone("Wasl/Casablanca");
	struct wall w;

	(void)state;
	civil_to_wall(z, INT64_MAX, &w);
	assert_int_equal(w.year, 9999);
	assert_true(civil_wall_ok(&w));
	civil_to_wall(z, INT64_MIN, &w);
	assert_int_equal(w.year, 1);
	assert_true(civil_wall_ok(&w));
	civil_zone_free(z);
}

/*
 * The C library reads the same files in its own way: where this machine has
 * them, both must say the same, for rules of every kind (south, negative summer
 * time, half hours, changes before midnight, fixed).
 */
static const char *const compared[] = {
	"Africa/Casablanca", "Europe/Paris",        "Europe/Dublin",     "America/New_York",
	"America/Nuuk",      "America/Sao_Paulo",   "Asia/Gaza",         "Asia/Tehran",
	"Antarctica/Troll",  "Australia/Lord_Howe", "Pacific/Apia",      "Asia/Kathmandu",
	"Africa/Monrovia",   "America/Caracas",     "Pacific/Kwajalein", "Africa/El_Aaiun",
};

static bool
agrees(const struct zone *z, int64_t at)
{
	time_t t = (time_t)at;
	struct wall w;
	struct tm tm;

	localtime_r(&t, &tm);
	civil_to_wall(z, at, &w);
	return tm.tm_gmtoff == civil_offset(z, at) && tm.tm_year + 1900 == w.year &&
	       tm.tm_mon + 1 == w.month && tm.tm_mday == w.day && tm.tm_hour == w.hour &&
	       tm.tm_min == w.minute && tm.tm_sec == w.second &&
	       tm.tm_wday == (int)civil_weekday(&w);
}

static void
compare_zone(const char *name, const struct zone *z)
{
	/* A step that meets every hour of day and every minute of the hour in time. */
	static const int64_t step = 41 * 3600 + 61;

	setenv("TZ", name, 1);
	tzset();
	for (int64_t at = zic_instant("1900-01-01T00:00:00Z");
	     at < zic_instant("2110-01-01T00:00:00Z"); at += step)
		if (!agrees(z, at))
			fail_msg("%s: %s is not what the C library says", name,
				 civil_rfc3339(z, at).s);
	unsetenv("TZ");
	tzset();
}

static void
civil_zone__agrees_with_the_c_library_on_this_machines_zones(void **state)
{
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(compared); i++) {
		struct zone *z = NULL;

		if (civil_zone_open(NULL, compared[i], &z) != 0)
			continue;
		compare_zone(compared[i], z);
		civil_zone_free(z);
		seen++;
	}
	if (seen == 0) {
		print_message("skipped: this machine has no zone data\n");
		skip();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(civil_zone__casablanca_turns_every_wall_time_of_the_table),
		cmocka_unit_test(civil_zone__stale_data_are_stale_as_the_table_says),
		cmocka_unit_test(civil_zone__weekdays_are_those_of_the_table),
		cmocka_unit_test(civil_zone__instants_come_back_from_2019_to_2040),
		cmocka_unit_test(civil_zone__offset_changes_at_the_second),
		cmocka_unit_test(civil_zone__health_knows_good_stale_and_wrong_data),
		cmocka_unit_test(civil_zone__bad_names_are_refused),
		cmocka_unit_test(civil_zone__unknown_zone_is_never_utc),
		cmocka_unit_test(civil_zone__other_files_are_no_zones),
		cmocka_unit_test(civil_zone__folder_comes_from_TZDIR_and_TZ_is_ignored),
		cmocka_unit_test(civil_zone__far_instants_are_taken_as_the_nearest_known),
		cmocka_unit_test(civil_zone__agrees_with_the_c_library_on_this_machines_zones),
	};

	return cmocka_run_group_tests(tests, zic_setup, zic_teardown);
}
