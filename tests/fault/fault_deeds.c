/* What each kind of job of the play writes: the rows the real walks write together. */
#include "fault/fault_play.h"

static struct sealed
sealed_for(struct play *p, const char *table, const char *column, int64_t row, int64_t key_id)
{
	const struct seal_place place = {table, column, row, key_id};
	struct sealed out;

	CHECK(store_seal(p->w->s, &place, str_of(column), p->w->a, &out) == 0);
	return out;
}

static int64_t
day_of(struct play *p)
{
	return store_day_id(NOON + 86400 * (int64_t)dice_below(&p->dice, 4));
}

/* ---- People ---- */

static const struct wrapped_key *
key_of(const struct store_job *job, int64_t id)
{
	for (const struct key_op *op = job->key_ops; op != NULL; op = op->next)
		if (op->change == KEY_ADD && op->id == id)
			return &op->wrapped;
	return NULL;
}

static struct someone *
someone_new(struct play *p, struct store_job *job)
{
	struct data_key key;

	if (p->n_people == PEOPLE_MAX)
		return NULL;
	struct someone *s = &p->people[p->n_people++];
	*s = (struct someone){.id = store_next(p->w->s, NEXT_PERSON), .alive = true};
	s->number = (unsigned)s->id * 1000;
	assert_int_equal(store_key_new(p->w->s, job, s->id, &key), 0);
	data_key_wipe(&key);
	const struct wrapped_key *wrapped = key_of(job, s->id);
	CHECK(wrapped != NULL);
	s->wrapped = *wrapped;
	return s;
}

static void
put_their_link(struct play *p, struct store_job *job, const struct someone *s)
{
	struct row_link link = link_of(p->w, s->id, "active");
	const struct seal_place place = {"phone_link", "phone", link.id, s->id};
	struct digest number = digest_nr(s->number);
	struct str plain = str_of(arena_printf(p->w->a, "%u", s->number));

	assert_int_equal(store_seal(p->w->s, &place, plain, p->w->a, &link.phone), 0);
	put_link(job, &link);
	phone_put(job, &number, s->id);
}

static bool
fill_enrol(struct deed *deed, struct store_job *job)
{
	struct play *p = deed->play;
	struct someone *s = deed->who = someone_new(p, job);

	if (s == NULL)
		return false;
	struct row_person row = {.id = s->id,
				 .centre = p->centre,
				 .at = NOON,
				 .by_staff = p->staff,
				 .path = STR_LIT("job"),
				 .status = STR_LIT("active"),
				 .ref = str_of(arena_printf(p->w->a, "CAS-%04d", (int)s->id)),
				 .name_la = sealed_for(p, "person", "name_la", s->id, s->id)};
	struct row_consent consent = consent_of(p->w, s->id, "given");
	struct row_schedule schedule = {.person = s->id,
					.kind = STR_LIT("checkin"),
					.weekday = 1,
					.minute = 600,
					.active = true,
					.next_at = NOON};
	struct row_audit audit = audit_of(p->staff, s->id, "person add");
	struct row_project project = project_of(p->w, s->id);
	struct row_placement placement = placement_of(p->w, s->id);
	put_person(job, &row);
	put_project(job, &project);
	put_placement(job, &placement);
	put_caseload(job, s->id, p->staff, NOON, STR_LIT("new"));
	put_their_link(p, job, s);
	put_consent(job, &consent);
	put_schedule(job, &schedule);
	put_audit(job, &audit);
	return true;
}

static bool
fill_change(struct deed *deed, struct store_job *job)
{
	struct play *p = deed->play;
	struct someone *s = deed->who;
	struct digest old = digest_nr(s->number);
	struct row_link link;

	if (read_link_active(store_loop_reader(p->w->s), s->id, p->w->a, &link) != 0)
		return false;
	set_link_status(job, link.id, STR_LIT("replaced"), NOON);
	phone_del(job, &old, s->id);
	deed->old_number = s->number++;
	put_their_link(p, job, s);
	return true;
}

static bool
fill_erase(struct deed *deed, struct store_job *job)
{
	struct play *p = deed->play;
	struct row_audit audit = audit_of(p->staff, deed->who->id, "person erase");

	person_erase(job, deed->who->id);
	put_audit(job, &audit);
	deed->who->alive = false;
	return true;
}

/* ---- Sessions ---- */

static void
put_their_turn(struct play *p, struct store_job *job, struct someone *s)
{
	int64_t row = s->session * 256 + s->turn;
	struct row_turn turn = turn_of(p->w, s->session, s->turn);

	turn.reply = sealed_for(p, "turn", "reply", row, s->id);
	turn.state = sealed_for(p, "turn", "state", row, s->id);
	put_turn(job, &turn);
	s->turn++;
}

