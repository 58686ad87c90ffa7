/*
 * Threads put letters in, the loop takes them out. The box outlives the store
 * while a wake-up is still posted to the loop, so that store_close need not run
 * the loop.
 */
#include "store/store_int.h"

#include <stdlib.h>

struct mailbox {
	struct loop *loop;
	pthread_mutex_t lock; /* over the rest */
	struct mail *first, **end;
	unsigned posted; /* wake-ups the loop has not run yet */
	bool closed;
};

struct mailbox *
mailbox_new(struct loop *l)
{
	struct mailbox *m = xcalloc(1, sizeof(*m));

	m->loop = l;
	m->end = &m->first;
	pthread_mutex_init(&m->lock, NULL);
	return m;
}

static void
mailbox_free(struct mailbox *m)
{
	pthread_mutex_destroy(&m->lock);
	free(m);
}

static void
on_mail(void *arg)
{
	struct mailbox *m = arg;

	pthread_mutex_lock(&m->lock);
	m->posted--;
	bool closed = m->closed, last = m->posted == 0;
	pthread_mutex_unlock(&m->lock);
	if (!closed)
		mailbox_empty(m);
	else if (last)
		mailbox_free(m);
}

void
mailbox_put(struct mailbox *m, struct mail *first, struct mail *last)
{
	pthread_mutex_lock(&m->lock);
	bool sleeping = m->first == NULL;
	last->next = NULL;
	*m->end = first;
	m->end = &last->next;
	if (sleeping)
		m->posted++;
	pthread_mutex_unlock(&m->lock);
	if (sleeping)
		loop_post(m->loop, on_mail, m);
}

void
mailbox_empty(struct mailbox *m)
{
	pthread_mutex_lock(&m->lock);
	struct mail *letter = m->first;
	m->first = NULL;
	m->end = &m->first;
	pthread_mutex_unlock(&m->lock);
	while (letter != NULL) {
		struct mail *next = letter->next;

		letter->deliver(letter);
		letter = next;
	}
}

void
mailbox_close(struct mailbox *m)
{
	if (m == NULL)
		return;
	while (m->first != NULL) /* the threads are gone: nobody else puts */
		mailbox_empty(m);
	m->closed = true;
	if (m->posted == 0)
		mailbox_free(m);
}
