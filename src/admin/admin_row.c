/*
 * Values of the store as members of a row: times with their zone, names and
 * notes opened and cleaned for a terminal, numbers masked.
 */
#include "admin/admin_int.h"

void
row_text(json_t *row, const char *key, struct str text)
{
	struct arena *a = arena_new(0);
	struct buf clean;

	buf_init_arena(&clean, a);
	text_strip_controls(text, &clean);
	struct str s = buf_str(&clean);
	if (s.n > 0)
		json_object_set_new(row, key, json_stringn(s.p, s.n));
	arena_free(a);
}

void
row_words(json_t *row, const char *key, const char *text)
{
	row_text(row, key, str_of(text));
}

void
row_time(const struct ask *c, json_t *row, const char *key, int64_t at)
{
	if (at != 0)
		json_object_set_new(row, key, json_string(civil_rfc3339(c->zone, at).s));
}

void
row_number(json_t *row, const char *key, int64_t number)
{
	json_object_set_new(row, key, json_integer(number));
}

void
row_bool(json_t *row, const char *key, bool yes)
{
	json_object_set_new(row, key, json_boolean(yes));
}

struct str
open_value(struct store *s, const struct seal_place *place, struct sealed value, struct arena *a)
{
	struct str plain;

	if (value.n == 0 || store_open_sealed(s, place, value, a, &plain) != W_OK)
		return STR_NONE;
	return plain;
}

struct str
open_name(struct store *s, const struct row_person *p, bool arabic, struct arena *a)
{
	const struct seal_place place = {"person", arabic ? "name_ar" : "name_la", p->id, p->id};

	return open_value(s, &place, arabic ? p->name_ar : p->name_la, a);
}

void
row_names(const struct ask *c, json_t *row, const struct row_person *p, struct arena *a)
{
	row_text(row, "ref", p->ref);
	row_text(row, "name_ar", open_name(c->a->o.store, p, true, a));
	row_text(row, "name_la", open_name(c->a->o.store, p, false, a));
}

static int
phone_of(struct store *s, const struct seal_place *place, struct sealed value, struct arena *a,
	 struct phone *out)
{
	struct str e164 = open_value(s, place, value, a);

	if (e164.n == 0)
		return W_ENOENT;
	int rc = phone_parse(e164, out) == PHONE_BAD ? W_EINVAL : W_OK;
	wipe((char *)e164.p, e164.n);
	return rc;
}

int
person_phone(struct store *s, struct store_reader *r, int64_t person, struct arena *a,
	     struct phone *out)
{
	struct row_link link;
	int rc = read_link_active(r, person, a, &link);
	const struct seal_place place = {"phone_link", "phone", link.id, person};

	return rc == W_OK ? phone_of(s, &place, link.phone, a, out) : rc;
}

void
row_phone(json_t *row, const char *key, const struct phone *phone, bool in_full)
{
	char memory[64];
	struct buf b;

	buf_init(&b, memory, sizeof(memory));
	if (in_full)
		phone_reveal(phone, PHONE_NATIONAL, &b);
	else
		phone_mask(phone, &b);
	row_text(row, key, buf_str(&b));
	wipe(memory, sizeof(memory));
}

void
row_login(json_t *row, const char *key, struct store_reader *r, int64_t staff, struct arena *a)
{
	struct row_staff found;

	if (staff != 0 && read_staff(r, staff, a, &found) == W_OK)
		row_text(row, key, found.login);
}

void
row_roles(json_t *row, const char *key, unsigned roles)
{
	char memory[128];
	struct buf b;

	buf_init(&b, memory, sizeof(memory));
	for (int i = 0; i < ADMIN_ROLES; i++)
		if (roles & 1u << i)
			buf_printf(&b, "%s%s", b.n > 0 ? "," : "", admin_role_words[i]);
	row_text(row, key, buf_str(&b));
}

bool
row_person_of(struct ask *c, struct store_reader *r, int64_t person, json_t *row,
	      struct row_person *out)
{
	if (person == 0 || read_person(r, person, c->scan, out) != W_OK || !scope_holds(c, out))
		return false;
	if (c->relation != ADMIN_COUNTS && c->relation != ADMIN_ALL)
		row_names(c, row, out, c->scan);
	else
		row_text(row, "ref", out->ref);
	return true;
}

