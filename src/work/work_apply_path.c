/* What is written of surveys, appointments, projects and jobs. */
#include "work/work_int.h"

int
apply_survey_open(struct applying *ap, const struct effect *e)
{
	const struct row_survey row = {.id = e->number,
				       .person = e->person,
				       .due_at = ap->actor->now,
				       .opened_at = ap->actor->now,
				       .kind = e->word,
				       .status = STR_LIT("partial"),
				       .channel = str_of(ap->actor->source),
				       .menu_version = ap->actor->menu_version,
				       .verified = e->verified};

	put_survey(ap->job, &row);
	return W_OK;
}

int
apply_survey_answer(struct applying *ap, const struct effect *e)
{
	const struct row_answer row = {.run = e->number,
				       .at = ap->actor->now,
				       .question = str_of(e->field),
				       .value = e->word,
				       .menu_version = ap->actor->menu_version};

	set_survey_answer(ap->job, &row, str_of(ap->actor->source),
			  e->done ? STR_LIT("done") : STR_LIT("partial"),
			  e->done ? ap->actor->now : 0, e->verified);
	return W_OK;
}

/* The page may be older than what staff did since: their word stands, and they are told. */
int
apply_appointment(struct applying *ap, const struct effect *e)
{
	struct row_appointment row;

	if (read_appointment(store_loop_reader(ap->w->store), e->number, store_job_arena(ap->job),
			     &row) == W_OK &&
	    !appointment_is_open(row.status)) {
		apply_mark(ap, e->person, "appointment_late", 0);
		return W_OK;
	}
	set_appointment(ap->job, e->number, e->word, e->wish, ap->actor->now);
	if (str_is(e->word, "declined"))
		apply_mark(ap, e->person, "appointment_declined", 0);
	return W_OK;
}

int
apply_appointment_ask(struct applying *ap, const struct effect *e)
{
	const struct row_appointment row = {.id = e->number,
					    .person = e->person,
					    .set_at = ap->actor->now,
					    .answered_at = ap->actor->now,
					    .status = STR_LIT("move_requested"),
					    .wish = e->wish};

	put_appointment(ap->job, &row);
	return W_OK;
}

/* A project or a job is told of by the person, or by staff who heard of it. */
static struct str
told_by(const struct applying *ap)
{
	return ap->actor->staff != 0 ? STR_LIT("staff") : STR_LIT("ussd");
}

int
apply_equipment(struct applying *ap, const struct effect *e)
{
	set_project_equipment(ap->job, e->person, e->word, told_by(ap), ap->actor->now);
	return W_OK;
}

int
apply_job_end(struct applying *ap, const struct effect *e)
{
	set_placement_end(ap->job, e->person, e->word, ap->actor->now);
	return W_OK;
}

int
apply_job_change(struct applying *ap, const struct effect *e)
{
	const struct row_placement row = {.id = e->number,
					  .person = e->person,
					  .start_at = ap->actor->now,
					  .source = told_by(ap)};

	set_placement_end(ap->job, e->person, STR_LIT("changed"), ap->actor->now);
	put_placement(ap->job, &row);
	return W_OK;
}
