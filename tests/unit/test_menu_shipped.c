/*
 * The menus we ship, against the tables of screens and messages: byte for byte,
 * in every language, with the same placeholders filled the same way.
 */
#include "menu/menu.h"
#include "helper/table.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define LRM "\xE2\x80\x8E"

static struct menu_set *set;
static struct arena *arena;

static int
setup(void **state)
{
	struct err *err = err_new();
	int rc = menu_load(WASL_SOURCE_DIR "/menus", NULL, &set, err);

	(void)state;
	err_print(err, stderr);
	rc = rc == 0 && err_count(err) == 0 ? 0 : -1;
	err_free(err);
	arena = arena_new(1 << 16);
	return rc;
}

static int
teardown(void **state)
{
	(void)state;
	menu_drop(set);
	arena_free(arena);
	return 0;
}

/* What the tables write in braces, as a text has it that was filled. */
struct sample {
	const char *hole;
	enum menu_fact fact;
	const char *value;
};
static const struct sample samples[] = {
	{"{name}", MENU_FACT_PERSON_NAME, "Nadia"},
	{"{tel}", MENU_FACT_CENTRE_TEL, "0520000000"},
	{"{ussd}", MENU_FACT_CHANNEL_CODE, "*000*123#"},
	{"{q}", MENU_FACT_RUN_LEFT, "3"},
	{"{k}", MENU_FACT_PIN_LEFT, "2"},
	{"{n}", MENU_FACT_NEED_NUMBER, "2001"},
	{"{c}", MENU_FACT_NEED_COUNT, "12"},
	{"{cat}", MENU_FACT_NEED_CATEGORY, "xyz"},
	{"{when}", MENU_FACT_CALLBACK_WHEN, "ghedda 9:00"},
	{"{day}", MENU_FACT_APPOINTMENT_DAY, "abc 25/11"},
	{"{time}", MENU_FACT_APPOINTMENT_TIME, "10:30"},
	{"{cw}", MENU_FACT_PERSON_CASEWORKER, "Mona"},
	{"{stage}", MENU_FACT_PROJECT_STAGE, "xyzw"},
	{"{place}", MENU_FACT_APPOINTMENT_PLACE, "qrs"},
	{"{date}", MENU_FACT_MESSAGE_DATE, "25/11"},
	{"{m}", MENU_FACT_SURVEY_AFTER, "tuv"},
	{"{ref}", MENU_FACT_PERSON_REF, "CAS-0147"},
};

static struct menu_values
values_for(unsigned lang)
{
	struct menu_values v = {.facts[0] = STR_NONE};

	for (size_t i = 0; i < ARRAY_LEN(samples); i++)
		v.facts[samples[i].fact] = str_of(samples[i].value);
	v.facts[MENU_FACT_FREE] = menu_word(set, lang, "words", STR_LIT("free"));
	v.facts[MENU_FACT_POLICE] = STR_LIT("19");
	v.facts[MENU_FACT_GENDARMERIE] = STR_LIT("177");
	v.facts[MENU_FACT_AMBULANCE] = STR_LIT("15");
	v.facts[MENU_FACT_SAMU] = STR_LIT("141");
	v.facts[MENU_FACT_WOMEN] = STR_LIT("8350");
	v.facts[MENU_FACT_RUN_DUE] = STR_LIT("yes");
	return v;
}

static const struct sample *
sample_at(struct str rest)
{
	for (size_t i = 0; i < ARRAY_LEN(samples); i++)
		if (str_starts(rest, str_of(samples[i].hole)))
			return &samples[i];
	return NULL;
}

/* The cell of the table with its holes filled; an empty one means the text of ary. */
static struct str
wanted(struct table *t, size_t row, unsigned lang)
{
	struct str rest = table_text(t, row, menu_lang_tag(set, lang));
	struct buf out;

	if (rest.n == 0)
		rest = table_text(t, row, "ary");
	buf_init_arena(&out, arena);
	while (rest.n > 0) {
		const struct sample *s = sample_at(rest);
		bool code =
			s != NULL && s->fact == MENU_FACT_CHANNEL_CODE && menu_lang_rtl(set, lang);

		if (code)
			buf_adds(&out, LRM);
		if (s != NULL)
			buf_adds(&out, s->value);
		else
			buf_addc(&out, rest.p[0]);
		if (code)
			buf_adds(&out, LRM);
		rest = str_after(rest, s != NULL ? strlen(s->hole) : 1);
	}
	return buf_str(&out);
}

