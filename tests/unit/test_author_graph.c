#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_author_folder.h"

static int
graph(struct world *w, enum author_graph form, const char *node)
{
	const struct author_menu_options o = {
		.dir = shipped, .graph = form, .node = node, .out = w->out};

	return author_menu_graph(&o);
}

static void
graph__each_way_has_its_key_or_condition(void **state)
{
	struct world *w = world_new();

	(void)state;
	assert_int_equal(graph(w, AUTHOR_GRAPH_TEXT, NULL), 0);
	assert_says(world_out(w), "c0 (menu)\n  1 → due_run\n  2 → b1\n");
	assert_says(world_out(w), "  survey.first and survey.due == m1 → m1 (run)\n");
	assert_says(world_out(w), "checkin (run)\n  question 1 → c1\n");
	assert_says(world_out(w), "c4 (end)\n");
	world_free(w);
}

/* A page that ends leads nowhere: it is alone. */
static void
graph__from_a_page_on_only_what_it_leads_to(void **state)
{
	struct world *w = world_new();

	(void)state;
	assert_int_equal(graph(w, AUTHOR_GRAPH_TEXT, "c4"), 0);
	assert_string_equal(world_out(w), "c4 (end)\n");
	assert_int_equal(graph(w, AUTHOR_GRAPH_TEXT, "nowhere"), AUTHOR_NONE);
	world_free(w);
}

static size_t
count(const char *text, const char *words)
{
	size_t n = 0;

	for (; (text = strstr(text, words)) != NULL; text++)
		n++;
	return n;
}

/* Both drawings have the same places and ways. */
static void
graph__drawings_have_a_shape_for_each_kind(void **state)
{
	struct world *w = world_new(), *v = world_new();

	(void)state;
	assert_int_equal(graph(w, AUTHOR_GRAPH_DOT, NULL), 0);
	assert_int_equal(graph(v, AUTHOR_GRAPH_MERMAID, NULL), 0);
	assert_says(world_out(w), "[label=\"c4\", shape=oval];");
	assert_says(world_out(w), "[label=\"due_run\", shape=diamond];");
	assert_says(world_out(w), "[label=\"checkin\", shape=hexagon];");
	assert_says(world_out(v), "([\"c4\"])");
	assert_says(world_out(v), "{{\"checkin\"}}");
	assert_true(count(world_out(w), " -> ") > 100);
	assert_int_equal(count(world_out(w), " -> "),
			 count(world_out(v), " --> ") + count(world_out(v), " -->|"));
	world_free(w);
	world_free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(graph__each_way_has_its_key_or_condition),
		cmocka_unit_test(graph__from_a_page_on_only_what_it_leads_to),
		cmocka_unit_test(graph__drawings_have_a_shape_for_each_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