/* The end of a call-back or need that is late, seen from now. */
static void
row_late(const struct ask *c, json_t *row, int64_t due_at)
{
	row_bool(row, "late", due_at != 0 && due_at <= c->now);
}

json_t *
need_row(struct ask *c, struct store_reader *r, const struct row_need *need,
	 struct row_person *person)
{
	const struct seal_place place = {"need", "note", need->number, need->person};
	json_t *row = json_object();

	row_words(row, "number", arena_printf(c->scan, "N-%lld", (long long)need->number));
	row_text(row, "urgency", need->urgency);
	row_time(c, row, "opened_at", need->opened_at);
	row_time(c, row, "due_at", need->due_at);
	row_late(c, row, need->closed_at ? 0 : need->due_at);
	row_text(row, "state", need->status);
	row_text(row, "category", need->category);
	if (!row_person_of(c, r, need->person, row, person)) {
		json_decref(row);
		return NULL;
	}
	row_text(row, "source", need->source);
	row_bool(row, "verified", need->verified);
	row_login(row, "owner", r, need->owner, c->scan);
	if (c->relation == ADMIN_OWN || c->relation == ADMIN_CENTRE)
		row_text(row, "note", open_value(c->a->o.store, &place, need->note, c->scan));
	row_words(row, "next",
		  arena_printf(c->scan, "wasl need show N-%lld", (long long)need->number));
	row_number(row, "id", need->number);
	return row;
}

/* The number asked for, else the person's own. */
static void
callback_phone(struct ask *c, struct store_reader *r, const struct row_callback *cb, json_t *row,
	       bool in_full)
{
	const struct seal_place place = {"callback", "phone", cb->number, cb->key_id};
	struct phone phone;

	if (phone_of(c->a->o.store, &place, cb->phone, c->scan, &phone) == W_OK ||
	    (cb->person != 0 &&
	     person_phone(c->a->o.store, r, cb->person, c->scan, &phone) == W_OK)) {
		row_phone(row, "phone", &phone, in_full);
		wipe(&phone, sizeof(phone));
	}
}

/* A stranger's belongs to the centre; nobody has strangers on a caseload. */
static bool
callback_person(struct ask *c, struct store_reader *r, const struct row_callback *cb, json_t *row,
		struct row_person *person)
{
	*person = (struct row_person){.id = 0};
	return cb->person == 0 ? scope_holds_centre(c, cb->centre)
			       : row_person_of(c, r, cb->person, row, person);
}

json_t *
callback_row(struct ask *c, struct store_reader *r, const struct row_callback *cb,
	     struct row_person *person, bool in_full)
{
	json_t *row = json_object();
	const long long number = (long long)cb->number;

	row_words(row, "number", arena_printf(c->scan, "C-%lld", number));
	row_text(row, "priority", cb->priority);
	row_time(c, row, "due_at", cb->due_at);
	row_time(c, row, "asked_at", cb->asked_at);
	row_late(c, row, cb->outcome.n > 0 ? 0 : cb->due_at);
	row_number(row, "tries", cb->tries);
	row_text(row, "wish", cb->wish);
	if (!callback_person(c, r, cb, row, person)) {
		json_decref(row);
		return NULL;
	}
	if (c->relation != ADMIN_COUNTS)
		callback_phone(c, r, cb, row, in_full);
	row_text(row, "outcome", cb->outcome);
	row_time(c, row, "closed_at", cb->closed_at);
	if (cb->outcome.n == 0)
		row_words(row, "next",
			  arena_printf(c->scan, "wasl call %s C-%lld", in_full ? "done" : "show",
				       number));
	row_number(row, "id", cb->number);
	return row;
}

void
page_add_three(struct ask *c, const char *const names[3], const char *a, const char *b,
	       const char *third)
{
	json_t *row = json_object();

	row_words(row, names[0], a);
	row_words(row, names[1], b);
	row_words(row, names[2], third);
	page_add(c, STR_NONE, row);
}
