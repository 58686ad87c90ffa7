/*
 * SQLite: wasl.db and keys.db, and the only place with SQL.
 *
 * Walk of a write: the loop makes a job, adds rows to it with put_* and set_*
 * (they copy into the job's arena), submits it; the writer thread takes every
 * waiting job into one transaction, a savepoint each, commits, and the loop
 * gets on_stored. Rows for keys.db in a job are committed before its rows for
 * wasl.db; no transaction spans both files. Whatever was acknowledged was
 * committed under WAL with synchronous=FULL.
 *
 * Reads: small keyed ones on the loop over its own read-only connection
 * (store_loop_reader); long lists on the reader thread (store_read).
 *
 * Columns that hold a number, a name, a PIN or anything typed take only struct
 * sealed. Row numbers are handed out on the loop (store_next) and are written
 * explicitly. Times are seconds UTC. Words (states, moods …) are stored as text
 * and guarded by CHECKs.
 *
 * Never: SQL outside, a format string in SQL, a second writing connection, an
 * open() of a database file by ourselves while the daemon runs.
 */
#ifndef WASL_STORE_STORE_H
#define WASL_STORE_STORE_H

#include "base/err.h"
#include "base/loop.h"
#include "privacy/privacy.h"

struct store;

struct store_options {
	const char *dir;        /* state folder: wasl.db, keys.db, ballast, lock */
	const char *migrations; /* folder with NNNN_words.sql and keys/NNNN_words.sql */
	const struct keys *keys;
	struct loop *loop;
	size_t ballast;     /* bytes kept to be given up when the disk is full */
	unsigned group_max; /* jobs a transaction; 0 takes 512 */
};
/*
 * Takes the lock file, opens both databases, applies missing migrations (each
 * in one transaction), seeds counters, starts writer and reader. W_EBUSY:
 * another daemon holds the folder. Faults say what and where.
 */
MUSTUSE int store_open(const struct store_options *options, struct store **out, struct err *err);
/*
 * Commits what waits, runs its on_stored, checkpoints, closes. A job submitted
 * from one of these on_stored gets W_EFULL. On the loop's thread; nothing of
 * the store may be used afterwards.
 */
void store_close(struct store *s);
/*
 * on_broken runs once on the loop when a read, write or sync failed: nothing
 * is acknowledged any more, every job gets W_EIO, and the process should end
 * with 75. Set before the first job.
 */
void store_on_broken(struct store *s, void (*on_broken)(void *arg), void *arg);
/* Opens both files read-only, integrity and foreign keys, and reports; for a daemon that is down.
 */
MUSTUSE int store_check_files(const char *dir, struct err *err);
/* Makes both databases in an empty folder: wasld init. */
MUSTUSE int store_create(const char *dir, const char *migrations, const struct keys *keys,
			 struct err *err);

/* The disk is full: only the busy page may be answered, nothing is sent. Heals by itself. Any
 * thread. */
bool store_degraded(const struct store *s);

struct store_status {
	int64_t wal_bytes, db_bytes, jobs_waiting, commits, jobs;
	bool degraded;
	int schema, keys_schema;
};
void store_status(const struct store *s, struct store_status *out);

/* ---- Numbers of rows, handed out on the loop ---- */

enum store_counter {
	NEXT_PERSON,
	NEXT_LINK,
	NEXT_SESSION,
	NEXT_CHECKIN,
	NEXT_NEED,     /* the number people are told; starts at 2001 */
	NEXT_CALLBACK, /* likewise; starts at 3001 */
	NEXT_FLAG,
	NEXT_DUE,
	NEXT_OUTBOX,
	NEXT_CODE,
	NEXT_CONSENT,
	NEXT_STAFF,
	NEXT_CENTRE,
	NEXT_SURVEY,
	NEXT_APPOINTMENT,
	NEXT_PROJECT,
	NEXT_PLACEMENT,
	NEXT_INBOX,
	NEXT_COUNTERS
};
int64_t store_next(struct store *s, enum store_counter c);

/* ---- Keys ---- */

/* A day's key id: minus days since 1970. What belongs to nobody is sealed under it. */
int64_t store_day_id(int64_t now);

/* ---- Jobs ---- */

struct store_job;
typedef void store_on_stored(void *arg, int rc);

