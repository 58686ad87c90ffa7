/*
 * thief_search WORDS PATH...: looks in files, and in all files of folders, for
 * every spelling of the words. A line of WORDS is "text WORDS", "number +2126..."
 * or "digits 4821". Prints each find and a sum; exit 1 when there is one, 2 when
 * something cannot be read.
 */
#include "thief.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>

struct looked {
	const struct thief_needles *needles;
	const char *path;
	size_t files, bytes, hits, failed;
};

static void
on_found(void *ctx, const struct thief_needle *needle, size_t at)
{
	struct looked *l = ctx;

	printf("%s: %s, %s, at %zu\n", l->path, needle->word, needle->form, at);
}

static void
look_in(struct looked *l, const char *path)
{
	char *bytes = NULL;
	size_t n = 0, cap = 0, got;
	FILE *f = fopen(path, "rb");

	l->path = path;
	do {
		if (n == cap) {
			cap = cap ? 2 * cap : 65536;
			bytes = xrealloc(bytes, cap);
		}
		got = f != NULL ? fread(bytes + n, 1, cap - n, f) : 0;
		n += got;
	} while (got > 0);
	if (f == NULL || ferror(f)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		l->failed++;
	}
	l->files++;
	l->bytes += n;
	l->hits += thief_search(l->needles, (struct str){bytes, n}, on_found, l);
	free(bytes);
	if (f != NULL)
		fclose(f);
}

/* A name can hold what a content does not. */
static void
look_at(struct looked *l, const FTSENT *e)
{
	l->path = e->fts_path;
	l->hits += thief_search(l->needles, str_of(e->fts_name), on_found, l);
	if (e->fts_info == FTS_F)
		look_in(l, e->fts_accpath);
}

static void
walk(struct looked *l, char **paths)
{
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *e;

	CHECK(walk != NULL);
	while ((e = fts_read(walk)) != NULL) {
		/* A file that went away while we looked, a WAL for instance, holds nothing. */
		bool gone = e->fts_info == FTS_NS && e->fts_errno == ENOENT && e->fts_level > 0;

		if (e->fts_info == FTS_ERR || e->fts_info == FTS_DNR ||
		    (e->fts_info == FTS_NS && !gone)) {
			fprintf(stderr, "%s: %s\n", e->fts_path, strerror(e->fts_errno));
			l->failed++;
		} else if (e->fts_info != FTS_DP && !gone) {
			look_at(l, e);
		}
	}
	fts_close(walk);
}

static bool
read_words(const char *path, struct thief_needles *to)
{
	static const struct {
		const char *word;
		enum thief_kind kind;
	} kinds[] = {{"text ", THIEF_TEXT}, {"number ", THIEF_NUMBER}, {"digits ", THIEF_DIGITS}};
	FILE *f = fopen(path, "r");
	char line[512];
	bool good = f != NULL;

	while (good && fgets(line, sizeof(line), f) != NULL) {
		size_t i = 0;

		line[strcspn(line, "\n")] = '\0';
		while (i < ARRAY_LEN(kinds) &&
		       strncmp(line, kinds[i].word, strlen(kinds[i].word)) != 0)
			i++;
		good = i < ARRAY_LEN(kinds);
		if (good)
			thief_needles_add(to, kinds[i].kind, line + strlen(kinds[i].word));
	}
	if (f != NULL)
		fclose(f);
	return good && to->n > 0;
}

int
main(int argc, char **argv)
{
	struct thief_needles needles;
	struct looked l = {.needles = &needles};

	thief_needles_init(&needles);
	if (argc < 3 || !read_words(argv[1], &needles)) {
		fprintf(stderr, "usage: thief_search WORDS PATH...\n");
		return 2;
	}
	thief_needles_ready(&needles);
	walk(&l, argv + 2);
	printf("%zu files, %zu bytes, %zu spellings, %zu hits\n", l.files, l.bytes, needles.n,
	       l.hits);
	thief_needles_done(&needles);
	return l.failed > 0 || l.files == 0 ? 2 : l.hits > 0;
}
