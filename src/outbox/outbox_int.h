/*
 * Inside outbox/. Pure: state.c (which may follow which), check.c (may this
 * message leave now), addr.c (may this address be spoken to), settle.c's table.
 * Effects: queue.c (the turn: pick up and check), flight.c (claim and send),
 * curl.c (one call on the loop), settle.c (what became of it), report.c,
 * census.c (what caps start from), login.c (tokens), setup.c (a call made once).
 */
#ifndef WASL_OUTBOX_OUTBOX_INT_H
#define WASL_OUTBOX_OUTBOX_INT_H

#include "outbox/outbox.h"

#include <sys/socket.h>

/* ---- May this message leave now? Pure. ---- */

enum outbox_go {
	GO_SEND,
	GO_LATER, /* stays queued, until .until */
	GO_EXPIRE,
	GO_SUPPRESS, /* nobody wants it any more, or nobody may */
};
struct outbox_facts {
	int64_t now, expires_at; /* expires_at 0: never */
	bool person_active, sms_allowed;
	bool same_number;  /* the active link still has the number of the message */
	bool wanted;       /* remind_still_wanted */
	bool enough_today; /* the person's cap of the day */
	bool open_now;
	int64_t opens_at;
};
struct outbox_answer {
	enum outbox_go go;
	const char *why; /* a word for the row */
	int64_t until;
};
struct outbox_answer outbox_check(const struct outbox_facts *f);

/* ---- Addresses. Pure. ---- */

/* Anything that is not a public unicast address: RFC 6890 and its like. */
bool outbox_addr_private(const struct sockaddr *sa);
bool outbox_addr_in(const struct net_ranges *ranges, const struct sockaddr *sa);
/* https: public, or listed. http: listed only. lab: anything. No ranges: loopback is listed. */
bool outbox_addr_ok(const struct net_ranges *ranges, bool https, bool lab,
		    const struct sockaddr *sa);

/* ---- One call (outbox_curl.c) ---- */

struct post; /* libcurl's multi handle, its sockets and its timer on the loop */

struct post_result {
	bool nothing_left;         /* surely: no byte of a body was asked for, no GET went out */
	bool complete;             /* a whole answer is in .answer */
	struct wire_answer answer; /* in the call's arena */
	const char *why;           /* when not complete: libcurl's word for it; static */
};
typedef void post_on_done(void *arg, const struct post_result *result);

struct post_call {
	const struct wire_request *request; /* lives until on_done */
	const struct net_ranges *http_to;   /* may be NULL: loopback */
	struct arena *arena;                /* for the answer */
	post_on_done *on_done;
	void *arg;
};
struct post_options {
	struct loop *loop;
	bool lab;
	int64_t connect_ms, answer_ms;
	const char *ca_file;
};
struct post *post_new(const struct post_options *options);
/* Drops what is under way without a word. */
void post_free(struct post *p);
/* on_done comes later, never from inside. W_EINVAL: no call libcurl can make (address, header). */
MUSTUSE int post_start(struct post *p, const struct post_call *call);

/* ---- The line ---- */

enum { OUTBOX_IN_FLIGHT = 32, OUTBOX_BATCH = 128, OUTBOX_CHANNELS = 16, OUTBOX_PARKED = 64 };
/* How long a row waits for a channel that is off or stopped; a pause of the whole line. */
enum { OUTBOX_LATER_S = 300, OUTBOX_PAUSE_MS = 5000 };

/* A channel's token, for aggregators that want one (outbox_login.c). */
struct asking;
struct login {
	struct arena *arena; /* of the present token, wiped with it; NULL: there is none */
	struct str token;
	uint32_t number;           /* of the present token; grows */
	int64_t renew_ms, ends_ms; /* monotonic; INT64_MAX: its life was not told */
	int64_t again_ms, wait_ms; /* after a call that brought none: not before, and how long */
	struct asking *asking;     /* the call under way, or NULL */
	bool twice;                /* one was refused, and nothing accepted since */
};

/* What a channel's pace and troubles are; found by name, kept for the life of the outbox. */
struct lane {
	char name[41];
	int64_t next_ms;     /* monotonic: not before */
	int64_t busy_ms;     /* length of the last "too fast" pause; 0: none lately */
	const char *stopped; /* "hold", "denied", "login"; NULL: goes on */
	struct login login;
};

