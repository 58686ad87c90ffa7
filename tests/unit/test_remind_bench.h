/*
 * For the tests of remind/ and outbox/: a store in a folder of its own, one
 * centre (CAS, check-ins Monday 10:00), one channel, the shipped menus and
 * rules, the zone of tests/data, and a clock that stands still. The week is
 * that of Monday 23 November 2026.
 */
#ifndef WASL_TESTS_UNIT_TEST_REMIND_BENCH_H
#define WASL_TESTS_UNIT_TEST_REMIND_BENCH_H

#include "base/clock.h"
#include "remind/remind.h"

#include "test_civil_zic.h"

#include <netinet/in.h>
#include <stdio.h>

enum { BENCH_CENTRE = 1, WEEK_S = 7 * 86400, HOUR_S = 3600, DAY_S = 86400 };

static const char person_ary[] = "+212600000011";

struct bench {
	char dir[64];
	struct loop *loop;
	struct keys *keys;
	struct store *store;
	struct zone *zone;
	struct conf conf;
	struct conf_centre centre;
	struct conf_channel channel;
	struct work *work;
	struct menu_set *menus;
	struct remind_rules *rules;
	struct remind *remind;
	int64_t persons;
	unsigned woken;
	bool stored;
};

static struct conf_times bench_ramadan[] = {{660, 960}, {1260, 1350}};

static inline void
bench_conf(struct bench *b)
{
	b->centre = (struct conf_centre){.code = "CAS",
					 .tel = "0522000000",
					 .place = {"x", "x", "x", "x"},
					 .office = "MO-FR 09:00-16:30",
					 .checkin_day = 1,
					 .checkin_at = 600};
	b->channel = (struct conf_channel){.name = "at-1",
					   .dialect = "africastalking",
					   .code = "*000#",
					   .centre = "CAS",
					   .pace = 1000};
	b->conf = (struct conf){
		.file = "wasl.yaml",
		.language = CONF_ARY,
		.free_to_caller = true,
		.limits = {.sms_per_person_day = 4, .sms_per_hour = 1000, .sms_per_day = 1000},
		.sending = {.hours = {540, 1200},
			    .friday_pause = {720, 870},
			    .ramadan_hours = {bench_ramadan, 2},
			    .concat_reference = 8},
		.centres = &b->centre,
		.n_centres = 1,
		.channels = &b->channel,
		.n_channels = 1};
}

static inline void
bench_say(struct err *err)
{
	err_print(err, stderr);
	fail_msg("%zu faults", err_errors(err));
}

static inline void
bench_open_store(struct bench *b)
{
	struct err *err = err_new();
	const struct store_options options = {.dir = b->dir,
					      .migrations = WASL_SOURCE_DIR "/migrations",
					      .keys = b->keys,
					      .loop = b->loop};

	if (store_open(&options, &b->store, err) != W_OK)
		bench_say(err);
	if (work_new(b->store, b->keys, &b->conf, b->zone, &b->work, err) != W_OK)
		bench_say(err);
	err_free(err);
	store_flush(b->store);
}

static inline struct bench *
bench_new(const char *now)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	struct err *err = err_new();
	const struct menu_options options = {.lowest = PAGE_LIMIT_DEFAULT};

	clock_freeze(zic_instant(now));
	assert_int_equal(privacy_init(), W_OK);
	snprintf(b->dir, sizeof(b->dir), "/tmp/wasl-remind-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	b->loop = loop_new();
	b->keys = keys_random();
	b->zone = zic_zone("Wasl/Casablanca");
	bench_conf(b);
	if (store_create(b->dir, WASL_SOURCE_DIR "/migrations", b->keys, err) != W_OK)
		bench_say(err);
	if (menu_load(WASL_SOURCE_DIR "/menus", &options, &b->menus, err) != W_OK)
		bench_say(err);
	if (remind_load(WASL_SOURCE_DIR "/menus/reminders.yaml", b->menus, &b->rules, err) != W_OK)
		bench_say(err);
	err_free(err);
	bench_open_store(b);
	return b;
}

