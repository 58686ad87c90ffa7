#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "yaml/yaml.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct read {
	struct arena *arena;
	struct err *err;
	struct yaml_doc *doc;
	int rc;
};

static struct read
read_bytes(struct str text)
{
	struct read r = {.arena = arena_new(0), .err = err_new()};

	r.rc = yaml_read_text("f", text, 0, r.arena, &r.doc, r.err);
	err_sort(r.err);
	return r;
}

static struct read
read_text(const char *text)
{
	return read_bytes(str_of(text));
}

static void
done(struct read *r)
{
	err_free(r->err);
	arena_free(r->arena);
}

static void
assert_faults(const struct read *r, const char *const *lines, size_t n)
{
	for (size_t i = 0; i < n && i < err_count(r->err); i++)
		assert_string_equal(err_line(err_at(r->err, i), r->arena), lines[i]);
	if (err_count(r->err) > n)
		fail_msg("one fault too many: %s", err_line(err_at(r->err, n), r->arena));
	assert_int_equal(err_count(r->err), n);
	assert_int_equal(r->rc, n == 0 ? 0 : W_EINVAL);
}

/* The faults of a text, whole, sorted. */
#define ASSERT_FAULTS(text, ...)                                                     \
	do {                                                                         \
		const char *const lines_[] = {__VA_ARGS__};                          \
		struct read r_ = read_bytes((struct str){(text), sizeof(text) - 1}); \
		assert_faults(&r_, lines_, ARRAY_LEN(lines_));                       \
		done(&r_);                                                           \
	} while (0)

static void
assert_place(const struct yaml_node *node, uint32_t line, uint32_t col)
{
	assert_non_null(node);
	assert_int_equal(node->line, line);
	assert_int_equal(node->col, col);
}

static void
yaml_read__a_map_keeps_its_order_and_places(void **state)
{
	struct read r = read_text("one: 1\n\ntwo:\n  three: x\n  four: [a, b]\n");
	(void)state;

	assert_int_equal(r.rc, 0);
	assert_int_equal(r.doc->root->n, 2);
	assert_true(str_is(r.doc->root->pairs[1].key->text, "two"));
	assert_place(r.doc->root->pairs[1].key, 3, 1);
	const struct yaml_node *two = yaml_get(r.doc->root, "two");
	assert_place(yaml_get(two, "three"), 4, 10);
	assert_int_equal(yaml_get(two, "four")->n, 2);
	assert_place(yaml_get(two, "four")->items[1], 5, 13);
	done(&r);
}

static void
yaml_read__columns_count_characters_not_bytes(void **state)
{
	struct read r = read_text("a: {سلام: واحد, \xf0\x9f\x98\x80: x}\n");
	(void)state;

	assert_int_equal(r.rc, 0);
	assert_place(r.doc->root->pairs[0].value->pairs[1].key, 1, 17);
	assert_place(r.doc->root->pairs[0].value->pairs[1].value, 1, 20);
	done(&r);
}

static void
yaml_read__every_scalar_is_text_and_says_whether_it_was_quoted(void **state)
{
	struct read r = read_text("a: no\nb: \"no\"\nc: 012\nd: |\n  x\n  y\ne: ~\nf: ''\n");
	const struct yaml_node *m = r.doc->root;
	(void)state;

	assert_int_equal(r.rc, 0);
	assert_true(str_is(yaml_text(yaml_get(m, "a")), "no"));
	assert_false(yaml_get(m, "a")->quoted);
	assert_true(yaml_get(m, "b")->quoted);
	assert_true(str_is(yaml_text(yaml_get(m, "c")), "012"));
	assert_string_equal(yaml_text(yaml_get(m, "d")).p, "x\ny\n");
	assert_true(yaml_get(m, "d")->quoted);
	assert_true(str_is(yaml_text(yaml_get(m, "e")), "~"));
	assert_int_equal(yaml_text(yaml_get(m, "f")).n, 0);
	done(&r);
}

static void
yaml_read__all_shape_faults_are_told_in_one_run(void **state)
{
	(void)state;
	ASSERT_FAULTS("a: &x 1\n"
		      "b: *x\n"
		      "c: !!str 2\n"
		      "a: 3\n"
		      "d:\n"
		      "  <<: {e: 1}\n"
		      "  ? [1, 2]\n"
		      "  : list\n"
		      "  \"\": x\n"
		      "  g: \"a\\0b\"\n"
		      "---\n"
		      "second: 1\n",
		      "f:1:4: error: anchors (&...) are not taken: write the value out",
		      "f:2:4: error: aliases (*...) are not taken: write the value out",
		      "f:3:4: error: tags (!...) are not taken",
		      "f:4:1: error: the key \"a\" is there already, at line 1",
		      "f:6:3: error: merge keys (<<) are not taken: write the keys out",
		      "f:7:5: error: a key is one word or text, not a list or map",
		      "f:9:3: error: a key is missing here",
		      "f:10:6: error: the escaped character U+0000 is not taken",
		      "f:11:1: error: a second document (---): one file, one document");
}

