#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/test_civil_zic.h"

/* Where things stand in a file of zic's, found from its own counts. */
struct sample {
	char bytes[4096];
	size_t n;
	size_t second;              /* the 64-bit head */
	size_t times, which, types; /* of the 64-bit block */
	size_t footer;
};

static size_t
count_at(const struct sample *s, size_t at)
{
	const uint8_t *p = (const uint8_t *)s->bytes + at;

	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

/* The block after a head at a place, with times of so many bytes; gives where it ends. */
static size_t
block_end(const struct sample *s, size_t head, size_t time_bytes)
{
	return head + 44 + count_at(s, head + 32) * (time_bytes + 1) + count_at(s, head + 36) * 6 +
	       count_at(s, head + 40) + count_at(s, head + 28) * (time_bytes + 4) +
	       count_at(s, head + 24) + count_at(s, head + 20);
}

static struct sample
sample(const char *name)
{
	struct sample s = {.n = 0};
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", zic_dir, name);
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	s.n = fread(s.bytes, 1, sizeof(s.bytes), f);
	fclose(f);
	s.second = block_end(&s, 0, 4);
	s.times = s.second + 44;
	s.which = s.times + 8 * count_at(&s, s.second + 32);
	s.types = s.which + count_at(&s, s.second + 32);
	s.footer = block_end(&s, s.second, 8);
	return s;
}

/* Reads in memory of exactly that size, so that a step too far is seen by the sanitizer, and asks
 * a few questions of whatever was taken for a zone. */
static int
read_bytes(const char *bytes, size_t n)
{
	static const int64_t asked[] = {INT64_MIN, -4000000000, 0, 1790812800, INT64_MAX};
	struct zone z = {.arena = arena_new(0), .name = "test"};
	char *copy = xmalloc(n ? n : 1);
	int64_t first, second;
	struct wall w;

	memcpy(copy, bytes, n);
	int rc = tzif_read((struct str){copy, n}, &z);
	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(asked); i++) {
		civil_to_wall(&z, asked[i], &w);
		assert_true(civil_wall_ok(&w));
		civil_to_instant(&z, &w, &first, &second);
	}
	free(copy);
	arena_free(z.arena);
	return rc;
}

static int
read_sample(const struct sample *s)
{
	return read_bytes(s->bytes, s->n);
}

static void
civil_tzif__what_zic_writes_is_read(void **state)
{
	struct sample s = sample("Wasl/Casablanca");

	(void)state;
	assert_memory_equal(s.bytes + s.footer, "\n<+00>0\n", 8);
	assert_int_equal(s.n, s.footer + 8);
	assert_int_equal(read_sample(&s), 0);
}

static void
civil_tzif__every_cut_is_refused(void **state)
{
	struct sample s = sample("Wasl/Casablanca");

	(void)state;
	for (size_t n = 0; n < s.n; n++)
		assert_int_equal(read_bytes(s.bytes, n), W_EPROTO);
}

static void
civil_tzif__more_after_the_footer_is_refused(void **state)
{
	struct sample s = sample("Wasl/Casablanca");

	(void)state;
	s.bytes[s.n++] = '\n';
	assert_int_equal(read_sample(&s), W_EPROTO);
}

/* Any byte may be anything: it is a zone or it is not, and no answer leaves the years. */
static void
civil_tzif__no_byte_can_do_harm(void **state)
{
	static const uint8_t flips[] = {0x01, 0x10, 0x80, 0xff};
	struct sample s = sample("Wasl/CasablancaStale");

	(void)state;
	for (size_t i = 0; i < s.n; i++)
		for (size_t f = 0; f < ARRAY_LEN(flips); f++) {
			s.bytes[i] = (char)(s.bytes[i] ^ (char)flips[f]);
			int rc = read_sample(&s);
			assert_true(rc == 0 || rc == W_EPROTO);
			s.bytes[i] = (char)(s.bytes[i] ^ (char)flips[f]);
		}
}

/* One byte of a good file changed. */
static void
assert_refused_with(size_t at, char value)
{
	struct sample s = sample("Wasl/Casablanca");

	s.bytes[at] = value;
	assert_int_equal(read_sample(&s), W_EPROTO);
}

