#include "base/err.h"

#include <stdarg.h>
#include <stdlib.h>

struct err {
	struct arena *arena;
	struct err_fault *faults;
	size_t n, cap, errors;
};

struct err *
err_new(void)
{
	struct err *e = xcalloc(1, sizeof(*e));

	e->arena = arena_new(0);
	return e;
}

void
err_free(struct err *e)
{
	if (e == NULL)
		return;
	arena_free(e->arena);
	free(e->faults);
	free(e);
}

/* A fault is one line on a terminal, whatever of a file is quoted in it: 0x00-0x1f and 0x7f. */
static void
hide_controls(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

static void
add(struct err *e, enum err_kind kind, const char *file, uint32_t line, uint32_t col,
    const char *fmt, va_list args)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, args);
	hide_controls(text);
	if (e->n == e->cap) {
		e->cap = e->cap ? e->cap * 2 : 16;
		e->faults = xrealloc(e->faults, e->cap * sizeof(*e->faults));
	}
	e->faults[e->n++] = (struct err_fault){.kind = kind,
					       .file = arena_strdup(e->arena, file ? file : "-"),
					       .line = line,
					       .col = col,
					       .text = arena_strdup(e->arena, text)};
	if (kind == ERR_ERROR)
		e->errors++;
}

void
err_add(struct err *e, const char *file, uint32_t line, uint32_t col, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(e, ERR_ERROR, file, line, col, fmt, args);
	va_end(args);
}

void
err_warn(struct err *e, const char *file, uint32_t line, uint32_t col, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(e, ERR_WARNING, file, line, col, fmt, args);
	va_end(args);
}

size_t
err_errors(const struct err *e)
{
	return e->errors;
}

size_t
err_warnings(const struct err *e)
{
	return e->n - e->errors;
}

size_t
err_count(const struct err *e)
{
	return e->n;
}

const struct err_fault *
err_at(const struct err *e, size_t i)
{
	return i < e->n ? &e->faults[i] : NULL;
}

/* Insertion sort: stable, and a file with thousands of faults is not sorted often. */
void
err_sort(struct err *e)
{
	for (size_t i = 1; i < e->n; i++) {
		struct err_fault f = e->faults[i];
		size_t j = i;

		for (; j > 0; j--) {
			const struct err_fault *before = &e->faults[j - 1];
			int by_file = strcmp(before->file, f.file);

			if (by_file < 0 || (by_file == 0 && before->line < f.line) ||
			    (by_file == 0 && before->line == f.line && before->col <= f.col))
				break;
			e->faults[j] = *before;
		}
		e->faults[j] = f;
	}
}

char *
err_line(const struct err_fault *f, struct arena *a)
{
	const char *word = f->kind == ERR_ERROR ? "error" : "warning";

	if (f->line == 0)
		return arena_printf(a, "%s: %s: %s", f->file, word, f->text);
	return arena_printf(a, "%s:%u:%u: %s: %s", f->file, f->line, f->col, word, f->text);
}

void
err_print(const struct err *e, FILE *to)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < e->n; i++)
		fprintf(to, "%s\n", err_line(&e->faults[i], a));
	arena_free(a);
}
