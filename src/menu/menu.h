/*
 * Menu files to a checked, linked, read-only tree, and from a node of it to the
 * page a handset can show.
 *
 * menu_load reads a folder (main.yaml names its parts; lists.yaml, sms.yaml,
 * lint.yaml lie beside it), reports every fault of every file, proves that each
 * node can be reached and can end, that each text fits its page in each
 * language with the longest value of each placeholder, that no key clashes and
 * no forbidden word appears. The result never changes; sessions hold on to the
 * set they began with (menu_hold, menu_drop). Names that a menu may use are the
 * tables menu_facts.def, menu_actions.def and menu_types.def.
 *
 * Never: code or SQL in a menu, I/O after loading, work per request that could
 * be done at load.
 */
#ifndef WASL_MENU_MENU_H
#define WASL_MENU_MENU_H

#include "base/err.h"
#include "text/text.h"

enum {
	MENU_LANGS = 8,
	MENU_VARS = 32,
	MENU_KEY_BYTES = 4,
	MENU_QUESTIONS = 8,
	MENU_RUNS = 64,
	MENU_STACK = 8
};

enum menu_fact {
#define FACT(id, name, type, longest, longest_rtl, what) MENU_FACT_##id,
#include "menu/menu_facts.def"
#undef FACT
	MENU_FACTS
};

enum menu_action {
#define ACTION(id, name, args, what) MENU_DO_##id,
#include "menu/menu_actions.def"
#undef ACTION
	MENU_ACTIONS
};

/* ---- Texts ---- */

/* A literal, a fact or a variable, in order. */
struct menu_piece {
	enum { PIECE_LITERAL, PIECE_FACT, PIECE_VAR } kind;
	struct str literal;
	uint16_t id; /* enum menu_fact, or number of the variable */
	uint16_t max,
		max_rtl; /* longest value in units; a longer one is cut at a blank, or absent */
};
/*
 * One text in one language. A hole whose value is absent takes the one blank,
 * line feed or ": " before it along, so that a dropped name or sentence leaves
 * no gap.
 */
struct menu_text {
	struct menu_piece *pieces;
	size_t n;
};
/* By language number; every language of the set is there. */
struct menu_texts {
	struct menu_text of[MENU_LANGS];
};

/* Values at show time. Absent: STR_NONE (p is NULL). */
struct menu_values {
	struct str facts[MENU_FACTS];
	struct str vars[MENU_VARS];
};

/* ---- Conditions: "[not] name", "name op word", joined by "and" ---- */

struct menu_term {
	bool negated;
	enum { TERM_SET, TERM_EQ, TERM_NE, TERM_IN, TERM_LT, TERM_LE, TERM_GT, TERM_GE } op;
	enum { TERM_FACT, TERM_VAR } source;
	uint16_t id;
	struct str *words; /* EQ NE: one; IN: several */
	size_t n_words;
	bool numeric;   /* of int or date: words are compared as numbers */
	int64_t number; /* LT LE GT GE: only of int, and of date as yyyymmdd */
};
struct menu_when {
	struct menu_term *terms; /* none: always */
	size_t n;
};
bool menu_when_holds(const struct menu_when *when, const struct menu_values *values);

/* ---- Nodes ---- */

struct menu_target {
	enum {
		GO_NONE,
		GO_NODE,     /* id: node */
		GO_RUN,      /* id: run: its first open question */
		GO_BACK,     /* $back: the page before, or the start */
		GO_QUESTION, /* $question: next open question of the run, or its end */
		GO_ITEM,     /* $item: the same list node with its next item */
		GO_RESUME,   /* $resume: where the dropped session stood */
		GO_DIRECT,   /* $direct: what was dialled directly */
	} kind;
	uint16_t id;
};

struct menu_arg {
	const char *name;
	bool from_var;
	uint16_t var;
	struct str word; /* when not from a variable */
};
struct menu_do {
	enum menu_action action;
	struct menu_arg *args;
	size_t n_args;
};
struct menu_set_var {
	uint16_t var;
	struct str word;
};

struct menu_option {
	char key[MENU_KEY_BYTES]; /* "1".."7", "0", "8", "9"; ASCII, NUL-ended */
	struct menu_texts say;
	struct menu_when when; /* hidden when it does not hold; the other keys stay */
	struct menu_set_var *sets;
	size_t n_sets;
	struct menu_do *dos;
	size_t n_dos;
	struct str answer; /* run questions: the word stored; LANGUAGE: the tag; empty elsewhere */
	struct menu_target go;
};

struct menu_watch { /* words in free text that lead elsewhere */
	struct match **words;
	size_t n_words;
	struct menu_set_var *sets;
	size_t n_sets;
	struct menu_target go; /* GO_NONE: goes on as usual */
};