static struct str
node_name(struct str id)
{
	char *name = arena_strdup(arena, arena_str(arena, id).p);

	for (char *p = name; *p != '\0'; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	return str_of(name);
}

/* A4 and A13 are what A3 and A12 show after a wrong answer; Z1 is a prefix. */
static struct str
shown(struct str id, unsigned lang, const struct menu_values *v)
{
	static const struct {
		const char *id, *node;
	} wrong[] = {{"A4", "a3"}, {"A13", "a12"}};
	enum menu_face face = FACE_PAGE;
	struct str name = node_name(id);
	struct menu_page page;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		if (str_is(id, wrong[i].id)) {
			name = str_of(wrong[i].node);
			face = FACE_WRONG;
		}
	}
	if (str_is(id, "Z1"))
		return menu_fill(set, &menu_special(set)->wrong_prefix.of[lang], lang, v, arena);
	if (menu_show(set, menu_find(set, name), lang, 0, face, v, PAGE_LIMIT_DEFAULT, arena,
		      &page) != 0)
		return STR_LIT("(no such page)");
	return page.pages == 1 ? page.text : STR_LIT("(several pages)");
}

static void
menu_shipped__every_screen_is_the_one_of_the_table(void **state)
{
	struct table *t = table_open("screens.tsv");

	(void)state;
	for (size_t row = 0; row < table_rows(t); row++) {
		struct str id = table_raw(t, row, "id");

		for (unsigned lang = 0; lang < menu_lang_count(set); lang++) {
			struct menu_values v = values_for(lang);
			struct str want = wanted(t, row, lang), got = shown(id, lang, &v);

			if (!str_eq(got, want))
				table_miss(t, row, "[%s] got '%.*s', not '%.*s'",
					   menu_lang_tag(set, lang), STR_ARG(got), STR_ARG(want));
		}
	}
	table_finish(t);
}

static void
menu_shipped__every_message_is_the_one_of_the_table(void **state)
{
	struct table *t = table_open("sms.tsv");

	(void)state;
	for (size_t row = 0; row < table_rows(t); row++) {
		const struct menu_texts *texts = menu_sms(set, table_raw(t, row, "id"));

		if (texts == NULL)
			table_miss(t, row, "no such template");
		for (unsigned lang = 0; texts != NULL && lang < menu_lang_count(set); lang++) {
			struct menu_values v = values_for(lang);
			struct str want = wanted(t, row, lang);
			struct str got = menu_fill(set, &texts->of[lang], lang, &v, arena);
			struct sms_size size;

			if (!str_eq(got, want))
				table_miss(t, row, "[%s] got '%.*s', not '%.*s'",
					   menu_lang_tag(set, lang), STR_ARG(got), STR_ARG(want));
			if (sms_measure(got, 8, &size) != 0 || size.parts != 1)
				table_miss(t, row, "[%s] not one segment",
					   menu_lang_tag(set, lang));
		}
	}
	table_finish(t);
}

static bool
is_page(const struct menu_node *n)
{
	return n->kind != MENU_RECORD && n->kind != MENU_BRANCH && n->kind != MENU_CALLBACK;
}

/* Calls fn for every page of every node in every language. */
static void
each_page(struct page_limit limit,
	  void (*fn)(uint16_t, unsigned, const struct menu_page *, struct page_limit))
{
	struct menu_page page;

	for (uint16_t id = 0; id < menu_node_count(set); id++) {
		for (unsigned lang = 0; lang < menu_lang_count(set); lang++) {
			struct menu_values v = values_for(lang);
			unsigned number = 0;

			if (!is_page(menu_node(set, id)))
				continue;
			do {
				assert_int_equal(menu_show(set, id, lang, number, FACE_PAGE, &v,
							   limit, arena, &page),
						 0);
				fn(id, lang, &page, limit);
			} while (++number < page.pages);
		}
		arena_reset(arena);
	}
}

