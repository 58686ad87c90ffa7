/*
 * Inside menu/. A load walks: sources (bytes) → yaml trees → main.yaml →
 * lint.yaml → lists.yaml → names of all nodes and runs, sub-menus copied for
 * each use → nodes → runs → texts by SMS → the graph → the pages. Each step adds its faults and
 * lets the next one run as far as it can; steps that could only repeat an earlier fault are left
 * out.
 */
#ifndef WASL_MENU_MENU_INT_H
#define WASL_MENU_MENU_INT_H

#include "menu/menu.h"
#include "yaml/yaml.h"

enum { MENU_HOLES = 64, MENU_PARTS = 256, MENU_KEYS = 3, MENU_NODES = 60000 };
enum { MENU_ARGS = 8, MENU_USES = 8 };

/* ---- The set ---- */

struct menu_lang {
	const char *tag;
	bool rtl;
};

/* A {name} of the texts. */
struct menu_hole {
	struct str name;
	bool from_var;
	uint16_t id; /* fact or variable */
	uint16_t max, max_rtl;
	/* A variable whose declaration, here, must say a max before it can be shown; NULL after the
	 * load, and once that is told. */
	const struct yaml_node *unbounded;
};

struct menu_var {
	struct str name;
	int type; /* row of menu_types.def, or TYPES and more: of the files' own */
	uint16_t max;
	bool is_private;
};

struct menu_own_type {     /* of a variable that says which words it may have */
	const char *name;  /* the variable's */
	const char *words; /* with blanks between */
	const char *list;  /* of lists.yaml, with their labels; NULL: none */
};

struct menu_label {
	struct str key;
	struct str of[MENU_LANGS];
};

struct menu_words { /* a list of lists.yaml */
	struct str name;
	struct menu_label *labels;
	size_t n;
};

struct menu_patterns {
	struct str name;
	struct match **all;
	size_t n;
};

struct menu_template {
	struct str id;
	struct menu_texts texts;
};

struct menu_forbid { /* a forbidden word, folded; stem: without a closing teh marbuta */
	struct str word, folded;
	bool rtl, stem;
};

struct menu_name { /* sorted by name */
	struct str name;
	bool is_run;
	uint16_t id;
	const char *file; /* where it is declared, for the second of two; gone after the load */
	uint32_t line, col;
};

enum menu_system_key { KEY_BACK, KEY_MORE, KEY_URGENT };

struct menu_set {
	struct arena *arena;
	_Atomic unsigned holds;
	char version[17];
	struct menu_lang langs[MENU_LANGS];
	size_t n_langs;
	char keys[MENU_KEYS][MENU_KEY_BYTES];
	struct menu_hole holes[MENU_HOLES];
	size_t n_holes;
	struct menu_var vars[MENU_VARS];
	size_t n_vars;
	struct menu_own_type own_types[MENU_VARS];
	size_t n_own_types;
	struct menu_node *nodes;
	size_t n_nodes;
	struct menu_run *runs;
	size_t n_runs;
	struct menu_name *names;
	size_t n_names;
	uint16_t start;
	struct menu_direct *directs;
	size_t n_directs;
	struct menu_special special;
	struct menu_words *words;
	size_t n_words;
	/* Longest value of a fact that is made of labels, from lists.yaml; 0: as its table says */
	uint16_t measured[MENU_LANGS][MENU_FACTS];
	struct menu_patterns *patterns;
	size_t n_patterns;
	struct match **matches; /* every compiled pattern, for the end of the set */
	size_t n_matches, cap_matches;
	struct menu_template *templates;
	size_t n_templates;
	struct menu_forbid *forbidden;
	size_t n_forbidden;
};

struct menu_set *menu_set_new(void);
void menu_set_own(struct menu_set *set, struct match *m);
const struct menu_name *menu_name_find(const struct menu_set *set, struct str name);

/* ---- The closed tables (menu_tables.c) ---- */

enum menu_fact_type { FACT_IS_YES, FACT_IS_TEXT, FACT_IS_WORD };

struct menu_fact_row {
	const char *name;
	enum menu_fact_type type;
	uint16_t longest, longest_rtl;
	const char *words; /* WORD: its type */
};
struct menu_action_row {
	const char *name, *args;
};

/* Rows by number, and numbers by name or -1. */
const struct menu_fact_row *menu_fact_row(unsigned fact);
int menu_fact_find(struct str name);
const struct menu_action_row *menu_action_row(unsigned action);
int menu_action_find(struct str name);
/* The type of a variable whose declaration is faulty: everything fits it, so that one fault stays
 * one. */
