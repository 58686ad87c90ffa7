/*
 * bench_micro [--rounds N]
 *
 * What a request costs by itself, without network and disk: the step of a
 * session on the shipped menus, its page, an aggregator's call read and
 * answered by the shipped dialect, the shipped menus loaded and linted. Medians,
 * one thread.
 */
#include "bench.h"

#include "channel/channel.h"
#include "menu/menu.h"
#include "session/session_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { NOW = 1795429200 /* Mon 2026-11-23T10:20:00Z */, CENTRE = 1, BATCH = 64 };

static int64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Medians of nanoseconds, by what drive/ keeps for microseconds. */
static double
median(struct figures *f, double unit_ns)
{
	double ns = figures_ms(f, 500) * 1000;

	figures_free(f);
	return ns / unit_ns;
}

static struct menu_set *
load_menus(void)
{
	const struct menu_options options = {.lowest = PAGE_LIMIT_DEFAULT};
	struct err *err = err_new();
	struct menu_set *set = NULL;

	if (menu_load(WASL_SOURCE_DIR "/menus", &options, &set, err) != W_OK) {
		err_print(err, stdout);
		drive_fail("the shipped menus do not load");
	}
	err_free(err);
	return set;
}

/* ---- The step ---- */

struct desk {
	struct menu_set *menus;
	struct arena *arena;
	struct conf conf;
	struct conf_centre centre;
	struct work_centre work_centre;
	struct work work;
	struct snapshot snap, fresh;
	struct session_state st;
	struct step_world world;
	struct step_out out;
	int64_t next;
};

static int64_t
next_number(void *ctx, enum store_counter which)
{
	(void)which;
	return ++*(int64_t *)ctx;
}

/* Somebody alone on their own phone, whose check-in is due. */
static void
desk_init(struct desk *d, struct zone *zone)
{
	*d = (struct desk){.menus = load_menus(), .arena = arena_new(1 << 16), .next = 2000};
	d->centre = (struct conf_centre){.code = "CAS", .tel = "0522000000"};
	d->conf = (struct conf){.emergency = {"19", "177", "15", "141", "8350"},
				.free_to_caller = true,
				.centres = &d->centre,
				.n_centres = 1};
	d->work_centre = (struct work_centre){.conf = &d->centre, .id = CENTRE};
	if (civil_hours_parse(STR_LIT("MO-FR 09:00-16:30"), &d->work_centre.office, NULL) != W_OK)
		drive_fail("no office hours");
	d->work = (struct work){
		.conf = &d->conf, .zone = zone, .centres = &d->work_centre, .n_centres = 1};
	d->fresh = (struct snapshot){.n_persons = 1,
				     .persons = {{.person = 7, .link = 9}},
				     .person = 7,
				     .link = 9,
				     .centre = CENTRE,
				     .lang = "fr",
				     .name_la = "Youssef",
				     .name_ar = "يوسف",
				     .consent_kind = "given",
				     .consent_version = CONSENT_VERSION,
				     .week = 20261123,
				     .checkin = {.row = 5, .due_at = NOW}};
	d->world = (struct step_world){.work = &d->work,
				       .menus = d->menus,
				       .snap = &d->snap,
				       .limit = PAGE_LIMIT_DEFAULT,
				       .code = "*000#",
				       .now = NOW,
				       .number = next_number,
				       .number_ctx = &d->next,
				       .arena = d->arena};
}

static void
desk_show(struct desk *d)
{
	struct menu_values *v = ARENA_NEW(d->arena, struct menu_values);
	struct menu_page page;

	session_values(&d->world, &d->st, v);
	if (menu_show(d->menus, d->st.node, d->st.lang, d->st.page, d->out.face, v, d->world.limit,
		      d->arena, &page) != W_OK)
		drive_fail("a page cannot be shown");
}

/* One check-in, each step and each page timed by itself. */
static void
desk_visit(struct desk *d, struct figures *steps, struct figures *pages)
{
	static const char *const keys[] = {NULL, "1", "1", "2", "3"};

	d->snap = d->fresh;
	state_init(&d->st);
	d->st.person = d->snap.person;
	d->st.link = d->snap.link;
	d->st.lang = (uint8_t)menu_lang_of(d->menus, STR_LIT("fr"));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct step_input input = {.kind = keys[i] ? STEP_TYPED : STEP_BEGIN,
						 .text = str_of(keys[i] ? keys[i] : "")};
		int64_t from = now_ns();

		session_step(&d->world, &d->st, &input, &d->out);
		int64_t stepped = now_ns();
		desk_show(d);
		figures_add(pages, now_ns() - stepped);
		figures_add(steps, stepped - from);
		arena_reset(d->arena);
	}
	if (!d->out.ended)
		drive_fail("the check-in has not come to its end");
}

