/*
 * Inside yaml/: text → scan (bytes) → tree (libyaml's events) → doc. Each step
 * adds its faults to one list and lets the next one run, so that one reading
 * tells everything that is wrong.
 */
#ifndef WASL_YAML_YAML_INT_H
#define WASL_YAML_YAML_INT_H

#include "yaml/yaml.h"

/* The faults of one reading: counted and capped. */
struct yaml_faults {
	struct err *err;
	const char *file;
	size_t n;
};
void yaml_fault_at(struct yaml_faults *f, uint32_t line, uint32_t col, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/*
 * Finds a byte order mark, broken UTF-8, control characters and directives, one
 * a line at most. Returns a copy of n <= text.n bytes (free it) in which each
 * such character is an underscore, so that libyaml's places stay true and its
 * reader has nothing left to stop at.
 */
char *yaml_scan(struct str text, struct yaml_faults *f, size_t *n);

/* Takes one character off; false on a broken byte, which is taken off too. */
bool yaml_char_next(struct str *rest, uint32_t *cp);
/* False for control characters (but tab and line ends), line separators and non-characters. */
bool yaml_char_ok(uint32_t cp);

/* The tree of a scanned text, or NULL when it could not be read to its end. */
struct yaml_node *yaml_tree(const char *text, size_t n, struct arena *a, struct yaml_faults *f);

/* A key as a message may show it: cut at a character, no controls. */
struct yaml_shown {
	char text[72];
};
struct yaml_shown yaml_shown(struct str key);

/* True when the text of a scalar has the form of the type; *value is its number (INT, YESNO,
 * SPAN, SIZE). */
bool yaml_value(struct str text, enum yaml_type type, int64_t *value);

#endif
