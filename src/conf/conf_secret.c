#include "conf/conf_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whole pages of their own: locked where the limit allows it, and in no core dump. */
struct vault {
	struct conf_secret secret; /* first: conf_secret_free gets its address */
	char bytes[CONF_SECRET_MAX + 1];
};

static struct vault *
vault_new(void)
{
	struct vault *v =
		mmap(NULL, sizeof(*v), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (v == MAP_FAILED)
		abort(); /* out of memory, as xmalloc does */
	/* Extra care, both: a small RLIMIT_MEMLOCK must not stop the gateway. */
	(void)mlock(v, sizeof(*v));
	(void)madvise(v, sizeof(*v), MADV_DONTDUMP);
	return v;
}

void
conf_secret_free(struct conf_secret *s)
{
	if (s == NULL)
		return;
	explicit_bzero(s, sizeof(struct vault));
	munmap(s, sizeof(struct vault));
}

/* systemd's folder is private as a whole, while an access list shows as the group's bits. */
static bool
from_systemd(const char *path)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	size_t n = folder ? strlen(folder) : 0;

	return n > 0 && strncmp(path, folder, n) == 0 && path[n] == '/' &&
	       !strchr(path + n + 1, '/');
}

static const char *
trouble_with(const struct stat *st, const char *path, bool lab)
{
	if (!S_ISREG(st->st_mode))
		return "a secret is read from a regular file only";
	if ((st->st_mode & 077) != 0 && !lab && !from_systemd(path))
		return "others than its owner may open this secret: chmod 0400 mends it";
	if (st->st_size > CONF_SECRET_MAX)
		return "too large for a secret: one or two lines, 4096 bytes at most";
	return NULL;
}

static const char *
fill(struct vault *v, int fd, size_t *n)
{
	*n = 0;
	while (*n < sizeof(v->bytes)) {
		ssize_t got = read(fd, v->bytes + *n, sizeof(v->bytes) - *n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return "the secret cannot be read";
		if (got == 0)
			return NULL;
		*n += (size_t)got;
	}
	return "too large for a secret: one or two lines, 4096 bytes at most";
}

static bool
printable(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.p[i] < 0x20 || line.p[i] == 0x7f)
			return false;
	return true;
}

/* One line, or two while one secret takes over from the other. */
static const char *
split(struct vault *v, size_t n)
{
	struct str rest = {v->bytes, n};

	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n == 0)
			continue;
		if (!printable(line))
			return "the secret has control characters";
		if (v->secret.n == ARRAY_LEN(v->secret.live_do_not_log))
			return "more than two lines: at most two secrets live at a time";
		v->secret.live_do_not_log[v->secret.n++] = line;
	}
	return v->secret.n == 0 ? "the secret is empty" : NULL;
}

static const char *
read_open(struct vault *v, int fd, const char *path, bool lab)
{
	struct stat st;
	size_t n;
	const char *trouble;

	if (fstat(fd, &st) != 0)
		return "the secret cannot be read";
	trouble = trouble_with(&st, path, lab);
	if (trouble == NULL)
		trouble = fill(v, fd, &n);
	return trouble ? trouble : split(v, n);
}

int
conf_secret_read(const char *path, bool lab, struct conf_secret **out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	*out = NULL;
	if (fd < 0) {
		int why = errno;

		err_add(err, path, 0, 0, "the secret cannot be opened: %s", strerror(why));
		return why == ENOENT ? W_ENOENT : W_EINVAL;
	}
	struct vault *v = vault_new();
	const char *trouble = read_open(v, fd, path, lab);
	close(fd);
	if (trouble != NULL) {
		err_add(err, path, 0, 0, "%s", trouble);
		conf_secret_free(&v->secret);
		return W_EINVAL;
	}
	*out = &v->secret;
	return 0;
}
