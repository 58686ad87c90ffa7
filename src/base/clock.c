#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t shift_s;
static _Atomic int64_t frozen_at;

int64_t
clock_now(void)
{
	int64_t frozen = atomic_load(&frozen_at);

	if (frozen != 0)
		return frozen;
	return (int64_t)time(NULL) + atomic_load(&shift_s);
}

int64_t
clock_mono_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_shift(void)
{
	return atomic_load(&shift_s);
}

int
clock_set_shift(int64_t seconds)
{
	if (seconds < atomic_load(&shift_s))
		return W_EINVAL;
	atomic_store(&shift_s, seconds);
	return W_OK;
}

void
clock_freeze(int64_t at)
{
	atomic_store(&frozen_at, at);
}
