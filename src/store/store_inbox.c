/* SMS that people sent. */
#include "store/store_int.h"

void
put_inbox(struct store_job *job, const struct row_inbox *row)
{
	op_add(job, SQL_INBOX_PUT,
	       VALUES(val_int(row->id), val_opt(row->person), val_int(row->key_id),
		      val_opt(row->centre), val_int(row->at), val_opt(row->said_at),
		      val_digest(&row->key), val_text(row->channel), val_word(row->provider_id),
		      val_word(row->sent_to), val_word(row->part_ref), val_opt(row->part_number),
		      val_opt(row->part_of), val_text(row->state), val_sealed(row->phone),
		      val_sealed(row->text)));
}

static void
take_inbox(struct columns *c, struct row_inbox *out)
{
	*out = (struct row_inbox){.id = take_int(c)};
	out->person = take_int(c);
	out->key_id = take_int(c);
	out->centre = take_int(c);
	out->at = take_int(c);
	out->said_at = take_int(c);
	take_bytes(c, out->key.bytes, sizeof(out->key.bytes));
	out->channel = take_text(c);
	out->provider_id = take_text(c);
	out->sent_to = take_text(c);
	out->part_ref = take_text(c);
	out->part_number = (int32_t)take_int(c);
	out->part_of = (int32_t)take_int(c);
	out->state = take_text(c);
	out->phone = take_sealed(c);
	out->text = take_sealed(c);
}

int
read_inbox(struct store_reader *r, const struct digest *key, struct arena *a, struct row_inbox *out)
{
	struct rows rows = rows_open(&r->db, SQL_INBOX_BY_KEY, VALUES(val_digest(key)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_inbox(&c, out);
	}
	return rows_close_one(&rows, found);
}
