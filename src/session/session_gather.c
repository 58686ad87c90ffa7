#include "session/session_int.h"

static void
keep(char *out, size_t cap, struct str s)
{
	struct buf b;

	buf_init(&b, out, cap);
	buf_add_str(&b, s);
}

/* A name longer than the column's room is left out rather than cut inside a letter. */
static void
keep_name(const struct sessions *all, const char *column, const struct row_person *p,
	  struct sealed value, struct arena *a, char *out)
{
	const struct seal_place place = {"person", column, p->id, p->id};
	struct str name;

	out[0] = '\0';
	if (value.n == 0 || store_open_sealed(all->o.store, &place, value, a, &name) != W_OK)
		return;
	if (name.n < SNAP_NAME)
		keep(out, SNAP_NAME, name);
	wipe((char *)name.p, name.n);
}

void
snapshot_number(const struct sessions *all, const struct phone *phone, struct snapshot *out)
{
	struct store_reader *r = store_loop_reader(all->o.store);
	const struct digest guard = digest_phone(all->o.work->keys, DIGEST_GUARD, phone);
	struct arena *a = arena_new(1024);
	struct work_holder holders[SNAP_PERSONS];
	size_t n = work_holders(all->o.work, phone, holders, ARRAY_LEN(holders));

	*out = (struct snapshot){.phone = *phone};
	for (size_t i = 0; i < n; i++) {
		struct row_person person;

		/* Who left is treated like a number that nobody knows: only a code leads back in.
		 */
		if (read_person(r, holders[i].person, a, &person) != W_OK ||
		    !(str_is(person.status, "active") || str_is(person.status, "paused")))
			continue;
		out->persons[out->n_persons++] = (struct snap_person){
			holders[i].person, holders[i].link, holders[i].has_pin};
	}
	if (read_guard(r, &guard, &out->guard) != W_OK)
		out->guard = (struct row_guard){.number = guard};
	arena_free(a);
}

static void
gather_checkin(struct store_reader *r, int64_t person, struct arena *a, struct snapshot *out)
{
	struct row_checkin row;

	out->checkin = 0;
	out->checkin_due = out->checkin_done = false;
	out->mood[0] = out->housing[0] = out->days_worked[0] = '\0';
	if (read_checkin_week(r, person, out->week, a, &row) != W_OK)
		return;
	out->checkin = row.id;
	out->checkin_done = str_is(row.status, "done") || str_is(row.status, "excused");
	out->checkin_due = !out->checkin_done;
	keep(out->mood, sizeof(out->mood), row.mood);
	keep(out->housing, sizeof(out->housing), row.housing);
	keep(out->days_worked, sizeof(out->days_worked), row.days_worked);
}

static int
on_need(void *ctx, const struct row_need *row)
{
	struct snapshot *out = ctx;

	if (out->n_needs == SNAP_NEEDS)
		return 1;
	int category = session_word_index("category", row->category);
	int urgency = session_word_index("urgency", row->urgency);
	if (category >= 0 && urgency >= 0 && !str_is(row->status, "duplicate"))
		out->needs[out->n_needs++] =
			(struct snap_need){row->number, (uint8_t)category, (uint8_t)urgency};
	return 0;
}

void
snapshot_person(const struct sessions *all, int64_t person, int64_t link, int64_t now,
		struct snapshot *out)
{
	struct store_reader *r = store_loop_reader(all->o.store);
	struct arena *a = arena_new(4096);
	struct row_person p;
	struct row_link l;
	struct row_consent consent;

	out->person = 0;
	if (read_person(r, person, a, &p) != W_OK)
		goto out;
	out->person = person;
	out->link = link;
	out->centre = p.centre;
	keep(out->lang, sizeof(out->lang), p.lang);
	keep_name(all, "name_ar", &p, p.name_ar, a, out->name_ar);
	keep_name(all, "name_la", &p, p.name_la, a, out->name_la);
	out->shared = true; /* until somebody said otherwise */
	out->has_pin = false;
	if (read_link_active(r, person, a, &l) == W_OK && l.id == link) {
		out->shared = !str_is(l.sharing, "own");
		out->has_pin = l.pin.n > 0;
	}
	out->consent_kind[0] = '\0';
	out->put_off = 0;
	if (read_consent(r, person, a, &consent, &out->put_off) == W_OK) {
		keep(out->consent_kind, sizeof(out->consent_kind), consent.kind);
		keep(out->consent_version, sizeof(out->consent_version), consent.version);
		out->consent_at = consent.at;
	}
	out->week = checkin_week(all->o.work->zone, now);
	gather_checkin(r, person, a, out);
	const struct filter open_needs = {.person = person, .open_only = true, .limit = 50};
	out->n_needs = 0;
	(void)list_needs(r, &open_needs, a, on_need, out);
out:
	arena_free(a);
}
