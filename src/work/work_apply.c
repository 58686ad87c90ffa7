#include "work/work_int.h"

struct effect *
effect_add(struct effects *list, enum effect_kind kind, int64_t person)
{
	CHECK(list->n < EFFECTS_MAX);
	struct effect *e = &list->v[list->n++];
	*e = (struct effect){.kind = kind, .person = person};
	return e;
}

static int
seal_for(struct applying *ap, const char *table, const char *column, int64_t row, int64_t key_id,
	 struct str plain, struct sealed *out)
{
	const struct seal_place place = {table, column, row, key_id};

	return store_seal(ap->w->store, &place, plain, store_job_arena(ap->job), out);
}

static int
seal_phone(struct applying *ap, const char *table, int64_t row, int64_t key_id,
	   const struct phone *phone, struct sealed *out)
{
	char memory[32];
	struct buf e164;

	buf_init(&e164, memory, sizeof(memory));
	phone_reveal(phone, PHONE_PLUS, &e164);
	int rc = seal_for(ap, table, "phone", row, key_id, buf_str(&e164), out);
	wipe(memory, sizeof(memory));
	return rc;
}

static int
apply_lang(struct applying *ap, const struct effect *e)
{
	set_person_lang(ap->job, e->person, e->word);
	return W_OK;
}

/* A yes after a stop is written as what it is, so that the way of a consent can be read. */
static struct str
consent_kind(struct applying *ap, const struct effect *e)
{
	struct row_consent last;
	int put_off;

	if (!str_is(e->word, "given") ||
	    read_consent(store_loop_reader(ap->w->store), e->person, store_job_arena(ap->job),
			 &last, &put_off) != W_OK)
		return e->word;
	return str_is(last.kind, "paused") || str_is(last.kind, "sms_stopped") ? STR_LIT("resumed")
									       : e->word;
}

void
apply_mark(struct applying *ap, int64_t person, const char *kind, int64_t about)
{
	const struct row_flag row = {.id = store_next(ap->w->store, NEXT_FLAG),
				     .person = person,
				     .at = ap->actor->now,
				     .kind = str_of(kind),
				     .about = about};

	put_flag(ap->job, &row);
}

/* A schedule that has no time yet: the reminders see it at once and plan it. 0 would be "never". */
enum { NEXT_UNPLANNED = 1 };

/* The weekly rhythm: the person's own where there is one, else that of the centre. */
static void
begin_schedule(struct applying *ap, int64_t person)
{
	struct store_reader *r = store_loop_reader(ap->w->store);
	struct row_schedule row;
	struct row_person p;

	if (read_schedule(r, person, STR_LIT("checkin"), store_job_arena(ap->job), &row) != W_OK) {
		if (read_person(r, person, store_job_arena(ap->job), &p) != W_OK)
			return;
		const struct work_centre *c = work_centre_id(ap->w, p.centre);
		if (c == NULL)
			return;
		row = (struct row_schedule){.person = person,
					    .kind = STR_LIT("checkin"),
					    .weekday = (uint8_t)c->conf->checkin_day,
					    .minute = (uint16_t)c->conf->checkin_at};
	}
	row.active = true;
	row.next_at = NEXT_UNPLANNED;
	put_schedule(ap->job, &row);
}

static int
apply_consent(struct applying *ap, const struct effect *e)
{
	const struct row_consent row = {.id = store_next(ap->w->store, NEXT_CONSENT),
					.person = e->person,
					.at = ap->actor->now,
					.by_staff = ap->actor->staff,
					.kind = consent_kind(ap, e),
					.version = STR_LIT(CONSENT_VERSION),
					.lang = ap->actor->lang,
					.channel = ap->actor->channel};

	put_consent(ap->job, &row);
	if (str_is(row.kind, "given") || str_is(row.kind, "resumed"))
		begin_schedule(ap, e->person);
	if (str_is(row.kind, "withdrawn")) {
		set_person_status(ap->job, e->person, STR_LIT("left"), ap->actor->now);
		apply_mark(ap, e->person, "erase_asked", 0);
	}
	return W_OK;
}

static int
apply_sharing(struct applying *ap, const struct effect *e)
{
	set_link_sharing(ap->job, e->link, e->word);
	return W_OK;
}

