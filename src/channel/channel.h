/*
 * A channel: an account with an aggregator. A dialect file (contrib/dialects/)
 * says how that company talks; with the account's settings and secrets it
 * becomes a channel, which turns calls into one normal form and answers and
 * messages back into bytes. Nothing after this folder knows who called.
 *
 * The walk in: channel_tail (whose call is it, is the path secret right) ->
 * channel_parse (section, proof, body, values) -> events -> channel_reply or
 * channel_ack. The walk out: channel_send_build -> somebody sends it ->
 * channel_send_read. channel_play_* are the same two walks from the other
 * side, for the terminal phone and the fake carrier.
 *
 * A dialect and a channel are read-only once made: any thread. A call touches
 * its arena only. No I/O after dialect_load. Numbers, texts, paths and secrets
 * never reach a log or a message. Dialects know places, tables and templates:
 * no C here or elsewhere knows an aggregator by name.
 */
#ifndef WASL_CHANNEL_CHANNEL_H
#define WASL_CHANNEL_CHANNEL_H

#include "base/err.h"
#include "base/wire.h"
#include "text/text.h"

/* ---- Dialects ---- */

struct dialect;

/*
 * Reads, checks and compiles a file; every fault goes to err with its place.
 * W_EINVAL or W_ENOENT when there was one. The dialect lives in the arena;
 * dialect_free gives back the patterns and comes before arena_free.
 */
MUSTUSE int dialect_load(const char *path, struct arena *a, struct dialect **out, struct err *err);
/* The same from memory; name stands for the file in messages. */
MUSTUSE int dialect_load_text(const char *name, struct str text, struct arena *a,
			      struct dialect **out, struct err *err);
void dialect_free(struct dialect *d);
const char *dialect_name(const struct dialect *d);
const char *dialect_about(const struct dialect *d); /* "" when not given */

/* What a channel must (or may) give; for `wasl channel show` and for messages. */
struct dialect_need {
	const char *name, *about; /* about: "" when not given */
	bool secret, optional;
	const char *fallback; /* the default of a setting, or NULL */
};
size_t dialect_needs(const struct dialect *d, const struct dialect_need **out);

/* ---- Accounts and channels ---- */

struct channel_setting {
	const char *name;
	struct str text;
};

struct channel_secret {
	const char *name;
	struct str texts[2]; /* two live secrets while one replaces the other; the second may be
				empty */
};

/* As wasl.yaml says it. Everything is copied by channel_new. */
struct channel_account {
	const char *name, *centre, *code; /* code: what people dial, "*384*1234#" */
	struct page_limit page;           /* 0: as the dialect says; never more than that */
	struct str path_secrets[2];       /* the first is the one we tell; both are taken */
	const struct channel_setting *settings;
	size_t n_settings;
	const struct channel_secret *secrets;
	size_t n_secrets;
	struct str public_url;                 /* "https://wasl.example", for addresses we tell */
	const char *const *accept_unconfirmed; /* section words ("ussd") somebody vouched for */
	size_t n_accept_unconfirmed;
	const char *file; /* where faults point, the channel's place in wasl.yaml */
	uint32_t line, col;
};

struct channel;

/*
 * W_EINVAL with every fault in err: a setting or secret that is missing,
 * unknown or of the wrong form, no proof at all, a doubtful section nobody
 * accepted. The dialect must outlive the channel. Secrets are wiped by
 * channel_free.
 */
MUSTUSE int channel_new(const struct dialect *d, const struct channel_account *account,
			struct channel **out, struct err *err);
void channel_free(struct channel *ch);

const char *channel_name(const struct channel *ch);
const char *channel_centre(const struct channel *ch);
const char *channel_code(const struct channel *ch);
const struct dialect *channel_dialect(const struct channel *ch);
struct page_limit channel_page_limit(const struct channel *ch);
int64_t channel_deadline_ms(const struct channel *ch);
/* Keys the gateway takes for itself; the lint warns about menus that use them. */
size_t channel_reserved_keys(const struct channel *ch, const struct str **out);
/* Largest body any section takes, bytes. */
size_t channel_body_max(const struct channel *ch);

/*
 * "/c/NAME/SECRET/tail" is ours: true, and *tail is what follows, with its
 * slash. The secret is compared in constant time with both live ones. A channel
 * without a path secret answers to "/c/NAME/tail". False is answered like
 * every other failed proof: 403, empty.
 */
bool channel_tail(const struct channel *ch, struct str path, struct str *tail);

/*
 * May the query of a call to this tail hold bytes that are no text (NUL, other
 * encodings than UTF-8)? Only where the dialect reads a parameter as bytes.
 */
bool channel_takes_bytes(const struct channel *ch, struct str tail);

/* What a call to us is about. */
enum channel_kind {
	CHANNEL_USSD,
	CHANNEL_USSD_END,
	CHANNEL_SMS,
	CHANNEL_REPORT,
	CHANNEL_OPTOUT,
	CHANNEL_PING,
	CHANNEL_KINDS
};
const char *channel_kind_word(enum channel_kind k); /* "ussd_end" as in dialects */
/*
 * The whole address to give the aggregator, secret included, or STR_NONE when
 * the dialect has no such section. For a human's eyes, never for a log.
 */
