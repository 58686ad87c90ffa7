/*
 * Inside the looking at rows: dialogue_kinds.c turns each kind of row into
 * names and values, dialogue_rows.c compares them with a line of the script.
 */
#ifndef WASL_TESTS_DIALOGUES_DIALOGUE_ROWS_H
#define WASL_TESTS_DIALOGUES_DIALOGUE_ROWS_H

#include "dialogue.h"

enum { FIELDS_MAX = 24 };

struct fields {
	struct dialogue *d;
	const char *names[FIELDS_MAX];
	struct str values[FIELDS_MAX];
	size_t n;
};

struct search {
	struct dialogue *d;
	int64_t person;
	size_t from; /* first word of the pairs */
	size_t found, rows;
	struct buf seen; /* rows in words, for the complaint */
};

/* Values are copied. */
void field(struct fields *f, const char *name, struct str value);
void field_number(struct fields *f, const char *name, int64_t value); /* 0: nothing */
void field_time(struct fields *f, const char *name, int64_t at);      /* "2026-11-27 09:00" */
void field_yes(struct fields *f, const char *name, bool yes);
void field_sealed(struct fields *f, const char *name, const struct seal_place *place,
		  struct sealed value);
/* Does every pair of the line hold? Counts. */
void compare(struct search *s, const struct fields *f);

/* Compares all rows of s->person of a kind; false: there is no such kind. */
bool rows_compare(struct search *s, struct str kind);

#endif
