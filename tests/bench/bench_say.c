#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

void
series_add(struct series *s, double v)
{
	CHECK(s->n < ARRAY_LEN(s->v));
	s->v[s->n++] = v;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
series_median(const struct series *s)
{
	struct series sorted = *s;

	if (s->n == 0)
		return 0;
	qsort(sorted.v, sorted.n, sizeof(sorted.v[0]), by_size);
	return s->n % 2 ? sorted.v[s->n / 2] : (sorted.v[s->n / 2 - 1] + sorted.v[s->n / 2]) / 2;
}

static void
say_mark(struct bench *b, const char *name, double got, const char *how, double mark,
	 const char *unit, bool met)
{
	printf("    mark  %-34s %8.2f%s  (%s %g%s)  %s\n", name, got, unit, how, mark, unit,
	       met ? "met" : "MISSED");
	fflush(stdout);
	b->met += met;
	b->missed += !met;
}

void
say_at_least(struct bench *b, const char *name, double got, double mark, const char *unit)
{
	say_mark(b, name, got, "at least", mark, unit, got >= mark);
}

void
say_at_most(struct bench *b, const char *name, double got, double mark, const char *unit)
{
	say_mark(b, name, got, "at most", mark, unit, got <= mark);
}
