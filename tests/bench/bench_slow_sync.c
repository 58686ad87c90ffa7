/*
 * Put before the C library by LD_PRELOAD: a disk that takes WASL_SYNC_MS
 * milliseconds (10 if not said) longer for every sync.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void
linger(void)
{
	static long ms;
	struct timespec span;

	if (ms == 0) {
		const char *said = getenv("WASL_SYNC_MS");

		ms = said ? strtol(said, NULL, 10) : 10;
	}
	span = (struct timespec){ms / 1000, ms % 1000 * 1000000};
	nanosleep(&span, NULL);
}

static int
then(const char *name, int fd)
{
	int (*real)(int);

	/* POSIX lets a pointer to a function come as a pointer to an object. */
	*(void **)&real = dlsym(RTLD_NEXT, name);
	return real(fd);
}

int
fsync(int fd)
{
	linger();
	return then("fsync", fd);
}

int
fdatasync(int fd)
{
	linger();
	return then("fdatasync", fd);
}
