#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "conf/conf.h"

#include <stdlib.h>
#include <unistd.h>

static struct conf *
load(struct str text, struct err *err)
{
	char path[] = "/tmp/test_conf_keys.XXXXXX";
	struct conf *c = NULL;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.p, text.n), (ssize_t)text.n);
	close(fd);
	int rc = conf_load(path, &c, err);
	assert_true((rc == 0) == (err_errors(err) == 0));
	unlink(path);
	return c;
}

static struct conf *
load_good(struct str text)
{
	struct err *err = err_new();
	struct conf *c = load(text, err);

	if (err_count(err) > 0) {
		err_print(err, stderr);
		fail_msg("%.*s", STR_ARG(text));
	}
	err_free(err);
	return c;
}

/* ---- A file with every key of the def file, written from its rows ---- */

/* A good value for the rows that have no default. */
static const char *
example(const struct conf_row *row)
{
	static const struct {
		const char *name, *text;
	} texts[] = {
		{"state", "/s"},
		{"keys", "/k"},
		{"socket", "/s/x.sock"},
		{"menus", "/m"},
		{"dialects", "/d"},
		{"migrations", "/g"},
		{"proxies", "[192.0.2.1]"},
		{"public_url", "\"https://example.org\""},
		{"centres.*.tel", "\"0522000000\""},
		{"centres.*.place", "\"x\""},
		{"centres.*.office", "\"MO-FR 09:00-16:30\""},
		{"centres.*.duty", "[\"0600000011\"]"},
		{"channels.*.dialect", "d"},
		{"channels.*.code", "\"*1#\""},
		{"channels.*.centre", "XX"},
		{"channels.*.page.gsm7", "160"},
		{"channels.*.page.ucs2", "70"},
		{"channels.*.path_secret_file", "p"},
		{"channels.*.addresses", "[192.0.2.1]"},
		{"channels.*.settings", "{a: b}"},
		{"channels.*.secrets", "{a_file: b}"},
		{"channels.*.accept_unconfirmed", "[a]"},
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (strcmp(row->name, texts[i].name) == 0)
			return texts[i].text;
	return NULL;
}

static bool
is_list(const char *type)
{
	static const char *const lists[] = {"LISTENS", "RANGES", "PHONES", "TIMES_LIST", "WORDS"};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (strcmp(type, lists[i]) == 0)
			return true;
	return false;
}

static void
put_list(struct buf *b, struct str words)
{
	buf_adds(b, " [");
	while (words.n > 0) {
		struct str word = str_cut(&words, ' ');

		buf_printf(b, "\"%.*s\"%s", STR_ARG(word), words.n ? ", " : "");
	}
	buf_addc(b, ']');
}

static bool
opens_a_map(const struct conf_row *row)
{
	return strcmp(row->type, "MAP") == 0 || strcmp(row->type, "CENTRES") == 0 ||
	       strcmp(row->type, "CHANNELS") == 0;
}

/* Rows come parent first: the depth of the name is the indent of the line. */
static void
put_row(struct buf *b, const struct conf_row *row, const char *name, const char *star)
{
	const char *leaf = strrchr(row->name, '.') ? strrchr(row->name, '.') + 1 : row->name;
	int depth = 0;

	for (const char *p = row->name; *p; p++)
		depth += *p == '.';
	buf_printf(b, "%*s%s:", depth * 2, "", leaf);
	if (strcmp(row->type, "CENTRES") == 0 || strcmp(row->type, "CHANNELS") == 0)
		buf_printf(b, "\n  %s:\n", star);
	else if (opens_a_map(row))
		buf_addc(b, '\n');
	else if (name != NULL)
		buf_printf(b, " %s\n", name);
	else if (is_list(row->type))
		put_list(b, str_of(row->fallback)), buf_addc(b, '\n');
	else
		buf_printf(b, " \"%s\"\n", row->fallback);
}

static struct str
file_with_every_key(struct buf *b)
{
	size_t n;
	const struct conf_row *rows = conf_rows(&n);

	for (size_t i = 0; i < n; i++)
		put_row(b, &rows[i], example(&rows[i]),
			strcmp(rows[i].type, "CENTRES") == 0 ? "XX" : "xx");
	return buf_str(b);
}

struct seen {
	size_t n, from_file;
	const char *look_for, *text;
	enum conf_origin origin;
	uint32_t line;
};

static bool
look(void *ctx, const struct conf_value *v)
{
	struct seen *s = ctx;

	s->n++;
	s->from_file += v->origin == CONF_FILE;
	assert_non_null(v->row);
	if (s->look_for != NULL && strcmp(v->name, s->look_for) == 0) {
		s->text = v->text;
		s->origin = v->origin;
		s->line = v->line;
		return false;
	}
	return true;
}

static void
conf_keys__every_key_of_the_def_file_is_loaded(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b;
	struct seen s = {.n = 0};
	size_t n, maps = 0;
	const struct conf_row *rows = conf_rows(&n);
	(void)state;

	buf_init_arena(&b, a);
	struct conf *c = load_good(file_with_every_key(&b));
	conf_walk(c, look, &s);
	for (size_t i = 0; i < n; i++)
		maps += opens_a_map(&rows[i]);
	assert_int_equal(s.n, n - maps);
	assert_int_equal(s.from_file, n - maps);
	conf_free(c);
	arena_free(a);
}

static void
conf_keys__a_default_written_out_is_the_default(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b;
	(void)state;

	buf_init_arena(&b, a);
	struct conf *written = load_good(file_with_every_key(&b));
	struct conf *plain = load_good(STR_LIT(
		"state: /s\ncentres:\n  XX: {tel: \"0522000000\", office: \"MO-FR 09:00-16:30\"}\n"));
	assert_memory_equal(&written->limits, &plain->limits, sizeof(plain->limits));
	assert_memory_equal(&written->keep, &plain->keep, sizeof(plain->keep));
	assert_memory_equal(&written->sending.hours, &plain->sending.hours,
			    sizeof(plain->sending.hours));
	assert_int_equal(written->language, plain->language);
	assert_null(plain->centres[0].place[CONF_AR]);
	assert_int_equal(plain->centres[0].checkin_day, 1);
	conf_free(written);
	conf_free(plain);
	arena_free(a);
}

static void
conf_keys__every_row_is_whole(void **state)
{
	size_t n;
	const struct conf_row *rows = conf_rows(&n);
	(void)state;

	assert_true(n > 60);
	for (size_t i = 0; i < n; i++) {
		const struct conf_row *r = &rows[i];

		assert_true(r->name[0] != '\0' && r->type[0] != '\0');
		assert_true(strlen(r->sentence) > 8);
		assert_true(r->min <= r->max);
		assert_true(opens_a_map(r) || r->unit[0] != '\0');
		assert_true(!r->required || r->fallback[0] == '\0');
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rows[k].name, r->name);
	}
}

