/*
 * The audit itself: who saw and changed what, and whether the chain is whole.
 */
#include "admin/admin_int.h"

struct audit_scan {
	struct ask *c;
	struct store_reader *r;
};

/* An erased person has no ref any more; the record keeps the row's number. */
static void
row_about(struct ask *c, struct store_reader *r, json_t *row, int64_t person)
{
	struct row_person p;

	if (person == 0)
		return;
	if (read_person(r, person, c->scan, &p) == W_OK)
		row_text(row, "ref", p.ref);
	else
		row_words(row, "ref", arena_printf(c->scan, "person-%lld", (long long)person));
}

static int
on_entry(void *ctx, const struct audit_entry *e)
{
	struct audit_scan *s = ctx;
	int64_t id = e->id;
	json_t *row = json_object();

	row_number(row, "id", id);
	row_time(s->c, row, "at", e->row.at);
	row_login(row, "login", s->r, e->row.staff, s->c->scan);
	row_text(row, "role", e->row.role);
	row_text(row, "verb", e->row.verb);
	row_about(s->c, s->r, row, e->row.person);
	row_text(row, "ids", e->row.ids);
	row_text(row, "why", e->row.why);
	row_text(row, "result", e->row.result);
	page_add(s->c, str_of(arena_printf(s->c->scan, "audit-%lld", (long long)id)), row);
	return page_next(s->c, id);
}

static void
read_entries(struct store_reader *r, struct ask *c)
{
	struct audit_scan s = {c, r};

	page_listed(c, list_audit(r, &c->filter, c->scan, on_entry, &s));
}

/* In this list the filter's staff is who acted, and centre is theirs. */
void
verb_audit_list(struct ask *c)
{
	struct row_staff staff;

	if (arg(c, "person")->given && !find_person(c, "person"))
		return;
	if (c->relation == ADMIN_CENTRE)
		c->filter.centre = c->staff.centre;
	if (arg(c, "staff")->given) {
		if (read_staff_login(store_loop_reader(c->a->o.store), arg_text(c, "staff"),
				     c->arena, &staff) != W_OK) {
			ask_end(c, ADMIN_NONE, "nobody of that login on the staff list");
			return;
		}
		c->filter.staff = staff.id;
	}
	c->filter.newest_first = true;
	ask_read(c, read_entries);
}

/* ---- Verify ---- */

static void
read_chain(struct store_reader *r, struct ask *c)
{
	int64_t bad = 0, count = 0;
	int rc = audit_verify(r, c->a->o.keys, &bad, &count);
	json_t *row = json_object();

	c->page.rc = rc == W_ESEAL ? W_OK : rc;
	row_words(row, "state", rc == W_OK ? "ok" : "FAIL");
	row_number(row, "records", count);
	if (rc == W_ESEAL) {
		row_number(row, "bad", bad);
		c->end_code = ADMIN_FAILED;
		c->end_text = arena_printf(
			c->page.arena, "record %lld does not fit: edited, out of turn or missing",
			(long long)bad);
	}
	page_add(c, STR_NONE, row);
}

void
verb_audit_verify(struct ask *c)
{
	ask_read(c, read_chain);
}
