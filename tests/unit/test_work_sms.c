/* SMS in and stops that an operator reports: what they leave in a real store. */
#include "test_store_world.h"

#include "work/work.h"

static const char own[] = "+212600000011", shared[] = "+212600000022", nobody[] = "+212600000033";

struct desk {
	struct world *w;
	struct work work;
	struct work_actor actor;
	int64_t person, sister, brother; /* the last two share a phone */
};

static struct phone
number(const char *typed)
{
	struct phone out;

	assert_int_equal(phone_parse(str_of(typed), &out), PHONE_OK);
	return out;
}

static int64_t
somebody(struct desk *d, int64_t centre, const char *typed)
{
	int64_t person = add_person(d->w, centre, 0);
	struct store_job *job = store_job_new(d->w->s);
	struct row_link link = link_of(d->w, person, "active");
	const struct seal_place place = {"phone_link", "phone", link.id, person};
	const struct phone phone = number(typed);
	const struct digest index = digest_phone(d->w->keys, DIGEST_PHONE, &phone);

	assert_int_equal(store_seal(d->w->s, &place, str_of(typed), d->w->a, &link.phone), W_OK);
	put_link(job, &link);
	phone_put(job, &index, person);
	STORED(d->w, job);
	return person;
}

static int
setup_desk(void **state)
{
	struct desk *d = xcalloc(1, sizeof(*d));

	d->w = world_new();
	d->work = (struct work){.store = d->w->s, .keys = d->w->keys};
	int64_t centre = add_centre(d->w, "CAS");
	d->actor = (struct work_actor){
		.source = "sms", .channel = STR_LIT("at-1"), .centre = centre, .now = NOON};
	d->person = somebody(d, centre, own);
	d->sister = somebody(d, centre, shared);
	d->brother = somebody(d, centre, shared);
	*state = d;
	return 0;
}

static int
teardown_desk(void **state)
{
	struct desk *d = *state;

	world_free(d->w);
	free(d);
	return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, setup_desk, teardown_desk)

static struct work_sms
sms_from(const char *typed)
{
	return (struct work_sms){.id = STR_LIT("m-1"),
				 .from_ok = true,
				 .from = number(typed),
				 .text = secret_of(STR_LIT("عيطو ليا عفاك")),
				 .to = STR_LIT("1234"),
				 .at = NOON - 60,
				 .time_word = STR_LIT("2026-11-21 09:15:02")};
}

/* How many rows it added. */
static size_t
keep(struct desk *d, const struct work_sms *sms)
{
	struct store_job *job = store_job_new(d->w->s);
	size_t added = 0;

	assert_int_equal(work_sms_keep(&d->work, job, sms, &d->actor, &added), W_OK);
	STORED(d->w, job);
	return added;
}

static struct row_inbox
kept(struct desk *d, const struct work_sms *sms)
{
	const struct digest key = sms_key(d->w->keys, d->actor.channel, sms, d->actor.now);
	struct row_inbox row;

	assert_int_equal(read_inbox(store_loop_reader(d->w->s), &key, d->w->a, &row), W_OK);
	return row;
}

static struct str
opened(struct desk *d, const struct row_inbox *row, const char *column, struct sealed value)
{
	const struct seal_place place = {"inbox", column, row->id, row->key_id};
	struct str plain;

	assert_int_equal(store_open_sealed(d->w->s, &place, value, d->w->a, &plain), W_OK);
	return plain;
}

static void
work_sms__is_sealed_under_the_key_of_the_one_person_who_has_the_number(void **state)
{
	struct desk *d = *state;
	const struct work_sms sms = sms_from(own);

	assert_int_equal(keep(d, &sms), 1);
	const struct row_inbox row = kept(d, &sms);
	assert_int_equal(row.person, d->person);
	assert_int_equal(row.key_id, d->person);
	assert_int_equal(row.at, NOON);
	assert_int_equal(row.said_at, NOON - 60);
	assert_true(str_is(row.state, "new") && str_is(row.provider_id, "m-1"));
	assert_true(str_is(row.sent_to, "1234") && str_is(row.channel, "at-1"));
	assert_true(str_is(opened(d, &row, "phone", row.phone), own));
	assert_true(str_is(opened(d, &row, "text", row.text), "عيطو ليا عفاك"));
}

/* Whose words they are is not known: they are nobody's. */
static void
work_sms__of_a_shared_or_unknown_number_is_sealed_under_the_days_key(void **state)
{
	struct desk *d = *state;
	static const char *const from[] = {shared, nobody};

	for (size_t i = 0; i < ARRAY_LEN(from); i++) {
		struct work_sms sms = sms_from(from[i]);

		sms.id = str_of(from[i]);
		assert_int_equal(keep(d, &sms), 1);
		const struct row_inbox row = kept(d, &sms);
		assert_int_equal(row.person, 0);
		assert_int_equal(row.key_id, store_day_id(NOON));
		assert_int_equal(row.centre, d->actor.centre);
		assert_true(str_is(opened(d, &row, "phone", row.phone), from[i]));
	}
}