static void
page_fits(uint16_t id, unsigned lang, const struct menu_page *page, struct page_limit limit)
{
	(void)id;
	(void)lang;
	assert_true(ussd_fits(page->text, limit));
	assert_true(page->units <= (page->coding == TEXT_GSM7 ? limit.gsm7 : limit.ucs2));
}

static void
menu_shipped__no_page_is_over_80_units_or_182_septets(void **state)
{
	(void)state;
	each_page(PAGE_LIMIT_DEFAULT, page_fits);
}

static void
page_is_whole(uint16_t id, unsigned lang, const struct menu_page *page, struct page_limit limit)
{
	page_fits(id, lang, page, limit);
	assert_int_equal(page->pages, 1);
}

static void
menu_shipped__every_screen_is_one_page(void **state)
{
	(void)state;
	each_page(PAGE_LIMIT_DEFAULT, page_is_whole);
}

static size_t
count_lines(struct str text, struct str line)
{
	size_t n = 0;

	while (text.n > 0)
		n += str_eq(str_cut(&text, '\n'), line);
	return n;
}

/* On all pages of a node together each option stands once, whole, on a line of its own. */
static void
options_stay_whole(struct page_limit limit)
{
	for (uint16_t id = 0; id < menu_node_count(set); id++) {
		const struct menu_node *node = menu_node(set, id);

		for (unsigned lang = 0; lang < menu_lang_count(set); lang++) {
			struct menu_values v = values_for(lang);
			size_t seen[16] = {0};
			struct menu_page page = {.pages = node->n_options > 0 ? 1 : 0};

			for (unsigned p = 0; p < page.pages; p++) {
				assert_int_equal(menu_show(set, id, lang, p, FACE_PAGE, &v, limit,
							   arena, &page),
						 0);
				for (size_t o = 0; o < node->n_options; o++) {
					struct str label =
						menu_fill(set, &node->options[o].say.of[lang], lang,
							  &v, arena);

					seen[o] += count_lines(
						page.text,
						str_of(arena_printf(arena, "%s.%s%.*s",
								    node->options[o].key,
								    node->tight[lang] ? "" : " ",
								    STR_ARG(label))));
				}
			}
			for (size_t o = 0; o < node->n_options; o++)
				assert_true(seen[o] >= 1);
		}
		arena_reset(arena);
	}
}

/* Whatever the page number, each option can be reached with "more" and its key. */
static void
options_stay_pressable(struct page_limit limit)
{
	for (uint16_t id = 0; id < menu_node_count(set); id++) {
		const struct menu_node *node = menu_node(set, id);

		for (unsigned lang = 0; lang < menu_lang_count(set); lang++) {
			struct menu_values v = values_for(lang);

			for (size_t o = 0; o < node->n_options; o++) {
				size_t got = SIZE_MAX;
				unsigned page = 0;

				for (unsigned turn = 0; turn < 20 && got != o; turn++) {
					enum menu_press press = menu_press(
						set, id, lang, page, &v, limit,
						str_of(node->options[o].key), arena, &got);

					if (press != PRESS_OPTION)
						assert_int_equal(menu_press(set, id, lang, page, &v,
									    limit, STR_LIT("9"),
									    arena, &got),
								 PRESS_MORE);
					page += press != PRESS_OPTION;
				}
				assert_int_equal(got, o);
			}
		}
		arena_reset(arena);
	}
}

static const struct page_limit small_limits[] = {{160, 70}, {80, 40}};

static void
menu_shipped__small_pages_split_no_option(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(small_limits); i++) {
		each_page(small_limits[i], page_fits);
		options_stay_whole(small_limits[i]);
	}
}

static void
menu_shipped__small_pages_keep_every_option_pressable(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(small_limits); i++)
		options_stay_pressable(small_limits[i]);
}

