#include "fault/fault_recorder.h"

#include "base/arena.h"
#include "fault/fault_vfs.h"

#include <pthread.h>
#include <stdlib.h>

struct recorder {
	struct recording recording;
	size_t cap;
	struct vfs_hook hook;
	pthread_mutex_t lock; /* over recording and cap */
};

/* Index in names; a name not seen before is added. */
static size_t
name_index(struct recording *r, const char *name)
{
	for (size_t i = 0; i < r->n_names; i++)
		if (strcmp(r->names[i], name) == 0)
			return i;
	CHECK(r->n_names < RECORDING_NAMES);
	snprintf(r->names[r->n_names], sizeof(r->names[0]), "%s", name);
	return r->n_names++;
}

static void
add(struct recorder *r, const struct vfs_call *call)
{
	struct recording *rec = &r->recording;

	if (rec->n == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 1024;
		rec->entries = xrealloc(rec->entries, r->cap * sizeof(*rec->entries));
	}
	struct log_entry *e = &rec->entries[rec->n++];
	*e = (struct log_entry){.op = call->op,
				.name = name_index(rec, call->name),
				.flags = call->flags,
				.at = call->at,
				.n = call->n,
				.folder = call->folder};
	if (call->op == VFS_WRITE) {
		e->p = xmalloc(call->n);
		memcpy(e->p, call->p, call->n);
	}
}

static void
on_call(void *ctx, const struct vfs_call *call)
{
	struct recorder *r = ctx;

	if (call->op == VFS_READ || call->name[0] == '\0')
		return;
	if (call->op == VFS_OPEN && (call->flags & SQLITE_OPEN_CREATE) == 0)
		return;
	pthread_mutex_lock(&r->lock);
	add(r, call);
	pthread_mutex_unlock(&r->lock);
}

struct recorder *
recorder_begin(const char *dir)
{
	struct recorder *r = xcalloc(1, sizeof(*r));

	image_read(&r->recording.base, dir);
	pthread_mutex_init(&r->lock, NULL);
	r->hook = (struct vfs_hook){.after = on_call, .ctx = r};
	vfs_install(&r->hook);
	return r;
}

void
recorder_end(struct recorder *r)
{
	(void)r;
	vfs_remove();
}

void
recorder_free(struct recorder *r)
{
	struct recording *rec = &r->recording;

	for (size_t i = 0; i < rec->n; i++)
		free(rec->entries[i].p);
	free(rec->entries);
	image_done(&rec->base);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

size_t
recorder_length(struct recorder *r)
{
	pthread_mutex_lock(&r->lock);
	size_t n = r->recording.n;
	pthread_mutex_unlock(&r->lock);
	return n;
}

const struct recording *
recorder_recording(const struct recorder *r)
{
	return &r->recording;
}
