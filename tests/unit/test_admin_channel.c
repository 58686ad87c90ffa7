#include "test_admin_world.h"

#include "http/http.h"

/* What is told of channels, on and off; and what is not: secrets. */

static const char dialect[] =
	"wasl: 1\ndialect: t\n"
	"settings: {base_url: {type: url, about: \"theirs\"}, sender: {optional: true}, "
	"lang: {default: fr}}\n"
	"secrets: {key: {about: \"their key\"}, hook: {optional: true}}\n"
	"ussd: {on: POST /ussd, session: form.s, msisdn: form.m, input: form.t, "
	"page: {gsm7: 160, ucs2: 70}, "
	"reply: {continue: {w: CON}, end: {w: END}, text: \"{w} {page}\"}}\n"
	"send: {call: \"POST {channel.base_url}/m\", headers: {k: \"{secret.key}\"}, "
	"form: {to: \"{to}\", m: \"{text}\", r: \"{ref}\"}, "
	"answer: {code: json.c, verdicts: {ok: accepted}}}\n";

enum { RIGHT, WRONG, N_CHANNELS };

struct lines {
	struct arena *a;
	struct dialect *dialect;
	struct channel *channel;
	struct conf_channel conf[N_CHANNELS];
	struct conf_pair settings[1], secrets[1];
	struct net_range range;
};

static struct lines lines;

static void
channel_stands(void *ctx, struct str name, struct admin_channel *out)
{
	(void)ctx;
	out->dialect = lines.dialect;
	if (str_is(name, "at-1"))
		out->channel = lines.channel;
	else
		out->why = "off: wasl.yaml:9:3: error: channel at-2: secret key is missing";
}

static void
open_channel(struct desk *d)
{
	static const struct channel_setting settings[] = {
		{"base_url", {"https://carrier.example", 23}}};
	static const struct channel_secret secrets[] = {{"key", {{"hush-hush", 9}}}};
	const struct channel_account account = {.name = "at-1",
						.centre = "CAS",
						.code = "*384#",
						.path_secrets = {STR_LIT("0123456789abcdef")},
						.settings = settings,
						.n_settings = 1,
						.secrets = secrets,
						.n_secrets = 1,
						.public_url = STR_LIT("https://wasl.example"),
						.file = "wasl.yaml"};

	lines.a = arena_new(0);
	if (dialect_load_text("t.yaml", str_of(dialect), lines.a, &lines.dialect, d->err) != W_OK ||
	    channel_new(lines.dialect, &account, &lines.channel, d->err) != W_OK) {
		err_print(d->err, stderr);
		fail_msg("no channel");
	}
}

static void
open_lines(struct desk *d)
{
	static struct admin_hooks hooks;

	lines = (struct lines){.a = NULL};
	open_channel(d);
	hooks = desk_hooks;
	hooks.channel = channel_stands;
	lines.settings[0] =
		(struct conf_pair){.name = "base_url", .text = "https://carrier.example"};
	lines.secrets[0] = (struct conf_pair){.name = "key", .text = "/etc/wasl/at-1.key"};
	lines.conf[RIGHT] = (struct conf_channel){.name = "at-1",
						  .dialect = "t",
						  .code = "*384#",
						  .centre = "CAS",
						  .path_secret_file = "/etc/wasl/at-1.path",
						  .addresses = {&lines.range, 1},
						  .settings = {lines.settings, 1},
						  .secrets = {lines.secrets, 1}};
	lines.conf[WRONG] = (struct conf_channel){
		.name = "at-2", .dialect = "t", .code = "*385#", .centre = "CAS"};
	d->conf->channels = lines.conf;
	d->conf->n_channels = N_CHANNELS;
	d->admin->o.hooks = &hooks;
	desk_roles(d, ROLE_ADMIN);
}

static void
close_lines(struct desk *d)
{
	d->conf->channels = NULL;
	d->conf->n_channels = 0;
	d->admin->o.hooks = &desk_hooks;
	channel_free(lines.channel);
	dialect_free(lines.dialect);
	arena_free(lines.a);
}

/* The value of a key of the answer, or "" without such a row. */
static const char *
value_of(const struct answer *got, const char *key)
{
	for (size_t i = 0; i < got->n; i++)
		if (strcmp(text_in(got->rows[i], "key"), key) == 0)
			return text_in(got->rows[i], "value");
	return "";
}

static void
admin_channel__the_list_tells_who_is_on_and_who_is_off_and_why(void **state)
{
	struct desk *d = *state;

	open_lines(d);
	const struct answer *got = ask(d, "channel list", "{}");
	assert_int_equal(got->n, N_CHANNELS);
	assert_string_equal(text_in(got->rows[RIGHT], "state"), "on");
	assert_string_equal(text_in(got->rows[RIGHT], "page_gsm7"), "160");
	assert_string_equal(text_in(got->rows[RIGHT], "page_ucs2"), "70");
	assert_string_equal(text_in(got->rows[RIGHT], "addresses"), "1 listed");
	assert_null(json_object_get(got->rows[RIGHT], "why"));
	assert_null(json_object_get(got->rows[RIGHT], "missing"));
	assert_string_equal(text_in(got->rows[WRONG], "state"), "off");
	assert_non_null(strstr(text_in(got->rows[WRONG], "why"), "wasl.yaml:9:3"));
	assert_string_equal(text_in(got->rows[WRONG], "addresses"), "any");
	assert_string_equal(text_in(got->rows[WRONG], "missing"), "base_url key");
	assert_null(json_object_get(got->rows[WRONG], "page_gsm7"));
	close_lines(d);
}

static void
admin_channel__one_tells_what_it_was_given_and_no_secret(void **state)
{
	static const struct {
		const char *key, *value;
	} rows[] = {
		{"state", "on"},
		{"page.gsm7", "160"},
		{"path_secret", "given"},
		{"sends", "yes"},
		{"setting.base_url", "given"},
		{"setting.sender", "not given"},
		{"setting.lang", "default"},
		{"secret.key", "given"},
		{"secret.hook", "not given"},
	};
	struct desk *d = *state;

	open_lines(d);
	const struct answer *got = ask(d, "channel show", "{'channel':'at-1'}");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(value_of(got, rows[i].key), rows[i].value);
	assert_false(answer_has(got, "hush-hush"));
	assert_false(answer_has(got, "0123456789abcdef"));
	got = ask(d, "channel show", "{'channel':'at-2'}");
	assert_string_equal(value_of(got, "state"), "off");
	assert_string_equal(value_of(got, "secret.key"), "missing");
	assert_string_equal(value_of(got, "path_secret"), "not given");
	assert_int_equal(ask(d, "channel show", "{'channel':'at-3'}")->code, ADMIN_NONE);
	close_lines(d);
}

static void
admin_channel__one_tells_what_it_refused(void **state)
{
	struct desk *d = *state;

	open_lines(d);
	refusal_add("at-1", REFUSED_NUMBER_RATE);
	refusal_add("at-1", REFUSED_NUMBER_RATE);
	const struct answer *got = ask(d, "channel show", "{'channel':'at-1'}");
	assert_string_equal(value_of(got, "refused.number_rate"), "2");
	assert_string_equal(value_of(got, "refused.secret"), "");
	assert_string_equal(
		value_of(ask(d, "channel show", "{'channel':'at-2'}"), "refused.number_rate"), "");
	close_lines(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(admin_channel__the_list_tells_who_is_on_and_who_is_off_and_why),
		DESK_TEST(admin_channel__one_tells_what_it_was_given_and_no_secret),
		DESK_TEST(admin_channel__one_tells_what_it_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
