/*
 * What the targets of session/ share: the shipped menus and a work around them,
 * made once, callers of every sort, and what must hold after each step. For
 * fuzz targets only.
 */
#ifndef WASL_FUZZ_SESSION_WORLD_H
#define WASL_FUZZ_SESSION_WORLD_H

#include "session/session_int.h"

enum { FUZZ_NOW = 1795429200, FUZZ_CENTRE = 1 };

struct fuzz_room {
	struct menu_set *menus;
	struct arena *arena; /* of the input at hand */
	struct zone *zone;
	struct conf conf;
	struct conf_centre centre;
	struct work_centre work_centre;
	struct work work;
};

static inline struct fuzz_room *
fuzz_room(void)
{
	static struct fuzz_room r;
	struct err *err;

	if (r.menus != NULL)
		return &r;
	err = err_new();
	CHECK(menu_load(WASL_SOURCE_DIR "/menus", NULL, &r.menus, err) == W_OK);
	CHECK(civil_zone_open(NULL, "Etc/UTC", &r.zone) == W_OK);
	err_free(err);
	r.arena = arena_new(1 << 18);
	r.centre = (struct conf_centre){.code = "CAS",
					.tel = "0522000000",
					.place = {"المركز", "Lmarkaz", "المركز", "Centre"}};
	r.conf = (struct conf){.emergency = {"19", "177", "15", "141", "8350"},
			       .centres = &r.centre,
			       .n_centres = 1};
	r.work_centre = (struct work_centre){.conf = &r.centre, .id = FUZZ_CENTRE};
	CHECK(civil_hours_parse(STR_LIT("MO-FR 09:00-16:30"), &r.work_centre.office, NULL) == W_OK);
	r.work = (struct work){
		.conf = &r.conf, .zone = r.zone, .centres = &r.work_centre, .n_centres = 1};
	return &r;
}

static inline int64_t
fuzz_number(void *ctx, enum store_counter which)
{
	(void)which;
	return ++*(int64_t *)ctx;
}

static inline void
fuzz_keep(char *to, size_t cap, const char *text)
{
	struct buf b;

	buf_init(&b, to, cap);
	buf_adds(&b, text);
}

/* Bits of the first byte: what is known of a number. */
enum {
	CALLER_KNOWN = 1,
	CALLER_PIN = 2,
	CALLER_SHARED = 4,
	CALLER_TWO = 8,
	CALLER_CONSENT = 16,
	CALLER_DUE = 32,
	CALLER_NEEDS = 64,
	CALLER_PIN_LOCKED = 128,
};
/* Bits of the second: the call and the week. The last two number the person's language. */
enum {
	CALL_SMALL = 1, /* a handset that shows little */
	CALL_DROPPED = 2,
	CALL_FREE = 4,
	CALL_CODE_LOCKED = 8,
	CALL_BEGUN = 16,
	CALL_DONE = 32,
};

static inline void
fuzz_person(uint8_t who, uint8_t call, struct snapshot *s, struct session_state *st)
{
	static const char *const langs[] = {"fr", "ar", "ary", "ary-Latn"};

	s->n_persons = who & CALLER_TWO ? 2 : 1;
	for (unsigned i = 0; i < s->n_persons; i++)
		s->persons[i] = (struct snap_person){7 + i, 9 + i, who & CALLER_PIN};
	s->has_pin = who & CALLER_PIN;
	s->shared = who & CALLER_SHARED;
	fuzz_keep(s->lang, sizeof(s->lang), langs[call >> 6]);
	fuzz_keep(s->name_la, sizeof(s->name_la), "Youssef");
	fuzz_keep(s->name_ar, sizeof(s->name_ar), "يوسف");
	fuzz_keep(s->consent_kind, sizeof(s->consent_kind), who & CALLER_CONSENT ? "given" : "");
	fuzz_keep(s->consent_version, sizeof(s->consent_version), CONSENT_VERSION);
	s->checkin = (struct snap_run){.row = who & CALLER_DUE ? 5 : 0,
				       .due_at = FUZZ_NOW,
				       .done = (who & CALLER_DUE) && (call & CALL_DONE)};
	if (call & CALL_BEGUN)
		snap_answer_keep(&s->checkin, STR_LIT("mood"), STR_LIT("good"));
	s->n_needs = who & CALLER_NEEDS ? SNAP_NEEDS : 0;
	for (unsigned i = 0; i < s->n_needs; i++)
		s->needs[i] = (struct snap_need){2001 + i, (uint8_t)(i % 10), (uint8_t)(i % 3)};
	if (who & CALLER_PIN_LOCKED)
		s->guard.pin_locked_until = FUZZ_NOW + 1;
	if (who & CALLER_PIN)
		return;
	s->person = st->person = 7;
	s->link = st->link = 9;
}

/* What sort of life is talked about. */
enum fuzz_life { LIFE_NEITHER, LIFE_PROJECT, LIFE_JOB, LIVES };

