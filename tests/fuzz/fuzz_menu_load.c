/*
 * Part files of any bytes beside a small good main.yaml: whatever they say, the
 * loader refuses it with faults or gives a set whose every page can be shown.
 */
#include "menu/menu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char main_yaml[] =
	"wasl: 1\nid: fuzz\nlanguages: [ar, fr]\nparts: [part.yaml]\n"
	"start: a\nspecial: {wrong: \"x\", busy: z, leave: z, enrolled: z}\n"
	"vars:\n  name: {from: person.name}\n  tel: {from: centre.tel}\n"
	"  category: {type: category}\n  mood: {type: mood}\n"
	"  note: {type: text, max: 60}\n  number: {type: phone}\n"
	"nodes:\n  z: {end: \"z\"}\n";
static const char lists_yaml[] = "wasl: 1\npatterns: {crisis: ['danger']}\n";
static const char lint_yaml[] = "wasl: 1\nforbidden: [\"prison\"]\n";

static void
show_all(const struct menu_set *set, struct arena *a)
{
	const struct page_limit limits[] = {{182, 80}, {80, 40}};
	struct menu_values values = {.facts[0] = STR_NONE};
	struct menu_page page;
	size_t option;

	for (uint16_t id = 0; id < menu_node_count(set); id++) {
		for (unsigned i = 0; i < 4; i++) {
			struct page_limit limit = limits[i / 2];
			unsigned number = 0;
			int rc;

			do {
				rc = menu_show(set, id, i % 2, number, FACE_WRONG, &values, limit,
					       a, &page);
				CHECK(rc != 0 || ussd_fits(page.text, limit));
				(void)menu_press(set, id, i % 2, number, &values, limit,
						 STR_LIT("9"), a, &option);
			} while (rc == 0 && ++number < page.pages);
		}
		arena_reset(a);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct menu_file files[] = {
		{"main.yaml", STR_LIT(main_yaml)},
		{"part.yaml", {(const char *)data, size}},
		{"lists.yaml", STR_LIT(lists_yaml)},
		{"lint.yaml", STR_LIT(lint_yaml)},
	};
	struct err *err = err_new();
	struct menu_set *set;

	if (menu_load_memory(files, ARRAY_LEN(files), NULL, &set, err) == 0) {
		struct arena *a = arena_new(0);

		show_all(set, a);
		arena_free(a);
		menu_drop(set);
	}
	err_free(err);
	return 0;
}