struct store_job *store_job_new(struct store *s);
struct arena *store_job_arena(struct store_job *job);
/* For a job that will not be submitted. */
void store_job_free(struct store_job *job);
/*
 * Gives the job away. on_stored (may be NULL) runs on the loop after the
 * commit, or with W_EFULL (disk or queue, or somebody else's lock on the file),
 * W_EEXIST (a constraint, or a row to be changed that is not there or not as
 * expected: this job alone is undone), W_ETOOBIG (a value over its bound; this
 * job alone), W_EIO. The job and its arena are freed after on_stored returns.
 *
 * Every set_* fails its job with W_EEXIST when the row does not exist, but for
 * set_session_end (a second end changes nothing) and set_due.
 */
void store_submit(struct store *s, struct store_job *job, store_on_stored *on_stored, void *arg);
/* Waits on the calling thread until every submitted job is committed. Tests and init. */
void store_flush(struct store *s);

/*
 * The key of a person or a day, unwrapped; kept in memory. W_EGONE: erased or
 * never there. _new makes one and adds it to the job (usable at once).
 */
MUSTUSE int store_key(struct store *s, int64_t key_id, struct data_key *out);
MUSTUSE int store_key_new(struct store *s, struct store_job *job, int64_t key_id,
			  struct data_key *out);
/* A day's key to seal with, made when it is not there yet; a job that seals asks for it here, not
 * by store_key, so that a key not yet on disk travels with everything sealed under it. */
void store_day_key(struct store *s, struct store_job *job, int64_t day_id, struct data_key *out);

/* Convenience over privacy's seal with the store's keys. */
MUSTUSE int store_seal(struct store *s, const struct seal_place *place, struct str plain,
		       struct arena *a, struct sealed *out);
MUSTUSE int store_open_sealed(struct store *s, const struct seal_place *place, struct sealed value,
			      struct arena *a, struct str *plain);

/*
 * Persons behind a number (blind index, in memory); at most max, in order of
 * linking. A person without an active link may be among them after a crash or a
 * full disk: whoever has no active link is not linked.
 */
size_t store_persons_of(struct store *s, const struct digest *number, int64_t *persons, size_t max);
void phone_put(struct store_job *job, const struct digest *number, int64_t person);
void phone_del(struct store_job *job, const struct digest *number, int64_t person);
/* Key, index rows and all rows of wasl.db that are the person's; secure_delete and TRUNCATE
 * checkpoint of keys.db before on_stored. What remains: counts without person, audit records (ids
 * only). */
void person_erase(struct store_job *job, int64_t person);

/* ---- Rows. In a read, texts and sealed bytes live in the arena given to the read. ---- */

struct row_centre {
	int64_t id;
	struct str code;
};
void put_centre(struct store_job *job, const struct row_centre *row);

enum role { /* bits */
	    ROLE_CASEWORKER = 1,
	    ROLE_SUPERVISOR = 2,
	    ROLE_ADMIN = 4,
	    ROLE_AUDITOR = 8,
	    ROLE_MANAGEMENT = 16,
};
struct row_staff {
	int64_t id, centre, uid, at;
	struct str login, name; /* staff names are not secret */
	unsigned roles;
	bool active;
};
void put_staff(struct store_job *job, const struct row_staff *row);
void set_staff(struct store_job *job, int64_t staff, unsigned roles, bool active);

struct row_person {
	int64_t id, centre, at, by_staff;
	struct str ref;                 /* CAS-0147 */
	struct str lang;                /* "ary" …; empty until chosen */
	struct str path;                /* job micro_project undecided */
	struct str status;              /* active paused left closed deceased */
	struct sealed name_ar, name_la; /* key: the person; may be empty */
	bool discreet;
	int64_t caseworker; /* read only: today's caseload; 0 none */
};
void put_person(struct store_job *job, const struct row_person *row);
void set_person_lang(struct store_job *job, int64_t person, struct str lang);
void set_person_status(struct store_job *job, int64_t person, struct str status, int64_t at);
/* Ends the present assignment, if any, and begins another. */
void put_caseload(struct store_job *job, int64_t person, int64_t staff, int64_t at,
		  struct str reason);

