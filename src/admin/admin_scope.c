/*
 * Who may what: the five columns of admin_verbs.def against the roles of a
 * staff row and the person at hand. Whatever is not said there is refused.
 */
#include "admin/admin_int.h"

_Static_assert(ROLE_CASEWORKER == 1 << 0 && ROLE_SUPERVISOR == 1 << 1 && ROLE_ADMIN == 1 << 2 &&
		       ROLE_AUDITOR == 1 << 3 && ROLE_MANAGEMENT == 1 << 4,
	       "the columns of admin_verbs.def are in the order of the bits");

/* What the verb gives this role of the caller; a centre's role without a centre reaches nobody. */
static enum admin_relation
cell(const struct ask *c, int role)
{
	enum admin_relation relation = c->verb->cells[role];

	if (!(c->staff.roles & 1u << role))
		return ADMIN_NO;
	return relation == ADMIN_CENTRE && c->staff.centre == 0 ? ADMIN_NO : relation;
}

static bool
person_fits(const struct ask *c, enum admin_relation relation, const struct row_person *p)
{
	if (relation == ADMIN_OWN)
		return p->caseworker == c->staff.id;
	if (relation == ADMIN_CENTRE)
		return p->centre == c->staff.centre;
	return relation == ADMIN_ALL;
}

/* The widest relation among the roles for which fits says yes. */
static bool
choose(struct ask *c, const struct row_person *p)
{
	int best = -1;

	for (int role = 0; role < ADMIN_ROLES; role++) {
		if (cell(c, role) == ADMIN_NO || (p && !person_fits(c, cell(c, role), p)))
			continue;
		if (best < 0 || cell(c, role) > cell(c, best))
			best = role;
	}
	if (best < 0)
		return false;
	c->role = best;
	c->relation = cell(c, best);
	return true;
}

bool
scope_role(struct ask *c)
{
	return choose(c, NULL);
}

bool
scope_reaches(struct ask *c, const struct row_person *p)
{
	return choose(c, p);
}

bool
scope_knows(const struct ask *c, const struct row_person *p)
{
	for (int role = 0; role < ADMIN_ROLES; role++) {
		enum admin_relation relation = cell(c, role);

		if ((relation == ADMIN_OWN || relation == ADMIN_CENTRE) &&
		    person_fits(c, relation, p))
			return true;
	}
	return false;
}

bool
scope_holds(const struct ask *c, const struct row_person *p)
{
	return c->relation == ADMIN_COUNTS || person_fits(c, c->relation, p);
}

bool
scope_holds_centre(const struct ask *c, int64_t centre)
{
	return c->relation == ADMIN_ALL || c->relation == ADMIN_COUNTS ||
	       (c->relation == ADMIN_CENTRE && centre != 0 && centre == c->staff.centre);
}

bool
scope_has(const struct ask *c, enum admin_relation relation)
{
	for (int role = 0; role < ADMIN_ROLES; role++)
		if (cell(c, role) == relation)
			return true;
	return false;
}

/* Management counts its own centre, when it has one. */
void
scope_filter(const struct ask *c, struct filter *f)
{
	if (c->relation == ADMIN_OWN)
		f->staff = c->staff.id;
	else if (c->relation == ADMIN_CENTRE)
		f->centre = c->staff.centre;
	else if (c->relation == ADMIN_COUNTS && 1u << c->role == ROLE_MANAGEMENT)
		f->centre = c->staff.centre;
}
