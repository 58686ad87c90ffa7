#include "remind/remind_int.h"

static const char *const why_words[REMIND_WHY_COUNT] = {
	[REMIND_WHY_NONE] = "",
	[REMIND_WHY_SCHEDULE_OFF] = "schedule-off",
	[REMIND_WHY_NO_RULE] = "no-rule",
	[REMIND_WHY_INACTIVE] = "inactive",
	[REMIND_WHY_NO_CONSENT] = "no-consent",
	[REMIND_WHY_ANSWERED] = "answered",
	[REMIND_WHY_SMS_STOPPED] = "sms-stopped",
	[REMIND_WHY_NO_NUMBER] = "no-number",
	[REMIND_WHY_NOT_MOBILE] = "not-mobile",
	[REMIND_WHY_NO_CHANNEL] = "no-channel",
	[REMIND_WHY_ENOUGH_TODAY] = "enough-today",
	[REMIND_WHY_NO_LATER] = "no-later",
	[REMIND_WHY_QUIET] = "quiet",
};

const char *
remind_why_word(enum remind_why why)
{
	return why_words[why];
}

/* Reasons for which nothing happens at all: this is not a time for this person. */
static enum remind_why
nobody(const struct remind_facts *f)
{
	if (!f->schedule_on)
		return REMIND_WHY_SCHEDULE_OFF;
	if (!f->rule_there)
		return REMIND_WHY_NO_RULE;
	if (!f->person_active)
		return REMIND_WHY_INACTIVE;
	return f->consent_in_force ? REMIND_WHY_NONE : REMIND_WHY_NO_CONSENT;
}

/* Reasons for no message, though the check-in is due and may be answered. */
static enum remind_why
no_message(const struct remind_facts *f)
{
	if (!f->sms_allowed)
		return REMIND_WHY_SMS_STOPPED;
	if (!f->has_number)
		return REMIND_WHY_NO_NUMBER;
	if (!f->mobile)
		return REMIND_WHY_NOT_MOBILE;
	if (!f->has_channel)
		return REMIND_WHY_NO_CHANNEL;
	return f->enough_today ? REMIND_WHY_ENOUGH_TODAY : REMIND_WHY_NONE;
}

struct remind_decision
remind_decide(const struct remind_facts *f)
{
	struct remind_decision d = {.verdict = REMIND_NOTHING, .why = nobody(f)};

	if (d.why != REMIND_WHY_NONE)
		return d;
	d.verdict = REMIND_SKIP;
	d.why = REMIND_WHY_ANSWERED;
	if (f->answered)
		return d;
	/* who is not reminded may still answer, while the week lasts */
	d.checkin = !f->row_there && f->now < f->week_ends_at;
	d.why = no_message(f);
	if (d.why != REMIND_WHY_NONE)
		return d;
	if (f->now >= f->expires_at || (!f->open_now && f->opens_at >= f->expires_at)) {
		d.verdict = REMIND_EXPIRED;
		d.why = REMIND_WHY_NO_LATER;
	} else if (f->open_now) {
		d.verdict = REMIND_SEND;
	} else {
		d.verdict = REMIND_HOLD;
		d.why = REMIND_WHY_QUIET;
		d.until = f->opens_at;
	}
	return d;
}
