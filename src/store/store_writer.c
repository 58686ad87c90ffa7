/*
 * The writer thread: waits for jobs, gives groups of them to store_group.c,
 * checkpoints in small bites when nobody waits, and looks after a full disk.
 */
#include "store/store_int.h"

#include "base/clock.h"
#include "base/log.h"

#include <time.h>

static int
on_wal_grown(void *arg, sqlite3 *handle, const char *schema, int pages)
{
	struct wal_watch *watch = arg;

	(void)handle;
	(void)schema;
	if (pages < watch->last_try) /* it began from its start again */
		watch->last_try = 0;
	watch->pages = pages;
	return SQLITE_OK;
}

/*
 * SQLite empties the WAL without a sync, so a power cut could bring back the
 * old page images in it, an erased key among them.
 */
static int
wal_sync(struct db *db)
{
	sqlite3_file *wal = NULL;
	int rc = sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);

	if (rc == SQLITE_OK && wal != NULL && wal->pMethods != NULL)
		rc = wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
	return rc;
}

int
wal_checkpoint(struct db *db, struct wal_watch *watch, int mode)
{
	int pages = -1;

	/* TRUNCATE would wait for readers; the writer has better things to do. */
	sqlite3_busy_timeout(db->handle, 0);
	int rc = sqlite3_wal_checkpoint_v2(db->handle, NULL, mode, &pages, NULL);
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	watch->last_try = watch->pages;
	if (rc == SQLITE_OK && pages >= 0)
		watch->pages = watch->last_try = pages;
	if (rc == SQLITE_OK && mode == SQLITE_CHECKPOINT_TRUNCATE)
		rc = wal_sync(db);
	return rc;
}

/* A lock passes and a disk gets room again; one that failed is not asked a second time. */
static int
heed(struct writer *w, const char *doing, int sqlite_rc)
{
	int code = db_code(sqlite_rc);

	if (code == W_EFULL)
		writer_full(w);
	else if (code == W_EIO)
		writer_broken(w, doing, sqlite_rc);
	return code;
}

/* A reader holds a mark: what is left comes next time. */
static void
bite(struct writer *w, struct db *db, struct wal_watch *watch)
{
	(void)heed(w, "checkpoint", wal_checkpoint(db, watch, SQLITE_CHECKPOINT_PASSIVE));
}

static bool
has_grown(const struct wal_watch *watch, int pages)
{
	return watch->pages - watch->last_try >= pages;
}

static void
bite_when_due(struct writer *w, bool rests)
{
	int enough = rests ? BITE_PAGES : CEILING_PAGES;

	if (w->broken)
		return;
	if (has_grown(&w->wasl_wal, enough))
		bite(w, &w->wasl, &w->wasl_wal);
	if (has_grown(&w->keys_wal, enough))
		bite(w, &w->keys_db, &w->keys_wal);
}

/* After an erasure: old page images leave the WAL too, as soon as no reader is in the way. */
static void
truncate_when_wanted(struct writer *w)
{
	if (!w->truncate_wanted || w->broken)
		return;
	int rc = wal_checkpoint(&w->wasl, &w->wasl_wal, SQLITE_CHECKPOINT_TRUNCATE);
	w->truncate_wanted = heed(w, "checkpoint", rc) != 0;
}

static void
anchor_when_due(struct writer *w)
{
	int64_t now = clock_mono_ms();

	if (w->broken || now - w->anchored_ms < ANCHOR_MS)
		return;
	w->anchored_ms = now;
	if (heed(w, "anchor", audit_anchor(w)) != 0)
		log_warn("store the audit's head could not be noted in keys.db");
}

/* Where there is still no room it stays as it is. */
static void
empty_wal(struct writer *w, struct db *db, struct wal_watch *watch)
{
	int rc = wal_checkpoint(db, watch, SQLITE_CHECKPOINT_TRUNCATE);

	if (db_code(rc) == W_EIO)
		writer_broken(w, "checkpoint", rc);
}

