/*
 * Whom a set of roles reaches, asked of every verb, every set of roles, staff
 * with and without a centre, and people near and far: compared with the table
 * read the long way.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "admin/admin_int.h"

enum { ME = 7, COLLEAGUE = 8, HERE = 1, ELSEWHERE = 2, ROLE_SETS = 1 << ADMIN_ROLES };

static const struct row_person people[] = {
	{.id = 1, .caseworker = ME, .centre = HERE},
	{.id = 2, .caseworker = COLLEAGUE, .centre = HERE},
	{.id = 3, .caseworker = COLLEAGUE, .centre = ELSEWHERE},
	{.id = 4, .caseworker = ME, .centre = ELSEWHERE},
};

typedef void each_ask(struct ask *c);

static void
for_every_ask(each_ask *each)
{
	for (size_t v = 0; v < admin_verbs_n; v++)
		for (unsigned roles = 0; roles < ROLE_SETS; roles++)
			for (int64_t centre = 0; centre <= HERE; centre++) {
				struct ask c = {.verb = &admin_verbs[v],
						.role = -1,
						.staff = {.id = ME, .centre = centre}};

				c.staff.roles = roles;
				each(&c);
			}
}

/* One cell of the table, for this staff member; without a centre there is nobody of the centre. */
static enum admin_relation
cell_of(const struct ask *c, int role)
{
	bool has_role = c->staff.roles >> role & 1;
	enum admin_relation said = has_role ? c->verb->cells[role] : ADMIN_NO;

	return said == ADMIN_CENTRE && c->staff.centre == 0 ? ADMIN_NO : said;
}

static bool
within(const struct ask *c, enum admin_relation relation, const struct row_person *p)
{
	return relation == ADMIN_ALL || (relation == ADMIN_OWN && p->caseworker == ME) ||
	       (relation == ADMIN_CENTRE && p->centre == c->staff.centre);
}

static enum admin_relation
widest(const struct ask *c, const struct row_person *p)
{
	enum admin_relation best = ADMIN_NO;

	for (int role = 0; role < ADMIN_ROLES; role++) {
		enum admin_relation relation = cell_of(c, role);

		if (relation > best && (p == NULL || within(c, relation, p)))
			best = relation;
	}
	return best;
}

static void
check_role(struct ask *c)
{
	enum admin_relation best = widest(c, NULL);

	assert_int_equal(scope_role(c), best != ADMIN_NO);
	assert_int_equal(c->relation, best);
	assert_true(best == ADMIN_NO ? c->role == -1 : cell_of(c, c->role) == best);
}

static void
admin_reach__the_widest_role_that_may_is_taken(void **state)
{
	(void)state;
	for_every_ask(check_role);
}

static void
check_people(struct ask *c)
{
	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		struct ask now = *c;
		enum admin_relation best = widest(c, &people[i]);
		bool knows = false;

		assert_int_equal(scope_reaches(&now, &people[i]), best != ADMIN_NO);
		assert_int_equal(now.relation, best);
		for (int role = 0; role < ADMIN_ROLES; role++)
			knows = knows || (cell_of(c, role) != ADMIN_ALL &&
					  within(c, cell_of(c, role), &people[i]));
		assert_int_equal(scope_knows(c, &people[i]), knows);
	}
}

static void
admin_reach__a_person_is_reached_by_a_role_that_holds_them(void **state)
{
	(void)state;
	for_every_ask(check_people);
}

static void
check_holds(struct ask *c)
{
	for (enum admin_relation r = ADMIN_NO; r <= ADMIN_ALL; r++) {
		bool counts_or_all = r == ADMIN_COUNTS || r == ADMIN_ALL, has = false;

		c->relation = r;
		for (size_t i = 0; i < ARRAY_LEN(people); i++)
			assert_int_equal(scope_holds(c, &people[i]),
					 r == ADMIN_COUNTS || within(c, r, &people[i]));
		assert_int_equal(scope_holds_centre(c, 0), counts_or_all);
		assert_int_equal(scope_holds_centre(c, ELSEWHERE), counts_or_all);
		assert_int_equal(scope_holds_centre(c, HERE),
				 counts_or_all || (r == ADMIN_CENTRE && c->staff.centre == HERE));
		for (int role = 0; role < ADMIN_ROLES; role++)
			has = has || cell_of(c, role) == r;
		assert_int_equal(scope_has(c, r), has);
	}
}

static void
admin_reach__what_a_relation_holds_is_what_the_table_says(void **state)
{
	(void)state;
	for_every_ask(check_holds);
}

/* A list is narrowed where it is read: to one's people, or to one's centre. */
static void
check_filter(struct ask *c)
{
	struct filter f = {0};

	if (!scope_role(c))
		return;
	scope_filter(c, &f);
	bool management = 1u << c->role == ROLE_MANAGEMENT && c->relation == ADMIN_COUNTS;
	bool centre = c->relation == ADMIN_CENTRE || management;
	assert_int_equal(f.staff, c->relation == ADMIN_OWN ? ME : 0);
	assert_int_equal(f.centre, centre ? c->staff.centre : 0);
}

static void
admin_reach__a_list_is_narrowed_to_what_the_role_holds(void **state)
{
	(void)state;
	for_every_ask(check_filter);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(admin_reach__the_widest_role_that_may_is_taken),
		cmocka_unit_test(admin_reach__a_person_is_reached_by_a_role_that_holds_them),
		cmocka_unit_test(admin_reach__what_a_relation_holds_is_what_the_table_says),
		cmocka_unit_test(admin_reach__a_list_is_narrowed_to_what_the_role_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
