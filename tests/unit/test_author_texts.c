#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_author_folder.h"

/* The file an export goes to and an import comes from. */
struct table {
	char path[96];
};

static void export(struct copy *c, const char *lang, struct table *t)
{
	snprintf(t->path, sizeof(t->path), "%s.texts", c->dir);
	FILE *out = fopen(t->path, "wb");
	const struct author_menu_options o = {.dir = c->dir, .lang = lang, .out = out};

	assert_int_equal(author_menu_export(&o), 0);
	fclose(out);
}

static int
import(struct world *w, struct copy *c, const struct table *t)
{
	const struct author_menu_options o = {.dir = c->dir, .other = t->path, .out = w->out};

	return author_menu_import(&o);
}

static void
change(const struct table *t, const char *words, const char *other)
{
	char *bytes = file_bytes(t->path), *at = strstr(bytes, words);

	assert_non_null(at);
	FILE *f = fopen(t->path, "wb");
	fwrite(bytes, 1, (size_t)(at - bytes), f);
	fputs(other, f);
	fputs(at + strlen(words), f);
	fclose(f);
	free(bytes);
}

static void
texts__there_and_back_changes_no_byte(void **state)
{
	static const char *const langs[] = {NULL, "fr", "ary", "ar", "ary-Latn"};
	struct world *w = world_new();
	struct copy c;
	struct table t;

	(void)state;
	copy_new(&c);
	for (size_t i = 0; i < ARRAY_LEN(langs); i++) {
		export(&c, langs[i], &t);
		assert_int_equal(import(w, &c, &t), 0);
		each_file(&c, must_be_same);
	}
	unlink(t.path);
	copy_free(&c);
	world_free(w);
}

static void
texts__a_new_text_goes_to_its_place_and_nothing_else_moves(void **state)
{
	static const char *const langs[] = {NULL, "fr"};
	struct world *w = world_new();
	struct copy c;
	struct table t;
	char path[160];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(langs); i++) {
		copy_new(&c);
		export(&c, langs[i], &t);
		change(&t, "\"Commencer\"", "\"Une autre fois\"");
		assert_int_equal(import(w, &c, &t), 0);
		assert_true(
			copy_says(&c, "checkin.yaml", "          fr:       \"Une autre fois\"\n"));
		copy_change(&c, "checkin.yaml", "Une autre fois", "Commencer");
		snprintf(path, sizeof(path), "%s/checkin.yaml", c.dir);
		must_be_same(WASL_SOURCE_DIR "/menus/checkin.yaml", path);
		unlink(t.path);
		copy_free(&c);
	}
	assert_says(world_out(w), "1 text changed\n");
	world_free(w);
}

/* Each: what the translator's file has instead, and what is said; nothing is written. */
static const struct {
	const char *lang, *words, *other, *said;
} refused[] = {
	{"fr", "msgctxt \"checkin.yaml nodes.c0.menu\"", "msgctxt \"checkin.yaml nodes.cx.menu\"",
	 "there is no text checkin.yaml nodes.cx.menu"},
	{"fr", "msgid \"من بعد\"", "msgid \"غدا\"", "has another text by now"},
	{"fr", "msgstr \"Plus tard\"", "msgstr \"Plus tard", "a text in \"quotes\""},
	{"fr", "msgstr \"Plus tard\"", "msgstr \"Prison\"", "rison"},
	{"fr", "msgstr \"Plus tard\"", "msgstr \"{nobody}\"", "nobody"},
	{"fr", "Language: fr", "Language: de", "main.yaml does not name the language de"},
	{"fr", "msgctxt \"checkin.yaml nodes.c0.menu\"", "msgctxt \"main.yaml special.wrong\"",
	 "given already"},
	{NULL, "checkin.yaml,nodes.c0.menu,", "checkin.yaml,nodes.cx.menu,", "there is no text"},
	{NULL, "checkin.yaml,nodes.c0.menu,", "checkin.yaml,nodes.c4.end,", "another text by now"},
	{NULL, "file,place,", "fil,place,", "neither a PO file nor a table"},
	{NULL, "\"Plus tard\"", "\"Plus tard\",\"x\"", "7 cells, and the title has 6"},
};