struct row_link {                           /* phone_link */
	int64_t id, person, from_at, to_at; /* to_at 0: still */
	struct sealed phone;                /* empty while pending without an expected number */
	struct str sharing;                 /* own shared unknown */
	struct str status;                  /* pending active wrong_person unreachable replaced */
	struct sealed pin;                  /* verifier; empty: none */
};
void put_link(struct store_job *job, const struct row_link *row);
void set_link_status(struct store_job *job, int64_t link, struct str status, int64_t at);
/* pending -> active with the number that dialled. */
void set_link_phone(struct store_job *job, int64_t link, struct sealed phone, int64_t at);
void set_link_sharing(struct store_job *job, int64_t link, struct str sharing);
void set_link_pin(struct store_job *job, int64_t link, struct sealed pin);

/* Failed PINs and codes of a number, by DIGEST_GUARD. */
struct row_guard {
	struct digest number;
	int32_t pin_wrong, pin_total; /* since the last right one; in all since staff reset */
	int64_t pin_locked_until;     /* INT64_MAX: until staff */
	int32_t code_wrong;
	int64_t code_day; /* day number the count belongs to */
};
void put_guard(struct store_job *job, const struct row_guard *row); /* insert or replace */

struct row_code { /* enrol_code */
	int64_t id, person, link, expires_at, used_at;
	struct digest code;     /* DIGEST_CODE */
	struct digest expected; /* DIGEST_PHONE of the number staff expect */
	bool has_expected;
};
void put_code(struct store_job *job, const struct row_code *row);
void set_code_used(struct store_job *job, int64_t code, int64_t at);

struct row_consent {
	int64_t id, person, at, by_staff;
	struct str kind; /* asked given refused later paused sms_stopped resumed withdrawn */
	struct str version, lang, channel;
};
void put_consent(struct store_job *job, const struct row_consent *row);

struct row_schedule {
	int64_t person;
	struct str kind; /* checkin */
	uint8_t weekday; /* 0 Sunday */
	uint16_t minute; /* of the day, wall time */
	bool active;
	int64_t next_at; /* the due instant the reminder line looks at; 0 none */
};
void put_schedule(struct store_job *job, const struct row_schedule *row); /* insert or replace */

struct row_checkin {
	int64_t id, person, due_at, opened_at, done_at;
	int32_t week;                          /* yyyymmdd of its Monday, local */
	struct str status;                     /* due partial done missed1 missed2 excused */
	struct str channel;                    /* ussd staff */
	struct str mood, housing, days_worked; /* empty: not answered */
	struct str job, job_mood, job_issue, end_reason;
	struct str menu_version;
	bool verified; /* the PIN was given */
};
void put_checkin(struct store_job *job, const struct row_checkin *row);
/* field: one of the seven above. status moves along; done_at 0 keeps it. */
void set_checkin_answer(struct store_job *job, int64_t checkin, const char *field, struct str value,
			struct str status, int64_t at, int64_t done_at, bool verified);
/* How, and with which menus, it was first answered; what is there stays. */
void set_checkin_opened(struct store_job *job, int64_t checkin, struct str channel,
			struct str menu_version);
void set_checkin_status(struct store_job *job, int64_t checkin, struct str status, int64_t at);

struct row_need {
	int64_t number, person, opened_at, due_at, closed_at, duplicate_of, owner;
	struct str category, urgency, status, source; /* source: ussd sms staff system */
	struct sealed note;                           /* may be empty */
	bool verified;
};
void put_need(struct store_job *job, const struct row_need *row);
void set_need_urgency(struct store_job *job, int64_t number, struct str urgency, int64_t due_at);
void set_need_status(struct store_job *job, int64_t number, struct str status, int64_t at,
		     int64_t owner);

struct row_survey { /* survey_run: a round of questions about a project or a job */
	int64_t id, person, due_at, opened_at, done_at;
	struct str kind;         /* m1 m3 m6 m12 monthly job */
	struct str status;       /* due partial done missed excused */
	struct str channel;      /* ussd sms staff; empty until opened */
	struct str menu_version; /* it was opened with */
	bool verified;
};
void put_survey(struct store_job *job, const struct row_survey *row);
/*
 * One answer, written over an earlier one to the same question; the run's
 * opened_at, channel, menu_version and status move along, done_at 0 keeps it.
 */
struct row_answer {
	int64_t run, at;
	struct str question, value; /* "obstacle", "equipment": words of menu_types.def */
	struct str menu_version;
};
void set_survey_answer(struct store_job *job, const struct row_answer *row, struct str channel,
		       struct str status, int64_t done_at, bool verified);
