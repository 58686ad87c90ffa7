/*
 * The rules of casework, once, whoever triggers them: the phone, the clock, an
 * aggregator's notice, a caseworker.
 *
 * Two halves. Decisions are pure: facts and a time in, a value out (when is a
 * call-back due, may this person get an SMS, is consent to be asked). Changes
 * are values too: a session step or a command returns a list of effects, and
 * work_apply, on the loop, turns the list into rows of one store job, sealed.
 * No rule reads the clock or a database by itself.
 */
#ifndef WASL_WORK_WORK_H
#define WASL_WORK_WORK_H

#include "civil/civil.h"
#include "conf/conf.h"
#include "store/store.h"

/* ---- Where the rules stand: one a daemon, read-only, built at start and at reload ---- */

struct work_centre {
	const struct conf_centre *conf; /* borrowed */
	int64_t id;                     /* row of centre */
	struct week_hours office;
};
struct work {
	struct store *store;
	const struct keys *keys;
	const struct conf *conf;
	const struct zone *zone;
	struct work_centre *centres;
	size_t n_centres;
	/* Called on the loop after a commit that made or changed a schedule or a due thing. */
	void (*wake_reminders)(void *arg);
	void *wake_arg;
};
/* Parses office hours; faults in err. centre rows that are missing are added by a job of its own.
 */
MUSTUSE int work_new(struct store *store, const struct keys *keys, const struct conf *conf,
		     const struct zone *zone, struct work **out, struct err *err);
void work_free(struct work *w);
const struct work_centre *work_centre(const struct work *w, const char *code);
const struct work_centre *work_centre_id(const struct work *w, int64_t id);

/* ---- Consent ---- */

/* Version of the consent text; a change of the text changes it and consent is asked again. */
#define CONSENT_VERSION "1"
enum { CONSENT_PAUSE_DAYS = 30, CONSENT_ASK_AGAIN_DAYS = 7, CONSENT_PUT_OFF_MAX = 2 };

/* kind, at: of the latest row; empty kind: never asked. */
bool consent_in_force(struct str kind);
bool consent_allows_sms(struct str kind, int64_t at, int64_t now);
/* Does a stop that the operator reports change anything? Who stopped, left or never said yes stays
 * as they are. */
bool consent_can_stop(struct str kind);
/* Pages A5 to A7 come first: never asked; put off or refused, 7 days ago, at most twice; stopped or
 * paused, at the next dial after a day (the way back that the last page names). */
bool consent_is_due(struct str kind, struct str version, int64_t at, int put_off, int64_t now);

/* ---- Check-ins ---- */

/* yyyymmdd of the local Monday of an instant: the week a check-in belongs to. */
int32_t checkin_week(const struct zone *z, int64_t at);

/* ---- Surveys, appointments, projects, jobs ---- */

/* A survey can be answered from its due time on, for three weeks. */
enum { SURVEY_OPEN_DAYS = 21 };
bool survey_is_open(int64_t due_at, int64_t now);
/* The earliest due_at of a survey that is still open. */
int64_t survey_open_since(int64_t now);

/* Planned, confirmed or with a wish to move: only these can be answered. */
bool appointment_is_open(struct str status);

bool project_handed_over(const struct row_project *p, int64_t now);
/* "pre" or "post": after the hand-over of a project of one's own, or from the first day of a job.
 */
const char *project_phase(struct str path, bool handed_over, bool has_job);

/* ---- Needs and call-backs ---- */

/* today: end of the local day; week: end of the 7th day after; can_wait: of the 30th. */
int64_t need_due_at(const struct zone *z, struct str urgency, int64_t opened_at);
/* today before week before can_wait. */
bool urgency_is_higher(struct str a, struct str than);
/*
 * When the centre will call: the first office time that fits the wish
 * (morning: before 12:00; afternoon: from 12:00; today and any: the next
 * office minute, at least now; week: the next office day). Never while closed.
 */
int64_t callback_due_at(const struct zone *z, const struct week_hours *office, struct str wish,
			int64_t now);

/* ---- PIN and code guards ---- */

enum { PIN_TRIES = 3, PIN_TRIES_TOTAL = 10, CODE_TRIES_DAY = 5, CODE_TRIES_SESSION = 3 };
enum { PIN_LOCK_S = 24 * 3600, CODE_LIFE_S = 7 * 24 * 3600, CODES_WRONG_HOUR_ALL = 100 };
bool guard_pin_locked(const struct row_guard *g, int64_t now);
bool guard_code_locked(const struct row_guard *g, int64_t now);
/* The guard after one more wrong or a right PIN, or a wrong code. */
struct row_guard guard_pin_wrong(const struct row_guard *g, int64_t now);
struct row_guard guard_pin_right(const struct row_guard *g);
struct row_guard guard_code_wrong(const struct row_guard *g, int64_t now);

/* ---- Effects ---- */

