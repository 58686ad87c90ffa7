/*
 * Inside session/: the state of a session, the snapshot of a person, and the
 * pure step between them.
 */
#ifndef WASL_SESSION_SESSION_INT_H
#define WASL_SESSION_SESSION_INT_H

#include "session/session.h"

/* ---- State: all that one turn hands to the next. Sealed in the turn, plain in memory. ---- */

enum session_flag {
	SESSION_PIN_GIVEN = 1,
	SESSION_RESUME_SEEN = 2, /* the resume question was shown once */
	SESSION_AGAIN = 4,       /* the next run of this week is a further one */
	SESSION_LANG = 8,        /* the caller chose a language in this session */
	SESSION_RESTART = 16,    /* no going back to where the call broke off: from the first */
};
#define NO_RUN UINT8_MAX

struct session_state {
	uint16_t node;
	uint8_t page, wrong, lang, flags, code_wrong, item;
	uint8_t depth;
	uint16_t stack[MENU_STACK]; /* pages behind this one, for $back */
	uint16_t direct;       /* node dialled directly, waiting behind the PIN; MENU_NO_NODE */
	uint8_t run, answered; /* run under way or NO_RUN; bit i: question i is answered */
	int64_t run_row;       /* 0: not in the base yet */
	int64_t person, link;  /* who it is, 0 until known */
	int64_t need;          /* number last opened, raised or shown */
	int64_t appointment;   /* on the page */
	int64_t callback_at;
	struct str vars[MENU_VARS];
};

void state_init(struct session_state *st);
/* Vars live in the arena. */
struct str state_encode(const struct session_state *st, struct arena *a);
MUSTUSE int state_decode(struct str bytes, struct arena *a, struct session_state *st);
/*
 * Every number in it is one of these menus. The same files may be numbered
 * otherwise by another version of the program.
 */
bool state_fits(const struct session_state *st, const struct menu_set *menus);

/* ---- Snapshot: what the menus may ask about, read before the step ---- */

enum {
	SNAP_PERSONS = 8,
	SNAP_NEEDS = 12,
	SNAP_APPOINTMENTS = 4,
	SNAP_ANSWERS = 12,
	SNAP_NAME = 64
};

struct snap_person {
	int64_t person, link;
	bool has_pin;
};
struct snap_need {
	int64_t number;
	uint8_t category, urgency; /* position in the words of menu_types.def */
};
struct snap_appointment {
	int64_t id, at;
	char place[SNAP_NAME];
};
struct snap_answer {
	uint8_t type, word; /* field and answer: positions in menu_types.def and in its words */
};
/* A round of questions and what it answers so far; row 0: there is none. */
struct snap_run {
	int64_t row, due_at;
	bool done;
	char kind[12]; /* of a survey */
	struct snap_answer answers[SNAP_ANSWERS];
	uint8_t n_answers;
};
struct snapshot {
	/* the number */
	struct snap_person persons[SNAP_PERSONS];
	uint8_t n_persons;
	struct row_guard guard;
	struct phone phone;
	/* the person; 0: not known (yet) */
	int64_t person, link, centre;
	bool shared, has_pin;
	char lang[12];
	char name_ar[SNAP_NAME], name_la[SNAP_NAME];
	char consent_kind[16], consent_version[8];
	int64_t consent_at;
	int put_off;
	char path[16], stage[24];
	char caseworker[SNAP_NAME];
	bool handed_over, has_job;
	int32_t week;
	struct snap_run checkin; /* this week's latest */
	struct snap_run survey;  /* the one that is due, not done */
	struct snap_run begun;   /* another survey: under way, or where a call broke off */
	bool project_done;       /* a survey of any kind was done this week */
	struct snap_appointment appointments[SNAP_APPOINTMENTS];
	uint8_t n_appointments;
	struct snap_need needs[SNAP_NEEDS];
	uint8_t n_needs;
};

/* Reads what belongs to the number: persons with an active link, guard (by the number's digest). */
void snapshot_number(const struct sessions *all, const struct phone *phone,
		     const struct digest *guard, struct snapshot *out);
/* Reads what belongs to the person; link is used as it is (it may be pending still). */
void snapshot_person(const struct sessions *all, int64_t person, int64_t link, int64_t now,
		     struct snapshot *out);
/* Reads the survey a state stands in, where it is another than the one that is due. */
void snapshot_begun(const struct sessions *all, const struct menu_set *menus,
		    const struct session_state *st, struct snapshot *out);

/* ---- The step ---- */

/* Everything a step may look at. */
struct step_world {
	const struct work *work;
	const struct menu_set *menus;
	struct snapshot *snap;               /* the step keeps it true to its own effects */
	const struct session_state *dropped; /* what can be resumed; NULL: nothing */
	struct page_limit limit;
	const char *code; /* service code of the channel */
	int64_t now;
	int64_t (*number)(void *ctx, enum store_counter which); /* numbers of new rows */
	void *number_ctx;
	struct arena *arena;
};

