/*
 * Any texts in the holes of the shipped pages: three bytes say which page, in
 * which language, on which handset; then each line is a value. Whatever was
 * stored about a person, the page fits the handset and no letter is cut from
 * its marks.
 */
#include "menu/menu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct menu_set *
menus(void)
{
	static struct menu_set *set;
	struct err *err;

	if (set == NULL) {
		err = err_new();
		CHECK(menu_load(WASL_SOURCE_DIR "/menus", NULL, &set, err) == W_OK);
		err_free(err);
	}
	return set;
}

/* What is stored holds no control characters and is UTF-8 (text_strip_controls sees to it). */
static struct str
value(struct str line, struct arena *a)
{
	struct buf clean;

	if (line.n == 0)
		return STR_NONE;
	buf_init_arena(&clean, a);
	text_strip_controls(line, &clean);
	return buf_str(&clean);
}

static struct menu_values *
values(struct str rest, struct arena *a)
{
	struct menu_values *v = ARENA_NEW(a, struct menu_values);
	struct str row[MENU_FACTS + MENU_VARS];
	size_t n = 0;

	while (rest.n > 0 && n < 12)
		row[n++] = value(str_cut(&rest, '\n'), a);
	for (size_t i = 0; n > 0 && i < MENU_FACTS; i++)
		v->facts[i] = row[i % n];
	for (size_t i = 0; n > 0 && i < MENU_VARS; i++)
		v->vars[i] = row[(i + 1) % n];
	return v;
}

static void
check_pages(const struct menu_set *set, uint16_t id, unsigned lang, struct page_limit limit,
	    const struct menu_values *v, struct arena *a)
{
	static const enum menu_face faces[] = {FACE_PAGE, FACE_WRONG};
	struct menu_page page = {.pages = 1};
	size_t option;

	for (unsigned number = 0; number < page.pages; number++) {
		for (size_t f = 0; f < ARRAY_LEN(faces); f++) {
			CHECK(menu_show(set, id, lang, number, faces[f], v, limit, a, &page) ==
			      W_OK);
			CHECK(ussd_fits(page.text, limit) && page.page == number);
		}
		CHECK(menu_show(set, id, lang, number, FACE_PAGE, v, limit, a, &page) == W_OK);
		enum menu_press p =
			menu_press(set, id, lang, number, v, limit, STR_LIT("9"), a, &option);
		CHECK(p != PRESS_MORE || number + 1 < page.pages);
		CHECK(p != PRESS_OPTION || option < menu_node(set, id)->n_options);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct page_limit limits[] = {{182, 80}, {160, 70}, {140, 70}, {90, 50}};
	static struct arena *a;
	const struct menu_set *set = menus();

	if (size < 3)
		return 0;
	if (a == NULL)
		a = arena_new(1 << 18);
	arena_reset(a);
	uint16_t id = (uint16_t)((data[0] | data[1] << 8) % menu_node_count(set));
	enum menu_kind kind = menu_node(set, id)->kind;
	if (kind == MENU_RECORD || kind == MENU_BRANCH || kind == MENU_CALLBACK)
		return 0;
	check_pages(set, id, (data[2] & 15) % (unsigned)menu_lang_count(set), limits[data[2] >> 6],
		    values((struct str){(const char *)data + 3, size - 3}, a), a);
	return 0;
}
