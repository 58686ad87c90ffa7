#include "work/work.h"

bool
project_handed_over(const struct row_project *p, int64_t now)
{
	return p->closed_at == 0 && p->handover_at != 0 && p->handover_at <= now;
}

const char *
project_phase(struct str path, bool handed_over, bool has_job)
{
	bool post =
		(str_is(path, "micro_project") && handed_over) || (str_is(path, "job") && has_job);

	return post ? "post" : "pre";
}
