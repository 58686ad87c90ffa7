#include "test_store_world.h"

static struct row_outbox
stored_message(struct world *w, int64_t person, const char *occurrence, int64_t send_after)
{
	struct store_job *job = store_job_new(w->s);
	struct row_outbox row = outbox_of(w, person, occurrence);

	row.send_after = send_after;
	put_outbox(job, &row);
	STORED(w, job);
	return row;
}

static struct row_outbox
again(struct world *w, int64_t id)
{
	struct row_outbox out;

	assert_int_equal(read_outbox(store_loop_reader(w->s), id, w->a, &out), 0);
	return out;
}

static int
move(struct world *w, int64_t id, const char *from, const char *to, int64_t at)
{
	struct store_job *job = store_job_new(w->s);

	set_outbox_state(job, id, str_of(from), str_of(to), STR_NONE, STR_NONE, at, 0);
	return run_job(w, job);
}

static int
claim(struct world *w, int64_t id, const char *ref, int64_t at)
{
	struct store_job *job = store_job_new(w->s);

	set_outbox_claimed(job, id, str_of(ref), at);
	return run_job(w, job);
}

static void
outbox__every_column_comes_back(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct row_outbox in = stored_message(w, person, "a", NOON + 7), out = again(w, in.id);

	assert_int_equal(out.person, person);
	assert_int_equal(out.created_at, NOON);
	assert_int_equal(out.send_after, NOON + 7);
	assert_int_equal(out.expires_at, NOON + 3600);
	assert_int_equal(out.claimed_at + out.settled_at + out.reported_at, 0);
	assert_true(str_is(out.rule, "weekly") && str_is(out.occurrence, "a"));
	assert_true(str_is(out.channel, "at-1") && str_is(out.template_id, "T02"));
	assert_true(str_is(out.lang, "ary") && str_is(out.coding, "UCS2"));
	assert_int_equal(out.parts, 1);
	assert_int_equal(out.tries, 0);
	assert_true(str_is(out.state, "queued"));
	assert_memory_equal(out.phone.p, in.phone.p, in.phone.n);
	assert_memory_equal(out.text.p, in.text.p, in.text.n);
	assert_int_equal(out.ref.n + out.provider_id.n + out.word.n, 0);
}

static void
outbox__person_rule_and_occurrence_come_once(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), person = add_person(w, centre, 0);
	struct store_job *job = store_job_new(w->s);
	struct row_outbox row = outbox_of(w, person, "a");

	(void)stored_message(w, person, "a", NOON);
	(void)stored_message(w, person, "b", NOON);
	(void)stored_message(w, add_person(w, centre, 0), "a", NOON);
	put_outbox(job, &row);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
outbox__a_message_to_staff_comes_once_too(void **state)
{
	struct world *w = *state;
	struct store_job *job = store_job_new(w->s);
	struct row_outbox row = outbox_of(w, 0, "a");

	(void)stored_message(w, 0, "a", NOON);
	put_outbox(job, &row);
	assert_int_equal(run_job(w, job), W_EEXIST);
}

static void
outbox__is_claimed_by_one_only(void **state)
{
	struct world *w = *state;
	struct row_outbox out,
		row = stored_message(w, add_person(w, add_centre(w, "CAS"), 0), "a", 1);

	assert_int_equal(claim(w, row.id, "0123456789abcdef", NOON), 0);
	assert_int_equal(claim(w, row.id, "1111111111111111", NOON), W_EEXIST);
	out = again(w, row.id);
	assert_true(str_is(out.state, "claimed") && str_is(out.ref, "0123456789abcdef"));
	assert_int_equal(out.tries, 1);
	assert_int_equal(out.claimed_at, NOON);
}

static void
outbox__a_second_claim_keeps_the_first_reference(void **state)
{
	struct world *w = *state;
	struct row_outbox out,
		row = stored_message(w, add_person(w, add_centre(w, "CAS"), 0), "a", 1);
	struct store_job *job = store_job_new(w->s);

	assert_int_equal(claim(w, row.id, "0123456789abcdef", NOON), 0);
	set_outbox_state(job, row.id, STR_LIT("claimed"), STR_LIT("queued"), STR_NONE,
			 STR_LIT("dns"), NOON, NOON + 60);
	STORED(w, job);
	out = again(w, row.id);
	assert_int_equal(out.send_after, NOON + 60);
	assert_int_equal(out.settled_at, 0);
	assert_int_equal(claim(w, row.id, "1111111111111111", NOON + 61), 0);
	out = again(w, row.id);
	assert_true(str_is(out.ref, "0123456789abcdef") && str_is(out.word, "dns"));
	assert_int_equal(out.tries, 2);
}

static void
outbox__a_state_changes_only_from_the_one_expected(void **state)
{
	struct world *w = *state;
	struct row_outbox row = stored_message(w, add_person(w, add_centre(w, "CAS"), 0), "a", 1);

	assert_int_equal(move(w, row.id, "claimed", "accepted", NOON), W_EEXIST);
	assert_true(str_is(again(w, row.id).state, "queued"));
	assert_int_equal(move(w, 4711, "queued", "cancelled", NOON), W_EEXIST);
	assert_int_equal(move(w, row.id, "queued", "cancelled", NOON), 0);
	assert_int_equal(again(w, row.id).settled_at, NOON);
	assert_int_equal(move(w, row.id, "cancelled", "lost", NOON), W_EEXIST);
}

