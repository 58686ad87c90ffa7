/*
 * The reader thread: long lists on a read-only connection, one read transaction
 * a request, so that a page of a list is of one instant and the WAL is not held
 * for longer than that.
 */
#include "store/store_int.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdlib.h>

enum { READ_MS_MAX = 200 }; /* a longer transaction keeps the WAL from being emptied */

struct read_request {
	struct mail mail; /* first: the way back */
	struct store *store;
	struct read_request *next;
	void (*read)(struct store_reader *r, void *arg);
	void (*done)(void *arg);
	void *arg;
};

static void
on_read_done(struct mail *m)
{
	struct read_request *request = (struct read_request *)m;

	loop_side_look_again(request->store);
	if (request->done != NULL)
		request->done(request->arg);
	free(request);
}

void
reader_breathe(struct store_reader *r)
{
	if (!r->in_transaction)
		return;
	(void)db_run(&r->db, SQL_COMMIT, NO_VALUES);
	(void)db_run(&r->db, SQL_BEGIN_READ, NO_VALUES);
}

static void
run_request(struct store *s, struct store_reader *r, struct read_request *request)
{
	int64_t began_ms = clock_mono_ms();

	r->in_transaction = db_run(&r->db, SQL_BEGIN_READ, NO_VALUES) == SQLITE_OK;
	request->read(r, request->arg);
	if (r->in_transaction)
		(void)db_run(&r->db, SQL_COMMIT, NO_VALUES);
	r->in_transaction = false;
	int64_t took_ms = clock_mono_ms() - began_ms;
	if (took_ms > READ_MS_MAX)
		log_warn("store a read took %lld ms", (long long)took_ms);
	request->mail.deliver = on_read_done;
	mailbox_put(s->mailbox, &request->mail, &request->mail);
}

static void *
reader_main(void *arg)
{
	struct read_thread *t = arg;

	thread_is(THREAD_READER);
	pthread_mutex_lock(&t->lock);
	while (t->first != NULL || !t->stop) {
		struct read_request *request = t->first;

		if (request == NULL) {
			pthread_cond_wait(&t->wake, &t->lock);
			continue;
		}
		t->first = request->next;
		if (t->first == NULL)
			t->end = &t->first;
		pthread_mutex_unlock(&t->lock);
		run_request(t->store, &t->reader, request);
		pthread_mutex_lock(&t->lock);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

void
store_read(struct store *s, void (*read)(struct store_reader *r, void *arg),
	   void (*done)(void *arg), void *arg)
{
	struct read_thread *t = &s->read_thread;
	struct read_request *request = xcalloc(1, sizeof(*request));

	CHECK_ON_LOOP();
	*request = (struct read_request){.store = s, .read = read, .done = done, .arg = arg};
	if (s->closing) { /* the thread is gone; a list that goes on from done ends here */
		loop_side_look_again(s);
		run_request(s, &s->loop_reader, request);
		return;
	}
	pthread_mutex_lock(&t->lock);
	*t->end = request;
	t->end = &request->next;
	pthread_mutex_unlock(&t->lock);
	pthread_cond_signal(&t->wake);
}

void
read_thread_init(struct read_thread *t, struct store *s)
{
	*t = (struct read_thread){.store = s, .reader.store = s};
	t->end = &t->first;
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->wake, NULL);
}

void
read_thread_start(struct read_thread *t)
{
	CHECK(pthread_create(&t->thread, NULL, reader_main, t) == 0);
	t->started = true;
}

void
read_thread_stop(struct read_thread *t)
{
	if (t->started) {
		pthread_mutex_lock(&t->lock);
		t->stop = true;
		pthread_cond_signal(&t->wake);
		pthread_mutex_unlock(&t->lock);
		pthread_join(t->thread, NULL);
		t->started = false;
	}
	db_close(&t->reader.db);
	pthread_mutex_destroy(&t->lock);
	pthread_cond_destroy(&t->wake);
}
