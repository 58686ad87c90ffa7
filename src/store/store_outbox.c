#include "store/store_int.h"

void
put_outbox(struct store_job *job, const struct row_outbox *row)
{
	op_add(job, SQL_OUTBOX_PUT,
	       VALUES(val_int(row->id), val_opt(row->person), val_int(row->created_at),
		      val_int(row->send_after), val_opt(row->expires_at), val_opt(row->claimed_at),
		      val_opt(row->settled_at), val_opt(row->reported_at), val_text(row->rule),
		      val_text(row->occurrence), val_word(row->channel), val_word(row->template_id),
		      val_word(row->lang), val_word(row->coding), val_int(row->parts),
		      val_int(row->tries), val_text(row->state), val_word(row->ref),
		      val_sealed(row->phone), val_sealed(row->text), val_word(row->provider_id),
		      val_word(row->word)));
}

void
set_outbox_claimed(struct store_job *job, int64_t id, struct str ref, int64_t at)
{
	op_must(job, SQL_OUTBOX_CLAIM, VALUES(val_int(id), val_word(ref), val_int(at)));
}

void
set_outbox_state(struct store_job *job, int64_t id, struct str from, struct str to,
		 struct str provider_id, struct str word, int64_t at, int64_t send_after)
{
	op_must(job, SQL_OUTBOX_STATE,
		VALUES(val_int(id), val_text(from), val_text(to), val_word(provider_id),
		       val_word(word), val_int(at), val_opt(send_after)));
}

static void
take_outbox(struct columns *c, struct row_outbox *out)
{
	*out = (struct row_outbox){.id = take_int(c)};
	out->person = take_int(c);
	out->created_at = take_int(c);
	out->send_after = take_int(c);
	out->expires_at = take_int(c);
	out->claimed_at = take_int(c);
	out->settled_at = take_int(c);
	out->reported_at = take_int(c);
	out->rule = take_text(c);
	out->occurrence = take_text(c);
	out->channel = take_text(c);
	out->template_id = take_text(c);
	out->lang = take_text(c);
	out->coding = take_text(c);
	out->parts = (int32_t)take_int(c);
	out->tries = (int32_t)take_int(c);
	out->state = take_text(c);
	out->ref = take_text(c);
	out->phone = take_sealed(c);
	out->text = take_sealed(c);
	out->provider_id = take_text(c);
	out->word = take_text(c);
}

static int
outbox_by(struct store_reader *r, enum sql sql, const struct value *values, size_t n,
	  struct arena *a, struct row_outbox *out)
{
	struct rows rows = rows_open(&r->db, sql, values, n);
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_outbox(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
read_outbox(struct store_reader *r, int64_t id, struct arena *a, struct row_outbox *out)
{
	return outbox_by(r, SQL_OUTBOX_GET, VALUES(val_int(id)), a, out);
}

int
read_outbox_provider(struct store_reader *r, struct str channel, struct str provider_id,
		     struct arena *a, struct row_outbox *out)
{
	return outbox_by(r, SQL_OUTBOX_BY_PROVIDER,
			 VALUES(val_text(channel), val_text(provider_id)), a, out);
}

int
read_outbox_ref(struct store_reader *r, struct str ref, struct arena *a, struct row_outbox *out)
{
	return outbox_by(r, SQL_OUTBOX_BY_REF, VALUES(val_text(ref)), a, out);
}

static int
outbox_each(struct rows rows, struct arena *a, int (*each)(void *ctx, const struct row_outbox *row),
	    void *ctx)
{
	struct row_outbox row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_outbox(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}

int
list_outbox(struct store_reader *r, const struct filter *f, struct arena *a,
	    int (*each)(void *ctx, const struct row_outbox *row), void *ctx)
{
	return outbox_each(list_open(r, SQL_LIST_OUTBOX_ANY_UP, f), a, each, ctx);
}

int
list_outbox_state(struct store_reader *r, struct str state, int64_t send_before, size_t limit,
		  struct arena *a, int (*each)(void *ctx, const struct row_outbox *row), void *ctx)
{
	struct rows rows =
		rows_open(&r->db, SQL_OUTBOX_BY_STATE,
			  VALUES(val_text(state), val_int(send_before ? send_before : INT64_MAX),
				 val_int(list_limit(limit))));

	return outbox_each(rows, a, each, ctx);
}

int64_t
read_next_outbox(struct store_reader *r)
{
	return db_number(&r->db, SQL_OUTBOX_NEXT, NO_VALUES, INT64_MAX);
}

int64_t
count_outbox_since(struct store_reader *r, int64_t person, int64_t since)
{
	return db_number(&r->db, SQL_OUTBOX_COUNT, VALUES(val_int(person), val_int(since)),
			 INT64_MAX);
}
