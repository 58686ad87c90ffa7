#include "menu/menu_int.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Faults ---- */

static void PRINTF_LIKE(4, 0) tell(struct menu_loader *ld, const struct yaml_node *at, bool error,
				   const char *fmt, va_list args)
{
	char text[400];

	vsnprintf(text, sizeof(text), fmt, args);
	(error ? err_add : err_warn)(ld->err, ld->doc->file, at ? at->line : 0, at ? at->col : 0,
				     "%s", text);
}

void
menu_fault(struct menu_loader *ld, const struct yaml_node *at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tell(ld, at, true, fmt, args);
	va_end(args);
}

void
menu_warn(struct menu_loader *ld, const struct yaml_node *at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tell(ld, at, false, fmt, args);
	va_end(args);
}

const char *
menu_hint(struct menu_loader *ld, const char *near)
{
	return near ? arena_printf(ld->scratch, " (did you mean \"%s\"?)", near) : "";
}

bool
menu_need_scalar(struct menu_loader *ld, const struct yaml_node *at, const char *what)
{
	if (at->kind == YAML_SCALAR && (at->quoted || at->text.n > 0))
		return true;
	menu_fault(ld, at, "%s is needed here", what);
	return false;
}

/* ---- Sources ---- */

/* The file of a folder entry, read whole; bounded, never through a pipe or device. */
static int
file_read(const char *path, struct arena *a, struct str *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int rc = W_EIO;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? W_ENOENT : W_EIO;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= YAML_MAX_BYTES) {
		char *bytes = arena_alloc(a, (size_t)st.st_size + 1);
		ssize_t got, n = 0;

		while ((got = read(fd, bytes + n, (size_t)(st.st_size - n))) > 0)
			n += got;
		*out = (struct str){bytes, (size_t)n};
		rc = got < 0 ? W_EIO : W_OK;
	}
	close(fd);
	return rc;
}

struct disk {
	const char *dir;
	struct arena *arena;
};

static int
disk_get(void *ctx, const char *name, struct menu_source *out)
{
	struct disk *d = ctx;

	out->path = arena_printf(d->arena, "%s/%s", d->dir, name);
	return file_read(out->path, d->arena, &out->text);
}

struct memory {
	const struct menu_file *files;
	size_t n;
};

static int
memory_get(void *ctx, const char *name, struct menu_source *out)
{
	struct memory *m = ctx;

	out->path = name;
	for (size_t i = 0; i < m->n; i++) {
		if (strcmp(m->files[i].name, name) == 0) {
			out->text = m->files[i].text;
			return W_OK;
		}
	}
	return W_ENOENT;
}

static void
source_fetch(struct menu_loader *ld, const char *name, struct menu_source *s)
{
	s->name = name;
	s->path = name;
	int rc = ld->folder.get(ld->folder.ctx, name, s);
	s->there = rc == W_OK;
	if (rc != W_OK && rc != W_ENOENT)
		err_add(ld->err, s->path, 0, 0, "cannot be read, or is over %d bytes",
			YAML_MAX_BYTES);
}

/* Fetches and parses; false when the tree cannot be used. */
static bool
source_read(struct menu_loader *ld, const char *name, bool required, struct menu_source *s)
{
	source_fetch(ld, name, s);
	if (!s->there) {
		if (required)
			err_add(ld->err, s->path, 0, 0, "there is no such file");
		return !required;
	}
	return yaml_read_text(s->path, s->text, 0, ld->scratch, &s->doc, ld->err) == W_OK;
}

/* A part lies in the folder or below: letters, digits, - _ / and .yaml at the end, no "..". */
static bool
part_name_ok(struct str name)
{
	if (name.n < 6 || name.n > 64 || name.p[0] == '/' ||
	    memcmp(name.p + name.n - 5, ".yaml", 5) != 0)
		return false;
	for (size_t i = 0; i < name.n - 5; i++) {
		char c = name.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && strchr("-_/", c) == NULL)
			return false;
	}
	return true;
}

static bool
part_known(const struct menu_loader *ld, struct str name)
{
	static const char *const own[] = {"main.yaml", "lists.yaml", "sms.yaml", "lint.yaml",
					  "reminders.yaml"};

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (str_is(name, own[i]))
			return true;
	for (size_t i = 0; i < ld->n_parts; i++)
		if (str_is(name, ld->parts[i].name))
			return true;
	return false;
}

static bool
parts_read(struct menu_loader *ld)
{
	const struct yaml_node *list = yaml_get(ld->main.doc->root, "parts");
	bool good = true;

	for (size_t i = 0; list != NULL && list->kind == YAML_LIST && i < list->n; i++) {
		const struct yaml_node *at = list->items[i];

		if (ld->n_parts == MENU_PARTS) {
			menu_fault(ld, at, "at most %d parts", MENU_PARTS);
			return false;
		}
		if (!part_name_ok(yaml_text(at))) {
			menu_fault(ld, at, "a part is a file of this folder such as home.yaml");
			good = false;
		} else if (part_known(ld, at->text)) {
			menu_fault(ld, at, "%s is read already", at->text.p);
			good = false;
		} else {
			struct menu_source *part = &ld->parts[ld->n_parts++];

			source_fetch(ld, at->text.p, part);
			if (!part->there)
				menu_fault(ld, at, "there is no file %s", part->path);
			good &= part->there &&
				yaml_read_text(part->path, part->text, 0, ld->scratch, &part->doc,
					       ld->err) == W_OK;
		}
	}
	return good;
}

