/*
 * What the tools of this folder share: a party (a dialect run as one account),
 * a line (HTTP to one address over one kept connection) and the pieces of the
 * phone and the carrier that tests drive on a loop of their own. One thread.
 */
#ifndef WASL_AUTHOR_AUTHOR_INT_H
#define WASL_AUTHOR_AUTHOR_INT_H

#include "author/author.h"
#include "base/loop.h"
#include "channel/channel.h"

/* "·" or its stand-in. */
static inline const char *
author_dot(bool ascii)
{
	return ascii ? "-" : "\xc2\xb7";
}

/* "error" and "errors". */
static inline const char *
author_plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* Without controls and marks that would move a terminal's cursor or order. */
struct str author_clean(struct str text, struct arena *a);

/* ---- A party: author_party.c ---- */

struct author_party {
	struct arena *arena;
	struct dialect *dialect;
	struct channel *channel;
	struct str public_url; /* as the channel has it */
	const char *listen;    /* "http://127.0.0.1:8080", or NULL without config */
	struct conf *conf;     /* or NULL */
	struct conf_secret **held;
	size_t n_held;
	struct channel_account account; /* as given to channel_new; its secrets lie in held */
	bool made_up;                   /* some setting or secret was */
};

/* 0 and the caller's, or an exit code with every fault on err. */
MUSTUSE int author_party_open(const struct author_account *account, FILE *err,
			      struct author_party **out);
void author_party_close(struct author_party *p); /* wipes */

/* Path of a section on this channel as channel_address has it, without the public address. */
struct str author_party_path(const struct author_party *p, enum channel_kind kind, struct arena *a);
/*
 * Our whole address of a section over plain HTTP to where config listens.
 * NULL: no config, no TCP listen address with a port, or no such section.
 */
const char *author_party_address(const struct author_party *p, enum channel_kind kind);
/*
 * The path to call for a request that channel_play_* made: the one given for a
 * section of that kind (path of an address), with the request's own tail.
 */
struct str author_party_target(const struct author_party *p, struct str given,
			       enum channel_kind kind, const struct wire_request *req,
			       struct arena *a);
/* What joins the pieces of a cumulative path; "*" when nobody says. */
struct str author_party_separator(const struct author_party *p, struct arena *a);
/* A text with all secrets of the account replaced by "SECRET", also percent-encoded ones. */
struct str author_party_mask(const struct author_party *p, struct str text, struct arena *a);

/* ---- A line: author_line.c ---- */

struct author_line;

enum author_away { AWAY_NOT, AWAY_REFUSED, AWAY_LATE, AWAY_CUT };
const char *author_away_sentence(enum author_away why);

/* NULL: not an http address. */
struct author_line *author_line_new(struct loop *l, const char *address, int64_t patience_ms);
void author_line_free(struct author_line *line);
/* "/c/at-1/SECRET/ussd" of the address; borrowed. */
struct str author_line_path(const struct author_line *line);

/*
 * Sends to path, after what was sent before it. on_answer gets the answer,
 * which lives in the arena, or NULL and why there is none. Not called when the
 * line is freed first.
 */
void author_line_send(struct author_line *line, const struct wire_request *req, struct str path,
		      struct arena *a,
		      void (*on_answer)(void *arg, const struct wire_answer *got,
					enum author_away why),
		      void *arg);
/* The same, waiting on the loop. */
enum author_away author_line_ask(struct author_line *line, const struct wire_request *req,
				 struct str path, struct arena *a, struct wire_answer *out);
/* The same request over two lines at once, waiting for both answers. The first that is missing. */
enum author_away author_line_ask_twice(struct author_line *const lines[2],
				       const struct wire_request *req, struct str path,
				       struct arena *a, struct wire_answer out[2]);

/* ---- The phone: author_phone.c, author_dial.c ---- */

/* What became of a request. */
enum author_said {
	SAYS_PAGE,    /* page and go_on are set */
	SAYS_STATUS,  /* another status than the reply's */
	SAYS_STRANGE, /* the right status, and not what the dialect writes */
	SAYS_AWAY,    /* nobody there */
	SAYS_UNABLE,  /* the dialect cannot be worked backwards for this */
};

struct author_phone {
	struct author_party *party;
	struct author_line *line, *second; /* second: for what is sent twice at once */
	struct phone number;
	const char *dialled, *network;
	FILE *trace;         /* or NULL */
	struct arena *arena; /* of the session at hand */
	struct buf path;     /* all that was typed, joined */
	struct str separator, session;
	unsigned turns, pieces; /* requests; what path holds */
	bool open;
	bool asked; /* the last request was answered: request and answer are set */
	struct wire_request request;
	struct wire_answer answer;
	/* Of the last request. */
	struct str page;
	bool go_on;
	enum author_away away;
	int64_t took_ms;
};

/* session: NULL makes one up. */
enum author_said author_phone_dial(struct author_phone *ph, const char *session);
enum author_said author_phone_answer(struct author_phone *ph, struct str typed);
/* *same: the bytes were those of the first time. */
enum author_said author_phone_repeat(struct author_phone *ph, bool *same);
/* ---- What aggregators do wrong: author_phone_fault.c ---- */

/*
 * typed with p NULL: the last request, otherwise an answer. Lost: the reply
 * gets lost on its way and the request is sent again. Twice: two at once, over
 * two connections.
 */
enum author_said author_phone_lost(struct author_phone *ph, struct str typed, bool *same);
enum author_said author_phone_twice(struct author_phone *ph, struct str typed, bool *same);
/*
 * An answer under another id, or (number given) from another number on this id.
 * Its page is shown, and the session stands where it stood.
 */
enum author_said author_phone_stray(struct author_phone *ph, struct str typed,
				    const struct phone *number);

/* The pieces of an exchange that the faults use. */
struct str author_phone_target(struct author_phone *ph, const struct wire_request *req);
enum author_said author_phone_prepare(struct author_phone *ph, enum channel_move move,
				      struct str typed);
enum author_said author_phone_read(struct author_phone *ph);
void author_phone_type(struct author_phone *ph, struct str typed);
enum author_said author_phone_step(struct author_phone *ph);

/* True when the gateway was told (and said 200). */
bool author_phone_drop(struct author_phone *ph, enum channel_move move);

/* As author_dial, on a loop that the caller owns. */
MUSTUSE int author_dial_on(struct loop *l, const struct author_dial_options *o);

/* "SCREEN 1 · ucs2 71 of 80 · 1 ms" and its lines; author_screen.c. */
void author_screen_print(FILE *to, unsigned number, struct str page, struct page_limit limit,
			 int64_t took_ms, bool ascii);
/* What a status that is no reply probably means. */
const char *author_status_sentence(int status);
/* The exit code it leads to. */
int author_status_exit(int status);

/* ---- The carrier: author_carrier.c, author_fault.c, author_report.c ---- */

enum author_act { ACT_SAY, ACT_BROKEN, ACT_HANG, ACT_RESET, ACT_GARBAGE };
struct author_fault {
	const char *word;
	enum author_act act;
	enum channel_said said; /* ACT_SAY */
};
/* NULL when there is no such word. */
const struct author_fault *author_fault_find(struct str word);
/* "accept, reject, ..." */
const char *author_fault_words(struct arena *a);

struct author_carrier;
/* Listens on the loop; on_done when count is reached. 0 or an exit code, said on err. */
MUSTUSE int author_carrier_new(struct loop *l, const struct author_carrier_options *o,
			       void (*on_done)(void *arg), void *arg, struct author_carrier **out);
uint16_t author_carrier_port(const struct author_carrier *c);
void author_carrier_free(struct author_carrier *c);

#endif
