/*
 * Names folded for searching, in memory only: built once by the reader thread
 * from the sealed columns, added to by person add, dropped and wiped by erase.
 */
#include "admin/admin_int.h"

#include "base/log.h"

#include <stdlib.h>

#define uthash_fatal(msg) abort()
#include <uthash.h>

struct name {
	int64_t person, centre;
	char *keys; /* folded: Arabic script, line end, Latin script */
	UT_hash_handle hh;
};

struct names {
	struct admin *a;
	struct name *table;
	bool ready;
};

/* One page on its way from the reader thread. */
struct name_page {
	struct names *names;
	struct filter filter;
	struct arena *scan;
	struct name *rows[ADMIN_PAGE_ROWS];
	size_t n;
	int rc;
};

static void
name_free(struct name *n)
{
	wipe(n->keys, strlen(n->keys));
	free(n->keys);
	free(n);
}

static void
fold_into(struct str name, struct arena *a, struct buf *to)
{
	struct buf key;

	buf_init_arena(&key, a);
	if (text_fold(name, &key) == W_OK)
		buf_add_str(to, buf_str(&key));
}

static struct name *
name_new(int64_t person, int64_t centre, struct str ar, struct str la)
{
	struct arena *a = arena_new(0);
	struct name *made = xcalloc(1, sizeof(*made));
	struct buf keys;

	buf_init_arena(&keys, a);
	fold_into(ar, a, &keys);
	buf_addc(&keys, '\n');
	fold_into(la, a, &keys);
	*made = (struct name){
		.person = person, .centre = centre, .keys = xstrdup(buf_str(&keys).p)};
	wipe(keys.p, keys.n);
	arena_free(a);
	return made;
}

static void
name_set(struct names *n, struct name *row)
{
	names_drop(n, row->person);
	HASH_ADD(hh, n->table, person, sizeof(row->person), row);
}

void
names_drop(struct names *n, int64_t person)
{
	struct name *found = NULL;

	HASH_FIND(hh, n->table, &person, sizeof(person), found);
	if (found == NULL)
		return;
	HASH_DEL(n->table, found);
	name_free(found);
}

void
names_put(struct names *n, int64_t person, int64_t centre, struct str ar, struct str la)
{
	name_set(n, name_new(person, centre, ar, la));
}

/* ---- Building, a page at a time ---- */

static int
on_person(void *ctx, const struct row_person *p)
{
	struct name_page *page = ctx;
	struct store *s = page->names->a->o.store;

	page->filter.after = p->id;
	page->rows[page->n++] = name_new(p->id, p->centre, open_name(s, p, true, page->scan),
					 open_name(s, p, false, page->scan));
	arena_reset(page->scan);
	return 0;
}

static void
on_names_read(struct store_reader *r, void *arg)
{
	struct name_page *page = arg;

	page->rc = list_persons(r, &page->filter, page->scan, on_person, page);
}

static void on_names_done(void *arg);

static void
read_names(struct name_page *page)
{
	page->n = 0;
	store_read(page->names->a->o.store, on_names_read, on_names_done, page);
}

/* Somebody erased since the page was read stays out: their key is gone. */
static void
page_take(struct name_page *page)
{
	for (size_t i = 0; i < page->n; i++) {
		struct data_key key;

		if (!page->names->a->closing &&
		    store_key(page->names->a->o.store, page->rows[i]->person, &key) == W_OK) {
			data_key_wipe(&key);
			name_set(page->names, page->rows[i]);
		} else {
			name_free(page->rows[i]);
		}
	}
}

static void
on_names_done(void *arg)
{
	struct name_page *page = arg;
	struct names *n = page->names;
	struct admin *a = n->a;

	page_take(page);
	if (!a->closing && page->rc == W_OK && page->n == ADMIN_PAGE_ROWS) {
		read_names(page);
		return;
	}
	if (page->rc != W_OK)
		log_error("admin names cannot be read: %s", w_err_word(page->rc));
	n->ready = page->rc == W_OK;
	arena_free(page->scan);
	free(page);
	a->asks--;
	admin_settle(a);
}

struct names *
names_new(struct admin *a)
{
	struct names *n = xcalloc(1, sizeof(*n));
	struct name_page *page = xcalloc(1, sizeof(*page));

	n->a = a;
	*page = (struct name_page){
		.names = n, .filter.limit = ADMIN_PAGE_ROWS, .scan = arena_new(0)};
	a->asks++;
	read_names(page);
	return n;
}

void
names_free(struct names *n)
{
	struct name *row, *next;

	if (n == NULL)
		return;
	HASH_ITER (hh, n->table, row, next) {
		HASH_DEL(n->table, row);
		name_free(row);
	}
	free(n);
}

/* ---- Asking ---- */

bool
names_ready(const struct names *n)
{
	return n->ready;
}

bool
names_match(const struct names *n, int64_t person, const char *key)
{
	struct name *found = NULL;

	HASH_FIND(hh, n->table, &person, sizeof(person), found);
	return found != NULL && strstr(found->keys, key) != NULL;
}

void
names_search(const struct names *n, int64_t centre, const char *key,
	     bool (*each)(void *ctx, int64_t person), void *ctx)
{
	struct name *row = NULL, *next = NULL;

	HASH_ITER (hh, n->table, row, next) {
		if ((centre == 0 || row->centre == centre) && strstr(row->keys, key) != NULL &&
		    !each(ctx, row->person))
			return;
	}
}
