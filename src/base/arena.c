#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNK_BYTES = 4096 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct chunk *first, *current;
	size_t chunk_size, handed_out;
	alignas(max_align_t) bool lent; /* it and its first chunk lie in an arena_room */
};

static struct chunk *
chunk_new(size_t size)
{
	struct chunk *c = xmalloc(sizeof(*c) + size);

	c->next = NULL;
	c->size = size;
	c->used = 0;
	return c;
}

struct arena *
arena_new(size_t chunk)
{
	struct arena *a = xcalloc(1, sizeof(*a));

	a->chunk_size = chunk ? chunk : CHUNK_BYTES;
	a->first = a->current = chunk_new(a->chunk_size);
	return a;
}

struct arena *
arena_in(struct arena_room *room)
{
	struct arena *a = (void *)room->bytes; /* aligned for any type */
	struct chunk *first = (void *)(a + 1);

	_Static_assert(sizeof(*a) % alignof(struct chunk) == 0, "the chunk follows the arena");
	*first = (struct chunk){.size = sizeof(room->bytes) - sizeof(*a) - sizeof(*first)};
	*a = (struct arena){
		.chunk_size = CHUNK_BYTES, .first = first, .current = first, .lent = true};
	return a;
}

static void
free_after_first(struct arena *a)
{
	struct chunk *c = a->first->next;

	while (c != NULL) {
		struct chunk *next = c->next;

		free(c);
		c = next;
	}
	a->first->next = NULL;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	free_after_first(a);
	if (a->lent)
		return;
	free(a->first);
	free(a);
}

void
arena_reset(struct arena *a)
{
	free_after_first(a);
	a->first->used = 0;
	a->current = a->first;
	a->handed_out = 0;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);

	CHECK(size < SIZE_MAX / 2);
	size = (size + align - 1) / align * align;
	if (size == 0)
		size = align;
	if (a->current->size - a->current->used < size) {
		struct chunk *c = chunk_new(size > a->chunk_size ? size : a->chunk_size);

		a->current->next = c;
		a->current = c;
	}
	void *p = a->current->bytes + a->current->used;
	a->current->used += size;
	a->handed_out += size;
	return memset(p, 0, size);
}

void *
arena_alloc_array(struct arena *a, size_t size, size_t n)
{
	CHECK(size == 0 || n <= SIZE_MAX / 4 / size);
	return arena_alloc(a, size * n);
}

void *
arena_memdup(struct arena *a, const void *p, size_t n)
{
	void *copy = arena_alloc(a, n);

	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_memdup(a, s, strlen(s) + 1);
}

struct str
arena_str(struct arena *a, struct str s)
{
	char *copy = arena_alloc(a, s.n + 1);

	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	return (struct str){copy, s.n};
}

/* Tried first where most texts fit, so that they are formatted once. */
char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	char text[128];
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	CHECK(n >= 0);
	char *out = arena_alloc(a, (size_t)n + 1);
	if ((size_t)n < sizeof(text))
		return memcpy(out, text, (size_t)n + 1);
	va_start(args, fmt);
	vsnprintf(out, (size_t)n + 1, fmt, args);
	va_end(args);
	return out;
}

struct str
arena_int(struct arena *a, int64_t n)
{
	char digits[20], *first = digits + sizeof(digits);
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		*--first = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (n < 0)
		*--first = '-';
	return arena_str(a, (struct str){first, (size_t)(digits + sizeof(digits) - first)});
}

size_t
arena_used(const struct arena *a)
{
	return a->handed_out;
}

static void *
not_null(void *p)
{
	if (p == NULL) {
		fputs("wasl: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *
xmalloc(size_t size)
{
	return not_null(malloc(size ? size : 1));
}

void *
xcalloc(size_t n, size_t size)
{
	return not_null(calloc(n ? n : 1, size ? size : 1));
}

void *
xrealloc(void *p, size_t size)
{
	return not_null(realloc(p, size ? size : 1));
}

char *
xstrdup(const char *s)
{
	return not_null(strdup(s));
}
