/*
 * Menus with one planted fault each: it must be told at its place, and nothing
 * else with it. '@' in an edit marks the place where the fault must be told;
 * it is taken out before the menu is read.
 */
#include "menu/menu.h"
#include "test_yaml_spoil.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

static const char good_main[] = "wasl: 1\n"
				"id: test\n"
				"languages: [ar, fr]\n"
				"keys: {back: \"0\", more: \"9\"}\n"
				"parts: [part.yaml]\n"
				"start: gate\n"
				"direct: {\"8\": {go: help, open: yes}}\n"
				"special:\n"
				"  wrong: {ar: \"خطأ\", fr: \"Erreur\"}\n"
				"  busy: busy\n"
				"  leave: leave\n"
				"  enrolled: home\n"
				"vars:\n"
				"  name: {from: person.name}\n"
				"  tel: {from: centre.tel}\n"
				"  category: {type: category}\n"
				"  note: {type: text, max: 60, private: true}\n"
				"  mood: {type: mood}\n";

static const char good_part[] =
	"wasl: 1\n"
	"runs:\n"
	"  week: {record: checkin, questions: [q1, q2], then: after}\n"
	"nodes:\n"
	"  gate:\n"
	"    branch:\n"
	"      - {when: not link.known, go: code}\n"
	"      - {when: pin.wanted, go: pin}\n"
	"    else: home\n"
	"  code:\n"
	"    ask: {ar: \"الرمز:\", fr: \"Code:\"}\n"
	"    input: {type: digits, min: 6, max: 6, pattern: '^[0-9]+$'}\n"
	"    check: enrolment\n"
	"    locked: leave\n"
	"    go: home\n"
	"  pin:\n"
	"    pin: {ar: \"الرقم:\", fr: \"Code secret:\"}\n"
	"    mode: check\n"
	"    locked: leave\n"
	"    go: home\n"
	"  home:\n"
	"    menu: {ar: \"مرحبا {name}\", fr: \"Bonjour {name}\"}\n"
	"    numbering: {ar: tight}\n"
	"    options:\n"
	"      - {say: {ar: \"أخباري\", fr: \"Nouvelles\"}, go: week}\n"
	"      - {say: {ar: \"سكن\", fr: \"Logement\"}, set: {category: housing}, go: note}\n"
	"      - {say: {ar: \"مساعدة\", fr: \"Aide\"}, go: help}\n"
	"      - {say: {ar: \"طلبات\", fr: \"Demandes\"}, when: need.open, go: needs}\n"
	"      - {say: {ar: \"رجوع\", fr: \"Retour\"}, key: \"0\", go: $back}\n"
	"  q1:\n"
	"    menu: {ar: \"كيف الحال؟\", fr: \"Comment va?\"}\n"
	"    into: mood\n"
	"    options:\n"
	"      - {say: {ar: \"جيد\", fr: \"Bien\"}, answer: good}\n"
	"      - {say: {ar: \"متوسط\", fr: \"Moyen\"}, answer: so_so}\n"
	"  q2:\n"
	"    menu: {ar: \"السكن؟\", fr: \"Logement?\"}\n"
	"    into: housing\n"
	"    options:\n"
	"      - {say: {ar: \"نعم\", fr: \"Oui\"}, answer: stable}\n"
	"      - {say: {ar: \"لا\", fr: \"Non\"}, answer: none}\n"
	"  after:\n"
	"    branch:\n"
	"      - {when: mood == need_help, go: help}\n"
	"    else: leave\n"
	"  note:\n"
	"    ask: {ar: \"كلمة؟\", fr: \"Un mot?\"}\n"
	"    input: {type: text, max: 60}\n"
	"    into: note\n"
	"    none: {key: \"0\", go: save}\n"
	"    watch: [{words: crisis, go: help}]\n"
	"    go: save\n"
	"  save:\n"
	"    record: {need.open: {category: $category, urgency: today, note: $note}}\n"
	"    go: leave\n"
	"  needs:\n"
	"    list: needs.open\n"
	"    say: {ar: \"طلب\", fr: \"Demande\"}\n"
	"    options:\n"
	"      - {say: {ar: \"تم\", fr: \"Fini\"}, do: {need.resolve: {}}, go: $item}\n"
	"    empty: home\n"
	"  help:\n"
	"    callback: {wish: any}\n"
	"    open: yes\n"
	"    go: helped\n"
	"  helped: {end: {ar: \"سنتصل\", fr: \"Nous appelons\"}, open: yes}\n"
	"  busy: {end: {ar: \"عطل\", fr: \"Souci\"}}\n"
	"  leave: {end: {ar: \"المركز: {tel}\", fr: \"Centre: {tel}\"}}\n";

