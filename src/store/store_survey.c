/* Rounds of questions about a project or a job, and what was answered. */
#include "store/store_int.h"

void
put_survey(struct store_job *job, const struct row_survey *row)
{
	op_add(job, SQL_SURVEY_PUT,
	       VALUES(val_int(row->id), val_int(row->person), val_int(row->due_at),
		      val_opt(row->opened_at), val_opt(row->done_at), val_text(row->kind),
		      val_text(row->status), val_word(row->channel), val_word(row->menu_version),
		      val_bool(row->verified)));
}

void
set_survey_answer(struct store_job *job, const struct row_answer *row, struct str channel,
		  struct str status, int64_t done_at, bool verified)
{
	op_must(job, SQL_SURVEY_OPENED,
		VALUES(val_int(row->run), val_text(status), val_word(channel), val_int(row->at),
		       val_opt(done_at), val_bool(verified), val_word(row->menu_version)));
	op_add(job, SQL_ANSWER_PUT,
	       VALUES(val_int(row->run), val_text(row->question), val_text(row->value),
		      val_int(row->at), val_word(row->menu_version)));
}

void
set_survey_status(struct store_job *job, int64_t run, struct str status, int64_t at)
{
	op_must(job, SQL_SURVEY_STATUS, VALUES(val_int(run), val_text(status), val_int(at)));
}

static void
take_survey(struct columns *c, struct row_survey *out)
{
	*out = (struct row_survey){.id = take_int(c)};
	out->person = take_int(c);
	out->due_at = take_int(c);
	out->opened_at = take_int(c);
	out->done_at = take_int(c);
	out->kind = take_text(c);
	out->status = take_text(c);
	out->channel = take_text(c);
	out->menu_version = take_text(c);
	out->verified = take_int(c) != 0;
}

static int
survey_by(struct store_reader *r, enum sql sql, const struct value *values, size_t n,
	  struct arena *a, struct row_survey *out)
{
	struct rows rows = rows_open(&r->db, sql, values, n);
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_survey(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
read_survey(struct store_reader *r, int64_t id, struct arena *a, struct row_survey *out)
{
	return survey_by(r, SQL_SURVEY_GET, VALUES(val_int(id)), a, out);
}

int
read_survey_due(struct store_reader *r, int64_t person, int64_t since, int64_t until,
		struct arena *a, struct row_survey *out)
{
	return survey_by(r, SQL_SURVEY_DUE, VALUES(val_int(person), val_int(since), val_int(until)),
			 a, out);
}

bool
has_survey_done(struct store_reader *r, int64_t person, int64_t since)
{
	return db_number(&r->db, SQL_SURVEY_DONE, VALUES(val_int(person), val_int(since)), 0) == 1;
}

int
list_surveys(struct store_reader *r, const struct filter *f, struct arena *a,
	     int (*each)(void *ctx, const struct row_survey *row), void *ctx)
{
	struct rows rows = list_open(r, SQL_LIST_SURVEYS_ANY_UP, f);
	struct row_survey row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_survey(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}

int
list_answers(struct store_reader *r, int64_t run, struct arena *a,
	     int (*each)(void *ctx, const struct row_answer *row), void *ctx)
{
	struct rows rows = rows_open(&r->db, SQL_ANSWERS, VALUES(val_int(run)));
	struct row_answer row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		row = (struct row_answer){.run = take_int(&c)};
		row.question = take_text(&c);
		row.value = take_text(&c);
		row.at = take_int(&c);
		row.menu_version = take_text(&c);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}
