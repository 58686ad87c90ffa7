#include "store/store_int.h"

void
put_due(struct store_job *job, const struct row_due *row)
{
	op_add(job, SQL_DUE_PUT,
	       VALUES(val_int(row->id), val_int(row->person), val_int(row->due_at),
		      val_opt(row->expires_at), val_opt(row->cause_at), val_text(row->rule),
		      val_text(row->occurrence), val_text(row->state), val_word(row->why),
		      val_opt(row->about)));
}

void
set_due(struct store_job *job, int64_t due, struct str state, struct str why, int64_t due_at)
{
	bool sends = str_is(state, "sent");

	(sends ? op_must
	       : op_add)(job, SQL_DUE_SET,
			 VALUES(val_int(due), val_text(state), val_word(why), val_opt(due_at)));
}

int
list_due(struct store_reader *r, int64_t until, size_t limit, struct arena *a,
	 int (*each)(void *ctx, const struct row_due *row), void *ctx)
{
	struct rows rows = rows_open(&r->db, SQL_DUE_WAITING,
				     VALUES(val_int(until), val_int(list_limit(limit))));
	struct row_due row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		row = (struct row_due){.id = take_int(&c)};
		row.person = take_int(&c);
		row.due_at = take_int(&c);
		row.expires_at = take_int(&c);
		row.cause_at = take_int(&c);
		row.rule = take_text(&c);
		row.occurrence = take_text(&c);
		row.state = take_text(&c);
		row.why = take_text(&c);
		row.about = take_int(&c);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}

int64_t
read_next_due(struct store_reader *r)
{
	int64_t due = db_number(&r->db, SQL_DUE_NEXT, NO_VALUES, INT64_MAX);
	int64_t schedule = db_number(&r->db, SQL_SCHEDULE_NEXT, NO_VALUES, INT64_MAX);

	return due < schedule ? due : schedule;
}
