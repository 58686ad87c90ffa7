/*
 * The process dies at each step of a migration, and the power goes at each step
 * too: a file is at the version before or at the one after, never between. It
 * begins as one of the first version, goes through what is shipped, and two
 * versions of the test's own.
 */
#include "fault/fault_play.h"
#include "fault/fault_vfs.h"

#include "base/log.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { SHIPPED = 3, LAST = 5 };

static const char *const shipped[SHIPPED + 1] = {
	[1] = "0001_first_line.sql",
	[2] = "0002_all_screens.sql",
	[3] = "0003_inbox.sql",
};

/* Rows are moved about, so that a version is more than its tables. */
static const char *const migrations[] = {
	[4] = "CREATE TABLE colour (person INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT;\n"
	      "INSERT INTO colour (person, word) SELECT id, 'blue' FROM person;\n"
	      "ALTER TABLE person ADD COLUMN shade TEXT;\n"
	      "UPDATE person SET shade = 'dark';\n"
	      "PRAGMA user_version = 4;\n",
	[5] = "CREATE INDEX colour_word ON colour (word);\n"
	      "UPDATE colour SET word = 'green';\n"
	      "DROP INDEX flag_centre;\n"
	      "CREATE INDEX flag_centre ON flag (centre);\n"
	      "PRAGMA user_version = 5;\n",
};
static const char keys_migration[] = "CREATE TABLE note (id INTEGER PRIMARY KEY) STRICT;\n"
				     "INSERT INTO note (id) SELECT id FROM key WHERE id > 0;\n"
				     "PRAGMA user_version = 2;\n";

struct stage {
	struct play *p;
	struct image base;
	char folder[LAST + 1][160]; /* with the migrations up to so many */
	char *looks[LAST + 1];      /* of wasl.db at each version */
	char *keys_looks[LAST + 1];
	struct arena *a;
};

/* ---- Folders of migrations ---- */

static void
write_text(struct arena *a, const char *folder, const char *name, const char *text)
{
	FILE *f = fopen(arena_printf(a, "%s/%s", folder, name), "we");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void
folder_up_to(struct stage *t, int last)
{
	char *folder = t->folder[last];
	struct arena *a = t->a;

	snprintf(folder, sizeof(t->folder[0]), "%s/to-%d", t->p->w->dir, last);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(mkdir(arena_printf(a, "%s/keys", folder), 0700), 0);
	for (int v = 1; v <= last && v <= SHIPPED; v++)
		assert_int_equal(symlink(arena_printf(a, "%s/%s", MIGRATIONS, shipped[v]),
					 arena_printf(a, "%s/%s", folder, shipped[v])),
				 0);
	assert_int_equal(symlink(MIGRATIONS "/keys/0001_keys.sql",
				 arena_printf(a, "%s/keys/0001_keys.sql", folder)),
			 0);
	for (int v = SHIPPED + 1; v <= last; v++)
		write_text(a, folder, arena_printf(a, "%04d_colour.sql", v), migrations[v]);
	if (last == LAST)
		write_text(a, folder, "keys/0002_note.sql", keys_migration);
}

/* ---- What a file looks like: version, schema and the rows that migrations touch ---- */

static const char *const looks[] = {
	"PRAGMA user_version",
	"SELECT group_concat(name || ifnull(sql, ''), ';') FROM (SELECT name, sql FROM "
	"sqlite_schema ORDER BY name)",
	"SELECT group_concat(word) FROM colour",
	"SELECT group_concat(shade) FROM person",
	"SELECT count(*) FROM person",
	"SELECT group_concat(id || status || ifnull(mood, '-')) FROM checkin",
	"SELECT count(*) FROM checkin WHERE job IS NULL",
	"SELECT count(*) FROM survey_run",
	"SELECT count(*) FROM inbox",
	"SELECT count(*) FROM note",
	"SELECT count(*) FROM key",
};

static char *
look_of(struct stage *t, const struct world *w, const char *name)
{
	sqlite3 *db = raw_open(w, name);
	struct buf b;

	buf_init_arena(&b, t->a);
	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		sqlite3_stmt *st = NULL;

		if (sqlite3_prepare_v2(db, looks[i], -1, &st, NULL) == SQLITE_OK &&
		    sqlite3_step(st) == SQLITE_ROW) {
			const char *text = (const char *)sqlite3_column_text(st, 0);

			buf_printf(&b, "%s\n", text != NULL ? text : "nothing");
		}
		sqlite3_finalize(st);
	}
	sqlite3_close(db);
	return b.p;
}

static int
version_of(char *const *known, const char *look)
{
	for (int v = 0; v <= LAST; v++)
		if (known[v] != NULL && strcmp(known[v], look) == 0)
			return v;
	return -1;
}

static void
open_with(struct stage *t, struct world *w, int last)
{
	w->migrations = t->folder[last];
	err_free(w->err);
	w->err = err_new();
	assert_int_equal(world_open(w), 0);
}

static int
setup(void **state)
{
	struct stage *t = xcalloc(1, sizeof(*t));
	static const enum deed_kind past[] = {DEED_ENROL,   DEED_ENROL,  DEED_NEED,
					      DEED_CHECKIN, DEED_ANSWER, DEED_STRANGER};

	t->a = arena_new(0);
	t->p = play_new(fault_seed());
	assert_int_equal(world_open(t->p->w), 0);
	for (size_t i = 0; i < 20; i++)
		assert_int_equal(play_one(t->p, past[i % ARRAY_LEN(past)]), 0);
	world_close(t->p->w);
	world_take_back(t->p->w);
	image_read(&t->base, t->p->w->dir);
	for (int v = 1; v <= LAST; v++) {
		folder_up_to(t, v);
		if (v > 1 && v < SHIPPED) /* no program of today works with less */
			raw_exec(t->p->w, "wasl.db",
				 text_of_file(t->p->w,
					      arena_printf(t->a, "%s/%s", MIGRATIONS, shipped[v])));
		if (v >= SHIPPED) {
			open_with(t, t->p->w, v);
			world_close(t->p->w);
		}
		t->looks[v] = look_of(t, t->p->w, "wasl.db");
		t->keys_looks[v == LAST ? 2 : 1] = look_of(t, t->p->w, "keys.db");
	}
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct stage *t = *state;

	image_done(&t->base);
	arena_free(t->a);
	play_free(t->p);
	free(t);
	return 0;
}

