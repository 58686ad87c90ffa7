/*
 * A copy of the shipped menus in a folder of a test's own, to be changed and
 * looked at. For tests only.
 */
#ifndef WASL_TEST_AUTHOR_FOLDER_H
#define WASL_TEST_AUTHOR_FOLDER_H

#include "test_author_world.h"

#include <dirent.h>

static const char shipped[] = WASL_SOURCE_DIR "/menus";

struct copy {
	char dir[64];
};

/* The whole of a file; freed by the caller. */
static inline char *
file_bytes(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *bytes = calloc(1, 1 << 20);

	assert_non_null(f);
	assert_true(fread(bytes, 1, (1 << 20) - 1, f) > 0);
	fclose(f);
	return bytes;
}

static inline void
copy_file(const char *from, const char *to)
{
	char *bytes = file_bytes(from);

	world_write(to, bytes);
	free(bytes);
}

static inline void
each_file(struct copy *c, void (*fn)(const char *from, const char *to))
{
	DIR *d = opendir(shipped);
	struct dirent *e;
	char from[512], to[512];

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(from, sizeof(from), "%s/%s", shipped, e->d_name);
		snprintf(to, sizeof(to), "%s/%s", c->dir, e->d_name);
		fn(from, to);
	}
	closedir(d);
}

static inline void
remove_file(const char *from, const char *to)
{
	(void)from;
	unlink(to);
}

static inline void
copy_new(struct copy *c)
{
	snprintf(c->dir, sizeof(c->dir), "/tmp/wasl-menu-XXXXXX");
	assert_non_null(mkdtemp(c->dir));
	each_file(c, copy_file);
}

static inline void
copy_free(struct copy *c)
{
	each_file(c, remove_file);
	assert_int_equal(rmdir(c->dir), 0);
}

static inline void
must_be_same(const char *from, const char *to)
{
	char *a = file_bytes(from), *b = file_bytes(to);

	if (strcmp(a, b) != 0)
		fail_msg("%s is not as it was", to);
	free(a);
	free(b);
}

/* Puts other words at the first place of some in a file. */
static inline void
copy_change(struct copy *c, const char *file, const char *words, const char *other)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", c->dir, file);
	char *bytes = file_bytes(path), *at = strstr(bytes, words);
	assert_non_null(at);
	FILE *f = fopen(path, "wb");
	fwrite(bytes, 1, (size_t)(at - bytes), f);
	fputs(other, f);
	fputs(at + strlen(words), f);
	fclose(f);
	free(bytes);
}

static inline bool
copy_says(struct copy *c, const char *file, const char *words)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", c->dir, file);
	char *bytes = file_bytes(path);
	bool there = strstr(bytes, words) != NULL;
	free(bytes);
	return there;
}

#endif
