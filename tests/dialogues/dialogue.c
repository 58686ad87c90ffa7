/*
 * dialogue [--seen FOLDER] FILE      plays one dialogue; the screens it saw go to FOLDER
 * dialogue --screens FOLDER FILE...  which screens were seen by these dialogues, in which
 *                                    languages; exit 1 when one is missing
 */
#include "dialogue.h"

#include <stdlib.h>

/* ---- Screens seen: one line a screen and language, "a3 ary page" or "a3 ary retry" ---- */

static const char *
seen_path(struct arena *a, const char *folder, const char *file)
{
	const char *base = strrchr(file, '/');

	return arena_printf(a, "%s/%s.seen", folder, base ? base + 1 : file);
}

static bool
write_seen(const char *path, const struct menu_set *menus, const uint8_t *screens)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL)
		return false;
	for (uint16_t id = 0; id < menu_node_count(menus); id++) {
		for (unsigned lang = 0; lang < menu_lang_count(menus); lang++) {
			uint8_t bits = screens[id * MENU_LANGS + lang];
			struct str name = menu_node(menus, id)->name;

			if (bits & 1)
				fprintf(f, "%.*s %s page\n", STR_ARG(name),
					menu_lang_tag(menus, lang));
			if (bits & 2)
				fprintf(f, "%.*s %s retry\n", STR_ARG(name),
					menu_lang_tag(menus, lang));
		}
	}
	return fclose(f) == 0;
}

static void
read_seen(const char *path, const struct menu_set *menus, uint8_t *screens)
{
	FILE *f = fopen(path, "rb");
	char name[128], lang[32], what[16];

	while (f != NULL && fscanf(f, "%127s %31s %15s", name, lang, what) == 3) {
		uint16_t id = menu_find(menus, str_of(name));
		int l = menu_lang_of(menus, str_of(lang));

		if (id != MENU_NO_NODE && l >= 0)
			screens[id * MENU_LANGS + (unsigned)l] |= what[0] == 'r' ? 2 : 1;
	}
	if (f != NULL)
		fclose(f);
}

/* ---- The table of screens ---- */

static bool
has_page(const struct menu_node *n)
{
	return n->kind != MENU_BRANCH && n->kind != MENU_RECORD && n->kind != MENU_CALLBACK;
}

/* One row of the table; how many languages are missing. */
static unsigned
print_row(const struct menu_set *menus, const uint8_t *screens, uint16_t id, uint8_t bit)
{
	unsigned missing = 0;

	printf("%-6.*s %-6s", STR_ARG(menu_node(menus, id)->name), bit == 1 ? "" : "retry");
	for (unsigned lang = 0; lang < menu_lang_count(menus); lang++) {
		/* The choice of a language is one text for all. */
		bool any = menu_node(menus, id)->kind == MENU_LANGUAGE;
		bool seen = screens[id * MENU_LANGS + lang] & bit;

		for (unsigned other = 0; any && other < menu_lang_count(menus); other++)
			seen = seen || screens[id * MENU_LANGS + other] & bit;
		printf(" %-9s", seen ? "seen" : "MISSING");
		missing += !seen;
	}
	printf("\n");
	return missing;
}

static int
print_screens(const struct menu_set *menus, const uint8_t *screens)
{
	unsigned missing = 0, pages = 0;

	printf("%-13s", "screen");
	for (unsigned lang = 0; lang < menu_lang_count(menus); lang++)
		printf(" %-9s", menu_lang_tag(menus, lang));
	printf("\n");
	for (uint16_t id = 0; id < menu_node_count(menus); id++) {
		const struct menu_node *n = menu_node(menus, id);

		if (!has_page(n))
			continue;
		pages++;
		missing += print_row(menus, screens, id, 1);
		if (n->has_retry_say)
			missing += print_row(menus, screens, id, 2);
	}
	printf("%u pages, %zu languages, %u missing\n", pages, menu_lang_count(menus), missing);
	return missing > 0;
}

static int
screens_of(const char *folder, char **files, int n)
{
	const struct menu_options options = {.lowest = PAGE_LIMIT_DEFAULT};
	struct err *err = err_new();
	struct arena *a = arena_new(0);
	struct menu_set *menus;

	if (menu_load(WASL_SOURCE_DIR "/menus", &options, &menus, err) != W_OK)
		give_up(err, "the menus");
	uint8_t *screens = xcalloc(menu_node_count(menus), MENU_LANGS);
	for (int i = 0; i < n; i++)
		read_seen(seen_path(a, folder, files[i]), menus, screens);
	int rc = print_screens(menus, screens);
	free(screens);
	menu_drop(menus);
	arena_free(a);
	err_free(err);
	return rc;
}

static int
play(const char *folder, const char *file)
{
	struct arena *a = arena_new(1 << 16);
	struct menu_set *menus = NULL;
	uint8_t *screens = NULL;
	struct script script;
	bool ok = script_read(file, a, &script) && script_play(&script, &screens, &menus);

	if (ok && folder != NULL && !write_seen(seen_path(a, folder, file), menus, screens)) {
		fprintf(stderr, "%s: cannot be written\n", folder);
		ok = false;
	}
	free(screens);
	menu_drop(menus);
	arena_free(a);
	return ok ? 0 : 1;
}

int
main(int argc, char **argv)
{
	if (argc == 2)
		return play(NULL, argv[1]);
	if (argc == 4 && strcmp(argv[1], "--seen") == 0)
		return play(argv[2], argv[3]);
	if (argc > 3 && strcmp(argv[1], "--screens") == 0)
		return screens_of(argv[2], argv + 3, argc - 3);
	fprintf(stderr, "usage: dialogue [--seen FOLDER] FILE\n"
			"       dialogue --screens FOLDER FILE...\n");
	return 2;
}
