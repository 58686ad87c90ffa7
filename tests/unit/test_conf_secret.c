#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "conf/conf.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
	char folder[64], path[80];
	struct err *err;
	struct conf_secret *secret;
	int rc;
};

static struct file
read_file(const char *bytes, size_t n, mode_t mode, bool lab)
{
	struct file f = {.err = err_new()};

	strcpy(f.folder, "/tmp/test_conf_secret.XXXXXX");
	assert_non_null(mkdtemp(f.folder));
	snprintf(f.path, sizeof(f.path), "%s/key", f.folder);
	FILE *out = fopen(f.path, "w");
	assert_non_null(out);
	fwrite(bytes, 1, n, out);
	fclose(out);
	assert_int_equal(chmod(f.path, mode), 0);
	f.rc = conf_secret_read(f.path, lab, &f.secret, f.err);
	assert_true((f.rc == 0) == (f.secret != NULL));
	assert_int_equal(err_count(f.err), f.rc == 0 ? 0 : 1);
	return f;
}

static struct file
read_text(const char *text)
{
	return read_file(text, strlen(text), 0400, false);
}

static void
done(struct file *f)
{
	conf_secret_free(f->secret);
	err_free(f->err);
	unlink(f->path);
	rmdir(f->folder);
}

static void
conf_secret__one_line_is_one_secret(void **state)
{
	static const char *const texts[] = {"abc", "abc\n", "abc\r\n", "\nabc\n\n"};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct file f = read_text(texts[i]);

		assert_int_equal(f.rc, 0);
		assert_int_equal(f.secret->n, 1);
		assert_true(str_is(f.secret->live_do_not_log[0], "abc"));
		done(&f);
	}
}

static void
conf_secret__two_lines_are_two_live_secrets(void **state)
{
	struct file f = read_text("old one\nnew\n");
	(void)state;

	assert_int_equal(f.secret->n, 2);
	assert_true(str_is(f.secret->live_do_not_log[0], "old one"));
	assert_true(str_is(f.secret->live_do_not_log[1], "new"));
	done(&f);
}

static void
conf_secret__bad_files_are_refused_without_a_byte_of_them(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", "hunter\n2\nx\n", "hunter\t2\n", "hunter\x7f", "hunter\x1b[0m"};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct file f = read_text(texts[i]);

		assert_int_equal(f.rc, W_EINVAL);
		assert_string_equal(err_at(f.err, 0)->file, f.path);
		assert_null(strstr(err_at(f.err, 0)->text, "hunter"));
		done(&f);
	}
}

static void
conf_secret__a_nul_byte_is_refused(void **state)
{
	struct file f = read_file("ab\0c", 4, 0400, false);
	(void)state;

	assert_int_equal(f.rc, W_EINVAL);
	done(&f);
}

static void
conf_secret__the_bound_is_exact(void **state)
{
	char text[CONF_SECRET_MAX + 1];
	(void)state;

	memset(text, 'x', sizeof(text));
	struct file f = read_file(text, CONF_SECRET_MAX, 0400, false);
	assert_int_equal(f.rc, 0);
	assert_int_equal(f.secret->live_do_not_log[0].n, CONF_SECRET_MAX);
	done(&f);
	f = read_file(text, CONF_SECRET_MAX + 1, 0400, false);
	assert_int_equal(f.rc, W_EINVAL);
	done(&f);
}

static void
conf_secret__others_may_not_open_it(void **state)
{
	static const mode_t open_modes[] = {0440, 0404, 0640, 0460, 0402};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(open_modes); i++) {
		struct file f = read_file("abc", 3, open_modes[i], false);

		assert_int_equal(f.rc, W_EINVAL);
		done(&f);
		f = read_file("abc", 3, open_modes[i], true);
		assert_int_equal(f.rc, 0);
		done(&f);
	}
}

/* An access list made by systemd shows as readable by the group. */
static void
conf_secret__what_systemd_hands_over_may_have_group_bits(void **state)
{
	struct file f = read_file("abc", 3, 0440, false);
	struct conf_secret *s;
	(void)state;

	assert_int_equal(f.rc, W_EINVAL);
	setenv("CREDENTIALS_DIRECTORY", f.folder, 1);
	assert_int_equal(conf_secret_read(f.path, false, &s, f.err), 0);
	conf_secret_free(s);
	setenv("CREDENTIALS_DIRECTORY", "/tmp", 1);
	assert_int_equal(conf_secret_read(f.path, false, &s, f.err), W_EINVAL);
	unsetenv("CREDENTIALS_DIRECTORY");
	done(&f);
}

static void
conf_secret__a_missing_file_and_a_folder_are_told(void **state)
{
	struct err *err = err_new();
	struct conf_secret *s;
	(void)state;

	assert_int_equal(conf_secret_read("/nonexistent/key", false, &s, err), W_ENOENT);
	assert_null(s);
	assert_int_equal(conf_secret_read("/tmp", true, &s, err), W_EINVAL);
	assert_int_equal(err_count(err), 2);
	conf_secret_free(NULL);
	err_free(err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conf_secret__one_line_is_one_secret),
		cmocka_unit_test(conf_secret__two_lines_are_two_live_secrets),
		cmocka_unit_test(conf_secret__bad_files_are_refused_without_a_byte_of_them),
		cmocka_unit_test(conf_secret__a_nul_byte_is_refused),
		cmocka_unit_test(conf_secret__the_bound_is_exact),
		cmocka_unit_test(conf_secret__others_may_not_open_it),
		cmocka_unit_test(conf_secret__what_systemd_hands_over_may_have_group_bits),
		cmocka_unit_test(conf_secret__a_missing_file_and_a_folder_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
