#include "dialogue_rows.h"

/* One function a kind of row: its words are in README.md. */

static int
on_checkin(void *ctx, const struct row_checkin *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};

	field(&f, "status", row->status);
	field(&f, "mood", row->mood);
	field(&f, "housing", row->housing);
	field(&f, "days_worked", row->days_worked);
	field(&f, "job", row->job);
	field(&f, "job_mood", row->job_mood);
	field(&f, "job_issue", row->job_issue);
	field(&f, "end_reason", row->end_reason);
	field(&f, "channel", row->channel);
	field_number(&f, "week", row->week);
	field_yes(&f, "verified", row->verified);
	field_time(&f, "done", row->done_at);
	compare(s, &f);
	return 0;
}

static int
on_need(void *ctx, const struct row_need *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};
	const struct seal_place note = {"need", "note", row->number, row->person};

	field_number(&f, "number", row->number);
	field(&f, "category", row->category);
	field(&f, "urgency", row->urgency);
	field(&f, "status", row->status);
	field(&f, "source", row->source);
	field_sealed(&f, "note", &note, row->note);
	field_number(&f, "duplicate_of", row->duplicate_of);
	field_yes(&f, "verified", row->verified);
	field_time(&f, "due", row->due_at);
	compare(s, &f);
	return 0;
}

static int
on_callback(void *ctx, const struct row_callback *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};
	const struct seal_place phone = {"callback", "phone", row->number, row->key_id};

	if (row->person != s->person)
		return 0; /* asked for strangers, everybody's come */
	field_number(&f, "number", row->number);
	field(&f, "wish", row->wish);
	field(&f, "priority", row->priority);
	field(&f, "outcome", row->outcome);
	field_sealed(&f, "phone", &phone, row->phone);
	field_time(&f, "due", row->due_at);
	field_yes(&f, "day_key", row->key_id < 0);
	compare(s, &f);
	return 0;
}

static int
on_consent(void *ctx, const struct row_consent *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};

	field(&f, "kind", row->kind);
	field(&f, "version", row->version);
	field(&f, "lang", row->lang);
	field(&f, "channel", row->channel);
	field_time(&f, "at", row->at);
	compare(s, &f);
	return 0;
}

static int
on_flag(void *ctx, const struct row_flag *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};

	field(&f, "kind", row->kind);
	field_number(&f, "about", row->about);
	compare(s, &f);
	return 0;
}

/* The fields of a survey are its questions, with what was answered. */
static const char *const questions[] = {"activity", "income_band", "equipment", "customers",
					"obstacle", "jobs",        "wellbeing", "job",
					"job_mood", "job_issue",   "end_reason"};

static int
on_answer(void *ctx, const struct row_answer *row)
{
	struct fields *f = ctx;

	for (size_t i = 0; i < f->n; i++)
		if (str_is(row->question, f->names[i]))
			f->values[i] = arena_str(f->d->arena, row->value);
	return 0;
}

static int
on_survey(void *ctx, const struct row_survey *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < ARRAY_LEN(questions); i++)
		field(&f, questions[i], STR_NONE);
	field(&f, "kind", row->kind);
	field(&f, "status", row->status);
	field(&f, "channel", row->channel);
	field_time(&f, "due", row->due_at);
	field_time(&f, "opened", row->opened_at);
	field_time(&f, "done", row->done_at);
	field_yes(&f, "verified", row->verified);
	(void)list_answers(store_loop_reader(s->d->store), row->id, a, on_answer, &f);
	arena_free(a);
	compare(s, &f);
	return 0;
}

/* An answer by itself; of_these_menus: the files it was given to are those in force now. */
static int
on_one_answer(void *ctx, const struct row_answer *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};

	field(&f, "question", row->question);
	field(&f, "value", row->value);
	field_time(&f, "at", row->at);
	field_yes(&f, "of_these_menus", str_is(row->menu_version, menu_version(s->d->menus)));
	compare(s, &f);
	return 0;
}

static int
on_survey_answers(void *ctx, const struct row_survey *row)
{
	struct search *s = ctx;
	struct arena *a = arena_new(0);

	(void)list_answers(store_loop_reader(s->d->store), row->id, a, on_one_answer, s);
	arena_free(a);
	return 0;
}