static void
menu_shipped__a_shared_phone_shows_no_name_and_no_gap(void **state)
{
	int ary = menu_lang_of(set, STR_LIT("ary"));
	struct menu_values v = values_for((unsigned)ary);
	struct menu_page page;

	(void)state;
	v.facts[MENU_FACT_PERSON_NAME] = v.facts[MENU_FACT_NEED_CATEGORY] = STR_NONE;
	assert_int_equal(menu_show(set, menu_find(set, STR_LIT("c4")), (unsigned)ary, 0, FACE_PAGE,
				   &v, PAGE_LIMIT_DEFAULT, arena, &page),
			 0);
	assert_true(str_starts(page.text, STR_LIT("شكرا. جوابك وصل.\n")));
	assert_int_equal(menu_show(set, menu_find(set, STR_LIT("d6")), (unsigned)ary, 0, FACE_PAGE,
				   &v, PAGE_LIMIT_DEFAULT, arena, &page),
			 0);
	assert_true(str_starts(page.text, STR_LIT("طلبات باقية: 12\nرقم 2001\n1.تقضى")));
}

static void
menu_shipped__what_is_not_free_is_not_said_to_be(void **state)
{
	int fr = menu_lang_of(set, STR_LIT("fr"));
	struct menu_values v = values_for((unsigned)fr);
	struct menu_page page;

	(void)state;
	v.facts[MENU_FACT_FREE] = STR_NONE;
	assert_int_equal(menu_show(set, menu_find(set, STR_LIT("a6")), (unsigned)fr, 0, FACE_PAGE,
				   &v, PAGE_LIMIT_DEFAULT, arena, &page),
			 0);
	assert_true(str_starts(page.text, STR_LIT("Seuls l'accompagnant et le centre voient vos "
						  "réponses.\nVous pouvez quitter")));
}

static void
menu_shipped__categories_are_named_as_the_pages_name_them(void **state)
{
	static const char *const pages[] = {"d1a", "d1b"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		const struct menu_node *node = menu_node(set, menu_find(set, str_of(pages[i])));

		for (size_t o = 0; o < node->n_options; o++) {
			const struct menu_option *option = &node->options[o];

			for (unsigned lang = 0; option->n_sets > 0 && lang < menu_lang_count(set);
			     lang++)
				assert_true(str_eq(
					menu_word(set, lang, "category", option->sets[0].word),
					option->say.of[lang].pieces[0].literal));
		}
	}
}

/* ---- Runs ---- */

static const struct menu_run *
run_named(const char *name)
{
	for (uint16_t i = 0; i < menu_run_count(set); i++)
		if (str_is(menu_run(set, i)->name, name))
			return menu_run(set, i);
	fail_msg("no run is called %s", name);
	return NULL;
}

/* "e1 e4 e6a": the questions that are asked while nothing is known but these words of facts and
 * variables: "person.path job activity stopped". */
static struct str
asked(const char *run_name, const char *known)
{
	static const struct {
		const char *name;
		enum menu_fact fact;
	} facts[] = {{"person.path", MENU_FACT_PERSON_PATH}, {"job.open", MENU_FACT_JOB_OPEN}};
	const struct menu_run *run = run_named(run_name);
	struct menu_values v = {.facts[0] = STR_NONE};
	struct str rest = str_of(known);
	struct buf out;

	while (rest.n > 0) {
		struct str name = str_cut(&rest, ' '), word = str_cut(&rest, ' ');
		int var = menu_var_find(set, name);

		for (size_t i = 0; i < ARRAY_LEN(facts); i++)
			if (str_is(name, facts[i].name))
				v.facts[facts[i].fact] = word;
		if (var >= 0)
			v.vars[var] = word;
	}
	buf_init_arena(&out, arena);
	for (size_t i = 0; i < run->n_questions; i++) {
		struct str node = menu_node(set, run->questions[i].node)->name;

		if (menu_when_holds(&run->questions[i].when, &v))
			buf_printf(&out, "%s%.*s", buf_str(&out).n > 0 ? " " : "", STR_ARG(node));
	}
	return buf_str(&out);
}