static int
apply_pin(struct applying *ap, const struct effect *e)
{
	struct sealed pin;
	int rc = seal_for(ap, "phone_link", "pin", e->link, e->person, str_of(e->pin.text), &pin);

	if (rc == W_OK)
		set_link_pin(ap->job, e->link, pin);
	return rc;
}

static int
apply_guard(struct applying *ap, const struct effect *e)
{
	put_guard(ap->job, &e->guard);
	if (e->person != 0 && e->guard.pin_locked_until > ap->actor->now)
		apply_mark(ap, e->person, "pin_locked", 0);
	return W_OK;
}

/* Takes a link's number out of the index: it leads to this person no more. */
static void
forget_number(struct applying *ap, const struct row_link *link)
{
	const struct seal_place place = {"phone_link", "phone", link->id, link->person};
	struct str e164;
	struct phone phone;

	if (link->phone.n == 0 || store_open_sealed(ap->w->store, &place, link->phone,
						    store_job_arena(ap->job), &e164) != W_OK)
		return;
	if (phone_parse(e164, &phone) != PHONE_BAD) {
		const struct digest number = digest_phone(ap->w->keys, DIGEST_PHONE, &phone);

		phone_del(ap->job, &number, link->person);
	}
	wipe((char *)e164.p, e164.n);
	wipe(&phone, sizeof(phone));
}

/* The old number of the person, if any, stops; then the pending link takes the number that dialled.
 */
static int
apply_link(struct applying *ap, const struct effect *e)
{
	struct arena *a = store_job_arena(ap->job);
	struct row_link old;
	struct sealed phone;
	const struct digest number = digest_phone(ap->w->keys, DIGEST_PHONE, &e->phone);
	int rc = seal_phone(ap, "phone_link", e->link, e->person, &e->phone, &phone);

	if (rc != W_OK)
		return rc;
	if (read_link_active(store_loop_reader(ap->w->store), e->person, a, &old) == W_OK) {
		set_link_status(ap->job, old.id, STR_LIT("replaced"), ap->actor->now);
		forget_number(ap, &old);
	}
	set_person_status(ap->job, e->person, STR_LIT("active"), ap->actor->now);
	phone_put(ap->job, &number, e->person);
	set_link_phone(ap->job, e->link, phone, ap->actor->now);
	set_code_used(ap->job, e->code.id, ap->actor->now);
	return W_OK;
}

static int
apply_wrong_person(struct applying *ap, const struct effect *e)
{
	const struct digest number = digest_phone(ap->w->keys, DIGEST_PHONE, &e->phone);

	set_link_status(ap->job, e->link, STR_LIT("wrong_person"), ap->actor->now);
	phone_del(ap->job, &number, e->person);
	apply_mark(ap, e->person, "wrong_person", 0);
	return W_OK;
}

static int
apply_checkin_open(struct applying *ap, const struct effect *e)
{
	const struct row_checkin row = {.id = e->number,
					.person = e->person,
					.due_at = ap->actor->now,
					.opened_at = ap->actor->now,
					.week = e->week,
					.status = STR_LIT("partial"),
					.channel = str_of(ap->actor->source),
					.menu_version = ap->actor->menu_version,
					.verified = e->verified};

	put_checkin(ap->job, &row);
	return W_OK;
}

/* A row that the calendar made learns with its first answer how, and with which menus. */
static int
apply_checkin_answer(struct applying *ap, const struct effect *e)
{
	set_checkin_opened(ap->job, e->number, str_of(ap->actor->source), ap->actor->menu_version);
	set_checkin_answer(ap->job, e->number, e->field, e->word,
			   e->done ? STR_LIT("done") : STR_LIT("partial"), ap->actor->now,
			   e->done ? ap->actor->now : 0, e->verified);
	return W_OK;
}

static int
apply_need_open(struct applying *ap, const struct effect *e)
{
	struct row_need row = {.number = e->number,
			       .person = e->person,
			       .opened_at = ap->actor->now,
			       .due_at = e->due_at,
			       .duplicate_of = e->duplicate_of,
			       .category = e->word,
			       .urgency = e->urgency,
			       .status = e->duplicate_of ? STR_LIT("duplicate") : STR_LIT("open"),
			       .source = str_of(ap->actor->source),
			       .verified = e->verified};
	struct str note = secret_reveal(e->note);
	int rc = W_OK;

	if (note.n > 0)
		rc = seal_for(ap, "need", "note", e->number, e->person, note, &row.note);
	if (rc == W_OK)
		put_need(ap->job, &row);
	return rc;
}

