#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/metric.h"
#include "http/http_route.h"
#include "test_http_world.h"
#include "test_remind_bench.h"

/* The door: from the bytes of a call to the room that answers it, and back. */

static const char dialect[] =
	"wasl: 1\ndialect: t\n"
	"ussd:\n  on: POST /ussd\n  session: form.s\n  msisdn: form.m\n  input: form.t\n"
	"  event: {at: form.e, map: {go: continue}, default: begin}\n  stray: refuse\n"
	"  reply: {continue: {w: CON}, end: {w: END}, text: \"{w} {page}\"}\n"
	"  refuse: {status: 422, text: \"no\"}\n"
	"ussd_end: {on: POST /end, session: form.s, msisdn: form.m, ack: {text: bye}}\n"
	"sms:\n"
	"- {on: POST /sms, id: form.i, msisdn: form.m, text: form.t, ack: {text: taken}}\n"
	"- {on: POST /many, each: json.l, id: each.i, msisdn: each.m, text: each.t, need: []}\n"
	"report: {on: POST /dlr, each: json.l, id: each.id, state: each.s, ack: {text: \"noted\"}}\n"
	"optout:\n"
	"- {on: POST /stop, msisdn: form.m}\n"
	"- {on: POST /stops, each: json.l, msisdn: each.m}\n"
	"ping: {on: GET /ping, ack: {text: pong}}\n";

struct door {
	struct bench *b;
	struct world w;
	struct arena *a;
	struct dialect *dialect;
	struct channel *channel, *fenced;
	struct conf_channel fence;
	struct net_range range;
	struct sessions *sessions;
	struct outbox *outbox;
	struct routes *routes;
	struct client *last;
};

static struct channel *
channel_named(struct door *d, const char *name, struct err *err)
{
	const struct channel_account account = {.name = name,
						.centre = "CAS",
						.code = "*000#",
						.path_secrets = {STR_LIT("0123456789abcdef")},
						.public_url = STR_LIT("https://wasl.example"),
						.file = "wasl.yaml"};
	struct channel *ch = NULL;

	if (channel_new(d->dialect, &account, &ch, err) != W_OK)
		bench_say(err);
	return ch;
}

static void
open_routes(struct door *d)
{
	const struct route_channel channels[] = {{d->channel, &d->b->channel},
						 {d->fenced, &d->fence}};
	const struct route_options options = {.channels = channels,
					      .n_channels = 2,
					      .limits = &d->b->conf.limits,
					      .sessions = d->sessions,
					      .outbox = d->outbox,
					      .work = d->b->work,
					      .store = d->b->store,
					      .keys = d->b->keys};

	d->routes = routes_new(&options);
}