/* For tests and staff: the state alone. */
void set_survey_status(struct store_job *job, int64_t run, struct str status, int64_t at);

struct row_appointment {
	int64_t id, person, set_at, at, answered_at, with_staff; /* at 0: wished for, no hour */
	struct str place;                                        /* neutral name of the centre */
	struct str status; /* planned confirmed move_requested declined kept missed cancelled */
	struct str wish;   /* morning afternoon other_week call; empty */
};
void put_appointment(struct store_job *job, const struct row_appointment *row);
/* wish empty and answered_at 0 keep what is there. */
void set_appointment(struct store_job *job, int64_t id, struct str status, struct str wish,
		     int64_t answered_at);

struct row_project { /* life_project: one open a person */
	int64_t id, person, opened_at, closed_at, stage_at, handover_at, equipment_at;
	struct str sector, stage;               /* stage: diagnosis … closed */
	struct str equipment, equipment_source; /* ok broken lost_stolen unused; empty */
};
void put_project(struct store_job *job, const struct row_project *row);
/* Of the open project; nothing when there is none. */
void set_project_equipment(struct store_job *job, int64_t person, struct str state,
			   struct str source, int64_t at);

struct row_placement { /* job_placement: one open a person */
	int64_t id, person, start_at, end_at;
	struct str end_reason, source; /* source: ussd staff */
};
void put_placement(struct store_job *job, const struct row_placement *row);
/* Of the open placement; nothing when there is none. */
void set_placement_end(struct store_job *job, int64_t person, struct str reason, int64_t at);

struct row_callback {
	int64_t number, person, key_id; /* person 0: a stranger, then key_id is a day's */
	int64_t asked_at, due_at, closed_at;
	int32_t tries;
	struct sealed phone;                /* the number to call; empty: the person's own */
	struct str wish, priority, outcome; /* outcome empty: open */
	int64_t centre, closed_by;
};
void put_callback(struct store_job *job, const struct row_callback *row);
/* tries + 1; outcome empty keeps it open with a new due time. */
/* W_EEXIST for the job when it is closed already. */
void set_callback(struct store_job *job, int64_t number, struct str outcome, int64_t due_at,
		  int64_t at, int64_t staff);

struct row_flag { /* a mark for the caseworker's list */
	int64_t id, person, at, closed_at;
	struct str kind; /* wrong_person erase_asked help_declined urgent_opened need_kept
			    need_solved pin_locked … */
	int64_t about;   /* number of the need, …; 0 none */
};
void put_flag(struct store_job *job, const struct row_flag *row);
void set_flag_closed(struct store_job *job, int64_t flag, int64_t at);

/* ---- Sessions ---- */

struct row_session {
	int64_t id, person, key_id, begin_at, end_at; /* key_id: what its turns are sealed under */
	struct digest key;                            /* DIGEST_SESSION */
	struct digest number; /* DIGEST_GUARD of the number: finds a drop again */
	struct str channel, menu_version;
	struct sealed phone; /* key_id's */
	struct str end_why;  /* end drop timeout abort replaced; empty: open */
};
void put_session(struct store_job *job, const struct row_session *row);
void set_session_person(struct store_job *job, int64_t session, int64_t person);
void set_session_end(struct store_job *job, int64_t session, struct str why, int64_t at);

struct row_turn { /* rowid = session * 256 + turn */
	int64_t session, at;
	uint8_t turn;
	uint32_t consumed; /* bytes of the cumulative path taken so far */
	struct digest
		path; /* DIGEST_PATH of what was consumed, or of (turn, input) for the last style */
	bool go_on;
	struct sealed input, reply, state;
};
void put_turn(struct store_job *job, const struct row_turn *row);

/* ---- Reminders and messages ---- */

struct row_due {
	int64_t id, person, due_at, expires_at, cause_at;
	struct str rule;       /* name in reminders.yaml */
	struct str occurrence; /* "2026-11-23" */
	struct str state;      /* waiting sent skipped expired held */
	struct str why;        /* skipped: reason word */
	int64_t about;         /* check-in row, … */
};
void put_due(struct store_job *job, const struct row_due *row);
/*
 * From waiting or held only; due_at 0 keeps it. To sent it must still be
 * waiting or held (W_EEXIST: answered meanwhile, so the message of the same job
 * is not added either); any other word leaves a settled row as it is.
 */