enum menu_kind {
	MENU_MENU,     /* text and options */
	MENU_ASK,      /* text, one typed input */
	MENU_RECORD,   /* no page: does its actions and goes on */
	MENU_MESSAGE,  /* text; any key goes on */
	MENU_END,      /* text; the session is over */
	MENU_BRANCH,   /* no page: first condition that holds */
	MENU_LANGUAGE, /* one text for all, one line a language */
	MENU_PIN,      /* asks for the PIN, or for a new one */
	MENU_CALLBACK, /* no page: asks for a call back and goes on */
	MENU_LIST,     /* one item of a list a page, with options about it */
};

enum menu_input {
	INPUT_TEXT,
	INPUT_DIGITS,
	INPUT_INT,
	INPUT_PHONE,
	INPUT_YESNO,
	INPUT_DATE,   /* typed DD/MM or DD/MM/YYYY; stored YYYY-MM-DD */
	INPUT_CHOICE, /* a word of the variable's type, typed as its label of lists.yaml */
};
enum menu_check { CHECK_NOTHING, CHECK_ENROLMENT, CHECK_PIN, CHECK_NEW_PIN };
enum menu_list { LIST_NONE, LIST_NEEDS_OPEN, LIST_APPOINTMENTS_COMING };
#define MENU_NO_VAR  UINT16_MAX
#define MENU_NO_NODE UINT16_MAX

struct menu_node {
	struct str name;
	enum menu_kind kind;
	const char *file;
	uint32_t line, col;
	struct menu_texts say;
	struct menu_texts
		retry_say; /* replaces the page after a wrong answer; no pieces: Z1 in front */
	bool has_retry_say;
	uint8_t retry_max; /* wrong answers forgiven; the next one leads to retry_else */
	struct menu_target retry_else;
	/* MENU LANGUAGE LIST */
	struct menu_option *options;
	size_t n_options;
	bool tight[MENU_LANGS]; /* "N.label" instead of "N. label" */
	enum menu_list list;
	struct menu_target empty; /* LIST: nothing in it */
	/* ASK PIN; question nodes of a run too; LIST: a reference to what is on the page */
	uint16_t into;    /* variable, or MENU_NO_VAR (a question may do without) */
	struct str field; /* run questions: the field of the record, e.g. "mood" */
	/* The question its answers belong to: itself, or the one it continues on a further page;
	 * MENU_NO_NODE: no question. */
	uint16_t question;
	enum menu_input input;
	uint16_t input_min, input_max; /* length in characters, or value for INT */
	struct match *pattern;
	enum menu_check check;
	char none_key[MENU_KEY_BYTES]; /* ASK PIN: this key means "nothing"; empty when there is
					  none */
	struct menu_target none_go;
	struct menu_target locked; /* checks: too many wrong */
	struct menu_watch *watches;
	size_t n_watches;
	/* RECORD CALLBACK */
	struct menu_do *dos;
	size_t n_dos;
	/* BRANCH: conditions and targets side by side; go is the else */
	struct menu_when *conditions;
	struct menu_target *branches;
	size_t n_branches;
	struct menu_target go;
	bool open;      /* reachable past a PIN and past a lock (urgent page) */
	bool resumable; /* a session dropped here is offered again: questions of a run, and pages
			   that say so */
};

enum menu_record { RECORD_CHECKIN, RECORD_SURVEY };
struct menu_question {
	uint16_t node;
	struct menu_when when; /* not asked when it does not hold */
};
struct menu_run {
	struct str name; /* also a target of go: */
	enum menu_record record;
	struct str kind; /* SURVEY: a word of survey_kind */
	struct menu_question questions[MENU_QUESTIONS];
	size_t n_questions;
	struct menu_target then;
};

struct menu_direct {
	struct str path; /* "8": what follows the service code, before '#' */
	struct menu_target go;
	bool open; /* goes there before any PIN */
};

struct menu_set; /* counted; see menu_hold */

/*
 * Loads DIR. lowest: the smallest page any channel has (the lint warns where
 * the engine will have to page, and refuses where it cannot). reserved: keys
 * gateways take for themselves. Faults of all files in err. Held once for the
 * caller: menu_drop.
 */
struct menu_options {
	struct page_limit lowest;
	const char *const *reserved_keys;
	size_t n_reserved;
};
MUSTUSE int menu_load(const char *dir, const struct menu_options *options, struct menu_set **out,
		      struct err *err);
struct menu_set *menu_hold(struct menu_set *set);
void menu_drop(struct menu_set *set);

/*
 * The same from memory, main.yaml among the files: for tests, fuzzing and
 * editors. Names are relative to the folder, as main.yaml writes them.
 */