static struct channel *
no_channel(void *ctx, struct str name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static void
open_rooms(struct door *d)
{
	const struct session_options so = {d->b->loop, d->b->store, d->b->work, d->b->menus};
	const struct outbox_options oo = {.loop = d->b->loop,
					  .store = d->b->store,
					  .work = d->b->work,
					  .channel_of = no_channel};
	struct http_options ho = world_options();
	struct err *err = err_new();

	ho.limits.request_ms = ho.limits.reply_ms = WORLD_PATIENCE_MS;

	if (dialect_load_text("t.yaml", STR_LIT(dialect), d->a, &d->dialect, err) != W_OK)
		bench_say(err);
	d->channel = channel_named(d, "at-1", err);
	d->fenced = channel_named(d, "fenced", err);
	d->range = (struct net_range){.family = AF_INET, .bytes = {192, 0, 2, 0}, .prefix = 24};
	d->fence = (struct conf_channel){.name = "fenced", .addresses = {&d->range, 1}};
	assert_int_equal(sessions_new(&so, &d->sessions), W_OK);
	d->outbox = outbox_new(&oo);
	open_routes(d);
	d->w.loop = d->b->loop;
	d->w.patience = timer_new(d->w.loop, world_on_tired, &d->w);
	assert_int_equal(
		http_front_new(d->w.loop, &ho, route_request, &d->routes, &d->w.front, err), 0);
	err_free(err);
}

static int
setup(void **state)
{
	struct door *d = xcalloc(1, sizeof(*d));

	log_set_level(LOG_ERROR);
	d->a = arena_new(0);
	d->b = bench_new("2026-11-23T09:00:00");
	d->b->conf.limits.rate_per_number = d->b->conf.limits.rate_per_channel = 60000;
	d->b->conf.limits.rate_burst = d->b->conf.limits.rate_channel_burst = 1000;
	d->b->conf.limits.answer_ms = 60000;
	d->b->conf.limits.sessions = 100;
	d->b->conf.limits.resume_time = d->b->conf.limits.repeat_time = 1800;
	d->b->conf.limits.session_time = 180;
	open_rooms(d);
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	struct door *d = *state;

	if (d->last != NULL)
		client_free(d->last);
	http_front_free(d->w.front);
	routes_free(d->routes);
	bench_settle(d->b);
	sessions_free(d->sessions);
	outbox_free(d->outbox);
	channel_free(d->channel);
	channel_free(d->fenced);
	dialect_free(d->dialect);
	timer_free(d->w.patience);
	bench_free(d->b);
	arena_free(d->a);
	free(d);
	return 0;
}

#define DOOR_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void
say(struct door *d, const char *method, const char *path, const char *body)
{
	if (d->last != NULL)
		client_free(d->last);
	d->last = client_new(&d->w);
	client_send(
		d->last,
		arena_printf(d->a,
			     "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
			     "application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
			     method, path, strlen(body), body));
}

/* The status; what was said is in d->last. */
static int
hear(struct door *d)
{
	int64_t status = 0;

	WORLD_UNTIL(&d->w, d->last->closed);
	struct str line = str_of(d->last->got);
	(void)str_cut(&line, ' ');
	(void)str_to_int(str_cut(&line, ' '), &status);
	return (int)status;
}

static int
post(struct door *d, const char *tail, const char *body)
{
	say(d, "POST", arena_printf(d->a, "/c/at-1/0123456789abcdef%s", tail), body);
	return hear(d);
}

static void
http_route__who_does_not_prove_who_they_are_gets_the_same_empty_answer(void **state)
{
	static const struct {
		const char *path;
		int status;
	} rows[] = {
		{"/c/none/0123456789abcdef/ussd", 403},
		{"/c/at-1/0123456789abcdeg/ussd", 403},
		{"/c/at-1", 403},
		{"/c/", 403},
		{"/c/fenced/0123456789abcdef/ussd", 403}, /* from another address */
		{"/", 404},
		{"/healthz/x", 404},
		{"/c/at-1/0123456789abcdef/none", 404},
		{"/c/at-1/0123456789abcdef/ping", 405},
	};
	struct door *d = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		say(d, "POST", rows[i].path, "s=1&m=212600000011&t=");
		int got = hear(d);

		if (got != rows[i].status)
			fail_msg("%s: %d", rows[i].path, got);
		assert_true(client_has(d->last, "Content-Length: 0"));
	}
	assert_int_equal(sessions_open(d->sessions), 0);
}

static void
http_route__a_call_gets_its_page_after_the_commit(void **state)
{
	struct door *d = *state;

	assert_int_equal(post(d, "/ussd", "s=1&m=212600000011&t="), 200);
	assert_true(client_has(d->last, "\r\n\r\nCON "));
	assert_int_equal(sessions_open(d->sessions), 1);
	assert_int_equal(post(d, "/ussd", "s=1&m=212600000011&t=1&e=go"), 200);
	assert_int_equal(post(d, "/end", "s=1&m=212600000011"), 200);
	assert_true(client_has(d->last, "bye"));
	/* Nobody knows this session, and the dialect wants it refused. */
	assert_int_equal(post(d, "/ussd", "s=9&m=212600000011&t=1&e=go"), 422);
	assert_int_equal(post(d, "/ussd", "s=2&t=1"), 422);
}