enum {
	TYPE_UNKNOWN = -3,
#define TYPE(name, words) +1
	TYPES = 0
#include "menu/menu_types.def"
#undef TYPE
};
const char *menu_type_name(const struct menu_set *set, int type);
int menu_type_find(struct str name);
/* A further type, of one set; at most MENU_VARS. */
int menu_type_own(struct menu_set *set, const char *name, const char *words, const char *list);
/* A type without words takes anything, an ordered one (int, date) numbers of its kind. */
bool menu_type_is(int type, const char *name);
bool menu_type_is_free(int type);
bool menu_type_is_ordered(int type);
bool menu_type_has(const struct menu_set *set, int type, struct str word);
struct str menu_type_words(const struct menu_set *set, int type);
/* The list of lists.yaml that labels its words, whether there or not; NULL: none can. */
const char *menu_type_list(const struct menu_set *set, int type);
/* Every value of the inner type is one of the outer. */
bool menu_type_within(const struct menu_set *set, int inner, int outer);
/* What an int or a date ("2026-11-30") is compared as; a date is yyyymmdd. */
bool menu_number(struct str text, int64_t *out);
/* Nearest names, for "did you mean"; NULL when none is near. */
const char *menu_fact_near(struct str name);
const char *menu_action_near(struct str name);
const char *menu_type_near(struct str name);
const char *menu_word_near(const struct menu_set *set, int type, struct str word, struct arena *a);

/* ---- Loading ---- */

struct menu_source {
	const char *name; /* as main.yaml writes it */
	const char *path; /* as messages show it */
	struct str text;
	bool there;
	struct yaml_doc *doc;
};

struct menu_place { /* where a node stands */
	const struct yaml_doc *doc;
	const struct yaml_node *key, *body;
	struct str name;      /* its key, or what a copy is called */
	struct menu_use *use; /* the copy it belongs to; NULL: written once, used once */
	bool faulty;          /* has faults of its own: its page is not measured */
};

/* ---- Sub-menus: parts with args and returns, copied for each use (menu_use.c) ---- */

struct menu_sub {
	struct str name; /* of the file, without .yaml */
	const struct yaml_doc *doc;
	const struct yaml_node *nodes;
	struct str args[MENU_ARGS], returns[MENU_ARGS];
	size_t n_args, n_returns, start;
	bool good, used;
};

struct menu_given { /* what stands in for an argument */
	enum { GIVEN_NOTHING, GIVEN_WORD, GIVEN_VAR, GIVEN_TEXT } kind;
	const struct yaml_doc *doc; /* of the caller */
	const struct yaml_node *at;
	struct str word;
	int var;
	struct menu_texts texts;
};

struct menu_use {
	struct menu_use *next;
	struct menu_use *outer; /* the copy this use stands in; NULL: none */
	struct menu_sub *sub;
	const struct yaml_doc *doc; /* where it is written */
	const struct yaml_node *body;
	struct str name;
	uint16_t *ids;                    /* of the copies of the sub-menu's nodes, in order */
	struct menu_given *given;         /* by argument */
	struct menu_target to[MENU_ARGS]; /* by return */
	bool faulty;
};

/* Gives the bytes of a file of the folder; W_ENOENT when there is none. */
struct menu_folder {
	int (*get)(void *ctx, const char *name, struct menu_source *out);
	void *ctx;
};

struct menu_loader {
	struct menu_set *set;
	struct err *err;
	struct menu_options options;
	struct arena *scratch; /* yaml trees, edges: gone after the load */
	struct arena *page;    /* what one text or page takes to look at; reset after each */
	struct menu_folder folder;
	struct menu_source main, lists, sms, lint, reminders, parts[MENU_PARTS];
	size_t n_parts;
	const struct yaml_doc *doc; /* being read */
	struct menu_place *places;  /* by node */
	size_t n_places, cap_places;
	struct menu_sub *subs;
	size_t n_subs;
	struct menu_use *uses, **uses_end; /* outer ones first */
	const struct menu_use *use;        /* the copy being read, or NULL */
	bool too_many;                     /* nodes */
	bool edges_unsure;  /* a target is unknown: the graph would tell nothing true */
	bool runs_unsure;   /* a run has faults: which nodes are questions is not known */
	uint64_t *asked_in; /* by node: the runs it is a question of, a bit each */
};