void
writer_full(struct writer *w)
{
	if (!atomic_exchange(&w->store->degraded, true))
		log_error("store the disk is full: no answer but the busy page until it has room");
	disk_release(&w->disk);
	empty_wal(w, &w->wasl, &w->wasl_wal);
	empty_wal(w, &w->keys_db, &w->keys_wal);
}

static void
on_broken(struct mail *m)
{
	struct store *s = ((struct broken_letter *)m)->store;

	if (s->on_broken != NULL)
		s->on_broken(s->on_broken_arg);
}

void
writer_broken(struct writer *w, const char *doing, int sqlite_rc)
{
	if (w->broken)
		return;
	w->broken = true;
	log_error("store %s failed, sqlite=%d: nothing is acknowledged any more", doing, sqlite_rc);
	w->broken_letter = (struct broken_letter){.mail.deliver = on_broken, .store = w->store};
	mailbox_put(w->store->mailbox, &w->broken_letter.mail, &w->broken_letter.mail);
}

/* Pages enough for a group are taken and given back: the file may grow again. */
static int
probe_database(struct writer *w)
{
	int rc = db_run(&w->wasl, SQL_BEGIN_WRITE, NO_VALUES);

	if (rc == SQLITE_OK)
		rc = db_run(&w->wasl, SQL_PROBE_PUT, NO_VALUES);
	if (!sqlite3_get_autocommit(w->wasl.handle))
		(void)db_run(&w->wasl, SQL_ROLLBACK, NO_VALUES);
	return rc;
}

static void
heal_when_due(struct writer *w, bool now)
{
	if (w->broken || !atomic_load(&w->store->degraded))
		return;
	if (!now && clock_mono_ms() - w->looked_ms < HEAL_MS)
		return;
	w->looked_ms = clock_mono_ms();
	int rc = probe_database(w);
	if (db_code(rc) == W_EIO)
		writer_broken(w, "probe", rc);
	if (rc != SQLITE_OK || !disk_refill(&w->disk))
		return;
	atomic_store(&w->store->degraded, false);
	log_info("store the disk has room again");
}

/* Jobs the loop has handed over. Under the lock. */
static bool
has_work(const struct writer *w)
{
	return w->waiting > w->held;
}

/* The next group, or NULL. Under the lock. */
static struct store_job *
take_group(struct writer *w)
{
	struct store_job *first = w->first, **end = &w->first;
	unsigned n = 0;

	while (n < w->waiting - w->held && n < w->store->group_max) {
		end = &(*end)->next;
		n++;
	}
	if (n == 0)
		return NULL;
	w->first = *end;
	if (w->first == NULL)
		w->end = &w->first;
	*end = NULL;
	w->waiting -= n;
	return first;
}

/* After how long there is something to do without a job; 0: never. */
static int
patience_ms(const struct writer *w)
{
	if (w->broken)
		return 0;
	if (has_grown(&w->wasl_wal, BITE_PAGES) || has_grown(&w->keys_wal, BITE_PAGES))
		return REST_MS;
	return atomic_load(&w->store->degraded) || w->truncate_wanted ? HEAL_MS : 0;
}

static struct timespec
in_ms(int64_t ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	int64_t ns = at.tv_nsec + ms * 1000000;
	at.tv_sec += (time_t)(ns / 1000000000);
	at.tv_nsec = (long)(ns % 1000000000);
	return at;
}

/* Under the lock. A checkpoint waits for a pause: right after a group there is none, for those it
 * answered are about to ask again. */
static void
wait_for_work(struct writer *w)
{
	int ms = patience_ms(w);
	const struct timespec until = in_ms(ms);

	if (ms == 0)
		pthread_cond_wait(&w->wake, &w->lock);
	else
		(void)pthread_cond_timedwait(&w->wake, &w->lock, &until);
}