static int
sources_read(struct menu_loader *ld)
{
	bool good = source_read(ld, "main.yaml", true, &ld->main);

	if (good) {
		ld->doc = ld->main.doc;
		good = parts_read(ld);
	}
	good &= source_read(ld, "lists.yaml", false, &ld->lists);
	good &= source_read(ld, "sms.yaml", false, &ld->sms);
	good &= source_read(ld, "lint.yaml", false, &ld->lint);
	/* The rules of reminders are read elsewhere; their bytes belong to the version. */
	source_fetch(ld, "reminders.yaml", &ld->reminders);
	return good ? W_OK : W_EINVAL;
}

/* FNV-1a, 64 bits: tells versions apart, proves nothing. */
static uint64_t
digest(uint64_t h, const void *p, size_t n)
{
	const unsigned char *byte = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ byte[i]) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t
digest_source(uint64_t h, const struct menu_source *s)
{
	if (!s->there)
		return h;
	h = digest(h, s->name, strlen(s->name) + 1);
	h = digest(h, s->text.p, s->text.n);
	return digest(h, "", 1);
}

static void
version_make(struct menu_loader *ld)
{
	const struct menu_source *const after[] = {&ld->lists, &ld->sms, &ld->lint, &ld->reminders};
	uint64_t h = digest_source(UINT64_C(0xcbf29ce484222325), &ld->main);

	for (size_t i = 0; i < ld->n_parts; i++)
		h = digest_source(h, &ld->parts[i]);
	for (size_t i = 0; i < ARRAY_LEN(after); i++)
		h = digest_source(h, after[i]);
	snprintf(ld->set->version, sizeof(ld->set->version), "%016" PRIx64, h);
}

/* ---- The walk ---- */

static void
walk(struct menu_loader *ld)
{
	menu_root_read(ld);
	menu_lint_read(ld);
	menu_lists_read(ld);
	menu_names_collect(ld);
	menu_root_link(ld);
	menu_uses_read(ld);
	menu_nodes_read(ld);
	menu_runs_read(ld);
	menu_sms_read(ld);
	menu_graph_check(ld);
	menu_pages_check(ld);
}

static bool
same_place(const struct err_fault *a, const struct err_fault *b)
{
	return a->line == b->line && a->col == b->col && strcmp(a->file, b->file) == 0;
}

/* A sorted fault that stands before in the same words. */
static bool
told_already(const struct err *found, size_t i)
{
	const struct err_fault *f = err_at(found, i);

	for (size_t j = i; j > 0 && same_place(err_at(found, j - 1), f); j--)
		if (strcmp(err_at(found, j - 1)->text, f->text) == 0)
			return true;
	return false;
}

/* In the order of the files; what every copy of a sub-menu has wrong is told once. */
static void
faults_tell(struct err *found, struct err *to)
{
	err_sort(found);
	for (size_t i = 0; i < err_count(found); i++) {
		const struct err_fault *f = err_at(found, i);

		if (told_already(found, i))
			continue;
		(f->kind == ERR_ERROR ? err_add : err_warn)(to, f->file, f->line, f->col, "%s",
							    f->text);
	}
	err_sort(to);
}

static int
load_from(const struct menu_folder *folder, const struct menu_options *options,
	  struct menu_set **out, struct err *err)
{
	struct menu_loader *ld = xcalloc(1, sizeof(*ld));

	*ld = (struct menu_loader){.set = menu_set_new(),
				   .err = err_new(),
				   .scratch = arena_new(256 * 1024),
				   .page = arena_new(64 * 1024),
				   .folder = *folder};
	ld->options.lowest = PAGE_LIMIT_DEFAULT;
	if (options != NULL)
		ld->options = *options;
	if (sources_read(ld) == W_OK) {
		walk(ld);
		version_make(ld);
	}
	bool good = err_errors(ld->err) == 0;
	faults_tell(ld->err, err);
	if (good)
		*out = ld->set;
	else
		menu_drop(ld->set);
	err_free(ld->err);
	arena_free(ld->page);
	arena_free(ld->scratch);
	free(ld);
	return good ? W_OK : W_EINVAL;
}

int
menu_load(const char *dir, const struct menu_options *options, struct menu_set **out,
	  struct err *err)
{
	struct disk disk = {dir, arena_new(0)};
	struct menu_folder folder = {disk_get, &disk};
	int rc = load_from(&folder, options, out, err);

	arena_free(disk.arena);
	return rc;
}

int
menu_load_memory(const struct menu_file *files, size_t n, const struct menu_options *options,
		 struct menu_set **out, struct err *err)
{
	struct memory memory = {files, n};
	struct menu_folder folder = {memory_get, &memory};

	return load_from(&folder, options, out, err);
}
