/*
 * What both ends of the Unix socket know: limits, exit codes, the table of
 * verbs, and the lines themselves.
 *
 * One JSON object a line. {"v":1,"verb":"need list","args":{...}} goes in; each
 * row comes back as {"row":{...}}, in the field order of the verb; the last line
 * is {"end":{"code":0,"text":"...","count":3}}. count is the number of rows
 * there are (for a role that gets counts only there are none, and the text says
 * how many). No end line: the daemon went away, code 75. Rows together with code
 * 3 are the candidates for a PERSON that several fit; they have the fields of
 * "person find". A connection may ask again after an end line.
 *
 * Pure: bytes in, values out, no I/O. Any thread. Knows nothing of the store,
 * so the command line can stand on it alone.
 */
#ifndef WASL_ADMIN_ADMIN_WIRE_H
#define WASL_ADMIN_ADMIN_WIRE_H

#include "base/buf.h"

#include <jansson.h>

enum {
	ADMIN_VERSION = 1,
	ADMIN_REQUEST_MAX = 64 * 1024,      /* bytes of a request line, line end included */
	ADMIN_ROW_MAX = 64 * 1024,          /* bytes of an answer line */
	ADMIN_DEPTH_MAX = 3,                /* nested objects and arrays */
	ADMIN_TEXT_MAX = 512,               /* bytes of one argument */
	ADMIN_CONNECTIONS = 32,             /* at once */
	ADMIN_REQUEST_MS = 10 * 1000,       /* for a request to arrive whole */
	ADMIN_OUTPUT_MAX = 4 * 1024 * 1024, /* bytes a reader may leave waiting, then it is cut */
	ADMIN_PAGE_ROWS = 1000,             /* rows under one audit record */
	ADMIN_PAGE_BYTES = 256 * 1024,      /* a page ends when it is as long as this */
	ADMIN_FOLLOW_MS = 2000,             /* between two looks of a stream */
	ADMIN_ARGS_MAX = 12,
};

/* Exit codes of the command line; an end line carries one of them. */
enum admin_code {
	ADMIN_DONE = 0,
	ADMIN_FAILED = 1,
	ADMIN_USAGE = 2,
	ADMIN_NONE = 3,    /* not found, or several fit */
	ADMIN_MATCHED = 4, /* command line only: --exit-code */
	ADMIN_LINT = 5,    /* faults in a file */
	ADMIN_DENIED = 6,
	ADMIN_CONFLICT = 7, /* changed by someone else */
	ADMIN_CANCELLED = 8,
	ADMIN_AWAY = 75, /* not now; try again */
	ADMIN_INTERRUPTED = 130,
};

/* ---- The table ---- */

enum admin_arg_type {
	ADMIN_NOTHING, /* ends a list */
	ADMIN_TEXT,    /* any text */
	ADMIN_NAME,    /* a person's name: never into a shell history */
	ADMIN_PERSON,  /* ref, phone number in any spelling, or part of a name in either script */
	ADMIN_PHONE,   /* a number in any spelling */
	ADMIN_WORD,    /* one of .words, when it has any */
	ADMIN_NUMBER,  /* 3001, "3001" or with a letter before it: "C-3001", "N-2001" */
	ADMIN_SINCE,   /* "2d", "3h", "today", "yesterday", "monday", a date, a date and time */
	ADMIN_INSTANT, /* "2026-11-23T10:00", a date, "+3d", "+2h", "now" */
	ADMIN_YES,     /* true or false */
};

struct admin_arg {
	const char *name;
	enum admin_arg_type type;
	bool must;
	const char *words; /* "good|so_so|need_help", or NULL */
};

/* Whom a role reaches by a verb, narrowest first. */
enum admin_relation {
	ADMIN_NO,
	ADMIN_COUNTS, /* how many, nobody by name */
	ADMIN_OWN,    /* people of one's present caseload */
	ADMIN_CENTRE, /* people, staff and strangers of one's centre */
	ADMIN_ALL,
};

/* In the order of the bits of a staff row. */
enum { ADMIN_ROLES = 5 };
extern const char *const admin_role_words[ADMIN_ROLES]; /* "caseworker" ... */

/* What the audit keeps of a verb. */
enum admin_record {
	ADMIN_QUIET, /* nobody's data: no record, unless it is denied */
	ADMIN_SHOWN,
	ADMIN_CHANGED,
};

struct admin_verb {
	const char *words; /* "need list" */
	enum admin_relation cells[ADMIN_ROLES];
	enum admin_record record;
	struct admin_arg args[ADMIN_ARGS_MAX + 1]; /* ends with ADMIN_NOTHING */
	const char *fields;                        /* of a row, in order, blank separated */
	const char *help;                          /* one sentence */
};

extern const struct admin_verb admin_verbs[];
extern const size_t admin_verbs_n;
/* NULL: no such verb. */
const struct admin_verb *admin_verb_find(struct str words);
/* The nearest verb to a misspelt one, or NULL. */
const char *admin_verb_nearest(struct str words);

/* ---- Lines, each with its line end ---- */

/* args may be NULL; borrowed. */
void admin_line_request(struct buf *to, const char *verb, const json_t *args);
void admin_line_row(struct buf *to, const json_t *row);
/* count below 0, now NULL: left out. now: the gateway's clock (RFC 3339), which a lab may have set
 * ahead of the terminal's. */
void admin_line_end(struct buf *to, enum admin_code code, const char *text, int64_t count,
		    const char *now);

struct admin_request {
	json_t *root; /* owns the rest */
	struct str verb;
	const json_t *args; /* an object, maybe empty */
};
/*
 * One line without its end. W_EPROTO when it is not such an object: broken
 * JSON, duplicate or unknown keys, too deep, another version; why is then a
 * static sentence. admin_request_done in any case.
 */
MUSTUSE int admin_request_read(struct str line, struct admin_request *out, const char **why);
void admin_request_done(struct admin_request *r);

struct admin_reply {
	json_t *root;      /* owns the rest */
	const json_t *row; /* an object, or NULL: this is the end line */
	int code;          /* of an end line */
	const char *text;
	int64_t count; /* -1: not said */
};
/* W_EPROTO when it is neither a row nor an end. admin_reply_done in any case. */
MUSTUSE int admin_reply_read(struct str line, struct admin_reply *out);
void admin_reply_done(struct admin_reply *r);

#endif
