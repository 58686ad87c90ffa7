/* Calls that somebody asked for, and marks for the caseworker's list. */
#include "store/store_int.h"

void
put_callback(struct store_job *job, const struct row_callback *row)
{
	op_add(job, SQL_CALLBACK_PUT,
	       VALUES(val_int(row->number), val_opt(row->person), val_int(row->key_id),
		      val_int(row->asked_at), val_int(row->due_at), val_opt(row->closed_at),
		      val_int(row->tries), val_sealed(row->phone), val_word(row->wish),
		      val_text(row->priority), val_word(row->outcome), val_opt(row->centre),
		      val_opt(row->closed_by)));
}

void
set_callback(struct store_job *job, int64_t number, struct str outcome, int64_t due_at, int64_t at,
	     int64_t staff)
{
	op_must(job, SQL_CALLBACK_SET,
		VALUES(val_int(number), val_word(outcome), val_opt(due_at), val_int(at),
		       val_opt(staff)));
}

static void
take_callback(struct columns *c, struct row_callback *out)
{
	*out = (struct row_callback){.number = take_int(c)};
	out->person = take_int(c);
	out->key_id = take_int(c);
	out->asked_at = take_int(c);
	out->due_at = take_int(c);
	out->closed_at = take_int(c);
	out->tries = (int32_t)take_int(c);
	out->phone = take_sealed(c);
	out->wish = take_text(c);
	out->priority = take_text(c);
	out->outcome = take_text(c);
	out->centre = take_int(c);
	out->closed_by = take_int(c);
}

int
read_callback(struct store_reader *r, int64_t number, struct arena *a, struct row_callback *out)
{
	struct rows rows = rows_open(&r->db, SQL_CALLBACK_GET, VALUES(val_int(number)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_callback(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
list_callbacks(struct store_reader *r, const struct filter *f, struct arena *a,
	       int (*each)(void *ctx, const struct row_callback *row), void *ctx)
{
	struct rows rows = list_open(r, SQL_LIST_CALLBACKS_ANY_UP, f);
	struct row_callback row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_callback(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}

void
put_flag(struct store_job *job, const struct row_flag *row)
{
	op_add(job, SQL_FLAG_PUT,
	       VALUES(val_int(row->id), val_int(row->person), val_int(row->at),
		      val_opt(row->closed_at), val_text(row->kind), val_opt(row->about)));
}

void
set_flag_closed(struct store_job *job, int64_t flag, int64_t at)
{
	op_must(job, SQL_FLAG_CLOSED, VALUES(val_int(flag), val_int(at)));
}

int
list_flags(struct store_reader *r, const struct filter *f, struct arena *a,
	   int (*each)(void *ctx, const struct row_flag *row), void *ctx)
{
	struct rows rows = list_open(r, SQL_LIST_FLAGS_ANY_UP, f);
	struct row_flag row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		row = (struct row_flag){.id = take_int(&c)};
		row.person = take_int(&c);
		row.at = take_int(&c);
		row.closed_at = take_int(&c);
		row.kind = take_text(&c);
		row.about = take_int(&c);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}