static void
outbox__settled_and_reported_are_stamped_once(void **state)
{
	struct world *w = *state;
	struct row_outbox out,
		row = stored_message(w, add_person(w, add_centre(w, "CAS"), 0), "a", 1);
	struct store_job *job = store_job_new(w->s);
	struct store_reader *r = store_loop_reader(w->s);

	assert_int_equal(claim(w, row.id, "0123456789abcdef", NOON), 0);
	set_outbox_state(job, row.id, STR_LIT("claimed"), STR_LIT("accepted"), STR_LIT("prov-1"),
			 STR_LIT("Sent"), NOON + 1, 0);
	STORED(w, job);
	assert_int_equal(read_outbox_provider(r, STR_LIT("at-1"), STR_LIT("prov-1"), w->a, &out),
			 0);
	assert_int_equal(out.id, row.id);
	assert_int_equal(out.settled_at, NOON + 1);
	assert_int_equal(out.reported_at, 0);
	assert_int_equal(read_outbox_provider(r, STR_LIT("at-2"), STR_LIT("prov-1"), w->a, &out),
			 W_ENOENT);
	assert_int_equal(read_outbox_ref(r, STR_LIT("0123456789abcdef"), w->a, &out), 0);
	assert_int_equal(move(w, row.id, "accepted", "delivered", NOON + 9), 0);
	out = again(w, row.id);
	assert_int_equal(out.settled_at, NOON + 1);
	assert_int_equal(out.reported_at, NOON + 9);
	assert_true(str_is(out.provider_id, "prov-1") && str_is(out.word, "Sent"));
}

struct ids {
	int64_t ids[16];
	int n;
};

static int
note_id(void *ctx, const struct row_outbox *row)
{
	struct ids *ids = ctx;

	ids->ids[ids->n++] = row->id;
	return 0;
}

static void
outbox__the_queue_comes_in_order_of_sending(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_reader *r = store_loop_reader(w->s);
	struct ids due = {.n = 0}, all = {.n = 0};

	assert_true(read_next_outbox(r) == INT64_MAX);
	struct row_outbox late = stored_message(w, person, "a", NOON + 100);
	struct row_outbox soon = stored_message(w, person, "b", NOON);
	struct row_outbox gone = stored_message(w, person, "c", NOON - 5);
	assert_int_equal(move(w, gone.id, "queued", "suppressed", NOON), 0);
	assert_int_equal(read_next_outbox(r), NOON);
	assert_int_equal(list_outbox_state(r, STR_LIT("queued"), NOON, 0, w->a, note_id, &due), 0);
	assert_int_equal(due.n, 1);
	assert_int_equal(due.ids[0], soon.id);
	assert_int_equal(list_outbox_state(r, STR_LIT("queued"), 0, 0, w->a, note_id, &all), 0);
	assert_int_equal(all.n, 2);
	assert_int_equal(all.ids[1], late.id);
}

static void
outbox__the_daily_cap_counts_what_was_handed_over(void **state)
{
	struct world *w = *state;
	int64_t person = add_person(w, add_centre(w, "CAS"), 0);
	struct store_reader *r = store_loop_reader(w->s);
	static const char *const ends[] = {"accepted", "rejected", "uncertain", "queued"};

	for (int i = 0; i < 4; i++) {
		const char *name = arena_printf(w->a, "m%d-0123456789", i);
		struct row_outbox row = stored_message(w, person, name, NOON);

		assert_int_equal(claim(w, row.id, name, NOON + i), 0);
		assert_int_equal(move(w, row.id, "claimed", ends[i], NOON + i), 0);
	}
	assert_int_equal(count_outbox_since(r, person, NOON), 2);
	assert_int_equal(count_outbox_since(r, person, NOON + 1), 1);
	assert_int_equal(count_outbox_since(r, person + 1, NOON), 0);
}

static void
outbox__lists_by_person_and_what_is_open(void **state)
{
	struct world *w = *state;
	int64_t centre = add_centre(w, "CAS"), person = add_person(w, centre, 0);
	struct row_outbox first = stored_message(w, person, "b", NOON);
	struct row_outbox second = stored_message(w, person, "a", NOON);
	const struct filter own = {.person = person, .newest_first = true};
	const struct filter open = {.centre = centre, .open_only = true};
	struct ids ids = {.n = 0}, left = {.n = 0};

	assert_int_equal(list_outbox(store_loop_reader(w->s), &own, w->a, note_id, &ids), 0);
	assert_int_equal(ids.n, 2);
	assert_int_equal(ids.ids[0], second.id);
	assert_int_equal(ids.ids[1], first.id);
	assert_int_equal(move(w, first.id, "queued", "expired", NOON), 0);
	assert_int_equal(list_outbox(store_loop_reader(w->s), &open, w->a, note_id, &left), 0);
	assert_int_equal(left.n, 1);
	assert_int_equal(left.ids[0], second.id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(outbox__every_column_comes_back),
		STORE_TEST(outbox__person_rule_and_occurrence_come_once),
		STORE_TEST(outbox__a_message_to_staff_comes_once_too),
		STORE_TEST(outbox__is_claimed_by_one_only),
		STORE_TEST(outbox__a_second_claim_keeps_the_first_reference),
		STORE_TEST(outbox__a_state_changes_only_from_the_one_expected),
		STORE_TEST(outbox__settled_and_reported_are_stamped_once),
		STORE_TEST(outbox__the_queue_comes_in_order_of_sending),
		STORE_TEST(outbox__the_daily_cap_counts_what_was_handed_over),
		STORE_TEST(outbox__lists_by_person_and_what_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
