/*
 * The ballast: bytes held so that they can be given back when the disk is full,
 * enough for the checkpoint that makes room again. Taking them anew is the sign
 * that the disk has room.
 */
#include "store/store_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

int
disk_init(struct disk *d, const char *dir, size_t ballast, struct err *err)
{
	*d = (struct disk){.ballast_fd = -1, .ballast = (off_t)ballast};
	d->folder_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->folder_fd >= 0)
		d->ballast_fd = openat(d->folder_fd, "ballast", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (d->ballast_fd < 0) {
		err_add(err, dir, 0, 0, "the ballast file cannot be opened: %s", strerror(errno));
		return W_EIO;
	}
	return 0;
}

void
disk_done(struct disk *d)
{
	if (d->ballast_fd >= 0)
		close(d->ballast_fd);
	if (d->folder_fd >= 0)
		close(d->folder_fd);
	d->ballast_fd = d->folder_fd = -1;
}

void
disk_release(struct disk *d)
{
	if (d->ballast_fd >= 0 && ftruncate(d->ballast_fd, 0) == 0)
		(void)fsync(d->ballast_fd);
	d->ballast_in = false;
}

/* A quarter more than the ballast, or the next row would be refused again at once. */
static bool
has_room(const struct disk *d, off_t wanted)
{
	struct statvfs v;

	if (fstatvfs(d->folder_fd, &v) != 0)
		return false;
	return (uint64_t)v.f_bavail * v.f_frsize > (uint64_t)wanted + (uint64_t)d->ballast / 4;
}

bool
disk_refill(struct disk *d)
{
	struct stat st;

	if (d->ballast_in || d->ballast == 0)
		return true;
	if (fstat(d->ballast_fd, &st) != 0)
		return false;
	off_t there = (off_t)st.st_blocks * 512;
	if (there < d->ballast && !has_room(d, d->ballast - there))
		return false;
	if (posix_fallocate(d->ballast_fd, 0, d->ballast) != 0) {
		(void)!ftruncate(d->ballast_fd, 0);
		return false;
	}
	d->ballast_in = true;
	return true;
}
