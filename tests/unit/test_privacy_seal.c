#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "privacy/privacy.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct seal_place note = {
	.table = "need", .column = "note", .row = 4711, .key_id = 142};
static const char text[] = "needs housing papers";

/* A key, memory, and one value sealed for the place above. */
struct setting {
	struct arena *arena;
	struct keys *keys;
	struct data_key key;
	struct wrapped_key wrapped;
	struct sealed value;
};

static int
set_up(void **state)
{
	struct setting *s = xcalloc(1, sizeof(*s));

	s->arena = arena_new(0);
	s->keys = keys_random();
	data_key_new(s->keys, note.key_id, &s->key, &s->wrapped);
	s->value = seal(&s->key, &note, STR_LIT(text), s->arena);
	*state = s;
	return 0;
}

static int
tear_down(void **state)
{
	struct setting *s = *state;

	arena_free(s->arena);
	keys_free(s->keys);
	free(s);
	return 0;
}

/* At that place, with that key; nothing is handed out on refusal. */
static void
assert_refused(struct setting *s, const struct seal_place *place, struct sealed value)
{
	struct str plain = STR_NONE;

	assert_int_equal(seal_open(&s->key, place, value, s->arena, &plain), W_ESEAL);
	assert_null(plain.p);
}

static void
privacy_seal__what_was_sealed_opens(void **state)
{
	struct setting *s = *state;
	struct str plain;

	assert_int_equal(s->value.n, sizeof(text) - 1 + SEAL_OVERHEAD);
	assert_int_equal(seal_open(&s->key, &note, s->value, s->arena, &plain), 0);
	assert_true(str_is(plain, text));
}

static void
privacy_seal__lengths_from_nothing_to_the_most_open(void **state)
{
	static const size_t lengths[] = {0, 1, 31, 64, 4096, SEAL_PLAIN_MAX};
	struct setting *s = *state;

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct str in = {arena_alloc(s->arena, lengths[i]), lengths[i]}, out;
		struct sealed value = seal(&s->key, &note, in, s->arena);

		assert_int_equal(seal_open(&s->key, &note, value, s->arena, &out), 0);
		assert_true(str_eq(in, out));
	}
}