static void
post_group(struct store *s, struct store_job *jobs)
{
	struct store_job *last = jobs;

	for (; last->next != NULL; last = last->next)
		last->mail.next = &last->next->mail;
	mailbox_put(s->mailbox, &jobs->mail, &last->mail);
}

static uint64_t
count_jobs(const struct store_job *jobs)
{
	uint64_t n = 0;

	for (; jobs != NULL; jobs = jobs->next)
		n++;
	return n;
}

/* When the answers are out. */
static void
look_after(struct writer *w, bool idle, bool rests, bool probe)
{
	heal_when_due(w, probe);
	anchor_when_due(w);
	bite_when_due(w, rests);
	if (idle)
		truncate_when_wanted(w);
}

/* One round: with the lock in, without it while working, with it out. */
static void
writer_round(struct writer *w)
{
	struct store_job *jobs = take_group(w);
	uint64_t n = count_jobs(jobs);
	bool probe = w->probe, idle = !has_work(w);

	pthread_mutex_unlock(&w->lock);
	if (jobs != NULL) {
		group_run(w, jobs);
		post_group(w->store, jobs); /* the loop's now */
	}
	pthread_mutex_lock(&w->lock);
	w->finished += n;
	pthread_cond_broadcast(&w->idle);
	idle = idle && !has_work(w);
	pthread_mutex_unlock(&w->lock);
	look_after(w, idle, idle && jobs == NULL, probe);
	pthread_mutex_lock(&w->lock);
	if (probe) {
		w->probe = false;
		pthread_cond_broadcast(&w->idle);
	}
}

static void *
writer_main(void *arg)
{
	struct writer *w = arg;

	thread_is(THREAD_WRITER);
	pthread_mutex_lock(&w->lock);
	while (has_work(w) || !w->stop) {
		if (!has_work(w) && !w->probe)
			wait_for_work(w);
		writer_round(w);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

void
writer_init(struct writer *w, struct store *s)
{
	pthread_condattr_t monotonic;

	*w = (struct writer){.store = s, .disk = {.ballast_fd = -1, .folder_fd = -1}};
	w->end = &w->first;
	w->anchored_ms = clock_mono_ms();
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &monotonic);
	pthread_cond_init(&w->idle, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

void
writer_start(struct writer *w)
{
	sqlite3_wal_hook(w->wasl.handle, on_wal_grown, &w->wasl_wal);
	sqlite3_wal_hook(w->keys_db.handle, on_wal_grown, &w->keys_wal);
	CHECK(pthread_create(&w->thread, NULL, writer_main, w) == 0);
	w->started = true;
}

void
writer_stop(struct writer *w)
{
	if (!w->started)
		return;
	pthread_mutex_lock(&w->lock);
	w->held = 0;
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	w->started = false;
	if (w->broken)
		return;
	(void)audit_anchor(w);
	(void)wal_checkpoint(&w->wasl, &w->wasl_wal, SQLITE_CHECKPOINT_TRUNCATE);
	(void)wal_checkpoint(&w->keys_db, &w->keys_wal, SQLITE_CHECKPOINT_TRUNCATE);
}

void
writer_done(struct writer *w)
{
	db_close(&w->wasl);
	db_close(&w->keys_db);
	disk_done(&w->disk);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->wake);
	pthread_cond_destroy(&w->idle);
}

void
writer_probe(struct store *s)
{
	struct writer *w = &s->writer;

	pthread_mutex_lock(&w->lock);
	w->probe = true;
	pthread_cond_signal(&w->wake);
	while (w->probe)
		pthread_cond_wait(&w->idle, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

void
store_flush(struct store *s)
{
	struct writer *w = &s->writer;

	loop_side_look_again(s);
	loop_side_hand_over(s);
	pthread_mutex_lock(&w->lock);
	while (w->finished != w->submitted)
		pthread_cond_wait(&w->idle, &w->lock);
	pthread_mutex_unlock(&w->lock);
}
