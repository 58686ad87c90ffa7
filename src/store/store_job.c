#include "store/store_int.h"

#include "base/metric.h"

struct store_job *
store_job_new(struct store *s)
{
	CHECK_ON_LOOP();
	struct arena *a =
		s->n_spare_arenas > 0 ? s->spare_arenas[--s->n_spare_arenas] : arena_new(JOB_BYTES);
	struct store_job *job = ARENA_NEW(a, struct store_job);

	job->store = s;
	job->arena = a;
	job->ops_end = &job->ops;
	job->key_ops_end = &job->key_ops;
	return job;
}

struct arena *
store_job_arena(struct store_job *job)
{
	return job->arena;
}

/* Wrapped keys are the only secrets a job holds, and they are sealed. */
void
store_job_free(struct store_job *job)
{
	struct store *s;

	if (job == NULL)
		return;
	s = job->store;
	if (s->closing || s->n_spare_arenas == SPARE_ARENAS) {
		arena_free(job->arena);
		return;
	}
	struct arena *a = job->arena; /* the job is in it */
	arena_reset(a);
	s->spare_arenas[s->n_spare_arenas++] = a;
}

void
spare_arenas_free(struct store *s)
{
	while (s->n_spare_arenas > 0)
		arena_free(s->spare_arenas[--s->n_spare_arenas]);
}

static struct op *
op_new(struct store_job *job, size_t n)
{
	struct op *op = arena_alloc(job->arena, sizeof(*op) + n * sizeof(op->values[0]));

	*job->ops_end = op;
	job->ops_end = &op->next;
	op->n = n;
	return op;
}

static struct op *
op_statement(struct store_job *job, enum sql sql, const struct value *values, size_t n)
{
	struct op *op = op_new(job, n);

	op->sql = sql;
	for (size_t i = 0; i < n; i++) {
		op->values[i] = values[i];
		if (values[i].type == VALUE_TEXT || values[i].type == VALUE_BLOB)
			op->values[i].p = arena_memdup(job->arena, values[i].p, values[i].n);
	}
	return op;
}

void
op_add(struct store_job *job, enum sql sql, const struct value *values, size_t n)
{
	op_statement(job, sql, values, n);
}

void
op_must(struct store_job *job, enum sql sql, const struct value *values, size_t n)
{
	op_statement(job, sql, values, n)->must_change = true;
}

void
op_call(struct store_job *job, op_run *run, const void *arg)
{
	struct op *op = op_new(job, 0);

	op->run = run;
	op->arg = arg;
}

void
key_op_add(struct store_job *job, const struct key_op *op)
{
	struct key_op *copy = arena_memdup(job->arena, op, sizeof(*op));

	copy->next = NULL;
	*job->key_ops_end = copy;
	job->key_ops_end = &copy->next;
}

/* On the loop, when the writer has dealt with the job. */
static void
on_job_done(struct mail *m)
{
	struct store_job *job = (struct store_job *)m;
	store_on_stored *on_stored = job->on_stored;

	loop_side_look_again(job->store);
	key_table_apply(job->store->key_table, job);
	metric_add(job->rc == 0 ? METRIC_STORE_JOBS : METRIC_STORE_FAILED, 1);
	if (on_stored != NULL)
		on_stored(job->arg, job->rc);
	store_job_free(job);
}

/* Answers a job that never reaches the writer; still from the loop, never from here. */
static void
refuse(struct store *s, struct store_job *job, int rc)
{
	job->rc = rc;
	mailbox_put(s->mailbox, &job->mail, &job->mail);
}

void
store_submit(struct store *s, struct store_job *job, store_on_stored *on_stored, void *arg)
{
	CHECK_ON_LOOP();
	job->on_stored = on_stored;
	job->arg = arg;
	job->mail.deliver = on_job_done;
	if (s->closing || !loop_side_put(s, job))
		refuse(s, job, W_EFULL);
}
