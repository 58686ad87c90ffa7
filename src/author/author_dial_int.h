/*
 * The telephone in the terminal: a call with all that stands beside it, and the
 * commands that can be typed. A command returns 0 or an exit code, and has said
 * why.
 */
#ifndef WASL_AUTHOR_AUTHOR_DIAL_INT_H
#define WASL_AUTHOR_AUTHOR_DIAL_INT_H

#include "author/author_record_int.h"

enum { LINE_MAX_BYTES = 2048, DIAL_PATIENCE_MS = 15000 };
#define PHONE_MADE_UP "+212600000001"

struct dial {
	const struct author_dial_options *o;
	struct author_phone phone;
	FILE *script; /* or NULL */
	FILE *record; /* or NULL */
	struct author_langs *langs;
	size_t next_answer;
	unsigned line;  /* of the script */
	bool prompting; /* the line at hand was typed at the prompt */
	bool leaving;
	unsigned screens;
	int rc;
	char bytes[LINE_MAX_BYTES];
};

int author_dial_complain(struct dial *d, int code, const char *what, const char *more);
int author_dial_show(struct dial *d, enum author_said says);
/* The same, and writes it down. */
int author_dial_show_and_record(struct dial *d, enum author_said says);
void author_dial_record_dial(struct dial *d);

struct author_command {
	const char *word;
	bool takes_text;
	bool aside; /* a remark about the page: nothing is typed */
	int (*run)(struct dial *d, struct str text);
	const char *says;
};
/* The command a line begins with and its text; NULL: the line is an answer. */
const struct author_command *author_command_of(struct str line, struct str *text);
int author_command_answer(struct dial *d, struct str text);
int author_command_hang_up(struct dial *d, struct str text);

#endif
