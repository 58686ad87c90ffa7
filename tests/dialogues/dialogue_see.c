#include "dialogue.h"

#include <stdlib.h>

/*
 * Pages. What a page must be is made from the menu files and the words of the
 * script alone: nothing is asked of the session.
 */

static bool
page_there(struct dialogue *d)
{
	if (d->answered && d->kind == ANSWER_PAGE)
		return true;
	return complain(d, "there is no page");
}

static void
constants(struct dialogue *d, unsigned lang, struct menu_values *v)
{
	const struct conf_emergency *e = &d->conf->emergency;

	v->facts[MENU_FACT_CENTRE_TEL] = str_of(conf_centre(d->conf, d->centre)->tel);
	v->facts[MENU_FACT_CHANNEL_CODE] = str_of(channel_code(d->channel));
	v->facts[MENU_FACT_POLICE] = str_of(e->police);
	v->facts[MENU_FACT_GENDARMERIE] = str_of(e->gendarmerie);
	v->facts[MENU_FACT_AMBULANCE] = str_of(e->ambulance);
	v->facts[MENU_FACT_SAMU] = str_of(e->samu);
	v->facts[MENU_FACT_WOMEN] = str_of(e->women);
	v->facts[MENU_FACT_FREE] = menu_word(d->menus, lang, "words", STR_LIT("free"));
}

/* name CAS-0147 is the name in the script of the page. */
static struct str
name_of(struct dialogue *d, unsigned lang, struct str word)
{
	const struct known *k = known_of(d, word);

	if (k == NULL)
		return word;
	return menu_lang_rtl(d->menus, lang) ? k->name_ar : k->name_la;
}

/* when "today 9:00", when "th 9:00": the day in words of the language. */
static struct str
when_of(struct dialogue *d, unsigned lang, struct str word)
{
	struct str rest = word, day = str_cut(&rest, ' ');
	struct str said = menu_word(d->menus, lang, "day", day);

	if (said.p == NULL)
		said = menu_word(d->menus, lang, "weekday", day);
	return str_of(arena_printf(d->arena, "%.*s %.*s", STR_ARG(said), STR_ARG(rest)));
}

static struct str
category_of(struct dialogue *d, unsigned lang, struct str word)
{
	return menu_word(d->menus, lang, "category", word);
}

/* day "fr 27/11": the weekday in words of the language, and the date. */
static struct str
day_of(struct dialogue *d, unsigned lang, struct str word)
{
	struct str rest = word, day = str_cut(&rest, ' ');

	return str_of(arena_printf(d->arena, "%.*s %.*s",
				   STR_ARG(menu_word(d->menus, lang, "weekday", day)),
				   STR_ARG(rest)));
}

static struct str
stage_of(struct dialogue *d, unsigned lang, struct str word)
{
	return menu_word(d->menus, lang, "stage", word);
}

/* place - is what the configuration calls the centre, or the menus call any. */
static struct str
place_of(struct dialogue *d, unsigned lang, struct str word)
{
	const struct conf_centre *c = conf_centre(d->conf, d->centre);
	const char *tag = menu_lang_tag(d->menus, lang);

	if (!str_is(word, "-"))
		return word;
	for (size_t i = 0; i < CONF_LANGS; i++)
		if (strcmp(conf_lang_word((enum conf_lang)i), tag) == 0 && c->place[i] != NULL)
			return str_of(c->place[i]);
	return menu_word(d->menus, lang, "words", STR_LIT("centre"));
}

static struct str
as_it_is(struct dialogue *d, unsigned lang, struct str word)
{
	(void)d;
	(void)lang;
	return word;
}

