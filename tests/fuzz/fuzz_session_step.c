/*
 * What anybody types, against the shipped menus: the first byte says who calls,
 * then each line is one input. Whatever comes, the node is one of the tree, its
 * page fits the handset, the effects are few and whole, and the state comes
 * back from its bytes.
 */
#include "session/session_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1795429200, CENTRE = 1, INPUTS_MAX = 300 };

struct room {
	struct menu_set *menus;
	struct zone *zone;
	struct conf conf;
	struct conf_centre centre;
	struct work_centre work_centre;
	struct work work;
};

/* Read once: the menus are the same for every input. */
static struct room *
room_of_all(void)
{
	static struct room r;
	struct err *err;

	if (r.menus != NULL)
		return &r;
	err = err_new();
	CHECK(menu_load(WASL_SOURCE_DIR "/menus", NULL, &r.menus, err) == W_OK);
	CHECK(civil_zone_open(NULL, "Etc/UTC", &r.zone) == W_OK);
	err_free(err);
	r.centre = (struct conf_centre){.code = "CAS", .tel = "0522000000"};
	r.conf = (struct conf){.emergency = {"19", "177", "15", "141", "8350"},
			       .centres = &r.centre,
			       .n_centres = 1};
	r.work_centre = (struct work_centre){.conf = &r.centre, .id = CENTRE};
	CHECK(civil_hours_parse(STR_LIT("MO-FR 09:00-16:30"), &r.work_centre.office, NULL) == W_OK);
	r.work = (struct work){
		.conf = &r.conf, .zone = r.zone, .centres = &r.work_centre, .n_centres = 1};
	return &r;
}

static int64_t
next_number(void *ctx, enum store_counter which)
{
	(void)which;
	return ++*(int64_t *)ctx;
}

static void
keep(char *to, size_t cap, const char *text)
{
	struct buf b;

	buf_init(&b, to, cap);
	buf_adds(&b, text);
}

/* Bits of the first byte: somebody known, a PIN, shared, two people, consent, due, needs, locked.
 */
static void
fill(uint8_t bits, struct snapshot *s, struct session_state *st)
{
	*s = (struct snapshot){.centre = CENTRE, .week = 20261123};
	CHECK(phone_parse(STR_LIT("+212600000011"), &s->phone) == PHONE_OK);
	if (!(bits & 1))
		return;
	s->n_persons = bits & 8 ? 2 : 1;
	for (unsigned i = 0; i < s->n_persons; i++)
		s->persons[i] = (struct snap_person){7 + i, 9 + i, bits & 2};
	s->has_pin = bits & 2;
	s->shared = bits & 4;
	keep(s->lang, sizeof(s->lang), "fr");
	keep(s->name_la, sizeof(s->name_la), "Youssef");
	keep(s->consent_kind, sizeof(s->consent_kind), bits & 16 ? "given" : "");
	keep(s->consent_version, sizeof(s->consent_version), CONSENT_VERSION);
	s->checkin = bits & 32 ? 5 : 0;
	s->checkin_due = bits & 32;
	s->n_needs = bits & 64 ? SNAP_NEEDS : 0;
	for (unsigned i = 0; i < s->n_needs; i++)
		s->needs[i] = (struct snap_need){2001 + i, (uint8_t)(i % 10), (uint8_t)(i % 3)};
	if (bits & 128)
		s->guard.pin_locked_until = NOW + 1;
	if (bits & 2)
		return;
	s->person = st->person = 7;
	s->link = st->link = 9;
}

static void
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

static void
check_state(const struct step_world *w, const struct session_state *st)
{
	struct str bytes = state_encode(st, w->arena);
	struct session_state back;

	CHECK(state_decode(bytes, w->arena, &back) == W_OK);
	CHECK(str_eq(state_encode(&back, w->arena), bytes));
	CHECK(bytes.n <= UINT16_MAX);
}

static void
check_effects(const struct step_world *w, const struct step_out *out)
{
	CHECK(out->effects.n <= EFFECTS_MAX);
	for (size_t i = 0; i < out->effects.n; i++) {
		const struct effect *e = &out->effects.v[i];
		struct str note = secret_reveal(e->note);

		CHECK(e->kind < EFFECT_KINDS);
		CHECK(utf8_ok(note) && utf8_count(note) <= 160);
		CHECK(e->kind != EFFECT_CHECKIN_ANSWER || (e->person != 0 && e->number != 0));
		CHECK(e->kind != EFFECT_NEED_OPEN || (e->person != 0 && e->word.n > 0));
	}
	CHECK(w->snap->n_needs <= SNAP_NEEDS && w->snap->n_persons <= SNAP_PERSONS);
}

/* The answer to a check the step asked for: right, wrong or locked as the digits have it. */
static void
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

static void
one_input(const struct step_world *w, struct session_state *st, const struct step_input *input)
{
	struct step_out *out = ARENA_NEW(w->arena, struct step_out);

	session_step(w, st, input, out);
	check_effects(w, out);
	if (out->check != CHECK_NOTHING)
		answer_check(w, st, out);
	check_effects(w, out);
	check_state(w, st);
	check_page(w, st, out);
	if (!out->ended)
		return;
	/* A new call of the same person. */
	int64_t person = st->person, link = st->link;
	uint8_t lang = st->lang;
	state_init(st);
	st->person = w->snap->has_pin ? 0 : person;
	st->link = link;
	st->lang = lang;
	session_step(w, st, &(struct step_input){.kind = STEP_BEGIN}, out);
	check_page(w, st, out);
}

static void
one_caller(struct str rest, struct page_limit limit)
{
	struct room *r = room_of_all();
	struct arena *a = arena_new(1 << 16);
	struct session_state st;
	struct snapshot snap;
	int64_t next = 3000;
	struct step_world w = {.work = &r->work,
			       .menus = r->menus,
			       .snap = &snap,
			       .limit = limit,
			       .code = "*000#",
			       .now = NOW,
			       .number = next_number,
			       .number_ctx = &next,
			       .arena = a};

	state_init(&st);
	fill(rest.n > 0 ? (uint8_t)rest.p[0] : 0, &snap, &st);
	rest = str_after(rest, 1);
	one_input(&w, &st, &(struct step_input){.kind = STEP_BEGIN, .text = str_cut(&rest, '\n')});
	for (int i = 0; rest.n > 0 && i < INPUTS_MAX; i++)
		one_input(&w, &st,
			  &(struct step_input){.kind = STEP_TYPED, .text = str_cut(&rest, '\n')});
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct page_limit small = {90, 50};

	one_caller((struct str){(const char *)data, size}, PAGE_LIMIT_DEFAULT);
	one_caller((struct str){(const char *)data, size}, small);
	return 0;
}
