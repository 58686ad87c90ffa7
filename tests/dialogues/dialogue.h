/*
 * A dialogue: a script of what a phone types and what must come of it, played
 * against the real session engine, store and reminders with a clock that
 * stands still between lines. README.md tells the language.
 *
 * dialogue_read.c   file -> lines of words
 * dialogue_world.c  state folder, rooms, clock
 * dialogue_phone.c  handsets: dial, type, drop, again; bytes go through a dialect
 * dialogue_given.c  people, codes, needs that are there before
 * dialogue_see.c    pages and their sizes, screens seen
 * dialogue_rows.c   what is stored
 * dialogue_sms.c    which SMS leaves
 * dialogue_run.c    the table of commands, loops, languages
 *
 * One thread, the loop. The first line that does not hold ends the dialogue.
 */
#ifndef WASL_TESTS_DIALOGUES_DIALOGUE_H
#define WASL_TESTS_DIALOGUES_DIALOGUE_H

#include "conf/conf.h"
#include "remind/remind.h"
#include "session/session.h"

#include <stdio.h>

/* ---- The script ---- */

enum { WORDS_MAX = 40, HANDSETS = 6, PEOPLE = 12, TURNS_KEPT = 320, MESSAGES_KEPT = 64 };

struct line {
	unsigned number;
	struct str words[WORDS_MAX]; /* quotes taken off, escapes read */
	bool quoted[WORDS_MAX];
	size_t n;
	struct str rest; /* all behind the first word, as it stands */
};
struct script {
	const char *file;
	struct line *lines;
	size_t n;
	bool each_language;
};
/* False, and a word on standard error, when the file cannot be read. */
bool script_read(const char *file, struct arena *a, struct script *out);

/* ---- The world ---- */

struct exchange {
	struct wire_request request;
	struct str body; /* of our answer */
};
struct handset {
	struct phone phone;
	char number[24]; /* as the script writes it */
	struct str session, dialled;
	struct buf path;
	size_t pieces;
	struct exchange *turns;
	size_t n_turns;
	bool open;
};
struct line_in { /* a channel */
	struct arena *arena;
	struct dialect *dialect;
	struct channel *channel;
};
struct known { /* a person of the script */
	struct str ref, name_ar, name_la;
};

struct dialogue {
	const struct script *script;
	const struct line *at; /* the line being played, words of variables put in */
	unsigned lang;         /* number in the menus, or NO_LANG */
	struct arena *arena;
	char dir[64];
	const char *menus_dir;
	unsigned menus_copied;
	struct loop *loop;
	struct keys *keys;
	struct zone *zone;
	struct conf *conf;
	struct menu_set *menus;
	struct remind_rules *rules;
	struct store *store;
	struct work *work;
	struct sessions *sessions;
	struct remind *remind;
	int64_t staff;
	struct line_in lines_in[3];
	struct channel *channel; /* the one calls come in by */
	const char *centre;
	struct handset handsets[HANDSETS];
	struct handset *handset;
	struct str next_session;
	unsigned sessions_named;
	struct known people[PEOPLE];
	size_t n_people;
	/* the last answer */
	enum session_answer_kind kind;
	bool answered, go_on;
	struct str page, body;
	int64_t messages_seen[MESSAGES_KEPT];
	size_t n_messages_seen;
	uint8_t *screens; /* [node * MENU_LANGS + lang]: bit 0 the page, bit 1 its retry text */
	bool complained;
};
#define NO_LANG UINT32_MAX

void world_begin(struct dialogue *d, int64_t now);
void world_end(struct dialogue *d);
/* The program ends and starts again on the same folder. between may be NULL. */
void world_restart(struct dialogue *d, void (*between)(struct dialogue *d));
/* The menus are loaded anew, as a reload does. */
void world_reload(struct dialogue *d);
/* From now on other files are the menus: the same pages, another version. The first while the
 * program is down, the second before world_reload. */
void world_other_menus(struct dialogue *d);
void world_copy_menus(struct dialogue *d);
/* Another program writes to the database until the gateway has given up waiting. */
struct world_lock;
struct world_lock *world_lock(struct dialogue *d);
void world_unlock(struct world_lock *lock);
/* Everything that is due is done and written. */
void world_settle(struct dialogue *d);
void world_commit(struct dialogue *d, struct store_job *job);
/* Forward to an instant, stopping wherever a reminder is due. */
void world_wait_until(struct dialogue *d, int64_t at);

/* ---- Saying what went wrong ---- */

/* Prints file:line, the sentence and the page shown; always false. */
bool complain(struct dialogue *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Ends the program: the world itself does not work. */
_Noreturn void give_up(const struct err *err, const char *what);

/* ---- Words ---- */

/* The word behind the first one equal to name, from word i on; STR_NONE. */
struct str word_after(const struct line *l, size_t i, const char *name);
bool has_word(const struct line *l, size_t i, const char *name);
/* "3 days", words i and i+1, in seconds; 0: not understood. */
int64_t span_of(const struct line *l, size_t i);
/* A date and an hour, perhaps behind a weekday, from word i on. */
bool instant_of(struct dialogue *d, const struct line *l, size_t i, int64_t *out);
/* The person of a file number; 0 after a complaint. */
int64_t person_of(struct dialogue *d, struct str ref);
const struct known *known_of(const struct dialogue *d, struct str ref);
bool contains(struct str text, struct str piece);

/* ---- Commands: each plays d->at ---- */

bool do_given(struct dialogue *d);
bool do_phone(struct dialogue *d);
bool do_session(struct dialogue *d);
bool do_dial(struct dialogue *d);
bool do_type(struct dialogue *d);
bool do_drop(struct dialogue *d);
bool do_again(struct dialogue *d);
bool do_start(struct dialogue *d);
bool do_afterwards(struct dialogue *d);
bool do_see(struct dialogue *d);
bool do_not(struct dialogue *d);
bool do_end(struct dialogue *d);
bool do_open(struct dialogue *d);
bool do_units(struct dialogue *d);
bool do_refused(struct dialogue *d);
bool do_stored(struct dialogue *d);
bool do_none(struct dialogue *d);
bool do_count(struct dialogue *d);
bool do_sms(struct dialogue *d);
bool do_no(struct dialogue *d);
/* All SMS were named by the script? */
bool messages_all_named(struct dialogue *d);

/* Plays a script, once or in every language; screens as in struct dialogue, kept over languages. */
bool script_play(const struct script *script, uint8_t **screens, struct menu_set **menus);

#endif
