#include "privacy/privacy.h"

#include "privacy/privacy_int.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { HEX_BYTES = 2 * KEY_BYTES, FILE_BYTES = HEX_BYTES + 1 };

static const char *const file_names[KEY_KINDS] = {
	[KEY_MASTER] = "master.key",
	[KEY_INDEX] = "index.key",
	[KEY_AUDIT] = "audit.key",
};

/* The file's name with its folder, for faults. */
struct place {
	char path[PATH_MAX];
};

static struct place
place_of(const char *dir, enum key_kind kind)
{
	struct place place;
	struct buf b;

	buf_init(&b, place.path, sizeof(place.path));
	buf_printf(&b, "%s/%s", dir, file_names[kind]);
	return place;
}

static int
code_of_errno(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		return W_ENOENT;
	case EEXIST:
		return W_EEXIST;
	case EACCES:
	case EPERM:
		return W_EDENIED;
	case ENOSPC:
	case EDQUOT:
		return W_EFULL;
	default:
		return W_EIO;
	}
}

static int
fault(struct err *err, const char *file, const char *what)
{
	int rc = code_of_errno();

	err_add(err, file, 0, 0, "%s: %s", what, strerror(errno));
	return rc;
}

static int
open_folder(const char *dir, struct err *err, int *out)
{
	*out = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *out < 0 ? fault(err, dir, "cannot open the folder of the keys") : 0;
}

/* ---- Writing ---- */

static int
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

/* One new random key; the mode is set again because the umask may have cut it. */
static int
write_key(int fd)
{
	uint8_t key[KEY_BYTES];
	char hex[FILE_BYTES + 1];

	randombytes_buf(key, sizeof(key));
	sodium_bin2hex(hex, sizeof(hex), key, sizeof(key));
	hex[HEX_BYTES] = '\n';
	int rc = write_all(fd, hex, FILE_BYTES);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(hex, sizeof(hex));
	if (rc == 0)
		rc = fchmod(fd, 0400);
	return rc == 0 ? fsync(fd) : rc;
}

static int
create_key(int folder, const char *dir, enum key_kind kind, struct err *err)
{
	struct place place = place_of(dir, kind);
	int fd = openat(folder, file_names[kind],
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400);

	if (fd < 0 && errno == EEXIST) {
		err_add(err, place.path, 0, 0,
			"is there already; a key is never written over, what it sealed would be lost");
		return W_EEXIST;
	}
	if (fd < 0)
		return fault(err, place.path, "cannot create the key file");
	int rc = write_key(fd) == 0 ? 0 : fault(err, place.path, "cannot write the key file");
	if (close(fd) != 0 && rc == 0)
		rc = fault(err, place.path, "cannot write the key file");
	if (rc != 0)
		unlinkat(folder, file_names[kind], 0);
	return rc;
}

int
keys_create(const char *dir, struct err *err)
{
	int folder, made = 0, rc = open_folder(dir, err, &folder);

	if (rc != 0)
		return rc;
	for (; made < KEY_KINDS && rc == 0; made += rc == 0)
		rc = create_key(folder, dir, (enum key_kind)made, err);
	if (rc == 0 && fsync(folder) != 0)
		rc = fault(err, dir, "cannot sync the folder of the keys");
	while (rc != 0 && made > 0) /* only what this call made */
		unlinkat(folder, file_names[--made], 0);
	close(folder);
	return rc;
}

/* ---- Reading ---- */

/*
 * An access list in the form that Linux keeps in system.posix_acl_access: a
 * version, then entries of tag, permissions and id, little-endian. The group
 * bits of the mode are only its mask.
 */
enum { ACL_VERSION = 2, ACL_HEAD_BYTES = 4, ACL_ENTRY_BYTES = 8, ACL_MAX_BYTES = 512 };
enum { ACL_TAG_OWNER = 0x01, ACL_TAG_USER = 0x02, ACL_TAG_MASK = 0x10 };

static uint32_t
le(const uint8_t *p, size_t n)
{
	uint32_t value = 0;

	while (n-- > 0)
		value = value << 8 | p[n];
	return value;
}

/* True when nobody but the owner and we ourselves get anything from one entry. */
static bool
acl_entry_private(const uint8_t *entry)
{
	uint32_t tag = le(entry, 2), permissions = le(entry + 2, 2), id = le(entry + 4, 4);

	if (permissions == 0 || tag == ACL_TAG_OWNER || tag == ACL_TAG_MASK)
		return true;
	return tag == ACL_TAG_USER && id == geteuid();
}

