#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "conf/conf.h"
#include "test_author_world.h"

#include <sys/stat.h>

/* A configuration with one channel whose gateway is the world's. */
struct place {
	char dir[64], config[96], path_secret[96], key[96];
};

static void
secret_file(char *path, size_t size, const char *dir, const char *name, const char *text)
{
	snprintf(path, size, "%s/%s", dir, name);
	world_write(path, text);
	assert_int_equal(chmod(path, 0400), 0);
}

static void
place_new(struct place *p, struct world *w)
{
	const struct conf_pair settings[] = {{"username", "sandbox", 0, 0}};
	struct buf b;

	snprintf(p->dir, sizeof(p->dir), "/tmp/wasl-party-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	secret_file(p->path_secret, sizeof(p->path_secret), p->dir, "path", "KEY\n");
	secret_file(p->key, sizeof(p->key), p->dir, "key", "api-key-of-the-application\n");
	const struct conf_pair secrets[] = {{"key", p->key, 0, 0}};
	const struct conf_sample sample = {.state = p->dir,
					   .keys = p->dir,
					   .dialects = WASL_SOURCE_DIR "/contrib/dialects",
					   .centre = "CAS",
					   .port = w->port,
					   .metrics_port = 9090,
					   .lab = true,
					   .channel = {.name = "at-1",
						       .dialect = "africastalking",
						       .code = "*384*1234#",
						       .path_secret_file = p->path_secret,
						       .settings = settings,
						       .n_settings = 1,
						       .secrets = secrets,
						       .n_secrets = 1}};
	buf_init_arena(&b, w->arena);
	conf_write_sample(&sample, &b);
	snprintf(p->config, sizeof(p->config), "%s/wasl.yaml", p->dir);
	world_write(p->config, buf_str(&b).p);
}

static void
place_free(struct place *p)
{
	unlink(p->path_secret);
	unlink(p->key);
	unlink(p->config);
	assert_int_equal(rmdir(p->dir), 0);
}

static void
party__a_configuration_says_where_and_with_which_secret_to_dial(void **state)
{
	struct world *w = world_new();
	struct place p;

	(void)state;
	place_new(&p, w);
	const char *answers[] = {"1", "2"};
	const struct author_dial_options o = {.account = {.config = p.config, .channel = "at-1"},
					      .answers = answers,
					      .n_answers = 2,
					      .trace = true,
					      .out = w->out,
					      .err = w->err};
	if (author_dial_on(w->loop, &o) != 0)
		fail_msg("%s", world_err(w));
	assert_int_equal(w->calls, 3);
	assert_null(strstr(world_out(w), "KEY"));
	place_free(&p);
	world_free(w);
}

static void
party__show_masks_the_path_secret_unless_told(void **state)
{
	struct world *w = world_new();
	struct place p;

	(void)state;
	place_new(&p, w);
	const struct author_account account = {.config = p.config};
	assert_int_equal(author_channel_show(&account, false, w->out, w->err), 0);
	assert_says(world_out(w), "/c/at-1/SECRET/ussd\n");
	assert_null(strstr(world_out(w), "KEY"));
	assert_int_equal(author_channel_show(&account, true, w->out, w->err), 0);
	assert_says(world_out(w), "/c/at-1/KEY/ussd\n");
	assert_null(strstr(world_out(w), "api-key"));
	place_free(&p);
	world_free(w);
}

static void
party__a_channel_that_is_not_there_is_3(void **state)
{
	struct world *w = world_new();
	struct place p;

	(void)state;
	place_new(&p, w);
	const struct author_account account = {.config = p.config, .channel = "at-2"};
	assert_int_equal(author_channel_show(&account, false, w->out, w->err), AUTHOR_NONE);
	assert_says(world_err(w), "no channel at-2");
	place_free(&p);
	world_free(w);
}

static void
party__the_front_of_an_address_carries_to_other_sections(void **state)
{
	struct world *w = world_new();
	const struct author_account account = {.dialect = world_dialect};
	struct wire_request req = {.path = STR_LIT("/c/play/SECRET/ussd-end")};
	struct author_party *p = NULL;

	(void)state;
	assert_int_equal(author_party_open(&account, w->err, &p), 0);
	const struct {
		const char *given, *target;
	} rows[] = {
		{"/c/at-1/KEY/ussd", "/c/at-1/KEY/ussd-end"},
		{"/c/at-1/KEY", "/c/at-1/KEY/ussd-end"},
		{"/c/at-1/KEY/", "/c/at-1/KEY/ussd-end"},
		{"/proxy/c/at-1/ussd", "/proxy/c/at-1/ussd-end"},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str got =
			author_party_target(p, str_of(rows[i].given), CHANNEL_USSD, &req, w->arena);

		assert_string_equal(arena_str(w->arena, got).p, rows[i].target);
	}
	author_party_close(p);
	world_free(w);
}

static void
party__a_mask_finds_a_secret_however_it_is_written(void **state)
{
	struct world *w = world_new();
	const struct author_pair secrets[] = {{"key", "a+b/c"}};
	const struct author_account account = {
		.dialect = world_dialect, .secrets = secrets, .n_secrets = 1};
	struct author_party *p = NULL;

	(void)state;
	assert_int_equal(author_party_open(&account, w->err, &p), 0);
	struct str got = author_party_mask(p, STR_LIT("k=a+b/c&l=a%2Bb%2Fc&m=abc"), w->arena);
	assert_string_equal(arena_str(w->arena, got).p, "k=SECRET&l=SECRET&m=abc");
	author_party_close(p);
	world_free(w);
}

/* Settings of all three forms that nobody gave. */
static void
party__missing_settings_get_a_form_that_fits(void **state)
{
	struct world *w = world_new();
	char path[] = "/tmp/wasl-party-XXXXXX";
	int fd = mkstemp(path);
	struct author_party *p = NULL;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	world_write(path, "wasl: 1\ndialect: x\n"
			  "settings: {base: {type: url}, from: {type: phone}, name: {}}\n"
			  "ussd:\n  on: POST /u\n  session: form.s\n  msisdn: form.p\n"
			  "  event: {at: form.e, map: {b: begin, c: continue}}\n"
			  "  input: form.i\n  reply: {text: \"{page}\"}\n");
	const struct author_account account = {.dialect = path};
	if (author_party_open(&account, w->err, &p) != 0)
		fail_msg("%s", world_err(w));
	assert_true(p->made_up);
	author_party_close(p);
	unlink(path);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(party__a_configuration_says_where_and_with_which_secret_to_dial),
		cmocka_unit_test(party__show_masks_the_path_secret_unless_told),
		cmocka_unit_test(party__a_channel_that_is_not_there_is_3),
		cmocka_unit_test(party__the_front_of_an_address_carries_to_other_sections),
		cmocka_unit_test(party__a_mask_finds_a_secret_however_it_is_written),
		cmocka_unit_test(party__missing_settings_get_a_form_that_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
