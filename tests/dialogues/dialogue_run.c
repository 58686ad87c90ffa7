#include "dialogue.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdarg.h>
#include <stdlib.h>

/* ---- Complaints ---- */

static void
indented(struct str text)
{
	while (text.n > 0) {
		struct str line = str_cut(&text, '\n');

		fprintf(stderr, "    | %.*s\n", STR_ARG(line));
	}
}

bool
complain(struct dialogue *d, const char *fmt, ...)
{
	va_list args;
	char said[2048];

	va_start(args, fmt);
	vsnprintf(said, sizeof(said), fmt, args);
	va_end(args);
	fprintf(stderr, "%s:%u: ", d->script->file, d->at ? d->at->number : 0);
	if (d->script->each_language)
		fprintf(stderr, "(in %s) ", menu_lang_tag(d->menus, d->lang));
	fprintf(stderr, "%s\n", said);
	if (!d->complained && d->answered) {
		fprintf(stderr, "  the last page%s:\n", d->go_on ? "" : ", which ends the call");
		indented(d->page);
	}
	d->complained = true;
	return false;
}

/* ---- Words ---- */

bool
contains(struct str text, struct str piece)
{
	return piece.n > 0 && text.n > 0 && memmem(text.p, text.n, piece.p, piece.n) != NULL;
}

struct str
word_after(const struct line *l, size_t i, const char *name)
{
	for (; i + 1 < l->n; i++)
		if (!l->quoted[i] && str_is(l->words[i], name))
			return l->words[i + 1];
	return STR_NONE;
}

bool
has_word(const struct line *l, size_t i, const char *name)
{
	for (; i < l->n; i++)
		if (!l->quoted[i] && str_is(l->words[i], name))
			return true;
	return false;
}

int64_t
span_of(const struct line *l, size_t i)
{
	static const struct {
		const char *one, *many;
		int64_t seconds;
	} units[] = {{"second", "seconds", 1},
		     {"minute", "minutes", 60},
		     {"hour", "hours", 3600},
		     {"day", "days", 86400}};
	int64_t n;

	if (i + 1 >= l->n || !str_to_int(l->words[i], &n) || n < 1)
		return 0;
	for (size_t u = 0; u < ARRAY_LEN(units); u++)
		if (str_is(l->words[i + 1], units[u].one) || str_is(l->words[i + 1], units[u].many))
			return n * units[u].seconds;
	return 0;
}

static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

bool
instant_of(struct dialogue *d, const struct line *l, size_t i, int64_t *out)
{
	struct str day = STR_NONE;
	struct wall w;

	if (i < l->n && l->words[i].n == 3)
		day = l->words[i++];
	if (i + 1 >= l->n)
		return false;
	struct str text = str_of(arena_printf(d->arena, "%.*sT%.*s", STR_ARG(l->words[i]),
					      STR_ARG(l->words[i + 1])));
	if (civil_parse_instant(d->zone, text, clock_now(), out) != W_OK)
		return false;
	civil_to_wall(d->zone, *out, &w);
	return day.n == 0 || str_is(day, weekdays[civil_weekday(&w)]) ||
	       complain(d, "that day is a %s", weekdays[civil_weekday(&w)]);
}

int64_t
person_of(struct dialogue *d, struct str ref)
{
	struct row_person row;

	if (read_person_ref(store_loop_reader(d->store), ref, d->arena, &row) == W_OK)
		return row.id;
	complain(d, "nobody has the file number %.*s", STR_ARG(ref));
	return 0;
}

const struct known *
known_of(const struct dialogue *d, struct str ref)
{
	for (size_t i = 0; i < d->n_people; i++)
		if (str_eq(d->people[i].ref, ref))
			return &d->people[i];
	return NULL;
}

/* ---- Small commands ---- */

static bool
do_now(struct dialogue *d)
{
	int64_t at;

	if (!instant_of(d, d->at, 1, &at))
		return d->complained ? false : complain(d, "now Mon 2026-11-23 09:00");
	if (at < clock_now())
		return complain(d, "time goes forward only");
	world_wait_until(d, at);
	return true;
}

static bool
do_wait(struct dialogue *d)
{
	int64_t span = span_of(d->at, 1);

	if (span == 0)
		return complain(d, "wait 3 days, wait 20 minutes");
	world_wait_until(d, clock_now() + span);
	return true;
}

/* centre FES: people given from now on belong there, and its number is expected on pages. */
static bool
do_centre(struct dialogue *d)
{
	const struct work_centre *c = work_centre(d->work, arena_str(d->arena, d->at->words[1]).p);

	if (c == NULL)
		return complain(d, "the centres are CAS and FES");
	d->centre = c->conf->code;
	return true;
}

static bool
do_lang(struct dialogue *d)
{
	int lang = menu_lang_of(d->menus, d->at->words[1]);

	if (lang < 0)
		return complain(d, "the languages are ary, ary-Latn, ar and fr");
	d->lang = (unsigned)lang;
	return true;
}

