#include "work/work.h"

enum { DAY_S = 24 * 3600 };

bool
consent_in_force(struct str kind)
{
	return str_is(kind, "given") || str_is(kind, "resumed") || str_is(kind, "paused") ||
	       str_is(kind, "sms_stopped");
}

bool
consent_allows_sms(struct str kind, int64_t at, int64_t now)
{
	if (str_is(kind, "given") || str_is(kind, "resumed"))
		return true;
	return str_is(kind, "paused") && now >= at + (int64_t)CONSENT_PAUSE_DAYS * DAY_S;
}

bool
consent_can_stop(struct str kind)
{
	return str_is(kind, "given") || str_is(kind, "resumed") || str_is(kind, "paused");
}

bool
consent_is_due(struct str kind, struct str version, int64_t at, int put_off, int64_t now)
{
	/* Who left and came back with a new code is asked like anybody new. */
	if (kind.n == 0 || str_is(kind, "withdrawn"))
		return true;
	if (str_is(kind, "refused") || str_is(kind, "later"))
		return put_off <= CONSENT_PUT_OFF_MAX &&
		       now >= at + (int64_t)CONSENT_ASK_AGAIN_DAYS * DAY_S;
	if (str_is(kind, "paused") || str_is(kind, "sms_stopped"))
		return now >= at + DAY_S && !consent_allows_sms(kind, at, now);
	return !str_is(version, CONSENT_VERSION);
}