enum effect_kind {
	EFFECT_LANG,            /* word: tag */
	EFFECT_CONSENT,         /* word: kind; given after a stop is written as resumed */
	EFFECT_SHARING,         /* word: own shared */
	EFFECT_PIN_SET,         /* pin: verifier */
	EFFECT_GUARD,           /* guard */
	EFFECT_LINK,            /* code number: pending link becomes active with this phone */
	EFFECT_WRONG_PERSON,    /* every link of this number */
	EFFECT_CHECKIN_OPEN,    /* number: row; week */
	EFFECT_CHECKIN_ANSWER,  /* number: row; field, word; done: it was the last question */
	EFFECT_NEED_OPEN,       /* number; word: category; urgency; note; duplicate_of */
	EFFECT_NEED_RAISE,      /* number; urgency */
	EFFECT_NEED_RESOLVE,    /* number; by the person */
	EFFECT_NEED_KEEP,       /* number */
	EFFECT_CALLBACK,        /* number; word: wish; priority; other phone */
	EFFECT_URGENT,          /* urgent page opened */
	EFFECT_FLAG,            /* word: kind; number: about */
	EFFECT_SURVEY_OPEN,     /* number: row; word: kind; due now, opened by the person */
	EFFECT_SURVEY_ANSWER,   /* number: row; field: question; word; done */
	EFFECT_APPOINTMENT,     /* number: row; word: confirmed declined move_requested; wish may
				   be empty */
	EFFECT_APPOINTMENT_ASK, /* number: new row; wish */
	EFFECT_EQUIPMENT,       /* word: state */
	EFFECT_JOB_END,         /* word: reason */
	EFFECT_JOB_CHANGE,      /* number: row of the new placement */
	EFFECT_KINDS
};

struct effect {
	enum effect_kind kind;
	int64_t person; /* 0: nobody we know */
	int64_t number; /* row or shown number, handed out by store_next before */
	int64_t link;   /* LINK SHARING PIN_SET WRONG_PERSON */
	int32_t week;
	bool done, verified;
	int64_t due_at; /* NEED CALLBACK */
	int64_t duplicate_of;
	struct str word, urgency, priority, wish;
	const char *field;
	struct secret note;
	bool has_phone;
	struct phone phone; /* CALLBACK: number to call instead; LINK: number that dialled */
	struct row_guard guard;
	struct pin_verifier pin;
	struct row_code code; /* LINK */
};
enum { EFFECTS_MAX = 16 };
struct effects {
	struct effect v[EFFECTS_MAX];
	size_t n;
};
struct effect *effect_add(struct effects *list, enum effect_kind kind, int64_t person);

struct work_actor {
	const char *source; /* ussd sms staff system */
	struct str channel; /* name of the channel, or empty */
	struct str lang, menu_version;
	int64_t staff;  /* 0: none */
	int64_t centre; /* where strangers belong */
	int64_t now;
};
/*
 * Adds the rows of the effects to a job. W_EGONE when a person was erased
 * meanwhile: the job must not be submitted.
 */
MUSTUSE int work_apply(struct work *w, struct store_job *job, const struct effects *list,
		       const struct work_actor *actor);

/* ---- Numbers ---- */

enum { WORK_HOLDERS = 8 };
struct work_holder {
	int64_t person, link;
	bool has_pin;
};
/* People whose active link carries this number, erased ones left out; on the loop. */
size_t work_holders(struct work *w, const struct phone *number, struct work_holder *out,
		    size_t max);

/* ---- SMS in ---- */

struct work_sms {
	struct str id; /* theirs, unique in the channel; may be empty */
	bool from_ok;  /* from is a number; else from_raw is all we know */
	struct phone from;
	struct secret from_raw, text;
	struct str to;
	int64_t at;           /* by their clock, or when it came */
	struct str time_word; /* as they wrote it */
	struct str part_ref, part_number, part_of;
};
/* What every repeat of it has in common: their id, else sender, time word and text. */
struct digest sms_key(const struct keys *k, struct str channel, const struct work_sms *sms,
		      int64_t now);
/*
 * Adds the row of an SMS to a job, sealed under its sender's key when the
 * number leads to exactly one person, else under the day's. One that is kept
 * already adds nothing. *added counts rows.
 */
MUSTUSE int work_sms_keep(struct work *w, struct store_job *job, const struct work_sms *sms,
			  const struct work_actor *actor, size_t *added);
/* The operator says that this number wants no more messages: like I2 of the menu, for everybody who
 * has the number. At most once a job for one number. */
MUSTUSE int work_sms_stop(struct work *w, struct store_job *job, const struct phone *number,
			  const struct work_actor *actor, size_t *added);

/* ---- What staff do ---- */

struct work_new_person {
	int64_t centre, caseworker, by_staff, now;
	struct str name_ar, name_la; /* at least one */
	struct str lang, path;       /* may be empty */
	struct str ref;              /* empty: the next free one of the centre, CAS-0147 */
	bool has_phone;
	struct phone phone; /* the number staff expect; the code then works from there only */
	bool discreet;
};
struct work_added {
	int64_t person, link;
	char ref[16];
	struct code_text code; /* on paper; shown once, stored as a keyed hash */
	int64_t expires_at;
};
/* A person, a pending link, a caseload row and a code, added to the job. */
MUSTUSE int work_person_add(struct work *w, struct store_job *job, const struct work_new_person *in,
			    struct work_added *out);
/*
 * A new code for a new number. W_EEXIST: the holder of the expected number is
 * somebody else who has no PIN, so a second person cannot be told apart there.
 */
MUSTUSE int work_person_code(struct work *w, struct store_job *job, int64_t person, bool has_phone,
			     const struct phone *phone, int64_t now, struct work_added *out);
/* reached no_answer wrong_person refused; no_answer comes up again at the next office time, three
 * times, then it is closed as such. */
void work_callback_close(struct work *w, struct store_job *job, const struct row_callback *row,
			 struct str outcome, int64_t staff, int64_t now);

#endif
