/*
 * For the tests of session/: the step by itself. The shipped menus, a work
 * filled by hand, a snapshot filled by hand; no store, no loop, no channel.
 */
#ifndef WASL_TESTS_UNIT_TEST_SESSION_DESK_H
#define WASL_TESTS_UNIT_TEST_SESSION_DESK_H

#include "session/session_int.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

enum { DESK_NOW = 1795429200, /* Mon 2026-11-23T10:20:00Z */ DESK_CENTRE = 1 };

struct desk {
	struct arena *arena;
	struct menu_set *menus;
	struct zone *zone;
	struct conf conf;
	struct conf_centre centre;
	struct work_centre work_centre;
	struct work work;
	struct snapshot snap;
	struct session_state st, dropped;
	struct step_world world;
	struct step_out out;
	int64_t next;
};

static inline int64_t
desk_number(void *ctx, enum store_counter which)
{
	int64_t *next = ctx;

	(void)which;
	return ++*next;
}

/* Menus from texts, main.yaml and perhaps lists.yaml; a fault is printed and fails. */
static inline struct menu_set *
desk_menus(const char *main_yaml, const char *lists)
{
	const struct menu_file files[] = {{"main.yaml", str_of(main_yaml)},
					  {"lists.yaml", str_of(lists)}};
	struct menu_set *menus = NULL;
	struct err *err = err_new();

	if (menu_load_memory(files, lists ? 2 : 1, NULL, &menus, err) != 0) {
		err_print(err, stderr);
		fail();
	}
	err_free(err);
	return menus;
}

/* menus: NULL takes the shipped ones. */
static inline struct desk *
desk_new(struct menu_set *menus)
{
	const struct menu_options options = {.lowest = PAGE_LIMIT_DEFAULT};
	struct desk *d = xcalloc(1, sizeof(*d));
	struct err *err = err_new();

	d->arena = arena_new(1 << 16);
	d->menus = menus;
	if (menus == NULL)
		assert_int_equal(menu_load(WASL_SOURCE_DIR "/menus", &options, &d->menus, err), 0);
	assert_int_equal(civil_zone_open(NULL, "Etc/UTC", &d->zone), 0);
	d->centre = (struct conf_centre){
		.code = "CAS", .tel = "0522000000", .place = {[CONF_FR] = "Centre"}};
	d->conf = (struct conf){.emergency = {"19", "177", "15", "141", "8350"},
				.free_to_caller = true,
				.centres = &d->centre,
				.n_centres = 1};
	d->work_centre = (struct work_centre){.conf = &d->centre, .id = DESK_CENTRE};
	assert_int_equal(
		civil_hours_parse(STR_LIT("MO-FR 09:00-16:30"), &d->work_centre.office, NULL), 0);
	d->work = (struct work){
		.conf = &d->conf, .zone = d->zone, .centres = &d->work_centre, .n_centres = 1};
	assert_int_equal(phone_parse(STR_LIT("+212600000011"), &d->snap.phone), PHONE_OK);
	d->snap.centre = DESK_CENTRE;
	d->next = 2000;
	d->world = (struct step_world){.work = &d->work,
				       .menus = d->menus,
				       .snap = &d->snap,
				       .limit = PAGE_LIMIT_DEFAULT,
				       .code = "*000#",
				       .now = DESK_NOW,
				       .number = desk_number,
				       .number_ctx = &d->next,
				       .arena = d->arena};
	state_init(&d->st);
	err_free(err);
	return d;
}

static inline void
desk_free(struct desk *d)
{
	menu_drop(d->menus);
	civil_zone_free(d->zone);
	arena_free(d->arena);
	free(d);
}

/* Youssef, alone on his own phone, a check-in due. */
static inline void
desk_person(struct desk *d)
{
	struct snapshot *s = &d->snap;

	s->n_persons = 1;
	s->persons[0] = (struct snap_person){.person = 7, .link = 9};
	s->person = d->st.person = 7;
	s->link = d->st.link = 9;
	strcpy(s->lang, "fr");
	strcpy(s->name_la, "Youssef");
	strcpy(s->name_ar, "يوسف");
	strcpy(s->consent_kind, "given");
	strcpy(s->consent_version, CONSENT_VERSION);
	s->week = 20261123;
	s->checkin = (struct snap_run){.row = 5, .due_at = DESK_NOW - 1200};
	d->st.lang = (uint8_t)menu_lang_of(d->menus, STR_LIT("fr"));
}

/* Somebody stands on a page, as if led there. */
static inline void
desk_put(struct desk *d, const char *node)
{
	d->st.node = menu_find(d->menus, str_of(node));
	d->st.page = d->st.wrong = 0;
	assert_int_not_equal(d->st.node, MENU_NO_NODE);
}

static inline void
desk_begin(struct desk *d, const char *path)
{
	const struct step_input input = {.kind = STEP_BEGIN, .text = str_of(path)};

	session_step(&d->world, &d->st, &input, &d->out);
}

static inline void
desk_type(struct desk *d, const char *text)
{
	const struct step_input input = {.kind = STEP_TYPED, .text = str_of(text)};

	session_step(&d->world, &d->st, &input, &d->out);
}

static inline void
desk_verdict(struct desk *d, struct step_verdict verdict)
{
	const struct step_input input = {
		.kind = STEP_VERDICT, .text = d->out.check_text, .verdict = verdict};

	session_step(&d->world, &d->st, &input, &d->out);
}

static inline const char *
desk_at(const struct desk *d)
{
	return arena_str(d->arena, menu_node(d->menus, d->st.node)->name).p;
}

static inline const struct effect *
desk_effect(const struct desk *d, enum effect_kind kind)
{
	for (size_t i = 0; i < d->out.effects.n; i++)
		if (d->out.effects.v[i].kind == kind)
			return &d->out.effects.v[i];
	return NULL;
}

/* An answer that this week's check-in, or another round, has already. */
static inline void
desk_answered(struct snap_run *run, const char *field, const char *word)
{
	snap_answer_keep(run, str_of(field), str_of(word));
}

/* The call breaks off, and the same phone dials again. */
static inline void
desk_drop(struct desk *d)
{
	d->dropped = d->st;
	d->world.dropped = &d->dropped;
	state_init(&d->st);
	d->st.lang = d->dropped.lang;
	d->st.person = d->dropped.flags & SESSION_PIN_GIVEN ? 0 : d->dropped.person;
	d->st.link = d->dropped.link;
	desk_begin(d, "");
}

static inline struct str
desk_fact(struct desk *d, enum menu_fact fact)
{
	struct menu_values *v = ARENA_NEW(d->arena, struct menu_values);

	session_values(&d->world, &d->st, v);
	return v->facts[fact];
}

/* The effect of a kind that must be there. */
static inline const struct effect *
desk_the(const struct desk *d, enum effect_kind kind)
{
	static const struct effect none;
	const struct effect *e = desk_effect(d, kind);

	assert_non_null(e);
	return e != NULL ? e : &none;
}

#endif