enum step { STEP_CLAIM, STEP_SEND, STEP_SETTLE };

/* A message between its claim and its settled answer. */
struct flight {
	struct outbox *o;
	struct flight *next;
	struct arena *arena;
	enum step step;
	struct row_outbox row;
	struct channel_message message;
	struct wire_request request;
	struct lane *lane;
	uint32_t login;          /* number of the token it went with */
	struct outbox_move move; /* STEP_SETTLE: what is to be stored, and again until it is */
	bool optout, storing;
};

/* A report that came before the answer of its own send. */
struct parked {
	struct outbox *o;
	struct parked *next;
	struct arena *arena;
	struct str channel;
	struct channel_event event;
	int64_t until_ms;
	void (*done)(void *arg, int rc);
	void *arg;
};

struct tally { /* messages handed over in the present hour or day */
	int64_t from, sent;
};

struct outbox {
	struct outbox_options options;
	struct post *post;
	struct timer *timer, *settle_timer, *park_timer, *census_timer;
	struct arena *turn;
	struct lane lanes[OUTBOX_CHANNELS];
	size_t n_lanes;
	struct flight *flights;
	size_t n_flights;
	struct parked *parked;
	size_t n_parked;
	struct setup *setup; /* under way, or NULL */
	size_t jobs;         /* at the writer */
	size_t moves; /* of these: rows moved by a turn without a claim; the next turn waits */
	struct tally hour, day;
	int64_t enrolled; /* people, for caps given as 0 */
	bool counted, counting;
	int64_t counted_ms; /* monotonic: when the last count ended */
	const char *paused;
	bool recovering, recover_busy, stopped, closed;
};

/* outbox_lane.c; NULL when there are too many */
struct lane *outbox_lane(struct outbox *o, struct str channel);
void outbox_lane_step(struct outbox *o, struct lane *lane, int64_t mono_ms);

/*
 * outbox_login.c. True: the channel needs no token or has one. Asks for one when
 * it is time to; *wait_ms gets shorter when that must wait.
 */
bool outbox_login_ready(struct outbox *o, struct lane *lane, const struct channel *ch,
			int64_t *wait_ms);
/* Token number was refused. False: a new one was as well, the channel must stop. */
bool outbox_login_refused(struct login *l, uint32_t number);
void outbox_login_drop(struct login *l);
/* New credentials may be there: every token is asked for anew. */
void outbox_logins_forget(struct outbox *o);
/* After post_free. */
void outbox_logins_end(struct outbox *o);

/* outbox_setup.c: goes on when a login of its lane has come, or ends with rc. */
void outbox_setup_logged_in(struct outbox *o, const struct lane *lane, int rc);
/* After post_free: ends the one under way. */
void outbox_setup_end(struct outbox *o);

/* outbox_facts.c: the message in clear. W_EINVAL: not a Moroccan mobile. */
MUSTUSE int outbox_open(const struct outbox *o, const struct row_outbox *row, struct arena *a,
			struct channel_message *out);
/* Reads what outbox_check asks about, and asks it. */
struct outbox_answer outbox_judge(const struct outbox *o, const struct row_outbox *row,
				  struct arena *a, int64_t now, struct channel_message *message);

/* After o->jobs++ and a submit: counts down, and frees a closed outbox after the last. */
void outbox_job_done(struct outbox *o);

/* outbox_flight.c: claims a row; once that is committed, sends it. */
void outbox_claim(struct outbox *o, const struct row_outbox *row, struct lane *lane,
		  const struct channel_message *message, int64_t now);
void outbox_flight_free(struct flight *f);
bool outbox_is_in_flight(const struct outbox *o, int64_t id);

/* outbox_settle.c */
void outbox_on_sent(void *arg, const struct post_result *result);
/* Stores the end of a claimed message; by and at are filled in. */
void outbox_settle(struct flight *f, const struct outbox_move *move);
void outbox_settle_again(void *outbox);

/* outbox_report.c */
void outbox_parked_try(void *outbox);
/* Ends every one that waits, found or not. */
void outbox_parked_end(struct outbox *o);

/* outbox_census.c */
void outbox_census(void *outbox);
void outbox_count_sent(struct outbox *o, int64_t now);
/* The cap that is reached, or NULL; *until when it ends. */
const char *outbox_cap(struct outbox *o, int64_t now, int64_t *until);

#endif
