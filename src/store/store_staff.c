/* Centres and the people who work there. */
#include "store/store_int.h"

void
put_centre(struct store_job *job, const struct row_centre *row)
{
	op_add(job, SQL_CENTRE_PUT, VALUES(val_int(row->id), val_text(row->code)));
}

void
put_staff(struct store_job *job, const struct row_staff *row)
{
	op_add(job, SQL_STAFF_PUT,
	       VALUES(val_int(row->id), val_opt(row->centre), val_int(row->uid), val_int(row->at),
		      val_text(row->login), val_text(row->name), val_int(row->roles),
		      val_bool(row->active)));
}

void
set_staff(struct store_job *job, int64_t staff, unsigned roles, bool active)
{
	op_must(job, SQL_STAFF_SET, VALUES(val_int(staff), val_int(roles), val_bool(active)));
}

static void
take_staff(struct columns *c, struct row_staff *out)
{
	*out = (struct row_staff){.id = take_int(c)};
	out->centre = take_int(c);
	out->uid = take_int(c);
	out->at = take_int(c);
	out->login = take_text(c);
	out->name = take_text(c);
	out->roles = (unsigned)take_int(c);
	out->active = take_int(c) != 0;
}

static int
centre_by(struct store_reader *r, enum sql sql, struct value key, struct arena *a,
	  struct row_centre *out)
{
	struct rows rows = rows_open(&r->db, sql, &key, 1);
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		*out = (struct row_centre){.id = take_int(&c)};
		out->code = take_text(&c);
	}
	return rows_close_one(&rows, found);
}

int
read_centre(struct store_reader *r, struct str code, struct arena *a, struct row_centre *out)
{
	return centre_by(r, SQL_CENTRE_BY_CODE, val_text(code), a, out);
}

int
read_centre_id(struct store_reader *r, int64_t id, struct arena *a, struct row_centre *out)
{
	return centre_by(r, SQL_CENTRE_BY_ID, val_int(id), a, out);
}

static int
staff_by(struct store_reader *r, enum sql sql, struct value key, struct arena *a,
	 struct row_staff *out)
{
	struct rows rows = rows_open(&r->db, sql, &key, 1);
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_staff(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
read_staff_uid(struct store_reader *r, int64_t uid, struct arena *a, struct row_staff *out)
{
	return staff_by(r, SQL_STAFF_BY_UID, val_int(uid), a, out);
}

int
read_staff(struct store_reader *r, int64_t id, struct arena *a, struct row_staff *out)
{
	return staff_by(r, SQL_STAFF_BY_ID, val_int(id), a, out);
}

int
read_staff_login(struct store_reader *r, struct str login, struct arena *a, struct row_staff *out)
{
	return staff_by(r, SQL_STAFF_BY_LOGIN, val_text(login), a, out);
}

int
list_staff(struct store_reader *r, const struct filter *f, struct arena *a,
	   int (*each)(void *ctx, const struct row_staff *row), void *ctx)
{
	struct filter own = *f;

	if (own.staff != 0) { /* the member itself, not people on a caseload */
		own.person = own.staff;
		own.staff = 0;
	}
	struct rows rows = list_open(r, SQL_LIST_STAFF_ANY_UP, &own);
	struct row_staff row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_staff(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}
