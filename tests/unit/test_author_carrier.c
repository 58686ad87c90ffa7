#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_author_world.h"

/* A gateway's sending side, and what the carrier answered it. */
struct sender {
	struct world *world;
	struct author_carrier_options options;
	struct author_carrier *carrier;
	struct author_party *party;
	struct author_line *line;
	struct channel_message message;
	bool answered, done;
	enum author_away away;
	struct wire_answer got;
	struct channel_verdict verdict;
};

static const struct author_pair settings[] = {{"username", "sandbox"}};
static const struct author_pair other_settings[] = {{"username", "somebody"}};

static void
on_done(void *arg)
{
	((struct sender *)arg)->done = true;
}

static struct sender *
sender_new(const char *faults)
{
	struct sender *s = calloc(1, sizeof(*s));
	struct world *w = s->world = world_new();

	s->options = (struct author_carrier_options){
		.account = {.dialect = world_dialect, .settings = settings, .n_settings = 1},
		.report_address = "",
		.faults = faults,
		.out = w->out,
		.err = w->err};
	s->message = (struct channel_message){
		.text = STR_LIT("مرحبا، موعدك غدا"), .ref = STR_LIT("ref-1"), .coding = TEXT_UCS2};
	assert_int_equal(phone_parse(STR_LIT("0612345678"), &s->message.phone), PHONE_OK);
	return s;
}

static void
sender_start(struct sender *s, const struct author_pair *with)
{
	struct author_account account = {
		.dialect = world_dialect, .settings = with, .n_settings = 1};
	struct world *w = s->world;

	assert_int_equal(author_carrier_new(w->loop, &s->options, on_done, s, &s->carrier), 0);
	assert_int_equal(author_party_open(&account, w->err, &s->party), 0);
	s->line = author_line_new(
		w->loop,
		arena_printf(w->arena, "http://127.0.0.1:%u", author_carrier_port(s->carrier)),
		10000);
}

static void
sender_free(struct sender *s)
{
	author_line_free(s->line);
	author_party_close(s->party);
	author_carrier_free(s->carrier);
	world_free(s->world);
	free(s);
}

static void
on_answer(void *arg, const struct wire_answer *got, enum author_away why)
{
	struct sender *s = arg;

	s->answered = true;
	s->away = why;
	if (got == NULL)
		return;
	s->got = *got;
	channel_send_read(s->party->channel, got, &s->message, s->world->arena, &s->verdict);
}

/* Begins a send; the answer comes by the loop. */
static void
begin_send(struct sender *s)
{
	struct wire_request req;
	struct arena *a = s->world->arena;

	assert_int_equal(channel_send_build(s->party->channel, &s->message, 0, STR_NONE, a, &req),
			 0);
	bool https;
	uint16_t port;
	struct str host = channel_url_host(req.url, &https, &port);
	struct str path = str_after(req.url, (size_t)(host.p + host.n - req.url.p));

	s->answered = false;
	author_line_send(s->line, &req, path, a, on_answer, s);
}

static void
send_one(struct sender *s)
{
	begin_send(s);
	WORLD_UNTIL(s->world, s->answered);
}

static void
carrier__says_when_it_listens(void **state)
{
	struct sender *s = sender_new(NULL);

	(void)state;
	sender_start(s, settings);
	assert_string_equal(world_out(s->world),
			    arena_printf(s->world->arena, "carrier: ready on 127.0.0.1:%u\n",
					 author_carrier_port(s->carrier)));
	sender_free(s);
}

static void
carrier__accepts_with_an_id_of_its_own(void **state)
{
	struct sender *s = sender_new(NULL);

	(void)state;
	sender_start(s, settings);
	send_one(s);
	assert_int_equal(s->verdict.said, SAID_ACCEPTED);
	assert_int_equal(s->verdict.n_ids, 1);
	assert_true(s->verdict.ids[0].n > 8);
	assert_says(world_out(s->world),
		    arena_printf(s->world->arena, ", id %.*s\n", STR_ARG(s->verdict.ids[0])));
	sender_free(s);
}

static void
carrier__shows_the_text_and_not_the_number(void **state)
{
	struct sender *s = sender_new(NULL);

	(void)state;
	sender_start(s, settings);
	send_one(s);
	assert_says(world_out(s->world), "accepted to +2126••••••78, 1 part ucs2 16, id ");
	assert_says(world_out(s->world), "\ntext: مرحبا، موعدك غدا\n");
	assert_null(strstr(world_out(s->world), "612345678"));
	sender_free(s);
}