void set_due(struct store_job *job, int64_t due, struct str state, struct str why, int64_t due_at);

struct row_outbox {
	int64_t id, person, created_at, send_after, expires_at, claimed_at, settled_at, reported_at;
	struct str rule, occurrence; /* unique with person */
	struct str channel, template_id, lang, coding;
	int32_t parts, tries;
	struct str state; /* held queued claimed accepted rejected uncertain delivered failed
			     expired suppressed cancelled */
	struct str ref;   /* 128 random bits, hex; made at the first claim */
	struct sealed phone, text;    /* the person's key */
	struct str provider_id, word; /* word: the aggregator's last word */
};
void put_outbox(struct store_job *job, const struct row_outbox *row);
/* Changes state when the present one is from; W_EEXIST for the job when it is not (somebody was
 * faster). */
/* From queued; counts a try; a ref that is there stays. */
void set_outbox_claimed(struct store_job *job, int64_t id, struct str ref, int64_t at);
void set_outbox_state(struct store_job *job, int64_t id, struct str from, struct str to,
		      struct str provider_id, struct str word, int64_t at, int64_t send_after);

struct row_inbox {                  /* an SMS that somebody sent */
	int64_t id, person, key_id; /* person 0: not exactly one is known, then key_id is a day's */
	int64_t centre;             /* of the channel; the person's own counts more */
	int64_t at, said_at;        /* came; by the sender's clock, 0 not said */
	struct digest key;          /* shared by its repeats */
	struct str channel, provider_id, sent_to;
	struct str part_ref;
	int32_t part_number, part_of; /* 0: whole, or not said */
	struct str state;             /* new done */
	struct sealed phone, text;    /* under key_id's; may be empty */
};
/* Nothing happens when one with this key is there. */
void put_inbox(struct store_job *job, const struct row_inbox *row);

/* ---- Audit: append-only, chained by the writer in commit order ---- */

struct row_audit {
	int64_t at, staff, person; /* person 0: a list; ids tells */
	struct str role, verb, why;
	struct str ids;    /* refs or row numbers shown or changed, blank separated */
	struct str result; /* shown changed denied */
};
void put_audit(struct store_job *job, const struct row_audit *row);

/* ---- Reading ---- */

struct store_reader;
struct store_reader *store_loop_reader(struct store *s); /* CHECK_ON_LOOP */

/*
 * Runs read(reader, arg) on the reader thread, then done(arg) on the loop. One
 * read transaction a call; no longer than 200 ms or 1,000 rows: long lists come
 * in several calls, each from where the last stopped.
 */
void store_read(struct store *s, void (*read)(struct store_reader *r, void *arg),
		void (*done)(void *arg), void *arg);

/* One row, W_ENOENT when there is none. */
MUSTUSE int read_centre(struct store_reader *r, struct str code, struct arena *a,
			struct row_centre *out);
MUSTUSE int read_centre_id(struct store_reader *r, int64_t id, struct arena *a,
			   struct row_centre *out);
MUSTUSE int read_staff_uid(struct store_reader *r, int64_t uid, struct arena *a,
			   struct row_staff *out);
MUSTUSE int read_staff(struct store_reader *r, int64_t id, struct arena *a, struct row_staff *out);
MUSTUSE int read_staff_login(struct store_reader *r, struct str login, struct arena *a,
			     struct row_staff *out);
MUSTUSE int read_person(struct store_reader *r, int64_t id, struct arena *a,
			struct row_person *out);
MUSTUSE int read_person_ref(struct store_reader *r, struct str ref, struct arena *a,
			    struct row_person *out);
MUSTUSE int read_link_active(struct store_reader *r, int64_t person, struct arena *a,
			     struct row_link *out);
MUSTUSE int read_link_pending(struct store_reader *r, int64_t person, struct arena *a,
			      struct row_link *out);
MUSTUSE int read_guard(struct store_reader *r, const struct digest *number, struct row_guard *out);
MUSTUSE int read_code(struct store_reader *r, const struct digest *code, struct row_code *out);
/* Latest consent row, and how often consent was put off or refused so far. */
MUSTUSE int read_consent(struct store_reader *r, int64_t person, struct arena *a,
			 struct row_consent *out, int *put_off);
