/*
 * Inside remind/. Loading: rules.c and days.c. Pure: hours.c next.c decide.c
 * and remind_clock_judge. Effects: guard.c (the mark), facts.c (reads), text.c
 * (seals), tick.c (the timer and the jobs).
 */
#ifndef WASL_REMIND_REMIND_INT_H
#define WASL_REMIND_REMIND_INT_H

#include "remind/remind.h"
#include "yaml/yaml.h"

/* The holidays file beside reminders.yaml; faults in err. */
void remind_days_read(const char *path, struct remind_rules *rules, struct err *err);
bool remind_is_ramadan(const struct remind_rules *rules, const struct wall *w);

struct remind {
	struct remind_options options;
	struct timer *timer;
	struct arena *turn; /* rows of the present look */
	int64_t next_look;
	size_t in_flight; /* jobs at the writer */
	bool woken;       /* while jobs were in flight */
	bool failed;      /* a job of this look did not commit for want of disk */
	bool queued;      /* a job of this look added a message */
	bool closed;      /* remind_free was called; the last job frees */
};

/* One schedule or held due row, with what the store says about its person. */
struct remind_case {
	struct remind *r;
	int64_t now;
	struct row_schedule schedule;
	struct row_due due;             /* id 0: the schedule's own, not stored yet */
	const struct remind_rule *rule; /* NULL: none */
	struct row_person person;
	const struct work_centre *centre; /* NULL: not in wasl.yaml any more */
	struct row_link link;             /* id 0: none active */
	struct phone phone;
	const struct conf_channel *channel;
	struct remind_facts facts;
};
/* Reads what remind_decide asks about; a number that does not open counts as none. */
void remind_gather(struct remind_case *c);
/* Fills and seals the message. W_ENOENT when the text is not there any more. */
MUSTUSE int remind_compose(const struct remind_case *c, struct store_job *job,
			   struct row_outbox *out);

#endif