/* ---- After the fault ---- */

/* keys.db goes first. */
static void
check_versions(struct stage *t, struct world *w)
{
	int keys = version_of(t->keys_looks, look_of(t, w, "keys.db"));
	int wasl = version_of(t->looks, look_of(t, w, "wasl.db"));

	assert_in_range(wasl, 1, LAST);
	assert_in_range(keys, 1, 2);
	assert_true(wasl == 1 || keys == 2);
}

/* The next start ends at the last version, with everything in its place. */
static void
check_next_start(struct stage *t, struct world *w)
{
	open_with(t, w, LAST);
	assert_string_equal(check_opened(t->p, w, 0), "");
	world_close(w);
	assert_string_equal(look_of(t, w, "wasl.db"), t->looks[LAST]);
	assert_string_equal(look_of(t, w, "keys.db"), t->keys_looks[2]);
	assert_int_equal(store_check_files(w->dir, w->err), 0);
}

/* ---- Death ---- */

static _Atomic unsigned calls;
static unsigned die_at;

static struct vfs_verdict
on_call(void *ctx, const struct vfs_call *call)
{
	(void)ctx;
	if (call->op != VFS_READ && atomic_fetch_add(&calls, 1) + 1 == die_at)
		raise(SIGKILL);
	return (struct vfs_verdict){SQLITE_OK, 0};
}

static const struct vfs_hook deadly = {.before = on_call};

/* True when the child died at its n-th call, false when it had no more. */
static bool
dies_at(unsigned n, int (*child)(struct stage *t), struct stage *t)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		die_at = n;
		vfs_install(&deadly);
		_exit(child(t) == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return true;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	return false;
}

static int
child_migrates(struct stage *t)
{
	struct world *w = t->p->w;

	w->migrations = t->folder[LAST];
	int rc = world_open(w);
	if (rc == 0)
		world_close(w);
	return rc;
}

static void
fault_migrate__killed_at_any_step_it_is_old_or_new(void **state)
{
	struct stage *t = *state;
	unsigned n = 1;

	for (;; n++) {
		image_write(&t->base, t->p->w->dir);
		bool died = dies_at(n, child_migrates, t);
		check_versions(t, t->p->w);
		check_next_start(t, t->p->w);
		if (!died)
			break;
	}
	print_message("killed at each of %u steps\n", n - 1);
	assert_true(n > 30);
}

static void
fault_migrate__a_power_cut_at_any_step_leaves_old_or_new(void **state)
{
	struct stage *t = *state;
	struct world *w = world_beside(t->p->w);

	image_write(&t->base, t->p->w->dir);
	struct recorder *r = recorder_begin(t->p->w->dir);
	assert_int_equal(child_migrates(t), 0);
	recorder_end(r);
	struct platter *platter = platter_new(r);
	size_t n = recorder_length(r), rounds = fault_long() ? 20 : 1;
	for (size_t entry = 0; entry <= n; entry++) {
		platter_to(platter, entry);
		for (size_t i = 0; i < rounds; i++) {
			struct image image;

			platter_cut(platter, &t->p->dice, &image);
			image_write(&image, w->dir);
			check_versions(t, w);
			image_write(&image, w->dir);
			check_next_start(t, w);
			image_done(&image);
		}
	}
	print_message("cut at each of %zu steps, %zu times\n", n + 1, rounds);
	platter_free(platter);
	recorder_free(r);
	world_beside_free(w);
}

/* ---- A store that is being made ---- */

static int
child_creates(struct stage *t)
{
	struct world *w = t->p->w;

	return store_create(w->dir, MIGRATIONS, w->keys, w->err);
}

static int64_t
made_version(struct world *w, const char *name)
{
	if (access(arena_printf(w->a, "%s/%s", w->dir, name), F_OK) != 0)
		return 0;
	int64_t version = raw_number(w, name, "PRAGMA user_version");
	int64_t things = raw_number(w, name, "SELECT count(*) FROM sqlite_schema");

	assert_true(version > 0 ? things > 0 : things == 0);
	return version;
}

static void
fault_migrate__killed_while_it_is_made_a_file_is_empty_or_whole(void **state)
{
	struct stage *t = *state;
	struct world *w = t->p->w;
	const struct image nothing = {.n_files = 0};
	unsigned n = 1;

	for (;; n++) {
		image_write(&nothing, w->dir);
		bool died = dies_at(n, child_creates, t);
		int64_t keys = made_version(w, "keys.db"), wasl = made_version(w, "wasl.db");

		assert_in_range(keys, 0, 1);
		assert_in_range(wasl, 0, SHIPPED);
		if (!died)
			break;
	}
	print_message("killed at each of %u steps\n", n - 1);
	image_write(&t->base, w->dir);
}

#define MIGRATE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MIGRATE_TEST(fault_migrate__killed_at_any_step_it_is_old_or_new),
		MIGRATE_TEST(fault_migrate__a_power_cut_at_any_step_leaves_old_or_new),
		MIGRATE_TEST(fault_migrate__killed_while_it_is_made_a_file_is_empty_or_whole),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