static bool
acl_private(int fd)
{
	uint8_t acl[ACL_MAX_BYTES];
	ssize_t n = fgetxattr(fd, "system.posix_acl_access", acl, sizeof(acl));

	if (n <= ACL_HEAD_BYTES || (n - ACL_HEAD_BYTES) % ACL_ENTRY_BYTES != 0 ||
	    le(acl, ACL_HEAD_BYTES) != ACL_VERSION)
		return false;
	for (const uint8_t *p = acl + ACL_HEAD_BYTES; p < acl + n; p += ACL_ENTRY_BYTES)
		if (!acl_entry_private(p))
			return false;
	return true;
}

static int
check_access(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fault(err, path, "cannot look at the key file");
	if (!S_ISREG(st.st_mode)) {
		err_add(err, path, 0, 0, "is not a regular file");
		return W_EINVAL;
	}
	if (st.st_uid != geteuid() && st.st_uid != 0) {
		err_add(err, path, 0, 0, "belongs to another user; it must be ours or root's");
		return W_EDENIED;
	}
	if ((st.st_mode & S_IRWXO) != 0 || ((st.st_mode & S_IRWXG) != 0 && !acl_private(fd))) {
		err_add(err, path, 0, 0,
			"others than its owner may get at this key (mode %04o); say chmod 0400",
			(unsigned)(st.st_mode & 07777));
		return W_EDENIED;
	}
	return 0;
}

/* 64 hex digits; a line end after them is usual and not needed. */
static int
parse_key(const char *text, size_t n, uint8_t *key)
{
	const char *end;
	size_t got;

	if (n == FILE_BYTES && text[HEX_BYTES] == '\n')
		n--;
	if (n != HEX_BYTES)
		return W_ETOOBIG;
	if (sodium_hex2bin(key, KEY_BYTES, text, n, NULL, &got, &end) != 0 || got != KEY_BYTES ||
	    end != text + n)
		return W_EINVAL;
	return 0;
}

static int
read_key(int fd, const char *path, uint8_t *key, struct err *err)
{
	char text[FILE_BYTES + 1];
	size_t n = 0;
	ssize_t got = 1;

	while (n < sizeof(text) && got != 0) {
		got = read(fd, text + n, sizeof(text) - n);
		if (got < 0 && errno != EINTR)
			break;
		n += got > 0 ? (size_t)got : 0;
	}
	int rc = got < 0 ? fault(err, path, "cannot read the key file") : 0;
	if (rc == 0) {
		rc = parse_key(text, n, key);
		if (rc == W_ETOOBIG)
			err_add(err, path, 0, 0, "has not the length of a key: 64 hex digits");
		else if (rc != 0)
			err_add(err, path, 0, 0, "holds something else than 64 hex digits");
	}
	sodium_memzero(text, sizeof(text));
	return rc == W_ETOOBIG ? W_EINVAL : rc;
}

static int
load_key(int folder, const char *dir, enum key_kind kind, uint8_t *key, struct err *err)
{
	struct place place = place_of(dir, kind);
	/* O_NONBLOCK: a pipe of that name must not hold us up. A link is judged by what it leads
	 * to. */
	int fd = openat(folder, file_names[kind], O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return fault(err, place.path, "cannot open the key file");
	int rc = check_access(fd, place.path, err);
	if (rc == 0)
		rc = read_key(fd, place.path, key, err);
	close(fd);
	return rc;
}

/* One key in two files is a copying mistake that would tie the index to the seals. */
static int
check_distinct(const struct keys *k, const char *dir, struct err *err)
{
	for (int a = 0; a < KEY_KINDS; a++)
		for (int b = a + 1; b < KEY_KINDS; b++) {
			if (sodium_memcmp(k->bytes[a], k->bytes[b], KEY_BYTES) != 0)
				continue;
			struct place place = place_of(dir, (enum key_kind)b);
			err_add(err, place.path, 0, 0, "holds the same key as %s", file_names[a]);
			return W_EINVAL;
		}
	return 0;
}

int
keys_load(const char *dir, struct keys **out, struct err *err)
{
	int folder, rc = open_folder(dir, err, &folder);

	if (rc != 0)
		return rc;
	struct keys *k = keys_new();
	for (int kind = 0; kind < KEY_KINDS; kind++) {
		int one = load_key(folder, dir, (enum key_kind)kind, k->bytes[kind], err);

		if (rc == 0)
			rc = one;
	}
	close(folder);
	if (rc == 0)
		rc = check_distinct(k, dir, err);
	if (rc == 0) {
		keys_lock(k);
		*out = k;
		k = NULL; /* the caller's now */
	}
	keys_free(k);
	return rc;
}
