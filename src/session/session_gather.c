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

static bool
has_pin(const struct snapshot *s)
{
	for (unsigned i = 0; i < s->n_persons; i++)
		if (s->persons[i].has_pin)
			return true;
	return false;
}

void
snapshot_number(const struct sessions *all, const struct phone *phone, const struct digest *guard,
		struct snapshot *out)
{
	struct store_reader *r = store_loop_reader(all->o.store);
	struct arena_room room;
	struct arena *a = arena_in(&room);
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
	if (out->n_persons > 1 && !has_pin(out))
		out->n_persons = 0; /* nothing tells them apart: like a number nobody knows */
	if (read_guard(r, guard, &out->guard) != W_OK)
		out->guard = (struct row_guard){.number = *guard};
	arena_free(a);
}

/* One that was missed can still be answered. */
static bool
is_done(struct str status)
{
	return str_is(status, "done") || str_is(status, "excused");
}

static void
gather_checkin(struct store_reader *r, struct arena *a, struct snapshot *out)
{
	struct row_checkin row;

	out->checkin = (struct snap_run){0};
	if (read_checkin_week(r, out->person, out->week, a, &row) != W_OK)
		return;
	const struct {
		const char *field;
		struct str word;
	} answers[] = {{"mood", row.mood},
		       {"housing", row.housing},
		       {"days_worked", row.days_worked},
		       {"job", row.job},
		       {"job_mood", row.job_mood},
		       {"job_issue", row.job_issue},
		       {"end_reason", row.end_reason}};

	out->checkin.row = row.id;
	out->checkin.due_at = row.due_at;
	out->checkin.done = is_done(row.status);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		snap_answer_keep(&out->checkin, str_of(answers[i].field), answers[i].word);
}

static int
on_answer(void *ctx, const struct row_answer *row)
{
	snap_answer_keep(ctx, row->question, row->value);
	return 0;
}

static void
gather_survey(struct store_reader *r, const struct row_survey *row, struct arena *a,
	      struct snap_run *out)
{
	*out = (struct snap_run){
		.row = row->id, .due_at = row->due_at, .done = is_done(row->status)};
	keep(out->kind, sizeof(out->kind), row->kind);
	(void)list_answers(r, row->id, a, on_answer, out);
}

static int64_t
monday_of(const struct zone *zone, int64_t now)
{
	struct wall wall;

	civil_to_wall(zone, now, &wall);
	const struct wall monday = civil_monday(&wall);
	return civil_instant(zone, &monday);
}

static void
gather_surveys(const struct sessions *all, struct store_reader *r, int64_t now, struct arena *a,
	       struct snapshot *out)
{
	struct row_survey row;

	out->survey = out->begun = (struct snap_run){0};
	if (read_survey_due(r, out->person, survey_open_since(now), now, a, &row) == W_OK)
		gather_survey(r, &row, a, &out->survey);
	out->project_done = has_survey_done(r, out->person, monday_of(all->o.work->zone, now));
}

static void
gather_path(struct store_reader *r, const struct row_person *p, int64_t now, struct arena *a,
	    struct snapshot *out)
{
	struct row_project project;
	struct row_placement placement;
	struct row_staff staff;

	keep(out->path, sizeof(out->path), p->path);
	out->stage[0] = out->caseworker[0] = '\0';
	out->handed_over = false;
	if (read_project(r, p->id, a, &project) == W_OK) {
		keep(out->stage, sizeof(out->stage), project.stage);
		out->handed_over = project_handed_over(&project, now);
	}
	out->has_job = read_placement(r, p->id, a, &placement) == W_OK && placement.start_at <= now;
	if (p->caseworker != 0 && read_staff(r, p->caseworker, a, &staff) == W_OK &&
	    staff.name.n < SNAP_NAME)
		keep(out->caseworker, sizeof(out->caseworker), staff.name);
}

static int
on_appointment(void *ctx, const struct row_appointment *row)
{
	struct snapshot *out = ctx;

	if (out->n_appointments == SNAP_APPOINTMENTS)
		return 1;
	if (row->at == 0) /* wished for, no hour yet */
		return 0;
	struct snap_appointment *to = &out->appointments[out->n_appointments++];
	*to = (struct snap_appointment){.id = row->id, .at = row->at};
	if (row->place.n < SNAP_NAME)
		keep(to->place, sizeof(to->place), row->place);
	return 0;
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
	struct arena_room room;
	struct arena *a = arena_in(&room);
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
	gather_checkin(r, a, out);
	gather_surveys(all, r, now, a, out);
	gather_path(r, &p, now, a, out);
	out->n_appointments = 0;
	(void)list_appointments_coming(r, person, now, SNAP_APPOINTMENTS, a, on_appointment, out);
	const struct filter open_needs = {.person = person, .open_only = true, .limit = 50};
	out->n_needs = 0;
	(void)list_needs(r, &open_needs, a, on_need, out);
out:
	arena_free(a);
}

void
snapshot_begun(const struct sessions *all, const struct menu_set *menus,
	       const struct session_state *st, struct snapshot *out)
{
	struct store_reader *r = store_loop_reader(all->o.store);
	struct row_survey row;

	if (st->run >= menu_run_count(menus) || st->run_row == 0 ||
	    st->run_row == out->survey.row || out->person == 0 ||
	    menu_run(menus, st->run)->record != RECORD_SURVEY)
		return;
	struct arena_room room;
	struct arena *a = arena_in(&room);
	if (read_survey(r, st->run_row, a, &row) == W_OK && row.person == out->person)
		gather_survey(r, &row, a, &out->begun);
	arena_free(a);
}
