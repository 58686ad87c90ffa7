#include "daemon/daemon_sandbox.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/*
 * Landlock (landlock(7), Documentation/userspace-api/landlock.rst), by its
 * numbers: libc has no functions for it, and the kernel's headers of a
 * distribution may be older than the kernel.
 */

#ifndef SYS_landlock_create_ruleset /* the same on every architecture */
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

enum { ASK_VERSION = 1, BENEATH_PATH = 1 };

/* Bits of handled_access_fs. */
enum {
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_TRUNCATE = 1 << 14,
	FS_OF_FILES = FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE,
};

/* How much a version knows: the last bit of file rights, and what the structure holds. */
static const struct known {
	unsigned fs_bits;
	size_t size;
	bool scopes; /* signals and abstract sockets of others out of reach */
} known[] = {
	{0, 0, false},                     /* none */
	{13, sizeof(uint64_t), false},     /* 1: Linux 5.13 */
	{14, sizeof(uint64_t), false},     /* 2: moving to another folder */
	{15, sizeof(uint64_t), false},     /* 3: truncate */
	{15, 2 * sizeof(uint64_t), false}, /* 4: ports; left to the list of calls */
	{16, 2 * sizeof(uint64_t), false}, /* 5: ioctl on devices */
	{16, 3 * sizeof(uint64_t), true},  /* 6: scopes */
};

/* struct landlock_ruleset_attr and landlock_path_beneath_attr, as they have grown. */
struct rule_set {
	uint64_t files, ports, scopes;
};
struct path_rule {
	uint64_t allowed;
	int32_t folder;
} __attribute__((packed));

struct sandbox_fence {
	int fd;
	uint64_t handled;
	bool broken; /* the kernel took a rule amiss */
};

int
sandbox_fence_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);

	return version > 0 ? (int)version : 0;
}

struct sandbox_fence *
sandbox_fence_new(void)
{
	size_t version = (size_t)sandbox_fence_version();

	if (version == 0)
		return NULL;
	if (version >= ARRAY_LEN(known))
		version = ARRAY_LEN(known) - 1;
	const struct known *k = &known[version];
	const struct rule_set set = {.files = (UINT64_C(1) << k->fs_bits) - 1,
				     .scopes = k->scopes ? 3 : 0};
	struct sandbox_fence *f = xmalloc(sizeof(*f));
	long fd = syscall(SYS_landlock_create_ruleset, &set, k->size, 0);

	*f = (struct sandbox_fence){.fd = (int)fd, .handled = set.files, .broken = fd < 0};
	return f;
}

static uint64_t
rights_of(unsigned use)
{
	return (use & SANDBOX_READ ? FS_READ_FILE : 0) | (use & SANDBOX_LIST ? FS_READ_DIR : 0) |
	       (use & SANDBOX_KEEP ? FS_WRITE_FILE | FS_MAKE_REG | FS_REMOVE_FILE | FS_TRUNCATE
				   : 0) |
	       (use & SANDBOX_SOCKET ? FS_MAKE_SOCK | FS_REMOVE_FILE : 0);
}

void
sandbox_fence_allow(struct sandbox_fence *f, const char *path, unsigned use)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	struct path_rule rule = {.allowed = rights_of(use) & f->handled, .folder = fd};
	if (fstat(fd, &st) != 0)
		f->broken = true;
	else if (!S_ISDIR(st.st_mode))
		rule.allowed &= FS_OF_FILES;
	if (rule.allowed != 0 && syscall(SYS_landlock_add_rule, f->fd, BENEATH_PATH, &rule, 0) != 0)
		f->broken = true;
	close(fd);
}

/* Nothing of the configuration opens all of /home, /root, /tmp or /. */
static bool
too_wide(const char *folder, unsigned use)
{
	return strchr(folder + 1, '/') == NULL && !(use & SANDBOX_SOCKET);
}

static void
allow_folder_of(struct sandbox_fence *f, const char *file, unsigned use)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(file, '/');
	size_t n = slash == file ? 1 : slash ? (size_t)(slash - file) : 0;

	if (n == 0 || n >= sizeof(folder))
		return;
	memcpy(folder, file, n);
	folder[n] = '\0';
	sandbox_fence_allow(f, too_wide(folder, use) ? file : folder, use);
}

/* Where it is said to lie, and where links lead: both may be what gets replaced. */
void
sandbox_fence_allow_beside(struct sandbox_fence *f, const char *file, unsigned use)
{
	char real[PATH_MAX];

	allow_folder_of(f, file, use);
	if (realpath(file, real) != NULL && strcmp(real, file) != 0)
		allow_folder_of(f, real, use);
}

void
sandbox_fence_allow_system(struct sandbox_fence *f)
{
	static const struct {
		const char *path;
		unsigned use;
	} paths[] = {
		/* hosts, nsswitch.conf, resolv.conf, passwd, ssl: the whole of it, because they
		 * are replaced by files of the same name, which a rule on one does not know. */
		{"/etc", SANDBOX_READ},
		{"/etc/ssl", SANDBOX_READ | SANDBOX_LIST},
		{"/usr/share/ca-certificates", SANDBOX_READ},
		{"/usr/local/share/ca-certificates", SANDBOX_READ},
		{"/usr/share/zoneinfo", SANDBOX_READ},
		{"/usr/lib/locale", SANDBOX_READ},
		{"/dev/urandom", SANDBOX_READ},
	};

	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		sandbox_fence_allow(f, paths[i].path, paths[i].use);
	/* With systemd-resolved or NetworkManager it points into /run. */
	sandbox_fence_allow_beside(f, "/etc/resolv.conf", SANDBOX_READ);
}

int
sandbox_fence_close(struct sandbox_fence *f)
{
	bool closed = !f->broken && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		      syscall(SYS_landlock_restrict_self, f->fd, 0) == 0;

	if (f->fd >= 0)
		close(f->fd);
	free(f);
	return closed ? W_OK : W_EIO;
}
