#include "fault/fault_disk.h"

#include "base/arena.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- Chance: splitmix64 (Steele, Lea, Flood 2014) ---- */

uint64_t
dice_roll(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint64_t
dice_below(struct dice *d, uint64_t n)
{
	return n == 0 ? 0 : dice_roll(d) % n;
}

bool
dice_percent(struct dice *d, unsigned percent)
{
	return dice_below(d, 100) < percent;
}

/* ---- Images ---- */

static bool
is_database_file(const char *name)
{
	const char *end = strstr(name, ".db");

	return end != NULL &&
	       (end[3] == '\0' || strcmp(end, ".db-wal") == 0 || strcmp(end, ".db-journal") == 0);
}

static void
read_file(struct image_file *f, const char *dir, const char *name)
{
	char path[512];
	FILE *from;
	long size;

	snprintf(f->name, sizeof(f->name), "%s", name);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	from = fopen(path, "re");
	CHECK(from != NULL);
	CHECK(fseek(from, 0, SEEK_END) == 0 && (size = ftell(from)) >= 0);
	rewind(from);
	f->n = (size_t)size;
	f->p = xmalloc(f->n + 1);
	CHECK(fread(f->p, 1, f->n, from) == f->n);
	fclose(from);
}

void
image_read(struct image *image, const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *e;

	*image = (struct image){.n_files = 0};
	CHECK(d != NULL);
	while ((e = readdir(d)) != NULL) {
		if (!is_database_file(e->d_name))
			continue;
		CHECK(image->n_files < IMAGE_FILES);
		read_file(&image->files[image->n_files++], dir, e->d_name);
	}
	closedir(d);
}

static void
clear_folder(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	char path[512];

	CHECK(d != NULL);
	while ((e = readdir(d)) != NULL) {
		if (strstr(e->d_name, ".db") == NULL)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		CHECK(unlink(path) == 0);
	}
	closedir(d);
}

void
image_write(const struct image *image, const char *dir)
{
	char path[512];

	clear_folder(dir);
	for (size_t i = 0; i < image->n_files; i++) {
		const struct image_file *f = &image->files[i];

		snprintf(path, sizeof(path), "%s/%s", dir, f->name);
		FILE *to = fopen(path, "we");
		CHECK(to != NULL);
		CHECK(f->n == 0 || fwrite(f->p, 1, f->n, to) == f->n);
		CHECK(fclose(to) == 0);
	}
}

bool
image_holds(const struct image *image, const char *name_start, const void *p, size_t n)
{
	for (size_t i = 0; i < image->n_files; i++) {
		const struct image_file *f = &image->files[i];

		if (strncmp(f->name, name_start, strlen(name_start)) == 0 && f->n > 0 &&
		    memmem(f->p, f->n, p, n) != NULL)
			return true;
	}
	return false;
}

void
image_done(struct image *image)
{
	for (size_t i = 0; i < image->n_files; i++)
		free(image->files[i].p);
	*image = (struct image){.n_files = 0};
}
