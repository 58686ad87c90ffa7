#include "fault/fault_vfs.h"

#include "base/check.h"

#include <string.h>

struct vfs_file {
	sqlite3_file base; /* first */
	const char *name;  /* SQLite keeps a name as long as the file is open */
	int flags;
	sqlite3_file *real; /* behind this struct, in the same memory */
};

static sqlite3_vfs shim, *system_vfs;
static const struct vfs_hook *hook;

static struct vfs_verdict
ask(const struct vfs_call *call)
{
	if (hook == NULL || hook->before == NULL)
		return (struct vfs_verdict){SQLITE_OK, 0};
	return hook->before(hook->ctx, call);
}

static int
tell(const struct vfs_call *call, int rc)
{
	if (rc == SQLITE_OK && hook != NULL && hook->after != NULL)
		hook->after(hook->ctx, call);
	return rc;
}

static struct vfs_call
call_of(const struct vfs_file *f, enum vfs_op op)
{
	return (struct vfs_call){.op = op, .name = f->name, .flags = f->flags};
}

static sqlite3_file *
real_of(sqlite3_file *f)
{
	return ((struct vfs_file *)f)->real;
}

/* ---- A file ---- */

static int
file_close(sqlite3_file *f)
{
	sqlite3_file *real = real_of(f);

	return real->pMethods != NULL ? real->pMethods->xClose(real) : SQLITE_OK;
}

static int
file_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	struct vfs_call call = call_of((struct vfs_file *)f, VFS_READ);
	sqlite3_file *real = real_of(f);

	call.at = at;
	call.n = (size_t)n;
	struct vfs_verdict v = ask(&call);
	int rc = real->pMethods->xRead(real, p, n, at);
	if (v.rc == SQLITE_OK)
		return rc == SQLITE_OK ? tell(&call, rc) : rc;
	memset((char *)p + v.done, 0, (size_t)n - v.done);
	return v.rc;
}

static int
file_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	struct vfs_call call = call_of((struct vfs_file *)f, VFS_WRITE);
	sqlite3_file *real = real_of(f);

	call.p = p;
	call.at = at;
	call.n = (size_t)n;
	struct vfs_verdict v = ask(&call);
	if (v.rc == SQLITE_OK)
		return tell(&call, real->pMethods->xWrite(real, p, n, at));
	if (v.done > 0)
		(void)real->pMethods->xWrite(real, p, (int)v.done, at);
	return v.rc;
}

static int
file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	struct vfs_call call = call_of((struct vfs_file *)f, VFS_TRUNCATE);
	sqlite3_file *real = real_of(f);

	call.at = size;
	struct vfs_verdict v = ask(&call);
	return v.rc == SQLITE_OK ? tell(&call, real->pMethods->xTruncate(real, size)) : v.rc;
}

static int
file_sync(sqlite3_file *f, int flags)
{
	struct vfs_call call = call_of((struct vfs_file *)f, VFS_SYNC);
	sqlite3_file *real = real_of(f);
	struct vfs_verdict v = ask(&call);

	return v.rc == SQLITE_OK ? tell(&call, real->pMethods->xSync(real, flags)) : v.rc;
}

static int
file_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), size);
}

static int
file_lock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int
file_unlock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int
file_check_lock(sqlite3_file *f, int *out)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int
file_control(sqlite3_file *f, int op, void *arg)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int
file_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int
file_device(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int
shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}

static int
shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void
shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int
shm_unmap(sqlite3_file *f, int delete)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), delete);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2, /* without memory mapping, which the store has switched off */
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_device,
	.xShmMap = shm_map,
	.xShmLock = shm_lock,
	.xShmBarrier = shm_barrier,
	.xShmUnmap = shm_unmap,
};

/* ---- The folder ---- */

static const char *
name_of(const char *path)
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;

	if (path == NULL)
		return "";
	return slash != NULL ? slash + 1 : path;
}

static int
vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags)
{
	struct vfs_file *f = (struct vfs_file *)file;
	struct vfs_call call = {.op = VFS_OPEN, .name = name_of(path), .flags = flags};

	(void)vfs;
	*f = (struct vfs_file){.name = call.name, .flags = flags, .real = (sqlite3_file *)(f + 1)};
	f->real->pMethods = NULL;
	struct vfs_verdict v = ask(&call);
	if (v.rc != SQLITE_OK)
		return v.rc;
	int rc = system_vfs->xOpen(system_vfs, path, f->real, flags, out_flags);
	if (f->real->pMethods != NULL)
		f->base.pMethods = &methods;
	return tell(&call, rc);
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
	struct vfs_call call = {
		.op = VFS_DELETE, .name = name_of(path), .folder = sync_folder != 0};
	struct vfs_verdict v = ask(&call);

	(void)vfs;
	if (v.rc != SQLITE_OK)
		return v.rc;
	return tell(&call, system_vfs->xDelete(system_vfs, path, sync_folder));
}

static int
vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
	(void)vfs;
	return system_vfs->xAccess(system_vfs, path, flags, out);
}

static int
vfs_full_path(sqlite3_vfs *vfs, const char *path, int n, char *out)
{
	(void)vfs;
	return system_vfs->xFullPathname(system_vfs, path, n, out);
}

static int
vfs_randomness(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	return system_vfs->xRandomness(system_vfs, n, out);
}

static int
vfs_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return system_vfs->xSleep(system_vfs, us);
}

static int
vfs_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	return system_vfs->xCurrentTime(system_vfs, out);
}

static int
vfs_last_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	return system_vfs->xGetLastError(system_vfs, n, out);
}

static int
vfs_time_ms(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
	(void)vfs;
	return system_vfs->xCurrentTimeInt64(system_vfs, out);
}

static void
shim_init(void)
{
	system_vfs = sqlite3_vfs_find(NULL);
	CHECK(system_vfs != NULL && system_vfs->iVersion >= 2);
	shim = (sqlite3_vfs){
		.iVersion = 2,
		.szOsFile = (int)sizeof(struct vfs_file) + system_vfs->szOsFile,
		.mxPathname = system_vfs->mxPathname,
		.zName = "fault",
		.xOpen = vfs_open,
		.xDelete = vfs_delete,
		.xAccess = vfs_access,
		.xFullPathname = vfs_full_path,
		.xRandomness = vfs_randomness,
		.xSleep = vfs_sleep,
		.xCurrentTime = vfs_time,
		.xGetLastError = vfs_last_error,
		.xCurrentTimeInt64 = vfs_time_ms,
	};
}

void
vfs_install(const struct vfs_hook *h)
{
	if (system_vfs == NULL)
		shim_init();
	hook = h;
	CHECK(sqlite3_vfs_register(&shim, 1) == SQLITE_OK);
}

void
vfs_remove(void)
{
	if (system_vfs == NULL)
		return;
	CHECK(sqlite3_vfs_register(system_vfs, 1) == SQLITE_OK);
	hook = NULL;
}

const char *
vfs_op_word(enum vfs_op op)
{
	static const char *const words[VFS_OPS] = {
		[VFS_OPEN] = "open", [VFS_READ] = "read",         [VFS_WRITE] = "write",
		[VFS_SYNC] = "sync", [VFS_TRUNCATE] = "truncate", [VFS_DELETE] = "delete",
	};

	return words[op];
}
