/*
 * Inside the command: the table of commands, a parsed command line, the talk
 * with the gateway and what the commands share. Printing is in cli_print.h.
 */
#ifndef WASL_CLI_CLI_INT_H
#define WASL_CLI_CLI_INT_H

#include "cli/cli.h"

#include "admin/admin_wire.h"
#include "base/buf.h"

#include <libintl.h>

/* Messages in the language of the reader; N_ only marks them for the catalogue. */
#define _(text)  gettext(text)
#define N_(text) text

/* ---- The table ---- */

enum cli_flag {
#define CLI_FLAG(ID, name, letter, value, arg, sentence) FLAG_##ID,
#include "cli/cli_flags.def"
#undef CLI_FLAG
	CLI_FLAGS,
	FLAGS_EVERYWHERE = FLAG_VERSION + 1,
};
/* A set of flags. */
typedef unsigned __int128 cli_flag_set;
_Static_assert(CLI_FLAGS < 128, "a bit each");
#define FLAG_BIT(flag) ((cli_flag_set)1 << (flag))

struct cli_flag_row {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* "" none; "[X]" may be left out */
	const char *arg;
	const char *sentence;
};
extern const struct cli_flag_row cli_flags[CLI_FLAGS];

enum cli_command_id {
#define CLI_COMMAND(ID, ...) COMMAND_##ID,
#include "cli/cli_commands.def"
#undef CLI_COMMAND
	CLI_COMMANDS
};

struct cli_call;
struct sheet;

struct cli_command {
	const char *words, *verb, *operands, *args;
	cli_flag_set flags; /* beside those that work everywhere */
	const char *all;
	int (*run)(struct cli_call *call);
	void (*screen)(struct sheet *s);
	const char *exits, *example, *sentence, *more;
};
extern const struct cli_command cli_commands[CLI_COMMANDS];

/* The command whose words the operands begin with; *used says how many. NULL: none. */
const struct cli_command *cli_command_find(const char *const *words, size_t n, size_t *used);
/* True when some command begins with this word and has another after it: "need". */
bool cli_command_group(const char *word);
/* "need lsit" -> "need list"; NULL when nothing is near. */
const char *cli_command_nearest(const char *const *words, size_t n);
/* The verb's row of the gateway's table; NULL when the gateway is not asked. */
const struct admin_verb *cli_command_verb(const struct cli_command *c);
/* Words a flag or operand may take, "a|b|c", or NULL: from the verb's arguments. */
const char *cli_command_choices(const struct cli_command *c, const char *arg);
/* What an exit code means, in a few words; NULL when it is not one of ours. */
const char *cli_exit_words(int code);

/* ---- One command line ---- */

enum cli_form { FORM_TABLE, FORM_RECORD, FORM_TSV, FORM_CSV, FORM_JSON, FORM_JSONL, CLI_FORMS };
enum cli_bidi { BIDI_SAFE, BIDI_ISOLATE, BIDI_PLAIN };

/* How things are to look. */
struct view {
	int width; /* columns */
	bool ascii, color;
	enum cli_bidi bidi;
	int64_t now; /* seconds UTC: what "3 days ago" is counted from */
};

enum { CLI_OPERANDS_MAX = 32, CLI_FIELDS_MAX = 32 };

struct cli_call {
	const struct cli_io *io;
	struct arena *arena;
	const struct cli_command *command;
	cli_flag_set given;           /* FLAG_BITs */
	const char *value[CLI_FLAGS]; /* of those given; NULL without a value */
	const char *operand[CLI_OPERANDS_MAX];
	size_t n_operands; /* words of the command taken off */
	json_t *args;      /* of the request */
	enum cli_form form;
	struct view view;
	const char *fields[CLI_FIELDS_MAX]; /* --json=a,b; else those of the verb */
	size_t n_fields;
};

bool cli_given(const struct cli_call *call, enum cli_flag flag);

/*
 * Fills the call. False: the complaint is printed and *code is the exit code.
 * Also answers --help and --version, with *code 0.
 */