/* Words of a see line that fill a placeholder of the page. */
static const struct {
	const char *word;
	enum menu_fact fact;
	struct str (*value)(struct dialogue *d, unsigned lang, struct str word);
} holes[] = {
	{"name", MENU_FACT_PERSON_NAME, name_of},
	{"q", MENU_FACT_RUN_LEFT, as_it_is},
	{"k", MENU_FACT_PIN_LEFT, as_it_is},
	{"n", MENU_FACT_NEED_NUMBER, as_it_is},
	{"c", MENU_FACT_NEED_COUNT, as_it_is},
	{"cat", MENU_FACT_NEED_CATEGORY, category_of},
	{"when", MENU_FACT_CALLBACK_WHEN, when_of},
	{"day", MENU_FACT_APPOINTMENT_DAY, day_of},
	{"time", MENU_FACT_APPOINTMENT_TIME, as_it_is},
	{"place", MENU_FACT_APPOINTMENT_PLACE, place_of},
	{"cw", MENU_FACT_PERSON_CASEWORKER, as_it_is},
	{"stage", MENU_FACT_PROJECT_STAGE, stage_of},
};

struct wanted {
	uint16_t node;
	unsigned lang, page;
	enum menu_face face;
	struct menu_values values;
};

static bool
fill_hole(struct dialogue *d, struct wanted *w, struct str word, struct str value)
{
	int64_t page;

	if (str_is(word, "page") && str_to_int(value, &page) && page > 0) {
		w->page = (unsigned)page - 1;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(holes); i++) {
		if (!str_is(word, holes[i].word))
			continue;
		w->values.facts[holes[i].fact] = holes[i].value(d, w->lang, value);
		return true;
	}
	return complain(d, "\"%.*s\" is no word of a see line", STR_ARG(word));
}

static bool
read_wanted(struct dialogue *d, struct wanted *w)
{
	const struct line *l = d->at;
	size_t i = 2;

	*w = (struct wanted){.lang = d->lang, .face = FACE_PAGE};
	w->node = menu_find(d->menus, l->words[1]);
	if (w->node == MENU_NO_NODE)
		return complain(d, "there is no page \"%.*s\" in the menus", STR_ARG(l->words[1]));
	if (i < l->n && menu_lang_of(d->menus, l->words[i]) >= 0)
		w->lang = (unsigned)menu_lang_of(d->menus, l->words[i++]);
	if (w->lang == NO_LANG)
		return complain(d, "in which language? (lang fr, or see %.*s fr)",
				STR_ARG(l->words[1]));
	constants(d, w->lang, &w->values);
	for (; i < l->n; i++) {
		if (str_is(l->words[i], "wrong"))
			w->face = FACE_WRONG;
		else if (str_is(l->words[i], "partial"))
			w->values.facts[MENU_FACT_RUN_DUE] = STR_LIT("yes");
		else if (i + 1 == l->n)
			return complain(d, "what is the value?");
		else if (!fill_hole(d, w, l->words[i], l->words[i + 1]))
			return false;
		else
			i++;
	}
	return true;
}

static bool
see_page(struct dialogue *d)
{
	struct wanted *w = ARENA_NEW(d->arena, struct wanted);
	struct menu_page page;

	if (!read_wanted(d, w))
		return false;
	if (menu_show(d->menus, w->node, w->lang, w->page, w->face, &w->values,
		      channel_page_limit(d->channel), d->arena, &page) != W_OK)
		return complain(d, "the page cannot be shown");
	if (!str_eq(page.text, d->page))
		return complain(d, "expected the page %.*s in %s:\n%.*s", STR_ARG(d->at->words[1]),
				menu_lang_tag(d->menus, w->lang), STR_ARG(page.text));
	bool is_end = menu_node(d->menus, w->node)->kind == MENU_END && page.page + 1 == page.pages;
	if (is_end == d->go_on)
		return complain(d, is_end ? "the page should end the call"
					  : "the page should leave the call open");
	bool retry = w->face == FACE_WRONG && menu_node(d->menus, w->node)->has_retry_say;
	d->screens[w->node * MENU_LANGS + w->lang] |= retry ? 2 : 1;
	return true;
}

bool
do_see(struct dialogue *d)
{
	if (!page_there(d))
		return false;
	if (!d->at->quoted[1])
		return see_page(d);
	for (size_t i = 1; i < d->at->n; i++)
		if (!contains(d->page, d->at->words[i]))
			return complain(d, "the page should say \"%.*s\"",
					STR_ARG(d->at->words[i]));
	return true;
}

/* ---- What must not be there ---- */

