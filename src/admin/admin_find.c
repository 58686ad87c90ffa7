/*
 * A PERSON as people type it: a ref, a number in any spelling, part of a name
 * in either script. Only people the caller reaches are found, and whether
 * somebody else fits is not to be seen from the answer.
 */
#include "admin/admin_int.h"

#include <ctype.h>

enum { REF_MAX = 16, PART_MIN = 2 };

struct search {
	struct ask *c;
	struct found *out;
	const char *key;
	bool by_ref;
	struct arena *scan;
};

/*
 * Whoever types a ref knows the person. By name or number a role over everybody
 * finds nobody, or it could be asked whether somebody is one of ours; a lab has
 * nobody real in it.
 */
static bool
may_be_found(const struct search *s, const struct row_person *p)
{
	return s->by_ref || s->c->a->o.lab || scope_knows(s->c, p);
}

/* Adds somebody once, when a role of the caller reaches them. */
static bool
add_reached(struct search *s, int64_t person)
{
	struct row_person p;

	for (size_t i = 0; i < s->out->n; i++)
		if (s->out->persons[i] == person)
			return true;
	if (s->out->n == FIND_MAX) {
		s->out->cut = true;
		return false;
	}
	if (read_person(store_loop_reader(s->c->a->o.store), person, s->scan, &p) == W_OK &&
	    may_be_found(s, &p) && scope_reaches(s->c, &p))
		s->out->persons[s->out->n++] = person;
	arena_reset(s->scan);
	return true;
}

static bool
find_ref(struct search *s, struct str typed)
{
	char ref[REF_MAX + 1];
	struct row_person p;

	if (typed.n > REF_MAX)
		return false;
	for (size_t i = 0; i < typed.n; i++)
		ref[i] = (char)toupper((unsigned char)typed.p[i]);
	ref[typed.n] = '\0';
	struct store_reader *r = store_loop_reader(s->c->a->o.store);
	if (read_person_ref(r, typed, s->scan, &p) != W_OK &&
	    read_person_ref(r, str_of(ref), s->scan, &p) != W_OK)
		return false;
	s->out->why = "ref";
	s->c->person.id = p.id; /* for the record, reached or not */
	s->by_ref = true;
	(void)add_reached(s, p.id);
	return true;
}

static bool
find_number(struct search *s, struct str typed)
{
	struct work_holder holders[WORK_HOLDERS];
	struct phone phone;

	if (phone_parse(typed, &phone) == PHONE_BAD)
		return false;
	size_t n = work_holders(s->c->a->o.work, &phone, holders, ARRAY_LEN(holders));
	wipe(&phone, sizeof(phone));
	s->out->why = "number";
	for (size_t i = 0; i < n; i++)
		(void)add_reached(s, holders[i].person);
	return true;
}

static bool
on_name(void *ctx, int64_t person)
{
	return add_reached(ctx, person);
}

static int
on_own(void *ctx, const struct row_person *p)
{
	struct search *s = ctx;
	int64_t person = p->id;

	return !names_match(s->c->a->names, person, s->key) || add_reached(s, person) ? 0 : 1;
}

/* Own people by the caseload as it is now, others by the index. */
static void
search_names(struct search *s)
{
	struct ask *c = s->c;
	struct arena *a = arena_new(0);
	const struct filter own = {.staff = c->staff.id};

	if (scope_has(c, ADMIN_OWN))
		(void)list_persons(store_loop_reader(c->a->o.store), &own, a, on_own, s);
	if (scope_has(c, ADMIN_ALL) && c->a->o.lab)
		names_search(c->a->names, 0, s->key, on_name, s);
	else if (scope_has(c, ADMIN_CENTRE))
		names_search(c->a->names, c->staff.centre, s->key, on_name, s);
	arena_free(a);
}

static int
find_name(struct search *s, struct str typed)
{
	struct buf key;

	s->out->why = "name";
	buf_init_arena(&key, s->c->arena);
	if (text_fold(typed, &key) != W_OK || utf8_count(buf_str(&key)) < PART_MIN)
		return W_OK;
	if (!names_ready(s->c->a->names))
		return W_EBUSY;
	s->key = buf_str(&key).p;
	search_names(s);
	return W_OK;
}

int
find_persons(struct ask *c, struct str typed, struct found *out)
{
	struct search s = {.c = c, .out = out, .scan = arena_new(0)};
	int rc = W_OK;

	*out = (struct found){.why = ""};
	if (!find_ref(&s, typed) && !find_number(&s, typed))
		rc = find_name(&s, typed);
	c->why = out->why;
	arena_free(s.scan);
	return rc;
}

void
find_add_row(struct ask *c, struct store_reader *r, int64_t person)
{
	json_t *row = json_object();
	struct row_person p;
	struct phone phone;

	arena_reset(c->scan);
	if (!row_person_of(c, r, person, row, &p)) {
		json_decref(row);
		return;
	}
	row_text(row, "status", p.status);
	row_login(row, "caseworker", r, p.caseworker, c->scan);
	if (c->relation != ADMIN_ALL &&
	    person_phone(c->a->o.store, r, person, c->scan, &phone) == W_OK)
		row_phone(row, "phone", &phone, false);
	page_add(c, p.ref, row);
}

/* Each row under the role that reaches its person; the record names the widest. */
static void
show_candidates(struct ask *c, const struct found *found)
{
	struct store_reader *r = store_loop_reader(c->a->o.store);

	for (size_t i = 0; i < found->n; i++) {
		struct row_person p;

		if (read_person(r, found->persons[i], c->scan, &p) == W_OK && scope_reaches(c, &p))
			find_add_row(c, r, found->persons[i]);
	}
	(void)scope_role(c);
	c->person.id = 0;
	c->read = NULL;
	c->end_code = ADMIN_NONE;
	c->end_text = found->cut ? "many people fit; type more of the name"
				 : "several people fit; say which by ref";
	ask_show(c);
}

bool
find_person(struct ask *c, const char *name)
{
	struct found found;

	if (find_persons(c, arg_text(c, name), &found) != W_OK) {
		ask_end(c, ADMIN_AWAY, "the names are still being read; try again, or use the ref");
		return false;
	}
	if (found.n == 0) {
		ask_none(c);
		return false;
	}
	if (found.n > 1) {
		show_candidates(c, &found);
		return false;
	}
	if (read_person(store_loop_reader(c->a->o.store), found.persons[0], c->arena, &c->person) !=
		    W_OK ||
	    !scope_reaches(c, &c->person)) {
		ask_none(c);
		return false;
	}
	args_filter(c);
	c->filter.staff = c->filter.centre = 0;
	c->filter.person = c->person.id;
	return true;
}
