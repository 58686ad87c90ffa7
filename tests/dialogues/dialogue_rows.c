#include "dialogue_rows.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdlib.h>

/*
 * What is stored. Every kind of row becomes a list of names and values; a line
 * of the script holds when one row has all the values it names.
 */

void
field(struct fields *f, const char *name, struct str value)
{
	f->names[f->n] = name;
	f->values[f->n++] = arena_str(f->d->arena, value);
}

void
field_number(struct fields *f, const char *name, int64_t value)
{
	field(f, name, value ? str_of(arena_printf(f->d->arena, "%" PRId64, value)) : STR_NONE);
}

/* "2026-11-27 09:00", or nothing. */
void
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

void
field_yes(struct fields *f, const char *name, bool yes)
{
	field(f, name, yes ? STR_LIT("yes") : STR_LIT("no"));
}

void
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
void
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
	if (!rows_compare(s, l->words[1]))
		return complain(d, "there are no rows called \"%.*s\"", STR_ARG(l->words[1]));
	return !d->complained;
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