static void
carrier__shows_the_number_when_asked_for(void **state)
{
	struct sender *s = sender_new(NULL);

	(void)state;
	s->options.show_numbers = true;
	sender_start(s, settings);
	send_one(s);
	assert_says(world_out(s->world), "+212612345678");
	sender_free(s);
}

static void
carrier__rejects_in_turn(void **state)
{
	struct sender *s = sender_new("reject,accept");

	(void)state;
	sender_start(s, settings);
	send_one(s);
	assert_int_equal(s->verdict.said, SAID_REJECTED);
	send_one(s);
	assert_int_equal(s->verdict.said, SAID_ACCEPTED);
	send_one(s);
	assert_int_equal(s->verdict.said, SAID_REJECTED);
	sender_free(s);
}

static void
carrier__breaks_and_talks_nonsense(void **state)
{
	struct sender *s = sender_new("5xx,garbage");

	(void)state;
	sender_start(s, settings);
	send_one(s);
	assert_int_equal(s->got.status, 503);
	assert_int_equal(s->verdict.said, SAID_UNCERTAIN);
	send_one(s);
	assert_int_equal(s->got.status, 200);
	assert_int_equal(s->verdict.said, SAID_UNCERTAIN);
	sender_free(s);
}

static void
carrier__resets_the_connection(void **state)
{
	struct sender *s = sender_new("reset");

	(void)state;
	sender_start(s, settings);
	send_one(s);
	assert_int_equal(s->away, AWAY_CUT);
	assert_says(world_out(s->world), " reset to ");
	sender_free(s);
}

static void
carrier__hangs_until_it_leaves(void **state)
{
	struct sender *s = sender_new("hang");

	(void)state;
	s->options.count = 1;
	sender_start(s, settings);
	begin_send(s);
	WORLD_UNTIL(s->world, s->done);
	assert_false(s->answered);
	assert_says(world_out(s->world), " hang to ");
	sender_free(s);
}

static void
carrier__a_report_comes_after_the_answer(void **state)
{
	struct sender *s = sender_new(NULL);
	struct world *w = s->world;

	(void)state;
	s->options.report_address = world_address(w, "/c/at-1/KEY/dlr");
	sender_start(s, settings);
	send_one(s);
	WORLD_UNTIL(w, w->reports == 1);
	assert_says(w->last_report, "status=Success");
	assert_says(w->last_report, arena_printf(w->arena, "id=%.*s", STR_ARG(s->verdict.ids[0])));
	assert_says(w->last_report, "phoneNumber=%2B212612345678");
	sender_free(s);
}

static void
carrier__reports_follow_one_another_and_are_shown(void **state)
{
	struct sender *s = sender_new(NULL);
	struct world *w = s->world;

	(void)state;
	s->options.report_address = world_address(w, "/c/at-1/KEY/dlr");
	s->options.reports = "pending,failed";
	s->options.count = 1;
	sender_start(s, settings);
	send_one(s);
	WORLD_UNTIL(w, s->done);
	assert_int_equal(w->reports, 2);
	assert_says(w->last_report, "status=");
	assert_says(world_out(w), " report pending for id ");
	assert_says(world_out(w), " report failed for id ");
	sender_free(s);
}

static void
carrier__a_refused_report_is_explained(void **state)
{
	struct sender *s = sender_new(NULL);
	struct world *w = s->world;

	(void)state;
	s->options.report_address = world_address(w, "/c/at-1/WRONG/dlr");
	s->options.count = 1;
	sender_start(s, settings);
	send_one(s);
	WORLD_UNTIL(w, s->done);
	assert_says(world_out(w), ": HTTP 403: ");
	assert_null(strstr(world_out(w), "WRONG"));
	sender_free(s);
}

static void
carrier__a_rejected_message_has_no_report(void **state)
{
	struct sender *s = sender_new("reject");
	struct world *w = s->world;

	(void)state;
	s->options.report_address = world_address(w, "/c/at-1/KEY/dlr");
	s->options.count = 1;
	sender_start(s, settings);
	send_one(s);
	WORLD_UNTIL(w, s->done);
	assert_int_equal(w->reports, 0);
	sender_free(s);
}

