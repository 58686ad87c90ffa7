/*
 * What staff change about people: call-backs, enrolment, erasure. The change
 * and its audit record are one job.
 */
#include "admin/admin_int.h"

#include <ctype.h>

enum { REF_MAX = 16 };

bool
callback_reached(struct ask *c, struct row_callback *out)
{
	struct store_reader *r = store_loop_reader(c->a->o.store);
	struct row_person p = {.id = 0};
	bool reached = false;

	if (read_callback(r, arg_number(c, "number"), c->arena, out) == W_OK) {
		if (out->person == 0) {
			reached = scope_holds_centre(c, out->centre);
		} else if (read_person(r, out->person, c->arena, &p) == W_OK) {
			c->person.id = p.id; /* for the record, theirs or not */
			reached = scope_reaches(c, &p);
		}
	}
	if (reached && out->person != 0)
		c->person = p;
	if (!reached)
		ask_no_number(c);
	return reached;
}

/* ---- Call-backs ---- */

static void
on_callback_changed(struct ask *c)
{
	struct row_callback now;
	json_t *row = json_object();
	const long long number = (long long)arg_number(c, "number");

	row_words(row, "number", arena_printf(c->arena, "C-%lld", number));
	if (read_callback(store_loop_reader(c->a->o.store), number, c->arena, &now) == W_OK) {
		row_text(row, "state", now.outcome.n > 0 ? now.outcome : STR_LIT("open"));
		if (now.outcome.n == 0)
			row_time(c, row, "due_at", now.due_at);
	}
	page_add(c, STR_NONE, row);
}

static void
close_callback(struct ask *c, struct str outcome)
{
	struct row_callback cb;

	if (!callback_reached(c, &cb))
		return;
	if (cb.outcome.n > 0) {
		ask_end(c, ADMIN_CONFLICT,
			arena_printf(c->arena, "C-%lld was closed already (%.*s)",
				     (long long)cb.number, STR_ARG(cb.outcome)));
		return;
	}
	struct store_job *job = store_job_new(c->a->o.store);
	work_callback_close(c->a->o.work, job, &cb, outcome, c->staff.id, c->now);
	page_note(c, c->person.ref);
	page_note(c, str_of(arena_printf(c->arena, "C-%lld", (long long)cb.number)));
	c->on_changed = on_callback_changed;
	ask_change(c, job);
}

void
verb_call_done(struct ask *c)
{
	const struct arg_value *outcome = arg(c, "outcome");

	close_callback(c, outcome->given ? outcome->text : STR_LIT("reached"));
}

void
verb_call_noanswer(struct ask *c)
{
	close_callback(c, STR_LIT("no_answer"));
}

/* ---- Enrolment ---- */

struct adding {
	struct work_added added;
	int64_t centre;
	struct str name_ar, name_la;
};

static void
add_code_row(struct ask *c, const struct work_added *added)
{
	json_t *row = json_object();

	row_words(row, "ref", added->ref);
	row_words(row, "code", added->code.digits);
	row_time(c, row, "expires_at", added->expires_at);
	page_add(c, str_of(added->ref), row);
}

static void
on_person_added(struct ask *c)
{
	const struct adding *adding = c->extra;

	if (!c->a->closing)
		names_put(c->a->names, adding->added.person, adding->centre, adding->name_ar,
			  adding->name_la);
}

/* A centre by its code, one's own without; 0: there is none of that code. */
static int64_t
centre_arg(struct ask *c)
{
	struct row_centre centre;

	if (!arg(c, "centre")->given)
		return c->staff.centre;
	int rc = read_centre(store_loop_reader(c->a->o.store), arg_text(c, "centre"), c->arena,
			     &centre);
	return rc == W_OK ? centre.id : 0;
}

/* Who the person is for, and whether the role may say so. NULL, or what is wrong. */
static const char *
new_person_place(struct ask *c, struct work_new_person *in)
{
	struct row_staff caseworker = c->staff;

	in->centre = centre_arg(c);
	if (in->centre == 0)
		return "person add: no such centre";
	if (arg(c, "caseworker")->given &&
	    (read_staff_login(store_loop_reader(c->a->o.store), arg_text(c, "caseworker"), c->arena,
			      &caseworker) != W_OK ||
	     !caseworker.active))
		return "person add: no such caseworker";
	in->caseworker = caseworker.id;
	const struct row_person meant = {.centre = in->centre, .caseworker = in->caseworker};
	return scope_reaches(c, &meant) && caseworker.centre == in->centre
		       ? NULL
		       : "person add: not a centre or caseload you may add to";
}

