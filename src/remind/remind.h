/*
 * Reminders: rules of menus/reminders.yaml, the weekly rhythm of each person
 * (its schedule row), and one timer set to the earliest thing due.
 *
 * The walk, all on the loop: a schedule whose time has come (or a due row that
 * was held and whose time has come) -> facts of the person, read from the store
 * -> remind_decide, which is pure -> one job that writes the due row, the
 * check-in row, the outbox row and the schedule's next time, all or nothing.
 * The due row is unique on person, rule and occurrence (the local date), and
 * so is the outbox row: whatever happens in between, a reminder is one message.
 *
 * Never: a message to a person without consent, outside the sending hours,
 * after its no_later, on a clock that cannot be believed, or while the disk is
 * full. Never a network call: outbox/ sends.
 */
#ifndef WASL_REMIND_REMIND_H
#define WASL_REMIND_REMIND_H

#include "menu/menu.h"
#include "work/work.h"

/* ---- Rules ---- */

enum { REMIND_RULES = 16, REMIND_RAMADANS = 16 };

enum remind_heard { REMIND_ALWAYS, REMIND_UNLESS_BEGUN, REMIND_UNLESS_DONE };

struct remind_rule {
	struct str name;     /* "weekly_checkin": stored with each message */
	struct str schedule; /* kind of the schedule row, "checkin" */
	struct str send;     /* SMS template, "T02" */
	int64_t no_later_s;  /* after this many seconds nothing is sent */
	enum remind_heard skip_if;
	uint32_t line, col;
};

/* Days from..to, both included, each yyyymmdd. */
struct remind_days {
	int32_t from, to;
};

struct remind_rules {
	struct arena *arena; /* owns everything below */
	struct remind_rule rules[REMIND_RULES];
	size_t n;
	int32_t per_person_day; /* scheduled reminders a person gets in a day; 0: no limit */
	struct remind_days ramadan[REMIND_RAMADANS]; /* as announced */
	size_t n_ramadan;
};

/*
 * Reads reminders.yaml and the holidays file it names (beside it). Every fault
 * of both goes to err with its place: W_EINVAL or W_ENOENT. The SMS named by a
 * rule must be in the menu set; set NULL leaves that out.
 */
MUSTUSE int remind_load(const char *path, const struct menu_set *set, struct remind_rules **out,
			struct err *err);
void remind_rules_free(struct remind_rules *rules);
const struct remind_rule *remind_rule(const struct remind_rules *rules, struct str name);

/* ---- Sending hours: wasl.yaml's, with the days of Ramadan from the holidays file. Pure. ---- */

struct remind_hours {
	const struct conf_sending *sending;
	const struct remind_rules *rules; /* NULL: no Ramadan known */
};
bool remind_hours_open(const struct remind_hours *h, const struct wall *w);
/* The first wall minute at or after w that is open; false when there is none in two weeks. */
bool remind_hours_next(const struct remind_hours *h, const struct wall *w, struct wall *out);

/* ---- Occurrences (RFC 5545 by libical, in wall time) ---- */

/*
 * The first instant after `after` at which this weekday (0 Sunday) and minute
 * of the day come round in the zone. INT64_MAX when there is none before the
 * calendar ends.
 */
int64_t remind_next_weekly(const struct zone *z, unsigned weekday, unsigned minute, int64_t after);

/* "2026-11-23": the local date that names an occurrence. */
struct remind_occurrence {
	char date[16];
};
struct remind_occurrence remind_occurrence(const struct zone *z, int64_t at);

/* ---- The decision. Pure. ---- */

enum remind_verdict {
	REMIND_NOTHING, /* no row at all */
	REMIND_SEND,
	REMIND_SKIP,    /* due row closed with the reason */
	REMIND_HOLD,    /* due row waits until .until */
	REMIND_EXPIRED, /* too late, or no open hour before it is */
};

/* Why, as the due row keeps it. The first that applies, in this order. */
enum remind_why {
	REMIND_WHY_NONE,
	REMIND_WHY_SCHEDULE_OFF, /* the schedule is off or has moved since */
	REMIND_WHY_NO_RULE,      /* no rule of that name any more */
	REMIND_WHY_INACTIVE,     /* the person is paused, left, closed, deceased */
	REMIND_WHY_NO_CONSENT,   /* never given, refused, withdrawn */
	REMIND_WHY_ANSWERED,     /* a check-in of this week is there */
	REMIND_WHY_SMS_STOPPED,  /* consent in force, but not for messages */
	REMIND_WHY_NO_NUMBER,    /* no active link */
	REMIND_WHY_NOT_MOBILE,   /* not +212 6 or 7 */
	REMIND_WHY_NO_CHANNEL,   /* nothing of this centre can send */
	REMIND_WHY_ENOUGH_TODAY, /* cap of the day */
	REMIND_WHY_NO_LATER,     /* past its no_later, or no open hour before it */
	REMIND_WHY_QUIET,        /* held: outside the sending hours */
	REMIND_WHY_COUNT
};
const char *remind_why_word(enum remind_why why); /* "sms-stopped" */