static const char good_lists[] =
	"wasl: 1\n"
	"lists:\n"
	"  words: {more: {ar: \"المزيد\", fr: \"Suite\"}, back: {ar: \"رجوع\", fr: \"Retour\"}}\n"
	"patterns: {crisis: ['danger', 'خطر']}\n";

static const char good_sms[] = "wasl: 1\n"
			       "sms:\n"
			       "  T01: {ar: \"مرحبا {name}\", fr: \"Bienvenue {name}\"}\n";

static const char good_lint[] =
	"wasl: 1\n"
	"forbidden: [\"سجن\", \"محكمة\", \"prison\", \"liber-\", \"7ebs\"]\n";

enum { FILES = 5 };
static const struct {
	const char *name, *text;
} good[FILES] = {
	{"main.yaml", good_main}, {"part.yaml", good_part}, {"lists.yaml", good_lists},
	{"sms.yaml", good_sms},   {"lint.yaml", good_lint},
};

struct spoil {
	const char *from, *to; /* of the text; found once, in one file */
	const char *says;      /* part of the fault's sentence */
};

/* A copy of text with from replaced, or NULL when from is not in it just once. */
static char *
replaced(struct arena *a, const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (at == NULL || strstr(at + 1, from) != NULL)
		return NULL;
	return arena_printf(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* Takes the '@' out and tells where it was. */
static bool
mark_take(char *text, uint32_t *line, uint32_t *col)
{
	struct str rest = str_of(text);
	uint32_t cp;

	*line = *col = 1;
	while (utf8_next(&rest, &cp)) {
		if (cp == '@') {
			char *at = text + strlen(text) - rest.n - 1;

			memmove(at, at + 1, rest.n + 1);
			return true;
		}
		*col = cp == '\n' ? 1 : *col + 1;
		*line += cp == '\n';
	}
	return false;
}

static size_t
load(const struct menu_file *files, size_t n, struct err *err)
{
	struct menu_set *set = NULL;
	int rc = menu_load_memory(files, n, NULL, &set, err);

	assert_int_equal(rc == 0, err_errors(err) == 0);
	if (rc == 0)
		menu_drop(set);
	return err_errors(err);
}

static void
one_fault(const struct spoil *spoil)
{
	struct arena *a = arena_new(0);
	struct err *err = err_new();
	struct menu_file files[FILES];
	const char *where = NULL;
	uint32_t line = 0, col = 0;

	for (size_t i = 0; i < FILES; i++) {
		char *text = replaced(a, good[i].text, spoil->from, spoil->to);

		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
		if (text == NULL)
			continue;
		assert_null(where);
		assert_true(mark_take(text, &line, &col));
		where = good[i].name;
		files[i].text = str_of(text);
	}
	assert_non_null(where);
	load(files, FILES, err);
	const struct err_fault *f = err_at(err, 0);
	if (err_errors(err) != 1 || strcmp(f->file, where) != 0 || f->line != line ||
	    f->col != col || strstr(f->text, spoil->says) == NULL) {
		err_print(err, stderr);
		fail_msg("'%s': wanted one fault at %s:%u:%u with '%s'", spoil->to, where, line,
			 col, spoil->says);
	}
	err_free(err);
	arena_free(a);
}

static void
each(const struct spoil *spoils, size_t n)
{
	for (size_t i = 0; i < n; i++)
		one_fault(&spoils[i]);
}

static void
menu_load__a_good_menu_has_no_fault_and_no_warning(void **state)
{
	struct menu_file files[FILES];
	struct err *err = err_new();

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	load(files, FILES, err);
	err_print(err, stderr);
	assert_int_equal(err_count(err), 0);
	err_free(err);
}

static void
menu_load__unknown_names_are_told_with_the_nearest(void **state)
{
	static const struct spoil spoils[] = {
		{"start: gate", "start: @gaet", "no node or run is called gaet (did you mean"},
		{"else: home\n", "else: @hoome\n", "(did you mean \"home\"?)"},
		{"busy: busy", "busy: @bussy", "no node or run"},
		{"{go: help, open: yes}", "{go: @halp, open: yes}", "(did you mean \"help\"?)"},
		{"go: $back", "go: @$bakc", "(did you mean \"$back\"?)"},
		{"questions: [q1, q2]", "questions: [q1, @q7]", "no node or run is called q7"},
		{"{from: person.name}", "{from: @person.nmae}", "(did you mean \"person.name\"?)"},
		{"{type: mood}", "{type: @moood}", "there is no type moood"},
		{"مرحبا {name}\", fr: \"Bonjour", "مرحبا @{naam}\", fr: \"Bonjour",
		 "{naam} is not declared in main.yaml (did you mean \"name\"?)"},
		{"set: {category: housing}", "set: {@categry: housing}",
		 "no variable categry is declared in main.yaml (did you mean \"category\"?)"},
		{"category: $category", "category: @$catgory", "(did you mean \"category\"?)"},
		{"{need.resolve: {}}", "{@need.resolv: {}}", "(did you mean \"need.resolve\"?)"},
		{"words: crisis", "words: @crsis", "(did you mean \"crisis\"?)"},
		{"type: digits", "type: @digit", "(did you mean \"digits\"?)"},
		{"list: needs.open", "list: @needs.all", "there is no list needs.all"},
		{"into: housing", "into: @housin", "(did you mean \"housing\"?)"},
		{"    numbering: {ar: tight}", "    @numberin: {ar: tight}",
		 "(did you mean \"numbering\"?)"},
		{"parts: [part.yaml]", "parts: [part.yaml, @more.yaml]",
		 "there is no file more.yaml"},
		{"check: enrolment", "check: @enrollment", "the only check"},
		{"record: checkin", "record: @chekin", "a run fills a checkin or a survey"},
	};

	(void)state;
	each(spoils, ARRAY_LEN(spoils));
}

static void
menu_load__wrong_values_are_told_at_their_place(void **state)
{
	static const struct spoil spoils[] = {
		{"urgency: today", "urgency: @todya", "(did you mean \"today\"?)"},
		{"category: housing}", "category: @hosing}", "category is never hosing"},
		{"answer: so_so", "answer: @so-so",
		 "mood is never so-so (did you mean \"so_so\"?)"},
		{"need.open: {category: $category, urgency: today, note: $note}",
		 "@need.open: {category: $category}", "need.open needs urgency"},
		{"urgency: today, note: $note", "urgency: today, @nte: $note",
		 "need.open takes no nte"},
		{"category: $category,", "category: @$note,", "must be of type category"},
		{"wish: any", "wish: @anytime", "wish is never anytime"},
		{"into: note", "into: @category", "this input gives text"},
		{"mode: check", "mode: @chek", "mode is check or new"},
		{"numbering: {ar: tight}", "numbering: {ar: @tigt}", "numbering is"},
		{"numbering: {ar: tight}", "numbering: {@de: tight}", "not a language"},
		{"'^[0-9]+$'", "'^[0-9+$@'", "in the pattern"},
		{"['danger', 'خطر']", "['danger', 'خ(طر@']", "in the pattern"},
		{"languages: [ar, fr]", "languages: [ar, fr, @arabic]", "a language is a tag"},
		{"private: true", "private: @maybe", "private needs yes or no"},
		{"name: {from: person.name}",
		 "@Name: {from: person.name}\n  name: {from: person.name}",
		 "a name is small letters"},
		{"direct: {\"8\"", "direct: {@\"8#\"", "a direct path is digits"},
		{"\"prison\"", "@\"p\"", "at least three letters"},
	};

	(void)state;
	each(spoils, ARRAY_LEN(spoils));
}

static void
menu_load__keys_are_unique_and_not_the_gateways(void **state)
{
	static const struct spoil spoils[] = {
		{"key: \"0\", go: $back", "key: @\"2\", go: $back", "the key 2 is taken"},
		{"key: \"0\", go: $back", "key: @\"00\", go: $back", "gateways keep the key 00"},
		{"key: \"0\", go: $back", "key: @\"98\", go: $back", "gateways keep the key 98"},
		{"key: \"0\", go: $back", "key: @\"*\", go: $back", "a key is one to three digits"},
		{"none: {key: \"0\"", "none: {key: @\"x\"", "a key is one to three digits"},
	};

	(void)state;
	each(spoils, ARRAY_LEN(spoils));
}

static void
menu_load__keys_a_channel_reserves_are_refused(void **state)
{
	static const char *const reserved[] = {"4", "77"};
	const struct menu_options options = {
		.lowest = PAGE_LIMIT_DEFAULT, .reserved_keys = reserved, .n_reserved = 2};
	struct menu_file files[FILES];
	struct err *err = err_new();
	struct menu_set *set;

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	assert_int_equal(menu_load_memory(files, FILES, &options, &set, err), W_EINVAL);
	assert_int_equal(err_errors(err), 1);
	assert_int_equal(err_at(err, 0)->line, 28);
	assert_non_null(strstr(err_at(err, 0)->text, "gateways keep the key 4"));
	err_free(err);
}

static void
menu_load__texts_are_whole_in_every_language(void **state)
{
	static const struct spoil spoils[] = {
		{"busy: {end: {ar: \"عطل\", fr: \"Souci\"}}", "busy: {end: @{ar: \"عطل\"}}",
		 "[fr] the text is missing"},
		{"fr: \"Souci\"", "fr: @\"\"", "the text is empty"},
		{"fr: \"Souci\"", "fr: @Souci", "write texts in quotes"},
		{"fr: \"Souci\"", "fr: \"Souci\", @de: \"Problem\"", "de is not a language"},
		{"fr: \"Souci\"", "fr: \"Souci @{tel\"", "a brace without its twin"},
		{"fr: \"Souci\"", "fr: \"Souci\\n@}\"", "a brace without its twin"},
		{"fr: \"Erreur\"", "fr: @[a]", "a text is needed here"},
	};

	(void)state;
	each(spoils, ARRAY_LEN(spoils));
}

static void
menu_load__fallback_stands_in_for_a_missing_language(void **state)
{
	struct menu_file files[FILES];
	struct arena *a = arena_new(0);
	struct err *err = err_new();

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	files[1].text = str_of(replaced(a, good_part, "fr: \"Souci\"", "fallback: true"));
	assert_int_equal(load(files, FILES, err), 0);
	err_free(err);
	arena_free(a);
}

static void
menu_load__conditions_are_checked_in_their_text(void **state)
{
	static const struct spoil spoils[] = {
		{"when: pin.wanted", "when: @pin.wantd", "(did you mean \"pin.wanted\"?)"},
		{"when: pin.wanted", "when: pin.wanted @or pin.set", "\"and\" or the end"},
		{"when: pin.wanted", "when: pin.wanted @== yes", "has no words to compare"},
		{"when: pin.wanted", "when: category == @house", "category is never house"},
		{"when: pin.wanted", "when: not category @== housing", "write != instead"},
		{"when: pin.wanted", "when: \"category in (housing, @wrk)\"",
		 "category is never wrk (did you mean \"work\"?)"},
		{"when: pin.wanted", "when: category in @housing", "words in brackets"},
		{"when: pin.wanted", "when: note @== hello", "has no words to compare"},
		{"when: pin.wanted", "when: pin.wanted and@", "a name is needed here"},
		{"mood == need_help", "mood == @needhelp", "(did you mean \"need_help\"?)"},
	};

	(void)state;
	each(spoils, ARRAY_LEN(spoils));
}

static void
menu_load__nodes_are_one_known_thing(void **state)
{
	static const struct spoil spoils[] = {
		{"  busy: {end:", "  busy: {use: @common, end:", "there is no sub-menu common"},
		{"  busy: {end: {", "  @busy: {message: \"x\", go: leave, end: {",
		 "a node is one thing"},
		{"  busy: {end: {ar: \"عطل\", fr: \"Souci\"}}", "  @busy: {open: yes}",
		 "a node needs one of"},
		{"  helped:", "  @Helped: {end: \"x\"}\n  helped:", "a name is small letters"},
	};

	(void)state;
	each(spoils, ARRAY_LEN(spoils));
}

/* Every key of a menu, each on a line of its own. */
static const char wide_main[] = "wasl: 1\n"
				"id: wide\n"
				"languages:\n"
				"  - ar\n"
				"  - ary-Latn\n"
				"keys:\n"
				"  back: \"0\"\n"
				"  more: \"9\"\n"
				"parts:\n"
				"  - part.yaml\n"
				"start: gate\n"
				"direct:\n"
				"  \"8\":\n"
				"    go: help\n"
				"    open: yes\n"
				"  \"4*2\":\n"
				"    go: week\n"
				"special:\n"
				"  wrong: \"x\"\n"
				"  busy: busy\n"
				"  leave: leave\n"
				"  enrolled: home\n"
				"vars:\n"
				"  tel:\n"
				"    from: centre.tel\n"
				"    max: 10\n"
				"  category:\n"
				"    type: category\n"
				"  note:\n"
				"    type: text\n"
				"    max: 60\n"
				"    private: yes\n"
				"  mood:\n"
				"    type: mood\n"
				"  pin1:\n"
				"    type: digits\n";

static const char wide_part[] = "wasl: 1\n"
				"runs:\n"
				"  week:\n"
				"    record: checkin\n"
				"    questions:\n"
				"      - q1\n"
				"    then: after\n"
				"nodes:\n"
				"  gate:\n"
				"    branch:\n"
				"      - when: not link.known\n"
				"        go: code\n"
				"      - when: \"category in (housing, work) and mood != good\"\n"
				"        go: pin\n"
				"    else: lang\n"
				"  lang:\n"
				"    language:\n"
				"      say: \"x\"\n"
				"      names:\n"
				"        ar: \"x\"\n"
				"        ary-Latn: \"y\"\n"
				"    numbering:\n"
				"      ar: loose\n"
				"    retry:\n"
				"      max: 1\n"
				"    go: home\n"
				"  code:\n"
				"    ask: \"x\"\n"
				"    input:\n"
				"      type: digits\n"
				"      min: 6\n"
				"      max: 6\n"
				"      pattern: '^[0-9]+$'\n"
				"    into: pin1\n"
				"    check: enrolment\n"
				"    locked: leave\n"
				"    go: home\n"
				"  pin:\n"
				"    pin: \"x\"\n"
				"    mode: check\n"
				"    none:\n"
				"      key: \"0\"\n"
				"      go: home\n"
				"    locked: leave\n"
				"    retry:\n"
				"      say: \"y\"\n"
				"      max: 3\n"
				"      else: leave\n"
				"    go: home\n"
				"  home:\n"
				"    menu:\n"
				"      ar: \"x\"\n"
				"      fallback: yes\n"
				"    options:\n"
				"      - say: \"a\"\n"
				"        when: need.open\n"
				"        key: \"7\"\n"
				"        set:\n"
				"          category: housing\n"
				"        do:\n"
				"          consent:\n"
				"            kind: given\n"
				"        go: note\n"
				"      - say: \"b\"\n"
				"        go: needs\n"
				"      - say: \"c\"\n"
				"        go: info\n"
				"      - say: \"d\"\n"
				"        go: week\n"
				"    go: leave\n"
				"    resumable: yes\n"
				"  info:\n"
				"    message: \"{tel}\"\n"
				"    go: leave\n"
				"  q1:\n"
				"    menu: \"x\"\n"
				"    into: mood\n"
				"    options:\n"
				"      - say: \"a\"\n"
				"        answer: good\n"
				"  after:\n"
				"    record:\n"
				"      need.open:\n"
				"        category: $category\n"
				"        urgency: today\n"
				"    go: leave\n"
				"  note:\n"
				"    ask: \"x\"\n"
				"    input:\n"
				"      type: text\n"
				"    into: note\n"
				"    watch:\n"
				"      - words: crisis\n"
				"        set:\n"
				"          category: work\n"
				"        go: help\n"
				"    go: leave\n"
				"  needs:\n"
				"    list: needs.open\n"
				"    say: \"x\"\n"
				"    options:\n"
				"      - say: \"a\"\n"
				"        go: $item\n"
				"    empty: leave\n"
				"  help:\n"
				"    callback:\n"
				"      wish: any\n"
				"    open: yes\n"
				"    go: helped\n"
				"  helped:\n"
				"    end: \"x\"\n"
				"    open: yes\n"
				"  busy:\n"
				"    end: \"x\"\n"
				"  leave:\n"
				"    end: \"x\"\n";

static const char wide_lists[] = "wasl: 1\n"
				 "lists:\n"
				 "  words:\n"
				 "    more: \"m\"\n"
				 "    back: \"b\"\n"
				 "  urgency:\n"
				 "    today: \"t\"\n"
				 "    week: \"w\"\n"
				 "    can_wait: \"c\"\n"
				 "patterns:\n"
				 "  crisis:\n"
				 "    - 'danger'\n";
static const char wide_sms[] = "wasl: 1\n"
			       "sms:\n"
			       "  T01:\n"
			       "    ar: \"{tel}\"\n"
			       "    ary-Latn: \"y\"\n";
static const char wide_lint[] = "wasl: 1\n"
				"forbidden:\n"
				"  - \"prison\"\n";

static const struct menu_file wide[FILES] = {
	{"main.yaml", {wide_main, sizeof(wide_main) - 1}},
	{"part.yaml", {wide_part, sizeof(wide_part) - 1}},
	{"lists.yaml", {wide_lists, sizeof(wide_lists) - 1}},
	{"sms.yaml", {wide_sms, sizeof(wide_sms) - 1}},
	{"lint.yaml", {wide_lint, sizeof(wide_lint) - 1}},
};

/* load() says in passing that a set is refused if and only if a fault is told. */
static void
spoil_file(struct arena *a, size_t at)
{
	struct menu_file files[FILES];
	const char *text = wide[at].text.p;

	memcpy(files, wide, sizeof(files));
	for (size_t line = 0; line < spoil_lines(text); line++) {
		for (size_t kind = 0; kind < ARRAY_LEN(spoil_kinds); kind++) {
			struct err *err = err_new();
			char *spoilt = spoil_line(a, text, line, spoil_kinds[kind]);

			files[at].text = str_of(spoilt ? spoilt : text);
			size_t faults = load(files, FILES, err);

			if (spoilt != NULL && kind == 0 && faults == 0)
				fail_msg("%s: line %zu took %s", wide[at].name, line + 1,
					 spoil_kinds[kind]);
			err_free(err);
		}
		arena_reset(a);
	}
}

static void
menu_load__what_is_no_value_of_a_key_is_told_wherever_it_stands(void **state)
{
	struct arena *a = arena_new(0);
	struct err *err = err_new();

	(void)state;
	load(wide, FILES, err);
	err_print(err, stderr);
	assert_int_equal(err_count(err), 0);
	err_free(err);
	for (size_t i = 0; i < FILES; i++)
		spoil_file(a, i);
	arena_free(a);
}

static void
menu_load__a_name_is_declared_once_in_all_files(void **state)
{
	struct menu_file files[FILES];
	struct arena *a = arena_new(0);
	struct err *err = err_new();

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	files[0].text = str_of(replaced(a, good_main, "  mood: {type: mood}\n",
					"  mood: {type: mood}\nnodes:\n  busy: {end: \"x\"}\n"));
	assert_int_equal(load(files, FILES, err), 1);
	assert_string_equal(err_at(err, 0)->file, "part.yaml");
	assert_non_null(strstr(err_at(err, 0)->text, "there already, in main.yaml at line 20"));
	err_free(err);
	arena_free(a);
}

static void
menu_load__the_graph_is_proven(void **state)
{
	static const struct spoil spoils[] = {
		{"  busy: {end:", "  @lost: {end: \"x\"}\n  busy: {end:", "lost is never reached"},
		{"    options:\n      - {say: {ar: \"تم\", fr: \"Fini\"}, do: {need.resolve: {}}, go: $item}\n"
		 "    empty: home\n",
		 "    options:\n      - {say: {ar: \"تم\", fr: \"Fini\"}, do: {need.resolve: {}}, go: trap}\n"
		 "    empty: home\n  @trap: {menu: \"x\", options: [{say: \"y\", go: trap}]}\n",
		 "trap never ends"},
		{"  helped: {end: {ar: \"سنتصل\", fr: \"Nous appelons\"}, open: yes}",
		 "  @helped: {end: {ar: \"سنتصل\", fr: \"Nous appelons\"}}", "must say open: yes"},
		{"answer: good}", "answer: good, go: @$nowhere}", "no node or run"},
	};

	(void)state;
	each(spoils, ARRAY_LEN(spoils));
}

static void
menu_load__branches_may_not_go_round_without_a_page(void **state)
{
	struct menu_file files[FILES];
	struct arena *a = arena_new(0);
	struct err *err = err_new();

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	files[1].text =
		str_of(replaced(a, good_part, "need_help, go: help}",
				"need_help, go: help}\n      - {when: mood == so_so, go: week}"));
	assert_int_equal(load(files, FILES, err), 1);
	assert_non_null(strstr(err_at(err, 0)->text, "after leads round to itself"));
	err_free(err);
	arena_free(a);
}

static void
menu_load__runs_and_lists_have_words_of_their_own(void **state)
{
	static const struct spoil spoils[] = {
		{"go: $item}", "go: $item}\n      - {say: \"x\", go: $item, answer: @good}",
		 "only the questions of a run have answers"},
		{"questions: [q1, q2]", "questions: [q1, q2, @q1]",
		 "a question of this run already"},
		{"questions: [q1, q2]", "questions: [q1, q2, @week]", "a question is a node"},
		{"questions: [q1, q2]", "questions: [q1, q2, @leave]", "a question is a menu"},
		{"      - {say: {ar: \"نعم\", fr: \"Oui\"}, answer: stable}",
		 "      - @{say: {ar: \"نعم\", fr: \"Oui\"}}", "needs the word to store"},
		{"  home:\n    menu: {ar: \"مرحبا {name}\", fr: \"Bonjour {name}\"}\n    numbering: "
		 "{ar: tight}\n    options:\n      - {say: {ar: \"أخباري\", fr: \"Nouvelles\"}, go: week}",
		 "  @home:\n    menu: {ar: \"مرحبا {name}\", fr: \"Bonjour {name}\"}\n    numbering: "
		 "{ar: tight}\n    options:\n      - {say: \"x\", go: week}\n      - {say: \"y\", go: "
		 "$question}",
		 "home is reached outside a run, where $question leads nowhere"},
		{"  home:\n    menu: {ar: \"مرحبا {name}\", fr: \"Bonjour {name}\"}\n    numbering: "
		 "{ar: tight}\n    options:\n      - {say: {ar: \"أخباري\", fr: \"Nouvelles\"}, go: week}",
		 "  @home:\n    menu: {ar: \"مرحبا {name}\", fr: \"Bonjour {name}\"}\n    numbering: "
		 "{ar: tight}\n    options:\n      - {say: \"x\", go: week}\n      - {say: \"y\", go: "
		 "$item}",
		 "$item leads on inside a list only"},
	};

	(void)state;
	each(spoils, ARRAY_LEN(spoils));
}

static void
menu_load__forbidden_words_are_found_in_three_scripts(void **state)
{
	static const struct spoil spoils[] = {
		{"fr: \"Souci\"", "fr: @\"Sorti de PRISON\"", "[fr] the forbidden word prison"},
		{"fr: \"Souci\"", "fr: @\"Après la libération\"", "the forbidden word liber-"},
		{"fr: \"Souci\"", "fr: @\"p.r.i.s.o.n\"", "the forbidden word prison"},
		{"fr: \"Souci\"", "fr: @\"p r i s o n\"", "the forbidden word prison"},
		{"fr: \"Souci\"", "fr: @\"khrejti mn l7ebs\"", "the forbidden word 7ebs"},
		{"ar: \"عطل\"", "ar: @\"من السجن\"", "[ar] the forbidden word سجن"},
		{"ar: \"عطل\"", "ar: @\"س ج ن\"", "[ar] the forbidden word سجن"},
		{"ar: \"عطل\"", "ar: @\"أمام محكمتك\"", "[ar] the forbidden word محكمة"},
		{"fr: \"Bienvenue {name}\"", "fr: @\"prison {name}\"", "the forbidden word prison"},
		{"fr: \"Suite\"", "fr: @\"Prisonnier\"", "the forbidden word prison"},
	};

	(void)state;
	each(spoils, ARRAY_LEN(spoils));
}

static void
menu_load__arabic_lines_keep_their_order(void **state)
{
	static const struct spoil spoils[] = {
		{"ar: \"عطل\"", "ar: @\"اتصل +212600000000\"", "the plus sign"},
		{"ar: \"عطل\"", "ar: @\"من 10-12\"", "digits around a hyphen"},
		{"ar: \"عطل\"", "ar: @\"اتصل 06 12 34\"", "groups of digits"},
		{"ar: \"عطل\"", "ar: @\"اطلب *580#\"", "a code is shown scrambled"},
	};

	(void)state;
	each(spoils, ARRAY_LEN(spoils));
}

static void
menu_load__an_option_too_long_for_any_page_is_refused(void **state)
{
	static const struct spoil spoil = {
		"- {say: {ar: \"جيد\", fr: \"Bien\"}",
		"- {say: {ar: \"جيد جيد جيد جيد جيد جيد جيد جيد جيد جيد جيد جيد جيد جيد جيد جيد جيد "
		"جيد جيد جيد جيد\", fr: \"Bien\"}",
		"cannot be cut in pages"};
	struct menu_file files[FILES];
	struct arena *a = arena_new(0);
	struct err *err = err_new();

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	files[1].text = str_of(replaced(a, good_part, spoil.from, spoil.to));
	assert_int_equal(load(files, FILES, err), 1);
	assert_non_null(strstr(err_at(err, 0)->text, spoil.says));
	assert_int_equal(err_at(err, 0)->line, 31);
	err_free(err);
	arena_free(a);
}

static void
menu_load__ten_faults_are_ten(void **state)
{
	static const char *const edits[][2] = {
		{"else: home\n", "else: hoome\n"},
		{"when: pin.wanted", "when: pin.wantd"},
		{"'^[0-9]+$'", "'^[0-9'"},
		{"mode: check", "mode: chek"},
		{"Bonjour {name}", "Bonjour {naam}"},
		{"category: housing", "category: hosing"},
		{"key: \"0\", go: $back", "key: \"00\", go: $back"},
		{"answer: so_so", "answer: soso"},
		{"wish: any", "wish: sometime"},
		{"fr: \"Souci\"", "fr: \"prison\""},
	};
	struct menu_file files[FILES];
	struct arena *a = arena_new(0);
	struct err *err = err_new();
	char *text = arena_strdup(a, good_part);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(edits); i++)
		text = replaced(a, text, edits[i][0], edits[i][1]);
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	files[1].text = str_of(text);
	assert_int_equal(load(files, FILES, err), 10);
	for (size_t i = 1; i < 10; i++)
		assert_true(err_at(err, i)->line > err_at(err, i - 1)->line);
	err_free(err);
	arena_free(a);
}

static void
menu_load__broken_yaml_is_told_for_every_file(void **state)
{
	struct menu_file files[FILES];
	struct err *err = err_new();

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	files[1].text = STR_LIT("wasl: 1\nnodes: [\n");
	files[3].text = STR_LIT("wasl: &a 1\nsms: {}\n");
	assert_int_equal(load(files, FILES, err), 2);
	assert_string_equal(err_at(err, 0)->file, "part.yaml");
	assert_string_equal(err_at(err, 1)->file, "sms.yaml");
	err_free(err);
}

static void
menu_load__a_latin_text_outside_gsm7_is_a_warning(void **state)
{
	struct menu_file files[FILES];
	struct arena *a = arena_new(0);
	struct err *err = err_new();

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	files[1].text = str_of(replaced(a, good_part, "fr: \"Souci\"", "fr: \"Peut-être\""));
	assert_int_equal(load(files, FILES, err), 0);
	assert_int_equal(err_warnings(err), 1);
	assert_non_null(strstr(err_at(err, 0)->text, "[fr] ê is not in GSM-7"));
	err_free(err);
	arena_free(a);
}

static void
menu_load__any_changed_byte_changes_the_version(void **state)
{
	struct menu_set *first, *second;
	struct menu_file files[FILES];
	struct err *err = err_new();

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	assert_int_equal(menu_load_memory(files, FILES, NULL, &first, err), 0);
	files[4].text.n--;
	assert_int_equal(menu_load_memory(files, FILES, NULL, &second, err), 0);
	assert_string_not_equal(menu_version(first), menu_version(second));
	menu_drop(menu_hold(first));
	assert_int_equal(strlen(menu_version(first)), 16);
	menu_drop(first);
	menu_drop(second);
	err_free(err);
}

static void
menu_load__a_folder_without_main_yaml_is_told(void **state)
{
	struct err *err = err_new();
	struct menu_set *set;

	(void)state;
	assert_int_equal(menu_load(WASL_SOURCE_DIR "/tests/unit", NULL, &set, err), W_EINVAL);
	assert_non_null(strstr(err_at(err, 0)->file, "main.yaml"));
	err_free(err);
}

/* 5,000 nodes in a chain: the proofs must not take the square of it. */
static void
menu_load__five_thousand_nodes_load(void **state)
{
	struct arena *a = arena_new(1 << 20);
	struct menu_file files[FILES];
	struct err *err = err_new();
	struct buf part;

	(void)state;
	buf_init_arena(&part, a);
	buf_adds(&part, good_part);
	for (unsigned i = 0; i < 5000; i++)
		buf_printf(&part, "  n%u: {message: {ar: \"نعم\", fr: \"Oui\"}, go: %s%.0u}\n", i,
			   i + 1 < 5000 ? arena_printf(a, "n%u", i + 1) : "leave", 0);
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct menu_file){good[i].name, str_of(good[i].text)};
	files[0].text = str_of(replaced(a, good_main, "{go: help, open: yes}",
					"{go: help, open: yes}, \"1\": n0"));
	files[1].text = buf_str(&part);
	assert_int_equal(load(files, FILES, err), 0);
	err_free(err);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_load__a_good_menu_has_no_fault_and_no_warning),
		cmocka_unit_test(menu_load__unknown_names_are_told_with_the_nearest),
		cmocka_unit_test(menu_load__wrong_values_are_told_at_their_place),
		cmocka_unit_test(menu_load__keys_are_unique_and_not_the_gateways),
		cmocka_unit_test(menu_load__keys_a_channel_reserves_are_refused),
		cmocka_unit_test(menu_load__texts_are_whole_in_every_language),
		cmocka_unit_test(menu_load__fallback_stands_in_for_a_missing_language),
		cmocka_unit_test(menu_load__conditions_are_checked_in_their_text),
		cmocka_unit_test(menu_load__nodes_are_one_known_thing),
		cmocka_unit_test(menu_load__what_is_no_value_of_a_key_is_told_wherever_it_stands),
		cmocka_unit_test(menu_load__a_name_is_declared_once_in_all_files),
		cmocka_unit_test(menu_load__the_graph_is_proven),
		cmocka_unit_test(menu_load__branches_may_not_go_round_without_a_page),
		cmocka_unit_test(menu_load__runs_and_lists_have_words_of_their_own),
		cmocka_unit_test(menu_load__forbidden_words_are_found_in_three_scripts),
		cmocka_unit_test(menu_load__arabic_lines_keep_their_order),
		cmocka_unit_test(menu_load__an_option_too_long_for_any_page_is_refused),
		cmocka_unit_test(menu_load__ten_faults_are_ten),
		cmocka_unit_test(menu_load__broken_yaml_is_told_for_every_file),
		cmocka_unit_test(menu_load__a_latin_text_outside_gsm7_is_a_warning),
		cmocka_unit_test(menu_load__any_changed_byte_changes_the_version),
		cmocka_unit_test(menu_load__a_folder_without_main_yaml_is_told),
		cmocka_unit_test(menu_load__five_thousand_nodes_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
