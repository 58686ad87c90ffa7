/* Consent, only ever added to, and the weekly schedule. */
#include "store/store_int.h"

void
put_consent(struct store_job *job, const struct row_consent *row)
{
	op_add(job, SQL_CONSENT_PUT,
	       VALUES(val_int(row->id), val_int(row->person), val_int(row->at),
		      val_opt(row->by_staff), val_text(row->kind), val_text(row->version),
		      val_word(row->lang), val_word(row->channel)));
}

static void
take_consent(struct columns *c, struct row_consent *out)
{
	*out = (struct row_consent){.id = take_int(c)};
	out->person = take_int(c);
	out->at = take_int(c);
	out->by_staff = take_int(c);
	out->kind = take_text(c);
	out->version = take_text(c);
	out->lang = take_text(c);
	out->channel = take_text(c);
}

int
read_consent(struct store_reader *r, int64_t person, struct arena *a, struct row_consent *out,
	     int *put_off)
{
	struct rows rows = rows_open(&r->db, SQL_CONSENT_LAST, VALUES(val_int(person)));
	bool found = rows_next(&rows);

	*put_off = 0;
	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_consent(&c, out);
		*put_off = (int)take_int(&c);
	}
	return rows_close_one(&rows, found);
}

int
list_consents(struct store_reader *r, const struct filter *f, struct arena *a,
	      int (*each)(void *ctx, const struct row_consent *row), void *ctx)
{
	struct rows rows = list_open(r, SQL_LIST_CONSENTS_ANY_UP, f);
	struct row_consent row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_consent(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}

void
put_schedule(struct store_job *job, const struct row_schedule *row)
{
	op_add(job, SQL_SCHEDULE_PUT,
	       VALUES(val_int(row->person), val_text(row->kind), val_int(row->weekday),
		      val_int(row->minute), val_bool(row->active), val_opt(row->next_at)));
}

static void
take_schedule(struct columns *c, struct row_schedule *out)
{
	*out = (struct row_schedule){.person = take_int(c)};
	out->kind = take_text(c);
	out->weekday = (uint8_t)take_int(c);
	out->minute = (uint16_t)take_int(c);
	out->active = take_int(c) != 0;
	out->next_at = take_int(c);
}

int
read_schedule(struct store_reader *r, int64_t person, struct str kind, struct arena *a,
	      struct row_schedule *out)
{
	struct rows rows =
		rows_open(&r->db, SQL_SCHEDULE_GET, VALUES(val_int(person), val_text(kind)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_schedule(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
list_schedules_due(struct store_reader *r, int64_t until, size_t limit, struct arena *a,
		   int (*each)(void *ctx, const struct row_schedule *row), void *ctx)
{
	struct rows rows = rows_open(&r->db, SQL_SCHEDULES_DUE,
				     VALUES(val_int(until), val_int(list_limit(limit))));
	struct row_schedule row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_schedule(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}
