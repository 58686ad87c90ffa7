#include "store/store_int.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

char *
path_in(const char *dir, const char *name)
{
	size_t n = strlen(dir) + strlen(name) + 2;
	char *path = xmalloc(n);

	snprintf(path, n, "%s/%s", dir, name);
	return path;
}

static bool
is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0; /* never open(): closing would drop SQLite's locks */
}

int
store_lock(const char *dir, struct err *err)
{
	char *path = path_in(dir, "lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc = 0;

	if (fd < 0) {
		err_add(err, path, 0, 0, "cannot be opened: %s", strerror(errno));
		rc = W_EIO;
	} else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		err_add(err, path, 0, 0, "another wasld works on this folder");
		close(fd);
		rc = W_EBUSY;
	}
	free(path);
	return rc == 0 ? fd : rc;
}

/*
 * Counting every byte takes a lock that all threads share, at each allocation
 * (sqlite.org/malloc.html, section 3.3). Nobody here asks for the count. Where
 * SQLite is in use already it stays as it is.
 */
static void
sqlite_prepare(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static void
store_init(struct store *s, const struct store_options *o)
{
	sqlite_prepare();
	s->dir = xstrdup(o->dir);
	s->wasl_path = path_in(o->dir, "wasl.db");
	s->keys_path = path_in(o->dir, "keys.db");
	s->keys = o->keys;
	s->loop = o->loop;
	s->group_max = o->group_max ? o->group_max : GROUP_MAX;
	s->lock_fd = -1;
	s->key_table = key_table_new();
	s->mailbox = o->loop != NULL ? mailbox_new(o->loop) : NULL;
	writer_init(&s->writer, s);
	read_thread_init(&s->read_thread, s);
	s->loop_reader.store = s;
	s->loop_side = loop_side_new(s);
}

/* In the reverse order of boot; whatever was not begun is left out. */
static void
store_free(struct store *s)
{
	s->closing = true;
	read_thread_stop(&s->read_thread);
	writer_stop(&s->writer);
	loop_side_look_again(s);
	mailbox_close(s->mailbox);
	loop_side_close(s->loop_side);
	spare_arenas_free(s);
	db_close(&s->loop_reader.db);
	writer_done(&s->writer);
	key_table_free(s->key_table);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	free(s->dir);
	free(s->wasl_path);
	free(s->keys_path);
	free(s);
}

static int
files_check(const struct store *s, bool create, struct err *err)
{
	const char *paths[] = {s->wasl_path, s->keys_path};

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		if (is_there(paths[i]) == !create)
			continue;
		err_add(err, paths[i], 0, 0,
			create ? "is there already" : "is missing (wasld init makes a new store)");
		return create ? W_EEXIST : W_ENOENT;
	}
	return 0;
}

static int
files_open(struct store *s, bool create, struct err *err)
{
	struct writer *w = &s->writer;
	enum db_mode mode = create ? DB_CREATE : DB_WRITE;
	mode_t mask = umask(0077);
	int rc = db_open(&w->wasl, s->wasl_path, DB_WASL, mode, err);

	if (rc == 0)
		rc = db_open(&w->keys_db, s->keys_path, DB_KEYS, mode, err);
	umask(mask);
	return rc;
}

static int
files_migrate(struct store *s, const char *folder, struct err *err)
{
	struct writer *w = &s->writer;
	char *keys_folder = path_in(folder, "keys");
	int rc = migrate(&w->keys_db, s->keys_path, keys_folder, &s->keys_schema, err);

	if (rc == 0)
		rc = migrate(&w->wasl, s->wasl_path, folder, &s->schema, err);
	free(keys_folder);
	db_limit(&w->wasl);
	db_limit(&w->keys_db);
	return rc;
}

/* What must be known and mended before the first job. */
static int
state_load(struct store *s, struct err *err)
{
	struct writer *w = &s->writer;
	int64_t last;
	int rc = db_ask(&w->wasl, SQL_PERSON_HIGHEST, NO_VALUES, 0, &last);

	if (rc == 0)
		rc = key_table_load(s->key_table, &w->keys_db, s->keys, last, err);
	if (rc == 0)
		rc = erase_finish(w);
	if (rc == 0)
		rc = audit_begin(w, err);
	if (rc == 0)
		rc = counters_load(s, &w->wasl);
	if (rc != 0 && err_errors(err) == 0)
		err_add(err, s->wasl_path, 0, 0, "cannot be read or written (%s)", w_err_word(rc));
	return rc;
}

