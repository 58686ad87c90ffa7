/*
 * SQLite's own VFS with a hook in front of every call that touches a file: the
 * hook may look, answer in the disk's place, or end the process. Installed, it
 * is the default one, so the store under test needs to know nothing of it;
 * removed, the system's is the default again.
 *
 * The hook runs on whichever thread called. Shared memory and locks pass by: no
 * disk has them. Never installed or removed while a database is open.
 */
#ifndef WASL_TEST_FAULT_VFS_H
#define WASL_TEST_FAULT_VFS_H

#include "base/str.h"

#include <sqlite3.h>

enum vfs_op {
	VFS_OPEN,
	VFS_READ,
	VFS_WRITE,
	VFS_SYNC,
	VFS_TRUNCATE, /* at: the new size */
	VFS_DELETE,
	VFS_OPS
};

struct vfs_call {
	enum vfs_op op;
	const char *name; /* without the folder; "" for a temporary file */
	int flags;        /* SQLITE_OPEN_*, as the file was opened */
	const void *p;    /* VFS_WRITE */
	int64_t at;
	size_t n;
	bool folder; /* VFS_DELETE: the folder is synced too */
};

struct vfs_verdict {
	int rc;      /* SQLITE_OK: go on */
	size_t done; /* of n, before a read or write fails */
};

struct vfs_hook {
	/* NULL: everything goes on. */
	struct vfs_verdict (*before)(void *ctx, const struct vfs_call *call);
	/* Only of what went well; may be NULL. */
	void (*after)(void *ctx, const struct vfs_call *call);
	void *ctx;
};

/* Becomes the default VFS. hook stays the caller's until vfs_remove. */
void vfs_install(const struct vfs_hook *hook);
void vfs_remove(void);

const char *vfs_op_word(enum vfs_op op);

#endif
