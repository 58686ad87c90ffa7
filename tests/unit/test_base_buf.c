#include "base/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
base_buf__a_fixed_buffer_remembers_that_it_overflowed(void **state)
{
	char memory[6];
	struct buf b;

	(void)state;
	buf_init(&b, memory, sizeof(memory));
	buf_adds(&b, "abcde");
	assert_true(buf_ok(&b));
	buf_addc(&b, 'f');
	assert_false(buf_ok(&b));
	assert_string_equal(memory, "abcde");
	buf_cut(&b, 0);
	assert_false(buf_ok(&b));
}

static void
base_buf__printf_into_a_full_buffer_is_cut_inside_it(void **state)
{
	char memory[8];
	struct buf b;

	(void)state;
	memset(memory, '#', sizeof(memory));
	buf_init(&b, memory, sizeof(memory) - 1);
	buf_printf(&b, "%s", "0123456789");
	assert_string_equal(memory, "012345");
	assert_int_equal(b.n, 6);
	assert_int_equal(memory[7], '#');
	assert_false(buf_ok(&b));
}

static void
base_buf__printf_that_just_fits_is_whole(void **state)
{
	char memory[8];
	struct buf b;

	(void)state;
	buf_init(&b, memory, sizeof(memory));
	buf_printf(&b, "%s", "abc");
	buf_printf(&b, "%d", 4567);
	assert_true(buf_ok(&b));
	assert_string_equal(memory, "abc4567");
	assert_int_equal(b.n, 7);
	buf_printf(&b, "%s", "");
	assert_true(buf_ok(&b));
	buf_printf(&b, "%s", "x");
	assert_false(buf_ok(&b));
	assert_string_equal(memory, "abc4567");
}

static void
base_buf__an_arena_buffer_grows(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b;

	(void)state;
	buf_init_arena(&b, a);
	for (int i = 0; i < 10000; i++)
		buf_printf(&b, "%04d", i);
	assert_true(buf_ok(&b));
	assert_int_equal(b.n, 40000);
	for (size_t i = 0; i < 10000; i++)
		assert_memory_equal(b.p + 4 * i, arena_printf(a, "%04zu", i), 4);
	assert_int_equal(b.p[b.n], '\0');
	arena_free(a);
}

static void
base_buf__nul_bytes_and_nothing_can_be_added(void **state)
{
	char memory[8];
	struct buf b;

	(void)state;
	buf_init(&b, memory, sizeof(memory));
	buf_add(&b, "a\0b", 3);
	buf_add_str(&b, STR_NONE);
	assert_true(str_eq(buf_str(&b), (struct str){"a\0b", 3}));
}

static void
base_buf__cut_only_shortens(void **state)
{
	char memory[8];
	struct buf b;

	(void)state;
	buf_init(&b, memory, sizeof(memory));
	buf_adds(&b, "abc");
	buf_cut(&b, 5);
	assert_int_equal(b.n, 3);
	buf_cut(&b, 1);
	assert_string_equal(memory, "a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_buf__a_fixed_buffer_remembers_that_it_overflowed),
		cmocka_unit_test(base_buf__printf_into_a_full_buffer_is_cut_inside_it),
		cmocka_unit_test(base_buf__printf_that_just_fits_is_whole),
		cmocka_unit_test(base_buf__an_arena_buffer_grows),
		cmocka_unit_test(base_buf__nul_bytes_and_nothing_can_be_added),
		cmocka_unit_test(base_buf__cut_only_shortens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
