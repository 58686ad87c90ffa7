/*
 * The other sides of the gateway, for tests, for the lab and for trying out a
 * file before it serves: a telephone in the terminal, an aggregator on
 * loopback, and the checkers of menus and dialects behind `wasl dial`, `wasl
 * carrier`, `wasl menu ...` and `wasl channel ...`.
 *
 * Each function is a whole command: it prints to the streams it is given and
 * returns the exit code. The phone and the carrier run an event loop of their
 * own on the calling thread and speak plain HTTP. No aggregator is known by
 * name here: the dialect file is run backwards.
 *
 * Never: a path secret or a secret on the screen, a number unmasked unless
 * asked for, anything written to the log or to a database.
 */
#ifndef WASL_AUTHOR_AUTHOR_H
#define WASL_AUTHOR_AUTHOR_H

#include "base/check.h"

#include <stdio.h>

enum author_exit {
	AUTHOR_DONE = 0,
	AUTHOR_FAILED = 1,       /* an expectation missed, an answer not understood */
	AUTHOR_USAGE = 2,        /* the options cannot work; the sentence is on err */
	AUTHOR_NONE = 3,         /* no such file, channel or section */
	AUTHOR_LINT = 5,         /* faults in a file */
	AUTHOR_UNREACHABLE = 75, /* no connection, no answer, 429 or 503: try again */
};

struct author_pair {
	const char *name, *text;
};

/*
 * Whose side is played. Either config and channel, and everything is read from
 * there (the secrets too: the caller must be allowed to); or a dialect file
 * with what it needs. What is given here besides config counts before it.
 * Settings and secrets that are missing are made up: enough to dial a dialect
 * that signs nothing, while the carrier compares what a call holds.
 */
struct author_account {
	const char *config;   /* wasl.yaml, or NULL */
	const char *channel;  /* its name there; NULL: the only one, or the first */
	const char *dialect;  /* a file, or the name of one in dialects; NULL with config */
	const char *dialects; /* folder of the installed ones, when config does not say */
	const char *code;     /* "*384*1234#"; NULL: as config says */
	const struct author_pair *settings, *secrets;
	size_t n_settings, n_secrets;
};

/* ---- The phone ---- */

/*
 * What can be typed, and stand on a line of a script:
 *
 *   anything else  the answer to the page
 *   :send TEXT     the same, for texts that look like a command, or nothing at all
 *   :repeat        the last request once more; the answer must have the same bytes
 *   :new           dials again, a new session
 *   :timeout       the network drops the session (told to the gateway where the dialect can)
 *   :abort         the caller hangs up (told likewise)
 *   :leave         leaves without telling anybody
 *   q, :quit       hangs up and leaves; so does the end of the input
 *   !lost TEXT     the answer TEXT, but its reply gets lost and the request is sent again
 *   !double TEXT   ... and the request comes twice at once, over two connections
 *   !wrong-id TEXT an answer under an id nobody knows; the call goes on with its own
 *   !other PHONE TEXT  an answer from another number under the same id, likewise
 *   !timeout       as :timeout
 *   !drop          the network breaks off and nobody tells the gateway
 *                  (!lost and !double without TEXT: the last request)
 *   :help          these lines
 *   expect TEXT    the page shown last contains TEXT
 *   refuse TEXT    it does not
 *   ended, open    the session is over, or not
 *   # TEXT         a remark; empty lines are passed over
 */
struct author_dial_options {
	struct author_account account;
	/*
	 * Whole address of the USSD section, path secret included, as `wasl channel show` tells
	 * it: "http://127.0.0.1:8080/c/at-1/SECRET/ussd". NULL with config: made from its first
	 * TCP listen address. Only http.
	 */
	const char *address;
	const char *phone;          /* any spelling; NULL: one made up, +212600000001 */
	const char *dialled;        /* "*384*1234*1#" with answers in advance; NULL: the code */
	const char *session;        /* their id; NULL: a random one */
	const char *network;        /* NULL: not said */
	const char *const *answers; /* typed in turn, before the script */
	size_t n_answers;
	const char *script;  /* a file, "-" for in, or NULL */
	const char *record;  /* a file the call is written to as a dialogue, or NULL */
	const char *given;   /* lines that go to the top of it, or NULL */
	int64_t now;         /* the gateway's clock, for the same; 0: not known */
	const char *menus;   /* a folder: each page is shown in all its languages; or NULL */
	bool interactive;    /* a prompt on in after answers and script (not with script "-") */
	bool ascii;          /* '-' for the middle dot */
	bool trace;          /* requests and answers as they are, path secret left out */
	int64_t patience_ms; /* for an answer; 0: 15 s */
	FILE *in, *out, *err;
};
/*
 * FAILED as soon as an expectation is missed, a repeat gets other bytes, an
 * answer line finds the session over, or the gateway refuses; in a prompt the
 * person reads the sentence and goes on, and it counts at the end.
 */