static inline void
fuzz_live(enum fuzz_life life, struct snapshot *s)
{
	static const char *const paths[] = {"", "micro_project", "job"};

	fuzz_keep(s->path, sizeof(s->path), paths[life]);
	s->has_job = life == LIFE_JOB;
	s->handed_over = life == LIFE_PROJECT;
	if (life != LIFE_PROJECT)
		return;
	fuzz_keep(s->stage, sizeof(s->stage), "approved");
	fuzz_keep(s->caseworker, sizeof(s->caseworker), "Mona");
	s->survey = (struct snap_run){.row = 11, .due_at = FUZZ_NOW - 60};
	fuzz_keep(s->survey.kind, sizeof(s->survey.kind), "m3");
	s->n_appointments = SNAP_APPOINTMENTS;
	for (unsigned i = 0; i < SNAP_APPOINTMENTS; i++)
		s->appointments[i] = (struct snap_appointment){.id = 31 + i, .at = FUZZ_NOW + 3600};
}

static inline void
fuzz_caller(uint8_t who, uint8_t call, struct snapshot *s, struct session_state *st)
{
	*s = (struct snapshot){.centre = FUZZ_CENTRE, .week = 20261123};
	CHECK(phone_parse(STR_LIT("+212600000011"), &s->phone) == PHONE_OK);
	if (call & CALL_CODE_LOCKED) {
		s->guard.code_day = FUZZ_NOW / 86400;
		s->guard.code_wrong = CODE_TRIES_DAY;
	}
	if (who & CALLER_KNOWN)
		fuzz_person(who, call, s, st);
}

static inline struct step_world
fuzz_world(uint8_t call, struct snapshot *snap, int64_t *next)
{
	struct fuzz_room *r = fuzz_room();

	arena_reset(r->arena);
	r->conf.free_to_caller = call & CALL_FREE;
	return (struct step_world){.work = &r->work,
				   .menus = r->menus,
				   .snap = snap,
				   .limit = call & CALL_SMALL ? (struct page_limit){90, 50}
							      : PAGE_LIMIT_DEFAULT,
				   .code = "*000#",
				   .now = FUZZ_NOW,
				   .number = fuzz_number,
				   .number_ctx = next,
				   .arena = r->arena};
}

/* ---- What must hold ---- */

static inline void
check_page(const struct step_world *w, const struct session_state *st, const struct step_out *out)
{
	struct menu_values *v = ARENA_NEW(w->arena, struct menu_values);
	struct menu_page page;

	CHECK(st->node < menu_node_count(w->menus) && st->lang < menu_lang_count(w->menus));
	session_values(w, st, v);
	CHECK(menu_show(w->menus, st->node, st->lang, st->page, out->face, v, w->limit, w->arena,
			&page) == W_OK);
	CHECK(ussd_fits(page.text, w->limit));
	bool last = page.page + 1 == page.pages;
	CHECK(out->ended == (last && menu_node(w->menus, st->node)->kind == MENU_END));
}

static inline void
check_state(const struct step_world *w, const struct session_state *st)
{
	struct str bytes = state_encode(st, w->arena);
	struct session_state back;

	CHECK(state_fits(st, w->menus));
	CHECK(state_decode(bytes, w->arena, &back) == W_OK);
	CHECK(str_eq(state_encode(&back, w->arena), bytes));
	CHECK(bytes.n <= UINT16_MAX);
}

static inline void
check_effects(const struct step_world *w, const struct step_out *out)
{
	CHECK(out->effects.n <= EFFECTS_MAX);
	for (size_t i = 0; i < out->effects.n; i++) {
		const struct effect *e = &out->effects.v[i];
		struct str note = secret_reveal(e->note);

		CHECK(e->kind < EFFECT_KINDS);
		CHECK(utf8_ok(note) && utf8_count(note) <= 160);
		CHECK(e->kind != EFFECT_CHECKIN_ANSWER || (e->person != 0 && e->number != 0));
		CHECK(e->kind != EFFECT_SURVEY_ANSWER ||
		      (e->person != 0 && e->number != 0 && e->word.n > 0 && e->field != NULL));
		CHECK(e->kind != EFFECT_APPOINTMENT || (e->person != 0 && e->number != 0));
		CHECK(e->kind != EFFECT_NEED_OPEN || (e->person != 0 && e->word.n > 0));
	}
	CHECK(w->snap->n_needs <= SNAP_NEEDS && w->snap->n_persons <= SNAP_PERSONS);
	CHECK(w->snap->n_appointments <= SNAP_APPOINTMENTS);
}

/* The answer to a check the step asked for: right, wrong or locked as the digits have it. */
static inline void
answer_check(const struct step_world *w, struct session_state *st, struct step_out *out)
{
	struct step_input input = {.kind = STEP_VERDICT, .text = out->check_text};
	int way = out->check_text.p[0] % 3;

	input.verdict.ok = way == 0;
	input.verdict.locked = way == 1 && out->check == CHECK_ENROLMENT;
	input.verdict.person = 7;
	input.verdict.link = 9;
	if (input.verdict.ok) {
		w->snap->person = 7;
		w->snap->link = 9;
	}
	session_step(w, st, &input, out);
	CHECK(out->check == CHECK_NOTHING && out->secret_input);
}

/* One input, the verdict it may ask for, and all that must hold afterwards. */
static inline void
one_step(const struct step_world *w, struct session_state *st, const struct step_input *input,
	 struct step_out *out)
{
	session_step(w, st, input, out);
	check_effects(w, out);
	if (out->check != CHECK_NOTHING)
		answer_check(w, st, out);
	check_effects(w, out);
	check_state(w, st);
	check_page(w, st, out);
}

#endif
