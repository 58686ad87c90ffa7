/*
 * A folder of menus as its authors wrote it: bytes, tree, and the place of each
 * text, for the tools that change a file without changing what surrounds the
 * change. The loader of menu/ says what a folder means; here it is only read,
 * spliced and written back. Everything lives in the arena given at open.
 *
 * A text is a map whose keys are all languages of main.yaml. Texts written once
 * for all languages are nobody's to translate and are left alone.
 */
#ifndef WASL_AUTHOR_AUTHOR_SOURCE_INT_H
#define WASL_AUTHOR_AUTHOR_SOURCE_INT_H

#include "author/author.h"
#include "menu/menu.h"
#include "yaml/yaml.h"

enum { SOURCE_FILES = 128 };

struct source_file {
	const char *name, *path; /* "home.yaml", "menus/home.yaml" */
	struct str bytes;
	struct yaml_doc *doc;
	size_t *lines; /* where each begins; one more at the end of the bytes */
	size_t n_lines;
	bool of_menus; /* read by menu/: not reminders and holidays */
};

/* One text, in all languages it is written in. */
struct source_text {
	const struct source_file *file;
	const char *place; /* "nodes.b1.options.2.say": keys, and positions in lists from 1 */
	const struct yaml_node *map;
};

struct source {
	struct arena *arena;
	const char *dir;
	struct source_file files[SOURCE_FILES];
	size_t n_files;
	const char *langs[MENU_LANGS + 1]; /* of main.yaml, and one that is new */
	size_t n_langs;
	struct source_text *texts; /* in file order */
	size_t n_texts, cap;
};

/*
 * Reads main.yaml, what it names and what lies beside it. extra: a language
 * that main.yaml may not know yet, or NULL. 0, or an exit code with every fault
 * in err.
 */
MUSTUSE int author_source_open(const char *dir, const char *extra, struct arena *a, struct err *err,
			       struct source *out);
/* NULL: no such text. */
const struct source_text *author_source_find(const struct source *s, struct str file,
					     struct str place);
/* Text of a language; STR_NONE when it is not written. */
struct str author_source_in(const struct source_text *t, const char *lang);

/* Where a node begins in the bytes of its file. */
size_t author_source_offset(const struct source_file *f, const struct yaml_node *at);
/* The bytes of a scalar with its quotes; STR_NONE for one in a block or over several plain lines.
 */
struct str author_source_span(const struct source_file *f, const struct yaml_node *scalar);
/* Written in { }, not a key a line. */
bool author_source_flow(const struct source_file *f, const struct yaml_node *map);
/* A text as YAML has it, in double quotes. */
void author_source_quote(struct buf *to, struct str text);

/* ---- Changes of one file ---- */

struct source_edit {
	size_t at, n; /* bytes that go */
	struct str with;
};
struct source_edits {
	struct arena *arena;
	struct source_edit *v;
	size_t n, cap;
};
/* Changes never overlap; they may be added in any order. */
void author_edit_add(struct source_edits *e, size_t at, size_t n, struct str with);
struct str author_edit_apply(struct str bytes, struct source_edits *e);
/* Puts new bytes in a file's place, whole or not at all. False: could not be written. */
bool author_source_write(const struct source_file *f, struct str bytes);

#endif
