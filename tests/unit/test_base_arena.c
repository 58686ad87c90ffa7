#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
base_arena__pieces_are_zeroed_aligned_and_apart(void **state)
{
	struct arena *a = arena_new(64);
	unsigned char *before = NULL;

	(void)state;
	for (size_t size = 0; size < 200; size++) {
		unsigned char *p = arena_alloc(a, size);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		assert_ptr_not_equal(p, before);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xAA, size);
		before = p;
	}
	arena_free(a);
}

static void
base_arena__memory_used_before_a_reset_comes_back_zeroed(void **state)
{
	struct arena *a = arena_new(128);
	char *first = arena_alloc(a, 64);

	(void)state;
	memset(first, 'x', 64);
	(void)arena_alloc(a, 4096);
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	char *again = arena_alloc(a, 64);
	assert_ptr_equal(again, first);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(again[i], 0);
	arena_free(a);
}

static void
base_arena__a_piece_larger_than_a_chunk_fits(void **state)
{
	struct arena *a = arena_new(32);
	char *big = arena_alloc(a, 100000);

	(void)state;
	memset(big, 1, 100000);
	assert_true(arena_used(a) >= 100000);
	arena_free(a);
	arena_free(NULL);
}

static void
base_arena__copies_end_in_nul_and_stand_alone(void **state)
{
	struct arena *a = arena_new(0);
	char source[] = "abcdef";
	struct str piece = arena_str(a, (struct str){source, 3});
	char *whole = arena_strdup(a, source);
	int numbers[] = {1, 2, 3}, *copy = arena_memdup(a, numbers, sizeof(numbers));

	(void)state;
	source[0] = 'X';
	assert_string_equal(piece.p, "abc");
	assert_string_equal(whole, "abcdef");
	assert_memory_equal(copy, numbers, sizeof(numbers));
	assert_string_equal(arena_str(a, STR_NONE).p, "");
	arena_free(a);
}

static void
base_arena__printf_takes_any_length(void **state)
{
	struct arena *a = arena_new(16);

	(void)state;
	assert_string_equal(arena_printf(a, "%s-%d", "x", 7), "x-7");
	assert_int_equal(strlen(arena_printf(a, "%5000d", 1)), 5000);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_arena__pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(base_arena__memory_used_before_a_reset_comes_back_zeroed),
		cmocka_unit_test(base_arena__a_piece_larger_than_a_chunk_fits),
		cmocka_unit_test(base_arena__copies_end_in_nul_and_stand_alone),
		cmocka_unit_test(base_arena__printf_takes_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
