/*
 * The one clock. Everything that decides takes a time as an argument; only
 * the edges ask here. Wall time is whole seconds UTC, the monotonic clock is
 * for timeouts. A lab state directory and tests may set the wall clock ahead
 * (forward only); time goes on from there.
 */
#ifndef WASL_BASE_CLOCK_H
#define WASL_BASE_CLOCK_H

#include "base/check.h"

/* Seconds since 1970-01-01T00:00:00Z. Any thread. */
int64_t clock_now(void);
/* Milliseconds of a clock that never jumps. Any thread. */
int64_t clock_mono_ms(void);

/* Seconds added to the system's wall clock; 0 outside lab mode and tests. */
int64_t clock_shift(void);
/* Sets the shift. W_EINVAL when that would move the wall clock backwards. */
MUSTUSE int clock_set_shift(int64_t seconds);
/* Stops the wall clock at an instant, for tests; 0 lets it run again. */
void clock_freeze(int64_t at);

#endif
