/*
 * Inside civil/: a zone as read from its file, spans of one offset, and
 * calendar arithmetic on day numbers (days since 1970-01-01).
 */
#ifndef WASL_CIVIL_CIVIL_INT_H
#define WASL_CIVIL_CIVIL_INT_H

#include "civil/civil.h"

enum { DAY_SECONDS = 86400, YEAR_FIRST = 1, YEAR_LAST = 9999 };

/* ---- Days ---- */

unsigned month_days(int32_t year, unsigned month);
/* Any year from -399 on; month and day must be real. */
int64_t day_of(int32_t year, unsigned month, unsigned day);
int64_t day_of_wall(const struct wall *w);
/* The first and the last day of the years we know are the ends of the range. */
int64_t day_clamp(int64_t day);
struct wall wall_of_day(int64_t day);
/* Seconds since 1970-01-01T00:00:00 on the wall's own clock, and back (clamped). */
int64_t wall_seconds(const struct wall *w);
struct wall wall_of_seconds(int64_t seconds);

/* ---- POSIX TZ rule, the footer of a zone file (RFC 8536, 3.3.1) ---- */

enum rule_form {
	RULE_MONTH,  /* Mm.w.d: d-th weekday of week w of month m, week 5 the last */
	RULE_JULIAN, /* Jn: 1..365, 29 February never counted */
	RULE_YEAR,   /* n: 0..365 */
};

struct rule_day {
	enum rule_form form;
	uint16_t month, week, day;
	int32_t time; /* seconds after midnight, -167 h to 167 h */
};

struct rule {
	int32_t standard, summer; /* seconds east of UTC */
	bool changes;             /* false: standard all year */
	struct rule_day begin, end;
};

/* A time during which the offset stays: from begin (included) to end (not). */
struct span {
	int32_t offset;
	int64_t begin, end;
};

/* W_EPROTO when the whole text is not a rule. */
MUSTUSE int rule_read(struct str text, struct rule *out);
struct span rule_span(const struct rule *r, int64_t at);

/* ---- Zones ---- */

enum { ZONE_TYPES = 256 };

struct zone {
	struct arena *arena; /* owns what follows, not the zone */
	const char *name;
	const int64_t *at;   /* instants of change, ascending */
	const uint8_t *type; /* what begins there */
	size_t n;
	int32_t offset[ZONE_TYPES];
	bool has_rule; /* for instants after the last change */
	struct rule rule;
};

enum { TZIF_MAX = 65536 };

/* Fills a zone from the bytes of a TZif file. W_EPROTO when they are not one. */
MUSTUSE int tzif_read(struct str bytes, struct zone *z);
int64_t instant_clamp(int64_t at);
struct span zone_span(const struct zone *z, int64_t at);

/* A time of day, "09:00", off the front; to 24:00 when allowed. Minutes. */
bool take_clock(struct str *rest, bool midnight_ends, unsigned *minutes);
/* Exactly n digits off the front. */
bool take_digits(struct str *rest, size_t n, unsigned *out);
bool take_char(struct str *rest, char c);

#endif
