/* SMS that people send, and stops that an operator reports for them. */
#include <string.h>

#include "base/arena.h"
#include "work/work.h"

enum { PROVIDER_ID_MAX = 200, SHORT_MAX = 40, PARTS_MAX = 255, DAY_S = 24 * 3600 };

/* ---- Is it a repeat? ---- */

/* Lengths keep the fields apart. */
static void
add_field(struct buf *to, struct str s)
{
	buf_printf(to, "%zu:", s.n);
	buf_add_str(to, s);
}

/* Without an id and without their time, the same words of the same sender on one day count as one.
 */
static void
add_what_was_said(struct buf *to, const struct work_sms *sms, int64_t now)
{
	if (sms->from_ok) {
		phone_reveal(&sms->from, PHONE_PLUS, to);
	} else {
		add_field(to, secret_reveal(sms->from_raw));
	}
	if (sms->time_word.n > 0)
		add_field(to, sms->time_word);
	else
		buf_printf(to, "day %lld", (long long)(now / DAY_S));
	add_field(to, secret_reveal(sms->text));
	add_field(to, sms->part_ref);
}

struct digest
sms_key(const struct keys *k, struct str channel, const struct work_sms *sms, int64_t now)
{
	struct arena *a = arena_new(1024);
	struct buf b;

	buf_init_arena(&b, a);
	add_field(&b, STR_LIT("sms"));
	add_field(&b, channel);
	add_field(&b, sms->id);
	add_field(&b, sms->part_number); /* the parts of a message may share its id */
	if (sms->id.n == 0)
		add_what_was_said(&b, sms, now);
	const struct digest key = digest_of(k, DIGEST_SESSION, buf_str(&b));
	arena_free(a);
	return key;
}

/* ---- Keeping it ---- */

/* What goes over its column's bound cannot be what it is meant to be, and is left out. */
static struct str
within(struct str s, size_t max)
{
	return s.n <= max ? s : STR_NONE;
}

static int32_t
part(struct str s)
{
	int64_t n;

	return str_to_int(s, &n) && n >= 1 && n <= PARTS_MAX ? (int32_t)n : 0;
}

static int
seal_text(struct work *w, struct store_job *job, const struct row_inbox *row, const char *column,
	  struct str plain, struct sealed *out)
{
	const struct seal_place place = {"inbox", column, row->id, row->key_id};

	if (plain.n == 0)
		return W_OK;
	return store_seal(w->store, &place, plain, store_job_arena(job), out);
}

static int
seal_sender(struct work *w, struct store_job *job, struct row_inbox *row,
	    const struct work_sms *sms)
{
	char memory[32];
	struct buf e164;

	if (!sms->from_ok)
		return seal_text(w, job, row, "phone",
				 within(secret_reveal(sms->from_raw), PHONE_TYPED_MAX),
				 &row->phone);
	buf_init(&e164, memory, sizeof(memory));
	phone_reveal(&sms->from, PHONE_PLUS, &e164);
	int rc = seal_text(w, job, row, "phone", buf_str(&e164), &row->phone);
	wipe(memory, sizeof(memory));
	return rc;
}

/* A number that leads to nobody, or to several, must not say whose words these are. */
static int64_t
writer_of(struct work *w, const struct work_sms *sms)
{
	struct work_holder holders[2];

	if (!sms->from_ok || work_holders(w, &sms->from, holders, ARRAY_LEN(holders)) != 1)
		return 0;
	return holders[0].person;
}

static int
add_row(struct work *w, struct store_job *job, const struct work_sms *sms,
	const struct work_actor *actor, const struct digest *key)
{
	struct row_inbox row = {.id = store_next(w->store, NEXT_INBOX),
				.person = writer_of(w, sms),
				.centre = actor->centre,
				.at = actor->now,
				.said_at = sms->at,
				.key = *key,
				.channel = actor->channel,
				.provider_id = within(sms->id, PROVIDER_ID_MAX),
				.sent_to = within(sms->to, SHORT_MAX),
				.part_ref = within(sms->part_ref, SHORT_MAX),
				.part_number = part(sms->part_number),
				.part_of = part(sms->part_of),
				.state = STR_LIT("new")};

	row.key_id = row.person;
	if (row.person == 0) {
		struct data_key day;

		row.key_id = store_day_id(actor->now);
		store_day_key(w->store, job, row.key_id, &day);
		data_key_wipe(&day);
	}
	int rc = seal_sender(w, job, &row, sms);
	if (rc == W_OK)
		rc = seal_text(w, job, &row, "text", secret_reveal(sms->text), &row.text);
	if (rc == W_OK)
		put_inbox(job, &row);
	return rc;
}

int
work_sms_keep(struct work *w, struct store_job *job, const struct work_sms *sms,
	      const struct work_actor *actor, size_t *added)
{
	const struct digest key = sms_key(w->keys, actor->channel, sms, actor->now);
	struct row_inbox kept;
	int rc = read_inbox(store_loop_reader(w->store), &key, store_job_arena(job), &kept);

	if (rc != W_ENOENT)
		return rc;
	rc = add_row(w, job, sms, actor, &key);
	if (rc == W_OK)
		++*added;
	return rc;
}

/* ---- An operator says that a number wants no more messages ---- */

static int
stop_one(struct work *w, struct store_job *job, int64_t person, const struct work_actor *actor,
	 size_t *added)
{
	struct effects effects = {.n = 0};
	struct row_consent last;
	int put_off;
	int rc = read_consent(store_loop_reader(w->store), person, store_job_arena(job), &last,
			      &put_off);

	if (rc == W_ENOENT || (rc == W_OK && !consent_can_stop(last.kind)))
		return W_OK;
	if (rc != W_OK)
		return rc;
	effect_add(&effects, EFFECT_CONSENT, person)->word = STR_LIT("sms_stopped");
	++*added;
	return work_apply(w, job, &effects, actor);
}

int
work_sms_stop(struct work *w, struct store_job *job, const struct phone *number,
	      const struct work_actor *actor, size_t *added)
{
	struct work_holder holders[WORK_HOLDERS];
	size_t n = work_holders(w, number, holders, ARRAY_LEN(holders));
	int rc = W_OK;

	for (size_t i = 0; i < n && rc == W_OK; i++)
		rc = stop_one(w, job, holders[i].person, actor, added);
	return rc;
}
