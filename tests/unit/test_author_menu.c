#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_author_folder.h"

static int
lint(struct world *w, const char *dir)
{
	const struct author_menu_options o = {.dir = dir, .out = w->out};

	return author_menu_lint(&o);
}

static void
menu__the_shipped_menus_have_no_errors(void **state)
{
	struct world *w = world_new();

	(void)state;
	assert_int_equal(lint(w, shipped), 0);
	assert_says(world_out(w), " · 4 languages · ");
	assert_says(world_out(w), " screens · 0 errors, ");
	world_free(w);
}

static void
menu__a_spoilt_copy_is_refused_at_its_place(void **state)
{
	struct world *w = world_new();
	struct copy c;
	char path[128];

	(void)state;
	copy_new(&c);
	snprintf(path, sizeof(path), "%s/home.yaml", c.dir);
	FILE *f = fopen(path, "a");
	fputs("bogus: 1\n", f);
	fclose(f);
	assert_int_equal(lint(w, c.dir), AUTHOR_LINT);
	assert_says(world_out(w), "home.yaml:");
	assert_says(world_out(w), ": error: ");
	assert_says(world_out(w), "bogus");
	assert_says(world_out(w), "1 error, ");
	copy_free(&c);
	world_free(w);
}

static void
menu__no_folder_is_no_success(void **state)
{
	struct world *w = world_new();

	(void)state;
	assert_int_not_equal(lint(w, "/nowhere"), 0);
	assert_true(strlen(world_out(w)) > 0);
	world_free(w);
}

static void
menu__quiet_and_ascii_are_heeded(void **state)
{
	struct world *w = world_new();
	struct author_menu_options o = {.dir = shipped, .out = w->out, .quiet = true};

	(void)state;
	assert_int_equal(author_menu_lint(&o), 0);
	assert_null(strstr(world_out(w), "languages"));
	o.quiet = false;
	o.ascii = true;
	assert_int_equal(author_menu_lint(&o), 0);
	assert_says(world_out(w), " nodes - 4 languages - ");
	world_free(w);
}

/* Rows of five tabs; the units never go over the limit where there is one page. */
static void
menu__sizes_are_within_the_page(void **state)
{
	struct world *w = world_new();
	const struct author_menu_options o = {.dir = shipped, .out = w->out, .tsv = true};
	char node[64], lang[16], coding[8];
	unsigned units, limit, pages, left, rare, rare_limit, rows = 0;

	(void)state;
	assert_int_equal(author_menu_size(&o), 0);
	const char *line = strchr(world_out(w), '\n');
	assert_non_null(strstr(
		world_out(w),
		"node\tlanguage\tcoding\tunits\tlimit\tpages\tleft\trare_units\trare_limit\n"));
	for (; line != NULL && line[1] != '\0'; line = strchr(line + 1, '\n'), rows++) {
		assert_int_equal(sscanf(line, "%63s %15s %7s %u %u %u %u %u %u", node, lang, coding,
					&units, &limit, &pages, &left, &rare, &rare_limit),
				 9);
		assert_int_equal(left, limit - units);
		assert_true(rare > 0 && rare_limit == 80);
		assert_true(units <= limit);
		assert_int_equal(limit, strcmp(coding, "ucs2") == 0 ? 80 : 182);
		assert_true(pages >= 1);
	}
	assert_true(rows > 100);
	world_free(w);
}

static void
menu__a_size_says_what_one_letter_more_costs(void **state)
{
	struct world *w = world_new();
	const struct author_menu_options o = {.dir = shipped, .out = w->out};

	(void)state;
	assert_int_equal(author_menu_size(&o), 0);
	assert_says(world_out(w), "c0               fr        gsm7");
	assert_says(world_out(w), "  1 page  room for ");
	assert_says(world_out(w), " of 80: TOO LONG\n");
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu__the_shipped_menus_have_no_errors),
		cmocka_unit_test(menu__a_spoilt_copy_is_refused_at_its_place),
		cmocka_unit_test(menu__no_folder_is_no_success),
		cmocka_unit_test(menu__quiet_and_ascii_are_heeded),
		cmocka_unit_test(menu__sizes_are_within_the_page),
		cmocka_unit_test(menu__a_size_says_what_one_letter_more_costs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
