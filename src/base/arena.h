/*
 * Memory that goes all at once: a request's, a loaded file's, a job's.
 *
 * Pieces are never freed one by one. Allocation never fails: a process that
 * runs out of memory aborts, having acknowledged nothing false (inputs are
 * bounded before they are allocated). Not thread safe: an arena belongs to one
 * thread at a time and is handed over whole.
 */
#ifndef WASL_BASE_ARENA_H
#define WASL_BASE_ARENA_H

#include "base/check.h"
#include "base/str.h"

struct arena;

/* chunk: bytes asked from malloc at a time; 0 takes 4 KiB. Free with arena_free. */
struct arena *arena_new(size_t chunk);

/*
 * An arena in a local variable, for what is over when the function returns: it
 * asks malloc only for what is beyond the room. arena_free all the same.
 */
struct arena_room {
	_Alignas(max_align_t) unsigned char bytes[1024];
};
struct arena *arena_in(struct arena_room *room);

void arena_free(struct arena *a);

/* Forgets every piece and keeps the first chunk for the next use. */
void arena_reset(struct arena *a);

/* Zeroed, aligned for any type; size 0 gives a unique pointer. */
void *arena_alloc(struct arena *a, size_t size);
#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc_array((a), sizeof(type), (n)))
void *arena_alloc_array(struct arena *a, size_t size, size_t n);

void *arena_memdup(struct arena *a, const void *p, size_t n);
/* NUL-ended copies. */
char *arena_strdup(struct arena *a, const char *s);
struct str arena_str(struct arena *a, struct str s);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* In decimal digits. */
struct str arena_int(struct arena *a, int64_t n);

/* Bytes handed out since new or reset. */
size_t arena_used(const struct arena *a);

/* malloc, calloc, realloc and strdup that abort instead of failing, for what lives longer. */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);

#endif
