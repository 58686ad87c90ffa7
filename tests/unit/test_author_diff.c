#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_author_folder.h"

static size_t
diff(struct world *w, const char *old, const char *now)
{
	const struct author_menu_options o = {.dir = old, .other = now, .out = w->out};
	size_t n;

	assert_int_equal(author_menu_diff(&o, &n), 0);
	return n;
}

static void
diff__the_same_folder_has_none(void **state)
{
	struct world *w = world_new();

	(void)state;
	assert_int_equal(diff(w, shipped, shipped), 0);
	assert_string_equal(world_out(w), "no difference\n");
	world_free(w);
}

/* One change of a file each, what is said of it, and what the other way round. */
static const struct {
	const char *file, *words, *other, *said, *said_back;
} changes[] = {
	{"checkin.yaml", "\"Plus tard\"", "\"Demain\"",
	 "page c0 in fr: option 2 \"Demain\" was \"Plus tard\"\n",
	 "page c0 in fr: option 2 \"Plus tard\" was \"Demain\"\n"},
	{"checkin.yaml", "go: d1a", "go: b1", "page c5, option 3: leads to b1, was d1a\n",
	 "page c5, option 3: leads to d1a, was b1\n"},
	{"checkin.yaml", "{q} petites questions.", "{q} questions.",
	 "page c0 in fr: \"{q} questions.\" was", "\"{q} petites questions.\" was"},
	{"checkin.yaml", "      - c1\n      - c2\n", "      - c2\n      - c1\n",
	 "run checkin: asks c2, c1, f1", "run checkin: asks c1, c2, f1"},
	{"checkin.yaml", "do: {flag: {kind: help_declined}}\n        go: c4", "go: c4",
	 "page c5, option 4: does something else\n", "page c5, option 4: does something else\n"},
	{"sms.yaml", "bonjour {name}, 3", "salut {name}, 3", "sms.T02 in fr: \"Wasl: salut",
	 "sms.T02 in fr"},
	{"lists.yaml", "\"Logement\"", "\"Maison\"",
	 "lists.category.housing in fr: \"Maison\" was \"Logement\"\n",
	 "lists.category.housing in fr"},
};

static void
diff__what_changed_is_said_in_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct world *w = world_new(), *back = world_new();
		struct copy c;

		copy_new(&c);
		copy_change(&c, changes[i].file, changes[i].words, changes[i].other);
		assert_int_equal(diff(w, shipped, c.dir), 1);
		assert_says(world_out(w), changes[i].said);
		assert_int_equal(diff(back, c.dir, shipped), 1);
		assert_says(world_out(back), changes[i].said_back);
		copy_free(&c);
		world_free(w);
		world_free(back);
	}
}

static void
diff__an_answers_word_is_told(void **state)
{
	struct world *w = world_new();
	struct copy c;

	(void)state;
	copy_new(&c);
	copy_change(&c, "checkin.yaml", "answer: good", "answer: aside");
	copy_change(&c, "checkin.yaml", "answer: so_so", "answer: good");
	copy_change(&c, "checkin.yaml", "answer: aside", "answer: so_so");
	assert_int_equal(diff(w, shipped, c.dir), 2);
	assert_says(world_out(w), "page c1, option 1: stands for so_so, was good\n");
	assert_says(world_out(w), "page c1, option 2: stands for good, was so_so\n");
	copy_free(&c);
	world_free(w);
}

static void
diff__pages_and_options_come_and_go(void **state)
{
	struct world *w = world_new(), *back = world_new();
	struct copy c;

	(void)state;
	copy_new(&c);
	copy_change(&c, "checkin.yaml", "        go: due_run\n",
		    "        go: due_run\n      - {say: \"Et\", key: \"7\", go: c0b}\n");
	copy_change(&c, "checkin.yaml", "  # C1 ", "  c0b: {end: \"Fin\"}\n\n  # C1 ");
	assert_int_equal(diff(w, shipped, c.dir), 2);
	assert_says(world_out(w), "page c0: option 7 is new: \"Et\"\n");
	assert_says(world_out(w), "page c0b is new\n");
	assert_int_equal(diff(back, c.dir, shipped), 2);
	assert_says(world_out(back), "page c0: option 7 is gone: \"Et\"\n");
	assert_says(world_out(back), "page c0b is gone\n");
	copy_free(&c);
	world_free(w);
	world_free(back);
}

static void
diff__a_folder_that_does_not_load_is_told(void **state)
{
	struct world *w = world_new();
	struct copy c;
	const struct author_menu_options o = {.dir = shipped, .other = c.dir, .out = w->out};

	(void)state;
	copy_new(&c);
	copy_change(&c, "checkin.yaml", "go: due_run", "go: nowhere");
	assert_int_equal(author_menu_diff(&o, NULL), AUTHOR_LINT);
	assert_says(world_out(w), "nowhere");
	copy_free(&c);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(diff__the_same_folder_has_none),
		cmocka_unit_test(diff__what_changed_is_said_in_words),
		cmocka_unit_test(diff__an_answers_word_is_told),
		cmocka_unit_test(diff__pages_and_options_come_and_go),
		cmocka_unit_test(diff__a_folder_that_does_not_load_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