static void
micro_step(struct bench *b)
{
	struct figures steps = {0}, pages = {0};
	struct zone *zone = NULL;
	struct desk *d = xcalloc(1, sizeof(*d));

	if (civil_zone_open(NULL, "Africa/Casablanca", &zone) != W_OK)
		drive_fail("no zone data");
	desk_init(d, zone);
	for (unsigned i = 0; i < b->rounds * 2000; i++)
		desk_visit(d, &steps, &pages);
	say_at_most(b, "a step", median(&steps, 1000), 5, " us");
	printf("    its page                                 %8.2f us\n", median(&pages, 1000));
	menu_drop(d->menus);
	arena_free(d->arena);
	civil_zone_free(zone);
	free(d);
}

/* ---- The menus ---- */

static void
micro_menus(struct bench *b)
{
	struct figures loads = {0};

	for (unsigned i = 0; i < b->rounds * 5; i++) {
		int64_t from = now_ns();
		struct menu_set *set = load_menus();

		figures_add(&loads, now_ns() - from);
		menu_drop(set);
	}
	say_at_most(b, "shipped menus loaded and linted", median(&loads, 1e6), 50, " ms");
}

/* ---- The dialect ---- */

static void
one_call(const struct channel *ch, const struct wire_request *call, struct arena *a)
{
	const struct str page =
		STR_LIT("Comment allez-vous ?\n1. Bien\n2. Moyen\n3. Besoin d'aide");
	struct channel_event *events;
	struct wire_answer answer;
	struct str tail;
	size_t n;

	if (!channel_tail(ch, call->path, &tail) ||
	    channel_parse(ch, call, tail, NOW, a, &events, &n, &answer) != W_OK || n != 1 ||
	    !events[0].msisdn_ok)
		drive_fail("the dialect does not take its own call");
	channel_reply(ch, &events[0], page, true, a, &answer);
	if (!str_starts(answer.body, STR_LIT("CON ")))
		drive_fail("the dialect does not answer");
	arena_reset(a);
}

static void
micro_dialect(struct bench *b)
{
	static const struct channel_setting settings[] = {{"username", {"sandbox", 7}}};
	static const struct channel_secret secrets[] = {{"key", {{"KEY", 3}, {NULL, 0}}}};
	const struct channel_account account = {.name = "at-1",
						.centre = "CAS",
						.code = "*384*1234#",
						.path_secrets = {STR_LIT("0123456789abcdef")},
						.settings = settings,
						.n_settings = ARRAY_LEN(settings),
						.secrets = secrets,
						.n_secrets = ARRAY_LEN(secrets),
						.file = "bench"};
	const struct wire_header headers[] = {
		{STR_LIT("Host"), STR_LIT("127.0.0.1")},
		{STR_LIT("Content-Type"), STR_LIT("application/x-www-form-urlencoded")}};
	const struct wire_request call = {
		.method = WIRE_POST,
		.path = STR_LIT("/c/at-1/0123456789abcdef/ussd"),
		.headers = (struct wire_header *)(uintptr_t)headers,
		.n_headers = ARRAY_LEN(headers),
		.body = STR_LIT("sessionId=ATUid_0000abcd&phoneNumber=%2B212600000011"
				"&networkCode=60401&serviceCode=%2A384%2A1234%23&text=1%2A1%2A2")};
	struct arena *memory = arena_new(1 << 14), *kept = arena_new(0);
	struct err *err = err_new();
	struct dialect *dialect = NULL;
	struct channel *ch = NULL;
	struct figures calls = {0};

	if (dialect_load(WASL_SOURCE_DIR "/contrib/dialects/africastalking.yaml", kept, &dialect,
			 err) != W_OK ||
	    channel_new(dialect, &account, &ch, err) != W_OK) {
		err_print(err, stdout);
		drive_fail("the shipped dialect does not load");
	}
	for (unsigned i = 0; i < b->rounds * 400; i++) {
		int64_t from = now_ns();

		for (unsigned j = 0; j < BATCH; j++)
			one_call(ch, &call, memory);
		figures_add(&calls, (now_ns() - from) / BATCH);
	}
	say_at_most(b, "a USSD call read and answered", median(&calls, 1000), 10, " us");
	channel_free(ch);
	dialect_free(dialect);
	err_free(err);
	arena_free(kept);
	arena_free(memory);
}

int
main(int argc, char **argv)
{
	struct bench b = {.rounds = 5};

	if (argc == 3 && strcmp(argv[1], "--rounds") == 0)
		b.rounds = (unsigned)strtoul(argv[2], NULL, 10);
	else if (argc != 1)
		b.rounds = 0;
	if (b.rounds < 1 || b.rounds > 1000) {
		fprintf(stderr, "usage: bench_micro [--rounds N]\n");
		return 2;
	}
	printf("micro: one request without network and disk\n");
	micro_step(&b);
	micro_dialect(&b);
	micro_menus(&b);
	printf("%u marks met, %u missed\n", b.met, b.missed);
	return 0;
}