static void
texts__with_one_fault_nothing_is_written(void **state)
{
	struct copy c;
	struct table t;

	(void)state;
	copy_new(&c);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct world *w = world_new();

		export(&c, refused[i].lang, &t);
		change(&t, refused[i].words, refused[i].other);
		if (import(w, &c, &t) != AUTHOR_LINT)
			fail_msg("taken: %s", refused[i].other);
		assert_says(world_out(w), refused[i].said);
		assert_says(world_out(w), "nothing was written\n");
		each_file(&c, must_be_same);
		world_free(w);
	}
	unlink(t.path);
	copy_free(&c);
}

static void
texts__a_fault_has_the_line_of_the_translators_file(void **state)
{
	struct world *w = world_new();
	struct copy c;
	struct table t;

	(void)state;
	copy_new(&c);
	t = (struct table){""};
	snprintf(t.path, sizeof(t.path), "%s.texts", c.dir);
	world_write(t.path, "file,place,fr\nhome.yaml,nodes.b1.options.1.say,\"Mes nouvelles\"\n"
			    "home.yaml,\"nodes.\nb1\",x\nhome.yaml,nodes.b9,x\n");
	assert_int_equal(import(w, &c, &t), AUTHOR_LINT);
	assert_says(world_out(w), ".texts:3:1: error: there is no text home.yaml nodes.?b1");
	assert_says(world_out(w), ".texts:5:1: error: there is no text home.yaml nodes.b9");
	unlink(t.path);
	copy_free(&c);
	world_free(w);
}

/* A spreadsheet of a French desktop: a mark in front, semicolons, lines that end in CR LF. */
static void
texts__a_table_from_a_spreadsheet_is_read(void **state)
{
	struct world *w = world_new();
	struct copy c;
	struct table t;

	(void)state;
	copy_new(&c);
	snprintf(t.path, sizeof(t.path), "%s.texts", c.dir);
	world_write(t.path, "\xef\xbb\xbf"
			    "file;place;ary-Latn;fr\r\n"
			    "checkin.yaml;nodes.c0.options.2.say;\"Mn be3d\";\"Plus\r\ntard\"\r\n");
	assert_int_equal(import(w, &c, &t), 0);
	assert_true(copy_says(&c, "checkin.yaml", "fr:       \"Plus\\ntard\"\n"));
	unlink(t.path);
	copy_free(&c);
	world_free(w);
}

/* What a program guessed is no translation, and an empty text is none yet. */
static void
texts__guesses_and_gaps_leave_what_is_there(void **state)
{
	struct world *w = world_new();
	struct copy c;
	struct table t;

	(void)state;
	copy_new(&c);
	export(&c, "fr", &t);
	change(&t, "msgctxt \"checkin.yaml nodes.c0.menu\"",
	       "#, fuzzy\nmsgctxt \"checkin.yaml nodes.c0.menu\"");
	change(&t, "{q} petites questions.", "{q} questions.");
	change(&t, "msgstr \"Plus tard\"", "msgstr \"\"");
	assert_int_equal(import(w, &c, &t), 0);
	each_file(&c, must_be_same);
	unlink(t.path);
	copy_free(&c);
	world_free(w);
}

/* Languages stand one below the other, or in braces, and a new one as the others do. */
static void
texts__a_language_that_is_new_stands_as_the_others_do(void **state)
{
	struct world *w = world_new();
	struct copy c;
	struct table t;

	(void)state;
	copy_new(&c);
	copy_change(&c, "main.yaml", "[ary, ary-Latn, ar, fr]",
		    "[ary, ary-Latn, ar, fr, zgh-Latn]");
	snprintf(t.path, sizeof(t.path), "%s.texts", c.dir);
	world_write(t.path, "file,place,ary,zgh-Latn\nmain.yaml,special.wrong,غلط,Azul\n");
	/* One text is not enough for a language: the lint refuses, and says where the new one is.
	 */
	assert_int_equal(import(w, &c, &t), AUTHOR_LINT);
	assert_says(world_out(w), "the text is missing");
	assert_null(strstr(world_out(w), "main.yaml:63"));
	unlink(t.path);
	copy_free(&c);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts__there_and_back_changes_no_byte),
		cmocka_unit_test(texts__a_new_text_goes_to_its_place_and_nothing_else_moves),
		cmocka_unit_test(texts__with_one_fault_nothing_is_written),
		cmocka_unit_test(texts__a_fault_has_the_line_of_the_translators_file),
		cmocka_unit_test(texts__a_table_from_a_spreadsheet_is_read),
		cmocka_unit_test(texts__guesses_and_gaps_leave_what_is_there),
		cmocka_unit_test(texts__a_language_that_is_new_stands_as_the_others_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