static bool
fill_checkin(struct deed *deed, struct store_job *job)
{
	struct play *p = deed->play;
	struct someone *s = deed->who;
	struct row_session session = session_of(p->w, s->id);
	struct row_checkin checkin = checkin_of(p->w, s->id);

	session.phone = sealed_for(p, "session", "phone", session.id, s->id);
	s->session = session.id;
	s->checkin = checkin.id;
	s->turn = 0;
	put_session(job, &session);
	put_their_turn(p, job, s);
	put_checkin(job, &checkin);
	return true;
}

static bool
fill_turn(struct deed *deed, struct store_job *job)
{
	if (deed->who->session == 0)
		return fill_checkin(deed, job);
	put_their_turn(deed->play, job, deed->who);
	return true;
}

static bool
fill_answer(struct deed *deed, struct store_job *job)
{
	static const struct {
		const char *field, *value;
	} answers[] = {{"mood", "good"}, {"housing", "fragile"}, {"days_worked", "3_5"}};
	struct someone *s = deed->who;

	if (s->checkin == 0)
		return fill_checkin(deed, job);
	size_t k = s->turn % ARRAY_LEN(answers);
	set_checkin_answer(job, s->checkin, answers[k].field, str_of(answers[k].value),
			   k == 2 ? STR_LIT("done") : STR_LIT("partial"), NOON, k == 2 ? NOON : 0,
			   true);
	put_their_turn(deed->play, job, s);
	return true;
}

static bool
fill_end(struct deed *deed, struct store_job *job)
{
	if (!fill_turn(deed, job))
		return false;
	set_session_end(job, deed->who->session, STR_LIT("end"), NOON);
	deed->who->session = deed->who->checkin = 0;
	return true;
}

static bool
fill_stranger(struct deed *deed, struct store_job *job)
{
	struct play *p = deed->play;
	int64_t day = day_of(p);
	struct data_key key;
	struct row_session session = session_of(p->w, 0);
	struct row_callback callback = callback_of(p->w, 0);

	store_day_key(p->w->s, job, day, &key);
	data_key_wipe(&key);
	session.key_id = callback.key_id = day;
	session.phone = sealed_for(p, "session", "phone", session.id, day);
	callback.phone = sealed_for(p, "callback", "phone", callback.number, day);
	callback.centre = p->centre;
	put_session(job, &session);
	put_callback(job, &callback);
	return true;
}

/* ---- Needs and messages ---- */

static bool
fill_need(struct deed *deed, struct store_job *job)
{
	struct play *p = deed->play;
	struct someone *s = deed->who;
	struct row_need need = need_of(p->w, s->id);
	struct row_flag flag = flag_of(p->w, s->id);

	need.note = sealed_for(p, "need", "note", need.number, s->id);
	s->need = flag.about = need.number;
	put_need(job, &need);
	put_flag(job, &flag);
	return true;
}

static bool
begin_survey(struct deed *deed, struct store_job *job)
{
	struct play *p = deed->play;
	struct someone *s = deed->who;
	struct row_survey survey = survey_of(p->w, s->id, "m3");
	struct row_appointment wish = appointment_of(p->w, s->id, 0, "move_requested");

	put_survey(job, &survey);
	put_appointment(job, &wish);
	s->survey = survey.id;
	s->appointment = wish.id;
	s->answers = 0;
	return true;
}

static bool
fill_survey(struct deed *deed, struct store_job *job)
{
	static const char *const answers[][2] = {
		{"activity", "running"}, {"equipment", "broken"}, {"obstacle", "none"}};
	struct someone *s = deed->who;

	if (s->survey == 0)
		return begin_survey(deed, job);
	const char *const *words = answers[s->answers];
	struct row_answer answer = answer_of(s->survey, words[0], words[1]);
	bool last = ++s->answers == ARRAY_LEN(answers);

	set_survey_answer(job, &answer, STR_LIT("ussd"),
			  last ? STR_LIT("done") : STR_LIT("partial"), last ? NOON : 0, true);
	set_project_equipment(job, s->id, STR_LIT("broken"), STR_LIT("ussd"), NOON);
	if (last) {
		set_appointment(job, s->appointment, STR_LIT("cancelled"), STR_NONE, NOON);
		set_placement_end(job, s->id, STR_LIT("own"), NOON);
		s->survey = 0;
	}
	return true;
}

