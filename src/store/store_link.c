/* Phone links, failed PINs and codes of a number, enrolment codes. */
#include "store/store_int.h"

void
put_link(struct store_job *job, const struct row_link *row)
{
	op_add(job, SQL_LINK_PUT,
	       VALUES(val_int(row->id), val_int(row->person), val_int(row->from_at),
		      val_opt(row->to_at), val_sealed(row->phone), val_text(row->sharing),
		      val_text(row->status), val_sealed(row->pin)));
}

void
set_link_status(struct store_job *job, int64_t link, struct str status, int64_t at)
{
	op_must(job, SQL_LINK_STATUS, VALUES(val_int(link), val_text(status), val_int(at)));
}

void
set_link_phone(struct store_job *job, int64_t link, struct sealed phone, int64_t at)
{
	op_must(job, SQL_LINK_PHONE, VALUES(val_int(link), val_sealed(phone), val_int(at)));
}

void
set_link_sharing(struct store_job *job, int64_t link, struct str sharing)
{
	op_must(job, SQL_LINK_SHARING, VALUES(val_int(link), val_text(sharing)));
}

void
set_link_pin(struct store_job *job, int64_t link, struct sealed pin)
{
	op_must(job, SQL_LINK_PIN, VALUES(val_int(link), val_sealed(pin)));
}

static int
link_by_person(struct store_reader *r, enum sql sql, int64_t person, struct arena *a,
	       struct row_link *out)
{
	struct rows rows = rows_open(&r->db, sql, VALUES(val_int(person)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		*out = (struct row_link){.id = take_int(&c)};
		out->person = take_int(&c);
		out->from_at = take_int(&c);
		out->to_at = take_int(&c);
		out->phone = take_sealed(&c);
		out->sharing = take_text(&c);
		out->status = take_text(&c);
		out->pin = take_sealed(&c);
	}
	return rows_close_one(&rows, found);
}

int
read_link_active(struct store_reader *r, int64_t person, struct arena *a, struct row_link *out)
{
	return link_by_person(r, SQL_LINK_ACTIVE, person, a, out);
}

int
read_link_pending(struct store_reader *r, int64_t person, struct arena *a, struct row_link *out)
{
	return link_by_person(r, SQL_LINK_PENDING, person, a, out);
}

void
put_guard(struct store_job *job, const struct row_guard *row)
{
	op_add(job, SQL_GUARD_PUT,
	       VALUES(val_digest(&row->number), val_int(row->pin_wrong), val_int(row->pin_total),
		      val_int(row->pin_locked_until), val_int(row->code_wrong),
		      val_int(row->code_day)));
}

int
read_guard(struct store_reader *r, const struct digest *number, struct row_guard *out)
{
	struct rows rows = rows_open(&r->db, SQL_GUARD_GET, VALUES(val_digest(number)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, NULL);

		take_bytes(&c, out->number.bytes, sizeof(out->number.bytes));
		out->pin_wrong = (int32_t)take_int(&c);
		out->pin_total = (int32_t)take_int(&c);
		out->pin_locked_until = take_int(&c);
		out->code_wrong = (int32_t)take_int(&c);
		out->code_day = take_int(&c);
	}
	return rows_close_one(&rows, found);
}

void
put_code(struct store_job *job, const struct row_code *row)
{
	struct value expected =
		row->has_expected ? val_digest(&row->expected) : (struct value){.type = VALUE_NULL};

	op_add(job, SQL_CODE_PUT,
	       VALUES(val_int(row->id), val_int(row->person), val_int(row->link),
		      val_int(row->expires_at), val_opt(row->used_at), val_digest(&row->code),
		      expected));
}

void
set_code_used(struct store_job *job, int64_t code, int64_t at)
{
	op_must(job, SQL_CODE_USED, VALUES(val_int(code), val_int(at)));
}

int
read_code(struct store_reader *r, const struct digest *code, struct row_code *out)
{
	struct rows rows = rows_open(&r->db, SQL_CODE_GET, VALUES(val_digest(code)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, NULL);

		*out = (struct row_code){.id = take_int(&c)};
		out->person = take_int(&c);
		out->link = take_int(&c);
		out->expires_at = take_int(&c);
		out->used_at = take_int(&c);
		take_bytes(&c, out->code.bytes, sizeof(out->code.bytes));
		out->has_expected = sqlite3_column_type(rows.st, c.at) != SQLITE_NULL;
		take_bytes(&c, out->expected.bytes, sizeof(out->expected.bytes));
	}
	return rows_close_one(&rows, found);
}