static int
on_appointment(void *ctx, const struct row_appointment *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};

	field_time(&f, "at", row->at);
	field(&f, "status", row->status);
	field(&f, "wish", row->wish);
	field(&f, "place", row->place);
	field_time(&f, "answered", row->answered_at);
	compare(s, &f);
	return 0;
}

static int
on_placement(void *ctx, const struct row_placement *row)
{
	struct search *s = ctx;
	struct fields f = {.d = s->d};

	field_time(&f, "start", row->start_at);
	field_time(&f, "end", row->end_at);
	field(&f, "reason", row->end_reason);
	field(&f, "source", row->source);
	compare(s, &f);
	return 0;
}

static int
list_with(struct search *s, int (*list)(struct store_reader *r, const struct filter *f,
					struct arena *a, struct search *s))
{
	const struct filter f = {.person = s->person};
	struct arena *a = arena_new(0);
	int rc = list(store_loop_reader(s->d->store), &f, a, s);

	arena_free(a);
	return rc;
}

static int
checkins(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_checkins(r, f, a, on_checkin, s);
}

static int
needs(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_needs(r, f, a, on_need, s);
}

static int
callbacks(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_callbacks(r, f, a, on_callback, s);
}

static int
consents(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_consents(r, f, a, on_consent, s);
}

static int
flags(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_flags(r, f, a, on_flag, s);
}

static int
surveys(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_surveys(r, f, a, on_survey, s);
}

static int
answers(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_surveys(r, f, a, on_survey_answers, s);
}

static int
appointments(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_appointments(r, f, a, on_appointment, s);
}

static int
placements(struct store_reader *r, const struct filter *f, struct arena *a, struct search *s)
{
	return list_placements(r, f->person, a, on_placement, s);
}

/* The open one. */
static int
projects(struct store_reader *r, const struct filter *filter, struct arena *a, struct search *s)
{
	struct fields f = {.d = s->d};
	struct row_project row;

	if (read_project(r, filter->person, a, &row) != W_OK)
		return 0;
	field(&f, "sector", row.sector);
	field(&f, "stage", row.stage);
	field_time(&f, "handover", row.handover_at);
	field(&f, "equipment", row.equipment);
	field(&f, "source", row.equipment_source);
	field_time(&f, "equipment_at", row.equipment_at);
	compare(s, &f);
	return 0;
}

static int
persons(struct store_reader *r, const struct filter *filter, struct arena *a, struct search *s)
{
	struct fields f = {.d = s->d};
	struct row_person row;

	if (read_person(r, filter->person, a, &row) != W_OK)
		return 0;
	field(&f, "ref", row.ref);
	field(&f, "lang", row.lang);
	field(&f, "status", row.status);
	field(&f, "path", row.path);
	compare(s, &f);
	return 0;
}

/* The number that leads to the person now. */
static int
links(struct store_reader *r, const struct filter *filter, struct arena *a, struct search *s)
{
	struct fields f = {.d = s->d};
	struct row_link row;

	if (read_link_active(r, filter->person, a, &row) != W_OK)
		return 0;
	const struct seal_place phone = {"phone_link", "phone", row.id, row.person};
	field_sealed(&f, "phone", &phone, row.phone);
	field(&f, "sharing", row.sharing);
	field_yes(&f, "pin", row.pin.n > 0);
	compare(s, &f);
	return 0;
}

static int
schedules(struct store_reader *r, const struct filter *filter, struct arena *a, struct search *s)
{
	struct fields f = {.d = s->d};
	struct row_schedule row;

	if (read_schedule(r, filter->person, STR_LIT("checkin"), a, &row) != W_OK)
		return 0;
	field_yes(&f, "active", row.active);
	field_time(&f, "next", row.next_at);
	compare(s, &f);
	return 0;
}

static const struct {
	const char *word;
	int (*list)(struct store_reader *r, const struct filter *f, struct arena *a,
		    struct search *s);
} kinds[] = {
	{"checkin", checkins},
	{"need", needs},
	{"callback", callbacks},
	{"consent", consents},
	{"flag", flags},
	{"link", links},
	{"person", persons},
	{"schedule", schedules},
	{"survey", surveys},
	{"answer", answers},
	{"appointment", appointments},
	{"project", projects},
	{"job", placements},
};

bool
rows_compare(struct search *s, struct str kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!str_is(kind, kinds[i].word))
			continue;
		(void)list_with(s, kinds[i].list);
		return true;
	}
	return false;
}
