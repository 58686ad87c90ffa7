/*
 * One person: finding them, and what stands about them.
 */
#include "admin/admin_int.h"

static const char *const day_words[] = {"sunday",   "monday", "tuesday", "wednesday",
					"thursday", "friday", "saturday"};

void
verb_person_find(struct ask *c)
{
	struct found found;

	if (find_persons(c, arg_text(c, "text"), &found) != W_OK) {
		ask_end(c, ADMIN_AWAY, "the names are still being read; try again, or use the ref");
		return;
	}
	if (found.n == 0) {
		ask_none(c);
		return;
	}
	for (size_t i = 0; i < found.n; i++) {
		struct store_reader *r = store_loop_reader(c->a->o.store);
		struct row_person p;

		if (read_person(r, found.persons[i], c->scan, &p) == W_OK && scope_reaches(c, &p))
			find_add_row(c, r, found.persons[i]);
	}
	c->person.id = found.n == 1 ? found.persons[0] : 0;
	if (found.cut)
		c->end_text = "more people fit; type more of the name";
	ask_show(c);
}

/* ---- Show ---- */

static const char *
pin_word(struct ask *c, struct store_reader *r, const struct row_link *link,
	 const struct phone *phone)
{
	const struct digest number = digest_phone(c->a->o.keys, DIGEST_GUARD, phone);
	struct row_guard guard;

	if (link->pin.n == 0)
		return "none";
	if (read_guard(r, &number, &guard) == W_OK && guard_pin_locked(&guard, c->now))
		return "locked";
	return "set";
}

static void
show_link(struct ask *c, struct store_reader *r, json_t *row)
{
	struct row_link link;
	struct phone phone;

	if (read_link_active(r, c->person.id, c->scan, &link) != W_OK) {
		bool pending = read_link_pending(r, c->person.id, c->scan, &link) == W_OK;

		row_words(row, "link", pending ? "waits for its code" : "none");
		return;
	}
	row_text(row, "sharing", link.sharing);
	row_text(row, "link", link.status);
	if (person_phone(c->a->o.store, r, c->person.id, c->scan, &phone) != W_OK)
		return;
	row_phone(row, "phone", &phone, false);
	row_words(row, "pin", pin_word(c, r, &link, &phone));
	wipe(&phone, sizeof(phone));
}

static void
show_rhythm(struct ask *c, struct store_reader *r, json_t *row)
{
	struct row_schedule schedule;
	struct row_checkin last;

	if (read_schedule(r, c->person.id, STR_LIT("checkin"), c->scan, &schedule) == W_OK &&
	    schedule.active) {
		row_words(row, "checkin_day", day_words[schedule.weekday % 7]);
		row_words(row, "checkin_at",
			  arena_printf(c->scan, "%02u:%02u", schedule.minute / 60u,
				       schedule.minute % 60u));
		row_time(c, row, "next_checkin_at", schedule.next_at);
	}
	if (read_checkin_last_done(r, c->person.id, c->scan, &last) == W_OK)
		row_time(c, row, "last_checkin_at", last.done_at);
}

static int
count_one(void *ctx, const struct row_need *need)
{
	(void)need;
	++*(int64_t *)ctx;
	return 0;
}

static void
show_consent_and_needs(struct ask *c, struct store_reader *r, json_t *row)
{
	const struct filter open = {.person = c->person.id, .open_only = true};
	struct row_consent consent;
	int put_off;
	int64_t needs = 0;

	if (read_consent(r, c->person.id, c->scan, &consent, &put_off) == W_OK) {
		row_text(row, "consent", consent.kind);
		row_time(c, row, "consent_at", consent.at);
	}
	if (list_needs(r, &open, c->scan, count_one, &needs) == W_OK)
		row_number(row, "needs_open", needs);
}

struct showing {
	struct ask *c;
	json_t *row;
};

static int
show_appointment(void *ctx, const struct row_appointment *row)
{
	struct ask *c = ((struct showing *)ctx)->c;
	json_t *out = ((struct showing *)ctx)->row;

	row_time(c, out, "appointment_at", row->at);
	row_text(out, "appointment", row->status);
	return 0;
}

/* The project or the job, the next appointment, and the survey that is open. */
static void
show_path(struct ask *c, struct store_reader *r, json_t *row)
{
	const int64_t person = c->person.id;
	struct showing showing = {c, row};
	struct row_project project;
	struct row_placement job;
	struct row_survey survey;

	if (read_project(r, person, c->scan, &project) == W_OK) {
		row_text(row, "stage", project.stage);
		row_text(row, "sector", project.sector);
		row_time(c, row, "handover_at", project.handover_at);
		row_text(row, "equipment", project.equipment);
		row_time(c, row, "equipment_at", project.equipment_at);
	}
	if (read_placement(r, person, c->scan, &job) == W_OK)
		row_time(c, row, "job_since", job.start_at);
	(void)list_appointments_coming(r, person, c->now, 1, c->scan, show_appointment, &showing);
	if (read_survey_due(r, person, survey_open_since(c->now), c->now, c->scan, &survey) == W_OK)
		row_text(row, "survey", survey.kind);
}

void
verb_person_show(struct ask *c)
{
	struct store_reader *r = store_loop_reader(c->a->o.store);
	json_t *row = json_object();
	struct row_centre centre;

	if (!find_person(c, "person")) {
		json_decref(row);
		return;
	}
	row_names(c, row, &c->person, c->scan);
	if (read_centre_id(r, c->person.centre, c->scan, &centre) == W_OK)
		row_text(row, "centre", centre.code);
	row_login(row, "caseworker", r, c->person.caseworker, c->scan);
	row_text(row, "status", c->person.status);
	row_text(row, "lang", c->person.lang);
	row_text(row, "path", c->person.path);
	show_path(c, r, row);
	show_link(c, r, row);
	show_consent_and_needs(c, r, row);
	show_rhythm(c, r, row);
	row_bool(row, "discreet", c->person.discreet);
	row_time(c, row, "added_at", c->person.at);
	page_add(c, c->person.ref, row);
	ask_show(c);
}
