#include "work/work_given.h"

/* Words 0 and 1 of a line are the kind and, but for codes, the file number. */

static struct str
after(const struct given *g, const char *name)
{
	for (size_t i = 1; i + 1 < g->n; i++)
		if (!g->quoted[i] && str_is(g->words[i], name))
			return g->words[i + 1];
	return STR_NONE;
}

static int
wrong(struct given *g, const char *why)
{
	g->why = why;
	return W_EINVAL;
}

static struct work_actor
actor_of(const struct given *g)
{
	return (struct work_actor){.source = "staff",
				   .lang = STR_LIT("ary"),
				   .staff = g->staff,
				   .centre = g->centre,
				   .now = g->now};
}

static int
apply(struct given *g, struct store_job *job, const struct effects *list)
{
	const struct work_actor actor = actor_of(g);

	return work_apply(g->work, job, list, &actor);
}

/* Sets g->person; W_EINVAL when nobody has that number. */
static int
find(struct given *g, struct store_job *job, struct str ref)
{
	struct row_person row;

	if (read_person_ref(store_loop_reader(g->work->store), ref, store_job_arena(job), &row) !=
	    W_OK)
		return wrong(g, "nobody has that file number");
	g->person = row.id;
	g->ref = ref;
	return W_OK;
}

/* The instant behind a name, or otherwise when the name is not there. */
static int
instant(struct given *g, struct str text, int64_t otherwise, int64_t *out)
{
	*out = otherwise;
	if (text.n == 0)
		return W_OK;
	if (civil_parse_instant(g->work->zone, text, g->now, out) != W_OK)
		return wrong(g, "a time is written 2026-11-27 or \"2026-11-27 10:30\"");
	return W_OK;
}

/* ---- People and codes ---- */

/* A code of the line's own beside the random one. */
static int
put_own_code(struct given *g, struct store_job *job, struct str digits)
{
	const struct keys *keys = g->work->keys;
	struct str expects = after(g, "expects");
	struct row_code row = {.person = g->added.person,
			       .link = g->added.link,
			       .expires_at = g->now + CODE_LIFE_S,
			       .has_expected = expects.n > 0};
	struct phone phone;

	if (digits.n == 0)
		return W_OK;
	if (row.has_expected && phone_parse(expects, &phone) == PHONE_BAD)
		return wrong(g, "behind expects stands a phone number");
	row.id = store_next(g->work->store, NEXT_CODE);
	row.code = digest_of(keys, DIGEST_CODE, digits);
	if (row.has_expected)
		row.expected = digest_phone(keys, DIGEST_PHONE, &phone);
	put_code(job, &row);
	return W_OK;
}

static int
person_begin(struct given *g, struct store_job *job)
{
	const struct work_new_person in = {.centre = g->centre,
					   .caseworker = g->staff,
					   .by_staff = g->staff,
					   .now = g->now,
					   .name_ar = after(g, "name-ar"),
					   .name_la = after(g, "name-la").n > 0 ||
								      after(g, "name-ar").n > 0
							      ? after(g, "name-la")
							      : STR_LIT("Nadia"),
					   .lang = after(g, "lang"),
					   .path = after(g, "path"),
					   .ref = g->words[1]};
	int rc = work_person_add(g->work, job, &in, &g->added);

	if (rc == W_OK)
		rc = put_own_code(g, job, after(g, "code"));
	g->person = g->added.person;
	g->ref = g->words[1];
	if (rc == W_OK && after(g, "phone").n > 0)
		return GIVEN_MORE;
	return rc;
}

/* The code on paper was typed: phone sharing pin consent. */
static int
person_enrol(struct given *g, struct store_job *job)
{
	struct str sharing = after(g, "sharing"), pin = after(g, "pin"),
		   consent = after(g, "consent");
	struct effects list = {.n = 0};
	struct effect *e = effect_add(&list, EFFECT_LINK, g->person);

	e->link = g->added.link;
	e->has_phone = true;
	if (phone_parse(after(g, "phone"), &e->phone) == PHONE_BAD)
		return wrong(g, "behind phone stands a phone number");
	const struct digest code =
		digest_of(g->work->keys, DIGEST_CODE, str_of(g->added.code.digits));
	int rc = read_code(store_loop_reader(g->work->store), &code, &e->code);
	if (rc != W_OK)
		return rc;
	e = effect_add(&list, EFFECT_SHARING, g->person);
	e->link = g->added.link;
	e->word = sharing.n > 0 ? sharing : STR_LIT("own");
	if (pin.n > 0) {
		e = effect_add(&list, EFFECT_PIN_SET, g->person);
		e->link = g->added.link;
		pin_make(g->work->keys, g->person, pin, &e->pin);
	}
	if (!str_is(consent, "none"))
		effect_add(&list, EFFECT_CONSENT, g->person)->word =
			consent.n > 0 ? consent : STR_LIT("given");
	return apply(g, job, &list);
}

