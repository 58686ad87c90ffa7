#include "remind/remind_int.h"

#include "base/log.h"

#include <inttypes.h>

/* Has the person been heard, as the rule counts it? own: the row was put for this reminder. */
static bool
heard(const struct remind_rule *rule, const struct row_checkin *row, bool own)
{
	if (rule->skip_if == REMIND_ALWAYS)
		return false;
	if (str_is(row->status, "due") && row->opened_at == 0)
		return !own;
	return rule->skip_if == REMIND_UNLESS_BEGUN || !str_is(row->status, "partial");
}

static void
gather_person(struct remind_case *c, struct store_reader *reader, struct arena *a)
{
	struct row_consent consent;
	int put_off;

	c->person = (struct row_person){0};
	if (read_person(reader, c->schedule.person, a, &c->person) == W_OK)
		c->facts.person_active = str_is(c->person.status, "active");
	if (read_consent(reader, c->schedule.person, a, &consent, &put_off) != W_OK)
		return;
	c->facts.consent_in_force = consent_in_force(consent.kind);
	c->facts.sms_allowed = consent_allows_sms(consent.kind, consent.at, c->now);
}

static void
gather_week(struct remind_case *c, struct store_reader *reader, struct arena *a)
{
	const struct zone *z = c->r->options.work->zone;
	struct row_checkin row;
	struct wall monday;

	civil_to_wall(z, c->due.cause_at, &monday);
	monday = civil_monday(&monday);
	monday = civil_add_days(&monday, 7);
	c->facts.week_ends_at = civil_instant(z, &monday);
	if (c->rule == NULL || read_checkin_week(reader, c->schedule.person,
						 checkin_week(z, c->due.cause_at), a, &row) != W_OK)
		return;
	bool own = c->due.about != 0 && row.id == c->due.about;
	c->facts.row_there = true;
	c->facts.answered = heard(c->rule, &row, own);
}

static void
gather_number(struct remind_case *c, struct store_reader *reader, struct arena *a)
{
	struct str plain;

	if (read_link_active(reader, c->schedule.person, a, &c->link) != W_OK)
		return;
	const struct seal_place place = {"phone_link", "phone", c->link.id, c->schedule.person};
	int rc = store_open_sealed(c->r->options.store, &place, c->link.phone, a, &plain);
	if (rc != W_OK) {
		log_error("reminder person=%" PRId64 " number does not open: %s",
			  c->schedule.person, w_err_word(rc));
		return;
	}
	enum phone_verdict v = phone_parse(plain, &c->phone);
	c->facts.has_number = v != PHONE_BAD;
	c->facts.mobile = v == PHONE_OK;
}

/* The first channel of the person's centre that can send. */
static void
gather_channel(struct remind_case *c)
{
	const struct remind_options *o = &c->r->options;
	const struct conf *conf = o->work->conf;

	c->centre = work_centre_id(o->work, c->person.centre);
	for (size_t i = 0; c->centre != NULL && i < conf->n_channels; i++) {
		const struct conf_channel *ch = &conf->channels[i];

		if (strcmp(ch->centre, c->centre->conf->code) != 0 ||
		    (o->can_send != NULL && !o->can_send(o->ctx, ch->name)))
			continue;
		c->channel = ch;
		c->facts.has_channel = true;
		return;
	}
}

struct today {
	const struct remind_rules *rules;
	int32_t scheduled;
};

static int
count_scheduled(void *ctx, const struct row_outbox *row)
{
	static const char *const void_states[] = {"rejected", "expired", "suppressed", "cancelled"};
	struct today *t = ctx;

	if (remind_rule(t->rules, row->rule) == NULL)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(void_states); i++)
		if (str_is(row->state, void_states[i]))
			return 0;
	t->scheduled++;
	return 0;
}

static void
gather_caps(struct remind_case *c, struct store_reader *reader, struct arena *a)
{
	const struct work *w = c->r->options.work;
	struct today today = {.rules = c->r->options.rules};
	struct wall day;

	civil_to_wall(w->zone, c->now, &day);
	day = civil_day(&day);
	const int64_t midnight = civil_instant(w->zone, &day);
	const struct filter f = {.person = c->schedule.person, .since = midnight};
	if (count_outbox_since(reader, c->schedule.person, midnight) >=
	    w->conf->limits.sms_per_person_day) {
		c->facts.enough_today = true;
		return;
	}
	if (today.rules->per_person_day == 0)
		return;
	if (list_outbox(reader, &f, a, count_scheduled, &today) != W_OK)
		log_error("reminder person=%" PRId64 ": messages of today not read",
			  c->schedule.person);
	c->facts.enough_today = today.scheduled >= today.rules->per_person_day;
}

static void
gather_hours(struct remind_case *c)
{
	const struct work *w = c->r->options.work;
	const struct remind_hours hours = {&w->conf->sending, c->r->options.rules};
	struct wall at, opens;

	civil_to_wall(w->zone, c->now, &at);
	c->facts.open_now = remind_hours_open(&hours, &at);
	at.second = 0;
	c->facts.opens_at =
		remind_hours_next(&hours, &at, &opens) ? civil_instant(w->zone, &opens) : INT64_MAX;
}

void
remind_gather(struct remind_case *c)
{
	struct store_reader *reader = store_loop_reader(c->r->options.store);
	struct arena *a = c->r->turn;

	c->facts = (struct remind_facts){.now = c->now,
					 .due_at = c->due.due_at,
					 .expires_at = c->due.expires_at,
					 .rule_there = c->rule != NULL,
					 .schedule_on = c->schedule.active};
	gather_person(c, reader, a);
	gather_week(c, reader, a);
	gather_number(c, reader, a);
	gather_channel(c);
	gather_caps(c, reader, a);
	gather_hours(c);
}

bool
remind_still_wanted(struct remind *r, const struct row_outbox *row)
{
	const struct remind_rule *rule = remind_rule(r->options.rules, row->rule);
	const struct zone *z = r->options.work->zone;
	struct row_checkin checkin;
	int64_t day;

	if (rule == NULL || civil_parse_instant(z, row->occurrence, 0, &day) != W_OK)
		return true;
	struct arena *a = arena_new(0);
	int rc = read_checkin_week(store_loop_reader(r->options.store), row->person,
				   checkin_week(z, day), a, &checkin);
	bool wanted = rc != W_OK || !heard(rule, &checkin, true);
	arena_free(a);
	return wanted;
}
