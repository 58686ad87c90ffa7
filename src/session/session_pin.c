#include "session/session_int.h"

#include "base/metric.h"

#include <pthread.h>
#include <stdlib.h>

/*
 * The PIN desk: one thread that does the slow hashing, a bounded queue before
 * it, verdicts posted back to the loop in order.
 */

enum { WAITING_MAX = 256 };

struct pin_desk {
	struct loop *loop;
	const struct keys *keys;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t came;
	struct pin_job *first, *last;
	size_t waiting;
	bool closing;
};

static void
check_pin(const struct keys *keys, struct pin_job *job)
{
	for (size_t i = 0; i < job->n_candidates; i++) {
		const struct pin_candidate *c = &job->candidates[i];

		if (!pin_check(keys, c->person, str_of(job->typed), &c->verifier))
			continue;
		job->verdict.ok = true;
		job->verdict.person = c->person;
		job->verdict.link = c->link;
		return;
	}
}

/* Two people of one number may not share a PIN: it is what tells them apart. */
static void
make_pin(const struct keys *keys, struct pin_job *job)
{
	for (size_t i = 0; i < job->n_candidates && !job->verdict.taken; i++)
		job->verdict.taken = job->candidates[i].person != job->person &&
				     pin_check(keys, job->candidates[i].person, str_of(job->typed),
					       &job->candidates[i].verifier);
	if (job->verdict.taken)
		return;
	pin_make(keys, job->person, str_of(job->typed), &job->verdict.pin);
	job->verdict.ok = true;
}

static void
free_job(struct pin_job *job)
{
	wipe(job, sizeof(*job));
	free(job);
}

static void
on_checked(void *arg)
{
	struct pin_job *job = arg;

	job->on_verdict(job->arg, job);
	free_job(job);
}

static struct pin_job *
next_job(struct pin_desk *d)
{
	pthread_mutex_lock(&d->lock);
	while (d->first == NULL && !d->closing)
		pthread_cond_wait(&d->came, &d->lock);
	struct pin_job *job = d->closing ? NULL : d->first;
	if (job != NULL) {
		d->first = job->next;
		if (d->first == NULL)
			d->last = NULL;
		d->waiting--;
	}
	pthread_mutex_unlock(&d->lock);
	return job;
}

static void *
desk_thread(void *arg)
{
	struct pin_desk *d = arg;
	struct pin_job *job;

	thread_is(THREAD_PIN);
	while ((job = next_job(d)) != NULL) {
		if (job->check == CHECK_PIN)
			check_pin(d->keys, job);
		else
			make_pin(d->keys, job);
		loop_post(d->loop, on_checked, job);
	}
	return NULL;
}

struct pin_desk *
pin_desk_new(struct loop *loop, const struct keys *keys)
{
	struct pin_desk *d = xcalloc(1, sizeof(*d));

	d->loop = loop;
	d->keys = keys;
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->came, NULL);
	CHECK(pthread_create(&d->thread, NULL, desk_thread, d) == 0);
	return d;
}

void
pin_desk_free(struct pin_desk *d)
{
	if (d == NULL)
		return;
	pthread_mutex_lock(&d->lock);
	d->closing = true;
	pthread_cond_signal(&d->came);
	pthread_mutex_unlock(&d->lock);
	pthread_join(d->thread, NULL);
	while (d->first != NULL) {
		struct pin_job *job = d->first;

		d->first = job->next;
		free_job(job);
	}
	pthread_cond_destroy(&d->came);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

int
pin_desk_give(struct pin_desk *d, struct pin_job *job)
{
	pthread_mutex_lock(&d->lock);
	bool room = d->waiting < WAITING_MAX;
	if (room) {
		job->next = NULL;
		if (d->last != NULL)
			d->last->next = job;
		else
			d->first = job;
		d->last = job;
		d->waiting++;
		pthread_cond_signal(&d->came);
	}
	pthread_mutex_unlock(&d->lock);
	if (!room) {
		free_job(job);
		return W_EFULL;
	}
	metric_add(METRIC_PIN_CHECKS, 1);
	return W_OK;
}
