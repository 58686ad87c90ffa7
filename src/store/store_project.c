/* What a person builds up: a project of their own, or a job. */
#include "store/store_int.h"

void
put_project(struct store_job *job, const struct row_project *row)
{
	op_add(job, SQL_PROJECT_PUT,
	       VALUES(val_int(row->id), val_int(row->person), val_int(row->opened_at),
		      val_opt(row->closed_at), val_word(row->sector), val_text(row->stage),
		      val_int(row->stage_at), val_opt(row->handover_at), val_word(row->equipment),
		      val_opt(row->equipment_at), val_word(row->equipment_source)));
}

void
set_project_equipment(struct store_job *job, int64_t person, struct str state, struct str source,
		      int64_t at)
{
	op_add(job, SQL_PROJECT_EQUIPMENT,
	       VALUES(val_int(person), val_text(state), val_text(source), val_int(at)));
}

int
read_project(struct store_reader *r, int64_t person, struct arena *a, struct row_project *out)
{
	struct rows rows = rows_open(&r->db, SQL_PROJECT_NOW, VALUES(val_int(person)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		*out = (struct row_project){.id = take_int(&c)};
		out->person = take_int(&c);
		out->opened_at = take_int(&c);
		out->closed_at = take_int(&c);
		out->sector = take_text(&c);
		out->stage = take_text(&c);
		out->stage_at = take_int(&c);
		out->handover_at = take_int(&c);
		out->equipment = take_text(&c);
		out->equipment_at = take_int(&c);
		out->equipment_source = take_text(&c);
	}
	return rows_close_one(&rows, found);
}

void
put_placement(struct store_job *job, const struct row_placement *row)
{
	op_add(job, SQL_PLACEMENT_PUT,
	       VALUES(val_int(row->id), val_int(row->person), val_int(row->start_at),
		      val_opt(row->end_at), val_word(row->end_reason), val_text(row->source)));
}

void
set_placement_end(struct store_job *job, int64_t person, struct str reason, int64_t at)
{
	op_add(job, SQL_PLACEMENT_END, VALUES(val_int(person), val_int(at), val_word(reason)));
}

static void
take_placement(struct columns *c, struct row_placement *out)
{
	*out = (struct row_placement){.id = take_int(c)};
	out->person = take_int(c);
	out->start_at = take_int(c);
	out->end_at = take_int(c);
	out->end_reason = take_text(c);
	out->source = take_text(c);
}

int
read_placement(struct store_reader *r, int64_t person, struct arena *a, struct row_placement *out)
{
	struct rows rows = rows_open(&r->db, SQL_PLACEMENT_NOW, VALUES(val_int(person)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_placement(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
list_placements(struct store_reader *r, int64_t person, struct arena *a,
		int (*each)(void *ctx, const struct row_placement *row), void *ctx)
{
	struct rows rows = rows_open(&r->db, SQL_PLACEMENTS, VALUES(val_int(person)));
	struct row_placement row;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_placement(&c, &row);
		rc = each(ctx, &row);
	}
	return rows_close(&rows, rc);
}