MUSTUSE int read_schedule(struct store_reader *r, int64_t person, struct str kind, struct arena *a,
			  struct row_schedule *out);
/* The latest check-in row of that week. */
MUSTUSE int read_checkin_week(struct store_reader *r, int64_t person, int32_t week, struct arena *a,
			      struct row_checkin *out);
MUSTUSE int read_checkin_last_done(struct store_reader *r, int64_t person, struct arena *a,
				   struct row_checkin *out);
MUSTUSE int read_survey(struct store_reader *r, int64_t id, struct arena *a,
			struct row_survey *out);
/* The due or partial one with the earliest due_at in since <= due_at <= until. */
MUSTUSE int read_survey_due(struct store_reader *r, int64_t person, int64_t since, int64_t until,
			    struct arena *a, struct row_survey *out);
/* Was one done at or after an instant? */
bool has_survey_done(struct store_reader *r, int64_t person, int64_t since);
/* By question. */
int list_answers(struct store_reader *r, int64_t run, struct arena *a,
		 int (*each)(void *ctx, const struct row_answer *row), void *ctx);
MUSTUSE int read_appointment(struct store_reader *r, int64_t id, struct arena *a,
			     struct row_appointment *out);
/* Planned, confirmed or with a wish to move, earliest first, from an instant on. */
int list_appointments_coming(struct store_reader *r, int64_t person, int64_t from, size_t limit,
			     struct arena *a,
			     int (*each)(void *ctx, const struct row_appointment *row), void *ctx);
/* The open one. */
MUSTUSE int read_project(struct store_reader *r, int64_t person, struct arena *a,
			 struct row_project *out);
MUSTUSE int read_placement(struct store_reader *r, int64_t person, struct arena *a,
			   struct row_placement *out);
/* All of a person, the latest first. */
int list_placements(struct store_reader *r, int64_t person, struct arena *a,
		    int (*each)(void *ctx, const struct row_placement *row), void *ctx);
MUSTUSE int read_need(struct store_reader *r, int64_t number, struct arena *a,
		      struct row_need *out);
MUSTUSE int read_callback(struct store_reader *r, int64_t number, struct arena *a,
			  struct row_callback *out);
MUSTUSE int read_turn(struct store_reader *r, int64_t session, uint8_t turn, struct arena *a,
		      struct row_turn *out);
MUSTUSE int read_session(struct store_reader *r, int64_t id, struct arena *a,
			 struct row_session *out);
MUSTUSE int read_inbox(struct store_reader *r, const struct digest *key, struct arena *a,
		       struct row_inbox *out);
MUSTUSE int read_outbox(struct store_reader *r, int64_t id, struct arena *a,
			struct row_outbox *out);
MUSTUSE int read_outbox_provider(struct store_reader *r, struct str channel, struct str provider_id,
				 struct arena *a, struct row_outbox *out);
MUSTUSE int read_outbox_ref(struct store_reader *r, struct str ref, struct arena *a,
			    struct row_outbox *out);

/*
 * Lists. each is called for every row, by row number (newest_first: the other
 * way) unless said otherwise; a non-zero answer stops the list and is returned.
 * Zero fields of the filter mean "any"; several hold together. At most limit
 * rows (0, or more than 1,000: 1,000). each may read and list other tables, and
 * may reset the arena; it must not start the same list again.
 *
 * A row's own time is: person, flag, consent, staff, audit: at; check-in and
 * survey: done_at, else opened_at, else due_at; appointment: at, else set_at;
 * need: opened_at; call-back: asked_at; message: created_at. open_only: person
 * active or paused; check-in and survey due or partial; appointment planned,
 * confirmed or with a wish to move; need open, acknowledged, in_progress or
 * referred; call-back without outcome; flag not closed; message held, queued,
 * claimed or uncertain; staff active. In list_audit and list_staff, staff is
 * the staff member itself and centre the staff member's.
 */
struct filter {
	int64_t person, staff, centre; /* staff: people on this caseworker's present caseload */
	int64_t since, until;          /* on the row's own time: since <= t < until */
	int64_t after;                 /* row id: for the next page */
	bool open_only;
	bool newest_first;
	size_t limit;
};
int list_persons(struct store_reader *r, const struct filter *f, struct arena *a,
		 int (*each)(void *ctx, const struct row_person *row), void *ctx);
