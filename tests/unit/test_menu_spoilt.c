/*
 * Menus with one planted fault each, as files: CASE.FILE in tests/data/menus-spoilt
 * stands in for FILE of the folder base beside it, and its first line says what
 * must be found in it and nothing else: "# expect LINE:COL words", or with
 * "warning" before the words.
 */
#include "menu/menu.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdlib.h>

#define SPOILT WASL_SOURCE_DIR "/tests/data/menus-spoilt"

enum { FILES_MAX = 16, CASES_WANTED = 60, FILE_MAX = 16384 };

struct folder {
	struct arena *arena;
	struct menu_file files[FILES_MAX];
	size_t n;
};

static struct str
file_read(struct arena *a, const char *dir, const char *name)
{
	FILE *f = fopen(arena_printf(a, "%s/%s", dir, name), "r");
	char *text = arena_alloc(a, FILE_MAX);

	assert_non_null(f);
	size_t n = fread(text, 1, FILE_MAX, f);
	fclose(f);
	assert_true(n > 0 && n < FILE_MAX);
	return (struct str){text, n};
}

static bool
is_yaml(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".yaml") == 0;
}

static void
base_read(struct folder *base)
{
	DIR *dir = opendir(SPOILT "/base");
	const struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (!is_yaml(entry->d_name))
			continue;
		assert_true(base->n < FILES_MAX);
		base->files[base->n].name = arena_strdup(base->arena, entry->d_name);
		base->files[base->n++].text = file_read(base->arena, SPOILT "/base", entry->d_name);
	}
	closedir(dir);
}

struct wanted {
	uint32_t line, col;
	enum err_kind kind;
	struct str words;
};

static int64_t
number(struct str text)
{
	int64_t n = 0;

	assert_true(str_to_int(text, &n));
	return n;
}

static struct wanted
wanted_take(struct str text)
{
	struct str first = str_cut(&text, '\n');
	struct str head = STR_LIT("# expect "), warning = STR_LIT("warning ");
	struct wanted w = {.kind = ERR_ERROR};

	assert_true(str_starts(first, head));
	first = str_after(first, head.n);
	w.line = (uint32_t)number(str_cut(&first, ':'));
	w.col = (uint32_t)number(str_cut(&first, ' '));
	if (str_starts(first, warning)) {
		w.kind = ERR_WARNING;
		first = str_after(first, warning.n);
	}
	w.words = first;
	assert_true(w.words.n > 0);
	return w;
}

static bool
is_wanted(const struct err *err, const char *file, const struct wanted *w)
{
	const struct err_fault *f = err_at(err, 0);

	return err_count(err) == 1 && f->kind == w->kind && strcmp(f->file, file) == 0 &&
	       f->line == w->line && f->col == w->col &&
	       memmem(f->text, strlen(f->text), w->words.p, w->words.n) != NULL;
}

static void
load(const struct folder *folder, struct err *err)
{
	struct menu_set *set = NULL;
	int rc = menu_load_memory(folder->files, folder->n, NULL, &set, err);

	assert_int_equal(rc == W_OK, err_errors(err) == 0);
	if (rc == W_OK)
		menu_drop(set);
}

/* "CASE.FILE": true when it was found as its first line says. */
static bool
case_good(const struct folder *base, const char *name)
{
	struct folder spoilt = *base;
	const char *file = strchr(name, '.') + 1;
	struct str text = file_read(base->arena, SPOILT, name);
	struct wanted w = wanted_take(text);
	struct err *err = err_new();
	bool replaced = false;

	for (size_t i = 0; i < spoilt.n; i++) {
		if (strcmp(spoilt.files[i].name, file) != 0)
			continue;
		spoilt.files[i].text = text;
		replaced = true;
	}
	assert_true(replaced);
	load(&spoilt, err);
	bool good = is_wanted(err, file, &w);
	if (!good) {
		fprintf(stderr, "%s: wanted %s:%u:%u %.*s, found %zu:\n", name, file, w.line, w.col,
			STR_ARG(w.words), err_count(err));
		err_print(err, stderr);
	}
	err_free(err);
	return good;
}

static void
menu_spoilt__the_base_has_no_fault_and_no_warning(void **state)
{
	struct folder base = {.arena = arena_new(0)};
	struct err *err = err_new();

	(void)state;
	base_read(&base);
	load(&base, err);
	err_print(err, stderr);
	assert_int_equal(err_count(err), 0);
	err_free(err);
	arena_free(base.arena);
}

static void
menu_spoilt__each_planted_fault_is_told_at_its_place_and_alone(void **state)
{
	struct folder base = {.arena = arena_new(1 << 16)};
	DIR *dir = opendir(SPOILT);
	const struct dirent *entry;
	size_t n = 0, bad = 0;

	(void)state;
	assert_non_null(dir);
	base_read(&base);
	while ((entry = readdir(dir)) != NULL) {
		if (!is_yaml(entry->d_name))
			continue;
		n++;
		bad += !case_good(&base, entry->d_name);
	}
	closedir(dir);
	arena_free(base.arena);
	assert_int_equal(bad, 0);
	assert_true(n >= CASES_WANTED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_spoilt__the_base_has_no_fault_and_no_warning),
		cmocka_unit_test(menu_spoilt__each_planted_fault_is_told_at_its_place_and_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
