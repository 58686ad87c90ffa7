/*
 * Texts on their way to translators and back: what export and import agree on,
 * and the reader of what comes back. A record is one text in one or more
 * languages with the line it begins on.
 */
#ifndef WASL_AUTHOR_AUTHOR_TEXTS_INT_H
#define WASL_AUTHOR_AUTHOR_TEXTS_INT_H

#include "author/author_source_int.h"

/* Titles of the first columns of a table. */
#define TEXTS_FILE  "file"
#define TEXTS_PLACE "place"

enum { TEXTS_MAX_BYTES = 8 << 20 };

struct texts_record {
	uint32_t line;
	struct str file, place;
	struct str source;               /* PO: the text translated; else STR_NONE */
	struct str said[MENU_LANGS + 1]; /* by column of the table; PO: the first */
};
struct texts_table {
	struct str langs[MENU_LANGS + 1];
	size_t n_langs;
	bool po;
	struct texts_record *v;
	size_t n, cap;
};

/* The language a PO file for lang translates from. */
const char *author_texts_from(const struct source *s, const char *lang);

/* Both forms; which one it is the first line says. Faults at their lines under that name. */
void author_texts_read(const char *name, struct str bytes, struct arena *a, struct err *err,
		       struct texts_table *out);
void author_texts_read_po(const char *name, struct str bytes, struct arena *a, struct err *err,
			  struct texts_table *out);
struct texts_record *author_texts_add(struct texts_table *t, struct arena *a, uint32_t line);

#endif
