/*
 * Faults in files that a human must mend: all of a run are kept, each with its
 * place, and printed as "file:line:col: error: text". Result codes for
 * everything else are enum w_err.
 */
#ifndef WASL_BASE_ERR_H
#define WASL_BASE_ERR_H

#include "base/arena.h"

#include <stdio.h>

enum err_kind { ERR_ERROR, ERR_WARNING };

struct err_fault {
	enum err_kind kind;
	const char *file;   /* as given by the caller */
	uint32_t line, col; /* from 1; characters, not bytes; 0 when there is no place */
	const char *text;
};

struct err; /* a growing list of faults, in order of discovery */

struct err *err_new(void);
void err_free(struct err *e);

void err_add(struct err *e, const char *file, uint32_t line, uint32_t col, const char *fmt, ...)
	PRINTF_LIKE(5, 6);
void err_warn(struct err *e, const char *file, uint32_t line, uint32_t col, const char *fmt, ...)
	PRINTF_LIKE(5, 6);

size_t err_errors(const struct err *e);
size_t err_warnings(const struct err *e);
size_t err_count(const struct err *e);
const struct err_fault *err_at(const struct err *e, size_t i);

/* Sorts by file, line, column (stable), so that a reader walks a file once. */
void err_sort(struct err *e);
/* One fault a line, to a stream or into arena memory. */
void err_print(const struct err *e, FILE *to);
char *err_line(const struct err_fault *f, struct arena *a);

#endif
