#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_author_folder.h"

static int
format(struct world *w, struct copy *c, bool check)
{
	const struct author_menu_options o = {.dir = c->dir, .check = check, .out = w->out};

	return author_menu_fmt(&o);
}

static void
fmt__the_shipped_menus_are_formatted(void **state)
{
	struct world *w = world_new();
	const struct author_menu_options o = {.dir = shipped, .check = true, .out = w->out};

	(void)state;
	assert_int_equal(author_menu_fmt(&o), 0);
	assert_says(world_out(w), "0 files would change");
	world_free(w);
}

/* Plain texts, other quotes, ragged columns, blanks at line ends: all back, remarks untouched. */
static void
fmt__a_ragged_file_gets_its_form_back(void **state)
{
	struct world *w = world_new();
	struct copy c;
	char path[160];

	(void)state;
	copy_new(&c);
	copy_change(&c, "checkin.yaml", "fr:       \"Plus tard\"", "fr: Plus tard   ");
	copy_change(&c, "checkin.yaml", "fr:       \"Besoin d'aide\"", "fr:  'Besoin d''aide'");
	copy_change(&c, "checkin.yaml", "  # C1 ", "\n\n\n  # C1 ");
	assert_int_equal(format(w, &c, true), AUTHOR_FAILED);
	assert_true(copy_says(&c, "checkin.yaml", "Plus tard   "));
	assert_int_equal(format(w, &c, false), 0);
	assert_says(world_out(w), "checkin.yaml\n1 file changed");
	snprintf(path, sizeof(path), "%s/checkin.yaml", c.dir);
	must_be_same(WASL_SOURCE_DIR "/menus/checkin.yaml", path);
	assert_int_equal(format(w, &c, true), 0);
	copy_free(&c);
	world_free(w);
}

/* A block of lines means every blank in it. */
static void
fmt__texts_over_several_lines_stay_as_they_are(void **state)
{
	struct world *w = world_new();
	struct copy c;

	(void)state;
	copy_new(&c);
	copy_change(&c, "checkin.yaml", "fr:       \"Plus tard\"",
		    "fr: |\n            Plus  \n\n            tard");
	assert_int_equal(format(w, &c, false), 0);
	assert_true(copy_says(&c, "checkin.yaml", "            Plus  \n\n            tard\n"));
	copy_free(&c);
	world_free(w);
}

static void
fmt__a_file_that_cannot_be_read_is_a_fault(void **state)
{
	struct world *w = world_new();
	struct copy c;

	(void)state;
	copy_new(&c);
	copy_change(&c, "checkin.yaml", "\"Plus tard\"", "\"Plus tard");
	assert_int_equal(format(w, &c, false), AUTHOR_LINT);
	assert_says(world_out(w), "checkin.yaml:");
	copy_free(&c);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fmt__the_shipped_menus_are_formatted),
		cmocka_unit_test(fmt__a_ragged_file_gets_its_form_back),
		cmocka_unit_test(fmt__texts_over_several_lines_stay_as_they_are),
		cmocka_unit_test(fmt__a_file_that_cannot_be_read_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
