#include "dialogue.h"

#include "work/work_given.h"

/* A file of lines; '#' behind a blank, or first, begins a comment. */

static struct str
read_whole(const char *file, struct arena *a)
{
	FILE *f = fopen(file, "rb");
	struct buf b;
	char piece[4096];
	size_t n;

	if (f == NULL)
		return STR_NONE;
	buf_init_arena(&b, a);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&b, piece, n);
	fclose(f);
	return buf_str(&b);
}

static bool
line_words(struct str text, struct arena *a, struct line *l)
{
	struct str word, begin = text;
	bool quoted;
	int rc;

	while ((rc = work_given_word(&text, a, &word, &quoted)) > 0) {
		if (l->n == WORDS_MAX)
			return false;
		if (l->n == 0)
			begin = text;
		l->quoted[l->n] = quoted;
		l->words[l->n++] = word;
	}
	l->rest = str_trim((struct str){begin.p, begin.n - text.n});
	return rc == 0;
}

bool
script_read(const char *file, struct arena *a, struct script *out)
{
	struct str rest = read_whole(file, a);
	size_t cap = 1;

	*out = (struct script){.file = file};
	if (rest.p == NULL) {
		fprintf(stderr, "%s: cannot be read\n", file);
		return false;
	}
	for (size_t i = 0; i < rest.n; i++)
		cap += rest.p[i] == '\n';
	out->lines = ARENA_ARRAY(a, struct line, cap);
	for (unsigned number = 1; rest.n > 0; number++) {
		struct line *l = &out->lines[out->n];

		*l = (struct line){.number = number};
		if (!line_words(str_cut(&rest, '\n'), a, l)) {
			fprintf(stderr, "%s:%u: a quote is not closed, or too many words\n", file,
				number);
			return false;
		}
		if (l->n == 3 && str_is(l->words[0], "for") && str_is(l->words[1], "each") &&
		    str_is(l->words[2], "language"))
			out->each_language = true;
		else if (l->n > 0)
			out->n++;
	}
	return true;
}
