#include "dialogue.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdlib.h>

/*
 * What is stored. Every kind of row becomes a list of names and values; a line
 * of the script holds when one row has all the values it names.
 */

enum { FIELDS_MAX = 16 };

struct fields {
	struct dialogue *d;
	const char *names[FIELDS_MAX];
	struct str values[FIELDS_MAX];
	size_t n;
};

struct search {
	struct dialogue *d;
	int64_t person;
	size_t from; /* first word of the pairs */
	size_t found, rows;
	struct buf seen; /* rows in words, for the complaint */
};

static void
field(struct fields *f, const char *name, struct str value)
{
	f->names[f->n] = name;
	f->values[f->n++] = arena_str(f->d->arena, value);
}

static void
field_number(struct fields *f, const char *name, int64_t value)
{
	field(f, name, value ? str_of(arena_printf(f->d->arena, "%" PRId64, value)) : STR_NONE);
}

/* "2026-11-27 09:00", or nothing. */
static void
field_time(struct fields *f, const char *name, int64_t at)
{
	struct wall w;

	if (at == 0) {
		field(f, name, STR_NONE);
		return;
	}
	civil_to_wall(f->d->zone, at, &w);
	field(f, name,
	      str_of(arena_printf(f->d->arena, "%04d-%02u-%02u %02u:%02u", w.year, w.month, w.day,
				  w.hour, w.minute)));
}

static void
field_yes(struct fields *f, const char *name, bool yes)
{
	field(f, name, yes ? STR_LIT("yes") : STR_LIT("no"));
}

static void
field_sealed(struct fields *f, const char *name, const struct seal_place *place,
	     struct sealed value)
{
	struct str plain = STR_NONE;

	if (value.n > 0 &&
	    store_open_sealed(f->d->store, place, value, f->d->arena, &plain) != W_OK)
		plain = STR_LIT("(sealed)");
	field(f, name, plain);
}

static struct str
value_of(const struct fields *f, struct str name, bool *known)
{
	for (size_t i = 0; i < f->n; i++) {
		if (str_is(name, f->names[i])) {
			*known = true;
			return f->values[i];
		}
	}
	*known = false;
	return STR_NONE;
}

static void
remember_row(struct search *s, const struct fields *f)
{
	buf_adds(&s->seen, "\n ");
	for (size_t i = 0; i < f->n; i++)
		if (f->values[i].n > 0)
			buf_printf(&s->seen, " %s \"%.*s\"", f->names[i], STR_ARG(f->values[i]));
}

/* Every pair of the line holds. "-" stands for an empty value. */
static void
compare(struct search *s, const struct fields *f)
{
	const struct line *l = s->d->at;
	bool all = true, known;

	s->rows++;
	remember_row(s, f);
	for (size_t i = s->from; i + 1 < l->n; i += 2) {
		struct str got = value_of(f, l->words[i], &known);
		struct str want = str_is(l->words[i + 1], "-") ? STR_NONE : l->words[i + 1];

		if (!known)
			complain(s->d, "such a row has no \"%.*s\"", STR_ARG(l->words[i]));
		all = all && known && str_eq(got, want);
	}
	s->found += all;
}

/* ---- One function a kind of row ---- */

static int
on_checkin(void *ctx, const struct row_checkin *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};

	field(&f, "status", row->status);
	field(&f, "mood", row->mood);
	field(&f, "housing", row->housing);
	field(&f, "days_worked", row->days_worked);
	field(&f, "channel", row->channel);
	field_number(&f, "week", row->week);
	field_yes(&f, "verified", row->verified);
	field_time(&f, "done", row->done_at);
	compare(s, &f);
	return 0;
}

static int
on_need(void *ctx, const struct row_need *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};
	const struct seal_place note = {"need", "note", row->number, row->person};

	field_number(&f, "number", row->number);
	field(&f, "category", row->category);
	field(&f, "urgency", row->urgency);
	field(&f, "status", row->status);
	field(&f, "source", row->source);
	field_sealed(&f, "note", &note, row->note);
	field_number(&f, "duplicate_of", row->duplicate_of);
	field_yes(&f, "verified", row->verified);
	field_time(&f, "due", row->due_at);
	compare(s, &f);
	return 0;
}

static int
on_callback(void *ctx, const struct row_callback *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};
	const struct seal_place phone = {"callback", "phone", row->number, row->key_id};

	if (row->person != s->person)
		return 0; /* asked for strangers, everybody's come */
	field_number(&f, "number", row->number);
	field(&f, "wish", row->wish);
	field(&f, "priority", row->priority);
	field(&f, "outcome", row->outcome);
	field_sealed(&f, "phone", &phone, row->phone);
	field_time(&f, "due", row->due_at);
	field_yes(&f, "day_key", row->key_id < 0);
	compare(s, &f);
	return 0;
}

static int
on_consent(void *ctx, const struct row_consent *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};

	field(&f, "kind", row->kind);
	field(&f, "version", row->version);
	field(&f, "lang", row->lang);
	field(&f, "channel", row->channel);
	field_time(&f, "at", row->at);
	compare(s, &f);
	return 0;
}

