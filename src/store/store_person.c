/* People, and whose caseload they are on. */
#include "store/store_int.h"

void
put_person(struct store_job *job, const struct row_person *row)
{
	op_add(job, SQL_PERSON_PUT,
	       VALUES(val_int(row->id), val_int(row->centre), val_int(row->at),
		      val_opt(row->by_staff), val_text(row->ref), val_word(row->lang),
		      val_text(row->path), val_text(row->status), val_sealed(row->name_ar),
		      val_sealed(row->name_la), val_bool(row->discreet)));
}

void
set_person_lang(struct store_job *job, int64_t person, struct str lang)
{
	op_must(job, SQL_PERSON_LANG, VALUES(val_int(person), val_word(lang)));
}

void
set_person_status(struct store_job *job, int64_t person, struct str status, int64_t at)
{
	op_must(job, SQL_PERSON_STATUS, VALUES(val_int(person), val_text(status), val_int(at)));
}

void
put_caseload(struct store_job *job, int64_t person, int64_t staff, int64_t at, struct str reason)
{
	op_add(job, SQL_CASELOAD_END, VALUES(val_int(person), val_int(at)));
	op_add(job, SQL_CASELOAD_PUT,
	       VALUES(val_int(person), val_int(staff), val_int(at), val_text(reason)));
}

static void
take_person(struct columns *c, struct row_person *out)
{
	*out = (struct row_person){.id = take_int(c)};
	out->centre = take_int(c);
	out->at = take_int(c);
	out->by_staff = take_int(c);
	out->ref = take_text(c);
	out->lang = take_text(c);
	out->path = take_text(c);
	out->status = take_text(c);
	out->name_ar = take_sealed(c);
	out->name_la = take_sealed(c);
	out->discreet = take_int(c) != 0;
	out->caseworker = take_int(c);
}

static int
person_by(struct store_reader *r, enum sql sql, struct value key, struct arena *a,
	  struct row_person *out)
{
	struct rows rows = rows_open(&r->db, sql, &key, 1);
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_person(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
read_person(struct store_reader *r, int64_t id, struct arena *a, struct row_person *out)
{
	return person_by(r, SQL_PERSON_BY_ID, val_int(id), a, out);
}

int
read_person_ref(struct store_reader *r, struct str ref, struct arena *a, struct row_person *out)
{
	return person_by(r, SQL_PERSON_BY_REF, val_text(ref), a, out);
}

int
list_persons(struct store_reader *r, const struct filter *f, struct arena *a,
	     int (*each)(void *ctx, const struct row_person *row), void *ctx)
{
	struct rows rows = list_open(r, SQL_LIST_PERSONS_ANY_UP, f);
	struct row_person row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_person(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}

static enum sql
overdue_of(const struct filter *f)
{
	if (f->staff != 0)
		return SQL_OVERDUE_STAFF;
	return f->centre != 0 ? SQL_OVERDUE_CENTRE : SQL_OVERDUE_ANY;
}

int
list_overdue(struct store_reader *r, const struct filter *f, int64_t silent_since, struct arena *a,
	     int (*each)(void *ctx, const struct overdue *row), void *ctx)
{
	struct rows rows =
		rows_open(&r->db, overdue_of(f),
			  VALUES(val_int(silent_since), val_int(f->person), val_int(f->staff),
				 val_int(f->centre), val_int(list_limit(f->limit))));
	struct overdue row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		row.person = take_int(&c);
		row.last_heard_at = take_int(&c);
		row.reminded = (int32_t)take_int(&c);
		row.last_reminder_at = take_int(&c);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}