struct remind_facts {
	int64_t now, due_at;
	int64_t expires_at;   /* due_at and the rule's no_later */
	int64_t week_ends_at; /* Monday 00:00 after due_at: no check-in row after it */
	bool rule_there;      /* and schedule active and still at this time */
	bool schedule_on;
	bool person_active;
	bool consent_in_force, sms_allowed;
	bool row_there; /* a check-in row of that week is there, whoever made it */
	bool answered;  /* as skip_if says, or a check-in of that week made otherwise */
	bool has_number, mobile;
	bool has_channel;
	bool enough_today;
	bool open_now;
	int64_t opens_at; /* when open_now is false; INT64_MAX: not in sight */
};
struct remind_decision {
	enum remind_verdict verdict;
	enum remind_why why;
	int64_t until; /* HOLD */
	bool checkin;  /* the week's check-in row is to be put */
};
struct remind_decision remind_decide(const struct remind_facts *f);

/* ---- Is the clock to be believed ---- */

enum { REMIND_BEHIND_S = 600, REMIND_JUMP_S = 6 * 3600, REMIND_AWAY_S = 30 * 24 * 3600 };

enum remind_clock {
	REMIND_CLOCK_GOOD,
	REMIND_CLOCK_BEHIND,       /* ten minutes or more behind the highest time ever seen */
	REMIND_CLOCK_BEFORE_BUILD, /* earlier than this program was made */
	REMIND_CLOCK_JUMPED,       /* more than six hours forward at once: a human must say yes */
};
const char *remind_clock_word(enum remind_clock c); /* "behind" */

struct remind_guard; /* one a daemon; keeps the high-water mark in setting "clock_high" */

struct remind_guard_options {
	struct loop *loop;
	struct store *store;
	bool lab;         /* the clock may be set forward: no jump is held */
	int64_t built_at; /* 0: not checked */
	/* The wall clock moved against the monotonic one by seconds: timers are to be set anew. */
	void (*on_step)(void *arg);
	void *arg;
};
/* Looks at once and then every minute. A start more than 30 days after the mark counts as a jump
 * (a restored copy, a dead battery); a shorter gap is a machine that was off. */
struct remind_guard *remind_guard_new(const struct remind_guard_options *options);
void remind_guard_free(struct remind_guard *g);
/* Asks the clock anew. NULL: good. */
enum remind_clock remind_guard_look(struct remind_guard *g);
/* A human has looked at the clock and says it is right. */
void remind_guard_release(struct remind_guard *g);

/* The rule behind it, pure. since_wall: what the wall clock said before, since_mono_s: seconds of
 * the monotonic clock since then; high 0: no mark yet. */
enum remind_clock remind_clock_judge(int64_t now, int64_t high, int64_t built_at,
				     int64_t since_wall, int64_t since_mono_s, bool lab);

/* ---- The line of reminders ---- */

struct remind; /* one a daemon */

struct remind_options {
	struct loop *loop;
	struct store *store;
	const struct work *work;          /* borrowed until remind_reload or remind_free */
	const struct remind_rules *rules; /* likewise */
	struct menu_set *menus;           /* held by itself */
	struct remind_guard *guard;       /* borrowed; NULL: the clock is believed */
	/* May this channel of wasl.yaml send? NULL: all may. */
	bool (*can_send)(void *ctx, const char *channel);
	void *ctx;
	/* Called on the loop after a commit that added messages. */
	void (*wake_outbox)(void *arg);
	void *wake_arg;
};
struct remind *remind_new(const struct remind_options *options);
/* Before store_close and after the guard; jobs that are still out keep what they need. */
void remind_free(struct remind *r);
/* Conf, rules and menus were loaded anew. */
void remind_reload(struct remind *r, const struct work *work, const struct remind_rules *rules,
		   struct menu_set *menus);
/* A schedule was made or changed (next_at 0), or the clock was set: looks at the next turn. The
 * hook of work->wake_reminders and of the guard's on_step. */
void remind_wake(void *remind);
/* When it looks next, seconds UTC; INT64_MAX: nothing is due. For `wasl status`. */
int64_t remind_next_look(const struct remind *r);

/*
 * Is a queued message still wanted at the moment of sending? One check-in
 * clears the reminders it answers. Messages of rules that are not here are.
 */
bool remind_still_wanted(struct remind *r, const struct row_outbox *row);

#endif