static void
privacy_seal__every_single_bit_counts(void **state)
{
	struct setting *s = *state;
	uint8_t *copy = arena_memdup(s->arena, s->value.p, s->value.n);

	for (size_t bit = 0; bit < s->value.n * 8; bit++) {
		copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_refused(s, &note, (struct sealed){copy, s->value.n});
		copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
}

static void
privacy_seal__other_places_do_not_open_it(void **state)
{
	const struct seal_place places[] = {
		{"needs", "note", 4711, 142}, {"nee", "note", 4711, 142},
		{"need", "name", 4711, 142},  {"need", "", 4711, 142},
		{"need", "note", 4712, 142},  {"need", "note", -4711, 142},
		{"need", "note", 4711, 143},  {"need", "note", 4711, -142},
		{"need", "note", 142, 4711},  {"note", "need", 4711, 142},
	};

	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		assert_refused(*state, &places[i], ((struct setting *)*state)->value);
}

static void
privacy_seal__names_do_not_run_into_each_other(void **state)
{
	const struct seal_place one = {"ab", "c", 1, 1}, other = {"a", "bc", 1, 1};
	struct setting *s = *state;

	assert_refused(s, &other, seal(&s->key, &one, STR_LIT(text), s->arena));
}

static void
privacy_seal__cut_values_are_refused(void **state)
{
	struct setting *s = *state;

	for (size_t n = 0; n < s->value.n; n++)
		assert_refused(s, &note, (struct sealed){arena_memdup(s->arena, s->value.p, n), n});
	assert_refused(s, &note, (struct sealed){NULL, 0});
}

static void
privacy_seal__extended_values_are_refused(void **state)
{
	struct setting *s = *state;

	for (size_t more = 1; more < 70; more++) {
		uint8_t *longer = arena_alloc(s->arena, s->value.n + more);

		memcpy(longer, s->value.p, s->value.n);
		assert_refused(s, &note, (struct sealed){longer, s->value.n + more});
	}
}

static void
privacy_seal__longer_than_the_bound_is_refused_unread(void **state)
{
	const uint8_t byte = 1;

	assert_refused(*state, &note, (struct sealed){&byte, SEAL_PLAIN_MAX + SEAL_OVERHEAD + 1});
}

static void
privacy_seal__another_key_does_not_open_it(void **state)
{
	struct setting *s = *state;
	struct wrapped_key wrapped;

	data_key_new(s->keys, note.key_id, &s->key, &wrapped);
	assert_refused(s, &note, s->value);
}

static int
compare_nonces(const void *a, const void *b)
{
	return memcmp(a, b, 24);
}

static void
privacy_seal__nonce_never_repeats_in_10000(void **state)
{
	enum { TIMES = 10000 };
	struct setting *s = *state;
	uint8_t(*nonces)[24] = xcalloc(TIMES, sizeof(*nonces));

	for (size_t i = 0; i < TIMES; i++) {
		arena_reset(s->arena);
		memcpy(nonces[i], seal(&s->key, &note, STR_LIT(text), s->arena).p + 1, 24);
	}
	qsort(nonces, TIMES, sizeof(*nonces), compare_nonces);
	for (size_t i = 1; i < TIMES; i++)
		assert_memory_not_equal(nonces[i - 1], nonces[i], 24);
	free(nonces);
}

static void
nonce_of_a_seal(struct setting *s, uint8_t nonce[24])
{
	memcpy(nonce, seal(&s->key, &note, STR_LIT("x"), s->arena).p + 1, 24);
}

static void
privacy_seal__a_forked_child_has_nonces_of_its_own(void **state)
{
	struct setting *s = *state;
	uint8_t ours[24], theirs[24];
	int pipes[2], status;

	nonce_of_a_seal(s, ours); /* some are drawn ahead now */
	assert_int_equal(pipe(pipes), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		nonce_of_a_seal(s, theirs);
		_exit(write(pipes[1], theirs, 24) == 24 ? 0 : 1);
	}
	nonce_of_a_seal(s, ours);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(read(pipes[0], theirs, 24), 24);
	assert_memory_not_equal(ours, theirs, 24);
	close(pipes[0]);
	close(pipes[1]);
}

static void
privacy_seal__equal_texts_look_different(void **state)
{
	struct setting *s = *state;
	struct sealed again = seal(&s->key, &note, STR_LIT(text), s->arena);

	assert_int_equal(again.n, s->value.n);
	assert_memory_not_equal(again.p + 25, s->value.p + 25, again.n - 25);
}

static void
privacy_seal__the_text_is_nowhere_in_it(void **state)
{
	struct setting *s = *state;

	assert_null(memmem(s->value.p, s->value.n, text, 5));
}

static void
privacy_seal__wrapped_keys_open_for_their_id(void **state)
{
	struct setting *s = *state;
	struct data_key key;

	assert_int_equal(data_key_unwrap(s->keys, note.key_id, &s->wrapped, &key), 0);
	assert_memory_equal(key.bytes, s->key.bytes, KEY_BYTES);
}

static void
assert_not_unwrapped(const struct keys *k, int64_t id, const struct wrapped_key *wrapped)
{
	static const uint8_t zero[KEY_BYTES] = {0};
	struct data_key key;

	memset(&key, 0x55, sizeof(key));
	assert_int_equal(data_key_unwrap(k, id, wrapped, &key), W_ESEAL);
	assert_memory_equal(key.bytes, zero, KEY_BYTES);
}

static void
privacy_seal__wrapped_keys_of_others_do_not_open(void **state)
{
	struct setting *s = *state;
	struct keys *other = keys_random();

	assert_not_unwrapped(s->keys, note.key_id + 1, &s->wrapped);
	assert_not_unwrapped(s->keys, -note.key_id, &s->wrapped);
	assert_not_unwrapped(other, note.key_id, &s->wrapped);
	keys_free(other);
}

static void
privacy_seal__every_bit_of_a_wrapped_key_counts(void **state)
{
	struct setting *s = *state;

	for (size_t bit = 0; bit < sizeof(s->wrapped.bytes) * 8; bit++) {
		s->wrapped.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_not_unwrapped(s->keys, note.key_id, &s->wrapped);
		s->wrapped.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
}

static void
privacy_seal__new_keys_are_all_different(void **state)
{
	struct setting *s = *state;
	struct data_key again;
	struct wrapped_key wrapped;

	data_key_new(s->keys, note.key_id, &again, &wrapped);
	assert_memory_not_equal(again.bytes, s->key.bytes, KEY_BYTES);
}

static void
privacy_seal__rotation_wraps_the_same_key_anew(void **state)
{
	struct setting *s = *state;
	struct keys *next = keys_random();
	struct wrapped_key wrapped;
	struct data_key key;

	data_key_wrap(next, note.key_id, &s->key, &wrapped);
	assert_not_unwrapped(s->keys, note.key_id, &wrapped);
	assert_int_equal(data_key_unwrap(next, note.key_id, &wrapped, &key), 0);
	assert_memory_equal(key.bytes, s->key.bytes, KEY_BYTES);
	keys_free(next);
}

static void
privacy_seal__a_wiped_key_is_zero(void **state)
{
	static const uint8_t zero[KEY_BYTES] = {0};
	struct setting *s = *state;

	data_key_wipe(&s->key);
	assert_memory_equal(s->key.bytes, zero, KEY_BYTES);
}

static void
privacy_seal__layout_is_generation_nonce_text_tag(void **state)
{
	struct setting *s = *state;

	assert_int_equal(s->value.p[0], 1);
	assert_int_equal(SEAL_OVERHEAD, 41);
	assert_int_equal(WRAPPED_KEY_BYTES, 73);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static int
start(void **state)
{
	(void)state;
	return privacy_init();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(privacy_seal__what_was_sealed_opens),
		CASE(privacy_seal__lengths_from_nothing_to_the_most_open),
		CASE(privacy_seal__every_single_bit_counts),
		CASE(privacy_seal__other_places_do_not_open_it),
		CASE(privacy_seal__names_do_not_run_into_each_other),
		CASE(privacy_seal__cut_values_are_refused),
		CASE(privacy_seal__extended_values_are_refused),
		CASE(privacy_seal__longer_than_the_bound_is_refused_unread),
		CASE(privacy_seal__another_key_does_not_open_it),
		CASE(privacy_seal__nonce_never_repeats_in_10000),
		CASE(privacy_seal__a_forked_child_has_nonces_of_its_own),
		CASE(privacy_seal__equal_texts_look_different),
		CASE(privacy_seal__the_text_is_nowhere_in_it),
		CASE(privacy_seal__wrapped_keys_open_for_their_id),
		CASE(privacy_seal__wrapped_keys_of_others_do_not_open),
		CASE(privacy_seal__every_bit_of_a_wrapped_key_counts),
		CASE(privacy_seal__new_keys_are_all_different),
		CASE(privacy_seal__rotation_wraps_the_same_key_anew),
		CASE(privacy_seal__a_wiped_key_is_zero),
		CASE(privacy_seal__layout_is_generation_nonce_text_tag),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