/* A fault or warning at a node of the document being read. */
void menu_fault(struct menu_loader *ld, const struct yaml_node *at, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
void menu_warn(struct menu_loader *ld, const struct yaml_node *at, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* The column of a byte inside a scalar of the document being read, as it is written there: an
 * escape counts what it takes. */
uint32_t menu_col(const struct menu_loader *ld, const struct yaml_node *at, size_t byte);
/* " (did you mean \"x\"?)" or "". */
const char *menu_hint(struct menu_loader *ld, const char *near);

bool menu_is_sub(const struct yaml_doc *doc);
void menu_subs_find(struct menu_loader *ld);
/* The number of the node where the copy begins. */
uint16_t menu_use_expand(struct menu_loader *ld, const struct yaml_pair *at, struct str name,
			 struct menu_use *outer, unsigned depth);
void menu_uses_read(struct menu_loader *ld);
/* The argument of the copy being read that has the name, or NULL. */
const struct menu_given *menu_given_find(const struct menu_loader *ld, struct str name);
/* A fault at the caller's value. */
void menu_given_fault(struct menu_loader *ld, const struct menu_given *given, const char *why);
/* A $return or a node of the copy being read. */
bool menu_use_target(const struct menu_loader *ld, struct str word, struct menu_target *out);

bool menu_name_ok(struct str name);
/* A fault at a key that cannot name a node. */
void menu_name_check(struct menu_loader *ld, const struct yaml_node *key);
uint16_t menu_place_add(struct menu_loader *ld, const struct yaml_pair *at, struct str name,
			struct menu_use *use);

void menu_root_read(struct menu_loader *ld);
void menu_vars_read(struct menu_loader *ld, const struct yaml_node *map);
void menu_root_link(struct menu_loader *ld);
void menu_names_collect(struct menu_loader *ld);
void menu_nodes_read(struct menu_loader *ld);
void menu_runs_read(struct menu_loader *ld);
void menu_lint_read(struct menu_loader *ld);
void menu_lists_read(struct menu_loader *ld);
void menu_sms_read(struct menu_loader *ld);
void menu_graph_check(struct menu_loader *ld);
void menu_pages_check(struct menu_loader *ld);

/* Scalars that must be scalars: false and a fault otherwise. */
bool menu_need_scalar(struct menu_loader *ld, const struct yaml_node *at, const char *what);
bool menu_lang_parse_rtl(struct str tag);

/* One text in all languages; faults for missing ones, with the texts linted. */
enum menu_text_use { TEXT_PAGE, TEXT_EMPTY_TOO, TEXT_ANY_SCRIPT };
void menu_texts_parse(struct menu_loader *ld, const struct yaml_node *at, enum menu_text_use use,
		      struct menu_texts *out);
/* Where the text of a language stands. */
const struct yaml_node *menu_text_at(const struct menu_set *set, const struct yaml_node *at,
				     unsigned lang);
/* Encoding, bidi and forbidden words of one text or label. */
void menu_text_lint(struct menu_loader *ld, const struct yaml_node *at, unsigned lang,
		    const struct menu_text *text, enum menu_text_use use);
/* The first thing a phone would show scrambled (UAX 9), and its byte; NULL when all is well. */
const char *menu_bidi_fault(struct str text, size_t *at);

void menu_when_parse(struct menu_loader *ld, const struct yaml_node *at, struct menu_when *out);
struct menu_target menu_target_parse(struct menu_loader *ld, const struct yaml_node *at);
/* The variable, or that of an argument; menu_var_need: or a fault and -1. */
int menu_var_seen(const struct menu_loader *ld, struct str name);
int menu_var_need(struct menu_loader *ld, const struct yaml_node *at, struct str name);

/* Keys that several kinds of node have (menu_node.c); the kinds in which one types (menu_ask.c). */
struct menu_target menu_go_of(struct menu_loader *ld, const struct yaml_node *body,
			      const char *key);
void menu_retry_parse(struct menu_loader *ld, const struct yaml_node *map, struct menu_node *node);
void menu_ask_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node);
void menu_pin_parse(struct menu_loader *ld, const struct yaml_node *body, struct menu_node *node);

/* Faults when the words of the type cannot be typed: no labels, or two alike (menu_choice.c). */
void menu_choice_check(struct menu_loader *ld, const struct yaml_node *at, int type);

/* Options, actions and what they set (menu_option.c). */
void menu_options_parse(struct menu_loader *ld, const struct yaml_node *list,
			const struct menu_target *otherwise, struct menu_node *node);
void menu_dos_parse(struct menu_loader *ld, const struct yaml_node *map, struct menu_do **out,
		    size_t *n);
void menu_do_parse(struct menu_loader *ld, const struct yaml_node *name,
		   const struct yaml_node *args, enum menu_action action, struct menu_do *out);
void menu_sets_parse(struct menu_loader *ld, const struct yaml_node *map, struct menu_set_var **out,
		     size_t *n);
bool menu_key_parse(struct menu_loader *ld, const struct yaml_node *at, char *out);

/* ---- Filling and paging; values NULL: the longest value of every hole, every option ---- */

void menu_fill_into(const struct menu_set *set, const struct menu_text *text, unsigned lang,
		    const struct menu_values *values, struct buf *to);

enum { MENU_PAGES = 40 };

/* The text after a wrong answer, with its longest values, fits one page (or there is none). */
bool menu_retry_fits(const struct menu_set *set, uint16_t id, unsigned lang,
		     struct page_limit limit, struct arena *a);

#endif
