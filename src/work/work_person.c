#include "work/work.h"

#include <inttypes.h>
#include <stdio.h>

/* Centre code and the row's number: CAS-0147. */
static void
make_ref(struct work *w, const struct work_new_person *in, struct work_added *out)
{
	const struct work_centre *c = work_centre_id(w, in->centre);

	if (in->ref.n > 0)
		snprintf(out->ref, sizeof(out->ref), "%.*s", STR_ARG(in->ref));
	else
		snprintf(out->ref, sizeof(out->ref), "%s-%04" PRId64, c ? c->conf->code : "C",
			 out->person % 1000000);
}

static int
seal_name(struct work *w, struct store_job *job, const char *column, int64_t person,
	  struct str name, struct sealed *out)
{
	const struct seal_place place = {"person", column, person, person};

	if (name.n == 0)
		return W_OK;
	return store_seal(w->store, &place, name, store_job_arena(job), out);
}

static void
add_code(struct work *w, struct store_job *job, struct work_added *out, bool has_phone,
	 const struct phone *phone, int64_t now)
{
	struct row_code row = {.id = store_next(w->store, NEXT_CODE),
			       .person = out->person,
			       .link = out->link,
			       .has_expected = has_phone};

	out->code = code_new();
	out->expires_at = row.expires_at = now + CODE_LIFE_S;
	row.code = digest_of(w->keys, DIGEST_CODE, str_of(out->code.digits));
	if (has_phone)
		row.expected = digest_phone(w->keys, DIGEST_PHONE, phone);
	put_code(job, &row);
}

static void
add_pending_link(struct work *w, struct store_job *job, struct work_added *out, int64_t now)
{
	out->link = store_next(w->store, NEXT_LINK);
	const struct row_link row = {.id = out->link,
				     .person = out->person,
				     .from_at = now,
				     .sharing = STR_LIT("unknown"),
				     .status = STR_LIT("pending")};
	put_link(job, &row);
}

/* Somebody else holds the number and has no PIN: two people there could not be told apart. */
static bool
number_is_taken(struct work *w, int64_t person, const struct phone *phone)
{
	struct work_holder holders[WORK_HOLDERS];
	size_t n = work_holders(w, phone, holders, ARRAY_LEN(holders));

	for (size_t i = 0; i < n; i++) {
		if (holders[i].person != person && !holders[i].has_pin)
			return true;
	}
	return false;
}

int
work_person_code(struct work *w, struct store_job *job, int64_t person, bool has_phone,
		 const struct phone *phone, int64_t now, struct work_added *out)
{
	struct row_link link;
	struct row_person row;
	struct arena *a = store_job_arena(job);

	if (has_phone && number_is_taken(w, person, phone))
		return W_EEXIST;
	out->person = person;
	if (read_person(store_loop_reader(w->store), person, a, &row) != W_OK)
		return W_ENOENT;
	snprintf(out->ref, sizeof(out->ref), "%.*s", STR_ARG(row.ref));
	if (read_link_pending(store_loop_reader(w->store), person, a, &link) == W_OK)
		out->link = link.id;
	else
		add_pending_link(w, job, out, now);
	add_code(w, job, out, has_phone, phone, now);
	return W_OK;
}

int
work_person_add(struct work *w, struct store_job *job, const struct work_new_person *in,
		struct work_added *out)
{
	struct data_key key;

	*out = (struct work_added){.person = store_next(w->store, NEXT_PERSON)};
	if (in->has_phone && number_is_taken(w, out->person, &in->phone))
		return W_EEXIST;
	int rc = store_key_new(w->store, job, out->person, &key);
	data_key_wipe(&key);
	if (rc != W_OK)
		return rc;
	make_ref(w, in, out);
	struct row_person row = {.id = out->person,
				 .centre = in->centre,
				 .at = in->now,
				 .by_staff = in->by_staff,
				 .ref = str_of(out->ref),
				 .lang = in->lang,
				 .path = in->path.n ? in->path : STR_LIT("undecided"),
				 .status = STR_LIT("active"),
				 .discreet = in->discreet};
	rc = seal_name(w, job, "name_ar", row.id, in->name_ar, &row.name_ar);
	if (rc == W_OK)
		rc = seal_name(w, job, "name_la", row.id, in->name_la, &row.name_la);
	if (rc != W_OK)
		return rc;
	put_person(job, &row);
	put_caseload(job, row.id, in->caseworker, in->now, STR_LIT("enrolment"));
	add_pending_link(w, job, out, in->now);
	add_code(w, job, out, in->has_phone, &in->phone, in->now);
	return W_OK;
}