struct str channel_address(const struct channel *ch, enum channel_kind k, struct arena *a);

/* ---- Calls to us ---- */

enum channel_move {
	MOVE_BEGIN,
	MOVE_CONTINUE,
	MOVE_AUTO,    /* begin if wasl has no such session, else continue */
	MOVE_END,     /* finished as planned */
	MOVE_ABORT,   /* somebody left, or we failed */
	MOVE_TIMEOUT, /* the gateway says so */
	MOVE_ERROR,   /* not understood */
};
const char *channel_move_word(enum channel_move m); /* "begin" */

enum report_state {
	REPORT_PENDING,
	REPORT_SENT,
	REPORT_DELIVERED,
	REPORT_FAILED,
	REPORT_EXPIRED,
	REPORT_REJECTED,
	REPORT_UNKNOWN
};
const char *report_state_word(enum report_state s); /* "pending" */
bool report_state_final(enum report_state s);

/* An extra value of the dialect's let: kept with the message. value.p NULL: absent. */
struct channel_let {
	const char *name;
	struct str value;
};

/*
 * The normal form. A text that was not there has p NULL; one that was there
 * and empty has not. All of it lives in the arena of the call.
 */
struct channel_event {
	enum channel_kind kind;

	struct str session; /* their id; only with the number is it a key */
	bool has_msisdn;    /* a number field was there */
	bool msisdn_ok;     /* and it is a number: msisdn is set; else it touches nobody */
	struct phone msisdn;
	struct secret msisdn_raw; /* as they wrote it */
	struct str service, network;

	/* USSD and USSD end */
	enum channel_move move;
	struct str outcome;       /* why it ended, small letters */
	bool cumulative;          /* input is the whole path so far, pieces joined by separator */
	struct str separator;     /* "*" unless the dialect says otherwise */
	struct secret input;      /* last style: NULL on begin; on AUTO the caller drops it if it
				     begins */
	struct secret dialled;    /* the dialled string, on begin and AUTO only */
	struct secret in_advance; /* what follows the channel's code in it: "1*2", or NULL */
	struct str turn;
	bool stray_begins; /* continue for an unknown session: begin (else refuse) */

	/* SMS, reports, opt-outs */
	struct str id, ref; /* theirs, ours */
	struct str to;
	struct secret text;
	int64_t at;           /* their time if it could be read, else now */
	struct str time_word; /* as they wrote it */
	struct str part_ref, part_number, part_of;
	enum report_state state;
	bool final;
	struct str word, reason; /* their word for the state, before it was mapped */

	const struct channel_let *lets;
	size_t n_lets;

	const struct section *section; /* borrowed from the dialect, for the reply */
	struct piece *slots;           /* what the section read, for replies that echo */
};

/*
 * 0 with n events (several for a batch; 0 for an empty one, and then
 * (*events)[0] may still be given to channel_ack), or the refusal to answer:
 * W_ENOENT (404), W_EPROTO (405, no section takes the method), W_EDENIED (403,
 * empty, the same for every cause), W_EINVAL (the dialect's refuse). tail as
 * given by channel_tail; now in seconds.
 */
MUSTUSE int channel_parse(const struct channel *ch, const struct wire_request *req, struct str tail,
			  int64_t now, struct arena *a, struct channel_event **events, size_t *n,
			  struct wire_answer *refusal);

/* The answer to begin and continue of a USSD section. go_on: does the session stay open? */
void channel_reply(const struct channel *ch, const struct channel_event *ev, struct str page,
		   bool go_on, struct arena *a, struct wire_answer *out);
/* The answer to everything else. live: do we know ev->session? (for pings that ask) */
void channel_ack(const struct channel *ch, const struct channel_event *ev, bool live,
		 struct arena *a, struct wire_answer *out);
/* What a malformed call gets, also for calls the caller itself refuses (too long, stray). */
void channel_refuse(const struct channel *ch, const struct channel_event *ev, struct arena *a,
		    struct wire_answer *out);

/* ---- Messages out ---- */

struct channel_message {
	struct phone phone;
	struct str text; /* valid UTF-8 */
	struct str ref;  /* ours, 1-64 of A-Za-z0-9- */
	enum text_coding coding;
	const struct phone *others; /* further numbers for the same text; the outbox gives none */
	size_t n_others;
};

/* True when the dialect has a send section that takes this channel. */
bool channel_can_send(const struct channel *ch);
/*
 * The call, absolute url included, in arena memory. W_ENOENT: nothing here
 * sends. W_EINVAL: a value the call needs is not there, or a joined list is not
 * in the dialect. W_ETOOBIG: over 16 KiB. token: the login's, or STR_NONE.
 */
MUSTUSE int channel_send_build(const struct channel *ch, const struct channel_message *msg,
			       int64_t now, struct str token, struct arena *a,
			       struct wire_request *out);
