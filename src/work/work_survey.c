#include "work/work.h"

enum { OPEN_S = SURVEY_OPEN_DAYS * 24 * 3600 };

int64_t
survey_open_since(int64_t now)
{
	return now - OPEN_S + 1;
}

bool
survey_is_open(int64_t due_at, int64_t now)
{
	return due_at <= now && due_at >= survey_open_since(now);
}
