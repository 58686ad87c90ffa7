#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

static _Thread_local enum thread_role role_of_this_thread = THREAD_ANY;

const char *
w_err_word(int rc)
{
	static const char *const words[] = {"ok",     "invalid",  "not-found",  "conflict",
					    "denied", "too-big",  "full",       "io",
					    "busy",   "protocol", "unsealable", "erased"};

	if (rc > 0 || (size_t)-rc >= ARRAY_LEN(words))
		return "unknown";
	return words[-rc];
}

void
check_failed(const char *cond, const char *file, int line)
{
	fprintf(stderr, "wasl: bug: %s does not hold at %s:%d\n", cond, file, line);
	abort();
}

void
thread_is(enum thread_role role)
{
	role_of_this_thread = role;
}

enum thread_role
thread_role(void)
{
	return role_of_this_thread;
}
