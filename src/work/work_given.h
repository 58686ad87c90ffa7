/*
 * What is there before anything happens: a line of words makes the rows of a
 * made-up person, their needs, appointments, project. For labs and for
 * tests/dialogues, whose README tells the language; never where real people are.
 *
 * On the loop. The walk: a line is cut into words (work_given_word, or all at
 * once by work_given_read) → work_given fills a job → the caller commits it →
 * and calls again while the answer is GIVEN_MORE, as an enrolment stands on the
 * person's row. Rows are made the way the program itself makes them, by
 * work_person_add and work_apply, where it does.
 */
#ifndef WASL_WORK_WORK_GIVEN_H
#define WASL_WORK_WORK_GIVEN_H

#include "work/work.h"

enum { GIVEN_WORDS = 40, GIVEN_MORE = 1 };

struct given {
	struct work *work;
	struct str words[GIVEN_WORDS]; /* "person" "CAS-0147" …; "given" itself is left out */
	bool quoted[GIVEN_WORDS];      /* such a word is never the name of another */
	size_t n;
	int64_t staff, centre, now; /* whose work it is, and where people belong */
	const char *why;            /* set by W_EINVAL: what is wrong, in words */
	int64_t person; /* whom the line was about, and the file number: set by work_given */
	struct str ref;
	struct work_added added; /* of a person or code */
	unsigned step;           /* jobs made so far */
};

/*
 * The next word of *text, which moves behind it: 1, or 0 at the end or at a
 * '#'. Quotes are taken off, and in them \n \" \\ \uXXXX read. W_EINVAL: a
 * quote is not closed.
 */
MUSTUSE int work_given_word(struct str *text, struct arena *a, struct str *word, bool *quoted);
/* All words of a line; W_EINVAL with why. */
MUSTUSE int work_given_read(struct given *g, struct str line, struct arena *a);

/*
 * Adds the rows of the line to a job. W_EINVAL with why: not understood, and
 * the job must not be submitted; the same for any other error.
 */
MUSTUSE int work_given(struct given *g, struct store_job *job);

#endif