static void
yaml_read__the_tree_is_there_in_spite_of_shape_faults(void **state)
{
	struct read r = read_text("a: 1\na: 2\nb: 3\n");
	(void)state;

	assert_int_equal(r.rc, W_EINVAL);
	assert_true(str_is(yaml_text(yaml_get(r.doc->root, "b")), "3"));
	assert_true(str_is(yaml_text(yaml_get(r.doc->root, "a")), "1"));
	done(&r);
}

static void
yaml_read__shape_faults_before_a_syntax_fault_are_told(void **state)
{
	struct read r = read_text("a: 1\nb: !t 2\na: 3\nc: {d: 1, d: 2\ne: [\n");
	(void)state;

	assert_int_equal(r.rc, W_EINVAL);
	assert_null(r.doc->root);
	assert_int_equal(err_count(r.err), 4);
	assert_int_equal(err_at(r.err, 0)->line, 2);
	assert_int_equal(err_at(r.err, 1)->line, 3);
	assert_string_equal(err_at(r.err, 2)->text, "the key \"d\" is there already, at line 4");
	assert_int_equal(err_at(r.err, 3)->line, 5);
	done(&r);
}

static void
yaml_read__a_syntax_fault_has_its_place(void **state)
{
	(void)state;
	ASSERT_FAULTS("a: 1\nb: سلام: x\n",
		      "f:2:8: error: mapping values are not allowed in this context");
	ASSERT_FAULTS("a:\n\t- x\n", "f:2:1: error: found character that cannot start any token "
				     "(while scanning for the next token from line 2 on)");
}

static void
yaml_read__faults_in_bytes_do_not_hide_those_in_shape(void **state)
{
	(void)state;
	ASSERT_FAULTS("سلام: \xe9\xe8\n"
		      "b: x\x07y\n"
		      "c: \xc0\xaf\n"
		      "b: 2\n"
		      "d: \xed\xa0\x80\n"
		      "e: \xe2\x80\xa8\n",
		      "f:1:7: error: not UTF-8 (byte 0xE9): save the file as UTF-8",
		      "f:2:5: error: the character U+0007 is not taken",
		      "f:3:4: error: not UTF-8 (byte 0xC0): save the file as UTF-8",
		      "f:4:1: error: the key \"b\" is there already, at line 2",
		      "f:5:4: error: not UTF-8 (byte 0xED): save the file as UTF-8",
		      "f:6:4: error: the character U+2028 is not taken");
}

static void
yaml_read__a_byte_order_mark_is_refused(void **state)
{
	(void)state;
	ASSERT_FAULTS("\xef\xbb\xbf"
		      "a: 1\na: 2\n",
		      "f:1:1: error: a byte order mark is not taken: save the file as UTF-8 "
		      "without it",
		      "f:2:1: error: the key \"a\" is there already, at line 1");
}

static void
yaml_read__a_nul_byte_is_refused_at_its_place(void **state)
{
	(void)state;
	ASSERT_FAULTS("a: 1\nb: \0 2\n", "f:2:4: error: the character U+0000 is not taken");
}

static void
yaml_read__directives_are_refused(void **state)
{
	(void)state;
	ASSERT_FAULTS("%YAML 1.1\n%TAG ! !x\n---\na: 1\n",
		      "f:1:1: error: directives (%...) are not taken",
		      "f:2:1: error: directives (%...) are not taken");
}

static void
yaml_read__a_percent_sign_inside_a_line_is_text(void **state)
{
	struct read r = read_text("a: 100%\nb: \"%d\"\n");
	(void)state;

	assert_int_equal(r.rc, 0);
	assert_true(str_is(yaml_text(yaml_get(r.doc->root, "b")), "%d"));
	done(&r);
}

static void
yaml_read__a_quoted_merge_sign_is_a_key(void **state)
{
	struct read r = read_text("\"<<\": x\n");
	(void)state;

	assert_int_equal(r.rc, 0);
	assert_true(str_is(yaml_text(yaml_get(r.doc->root, "<<")), "x"));
	done(&r);
}

static void
yaml_read__crlf_ends_one_line(void **state)
{
	(void)state;
	ASSERT_FAULTS("a: 1\r\nb: 2\r\na: \x01\r\n",
		      "f:3:1: error: the key \"a\" is there already, at line 1",
		      "f:3:4: error: the character U+0001 is not taken");
}