int list_checkins(struct store_reader *r, const struct filter *f, struct arena *a,
		  int (*each)(void *ctx, const struct row_checkin *row), void *ctx);
int list_surveys(struct store_reader *r, const struct filter *f, struct arena *a,
		 int (*each)(void *ctx, const struct row_survey *row), void *ctx);
int list_appointments(struct store_reader *r, const struct filter *f, struct arena *a,
		      int (*each)(void *ctx, const struct row_appointment *row), void *ctx);
int list_needs(struct store_reader *r, const struct filter *f, struct arena *a,
	       int (*each)(void *ctx, const struct row_need *row), void *ctx);
int list_callbacks(struct store_reader *r, const struct filter *f, struct arena *a,
		   int (*each)(void *ctx, const struct row_callback *row), void *ctx);
int list_flags(struct store_reader *r, const struct filter *f, struct arena *a,
	       int (*each)(void *ctx, const struct row_flag *row), void *ctx);
int list_consents(struct store_reader *r, const struct filter *f, struct arena *a,
		  int (*each)(void *ctx, const struct row_consent *row), void *ctx);
int list_staff(struct store_reader *r, const struct filter *f, struct arena *a,
	       int (*each)(void *ctx, const struct row_staff *row), void *ctx);
int list_outbox(struct store_reader *r, const struct filter *f, struct arena *a,
		int (*each)(void *ctx, const struct row_outbox *row), void *ctx);
/* By state, send_after up to send_before (0: any), oldest first: what the sender picks up. */
int list_outbox_state(struct store_reader *r, struct str state, int64_t send_before, size_t limit,
		      struct arena *a, int (*each)(void *ctx, const struct row_outbox *row),
		      void *ctx);
/* Waiting due rows up to an instant, oldest first; and schedules whose next_at has come. */
int list_due(struct store_reader *r, int64_t until, size_t limit, struct arena *a,
	     int (*each)(void *ctx, const struct row_due *row), void *ctx);
int list_schedules_due(struct store_reader *r, int64_t until, size_t limit, struct arena *a,
		       int (*each)(void *ctx, const struct row_schedule *row), void *ctx);
/* Earliest next_at or waiting due_at; earliest send_after of a queued message. INT64_MAX: none. */
int64_t read_next_due(struct store_reader *r);
int64_t read_next_outbox(struct store_reader *r);
/* Messages to a person accepted or claimed since an instant: the daily cap. INT64_MAX when that
 * cannot be read. */
int64_t count_outbox_since(struct store_reader *r, int64_t person, int64_t since);
/* Sessions begun or with a turn since an instant, ended ones too, each with its last turn (NULL:
 * none yet), without limit: rebuilds the live table. A session lasts a day at most. */
int list_live(struct store_reader *r, int64_t since, struct arena *a,
	      int (*each)(void *ctx, const struct row_session *s, const struct row_turn *last),
	      void *ctx);
struct overdue {
	int64_t person, last_heard_at; /* last turn or done check-in; 0 never */
	int32_t reminded;              /* messages since then */
	int64_t last_reminder_at;
};
/*
 * Active people with consent in force (given or resumed, SMS stopped included;
 * not paused, refused or withdrawn) and nothing heard since an instant, longest
 * silence first; not paged.
 */
int list_overdue(struct store_reader *r, const struct filter *f, int64_t silent_since,
		 struct arena *a, int (*each)(void *ctx, const struct overdue *row), void *ctx);

struct audit_entry {
	int64_t id;
	struct row_audit row;
	struct chain chain;
};
int list_audit(struct store_reader *r, const struct filter *f, struct arena *a,
	       int (*each)(void *ctx, const struct audit_entry *row), void *ctx);
/*
 * Walks the whole chain; W_ESEAL with *bad the first record that does not fit:
 * edited, out of turn, or missing although keys.db has seen it at the last start.
 */
MUSTUSE int audit_verify(struct store_reader *r, const struct keys *k, int64_t *bad,
			 int64_t *count);

/* ---- Small settings that live in the state folder's database ---- */

/* "lab" = "yes", "clock_shift", "clock_high" … */
MUSTUSE int read_setting(struct store_reader *r, struct str name, struct arena *a,
			 struct str *value);
void put_setting(struct store_job *job, struct str name, struct str value);

#endif
