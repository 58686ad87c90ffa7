#include "base/arena.h"

#include <inttypes.h>
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

static void
base_arena__printf_of_127_and_128_bytes_is_whole(void **state)
{
	struct arena *a = arena_new(0);

	(void)state;
	for (int n = 126; n <= 129; n++) {
		const char *text = arena_printf(a, "%0*d", n, 7);

		assert_int_equal(strlen(text), n);
		assert_int_equal(text[n - 1], '7');
	}
	arena_free(a);
}

static void
base_arena__numbers_are_written_as_printf_does(void **state)
{
	static const int64_t numbers[] = {0, 1, -1, 9, 10, 1234567890, -42, INT64_MAX, INT64_MIN};
	struct arena *a = arena_new(0);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		struct str text = arena_int(a, numbers[i]);

		assert_string_equal(text.p, arena_printf(a, "%" PRId64, numbers[i]));
		assert_int_equal(text.n, strlen(text.p));
	}
	arena_free(a);
}

/* A guard byte on both sides of the room tells whether pieces stay inside it. */
static void
base_arena__a_room_holds_the_first_pieces_and_malloc_the_rest(void **state)
{
	struct {
		unsigned char before[64];
		struct arena_room room;
		unsigned char after[64];
	} here;
	const unsigned char *from = here.room.bytes, *to = from + sizeof(here.room.bytes);
	unsigned char guard[64];

	(void)state;
	memset(&here, 0xAA, sizeof(here));
	memset(guard, 0xAA, sizeof(guard));
	struct arena *a = arena_in(&here.room);
	for (int i = 0; i < 100; i++) {
		unsigned char *p = arena_alloc(a, 100);

		assert_int_equal(p[0] | p[99], 0);
		assert_int_equal(p >= from && p + 100 <= to, i < 8);
		memset(p, 0x55, 100);
	}
	assert_memory_equal(here.before, guard, sizeof(guard));
	assert_memory_equal(here.after, guard, sizeof(guard));
	arena_free(a); /* the sanitizer's leak check sees to the rest */
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
		cmocka_unit_test(base_arena__printf_of_127_and_128_bytes_is_whole),
		cmocka_unit_test(base_arena__numbers_are_written_as_printf_does),
		cmocka_unit_test(base_arena__a_room_holds_the_first_pieces_and_malloc_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
