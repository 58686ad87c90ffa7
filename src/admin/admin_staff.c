/*
 * The staff list, and who the caller is on it.
 */
#include "admin/admin_int.h"

#include <pwd.h>
#include <stdlib.h>

static void
row_centre_code(json_t *row, struct store_reader *r, int64_t id, struct arena *a)
{
	struct row_centre centre;

	if (id != 0 && read_centre_id(r, id, a, &centre) == W_OK)
		row_text(row, "centre", centre.code);
}

void
verb_whoami(struct ask *c)
{
	json_t *row = json_object();

	row_text(row, "login", c->staff.login);
	row_text(row, "name", c->staff.name);
	row_centre_code(row, store_loop_reader(c->a->o.store), c->staff.centre, c->arena);
	row_roles(row, "roles", c->staff.roles);
	row_bool(row, "lab", c->a->o.lab);
	page_add(c, STR_NONE, row);
	ask_show(c);
}

/* ---- List ---- */

struct staff_scan {
	struct ask *c;
	struct store_reader *r;
};

static int
on_staff(void *ctx, const struct row_staff *staff)
{
	struct staff_scan *s = ctx;
	int64_t id = staff->id;
	json_t *row = json_object();

	row_text(row, "login", staff->login);
	row_text(row, "name", staff->name);
	row_centre_code(row, s->r, staff->centre, s->c->scan);
	row_roles(row, "roles", staff->roles);
	row_bool(row, "active", staff->active);
	row_time(s->c, row, "since", staff->at);
	row_number(row, "id", id);
	page_add(s->c, STR_NONE, row);
	return page_next(s->c, id);
}

static void
read_staff_list(struct store_reader *r, struct ask *c)
{
	struct staff_scan s = {c, r};

	page_listed(c, list_staff(r, &c->filter, c->scan, on_staff, &s));
}

void
verb_staff_list(struct ask *c)
{
	c->filter.open_only = !arg_yes(c, "all");
	ask_read(c, read_staff_list);
}

/* ---- Add ---- */

struct new_staff {
	struct row_staff row;
	bool uid_given, uid_found;
};

/* 0: a word that is no role. */
static unsigned
roles_of(struct str words)
{
	unsigned roles = 0;

	while (words.n > 0) {
		struct str word = str_trim(str_cut(&words, ','));
		unsigned bit = 0;

		for (int i = 0; i < ADMIN_ROLES; i++)
			if (str_is(word, admin_role_words[i]))
				bit = 1u << i;
		if (bit == 0)
			return 0;
		roles |= bit;
	}
	return roles;
}

/* The list of Unix users may lie on another machine: asked on the reader thread, not on the loop.
 */
static void
look_up_uid(struct store_reader *r, void *arg)
{
	struct ask *c = arg;
	struct new_staff *new = c->extra;
	char memory[16 * 1024];
	struct passwd entry, *found = NULL;

	(void)r;
	if (new->uid_given)
		return;
	const char *login = arena_printf(c->scan, "%.*s", STR_ARG(new->row.login));
	if (getpwnam_r(login, &entry, memory, sizeof(memory), &found) == 0 && found != NULL) {
		new->row.uid = (int64_t)entry.pw_uid;
		new->uid_found = true;
	}
}

static void
add_staff(struct ask *c)
{
	struct new_staff *new = c->extra;
	struct store_job *job = store_job_new(c->a->o.store);
	json_t *row = json_object();

	new->row.id = store_next(c->a->o.store, NEXT_STAFF);
	put_staff(job, &new->row);
	row_text(row, "login", new->row.login);
	row_text(row, "name", new->row.name);
	row_centre_code(row, store_loop_reader(c->a->o.store), new->row.centre, c->arena);
	row_roles(row, "roles", new->row.roles);
	row_number(row, "uid", new->row.uid);
	page_add(c, new->row.login, row);
	ask_change(c, job);
}

static void
on_uid_known(void *arg)
{
	struct ask *c = arg;
	struct new_staff *new = c->extra;

	c->pending = false;
	if (c->peer == NULL)
		ask_end(c, ADMIN_AWAY, "");
	else if (!new->uid_given && !new->uid_found)
		ask_end(c, ADMIN_NONE,
			"staff add: no Unix user of that name; make one first, or say \"uid\"");
	else
		add_staff(c);
}

static const char *
new_staff_fault(struct ask *c, struct new_staff *new)
{
	struct row_centre centre;

	if (new->row.roles == 0)
		return "staff add: \"roles\" needs words of caseworker,supervisor,admin,auditor,"
		       "management";
	if (new->uid_given &&new->row.uid >= UINT32_MAX)
		return "staff add: \"uid\" needs the number of a Unix user";
	if (!arg(c, "centre")->given)
		return NULL;
	if (read_centre(store_loop_reader(c->a->o.store), arg_text(c, "centre"), c->arena,
			&centre) != W_OK)
		return "staff add: no such centre";
	new->row.centre = centre.id;
	return NULL;
}

void
verb_staff_add(struct ask *c)
{
	struct new_staff *new = ARENA_NEW(c->arena, struct new_staff);
	struct str name = arg_text(c, "name");

	new->row = (struct row_staff){.centre = c->staff.centre,
				      .uid = arg_number(c, "uid"),
				      .at = c->now,
				      .login = arg_text(c, "login"),
				      .name = name.n > 0 && name.n <= 100 ? name
									  : arg_text(c, "login"),
				      .roles = roles_of(arg_text(c, "roles")),
				      .active = true};
	new->uid_given = arg(c, "uid")->given;
	const char *wrong = new_staff_fault(c, new);
	if (wrong != NULL) {
		ask_end(c, ADMIN_USAGE, wrong);
		return;
	}
	c->extra = new;
	c->pending = true;
	store_read(c->a->o.store, look_up_uid, on_uid_known, c);
}
