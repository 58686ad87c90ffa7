#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "privacy/privacy_int.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void
privacy_keys__init_may_be_called_again(void **state)
{
	(void)state;
	assert_int_equal(privacy_init(), 0);
	assert_int_equal(privacy_init(), 0);
}

static void
privacy_keys__random_keys_differ_from_each_other(void **state)
{
	struct keys *a = keys_random(), *b = keys_random();

	(void)state;
	for (size_t i = 0; i < KEY_KINDS; i++)
		assert_memory_not_equal(a->bytes[i], b->bytes[i], KEY_BYTES);
	assert_memory_not_equal(a->bytes[KEY_MASTER], a->bytes[KEY_INDEX], KEY_BYTES);
	assert_memory_not_equal(a->bytes[KEY_INDEX], a->bytes[KEY_AUDIT], KEY_BYTES);
	keys_free(a);
	keys_free(b);
	keys_free(NULL);
}

/* A child must not survive what it does to the keys' memory. */
static bool
dies_of(void (*deed)(uint8_t *), struct keys *k)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGSEGV, SIG_DFL); /* cmocka would catch it and go on with the tests */
		deed((uint8_t *)k);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static void
write_into(uint8_t *p)
{
	*(volatile uint8_t *)p = 1;
}

static void
read_after(uint8_t *p)
{
	volatile uint8_t seen = *(volatile uint8_t *)(p + sizeof(struct keys));

	(void)seen;
}

static void
privacy_keys__loaded_keys_cannot_be_written(void **state)
{
	struct keys *k = keys_random();

	(void)state;
	assert_true(dies_of(write_into, k));
	keys_free(k);
}

static void
privacy_keys__memory_after_them_cannot_be_read(void **state)
{
	struct keys *k = keys_random();

	(void)state;
	assert_true(dies_of(read_after, k));
	keys_free(k);
}

static void
privacy_keys__equality_is_of_length_and_bytes(void **state)
{
	(void)state;
	assert_true(equal_constant_time(STR_LIT("secret"), STR_LIT("secret")));
	assert_true(equal_constant_time(STR_NONE, STR_LIT("")));
	assert_false(equal_constant_time(STR_LIT("secret"), STR_LIT("secreT")));
	assert_false(equal_constant_time(STR_LIT("secret"), STR_LIT("Secret")));
	assert_false(equal_constant_time(STR_LIT("secret"), STR_LIT("secre")));
	assert_false(equal_constant_time(STR_LIT("secret"), STR_NONE));
}

static void
privacy_keys__codes_are_six_digits_and_use_them_all(void **state)
{
	bool seen[6][10] = {{false}};

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct code_text code = code_new();

		assert_int_equal(strlen(code.digits), 6);
		assert_int_equal(strspn(code.digits, "0123456789"), 6);
		for (size_t at = 0; at < 6; at++)
			seen[at][code.digits[at] - '0'] = true;
	}
	for (size_t at = 0; at < 6; at++)
		for (size_t digit = 0; digit < 10; digit++)
			assert_true(seen[at][digit]);
}

static void
privacy_keys__wipe_leaves_zeros(void **state)
{
	char secret[] = "4821";

	(void)state;
	wipe(secret, sizeof(secret));
	assert_memory_equal(secret, "\0\0\0\0", 5);
	wipe(NULL, 0);
}

static void
privacy_keys__numbers_are_little_endian(void **state)
{
	uint8_t bytes[8];

	(void)state;
	put_le64(bytes, -2);
	assert_memory_equal(bytes, "\xfe\xff\xff\xff\xff\xff\xff\xff", 8);
	put_le32(bytes, 0x01020304);
	assert_memory_equal(bytes, "\x04\x03\x02\x01", 4);
}

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
		cmocka_unit_test(privacy_keys__init_may_be_called_again),
		cmocka_unit_test(privacy_keys__random_keys_differ_from_each_other),
		cmocka_unit_test(privacy_keys__loaded_keys_cannot_be_written),
		cmocka_unit_test(privacy_keys__memory_after_them_cannot_be_read),
		cmocka_unit_test(privacy_keys__equality_is_of_length_and_bytes),
		cmocka_unit_test(privacy_keys__codes_are_six_digits_and_use_them_all),
		cmocka_unit_test(privacy_keys__wipe_leaves_zeros),
		cmocka_unit_test(privacy_keys__numbers_are_little_endian),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