static void
menu_shipped__runs_ask_the_questions_of_the_table(void **state)
{
	static const struct {
		const char *run, *known, *asked;
	} rows[] = {
		{"checkin", "person.path micro_project", "c1 c2 c3"},
		{"checkin", "person.path undecided", "c1 c2 c3"},
		{"checkin", "person.path job", "c1 c2 c3"},
		{"checkin", "person.path job job.open yes job same", "c1 c2 f1 f2"},
		{"checkin", "person.path job job.open yes job changed job_mood big_issue",
		 "c1 c2 f1 f2 f3"},
		{"checkin", "person.path job job.open yes job same job_mood ok", "c1 c2 f1 f2"},
		{"checkin", "person.path job job.open yes job ended", "c1 c2 f1 f4"},
		/* The job that ended puts the person before the next one: no further question. */
		{"checkin", "person.path job job ended", "c1 c2 f4"},
		{"monthly", "", "e1 e4 e6a"},
		{"monthly", "activity stopped", "e1 e4 e6a"},
		{"m1", "", "e1 e4 e5 e6a"},
		{"m1", "activity stopped", "e1 e4 e6a"},
		{"m3", "", "e1 e3 e4 e5 e6a"},
		{"m3", "activity partly", "e1 e3 e4 e5 e6a"},
		{"m3", "activity not_started", "e1 e4 e6a"},
		{"m6", "", "e1 e3 e4 e7 l1"},
		{"m6", "activity stopped", "e1 e4 e6a"},
		{"m12", "activity running", "e1 e3 e4 e7 l1"},
		{"m12", "activity not_started", "e1 e4 e6a"},
		{"job", "", "f1 f2"},
		{"job", "job same job_mood small_issue", "f1 f2 f3"},
		{"job", "job ended", "f1 f4"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str got = asked(rows[i].run, rows[i].known);

		if (!str_is(got, rows[i].asked))
			fail_msg("%s (%s) asks %.*s, not %s", rows[i].run, rows[i].known,
				 STR_ARG(got), rows[i].asked);
	}
}

static void
menu_shipped__every_run_ends_with_thanks(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < menu_run_count(set); i++) {
		const struct menu_run *run = menu_run(set, i);
		bool checkin = run->record == RECORD_CHECKIN;

		assert_int_equal(run->then.id,
				 menu_find(set, checkin ? STR_LIT("checked_in") : STR_LIT("e9")));
		assert_true(checkin ? run->kind.n == 0 : str_eq(run->kind, run->name));
	}
}

/* Each option of a question says what is stored, or leads to the page with the rest of them. */
static void
menu_shipped__questions_store_and_resume(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < menu_run_count(set); i++) {
		const struct menu_run *run = menu_run(set, i);

		for (size_t q = 0; q < run->n_questions; q++) {
			const struct menu_node *node = menu_node(set, run->questions[q].node);

			assert_int_equal(node->question, run->questions[q].node);
			assert_true(node->field.n > 0);
			assert_true(node->resumable);
			for (size_t o = 0; o < node->n_options; o++)
				assert_true(node->options[o].answer.n > 0 ||
					    node->options[o].go.kind == GO_NODE);
		}
	}
}

static void
menu_shipped__the_second_page_answers_the_same_question(void **state)
{
	const struct menu_node *e6b = menu_node(set, menu_find(set, STR_LIT("e6b")));

	(void)state;
	assert_int_equal(e6b->question, menu_find(set, STR_LIT("e6a")));
	assert_true(e6b->resumable);
	assert_int_equal(e6b->options[0].go.kind, GO_QUESTION);
	assert_int_equal(e6b->options[6].go.id, e6b->question);
}

