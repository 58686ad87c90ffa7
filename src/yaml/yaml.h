/*
 * The one strict YAML reader: menus, configuration, dialects, reminders.
 *
 * A file becomes a tree that keeps line and column of every key and value.
 * Refused, each with its place, all in one run: anchors and aliases, tags,
 * duplicate keys, merge keys, more than one document, broken UTF-8, control
 * characters, depth over 16, files over the bound. There are no hidden types:
 * every scalar is text, and "quoted" says how it was written; the caller's
 * table gives it a type.
 */
#ifndef WASL_YAML_YAML_H
#define WASL_YAML_YAML_H

#include "base/err.h"

enum { YAML_MAX_BYTES = 1 << 20, YAML_MAX_DEPTH = 16, YAML_MAX_FAULTS = 100 };

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	uint32_t line, col; /* from 1, in characters */
	struct str text;    /* SCALAR: NUL-ended in the arena */
	bool quoted;        /* SCALAR: written in quotes or as a block */
	size_t n;           /* entries of LIST and MAP */
	struct yaml_node **items;
	struct yaml_pair *pairs; /* in file order */
};

struct yaml_pair {
	struct yaml_node *key; /* always a scalar */
	struct yaml_node *value;
};

struct yaml_doc {
	const char *file;
	struct yaml_node *root; /* NULL for an empty file, which is a fault */
};

/*
 * Reads a file, or text under a name for messages. Faults go to err; returns
 * W_OK, W_ENOENT (no such file: also a fault in err) or W_EINVAL. The tree
 * lives in the arena. max_bytes 0 takes YAML_MAX_BYTES. No file is kept open.
 *
 * *out is set in every case. After W_EINVAL its root is the tree when the file
 * could be read to its end in spite of the faults (a double key, an anchor), so
 * that a caller may look for more of them; otherwise it is NULL. At most
 * YAML_MAX_FAULTS of one file are told.
 */
MUSTUSE int yaml_read_file(const char *path, size_t max_bytes, struct arena *a,
			   struct yaml_doc **out, struct err *err);
MUSTUSE int yaml_read_text(const char *name, struct str text, size_t max_bytes, struct arena *a,
			   struct yaml_doc **out, struct err *err);

/* The value of a key, or NULL. map may be NULL or no map. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* A fault at a node's place. */
void yaml_fault(struct err *err, const struct yaml_doc *doc, const struct yaml_node *at,
		const char *fmt, ...) PRINTF_LIKE(4, 5);

/* ---- Shapes: one row per key a map may have ---- */

enum yaml_type {
	YAML_T_ANY,
	YAML_T_TEXT,  /* any scalar */
	YAML_T_WORD,  /* [A-Za-z][A-Za-z0-9_/.-]{0,63} */
	YAML_T_INT,   /* decimal, range checked: min..max */
	YAML_T_YESNO, /* yes no true false on off */
	YAML_T_SPAN,  /* 30s 5m 2h 7d 4w, in seconds, range checked */
	YAML_T_SIZE,  /* bytes: 512 16KiB 32MiB, range checked */
	YAML_T_LIST,
	YAML_T_MAP,
};

struct yaml_key {
	const char *name;
	enum yaml_type type;
	bool required;
	int64_t min, max; /* INT SPAN SIZE; both 0: no bound */
};

/*
 * Checks a map against its table: unknown keys (with "did you mean"), wrong
 * kinds, bad values, missing keys. Every fault is added; returns W_EINVAL when
 * there was one. The fault of a missing key is at the map.
 */
MUSTUSE int yaml_check(const struct yaml_doc *doc, const struct yaml_node *map,
		       const struct yaml_key *keys, size_t n, struct err *err);

/* Values of checked scalars; the fallback when node is NULL or not of the type. */
int64_t yaml_int(const struct yaml_node *node, int64_t fallback);
bool yaml_yesno(const struct yaml_node *node, bool fallback);
int64_t yaml_span(const struct yaml_node *node, int64_t fallback); /* seconds */
int64_t yaml_size(const struct yaml_node *node, int64_t fallback); /* bytes */
struct str yaml_text(const struct yaml_node *node);                /* STR_NONE for NULL */

#endif
