#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static _Atomic int shown = LOG_INFO;

void
log_set_level(enum log_level level)
{
	atomic_store(&shown, (int)level);
}

/* The prefix is the syslog priority that journald reads from a service's stderr. */
void
log_at(enum log_level level, const char *fmt, ...)
{
	static const char *const prefix[] = {"<3>error ", "<4>warn ", "<6>info ", "<7>debug "};
	char line[1024];
	va_list args;

	if ((int)level > atomic_load(&shown))
		return;
	int n = snprintf(line, sizeof(line), "%s", prefix[level]);
	va_start(args, fmt);
	int more = vsnprintf(line + n, sizeof(line) - (size_t)n - 1, fmt, args);
	va_end(args);
	n = more < 0 ? n : n + more;
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	/* One write, so that lines of threads do not mix. Nobody to tell if it fails. */
	ssize_t written = write(STDERR_FILENO, line, (size_t)n);
	(void)written;
}
