#include "store/store_int.h"

void
put_checkin(struct store_job *job, const struct row_checkin *row)
{
	op_add(job, SQL_CHECKIN_PUT,
	       VALUES(val_int(row->id), val_int(row->person), val_int(row->due_at),
		      val_opt(row->opened_at), val_opt(row->done_at), val_int(row->week),
		      val_text(row->status), val_word(row->channel), val_word(row->mood),
		      val_word(row->housing), val_word(row->days_worked), val_word(row->job),
		      val_word(row->job_mood), val_word(row->job_issue), val_word(row->end_reason),
		      val_word(row->menu_version), val_bool(row->verified)));
}

static const struct {
	const char *field;
	enum sql sql;
} answers[] = {
	{"mood", SQL_CHECKIN_MOOD},
	{"housing", SQL_CHECKIN_HOUSING},
	{"days_worked", SQL_CHECKIN_DAYS},
	{"job", SQL_CHECKIN_JOB},
	{"job_mood", SQL_CHECKIN_JOB_MOOD},
	{"job_issue", SQL_CHECKIN_JOB_ISSUE},
	{"end_reason", SQL_CHECKIN_END_REASON},
};

static enum sql
answer_of(const char *field)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		if (strcmp(field, answers[i].field) == 0)
			return answers[i].sql;
	CHECK(false); /* no question of ours has such a field */
	return SQL_COUNT;
}

void
set_checkin_answer(struct store_job *job, int64_t checkin, const char *field, struct str value,
		   struct str status, int64_t at, int64_t done_at, bool verified)
{
	op_must(job, answer_of(field),
		VALUES(val_int(checkin), val_word(value), val_text(status), val_int(at),
		       val_opt(done_at), val_bool(verified)));
}

void
set_checkin_opened(struct store_job *job, int64_t checkin, struct str channel,
		   struct str menu_version)
{
	op_must(job, SQL_CHECKIN_OPENED,
		VALUES(val_int(checkin), val_word(channel), val_word(menu_version)));
}

void
set_checkin_status(struct store_job *job, int64_t checkin, struct str status, int64_t at)
{
	op_must(job, SQL_CHECKIN_STATUS, VALUES(val_int(checkin), val_text(status), val_int(at)));
}

static void
take_checkin(struct columns *c, struct row_checkin *out)
{
	*out = (struct row_checkin){.id = take_int(c)};
	out->person = take_int(c);
	out->due_at = take_int(c);
	out->opened_at = take_int(c);
	out->done_at = take_int(c);
	out->week = (int32_t)take_int(c);
	out->status = take_text(c);
	out->channel = take_text(c);
	out->mood = take_text(c);
	out->housing = take_text(c);
	out->days_worked = take_text(c);
	out->job = take_text(c);
	out->job_mood = take_text(c);
	out->job_issue = take_text(c);
	out->end_reason = take_text(c);
	out->menu_version = take_text(c);
	out->verified = take_int(c) != 0;
}

static int
checkin_by(struct store_reader *r, enum sql sql, const struct value *values, size_t n,
	   struct arena *a, struct row_checkin *out)
{
	struct rows rows = rows_open(&r->db, sql, values, n);
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_checkin(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
read_checkin_week(struct store_reader *r, int64_t person, int32_t week, struct arena *a,
		  struct row_checkin *out)
{
	return checkin_by(r, SQL_CHECKIN_WEEK, VALUES(val_int(person), val_int(week)), a, out);
}

int
read_checkin_last_done(struct store_reader *r, int64_t person, struct arena *a,
		       struct row_checkin *out)
{
	return checkin_by(r, SQL_CHECKIN_LAST_DONE, VALUES(val_int(person)), a, out);
}

int
list_checkins(struct store_reader *r, const struct filter *f, struct arena *a,
	      int (*each)(void *ctx, const struct row_checkin *row), void *ctx)
{
	struct rows rows = list_open(r, SQL_LIST_CHECKINS_ANY_UP, f);
	struct row_checkin row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_checkin(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}
