/*
 * Lab only: a line says what is there before a phone rings (tests/dialogues
 * tells the language). Several lines of one story are several asks.
 */
#include "admin/admin_int.h"

#include "work/work_given.h"

static void given_step(struct ask *c);

static void
on_step_stored(void *arg, int rc)
{
	struct ask *c = arg;

	c->pending = false;
	if (rc == W_OK)
		given_step(c);
	else
		ask_end(c, ADMIN_CONFLICT, "such a row cannot be kept");
}

/* A name given here is found by its letters, an erased one no more. */
static void
tell_names(struct ask *c, int64_t person)
{
	struct store *s = c->a->o.store;
	struct row_person p;

	if (read_person(store_loop_reader(s), person, c->arena, &p) == W_OK)
		names_put(c->a->names, p.id, p.centre, open_name(s, &p, true, c->arena),
			  open_name(s, &p, false, c->arena));
	else
		names_drop(c->a->names, person);
}

static void
on_given(struct ask *c)
{
	const struct given *g = c->extra;
	const struct work *w = c->a->o.work;

	if (!c->a->closing)
		tell_names(c, g->person);
	if (w->wake_reminders != NULL)
		w->wake_reminders(w->wake_arg);
}

static void
add_given_row(struct ask *c, const struct given *g)
{
	json_t *row = json_object();

	row_text(row, "given", g->words[0]);
	row_text(row, "ref", g->ref);
	if (g->added.code.digits[0] != '\0')
		row_words(row, "code", g->added.code.digits);
	page_add(c, g->ref, row);
}

static void
given_step(struct ask *c)
{
	struct given *g = c->extra;
	struct store_job *job = store_job_new(c->a->o.store);
	int rc = work_given(g, job);

	if (rc < 0) {
		store_job_free(job);
		ask_end(c, ADMIN_USAGE, rc == W_EINVAL ? g->why : w_err_word(rc));
	} else if (rc == GIVEN_MORE) {
		c->pending = true;
		store_submit(c->a->o.store, job, on_step_stored, c);
	} else {
		add_given_row(c, g);
		c->on_changed = on_given;
		ask_change(c, job);
	}
}

void
verb_lab_given(struct ask *c)
{
	struct given *g = ARENA_NEW(c->arena, struct given);

	if (!c->a->o.lab) {
		ask_deny(c, ADMIN_DENIED, "only on a lab state directory");
		return;
	}
	*g = (struct given){.work = c->a->o.work,
			    .staff = c->staff.id,
			    .centre = c->staff.centre,
			    .now = c->now};
	c->extra = g;
	if (work_given_read(g, arg_text(c, "line"), c->arena) == W_OK)
		given_step(c);
	else
		ask_end(c, ADMIN_USAGE, g->why);
}
