/*
 * What stays inside admin/: a connection carries one ask at a time; an ask
 * walks from its request line to its end line.
 *
 * The walk: admin_peer.c cuts a line -> ask_begin: who (staff row), which verb,
 * may they (admin_scope.c), arguments (admin_args.c), the PERSON among those
 * they reach (admin_find.c) -> the verb's handler -> rows into the page, on the
 * loop or on the reader thread -> ask_show or ask_change: one job with the audit record
 * and, for a change, the rows of the change -> after the commit the page leaves
 * -> the next page, when the connection has room -> ask_end.
 *
 * An ask outlives its connection while a job or a read of it is under way, and
 * the admin struct outlives admin_free as long as such an ask is left.
 */
#ifndef WASL_ADMIN_ADMIN_INT_H
#define WASL_ADMIN_ADMIN_INT_H

#include "admin/admin.h"
#include "admin/admin_wire.h"

struct peer;
struct ask;
struct names;

/* Zone data as an ask found it; a reload must not take it from a running one. */
struct zone_held {
	struct zone *zone;
	struct zone_held *older;
};

struct admin {
	struct admin_options o;
	struct evconnlistener *listener;
	struct peer *peers;
	size_t n_peers, asks;
	struct zone_held *zones; /* the first one counts */
	struct names *names;
	int64_t request_ms, follow_ms;
	bool closing;
};
/* An ask or a read of the names ended: frees what only waited for that. */
void admin_settle(struct admin *a);
struct zone *admin_zone(const struct admin *a);

/* ---- admin_peer.c ---- */

/* W_EBUSY, W_EIO with a fault. */
MUSTUSE int peer_listen(struct admin *a, struct err *err);
void peer_close_all(struct admin *a);
void peer_write(struct peer *c, struct str lines);
/* Runs next(arg) when what was written has left. */
void peer_when_drained(struct peer *c, void (*next)(void *arg), void *arg);
/* The ask has written its end line; the connection may ask again. */
void peer_ask_ended(struct peer *c);
void peer_close_when_drained(struct peer *c);
/* Ends the daemon when the answer has left, or cannot leave any more. */
void peer_stop_when_drained(struct peer *c);
void peer_take_ask(struct peer *c, struct ask *ask);
struct admin *peer_admin(const struct peer *c);
int64_t peer_uid(const struct peer *c);

/* ---- admin_ask.c ---- */

struct arg_value {
	bool given;
	struct str text;
	int64_t number; /* NUMBER, SINCE, INSTANT */
	struct phone phone;
};

/* Rows on their way out, and what the audit will say was shown. */
struct page {
	struct arena *arena;
	struct buf lines, ids;
	size_t rows, looked_at; /* on the page; read for it */
	int64_t after;          /* key of the last row looked at */
	bool more;              /* there may be further rows */
	int rc;
};

/* A row of a stream as it was last sent. */
struct seen {
	int64_t id;
	uint64_t what;
};

struct ask {
	struct admin *a;
	struct peer *peer; /* NULL: gone */
	struct arena *arena;
	struct admin_request request;
	const struct admin_verb *verb;
	struct arg_value args[ADMIN_ARGS_MAX];
	struct zone *zone;
	int64_t now;

	struct row_staff staff; /* id 0: nobody we know */
	int role;               /* index of the role used, -1 none */
	enum admin_relation relation;
	struct row_person person; /* the PERSON argument; id 0: none */
	const char *why;          /* how it was found, for the audit */

	/* Belongs to the reader thread while a read is pending, to the loop otherwise. */
	struct page page;
	struct arena *scan;                                  /* rows being read */
	void (*read)(struct store_reader *r, struct ask *c); /* fills the page */
	void (*on_read)(struct ask *c); /* on the loop, after the read: adds what only it knows */
	struct filter filter;
	size_t total, limit; /* rows so far; 0: no limit */
	void *extra;         /* the verb's own, in the ask's arena */

	bool pending, finished;
	void (*on_changed)(struct ask *c); /* after the commit of a change, before rows leave */
	enum admin_code end_code;
	const char *end_text;
	bool stop_after;

	bool follow;
	struct timer *timer;
	int64_t look_from; /* the next look of a stream starts here */
	struct seen *seen, *fresh;
	size_t n_seen, n_fresh;
};

void ask_begin(struct peer *peer, struct str line);
/* The connection is gone. */
void ask_gone(struct ask *c);

/* Fills pages by read on the reader thread until there is no more. */
void ask_read(struct ask *c, void (*read)(struct store_reader *r, struct ask *c));
/* The page is filled: records it, sends it, ends. */
void ask_show(struct ask *c);
/* Records and runs a change with the rows already in job, sends the page, ends. */
void ask_change(struct ask *c, struct store_job *job);
/* Records a refused attempt, then ends. */
void ask_deny(struct ask *c, enum admin_code code, const char *text);
/* Ends without a record: nothing was looked at. */
void ask_end(struct ask *c, enum admin_code code, const char *text);
/* Neither found nor theirs: one text for both. */
void ask_none(struct ask *c);
void ask_no_number(struct ask *c);

/* Adds a row; ref (may be empty) is for the audit. Takes row over. */
void page_add(struct ask *c, struct str ref, json_t *row);
void page_note(struct ask *c, struct str ref);
/* For each of a list: the row with this key was looked at. What each is to return. */
int page_next(struct ask *c, int64_t key);
/* A list came back with rc: is there more of it? */
void page_listed(struct ask *c, int rc);

/* ---- admin_log.c ---- */

