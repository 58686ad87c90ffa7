/*
 * Plain driver for a fuzz target: hands it every file of the folder given as
 * argument, once, in the order of names. An empty or missing folder fails, so
 * that seeds cannot go missing unseen.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SEED_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int
not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int
replay(const char *folder, const char *name)
{
	char path[4096];
	struct stat st;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >= sizeof(path))
		return -1;
	FILE *f = fopen(path, "rb");
	if (f == NULL || fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > SEED_MAX) {
		fprintf(stderr, "%s: cannot be read, or over 1 MiB\n", path);
		if (f != NULL)
			fclose(f);
		return -1;
	}
	/* Exactly as large as the seed, so that a sanitizer sees the first byte too far. */
	size_t size = (size_t)st.st_size;
	uint8_t *data = malloc(size > 0 ? size : 1);
	int rc = data != NULL && fread(data, 1, size, f) == size ? 0 : -1;
	fclose(f);
	if (rc == 0)
		LLVMFuzzerTestOneInput(data, size);
	free(data);
	return rc;
}

int
main(int argc, char **argv)
{
	struct dirent **entries = NULL;
	int failed = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	int n = scandir(argv[1], &entries, not_hidden, alphasort);
	for (int i = 0; i < n; i++) {
		failed += replay(argv[1], entries[i]->d_name) != 0;
		free(entries[i]);
	}
	free(entries);
	if (n <= 0) {
		fprintf(stderr, "%s: no seeds\n", argv[1]);
		return 1;
	}
	printf("%d seeds\n", n);
	return failed > 0;
}
