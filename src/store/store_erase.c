#include "store/store_int.h"

/* Children before what they point to. The audit keeps the number on purpose. */
const enum sql erase_order[] = {
	SQL_ERASE_TURNS,    SQL_ERASE_SESSIONS,   SQL_ERASE_INBOX,     SQL_ERASE_OUTBOX,
	SQL_ERASE_DUE,      SQL_ERASE_FLAGS,      SQL_ERASE_CALLBACKS, SQL_ERASE_NEEDS,
	SQL_ERASE_CHECKINS, SQL_ERASE_ANSWERS,    SQL_ERASE_SURVEYS,   SQL_ERASE_APPOINTMENTS,
	SQL_ERASE_PROJECTS, SQL_ERASE_PLACEMENTS, SQL_ERASE_SCHEDULES, SQL_ERASE_CONSENTS,
	SQL_ERASE_CODES,    SQL_ERASE_LINKS,      SQL_ERASE_CASELOAD,  SQL_ERASE_PERSON,
};
const size_t erase_order_n = ARRAY_LEN(erase_order);

/* The highest numbers are kept first: no erased person's number is ever given to another. */
int
erase_rows(struct db *wasl, int64_t person)
{
	int rc = db_run(wasl, SQL_COUNTERS_KEEP, NO_VALUES);

	for (size_t i = 0; rc == SQLITE_OK && i < erase_order_n; i++)
		rc = db_run(wasl, erase_order[i], VALUES(val_int(person)));
	return rc;
}

static int
run_erase(struct writer *w, const void *arg)
{
	return erase_rows(&w->wasl, *(const int64_t *)arg);
}

void
person_erase(struct store_job *job, int64_t person)
{
	job->erases = true;
	key_op_add(job, &(struct key_op){.change = PERSON_DROP, .id = person});
	op_call(job, run_erase, arena_memdup(job->arena, &person, sizeof(person)));
}

static int
finish_one(struct db *wasl, int64_t person)
{
	int rc = db_run(wasl, SQL_BEGIN_WRITE, NO_VALUES);

	if (rc == SQLITE_OK)
		rc = erase_rows(wasl, person);
	if (rc == SQLITE_OK)
		rc = db_run(wasl, SQL_COMMIT, NO_VALUES);
	if (!sqlite3_get_autocommit(wasl->handle))
		(void)db_run(wasl, SQL_ROLLBACK, NO_VALUES);
	return rc;
}

/* How many were left over goes to *finished. */
static int
finish_all(struct db *wasl, struct db *keys_db, int *finished)
{
	struct rows rows = rows_open(keys_db, SQL_ERASED_ALL, NO_VALUES);
	int rc = 0;

	while (rc == 0 && rows_next(&rows)) {
		int64_t person = sqlite3_column_int64(rows.st, 0), found;

		rc = db_ask(wasl, SQL_PERSON_BY_ID, VALUES(val_int(person)), 0, &found);
		if (rc != 0 || found != person)
			continue;
		rc = db_code(finish_one(wasl, person));
		++*finished;
	}
	return rows_close(&rows, rc);
}

int
erase_finish(struct writer *w)
{
	int finished = 0;
	int rc = finish_all(&w->wasl, &w->keys_db, &finished);

	if (rc != 0 || finished == 0)
		return rc;
	/* The logs still hold what the interrupted erasure took out of the files. */
	rc = db_code(wal_checkpoint(&w->keys_db, &w->keys_wal, SQLITE_CHECKPOINT_TRUNCATE));
	if (rc == 0)
		rc = db_code(wal_checkpoint(&w->wasl, &w->wasl_wal, SQLITE_CHECKPOINT_TRUNCATE));
	return rc == W_EIO ? rc : 0; /* a full disk is no reason not to start */
}