static void
work_sms__of_a_sender_that_is_no_number_is_kept_as_it_was_written(void **state)
{
	struct desk *d = *state;
	struct work_sms sms = sms_from(own);

	sms.from_ok = false;
	sms.from_raw = secret_of(STR_LIT("INFO"));
	assert_int_equal(keep(d, &sms), 1);
	const struct row_inbox row = kept(d, &sms);
	assert_int_equal(row.person, 0);
	assert_true(str_is(opened(d, &row, "phone", row.phone), "INFO"));
}

static void
work_sms__a_repeat_adds_nothing(void **state)
{
	struct desk *d = *state;
	struct work_sms sms = sms_from(own);

	assert_int_equal(keep(d, &sms), 1);
	int64_t id = kept(d, &sms).id;
	sms.text = secret_of(STR_LIT("other"));
	sms.time_word = STR_LIT("later");
	assert_int_equal(keep(d, &sms), 0);
	assert_int_equal(kept(d, &sms).id, id);
}

/* Both before either is committed: the store is what tells them apart. */
static void
work_sms__a_repeat_in_the_same_job_adds_nothing(void **state)
{
	struct desk *d = *state;
	const struct work_sms sms = sms_from(nobody);
	struct store_job *job = store_job_new(d->w->s);
	size_t added = 0;

	for (int i = 0; i < 3; i++)
		assert_int_equal(work_sms_keep(&d->work, job, &sms, &d->actor, &added), W_OK);
	STORED(d->w, job);
	world_close(d->w);
	assert_int_equal(raw_number(d->w, "wasl.db", "SELECT count(*) FROM inbox"), 1);
	assert_int_equal(world_open(d->w), 0);
}

enum { CHANGED_ID, CHANGED_FROM, CHANGED_TEXT, CHANGED_TIME, CHANGED_PART, CHANGED_DAY };

/* change: which of the above is otherwise; does that make another message of it? */
static bool
is_another(struct desk *d, struct work_sms sms, int change)
{
	struct work_sms other = sms;
	int64_t now = NOON;

	switch (change) {
	case CHANGED_ID:
		other.id = STR_LIT("m-2");
		break;
	case CHANGED_FROM:
		other.from = number(nobody);
		break;
	case CHANGED_TEXT:
		other.text = secret_of(STR_LIT("x"));
		break;
	case CHANGED_TIME:
		other.time_word = STR_LIT("2026-11-21 09:15:03");
		break;
	case CHANGED_PART:
		other.part_number = STR_LIT("2");
		break;
	default:
		now += 24 * 3600;
	}
	const struct digest a = sms_key(d->w->keys, STR_LIT("at-1"), &sms, NOON);
	const struct digest b = sms_key(d->w->keys, STR_LIT("at-1"), &other, now);
	return !digest_eq(&a, &b);
}

