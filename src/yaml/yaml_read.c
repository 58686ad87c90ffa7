#include "yaml/yaml_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void
yaml_fault_at(struct yaml_faults *f, uint32_t line, uint32_t col, const char *fmt, ...)
{
	char text[256];
	va_list args;

	f->n++;
	if (f->n > YAML_MAX_FAULTS)
		return;
	if (f->n == YAML_MAX_FAULTS) {
		err_add(f->err, f->file, line, col, "too many faults: the rest is not shown");
		return;
	}
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	err_add(f->err, f->file, line, col, "%s", text);
}

struct yaml_shown
yaml_shown(struct str key)
{
	struct yaml_shown shown;
	size_t used = 0;

	while (key.n > 0) {
		struct str from = key;
		uint32_t cp;
		bool good = yaml_char_next(&key, &cp) && yaml_char_ok(cp) && cp >= 0x20;
		size_t length = from.n - key.n;

		if (used + length >= sizeof(shown.text))
			break;
		if (good)
			memcpy(shown.text + used, from.p, length);
		else
			shown.text[used] = '?', length = 1;
		used += length;
	}
	shown.text[used] = '\0';
	return shown;
}

static struct yaml_doc *
doc_new(const char *name, struct arena *a)
{
	struct yaml_doc *doc = ARENA_NEW(a, struct yaml_doc);

	doc->file = arena_strdup(a, name);
	return doc;
}

static size_t
bound_of(size_t max_bytes)
{
	return max_bytes ? max_bytes : YAML_MAX_BYTES;
}

static bool
is_nothing(const struct yaml_node *root)
{
	return root->kind == YAML_SCALAR && !root->quoted && root->text.n == 0;
}

static int
read_into(struct yaml_doc *doc, struct str text, size_t bound, struct arena *a, struct err *err)
{
	struct yaml_faults faults = {.err = err, .file = doc->file};
	size_t n;

	if (text.n > bound) {
		yaml_fault_at(&faults, 0, 0, "over %zu bytes, which is the most for this file",
			      bound);
		return W_EINVAL;
	}
	char *clean = yaml_scan(text, &faults, &n);
	doc->root = yaml_tree(clean, n, a, &faults);
	free(clean);
	if (doc->root != NULL && is_nothing(doc->root) && faults.n == 0)
		doc->root = NULL;
	if (doc->root == NULL && faults.n == 0)
		yaml_fault_at(&faults, 1, 1, "the file is empty");
	return faults.n == 0 ? 0 : W_EINVAL;
}

int
yaml_read_text(const char *name, struct str text, size_t max_bytes, struct arena *a,
	       struct yaml_doc **out, struct err *err)
{
	*out = doc_new(name, a);
	return read_into(*out, text, bound_of(max_bytes), a, err);
}

/* All of an open file, or one byte more than the bound when it is longer. */
static int
slurp(int fd, size_t bound, struct str *text, char **memory)
{
	size_t cap = 16384, n = 0;
	char *p = xmalloc(cap);

	for (;;) {
		if (n == cap) {
			cap = cap * 2 > bound + 1 ? bound + 1 : cap * 2;
			p = xrealloc(p, cap);
		}
		ssize_t got = read(fd, p + n, cap - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(p);
			return W_EIO;
		}
		n += (size_t)got;
		if (got == 0 || n > bound)
			break;
	}
	*text = (struct str){p, n};
	*memory = p;
	return 0;
}

static int
fault_file(const struct yaml_doc *doc, struct err *err)
{
	int why = errno;

	if (why == ENOENT || why == ENOTDIR) {
		err_add(err, doc->file, 0, 0, "there is no such file");
		return W_ENOENT;
	}
	err_add(err, doc->file, 0, 0, "cannot be read: %s", strerror(why));
	return W_EINVAL;
}

static int
read_open(int fd, struct yaml_doc *doc, size_t bound, struct arena *a, struct err *err)
{
	struct stat st;
	struct str text;
	char *memory;

	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		err_add(err, doc->file, 0, 0, "not a regular file");
		return W_EINVAL;
	}
	if (slurp(fd, bound, &text, &memory) != 0)
		return fault_file(doc, err);
	int rc = read_into(doc, text, bound, a, err);
	free(memory);
	return rc;
}

int
yaml_read_file(const char *path, size_t max_bytes, struct arena *a, struct yaml_doc **out,
	       struct err *err)
{
	*out = doc_new(path, a);
	/* Not to be held up by a pipe in place of a file. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return fault_file(*out, err);
	int rc = read_open(fd, *out, bound_of(max_bytes), a, err);
	close(fd);
	return rc;
}
