/*
 * One line to standard error (the journal) per thing that happened: id first,
 * then key=value. Row ids, counts, codes and words of our own only. Phone
 * numbers, names, notes, PINs, URLs, bodies and headers have no way in: their
 * types cannot be printed.
 */
#ifndef WASL_BASE_LOG_H
#define WASL_BASE_LOG_H

#include "base/check.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);
void log_at(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);

#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_at(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__)

#endif
