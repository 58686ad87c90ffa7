/*
 * What stays inside work/: how one effect becomes rows of a job. An applier
 * reads little, seals what is sealed, adds rows and never submits.
 */
#ifndef WASL_WORK_WORK_INT_H
#define WASL_WORK_WORK_INT_H

#include "work/work.h"

/* What one effect needs beside itself. */
struct applying {
	struct work *w;
	struct store_job *job;
	const struct work_actor *actor;
};

typedef int effect_apply(struct applying *ap, const struct effect *e);

/* A mark for the caseworker's list; about: number of a need, or 0. */
void apply_mark(struct applying *ap, int64_t person, const char *kind, int64_t about);

/* ---- work_apply_path.c ---- */

effect_apply apply_survey_open, apply_survey_answer, apply_appointment, apply_appointment_ask,
	apply_equipment, apply_job_end, apply_job_change;

#endif