/* channel at, steps, small: which aggregator calls come in by. */
static bool
do_channel(struct dialogue *d)
{
	static const char *const words[] = {"at", "steps", "small"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!str_is(d->at->words[1], words[i]))
			continue;
		d->channel = d->lines_in[i].channel;
		d->centre = channel_centre(d->channel);
		return true;
	}
	return complain(d, "the channels are at, steps and small");
}

static bool
do_restart(struct dialogue *d)
{
	world_restart(d, has_word(d->at, 1, "menus") ? world_other_menus : NULL);
	return true;
}

static bool
do_reload(struct dialogue *d)
{
	if (has_word(d->at, 1, "menus"))
		world_copy_menus(d);
	world_reload(d);
	return true;
}

/* ---- The table ---- */

static const struct {
	const char *word;
	bool (*play)(struct dialogue *d);
	size_t least; /* words, itself included */
} commands[] = {
	{"now", do_now, 3},         {"wait", do_wait, 3},       {"centre", do_centre, 2},
	{"lang", do_lang, 2},       {"channel", do_channel, 2}, {"restart", do_restart, 1},
	{"reload", do_reload, 1},   {"given", do_given, 3},     {"phone", do_phone, 2},
	{"session", do_session, 2}, {"dial", do_dial, 2},       {"type", do_type, 2},
	{"drop", do_drop, 1},       {"again", do_again, 1},     {"start", do_start, 1},
	{"see", do_see, 2},         {"not", do_not, 3},         {"end", do_end, 1},
	{"open", do_open, 1},       {"units", do_units, 3},     {"refused", do_refused, 1},
	{"stored", do_stored, 3},   {"none", do_none, 3},       {"count", do_count, 4},
	{"sms", do_sms, 3},         {"no", do_no, 2},           {"afterwards", do_afterwards, 2},
};

/* $lang is the language's name, $key the key it has on the first page. */
static void
put_variables(struct dialogue *d, struct line *l)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->quoted[i] || l->words[i].n == 0 || l->words[i].p[0] != '$')
			continue;
		if (str_is(l->words[i], "$lang"))
			l->words[i] = str_of(menu_lang_tag(d->menus, d->lang));
		else if (str_is(l->words[i], "$key"))
			l->words[i] = str_of(arena_printf(d->arena, "%u", d->lang + 1));
	}
}

static bool
play_line(struct dialogue *d, const struct line *line)
{
	struct line *l = ARENA_NEW(d->arena, struct line);

	*l = *line;
	d->at = l;
	if (d->lang != NO_LANG)
		put_variables(d, l);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (!str_is(l->words[0], commands[i].word))
			continue;
		if (l->n < commands[i].least)
			return complain(d, "%s what?", commands[i].word);
		return commands[i].play(d);
	}
	return complain(d, "\"%.*s\" is no word of this language (README.md)",
			STR_ARG(l->words[0]));
}

/* repeat 130 ... done: the lines between, so many times. Not one inside another. */
static bool
play_lines(struct dialogue *d)
{
	const struct script *s = d->script;
	size_t loop_from = 0;
	int64_t left = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct line *l = &s->lines[i];

		d->at = l;
		if (str_is(l->words[0], "repeat")) {
			if (l->n != 2 || !str_to_int(l->words[1], &left) || left < 1)
				return complain(d, "repeat how often?");
			loop_from = i;
		} else if (str_is(l->words[0], "done")) {
			if (--left > 0)
				i = loop_from;
		} else if (!play_line(d, l)) {
			return false;
		}
	}
	return messages_all_named(d);
}

/* Sunday 2026-11-22T09:00:00Z: the day before the week of the scenarios. */
enum { FIRST_DAY = 1795338000 };

static bool
play_once(const struct script *script, unsigned lang, uint8_t **screens, struct menu_set **menus)
{
	struct dialogue *d = xcalloc(1, sizeof(*d));

	d->script = script;
	d->lang = lang;
	d->arena = arena_new(1 << 16);
	world_begin(d, FIRST_DAY);
	if (*menus == NULL) {
		*menus = menu_hold(d->menus);
		*screens = xcalloc(menu_node_count(d->menus), MENU_LANGS);
	}
	d->screens = *screens;
	bool ok = play_lines(d);
	world_end(d);
	arena_free(d->arena);
	free(d);
	return ok;
}

bool
script_play(const struct script *script, uint8_t **screens, struct menu_set **menus)
{
	bool ok = true;

	log_set_level(LOG_ERROR);
	if (!script->each_language)
		return play_once(script, NO_LANG, screens, menus);
	for (unsigned lang = 0; lang < 4; lang++)
		ok = play_once(script, lang, screens, menus) && ok;
	return ok;
}
