/*
 * Messages as people see them: the queue and its outcome, and what a human may
 * decide about one.
 */
#include "admin/admin_int.h"

/* ---- List ---- */

struct outbox_scan {
	struct ask *c;
	struct store_reader *r;
};

/* What a human may type about a message in this state: before its number, and after. */
static const struct {
	const char *state, *before, *after;
} advice[] = {
	{"uncertain", "resolve", " delivered|failed"},
	{"held", "retry", ""},
	{"queued", "cancel", ""},
};

static void
row_advice(struct ask *c, json_t *row, const struct row_outbox *m)
{
	for (size_t i = 0; i < ARRAY_LEN(advice); i++)
		if (str_is(m->state, advice[i].state))
			row_words(row, "next",
				  arena_printf(c->scan, "wasl outbox %s %lld%s", advice[i].before,
					       (long long)m->id, advice[i].after));
}

static void
row_message(struct ask *c, json_t *row, const struct row_outbox *m)
{
	const struct seal_place place = {"outbox", "text", m->id, m->person};

	row_number(row, "id", m->id);
	row_text(row, "state", m->state);
	row_text(row, "template", m->template_id);
	row_text(row, "channel", m->channel);
	row_number(row, "parts", m->parts);
	row_number(row, "tries", m->tries);
	row_time(c, row, "created_at", m->created_at);
	row_time(c, row, "send_after", m->send_after);
	row_time(c, row, "expires_at", m->expires_at);
	row_time(c, row, "settled_at", m->settled_at);
	row_text(row, "word", m->word);
	if (c->relation == ADMIN_OWN || c->relation == ADMIN_CENTRE)
		row_text(row, "text", open_value(c->a->o.store, &place, m->text, c->scan));
	row_advice(c, row, m);
}

/* Messages to staff belong to nobody's caseload and to no centre: only a role over all sees them.
 */
static void
add_message(struct outbox_scan *s, const struct row_outbox *m)
{
	struct ask *c = s->c;
	json_t *row = json_object(), *names = json_object();
	struct row_person p = {.id = 0};
	bool holds = m->person == 0 ? c->relation == ADMIN_ALL || c->relation == ADMIN_COUNTS
				    : row_person_of(c, s->r, m->person, names, &p);

	if (holds) {
		row_message(c, row, m);
		row_text(row, "ref", p.ref);
		page_add(c, p.id ? p.ref : STR_NONE, row);
	} else {
		json_decref(row);
	}
	json_decref(names);
}

static int
on_message(void *ctx, const struct row_outbox *m)
{
	struct outbox_scan *s = ctx;
	int64_t id = m->id;
	struct str state = arg_text(s->c, "state");

	if (state.n == 0 || str_is(state, "all") || str_eq(state, m->state))
		add_message(s, m);
	return page_next(s->c, id);
}

static void
read_messages(struct store_reader *r, struct ask *c)
{
	struct outbox_scan s = {c, r};

	page_listed(c, list_outbox(r, &c->filter, c->scan, on_message, &s));
}

void
verb_outbox_list(struct ask *c)
{
	if (arg(c, "person")->given && !find_person(c, "person"))
		return;
	c->filter.open_only = !arg(c, "state")->given;
	ask_read(c, read_messages);
}

/* ---- One message ---- */

static bool
message_reached(struct ask *c, struct row_outbox *out)
{
	struct store_reader *r = store_loop_reader(c->a->o.store);
	struct row_person p;
	bool reached = false;

	if (read_outbox(r, arg_number(c, "id"), c->arena, out) == W_OK) {
		if (out->person == 0) {
			reached = scope_has(c, ADMIN_ALL);
		} else if (read_person(r, out->person, c->arena, &p) == W_OK) {
			c->person.id = p.id;
			reached = scope_reaches(c, &p);
		}
	}
	if (!reached)
		ask_no_number(c);
	else if (out->person != 0)
		page_note(c, p.ref);
	return reached;
}

static void
on_message_changed(struct ask *c)
{
	struct row_outbox now;
	json_t *row = json_object();
	int64_t id = arg_number(c, "id");

	row_number(row, "id", id);
	if (read_outbox(store_loop_reader(c->a->o.store), id, c->arena, &now) == W_OK)
		row_text(row, "state", now.state);
	page_add(c, STR_NONE, row);
	if (c->a->o.outbox != NULL)
		outbox_wake(c->a->o.outbox);
}

/* rc: what outbox/ said to the change now in the job. */
static void
message_change(struct ask *c, struct store_job *job, const struct row_outbox *m, int rc)
{
	if (rc != W_OK) {
		store_job_free(job);
		ask_end(c, ADMIN_CONFLICT,
			arena_printf(c->arena, "message %lld is %.*s: that cannot be done to it",
				     (long long)m->id, STR_ARG(m->state)));
		return;
	}
	page_note(c, str_of(arena_printf(c->arena, "message-%lld", (long long)m->id)));
	c->on_changed = on_message_changed;
	ask_change(c, job);
}

void
verb_outbox_resolve(struct ask *c)
{
	struct row_outbox m;

	if (!message_reached(c, &m))
		return;
	struct store_job *job = store_job_new(c->a->o.store);
	message_change(c, job, &m, outbox_resolve(job, &m, arg_text(c, "word"), c->now));
}

void
verb_outbox_retry(struct ask *c)
{
	struct row_outbox m;

	if (!message_reached(c, &m))
		return;
	struct store_job *job = store_job_new(c->a->o.store);
	message_change(c, job, &m, outbox_retry(job, &m, c->now));
}

void
verb_outbox_cancel(struct ask *c)
{
	struct row_outbox m;

	if (!message_reached(c, &m))
		return;
	struct store_job *job = store_job_new(c->a->o.store);
	message_change(c, job, &m, outbox_cancel(job, &m, c->now));
}
