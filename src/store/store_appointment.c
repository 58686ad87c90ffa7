#include "store/store_int.h"

void
put_appointment(struct store_job *job, const struct row_appointment *row)
{
	op_add(job, SQL_APPOINTMENT_PUT,
	       VALUES(val_int(row->id), val_int(row->person), val_int(row->set_at),
		      val_opt(row->at), val_opt(row->answered_at), val_opt(row->with_staff),
		      val_word(row->place), val_text(row->status), val_word(row->wish)));
}

void
set_appointment(struct store_job *job, int64_t id, struct str status, struct str wish,
		int64_t answered_at)
{
	op_must(job, SQL_APPOINTMENT_SET,
		VALUES(val_int(id), val_text(status), val_word(wish), val_opt(answered_at)));
}

static void
take_appointment(struct columns *c, struct row_appointment *out)
{
	*out = (struct row_appointment){.id = take_int(c)};
	out->person = take_int(c);
	out->set_at = take_int(c);
	out->at = take_int(c);
	out->answered_at = take_int(c);
	out->with_staff = take_int(c);
	out->place = take_text(c);
	out->status = take_text(c);
	out->wish = take_text(c);
}

int
read_appointment(struct store_reader *r, int64_t id, struct arena *a, struct row_appointment *out)
{
	struct rows rows = rows_open(&r->db, SQL_APPOINTMENT_GET, VALUES(val_int(id)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_appointment(&c, out);
	}
	return rows_close_one(&rows, found);
}

static int
each_appointment(struct rows *rows, struct arena *a,
		 int (*each)(void *ctx, const struct row_appointment *row), void *ctx)
{
	struct row_appointment row;
	int rc = 0;

	while (rc == 0 && rows_next(rows)) {
		struct columns c = rows_columns(rows, a);

		take_appointment(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(rows, rc);
}

int
list_appointments_coming(struct store_reader *r, int64_t person, int64_t from, size_t limit,
			 struct arena *a, int (*each)(void *ctx, const struct row_appointment *row),
			 void *ctx)
{
	struct rows rows =
		rows_open(&r->db, SQL_APPOINTMENTS_COMING,
			  VALUES(val_int(person), val_int(from), val_int(list_limit(limit))));

	return each_appointment(&rows, a, each, ctx);
}

int
list_appointments(struct store_reader *r, const struct filter *f, struct arena *a,
		  int (*each)(void *ctx, const struct row_appointment *row), void *ctx)
{
	struct rows rows = list_open(r, SQL_LIST_APPOINTMENTS_ANY_UP, f);

	return each_appointment(&rows, a, each, ctx);
}