MUSTUSE int author_dial(const struct author_dial_options *o);

/* ---- The carrier ---- */

struct author_carrier_options {
	struct author_account account;
	uint16_t port; /* on 127.0.0.1; 0: any free one */
	/*
	 * Whole address of the report section; NULL with config: made from its first TCP listen
	 * address; "" sends none. Only http.
	 */
	const char *report_address;
	const char *reports;     /* states in turn: "sent,delivered"; NULL: "delivered" */
	int64_t report_delay_ms; /* between the answer and the first report, and between two */
	/*
	 * Words for the messages in turn, from the first again after the last: accept, reject,
	 * 5xx, hang, reset, garbage, and optout, again, busy, hold, fault, denied, uncertain where
	 * the dialect has a word for it. NULL: accept.
	 */
	const char *faults;
	size_t count; /* leaves after so many messages and their reports; 0: at SIGINT, SIGTERM */
	bool jsonl;   /* one JSON object a line */
	bool show_numbers; /* else masked */
	bool ascii;
	FILE *out, *err;
};
/*
 * Prints "carrier: ready on 127.0.0.1:PORT" when it listens. JSON lines: event
 * "ready" {port}, "message" {at, said, to, text, coding, units, parts, ref, id},
 * "report" {at, id, state, status}, "unread" {at}: a call the dialect does not
 * make with these settings.
 */
MUSTUSE int author_carrier(const struct author_carrier_options *o);

/* ---- Checkers ---- */

enum author_graph { AUTHOR_GRAPH_TEXT, AUTHOR_GRAPH_DOT, AUTHOR_GRAPH_MERMAID };

struct author_menu_options {
	const char *dir;
	uint16_t gsm7, ucs2;         /* the smallest page of any channel; 0: 182 and 80 */
	const char *const *reserved; /* keys gateways take for themselves */
	size_t n_reserved;
	bool ascii;
	bool quiet; /* no summary, only faults */
	bool check; /* fmt, texts import: says what would change, changes nothing */
	bool tsv;   /* size: tab-separated with a title row */
	enum author_graph graph;
	const char *node;  /* graph: from this page or run on; NULL: all */
	const char *lang;  /* texts export: a PO file for this language; NULL: a CSV table of all */
	const char *other; /* diff: the folder as it is now; texts import: the file, "-" for in */
	FILE *in, *out;
	FILE *err; /* faults; NULL: out, as the lint has it */
};
/* Every fault, then "20 nodes · 4 languages · 52 screens · 2 errors, 3 warnings". LINT on errors.
 */
MUSTUSE int author_menu_lint(const struct author_menu_options *o);
/*
 * A row for each screen and language, placeholders at their longest: coding,
 * units, pages, how many letters still fit, and what a single letter outside
 * GSM-7 would make of a page in it.
 */
MUSTUSE int author_menu_size(const struct author_menu_options *o);
/* Quotes and aligns the texts of all files, prints the names of those it changed. check: FAILED
 * when there is one. */
MUSTUSE int author_menu_fmt(const struct author_menu_options *o);
/* What leads where, each way with its key or condition. NONE: no such node. */
MUSTUSE int author_menu_graph(const struct author_menu_options *o);
/* What is otherwise in other than in dir, in words: pages, options, answers, ways, texts of lists
 * and messages. *n, if given, is how many differences there are. */
MUSTUSE int author_menu_diff(const struct author_menu_options *o, size_t *n);
/*
 * Texts for translators and back. Export prints, import puts texts at their
 * places and leaves every other byte as it is; an empty text leaves what is
 * there. LINT with every fault at its line, and nothing is written, also when
 * the menus would not load with the new texts.
 */
MUSTUSE int author_menu_export(const struct author_menu_options *o);
MUSTUSE int author_menu_import(const struct author_menu_options *o);

/* Every fault of a dialect file, then what it has. LINT on errors. */
MUSTUSE int author_channel_lint(const char *file, bool ascii, FILE *out);
/* A row for each dialect of a folder: name, sections, about's first sentence. */
MUSTUSE int author_channel_list(const char *folder, FILE *out, FILE *err);
/*
 * The settings and secrets it takes (names only), the page, the deadline, and
 * the addresses to give the aggregator. secrets_shown: with the path secret in
 * them, else with "SECRET" in its place.
 */
MUSTUSE int author_channel_show(const struct author_account *account, bool secrets_shown, FILE *out,
				FILE *err);
/*
 * A recorded request ("POST /ussd HTTP/1.1", headers, empty line, body;
 * anything may stand before the section's own path) read by the dialect: the
 * normal form, one "name: value" a line, then the answer's bytes; page is what
 * a USSD answer says. FAILED when the dialect refuses it.
 */
MUSTUSE int author_channel_try(const struct author_account *account, const char *request_file,
			       const char *page, bool go_on, FILE *out, FILE *err);

#endif