static int
on_flag(void *ctx, const struct row_flag *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};

	field(&f, "kind", row->kind);
	field_number(&f, "about", row->about);
	compare(s, &f);
	return 0;
}

static int
list_with(struct search *s, int (*list)(struct store_reader *r, const struct filter *f,
					struct arena *a, struct search *s))
{
	const struct filter f = {.person = s->person};
	struct arena *a = arena_new(0);
	int rc = list(store_loop_reader(s->d->store), &f, a, s);

	arena_free(a);
	return rc;
}

static int
checkins(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_checkins(r, f, a, on_checkin, s);
}

static int
needs(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_needs(r, f, a, on_need, s);
}

static int
callbacks(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_callbacks(r, f, a, on_callback, s);
}

static int
consents(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_consents(r, f, a, on_consent, s);
}

static int
flags(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_flags(r, f, a, on_flag, s);
}

static int
persons(struct store_reader *r, const struct filter *filter, struct arena *a, struct search *s)
{
	struct fields f = {.d = s->d};
	struct row_person row;

	if (read_person(r, filter->person, a, &row) != W_OK)
		return 0;
	field(&f, "ref", row.ref);
	field(&f, "lang", row.lang);
	field(&f, "status", row.status);
	field(&f, "path", row.path);
	compare(s, &f);
	return 0;
}

/* The number that leads to the person now. */
static int
links(struct store_reader *r, const struct filter *filter, struct arena *a, struct search *s)
{
	struct fields f = {.d = s->d};
	struct row_link row;

	if (read_link_active(r, filter->person, a, &row) != W_OK)
		return 0;
	const struct seal_place phone = {"phone_link", "phone", row.id, row.person};
	field_sealed(&f, "phone", &phone, row.phone);
	field(&f, "sharing", row.sharing);
	field_yes(&f, "pin", row.pin.n > 0);
	compare(s, &f);
	return 0;
}

static int
schedules(struct store_reader *r, const struct filter *filter, struct arena *a, struct search *s)
{
	struct fields f = {.d = s->d};
	struct row_schedule row;

	if (read_schedule(r, filter->person, STR_LIT("checkin"), a, &row) != W_OK)
		return 0;
	field_yes(&f, "active", row.active);
	field_time(&f, "next", row.next_at);
	compare(s, &f);
	return 0;
}

static const struct {
	const char *word;
	int (*list)(struct store_reader *r, const struct filter *f, struct arena *a,
		    struct search *s);
} kinds[] = {
	{"checkin", checkins}, {"need", needs}, {"callback", callbacks}, {"consent", consents},
	{"flag", flags},       {"link", links}, {"person", persons},     {"schedule", schedules},
};

/* Looks through the rows that words 1.. of the line speak of: KIND PERSON name value ... */
static bool
search(struct dialogue *d, struct search *s)
{
	const struct line *l = d->at;
	bool stranger = l->n > 2 && str_is(l->words[2], "stranger");

	*s = (struct search){.d = d, .from = 3};
	buf_init_arena(&s->seen, d->arena);
	if (l->n < 3)
		return complain(d, "which rows, and whose?");
	s->person = stranger ? 0 : person_of(d, l->words[2]);
	if (s->person == 0 && !stranger)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!str_is(l->words[1], kinds[i].word))
			continue;
		(void)list_with(s, kinds[i].list);
		return !d->complained;
	}
	return complain(d, "there are no rows called \"%.*s\"", STR_ARG(l->words[1]));
}

/* stored need CAS-0147 category housing: one row is like that. */
bool
do_stored(struct dialogue *d)
{
	struct search s;

	if (!search(d, &s))
		return false;
	return s.found > 0 || complain(d, "no such row among:%.*s", STR_ARG(buf_str(&s.seen)));
}

/* none need CAS-0147: no row is like that. */
bool
do_none(struct dialogue *d)
{
	struct search s;

	if (!search(d, &s))
		return false;
	return s.found == 0 || complain(d, "there is one:%.*s", STR_ARG(buf_str(&s.seen)));
}

/* count need CAS-0147 2 [name value ...] */
bool
do_count(struct dialogue *d)
{
	struct search s;
	int64_t wanted = 0;
	struct line *l = ARENA_NEW(d->arena, struct line);
	const struct line *whole = d->at;

	if (whole->n < 4 || !str_to_int(whole->words[3], &wanted))
		return complain(d, "count KIND PERSON and a number");
	*l = *whole;
	memmove(&l->words[3], &l->words[4], (size_t)(l->n - 4) * sizeof(l->words[0]));
	l->n--;
	d->at = l;
	bool ok = search(d, &s);
	d->at = whole;
	if (ok && (int64_t)s.found != wanted)
		return complain(d, "there are %zu:%.*s", s.found, STR_ARG(buf_str(&s.seen)));
	return ok;
}