static void
civil_tzif__first_version_is_refused(void **state)
{
	(void)state;
	assert_refused_with(4, '\0');
}

static void
civil_tzif__leap_seconds_are_refused(void **state)
{
	struct sample s = sample("Wasl/Casablanca");
	static const char leap[12] = {0};

	(void)state;
	/* a whole, well-formed record before the footer, so that only the count is at fault */
	memmove(s.bytes + s.footer + sizeof(leap), s.bytes + s.footer, s.n - s.footer);
	memcpy(s.bytes + s.footer, leap, sizeof(leap));
	s.n += sizeof(leap);
	s.bytes[s.second + 31] = 1;
	assert_int_equal(read_sample(&s), W_EPROTO);
}

static void
civil_tzif__changes_out_of_order_are_refused(void **state)
{
	struct sample s = sample("Wasl/Casablanca");

	(void)state;
	memcpy(s.bytes + s.times + 8, s.bytes + s.times, 8);
	assert_int_equal(read_sample(&s), W_EPROTO);
}

static void
civil_tzif__change_to_a_type_that_is_not_there_is_refused(void **state)
{
	struct sample s = sample("Wasl/Casablanca");

	(void)state;
	assert_refused_with(s.which, (char)count_at(&s, s.second + 36));
}

static void
civil_tzif__offset_beyond_26_hours_is_refused(void **state)
{
	struct sample s = sample("Wasl/Casablanca");

	(void)state;
	memcpy(s.bytes + s.types, "\x00\x01\x6d\xa0", 4); /* 93600 */
	assert_int_equal(read_sample(&s), 0);
	s.bytes[s.types + 3]++;
	assert_int_equal(read_sample(&s), W_EPROTO);
	memcpy(s.bytes + s.types, "\xff\xfe\xa0\x71", 4); /* -89999 */
	assert_int_equal(read_sample(&s), 0);
	s.bytes[s.types + 3]--;
	assert_int_equal(read_sample(&s), W_EPROTO);
}

static void
civil_tzif__footer_that_is_no_rule_is_refused(void **state)
{
	struct sample s = sample("Wasl/Casablanca");

	(void)state;
	assert_refused_with(s.footer, ' ');
	assert_refused_with(s.footer + 1, '[');
	assert_refused_with(s.n - 1, ' ');
}

/* RFC 8536 3.3: then nothing is known after the last change, and its offset stays. */
static void
civil_tzif__empty_footer_keeps_the_last_offset(void **state)
{
	struct sample s = sample("Wasl/Casablanca");
	struct zone z = {.arena = arena_new(0)};

	(void)state;
	memcpy(s.bytes + s.footer, "\n\n", 2);
	s.n = s.footer + 2;
	assert_int_equal(tzif_read((struct str){s.bytes, s.n}, &z), 0);
	assert_int_equal(civil_offset(&z, zic_instant("2026-09-20T00:59:59Z")), 3600);
	assert_int_equal(civil_offset(&z, zic_instant("2090-01-01T00:00:00Z")), 0);
	arena_free(z.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(civil_tzif__what_zic_writes_is_read),
		cmocka_unit_test(civil_tzif__every_cut_is_refused),
		cmocka_unit_test(civil_tzif__more_after_the_footer_is_refused),
		cmocka_unit_test(civil_tzif__no_byte_can_do_harm),
		cmocka_unit_test(civil_tzif__first_version_is_refused),
		cmocka_unit_test(civil_tzif__leap_seconds_are_refused),
		cmocka_unit_test(civil_tzif__changes_out_of_order_are_refused),
		cmocka_unit_test(civil_tzif__change_to_a_type_that_is_not_there_is_refused),
		cmocka_unit_test(civil_tzif__offset_beyond_26_hours_is_refused),
		cmocka_unit_test(civil_tzif__footer_that_is_no_rule_is_refused),
		cmocka_unit_test(civil_tzif__empty_footer_keeps_the_last_offset),
	};

	return cmocka_run_group_tests(tests, zic_setup, zic_teardown);
}
