#include "outbox/outbox_int.h"

#include "base/log.h"

#include <inttypes.h>

/* Staff messages belong to nobody; they are sealed under the key of the day they were made. */
static int
open_column(const struct outbox *o, const struct row_outbox *row, const char *column,
	    struct sealed value, struct arena *a, struct str *plain)
{
	const struct seal_place place = {"outbox", column, row->id,
					 row->person ? row->person : store_day_id(row->created_at)};

	return store_open_sealed(o->options.store, &place, value, a, plain);
}

int
outbox_open(const struct outbox *o, const struct row_outbox *row, struct arena *a,
	    struct channel_message *out)
{
	struct str number;
	int rc = open_column(o, row, "phone", row->phone, a, &number);

	*out = (struct channel_message){0};
	if (rc == W_OK)
		rc = open_column(o, row, "text", row->text, a, &out->text);
	if (rc == W_OK && phone_parse(number, &out->phone) != PHONE_OK)
		rc = W_EINVAL; /* only Moroccan mobiles: what else costs, and to whom */
	out->coding = str_is(row->coding, text_coding_word(TEXT_UCS2)) ? TEXT_UCS2 : TEXT_GSM7;
	return rc;
}

/* The number may have been replaced, or marked as somebody else's, since the message was made. */
static bool
still_the_number(const struct outbox *o, const struct row_outbox *row, const struct phone *phone,
		 struct arena *a)
{
	struct row_link link;
	struct phone now;
	struct str plain;

	if (read_link_active(store_loop_reader(o->options.store), row->person, a, &link) != W_OK)
		return false;
	const struct seal_place place = {"phone_link", "phone", link.id, row->person};
	return store_open_sealed(o->options.store, &place, link.phone, a, &plain) == W_OK &&
	       phone_parse(plain, &now) == PHONE_OK && phone_eq(&now, phone);
}

static int64_t
midnight(const struct outbox *o, int64_t now)
{
	const struct zone *z = o->options.work->zone;
	struct wall w;

	civil_to_wall(z, now, &w);
	w = civil_day(&w);
	return civil_instant(z, &w);
}

static void
gather_person(const struct outbox *o, const struct row_outbox *row, const struct phone *phone,
	      struct arena *a, struct outbox_facts *f)
{
	struct store_reader *reader = store_loop_reader(o->options.store);
	struct row_person person;
	struct row_consent consent;
	int put_off;

	f->person_active = read_person(reader, row->person, a, &person) == W_OK &&
			   str_is(person.status, "active");
	f->sms_allowed = read_consent(reader, row->person, a, &consent, &put_off) == W_OK &&
			 consent_allows_sms(consent.kind, consent.at, f->now);
	f->same_number = still_the_number(o, row, phone, a);
	f->wanted = o->options.remind == NULL || remind_still_wanted(o->options.remind, row);
	f->enough_today = count_outbox_since(reader, row->person, midnight(o, f->now)) >=
			  o->options.work->conf->limits.sms_per_person_day;
}

static void
gather_hours(const struct outbox *o, struct outbox_facts *f)
{
	const struct work *w = o->options.work;
	const struct remind_hours hours = {&w->conf->sending, o->options.rules};
	struct wall at, opens;

	civil_to_wall(w->zone, f->now, &at);
	f->open_now = remind_hours_open(&hours, &at);
	at.second = 0;
	f->opens_at =
		remind_hours_next(&hours, &at, &opens) ? civil_instant(w->zone, &opens) : INT64_MAX;
}

struct outbox_answer
outbox_judge(const struct outbox *o, const struct row_outbox *row, struct arena *a, int64_t now,
	     struct channel_message *message)
{
	struct outbox_facts f = {.now = now, .expires_at = row->expires_at};

	if (f.expires_at != 0 && now >= f.expires_at)
		return outbox_check(&f);
	int rc = outbox_open(o, row, a, message);
	if (rc != W_OK) {
		log_error("outbox id=%" PRId64 " does not open: %s", row->id, w_err_word(rc));
		return (struct outbox_answer){GO_SUPPRESS, "unreadable", 0};
	}
	if (row->person != 0) {
		gather_person(o, row, &message->phone, a, &f);
		gather_hours(o, &f);
	} else { /* the duty list is told at any hour */
		f.person_active = f.sms_allowed = f.same_number = f.wanted = f.open_now = true;
	}
	return outbox_check(&f);
}