static void
work_sms__their_id_tells_repeats_and_without_one_sender_time_and_text_do(void **state)
{
	struct desk *d = *state;
	static const struct {
		bool has_id, has_time;
		int change;
		bool another;
	} rows[] = {
		{true, true, CHANGED_ID, true},    {true, true, CHANGED_TEXT, false},
		{true, true, CHANGED_FROM, false}, {true, true, CHANGED_TIME, false},
		{true, true, CHANGED_PART, true},  {true, true, CHANGED_DAY, false},
		{false, true, CHANGED_FROM, true}, {false, true, CHANGED_TEXT, true},
		{false, true, CHANGED_TIME, true}, {false, true, CHANGED_DAY, false},
		{false, false, CHANGED_DAY, true}, {false, false, CHANGED_TEXT, true},
		{false, true, CHANGED_PART, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct work_sms sms = sms_from(own);

		if (!rows[i].has_id)
			sms.id = STR_NONE;
		if (!rows[i].has_time)
			sms.time_word = STR_NONE;
		if (is_another(d, sms, rows[i].change) != rows[i].another)
			fail_msg("row %zu", i);
	}
}

static void
work_sms__an_id_belongs_to_its_channel(void **state)
{
	struct desk *d = *state;
	const struct work_sms sms = sms_from(own);

	assert_int_equal(keep(d, &sms), 1);
	d->actor.channel = STR_LIT("at-2");
	assert_int_equal(keep(d, &sms), 1);
}

static void
work_sms__parts_are_kept_and_what_cannot_be_one_is_left_out(void **state)
{
	struct desk *d = *state;
	struct work_sms sms = sms_from(own);
	char long_id[300];

	memset(long_id, 'x', sizeof(long_id));
	sms.part_ref = STR_LIT("77");
	sms.part_number = STR_LIT("2");
	sms.part_of = STR_LIT("3");
	assert_int_equal(keep(d, &sms), 1);
	struct row_inbox row = kept(d, &sms);
	assert_true(str_is(row.part_ref, "77"));
	assert_int_equal(row.part_number, 2);
	assert_int_equal(row.part_of, 3);
	sms.id = sms.part_ref = sms.to = (struct str){long_id, sizeof(long_id)};
	sms.part_number = STR_LIT("256");
	sms.part_of = STR_LIT("-1");
	assert_int_equal(keep(d, &sms), 1);
	row = kept(d, &sms);
	assert_int_equal(row.provider_id.n + row.part_ref.n + row.sent_to.n, 0);
	assert_int_equal(row.part_number + row.part_of, 0);
	assert_int_equal(keep(d, &sms), 0);
}

static void
work_sms__of_somebody_erased_is_read_no_more(void **state)
{
	struct desk *d = *state;
	const struct work_sms sms = sms_from(own);
	struct row_inbox row;

	assert_int_equal(keep(d, &sms), 1);
	const struct digest key = sms_key(d->w->keys, d->actor.channel, &sms, NOON);
	struct store_job *job = store_job_new(d->w->s);
	person_erase(job, d->person);
	STORED(d->w, job);
	assert_int_equal(read_inbox(store_loop_reader(d->w->s), &key, d->w->a, &row), W_ENOENT);
}

/* ---- Stops ---- */

static void
consent(struct desk *d, int64_t person, const char *kind)
{
	struct store_job *job = store_job_new(d->w->s);
	const struct row_consent row = consent_of(d->w, person, kind);

	put_consent(job, &row);
	STORED(d->w, job);
}

static size_t
stop(struct desk *d, const char *typed)
{
	struct store_job *job = store_job_new(d->w->s);
	const struct phone phone = number(typed);
	size_t added = 0;

	assert_int_equal(work_sms_stop(&d->work, job, &phone, &d->actor, &added), W_OK);
	STORED(d->w, job);
	return added;
}

static bool
stands(struct desk *d, int64_t person, const char *kind)
{
	struct row_consent row;
	int put_off;

	assert_int_equal(read_consent(store_loop_reader(d->w->s), person, d->w->a, &row, &put_off),
			 W_OK);
	return str_is(row.kind, kind);
}

static void
work_sms__a_stop_counts_once_and_takes_back_no_other_word(void **state)
{
	struct desk *d = *state;
	static const struct {
		const char *before;
		size_t added;
		const char *after;
	} rows[] = {
		{"given", 1, "sms_stopped"},   {"resumed", 1, "sms_stopped"},
		{"paused", 1, "sms_stopped"},  {"sms_stopped", 0, "sms_stopped"},
		{"withdrawn", 0, "withdrawn"}, {"refused", 0, "refused"},
		{"later", 0, "later"},         {"asked", 0, "asked"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		consent(d, d->person, rows[i].before);
		assert_int_equal(stop(d, own), rows[i].added);
		assert_true(stands(d, d->person, rows[i].after));
	}
}

static void
work_sms__a_stop_reaches_everybody_who_has_the_number_and_said_yes(void **state)
{
	struct desk *d = *state;

	consent(d, d->sister, "given");
	consent(d, d->brother, "given");
	consent(d, d->person, "given");
	assert_int_equal(stop(d, shared), 2);
	assert_true(stands(d, d->sister, "sms_stopped"));
	assert_true(stands(d, d->brother, "sms_stopped"));
	assert_true(stands(d, d->person, "given"));
	assert_int_equal(stop(d, nobody), 0);
}

/* To be stopped is no consent: who was never asked stays so. */
static void
work_sms__a_stop_of_somebody_never_asked_writes_nothing(void **state)
{
	struct desk *d = *state;
	struct row_consent row;
	int put_off;

	assert_int_equal(stop(d, own), 0);
	assert_int_equal(
		read_consent(store_loop_reader(d->w->s), d->person, d->w->a, &row, &put_off),
		W_ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(work_sms__is_sealed_under_the_key_of_the_one_person_who_has_the_number),
		DESK_TEST(work_sms__of_a_shared_or_unknown_number_is_sealed_under_the_days_key),
		DESK_TEST(work_sms__of_a_sender_that_is_no_number_is_kept_as_it_was_written),
		DESK_TEST(work_sms__a_repeat_adds_nothing),
		DESK_TEST(work_sms__a_repeat_in_the_same_job_adds_nothing),
		DESK_TEST(work_sms__their_id_tells_repeats_and_without_one_sender_time_and_text_do),
		DESK_TEST(work_sms__an_id_belongs_to_its_channel),
		DESK_TEST(work_sms__parts_are_kept_and_what_cannot_be_one_is_left_out),
		DESK_TEST(work_sms__of_somebody_erased_is_read_no_more),
		DESK_TEST(work_sms__a_stop_counts_once_and_takes_back_no_other_word),
		DESK_TEST(work_sms__a_stop_reaches_everybody_who_has_the_number_and_said_yes),
		DESK_TEST(work_sms__a_stop_of_somebody_never_asked_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
