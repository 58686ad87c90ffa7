/*
 * Tables of vectors: tab-separated text, '#' lines are comments, the first
 * other line names the columns. Read from tests/data/, or from the folder that
 * the environment variable WASL_TEST_DATA names (same file and column names,
 * other rows).
 *
 * A mistake in a table (no such column, bad hex) fails the running test with
 * file and row. For tests only; everything handed out lives until table_close.
 */
#ifndef WASL_TESTS_HELPER_TABLE_H
#define WASL_TESTS_HELPER_TABLE_H

#include "base/buf.h"

struct table;

/*
 * Never NULL. A file that is not in the folder of WASL_TEST_DATA skips the
 * running test, with its name; one that is not in tests/data/ fails it.
 */
struct table *table_open(const char *name);
void table_close(struct table *t);

size_t table_rows(const struct table *t);
bool table_has(const struct table *t, const char *column);

/* The field as it stands in the file. */
struct str table_raw(struct table *t, size_t row, const char *column);
/* With \n \r \t \f \\ and \uXXXX (UTF-16, pairs joined) resolved; "-" alone is the empty text. */
struct str table_text(struct table *t, size_t row, const char *column);
/* Hex digits, in pairs, blanks between allowed; "-" alone is nothing. */
struct str table_hex(struct table *t, size_t row, const char *column);
/* "U+0627 U+0644": a list of code points as UTF-8; "-" alone is nothing. */
struct str table_codepoints(struct table *t, size_t row, const char *column);
int64_t table_int(struct table *t, size_t row, const char *column);
bool table_is(struct table *t, size_t row, const char *column, const char *value);

/* Where a row stands, for messages: "segmentation.tsv:12 S009" (line and first column). */
const char *table_where(const struct table *t, size_t row);

/*
 * A row that does not hold is printed and counted; the test goes on, so that
 * one run shows all. table_finish closes and fails the test when any was.
 */
void table_miss(struct table *t, size_t row, const char *fmt, ...) PRINTF_LIKE(3, 4);
void table_finish(struct table *t);

#endif
