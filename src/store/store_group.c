/*
 * One transaction for every job that waits. Each job runs inside a savepoint of
 * wasl.db (and of keys.db when it changes keys), so a broken rule undoes that
 * job alone. keys.db commits first, then wasl.db: a crash between the two
 * leaves a key without data, never data without its key.
 */
#include "store/store_int.h"

#include "base/log.h"
#include "base/metric.h"

static bool
is_constraint(int sqlite_rc)
{
	int code = db_code(sqlite_rc);

	return code == W_EEXIST || code == W_ETOOBIG;
}

static bool
has_keys(const struct store_job *jobs)
{
	for (; jobs != NULL; jobs = jobs->next)
		if (jobs->key_ops != NULL)
			return true;
	return false;
}

static bool
has_erasure(const struct store_job *jobs)
{
	for (; jobs != NULL; jobs = jobs->next)
		if (jobs->rc == 0 && jobs->erases)
			return true;
	return false;
}

static int
op_execute(struct writer *w, const struct op *op)
{
	if (op->run != NULL)
		return op->run(w, op->arg);
	int rc = db_run(&w->wasl, op->sql, op->values, op->n);
	if (rc == SQLITE_OK && op->must_change && sqlite3_changes64(w->wasl.handle) == 0)
		return SQLITE_CONSTRAINT;
	return rc;
}

static int
ops_execute(struct writer *w, const struct store_job *job)
{
	int rc = SQLITE_OK;

	for (const struct op *op = job->ops; rc == SQLITE_OK && op != NULL; op = op->next)
		rc = op_execute(w, op);
	if (rc == SQLITE_OK && job->key_ops != NULL)
		rc = key_ops_run(&w->keys_db, job);
	return rc;
}

static int
on_both(struct writer *w, bool keys, enum sql sql)
{
	int rc = db_run(&w->wasl, sql, NO_VALUES);

	if (rc == SQLITE_OK && keys)
		rc = db_run(&w->keys_db, sql, NO_VALUES);
	return rc;
}

/*
 * A full disk, an I/O error or no memory inside a statement ends the whole
 * transaction; going on would then commit the next savepoint by itself. So
 * after each failure: does the transaction still live?
 */
static bool
transactions_live(const struct writer *w, bool keys)
{
	return !sqlite3_get_autocommit(w->wasl.handle) &&
	       (!keys || !sqlite3_get_autocommit(w->keys_db.handle));
}

/* SQLITE_OK also when the job alone failed; anything else is the end of the group. */
static int
job_run(struct writer *w, struct store_job *job, bool group_keys)
{
	struct audit_tail before = w->tail;
	bool keys = job->key_ops != NULL;
	int rc = on_both(w, keys, SQL_SAVEPOINT);

	if (rc != SQLITE_OK)
		return rc;
	rc = ops_execute(w, job);
	if (rc == SQLITE_OK)
		return on_both(w, keys, SQL_RELEASE);
	if (!is_constraint(rc) || !transactions_live(w, group_keys))
		return is_constraint(rc) ? SQLITE_IOERR : rc;
	job->rc = db_code(rc);
	w->tail = before;
	rc = on_both(w, keys, SQL_ROLLBACK_TO);
	return rc == SQLITE_OK ? on_both(w, keys, SQL_RELEASE) : rc;
}

static int
commit_keys(struct writer *w, struct store_job *jobs)
{
	int rc = db_run(&w->keys_db, SQL_COMMIT, NO_VALUES);

	if (rc != SQLITE_OK)
		return rc;
	for (struct store_job *j = jobs; j != NULL; j = j->next)
		j->keys_stored = j->rc == 0 && j->key_ops != NULL;
	/* An erased key is gone only when no page of the WAL holds it any more. */
	if (has_erasure(jobs))
		rc = wal_checkpoint(&w->keys_db, &w->keys_wal, SQLITE_CHECKPOINT_TRUNCATE);
	return rc;
}

static int
group_execute(struct writer *w, struct store_job *jobs)
{
	bool keys = has_keys(jobs);
	int rc = on_both(w, keys, SQL_BEGIN_WRITE);

	for (struct store_job *j = jobs; rc == SQLITE_OK && j != NULL; j = j->next)
		rc = job_run(w, j, keys);
	if (rc == SQLITE_OK && keys)
		rc = commit_keys(w, jobs);
	if (rc == SQLITE_OK)
		rc = db_run(&w->wasl, SQL_COMMIT, NO_VALUES);
	return rc;
}

static void
roll_back(struct db *db)
{
	if (!sqlite3_get_autocommit(db->handle))
		(void)db_run(db, SQL_ROLLBACK, NO_VALUES);
}

/* Nothing of the group was acknowledged; what it says depends on why. */
static void
group_fail(struct writer *w, struct store_job *jobs, int sqlite_rc)
{
	int code = db_code(sqlite_rc);

	roll_back(&w->wasl);
	roll_back(&w->keys_db);
	if (code == W_EFULL)
		writer_full(w);
	else if (code == W_EBUSY)
		log_warn("store somebody else holds a lock on the database");
	else
		writer_broken(w, "transaction", sqlite_rc);
	for (struct store_job *j = jobs; j != NULL; j = j->next)
		j->rc = code == W_EFULL || code == W_EBUSY ? W_EFULL : W_EIO;
}

static void
count_commit(struct store *s, const struct store_job *jobs)
{
	int64_t stored = 0;

	for (; jobs != NULL; jobs = jobs->next)
		stored += jobs->rc == 0;
	atomic_fetch_add(&s->commits, 1);
	atomic_fetch_add(&s->jobs, stored);
	metric_add(METRIC_STORE_COMMITS, 1);
}

void
group_run(struct writer *w, struct store_job *jobs)
{
	struct audit_tail before = w->tail;
	int rc = w->broken ? SQLITE_IOERR : group_execute(w, jobs);

	if (rc != SQLITE_OK) {
		w->tail = before;
		group_fail(w, jobs, rc);
		return;
	}
	count_commit(w->store, jobs);
	if (has_erasure(jobs))
		w->truncate_wanted = true;
}