static void
menu_shipped__a_broken_machine_leads_aside_and_back(void **state)
{
	const struct menu_node *e4 = menu_node(set, menu_find(set, STR_LIT("e4")));
	const struct menu_node *e8 = menu_node(set, menu_find(set, STR_LIT("e8")));

	(void)state;
	for (size_t o = 0; o < e4->n_options; o++) {
		const struct menu_option *option = &e4->options[o];
		bool aside =
			str_is(option->answer, "broken") || str_is(option->answer, "lost_stolen");

		assert_int_equal(option->go.kind, aside ? GO_NODE : GO_QUESTION);
		assert_true(!aside || option->go.id == menu_find(set, STR_LIT("e8")));
		assert_int_equal(option->n_dos, 1);
		assert_int_equal(option->dos[0].action, MENU_DO_EQUIPMENT_STATE);
		assert_true(str_eq(option->dos[0].args[0].word, option->answer));
	}
	assert_true(e8->resumable);
	for (size_t o = 0; o < e8->n_options; o++)
		assert_int_equal(e8->options[o].go.kind, GO_QUESTION);
}

/* One page, asked for in two places: each goes on with its own questions. */
static void
menu_shipped__answered_already_leads_on_where_it_was_asked(void **state)
{
	const struct menu_node *week = menu_node(set, menu_find(set, STR_LIT("c7")));
	const struct menu_node *project = menu_node(set, menu_find(set, STR_LIT("c7_project")));

	(void)state;
	assert_int_equal(week->options[0].go.kind, GO_RUN);
	assert_ptr_equal(menu_run(set, week->options[0].go.id), run_named("checkin"));
	assert_int_equal(project->options[0].go.kind, GO_NODE);
	assert_int_equal(project->options[0].go.id, menu_find(set, STR_LIT("project_questions")));
	assert_int_equal(project->options[1].go.kind, GO_BACK);
	for (unsigned lang = 0; lang < menu_lang_count(set); lang++)
		assert_true(str_eq(week->say.of[lang].pieces[0].literal,
				   project->say.of[lang].pieces[0].literal));
}

static void
menu_shipped__stages_are_words_of_one_page(void **state)
{
	static const char *const stages[] = {"diagnosis",  "preparation", "qualification",
					     "file_ready", "approved",    "funding_or_equipment",
					     "started",    "follow_up",   "closed"};
	struct ussd_size size;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		for (unsigned lang = 0; lang < menu_lang_count(set); lang++) {
			struct str label = menu_word(set, lang, "stage", str_of(stages[i]));

			ussd_measure(label, &size);
			assert_true(label.n > 0 && size.units <= 16);
			assert_true(menu_forbidden(set, label, arena).n == 0);
		}
	}
}

static void
menu_shipped__the_urgent_page_is_open_and_direct(void **state)
{
	const struct menu_direct *direct = menu_find_direct(set, STR_LIT("8"));

	(void)state;
	assert_non_null(direct);
	assert_true(direct->open);
	assert_int_equal(direct->go.id, menu_find(set, STR_LIT("urgent")));
	assert_true(menu_node(set, direct->go.id)->open);
	assert_true(menu_node(set, menu_find(set, STR_LIT("j1")))->open);
	assert_false(menu_node(set, menu_find(set, STR_LIT("b1")))->open);
	assert_false(menu_find_direct(set, STR_LIT("4"))->open);
	assert_int_equal(menu_find_direct(set, STR_LIT("4"))->go.id,
			 menu_find(set, STR_LIT("appointments")));
	assert_null(menu_find_direct(set, STR_LIT("5")));
}

static void
menu_shipped__crisis_words_are_found_in_folded_text(void **state)
{
	const struct menu_node *d3 = menu_node(set, menu_find(set, STR_LIT("d3")));
	static const char *const crisis[] = {"بغيت نموت", "Je pense au SUICIDE", "خَطَر"};
	static const char *const calm[] = {"بغيت نهضر معاكم", "merci"};

	(void)state;
	assert_int_equal(d3->n_watches, 2);
	assert_int_equal(d3->watches[0].go.id, menu_find(set, STR_LIT("d3_crisis")));
	assert_int_equal(d3->watches[1].go.kind, GO_NONE);
	for (size_t i = 0; i < ARRAY_LEN(crisis) + ARRAY_LEN(calm); i++) {
		bool want = i < ARRAY_LEN(crisis), found = false;
		struct buf folded;

		buf_init_arena(&folded, arena);
		assert_int_equal(
			text_fold(str_of(want ? crisis[i] : calm[i - ARRAY_LEN(crisis)]), &folded),
			0);
		for (size_t w = 0; w < d3->watches[0].n_words; w++)
			found |= match_find(d3->watches[0].words[w], buf_str(&folded), NULL);
		assert_int_equal(found, want);
	}
}

