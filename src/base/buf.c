#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

void
buf_init(struct buf *b, char *memory, size_t cap)
{
	CHECK(cap > 0);
	*b = (struct buf){.p = memory, .cap = cap};
	b->p[0] = '\0';
}

void
buf_init_arena(struct buf *b, struct arena *a)
{
	*b = (struct buf){.p = arena_alloc(a, 128), .cap = 128, .arena = a};
}

/* Room for n more bytes and the NUL; a fixed buffer gives what it has left. */
static size_t
room(struct buf *b, size_t n)
{
	if (b->cap - b->n > n)
		return n;
	if (b->arena == NULL) {
		b->overflow = true;
		return b->cap - b->n - 1;
	}
	size_t cap = b->cap * 2 > b->n + n + 1 ? b->cap * 2 : b->n + n + 1;
	char *bigger = arena_alloc(b->arena, cap);
	memcpy(bigger, b->p, b->n);
	b->p = bigger;
	b->cap = cap;
	return n;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	n = room(b, n);
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;
	size_t left = b->cap - b->n;

	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(b->p + b->n, left, fmt, args);
	va_end(args);
	CHECK(n >= 0);
	size_t fits = room(b, (size_t)n);
	if ((size_t)n >= left && fits == (size_t)n) /* it grew */
		vsnprintf(b->p + b->n, fits + 1, fmt, again);
	va_end(again);
	b->n += fits;
}

bool
buf_ok(const struct buf *b)
{
	return !b->overflow;
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

void
buf_cut(struct buf *b, size_t n)
{
	if (n < b->n) {
		b->n = n;
		b->p[n] = '\0';
	}
}