/* Waits for the next look of a stream. */
void follow_wait(struct ask *c);

/* ---- admin_args.c ---- */

/* NULL, or what is wrong. */
const char *args_read(struct ask *c);
const struct arg_value *arg(const struct ask *c, const char *name);
struct str arg_text(const struct ask *c, const char *name);
int64_t arg_number(const struct ask *c, const char *name);
bool arg_yes(const struct ask *c, const char *name);
/* since, until, limit, after and the PERSON argument, and what the relation reaches. */
void args_filter(struct ask *c);

/* ---- admin_scope.c ---- */

/* The widest role for the verb; false: none. */
bool scope_role(struct ask *c);
/* The widest role that reaches this person; false: none does. */
bool scope_reaches(struct ask *c, const struct row_person *p);
/* The role chosen already reaches them. */
bool scope_holds(const struct ask *c, const struct row_person *p);
bool scope_holds_centre(const struct ask *c, int64_t centre);
/* A role for people, not one over everybody, reaches this person. */
bool scope_knows(const struct ask *c, const struct row_person *p);
/* Does any role of the caller have this relation for the verb? */
bool scope_has(const struct ask *c, enum admin_relation relation);
void scope_filter(const struct ask *c, struct filter *f);

/* ---- admin_find.c ---- */

enum { FIND_MAX = 50 };
struct found {
	int64_t persons[FIND_MAX];
	size_t n;
	bool cut;        /* more fit */
	const char *why; /* "ref" "number" "name" */
};
/* People the caller reaches. W_EBUSY: the names are not read yet. */
MUSTUSE int find_persons(struct ask *c, struct str typed, struct found *out);
/*
 * Resolves the PERSON argument into c->person. False: the ask has been ended
 * (nobody, or several, whose rows were sent).
 */
bool find_person(struct ask *c, const char *name);
void find_add_row(struct ask *c, struct store_reader *r, int64_t person);

/* ---- admin_names.c: folded names in memory, on the loop ---- */

struct names *names_new(struct admin *a);
void names_free(struct names *n);
bool names_ready(const struct names *n);
void names_put(struct names *n, int64_t person, int64_t centre, struct str ar, struct str la);
void names_drop(struct names *n, int64_t person);
/* key: folded. Does a name of this person hold it? */
bool names_match(const struct names *n, int64_t person, const char *key);
/* centre 0: any. Stops when each returns false. */
void names_search(const struct names *n, int64_t centre, const char *key,
		  bool (*each)(void *ctx, int64_t person), void *ctx);

/* ---- admin_row.c ---- */

/* Empty texts and times 0 are left out. Controls and direction marks are taken out. */
void row_text(json_t *row, const char *key, struct str text);
void row_words(json_t *row, const char *key, const char *text);
void row_time(const struct ask *c, json_t *row, const char *key, int64_t at);
void row_number(json_t *row, const char *key, int64_t number);
void row_bool(json_t *row, const char *key, bool yes);
/* ref, name_ar, name_la. */
void row_names(const struct ask *c, json_t *row, const struct row_person *p, struct arena *a);
/* Opens a name; STR_NONE when there is none. */
struct str open_name(struct store *s, const struct row_person *p, bool arabic, struct arena *a);
/* The sealed value of a row in clear, or STR_NONE. */
struct str open_value(struct store *s, const struct seal_place *place, struct sealed value,
		      struct arena *a);
/* The number behind the person's active link. */
MUSTUSE int person_phone(struct store *s, struct store_reader *r, int64_t person, struct arena *a,
			 struct phone *out);
void row_phone(json_t *row, const char *key, const struct phone *phone, bool in_full);
void row_login(json_t *row, const char *key, struct store_reader *r, int64_t staff,
	       struct arena *a);
void row_roles(json_t *row, const char *key, unsigned roles);
/* The person of a row, when the ask may show it; then names are in the row. */
bool row_person_of(struct ask *c, struct store_reader *r, int64_t person, json_t *row,
		   struct row_person *out);
json_t *need_row(struct ask *c, struct store_reader *r, const struct row_need *need,
		 struct row_person *person);
json_t *callback_row(struct ask *c, struct store_reader *r, const struct row_callback *row,
		     struct row_person *person, bool in_full);
/* The ask-back of the number argument, when it is one of theirs; c->person is set. False: the ask
 * has been ended. */
bool callback_reached(struct ask *c, struct row_callback *out);
void overdue_values(struct ask *c, json_t *row, const struct overdue *o);
/* Who was heard of last before this is silent. */
int64_t silent_since(const struct ask *c);
/* A row {key, value, note} or {check, state, text} on the page. */
void page_add_three(struct ask *c, const char *const names[3], const char *a, const char *b,
		    const char *third);

/* ---- admin_ctl.c ---- */

struct backlog {
	size_t queued, held, uncertain; /* at most 1,000 each */
};
void backlog_read(struct store_reader *r, struct arena *a, struct backlog *out);

/* ---- admin_channel.c ---- */

/* Why a channel does nothing, or NULL: off, or stopped by its sender. */
const char *admin_channel_stopped(const struct admin *a, const char *name);

/* ---- The handlers, one a verb ---- */

#define VERB(handler, words, cw, sup, adm, aud, mgt, kept, row, sentence, ...) \
	void verb_##handler(struct ask *c);
#include "admin/admin_verbs.def"
#undef VERB

/* ---- For tests ---- */

void admin_set_patience(struct admin *a, int64_t request_ms, int64_t follow_ms);

#endif