/* work_person_add seals under a key that it adds to the job; a failure leaves nothing behind. */
static const char *
add_failed(int rc)
{
	return rc == W_EEXIST ? "that number is held by somebody without a PIN; two people there "
				"could not be told apart"
			      : w_err_word(rc);
}

/* Empty: the next free one. Letters, digits and hyphens, with a hyphen: never taken for a number.
 */
static bool
ref_is_good(struct str ref)
{
	for (size_t i = 0; i < ref.n; i++)
		if (!isupper((unsigned char)ref.p[i]) && !isdigit((unsigned char)ref.p[i]) &&
		    ref.p[i] != '-')
			return false;
	return ref.n == 0 ||
	       (ref.n < REF_MAX && isupper((unsigned char)ref.p[0]) && str_find(ref, '-') > 0);
}

void
verb_person_add(struct ask *c)
{
	struct work_new_person in = {.by_staff = c->staff.id,
				     .now = c->now,
				     .name_ar = arg_text(c, "name_ar"),
				     .name_la = arg_text(c, "name_la"),
				     .lang = arg_text(c, "lang"),
				     .path = arg_text(c, "path"),
				     .ref = arg_text(c, "ref"),
				     .has_phone = arg(c, "phone")->given,
				     .phone = arg(c, "phone")->phone,
				     .discreet = arg_yes(c, "discreet")};
	struct adding *adding = ARENA_NEW(c->arena, struct adding);
	const char *wrong = new_person_place(c, &in);

	if (in.name_ar.n == 0 && in.name_la.n == 0)
		wrong = "person add: a name in Arabic or in Latin script is needed";
	if (wrong != NULL || !ref_is_good(in.ref)) {
		ask_end(c, ADMIN_USAGE,
			wrong ? wrong : "person add: \"ref\" needs a word such as CAS-0147");
		return;
	}
	struct store_job *job = store_job_new(c->a->o.store);
	int rc = work_person_add(c->a->o.work, job, &in, &adding->added);
	if (rc != W_OK) {
		store_job_free(job);
		ask_end(c, rc == W_EEXIST ? ADMIN_CONFLICT : ADMIN_FAILED, add_failed(rc));
		return;
	}
	adding->centre = in.centre;
	adding->name_ar = in.name_ar;
	adding->name_la = in.name_la;
	c->extra = adding;
	c->person.id = adding->added.person;
	c->on_changed = on_person_added;
	add_code_row(c, &adding->added);
	ask_change(c, job);
}

void
verb_person_code(struct ask *c)
{
	const struct arg_value *phone = arg(c, "phone");
	struct work_added added = {0};

	if (!find_person(c, "person"))
		return;
	struct store_job *job = store_job_new(c->a->o.store);
	int rc = work_person_code(c->a->o.work, job, c->person.id, phone->given, &phone->phone,
				  c->now, &added);
	if (rc != W_OK) {
		store_job_free(job);
		ask_end(c, rc == W_EEXIST ? ADMIN_CONFLICT : ADMIN_FAILED, add_failed(rc));
		return;
	}
	add_code_row(c, &added);
	ask_change(c, job);
}

/* ---- Erasure ---- */

static void
on_person_erased(struct ask *c)
{
	if (!c->a->closing)
		names_drop(c->a->names, c->person.id);
}

void
verb_person_erase(struct ask *c)
{
	if (!find_person(c, "person"))
		return;
	if (!str_eq(arg_text(c, "confirm"), c->person.ref)) {
		ask_end(c, ADMIN_USAGE,
			"person erase: type the person's ref again as \"confirm\"; nothing was "
			"erased");
		return;
	}
	struct store_job *job = store_job_new(c->a->o.store);
	json_t *row = json_object();

	person_erase(job, c->person.id);
	row_text(row, "ref", c->person.ref);
	page_add(c, c->person.ref, row);
	c->end_text = "erased; copies in backups are gone within seven days";
	c->on_changed = on_person_erased;
	ask_change(c, job);
}