static bool
file_holds(const char *path, struct str piece)
{
	FILE *f = fopen(path, "rb");
	struct arena *a = arena_new(0);
	struct buf b;
	char bytes[8192];
	size_t n;

	buf_init_arena(&b, a);
	while (f != NULL && (n = fread(bytes, 1, sizeof(bytes), f)) > 0)
		buf_add(&b, bytes, n);
	if (f != NULL)
		fclose(f);
	bool found = contains(buf_str(&b), piece);
	arena_free(a);
	return found;
}

/* While the program is down, so that no lock of its files is lost. */
static void
look_on_disk(struct dialogue *d)
{
	static const char *const files[] = {"wasl.db", "wasl.db-wal", "keys.db", "keys.db-wal"};

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		for (size_t j = 3; j < d->at->n; j++)
			if (file_holds(arena_printf(d->arena, "%s/state/%s", d->dir, files[i]),
				       d->at->words[j]))
				complain(d, "\"%.*s\" stands in clear in %s",
					 STR_ARG(d->at->words[j]), files[i]);
}

/* What a turn keeps of the input and of the state, opened. */
static bool
turn_holds(struct dialogue *d, const struct row_session *session, const struct row_turn *turn,
	   struct str piece)
{
	const int64_t row = turn->session * 256 + turn->turn;
	const struct seal_place input = {"turn", "input", row, session->key_id};
	const struct seal_place state = {"turn", "state", row, session->key_id};
	struct str plain;

	return (store_open_sealed(d->store, &input, turn->input, d->arena, &plain) == W_OK &&
		contains(plain, piece)) ||
	       (store_open_sealed(d->store, &state, turn->state, d->arena, &plain) == W_OK &&
		contains(plain, piece));
}

/* not kept "4821": no turn of any call has it, not even sealed. */
static bool
not_kept(struct dialogue *d, struct str piece)
{
	struct store_reader *r = store_loop_reader(d->store);
	struct row_session session;
	struct row_turn turn;
	unsigned turns = 0;

	for (int64_t id = 1; read_session(r, id, d->arena, &session) == W_OK; id++)
		for (unsigned n = 0;
		     n < 256 && read_turn(r, id, (uint8_t)n, d->arena, &turn) == W_OK; n++, turns++)
			if (turn_holds(d, &session, &turn, piece))
				return complain(d, "answer %u of call %u kept \"%.*s\"", n,
						(unsigned)id, STR_ARG(piece));
	return turns > 0 || complain(d, "there are no turns");
}

/* not see "text": the page does not say it. not on disk "text": no file holds it in clear. */
bool
do_not(struct dialogue *d)
{
	const struct line *l = d->at;

	if (l->n > 3 && str_is(l->words[1], "on") && str_is(l->words[2], "disk")) {
		world_restart(d, look_on_disk);
		return !d->complained;
	}
	if (l->n == 3 && str_is(l->words[1], "kept"))
		return not_kept(d, l->words[2]);
	if (l->n < 3 || !str_is(l->words[1], "see") || !page_there(d))
		return d->complained ? false : complain(d, "not see, not kept, or not on disk");
	for (size_t i = 2; i < l->n; i++)
		if (contains(d->page, l->words[i]))
			return complain(d, "the page should not say \"%.*s\"",
					STR_ARG(l->words[i]));
	return true;
}

bool
do_end(struct dialogue *d)
{
	return page_there(d) && (!d->go_on || complain(d, "the call goes on"));
}

bool
do_open(struct dialogue *d)
{
	return page_there(d) && (d->go_on || complain(d, "the call is over"));
}

/* The call was refused: no page, not even a polite one. */
bool
do_refused(struct dialogue *d)
{
	return (d->answered && d->kind == ANSWER_REFUSE) || complain(d, "the call was not refused");
}

/* units <= 80 */
bool
do_units(struct dialogue *d)
{
	struct ussd_size size;
	int64_t most;

	if (!page_there(d))
		return false;
	if (d->at->n != 3 || !str_is(d->at->words[1], "<=") || !str_to_int(d->at->words[2], &most))
		return complain(d, "units <= and a number");
	ussd_measure(d->page, &size);
	return size.units <= (size_t)most || complain(d, "the page has %zu units", size.units);
}