static int
given_person(struct given *g, struct store_job *job)
{
	return g->step == 0 ? person_begin(g, job) : person_enrol(g, job);
}

/* code 481205 for CAS-0147: a new number for somebody known. */
static int
given_code(struct given *g, struct store_job *job)
{
	int rc = find(g, job, after(g, "for"));

	if (rc == W_OK)
		rc = work_person_code(g->work, job, g->person, false, NULL, g->now, &g->added);
	return rc == W_OK ? put_own_code(g, job, g->words[1]) : rc;
}

static int
given_erased(struct given *g, struct store_job *job)
{
	int rc = find(g, job, g->words[1]);

	if (rc == W_OK)
		person_erase(job, g->person);
	return rc;
}

/* caseworker CAS-0147 "Amina": somebody new on the staff list takes the person over. */
static int
given_caseworker(struct given *g, struct store_job *job)
{
	enum { UID_FIRST = 900000 }; /* of nobody on the machine */
	int rc = find(g, job, g->words[1]);
	const int64_t id = store_next(g->work->store, NEXT_STAFF);

	if (rc != W_OK)
		return rc;
	const struct row_staff row = {
		.id = id,
		.centre = g->centre,
		.uid = UID_FIRST + id,
		.at = g->now,
		.login = str_of(arena_printf(store_job_arena(job), "given-%d", (int)id)),
		.name = g->words[2],
		.roles = ROLE_CASEWORKER,
		.active = true};
	put_staff(job, &row);
	put_caseload(job, g->person, id, g->now, STR_LIT("given"));
	return W_OK;
}

/* ---- What they asked for, and when ---- */

static int
given_need(struct given *g, struct store_job *job)
{
	struct effects list = {.n = 0};
	int rc = find(g, job, g->words[1]);

	if (rc != W_OK)
		return rc;
	struct effect *e = effect_add(&list, EFFECT_NEED_OPEN, g->person);
	e->number = store_next(g->work->store, NEXT_NEED);
	e->word = after(g, "category");
	e->urgency = after(g, "urgency");
	e->due_at = need_due_at(g->work->zone, e->urgency, g->now);
	return apply(g, job, &list);
}

static int
weekday_of(struct str word)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

	for (int i = 0; i < (int)ARRAY_LEN(days); i++)
		if (str_is(word, days[i]))
			return i;
	return -1;
}

/* schedule CAS-0147 Wed 15:00: a caseworker set a day of the person's own. */
static int
given_schedule(struct given *g, struct store_job *job)
{
	int64_t hour = 24, minute = 60;
	int day = weekday_of(g->words[2]), rc = find(g, job, g->words[1]);
	struct str rest = g->words[3], first = str_cut(&rest, ':');

	if (rc != W_OK)
		return rc;
	if (day < 0 || !str_to_int(first, &hour) || !str_to_int(rest, &minute) || hour < 0 ||
	    hour > 23 || minute < 0 || minute > 59)
		return wrong(g, "a day and an hour are written Wed 15:00");
	const struct row_schedule row = {.person = g->person,
					 .kind = STR_LIT("checkin"),
					 .weekday = (uint8_t)day,
					 .minute = (uint16_t)(hour * 60 + minute),
					 .active = true,
					 .next_at = 1};
	put_schedule(job, &row);
	return W_OK;
}

/* appointment CAS-0147 "2026-11-27 10:30" [place "المركز"] [status confirmed] */
static int
given_appointment(struct given *g, struct store_job *job)
{
	struct str status = after(g, "status");
	struct row_appointment row = {.set_at = g->now,
				      .with_staff = g->staff,
				      .place = after(g, "place"),
				      .status = status.n > 0 ? status : STR_LIT("planned")};
	int rc = find(g, job, g->words[1]);

	if (rc == W_OK)
		rc = instant(g, g->words[2], 0, &row.at);
	if (rc != W_OK)
		return rc;
	row.id = store_next(g->work->store, NEXT_APPOINTMENT);
	row.person = g->person;
	put_appointment(job, &row);
	return W_OK;
}

