/*
 * What the carrier's files share. A message lives from its call until its last
 * report was answered, in an arena of its own; the carrier's list owns it.
 */
#ifndef WASL_AUTHOR_AUTHOR_CARRIER_INT_H
#define WASL_AUTHOR_AUTHOR_CARRIER_INT_H

#include "author/author_int.h"

enum { CARRIER_TURNS = 64 }; /* faults, and states, one after the other */

struct author_carrier {
	struct loop *loop;
	const struct author_carrier_options *o;
	struct author_party *party;
	struct evhttp *http;
	uint16_t port;
	struct author_line *line; /* for reports, or NULL */
	const struct author_fault *faults[CARRIER_TURNS];
	size_t n_faults;
	enum report_state states[CARRIER_TURNS];
	size_t n_states;
	size_t n_messages;
	size_t unsent; /* answers on their way */
	struct carrier_message *messages;
	struct timer *patience; /* for the last answer's way out */
	bool over;
	void (*on_done)(void *arg);
	void *done_arg;
};

struct carrier_message {
	struct author_carrier *carrier;
	struct arena *arena;
	struct str to, text, ref, id;
	struct phone phone;
	bool phone_ok;
	const char *said;
	size_t next_state;
	struct timer *timer;
	struct carrier_message *next, **at;
};

/* Off the list and gone at the end of the turn; then perhaps the carrier is done. */
void author_message_end(struct carrier_message *m);
void author_message_free(struct carrier_message *m);
/* Calls on_done once, when count is reached and nothing is owed any more. */
void author_carrier_look(struct author_carrier *c);

/* The first report, after the delay; ends the message when there is none to send. */
void author_report_start(struct carrier_message *m);

/* What the screen or the script reads. */
void author_notice_ready(const struct author_carrier *c);
void author_notice_message(const struct carrier_message *m);
void author_notice_report(const struct carrier_message *m, const char *state, int status,
			  enum author_away why);
void author_notice_unread(const struct author_carrier *c);

#endif
