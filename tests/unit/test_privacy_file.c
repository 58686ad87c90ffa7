#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "privacy/privacy_int.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char *const names[] = {"master.key", "index.key", "audit.key"};

static char dir[PATH_MAX];

/* An empty folder for each test. */
static int
set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	umask(022);
	snprintf(dir, sizeof(dir), "%s/wasl-keys-XXXXXX", tmp ? tmp : "/tmp");
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static const char *
path(const char *name)
{
	static char memory[PATH_MAX + 32];

	snprintf(memory, sizeof(memory), "%s/%s", dir, name);
	return memory;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (remove(path(names[i])) != 0 && errno != ENOENT)
			return -1;
	return rmdir(dir);
}

/* Three good files, made by the code under test. */
static void
create(void)
{
	struct err *err = err_new();

	assert_int_equal(keys_create(dir, err), 0);
	assert_int_equal(err_count(err), 0);
	err_free(err);
}

static void
replace(const char *name, const char *text, size_t n, mode_t mode)
{
	remove(path(name));
	int fd = open(path(name), O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* Loading fails with that code, and the first fault names the file and has these words. */
static void
assert_fault(int code, const char *name, const char *words)
{
	struct err *err = err_new();
	struct keys *k = NULL;

	assert_int_equal(keys_load(dir, &k, err), code);
	assert_null(k);
	assert_true(err_errors(err) > 0);
	assert_string_equal(err_at(err, 0)->file, path(name));
	if (strstr(err_at(err, 0)->text, words) == NULL)
		fail_msg("'%s' does not say '%s'", err_at(err, 0)->text, words);
	err_free(err);
}

static struct keys *
load(void)
{
	struct err *err = err_new();
	struct keys *k = NULL;

	if (keys_load(dir, &k, err) != 0)
		err_print(err, stderr);
	assert_int_equal(err_count(err), 0);
	assert_non_null(k);
	err_free(err);
	return k;
}

static void
privacy_file__created_keys_are_loaded(void **state)
{
	struct keys *once, *again;

	(void)state;
	create();
	once = load();
	again = load();
	assert_memory_equal(once->bytes, again->bytes, sizeof(once->bytes));
	keys_free(once);
	keys_free(again);
}

static void
privacy_file__created_files_are_0400_and_65_bytes(void **state)
{
	struct stat st;

	(void)state;
	umask(0);
	create();
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(stat(path(names[i]), &st), 0);
		assert_int_equal(st.st_mode, S_IFREG | 0400);
		assert_int_equal(st.st_size, 65);
	}
}

static void
privacy_file__a_hard_umask_does_not_cut_the_mode(void **state)
{
	struct stat st;

	(void)state;
	umask(0777);
	create();
	umask(022);
	assert_int_equal(stat(path("index.key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0400);
}

static void
privacy_file__keys_are_never_written_over(void **state)
{
	struct err *err = err_new();
	struct keys *before, *after;

	(void)state;
	create();
	before = load();
	assert_int_equal(keys_create(dir, err), W_EEXIST);
	assert_string_equal(err_at(err, 0)->file, path("master.key"));
	after = load();
	assert_memory_equal(before->bytes, after->bytes, sizeof(before->bytes));
	err_free(err);
	keys_free(before);
	keys_free(after);
}

static void
privacy_file__all_keys_are_made_or_none(void **state)
{
	struct err *err = err_new();

	(void)state;
	replace("audit.key", "mine", 4, 0400);
	assert_int_equal(keys_create(dir, err), W_EEXIST);
	assert_int_equal(err_errors(err), 1);
	assert_string_equal(err_at(err, 0)->file, path("audit.key"));
	assert_int_not_equal(access(path("master.key"), F_OK), 0);
	assert_int_not_equal(access(path("index.key"), F_OK), 0);
	assert_int_equal(access(path("audit.key"), F_OK), 0);
	err_free(err);
}

static void
privacy_file__two_creations_give_different_keys(void **state)
{
	struct keys *one, *other;

	(void)state;
	create();
	one = load();
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		remove(path(names[i]));
	create();
	other = load();
	for (size_t i = 0; i < KEY_KINDS; i++)
		assert_memory_not_equal(one->bytes[i], other->bytes[i], KEY_BYTES);
	keys_free(one);
	keys_free(other);
}

static void
privacy_file__missing_folder_is_said(void **state)
{
	struct err *err = err_new();
	struct keys *k = NULL;

	(void)state;
	assert_int_equal(keys_create(path("none"), err), W_ENOENT);
	assert_int_equal(keys_load(path("none"), &k, err), W_ENOENT);
	assert_int_equal(err_errors(err), 2);
	assert_string_equal(err_at(err, 1)->file, path("none"));
	assert_null(k);
	err_free(err);
}

static void
privacy_file__missing_file_is_said(void **state)
{
	(void)state;
	create();
	remove(path("index.key"));
	assert_fault(W_ENOENT, "index.key", "No such file");
}

static void
privacy_file__every_fault_is_reported(void **state)
{
	struct err *err = err_new();
	struct keys *k = NULL;

	(void)state;
	create();
	remove(path("master.key"));
	replace("audit.key", "short\n", 6, 0400);
	assert_int_equal(keys_load(dir, &k, err), W_ENOENT);
	assert_int_equal(err_errors(err), 2);
	err_free(err);
}

static const char hex[] = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF\n\n";

static void
privacy_file__lengths_other_than_a_keys_are_refused(void **state)
{
	static const size_t lengths[] = {0, 1, 32, 63, 66};

	(void)state;
	create();
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		replace("index.key", hex, lengths[i], 0400);
		assert_fault(W_EINVAL, "index.key", "length");
	}
}

static void
privacy_file__line_end_may_be_missing(void **state)
{
	struct keys *k;

	(void)state;
	create();
	replace("index.key", hex, 64, 0400);
	k = load();
	assert_memory_equal(k->bytes[KEY_INDEX], "\x00\x11\x22\x33\x44\x55\x66\x77", 8);
	assert_memory_equal(k->bytes[KEY_INDEX] + 24, "\x88\x99\xaa\xbb\xcc\xdd\xee\xff", 8);
	keys_free(k);
}

static void
privacy_file__other_than_hex_is_refused_and_not_shown(void **state)
{
	static const char spoilt[] = "gg", blank[] = " \t";
	char text[65];

	(void)state;
	create();
	for (size_t at = 0; at < 63; at += 31) {
		memcpy(text, hex, 65);
		memcpy(text + at, at % 2 ? spoilt : blank, 2);
		replace("audit.key", text, 65, 0400);
		assert_fault(W_EINVAL, "audit.key", "holds something else than 64 hex digits");
	}
	memcpy(text, hex, 64);
	text[64] = '0'; /* 65 digits */
	replace("audit.key", text, 65, 0400);
	assert_fault(W_EINVAL, "audit.key", "length");
}

static void
privacy_file__files_that_others_may_read_are_refused(void **state)
{
	static const mode_t modes[] = {0440, 0404, 0444, 0420, 0410, 0402, 0401, 0640, 0777};

	(void)state;
	create();
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		assert_int_equal(chmod(path("master.key"), modes[i]), 0);
		assert_fault(W_EDENIED, "master.key", "chmod 0400");
	}
	assert_int_equal(chmod(path("master.key"), 0600), 0);
	keys_free(load());
}

static void
privacy_file__one_key_in_two_files_is_refused(void **state)
{
	(void)state;
	create();
	replace("master.key", hex, 65, 0400);
	replace("audit.key", hex, 65, 0400);
	assert_fault(W_EINVAL, "audit.key", "same key as master.key");
}

static void
privacy_file__a_folder_or_pipe_is_no_key(void **state)
{
	(void)state;
	create();
	remove(path("index.key"));
	assert_int_equal(mkdir(path("index.key"), 0500), 0);
	assert_fault(W_EINVAL, "index.key", "not a regular file");
	remove(path("index.key"));
	assert_int_equal(mkfifo(path("index.key"), 0400), 0);
	assert_fault(W_EINVAL, "index.key", "not a regular file");
}

/* An access list as the kernel takes it: owner r, one named id r, group nothing, mask r. */
static int
give_list(const char *name, uint8_t tag, uint32_t id)
{
	uint8_t acl[4 + 5 * 8] = {2};
	const struct {
		uint8_t tag, permissions;
		uint32_t id;
	} entries[] = {{0x01, 4, UINT32_MAX},
		       {tag, 4, id},
		       {0x04, 0, UINT32_MAX},
		       {0x10, 4, UINT32_MAX},
		       {0x20, 0, UINT32_MAX}};
	/* the kernel wants entries by tag: a named group comes after the file's own */
	static const size_t user_first[] = {0, 1, 2, 3, 4}, group_later[] = {0, 2, 1, 3, 4};
	const size_t *order = tag == 0x02 ? user_first : group_later;

	for (size_t i = 0; i < 5; i++) {
		uint8_t *to = acl + 4 + i * 8;

		to[0] = entries[order[i]].tag;
		to[2] = entries[order[i]].permissions;
		put_le32(to + 4, entries[order[i]].id);
	}
	return setxattr(path(name), "system.posix_acl_access", acl, sizeof(acl), 0);
}

/* systemd hands credentials over like this; the mode then reads 0440. */
static void
privacy_file__an_access_list_that_names_us_alone_is_fine(void **state)
{
	struct stat st;

	(void)state;
	create();
	if (give_list("index.key", 0x02, geteuid()) != 0) {
		print_message("skipped: no access lists in %s\n", dir);
		skip();
	}
	assert_int_equal(stat(path("index.key"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0440);
	keys_free(load());
}

static void
privacy_file__an_access_list_that_names_others_is_refused(void **state)
{
	(void)state;
	create();
	if (give_list("index.key", 0x02, geteuid() + 1) != 0) {
		print_message("skipped: no access lists in %s\n", dir);
		skip();
	}
	assert_fault(W_EDENIED, "index.key", "others than its owner");
	assert_int_equal(give_list("index.key", 0x08, getegid()), 0);
	assert_fault(W_EDENIED, "index.key", "others than its owner");
}

static void
privacy_file__a_file_of_another_user_is_refused(void **state)
{
	(void)state;
	create();
	if (geteuid() != 0 || chown(path("index.key"), 12345, (gid_t)-1) != 0) {
		print_message("skipped: only root can give a file away\n");
		skip();
	}
	assert_fault(W_EDENIED, "index.key", "another user");
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
		CASE(privacy_file__created_keys_are_loaded),
		CASE(privacy_file__created_files_are_0400_and_65_bytes),
		CASE(privacy_file__a_hard_umask_does_not_cut_the_mode),
		CASE(privacy_file__keys_are_never_written_over),
		CASE(privacy_file__all_keys_are_made_or_none),
		CASE(privacy_file__two_creations_give_different_keys),
		CASE(privacy_file__missing_folder_is_said),
		CASE(privacy_file__missing_file_is_said),
		CASE(privacy_file__every_fault_is_reported),
		CASE(privacy_file__lengths_other_than_a_keys_are_refused),
		CASE(privacy_file__line_end_may_be_missing),
		CASE(privacy_file__other_than_hex_is_refused_and_not_shown),
		CASE(privacy_file__files_that_others_may_read_are_refused),
		CASE(privacy_file__one_key_in_two_files_is_refused),
		CASE(privacy_file__a_folder_or_pipe_is_no_key),
		CASE(privacy_file__an_access_list_that_names_us_alone_is_fine),
		CASE(privacy_file__an_access_list_that_names_others_is_refused),
		CASE(privacy_file__a_file_of_another_user_is_refused),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