static void
see(const struct conf *c, const char *name, struct seen *s)
{
	*s = (struct seen){.look_for = name};
	conf_walk(c, look, s);
	if (s->text == NULL)
		fail_msg("%s is not shown", name);
}

static void
conf_keys__a_value_is_shown_with_its_origin(void **state)
{
	struct seen s;
	(void)state;

	setenv("CREDENTIALS_DIRECTORY", "/run/c", 1);
	struct conf *c = load_good(STR_LIT("state: /s\n"
					   "listen: [\"127.0.0.1:1\", unix:/x]\n"
					   "limits: {body: 32KiB}\n"
					   "centres:\n"
					   "  CAS:\n"
					   "    tel: \"0522000000\"\n"
					   "    office: \"MO 09:00-10:00\"\n"
					   "    duty: [\"0600000011\", \"0600000022\"]\n"));
	unsetenv("CREDENTIALS_DIRECTORY");
	see(c, "listen", &s);
	assert_string_equal(s.text, "127.0.0.1:1, unix:/x");
	assert_int_equal(s.origin, CONF_FILE);
	assert_int_equal(s.line, 2);
	see(c, "limits.body", &s);
	assert_string_equal(s.text, "32KiB");
	see(c, "limits.headers", &s);
	assert_string_equal(s.text, "48");
	assert_int_equal(s.origin, CONF_DEFAULT);
	see(c, "keys", &s);
	assert_string_equal(s.text, "/run/c");
	assert_int_equal(s.origin, CONF_ENVIRONMENT);
	see(c, "socket", &s);
	assert_string_equal(s.text, "/s/wasl.sock");
	see(c, "centres.CAS.duty", &s);
	assert_string_equal(s.text, "2 numbers");
	conf_free(c);
}