bool cli_args_read(struct cli_call *call, int argc, char **argv, int *code);
/* --output, --width ... and $NO_COLOR, $COLUMNS into form, view and fields. */
bool cli_args_view(struct cli_call *call, int *code);
/* Operands and flags into the request; checks numbers and words. */
bool cli_args_request(struct cli_call *call, int *code);

/* Position of a word in "a|b|c", or -1. */
int cli_choice(const char *words, const char *word);
/* Complains that what cannot be typed, with the nearest word or the list. False; sets *code. */
bool cli_wrong_word(const struct cli_call *call, const char *what, const char *words,
		    const char *typed, int *code);

/* "wasl: ..." on standard error; gives the code back. Never a name, number or note. */
int cli_complain(const struct cli_call *call, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* ---- The gateway ---- */

#define CLI_SOCKET "/run/wasl/wasl.sock"

struct cli_answer {
	int code;
	const char *text; /* in the call's arena */
	int64_t count;    /* rows there are; -1: not said */
	int64_t now;      /* the gateway's clock, ahead of ours in a lab; 0: not said */
};
typedef void cli_on_row(void *ctx, const json_t *row);

/*
 * Sends one request and hands the rows over as they come. The result is the
 * exit code, also in answer; a gateway that is not there or goes away half way
 * is ADMIN_AWAY with the reason in answer->text. Complains about nothing.
 */
int cli_talk(const struct cli_call *call, const char *verb, const json_t *args, cli_on_row *on_row,
	     void *ctx, struct cli_answer *answer);
/* Tells standard error why a code is not 0. Gives the code back. */
int cli_tell(const struct cli_call *call, const struct cli_answer *answer);

/* ---- Commands ---- */

int cli_run_verb(struct cli_call *call);
int cli_run_log(struct cli_call *call);
int cli_run_overdue(struct cli_call *call);
int cli_run_person_add(struct cli_call *call);
int cli_run_person_code(struct cli_call *call);
int cli_run_person_erase(struct cli_call *call);
int cli_run_doctor(struct cli_call *call);
int cli_run_stop(struct cli_call *call);
int cli_run_help(struct cli_call *call);
int cli_run_completion(struct cli_call *call);

int cli_run_dial(struct cli_call *call);
int cli_run_carrier(struct cli_call *call);
int cli_run_menu_lint(struct cli_call *call);
int cli_run_menu_size(struct cli_call *call);
int cli_run_menu_fmt(struct cli_call *call);
int cli_run_menu_graph(struct cli_call *call);
int cli_run_menu_diff(struct cli_call *call);
int cli_run_texts_export(struct cli_call *call);
int cli_run_texts_import(struct cli_call *call);
int cli_run_channel_list(struct cli_call *call);
int cli_run_channel_show(struct cli_call *call);
int cli_run_channel_lint(struct cli_call *call);
int cli_run_channel_try(struct cli_call *call);

/* Like cli_run_verb; rows gives how many came. */
int cli_run_rows(struct cli_call *call, size_t *rows);

/* Help of one command, of a group ("need"), of everything. */
void cli_help_command(const struct cli_call *call, const struct cli_command *c);
bool cli_help_group(const struct cli_call *call, const char *word);
void cli_help_all(const struct cli_call *call);
void cli_man_print(FILE *out);
void cli_completion_print(FILE *out);
/* "open, acknowledged or all" out of "open|acknowledged|all". */
void cli_words_or(struct buf *to, const char *words);

/* ---- Questions to the person at the keyboard ---- */

/* False when nobody may be asked (--no-input, no terminal) or nothing came. *line is trimmed. */
bool cli_ask(const struct cli_call *call, const char *question, const char **line);
/* y or yes; --yes answers by itself. */
bool cli_ask_yes(const struct cli_call *call, const char *question);

/* ---- Language ---- */

/* LC_CTYPE that knows UTF-8, and the message catalogue; lang NULL: the environment's. */
void cli_text_start(const struct cli_io *io, const char *lang);

#endif