/* Bits of the concatenation reference they use: 8 or 16. */
unsigned channel_reference_bits(const struct channel *ch);
/* How long they refuse a second use of a reference, seconds; 0: they do not promise it. */
int64_t channel_idempotent_span(const struct channel *ch);

enum channel_said {
	SAID_ACCEPTED,  /* theirs now */
	SAID_REJECTED,  /* this message or number: final */
	SAID_OPTOUT,    /* final, and consent is withdrawn */
	SAID_AGAIN,     /* surely not sent, their trouble */
	SAID_BUSY,      /* surely not sent, too fast */
	SAID_HOLD,      /* surely not sent, credit or contract: a human must act */
	SAID_FAULT,     /* our call is wrong: final, alarm */
	SAID_DENIED,    /* our credentials: the channel stops */
	SAID_RENEW,     /* the login is over: a new token, once */
	SAID_UNCERTAIN, /* nobody knows: never repeated by itself */
	SAID_COUNT
};
const char *channel_said_word(enum channel_said s); /* "accepted" */

enum { CHANNEL_IDS_MAX = 16 };
struct channel_verdict {
	enum channel_said said;
	struct str ids[CHANNEL_IDS_MAX]; /* theirs; ours (ref) when they gave none and took it */
	size_t n_ids;
	int64_t parts;   /* 0: not said */
	int64_t wait_ms; /* 0: not said */
	struct str word; /* what they said, before it was mapped; p NULL: nothing */
};
/* Reads a complete answer for msg->phone. Never fails: what is not understood is uncertain. */
void channel_send_read(const struct channel *ch, const struct wire_answer *got,
		       const struct channel_message *msg, struct arena *a,
		       struct channel_verdict *out);

/* ---- The login and the setup ---- */

/* True when messages of this channel (or its setup) need a login first. */
bool channel_has_login(const struct channel *ch);
/* The call that asks for a token. W_ENOENT: there is none; else as channel_send_build. */
MUSTUSE int channel_login_build(const struct channel *ch, int64_t now, struct arena *a,
				struct wire_request *out);
struct channel_login {
	struct str token; /* in the arena; a secret */
	int64_t life_s;   /* 0: not said, good until it is refused */
};
/*
 * W_EDENIED: they refused us, asking again would not help. W_EPROTO: no token
 * in it for now.
 */
MUSTUSE int channel_login_read(const struct channel *ch, const struct wire_answer *got,
			       struct arena *a, struct channel_login *out);
/* A call made once when an account is new, such as telling them our addresses. */
bool channel_has_setup(const struct channel *ch);
/* token: the login's, or STR_NONE. W_ENOENT: there is none; else as channel_send_build. */
MUSTUSE int channel_setup_build(const struct channel *ch, int64_t now, struct str token,
				struct arena *a, struct wire_request *out);
/* Any 2xx is done; else W_EDENIED (4xx) or W_EPROTO. */
MUSTUSE int channel_setup_read(const struct wire_answer *got);

/* Host of an absolute http(s) URL, borrowed from it; STR_NONE for anything else. */
struct str channel_url_host(struct str url, bool *https, uint16_t *port);

/* ---- The other side: the phone's gateway and the carrier ---- */

struct play_ussd {
	struct str session;
	struct phone phone;
	enum channel_move move;
	struct str input;   /* typed now */
	struct str path;    /* everything typed so far, input included, joined by the separator */
	struct str dialled; /* "*384*1234#" or with answers; sent on begin */
	struct str turn;    /* p NULL: not known */
	struct str network; /* p NULL: not known */
};

/*
 * The call the aggregator would make, to our own path; end, abort and timeout
 * go to ussd_end where there is one. W_ENOENT: the dialect has no such
 * section. W_EINVAL: its values cannot be worked backwards.
 */
MUSTUSE int channel_play_ussd(const struct channel *ch, const struct play_ussd *play,
			      struct arena *a, struct wire_request *out);
/* Our reply read back. W_EPROTO: it is not what the dialect's reply writes. */
MUSTUSE int channel_play_page(const struct channel *ch, const struct wire_answer *got,
			      struct arena *a, struct str *page, bool *go_on);
/* An SMS somebody sent us. */
MUSTUSE int channel_play_sms(const struct channel *ch, struct str id, const struct phone *from,
			     struct str text, struct arena *a, struct wire_request *out);
/* A delivery report. ref: ours where they bring it back, or STR_NONE. */
MUSTUSE int channel_play_report(const struct channel *ch, struct str id, struct str ref,
				const struct phone *phone, enum report_state state, struct arena *a,
				struct wire_request *out);
/* A call made by channel_send_build, read by the carrier. STR_NONE for what it does not hold. */
MUSTUSE int channel_play_send(const struct channel *ch, const struct wire_request *call,
			      struct arena *a, struct str *to, struct str *text, struct str *ref);
/*
 * The answer to such a call that channel_send_read takes for said. W_EINVAL:
 * the dialect has no word for it (accepted it must have).
 */
MUSTUSE int channel_play_answer(const struct channel *ch, enum channel_said said, struct str to,
				struct str id, struct arena *a, struct wire_answer *out);

#endif