/* ---- What their project or job is ---- */

/* project CAS-0147 sector catering stage started handover 2026-08-24 [equipment ok] */
static int
given_project(struct given *g, struct store_job *job)
{
	struct str stage = after(g, "stage");
	struct row_project row = {.opened_at = g->now,
				  .stage_at = g->now,
				  .sector = after(g, "sector"),
				  .stage = stage.n > 0 ? stage : STR_LIT("diagnosis"),
				  .equipment = after(g, "equipment")};
	int rc = find(g, job, g->words[1]);

	if (rc == W_OK)
		rc = instant(g, after(g, "handover"), 0, &row.handover_at);
	if (rc != W_OK)
		return rc;
	if (row.equipment.n > 0) {
		row.equipment_at = g->now;
		row.equipment_source = STR_LIT("staff");
	}
	row.id = store_next(g->work->store, NEXT_PROJECT);
	row.person = g->person;
	put_project(job, &row);
	return W_OK;
}

/* job CAS-0147 start 2026-09-01 [end 2026-10-01 reason own] */
static int
given_job(struct given *g, struct store_job *job)
{
	struct row_placement row = {.end_reason = after(g, "reason"), .source = STR_LIT("staff")};
	int rc = find(g, job, g->words[1]);

	if (rc == W_OK)
		rc = instant(g, after(g, "start"), g->now, &row.start_at);
	if (rc == W_OK)
		rc = instant(g, after(g, "end"), 0, &row.end_at);
	if (rc != W_OK)
		return rc;
	row.id = store_next(g->work->store, NEXT_PLACEMENT);
	row.person = g->person;
	put_placement(job, &row);
	return W_OK;
}

/* survey CAS-0147 m3 due "2026-11-24 10:00" [done "2026-11-20 15:00": asked by staff] */
static int
given_survey(struct given *g, struct store_job *job)
{
	struct row_survey row = {.kind = g->words[2], .status = STR_LIT("due")};
	int rc = find(g, job, g->words[1]);

	if (rc == W_OK)
		rc = instant(g, after(g, "due"), g->now, &row.due_at);
	if (rc == W_OK)
		rc = instant(g, after(g, "done"), 0, &row.done_at);
	if (rc != W_OK)
		return rc;
	if (row.done_at != 0) {
		row.opened_at = row.done_at;
		row.status = STR_LIT("done");
		row.channel = STR_LIT("staff");
	}
	row.id = store_next(g->work->store, NEXT_SURVEY);
	row.person = g->person;
	put_survey(job, &row);
	return W_OK;
}

/* ---- The table ---- */

static const struct {
	const char *word;
	size_t least; /* words, itself included */
	int (*make)(struct given *g, struct store_job *job);
	const char *form;
} kinds[] = {
	{"person", 2, given_person, "given person CAS-0147 name-ar \"…\" lang ary phone 06…"},
	{"code", 4, given_code, "given code 481205 for CAS-0147"},
	{"erased", 2, given_erased, "given erased CAS-0147"},
	{"caseworker", 3, given_caseworker, "given caseworker CAS-0147 \"Amina\""},
	{"need", 6, given_need, "given need CAS-0147 category housing urgency week"},
	{"schedule", 4, given_schedule, "given schedule CAS-0147 Wed 15:00"},
	{"appointment", 3, given_appointment, "given appointment CAS-0147 \"2026-11-27 10:30\""},
	{"project", 2, given_project, "given project CAS-0147 stage started handover 2026-08-24"},
	{"job", 2, given_job, "given job CAS-0147 start 2026-09-01"},
	{"survey", 3, given_survey, "given survey CAS-0147 m3 due \"2026-11-24 10:00\""},
};

int
work_given(struct given *g, struct store_job *job)
{
	g->why = "given person, code, erased, caseworker, need, schedule, appointment, project, "
		 "job or survey";
	for (size_t i = 0; i < ARRAY_LEN(kinds) && g->n > 0; i++) {
		if (!str_is(g->words[0], kinds[i].word))
			continue;
		g->why = kinds[i].form;
		if (g->n < kinds[i].least)
			return W_EINVAL;
		int rc = kinds[i].make(g, job);
		g->step++;
		return rc;
	}
	return W_EINVAL;
}