static bool
fill_urgent(struct deed *deed, struct store_job *job)
{
	if (deed->who->need == 0)
		return fill_need(deed, job);
	set_need_urgency(job, deed->who->need, STR_LIT("today"), NOON + 60);
	set_need_status(job, deed->who->need, STR_LIT("acknowledged"), NOON, deed->play->staff);
	return true;
}

static bool
fill_due(struct deed *deed, struct store_job *job)
{
	struct row_due due = due_of(deed->play->w, deed->who->id);

	put_due(job, &due);
	deed->who->due = due.id;
	return true;
}

static bool
fill_message(struct deed *deed, struct store_job *job)
{
	struct play *p = deed->play;
	struct someone *s = deed->who;
	struct row_outbox row;

	if (s->due == 0)
		return fill_due(deed, job);
	row = outbox_of(p->w, s->id, arena_printf(p->w->a, "%lld", (long long)s->due));
	row.text = sealed_for(p, "outbox", "text", row.id, s->id);
	set_due(job, s->due, STR_LIT("sent"), STR_NONE, 0);
	put_outbox(job, &row);
	s->message = row.id;
	s->due = 0;
	return true;
}

static bool
fill_claim(struct deed *deed, struct store_job *job)
{
	struct someone *s = deed->who;

	if (s->message == 0)
		return fill_message(deed, job);
	set_outbox_claimed(
		job, s->message,
		str_of(arena_printf(deed->play->w->a, "ref%013lld", (long long)s->message)), NOON);
	return true;
}

/* Fails alone where the message was never claimed. */
static bool
fill_settle(struct deed *deed, struct store_job *job)
{
	if (deed->who->message == 0)
		return false;
	set_outbox_state(job, deed->who->message, STR_LIT("claimed"), STR_LIT("accepted"),
			 STR_LIT("ATXid_1"), STR_LIT("Sent"), NOON, 0);
	deed->who->message = 0;
	return true;
}

/* ---- The rest ---- */

static bool
fill_look(struct deed *deed, struct store_job *job)
{
	struct row_audit audit = audit_of(deed->play->staff, 0, "person list");

	put_audit(job, &audit);
	return true;
}

static bool
fill_guard(struct deed *deed, struct store_job *job)
{
	struct row_guard guard = {.number = digest_nr((unsigned)dice_below(&deed->play->dice, 20)),
				  .pin_wrong = 1,
				  .pin_total = (int32_t)deed->play->n_deeds};

	put_guard(job, &guard);
	return true;
}

static bool
fill_broken(struct deed *deed, struct store_job *job)
{
	struct row_need need = need_of(deed->play->w, deed->who->id);
	struct row_audit audit = audit_of(deed->play->staff, deed->who->id, "never");

	put_audit(job, &audit);
	need.category = STR_LIT("no such thing");
	put_need(job, &need);
	return true;
}

/* Pages enough for a checkpoint. */
static bool
fill_big(struct deed *deed, struct store_job *job)
{
	struct arena *a = deed->play->w->a;

	for (int i = 0; i < 400; i++) {
		struct str value = {arena_alloc(a, 1000), 1000};

		memset((char *)(uintptr_t)value.p, 'a' + (int)(deed->play->n_deeds % 26), 1000);
		put_setting(job, str_of(arena_printf(a, "big%d", i)), value);
	}
	return true;
}

static const struct {
	bool (*fill)(struct deed *deed, struct store_job *job);
	bool of_someone;
} kinds[DEED_KINDS] = {
	[DEED_ENROL] = {fill_enrol, false},    [DEED_CHECKIN] = {fill_checkin, true},
	[DEED_ANSWER] = {fill_answer, true},   [DEED_TURN] = {fill_turn, true},
	[DEED_END] = {fill_end, true},         [DEED_NEED] = {fill_need, true},
	[DEED_URGENT] = {fill_urgent, true},   [DEED_DUE] = {fill_due, true},
	[DEED_MESSAGE] = {fill_message, true}, [DEED_CLAIM] = {fill_claim, true},
	[DEED_SETTLE] = {fill_settle, true},   [DEED_STRANGER] = {fill_stranger, false},
	[DEED_LOOK] = {fill_look, false},      [DEED_GUARD] = {fill_guard, false},
	[DEED_CHANGE] = {fill_change, true},   [DEED_BROKEN] = {fill_broken, true},
	[DEED_BIG] = {fill_big, false},        [DEED_ERASE] = {fill_erase, true},
	[DEED_SURVEY] = {fill_survey, true},
};

bool
deed_fill(struct deed *deed, struct store_job *job)
{
	if (kinds[deed->kind].of_someone) {
		deed->who = play_anyone(deed->play);
		if (deed->who == NULL)
			return false;
	}
	return kinds[deed->kind].fill(deed, job);
}