static void
carrier__leaves_after_so_many_and_not_before(void **state)
{
	struct sender *s = sender_new(NULL);

	(void)state;
	s->options.count = 2;
	sender_start(s, settings);
	send_one(s);
	assert_false(s->done);
	send_one(s);
	WORLD_UNTIL(s->world, s->done);
	sender_free(s);
}

static void
carrier__a_call_with_other_settings_is_refused(void **state)
{
	struct sender *s = sender_new(NULL);

	(void)state;
	sender_start(s, other_settings);
	send_one(s);
	assert_int_equal(s->got.status, 400);
	assert_says(world_out(s->world), "a call that the dialect does not make");
	sender_free(s);
}

static void
carrier__made_up_settings_are_owned_up_to(void **state)
{
	struct sender *s = sender_new(NULL);

	(void)state;
	s->options.account.n_settings = 0;
	sender_start(s, settings);
	send_one(s);
	assert_int_equal(s->got.status, 400);
	assert_says(world_out(s->world), "some settings are made up");
	sender_free(s);
}

static void
carrier__a_script_reads_json_lines(void **state)
{
	struct sender *s = sender_new(NULL);

	(void)state;
	s->options.jsonl = true;
	sender_start(s, settings);
	send_one(s);
	assert_says(world_out(s->world), "{\"event\":\"ready\",");
	assert_says(world_out(s->world), "{\"event\":\"message\",");
	assert_says(world_out(s->world), "\"said\":\"accepted\",\"to\":\"+2126••••••78\","
					 "\"text\":\"مرحبا، موعدك غدا\",\"coding\":\"UCS2\","
					 "\"units\":16,\"parts\":1,\"ref\":null,\"id\":\"w");
	sender_free(s);
}

static void
carrier__wishes_that_cannot_be_met_are_refused_at_once(void **state)
{
	struct sender *s = sender_new("renew");
	struct author_carrier *c = NULL;

	(void)state;
	s->options.faults = "no-such-thing";
	assert_int_equal(author_carrier_new(s->world->loop, &s->options, on_done, s, &c),
			 AUTHOR_USAGE);
	assert_says(world_err(s->world), "wasl: the answers are accept, reject, 5xx, hang");
	s->options.faults = "optout";
	assert_int_equal(author_carrier_new(s->world->loop, &s->options, on_done, s, &c),
			 AUTHOR_USAGE);
	assert_says(world_err(s->world), "the dialect has no word for optout");
	s->options.faults = NULL;
	s->options.reports = "lost";
	assert_int_equal(author_carrier_new(s->world->loop, &s->options, on_done, s, &c),
			 AUTHOR_USAGE);
	sender_free(s);
}

static void
carrier__a_taken_port_is_said(void **state)
{
	struct sender *s = sender_new(NULL);
	struct author_carrier *c = NULL;

	(void)state;
	s->options.port = s->world->port;
	assert_int_equal(author_carrier_new(s->world->loop, &s->options, on_done, s, &c),
			 AUTHOR_FAILED);
	assert_says(world_err(s->world), "is the port taken?");
	sender_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(carrier__says_when_it_listens),
		cmocka_unit_test(carrier__accepts_with_an_id_of_its_own),
		cmocka_unit_test(carrier__shows_the_text_and_not_the_number),
		cmocka_unit_test(carrier__shows_the_number_when_asked_for),
		cmocka_unit_test(carrier__rejects_in_turn),
		cmocka_unit_test(carrier__breaks_and_talks_nonsense),
		cmocka_unit_test(carrier__resets_the_connection),
		cmocka_unit_test(carrier__hangs_until_it_leaves),
		cmocka_unit_test(carrier__a_report_comes_after_the_answer),
		cmocka_unit_test(carrier__reports_follow_one_another_and_are_shown),
		cmocka_unit_test(carrier__a_refused_report_is_explained),
		cmocka_unit_test(carrier__a_rejected_message_has_no_report),
		cmocka_unit_test(carrier__leaves_after_so_many_and_not_before),
		cmocka_unit_test(carrier__a_call_with_other_settings_is_refused),
		cmocka_unit_test(carrier__made_up_settings_are_owned_up_to),
		cmocka_unit_test(carrier__a_script_reads_json_lines),
		cmocka_unit_test(carrier__wishes_that_cannot_be_met_are_refused_at_once),
		cmocka_unit_test(carrier__a_taken_port_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
