/*
 * Text built piece by piece, either in memory the caller gives (which it never
 * outgrows: the overflow is remembered until asked) or in an arena (which it
 * grows). Always NUL-ended.
 */
#ifndef WASL_BASE_BUF_H
#define WASL_BASE_BUF_H

#include "base/arena.h"

struct buf {
	char *p;
	size_t n, cap;
	struct arena *arena; /* NULL: fixed memory */
	bool overflow;
};

void buf_init(struct buf *b, char *memory, size_t cap);
void buf_init_arena(struct buf *b, struct arena *a);

void buf_add(struct buf *b, const void *p, size_t n);
void buf_addc(struct buf *b, char c);
void buf_adds(struct buf *b, const char *s);
void buf_add_str(struct buf *b, struct str s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* True while everything added fits. A fixed buffer that overflowed holds a cut text. */
bool buf_ok(const struct buf *b);
struct str buf_str(const struct buf *b);
void buf_cut(struct buf *b, size_t n);

#endif
