#include "store/store_int.h"

void
put_need(struct store_job *job, const struct row_need *row)
{
	op_add(job, SQL_NEED_PUT,
	       VALUES(val_int(row->number), val_int(row->person), val_int(row->opened_at),
		      val_opt(row->due_at), val_opt(row->closed_at), val_opt(row->duplicate_of),
		      val_opt(row->owner), val_text(row->category), val_text(row->urgency),
		      val_text(row->status), val_text(row->source), val_sealed(row->note),
		      val_bool(row->verified)));
}

void
set_need_urgency(struct store_job *job, int64_t number, struct str urgency, int64_t due_at)
{
	op_must(job, SQL_NEED_URGENCY, VALUES(val_int(number), val_text(urgency), val_opt(due_at)));
}

void
set_need_status(struct store_job *job, int64_t number, struct str status, int64_t at, int64_t owner)
{
	op_must(job, SQL_NEED_STATUS,
		VALUES(val_int(number), val_text(status), val_int(at), val_opt(owner)));
}

static void
take_need(struct columns *c, struct row_need *out)
{
	*out = (struct row_need){.number = take_int(c)};
	out->person = take_int(c);
	out->opened_at = take_int(c);
	out->due_at = take_int(c);
	out->closed_at = take_int(c);
	out->duplicate_of = take_int(c);
	out->owner = take_int(c);
	out->category = take_text(c);
	out->urgency = take_text(c);
	out->status = take_text(c);
	out->source = take_text(c);
	out->note = take_sealed(c);
	out->verified = take_int(c) != 0;
}

int
read_need(struct store_reader *r, int64_t number, struct arena *a, struct row_need *out)
{
	struct rows rows = rows_open(&r->db, SQL_NEED_GET, VALUES(val_int(number)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_need(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
list_needs(struct store_reader *r, const struct filter *f, struct arena *a,
	   int (*each)(void *ctx, const struct row_need *row), void *ctx)
{
	struct rows rows = list_open(r, SQL_LIST_NEEDS_ANY_UP, f);
	struct row_need row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_need(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}