static int
files_prepare(struct store *s, const char *migrations, bool create, struct err *err)
{
	int rc = store_lock(s->dir, err);

	if (rc < 0)
		return rc;
	s->lock_fd = rc;
	rc = files_check(s, create, err);
	if (rc == 0)
		rc = files_open(s, create, err);
	if (rc == 0)
		rc = files_migrate(s, migrations, err);
	if (rc == 0)
		rc = state_load(s, err);
	return rc;
}

/* A store that starts on a full disk starts without its ballast, degraded, and heals. */
static int
ballast_take(struct store *s, size_t ballast, struct err *err)
{
	struct disk *d = &s->writer.disk;
	int rc = disk_init(d, s->dir, ballast, err);

	if (rc == 0 && !disk_refill(d)) {
		log_warn("store no room for the ballast");
		atomic_store(&s->degraded, true);
	}
	return rc;
}

static int
readers_open(struct store *s, struct err *err)
{
	int rc = db_open(&s->loop_reader.db, s->wasl_path, DB_WASL, DB_READ, err);

	if (rc == 0)
		rc = db_open(&s->read_thread.reader.db, s->wasl_path, DB_WASL, DB_READ, err);
	if (rc != 0)
		return rc;
	db_limit(&s->loop_reader.db);
	db_limit(&s->read_thread.reader.db);
	return 0;
}

int
store_open(const struct store_options *options, struct store **out, struct err *err)
{
	struct store *s = xcalloc(1, sizeof(*s));

	CHECK(sqlite3_threadsafe() != 0);
	CHECK(options->loop != NULL);
	store_init(s, options);
	int rc = files_prepare(s, options->migrations, false, err);
	if (rc == 0)
		rc = ballast_take(s, options->ballast, err);
	if (rc == 0)
		rc = readers_open(s, err);
	if (rc == 0) {
		writer_start(&s->writer);
		read_thread_start(&s->read_thread);
		*out = s;
		s = NULL; /* the caller's now */
	}
	if (s != NULL)
		store_free(s);
	return rc;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	CHECK_ON_LOOP();
	store_free(s);
}

static int
folder_sync(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd >= 0 && fsync(fd) == 0 ? 0 : W_EIO;

	if (fd >= 0)
		close(fd);
	return rc;
}

int
store_create(const char *dir, const char *migrations, const struct keys *keys, struct err *err)
{
	const struct store_options options = {.dir = dir, .keys = keys};
	struct store *s = xcalloc(1, sizeof(*s));

	store_init(s, &options);
	int rc = files_prepare(s, migrations, true, err);
	store_free(s);
	if (rc == 0 && folder_sync(dir) != 0) {
		err_add(err, dir, 0, 0, "cannot be synced: %s", strerror(errno));
		rc = W_EIO;
	}
	return rc;
}

bool
store_degraded(const struct store *s)
{
	return atomic_load(&s->degraded);
}

void
store_on_broken(struct store *s, void (*on_broken)(void *arg), void *arg)
{
	CHECK_ON_LOOP();
	s->on_broken = on_broken;
	s->on_broken_arg = arg;
}

struct store_reader *
store_loop_reader(struct store *s)
{
	CHECK_ON_LOOP();
	loop_side_look(s);
	return &s->loop_reader;
}

static int64_t
size_of(const char *dir, const char *name)
{
	char *path = path_in(dir, name);
	struct stat st;
	int64_t size = stat(path, &st) == 0 ? (int64_t)st.st_size : 0;

	free(path);
	return size;
}

void
store_status(const struct store *s, struct store_status *out)
{
	struct writer *w = (struct writer *)&s->writer; /* its lock is not the caller's constant */

	*out = (struct store_status){
		.wal_bytes = size_of(s->dir, "wasl.db-wal"),
		.db_bytes = size_of(s->dir, "wasl.db"),
		.commits = atomic_load(&s->commits),
		.jobs = atomic_load(&s->jobs),
		.degraded = store_degraded(s),
		.schema = s->schema,
		.keys_schema = s->keys_schema,
	};
	pthread_mutex_lock(&w->lock);
	out->jobs_waiting = (int64_t)(w->submitted - w->finished);
	pthread_mutex_unlock(&w->lock);
}
