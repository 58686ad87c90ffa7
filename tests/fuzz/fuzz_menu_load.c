/*
 * Menu files of any bytes, parted by form feeds: a part, then what takes the
 * place of small good lists.yaml, lint.yaml, sms.yaml and main.yaml, once as a
 * part and once as a sub-menu that is used twice. Whatever they say, the loader refuses it with
 * faults that have a place, or gives a set whose every page can be shown.
 */
#include "menu/menu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD                                                                        \
	"wasl: 1\nid: fuzz\nlanguages: [ar, fr]\nparts: [part.yaml]\n"              \
	"start: a\nspecial: {wrong: \"x\", busy: z, leave: z, enrolled: z}\n"       \
	"vars:\n  name: {from: person.name}\n  tel: {from: centre.tel}\n"           \
	"  category: {type: category}\n  mood: {type: mood}\n"                      \
	"  note: {type: text, max: 60}\n  number: {type: phone}\n"                  \
	"  days: {type: int}\n  born: {type: date}\n  job: {type: job}\n"           \
	"  size: {type: choice, words: [s, l]}\n  town: {type: choice, of: town}\n" \
	"nodes:\n  z: {end: \"z\"}\n"
static const char main_yaml[] = HEAD;
static const char using_yaml[] =
	HEAD "  a: {use: part, with: {what: {ar: \"x\", fr: \"y\"}, which: $category}, then: b}\n"
	     "  b: {use: part, with: {what: \"{note}\", which: work}, then: z}\n";
static const char lists_yaml[] =
	"wasl: 1\nlists: {town: {agadir: \"Agadir\"}}\npatterns: {crisis: ['danger']}\n";
static const char lint_yaml[] = "wasl: 1\nforbidden: [\"prison\"]\n";
static const char sms_yaml[] = "wasl: 1\n";

/* Enough to see every kind of page; a file of a thousand would only take a thousand times longer.
 */
enum { NODES_SHOWN = 32 };

static void
show(const struct menu_set *set, uint16_t id, unsigned lang, struct page_limit limit,
     struct arena *a)
{
	static const struct menu_values values = {.facts[0] = STR_NONE};
	struct menu_page page;
	unsigned number = 0;
	size_t option;
	int rc;

	do {
		rc = menu_show(set, id, lang, number, FACE_WRONG, &values, limit, a, &page);
		CHECK(rc != 0 || ussd_fits(page.text, limit));
		(void)menu_press(set, id, lang, number, &values, limit, STR_LIT("9"), a, &option);
	} while (rc == 0 && ++number < page.pages);
	arena_reset(a);
}

static void
show_all(const struct menu_set *set)
{
	struct arena *a = arena_new(1 << 16);

	for (uint16_t id = 0; id < menu_node_count(set) && id < NODES_SHOWN; id++) {
		show(set, id, 0, PAGE_LIMIT_DEFAULT, a);
		show(set, id, (unsigned)(menu_lang_count(set) - 1), (struct page_limit){80, 40}, a);
	}
	arena_free(a);
}

static void
check_faults(const struct err *err)
{
	for (size_t i = 0; i < err_count(err); i++) {
		const struct err_fault *f = err_at(err, i);

		CHECK((f->line > 0) == (f->col > 0) && f->text[0] != '\0');
		CHECK(strchr(f->text, '\n') == NULL);
	}
}

/* The next file of the input; what is usual where it has no more. */
static struct str
next_file(struct str *rest, struct str usual)
{
	return rest->n > 0 ? str_cut(rest, '\f') : usual;
}

static void
load(struct str rest, struct str usual_main)
{
	struct menu_file files[] = {
		{"part.yaml", str_cut(&rest, '\f')},
		{"lists.yaml", next_file(&rest, STR_LIT(lists_yaml))},
		{"lint.yaml", next_file(&rest, STR_LIT(lint_yaml))},
		{"sms.yaml", next_file(&rest, STR_LIT(sms_yaml))},
		{"main.yaml", next_file(&rest, usual_main)},
	};
	struct err *err = err_new();
	struct menu_set *set;
	int rc = menu_load_memory(files, ARRAY_LEN(files), NULL, &set, err);

	CHECK((rc == W_OK) == (err_errors(err) == 0));
	check_faults(err);
	if (rc == W_OK) {
		show_all(set);
		menu_drop(set);
	}
	err_free(err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str files = {(const char *)data, size};

	load(files, STR_LIT(main_yaml));
	load(files, STR_LIT(using_yaml));
	return 0;
}