enum step_input_kind {
	STEP_BEGIN,   /* the first page; text: a direct path, or empty */
	STEP_TYPED,   /* text, as typed */
	STEP_VERDICT, /* of the check asked for */
};
struct step_verdict {
	bool ok, locked;
	bool taken;              /* NEW_PIN: trivial or somebody else's */
	int64_t person, link;    /* PIN, ENROLMENT */
	struct row_code code;    /* ENROLMENT */
	struct pin_verifier pin; /* NEW_PIN */
};
struct step_input {
	enum step_input_kind kind;
	struct str text;
	struct step_verdict verdict;
};

struct step_out {
	struct effects effects;
	enum menu_check check; /* asked for: the caller comes back with STEP_VERDICT */
	struct str check_text; /* what was typed for it */
	enum menu_face face;
	bool ended;        /* the page is an end */
	bool secret_input; /* what was typed is never stored */
};

/*
 * One input: changes state, snapshot and effects. Pure but for the numbers it
 * asks for. The page to show afterwards is st->node with out->face.
 */
void session_step(const struct step_world *world, struct session_state *st,
		  const struct step_input *input, struct step_out *out);

/* Facts and variables as a menu sees them. */
void session_values(const struct step_world *world, const struct session_state *st,
		    struct menu_values *out);
/* The open need that has the category just chosen, or NULL. */
const struct snap_need *session_same_need(const struct step_world *world,
					  const struct session_state *st);
/* The dropped call belongs to this person, and nothing in it was behind a PIN not given here. */
bool session_may_resume(const struct step_world *world, const struct session_state *st);
/* Does the effects of one action of a menu. */
void session_do(const struct step_world *world, struct session_state *st,
		const struct menu_do *action, struct step_out *out);
/* Is this the page that asks whether to go on where a call broke off? */
bool session_offers_resume(const struct menu_node *n);
/* Position of a word among the words of a type of menu_types.def, or -1; and back. */
int session_word_index(const char *type, struct str word);
struct str session_word_at(const char *type, unsigned index);
/* Position of a type in menu_types.def, or -1; and back, as a name that stays. */
int session_type_index(struct str name);
const char *session_type_at(unsigned index);

/* ---- session_run.c: what the snapshot knows of rounds of questions ---- */

bool snap_run_due(const struct snap_run *run);
/* The survey comes before the check-in: due since longer, or alone. */
bool snap_survey_first(const struct snapshot *snap);
/* The word a run holds for a field (a type of menu_types.def), or STR_NONE. */
struct str snap_answer_of(const struct snap_run *run, struct str field);
void snap_answer_keep(struct snap_run *run, struct str field, struct str word);
/* Questions still to be asked of the run under way, or of the one that is due. values: as the page
 * has them. */
unsigned session_questions_left(const struct step_world *world, const struct session_state *st,
				const struct menu_values *values);
/* Begins the open run anew, in its row, with nothing answered: the dropped one, else the run under
 * way, else the one that is due. */
void session_run_restart(const struct step_world *world, struct session_state *st);

/*
 * A state at the first question of the open round that has this row, to be
 * resumed there: what is left of a place in menus that are no more. False:
 * these menus have no such round.
 */
bool session_place_of_row(const struct step_world *w, int64_t number, struct session_state *out);

/* ---- The table ---- */

struct live;
/* Sessions by one of their digests; keyed ones, so nobody outside can fill a bucket. */
struct live_index {
	struct live **buckets;
	size_t n_buckets, n; /* a power of two, or 0 */
};
enum live_by { LIVE_BY_KEY, LIVE_BY_NUMBER, LIVE_BYS };

/* ---- PIN thread ---- */

struct pin_desk;
struct pin_desk *pin_desk_new(struct loop *loop, const struct keys *keys);
void pin_desk_free(struct pin_desk *desk);

struct pin_candidate {
	int64_t person, link;
	struct pin_verifier verifier;
};
struct pin_job {
	enum menu_check check; /* CHECK_PIN: find whose; CHECK_NEW_PIN: make for person */
	char typed[16];
	int64_t person;
	struct pin_candidate candidates[SNAP_PERSONS];
	size_t n_candidates;
	struct step_verdict verdict;
	void (*on_verdict)(void *arg,
			   struct pin_job *job); /* on the loop; the job is freed after */
	void *arg;
	struct pin_job *next;
};
/* W_EFULL when too many wait. The desk owns the job from then on. */
MUSTUSE int pin_desk_give(struct pin_desk *desk, struct pin_job *job);

struct sessions {
	struct session_options o;
	struct pin_desk *pins;
	struct live_index live[LIVE_BYS];
	struct take *first_take, *last_take;       /* under way, oldest first */
	struct ending *first_ending, *last_ending; /* likewise: notices of an end, at the writer */
	struct timer *late, *sweep;
	size_t open, snapshots;
	int64_t wrong_codes_hour, wrong_codes; /* the brake over all numbers */
};

#endif
