/* Sessions, one row each, and their turns: the rows a reply waits for. */
#include "store/store_int.h"

enum { TURNS_MAX = 256 };

static int64_t
turn_id(int64_t session, uint8_t turn)
{
	return session * TURNS_MAX + turn;
}

void
put_session(struct store_job *job, const struct row_session *row)
{
	op_add(job, SQL_SESSION_PUT,
	       VALUES(val_int(row->id), val_opt(row->person), val_int(row->key_id),
		      val_int(row->begin_at), val_opt(row->end_at), val_digest(&row->key),
		      val_digest(&row->number), val_text(row->channel), val_word(row->menu_version),
		      val_sealed(row->phone), val_word(row->end_why)));
}

void
set_session_person(struct store_job *job, int64_t session, int64_t person)
{
	op_must(job, SQL_SESSION_PERSON, VALUES(val_int(session), val_opt(person)));
}

void
set_session_end(struct store_job *job, int64_t session, struct str why, int64_t at)
{
	op_add(job, SQL_SESSION_END, VALUES(val_int(session), val_text(why), val_int(at)));
}

/* Of a session that is there: a turn that comes after an erasure changes nothing and fails. */
void
put_turn(struct store_job *job, const struct row_turn *row)
{
	op_must(job, SQL_TURN_PUT,
		VALUES(val_int(turn_id(row->session, row->turn)), val_int(row->at),
		       val_int(row->consumed), val_digest(&row->path), val_bool(row->go_on),
		       val_sealed(row->input), val_sealed(row->reply), val_sealed(row->state),
		       val_int(row->session)));
}

static void
take_session(struct columns *c, struct row_session *out)
{
	*out = (struct row_session){.id = take_int(c)};
	out->person = take_int(c);
	out->key_id = take_int(c);
	out->begin_at = take_int(c);
	out->end_at = take_int(c);
	take_bytes(c, out->key.bytes, sizeof(out->key.bytes));
	take_bytes(c, out->number.bytes, sizeof(out->number.bytes));
	out->channel = take_text(c);
	out->menu_version = take_text(c);
	out->phone = take_sealed(c);
	out->end_why = take_text(c);
}

static void
take_turn(struct columns *c, struct row_turn *out)
{
	int64_t id = take_int(c);

	*out = (struct row_turn){.session = id / TURNS_MAX, .turn = (uint8_t)(id % TURNS_MAX)};
	out->at = take_int(c);
	out->consumed = (uint32_t)take_int(c);
	take_bytes(c, out->path.bytes, sizeof(out->path.bytes));
	out->go_on = take_int(c) != 0;
	out->input = take_sealed(c);
	out->reply = take_sealed(c);
	out->state = take_sealed(c);
}

int
read_session(struct store_reader *r, int64_t id, struct arena *a, struct row_session *out)
{
	struct rows rows = rows_open(&r->db, SQL_SESSION_GET, VALUES(val_int(id)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_session(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
read_turn(struct store_reader *r, int64_t session, uint8_t turn, struct arena *a,
	  struct row_turn *out)
{
	struct rows rows = rows_open(&r->db, SQL_TURN_GET, VALUES(val_int(turn_id(session, turn))));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		take_turn(&c, out);
	}
	return rows_close_one(&rows, found);
}

int
list_live(struct store_reader *r, int64_t since, struct arena *a,
	  int (*each)(void *ctx, const struct row_session *s, const struct row_turn *last),
	  void *ctx)
{
	struct rows rows = rows_open(&r->db, SQL_LIVE, VALUES(val_int(since)));
	struct row_session session;
	struct row_turn turn;
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		struct columns c = rows_columns(&rows, a);

		take_session(&c, &session);
		bool has_turn = sqlite3_column_type(rows.st, c.at) != SQLITE_NULL;
		take_turn(&c, &turn);
		rc = each(ctx, &session, has_turn ? &turn : NULL);
	}
	return rows_close(&rows, rc);
}