static struct read
read_deep(size_t depth)
{
	char text[256];
	size_t n = 0;

	for (size_t i = 0; i < depth; i++)
		text[n++] = '[';
	for (size_t i = 0; i < depth; i++)
		text[n++] = ']';
	return read_bytes((struct str){text, n});
}

static void
yaml_read__sixteen_levels_are_taken_and_seventeen_are_not(void **state)
{
	struct read r = read_deep(YAML_MAX_DEPTH);
	(void)state;

	assert_int_equal(r.rc, 0);
	done(&r);
	r = read_deep(YAML_MAX_DEPTH + 1);
	assert_int_equal(r.rc, W_EINVAL);
	assert_int_equal(err_count(r.err), 1);
	assert_int_equal(err_at(r.err, 0)->col, 17);
	assert_non_null(r.doc->root);
	done(&r);
}

static void
yaml_read__what_follows_a_deep_branch_is_still_looked_at(void **state)
{
	(void)state;
	ASSERT_FAULTS("a: [[[[[[[[[[[[[[[[[x, &b y]]]]]]]]]]]]]]]]]\nc: 1\nc: 2\n",
		      "f:1:19: error: too deep: at most 16 lists and maps inside each other",
		      "f:1:24: error: anchors (&...) are not taken: write the value out",
		      "f:3:1: error: the key \"c\" is there already, at line 2");
}

static void
yaml_read__a_megabyte_of_brackets_is_one_fault(void **state)
{
	char *text = xmalloc(YAML_MAX_BYTES);
	(void)state;

	memset(text, '[', YAML_MAX_BYTES);
	struct read r = read_bytes((struct str){text, YAML_MAX_BYTES});
	assert_int_equal(r.rc, W_EINVAL);
	assert_int_equal(err_count(r.err), 1);
	assert_null(r.doc->root);
	done(&r);
	free(text);
}

static void
yaml_read__an_empty_file_is_a_fault(void **state)
{
	static const char *const texts[] = {"", "\n\n", "# only a remark\n", "---\n", "---\n...\n"};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct read r = read_text(texts[i]);

		assert_int_equal(r.rc, W_EINVAL);
		assert_null(r.doc->root);
		assert_string_equal(err_line(err_at(r.err, 0), r.arena),
				    "f:1:1: error: the file is empty");
		done(&r);
	}
}

static void
yaml_read__double_keys_in_a_large_map_are_found(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b;
	(void)state;

	buf_init_arena(&b, a);
	for (int i = 0; i < 5000; i++)
		buf_printf(&b, "k%d: x\n", i);
	buf_adds(&b, "k4999: y\nk0: z\nk0: z\n");
	struct read r = read_bytes(buf_str(&b));
	assert_int_equal(err_count(r.err), 3);
	assert_string_equal(err_line(err_at(r.err, 0), a),
			    "f:5001:1: error: the key \"k4999\" is there already, at line 5000");
	assert_string_equal(err_line(err_at(r.err, 2), a),
			    "f:5003:1: error: the key \"k0\" is there already, at line 1");
	done(&r);
	arena_free(a);
}

static void
yaml_read__the_faults_of_one_file_are_capped(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b;
	(void)state;

	buf_init_arena(&b, a);
	for (int i = 0; i < 500; i++)
		buf_adds(&b, "- !t x\n");
	struct read r = read_bytes(buf_str(&b));
	assert_int_equal(err_count(r.err), YAML_MAX_FAULTS);
	assert_string_equal(err_at(r.err, YAML_MAX_FAULTS - 1)->text,
			    "too many faults: the rest is not shown");
	done(&r);
	arena_free(a);
}

static void
yaml_read__a_long_or_odd_key_is_shown_cut(void **state)
{
	struct read r = read_text("\"a\\nb سسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسس\": 1\n"
				  "\"a\\nb سسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسس\": 1\n");
	(void)state;

	assert_int_equal(err_count(r.err), 1);
	const char *text = err_at(r.err, 0)->text;
	assert_null(strchr(text, '\n'));
	assert_non_null(strstr(text, "a?b س"));
	assert_non_null(strstr(text, "س\" is there"));
	done(&r);
}

static void
yaml_read__a_text_over_the_bound_is_refused(void **state)
{
	struct read r = {.arena = arena_new(0), .err = err_new()};
	(void)state;

	r.rc = yaml_read_text("f", STR_LIT("a: 12345"), 7, r.arena, &r.doc, r.err);
	assert_int_equal(r.rc, W_EINVAL);
	assert_string_equal(err_line(err_at(r.err, 0), r.arena),
			    "f: error: over 7 bytes, which is the most for this file");
	r.rc = yaml_read_text("f", STR_LIT("a: 12345"), 8, r.arena, &r.doc, r.err);
	assert_int_equal(r.rc, 0);
	done(&r);
}

