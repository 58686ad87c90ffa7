/*
 * Civil time: wall time in a named zone to an instant and back, the working
 * week and relative dates. Instants are seconds UTC; a wall time has no zone
 * of its own. The offset is looked up late, from the zone's data: Morocco
 * changed its clock in 2026 and may again.
 *
 * Zone data are read once (civil_zone_open) and kept; all other calls are pure
 * and safe from any thread. The process's TZ is never touched.
 *
 * Years 1 to 9999. An instant outside is taken as the nearest one inside. A
 * wall time that did not pass civil_wall_ok is a bug of the caller: it aborts.
 */
#ifndef WASL_CIVIL_CIVIL_H
#define WASL_CIVIL_CIVIL_H

#include "base/err.h"

struct zone;

struct wall {
	int32_t year;
	uint8_t month, day;           /* from 1 */
	uint8_t hour, minute, second; /* 0..23, 0..59, 0..59 */
};

enum wall_kind {
	WALL_UNIQUE,
	WALL_FOLD, /* the clock went back: two instants */
	WALL_GAP,  /* the clock went forward: no instant */
};

/*
 * Reads TZif data (RFC 8536) of a zone: $TZDIR or the system folder, or dir
 * when not NULL. W_ENOENT: no such zone. W_EPROTO: not a zone file, one of the
 * first version (without 64-bit data), or one that counts leap seconds. W_EIO:
 * there, but not readable. A bad name ("../x") is W_EINVAL. Never falls back to
 * UTC. Free with civil_zone_free.
 */
MUSTUSE int civil_zone_open(const char *dir, const char *name, struct zone **out);
void civil_zone_free(struct zone *z);
const char *civil_zone_name(const struct zone *z);

/* first: the (first) instant; for a gap, the wall time read with the offset
 * before the change. second: the other instant of a fold; for a gap, read with
 * the offset after it. Equal to first when unique. */
enum wall_kind civil_to_instant(const struct zone *z, const struct wall *w, int64_t *first,
				int64_t *second);
/* The one instant a schedule means (RFC 5545, 3.3.5): the first of a fold; in a gap, the wall time
 * read with the offset before it, which is as long after the gap's begin as was meant. */
int64_t civil_instant(const struct zone *z, const struct wall *w);
void civil_to_wall(const struct zone *z, int64_t at, struct wall *out);
int32_t civil_offset(const struct zone *z, int64_t at); /* seconds east of UTC */

/* 0 Sunday .. 6 Saturday. */
unsigned civil_weekday(const struct wall *w);
bool civil_wall_ok(const struct wall *w);
/* The same time of day n days later (or earlier); stops at the first and last day there is. */
struct wall civil_add_days(const struct wall *w, int n);
/* Midnight of the day of w; Monday 00:00 of the week of w. */
struct wall civil_day(const struct wall *w);
struct wall civil_monday(const struct wall *w);
/* Whole days from a's date to b's date. */
int civil_days_between(const struct wall *a, const struct wall *b);
int civil_compare(const struct wall *a, const struct wall *b);

/* RFC 3339 with the zone's offset: "2026-11-23T10:00:00+00:00", NUL-ended. An offset with seconds
 * (before about 1920) is cut to the minute and the time shown with that, so the instant stays. */
struct civil_text {
	char s[40];
};
struct civil_text civil_rfc3339(const struct zone *z, int64_t at);
/*
 * "2026-11-23T10:00" (optional seconds, optional Z or +hh:mm; a blank may stand
 * for T), "2026-11-23" (its midnight), "+3d" (the same time of day), "+2w",
 * "+2h", "+30m", "now". W_EINVAL for anything else.
 */
MUSTUSE int civil_parse_instant(const struct zone *z, struct str text, int64_t now, int64_t *out);
/* How far back: "2d", "3h", "2w", "30m", "today", "yesterday", "monday" (the last one, maybe today:
 * its midnight), or a date or date and time as above. */
MUSTUSE int civil_parse_since(const struct zone *z, struct str text, int64_t now, int64_t *out);

/*
 * ---- The working week, "MO-FR 09:00-16:30" or "MO-TH 09:00-16:30, FR 09:00-12:00" ----
 *
 * Spans parted by commas; each is days (one, or first-last, also over the week's
 * end: "SA-MO"; none means every day) and hours. 24:00 may end a span.
 */

struct week_span {
	uint8_t days;      /* bit 0 Sunday .. bit 6 Saturday */
	uint16_t from, to; /* minutes of the day; to > from, at most 1440 */
};
enum { WEEK_SPANS = 8 };
struct week_hours {
	struct week_span spans[WEEK_SPANS];
	size_t n;
};
/* W_EINVAL with *fault_at the byte that could not be read; fault_at may be NULL. */
MUSTUSE int civil_hours_parse(struct str text, struct week_hours *out, size_t *fault_at);
bool civil_hours_open(const struct week_hours *h, const struct wall *w);
/* The first wall time at or after w when open; false when never open within 14 days. */
bool civil_hours_next(const struct week_hours *h, const struct wall *w, struct wall *out);

/* ---- Start-up check ---- */

enum zone_health {
	ZONE_GOOD,
	ZONE_STALE, /* older than tzdata 2026c: sends an hour early since 20 Sep 2026 */
	ZONE_WRONG, /* not Morocco's history at all */
};
/*
 * Looks at the data, not at the name: 2026-03-23T09:00Z must be 10:00 (this is
 * Morocco and not UTC by accident) and 2026-10-01T00:00Z must be 00:00 (the data
 * know the change of September 2026). Ask it of Africa/Casablanca and
 * Africa/El_Aaiun only; every other zone is "wrong" by this rule.
 */
enum zone_health civil_zone_health(const struct zone *z);

#endif