static void
http_route__a_batch_of_reports_is_acknowledged_once(void **state)
{
	struct door *d = *state;

	assert_int_equal(post(d, "/dlr",
			      "{\"l\":[{\"id\":\"a\",\"s\":\"delivered\"},{\"id\":\"b\",\"s\":"
			      "\"failed\"}]}"),
			 200);
	assert_true(client_has(d->last, "noted"));
	assert_int_equal(client_count(d->last, "HTTP/1.1"), 1);
	assert_int_equal(post(d, "/dlr", "{\"l\":[]}"), 200);
	assert_int_equal(post(d, "/dlr", "{"), 400);
}

static void
http_route__a_probe_is_answered(void **state)
{
	struct door *d = *state;

	say(d, "GET", "/c/at-1/0123456789abcdef/ping", "");
	assert_int_equal(hear(d), 200);
	assert_true(client_has(d->last, "pong"));
}

/* ---- SMS in ---- */

static int
read_sms(struct door *d, const char *id, struct row_inbox *row)
{
	const struct work_sms sms = {.id = str_of(id)};
	const struct digest key = sms_key(d->b->keys, STR_LIT("at-1"), &sms, clock_now());

	bench_settle(d->b);
	return read_inbox(store_loop_reader(d->b->store), &key, d->a, row);
}

static bool
sms_says(struct door *d, const char *id, const char *text)
{
	struct row_inbox row;
	struct str plain;

	assert_int_equal(read_sms(d, id, &row), W_OK);
	const struct seal_place place = {"inbox", "text", row.id, row.key_id};
	assert_int_equal(store_open_sealed(d->b->store, &place, row.text, d->a, &plain), W_OK);
	return str_is(plain, text);
}

static void
http_route__an_sms_is_kept_before_it_is_acknowledged_and_once(void **state)
{
	struct door *d = *state;
	const struct bench_person somebody = {.consent = "given"};
	int64_t person = bench_person(d->b, &somebody);
	struct row_inbox row;

	assert_int_equal(post(d, "/sms", "i=a&m=212600000011&t=salam"), 200);
	assert_true(client_has(d->last, "\r\n\r\ntaken"));
	const char *first = arena_strdup(d->a, d->last->got);
	assert_int_equal(read_sms(d, "a", &row), W_OK);
	assert_int_equal(row.person, person);
	assert_true(sms_says(d, "a", "salam"));
	int64_t jobs = metric_get(METRIC_STORE_JOBS);
	assert_int_equal(post(d, "/sms", "i=a&m=212600000011&t=salam"), 200);
	assert_string_equal(strstr(d->last->got, "\r\n\r\n"), strstr(first, "\r\n\r\n"));
	assert_int_equal(metric_get(METRIC_STORE_JOBS), jobs);
	assert_int_equal(post(d, "/sms", "i=b&m=INFO&t=x"), 200);
	assert_int_equal(read_sms(d, "b", &row), W_OK);
	assert_int_equal(row.person, 0);
	assert_int_equal(post(d, "/sms", "i=c&t=x"), 400);
	assert_int_equal(read_sms(d, "c", &row), W_ENOENT);
}

static void
http_route__a_batch_of_sms_is_one_job(void **state)
{
	struct door *d = *state;

	bench_settle(d->b);
	int64_t jobs = metric_get(METRIC_STORE_JOBS);
	assert_int_equal(post(d, "/many",
			      "{\"l\":[{\"i\":\"1\",\"m\":\"212600000011\",\"t\":\"one\"},"
			      "{\"i\":\"2\",\"m\":\"212600000022\",\"t\":\"two\"},"
			      "{\"i\":\"1\",\"m\":\"212600000011\",\"t\":\"one\"}]}"),
			 200);
	assert_int_equal(metric_get(METRIC_STORE_JOBS), jobs + 1);
	assert_true(sms_says(d, "1", "one") && sms_says(d, "2", "two"));
	assert_int_equal(post(d, "/many", "{\"l\":[]}"), 200);
}

static struct row_consent
consent_of(struct door *d, int64_t person)
{
	struct row_consent row = {.person = 0};
	int put_off;

	bench_settle(d->b);
	assert_int_equal(read_consent(store_loop_reader(d->b->store), person, d->a, &row, &put_off),
			 W_OK);
	return row;
}

