#include "drive.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "drive_int.h"

static const struct child *spoken_of;

int64_t
drive_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static double
seconds_since_start(void)
{
	static int64_t start;

	if (start == 0)
		start = drive_now_us();
	return (double)(drive_now_us() - start) / 1e6;
}

void
drive_say(const char *format, ...)
{
	va_list args;

	printf("%7.1f  ", seconds_since_start());
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

void
say_about(const struct child *c)
{
	spoken_of = c;
}

/* The end of the gateway's log. */
static void
say_log(void)
{
	enum { TAIL = 3000 };
	char tail[TAIL + 1];
	FILE *f = spoken_of ? fopen(spoken_of->folder->log, "rb") : NULL;

	if (f == NULL)
		return;
	if (fseek(f, -TAIL, SEEK_END) != 0)
		rewind(f);
	size_t n = fread(tail, 1, TAIL, f);
	fclose(f);
	tail[n] = '\0';
	printf("-- the end of what wasld said:\n%s\n", tail);
}

void
drive_fail(const char *format, ...)
{
	va_list args;

	printf("FAILED: ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	say_log();
	fflush(stdout);
	exit(EXIT_FAILURE); /* the gateway goes with us */
}

bool
drive_is_long(void)
{
	const char *said = getenv("WASL_LONG");

	return said != NULL && strcmp(said, "1") == 0;
}

/* ---- Chance: xorshift64* ---- */

static uint64_t chance;

void
chance_begin(void)
{
	const char *said = getenv("WASL_SEED");
	unsigned long seed = said ? strtoul(said, NULL, 10) : 1;

	chance = 0x9e3779b97f4a7c15u * (seed + 1);
	drive_say("WASL_SEED=%lu%s", seed, drive_is_long() ? ", the long run" : "");
}

uint32_t
chance_below(uint32_t n)
{
	chance ^= chance >> 12;
	chance ^= chance << 25;
	chance ^= chance >> 27;
	return (uint32_t)((chance * 0x2545f4914f6cdd1du) >> 33) % n;
}

/* ---- Figures ---- */

void
figures_add(struct figures *f, int64_t us)
{
	if (f->n == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 1024;
		f->v = xrealloc(f->v, f->cap * sizeof(*f->v));
	}
	f->v[f->n++] = us;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

double
figures_ms(struct figures *f, unsigned permille)
{
	if (f->n == 0)
		return 0;
	qsort(f->v, f->n, sizeof(*f->v), by_size);
	size_t at = f->n * permille / 1000;
	return (double)f->v[at < f->n ? at : f->n - 1] / 1000;
}

void
figures_free(struct figures *f)
{
	free(f->v);
	*f = (struct figures){NULL, 0, 0};
}