static int
apply_need_raise(struct applying *ap, const struct effect *e)
{
	set_need_urgency(ap->job, e->number, e->urgency, e->due_at);
	return W_OK;
}

static int
apply_need_resolve(struct applying *ap, const struct effect *e)
{
	set_need_status(ap->job, e->number, STR_LIT("resolved_by_beneficiary"), ap->actor->now, 0);
	apply_mark(ap, e->person, "need_solved", e->number);
	return W_OK;
}

static int
apply_need_keep(struct applying *ap, const struct effect *e)
{
	apply_mark(ap, e->person, "need_kept", e->number);
	return W_OK;
}

static int
apply_callback(struct applying *ap, const struct effect *e)
{
	struct row_callback row = {.number = e->number,
				   .person = e->person,
				   .key_id = e->person ? e->person : store_day_id(ap->actor->now),
				   .asked_at = ap->actor->now,
				   .due_at = e->due_at,
				   .wish = e->word,
				   .priority = e->priority,
				   .centre = ap->actor->centre};
	int rc = W_OK;

	if (row.person == 0) {
		struct data_key day;

		store_day_key(ap->w->store, ap->job, row.key_id, &day);
		data_key_wipe(&day);
	}
	if (e->has_phone)
		rc = seal_phone(ap, "callback", row.number, row.key_id, &e->phone, &row.phone);
	if (rc == W_OK)
		put_callback(ap->job, &row);
	return rc;
}

static int
apply_urgent(struct applying *ap, const struct effect *e)
{
	if (e->person != 0)
		apply_mark(ap, e->person, "urgent_opened", 0);
	return W_OK;
}

static int
apply_flag(struct applying *ap, const struct effect *e)
{
	const struct row_flag row = {.id = store_next(ap->w->store, NEXT_FLAG),
				     .person = e->person,
				     .at = ap->actor->now,
				     .kind = e->word,
				     .about = e->number};

	put_flag(ap->job, &row);
	return W_OK;
}

static effect_apply *const appliers[EFFECT_KINDS] = {
	[EFFECT_LANG] = apply_lang,
	[EFFECT_CONSENT] = apply_consent,
	[EFFECT_SHARING] = apply_sharing,
	[EFFECT_PIN_SET] = apply_pin,
	[EFFECT_GUARD] = apply_guard,
	[EFFECT_LINK] = apply_link,
	[EFFECT_WRONG_PERSON] = apply_wrong_person,
	[EFFECT_CHECKIN_OPEN] = apply_checkin_open,
	[EFFECT_CHECKIN_ANSWER] = apply_checkin_answer,
	[EFFECT_NEED_OPEN] = apply_need_open,
	[EFFECT_NEED_RAISE] = apply_need_raise,
	[EFFECT_NEED_RESOLVE] = apply_need_resolve,
	[EFFECT_NEED_KEEP] = apply_need_keep,
	[EFFECT_CALLBACK] = apply_callback,
	[EFFECT_URGENT] = apply_urgent,
	[EFFECT_FLAG] = apply_flag,
	[EFFECT_SURVEY_OPEN] = apply_survey_open,
	[EFFECT_SURVEY_ANSWER] = apply_survey_answer,
	[EFFECT_APPOINTMENT] = apply_appointment,
	[EFFECT_APPOINTMENT_ASK] = apply_appointment_ask,
	[EFFECT_EQUIPMENT] = apply_equipment,
	[EFFECT_JOB_END] = apply_job_end,
	[EFFECT_JOB_CHANGE] = apply_job_change,
};

int
work_apply(struct work *w, struct store_job *job, const struct effects *list,
	   const struct work_actor *actor)
{
	struct applying ap = {w, job, actor};

	for (size_t i = 0; i < list->n; i++) {
		int rc = appliers[list->v[i].kind](&ap, &list->v[i]);

		if (rc != W_OK)
			return rc;
	}
	return W_OK;
}