static void
http_route__an_opt_out_stops_the_messages_of_whoever_has_the_number(void **state)
{
	struct door *d = *state;
	const struct bench_person somebody = {.consent = "given"};
	int64_t person = bench_person(d->b, &somebody);

	assert_int_equal(post(d, "/stop", "m=INFO"), 200);
	assert_int_equal(post(d, "/stop", "m=212600000099"), 200);
	assert_true(str_is(consent_of(d, person).kind, "given"));
	assert_int_equal(post(d, "/stop", "m=212600000011"), 200);
	assert_true(str_is(consent_of(d, person).kind, "sms_stopped"));
	int64_t row = consent_of(d, person).id;
	assert_int_equal(post(d, "/stop", "m=212600000011"), 200);
	assert_int_equal(consent_of(d, person).id, row);
}

static void
http_route__a_batch_of_opt_outs_stops_each_number_once(void **state)
{
	struct door *d = *state;
	const struct bench_person one = {.consent = "given"};
	const struct bench_person two = {.consent = "given", .phone = "+212600000022"};
	int64_t first = bench_person(d->b, &one), second = bench_person(d->b, &two);

	bench_settle(d->b);
	int64_t jobs = metric_get(METRIC_STORE_JOBS), before = consent_of(d, second).id;
	assert_int_equal(post(d, "/stops",
			      "{\"l\":[{\"m\":\"212600000011\"},{\"m\":\"212600000011\"},"
			      "{\"m\":\"INFO\"},{\"m\":\"212600000022\"}]}"),
			 200);
	assert_true(str_is(consent_of(d, first).kind, "sms_stopped"));
	assert_true(str_is(consent_of(d, second).kind, "sms_stopped"));
	assert_int_equal(consent_of(d, second).id, before + 2);
	assert_int_equal(metric_get(METRIC_STORE_JOBS), jobs + 1);
}

/* Reports come as fast as we send; what a phone can cause is counted. */
static void
http_route__too_many_calls_are_refused_and_reports_never(void **state)
{
	struct door *d = *state;

	routes_free(d->routes);
	d->b->conf.limits.rate_per_number = 1;
	d->b->conf.limits.rate_burst = 1;
	open_routes(d);
	assert_int_equal(post(d, "/ussd", "s=1&m=212600000011&t="), 200);
	assert_int_equal(post(d, "/ussd", "s=2&m=212600000011&t="), 429);
	assert_int_equal(post(d, "/ussd", "s=3&m=212600000022&t="), 200);
	assert_int_equal(post(d, "/ussd", "s=4&m=INFO&t="), 422);
	routes_free(d->routes);
	d->b->conf.limits.rate_per_channel = 1;
	d->b->conf.limits.rate_channel_burst = 1;
	open_routes(d);
	assert_int_equal(post(d, "/sms", "m=INFO&t=x"), 200);
	assert_int_equal(post(d, "/ussd", "s=5&m=212600000033&t="), 429);
	for (int i = 0; i < 5; i++)
		assert_int_equal(post(d, "/dlr", "{\"l\":[{\"id\":\"a\",\"s\":\"sent\"}]}"), 200);
}

/* Every SMS of a batch counts its number once, so that what came together is taken together. */
static void
http_route__a_batch_is_one_call_of_each_number(void **state)
{
	struct door *d = *state;
	static const char batch[] = "{\"l\":[{\"i\":\"1\",\"m\":\"212600000011\",\"t\":\"one\"},"
				    "{\"i\":\"2\",\"m\":\"212600000011\",\"t\":\"two\"}]}";
	struct row_inbox row;

	routes_free(d->routes);
	d->b->conf.limits.rate_per_number = 1;
	d->b->conf.limits.rate_burst = 1;
	open_routes(d);
	assert_int_equal(post(d, "/many", batch), 200);
	assert_int_equal(post(d, "/many", batch), 429);
	assert_true(client_has(d->last, "Content-Length: 0"));
	assert_int_equal(post(d, "/sms", "i=3&m=212600000011&t=x"), 429);
	assert_int_equal(read_sms(d, "3", &row), W_ENOENT);
}

