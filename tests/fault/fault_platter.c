#include "fault/fault_recorder.h"

#include "base/arena.h"

#include <stdlib.h>

enum { SECTOR = 512, INODES = 64 };

struct bytes {
	uint8_t *p;
	size_t n, cap;
};

struct inode {
	struct bytes certain; /* as of its last sync */
	size_t *asked;        /* entries since then: writes and truncates */
	size_t n_asked, cap;
	bool folder_with_it; /* SQLite syncs the folder with this file's first sync */
};

/* Behind a name: what programs see, and what the folder on the disk says for certain. */
struct name {
	struct inode *now, *certain;
};

struct platter {
	const struct recording *rec;
	size_t at; /* entries replayed */
	struct name names[RECORDING_NAMES];
	struct inode inodes[INODES];
	size_t n_inodes;
};

/* ---- Bytes ---- */

/* What lies between an old end and a new one reads as zeros. */
static void
bytes_resize(struct bytes *b, size_t n)
{
	if (n > b->cap) {
		b->cap = n + n / 2;
		b->p = xrealloc(b->p, b->cap);
	}
	if (n > b->n)
		memset(b->p + b->n, 0, n - b->n);
	b->n = n;
}

static void
bytes_put(struct bytes *b, size_t at, const uint8_t *p, size_t n)
{
	if (n == 0)
		return;
	if (at + n > b->n)
		bytes_resize(b, at + n);
	memcpy(b->p + at, p, n);
}

static void
bytes_apply(struct bytes *b, const struct log_entry *e)
{
	if (e->op == VFS_TRUNCATE)
		bytes_resize(b, (size_t)e->at);
	else
		bytes_put(b, (size_t)e->at, e->p, e->n);
}

/* ---- Replaying ---- */

static struct inode *
inode_new(struct platter *p)
{
	CHECK(p->n_inodes < INODES);
	return &p->inodes[p->n_inodes++];
}

static void
inode_ask(struct inode *i, size_t entry)
{
	if (i->n_asked == i->cap) {
		i->cap = i->cap ? 2 * i->cap : 64;
		i->asked = xrealloc(i->asked, i->cap * sizeof(*i->asked));
	}
	i->asked[i->n_asked++] = entry;
}

static void
folder_sync(struct platter *p)
{
	for (size_t n = 0; n < RECORDING_NAMES; n++) {
		if (p->names[n].now != NULL)
			p->names[n].now->folder_with_it = false;
		p->names[n].certain = p->names[n].now;
	}
}

static void
inode_sync(struct platter *p, struct inode *i)
{
	for (size_t k = 0; k < i->n_asked; k++)
		bytes_apply(&i->certain, &p->rec->entries[i->asked[k]]);
	i->n_asked = 0;
	if (i->folder_with_it)
		folder_sync(p);
}

static void
replay(struct platter *p, size_t entry)
{
	const struct log_entry *e = &p->rec->entries[entry];
	struct name *name = &p->names[e->name];

	switch (e->op) {
	case VFS_OPEN:
		if (name->now != NULL)
			break;
		name->now = inode_new(p);
		name->now->folder_with_it =
			(e->flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
		break;
	case VFS_WRITE:
	case VFS_TRUNCATE:
		CHECK(name->now != NULL);
		inode_ask(name->now, entry);
		break;
	case VFS_SYNC:
		CHECK(name->now != NULL);
		inode_sync(p, name->now);
		break;
	case VFS_DELETE:
		name->now = NULL;
		if (e->folder)
			folder_sync(p);
		break;
	case VFS_READ:
	case VFS_OPS:
		break;
	}
}

static size_t
index_of(const struct recording *rec, const char *name)
{
	for (size_t i = 0; i < rec->n_names; i++)
		if (strcmp(rec->names[i], name) == 0)
			return i;
	return RECORDING_NAMES;
}

struct platter *
platter_new(const struct recorder *r)
{
	struct platter *p = xcalloc(1, sizeof(*p));

	p->rec = recorder_recording(r);
	for (size_t i = 0; i < p->rec->base.n_files; i++) {
		const struct image_file *f = &p->rec->base.files[i];
		size_t at = index_of(p->rec, f->name);

		if (at == RECORDING_NAMES) /* nobody touched it */
			at = p->rec->n_names + i;
		CHECK(at < RECORDING_NAMES);
		struct inode *inode = inode_new(p);
		bytes_put(&inode->certain, 0, f->p, f->n);
		p->names[at] = (struct name){inode, inode};
	}
	return p;
}

void
platter_free(struct platter *p)
{
	for (size_t i = 0; i < p->n_inodes; i++) {
		free(p->inodes[i].certain.p);
		free(p->inodes[i].asked);
	}
	free(p);
}

void
platter_to(struct platter *p, size_t entry)
{
	CHECK(entry >= p->at && entry <= p->rec->n);
	while (p->at < entry)
		replay(p, p->at++);
}

/* ---- The cut ---- */

/* How hard this cut is: in hundreds, what arrives and what of that ends in the middle. */
struct weather {
	unsigned arrives, torn;
};

static struct weather
weather_of(struct dice *d)
{
	static const struct weather all[] = {{0, 0},   {10, 10}, {50, 0},
					     {50, 20}, {90, 10}, {100, 0}};

	return all[dice_below(d, ARRAY_LEN(all))];
}

/* One sector's share of a write. */
static void
cut_sector(struct bytes *b, struct dice *d, struct weather w, size_t at, const uint8_t *p, size_t n)
{
	if (!dice_percent(d, w.arrives))
		return;
	if (dice_percent(d, w.torn))
		n = dice_below(d, n);
	if (n > 0)
		bytes_put(b, at, p, n);
}

static void
cut_entry(struct bytes *b, struct dice *d, struct weather w, const struct log_entry *e)
{
	if (e->op == VFS_TRUNCATE) {
		if (dice_percent(d, w.arrives))
			bytes_resize(b, (size_t)e->at);
		return;
	}
	for (size_t done = 0; done < e->n;) {
		size_t at = (size_t)e->at + done;
		size_t n = SECTOR - at % SECTOR;

		if (n > e->n - done)
			n = e->n - done;
		cut_sector(b, d, w, at, e->p + done, n);
		done += n;
	}
}

static void
cut_file(const struct platter *p, const struct inode *i, struct dice *d, struct weather w,
	 struct image_file *out)
{
	struct bytes b = {NULL, 0, 0};

	bytes_put(&b, 0, i->certain.p, i->certain.n);
	for (size_t k = 0; k < i->n_asked; k++)
		cut_entry(&b, d, w, &p->rec->entries[i->asked[k]]);
	out->p = b.p;
	out->n = b.n;
}

static const char *
name_at(const struct recording *rec, size_t at)
{
	return at < rec->n_names ? rec->names[at] : rec->base.files[at - rec->n_names].name;
}

void
platter_cut(const struct platter *p, struct dice *d, struct image *out)
{
	struct weather w = weather_of(d);

	*out = (struct image){.n_files = 0};
	for (size_t at = 0; at < RECORDING_NAMES; at++) {
		const struct name *name = &p->names[at];
		const struct inode *i = dice_percent(d, w.arrives) ? name->now : name->certain;

		if (i == NULL)
			continue;
		struct image_file *f = &out->files[out->n_files++];
		snprintf(f->name, sizeof(f->name), "%s", name_at(p->rec, at));
		cut_file(p, i, d, w, f);
	}
}
