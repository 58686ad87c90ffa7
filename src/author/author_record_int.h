/*
 * What stands beside a call in the terminal: the dialogue it is written down
 * as, and its pages in all languages of the menus.
 */
#ifndef WASL_AUTHOR_AUTHOR_RECORD_INT_H
#define WASL_AUTHOR_AUTHOR_RECORD_INT_H

#include "author/author_int.h"

/* For the owner's eyes; NULL: cannot be written. */
FILE *author_record_open(const char *file);
/* given: a file of lines, or NULL; now: of the gateway, 0 when nobody says. */
void author_record_begin(FILE *f, const char *phone, const char *given, int64_t now);
void author_record_dial(FILE *f, struct str code, struct str dialled);
/* how: "", "twice" */
void author_record_typed(FILE *f, const char *how, struct str text);
void author_record_words(FILE *f, const char *words);
void author_record_text(FILE *f, const char *word, struct str text);
void author_record_page(FILE *f, struct str page, bool go_on);

struct author_langs;
/* 0 or an exit code, said on err. */
MUSTUSE int author_langs_open(const char *menus, FILE *err, struct author_langs **out);
void author_langs_free(struct author_langs *l);
/* Which page of the menus this is, and how it reads in each language; a page that is none of them
 * is said to be so. */
void author_langs_print(struct author_langs *l, FILE *to, struct str page, struct page_limit limit,
			bool ascii);

#endif