static void
menu_shipped__the_third_wrong_answer_leads_out(void **state)
{
	const struct menu_node *c1 = menu_node(set, menu_find(set, STR_LIT("c1")));
	const struct menu_node *a12 = menu_node(set, menu_find(set, STR_LIT("a12")));

	(void)state;
	assert_int_equal(c1->retry_max, 2);
	assert_int_equal(c1->retry_else.id, menu_special(set)->leave);
	assert_int_equal(a12->retry_max, 2);
	assert_int_equal(a12->retry_else.id, menu_special(set)->leave); /* no PIN was wrong */
	assert_int_equal(a12->locked.id, menu_find(set, STR_LIT("a14")));
}

static void
menu_shipped__languages_keep_their_order_and_tags(void **state)
{
	const struct menu_node *a1 = menu_node(set, menu_find(set, STR_LIT("a1")));

	(void)state;
	assert_int_equal(menu_lang_count(set), 4);
	assert_true(menu_lang_rtl(set, 0) && !menu_lang_rtl(set, 1));
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(menu_lang_of(set, a1->options[i].answer), i);
}

static void
menu_shipped__smallest_channels_give_warnings_only(void **state)
{
	struct err *err = err_new();
	struct menu_set *small;
	const struct menu_options options = {.lowest = {160, 70}};

	(void)state;
	assert_int_equal(menu_load(WASL_SOURCE_DIR "/menus", &options, &small, err), 0);
	assert_true(err_warnings(err) > 0);
	assert_string_equal(menu_version(set), menu_version(small));
	assert_int_equal(strlen(menu_version(set)), 16);
	menu_drop(small);
	err_free(err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menu_shipped__every_screen_is_the_one_of_the_table),
		cmocka_unit_test(menu_shipped__every_message_is_the_one_of_the_table),
		cmocka_unit_test(menu_shipped__no_page_is_over_80_units_or_182_septets),
		cmocka_unit_test(menu_shipped__every_screen_is_one_page),
		cmocka_unit_test(menu_shipped__small_pages_split_no_option),
		cmocka_unit_test(menu_shipped__small_pages_keep_every_option_pressable),
		cmocka_unit_test(menu_shipped__a_shared_phone_shows_no_name_and_no_gap),
		cmocka_unit_test(menu_shipped__what_is_not_free_is_not_said_to_be),
		cmocka_unit_test(menu_shipped__categories_are_named_as_the_pages_name_them),
		cmocka_unit_test(menu_shipped__runs_ask_the_questions_of_the_table),
		cmocka_unit_test(menu_shipped__every_run_ends_with_thanks),
		cmocka_unit_test(menu_shipped__questions_store_and_resume),
		cmocka_unit_test(menu_shipped__the_second_page_answers_the_same_question),
		cmocka_unit_test(menu_shipped__a_broken_machine_leads_aside_and_back),
		cmocka_unit_test(menu_shipped__answered_already_leads_on_where_it_was_asked),
		cmocka_unit_test(menu_shipped__stages_are_words_of_one_page),
		cmocka_unit_test(menu_shipped__the_urgent_page_is_open_and_direct),
		cmocka_unit_test(menu_shipped__crisis_words_are_found_in_folded_text),
		cmocka_unit_test(menu_shipped__the_third_wrong_answer_leads_out),
		cmocka_unit_test(menu_shipped__languages_keep_their_order_and_tags),
		cmocka_unit_test(menu_shipped__smallest_channels_give_warnings_only),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