static void
http_route__what_is_refused_is_counted_by_channel_and_cause(void **state)
{
	static const struct {
		const char *method, *path, *body, *channel;
		enum refusal why;
	} rows[] = {
		{"POST", "/c/none/0123456789abcdef/ussd", "", NULL, REFUSED_SECRET},
		{"POST", "/elsewhere", "", NULL, REFUSED_PATH},
		{"POST", "/c/at-1/0123456789abcdeg/ussd", "", "at-1", REFUSED_SECRET},
		{"POST", "/c/fenced/0123456789abcdef/ussd", "", "fenced", REFUSED_ADDRESS},
		{"POST", "/c/at-1/0123456789abcdef/none", "", "at-1", REFUSED_PATH},
		{"POST", "/c/at-1/0123456789abcdef/ping", "", "at-1", REFUSED_METHOD},
		{"POST", "/c/at-1/0123456789abcdef/many", "{", "at-1", REFUSED_MALFORMED},
		{"POST", "/c/at-1/0123456789abcdef/sms", "i=1&m=212600000022&t=x", "at-1",
		 REFUSED_NUMBER_RATE},
		{"POST", "/c/at-1/0123456789abcdef/sms", "i=2&m=212600000033&t=x", "at-1",
		 REFUSED_CHANNEL_RATE},
	};
	struct door *d = *state;
	struct buf text;

	routes_free(d->routes);
	d->b->conf.limits.rate_per_number = d->b->conf.limits.rate_burst = 1;
	d->b->conf.limits.rate_per_channel = 1;
	d->b->conf.limits.rate_channel_burst = 2;
	open_routes(d);
	assert_int_equal(post(d, "/sms", "i=0&m=212600000022&t=x"), 200);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t before = refusal_count(rows[i].channel, rows[i].why);

		say(d, rows[i].method, rows[i].path, rows[i].body);
		(void)hear(d);
		if (refusal_count(rows[i].channel, rows[i].why) != before + 1)
			fail_msg("row %zu", i);
	}
	buf_init_arena(&text, d->a);
	refusal_print(&text);
	assert_non_null(
		strstr(arena_str(d->a, buf_str(&text)).p,
		       "wasl_calls_refused_total{channel=\"at-1\",cause=\"number_rate\"} "));
}

/* A reload takes the routes away while a call is on its way to the disk. */
static void
http_route__a_call_under_way_finishes_on_its_own_routes(void **state)
{
	struct door *d = *state;
	struct routes *old = d->routes;

	say(d, "POST", "/c/at-1/0123456789abcdef/ussd", "s=1&m=212600000011&t=");
	WORLD_UNTIL(&d->w, sessions_open(d->sessions) == 1);
	open_routes(d);
	routes_free(old);
	assert_int_equal(hear(d), 200);
	assert_true(client_has(d->last, "\r\n\r\nCON "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DOOR_TEST(http_route__who_does_not_prove_who_they_are_gets_the_same_empty_answer),
		DOOR_TEST(http_route__a_call_gets_its_page_after_the_commit),
		DOOR_TEST(http_route__a_batch_of_reports_is_acknowledged_once),
		DOOR_TEST(http_route__a_probe_is_answered),
		DOOR_TEST(http_route__an_sms_is_kept_before_it_is_acknowledged_and_once),
		DOOR_TEST(http_route__a_batch_of_sms_is_one_job),
		DOOR_TEST(http_route__a_batch_of_opt_outs_stops_each_number_once),
		DOOR_TEST(http_route__what_is_refused_is_counted_by_channel_and_cause),
		DOOR_TEST(http_route__a_batch_is_one_call_of_each_number),
		DOOR_TEST(http_route__an_opt_out_stops_the_messages_of_whoever_has_the_number),
		DOOR_TEST(http_route__too_many_calls_are_refused_and_reports_never),
		DOOR_TEST(http_route__a_call_under_way_finishes_on_its_own_routes),
	};

	return cmocka_run_group_tests(tests, zic_setup, zic_teardown);
}