/* ---- Files ---- */

static int
read_path(const char *path, size_t bound, struct read *r)
{
	*r = (struct read){.arena = arena_new(0), .err = err_new()};
	r->rc = yaml_read_file(path, bound, r->arena, &r->doc, r->err);
	return r->rc;
}

static char *
file_of(char *path, size_t n)
{
	FILE *f;

	strcpy(path, "/tmp/test_yaml_read.XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	fputs("a: \"", f);
	for (size_t i = 0; i < n - 6; i++)
		fputc('x', f);
	fputs("\"\n", f);
	fclose(f);
	return path;
}

static void
yaml_read__a_file_is_read_whole_up_to_its_bound(void **state)
{
	char path[64];
	struct read r;
	(void)state;

	file_of(path, 70000);
	assert_int_equal(read_path(path, 70000, &r), 0);
	assert_int_equal(yaml_text(yaml_get(r.doc->root, "a")).n, 70000 - 6);
	assert_string_equal(r.doc->file, path);
	done(&r);
	assert_int_equal(read_path(path, 69999, &r), W_EINVAL);
	assert_int_equal(err_count(r.err), 1);
	done(&r);
	unlink(path);
}

static void
yaml_read__a_missing_file_is_told_and_has_its_own_code(void **state)
{
	struct read r;
	(void)state;

	assert_int_equal(read_path("/nonexistent/wasl.yaml", 0, &r), W_ENOENT);
	assert_null(r.doc->root);
	assert_string_equal(err_line(err_at(r.err, 0), r.arena),
			    "/nonexistent/wasl.yaml: error: there is no such file");
	done(&r);
}

static void
yaml_read__a_folder_or_a_pipe_is_no_file(void **state)
{
	char path[] = "/tmp/test_yaml_read.XXXXXX", pipe_path[64];
	struct read r;
	(void)state;

	assert_non_null(mkdtemp(path));
	assert_int_equal(read_path(path, 0, &r), W_EINVAL);
	done(&r);
	snprintf(pipe_path, sizeof(pipe_path), "%s/p", path);
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	assert_int_equal(read_path(pipe_path, 0, &r), W_EINVAL);
	done(&r);
	unlink(pipe_path);
	rmdir(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml_read__a_map_keeps_its_order_and_places),
		cmocka_unit_test(yaml_read__columns_count_characters_not_bytes),
		cmocka_unit_test(yaml_read__every_scalar_is_text_and_says_whether_it_was_quoted),
		cmocka_unit_test(yaml_read__all_shape_faults_are_told_in_one_run),
		cmocka_unit_test(yaml_read__the_tree_is_there_in_spite_of_shape_faults),
		cmocka_unit_test(yaml_read__shape_faults_before_a_syntax_fault_are_told),
		cmocka_unit_test(yaml_read__a_syntax_fault_has_its_place),
		cmocka_unit_test(yaml_read__faults_in_bytes_do_not_hide_those_in_shape),
		cmocka_unit_test(yaml_read__a_byte_order_mark_is_refused),
		cmocka_unit_test(yaml_read__a_nul_byte_is_refused_at_its_place),
		cmocka_unit_test(yaml_read__directives_are_refused),
		cmocka_unit_test(yaml_read__a_percent_sign_inside_a_line_is_text),
		cmocka_unit_test(yaml_read__a_quoted_merge_sign_is_a_key),
		cmocka_unit_test(yaml_read__crlf_ends_one_line),
		cmocka_unit_test(yaml_read__sixteen_levels_are_taken_and_seventeen_are_not),
		cmocka_unit_test(yaml_read__what_follows_a_deep_branch_is_still_looked_at),
		cmocka_unit_test(yaml_read__a_megabyte_of_brackets_is_one_fault),
		cmocka_unit_test(yaml_read__an_empty_file_is_a_fault),
		cmocka_unit_test(yaml_read__double_keys_in_a_large_map_are_found),
		cmocka_unit_test(yaml_read__the_faults_of_one_file_are_capped),
		cmocka_unit_test(yaml_read__a_long_or_odd_key_is_shown_cut),
		cmocka_unit_test(yaml_read__a_text_over_the_bound_is_refused),
		cmocka_unit_test(yaml_read__a_file_is_read_whole_up_to_its_bound),
		cmocka_unit_test(yaml_read__a_missing_file_is_told_and_has_its_own_code),
		cmocka_unit_test(yaml_read__a_folder_or_a_pipe_is_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