struct menu_file {
	const char *name;
	struct str text;
};
MUSTUSE int menu_load_memory(const struct menu_file *files, size_t n,
			     const struct menu_options *options, struct menu_set **out,
			     struct err *err);

/* Digest (FNV-1a 64) of all files' names and bytes in order, as 16 hex digits. */
const char *menu_version(const struct menu_set *set);

size_t menu_node_count(const struct menu_set *set);
const struct menu_node *menu_node(const struct menu_set *set, uint16_t id);
uint16_t menu_find(const struct menu_set *set, struct str name); /* MENU_NO_NODE */
uint16_t menu_start(const struct menu_set *set);
size_t menu_run_count(const struct menu_set *set);
const struct menu_run *menu_run(const struct menu_set *set, uint16_t id);
const struct menu_direct *menu_find_direct(const struct menu_set *set, struct str path);

size_t menu_lang_count(const struct menu_set *set);
const char *menu_lang_tag(const struct menu_set *set, unsigned lang); /* "ary-Latn" */
int menu_lang_of(const struct menu_set *set, struct str tag);         /* -1 */
bool menu_lang_rtl(const struct menu_set *set, unsigned lang);

size_t menu_var_count(const struct menu_set *set);
struct str menu_var_name(const struct menu_set *set, uint16_t var);
int menu_var_find(const struct menu_set *set, struct str name); /* -1 */
bool menu_var_private(const struct menu_set *set, uint16_t var);

/* Special nodes the engine itself leads to; the lint requires them. */
struct menu_special {
	struct menu_texts wrong_prefix; /* Z1, with its line feed */
	uint16_t busy;                  /* Z2 */
	uint16_t leave;                 /* Z4: after the third wrong answer */
	uint16_t enrolled; /* where a code typed at the PIN page leads; MENU_NO_NODE without codes
			    */
};
const struct menu_special *menu_special(const struct menu_set *set);

/* A word or label of lists.yaml in a language: menu_word(set, lang, "category", "housing").
 * STR_NONE if absent. */
struct str menu_word(const struct menu_set *set, unsigned lang, const char *list, struct str key);

/*
 * What was typed (folded) for a variable whose words have labels in lists.yaml:
 * the word whose label it is, in the language of the page or else in any.
 * STR_NONE: none.
 */
struct str menu_choice(const struct menu_set *set, uint16_t var, unsigned lang, struct str folded,
		       struct arena *a);

/* ---- Pages ---- */

enum menu_face {
	FACE_PAGE,
	FACE_WRONG, /* after a wrong answer: the retry text, else Z1 in front, whichever fits in
		       one page; else the plain page */
};
struct menu_page {
	struct str text;
	unsigned page, pages; /* page from 0 */
	size_t units;
	enum text_coding coding;
};
/*
 * The page of a node. Never over the limit, never cut inside an option or
 * between a letter and its mark; "more" and "back" lines are added only when
 * the node takes several pages. W_ETOOBIG: cannot be paged within the limit
 * (the lint refuses such a file; a value over its declared maximum is left out
 * or cut at a word first).
 */
MUSTUSE int menu_show(const struct menu_set *set, uint16_t node, unsigned lang, unsigned page,
		      enum menu_face face, const struct menu_values *values,
		      struct page_limit limit, struct arena *a, struct menu_page *out);

enum menu_press {
	PRESS_OPTION,    /* *option */
	PRESS_MORE,      /* next page of the same node */
	PRESS_PAGE_BACK, /* previous page of the same node */
	PRESS_NOTHING,   /* no such key; always so on pages without options or lines of ours */
};
/*
 * What a folded key (text_fold) means on the page shown. An option of the node
 * may be pressed from any of its pages (people know their numbers by heart);
 * only the page's own "more" and "back" lines go before.
 */
enum menu_press menu_press(const struct menu_set *set, uint16_t node, unsigned lang, unsigned page,
			   const struct menu_values *values, struct page_limit limit,
			   struct str folded, struct arena *a, size_t *option);

/* A text with its holes filled; also for SMS templates. */
struct str menu_fill(const struct menu_set *set, const struct menu_text *text, unsigned lang,
		     const struct menu_values *values, struct arena *a);

/* ---- SMS templates (sms.yaml) ---- */

/* "T02" -> the template, or NULL. */
const struct menu_texts *menu_sms(const struct menu_set *set, struct str id);

/* ---- Words that may never be sent (lint.yaml) ---- */

/* The forbidden word found in a text, folded and with blanks taken out, or STR_NONE. */
struct str menu_forbidden(const struct menu_set *set, struct str text, struct arena *a);

#endif