/* Everything submitted is committed and told. */
static inline void
bench_settle(struct bench *b)
{
	for (int i = 0; i < 12; i++) {
		store_flush(b->store);
		loop_once(b->loop, false);
	}
}

static inline void
bench_close_store(struct bench *b)
{
	bench_settle(b);
	work_free(b->work);
	store_close(b->store);
	loop_once(b->loop, false);
}

static inline void
bench_free(struct bench *b)
{
	remind_free(b->remind);
	bench_close_store(b);
	remind_rules_free(b->rules);
	menu_drop(b->menus);
	civil_zone_free(b->zone);
	keys_free(b->keys);
	loop_free(b->loop);
	clock_freeze(0);
	assert_int_equal(nftw(b->dir, zic_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	free(b);
}

static inline void
bench_on_stored(void *arg, int rc)
{
	struct bench *b = arg;

	assert_int_equal(rc, W_OK);
	b->stored = true;
}

static inline void
bench_commit(struct bench *b, struct store_job *job)
{
	b->stored = false;
	store_submit(b->store, job, bench_on_stored, b);
	while (!b->stored) {
		store_flush(b->store);
		loop_once(b->loop, false);
	}
}

static inline struct sealed
bench_seal(struct bench *b, struct store_job *job, const char *table, const char *column,
	   int64_t row, int64_t person, const char *text)
{
	const struct seal_place place = {table, column, row, person};
	struct sealed out;

	assert_int_equal(store_seal(b->store, &place, str_of(text), store_job_arena(job), &out),
			 W_OK);
	return out;
}

/* What a person of the tests may be, beside the usual. */
struct bench_person {
	const char *lang, *name_ar, *name_la, *phone, *sharing, *consent, *status;
	bool discreet;
};

static inline void
bench_put_link(struct bench *b, struct store_job *job, int64_t id, const struct bench_person *p)
{
	struct phone phone;
	const struct row_link link = {.id = id,
				      .person = id,
				      .from_at = clock_now(),
				      .phone = bench_seal(b, job, "phone_link", "phone", id, id,
							  p->phone ? p->phone : person_ary),
				      .sharing = str_of(p->sharing ? p->sharing : "own"),
				      .status = STR_LIT("active")};

	put_link(job, &link);
	assert_int_equal(phone_parse(str_of(p->phone ? p->phone : person_ary), &phone), PHONE_OK);
	const struct digest number = digest_phone(b->keys, DIGEST_PHONE, &phone);
	phone_put(job, &number, id);
}

static inline void
bench_consent(struct bench *b, int64_t person, const char *kind)
{
	struct store_job *job = store_job_new(b->store);
	const struct row_consent row = {.id = store_next(b->store, NEXT_CONSENT),
					.person = person,
					.at = clock_now(),
					.kind = str_of(kind),
					.version = STR_LIT("1")};

	put_consent(job, &row);
	bench_commit(b, job);
}

/* As enrolment leaves a schedule: without a time yet. */
static inline void
bench_schedule(struct bench *b, int64_t person, unsigned weekday, unsigned minute)
{
	struct store_job *job = store_job_new(b->store);
	const struct row_schedule row = {.person = person,
					 .kind = STR_LIT("checkin"),
					 .weekday = (uint8_t)weekday,
					 .minute = (uint16_t)minute,
					 .active = true,
					 .next_at = 1};

	put_schedule(job, &row);
	bench_commit(b, job);
}

static inline int64_t
bench_person(struct bench *b, const struct bench_person *p)
{
	struct store_job *job = store_job_new(b->store);
	const int64_t id = store_next(b->store, NEXT_PERSON);
	struct data_key key;
	char ref[16];

	assert_int_equal(store_key_new(b->store, job, id, &key), W_OK);
	snprintf(ref, sizeof(ref), "CAS-%04d", (int)id);
	struct row_person row = {.id = id,
				 .centre = BENCH_CENTRE,
				 .at = clock_now(),
				 .ref = str_of(ref),
				 .lang = str_of(p->lang ? p->lang : "ary"),
				 .path = STR_LIT("undecided"),
				 .status = str_of(p->status ? p->status : "active"),
				 .discreet = p->discreet};
	row.name_ar =
		bench_seal(b, job, "person", "name_ar", id, id, p->name_ar ? p->name_ar : "يوسف");
	row.name_la = bench_seal(b, job, "person", "name_la", id, id,
				 p->name_la ? p->name_la : "Youssef");
	put_person(job, &row);
	bench_put_link(b, job, id, p);
	bench_commit(b, job);
	bench_consent(b, id, p->consent ? p->consent : "given");
	bench_schedule(b, id, 1, 600);
	return id;
}

static inline void
bench_on_wake(void *arg)
{
	struct bench *b = arg;

	b->woken++;
}

static inline void
bench_start_remind(struct bench *b)
{
	const struct remind_options options = {.loop = b->loop,
					       .store = b->store,
					       .work = b->work,
					       .rules = b->rules,
					       .menus = b->menus,
					       .wake_outbox = bench_on_wake,
					       .wake_arg = b};

	b->remind = remind_new(&options);
	bench_settle(b);
}

/* The clock stands at a time, and the reminders look. */
static inline void
bench_at(struct bench *b, const char *now)
{
	clock_freeze(zic_instant(now));
	remind_wake(b->remind);
	bench_settle(b);
}

/* Rows of a person, counted. */
static inline int
bench_count_outbox(void *ctx, const struct row_outbox *row)
{
	(void)row;
	++*(int *)ctx;
	return 0;
}

static inline int
bench_messages(struct bench *b, int64_t person)
{
	const struct filter f = {.person = person};
	struct arena *a = arena_new(0);
	int n = 0;

	assert_int_equal(list_outbox(store_loop_reader(b->store), &f, a, bench_count_outbox, &n),
			 0);
	arena_free(a);
	return n;
}

static inline int
bench_count_checkin(void *ctx, const struct row_checkin *row)
{
	(void)row;
	++*(int *)ctx;
	return 0;
}

static inline int
bench_checkins(struct bench *b, int64_t person)
{
	const struct filter f = {.person = person};
	struct arena *a = arena_new(0);
	int n = 0;

	assert_int_equal(list_checkins(store_loop_reader(b->store), &f, a, bench_count_checkin, &n),
			 0);
	arena_free(a);
	return n;
}

static inline int
bench_first_outbox(void *ctx, const struct row_outbox *row)
{
	*(struct row_outbox *)ctx = *row;
	return 1;
}

/* The person's only message, strings in the arena. */
static inline struct row_outbox
bench_message(struct bench *b, int64_t person, struct arena *a)
{
	const struct filter f = {.person = person};
	struct row_outbox row = {0};

	assert_int_equal(list_outbox(store_loop_reader(b->store), &f, a, bench_first_outbox, &row),
			 1);
	return row;
}

static inline struct str
bench_open(struct bench *b, const struct row_outbox *row, const char *column, struct sealed value,
	   struct arena *a)
{
	const struct seal_place place = {"outbox", column, row->id, row->person};
	struct str plain = STR_NONE;

	assert_int_equal(store_open_sealed(b->store, &place, value, a, &plain), W_OK);
	return plain;
}

static inline int64_t
bench_next_at(struct bench *b, int64_t person)
{
	struct row_schedule row = {0};
	struct arena *a = arena_new(0);

	assert_int_equal(
		read_schedule(store_loop_reader(b->store), person, STR_LIT("checkin"), a, &row),
		W_OK);
	arena_free(a);
	return row.next_at;
}

#endif