/* ---- The sample ---- */

static struct conf *
load_sample(const struct conf_sample *s)
{
	struct arena *a = arena_new(0);
	struct buf b;

	buf_init_arena(&b, a);
	conf_write_sample(s, &b);
	struct conf *c = load_good(buf_str(&b));
	arena_free(a);
	return c;
}

static void
conf_keys__the_sample_loads_without_faults(void **state)
{
	struct conf_sample s = {.state = "/var/lib/wasl",
				.keys = "/etc/wasl/keys",
				.centre = "CAS",
				.port = 8080,
				.metrics_port = 9090};
	(void)state;

	struct conf *c = load_sample(&s);
	assert_string_equal(c->state, "/var/lib/wasl");
	assert_string_equal(c->keys, "/etc/wasl/keys");
	assert_string_equal(c->menus, "");
	assert_int_equal(c->listen.v[0].port, 8080);
	assert_non_null(conf_centre(c, "CAS"));
	assert_int_equal(c->n_channels, 0);
	conf_free(c);
}

static void
conf_keys__a_lab_sample_has_its_channel(void **state)
{
	const struct conf_pair settings[] = {{.name = "username", .text = "sandbox"},
					     {.name = "base_url", .text = "http://127.0.0.1:1"}};
	const struct conf_pair secrets[] = {{.name = "key", .text = "at-1.key"}};
	struct conf_sample s = {.state = "/tmp/a \"b\" \\c: #d/سلام",
				.keys = "/tmp/k",
				.menus = "/m",
				.dialects = "/d",
				.migrations = "/g",
				.centre = "NO",
				.tel = "0537000000",
				.port = 1,
				.metrics_port = 65535,
				.lab = true,
				.channel = {.name = "at-1",
					    .dialect = "africastalking",
					    .code = "*384*1234#",
					    .path_secret_file = "at-1.path",
					    .settings = settings,
					    .n_settings = 2,
					    .secrets = secrets,
					    .n_secrets = 1}};
	(void)state;

	struct conf *c = load_sample(&s);
	assert_string_equal(c->state, s.state);
	assert_string_equal(c->migrations, "/g");
	assert_string_equal(conf_centre(c, "NO")->tel, "0537000000");
	const struct conf_channel *at = conf_channel(c, "at-1");
	assert_string_equal(at->path_secret_file, "/tmp/k/at-1.path");
	assert_string_equal(conf_pair(&at->settings, "base_url"), "http://127.0.0.1:1");
	assert_string_equal(conf_pair(&at->secrets, "key"), "/tmp/k/at-1.key");
	conf_free(c);
}

/* Taking the "# " off gives a channel that loads. */
static void
conf_keys__the_channel_in_the_comment_is_right(void **state)
{
	struct conf_sample s = {.state = "/s", .centre = "CAS", .port = 1, .metrics_port = 2};
	struct arena *a = arena_new(0);
	struct buf b, out;
	(void)state;

	buf_init_arena(&b, a);
	buf_init_arena(&out, a);
	conf_write_sample(&s, &b);
	const char *channels = strstr(b.p, "# channels:");
	assert_non_null(channels);
	buf_add(&out, b.p, (size_t)(channels - b.p));
	for (struct str rest = str_of(channels); rest.n > 0;) {
		buf_add_str(&out, str_after(str_cut(&rest, '\n'), 2));
		buf_addc(&out, '\n');
	}
	struct conf *c = load_good(buf_str(&out));
	assert_int_equal(c->n_channels, 1);
	conf_free(c);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conf_keys__every_key_of_the_def_file_is_loaded),
		cmocka_unit_test(conf_keys__a_default_written_out_is_the_default),
		cmocka_unit_test(conf_keys__every_row_is_whole),
		cmocka_unit_test(conf_keys__a_value_is_shown_with_its_origin),
		cmocka_unit_test(conf_keys__the_sample_loads_without_faults),
		cmocka_unit_test(conf_keys__a_lab_sample_has_its_channel),
		cmocka_unit_test(conf_keys__the_channel_in_the_comment_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
